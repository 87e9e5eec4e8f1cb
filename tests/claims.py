"""A made-up report of Testland and the claims in it, for the tests of what becomes of claims."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from samples import PLACES

from frontmap.data.store import Project
from frontmap.geo.reading import (
    Basis,
    Claim,
    ClaimDate,
    ClaimStatus,
    Kind,
    Reading,
    Relation,
    Toponym,
    ToponymMatch,
)
from frontmap.geo.records import Place, Source

TEXT = """\
Rebels captured Carden on Monday, the Observatory said. They also entered Alton, where fighting \
went on into the night.

By Tuesday they were five kilometres from Dunmore. If the rebels capture Belford, the road to the \
coast is open. The army holds Belford.
"""
PUBLISHED = date(2024, 12, 3)
BY_NAME = {place.name: replace(place, names=(), population=None) for place in PLACES}


def claim(quote: str, place: str | None, relation: Relation, **values: Any) -> Claim:
    """Make a claim of the rebels on 2 December, quoted from `TEXT`."""
    start = TEXT.index(quote)
    given: dict[str, Any] = {
        "actor": "Rebels",
        "actor_id": "rebels",
        "status": ClaimStatus.ASSERTED,
        "date": day(2),
        "rule": "A _ P",
    }
    return Claim(
        place=toponym(place, surface=place or "Xanadu"),
        relation=relation,
        quote=quote,
        start=start,
        end=start + len(quote),
        **{**given, **values},
    )


def toponym(name: str | None, *, surface: str, candidates: tuple[Place, ...] = ()) -> Toponym:
    """Make the mention of a place of Testland, or of none."""
    place = BY_NAME[name] if name else None
    match = ToponymMatch.EXACT if place else ToponymMatch.UNRESOLVED
    start = TEXT.find(surface)
    known = candidates or ((place,) if place else ())
    return Toponym(surface, start, start + len(surface), Kind.SETTLEMENT, match, place, known)


def day(first: int, last: int | None = None) -> ClaimDate:
    """Make a date, or a range of dates, of December 2024."""
    return ClaimDate(date(2024, 12, first), date(2024, 12, last or first), Basis.RELATIVE)


CAPTURED = claim(
    "Rebels captured Carden on Monday, the Observatory said.",
    "Carden",
    Relation.CAPTURED,
    attribution="the Observatory",
)
ENTERED = claim("They also entered Alton", "Alton", Relation.ENTERED, actor="They")
NEAR = claim(
    "By Tuesday they were five kilometres from Dunmore.",
    "Dunmore",
    Relation.NEAR,
    date=day(3),
    distance_km=5.0,
)
HYPOTHETICAL = claim(
    "If the rebels capture Belford",
    "Belford",
    Relation.CAPTURED,
    status=ClaimStatus.HYPOTHETICAL,
    reason="only if it comes about",
)
HOLDS = claim("The army holds Belford.", "Belford", Relation.HOLDS, actor_id="army")


def reading(*claims: Claim) -> Reading:
    """Make a reading of `TEXT`, with its five claims or those given."""
    claims = claims or (CAPTURED, ENTERED, NEAR, HYPOTHETICAL, HOLDS)
    return Reading([each.place for each in claims], claims)


def save(project: Project, *claims: Claim, text: str = TEXT, day: date = PUBLISHED) -> int:
    """File the report in a project."""
    source = Source(f"wire-{day}", "The Wire", "Front moves", "https://example.org/front", day)
    return project.add_report(text, day, "en", source, reading(*claims))
