"""Reviewing the claims of a project: what accepting one would do, and doing it.

Nothing reaches the map but through `ReviewDesk.accept`, one claim at a time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from frontmap.data.drafting import Draft, actor_named, resolve_drafts
from frontmap.data.store import Project
from frontmap.geo.dates import now
from frontmap.geo.errors import FrontmapError, InputError
from frontmap.geo.proposals import (
    Assessment,
    NoProposal,
    Proposal,
    effect,
    may_change,
    propose,
)
from frontmap.geo.reading import (
    Basis,
    Claim,
    ClaimDate,
    Kind,
    Relation,
    Toponym,
    ToponymMatch,
)
from frontmap.geo.records import Actor, Attribution, Place
from frontmap.geo.review import Correction, Edit, FiledClaim, Report, Review

if TYPE_CHECKING:
    from frontmap.geo.control import Area, ControlMap

__all__ = ["ReviewDesk", "contradictions_of"]

#: So many candidates for a place are offered.
_MOST_CANDIDATES = 9


def contradictions_of(
    project: Project, claims: Sequence[Claim], filed: Sequence[FiledClaim] | None = None
) -> list[tuple[str, ...]]:
    """Return what speaks against each of a report's claims, not filed yet, in a project."""
    from frontmap.geo.contradictions import Ground, contradictions

    known = project.claims() if filed is None else filed
    actors, changes, zones = project.actors(), project.changes(), project.zones()
    return [
        contradictions(
            claim,
            Ground(
                project.control_map(claim.date.last),
                changes,
                actors,
                [other for other in claims if other is not claim],
                known,
                zones=zones,
            ),
        )
        if claim.is_live
        else ()
        for claim in claims
    ]


