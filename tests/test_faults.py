"""A writer killed at any moment leaves the state before its command or after it, never between."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from frontmap.data.checking import findings
from frontmap.data.store import Project

# Appends changes one command at a time, and says after each that it is done.
WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from test_store import CHANGE
from frontmap.data.store import Project

with Project.open(Path(sys.argv[1])) as project:
    print("ready", flush=True)
    while True:
        ids = project.add_changes([replace(CHANGE, note=str(n)) for n in range(3)])
        print(ids[-1], flush=True)
"""


def killed_after(path: Path, delay_s: float) -> int:
    """Start a writer, kill it with SIGKILL after a delay, return the last row it reported."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent,
    )
    assert writer.stdout is not None
    with writer:
        assert writer.stdout.readline() == "ready\n"
        time.sleep(delay_s)
        writer.send_signal(signal.SIGKILL)
        reported = writer.stdout.read().split()
    return int(reported[-1]) if reported else 0


@pytest.mark.slow
def test_a_killed_writer_leaves_whole_commands(project: Project) -> None:
    project.close()
    rng = random.Random(20241206)
    for _ in range(12):
        before = rows(project.path)
        reported = killed_after(project.path, rng.uniform(0, 0.12))
        with Project.open(project.path) as survivor:
            assert findings(survivor) == []
            changes = survivor.changes()
        # Batches of three, none cut; all that was reported is there, and at most one batch more.
        assert len(changes) % 3 == 0
        assert len(changes) - max(reported, before) in (0, 3)
        assert [change.note for change in changes] == ["0", "1", "2"] * (len(changes) // 3)
    assert rows(project.path) > 0


def rows(path: Path) -> int:
    with Project.open(path) as project:
        return len(project.changes())


@pytest.mark.slow
def test_a_killed_build_leaves_no_project(tmp_path: Path) -> None:
    out = tmp_path / "syria.gpkg"
    command = [sys.executable, "-m", "frontmap.cli", "build", "syria-2024", "-o", str(out)]
    for delay_s in (0.3, 0.8, 1.3):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as builder:
            time.sleep(delay_s)
            builder.kill()
        if out.exists():  # it was quick: then it is whole
            with Project.open(out) as project:
                assert findings(project) == []
            out.unlink()
        assert [path for path in tmp_path.iterdir() if path.suffix == ".gpkg"] == []


@pytest.mark.parametrize("room", [0, 600, 4096, 9000, 30_000])
def test_a_full_disk_leaves_the_old_state(project: Project, room: int) -> None:
    """No file may grow beyond the limit: so a write fails, in the log or in the project."""
    project.close()
    before = project.path.read_bytes()
    command = ["source", "add", "wire", "--publisher", "The Wire", "-p", str(project.path)]
    limited = (
        "import resource, sys; from frontmap.cli import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, str(room), *command], capture_output=True, text=True
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"frontmap: {project.path}: ")
    assert done.stderr.endswith("; nothing was written\n") and done.stderr.count("\n") == 1
    with Project.open(project.path) as survivor:
        assert findings(survivor) == []
        assert "wire" not in survivor.sources()
    assert project.path.read_bytes() == before


def test_spaces_arabic_and_no_home_are_no_obstacle(project: Project, tmp_path: Path) -> None:
    project.close()
    folder = tmp_path / "خريطة الجبهة"
    folder.mkdir()
    path = project.path.rename(folder / "سوريا 2024.gpkg")
    command = ["source", "add", "wire", "--publisher", "The Wire", "-p", str(path)]
    subprocess.run(
        [sys.executable, "-m", "frontmap.cli", *command],
        env={"LC_ALL": "C", "PATH": ""},
        check=True,
        capture_output=True,
    )
    with Project.open(path) as opened:
        assert opened.sources()["wire"].publisher == "The Wire"
        assert findings(opened) == []
