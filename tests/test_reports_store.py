"""Reports and claims in a project: what is saved comes back, once, with every edit told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from claims import CAPTURED, TEXT, reading, save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import PLACES, stored

from frontmap.data.checking import findings
from frontmap.data.citing import cited, publication
from frontmap.data.filing import claim_from_json, claim_to_json
from frontmap.data.store import Project
from frontmap.geo.errors import InputError, UnknownNameError
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
from frontmap.geo.records import Actor, Source
from frontmap.geo.review import Edit, Review

NOW = datetime(2024, 12, 7, 9, tzinfo=UTC)
PLAIN_PLACES = tuple(replace(place, names=(), population=None) for place in PLACES)


def test_a_report_and_its_claims_come_back(project: Project) -> None:
    report_id = save(project)
    report = project.report(report_id)
    assert (report.text, report.language, report.published) == (TEXT, "en", date(2024, 12, 3))
    assert project.sources()[report.source].publisher == "The Wire"
    filed = project.claims(report=report_id)
    assert [entry.claim for entry in filed] == list(reading().claims)
    assert all(entry.review is Review.PENDING and entry.read == entry.claim for entry in filed)
    assert all(TEXT[e.claim.start : e.claim.end] == e.claim.quote for e in filed)
    assert findings(project) == []


def test_a_text_is_saved_once(project: Project) -> None:
    save(project)
    before = stored(project)
    with pytest.raises(InputError, match="this text is report 1 already; nothing was written"):
        save(project)
    assert stored(project) == before


def test_an_edit_stands_beside_what_was_read(project: Project) -> None:
    save(project)
    (filed, *_) = project.claims()
    edited = replace(
        filed,
        claim=replace(filed.claim, actor_id="army"),
        edits=(Edit(NOW, "ed", {"actor": ("rebels", "army")}),),
        note="a slip of the pen",
    )
    project.edit_claim(edited)
    assert project.claim(filed.id) == edited
    assert project.claim(filed.id).read == CAPTURED


def test_what_was_decided_stays_decided(project: Project) -> None:
    save(project)
    project.reject_claim(1, "an old story", by="ed")
    filed = project.claim(1)
    assert (filed.review, filed.reason, filed.reviewed_by) == (
        Review.REJECTED,
        "an old story",
        "ed",
    )
    with pytest.raises(InputError, match="claim 1 was rejected already"):
        project.reject_claim(1, "again")
    with pytest.raises(InputError, match="claim 1 was rejected already"):
        project.edit_claim(filed)
    with pytest.raises(InputError, match="needs a reason"):
        project.reject_claim(2, " ")
    with pytest.raises(UnknownNameError, match="no claim '99'"):
        project.claim(99)


def test_check_finds_claims_that_were_tampered_with(project: Project) -> None:
    save(project)
    project.database.execute('UPDATE claims SET "end" = 3 WHERE id = 1')
    project.database.execute("UPDATE claims SET review = 'accepted' WHERE id = 2")
    assert [line.partition(":")[0] for line in findings(project)] == [
        "claims, row 1",
        "claims, row 2",
    ]


def test_an_alias_means_one_actor(project: Project) -> None:
    assert project.add_aliases("rebels", ["insurgents", "insurgents"]).aliases == ("insurgents",)
    assert project.actors()["rebels"].aliases == ("insurgents",)
    with pytest.raises(InputError, match="'Insurgents' is what rebels is called"):
        project.add_aliases("army", ["Insurgents"])
    with pytest.raises(InputError, match="'insurgents' is what rebels is called"):
        project.add_actor(Actor("insurgents", "X", "X", "x", "#000000"))
    with pytest.raises(InputError, match="'the army' is what army is called"):
        project.add_actor(Actor("x", "X", "X", "x", "#000000", aliases=("the army",)))
    with pytest.raises(UnknownNameError, match="no actor 'nobody'"):
        project.add_aliases("nobody", ["x"])


# Sources


def test_a_publication_is_known_by_its_url_or_by_publisher_title_and_date() -> None:
    known: dict[str, Source] = {}
    day = date(2024, 12, 6)
    first = publication(
        known, url="https://www.example.org/a", published=day, accessed=NOW, title="Front"
    )
    assert first == Source(
        "example.org-2024-12-06",
        "example.org",
        "Front",
        "https://www.example.org/a",
        day,
        date(2024, 12, 7),
    )
    known[first.slug] = first
    assert publication(known, url=first.url, published=day, accessed=NOW) is first
    assert cited(first.url, known, accessed=NOW) is first
    second = publication(known, publisher="The Wire", published=day, accessed=NOW)
    assert (second.slug, second.url, second.accessed) == ("the-wire-2024-12-06", "", None)
    known[second.slug] = second
    assert publication(known, publisher="the wire", published=day, accessed=NOW) is second
    third = publication(known, publisher="The Wire", title="Again", published=day, accessed=NOW)
    assert third.slug == "the-wire-2024-12-06-2"


def test_a_report_without_a_source_is_not_saved() -> None:
    with pytest.raises(InputError, match="give --url, or --publisher"):
        publication({}, published=date(2024, 12, 6), accessed=NOW)
    for bad in ("example.org/a", "ftp://example.org", "http://[", "https://"):
        with pytest.raises(InputError, match="is not a URL"):
            publication({}, url=bad, published=date(2024, 12, 6), accessed=NOW)


# Any claim

toponyms = st.builds(
    Toponym,
    surface=st.text(),
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    kind=st.sampled_from(Kind),
    match=st.sampled_from(ToponymMatch),
    place=st.sampled_from([None, PLAIN_PLACES[0]]),
    candidates=st.just(PLAIN_PLACES),
)
dated = st.builds(ClaimDate, st.none() | st.dates(), st.dates(), basis=st.sampled_from(Basis))
claims = st.builds(
    Claim,
    place=toponyms,
    relation=st.sampled_from(Relation),
    status=st.sampled_from(ClaimStatus),
    date=dated,
    quote=st.text(),
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    rule=st.text(),
    actor=st.none() | st.text(),
    actor_id=st.none() | st.text(),
    distance_km=st.none() | st.floats(0.1, 1e4),
    direction=st.none() | st.text(),
    extent=st.none() | st.sampled_from(Extent),
    attribution=st.none() | st.text(),
    attribution_is_party=st.booleans(),
    disputed_by=st.none() | st.text(),
    reason=st.none() | st.text(),
    warnings=st.lists(st.text(), max_size=3).map(tuple),
)


@given(claims)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_claim_comes_back_from_its_json(claim: Claim) -> None:
    assert claim_from_json(claim_to_json(claim)) == claim
