"""What each phrase of the grammar of dates means, by its `Rule`.

The reader goes through the phrases of a text from its start, since some hang on the date before
them. That date, the anchor, is the last one named that is more than a stretch up to the publication
("in recent days").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from frontmap.geo.dategrammar import Grammar, Phrase, plain
from frontmap.geo.datewords import Link, Part, Rule, Unit
from frontmap.geo.days import (
    NoSuchDayError,
    Span,
    add,
    day_of,
    part_of,
    period_of,
    weekday_after,
    weekday_until,
)
from frontmap.geo.reading import Basis

__all__ = ["Dated", "Days", "read_phrases"]

#: How many characters before a date may hold its preposition, and what says that it lies ahead.
_BEFORE = 48
_AHEAD = 90
#: How far a clause reaches to the date in it: "six days after the offensive began on November 27".
_CLAUSE = 120
#: How many years back a day is sought that exists (29 February) or falls on the weekday beside it.
_YEARS_BACK = 12
#: How far "recent" reaches back: a week, four weeks, half a year.
_RECENT = {Unit.DAY: 7, Unit.WEEK: 4, Unit.MONTH: 6}
#: Units that people count in when they don't count exactly.
_ROUGH = (Unit.WEEK, Unit.FORTNIGHT, Unit.MONTH, Unit.YEAR)
_PERIODS = (Unit.WEEK, Unit.MONTH, Unit.YEAR)
_NO_ANCHORS = (Rule.PAST, Rule.LAST, Rule.RECENT, Rule.COMING, Rule.THEN, Rule.YEAR)
#: What may begin a compound or a name: "overnight-delivery", "Russia Today".
_COMPOUNDS = (Rule.NAMED, Rule.SAME, Rule.THAT, Rule.PERIOD, Rule.THEN, Rule.WEEKEND)

_DIGITS = re.compile("[0-9]+")
_YEAR = re.compile("[0-9]{4}")
_FULL_STOP = re.compile(r"(?<=\.)\s*(?:\Z|\n|[\"“‘'(\[]*[^\W\d_a-z])")
_NAME = re.compile(r"\s[^\W\d_a-z]")
_SENTENCE_END = re.compile(r"[.!?;]\s|\n\s*\n")
_AFTER_SENTENCE = re.compile(r"(?:^|[.!?:;\n][\"”’'»)]*)\s*[\"“‘'«(]*\Z")


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a phrase means.

    `again` works them out as of another day than the publication, where they hang on it by a year
    or week that isn't named. `end` is where the date ends in the text, if not with its phrase.
    """

    first: date
    last: date
    basis: Basis = Basis.RELATIVE
    future: bool = False
    approximate: bool = False
    introduces: bool = False
    again: Callable[[date], Span] | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A phrase with its preposition at text[start:end], and the days that it means.

    `owns` says that it is the possessive of an event: "after Friday's attack" may be that day.
    """

    start: int
    end: int
    rule: Rule
    link: Link | None
    days: Days
    owns: bool = False


class _Site(NamedTuple):
    """A phrase and what stands before it."""

    row: int
    phrase: Phrase
    start: int
    link: Link | None
    link_word: str
    about: bool


class _Quantity(NamedTuple):
    """How many units, at least and at most, and whether the text gives the number."""

    least: int
    most: int
    unit: Unit
    counted: bool


def read_phrases(text: str, published: date, grammar: Grammar) -> list[Dated]:
    """Return the dates of a text, each by itself, from its start."""
    reader = _Reader(text, published, grammar, list(grammar.find(text)))
    for row in range(len(reader.phrases)):
        if dated := reader.read(row):
            reader.keep(dated)
    return reader.dated


@dataclass(slots=True)
class _Reader:
    """A text in which the phrases up to some point have become dates.

    `anchor` is the last of them that "the day before" and its like may hang on, `calendar_anchor`
    the last that the calendar names, and `year_anchor` likewise, of which only the year matters.
    """

    text: str
    published: date
    grammar: Grammar
    phrases: list[Phrase]
    dated: list[Dated] = field(default_factory=list)
    anchor: Days | None = None
    calendar_anchor: Days | None = None
    year_anchor: Days | None = None

    def read(self, row: int) -> Dated | None:
        """Return what a phrase means, None where it means no day."""
        site = self._site(row)
        phrase = site.phrase
        if self._is_name(phrase):
            return None
        try:
            days = _RULES[phrase.rule](self, site)
        except NoSuchDayError:
            return None
        if days is None:
            return None
        start, end, link = site.start, days.end or phrase.end, site.link
        if _FULL_STOP.match(self.text, end):
            end -= 1
        if link is Link.OF:
            start, link = phrase.start, None
        if link is Link.FROM and (more := self.grammar.onwards.match(self.text, end)):
            link, end = Link.SINCE, more.end()
        owns = self.text[end : end + 1] in ("'", "’")
        if self._is_deadline(phrase, link):
            owns, days = True, replace(days, future=days.last > self.published)
        return Dated(start, end, phrase.rule, link, days, owns)

    def _is_deadline(self, phrase: Phrase, link: Link | None) -> bool:
        """Say whether it is the end of a period by which something is due."""
        part = self.grammar.names.parts.get(phrase.words.get("part", ""))
        return part is Part.END and link in (Link.BY, Link.BEFORE, Link.UNTIL)

    def _site(self, row: int) -> _Site:
        phrase = self.phrases[row]
        least = max(phrase.start - _BEFORE, self.dated[-1].end if self.dated else 0)
        found = self.grammar.before.search(self.text, least, phrase.start)
        if not found:
            return _Site(row, phrase, phrase.start, None, "", False)
        word = plain(found["link"] or "")
        link = self.grammar.names.links.get(word)
        return _Site(row, phrase, found.start(), link, word, found["about"] is not None)

    def _is_name(self, phrase: Phrase) -> bool:
        """Say whether it is part of a name or compound: Black Friday, Russia Today."""
        start, end, text = phrase.start, phrase.end, self.text
        if self.grammar.named_after.match(text, end):
            return True
        if self.grammar.named_before.search(text, max(0, start - 16), start):
            return True
        if phrase.rule not in _COMPOUNDS:
            return False
        hyphens = text[max(0, start - 1) : start] == "-" or text[end : end + 1] == "-"
        capital = text[start].isupper() and text[start - 2 : start - 1].isalnum()
        return hyphens or (capital and text[start - 1].isspace())

    def keep(self, dated: Dated) -> None:
        """Add a date to those read, for the next to hang on."""
        self.dated.append(dated)
        if dated.days.basis is Basis.EXPLICIT:
            self.year_anchor = dated.days
        if dated.rule in _NO_ANCHORS or dated.days.introduces:
            return
        self.anchor = dated.days
        if dated.days.basis is Basis.EXPLICIT:
            self.calendar_anchor = dated.days

    def anchor_of(self, unit: Unit) -> Days | None:
        """Return the date that one so many of these units later hangs on."""
        return self.year_anchor or self.anchor if unit is Unit.YEAR else self.anchor

    def will(self, site: _Site) -> bool:
        """Say whether the words before a date say that it lies ahead."""
        return self._governed(self.grammar.will, site)

    def would(self, site: _Site) -> bool:
        """Say whether the words before a date allow that it lies ahead."""
        return self._governed(self.grammar.would, site)

    def _governed(self, governing: re.Pattern[str], site: _Site) -> bool:
        found = governing.match(self.text[max(0, site.start - _AHEAD) : site.start])
        return found is not None and not self.grammar.clauses.search(found["rest"])

    def joins(self, site: _Site, rule: Rule) -> bool:
        """Say whether it may be the second end of a range: "between March and" May."""
        if not self.dated or self.dated[-1].rule is not rule:
            return False
        end = self.dated[-1].end
        return self.grammar.joiner.fullmatch(self.text, end, site.phrase.start) is not None

    def quantity(self, phrase: Phrase) -> _Quantity:
        """Return the number and unit of a phrase; hours become the days that they touch."""
        word = phrase.words.get("unit") or phrase.words["units"]
        unit = self.grammar.names.units[word]
        if number := phrase.words.get("n"):
            pairs = [self._number(each) for each in self.grammar.number.findall(number)]
            least, most = min(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
        else:
            plural = word in self.grammar.names.plurals
            least, most = self.grammar.words.bare if plural else (1, 1)
        if unit is Unit.HOUR:
            most = most if number else 1
            return _Quantity(least // 24 if number else 0, -(-most // 24), Unit.DAY, bool(number))
        return _Quantity(least, most, unit, bool(number))

    def _number(self, word: str) -> tuple[int, int]:
        return (int(word), int(word)) if word.isdigit() else self.grammar.words.numbers[word]


# The calendar's days, months and years


def _iso(reader: _Reader, site: _Site) -> Days:
    day = day_of(*map(int, _DIGITS.findall(site.phrase.text)))
    return Days(day, day, Basis.EXPLICIT)


def _day(reader: _Reader, site: _Site) -> Days | None:
    """Read a day of a month, or a range of days."""
    words = site.phrase.words
    days = [int(digits) for digits in _DIGITS.findall(words["days"])]
    month = reader.grammar.names.months[words["mon"].rstrip(".")] + 1
    if days != sorted(days):
        return None
    weekday = reader.grammar.names.weekdays.get(words.get("wd", "").rstrip("."))
    return _of_some_year(
        reader,
        site,
        lambda year: (day_of(year, month, days[0]), day_of(year, month, days[-1])),
        weekday,
    )


def _ordinal_day(reader: _Reader, site: _Site) -> Days | None:
    """Read "the first of May", "the last day of March"."""
    words = site.phrase.words
    number = _ordinal(reader, words["nth"])
    month = reader.grammar.names.months[words["month"]] + 1

    def of_year(year: int) -> Span:
        last = period_of(day_of(year, month, 1), Unit.MONTH)[1]
        day = last if number < 0 else day_of(year, month, number)
        return day, day

    return _of_some_year(reader, site, of_year)


def _ordinal(reader: _Reader, word: str) -> int:
    digits = _DIGITS.match(word)
    return int(digits[0]) if digits else reader.grammar.words.ordinals[word]


def _month_week(reader: _Reader, site: _Site) -> Days | None:
    """Read "the first week of March": the 1st to the 7th; the last week is the last seven days."""
    words = site.phrase.words
    number = _ordinal(reader, words["nth"])
    month = reader.grammar.names.months[words["month"]] + 1
    if number > 5:
        return None

    def of_year(year: int) -> Span:
        first, last = period_of(day_of(year, month, 1), Unit.MONTH)
        if number < 0:
            return add(last, -6), last
        return min(add(first, 7 * number - 7), last), min(add(first, 7 * number - 1), last)

    return _of_some_year(reader, site, of_year)


def _month(reader: _Reader, site: _Site) -> Days | None:
    """Read a month or a part of one; alone, it needs a preposition, as May and March do."""
    words, published = site.phrase.words, reader.published
    name = words.get("month") or words["mon"]
    month = reader.grammar.names.months[name.rstrip(".")] + 1
    part = reader.grammar.names.parts.get(words.get("part", ""))

    def of_year(year: int) -> Span:
        whole = period_of(day_of(year, month, 1), Unit.MONTH)
        return part_of(whole, Unit.MONTH, part) if part else whole

    if "which" in words:
        this_month = published.replace(day=1)
        match reader.grammar.words.which[words["which"]]:
            case -1:
                return Days(*_latest(of_year, add(this_month, -1)), Basis.EXPLICIT)
            case 0:
                return Days(*of_year(published.year), Basis.EXPLICIT)
            case _:
                ahead = published.year + (month <= published.month)
                return Days(*of_year(ahead), Basis.EXPLICIT, future=True)
    if not ("part" in words or "year" in words or _stands_alone(reader, site)):
        return None
    days = _of_some_year(reader, site, of_year)
    anchor = reader.anchor
    if days and part is Part.LATER and anchor and days.first <= anchor.last < days.last:
        return Days(add(anchor.last, 1), days.last, Basis.EXPLICIT)
    return days


def _stands_alone(reader: _Reader, site: _Site) -> bool:
    """Say whether a month's bare name is that of the month."""
    bare = site.link_word in reader.grammar.words.bare_links.split() and site.link is not Link.OF
    if not (bare or reader.joins(site, Rule.MONTH)):
        return False
    return reader.text[site.phrase.end : site.phrase.end + 1] not in ("'", "’", "-")


