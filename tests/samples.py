"""Made-up records that several tests share."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from click.testing import Result
from shapely import MultiPolygon, box

from frontmap.data import geopackage, schema
from frontmap.data.store import Project
from frontmap.geo.records import (
    Actor,
    Attribution,
    Certainty,
    Change,
    Method,
    Place,
    PlaceName,
    Source,
    Status,
    Theatre,
    Zone,
)

#: Runs a frontmap command; see the fixture `run`.
Run = Callable[..., Result]

PLACES = (
    Place("test:alton", "Alton", 36.2, 34.2, "XX", "West", 50_000, (PlaceName("Alton", "en"),)),
    Place("test:belford", "Belford", 36.8, 34.2, "XX", "East", 20_000),
    Place("test:carden", "Carden", 36.2, 34.8, "XX", "West", None),
    Place("test:dunmore", "Dunmore", 36.8, 34.8, "XX", "East", 5_000),
)
ZONES = (
    Zone("XX-W", "West", "XX", MultiPolygon([box(36, 34, 36.5, 35)])),
    Zone("XX-E", "East", "XX", MultiPolygon([box(36.5, 34, 37, 35)])),
)
ACTORS = (
    Actor("army", "The Army", "Army", "government", "#e42536"),
    Actor("rebels", "The Rebels", "Rebels", "opposition", "#5790fc", "/"),
)


def make_project(path: Path) -> Project:
    """Make a project of a square country with four towns, two zones, two sides, one source."""
    square = MultiPolygon([box(36, 34, 37, 35)])
    theatre = Theatre("Testland", ("XX",), square, 60.0, "Asia/Damascus")
    project = Project.create(path, theatre, ZONES, PLACES)
    for actor in ACTORS:
        project.add_actor(actor)
    project.add_source(Source("gazette", "The Gazette", "Daily", "https://example.org/daily"))
    return project


def stored(project: Project) -> object:
    """Return all that a project holds: the bytes of its file, or every row on the server."""
    if isinstance(project.location, Path):
        return project.location.read_bytes()
    with Project.open(project.location) as opened:  # the test may have closed its own
        return rows_of(opened)


def rows_of(project: Project) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table by its key, geometries as WKB."""
    return {
        table.name: [
            tuple(
                geopackage.geometry_wkb(row[name]) if name == "geom" else row[name]
                for name in (*(("fid", "geom") if table.geometry else ("id",)), *columns)
            )
            for row in project.database.all(f"SELECT * FROM {table.name} ORDER BY 1")
        ]
        for table in schema.TABLES
        for columns in [[column.name for column in table.columns]]
    }


def made_up(count: int, *, seed: int = 1) -> list[Change]:
    """Make changes of small rectangles about that country, on five days by turns."""
    rng = random.Random(seed)
    changes = []
    for number in range(count):
        x, y = rng.uniform(36, 36.9), rng.uniform(34, 34.9)
        changes.append(
            Change(
                id=0,
                actor=rng.choice(["army", "rebels"]),
                status=Status.CONTROLLED,
                certainty=Certainty.REPORTED,
                valid_from=date(2024, 12, 1) + timedelta(days=number % 5),
                valid_to=None,
                recorded_at=datetime(2024, 12, 6, 18, 30, tzinfo=UTC),
                polygon=MultiPolygon([box(x, y, x + 0.08, y + 0.06)]),
                place="test:alton",
                method=Method.CELL,
                parameters={"reach_km": 15.0, "places": 4},
                note=f"number {number}",
                sources=(Attribution("gazette", "a resident"),),
            )
        )
    return changes


@contextmanager
def other_program(path: Path, *, holds_references: bool = True) -> Iterator[sqlite3.Connection]:
    """Edit a project as QGIS does: with the functions that triggers need, and none of ours."""
    with closing(sqlite3.connect(path)) as connection, connection:
        # As GDAL has it, and as SQLite has it for everybody else.
        connection.execute(f"PRAGMA foreign_keys = {holds_references}")
        geopackage.register_functions(connection)
        yield connection


def polygon_file(path: Path, ring: Sequence[tuple[float, float]]) -> Path:
    """Write a GeoJSON polygon of one ring."""
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [list(map(list, ring))]}))
    return path
