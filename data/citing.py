"""Sources of what is recorded: the known one that is meant, or a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from urllib.parse import urlsplit

from frontmap.geo.errors import InputError, UnknownNameError
from frontmap.geo.records import Source
from frontmap.geo.toponyms import fold

__all__ = ["cited", "publication"]


def cited(name: str, known: Mapping[str, Source], *, accessed: datetime) -> Source:
    """Return the source of a slug or URL; a URL seen for the first time becomes a new source.

    Raises UnknownNameError where it is neither.
    """
    found = known.get(name) or _with_url(name, known)
    if found is not None:
        return found
    publisher = _publisher_of(name)
    if publisher is None:
        near = get_close_matches(name, known, n=3, cutoff=0.6)
        raise UnknownNameError("source", name, near, "add one with: frontmap source add")
    slug = _free_slug(f"{publisher}-{accessed:%Y-%m-%d}", known)
    return Source(slug, publisher, url=name, accessed=accessed.date())


def publication(
    known: Mapping[str, Source],
    *,
    url: str = "",
    publisher: str = "",
    title: str = "",
    published: date,
    accessed: datetime,
) -> Source:
    """Return the source of a report: the known one of its URL, or of publisher, title and date.

    Else a new one, which `Project.add_report` adds. Raises InputError where neither URL nor
    publisher is given, or the URL is none.
    """
    if not url and not publisher.strip():
        raise InputError("a report needs a source to be saved: give --url, or --publisher")
    if url and _publisher_of(url) is None:
        raise InputError(f"{url!r} is not a URL: it begins with https:// or http://")
    found = _with_url(url, known) if url else _same(known, publisher, title, published)
    if found is not None:
        return found
    publisher, host = publisher.strip(), _publisher_of(url) or ""
    stem = _plain(publisher) if publisher else host
    slug = _free_slug(f"{stem}-{published:%Y-%m-%d}", known)
    publisher = publisher or host
    return Source(slug, publisher, title, url, published, accessed.date() if url else None)


def _with_url(url: str, known: Mapping[str, Source]) -> Source | None:
    return next((source for source in known.values() if source.url and source.url == url), None)


def _same(
    known: Mapping[str, Source], publisher: str, title: str, published: date
) -> Source | None:
    wanted = (fold(publisher), title, published)
    for source in known.values():
        if (fold(source.publisher), source.title, source.published) == wanted:
            return source
    return None


def _publisher_of(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return parts.hostname.removeprefix("www.")


def _plain(name: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in fold(name)).split()
    return "-".join(words) or "source"


def _free_slug(wish: str, taken: Iterable[str]) -> str:
    taken, slug, number = set(taken), wish, 1
    while slug in taken:
        number += 1
        slug = f"{wish}-{number}"
    return slug
