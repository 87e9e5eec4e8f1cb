"""The project file: what is written comes back, nothing is lost, and other readers agree."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyogrio
import pytest
import shapely
from samples import ACTORS, PLACES, ZONES, make_project
from shapely import MultiPolygon, box

from frontmap.data import geopackage, schema
from frontmap.data.checking import findings
from frontmap.data.store import Project
from frontmap.geo.errors import InputError, StoreError, UnknownNameError
from frontmap.geo.records import (
    Actor,
    Attribution,
    Certainty,
    Change,
    Method,
    Source,
    Status,
)

CHANGE = Change(
    id=0,
    actor="army",
    status=Status.CONTESTED,
    certainty=Certainty.REPORTED,
    valid_from=date(2024, 12, 1),
    valid_to=date(2024, 12, 9),
    recorded_at=datetime(2024, 12, 1, 18, 30, 0, 123000, tzinfo=UTC),
    polygon=MultiPolygon([box(36, 34, 36.5, 34.5)]),
    contested_by="rebels",
    place="test:alton",
    method=Method.CELL,
    parameters={"reach_km": 15.0, "places": 4},
    note="Alton, {{ 7 * 7 }} «الرستن»",
    editor="ed",
    sources=(Attribution("gazette", "SOHR"), Attribution("gazette", "a resident")),
)


def test_what_is_written_comes_back(project: Project) -> None:
    assert project.theatre.name == "Testland"
    assert project.zones() == sorted(ZONES, key=lambda zone: zone.code)
    assert [p.id for p in project.places()] == [
        "test:alton",
        "test:belford",
        "test:dunmore",
        "test:carden",
    ]
    assert project.place("test:carden").population is None
    assert list(project.actors().values()) == list(ACTORS)
    assert project.sources()["gazette"].url == "https://example.org/daily"


def test_a_change_comes_back_as_it_was(project: Project) -> None:
    (change_id,) = project.add_changes([CHANGE])
    assert project.changes() == [replace(CHANGE, id=change_id)]
    assert project.change(change_id).polygon.equals_exact(CHANGE.polygon, 0)


def test_a_place_is_found_by_name_and_by_id(project: Project) -> None:
    assert project.resolve("alton") == project.place("test:alton")
    assert project.resolve("test:belford").name == "Belford"
    with pytest.raises(UnknownNameError, match="Xanadu"):
        project.resolve("Xanadu")


def test_places_are_added_once(project: Project) -> None:
    new = replace(PLACES[0], id="test:elton", name="Elton", names=())
    assert project.add_places([new, PLACES[0]]) == [new]
    assert project.resolve("Elton").id == "test:elton"


def test_all_changes_of_a_call_are_written_or_none(project: Project) -> None:
    backwards = replace(CHANGE, valid_to=CHANGE.valid_from)
    with pytest.raises(StoreError, match=r"(?i)check constraint.*nothing was written"):
        project.add_changes([CHANGE, backwards])
    assert project.changes() == []
    assert findings(project) == []


def test_all_that_changes_refer_to_is_checked_at_once(project: Project) -> None:
    stranger = replace(CHANGE, actor="nobody", sources=(Attribution("rumour"),))
    elsewhere = replace(CHANGE, contested_by="none-such", place="test:xanadu")
    with pytest.raises(InputError) as caught:
        project.add_changes([CHANGE, stranger, elsewhere])
    assert list(caught.value.problems) == [
        f"no {name} in this project; nothing was written"
        for name in (
            "actor 'nobody'",
            "actor 'none-such'",
            "place 'test:xanadu'",
            "source 'rumour'",
        )
    ]
    assert project.changes() == []


def test_what_was_taken_back_leaves_no_map_behind(project: Project) -> None:
    held = replace(CHANGE, status=Status.CONTROLLED, contested_by=None)
    with pytest.raises(InputError, match="decided"), project._writing(schema.CONTROL_CHANGES) as c:
        project._insert_changes(c, [held])
        assert project.control_map("2024-12-02").areas[0].actor == "army"
        raise InputError("decided otherwise")
    project.add_changes([replace(held, actor="rebels")])
    assert project.control_map("2024-12-02").areas[0].actor == "rebels"


def test_a_retraction_keeps_the_row_and_its_past(project: Project) -> None:
    (change_id,) = project.add_changes([replace(CHANGE, status=Status.CONTROLLED)])
    later = datetime(2024, 12, 5, tzinfo=UTC)
    project.retract(change_id, "misread", at=later)
    (row,) = project.changes()
    assert (row.retracted_at, row.retraction_reason) == (later, "misread")
    holders = [
        project.control_map("2024-12-02", known_at).areas[0].actor
        for known_at in (datetime(2024, 12, 4, tzinfo=UTC), later, None)
    ]
    assert holders == ["army", None, None]
    with pytest.raises(InputError, match="was retracted on 2024-12-05"):
        project.retract(change_id, "again")


def test_a_retraction_needs_a_reason_and_a_change(project: Project) -> None:
    (change_id,) = project.add_changes([CHANGE])
    with pytest.raises(InputError, match="needs a reason"):
        project.retract(change_id, " ")
    with pytest.raises(UnknownNameError, match="no change '99'"):
        project.retract(99, "misread")


def test_bad_actors_are_refused_with_every_problem(project: Project) -> None:
    with pytest.raises(InputError) as caught:
        project.add_actor(Actor("Bad Slug", "Bad", "Bad", "opposition", "red", "~"))
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="mistaken for a side"):
        project.add_actor(Actor("opposition", "Bad", "Bad", "rebels-2", "#000000"))
    with pytest.raises(InputError, match="'army' exists already"):
        project.add_actor(ACTORS[0])
    assert list(project.actors()) == ["army", "rebels"]


def test_a_source_is_added_once(project: Project) -> None:
    with pytest.raises(InputError, match="'gazette' exists already"):
        project.add_source(Source("gazette", "Another"))


@pytest.mark.geopackage
def test_an_existing_file_is_never_overwritten(project: Project, tmp_path: Path) -> None:
    before = project.path.read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        make_project(project.path)
    assert project.path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [project.path]


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(project: Project) -> None:
        raise InputError("no")

    with make_project(tmp_path / "a.gpkg") as project:
        theatre = project.theatre
    with pytest.raises(InputError):
        Project.create(tmp_path / "b.gpkg", theatre, fill=fail)
    assert [path.name for path in tmp_path.iterdir()] == ["a.gpkg"]


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_what_is_no_project_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.gpkg"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"x\.gpkg"):
        Project.open(path)


def test_a_missing_project_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="frontmap init"):
        Project.open(tmp_path / "none.gpkg")


@pytest.mark.geopackage
def test_a_newer_project_is_refused_with_the_version_to_install(project: Project) -> None:
    project.close()
    with closing(sqlite3.connect(project.path)) as connection, connection:
        connection.execute("UPDATE frontmap_schema SET version = 99, written_by = 'frontmap 7.0'")
    with pytest.raises(StoreError, match=r"written by frontmap 7\.0 \(schema 99\)"):
        Project.open(project.location)


@pytest.mark.geopackage
def test_the_database_itself_refuses_what_the_schema_forbids(project: Project) -> None:
    bad = [
        "actor = 'nobody'",
        "status = 'lost'",
        "certainty = 'likely'",
        "valid_from = '2024-02-30'",
        "valid_to = '2024-01-01'",
        "method = 'guess'",
    ]
    project.add_changes([CHANGE])
    project.close()
    with closing(geopackage.connect(project.path)) as connection:
        for setting in bad:
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(f"UPDATE control_changes SET {setting}")


# Other readers


@pytest.mark.geopackage
def test_gdal_reads_every_layer(project: Project) -> None:
    project.add_changes([CHANGE])
    project.close()
    layers = {name: kind for name, kind in pyogrio.list_layers(project.path)}
    for table in schema.TABLES:
        assert table.name in layers
        info = pyogrio.read_info(project.path, layer=table.name)
        columns = [column.name for column in table.columns]
        assert [field for field in info["fields"] if field in columns] == columns
    frame = pyogrio.read_dataframe(project.path, layer="control_changes")
    assert frame.crs == "EPSG:4326"
    assert frame.geometry[0].equals(CHANGE.polygon)
    assert frame.actor[0] == "army"
    assert str(frame.valid_from[0])[:10] == "2024-12-01"
    assert frame.recorded_at[0] == CHANGE.recorded_at


@pytest.mark.geopackage
def test_the_control_layer_is_ready_for_a_time_slider(project: Project) -> None:
    project.add_changes(
        [
            replace(CHANGE, status=Status.CONTROLLED, contested_by=None, valid_to=None),
            replace(
                CHANGE,
                actor="rebels",
                status=Status.CONTROLLED,
                contested_by=None,
                valid_from=date(2024, 12, 5),
            ),
        ]
    )
    project.close()
    frame = pyogrio.read_dataframe(project.path, layer="control")
    assert [
        (
            row.actor,
            str(row.valid_from)[:10],
            None if row.valid_to is None else str(row.valid_to)[:10],
        )
        for row in frame.itertuples()
    ] == [
        ("army", "2024-12-01", "2024-12-05"),
        ("rebels", "2024-12-05", "2024-12-09"),
        ("army", "2024-12-09", "NaT"),
    ]
    styles = pyogrio.read_dataframe(project.path, layer="layer_styles")
    (qml,) = styles[styles.f_table_name == "control"].styleQML
    assert 'startField="begins"' in qml and "228,37,54,255" in qml


@pytest.mark.geopackage
def test_the_file_is_a_geopackage_1_3(project: Project) -> None:
    with closing(sqlite3.connect(project.path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (10300,)
        assert connection.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.geopackage
def test_another_writer_is_waited_for_and_then_named(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frontmap.data.geopackage.BUSY_TIMEOUT_S", 0.1)
    with (
        Project.open(project.location) as second,
        closing(sqlite3.connect(project.path, isolation_level=None)) as rival,
    ):
        rival.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"locked by another program.*nothing was written"):
            second.add_changes([CHANGE])
        rival.execute("ROLLBACK")
        assert second.add_changes([CHANGE]) == [1]


# What `frontmap check` finds


def tampered(project: Project, *statements: str) -> list[str]:
    """Damage the file as a fault of frontmap's own might, which no journal tells of; check it."""
    project.add_changes([CHANGE])
    project.close()
    with closing(sqlite3.connect(project.path)) as connection, connection:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda blob: 0)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE frontmap_writer SET is_writing = 1")
        for statement in statements:
            connection.execute(statement)
        connection.execute("UPDATE frontmap_writer SET is_writing = 0")
    with Project.open(project.location) as reopened:
        return findings(reopened)


