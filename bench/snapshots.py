"""How fast daily snapshots of an actor's ground become dated changes, beside overlays day by day.

An overlay takes each day from the next, and the next from the day, as tables of GeoPandas. It knows
nothing of projects; frontmap also looks up what a project has, and checks that nothing but rounding
is lost. Each snapshot is then taken back from the changes, as the map of its day, and compared.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import geopandas
import numpy as np
import shapely
from fronts import Scene
from reporting import Result, beside, progress, seconds_in_turn
from shapely import MultiPolygon, box
from shapely.geometry.base import BaseGeometry

from frontmap.data.snapshots import Plan, Series, Snapshot, plan_snapshots, write_plan
from frontmap.data.store import Project
from frontmap.geo.control import Arrangement
from frontmap.geo.records import Actor, Attribution, Certainty, Source, Theatre

_OURS, _BY_OVERLAY = "frontmap, import --as snapshot", "geopandas.overlay, both ways"
_ACTORS = (
    Actor("held", "Those who hold it", "Held", "held", "#e42536"),
    Actor("rest", "All the others", "Rest", "rest", "#5790fc"),
)
_SERIES = Series("held", "rest", Certainty.REPORTED, (Attribution("maps"),))
_FIRST = date(2022, 2, 24)
_CHECKED_DATES = 24
#: Of the area of a snapshot: what may be lost on the way through changes and back.
_TOLERANCE = 1e-6


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Derive the changes of all days both ways, write them once, and take snapshots back."""
    snapshots = [
        Snapshot(_FIRST + timedelta(days=number), _multi(day), f"{number}.geojson")
        for number, day in enumerate(scene.days)
    ]
    with tempfile.TemporaryDirectory() as folder, _project(Path(folder), snapshots) as project:
        tables = [geopandas.GeoDataFrame(geometry=[each.ground], crs=4326) for each in snapshots]
        seconds = seconds_in_turn(
            {
                _OURS: lambda: plan_snapshots(project, _SERIES, snapshots),
                _BY_OVERLAY: lambda: _overlaid(tables),
            },
            rounds,
        )
        plan = plan_snapshots(project, _SERIES, snapshots)
        error = _worst(plan, project, snapshots)
        progress("writing")
        begun = time.perf_counter()
        write_plan(project, plan)
        written = time.perf_counter() - begun
    number = len(snapshots)
    per_day = {way: taken / number * 1000 for way, taken in seconds.items()}
    what = f"{number} daily snapshots to {len(plan.changes)} changes, a day"
    return [
        *beside(what, per_day, unit="ms", notes={_OURS: "with what the project has"}),
        Result(
            f"Snapshots that come back on {min(number, _CHECKED_DATES)} dates: off",
            _OURS,
            error,
            "of the area",
            at_most=_TOLERANCE,
        ),
        Result("Writing those changes, `control` too", _OURS, written, note="once"),
    ]


def _project(folder: Path, snapshots: Sequence[Snapshot]) -> Project:
    """Make a project of the ground about all snapshots."""
    bounds = shapely.total_bounds([each.ground for each in snapshots])
    ground = MultiPolygon([box(*bounds).buffer(0.5, join_style="mitre")])
    project = Project.create(folder / "front.gpkg", Theatre("Front", ("XX",), ground, 60.0, "UTC"))
    for actor in _ACTORS:
        project.add_actor(actor)
    project.add_source(Source("maps", "Daily maps"))
    return project


def _overlaid(tables: Sequence[geopandas.GeoDataFrame]) -> None:
    for before, after in pairwise(tables):
        geopandas.overlay(after, before, how="difference", keep_geom_type=True)
        geopandas.overlay(before, after, how="difference", keep_geom_type=True)


def _worst(plan: Plan, project: Project, snapshots: Sequence[Snapshot]) -> float:
    """Return the largest share of a snapshot's area by which the map of its day differs from it."""
    sides = {actor.slug: actor.side for actor in _ACTORS}
    arrangement = Arrangement(plan.changes, project.theatre.polygon, sides)
    found = list[float]()
    for number in np.unique(np.linspace(0, len(snapshots) - 1, _CHECKED_DATES).round().astype(int)):
        given = snapshots[number]
        progress(f"the map of {given.day}")
        held = arrangement.at(given.day).ground_of("held")
        found.append(shapely.symmetric_difference(held, given.ground).area / given.ground.area)
    return max(found)


def _multi(geometry: BaseGeometry) -> MultiPolygon:
    parts = shapely.get_parts(shapely.make_valid(geometry))
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon"])
