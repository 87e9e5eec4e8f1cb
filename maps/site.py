"""A static site of control maps: a page a day, the player, downloads, a feed, and corrections.

A site is built from a project day by day, and again every morning: a manifest beside it holds the
digest of what each file was made from, so that only what changed is made anew, and an interrupted
build goes on where it stopped. Each file appears whole or not at all.

    index.html               the latest map, and all days
    2024-12-06/index.html    the day's brief with its map
    2024-12-06/map.html      the day's map alone, to embed
    2024-12-06/…             picture and data of the day
    player.html              all days in one page
    corrections.html         what was retracted, when and why
    feed.xml, sitemap.xml    for readers and search engines
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement, tostring

from shapely import MultiPolygon

from frontmap.geo.control import is_known
from frontmap.geo.dates import format_day, format_instant
from frontmap.geo.errors import InputError
from frontmap.geo.records import Certainty, Change
from frontmap.maps.blocks import (
    Bullets,
    Column,
    Picture,
    Section,
    Table,
    Text,
    cell,
    legible,
    paragraph,
)
from frontmap.maps.brief import Brief, describe_brief
from frontmap.maps.figure import render_figure
from frontmap.maps.page import render_page
from frontmap.maps.player import render_player
from frontmap.maps.report import render_html
from frontmap.maps.series import describe_series
from frontmap.maps.spec import Project
from frontmap.maps.style import PRESETS

MANIFEST = "manifest.json"
SOCIAL_CARD = "map.png"

#: What a day takes, to guess whether a build is worth workers.
SECONDS_A_DAY = 1.5
#: Days that a worker makes in one go: a few, so that none is left with many more than another.
DAYS_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Site:
    """What a site shows: the days, how they are measured, and where it will stand.

    `base_url` ("https://example.org/maps/") is needed for absolute links: the sitemap, and the
    pictures that social networks fetch; "" leaves these out.
    """

    first: date
    last: date
    title: str | None = None
    known_at: datetime | None = None
    min_certainty: Certainty = Certainty.CLAIMED
    distance_to: tuple[str, ...] = ()
    from_: str | None = None
    base_url: str = ""

    def days(self) -> list[date]:
        """Return every day, the first and the last included; InputError where there is none."""
        if self.last < self.first:
            raise InputError(f"the site ends ({self.last}) before it begins ({self.first})")
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class Outside:
    """What a site needs from beyond this package.

    `open` opens the project in whichever process calls it. `day_data` (of a day, known at a time,
    at a minimum certainty) and `series_data` (of days, and distances to places from an actor or
    side) return downloads by file name. `write` writes a file whole.
    """

    open: Callable[[], AbstractContextManager[Any]]
    day_data: Callable[[Any, date, datetime | None, Certainty], Mapping[str, bytes]]
    series_data: Callable[..., Mapping[str, bytes]]
    write: Callable[[Path, bytes], None]


@dataclass(slots=True)
class Built:
    """The files that a build wrote, and how many it found up to date."""

    written: list[str] = field(default_factory=list)
    kept: int = 0


def build(
    site: Site,
    folder: Path,
    outside: Outside,
    spread: Callable[..., None],
    *,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Built:
    """Build or bring up to date the site in a folder.

    `spread` has groups of tasks done, in this process or others, as that of
    `frontmap.data.cluster` does. `told` is called after each step with how many steps are done, and
    of how many.
    """
    days = site.days()
    manifest, built = _Manifest.read(folder, outside.write), Built()
    with outside.open() as project:
        digests = _digests(project, site, days)
    due = [day for day in days if not manifest.is_current(f"{day}/", digests[day])]
    built.kept = len(days) - len(due)
    whole = _digest("site", asdict(site), sorted(digests.values()), version("frontmap"))
    is_due = bool(due) or not manifest.is_current("", whole)
    top: dict[str, bytes] = {}
    done = 0

    def take(day: date | None, files: dict[str, bytes]) -> None:
        nonlocal done
        done += 1
        if day is None:  # leads to the days, and so is written after them
            top.update(files)
        else:
            manifest.put(f"{day}/", digests[day], files)
            built.written += files
        told(done, is_due + len(due))

    spans = [due[n : n + DAYS_TOGETHER] for n in range(0, len(due), DAYS_TOGETHER)]
    spread(
        partial(_made, site, outside, days),
        [[None]] * is_due + spans,  # the top first, which takes longer than a span
        take,
        seconds=SECONDS_A_DAY * len(due),
        named=_named,
    )
    if is_due:
        manifest.put("", whole, top)
        built.written += top
    manifest.drop_others([f"{day}/" for day in days])
    return built


# --- what is to be made ---------------------------------------------------------------------------


class _Manifest:
    """What each part of a site was made from, kept in a file beside it after every part.

    A part is a folder ("2024-12-06/") or, as "", what stands at the top.
    """

    def __init__(
        self, folder: Path, write: Callable[[Path, bytes], None], parts: dict[str, dict[str, Any]]
    ) -> None:
        self._folder, self._write, self._parts = folder, write, parts

    @classmethod
    def read(cls, folder: Path, write: Callable[[Path, bytes], None]) -> _Manifest:
        """Read the manifest; without one, or with an unreadable one, all is to be made."""
        path = folder / MANIFEST
        if not path.is_file() and folder.is_dir() and any(folder.iterdir()):
            raise InputError(
                f"{folder} holds other files, and no site; nothing was written (name an empty one)"
            )
        try:
            parts = json.loads(path.read_bytes())["parts"]
        except (OSError, ValueError, KeyError, TypeError):
            parts = {}
        return cls(folder, write, parts)

    def is_current(self, part: str, digest: str) -> bool:
        made = self._parts.get(part, {})
        return made.get("digest") == digest and all(
            (self._folder / name).is_file() for name in made["files"]
        )

    def put(self, part: str, digest: str, files: Mapping[str, bytes]) -> None:
        """Write the files of a part, and only then note what they were made from."""
        for name, data in files.items():
            self._write(self._folder / name, data)
        self._parts[part] = {"digest": digest, "files": sorted(files)}
        self._save()

    def drop_others(self, parts: Sequence[str]) -> None:
        """Remove the files of parts that the site has no longer, as when its days have changed."""
        for part in set(self._parts) - {"", *parts}:
            for name in self._parts.pop(part)["files"]:
                (self._folder / name).unlink(missing_ok=True)
            (self._folder / part).rmdir()
        self._save()

    def _save(self) -> None:
        parts = dict(sorted(self._parts.items()))
        text = json.dumps({"generator": "frontmap", "parts": parts}, indent=1)
        self._write(self._folder / MANIFEST, text.encode())


def _digests(project: Project, site: Site, days: Sequence[date]) -> dict[date, str]:
    """Return for each day the digest of all that its pages are made from.

    Rows of later days have no part in it, so that a new day leaves those before it as they are.
    """
    common = _digest(
        version("frontmap"),
        asdict(site) | {"first": None, "last": None},
        project.theatre.polygon.wkb_hex,
        # What reports call an actor is on no page.
        [asdict(replace(actor, aliases=())) for actor in project.actors().values()],
        [asdict(source) for source in project.sources().values()],
        [asdict(place) for place in project.places()],
    )
    rows = sorted(
        (change for change in project.changes() if is_recorded(change, site.known_at)),
        key=lambda change: (change.valid_from, change.id),
    )
    beside = [None, *days, None]  # a page leads to the days before and after it
    told, digests, used = hashlib.sha256(common.encode()), dict[date, str](), 0
    for number, day in enumerate(days):
        while used < len(rows) and rows[used].valid_from <= day:
            told.update(_digest_of(rows[used]).encode())
            used += 1
        digests[day] = _digest(told.hexdigest(), beside[number : number + 3])
    return digests


def is_recorded(change: Change, known_at: datetime | None) -> bool:
    """Say whether a row had been written down by a time, retracted since or not."""
    return known_at is None or change.recorded_at <= known_at


def known_by(rows: Sequence[Change], site: Site, day: date) -> datetime | None:
    """Return when the newest of the rows of a day or before was recorded or retracted.

    A day's pages say what was known by then, so that they stay as they are when rows of later days
    are recorded.
    """
    instants = [
        instant
        for change in rows
        if change.valid_from <= day
        for instant in (change.recorded_at, change.retracted_at)
        if instant is not None and (site.known_at is None or instant <= site.known_at)
    ]
    return max(instants, default=site.known_at)


def _digest_of(change: Change) -> str:
    return _digest(change.polygon.wkb_hex, repr(replace(change, polygon=MultiPolygon())))


def _digest(*parts: Any) -> str:
    text = json.dumps(parts, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


# --- a day ----------------------------------------------------------------------------------------


def _made(site: Site, outside: Outside, days: Sequence[date], day: date | None) -> dict[str, bytes]:
    """Return the files of one of the `days`, or for None what stands at the top, by their path."""
    with outside.open() as project:
        if day is None:
            return _common(project, site, outside, days)
        return _day_files(project, site, outside, day, days)


def _named(group: Sequence[date | None]) -> str:
    return f"{group[0]} to {group[-1]}" if group[0] else "the pages of all days"


def _day_files(
    project: Project, site: Site, outside: Outside, day: date, all_days: Sequence[date]
) -> dict[str, bytes]:
    """Return the files of a day by their path in the site."""
    described = _described(project, site, day)
    brief = describe_brief(project, day, **described)
    files = {
        "index.html": _day_page(site, brief, all_days).encode(),
        "map.html": render_page(brief.map).encode(),
        SOCIAL_CARD: render_figure(
            brief.map, ".png", size_px=PRESETS["social"].size_px, scale=PRESETS["social"].scale
        ),
        **outside.day_data(project, day, described["known_at"], site.min_certainty),
    }
    return {f"{day}/{name}": data for name, data in files.items()}


def _described(project: Project, site: Site, day: date) -> dict[str, Any]:
    return {
        "known_at": known_by(project.changes(), site, day),
        "min_certainty": site.min_certainty,
        "distance_to": site.distance_to,
        "from_": site.from_,
        "title": site.title,
    }


def _day_page(site: Site, brief: Brief, days: Sequence[date]) -> str:
    """Return the brief of a day with its map to move in, and the way to the days beside it."""
    beside = days.index(brief.as_of)
    links = [link("All days", "../index.html")]
    if beside > 0:
        links.append(link(f"← {format_day(days[beside - 1])}", f"../{days[beside - 1]}/index.html"))
    if beside + 1 < len(days):
        links.append(link(f"{format_day(days[beside + 1])} →", f"../{days[beside + 1]}/index.html"))
    links += [link("The map alone", "map.html"), link("As a picture", SOCIAL_CARD)]
    return render_html(brief, frame="map.html", links=links, head=_card(site, f"{brief.as_of}/"))


def _card(site: Site, part: str) -> dict[str, str]:
    """Return what social networks show of a page; it needs absolute addresses."""
    if not site.base_url:
        return {}
    return {"og:url": urljoin(site.base_url, part), "og:image": _absolute(site, part + SOCIAL_CARD)}


def _absolute(site: Site, path: str) -> str:
    return urljoin(site.base_url.rstrip("/") + "/", path)


# --- what stands at the top -----------------------------------------------------------------------


def _common(
    project: Project, site: Site, outside: Outside, days: Sequence[date]
) -> dict[str, bytes]:
    """Return the files that tell of all days."""
    known = site.known_at
    series = describe_series(project, site.first, site.last, **_described(project, site, site.last))
    rows = [c for c in project.changes() if is_recorded(c, known) and c.valid_from <= site.last]
    title = site.title or f"{project.theatre.name}: control of territory"
    data = outside.series_data(
        project, days, known, site.min_certainty, site.distance_to, site.from_
    )
    files = {
        "index.html": _index(site, project, title, rows, days, sorted(data)).encode(),
        "player.html": render_player(series).encode(),
        "corrections.html": _corrections(project, title, rows, known).encode(),
        "feed.xml": _feed(site, project, title, rows, days),
        **data,
    }
    if site.base_url:
        files["sitemap.xml"] = _sitemap(site, days)
    return files


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of a site, laid out as a brief is."""

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    summary: str
    lang: str = "en"
    direction: str = "ltr"


