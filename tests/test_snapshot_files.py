"""Files of a whole ground a day become changes, from which each day's ground comes back."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
import shapely
from foreign import write_layer
from fronts import daily_files
from samples import Run
from shapely import MultiPolygon, box

from frontmap.data.checking import findings
from frontmap.data.store import Project
from frontmap.geo.records import Actor

GROUNDS = [box(36, 34, 36.4, 34.9), box(36, 34, 36.5, 34.9), box(36, 34, 36.45, 34.9)]
NAMED = ("--as", "snapshot", "--date-from-name", "front_%Y%m%d", "--actor", "army")
SAID = ("--set", "certainty=reported", "--set", "source=gazette")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [
        write_layer(tmp_path / f"front_2024120{day}.geojson", [{}], [ground])
        for day, ground in enumerate(GROUNDS, 1)
    ]


def ground_on(path: Path, day: int) -> MultiPolygon:
    with Project.open(path) as project:
        return project.control_map(date(2024, 12, day)).ground_of("army")


def test_a_file_a_day_becomes_what_changed(project: Project, run: Run, files: list[Path]) -> None:
    project.close()
    where = ("-p", project.path)
    planned = run("import", *files, *NAMED, *SAID, "--against", "rebels", "--dry-run", *where)
    assert "4 changes would be added" in planned.stderr
    result = run("import", *files, *NAMED, *SAID, "--against", "rebels", *where)
    assert "4 changes added" in result.stderr
    with Project.open(project.path) as after:
        assert [(c.valid_from.day, c.actor) for c in after.changes()] == [
            *((1, "army"), (1, "rebels"), (2, "army"), (3, "rebels")),
        ]
        assert findings(after) == []
    for day, ground in enumerate(GROUNDS, 1):
        assert ground_on(project.path, day).symmetric_difference(ground).area < 1e-7
    again = run("import", *files[1:], *NAMED, *SAID, "--against", "rebels", *where)
    assert "0 changes added" in again.stderr and "2 days are there already" in again.stderr


def test_a_day_that_differs_waits_for_replace(
    project: Project, run: Run, files: list[Path], tmp_path: Path
) -> None:
    project.close()
    where = ("-p", project.path)
    run("import", *files, *NAMED, *SAID, *where)
    other = write_layer(files[1], [{}], [box(36, 34, 36.6, 34.9)])
    refused = run("import", other, *NAMED, *SAID, *where, code=1)
    assert "shows another outline" in refused.stderr and "--replace" in refused.stderr
    run("import", other, *NAMED, *SAID, *where, "--replace")
    assert ground_on(project.path, 2).symmetric_difference(box(36, 34, 36.6, 34.9)).area < 1e-7
    assert ground_on(project.path, 3).symmetric_difference(GROUNDS[2]).area < 1e-7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as", "snapshot", "--actor", "army", *SAID), "nothing says on (the day)"),
        ((*NAMED[:3], "day%d", *NAMED[4:], *SAID), "does not tell the day as day%d would"),
        ((*NAMED[:5], "armee", *SAID), "no actor 'armee'"),
        ((*NAMED, *SAID, "--against", "nobody"), "no actor 'nobody'"),
        ((*NAMED, "--set", "certainty=reported", "--set", "source=herald"), "'herald'"),
        (("--as", "snapshot", "--actor", "army", "--date", "2024-12-01", *SAID), "one snapshot"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_written(
    project: Project, run: Run, files: list[Path], arguments: tuple[str, ...], said: str
) -> None:
    project.close()
    refused = run("import", *files, *arguments, "-p", project.path, code=1)
    assert said in refused.stderr
    with Project.open(project.path) as after:
        assert after.changes() == []


@pytest.mark.slow
def test_every_real_day_comes_back(run: Run, tmp_path: Path) -> None:
    """353 daily polygons of the front in Ukraine, whose owner lets nobody pass them on."""
    folder = os.environ.get("FRONTMAP_DEEPSTATE", "")
    files = sorted(Path(folder).glob("deepstatemap_data_*.geojson")) if folder else []
    if not files:
        pytest.skip("FRONTMAP_DEEPSTATE names no folder of daily GeoJSON files")
    path = tmp_path / "ukraine.gpkg"
    # The ground reaches beyond the border as the basemap has it: the theatre is all there is.
    extent = write_layer(tmp_path / "extent.geojson", [{}], [box(20, 43, 42, 54)])
    run("init", path, "--country", "UA", "--extent", extent)
    with Project.open(path) as project:
        project.add_actor(Actor("russia", "Russia", "Russia", "russia", "#e42536"))
        project.add_actor(Actor("ukraine", "Ukraine", "Ukraine", "ukraine", "#5790fc"))
    profile = ("--profile", "deepstate", "--actor", "russia", "--against", "ukraine")
    run("import", *files, *profile, "-p", path)
    with Project.open(path) as project:
        theatre = project.theatre.polygon
        for file, given in zip(files, daily_files(Path(folder)), strict=True):
            day = date.fromisoformat(file.stem[-8:])
            found = project.control_map(day).ground_of("russia")
            expected = shapely.intersection(shapely.make_valid(given), theatre)
            off = shapely.symmetric_difference(found, expected).area / expected.area
            assert off <= 1e-6, (day, off)
