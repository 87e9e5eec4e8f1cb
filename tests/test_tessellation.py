"""Cells: each the ground nearest to its place, and all together a valid coverage."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, STRtree, box

from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import area_km2, distance_m, edges, theatre_projection
from frontmap.geo.tessellation import Tessellation, cells, verify

Floats = npt.NDArray[np.float64]
FAR_KM = 20_000.0
SYRIA = (35.7, 32.3, 42.4, 37.3)


def ragged(west: float, south: float, east: float, north: float, seed: int = 0) -> MultiPolygon:
    """Draw an outline with bays, capes, a lake and an island within bounds."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * math.pi, 400, endpoint=False)
    radius = np.ones(400)
    for wave in range(2, 25):
        radius += rng.normal(0, 0.1 / wave**0.7) * np.cos(wave * angle + rng.uniform(0, 6))
    radius *= 0.8 / radius.max()
    x, y = (west + east) / 2, (south + north) / 2
    half = np.array([(east - west) / 2, (north - south) / 2])
    shore = Polygon((x, y) + half * radius[:, None] * np.c_[np.cos(angle), np.sin(angle)])
    size = half.min() / 8
    land = shore.buffer(0).difference(box(x, y, x + size, y + size))
    island = box(east - size, south, east, south + size).difference(shore)
    return MultiPolygon([*shapely.get_parts(land), *shapely.get_parts(island)])


def points_at(lonlat: Floats) -> npt.NDArray[np.object_]:
    return np.asarray(shapely.points(lonlat))


def places(seed: int, count: int, bounds: tuple[float, float, float, float]) -> Floats:
    """Draw places, half of them crowded as in a river valley."""
    rng = np.random.default_rng(seed)
    west, south, east, north = bounds
    spread = rng.uniform((west, south), (east, north), (count, 2))
    spread[::2] = np.clip(
        rng.normal(spread[0], (0.3, 0.2), (len(spread[::2]), 2)), (west, south), (east, north)
    )
    return spread


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 300), st.sampled_from([5.0, 25.0, FAR_KM]))
def test_cells_are_a_valid_coverage_within_the_outline(seed: int, count: int, reach: float) -> None:
    outline = ragged(*SYRIA, seed=seed)
    lons, lats = places(seed, count, SYRIA).T
    found = cells(lons, lats, outline, reach)
    ground = [one for one in found if not one.is_empty]
    assert shapely.is_valid(ground).all()
    assert verify(lons, lats, found).invalid_edges == ()
    assert shapely.union_all(ground).difference(outline).area < 1e-12
    if reach == FAR_KM:
        assert sum(area_km2(ground)) == pytest.approx(area_km2(outline), rel=1e-9)


@pytest.mark.parametrize(
    "bounds",
    [SYRIA, (22, 44.3, 40.2, 52.4), (21.8, 8.7, 38.6, 22.2), (33.9, -4.7, 41.9, 5.1)],
    ids=["Syria", "Ukraine", "Sudan", "Kenya"],
)
def test_ground_belongs_to_the_place_that_is_geodesically_nearest(
    bounds: tuple[float, float, float, float],
) -> None:
    west, south, east, north = bounds
    rng = np.random.default_rng(7)
    lonlat = rng.uniform((west, south), (east, north), (1500, 2))
    found = cells(lonlat[:, 0], lonlat[:, 1], MultiPolygon([box(*bounds)]), FAR_KM)
    asked = rng.uniform((west, south), (east, north), (20_000, 2))
    points, holders = STRtree(found).query(points_at(asked), predicate="intersects")
    assert len(points) == 20_000
    mine = distance_m(*asked[points].T, *lonlat[holders].T)
    window = (east - west) / 10
    point, rival = STRtree(points_at(lonlat)).query(points_at(asked[points]), "dwithin", window)
    least = np.full(len(points), np.inf)
    np.minimum.at(least, point, distance_m(*asked[points[point]].T, *lonlat[rival].T))
    wrong = mine > least + 1e-6
    assert wrong.mean() <= 2e-4
    assert (mine - least).max() < 100


def test_shared_edges_are_as_far_from_both_places() -> None:
    lonlat = np.array([(36.6, 34.7), (37.2, 34.9)])
    west, east = cells(lonlat[:, 0], lonlat[:, 1], MultiPolygon([box(*SYRIA)]), FAR_KM)
    edge = shapely.get_coordinates(shapely.segmentize(shapely.intersection(west, east), 0.003))
    assert len(edge) > 1000
    apart = distance_m(*lonlat[0], *edge.T) - distance_m(*lonlat[1], *edge.T)
    # A point d off the bisector is by up to 2 d nearer to one place.
    assert np.abs(apart).max() < 2 * 10


