"""What other programs do to control changes: on no map until it is adopted, and never lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import pandas
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import Run, made_up, make_project, other_program, rows_of
from shapely import MultiPolygon, box

from frontmap.data import adopting, geopackage
from frontmap.data.checking import findings
from frontmap.data.store import Project
from frontmap.geo.errors import InputError
from frontmap.geo.records import Method, Source

WEST = MultiPolygon([box(36.1, 34.1, 36.4, 34.4)])
EAST = MultiPolygon([box(36.6, 34.1, 36.9, 34.4)])
BOW_TIE = MultiPolygon([shapely.Polygon([(36, 34), (36.5, 34.5), (36.5, 34), (36, 34.5)])])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a project of five changes, numbers 1 to 5."""
    with make_project(tmp_path / "testland.gpkg") as project:
        project.add_source(Source("herald", "The Herald"))
        project.add_changes(made_up(5))
    return tmp_path / "testland.gpkg"


def add(
    path: Path, polygon: MultiPolygon = WEST, *, holds_references: bool = True, **values: object
) -> int:
    """Add a row as a form would, with what an editor enters; return its number."""
    row = {
        "geom": geopackage.encode_geometry(polygon),
        "actor": "rebels",
        "status": "controlled",
        "certainty": "reported",
        "valid_from": "2024-12-04",
        **values,
    }
    with other_program(path, holds_references=holds_references) as connection:
        marks = ", ".join("?" * len(row))
        cursor = connection.execute(
            f"INSERT INTO control_changes ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
        )
        return int(cursor.lastrowid or 0)


def edit(path: Path, statement: str, *values: object) -> None:
    with other_program(path) as connection:
        connection.execute(statement, values)


def state(path: Path) -> object:
    """Return all rows but those of `control`, which get other keys when they are derived again."""
    with Project.open(path) as project:
        return {table: rows for table, rows in rows_of(project).items() if table != "control"}


def test_an_edit_is_on_no_map_and_every_command_says_so(path: Path, run: Run) -> None:
    before = run("control", "2024-12-06", "-p", path, "--json")
    add(path)
    edit(path, "UPDATE control_changes SET actor = 'army', geom = ? WHERE fid = 1",
         geopackage.encode_geometry(EAST))  # fmt: skip
    edit(path, "DELETE FROM control_changes WHERE fid = 2")
    after = run("control", "2024-12-06", "-p", path, "--json")
    assert after.stdout == before.stdout
    said = "3 rows (1, 2, 6) were edited by another program, and no map shows that until it is"
    assert said in after.stderr
    assert said in run("check", "-p", path, code=3).stdout
    with Project.open(path) as project:
        assert [change.id for change in project.changes()] == [1, 2, 3, 4, 5]
        assert project.change(1).sources == project.change(3).sources
        assert project.change_count() == 5


def test_what_was_added_is_recorded_as_a_new_change(path: Path, run: Run) -> None:
    row = add(path, note="from QGIS", editor="Ana", place="Belford")
    adopted = run(
        *("adopt", "--source", "gazette", "--said-by", "a resident", "--source", "herald"),
        *("-p", path, "--reason", "unused"),
    )
    assert "added: rebels, controlled, reported, from 2024-12-04" in adopted.stdout
    with Project.open(path) as project:
        assert project.edited() == []
        assert [change.id for change in project.changes()] == [1, 2, 3, 4, 5, row + 1]
        change = project.change(row + 1)
        assert (change.actor, change.note, change.editor) == ("rebels", "from QGIS", "Ana")
        assert (change.place, change.method) == ("test:belford", Method.DRAWN)
        assert change.polygon.equals(WEST)
        assert [(said.source, said.said_by) for said in change.sources] == [
            ("gazette", "a resident"),
            ("herald", ""),
        ]
        # Not what the row said, but when somebody checked it.
        assert change.recorded_at == project.recorded_until()
        assert findings(project) == []


