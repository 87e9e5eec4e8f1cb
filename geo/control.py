"""The control map: who holds what on a date, derived from dated control changes.

Invariant: a control map is a *coverage* of the theatre. Its pieces do not overlap, share their
edges vertex by vertex, and together are the theatre: every square metre is some actor's or
"no data".

Method. The boundaries of all changes and of the theatre are noded once into an *arrangement*:
faces that no boundary crosses, each knowing the changes that cover it. The map of any date is
then a labelling of faces, and a front line the segments between faces of different sides; nothing
is overlaid twice, so neither slivers nor gaps can build up from date to date.

Painting follows (valid_from, recorded_at, id), later over earlier. Where different sides claim
the same ground from the same date it is contested between them until a later change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon

from frontmap.geo.errors import UnknownNameError
from frontmap.geo.records import Certainty, Change, Status

#: Coordinates of the arrangement lie on this grid: 1e-8 degrees, about a millimetre.
GRID_DEG = 1e-8
#: A face narrower than this, about 10 cm, is a rounding artefact between two drawings of one line.
SLIVER_WIDTH_DEG = 1e-6

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Area:
    """Ground in one state of control.

    "No data" has `actor`, `side`, `status` and `certainty` None. Contested ground keeps its
    holder in `actor` and names the others in `contested_by`. `change_ids` are the rows that say
    so, in order.
    """

    actor: str | None
    side: str | None
    status: Status | None
    contested_by: tuple[str, ...]
    certainty: Certainty | None
    change_ids: tuple[int, ...]
    polygon: MultiPolygon


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of the front line: the sides and actors that it divides, the rows beside it."""

    line: LineString
    sides: tuple[str, str]
    actors: tuple[str, str]
    change_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """Ground that passed from one actor to another; None stands for "no data"."""

    actor: str | None
    side: str | None
    from_actor: str | None
    from_side: str | None
    polygon: MultiPolygon


@dataclass(frozen=True, slots=True)
class Interval:
    """An area and the days for which it stands: [`valid_from`, `valid_to`), None for open."""

    area: Area
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class _Label:
    """What a face is: an Area less its polygon."""

    actor: str | None = None
    side: str | None = None
    status: Status | None = None
    contested_by: tuple[str, ...] = ()
    certainty: Certainty | None = None
    change_ids: tuple[int, ...] = ()

    @classmethod
    def of(cls, area: Area) -> _Label:
        return cls(area.actor, area.side, area.status, area.contested_by, area.certainty)

    def state(self) -> _Label:
        """Return the label less the rows that say so."""
        return replace(self, change_ids=())

    def area(self, polygon: MultiPolygon, change_ids: tuple[int, ...] = ()) -> Area:
        return Area(
            self.actor,
            self.side,
            self.status,
            self.contested_by,
            self.certainty,
            self.change_ids or change_ids,
            polygon,
        )


_NO_DATA = _Label()


def is_known(change: Change, known_at: datetime | None) -> bool:
    """Say whether a change was recorded, and not retracted, at `known_at` (None: now)."""
    if known_at is None:
        return change.retracted_at is None
    return change.recorded_at <= known_at and (
        change.retracted_at is None or change.retracted_at > known_at
    )


def applies(
    change: Change, as_of: date, known_at: datetime | None, min_certainty: Certainty
) -> bool:
    """Say whether a change has a part in the map of a date."""
    return (
        change.valid_from <= as_of
        and (change.valid_to is None or as_of < change.valid_to)
        and change.certainty.rank >= min_certainty.rank
        and is_known(change, known_at)
    )


