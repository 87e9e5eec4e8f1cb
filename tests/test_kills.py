"""Whatever ends a command at any moment, a project is as before it or after it, files are whole."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from samples import made_up, make_project, other_program, rows_of
from shapely import box, to_geojson

from frontmap.cli import main
from frontmap.data.checking import findings
from frontmap.data.store import Project

pytestmark = pytest.mark.slow

#: How often each command is ended. `make faults` has more.
TIMES = int(os.environ.get("FRONTMAP_FAULTS", "2"))
VERSION_1 = Path(__file__).parent / "projects" / "version-1.gpkg"
P = ("-p", "testland.gpkg")
#: What is in the folder before.
KEPT = {
    *("testland.gpkg", "old.gpkg", "report.txt", "20241204.geojson", "footprints.geojson"),
    *("changes.csv", "places.csv", "events.csv", "sources.csv"),
}
TODAY = datetime.now(UTC).date().isoformat()

#: Commands by what they do; each runs in a folder as `folder` makes it.
WRITING: dict[str, tuple[str, ...]] = {
    "actor": ("actor", "add", "militia", "--name", "Militia", *P),
    "source": ("source", "add", "herald", "--publisher", "The Herald", *P),
    "change": (
        *("change", "add", "--actor", "rebels", "--on", "2024-12-04", "--place", "Belford"),
        *("--certainty", "reported", "--source", "gazette", *P),
    ),
    "retract": ("change", "retract", "2", "--reason", "a hoax", *P),
    "adopt": ("adopt", "--source", "gazette", *P),
    "discard": ("adopt", "--discard", *P),
    "changes": ("import", "changes.csv", "--as", "changes", *P),
    "snapshot": (
        *("import", "20241204.geojson", "--as", "snapshot", "--actor", "rebels"),
        *("--date", "2024-12-04", "--set", "source=gazette"),
        *("--set", "certainty=reported", *P),
    ),
    "places": ("import", "places.csv", "--as", "places", *P),
    "footprints": ("import", "footprints.geojson", "--as", "footprints", *P),
    "events": ("import", "events.csv", "--as", "events", *P),
    "sources": ("import", "sources.csv", "--as", "sources", *P),
    "read": (
        *("read", "report.txt", "--published", "2024-12-05", "--publisher", "The Wire"),
        *("--save", *P),
    ),
    "edit": ("claims", "edit", "1", "--note", "seen", *P),
    "accept": ("claims", "accept", "1", *P),
    "reject": ("claims", "reject", "1", "--reason", "a rumour", *P),
    "mend": ("check", "--mend", *P),
    "migrate": ("control", "2024-12-03", "-p", "old.gpkg"),
}
MAKING: dict[str, tuple[str, ...]] = {
    "build": ("build", "syria-2024", "--until", "2024-11-27", "-o", "out/syria.gpkg", "--quiet"),
    "init": ("init", "out/lebanon.gpkg", "--country", "LB"),
    "recover": ("recover", "out/saved.gpkg", *P),
    "map": ("map", "2024-12-05", "-o", "out/map.html", *P),
    "player": ("player", "2024-12-01", "2024-12-05", "-o", "out/player.html", *P),
    **{
        f"export{suffix}": ("export", "--what", "control", "-o", f"out/control{suffix}", *P)
        for suffix in (".gpkg", ".fgb", ".parquet", ".kmz", ".pmtiles")
    },
    "site": ("site", "2024-12-04", "2024-12-05", "-o", "out/site", *P),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of a project with edits, a report and its claims, and of files to import."""
    folder = tmp_path_factory.mktemp("before")
    path = folder / "testland.gpkg"
    make_project(path).close()
    (folder / "report.txt").write_text("Rebels captured Alton on Wednesday, residents said.")
    told = ("--published", "2024-12-05", "--publisher", "The Wire", "--save", "-p", str(path))
    main(["read", str(folder / "report.txt"), *told], standalone_mode=False)
    (folder / "report.txt").write_text("The army withdrew from Belford on Thursday.")
    with Project.open(path) as project:
        project.add_changes(made_up(5))
    with other_program(path) as connection:
        connection.execute("UPDATE control_changes SET certainty = 'claimed' WHERE fid = 3")
    with other_program(path) as connection:
        connection.execute("UPDATE frontmap_state SET control_is_stale = 1")
    (folder / "changes.csv").write_text(
        "place,actor,on,certainty,source\nAlton,army,2024-12-04,reported,gazette\n"
        "Carden,rebels,2024-12-05,claimed,gazette\n"
    )
    (folder / "places.csv").write_text("name,lon,lat\nEdgeton,36.5,34.5\n")
    (folder / "events.csv").write_text(
        "id,date,kind,lon,lat\nacled:1,2024-12-04,Shelling,36.3,34.6\n"
    )
    (folder / "sources.csv").write_text("slug,publisher\nwire,The Wire\n")
    square = json.loads(to_geojson(box(36.1, 34.1, 36.3, 34.3)))
    feature = {"type": "Feature", "properties": {"place": "Alton"}, "geometry": square}
    for name in ("20241204.geojson", "footprints.geojson"):
        (folder / name).write_text(json.dumps(feature))
    shutil.copy(VERSION_1, folder / "old.gpkg")
    return folder


