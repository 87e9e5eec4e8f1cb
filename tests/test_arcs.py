"""Arcs: what the browser will read is what went in, to within the stated error."""

from __future__ import annotations

import json
import os
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
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
        """Take the data apart into its ten streams."""
        raw, at = zlib.decompress(data), 0
        self.streams: list[bytes] = []
        while at < len(raw):
            (length,), used = self._varints(raw[at:], 1)
            at += used
            self.streams.append(raw[at : at + length])
            at += length
        assert len(self.streams) == 10

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
        counts, waits, labels = self.numbers(7), self.numbers(8), self.numbers(9)
        toggles: list[frozenset[tuple[int, int]]] = [frozenset()] * len(chains)
        at: dict[Point, frozenset[tuple[int, int]]] = defaultdict(frozenset)

        def settle(arc: int, history: frozenset[tuple[int, int]]) -> None:
            toggles[arc] = history
            for end in (chains[arc][0], chains[arc][-1]):
                at[end] ^= history

        for arc in closing:
            state, history = 0, set()
            for _ in range(next(counts)):
                state += next(waits)
                history.add((state, next(labels)))
            settle(arc, frozenset(history))
        for arc in sorted(set(range(len(chains))) - set(closing), reverse=True):
            settle(arc, at[chains[arc][-1]])
        for stream in (counts, waits, labels):
            assert next(stream, None) is None
        assert not any(at.values())
        return list(zip(chains, toggles, strict=True))

    def _chains(self) -> tuple[list[list[Point]], list[int]]:
        x, y, roots = self.offsets(1), self.offsets(3), self.signed(6)
        chains: list[list[Point]] = []
        closing: list[int] = []
        trail: list[Point] = []
        seen: set[Point] = set()
        root = (0, 0)
        for arc, (steps, back) in enumerate(zip(self.numbers(0), self.numbers(5), strict=True)):
            if back == 0:
                root = (root[0] + next(roots), root[1] + next(roots))
                seen.add(root)
                trail = [root]
            else:
                trail = trail[: len(trail) - back + 1]
            chain = [trail[-1]]
            for _ in range(steps):
                chain.append((chain[-1][0] + next(x), chain[-1][1] + next(y)))
            chains.append(chain)
            if chain[-1] in seen:
                closing.append(arc)
            else:
                seen.add(chain[-1])
                trail.append(chain[-1])
        for stream in (x, y, roots):
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
                    assert not found[state, label] & edges
                    found[state, label] |= edges
    return {key: edges for key, edges in found.items() if edges}


def outlines_of(states: Sequence[Mapping[int, BaseGeometry]]) -> Outlines:
    """Return the outlines of rounded areas, edge by edge."""
    found = {}
    for state, areas in enumerate(states):
        for label, area in areas.items():
            count: Counter[Edge] = Counter()
            for ring in shapely.get_rings(shapely.get_parts(area)):
                points = [_rounded(*point) for point in ring.coords]
                count.update(_edge(*pair) for pair in pairwise(points) if pair[0] != pair[1])
            if edges := {edge for edge, times in count.items() if times % 2}:
                found[state, label] = edges
    return found


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


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=3, max_size=9),
        min_size=1,
        max_size=4,
    )
)
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
    assert outlines_in(data, len(days)) == outlines_of(states)


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
    assert len(data) / len(files) <= 135
    some = range(0, len(states), 50)
    found = outlines_in(data, len(states))
    for state in some:
        assert found[state, 0] == outlines_of([states[state]])[0, 0]
    points = np.vstack([shapely.get_coordinates(states[state][0]) for state in some])
    near = np.rint(points * QUANTUM_PER_DEGREE) / QUANTUM_PER_DEGREE
    assert geod().inv(*points.T, *near.T)[2].max() <= 0.7
