"""Saves what can be read of a damaged project file into a new one, and says what cannot.

SQLite gives up a table at the first page of it that is damaged. Here each row is then looked up by
its key, so that a page costs the rows that lie on it, or below it where it leads to others, and no
more. What was read is held to the constraints of a new project, row by row; `control`, spatial
indexes, counts and styles follow from the rest and are made anew.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from frontmap.data import filing, schema
from frontmap.data.checking import findings, read_geometry
from frontmap.data.database import GeoPackage
from frontmap.data.store import Project, schema_version
from frontmap.geo.dates import parse_instant
from frontmap.geo.errors import InputError, StoreError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from frontmap.geo.records import Theatre

__all__ = ["recover"]

#: What reading damage may raise; the second, where a message quotes what is no text.
_UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
#: SQLite's default, which project files have.
_PAGE_SIZE = 4096
#: A key beyond this is damage, not a row.
_GREATEST_KEY = 10_000_000
#: For an actor of whom only the slug is left.
_NEUTRAL = "#8c8c8c"


class _Row(NamedTuple):
    """A row that was read: its key, its values by column, and its geometry where it has one."""

    key: int
    values: Mapping[str, Any]
    geometry: BaseGeometry | None = None


def recover(damaged: Path, path: Path) -> list[str]:
    """Make a new project at `path` of what can be read of a file; return what was lost, in lines.

    The damaged file is only read. Raises StoreError, with nothing written, where it is no project
    or one of a newer version, where its theatre is lost, and where `path` exists already.
    """
    lost: list[str] = []
    with contextlib.closing(_opened(damaged)) as file:
        theatre = _theatre(damaged, file)

        def fill(new: Project) -> None:
            _Salvage(file, new, lost).save()
            lost.extend(f"in {path.name}: {finding}" for finding in findings(new))

        Project.create(path, theatre, fill=fill).close()
    return lost


# The damaged file


def _opened(damaged: Path) -> sqlite3.Connection:
    """Open a copy of a file in memory, as far as SQLite can be brought to take it for one."""
    if not damaged.is_file():
        raise StoreError(f"{damaged}: no such project")
    data = _header_mended(_rolled_back(damaged))
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    # Takes what it can read of a table of contents in which something makes no sense.
    connection.execute("PRAGMA writable_schema = ON")
    connection.deserialize(data)
    try:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    except _UNREADABLE as error:
        connection.close()
        raise StoreError(f"{damaged}: nothing can be read of it ({error})") from None
    if schema.CONTROL_CHANGES.name not in names:
        connection.close()
        raise StoreError(f"{damaged} is no frontmap project, or nothing can be read of it")
    with contextlib.suppress(*_UNREADABLE, TypeError):  # unless that is what is damaged
        schema_version(damaged, connection)
    return connection


def _rolled_back(damaged: Path) -> bytes:
    """Return the bytes of a file without what a command that was cut off left in it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "damaged.gpkg")
        for end in ("", "-journal", "-wal"):
            if (beside := damaged.with_name(damaged.name + end)).is_file():
                shutil.copyfile(beside, copy.with_name(copy.name + end))
        with (
            contextlib.suppress(*_UNREADABLE),
            contextlib.closing(sqlite3.connect(copy)) as connection,
        ):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        return copy.read_bytes()


