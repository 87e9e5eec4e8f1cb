"""A project for several people: copied from a file to a server, and back.

Both ways every row keeps its key and its values, so that maps of both are the same byte for byte.
"""

from __future__ import annotations

from pathlib import Path

from frontmap.data import postgis, schema
from frontmap.data.database import Address, copy_rows
from frontmap.data.store import Project, written_by

__all__ = ["EDITOR", "READER", "pull", "push"]

READER, EDITOR = "frontmap_reader", "frontmap_editor"

#: What an editor may do besides reading and adding rows; the triggers keep what was recorded.
_EDITORS_RIGHTS = (
    "UPDATE (retracted_at, retraction_reason) ON control_changes",
    "UPDATE (aliases) ON actors",
    "UPDATE ON claims",
    "UPDATE ON frontmap_state",
    "DELETE ON control",
    "DELETE ON footprints",
    "DELETE ON import_profiles",
)


def push(project: Project, address: Address, *, roles: bool = False) -> None:
    """Copy a project to a server, into a schema that is empty or does not exist yet.

    With `roles` the rights of `frontmap_reader` and `frontmap_editor` are granted, too; the roles
    are made where the server has none of that name. All or nothing. StoreError where the schema is
    not empty, PostGIS is missing, or the login may not.
    """
    with postgis.setting_up(address) as (database, link):
        postgis.create(link, database, written_by())
        copy_rows(project.database, database)
        if roles:
            _grant(database)


def pull(address: Address, path: Path) -> None:
    """Copy a project on a server into a new file; StoreError where the file exists already."""
    with Project.open(address) as project:

        def fill(copy: Project) -> None:
            with copy.database.writing():
                copy_rows(project.database, copy.database, without=[schema.THEATRE.name])
            copy.restyle()

        Project.create(path, project.theatre, fill=fill).close()


def _grant(database: postgis.PostGIS) -> None:
    name = f'"{database.address.schema}"'
    for role in (READER, EDITOR):
        if not database.all("SELECT 1 FROM pg_roles WHERE rolname = ?", [role]):
            database.execute(f"CREATE ROLE {role} NOLOGIN")
        database.execute(f"GRANT USAGE ON SCHEMA {name} TO {role}")
        database.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO {role}")
    tables = ", ".join(table.name for table in schema.TABLES)
    database.execute(f"GRANT INSERT ON {tables} TO {EDITOR}")
    database.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {name} TO {EDITOR}")
    for right in _EDITORS_RIGHTS:
        database.execute(f"GRANT {right} TO {EDITOR}")
