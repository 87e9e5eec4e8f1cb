"""The ground of each place: its Voronoi cell among all places, within the theatre and a reach.

A tessellation is a coverage: cells do not overlap, and neighbours share their edges vertex by
vertex. Cells are computed in an oblique stereographic projection centred on the theatre, which
assigns under 0.02 % of a country's ground to a place that is not geodesically the nearest.

How it can fail, or surprise:

- Places at one coordinate share one cell: each of them is given the whole of it. Places a few
  metres apart have cells as thin as that; merge them in the gazetteer.
- A place outside the outline (on a coast that is drawn coarsely, say) has a cell without the
  place, or none.
- A bay or an island within reach of a place gives its cell several parts; the far side of a strait
  may belong to a place on the near side.
- Beyond the reach of every place there is no cell: nobody's ground, never a guess.

`verify` finds these. The method is that of morphological tessellation without the footprints
(Fleischmann et al. 2020, https://doi.org/10.1016/j.compenvurbsys.2019.101441).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import (
    Floats,
    Projection,
    destination,
    distance_m,
    edges,
    theatre_projection,
    unwrapped,
)

__all__ = ["Faults", "Tessellation", "cells", "verify"]

Geometries = npt.NDArray[np.object_]
Indices = npt.NDArray[np.intp]

# A projected edge of this length bends by less than 2 m from a lon/lat-straight one to 75 degrees.
_STEP_M = 5000.0
_DISC_SIDES = 96


class Tessellation:
    """The Voronoi diagram of n places in a theatre, made once for cells of any reach."""

    def __init__(self, lons: npt.ArrayLike, lats: npt.ArrayLike, outline: MultiPolygon) -> None:
        """Divide `outline` among places (lon, lat); InputError for unusable coordinates."""
        points = np.column_stack([np.asarray(lons, np.float64), np.asarray(lats, np.float64)])
        _check_points(points)
        self._points, which = np.unique(points, axis=0, return_inverse=True)
        self._which = which.ravel()
        self._theatre = unwrapped(outline)
        self._lon_0 = 0.0
        self._whole: Geometries = np.full(len(self._points), Polygon(), dtype=object)
        if len(points) and not outline.is_empty:
            projection = theatre_projection(outline)
            xy = projection.forward_xy(self._points)
            self._lon_0 = projection.lon_0
            self._whole = _on_the_globe(_voronoi(xy, self._theatre, projection), projection)

    def cells(self, reach_km: float) -> list[MultiPolygon]:
        """Return the cell of each place, in the places' order; see the function `cells`."""
        _check_reach(reach_km)
        if self._theatre.is_empty or not len(self._points):
            return [MultiPolygon()] * len(self._which)
        discs = np.full(len(self._points), None, dtype=object)
        far = _reaches_beyond(self._whole, self._points, reach_km * 1e3)
        discs[far] = _discs(self._points[far], reach_km * 1e3, self._lon_0)
        faces, owner = _cut(self._whole, self._theatre, discs)
        found = _grouped(_turned_back(faces), owner, len(self._points))
        return [found[index] for index in self._which]

    def cell(self, index: int, reach_km: float) -> MultiPolygon:
        """Return the cell of one place alone, without cutting those of the others.

        It is the one that `cells` gives, but for the last bit of the vertices at which its edge
        meets the disc or the outline. Raises InputError where the place has no ground.
        """
        _check_reach(reach_km)
        one = self._which[index : index + 1]
        (lon, lat), ground = self._points[one[0]], self._whole[one[0]]
        if _reaches_beyond(self._whole[one], self._points[one], reach_km * 1e3)[0]:
            ground = ground.intersection(_discs(self._points[one], reach_km * 1e3, self._lon_0)[0])
        faces = _areal(ground.intersection(self._theatre))
        if not len(faces):
            raise InputError(
                f"the place at {lon:.3f} {lat:.3f} has no ground within {reach_km:g} km in the "
                "theatre; draw a polygon, or check its coordinates"
            )
        return shapely.orient_polygons(MultiPolygon(list(_turned_back(faces))))


