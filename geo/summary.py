"""What a control map comes to in numbers: who holds how much, what changed, how far it is.

Areas are geodesic square kilometres. Every area is published as a range: what stands on confirmed
changes alone, with reported ones, and with claimed ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate
from typing import Any

import numpy as np
from shapely import MultiLineString, MultiPolygon

from frontmap.geo.control import Area, ControlMap, gains
from frontmap.geo.distance import Distance, Nearest, NoDistance, described, measure
from frontmap.geo.distance_series import BoundarySeries
from frontmap.geo.errors import NoFrontError
from frontmap.geo.geodesy import area_km2
from frontmap.geo.records import Certainty, Place
from frontmap.geo.subdivision import Ints

#: A place so little off a coast or border, about 5 km, is there by the outline's coarseness alone.
_COAST_DEG = 0.05


@dataclass(frozen=True, slots=True)
class Holding:
    """What one actor holds; `actor` and `side` None for "no data".

    `km2` and `share` (of the theatre, 0 to 1) are of the map as asked; `km2_by_certainty` has the
    area under each minimum certainty. `contested_km2` is the contested part of `km2`. `population`
    sums the places whose population is known; `places_unknown` counts the others.
    """

    actor: str | None
    side: str | None
    km2: float
    contested_km2: float
    km2_by_certainty: Mapping[Certainty, float]
    share: float
    places: int
    places_unknown: int
    population: int

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values: km² to 0.1, the share to 0.0001."""
        return {
            "actor": self.actor,
            "side": self.side,
            "km2": round(self.km2, 1),
            "contested_km2": round(self.contested_km2, 1),
            "km2_confirmed": round(self.km2_by_certainty[Certainty.CONFIRMED], 1),
            "km2_reported": round(self.km2_by_certainty[Certainty.REPORTED], 1),
            "km2_claimed": round(self.km2_by_certainty[Certainty.CLAIMED], 1),
            "share": round(self.share, 4),
            "places": self.places,
            "places_of_unknown_population": self.places_unknown,
            "population": self.population,
        }