class ReviewDesk:
    """A project's claims, one at a time; what is decided is decided by `editor`."""

    def __init__(self, project: Project, editor: str = "") -> None:
        """Sit down to review."""
        self.project, self.editor = project, editor

    def actors(self) -> dict[str, Actor]:
        """Return the project's actors by slug."""
        return self.project.actors()

    def report(self, report_id: int) -> Report:
        """Return the report of a claim."""
        return self.project.report(report_id)

    def credit(self, report: Report) -> str:
        """Say where a report was published, in a line."""
        source = self.project.sources()[report.source]
        return ", ".join(part for part in (source.publisher, source.title) if part)

    def pending(self) -> list[FiledClaim]:
        """Return the undecided claims that can become changes, in the order to review them.

        That of their reports, but in each report what was captured before who came how near.
        """
        claims = [
            filed
            for filed in self.project.claims(review=Review.PENDING)
            if may_change(filed.claim) is None
        ]
        return sorted(claims, key=lambda f: (f.report, f.claim.relation is Relation.NEAR, f.id))

    def assess(self, claim_id: int) -> Assessment:
        """Return what accepting a claim would do, or why it cannot be, and what speaks against it.

        A claim that is decided on has neither.
        """
        from frontmap.geo.contradictions import Ground, contradictions

        project = self.project
        filed = project.claim(claim_id)
        candidates = self._candidates(filed.claim)
        if not filed.is_open:
            return Assessment(filed, candidates=candidates)
        actors, changes = project.actors(), project.changes()
        control_map = project.control_map(filed.claim.date.last)
        siblings = self._siblings(filed)
        zones = project.zones()
        ground = Ground(control_map, changes, actors, siblings, project.claims(), filed.id, zones)
        against = (*filed.claim.warnings, *contradictions(filed.claim, ground))
        proposal = propose(
            filed,
            siblings=siblings,
            standing=_standing(control_map, filed.claim),
            actors=actors,
            zones=zones,
        )
        if isinstance(proposal, NoProposal):
            return Assessment(filed, refusal=proposal, warnings=against, candidates=candidates)
        return self._resolved(filed, proposal, against, candidates)

    def _resolved(
        self,
        filed: FiledClaim,
        proposal: Proposal,
        against: tuple[str, ...],
        candidates: tuple[Place, ...],
    ) -> Assessment:
        """Give the proposal its polygon, and see what it does to the map."""
        project = self.project
        warnings = (*proposal.warnings, *against)
        try:
            resolved = resolve_drafts(project, [self._draft(filed, proposal)])
        except InputError as error:
            refusal = NoProposal("; ".join(error.problems))
            return Assessment(filed, proposal, None, None, refusal, warnings, candidates)
        (change,) = resolved.changes
        sides = {actor.slug: actor.side for actor in project.actors().values()}
        done = effect(change, project.changes(), project.theatre.polygon, sides, project.places())
        warnings = (*resolved.notes, *warnings)
        return Assessment(filed, proposal, change, done, None, warnings, candidates)

    def _draft(self, filed: FiledClaim, proposal: Proposal) -> Draft:
        said_by = Attribution(self.report(filed.report).source, filed.claim.attribution or "")
        return Draft(
            actor=proposal.actor,
            on=proposal.on.isoformat(),
            certainty=proposal.certainty,
            sources=(said_by,),
            status=proposal.status,
            contested_by=proposal.contested_by,
            place=proposal.place,
            area=proposal.area,
            toward=proposal.toward,
            within_km=proposal.within_km,
            note=proposal.note,
            editor=self.editor,
        )

    def _siblings(self, filed: FiledClaim) -> list[Claim]:
        return [
            other.claim
            for other in self.project.claims(report=filed.report)
            if other.id != filed.id and other.review is not Review.REJECTED
        ]

    def _candidates(self, claim: Claim) -> tuple[Place, ...]:
        """Return what the place may be: what was read, else what the project has of that name."""
        if len(claim.place.candidates) > 1:
            return claim.place.candidates[:_MOST_CANDIDATES]
        found = self.project.geocode(claim.place.surface, limit=_MOST_CANDIDATES)
        places = [*claim.place.candidates, *(match.place for match in found)]
        return tuple({place.id: place for place in places}.values())[:_MOST_CANDIDATES]

    # Deciding

    def accept(self, claim_id: int) -> int:
        """Record the change that a claim makes, and return its id; InputError where it makes none.

        The change has the report's source, who says so, the certainty, and the quote in its note.
        """
        assessed = self.assess(claim_id)
        if assessed.change is not None:
            return self.project.accept_claim(claim_id, assessed.change, by=self.editor)
        if assessed.refusal is None:
            raise InputError(f"claim {claim_id} was {assessed.filed.review} already")
        why = assessed.refusal.describe(claim_id)
        raise InputError(f"claim {claim_id} cannot be accepted: {why}")

    def reject(self, claim_id: int, reason: str) -> None:
        """Decide, for a reason, that a claim makes no change."""
        self.project.reject_claim(claim_id, reason, by=self.editor)

    def edit(self, claim_id: int, correction: Correction) -> FiledClaim:
        """Change what is given in a pending claim, and return it as it stands then.

        What was read stays beside it, and who changed what. Raises InputError with every problem,
        where nothing changes, and where the claim is decided on.
        """
        filed = self.project.claim(claim_id)
        claim = self._corrected(filed.claim, correction)
        certainty = correction.certainty or filed.certainty
        note = filed.note if correction.note is None else correction.note
        edited = replace(filed, claim=claim, certainty=certainty, note=note)
        before, after = _settings(filed), _settings(edited)
        changed = {
            field: (before[field], after[field])
            for field in before
            if before[field] != after[field]
        }
        if not changed:
            raise InputError(f"claim {claim_id} says so already; nothing was written")
        edited = replace(edited, edits=(*filed.edits, Edit(now(), self.editor, changed)))
        self.project.edit_claim(edited)
        return edited

    def _corrected(self, claim: Claim, correction: Correction) -> Claim:
        problems: list[str] = []
        values: dict[str, Any] = {}
        for field, resolve, given in (
            ("place", self._toponym, correction.place),
            ("actor_id", self._actor, correction.actor),
        ):
            if given is not None:
                try:
                    values[field] = resolve(claim, given)
                except FrontmapError as error:
                    problems.append(str(error))
        if correction.within_km is not None and not 0 < correction.within_km < math.inf:
            problems.append(f"{correction.within_km:g} km is no distance: give more than 0")
        if problems:
            raise InputError(problems)
        if correction.on is not None:
            values["date"] = ClaimDate(correction.on, correction.on, Basis.EXPLICIT)
        if correction.within_km is not None:
            values["distance_km"] = correction.within_km
        if correction.relation is not None:
            values["relation"] = correction.relation
        return replace(claim, **values)

    def _actor(self, _claim: Claim, name: str) -> str:
        return actor_named(name, self.project.actors()).slug

    def _toponym(self, claim: Claim, name: str) -> Toponym:
        """Return the mention with the area of a code or full name, else the place of a name."""
        zone = next((z for z in self.project.zones() if name.upper() == z.code.upper()), None)
        if zone is not None:
            point = zone.polygon.representative_point()
            place, kind = Place(zone.code, zone.name, point.x, point.y, zone.country), Kind.ADMIN1
        else:
            place, kind = self.project.resolve(name), Kind.SETTLEMENT
            place = replace(place, names=(), population=None)
        others = (known for known in claim.place.candidates if known.id != place.id)
        return replace(
            claim.place,
            place=place,
            kind=kind,
            match=ToponymMatch.EXACT,
            candidates=(place, *others),
        )


def _standing(control_map: ControlMap, claim: Claim) -> Area | None:
    """Return the piece of a control map that a claim's place lies in."""
    from frontmap.geo.summary import locate

    return locate(control_map, [claim.place.place])[0] if claim.place.place else None


def _settings(filed: FiledClaim) -> dict[str, Any]:
    """Return what an analyst may change of a claim, as JSON values."""
    claim = filed.claim
    return {
        "place": claim.place.place and claim.place.place.id,
        "actor": claim.actor_id,
        "date": [claim.date.first and claim.date.first.isoformat(), claim.date.last.isoformat()],
        "distance_km": claim.distance_km,
        "relation": str(claim.relation),
        "certainty": filed.certainty and str(filed.certainty),
        "note": filed.note,
    }