class Arrangement:
    """All changes of a theatre noded once, so that the map of a date is a labelling of faces."""

    def __init__(
        self, changes: Iterable[Change], theatre: MultiPolygon, sides: Mapping[str, str]
    ) -> None:
        """Node the boundaries of `changes` and of `theatre`; `sides` maps each actor to its side.

        Polygons are in WGS84 lon/lat with edges straight in lon/lat. The order in which the
        changes come does not matter.
        """
        self.changes = sorted(changes, key=lambda c: (c.valid_from, c.recorded_at, c.id))
        self.theatre = theatre
        self.sides = dict(sides)
        polygons = np.array([change.polygon for change in self.changes], dtype=object)
        self.faces = _faces(polygons, theatre)
        self._segments, self._left, self._right = _segments(self.faces)
        face, change = self._coverage(polygons)
        order = np.lexsort((change, face))
        self._face, self._change = face[order], change[order]

    def _coverage(self, polygons: NDArray[Any]) -> tuple[Ints, Ints]:
        """Pair each face with the changes that cover it, as (face, change) index arrays."""
        points = shapely.point_on_surface(self.faces)
        change, face = shapely.STRtree(points).query(polygons, predicate="contains")
        source = self._history_of()
        order = np.argsort(face, kind="stable")
        face, change = face[order], change[order]
        start = np.searchsorted(face, source)
        count = np.searchsorted(face, source, side="right") - start
        own = np.repeat(np.arange(len(self.faces)), count)
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return own, change[np.repeat(start, count) + offset]

    def _history_of(self) -> Ints:
        """Map each face to itself, but a sliver to the neighbour on its longest edge."""
        width = 2 * shapely.area(self.faces) / shapely.length(self.faces)
        source = np.arange(len(self.faces))
        length = np.hypot(*(self._segments[:, 2:] - self._segments[:, :2]).T)
        for sliver in np.flatnonzero(width < SLIVER_WIDTH_DEG):
            shared: dict[int, float] = {}
            for a, b in ((self._left, self._right), (self._right, self._left)):
                for edge in np.flatnonzero((a == sliver) & (b >= 0)):
                    shared[int(b[edge])] = shared.get(int(b[edge]), 0.0) + float(length[edge])
            broad = {face: total for face, total in shared.items() if width[face] > width[sliver]}
            if broad:
                source[sliver] = source[max(broad, key=lambda face: (broad[face], -face))]
        return source

    def at(
        self,
        as_of: date,
        known_at: datetime | None = None,
        min_certainty: Certainty = Certainty.CLAIMED,
    ) -> ControlMap:
        """Return the control map of a date, from the rows known at a time (None: now)."""
        live = np.array(
            [applies(change, as_of, known_at, min_certainty) for change in self.changes],
            dtype=bool,
        )
        used = live[self._change] if len(self.changes) else np.zeros(0, bool)
        labels = [_NO_DATA] * len(self.faces)
        seen: dict[tuple[int, ...], _Label] = {}
        rows = zip(self._face[used].tolist(), self._change[used].tolist(), strict=True)
        for face, group in groupby(rows, key=lambda pair: pair[0]):
            painted = tuple(change for _, change in group)
            if painted not in seen:
                seen[painted] = self._decide([self.changes[index] for index in painted])
            labels[face] = seen[painted]
        return ControlMap(self, as_of, known_at, min_certainty, labels)

    def _decide(self, rows: Sequence[Change]) -> _Label:
        """Return what the rows over one face, in painting order, make of it."""
        latest = rows[-1].valid_from
        today = [row for row in rows if row.valid_from == latest]
        claimants = {self.sides[row.actor]: row for row in today if row.actor is not None}
        if len(claimants) > 1:
            before = next((r for r in reversed(rows) if r.valid_from < latest), None)
            return self._contested(today, claimants, before)
        return self._held(today)

    def _held(self, today: Sequence[Change]) -> _Label:
        winner = today[-1]
        agreeing = [
            row
            for row in today
            if (row.actor, row.status, row.contested_by)
            == (winner.actor, winner.status, winner.contested_by)
        ]
        ids = tuple(row.id for row in today)
        if winner.actor is None:
            return _Label(change_ids=ids)
        return _Label(
            winner.actor,
            self.sides[winner.actor],
            winner.status,
            (winner.contested_by,) if winner.contested_by else (),
            max((row.certainty for row in agreeing), key=lambda certainty: certainty.rank),
            ids,
        )

    def _contested(
        self, today: Sequence[Change], claimants: Mapping[str, Change], before: Change | None
    ) -> _Label:
        """Leave the ground with whoever held it the day before, else with the first claimant."""
        held_by = self.sides[before.actor] if before is not None and before.actor else ""
        side = held_by if held_by in claimants else next(iter(claimants))
        holder = claimants[side].actor
        rivals = {row.actor for row in claimants.values()} | {row.contested_by for row in today}
        return _Label(
            holder,
            side,
            Status.CONTESTED,
            tuple(sorted(rival for rival in rivals - {holder} if rival)),
            min((row.certainty for row in claimants.values()), key=lambda c: c.rank),
            tuple(row.id for row in today),
        )

    def intervals(self) -> list[Interval]:
        """Return every area with the days for which it stands, from the rows known now.

        An interval ends where the area's outline or its state changes; "no data" is left out.
        """
        done: list[Interval] = []
        standing: dict[_Label, tuple[bytes, date, MultiPolygon]] = {}
        for day in self.dates():
            members = self.at(day).faces_by_state()
            for label, (faces, since, polygon) in list(standing.items()):
                if label not in members or members[label].tobytes() != faces:
                    done.append(Interval(label.area(polygon), since, day))
                    del standing[label]
            for label in members.keys() - standing.keys():
                polygon = self.union(members[label])
                standing[label] = (members[label].tobytes(), day, polygon)
        done += [Interval(label.area(p), since, None) for label, (_, since, p) in standing.items()]
        return sorted(done, key=lambda i: (i.valid_from, _order(_Label.of(i.area))))

    def union(self, faces: Ints) -> MultiPolygon:
        """Join faces, given by index; their edges match exactly, so no overlay is needed."""
        if len(faces) == 0:
            return MultiPolygon()
        joined = shapely.coverage_union_all(self.faces[faces])
        return MultiPolygon([part for part in shapely.get_parts(joined) if not part.is_empty])

    def edges(self) -> tuple[NDArray[np.float64], Ints]:
        """Return the faces' unique edges, shape (n, 4), and the faces on either hand, (n, 2).

        An edge is (lon, lat, lon, lat); beyond the theatre's own border the face is -1.
        """
        return self._segments, np.column_stack([self._left, self._right])

    def dates(self) -> list[date]:
        """Return every date on which some map differs from that of the day before."""
        days = {change.valid_from for change in self.changes}
        return sorted(days | {c.valid_to for c in self.changes if c.valid_to is not None})


