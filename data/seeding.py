"""From a folder of human-edited rows (`seeds/`) to a project file, record by record."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from frontmap.data.drafting import Draft, add_drafts
from frontmap.data.store import Project
from frontmap.geo.dates import parse_date, parse_instant
from frontmap.geo.errors import FrontmapError, InputError
from frontmap.geo.records import Actor, Attribution, Source

ACTOR_COLUMNS = ("slug", "name", "short_name", "side", "colour", "hatch", "aliases")
SOURCE_COLUMNS = ("slug", "publisher", "title", "url", "published", "accessed")
CHANGE_COLUMNS = (
    *("key", "valid_from", "valid_to", "actor", "status", "contested_by", "certainty", "method"),
    *("place", "area", "polygon", "toward", "within_km", "via", "reach_km", "width_km"),
    *("sources", "said_by", "note", "recorded_at"),
)


@dataclass(frozen=True, slots=True)
class Seed:
    """What a seed's `project.toml` says of the project and of the map to show first."""

    folder: Path
    name: str
    countries: tuple[str, ...]
    reach_km: float | None
    time_zone: str | None
    title: str
    as_of: date
    distance_to: tuple[str, ...]
    distance_from: str | None


def shipped(name: str) -> Path:
    """Return the folder of a seed that ships with frontmap, for example "syria-2024"."""
    return Path(str(files("frontmap.seeds"))) / name


def read_seed(folder: Path) -> Seed:
    """Read `project.toml`; InputError where it is missing or lacks something."""
    path = folder / "project.toml"
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
        return Seed(
            folder,
            about["name"],
            tuple(about["countries"]),
            about.get("reach_km"),
            about.get("time_zone"),
            about["title"],
            about["as_of"],
            tuple(about["distance_to"]),
            about.get("distance_from"),
        )
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise InputError(f"{path}: {error} is wrong or missing") from None


def build(seed: Seed, path: Path, *, until: date | None = None) -> tuple[Project, tuple[str, ...]]:
    """Make a project file from a seed; returns it open, with what is to be noted.

    With `until` only changes of that date and before get into it: the lines as of that day.
    Raises InputError with every problem of every row; the file appears whole or not at all.
    """
    notes: list[str] = []

    def fill(project: Project) -> None:
        _load(project, seed.folder, notes, until or date.max)

    project = Project.init(
        path,
        seed.countries,
        name=seed.name,
        reach_km=seed.reach_km,
        time_zone=seed.time_zone,
        fill=fill,
    )
    return project, tuple(notes)


def _load(project: Project, folder: Path, notes: list[str], until: date) -> None:
    problems: list[str] = []
    for origin, row in _rows(folder / "actors.csv", ACTOR_COLUMNS):
        with _Noting(problems, origin):
            project.add_actor(_actor(row))
    for origin, row in _rows(folder / "sources.csv", SOURCE_COLUMNS):
        with _Noting(problems, origin):
            project.add_source(_source(row))
    drafts: list[Draft] = []
    for name in ("baseline.csv", "changes.csv"):
        for origin, row in _rows(folder / name, CHANGE_COLUMNS):
            with _Noting(problems, origin):
                if parse_date(row["valid_from"]) <= until:
                    drafts.append(_draft(row, origin, folder))
    with _Noting(problems, ""):
        notes += add_drafts(project, drafts)[1]
    if problems:
        raise InputError(problems)


class _Noting:
    """Gather what rows raise, so that all of it is reported together."""

    def __init__(self, problems: list[str], origin: str) -> None:
        self.problems, self.prefix = problems, f"{origin}: " if origin else ""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, InputError):
            self.problems += [self.prefix + problem for problem in error.problems]
        elif isinstance(error, FrontmapError):
            self.problems.append(f"{self.prefix}{error}")
        return isinstance(error, FrontmapError)


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row with the name of file and line that messages begin with."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != tuple(columns):
            raise InputError(f"{path.name}: its columns must be {','.join(columns)}")
        for row in reader:
            origin = f"{path.name}, line {reader.line_num}"
            if None in row or None in row.values():
                raise InputError(f"{origin}: it does not have {len(columns)} cells")
            yield origin, {name: value.strip() for name, value in row.items()}


def _actor(row: dict[str, str]) -> Actor:
    return Actor(
        row["slug"],
        row["name"],
        row["short_name"],
        row["side"],
        row["colour"],
        row["hatch"],
        _listed(row["aliases"]),
    )


def _source(row: dict[str, str]) -> Source:
    published, accessed = (
        parse_date(row[column]) if row[column] else None for column in ("published", "accessed")
    )
    return Source(row["slug"], row["publisher"], row["title"], row["url"], published, accessed)


def _draft(row: dict[str, str], origin: str, folder: Path) -> Draft:
    numbers: dict[str, Any] = {
        column: _number(column, row[column]) for column in ("within_km", "reach_km", "width_km")
    }
    sources, said_by = row["sources"].split("|"), row["said_by"].split("|")
    if len(said_by) != len(sources):
        raise InputError(f"{len(sources)} sources, but {len(said_by)} said_by: one for each")
    return Draft(
        actor=row["actor"],
        on=row["valid_from"],
        until=row["valid_to"],
        status=row["status"],
        contested_by=row["contested_by"],
        certainty=row["certainty"],
        sources=tuple(
            Attribution(source.strip(), who.strip())
            for source, who in zip(sources, said_by, strict=True)
        ),
        place=row["place"],
        area=row["area"],
        polygon=folder / "polygons" / row["polygon"] if row["polygon"] else None,
        toward=row["toward"],
        via=_listed(row["via"]),
        note=row["note"],
        recorded_at=parse_instant(row["recorded_at"]),
        origin=f"{origin} ({row['key']})",
        **numbers,
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("|") if name.strip())


def _number(column: str, text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise InputError(f"{column} {text!r} is not a number") from None