def cells(
    lons: npt.ArrayLike, lats: npt.ArrayLike, outline: MultiPolygon, reach_km: float
) -> list[MultiPolygon]:
    """Return the cell of each of n places (lon, lat), in their order.

    A cell is the ground of `outline` to which the place is nearest of all, no farther from it than
    `reach_km` (within 0.1 %, as a polygon of 96 sides); empty where there is none. The
    cells of different points form a valid coverage. Raises InputError for coordinates that are
    not finite, and for a reach that is not above 0.
    """
    return Tessellation(lons, lats, outline).cells(reach_km)


@dataclass(frozen=True, slots=True)
class Faults:
    """What `verify` finds: places by their index, and edges where the coverage is broken.

    `without_ground` have no cell, `outside` lie outside their own, `sharing` lie at the coordinate
    of another. `invalid_edges` are those at which two cells overlap, or do not match.
    """

    without_ground: tuple[int, ...]
    outside: tuple[int, ...]
    sharing: tuple[int, ...]
    invalid_edges: tuple[BaseGeometry, ...]


def verify(
    lons: npt.ArrayLike, lats: npt.ArrayLike, tessellation: Sequence[MultiPolygon]
) -> Faults:
    """Find where a tessellation of places, as `cells` returns it, fails or surprises."""
    points = np.column_stack([np.asarray(lons, np.float64), np.asarray(lats, np.float64)])
    found = np.array(tessellation, dtype=object)
    _, first, which, number = np.unique(
        points, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    empty = shapely.is_empty(found)
    outside = ~empty & ~shapely.intersects(found, shapely.points(points))
    different = found[first][~empty[first]]
    broken: Geometries = shapely.coverage_invalid_edges(different)
    return Faults(
        tuple(np.flatnonzero(empty).tolist()),
        tuple(np.flatnonzero(outside).tolist()),
        tuple(np.flatnonzero(number[which.ravel()] > 1).tolist()),
        tuple(edge for edge in broken if not edge.is_empty),
    )


def _check_points(points: Floats) -> None:
    problems = [
        f"place {index} has no usable coordinates (lon {lon}, lat {lat}); mend or remove it"
        for index, (lon, lat) in enumerate(points)
        if not (np.isfinite([lon, lat]).all() and abs(lat) <= 90)
    ]
    if problems:
        raise InputError(problems)


def _check_reach(reach_km: float) -> None:
    if not reach_km > 0:
        raise InputError(f"a reach of {reach_km} km leaves no ground: give more than 0")


def _voronoi(xy: Floats, theatre: MultiPolygon, projection: Projection) -> Geometries:
    """Return the Voronoi polygons of points in the plane, cut off a little outside the theatre."""
    spread = shapely.segmentize(theatre, 0.5)
    hull = projection.forward(spread).convex_hull
    hull = hull.buffer(0.01 * np.sqrt(hull.area))
    if len(xy) == 1:
        return np.array([hull], dtype=object)
    diagram = shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=hull, ordered=True)
    polygons = shapely.get_parts(diagram)
    shapely.prepare(hull)
    beyond = ~shapely.contains_properly(hull, polygons)
    polygons[beyond] = shapely.intersection(polygons[beyond], hull)
    return np.asarray(polygons)


