"""The control map is a coverage, painted later over earlier, whatever order rows come in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box

from frontmap.geo import pieces
from frontmap.geo.control import Arrangement, ControlMap, applies, gains
from frontmap.geo.errors import UnknownNameError
from frontmap.geo.records import Certainty, Change, Status

_LAKE = [(4, 4), (4, 5), (5, 5), (5, 4)]
THEATRE = MultiPolygon([shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [_LAKE])])
SIDES = {"army": "government", "guard": "government", "rebels": "opposition", "sdf": "sdf"}
START = date(2024, 12, 1)
NOON = datetime(2024, 12, 1, 12, tzinfo=UTC)


def change(
    id: int,
    actor: str | None,
    polygon: shapely.Polygon,
    day: int = 0,
    *,
    until: int | None = None,
    certainty: Certainty = Certainty.REPORTED,
    recorded: int = 0,
    status: Status = Status.CONTROLLED,
    contested_by: str | None = None,
) -> Change:
    return Change(
        id,
        actor,
        status,
        certainty,
        START + timedelta(days=day),
        None if until is None else START + timedelta(days=until),
        NOON + timedelta(hours=recorded),
        MultiPolygon([polygon]),
        contested_by,
    )


def on(day: int, *changes: Change, certainty: Certainty = Certainty.CLAIMED) -> ControlMap:
    arrangement = Arrangement(changes, THEATRE, SIDES)
    return arrangement.at(START + timedelta(days=day), None, certainty)


def held(control_map: ControlMap) -> dict[str | None, float]:
    actors = dict.fromkeys(area.actor for area in control_map.areas)
    return {
        actor: round(sum(a.polygon.area for a in control_map.areas if a.actor == actor), 6)
        for actor in actors
    }


WHOLE = box(-1, -1, 11, 11)


def test_a_theatre_without_changes_is_no_data() -> None:
    control_map = on(0)
    (area,) = control_map.areas
    assert (area.actor, area.status, area.change_ids) == (None, None, ())
    assert area.polygon.equals(THEATRE)
    assert control_map.front == ()


def test_later_is_painted_over_earlier_and_no_data_is_the_rest() -> None:
    rows = [change(1, "army", box(0, 0, 10, 3)), change(2, "rebels", box(0, 2, 10, 4), 1)]
    assert held(on(0, *rows)) == {"army": 30, None: 69}
    assert held(on(1, *rows)) == {"army": 20, "rebels": 20, None: 59}


def test_changes_outside_the_theatre_do_not_show() -> None:
    assert held(on(0, change(1, "army", WHOLE))) == {"army": 99}


def test_an_interval_is_half_open() -> None:
    row = change(1, "army", WHOLE, 1, until=3)
    assert [set(held(on(day, row))) for day in range(4)] == [{None}, {"army"}, {"army"}, {None}]


def test_no_data_can_be_recorded() -> None:
    rows = [change(1, "army", WHOLE), change(2, None, box(0, 0, 10, 1), 1)]
    assert held(on(1, *rows)) == {"army": 89, None: 10}


def test_rival_claims_of_one_day_are_contested_until_a_later_change() -> None:
    rows = [
        change(1, "army", WHOLE),
        change(2, "rebels", box(0, 0, 2, 2), 1),
        change(3, "guard", box(0, 0, 2, 2), 1, recorded=1),
        change(4, "rebels", box(0, 0, 2, 2), 3),
    ]
    (contested,) = [area for area in on(2, *rows).areas if area.status is Status.CONTESTED]
    assert (contested.actor, contested.side) == ("guard", "government")  # its side held it before
    assert contested.contested_by == ("rebels",)
    assert contested.change_ids == (2, 3)
    assert held(on(3, *rows)) == {"army": 95, "rebels": 4}


def test_new_ground_claimed_by_two_sides_stays_with_the_first_recorded() -> None:
    rows = [
        change(1, "rebels", box(0, 0, 2, 2), recorded=1),
        change(2, "army", box(0, 0, 2, 2), certainty=Certainty.CLAIMED),
    ]
    area = on(0, *rows).areas[0]
    assert (area.actor, area.contested_by) == ("army", ("rebels",))
    assert area.certainty is Certainty.CLAIMED  # no better than the weaker claim


def test_allies_on_one_day_are_not_rivals() -> None:
    rows = [change(1, "army", box(0, 0, 2, 2)), change(2, "guard", box(0, 0, 2, 2), recorded=1)]
    assert held(on(0, *rows)) == {"guard": 4, None: 95}


def test_agreeing_rows_of_one_day_are_as_certain_as_the_best_of_them() -> None:
    rows = [
        change(1, "army", box(0, 0, 2, 2), certainty=Certainty.CONFIRMED),
        change(2, "army", box(0, 0, 2, 2), certainty=Certainty.CLAIMED, recorded=1),
    ]
    area = on(0, *rows).areas[0]
    assert (area.certainty, area.change_ids) == (Certainty.CONFIRMED, (1, 2))


def test_an_explicit_contest_keeps_the_holder() -> None:
    row = change(1, "army", box(0, 0, 2, 2), status=Status.CONTESTED, contested_by="rebels")
    area = on(0, row).areas[0]
    assert (area.actor, area.status, area.contested_by) == ("army", Status.CONTESTED, ("rebels",))


def test_minimum_certainty_leaves_weaker_rows_out() -> None:
    rows = [
        change(1, "army", WHOLE, certainty=Certainty.CONFIRMED),
        change(2, "rebels", box(0, 0, 2, 2), 1, certainty=Certainty.REPORTED),
        change(3, "rebels", box(2, 0, 4, 2), 1, certainty=Certainty.CLAIMED),
    ]
    gained = [held(on(1, *rows, certainty=level)).get("rebels", 0) for level in Certainty]
    assert gained == [8, 4, 0]


def test_a_map_shows_what_was_known_at_a_time() -> None:
    first = change(1, "army", WHOLE)
    late = change(2, "rebels", WHOLE, recorded=5)
    withdrawn = replace(late, retracted_at=NOON + timedelta(hours=9))
    arrangement = Arrangement([first, withdrawn], THEATRE, SIDES)

    def holder(hours: float | None) -> str | None:
        known_at = None if hours is None else NOON + timedelta(hours=hours)
        return arrangement.at(START, known_at).areas[0].actor

    assert [holder(h) for h in (-1, 0, 4.9, 9, None)] == [None, "army", "army", "army", "army"]
    assert holder(5) == "army"  # both of one day: contested, the first recorded keeps it
    assert arrangement.at(START, NOON + timedelta(hours=5)).areas[0].contested_by == ("rebels",)


def test_the_front_divides_sides_and_is_never_the_border() -> None:
    rows = [
        change(1, "army", WHOLE),
        change(2, "guard", box(0, 0, 10, 2), 1),
        change(3, "rebels", box(-1, 6, 11, 11), 1),
    ]
    (stretch,) = on(1, *rows).front
    assert stretch.sides == ("government", "opposition")
    assert stretch.actors == ("army", "rebels")
    assert stretch.change_ids == (1, 3)
    assert stretch.line.equals(shapely.LineString([(0, 6), (10, 6)]))


def test_no_front_runs_along_no_data() -> None:
    assert on(0, change(1, "army", box(0, 0, 3, 3)), change(2, "sdf", box(6, 6, 9, 9))).front == ()


def test_ground_of_takes_an_actor_or_a_side() -> None:
    control_map = on(0, change(1, "army", box(0, 0, 1, 1)), change(2, "guard", box(2, 0, 3, 1)))
    assert control_map.ground_of("army").area == pytest.approx(1)
    assert control_map.ground_of("government").area == pytest.approx(2)
    assert control_map.ground_of("sdf").is_empty
    with pytest.raises(UnknownNameError, match="no actor or side 'navy'"):
        control_map.ground_of("navy")


def test_locate_says_what_a_point_lies_in() -> None:
    control_map = on(0, change(7, "army", box(0, 0, 3, 3)))
    inside, outside, beyond = control_map.locate([1, 8, 20], [1, 8, 20])
    assert inside is not None and inside.change_ids == (7,)
    assert outside is not None and outside.actor is None
    assert beyond is None
    (off_the_coast,) = control_map.locate([-0.04], [1], within_deg=0.05)
    assert off_the_coast is not None and off_the_coast.actor == "army"


def test_gains_name_both_hands() -> None:
    rows = [change(1, "army", box(0, 0, 2, 2)), change(2, "rebels", box(0, 0, 3, 1), 1)]
    arrangement = Arrangement(rows, THEATRE, SIDES)
    moved = gains(arrangement.at(START), arrangement.at(START + timedelta(days=1)))
    assert [(g.actor, g.from_actor, round(g.polygon.area, 6)) for g in moved] == [
        ("rebels", None, 1),
        ("rebels", "army", 2),
    ]


def test_two_drawings_of_one_line_leave_no_sliver() -> None:
    wobbly = shapely.Polygon([(0, 0), (10, 0), (10, 3 + 2e-8), (5, 3 - 3e-8), (0, 3 + 1e-8)])
    control_map = on(0, change(1, "army", wobbly), change(2, "rebels", box(0, 3, 10, 6)))
    assert held(control_map) == {"army": 30, "rebels": 29, None: 40}
    assert {area.status for area in control_map.areas} == {Status.CONTROLLED, None}
    assert all(len(area.polygon.geoms) == 1 for area in control_map.areas)


def test_a_sliver_beside_several_areas_is_no_hair_within_any() -> None:
    """Two drawings of a line leave a slit; later ground is taken on both sides of a part of it."""
    slit = 3e-7
    rows = [
        change(1, "army", box(0, 0, 10, 3)),
        change(2, "army", box(0, 3 + slit, 10, 10)),
        change(3, "rebels", box(0, 1, 4, 3), 1),
        change(4, "rebels", box(0, 3 + slit, 4, 4), 1),
    ]
    control_map = on(1, *rows)
    assert control_map.ground_of("rebels").equals(box(0, 1, 4, 4))
    assert sum(stretch.line.length for stretch in control_map.front) == pytest.approx(11)
    assert control_map.invalid_edges() == []


# Properties over random changes


def degrees(low: float, high: float) -> st.SearchStrategy[float]:
    """Draw numbers with as many decimals as files have, none of them next to nothing."""
    return st.floats(low, high).map(lambda number: round(number, 7))


shapes = st.one_of(
    st.builds(
        lambda x, y, w, h: box(x, y, x + w, y + h),
        *[degrees(-1, 9) for _ in range(2)],
        *[degrees(0.01, 6) for _ in range(2)],
    ),
    st.builds(
        lambda x, y, r: Point(x, y).buffer(r, quad_segs=5),
        degrees(0, 10),
        degrees(0, 10),
        degrees(0.01, 4),
    ),
    st.sampled_from([box(0, 0, 5, 5), box(5, 0, 10, 5), box(0, 5, 10, 10), WHOLE]),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    rows = []
    for id in range(1, draw(st.integers(1, 10)) + 1):
        day = draw(st.integers(0, 5))
        rows.append(
            change(
                id,
                draw(st.sampled_from([*SIDES, None])),
                draw(shapes),
                day,
                until=draw(st.one_of(st.none(), st.integers(day + 1, 8))),
                certainty=draw(st.sampled_from(list(Certainty))),
                recorded=draw(st.integers(0, 3)),
            )
        )
    return rows


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(0, 8))
def test_a_control_map_is_a_coverage_of_the_theatre(rows: list[Change], day: int) -> None:
    control_map = on(day, *rows)
    for parts in (control_map.pieces, control_map.areas):
        polygons = [part.polygon for part in parts]
        assert shapely.coverage_is_valid(polygons)
        assert all(polygon.is_valid and not polygon.is_empty for polygon in polygons)
        assert sum(p.area for p in polygons) == pytest.approx(THEATRE.area, rel=1e-6)
    assert control_map.invalid_edges() == []


def areas_by_state(control_map: ControlMap) -> dict[object, MultiPolygon]:
    return {(a.actor, a.status, a.contested_by, a.certainty): a.polygon for a in control_map.areas}


@settings(max_examples=60, deadline=None)
@given(st.lists(histories(), min_size=2, max_size=3), st.sampled_from(list(Certainty)))
def test_chapters_tell_what_the_whole_does(
    several: list[list[Change]], certainty: Certainty
) -> None:
    """Of many overlaps maps are made chapter by chapter; of as few, all at once: the reference."""
    rows = [replace(row, id=n) for n, row in enumerate(row for rows in several for row in rows)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_FEWEST", 3)
        told = Arrangement(rows, THEATRE, SIDES, in_chapters=True)
        whole = told.noded_at_once()
        days = [START + timedelta(days=n) for n in range(9)]
        maps = [(told.at(day, None, certainty), whole.at(day, None, certainty)) for day in days]
        for one, other in maps:
            grounds, expected = areas_by_state(one), areas_by_state(other)
            for state in grounds | expected:
                by, by_whole = (g.get(state, MultiPolygon()) for g in (grounds, expected))
                assert shapely.symmetric_difference(by, by_whole).area < 1e-5
            assert one.invalid_edges() == []
        for (before, first), (after, second) in pairwise(maps):
            taken = {(g.actor, g.from_actor): g.polygon.area for g in gains(before, after)}
            expected_gains = {(g.actor, g.from_actor): g.polygon.area for g in gains(first, second)}
            for who in taken | expected_gains:
                assert taken.get(who, 0) == pytest.approx(expected_gains.get(who, 0), abs=1e-5)
        intervals = list(told.intervals())
    for day in days:
        stands = defaultdict[str, float](float)
        for each in intervals:
            if each.valid_from <= day and (each.valid_to is None or day < each.valid_to):
                stands[each.area.actor or ""] += each.area.polygon.area
        expected_areas = {actor: km2 for actor, km2 in held(whole.at(day)).items() if actor}
        assert {a: stands[a] for a in expected_areas} == pytest.approx(expected_areas, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(histories(), st.integers(0, 8), st.randoms())
def test_the_order_of_loading_does_not_matter(
    rows: list[Change], day: int, random: st.DataObject
) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = on(day, *rows), on(day, *shuffled)
    assert one.pieces == other.pieces
    assert one.front == other.front


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(0, 8), st.floats(0.003, 9.99), st.floats(0.003, 9.99))
def test_every_point_is_held_as_the_rows_over_it_say(
    rows: list[Change], day: int, x: float, y: float
) -> None:
    """The slow, obvious reference: look at one point, and at the rows that cover it."""
    point, as_of = Point(x, y), START + timedelta(days=day)
    if min(shapely.distance([c.polygon.boundary for c in rows], point)) < 1e-4:
        return  # on a boundary either neighbour is right
    over = sorted(
        (c for c in rows if applies(c, as_of, None, Certainty.CLAIMED) and c.polygon.covers(point)),
        key=lambda c: (c.valid_from, c.recorded_at, c.id),
    )
    today = [c for c in over if c.valid_from == over[-1].valid_from]
    sides = {SIDES[c.actor] for c in today if c.actor}
    (piece,) = on(day, *rows).locate([x], [y])
    if not THEATRE.covers(point):
        assert piece is None
    elif len(sides) > 1:
        assert piece is not None and piece.status is Status.CONTESTED
        assert {piece.actor, *piece.contested_by} >= {
            next(c.actor for c in reversed(today) if c.actor and SIDES[c.actor] == side)
            for side in sides
        }
    else:
        assert piece is not None
        assert piece.actor == (over[-1].actor if over else None)


@settings(max_examples=40, deadline=None)
@given(histories(), st.integers(0, 8))
def test_the_front_is_where_two_sides_meet(rows: list[Change], day: int) -> None:
    control_map = on(day, *rows)
    front = shapely.MultiLineString([stretch.line for stretch in control_map.front])
    assert all(a < b for a, b in (stretch.sides for stretch in control_map.front))
    sides = sorted({area.side for area in control_map.areas if area.side})
    grounds = [control_map.ground_of(side) for side in sides]
    shared = [
        shapely.intersection(a.boundary, b.boundary).length
        for i, a in enumerate(grounds)
        for b in grounds[i + 1 :]
    ]
    assert front.length == pytest.approx(sum(shared), abs=1e-6)
    for ground, side in zip(grounds, sides, strict=True):
        beside = [s.line for s in control_map.front if side in s.sides]
        assert shapely.MultiLineString(beside).difference(ground.boundary.buffer(1e-7)).length == 0


@settings(max_examples=30, deadline=None)
@given(histories())
def test_intervals_give_back_every_date(rows: list[Change]) -> None:
    arrangement = Arrangement(rows, THEATRE, SIDES)
    intervals = list(arrangement.intervals())
    for day in (START + timedelta(days=n) for n in range(9)):
        stored = [
            i.area
            for i in intervals
            if i.valid_from <= day and (i.valid_to is None or day < i.valid_to)
        ]
        derived = [area for area in arrangement.at(day).areas if area.actor is not None]
        assert sorted((a.actor or "", a.status or "", a.polygon.wkt) for a in stored) == sorted(
            (a.actor or "", a.status or "", a.polygon.wkt) for a in derived
        )
