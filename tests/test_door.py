"""Files of strangers: every format comes in alike, and every attack stays outside."""

from __future__ import annotations

import functools
import http.server
import json
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pytest
import shapely
from foreign import SUFFIXES, write_layer, zipped
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box
from shapely.geometry import mapping

from frontmap.data.door import AS_IT_IS, Asked, Layer, read_area, read_layers
from frontmap.data.guards import FORMATS, MOST_MEMBERS
from frontmap.data.tables import locate
from frontmap.geo.errors import InputError
from frontmap.geo.polygons import read_polygon
from frontmap.geo.shapes import check_areas, check_points

THEATRE = MultiPolygon([box(36, 34, 37, 35)])
HOLED = Polygon(
    [(36.1, 34.1), (36.9, 34.1), (36.9, 34.9), (36.1, 34.9)],
    [[(36.4, 34.4), (36.4, 34.6), (36.6, 34.6), (36.6, 34.4)]],
)
TWO = MultiPolygon([box(36, 34, 36.2, 34.2), box(36.5, 34.5, 36.7, 34.7)])
ROWS = ({"who": "army", "note": "قرية"}, {"who": "rebels", "note": "a, b; c"})


def only(path: Path | str, asked: Asked = AS_IT_IS) -> Layer:
    (layer,) = read_layers(path, asked)
    return layer


def refusal(path: Path | str, asked: Asked = AS_IT_IS) -> str:
    with pytest.raises(InputError) as refused:
        read_layers(path, asked)
    return str(refused.value)


# What comes in


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_comes_in_alike(tmp_path: Path, suffix: str) -> None:
    layer = only(write_layer(tmp_path / f"lines{suffix}", ROWS, [HOLED, TWO]))
    assert layer.columns["who"] == ["army", "rebels"]
    assert layer.columns["note"] == ["قرية", "a, b; c"]
    assert layer.numbers == [1, 2]
    assert layer.broken == {}
    assert layer.geometries is not None
    for found, drawn in zip(layer.geometries, (HOLED, TWO), strict=True):
        assert shapely.equals(found, drawn)
    area, notes = read_area(tmp_path / f"lines{suffix}", theatre=THEATRE)
    assert area.equals(HOLED.union(TWO))
    assert [note for note in notes if "overlap" not in note] == []


@pytest.mark.parametrize("suffix", [".gpkg", ".shp", ".zip", ".fgb", ".parquet"])
def test_a_projected_layer_is_brought_to_degrees(tmp_path: Path, suffix: str) -> None:
    metres = geopandas.GeoSeries([HOLED, TWO], crs=4326).to_crs(32637)
    layer = only(write_layer(tmp_path / f"utm{suffix}", ROWS, list(metres), "EPSG:32637"))
    assert any("reprojected from WGS 84 / UTM zone 37N" in note for note in layer.notes)
    assert layer.geometries is not None
    differences = shapely.symmetric_difference(layer.geometries, [HOLED, TWO])
    assert (shapely.area(differences) < 1e-8).all()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_come_in_in_their_encodings(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "table.csv"
    lines = [["name", "lon", "lat"], ["حمص", "36.7", "34.7"], ["حماة", "", ""]]
    path.write_bytes("\r\n".join(map(delimiter.join, lines)).encode(encoding))
    if encoding == "cp1256":
        assert "say what it is with --encoding" in refusal(path)
        assert "cp1256 'حمص" in refusal(path)
        layer = only(path, Asked(encoding="cp1256"))
    else:
        layer = only(path)
    assert layer.columns["name"] == ["حمص", "حماة"]
    assert (layer.numbers, layer.unit, layer.geometries) == ([2, 3], "line", None)
    locate(layer, lon="lon", lat="lat")
    assert layer.geometries is not None
    assert list(layer.geometries) == [Point(36.7, 34.7), None]


def test_workbooks_come_in_by_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    del book["Sheet"]
    sheet = book.create_sheet("first")
    sheet.append(["date", "n", "text"])
    sheet.append([datetime(2024, 12, 6), 3.0, "=1+1"])
    book.create_sheet("second").append(["x"])
    book.save(tmp_path / "b.xlsx")
    first, second = read_layers(tmp_path / "b.xlsx")
    assert first.columns == {"date": ["2024-12-06"], "n": [3], "text": [None]}  # never calculated
    assert (second.name, second.columns) == ("second", {"x": []})
    assert only(tmp_path / "b.xlsx", Asked(layer="second")).name == "second"


def test_wkt_cells_become_geometries(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        'id,wkt\n1,"POLYGON ((36 34, 37 34, 37 35, 36 34))"\n2,SRID=4326;POINT (36 34)\n'
        '3,"POLYGON ((36 34, 37 34, 37 35))"\n4,nonsense\n5,\n'
    )
    layer = only(path)
    locate(layer, wkt="wkt")
    assert layer.geometries is not None
    assert [one and one.geom_type for one in layer.geometries] == [
        *("Polygon", "Point", None, None, None)
    ]
    assert sorted(layer.broken) == [2, 3]


def test_kml_keeps_folders_times_and_data(tmp_path: Path) -> None:
    path = tmp_path / "my.kml"
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>West</name><Folder>'
        "<name>Old</name><Placemark><name>A</name><TimeSpan><begin>2024-12-01</begin></TimeSpan>"
        '<ExtendedData><SchemaData><SimpleData name="side">army</SimpleData></SchemaData>'
        "</ExtendedData><Point><coordinates>36.5,34.5,12</coordinates></Point></Placemark></Folder>"
        "</Folder><NetworkLink><Link><href>https://example.org/live.kml</href></Link></NetworkLink>"
        "</Document></kml>"
    )
    layer = only(path)
    assert layer.row(0) == {
        "folder": "West/Old",
        "name": "A",
        "begin": "2024-12-01",
        "side": "army",
    }
    assert layer.geometries is not None and layer.geometries[0] == Point(36.5, 34.5)
    assert layer.notes == [
        "my.kml: links to 'https://example.org/live.kml', which is not fetched; "
        "save that file and import it"
    ]


