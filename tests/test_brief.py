"""What a daily brief asks of the records: turnover, people, silence and corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from imaginary import DAY, SOURCES, changes, multi, veldoria

from frontmap.geo.brief import (
    Corrections,
    corrections,
    ended,
    inhabitants,
    last_report,
    near_front,
    previous_holders,
    quiet_fronts,
    turnovers,
    unsettled,
)
from frontmap.geo.distance import nearest
from frontmap.geo.errors import NoFrontError
from frontmap.geo.geodesy import area_km2, length_km
from frontmap.geo.records import Certainty, Change, Status
from frontmap.geo.summary import holdings, transfers

BEFORE = date(2024, 12, 1)
PUBLISHED = {source.slug: source for source in SOURCES}


def test_what_one_gains_another_loses() -> None:
    project = veldoria()
    before, after = project.control_map(BEFORE), project.control_map(DAY)
    rows = {row.actor: row for row in turnovers(before, after, project.places())}
    passed = transfers(before, after, project.places())
    for actor, row in rows.items():
        gained = [t for t in passed if t.actor == actor]
        lost = [t for t in passed if t.from_actor == actor]
        assert row.gained_km2[Certainty.CLAIMED] == pytest.approx(sum(t.km2 for t in gained))
        assert row.lost_km2[Certainty.CLAIMED] == pytest.approx(sum(t.km2 for t in lost))
        names = {place.name for place in row.gained_places[Certainty.CLAIMED]}
        assert names == {name for t in gained for name in t.places}
    assert rows["northern"].from_actors == ("government",)
    assert list(rows) == ["northern", "eastern", "government"]


@pytest.mark.parametrize("level", list(Certainty))
def test_turnover_is_told_under_each_certainty(level: Certainty) -> None:
    project = veldoria()
    before, after = project.control_map(BEFORE), project.control_map(DAY)
    strict = [project.control_map(day, None, level) for day in (BEFORE, DAY)]
    held = [{row.actor: row.km2 for row in holdings(m, ())} for m in strict]
    for row in turnovers(before, after, project.places()):
        net = held[1].get(row.actor, 0) - held[0].get(row.actor, 0)
        assert row.gained_km2[level] - row.lost_km2[level] == pytest.approx(net, abs=1e-6)


def test_no_certainty_below_that_of_the_maps_is_told() -> None:
    project = veldoria()
    before, after = (project.control_map(d, None, Certainty.REPORTED) for d in (BEFORE, DAY))
    for row in turnovers(before, after, project.places()):
        assert set(row.gained_km2) == {Certainty.REPORTED, Certainty.CONFIRMED}


def test_people_are_summed_where_known_and_counted_where_not() -> None:
    places = veldoria().places()
    places[0] = replace(places[0], population=None)
    project = veldoria(places=places)
    rows = inhabitants(project.control_map(DAY), places)
    assert sum(row.places for row in rows) == len(places)
    assert sum(row.places_unknown for row in rows) == 1
    assert sum(row.population for row in rows) == sum(p.population or 0 for p in places)
    assert {row.actor: row.places for row in rows} == {
        holding.actor: holding.places
        for holding in holdings(project.control_map(DAY), places)
        if holding.places
    }


@given(st.floats(0.1, 400))
@settings(max_examples=20, deadline=None)
def test_near_is_what_one_place_at_a_time_is(within_km: float) -> None:
    project = veldoria()
    control_map = project.control_map(DAY)
    front = shapely.union_all([stretch.line for stretch in control_map.front])
    slow = [
        p for p in project.places() if nearest(p.lon, p.lat, front).distance_m <= within_km * 1e3
    ]
    assert near_front(control_map, project.places(), within_km) == slow


def test_nothing_is_near_no_front() -> None:
    alone = veldoria(changes=changes()[:1])
    with pytest.raises(NoFrontError):
        near_front(alone.control_map(DAY), alone.places(), 10)
    assert near_front(veldoria().control_map(DAY), [], 10) == []


def test_previous_holders_are_those_of_a_tenth_at_least() -> None:
    before = veldoria().control_map(BEFORE)
    box = shapely.box(38, 35, 39, 36.5)
    held = {
        area.actor: shapely.intersection(area.polygon, box).area
        for area in before.areas
        if shapely.intersects(area.polygon, box)
    }
    assert min(held.values()) > 0.1 * sum(held.values())
    assert previous_holders(before, multi(box)) == sorted(held, key=lambda a: -held[a])
    inner = multi(shapely.box(38, 34, 38.5, 34.5))
    assert previous_holders(before, inner) == ["government"]
    assert previous_holders(before, multi(shapely.box(0, 0, 1, 1))) == []


def test_a_report_is_as_late_as_its_record_or_source() -> None:
    rows = {row.id: row for row in changes()}
    assert last_report([rows[4]], PUBLISHED, DAY) == DAY  # the wire's, of the day itself
    early = replace(rows[4], sources=())
    assert last_report([early], PUBLISHED, DAY) == date(2024, 12, 2)
    assert last_report([early, rows[5]], PUBLISHED, date(2024, 12, 4)) == date(2024, 12, 4)


def quiet(rows: list[Change], after_days: int) -> list[tuple[tuple[str, str], float, float]]:
    """Return the quiet fronts of `DAY` without any source: the records' own dates count."""
    project = veldoria(changes=[replace(row, sources=()) for row in rows])
    by_id = {row.id: row for row in project.changes()}
    found = quiet_fronts(project.control_map(DAY), by_id, PUBLISHED, after_days)
    return [(row.actors, row.quiet_km, row.length_km) for row in found]


