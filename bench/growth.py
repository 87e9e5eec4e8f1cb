"""How what a date, a distance and a page take grows with changes, places and days.

Each is measured at three sizes, a factor of ten from the first to the last, on made-up data that
is the same each time. A power of the size is fitted to the medians: 1 is linear, and it is less
where a part does not grow.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from fronts import Scene, evolving_front
from reporting import Result, progress, seconds_in_turn
from shapely import MultiPolygon, box
from store import changes, new_project

from frontmap.data.store import Project
from frontmap.geo.control import Arrangement
from frontmap.geo.distance_series import BoundarySeries
from frontmap.geo.records import Change, Place
from frontmap.maps.page import render_page
from frontmap.maps.player import render_player
from frontmap.maps.series import describe_series
from frontmap.maps.spec import describe_map

#: What is measured at one size.
Run = Callable[[], object]
Points = tuple[tuple[int, float], ...]

_SHARES = (0.1, 0.316, 1.0)
_CHANGES, _CELLS, _DAYS = 10_000, 3_000, 300
_PLACES_MEASURED = 20_000
_CHANGES_A_DAY = 10
#: Near linear: n log n from hundreds to thousands is about 1.15, and the machine is never quiet.
_AT_MOST = 1.2


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Measure all growth, on data of its own: the scene has no part in it."""
    del scene
    with tempfile.TemporaryDirectory() as folder:
        return [*of_dates(rounds), *of_distances(rounds), *of_pages(Path(folder), rounds)]


def grown(what: str, by: str, largest: int, prepare: Callable[[int], Run], rounds: int) -> Result:
    """Measure what is prepared for each of three sizes, in turn; fit the power of growth."""
    progress(f"{what}, more {by}")
    sizes = [round(largest * share) for share in _SHARES]
    runs = {f"{what}, {size:,} {by}": prepare(size) for size in sizes}
    for run in runs.values():  # once to warm up
        run()
    seconds = seconds_in_turn(runs, rounds)
    points: Points = tuple(zip(sizes, seconds.values(), strict=True))
    took = ", ".join(f"{1000 * each:,.3g}" for each in seconds.values())
    return Result(
        f"Growth of {what}",
        f"{sizes[0]:,} to {sizes[-1]:,} {by}",
        exponent(points),
        "power",
        at_most=_AT_MOST,
        note=f"{took} ms",
        points=points,
    )


def exponent(points: Points) -> float:
    """Fit the power of the sizes by which values grow: least squares of logarithms."""
    sizes, values = np.log(np.array(points, dtype=np.float64)).T
    return float(np.polyfit(sizes, values, 1)[0])


# Dates


def of_dates(rounds: int) -> Iterator[Result]:
    """Measure the control map of a date with its areas, and what comes once before the first."""

    def noded(rows: Sequence[Change]) -> Arrangement:
        square = MultiPolygon([box(36, 34, 37, 35)])
        return Arrangement(rows, square, {"army": "government", "rebels": "opposition"})

    def ad_hoc(rows: Sequence[Change]) -> Run:
        arrangement, middle = noded(rows), rows[len(rows) // 2].valid_from
        return lambda: arrangement.at(middle).areas

    def derived(rows: Sequence[Change]) -> Run:
        arrangement = noded(rows)
        return lambda: sum(1 for _ in arrangement.intervals())

    date, once = "an ad-hoc date", "noding all changes, once"
    yield grown(date, "changes", _CHANGES, lambda size: ad_hoc(changes(size)), rounds)
    yield grown(date, "places", _CELLS, lambda size: ad_hoc(_of_cells(size)), rounds)
    yield grown(date, "days", _DAYS, lambda size: ad_hoc(_of_days(size)), rounds)
    yield grown(once, "changes", _CHANGES, lambda size: partial(noded, changes(size)), rounds)
    yield grown(once, "places", _CELLS, lambda size: partial(noded, _of_cells(size)), rounds)
    layer = "deriving the control layer"
    yield grown(layer, "changes", _CHANGES, lambda size: derived(changes(size)), rounds)
    yield grown(layer, "days", _DAYS, lambda size: derived(_of_days(size)), rounds)


def _of_cells(cells: int) -> list[Change]:
    """Return changes to as many cells as given, three a cell."""
    return changes(3 * cells, cells=cells)


def _of_days(days: int) -> list[Change]:
    """Return the changes of as many days as given, ten a day, to the same cells."""
    return changes(_CHANGES_A_DAY * days, dates=days)


# Distances


def of_distances(rounds: int) -> Iterator[Result]:
    """Measure distances of places to the boundary of all days, which is prepared each time."""
    compiled = find_spec("numba") is not None
    days = evolving_front(_DAYS)
    rng = np.random.default_rng(20241206)
    west, south, east, north = days[0].bounds
    places = rng.uniform((west - 2, south - 2), (east + 2, north + 2), (_PLACES_MEASURED, 2))

    def measured(places_wanted: int, days_wanted: int) -> Run:
        def run() -> object:
            series = BoundarySeries.of(days[:days_wanted])
            return series.distances_m(*places[:places_wanted].T, compiled=compiled)

        return run

    what = f"distances, {'compiled' if compiled else 'numpy'}"
    yield grown(what, "places", _PLACES_MEASURED, lambda size: measured(size, 30), rounds)
    yield grown(what, "days", _DAYS, lambda size: measured(5000, size), rounds)


# Pages


def of_pages(folder: Path, rounds: int) -> Iterator[Result]:
    """Measure the page of a day and the player of all days, from the file."""

    def written(name: str, rows: Sequence[Change], places: int = 100) -> Path:
        path = new_project(folder / f"{name}.gpkg")
        with Project.open(path) as project:
            project.add_places(_places(places))
            project.add_changes(rows)
        return path

    def page(path: Path) -> Run:
        def run() -> object:
            with Project.open(path) as project:
                last = project.changes()[-1].valid_from
                return render_page(describe_map(project, last))

        return run

    def player(path: Path, days: int) -> Run:
        def run() -> object:
            with Project.open(path) as project:
                first = project.changes()[0].valid_from
                shown = describe_series(project, first, first + timedelta(days=days - 1))
                return render_player(shown)

        return run

    def of_changes(size: int) -> Run:
        return page(written(f"changes-{size}", changes(size)))

    def of_places(size: int) -> Run:
        return page(written(f"places-{size}", _of_cells(size), size))

    def of_days(size: int) -> Run:
        return player(written(f"days-{size}", _of_days(size)), size)

    yield grown("the page of a day", "changes", _CHANGES, of_changes, rounds)
    yield grown("the page of a day", "places", _CELLS, of_places, rounds)
    yield grown("the player", "days", _DAYS, of_days, rounds)


def _places(count: int) -> list[Place]:
    """Make places all over the theatre, with people in them."""
    rng = np.random.default_rng(20241206)
    lonlats = rng.uniform((36, 34), (37, 35), (count, 2)).tolist()
    people = rng.zipf(1.6, count).clip(1, 3000).tolist()
    return [
        Place(f"made:{n}", f"Place {n}", lon, lat, "XX", population=500 * people[n])
        for n, (lon, lat) in enumerate(lonlats)
    ]
