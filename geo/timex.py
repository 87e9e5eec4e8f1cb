"""Dates in words: where a text names a day, and which days those are for its publication day.

Reports name days in three ways: by the calendar ("27 November"), by their distance from the day of
publication ("Friday", "three days ago"), and by that from the date before them ("the day after").
What may be several days stays a range. The grammar is in `dategrammar`, the words of a language
in a `DateWords`; this module says what each `Rule` means.

- A date without a year, and a weekday, is the latest one on or before the day of publication: the
  "Friday" of a report of Friday is that day. Where the words say that it lies ahead ("will meet on
  Friday", "by June 1"), it is the next.
- No range ends after the publication unless all of it lies ahead.
- Durations ("for three days", "nearly five months after losing it"), times of day, and dates that
  can be read in two ways (03/04/2024) are no dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from frontmap.geo.dategrammar import Grammar, grammar_of
from frontmap.geo.daterules import Dated, Days, read_phrases
from frontmap.geo.datewords import DateWords, Link, Rule, Unit
from frontmap.geo.days import NoSuchDayError, add
from frontmap.geo.english_dates import ENGLISH_DATES
from frontmap.geo.reading import Basis, ClaimDate

__all__ = ["DateMention", "find_dates"]

_CALENDAR = (Rule.ISO, Rule.DAY, Rule.ORDINAL_DAY, Rule.MONTH, Rule.MONTH_WEEK, Rule.YEAR)
_RELATIONS = {
    Link.SINCE: "since",
    Link.AFTER: "after",
    Link.UNTIL: "until",
    Link.BY: "before",
    Link.BEFORE: "before",
}
#: What may be an end of a range; with a dash, only the first of these.
_DASHED = (*_CALENDAR, Rule.WEEKDAY)
_ENDS = (*_DASHED, Rule.WEEKDAY_OF_WEEK, Rule.NAMED, Rule.PERIOD, Rule.DAY_ALONE, Rule.WEEKEND)
#: "On Friday or Saturday" is a range where the two lie no farther apart than this many days.
_DOUBT_DAYS = 7


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that a text names, with its preposition if it has one, at text[start:end].

    `relation` is "on", "since", "until", "after" or "before" ("by June 1" is "before", too, with
    that day still in it; "before June 1" ends a day earlier). `date` is what the words say became
    so: from May 10 to the publication for "since May 10", and until its last day, from no first,
    for "before". `future` says that it lies after the publication, `approximate` that the words
    are rougher than the day given ("about two weeks ago"), and `introduces` that it dates the
    clause that follows, not the one it stands in ("on Friday, six days" after …).
    """

    start: int
    end: int
    date: ClaimDate
    relation: str = "on"
    future: bool = False
    approximate: bool = False
    introduces: bool = False


def find_dates(text: str, published: date, words: DateWords = ENGLISH_DATES) -> list[DateMention]:
    """Return the dates that a text names, from its start; none overlaps another."""
    grammar = grammar_of(words)
    dated = _share_years(text, read_phrases(text, published, grammar), grammar)
    return [_mention(each, published) for each in _join(text, dated, grammar)]


def _mention(dated: Dated, published: date) -> DateMention:
    """Turn the days that words name into those between which something became so."""
    days = dated.days
    future = days.future or days.first > published
    last = days.last if future else min(days.last, published)
    relation = _RELATIONS.get(dated.link or Link.ON, "on")
    span: tuple[date | None, date] = (days.first, last)
    match dated.link:
        case Link.SINCE:
            span = (days.first, max(last, published))
        case Link.AFTER:
            first = days.first if dated.owns else min(add(last, 1), max(last, published))
            span = (first, max(last, published))
        case Link.BY:
            span = (None, last)
        case Link.BEFORE:
            span = (None, last if dated.owns else add(days.first, -1))
    claim = ClaimDate(*span, days.basis)
    return DateMention(
        dated.start, dated.end, claim, relation, future, days.approximate, days.introduces
    )


