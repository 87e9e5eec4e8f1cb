"""What other programs did to the record: rows that they edited, as frontmap had recorded them.

Triggers in the file keep the first image of a row that anybody but frontmap adds, alters or
deletes, in plain SQL, so that QGIS, GDAL and any other SQLite runs them. A table `edited_T` has one
row for each such row of T, and a view `recorded_T` shows T as if nobody had edited it.
`frontmap.data.adopting` makes records of edits, or undoes them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from frontmap.data import geopackage
from frontmap.geo.records import Change, Source

__all__ = ["Adoption", "Kept", "Line", "create", "put_back", "recorded", "writes_now"]


class Kept(NamedTuple):
    """A table whose edits are journaled: its name, its key, and its other columns.

    Of the tables that refer to it, (name, column), `parts` are kept too, and `users` are not.
    """

    name: str
    key: str
    columns: tuple[str, ...]
    parts: tuple[tuple[str, str], ...] = ()
    users: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What was done to a row, and what it becomes; `number` is the place of its new change."""

    row: int
    edit: str
    becomes: str
    number: int | None = None


@dataclass(slots=True)
class Adoption:
    """What edits come to: rows to put back, those of them to retract and why, changes to append.

    `replaced` has, by its row, the place in `changes` of what a retracted row is replaced by.
    """

    rows: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    new_sources: dict[str, Source] = field(default_factory=dict)
    retracted: dict[int, str] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def table(self, ids: Sequence[int] = ()) -> list[dict[str, Any]]:
        """Return a row for each edit; `ids` are those that the changes got, if they did."""

        def becomes(line: Line) -> str:
            if line.number is None:
                return line.becomes
            new = f"change {ids[line.number]}" if ids else "a new change"
            return f"{line.becomes}, and {new}" if line.becomes else new

        return [{"row": n.row, "edit": n.edit, "becomes": becomes(n)} for n in self.lines]


# A flag, since a trigger cannot know who its program is. It is set and cleared within one
# transaction, so that no other program and no killed process ever sees it set.
_WRITER = """
CREATE TABLE frontmap_writer (is_writing INTEGER NOT NULL);
INSERT INTO frontmap_writer VALUES (0);
"""
# Whether a row is in the journal already is asked and not left to INSERT OR IGNORE, which would
# give way to the conflict clause of the statement that fires the trigger. INSERT OR REPLACE fires
# no trigger of deletion, hence "_replace".
_JOURNAL = """
CREATE TABLE "edited_{t}" ("{k}" INTEGER PRIMARY KEY NOT NULL,
  edited_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  was_recorded INTEGER NOT NULL, {columns});
CREATE VIEW "recorded_{t}" AS
SELECT "{k}", {columns} FROM "{t}" WHERE "{k}" NOT IN (SELECT "{k}" FROM "edited_{t}")
UNION ALL SELECT "{k}", {columns} FROM "edited_{t}" WHERE was_recorded = 1;
CREATE TRIGGER "edited_{t}_insert" AFTER INSERT ON "{t}" WHEN {outside} BEGIN
  INSERT INTO "edited_{t}" ("{k}", was_recorded) SELECT NEW."{k}", 0
  WHERE NEW."{k}" NOT IN (SELECT "{k}" FROM "edited_{t}"); END;
CREATE TRIGGER "edited_{t}_replace" BEFORE INSERT ON "{t}" WHEN {outside} BEGIN
  INSERT INTO "edited_{t}" ("{k}", was_recorded, {columns})
  SELECT "{k}", 1, {columns} FROM "{t}" WHERE "{k}" = NEW."{k}"
  AND NEW."{k}" NOT IN (SELECT "{k}" FROM "edited_{t}"); END;
CREATE TRIGGER "edited_{t}_update" BEFORE UPDATE ON "{t}" WHEN {outside} BEGIN
  INSERT INTO "edited_{t}" ("{k}", was_recorded, {columns})
  SELECT OLD."{k}", 1, {old} WHERE OLD."{k}" NOT IN (SELECT "{k}" FROM "edited_{t}");
  INSERT INTO "edited_{t}" ("{k}", was_recorded, {columns})
  SELECT "{k}", 1, {columns} FROM "{t}" WHERE "{k}" = NEW."{k}"
  AND NEW."{k}" NOT IN (SELECT "{k}" FROM "edited_{t}"); END;
CREATE TRIGGER "edited_{t}_renumber" AFTER UPDATE OF "{k}" ON "{t}" WHEN {outside} BEGIN
  INSERT INTO "edited_{t}" ("{k}", was_recorded) SELECT NEW."{k}", 0
  WHERE NEW."{k}" NOT IN (SELECT "{k}" FROM "edited_{t}"); END;
CREATE TRIGGER "edited_{t}_delete" BEFORE DELETE ON "{t}" WHEN {outside} BEGIN
  INSERT INTO "edited_{t}" ("{k}", was_recorded, {columns})
  SELECT OLD."{k}", 1, {old} WHERE OLD."{k}" NOT IN (SELECT "{k}" FROM "edited_{t}");
  {removal} END;
"""
# Before a row goes: its parts go with it, into their own journal, and nothing else may hang on it.
_PART = 'DELETE FROM "{part}" WHERE "{column}" = OLD."{k}";'
_USER = """
CREATE TRIGGER "edited_{t}_used_by_{user}" BEFORE DELETE ON "{t}"
WHEN {outside} AND OLD."{k}" IN (SELECT "{column}" FROM "{user}") BEGIN
  SELECT RAISE(ABORT, 'a row of {user} rests on this one of {t}: retract it with frontmap'); END;
"""
_OUTSIDE = "(SELECT is_writing FROM frontmap_writer) = 0"


