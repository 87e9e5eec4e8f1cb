"""Arcs: what the browser will read is what went in, to within the stated error."""

from __future__ import annotations

import json
import os
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from imaginary import DAY, veldoria
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from frontmap.geo.geodesy import geod
from frontmap.maps.arcs import (
    MAX_ERROR_M,
    QUANTUM_PER_DEGREE,
    Arc,
    encode,
    partition_arcs,
    tessellation_arcs,
)

Point = tuple[int, int]
Edge = tuple[Point, Point]
#: For each state and label, the edges of the outline.
Outlines = dict[tuple[int, int], set[Edge]]


class Reader:
    """Reads the format as its text describes it, one obvious step after the other."""

    def __init__(self, data: bytes) -> None:
        """Take the data apart into its eleven streams."""
        raw, at = zlib.decompress(data), 0
        self.streams: list[bytes] = []
        while at < len(raw):
            (length,), used = self._varints(raw[at:], 1)
            at += used
            self.streams.append(raw[at : at + length])
            at += length
        assert len(self.streams) == 11

    @staticmethod
    def _varints(stream: bytes, count: int | None = None) -> tuple[list[int], int]:
        found, number, shift = [], 0, 0
        for used, byte in enumerate(stream, 1):
            number, shift = number | (byte & 127) << shift, shift + 7
            if byte < 128:
                found.append(number)
                number = shift = 0
            if len(found) == count:
                return found, used
        return found, len(stream)

    def numbers(self, stream: int) -> Iterator[int]:
        """Return the numbers of a stream."""
        return iter(self._varints(self.streams[stream])[0])

    def signed(self, stream: int) -> Iterator[int]:
        """Return the signed numbers of a stream."""
        return map(_signed, self.numbers(stream))

    def offsets(self, low: int) -> Iterator[int]:
        """Return the signed numbers of which a stream and the next hold the bytes."""
        pairs = zip(self.streams[low], self.numbers(low + 1), strict=True)
        return (_signed(high << 8 | byte) for byte, high in pairs)

    def arcs(self) -> list[tuple[list[Point], frozenset[tuple[int, int]]]]:
        """Return the points of each arc, and its toggles."""
        chains, closing = self._chains()
        spells, waits, labels = self.numbers(8), self.numbers(9), self.numbers(10)
        toggles: list[frozenset[tuple[int, int]]] = [frozenset()] * len(chains)
        at: dict[Point, frozenset[tuple[int, int]]] = defaultdict(frozenset)

        def settle(arc: int, history: frozenset[tuple[int, int]]) -> None:
            toggles[arc] = history
            for end in (chains[arc][0], chains[arc][-1]):
                at[end] ^= history

        for arc in closing:
            state, history = 0, set()
            for _ in range(next(spells)):
                state += next(waits)
                more = 1
                while more:
                    label, more = divmod(next(labels), 2)
                    history.add((state, label))
            settle(arc, frozenset(history))
        for arc in sorted(set(range(len(chains))) - set(closing), reverse=True):
            settle(arc, at[chains[arc][-1]])
        for stream in (spells, waits, labels):
            assert next(stream, None) is None
        assert not any(at.values())
        return list(zip(chains, toggles, strict=True))

    def _chains(self) -> tuple[list[list[Point]], list[int]]:
        x, y, roots = self.offsets(1), self.offsets(3), self.signed(7)
        backs = self.numbers(6)
        chains: list[list[Point]] = []
        closing: list[int] = []
        trail: list[Point] = []
        root = (0, 0)
        for arc, (steps, end) in enumerate(zip(self.numbers(0), self.numbers(5), strict=True)):
            if not trail:
                root = (root[0] + next(roots), root[1] + next(roots))
                trail = [root]
            chain = [trail[-1]]
            for _ in range(steps - 1 if end else steps):
                chain.append((chain[-1][0] + next(x), chain[-1][1] + next(y)))
            chains.append(chain)
            if end:
                closing.append(arc)
                chain.append(trail[len(trail) - end])
                trail = trail[: len(trail) - next(backs, 0)]
            else:
                trail = [*trail, chain[-1]]
        for stream in (x, y, roots, backs):
            assert next(stream, None) is None
        return chains, closing


def _signed(zigzag: int) -> int:
    return -(zigzag + 1) // 2 if zigzag % 2 else zigzag // 2


def outlines_in(data: bytes, states: int) -> Outlines:
    """Return the outlines that a reader of the data would draw."""
    found: Outlines = defaultdict(set)
    for chain, toggles in Reader(data).arcs():
        edges = {_edge(*pair) for pair in pairwise(chain)}
        assert len(edges) == len(chain) - 1
        for label in {label for _, label in toggles}:
            for state in range(states):
                if sum(at <= state for at, which in toggles if which == label) % 2:
                    found[state, label] ^= edges
    return _told(found)


