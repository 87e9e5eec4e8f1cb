"""How fast distances to a boundary are had, for one day and for all days, beside other software.

    python bench/distance.py [--deepstate DIR] [--days N] [--rounds 3] [--json FILE]

Prints a table: the median time of each way relative to frontmap's, measured in turn in one run, and
its greatest error against Geod along densely sampled edges. Places are those of Ukraine in the
gazetteer; the areas are the GeoJSON files of a folder, or made up with the same statistics.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import postgis
import shapely
from fronts import daily_files, evolving_front
from reporting import Result, progress, report, seconds_in_turn, versions
from shapely.geometry.base import BaseGeometry

from frontmap.data.gazetteer import Gazetteer
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
_FRESH = {
    "frontmap": "from frontmap.geo.distance import nearest; nearest(36.23, 49.99, area)",
    "geopandas in UTM": (
        "import geopandas; f = lambda g: geopandas.GeoSeries([g], crs=4326).to_crs(32637);"
        "f(shapely.Point(36.23, 49.99)).distance(f(area.boundary)[0])"
    ),
}
_READ = "import shapely; area = shapely.from_wkb(bytes.fromhex(input()));"


@dataclass(frozen=True, slots=True)
class Scene:
    """The areas of all days, and places (n, 2) in degrees."""

    days: Sequence[BaseGeometry]
    places: Floats

    def at_once(self, numbers: Sequence[int], *, compiled: bool) -> Floats:
        """Measure the days together."""
        series = BoundarySeries.of([self.days[number] for number in numbers])
        return series.distances_m(*self.places.T, compiled=compiled)

    def day_by_day(self, numbers: Sequence[int]) -> Floats:
        """Measure each day for itself."""
        boundaries = (Boundary(self.days[number].boundary) for number in numbers)
        return np.column_stack([each.nearest(*self.places.T).distance_m for each in boundaries])

    def in_utm(self, numbers: Sequence[int]) -> Floats:
        """Measure in a projection, as with geopandas."""
        import geopandas

        lines = [self.days[number].boundary for number in numbers]
        projected = geopandas.GeoSeries(lines, crs=4326).to_crs(_UTM)
        points = geopandas.GeoSeries(shapely.points(self.places), crs=4326).to_crs(_UTM)
        return np.column_stack([points.distance(line) for line in projected])

    def to_nearest_point(self, numbers: Sequence[int]) -> Floats:
        """Measure with Geod to the point that is nearest in degrees, as with shapely."""
        points, found = shapely.points(self.places), list[Floats]()
        for number in numbers:
            lines = shapely.shortest_line(points, self.days[number].boundary)
            ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
            found.append(np.asarray(distance_m(*ends[:, 0].T, *ends[:, 1].T)))
        return np.column_stack(found)

    def dense(self, numbers: Sequence[int], places: Sequence[int]) -> Floats:
        """Measure some places with Geod along edges that are sampled ever finer: the reference."""
        found = np.empty((len(places), len(numbers)))
        for column, number in enumerate(numbers):
            progress(f"reference of day {number}")
            start, end, _ = edges(np.array([self.days[number]], dtype=object))
            for row, place in enumerate(places):
                found[row, column] = _dense_m(self.places[place], start, end)
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
    what: str, scene: Scene, ours: Mapping[str, Way], others: Mapping[str, Way], rounds: int
) -> list[Result]:
    """Compare ways to measure the scene's days; other software has a sample of them, scaled."""
    every = range(len(scene.days))
    sample = [int(n) for n in np.unique(np.linspace(0, len(every) - 1, _SAMPLED_DAYS).round())]
    some = np.linspace(0, len(scene.places) - 1, _SAMPLED_PLACES).round().astype(int).tolist()
    expected = scene.dense(sample, some)
    found = dict[str, Floats]()

    def keep(name: str, way: Way, numbers: Sequence[int]) -> None:
        found[name] = way(numbers)

    runs = {name: partial(keep, name, way, every) for name, way in ours.items()}
    runs |= {name: partial(keep, name, way, sample) for name, way in others.items()}
    for name in ours:
        progress(f"{name}, once to warm up")
        runs[name]()
    seconds = seconds_in_turn(runs, rounds)
    rows = list[Result]()
    for name, taken in seconds.items():
        part = len(every) / (len(every) if name in ours else len(sample))
        measured = found[name][:, sample] if name in ours else found[name]
        error_m = float(np.abs(measured[some] - expected).max())
        ratio = taken * part / next(iter(seconds.values()))
        note = f"{len(sample)} days, scaled to {len(every)}" if part > 1 else ""
        rows.append(Result(what, name, taken * part, ratio, error_m, "m", note))
    return rows


def fresh(area: BaseGeometry, rounds: int) -> list[Result]:
    """Compare processes that start, measure one place to one day, and end."""
    told = shapely.to_wkb(area, hex=True).encode()
    runs = {
        name: partial(subprocess.run, [sys.executable, "-c", _READ + code], input=told, check=True)
        for name, code in _FRESH.items()
    }
    seconds = seconds_in_turn(runs, max(rounds, 5))
    return [
        Result(
            "One place, one day, new process", name, taken, taken / seconds["frontmap"], None, ""
        )
        for name, taken in seconds.items()
    ]


def _ours(scene: Scene) -> dict[str, Way]:
    ways: dict[str, Way] = {_NUMPY: partial(scene.at_once, compiled=False)}
    if find_spec("numba") is None:
        return ways
    return {_COMPILED: partial(scene.at_once, compiled=True), **ways}


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Compare all ways on the first day alone, on all days, and in a new process."""
    one = Scene(scene.days[:1], scene.places)
    results = list[Result]()
    for each in (one, scene):
        days = "one day" if len(each.days) == 1 else f"{len(each.days)} days"
        what = f"{len(scene.places):,} places × {days}"
        others: dict[str, Way] = {
            _ALONE: each.day_by_day,
            "shapely's nearest point, then Geod": each.to_nearest_point,
            "geopandas in UTM": each.in_utm,
        }
        with ExitStack() as until_done:
            if postgis.missing() is None:
                others["PostGIS geography"] = until_done.enter_context(by_postgis(each))
            results += compare(what, each, _ours(each), others, rounds)
    return results + fresh(scene.days[0], rounds)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure distances to a boundary of many days.")
    parser.add_argument("--deepstate", type=Path, metavar="DIR", help="a GeoJSON file a day")
    parser.add_argument("--days", type=int, help="no more days than these")
    parser.add_argument("--places", type=int, help="no more places than these")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    if arguments.deepstate:
        days = daily_files(arguments.deepstate)[: arguments.days]
    else:
        days = evolving_front(arguments.days or 353)
    known = list(Gazetteer.open().places("UA"))[: arguments.places]
    scene = Scene(days, np.array([(place.lon, place.lat) for place in known]))
    without = postgis.missing()
    if without:
        print(f"Without PostGIS: {without} on this machine.", file=sys.stderr)
    edge_days = sum(len(edges(np.array([day], dtype=object))[0]) for day in days)
    about = {
        "data": "daily files" if arguments.deepstate else "made up",
        "days": len(days),
        "places": len(known),
        "edges of all days": edge_days,
        "versions": {
            **versions("frontmap", "geopandas", "numba", "numpy", "pyproj", "shapely"),
            "postgis": None if without else "of the distribution",
        },
    }
    report(measure(scene, arguments.rounds), about, arguments.json)


if __name__ == "__main__":
    main()
