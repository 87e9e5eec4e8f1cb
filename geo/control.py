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

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon

from frontmap.geo.errors import UnknownNameError
from frontmap.geo.pieces import ENDLESS, Chapter, Painting, crossings
from frontmap.geo.records import Certainty, Change, Status
from frontmap.geo.subdivision import Geometries, Ints, Subdivision

#: With more crossings of outlines, faces are made chapter by chapter; few changes never have them.
_TOO_MANY_CROSSINGS = 100_000
_FEW = 1_000


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
    """All changes of a theatre noded once, so that the map of a date is a labelling of faces.

    Where outlines cross too often for that, in chapters: see `frontmap.geo.pieces`. Faces and
    edges are then those of all chapters looked at so far, and keep their numbers.
    """

    def __init__(
        self,
        changes: Iterable[Change],
        theatre: MultiPolygon,
        sides: Mapping[str, str],
        *,
        in_chapters: bool | None = None,
    ) -> None:
        """Node the boundaries of `changes` and of `theatre`; `sides` maps each actor to its side.

        Polygons are in WGS84 lon/lat with edges straight in lon/lat. The order in which the
        changes come does not matter. `in_chapters` None decides by how often outlines cross.
        """
        self.changes = sorted(changes, key=lambda c: (c.valid_from, c.recorded_at, c.id))
        self.theatre = theatre
        self.sides = dict(sides)
        self._polygons = np.array([change.polygon for change in self.changes], dtype=object)
        self._first = np.array([c.valid_from.toordinal() for c in self.changes], dtype=np.int64)
        self._stop = np.array([_ordinal(c.valid_to) for c in self.changes], dtype=np.int64)
        self._rank = np.array([c.certainty.rank for c in self.changes], dtype=np.int64)
        self.labels = _Labels()
        self._known_at: tuple[datetime | None, NDArray[np.bool_]] | None = None
        self._alone = np.full(len(self.changes), -1)
        self._together: dict[tuple[int, ...], int] = {}
        self._sheets: list[_Sheet] = []
        self._chapters: dict[tuple[datetime | None, int], _Chapters] = {}
        if in_chapters is None:
            many = len(self.changes) >= _FEW
            in_chapters = many and crossings(self._polygons) > _TOO_MANY_CROSSINGS
        if not in_chapters:
            self._add_sheet(np.arange(len(self.changes)), self._polygons)
        self._whole = None if in_chapters else self._sheets[0]

    def _add_sheet(self, rows: Ints, polygons: Geometries) -> _Sheet:
        after = self._sheets[-1] if self._sheets else None
        self._sheets.append(_Sheet.of(self.theatre, rows, polygons, after))
        return self._sheets[-1]

    def _known(self, known_at: datetime | None, least: Certainty) -> NDArray[np.bool_]:
        """Say of each row whether it was known at a time, and is certain enough."""
        if self._known_at is None or self._known_at[0] != known_at:
            known = np.array([is_known(change, known_at) for change in self.changes], dtype=bool)
            self._known_at = known_at, known
        return self._known_at[1] & (self._rank >= least.rank)

    def _sheet_of(
        self, day: int, known_at: datetime | None, least: Certainty, known: NDArray[np.bool_]
    ) -> _Sheet:
        """Return the faces that the map of a day is made of."""
        if self._whole is not None:
            return self._whole
        selection = known_at, least.rank
        if selection not in self._chapters:
            rows = np.flatnonzero(known)
            names = {side: code for code, side in enumerate(sorted(set(self.sides.values())))}
            actors = (self.changes[row].actor for row in rows)
            side = [names[self.sides[actor]] if actor else -1 for actor in actors]
            painting = Painting(
                self._polygons[rows], self._first[rows], self._stop[rows], np.array(side, np.int64)
            )
            self._chapters[selection] = _Chapters(rows, painting.chapters())
        return self._chapters[selection].of(day, self._add_sheet)

    def at(
        self,
        as_of: date,
        known_at: datetime | None = None,
        min_certainty: Certainty = Certainty.CLAIMED,
    ) -> ControlMap:
        """Return the control map of a date, from the rows known at a time (None: now)."""
        day = as_of.toordinal()
        known = self._known(known_at, min_certainty)
        sheet = self._sheet_of(day, known_at, min_certainty, known)
        codes = self._labelled(sheet, known & (self._first <= day) & (day < self._stop))
        return ControlMap(self, as_of, known_at, min_certainty, sheet, codes)

    def _labelled(self, sheet: _Sheet, live: NDArray[np.bool_]) -> Ints:
        """Return the number of each face's label, where some rows are `live`."""
        codes = np.zeros(len(sheet.net.faces), dtype=np.int64)
        used = live[sheet.row]
        face, row = sheet.face[used], sheet.row[used]
        if not len(face):
            return codes
        top = np.flatnonzero(np.diff(face, append=-1))
        first = np.concatenate([[0], top[:-1] + 1])
        below = np.maximum(top - 1, first)
        alone = (below == top) | (self._first[row[below]] != self._first[row[top]])
        codes[face[top[alone]]] = self._decided_alone(row[top[alone]])
        for begin, last in zip(first[~alone].tolist(), top[~alone].tolist(), strict=True):
            painted = tuple(row[begin : last + 1].tolist())
            if painted not in self._together:
                label = self._decide([self.changes[each] for each in painted])
                self._together[painted] = self.labels.number(label)
            codes[face[last]] = self._together[painted]
        return codes

    def _decided_alone(self, rows: Ints) -> Ints:
        """Return the number of the label that each row makes where no other is of its day."""
        for row in np.unique(rows[self._alone[rows] < 0]).tolist():
            self._alone[row] = self.labels.number(self._held([self.changes[row]]))
        return self._alone[rows]

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

    def intervals(self) -> Iterator[Interval]:
        """Yield every area with the days for which it stands, from the rows known now.

        An interval ends where the area's outline or its state changes; "no data" is left out. They
        come in the order of their first days, each made when it is asked for: of many dates, all
        together would fill the memory.
        """
        states = self.labels.states
        for day, spells in self._spells().items():
            grounds = self.at(day).grounds_by_state(set(spells))
            for state in sorted(spells, key=lambda number: _order(states[number])):
                yield Interval(states[state].area(grounds[state]), day, spells[state])

    def _spells(self) -> dict[date, dict[int, date | None]]:
        """Return the numbers of the states that begin on each date, with the dates they end on."""
        found: dict[date, dict[int, date | None]] = {}
        since: dict[int, date] = {}
        before: ControlMap | None = None
        for day in self.dates():
            shown = self.at(day)
            changed = shown.changed_states(before)
            for state in changed & since.keys():
                found[since.pop(state)][state] = day
            begun = (changed & shown.states()) - {0}
            found[day] = dict.fromkeys(begun)
            since |= dict.fromkeys(begun, day)
            before = shown
        return found

    @property
    def faces(self) -> Geometries:
        """The faces that maps are made of, polygons."""
        return np.concatenate([sheet.net.faces for sheet in self._sheets])

    def edges(self) -> tuple[NDArray[np.float64], Ints]:
        """Return the faces' unique edges, shape (n, 4), and the faces on either hand, (n, 2).

        An edge is (lon, lat, lon, lat); beyond the theatre's own border the face is -1.
        """
        beside = [
            np.where(sheet.net.beside < 0, -1, sheet.net.beside + sheet.first_face)
            for sheet in self._sheets
        ]
        return np.concatenate([sheet.net.edges for sheet in self._sheets]), np.concatenate(beside)

    def noded_at_once(self) -> Arrangement:
        """Return the arrangement of the same changes whose maps all have the same faces."""
        if self._whole is not None:
            return self
        return Arrangement(self.changes, self.theatre, self.sides, in_chapters=False)

    def dates(self) -> list[date]:
        """Return every date on which some map differs from that of the day before."""
        days = {change.valid_from for change in self.changes}
        return sorted(days | {c.valid_to for c in self.changes if c.valid_to is not None})


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Faces, and the rows over each as pairs (`face`, `row`) by face and in painting order."""

    net: Subdivision
    face: Ints
    row: Ints
    first_face: int
    first_edge: int

    @classmethod
    def of(
        cls, theatre: MultiPolygon, rows: Ints, polygons: Geometries, after: _Sheet | None
    ) -> _Sheet:
        """Node polygons, which are (part of) those of `rows`; number faces on from a sheet."""
        net = Subdivision(polygons, theatre)
        face, polygon = net.covered_by(polygons)
        first_face = after.first_face + len(after.net.faces) if after else 0
        first_edge = after.first_edge + len(after.net.edges) if after else 0
        return cls(net, face, rows[polygon], first_face, first_edge)


class _Chapters:
    """The sheets of one choice of rows, chapter by chapter, made as far as they were asked for."""

    def __init__(self, rows: Ints, chapters: Iterator[Chapter]) -> None:
        """Take the chapters of `rows`."""
        self._rows, self._coming = rows, chapters
        self._past: list[Chapter] = []
        self._made: dict[int, _Sheet] = {}

    def of(self, day: int, make: Callable[[Ints, Geometries], _Sheet]) -> _Sheet:
        """Return the sheet of a day, made now if need be."""
        while not self._past or self._past[-1].stop <= day:
            nothing = Chapter(ENDLESS, self._rows[:0], np.empty(0, dtype=object))
            self._past.append(next(self._coming, nothing))
        number = bisect_right(self._past, day, key=lambda chapter: chapter.stop)
        if number not in self._made:
            chapter = self._past[number]
            self._made[number] = make(self._rows[chapter.rows], chapter.polygons)
        return self._made[number]


class _Labels:
    """The labels of all maps so far, numbered from 0, which is "no data", and their states."""

    def __init__(self) -> None:
        """Begin with "no data", as a label and as a state."""
        self.labels, self.states = [_NO_DATA], [_NO_DATA]
        self._numbers, self._state_numbers = {_NO_DATA: 0}, {_NO_DATA: 0}
        self._state_of = np.zeros(1024, dtype=np.int64)

    def number(self, label: _Label) -> int:
        """Return the number of a label, a new one if it was never seen."""
        number = self._numbers.setdefault(label, len(self.labels))
        if number == len(self.labels):
            self.labels.append(label)
            state = label.state()
            state_number = self._state_numbers.setdefault(state, len(self.states))
            if state_number == len(self.states):
                self.states.append(state)
            if number == len(self._state_of):
                self._state_of = np.concatenate([self._state_of, np.zeros_like(self._state_of)])
            self._state_of[number] = state_number
        return number

    def states_of(self, labels: Ints) -> Ints:
        """Return the numbers of the labels' states."""
        return self._state_of[labels]

    def numbers_of(self, name: Callable[[_Label], str | None]) -> tuple[list[str], Ints]:
        """Return the names that states have, sorted, and the position of each state's, -1 for none.

        `name` gives the actor or the side of a label.
        """
        names = sorted({found for state in self.states if (found := name(state))})
        position = {found: number for number, found in enumerate(names)}
        return names, np.array([position.get(name(state) or "", -1) for state in self.states])


