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

The format, before deflate: eleven streams, each led by its length in bytes, of unsigned varints
(LEB128) if nothing else is said. A signed number s is stored as its zigzag 2s or -2s - 1.

The decoder keeps a trail of nodes, and each arc begins at the last of them. While the trail is
empty, a new one begins at the next root. An arc ends at a new node, which joins the trail, or
closes a cycle at a node that is still on it.

1. `steps`: for each arc, its number of edges.
2. `x_low`, 3. `x_high`, 4. `y_low`, 5. `y_high`: for each edge, how far its end lies from its start
   in quanta (zigzag): the low eight bits as one byte, which are noise, apart from the rest. The
   last edge of an arc that closes a cycle is left out: both its ends are known.
6. `ends`: for each arc, 0 if it ends at a new node, else k if at the k-th last node of the trail.
7. `backs`: for each arc that closes a cycle, how many nodes the trail then loses; not for the last.
8. `roots`: x and y of each root less those of the root before (zigzag).
9. `spells`: for each arc that closes a cycle, in how many states it is toggled, in order of
   10. `waits`: each such state, less the one before, and
   11. `labels`: twice each label that is toggled in it, plus 1 if another follows.

Every other arc's toggles are those that occur an odd number of times among the other arcs at its
end: to be found in reverse order.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter

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
#: A vertex this near the straight line between others says nothing: 5 mm, as noding has moved it.
_STRAIGHT_DEG = 5e-8

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
    edges, spells = [np.empty((0, 4))], [np.empty((0, 2), np.int64)]
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
    return _arcs(edges, owners, toggles[np.repeat(start, count) + offset])


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


def _ring_edges(area: BaseGeometry) -> NDArray[np.float64]:
    """Return the edges of an area's rings, shape (n, 4), in degrees."""
    rings = shapely.get_rings(shapely.get_parts(area))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    return np.hstack([points[:-1][within], points[1:][within]])


