"""Scores what is read out of annotated reports against their annotation.

tests/reports/README.md describes the annotation, and the rules by which it is scored.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from frontmap.geo.geodesy import distance_m
from frontmap.geo.language import words
from frontmap.geo.reading import (
    LIVE,
    Basis,
    Claim,
    ClaimDate,
    Kind,
    Reading,
    Relation,
    Toponym,
    ToponymMatch,
)
from frontmap.geo.records import Place

__all__ = ["GoldToponyms", "Report", "Score", "read_corpus", "score"]

#: One row of annotation, of a claim or a toponym.
Row = dict[str, Any]

#: False claims of these on a place that no change is told of are false changes.
_CHANGES = (Relation.CAPTURED, Relation.ENTERED, Relation.WITHDREW, Relation.BESIEGED)
#: So far apart two places are still the same: a claim's, a toponym's; and two distances.
_PLACE_KM, _TOPONYM_KM, _DISTANCE_KM = 25, 161, 0.6


@dataclass(frozen=True)
class Report:
    """An annotated report."""

    id: str
    countries: tuple[str, ...]
    published: date
    text: str
    toponyms: Sequence[Row]
    claims: Sequence[Row]

    def live(self, *, optional: bool) -> list[Row]:
        """Return the claims that something is so, which have to be found, or may be."""
        return [c for c in self.claims if c["status"] in LIVE and c["optional"] is optional]

    @property
    def others(self) -> list[Row]:
        """Return what is no claim, and must not become one."""
        return [c for c in self.claims if c["status"] not in LIVE]


#: The countries that the theatres of old corpora, which name none, are of.
_THEATRES = {"SYR": ("SY",), "UKR": ("UA", "RU"), "SDN": ("SD",), "MMR": ("MM",)}


def read_corpus(path: Path) -> list[Report]:
    """Return the reports of a file of JSON lines."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Report(
            row["id"],
            tuple(row.get("countries") or _THEATRES[row["theatre"]]),
            date.fromisoformat(row["report_date"]),
            row["text"],
            row["toponyms"],
            row["claims"],
        )
        for row in rows
    ]


# Toponyms as annotated


_COUNTRIES = words(
    "Algeria America Armenia Azerbaijan Bangladesh Belarus Britain Burundi Chad China Congo "
    "Egypt Eritrea Ethiopia France Germany India Iran Iraq Israel Jordan Kenya Lebanon Libya "
    "Mali Myanmar Niger Poland Qatar Russia Rwanda Sudan Syria Thailand Tunisia Turkey Türkiye "
    "UAE Uganda Ukraine Yemen"
)
_AREAS = re.compile(
    r"State|Province|[Rr]egion|Darfur|Donbas|Gezira|Jazira|Kivu|Kursk|Rojava|Tigray"
)


@dataclass(frozen=True)
class GoldToponyms:
    """Finds the toponyms of a report as they are annotated."""

    report: Report

    def find(self, text: str) -> list[Toponym]:
        """Return the toponyms in order."""
        rows = sorted(self.report.toponyms, key=lambda row: int(row["start"]))
        return [self._toponym(text[row["start"] : row["end"]], row) for row in rows]

    def _toponym(self, surface: str, row: Row) -> Toponym:
        name = row["name"]
        kind = Kind.COUNTRY if name in _COUNTRIES else Kind.SETTLEMENT
        kind = Kind.ADMIN1 if _AREAS.search(name) else kind
        country = row.get("country") or ""
        place = Place(f"gold:{name}", name, row["lon"] or 0.0, row["lat"] or 0.0, country)
        span = row["start"], row["end"]
        return Toponym(surface, *span, kind, ToponymMatch.EXACT, place, (place,))


# Scores


@dataclass
class Score:
    """What was found of what was to be found, in some reports; scores can be added.

    `right` and `asked` count the attributes of claims that were found.
    """

    reports: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    false_changes: int = 0
    blocked: int = 0
    others: int = 0
    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    toponyms_found: int = 0
    toponyms_located: int = 0
    toponyms_false: int = 0
    toponyms_missed: int = 0

    def __add__(self, other: Score) -> Score:
        """Return the score of the reports of both."""
        return Score(**{name: value + getattr(other, name) for name, value in vars(self).items()})

    @property
    def precision(self) -> float:
        """Return the share of the proposed claims that are right."""
        return _share(self.found, self.found + len(self.false))

    @property
    def recall(self) -> float:
        """Return the share of the claims to be found that were."""
        return _share(self.found, self.found + len(self.missed))

    @property
    def toponyms_f1(self) -> float:
        """Return the harmonic mean of precision and recall of toponyms."""
        return self._toponyms_f1(self.toponyms_found)

    @property
    def end_to_end_f1(self) -> float:
        """Return the same, where only toponyms count that are placed right."""
        return self._toponyms_f1(self.toponyms_located)

    def _toponyms_f1(self, right: int) -> float:
        total = 2 * self.toponyms_found + self.toponyms_false + self.toponyms_missed
        return _share(2 * right, total)

    def rate(self, attribute: str) -> float:
        """Return the share of the found claims of which an attribute is right."""
        return _share(self.right[attribute], self.asked[attribute])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def score(reports: Iterable[Report], read: Callable[[Report], Reading]) -> Score:
    """Return the score of what is read out of reports."""
    total = Score()
    for report in reports:
        reading = read(report)
        total += _score_claims(report, [c for c in reading.claims if c.is_live])
        total += _score_toponyms(report.toponyms, reading.toponyms)
    return total