class ControlMap:
    """The partition of a theatre on one date: `pieces`, `areas` and the `front` between them."""

    def __init__(
        self,
        arrangement: Arrangement,
        as_of: date,
        known_at: datetime | None,
        min_certainty: Certainty,
        labels: Sequence[_Label],
    ) -> None:
        """Made by `Arrangement.at`; `labels` has one a face."""
        self.as_of, self.known_at, self.min_certainty = as_of, known_at, min_certainty
        self.arrangement = arrangement
        self._labels = labels

    @property
    def change_ids(self) -> tuple[int, ...]:
        """The rows that decide any of the ground, in ascending order."""
        return tuple(sorted({row for label in set(self._labels) for row in label.change_ids}))

    @cached_property
    def pieces(self) -> tuple[Area, ...]:
        """The ground that each set of rows decides."""
        members = _members(self._labels)
        return tuple(
            label.area(self.arrangement.union(members[label]))
            for label in sorted(members, key=_order)
        )

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The pieces of equal actor, status and certainty joined; "no data" comes last."""
        rows: dict[_Label, set[int]] = {}
        for label in set(self._labels):
            rows.setdefault(label.state(), set()).update(label.change_ids)
        members = self.faces_by_state(with_no_data=True)
        return tuple(
            state.area(self.arrangement.union(members[state]), tuple(sorted(rows[state])))
            for state in sorted(members, key=_order)
        )

    def faces_by_state(self, *, with_no_data: bool = False) -> dict[_Label, Ints]:
        """Return the faces of each area, as sorted index arrays."""
        parts: dict[_Label, list[Ints]] = {}
        for label, faces in _members(self._labels).items():
            if with_no_data or label.actor is not None:
                parts.setdefault(label.state(), []).append(faces)
        return {state: np.sort(np.concatenate(faces)) for state, faces in parts.items()}

    @cached_property
    def front(self) -> tuple[Stretch, ...]:
        """The boundary between areas of different sides, split where the rows beside it change."""
        stretches = []
        for (one, other), lines in self._borders():
            rows = tuple(sorted({*one.change_ids, *other.change_ids}))
            sides, actors = (one.side or "", other.side or ""), (one.actor or "", other.actor or "")
            stretches += [Stretch(line, sides, actors, rows) for line in lines]
        return tuple(stretches)

    def _borders(self) -> list[tuple[tuple[_Label, _Label], list[LineString]]]:
        net = self.arrangement
        codes = {label: code for code, label in enumerate(sorted(set(self._labels), key=_order))}
        by_code = list(codes)
        face_code = np.array([codes[label] for label in self._labels], dtype=np.int64)
        side_names = sorted({label.side for label in by_code if label.side})
        side_of = np.array([side_names.index(la.side) if la.side else -1 for la in by_code])
        inner = np.flatnonzero(net._right >= 0)
        one, other = face_code[net._left[inner]], face_code[net._right[inner]]
        divides = (side_of[one] >= 0) & (side_of[other] >= 0) & (side_of[one] != side_of[other])
        segments, one, other = net._segments[inner][divides], one[divides], other[divides]
        swap = side_of[one] > side_of[other]
        pair = np.where(swap, other, one) * len(by_code) + np.where(swap, one, other)
        return [
            (
                (by_code[code // len(by_code)], by_code[code % len(by_code)]),
                _merge(segments[pair == code]),
            )
            for code in np.unique(pair).tolist()
        ]

    def front_edges(self) -> dict[tuple[str, str], Ints]:
        """Return the edges that the front runs along, by the pair of sides that they divide.

        They are positions in `Arrangement.edges`.
        """
        names = sorted({label.side for label in self._labels if label.side})
        codes = {name: code for code, name in enumerate(names)}
        side = np.array([codes.get(label.side or "", -1) for label in self._labels])
        net = self.arrangement
        one, other = side[net._left], np.where(net._right >= 0, side[net._right], -1)
        edge = np.flatnonzero((one >= 0) & (other >= 0) & (one != other))
        pair = np.minimum(one, other)[edge] * len(names) + np.maximum(one, other)[edge]
        return {
            (names[code // len(names)], names[code % len(names)]): edge[pair == code]
            for code in np.unique(pair).tolist()
        }

    def holders(self) -> list[str | None]:
        """Return the actor that holds each face of the arrangement, None for "no data"."""
        return [label.actor for label in self._labels]

    def ground_of(self, name: str) -> MultiPolygon:
        """Return all that an actor or a side holds, contested and besieged ground included.

        Raises UnknownNameError where `name` is neither an actor nor a side.
        """
        return self.arrangement.union(np.flatnonzero(self._held_by(name)))

    def ground_edges(self, name: str) -> Ints:
        """Return the edges round all that an actor or a side holds; raises as `ground_of` does.

        They are positions in `Arrangement.edges`.
        """
        held, net = self._held_by(name), self.arrangement
        return np.flatnonzero(held[net._left] != (held[net._right] & (net._right >= 0)))

    def _held_by(self, name: str) -> NDArray[np.bool_]:
        sides = self.arrangement.sides
        if name not in sides and name not in sides.values():
            raise UnknownNameError("actor or side", name, sorted({*sides, *sides.values()}))
        return np.array([name in (label.actor, label.side) for label in self._labels], dtype=bool)

    def locate(
        self, lons: Sequence[float], lats: Sequence[float], *, within_deg: float = 0.0
    ) -> list[Area | None]:
        """Return the piece each point lies in, None outside the theatre.

        A point outside by no more than `within_deg` counts to the nearest piece.
        """
        found: list[Area | None] = [None] * len(lons)
        tree = shapely.STRtree([piece.polygon for piece in self.pieces])
        points = shapely.points(lons, lats)
        nearest = tree.query_nearest(points, max_distance=within_deg or 1e-12, all_matches=False)
        for point, piece in nearest.T.tolist():
            found[point] = self.pieces[piece]
        return found

    def invalid_edges(self) -> list[shapely.Geometry]:
        """Return the edges at which the pieces fail to be a coverage; none, unless by a bug."""
        edges = shapely.coverage_invalid_edges([piece.polygon for piece in self.pieces])
        return [edge for edge in edges if not edge.is_empty]


def gains(before: ControlMap, after: ControlMap) -> list[Gain]:
    """Return the ground that changed hands between two maps of one arrangement."""
    if before.arrangement is not after.arrangement:
        raise ValueError("the maps to compare must come from one Arrangement")
    moved: dict[tuple[str, str, str, str], list[int]] = {}
    for face, (old, new) in enumerate(zip(before._labels, after._labels, strict=True)):
        if old.actor != new.actor:
            key = (new.actor or "", new.side or "", old.actor or "", old.side or "")
            moved.setdefault(key, []).append(face)
    return [
        Gain(
            actor or None,
            side or None,
            from_actor or None,
            from_side or None,
            after.arrangement.union(np.array(faces)),
        )
        for (actor, side, from_actor, from_side), faces in sorted(moved.items())
    ]


def _members(labels: Sequence[_Label]) -> dict[_Label, Ints]:
    members: dict[_Label, list[int]] = {}
    for face, label in enumerate(labels):
        members.setdefault(label, []).append(face)
    return {label: np.array(faces, dtype=np.int64) for label, faces in members.items()}


def _order(label: _Label) -> tuple[Any, ...]:
    """Sort by side, actor, status, then certainty from the strongest; "no data" last."""
    return (
        label.actor is None,
        label.side or "",
        label.actor or "",
        label.status or "",
        label.contested_by,
        -label.certainty.rank if label.certainty else 0,
        label.change_ids,
    )


def _faces(polygons: NDArray[Any], theatre: MultiPolygon) -> NDArray[Any]:
    """Node all boundaries and return the faces within the theatre."""
    boundaries = shapely.boundary([*polygons, theatre])
    noded = shapely.union_all(boundaries, grid_size=GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    shapely.prepare(theatre)
    return faces[shapely.contains(theatre, shapely.point_on_surface(faces))]


def _segments(faces: NDArray[Any]) -> tuple[NDArray[np.float64], Ints, Ints]:
    """Return the unique segments of all rings, shape (n, 4), and the faces on either hand.

    The second face is -1 on the theatre's own border.
    """
    rings, ring_face = shapely.get_rings(faces, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    ends = np.hstack([coords[:-1][within], coords[1:][within]])
    owner = ring_face[ring[:-1][within]]
    flip = (ends[:, 0] > ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] > ends[:, 3]))
    ends[flip] = ends[flip][:, [2, 3, 0, 1]]
    order = np.lexsort((owner, *ends.T[::-1]))
    ends, owner = ends[order], owner[order]
    first = np.flatnonzero(np.r_[True, (ends[1:] != ends[:-1]).any(axis=1)])
    shared = np.diff(np.r_[first, len(ends)]) == 2
    right = np.where(shared, owner[np.minimum(first + 1, len(owner) - 1)], -1)
    return ends[first], owner[first], right


def _merge(segments: NDArray[np.float64]) -> list[LineString]:
    """Join segments, shape (n, 4), end to end into as few lines as possible."""
    lines = np.asarray(shapely.linestrings(segments.reshape(-1, 2, 2)))
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    return list(shapely.get_parts(merged))
