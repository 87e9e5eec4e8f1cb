"""`frontmap claims`, as a user types it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from claims import BY_NAME, CAPTURED, ENTERED, HOLDS, HYPOTHETICAL, NEAR, save, toponym
from samples import Run, make_project

from frontmap.data.drafting import Draft, add_drafts
from frontmap.data.store import Project
from frontmap.geo.records import Attribution

UNCLEAR = replace(
    ENTERED,
    actor="Fighters",
    actor_id=None,
    place=toponym(None, surface="Alton", candidates=(BY_NAME["Dunmore"], BY_NAME["Alton"])),
)


@pytest.fixture
def land(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the project of the current folder, all of it the army's, with a report's claims."""
    path = tmp_path / "testland.gpkg"
    with make_project(path) as project:
        said = (Attribution("gazette"),)
        add_drafts(project, [Draft("army", "2024-11-20", "confirmed", said, area="theatre")])
        save(project, CAPTURED, UNCLEAR, NEAR, HYPOTHETICAL, HOLDS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FRONTMAP_EDITOR", "me")
    return path


def test_claims_are_listed_with_what_was_made_of_them(run: Run, land: Path) -> None:
    lines = run("claims", "list").stdout.splitlines()
    assert len(lines) == 6
    assert lines[1].split()[:6] == ["1", "1", "pending", "rebels", "captured", "Carden"]
    assert "Fighters entered Alton?" in lines[2]
    assert len(run("claims", "list", "--changes").stdout.splitlines()) == 4
    run("claims", "accept", "1")
    accepted = run("claims", "list", "--review", "accepted", "--report", "1").stdout
    assert len(accepted.splitlines()) == 2
    assert "no report '7'" in run("claims", "list", "--report", "7", code=1).stderr


def test_the_json_of_a_claim_is_the_contract_and_its_review(run: Run, land: Path) -> None:
    rows = json.loads(run("claims", "list", "--json").stdout)
    assert {name: rows[0][name] for name in CAPTURED.to_json()} == CAPTURED.to_json()
    assert set(rows[0]) - set(CAPTURED.to_json()) == {
        *("id", "report", "review", "change", "reviewed_at", "reviewed_by", "review_reason"),
        *("certainty", "note", "edits"),
    }
    shown = json.loads(run("claims", "show", "1", "--json").stdout)
    assert shown["proposal"]["actor"] == "rebels"
    assert shown["effect"]["transfers"][0]["places"] == ["Carden"]
    assert (shown["no_change"], shown["beware"]) == (None, [])
    unclear = json.loads(run("claims", "show", "2", "--json").stdout)
    assert [place["name"] for place in unclear["candidates"]] == ["Dunmore", "Alton"]
    assert unclear["proposal"] is None and "'Alton'" in unclear["no_change"]


def test_a_claim_is_shown_with_quote_candidates_effect_and_doubts(run: Run, land: Path) -> None:
    shown = " ".join(run("claims", "show", "1").stdout.split())
    assert f"»{CAPTURED.quote}« They also entered Alton" in shown
    assert "place may be Carden (West, XX; 34.800 N 36.200 E; test:carden)" in shown
    assert "proposes Carden: Rebels, reported, from 2 December 2024 (cell, 2,539.9 km²)" in shown
    assert "effect 2,539.9 km² pass from Army to Rebels: Carden" in shown
    assert "beware" not in shown
    near = run("claims", "show", "3").stdout
    assert "no change" in near and "Rebels holds nothing on that date" in near
    assert "Carden, captured in the same report, is 54.9 km from the centre of Dunmore" in near
    assert "hypothetical: only if it comes about" in run("claims", "show", "4").stdout
    assert "no claim '9'" in run("claims", "show", "9", code=1).stderr


def test_a_claim_is_accepted_with_source_certainty_and_quote(run: Run, land: Path) -> None:
    result = run("claims", "accept", "1")
    assert "rebels" in result.stdout and "Carden" in result.stdout
    change = json.loads(run("change", "show", "2", "--json").stdout)
    (source,) = change["sources"]
    assert (source["publisher"], source["said_by"]) == ("The Wire", "the Observatory")
    assert (change["certainty"], change["editor"], change["on"]) == ("reported", "me", "2024-12-02")
    assert CAPTURED.quote in change["note"]
    assert "accepted already" in run("claims", "accept", "1", code=1).stderr
    assert run("check").stderr.endswith("sound\n")


def test_what_cannot_be_accepted_names_the_remedy(run: Run, land: Path) -> None:
    error = run("claims", "accept", "2", code=1).stderr
    assert "which place 'Alton' is has to be settled (frontmap claims edit 2 --place" in error
    assert len(error.splitlines()) == 1
    run("claims", "edit", "2", "--place", "alton")
    error = run("claims", "accept", "2", code=1).stderr
    assert "'Fighters' is none of the project's actors (frontmap claims edit 2 --actor" in error
    edited = run("claims", "edit", "2", "--actor", "Rebels", "--note", "as filmed")
    assert "actor none → rebels, note none → as filmed by me" in edited.stderr
    run("claims", "accept", "2")
    assert "edited" in run("claims", "show", "2").stdout
    with Project.open(land) as project:
        assert project.claim(2).read == UNCLEAR


def test_an_edit_takes_dates_distances_and_relations(run: Run, land: Path) -> None:
    run(
        *("claims", "edit", "3", "--on", "2024-12-02", "--within", "3 km"),
        *("--relation", "contested", "--certainty", "confirmed"),
    )
    row = json.loads(run("claims", "show", "3", "--json").stdout)
    assert (row["date"]["from"], row["distance_km"], row["relation"]) == (
        "2024-12-02",
        3.0,
        "contested",
    )
    assert row["proposal"]["certainty"] == "confirmed"
    assert row["edits"][0]["changed"]["distance_km"] == [5.0, 3.0]
    assert (
        "could be read in two ways" in run("claims", "edit", "3", "--on", "2/3/24", code=2).stderr
    )
    assert "says so already" in run("claims", "edit", "3", "--within", "3km", code=1).stderr


def test_a_rejection_needs_a_reason_and_is_kept(run: Run, land: Path) -> None:
    assert "--reason" in run("claims", "reject", "3", code=2).stderr
    run("claims", "reject", "3", "--reason", "an old rumour")
    shown = run("claims", "show", "3").stdout
    assert "rejected because" in shown and "an old rumour" in shown
    assert "was rejected already" in run("claims", "edit", "3", "--note", "x", code=1).stderr


def test_there_is_no_way_to_accept_all(run: Run, land: Path) -> None:
    assert "No such option" in run("claims", "accept", "--accept-all", code=2).stderr