@dataclass(frozen=True, slots=True)
class Transfer:
    """Ground that passed from one actor to another between two maps; None is "no data"."""

    actor: str | None
    from_actor: str | None
    km2: float
    places: tuple[str, ...]
    # The same ground can have other vertices.
    polygon: MultiPolygon = field(repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values: km² to 0.1."""
        return {
            "actor": self.actor,
            "from_actor": self.from_actor,
            "km2": round(self.km2, 1),
            "places": list(self.places),
        }


def holdings(control_map: ControlMap, places: Sequence[Place]) -> list[Holding]:
    """Return what each actor holds, the largest first, "no data" last; all of the theatre."""
    by_certainty = {level: _km2_by_actor(under(control_map, level)) for level in Certainty}
    asked = _km2_by_actor(control_map)
    contested = _km2_by_actor(control_map, contested=True)
    whole = sum(asked.values())
    inhabited = _places_by_actor(control_map, places)
    actors = {actor for level in (asked, *by_certainty.values()) for actor in level}
    rows = [
        Holding(
            actor,
            control_map.arrangement.sides[actor] if actor else None,
            asked.get(actor, 0.0),
            contested.get(actor, 0.0),
            {level: by_certainty[level].get(actor, 0.0) for level in Certainty},
            asked.get(actor, 0.0) / whole,
            len(inhabited.get(actor, ())),
            sum(place.population is None for place in inhabited.get(actor, ())),
            sum(place.population or 0 for place in inhabited.get(actor, ())),
        )
        for actor in actors
    ]
    return sorted(rows, key=lambda row: (row.actor is None, -row.km2, row.actor or ""))


def transfers(before: ControlMap, after: ControlMap, places: Sequence[Place]) -> list[Transfer]:
    """Return what changed hands between two maps of one project, the largest first."""
    held_before, held_after = (
        dict(zip(places, holders_of(control_map, places), strict=True))
        for control_map in (before, after)
    )
    rows = [
        Transfer(
            gain.actor,
            gain.from_actor,
            area_km2(gain.polygon),
            tuple(
                place.name
                for place in places
                if (held_before[place], held_after[place]) == (gain.from_actor, gain.actor)
            ),
            gain.polygon,
        )
        for gain in gains(before, after)
    ]
    return sorted(rows, key=lambda row: -row.km2)


def distance(
    control_map: ControlMap, place: Place, from_: str | None, places: Sequence[Place] = ()
) -> Distance:
    """Measure from the front (`from_` None), or from an actor's or a side's area, to a place.

    Raises NoFrontError where there is no front, or the actor holds nothing, on the map's date;
    UnknownNameError where `from_` is neither an actor nor a side.
    """
    if from_ is not None:
        ground = control_map.ground_of(from_)
        if ground.is_empty:
            raise NoFrontError(f"{from_} holds no ground on {control_map.as_of}")
        references: dict[str, MultiPolygon | MultiLineString] = {_ground_reference(from_): ground}
    else:
        references = _fronts(control_map)
    rows = [
        measure(
            place,
            geometry,
            from_label=from_ or "front",
            on=control_map.as_of,
            reference_from=reference,
            places=places,
        )
        for reference, geometry in references.items()
    ]
    return min(rows, key=lambda row: row.distance_km)


def distances(
    maps: Sequence[ControlMap],
    targets: Sequence[Place],
    from_: str | None,
    places: Sequence[Place] = (),
) -> list[list[Distance | NoDistance]]:
    """Measure as `distance` does on several maps of one project: a list a target, a row a map.

    A map without a front, or on which the actor holds nothing, has a row that says so. Raises
    UnknownNameError where `from_` is neither an actor nor a side.
    """
    boundaries = {
        reference: _boundary_series(maps, edges)
        for reference, edges in _edges_by_reference(maps, from_).items()
    }
    return [_on_each(maps, boundaries, target, from_, places) for target in targets]


def series(
    map_of: Callable[[date], ControlMap],
    days: Sequence[date],
    targets: Sequence[Place],
    from_: str | None,
    places: Sequence[Place] = (),
) -> list[Distance | NoDistance]:
    """Measure to each of `targets` on each of `days`, one row a day.

    `map_of` is asked only for days on which the map differs from that of the day before. One day
    alone raises as `distance` does; in a series a day without a front has a row that says so.
    """
    if len(days) == 1:
        return [distance(map_of(days[0]), target, from_, places) for target in targets]
    rows = series_by_place(map_of, days, targets, from_, places)
    return [row for each in rows for row in each]


def series_by_place(
    map_of: Callable[[date], ControlMap],
    days: Sequence[date],
    targets: Sequence[Place],
    from_: str | None,
    places: Sequence[Place] = (),
) -> list[list[Distance | NoDistance]]:
    """Measure as `series` does, one day alone too: a list a target, a row a day."""
    maps = [map_of(day) for day in days[:1]]
    changed = {day for shown in maps for day in shown.arrangement.dates()}.intersection(days[1:])
    maps += [map_of(day) for day in days[1:] if day in changed]
    standing = list(accumulate((day in changed for day in days), initial=0))[1:]
    return [
        [replace(rows[number], on=day) for day, number in zip(days, standing, strict=True)]
        for rows in distances(maps, targets, from_, places)
    ]


def _on_each(
    maps: Sequence[ControlMap],
    boundaries: Mapping[str, BoundarySeries],
    target: Place,
    from_: str | None,
    places: Sequence[Place],
) -> list[Distance | NoDistance]:
    """Return the distance to one place on each map, from the nearest of several boundaries."""
    why = f"{from_} holds no ground" if from_ else "no two sides hold ground beside each other"
    found = {
        reference: boundary.nearest(target.lon, target.lat, areal=from_ is not None)
        for reference, boundary in boundaries.items()
    }
    told: dict[tuple[str, Nearest], Distance] = {}
    rows: list[Distance | NoDistance] = []
    for number, shown in enumerate(maps):
        on_day = [(name, row) for name, each in found.items() if (row := each[number]) is not None]
        if not on_day:
            rows.append(NoDistance(target, from_ or "front", shown.as_of, why))
            continue
        reference, nearest = best = min(on_day, key=lambda pair: pair[1].distance_m)
        if best not in told:
            told[best] = described(
                target,
                nearest,
                from_label=from_ or "front",
                on=shown.as_of,
                reference_from=reference,
                places=places,
            )
        rows.append(replace(told[best], on=shown.as_of))
    return rows


def _boundary_series(maps: Sequence[ControlMap], edges: Sequence[Ints]) -> BoundarySeries:
    """Prepare a boundary that consists of some of an arrangement's edges on each map."""
    segments, _ = maps[0].arrangement.edges()
    used, edge = np.unique(np.concatenate(edges), return_inverse=True)
    day = np.repeat(np.arange(len(maps)), [len(each) for each in edges])
    return BoundarySeries(segments[used, :2], segments[used, 2:], edge, day, len(maps))


def _edges_by_reference(maps: Sequence[ControlMap], from_: str | None) -> dict[str, list[Ints]]:
    """Return what is measured from, in words, with its edges on each map."""
    if from_ is not None:
        return {_ground_reference(from_): [shown.ground_edges(from_) for shown in maps]}
    fronts = [shown.front_edges() for shown in maps]
    nothing = np.empty(0, dtype=np.int64)
    return {
        _front_reference(sides): [front.get(sides, nothing) for front in fronts]
        for sides in sorted({sides for front in fronts for sides in front})
    }


def _fronts(control_map: ControlMap) -> dict[str, MultiPolygon | MultiLineString]:
    """Return the front line by the pair of sides that it divides, in their order."""
    lines: dict[tuple[str, str], list[Any]] = {}
    for stretch in control_map.front:
        lines.setdefault(stretch.sides, []).append(stretch.line)
    if not lines:
        raise NoFrontError(
            f"no front on {control_map.as_of}: no two sides hold ground beside each other"
        )
    return {_front_reference(sides): MultiLineString(lines[sides]) for sides in sorted(lines)}


def _front_reference(sides: tuple[str, str]) -> str:
    return f"front line between {sides[0]} and {sides[1]}"


def _ground_reference(from_: str) -> str:
    return f"edge of the area held by {from_}"


def under(control_map: ControlMap, min_certainty: Certainty) -> ControlMap:
    """Return the map of the same date and knowledge under another minimum certainty."""
    return control_map.arrangement.at(control_map.as_of, control_map.known_at, min_certainty)


def _km2_by_actor(control_map: ControlMap, *, contested: bool = False) -> dict[str | None, float]:
    total: dict[str | None, float] = {}
    for area in control_map.areas:
        if area.contested_by or not contested:
            total[area.actor] = total.get(area.actor, 0.0) + area_km2(area.polygon)
    return total


def locate(control_map: ControlMap, places: Sequence[Place]) -> list[Area | None]:
    """Return the piece that each place lies in, or beside it off a coast; None elsewhere."""
    return control_map.locate(
        [p.lon for p in places], [p.lat for p in places], within_deg=_COAST_DEG
    )


def holders_of(control_map: ControlMap, places: Sequence[Place]) -> list[str | None]:
    """Return who holds each place, None for nobody known."""
    return [piece.actor if piece else None for piece in locate(control_map, places)]


def _places_by_actor(
    control_map: ControlMap, places: Sequence[Place]
) -> dict[str | None, list[Place]]:
    held: dict[str | None, list[Place]] = {}
    for place, actor in zip(places, holders_of(control_map, places), strict=True):
        held.setdefault(actor, []).append(place)
    return held