@dataclass
class Forks:
    """Runs commands, and sends them a signal after a while; see forks.py."""

    server: subprocess.Popen[str]

    def __call__(
        self, arguments: tuple[str, ...], folder: Path, end: int = 0, after_s: float = 0
    ) -> tuple[int, str]:
        """Run a command to its end; return its exit code and what it wrote to stderr."""
        assert self.server.stdin and self.server.stdout
        print(json.dumps([arguments, str(folder)]), file=self.server.stdin, flush=True)
        number = int(self.server.stdout.readline())
        if end:
            time.sleep(after_s)
            with suppress(ProcessLookupError):  # it was quick
                os.kill(number, end)
        code, stderr = json.loads(self.server.stdout.readline())
        return code, stderr


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Start the process that commands are forks of."""
    with started() as forks:
        yield forks


@contextmanager
def started() -> Iterator[Forks]:
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("forks.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin and server.stdout
        assert server.stdout.readline() == "ready\n"
        yield Forks(server)
        server.stdin.close()


def state(path: Path) -> object:
    """Return what a project holds and what is wrong with it, but for when it was written."""
    with Project.open(path) as project:
        rows = {
            name: [tuple(map(timeless, row)) for row in rows]
            for name, rows in rows_of(project).items()
        }
        # Keys of `control` rise each time that it is derived.
        rows["control"] = [row[1:] for row in rows["control"]]
        return rows, findings(project)


def timeless(value: object) -> object:
    """Return a value without the instants in it, nor today, as sources have it."""
    if not isinstance(value, str):
        return value
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)", "…", value).replace(TODAY, "…")


def visible(folder: Path) -> list[Path]:
    """Return the files below a folder, but for those that are drafts of others."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not is_draft(path.relative_to(folder))
    ]


