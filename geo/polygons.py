"""Polygons from strangers: GeoJSON read with every problem named, and where, and what mends it.

Nothing is repaired by guess. A ring that crosses itself, is not closed, or is in metres is refused;
what has one meaning only is brought to one form and noted: heights are dropped, rings oriented as
RFC 7946 says (shells counter-clockwise), parts that overlap are united.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon, STRtree
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import Floats, area_km2

__all__ = ["check_polygon", "polygon_from_geojson", "read_polygon"]

_NOT_AREAS = {"Point", "MultiPoint", "LineString", "MultiLineString"}
#: GeoJSON has one CRS; older writers still name it, as these.
_DEGREES = re.compile(r"(CRS:?84|EPSG:+4326)$", re.IGNORECASE)
# No longitude, however wrapped, is larger.
_LARGEST_DEGREES = 360.0

#: What GEOS says of an invalid polygon, and what mends it.
_REMEDIES = {
    "Self-intersection": ("crosses itself (a bow-tie)", "redraw it so that no edges cross"),
    "Ring Self-intersection": ("touches itself", "split it in two polygons there"),
    "Hole lies outside shell": ("has a hole outside its shell", "make the hole its own polygon"),
    "Holes are nested": ("has a hole in a hole", "make the inner ring its own polygon"),
    "Interior is disconnected": ("is cut in two by its holes", "split it in two polygons there"),
    "Duplicate Rings": ("has the same ring twice", "remove one of them"),
}


def polygon_from_geojson(
    data: Any, where: str = "", *, theatre: MultiPolygon | None = None
) -> MultiPolygon:
    """Return the area of GeoJSON; see `read_polygon`, which also returns what is to be noted."""
    return read_polygon(data, where=where, theatre=theatre)[0]


def read_polygon(
    data: Any, *, where: str = "", theatre: MultiPolygon | None = None
) -> tuple[MultiPolygon, tuple[str, ...]]:
    """Return the area (lon, lat) of GeoJSON, as parsed, and notes to hand on to the user.

    `data` is a Polygon, MultiPolygon, or a Feature or FeatureCollection of them, whose areas are
    put together; `where` names it in messages ("line.geojson"). With a `theatre` an area wholly
    outside is refused, and one partly outside noted. Raises InputError with every problem.
    """
    reader = _Reader()
    polygon = reader.read(data, where, theatre)
    if reader.problems:
        raise InputError(reader.problems)
    return polygon, tuple(reader.notes)


def check_polygon(
    geometry: Mapping[str, Any] | BaseGeometry, *, theatre: MultiPolygon | None = None
) -> list[str]:
    """Return the problems of a polygon, as GeoJSON or from shapely; none if it can be used."""
    reader = _Reader()
    data = mapping(geometry) if isinstance(geometry, BaseGeometry) else geometry
    reader.read(data, "", theatre)
    return reader.problems


class _Reader:
    """Reads polygons and remembers the problems and notes of all."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.notes: list[str] = []
        self._source = ""

    def read(self, data: Any, where: str, theatre: MultiPolygon | None) -> MultiPolygon:
        """Return the area, for what it is worth if there are problems."""
        self._source = where
        self._check_crs(data, where)
        groups = [self._polygons(name, one) for name, one in self._geometries(data, where)]
        polygons = [polygon for group in groups for polygon in group]
        if self.problems or not polygons:
            if not self.problems:
                self._problem(where, "has no polygon; draw at least one")
            return MultiPolygon()
        area = self._together(polygons, where)
        if theatre is not None:
            self._check_theatre(area, theatre, where)
        return area

    def _problem(self, where: str, what: str) -> None:
        self.problems.append(f"{where or 'the polygon'} {what}")

    def _note(self, where: str, what: str) -> None:
        note = f"{where or 'the polygon'} {what}"
        if note not in self.notes:
            self.notes.append(note)

    def _check_crs(self, data: Any, where: str) -> None:
        crs = data.get("crs") if isinstance(data, Mapping) else None
        properties = crs.get("properties") if isinstance(crs, Mapping) else None
        name = properties.get("name") if isinstance(properties, Mapping) else crs
        if name and not _DEGREES.search(str(name)):
            self._problem(where, f"has the CRS {name}; reproject it to EPSG:4326 (degrees)")

    def _geometries(self, data: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Go through the polygonal geometries, each with where it is."""
        told: Any = data.get("type") if isinstance(data, Mapping) else None
        kind = told if isinstance(told, str) else ""
        inner = {"FeatureCollection": "features", "GeometryCollection": "geometries"}
        if data is None:
            self._problem(where, "has no geometry; draw it, or remove the feature")
        elif kind in inner:
            members = data.get(inner[kind])
            for number, member in enumerate(members if _is_list(members) else (), 1):
                part = f"{kind.removesuffix('Collection').lower()} {number}"
                yield from self._geometries(member, _join(where, part))
        elif kind == "Feature":
            yield from self._geometries(data.get("geometry"), where)
        elif kind in ("Polygon", "MultiPolygon"):
            yield where, data
        elif kind in _NOT_AREAS:
            self._problem(where, f"is a {kind}, not an area; give a Polygon or MultiPolygon")
        else:
            found = f"type {told!r}" if isinstance(data, Mapping) else type(data).__name__
            self._problem(where, f"is not GeoJSON ({found}); give a Polygon or MultiPolygon")

    def _polygons(self, where: str, geometry: Mapping[str, Any]) -> list[Polygon]:
        """Return the polygons of one geometry, each valid by itself."""
        coordinates = geometry.get("coordinates")
        several = geometry["type"] == "MultiPolygon"
        members: Any = coordinates if several else [coordinates]
        if not _is_list(members) or not all(_is_list(rings) and rings for rings in members):
            members = []
        if not members:
            self._problem(where, "is empty; draw it, or remove it")
        found = []
        for number, rings in enumerate(members, 1):
            name = _join(where, f"polygon {number}") if len(members) > 1 else where
            found.append(self._polygon(name, rings))
        polygons = [polygon for polygon in found if polygon is not None]
        self._check_nested(where, polygons)
        return polygons

    def _polygon(self, where: str, rings: Sequence[Any]) -> Polygon | None:
        names = ["ring", *(f"hole {number}" for number in range(1, len(rings)))]
        if len(rings) > 1:
            names[0] = "outer ring"
        found = [self._ring(_join(where, name), r) for name, r in zip(names, rings, strict=True)]
        usable = [ring for ring in found if ring is not None]
        if len(usable) < len(rings):
            return None
        polygon = Polygon(usable[0], usable[1:])
        if not polygon.is_valid:
            self._problem(where, _why_invalid(polygon))
        return polygon if polygon.is_valid else None

    def _ring(self, where: str, positions: Any) -> Floats | None:
        """Return the closed ring (n, 2), or None after saying what is wrong with it."""
        if not _is_list(positions) or not positions:
            self._problem(where, "is empty; draw it, or remove it")
            return None
        bad = [number for number, position in enumerate(positions, 1) if not _is_position(position)]
        if bad:
            self._problem(
                where,
                f"has no usable numbers at {_listed('position', bad)} "
                f"({_shown(positions[bad[0] - 1])}); give finite [lon, lat]",
            )
            return None
        if any(len(position) > 2 for position in positions):
            self._note(self._source, "has heights, which are dropped")
        ring = np.array([position[:2] for position in positions], dtype=np.float64)
        # The first that holds explains the others away, which rely on it besides.
        fault = next((told for check in _RING_CHECKS if (told := check(ring))), "")
        if fault:
            self._problem(where, fault)
        return None if fault else ring

    def _check_nested(self, where: str, polygons: Sequence[Polygon]) -> None:
        """Refuse a part within another: its drawer may have meant a hole."""
        parts = np.array(polygons, dtype=object)
        for inner, outer in STRtree(parts).query(parts, predicate="within").T:
            if inner != outer:
                self._problem(
                    where,
                    f"has polygon {inner + 1} within polygon {outer + 1}; "
                    "make it a hole of that one, or remove it",
                )

    def _together(self, polygons: Sequence[Polygon], where: str) -> MultiPolygon:
        area = MultiPolygon(polygons)
        if not area.is_valid:
            self._note(where, "has polygons that overlap or share edges; they are united")
            united = shapely.union_all(polygons)
            area = MultiPolygon([p for p in shapely.get_parts(united) if isinstance(p, Polygon)])
        return shapely.orient_polygons(area)

    def _check_theatre(self, area: MultiPolygon, theatre: MultiPolygon, where: str) -> None:
        inside = area.intersection(theatre)
        if inside.area > 0:
            outside = 1 - area_km2(inside) / area_km2(area)
            if outside > 1e-6:
                share = f"{outside:.0%}" if outside >= 0.01 else "less than 1%"
                self._note(where, f"lies partly outside the theatre ({share}); it is kept as drawn")
        elif shapely.transform(area, np.fliplr).intersects(theatre):
            self._problem(
                where,
                "lies outside the theatre, and inside it with lon and lat swapped; "
                "write positions as [lon, lat]",
            )
        else:
            self._problem(
                where,
                f"lies wholly outside the theatre (it is at {_bounds(area)}, "
                f"the theatre at {_bounds(theatre)}); check its coordinates",
            )


# --- one ring ------------------------------------------------------------------------------------


def _metres(ring: Floats) -> str:
    largest = float(ring.flat[np.argmax(np.abs(ring))])
    if abs(largest) <= _LARGEST_DEGREES:
        return ""
    return (
        f"has coordinates as large as {largest:.0f}, which looks like metres in a projected CRS; "
        "reproject it to EPSG:4326 (degrees)"
    )


def _out_of_range(ring: Floats) -> str:
    lon, lat = np.abs(ring).T
    far = np.flatnonzero((lon > 180) | (lat > 90))
    if not len(far):
        return ""
    at = f"has {_listed('position', (far + 1).tolist())} out of range ({_at(ring[far[0]])})"
    if lat.max() > 90 and lat.max() <= 180 and lon.max() <= 90:
        return f"{at}, and in range with lon and lat swapped; write positions as [lon, lat]"
    if lat.max() <= 90:
        return f"{at}; cut it at the antimeridian and keep longitudes within -180 and 180"
    return f"{at}; longitudes end at 180 degrees, latitudes at 90"


def _too_short(ring: Floats) -> str:
    if len(ring) >= 4:
        return ""
    return f"has {len(ring)} positions, and a closed ring 4 or more; draw at least a triangle"


def _unclosed(ring: Floats) -> str:
    if (ring[0] == ring[-1]).all():
        return ""
    return (
        f"is not closed: it starts at {_at(ring[0])} and ends at {_at(ring[-1])}; "
        "repeat the first position at the end"
    )


def _collapsed(ring: Floats) -> str:
    line = LineString(ring)
    if line.convex_hull.area > 0:
        return ""
    return f"has collapsed to a line or point at {_at(ring[0])}; redraw or remove it"


def _across_antimeridian(ring: Floats) -> str:
    wide = np.flatnonzero(np.abs(np.diff(ring[:, 0])) > 180)
    if not len(wide):
        return ""
    a, b = ring[wide[0]], ring[wide[0] + 1]
    return (
        f"has an edge more than half round the world, from {_at(a)} to {_at(b)}; "
        "cut it at the antimeridian"
    )


_RING_CHECKS: tuple[Callable[[Floats], str], ...] = (
    _metres,
    _out_of_range,
    _too_short,
    _unclosed,
    _collapsed,
    _across_antimeridian,
)


def _why_invalid(polygon: Polygon) -> str:
    """Say where a polygon is invalid, and what mends it."""
    reason = str(shapely.is_valid_reason(polygon))
    match = re.fullmatch(r"(.+?)\[(\S+) (\S+)\]", reason)
    fault, at = (match[1], [(float(match[2]), float(match[3]))]) if match else (reason, [])
    what, remedy = _REMEDIES.get(fault, (f"is invalid ({fault.lower()})", "redraw it"))
    if fault == "Self-intersection":
        at = _crossings(polygon) or at
    places = " and ".join(_at(position) for position in at[:3])
    more = f" and at {len(at) - 3} more points" if len(at) > 3 else ""
    return f"{what} at {places}{more}; {remedy}"


def _crossings(polygon: Polygon) -> list[tuple[float, float]]:
    """Return where edges of the polygon cross, which is at new vertices once they are noded."""
    edges = shapely.boundary(polygon)
    old = set(map(tuple, shapely.get_coordinates(edges)))
    return sorted(set(map(tuple, shapely.get_coordinates(shapely.node(edges)))) - old)


# --- words ---------------------------------------------------------------------------------------


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_position(value: Any) -> bool:
    return _is_list(value) and len(value) >= 2 and all(_is_finite(number) for number in value[:2])


def _is_finite(number: Any) -> bool:
    # Compared, for whole numbers too large for a float occur in JSON.
    return (
        isinstance(number, int | float) and not isinstance(number, bool) and -1e300 < number < 1e300
    )


def _join(where: str, part: str) -> str:
    return f"{where}, {part}" if where else part


def _listed(what: str, numbers: Sequence[int]) -> str:
    """Name a few by their numbers, counted from 1."""
    if len(numbers) == 1:
        return f"{what} {numbers[0]}"
    more = f" and {len(numbers) - 3} more" if len(numbers) > 3 else ""
    return f"{what}s {', '.join(map(str, numbers[:3]))}{more}"


def _at(position: Sequence[float] | Floats) -> str:
    return f"lon {position[0]:.6g} lat {position[1]:.6g}"


def _bounds(area: MultiPolygon) -> str:
    west, south, east, north = area.bounds
    return f"lon {west:.6g} to {east:.6g}, lat {south:.6g} to {north:.6g}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
