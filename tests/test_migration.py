"""A project of an older frontmap opens as if this one had made it, and is kept as it was beside."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from samples import Run, make_project

from frontmap.data import migration, schema
from frontmap.data.checking import findings
from frontmap.data.store import Project
from frontmap.geo.errors import StoreError
from frontmap.geo.records import Certainty

PROJECTS = Path(__file__).parent / "projects"


def copy_of(version: int, tmp_path: Path) -> Path:
    """Return a copy of the stored project of a schema."""
    return Path(shutil.copy(PROJECTS / f"version-{version}.gpkg", tmp_path / "testland.gpkg"))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a copy of the oldest project."""
    return copy_of(1, tmp_path)


def layout(path: Path) -> dict[str, object]:
    """Return what the tables of a project file are made of."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = sorted(name for (name,) in rows if not name.startswith("rtree_"))
        references = {
            f"references of {table}": connection.execute(
                f'PRAGMA foreign_key_list("{table}")'
            ).fetchall()
            for table in tables
        }
        columns = {
            table: connection.execute(f'PRAGMA table_info("{table}")').fetchall()
            for table in tables
        }
        described = connection.execute(
            "SELECT * FROM gpkg_data_columns ORDER BY table_name, column_name"
        ).fetchall()
        styles = connection.execute(
            "SELECT f_table_name, styleQML FROM layer_styles ORDER BY f_table_name"
        ).fetchall()
        indices = connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger') ORDER BY name"
        ).fetchall()
        return {
            **columns,
            **references,
            "described": described,
            "indices": indices,
            "styles": styles,
        }


@pytest.mark.parametrize("version", [1, 3])
def test_an_old_project_becomes_as_a_new_one(version: int, tmp_path: Path) -> None:
    old = copy_of(version, tmp_path)
    before = old.read_bytes()
    with Project.open(old) as project:
        assert project.note and f"brought up to schema {schema.VERSION}" in project.note
        assert findings(project) == []
        assert [change.retracted_at is None for change in project.changes()] == [True, True, False]
        holders = {area.actor for area in project.control_map("2024-12-03").areas}
        assert holders >= {"army", "rebels"}
        assert project.changes()[0].certainty is Certainty.CONFIRMED
        project.add_aliases("rebels", ["insurgents"])
        assert project.actors()["rebels"].aliases == ("insurgents",)
    make_project(tmp_path / "new.gpkg").close()
    assert layout(old) == layout(tmp_path / "new.gpkg")
    assert (tmp_path / f"testland.v{version}.gpkg").read_bytes() == before


def test_it_is_done_once_and_the_copy_is_no_project_of_the_folder(
    old: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(old.parent)
    first, second = run("actor", "list"), run("actor", "list")
    assert "testland.v1.gpkg is the file as it was" in first.stderr
    assert second.stderr == ""
    assert sorted(path.name for path in old.parent.iterdir()) == [
        "testland.gpkg",
        "testland.v1.gpkg",
    ]


def test_a_copy_of_an_earlier_time_is_not_overwritten(old: Path) -> None:
    earlier = old.with_name("testland.v1.gpkg")
    earlier.write_bytes(b"precious")
    with Project.open(old) as project:
        assert project.note and "testland.v1-2.gpkg" in project.note
    assert earlier.read_bytes() == b"precious"


def test_a_step_that_fails_leaves_the_project_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE actors ADD COLUMN aliases TEXT")
        connection.execute("no SQL at all")

    before = old.read_bytes()
    monkeypatch.setattr(migration, "_STEPS", {1: fail})
    with pytest.raises(StoreError, match="syntax error; nothing was written"):
        Project.open(old)
    assert old.read_bytes() == before


def test_a_folder_without_room_for_the_copy_is_named(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = old.read_bytes()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match=r"schema 1.*No space left on device.*nothing was changed"):
        Project.open(old)
    assert old.read_bytes() == before
    assert list(old.parent.iterdir()) == [old]


def test_two_that_open_it_at_once_migrate_it_once(old: Path) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as other:
        written_by = other.execute("SELECT written_by FROM frontmap_schema").fetchone()[0]
        assert migration.migrate(old, other, written_by)
        assert migration.migrate(old, other, written_by) is None
        (version,) = other.execute("SELECT version FROM frontmap_schema").fetchone()
    assert version == schema.VERSION
