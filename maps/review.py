"""What the review of claims shows: one claim in its report, and what accepting it would do.

Decided here as plain text with a few styles, drawn by `frontmap.maps.review_app`. Nothing is told
by colour alone: the quote stands between » and «, the chosen place has a ●, a doubt begins with !.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from frontmap.geo.dates import format_day
from frontmap.geo.errors import InputError
from frontmap.geo.proposals import Assessment, NoProposal
from frontmap.geo.reading import Claim
from frontmap.geo.records import Actor
from frontmap.geo.review import Correction, FiledClaim, Report, in_context

__all__ = ["Desk", "Page", "Style", "Tally", "describe_claim", "one_line", "run_review"]

Segments = Sequence[tuple[str, "Style"]]


class Style(StrEnum):
    """How a piece of text is set."""

    PLAIN = "plain"
    HEADING = "heading"
    QUOTE = "quote"
    FAINT = "faint"
    STRONG = "strong"
    DOUBT = "doubt"


class Desk(Protocol):
    """What the review needs of a project; `frontmap.data.reviewing.ReviewDesk` is one."""

    def actors(self) -> Mapping[str, Actor]:
        """Return the actors by slug."""

    def report(self, report_id: int) -> Report:
        """Return a report."""

    def credit(self, report: Report) -> str:
        """Say where a report was published."""

    def pending(self) -> Sequence[FiledClaim]:
        """Return the claims to decide on, in order."""

    def assess(self, claim_id: int) -> Assessment:
        """Return what accepting a claim would do, and what speaks against it."""

    def accept(self, claim_id: int) -> int:
        """Record the change that a claim makes; return the change's id."""

    def reject(self, claim_id: int, reason: str) -> None:
        """Decide that a claim makes no change."""

    def edit(self, claim_id: int, correction: Correction) -> FiledClaim:
        """Change what is to be read in a claim."""


@dataclass(frozen=True, slots=True)
class Page:
    """One claim as it is shown: its report and places above, what would change below."""

    title: str
    report: Segments
    change: Segments


@dataclass
class Tally:
    """What was decided in one sitting."""

    accepted: int = 0
    rejected: int = 0
    left: int = 0

    def describe(self) -> str:
        """Say it in a line."""
        return f"{self.accepted} accepted, {self.rejected} rejected, {self.left} left to review"


def run_review(desk: Desk) -> str:
    """Let an analyst decide on the pending claims in the terminal; return what was done.

    Raises InputError where this is no terminal, or Textual is not installed.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError(
            "the review needs a terminal: use frontmap claims list, show, accept and reject"
        )
    try:
        from frontmap.maps.review_app import ReviewApp
    except ImportError:
        raise InputError(
            "the review needs Textual: pip install 'frontmap[review]', or use frontmap claims"
        ) from None
    app = ReviewApp(desk)
    app.run()
    return app.tally.describe()


def one_line(claim: Claim, actors: Mapping[str, Actor]) -> str:
    """Say who did what where, as in "Rebels captured Carden"."""
    actor = actors.get(claim.actor_id or "")
    who = actor.short_name if actor else f"{claim.actor or 'someone'}?"
    place = claim.place.place.name if claim.place.place else f"{claim.place.surface}?"
    distance = f", {claim.distance_km:g} km" if claim.distance_km else ""
    return f"{who} {claim.relation} {place}{distance}"


def describe_claim(desk: Desk, claim_id: int) -> Page:
    """Return the page of a claim."""
    assessed, actors = desk.assess(claim_id), desk.actors()
    report = desk.report(assessed.filed.report)
    title = f"Report {report.id}: {desk.credit(report)}, {format_day(report.published)}"
    return Page(
        title,
        [*_statement(assessed, actors), *_quoted(report, assessed), *_places(assessed)],
        [*_change(assessed, actors), *_doubts(assessed)],
    )


def _statement(assessed: Assessment, actors: Mapping[str, Actor]) -> Iterator[tuple[str, Style]]:
    claim = assessed.filed.claim
    yield one_line(claim, actors), Style.STRONG
    facts = [_days(claim), f"{claim.status} by {claim.attribution or 'the report itself'}"]
    if claim.direction:
        facts.append(f"direction: {claim.direction}")
    if claim.extent:
        facts.append(f"extent: {claim.extent}")
    if claim.disputed_by:
        facts.append(f"disputed by {claim.disputed_by}")
    yield "\n" + ", ".join(facts), Style.PLAIN
    for edit in assessed.filed.edits:
        changed = ", ".join(edit.changed)
        yield f"\nedited: {changed}" + (f" by {edit.by}" if edit.by else ""), Style.FAINT


def _days(claim: Claim) -> str:
    last = format_day(claim.date.last)
    if claim.date.first is None:
        return f"by {last}"
    if claim.date.first == claim.date.last:
        return last
    return f"between {format_day(claim.date.first)} and {last}"


def _quoted(report: Report, assessed: Assessment) -> Iterator[tuple[str, Style]]:
    before, quote, after = in_context(report.text, assessed.filed.claim)
    yield "\n\n", Style.PLAIN
    yield before, Style.FAINT
    yield f"»{quote}«", Style.QUOTE
    yield after, Style.FAINT


def _places(assessed: Assessment) -> Iterator[tuple[str, Style]]:
    yield "\n\nPlace", Style.HEADING
    chosen = assessed.filed.claim.place.place
    if not assessed.candidates:
        yield "\n  no place is known by that name: e edits it", Style.PLAIN
    for number, place in enumerate(assessed.candidates, start=1):
        is_chosen = chosen is not None and place.id == chosen.id
        mark = "●" if is_chosen else " "
        style = Style.STRONG if is_chosen else Style.PLAIN
        yield f"\n{number} {mark} {place.describe()}", style


def _change(assessed: Assessment, actors: Mapping[str, Actor]) -> Iterator[tuple[str, Style]]:
    if assessed.refusal is not None:
        yield "No change yet:" if assessed.refusal.remedy else "No change:", Style.HEADING
        yield f" {assessed.refusal.reason}{_remedy(assessed.refusal)}", Style.PLAIN
    elif assessed.effect is not None:
        yield "Accepting records:", Style.HEADING
        yield f" {assessed.proposes(actors)}", Style.PLAIN
        for sentence in assessed.effect.sentences(actors):
            yield f"\n→ {sentence}", Style.STRONG


def _remedy(refusal: NoProposal) -> str:
    """Say what mends it here, where a key does what a command would."""
    if not refusal.remedy:
        return ""
    is_edit = refusal.remedy.startswith("frontmap claims edit")
    return " (press a place's number, or e)" if is_edit else f" ({refusal.remedy})"


def _doubts(assessed: Assessment) -> Iterator[tuple[str, Style]]:
    for warning in assessed.warnings:
        yield f"\n! {warning}", Style.DOUBT
