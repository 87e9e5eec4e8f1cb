"""The rules of the GeoPackage standard that a project file must keep, each with its number.

Restated from OGC 12-128r17, GeoPackage Encoding Standard 1.3, annex A,
https://www.geopackage.org/spec130/. Read with plain `sqlite3`; nothing here knows how frontmap
writes its files.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import shapely

#: Bytes of a geometry's envelope by its code (requirement 19).
ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
TYPES = {
    *("BOOLEAN", "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER", "FLOAT", "DOUBLE", "REAL"),
    *("TEXT", "BLOB", "DATE", "DATETIME"),
}
GEOMETRIES = {
    *("GEOMETRY", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING"),
    *("MULTIPOLYGON", "GEOMETRYCOLLECTION"),
}


def violations(path: Path) -> list[str]:
    """Return each rule that a file breaks, a line each."""
    uri = f"file:{quote(str(path.resolve()))}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as file:
        return [*_file(file), *_systems(file), *_contents(file), *_features(file), *_others(file)]


def _file(file: sqlite3.Connection) -> Iterator[str]:
    if _one(file, "PRAGMA application_id") != 0x47504B47:
        yield "2: the application id is not GPKG"
    if not 10300 <= _one(file, "PRAGMA user_version") < 10400:
        yield "2: the user version is not of 1.3"
    if (said := _one(file, "PRAGMA integrity_check")) != "ok":
        yield f"6: {said}"
    for row in file.execute("PRAGMA foreign_key_check"):
        yield f"7: a reference leads nowhere: {tuple(row)}"


def _systems(file: sqlite3.Connection) -> Iterator[str]:
    query = "SELECT srs_id, organization, organization_coordsys_id FROM gpkg_spatial_ref_sys"
    systems = {row[0]: (row[1].upper(), row[2]) for row in file.execute(query)}
    for number, expected in ((4326, ("EPSG", 4326)), (-1, ("NONE", -1)), (0, ("NONE", 0))):
        if systems.get(number) != expected:
            yield f"11: reference system {number} is {systems.get(number)}"


def _contents(file: sqlite3.Connection) -> Iterator[str]:
    present = _names(file)
    for name, kind, changed in file.execute(
        "SELECT table_name, data_type, last_change FROM gpkg_contents"
    ):
        if name not in present:
            yield f"14: contents name {name}, which there is not"
            continue
        if kind not in ("features", "attributes"):
            yield f"17: {name} is {kind}"
        stamp = "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', ?)"
        if file.execute(stamp, (changed,)).fetchone()[0] != changed:
            yield f"15: last_change of {name} is {changed!r}"
        columns = file.execute(f'PRAGMA table_info("{name}")').fetchall()
        if [row[2].upper() for row in columns if row[5]] != ["INTEGER"]:
            yield f"29, 119: {name} has no integer as its primary key"
        for _, column, declared, *_rest in columns:
            if declared.upper().partition("(")[0] not in TYPES | GEOMETRIES:
                yield f"5: {name}.{column} is of type {declared!r}"


def _features(file: sqlite3.Connection) -> Iterator[str]:
    layers = file.execute(
        "SELECT table_name, column_name, geometry_type_name, srs_id, z, m "
        "FROM gpkg_geometry_columns"
    ).fetchall()
    query = "SELECT table_name, srs_id FROM gpkg_contents WHERE data_type = 'features'"
    contents = dict(file.execute(query))
    if set(contents) != {row[0] for row in layers}:
        yield "22: contents and geometry columns name different layers"
    for table, column, kind, srs_id, z, m in layers:
        if kind not in GEOMETRIES:
            yield f"25: {table} is of {kind}"
        if contents.get(table) != srs_id:
            yield f"146: {table} has two reference systems"
        declared = {row[1]: row[2] for row in file.execute(f'PRAGMA table_info("{table}")')}
        if declared.get(column) != kind:
            yield f"31: {table}.{column} is declared {declared.get(column)}, not {kind}"
        yield from _blobs(file, table, column, kind, srs_id, bool(z or m))
        yield from _index(file, table, column)


def _blobs(
    file: sqlite3.Connection, table: str, column: str, kind: str, srs_id: int, more: bool
) -> Iterator[str]:
    for fid, blob in file.execute(f'SELECT rowid, "{column}" FROM "{table}"'):
        if blob is None:
            continue
        where = f"{table} {fid}"
        magic, edition, flags, system = struct.unpack_from("<2sBBi", blob)
        code = flags >> 1 & 7
        if (magic, edition) != (b"GP", 0) or code not in ENVELOPES or not flags & 1:
            yield f"19: {where} has a header of {blob[:8].hex()}"
            continue
        if system != srs_id:
            yield f"33: {where} is in {system}"
        shape = shapely.from_wkb(blob[8 + ENVELOPES[code] :])
        if kind != "GEOMETRY" and shape.geom_type.upper() != kind:
            yield f"32: {where} is a {shape.geom_type}"
        if shape.has_z and not more:
            yield f"27: {where} has heights"
        if bool(flags >> 4 & 1) != shape.is_empty:
            yield f"152: {where} is marked wrongly as empty or not"
        if code == 1 and not shape.is_empty:
            west, east, south, north = struct.unpack_from("<4d", blob, 8)
            if (west, south, east, north) != shape.bounds:
                yield f"19: {where} has another envelope than its geometry"


def _index(file: sqlite3.Connection, table: str, column: str) -> Iterator[str]:
    index = f"rtree_{table}_{column}"
    registered = file.execute(
        "SELECT 1 FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index' "
        "AND table_name = ? AND column_name = ?",
        (table, column),
    ).fetchone()
    if (index in _names(file)) != (registered is not None):
        yield f"76: the index of {table} is there or registered, not both"
    if index not in _names(file):
        return
    query = f'SELECT rowid FROM "{table}" WHERE length("{column}") > 8'
    if set(file.execute(query)) != set(file.execute(f'SELECT id FROM "{index}"')):
        yield f"77: the index of {table} is not of its rows"
    triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE ?"
    if file.execute(triggers, (f"{index}_%",)).fetchone()[0] < 6:
        yield f"75: the index of {table} lacks triggers"


def _others(file: sqlite3.Connection) -> Iterator[str]:
    present = _names(file)
    for table, column, name, scope in file.execute(
        "SELECT table_name, column_name, extension_name, scope FROM gpkg_extensions"
    ):
        if table is not None and table not in present:
            yield f"60: extension {name} is of {table}, which there is not"
        elif column is not None:
            columns = {row[1] for row in file.execute(f'PRAGMA table_info("{table}")')}
            if column not in columns:
                yield f"61: extension {name} is of {table}.{column}, which there is not"
        if scope not in ("read-write", "write-only"):
            yield f"64: extension {name} has scope {scope!r}"
    for constraint, kind in (
        file.execute("SELECT constraint_name, constraint_type FROM gpkg_data_column_constraints")
        if "gpkg_data_column_constraints" in present
        else ()
    ):
        if kind not in ("range", "enum", "glob"):
            yield f"108: constraint {constraint} is {kind}"


def _names(file: sqlite3.Connection) -> set[str]:
    return {row[0] for row in file.execute("SELECT name FROM sqlite_master")}


def _one(file: sqlite3.Connection, query: str) -> Any:
    return file.execute(query).fetchone()[0]
