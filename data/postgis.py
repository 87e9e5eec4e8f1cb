"""A project in PostgreSQL with PostGIS: a schema of its own, with the tables of data/schema.py.

Every write takes an advisory lock of the schema first, so writers queue and each sees what the one
before it wrote; readers never wait. What was recorded is guarded by triggers: a change can be
retracted, and neither altered nor deleted, by whomever. Connections are libpq's, so `PGPASSWORD`,
`.pgpass` and `pg_service.conf` hold for them.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

import psycopg
import psycopg.conninfo
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import Geometry
from psycopg import errors, sql
from psycopg.adapt import Loader
from psycopg.types import TypeInfo

from frontmap.data import geopackage, schema
from frontmap.data.database import Address, Database
from frontmap.geo.dates import format_instant
from frontmap.geo.errors import StoreError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

__all__ = ["PostGIS", "connect", "create", "metadata", "open_project", "setting_up", "upgrade"]

#: How long a write waits for those before it: a desk of many is served in turn.
LOCK_TIMEOUT_S = 60
_CONNECT_TIMEOUT_S = 10
_REVISIONS = Path(__file__).parent / "revisions"

_TYPES: dict[str, Callable[[], Any]] = {
    # As SQLite sorts and compares, whatever the server's language.
    "TEXT": lambda: sa.Text(collation="C"),
    "DATE": sa.Date,
    "DATETIME": lambda: sa.DateTime(timezone=True),
    "REAL": sa.Double,
    "INTEGER": sa.BigInteger,
}

# `*<>` compares rows by their bytes.
_GUARDS = """
CREATE FUNCTION frontmap_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are kept as they were recorded', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION frontmap_retract_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  as_it_was RECORD := NEW;
BEGIN
  as_it_was.retracted_at := OLD.retracted_at;
  as_it_was.retraction_reason := OLD.retraction_reason;
  IF as_it_was *<> OLD THEN
    RAISE EXCEPTION 'change % can only be retracted', OLD.fid
      USING ERRCODE = 'restrict_violation';
  ELSIF OLD.retracted_at IS NOT NULL THEN
    RAISE EXCEPTION 'change % was retracted already', OLD.fid
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER retract_only BEFORE UPDATE ON control_changes
  FOR EACH ROW EXECUTE FUNCTION frontmap_retract_only();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON control_changes
  FOR EACH STATEMENT EXECUTE FUNCTION frontmap_keep();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON change_sources
  FOR EACH STATEMENT EXECUTE FUNCTION frontmap_keep();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON reports
  FOR EACH STATEMENT EXECUTE FUNCTION frontmap_keep();
"""


class PostGIS(Database):
    """A project on a server."""

    def __init__(self, address: Address, connection: psycopg.Connection[Any]) -> None:
        """Take over an open connection; errors name `address`."""
        self.address, self.connection = address, connection

    def all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """Return all rows of a query."""
        with _naming(self.address):
            return self._run(query, values).fetchall()

    def execute(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement."""
        with _naming(self.address):
            self._run(statement, values)

    def _run(self, statement: str, values: Sequence[object]) -> psycopg.Cursor[Any]:
        if not values:
            return self.connection.execute(statement.encode())
        return self.connection.execute(_for_psycopg(statement), values)

    def insert(
        self,
        table: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Any]],
        geometries: Sequence[BaseGeometry] | NDArray[Any] | None = None,
        *,
        keys: Sequence[int] | None = None,
    ) -> Sequence[int]:
        """Append rows, as one COPY."""
        values = [tuple(row) for row in rows]
        key = "id" if geometries is None else "fid"
        sequence = f"pg_get_serial_sequence('{table}', '{key}')"
        if keys is None:
            numbers = f"SELECT nextval({sequence}) FROM generate_series(1, ?)"
            keys = [row[0] for row in self.all(numbers, [len(values)])]
        elif len(keys):
            self.execute(f"SELECT setval({sequence}, ?)", [max(keys)])
        heads: list[tuple[Any, ...]]
        if geometries is None:
            names, heads = [key, *columns], [(number,) for number in keys]
        else:
            names = [key, "geom", *columns]
            heads = list(zip(keys, _hex_wkb(geometries), strict=True))
        copy = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        with _naming(self.address), self.connection.cursor().copy(copy) as target:
            for head, rest in zip(heads, values, strict=True):
                target.write_row(head + rest)
        return keys

    def clear(self, table: str) -> None:
        """Delete all rows of a table."""
        self.execute(f"DELETE FROM {table}")

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Run a block as one transaction, once those of all other writers have ended."""
        with _naming(self.address), self.connection.transaction():
            self.lock()
            yield

    def lock(self) -> None:
        """Wait for the lock that every writer takes, and keep it until the transaction ends."""
        self.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'")
        self.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))",
            [f"frontmap {self.address.schema}"],
        )

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Run a block as one reading transaction."""
        with _naming(self.address), self.connection.transaction():
            self.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


