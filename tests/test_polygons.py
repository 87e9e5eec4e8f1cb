"""Every way in which a stranger's polygon may be unusable is named, with place and remedy."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry import mapping

from frontmap.geo.errors import InputError
from frontmap.geo.polygons import check_polygon, polygon_from_geojson, read_polygon

SYRIA = MultiPolygon([box(35.7, 32.3, 42.4, 37.3)])
Ring = list[list[float]]
SQUARE: Ring = [[36, 34], [37, 34], [37, 35], [36, 35], [36, 34]]
HOLE: Ring = [[36.2, 34.2], [36.2, 34.4], [36.4, 34.4], [36.4, 34.2], [36.2, 34.2]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": geometry}


def collection(*geometries: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [feature(one) for one in geometries]}


def moved(ring: Ring, east: float, north: float) -> Ring:
    return [[lon + east, lat + north] for lon, lat in ring]


def scaled(ring: Ring, factor: float) -> Ring:
    return [[lon * factor, lat * factor] for lon, lat in ring]


@pytest.mark.parametrize(
    "data",
    [
        polygon(SQUARE),
        polygon(SQUARE[::-1]),
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        feature(polygon(SQUARE)),
        collection(polygon(SQUARE)),
        {"type": "GeometryCollection", "geometries": [polygon(SQUARE)]},
        mapping(box(36, 34, 37, 35)),
        {
            **collection(polygon(SQUARE)),
            "crs": {"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
        },
        {
            **collection(polygon(SQUARE)),
            "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::4326"}},
        },
    ],
)
def test_every_shape_of_geojson_area_is_read(data: Any) -> None:
    found, notes = read_polygon(data, where="a.geojson", theatre=SYRIA)
    assert found.equals(MultiPolygon([box(36, 34, 37, 35)]))
    assert found.geoms[0].exterior.is_ccw
    assert notes == ()
    assert check_polygon(data, theatre=SYRIA) == []


def test_holes_stay_and_turn_clockwise() -> None:
    found = polygon_from_geojson(polygon(SQUARE, HOLE[::-1]))
    assert found.area == pytest.approx(1 - 0.04)
    assert not found.geoms[0].interiors[0].is_ccw


def test_polygons_of_a_collection_are_put_together() -> None:
    apart = collection(polygon(SQUARE), polygon(moved(SQUARE, 2, 0)))
    assert len(read_polygon(apart)[0].geoms) == 2
    assert read_polygon(apart)[1] == ()
    overlapping = collection(polygon(SQUARE), polygon(moved(SQUARE, 0.5, 0)))
    found, notes = read_polygon(overlapping, where="a.geojson")
    assert found.equals(box(36, 34, 37.5, 35))
    assert notes == ("a.geojson has polygons that overlap or share edges; they are united",)


def test_heights_are_dropped_and_noted_once() -> None:
    high = [[lon, lat, 500.0] for lon, lat in SQUARE]
    found, notes = read_polygon(collection(polygon(high), polygon(high)), where="a.geojson")
    assert not found.has_z
    assert notes[0] == "a.geojson has heights, which are dropped"
    assert len(notes) == 2


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            polygon([[36, 34], [37, 35], [37, 34], [36, 35], [36, 34]]),
            "the polygon crosses itself (a bow-tie) at lon 36.5 lat 34.5; "
            "redraw it so that no edges cross",
        ),
        (
            polygon([[36, 34], [38, 34], [37, 35], [37, 34], [36.5, 35], [36, 34]]),
            "the polygon touches itself at lon 37 lat 34; split it in two polygons there",
        ),
        (
            polygon(SQUARE[:-1]),
            "ring is not closed: it starts at lon 36 lat 34 and ends at lon 36 lat 35; "
            "repeat the first position at the end",
        ),
        (
            polygon(SQUARE, HOLE[:-1]),
            "hole 1 is not closed: it starts at lon 36.2 lat 34.2 and ends at lon 36.4 lat 34.2; "
            "repeat the first position at the end",
        ),
        (
            polygon([[36, 34], [37, 34], [36, 34]]),
            "ring has 3 positions, and a closed ring 4 or more; draw at least a triangle",
        ),
        (
            polygon([[36, 34], [37, 35], [38, 36], [36, 34]]),
            "ring has collapsed to a line or point at lon 36 lat 34; redraw or remove it",
        ),
        (
            polygon([[36, 34], [37, math.nan], [math.inf, 35], [36, 34]]),
            "ring has no usable numbers at positions 2, 3 ([37, nan]); give finite [lon, lat]",
        ),
        (
            polygon([[36, 34], ["37", 34], [37, 35], [36, 34]]),
            "ring has no usable numbers at position 2 (['37', 34]); give finite [lon, lat]",
        ),
        (
            polygon([[36, 34], [10**400, 34], [37, 35], [36, 34]]),
            "ring has no usable numbers at position 2 ([100000000000000000000000000000000000...); "
            "give finite [lon, lat]",
        ),
        (
            polygon([36, 34, 37, 35, 36, 34]),
            "ring has no usable numbers at positions 1, 2, 3 and 3 more (36); "
            "give finite [lon, lat]",
        ),
        (
            polygon(scaled(SQUARE, 100_000)),
            "ring has coordinates as large as 3700000, which looks like metres in a projected "
            "CRS; reproject it to EPSG:4326 (degrees)",
        ),
        (
            polygon([[34, 136], [35, 136], [35, 137], [34, 136]]),
            "ring has positions 1, 2, 3 and 1 more out of range (lon 34 lat 136), and in range "
            "with lon and lat swapped; write positions as [lon, lat]",
        ),
        (
            polygon([[178, -17], [182, -17], [182, -16], [178, -17]]),
            "ring has positions 2, 3 out of range (lon 182 lat -17); cut it at the antimeridian "
            "and keep longitudes within -180 and 180",
        ),
        (
            polygon([[178, -97], [182, -17], [182, -16], [178, -97]]),
            "ring has positions 1, 2, 3 and 1 more out of range (lon 178 lat -97); "
            "longitudes end at 180 degrees, latitudes at 90",
        ),
        (
            polygon([[178, -17], [-178, -17], [-178, -16], [178, -17]]),
            "ring has an edge more than half round the world, from lon 178 lat -17 to "
            "lon -178 lat -17; cut it at the antimeridian",
        ),
        (polygon(), "the polygon is empty; draw it, or remove it"),
        (polygon([]), "ring is empty; draw it, or remove it"),
        (
            {"type": "MultiPolygon", "coordinates": []},
            "the polygon is empty; draw it, or remove it",
        ),
        ({"type": "Polygon"}, "the polygon is empty; draw it, or remove it"),
        (feature(None), "the polygon has no geometry; draw it, or remove the feature"),
        (collection(), "the polygon has no polygon; draw at least one"),
        (
            mapping(LineString([(36, 34), (37, 35)])),
            "the polygon is a LineString, not an area; give a Polygon or MultiPolygon",
        ),
        (
            {"type": "Topology"},
            "the polygon is not GeoJSON (type 'Topology'); give a Polygon or MultiPolygon",
        ),
        ([1, 2], "the polygon is not GeoJSON (list); give a Polygon or MultiPolygon"),
        (
            polygon(SQUARE, moved(HOLE, 5, 0)),
            "the polygon has a hole outside its shell at lon 41.2 lat 34.2; "
            "make the hole its own polygon",
        ),
        (
            {"type": "MultiPolygon", "coordinates": [[SQUARE], [HOLE]]},
            "the polygon has polygon 2 within polygon 1; make it a hole of that one, or remove it",
        ),
        (
            {**collection(polygon(SQUARE)), "crs": {"properties": {"name": "EPSG:32637"}}},
            "the polygon has the CRS EPSG:32637; reproject it to EPSG:4326 (degrees)",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_remedy(data: Any, problem: str) -> None:
    assert check_polygon(data) == [problem]
    with pytest.raises(InputError):
        polygon_from_geojson(data)


def test_every_crossing_of_a_bow_tie_is_named() -> None:
    zigzag = [
        [36, 34],
        [37, 35],
        [38, 34],
        [39, 35],
        [39, 34],
        [38, 35],
        [37, 34],
        [36, 35],
        [36, 34],
    ]
    (problem,) = check_polygon(polygon(zigzag))
    assert "lon 36.5 lat 34.5 and lon 37.5 lat 34.5 and lon 38.5 lat 34.5" in problem


def test_every_problem_of_a_file_is_listed_with_where_it_is() -> None:
    data = collection(
        polygon(SQUARE[:-1]),
        polygon(SQUARE),
        {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE, HOLE[:3]]]},
        None,
        mapping(Point(36, 34)),
    )
    with pytest.raises(InputError) as caught:
        polygon_from_geojson(data, "line.geojson")
    assert [problem.split(" is ")[0].split(" has ")[0] for problem in caught.value.problems] == [
        "line.geojson, feature 1, ring",
        "line.geojson, feature 3, polygon 2, hole 1",
        "line.geojson, feature 4",
        "line.geojson, feature 5",
    ]


def test_an_area_outside_the_theatre_is_refused_and_swapped_axes_are_recognised() -> None:
    swapped = [[lat, lon] for lon, lat in SQUARE]
    assert check_polygon(polygon(swapped), theatre=SYRIA) == [
        "the polygon lies outside the theatre, and inside it with lon and lat swapped; "
        "write positions as [lon, lat]"
    ]
    assert check_polygon(polygon(moved(SQUARE, -30, 10)), theatre=SYRIA) == [
        "the polygon lies wholly outside the theatre (it is at lon 6 to 7, lat 44 to 45, the "
        "theatre at lon 35.7 to 42.4, lat 32.3 to 37.3); check its coordinates"
    ]
    # Touching the border from outside is outside.
    assert check_polygon(box(42.4, 34, 43, 35), theatre=SYRIA) != []


def test_an_area_partly_outside_the_theatre_is_kept_and_noted() -> None:
    drawn = box(42, 34, 43, 35)
    found, notes = read_polygon(mapping(drawn), where="a.geojson", theatre=SYRIA)
    assert found.equals(drawn)
    assert notes == ("a.geojson lies partly outside the theatre (60%); it is kept as drawn",)
    sliver = read_polygon(mapping(box(37, 34, 42.401, 35)), theatre=SYRIA)[1]
    assert sliver == (
        "the polygon lies partly outside the theatre (less than 1%); it is kept as drawn",
    )


def test_geometries_of_shapely_are_checked_too() -> None:
    assert check_polygon(Polygon([(36, 34), (37, 35), (37, 34), (36, 35)])) != []
    assert check_polygon(MultiPolygon()) == ["the polygon is empty; draw it, or remove it"]
    assert check_polygon(MultiPolygon([box(36, 34, 37, 35)]), theatre=SYRIA) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.builds(
            lambda kind, member: {
                "type": kind,
                "coordinates": member,
                "crs": member,
                "geometry": member,
                "features": member,
                "geometries": member,
            },
            st.sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection", "Point"]),
            inner,
        )
    ),
    max_leaves=25,
)


@given(JSON)
def test_no_input_escapes_as_another_error(data: Any) -> None:
    assert check_polygon(data)


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=1, max_size=8))
def test_what_passes_is_valid(positions: list[tuple[int, int]]) -> None:
    data = json.loads(json.dumps(polygon([*positions, positions[0]])))
    if not check_polygon(data):
        found = polygon_from_geojson(data)
        assert found.is_valid
        assert np.isfinite(shapely.get_coordinates(found)).all()
        assert found.area > 0
