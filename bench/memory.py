"""How much memory large jobs take at their peak, each in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from control import cells
from fronts import Scene, evolving_front
from projects import command, make_project, many_places, peak_bytes
from reporting import Result, progress
from store import new_project

__all__ = ["measure"]

_DAYS, _PLACES = 769, 50_000
_CHANGES = 100_000
_VERTICES = 1_000_000
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


def draw(path: str) -> None:
    """Write a polygon of very many vertices, as GeoJSON, within the square theatre."""
    import json

    import numpy as np

    turn = np.linspace(0, 2 * np.pi, _VERTICES, endpoint=False)
    radius = 0.4 + 0.02 * np.sin(500 * turn) + 0.001 * np.sin(90_001 * turn)
    x, y = 36.5 + radius * np.cos(turn), 34.5 + radius * np.sin(turn)
    ring = np.round(np.column_stack([x, y]), 8).tolist()
    polygon = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    Path(path).write_text(json.dumps(polygon), encoding="utf-8")


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Measure the peak of each job once: it hardly differs from run to run."""
    del scene, rounds
    many, day = f"{_CHANGES:,} changes, {_PLACES:,} places", "2023-06-01"
    with TemporaryDirectory() as name:
        project, page = Path(name) / "many.gpkg", str(Path(name) / "page.html")
        jobs = {
            f"Distances of {_PLACES:,} places on {_DAYS} days": [sys.executable, "-c", _SERIES],
            f"{many}: recorded": [sys.executable, "-c", _RECORD, str(project)],
            f"{many}: the map of a date": command(project, "control", day),
            f"{many}: its page": command(project, "map", day, "-o", page),
        }
        area, drawn = str(Path(name) / "area.geojson"), f"A polygon of {_VERTICES:,} vertices"
        draw(area)
        square = new_project(Path(name) / "square.gpkg")
        told = ("actor=rebels", "on=2024-12-05", "certainty=reported", "source=gazette")
        options = [word for value in told for word in ("--set", value)]
        jobs |= {
            f"{drawn}: imported": command(square, "import", area, "--as", "changes", *options),
            f"{drawn}: its page": command(square, "map", "2024-12-05", "-o", page),
        }
        results = []
        for what, line in jobs.items():
            progress(what)
            goal = 1.0 if what.startswith("Distances") else 4.0
            results.append(Result(what, "frontmap", peak_bytes(line) / _GIB, "GiB", at_most=goal))
    return results
