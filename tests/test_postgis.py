"""A project on a server: copied there and back whole, guarded, shared, and its password unseen.

That it behaves as one in a file does is what the modules of conftest's CONTRACT test.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import alembic.autogenerate
import postgis as cluster
import psycopg
import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from samples import Run, made_up, make_project, rows_of
from test_store import CHANGE

from frontmap.data import postgis, schema
from frontmap.data.checking import findings
from frontmap.data.database import Address
from frontmap.data.desk import pull, push
from frontmap.data.portable import Portable
from frontmap.data.readers import archive_reader
from frontmap.data.store import Project
from frontmap.geo.errors import InputError, StoreError

pytestmark = pytest.mark.postgres


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a project file with thirty changes, one of them retracted."""
    path = tmp_path / "testland.gpkg"
    with make_project(path) as project:
        project.add_changes([CHANGE, *made_up(29)])
        project.retract(3, "a mistake")
    return path


@pytest.fixture
def pushed(file: Path, address: Address) -> Address:
    """Return the address of a copy of that file, with rights for readers and editors."""
    with Project.open(file) as project:
        push(project, address, roles=True)
    return address


def _as(address: Address, role: str, server: cluster.Database) -> Address:
    """Return the address for a login of a role."""
    login = f"{role}_login"
    server.run(
        f"DO $$ BEGIN CREATE ROLE {login} LOGIN IN ROLE {role}; "
        "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    return Address.parse(server.url(user=login, schema=address.schema))


# There and back


def test_a_project_comes_back_as_it_was(file: Path, pushed: Address, tmp_path: Path) -> None:
    back = tmp_path / "back.gpkg"
    pull(pushed, back)
    with Project.open(file) as first, Project.open(pushed) as there, Project.open(back) as last:
        assert rows_of(first) == rows_of(there) == rows_of(last)
        assert findings(there) == findings(last) == []
        assert last.add_changes([CHANGE]) == there.add_changes([CHANGE]) == [31]


def test_the_shipped_project_comes_back_as_it_was(
    syria: Path, address: Address, tmp_path: Path
) -> None:
    back = tmp_path / "back.gpkg"
    with Project.open(syria) as project:
        push(project, address)
        pull(address, back)
        with Project.open(address) as there, Project.open(back) as last:
            assert rows_of(project) == rows_of(there) == rows_of(last)


def test_maps_and_layers_of_both_are_the_same_bytes(
    file: Path, pushed: Address, run: Run, tmp_path: Path
) -> None:
    def made(project: Path | Address) -> list[bytes]:
        page, layer = tmp_path / "map.html", tmp_path / "control.geojson"
        run("map", "2024-12-04", "-o", page, "--distance-to", "Alton", "-p", project)
        run("export", "--what", "control", "-o", layer, "-p", project)
        contents = [page.read_bytes(), layer.read_bytes()]
        page.unlink()
        layer.unlink()
        return contents

    assert made(file) == made(pushed)


def test_push_and_pull_are_commands(
    file: Path, address: Address, server: cluster.Database, run: Run, tmp_path: Path
) -> None:
    url = server.url(schema=address.schema)
    run("push", url, "-p", file)
    again = run("push", url, "-p", file, code=1).stderr
    assert "is not empty" in again and "nothing was written" in again
    run("source", "add", "wire", "--publisher", "The Wire", "-p", url)
    assert "sound" in run("check", "-p", url).stderr
    run("pull", url, "-o", tmp_path / "back.gpkg")
    assert "wire" in run("source", "list", "-p", tmp_path / "back.gpkg").stdout
    assert "exists already" in run("pull", url, "-o", file, code=1).stderr


def test_a_failed_push_leaves_nothing(file: Path, address: Address) -> None:
    with Project.open(file) as project:
        project.database.execute("UPDATE sources SET publisher = 'A' || char(0) || 'B'")
        with pytest.raises(StoreError, match="nothing was written"):
            push(project, address)
        project.database.execute("UPDATE sources SET publisher = 'AB'")
        push(project, address)


def test_several_projects_share_a_database(
    file: Path, pushed: Address, server: cluster.Database
) -> None:
    other = Address.parse(server.url(schema=f"{pushed.schema}_b"))
    try:
        with Project.open(file) as project:
            push(project, other)
        with Project.open(other) as second, Project.open(pushed) as first:
            second.retract(1, "only here")
            assert first.change(1).retracted_at is None
    finally:
        server.run(f"SET client_min_messages = error; DROP SCHEMA {other.schema} CASCADE")


def test_what_is_not_there_is_named(address: Address, server: cluster.Database) -> None:
    with pytest.raises(StoreError, match="no such project"):
        Project.open(address)
    with pytest.raises(StoreError, match='database "none" does not exist'):
        Project.open(server.url("none"))


def test_what_needs_a_file_says_so(pushed: Address) -> None:
    with Project.open(pushed) as project, pytest.raises(StoreError, match="frontmap pull"):
        assert project.path
    with pytest.raises(StoreError, match="frontmap pull"):
        archive_reader((), pushed)


def test_a_site_is_built_by_several_processes(pushed: Address, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    run("site", "2024-12-01", "2024-12-03", "-o", folder, "--workers", "2", "-p", pushed)
    (copied,) = folder.rglob("project.gpkg")
    with Project.open(copied) as copy:
        assert findings(copy) == []
    assert "2024-12-03" in (folder / "index.html").read_text(encoding="utf-8")


# The schema


def test_the_tables_are_those_declared(pushed: Address) -> None:
    """Alembic finds nothing to do; columns are as SQLite's are."""
    with postgis.setting_up(pushed) as (_, link):
        tables = {*postgis.metadata().tables}
        own_indices = {"place_names_key", "change_sources_base", "claims_report"}
        context = MigrationContext.configure(
            link,
            opts={
                "include_name": lambda name, kind, _: (
                    name in tables if kind == "table" else name not in own_indices
                ),
                "compare_server_default": True,
            },
        )
        assert alembic.autogenerate.compare_metadata(context, postgis.metadata()) == []
        listed = sa.inspect(link)
        for table in schema.TABLES:
            columns = {column["name"]: column for column in listed.get_columns(table.name)}
            assert [*columns][2 if table.geometry else 1 :] == [c.name for c in table.columns]
            for column in table.columns:
                assert columns[column.name]["nullable"] == ("NOT NULL" not in column.sql)
                assert columns[column.name]["comment"] == column.meaning


def test_an_older_project_is_brought_up_once(pushed: Address, tmp_path: Path) -> None:
    (tmp_path / "four.py").write_text('revision, down_revision = "4", None\n')
    (tmp_path / "five.py").write_text(
        "from alembic import op\n"
        'revision, down_revision = "5", "4"\n'
        "def upgrade():\n"
        "    op.execute(\"ALTER TABLE actors ADD COLUMN motto text DEFAULT 'none'\")\n"
    )
    for _ in range(2):
        with postgis.setting_up(pushed) as (_, link):
            postgis.upgrade(link, tmp_path)
    with Project.open(pushed) as project:
        assert project.database.all("SELECT DISTINCT motto FROM actors")[0][0] == "none"
        assert project.database.all("SELECT version_num FROM alembic_version")[0][0] == "5"
        project.database.execute("UPDATE frontmap_schema SET version = 99, written_by = 'later'")
    with pytest.raises(StoreError, match=r"was written by later \(schema 99\)"):
        Project.open(pushed)


# What was recorded


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE control_changes SET note = 'other' WHERE fid = 1",
        "UPDATE control_changes SET geom = ST_Translate(geom, 1e-9, 0) WHERE fid = 1",
        "UPDATE control_changes SET retraction_reason = 'other' WHERE fid = 3",
        "UPDATE control_changes SET retracted_at = NULL WHERE fid = 3",
        "DELETE FROM control_changes",
        "TRUNCATE control_changes CASCADE",
        "DELETE FROM change_sources",
        "UPDATE change_sources SET said_by = 'me'",
        "DELETE FROM reports",
    ],
)
@pytest.mark.parametrize("role", ["owner", "frontmap_editor"])
def test_what_was_recorded_stays(
    pushed: Address, server: cluster.Database, role: str, statement: str
) -> None:
    who = pushed if role == "owner" else _as(pushed, role, server)
    with Project.open(who) as project:
        before = rows_of(project)
        with pytest.raises(StoreError, match="nothing was written"):
            project.database.execute(statement)
        assert rows_of(project) == before


