"""Exports: what is in them, and that other programs' own readers give it back."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import geopandas
import mapbox_vector_tile
import numpy as np
import pandas
import pyogrio
import pystac
import pytest
import shapely
from fastkml import KML
from hypothesis import given, settings
from hypothesis import strategies as st
from imaginary import blob, multi
from pmtiles.reader import MemorySource, Reader, all_tiles
from pyarrow import parquet
from samples import Run, make_project
from shapely import MultiPolygon, Point, box
from topojson.utils import serialize_as_geojson

from frontmap.data.door import read_layers
from frontmap.data.exporting import FORMATS, export
from frontmap.data.extracts import LAYERS, Extract, Query, Type, extract
from frontmap.data.guards import FORMATS as READ_FORMATS
from frontmap.data.metadata import describe
from frontmap.data.store import Project
from frontmap.data.topojson import topology
from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import area_km2
from frontmap.geo.records import Attribution, Certainty, Change, Event, Place, Source, Status

FIRST, LAST = date(2024, 11, 27), date(2024, 12, 8)
MAPS = [suffix for suffix, each in FORMATS.items() if suffix not in (".csv", ".pmtiles")]
#: What `frontmap import` reads, by suffix.
READ = {suffix for each in READ_FORMATS for suffix in each.suffixes}
SQUARE = box(36, 34, 37, 35)
STATES = [name for name, layer in LAYERS.items() if layer.on_day is not None]


def _change(
    actor: str, day: date, ground: Any, certainty: Certainty = Certainty.REPORTED, **values: Any
) -> Change:
    return Change(
        0,
        actor,
        values.pop("status", Status.CONTROLLED),
        certainty,
        day,
        values.pop("valid_to", None),
        datetime(day.year, day.month, day.day, 20, tzinfo=UTC),
        multi(ground & SQUARE),
        sources=values.pop("sources", (Attribution("gazette"),)),
        **values,
    )


@pytest.fixture(scope="module")
def war_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of a fortnight: advances, a withdrawal, a claim, contested ground."""
    path = tmp_path_factory.mktemp("war") / "war.gpkg"
    with make_project(path) as project:
        project.add_source(Source("wire", "Wire </value><b>", "=1+1 & more"))
        project.add_source(Source("uncited", "Nobody asked"))
        # Names that a spreadsheet would run, and that markup would swallow.
        names = ("=HYPERLINK(1)", "＝cmd|' /C calc'!A0", "<b>Bold</b> & {{ 7*7 }}", "-Minus")
        project.add_places(
            Place(f"test:odd-{n}", name, 36.3 + n / 7, 34.5, "XX", "West", None)
            for n, name in enumerate(names)
        )
        wire = (Attribution("wire", "@someone"),)
        project.add_changes(
            [
                _change("army", FIRST, SQUARE, Certainty.CONFIRMED),
                _change("rebels", FIRST, blob(36.1, 34.9, 0.3), sources=wire),
                _change("rebels", date(2024, 12, 1), blob(36.4, 34.7, 0.2)),
                _change("rebels", date(2024, 12, 3), blob(36.6, 34.4, 0.15), Certainty.CLAIMED),
                _change("army", date(2024, 12, 3), blob(36.7, 34.4, 0.15), note="=1+1"),
                _change(
                    "army",
                    date(2024, 12, 4),
                    blob(36.2, 34.2, 0.1),
                    status=Status.CONTESTED,
                    contested_by="rebels",
                    valid_to=date(2024, 12, 6),
                    place="test:alton",
                ),
                _change("rebels", LAST, blob(36.9, 34.9, 0.2)),
            ]
        )
        project.add_events(
            [
                Event("acled:1", date(2024, 11, 20), "Shelling", 36.3, 34.6, "Alton", "=1+1", "AP"),
                Event("acled:2", LAST, "Protests <b>", 36.7, 34.6),
            ]
        )
        project.add_footprints({"test:alton": multi(box(36.19, 34.19, 36.21, 34.21))}, "towns.fgb")
        project.add_footprints({"test:belford": multi(blob(36.8, 34.2, 0.02))})
        project.retract(7, "was not so", at=datetime(2024, 12, 20, tzinfo=UTC))
        project.add_changes([_change("rebels", LAST, blob(36.9, 34.8, 0.2), sources=wire)])
    return path