def test_its_own_sources_count_before_those_of_the_command(path: Path, run: Run) -> None:
    row = add(path)
    edit(
        path, "INSERT INTO change_sources (base_id, related_id, said_by) VALUES (?, 2, 'Ben')", row
    )
    run("adopt", "-p", path, "--source", "gazette")
    with Project.open(path) as project:
        (said,) = project.changes()[-1].sources
        assert (said.source, said.said_by) == ("herald", "Ben")
        assert findings(project) == []


def test_an_altered_row_is_put_back_retracted_and_replaced(path: Path, run: Run) -> None:
    with Project.open(path) as project:
        before = project.change(3)
    edit(path, "UPDATE control_changes SET certainty = 'confirmed', note = 'seen' WHERE fid = 3")
    adopted = run("adopt", "-p", path, "--reason", "video of 7 December")
    assert "certainty reported → confirmed; note number 2 → seen" in adopted.stdout
    assert "retracted, and change 6" in adopted.stdout
    with Project.open(path) as project:
        old, new = project.change(3), project.change(6)
        assert replace(old, retracted_at=None, retraction_reason="") == before
        assert old.retraction_reason == "video of 7 December; replaced by change 6"
        assert (new.certainty, new.note, new.sources) == ("confirmed", "seen", before.sources)
        # Its polygon is still the cell that it was.
        assert (new.method, new.parameters) == (before.method, before.parameters)
        assert new.recorded_at > old.recorded_at
        assert findings(project) == []


def test_a_redrawn_polygon_is_drawn(path: Path, run: Run) -> None:
    edit(path, "UPDATE control_changes SET geom = ? WHERE fid = 3",
         geopackage.encode_geometry(EAST))  # fmt: skip
    assert "polygon 49.0 → 919.6 km²" in run("adopt", "-p", path).stdout
    with Project.open(path) as project:
        new = project.change(6)
        assert (new.method, new.parameters) == (Method.DRAWN, {})
        assert new.polygon.equals(EAST)


def test_a_source_added_to_an_old_row_makes_a_new_one(path: Path, run: Run) -> None:
    edit(path, "INSERT INTO change_sources (base_id, related_id, said_by) VALUES (4, 2, '')")
    assert "sources gazette (a resident) → gazette (a resident), herald" in (
        run("adopt", "-p", path).stdout
    )
    with Project.open(path) as project:
        assert [said.source for said in project.change(4).sources] == ["gazette"]
        assert [said.source for said in project.change(6).sources] == ["gazette", "herald"]
        assert findings(project) == []


def test_a_deleted_row_is_put_back_and_retracted(path: Path, run: Run) -> None:
    with Project.open(path) as project:
        before = project.change(2)
    edit(path, "DELETE FROM control_changes WHERE fid = 2")
    run("adopt", "-p", path)
    with Project.open(path) as project:
        old = project.change(2)
        assert old.retraction_reason == "deleted by an editor"
        assert replace(old, retracted_at=None, retraction_reason="") == before
        # A map as it was known before still has it.
        known = project.control_map(date(2024, 12, 6), known_at=before.recorded_at)
        assert known.areas
        assert findings(project) == []


def test_a_row_retracted_in_the_table_is_retracted(path: Path, run: Run) -> None:
    edit(path, "UPDATE control_changes SET retracted_at = '2024-01-01', "
         "retraction_reason = 'a hoax' WHERE fid = 2")  # fmt: skip
    run("adopt", "-p", path)
    with Project.open(path) as project:
        old = project.change(2)
        assert old.retraction_reason == "a hoax"
        assert old.retracted_at and old.retracted_at.year > 2024  # when it was adopted


def test_a_retracted_row_is_closed(path: Path, run: Run) -> None:
    with Project.open(path) as project:
        project.retract(2, "wrong")
    before = state(path)
    edit(path, "UPDATE control_changes SET note = 'other' WHERE fid = 2")
    told = run("adopt", "-p", path, code=1)
    assert "it was retracted before and is closed" in told.stderr
    assert "frontmap adopt --discard 2" in told.stderr
    run("adopt", "--discard", "2", "-p", path)
    assert state(path) == before