def is_draft(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def shown(folder: Path) -> dict[str, object]:
    """Return every file below a folder: projects by what they hold, others by their bytes."""
    return {
        str(path.relative_to(folder)): state(path)
        if path.suffix == ".gpkg" and path.stem != "control"
        else path.read_bytes()
        for path in visible(folder)
    }


@dataclass
class Reference:
    """What a command makes of a folder when nothing ends it, and how long that takes."""

    before: Path
    state: object
    after: object
    seconds: float


@pytest.fixture(scope="module")
def reference(
    folder: Path, forks: Forks, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Reference]:
    """Return what runs a command undisturbed, once."""
    known = dict[str, Reference]()

    def run(name: str) -> Reference:
        if name not in known:
            there = tmp_path_factory.mktemp(name)
            shutil.copytree(folder, there, dirs_exist_ok=True)
            begun = time.perf_counter()
            code, stderr = forks((WRITING | MAKING)[name], there)
            seconds = time.perf_counter() - begun
            assert code in (0, 3), stderr
            project = "old.gpkg" if name == "migrate" else "testland.gpkg"
            after = shown(there / "out") if name in MAKING else state(there / project)
            before = None if name == "migrate" else state(folder / project)
            known[name] = Reference(folder, before, after, seconds)
        return known[name]

    return run


ENDS = [pytest.param(signal.SIGKILL, number, id=f"kill-{number}") for number in range(TIMES)] + [
    pytest.param(signal.SIGINT, number, id=f"ctrl-c-{number}") for number in range(TIMES)
]


def ended(
    name: str, end: signal.Signals, number: int, reference: Reference, forks: Forks, there: Path
) -> None:
    """Run a command in a copy of the folder and end it somewhere on its way."""
    shutil.copytree(reference.before, there, dirs_exist_ok=True)
    rng = random.Random(f"{name} {end} {number}")
    after_s = rng.uniform(0, 1.05 * reference.seconds)
    code, stderr = forks((WRITING | MAKING)[name], there, end, after_s)
    if end == signal.SIGINT:
        # As the shell has it, 130 either way: by the command, or before and after its work.
        assert code in (130, -signal.SIGINT, 0, 3), stderr
        assert "Traceback" not in stderr
        if code == 130:
            assert stderr.endswith("frontmap: interrupted; nothing more was written\n")
            assert not [path for path in there.rglob("*") if is_draft(path.relative_to(there))]


@pytest.mark.parametrize(("end", "number"), ENDS)
@pytest.mark.parametrize("name", WRITING)
def test_a_project_is_as_before_or_after(
    name: str,
    end: signal.Signals,
    number: int,
    reference: Callable[[str], Reference],
    forks: Forks,
    tmp_path: Path,
) -> None:
    expected = reference(name)
    ended(name, end, number, expected, forks, tmp_path)
    if name == "migrate":  # opening it goes on where that ended
        assert state(tmp_path / "old.gpkg") == expected.after
        assert (tmp_path / "old.v1.gpkg").read_bytes() == VERSION_1.read_bytes()
        return
    assert state(tmp_path / "testland.gpkg") in (expected.state, expected.after)


@pytest.mark.parametrize(("end", "number"), ENDS)
@pytest.mark.parametrize("name", MAKING)
def test_files_appear_whole_or_not_at_all(
    name: str,
    end: signal.Signals,
    number: int,
    reference: Callable[[str], Reference],
    forks: Forks,
    tmp_path: Path,
) -> None:
    expected = reference(name)
    ended(name, end, number, expected, forks, tmp_path)
    if name == "site":  # of whole files, and as far as it got: run again, it goes on from there
        assert forks(MAKING[name], tmp_path)[0] == 0
        assert shown(tmp_path / "out") == expected.after
    assert isinstance(expected.after, dict)
    for path, found in shown(tmp_path / "out").items():
        assert found == expected.after[path], path
    assert state(tmp_path / "testland.gpkg") == expected.state


@pytest.mark.parametrize("number", range(6 * TIMES))
def test_a_command_can_be_interrupted_while_it_starts(folder: Path, number: int) -> None:
    code = "print('go', flush=True); from frontmap.__main__ import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "control", "2024-12-05", *P],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        text=True,
    ) as process:
        assert process.stdout and process.stdout.readline() == "go\n"
        time.sleep(0.02 + random.Random(number).uniform(0, 0.6))
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate()
    assert process.returncode in (130, -signal.SIGINT, 0)
    assert "Traceback" not in stderr


