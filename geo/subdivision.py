"""A ground cut into faces by the outlines of many polygons, once, for many ways to colour them.

Invariant: the faces are a *coverage*. They do not overlap, share their edges vertex by vertex, and
together are the ground; so are the areas that come of joining faces, in any grouping.

Method. Equal edges of all outlines are taken once, then noded together on a fixed grid (snap
rounding: Hobby 1999, https://doi.org/10.1016/S0925-7721(99)00021-8; here GEOS' OverlayNG), so that
faces are what no outline crosses. Faces meet along *arcs*, chains of edges with the same face on
either hand. To join faces by group, only the arcs between different groups are looked at, and
each ring that they form lies round the group on the inner hand of any of its arcs; nothing is
overlaid again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon

__all__ = ["GRID_DEG", "SLIVER_WIDTH_DEG", "Geometries", "Ints", "Subdivision", "unique_edges"]

#: Coordinates of faces lie on this grid: 1e-8 degrees, about a millimetre.
GRID_DEG = 1e-8
#: A face narrower than this, about 10 cm, is a rounding artefact between two drawings of one line.
SLIVER_WIDTH_DEG = 1e-6

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Geometries = NDArray[Any]
#: Points as complex numbers, lon + lat i, which sort and compare as one.
Nodes = NDArray[np.complex128]


class Subdivision:
    """The faces into which the outlines of polygons cut a ground.

    `faces` (n) are polygons in WGS84 lon/lat with edges straight in lon/lat. `edges`, shape (m, 4),
    are the unique edges of their rings (lon, lat, lon, lat) in ascending order, and `beside` (m, 2)
    the faces on either hand, the second -1 on the ground's own border.
    """

    def __init__(self, polygons: Geometries, ground: MultiPolygon) -> None:
        """Node the outlines of `polygons`, which may overlap and reach beyond `ground`, and its."""
        shapely.prepare(ground)
        arcs = _noded(np.array([*polygons, ground], dtype=object))
        inside = self._set_faces(arcs, ground)
        if len(across := self._across_slivers()):
            arcs = _chained(np.concatenate([_segments(arcs), across]))
            inside = self._set_faces(arcs, ground)
        self._set_arcs(arcs, inside)

    def _set_faces(self, arcs: Geometries, ground: MultiPolygon) -> _Lookup:
        """Make faces of arcs, keep those in the ground, and return where they lie."""
        faces = shapely.get_parts(shapely.polygonize(arcs))
        self.faces = faces[shapely.contains(ground, shapely.point_on_surface(faces))]
        nodes, start, end, face = _directed_edges(self.faces)
        self.edges, self.beside = _undirected(nodes, start, end, face)
        return _Lookup(nodes, start, end, face)

    def _across_slivers(self) -> Geometries:
        """Return lines that cut slivers with many neighbours into triangles, vertex to vertex.

        A sliver stands for one of its neighbours. Of a long one the others might be held otherwise
        one day, on both of its sides: it would be a hair of foreign ground between them.
        """
        inner = self.beside[self.beside[:, 1] >= 0]
        number_of_neighbours = np.bincount(
            np.unique(np.concatenate([inner, inner[:, ::-1]]), axis=0)[:, 0],
            minlength=len(self.faces),
        )
        slivers = self.faces[(self._width() < SLIVER_WIDTH_DEG) & (number_of_neighbours > 2)]
        triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(slivers))
        every = _segments(shapely.get_exterior_ring(triangles))
        ends = np.sort(_as_nodes(every).reshape(-1, 2), axis=1)
        low, high = (
            self.edges[:, 0] + 1j * self.edges[:, 1],
            self.edges[:, 2] + 1j * self.edges[:, 3],
        )
        known = np.sort(np.column_stack([low, high]), axis=1)
        _, first = np.unique(np.concatenate([known, ends]), axis=0, return_index=True)
        return every[first[first >= len(known)] - len(known)]

    def _width(self) -> Floats:
        return np.asarray(2 * shapely.area(self.faces) / shapely.length(self.faces))

    def _set_arcs(self, arcs: Geometries, inside: _Lookup) -> None:
        """Keep the arcs beside faces; rings have their face on the right hand."""
        points, arc = shapely.get_coordinates(arcs, return_index=True)
        position = points[:, 0] + 1j * points[:, 1]
        first = np.searchsorted(arc, np.arange(len(arcs)))
        last = np.searchsorted(arc, np.arange(len(arcs)), side="right") - 1
        right = inside.find(position[first], position[first + 1])
        left = inside.find(position[last], position[last - 1])
        kept = np.flatnonzero((right >= 0) | (left >= 0))
        self._arcs, self._right, self._left = arcs[kept], right[kept], left[kept]
        first, last = first[kept], last[kept]
        start = position[np.concatenate([first, last])]
        end = position[np.concatenate([first + 1, last - 1])]
        nodes, node = np.unique(np.concatenate([start, end]), return_inverse=True)
        self._inside = _Lookup(
            nodes,
            node[: len(start)],
            node[len(start) :],
            np.concatenate([self._right, self._left]),
        )

    def covered_by(self, polygons: Geometries) -> tuple[Ints, Ints]:
        """Pair faces with those of `polygons`, which must be among the noded, that cover them.

        Returns (face, polygon) index arrays in ascending order. A sliver is covered as the broad
        neighbour on its longest side is.
        """
        points = shapely.point_on_surface(self.faces)
        polygon, face = shapely.STRtree(points).query(polygons, predicate="contains")
        order = np.lexsort((polygon, face))
        face, polygon = face[order], polygon[order]
        source = self._standing_for_slivers()
        start = np.searchsorted(face, source)
        count = np.searchsorted(face, source, side="right") - start
        own = np.repeat(np.arange(len(self.faces)), count)
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return own, polygon[np.repeat(start, count) + offset]

    def _standing_for_slivers(self) -> Ints:
        """Map each face to itself, but a sliver to the broad neighbour on its longest side.

        One that has none stands for the broader of its neighbours that are slivers, likewise.
        """
        number = len(self.faces)
        source = np.arange(number)
        width = self._width()
        inner = self.beside[:, 1] >= 0
        pairs = np.concatenate([self.beside[inner], self.beside[inner][:, ::-1]])
        length = np.tile(np.hypot(*(self.edges[inner, 2:] - self.edges[inner, :2]).T), 2)
        of_sliver = (width[pairs[:, 0]] < SLIVER_WIDTH_DEG) & (
            width[pairs[:, 1]] > width[pairs[:, 0]]
        )
        pair, which = np.unique(
            pairs[of_sliver, 0] * number + pairs[of_sliver, 1], return_inverse=True
        )
        shared = np.bincount(which, length[of_sliver], minlength=len(pair))
        sliver, neighbour = np.divmod(pair, max(number, 1))
        order = np.lexsort((neighbour, -shared, width[neighbour] < SLIVER_WIDTH_DEG, sliver))
        first = order[np.diff(sliver[order], prepend=-1) > 0]
        source[sliver[first]] = neighbour[first]
        while (source[source] != source).any():  # ends, since each stands for a narrower one
            source = source[source]
        return source

    def joined(self, group: Ints) -> dict[int, MultiPolygon]:
        """Join the faces of each group: `group` has a number a face, -1 for none."""
        of = np.append(group, -1)
        between = of[self._right] != of[self._left]
        polygons = shapely.get_parts(shapely.polygonize(self._arcs[between]))
        if not len(polygons):
            return {}
        rings = shapely.get_exterior_ring(polygons)  # clockwise, each from the end of an arc
        ends = [shapely.get_coordinates(shapely.get_point(rings, n)) for n in (0, 1)]
        found = of[self._inside.find(*(end[:, 0] + 1j * end[:, 1] for end in ends))]
        order = np.argsort(found, kind="stable")
        order = order[found[order] >= 0]
        groups, index = np.unique(found[order], return_inverse=True)
        areas = np.asarray(shapely.multipolygons(polygons[order], indices=index))
        return dict(zip(groups.tolist(), areas.tolist(), strict=True))

    def lines_between(self, pair: Ints, arcs: Ints) -> list[tuple[int, LineString]]:
        """Join arcs end to end into as few lines as possible, within the arcs of equal `pair`."""
        order = np.argsort(pair, kind="stable")
        pairs, index = np.unique(pair[order], return_inverse=True)
        if not len(pairs):
            return []
        merged = shapely.line_merge(
            shapely.multilinestrings(self._arcs[arcs[order]], indices=index)
        )
        lines, of = shapely.get_parts(merged, return_index=True)
        return list(zip(pairs[of].tolist(), lines.tolist(), strict=True))

    def beside_arcs(self) -> tuple[Ints, Ints]:
        """Return the faces on the right and on the left hand of every arc, -1 for none."""
        return self._right, self._left


class _Lookup:
    """The faces on the right hand of directed edges, by the edges' ends as complex numbers."""

    def __init__(self, nodes: Nodes, start: Ints, end: Ints, face: Ints) -> None:
        """Take the sorted nodes, and edges as positions among them."""
        key = start * len(nodes) + end
        order = np.argsort(key)
        self.nodes, self.key, self.face = nodes, key[order], face[order]

    def find(self, start: Nodes, end: Nodes) -> Ints:
        """Return the face of each edge, -1 where there is none."""
        if not len(self.key):
            return np.full(len(start), -1)
        wanted = self._node(start) * len(self.nodes) + self._node(end)
        at = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        known = (self.key[at] == wanted) & self._is_node(start) & self._is_node(end)
        return np.where(known, self.face[at], -1)

    def _node(self, position: Nodes) -> Ints:
        return np.minimum(np.searchsorted(self.nodes, position), len(self.nodes) - 1)

    def _is_node(self, position: Nodes) -> NDArray[np.bool_]:
        return np.asarray(self.nodes[self._node(position)] == position)


