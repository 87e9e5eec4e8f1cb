"""Many changes at once, and one after another: all there, all indexed, `control` right or said."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import Run, made_up
from shapely import MultiPolygon, Point, box

from frontmap.data import geopackage, spatial_index
from frontmap.data.checking import findings
from frontmap.data.store import Project
from frontmap.geo.errors import InputError, StoreError


def control_of(path: Path) -> list[tuple[object, ...]]:
    """Return the rows of `control` less their ids."""
    with closing(geopackage.connect(path)) as connection:
        rows = connection.execute("SELECT * FROM control ORDER BY fid").fetchall()
    return [tuple(row)[1:] for row in rows]


def seen_by_gdal(path: Path, bbox: Sequence[float]) -> dict[str, Any]:
    """Return what GDAL, in a process of its own, reads: the count, the bounds, the ids in a box."""
    script = """
import json, sys
from pyogrio import raw, read_info
path, bbox, layer = sys.argv[1], tuple(json.loads(sys.argv[2])), "control_changes"
info = read_info(path, layer=layer)
every, inside = (raw.read(path, layer=layer, bbox=b, return_fids=True)[1] for b in (None, bbox))
print(json.dumps({
    "count": info["features"], "bounds": info["total_bounds"], "every": every.tolist(),
    "inside": inside.tolist(),
}))
"""
    arguments = [sys.executable, "-c", script, str(path), json.dumps(bbox)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def index_faults(connection: sqlite3.Connection, index: str) -> str:
    """Return what SQLite finds wrong with a spatial index, "ok" if nothing."""
    return str(connection.execute(f"SELECT rtreecheck('{index}')").fetchone()[0])


def triggers_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        return connection.execute(named).fetchall()


# In bulk


def test_thousands_at_once_are_as_if_written_one_by_one(project: Project, tmp_path: Path) -> None:
    """Written by triggers and without them, in whatever order, all of it is the same."""
    changes = made_up(330)
    triggers = triggers_of(project.path)
    other = Path(shutil.copy(project.path, tmp_path / "other.gpkg"))
    with Project.open(other) as apart, apart.recording():
        for change in changes:
            apart.add_changes([change])
    assert project.add_changes(changes[:20]) == list(range(1, 21))
    assert project.add_changes(changes[20:320]) == list(range(21, 321))  # the index written anew
    assert project.add_changes(changes[320:]) == list(range(321, 331))
    assert findings(project) == []
    project.close()
    with Project.open(other) as apart:
        assert findings(apart) == []
        assert [c.note for c in apart.changes()] == [c.note for c in changes]
    assert control_of(other) == control_of(project.path)
    for path in (project.path, other):
        bbox = (36.3, 34.2, 36.5, 34.55)
        seen = seen_by_gdal(path, bbox)
        assert seen["count"] == len(changes) and seen["every"] == list(range(1, 331))
        polygons = [change.polygon for change in changes]
        hit = np.flatnonzero(shapely.intersects(polygons, box(*bbox))) + 1
        assert sorted(seen["inside"]) == hit.tolist() and 0 < len(hit) < 100
        assert seen["bounds"] == pytest.approx(shapely.total_bounds(polygons))
        with closing(sqlite3.connect(path)) as connection:
            assert index_faults(connection, "rtree_control_changes_geom") == "ok"
        assert triggers_of(path) == triggers


def test_a_refused_row_among_hundreds_leaves_none(project: Project) -> None:
    changes = made_up(400)
    changes[300] = replace(changes[300], valid_to=changes[300].valid_from)
    before = project.path.read_bytes()
    with pytest.raises(StoreError, match="CHECK constraint failed"):
        project.add_changes(changes)
    assert project.path.read_bytes() == before
    assert findings(project) == []


@settings(max_examples=60, deadline=None)
@given(
    batches=st.lists(st.integers(0, 400), min_size=1, max_size=3),
    window=st.tuples(*[st.floats(-180, 180, width=32)] * 2),
    seed=st.integers(0, 9),
)
def test_an_index_finds_what_a_scan_finds(
    batches: list[int], window: tuple[float, float], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE i USING rtree(id, minx, maxx, miny, maxy)")
        boxes = np.empty((0, 4))
        for size in batches:
            middle, half = rng.uniform(-179, 179, (size, 2)), rng.uniform(0, 20, (size, 2))
            low, high = middle - half, middle + half
            new = np.column_stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]])
            new[rng.random(size) < 0.05] = np.nan  # rows without a geometry
            spatial_index.add(connection, "i", range(len(boxes), len(boxes) + size), new)
            boxes = np.concatenate([boxes, new])
        assert index_faults(connection, "i") == "ok"
        x, y = window
        sql = "SELECT id FROM i WHERE minx <= ?1 AND maxx >= ?1 AND miny <= ?2 AND maxy >= ?2"
        found = {row[0] for row in connection.execute(sql, (x, y))}
        at = (boxes[:, 0] <= x) & (boxes[:, 1] >= x) & (boxes[:, 2] <= y) & (boxes[:, 3] >= y)
        assert set(np.flatnonzero(at).tolist()) <= found
        for west, east, south, north in boxes[sorted(found)].tolist():
            assert box(west, south, east, north).distance(Point(x, y)) < 1e-4
        # SQLite goes on with it as with its own.
        every = np.flatnonzero(~np.isnan(boxes[:, 0])).tolist()
        connection.executemany("DELETE FROM i WHERE id = ?", [(fid,) for fid in every[::2]])
        connection.execute("INSERT INTO i VALUES (100000, 0, 1, 0, 1)")
        assert index_faults(connection, "i") == "ok"
        rest = {row[0] for row in connection.execute("SELECT id FROM i")}
        assert rest == {*every[1::2], 100000}


def test_blobs_of_many_are_those_of_each() -> None:
    shapes = [
        Point(1, 2),
        Point(),
        box(0, 0, 3, 4),
        MultiPolygon(),
        MultiPolygon([box(-1, 0, 1, 2)]),
    ]
    blobs = geopackage.encode_geometries(shapes)
    for shape, blob in zip(shapes, blobs, strict=True):
        assert geopackage.encode_geometry(shape) == blob
        assert geopackage.decode_geometry(blob).equals_exact(shape, 0)
        west, south, east, north = shape.bounds if not shape.is_empty else (None,) * 4
        assert geopackage.envelope(blob) == (None if shape.is_empty else (west, east, south, north))


# Recording


def test_each_change_is_there_at_once_and_control_at_the_end(project: Project) -> None:
    changes = made_up(6)
    with Project.open(project.path) as reader, project.recording():
        for number, change in enumerate(changes, 1):
            assert project.add_changes([change]) == [number]
            assert [c.note for c in reader.changes()] == [c.note for c in changes[:number]]
            assert reader.is_stale() and "frontmap check --mend" in findings(reader)[0]
        project.retract(2, "misread")
        # The map is that of the changes, whatever `control` says.
        there = changes[-1].polygon.representative_point()
        (area,) = reader.control_map("2024-12-09").locate([there.x], [there.y])
        assert area is not None and area.actor == changes[-1].actor
        assert control_of(project.path) == []
    assert not project.is_stale() and findings(project) == []
    assert len(control_of(project.path)) == len(project.arrangement().intervals()) > 0


def test_a_recording_leaves_one_file_that_a_read_only_folder_can_hold(
    project: Project, tmp_path: Path
) -> None:
    with project.recording():
        project.add_changes(made_up(2))
        assert project.path.with_name("testland.gpkg-wal").exists()
    assert list(tmp_path.iterdir()) == [project.path]
    with closing(sqlite3.connect(project.path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    copy = tmp_path / "copy" / "attachment.gpkg"
    copy.parent.mkdir()
    shutil.copy(project.path, copy)
    with Project.open(copy) as received:
        assert len(received.changes()) == 2 and findings(received) == []


def test_an_error_ends_a_recording_as_its_end_does(project: Project) -> None:
    (one, *_) = made_up(1)
    with pytest.raises(InputError, match="no actor 'nobody'"), project.recording():
        project.add_changes([one])
        with project.recording():  # is one with that about it
            project.add_changes([one])
        assert project.is_stale()
        project.add_changes([replace(one, actor="nobody")])
    assert len(project.changes()) == 2
    assert not project.is_stale() and findings(project) == []


def test_a_program_that_has_the_file_open_keeps_the_log(project: Project, tmp_path: Path) -> None:
    other = sqlite3.connect(project.path, isolation_level=None)
    with closing(other), project.recording():
        project.add_changes(made_up(2))
        assert other.execute("SELECT count(*) FROM control_changes").fetchone() == (2,)
    assert findings(project) == []
    with Project.open(project.path):
        pass  # the last to close makes it one file
    project.close()
    assert list(tmp_path.iterdir()) == [project.path]


# Cut off

RECORDER = """
import sys
from dataclasses import replace
from pathlib import Path
from frontmap.data.store import Project
from samples import made_up