def test_eight_that_run_a_hundred_commands_each_lose_none(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "testland.gpkg", tmp_path)

    def run(writer: int) -> list[tuple[int, str]]:
        with started() as forks:
            return [
                forks(
                    ("source", "add", f"w{writer}-{n}", "--publisher", f"Paper {n}", *P), tmp_path
                )
                for n in range(100)
            ]

    with ThreadPoolExecutor(8) as pool:
        for told in pool.map(run, range(8)):
            assert [code for code, _ in told] == [0] * 100, told
    with Project.open(tmp_path / "testland.gpkg") as project:
        assert {f"w{writer}-{n}" for writer in range(8) for n in range(100)} < set(
            project.sources()
        )
        assert [fault for fault in findings(project) if "edited by" not in fault] == []


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small file system; its own, as a full one would fail all other tests."""
    where = tmp_path / "disk"
    where.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "frontmap-test", str(where)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a file system takes root; test_faults.py limits sizes instead")
    yield where
    subprocess.run(["umount", str(where)], check=True)


def fill(disk: Path, room: int) -> None:
    """Leave so many bytes free."""
    there = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(there.f_bavail * there.f_frsize - room))


@pytest.mark.parametrize("room", [0, 16_384])
@pytest.mark.parametrize("name", WRITING)
def test_a_full_disk_leaves_a_project_as_it_was(
    name: str, room: int, reference: Callable[[str], Reference], forks: Forks, disk: Path
) -> None:
    expected = reference(name)
    shutil.copytree(expected.before, disk, dirs_exist_ok=True)
    fill(disk, room)
    code, stderr = forks(WRITING[name], disk)
    (disk / "filler").unlink()
    if name == "migrate":
        assert code == 1 and stderr.count("\n") == 1, stderr
        assert (disk / "old.gpkg").read_bytes() == VERSION_1.read_bytes()
        assert not (disk / "old.v1.gpkg").exists()
        return
    found = state(disk / "testland.gpkg")
    if code == 1:
        assert found == expected.state
        assert stderr.splitlines()[-1].startswith("frontmap: ") and "Traceback" not in stderr
    else:  # there was room enough
        assert found == expected.after and room
    assert [path.name for path in disk.iterdir() if path.name not in KEPT] == []


@pytest.mark.parametrize("room", [0, 4096, 16_384])
@pytest.mark.parametrize("name", MAKING)
def test_a_full_disk_gets_no_half_file(
    name: str, room: int, reference: Callable[[str], Reference], forks: Forks, disk: Path
) -> None:
    expected = reference(name)
    shutil.copytree(expected.before, disk, dirs_exist_ok=True)
    fill(disk, room)
    code, stderr = forks(MAKING[name], disk)
    (disk / "filler").unlink()
    if code or not room:
        assert code == 1 and "Traceback" not in stderr
        assert stderr.splitlines()[-1].startswith("frontmap: "), stderr
    assert isinstance(expected.after, dict)
    made = shown(disk / "out")
    assert code or made == expected.after
    for path, found in made.items():
        assert found == expected.after[path]
    assert state(disk / "testland.gpkg") == expected.state
    assert not [path for path in disk.rglob("*") if is_draft(path.relative_to(disk))]


def test_a_read_only_disk_can_be_read(
    folder: Path, forks: Forks, disk: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, disk, dirs_exist_ok=True)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    page = tmp_path / "map.html"
    for reading in (
        ("control", "2024-12-05", *P),
        ("change", "list", *P),
        ("check", *P),
        ("map", "2024-12-05", "-o", str(page), *P),
    ):
        code, stderr = forks(reading, disk)
        assert code == (3 if reading[0] == "check" else 0), stderr
    assert page.exists()
    for name, writing in (WRITING | MAKING).items():
        code, stderr = forks(writing, disk)
        assert code == 1 and "Traceback" not in stderr, (name, stderr)
        last = stderr.rstrip("\n").rpartition("\n")[2]
        assert re.match(r"frontmap: \S+(: | is of schema 1, )", last), (name, stderr)