def _of_some_year(
    reader: _Reader, site: _Site, of_year: Callable[[int], Span], weekday: int | None = None
) -> Days | None:
    """Return the days in the year that the phrase gives, or else in the likeliest."""
    if (year := _year_of(reader, site.phrase)) is not None:
        return Days(*of_year(year), Basis.EXPLICIT)

    def again(on: date) -> Span:
        try:
            return _latest(of_year, on, weekday)
        except NoSuchDayError:
            return _latest(of_year, on)

    published = reader.published
    try:
        past = again(published)
    except NoSuchDayError:
        past = None
    try:
        ahead = _next(of_year, published, weekday)
    except NoSuchDayError:
        ahead = None
    if ahead and (past is None or _is_likelier(ahead, past, weekday, reader, site)):
        return Days(*ahead, Basis.EXPLICIT, future=True, again=again) if past else None
    return Days(*past, Basis.EXPLICIT, again=again) if past else None


def _is_likelier(
    ahead: Span, past: Span, weekday: int | None, reader: _Reader, site: _Site
) -> bool:
    """Say whether a date without a year lies ahead: nearer, and words or weekday say so."""
    if ahead[0] - reader.published > reader.published - past[0]:
        return False
    if weekday is not None and past[0].weekday() != weekday:
        return True
    deadline = site.link in (Link.BY, Link.UNTIL, Link.BEFORE)
    far = weekday is not None and (reader.published - past[0]).days > 366
    return deadline or far or reader.will(site) or reader.would(site)


