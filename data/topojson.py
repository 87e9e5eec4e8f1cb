"""TopoJSON: geometries as sequences of arcs, in which neighbours share their common border.

The areas that frontmap exports match vertex by vertex, so their arcs are had exactly: a vertex at
which two outlines part ways is a junction, and the lines between junctions are the arcs. General
encoders (topojson-server, the Python package topojson) find junctions the same way, but first have
to guess what was meant to match, and round to a grid of the bounds' size to do so.

The format: https://github.com/topojson/topojson-specification, with its `transform`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

__all__ = ["topology"]

Ints = NDArray[np.int64]
Keys = NDArray[np.complex128]
#: Whole numbers, of which one stands for this many degrees: those of the arrangement's grid.
QUANTUM_DEG = 1e-8


def topology(
    layers: Mapping[str, Sequence[tuple[Mapping[str, Any], BaseGeometry]]],
) -> dict[str, Any]:
    """Return layers of (properties, geometry) as one topology; all its layers share arcs.

    Geometries are points, lines and polygons, single or multi, in WGS84 lon/lat.
    """
    every = [geometry for rows in layers.values() for _, geometry in rows]
    origin = np.floor(shapely.total_bounds(every)[:2]) if every else np.zeros(2)
    arcs = _Arcs(every, origin)
    objects = {
        name: {
            "type": "GeometryCollection",
            "geometries": [
                {**arcs.encoded(geometry), "properties": dict(properties)}
                for properties, geometry in rows
            ],
        }
        for name, rows in layers.items()
    }
    return {
        "type": "Topology",
        "transform": {"scale": [QUANTUM_DEG, QUANTUM_DEG], "translate": origin.tolist()},
        "objects": objects,
        "arcs": arcs.deltas(),
    }


class _Arcs:
    """The arcs of a set of lines and rings, each stored once, numbered as they come."""

    def __init__(self, geometries: Sequence[BaseGeometry], origin: NDArray[np.float64]) -> None:
        self._origin = origin
        self._numbers: dict[bytes, int] = {}
        self._stored: list[Ints] = []
        self._junctions = _junctions([self._whole(line) for g in geometries for line in _lines(g)])

    def encoded(self, geometry: BaseGeometry) -> dict[str, Any]:
        """Return a geometry as TopoJSON has it."""
        kind = geometry.geom_type
        if kind in ("Point", "MultiPoint"):
            points = self._whole(geometry).tolist()
            return {"type": kind, "coordinates": points[0] if kind == "Point" else points}
        parts = [
            [self._chain(self._whole(line)) for line in _lines(part)]
            for part in shapely.get_parts(geometry)
        ]
        if kind == "Polygon":
            return {"type": kind, "arcs": parts[0]}
        if kind == "MultiPolygon":
            return {"type": kind, "arcs": parts}
        lines = [line for part in parts for line in part]
        return {"type": kind, "arcs": lines[0] if kind == "LineString" else lines}

    def deltas(self) -> list[list[list[int]]]:
        """Return every arc: its first point, and the step to each next one."""
        return [np.diff(arc, axis=0, prepend=[[0, 0]]).tolist() for arc in self._stored]

    def _whole(self, geometry: BaseGeometry) -> Ints:
        degrees = shapely.get_coordinates(geometry) - self._origin
        return np.rint(degrees / QUANTUM_DEG).astype(np.int64)

    def _chain(self, points: Ints) -> list[int]:
        """Cut a line or ring at its junctions, and return the numbers of its arcs."""
        keys = _keys(points)
        cuts = np.flatnonzero(np.isin(keys, self._junctions))
        if (points[0] == points[-1]).all():  # a ring begins at a junction, else at its least point
            start = int(cuts[0]) if len(cuts) else int(np.argmin(keys[:-1]))
            points = np.vstack([points[start:-1], points[: start + 1]])
            cuts = np.flatnonzero(np.isin(_keys(points), self._junctions))
        ends = np.unique(np.r_[0, cuts, len(points) - 1])
        return [self._number(points[a : b + 1]) for a, b in pairwise(ends)]

    def _number(self, arc: Ints) -> int:
        """Return the number of an arc, -1 - number where it is stored the other way round."""
        backwards = np.ascontiguousarray(arc[::-1]).tobytes()
        if backwards in self._numbers:
            return -1 - self._numbers[backwards]
        known = np.ascontiguousarray(arc).tobytes()
        if known not in self._numbers:
            self._numbers[known] = len(self._stored)
            self._stored.append(arc)
        return self._numbers[known]


def _lines(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """Yield the lines of a geometry: of polygons the rings, the outer one of each first."""
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            yield from shapely.get_rings(part)
        elif part.geom_type == "LineString":
            yield part


def _keys(points: Ints) -> Keys:
    """Return each point, shape (n, 2), as one number, shape (n,)."""
    keys: Keys = points[:, 0] + 1j * points[:, 1]  # whole numbers below 2**53: exact
    return keys


def _junctions(lines: Sequence[Ints]) -> Keys:
    """Return the keys of points at which lines end, or of which the neighbours are not the same."""
    points, before, after, ends = [], [], [], []
    for line in lines:
        keys = _keys(line)
        if keys[0] == keys[-1]:
            keys = np.r_[keys[-2], keys, keys[1]][: len(keys) + 1]
        else:
            ends.append(keys[[0, -1]])
        points.append(keys[1:-1])
        before.append(np.minimum(keys[:-2], keys[2:]))
        after.append(np.maximum(keys[:-2], keys[2:]))
    if not points:
        return np.empty(0, np.complex128)
    rows = np.column_stack([np.concatenate(points), np.concatenate(before), np.concatenate(after)])
    passed, ways = np.unique(np.unique(rows, axis=0)[:, 0], return_counts=True)
    return np.unique(np.concatenate([passed[ways > 1], *ends]))
