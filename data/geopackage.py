"""The GeoPackage format, as far as frontmap writes and reads it: version 1.3 through `sqlite3`.

Only Python's `sqlite3` opens these files here. GDAL carries a second SQLite, and two SQLite
builds with the same file open in one process drop each other's POSIX locks
(https://www.sqlite.org/howtocorrupt.html, section 2.2.1), so no GDAL call may touch a file while
a connection from here is open.

The format: OGC 12-128r17, GeoPackage Encoding Standard 1.3, https://www.geopackage.org/spec130/.
"""

from __future__ import annotations

import contextlib
import operator
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from frontmap.geo.errors import StoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

APPLICATION_ID = 0x47504B47  # "GPKG"
USER_VERSION = 10300  # GeoPackage 1.3: QGIS 3.22 and older validators do not know 1.4
SRS_ID = 4326
#: How long a command waits for another writer before it gives up.
BUSY_TIMEOUT_S = 10.0
#: From so many rows on, doing the triggers' work at the end costs less than they do row by row.
_MANY = 256
_ROWS_A_STATEMENT = 32

_HEADER = struct.Struct("<2sBBi")
_ENVELOPE = struct.Struct("<4d")
_FLAGS_LITTLE_ENDIAN_XY = 0b00000011
_FLAG_EMPTY = 0b00010000
#: Doubles in the envelope, by the envelope contents code in bits 1 to 3 of the flags.
_ENVELOPE_DOUBLES = {0: 0, 1: 4, 2: 6, 3: 6, 4: 8}

_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)

_CORE_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_ogr_contents (
  table_name TEXT NOT NULL PRIMARY KEY, feature_count INTEGER DEFAULT NULL);
"""

_SPATIAL_REFERENCES = (
    ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84_WKT, "longitude and latitude in degrees"),
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic"),
)

# The spatial index and its triggers are annex F.3 of the standard.
_FEATURE_INDEX = """
CREATE VIRTUAL TABLE "rtree_{t}_geom" USING rtree(id, minx, maxx, miny, maxy);
CREATE TRIGGER "rtree_{t}_geom_insert" AFTER INSERT ON "{t}"
WHEN (new.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom),
    ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER "rtree_{t}_geom_update1" AFTER UPDATE OF geom ON "{t}"
WHEN OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom),
    ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER "rtree_{t}_geom_update2" AFTER UPDATE OF geom ON "{t}"
WHEN OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)) BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_{t}_geom_update3" AFTER UPDATE ON "{t}"
WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)) BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD.fid;
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom),
    ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER "rtree_{t}_geom_update4" AFTER UPDATE ON "{t}"
WHEN OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)) BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_{t}_geom_delete" AFTER DELETE ON "{t}" WHEN old.geom NOT NULL BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD.fid; END;
"""
# GDAL's own table of counts and its triggers, so that QGIS shows them without counting.
_FEATURE_COUNT = """
CREATE TRIGGER "trigger_insert_feature_count_{t}" AFTER INSERT ON "{t}" BEGIN
  UPDATE gpkg_ogr_contents SET feature_count = feature_count + 1
  WHERE lower(table_name) = lower('{t}'); END;
CREATE TRIGGER "trigger_delete_feature_count_{t}" AFTER DELETE ON "{t}" BEGIN
  UPDATE gpkg_ogr_contents SET feature_count = feature_count - 1
  WHERE lower(table_name) = lower('{t}'); END;
"""


#: The meaning of columns, metadata, and QGIS' own table of styles, for files that have them: OGC
#: 12-128r17 annexes F.8 (metadata) and F.9 (schema), and
#: https://docs.qgis.org/latest/en/docs/user_manual/managing_data_source/
DESCRIPTION_TABLES = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""
_LAYER_STYLES_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
INSERT INTO gpkg_contents (table_name, data_type, identifier, description)
  VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles for QGIS');
INSERT INTO gpkg_ogr_contents VALUES ('layer_styles', 0);
"""
_SPEC = "http://www.geopackage.org/spec130/"
#: Rows of gpkg_extensions for DESCRIPTION_TABLES.
DESCRIPTION_EXTENSIONS = tuple(
    (table, None, extension, f"{_SPEC}#extension_{extension.removeprefix('gpkg_')}", "read-write")
    for table, extension in (
        ("gpkg_data_columns", "gpkg_schema"),
        ("gpkg_data_column_constraints", "gpkg_schema"),
        ("gpkg_metadata", "gpkg_metadata"),
        ("gpkg_metadata_reference", "gpkg_metadata"),
    )
)