def _on_the_globe(polygons: Geometries, projection: Projection) -> Geometries:
    """Bring polygons without holes to (lon, lat), their long edges cut up first.

    Each edge is cut from the same one of its ends for both neighbours, so that they get the same
    vertices to the last bit.
    """
    xy, owner = shapely.get_coordinates(polygons, return_index=True)
    same = owner[:-1] == owner[1:]
    a, b, owner = xy[:-1][same], xy[1:][same], owner[:-1][same]
    reverse = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    low, high = np.where(reverse[:, None], b, a), np.where(reverse[:, None], a, b)
    count = np.maximum(1, np.ceil(np.hypot(*(high - low).T) / _STEP_M)).astype(np.intp)
    edge = np.repeat(np.arange(len(a)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    from_low = np.where(reverse[edge], count[edge] - step, step)
    cut = low[edge] + (from_low / count[edge])[:, None] * (high - low)[edge]
    cut = np.where((step == 0)[:, None], a[edge], cut)
    found = np.full(len(polygons), Polygon(), dtype=object)
    owners, ring = np.unique(owner[edge], return_inverse=True)
    rings = shapely.linearrings(projection.inverse_xy(cut), indices=ring)
    found[owners] = shapely.polygons(rings)
    return found


def _reaches_beyond(whole: Geometries, points: Floats, reach_m: float) -> npt.NDArray[np.bool_]:
    """Tell which cells have a vertex beyond the reach of their place."""
    vertices, owner = shapely.get_coordinates(whole, return_index=True)
    beyond = distance_m(*points[owner].T, *vertices.T) > reach_m
    return np.bincount(owner, weights=beyond, minlength=len(whole)) > 0


def _discs(points: Floats, reach_m: float, lon_0: float) -> Geometries:
    """Return the geodesic disc round each point, inscribed, near the meridian `lon_0`."""
    azimuths = np.linspace(360, 0, _DISC_SIDES, endpoint=False)
    lons, lats = destination(points[:, :1], points[:, 1:], azimuths, reach_m)
    lons = lons - 360 * np.round((lons - lon_0) / 360)
    return np.asarray(shapely.polygons(np.stack([lons, lats], axis=-1)))


def _cut(whole: Geometries, theatre: MultiPolygon, discs: Geometries) -> tuple[Geometries, Indices]:
    """Cut cells by the theatre's outline and by their discs; also return whose each face is.

    Most cells meet neither. The lines of the others are noded all at once, and faces made of
    them, so that neighbours agree on every vertex.
    """
    arcs = _disc_edges(whole, discs)
    shapely.prepare(theatre)
    uncut = shapely.contains_properly(theatre, whole)
    uncut[STRtree(whole).query(arcs, predicate="intersects")[1]] = False
    rest = np.flatnonzero(~uncut & ~shapely.is_empty(whole))
    lines = shapely.union_all([*shapely.boundary(whole[rest]), *arcs, theatre.boundary])
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inner = shapely.point_on_surface(faces)
    face, found = STRtree(whole[rest]).query(inner, predicate="intersects")
    faces, inner, owner = faces[face], inner[face], rest[found]
    kept = shapely.intersects(theatre, inner)
    kept &= shapely.is_missing(discs[owner]) | shapely.intersects(discs[owner], inner)
    return (
        np.concatenate([faces[kept], whole[uncut]]),
        np.concatenate([owner[kept], np.flatnonzero(uncut)]),
    )


def _disc_edges(whole: Geometries, discs: Geometries) -> Geometries:
    """Return the edges of discs that meet their own cell.

    Whole edges, so that each crosses the cell's edge and does not end just short of it.
    """
    start, end, owner = edges(discs)
    segments = np.asarray(shapely.linestrings(np.stack([start, end], axis=1)))
    shapely.prepare(whole)
    meets = np.asarray(shapely.intersects(whole[owner], segments))
    return segments[meets]


def _turned_back(faces: Geometries) -> Geometries:
    """Bring faces beyond the antimeridian back within 180 degrees; none lies across it."""
    west, _, east, _ = shapely.bounds(faces).T
    beyond = np.flatnonzero(np.abs(west + east) > 360)
    faces[beyond] = shapely.transform(faces[beyond], _turned)
    return faces


def _turned(lonlat: Floats) -> Floats:
    return np.column_stack([lonlat[:, 0] - 360 * np.sign(lonlat[:, 0]), lonlat[:, 1]])


def _areal(geometry: BaseGeometry) -> Geometries:
    """Return the polygons in a geometry; an overlay may leave lines and points beside them."""
    parts = shapely.get_parts(geometry)
    is_polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return np.asarray(parts[is_polygon & ~shapely.is_empty(parts)])


def _grouped(faces: Geometries, owner: Indices, count: int) -> list[MultiPolygon]:
    """Unite the faces of each owner."""
    found = [MultiPolygon()] * count
    for index in np.unique(owner):
        parts = faces[owner == index]
        united = parts[0] if len(parts) == 1 else shapely.union_all(parts)
        found[index] = shapely.orient_polygons(MultiPolygon(list(_areal(united))))
    return found