@pytest.fixture
def war(war_path: Path) -> Iterator[Project]:
    with Project.open(war_path) as project:
        yield project


def _layers(suffix: str) -> list[str]:
    return ["control", "front", "places"] if FORMATS[suffix].several else ["control"]


def _read(path: Path, layer: str) -> geopandas.GeoDataFrame:
    """Read a layer as users do: through GDAL, and Parquet through geopandas."""
    if path.suffix == ".parquet":
        return geopandas.read_parquet(path)
    return pyogrio.read_dataframe(path, layer=layer if FORMATS[path.suffix].several else None)


def _by_area(geometries: Any) -> list[float]:
    return sorted(area_km2(geometry) for geometry in geometries)


# What is exported


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize(
    "known",
    [
        {},
        {"min_certainty": Certainty.REPORTED},
        {"known_at": datetime(2024, 12, 10, tzinfo=UTC)},
    ],
    ids=["all", "reported", "known then"],
)
def test_intervals_are_the_days(war: Project, name: str, known: dict[str, Any]) -> None:
    found = extract(war, name, Query(**known))
    for number in range(-1, 15):
        day = FIRST + timedelta(days=number)
        standing = [
            row
            for row in found.rows
            if row.values["valid_from"] <= day
            and (row.values["valid_to"] is None or day < row.values["valid_to"])
        ]
        whole = extract(war, name, Query(on=day, **known)).rows if number >= 0 else []
        columns = [column.name for column in LAYERS[name].columns]
        assert sorted(str([row.values[c] for c in columns]) for row in standing) == sorted(
            str([row.values[c] for c in columns]) for row in whole
        )
        joined, wanted = ([row.geometry for row in rows] for rows in (standing, whole))
        assert shapely.equals(shapely.union_all(joined), shapely.union_all(wanted))


@pytest.mark.parametrize("name", STATES)
def test_no_interval_could_be_longer(war: Project, name: str) -> None:
    rows = extract(war, name, Query()).rows
    seen: dict[str, list[tuple[date, date | None]]] = {}
    for row in rows:
        values = {k: v for k, v in row.values.items() if not k.startswith("valid_")}
        shape = shapely.to_wkt(shapely.normalize(row.geometry))
        span = (row.values["valid_from"], row.values["valid_to"])
        seen.setdefault(f"{values} {shape}", []).append(span)
    for spans in seen.values():
        for (_, until), (since, _) in pairwise(sorted(spans, key=str)):
            assert until is not None and until < since
    assert len(rows) > len({row.values["valid_from"] for row in rows}) > 1


@pytest.mark.parametrize("name", STATES)
def test_daily_is_every_day_by_itself(war: Project, name: str) -> None:
    since, until = date(2024, 11, 30), date(2024, 12, 9)
    daily = extract(war, name, Query(since=since, until=until, daily=True))
    days = [since + timedelta(days=n) for n in range(10)]
    alone = [row for day in days for row in extract(war, name, Query(on=day)).rows]
    assert [row.values for row in daily.rows] == [row.values for row in alone]


def test_a_period_has_what_stands_in_it(war: Project) -> None:
    whole = extract(war, "control", Query()).rows
    some = extract(war, "control", Query(since=date(2024, 12, 4), until=date(2024, 12, 5))).rows
    wanted = [
        row.values
        for row in whole
        if row.values["valid_from"] <= date(2024, 12, 5)
        and (row.values["valid_to"] is None or row.values["valid_to"] > date(2024, 12, 4))
    ]
    assert [row.values for row in some] == wanted
    assert 0 < len(some) < len(whole)