def encode_geometry(geometry: BaseGeometry) -> bytes:
    """Return the GeoPackage blob of a lon/lat geometry: header, envelope, little-endian WKB."""
    return encode_geometries([geometry])[0]


def encode_geometries(geometries: Sequence[BaseGeometry] | NDArray[Any]) -> list[bytes]:
    """Return the GeoPackage blobs of many geometries; see `encode_geometry`."""
    import numpy as np
    from shapely import bounds, to_wkb

    wkb = to_wkb(np.asarray(geometries, dtype=object), output_dimension=2, byte_order=1).tolist()
    boxes = bounds(geometries)
    header = _HEADER.pack(b"GP", 0, _FLAGS_LITTLE_ENDIAN_XY, SRS_ID)
    empty = _HEADER.pack(b"GP", 0, 1 | _FLAG_EMPTY, SRS_ID)
    envelopes = np.ascontiguousarray(boxes[:, [0, 2, 1, 3]], dtype="<f8").tobytes()
    starts = range(0, len(envelopes), _ENVELOPE.size)
    is_empty = np.isnan(boxes[:, 0]).tolist()
    return [
        empty + body if without else header + envelopes[start : start + _ENVELOPE.size] + body
        for without, start, body in zip(is_empty, starts, wkb, strict=True)
    ]


def wrap_wkb(wkb: bytes) -> bytes:
    """Return WKB of a lon/lat geometry as a GeoPackage blob, without an envelope."""
    return _HEADER.pack(b"GP", 0, 1, SRS_ID) + wkb


def geometry_wkb(blob: bytes) -> bytes:
    """Return the WKB in a GeoPackage blob; StoreError where it is none."""
    envelope_size = 8 * _ENVELOPE_DOUBLES.get((_flags(blob) >> 1) & 0b111, 0)
    return blob[_HEADER.size + envelope_size :]


def decode_geometry(blob: bytes) -> BaseGeometry:
    """Return the geometry of a GeoPackage blob; StoreError where it is none."""
    from shapely import from_wkb
    from shapely.errors import ShapelyError

    try:
        return from_wkb(geometry_wkb(blob))
    except (ShapelyError, NotImplementedError) as error:  # the latter of curves
        raise StoreError(f"not a GeoPackage geometry: {error}") from None


def _flags(blob: bytes) -> int:
    """Return the flags of a blob's header; StoreError where it has none."""
    try:
        magic, _version, flags, _srs_id = _HEADER.unpack_from(blob)
    except (struct.error, TypeError):
        magic, flags = b"", 0
    if magic != b"GP":
        raise StoreError("not a GeoPackage geometry: it does not begin with 'GP'")
    return int(flags)


def envelope(blob: bytes) -> tuple[float, float, float, float] | None:
    """Return (min_x, max_x, min_y, max_y) of a blob, None where it is empty.

    StoreError where it is no GeoPackage geometry.
    """
    flags = _flags(blob)
    if flags & _FLAG_EMPTY:
        return None
    if (flags >> 1) & 0b111:
        order = "<" if flags & 1 else ">"
        try:
            min_x, max_x, min_y, max_y = struct.unpack_from(f"{order}4d", blob, _HEADER.size)
        except struct.error:
            raise StoreError("not a GeoPackage geometry: it ends within its envelope") from None
        return min_x, max_x, min_y, max_y
    geometry = decode_geometry(blob)
    if geometry.is_empty:
        return None
    west, south, east, north = geometry.bounds
    return west, east, south, north


def connect(path: Path, *, read_only: bool = False, immutable: bool = False) -> sqlite3.Connection:
    """Open a SQLite file with the functions that GeoPackage triggers call; autocommit mode.

    `immutable` is for shipped files that nothing writes: no locks, works in a read-only folder.
    """
    mode = "ro" if read_only or immutable else "rw"
    uri = f"file:{quote(str(path.resolve()))}?mode={mode}" + ("&immutable=1" if immutable else "")
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    return _prepared(connection)