def _index(
    site: Site,
    project: Project,
    title: str,
    rows: Sequence[Change],
    days: Sequence[date],
    downloads: Sequence[str],
) -> str:
    latest, names, by_day = days[-1], _names(project), _by_day(rows, site)
    table = Table(
        "All days, the latest first",
        (Column("Day", False, 30), Column("Changes", True, 15), Column("Places", False, 55)),
        tuple(
            (
                cell(link(format_day(day), f"{day}/index.html")),
                cell(str(len(by_day[day]))),
                cell(_places(names, by_day[day])),
            )
            for day in reversed(days)
        ),
    )
    summary = f"{len(days)} days, from {format_day(days[0])} to {format_day(latest)}."
    sections = (
        Section("latest", f"The map of {format_day(latest)}", (Picture(title, ""),)),
        Section("days", "Days", (table,)),
        Section("data", "Data", (Bullets(tuple((link(n, n),) for n in downloads)),)),
    )
    links = [
        link("Play all days", "player.html"),
        link(f"Brief of {format_day(latest)}", f"{latest}/index.html"),
        link("Corrections", "corrections.html"),
        link("Feed", "feed.xml"),
    ]
    page = _Page(title, (summary,), sections, summary)
    return render_html(
        page, frame=f"{latest}/map.html", links=links, head=_card(site, f"{latest}/")
    )


