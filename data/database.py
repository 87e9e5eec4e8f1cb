"""What a project asks of the database that keeps it, and the GeoPackage that does so by default.

A project's SQL is plain enough to run as it stands on SQLite and on PostgreSQL; what differs is
here: transactions, the keys of new rows, and bookkeeping. In both a row's values are what SQLite
gives: dates and instants as ISO text, a geometry as a GeoPackage blob.
"""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from frontmap.data import geopackage, journal, schema
from frontmap.geo.errors import InputError, StoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "Address",
    "Database",
    "GeoPackage",
    "Location",
    "copy_rows",
    "is_url",
    "naming",
    "on_server",
]

_URL = re.compile(r"postgres(?:ql)?://")
#: Parameters of a connection that are secrets, or say where one lies.
_SECRET = ("password", "sslpassword", "passfile", "sslkey")
DEFAULT_SCHEMA = "frontmap"


def is_url(text: str) -> bool:
    """Say whether a project's name is the URL of a database rather than a file's."""
    return _URL.match(text) is not None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a project is on a server: libpq's URL of the database, and a schema in it.

    Written as text it is the URL without its secrets.
    """

    url: str = field(repr=False)
    schema: str
    shown: str

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `postgresql://…/DATABASE?schema=NAME`; InputError where it is none."""
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = urlsplit("")
        query = parse_qsl(parts.query, keep_blank_values=True)
        schema = dict(query).get("schema", DEFAULT_SCHEMA)
        problems = []
        if not is_url(text):
            problems.append("not the URL of a database: write postgresql://HOST/DATABASE")
        elif not parts.path.strip("/"):
            problems.append("the URL names no database: write postgresql://HOST/DATABASE")
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema) or schema.startswith("pg_"):
            problems.append("a schema is lower-case letters, digits and _, as in ?schema=syria")
        if problems:
            raise InputError(problems)
        rest = [(name, value) for name, value in query if name != "schema"]
        open_ = [(name, value) for name, value in rest if name not in _SECRET]
        user, at, host = parts.netloc.rpartition("@")
        shown_query = [*open_, ("schema", schema)]
        return cls(
            urlunsplit(parts._replace(query=urlencode(rest))),
            schema,
            urlunsplit(
                parts._replace(
                    netloc=user.partition(":")[0] + at + host,
                    query=urlencode(shown_query),
                    fragment="",
                )
            ),
        )

    @property
    def stem(self) -> str:
        """What the project is called in tables, as a file's name without its suffix is."""
        return self.schema

    def __str__(self) -> str:
        """Return the URL without its secrets."""
        return self.shown


#: Where a project is.
Location = Path | Address


class Database(ABC):
    """An open database that holds one project."""

    @abstractmethod
    def all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """Return all rows of a query; each gives its values by name and by position."""

    @abstractmethod
    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement; a question mark stands for a value."""

    @abstractmethod
    def insert(
        self,
        table: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        geometries: Sequence[BaseGeometry] | NDArray[Any] | None = None,
        *,
        keys: Sequence[int] | None = None,
    ) -> Sequence[int]:
        """Append rows, in a feature table with geometries, and return their keys, rising.

        `keys` are given only where rows are copied, into a table that has none.
        """

    @abstractmethod
    def clear(self, table: str) -> None:
        """Delete all rows of a table."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """Run a block as one transaction, in which no other program writes the project."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """Run a block in which every query sees the project as it was at the first."""

    def recorded(self, table: schema.Table) -> str:
        """Return the relation that has a table's rows as frontmap recorded them."""
        return table.name

    def edited(self) -> list[int]:
        """Return the keys of changes that other programs edited after they were recorded.

        None where the database itself keeps others from it.
        """
        return []

    def put_back(self, changes: Sequence[int]) -> None:  # noqa: B027 - kept by some only
        """Make edited changes and their sources again what they were; within a transaction."""

    def touch(self, tables: Iterable[str], now: str) -> None:  # noqa: B027
        """Note when tables were last changed."""

    def restyle(self, styles: Mapping[str, str]) -> None:  # noqa: B027
        """Replace QGIS' styles, by table."""

    def begin_recording(self) -> None:  # noqa: B027
        """Prepare for many small transactions."""

    def end_recording(self) -> None:  # noqa: B027
        """Be as before many small transactions."""

    @abstractmethod
    def close(self) -> None:
        """Close it."""


