"""The store against a naive model of it: whatever is done in whatever order, every map agrees.

The model is sixteen cells and a list of rows. It knows nothing of geometry: a polygon is a set of
cells, and who holds one is found by going through all rows by the rules of docs/method.md, "From
changes to a map".
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import shapely
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)
from shapely import MultiPolygon, Point, box

from frontmap.data import geopackage
from frontmap.data.checking import findings
from frontmap.data.store import Project
from frontmap.geo.dates import now
from frontmap.geo.errors import InputError
from frontmap.geo.records import (
    Actor,
    Attribution,
    Certainty,
    Change,
    Source,
    Status,
    Theatre,
)

CELLS = tuple((column, row) for column in range(4) for row in range(4))
SIDES = {"army": "government", "guard": "government", "rebels": "opposition", "sdf": "sdf"}
FIRST_DAY = date(2024, 12, 1)
FIRST_HOUR = datetime(2024, 12, 1, tzinfo=UTC)
#: From the weakest to the strongest.
CERTAINTIES = (Certainty.CLAIMED, Certainty.REPORTED, Certainty.CONFIRMED)

Cell = tuple[int, int]


# The model


class Held(NamedTuple):
    """What a cell is on a map, and the rows that say so."""

    actor: str | None
    status: Status | None
    contested_by: tuple[str, ...]
    certainty: Certainty | None
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """A change, its ground as cells."""

    cells: frozenset[Cell]
    change: Change

    def counts(self, day: date, known_at: datetime | None, least: Certainty) -> bool:
        """Step 1 of the method."""
        it = self.change
        if it.valid_from > day or (it.valid_to is not None and it.valid_to <= day):
            return False
        if CERTAINTIES.index(it.certainty) < CERTAINTIES.index(least):
            return False
        if known_at is None:
            return it.retracted_at is None
        if it.recorded_at > known_at:
            return False
        return it.retracted_at is None or known_at < it.retracted_at


def held(
    rows: Sequence[Row], cell: Cell, day: date, known_at: datetime | None, least: Certainty
) -> Held:
    """Return what a cell is, by steps 2 and 3 of the method."""
    over = [row.change for row in rows if cell in row.cells and row.counts(day, known_at, least)]
    if not over:
        return Held(None, None, (), None, ())
    over.sort(key=lambda it: (it.valid_from, it.recorded_at, it.id))
    newest = over[-1].valid_from
    told = [it for it in over if it.valid_from == newest]
    ids = tuple(sorted(it.id for it in told))
    last_of_side = {SIDES[it.actor]: it for it in told if it.actor is not None}
    if len(last_of_side) < 2:
        last = told[-1]
        if last.actor is None:
            return Held(None, None, (), None, ids)
        same = [it for it in told if _says(it) == _says(last)]
        rivals = (last.contested_by,) if last.contested_by else ()
        return Held(last.actor, last.status, rivals, _strongest(same), ids)
    held_before = held(rows, cell, newest - timedelta(days=1), known_at, least).actor
    side = SIDES.get(held_before or "", "")
    if side not in last_of_side:
        side = SIDES[next(it.actor for it in told if it.actor is not None)]
    holder = last_of_side[side].actor
    named = {it.actor for it in last_of_side.values()} | {it.contested_by for it in told}
    others = tuple(sorted(name for name in named if name is not None and name != holder))
    return Held(holder, Status.CONTESTED, others, _weakest(last_of_side.values()), ids)


def _says(change: Change) -> tuple[str | None, Status, str | None]:
    return change.actor, change.status, change.contested_by


def _strongest(changes: Iterable[Change]) -> Certainty:
    return max((it.certainty for it in changes), key=CERTAINTIES.index)


def _weakest(changes: Iterable[Change]) -> Certainty:
    return min((it.certainty for it in changes), key=CERTAINTIES.index)


# What is tried

days = st.integers(0, 6).map(lambda number: FIRST_DAY + timedelta(days=number))
instants = st.integers(0, 48).map(lambda number: FIRST_HOUR + timedelta(hours=number))
grounds = st.frozensets(st.sampled_from(CELLS), min_size=1)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Return a change that is not in any store yet."""
    cells = draw(grounds)
    actor = draw(st.sampled_from([None, *SIDES]))
    status, rival = Status.CONTROLLED, None
    if actor is not None:
        status = draw(st.sampled_from(Status))
        if status is Status.CONTESTED:
            rival = draw(st.sampled_from([other for other in SIDES if other != actor]))
    begins = draw(days)
    lasts = draw(st.none() | st.integers(1, 4))
    change = Change(
        id=0,
        actor=actor,
        status=status,
        certainty=draw(st.sampled_from(CERTAINTIES)),
        valid_from=begins,
        valid_to=None if lasts is None else begins + timedelta(days=lasts),
        recorded_at=draw(instants),
        polygon=ground(cells),
        contested_by=rival,
        note=draw(st.text(max_size=3).filter(lambda text: "\0" not in text)),
        sources=(Attribution("gazette", "a resident"),),
    )
    return Row(cells, change)


def ground(cells: Iterable[Cell]) -> MultiPolygon:
    """Return the ground of cells, a quarter of a degree each."""
    boxes = [box(36 + x / 4, 34 + y / 4, 36 + (x + 1) / 4, 34 + (y + 1) / 4) for x, y in cells]
    joined: Any = shapely.union_all(boxes)
    return joined if isinstance(joined, MultiPolygon) else MultiPolygon([joined])


def middle(cell: Cell) -> Point:
    return Point(36 + (cell[0] + 0.5) / 4, 34 + (cell[1] + 0.5) / 4)