def _latest(of_year: Callable[[int], Span], on: date, weekday: int | None = None) -> Span:
    """Return the days in the last year in which they begin on or before a day."""
    for year in range(on.year, max(on.year - _YEARS_BACK, 0), -1):
        try:
            span = of_year(year)
        except NoSuchDayError:
            continue
        if span[0] <= on and weekday in (None, span[0].weekday()):
            return span
    raise NoSuchDayError


def _next(of_year: Callable[[int], Span], on: date, weekday: int | None) -> Span:
    """Return the days in the first year in which they begin after a day, this year or the next."""
    for year in (on.year, on.year + 1):
        span = of_year(year)
        if span[0] > on and weekday in (None, span[0].weekday()):
            return span
    raise NoSuchDayError


def _year_of(reader: _Reader, phrase: Phrase) -> int | None:
    """Return the year that a phrase gives: 2024, "last year", "that year"."""
    words = phrase.words.get("year", "")
    if found := _YEAR.search(words):
        return int(found[0])
    for name, offset in reader.grammar.words.years.items():
        if words.endswith(name):
            if offset is not None:
                return reader.published.year + offset
            return (reader.year_anchor or Days(reader.published, reader.published)).first.year
    return None


def _year(reader: _Reader, site: _Site) -> Days | None:
    """Read a year or a part of one; a bare number needs a preposition, and to count nothing."""
    words, grammar = site.phrase.words, reader.grammar
    whole = period_of(day_of(int(words["yyyy"]), 1, 1), Unit.YEAR)
    if "part" in words:
        return Days(*part_of(whole, Unit.YEAR, grammar.names.parts[words["part"]]), Basis.EXPLICIT)
    if not reader.joins(site, Rule.YEAR):
        if site.link_word not in grammar.words.bare_links.split():
            return None
        if site.link is Link.OF and _NAME.match(reader.text, site.phrase.end):
            return None
        many = grammar.manpower.match(reader.text, site.phrase.end)
        if many and site.link_word in grammar.words.manpower_links.split():
            return None
    return Days(*whole, Basis.EXPLICIT)


