"""On which days each of many edges is present, and the least of their values day by day.

A boundary that changes day by day has few edges that differ: each is kept once, with the runs of
days on which it is present. The least value of each day is found without going through the days:
a run is covered by two overlapping spans whose lengths are powers of two, values are noted at the
spans, and handed down from the longest to single days. That is the sparse table of Bender and
Farach-Colton (2000, https://doi.org/10.1007/10719839_9) run backwards.
"""

from __future__ import annotations

from typing import Self

import numpy as np
import numpy.typing as npt

from frontmap.geo.chords import Indices, spread
from frontmap.geo.geodesy import Floats

__all__ = ["Presence", "Spans"]

# Where things are there on fewer of the days, sorting takes less than a table of all days.
_DAYS_A_PAIR = 16


class Presence:
    """The days on which each of m things is present, of the days 0 to `days` - 1.

    `thing`, `first` and `stop` (r) are the runs [first, stop), sorted by thing and day; those of a
    thing begin at `offset` and are `count` in number, (m) both.
    """

    def __init__(
        self, thing: Indices, first: Indices, stop: Indices, things: int, days: int
    ) -> None:
        """Take runs that are sorted by thing and day."""
        self.thing, self.first, self.stop = thing, first, stop
        self.things, self.days = things, days
        self.count = np.bincount(thing, minlength=things)
        self.offset = np.cumsum(self.count) - self.count

    @classmethod
    def of_days(cls, thing: Indices, day: Indices, things: int, days: int) -> Self:
        """Gather the pairs (thing, day), repeated or not, in any order."""
        key = thing * days + day
        if things * days <= _DAYS_A_PAIR * len(key):
            there = np.zeros(things * days, dtype=bool)
            there[key] = True
            key = np.flatnonzero(there)
        else:
            key = np.unique(key)
        begins = np.flatnonzero((np.diff(key, prepend=-2) != 1) | (key % max(days, 1) == 0))
        of_thing, first = np.divmod(key[begins], max(days, 1))
        return cls(of_thing, first, first + np.diff(begins, append=len(key)), things, days)

    def renumbered(self, number: Indices) -> Presence:
        """Return the same with another number (m) for each thing."""
        order = np.lexsort((self.first, number[self.thing]))
        runs = number[self.thing][order], self.first[order], self.stop[order]
        return Presence(*runs, self.things, self.days)

    def runs_of(self, things: Indices) -> tuple[Indices, Indices]:
        """Return the runs of several things, and to which of the things each belongs."""
        index, within = spread(self.count[things])
        return self.offset[things][index] + within, index

    def bits(self) -> npt.NDArray[np.uint64]:
        """Return the presence as bits, (m, words): day 0 is the lowest of the first word."""
        words = np.zeros((self.things, -(-self.days // 64)), dtype=np.uint64)
        for word in range(words.shape[1]):
            low, high = (np.clip(day - 64 * word, 0, 64) for day in (self.first, self.stop))
            run = np.flatnonzero(high > low)
            ones = ~np.uint64(0) >> (64 - high + low)[run].astype(np.uint64)
            np.bitwise_or.at(words[:, word], self.thing[run], ones << low[run].astype(np.uint64))
        return words

    def on(self, owner: Indices, run: Indices, owners: int) -> npt.NDArray[np.bool_]:
        """Return on which days each of the owners of runs has one, as an array (owners, days)."""
        change = np.zeros((owners, self.days + 1), dtype=np.int32)
        np.add.at(change, (owner, self.first[run]), 1)
        np.add.at(change, (owner, self.stop[run]), -1)
        return np.asarray(np.cumsum(change, axis=1, dtype=np.int32)[:, :-1] > 0)


class Spans:
    """Runs of days, as two spans each: `level` (r), and the days `left` and `right` (r) they begin.

    A span of level j is 2^j days long.
    """

    def __init__(self, first: Indices, stop: Indices, days: int) -> None:
        """Cover the runs [first, stop) of the days 0 to `days` - 1."""
        self.days, self.levels = days, max(1, int(days).bit_length())
        self.level = np.frexp(stop - first)[1] - 1
        self.left, self.right = first, stop - (1 << self.level)

    def handed_down(self, noted: Floats) -> Floats:
        """Turn the least at each span, (levels, days, …), to the least of each day, (days, …).

        Works in place.
        """
        for level in range(self.levels - 1, 0, -1):
            half, starts = 1 << (level - 1), self.days - (1 << level) + 1
            for shift in (0, half):
                below = noted[level - 1, shift : shift + starts]
                np.minimum(below, noted[level, :starts], out=below)
        least: Floats = noted[0]
        return least

    def greatest(self, values: Floats, column: Indices, run: Indices) -> Floats:
        """Return the greatest of values (days, n) of a column over the days of a run, for pairs."""
        over = np.full((self.levels, *values.shape), -np.inf)
        over[0] = values
        for level in range(1, self.levels):
            half, starts = 1 << (level - 1), self.days - (1 << level) + 1
            np.maximum(
                over[level - 1, :starts],
                over[level - 1, half : half + starts],
                out=over[level, :starts],
            )
        level = self.level[run]
        ends = (over[level, begin[run], column] for begin in (self.left, self.right))
        return np.asarray(np.maximum(*ends))

    def least(self, values: Floats, column: Indices, run: Indices, columns: int) -> Floats:
        """Return the least of pairs' values on each day, (days, columns), inf where there is none.

        Each pair is of a column and a run.
        """
        noted = np.full((self.levels, self.days, columns), np.inf)
        for begin in (self.left, self.right):
            np.minimum.at(noted, (self.level[run], begin[run], column), values)
        return self.handed_down(noted)