@cache
def empty_project() -> bytes:
    """Return the file of a project of four actors, one source and no change."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.gpkg")
        theatre = Theatre("Testland", ("XX",), ground(CELLS), 60.0, "UTC")
        with Project.create(path, theatre) as project:
            for number, (slug, side) in enumerate(SIDES.items()):
                project.add_actor(Actor(slug, slug.title(), slug.title(), side, f"#00000{number}"))
            project.add_source(Source("gazette", "The Gazette"))
        return path.read_bytes()


class Store(RuleBasedStateMachine):
    """A project on the disk, and the rows that it should have."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="frontmap-machine-"))
        self.path = self.folder / "testland.gpkg"
        self.path.write_bytes(empty_project())
        self.project = Project.open(self.path)
        self.rows: list[Row] = []

    #: The numbers of changes that nobody has retracted.
    standing: Bundle[int] = Bundle("standing")
    retracted: Bundle[int] = Bundle("retracted")

    def _expect(self, given: Sequence[Row], ids: Sequence[int]) -> None:
        assert list(ids) == list(range(len(self.rows) + 1, len(self.rows) + len(given) + 1))
        for row, number in zip(given, ids, strict=True):
            self.rows.append(replace(row, change=replace(row.change, id=number)))

    def _expect_retracted(self, number: int, at: datetime, reason: str) -> None:
        row = self.rows[number - 1]
        change = replace(row.change, retracted_at=at, retraction_reason=reason)
        self.rows[number - 1] = replace(row, change=change)

    @initialize(target=standing, given=st.lists(rows(), min_size=1, max_size=3))
    def begin(self, given: list[Row]) -> Any:
        return self.add(given)

    @rule(target=standing, given=st.lists(rows(), min_size=1, max_size=3))
    def add(self, given: list[Row]) -> Any:
        ids = self.project.add_changes([row.change for row in given])
        self._expect(given, ids)
        return multiple(*ids)

    @rule(target=standing, given=st.lists(rows(), min_size=1, max_size=3))
    def record(self, given: list[Row]) -> Any:
        """Write changes one by one, each for good, as a feed does."""
        ids = []
        with self.project.recording():
            for row in given:
                one = self.project.add_changes([row.change])
                self._expect([row], one)
                ids += one
        return multiple(*ids)

    @rule(target=retracted, number=consumes(standing), at=instants)
    def retract(self, number: int, at: datetime) -> int:
        self.project.retract(number, "a mistake", at=at)
        self._expect_retracted(number, at, "a mistake")
        return number

    @rule(target=standing, number=consumes(standing), given=rows())
    def correct(self, number: int, given: Row) -> int:
        """Correct a change: a new row and a retraction, in one command."""
        before = now()
        ids = self.project.add_changes([given.change], retracting={number: "misread"})
        at = self.project.change(number).retracted_at
        assert at is not None and before <= at <= now()
        self._expect([given], ids)
        self._expect_retracted(number, at, "misread")
        return ids[0]

    @rule(number=retracted)
    def retract_again(self, number: int) -> None:
        with pytest.raises(InputError, match="already"):
            self.project.retract(number, "a mistake")

    @rule(number=standing)
    def retract_for_no_reason(self, number: int) -> None:
        with pytest.raises(InputError, match="needs a reason"):
            self.project.retract(number, " ")

    @rule(number=standing, given=rows())
    def fail(self, number: int, given: Row) -> None:
        """Of a command that fails nothing stands, whatever came before the fault."""
        stranger = replace(given.change, actor="nobody")
        with pytest.raises(InputError, match="no actor 'nobody'"):
            self.project.add_changes([given.change, stranger], retracting={number: "misread"})

    @rule()
    def reopen(self) -> None:
        self.project.close()
        self.project = Project.open(self.path)

    @rule(day=days, known_at=st.none() | instants, least=st.sampled_from(CERTAINTIES))
    def look(self, day: date, known_at: datetime | None, least: Certainty) -> None:
        shown = self.project.control_map(day, known_at, least)
        pieces = [
            (Held(a.actor, a.status, a.contested_by, a.certainty, tuple(sorted(a.change_ids))), a)
            for a in shown.pieces
        ]
        for cell in CELLS:
            (found,) = (what for what, area in pieces if area.polygon.contains(middle(cell)))
            assert found == held(self.rows, cell, day, known_at, least), cell
        assert sum(area.polygon.area for area in shown.areas) == pytest.approx(1)

    @rule(day=days)
    def look_at_the_layer(self, day: date) -> None:
        """Compare what QGIS shows of a day, `control`, with the map of what is known now."""
        shown = list(self._layer(day))
        for cell in CELLS:
            expected = held(self.rows, cell, day, None, Certainty.CLAIMED)
            found = [what for what, polygon in shown if polygon.contains(middle(cell))]
            assert found == ([expected._replace(rows=())] if expected.actor else []), cell

    def _layer(self, day: date) -> Iterator[tuple[Held, MultiPolygon]]:
        with closing(geopackage.connect(self.path)) as connection:
            for row in connection.execute(
                "SELECT * FROM control WHERE valid_from <= ?1 AND ifnull(valid_to > ?1, 1)",
                (day.isoformat(),),
            ):
                rivals = tuple(row["contested_by"].split(",")) if row["contested_by"] else ()
                said = Status(row["status"]), rivals, Certainty(row["certainty"])
                polygon = geopackage.decode_geometry(row["geom"])
                assert isinstance(polygon, MultiPolygon)
                yield Held(row["actor"], *said, ()), polygon

    @invariant()
    def nothing_is_lost_or_altered(self) -> None:
        assert self.project.changes() == [row.change for row in self.rows]

    def teardown(self) -> None:
        found = findings(self.project)
        self.project.close()
        shutil.rmtree(self.folder)
        assert found == []


TestStore = Store.TestCase
TestStore.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