def _day_alone(reader: _Reader, site: _Site) -> Days | None:
    """Read "on the 27th": the latest such day."""
    word = site.phrase.words["days"]
    if site.link is not Link.ON or word.isdigit() or not _is_complete(reader, site):
        return None
    number = int(_DIGITS.findall(word)[0])
    for back in range(3):
        month = add(reader.published.replace(day=1), -back, Unit.MONTH)
        try:
            day = day_of(month.year, month.month, number)
        except NoSuchDayError:
            continue
        if day <= reader.published:
            return Days(day, day, Basis.EXPLICIT)
    return None


def _is_complete(reader: _Reader, site: _Site) -> bool:
    return reader.grammar.complete.match(reader.text, site.phrase.end) is not None


# Days named by their distance from the publication


def _weekday(reader: _Reader, site: _Site) -> Days:
    """Read a weekday: the latest on or before the publication, "last" before it, "next" after."""
    words, published = site.phrase.words, reader.published
    weekday = reader.grammar.names.weekdays[words["weekday"]]
    match reader.grammar.words.which.get(words.get("which", "")):
        case -1:
            day = weekday_until(add(published, -1), weekday)
        case 0:
            day = add(period_of(published, Unit.WEEK)[0], weekday)
        case 1:
            day = weekday_after(published, weekday)
        case _:
            deadline = site.link in (Link.BY, Link.UNTIL) and reader.would(site)
            if published.weekday() != weekday and (deadline or reader.will(site)):
                day = weekday_after(published, weekday)
            else:
                day = weekday_until(published, weekday)
                again = _weekday_again(weekday)
                return Days(day, day, again=again)
    return Days(day, day)