class GeoPackage(Database):
    """A project file."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take over an open connection; errors name `path`."""
        self.path, self.connection = path, connection

    @classmethod
    def open(cls, path: Path) -> GeoPackage:
        """Open a file that is there; StoreError where SQLite cannot."""
        with naming(path):
            return cls(path, geopackage.connect(path))

    def all(self, query: str, values: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query."""
        with naming(self.path):
            return self.connection.execute(query, values).fetchall()

    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement."""
        self.connection.execute(statement, values)

    def insert(
        self,
        table: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        geometries: Sequence[BaseGeometry] | NDArray[np.object_] | None = None,
        *,
        keys: Sequence[int] | None = None,
    ) -> Sequence[int]:
        """Append rows; counts, extent and spatial index follow."""
        return geopackage.insert(self.connection, table, columns, rows, geometries, keys=keys)

    def clear(self, table: str) -> None:
        """Delete all rows of a table, and its extent."""
        geopackage.clear(self.connection, table)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Run a block as one transaction, begun with the lock that every writer takes."""
        with naming(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                journal.writes_now(self.connection, True)
                yield
                journal.writes_now(self.connection, False)
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Run a block as one reading transaction."""
        with naming(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.execute("ROLLBACK")

    def recorded(self, table: schema.Table) -> str:
        """Return the view of a table without what other programs did to it, where one is kept."""
        return journal.recorded(table.name) if table in schema.KEPT else table.name

    def edited(self) -> list[int]:
        """Return the keys of changes that the journal has, or has sources of."""
        rows = self.all(
            "SELECT fid FROM edited_control_changes UNION "
            "SELECT base_id FROM edited_change_sources WHERE was_recorded = 1 UNION "
            "SELECT base_id FROM change_sources WHERE id IN (SELECT id FROM edited_change_sources) "
            "ORDER BY 1"
        )
        return [row[0] for row in rows]

    def put_back(self, changes: Sequence[int]) -> None:
        """Make edited changes and their sources again what they were; within a transaction."""
        self.connection.execute("PRAGMA defer_foreign_keys = ON")
        sources = self.all(
            "SELECT edited.id FROM edited_change_sources AS edited "
            "LEFT JOIN change_sources AS said USING (id) "
            "WHERE edited.base_id IN (SELECT value FROM json_each(?1)) "
            "OR said.base_id IN (SELECT value FROM json_each(?1)) "
            "OR edited.was_recorded = 0 AND said.id IS NULL",
            [json.dumps(list(changes))],
        )
        journal.put_back(self.connection, schema.CONTROL_CHANGES.kept, changes)
        journal.put_back(self.connection, schema.CHANGE_SOURCES.kept, [row[0] for row in sources])

    def touch(self, tables: Iterable[str], now: str) -> None:
        """Note when tables were last changed, as GeoPackage asks."""
        geopackage.touch(self.connection, tables, now)

    def restyle(self, styles: Mapping[str, str]) -> None:
        """Replace QGIS' styles, by table."""
        self.connection.execute("DELETE FROM layer_styles")
        for table, qml in styles.items():
            style: dict[str, object] = {
                "f_table_catalog": "",
                "f_table_schema": "",
                "f_table_name": table,
                "f_geometry_column": "geom",
                "styleName": table,
                "styleQML": qml,
                "useAsDefault": 1,
                "description": "frontmap",
                "owner": "",
            }
            self.insert("layer_styles", tuple(style), [tuple(style.values())])

    def begin_recording(self) -> None:
        """Let each commit go to a log beside the file."""
        geopackage.write_ahead(self.connection)

    def end_recording(self) -> None:
        """Bring the log back into the file."""
        geopackage.end_write_ahead(self.connection)

    def close(self) -> None:
        """Make the file whole and close it; GDAL may open it from then on."""
        with contextlib.suppress(sqlite3.ProgrammingError):  # closed already
            geopackage.end_write_ahead(self.connection)
        self.connection.close()


def on_server(module: str) -> Any:
    """Import `frontmap.data.MODULE`, which needs an extra; StoreError where it is not installed."""
    try:
        return import_module(f"frontmap.data.{module}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("frontmap"):
            raise
        raise StoreError(
            f"a project on a server needs {error.name}: pip install 'frontmap[postgis]'"
        ) from None


def copy_rows(source: Database, target: Database, *, without: Iterable[str] = ()) -> None:
    """Copy every row of a project, with its key, into another that has none but in `without`.

    Call it within a transaction of the target's.
    """
    left_out = set(without)
    with source.snapshot():
        for table in schema.TABLES:
            if table.name not in left_out:
                _copy_table(source, target, table)
        (stale,) = source.all("SELECT control_is_stale FROM frontmap_state")[0]
    target.execute("UPDATE frontmap_state SET control_is_stale = ?", (stale,))


def _copy_table(source: Database, target: Database, table: schema.Table) -> None:
    key = table.key
    columns = tuple(column.name for column in table.columns)
    rows = source.all(f"SELECT * FROM {source.recorded(table)} ORDER BY {key}")
    geometries = None
    if table.geometry:
        if without := [row[key] for row in rows if row["geom"] is None]:
            raise StoreError(f"{table.name}, row {without[0]}: it has no geometry: frontmap check")
        geometries = [geopackage.decode_geometry(row["geom"]) for row in rows]
    values = [tuple(row[name] for name in columns) for row in rows]
    target.insert(table.name, columns, values, geometries, keys=[row[key] for row in rows])


_RECOVER = "frontmap recover saves what can be read"


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into StoreErrors that name the file and the remedy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            waited = f"{geopackage.BUSY_TIMEOUT_S:.0f} s"
            raise StoreError(
                f"{path} is locked by another program (waited {waited}); nothing was written: "
                "close it there, or save its edits, and try again"
            ) from None
        raise StoreError(f"{path}: {error}; nothing was written") from None
    except sqlite3.DatabaseError as error:
        remedy = f" ({_RECOVER})" if "malformed" in str(error) else ""
        raise StoreError(f"{path}: {error}; nothing was written{remedy}") from None
    except UnicodeDecodeError:  # in a message that quotes what is damaged
        raise StoreError(f"{path} is damaged; nothing was written ({_RECOVER})") from None
