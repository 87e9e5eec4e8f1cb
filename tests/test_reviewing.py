"""From a claim to the map: what accepting one does, what it refuses, and what speaks against it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from claims import (
    CAPTURED,
    ENTERED,
    HOLDS,
    HYPOTHETICAL,
    NEAR,
    PUBLISHED,
    TEXT,
    claim,
    day,
    reading,
    save,
    toponym,
)
from samples import stored

from frontmap.data import seeding
from frontmap.data.checking import findings
from frontmap.data.drafting import Draft, add_drafts
from frontmap.data.reviewing import ReviewDesk, contradictions_of
from frontmap.data.store import Project
from frontmap.geo.errors import InputError
from frontmap.geo.proposals import Assessment
from frontmap.geo.reading import (
    Basis,
    Claim,
    ClaimDate,
    ClaimStatus,
    Extent,
    Kind,
    Relation,
    Toponym,
)
from frontmap.geo.records import Attribution, Certainty, Change, Method, Status
from frontmap.geo.review import Correction, Review
from frontmap.geo.summary import distance, transfers

SAID = (Attribution("gazette"),)
WITHDREW = replace(ENTERED, relation=Relation.WITHDREW, actor="The army", actor_id="army")


@pytest.fixture
def desk(project: Project) -> ReviewDesk:
    """Return the desk of a project that the army holds all of since 20 November."""
    add_drafts(project, [Draft("army", "2024-11-20", "confirmed", SAID, area="theatre")])
    return ReviewDesk(project, "ed")


def record(desk: ReviewDesk, actor: str, on: str, **values: object) -> int:
    """Record a change by hand."""
    draft = replace(Draft(actor, on, "reported", SAID), **values)  # type: ignore[arg-type]
    return add_drafts(desk.project, [draft])[0][0]


def assessed(desk: ReviewDesk, *claims: Claim) -> Assessment:
    """File claims, and assess the first of them."""
    report = save(desk.project, *claims)
    return desk.assess(desk.project.claims(report=report)[0].id)


def accepted(desk: ReviewDesk, *claims: Claim) -> Change:
    """File claims, accept the first of them, and return its change."""
    filed = assessed(desk, *claims).filed
    change = desk.project.change(desk.accept(filed.id))
    assert findings(desk.project) == []
    return change


def refused(desk: ReviewDesk, *claims: Claim) -> str:
    """File claims, return why the first cannot be accepted, and see that nothing was written."""
    filed = assessed(desk, *claims).filed
    before = stored(desk.project)
    with pytest.raises(InputError) as caught:
        desk.accept(filed.id)
    assert stored(desk.project) == before
    assert len(caught.value.problems) == 1
    return str(caught.value)


# What accepting does


def test_a_capture_gives_the_cell_of_the_place_to_its_captor(desk: ReviewDesk) -> None:
    change = accepted(desk, CAPTURED)
    assert (change.actor, change.status, change.method) == (
        "rebels",
        Status.CONTROLLED,
        Method.CELL,
    )
    assert (change.place, change.valid_from) == ("test:carden", date(2024, 12, 2))
    assert change.certainty is Certainty.REPORTED
    (source,) = desk.project.sources().keys() - {"gazette"}
    assert change.sources == (Attribution(source, "the Observatory"),)
    assert change.note == f"“{CAPTURED.quote}” (report 1, claim 1)"
    assert change.editor == "ed"
    filed = desk.project.claim(1)
    assert (filed.review, filed.change, filed.reviewed_by) == (Review.ACCEPTED, change.id, "ed")


def test_what_a_party_says_is_claimed(desk: ReviewDesk) -> None:
    by_party = replace(CAPTURED, attribution="the rebels", attribution_is_party=True)
    assert accepted(desk, by_party).certainty is Certainty.CLAIMED
    claimed = replace(NEAR, status=ClaimStatus.CLAIMED)
    report = desk.project.add_report(
        TEXT + ".", PUBLISHED, "en", desk.project.sources()["gazette"], reading(claimed)
    )
    (filed,) = desk.project.claims(report=report)
    change = desk.project.change(desk.accept(filed.id))
    assert change.certainty is Certainty.CLAIMED


def test_a_range_of_days_counts_from_its_last(desk: ReviewDesk) -> None:
    change = accepted(desk, replace(CAPTURED, date=day(1, 3), extent=Extent.MOST))
    assert change.valid_from == date(2024, 12, 3)
    assert change.note.endswith("between 1 December 2024 and 3 December 2024; most of it")


def test_an_open_range_counts_from_its_last_day(desk: ReviewDesk) -> None:
    undated = replace(CAPTURED, date=ClaimDate(None, date(2024, 12, 3), Basis.NONE))
    assert accepted(desk, undated).valid_from == date(2024, 12, 3)


def test_an_entry_makes_contested_what_its_holder_keeps(desk: ReviewDesk) -> None:
    change = accepted(desk, ENTERED)
    assert (change.actor, change.status, change.contested_by) == (
        "army",
        Status.CONTESTED,
        "rebels",
    )
    areas = desk.project.control_map("2024-12-02").areas
    assert {(area.actor, area.contested_by) for area in areas} == {
        ("army", ()),
        ("army", ("rebels",)),
    }


def test_a_withdrawal_leaves_the_place_with_nobody(desk: ReviewDesk) -> None:
    assert "nobody will be known to hold it" in " ".join(assessed(desk, WITHDREW).warnings)
    change = desk.project.change(desk.accept(1))
    assert (change.actor, change.status) == (None, Status.CONTROLLED)
    assert None in {area.actor for area in desk.project.control_map("2024-12-02").areas}


def test_a_contester_that_withdraws_leaves_it_with_the_holder(desk: ReviewDesk) -> None:
    record(desk, "army", "2024-12-01", place="Alton", status="contested", contested_by="rebels")
    change = accepted(desk, replace(WITHDREW, actor_id="rebels"))
    assert (change.actor, change.status) == ("army", Status.CONTROLLED)


def test_near_is_a_standoff_at_exactly_that_distance(desk: ReviewDesk) -> None:
    record(desk, "rebels", "2024-12-01", place="Carden", reach_km=20)
    change = accepted(desk, NEAR)
    assert (change.method, change.parameters["within_km"]) == (Method.STANDOFF, 5.0)
    control_map = desk.project.control_map("2024-12-03")
    measured = distance(control_map, desk.project.resolve("Dunmore"), "rebels")
    assert measured.distance_km == pytest.approx(5.0, abs=0.001)


def test_a_province_is_its_area(desk: ReviewDesk) -> None:
    west = replace(toponym("Carden", surface="Xanadu"), kind=Kind.ADMIN1, surface="West province")
    captured = replace(CAPTURED, place=west, extent=Extent.PART)
    change = accepted(desk, captured)
    assert (change.method, change.parameters) == (Method.AREA, {"area": "XX-W"})
    (said,) = contradictions_of(desk.project, [captured])
    assert said[0] == "change 2 records the same from 2 December 2024"


def test_the_effect_is_that_of_the_map(desk: ReviewDesk) -> None:
    """Hold the fast way, over the change's own ground, against the difference of whole maps."""
    record(desk, "rebels", "2024-12-01", place="Belford", reach_km=20)
    assessment = assessed(desk, CAPTURED, NEAR)
    assert assessment.effect is not None
    desk.accept(1)
    before, after = (desk.project.control_map(on) for on in ("2024-12-01", "2024-12-02"))
    whole = transfers(before, after, desk.project.places())
    done = assessment.effect.transfers
    assert [replace(row, km2=0) for row in done] == [replace(row, km2=0) for row in whole]
    assert [row.km2 for row in done] == pytest.approx([row.km2 for row in whole], rel=1e-6)
    assert assessment.effect.contested_km2 == 0
    said = assessment.effect.sentences(desk.actors())
    assert len(said) == 1 and said[0].endswith("pass from Army to Rebels: Carden")