# What does not come in: files that are others than they say


VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)


@pytest.mark.parametrize("suffix", [s for form in FORMATS for s in form.suffixes])
@pytest.mark.parametrize("packed", [False, True])
def test_a_vrt_under_any_name_reads_nothing(tmp_path: Path, suffix: str, packed: bool) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,topsecret\n")
    path = tmp_path / f"innocent{suffix}"
    path.write_text(VRT.format(secret=secret))
    if packed:
        path = zipped(tmp_path / "innocent-1.zip", {path.name: path.read_bytes()})
    said = refusal(path)
    assert "topsecret" not in said
    assert "innocent" in said
    for tail in ("GeoJSON", "KML", "CSV", "FlatGeobuf", "shapefile", "GeoPackage"):
        if tail.lower() in suffix or (suffix, tail) in ((".csv", "CSV"), (".fgb", "FlatGeobuf")):
            assert f"is no {tail}" in said or "no file in it" in said


def test_gdal_alone_would_have_read_it(tmp_path: Path) -> None:
    """The attack is real: without the door the secret comes in under an innocent name."""
    secret, path = tmp_path / "secret.csv", tmp_path / "innocent.geojson"
    secret.write_text("a,b\n1,topsecret\n")
    path.write_text(VRT.format(secret=secret))
    code = "import pyogrio, sys; print(pyogrio.raw.read(sys.argv[1])[3])"
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert "topsecret" in done.stdout