def test_gains_add_up_to_the_change_of_areas(war: Project) -> None:
    gains = extract(war, "gains", Query()).rows
    areas = {
        (row.values["on"], row.values["actor"]): row.values["km2"]
        for row in extract(war, "areas", Query()).rows
    }
    for day in {row.values["on"] for row in gains} - {FIRST}:
        moved = sum(
            row.values["area_km2"]
            * ((row.values["actor"] == "rebels") - (row.values["from_actor"] == "rebels"))
            for row in gains
            if row.values["on"] == day
        )
        before = areas.get((day - timedelta(days=1), "rebels"), 0.0)
        assert moved == pytest.approx(areas[day, "rebels"] - before, abs=0.11)
    # What was contested changed hands to nobody.
    assert {row.values["on"] for row in gains} == {
        FIRST,
        date(2024, 12, 1),
        date(2024, 12, 3),
        LAST,
    }


def test_changes_are_those_known_and_lasting(war: Project) -> None:
    def ids(query: Query) -> list[int]:
        return [row.values["change"] for row in extract(war, "changes", query).rows]

    assert ids(Query()) == [1, 2, 3, 4, 5, 6, 8]
    assert ids(Query(known_at=datetime(2024, 12, 10, tzinfo=UTC))) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert ids(Query(on=date(2024, 12, 6))) == [1, 2, 3, 4, 5]
    assert ids(Query(on=date(2024, 12, 6), min_certainty=Certainty.CONFIRMED)) == [1]
    assert ids(Query(until=FIRST)) == [1, 2]


def test_a_project_without_changes_is_exported_empty(project: Project, tmp_path: Path) -> None:
    for suffix in set(FORMATS) - {".pmtiles"}:
        for name, layer in LAYERS.items():
            if name == "distances" or (layer.geometry is None and not FORMATS[suffix].tables):
                continue
            export(project, [name], Query(), tmp_path / f"{name}{suffix}")
    assert (tmp_path / "areas.csv").read_text().startswith("on,actor,side,km2,")
    assert len(geopandas.read_parquet(tmp_path / "control.parquet")) == 0
    assert len(pyogrio.read_dataframe(tmp_path / "front.fgb")) == 0
    with pytest.raises(InputError, match="nothing to draw"):
        export(project, ["control"], Query(), tmp_path / "control.pmtiles")
    assert not (tmp_path / "control.pmtiles").exists()


# Round trips


@pytest.mark.parametrize("names", [("control", "front", "places"), ("events",), ("footprints",)])
@pytest.mark.parametrize("suffix", MAPS)
def test_gdal_reads_back_what_was_written(
    war: Project, tmp_path: Path, suffix: str, names: tuple[str, ...]
) -> None:
    path = tmp_path / f"out{suffix}"
    names = names if FORMATS[suffix].several else names[:1]
    for found in export(war, names, Query(), path):
        read = _read(path, found.layer.name)
        assert len(read) == len(found.rows) > 0
        if suffix != ".topojson":  # GDAL gives it none
            assert read.crs.equals("EPSG:4326", ignore_axis_order=True)
        if found.layer.geometry == "MultiPolygon":
            assert _by_area(read.geometry) == pytest.approx(
                _by_area(row.geometry for row in found.rows),
                rel=1e-9,
                abs=1e-6,  # km²: some formats round to a millimetre
            )
        else:
            wanted = shapely.union_all([row.geometry for row in found.rows])
            assert shapely.union_all(read.geometry).hausdorff_distance(wanted) < 1e-8
        _same_values(read, found)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("events", ".csv"), *product(["events", "footprints"], sorted({*MAPS} - {".topojson"}))],
)
def test_another_project_takes_context_back(
    war: Project, run: Run, tmp_path: Path, name: str, suffix: str
) -> None:
    path, other = tmp_path / f"{name}{suffix}", tmp_path / "other.gpkg"
    make_project(other).close()
    export(war, [name], Query(), path)
    fields = ["--map", "id=event"] if name == "events" else []
    said = run("import", path, "--as", name, *fields, "-p", other).stderr
    assert f"2 {name} added" in said
    with Project.open(other) as project:
        if name == "events":
            first, second = war.events()
            if suffix == ".csv":  # which keeps a spreadsheet from running it
                first = replace(first, note=f"'{first.note}")
            assert project.events() == [first, second]
        else:
            grounds, wanted = project.footprints(), war.footprints()
            assert set(grounds) == set(wanted)
            for place, ground in grounds.items():
                assert ground.symmetric_difference(wanted[place]).area < 1e-9


