"""What can be read of a damaged project is saved as it was, and the rest is listed."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from geopackage_rules import violations
from samples import Run, made_up, make_project, other_program, rows_of

from frontmap.cli import main
from frontmap.data import schema
from frontmap.data.checking import findings
from frontmap.data.recovery import recover
from frontmap.data.store import Project
from frontmap.geo.errors import StoreError
from frontmap.geo.records import Source

pytestmark = pytest.mark.damages

PAGE = 4096
COPIED = [table.name for table in schema.TABLES if table is not schema.CONTROL]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sound project whose changes and sources fill several pages."""
    path = tmp_path_factory.mktemp("whole") / "testland.gpkg"
    with make_project(path) as project:
        project.add_sources(Source(f"paper-{n}", f"Paper {n} " + "x" * 60) for n in range(200))
        project.add_changes(made_up(400))
        project.retract(7, "a hoax")
    return path


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "testland.gpkg"))


def saved(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all but `control` of a project, which is a valid GeoPackage."""
    assert violations(path) == []
    with Project.open(path) as project:
        rows = rows_of(project)
        return {name: rows[name] for name in COPIED}


def pages_of(path: Path, table: str) -> list[int]:
    """Return the numbers of the pages with a table's rows, the first page being 1."""
    data = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
    found, waiting = list[int](), [root]
    while waiting:
        number = waiting.pop()
        page = data[(number - 1) * PAGE : number * PAGE]
        if page[0] == 13:
            found.append(number)
            continue
        count = int.from_bytes(page[3:5], "big")
        cells = [int.from_bytes(page[12 + 2 * n : 14 + 2 * n], "big") for n in range(count)]
        waiting += [int.from_bytes(page[cell : cell + 4], "big") for cell in cells]
        waiting.append(int.from_bytes(page[8:12], "big"))
    return sorted(found)


def overwrite(path: Path, begin: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(data)


def test_a_sound_project_is_saved_whole(damaged: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "saved.gpkg"
    told = run("recover", out, "-p", damaged)
    assert (told.stdout, told.stderr) == ("", f"{out}: all of it\n")
    assert saved(out) == saved(damaged)
    with Project.open(out) as project, Project.open(damaged) as original:
        assert findings(project) == []
        for day in original.dates():
            assert project.control_map(day).areas == original.control_map(day).areas


def test_a_page_costs_the_rows_on_it(damaged: Path, tmp_path: Path, run: Run) -> None:
    before = saved(damaged)
    pages = pages_of(damaged, "control_changes")
    assert len(pages) > 5
    overwrite(damaged, (pages[3] - 1) * PAGE, b"\xff" * PAGE)
    with Project.open(damaged) as project:
        assert findings(project)
    out = tmp_path / "saved.gpkg"
    told = run("recover", out, "-p", damaged, code=3)
    after = saved(out)
    kept = [row[0] for row in after["control_changes"]]
    assert 0 < 400 - len(kept) <= 40
    lost = [number for number in range(1, 401) if number not in kept]
    assert lost == list(range(lost[0], lost[-1] + 1))
    assert f"control_changes, rows {lost[0]} to {lost[-1]}: cannot be read" in told.stdout
    # What rests on them goes with them, and nothing else.
    for name, rows in after.items():
        gone = [row for row in before[name] if row not in rows]
        assert all(row in before[name] for row in rows)
        assert not gone or name in ("control_changes", "change_sources")
    with Project.open(out) as project:
        assert findings(project) == []


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9, 0.99])
def test_a_file_that_was_cut_off(damaged: Path, tmp_path: Path, share: float) -> None:
    before, out = saved(damaged), tmp_path / "saved.gpkg"
    data = damaged.read_bytes()
    damaged.write_bytes(data[: int(share * len(data))])
    recover(damaged, out)
    for name, rows in saved(out).items():
        assert all(row in before[name] for row in rows)
    assert saved(out)["theatre"] == before["theatre"]
    assert damaged.read_bytes() == data[: int(share * len(data))]


@pytest.mark.parametrize("seed", range(25))
def test_any_bytes_may_be_damaged(damaged: Path, tmp_path: Path, seed: int) -> None:
    rng, out = random.Random(seed), tmp_path / "saved.gpkg"
    size = damaged.stat().st_size
    for _ in range(rng.choice([1, 5, 40])):
        overwrite(damaged, rng.randrange(size), rng.randbytes(rng.choice([1, 8, 300])))
    told = CliRunner().invoke(main, ["check", "-p", str(damaged)])
    assert isinstance(told.exception, SystemExit | None), told.exception
    try:
        lost = recover(damaged, out)
    except StoreError as error:
        assert str(error).startswith(str(damaged)) and not out.exists()
        return
    with Project.open(out) as project:
        found = findings(project)
    assert [f"in saved.gpkg: {finding}" for finding in found] == [
        line for line in lost if line.startswith("in saved.gpkg: ")
    ]


def test_a_damaged_header_costs_nothing(damaged: Path, tmp_path: Path) -> None:
    overwrite(damaged, 0, bytes(24))
    overwrite(damaged, 28, b"\xff" * 72)
    out = tmp_path / "saved.gpkg"
    assert recover(damaged, out) == []
    with Project.open(out) as project:
        assert project.change_count() == 400


def test_an_actor_is_known_by_what_rests_on_it(damaged: Path, tmp_path: Path) -> None:
    before = saved(damaged)
    (page,) = pages_of(damaged, "actors")
    overwrite(damaged, (page - 1) * PAGE, bytes(PAGE))
    out = tmp_path / "saved.gpkg"
    lost = recover(damaged, out)
    assert "actors: rebels has lost all but its slug" in lost
    assert saved(out)["control_changes"] == before["control_changes"]
    with Project.open(out) as project:
        assert project.actors()["rebels"].name == "rebels"
        assert findings(project) == []


def test_edits_that_nobody_adopted_are_left_out(damaged: Path, tmp_path: Path) -> None:
    before = saved(damaged)
    with other_program(damaged) as connection:
        connection.execute("UPDATE control_changes SET note = 'edited' WHERE fid = 5")
    out = tmp_path / "saved.gpkg"
    assert recover(damaged, out) == [
        "control_changes, row 5: edited by another program; that was not adopted"
    ]
    assert saved(out) == before


def test_an_older_project_is_brought_up(tmp_path: Path) -> None:
    old = Path(__file__).parent / "projects" / "version-1.gpkg"
    out = tmp_path / "saved.gpkg"
    assert recover(old, out) == []
    with Project.open(out) as project:
        assert project.change_count() == 3 and findings(project) == []


def another_database(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.write_bytes(b""), "nothing can be read of it"),
        (lambda path: path.write_text("no database at all"), "nothing can be read of it"),
        (lambda path: path.write_bytes(bytes(50_000)), "nothing can be read of it"),
        (lambda path: path.unlink(), "no such project"),
        (another_database, "is no frontmap project"),
    ],
)
def test_what_is_no_project_is_refused(
    damaged: Path, tmp_path: Path, make: Callable[[Path], object], told: str
) -> None:
    make(damaged)
    with pytest.raises(StoreError, match=told):
        recover(damaged, tmp_path / "saved.gpkg")
    assert not (tmp_path / "saved.gpkg").exists()


def test_a_newer_project_and_a_taken_name_are_refused(damaged: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="exists already"):
        recover(damaged, damaged)
    with closing(sqlite3.connect(damaged)) as connection, connection:
        connection.execute("UPDATE frontmap_schema SET version = 99, written_by = 'later'")
    with pytest.raises(StoreError, match="written by later"):
        recover(damaged, tmp_path / "saved.gpkg")