def test_gdal_is_brought_up_without_drivers_that_follow_references(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "a.fgb", ROWS, [HOLED, TWO])
    code = (
        "import sys, os; from pathlib import Path; from frontmap.data.door import read_layers\n"
        "print(len(read_layers(Path(sys.argv[1]))[0]))\n"
        "import pyogrio; print({'OGR_VRT', 'HTTP', 'WFS', 'GDALG'} & set(pyogrio.list_drivers()))\n"
        "print(os.environ.get('GDAL_SKIP'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["2", "set()", "None"]


def test_suffix_and_content_must_agree(tmp_path: Path) -> None:
    made = {s: write_layer(tmp_path / f"a{s}", ROWS, [HOLED, TWO]) for s in SUFFIXES}
    for true, path in made.items():
        for false in SUFFIXES:
            alike = ({".geojson", ".geojsonl"}, {".zip", ".kmz"})
            if true == false or {true, false} in alike:
                continue
            liar = Path(shutil.copy(path, tmp_path / f"liar{false}"))
            assert "it was not opened" in refusal(liar), (true, false)
    assert ".docx is not read" in refusal(tmp_path / "a.docx")
    assert "cannot be read: No such file" in refusal(tmp_path / "missing.geojson")
    (tmp_path / "empty.kml").touch()
    assert "the file is empty" in refusal(tmp_path / "empty.kml")


@pytest.mark.parametrize(
    "address",
    [
        *("/vsicurl/http://127.0.0.1:9/a.geojson", "/vsizip//vsicurl/http://127.0.0.1:9/a.zip"),
        *("/vsizip/a.zip", "http://127.0.0.1:9/a.geojson", "https://example.org/a.kml"),
        *("file:///etc/passwd", "ftp://example.org/a.csv", "zip://a.zip!a.shp", "s3://a/b.fgb"),
    ],
)
def test_addresses_are_refused(address: str) -> None:
    said = refusal(address)
    assert "add --allow-network" in said or "give a path, or an https:// address" in said


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_the_network_is_there_when_it_is_allowed(tmp_path: Path) -> None:
    write_layer(tmp_path / "a.geojson", ROWS, [HOLED, TWO])
    with served(tmp_path) as address:
        assert len(only(f"{address}/a.geojson", Asked(allow_network=True))) == 2
        assert "cannot be fetched" in refusal(f"{address}/b.geojson", Asked(allow_network=True))


# XML and archives


ENTITIES = """<?xml version="1.0"?><!DOCTYPE kml [{declared}]>
<kml><Placemark><name>&a;</name></Placemark></kml>"""
LAUGHS = '<!ENTITY z "ha">' + "".join(
    f'<!ENTITY {one} "{f"&{other};" * 10}">'
    for one, other in zip("yxwvutsa", "zyxwvuts", strict=True)
)


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY a SYSTEM "http://127.0.0.1:9/a">',
        '<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;',
        '<!ENTITY a "harmless">',
        LAUGHS,
        "",
    ],
)
@pytest.mark.parametrize("suffix", [".kml", ".kmz"])
def test_xml_that_declares_is_refused(tmp_path: Path, declared: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    text = ENTITIES.format(declared=declared).encode()
    path.write_bytes(text) if suffix == ".kml" else zipped(path, {"doc.kml": text})
    assert "declares a document type or entities" in refusal(path)


def test_a_workbook_that_declares_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/workbook.xml"] = (
        b"<!DOCTYPE a [" + LAUGHS.encode() + b"]>" + members["xl/workbook.xml"]
    )
    assert "declares a document type" in refusal(zipped(tmp_path / "b.xlsx", members))


def link_member(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("a.geojson")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")


def lying_member(path: Path) -> None:
    """Say in both headers that a member is smaller than what comes out of it."""
    zipped(path, {"a.geojson": b" " * 100_000})
    data = path.read_bytes().replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)


def twice(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("a.geojson", "{}")
        archive.writestr("a.geojson", "{}")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda path: zipped(path, {"a.csv": bytes(300_000_000)}), "zip bomb?"),
        (lambda path: zipped(path, {f"{n}.csv": b"" for n in range(MOST_MEMBERS + 1)}), "members"),
        (lambda path: zipped(path, {"../x.geojson": b"{}"}), "'../x.geojson' leads out"),
        (lambda path: zipped(path, {"a/../../x.kml": b"{}"}), "leads out"),
        (lambda path: zipped(path, {"/tmp/x.geojson": b"{}"}), "leads out"),
        (lambda path: zipped(path, {"C:\\x.geojson": b"{}"}), "leads out"),
        (link_member, "is a link"),
        (lying_member, "damaged archive"),
        (twice, "twice"),
        (lambda path: zipped(path, {"readme.md": b"hello"}), "no file in it that is read"),
        (lambda path: zipped(path, {"a.zip": b"PK\3\4"}), "no file in it that is read"),
        (lambda path: path.write_bytes(b"PK\3\4" + bytes(100)), "damaged archive"),
    ],
)
@pytest.mark.parametrize("suffix", [".zip", ".kmz"])
def test_archives_that_attack_are_refused(
    tmp_path: Path, make: Callable[[Path], object], problem: str, suffix: str
) -> None:
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    make(folder / f"a{suffix}")
    temporary = set(os.listdir("/tmp"))
    assert problem in refusal(folder / f"a{suffix}")
    assert {path.name for path in tmp_path.rglob("*")} == {"deep", "er", f"a{suffix}"}
    assert not [name for name in set(os.listdir("/tmp")) - temporary if name.startswith("x.")]


