"""The search for near pieces of `frontmap.geo.distance_series`, compiled by numba.

Optional (`pip install frontmap[fast]`). It leaves the pieces that the search in numpy leaves, or a
few more or less that cannot win, and what is measured to them is the same. Importing it takes
about half a second, and compiling it about ten, once.

Days are sets of bits, words of 64: day 0 is the lowest bit of the first word.
"""

from __future__ import annotations

import heapq
import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from frontmap.geo.chords import Indices
from frontmap.geo.geodesy import Floats

__all__ = ["Chords", "Spheres", "contenders", "lower_by_day"]

Words = npt.NDArray[np.uint64]
Point = tuple[float, float, float]

_NONE = np.uint64(0)


class Chords(NamedTuple):
    """Pieces as chords: `Pieces.origin`, `.span`, `.start` and `.end`, and the days of each."""

    origin: Floats
    span: Floats
    start: Floats
    end: Floats
    days: Words


class Spheres(NamedTuple):
    """Spheres round runs of `size` pieces, or of spheres, and the days on which each has any."""

    centre: Floats
    radius: Floats
    days: Words
    size: int


@njit(cache=True, nogil=True, error_model="numpy")
def contenders(
    seen_from: Floats, chords: Chords, blocks: Spheres, groups: Spheres, far_m: float
) -> tuple[Indices, Indices, Floats, Words, Indices]:
    """Return the pairs (place, piece) that, by their chords, may be the nearest of some day.

    With them go the share of the piece at its foot, and the days (pairs, words) on which it may be
    nearest. Where pieces meet in the foot, one pair stands for all. Last come the places for which
    there are no pairs, since the nearest of some day is beyond `far_m`.

    Groups are opened to blocks, and blocks to pieces, by ascending distance of what is nearest in
    them. A day closes when a chord exceeds the first one that is present on it by more than the
    ellipsoid may make up for; pieces of closed days alone are out. What lies beyond the pieces that
    were first on the days of the place before is not looked at: these are present on all days.
    """
    origin, span, days = chords.origin, chords.span, chords.days
    centre, radius, block_days = blocks.centre, blocks.radius, blocks.days
    wide_centre, wide_radius, wide_days = groups.centre, groups.radius, groups.days
    # Empty lists of a type that numba sees.
    pair_place, pair_piece = [0 for _ in range(0)], [0 for _ in range(0)]
    pair_share, pair_days = [0.0 for _ in range(0)], [_NONE for _ in range(0)]
    far, first = [0 for _ in range(0)], [0 for _ in range(0)]
    heap = [(0.0, 0) for _ in range(0)]
    words, number_of_blocks = days.shape[1], len(radius)
    every = np.zeros(words, np.uint64)
    for group in range(len(wide_radius)):
        every |= wide_days[group]
    uncovered, alive = every.copy(), every.copy()
    closing, limit = np.empty((64 * words, words), np.uint64), np.empty(64 * words)
    for place in range(len(seen_from)):
        at = seen_from[place, 0], seen_from[place, 1], seen_from[place, 2]
        beyond_m = 0.0 if len(first) else math.inf
        for piece in first:
            chord_m, _ = _chord(at, origin, span, piece)
            beyond_m = max(beyond_m, chord_m + _slack_m(chord_m))
        own, closed, covered, left = len(pair_place), 0, 0, True
        uncovered[:], alive[:] = every, every
        first.clear()
        heap.clear()
        # Pieces are numbered from 0 up; blocks, and then groups, from -1 down.
        for group in range(len(wide_radius)):
            bound_m = _bound_m(at, wide_centre, wide_radius, group)
            if bound_m <= beyond_m:
                heapq.heappush(heap, (bound_m, -1 - number_of_blocks - group))
        while left and len(heap) > 0:
            near_m, number = heapq.heappop(heap)
            while closed < covered and limit[closed] < near_m:
                left = False
                for word in range(words):
                    alive[word] &= ~closing[closed, word]
                    left = left or bool(alive[word])
                closed += 1
            if number < -number_of_blocks:
                group = -1 - number_of_blocks - number
                last = min(number_of_blocks, (group + 1) * groups.size)
                for block in range(group * groups.size, last):
                    if _meets(block_days, block, alive):
                        bound_m = _bound_m(at, centre, radius, block)
                        if bound_m <= beyond_m:
                            heapq.heappush(heap, (bound_m, -1 - block))
            elif number < 0:
                block = -1 - number
                for piece in range(block * blocks.size, min(len(days), (block + 1) * blocks.size)):
                    if _meets(days, piece, alive):
                        chord_m, _ = _chord(at, origin, span, piece)
                        if chord_m <= beyond_m:
                            heapq.heappush(heap, (chord_m, piece))
            elif _meets(days, number, alive):
                _, share = _chord(at, origin, span, number)
                pair = _same_foot(chords, number, share, pair_piece, pair_share, own)
                if pair == len(pair_piece):
                    pair_place.append(place)
                    pair_piece.append(number)
                    pair_share.append(share)
                    for _ in range(words):
                        pair_days.append(_NONE)
                for word in range(words):
                    pair_days[pair * words + word] |= days[number, word] & alive[word]
                if _meets(days, number, uncovered):
                    first.append(number)
                    limit[covered] = near_m + _slack_m(near_m)
                    for word in range(words):
                        closing[covered, word] = days[number, word] & uncovered[word]
                        uncovered[word] &= ~days[number, word]
                    covered += 1
        if limit[covered - 1] > far_m:
            far.append(place)
            for _ in range(len(pair_place) - own):
                pair_place.pop(), pair_piece.pop(), pair_share.pop()
                for _ in range(words):
                    pair_days.pop()
    on = np.array(pair_days, np.uint64).reshape(len(pair_place), words)
    return np.array(pair_place), np.array(pair_piece), np.array(pair_share), on, np.array(far)


