"""The tables of a project file, declared once: the DDL, the enumerations and the docs follow."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from frontmap.data import geopackage, journal
from frontmap.geo.records import HATCHES, Certainty, Method, Status
from frontmap.geo.review import Review

#: Version of this schema; the store migrates older files and refuses newer ones.
VERSION = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its SQL declaration, what it means, and the values that it may take.

    In a file nothing holds a `free` column to what it refers to: editors of other programs enter
    names there, which `frontmap adopt` looks up.
    """

    name: str
    sql: str
    meaning: str
    values: tuple[str, ...] = ()
    free: bool = False

    @property
    def reference(self) -> tuple[str, str] | None:
        """The table and the column that it refers to."""
        found = re.search(r"REFERENCES (\w+)\((\w+)\)", self.sql)
        return (found[1], found[2]) if found else None

    def ddl(self) -> str:
        """Return the column's part of CREATE TABLE in a file."""
        # SQLite would build a table for IN with each row that it checks.
        allowed = " OR ".join(f"\"{self.name}\" = '{value}'" for value in self.values)
        check = f" CHECK ({allowed})" if self.values else ""
        sql = re.sub(r" REFERENCES \S+", "", self.sql) if self.free else self.sql
        return f'"{self.name}" {sql}{check}'


@dataclass(frozen=True, slots=True)
class Table:
    """One table: features where `geometry` names a type, else attributes."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    geometry: str | None = None
    constraints: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name of its key."""
        return "fid" if self.geometry else "id"

    @property
    def kept(self) -> journal.Kept:
        """What a journal of edits wants to know of it."""
        names = ["geom"] * bool(self.geometry) + [column.name for column in self.columns]
        referring = [
            (table, column.name)
            for table in TABLES
            for column in table.columns
            if column.reference and column.reference[0] == self.name
        ]
        return journal.Kept(
            self.name,
            self.key,
            tuple(names),
            parts=tuple((table.name, column) for table, column in referring if table in KEPT),
            users=tuple((table.name, column) for table, column in referring if table not in KEPT),
        )

    def create(self, connection: sqlite3.Connection) -> None:
        """Create the table and describe its columns in the GeoPackage schema extension."""
        ddl = ",\n  ".join([*(column.ddl() for column in self.columns), *self.constraints])
        geopackage.add_table(
            connection, self.name, ddl, description=self.meaning, geometry_type=self.geometry
        )


def _date(name: str, meaning: str, *, required: bool = False) -> Column:
    # Without a modifier SQLite gives 30 February back as it came.
    is_date = f'"{name}" IS date("{name}", \'+0 days\')'
    sql = f"DATE NOT NULL CHECK ({is_date})" if required else f"DATE CHECK ({is_date})"
    return Column(name, sql, meaning)


_REQUIRED = "TEXT NOT NULL"
_OPTIONAL = "TEXT NOT NULL DEFAULT ''"
_ACTOR = "TEXT REFERENCES actors(slug)"
_PLACE = "TEXT REFERENCES places(place)"
_NOW = "(strftime('%Y-%m-%dT%H:%M:%fZ','now'))"