def test_what_frontmap_decides_is_put_back(path: Path, run: Run) -> None:
    before = state(path)
    edit(path, "UPDATE control_changes SET recorded_at = '2000-01-01', method = 'area' "
         "WHERE fid = 1")  # fmt: skip
    assert "put back" in run("adopt", "-p", path).stdout
    assert state(path) == before


@pytest.mark.damages
def test_all_problems_are_told_and_nothing_is_written(path: Path, run: Run) -> None:
    rows = [
        add(path, actor="ghosts", holds_references=False),
        add(path, polygon=BOW_TIE),
        add(path, valid_from="2999-01-01"),
        add(path, status="contested"),
        add(path, polygon=MultiPolygon([box(10, 50, 11, 51)])),
        add(path, place="Nowhere"),
    ]
    with Project.open(path) as project:
        edits = [tuple(row) for row in project.database.all("SELECT * FROM edited_control_changes")]
    told = run("adopt", "-p", path, "--source", "gazette", code=1).stderr.splitlines()
    found = "\n".join(told)
    for row, said in zip(
        rows,
        (
            "no actor 'ghosts'",
            "crosses itself (a bow-tie)",
            "2999-01-01 is in the future (--allow-future",
            "contested ground needs its contester",
            "outside the theatre",
            "no place 'Nowhere'",
        ),
        strict=True,
    ):
        assert any(f"testland.gpkg, row {row} of control_changes" in line and said in line
                   for line in told), found  # fmt: skip
    with Project.open(path) as project:
        assert project.change_count() == 5
        assert edits == [
            tuple(row) for row in project.database.all("SELECT * FROM edited_control_changes")
        ]


def test_a_row_without_a_source_is_refused(path: Path, run: Run) -> None:
    add(path)
    assert (
        "it has no source: name at least one (--source)" in run("adopt", "-p", path, code=1).stderr
    )


def test_a_bow_tie_is_repaired_when_asked(path: Path, run: Run) -> None:
    add(path, polygon=BOW_TIE)
    told = run("adopt", "-p", path, "--source", "gazette", "--fix")
    assert "crossed or touched itself" in told.stderr and "km² after" in told.stderr
    with Project.open(path) as project:
        assert project.changes()[-1].polygon.is_valid
        assert findings(project) == []


def test_rows_can_be_adopted_one_by_one(path: Path, run: Run) -> None:
    good, bad = add(path), add(path, actor="ghosts", holds_references=False)
    run("adopt", good, "-p", path, "--source", "gazette")
    with Project.open(path) as project:
        assert project.edited() == [bad]
        assert project.change_count() == 6
    assert "row 99 of control_changes was not edited" in run("adopt", 99, "-p", path, code=1).stderr
    run("adopt", "--discard", "-p", path)
    assert "no row was edited" in run("adopt", "-p", path).stderr


def test_a_dry_run_writes_nothing(path: Path, run: Run) -> None:
    add(path)
    before = path.read_bytes()
    told = run("adopt", "-p", path, "--source", "gazette", "--dry-run")
    assert "a new change" in told.stdout and "nothing was written" in told.stderr
    assert path.read_bytes() == before


def test_an_edited_row_cannot_be_retracted_unseen(path: Path, run: Run) -> None:
    edit(path, "UPDATE control_changes SET note = 'other' WHERE fid = 2")
    told = run("change", "retract", 2, "--reason", "wrong", "-p", path, code=1)
    assert "change 2 was edited by another program" in told.stderr


@pytest.mark.skipif(
    tuple(map(int, pyogrio.__version__.split(".")[:2])) < (0, 13),
    reason="GDAL before 3.12 appends no dates to a file of others",
)
def test_gdal_appends_through_the_same_triggers(path: Path, run: Run) -> None:
    frame = geopandas.GeoDataFrame(
        {"actor": ["army"], "status": ["controlled"], "certainty": ["confirmed"],
         "valid_from": [pandas.Timestamp("2024-12-05")]},
        geometry=[EAST], crs="EPSG:4326",
    )  # fmt: skip
    frame.to_file(path, layer="control_changes", mode="a", engine="pyogrio")
    with Project.open(path) as project:
        assert project.edited() == [6] and project.change_count() == 5
    run("adopt", "-p", path, "--source", "gazette")
    with Project.open(path) as project:
        assert project.change(7).actor == "army"
        assert findings(project) == []


