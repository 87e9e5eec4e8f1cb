"""What of polygons painted one over another can still be seen: the way to map many overlaps.

Where thousands of shapes overlap at random, the outlines of all cross far oftener than those that
are seen on any one date. So history is told in *chapters*: each has the polygons that can show on
any of its days, less what later ones have hidden for good before it begins. A chapter takes on as
many new polygons as old ones can still be seen, so that neither outweighs the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from frontmap.geo.subdivision import GRID_DEG, Geometries, Ints, unique_edges

__all__ = ["ENDLESS", "Chapter", "Painting", "crossings"]

#: The ordinal of a day that never comes.
ENDLESS = 1 << 30
#: A chapter has no fewer new polygons: below, it costs more than it saves.
_FEWEST = 1_000
_SAMPLED = 4_000


@dataclass(frozen=True, slots=True)
class Painting:
    """Polygons (n) in the order in which they are painted, each over those before it.

    `first` and `stop` (n) are the days, as ordinals, on which each begins and ceases to stand; by
    `first` they are in ascending order. Polygons of one day and different `side`, -1 for none,
    may contend for what they share, and whoever held it before decides; there they hide nothing.
    """

    polygons: Geometries
    first: Ints
    stop: Ints
    side: Ints

    def chapters(self) -> Iterator[Chapter]:
        """Yield the chapters in turn, each made when it is asked for."""
        rows, seen = np.empty(0, dtype=np.int64), self.polygons[:0]
        begin, number = 0, len(self.first)
        while begin < number:
            end = min(begin + max(_FEWEST, len(rows)), number)
            end = int(np.searchsorted(self.first, self.first[end - 1], side="right"))
            new = np.arange(begin, end)
            standing = self.stop[rows] > self.first[begin]
            rows = np.concatenate([rows[standing], new])
            seen = np.concatenate([seen[standing], self.polygons[new]])
            yield Chapter(int(self.first[end]) if end < number else ENDLESS, rows, seen)
            rows, seen = self._without_hidden(rows, seen, new[self.stop[new] == ENDLESS])
            begin = end

    def _without_hidden(self, rows: Ints, seen: Geometries, above: Ints) -> tuple[Ints, Geometries]:
        """Take from what is `seen` of `rows` what those `above`, which stand for ever, hide."""
        cover = self._undisputed(above)
        under, over = shapely.STRtree(cover).query(seen, predicate="intersects")
        later = self.first[rows[under]] < self.first[above[over]]
        under, over = under[later], over[later]
        # The largest first: most polygons are soon gone.
        order = np.lexsort((-shapely.area(cover[over]), under))
        under, over = under[order], over[order]
        turn = np.arange(len(under)) - np.searchsorted(under, under)
        seen = seen.copy()
        for number in range(turn.max(initial=-1) + 1):
            now = turn == number
            left = ~shapely.is_empty(seen[under[now]])
            those, by = under[now][left], over[now][left]
            seen[those] = shapely.difference(seen[those], cover[by])
        return _broad(rows, seen)

    def _undisputed(self, rows: Ints) -> Geometries:
        """Return polygons without what others of their day, and not of their side, claim too."""
        cover = self.polygons[rows].copy()
        every = np.flatnonzero(np.isin(self.first, self.first[rows]))
        own, other = shapely.STRtree(self.polygons[every]).query(cover, predicate="intersects")
        own_row, other = rows[own], every[other]
        same_day = self.first[own_row] == self.first[other]
        rival = same_day & (self.side[own_row] != self.side[other])
        for one, another in zip(own[rival].tolist(), other[rival].tolist(), strict=True):
            cover[one] = shapely.difference(cover[one], self.polygons[another])
        return cover


@dataclass(frozen=True, slots=True)
class Chapter:
    """The polygons that can show before the day `stop`: which they are, and what of them can."""

    stop: int
    rows: Ints
    polygons: Geometries


def crossings(polygons: Geometries) -> float:
    """Estimate from a sample how many points there are at which two outlines cross.

    Where they share an edge or only touch they do not.
    """
    edges = unique_edges(polygons)
    sample = edges[:: -(-len(edges) // _SAMPLED) or 1]
    pairs = shapely.STRtree(edges).query(sample, predicate="crosses")
    return float(pairs.shape[1] / max(len(sample), 1) * len(edges) / 2)


def _broad(rows: Ints, seen: Geometries) -> tuple[Ints, Geometries]:
    """Leave out parts that noding would collapse, and rows of which nothing is left."""
    parts, of = shapely.get_parts(seen, return_index=True)
    width = 2 * shapely.area(parts) / np.maximum(shapely.length(parts), GRID_DEG)
    parts, of = parts[width > GRID_DEG / 10], of[width > GRID_DEG / 10]
    left, index = np.unique(of, return_inverse=True)
    return rows[left], np.asarray(shapely.multipolygons(parts, indices=index))
