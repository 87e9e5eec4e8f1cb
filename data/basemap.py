"""The shipped basemap: outlines of countries, their first-level zones, rivers and lakes.

Natural Earth at 1:10 million, compiled by tools/compile_basemap.py, which also has the table of
who counts where in each view of the borders: "un" (the default) draws those that the United
Nations recognise, "de-facto" Natural Earth's own. Zones of one view form a coverage, and a
country's outline is the union of its zones, so that edges match exactly.

Coordinates are (lon, lat) degrees WGS84. Vertices that shape less than about 1 km2 are left out,
so an outline is good to about a kilometre: right for a map of a country, too coarse for a street.
Countries are named by ISO 3166-1 alpha-2 code, in any case; Kosovo by XK.

The file is plain SQLite: its geometries are packed (see `pack_geometry`), their bounds beside them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from frontmap.data import geopackage
from frontmap.geo.errors import InputError, UnknownNameError
from frontmap.geo.records import PlaceName, Theatre, Zone

if TYPE_CHECKING:
    from shapely import MultiLineString, MultiPolygon
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "BORDERS",
    "CREDIT",
    "DEFAULT_REACH_KM",
    "Country",
    "Neighbour",
    "Surroundings",
    "View",
    "Water",
    "countries",
    "country",
    "country_name",
    "credit",
    "outline",
    "surroundings",
    "theatre",
    "zones",
]

View = Literal["un", "de-facto"]
Bounds = tuple[float, float, float, float]

CREDIT = "Made with Natural Earth."
#: What a published map says of the borders that it draws, by view.
BORDERS: Mapping[View, str] = {
    "un": "Borders as the United Nations recognise them.",
    "de-facto": "Borders as administered, after Natural Earth; no endorsement.",
}
#: How far a place's cell reaches by default: about half the way between towns in settled country.
DEFAULT_REACH_KM = 15.0

#: Coordinates in the file are multiples of this, about 1.7 m.
GRID_DEG = 2.0**-16
#: What a difference leaves and is thinner than this, about 10 m, is noise of its edges.
_SLIVER_WIDTH_DEG = 1e-4

_FILE = Path(__file__).parent / "shipped" / "basemap.sqlite"


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory: `time_zone` is its capital's, `names` the English one first."""

    code: str
    name: str
    time_zone: str
    names: tuple[PlaceName, ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The part of a country that a map shows around its theatre."""

    code: str
    name: str
    polygon: MultiPolygon
    names: tuple[PlaceName, ...] = ()


@dataclass(frozen=True, slots=True)
class Water:
    """A river or lake, as far as a map shows it.

    `name` is English, or "" where there is none; `rank` is Natural Earth's: 0 the greatest, above
    8 for detail maps.
    """

    name: str
    rank: int
    geometry: MultiLineString | MultiPolygon
    names: tuple[PlaceName, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a map draws beneath its theatre, clipped to `bounds` (west, south, east, north)."""

    bounds: Bounds
    neighbours: tuple[Neighbour, ...]
    rivers: tuple[Water, ...]
    lakes: tuple[Water, ...]


def credit(view: View = "un") -> str:
    """Return the credit line that every map owes: the source, and whose borders it draws."""
    return f"{CREDIT} {BORDERS[_checked(view)]}"


@lru_cache(maxsize=1)
def countries() -> Mapping[str, Country]:
    """Return every country and territory of ISO 3166-1, and Kosovo, by code."""
    rows = _rows("SELECT code, name, time_zone, names FROM countries ORDER BY code")
    return {
        row["code"]: Country(row["code"], row["name"], row["time_zone"], _names(row))
        for row in rows
    }


def country(code: str) -> Country:
    """Return the country of an ISO 3166-1 alpha-2 code, in any case.

    Raises UnknownNameError, with the codes of countries of about that name: Syria is "SY".
    """
    known = countries()
    found = known.get(code.strip().upper())
    if found is None:
        remedy = "give an ISO 3166-1 two-letter code"
        raise UnknownNameError("country", code, _suggestions(code, known.values()), remedy)
    return found


def country_name(code: str) -> str:
    """Return the English name of a country; UnknownNameError where the code is none."""
    return country(code).name


def _suggestions(text: str, known: Iterable[Country]) -> list[str]:
    """Return "SY (Syria)" for the countries whose name, in some language, is nearest to `text`."""
    from difflib import get_close_matches

    wanted = text.strip().casefold()
    by_name = {name.name.casefold(): entry for entry in known for name in entry.names}
    nearest = [wanted] if wanted in by_name else get_close_matches(wanted, by_name, 6, 0.75)
    found = dict.fromkeys(f"{by_name[name].code} ({by_name[name].name})" for name in nearest)
    return list(found)[:3]


def zones(code: str, view: View = "un") -> list[Zone]:
    """Return the first-level divisions of a country, by name; together they are its outline.

    Their `names` have the English one first, then others by language ("" for variant
    spellings). `code` is that of ISO 3166-2 where there is one: the occupied Golan is "SY-GOLAN".
    """
    return list(_zones(country(code).code, _checked(view)))


@lru_cache(maxsize=16)
def _zones(code: str, view: View) -> tuple[Zone, ...]:
    rows = _rows(
        "SELECT code, name, country, names, geom FROM admin1 "
        "WHERE country = ? AND views IN ('all', ?) ORDER BY name, code",
        (code, view),
    )
    return tuple(
        Zone(row["code"], row["name"], row["country"], _geometry(row), _names(row)) for row in rows
    )


def outline(code: str, view: View = "un") -> MultiPolygon:
    """Return a country's land area, inland waters included."""
    return _union([zone.polygon for zone in _zones(country(code).code, _checked(view))])


def theatre(
    codes: Iterable[str],
    *,
    extent: MultiPolygon | None = None,
    name: str | None = None,
    reach_km: float | None = None,
    time_zone: str | None = None,
    view: View = "un",
) -> Theatre:
    """Return the theatre of some countries, or of the part of them inside `extent`.

    With an extent alone, the countries are those whose land it meets. By default the name is the
    countries', the reach DEFAULT_REACH_KM and the time zone that of the first country's capital.
    Raises UnknownNameError for an unknown country, InputError for an extent outside them all.
    """
    chosen = list({entry.code: entry for entry in map(country, codes)}.values())
    if not chosen and extent is not None:
        chosen = [country(code) for code in _codes_meeting(extent, view)]
    if not chosen:
        raise InputError("a theatre needs a country, or an extent that meets land")
    polygon = _union([zone.polygon for entry in chosen for zone in _zones(entry.code, view)])
    if extent is not None:
        polygon = _clipped(polygon, extent, [entry.name for entry in chosen])
    return Theatre(
        name=name or _listed([entry.name for entry in chosen]),
        countries=tuple(entry.code for entry in chosen),
        polygon=polygon,
        reach_km=DEFAULT_REACH_KM if reach_km is None else reach_km,
        time_zone=time_zone or chosen[0].time_zone,
    )


def _codes_meeting(extent: MultiPolygon, view: View) -> list[str]:
    """Return the countries whose land meets `extent`, that with most of it first."""
    shares: dict[str, float] = {}
    for row in _rows_within("admin1", extent.bounds, "code, country, views, geom"):
        if row["views"] in ("all", _checked(view)):
            area = extent.intersection(_geometry(row)).area
            shares[row["country"]] = shares.get(row["country"], 0.0) + area
    return sorted((code for code in shares if shares[code]), key=lambda code: -shares[code])


def _clipped(polygon: MultiPolygon, extent: MultiPolygon, names: Sequence[str]) -> MultiPolygon:
    inside = _polygons(polygon.intersection(extent))
    if inside.is_empty:
        west, south, east, north = polygon.bounds
        raise InputError(
            f"the extent lies outside {_listed(names)}, which reaches from {west:.2f} to "
            f"{east:.2f} E and from {south:.2f} to {north:.2f} N (is it lon, lat in degrees?)"
        )
    return inside


def surroundings(
    theatre: MultiPolygon,
    *,
    padding: float = 0.25,
    tolerance_deg: float = 0.0,
    view: View = "un",
) -> Surroundings:
    """Return the neighbours, rivers and lakes to draw around a theatre's polygon.

    Its bounds are padded on each side by that share of their width and height, and everything is
    clipped to the result. Neighbours are all land outside the theatre: of a country that lies
    partly in it, the rest. A tolerance above 0 simplifies the neighbours, together, for a small
    map such as a locator inset. Countries come by code, waters the greatest first; draw lakes
    over rivers, which run on through them.
    """
    box = _padded(theatre.bounds, padding)
    return Surroundings(
        bounds=box,
        neighbours=_neighbours(box, theatre, tolerance_deg, _checked(view)),
        rivers=_waters("rivers", box),
        lakes=_waters("lakes", box),
    )


def _neighbours(
    box: Bounds, theatre: MultiPolygon, tolerance_deg: float, view: View
) -> tuple[Neighbour, ...]:
    import shapely

    lands = {code: _outside(land, theatre) for code, land in _lands(box, view).items()}
    lands = {code: land for code, land in lands.items() if not land.is_empty}
    drawn: list[BaseGeometry] = list(lands.values())
    if tolerance_deg > 0.0 and drawn:
        drawn = list(shapely.coverage_simplify(drawn, tolerance_deg))
    clipped = [_polygons(shapely.clip_by_rect(land, *box)) for land in drawn]
    return tuple(
        Neighbour(code, country_name(code), polygon, country(code).names)
        for code, polygon in zip(lands, clipped, strict=True)
        if not polygon.is_empty
    )


def _lands(box: Bounds, view: View) -> dict[str, MultiPolygon]:
    """Return, by code, the union of each country's zones whose bounds meet `box`."""
    parts: dict[str, list[BaseGeometry]] = {}
    for row in _rows_within("admin1", box, "country, views, geom"):
        if row["views"] in ("all", view):
            parts.setdefault(row["country"], []).append(_geometry(row))
    return {code: _union(parts[code]) for code in sorted(parts)}


def _outside(land: MultiPolygon, theatre: MultiPolygon) -> MultiPolygon:
    """Return the land outside the theatre, untouched where the two share an edge at most."""
    from shapely import MultiPolygon, prepare

    prepare(theatre)
    if not theatre.intersects(land) or theatre.touches(land):
        return land
    if theatre.covers(land):
        return MultiPolygon()
    rest = _polygons(land.difference(theatre))
    return MultiPolygon([p for p in rest.geoms if 2 * p.area > p.length * _SLIVER_WIDTH_DEG])


def _waters(table: str, box: Bounds) -> tuple[Water, ...]:
    from shapely import clip_by_rect

    kind = _lines if table == "rivers" else _polygons
    waters = []
    for row in _rows_within(table, box, "name, rank, names, geom"):
        geometry = kind(clip_by_rect(_geometry(row), *box))
        if not geometry.is_empty:
            waters.append(Water(row["name"], row["rank"], geometry, _names(row)))
    return tuple(sorted(waters, key=lambda water: (water.rank, water.name)))


def _padded(bounds: Bounds, padding: float) -> Bounds:
    west, south, east, north = bounds
    across, along = (east - west) * padding, (north - south) * padding
    return (
        max(west - across, -180.0),
        max(south - along, -90.0),
        min(east + across, 180.0),
        min(north + along, 90.0),
    )


def _checked(view: View) -> View:
    if view not in get_args(View):
        raise InputError(f"no view of the borders {view!r}; there are 'un' and 'de-facto'")
    return view


def _rows(sql: str, parameters: Sequence[object] = ()) -> list[Any]:
    with closing(geopackage.connect(_FILE, immutable=True)) as connection:
        rows: list[Any] = connection.execute(sql, parameters).fetchall()
    return rows


def _rows_within(table: str, box: Bounds, columns: str) -> list[Any]:
    """Return the rows whose bounds meet `box`, in the order of the file."""
    return _rows(
        f"SELECT {columns} FROM {table} "
        "WHERE east >= ? AND north >= ? AND west <= ? AND south <= ? ORDER BY id",
        box,
    )


def _geometry(row: Any) -> Any:
    return unpack_geometry(row["geom"])


def pack_geometry(geometry: BaseGeometry) -> bytes:
    """Return the compressed form of a geometry whose coordinates are multiples of GRID_DEG.

    That is zlib over one row of numbers: the geometry's type (GEOS's number), how many arrays of
    offsets it has, the length of each, the offsets (those of GeoArrow), and the steps in lon and
    lat from each vertex to the next, in grid units. Each number is zigzag-coded (0, -1, 1, -2 ...
    become 0, 1, 2, 3 ...) in 32 bits; the low bytes of all come first, then their second bytes,
    and so on, so that zlib meets the many zeros together. Raises ValueError off the grid.
    """
    import numpy as np
    from shapely import to_ragged_array

    kind, lonlat, offsets = to_ragged_array([geometry], include_z=False)
    units = np.rint(lonlat / GRID_DEG).astype(np.int64)
    if not np.array_equal(units * GRID_DEG, lonlat):
        raise ValueError("coordinates are not multiples of GRID_DEG")
    steps = np.diff(units, axis=0, prepend=0).ravel()
    head = [int(kind), len(offsets), *(len(row) for row in offsets)]
    numbers = np.concatenate([head, *offsets, steps]).astype(np.int64)
    zigzag = np.where(numbers < 0, -2 * numbers - 1, 2 * numbers).astype("<u4")
    return zlib.compress(zigzag.view(np.uint8).reshape(-1, 4).T.tobytes(), 9)


def unpack_geometry(packed: bytes) -> Any:
    """Return the geometry that `pack_geometry` packed."""
    import numpy as np
    from shapely import GeometryType, from_ragged_array

    planes = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(4, -1)
    zigzag = np.ascontiguousarray(planes.T).view("<u4").ravel().astype(np.int64)
    numbers = (zigzag >> 1) ^ -(zigzag & 1)
    kind, depth = numbers[:2]
    ends = 2 + depth + np.cumsum(numbers[2 : 2 + depth])
    *offsets, steps = np.split(numbers, [2 + depth, *ends])[1:]
    lonlat = np.cumsum(steps.reshape(-1, 2), axis=0) * GRID_DEG
    return from_ragged_array(GeometryType(kind), lonlat, tuple(offsets))[0]


def _names(row: Any) -> tuple[PlaceName, ...]:
    others = (PlaceName(name, language) for language, name in json.loads(row["names"]))
    return (PlaceName(row["name"], "en"), *others) if row["name"] else tuple(others)


def _union(polygons: Sequence[BaseGeometry]) -> MultiPolygon:
    """Join polygons of one coverage: only their shared edges go, no new vertex comes."""
    from shapely import coverage_union_all

    return _polygons(coverage_union_all(polygons))


def _polygons(geometry: BaseGeometry) -> MultiPolygon:
    """Return the polygons of any geometry as one MultiPolygon."""
    from shapely import MultiPolygon

    return MultiPolygon([part for part in _flat(geometry) if part.geom_type == "Polygon"])


def _lines(geometry: BaseGeometry) -> MultiLineString:
    """Return the lines of any geometry as one MultiLineString."""
    from shapely import MultiLineString

    return MultiLineString([part for part in _flat(geometry) if part.geom_type == "LineString"])


def _flat(geometry: BaseGeometry) -> Any:
    """Return the parts of a geometry; a collection has multi-geometries one level down."""
    from shapely import get_parts

    return get_parts(get_parts(geometry))


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