@pytest.mark.geopackage
def test_a_sound_project_has_no_findings(project: Project) -> None:
    assert tampered(project) == []


@pytest.mark.damages
@pytest.mark.geopackage
@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE control_changes SET actor = 'ghost'", "refers to a actors"),
        ("DELETE FROM rtree_control_changes_geom", "spatial index does not fit"),
        ("UPDATE gpkg_ogr_contents SET feature_count = 7", "says 7"),
        ("UPDATE control_changes SET geom = NULL", "no geometry"),
        ("UPDATE places SET geom = X'00'", "not a GeoPackage geometry"),
        ("DELETE FROM change_sources", "no source"),
        ("DELETE FROM control", "control: 0 rows"),
        ("ALTER TABLE actors DROP COLUMN hatch", "the column hatch is missing"),
    ],
)
def test_check_finds(project: Project, statement: str, finding: str) -> None:
    assert any(finding in line for line in tampered(project, statement))


@pytest.mark.geopackage
def test_check_finds_a_bow_tie(project: Project) -> None:
    bow_tie = MultiPolygon([shapely.Polygon([(36, 34), (36.5, 34.5), (36.5, 34), (36, 34.5)])])
    blob = geopackage.encode_geometry(bow_tie).hex()
    found = tampered(project, f"UPDATE control_changes SET geom = X'{blob}'")
    assert any("Self-intersection" in line for line in found)


@pytest.mark.damages
@pytest.mark.geopackage
def test_check_finds_damage(project: Project) -> None:
    project.close()
    data = bytearray(project.path.read_bytes())
    start = len(data) // 4096 * 3 // 4 * 4096
    data[start : start + 4096] = b"\xff" * 4096
    project.path.write_bytes(data)
    with Project.open(project.location) as damaged:
        assert any("damaged file" in line for line in findings(damaged))


def test_a_map_displays_itself_in_a_notebook(project: Project) -> None:
    project.add_changes([CHANGE])
    shown = project.map("2024-12-01", distance_to=["Belford"])
    code = shown._repr_html_()
    assert code.startswith("<iframe") and 'sandbox="allow-scripts"' in code
    assert "<script" not in code  # the page is the frame's, escaped