def test_the_effect_of_an_entry_is_contested_ground(desk: ReviewDesk) -> None:
    effect = assessed(desk, ENTERED).effect
    assert effect is not None and effect.transfers == ()
    assert effect.contested_km2 == pytest.approx(effect.km2)
    assert effect.sentences(desk.actors())[0].endswith("km² become contested")


# What is refused


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (HYPOTHETICAL, "hypothetical: only if it comes about"),
        (replace(CAPTURED, status=ClaimStatus.DENIED), "denied: it does not say that it is so"),
        (HOLDS, "holds: it tells of no change"),
        (replace(CAPTURED, relation=Relation.BESIEGED), "besieged: it tells of no change"),
        (replace(NEAR, distance_km=None), "near: it gives no distance"),
        (
            replace(CAPTURED, place=toponym(None, surface="Xanadu")),
            r"which place 'Xanadu' is .* \(frontmap claims edit 1 --place NAME",
        ),
        (
            replace(CAPTURED, actor=None, actor_id=None),
            r"names no actor \(frontmap claims edit 1 --actor",
        ),
        (
            replace(CAPTURED, actor="Raiders", actor_id=None),
            "'Raiders' is none of the project's actors .*or frontmap actor alias SLUG NAME",
        ),
        (
            replace(CAPTURED, place=replace(CAPTURED.place, kind=Kind.REGION)),
            "is a region, whose ground is not known",
        ),
        (
            replace(ENTERED, place=replace(ENTERED.place, kind=Kind.ADMIN1)),
            "entered, but not where in 'Alton'",
        ),
        (
            replace(CAPTURED, place=replace(CAPTURED.place, kind=Kind.ADMIN1)),
            "'Carden' is none of the project's areas",
        ),
        (
            replace(WITHDREW, actor_id="rebels"),
            "no ground at Alton is held by Rebels on 2 December",
        ),
        (
            replace(ENTERED, actor_id="army"),
            "Alton is held by Army on 2 December 2024: name the side",
        ),
        (replace(NEAR, distance_km=1e4), "nothing"),
        (
            replace(CAPTURED, date=ClaimDate(None, date(2222, 1, 1), Basis.EXPLICIT)),
            "2222-01-01 is in the future",
        ),
    ],
)
def test_what_makes_no_change_is_refused(desk: ReviewDesk, wrong: Claim, said: str) -> None:
    assert re.search(said, refused(desk, wrong))


