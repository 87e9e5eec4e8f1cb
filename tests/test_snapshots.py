"""Snapshots of an actor's ground become dated changes, from which every snapshot comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from fronts import evolving_front
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import ACTORS
from shapely import MultiPolygon, box

from frontmap.data.snapshots import Plan, Series, Snapshot, add_snapshots, plan_snapshots
from frontmap.data.store import Project
from frontmap.geo.errors import InputError
from frontmap.geo.records import Attribution, Certainty, Source, Theatre
from frontmap.geo.snapshots import composed, difference, is_apparent

DAYS = 24
FIRST = date(2024, 7, 8)
#: Of the area of a snapshot: what may be lost on the way through changes and back.
TOLERANCE = 1e-6
SERIES = Series("army", "rebels", Certainty.REPORTED, (Attribution("gazette"),))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    theatre = Theatre("Testland", ("XX",), _multi(box(33, 45, 43, 51)), 60.0, "UTC")
    with Project.create(tmp_path / "front.gpkg", theatre) as made:
        for actor in ACTORS:
            made.add_actor(actor)
        made.add_source(Source("gazette", "The Gazette"))
        yield made


@pytest.fixture(scope="module")
def snapshots() -> list[Snapshot]:
    return [
        Snapshot(FIRST + timedelta(number), _multi(ground), f"day-{number}.geojson")
        for number, ground in enumerate(evolving_front(DAYS))
    ]


def _multi(polygon: shapely.Geometry) -> MultiPolygon:
    return MultiPolygon(list(shapely.get_parts(polygon)))


def _off(one: MultiPolygon, other: Any) -> float:
    """Return the area by which two grounds differ, as a share of the other."""
    return float(shapely.symmetric_difference(one, other).area / other.area)


def _worst(project: Project, snapshots: list[Snapshot]) -> float:
    return max(
        _off(project.control_map(each.day).ground_of("army"), each.ground) for each in snapshots
    )


def _standing(project: Project) -> list[tuple[date, str | None, str]]:
    return sorted(
        (change.valid_from, change.actor, change.parameters["part"])
        for change in project.changes()
        if change.retracted_at is None
    )


# --- differences ----------------------------------------------------------------------------------


squares = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 3), st.integers(1, 3)),
    max_size=4,
).map(
    lambda many: (
        _multi(shapely.union_all([box(x, y, x + w, y + h) for x, y, w, h in many]))
        if many
        else MultiPolygon()
    )
)


@settings(deadline=None)
@given(squares, squares)
def test_a_difference_is_that_of_an_overlay(before: MultiPolygon, after: MultiPolygon) -> None:
    gained, lost = difference(before, after)
    assert gained.is_valid and lost.is_valid
    assert shapely.symmetric_difference(gained, shapely.difference(after, before)).area < 1e-9
    assert shapely.symmetric_difference(lost, shapely.difference(before, after)).area < 1e-9


@settings(deadline=None)
@given(st.lists(squares, min_size=1, max_size=6))
def test_differences_in_any_order_compose_the_last_snapshot(grounds: list[MultiPolygon]) -> None:
    parts = [
        part
        for before, after in zip([MultiPolygon(), *grounds], grounds, strict=False)
        for part in difference(before, after)
    ]
    assert shapely.symmetric_difference(composed(parts[::-1]), grounds[-1]).area < 1e-9


def test_edges_that_cross_between_vertices_are_cut_there() -> None:
    before = _multi(shapely.Polygon([(0, 0), (3, 1), (3, 4), (0, 4)]))
    after = _multi(shapely.Polygon([(0, 1), (3, 0), (3, 4), (0, 4)]))
    gained, lost = difference(before, after)
    assert gained.area == pytest.approx(0.75) and lost.area == pytest.approx(0.75)


def test_only_what_is_broader_than_rounding_is_apparent() -> None:
    line = box(0, 0, 5e-7, 10)
    assert not is_apparent(_multi(line), MultiPolygon())
    assert is_apparent(_multi(line), _multi(box(1, 0, 1.001, 0.001)))


# --- in a project ---------------------------------------------------------------------------------


def test_every_snapshot_comes_back(project: Project, snapshots: list[Snapshot]) -> None:
    add_snapshots(project, SERIES, snapshots)
    assert _worst(project, snapshots) <= TOLERANCE
    for each in snapshots[::8]:
        control_map = project.control_map(each.day)
        rest = shapely.difference(project.theatre.polygon, each.ground)
        assert _off(control_map.ground_of("rebels"), rest) <= TOLERANCE
        assert not control_map.invalid_edges()
        assert control_map.front


def test_what_is_lost_to_nobody_is_no_data(project: Project, snapshots: list[Snapshot]) -> None:
    series = Series("army", None, Certainty.REPORTED, SERIES.sources)
    add_snapshots(project, series, snapshots)
    assert _worst(project, snapshots) <= TOLERANCE
    assert {change.actor for change in project.changes()} == {"army", None}


def test_the_same_snapshots_again_change_nothing(
    project: Project, snapshots: list[Snapshot]
) -> None:
    add_snapshots(project, SERIES, snapshots)
    before = project.changes()
    again = add_snapshots(project, SERIES, snapshots)
    assert again == Plan((), (), tuple(each.day for each in snapshots))
    assert project.changes() == before


def test_days_may_come_in_any_order(project: Project, snapshots: list[Snapshot]) -> None:
    order = [snapshots[10:14], snapshots[2:3], snapshots[:2], snapshots[14:], snapshots[3:10]]
    for some in order:
        add_snapshots(project, SERIES, some)
    assert _worst(project, snapshots) <= TOLERANCE
    come_late = _standing(project)
    retracted = [change for change in project.changes() if change.retracted_at is not None]
    assert {change.valid_from for change in retracted} == {snapshots[10].day, snapshots[2].day}
    assert all(change.retraction_reason for change in retracted)
    assert len(come_late) == len(set(come_late))
    rests = [row for row in come_late if row[2] == "rest"]
    assert rests == [(FIRST, "rebels", "rest")]


def test_another_outline_of_a_day_is_refused_unless_it_replaces(
    project: Project, snapshots: list[Snapshot]
) -> None:
    add_snapshots(project, SERIES, snapshots[:6])
    island = box(34, 45.5, 34.1, 45.6)
    corrected = Snapshot(
        snapshots[3].day, _multi(snapshots[3].ground.union(island)), "corrected.geojson"
    )
    before = project.changes()
    with pytest.raises(InputError, match=r"corrected\.geojson .* day-3\.geojson, .* --replace"):
        add_snapshots(project, SERIES, [corrected])
    assert project.changes() == before
    add_snapshots(project, SERIES, [corrected], replacing=True)
    expected = [*snapshots[:3], corrected, *snapshots[4:6]]
    assert _worst(project, expected) <= TOLERANCE


def test_a_day_without_a_change_makes_no_row(project: Project, snapshots: list[Snapshot]) -> None:
    still = Snapshot(FIRST + timedelta(100), snapshots[0].ground, "still.geojson")
    add_snapshots(project, SERIES, snapshots[:1])
    assert plan_snapshots(project, SERIES, [still]) == Plan((), (), (still.day,))


def test_two_snapshots_of_a_day_are_refused(project: Project, snapshots: list[Snapshot]) -> None:
    twice = Snapshot(FIRST, snapshots[1].ground, "twice.geojson")
    with pytest.raises(InputError, match=r"twice\.geojson is of 2024-07-08, as day-0\.geojson is"):
        add_snapshots(project, SERIES, [snapshots[0], twice])
    assert not project.changes()


def test_series_of_other_sources_stay_apart(project: Project, snapshots: list[Snapshot]) -> None:
    project.add_source(Source("herald", "The Herald"))
    add_snapshots(project, SERIES, snapshots[:2])
    other = Series("army", "rebels", Certainty.REPORTED, (Attribution("herald"),))
    plan = plan_snapshots(project, other, snapshots[:2])
    assert len(plan.changes) == len(project.changes()) and not plan.retracted