def _header_mended(data: bytes) -> bytes:
    """Put right what is the same in every project file, or follows from its size.

    See https://sqlite.org/fileformat2.html, section 1.3.
    """
    header = bytearray(data[:100].ljust(100, b"\0"))
    size = int.from_bytes(header[16:18], "big")
    if size not in {512 << n for n in range(7)}:
        size = _PAGE_SIZE
    pages = -(-max(len(data), 1) // size)
    fixed = {
        0: b"SQLite format 3\0",
        16: size.to_bytes(2, "big"),
        18: bytes([1, 1, 0, 64, 32, 32]),  # no write-ahead log, no bytes reserved, fractions
        28: pages.to_bytes(4, "big"),
        32: bytes(8),  # pages that are free are of no use here
        44: (4).to_bytes(4, "big"),  # format of the schema
        52: bytes(4),
        56: (1).to_bytes(4, "big"),  # UTF-8
        64: bytes(4),
        92: header[24:28],  # the number of pages is valid
    }
    for begin, value in fixed.items():
        header[begin : begin + len(value)] = value
    return (bytes(header) + data[100:]).ljust(pages * size, b"\0")


def _theatre(damaged: Path, file: sqlite3.Connection) -> Theatre:
    try:
        theatre = Project(damaged, GeoPackage(damaged, file)).theatre
        if not theatre.polygon.is_valid:
            raise ValueError("its outline crosses itself")
    except (*_UNREADABLE, StoreError, ValueError, LookupError, TypeError) as error:
        raise StoreError(
            f"{damaged}: its theatre cannot be read, without which there is no project ({error})"
        ) from None
    return theatre


def _all_rows(file: sqlite3.Connection, table: str, key: str) -> tuple[list[Any], list[int]]:
    """Return every row of a table that can be read, and the keys that cannot be looked up."""
    found = dict[int, Any]()
    if _read(file, f'SELECT * FROM "{table}" ORDER BY "{key}"', key, found):
        return list(found.values()), []
    _read(file, f'SELECT * FROM "{table}" ORDER BY "{key}" DESC', key, found)
    unreadable = []
    for number in range(1, _greatest_key(file, table, found) + 1):
        query = f'SELECT * FROM "{table}" WHERE "{key}" = {number}'
        if number not in found and not _read(file, query, key, found):
            unreadable.append(number)
    return [found[number] for number in sorted(found)], unreadable


def _read(file: sqlite3.Connection, query: str, key: str, found: dict[int, Any]) -> bool:
    """Take down the rows of a query until one cannot be read; say whether all could."""
    try:
        for row in file.execute(query):
            if 0 < row[key] <= _GREATEST_KEY:
                found[row[key]] = row
    except _UNREADABLE:
        return False
    return True


def _greatest_key(file: sqlite3.Connection, table: str, found: Mapping[int, Any]) -> int:
    """Return the last key that a table may have had, as far as that can be read."""
    noted = dict[int, Any]()
    query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    with contextlib.suppress(*_UNREADABLE):
        noted = {row[0]: row for row in file.execute(query, (table,)) if isinstance(row[0], int)}
    usable = (number for number in (*noted, *found) if number <= _GREATEST_KEY)
    return max(usable, default=0)


# The new one


class _Salvage:
    """Copies a damaged file's rows into a new project, table by table, parents before children."""

    def __init__(self, file: sqlite3.Connection, new: Project, lost: list[str]) -> None:
        self.file, self.new, self.lost = file, new, lost
        self.names = {row[0] for row in file.execute("SELECT name FROM sqlite_master")}

    def save(self) -> None:
        """Copy what can be, and let the rest of the new project follow."""
        database = self.new.database
        with database.writing():
            for table in schema.TABLES:
                if table in (schema.THEATRE, schema.CONTROL):
                    continue
                rows = self._rows(table)
                if table is schema.CONTROL_CHANGES:
                    named = {row.values[name] for row in rows for name in _ACTORS}
                    self._stand_in({slug for slug in named if slug})
                self._insert(table, rows)
            database.execute("UPDATE frontmap_state SET control_is_stale = 1")
        self.new.restyle()
        self.new.mend()

    def _rows(self, table: schema.Table) -> list[_Row]:
        """Return the rows of a table as they were recorded; an older project may lack a table."""
        if table.name not in self.names:
            return []
        read = {row[table.key]: row for row in self._readable(table.name, table.key)}
        if f"edited_{table.name}" in self.names:
            for row in self._readable(f"edited_{table.name}", table.key):
                self._say(table, row[table.key], "edited by another program; that was not adopted")
                read.pop(row[table.key], None)
                if row["was_recorded"]:
                    read[row[table.key]] = row
        rows = []
        for key, row in sorted(read.items()):
            geometry, fault = read_geometry(table, row["geom"]) if table.geometry else (None, "")
            if fault := fault or _fault(table, row):
                self._say(table, key, fault)
                continue
            here = set(row.keys())  # an older project's may lack some
            values = {c.name: row[c.name] for c in table.columns if c.name in here}
            rows.append(_Row(key, values, geometry))
        return rows

    def _readable(self, table: str, key: str) -> list[Any]:
        rows, unreadable = _all_rows(self.file, table, key)
        for first, last in _runs(unreadable):
            which = f"row {first}" if first == last else f"rows {first} to {last}"
            self.lost.append(f"{table}, {which}: cannot be read")
        return rows

    def _stand_in(self, slugs: set[str]) -> None:
        """Have an actor for each slug of changes whose own row was lost."""
        for slug in sorted(slugs - set(self.new.actors())):
            values = {"slug": slug, "name": slug, "short_name": slug, "side": slug}
            row = _Row(0, {**values, "colour": _NEUTRAL})
            if self._insert(schema.ACTORS, [row]):
                self.lost.append(f"actors: {slug} has lost all but its slug")

    def _insert(self, table: schema.Table, rows: Sequence[_Row]) -> bool:
        """Insert rows, but for those that break a rule; say whether all were."""
        if not rows:
            return True
        try:
            with self._undoing_failure():
                self._insert_all(table, rows)
        except (sqlite3.Error, OverflowError) as error:
            if len(rows) == 1:
                broken = "FOREIGN KEY" in str(error)
                why = "refers to a row that is lost" if broken else str(error)
                self._say(table, rows[0].key, why)
            else:
                middle = len(rows) // 2
                self._insert(table, rows[:middle])
                self._insert(table, rows[middle:])
            return False
        return True

    def _insert_all(self, table: schema.Table, rows: Sequence[_Row]) -> None:
        columns = tuple(rows[0].values)
        self.new.database.insert(
            table.name,
            columns,
            [tuple(row.values.values()) for row in rows],
            [row.geometry for row in rows if row.geometry] if table.geometry else None,
            keys=[row.key for row in rows] if rows[0].key else None,
        )

    @contextlib.contextmanager
    def _undoing_failure(self) -> Iterator[None]:
        database = self.new.database
        database.execute("SAVEPOINT rows")
        try:
            yield
        except BaseException:
            database.execute("ROLLBACK TO rows")
            raise
        finally:
            database.execute("RELEASE rows")

    def _say(self, table: schema.Table, key: int, what: str) -> None:
        self.lost.append(f"{table.name}, row {key}: {what}")


_ACTORS = ("actor", "contested_by")


def _fault(table: schema.Table, row: sqlite3.Row) -> str:
    """Say what makes no sense in a row, as far as the table's own rules do not see it."""
    for column in table.columns:
        value = row[column.name] if column.name in row.keys() else None  # noqa: SIM118
        try:
            if value is not None and column.sql.startswith("DATETIME"):
                parse_instant(value)
            if value is not None and "JSON" in column.meaning:
                json.loads(value)
        except (InputError, ValueError, TypeError):
            return f"{column.name} cannot be read"
    if table is schema.CLAIMS:
        try:
            filing.filed_claim(row)
        except (InputError, ValueError, TypeError, LookupError):
            return "details cannot be read"
    return ""


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of numbers that follow one another."""
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = last = number
        elif number == last + 1:
            last = number
        else:
            yield first, last
            first = last = number
    if first is not None and last is not None:
        yield first, last
