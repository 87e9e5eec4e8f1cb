"""The shipped areas: countries, divisions, regions and capitals, each with a representative point.

tools/compile_areas.py makes the file. It is read without the basemap's geometries, in some tens of
milliseconds for the world and fewer for a theatre.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from pathlib import Path

from frontmap.geo.reading import Kind
from frontmap.geo.records import Place, PlaceName
from frontmap.geo.senses import Areas

__all__ = ["areas"]

_FILE = Path(__file__).parent / "shipped" / "areas.tsv.gz"

_KINDS = {
    "country": Kind.COUNTRY,
    "admin1": Kind.ADMIN1,
    "region": Kind.REGION,
    "county": Kind.REGION,
    "capital": Kind.SETTLEMENT,
}


def areas(countries: Collection[str] = ()) -> Areas:
    """Return the areas of a theatre of some countries, or of the world.

    A theatre's are its own divisions, and every country, capital and region.
    """
    return _areas(tuple(sorted(countries)))


@lru_cache(maxsize=8)
def _areas(countries: tuple[str, ...]) -> Areas:
    return Areas(_rows(countries))


def _rows(countries: Collection[str]) -> Iterator[tuple[Kind, list[str], Callable[[], Place]]]:
    for line in gzip.decompress(_FILE.read_bytes()).decode().splitlines():
        kind, _, rest = line.partition("\t")
        if countries and kind in ("admin1", "county") and rest.split("\t", 2)[1] not in countries:
            continue
        names = line[line.rindex("\t") + 1 :].split("|")
        yield _KINDS[kind], names, _maker(line)


def _maker(line: str) -> Callable[[], Place]:
    return lambda: _place(line)


def _place(line: str) -> Place:
    _, place_id, country, lon, lat, admin1, written = line.split("\t")
    names = written.split("|")
    return Place(
        place_id, names[0], float(lon), float(lat), country, admin1, None,
        tuple(PlaceName(name) for name in names),
    )  # fmt: skip