def _by_day(rows: Sequence[Change], site: Site) -> dict[date, list[Change]]:
    found = defaultdict[date, list[Change]](list)
    for row in rows:
        if is_known(row, site.known_at):
            found[row.valid_from].append(row)
    return found


def _names(project: Project) -> dict[str, str]:
    return {place.id: place.name for place in project.places()}


def _places(names: Mapping[str, str], rows: Sequence[Change]) -> str:
    told = list(dict.fromkeys(names[row.place] for row in rows if row.place))
    more = f" and {len(told) - 6} more" if len(told) > 6 else ""
    return ", ".join(told[:6]) + more


def _corrections(
    project: Project, title: str, rows: Sequence[Change], known_at: datetime | None
) -> str:
    """Return the page of what was retracted, the latest first."""
    actors, names = project.actors(), _names(project)
    retracted = sorted(
        (r for r in rows if r.retracted_at and (known_at is None or r.retracted_at <= known_at)),
        key=lambda row: (row.retracted_at, row.id),
        reverse=True,
    )
    table = Table(
        "Records retracted, the latest first",
        (
            Column("Retracted", False, 18),
            Column("Record", False, 42),
            Column("Why", False, 40),
        ),
        tuple(
            (
                cell(f"{row.retracted_at:%Y-%m-%d %H:%M} UTC"),
                cell(
                    f"No. {row.id}, from {format_day(row.valid_from)}: "
                    f"{_places(names, [row]) or row.method}, "
                    f"{actors[row.actor].short_name if row.actor else 'no data'}"
                ),
                cell(row.retraction_reason),
            )
            for row in retracted
        ),
    )
    said = paragraph("Nothing has been retracted.")
    count = "1 record has" if len(retracted) == 1 else f"{len(retracted)} records have"
    summary = f"{count} been retracted. A retracted record stays on file, with the reason."
    sections = (Section("corrections", "Corrections", (table if retracted else said,)),)
    page = _Page(f"{title}: corrections", (summary,), sections, summary)
    return render_html(page, links=[link("All days", "index.html")])