#: What another program may do to a row of a number.
EDITS: dict[str, Callable[[sqlite3.Connection, int], object]] = {
    "insert": lambda c, n: c.execute(
        "INSERT INTO control_changes (geom, actor, status, certainty, valid_from) "
        "SELECT geom, actor, status, certainty, valid_from FROM control_changes LIMIT 1"
    ),
    "replace": lambda c, n: c.execute(
        "INSERT OR REPLACE INTO control_changes (fid, geom, actor, status, certainty, valid_from) "
        "VALUES (?, ?, 'army', 'controlled', 'claimed', '2024-12-02')",
        (n, geopackage.encode_geometry(EAST)),
    ),
    "update": lambda c, n: c.execute(
        "UPDATE control_changes SET note = note || '!' WHERE fid = ?", (n,)
    ),
    "replace by update": lambda c, n: c.execute(
        "UPDATE OR REPLACE control_changes SET note = 'x' WHERE fid = ?", (n,)
    ),
    "redraw": lambda c, n: c.execute(
        "UPDATE control_changes SET geom = ? WHERE fid = ?", (geopackage.encode_geometry(WEST), n)
    ),
    "renumber": lambda c, n: c.execute(
        "UPDATE control_changes SET fid = fid + 1000 WHERE fid = ?", (n,)
    ),
    "renumber to another": lambda c, n: c.execute(
        "UPDATE OR REPLACE control_changes SET fid = 4 WHERE fid = ?", (n,)
    ),
    "delete": lambda c, n: c.execute("DELETE FROM control_changes WHERE fid = ?", (n,)),
    "delete all": lambda c, n: c.execute("DELETE FROM control_changes"),
    "source": lambda c, n: c.execute(
        "INSERT INTO change_sources (base_id, related_id) VALUES (?, 2)", (n,)
    ),
    "other source": lambda c, n: c.execute(
        "UPDATE change_sources SET related_id = 2 WHERE base_id = ?", (n,)
    ),
    "moved source": lambda c, n: c.execute(
        "UPDATE change_sources SET base_id = 1 WHERE base_id = ?", (n,)
    ),
    "no source": lambda c, n: c.execute("DELETE FROM change_sources WHERE base_id = ?", (n,)),
}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(1, 8)), max_size=12),
    st.booleans(),
)
def test_nothing_recorded_is_ever_lost(
    path: Path, edits: list[tuple[str, int]], holds_references: bool
) -> None:
    copy = path.with_name("edited.gpkg")
    copy.write_bytes(path.read_bytes())
    with Project.open(copy) as project:
        recorded = project.changes()
    before = state(copy)
    with other_program(copy, holds_references=holds_references) as connection:
        for name, number in edits:
            with suppress(sqlite3.IntegrityError):  # what was refused was not done
                EDITS[name](connection, number)
    with Project.open(copy) as project:
        assert project.changes() == recorded
        if project.edited():
            adopting.discard(project)
        assert project.edited() == []
    # As SQLite counts them, AUTOINCREMENT goes on after what was added; nothing else differs.
    assert state(copy) == before
    with Project.open(copy) as project:
        assert findings(project) == []


def test_an_adoption_waits_for_nobody_and_nobody_edits_meanwhile(path: Path) -> None:
    add(path)
    with Project.open(path) as project, closing(sqlite3.connect(path, timeout=0)) as other:

        def plan() -> object:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("UPDATE sources SET title = 'late'")
            raise InputError("stop")

        with pytest.raises(InputError, match="stop"):
            project.adopt(plan)  # type: ignore[arg-type]
