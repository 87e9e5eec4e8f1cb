"""How much memory large jobs take at their peak, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from control import cells
from fronts import Scene, evolving_front
from projects import command, make_project, many_places
from reporting import Result, progress

__all__ = ["measure"]

_DAYS, _PLACES = 769, 50_000
_CHANGES = 100_000
_GIB = 2**30
_SERIES = "import memory; memory.measure_series()"
_RECORD = "import sys, memory; memory.record(sys.argv[1])"


def measure_series() -> None:
    """Measure the distances of all places to a front on all days; for a process of its own."""
    import numpy as np

    from frontmap.geo.distance_series import BoundarySeries

    rng = np.random.default_rng(20241206)
    lons, lats = rng.uniform(32, 42, _PLACES), rng.uniform(45, 51, _PLACES)
    found = BoundarySeries.of(evolving_front(_DAYS)).distances_m(lons, lats)
    if found.shape != (_PLACES, _DAYS):
        raise AssertionError(f"{found.shape}")


def record(path: str) -> None:
    """Make a project of many changes; for a process of its own."""
    workload = cells(Scene.load(None, days=1).places, _CHANGES)
    make_project(Path(path), workload, many_places(_PLACES))


def peak(code: str, *arguments: str) -> int:
    """Run code of these benchmarks in a new process; return its peak bytes."""
    import os

    line = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(line, cwd=Path(__file__).parent, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, line)
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Measure the peak of each job once: it hardly differs from run to run."""
    found = dict[str, tuple[int, float]]()
    with TemporaryDirectory() as name:
        project = Path(name) / "many.gpkg"
        progress("a long series")
        found[f"Distances of {_PLACES:,} places on {_DAYS} days"] = peak(_SERIES), 1.0
        many = f"{_CHANGES:,} changes, {_PLACES:,} places"
        progress(f"recording {many}")
        found[f"{many}: recorded"] = peak(_RECORD, str(project)), 4.0
        day = "2023-06-01"
        for what, line in {
            "the map of a date": ["control", day],
            "its page": ["map", day, "-o", str(Path(name) / "page.html")],
        }.items():
            progress(what)
            found[f"{many}: {what}"] = command(project, *line)[1], 4.0
    return [
        Result(what, "frontmap", size / _GIB, "GiB", at_most=goal)
        for what, (size, goal) in found.items()
    ]