def outlines_of(states: Sequence[Mapping[int, BaseGeometry]]) -> Outlines:
    """Return the outlines of rounded areas, edge by edge."""
    found = {}
    for state, areas in enumerate(states):
        for label, area in areas.items():
            count: Counter[Edge] = Counter()
            for ring in shapely.get_rings(shapely.get_parts(area)):
                points = [_rounded(*point) for point in ring.coords]
                count.update(_edge(*pair) for pair in pairwise(points) if pair[0] != pair[1])
            found[state, label] = {edge for edge, times in count.items() if times % 2}
    return _told(found)


def _told(outlines: Outlines) -> Outlines:
    """Leave out outlines of nothing, and vertices that say nothing."""
    straight = {key: _straightened(edges) for key, edges in outlines.items()}
    return {key: edges for key, edges in straight.items() if edges}


def _straightened(edges: set[Edge]) -> set[Edge]:
    """Leave out the points that all lines pass straight through."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for one, other in edges:
        beside[one].add(other)
        beside[other].add(one)
    for point in list(beside):
        opposite = {pair for pair in combinations(beside[point], 2) if _is_between(point, *pair)}
        if 2 * len(opposite) != len(beside[point]):
            continue
        del beside[point]
        for one, other in opposite:
            # What runs back the way that it came encloses nothing.
            beside[one] ^= {point, other}
            beside[other] ^= {point, one}
    return {_edge(one, other) for one, others in beside.items() for other in others}


def _is_between(point: Point, one: Point, other: Point) -> bool:
    (x0, y0), (x1, y1) = np.subtract([one, other], point).tolist()
    return bool(x0 * y1 == x1 * y0 and x0 * x1 + y0 * y1 < 0)


def apart_m(found: Outlines, states: Sequence[Mapping[int, BaseGeometry]]) -> float:
    """Return how far outlines lie from those of areas that were not rounded, at the most.

    A degree of longitude counts as one of latitude: farther than it is.
    """
    metres = [0.0]
    given = {(s, label): area for s, areas in enumerate(states) for label, area in areas.items()}
    given = {key: area for key, area in given.items() if not area.is_empty}
    assert found.keys() == given.keys()
    for key, area in given.items():
        lines = shapely.MultiLineString(list(found[key]))
        drawn = shapely.transform(lines, lambda quanta: quanta / QUANTUM_PER_DEGREE)
        metres.append(shapely.hausdorff_distance(drawn, area.boundary) * 111_320)
    return max(metres)


def _rounded(lon: float, lat: float) -> Point:
    return round(lon * QUANTUM_PER_DEGREE), round(lat * QUANTUM_PER_DEGREE)


def _edge(one: Point, other: Point) -> Edge:
    return (one, other) if one < other else (other, one)


def squares(rows: Sequence[str], size: float = 0.1) -> dict[int, BaseGeometry]:
    """Return the partition that a chart of digits draws: a square a digit, joined."""
    cells = defaultdict(list)
    for y, row in enumerate(rows):
        for x, label in enumerate(row):
            box = shapely.box(x * size, y * size, (x + 1) * size, (y + 1) * size)
            cells[int(label)].append(box)
    return {label: shapely.coverage_union_all(boxes) for label, boxes in cells.items()}


CHARTS = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.text("0123", min_size=width, max_size=width), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)


@settings(max_examples=60, deadline=None)
@given(charts=CHARTS)
def test_random_partitions_come_back(charts: list[list[str]]) -> None:
    states = [squares(rows) for rows in charts]
    data = encode(partition_arcs(states))
    assert outlines_in(data, len(states)) == outlines_of(states)


@settings(max_examples=60, deadline=None)
@given(charts=CHARTS)
def test_faces_give_the_arcs_of_their_partitions(charts: list[list[str]]) -> None:
    """One label a face: the way by faces agrees with the way by areas."""
    width = len(charts[0][0])
    labels = np.array([[int(digit) for row in rows for digit in row] for rows in charts])
    beside = defaultdict(list)
    for cell in range(3 * width):
        y, x = divmod(cell, width)
        corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
        for pair in pairwise(corners):
            beside[_edge(*pair)].append(cell)
    edges = [np.array(edge).ravel() * 0.1 for edge in beside]
    faces = [[*cells, -1][:2] for cells in beside.values()]
    arcs = tessellation_arcs(np.array(edges), np.array(faces), labels, range(len(charts)))
    assert outlines_in(encode(arcs), len(charts)) == outlines_in(
        encode(partition_arcs([squares(rows) for rows in charts])), len(charts)
    )


#: So far apart that what is not straight is not nearly so, and somewhat off what it rounds to.
DEGREES = st.builds(
    lambda whole, off: (1000 * whole + off) / QUANTUM_PER_DEGREE,
    st.integers(-50, 50),
    st.floats(-0.4, 0.4),
)
RINGS = st.lists(st.tuples(DEGREES, DEGREES), min_size=3, max_size=9)


@settings(max_examples=60, deadline=None)
@given(st.lists(RINGS, min_size=1, max_size=4))
def test_areas_with_nothing_in_common_come_back(outlines: list[list[tuple[float, float]]]) -> None:
    """Rings may cross each other and themselves; even-odd parity is all that is stored."""
    states = [{0: Polygon(points)} for points in outlines]
    data = encode(partition_arcs(states))
    assert outlines_in(data, len(states)) == outlines_of(states)


def test_edges_that_rounding_lays_upon_each_other_cancel() -> None:
    sliver = Polygon([(0, 0), (1, 0), (1, 2e-6), (0, 2e-6)])
    assert partition_arcs([{0: sliver}]) == []
    arcs = partition_arcs([{0: shapely.box(0, 0, 1, 1) | sliver, 1: sliver}])
    assert {label for arc in arcs for _, label in arc.toggles} == {0}


def test_what_does_not_change_is_stored_once() -> None:
    once = partition_arcs([squares(["01"])])
    often = partition_arcs([squares(["01"])] * 100)
    assert len(once) == len(often) == 3
    assert len(encode(often)) == len(encode(once))


def test_arcs_break_only_where_histories_differ() -> None:
    arcs = partition_arcs([squares(["00"]), squares(["01"])])
    assert sorted(len(arc.points) for arc in arcs) == [2, 4, 4]
    assert {arc.toggles for arc in arcs} == {
        ((0, 0),),
        ((0, 0), (1, 0), (1, 1)),
        ((1, 0), (1, 1)),
    }


def test_vertices_that_straight_lines_pass_through_are_left_out() -> None:
    """As noding leaves them: where it rounded, off the line by less than the quanta tell."""
    start, end, top = (0.0, 0.0), (1.00001, 0.3333), (0.5, 1.0)
    x, y = 0.313137, 0.313137 * end[1] / end[0]
    for off, vertices in ((2e-8, 3), (2e-6, 4)):
        area = Polygon([start, (x, y - off), end, top])
        (arc,) = partition_arcs([{0: area}])
        assert len(arc.points) == vertices + 1
        assert apart_m(outlines_in(encode([arc]), 1), [{0: area}]) < MAX_ERROR_M


def test_nothing_is_nothing() -> None:
    empty: list[list[dict[int, BaseGeometry]]] = [[], [{}], [{0: MultiPolygon()}]]
    for states in empty:
        assert partition_arcs(states) == []
    assert Reader(encode([])).arcs() == []


def test_no_vertex_moves_farther_than_stated() -> None:
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(-180, 180, 20_000), rng.uniform(-85, 85, 20_000)
    lat[:2000] /= 1000
    near = [np.rint(value * QUANTUM_PER_DEGREE) / QUANTUM_PER_DEGREE for value in (lon, lat)]
    error_m = geod().inv(lon, lat, near[0], near[1])[2]
    assert 0.7 < error_m.max() < MAX_ERROR_M < 5


def test_a_project_comes_back() -> None:
    days = [DAY - timedelta(days=back) for back in range(11, -1, -1)]
    maps = [veldoria().control_map(day) for day in days]
    names = sorted({area.actor or "" for shown in maps for area in shown.areas})
    states = [
        {
            names.index(actor): shapely.coverage_union_all(
                [area.polygon for area in shown.areas if (area.actor or "") == actor]
            )
            for actor in {area.actor or "" for area in shown.areas}
        }
        for shown in maps
    ]
    data = encode(partition_arcs(states))
    assert apart_m(outlines_in(data, len(days)), states) < MAX_ERROR_M


def test_same_input_same_bytes() -> None:
    states = [squares(["0123", "3210"]), squares(["0120", "3200"])]
    assert encode(partition_arcs(states)) == encode(partition_arcs(states))


def test_arcs_need_no_order() -> None:
    arcs = partition_arcs([squares(["012", "221"]), squares(["010", "202"])])
    turned = [Arc(arc.points[::-1], arc.toggles) for arc in reversed(arcs)]
    assert outlines_in(encode(arcs), 2) == outlines_in(encode(turned), 2)


@pytest.mark.slow
def test_a_real_front_takes_few_bytes_a_day() -> None:
    """353 daily polygons of the front in Ukraine, whose owner lets nobody pass them on."""
    folder = os.environ.get("FRONTMAP_DEEPSTATE", "")
    files = sorted(Path(folder).glob("*.geojson")) if folder else []
    if not files:
        pytest.skip("FRONTMAP_DEEPSTATE names no folder of daily GeoJSON files")
    states = []
    for file in files:
        features = json.loads(file.read_text())["features"]
        parts = [shapely.geometry.shape(feature["geometry"]) for feature in features]
        states.append({0: shapely.union_all(parts)})
    data = encode(partition_arcs(states))
    assert len(data) / len(files) <= 110
    some = range(0, len(states), 50)
    found = outlines_in(data, len(states))
    for state in some:
        assert found[state, 0] == outlines_of([states[state]])[0, 0]
    points = np.vstack([shapely.get_coordinates(states[state][0]) for state in some])
    near = np.rint(points * QUANTUM_PER_DEGREE) / QUANTUM_PER_DEGREE
    assert geod().inv(*points.T, *near.T)[2].max() <= 0.7