def unique_edges(polygons: Geometries) -> Geometries:
    """Return the edges of the polygons' outlines as lines, each once, however often it is drawn."""
    rings = shapely.get_parts(np.asarray(shapely.boundary(polygons)))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    nodes, node = np.unique(points[:, 0] + 1j * points[:, 1], return_inverse=True)
    start, end = node[:-1][within], node[1:][within]
    key = np.minimum(start, end) * len(nodes) + np.maximum(start, end)
    start, end = np.divmod(np.unique(key), max(len(nodes), 1))
    ends = nodes[np.column_stack([start, end])[start != end]]
    return np.asarray(shapely.linestrings(np.stack([ends.real, ends.imag], axis=-1)))


def _noded(polygons: Geometries) -> Geometries:
    """Node the outlines on the grid; return arcs, chains that end where three or more meet."""
    lines = _chained(unique_edges(polygons))
    noded = shapely.union_all(lines, grid_size=GRID_DEG)
    return np.asarray(shapely.get_parts(shapely.line_merge(noded)))


def _chained(lines: Geometries) -> Geometries:
    """Join lines that meet at their ends, but where three or more do."""
    return np.asarray(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))))


def _segments(lines: Geometries) -> Geometries:
    """Return each edge of lines as a line."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    within = line[1:] == line[:-1]
    return np.asarray(shapely.linestrings(np.stack([points[:-1][within], points[1:][within]], 1)))


def _as_nodes(lines: Geometries) -> Nodes:
    points = shapely.get_coordinates(lines)
    return np.asarray(points[:, 0] + 1j * points[:, 1])


def _directed_edges(faces: Geometries) -> tuple[Nodes, Ints, Ints, Ints]:
    """Return the sorted nodes of all rings, and the rings' edges: two nodes' positions and a face.

    The face is on the right hand, since GEOS makes polygons with clockwise shells.
    """
    rings, of = shapely.get_rings(faces, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    nodes, node = np.unique(points[:, 0] + 1j * points[:, 1], return_inverse=True)
    within = ring[1:] == ring[:-1]
    return nodes, node[:-1][within], node[1:][within], of[ring[:-1][within]]


def _undirected(nodes: Nodes, start: Ints, end: Ints, face: Ints) -> tuple[Floats, Ints]:
    """Return the unique edges (m, 4) in ascending order, and the faces on either hand (m, 2)."""
    key = np.minimum(start, end) * len(nodes) + np.maximum(start, end)
    order = np.lexsort((face, key))
    key, face = key[order], face[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    shared = np.diff(first, append=len(key)) == 2
    other = np.where(shared, face[np.minimum(first + 1, len(face) - 1)], -1)
    low, high = np.divmod(key[first], len(nodes))
    ends = [nodes[low].real, nodes[low].imag, nodes[high].real, nodes[high].imag]
    return np.column_stack(ends), np.column_stack([face[first], other])