def test_the_front_is_quiet_where_both_hands_are() -> None:
    total = sum(length_km(stretch.line) for stretch in veldoria().control_map(DAY).front)
    everywhere = quiet(changes()[:3], 9)
    assert len(everywhere) == 3
    assert all(part == whole for _, part, whole in everywhere)
    assert quiet(changes()[:3], 10) == []
    some = quiet(changes(), 9)
    assert sum(whole for _, _, whole in some) == pytest.approx(total)
    assert 0 < sum(part for _, part, _ in some) < total
    (front,) = [row for row in some if row[0] == ("eastern", "northern")]
    assert front[1] == front[2]


def test_unsettled_is_what_is_claimed_or_contested() -> None:
    control_map = veldoria().control_map(DAY)
    found = unsettled(control_map)
    assert {piece.change_ids for piece in found} == {(5,), (7,), (8, 9)}
    sizes = [area_km2(piece.polygon) for piece in found]
    assert sizes == sorted(sizes, reverse=True)
    besieged = [replace(row, status=Status.BESIEGED) for row in changes()[:3]]
    assert unsettled(veldoria(changes=besieged).control_map(DAY)) == []


def known(day: int, hour: int = 12) -> datetime:
    return datetime(2024, 12, day, hour, tzinfo=UTC)


def test_corrections_are_what_became_known_in_between() -> None:
    rows = changes()
    rows[3] = replace(rows[3], retracted_at=known(5, 18), retraction_reason="mistaken")
    rows[4] = replace(rows[4], recorded_at=known(6, 8))
    found = corrected(rows, known(5), None)
    assert [row.id for row in found.retracted] == [4]
    assert [row.id for row in found.late] == [5]
    assert corrected(rows, known(5), known(5, 17)).retracted == ()
    assert corrected(rows, known(5), known(6, 7)).late == ()
    assert corrected(rows, known(7), None) == Corrections((), ())


def corrected(rows: list[Change], since: datetime, until: datetime | None) -> Corrections:
    """Return the corrections of the brief of `DAY`, compared with the day before."""
    return corrections(
        rows, as_of=DAY, known_at=until, since=date(2024, 12, 5), since_known_at=since
    )


def test_nothing_is_late_for_a_brief_before_the_first_record() -> None:
    first = changes()[0].recorded_at - timedelta(hours=1)
    assert corrected(changes(), first, None).late == ()


def test_a_retracted_row_is_not_late_too() -> None:
    row = replace(
        changes()[3], recorded_at=known(6), retracted_at=known(6, 15), retraction_reason="x"
    )
    found = corrected([changes()[0], row], known(5), None)
    assert ([r.id for r in found.retracted], found.late) == ([row.id], ())


@pytest.mark.parametrize(
    ("valid_to", "counts"),
    [(None, False), (date(2024, 12, 5), False), (DAY, True), (date(2024, 12, 7), False)],
)
def test_a_record_ends_on_the_day_from_which_it_no_longer_holds(
    valid_to: date | None, counts: bool
) -> None:
    row = replace(changes()[4], valid_to=valid_to)
    found = ended(
        [row],
        since=date(2024, 12, 5),
        as_of=DAY,
        known_at=None,
        min_certainty=Certainty.CLAIMED,
    )
    assert bool(found) is counts
    assert not ended(
        [row], since=BEFORE, as_of=DAY, known_at=None, min_certainty=Certainty.REPORTED
    )
