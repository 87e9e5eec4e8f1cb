"""`frontmap compare`: two projects of one ground as a table, JSON, CSV, a layer and a map."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import geopandas
import pytest
from browsing import Open
from foreign import write_layer
from samples import Run, make_project
from shapely import MultiPolygon, Polygon, box

from frontmap.data.store import Project
from frontmap.geo.comparison import compare
from frontmap.geo.records import Attribution, Certainty, Change, Status
from frontmap.maps.comparison import describe_comparison
from frontmap.maps.page import render_page
from frontmap.maps.spec import describe_map
from frontmap.maps.style import Look

DAY = "2024-12-05"


def _record(project: Project, actor: str, day: str, ground: Polygon) -> None:
    change = Change(
        0,
        actor,
        Status.CONTROLLED,
        Certainty.REPORTED,
        date.fromisoformat(day),
        None,
        datetime(2024, 12, 31, tzinfo=UTC),
        MultiPolygon([ground]),
        sources=(Attribution("gazette"),),
    )
    project.add_changes([change])


@pytest.fixture
def projects(tmp_path: Path) -> tuple[Path, Path]:
    """Make two projects that differ about a strip from the first day on, and about a capture."""
    paths = tmp_path / "ours.gpkg", tmp_path / "theirs.gpkg"
    for path, border in zip(paths, (36.5, 36.4), strict=True):
        with make_project(path) as project:
            _record(project, "army", "2024-12-01", box(36, 34, border, 35))
            _record(project, "rebels", "2024-12-01", box(border, 34, 37, 35))
            if path.stem == "ours":
                _record(project, "rebels", DAY, box(36.1, 34.6, 36.3, 35))
    return paths


def test_the_table_says_what_they_differ_about(run: Run, projects: tuple[Path, Path]) -> None:
    ours, theirs = map(str, projects)
    told = run("compare", theirs, "-p", ours)
    assert "5 December 2024: agreed on 82.0% of" in told.stderr
    heads, *rows = told.stdout.splitlines()
    assert heads.split() == ["about", "ours", "theirs", "km²", "share", "places"]
    assert [row.split()[:3] for row in rows] == [
        ["agreed", "rebels", "rebels"],
        ["agreed", "army", "army"],
        ["baseline", "army", "rebels"],
        ["front", "rebels", "army"],
    ]
    assert rows[-1].endswith("Carden")


def test_json_and_csv_have_the_same_rows(run: Run, projects: tuple[Path, Path]) -> None:
    ours, theirs = map(str, projects)
    rows = json.loads(run("compare", theirs, "-p", ours, "--on", DAY, "--json").stdout)
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-3)
    table = list(csv.DictReader(io.StringIO(run("compare", theirs, "-p", ours, "--csv").stdout)))
    assert [float(row["km2"]) for row in table] == [row["km2"] for row in rows]
    assert rows[-1]["places"] == ["Carden"] and table[-1]["places"] == "Carden"


def test_a_layer_has_the_ground_of_every_row(
    run: Run, projects: tuple[Path, Path], tmp_path: Path
) -> None:
    ours, theirs = map(str, projects)
    output = tmp_path / "differences.geojson"
    run("compare", theirs, "-p", ours, "-o", str(output))
    frame = geopandas.read_file(output)
    assert list(frame["about"]) == ["agreed", "agreed", "baseline", "front"]
    assert frame.union_all().area == pytest.approx(1)


def test_the_map_tells_agreed_disputed_and_baseline_apart(
    run: Run, projects: tuple[Path, Path], tmp_path: Path
) -> None:
    ours, theirs = map(str, projects)
    run("compare", theirs, "-p", ours, "-o", str(tmp_path / "map.html"))
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "ours and theirs compared" in page
    assert "On every date, ours: Army; theirs: Rebels" in page
    with Project.open(projects[0]) as project, Project.open(projects[1]) as other:
        found = compare(project.arrangement(), other.arrangement(), date.fromisoformat(DAY))
        spec = describe_comparison(project, found, ("<b>Ours</b>", "Theirs"))
    looks = [(ground.look, ground.fill.opacity) for ground in spec.grounds]
    assert {look for look, _ in looks} == {Look.ASSESSED, Look.BASELINE, Look.DISPUTED}
    assert len({opacity for _, opacity in looks}) == 3
    assert {entry.of for entry in spec.legend if entry.mark == "area"} == {
        look for look, _ in looks
    }
    assert "<b>Ours</b>: Rebels; Theirs: Army: " in spec.alt


@pytest.mark.browser
def test_the_page_has_a_switch_for_gains_only_where_it_can_have_any(
    visit: Open, projects: tuple[Path, Path]
) -> None:
    with Project.open(projects[0]) as project, Project.open(projects[1]) as other:
        day = date.fromisoformat(DAY)
        found = compare(project.arrangement(), other.arrangement(), day)
        compared = visit(render_page(describe_comparison(project, found, ("Ours", "Theirs"))))
        assert compared.page.get_by_label("Place names", exact=True).count() == 1
        assert compared.page.get_by_label("Recent gains").count() == 0
        assert compared.problems == []
        plain = visit(render_page(describe_map(project, day))).page
        assert plain.get_by_label("Recent gains").count() == 1


def test_what_cannot_be_matched_is_said(run: Run, projects: tuple[Path, Path]) -> None:
    ours, theirs = map(str, projects)
    told = run("compare", theirs, "-p", ours, "--match", "regime=army", code=1)
    assert "actor 'regime' is none of the other map's, which are army, rebels" in told.stderr
    told = run("compare", theirs, "-p", ours, "--match", "regime", code=2)
    assert "'regime' is no pair of names: write it as theirs=ours" in told.stderr
    by_side = json.loads(run("compare", theirs, "-p", ours, "--by", "side", "--json").stdout)
    assert {row["ours"] for row in by_side} == {"government", "opposition"}


def test_a_file_is_compared_as_a_project_is(
    run: Run, projects: tuple[Path, Path], tmp_path: Path
) -> None:
    ours, theirs = projects
    rows = [{"who": "army", "since": "2024-12-01"}, {"who": "rebels", "since": "2024-12-01"}]
    grounds = [box(36, 34, 36.4, 35), box(36.4, 34, 37, 35)]
    file = write_layer(tmp_path / "theirs.geojson", rows, grounds)
    mapped = ("--map", "on=since", "--set", "certainty=reported", "--set", "source=gazette")
    told = run("compare", file, "--as", "changes", *mapped, "-p", ours)
    assert told.stdout == run("compare", theirs, "-p", ours).stdout
    assert "who → actor" in told.stderr
    before = ours.read_bytes()
    snapshot = write_layer(tmp_path / "army_20241205.geojson", [{}], grounds[:1])
    held = ("--as", "snapshot", "--date-from-name", "army_%Y%m%d", "--actor", "army")
    one = run("compare", snapshot, *held, "--against", "rebels", *mapped[2:], "-p", ours, "--json")
    differing = {
        (row["ours"], row["theirs"]): row["km2"]
        for row in json.loads(one.stdout)
        if row["about"] != "agreed"
    }
    assert differing.keys() == {("army", "rebels"), ("rebels", "army")}
    refused = run("compare", file, "--as", "changes", *mapped[2:], "-p", ours, code=1)
    assert "nothing says on" in refused.stderr
    assert ours.read_bytes() == before