def test_what_nobody_holds_is_not_contested(project: Project) -> None:
    assert "nobody is recorded to hold Alton" in refused(ReviewDesk(project), ENTERED)


def test_a_capture_of_the_same_report_goes_before_an_entry_and_a_withdrawal(
    desk: ReviewDesk,
) -> None:
    taken = replace(CAPTURED, place=ENTERED.place)
    assert "captured Alton: accept that claim" in refused(desk, ENTERED, taken)
    desk.reject(2, "misread")
    assert desk.assess(1).refusal is None


def test_who_withdrew_from_what_another_captured_is_told_so(desk: ReviewDesk) -> None:
    taken = replace(CAPTURED, place=ENTERED.place)
    assert "gives Alton to Rebels: accept that claim" in refused(desk, WITHDREW, taken)


def test_a_claim_is_accepted_once(desk: ReviewDesk) -> None:
    accepted(desk, CAPTURED)
    with pytest.raises(InputError, match=r"claim 1 was accepted already"):
        desk.accept(1)
    with pytest.raises(InputError, match=r"claim 1 was accepted \(change 2\) already"):
        desk.reject(1, "no")
    assert len(desk.project.changes()) == 2


def test_only_what_can_become_a_change_is_to_be_reviewed(desk: ReviewDesk) -> None:
    save(desk.project, NEAR, ENTERED, HYPOTHETICAL, HOLDS, CAPTURED)
    assert [filed.id for filed in desk.pending()] == [2, 5, 1]
    desk.accept(5)
    assert [filed.id for filed in desk.pending()] == [2, 1]