def connect(address: Address, *, autocommit: bool = True) -> psycopg.Connection[Any]:
    """Connect to a database, in which unqualified names mean those of the project's schema."""
    try:
        psycopg.conninfo.conninfo_to_dict(address.url)
    except psycopg.Error:  # its message would quote the URL
        raise StoreError(f"{address}: libpq cannot read this URL: check its parts") from None
    with _naming(address):
        connection: psycopg.Connection[Any] = psycopg.connect(
            address.url,
            autocommit=autocommit,
            row_factory=cast("Any", _rows),
            connect_timeout=_CONNECT_TIMEOUT_S,
            application_name="frontmap",
        )
        try:
            _prepare(connection, address)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: psycopg.Connection[Any], address: Address) -> None:
    found = connection.execute(
        "SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace "
        "WHERE extname = 'postgis'"
    ).fetchone()
    path = ", ".join(f'"{name}"' for name in (address.schema, found[0] if found else "public"))
    connection.execute(
        "SELECT set_config('search_path', %s, false), set_config('timezone', 'UTC', false), "
        "set_config('datestyle', 'ISO', false)",
        [path],
    )
    if not connection.autocommit:
        connection.commit()
    connection.adapters.register_loader("date", _TextLoader)
    connection.adapters.register_loader("timestamptz", _InstantLoader)
    if found and (info := TypeInfo.fetch(connection, "geometry")):
        connection.adapters.register_loader(info.oid, _GeometryLoader)
    if not connection.autocommit:
        connection.commit()


def open_project(address: Address, written_by: str) -> tuple[PostGIS, str | None]:
    """Open the project at an address, brought up to this version, and say so if it was not.

    StoreError where there is none, or one of a newer version.
    """
    connection = connect(address)
    try:
        database = PostGIS(address, connection)
        if not database.all("SELECT to_regclass(?)", [f"{address.schema}.frontmap_schema"])[0][0]:
            raise StoreError(
                f"{address}: no such project (copy one there with: frontmap push, and see "
                "?schema=NAME)"
            )
        found, writer = database.all("SELECT version, written_by FROM frontmap_schema")[0]
        if found > schema.VERSION:
            raise StoreError(
                f"{address} was written by {writer} (schema {found}); this frontmap reads up to "
                f"schema {schema.VERSION}: install that version or a newer one"
            )
        note = None if found == schema.VERSION else _migrate(address, written_by)
    except BaseException:
        connection.close()
        raise
    return database, note


def _migrate(address: Address, written_by: str) -> str:
    with setting_up(address) as (database, link):
        upgrade(link, _REVISIONS)
        database.execute(
            "UPDATE frontmap_schema SET version = ?, written_by = ?", [schema.VERSION, written_by]
        )
    return f"{address} was brought up to schema {schema.VERSION}"


@contextlib.contextmanager
def setting_up(address: Address) -> Iterator[tuple[PostGIS, sa.Connection]]:
    """Run a block as one transaction that alone may change tables; for SQLAlchemy, too."""
    connection = connect(address, autocommit=False)
    engine = sa.create_engine(
        "postgresql+psycopg://", creator=lambda: connection, poolclass=sa.StaticPool
    )
    try:
        with _naming(address), engine.begin() as link:
            database = PostGIS(address, connection)
            database.lock()
            yield database, link
    finally:
        engine.dispose()
        connection.close()


def create(link: sa.Connection, database: PostGIS, written_by: str) -> None:
    """Create the tables of a project in a schema that has none, within `setting_up`.

    StoreError where there is a table already, or PostGIS is missing and cannot be added.
    """
    address = database.address
    taken = database.all(
        "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(?)::oid",
        [address.schema],
    )
    if taken:
        raise StoreError(
            f"{address} is not empty (it has {taken[0][0]}); nothing was written: choose another "
            "?schema=NAME"
        )
    if not database.all("SELECT 1 FROM pg_extension WHERE extname = 'postgis'"):
        raise StoreError(
            f"{address} has no PostGIS; nothing was written: have an administrator run "
            "CREATE EXTENSION postgis there"
        )
    if not database.all("SELECT to_regnamespace(?)", [address.schema])[0][0]:
        database.execute(f'CREATE SCHEMA "{address.schema}"')
    metadata().create_all(link, checkfirst=False)
    database.execute(schema.OWN_TABLES)
    database.execute(_GUARDS)
    database.execute("INSERT INTO frontmap_schema VALUES (?, ?)", [schema.VERSION, written_by])
    context = MigrationContext.configure(link)
    context.stamp(ScriptDirectory(str(_REVISIONS), version_locations=[str(_REVISIONS)]), "head")


def upgrade(link: sa.Connection, revisions: Path) -> None:
    """Run those Alembic revisions of a folder that the project has not had yet."""
    scripts = ScriptDirectory(str(revisions), version_locations=[str(revisions)])
    context = MigrationContext.configure(
        link,
        opts={"fn": lambda found, _: scripts._upgrade_revs("head", cast("str", found))},
    )
    with Operations.context(context):
        context.run_migrations()


