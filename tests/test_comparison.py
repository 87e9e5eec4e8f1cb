"""Two accounts of one war: agreed ground, ground in dispute, and whether it always was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import PLACES
from shapely import MultiPolygon, box

from frontmap.geo.comparison import Comparison, compare
from frontmap.geo.control import Arrangement
from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import area_km2
from frontmap.geo.records import Certainty, Change, Status

THEATRE = MultiPolygon([box(36, 34, 37, 35)])
SIDES = {"army": "government", "rebels": "opposition", "militia": "opposition"}
RECORDED = datetime(2024, 12, 31, tzinfo=UTC)
FIRST, SECOND, THIRD = date(2024, 12, 1), date(2024, 12, 5), date(2024, 12, 9)

Row = tuple[str | None, date, shapely.Polygon]


def account(
    *rows: Row, theatre: MultiPolygon = THEATRE, sides: dict[str, str] = SIDES
) -> Arrangement:
    changes = [
        Change(
            number,
            actor,
            Status.CONTROLLED,
            Certainty.REPORTED,
            day,
            None,
            RECORDED,
            MultiPolygon([ground]),
        )
        for number, (actor, day, ground) in enumerate(rows, 1)
    ]
    return Arrangement(changes, theatre, sides)


EAST, WIDER_EAST = box(36.5, 34, 37, 35), box(36.4, 34, 37, 35)
#: The north-west falls by both accounts, but four days later by the other one.
NORTH_WEST = box(36, 34.6, 36.3, 35)


def divided(east: shapely.Polygon, rebels: str = "rebels", army: str = "army") -> list[Row]:
    """Give the east to the rebels, from the first day on, and the rest to the army."""
    return [(army, FIRST, box(36, 34, east.bounds[0], 35)), (rebels, FIRST, east)]


def km2(found: Comparison, ours: str | None, theirs: str | None, *, baseline: bool | None) -> float:
    chosen = [
        verdict.km2
        for verdict in found.verdicts
        if (verdict.ours, verdict.theirs, verdict.is_baseline) == (ours, theirs, baseline)
    ]
    assert len(chosen) == 1
    return chosen[0]


def test_a_border_drawn_otherwise_is_told_from_a_front_that_moved() -> None:
    ours = account(*divided(EAST), ("rebels", SECOND, NORTH_WEST))
    theirs = account(*divided(WIDER_EAST), ("rebels", THIRD, NORTH_WEST))
    found = compare(ours, theirs, SECOND, places=PLACES)
    assert found.days == 3
    strip = area_km2(box(36.4, 34, 36.5, 35))
    assert km2(found, "army", "rebels", baseline=True) == pytest.approx(strip)
    assert km2(found, "rebels", "army", baseline=False) == pytest.approx(area_km2(NORTH_WEST))
    assert found.km2 == pytest.approx(area_km2(THEATRE))
    assert found.agreed_km2 == pytest.approx(found.km2 - strip - area_km2(NORTH_WEST))
    assert [(row.place.name, row.ours, row.theirs, row.is_baseline) for row in found.places] == [
        ("Carden", "rebels", "army", False)
    ]
    later = compare(ours, theirs, THIRD, places=PLACES)
    assert [verdict.is_baseline for verdict in later.verdicts if not verdict.agrees] == [True]
    assert not later.places


def test_the_verdicts_are_a_coverage_largest_first_agreed_before_disputed() -> None:
    ours = account(*divided(EAST), ("rebels", SECOND, NORTH_WEST))
    theirs = account(*divided(WIDER_EAST), ("militia", THIRD, NORTH_WEST))
    found = compare(ours, theirs, THIRD)
    assert shapely.coverage_is_valid([verdict.polygon for verdict in found.verdicts])
    order = [(not verdict.agrees, -verdict.km2) for verdict in found.verdicts]
    assert order == sorted(order)


def test_one_date_alone_tells_no_baseline() -> None:
    found = compare(account(*divided(EAST)), account(*divided(WIDER_EAST)), FIRST)
    assert found.days == 1
    assert km2(found, "army", "rebels", baseline=None) > 0


def test_ground_outside_either_theatre_is_not_compared() -> None:
    west = MultiPolygon([box(35.5, 34, 36.5, 35)])
    theirs = account(("army", FIRST, box(35, 34, 36.5, 35)), theatre=west)
    found = compare(account(*divided(EAST)), theirs, FIRST)
    assert found.km2 == pytest.approx(area_km2(box(36, 34, 36.5, 35)))
    assert found.agreed_km2 == pytest.approx(found.km2)
    with pytest.raises(InputError, match="no ground in common"):
        far = MultiPolygon([box(0, 0, 1, 1)])
        compare(
            account(*divided(EAST)), account(("army", FIRST, box(0, 0, 1, 1)), theatre=far), FIRST
        )


def test_ground_of_nobody_is_agreed_where_neither_says_anything() -> None:
    found = compare(account(("rebels", FIRST, EAST)), account(("rebels", FIRST, WIDER_EAST)), FIRST)
    assert km2(found, None, None, baseline=None) == pytest.approx(area_km2(box(36, 34, 36.4, 35)))
    assert km2(found, None, "rebels", baseline=None) > 0


def test_actors_called_otherwise_are_matched_or_refused() -> None:
    sides = {"regime": "assad", "rebels": "opposition"}
    theirs = account(*divided(EAST, army="regime"), sides=sides)
    with pytest.raises(InputError, match=r"actor 'regime' of the other map is none of army,.*--m"):
        compare(account(*divided(EAST)), theirs, FIRST)
    found = compare(account(*divided(EAST)), theirs, FIRST, matching={"regime": "army"})
    assert found.agreed_km2 == pytest.approx(found.km2)
    with pytest.raises(InputError, match="actor 'regmie' is none of the other map's"):
        compare(account(*divided(EAST)), theirs, FIRST, matching={"regmie": "army"})


def test_allies_are_one_by_side() -> None:
    theirs = account(*divided(EAST, rebels="militia"))
    by_actor = compare(account(*divided(EAST)), theirs, FIRST)
    assert km2(by_actor, "rebels", "militia", baseline=None) > 0
    by_side = compare(account(*divided(EAST)), theirs, FIRST, by_side=True)
    assert {verdict.ours for verdict in by_side.verdicts} == {"government", "opposition"}
    assert by_side.agreed_km2 == pytest.approx(by_side.km2)


boxes = st.lists(
    st.tuples(
        st.sampled_from(["army", "rebels"]),
        *[st.integers(0, 7)] * 2,
        *[st.integers(1, 3)] * 2,
    ),
    max_size=5,
)


def _rows(drawn: Sequence[tuple[str, int, int, int, int]]) -> list[Row]:
    return [
        (actor, FIRST, box(36 + x / 10, 34 + y / 10, 36 + (x + w) / 10, 34 + (y + h) / 10))
        for actor, x, y, w, h in drawn
    ]


@settings(max_examples=40)
@given(boxes, boxes)
def test_verdicts_are_the_overlays_of_either_map(
    one: list[tuple[str, int, int, int, int]], other: list[tuple[str, int, int, int, int]]
) -> None:
    ours, theirs = account(*_rows(one)), account(*_rows(other))
    found = compare(ours, theirs, FIRST)
    held = [_ground_by_actor(each) for each in (ours, theirs)]
    for verdict in found.verdicts:
        overlay = shapely.intersection(held[0][verdict.ours], held[1][verdict.theirs])
        assert verdict.km2 == pytest.approx(area_km2(overlay), rel=1e-6)
    assert found.km2 == pytest.approx(area_km2(THEATRE), rel=1e-9)


def _ground_by_actor(arrangement: Arrangement) -> dict[str | None, shapely.Geometry]:
    areas = arrangement.at(FIRST).areas
    return {
        actor: shapely.union_all([area.polygon for area in areas if area.actor == actor])
        for actor in {area.actor for area in areas}
    }