def test_events_are_those_of_the_days_and_footprints_have_none(war: Project) -> None:
    def events(**asked: Any) -> list[str]:
        return [row.values["event"] for row in extract(war, "events", Query(**asked)).rows]

    assert events() == ["acled:1", "acled:2"]
    assert events(on=LAST) == ["acled:2"]
    assert events(until=FIRST) == ["acled:1"]
    assert events(since=FIRST, until=LAST - timedelta(days=1)) == []
    assert len(extract(war, "footprints", Query(on=date(2001, 1, 1))).rows) == 2


def _same_values(read: pandas.DataFrame, found: Extract) -> None:
    """Compare column by column, as sets: some formats store rows in another order."""
    for column in found.columns:
        wanted = [
            row.values[column.name] for row in found.rows if row.values[column.name] is not None
        ]
        if not wanted:
            continue
        # GDAL has one name of a placemark, its Name.
        got = read[column.name if column.name in read else column.name.title()].dropna()
        if column.type is Type.NUMBER:
            assert pandas.api.types.is_float_dtype(got), column
        elif column.type is Type.INTEGER:
            assert pandas.api.types.is_numeric_dtype(got), column
        elif column.type is Type.DATE:
            got = pandas.to_datetime(got).dt.date
        assert sorted(got) == sorted(wanted), column


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".topojson"])
def test_dates_are_dates(war: Project, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    export(war, ["changes"], Query(), path)
    info = pyogrio.read_info(path, layer="changes" if suffix in (".gpkg", ".topojson") else 0)
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    dates = "OFTDateTime" if suffix == ".fgb" else "OFTDate"  # FlatGeobuf has no dates
    assert (types["valid_from"], types["valid_to"]) == (dates, dates)
    assert types["recorded_at"] == "OFTDateTime"
    assert types["change"] in ("OFTInteger", "OFTInteger64")
    read = pyogrio.read_dataframe(path, layer=info["layer_name"]).sort_values("change")
    recorded = pandas.to_datetime(read["recorded_at"], utc=True)
    assert list(recorded) == [
        row.values["recorded_at"]
        for row in sorted(extract(war, "changes", Query()).rows, key=lambda r: r.values["change"])
    ]


def test_parquet_has_types_and_geometry(war: Project, tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    export(war, ["changes"], Query(), path)
    schema = parquet.read_schema(path)
    types = {name: str(schema.field(name).type) for name in schema.names}
    assert types["valid_from"] == "date32[day]"
    assert types["recorded_at"] == "timestamp[ms, tz=UTC]"
    assert types["change"] == "int64"
    assert types["area_km2"] == "double"
    frame = geopandas.read_parquet(path)
    assert frame.crs.equals("OGC:CRS84")
    assert list(frame["change"]) == [1, 2, 3, 4, 5, 6, 8]


def test_tables_keep_numbers_and_unsettle_formulas(war: Project, tmp_path: Path) -> None:
    query = Query(on=LAST, distance_to=("Belford",))
    for name in ("places", "areas", "distances", "changes"):
        found = extract(war, name, query)
        export(war, [name], query, tmp_path / f"{name}.csv")
        rows = list(csv.DictReader(io.StringIO((tmp_path / f"{name}.csv").read_text("utf-8"))))
        assert len(rows) == len(found.rows)
        for read, row in zip(rows, found.rows, strict=True):
            for column in found.columns:
                cell, value = read[column.name], row.values[column.name]
                if column.type in (Type.NUMBER, Type.INTEGER) and value is not None:
                    assert float(cell) == value
                assert column.type is not Type.TEXT or not cell.startswith(
                    tuple("=+-@＝＋－＠\t\r")
                )
    places = (tmp_path / "places.csv").read_text(encoding="utf-8")
    assert "'=HYPERLINK(1)" in places and "'＝cmd|" in places and "'-Minus" in places
    assert "'@someone" in (tmp_path / "changes.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", [".parquet", ".gpkg"])
def test_tables_without_geometry(war: Project, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"areas{suffix}"
    (found,) = export(war, ["areas"], Query(), path)
    read = (
        pandas.read_parquet(path)
        if suffix == ".parquet"
        else pyogrio.read_dataframe(path, layer="areas")
    )
    assert len(read) == len(found.rows)
    _same_values(read, found)


def _kml(data: bytes) -> Any:
    """Return the document of a KML file, which the schema of KML 2.2 allows."""
    (document,) = KML.parse(io.BytesIO(data), validate=True).features
    return document


def test_kml_is_valid_and_plays(war: Project, tmp_path: Path) -> None:
    path = tmp_path / "out.kml"
    control, _, places = export(war, ["control", "front", "places"], Query(), path)
    document = _kml(path.read_bytes())
    areas, front, points = document.features
    assert [folder.name for folder in document.features] == ["control", "front", "places"]
    for mark, row in zip(areas.features, control.rows, strict=True):
        assert mark.times.begin.dt.date() == row.values["valid_from"]
        end = row.values["valid_to"]
        assert (mark.times.end and mark.times.end.dt.date()) == (end and end - timedelta(days=1))
    colours = {style.id: [part.color for part in style.styles] for style in document.styles}
    assert colours["actor-army"] == ["ff3625e4", "993625e4"]  # #e42536
    used = {mark.style_url.url for folder in document.features for mark in folder.features}
    assert used <= {f"#{style}" for style in colours}
    assert "#actor-army-contested" in used
    assert sorted(mark.name for mark in points.features) == sorted(
        row.values["name"] for row in places.rows
    )
    assert all(mark.geometry.geom_type == "LineString" for mark in front.features)


def test_kmz_is_the_kml_zipped(war: Project, tmp_path: Path) -> None:
    for suffix in (".kml", ".kmz"):
        export(war, ["gains"], Query(), tmp_path / f"out{suffix}")
    with zipfile.ZipFile(tmp_path / "out.kmz") as archive:
        assert archive.namelist() == ["doc.kml"]
        assert archive.read("doc.kml") == (tmp_path / "out.kml").read_bytes()


def test_tiles_hold_the_map(war: Project, tmp_path: Path) -> None:
    path = tmp_path / "out.pmtiles"
    _, front, places = export(war, ["control", "front", "places"], Query(on=LAST), path)
    source = MemorySource(path.read_bytes())
    header = Reader(source).header()
    assert (header["min_zoom"], header["max_zoom"]) == (0, 10)
    fields = {
        layer["id"]: set(layer["fields"]) for layer in Reader(source).metadata()["vector_layers"]
    }
    assert fields["front"] == {column.name for column in front.columns}
    zoom = 6
    tiles = {
        zxy: mapbox_vector_tile.decode(gzip.decompress(tile))
        for zxy, tile in all_tiles(source)
        if zxy[0] == zoom
    }
    assert all(set(tile) <= set(fields) for tile in tiles.values())
    whole = [
        f for tile in tiles.values() for f in tile.get("control", {"features": []})["features"]
    ]
    assert {f["properties"]["on"] for f in whole} == {LAST.isoformat()}
    # Together as large as the theatre, to a step of the grid: no gaps.
    for (_, x, y), tile in tiles.items():
        shapes = [_shape(f["geometry"]) for f in tile["control"]["features"]]
        mine = _theatre_in_tile(zoom, x, y)
        assert sum(shape.area for shape in shapes) == pytest.approx(mine.area, rel=3e-3)
    seen = {f["properties"]["place"] for tile in tiles.values() for f in tile["places"]["features"]}
    assert seen == {row.values["place"] for row in places.rows}


def _shape(geometry: dict[str, Any]) -> Any:
    return shapely.geometry.shape(geometry)


def _theatre_in_tile(zoom: int, x: int, y: int) -> Any:
    """Return the square theatre on a tile's grid of 4096, its buffer of 80 included."""
    lons, lats = np.array([36, 37]), np.radians([34, 35])
    across = ((lons + 180) / 360 * 2**zoom - x) * 4096
    down = ((1 - np.log(np.tan(lats) + 1 / np.cos(lats)) / np.pi) / 2 * 2**zoom - y) * 4096
    tile = box(-80, -80, 4096 + 80, 4096 + 80)
    return tile & box(across[0], 4096 - down[0], across[1], 4096 - down[1])


def test_topojson_in_its_own_reader(war: Project, tmp_path: Path) -> None:
    path = tmp_path / "out.topojson"
    control, front = export(war, ["control", "front"], Query(on=LAST), path)
    read = json.loads(path.read_text(encoding="utf-8"))
    for found in (control, front):
        features = serialize_as_geojson(read, objectname=found.layer.name)["features"]
        shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
        for shape, row in zip(shapes, found.rows, strict=True):
            assert shapely.equals_exact(
                shapely.normalize(shape), shapely.normalize(row.geometry), 2e-9
            )
    # Shared lines are stored once: all outlines together have no edge twice.
    edges = shapely.union_all([shapely.boundary(row.geometry) for row in control.rows])
    lines = [_line(arc, read["transform"]) for arc in read["arcs"]]
    assert sum(line.length for line in lines) == pytest.approx(edges.length, rel=1e-6)


def _line(arc: list[list[int]], transform: dict[str, list[float]]) -> Any:
    points = np.cumsum(arc, axis=0) * transform["scale"] + transform["translate"]
    return shapely.LineString(points)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=3, max_size=14, unique=True
    ),
    st.integers(1, 4),
)
def test_topologies_give_back_any_coverage(points: list[tuple[int, int]], groups: int) -> None:
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(np.array(points) / 7 + 30))
    )
    cells = shapely.set_precision(shapely.intersection(cells, box(29, 29, 40, 40)), 1e-8)
    cells = cells[shapely.area(cells) > 0]
    joined = [multi(shapely.union_all(cells[n::groups])) for n in range(groups)]
    areas = [area for area in joined if not area.is_empty]
    made = topology({"areas": [({"n": n}, area) for n, area in enumerate(areas)]})
    features = serialize_as_geojson(made, objectname="areas")["features"]
    for feature, area in zip(features, areas, strict=True):
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.symmetric_difference(area).area < 1e-6
    assert len({str(sorted(map(str, (arc, arc[::-1])))) for arc in made["arcs"]}) == len(
        made["arcs"]
    )