THEATRE = Table(
    "theatre",
    "The area that the project covers",
    (
        Column("name", _REQUIRED, "Name"),
        Column("countries", _REQUIRED, "ISO 3166-1 codes, separated by commas"),
        Column("reach_km", "REAL NOT NULL CHECK (reach_km > 0)", "Default reach of a cell, km"),
        Column("time_zone", _REQUIRED, "Time zone in which a day begins and ends"),
    ),
    "MULTIPOLYGON",
)
ZONES = Table(
    "zones",
    "Administrative areas",
    (
        Column("code", "TEXT NOT NULL UNIQUE", "ISO 3166-2 code, or its provider's"),
        Column("name", _REQUIRED, "English name"),
        Column("country", _REQUIRED, "ISO 3166-1 code"),
        Column("names", "TEXT NOT NULL DEFAULT '[]'", "Other names, JSON [[name, language], …]"),
        Column("level", "INTEGER NOT NULL DEFAULT 1", "1 for first-level areas, 2 for districts"),
    ),
    "MULTIPOLYGON",
)
PLACES = Table(
    "places",
    "Known places",
    (
        Column("place", "TEXT NOT NULL UNIQUE", "Gazetteer and id, as in geonames:169577"),
        Column("name", _REQUIRED, "Display name"),
        Column("country", _REQUIRED, "ISO 3166-1 code"),
        Column("admin1", _OPTIONAL, "First-level division"),
        Column("population", "INTEGER", "Inhabitants, NULL where unknown"),
    ),
    "POINT",
)
PLACE_NAMES = Table(
    "place_names",
    "Every name of every place",
    (
        Column("place", "TEXT NOT NULL REFERENCES places(place)", "The place"),
        Column("name", _REQUIRED, "The name"),
        Column("lang", _OPTIONAL, "BCP 47 language, empty where unknown"),
        Column("key", _REQUIRED, "Normalised key that look-ups compare"),
    ),
    constraints=("UNIQUE (place, name, lang)",),
)
FOOTPRINTS = Table(
    "footprints",
    "Built-up areas of places",
    (
        Column("place", "TEXT NOT NULL UNIQUE REFERENCES places(place)", "The place"),
        Column("source", _OPTIONAL, "File that it was imported from"),
    ),
    "MULTIPOLYGON",
)
EVENTS = Table(
    "events",
    "Events as context; they never say who controls",
    (
        Column("event", "TEXT NOT NULL UNIQUE", "Provider and id"),
        _date("date", "Day on which it happened", required=True),
        Column("kind", _REQUIRED, "Kind, as the provider calls it"),
        Column("place", _OPTIONAL, "Place, as the provider names it"),
        Column("note", _OPTIONAL, "What happened"),
        Column("source", _OPTIONAL, "Source, as the provider names it"),
    ),
    "POINT",
)
IMPORT_PROFILES = Table(
    "import_profiles",
    "Saved ways to read files of a kind",
    (
        Column("name", "TEXT NOT NULL UNIQUE", "Name"),
        Column("target", _REQUIRED, "What the files are read as: changes, places …"),
        Column("settings", _REQUIRED, "Columns, constants, values and formats, JSON"),
    ),
)
ACTORS = Table(
    "actors",
    "Who controls; a side groups allied actors",
    (
        Column("slug", "TEXT NOT NULL UNIQUE", "Short identifier"),
        Column("name", _REQUIRED, "Name"),
        Column("short_name", _REQUIRED, "Name in legends and tables"),
        Column("side", _REQUIRED, "Side; no front runs within one"),
        Column("colour", _REQUIRED, "Colour, #rrggbb"),
        Column("hatch", _OPTIONAL, "Pattern besides the colour", HATCHES),
        Column("aliases", "TEXT NOT NULL DEFAULT '[]'", "Other names in reports, JSON [name, …]"),
    ),
)
SOURCES = Table(
    "sources",
    "Publications",
    (
        Column("slug", "TEXT NOT NULL UNIQUE", "Short identifier"),
        Column("publisher", _REQUIRED, "Publisher"),
        Column("title", _OPTIONAL, "Title"),
        Column("url", _OPTIONAL, "URL, empty where not known for sure"),
        _date("published", "Date of publication"),
        _date("accessed", "Date on which it was read"),
    ),
)
CONTROL_CHANGES = Table(
    "control_changes",
    "Dated control changes; append-only: a correction is a new row plus a retraction",
    (
        Column("actor", _ACTOR, "Who; NULL says that nobody knows"),
        Column("status", _REQUIRED, "How the actor stands there", tuple(Status)),
        Column("contested_by", _ACTOR, "Who contests it"),
        Column("certainty", _REQUIRED, "How well it is established", tuple(Certainty)),
        _date("valid_from", "First day on which it is so", required=True),
        _date("valid_to", "First day on which it is no longer so, NULL for open"),
        # What other programs leave out, frontmap fills when it adopts the row.
        Column("recorded_at", f"DATETIME NOT NULL DEFAULT {_NOW}", "When it was written down, UTC"),
        Column("place", _PLACE, "The place that it is about", free=True),
        Column("method", "TEXT NOT NULL DEFAULT 'drawn'", "How it got its polygon", tuple(Method)),
        Column("parameters", "TEXT NOT NULL DEFAULT '{}'", "Parameters of the method, JSON"),
        Column("note", _OPTIONAL, "Note"),
        Column("editor", _OPTIONAL, "Who wrote it down"),
        Column("retracted_at", "DATETIME", "When it was retracted, UTC"),
        Column("retraction_reason", _OPTIONAL, "Why it was retracted"),
    ),
    "MULTIPOLYGON",
    ("CHECK (valid_to IS NULL OR valid_to > valid_from)",),
)
CHANGE_SOURCES = Table(
    "change_sources",
    "Which sources a change rests on, and who is quoted there",
    (
        Column("base_id", "INTEGER NOT NULL REFERENCES control_changes(fid)", "The change"),
        Column("related_id", "INTEGER NOT NULL REFERENCES sources(id)", "The source"),
        Column("said_by", _OPTIONAL, "Who says so, empty for the publisher itself"),
    ),
)
REPORTS = Table(
    "reports",
    "Texts of reports",
    (
        Column("source", "TEXT REFERENCES sources(slug)", "The publication"),
        _date("published", "Date of publication", required=True),
        Column("language", _REQUIRED, "BCP 47 language"),
        Column("text", _REQUIRED, "The text"),
        Column("recorded_at", "DATETIME NOT NULL", "When it was stored, UTC"),
    ),
)
CLAIMS = Table(
    "claims",
    "What was read out of a report, and what an analyst made of it",
    (
        Column("report", "INTEGER NOT NULL REFERENCES reports(id)", "The report"),
        Column("start", "INTEGER NOT NULL", "First character of the quote"),
        Column("end", "INTEGER NOT NULL", "Character after the quote"),
        Column("relation", _REQUIRED, "Captured, entered, withdrew, near …"),
        Column("status", _REQUIRED, "Asserted, claimed, denied, hypothetical …"),
        Column("place", _PLACE, "The place, where resolved"),
        Column("actor", _ACTOR, "The actor, where named"),
        _date("date_from", "First possible day"),
        _date("date_to", "Last possible day"),
        Column("details", "TEXT NOT NULL DEFAULT '{}'", "The whole claim, JSON"),
        Column("review", "TEXT NOT NULL DEFAULT 'pending'", "Review state", tuple(Review)),
        Column("change", "INTEGER REFERENCES control_changes(fid)", "The change it became"),
        Column("reviewed_at", "DATETIME", "When it was decided on, UTC"),
        Column("reviewed_by", _OPTIONAL, "Who decided"),
        Column("reason", _OPTIONAL, "Why it was rejected"),
    ),
)
CONTROL = Table(
    "control",
    "Who holds what from when to when, derived from control_changes; [valid_from, valid_to)",
    (
        Column("actor", _ACTOR, "Who"),
        Column("side", "TEXT", "The actor's side"),
        Column("status", "TEXT", "How the actor stands there", tuple(Status)),
        Column("contested_by", _OPTIONAL, "Who contests it, separated by commas"),
        Column("certainty", "TEXT", "How well it is established", tuple(Certainty)),
        _date("valid_from", "First day on which it is so", required=True),
        _date("valid_to", "First day on which it is no longer so, NULL for open"),
        Column("area_km2", "REAL NOT NULL", "Geodesic area, km²"),
    ),
    "MULTIPOLYGON",
)
#: Every table that frontmap writes, parents before children.
TABLES = (
    THEATRE,
    ZONES,
    PLACES,
    PLACE_NAMES,
    ACTORS,
    SOURCES,
    CONTROL_CHANGES,
    CHANGE_SOURCES,
    REPORTS,
    CLAIMS,
    CONTROL,
    FOOTPRINTS,
    EVENTS,
    IMPORT_PROFILES,
)

