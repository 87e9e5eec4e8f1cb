"""Differences between snapshots: the whole ground of one actor, drawn anew each day.

What an actor gained and lost from one snapshot to the next is their difference, and a snapshot is
what an odd number of the differences up to it cover; so that a series of snapshots and its
changes say the same.

Method: from day to day an outline keeps nearly all its edges. Those that two snapshots share, with
the ground on the same side, bound no difference, so that only the others are noded and made into
faces; a face belongs to the difference where an odd number of the snapshots cover it.
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


def difference(before: MultiPolygon, after: MultiPolygon) -> tuple[MultiPolygon, MultiPolygon]:
    """Return the ground of `after` that is not of `before`, and that of `before` alone.

    Polygons are valid, in WGS84 lon/lat with edges straight in lon/lat.
    """
    faces, inner = _unevenly_covered([before, after])
    shapely.prepare(after)
    gained = shapely.contains(after, inner)
    return _joined(faces[gained]), _joined(faces[~gained])


def composed(differences: Sequence[MultiPolygon]) -> MultiPolygon:
    """Return the snapshot to which the gains and losses up to it come, in any order.

    They need not be disjoint: ground that was gained and lost as often counts as not held.
    """
    return _joined(_unevenly_covered(differences)[0])


def is_apparent(*grounds: MultiPolygon) -> bool:
    """Tell whether any part is broader than about 10 cm, by which rounding may move one line."""
    parts = shapely.get_parts(np.array(grounds, dtype=object))
    return bool((2 * shapely.area(parts) >= SLIVER_WIDTH_DEG * shapely.length(parts)).any())


def _unevenly_covered(polygons: Sequence[MultiPolygon]) -> tuple[Geometries, Geometries]:
    """Return the faces that an odd number of polygons cover, and a point in each."""
    given = shapely.orient_polygons(np.array([*polygons, None], dtype=object)[:-1])
    start, end, _ = edges(given)
    different, count = np.unique(np.hstack([start, end]), axis=0, return_counts=True)
    lines = shapely.linestrings(different[count % 2 == 1].reshape(-1, 2, 2))
    # On the control map's grid, since faces thinner than rounding cannot be joined.
    noded = shapely.union_all(lines, grid_size=GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    inner = shapely.point_on_surface(faces)
    _, covered = shapely.STRtree(inner).query(given, predicate="contains")
    uneven = np.bincount(covered, minlength=len(faces)) % 2 == 1
    return faces[uneven], inner[uneven]


def _joined(faces: Geometries) -> MultiPolygon:
    """Join faces whose edges match exactly."""
    if not len(faces):
        return MultiPolygon()
    return MultiPolygon(list(shapely.get_parts(shapely.coverage_union_all(faces))))
