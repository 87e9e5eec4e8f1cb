"""Differences between snapshots: the whole ground of one actor, drawn anew each day.

What an actor gained and lost from one snapshot to the next is their difference, and a snapshot is
what an odd number of the differences up to it cover; so that a series of snapshots and its
changes say the same.

Method: from day to day an outline keeps nearly all its edges. Those that two snapshots share, with
the ground on the same side, bound no difference, so that only the others are noded and made into
faces; a face is gained or lost where the one snapshot covers it and the other does not. What many
differences compose is enclosed by the edges that an odd number of them have (the even-odd rule).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon

from frontmap.geo.control import GRID_DEG, SLIVER_WIDTH_DEG
from frontmap.geo.geodesy import edges

__all__ = ["composed", "difference", "is_apparent"]

Geometries = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]


def difference(before: MultiPolygon, after: MultiPolygon) -> tuple[MultiPolygon, MultiPolygon]:
    """Return the ground of `after` that is not of `before`, and that of `before` alone.

    Polygons are valid, in WGS84 lon/lat with edges straight in lon/lat.
    """
    faces = _faces(*_odd_edges(shapely.orient_polygons(np.array([before, after]))))
    inner = shapely.point_on_surface(faces)
    was, is_ = (_covers(ground, inner) for ground in (before, after))
    return _joined(faces[is_ & ~was]), _joined(faces[was & ~is_])


def composed(differences: Sequence[MultiPolygon]) -> MultiPolygon:
    """Return the snapshot to which the gains and losses up to it come, in any order.

    They need not be disjoint: ground that was gained and lost as often counts as not held.
    """
    # An edge of an even number of them bounds nothing, on whichever side of it they lie: rings run
    # as they like here, so each edge is told by its ends alone.
    start, end = _odd_edges(np.array([*differences, None], dtype=object)[:-1], either_way=True)
    faces = _faces(start, end)
    return _joined(faces[_unevenly_enclosed(shapely.point_on_surface(faces), start, end)])


def is_apparent(*grounds: MultiPolygon) -> bool:
    """Tell whether any part is broader than about 10 cm, by which rounding may move one line."""
    parts = shapely.get_parts(np.array(grounds, dtype=object))
    return bool((2 * shapely.area(parts) >= SLIVER_WIDTH_DEG * shapely.length(parts)).any())


def _odd_edges(polygons: Geometries, *, either_way: bool = False) -> tuple[Floats, Floats]:
    """Return start and end (n, 2) of the edges that occur an odd number of times."""
    start, end, _ = edges(polygons)
    every = np.hstack([start, end])
    if either_way:
        backwards = (start[:, 0] > end[:, 0]) | (
            (start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1])
        )
        every[backwards] = np.hstack([end, start])[backwards]
    different, count = np.unique(every, axis=0, return_counts=True)
    odd = different[count % 2 == 1]
    return odd[:, :2], odd[:, 2:]


def _faces(start: Floats, end: Floats) -> Geometries:
    """Return the polygons into which edges cut the plane, those that they enclose."""
    lines = shapely.linestrings(np.stack([start, end], axis=1))
    # On the control map's grid, since faces thinner than rounding cannot be joined.
    noded = shapely.union_all(lines, grid_size=GRID_DEG)
    return np.asarray(shapely.get_parts(shapely.polygonize([noded])))


def _covers(ground: MultiPolygon, points: Geometries) -> npt.NDArray[np.bool_]:
    shapely.prepare(ground)
    return np.asarray(shapely.contains(ground, points))


def _unevenly_enclosed(points: Geometries, start: Floats, end: Floats) -> npt.NDArray[np.bool_]:
    """Tell from which points a ray to the north crosses an odd number of edges."""
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    north = max(start[:, 1].max(initial=-90), end[:, 1].max(initial=-90))
    rays = shapely.box(lon, lat, lon, north)
    lines: Any = shapely.linestrings(np.stack([start, end], axis=1))
    point, edge = shapely.STRtree(lines).query(rays)
    (lon1, lat1), (lon2, lat2) = start[edge].T, end[edge].T
    spans = (lon1 <= lon[point]) != (lon2 <= lon[point])
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = lat1 + (lon[point] - lon1) / (lon2 - lon1) * (lat2 - lat1)
    crossed = point[spans & (crossing > lat[point])]
    return np.asarray(np.bincount(crossed, minlength=len(points)) % 2 == 1)


def _joined(faces: Geometries) -> MultiPolygon:
    """Join faces whose edges match exactly."""
    if not len(faces):
        return MultiPolygon()
    return MultiPolygon(list(shapely.get_parts(shapely.coverage_union_all(faces))))