def _share_years(text: str, dated: list[Dated], grammar: Grammar) -> list[Dated]:
    """Give dates without a year that of the one they are listed with: 5 October and 7 May 2023."""
    for row in range(len(dated) - 2, -1, -1):
        left, right = dated[row], dated[row + 1]
        if (
            left.rule in _CALENDAR
            and right.rule in _CALENDAR
            and left.days.again
            and not right.days.again
            and grammar.listed.fullmatch(text, left.end, right.start)
        ):
            dated[row] = _resolved(left, right.days.last)
    return dated


def _resolved(dated: Dated, on: date) -> Dated:
    """Work a date out as of another day, where it hangs on one that it doesn't name."""
    if not dated.days.again:
        return dated
    try:
        first, last = dated.days.again(on)
    except NoSuchDayError:
        return dated
    return replace(dated, days=replace(dated.days, first=first, last=last, again=None))


def _join(text: str, dated: Sequence[Dated], grammar: Grammar) -> list[Dated]:
    """Make one date of the two ends of a range, and of one day that is named twice."""
    joined: list[Dated] = []
    for right in dated:
        if joined and (both := _pair(text, joined[-1], right, grammar)):
            joined[-1] = both
        else:
            joined.append(right)
    return joined


def _pair(text: str, left: Dated, right: Dated, grammar: Grammar) -> Dated | None:
    if left.end > right.start or right.start - left.end > 12 or left.days.introduces:
        return None
    if _same_day(left, right) and grammar.apposition.fullmatch(text, left.end, right.start):
        explicit = left if left.days.basis is Basis.EXPLICIT else right
        bracket = "(" in text[left.end : right.start] and text[right.end : right.end + 1] == ")"
        return replace(left, end=right.end + bracket, rule=explicit.rule, days=explicit.days)
    if not _may_range(text, left, right, grammar):
        return None
    left, right = _ends(left, right)
    if left.days.first > right.days.last:
        return None
    both = {left.days.basis, right.days.basis}
    days = Days(
        left.days.first,
        right.days.last,
        Basis.EXPLICIT if both == {Basis.EXPLICIT} else Basis.RELATIVE,
        approximate=left.days.approximate or right.days.approximate,
    )
    link = Link.ON if left.link in (Link.FROM, Link.BETWEEN) else left.link
    return Dated(left.start, right.end, right.rule, link, days)


def _same_day(left: Dated, right: Dated) -> bool:
    """Say whether one is the weekday of the other."""
    if Rule.WEEKDAY not in (left.rule, right.rule):
        return False
    weekday, other = (left, right) if left.rule is Rule.WEEKDAY else (right, left)
    one_day = other.days.first == other.days.last and other.rule in (*_CALENDAR, Rule.NAMED)
    return one_day and weekday.days.first.weekday() == other.days.first.weekday()


def _may_range(text: str, left: Dated, right: Dated, grammar: Grammar) -> bool:
    """Say whether two dates are the ends of one range, by the words between them."""
    if left.rule not in _ENDS or right.rule not in _ENDS:
        return False
    if left.link in (Link.FROM, Link.BETWEEN) and right.link is Link.UNTIL:
        return not text[left.end : right.start].strip()
    if right.link not in (None, Link.ON):
        return False
    between = grammar.joiner.fullmatch(text, left.end, right.start)
    if not between:
        return False
    if between["to"]:
        return True
    if between["dash"]:
        return left.rule in _DASHED and right.rule in _DASHED
    if left.link is Link.BETWEEN:
        return True
    first, second = _ends(left, right)
    apart = (second.days.first - first.days.last).days
    return apart == 1 if between["and"] else 0 < apart <= _DOUBT_DAYS


def _ends(left: Dated, right: Dated) -> tuple[Dated, Dated]:
    """Work the ends of a range out by each other, where they don't name their year or week."""
    if not right.days.again or right.rule is Rule.WEEKDAY:
        return _resolved(left, right.days.last), right
    try:
        year_later = add(add(left.days.first, 1, Unit.YEAR), -1)
    except NoSuchDayError:
        return left, right
    return left, _resolved(right, year_later)