def test_two_analysts_cannot_both_accept_a_claim(desk: ReviewDesk) -> None:
    save(desk.project, CAPTURED)
    with Project.open(desk.project.location) as second:
        change = desk.assess(1).change
        ReviewDesk(second, "other").accept(1)
        assert change is not None
        with pytest.raises(InputError, match=r"claim 1 was accepted \(change 2\) already"):
            desk.project.accept_claim(1, change, by="ed")
    assert len(desk.project.changes()) == 2
    assert findings(desk.project) == []


@pytest.mark.slow
def test_the_claims_of_6_december_make_the_map_on_which_the_front_is_5_km_from_homs(
    tmp_path: Path,
) -> None:
    path = tmp_path / "syria.gpkg"
    seed = seeding.read_seed(seeding.shipped("syria-2024"))
    project, _ = seeding.build(seed, path, until=date(2024, 11, 26))
    with project:
        found = [
            replace(CAPTURED, place=town(project, name), date=day(last), actor_id="hts")
            for name, last in (("Aleppo", 1), ("Hama", 5), ("Rastan", 6), ("Talbisseh", 6))
        ]
        near = replace(NEAR, place=town(project, "Homs"), date=day(6), actor_id="hts")
        save(project, near, *found, day=date(2024, 12, 6))
        desk = ReviewDesk(project)
        doubt = "Talbisseh, captured in the same report, is 13.0 km and the nearest ground"
        assert any(doubt in warning for warning in desk.assess(1).warnings)
        for filed in desk.pending():
            desk.accept(filed.id)
        assert desk.pending() == []
        control_map = project.control_map("2024-12-06")
        homs = project.resolve("Homs")
        assert distance(control_map, homs, None).distance_km == pytest.approx(5.0, abs=0.001)
        assert findings(project) == []


def town(project: Project, name: str) -> Toponym:
    """Make the mention of a place of a project."""
    place = replace(project.resolve(name), names=(), population=None)
    return replace(CAPTURED.place, surface=name, place=place, candidates=(place,))


# Corrections


def test_an_edit_settles_what_the_text_left_open(desk: ReviewDesk) -> None:
    desk.project.add_aliases("rebels", ["raiders"])
    unclear = replace(CAPTURED, place=toponym(None, surface="Xanadu"), actor="Men", actor_id=None)
    report = save(desk.project, unclear)
    filed = desk.edit(
        1,
        Correction(
            place="Alton",
            actor="Raiders",
            on=date(2024, 12, 4),
            certainty=Certainty.CONFIRMED,
            note="as filmed",
        ),
    )
    assert desk.project.claims(report=report) == [filed]
    assert filed.read == unclear
    (edit,) = filed.edits
    assert edit.by == "ed"
    assert edit.changed == {
        "place": (None, "test:alton"),
        "actor": (None, "rebels"),
        "date": (["2024-12-02", "2024-12-02"], ["2024-12-04", "2024-12-04"]),
        "certainty": (None, "confirmed"),
        "note": ("", "as filmed"),
    }
    change = desk.project.change(desk.accept(1))
    assert (change.actor, change.place, change.valid_from) == (
        "rebels",
        "test:alton",
        date(2024, 12, 4),
    )
    assert change.certainty is Certainty.CONFIRMED
    assert change.note.startswith("as filmed; “Rebels captured")


def test_an_edit_can_turn_a_claim_into_another(desk: ReviewDesk) -> None:
    save(desk.project, CAPTURED)
    filed = desk.edit(1, Correction(relation=Relation.NEAR, within_km=4.0, place="XX-E"))
    assert (filed.claim.relation, filed.claim.distance_km) == (Relation.NEAR, 4.0)
    assert filed.claim.place.kind is Kind.ADMIN1
    filed = desk.edit(1, Correction(place="test:dunmore"))
    assert filed.claim.place.kind is Kind.SETTLEMENT
    assert len(filed.edits) == 2 and filed.read == CAPTURED


def test_a_bad_edit_is_refused_with_every_problem(desk: ReviewDesk) -> None:
    save(desk.project, CAPTURED)
    before = stored(desk.project)
    with pytest.raises(InputError) as caught:
        desk.edit(1, Correction(place="Qqqq", actor="nobody", within_km=-1))
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="says so already"):
        desk.edit(1, Correction(actor="rebels"))
    assert stored(desk.project) == before