def _feed(
    site: Site, project: Project, title: str, rows: Sequence[Change], days: Sequence[date]
) -> bytes:
    """Return an Atom feed (RFC 4287), an entry a day, the latest 30."""
    key = hashlib.sha256(f"{project.theatre.name}{site.base_url}".encode()).hexdigest()[:16]
    feed = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _texts(feed, id=f"urn:frontmap:{key}", title=title, updated=_updated(rows, site, days[-1]))
    SubElement(SubElement(feed, "author"), "name").text = "frontmap"
    names, by_day = _names(project), _by_day(rows, site)
    for day in reversed(days[-30:]):
        entry = SubElement(feed, "entry")
        changes = by_day[day]
        count = "1 change" if len(changes) == 1 else f"{len(changes)} changes"
        summary = f"{count}. {_places(names, changes)}".strip()
        _texts(
            entry,
            id=f"urn:frontmap:{key}:{day}",
            title=f"{title}, {format_day(day)}",
            updated=_updated(rows, site, day),
            summary=legible(summary),
        )
        SubElement(entry, "link", href=_absolute(site, f"{day}/index.html"))
    return _xml(feed)


def _updated(rows: Sequence[Change], site: Site, day: date) -> str:
    known = known_by(rows, site, day)
    return format_instant(known) if known else f"{day}T00:00:00Z"


def _sitemap(site: Site, days: Sequence[date]) -> bytes:
    root = Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for path in ("", "player.html", "corrections.html", *(f"{day}/" for day in days)):
        _texts(SubElement(root, "url"), loc=_absolute(site, path))
    return _xml(root)


def _texts(parent: Element, **values: str) -> None:
    for name, text in values.items():
        SubElement(parent, name).text = legible(text)


def _xml(root: Element) -> bytes:
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def link(text: str, url: str) -> Text:
    """Return a link to another page of the site."""
    return Text(legible(text), url=url)
