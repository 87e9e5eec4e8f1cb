"""The shipped areas: countries, divisions, regions and capitals, each with a representative point.

tools/compile_areas.py makes the file. It is read without the basemap's geometries, in some tens of
milliseconds for the world and fewer for a theatre.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path

from frontmap.geo.reading import Kind
from frontmap.geo.records import Place, PlaceName
from frontmap.geo.senses import Area, Areas

__all__ = ["areas"]

_FILE = Path(__file__).parent / "shipped" / "areas.tsv.gz"

_KINDS = {
    "country": Kind.COUNTRY,
    "admin1": Kind.ADMIN1,
    "region": Kind.REGION,
    "county": Kind.REGION,
    "capital": Kind.SETTLEMENT,
    "city": Kind.SETTLEMENT,
}


def areas(countries: Collection[str] = (), own: Mapping[str, Area] | None = None) -> Areas:
    """Return the areas of a theatre of some countries, or of the world.

    With them go a project's `own` by id, where none that ships has it.

    A theatre's are its own divisions with all their names, and every country, capital and region;
    of divisions and large cities elsewhere it has the display names. The world's are all but the
    cities, which the gazetteer has.
    """
    known: dict[str, Area] = {}
    for area_id, area in (*_rows(countries), *(own or {}).items()):
        known.setdefault(area_id, area)
    return Areas(known.values())


def _rows(countries: Collection[str]) -> Iterator[tuple[str, Area]]:
    for line in gzip.decompress(_FILE.read_bytes()).decode().splitlines():
        kind, area_id, country, _ = line.split("\t", 3)
        if (kind == "city" and (not countries or country in countries)) or (
            kind == "county" and countries and country not in countries
        ):
            continue
        names = line[line.rindex("\t") + 1 :].split("|")
        if kind == "admin1" and countries and country not in countries:
            names = names[:1]
        yield area_id, Area(_KINDS[kind], names, partial(_place, line), kind == "capital")


def _place(line: str) -> Place:
    _, place_id, country, lon, lat, admin1, population, written = line.split("\t")
    names = written.split("|")
    return Place(
        place_id, names[0], float(lon), float(lat), country, admin1,
        int(population) if population else None, tuple(PlaceName(name) for name in names),
    )  # fmt: skip