def test_a_geopackage_may_only_be_selected_from(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "a.gpkg", ROWS, [HOLED, TWO])
    before = path.read_bytes()
    attacks = (
        "SELECT load_extension('/tmp/evil.so') AS x, 1 AS fid, NULL AS geom",
        "SELECT writefile('/tmp/evil', 'x') AS x, 1 AS fid, NULL AS geom",
        "SELECT * FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) "
        "SELECT x, x AS fid, NULL AS geom FROM c)",
    )
    for attack in attacks:
        path.write_bytes(before)
        with sqlite3.connect(path) as connection:
            connection.execute("ALTER TABLE a RENAME TO b")
            connection.execute(f"CREATE VIEW a AS {attack}")
        connection.close()
        assert "cannot be read as a GeoPackage" in refusal(path)


def test_a_bomb_is_not_held_in_memory(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.geojson": bytes(500_000_000)})
    code = "import sys; from frontmap.data.door import read_layers; read_layers(sys.argv[1])"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))

    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, preexec_fn=limit
    )
    assert "zip bomb?" in done.stderr.splitlines()[-1]


# Faults of geometry and attributes


def test_a_shapefile_says_what_is_missing_beside_it(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "a.shp", ROWS, [HOLED, TWO])
    path.with_suffix(".prj").unlink()
    path.with_suffix(".shx").unlink()
    assert "say it with --crs" in refusal(path)
    layer = only(path, Asked(crs="EPSG:4326"))
    assert layer.geometries is not None and shapely.equals(layer.geometries[0], HOLED)
    assert "has no .shx beside it" in layer.notes[0]
    path.with_suffix(".dbf").unlink()
    assert only(path, Asked(crs="EPSG:4326")).columns == {}
    assert not path.with_suffix(".shx").exists()


def test_text_of_a_shapefile_without_cpg(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "a.shp", ROWS, [HOLED, TWO])
    path.with_suffix(".cpg").unlink()
    assert only(path).columns["note"] == ["قرية", "a, b; c"]  # it is UTF-8 all the same
    dbf = path.with_suffix(".dbf")
    arabic = "قرية".encode()
    dbf.write_bytes(dbf.read_bytes().replace(arabic, "قرية".encode("cp1256").ljust(len(arabic))))
    assert "say it with --encoding" in refusal(path)
    assert only(path, Asked(encoding="cp1256")).columns["note"] == ["قرية", "a, b; c"]


def test_crs_of_file_and_user_must_agree(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "a.gpkg", ROWS, [HOLED, TWO], "EPSG:4326")
    with pytest.raises(InputError, match="leave --crs out, or mend the file"):
        shp = write_layer(tmp_path / "b.shp", ROWS, [HOLED, TWO], "EPSG:32637")
        read_layers(shp, Asked(crs="EPSG:3857"))
    assert len(only(path, Asked(crs="EPSG:4326"))) == 2
    assert "--crs nonsense" in refusal(path, Asked(crs="nonsense"))
    evil = tmp_path / "evil.geojson"
    crs = {"type": "name", "properties": {"name": "+init=/etc/passwd:1"}}
    evil.write_text(json.dumps({**mapping(HOLED), "crs": crs}))
    assert "PROJ does not know its CRS '+init" in refusal(evil)


BOW = [[36, 34], [37, 35], [37, 34], [36, 35], [36, 34]]


