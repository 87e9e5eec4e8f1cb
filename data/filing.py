"""Reports and claims as rows of a project file, and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from frontmap.geo.dates import format_instant, parse_instant
from frontmap.geo.reading import (
    Basis,
    Claim,
    ClaimDate,
    ClaimStatus,
    Extent,
    Kind,
    Relation,
    Toponym,
    ToponymMatch,
)
from frontmap.geo.records import Certainty, Place
from frontmap.geo.review import Edit, FiledClaim, Report, Review

__all__ = ["claim_from_json", "claim_to_json", "claim_values", "filed_claim", "report"]


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """Return the contract's object of a claim, and the candidates for its place besides."""
    return {**claim.to_json(), "place": claim.place.to_json()}


def claim_from_json(row: Mapping[str, Any]) -> Claim:
    """Return the claim of an object that `claim_to_json` made."""
    plain = {field.name: row[field.name] for field in fields(Claim) if field.name in row}
    return Claim(
        **{
            **plain,
            "place": _toponym(row["place"]),
            "relation": Relation(row["relation"]),
            "status": ClaimStatus(row["status"]),
            "date": _dated(row["date"]),
            "extent": Extent(row["extent"]) if row["extent"] else None,
            "warnings": tuple(row["warnings"]),
        }
    )


def _toponym(row: Mapping[str, Any]) -> Toponym:
    candidates = tuple(Place(**known) for known in row.get("candidates", ()))
    place = next((known for known in candidates if known.id == row["id"]), None)
    if place is None and row["id"] is not None:
        place = Place(row["id"], row["name"], row["lon"], row["lat"], "")
    return Toponym(
        row["surface"],
        row["start"],
        row["end"],
        Kind(row["kind"]),
        ToponymMatch(row["match"]),
        place,
        candidates,
    )


def _dated(row: Mapping[str, Any]) -> ClaimDate:
    first = date.fromisoformat(row["from"]) if row["from"] else None
    return ClaimDate(first, date.fromisoformat(row["to"]), Basis(row["basis"]))


def claim_values(filed: FiledClaim, known_places: set[str]) -> dict[str, Any]:
    """Return the columns of a claim, less those of its review.

    The column `place` refers to the project's own places, `known_places`; the details have others.
    """
    claim = filed.claim
    place_id = claim.place.place.id if claim.place.place else None
    return {
        "report": filed.report,
        "start": claim.start,
        "end": claim.end,
        "relation": claim.relation,
        "status": claim.status,
        "place": place_id if place_id in known_places else None,
        "actor": claim.actor_id,
        "date_from": claim.date.first and claim.date.first.isoformat(),
        "date_to": claim.date.last.isoformat(),
        "details": json.dumps(_details(filed), ensure_ascii=False),
    }


def _details(filed: FiledClaim) -> dict[str, Any]:
    details: dict[str, Any] = {"claim": claim_to_json(filed.claim)}
    if filed.edits:
        details["read"] = claim_to_json(filed.read)
        details["edits"] = [
            {"at": format_instant(edit.at), "by": edit.by, "changed": dict(edit.changed)}
            for edit in filed.edits
        ]
    if filed.certainty:
        details["certainty"] = str(filed.certainty)
    if filed.note:
        details["note"] = filed.note
    return details


def filed_claim(row: sqlite3.Row) -> FiledClaim:
    """Return the claim of a row."""
    details = json.loads(row["details"])
    claim = claim_from_json(details["claim"])
    return FiledClaim(
        id=row["id"],
        report=row["report"],
        claim=claim,
        read=claim_from_json(details["read"]) if "read" in details else claim,
        review=Review(row["review"]),
        certainty=Certainty(details["certainty"]) if "certainty" in details else None,
        note=details.get("note", ""),
        edits=tuple(
            Edit(
                parse_instant(edit["at"]),
                edit["by"],
                {field: (was, now) for field, (was, now) in edit["changed"].items()},
            )
            for edit in details.get("edits", ())
        ),
        change=row["change"],
        reviewed_at=parse_instant(row["reviewed_at"]) if row["reviewed_at"] else None,
        reviewed_by=row["reviewed_by"],
        reason=row["reason"],
    )


def report(row: sqlite3.Row) -> Report:
    """Return the report of a row."""
    return Report(
        row["id"],
        row["source"],
        date.fromisoformat(row["published"]),
        row["language"],
        row["text"],
        parse_instant(row["recorded_at"]),
    )
