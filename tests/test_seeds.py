"""The rows of `seeds/`: complete, consistent, and drawn within the theatre."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import shapely
from shapely.geometry import shape

from frontmap.data.seeding import ACTOR_COLUMNS, CHANGE_COLUMNS, SOURCE_COLUMNS
from frontmap.geo.records import Certainty, Method, Status

SEEDS = Path(__file__).parents[1] / "seeds"
SYRIA = SEEDS / "syria-2024"
HOMS = (36.72559, 34.72405)
# Syria and the 5 km that a drawing may reach into its neighbours.
WEST, SOUTH, EAST, NORTH = 35.5, 32.25, 42.45, 37.4


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ACTORS = rows(SYRIA / "actors.csv")
SOURCES = rows(SYRIA / "sources.csv")
BASELINE = rows(SYRIA / "baseline.csv")
CHANGES = rows(SYRIA / "changes.csv")
ALL = BASELINE + CHANGES
POLYGONS = {path.name: path for path in sorted((SYRIA / "polygons").glob("*.geojson"))}


def drawing(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(POLYGONS[name].read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("actors", ACTOR_COLUMNS),
        ("sources", SOURCE_COLUMNS),
        ("baseline", CHANGE_COLUMNS),
        ("changes", CHANGE_COLUMNS),
    ],
)
def test_columns_are_those_that_the_loader_reads(name: str, columns: tuple[str, ...]) -> None:
    with (SYRIA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *body = list(csv.reader(file))
    assert tuple(header) == columns
    assert {len(row) for row in body} == {len(columns)}


def test_project_names_the_day_of_the_demo() -> None:
    about = tomllib.loads((SYRIA / "project.toml").read_text(encoding="utf-8"))
    assert about["as_of"] == date(2024, 12, 6)
    assert about["countries"] == ["SY"]
    assert about["distance_to"] == ["Homs", "Damascus"]


def test_enough_dated_changes_on_every_day_of_the_offensive() -> None:
    days = Counter(row["valid_from"] for row in CHANGES)
    assert sum(days.values()) >= 120
    for day in [*(f"2024-11-{n}" for n in range(27, 31)), *(f"2024-12-0{n}" for n in range(1, 9))]:
        assert days[day] >= 10, day
    assert max(row["valid_from"] for row in BASELINE) < min(days)


@pytest.mark.parametrize("row", ALL, ids=lambda row: row["key"])
def test_every_row_says_when_how_sure_and_who_says_so(row: dict[str, str]) -> None:
    known = {source["slug"] for source in SOURCES}
    sources = row["sources"].split("|")
    start = date.fromisoformat(row["valid_from"])
    assert not row["valid_to"] or date.fromisoformat(row["valid_to"]) > start
    assert row["certainty"] in set(Certainty)
    assert row["status"] in set(Status)
    assert row["method"] in set(Method)
    assert set(sources) <= known
    assert len(sources) == len(row["said_by"].split("|"))
    assert datetime.fromisoformat(row["recorded_at"]).utcoffset() is not None
    if row["certainty"] == "claimed":
        assert any(row["said_by"].split("|")), "a claim names the party that makes it"


@pytest.mark.parametrize("row", ALL, ids=lambda row: row["key"])
def test_every_row_has_the_one_geometry_of_its_method(row: dict[str, str]) -> None:
    slugs = {actor["slug"] for actor in ACTORS}
    filled = {column for column in ("place", "area", "polygon", "toward") if row[column]}
    assert filled == {
        {"cell": "place", "area": "area", "drawn": "polygon", "standoff": "toward"}[row["method"]]
    }
    assert (row["method"] == "standoff") == bool(row["within_km"])
    assert row["actor"] in slugs | {"none"}
    assert (row["status"] == "contested") == bool(row["contested_by"])
    assert row["contested_by"] in slugs - {row["actor"]} | {""}
    for column in ("reach_km", "width_km", "within_km"):
        assert not row[column] or 0 < float(row[column]) <= 60


def test_keys_are_unique() -> None:
    for table, column in ((ALL, "key"), (ACTORS, "slug"), (SOURCES, "slug")):
        counts = Counter(row[column] for row in table)
        assert [key for key, count in counts.items() if count > 1] == []


def test_no_source_and_no_polygon_is_left_over() -> None:
    cited = {source for row in ALL for source in row["sources"].split("|")}
    assert cited == {source["slug"] for source in SOURCES}
    assert {row["polygon"] for row in ALL if row["polygon"]} == set(POLYGONS)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["slug"])
def test_sources_are_described(source: dict[str, str]) -> None:
    assert source["publisher"] and source["title"]
    assert not source["published"] or date.fromisoformat(source["published"])
    if source["url"]:
        parts = urlsplit(source["url"])
        assert parts.scheme in ("http", "https") and "." in (parts.hostname or "")
        assert date.fromisoformat(source["accessed"])


def test_at_most_six_colours_for_at_least_two_sides() -> None:
    assert len({actor["colour"] for actor in ACTORS}) <= 6
    assert len({(actor["colour"], actor["hatch"]) for actor in ACTORS}) == len(ACTORS)
    assert {"government", "opposition", "sdf"} <= {actor["side"] for actor in ACTORS}


def test_an_alias_means_one_actor() -> None:
    aliases = [alias for actor in ACTORS for alias in actor["aliases"].split("|")]
    assert len({alias.casefold() for alias in aliases}) == len(aliases)
    assert all(alias == alias.strip() and not alias.lower().startswith("the ") for alias in aliases)
    assert all(actor["aliases"] for actor in ACTORS)


@pytest.mark.parametrize("name", POLYGONS)
def test_polygons_are_valid_and_lie_in_or_beside_syria(name: str) -> None:
    collection = drawing(name)
    (feature,) = collection["features"]
    area = shape(feature["geometry"])
    assert collection["type"] == "FeatureCollection"
    assert feature["properties"].keys() == {"key", "title", "method", "note"}
    assert feature["properties"]["key"] == Path(name).stem
    assert area.geom_type in ("Polygon", "MultiPolygon")
    assert area.is_valid, shapely.is_valid_reason(area)
    west, south, east, north = area.bounds
    assert west > WEST and south > SOUTH and east < EAST and north < NORTH
    assert 4 <= shapely.get_num_coordinates(area) <= 200


def test_nothing_drawn_for_6_december_comes_nearer_to_homs_than_the_claim() -> None:
    """The 5.0 km must come from the standoff alone (a degree of latitude is 111 km)."""
    (claim,) = (row for row in ALL if row["key"] == "five-km-from-homs")
    assert (claim["toward"], claim["within_km"], claim["valid_from"]) == ("Homs", "5", "2024-12-06")
    for row in ALL:
        if row["polygon"] and row["actor"] == "hts" and row["valid_from"] <= "2024-12-06":
            area = shape(drawing(row["polygon"])["features"][0]["geometry"])
            assert area.distance(shapely.Point(HOMS)) * 111 > 5.5, row["key"]


GAZETTEER = rows(SEEDS / "gazetteer" / "SY.csv")
SUPPLEMENT = [row for row in GAZETTEER if row["id"].startswith("frontmap:")]


def test_gazetteer_ids_are_unique_and_of_two_kinds() -> None:
    ids = [row["id"] for row in GAZETTEER]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"geonames:\d+|frontmap:sy-[a-z0-9-]+", found) for found in ids)


@pytest.mark.parametrize("row", SUPPLEMENT, ids=lambda row: row["id"])
def test_places_of_the_supplement_are_located_and_say_how_well(row: dict[str, str]) -> None:
    lon, lat = float(row["lon"]), float(row["lat"])
    assert WEST < lon < EAST and SOUTH < lat < NORTH
    assert row["admin1"]
    assert re.search(r"[\u0600-\u06ff]", row["aliases"]) and "@ar" in row["aliases"]
    assert re.match(r"checked|approximate, ±[\d.]+ km", row["note"])


def test_supplement_does_not_name_two_places_alike() -> None:
    names = Counter(row["name"] for row in GAZETTEER)
    assert [name for name, count in names.items() if count > 1] == []


def test_zahraa_is_beside_nubl() -> None:
    (zahraa,) = (row for row in SUPPLEMENT if row["name"] == "Zahraa")
    nubl = shapely.Point(36.99294, 36.37867)
    assert nubl.distance(shapely.Point(float(zahraa["lon"]), float(zahraa["lat"]))) * 100 < 3