def _arcs(edges: NDArray[np.float64], owners: Ints, toggles: Ints) -> list[Arc]:
    """Chain edges, shape (n, 4), of which `owners[i]` has the (state, label) `toggles[i]`."""
    places = edges.reshape(-1, 2)
    nodes, first, node = np.unique(
        _quantised(places), axis=0, return_index=True, return_inverse=True
    )
    pair = np.sort(node.reshape(-1, 2), axis=1)
    key, edge = np.unique(pair[:, 0] * len(nodes) + pair[:, 1], return_inverse=True)
    ends = np.column_stack([key // len(nodes), key % len(nodes)])
    useful = pair[owners, 0] != pair[owners, 1]
    alike = _by_history(edge[owners[useful]], *toggles[useful].T)
    # As they were before rounding, each with its number for a height.
    raised = np.column_stack([places[first], np.arange(len(nodes))])
    chains = [
        (chain, history)
        for history, members in alike.items()
        for chain in _chains(raised[ends[members]])
    ]
    stops = {height for chain, _ in chains for height in chain[[0, -1], 2].tolist()}
    straight = [(_straightened(chain, stops), history) for chain, history in chains]
    # What runs back the way that it came encloses nothing.
    return [
        Arc(nodes[chain], history)
        for chain, history in straight
        if len(chain) > 3 or chain[0] != chain[-1]
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


def _chains(ends: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Join edges, shape (n, 2, 3), end to end into as few chains as possible."""
    merged = shapely.line_merge(MultiLineString(list(ends)))
    return [shapely.get_coordinates(line, include_z=True) for line in shapely.get_parts(merged)]


def _straightened(chain: NDArray[np.float64], stops: Collection[float]) -> Ints:
    """Return the heights along a chain, without vertices that a straight line passes through.

    Maps are noded where lines of other days meet them, which leaves many. At the heights in
    `stops`, other chains end: they stay, lest a gap open there.
    """
    cuts = [i for i, height in enumerate(chain[:, 2].tolist()) if height in stops]
    pieces = [shapely.LineString(chain[i : j + 1]) for i, j in pairwise(cuts)]
    kept = shapely.simplify(pieces, _STRAIGHT_DEG, preserve_topology=False)
    heights: Ints = shapely.get_coordinates(kept, include_z=True)[:, 2].astype(np.int64)
    new: NDArray[np.bool_] = np.append(True, heights[1:] != heights[:-1])
    return heights[new]


def encode(arcs: Sequence[Arc]) -> bytes:
    """Return the arcs in the format that the module's own text describes, deflated (zlib).

    What is on the outline of a label in a state must be closed, as it is for whole outlines.
    """
    walk = _walk(arcs)
    told = [c[:-1] if end else c for c, end in zip(walk.chains, walk.ends, strict=True)]
    x, y = _zigzag(_steps(told)).T
    spells = [_spells(toggles) for toggles in walk.closing]
    waits = (
        later - earlier
        for own in spells
        for earlier, later in pairwise([0, *(state for state, _ in own)])
    )
    streams = (
        _varints(len(chain) - 1 for chain in walk.chains),
        (x & 255).astype(np.uint8).tobytes(),
        _varints(x >> 8),
        (y & 255).astype(np.uint8).tobytes(),
        _varints(y >> 8),
        _varints(walk.ends),
        _varints(walk.backs),
        _varints(_zigzag(_steps([np.array([(0, 0), *walk.roots])])).ravel()),
        _varints(map(len, spells)),
        _varints(waits),
        _varints(
            2 * label + (label != labels[-1])
            for own in spells
            for _, labels in own
            for label in labels
        ),
    )
    return _deflated(streams)


def _spells(toggles: History) -> list[tuple[int, list[int]]]:
    """Gather the labels of each state."""
    return [
        (state, [label for _, label in of_state])
        for state, of_state in groupby(toggles, key=itemgetter(0))
    ]


def _steps(chains: Sequence[Ints]) -> Ints:
    """Return the way from each point to the next, within each chain."""
    return np.concatenate([np.empty((0, 2), np.int64), *(np.diff(c, axis=0) for c in chains)])


@dataclass(frozen=True, slots=True)
class _Walk:
    """All arcs in the order in which a walk from node to node comes to them.

    `chains` are their points, in the direction of the walk, and `closing` the histories of those
    that end at a node seen before. The others are streams of the format.
    """

    chains: list[Ints] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    backs: list[int] = field(default_factory=list)
    roots: list[tuple[int, int]] = field(default_factory=list)
    closing: list[History] = field(default_factory=list)


def _walk(arcs: Sequence[Arc]) -> _Walk:
    """Go over all arcs depth first, so that one that ends at a node seen before does on the trail.

    Outlines are closed: from a new node another arc leads on, and one goes back only after closing.
    """
    leaving: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, arc in enumerate(arcs):
        for end in dict.fromkeys(map(_node, arc.points[[0, -1]])):
            leaving[end].append(index)
    walk, done, depth = _Walk(), set[int](), dict[tuple[int, int], int]()
    dropped = 0
    for root in sorted(leaving):
        if root in depth:
            continue
        walk.roots.append(root)
        trail, depth[root] = [root], 0
        while trail:
            if not leaving[trail[-1]]:
                trail.pop()
                dropped += 1
                continue
            index = leaving[trail[-1]].pop()
            if index in done:
                continue
            done.add(index)
            if walk.ends and walk.ends[-1]:
                walk.backs.append(dropped)
            dropped = 0
            chain = _from(arcs[index].points, trail[-1])
            end = _node(chain[-1])
            walk.chains.append(chain)
            if end in depth:
                walk.ends.append(len(trail) - depth[end])
                walk.closing.append(arcs[index].toggles)
            else:
                walk.ends.append(0)
                depth[end] = len(trail)
                trail.append(end)
    return walk


def _node(point: Ints) -> tuple[int, int]:
    return int(point[0]), int(point[1])


def _from(chain: Ints, start: tuple[int, int]) -> Ints:
    return chain if _node(chain[0]) == start else chain[::-1]


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