path, writer, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with Project.open(path) as project:
    print("ready", flush=True)
    sys.stdin.readline()
    with project.recording():
        for change in made_up(count, seed=int(writer)):
            ids = project.add_changes([replace(change, editor=writer)])
            print(ids[0], flush=True)
"""


def recorder(path: Path, writer: int, count: int) -> subprocess.Popen[str]:
    """Start a process that records changes, and says of each that it is written."""
    process = subprocess.Popen(
        [sys.executable, "-c", RECORDER, str(path), str(writer), str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent,
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    """Let a recorder begin."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def killed_amid(path: Path, delay_s: float) -> list[int]:
    """Kill a recorder some time after its first change; return the ids that it has told."""
    with recorder(path, 1, 100_000) as process:
        assert process.stdout is not None
        go(process)
        told = [int(process.stdout.readline())]
        time.sleep(delay_s)
        process.send_signal(signal.SIGKILL)
        lines = process.stdout.read().splitlines(keepends=True)
    return told + [int(line) for line in lines if line.endswith("\n")]


@pytest.mark.parametrize("remedy", ["check --mend", "a write"])
def test_what_a_kill_leaves_is_named_and_mended(
    project: Project, run: Run, tmp_path: Path, remedy: str
) -> None:
    project.add_changes(made_up(3, seed=5))
    project.close()
    before = control_of(project.path)
    told = killed_amid(project.path, 0.02)
    lines = run("check", "-p", project.path, code=3).stdout.splitlines()
    assert [line for line in lines if not line.startswith("control: older than")] == []
    assert "frontmap check --mend" in lines[0]
    assert control_of(project.path) == before
    if remedy == "a write":
        run("source", "add", "wire", "--publisher", "The Wire", "-p", project.path)
    else:
        assert "derived anew" in run("check", "--mend", "-p", project.path).stderr
    assert run("check", "-p", project.path).stdout == ""
    with Project.open(project.path) as survivor:
        changes = survivor.changes()
        assert {change.id for change in changes} >= {1, 2, 3, *told}
    with Project.open(tmp_path / "testland.gpkg") as mended:
        intervals = mended.arrangement().intervals()
    after = control_of(project.path)
    assert len(after) == len(intervals) > len(before)
    assert sorted(tmp_path.iterdir()) == [project.path]


