"""Series of snapshots as control changes: one actor's whole ground, a polygon a day.

A series is known by its actor, its adversary and its sources. Each of its changes keeps in its
parameters which series and file it came from, so that more days can follow, or come between, and
the same days can come again: what the project has already is left as it is. A day that comes
between two others alters what the later of them gained and lost: its changes are retracted,
and those against the new day recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from frontmap.data.store import Project
from frontmap.geo.dates import now
from frontmap.geo.errors import InputError
from frontmap.geo.records import Attribution, Certainty, Change, Method, Status
from frontmap.geo.snapshots import composed, difference, is_apparent

__all__ = ["Plan", "Series", "Snapshot", "add_snapshots", "plan_snapshots"]

#: What a change of a series is: ground that its actor gained or lost, or all the rest at first.
_GAINED, _LOST, _REST = "gained", "lost", "rest"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that an actor holds on a day, in WGS84 lon/lat, and the file that says so."""

    day: date
    ground: MultiPolygon
    origin: str


@dataclass(frozen=True, slots=True)
class Series:
    """Whose ground snapshots show, and who says so.

    What `actor` loses goes to `against`, which also holds the rest of the theatre at first; with
    None nobody knows who has it.
    """

    actor: str
    against: str | None
    certainty: Certainty
    sources: tuple[Attribution, ...]
    editor: str = ""

    def key(self) -> dict[str, Any]:
        """Return what tells the series from others, as JSON values."""
        sources = sorted(said.source for said in self.sources)
        return {"actor": self.actor, "against": self.against, "sources": sources}


@dataclass(frozen=True, slots=True)
class Plan:
    """What snapshots come to: changes to append, ids to retract, and days that are there already.

    A day on which nothing changed, or nothing but slivers, is there already too.
    """

    changes: tuple[Change, ...]
    retracted: tuple[int, ...]
    unchanged: tuple[date, ...]


def add_snapshots(
    project: Project, series: Series, snapshots: Iterable[Snapshot], *, replacing: bool = False
) -> Plan:
    """Record the changes that snapshots come to, all or none; see `plan_snapshots`."""
    plan = plan_snapshots(project, series, snapshots, replacing=replacing)
    reason = "a snapshot came before it; recorded anew against that"
    project.add_changes(plan.changes, retracting=dict.fromkeys(plan.retracted, reason))
    return plan


def plan_snapshots(
    project: Project, series: Series, snapshots: Iterable[Snapshot], *, replacing: bool = False
) -> Plan:
    """Return what snapshots change in a project, against those of the series that it has.

    Raises InputError for two snapshots of one day, and for a day that the project has otherwise:
    unless `replacing`, since whoever has published it should decide.
    """
    return _Planning(project, series, replacing=replacing).plan(_by_day(snapshots))


def _by_day(snapshots: Iterable[Snapshot]) -> dict[date, Snapshot]:
    ordered = sorted(snapshots, key=lambda snapshot: snapshot.day)
    found, problems = dict[date, Snapshot](), list[str]()
    for day, same in groupby(ordered, key=lambda snapshot: snapshot.day):
        first, *others = same
        found[day] = first
        problems += [
            f"{other.origin} is of {day}, as {first.origin} is: give one snapshot a day"
            for other in others
        ]
    if problems:
        raise InputError(problems)
    return found


class _Planning:
    """Goes through the days of a series, those recorded and those given, in their order."""

    def __init__(self, project: Project, series: Series, *, replacing: bool) -> None:
        self._series, self._replacing = series, replacing
        self._theatre = project.theatre.polygon
        self._recorded_at = now()
        self._recorded = _recorded(project, series)
        self._changes, self._retracted = list[Change](), list[int]()

    def plan(self, given: Mapping[date, Snapshot]) -> Plan:
        """Compare what is given with what is recorded; raises InputError with every problem."""
        problems, unchanged = list[str](), list[date]()
        # What the actor holds as recorded so far, and as it will be recorded.
        was = stands = MultiPolygon()
        begun = diverged = False
        for day in sorted({*given, *self._recorded}):
            rows, snapshot = self._recorded.get(day, []), given.get(day)
            was = composed([was, *(row.polygon for row in rows if _part(row) != _REST)])
            target = snapshot.ground if snapshot else was
            agrees = _same(was, target)
            if agrees and not diverged:
                stands, begun = was, begun or bool(rows)
                unchanged += [day] if snapshot else []
                continue
            if snapshot and rows and not agrees and not self._replacing:
                problems.append(_conflict(snapshot, rows))
            self._retracted += [row.id for row in rows]
            gained, lost = difference(stands, target)
            if is_apparent(gained, lost):
                origin = snapshot.origin if snapshot else rows[0].parameters["file"]
                self._record(day, origin, {_GAINED: gained, _LOST: lost})
                if not begun and self._series.against:
                    rest = shapely.difference(self._theatre, target)
                    self._record(day, origin, {_REST: _multi(rest)})
                stands, begun = target, True
            diverged = not _same(stands, was)
        if problems:
            raise InputError(problems)
        return Plan(tuple(self._changes), tuple(self._retracted), tuple(unchanged))

    def _record(self, day: date, origin: str, parts: Mapping[str, MultiPolygon]) -> None:
        series = self._series
        self._changes += [
            Change(
                id=0,
                actor=series.actor if part == _GAINED else series.against,
                status=Status.CONTROLLED,
                certainty=series.certainty,
                valid_from=day,
                valid_to=None,
                recorded_at=self._recorded_at,
                polygon=polygon,
                method=Method.DRAWN,
                parameters={"series": series.key(), "part": part, "file": origin},
                editor=series.editor,
                sources=series.sources,
            )
            for part, polygon in parts.items()
            if not polygon.is_empty
        ]


def _recorded(project: Project, series: Series) -> dict[date, list[Change]]:
    """Return the changes of a series that stand, by day."""
    found, key = dict[date, list[Change]](), series.key()
    for change in project.changes():
        if change.retracted_at is None and change.parameters.get("series") == key:
            found.setdefault(change.valid_from, []).append(change)
    return found


def _part(change: Change) -> str:
    return str(change.parameters["part"])


def _same(one: MultiPolygon, other: MultiPolygon) -> bool:
    return not is_apparent(*difference(one, other))


def _conflict(snapshot: Snapshot, rows: Sequence[Change]) -> str:
    ids = ", ".join(str(row.id) for row in rows)
    return (
        f"{snapshot.origin} shows another outline than {rows[0].parameters['file']}, from which "
        f"{snapshot.day} was recorded (changes {ids}); --replace retracts those and records it anew"
    )


def _multi(geometry: BaseGeometry) -> MultiPolygon:
    """Return the areas of an overlay's result, which may be a polygon or have lines beside it."""
    parts = shapely.get_parts(geometry)
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon"])