class ControlMap:
    """The partition of a theatre on one date: `pieces`, `areas` and the `front` between them."""

    def __init__(
        self,
        arrangement: Arrangement,
        as_of: date,
        known_at: datetime | None,
        min_certainty: Certainty,
        sheet: _Sheet,
        labels: Ints,
    ) -> None:
        """Made by `Arrangement.at`; `labels` has the number of a label for each face."""
        self.as_of, self.known_at, self.min_certainty = as_of, known_at, min_certainty
        self.arrangement = arrangement
        self._sheet, self._net, self._label = sheet, sheet.net, labels
        self._known = arrangement.labels
        self._state = self._known.states_of(labels)

    @property
    def change_ids(self) -> tuple[int, ...]:
        """The rows that decide any of the ground, in ascending order."""
        labels = (self._known.labels[number] for number in np.unique(self._label).tolist())
        return tuple(sorted({row for label in labels for row in label.change_ids}))

    @cached_property
    def pieces(self) -> tuple[Area, ...]:
        """The ground that each set of rows decides."""
        grounds = self._net.joined(self._label)
        labels = self._known.labels
        return tuple(
            labels[number].area(grounds[number])
            for number in sorted(grounds, key=lambda number: _order(labels[number]))
        )

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The pieces of equal actor, status and certainty joined; "no data" comes last."""
        grounds, states = self._net.joined(self._state), self._known.states
        rows: dict[int, set[int]] = {}
        shown = np.unique(self._label)
        of_state = self._known.states_of(shown).tolist()
        for number, state in zip(shown.tolist(), of_state, strict=True):
            rows.setdefault(state, set()).update(self._known.labels[number].change_ids)
        return tuple(
            states[state].area(grounds[state], tuple(sorted(rows[state])))
            for state in sorted(grounds, key=lambda state: _order(states[state]))
        )

    def faces_by_state(self, *, with_no_data: bool = False) -> dict[_Label, Ints]:
        """Return the faces of each area, as sorted positions in `Arrangement.faces`."""
        order = np.argsort(self._state, kind="stable")
        numbers, first = np.unique(self._state[order], return_index=True)
        members = np.split(order + self._sheet.first_face, first[1:])
        return {
            self._known.states[number]: faces
            for number, faces in zip(numbers.tolist(), members, strict=True)
            if with_no_data or number
        }

    def states(self) -> set[int]:
        """Return the numbers of the states of all areas."""
        return set(self._state.tolist())

    def changed_states(self, before: ControlMap | None) -> set[int]:
        """Return the numbers of the states whose ground differs from that of an earlier map."""
        if before is None:
            return self.states()
        if before._sheet is not self._sheet:
            return self.states() | before.states()
        differs = self._state != before._state
        return {*self._state[differs].tolist(), *before._state[differs].tolist()}

    def grounds_by_state(self, numbers: set[int]) -> dict[int, MultiPolygon]:
        """Return the ground in each of some states, by number; "no data" is left out."""
        wanted = np.isin(self._state, sorted(numbers - {0}))
        return self._net.joined(np.where(wanted, self._state, -1))

    @cached_property
    def front(self) -> tuple[Stretch, ...]:
        """The boundary between areas of different sides, split where the rows beside it change."""
        labels = self._known.labels
        stretches = []
        for (one, other), line in self._borders():
            rows = tuple(sorted({*labels[one].change_ids, *labels[other].change_ids}))
            sides = (labels[one].side or "", labels[other].side or "")
            actors = (labels[one].actor or "", labels[other].actor or "")
            stretches.append(Stretch(line, sides, actors, rows))
        return tuple(stretches)

    def _borders(self) -> list[tuple[tuple[int, int], LineString]]:
        """Return the front's lines with the numbers of the labels that each divides."""
        _, side = self._sides()
        right, left = self._net.beside_arcs()
        dividing = _dividing(side, right, left)
        one, other = right[dividing], left[dividing]
        swap = side[one] > side[other]
        one, other = (
            self._label[np.where(swap, other, one)],
            self._label[np.where(swap, one, other)],
        )
        met = np.unique(np.concatenate([one, other])).tolist()
        by_order = sorted(met, key=lambda number: _order(self._known.labels[number]))
        rank = np.empty(len(self._known.labels), dtype=np.int64)
        rank[by_order] = np.arange(len(by_order))
        lines = self._net.lines_between(rank[one] * len(met) + rank[other], dividing)
        return [((by_order[c // len(met)], by_order[c % len(met)]), line) for c, line in lines]

    def _sides(self) -> tuple[list[str], Ints]:
        """Return the names of sides, and the position of each face's among them, -1 for none."""
        names, codes = self._known.numbers_of(lambda state: state.side)
        return names, codes[self._state]

    def front_edges(self) -> dict[tuple[str, str], Ints]:
        """Return the edges that the front runs along, by the pair of sides that they divide.

        They are positions in `Arrangement.edges`.
        """
        names, side = self._sides()
        one, other = self._net.beside.T
        edge = _dividing(side, one, other)
        pair = np.minimum(side[one], side[other]) * len(names) + np.maximum(side[one], side[other])
        pair = pair[edge]
        return {
            (names[code // len(names)], names[code % len(names)]): (
                edge[pair == code] + self._sheet.first_edge
            )
            for code in np.unique(pair).tolist()
        }

    def holders(self) -> list[str | None]:
        """Return the actor that holds each face, None for "no data".

        The faces are those of an arrangement that is `noded_at_once`.
        """
        actors = [state.actor for state in self._known.states]
        return [actors[number] for number in self._state.tolist()]

    def ground_of(self, name: str) -> MultiPolygon:
        """Return all that an actor or a side holds, contested and besieged ground included.

        Raises UnknownNameError where `name` is neither an actor nor a side.
        """
        held = self._held_by(name)
        return self._net.joined(np.where(held, 0, -1)).get(0, MultiPolygon())

    def ground_edges(self, name: str) -> Ints:
        """Return the edges round all that an actor or a side holds; raises as `ground_of` does.

        They are positions in `Arrangement.edges`.
        """
        held = np.append(self._held_by(name), False)
        one, other = self._net.beside.T
        return np.flatnonzero(held[one] != held[other]) + self._sheet.first_edge

    def _held_by(self, name: str) -> NDArray[np.bool_]:
        sides = self.arrangement.sides
        if name not in sides and name not in sides.values():
            raise UnknownNameError("actor or side", name, sorted({*sides, *sides.values()}))
        states = [name in (state.actor, state.side) for state in self._known.states]
        return np.array(states, dtype=bool)[self._state]

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
    labels = before.arrangement.labels
    names, actor = labels.numbers_of(lambda state: state.actor)
    holders = [actor[shown._state] for shown in (before, after)]
    if before._sheet is after._sheet:
        net = before._net
    else:
        net, holders = _overlaid([before, after], holders)
    old, new = holders
    pair = np.where(old == new, -1, (new + 1) * (len(names) + 1) + old + 1)
    found = []
    for code, ground in net.joined(pair).items():
        to, of = ([None, *names][number] for number in divmod(code, len(names) + 1))
        sides = before.arrangement.sides
        found.append(Gain(to, sides[to] if to else None, of, sides[of] if of else None, ground))
    return sorted(found, key=lambda g: (g.actor or "", g.side or "", g.from_actor or ""))


def _overlaid(maps: Sequence[ControlMap], groups: Sequence[Ints]) -> tuple[Subdivision, list[Ints]]:
    """Node the areas of maps that have no faces in common; carry their faces' groups over.

    A group is a number from -1.
    """
    areas = [shown._net.joined(group + 1) for shown, group in zip(maps, groups, strict=True)]
    polygons = [np.array(list(each.values()), dtype=object) for each in areas]
    net = Subdivision(np.concatenate(polygons), maps[0].arrangement.theatre)
    carried = []
    for each, outlines in zip(areas, polygons, strict=True):
        group = np.full(len(net.faces), -1)
        face, area = net.covered_by(outlines)
        group[face] = np.array(list(each), dtype=np.int64)[area] - 1
        carried.append(group)
    return net, carried


def _dividing(side: Ints, one: Ints, other: Ints) -> Ints:
    """Return the positions of the borders, between faces `one` and `other`, of different sides.

    `side` has the side of each face; -1 is none, as is the face -1.
    """
    of = np.append(side, -1)
    return np.flatnonzero((of[one] >= 0) & (of[other] >= 0) & (of[one] != of[other]))


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


def _ordinal(day: date | None) -> int:
    return ENDLESS if day is None else day.toordinal()