def create(connection: sqlite3.Connection, tables: Iterable[Kept]) -> None:
    """Begin to keep a journal of tables, whose rows so far are frontmap's own."""
    geopackage.run_script(connection, _WRITER)
    for table in tables:
        same = {"t": table.name, "k": table.key, "outside": _OUTSIDE}
        script = _JOURNAL.format(
            **same,
            columns=", ".join(f'"{name}"' for name in table.columns),
            old=", ".join(f'OLD."{name}"' for name in table.columns),
            removal=" ".join(
                _PART.format(**same, part=part, column=column) for part, column in table.parts
            ),
        )
        for user, column in table.users:
            script += _USER.format(**same, user=user, column=column)
        geopackage.run_script(connection, script)


def recorded(table: str) -> str:
    """Return the name of the view of a table as frontmap recorded it."""
    return f"recorded_{table}"


def writes_now(connection: sqlite3.Connection, is_writing: bool) -> None:
    """Say that frontmap writes from now on, or no longer; within its transaction."""
    connection.execute("UPDATE frontmap_writer SET is_writing = ?", (int(is_writing),))


def put_back(connection: sqlite3.Connection, table: Kept, keys: Sequence[int]) -> None:
    """Make rows again what they were when frontmap recorded them, and forget what was done to them.

    Rows that others added are gone afterwards; those that nobody edited stay. Call it within a
    transaction, in which references may be broken meanwhile.
    """
    # One parameter for any number of keys.
    given = (
        f'(SELECT "{table.key}" FROM "edited_{table.name}" '
        f'WHERE "{table.key}" IN (SELECT value FROM json_each(?)))'
    )
    listed = json.dumps(list(keys))
    names = ", ".join(f'"{name}"' for name in (table.key, *table.columns))
    for statement in (
        f'DELETE FROM "{table.name}" WHERE "{table.key}" IN {given}',
        f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM "edited_{table.name}" '
        f'WHERE was_recorded = 1 AND "{table.key}" IN {given}',
        f'DELETE FROM "edited_{table.name}" WHERE "{table.key}" IN {given}',
    ):
        connection.execute(statement, (listed,))
    # INSERT OR REPLACE of others counted a row that it put in the place of another.
    connection.execute(
        "UPDATE gpkg_ogr_contents SET feature_count = "
        f'(SELECT count(*) FROM "{table.name}") WHERE table_name = ?',
        (table.name,),
    )