@pytest.mark.parametrize(
    ("geometry", "problem"),
    [
        (None, "has no geometry; draw it"),
        ({"type": "Polygon", "coordinates": []}, "is empty"),
        ({"type": "Polygon", "coordinates": [BOW]}, "crosses itself (a bow-tie) at lon 36.5"),
        ({"type": "Polygon", "coordinates": [BOW[:-1]]}, "is not closed"),
        ({"type": "Polygon", "coordinates": [BOW[:2] + BOW[:1]]}, "has 3 positions"),
        ({"type": "Polygon", "coordinates": [[[36, 34]] * 4]}, "has collapsed to a line or point"),
        ({"type": "Polygon", "coordinates": [[[36, float("nan")], *BOW]]}, "no usable numbers"),
        ({"type": "Polygon", "coordinates": [[[1e400, 34], *BOW]]}, "no usable numbers"),
        ({"type": "Point", "coordinates": [36, 34]}, "is a Point, not an area"),
        ({"type": "Kidney"}, "type 'Kidney'"),
        (
            mapping(box(34, 36, 35, 37)),
            "lon and lat swapped; write positions as [lon, lat], or add --swap-xy",
        ),
        (mapping(box(3e5, 4e6, 4e5, 5e6)), "looks like metres in a projected CRS"),
        (mapping(box(170, 34, 190, 35)), "cut it at the antimeridian"),
        (mapping(box(10, 10, 11, 11)), "lies wholly outside the theatre"),
    ],
)
def test_every_fault_of_an_area_is_named(tmp_path: Path, geometry: Any, problem: str) -> None:
    path = tmp_path / "a.geojson"
    good = {"type": "Feature", "properties": {}, "geometry": mapping(HOLED)}
    collection = {"type": "FeatureCollection", "features": [good, {**good, "geometry": geometry}]}
    path.write_text(json.dumps(collection))
    layer = only(path)
    assert layer.geometries is not None
    checked = check_areas(layer.geometries, layer.where, broken=layer.broken, theatre=THEATRE)
    assert checked.shapes[0].equals(HOLED) and checked.shapes[1] is None
    assert list(checked.problems) == [1]
    assert all(text.startswith("a.geojson, feature 2") for text in checked.problems[1])
    assert problem in checked.problems[1][0]


def test_a_bow_tie_is_repaired_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [BOW]}))
    with pytest.raises(InputError, match="redraw it so that no edges cross, or add --fix"):
        read_area(path)
    area, notes = read_area(path, Asked(fix=True))
    assert area.is_valid and area.area == pytest.approx(0.5)
    assert "was repaired: " in notes[0] and "km² before" in notes[0]


def test_swapped_axes_are_swapped_back(tmp_path: Path) -> None:
    path = write_layer(tmp_path / "a.fgb", [{}], [shapely.transform(HOLED, np.fliplr)])
    with pytest.raises(InputError, match="--swap-xy"):
        read_area(path, theatre=THEATRE)
    assert read_area(path, Asked(swap_xy=True), theatre=THEATRE)[0].equals(HOLED)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".parquet"])
def test_binary_bow_ties_and_missing_geometries(tmp_path: Path, suffix: str) -> None:
    path = write_layer(
        tmp_path / f"a{suffix}", [{"n": n} for n in range(3)], [HOLED, Polygon(BOW), HOLED]
    )
    layer = only(path)
    assert layer.geometries is not None
    layer.geometries[2] = None
    checked = check_areas(layer.geometries, layer.where)
    assert sorted(checked.problems) == [1, 2]
    assert "bow-tie" in checked.problems[1][0]


@pytest.mark.parametrize(
    ("point", "problem"),
    [
        (Point(34.5, 36.5), "inside it with lon and lat swapped; add --swap-xy"),
        (Point(36, 134), "latitudes end at 90 degrees; add --swap-xy"),
        (Point(4e5, 4e6), "looks like metres"),
        (Point(np.nan, 3), "give finite degrees"),
        (Point(), "is empty"),
        (None, "has no geometry"),
        (HOLED, "is a Polygon, not a point"),
        (Point(10, 10), ""),  # outside is for the importer to say
    ],
)
def test_every_fault_of_a_point_is_named(point: Any, problem: str) -> None:
    shapes = np.array([Point(36.5, 34.5), point], dtype=object)
    checked = check_points(shapes, lambda index: f"row {index}", theatre=THEATRE)
    assert checked.shapes[0] == Point(36.5, 34.5)
    assert problem in checked.problems.get(1, [""])[0]


@pytest.mark.parametrize("depth", [200, 900, 950, 980, 100_000])
@pytest.mark.parametrize("opens", ["[", '{"a":', '{"type":"GeometryCollection","geometries":['])
def test_deep_nesting_is_refused_or_read(tmp_path: Path, depth: int, opens: str) -> None:
    closes = {"[": "]", "{": "}"}[opens[0]] if opens[-1] != "[" or opens == "[" else "]}"
    deep = opens * depth + "1" * (opens[-1] == ":") + closes * depth
    path = tmp_path / "a.geojson"
    for part in ("geometry", "properties"):
        other = {"geometry": "properties", "properties": "geometry"}[part]
        path.write_text(f'{{"type": "Feature", "{part}": {deep}, "{other}": null}}')
        with pytest.raises(InputError) as refused:
            read_area(path)
        assert len(refused.value.problems) == 1


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.geojson")
    (tmp_path / "folder.kml").mkdir()
    for name in ("pipe.geojson", "folder.kml"):
        assert "it is no regular file" in refusal(tmp_path / name)


