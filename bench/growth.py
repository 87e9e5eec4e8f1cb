"""How the cost of an ad-hoc date, a distance and a page grows with ten times as much.

Each figure is a command in a new process: all that a user waits for. Ten times the changes, the
places or the days, the others staying as they are; the exponent is the slope of the cost over the
size, both as logarithms, 1 where ten times as much costs ten times as much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from control import Workload, cells, differences
from fronts import Scene
from projects import command, make_project, many_places
from reporting import Result, progress, seconds_in_turn

__all__ = ["SIZES", "measure"]

SIZES: Mapping[str, tuple[int, ...]] = {
    "changes": (2_000, 6_300, 20_000),
    "places": (580, 1_800, 5_800),
    "days": (35, 110, 350),
}
_CHANGES, _PLACES = 2_000, 580
_NEAR_LINEAR = 1.1


def made(folder: Path, kind: str, size: int, scene: Scene) -> tuple[Path, Workload]:
    """Make a project with so many of a kind, and as few of the others as there are."""
    if kind == "days":
        workload = differences(scene.days[:size])
    else:
        workload = cells(scene.places, size if kind == "changes" else _CHANGES)
    places = many_places(size if kind == "places" else _PLACES)
    return make_project(folder / f"{kind}-{size}.gpkg", workload, places), workload


def costs(project: Path, workload: Workload, page: Path) -> dict[str, Callable[[], object]]:
    """Return what is measured on a project."""
    day = workload.dates[len(workload.dates) // 2].isoformat()
    holder = workload.changes[1].actor or ""
    return {
        "ad-hoc date": lambda: command(project, "control", day),
        "distance": lambda: command(project, "distance", "Kharkiv", "--from", holder, "--on", day),
        "page": lambda: command(project, "map", day, "-o", str(page)),
    }


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Measure each command on projects of each size; return seconds, and exponents with goals."""
    results = list[Result]()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for kind, sizes in SIZES.items():
            ways = dict[str, Callable[[], object]]()
            for size in sizes:
                progress(f"a project of {size:,} {kind}")
                project, workload = made(folder, kind, size, scene)
                for what, run in costs(project, workload, folder / "page.html").items():
                    ways[f"{what}|{size}"] = run
            seconds = seconds_in_turn(ways, rounds)
            for what in ("ad-hoc date", "distance", "page"):
                taken = [seconds[f"{what}|{size}"] for size in sizes]
                results += _grown(f"{what.capitalize()} against {kind}", sizes, taken)
    return results


def _grown(what: str, sizes: tuple[int, ...], taken: list[float]) -> list[Result]:
    rows = [
        Result(what, f"{size:,}", seconds, ratio=seconds / taken[0])
        for size, seconds in zip(sizes, taken, strict=True)
    ]
    slope = float(np.polyfit(np.log(sizes), np.log(taken), 1)[0])
    return [*rows, Result(f"{what}: exponent", "frontmap", slope, "", at_most=_NEAR_LINEAR)]
