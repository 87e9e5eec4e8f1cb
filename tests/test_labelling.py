"""Names on a map: none on another, the important ones first, all within the frame."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from frontmap.maps.elements import CallOut, Label
from frontmap.maps.labelling import Box, Lettering, Sign

FRAME = Box(0, 0, 600, 400)
SIGN = Sign(12, False)


def measure(text: str, size_px: float, bold: bool) -> float:
    return len(text) * size_px * (0.62 if bold else 0.55)


def label(name: str, size: int = 2) -> Label:
    return Label(f"test:{name}", name, "", 0, 0, size, False)


def lettering(**options: object) -> Lettering:
    return Lettering(FRAME, measure, (), **options)  # type: ignore[arg-type]


POINTS = st.tuples(st.floats(-50, 650), st.floats(-50, 450))
NAMES = st.lists(
    st.tuples(st.text("abcdefg", min_size=1, max_size=14), st.integers(1, 3), POINTS), max_size=60
)


@settings(deadline=None)
@given(NAMES, st.floats(1, 40), st.booleans())
def test_names_and_dots_keep_apart(
    towns: list[tuple[str, int, tuple[float, float]]], enlarged: float, rtl: bool
) -> None:
    work = lettering(rtl=rtl)
    placed = work.names(((label(n, size), SIGN, at) for n, size, at in towns), enlarged)
    for one, other in combinations(placed, 2):
        assert not one.box.overlaps(other.box)
        for dot, name in ((one.dot, other.box), (other.dot, one.box)):
            assert not name.overlaps(Box(dot[0] - 2, dot[1] - 2, 4, 4))
    assert all(FRAME.holds(name.box) for name in placed)
    if any(FRAME.padded(-120).holds(Box(*at, 0, 0)) for *_, at in towns):
        assert placed


def test_important_name_takes_the_place() -> None:
    towns = [(label("City", 3), SIGN, (300.0, 200.0)), (label("Village", 1), SIGN, (302.0, 201.0))]
    assert [name.label.name for name in lettering().names(towns)] == ["City"]


def test_name_goes_where_reading_goes_on() -> None:
    right = lettering().name(label("City"), SIGN, (300, 200))
    left = lettering(rtl=True).name(label("City"), SIGN, (300, 200))
    assert right is not None
    assert left is not None
    assert right.box.x > 300 > left.box.x + left.box.w


def test_name_avoids_lines_and_furniture() -> None:
    front = LineString([(310, 0), (310, 400)])
    work = Lettering(FRAME, measure, [front])
    beside = work.name(label("City"), SIGN, (300, 200))
    assert beside is not None
    assert not beside.box.polygon.intersects(front)
    blocked = Lettering(FRAME, measure, (), [Box(200, 150, 200, 100)])
    assert blocked.name(label("City"), SIGN, (300, 200)) is None


def test_box_at_the_edge_is_not_cut() -> None:
    name = lettering().name(label("A long name of a town"), SIGN, (590, 200))
    assert name is not None
    assert FRAME.holds(name.box)


def test_number_of_names_grows_with_scale() -> None:
    towns = [
        (label(f"T{x}{y}", 1), SIGN, (40.0 * x + 20, 30.0 * y + 20))
        for x in range(14)
        for y in range(12)
    ]
    assert len(lettering().names(towns)) < len(lettering().names(towns, 8.0)) < len(towns)


def call_out(line: LineString) -> CallOut:
    return CallOut("test:City", "City", "5 km", "", 5.0, False, line)


@pytest.mark.parametrize(("length", "on_line"), [(300, True), (20, False)])
def test_pill_is_on_a_long_line_and_beside_the_name_at_a_short_one(
    length: float, on_line: bool
) -> None:
    work = lettering()
    name = work.name(label("City"), SIGN, (100, 200))
    assert name is not None
    line = LineString([(100, 200), (100, 200 - length / 2)])
    pill = work.pill(call_out(line), line, (40, 19), name.box)
    assert pill.box.polygon.intersects(line) == on_line
    assert not pill.box.overlaps(name.box)


def test_area_is_named_inside_or_not_at_all() -> None:
    work = lettering(taken=[Box(0, 0, 300, 400)])
    land = box(200, 100, 500, 200)
    placed = work.inside(land, (80, 15))
    assert placed is not None
    assert land.contains(placed.polygon)
    assert placed.x >= 300
    assert work.inside(box(0, 0, 70, 400), (80, 15)) is None
