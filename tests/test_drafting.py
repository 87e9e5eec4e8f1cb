"""What is asked for becomes a record, or every reason why not is given and nothing is written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from samples import polygon_file

from frontmap.data.drafting import Draft, add_drafts
from frontmap.data.store import Project
from frontmap.geo.distance import nearest
from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import area_km2
from frontmap.geo.records import Attribution, Certainty, Change, Method, Status

SOURCE = (Attribution("gazette", "SOHR"),)
DRAFT = Draft("army", "2024-12-01", "reported", SOURCE, place="Alton")


def added(project: Project, *drafts: Draft) -> list[Change]:
    ids, _ = add_drafts(project, drafts)
    return [project.change(change_id) for change_id in ids]


def refused(project: Project, *drafts: Draft) -> str:
    """Return the problems, one a line, and see to it that nothing was written."""
    before = project.path.read_bytes()
    with pytest.raises(InputError) as caught:
        add_drafts(project, drafts)
    assert project.path.read_bytes() == before
    return str(caught.value)


def test_a_cell_is_the_ground_nearest_to_its_place(project: Project) -> None:
    (change,) = added(project, DRAFT)
    assert (change.method, change.place) == (Method.CELL, "test:alton")
    assert change.parameters == {"reach_km": 60.0, "places": 4}
    west, south, east, north = change.polygon.bounds
    assert (west, south) == pytest.approx((36, 34), abs=1e-6)
    assert (east, north) == pytest.approx((36.5, 34.5), abs=1e-2)


def test_a_cell_ends_at_its_reach(project: Project) -> None:
    (change,) = added(project, replace(DRAFT, reach_km=5))
    assert area_km2(change.polygon) == pytest.approx(78.5, rel=0.01)


def test_cells_of_different_reach_fit_together(project: Project) -> None:
    added(project, DRAFT, replace(DRAFT, actor="rebels", place="Belford", reach_km=40))
    assert {area.status for area in project.control_map("2024-12-01").areas} == {
        Status.CONTROLLED,
        None,
    }


def test_an_area_is_found_by_name_code_or_as_the_theatre(project: Project) -> None:
    rows = added(project, *[replace(DRAFT, place="", area=a) for a in ("east", "XX-W", "theatre")])
    assert [row.parameters["area"] for row in rows] == ["XX-E", "XX-W", "theatre"]
    assert rows[2].polygon.equals(project.theatre.polygon)


def test_a_drawn_polygon_is_kept_as_it_is(project: Project, tmp_path: Path) -> None:
    ring = [(35.9, 34.1), (36.4, 34.1), (36.4, 34.3), (35.9, 34.1)]
    path = polygon_file(tmp_path / "line.geojson", ring)
    ids, notes = add_drafts(project, [replace(DRAFT, place="", polygon=path)])
    assert set(project.change(ids[0]).polygon.geoms[0].exterior.coords) == set(ring)
    assert "line.geojson lies partly outside the theatre" in notes[0]


def test_a_standoff_stops_exactly_short_of_its_place(project: Project) -> None:
    held = replace(DRAFT, actor="rebels", place="Carden", reach_km=20)
    toward = replace(
        DRAFT, actor="rebels", on="2024-12-02", place="", toward="Alton", within_km=5.0
    )
    _, change = added(project, toward, held)  # the order of drafts does not matter
    assert change.method is Method.STANDOFF
    assert nearest(36.2, 34.2, change.polygon).distance_m == pytest.approx(5000, abs=1)
    ground = project.control_map("2024-12-02").ground_of("rebels")
    assert len(ground.geoms) == 1
    assert nearest(36.2, 34.2, ground).distance_m == pytest.approx(5000, abs=1)


def test_a_place_found_by_a_similar_name_is_said(project: Project) -> None:
    _, notes = add_drafts(project, [replace(DRAFT, place="Belfrod"), DRAFT])
    assert len(notes) == 1
    assert notes[0].startswith("took Belford (East, XX; 34.200 N 36.800 E; test:belford)")


def test_a_url_becomes_a_source_once(project: Project) -> None:
    url = (Attribution("https://www.example.net/a?b=1", "SOHR"),)
    first, second = added(project, replace(DRAFT, sources=url), replace(DRAFT, sources=url))
    assert first.sources == second.sources
    source = project.sources()[first.sources[0].source]
    assert (source.publisher, source.url) == ("example.net", "https://www.example.net/a?b=1")
    again = added(project, replace(DRAFT, sources=url))
    assert again[0].sources == first.sources


def test_names_are_read_leniently_and_values_kept(project: Project) -> None:
    draft = replace(
        DRAFT,
        actor="The Army",
        status="Contested",
        contested_by="REBELS",
        certainty="Confirmed",
        until="2024-12-05",
        note="n",
        editor="e",
    )
    (change,) = added(project, draft)
    assert (change.actor, change.contested_by) == ("army", "rebels")
    assert (change.status, change.certainty) == (Status.CONTESTED, Certainty.CONFIRMED)
    assert (change.note, change.editor, change.sources) == ("n", "e", SOURCE)


def test_nobody_knows_can_be_recorded(project: Project) -> None:
    assert added(project, replace(DRAFT, actor="none"))[0].actor is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"actor": "amry"}, "no actor 'amry'; did you mean army?"),
        ({"on": "03/04/2024"}, "could be read in two ways: write it as YYYY-MM-DD"),
        ({"on": "2024-02-30"}, "'2024-02-30' does not exist in the calendar"),
        ({"on": "yesterday"}, "'yesterday' is not a date"),
        ({"on": "2999-01-01"}, "in the future (--allow-future records it all the same)"),
        ({"until": "2024-12-01"}, "it ends (2024-12-01) no later than it begins"),
        ({"status": "lost"}, "status 'lost' is none of controlled, contested, besieged"),
        ({"certainty": "likely"}, "certainty 'likely' is none of claimed, reported, confirmed"),
        ({"status": "contested"}, "needs its contester (--contested-by)"),
        ({"contested_by": "rebels"}, "has the status contested or besieged"),
        ({"status": "contested", "contested_by": "army"}, "are of one side (government)"),
        ({"sources": ()}, "it has no source"),
        ({"sources": (Attribution("gazete"),)}, "no source 'gazete'; did you mean gazette?"),
        ({"sources": (Attribution("javascript:alert(1)"),)}, "no source 'javascript:alert(1)'"),
        ({"place": ""}, "give exactly one of --place, --polygon, --area, --toward (found none)"),
        ({"area": "East"}, "(found --place and --area)"),
        ({"place": "Xanadu"}, "no place 'Xanadu'"),
        ({"place": "", "area": "Eats"}, "no area 'Eats'; did you mean East"),
        ({"reach_km": -1.0}, "reach of -1.0 km leaves no ground"),
        ({"place": "", "toward": "Alton"}, "say how near to Alton it comes (--within 5km)"),
        ({"place": "", "toward": "Alton", "within_km": 5.0}, "holds nothing"),
    ],
)
def test_bad_input_is_refused(project: Project, wrong: dict[str, object], message: str) -> None:
    assert message in refused(project, replace(DRAFT, **wrong))  # type: ignore[arg-type]


def test_every_problem_of_every_draft_is_told_at_once(project: Project) -> None:
    bad = replace(DRAFT, actor="x", on="2024-13-01", certainty="y", place="z", origin="row 7")
    problems = refused(project, DRAFT, bad, replace(DRAFT, until="soon", origin="row 9"))
    assert [line[:5] for line in problems.splitlines()] == ["row 9"] + ["row 7"] * 4


OUTSIDE = [(10, 10), (11, 10), (11, 11), (10, 10)]


@pytest.mark.parametrize(
    ("ring", "message"),
    [
        ([(36, 34), (36.5, 34.5), (36.5, 34), (36, 34.5), (36, 34)], "crosses itself"),
        ([(36, 34), (36.5, 34), (36.5, 34.5)], "3 positions"),
        ([(36, 34), (36.5, 34), (36.5, 34.5), (36, 34.5)], "is not closed"),
        ([(34, 36), (34, 36.5), (34.5, 36.5), (34, 36)], "swap"),
        (OUTSIDE, "outside the theatre"),
        ([(236, 34), (236.5, 34), (236.5, 34.5), (236, 34)], "out of range"),
        ([(730000, 3850000), (740000, 3850000), (740000, 3860000), (730000, 3850000)], "metres"),
        ([(36, 34), (36, 34), (36, 34), (36, 34)], "collapse"),
    ],
)
def test_bad_polygons_are_refused(
    project: Project, tmp_path: Path, ring: list[tuple[float, float]], message: str
) -> None:
    path = polygon_file(tmp_path / "line.geojson", ring)
    problems = refused(project, replace(DRAFT, place="", polygon=path))
    assert "line.geojson" in problems
    assert message in problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("{", "no JSON"),
        (json.dumps({"type": "Polygon", "coordinates": []}), "empty"),
        (json.dumps({"type": "Point", "coordinates": [36, 34]}), "Point"),
        (json.dumps({"type": "Feature", "properties": {}, "geometry": None}), "no geometry"),
        (json.dumps([1, 2]), "GeoJSON"),
    ],
)
def test_bad_files_are_refused(project: Project, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "line.geojson"
    path.write_text(text)
    problems = refused(project, replace(DRAFT, place="", polygon=path))
    assert "line.geojson" in problems
    assert message in problems


def test_a_missing_file_is_named(project: Project, tmp_path: Path) -> None:
    problems = refused(project, replace(DRAFT, place="", polygon=tmp_path / "none.geojson"))
    assert "none.geojson: cannot be read: No such file" in problems