def _weekday_again(weekday: int) -> Callable[[date], Span]:
    def again(on: date) -> Span:
        day = weekday_until(on, weekday)
        return day, day

    return again


def _weekday_of_week(reader: _Reader, site: _Site) -> Days:
    """Read "Friday last week"."""
    words = site.phrase.words
    offset = reader.grammar.words.which[words["which"]]
    monday = period_of(add(reader.published, offset, Unit.WEEK), Unit.WEEK)[0]
    day = add(monday, reader.grammar.names.weekdays[words["weekday"]])
    return Days(day, day)


def _weekday_next_to(reader: _Reader, site: _Site) -> Days | None:
    """Read "the following Friday", "the Friday before", "that Friday", by the date before it."""
    words, anchor = site.phrase.words, reader.anchor
    weekday = reader.grammar.names.weekdays[words["weekday"]]
    side = _side(reader, site)
    if "sign" in words and not _is_complete(reader, site):
        return None
    if anchor is None:
        day = weekday_until(add(reader.published, min(side, 0)), weekday)
        return Days(day, day) if side <= 0 else None
    before = weekday_until(add(anchor.first, min(side, 0)), weekday)
    after = weekday_after(anchor.last, weekday)
    if side == 0:
        side = -1 if anchor.first - before <= after - anchor.last else 1
    day = before if side < 0 else after
    return Days(day, day) if day <= reader.published else None


def _side(reader: _Reader, site: _Site) -> int:
    """Return -1 for words that look back, 1 for words that look ahead, 0 for neither."""
    words, lists = site.phrase.words, reader.grammar.words
    for kind, sides in (
        ("sign", lists.signs),
        ("shift", lists.shifts),
        ("neighbour", lists.neighbours),
    ):
        if kind in words:
            return sides[words[kind]]
    return 0


