"""The calendar's arithmetic: weeks from Monday, months, years, and the parts of them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from frontmap.geo.datewords import Part, Unit

__all__ = [
    "NoSuchDayError",
    "Span",
    "add",
    "day_of",
    "part_of",
    "period_of",
    "weekday_after",
    "weekday_until",
]

#: The first and the last day, both included.
Span = tuple[date, date]


class NoSuchDayError(ValueError):
    """A day that the calendar lacks: 31 November, or one before year 1 or after year 9999."""


def day_of(year: int, month: int, day: int) -> date:
    """Return the date; NoSuchDayError where there is none."""
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDayError from None


def add(day: date, number: int, unit: Unit = Unit.DAY) -> date:
    """Return the day that lies so many days, weeks, months or years later.

    A month that is too short gives its last day: 31 January and a month is 28 or 29 February.
    NoSuchDayError beyond the calendar's ends.
    """
    if unit in (Unit.MONTH, Unit.YEAR):
        months = day.year * 12 + day.month - 1 + number * (12 if unit is Unit.YEAR else 1)
        year, month = divmod(months, 12)
        first = day_of(year, month + 1, 1)
        return first.replace(day=min(day.day, calendar.monthrange(year, month + 1)[1]))
    try:
        return day + timedelta(days=number * {Unit.WEEK: 7, Unit.FORTNIGHT: 14}.get(unit, 1))
    except OverflowError:
        raise NoSuchDayError from None


def period_of(day: date, unit: Unit) -> Span:
    """Return the calendar week, month or year that a day lies in, or the day alone."""
    if unit is Unit.WEEK:
        monday = add(day, -day.weekday())
        return monday, add(monday, 6)
    if unit is Unit.MONTH:
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    if unit is Unit.YEAR:
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    return day, day


def part_of(span: Span, unit: Unit, part: Part) -> Span:
    """Return a part of a calendar week, month or year; "earlier" and "later" are the whole."""
    first, last = span
    early_ends, mid_ends, half_ends = {
        Unit.WEEK: (add(first, 2), add(first, 3), add(first, 3)),
        Unit.MONTH: (add(first, 9), add(first, 19), add(first, 14)),
        Unit.YEAR: (
            first.replace(month=4, day=30),
            first.replace(month=8, day=31),
            first.replace(month=6, day=30),
        ),
    }[unit]
    return {
        Part.EARLY: (first, early_ends),
        Part.MID: (add(early_ends, 1), mid_ends),
        Part.LATE: (add(mid_ends, 1), last),
        Part.END: (add(mid_ends, 1), last),
        Part.FIRST_HALF: (first, half_ends),
        Part.SECOND_HALF: (add(half_ends, 1), last),
    }.get(part, span)


def weekday_until(day: date, weekday: int) -> date:
    """Return the latest such weekday (0 is Monday) on or before a day."""
    return add(day, -((day.weekday() - weekday) % 7))


def weekday_after(day: date, weekday: int) -> date:
    """Return the first such weekday (0 is Monday) after a day."""
    return add(day, (weekday - day.weekday() - 1) % 7 + 1)
