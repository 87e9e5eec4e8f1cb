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
    ECCENTRICITY_SQUARED,
    SEMI_MAJOR_M,
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
#: As of `geodesy.edges`: starts (n, 2), ends (n, 2), and whose they are (n).
Edges = tuple[Floats, Floats, Indices]

# A projected edge of this length bends by less than 2 m from a lon/lat-straight one to 75 degrees.
_STEP_M = 5000.0
_DISC_SIDES = 96
# Of curvature, at the poles.
_GREATEST_RADIUS_M = SEMI_MAJOR_M / np.sqrt(1 - ECCENTRICITY_SQUARED)


class Tessellation:
    """The Voronoi diagram of n places in a theatre, made once for cells of any reach."""

    def __init__(self, lons: npt.ArrayLike, lats: npt.ArrayLike, outline: MultiPolygon) -> None:
        """Divide `outline` among places (lon, lat); InputError for unusable coordinates."""
        points = np.column_stack([np.asarray(lons, np.float64), np.asarray(lats, np.float64)])
        _check_points(points)
        self._points, self._which = _each_once(points)
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
    usable = np.isfinite(points).all(axis=1) & (np.abs(points[:, 1]) <= 90)
    if not usable.all():
        raise InputError(
            f"place {index} has no usable coordinates (lon {points[index, 0]}, lat "
            f"{points[index, 1]}); mend or remove it"
            for index in np.flatnonzero(~usable)
        )


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

    What neighbours share is brought there once, so that they get the same vertices to the last bit.
    """
    sides = _Sides(polygons)
    start = sides.corners[sides.low]
    along = sides.corners[sides.high] - start
    count = np.maximum(1, np.ceil(np.hypot(*along.T) / _STEP_M)).astype(np.intp)
    cut, step = _counted(count - 1)
    between = start[cut] + ((step + 1) / count[cut])[:, None] * along[cut]
    lonlat = projection.inverse_xy(np.concatenate([sides.corners, between]))

    # Each edge of a ring begins at a corner; the points cut on it follow, in its own direction.
    first = len(sides.corners) + np.cumsum(count - 1) - (count - 1)
    edge, step = _counted(count[sides.which])
    side = sides.which[edge]
    forwards = sides.begin[edge] == sides.low[side]
    from_low = np.where(forwards, step, count[side] - step)
    vertex = np.where(step == 0, sides.begin[edge], first[side] + from_low - 1)
    found = np.full(len(polygons), Polygon(), dtype=object)
    owners, ring = np.unique(sides.owner[edge], return_inverse=True)
    found[owners] = shapely.polygons(shapely.linearrings(lonlat[vertex], indices=ring))
    return found


class _Sides:
    """The edges of polygons without holes, once each where two share them.

    A side leads from `corners[low]` to `corners[high]`, in their order. The edges of rings have
    the corner that they `begin` at, `which` side they are, and their polygon as `owner`.
    """

    def __init__(self, polygons: Geometries) -> None:
        vertices, owner = shapely.get_coordinates(polygons, return_index=True)
        self.corners, corner = _each_once(vertices)
        same = owner[:-1] == owner[1:]
        self.begin, end, self.owner = corner[:-1][same], corner[1:][same], owner[:-1][same]
        count = max(len(self.corners), 1)
        keys = np.minimum(self.begin, end) * count + np.maximum(self.begin, end)
        once, self.which = np.unique(keys, return_inverse=True)
        self.low, self.high = np.divmod(once, count)


def _each_once(points: Floats) -> tuple[Floats, Indices]:
    """Return points (m, 2) without repetitions, sorted, and which of them each of n (n, 2) is."""
    # As complex numbers, which is much faster than by rows.
    found, which = np.unique(np.ascontiguousarray(points).view(np.complex128), return_inverse=True)
    return found.view(np.float64).reshape(-1, 2), which.ravel()


def _counted(counts: Indices) -> tuple[Indices, Indices]:
    """Repeat each index as often as `counts` says; also number the repetitions from 0."""
    index = np.repeat(np.arange(len(counts)), counts)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)


def _reaches_beyond(whole: Geometries, points: Floats, reach_m: float) -> npt.NDArray[np.bool_]:
    """Tell which cells have a vertex beyond the reach of their place."""
    # No vertex is farther than by way of the place's parallel and a meridian, even if both were as
    # straight as the meridian at a pole.
    west_south, east_north = np.hsplit(shapely.bounds(whole), 2)
    lon, lat = np.radians(np.maximum(points - west_south, east_north - points)).T
    surely = _GREATEST_RADIUS_M * (lon * np.cos(np.radians(points[:, 1])) + lat) <= reach_m
    vertices, owner = shapely.get_coordinates(whole[~surely], return_index=True)
    from_place = distance_m(*points[~surely][owner].T, *vertices.T)
    found: npt.NDArray[np.bool_] = ~surely
    found[found] = np.bincount(owner, from_place > reach_m, found.sum()) > 0
    return found


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
    shapely.prepare(theatre)
    uncut = shapely.contains_properly(theatre, whole)
    arcs = _disc_edges(whole, discs)
    uncut[STRtree(whole).query(_segments(*arcs[:2]), predicate="intersects")[1]] = False
    rest = np.flatnonzero(~uncut & ~shapely.is_empty(whole))
    lines = _noded(whole[rest], theatre, arcs)
    faces = shapely.get_parts(shapely.polygonize(lines))
    inner = shapely.point_on_surface(faces)
    face, found = STRtree(whole[rest]).query(inner, predicate="intersects")
    faces, inner, owner = faces[face], inner[face], rest[found]
    kept = shapely.intersects(theatre, inner)
    kept &= shapely.is_missing(discs[owner]) | shapely.intersects(discs[owner], inner)
    return (
        np.concatenate([faces[kept], whole[uncut]]),
        np.concatenate([owner[kept], np.flatnonzero(uncut)]),
    )


def _noded(whole: Geometries, theatre: MultiPolygon, arcs: Edges) -> Geometries:
    """Return the edges of cells, of the outline and of discs, cut where they meet.

    All cells together, each ring of the outline and each disc are noded in themselves, so that
    only edges that meet one of another need it: few. What is left of rings and discs are chains.
    """
    sides = _Sides(whole)
    low, high = sides.corners[sides.low], sides.corners[sides.high]
    in_theatre = shapely.intersects(theatre, _segments(low, high))
    rings = edges(shapely.get_rings(shapely.get_parts(theatre)))
    start = np.concatenate([arcs[0], rings[0], low[in_theatre]])
    end = np.concatenate([arcs[1], rings[1], high[in_theatre]])
    # A number each for the discs, the rings and the cells.
    of = np.concatenate([arcs[2], -2 - rings[2], np.full(in_theatre.sum(), -1)])
    lines = _segments(start, end)
    one, other = STRtree(lines).query(lines[of != -1], predicate="intersects")
    meet = of[one] != of[other]
    met = np.zeros(len(lines), bool)
    met[one[meet]] = met[other[meet]] = True
    cut = shapely.get_parts(shapely.union_all(lines[met]))
    return np.concatenate([cut, _chains(start[~met], end[~met], of[~met])])


def _chains(start: Floats, end: Floats, of: Indices) -> Geometries:
    """Join edges of one ring or disc where each begins at the end of the one before it."""
    follows = (of[1:] == of[:-1]) & (of[1:] != -1) & (start[1:] == end[:-1]).all(axis=1)
    begins = np.concatenate([[True], ~follows])[: len(of)]
    vertices = np.stack([start, end], axis=1)
    needed = np.stack([begins, np.ones(len(of), bool)], axis=1)
    chain = np.broadcast_to(np.cumsum(begins)[:, None] - 1, needed.shape)
    return np.asarray(shapely.linestrings(vertices[needed], indices=chain[needed]), dtype=object)


def _disc_edges(whole: Geometries, discs: Geometries) -> Edges:
    """Return the edges of discs that meet their own cell.

    Whole edges, so that each crosses the cell's edge and does not end just short of it.
    """
    start, end, owner = edges(discs)
    bounds = shapely.bounds(whole)[owner]
    near = (np.maximum(start, end) >= bounds[:, :2]) & (np.minimum(start, end) <= bounds[:, 2:])
    shapely.prepare(whole)
    meets = np.asarray(near.all(axis=1))
    meets[meets] = shapely.intersects(whole[owner[meets]], _segments(start[meets], end[meets]))
    return start[meets], end[meets], owner[meets]


def _segments(start: Floats, end: Floats) -> Geometries:
    return np.asarray(shapely.linestrings(np.stack([start, end], axis=1)), dtype=object)


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
    found = np.full(count, MultiPolygon(), dtype=object)
    number = np.bincount(owner, minlength=count)
    alone = np.flatnonzero(number[owner] == 1)
    found[owner[alone]] = shapely.multipolygons(faces[alone], indices=np.arange(len(alone)))
    for index in np.flatnonzero(number > 1):
        united = shapely.union_all(faces[owner == index])
        found[index] = MultiPolygon(list(_areal(united)))
    return list(shapely.orient_polygons(found))