def _night_into(reader: _Reader, site: _Site) -> Days:
    """Read "overnight into Friday": that day and the one before."""
    day = weekday_until(
        reader.published, reader.grammar.names.weekdays[site.phrase.words["weekday"]]
    )
    return Days(add(day, -1), day)


def _named(reader: _Reader, site: _Site) -> Days:
    """Read "yesterday" and its like."""
    first, last = reader.grammar.words.named[site.phrase.words["named"]]
    return Days(add(reader.published, first), add(reader.published, last))


def _period(reader: _Reader, site: _Site) -> Days | None:
    """Read a calendar week, month or year beside that of publication, or a part of it.

    "This week" is the seven days up to the publication: on a Monday it is not that day alone.
    """
    words, grammar, published = site.phrase.words, reader.grammar, reader.published
    unit = grammar.names.units[words["period"]]
    offset = grammar.words.which.get(words.get("which", ""), 0)
    whole = period_of(add(published, offset, unit), unit)
    part = grammar.names.parts.get(words.get("part", ""))
    if part is None:
        if offset == 0 and unit is Unit.WEEK:
            return Days(add(published, -6), published)
        return Days(*whole)
    if part is Part.LATER and "which" not in words:
        return _within(reader, site)
    if part is Part.LATER and offset == 0:
        return Days(add(published, 1), whole[1]) if published < whole[1] else None
    return Days(*part_of(whole, unit, part))


def _weekend(reader: _Reader, site: _Site) -> Days:
    """Read a weekend: the latest that began by the publication; the last one has ended by then."""
    which = site.phrase.words.get("which")
    offset = reader.grammar.words.which.get(which or "")
    published = reader.published
    saturday = weekday_until(published, 5)
    if offset == 1 or (offset != -1 and reader.will(site)):
        saturday = weekday_after(published, 5)
    elif offset == -1 and add(saturday, 1) >= published:
        saturday = add(saturday, -7)
    return Days(saturday, add(saturday, 1))


def _ago(reader: _Reader, site: _Site) -> Days | None:
    """Read "three days ago", and "three years ago" as that calendar year."""
    least, most, unit, counted = reader.quantity(site.phrase)
    first, last = add(reader.published, -most, unit), add(reader.published, -least, unit)
    if unit is Unit.YEAR:
        if not counted:
            return None
        return Days(period_of(first, unit)[0], period_of(last, unit)[1], approximate=True)
    return Days(first, last, approximate=site.about or unit in _ROUGH)


def _past(reader: _Reader, site: _Site) -> Days | None:
    """Read "the past 24 hours"."""
    _, most, unit, _ = reader.quantity(site.phrase)
    if unit is Unit.YEAR or reader.grammar.of.match(reader.text, site.phrase.end):
        return None
    return Days(add(reader.published, -most, unit), reader.published)


def _last(reader: _Reader, site: _Site) -> Days | None:
    """Read "in the last week"; "the last day" may be that of something else."""
    is_day = reader.grammar.words.singular[Unit.DAY].split()
    if site.link is not Link.ON or site.phrase.words["unit"] in is_day:
        return None
    return _past(reader, site)


def _recent(reader: _Reader, site: _Site) -> Days | None:
    """Read "in recent days"."""
    unit = reader.grammar.names.units[site.phrase.words["units"]]
    if unit not in _RECENT:
        return None
    return Days(add(reader.published, -_RECENT[unit], unit), reader.published)


def _coming(reader: _Reader, site: _Site) -> Days:
    """Read "in the coming days", and "in the next two days" after the date before it."""
    _, most, unit, _ = reader.quantity(site.phrase)
    anchor = reader.anchor
    told = anchor and not (reader.will(site) or reader.would(site))
    if anchor and told and add(anchor.last, most, unit) <= reader.published:
        return Days(add(anchor.last, 1), add(anchor.last, most, unit))
    return Days(add(reader.published, 1), add(reader.published, most, unit))


# Days named by their distance from the date before them