@pytest.mark.parametrize("bounds", [SYRIA, (5, 58, 31, 71)], ids=["Syria", "Norway"])
def test_edges_bend_from_those_of_the_projection_by_less_than_10_m(
    bounds: tuple[float, float, float, float],
) -> None:
    outline = MultiPolygon([box(*bounds)])
    lonlat = places(3, 30, bounds)
    found = cells(lonlat[:, 0], lonlat[:, 1], outline, FAR_KM)
    start, end, _ = edges(np.array(found, dtype=object))
    inner = ~shapely.intersects(outline.boundary, points_at((start + end) / 2))
    project = theatre_projection(outline).forward_xy
    straight = (project(start) + project(end)) / 2
    bend_m = np.hypot(*(project((start + end) / 2) - straight)[inner].T)
    assert inner.sum() > 500
    assert bend_m.max() < 3


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.floats(2, 60))
def test_no_cell_extends_beyond_the_reach_and_none_stops_short(seed: int, reach_km: float) -> None:
    outline = MultiPolygon([box(*SYRIA)])
    lonlat = places(seed, 40, SYRIA)
    found = cells(lonlat[:, 0], lonlat[:, 1], outline, reach_km)
    for (lon, lat), ground in zip(lonlat, found, strict=True):
        corners = shapely.get_coordinates(ground)
        assert distance_m(lon, lat, *corners.T).max() <= reach_km * 1e3 + 0.01
    rng = np.random.default_rng(seed)
    asked = rng.uniform(SYRIA[:2], SYRIA[2:], (300, 2))
    least = np.min([distance_m(lon, lat, *asked.T) for lon, lat in lonlat], axis=0)
    held = np.asarray(shapely.intersects(shapely.union_all(found), points_at(asked)))
    assert held[least < 0.999 * reach_km * 1e3].all()
    assert not held[least > reach_km * 1e3].any()


def test_one_place_is_given_its_cell_as_among_all() -> None:
    outline, (lons, lats) = ragged(*SYRIA), places(1, 60, SYRIA).T
    every = cells(lons, lats, outline, 30)
    inside = [index for index, ground in enumerate(every) if not ground.is_empty]
    assert len(inside) > 10
    tessellation = Tessellation(lons, lats, outline)
    for index in inside:
        alone = tessellation.cell(index, 30)
        assert alone.is_valid
        assert shapely.area(alone.symmetric_difference(every[index])) < 1e-12


def test_a_place_without_ground_is_refused() -> None:
    with pytest.raises(InputError, match=r"at 10\.000 34\.000 has no ground within 5 km"):
        Tessellation([36.0, 10.0], [34.0, 34.0], MultiPolygon([box(*SYRIA)])).cell(1, 5)


def test_places_at_one_coordinate_share_one_cell() -> None:
    outline = MultiPolygon([box(*SYRIA)])
    lons, lats = [36.0, 38.0, 36.0], [34.0, 34.0, 34.0]
    found = cells(lons, lats, outline, FAR_KM)
    assert found[0] == found[2]
    faults = verify(lons, lats, found)
    assert faults.sharing == (0, 2)
    assert faults.invalid_edges == ()


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_few_places_in_one_line_divide_the_theatre(count: int) -> None:
    outline = MultiPolygon([box(*SYRIA)])
    lons, lats = np.linspace(37, 41, count), np.full(count, 34.8)
    found = cells(lons, lats, outline, FAR_KM)
    assert sum(area_km2(found)) == pytest.approx(area_km2(outline), rel=1e-9)
    assert verify(lons, lats, found) == verify([], [], [])


def test_places_on_a_grid_divide_the_theatre() -> None:
    outline = MultiPolygon([box(*SYRIA)])
    lons, lats = (
        axis.ravel() for axis in np.meshgrid(np.linspace(36, 42, 20), np.linspace(33, 37, 20))
    )
    found = cells(lons, lats, outline, FAR_KM)
    assert verify(lons, lats, found) == verify([], [], [])
    assert sum(area_km2(found)) == pytest.approx(area_km2(outline), rel=1e-9)


def test_a_theatre_across_the_antimeridian_stays_within_180_degrees() -> None:
    fiji = MultiPolygon([box(177, -19, 180, -16), box(-180, -19, -178, -16)])
    lons, lats = [178.4, 179.8, -179.7, -178.5], [-18.1, -17.0, -17.2, -18.5]
    found = cells(lons, lats, fiji, FAR_KM)
    assert sum(area_km2(found)) == pytest.approx(area_km2(fiji), rel=1e-9)
    assert shapely.total_bounds(found).tolist() == [-180, -19, 180, -16]
    assert verify(lons, lats, found) == verify([], [], [])
    assert len(found[1].geoms) == 2


def test_what_may_surprise_is_found() -> None:
    outline = MultiPolygon([box(36, 34, 37, 35)])
    lons, lats = [36.5, 37.1, 50.0], [34.5, 34.5, 34.5]
    found = cells(lons, lats, outline, 60)
    faults = verify(lons, lats, found)
    assert (faults.without_ground, faults.outside, faults.sharing) == ((2,), (1,), ())
    overlapping = [found[0], MultiPolygon([box(36.4, 34.4, 36.6, 34.6)]), MultiPolygon()]
    assert verify(lons, lats, overlapping).invalid_edges != ()


def test_no_places_or_no_theatre_make_no_cells() -> None:
    assert cells([], [], MultiPolygon([box(*SYRIA)]), 10) == []
    assert cells([36.0], [34.0], MultiPolygon(), 10) == [MultiPolygon()]


def test_bad_input_is_refused_with_every_problem() -> None:
    outline = MultiPolygon([box(*SYRIA)])
    with pytest.raises(InputError) as caught:
        cells([36.0, math.nan, 37.0], [34.0, 34.0, 91.0], outline, 10)
    assert [problem.split(" ")[1] for problem in caught.value.problems] == ["1", "2"]
    with pytest.raises(InputError, match="a reach of 0 km leaves no ground"):
        cells([36.0], [34.0], outline, 0)
