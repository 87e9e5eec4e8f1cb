"""Dates and instants as people write them: ISO 8601 only, because 03/04/2024 is two days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from frontmap.geo.errors import InputError

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMERIC_DATE = re.compile(r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def parse_date(text: str) -> date:
    """Return the date of "YYYY-MM-DD"; InputError on anything else, with the remedy."""
    text = text.strip()
    if not _ISO_DATE.fullmatch(text):
        why = " could be read in two ways" if _NUMERIC_DATE.fullmatch(text) else " is not a date"
        raise InputError(f"{text!r}{why}: write it as YYYY-MM-DD, for example 2024-12-06")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} does not exist in the calendar") from None


def parse_instant(text: str) -> datetime:
    """Return the aware UTC instant of an ISO date-time; a date alone is the end of that day, UTC.

    InputError where it is no ISO date-time, or has no time zone.
    """
    text = text.strip()
    if _ISO_DATE.fullmatch(text):
        following = parse_date(text) + timedelta(days=1)
        return datetime.combine(following, time(), UTC) - timedelta(milliseconds=1)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is not a time: write it as YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"
        ) from None
    if instant.tzinfo is None:
        raise InputError(f"{text!r} has no time zone: end it with Z for UTC, or with +03:00")
    return instant.astimezone(UTC)


def as_date(day: date | str) -> date:
    """Return a date given as one, as a datetime (its own day), or as "YYYY-MM-DD"."""
    if isinstance(day, datetime):
        return day.date()
    return parse_date(day) if isinstance(day, str) else day


def as_instant(instant: datetime | str) -> datetime:
    """Return the UTC instant given as an aware datetime or as ISO text; InputError for another."""
    text = instant.isoformat() if isinstance(instant, datetime) else instant
    return parse_instant(text)


def format_instant(instant: datetime) -> str:
    """Write an aware instant as GeoPackage does: "2024-12-06T18:30:00.000Z"."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def now() -> datetime:
    """Return this instant in UTC, to the millisecond that the store keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def format_day(day: date) -> str:
    """Write a date for readers: "6 December 2024"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
