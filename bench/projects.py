"""Projects of any size, made of the changes of a workload, and commands run on them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from control import Workload

from frontmap.data import basemap
from frontmap.data.gazetteer import Gazetteer
from frontmap.data.store import Project
from frontmap.geo.records import Actor, Place, Source
from frontmap.maps.style import PALETTE

__all__ = ["command", "make_project", "many_places", "peak_bytes"]

_NEAR_DEG = 0.05


def many_places(number: int) -> list[Place]:
    """Return so many places of Ukraine: the largest first, then others made up beside them."""
    known = sorted(Gazetteer.open().places("UA"), key=lambda place: -(place.population or 0))
    rng = np.random.default_rng(20241206)
    places = known[:number]
    for nth in range(len(known), number):
        near = known[nth % len(known)]
        east, north = rng.normal(0, _NEAR_DEG, 2).tolist()
        name = f"{near.name} {nth}"
        places.append(
            Place(f"frontmap:bench-{nth}", name, near.lon + east, near.lat + north, near.country)
        )
    return places


def make_project(path: Path, workload: Workload, places: Sequence[Place]) -> Path:
    """Make a project of Ukraine with the changes of a workload."""
    slugs = sorted({change.actor for change in workload.changes if change.actor})

    def fill(project: Project) -> None:
        for number, slug in enumerate(slugs):
            colour = PALETTE[number % len(PALETTE)]
            project.add_actor(Actor(slug, f"Actor {slug}", slug, slug, colour))
        project.add_source(Source("maps", "Daily maps", "Daily maps"))
        project.add_changes(workload.changes)

    theatre = basemap.theatre(["UA"])
    with Project.create(path, theatre, basemap.zones("UA"), places, fill=fill):
        return path


def command(project: Path, *arguments: str) -> list[str]:
    """Return the line that runs a command of frontmap on a project, for `peak_bytes`."""
    code = "from frontmap.cli import main; main()"
    return [sys.executable, "-c", code, *arguments, "--project", str(project)]


# What a process reports as its peak counts in what the one that started it had in memory then,
# which is much once other topics were measured; so a small one starts it.
_STARTER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_bytes(line: Sequence[str]) -> int:
    """Run a line in a new process, in the folder of the benchmarks; return its peak memory.

    Raises CalledProcessError where it fails.
    """
    starter = [sys.executable, "-S", "-c", _STARTER, *line]
    folder = Path(__file__).parent
    told = subprocess.run(starter, cwd=folder, check=True, capture_output=True, text=True)
    return int(told.stdout) * (1 if sys.platform == "darwin" else 1024)