# Properties


coordinates = st.floats(35.5, 37.5).map(lambda x: round(x, 2))
rings = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=7)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rings, min_size=1, max_size=4))
def test_layers_are_checked_as_polygons_are_one_by_one(
    drawn: list[list[tuple[float, float]]],
) -> None:
    """What is told to be sound all at once is what the slow reader takes, and equal to it."""
    shapes = np.array([Polygon(ring) for ring in drawn], dtype=object)
    checked = check_areas(shapes, lambda index: f"{index}", theatre=THEATRE)
    for index, shape in enumerate(shapes):
        try:
            slow, _ = read_polygon(mapping(shape), where=f"{index}", theatre=THEATRE)
        except InputError:
            assert index in checked.problems
        else:
            assert checked.shapes[index].equals(slow)


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries", "geometry"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["Point", "Polygon", "MultiPolygon", "GeometryCollection", "LineString", ""]),
    anything,
)
@example("GeometryCollection", [{"type": []}])
@example("Polygon", [[[3636.3, 34.1]]])
def test_no_geojson_gets_further_than_a_message(tmp_path: Path, kind: str, inside: Any) -> None:
    path = tmp_path / "a.geojson"
    geometry = {"type": kind, "coordinates": inside, "geometries": inside}
    path.write_text(json.dumps({"type": "Feature", "properties": inside, "geometry": geometry}))
    try:
        (layer,) = read_layers(path)
    except InputError:
        return
    assert layer.geometries is not None
    checked = check_areas(layer.geometries, layer.where, broken=layer.broken)
    assert bool(checked.problems) == (checked.shapes[0] is None)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(SUFFIXES), st.data())
def test_no_damaged_file_gets_further_than_a_message(
    tmp_path: Path, suffix: str, data: st.DataObject
) -> None:
    path = tmp_path / f"whole{suffix}"
    if not path.exists():
        write_layer(path, ROWS, [HOLED, TWO])
    damaged = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(damaged)))
    target = tmp_path / f"damaged{suffix}"
    target.write_bytes(bytes(damaged[:cut]))
    try:
        for layer in read_layers(target):
            if layer.geometries is not None:
                check_areas(layer.geometries, layer.where, broken=layer.broken)
    except InputError as error:
        assert all("\n" not in problem for problem in error.problems)


# What fuzzing found, beside fuzz/corpus


CURVE = "CURVEPOLYGON (CIRCULARSTRING (36 34, 37 34, 37 35, 36 35, 36 34))"


def test_curves_are_told_from_damage(tmp_path: Path) -> None:
    path = tmp_path / "areas.csv"
    path.write_text(f'wkt,actor\n"{CURVE}",army\n"POINT (36 34)",rebels\n')
    (layer,) = read_layers(path)
    locate(layer, wkt="wkt")
    assert layer.geometries is not None
    assert layer.geometries[0] is None and layer.geometries[1] is not None
    assert "is no WKT geometry ('CURVEPOLYGON" in layer.broken[0]


def test_a_detailed_map_may_be_without_rings_or_dots(tmp_path: Path) -> None:
    path = tmp_path / "map.lua"
    for mark in ("Map-dot-red.svg", "Map-arcNN-red.svg"):
        path.write_text(f'return {{ {{ lat = 34.2, long = 36.2, mark = "{mark}" }} }}')
        (layer,) = read_layers(path)
        assert len(layer) == ("dot" in mark)


def test_archives_without_sense_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("x"), b"data")
    whole = path.read_bytes()
    for name, told in ((b"\xa4", "damaged archive"), (b"", "damaged archive|without a name")):
        # The name and its length, in the archive's directory; names beyond ASCII are UTF-8.
        at = whole.index(b"PK\x01\x02")
        entry = bytearray(whole[at:])
        entry[8:10] = (0x800).to_bytes(2, "little")
        entry[28:30] = len(name).to_bytes(2, "little")
        entry[46:47] = name
        path.write_bytes(whole[:at] + bytes(entry))
        with pytest.raises(InputError, match=told):
            read_layers(path)


def test_a_workbook_that_is_damaged_within_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.create_sheet("rows").append(["place", "actor"])
    book.save(path)
    whole = path.read_bytes()
    for at in range(60, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with suppress(InputError):
            read_layers(path)
