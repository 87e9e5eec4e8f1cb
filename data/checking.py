"""What `frontmap check` finds: whether a project file keeps what the store promises."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from frontmap.data import geopackage, journal, schema
from frontmap.data.database import Database, GeoPackage
from frontmap.data.store import Project
from frontmap.geo.errors import StoreError
from frontmap.geo.review import Review

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def findings(project: Project) -> list[str]:
    """Return every fault of a project file, one line each; none means that it is sound."""
    database = project.database
    broken: list[str] = []
    found: list[str] = []
    # A server keeps types, references, counts and indices itself.
    if isinstance(database, GeoPackage):
        connection = database.connection
        # Each step can be trusted only where those before it found the ground it stands on whole.
        if found := [*_damage(connection)] or [*_schema(connection)]:
            return found
        found, broken = [*_counts(database)], [*_references(database)]
    found += [*_edited(project), *_unsourced(database), *_claims(database)]
    broken += _geometries(database)
    if broken:
        return found + broken
    return [*found, *_coverage(project), *_stale(project)]


def _damage(connection: sqlite3.Connection) -> Iterator[str]:
    try:
        for (line,) in connection.execute("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield f"damaged file: {line}"
    except sqlite3.DatabaseError as error:
        yield f"damaged file: {error}"


def _schema(connection: sqlite3.Connection) -> Iterator[str]:
    for table in schema.TABLES:
        present = {row["name"] for row in connection.execute(f'PRAGMA table_info("{table.name}")')}
        if not present:
            yield f"{table.name}: the table is missing"
        for column in table.columns:
            if present and column.name not in present:
                yield f"{table.name}: the column {column.name} is missing"


def _references(database: GeoPackage) -> Iterator[str]:
    connection = database.connection
    for table, rowid, parent, number in connection.execute("PRAGMA foreign_key_check"):
        if not _is_edited(connection, table, rowid, parent, number):
            yield f"{table}, row {rowid}: refers to a {parent} that does not exist"
    for table in schema.TABLES:
        for column in table.columns:
            if column.free and column.reference:
                parent, key = column.reference
                for (rowid,) in connection.execute(
                    f"SELECT {table.key} FROM {database.recorded(table)} WHERE {column.name} "
                    f"IS NOT NULL AND {column.name} NOT IN (SELECT {key} FROM {parent})"
                ):
                    yield f"{table.name}, row {rowid}: refers to a {parent} that does not exist"


def _is_edited(
    connection: sqlite3.Connection, table: str, rowid: int, parent: str, number: int
) -> bool:
    """Say whether other programs broke a reference, so that it holds in what was recorded."""
    kept = {each.name: each for each in schema.KEPT}
    if table in kept:
        query = f'SELECT 1 FROM "edited_{table}" WHERE {kept[table].key} = ?'
        if connection.execute(query, (rowid,)).fetchone():
            return True
    if parent not in kept:
        return False
    references = connection.execute(f'PRAGMA foreign_key_list("{table}")')
    (column,) = (each["from"] for each in references if each["id"] == number)
    query = (
        f'SELECT 1 FROM "{table}" WHERE rowid = ? '
        f'AND "{column}" IN (SELECT "{kept[parent].key}" FROM "{journal.recorded(parent)}")'
    )
    return connection.execute(query, (rowid,)).fetchone() is not None


def _counts(database: GeoPackage) -> Iterator[str]:
    connection, edited = database.connection, database.edited()
    for table in schema.TABLES:
        rows = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]
        noted = connection.execute(
            "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?", (table.name,)
        ).fetchone()
        # QGIS writes down what it counted before others wrote; an adoption counts again.
        if noted is None or (noted[0] != rows and not (edited and table in schema.KEPT)):
            yield f"{table.name}: {rows} rows, but gpkg_ogr_contents says {noted and noted[0]}"
        if table.geometry:
            yield from _index(connection, table.name)


def _index(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    """Compare a table's spatial index with its rows, box by box (the index keeps 32-bit floats)."""
    boxes = {
        row[0]: tuple(row)[1:] for row in connection.execute(f'SELECT * FROM "rtree_{table}_geom"')
    }
    for fid, blob in connection.execute(f'SELECT fid, geom FROM "{table}"'):
        box = geopackage.bounds_of(blob)
        indexed = boxes.pop(fid, None)
        if box is None and indexed is None:
            continue
        if box is None or indexed is None or not _encloses(indexed, box):
            yield f"{table}, row {fid}: its spatial index does not fit its geometry"
    for fid in boxes:
        yield f"{table}: its spatial index has a row {fid} that does not exist"


