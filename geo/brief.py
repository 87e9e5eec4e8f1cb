"""What a daily brief asks of the records: what turned over, who lives there, what is stale.

Pure functions of control maps and records; `frontmap.maps.brief` puts their answers in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import shapely
from shapely import MultiLineString, MultiPolygon

from frontmap.geo.control import Area, ControlMap, gains, is_known
from frontmap.geo.distance import Boundary
from frontmap.geo.errors import NoFrontError
from frontmap.geo.geodesy import area_km2, length_km
from frontmap.geo.records import Certainty, Change, Place, Source
from frontmap.geo.summary import holders_of, under

#: A part of a polygon so small, of an outline so approximate, says nothing of who was there.
_LEAST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Turnover:
    """What one actor gained and lost between two maps, in km² and in places.

    Each is told under every minimum certainty from the strongest down to that of the maps, since
    ground may change hands by confirmed records on one day, and by claims on an earlier one.
    """

    actor: str
    gained_km2: Mapping[Certainty, float]
    lost_km2: Mapping[Certainty, float]
    gained_places: Mapping[Certainty, tuple[Place, ...]]
    lost_places: Mapping[Certainty, tuple[Place, ...]]
    from_actors: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """The places of one actor (None: no data); `population` sums those of known population."""

    actor: str | None
    places: int
    places_unknown: int
    population: int


@dataclass(frozen=True, slots=True)
class QuietFront:
    """How much of the front between two actors nobody has spoken of for longer than asked.

    `oldest` and `newest` are the dates of the last reports on the parts of it that are quiet.
    """

    actors: tuple[str, str]
    quiet_km: float
    length_km: float
    oldest: date
    newest: date


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is known now about earlier days and was not known at an earlier instant.

    `retracted` rows were withdrawn since; `late` ones were written down since, for days that had
    been mapped by then.
    """

    retracted: tuple[Change, ...]
    late: tuple[Change, ...]


def turnovers(before: ControlMap, after: ControlMap, places: Sequence[Place]) -> list[Turnover]:
    """Return what each actor gained and lost between two maps of one arrangement.

    The one that gained most comes first, by the maps as asked. Ground lost to, or gained from,
    "no data" counts too. `from_actors` are those whom the ground came from under any certainty,
    who gave most first.
    """
    levels = [level for level in Certainty if level.rank >= after.min_certainty.rank]
    km2 = {level: _moved_km2(under(before, level), under(after, level)) for level in levels}
    moved = {
        level: _moved_places(under(before, level), under(after, level), places) for level in levels
    }
    actors = {actor for level in levels for pair in (*km2[level], *moved[level]) for actor in pair}
    rows = [_turnover(actor, km2, moved) for actor in sorted(filter(None, actors))]
    asked = after.min_certainty
    return sorted(rows, key=lambda row: (-row.gained_km2[asked], -row.lost_km2[asked]))


#: What passed by (from whom, to whom).
_Pair = tuple[str | None, str | None]


def _turnover(
    actor: str,
    km2: Mapping[Certainty, Mapping[_Pair, float]],
    moved: Mapping[Certainty, Mapping[_Pair, list[Place]]],
) -> Turnover:
    given: dict[str | None, float] = defaultdict(float)
    for passed in km2.values():
        for (from_actor, to_actor), amount in passed.items():
            if to_actor == actor:
                given[from_actor] = max(given[from_actor], amount)

    def area(position: int) -> dict[Certainty, float]:
        return {
            level: sum(amount for pair, amount in passed.items() if pair[position] == actor)
            for level, passed in km2.items()
        }

    def names(position: int) -> dict[Certainty, tuple[Place, ...]]:
        return {
            level: tuple(p for pair, found in by.items() if pair[position] == actor for p in found)
            for level, by in moved.items()
        }

    from_actors = sorted(given, key=lambda other: (-given[other], other or ""))
    return Turnover(actor, area(1), area(0), names(1), names(0), tuple(from_actors))


def _moved_km2(before: ControlMap, after: ControlMap) -> dict[_Pair, float]:
    return {(gain.from_actor, gain.actor): area_km2(gain.polygon) for gain in gains(before, after)}


def _moved_places(
    before: ControlMap, after: ControlMap, places: Sequence[Place]
) -> dict[_Pair, list[Place]]:
    moved: dict[_Pair, list[Place]] = {}
    held = zip(places, holders_of(before, places), holders_of(after, places), strict=True)
    for place, old, new in held:
        if old != new:
            moved.setdefault((old, new), []).append(place)
    return moved


def inhabitants(control_map: ControlMap, places: Sequence[Place]) -> list[Inhabitants]:
    """Count the places that each actor holds, and the people in them; "no data" comes last."""
    held: dict[str | None, list[Place]] = {}
    for place, actor in zip(places, holders_of(control_map, places), strict=True):
        held.setdefault(actor, []).append(place)
    rows = [
        Inhabitants(
            actor,
            len(found),
            sum(place.population is None for place in found),
            sum(place.population or 0 for place in found),
        )
        for actor, found in held.items()
    ]
    return sorted(
        rows, key=lambda row: (row.actor is None, -row.population, -row.places, row.actor or "")
    )