# Contradictions


def warned(desk: ReviewDesk, *claims: Claim) -> str:
    """Return what speaks against the first claim: the same before it is filed as after."""
    first = contradictions_of(desk.project, claims)[0]
    assessment = assessed(desk, *claims)
    assert set(first) <= set(assessment.warnings)
    return "; ".join(first)


def test_nothing_speaks_against_a_plain_capture(desk: ReviewDesk) -> None:
    assert warned(desk, CAPTURED) == ""


def test_a_distance_that_the_ground_does_not_allow_is_doubtful(desk: ReviewDesk) -> None:
    record(desk, "rebels", "2024-12-01", place="Alton", reach_km=5)
    said = warned(desk, NEAR, CAPTURED)
    assert "Carden, captured in the same report, is 54.9 km and the nearest ground held by" in said
    assert "from the centre of Dunmore: 5 km is doubtful, unless measured to the edge" in said


def test_a_distance_that_the_ground_allows_is_not(desk: ReviewDesk) -> None:
    record(desk, "rebels", "2024-12-01", place="Carden")
    near = replace(NEAR, distance_km=27.0)
    assert warned(desk, near) == ""


def test_a_direction_that_the_ground_does_not_have_is_doubtful(desk: ReviewDesk) -> None:
    record(desk, "rebels", "2024-12-01", place="Carden", reach_km=25)
    for direction, doubtful in (("north", True), ("western outskirts", False), ("uphill", False)):
        near = replace(NEAR, direction=direction, distance_km=29.0)
        said = "; ".join(contradictions_of(desk.project, [near])[0])
        assert ("lies to the west of Dunmore, not to the north" in said) == doubtful


def test_who_holds_no_ground_is_near_nothing(desk: ReviewDesk) -> None:
    assert "no ground is held by Rebels on 3 December 2024 that is near" in warned(desk, NEAR)


def test_a_later_record_that_says_otherwise_is_named(desk: ReviewDesk) -> None:
    change = record(desk, "army", "2024-12-05", place="Carden")
    said = warned(desk, CAPTURED)
    assert f"change {change} has Carden held by Army from 5 December 2024" in said
    desk.project.retract(change, "misread")
    assert "change" not in "; ".join(contradictions_of(desk.project, [CAPTURED])[0])


def test_a_record_of_the_same_day_makes_it_contested(desk: ReviewDesk) -> None:
    record(desk, "army", "2024-12-02", place="Carden")
    assert "from the same day: the map would show it contested" in warned(desk, CAPTURED)
    accepted_change = desk.project.change(desk.accept(1))
    assert accepted_change.valid_from == date(2024, 12, 2)
    areas = desk.project.control_map("2024-12-02").areas
    assert any(area.status is Status.CONTESTED for area in areas)


def test_what_is_recorded_already_is_a_repetition(desk: ReviewDesk) -> None:
    change = record(desk, "rebels", "2024-12-02", place="Carden")
    said = warned(desk, CAPTURED)
    assert said == f"change {change} records the same from 2 December 2024"


def test_what_another_report_says_is_a_repetition(desk: ReviewDesk) -> None:
    save(desk.project, CAPTURED)
    (said,) = contradictions_of(desk.project, [CAPTURED])
    assert said == ("claim 1 (report 1, pending) says the same",)
    desk.reject(1, "no")
    assert contradictions_of(desk.project, [CAPTURED]) == [()]


def test_what_the_actor_holds_already_is_said(desk: ReviewDesk) -> None:
    change = record(desk, "rebels", "2024-12-01", area="West")
    assert f"Carden is held by Rebels on 2 December 2024 already (change {change})" in warned(
        desk, CAPTURED
    )


def test_a_claim_that_is_none_contradicts_nothing(desk: ReviewDesk) -> None:
    record(desk, "army", "2024-12-05", place="Belford")
    assert contradictions_of(desk.project, [HYPOTHETICAL]) == [()]
    lost = claim("Rebels captured", None, Relation.CAPTURED)
    assert contradictions_of(desk.project, [lost]) == [()]
