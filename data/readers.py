"""What reads reports: with the places of countries, or with those and the actors of a project."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

from frontmap.data.database import Address, Location
from frontmap.geo.claims import Finds, read_report
from frontmap.geo.errors import StoreError
from frontmap.geo.reading import Reading
from frontmap.geo.records import Actor

if TYPE_CHECKING:
    from frontmap.data.archive import Document
    from frontmap.data.batch import Reader
    from frontmap.data.store import Project

__all__ = ["ReportReader", "archive_reader", "in_project", "open_reader"]


@dataclass(frozen=True, slots=True)
class ReportReader:
    """Reads reports, one after the other, in one theatre."""

    recogniser: Finds
    actors: Sequence[Actor] = ()

    def read(self, text: str, published: date) -> Reading:
        """Return the toponyms and claims of a report that was published on a day."""
        return read_report(text, published, self.recogniser, actors=self.actors)

    def read_document(self, document: Document) -> Reading:
        """Return those of an archive's document; InputError where a page has no article."""
        text = document.text
        if document.is_html:
            from frontmap.data.reports import load_report

            text = load_report(text.encode()).text
        return self.read(text, document.published)


def open_reader(countries: Sequence[str] = (), project: Location | None = None) -> ReportReader:
    """Return what reads with the places of countries (none: the world's), or of a project file.

    Raises InputError for a code that is no country's, and StoreError as `Project.open` does.
    """
    if project is not None:
        from frontmap.data.store import Project

        with Project.open(project) as opened:
            return ReportReader(opened.recogniser(), list(opened.actors().values()))
    from frontmap.data.gazetteer import Gazetteer

    return ReportReader(Gazetteer.open().recogniser(countries))


def in_project(project: Project, reading: Reading) -> Reading:
    """Return a reading whose claims say, as warnings, what in the project speaks against them."""
    from frontmap.data.reviewing import contradictions_of

    doubts = contradictions_of(project, reading.claims)
    claims = [
        replace(claim, warnings=(*claim.warnings, *found))
        for claim, found in zip(reading.claims, doubts, strict=True)
    ]
    return replace(reading, claims=claims)


def archive_reader(countries: Sequence[str] = (), project: Location | None = None) -> Reader:
    """Return the reader of an archive's documents; each worker opens its own."""
    from frontmap.data.batch import Reader

    return Reader(
        _version(countries, project), partial(_open_for_archive, tuple(countries), project)
    )


def _open_for_archive(
    countries: tuple[str, ...], project: Location | None
) -> Callable[[Document], Reading]:
    return open_reader(countries, project).read_document


def _version(countries: Sequence[str], project: Location | None) -> str:
    """Name all that a reading depends on: the rules, the places, and the project as it stands."""
    digest = hashlib.sha256()
    for folder in ("frontmap.geo", "frontmap.data"):
        for file in sorted(files(folder).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                digest.update(file.read_bytes())
    shipped = files("frontmap.data") / "shipped"
    digest.update((shipped / "gazetteer.zip").read_bytes())
    if isinstance(project, Address):
        raise StoreError(
            f"{project} may change while an archive is read: copy it to a file with frontmap pull"
        )
    if project is not None:
        digest.update(project.read_bytes())
    where = str(project) if project is not None else ",".join(sorted(countries))
    return f"frontmap {version('frontmap')} {where} {digest.hexdigest()}"
