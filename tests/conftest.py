"""What several tests share: a small made-up project, and the shipped one of Syria."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser, visit
from click.testing import CliRunner, Result
from samples import Run, make_project

from frontmap.cli import main
from frontmap.data import seeding
from frontmap.data.store import Project

__all__ = ["browser", "visit"]  # fixtures of browsing.py


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Return the small project, open."""
    with make_project(tmp_path / "testland.gpkg") as project:
        yield project


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
