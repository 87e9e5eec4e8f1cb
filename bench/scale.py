"""How work is shared: distances of theatres and years in one process, and with two workers.

The theatres are those of `store`, squares of made-up changes. Both ways run in turn in one run, and
must make the same rows; workers are started anew each time, which is part of what they take.
"""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
from fronts import Scene
from reporting import Result, progress
from store import changes, new_project

from frontmap.data.cluster import HERE, Workers
from frontmap.data.distances import Asked, measure_days
from frontmap.data.store import Project
from frontmap.geo.records import Place

#: A job of some seconds, which starting workers is much of, and one for which the goal is.
_FEW_THEATRES, _THEATRES = 8, 40
_CHANGES = 2_000
_PLACES = 60
_YEARS = Asked(date(2024, 1, 1), date(2025, 12, 31))
_DAYS = (_YEARS.last - _YEARS.first).days + 1
_GOAL = 1.6


def places(number: int) -> list[Place]:
    """Make places all over the square theatre."""
    rng = np.random.default_rng(20241206)
    lonlats = rng.uniform((36, 34), (37, 35), (number, 2)).tolist()
    return [
        Place(f"p{n}", f"Place {n}", lon=lon, lat=lat, country="XX")
        for n, (lon, lat) in enumerate(lonlats)
    ]


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Compare one process with two workers, then a theatre-year with more of everything."""
    Path("build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="build") as name:
        rows = changes(_CHANGES, dates=_DAYS)
        first = new_project(Path(name) / "0.gpkg", rows)
        others = (Path(name) / f"{n}.gpkg" for n in range(1, _THEATRES))
        paths = [first, *(Path(shutil.copy(first, other)) for other in others)]
        larger = new_project(Path(name) / "larger.gpkg", changes(10 * _CHANGES, dates=_DAYS))
        return [
            *shared(paths[:_FEW_THEATRES], rounds, None),
            *shared(paths, rounds, _GOAL),
            *growth(paths, larger, rounds),
        ]


def shared(paths: Sequence[Path], rounds: int, goal: float | None) -> list[Result]:
    """Compare the same job in one process and with two workers."""
    ways = {"frontmap, one process": HERE, "frontmap, two workers": Workers(2)}
    wall = {way: list[float]() for way in ways}
    used = {way: list[float]() for way in ways}
    made = []
    for number in range(rounds):
        for way, workers in ways.items():
            progress(f"{way}, run {number + 1} of {rounds}")
            begun, before = time.perf_counter(), _cpu_s()
            made.append(_measured(paths, _PLACES, workers=workers))
            wall[way].append(time.perf_counter() - begun)
            used[way].append(_cpu_s() - before)
    if any(rows != made[0] for rows in made):
        raise AssertionError("workers made other rows than one process")
    alone, two = (median(seconds) for seconds in wall.values())
    job = f"{_PLACES} places × {_DAYS} days × {len(paths)} theatres"
    notes = [f"{median(each):.1f} s of CPU" for each in used.values()]
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    return [
        *(
            Result(job, way, seconds, note=note)
            for way, seconds, note in zip(ways, (alone, two), notes, strict=True)
        ),
        Result(
            f"The same {len(paths)} theatres, times as fast",
            "two workers",
            alone / two,
            "×",
            ratio=alone / two,
            at_least=goal,
            note=load,
        ),
    ]


def growth(paths: Sequence[Path], larger: Path, rounds: int) -> list[Result]:
    """Measure a theatre-year in one process, and what ten times as much of each thing makes it."""
    year = replace(_YEARS, first=date(2025, 1, 1))
    jobs: dict[str, Callable[[], object]] = {
        "as it is": lambda: _measured(paths[:1], _PLACES, year),
        "10 × the places": lambda: _measured(paths[:1], 10 * _PLACES, year),
        "10 × the changes": lambda: _measured([larger], _PLACES, year),
    }
    taken = {name: list[float]() for name in jobs}
    for number in range(rounds):
        for name, job in jobs.items():
            progress(f"a theatre-year, {name}, run {number + 1} of {rounds}")
            before = _cpu_s()
            job()
            taken[name].append(_cpu_s() - before)
    what = f"A theatre-year: {_PLACES} places, {_CHANGES:,} changes"
    each = {name: median(seconds) for name, seconds in taken.items()}
    first = each["as it is"]
    return [Result(what, name, s, "s of CPU", s / first) for name, s in each.items()]


def _measured(
    paths: Sequence[Path], number: int, asked: Asked = _YEARS, *, workers: Workers = HERE
) -> object:
    with ExitStack() as opened:
        projects = [opened.enter_context(Project.open(path)) for path in paths]
        targets = places(number)
        return measure_days([(project, targets) for project in projects], asked, workers=workers)


def _cpu_s() -> float:
    """Return the CPU time of this process and of those that it has ended."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)