def test_a_reader_reads_and_cannot_write(pushed: Address, server: cluster.Database) -> None:
    with Project.open(_as(pushed, "frontmap_reader", server)) as project:
        before = rows_of(project)
        assert project.control_map("2024-12-04").areas
        for write in (
            lambda: project.add_changes([CHANGE]),
            lambda: project.retract(1, "no"),
            lambda: project.add_aliases("army", ["x"]),
            lambda: project.database.clear("control"),
        ):
            with pytest.raises(StoreError, match="your login may not"):
                write()
        assert rows_of(project) == before


def test_an_editor_does_all_that_a_desk_does(pushed: Address, server: cluster.Database) -> None:
    with Project.open(_as(pushed, "frontmap_editor", server)) as project:
        (new,) = project.add_changes([CHANGE])
        project.retract(new, "a mistake")
        project.add_aliases("army", ["the troops"])
        project.add_footprints({"test:alton": CHANGE.polygon})
        project.add_footprints({"test:alton": CHANGE.polygon}, "again")
        project.save_import_profile("desk", "changes", {"a": 1})
        with project.recording():
            project.add_changes([replace(CHANGE, editor="ed")])
        assert findings(project) == []


def test_two_cannot_retract_one_change(pushed: Address) -> None:
    with Project.open(pushed) as one, Project.open(pushed) as other:
        row = other.change(1)
        one.retract(1, "first")
        assert row.retracted_at is None
        with pytest.raises((InputError, StoreError), match="retracted"):
            other.add_changes([CHANGE], retracting={1: "second"})
        assert other.change(1).retraction_reason == "first"
        assert len(other.changes()) == 30


