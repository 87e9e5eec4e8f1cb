"""Distances of all days at once against those of `geo.distance` day by day, the reference."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from imaginary import veldoria
from pyproj import Geod
from shapely import LineString, MultiLineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from frontmap.geo.control import ControlMap
from frontmap.geo.distance import Boundary, Distance, NoDistance
from frontmap.geo.distance_series import BoundarySeries
from frontmap.geo.errors import NoFrontError
from frontmap.geo.geodesy import circle
from frontmap.geo.records import Place
from frontmap.geo.summary import distance, distances

GEOD = Geod(ellps="WGS84")
Floats = npt.NDArray[np.float64]


def day_by_day(days: list[BaseGeometry], lons: Floats, lats: Floats) -> Floats:
    """Measure to the boundary of each day on its own: (places, days), NaN without one."""
    found = np.full((len(lons), len(days)), np.nan)
    for number, day in enumerate(days):
        if not day.is_empty:
            lines = day.boundary if isinstance(day, Polygon | MultiPolygon) else day
            found[:, number] = Boundary(lines).nearest(lons, lats).distance_m
    return found


def inside_day_by_day(
    days: list[BaseGeometry], lons: Floats, lats: Floats
) -> npt.NDArray[np.bool_]:
    return np.array([shapely.intersects_xy(day, lons, lats) for day in days]).T


@st.composite
def evolving(draw: st.DrawFn) -> list[BaseGeometry]:
    """Draw an area that changes on some days, is gone on others, and returns to earlier shapes."""
    seed, days = draw(st.integers(0, 2**32)), draw(st.integers(1, 20))
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(-170, 170), rng.uniform(-70, 70)
    size = rng.choice([0.05, 0.5, 5])
    angles = np.sort(rng.uniform(0, 2 * math.pi, rng.integers(4, 40)))
    reach = size * rng.uniform(0.3, 1, len(angles))
    shapes = list[BaseGeometry]()
    for _ in range(days):
        kind = rng.choice(["same", "moved", "gone", "back"], p=[0.3, 0.5, 0.1, 0.1])
        if kind == "gone":
            shapes.append(MultiPolygon())
            continue
        if kind == "back" and shapes:
            shapes.append(shapes[rng.integers(len(shapes))])
            continue
        if kind == "moved":
            some = rng.integers(len(reach), size=2)
            reach[some] = size * rng.uniform(0.3, 1, 2)
        around = np.column_stack([reach * np.cos(angles), reach * np.sin(angles)])
        shapes.append(shapely.make_valid(Polygon(np.array([lon, lat]) + around)))
    return [
        MultiPolygon([p for p in shapely.get_parts(s) if isinstance(p, Polygon)]) for s in shapes
    ]


@settings(max_examples=40, deadline=None)
@given(evolving(), st.integers(0, 2**32), st.sampled_from([1, 7, 60]))
@example([box(20, 69, 32, 70), box(20, 69, 33, 70)], 1, 7)  # long edges, far from geodesics
@example([MultiPolygon(), MultiPolygon()], 1, 7)
def test_all_days_at_once_are_as_day_by_day(
    days: list[BaseGeometry], seed: int, count: int
) -> None:
    rng = np.random.default_rng(seed)
    bounds = [day.bounds for day in days if not day.is_empty] or [(10, 10, 11, 11)]
    west, south, east, north = bounds[0]
    spread = rng.choice([0.2, 2, 20], size=(count, 1)) * rng.normal(size=(count, 2))
    places = rng.uniform((west, south), (east, north), (count, 2)) + spread * (east - west)
    lons, lats = (places[:, 0] + 180) % 360 - 180, np.clip(places[:, 1], -89, 89)
    series = BoundarySeries.of(days)
    expected = day_by_day(days, lons, lats)
    assert series.distances_m(lons, lats) == pytest.approx(expected, abs=0.02, nan_ok=True)
    compiled = series.distances_m(lons, lats, compiled=True)
    assert compiled == pytest.approx(series.distances_m(lons, lats), abs=1e-6, nan_ok=True)
    assert (series.inside(lons, lats) == inside_day_by_day(days, lons, lats)).all()
    for number in range(min(count, 3)):
        for day, row in zip(
            days, series.nearest(lons[number], lats[number], areal=True), strict=True
        ):
            if day.is_empty:
                assert row is None
                continue
            slow = Boundary(day).nearest([lons[number]], [lats[number]])[0]
            assert row is not None
            assert row.inside == slow.inside
            assert row.distance_m == pytest.approx(slow.distance_m, abs=1e-6)
            assert GEOD.inv(row.lon, row.lat, slow.lon, slow.lat)[2] < 1


def test_places_all_over_the_world_are_measured_as_near_ones() -> None:
    rng = np.random.default_rng(7)
    line = LineString(np.cumsum(rng.normal(0, 0.01, (300, 2)), axis=0) + np.array([37, 48]))
    front: list[BaseGeometry] = [
        line,
        line.reverse(),
        MultiLineString([line.coords[:100], line.coords[150:]]),
    ]
    lons, lats = rng.uniform(-180, 180, 60), rng.uniform(-85, 85, 60)
    lons[:20], lats[:20] = np.array(line.coords[:100:5]).T + 1e-7
    series = BoundarySeries.of(front)
    found = series.distances_m(lons, lats)
    assert series.distances_m(lons, lats, compiled=True) == pytest.approx(found, abs=1e-6)
    assert found == pytest.approx(day_by_day(front, lons, lats), abs=0.02)


def test_a_place_on_an_edge_or_a_corner_is_inside_only_while_it_is_there() -> None:
    days = [
        box(36, 34, 37, 35),
        box(40, 34, 41, 35),
        box(36, 34, 37, 35).union(box(37, 34, 38, 35)),
    ]
    series = BoundarySeries.of(days)
    lons, lats = np.array([36.5, 36.5, 37, 36, 36, 36.5]), np.array([34, 35, 34.5, 34, 34.5, 34.5])
    expected = [[True, False, True]] * 6
    assert series.inside(lons, lats).tolist() == expected
    assert series.inside(lons, lats).tolist() == inside_day_by_day(days, lons, lats).tolist()


def test_a_place_in_a_hole_is_outside() -> None:
    holed = box(36, 34, 37, 35).difference(circle(36.5, 34.5, 10_000))
    row, whole = BoundarySeries.of([holed, box(36, 34, 37, 35)]).nearest(36.5, 34.5, areal=True)
    assert row is not None and not row.inside
    assert row.distance_m == pytest.approx(10_000, abs=0.01)
    assert whole is not None and whole.inside and whole.distance_m == 0


def test_no_places_and_no_days_are_no_distances() -> None:
    assert BoundarySeries.of([box(0, 0, 1, 1)]).distances_m([], []).shape == (0, 1)
    assert BoundarySeries.of([]).distances_m([1, 2], [3, 4]).shape == (2, 0)
    assert BoundarySeries.of([]).inside([1, 2], [3, 4]).shape == (2, 0)


@pytest.mark.parametrize("from_", [None, "opposition", "northern"])
def test_the_rows_of_several_maps_are_those_of_each(from_: str | None) -> None:
    """Word for word, with the point, the bearing and the pair of sides."""
    project = veldoria()
    places = project.places()
    dates = project.arrangement().dates()
    maps = [project.control_map(day) for day in [dates[0] - timedelta(days=1), *dates]]

    def alone(shown: ControlMap, place: Place) -> dict[str, object]:
        try:
            return distance(shown, place, from_, places).to_dict()
        except NoFrontError:
            return {"distance_km": None}

    together = distances(maps, places, from_, places)
    assert any(isinstance(row, Distance) for rows in together for row in rows)
    for place, rows in zip(places, together, strict=True):
        for shown, row in zip(maps, rows, strict=True):
            expected = alone(shown, place)
            if isinstance(row, NoDistance):
                assert (row.on, expected["distance_km"]) == (shown.as_of, None)
            else:
                assert row.to_dict() == expected


@pytest.mark.slow
def test_the_benchmark_runs_and_frontmap_is_exact_in_it(tmp_path: Path) -> None:
    bench = Path(__file__).parents[1] / "bench" / "run.py"
    output = tmp_path / "distance.json"
    small = ["distance", "--days", "6", "--places", "80", "--rounds", "1", "--json", str(output)]
    subprocess.run([sys.executable, str(bench), *small], stdout=subprocess.DEVNULL, check=True)
    results = json.loads(output.read_text())["results"]
    ours = [row["error"] for row in results if row["way"].startswith("frontmap, ")]
    assert len(ours) == 7
    assert max(ours) < 0.1
