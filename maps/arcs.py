"""Many partitions of one area, a state a day, in as few bytes as a browser can read.

The outlines of all states are cut into *arcs*: chains of edges that belong to the same outlines in
every state. Each arc is stored once, with its history: the toggles (state, label) at which it
joins or leaves the outline of the area with that label. The browser draws an area by chaining the
arcs that are on its outline and filling by the even-odd rule.

Why arcs, and not pieces of ground with a history each: two pieces share every edge, so rings store
each line twice. Histories cost less for pieces, of which there are fewer; but outlines are closed,
so in every state an even number of an area's arcs meet at a node, and the history of one arc there
follows from the others'. Only arcs that close a cycle store theirs, exactly as many as there are
pieces. Nothing has to be noded, matched or oriented, and rounding can open no gap: areas that
touch share the arc.

The format, before deflate: ten streams, each led by its length in bytes, of unsigned varints
(LEB128) if nothing else is said. A signed number s is stored as its zigzag 2s or -2s - 1.

1. `steps`: for each arc, its number of edges.
2. `x_low`, 3. `x_high`, 4. `y_low`, 5. `y_high`: for each edge, how far its end lies from its start
   in quanta (zigzag): the low eight bits as one byte, which are noise, apart from the rest.
6. `back`: where each arc starts. The decoder keeps a trail of nodes; 0 begins a new one at the next
   root, k + 1 drops the last k nodes and starts at the last one left. The end of an arc joins the
   trail if no arc has ended or started there before.
7. `roots`: x and y of each root less those of the root before (zigzag).
8. `toggles`: for each arc whose end was not new, its number of toggles, in order of
   9. `states`: the state of each, less that of the toggle before, and 10. `labels`.

Every other arc's toggles are those that occur an odd number of times among the other arcs at its
end: to be found in reverse order.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiLineString
from shapely.geometry.base import BaseGeometry

__all__ = [
    "MAX_ERROR_M",
    "QUANTUM_PER_DEGREE",
    "Arc",
    "encode",
    "partition_arcs",
    "tessellation_arcs",
]

#: Coordinates are whole multiples of 1e-5 degrees.
QUANTUM_PER_DEGREE = 100_000
#: No vertex is moved farther: half a quantum in both directions, on the equator.
MAX_ERROR_M = 0.8

Ints = NDArray[np.int64]
History = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Arc:
    """A chain of edges of one history.

    `points` has shape (n, 2), n >= 2: (lon, lat) in quanta. `toggles` are (state, label) in
    ascending order.
    """

    points: Ints
    toggles: History


def partition_arcs(states: Sequence[Mapping[int, BaseGeometry]]) -> list[Arc]:
    """Return the arcs of a series of partitions, each a mapping of label to area (WGS84 lon/lat).

    The areas of different states need have nothing in common; lines that they do share, vertex by
    vertex, are stored once.
    """
    edges, spells = [np.empty((0, 4), np.int64)], [np.empty((0, 2), np.int64)]
    for state, areas in enumerate(states):
        for label, area in areas.items():
            found = _ring_edges(area)
            edges.append(found)
            # On the outline in this state, and off it in the next unless that says so again.
            spells.append(np.tile([[state, label], [state + 1, label]], (len(found), 1)))
    every, toggles = np.concatenate(edges), np.concatenate(spells)
    owners = np.repeat(np.arange(len(every)), 2)
    in_time = toggles[:, 0] < len(states)
    return _arcs(every, owners[in_time], toggles[in_time])


def tessellation_arcs(
    edges: NDArray[np.float64], faces: Ints, labels: NDArray[np.integer], starts: Sequence[int]
) -> list[Arc]:
    """Return the arcs of a series of partitions made of the same faces.

    `edges`, shape (n, 4), are all the faces' edges (lon, lat, lon, lat), and `faces`, shape (n, 2),
    the faces on either hand, -1 for none. From the state `starts[i]` on, each face has the label
    `labels[i]`, -1 for none, until the next row.
    """
    face, toggles = _face_toggles(labels, np.array(starts, dtype=np.int64))
    start = np.searchsorted(face, faces).ravel()
    count = np.searchsorted(face, faces, side="right").ravel() - start
    owners = np.repeat(np.repeat(np.arange(len(edges)), 2), count)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return _arcs(_quantised(edges), owners, toggles[np.repeat(start, count) + offset])


def _face_toggles(labels: NDArray[np.integer], starts: Ints) -> tuple[Ints, Ints]:
    """Return each toggle of each face, by face: a label begins, and the label before it ends."""
    before = np.vstack([np.full((1, labels.shape[1]), -1, labels.dtype), labels[:-1]])
    row, face = np.nonzero(labels != before)
    label = np.concatenate([labels[row, face], before[row, face]])
    toggles = np.column_stack([np.tile(starts[row], 2), label])
    face = np.tile(face, 2)
    order = np.argsort(face, kind="stable")
    order = order[toggles[order, 1] >= 0]
    return face[order], toggles[order]


def _quantised(degrees: NDArray[np.float64]) -> Ints:
    return np.rint(degrees * QUANTUM_PER_DEGREE).astype(np.int64)


def _ring_edges(area: BaseGeometry) -> Ints:
    """Return the edges of an area's rings, shape (n, 4), in quanta."""
    rings = shapely.get_rings(shapely.get_parts(area))
    degrees, ring = shapely.get_coordinates(rings, return_index=True)
    points = _quantised(degrees)
    within = ring[1:] == ring[:-1]
    return np.hstack([points[:-1][within], points[1:][within]])


