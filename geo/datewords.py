"""What a language is to the grammar of dates: its words by kind, and the phrases they stand in.

A language is data, an instance of `DateWords` such as `frontmap.geo.english_dates.ENGLISH_DATES`;
nothing here or in `timex` names a word of it.

A phrase is written as its words, separated by spaces. `a|b` are alternatives, `<kind>` is any word
of a kind, a final `?` makes either optional, `,` is a comma without a space before it. Case counts
in the names of months and weekdays alone. Of the phrases that fit at one place the first one
listed wins, so that the longer stand before those they begin with.

| kind | words |
|---|---|
| `<iso>` | 2024-11-27 |
| `<days>` | 27, 27th, 27-30, "27, 28 and 30" |
| `<month>`, `<weekday>` | in full |
| `<mon>`, `<wd>` | in full or abbreviated |
| `<year>` | 2024, "last year"; a comma or `DateWords.of` may stand before it |
| `<yyyy>` | 2024 |
| `<nth>` | "third", 3rd, "last" |
| `<n>` | 3, "three", "a few", "two or three" |
| `<unit>`, `<units>` | units in the singular or plural; in the plural alone |
| `<period>` | units that last longer than a day, in the singular |
| `<part>` | "early", "the end of" |
| `<which>` | "last", "this", "next" |
| `<neighbour>` | "previous", "following" |
| `<shift>` | "later", "earlier" |
| `<sign>` | "before", "after" |
| `<time>` | parts of the day: "morning" |
| `<named>` | days named by their distance: "yesterday" |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["DateWords", "Link", "Part", "Rule", "Unit"]


class Unit(StrEnum):
    """A unit of time; a fortnight counts as two weeks."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    YEAR = "year"


class Part(StrEnum):
    """A part of a week, month or year. Thirds of a month end on the 10th and the 20th."""

    EARLY = "early"
    MID = "mid"
    LATE = "late"
    END = "end"  # as late, but what is due before it is due by its last day
    FIRST_HALF = "first half"
    SECOND_HALF = "second half"
    EARLIER = "earlier"  # what has passed of it
    LATER = "later"  # what is left of it


class Link(StrEnum):
    """What a preposition makes of the date after it."""

    ON = "on"
    OF = "of"  # belongs to the noun before: "the summer of 2023"
    SINCE = "since"
    FROM = "from"  # on the day, unless a range or `DateWords.onwards` follows
    BETWEEN = "between"
    UNTIL = "until"
    BY = "by"
    BEFORE = "before"
    AFTER = "after"


class Rule(StrEnum):
    """How a phrase is read; each is explained at its function in `timex`."""

    ISO = "iso"
    DAY = "day"
    ORDINAL_DAY = "ordinal day"
    DAY_ALONE = "day alone"
    MONTH = "month"
    MONTH_WEEK = "month week"
    YEAR = "year"
    WEEKDAY = "weekday"
    WEEKDAY_OF_WEEK = "weekday of week"
    WEEKDAY_NEXT_TO = "weekday next to"
    NIGHT_INTO = "night into"
    NAMED = "named"
    PERIOD = "period"
    WEEKEND = "weekend"
    AGO = "ago"
    PAST = "past"
    LAST = "last"
    RECENT = "recent"
    COMING = "coming"
    SHIFT = "shift"
    NEIGHBOUR = "neighbour"
    SAME = "same"
    THAT = "that"
    WITHIN = "within"
    THEN = "then"
    NTH_DAY = "nth day"
    COUNT = "count"


@dataclass(frozen=True, slots=True, eq=False)
class DateWords:
    """The words of a language that dates are made of.

    All stand in lower case but the names of months and weekdays, and `never_before`. Alternatives
    in a string are separated by spaces, and those of more than one word stand in tuples. Numbers
    and vague quantities are the least and the most that they may mean.
    """

    code: str
    months: tuple[str, ...]  # January first; the name, then its abbreviations
    weekdays: tuple[str, ...]  # Monday first, likewise
    ordinal_suffixes: str
    ordinals: Mapping[str, int]  # -1 is the last
    numbers: Mapping[str, tuple[int, int]]
    bare: tuple[int, int]  # a plural without a number: "days later"
    singular: Mapping[Unit, str]
    plural: Mapping[Unit, str]
    times: str
    hours: tuple[str, ...]  # other parts of a day, before its name: "the early hours of"
    parts: Mapping[Part, tuple[str, ...]]
    which: Mapping[str, int]  # -1 last, 0 this, 1 next
    neighbours: Mapping[str, int]  # -1 or 1
    shifts: Mapping[str, int]  # -1 earlier, 1 later
    signs: Mapping[str, int]  # -1 before, 1 after: what follows may say before what
    named: Mapping[str, tuple[int, int]]  # days after publication, the first and the last
    years: Mapping[str, int | None]  # "last year": -1; None is the year of the date before
    of: str
    articles: str
    to: str  # joins the ends of a range
    and_: str  # joins the two days that it names
    or_: str
    links: Mapping[Link, tuple[str, ...]]
    bare_links: str  # prepositions after which a month's or year's bare name is one
    manpower_links: str  # those of them that a number of people may follow as well
    manpower: str  # and whom it then counts
    onwards: str
    about: tuple[str, ...]  # makes a date approximate
    just: tuple[str, ...]  # changes nothing
    will: tuple[str, ...]  # after these a date lies ahead
    would: tuple[str, ...]  # after these it may
    clauses: str  # words that begin another clause, for which those don't count
    carries_on: str  # words after which "the day before" is complete
    that: str  # "two days after that"
    never_after: str  # "Black Friday", "every Friday"
    never_before: str  # "Friday prayers", "March 14 Alliance"
    counted: str  # what a number counts that is then no day or year
    phrases: tuple[tuple[Rule, tuple[str, ...]], ...]
