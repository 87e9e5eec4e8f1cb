"""How fast distances to a boundary are had, for one day and for all days, beside other software.

Errors are the greatest against Geod along densely sampled edges.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
import postgis
import shapely
from fronts import Scene
from reporting import Result, beside, progress, seconds_in_turn
from shapely.geometry.base import BaseGeometry

from frontmap.geo.distance import Boundary
from frontmap.geo.distance_series import BoundarySeries
from frontmap.geo.geodesy import distance_m, edges

Floats = npt.NDArray[np.float64]
#: From numbers of days to the metres of all places: (places, days).
Way = Callable[[Sequence[int]], Floats]

_SAMPLED_DAYS = 6
_SAMPLED_PLACES = 60
_UTM = 32637
_COMPILED, _NUMPY, _ALONE = "frontmap, compiled", "frontmap, numpy", "frontmap, day by day"
_IN_UTM, _POSTGIS = "geopandas in UTM", "PostGIS geography"
_ERROR_M = 0.1
_GOALS: Mapping[str, Mapping[str, float]] = {
    _COMPILED: {_POSTGIS: 100, _IN_UTM: 150},
    _NUMPY: {_POSTGIS: 10},
}
_GOALS_ONE_DAY: Mapping[str, Mapping[str, float]] = {_COMPILED: {_POSTGIS: 5, _NUMPY: 1.5}}
_FRESH = {
    "frontmap": "from frontmap.geo.distance import nearest; nearest(36.23, 49.99, area)",
    _IN_UTM: (
        "import geopandas; f = lambda g: geopandas.GeoSeries([g], crs=4326).to_crs(32637);"
        "f(shapely.Point(36.23, 49.99)).distance(f(area.boundary)[0])"
    ),
}
_READ = "import shapely; area = shapely.from_wkb(bytes.fromhex(input()));"


def at_once(scene: Scene, numbers: Sequence[int], *, compiled: bool) -> Floats:
    """Measure the days together."""
    series = BoundarySeries.of([scene.days[number] for number in numbers])
    return series.distances_m(*scene.places.T, compiled=compiled)


def day_by_day(scene: Scene, numbers: Sequence[int]) -> Floats:
    """Measure each day for itself."""
    boundaries = (Boundary(scene.days[number].boundary) for number in numbers)
    return np.column_stack([each.nearest(*scene.places.T).distance_m for each in boundaries])


def in_utm(scene: Scene, numbers: Sequence[int]) -> Floats:
    """Measure in a projection, as with geopandas."""
    import geopandas

    lines = [scene.days[number].boundary for number in numbers]
    projected = geopandas.GeoSeries(lines, crs=4326).to_crs(_UTM)
    points = geopandas.GeoSeries(shapely.points(scene.places), crs=4326).to_crs(_UTM)
    return np.column_stack([points.distance(line) for line in projected])


def to_nearest_point(scene: Scene, numbers: Sequence[int]) -> Floats:
    """Measure with Geod to the point that is nearest in degrees, as with shapely."""
    points, found = shapely.points(scene.places), list[Floats]()
    for number in numbers:
        lines = shapely.shortest_line(points, scene.days[number].boundary)
        ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
        found.append(np.asarray(distance_m(*ends[:, 0].T, *ends[:, 1].T)))
    return np.column_stack(found)


def dense(scene: Scene, numbers: Sequence[int], places: Sequence[int]) -> Floats:
    """Measure some places with Geod along edges that are sampled ever finer: the reference."""
    found = np.empty((len(places), len(numbers)))
    for column, number in enumerate(numbers):
        progress(f"reference of day {number}")
        start, end, _ = edges(np.array([scene.days[number]], dtype=object))
        for row, place in enumerate(places):
            found[row, column] = _dense_m(scene.places[place], start, end)
    return found


def _dense_m(place: Floats, start: Floats, end: Floats) -> float:
    """Sample edges at 200 m or less, then twice finer about the nearest samples, to centimetres."""
    metres = np.asarray(distance_m(*start.T, *end.T))
    steps = np.maximum(1, np.ceil(metres / 200)).astype(np.intp)
    edge = np.repeat(np.arange(len(start)), steps + 1)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    share, width = within / steps[edge], 1 / steps[edge]
    for _ in range(3):
        points = start[edge] + share[:, None] * (end - start)[edge]
        found = np.asarray(distance_m(*place, *points.T))
        near = np.flatnonzero(found <= found.min() + width * metres[edge])
        near = near[np.argsort(found[near])][:50]
        around = width[near, None] * np.linspace(-1, 1, 41)
        share = np.clip(share[near, None] + around, 0, 1).ravel()
        edge, width = np.repeat(edge[near], 41), np.repeat(width[near] / 20, 41)
    return float(found.min())


@contextmanager
def by_postgis(scene: Scene) -> Iterator[Way]:
    """Load a scene into PostGIS, as geographies, and yield its way."""
    with postgis.started() as database:
        progress("loading PostGIS")
        database.run("CREATE TABLE days (id int, line geography)")
        database.run("CREATE TABLE places (id int, point geography)")
        lines = shapely.to_wkb([day.boundary for day in scene.days], hex=True)
        points = shapely.to_wkb(shapely.points(scene.places), hex=True)
        database.copy_in("days", [f"{number}\t{line}" for number, line in enumerate(lines)])
        database.copy_in("places", [f"{number}\t{point}" for number, point in enumerate(points)])
        database.run("ANALYZE days; ANALYZE places")

        def measure(numbers: Sequence[int]) -> Floats:
            # Place by place within a day, so that it keeps the day's tree of edges.
            wanted = ",".join(map(str, numbers))
            rows = database.run(
                "SELECT d.id, p.id, p.m FROM (SELECT * FROM days WHERE id IN "
                f"({wanted})) d, LATERAL (SELECT id, ST_Distance(d.line, point) AS m "
                "FROM places OFFSET 0) p"
            )
            column = {number: index for index, number in enumerate(numbers)}
            found = np.full((len(scene.places), len(numbers)), np.nan)
            for row in rows.splitlines():
                day, place, metres = row.split("|")
                found[int(place), column[int(day)]] = float(metres)
            return found

        yield measure


def compare(
    what: str,
    scene: Scene,
    ways: Mapping[str, Way],
    rounds: int,
    goals: Mapping[str, Mapping[str, float]],
) -> list[Result]:
    """Compare ways to measure the scene's days; other software has a sample of them, scaled.

    `goals` has, for ways of frontmap, how many times its seconds others should take; the first is
    put beside all, any other beside those that it names.
    """
    every = range(len(scene.days))
    sample = [int(n) for n in np.unique(np.linspace(0, len(every) - 1, _SAMPLED_DAYS).round())]
    some = np.linspace(0, len(scene.places) - 1, _SAMPLED_PLACES).round().astype(int).tolist()
    expected = dense(scene, sample, some)
    found = dict[str, Floats]()

    def keep(name: str, way: Way, numbers: Sequence[int]) -> None:
        found[name] = way(numbers)

    ours = [name for name in ways if name in (_COMPILED, _NUMPY)]
    runs = {
        name: partial(keep, name, way, every if name in ours else sample)
        for name, way in ways.items()
    }
    for name in ours:
        progress(f"{name}, once to warm up")
        runs[name]()
    seconds, errors, notes = seconds_in_turn(runs, rounds), dict[str, float](), dict[str, str]()
    for name in ways:
        measured = found[name][:, sample] if name in ours else found[name]
        errors[name] = float(np.abs(measured[some] - expected).max())
        if name not in ours and len(sample) < len(every):
            seconds[name] *= len(every) / len(sample)
            notes[name] = f"{len(sample)} days, scaled to {len(every)}"
    rows = list[Result]()
    for name in ours:
        hopes = goals.get(name, {})
        others = [other for other in ways if other in hopes or name == ours[0] != other]
        if others:
            group = {each: seconds[each] for each in (name, *others)}
            rows += beside(what, group, at_least=hopes, errors=errors, notes=notes)
    worst = max(errors[name] for name in ours)
    return [*rows, Result(f"{what}: greatest error", "frontmap", worst, "m", at_most=_ERROR_M)]


def fresh(area: BaseGeometry, rounds: int) -> list[Result]:
    """Compare processes that start, measure one place to one day, and end."""
    told = shapely.to_wkb(area, hex=True).encode()
    runs = {
        name: partial(subprocess.run, [sys.executable, "-c", _READ + code], input=told, check=True)
        for name, code in _FRESH.items()
    }
    seconds = seconds_in_turn(runs, max(rounds, 5))
    return beside("One place, one day, new process", seconds, at_least={_IN_UTM: 2})


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Compare all ways on the first day alone, on all days, and in a new process."""
    one = replace(scene, days=scene.days[:1])
    results = list[Result]()
    for each, goals in ((one, _GOALS_ONE_DAY), (scene, _GOALS)):
        days = "one day" if len(each.days) == 1 else f"{len(each.days)} days"
        what = f"{len(scene.places):,} places × {days}"
        ways: dict[str, Way] = {_NUMPY: partial(at_once, each, compiled=False)}
        if find_spec("numba"):
            ways = {_COMPILED: partial(at_once, each, compiled=True), **ways}
        ways |= {
            _ALONE: partial(day_by_day, each),
            "shapely's nearest point, then Geod": partial(to_nearest_point, each),
            _IN_UTM: partial(in_utm, each),
        }
        with ExitStack() as until_done:
            if postgis.missing() is None:
                ways[_POSTGIS] = until_done.enter_context(by_postgis(each))
            results += compare(what, each, ways, rounds, goals)
    return results + fresh(scene.days[0], rounds)