def _arcs(edges: Ints, owners: Ints, toggles: Ints) -> list[Arc]:
    """Chain edges, shape (n, 4), of which `owners[i]` has the (state, label) `toggles[i]`."""
    nodes, node = np.unique(edges.reshape(-1, 2), axis=0, return_inverse=True)
    pair = np.sort(node.reshape(-1, 2), axis=1)
    key, edge = np.unique(pair[:, 0] * len(nodes) + pair[:, 1], return_inverse=True)
    ends = nodes[np.column_stack([key // len(nodes), key % len(nodes)])]
    useful = pair[owners, 0] != pair[owners, 1]
    alike = _by_history(edge[owners[useful]], *toggles[useful].T)
    return [
        Arc(points, history)
        for history, members in alike.items()
        for points in _chains(ends[members])
    ]


def _by_history(edge: Ints, state: Ints, label: Ints) -> dict[History, list[int]]:
    """Gather the edges of equal history, given one toggle each.

    What is toggled twice is not toggled; so edges that rounding has laid upon each other cancel,
    as they should.
    """
    states, labels = int(state.max(initial=0)) + 1, int(label.max(initial=0)) + 1
    codes, times = np.unique((edge * states + state) * labels + label, return_counts=True)
    codes = codes[times % 2 == 1]
    rows = np.column_stack([codes // labels // states, codes // labels % states, codes % labels])
    alike = defaultdict(list)
    for own in np.split(rows, np.flatnonzero(np.diff(rows[:, 0], prepend=-1)))[1:]:
        history = tuple((state, label) for _, state, label in own.tolist())
        alike[history].append(int(own[0, 0]))
    return alike


def _chains(ends: Ints) -> list[Ints]:
    """Join edges, shape (n, 2, 2), end to end into as few chains as possible."""
    merged = shapely.line_merge(MultiLineString(list(ends.astype(float))))
    return [shapely.get_coordinates(line).astype(np.int64) for line in shapely.get_parts(merged)]


def encode(arcs: Sequence[Arc]) -> bytes:
    """Return the arcs in the format that the module's own text describes, deflated (zlib)."""
    walk, backs, roots = _walk(arcs)
    x, y = _zigzag(_steps([arc.points for arc, _ in walk])).T
    stored = [arc.toggles for arc, closes in walk if closes]
    waits = (
        later - earlier
        for toggles in stored
        for earlier, later in pairwise([0, *(state for state, _ in toggles)])
    )
    streams = (
        _varints(len(arc.points) - 1 for arc, _ in walk),
        (x & 255).astype(np.uint8).tobytes(),
        _varints(x >> 8),
        (y & 255).astype(np.uint8).tobytes(),
        _varints(y >> 8),
        _varints(backs),
        _varints(_zigzag(_steps([np.array([(0, 0), *roots])])).ravel()),
        _varints(map(len, stored)),
        _varints(waits),
        _varints(label for toggles in stored for _, label in toggles),
    )
    return _deflated(streams)


def _steps(chains: Sequence[Ints]) -> Ints:
    """Return the way from each point to the next, within each chain."""
    return np.concatenate([np.empty((0, 2), np.int64), *(np.diff(c, axis=0) for c in chains)])


def _walk(arcs: Sequence[Arc]) -> tuple[list[tuple[Arc, bool]], list[int], list[tuple[int, int]]]:
    """Go over all arcs from node to node, depth first.

    Returns each arc, turned as it was walked, with whether it closes a cycle; its number in
    the stream `back`; and the roots.
    """
    leaving: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, arc in enumerate(arcs):
        for end in dict.fromkeys(map(_node, arc.points[[0, -1]])):
            leaving[end].append(index)
    done, visited = set[int](), set[tuple[int, int]]()
    walk, backs, roots = [], [], []
    for root in sorted(leaving):
        trail, back = [] if root in visited else [root], 0
        roots += trail
        visited.add(root)
        while trail:
            if not leaving[trail[-1]]:
                trail.pop()
                back += 1
                continue
            index = leaving[trail[-1]].pop()
            if index in done:
                continue
            done.add(index)
            arc = _from(arcs[index], trail[-1])
            end = _node(arc.points[-1])
            walk.append((arc, end in visited))
            backs.append(back)
            back = 1
            if end not in visited:
                visited.add(end)
                trail.append(end)
    return walk, backs, roots


def _node(point: Ints) -> tuple[int, int]:
    return int(point[0]), int(point[1])


def _from(arc: Arc, start: tuple[int, int]) -> Arc:
    return arc if _node(arc.points[0]) == start else Arc(arc.points[::-1], arc.toggles)


def _zigzag(signed: Ints) -> Ints:
    return (signed << 1) ^ (signed >> 63)


def _varints(numbers: Iterable[int] | Ints) -> bytes:
    out = bytearray()
    for number in numbers:
        rest = int(number)
        while rest > 127:
            out.append(rest & 127 | 128)
            rest >>= 7
        out.append(rest)
    return bytes(out)


def _deflated(streams: Iterable[bytes]) -> bytes:
    """Deflate each stream with a code of its own: a flush ends the block, and thus the code."""
    press = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_FILTERED)
    out = bytearray()
    for stream in streams:
        out += press.compress(_varints([len(stream)]) + stream)
        out += press.flush(zlib.Z_FULL_FLUSH)
    return bytes(out + press.flush())