@njit(cache=True, nogil=True, error_model="numpy")
def _bound_m(at: Point, centre: Floats, radius: Floats, number: int) -> float:
    """Return how near what is in a sphere may be."""
    dx, dy, dz = at[0] - centre[number, 0], at[1] - centre[number, 1], at[2] - centre[number, 2]
    return float(math.sqrt(dx * dx + dy * dy + dz * dz) - radius[number])


@njit(cache=True, nogil=True, error_model="numpy")
def _meets(days: Words, number: int, some: Words) -> bool:
    """Say whether the days of something have any of some in common."""
    common = _NONE
    for word in range(len(some)):
        common |= days[number, word] & some[word]
    return bool(common)


@njit(cache=True, nogil=True, error_model="numpy")
def _same_foot(
    chords: Chords, piece: int, share: float, pieces: list[int], shares: list[float], own: int
) -> int:
    """Return which of the pairs from `own` on has its foot in the same vertex, or their number."""
    if share != 0 and share != 1:
        return len(pieces)
    ends = chords.start if share == 0 else chords.end
    for pair in range(own, len(pieces)):
        if shares[pair] == 0 or shares[pair] == 1:
            others, other = chords.start if shares[pair] == 0 else chords.end, pieces[pair]
            if ends[piece, 0] == others[other, 0] and ends[piece, 1] == others[other, 1]:
                return pair
    return len(pieces)


@njit(cache=True, nogil=True, error_model="numpy")
def _chord(at: Point, origin: Floats, span: Floats, piece: int) -> tuple[float, float]:
    """Return the chord to a piece and the share at its foot, as `chords.Pieces.chords` does."""
    dx, dy, dz = at[0] - origin[piece, 0], at[1] - origin[piece, 1], at[2] - origin[piece, 2]
    ux, uy, uz = span[piece, 0], span[piece, 1], span[piece, 2]
    share = (dx * ux + dy * uy + dz * uz) / max(ux * ux + uy * uy + uz * uz, 1e-12)
    share = min(1.0, max(0.0, share))
    dx, dy, dz = dx - share * ux, dy - share * uy, dz - share * uz
    return math.sqrt(dx * dx + dy * dy + dz * dz), share


@njit(cache=True, nogil=True, error_model="numpy")
def _slack_m(chord_m: float) -> float:
    """Return by how much a chord may exceed another, as `chords.chord_slack_m` does."""
    longest = 2 * 6.335e6 * math.asin(min(chord_m / (2 * 6.335e6), 1.0))
    return 2 * 6.4e6 * math.sin(min(longest / (2 * 6.4e6), math.pi / 2)) - chord_m + 0.3


@njit(cache=True, nogil=True, error_model="numpy")
def lower_by_day(found: Floats, place: Indices, metres: Floats, days: Words) -> None:
    """Lower what is found, (places, days) or NaN, to the metres of pairs on their days."""
    for pair in range(len(place)):
        row, value = found[place[pair]], metres[pair]
        for word in range(days.shape[1]):
            bits = days[pair, word]
            if bits == _NONE:
                continue
            for bit in range(min(64, len(row) - 64 * word)):
                if (bits >> np.uint64(bit)) & np.uint64(1) and not row[64 * word + bit] <= value:
                    row[64 * word + bit] = value