def _shift(reader: _Reader, site: _Site) -> Days | None:
    """Read "two days later", "a day earlier"."""
    side = _side(reader, site)
    quantity = reader.quantity(site.phrase)
    if quantity.unit is Unit.YEAR and not quantity.counted:
        return None
    anchor = reader.anchor_of(quantity.unit)
    if anchor is None and side > 0:
        return None
    base = anchor or Days(reader.published, reader.published)
    return _moved(reader, site, base, quantity, side)


def _moved(reader: _Reader, site: _Site, base: Days, quantity: _Quantity, side: int) -> Days | None:
    """Return the days so far from others, None where nothing says that they lie ahead."""
    least, most, unit, _ = quantity
    offsets = (least, most) if side > 0 else (-most, -least)
    first, last = add(base.first, offsets[0], unit), add(base.last, offsets[1], unit)
    if first > reader.published and not base.future:
        return None
    rough = site.about or unit in _ROUGH
    return Days(first, last, approximate=rough)


def _count(reader: _Reader, site: _Site) -> Days | None:
    """Read "the day before", and "six days after" what follows.

    Where a date precedes it at once, or ends the clause that it opens ("on Friday, six days after
    rebels entered"), it dates what follows. Where what follows has a date of its own ("six days
    after the offensive began on November 27"), it dates what it belongs to.
    """
    side, quantity = _side(reader, site), reader.quantity(site.phrase)
    grammar, end = reader.grammar, site.phrase.end
    if "n" not in site.phrase.words and quantity.unit in _PERIODS:
        return _neighbour(reader, site) if _is_complete(reader, site) else None
    if that := grammar.that.match(reader.text, end):
        shifted = _shift(reader, site)
        return shifted and replace(shifted, end=that.end())
    if _is_complete(reader, site):
        return _shift(reader, site)
    exact = quantity.least == quantity.most or quantity.most == 1
    if not exact or site.about or quantity.unit in (Unit.MONTH, Unit.YEAR):
        return None
    if reader.dated:
        before = reader.dated[-1]
        if grammar.adjacent.fullmatch(reader.text, before.end, site.start):
            return _introducing(reader, site, before.days, quantity, -side)
    following = _following(reader, site)
    if following is None:
        return None
    if "," not in reader.text[end : following.start]:
        return _moved(reader, site, following.days, quantity, side)
    if _AFTER_SENTENCE.search(reader.text, max(0, site.start - 8), site.start):
        return _introducing(reader, site, following.days, quantity, -side)
    return None


def _introducing(
    reader: _Reader, site: _Site, base: Days, quantity: _Quantity, side: int
) -> Days | None:
    """Return the days of the clause that follows; the word that begins it stays its own."""
    phrase = site.phrase
    end = phrase.start + len(
        reader.text[phrase.start : phrase.end - len(phrase.words["sign"])].rstrip()
    )
    days = _moved(reader, site, replace(base, future=True), quantity, side)
    return days and replace(days, introduces=True, end=end)


def _following(reader: _Reader, site: _Site) -> Dated | None:
    """Return the next date in the same sentence."""
    if site.row + 1 >= len(reader.phrases):
        return None
    phrase = reader.phrases[site.row + 1]
    if phrase.rule in (Rule.COUNT, Rule.NTH_DAY) or phrase.start - site.phrase.end > _CLAUSE:
        return None
    if _SENTENCE_END.search(reader.text, site.phrase.end, phrase.start):
        return None
    return reader.read(site.row + 1)


def _neighbour(reader: _Reader, site: _Site) -> Days | None:
    """Read "the previous day", "the following week", "the night before"."""
    words = site.phrase.words
    if "time" in words and "sign" in words and not _is_complete(reader, site):
        return None
    side, unit, most, counted = _side(reader, site), Unit.DAY, 1, True
    if "unit" in words:
        if reader.grammar.names.units[words["unit"]] is Unit.HOUR:
            return None
        _, most, unit, counted = reader.quantity(site.phrase)
    anchor = reader.anchor_of(unit)
    if (anchor is None and side > 0) or (unit is Unit.YEAR and most > 1 and not counted):
        return None
    base = anchor or Days(reader.published, reader.published)
    if unit in _PERIODS and most == 1:
        first, last = period_of(add(base.first, side, unit), unit)
    elif side < 0:
        first, last = add(base.first, -most, unit), add(base.first, -1)
    else:
        first, last = add(base.last, 1), add(base.last, most, unit)
    return Days(first, last) if first <= reader.published or base.future else None


