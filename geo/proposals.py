"""From a claim to the control change that accepting it would record, or why there is none.

Only what a text says is so may become a change: a capture gives the place to its captor, a
withdrawal leaves it with nobody, an entry or a fight makes it contested, "5 km from" makes a
standoff. All else is context. Nothing is guessed: what the text leaves open, an analyst settles
first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from frontmap.geo.dates import format_day
from frontmap.geo.reading import Claim, ClaimStatus, Extent, Kind, Relation
from frontmap.geo.records import Actor, Certainty, Change, Place, Status, Zone
from frontmap.geo.review import FiledClaim
from frontmap.geo.toponyms import key

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from frontmap.geo.control import Area, ControlMap
    from frontmap.geo.summary import Transfer

__all__ = [
    "NOBODY",
    "Assessment",
    "Effect",
    "NoProposal",
    "Proposal",
    "effect",
    "may_change",
    "propose",
    "zone_named",
]

#: The actor of a change that says that nobody is known to hold the ground.
NOBODY = "none"

#: The relations that propose a change; a claim that someone is near does so with a distance.
_PROPOSING = (
    Relation.CAPTURED,
    Relation.WITHDREW,
    Relation.ENTERED,
    Relation.CONTESTED,
    Relation.NEAR,
)
#: Words of an area's name that do not tell it from another.
_AREA_WORDS = ["province", "governorate", "region", "oblast", "state", "district", "of", "the"]
_SAY_WHERE = "frontmap claims edit N --place NAME|ID"
_SAY_WHO = "frontmap claims edit N --actor SLUG"
#: Less is the rounding of borders.
_LEAST_KM2 = 0.05
#: A sentence names so many places.
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Proposal:
    """A control change as accepting a claim asks for it; one of `place`, `area`, `toward`.

    `actor` is a slug, or "none"; places are gazetteer ids, an area is a zone's code. `warnings`
    say in what it goes beyond the text.
    """

    actor: str
    on: date
    status: Status
    certainty: Certainty
    note: str
    contested_by: str = ""
    place: str = ""
    area: str = ""
    toward: str = ""
    within_km: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoProposal:
    """Why a claim proposes no change.

    `remedy` says what would mend it, with "N" for the claim's number; one that is context for good
    has none.
    """

    reason: str
    remedy: str = ""

    def describe(self, number: int) -> str:
        """Return both in one line, for the claim of a number."""
        remedy = f" ({self.remedy.replace(' N ', f' {number} ')})" if self.remedy else ""
        return f"{self.reason}{remedy}"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to the map of its first day: ground that changes hands, or its status.

    `contested_km2` is how much more ground is contested, less than 0 where it is settled.
    """

    km2: float
    transfers: tuple[Transfer, ...]
    contested_km2: float

    def sentences(self, actors: Mapping[str, Actor]) -> list[str]:
        """Say it, a sentence each; the first is there even if nothing changes."""
        named = {actor.slug: actor.short_name for actor in actors.values()}
        said = [
            f"{row.km2:,.1f} km² pass from {named.get(row.from_actor or '', 'no data')} to "
            f"{named.get(row.actor or '', 'no data')}{_inhabited(row.places)}"
            for row in self.transfers
            if row.km2 >= _LEAST_KM2
        ]
        if abs(self.contested_km2) >= _LEAST_KM2:
            becomes = "contested" if self.contested_km2 > 0 else "no longer contested"
            said.append(f"{abs(self.contested_km2):,.1f} km² become {becomes}")
        return said or ["the map of that day stays as it is"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A claim held against its project: what accepting it would do, and what speaks against it.

    Either `change` and `effect`, or `refusal`, is there. `candidates` are what its place may be.
    """

    filed: FiledClaim
    proposal: Proposal | None = None
    change: Change | None = None
    effect: Effect | None = None
    refusal: NoProposal | None = None
    warnings: tuple[str, ...] = ()
    candidates: tuple[Place, ...] = ()

    def proposes(self, actors: Mapping[str, Actor]) -> str:
        """Say in a line what change accepting the claim would record; "" for none."""
        if self.proposal is None or self.change is None:
            return ""
        holder = actors.get(self.change.actor or "")
        rival = actors.get(self.change.contested_by or "")
        who = holder.short_name if holder else "nobody known"
        contested = f", contested by {rival.short_name}" if rival else ""
        place = self.filed.claim.place
        where = place.place.name if place.place else place.surface
        if self.proposal.within_km:
            where = f"up to {self.proposal.within_km:g} km from {where}"
        return (
            f"{where}: {who}{contested}, {self.change.certainty}, from "
            f"{format_day(self.change.valid_from)} ({self.change.method}, "
            f"{self.effect.km2 if self.effect else 0:,.1f} km²)"
        )

    def to_json(self, actors: Mapping[str, Actor]) -> dict[str, Any]:
        """Return what `frontmap claims show --json` adds to the claim."""
        change, done = self.change, self.effect
        return {
            "candidates": [
                {"id": place.id, "name": place.name, "lon": place.lon, "lat": place.lat}
                for place in self.candidates
            ],
            "proposal": change
            and {
                "actor": change.actor,
                "status": str(change.status),
                "contested_by": change.contested_by,
                "certainty": str(change.certainty),
                "on": change.valid_from.isoformat(),
                "method": str(change.method),
                "place_id": change.place,
                "parameters": change.parameters,
                "note": change.note,
            },
            "effect": done
            and {
                "km2": round(done.km2, 1),
                "contested_km2": round(done.contested_km2, 1),
                "transfers": [row.to_dict() for row in done.transfers],
                "said": done.sentences(actors),
            },
            "no_change": self.refusal and self.refusal.describe(self.filed.id),
            "beware": list(self.warnings),
        }


def may_change(claim: Claim) -> NoProposal | None:
    """Return None for a claim that can become a change, else why it is context."""
    if not claim.is_live:
        return NoProposal(f"{claim.status}: {claim.reason or 'it does not say that it is so'}")
    if claim.relation not in _PROPOSING:
        return NoProposal(f"{claim.relation}: it tells of no change")
    if claim.relation is Relation.NEAR and not claim.distance_km:
        return NoProposal("near: it gives no distance")
    return None


def propose(
    filed: FiledClaim,
    *,
    siblings: Sequence[Claim],
    standing: Area | None,
    actors: Mapping[str, Actor],
    zones: Sequence[Zone],
) -> Proposal | NoProposal:
    """Return what accepting a claim would record, or why it would record nothing.

    `siblings` are the other claims of its report that have not been rejected; `standing` is the
    piece of the control map of its day that its place lies in.
    """
    claim = filed.claim
    if refusal := may_change(claim):
        return refusal
    place, actor = claim.place.place, actors.get(claim.actor_id or "")
    if place is None:
        return NoProposal(f"which place {claim.place.surface!r} is has to be settled", _SAY_WHERE)
    if actor is None:
        return _no_actor(claim)
    ground = _ground(claim, place, zones)
    if isinstance(ground, NoProposal):
        return ground
    made = _Case(claim, place, actor, siblings, standing, actors).change()
    if isinstance(made, NoProposal):
        return made
    warnings = made.warnings
    if claim.extent in (Extent.MOST, Extent.PART):
        said = f"the text says {claim.extent} of {place.name}: the change is of all of it"
        warnings = (*warnings, said)
    note, certainty = _note(filed), _certainty(filed)
    return replace(
        made,
        place=ground.place,
        area=ground.area,
        toward=ground.toward,
        note=note,
        certainty=certainty,
        warnings=warnings,
    )


def _no_actor(claim: Claim) -> NoProposal:
    if claim.actor is None and claim.actor_id is None:
        return NoProposal("the text names no actor", _SAY_WHO)
    return NoProposal(
        f"{claim.actor or claim.actor_id!r} is none of the project's actors",
        f"{_SAY_WHO}, or frontmap actor alias SLUG NAME",
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    place: str = ""
    area: str = ""
    toward: str = ""


def _ground(claim: Claim, place: Place, zones: Sequence[Zone]) -> _Ground | NoProposal:
    """Return which ground the change is of: a place's cell, an area, or toward a place."""
    surface, kind = claim.place.surface, claim.place.kind
    if kind is Kind.SETTLEMENT:
        is_near = claim.relation is Relation.NEAR
        return _Ground(toward=place.id) if is_near else _Ground(place=place.id)
    if kind is not Kind.ADMIN1:
        return NoProposal(f"{surface!r} is a {kind}, whose ground is not known", _SAY_WHERE)
    if claim.relation is not Relation.CAPTURED:
        return NoProposal(f"{claim.relation}, but not where in {surface!r}", _SAY_WHERE)
    zone = zone_named(place, surface, zones)
    if zone is None:
        return NoProposal(f"{surface!r} is none of the project's areas", _SAY_WHERE)
    return _Ground(area=zone.code)


@dataclass(frozen=True, slots=True)
class _Case:
    """A claim whose place and actor are settled."""

    claim: Claim
    place: Place
    actor: Actor
    siblings: Sequence[Claim]
    standing: Area | None
    actors: Mapping[str, Actor]

    def change(self) -> Proposal | NoProposal:
        """Return who holds the ground then, and how, less where it is and who says so."""
        relation, on = self.claim.relation, self.claim.date.last
        plain = Proposal(self.actor.slug, on, Status.CONTROLLED, Certainty.CLAIMED, "")
        if relation is Relation.CAPTURED:
            return plain
        if relation is Relation.NEAR:
            return replace(plain, within_km=self.claim.distance_km)
        if relation is Relation.WITHDREW:
            return self._withdrawal(plain)
        return self._contest(plain)

    def _withdrawal(self, plain: Proposal) -> Proposal | NoProposal:
        place, actor, standing = self.place.name, self.actor, self.standing
        for captor in self._captors():
            if captor.side != actor.side:
                given = f"the same report gives {place} to {captor.short_name}"
                return NoProposal(f"{given}: accept that claim")
        if standing is not None and standing.actor and standing.contested_by == (actor.slug,):
            return replace(plain, actor=standing.actor)
        if standing is not None and actor.slug in standing.contested_by:
            remedy = "record it with: frontmap change add"
            return NoProposal(f"others contest {place} besides {actor.short_name}", remedy)
        if standing is None or standing.side != actor.side:
            return NoProposal(
                f"no ground at {place} is held by {actor.short_name} on {format_day(plain.on)} "
                "to withdraw from"
            )
        warning = "who holds it from then on is not said: nobody will be known to hold it"
        return replace(plain, actor=NOBODY, warnings=(warning,))

    def _contest(self, plain: Proposal) -> Proposal | NoProposal:
        place, actor, standing = self.place.name, self.actor, self.standing
        on = format_day(plain.on)
        for captor in self._captors():
            if captor.side == actor.side:
                said = f"the same report says that {captor.short_name} captured {place}"
                return NoProposal(f"{said}: accept that claim")
        if standing is None or standing.actor is None:
            remedy = "record who holds it with: frontmap change add"
            return NoProposal(
                f"nobody is recorded to hold {place} on {on}, so there is nothing to contest",
                remedy,
            )
        if standing.side == actor.side:
            holder = self.actors[standing.actor].short_name
            return NoProposal(
                f"{place} is held by {holder} on {on}: name the side that contests it", _SAY_WHO
            )
        return replace(
            plain, actor=standing.actor, status=Status.CONTESTED, contested_by=actor.slug
        )

    def _captors(self) -> list[Actor]:
        """Return who captured the place by the other claims of the report."""
        return [
            self.actors[other.actor_id]
            for other in self.siblings
            if other.is_live
            and other.relation is Relation.CAPTURED
            and other.place.place is not None
            and other.place.place.id == self.place.id
            and other.actor_id is not None
            and other.actor_id in self.actors
        ]


def _certainty(filed: FiledClaim) -> Certainty:
    by_party = filed.claim.status is ClaimStatus.CLAIMED or filed.claim.attribution_is_party
    return filed.certainty or (Certainty.CLAIMED if by_party else Certainty.REPORTED)


def _note(filed: FiledClaim) -> str:
    """Return the note of the change: the analyst's, the quote, and what the change leaves out."""
    claim = filed.claim
    parts = [filed.note] if filed.note else []
    parts.append(f"“{' '.join(claim.quote.split())}” (report {filed.report}, claim {filed.id})")
    if claim.date.first is not None and claim.date.first < claim.date.last:
        parts.append(f"between {format_day(claim.date.first)} and {format_day(claim.date.last)}")
    if claim.extent in (Extent.MOST, Extent.PART):
        parts.append(f"{claim.extent} of it")
    if claim.disputed_by:
        parts.append(f"disputed by {claim.disputed_by}")
    return "; ".join(parts)


def zone_named(place: Place, surface: str, zones: Sequence[Zone]) -> Zone | None:
    """Return the area that a place of the gazetteer, or the words for it, stand for."""
    names = {
        name: zone
        for zone in reversed(zones)
        for name in (*(key(known.name) for known in zone.names), key(zone.name), key(zone.code))
    }
    words = [word for word in surface.split() if word.lower() not in _AREA_WORDS]
    wanted = (place.id.rpartition(":")[2], place.name, surface, " ".join(words))
    return next((names[key(name)] for name in wanted if key(name) in names), None)


def effect(
    change: Change,
    changes: Sequence[Change],
    theatre: MultiPolygon,
    sides: Mapping[str, str],
    places: Sequence[Place],
) -> Effect:
    """Return what a change, not recorded yet, would do to the map of its first day.

    Only the ground of the change itself can become another's, so only that is divided anew.
    """
    import shapely
    from shapely import MultiPolygon, Polygon

    from frontmap.geo.control import Arrangement
    from frontmap.geo.geodesy import area_km2
    from frontmap.geo.summary import transfers

    parts = shapely.get_parts(change.polygon.intersection(theatre))
    ground = MultiPolygon([part for part in parts if isinstance(part, Polygon)])
    shapely.prepare(ground)
    within = [p for p in places if shapely.intersects_xy(ground, p.lon, p.lat)]
    touching = [known for known in changes if known.polygon.intersects(ground)]
    instants = [known.retracted_at or known.recorded_at for known in changes]
    before_it = max([*instants, change.recorded_at])
    highest = max((known.id for known in changes), default=0)
    added = replace(change, id=highest + 1, recorded_at=before_it + timedelta(milliseconds=1))
    arrangement = Arrangement([*touching, added], ground, sides)
    before = arrangement.at(change.valid_from, before_it)
    after = arrangement.at(change.valid_from, added.recorded_at)
    return Effect(
        float(area_km2(ground)),
        tuple(transfers(before, after, within)),
        _contested_km2(after) - _contested_km2(before),
    )


def _contested_km2(control_map: ControlMap) -> float:
    from frontmap.geo.geodesy import area_km2

    return sum(float(area_km2(area.polygon)) for area in control_map.areas if area.contested_by)


def _inhabited(places: Sequence[str]) -> str:
    if not places:
        return ""
    named = ", ".join(places[:_MOST_NAMES])
    more = f" and {len(places) - _MOST_NAMES} more" if len(places) > _MOST_NAMES else ""
    return f": {named}{more}"