def near_front(control_map: ControlMap, places: Sequence[Place], within_km: float) -> list[Place]:
    """Return the places whose centre lies no farther than `within_km` from the front line.

    Raises NoFrontError where there is none.
    """
    if not control_map.front:
        raise NoFrontError(f"no front on {control_map.as_of}")
    if not places:
        return []
    front = Boundary(MultiLineString([stretch.line for stretch in control_map.front]))
    found = front.nearest([place.lon for place in places], [place.lat for place in places])
    close = np.flatnonzero(found.distance_m <= within_km * 1e3)
    return [places[index] for index in close.tolist()]


def previous_holders(before: ControlMap, ground: MultiPolygon) -> list[str | None]:
    """Return who held `ground` on a map, the largest part first; parts below a tenth don't count.

    None stands for "no data". The list is empty where `ground` lies outside the theatre.
    """
    held: dict[str | None, float] = {}
    for area in before.areas:
        part = shapely.intersection(area.polygon, ground).area
        if part:
            held[area.actor] = held.get(area.actor, 0.0) + part
    least = _LEAST_SHARE * sum(held.values())
    largest = sorted(held, key=lambda actor: (-held[actor], actor or ""))
    return [actor for actor in largest if held[actor] >= least]


def last_report(rows: Iterable[Change], sources: Mapping[str, Source], as_of: date) -> date:
    """Return the latest day on which anyone spoke of what `rows` say.

    That is the latest day from which one of them holds, or on which a source that it cites was
    published; what was published after `as_of` counts as of that day.
    """
    days = []
    for row in rows:
        days.append(row.valid_from)
        published = (sources[said.source].published for said in row.sources)
        days += [day for day in published if day is not None]
    return min(max(days), as_of)


def unsettled(control_map: ControlMap) -> list[Area]:
    """Return the pieces of a map that are contested, or rest on claims alone; largest first."""
    found = [
        piece
        for piece in control_map.pieces
        if piece.contested_by or piece.certainty is Certainty.CLAIMED
    ]
    return sorted(found, key=lambda piece: -area_km2(piece.polygon))


def quiet_fronts(
    control_map: ControlMap,
    changes: Mapping[int, Change],
    sources: Mapping[str, Source],
    after_days: int,
) -> list[QuietFront]:
    """Return, by pair of actors, the front on which the last report is older than `after_days`.

    A report on the ground on either hand counts (see `last_report`). The longest comes first.
    """
    whole: dict[tuple[str, str], float] = defaultdict(float)
    quiet: dict[tuple[str, str], list[tuple[date, float]]] = defaultdict(list)
    for stretch in control_map.front:
        pair = (min(stretch.actors), max(stretch.actors))
        kilometres = length_km(stretch.line)
        whole[pair] += kilometres
        rows = [changes[number] for number in stretch.change_ids]
        told = last_report(rows, sources, control_map.as_of)
        if (control_map.as_of - told).days > after_days:
            quiet[pair].append((told, kilometres))
    rows_of = [
        QuietFront(
            pair,
            sum(kilometres for _, kilometres in parts),
            whole[pair],
            min(told for told, _ in parts),
            max(told for told, _ in parts),
        )
        for pair, parts in quiet.items()
    ]
    return sorted(rows_of, key=lambda row: (-row.quiet_km, row.actors))


def ended(
    changes: Iterable[Change],
    *,
    since: date,
    as_of: date,
    known_at: datetime | None,
    min_certainty: Certainty,
) -> list[Change]:
    """Return the rows that held no longer from a day after `since`, up to `as_of`."""
    return [
        change
        for change in changes
        if change.valid_to is not None
        and since < change.valid_to <= as_of
        and change.certainty.rank >= min_certainty.rank
        and is_known(change, known_at)
    ]


def corrections(
    changes: Collection[Change],
    *,
    as_of: date,
    known_at: datetime | None,
    since: date,
    since_known_at: datetime,
) -> Corrections:
    """Return what became known between two instants about days that had been mapped by then.

    A row is late where it holds from `since` or earlier but was recorded after `since_known_at`;
    none is where nothing at all was recorded by then, for nothing had been mapped. Retracted rows
    are those withdrawn in between, of any day up to `as_of`.
    """

    def within(instant: datetime | None) -> bool:
        return (
            instant is not None
            and instant > since_known_at
            and (known_at is None or instant <= known_at)
        )

    started = any(change.recorded_at <= since_known_at for change in changes)
    return Corrections(
        tuple(c for c in changes if c.valid_from <= as_of and within(c.retracted_at)),
        tuple(
            change
            for change in changes
            if started
            and change.valid_from <= since
            and within(change.recorded_at)
            and is_known(change, known_at)
        ),
    )