# Several at once

WRITER = """
import sys
from dataclasses import replace
from frontmap.data.store import Project
from samples import made_up

url, writer = sys.argv[1:]
for change in made_up(6, seed=int(writer)):
    with Project.open(url) as project:
        print(*project.add_changes([replace(change, editor=writer)]), flush=True)
        project.add_aliases("army", [f"{change.note} of {writer}"])
"""


@pytest.mark.slow
def test_eight_that_give_commands_at_once_lose_nothing(
    pushed: Address, server: cluster.Database
) -> None:
    url = server.url(schema=pushed.schema)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, str(writer)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent,
        )
        for writer in range(8)
    ]
    told = [int(line) for process in processes for line in process.communicate()[0].split()]
    assert [process.returncode for process in processes] == [0] * 8
    assert sorted(told) == list(range(31, 79))
    with Project.open(pushed) as project:
        assert findings(project) == []
        written = [change for change in project.changes() if change.id > 30]
        assert len(project.actors()["army"].aliases) == 48
    for writer in range(8):
        notes = [change.note for change in written if change.editor == str(writer)]
        assert notes == [f"number {number}" for number in range(6)]


def test_another_writer_is_waited_for_and_then_named(
    pushed: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgis, "LOCK_TIMEOUT_S", 1)
    with Project.open(pushed) as one, Project.open(pushed) as other:
        with one.database.writing(), pytest.raises(StoreError, match=r"others \(waited 1 s\)"):
            other.add_changes([CHANGE])
        assert len(other.add_changes([CHANGE])) == 1


# Secrets


