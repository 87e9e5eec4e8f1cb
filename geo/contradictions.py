"""What speaks against a claim: the ground of its day, later records, and what is said already.

Each is a sentence for the analyst, who decides: a claim may be right and the record wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import shapely

from frontmap.geo.control import ControlMap, is_known
from frontmap.geo.dates import format_day
from frontmap.geo.distance import nearest
from frontmap.geo.geodesy import compass, distance_m, format_km
from frontmap.geo.proposals import zone_named
from frontmap.geo.reading import Claim, Kind, Relation
from frontmap.geo.records import Actor, Change, Method, Place, Status, Zone
from frontmap.geo.review import FiledClaim, Review
from frontmap.geo.summary import locate

__all__ = ["Ground", "contradictions"]

#: A claimed distance is doubtful where what can be measured is longer by so much, and this share.
_LEAST_EXCESS_KM, _LEAST_EXCESS_SHARE = 3.0, 0.5
#: A stated direction is doubtful where the ground lies so far off it.
_LARGEST_TURN_DEG = 67.5
_WINDS = {compass(turn * 22.5).replace("-", ""): turn * 22.5 for turn in range(16)}


@dataclass(frozen=True, slots=True)
class Ground:
    """What a claim is held against.

    `control_map` is that of the claim's last day, `changes` all rows; `siblings` are the other
    claims of its report, `filed` the project's claims, of which the one with the id `own` is the
    claim itself; `zones` are the project's areas.
    """

    control_map: ControlMap
    changes: Sequence[Change]
    actors: Mapping[str, Actor]
    siblings: Sequence[Claim] = ()
    filed: Sequence[FiledClaim] = ()
    own: int | None = None
    zones: Sequence[Zone] = ()


def contradictions(claim: Claim, ground: Ground) -> tuple[str, ...]:
    """Return what speaks against a claim, a sentence each; none for one that is no live claim."""
    place, actor = claim.place.place, ground.actors.get(claim.actor_id or "")
    if not claim.is_live or place is None or actor is None:
        return ()
    repeats = [*_repeats(claim, place, actor, ground)]
    if claim.place.kind is not Kind.SETTLEMENT:
        return tuple(repeats)
    return (
        *repeats,
        *([] if repeats else _held_already(claim, place, actor, ground)),
        *_too_near(claim, place, actor, ground),
        *_later(claim, place, actor, ground),
    )


def _held_already(claim: Claim, place: Place, actor: Actor, ground: Ground) -> Iterator[str]:
    if claim.relation not in (Relation.CAPTURED, Relation.ENTERED, Relation.NEAR):
        return
    (standing,) = locate(ground.control_map, [place])
    if standing is None or standing.side != actor.side or not standing.actor:
        return
    holder, on = ground.actors[standing.actor], format_day(ground.control_map.as_of)
    rows = ", ".join(map(str, standing.change_ids))
    contested = ", though contested" if standing.contested_by else ""
    yield f"{place.name} is held by {holder.short_name} on {on} already{contested} (change {rows})"


# Distances


def _too_near(claim: Claim, place: Place, actor: Actor, ground: Ground) -> Iterator[str]:
    """Hold a stated distance against the nearest ground that could be meant."""
    if claim.relation is not Relation.NEAR or not claim.distance_km:
        return
    held = ground.control_map.ground_of(actor.slug)
    on = format_day(ground.control_map.as_of)
    measured: list[tuple[float, str]] = []
    if not held.is_empty:
        point = nearest(place.lon, place.lat, held)
        measured.append((point.distance_m / 1e3, f"the nearest ground held by {actor.short_name}"))
        yield from _other_way(claim, place, actor, point.azimuth_deg)
    captured = [
        (float(distance_m(place.lon, place.lat, taken.lon, taken.lat)) / 1e3, taken.name)
        for taken in _captured(ground.siblings, actor, ground.actors)
    ]
    for km, name in sorted(captured)[:1]:
        measured.append((km, f"{name}, captured in the same report,"))
    if not measured:
        yield f"no ground is held by {actor.short_name} on {on} that is near {place.name}"
        return
    excess_km = max(_LEAST_EXCESS_KM, _LEAST_EXCESS_SHARE * claim.distance_km)
    if min(measured)[0] > claim.distance_km + excess_km:
        facts = " and ".join(f"{what} is {km:.1f} km" for km, what in sorted(measured))
        yield (
            f"{facts} from the centre of {place.name}: {format_km(claim.distance_km)} is doubtful, "
            "unless measured to the edge or from a forward position"
        )


def _other_way(claim: Claim, place: Place, actor: Actor, azimuth: float | None) -> Iterator[str]:
    stated = _wind_deg(claim.direction or "")
    if stated is None or azimuth is None:
        return
    turn = abs((azimuth - stated + 180) % 360 - 180)
    if turn > _LARGEST_TURN_DEG:
        yield (
            f"the nearest ground of {actor.short_name} lies to the {compass(azimuth)} of "
            f"{place.name}, not to the {claim.direction}"
        )


def _wind_deg(direction: str) -> float | None:
    """Return the azimuth of a direction in words, "north-west" or "the northern outskirts"."""
    plain = re.sub(r"[^a-z ]", "", direction.lower().replace("-", ""))
    winds = (word.removesuffix("ern").removesuffix("erly") for word in plain.split())
    return next((_WINDS[wind] for wind in winds if wind in _WINDS), None)


def _captured(
    siblings: Sequence[Claim], actor: Actor, actors: Mapping[str, Actor]
) -> Iterator[Place]:
    for other in siblings:
        captor, place = actors.get(other.actor_id or ""), other.place.place
        is_capture = other.is_live and other.relation is Relation.CAPTURED
        is_town = other.place.kind is Kind.SETTLEMENT
        if captor and place and is_capture and is_town and captor.side == actor.side:
            yield place


# What is recorded already


def _later(claim: Claim, place: Place, actor: Actor, ground: Ground) -> Iterator[str]:
    """Name the first row of the same day or later that says otherwise."""
    if claim.relation not in (Relation.CAPTURED, Relation.WITHDREW):
        return
    rows = [
        change
        for change in ground.changes
        if change.valid_from >= claim.date.last
        and is_known(change, None)
        and _disagrees(claim, actor, change, ground.actors)
        and shapely.intersects_xy(change.polygon, place.lon, place.lat)
    ]
    for change in sorted(rows, key=lambda change: (change.valid_from, change.id))[:1]:
        holder = ground.actors[change.actor].short_name if change.actor else "nobody"
        contested = f", contested by {change.contested_by}" if change.contested_by else ""
        when = f"from {format_day(change.valid_from)}"
        if change.valid_from == claim.date.last:
            when = "from the same day: the map would show it contested"
        yield f"change {change.id} has {place.name} held by {holder}{contested} {when}"


def _disagrees(claim: Claim, actor: Actor, change: Change, actors: Mapping[str, Actor]) -> bool:
    side = actors[change.actor].side if change.actor else None
    if claim.relation is Relation.WITHDREW:
        return side == actor.side
    return side != actor.side


def _repeats(claim: Claim, place: Place, actor: Actor, ground: Ground) -> Iterator[str]:
    """Name what says the same of the same days: a row, or a claim that is not rejected."""
    for change in ground.changes:
        if (
            is_known(change, None)
            and _within(change.valid_from, claim)
            and _says(change, claim, place, actor, ground.zones)
        ):
            yield f"change {change.id} records the same from {format_day(change.valid_from)}"
            break
    for filed in ground.filed:
        other = filed.claim
        if (
            filed.id != ground.own
            and (ground.own is None or filed.id < ground.own or not filed.is_open)
            and filed.review is not Review.REJECTED
            and other.is_live
            and other.place.place is not None
            and (other.place.place.id, other.actor_id, other.relation)
            == (place.id, actor.slug, claim.relation)
            and _overlap(claim, other)
        ):
            yield f"claim {filed.id} (report {filed.report}, {filed.review}) says the same"
            break


def _says(change: Change, claim: Claim, place: Place, actor: Actor, zones: Sequence[Zone]) -> bool:
    if claim.place.kind is Kind.ADMIN1:
        zone = zone_named(place, claim.place.surface, zones)
        is_its = zone is not None and change.parameters.get("area") == zone.code
        return is_its and claim.relation is Relation.CAPTURED and change.actor == actor.slug
    if change.place != place.id:
        return False
    if claim.relation is Relation.NEAR:
        return change.method is Method.STANDOFF and change.actor == actor.slug
    if change.method is Method.STANDOFF:
        return False
    if claim.relation is Relation.CAPTURED:
        return change.actor == actor.slug and change.status is Status.CONTROLLED
    if claim.relation is Relation.WITHDREW:
        return change.actor is None
    is_contest = claim.relation in (Relation.ENTERED, Relation.CONTESTED)
    return is_contest and change.contested_by == actor.slug


def _within(day: date, claim: Claim) -> bool:
    return (claim.date.first or date.min) <= day <= claim.date.last


def _overlap(one: Claim, other: Claim) -> bool:
    return (one.date.first or date.min) <= other.date.last and (
        other.date.first or date.min
    ) <= one.date.last