# The commands of the documentation

FORMATS_PAGE = Path(__file__).parent.parent / "docs" / "formats.md"
COMMANDS = re.findall(r"\| `(frontmap export [^`]+)` \|", FORMATS_PAGE.read_text(encoding="utf-8"))


def test_every_format_has_its_command() -> None:
    assert [Path(command.split()[-1]).suffix for command in COMMANDS] == list(FORMATS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_of_each_format_runs(
    war_path: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (tmp_path / "syria.gpkg").write_bytes(war_path.read_bytes())
    monkeypatch.chdir(tmp_path)
    words = command.split()[1:]
    said = run(*words).stderr
    written = tmp_path / words[-1]
    assert re.match(rf"{written.name}: \d+ rows of control", said)
    if written.suffix in READ:
        told = [int(count.replace(",", "")) for count in re.findall(r"([\d,]+) rows of", said)]
        assert sum(len(layer) for layer in read_layers(written)) == sum(told)


# What a file says of itself


def _metadata_in(path: Path) -> Any:
    """Return the record that a file carries, as its format's readers find it."""
    match path.suffix:
        case ".geojson" | ".topojson":
            return json.loads(path.read_text(encoding="utf-8"))["metadata"]
        case ".gpkg":
            return json.loads(
                pyogrio.read_dataframe(path, sql="SELECT metadata FROM gpkg_metadata")["metadata"][
                    0
                ]
            )
        case ".fgb":
            return json.loads(pyogrio.read_info(path)["layer_metadata"]["metadata"])
        case ".parquet":
            return json.loads(parquet.read_schema(path).metadata[b"metadata"])
        case ".pmtiles":
            return Reader(MemorySource(path.read_bytes())).metadata()["metadata"]
        case ".kml":
            return json.loads(_kml(path.read_bytes()).extended_data.elements[0].value)
        case ".kmz":
            with zipfile.ZipFile(path) as archive:
                document = _kml(archive.read("doc.kml"))
            return json.loads(document.extended_data.elements[0].value)
        case _:
            return json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_carries_the_record(war: Project, tmp_path: Path, suffix: str) -> None:
    path, query = tmp_path / f"out{suffix}", Query()
    written = export(war, ["control"], query, path, title="T <&> ＝", licence="CC-BY-4.0")
    record = describe(war, query, written, title="T <&> ＝", licence="CC-BY-4.0")
    assert _metadata_in(path) == record
    beside = {found.name for found in tmp_path.iterdir()} - {path.name}
    assert beside == ({f"{path.name}.json"} if FORMATS[suffix].sidecar else set())


def test_the_record_is_a_stac_collection(war: Project) -> None:
    query = Query(on=date(2024, 12, 1), known_at=datetime(2024, 12, 10, tzinfo=UTC))
    record = describe(war, query, [extract(war, "control", query)])
    collection = pystac.Collection.from_dict(record)
    collection.stac_extensions = []  # its schema is on the network
    collection.validate()
    assert collection.license == "other"
    assert [provider.name for provider in collection.providers or []] == ["Natural Earth"]
    assert record["frontmap:as_of"] == ["2024-12-01", "2024-12-01"]
    assert record["frontmap:known_at"] == "2024-12-08T20:00:00.000Z"
    assert [actor["slug"] for actor in record["frontmap:actors"]] == ["army", "rebels"]
    assert [source["slug"] for source in record["frontmap:sources"]] == ["gazette", "wire"]
    assert record["frontmap:sources"][0]["url"] == "https://example.org/daily"
    assert {c["name"] for c in record["table:columns"]} >= {"on", "actor", "area_km2", "sources"}


def test_whose_places_it_has_is_credited(war_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "war.gpkg"
    path.write_bytes(war_path.read_bytes())
    with Project.open(path) as project:
        project.add_places(
            Place(f"{gazetteer}:1", "Here", 36.5, 34.5, "XX", "West", None)
            for gazetteer in ("geonames", "osm")
        )
        record = describe(project, Query(), [])
    names = [provider["name"] for provider in record["providers"]]
    assert names == ["GeoNames", "OpenStreetMap", "Natural Earth"]


def test_sources_are_those_behind_the_rows(war: Project) -> None:
    query = Query(on=LAST, min_certainty=Certainty.CONFIRMED)
    record = describe(war, query, [extract(war, "areas", query)])
    assert [source["slug"] for source in record["frontmap:sources"]] == ["gazette"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_equal_input_gives_equal_bytes(war: Project, tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / folder / f"out{suffix}" for folder in ("a", "b")]
    for path in paths:
        export(war, _layers(suffix), Query(), path)
    first, second = (sorted(path.parent.iterdir()) for path in paths)
    assert [one.name for one in first] == [other.name for other in second]
    assert [one.read_bytes() for one in first] == [other.read_bytes() for other in second]


def test_a_geopackage_explains_its_columns_and_has_styles(war: Project, tmp_path: Path) -> None:
    path = tmp_path / "out.gpkg"
    export(war, ["control", "areas", "gains"], Query(), path)
    meanings = pyogrio.read_dataframe(path, sql="SELECT * FROM gpkg_data_columns")
    rows = zip(meanings["table_name"], meanings["column_name"], meanings["title"], strict=True)
    told = {(table, column): title for table, column, title in rows}
    assert told["control", "area_km2"] == "Geodesic area"
    assert told["areas", "share"] == "Share of the theatre, 0 to 1"
    styles = pyogrio.read_dataframe(path, layer="layer_styles").set_index("f_table_name")[
        "styleQML"
    ]
    assert set(styles.index) == {"control", "gains"}
    assert 'startField="begins"' in styles["control"]
    assert "temporal" not in styles["gains"].partition("renderer")[0].partition(">")[2]
    assert "228,37,54,255" in styles["control"]


# The command


def test_the_command_writes_several_layers(run: Run, war_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.gpkg"
    done = run(
        *("export", "-p", war_path, "--what", "control", "--what", "distances", "--on", LAST),
        *("--distance-to", "Belford", "--from", "rebels", "-o", out),
    )
    assert "rows of control, 1 rows of distances" in done.stderr
    read = pyogrio.read_dataframe(out, layer="distances")
    assert list(read["place"]) == ["Belford"]
    assert list(read["from"]) == ["rebels"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--what", "control", "-o", "out.shp"], "out.shp: write it as one of .geojson, "),
        (["--what", "control", "--what", "front", "-o", "out.csv"], "CSV holds one layer"),
        (["--what", "areas", "-o", "out.kml"], "areas has no geometry; it goes into .gpkg"),
        (["--what", "distances", "-o", "out.csv"], "distances to where?"),
        (["--what", "control", "-o", "war.gpkg"], "war.gpkg is a project; nothing was written"),
        (["--what", "control", "--on", "2024-12-01", "--daily", "-o", "out.csv"], "not both"),
        (
            ["--what", "front", "--since", "2024-12-02", "--until", "2024-12-01", "-o", "out.kml"],
            "since 2024-12-02 is after until 2024-12-01",
        ),
        (
            ["--what", "areas", "--licence", "all rights reserved", "-o", "out.csv"],
            "'all rights reserved' is no SPDX identifier: write it as CC-BY-4.0",
        ),
        (["--what", "areas", "--from", "x", "--distance-to", "Nowhere", "-o", "out.gpkg"], ""),
    ],
)
def test_what_cannot_be_is_refused(
    run: Run,
    war_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "war.gpkg").write_bytes(war_path.read_bytes())
    (tmp_path / "out.csv").write_text("kept")
    done = run("export", "-p", war_path, *arguments, code=1 if said else 0)
    assert said in done.stderr
    assert (tmp_path / "war.gpkg").read_bytes() == war_path.read_bytes()
    assert (tmp_path / "out.csv").read_text() == "kept"


def test_help_names_every_format(run: Run) -> None:
    shown = run("export", "--help").stdout
    assert all(f"{suffix}," in shown or f"{suffix}. " in shown for suffix in FORMATS)


def test_places_have_their_points(war: Project) -> None:
    for row in extract(war, "places", Query(on=LAST)).rows:
        assert row.geometry == Point(row.values["lon"], row.values["lat"])


def test_no_gap_and_no_overlap(war: Project) -> None:
    frame = extract(war, "control", Query(on=LAST)).frame()
    assert shapely.coverage_is_valid(frame.geometry.to_numpy())
    assert shapely.union_all(frame.geometry).equals(MultiPolygon([SQUARE]))