def _encloses(indexed: tuple[float, ...], box: tuple[float, ...]) -> bool:
    slack = 1e-4  # degrees; above the rounding of 32-bit floats at 180
    return all(abs(a - b) <= slack for a, b in zip(indexed, box, strict=True))


def _geometries(database: Database) -> Iterator[str]:
    for table in schema.TABLES:
        if not table.geometry:
            continue
        for fid, blob in database.all(f"SELECT fid, geom FROM {database.recorded(table)}"):
            _, fault = read_geometry(table, blob)
            if fault:
                yield f"{table.name}, row {fid}: {fault}"


def read_geometry(table: schema.Table, blob: bytes | None) -> tuple[BaseGeometry | None, str]:
    """Return a geometry of a table, and what is wrong with it, empty where nothing is."""
    from shapely import is_valid_reason

    try:
        geometry = geopackage.decode_geometry(blob) if blob else None
    except StoreError as error:
        return None, str(error)
    if geometry is None or geometry.is_empty:
        return None, "it has no geometry"
    if geometry.geom_type.upper() != table.geometry:
        return geometry, f"a {geometry.geom_type} where {table.geometry} belongs"
    return geometry, "" if geometry.is_valid else is_valid_reason(geometry)


def _unsourced(database: Database) -> Iterator[str]:
    changes, sources = map(database.recorded, schema.KEPT)
    for (fid,) in database.all(
        f"SELECT fid FROM {changes} WHERE fid NOT IN (SELECT base_id FROM {sources})"
    ):
        yield f"control_changes, row {fid}: it has no source"


def _claims(database: Database) -> Iterator[str]:
    """Hold each claim's quote against its report, and its review against the change it became."""
    for row in database.all(
        "SELECT claims.*, text FROM claims LEFT JOIN reports ON reports.id = report"
    ):
        where = f"claims, row {row['id']}"
        quote = json.loads(row["details"])["claim"]["quote"]
        if (row["text"] or "")[row["start"] : row["end"]] != quote:
            yield f"{where}: its quote does not stand there in report {row['report']}"
        if (row["review"] == Review.ACCEPTED) != (row["change"] is not None):
            yield f"{where}: {row['review']}, and its change is {row['change']}"


def _edited(project: Project) -> Iterator[str]:
    if said := project.edits_pending():
        yield f"control_changes: {said}"


def _coverage(project: Project) -> Iterator[str]:
    """Say on which dates the control map fails to be a coverage of the theatre."""
    from frontmap.geo.geodesy import area_km2

    whole = area_km2(project.theatre.polygon)
    for day in project.arrangement().dates():
        control_map = project.control_map(day)
        if control_map.invalid_edges():
            yield f"control map of {day}: its areas overlap or leave gaps"
        covered = sum(area_km2(area.polygon) for area in control_map.areas)
        if abs(covered - whole) > 1e-6 * whole:
            yield f"control map of {day}: {covered:.3f} km² of areas in {whole:.3f} km² of theatre"


def _stale(project: Project) -> Iterator[str]:
    if project.is_stale():
        yield (
            "control: older than control_changes: changes are being recorded now, or a recording "
            "was cut off (then bring it up to date with: frontmap check --mend)"
        )
        return
    rows = project._one("SELECT count(*) FROM control")[0]
    expected = sum(1 for _ in project.arrangement().intervals())
    if rows != expected:
        yield f"control: {rows} rows where the changes make {expected}"
