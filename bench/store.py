"""How fast and how safely changes are stored, beside pyogrio with the same rows on the same disk.

Every append is synced to the disk before it counts, pyogrio's too. Processes that write are killed
at random moments, and what they had reported as written is looked for. All of it is on made-up
changes to the cells of places: what a store does with rows depends little on what they say.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count, cycle
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import shapely
from fronts import Scene
from reporting import Result, beside, progress
from shapely import MultiPolygon, box

from frontmap.data import geopackage
from frontmap.data.checking import findings
from frontmap.data.store import Project
from frontmap.geo.records import (
    Actor,
    Attribution,
    Certainty,
    Change,
    Method,
    Source,
    Status,
    Theatre,
)

_LAYER = "control_changes"
_BULK = 20_000
_DERIVED = 2_000
_APPENDS = 100
_THERE = 2_000
_KILLS = 100
_RECORDING, _ALONE = "frontmap, recording", "frontmap, each for itself"
_PYOGRIO = "pyogrio, mode a, full sync"


def changes(number: int, *, cells: int = 500, dates: int = 100) -> list[Change]:
    """Make changes each of which takes the cell of a place, one date after another."""
    rng = np.random.default_rng(20241206)
    theatre = box(36, 34, 37, 35)
    seeds = shapely.multipoints(rng.uniform((36, 34), (37, 35), (cells, 2)))
    whole = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=theatre))
    grounds = [MultiPolygon([cell]) for cell in shapely.intersection(whole, theatre)]
    written = datetime(2024, 12, 6, 18, 30, tzinfo=UTC)
    return [
        Change(
            id=0,
            actor="army" if rng.random() < 0.5 else "rebels",
            status=Status.CONTROLLED,
            certainty=Certainty.REPORTED,
            valid_from=date(2024, 1, 1) + timedelta(days=index * dates // number),
            valid_to=None,
            recorded_at=written + timedelta(seconds=index),
            polygon=grounds[taken],
            method=Method.CELL,
            parameters={"places": cells, "reach_km": 15.0},
            note=f"number {index}",
            sources=(Attribution("gazette", "a resident"),),
        )
        for index, taken in enumerate(rng.integers(0, cells, number).tolist())
    ]


def new_project(path: Path, rows: Sequence[Change] = ()) -> Path:
    """Make a project of a square theatre with two actors and a source, and changes."""
    square = MultiPolygon([box(36, 34, 37, 35)])
    theatre = Theatre("Testland", ("XX",), square, 60.0, "UTC")
    with Project.create(path, theatre) as project:
        project.add_actor(Actor("army", "Army", "Army", "government", "#e42536"))
        project.add_actor(Actor("rebels", "Rebels", "Rebels", "opposition", "#5790fc"))
        project.add_source(Source("gazette", "The Gazette"))
        if rows:
            project.add_changes(rows)
    return path


def frames(rows: Sequence[Change]) -> tuple[Any, Any]:
    """Return the same rows, and the links to their sources, as pyogrio takes them."""
    import geopandas
    import pandas as pd

    columns = {
        "actor": [row.actor for row in rows],
        "status": [row.status.value for row in rows],
        "contested_by": [row.contested_by for row in rows],
        "certainty": [row.certainty.value for row in rows],
        "valid_from": [row.valid_from for row in rows],
        "valid_to": [row.valid_to for row in rows],
        "recorded_at": [row.recorded_at.isoformat() for row in rows],
        "place": [row.place for row in rows],
        "method": [row.method.value for row in rows],
        "parameters": ['{"places": 500, "reach_km": 15.0}'] * len(rows),
        "note": [row.note for row in rows],
        "editor": [row.editor for row in rows],
    }
    grounds = [row.polygon for row in rows]
    links = {"base_id": range(1, len(rows) + 1), "related_id": 1, "said_by": "a resident"}
    return geopandas.GeoDataFrame(columns, geometry=grounds, crs=4326), pd.DataFrame(links)


def by_pyogrio(path: Path, frame: Any, links: Any | None = None, *, append: bool = False) -> None:
    """Write rows, and links if any, through GDAL, which syncs them to the disk."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "FULL"})
    pyogrio.write_dataframe(frame, path, layer=_LAYER, append=append)
    if links is not None:
        pyogrio.write_dataframe(links, path, layer="change_sources")