@cache
def metadata() -> sa.MetaData:
    """Return data/schema.py's tables as SQLAlchemy's."""
    made = sa.MetaData()
    for table in schema.TABLES:
        columns = [sa.Column(table.key, sa.BigInteger, sa.Identity(), primary_key=True)]
        if table.geometry:
            shape = Geometry(table.geometry, srid=geopackage.SRS_ID, spatial_index=False)
            columns.append(sa.Column("geom", shape, nullable=False))
        columns += map(_column, table.columns)
        sa.Table(
            table.name,
            made,
            *columns,
            *map(_constraint, table.constraints),
            *(
                [sa.Index(f"{table.name}_geom", "geom", postgresql_using="gist")]
                * bool(table.geometry)
            ),
            comment=table.meaning,
        )
    return made


def _column(column: schema.Column) -> sa.Column[Any]:
    """Read a column's declaration, which is SQLite's."""
    kind = column.sql.split()[0]
    rules: list[Any] = []
    if column.reference:
        rules.append(sa.ForeignKey(".".join(column.reference)))
    if column.values:
        listed = ", ".join(f"'{value}'" for value in column.values)
        rules.append(sa.CheckConstraint(f'"{column.name}" IN ({listed})'))
    # The CHECK of a date is its type here.
    if kind != "DATE" and (found := re.search(r"CHECK \((.+)\)$", column.sql)):
        rules.append(sa.CheckConstraint(found[1]))
    # An expression is SQLite's, for programs that edit files.
    default = re.search(r"DEFAULT ([^\s(]+)", column.sql)
    return sa.Column(
        column.name,
        _TYPES[kind](),
        *rules,
        nullable="NOT NULL" not in column.sql,
        unique="UNIQUE" in column.sql,
        server_default=sa.text(default[1]) if default else None,
        comment=column.meaning,
    )


def _constraint(text: str) -> sa.Constraint:
    kind, _, inside = text.partition(" (")
    inside = inside.removesuffix(")")
    if kind == "UNIQUE":
        return sa.UniqueConstraint(*inside.split(", "))
    return sa.CheckConstraint(inside)


@cache
def _for_psycopg(statement: str) -> Any:
    return statement.replace("%", "%%").replace("?", "%s").encode()


class _Row(tuple[Any, ...]):
    """A row that gives its values by position and by name, as sqlite3.Row does."""

    __slots__ = ()
    places: dict[str, int]

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.places[key] if isinstance(key, str) else key)


def _rows(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], _Row]:
    names = [column.name for column in cursor.description or ()]
    places = {name: place for place, name in enumerate(names)}
    return cast("type[_Row]", type("Row", (_Row,), {"__slots__": (), "places": places}))


class _TextLoader(Loader):
    def load(self, data: Any) -> str:
        return bytes(data).decode()


class _InstantLoader(Loader):
    def load(self, data: Any) -> str:
        return format_instant(datetime.fromisoformat(bytes(data).decode()))


class _GeometryLoader(Loader):
    def load(self, data: Any) -> bytes:
        return geopackage.wrap_wkb(_without_srid(bytes.fromhex(bytes(data).decode())))


_EWKB_HAS_SRID = 0x20000000


def _without_srid(ewkb: bytes) -> bytes:
    """Turn PostGIS' extended WKB into WKB: the first header alone has a reference system."""
    kind = int.from_bytes(ewkb[1:5], "little" if ewkb[0] else "big")
    if not kind & _EWKB_HAS_SRID:
        return ewkb
    plain = (kind & ~_EWKB_HAS_SRID).to_bytes(4, "little" if ewkb[0] else "big")
    return ewkb[:1] + plain + ewkb[9:]


def _hex_wkb(geometries: Sequence[BaseGeometry] | NDArray[Any]) -> list[str]:
    """Return PostGIS' text of geometries: extended WKB in hexadecimal, exact to the last bit."""
    import numpy as np
    from shapely import set_srid, to_wkb

    located = set_srid(np.asarray(geometries, dtype=object), geopackage.SRS_ID)
    listed: list[str] = to_wkb(located, hex=True, output_dimension=2, include_srid=True).tolist()
    return listed


@contextlib.contextmanager
def _naming(address: Address) -> Iterator[None]:
    """Turn PostgreSQL's errors into StoreErrors that name the address and the remedy."""
    try:
        yield
    except psycopg.Error as error:
        raise StoreError(_told(address, error)) from None
    except sa.exc.DBAPIError as error:
        raise StoreError(_told(address, error.orig or error)) from None


def _told(address: Address, error: BaseException) -> str:
    if isinstance(error, errors.LockNotAvailable):
        return (
            f"{address} is being written to by others (waited {LOCK_TIMEOUT_S} s); nothing was "
            "written: try again"
        )
    if isinstance(error, errors.InsufficientPrivilege):
        return (
            f"{address}: {_first_line(address, error)}; nothing was written: your login may not "
            "do this (readers are of frontmap_reader, those who write of frontmap_editor)"
        )
    return f"{address}: {_first_line(address, error)}; nothing was written"


def _first_line(address: Address, error: BaseException) -> str:
    """Return what an error says, without the password, which libpq may quote."""
    said = str(error).strip().partition("\n")[0]
    with contextlib.suppress(ValueError):
        if secret := urlsplit(address.url).password:
            said = said.replace(secret, "***").replace(unquote(secret), "***")
    return said
