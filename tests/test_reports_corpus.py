"""How well the annotated reports are read, with their toponyms as annotated: never worse than this.

`make bench-read` prints the figures, and those with toponyms as recognised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from scoring import GoldToponyms, Report, Score, read_corpus, score

from frontmap.geo.claims import read_report
from frontmap.geo.reading import Claim, Reading

REPORTS = Path(__file__).parent / "reports"


@dataclass(frozen=True)
class Floor:
    """The least that each share may be, and the most that goes wrong."""

    precision: float
    recall: float
    actor: float
    date: float
    attribution: float
    status: float
    false_changes: int = 0
    not_blocked: int = 0


FLOORS = {
    "held-out": Floor(0.99, 0.96, 0.97, 0.96, 0.99, 0.99),
    "held-out-2": Floor(0.99, 0.90, 0.95, 0.98, 0.99, 0.97, not_blocked=1),
    "mmr": Floor(0.99, 0.76, 0.97, 0.91, 0.99, 0.94),
    "more": Floor(0.99, 0.60, 0.91, 0.87, 0.89, 0.88),
    "other": Floor(0.96, 0.85, 0.94, 0.94, 0.92, 0.94, false_changes=1, not_blocked=1),
    "sdn": Floor(0.99, 0.72, 0.97, 0.94, 0.99, 0.99),
    "syr": Floor(0.99, 0.82, 0.97, 0.97, 0.95, 0.97),
    "ukr": Floor(0.97, 0.89, 0.97, 0.86, 0.93, 0.93, false_changes=1, not_blocked=1),
}


def read(report: Report) -> Reading:
    return read_report(report.text, report.published, GoldToponyms(report))


@cache
def scored(corpus: str) -> Score:
    return score(read_corpus(REPORTS / f"{corpus}.jsonl"), read)


def test_every_corpus_has_a_floor() -> None:
    assert {path.stem for path in REPORTS.glob("*.jsonl")} == set(FLOORS)


@pytest.mark.parametrize("corpus", FLOORS)
def test_claims_are_found_and_no_others(corpus: str) -> None:
    made, floor = scored(corpus), FLOORS[corpus]
    assert made.precision >= floor.precision, made.false
    assert made.recall >= floor.recall, made.missed
    assert made.false_changes <= floor.false_changes, made.false
    assert made.others - made.blocked <= floor.not_blocked


@pytest.mark.parametrize("attribute", ("actor", "date", "attribution", "status"))
@pytest.mark.parametrize("corpus", FLOORS)
def test_what_is_found_is_told_right(corpus: str, attribute: str) -> None:
    made = scored(corpus)
    assert made.rate(attribute) >= getattr(FLOORS[corpus], attribute), made.wrong


# The scorer itself


@cache
def sample() -> tuple[Report, Claim]:
    """Return the first report, and a claim that is read right out of it."""
    report = read_corpus(REPORTS / "held-out.jsonl")[0]
    return report, next(claim for claim in read(report).claims if claim.is_live)


def scored_with(report: Report, *claims: Claim) -> Score:
    toponyms = GoldToponyms(report).find(report.text)
    return score([report], lambda _: Reading(toponyms, claims))


def test_nothing_found_is_all_missed() -> None:
    report, _ = sample()
    made = scored_with(report)
    assert (made.found, made.recall, made.precision) == (0, 0.0, 1.0)
    assert len(made.missed) == len(report.live(optional=False))
    assert made.blocked == made.others


def test_a_claim_answers_one_of_the_annotation_once() -> None:
    report, claim = sample()
    assert scored_with(report, claim).found == 1
    assert scored_with(report, claim, claim).found == 1


def test_an_attribute_that_is_wrong_is_counted() -> None:
    report, claim = sample()
    late = replace(claim.date, first=None, last=report.published + timedelta(days=1))
    made = scored_with(report, replace(claim, actor="nobody", attribution="nobody", date=late))
    assert [made.rate(name) for name in ("actor", "attribution", "date")] == [0.0, 0.0, 0.0]
    assert made.rate("status") == 1.0


def test_scores_add_up() -> None:
    first, second = scored("sdn"), scored("syr")
    both = first + second
    assert both.found == first.found + second.found
    assert both.asked["actor"] == first.asked["actor"] + second.asked["actor"]
    assert Score() + first == first


def test_toponyms_are_scored_by_where_they_lie() -> None:
    made = scored("syr")
    assert (made.toponyms_f1, made.end_to_end_f1) == (1.0, 1.0)
    report, _ = sample()
    none = score([report], lambda _: Reading((), ()))
    assert none.toponyms_f1 == 0.0