# Appending


def appends(folder: Path, rounds: int) -> list[Result]:
    """Compare one change appended to a file that has thousands, and again to one with ten times."""
    rows = changes(10 * _THERE)
    few = new_project(folder / "few.gpkg", rows[:_THERE])
    many = new_project(folder / "many.gpkg", rows)
    frame, _ = frames(rows[:_THERE])
    other = folder / "other.gpkg"
    by_pyogrio(other, frame)
    taken: dict[str, list[float]] = {name: [] for name in (_RECORDING, _ALONE, _PYOGRIO)}
    for number in range(rounds):
        progress(f"appending, round {number + 1} of {rounds}")
        with Project.open(few) as project:
            taken[_RECORDING] += _recorded(project, rows)
            taken[_ALONE] += _each(partial(project.add_changes, rows[:1]), 3)
        taken[_PYOGRIO] += _each(partial(by_pyogrio, other, frame[:1], append=True), _APPENDS)
    progress("appending to ten times as many")
    with Project.open(few) as project, Project.open(many) as larger:
        at_first, later = _recorded(project, rows), _recorded(larger, rows)
    each = {name: median(seconds) * 1000 for name, seconds in taken.items()}
    growth = median(later) / median(at_first)
    return [
        *beside(
            f"One change appended to {_THERE:,}, synced",
            each,
            unit="ms",
            at_least={_PYOGRIO: 10},
            notes={_ALONE: "derives control each time"},
        ),
        Result(f"The same to {10 * _THERE:,}, beside that", _RECORDING, growth, "×", at_most=1.5),
    ]


def _recorded(project: Project, rows: Sequence[Change]) -> list[float]:
    """Return the seconds of each append within a recording, whose end is not counted."""
    with project.recording():
        return [
            seconds
            for row in rows[:_APPENDS]
            for seconds in _each(partial(project.add_changes, [row]), 1)
        ]


def _each(run: Callable[[], object], times: int) -> list[float]:
    taken = list[float]()
    for _ in range(times):
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return taken


# In bulk


def bulk(folder: Path, rounds: int) -> list[Result]:
    """Compare many changes, with their spatial index and the links to their sources, at once."""
    rows = changes(_BULK)
    frame, links = frames(rows)
    empty, filled = new_project(folder / "empty.gpkg"), folder / "filled.gpkg"
    name, derived, peer = "frontmap", "frontmap, then control derived", "pyogrio"
    taken: dict[str, list[float]] = {name: [], derived: [], peer: []}
    for number in range(rounds):
        progress(f"loading, round {number + 1} of {rounds}")
        shutil.copy(empty, filled)
        with Project.open(filled) as project:
            begun = time.perf_counter()
            with project.recording():
                taken[name] += _each(partial(project.add_changes, rows), 1)
            taken[derived].append(time.perf_counter() - begun)
        filled.unlink()
        taken[peer] += _each(partial(by_pyogrio, filled, frame, links), 1)
        filled.unlink()
    return beside(
        f"{_BULK:,} changes loaded, synced",
        {way: median(seconds) for way, seconds in taken.items()},
        at_least={peer: 1 / 1.5},
        notes={peer: "given as frames", derived: "100 dates"},
    )


# Killing

#: Writes to a file for ever, and tells of each write what must be there from then on.
Writer = Callable[[Path], Iterator[int]]


def recording(path: Path) -> Iterator[int]:
    """Append changes within a recording; tell their ids."""
    with Project.open(path) as project, project.recording():
        for row in cycle(changes(500, cells=40, dates=5)):
            yield project.add_changes([row])[0]


