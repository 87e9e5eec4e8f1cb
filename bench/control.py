"""How fast the map of any date is had from all changes, beside folding them one by one.

A fold keeps the ground of each actor, and gives each change's polygon to its actor and takes it
from the others: what one writes with geopandas' overlay or with shapely. It makes the maps of all
dates on its way, once; for one date more, known at another time, it begins again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from statistics import median

import numpy as np
import numpy.typing as npt
import shapely
from fronts import Scene
from reporting import Result, beside, progress, seconds_in_turn
from shapely import MultiPoint, MultiPolygon, box
from shapely.geometry.base import BaseGeometry

from frontmap.geo.control import Arrangement
from frontmap.geo.records import Attribution, Certainty, Change, Status
from frontmap.geo.snapshots import difference
from frontmap.geo.subdivision import SLIVER_WIDTH_DEG

_OURS = "frontmap"
_BY_SHAPELY, _BY_DAY, _BY_OVERLAY = "shapely, a change", "shapely, a day", "geopandas.overlay"
#: Of how many changes folds are measured, to be scaled to all.
_FOLDED, _OVERLAID = 1_500, 150
#: Of made-up ones, the last 500 of the first 4,000 tell what the others take at least.
_FOLDED_FIRST, _FOLDED_LAST = 4_000, 500
_AD_HOC_DATES = 20
_CHECKED_DATES = 12
_SYNTHETIC_CHANGES, _SYNTHETIC_ACTORS, _SYNTHETIC_DATES = 20_000, 100, 10
_FIRST = date(2022, 2, 24)
_AREA_ERROR = 1e-9


@dataclass(frozen=True)
class Workload:
    """Polygons (n) in the order of their dates: numbers of days, and who takes the ground."""

    theatre: MultiPolygon
    polygons: npt.NDArray[np.object_]
    days: npt.NDArray[np.int64]
    actors: npt.NDArray[np.int64]

    @cached_property
    def changes(self) -> list[Change]:
        """The same as records."""
        recorded = datetime(2026, 1, 1, tzinfo=UTC)
        return [
            Change(
                id=number + 1,
                actor=f"a{actor}",
                status=Status.CONTROLLED,
                certainty=Certainty.REPORTED,
                valid_from=self.on(day),
                valid_to=None,
                recorded_at=recorded + timedelta(seconds=number),
                polygon=polygon,
                sources=(Attribution("maps"),),
            )
            for number, (polygon, day, actor) in enumerate(
                zip(self.polygons, self.days.tolist(), self.actors.tolist(), strict=True)
            )
        ]

    @property
    def dates(self) -> list[date]:
        """Every date of a change."""
        return [self.on(day) for day in np.unique(self.days).tolist()]

    def on(self, day: int) -> date:
        """Return the date of a day."""
        return _FIRST + timedelta(days=day)

    def arranged(self) -> Arrangement:
        """Node all changes."""
        names = {f"a{actor}": f"a{actor}" for actor in np.unique(self.actors).tolist()}
        return Arrangement(self.changes, self.theatre, names)


# --- workloads ------------------------------------------------------------------------------------


def differences(days: Sequence[BaseGeometry]) -> Workload:
    """Make changes of what two actors gain from one day to the next, a change a piece of ground."""
    theatre = MultiPolygon([box(*shapely.total_bounds(days)).buffer(0.5, join_style="mitre")])
    held = [_multi(day) for day in days]
    found: list[tuple[BaseGeometry, int, int]] = [(theatre, 0, 0), (held[0], 0, 1)]
    # Of one date, the later recorded of two actors' claims would not hide the other but contest it.
    found[0] = (_multi(theatre.difference(held[0])), 0, 0)
    for day, (before, after) in enumerate(pairwise(held), 1):
        gained, lost = difference(before, after)
        found += [(MultiPolygon([part]), day, 1) for part in gained.geoms]
        found += [(MultiPolygon([part]), day, 0) for part in lost.geoms]
    polygons, on, actors = zip(*found, strict=True)
    return Workload(theatre, np.array(polygons, dtype=object), np.array(on), np.array(actors))


def cells(places: npt.NDArray[np.float64], number: int = _SYNTHETIC_CHANGES) -> Workload:
    """Make changes that take the cells of one to eight neighbouring places."""
    rng = np.random.default_rng(20241206)
    different = np.unique(places, axis=0)
    theatre = _around(different)
    grounds = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(different), extend_to=theatre, ordered=True)
    )
    grounds = shapely.intersection(grounds, theatre)
    # Neighbours in the order of a walk from west to east and back.
    order = np.lexsort((different[:, 0], np.round(different[:, 1] * 4)))
    start = rng.integers(0, len(order) - 8, number)
    count = rng.integers(1, 9, number)
    taken = [
        _multi(shapely.coverage_union_all(grounds[order[begin : begin + some]]))
        for begin, some in zip(start.tolist(), count.tolist(), strict=True)
    ]
    return _synthetic(rng, theatre, taken)


def circles(places: npt.NDArray[np.float64]) -> Workload:
    """Make changes that take circles of a few kilometres, at random about places."""
    rng = np.random.default_rng(20241207)
    centres = places[rng.integers(0, len(places), _SYNTHETIC_CHANGES)]
    centres = centres + rng.normal(0, 0.1, centres.shape)
    radii = rng.uniform(0.03, 0.12, len(centres))
    taken = shapely.buffer(shapely.points(centres), radii, quad_segs=8)
    return _synthetic(rng, _around(places), [MultiPolygon([each]) for each in taken])


def _synthetic(
    rng: np.random.Generator, theatre: MultiPolygon, taken: Sequence[MultiPolygon]
) -> Workload:
    polygons = np.empty(len(taken), dtype=object)
    polygons[:] = taken
    # One change a date of those of one actor at most: what is contested, no fold knows.
    days = np.arange(len(taken)) // 20
    actors = np.concatenate(
        [rng.choice(_SYNTHETIC_ACTORS, 20, replace=False) for _ in range(-(-len(taken) // 20))]
    )[: len(taken)]
    return Workload(theatre, polygons, days, actors)


def _around(places: npt.NDArray[np.float64]) -> MultiPolygon:
    return _multi(shapely.convex_hull(MultiPoint(places)).buffer(0.3))


def _multi(geometry: BaseGeometry) -> MultiPolygon:
    parts = shapely.get_parts(shapely.make_valid(geometry))
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


# --- ways -----------------------------------------------------------------------------------------


def every_map(workload: Workload, dates: Sequence[date]) -> None:
    """Node all, and make the areas of each date."""
    arrangement = workload.arranged()
    for day in dates:
        _ = arrangement.at(day).areas


def folded_by_shapely(
    workload: Workload, last: int, held: dict[int, BaseGeometry] | None = None, first: int = 0
) -> dict[int, BaseGeometry]:
    """Fold changes one by one into what is held, looking only at actors whose bounds they meet."""
    held = {} if held is None else held
    some = slice(first, last)
    for polygon, actor in zip(workload.polygons[some], workload.actors[some].tolist(), strict=True):
        bounds = box(*polygon.bounds)
        for other, ground in held.items():
            if other != actor and bounds.intersects(box(*ground.bounds)):
                held[other] = shapely.difference(ground, polygon)
        held[actor] = shapely.union(held[actor], polygon) if actor in held else polygon
    return held


def folded_by_day(workload: Workload) -> dict[int, BaseGeometry]:
    """Fold all changes, first joining those of one actor and day."""
    held = dict[int, BaseGeometry]()
    for day in np.unique(workload.days):
        now = workload.days == day
        for actor in np.unique(workload.actors[now]).tolist():
            taken = shapely.union_all(workload.polygons[now & (workload.actors == actor)])
            for other in held.keys() - {actor}:
                held[other] = shapely.difference(held[other], taken)
            held[actor] = shapely.union(held[actor], taken) if actor in held else taken
    return held


def folded_by_overlay(workload: Workload, last: int) -> object:
    """Fold the first changes one by one as tables."""
    import geopandas
    import pandas as pd

    held = None
    for polygon, actor in zip(
        workload.polygons[:last], workload.actors[:last].tolist(), strict=True
    ):
        new = geopandas.GeoDataFrame({"actor": [actor]}, geometry=[polygon], crs=4326)
        if held is None:
            held = new
            continue
        left = geopandas.overlay(held, new, how="difference", keep_geom_type=True)
        held = pd.concat([left, new]).dissolve("actor").reset_index()
    return held


# --- results --------------------------------------------------------------------------------------


def evolving(scene: Scene, rounds: int) -> list[Result]:
    """Compare ways to the maps of all dates of the scene, and check the maps."""
    progress("what changes from day to day")
    workload = differences(scene.days)
    number = len(workload.polygons)
    folded, overlaid = min(_FOLDED, number), min(_OVERLAID, number)
    what = f"{number:,} changes, the maps of {len(workload.dates)} dates"
    seconds = seconds_in_turn(
        {
            _OURS: lambda: every_map(workload, workload.dates),
            _BY_SHAPELY: lambda: folded_by_shapely(workload, folded),
            _BY_DAY: lambda: folded_by_day(workload),
            _BY_OVERLAY: lambda: folded_by_overlay(workload, overlaid),
        },
        rounds,
    )
    seconds[_BY_SHAPELY] *= number / folded
    seconds[_BY_OVERLAY] *= number / overlaid
    notes = {
        _BY_SHAPELY: f"{folded:,} changes, scaled",
        _BY_DAY: "leaves overlaps and slivers",
        _BY_OVERLAY: f"{overlaid:,} changes, scaled",
    }
    goals = {_BY_SHAPELY: 6.0, _BY_OVERLAY: 40.0}
    arrangement = workload.arranged()
    _ = arrangement.at(workload.dates[0])
    ad_hoc = {_OURS: _ad_hoc_seconds(arrangement, workload.dates)}
    ad_hoc |= {way: seconds[way] for way in (_BY_SHAPELY, _BY_DAY)}
    return [
        *beside(what, seconds, at_least=goals, notes=notes),
        *beside("One date more", ad_hoc, at_least={_BY_SHAPELY: 1000}, notes=notes),
        *_checked(arrangement, workload, scene.days),
    ]


def _ad_hoc_seconds(arrangement: Arrangement, dates: Sequence[date]) -> float:
    taken = list[float]()
    for index in np.linspace(0, len(dates) - 1, _AD_HOC_DATES).round().astype(int).tolist():
        begun = time.perf_counter()
        _ = arrangement.at(dates[index]).areas
        taken.append(time.perf_counter() - begun)
    return median(taken)


def _checked(
    arrangement: Arrangement, workload: Workload, days: Sequence[BaseGeometry]
) -> list[Result]:
    """Look for gaps, overlaps and slivers in the maps of some dates, and compare with the days."""
    area_errors, off = list[float](), list[float]()
    slivers = invalid = 0
    numbers = np.linspace(0, len(days) - 1, _CHECKED_DATES).round().astype(int)
    for number in np.unique(numbers).tolist():
        progress(f"the map of day {number}")
        areas = [area for area in arrangement.at(workload.on(number)).areas]
        polygons = [area.polygon for area in areas]
        invalid += not shapely.coverage_is_valid(polygons)
        parts = shapely.get_parts(polygons)
        slivers += int((2 * shapely.area(parts) < SLIVER_WIDTH_DEG * shapely.length(parts)).sum())
        whole = workload.theatre.area
        area_errors.append(abs(sum(polygon.area for polygon in polygons) - whole) / whole)
        held = shapely.union_all([area.polygon for area in areas if area.actor == "a1"])
        given = shapely.make_valid(days[number])
        off.append(shapely.symmetric_difference(held, given).area / given.area)
    what = f"Maps of {len(area_errors)} dates"
    return [
        Result(f"{what}: area error", _OURS, max(area_errors), "of all", at_most=_AREA_ERROR),
        Result(f"{what}: off the days given", _OURS, max(off), "of the area", at_most=1e-6),
        Result(f"{what}: slivers", _OURS, slivers, "", at_most=0),
        Result(f"{what}: invalid coverages", _OURS, invalid, "", at_most=0),
    ]


def synthetic(name: str, workload: Workload, goal: float, rounds: int) -> list[Result]:
    """Compare the maps of ten dates with folding all changes once."""
    dates = workload.dates
    some = [dates[int(n)] for n in np.linspace(len(dates) / 10, len(dates) - 1, _SYNTHETIC_DATES)]
    number = len(workload.polygons)
    _ = workload.changes
    seconds = seconds_in_turn({_OURS: lambda: every_map(workload, some)}, rounds)
    progress(f"{_BY_SHAPELY}, once")
    seconds[_BY_SHAPELY] = _folding_seconds(workload)
    what = f"{_SYNTHETIC_ACTORS} actors, {number:,} {name}: the maps of {len(some)} dates"
    notes = {_BY_SHAPELY: f"{_FOLDED_FIRST:,} changes, the rest as the last {_FOLDED_LAST} of them"}
    return beside(what, seconds, at_least={_BY_SHAPELY: goal}, notes=notes)


def _folding_seconds(workload: Workload) -> float:
    """Estimate from below what a fold of all changes takes: later ones take longer."""
    begun = time.perf_counter()
    held = folded_by_shapely(workload, _FOLDED_FIRST - _FOLDED_LAST)
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    folded_by_shapely(workload, _FOLDED_FIRST, held, _FOLDED_FIRST - _FOLDED_LAST)
    last = time.perf_counter() - begun
    rest = len(workload.polygons) - _FOLDED_FIRST
    return first + last + last / _FOLDED_LAST * rest


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Compare ways on the scene's days, and on made-up changes of many actors."""
    results = evolving(scene, rounds)
    progress("made-up changes")
    results += synthetic("groups of cells", cells(scene.places), 80, rounds)
    return results + synthetic("random circles", circles(scene.places), 15, rounds)