#: Tables whose rows, once recorded, are never altered; other programs' edits of them are journaled.
KEPT = (CONTROL_CHANGES, CHANGE_SOURCES)

# OGC 18-000
_RELATION_TABLES = """
CREATE TABLE gpkgext_relations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, base_table_name TEXT NOT NULL,
  base_primary_column TEXT NOT NULL DEFAULT 'id', related_table_name TEXT NOT NULL,
  related_primary_column TEXT NOT NULL DEFAULT 'id', relation_name TEXT NOT NULL,
  mapping_table_name TEXT NOT NULL UNIQUE);
INSERT INTO gpkgext_relations VALUES
  (1, 'control_changes', 'fid', 'sources', 'id', 'attributes', 'change_sources');
"""
#: Statements that SQLite and PostgreSQL both know.
OWN_TABLES = """
CREATE TABLE frontmap_schema (version INTEGER NOT NULL, written_by TEXT NOT NULL);
CREATE TABLE frontmap_state (control_is_stale INTEGER NOT NULL);
INSERT INTO frontmap_state VALUES (0);
CREATE INDEX place_names_key ON place_names(key);
CREATE INDEX change_sources_base ON change_sources(base_id);
CREATE INDEX claims_report ON claims(report);
"""

_RELATED_TABLES = "http://docs.opengeospatial.org/is/18-000/18-000.html"
_EXTENSIONS = (
    *geopackage.DESCRIPTION_EXTENSIONS,
    ("gpkgext_relations", None, "gpkg_related_tables", _RELATED_TABLES, "read-write"),
    ("change_sources", None, "gpkg_related_tables", _RELATED_TABLES, "read-write"),
)


