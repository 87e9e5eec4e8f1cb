"""Geodesic distance to a boundary that changes day by day, for all its days at once.

Edges are straight in longitude and latitude, and distances those of `frontmap.geo.distance` day by
day: within 0.1 m of the exact minimum.

Method: from day to day a boundary keeps nearly all its edges, so each is kept once, with the runs
of days on which it is present (`frontmap.geo.presence`), and cut into pieces. For places that lie
together, bounding spheres leave the pieces near enough on some day; the chords to those are had at
once. A piece stays in while, on some day of its own, no other is surely nearer: first by its
chord, then by the arc over it, last by what PROJ measures to the few pieces that are left.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Self

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from frontmap.geo.chords import (
    FAR_M,
    Indices,
    Pieces,
    arc_error_m,
    chord_slack_m,
    dot,
    earth_centred,
    lonlat,
    spread,
)
from frontmap.geo.distance import Nearest
from frontmap.geo.geodesy import Floats, azimuth_deg, chains, distance_m
from frontmap.geo.presence import Presence, Spans

__all__ = ["BoundarySeries"]

Booleans = npt.NDArray[np.bool_]

_CURVE_BITS = 16
_PIECES_A_BLOCK = 16
_PLACES_AT_ONCE = 32
_DISTANCES_AT_ONCE = 100_000
# Fewer are measured before numba is imported.
_PLACES_TO_COMPILE = 4000
_MULTIPLIERS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
# To this range the foot on the chord gives the distance within a centimetre, if not the point.
_FAR_FOR_METRES_M = 1_000_000.0


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Places and pieces, by index, that may be nearest to each other on some day."""

    place: Indices
    piece: Indices

    def __getitem__(self, chosen: npt.NDArray[np.generic]) -> _Pairs:
        return _Pairs(self.place[chosen], self.piece[chosen])


@dataclass(frozen=True, slots=True)
class _Winners:
    """Where the nearest pieces are nearest (k), and which of them wins on each day, or -1.

    `winner` is (days, places).
    """

    points: Floats
    metres: Floats
    winner: Indices