def connect_copy(data: bytes) -> sqlite3.Connection:
    """Open the bytes of a file in memory, for any thread, but for one at a time."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.deserialize(data)
    return _prepared(connection)


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL would leave the journal's removal to chance: after a power failure it could be back, and
    # undo what was reported as written.
    connection.execute("PRAGMA synchronous = EXTRA")
    register_functions(connection)
    return connection


def write_ahead(connection: sqlite3.Connection) -> None:
    """Let each commit go to a log beside the file: one sync to the disk for it instead of five.

    Where that cannot be had (a network file system, another program that writes just now) commits
    are as they were: slower, and as durable. `end_write_ahead` makes the file whole again.
    """
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


def end_write_ahead(connection: sqlite3.Connection) -> None:
    """Bring the log, if there is one, back into the file, so that it is the whole project again.

    Another program that has the file open keeps the log; whoever is the last to close it does this.
    """
    with contextlib.suppress(sqlite3.DatabaseError):
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            return
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")


def register_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that GeoPackage's triggers call."""
    for index, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        connection.create_function(name, 1, partial(_bound, index), deterministic=True)
    connection.create_function(
        "ST_IsEmpty", 1, lambda blob: not bounds_of(blob), deterministic=True
    )


def _bound(index: int, blob: bytes | None) -> float | None:
    box = bounds_of(blob)
    return None if box is None else box[index]


def bounds_of(blob: bytes | None) -> tuple[float, float, float, float] | None:
    """Return the envelope of a blob, None where it has none that can be read."""
    try:
        return None if blob is None else envelope(blob)
    except StoreError:
        return None


def create(connection: sqlite3.Connection) -> None:
    """Write the core tables of an empty GeoPackage; call it outside a transaction."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {USER_VERSION}")
    run_script(connection, _CORE_TABLES)
    connection.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SPATIAL_REFERENCES
    )


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Run statements inside the open transaction (`executescript` would commit it first)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def add_table(
    connection: sqlite3.Connection,
    table: str,
    columns_sql: str,
    *,
    description: str = "",
    geometry_type: str | None = None,
) -> None:
    """Create a table and register it: features with a spatial index, or attributes.

    `columns_sql` declares the columns after the key; the key is `fid` and the geometry `geom` in
    feature tables, the key is `id` in attribute tables.
    """
    if geometry_type is None:
        key = '"id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL'
    else:
        key = f'"fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,\n  "geom" {geometry_type}'
    connection.execute(f'CREATE TABLE "{table}" (\n  {key},\n  {columns_sql})')
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) "
        "VALUES (?, ?, ?, ?, ?)",
        (table, "features" if geometry_type else "attributes", table, description, SRS_ID),
    )
    connection.execute("INSERT INTO gpkg_ogr_contents VALUES (?, 0)", (table,))
    count_features(connection, table)
    if geometry_type is not None:
        _index_features(connection, table, geometry_type)


def _index_features(connection: sqlite3.Connection, table: str, geometry_type: str) -> None:
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        (table, geometry_type, SRS_ID),
    )
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', "
        "'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')",
        (table,),
    )
    run_script(connection, _FEATURE_INDEX.format(t=table))


def add_styles_table(connection: sqlite3.Connection) -> None:
    """Create QGIS' table of styles."""
    run_script(connection, _LAYER_STYLES_TABLE)
    count_features(connection, "layer_styles")


def count_features(connection: sqlite3.Connection, table: str) -> None:
    """Have the number of a table's rows kept from now on."""
    run_script(connection, _FEATURE_COUNT.format(t=table))