@contextmanager
def _asking_for_passwords(server: cluster.Database) -> Iterator[None]:
    """Have the server ask one login for its password."""
    path = server.folder / "data" / "pg_hba.conf"
    before = path.read_text()
    server.run("CREATE ROLE keeper LOGIN SUPERUSER PASSWORD 's3cret/äö'")
    path.write_text("local all keeper scram-sha-256\n" + before)
    server.run("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        path.write_text(before)
        server.run("SELECT pg_reload_conf()")
        server.run("DROP OWNED BY keeper CASCADE; DROP ROLE keeper")


def test_passwords_come_from_libpq_and_are_never_shown(
    file: Path,
    address: Address,
    server: cluster.Database,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bare = server.url(user="keeper", schema=address.schema)
    full = bare.replace("keeper@", "keeper:s3cret%2F%C3%A4%C3%B6@")
    wrong = bare.replace("keeper@", "keeper:wr0ng@")
    said: list[Any] = []
    with _asking_for_passwords(server):
        said.append(run("push", full, "-p", file))
        said.append(run("check", "-p", full))
        said.append(run("push", full, "-p", full, code=1))
        said.append(run("map", "2024-12-04", "-o", tmp_path / "map.html", "-p", full))
        said.append(run("check", "-p", wrong, code=1))
        assert "password authentication failed" in said[-1].stderr
        assert "password" in run("check", "-p", bare, code=1).stderr
        monkeypatch.setenv("PGPASSWORD", "s3cret/äö")
        run("check", "-p", bare)
        monkeypatch.delenv("PGPASSWORD")
        kept = tmp_path / ".pgpass"
        kept.write_text("*:*:*:keeper:s3cret/äö\n", encoding="utf-8")
        kept.chmod(0o600)
        monkeypatch.setenv("PGPASSFILE", str(kept))
        run("check", "-p", bare)
    said.append(run("check", "-p", "postgresql://u:s3cret@[/x", code=2))
    said.append(run("check", "-p", "postgresql://u:s3cret@h:port/x?y", code=1))
    for result in said:
        assert "s3cret" not in result.output + result.stderr
        assert "wr0ng" not in result.output + result.stderr
    assert b"s3cret" not in (tmp_path / "map.html").read_bytes()


words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=12)


@given(words, words)
def test_an_address_says_all_but_its_secrets(user: str, secret: str) -> None:
    from urllib.parse import quote

    secret = f"≈{secret}≈"
    hidden = quote(secret, safe="")
    at = f"{quote(user, safe='')}:{hidden}@desk.example:5433"
    url = f"postgresql://{at}/news?sslmode=require&password={hidden}&schema=syria"
    address = Address.parse(url)
    shown = (
        f"postgresql://{quote(user, safe='')}@desk.example:5433/news?sslmode=require&schema=syria"
    )
    assert str(address) == shown
    assert hidden not in repr(address) and secret not in repr(address)
    known = psycopg.conninfo.conninfo_to_dict(address.url)
    assert known["password"] == secret and known["user"] == user


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("postgresql://host", "names no database"),
        ("mysql://host/x", "not the URL of a database"),
        ("postgresql://host/x?schema=a;b", "a schema is"),
        ("postgresql://host/x?schema=pg_toast", "a schema is"),
    ],
)
def test_an_address_is_checked(url: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        Address.parse(url)


def test_a_file_needs_none_of_the_servers_libraries(file: Path) -> None:
    script = (
        "import sys; from frontmap.data.store import Project\n"
        "with Project.open(sys.argv[1]) as project: project.changes()\n"
        "print({'psycopg', 'sqlalchemy', 'alembic', 'geoalchemy2'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    assert done.stdout == "set()\n"


def test_a_project_travels_to_workers_as_a_copy(pushed: Address) -> None:
    with Project.open(pushed) as project:
        sent = pickle.dumps(Portable(project))
        with pickle.loads(sent).open() as copy:
            assert copy.changes() == project.changes() and copy.places() == project.places()
            assert (copy.location.stem, copy.location.suffix) == (pushed.stem, ".gpkg")
    assert pushed.url.encode() not in sent
