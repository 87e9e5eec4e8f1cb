"""What several tests share: a small made-up project, and the shipped one of Syria."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import geopackage_rules
import postgis
import pytest
from browsing import browser, visit
from click.testing import CliRunner, Result
from samples import Run, make_project

from frontmap.cli import main
from frontmap.data import seeding
from frontmap.data.database import Address
from frontmap.data.desk import push
from frontmap.data.store import Project, is_project

__all__ = ["browser", "visit"]  # fixtures of browsing.py


#: Modules whose tests of a project hold for one in a file and for one on a server alike.
CONTRACT = (
    *("test_actors", "test_drafting", "test_importing", "test_recording", "test_reports_store"),
    *("test_reviewing", "test_snapshots", "test_store"),
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have the tests of the contract run on both kinds of project."""
    if (
        metafunc.module.__name__.rpartition(".")[2] in CONTRACT
        and "project" in metafunc.fixturenames
        and not metafunc.definition.get_closest_marker("geopackage")
    ):
        server = pytest.param("postgis", marks=pytest.mark.postgres)
        metafunc.parametrize("project", ["geopackage", server], indirect=True)


#: Projects that were found to be valid, by their digests.
_VALID = set[bytes]()


@pytest.fixture(autouse=True)
def keeps_the_standard(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold every project that a test leaves in its folder against the GeoPackage standard."""
    if "tmp_path" not in request.fixturenames or request.node.get_closest_marker("damages"):
        yield
        return
    folder: Path = request.getfixturevalue("tmp_path")
    yield
    for path in filter(is_project, sorted(folder.rglob("*.gpkg"))):
        digest = hashlib.sha256(path.read_bytes()).digest()
        if digest not in _VALID:
            assert geopackage_rules.violations(path) == [], path
            _VALID.add(digest)


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    """Return the small project, open: in a file, or on a server in a test of the contract."""
    with make_project(tmp_path / "testland.gpkg") as made:
        if getattr(request, "param", "geopackage") == "geopackage":
            yield made
            return
        address: Address = request.getfixturevalue("address")
        push(made, address)
    with Project.open(address) as pushed:
        yield pushed


@pytest.fixture(scope="session")
def server() -> Iterator[postgis.Database]:
    """Start PostgreSQL with PostGIS once; a missing one fails where it is required."""
    if without := postgis.missing():
        if os.environ.get("FRONTMAP_REQUIRE_POSTGIS"):
            pytest.fail(without)
        pytest.skip(without)
    with postgis.started() as server:
        yield server


@pytest.fixture
def address(server: postgis.Database) -> Iterator[Address]:
    """Return the address of a schema that does not exist yet."""
    name = f"test_{uuid4().hex[:12]}"
    yield Address.parse(server.url(schema=name))
    server.run(f"SET client_min_messages = error; DROP SCHEMA IF EXISTS {name} CASCADE")


@pytest.fixture(scope="session")
def syria_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the shipped project of Syria once."""
    path = tmp_path_factory.mktemp("syria") / "syria.gpkg"
    seeding.build(seeding.read_seed(seeding.shipped("syria-2024")), path)[0].close()
    return path


@pytest.fixture
def syria(syria_built: Path, tmp_path: Path) -> Path:
    """Return a copy of the project of Syria that the test may write to."""
    return Path(shutil.copy(syria_built, tmp_path / "syria.gpkg"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a frontmap command in this process."""
    monkeypatch.delenv("FRONTMAP_PROJECT", raising=False)

    def run(*args: str | Path, code: int = 0, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(main, [str(arg) for arg in args], input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run
