"""What a control map comes to in numbers: who holds how much, what changed, how far it is.

Areas are geodesic square kilometres. Every area is published as a range: what stands on confirmed
changes alone, with reported ones, and with claimed ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from shapely import MultiLineString, MultiPolygon

from frontmap.geo.control import Area, ControlMap, gains
from frontmap.geo.distance import Distance, NoDistance, measure
from frontmap.geo.errors import NoFrontError
from frontmap.geo.geodesy import area_km2
from frontmap.geo.records import Certainty, Place

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
        references: dict[str, MultiPolygon | MultiLineString] = {
            f"edge of the area held by {from_}": ground
        }
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


def series(
    map_of: Callable[[date], ControlMap],
    days: Sequence[date],
    targets: Sequence[Place],
    from_: str | None,
    places: Sequence[Place] = (),
) -> list[Distance | NoDistance]:
    """Measure to each of `targets` on each of `days`, one row a day.

    A day on which the map stands as on the day before is not measured again. One day alone raises
    as `distance` does; in a series a day without a front has a row that says so.
    """
    rows: list[Distance | NoDistance] = []
    for target in targets:
        standing: Distance | NoDistance | None = None
        changed: set[date] = set()
        for day in days:
            control_map = map_of(day) if standing is None or day in changed else None
            if control_map is not None:
                changed = changed or set(control_map.arrangement.dates())
                standing = _measured(control_map, target, from_, places, alone=len(days) == 1)
            if standing is not None:
                rows.append(replace(standing, on=day))
    return rows


def _measured(
    control_map: ControlMap,
    target: Place,
    from_: str | None,
    places: Sequence[Place],
    *,
    alone: bool,
) -> Distance | NoDistance:
    try:
        return distance(control_map, target, from_, places)
    except NoFrontError:
        if alone:
            raise
        why = f"{from_} holds no ground" if from_ else "no two sides hold ground beside each other"
        return NoDistance(target, from_ or "front", control_map.as_of, why)


def _fronts(control_map: ControlMap) -> dict[str, MultiPolygon | MultiLineString]:
    """Return the front line by the pair of sides that it divides."""
    lines: dict[str, list[Any]] = {}
    for stretch in control_map.front:
        reference = f"front line between {stretch.sides[0]} and {stretch.sides[1]}"
        lines.setdefault(reference, []).append(stretch.line)
    if not lines:
        raise NoFrontError(
            f"no front on {control_map.as_of}: no two sides hold ground beside each other"
        )
    return {reference: MultiLineString(parts) for reference, parts in lines.items()}


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