def each_for_itself(path: Path) -> Iterator[int]:
    """Append changes, each as a command does, with `control` derived; tell their ids."""
    with Project.open(path) as project:
        for row in cycle(changes(500, cells=40, dates=5)):
            yield project.add_changes([row])[0]


def appending(path: Path) -> Iterator[int]:
    """Append through pyogrio; tell how many rows there are."""
    frame, _ = frames(changes(1))
    for number in count(rows_there(path) + 1):
        by_pyogrio(path, frame, append=True)
        yield number


def overwriting(path: Path) -> Iterator[int]:
    """Write the same layer whole, again and again, through pyogrio; tell how many rows it has."""
    frame, _ = frames(changes(500))
    while True:
        by_pyogrio(path, frame)
        yield len(frame)


def rows_there(path: Path) -> int:
    """Return how many rows there are, to a scan or to the spatial index; 0 without a layer.

    The smaller counts: rows that one of them does not find are lost to whoever reads so. Opening
    the file to write first lets SQLite roll back what was under way, as the next writer would.
    """
    tables = (_LAYER, f"rtree_{_LAYER}_geom")
    with closing(geopackage.connect(path)) as connection:
        try:
            counted = [connection.execute(f"SELECT count(*) FROM {name}") for name in tables]
        except sqlite3.DatabaseError:
            return 0
        return min(int(cursor.fetchone()[0]) for cursor in counted)


def _tell(write: Writer, path: Path, told: Connection) -> None:
    for number in write(path):
        told.send(number)


def killed(write: Writer, path: Path, delay_s: float) -> int:
    """Kill a writer some time after it first told something; return what it told last."""
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(write, path, theirs), daemon=True)
    process.start()
    theirs.close()
    last = 0
    with ours, suppress(EOFError):
        last = ours.recv()
        time.sleep(delay_s)
        process.kill()
        while True:
            last = ours.recv()
    process.join()
    return last


def losses(write: Writer, path: Path, new: Callable[[Path], object]) -> int:
    """Kill a writer again and again; return how often something that it had told was not there."""
    rng = random.Random(20241206)
    lost = 0
    new(path)
    for _ in range(_KILLS):
        told = killed(write, path, rng.uniform(0, 0.05))
        if rows_there(path) < told:
            lost += 1
            _gone(path)
            new(path)
    return lost


def kills(folder: Path) -> list[Result]:
    """Count the losses of each way of writing, and what `frontmap check` finds afterwards."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(["store", "geopandas"])
    lost, faults = dict[str, int](), dict[str, str]()
    for name, write in ((_RECORDING, recording), (_ALONE, each_for_itself)):
        progress(f"{_KILLS} kills: {name}")
        path = folder / f"{write.__name__}.gpkg"
        lost[name] = losses(write, path, new_project)
        with Project.open(path) as project:
            was_stale = project.mend()
            found = findings(project)
            rows = len(project.changes())
        faults[name] = f"{rows:,} changes; check afterwards: {len(found)} findings"
        faults[name] += ", control mended" if was_stale else ""
    for name, write in ((_PYOGRIO, appending), ("pyogrio, layer overwritten", overwriting)):
        progress(f"{_KILLS} kills: {name}")
        path = folder / f"{write.__name__}.gpkg"
        lost[name] = losses(write, path, _new_layer)
    goals = {_RECORDING: 0, _ALONE: 0}
    return [
        Result(
            f"Kills -9 that lost what was told, of {_KILLS}",
            name,
            number,
            "",
            at_most=goals.get(name),
            note=faults.get(name, ""),
        )
        for name, number in lost.items()
    ]


def _gone(path: Path) -> None:
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def _new_layer(path: Path) -> None:
    by_pyogrio(path, frames(changes(1))[0])


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Compare appends and bulk loads, and count what kills lose; on the disk of this folder."""
    Path("build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="build") as name:
        folder = Path(name)
        return [*appends(folder, rounds), *bulk(folder, rounds), *kills(folder)]