class BoundarySeries:
    """A boundary on each of `days` days, prepared for the distances from many places.

    A day may have none: there the distance is NaN, and nothing is inside.
    """

    def __init__(self, start: Floats, end: Floats, edge: Indices, day: Indices, days: int) -> None:
        """Prepare m edges, from `start` (m, 2) to `end` (m, 2) in degrees.

        Each pair of `edge` and `day` (k) says that an edge is present on a day, of 0 to `days` - 1.
        No edge may be given twice, in either direction, and none be without a day.
        """
        order = _along_curve((start + end) / 2)
        position = np.empty(len(order), dtype=np.intp)
        position[order] = np.arange(len(order))
        self.days = days
        self._start, self._end = start[order], end[order]
        self._presence = Presence.of_days(edge, day, len(order), days).renumbered(position)
        self._spans = Spans(self._presence.first, self._presence.stop, days)
        self._pieces = Pieces(self._start, self._end)
        self._bound_blocks()
        self._sort_spans()

    @classmethod
    def of(cls, geometries: Sequence[BaseGeometry]) -> Self:
        """Prepare the lines, or the edges of the valid polygons, of each day."""
        points, begin, day = chains(np.fromiter(geometries, dtype=object, count=len(geometries)))
        edge, first = _numbered(points, begin)
        at = begin[first]
        return cls(points[at], points[at + 1], edge, day, len(geometries))

    def distances_m(
        self, lons: npt.ArrayLike, lats: npt.ArrayLike, *, compiled: bool | None = None
    ) -> Floats:
        """Return the metres from n places, inside or out, to the boundary: (n, days).

        `compiled` says whether numba does the search (`frontmap[fast]`); unless given, it does
        where it is installed and there are thousands of places.
        """
        places = lonlat(lons, lats)
        found = np.full((len(places), self.days), np.nan)
        if compiled is None:
            compiled = len(places) >= _PLACES_TO_COMPILE and find_spec("numba") is not None
        measure = self._compiled() if compiled and len(self._pieces) else self._measured

        def fill(chosen: Indices) -> None:
            found[chosen] = measure(places[chosen])

        size, cores = _PLACES_AT_ONCE, 1
        if compiled:
            size = max(_PLACES_AT_ONCE, _DISTANCES_AT_ONCE // max(self.days, 1))
            cores = os.cpu_count() or 1
        with ThreadPoolExecutor(cores) as threads:
            size = max(1, min(size, -(-len(places) // cores)))
            order = _along_curve(places)
            tiles = [order[begin : begin + size] for begin in range(0, len(order), size)]
            list(threads.map(fill, tiles))
        return found

    def nearest(self, place_lon: float, place_lat: float, *, areal: bool) -> list[Nearest | None]:
        """Return the point nearest to one place on each day, None where there is no boundary.

        `areal` says that the edges bound areas: a place inside is at no distance.
        """
        place = lonlat([place_lon], [place_lat])
        won = self._winners(place, FAR_M)
        azimuths = azimuth_deg(*np.broadcast_to(place, won.points.shape).T, *won.points.T)
        rows: list[Nearest | None] = [
            Nearest(metres, lon, lat, azimuth if metres > 0 else None, False)
            for metres, (lon, lat), azimuth in zip(
                won.metres.tolist(), won.points.tolist(), azimuths.tolist(), strict=True
            )
        ]
        rows.append(None)
        found = [rows[index] for index in won.winner[:, 0].tolist()]
        if areal:
            held = Nearest(0.0, float(place[0, 0]), float(place[0, 1]), None, True)
            inside = self.inside([place_lon], [place_lat])[0].tolist()
            found = [held if within else row for within, row in zip(inside, found, strict=True)]
        return found

    def inside(self, lons: npt.ArrayLike, lats: npt.ArrayLike) -> Booleans:
        """Tell of n places on which days they lie in the area or on its edge: (n, days).

        A ray to the east of a place inside crosses the boundary an odd number of times, so the
        edges that it crosses turn the answer where they come and where they go. No two areas of a
        day may share an edge.
        """
        places = lonlat(lons, lats)
        place, edge, crossed, touched = self._eastward(places)
        turns = np.zeros((len(places), self.days + 1), dtype=bool)
        run, pair = self._presence.runs_of(edge[crossed])
        for day in (self._presence.first, self._presence.stop):
            np.logical_xor.at(turns, (place[crossed][pair], day[run]), True)
        run, pair = self._presence.runs_of(edge[touched])
        on_edge = self._presence.on(place[touched][pair], run, len(places))
        return np.logical_xor.accumulate(turns, axis=1)[:, :-1] | on_edge

    # --- edges and blocks -------------------------------------------------------------------------

    def _bound_blocks(self) -> None:
        """Put spheres round blocks of pieces, and note on which days each block has any."""
        self._first = np.arange(0, len(self._pieces), _PIECES_A_BLOCK)
        self._centre, self._radius = self._pieces.spheres(self._first)
        run, piece = self._presence.runs_of(self._pieces.edge)
        self._covers = self._presence.on(piece // _PIECES_A_BLOCK, run, len(self._first))

    def _sort_spans(self) -> None:
        """Sort the spans of days over which each piece is present, those of all pieces together."""
        run, piece = self._presence.runs_of(self._pieces.edge)
        begins = (self._spans.left, self._spans.right)
        span = np.concatenate([self._spans.level[run] * self.days + day[run] for day in begins])
        order = np.argsort(span, kind="stable")
        self._span, self._span_piece = span[order], np.tile(piece, 2)[order]

    def _eastward(self, places: Floats) -> tuple[Indices, Indices, Booleans, Booleans]:
        """Pair places with the edges beside them; tell which lie to the east, and which under."""
        upward = self._start[:, 1] <= self._end[:, 1]
        low = np.where(upward[:, None], self._start, self._end)
        high = np.where(upward[:, None], self._end, self._start)
        by_lat = np.argsort(places[:, 1])
        lats = places[by_lat, 1]
        begin = np.searchsorted(lats, low[:, 1])
        edge, within = spread(np.searchsorted(lats, high[:, 1], side="right") - begin)
        place = by_lat[begin[edge] + within]
        (x, y), (x0, y0), (x1, y1) = places[place].T, low[edge].T, high[edge].T
        area = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
        crossed = (area > 0) & (y < y1)
        touched = (area == 0) & (x >= np.minimum(x0, x1)) & (x <= np.maximum(x0, x1))
        return place, edge, crossed, touched

    # --- the nearest pieces -----------------------------------------------------------------------

    def _measured(self, places: Floats) -> Floats:
        """Return the metres from places (n, 2) that lie together: (n, days)."""
        won = self._winners(places, _FAR_FOR_METRES_M)
        # The last, which -1 stands for, is that of a day without a boundary.
        return np.asarray(np.append(won.metres, np.nan)[won.winner].T)

    def _winners(self, places: Floats, far_m: float) -> _Winners:
        """Find the nearest pieces of all days to places (n, 2) that lie together.

        Beyond `far_m` the point on the piece is that nearest on the ellipsoid.
        """
        if not len(self._pieces):
            nobody = np.full((self.days, len(places)), -1)
            return _Winners(np.empty((0, 2)), np.empty(0), nobody)
        seen_from = earth_centred(places)
        pairs = self._by_chord(seen_from)
        arc_m, share = self._pieces.arcs(seen_from[pairs.place], pairs.piece)
        kept = self._contending(pairs, arc_m, arc_m + arc_error_m(arc_m), len(places))
        pairs, share, arc_m = pairs[kept], share[kept], arc_m[kept]
        far = np.flatnonzero(arc_m > far_m)
        if len(far):
            at_least, at_most = np.zeros(len(arc_m)), np.full(len(arc_m), np.inf)
            at_least[far], at_most[far] = self._pieces.between_m(
                places[pairs.place[far]], pairs.piece[far]
            )
            far = far[self._contending(pairs, at_least, at_most, len(places))[far]]
            share[far] = self._pieces.refined(places[pairs.place[far]], pairs.piece[far])
        points = self._pieces.along(pairs.piece, share)
        metres = np.asarray(distance_m(*places[pairs.place].T, *points.T))
        return _Winners(points, metres, self._ranked(pairs, metres, len(places)))

    def _ranked(self, pairs: _Pairs, metres: Floats, places: int) -> Indices:
        """Return the pair with the least metres for each day and place, -1 for none."""
        order = np.argsort(metres, kind="stable")
        rank = np.empty(len(order))
        rank[order] = np.arange(len(order))
        run, pair = self._presence.runs_of(self._pieces.edge[pairs.piece])
        best = self._spans.least(rank[pair], pairs.place[pair], run, places)
        best[np.isinf(best)] = -1
        return np.append(order, -1)[best.astype(np.intp)]

    def _contending(
        self, pairs: _Pairs, at_least: Floats, at_most: Floats, places: int
    ) -> Booleans:
        """Tell which pairs, between two bounds, may be the nearest of some day."""
        run, pair = self._presence.runs_of(self._pieces.edge[pairs.piece])
        place = pairs.place[pair]
        best = self._spans.least(at_most[pair], place, run, places)
        hopeful = at_least[pair] <= self._spans.greatest(best, place, run)
        return np.bincount(pair[hopeful], minlength=len(at_least)) > 0

    def _compiled(self) -> Callable[[Floats], Floats]:
        """Return what numba has compiled to take the place of `_measured`."""
        from frontmap.geo import compiled

        pieces, size = self._pieces, _PIECES_A_BLOCK
        days = self._presence.bits()[pieces.edge]
        chords = compiled.Chords(pieces.origin, pieces.span, pieces.start, pieces.end, days)
        of_blocks = np.bitwise_or.reduceat(days, self._first)
        blocks = compiled.Spheres(self._centre, self._radius, of_blocks, size)
        first = np.arange(0, len(self._first), size)
        around = _around(self._centre, self._radius, first)
        groups = compiled.Spheres(*around, np.bitwise_or.reduceat(of_blocks, first), size)

        def measured(places: Floats) -> Floats:
            seen_from = earth_centred(places)
            place, piece, share, on, far = compiled.contenders(
                seen_from, chords, blocks, groups, _FAR_FOR_METRES_M
            )
            points = pieces.along(piece, share)
            metres = np.asarray(distance_m(*places[place].T, *points.T))
            found = np.full((len(places), self.days), np.nan)
            compiled.lower_by_day(found, place, metres, on)
            for begin in range(0, len(far), _PLACES_AT_ONCE):
                few = far[begin : begin + _PLACES_AT_ONCE]
                found[few] = self._measured(places[few])
            return found

        return measured

    def _by_chord(self, seen_from: Floats) -> _Pairs:
        """Return the pairs whose chords may be the shortest of some day."""
        piece = self._near(seen_from)
        squared, error_m = self._squared_chords(seen_from, piece)
        least_m = np.sqrt(self._least_by_day(squared, piece))
        allowed_m = least_m + 2 * error_m + chord_slack_m(np.where(least_m < np.inf, least_m, 0))
        allowed_m[np.isinf(allowed_m)] = -np.inf
        row, place = np.nonzero(squared <= allowed_m.max(axis=0, initial=0.0) ** 2)
        pairs, chord_m = _Pairs(place, piece[row]), np.sqrt(squared[row, place])
        run, pair = self._presence.runs_of(self._pieces.edge[pairs.piece])
        hopeful = chord_m[pair] <= self._spans.greatest(allowed_m, place[pair], run)
        return pairs[np.bincount(pair[hopeful], minlength=len(place)) > 0]

    def _near(self, seen_from: Floats) -> Indices:
        """Return the pieces in blocks that may be nearest to some of the places on some day."""
        middle = seen_from.mean(axis=0)
        reach = self._radius + np.linalg.norm(seen_from - middle, axis=1).max()
        to_centre = np.linalg.norm(self._centre - middle, axis=1)
        # Of each day the block that is surely nearest: the first to cover it, in their order.
        order = np.argsort(to_centre + reach)
        surely_m = (to_centre + reach)[order][np.argmax(self._covers[order], axis=0)]
        limit_m = surely_m + chord_slack_m(surely_m)
        near = (self._covers & ((to_centre - reach)[:, None] <= limit_m)).any(axis=1)
        block = np.flatnonzero(near)
        piece = (self._first[block][:, None] + np.arange(_PIECES_A_BLOCK)).ravel()
        return piece[piece < len(self._pieces)]

    def _squared_chords(self, seen_from: Floats, piece: Indices) -> tuple[Floats, float]:
        """Return the squares of the chords from each place to each piece, (pieces, places).

        By products of matrices, in coordinates about the places' middle to lose few digits. Their
        rounding may add or take some metres, which are bounded by the second value.
        """
        middle = seen_from.mean(axis=0)
        place, origin = seen_from - middle, self._pieces.origin[piece] - middle
        span = self._pieces.span[piece]
        length2 = np.maximum(dot(span, span), 1e-12)[:, None]
        along = span @ place.T
        along -= dot(origin, span)[:, None]
        share = np.clip(along / length2, 0, 1)
        squared = origin @ place.T
        squared *= -2
        squared += dot(origin, origin)[:, None]
        squared += dot(place, place)
        squared += share * (share * length2 - 2 * along)
        reach_m = max(np.linalg.norm(each, axis=1).max(initial=1) for each in (origin, place))
        error_m = 4 * math.sqrt(np.finfo(np.float64).eps) * float(reach_m)
        return np.maximum(squared, 0, out=squared), error_m

    def _least_by_day(self, values: Floats, piece: Indices) -> Floats:
        """Return the least of values (pieces, places) by day: (days, places), inf where none is."""
        row = np.full(len(self._pieces), -1)
        row[piece] = np.arange(len(piece))
        rows = row[self._span_piece]
        chosen = np.flatnonzero(rows >= 0)
        span = self._span[chosen]
        begins = np.flatnonzero(np.diff(span, prepend=-1))
        noted = np.full((self._spans.levels * self.days, values.shape[1]), np.inf)
        noted[span[begins]] = np.minimum.reduceat(values[rows[chosen]], begins, axis=0)
        return self._spans.handed_down(noted.reshape(self._spans.levels, self.days, -1))


def _numbered(points: Floats, begin: Indices) -> tuple[Indices, Indices]:
    """Give equal edges, in either direction, one number, from 0 up; also return one edge of each.

    Edges lead from the points at `begin` (n) to those that follow. Two hashes of 64 bits tell them
    apart: that both agree by chance is as unlikely as a repeated UUID. Of the edges that meet in a
    slot of a table one stays, and those that are not the same try another slot.
    """
    one, other = (
        (mixed[:-1] + mixed[1:])[begin] for mixed in (_mixed(points, m) for m in _MULTIPLIERS)
    )
    bits = max(1, len(begin).bit_length())
    table, same = np.empty(1 << bits, dtype=np.intp), np.empty(len(begin), dtype=np.intp)
    left, key = np.arange(len(begin)), one
    while len(left):
        slot = (key >> np.uint64(64 - bits)).astype(np.intp)
        table[slot] = left
        found = table[slot]
        same[left] = found
        differs = (one[found] != one[left]) | (other[found] != other[left])
        left, key = left[differs], key[differs] * np.uint64(_MULTIPLIERS[0])
    stays = same == np.arange(len(same))
    number = np.cumsum(stays) - 1
    return number[same], np.flatnonzero(stays)


def _mixed(points: Floats, multiplier: int) -> npt.NDArray[np.uint64]:
    """Hash the bits of points (k, 2), after the finaliser of SplitMix64 (Steele 2014)."""
    words = np.ascontiguousarray(points + 0.0).view(np.uint64)
    mixed = words[:, 0] * np.uint64(multiplier) + words[:, 1]
    for shift in (30, 27, 31):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(multiplier)
    return mixed ^ (mixed >> np.uint64(32))


def _around(centre: Floats, radius: Floats, first: Indices) -> tuple[Floats, Floats]:
    """Return spheres round the runs of spheres that begin at `first`."""
    count = np.diff(first, append=len(centre))
    middle = np.add.reduceat(centre, first) / count[:, None]
    reach = np.linalg.norm(centre - np.repeat(middle, count, axis=0), axis=1) + radius
    return middle, np.maximum.reduceat(reach, first)


def _along_curve(points: Floats) -> Indices:
    """Order points (n, 2) along Hilbert's curve, so that neighbours in it lie together."""
    if not len(points):
        return np.empty(0, dtype=np.intp)
    west_south = points.min(axis=0)
    scale = (2**_CURVE_BITS - 1) / max(np.ptp(points, axis=0).max(), 1e-9)
    x, y = ((points - west_south) * scale).astype(np.int64).T
    code = np.zeros(len(points), dtype=np.int64)
    for bit in range(_CURVE_BITS - 1, -1, -1):
        half = 1 << bit
        east, north = (x & half) > 0, (y & half) > 0
        code = 4 * code + ((3 * east) ^ north)
        x, y = x & (half - 1), y & (half - 1)
        # A quarter of the curve is the whole, turned: the south-east one is mirrored as well.
        mirrored = east & ~north
        x, y = np.where(mirrored, half - 1 - x, x), np.where(mirrored, half - 1 - y, y)
        x, y = np.where(north, x, y), np.where(north, y, x)
    return np.argsort(code, kind="stable")