def insert(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    geometries: Sequence[BaseGeometry] | NDArray[Any] | None = None,
    *,
    keys: Sequence[int] | None = None,
) -> Sequence[int]:
    """Append rows of values for `columns`, in a feature table with their geometries; return keys.

    The count, the extent and the spatial index follow. The keys are those after the last that the
    table has had, if not given. Call it within a transaction.
    """
    values = [tuple(row) for row in rows]
    keys = _next_keys(connection, table, len(values)) if keys is None else keys
    if not values:
        return keys
    boxes: NDArray[np.float64] | None = None
    heads: Iterator[tuple[Any, ...]]
    if geometries is None:
        names = ("id", *columns)
        heads = zip(keys, strict=True)
    else:
        from shapely import bounds

        boxes = bounds(geometries)[:, [0, 2, 1, 3]]
        names = ("fid", "geom", *columns)
        heads = zip(keys, encode_geometries(geometries), strict=True)
        _extend(connection, table, boxes)
    records = list(map(operator.add, heads, values))
    with _in_bulk(connection, table, keys, boxes) if len(keys) >= _MANY else _by_triggers():
        _insert_records(connection, table, names, records)
    return keys


def _next_keys(connection: sqlite3.Connection, table: str, count: int) -> range:
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    first = last[0] + 1 if last else 1
    return range(first, first + count)


def _insert_records(
    connection: sqlite3.Connection,
    table: str,
    names: Sequence[str],
    records: Sequence[tuple[Any, ...]],
) -> None:
    """Insert rows several to a statement, each of which has costs of its own; the rest singly."""
    listed, marks = '", "'.join(names), f"({', '.join('?' * len(names))})"
    sql = f'INSERT INTO "{table}" ("{listed}") VALUES '
    whole = len(records) - len(records) % _ROWS_A_STATEMENT
    starts = range(0, whole, _ROWS_A_STATEMENT)
    groups = (records[start : start + _ROWS_A_STATEMENT] for start in starts)
    connection.executemany(
        sql + ", ".join([marks] * _ROWS_A_STATEMENT), (list(chain(*group)) for group in groups)
    )
    connection.executemany(sql + marks, records[whole:])


def clear(connection: sqlite3.Connection, table: str) -> None:
    """Delete all rows of a table, and its extent."""
    connection.execute(f'DELETE FROM "{table}"')
    connection.execute(
        "UPDATE gpkg_contents SET min_x = NULL, min_y = NULL, max_x = NULL, max_y = NULL "
        "WHERE table_name = ?",
        (table,),
    )


_by_triggers = contextlib.nullcontext


@contextlib.contextmanager
def _in_bulk(
    connection: sqlite3.Connection,
    table: str,
    keys: Sequence[int],
    boxes: NDArray[np.float64] | None,
) -> Iterator[None]:
    """Do at once, after the block, what triggers would do for each of its new rows."""
    from frontmap.data import spatial_index

    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? "
        "AND (sql LIKE '% AFTER INSERT ON %' OR sql LIKE '% BEFORE INSERT ON %')",
        (table,),
    ).fetchall()
    for trigger in triggers:
        connection.execute(f'DROP TRIGGER "{trigger["name"]}"')
    yield
    connection.execute(
        "UPDATE gpkg_ogr_contents SET feature_count = feature_count + ? WHERE table_name = ?",
        (len(keys), table),
    )
    if boxes is not None:
        spatial_index.add(connection, f"rtree_{table}_geom", keys, boxes)
    for trigger in triggers:
        connection.execute(trigger["sql"])


def _extend(connection: sqlite3.Connection, table: str, boxes: NDArray[np.float64]) -> None:
    """Let the extent of a table take in boxes of min x, max x, min y, max y."""
    import numpy as np

    boxes = boxes[~np.isnan(boxes[:, 0])]
    if len(boxes):
        west, south = boxes[:, ::2].min(axis=0).tolist()
        east, north = boxes[:, 1::2].max(axis=0).tolist()
        connection.execute(
            "UPDATE gpkg_contents SET min_x = min(?1, ifnull(min_x, ?1)), "
            "min_y = min(?2, ifnull(min_y, ?2)), max_x = max(?3, ifnull(max_x, ?3)), "
            "max_y = max(?4, ifnull(max_y, ?4)) WHERE table_name = ?5",
            (west, south, east, north, table),
        )


def touch(connection: sqlite3.Connection, tables: Iterable[str], now: str) -> None:
    """Note when tables were last changed."""
    connection.executemany(
        "UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?",
        [(now, table) for table in sorted(tables)],
    )
