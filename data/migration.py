"""From the layout of an older frontmap to this one's: one transaction, after a copy beside it."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from frontmap.data import geopackage, journal, schema
from frontmap.geo.errors import StoreError

__all__ = ["is_backup", "migrate"]


def _to_version_2(connection: sqlite3.Connection) -> None:
    """Give actors aliases, and claims the account of their review."""
    _add_column(connection, "actors", "aliases", "TEXT NOT NULL DEFAULT '[]'")
    _add_column(connection, "claims", "reviewed_at", "DATETIME")
    _add_column(connection, "claims", "reviewed_by", "TEXT NOT NULL DEFAULT ''")
    _add_column(connection, "claims", "reason", "TEXT NOT NULL DEFAULT ''")
    connection.execute("CREATE INDEX claims_report ON claims(report)")
    meanings = {
        ("actors", "aliases"): "Other names in reports, JSON [name, …]",
        ("claims", "reviewed_at"): "When it was decided on, UTC",
        ("claims", "reviewed_by"): "Who decided",
        ("claims", "reason"): "Why it was rejected",
    }
    connection.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)",
        [(table, column, column, meaning) for (table, column), meaning in meanings.items()],
    )


def _to_version_3(connection: sqlite3.Connection) -> None:
    """Make room for imports; count rows as they come; know `control` as stale."""
    for table in (
        *("place_names", "actors", "sources", "change_sources", "reports", "claims"),
        "layer_styles",
    ):
        geopackage.count_features(connection, table)
    connection.execute("CREATE TABLE frontmap_state (control_is_stale INTEGER NOT NULL)")
    connection.execute("INSERT INTO frontmap_state VALUES (0)")
    _add_column(connection, "zones", "level", "INTEGER NOT NULL DEFAULT 1")
    connection.execute(
        "UPDATE gpkg_contents SET description = ? WHERE table_name = 'zones'",
        (schema.ZONES.meaning,),
    )
    connection.execute("DELETE FROM gpkg_data_columns WHERE table_name = 'zones'")
    new = (schema.FOOTPRINTS, schema.EVENTS, schema.IMPORT_PROFILES)
    for created in new:
        created.create(connection)
    schema.describe_columns(connection, (schema.ZONES, *new))


def _to_version_4(connection: sqlite3.Connection) -> None:
    """Keep a journal of what other programs edit, and let them leave out what frontmap fills in."""
    _redeclare(
        connection,
        "control_changes",
        {
            '"recorded_at" DATETIME NOT NULL': '"recorded_at" DATETIME NOT NULL DEFAULT '
            "(strftime('%Y-%m-%dT%H:%M:%fZ','now'))",
            '"method" TEXT NOT NULL': "\"method\" TEXT NOT NULL DEFAULT 'drawn'",
            '"place" TEXT REFERENCES places(place)': '"place" TEXT',
        },
    )
    journal.create(connection, [table.kept for table in schema.KEPT])


#: What leads from each version to the next.
_STEPS: Mapping[int, Callable[[sqlite3.Connection], None]] = {
    1: _to_version_2,
    2: _to_version_3,
    3: _to_version_4,
}


def migrate(path: Path, connection: sqlite3.Connection, written_by: str) -> str | None:
    """Bring an open project file up to this version of the schema; None where it is so already.

    Returns a note that says so and names the copy of the file as it was, `NAME.vN.gpkg` beside it.
    Raises StoreError where file or folder cannot be written.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another program may have done it meanwhile.
        found = int(connection.execute("SELECT version FROM frontmap_schema").fetchone()[0])
        if found >= schema.VERSION:
            connection.execute("ROLLBACK")
            return None
        backup = _back_up(path, connection.serialize(), found)
        for version in range(found, schema.VERSION):
            _STEPS[version](connection)
        connection.execute(
            "UPDATE frontmap_schema SET version = ?, written_by = ?", (schema.VERSION, written_by)
        )
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return f"{path} was brought up to schema {schema.VERSION}; {backup} is the file as it was"


def is_backup(path: Path) -> bool:
    """Say whether a file is the copy that a migration left beside a project."""
    found = re.fullmatch(r"(.+)\.v\d+(?:-\d+)?\.gpkg", path.name)
    return found is not None and path.with_name(f"{found[1]}.gpkg").exists()


def _back_up(path: Path, data: bytes, version: int) -> Path:
    """Write a copy under a name that is free, for good before the file itself is touched."""
    number, name = 1, f"{path.stem}.v{version}.gpkg"
    while path.with_name(name).exists():
        number += 1
        name = f"{path.stem}.v{version}-{number}.gpkg"
    backup = path.with_name(name)
    try:
        with backup.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):  # on a read-only disk
            backup.unlink(missing_ok=True)
        raise StoreError(
            f"{path} is of schema {version}, and must be brought up to {schema.VERSION}; a copy "
            f"beside it cannot be written ({error.strerror}); nothing was changed: move it to a "
            "folder that you can write to"
        ) from None
    return backup


def _add_column(connection: sqlite3.Connection, table: str, column: str, sql: str) -> None:
    connection.execute(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {sql}')


def _redeclare(connection: sqlite3.Connection, table: str, parts: Mapping[str, str]) -> None:
    """Put parts of a table's declaration in the place of others, as SQLite documents it.

    See https://sqlite.org/lang_altertable.html, section 7: no row is touched.
    """
    connection.execute("PRAGMA writable_schema = ON")
    connection.executemany(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
        [(before, after, table) for before, after in parts.items()],
    )
    connection.execute("PRAGMA writable_schema = RESET")
