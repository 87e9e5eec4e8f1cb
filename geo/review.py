"""Reports and their claims as a project files them, and what an analyst made of each.

A filed claim keeps what was read for good, beside what an analyst made of it: every edit says who
changed what, and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from frontmap.geo.reading import Claim, Relation
from frontmap.geo.records import Certainty

__all__ = ["Correction", "Edit", "FiledClaim", "Report", "Review", "in_context"]


class Review(StrEnum):
    """What an analyst made of a claim that was read out of a report."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Report:
    """A report's text; `source` is the slug of its publication, `language` BCP 47."""

    id: int
    source: str
    published: date
    language: str
    text: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a claim: `changed` maps each field to what stood there and what stands now."""

    at: datetime
    by: str
    changed: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class FiledClaim:
    """A claim in a project; `claim` as it stands, `read` as it was read.

    `certainty`, where an analyst set it, goes before the one that follows from the claim's status;
    `note` is the analyst's. `change` is the id of the control change that it became. `reason` is
    that of a rejection.
    """

    id: int
    report: int
    claim: Claim
    read: Claim
    review: Review = Review.PENDING
    certainty: Certainty | None = None
    note: str = ""
    edits: tuple[Edit, ...] = ()
    change: int | None = None
    reviewed_at: datetime | None = None
    reviewed_by: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether nobody has decided on it yet."""
        return self.review is Review.PENDING


def in_context(text: str, claim: Claim, *, around: int = 240) -> tuple[str, str, str]:
    """Return the quote of a claim with what stands before and after it in its paragraphs.

    Up to `around` characters on each side, cut between words; an ellipsis says that it was cut.
    """
    before, after = text[: claim.start], text[claim.end :]
    if len(before) > around:
        before = "… " + before[-around:].partition(" ")[2]
    if len(after) > around:
        after = after[:around].rpartition(" ")[0] + " …"
    return before, text[claim.start : claim.end], after


@dataclass(frozen=True, slots=True)
class Correction:
    """What an analyst changes in a claim; None leaves it as it is.

    `place` is a name, a gazetteer's id, or the code of an area (as in ISO 3166-2); `actor` a slug,
    name or alias.
    """

    place: str | None = None
    actor: str | None = None
    on: date | None = None
    within_km: float | None = None
    relation: Relation | None = None
    certainty: Certainty | None = None
    note: str | None = None