def _score_claims(report: Report, proposed: Sequence[Claim]) -> Score:
    """Score what may become changes of the map."""
    wanted, allowed = report.live(optional=False), report.live(optional=True)
    pairs = dict(_pairs(proposed, wanted, report.published))
    made = Score(reports=1, found=len(pairs), others=len(report.others))
    made.missed = [
        f"{report.id}: {row['relation']} {row['place']}: {row['quote']}"
        for j, row in enumerate(wanted)
        if j not in pairs.values()
    ]
    for i, claim in enumerate(proposed):
        if i in pairs:
            _score_attributes(made, report, claim, wanted[pairs[i]])
        elif not any(_answers(claim, row) for row in wanted + allowed):
            made.false.append(f"{report.id}: {claim.relation} {claim.place.surface}: {claim.quote}")
            made.false_changes += _is_false_change(claim, report)
    made.blocked = sum(
        not any(
            _answers(claim, row) and not any(_answers(claim, live) for live in wanted + allowed)
            for claim in proposed
        )
        for row in report.others
    )
    return made


def _pairs(
    proposed: Sequence[Claim], wanted: Sequence[Row], published: date
) -> Iterator[tuple[int, int]]:
    """Yield which proposal answers which claim, one each, those that fit best first."""
    fits = sorted(
        (claim.relation != row["relation"], not _is_date(claim.date, row, published), i, j)
        for (i, claim), (j, row) in product(enumerate(proposed), enumerate(wanted))
        if _answers(claim, row)
    )
    taken, answered = set[int](), set[int]()
    for _, _, i, j in fits:
        if i not in taken and j not in answered:
            taken.add(i)
            answered.add(j)
            yield i, j


def _answers(claim: Claim, row: Row) -> bool:
    """Say whether a claim is of a row's place and says what it says."""
    return _is_of_place(claim, row) and (
        claim.relation == row["relation"] or claim.relation in row["alt"]
    )


def _is_of_place(claim: Claim, row: Row) -> bool:
    overlaps = claim.place.start < row["place_end"] and row["place_start"] < claim.place.end
    return overlaps or _plain(claim.place.surface) == _plain(row["place"])


def _is_false_change(claim: Claim, report: Report) -> bool:
    """Say whether a false claim makes a change of what the report says is none."""
    here = [row for row in report.claims if _is_of_place(claim, row)]
    changed = any(row["status"] in LIVE and row["relation"] in _CHANGES for row in here)
    blocked = any(row["status"] not in LIVE for row in here)
    return claim.relation in _CHANGES and blocked and not changed


def _score_attributes(made: Score, report: Report, claim: Claim, row: Row) -> None:
    checks = {
        "actor": _is_actor(claim.actor, [row["actor"], *row["actor_any"]]),
        "date": _is_date(claim.date, row, report.published),
        "attribution": _is_text(claim.attribution, row["attribution"]),
        "status": claim.status == row["status"],
    }
    if row["distance_km"]:
        away = claim.distance_km
        checks["distance"] = away is not None and abs(away - row["distance_km"]) < _DISTANCE_KM
    if row["lat"] is not None:
        checks["place"] = _is_near(claim.place, row, _PLACE_KM)
    for name, right in checks.items():
        made.asked[name] += 1
        made.right[name] += right
        if not right:
            made.wrong.append(f"{report.id}: {name} of {row['place']}: {claim.to_json()}")


def _plain(name: str | None) -> str:
    """Return a name without its article and marks."""
    bare = re.sub(r"[^\w ]", "", (name or "").lower()).strip()
    return re.sub(r"^(?:the|a|an|its|their) ", "", bare)


def _is_text(found: str | None, wanted: str | None) -> bool:
    """Say whether one of two names holds the other, or both are none."""
    one, other = _plain(found), _plain(wanted)
    if not one or not other:
        return one == other
    return one in other or other in one


def _is_actor(found: str | None, wanted: Sequence[str | None]) -> bool:
    return any(_is_text(found, name) for name in wanted if bool(name) is bool(found))


def _is_date(found: ClaimDate, row: Row, published: date) -> bool:
    """Say whether either end of a date lies within that of the annotation."""
    first = date.fromisoformat(row["date"]["from"]) if row["date"]["from"] else None
    last = date.fromisoformat(row["date"]["to"])
    if row["date"]["basis"] == Basis.NONE:
        return found.basis is Basis.NONE or found.last == published
    if found.basis is Basis.NONE:
        return first is None and last == published
    if (first or date.min) <= found.last <= last:
        return True
    return first is not None and first <= (found.first or found.last) <= last


def _is_near(toponym: Toponym, row: Row, km: float) -> bool:
    place = toponym.place
    if place is None:
        return False
    return bool(distance_m(place.lon, place.lat, row["lon"], row["lat"]) <= km * 1000)


def _score_toponyms(wanted: Sequence[Row], found: Sequence[Toponym]) -> Score:
    """Score the mentions of places, of which those that overlap are the same."""
    left = list(found)
    made = Score()
    for row in wanted:
        same = next((t for t in left if t.start < row["end"] and row["start"] < t.end), None)
        if same is None:
            made.toponyms_missed += 1
            continue
        left.remove(same)
        made.toponyms_found += 1
        made.toponyms_located += row["lat"] is None or _is_near(same, row, _TOPONYM_KM)
    made.toponyms_false = len(left)
    return made