def _same(reader: _Reader, site: _Site) -> Days | None:
    """Read "the same day", "the same week"."""
    words = site.phrase.words
    unit = reader.grammar.names.units[words["unit"]] if "unit" in words else Unit.DAY
    if unit is Unit.HOUR or words.get("unit") in reader.grammar.names.plurals:
        return None
    base = reader.anchor_of(unit) or Days(reader.published, reader.published)
    return Days(period_of(base.first, unit)[0], period_of(base.last, unit)[1])


def _that(reader: _Reader, site: _Site) -> Days | None:
    """Read "that day", which without a date before it may be any."""
    return _same(reader, site) if reader.anchor or reader.year_anchor else None


def _within(reader: _Reader, site: _Site) -> Days | None:
    """Read "later that month": from the day after the date before it to the month's end."""
    words, names = site.phrase.words, reader.grammar.names
    unit, part = names.units[words["period"]], names.parts[words["part"]]
    anchor = reader.calendar_anchor or reader.anchor
    if unit is Unit.YEAR:
        anchor = reader.year_anchor or anchor
    if anchor is None:
        return None
    first, last = part_of(period_of(anchor.first, unit), unit, part)
    if part is Part.LATER and anchor.last < last:
        first = add(anchor.last, 1)
    if part is Part.EARLIER and first < anchor.first:
        last = add(anchor.first, -1)
    return Days(first, last) if first <= reader.published else None


def _then(reader: _Reader, site: _Site) -> Days | None:
    """Read "since then"."""
    anchor = reader.anchor
    if anchor is None or site.link not in (Link.SINCE, Link.UNTIL, Link.BY, Link.BEFORE):
        return None
    return Days(anchor.first, anchor.last)


def _nth_day(reader: _Reader, site: _Site) -> Days | None:
    """Read "on the third day", counted from the date named with it, or else the one before."""
    number = _ordinal(reader, site.phrase.words["nth"])
    if site.link is not Link.ON:
        return None
    named = reader.grammar.of.match(reader.text, site.phrase.end)
    following = _following(reader, site) if named else None
    base = following.days if following else (reader.calendar_anchor or reader.anchor)
    if base is None or number < 1:
        return None
    day = add(base.first, number - 1)
    return Days(day, day) if day <= reader.published else None


_RULES: dict[Rule, Callable[[_Reader, _Site], Days | None]] = {
    Rule.ISO: _iso,
    Rule.DAY: _day,
    Rule.ORDINAL_DAY: _ordinal_day,
    Rule.DAY_ALONE: _day_alone,
    Rule.MONTH: _month,
    Rule.MONTH_WEEK: _month_week,
    Rule.YEAR: _year,
    Rule.WEEKDAY: _weekday,
    Rule.WEEKDAY_OF_WEEK: _weekday_of_week,
    Rule.WEEKDAY_NEXT_TO: _weekday_next_to,
    Rule.NIGHT_INTO: _night_into,
    Rule.NAMED: _named,
    Rule.PERIOD: _period,
    Rule.WEEKEND: _weekend,
    Rule.AGO: _ago,
    Rule.PAST: _past,
    Rule.LAST: _last,
    Rule.RECENT: _recent,
    Rule.COMING: _coming,
    Rule.SHIFT: _shift,
    Rule.NEIGHBOUR: _neighbour,
    Rule.SAME: _same,
    Rule.THAT: _that,
    Rule.WITHIN: _within,
    Rule.THEN: _then,
    Rule.NTH_DAY: _nth_day,
    Rule.COUNT: _count,
}
