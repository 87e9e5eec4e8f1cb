"""The search for near pieces of `frontmap.geo.distance_series`, compiled by numba.

Optional (`pip install frontmap[fast]`). It leaves the pieces that the search in numpy leaves, or a
few more or less that cannot win, and what is measured to them is the same. Importing it takes
about half a second, and compiling it about ten, once.
"""

from __future__ import annotations

import heapq
import math

import numpy as np
import numpy.typing as npt
from numba import njit

from frontmap.geo.chords import Indices
from frontmap.geo.geodesy import Floats

__all__ = ["contenders"]

Words = npt.NDArray[np.uint64]


@njit(cache=True, nogil=True)
def contenders(
    seen_from: Floats,
    origin: Floats,
    span: Floats,
    edge: Indices,
    presence: Words,
    size: int,
    centre: Floats,
    radius: Floats,
    group_centre: Floats,
    group_radius: Floats,
) -> tuple[Indices, Indices]:
    """Return the pairs (place, piece) that, by their chords, may be the nearest of some day.

    Pieces come in blocks of `size`, and blocks in groups of `size`, each in a sphere; `presence`
    (edges, words) has a bit a day. Groups are opened to blocks, and blocks to pieces, by ascending
    distance of what is nearest in them. A day closes when a chord exceeds the first one that is
    present on it by more than the ellipsoid may make up for; pieces of closed days alone are out.
    """
    # Empty lists of a type that numba sees.
    places, pieces = [0 for _ in range(0)], [0 for _ in range(0)]
    heap = [(0.0, 0) for _ in range(0)]
    words = presence.shape[1]
    some = np.zeros(words, np.uint64)
    for number in range(len(presence)):
        for word in range(words):
            some[word] |= presence[number, word]
    uncovered, alive = some.copy(), some.copy()
    closing, limit = np.empty((64 * words, words), np.uint64), np.empty(64 * words)
    for place in range(len(seen_from)):
        x, y, z = seen_from[place, 0], seen_from[place, 1], seen_from[place, 2]
        uncovered[:], alive[:] = some, some
        closed, covered, left = 0, 0, bool(some.any())
        heap.clear()
        # Pieces are numbered from 0 up; blocks, and then groups, from -1 down.
        for group in range(len(group_centre)):
            bound = _bound_m(x, y, z, group_centre, group_radius, group)
            heapq.heappush(heap, (bound, -1 - len(centre) - group))
        while left and len(heap) > 0:
            near_m, number = heapq.heappop(heap)
            while closed < covered and limit[closed] < near_m:
                left = False
                for word in range(words):
                    alive[word] &= ~closing[closed, word]
                    left = left or bool(alive[word])
                closed += 1
            if number < -len(centre):
                group = -1 - len(centre) - number
                for block in range(group * size, min(len(centre), (group + 1) * size)):
                    bound = _bound_m(x, y, z, centre, radius, block)
                    heapq.heappush(heap, (bound, -1 - block))
            elif number < 0:
                block = -1 - number
                for piece in range(block * size, min(len(edge), (block + 1) * size)):
                    if _meets(presence, edge[piece], alive):
                        chord_m = _chord_m(x, y, z, origin, span, piece)
                        heapq.heappush(heap, (chord_m, piece))
            elif _meets(presence, edge[number], alive):
                places.append(place)
                pieces.append(number)
                if _meets(presence, edge[number], uncovered):
                    limit[covered] = near_m + _slack_m(near_m)
                    for word in range(words):
                        present = presence[edge[number], word]
                        closing[covered, word] = present & uncovered[word]
                        uncovered[word] &= ~present
                    covered += 1
    return np.array(places, np.intp), np.array(pieces, np.intp)


@njit(cache=True, nogil=True)
def _bound_m(x: float, y: float, z: float, centre: Floats, radius: Floats, number: int) -> float:
    """Return how near what is in a sphere may be."""
    dx, dy, dz = x - centre[number, 0], y - centre[number, 1], z - centre[number, 2]
    return float(math.sqrt(dx * dx + dy * dy + dz * dz) - radius[number])


@njit(cache=True, nogil=True)
def _meets(presence: Words, edge: int, days: Words) -> bool:
    """Say whether an edge is present on any of some days."""
    common = np.uint64(0)
    for word in range(len(days)):
        common |= presence[edge, word] & days[word]
    return bool(common)


@njit(cache=True, nogil=True)
def _chord_m(x: float, y: float, z: float, origin: Floats, span: Floats, piece: int) -> float:
    """Return the chord to the nearest point of a piece, as `chords.Pieces.chords` does."""
    dx, dy, dz = x - origin[piece, 0], y - origin[piece, 1], z - origin[piece, 2]
    ux, uy, uz = span[piece, 0], span[piece, 1], span[piece, 2]
    share = (dx * ux + dy * uy + dz * uz) / max(ux * ux + uy * uy + uz * uz, 1e-12)
    share = min(1.0, max(0.0, share))
    dx, dy, dz = dx - share * ux, dy - share * uy, dz - share * uz
    return math.sqrt(dx * dx + dy * dy + dz * dz)


@njit(cache=True, nogil=True)
def _slack_m(chord_m: float) -> float:
    """Return by how much a chord may exceed another, as `chords.chord_slack_m` does."""
    longest = 2 * 6.335e6 * math.asin(min(chord_m / (2 * 6.335e6), 1.0))
    return 2 * 6.4e6 * math.sin(min(longest / (2 * 6.4e6), math.pi / 2)) - chord_m + 0.3
