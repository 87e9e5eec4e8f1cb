"""Projects of any size, made of the changes of a workload, and commands run on them."""

from __future__ import annotations

import os
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

__all__ = ["command", "make_project", "many_places"]

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


def command(project: Path, *arguments: str) -> tuple[float, int]:
    """Run a command of frontmap on a project in a new process; return its seconds and peak bytes.

    Raises CalledProcessError where it fails.
    """
    import time

    line = [sys.executable, "-c", "from frontmap.cli import main; main()", *arguments]
    begun = time.perf_counter()
    with subprocess.Popen(
        [*line, "--project", str(project)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, line)
    return time.perf_counter() - begun, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
