"""A PostGIS of one's own, for as long as benchmarks or tests run: a cluster in a temporary folder.

Debian's postgresql-15 and postgresql-15-postgis-3 have all it takes. It listens on a socket in its
folder alone, and as root it runs as the user postgres, since PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

__all__ = ["Database", "missing", "started", "version"]

_DONE = "-- done --"


class Database:
    """A running cluster; `folder` is one that it may read and write.

    A client stays connected to each database asked, so that what a statement takes is without the
    client's start.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        """Made by `started`."""
        self.programs, self.folder = programs, folder
        self._clients = dict[str, subprocess.Popen[str]]()

    def url(self, database: str = "postgres", user: str = "postgres", **query: str) -> str:
        """Return the URL of a database here."""
        return f"postgresql://{user}@/{database}?{urlencode({'host': self.folder, **query})}"

    def run(self, sql: str, database: str = "postgres") -> str:
        """Run statements and return what they print; RuntimeError if one fails, which it tells."""
        client = self._client(database)
        assert client.stdin and client.stdout
        client.stdin.write(f"{sql};\n\\echo {_DONE}\n")
        client.stdin.flush()
        printed = list[str]()
        while (line := client.stdout.readline()) != f"{_DONE}\n":
            if not line:
                del self._clients[database]
                raise RuntimeError(f"PostGIS could not run: {sql}")
            printed.append(line)
        return "".join(printed)

    def _client(self, database: str) -> subprocess.Popen[str]:
        if database not in self._clients:
            quiet = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres"]
            self._clients[database] = subprocess.Popen(
                [_program(self.programs, "psql"), *quiet, "-d", database, "-h", str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                user=_user(),
                cwd="/",
            )
        return self._clients[database]

    def close(self) -> None:
        """End the clients."""
        for client in self._clients.values():
            client.communicate()

    def copy_in(self, table: str, lines: list[str]) -> None:
        """Fill a table from lines of tab-separated text."""
        path = self.folder / f"{table}.txt"
        path.write_text("\n".join(lines) + "\n", encoding="ascii")
        path.chmod(0o644)
        self.run(f"COPY {table} FROM '{path}'")


def missing() -> str | None:
    """Say what is missing to start PostGIS, None if nothing is."""
    programs = _programs()
    if programs is None:
        return "no PostgreSQL"
    share = _run(programs, "pg_config", "--sharedir").strip()
    return None if Path(share, "extension", "postgis.control").exists() else "no PostGIS"


def version() -> str | None:
    """Return the version of PostGIS that would be started, None if there is none."""
    programs = _programs()
    if programs is None or missing():
        return None
    share = _run(programs, "pg_config", "--sharedir").strip()
    told = Path(share, "extension", "postgis.control").read_text(encoding="utf-8")
    found = re.search(r"default_version = '(.+)'", told)
    return found[1] if found else None


@contextmanager
def started() -> Iterator[Database]:
    """Start a cluster with PostGIS, and stop and remove it in the end."""
    programs = _programs()
    if programs is None:
        raise FileNotFoundError("initdb")
    folder = Path(tempfile.mkdtemp(prefix="frontmap-postgis-"))
    try:
        if user := _user():
            shutil.chown(folder, user)
        data = str(folder / "data")
        _run(
            programs,
            "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        )
        settings = (
            f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c jit=off"
        )
        control = ["pg_ctl", "-D", data, "-w", "-s", "-l", str(folder / "log")]
        _run(programs, *control, "-o", settings, "start")
        try:
            database = Database(programs, folder)
            try:
                database.run("CREATE EXTENSION postgis")
                yield database
            finally:
                database.close()
        finally:
            _run(programs, *control, "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    newest = found[-1] if found else Path(on_path) if on_path else None
    return newest.parent if newest else None


def _user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _program(programs: Path, name: str) -> str:
    path = programs / name
    return str(path) if path.exists() else name


def _run(programs: Path, program: str, *arguments: str) -> str:
    made = subprocess.run(
        [_program(programs, program), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        user=_user(),
        cwd="/",
    )
    return made.stdout
