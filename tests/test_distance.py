"""Distances against a brute-force reference, and the rows and labels that are published."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPolygon,
    Point,
    Polygon,
    box,
)
from shapely.geometry.base import BaseGeometry

from frontmap.geo.distance import Boundary, Nearest, NoDistance, label, measure, nearest
from frontmap.geo.errors import NoFrontError
from frontmap.geo.geodesy import circle
from frontmap.geo.records import Place

GEOD = Geod(ellps="WGS84")
HOMS = Place("geonames:169577", "Homs", 36.7234, 34.7268, "SY", "Homs", 775_404)
TALBISSEH = Place("geonames:163345", "Talbisseh", 36.7303, 34.8401, "SY")
RASTAN = Place("local:rastan", "Rastan", 36.7330, 34.9278, "SY")


def reference_m(lon: float, lat: float, geometry: BaseGeometry) -> float:
    """Sample every edge at 100 m or less, then ever finer about the nearest samples, to 1 cm."""
    rings = [LineString(ring.coords) for ring in shapely.get_rings(shapely.get_parts(geometry))]
    lines = rings or [LineString(line.coords) for line in shapely.get_parts(geometry)]
    pairs = [np.hstack([c[:-1], c[1:]]) for c in (np.array(line.coords) for line in lines)]
    edges = np.concatenate(pairs)
    metres = GEOD.inv(*edges.T)[2]
    steps = 2 + int(max(metres) / 100)
    edge = np.repeat(np.arange(len(edges)), steps)
    share = np.tile(np.linspace(0, 1, steps), len(edges))
    width = 1 / (steps - 1)
    best = math.inf
    for _ in range(3):
        points = edges[edge, :2] + share[:, None] * (edges[edge, 2:] - edges[edge, :2])
        found = GEOD.inv(np.full(len(edge), lon), np.full(len(edge), lat), *points.T)[2]
        best = min(best, found.min())
        near = np.flatnonzero(found <= best + 2 * width * metres[edge])
        near = near[np.argsort(found[near])][:200]
        share = np.clip(share[near, None] + width * np.linspace(-1, 1, 101), 0, 1).ravel()
        edge = np.repeat(edge[near], 101)
        width /= 50
    return best


@st.composite
def stars(draw: st.DrawFn) -> Polygon:
    """Draw a valid polygon of up to a few degrees anywhere but at the poles."""
    lon, lat = draw(st.floats(-176, 176)), draw(st.floats(-72, 72))
    radii = draw(st.lists(st.floats(0.05, 1), min_size=3, max_size=9))
    angles = np.linspace(0, 2 * math.pi, len(radii), endpoint=False)
    reach = np.array(radii) * draw(st.sampled_from([0.02, 0.3, 3]))
    return Polygon(np.column_stack([lon + reach * np.cos(angles), lat + reach * np.sin(angles)]))


@settings(max_examples=80, deadline=None)
@given(stars(), st.floats(0, 360), st.sampled_from([0.01, 1, 30, 300, 1500, 8000, 17_000]))
@example(box(-180, 50, -178, 51), 270, 300)  # the place lies across the antimeridian
@example(box(20, 69, 32, 70), 0, 30)  # long edges, far from geodesics
def test_the_distance_is_that_of_brute_force(polygon: Polygon, azimuth: float, km: float) -> None:
    lon0, lat0 = polygon.exterior.coords[0]
    lon, lat, _ = GEOD.fwd(lon0, lat0, azimuth, km * 1e3)
    assume(not polygon.intersects(Point(lon, lat)))
    found = nearest(lon, lat, polygon)
    assert found.distance_m == pytest.approx(reference_m(lon, lat, polygon), abs=0.05)
    assert not found.inside


@settings(max_examples=60, deadline=None)
@given(stars(), st.floats(-3, 3), st.floats(-3, 3))
def test_the_nearest_point_is_on_the_edge_at_the_distance_and_azimuth(
    polygon: Polygon, east: float, north: float
) -> None:
    lon, lat = polygon.centroid.x + east, polygon.centroid.y + north
    found = nearest(lon, lat, polygon.exterior)
    azimuth, _, metres = GEOD.inv(lon, lat, found.lon, found.lat)
    assert metres == pytest.approx(found.distance_m, abs=1e-6)
    assert found.azimuth_deg == pytest.approx(azimuth % 360)
    assert polygon.exterior.distance(Point(found.lon, found.lat)) < 1e-12


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_many_places_at_once_are_as_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners: npt.NDArray[np.float64] = np.cumsum(rng.normal(0, 0.05, (200, 2)), axis=0)
    front = LineString(corners + np.array([38, 35]))
    lons, lats = rng.uniform(36, 40, 50), rng.uniform(33, 37, 50)
    together = Boundary(front).nearest(lons, lats)
    assert len(together) == 50
    assert list(together) == [nearest(*place, front) for place in zip(lons, lats, strict=True)]


def test_reversing_a_front_changes_no_distance() -> None:
    front = LineString([(36, 35), (37.5, 35.2), (38, 36.4)])
    found = nearest(37, 35.6, front.reverse()).distance_m
    assert found == pytest.approx(nearest(37, 35.6, front).distance_m, abs=1e-3)


def test_a_place_inside_an_area_or_on_its_edge_is_at_no_distance() -> None:
    area = box(36, 34, 37, 35)
    assert nearest(36.5, 34.5, area) == Nearest(0, 36.5, 34.5, None, True)
    assert nearest(36, 34.5, area) == Nearest(0, 36, 34.5, None, True)
    assert nearest(36.5, 34.5, area.exterior).distance_m > 40_000


def test_a_place_in_a_hole_is_outside() -> None:
    holed = box(36, 34, 37, 35).difference(circle(36.5, 34.5, 10_000))
    found = nearest(36.5, 34.5, holed)
    assert not found.inside
    assert found.distance_m == pytest.approx(10_000, abs=0.01)


def test_a_place_on_a_front_is_at_no_distance_but_not_inside() -> None:
    found = nearest(36.5, 34, LineString([(36, 34), (37, 34)]))
    assert found.distance_m == pytest.approx(0, abs=1e-3)
    assert not found.inside
    assert nearest(36, 34, LineString([(36, 34), (37, 34)])) == Nearest(0, 36, 34, None, False)


def test_the_nearest_of_many_parts_of_any_type_counts() -> None:
    far, near = box(10, 10, 11, 11), box(36, 34, 37, 35)
    line = LineString([(36, 33), (37, 33)])
    expected = nearest(36.5, 33.8, near)
    assert nearest(36.5, 33.8, MultiPolygon([far, near])) == expected
    assert nearest(36.5, 33.8, GeometryCollection([line, MultiPolygon([far, near])])) == expected


def test_an_edge_counts_not_only_its_vertices() -> None:
    found = nearest(36.5, 35.05, LineString([(30, 35), (43, 35)]))
    assert found.distance_m == pytest.approx(GEOD.inv(36.5, 35.05, 36.5, 35)[2], abs=1e-3)


def test_places_beyond_the_antimeridian_are_near() -> None:
    strip = box(178, -18, 180, -16)
    found = nearest(-179.9, -17, strip)
    assert found.lon == 180
    assert found.distance_m == pytest.approx(reference_m(-179.9, -17, strip), abs=0.01)
    assert nearest(-181, -17, strip).inside


@pytest.mark.parametrize(
    "nothing", [MultiPolygon(), MultiLineString(), GeometryCollection(), Point(36, 34)]
)
def test_without_a_front_there_is_no_distance(nothing: BaseGeometry) -> None:
    with pytest.raises(NoFrontError, match="no front or area to measure"):
        Boundary(nothing)


@pytest.mark.parametrize(
    ("args", "inside", "text"),
    [
        ((5.0, "Homs", 3.0), False, "5 km north of Homs"),
        ((12.94, "Homs", 200.0), False, "13 km south-south-west of Homs"),
        ((0.42, "Hama", 91.0), False, "420 m east of Hama"),
        ((0.0, "Hama", None), False, "at Hama"),
        ((0.0, "Hama", None), True, "in Hama"),
    ],
)
def test_labels(args: tuple[float, str, float | None], inside: bool, text: str) -> None:
    assert label(*args, inside=inside) == text


def test_a_row_states_both_references() -> None:
    row = measure(
        HOMS,
        LineString([(36.5, 34.85), (36.9, 34.85)]),
        from_label="front",
        on=date(2024, 12, 6),
        reference_from="front line between opposition and government",
        places=[RASTAN, TALBISSEH, HOMS],
    )
    assert row.to_dict() == {
        "place": "Homs",
        "from": "front",
        "on": "2024-12-06",
        "distance_km": 13.667,
        "inside": False,
        "azimuth_deg": 0.0,
        "bearing": "north",
        "nearest": {"lon": 36.723403, "lat": 34.85, "place": "Talbisseh"},
        "reference_from": "front line between opposition and government",
        "reference_to": "centre of Homs (GeoNames point)",
        "label": "14 km north of Homs",
    }


def test_a_row_of_a_held_place() -> None:
    row = measure(
        RASTAN,
        Boundary(box(36, 34, 37, 35)),
        from_label="opposition",
        on=date(2024, 12, 6),
        reference_from="area of opposition",
    ).to_dict()
    assert (row["distance_km"], row["inside"], row["label"]) == (0, True, "in Rastan")
    assert (row["azimuth_deg"], row["bearing"]) == (None, None)
    assert row["nearest"] == {"lon": 36.733, "lat": 34.9278, "place": None}
    assert row["reference_to"] == "centre of Rastan (local point)"


def test_a_row_without_a_front_has_the_same_columns() -> None:
    measured = measure(
        HOMS,
        box(36, 34, 36.5, 35),
        from_label="front",
        on=date(2024, 12, 6),
        reference_from="front",
    ).to_dict()
    missing = NoDistance(HOMS, "front", date(2024, 12, 6), "no two sides meet").to_dict()
    assert list(missing) == list(measured)
    assert missing["distance_km"] is None
    assert (missing["reference_from"], missing["label"]) == ("no two sides meet", "no front")