@pytest.mark.slow
def test_kills_lose_nothing_that_was_told(project: Project) -> None:
    project.close()
    rng = random.Random(20241206)
    known = 0
    for _ in range(10):
        told = killed_amid(project.path, rng.uniform(0, 0.05))
        with Project.open(project.path) as survivor:
            ids = [change.id for change in survivor.changes()]
        # All that was told, in order, and at most the one that was about to be.
        assert ids == list(range(1, len(ids) + 1))
        assert len(ids) - told[-1] in (0, 1)
        assert told == list(range(known + 1, told[-1] + 1))
        known = len(ids)
    seen = seen_by_gdal(project.path, (36, 34, 37, 35))
    assert seen["count"] == len(seen["every"]) == len(seen["inside"]) == known
    with Project.open(project.path) as survivor:
        assert survivor.mend()
        assert findings(survivor) == []


@pytest.mark.slow
def test_eight_that_write_at_once_lose_nothing(project: Project, tmp_path: Path) -> None:
    project.close()
    processes = [recorder(project.path, writer, 12) for writer in range(8)]
    for process in processes:
        go(process)
    told = [int(line) for process in processes for line in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0] * 8
    assert sorted(told) == list(range(1, 97))
    with Project.open(project.path) as survivor:
        assert findings(survivor) == []
        changes = survivor.changes()
    for writer in range(8):
        notes = [change.note for change in changes if change.editor == str(writer)]
        assert notes == [f"number {number}" for number in range(12)]
    assert list(tmp_path.iterdir()) == [project.path]
