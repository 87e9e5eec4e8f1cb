"""What is read out of a report: the toponyms and the claims in it, and their JSON form.

Offsets count characters of the report's text, from 0; an end is the offset after the last one.
docs/reading.schema.json describes the JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from frontmap.geo.records import Place

__all__ = [
    "LIVE",
    "Basis",
    "Claim",
    "ClaimDate",
    "ClaimStatus",
    "Extent",
    "Kind",
    "Reading",
    "Relation",
    "Toponym",
    "ToponymMatch",
]


class Kind(StrEnum):
    """What sort of place a toponym names."""

    COUNTRY = "country"
    ADMIN1 = "admin1"
    REGION = "region"
    SETTLEMENT = "settlement"


class ToponymMatch(StrEnum):
    """How a toponym found its place; an unresolved one waits for the analyst."""

    EXACT = "exact"
    FUZZY = "fuzzy"
    UNRESOLVED = "unresolved"


class Relation(StrEnum):
    """What a claim says of an actor and a place."""

    CAPTURED = "captured"
    ENTERED = "entered"
    WITHDREW = "withdrew"
    CONTESTED = "contested"
    BESIEGED = "besieged"
    NEAR = "near"
    HOLDS = "holds"


class ClaimStatus(StrEnum):
    """How a claim is put; only what is asserted or claimed may become a control change."""

    ASSERTED = "asserted"
    CLAIMED = "claimed"
    DENIED = "denied"
    NEGATED = "negated"
    HYPOTHETICAL = "hypothetical"
    PLANNED = "planned"


#: The statuses of claims that say that something is so.
LIVE = (ClaimStatus.ASSERTED, ClaimStatus.CLAIMED)


class Basis(StrEnum):
    """What a claim's date rests on: a date in words, one relative to the report's, or neither."""

    EXPLICIT = "explicit"
    RELATIVE = "relative"
    NONE = "none"


class Extent(StrEnum):
    """How much of the place a claim is about."""

    WHOLE = "whole"
    MOST = "most"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Toponym:
    """One mention of a place in a text.

    `kind` and `place` are those of the likeliest reading; `place` is None where it is unresolved.
    A region or country has a place, too: its point is a representative one. `candidates` are the
    places that it may mean, the likeliest first, `place` among them.
    """

    surface: str
    start: int
    end: int
    kind: Kind
    match: ToponymMatch
    place: Place | None
    candidates: tuple[Place, ...] = ()

    def to_json(self, *, candidates: bool = True) -> dict[str, Any]:
        """Return the JSON object of a toponym, or, without candidates, of a claim's place."""
        row: dict[str, Any] = {
            "surface": self.surface,
            "start": self.start,
            "end": self.end,
            "name": self.place.name if self.place else None,
            "lon": self.place.lon if self.place else None,
            "lat": self.place.lat if self.place else None,
            "match": str(self.match),
            "kind": str(self.kind),
            "id": self.place.id if self.place else None,
        }
        if candidates:
            row["candidates"] = [
                {"id": place.id, "name": place.name, "lon": place.lon, "lat": place.lat}
                | {"country": place.country, "admin1": place.admin1}
                for place in self.candidates
            ]
        return row


@dataclass(frozen=True, slots=True)
class ClaimDate:
    """The days between which it became so, both included.

    `first` is None where only the last possible day is known: the report's own where the text
    names none (basis "none").
    """

    first: date | None
    last: date
    basis: Basis

    def to_json(self) -> dict[str, Any]:
        """Return {"from", "to", "basis"}."""
        return {
            "from": self.first and self.first.isoformat(),
            "to": self.last.isoformat(),
            "basis": str(self.basis),
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text says of an actor and a place, and how it says so.

    `actor` is as written, or, for a pronoun, the last named actor; `actor_id` the slug of the
    project's actor, where one answers to it. `attribution` is who says so, as written, None for
    the report itself; `disputed_by` who denies it. `text[start:end] == quote`. `rule` names the
    trigger, `reason` says why a claim that is not live is none, and `warnings` what an analyst
    should know before accepting it.
    """

    place: Toponym
    relation: Relation
    status: ClaimStatus
    date: ClaimDate
    quote: str
    start: int
    end: int
    rule: str
    actor: str | None = None
    actor_id: str | None = None
    distance_km: float | None = None
    direction: str | None = None
    extent: Extent | None = None
    attribution: str | None = None
    attribution_is_party: bool = False
    disputed_by: str | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        """Say whether it may become a control change."""
        return self.status in LIVE

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of the contract."""
        return {
            "place": self.place.to_json(candidates=False),
            "relation": str(self.relation),
            "actor": self.actor,
            "actor_id": self.actor_id,
            "status": str(self.status),
            "date": self.date.to_json(),
            "distance_km": self.distance_km,
            "direction": self.direction,
            "extent": self.extent and str(self.extent),
            "attribution": self.attribution,
            "attribution_is_party": self.attribution_is_party,
            "disputed_by": self.disputed_by,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "rule": self.rule,
            "reason": self.reason,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read out of a text; `notes` say what could not be, as for a language."""

    toponyms: Sequence[Toponym]
    claims: Sequence[Claim]
    notes: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object that `frontmap read --json` prints."""
        return {
            "toponyms": [toponym.to_json() for toponym in self.toponyms],
            "claims": [claim.to_json() for claim in self.claims],
            "notes": list(self.notes),
        }