def create_all(connection: sqlite3.Connection, written_by: str) -> None:
    """Create every table of a project in an empty GeoPackage."""
    for table in TABLES:
        table.create(connection)
    for script in (geopackage.DESCRIPTION_TABLES, _RELATION_TABLES, OWN_TABLES):
        geopackage.run_script(connection, script)
    geopackage.add_styles_table(connection)
    connection.executemany("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)", _EXTENSIONS)
    describe_columns(connection, TABLES)
    journal.create(connection, [table.kept for table in KEPT])
    connection.execute("INSERT INTO frontmap_schema VALUES (?, ?)", (VERSION, written_by))


def describe_columns(connection: sqlite3.Connection, tables: Iterable[Table]) -> None:
    """Describe the columns of tables, and the values they may take, in the schema extension."""
    described = list(tables)
    connection.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, constraint_name) "
        "VALUES (?, ?, ?, ?, ?)",
        _data_columns(described),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO gpkg_data_column_constraints (constraint_name, constraint_type, "
        "value) VALUES (?, 'enum', ?)",
        _enumerations(described),
    )


def describe(connection: sqlite3.Connection, record: dict[str, object]) -> None:
    """Store the project's own description (name, method, licences) as GeoPackage metadata."""
    connection.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'https://schema.org/Dataset', "
        "'application/ld+json', ?)",
        (json.dumps(record, ensure_ascii=False, indent=1),),
    )
    connection.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, md_file_id) VALUES ('geopackage', 1)"
    )


def _data_columns(
    tables: Iterable[Table],
) -> Iterator[tuple[str, str, str, str, str | None]]:
    for table in tables:
        for column in table.columns:
            enumeration = f"{table.name}_{column.name}" if column.values else None
            yield table.name, column.name, column.name, column.meaning, enumeration


def _enumerations(tables: Iterable[Table]) -> Iterable[tuple[str, str]]:
    for table in tables:
        for column in table.columns:
            yield from ((f"{table.name}_{column.name}", value) for value in column.values)
