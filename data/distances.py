"""Distances in several projects over years, shared among workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from frontmap.data.cluster import HERE, Workers, spread
from frontmap.data.portable import Opens, Portable
from frontmap.data.store import Project
from frontmap.geo.distance import Distance, NoDistance
from frontmap.geo.errors import UnknownNameError
from frontmap.geo.records import Certainty, Match, Place
from frontmap.geo.summary import series, series_by_place

if TYPE_CHECKING:
    from frontmap.geo.control import ControlMap

__all__ = ["Asked", "find_places", "measure_days"]

Row = Distance | NoDistance

#: What a job takes at least, to guess whether it is worth workers: noding a change, and for each
#: day on which something changed its map and what is measured on it.
SECONDS_A_CHANGE = 0.0003
SECONDS_A_MAP = 0.008
#: So many projects for each worker, and one does all years of a project: the workers that end first
#: wait for no more than a small part of the job.
PROJECTS_A_WORKER = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """The days on which distances are measured, `first` to `last`, and how."""

    first: date
    last: date
    from_: str | None = None
    known_at: datetime | None = None
    min_certainty: Certainty = Certainty.CLAIMED


@dataclass(frozen=True, slots=True)
class _Year:
    """The days of one calendar year, or some of them, in one project."""

    number: int
    where: str
    project: Opens
    targets: tuple[Place, ...]
    asked: Asked


def find_places(projects: Sequence[Project], names: Sequence[str]) -> list[list[tuple[str, Match]]]:
    """Return for each project the names that it knows, and their places; some project must.

    Where any project knows a place by its very name, a similar name in another is not meant.
    Raises UnknownNameError for a name that no project knows, and AmbiguousToponymError.
    """
    found: list[list[tuple[str, Match]]] = [[] for _ in projects]
    for name in names:
        matches, unknown = dict[int, Match](), list[UnknownNameError]()
        for number, project in enumerate(projects):
            try:
                matches[number] = project.match(name)
            except UnknownNameError as error:
                unknown.append(error)
        if not matches:
            raise unknown[0]
        exact = {n: match for n, match in matches.items() if match.taken_for(name) is None}
        for number, match in (exact or matches).items():
            found[number].append((name, match))
    return found


def measure_days(
    projects: Sequence[tuple[Project, Sequence[Place]]],
    asked: Asked,
    *,
    workers: Workers = HERE,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> list[list[Row]]:
    """Measure to places of each project on each day: for each project, its rows place by place.

    A task is a calendar year of one project, in this process too, so that the rows are the same
    to the last bit whoever makes them. One day alone raises NoFrontError where there is no front;
    in a series such a day has a row that says so. UnknownNameError where `from_` is neither an
    actor nor a side.
    """
    if asked.first >= asked.last:
        return [_one_day(project, targets, asked) for project, targets in projects]
    years = list(_years(projects, asked))
    made: dict[tuple[int, date], list[list[Row]]] = {}

    def take(year: _Year, rows: list[list[Row]]) -> None:
        made[year.number, year.asked.first] = rows
        told(len(made), len(years))

    spread(
        _measure,
        _groups(years, len(projects), workers),
        take,
        workers=workers if len(years) > 1 else Workers(scheduler=workers.scheduler),
        seconds=sum(_seconds(project, asked) for project, _ in projects),
        named=_named,
    )
    return [
        [
            row
            for target in range(len(targets))
            for key in sorted(key for key in made if key[0] == number)
            for row in made[key][target]
        ]
        for number, (_, targets) in enumerate(projects)
    ]


def _one_day(project: Project, targets: Sequence[Place], asked: Asked) -> list[Row]:
    days = [asked.first] if asked.first == asked.last else []
    return series(_maps(project, asked), days, targets, asked.from_, project.places())


def _years(projects: Sequence[tuple[Project, Sequence[Place]]], asked: Asked) -> Iterator[_Year]:
    """Yield the years of all projects, the latest first.

    They take longest, having most changes behind them; what is short comes last, so that no worker
    waits long for another.
    """
    taken_along = [Portable(project) for project, _ in projects]
    for year in range(asked.last.year, asked.first.year - 1, -1):
        first, last = max(asked.first, date(year, 1, 1)), min(asked.last, date(year, 12, 31))
        part = replace(asked, first=first, last=last)
        for number, (project, targets) in enumerate(projects):
            yield _Year(number, str(project.location), taken_along[number], tuple(targets), part)


def _groups(years: Sequence[_Year], projects: int, workers: Workers) -> list[list[_Year]]:
    """Return which years are done by one worker in one go.

    All of a project where there are projects enough for all workers: what its years have in common,
    the noding of its changes, is then derived once. How large a cluster is is not known here.
    """
    if workers.scheduler is not None or projects < PROJECTS_A_WORKER * workers.count:
        return [[year] for year in years]
    return [[year for year in years if year.number == number] for number in range(projects)]


class _Rows(list[list[Row]]):
    """Rows, a list a place, that travel as their values: objects take twice as long to pack."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked, ([[(type(row), _values(row)) for row in rows] for rows in self],)


def _values(row: Row) -> tuple[Any, ...]:
    return _VALUES_OF[type(row)](row)


def _unpacked(packed: list[list[tuple[type[Row], tuple[Any, ...]]]]) -> _Rows:
    return _Rows([kind(*values) for kind, values in rows] for rows in packed)


_VALUES_OF: Mapping[type[Row], Callable[[Row], tuple[Any, ...]]] = {
    kind: attrgetter(*(field.name for field in fields(kind))) for kind in (Distance, NoDistance)
}


def _measure(year: _Year) -> _Rows:
    """Return the rows of a year; runs in a worker or here."""
    asked = year.asked
    days = [asked.first + timedelta(n) for n in range((asked.last - asked.first).days + 1)]
    with year.project.open() as project:
        return _Rows(
            series_by_place(
                _maps(project, asked), days, year.targets, asked.from_, project.places()
            )
        )


def _maps(project: Project, asked: Asked) -> Callable[[date], ControlMap]:
    return lambda day: project.control_map(day, asked.known_at, asked.min_certainty)


def _seconds(project: Project, asked: Asked) -> float:
    maps = sum(asked.first <= day <= asked.last for day in project.dates())
    return SECONDS_A_CHANGE * project.change_count() + SECONDS_A_MAP * maps


def _named(group: Sequence[_Year]) -> str:
    return f"{group[0].where}, {group[-1].asked.first} to {group[0].asked.last}"
