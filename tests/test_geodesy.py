"""Areas and lengths against PROJ's own on densified geometries; bearings, circles and words."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import (
    area_km2,
    azimuth_deg,
    circle,
    compass,
    cut_at_antimeridian,
    destination,
    distance_m,
    equidistant_projection,
    format_km,
    geodesic_points,
    length_km,
    parse_distance_km,
    theatre_projection,
    unwrapped,
)

GEOD = Geod(ellps="WGS84")
HOMS, DAMASCUS = (36.723, 34.727), (36.291, 33.510)
SYRIA = box(35.7, 32.3, 42.4, 37.3)


@st.composite
def stars(draw: st.DrawFn, radius_deg: float = 3.0) -> Polygon:
    """Draw a valid polygon: vertices at rising angles round a centre, at any distances."""
    lon, lat = draw(st.floats(-170, 170)), draw(st.floats(-80, 80))
    radii = draw(st.lists(st.floats(0.05, 1), min_size=3, max_size=12))
    angles = np.linspace(0, 2 * math.pi, len(radii), endpoint=False)
    reach = np.array(radii) * radius_deg
    return Polygon(np.column_stack([lon + reach * np.cos(angles), lat + reach * np.sin(angles)]))


def reference_area_km2(polygon: Polygon) -> float:
    dense = shapely.segmentize(polygon, 0.001)
    return abs(GEOD.geometry_area_perimeter(dense)[0]) / 1e6


@settings(max_examples=30, deadline=None)
@given(stars())
def test_area_is_that_of_the_densified_polygon(polygon: Polygon) -> None:
    assert area_km2(polygon) == pytest.approx(reference_area_km2(polygon), rel=1e-8)


@settings(max_examples=60, deadline=None)
@given(stars(), st.floats(0.002, 1))
def test_area_is_unchanged_by_vertices_added_on_edges(polygon: Polygon, step_deg: float) -> None:
    assert area_km2(shapely.segmentize(polygon, step_deg)) == pytest.approx(
        area_km2(polygon), rel=1e-11
    )


def test_areas_of_a_coverage_add_up() -> None:
    whole = box(36, 34, 40, 37)
    wedge = Polygon([(36, 34), (40, 35.1), (37.3, 37), (36, 36)])
    parts = [wedge, whole.difference(wedge)]
    assert sum(area_km2(parts)) == pytest.approx(area_km2(whole), rel=1e-12)


def test_area_of_the_earth_is_exact_and_of_a_hole_is_taken_off() -> None:
    earth_km2 = 510_065_621.724
    assert area_km2(box(-180, -90, 180, 90)) == pytest.approx(earth_km2, rel=1e-11)
    with_hole = Polygon(box(0, 0, 3, 3).exterior, [box(1, 1, 2, 2).exterior])
    assert area_km2(with_hole) == pytest.approx(
        area_km2(box(0, 0, 3, 3)) - area_km2(box(1, 1, 2, 2))
    )


def test_area_of_many_geometries_at_once() -> None:
    holed = SYRIA.difference(box(38, 34, 39, 35))
    two = MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])
    mixed = GeometryCollection([two, Point(1, 1), LineString([(0, 0), (1, 1)])])
    areas = area_km2([holed, MultiPolygon(), two, Point(0, 0), mixed])
    assert areas.tolist() == [area_km2(holed), 0, area_km2(two), 0, area_km2(two)]
    assert area_km2([]).tolist() == []
    assert area_km2(Polygon()) == 0


@settings(max_examples=40, deadline=None)
@given(stars())
def test_length_is_that_of_the_densified_line(polygon: Polygon) -> None:
    expected = GEOD.geometry_length(shapely.segmentize(polygon.exterior, 0.001)) / 1e3
    assert length_km(polygon.exterior) == pytest.approx(expected, rel=1e-8)
    assert length_km(polygon) == length_km(polygon.exterior)


def test_length_of_many_geometries_and_of_the_quarter_meridian() -> None:
    quarter = LineString([(0, 0), (0, 90)])
    lengths = length_km([quarter, Point(0, 0), LineString()])
    assert lengths == pytest.approx([10_001.965_729, 0, 0], abs=1e-6)


def test_points_at_a_distance_and_back() -> None:
    lon, lat = destination(*HOMS, 200, 12_345.6)
    assert distance_m(*HOMS, lon, lat) == pytest.approx(12_345.6, abs=1e-6)
    assert azimuth_deg(*HOMS, lon, lat) == pytest.approx(200)
    assert distance_m(*HOMS, np.array([HOMS[0], lon]), np.array([HOMS[1], lat])) == pytest.approx(
        [0, 12_345.6], abs=1e-6
    )


def test_a_geodesic_has_its_ends_and_even_steps() -> None:
    points = geodesic_points(*HOMS, *DAMASCUS, 5)
    assert tuple(points[0]) == HOMS
    assert tuple(points[-1]) == DAMASCUS
    steps = distance_m(*points[:-1].T, *points[1:].T)
    assert steps == pytest.approx([distance_m(*HOMS, *DAMASCUS) / 4] * 4)
    assert len(geodesic_points(*HOMS, *DAMASCUS, 2)) == 2


@settings(max_examples=30, deadline=None)
@given(
    st.floats(-180, 180),
    st.floats(-75, 75),
    st.floats(100, 200_000),
    st.floats(0, 360),
)
def test_a_circle_never_comes_nearer_than_its_radius(
    lon: float, lat: float, radius_m: float, axis_deg: float
) -> None:
    disc = circle(lon, lat, radius_m, axis_deg=axis_deg)
    assert disc.is_valid
    west, east = disc.bounds[0], disc.bounds[2]
    assert west >= -180
    assert east <= 180
    turned = unwrapped(disc)
    dense = shapely.segmentize(turned, turned.length / 4e4)
    points = shapely.get_coordinates(dense)
    inner = np.abs(points[:, 0] % 360 - 180) > 1e-9  # leave the cut at the antimeridian out
    distances = distance_m(lon, lat, points[inner, 0], points[inner, 1])
    assert radius_m - 0.001 <= distances.min() <= radius_m + 0.01
    assert distances.max() <= radius_m * 1.005 + 2


def test_a_circle_over_a_pole_is_refused() -> None:
    with pytest.raises(InputError, match="holds a pole; choose a smaller radius"):
        circle(10, 89.9, 50_000)


def test_areas_beyond_the_antimeridian_are_cut_there_and_put_together_again() -> None:
    across = box(178, -18, 182, -16)
    cut = cut_at_antimeridian(across)
    assert sorted(part.bounds for part in cut.geoms) == [
        (-180, -18, -178, -16),
        (178, -18, 180, -16),
    ]
    assert area_km2(cut) == pytest.approx(area_km2(across), rel=1e-12)
    assert unwrapped(cut).bounds == across.bounds
    assert unwrapped(SYRIA) is SYRIA


@given(st.floats(35.7, 42.4), st.floats(32.3, 37.3))
def test_projections_keep_distances_from_their_centre_and_come_back(lon: float, lat: float) -> None:
    local = equidistant_projection(*HOMS)
    x, y = local.forward_xy([(lon, lat)])[0]
    assert math.hypot(x, y) == pytest.approx(distance_m(*HOMS, lon, lat), abs=1e-4)
    for projection in (local, theatre_projection(SYRIA)):
        back = projection.inverse(projection.forward(Point(lon, lat)))
        assert (back.x, back.y) == pytest.approx((lon, lat), abs=1e-9)


def test_a_projection_keeps_what_straddles_the_antimeridian_in_one_piece() -> None:
    fiji = MultiPolygon([box(177, -19, 180, -16), box(-180, -19, -178, -16)])
    projection = theatre_projection(fiji)
    assert projection.lon_0 == 179.5
    lons = projection.inverse_xy(projection.forward_xy([(177, -17), (-178, -17)]))[:, 0]
    assert lons == pytest.approx([177, 182])


@pytest.mark.parametrize(
    ("azimuth", "words", "letters"),
    [
        (0, "north", "N"),
        (11.24, "north", "N"),
        (11.26, "north-north-east", "NNE"),
        (135, "south-east", "SE"),
        (270, "west", "W"),
        (348.8, "north", "N"),
        (-22.5, "north-north-west", "NNW"),
        (360, "north", "N"),
    ],
)
def test_the_sixteen_winds(azimuth: float, words: str, letters: str) -> None:
    assert compass(azimuth) == words
    assert compass(azimuth, abbreviated=True) == letters


@pytest.mark.parametrize(
    ("text", "kilometres"),
    [
        ("5km", 5),
        ("5 km", 5),
        (" 2.5 KM ", 2.5),
        ("3 mi", 4.828032),
        ("3 miles", 4.828032),
        ("500 m", 0.5),
        ("500 metres", 0.5),
        ("2nmi", 3.704),
        (".5km", 0.5),
    ],
)
def test_distances_are_read_with_their_unit(text: str, kilometres: float) -> None:
    assert parse_distance_km(text) == pytest.approx(kilometres)


@pytest.mark.parametrize("text", ["5", "", "km", "-5km", "5,5km", "1e3km", "five km", "5 parsecs"])
def test_other_distances_are_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(InputError, match="write a number and a unit"):
        parse_distance_km(text)


def test_a_distance_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="must be more than 0"):
        parse_distance_km("0 km")


@pytest.mark.parametrize(
    ("kilometres", "label", "cell"),
    [
        (0, "0 m", "0.0 km"),
        (0.354, "350 m", "0.4 km"),
        (0.996, "1 km", "1.0 km"),
        (4.96, "5 km", "5.0 km"),
        (5.04, "5 km", "5.0 km"),
        (2.44, "2.4 km", "2.4 km"),
        (9.97, "10 km", "10.0 km"),
        (22.5, "23 km", "22.5 km"),
        (1204.4, "1,204 km", "1,204.4 km"),
    ],
)
def test_distances_are_written_for_labels_and_for_tables(
    kilometres: float, label: str, cell: str
) -> None:
    assert format_km(kilometres) == label
    assert format_km(kilometres, table=True) == cell
