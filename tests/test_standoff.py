"""Standoffs: one piece from held ground, its foremost point exactly at the stated distance."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import MultiPolygon, Point, Polygon, box

from frontmap.geo.distance import nearest
from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import area_km2, circle, destination
from frontmap.geo.standoff import standoff

GEOD = Geod(ellps="WGS84")
HOMS, HAMA = (36.7234, 34.7268), (36.7578, 35.1318)
TALBISSEH, RASTAN = (36.7303, 34.8401), (36.7330, 34.9278)
SYRIA = MultiPolygon([box(35.7, 32.3, 42.4, 37.3)])
NORTH = MultiPolygon([Polygon([(36, 35.3), (36.6, 35.05), (36.9, 35.12), (37.6, 36), (36, 36)])])


def brute_force_m(lonlat: tuple[float, float], area: MultiPolygon) -> float:
    points = shapely.get_coordinates(shapely.segmentize(area, 1e-5))
    lons, lats = ([value] * len(points) for value in lonlat)
    return float(GEOD.inv(lons, lats, *points.T)[2].min())


def test_five_kilometres_from_homs() -> None:
    area = standoff(NORTH, HOMS, 5, [RASTAN, TALBISSEH], outline=SYRIA)
    assert nearest(*HOMS, area).distance_m == pytest.approx(5000, abs=0.01)
    assert brute_force_m(HOMS, area) == pytest.approx(5000, abs=0.01)
    assert area.contains(Point(RASTAN))
    assert area.contains(Point(TALBISSEH))
    assert 100 < area_km2(area) < 300


@settings(max_examples=40, deadline=None)
@given(
    azimuth=st.floats(0, 360),
    away_km=st.floats(3, 120),
    share=st.floats(0.01, 0.99),
    width_km=st.floats(0.5, 20),
    held_km=st.floats(0.5, 40),
)
def test_the_nearest_point_is_at_the_distance(
    azimuth: float, away_km: float, share: float, width_km: float, held_km: float
) -> None:
    within_km = away_km * share
    lon, lat = destination(*HOMS, azimuth, (away_km + held_km) * 1e3)
    held = circle(lon, lat, held_km * 1e3)
    area = standoff(
        held, HOMS, within_km, width_km=width_km, outline=MultiPolygon([box(30, 25, 50, 45)])
    )
    assert nearest(*HOMS, area).distance_m == pytest.approx(within_km * 1e3, abs=0.05)
    assert len(area.geoms) == 1
    assert area.is_valid
    assert area.intersection(held).area > 0
    assert shapely.union(area, held).geom_type == "Polygon"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(-0.25, 0.25), st.floats(0.05, 0.3)), min_size=1, max_size=3))
def test_the_way_leads_through_every_via_point(offsets: list[tuple[float, float]]) -> None:
    via = [
        (HOMS[0] + east, HOMS[1] + north) for east, north in sorted(offsets, key=lambda o: -o[1])
    ]
    area = standoff(NORTH, HOMS, 4, via, outline=SYRIA)
    assert nearest(*HOMS, area).distance_m == pytest.approx(4000, abs=0.05)
    assert len(area.geoms) == 1
    for point in via:
        assert nearest(*point, area).distance_m < 1


def test_a_way_round_the_place_is_drawn() -> None:
    via = [(36.85, 34.78), (36.86, 34.68), (36.76, 34.62)]
    area = standoff(NORTH, HOMS, 5, via, width_km=4, outline=SYRIA)
    assert nearest(*HOMS, area).distance_m == pytest.approx(5000, abs=0.05)
    assert nearest(*HOMS, area).azimuth_deg == pytest.approx(164, abs=2)


def test_the_band_is_as_wide_as_asked_and_tapers() -> None:
    area = standoff(NORTH, HOMS, 5, width_km=6, outline=SYRIA)
    narrow = standoff(NORTH, HOMS, 5, width_km=2, outline=SYRIA)
    assert area_km2(narrow) < area_km2(area) / 2
    west, _, east, _ = area.intersection(box(36, 34.78, 37.5, 34.79)).bounds
    tip_km = GEOD.inv(west, 34.785, east, 34.785)[2] / 1e3
    west, _, east, _ = area.intersection(box(36, 34.94, 37.5, 34.95)).bounds
    base_km = GEOD.inv(west, 34.945, east, 34.945)[2] / 1e3
    assert 2 < tip_km < base_km < 6.5


def test_it_is_clipped_to_the_theatre_in_one_piece() -> None:
    theatre = MultiPolygon([box(36.7, 32.3, 42.4, 37.3)])
    area = standoff(NORTH, HOMS, 5, [RASTAN], outline=theatre)
    assert area.difference(theatre).area < 1e-12
    assert len(area.geoms) == 1
    assert nearest(*HOMS, area).distance_m == pytest.approx(5000, abs=0.05)


def test_it_works_across_the_antimeridian() -> None:
    held = MultiPolygon([box(179.5, -17.2, 180, -16.8)])
    fiji = MultiPolygon([box(177, -19, 180, -16), box(-180, -19, -178, -16)])
    area = standoff(held, (179.0, -17.0), 10, outline=fiji)
    assert nearest(179.0, -17.0, area).distance_m == pytest.approx(10_000, abs=0.05)


PROBLEMS: list[tuple[dict[str, Any], str]] = [
    ({"held": MultiPolygon()}, "HTS holds nothing on that date, so there is nowhere to come from"),
    ({"within_km": 0}, "a distance of 0 km is not usable: give more than 0"),
    ({"width_km": -1}, "a width of -1 km is not usable: give more than 0"),
    (
        {"held": circle(*HOMS, 2000)},
        "HTS already holds Homs, so it cannot come to 5 km from it",
    ),
    (
        {"held": circle(*TALBISSEH, 9000)},
        "HTS already stands 3.585 km from Homs, no farther than 5 km: "
        "there is nothing to add, or give a smaller distance",
    ),
    (
        {"via": [RASTAN, (36.73, 34.75)]},
        "via point 36.730 34.750 is 2.644 km from Homs, no farther than 5 km: "
        "leave it out, or give a smaller distance",
    ),
    (
        {"via": [(33.0, 35.0)]},
        "via point 33.000 35.000 lies outside the theatre: leave it out, or check which it is",
    ),
    (
        {"via": [(42.0, 36.0)]},
        "the way through the via points is 897 km long, and 38 km straight: "
        "check that they are the places meant",
    ),
    (
        {"via": [(36.7234, 34.8), (36.7234, 34.65), (36.7, 34.9)]},
        "the way comes nearer to Homs than 5 km between its via points: "
        "lead it round with another, or leave one out",
    ),
    (
        {"outline": MultiPolygon([box(36, 34.9, 38, 36)])},
        "the tip, 5 km short of Homs, lies outside the theatre (at 36.709 34.770): "
        "come from another direction with via points",
    ),
    (
        {"outline": MultiPolygon([box(36, 34, 38, 34.9), box(36, 35, 38, 36)])},
        "the way to the tip, 5 km short of Homs, leaves the theatre: "
        "lead it inside with via points",
    ),
]


@pytest.mark.parametrize(("given_", "problem"), PROBLEMS)
def test_what_is_wrong_is_said_with_its_remedy(given_: dict[str, Any], problem: str) -> None:
    usual: dict[str, Any] = {"held": NORTH, "toward": HOMS, "within_km": 5, "outline": SYRIA}
    with pytest.raises(InputError) as caught:
        standoff(**(usual | given_), holder="HTS", target="Homs")
    assert any(found.startswith(problem) for found in caught.value.problems), caught.value.problems


def test_every_problem_is_listed() -> None:
    with pytest.raises(InputError) as caught:
        standoff(NORTH, HOMS, 5, [(36.73, 34.75), (33.0, 35.0)], outline=SYRIA)
    assert len(caught.value.problems) == 3
