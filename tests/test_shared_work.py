"""Distances and sites that workers make: those of one process, whoever is lost on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import distributed
import pytest
from samples import PLACES, Run, made_up, make_project

from frontmap.data import writers
from frontmap.data.cluster import HERE, Workers, spread
from frontmap.data.distances import Asked, measure_days
from frontmap.data.portable import Portable
from frontmap.data.store import Project
from frontmap.geo.distance import Distance, NoDistance
from frontmap.geo.errors import UnknownNameError
from frontmap.maps.site import Outside, Site, build

ASKED = Asked(date(2024, 11, 20), date(2026, 1, 10), from_="rebels")


@pytest.fixture(scope="module")
def cluster() -> Iterator[distributed.LocalCluster]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as own:
        yield own


@pytest.fixture(scope="module")
def workers(cluster: distributed.LocalCluster) -> Workers:
    return Workers(scheduler=cluster.scheduler_address)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Return two projects whose changes are spread over some two years."""
    made = []
    for number in (1, 2):
        with make_project(tmp_path / f"{number}.gpkg") as project:
            project.add_changes(
                [
                    replace(change, valid_from=date(2024, 12, 1) + timedelta(days=9 * n))
                    for n, change in enumerate(made_up(60, seed=number))
                ]
            )
            made.append(project.path)
    return made


def measured(
    paths: list[Path],
    workers: Workers,
    asked: Asked = ASKED,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> list[list[Distance | NoDistance]]:
    with ExitStack() as opened:
        projects = [opened.enter_context(Project.open(path)) for path in paths]
        targets = [(project, PLACES) for project in projects]
        return measure_days(targets, asked, workers=workers, told=told)


def test_distances_are_those_of_one_process(paths: list[Path], workers: Workers) -> None:
    alone = measured(paths, HERE)
    assert measured(paths, workers) == alone
    last = [[row for row in rows if row.on == ASKED.last] for rows in alone]
    assert last == measured(paths, HERE, replace(ASKED, first=ASKED.last))


def test_many_projects_are_shared_whole(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("frontmap.data.cluster.SMALL_JOB_S", 0.0)
    assert measured(4 * paths, Workers(2)) == 4 * measured(paths, HERE)


def test_a_worker_that_is_killed_loses_no_distance(
    paths: list[Path], cluster: distributed.LocalCluster, workers: Workers
) -> None:
    alone = measured(paths, HERE)
    victims = [nanny.pid for nanny in cluster.workers.values()][:1]
    at = list[int]()

    def told(done: int, of: int) -> None:
        at.append(of - done)
        while victims:
            os.kill(victims.pop(), signal.SIGKILL)

    assert measured(paths, workers, told=told) == alone
    assert at == [5, 4, 3, 2, 1, 0]  # killed with five theatre-years to go


def test_an_error_of_a_worker_is_that_of_one_process(paths: list[Path], workers: Workers) -> None:
    said = []
    for where in (HERE, workers):
        with pytest.raises(UnknownNameError) as raised:
            measured(paths, where, replace(ASKED, from_="rebbels"))
        said.append(str(raised.value))
    assert said[0] == said[1]


def test_commands_print_the_same(paths: list[Path], workers: Workers, run: Run) -> None:
    asked = ["distance", "Alton", "--from", "rebels", "--since", "2024-12-20", "--until"]
    asked += ["2025-02-01", "--json", "-p", str(paths[0]), "-p", str(paths[1])]
    alone = run(*asked)
    assert alone.exit_code == 0, alone.stderr
    assert alone.stdout.count('"project"') == 2 * 44
    assert run(*asked, "--scheduler", workers.scheduler).stdout == alone.stdout


def test_a_site_is_that_of_one_process(paths: list[Path], workers: Workers, tmp_path: Path) -> None:
    site = Site(date(2024, 12, 9), date(2024, 12, 11), distance_to=("Alton",))
    folders = {}
    for name, where in (("alone", HERE), ("shared", workers)):
        with Project.open(paths[0]) as project:
            outside = Outside(
                Portable(project).open,
                writers.day_data,
                writers.series_data,
                writers.write_bytes,
            )
            build(site, tmp_path / name, outside, partial(spread, workers=where))
        folder = tmp_path / name
        folders[name] = {
            str(file.relative_to(folder)): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file()
        }
    assert len(folders["alone"]) > 10
    assert folders["shared"] == folders["alone"]
