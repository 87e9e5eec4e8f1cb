"""The review in a real terminal: what it shows, what its keys do, what the project holds then."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from claims import BY_NAME, CAPTURED, ENTERED, HYPOTHETICAL, NEAR, TEXT, save, toponym
from samples import Run, make_project
from terminal import Terminal, terminal

from frontmap.data.checking import findings
from frontmap.data.drafting import Draft, add_drafts
from frontmap.data.reviewing import ReviewDesk
from frontmap.data.store import Project
from frontmap.geo.reading import Claim
from frontmap.geo.records import Attribution, Certainty
from frontmap.geo.review import Review
from frontmap.maps.review import describe_claim

UNCLEAR = replace(
    ENTERED, place=toponym(None, surface="Alton", candidates=(BY_NAME["Dunmore"], BY_NAME["Alton"]))
)


@pytest.fixture
def filed(tmp_path: Path) -> Callable[..., Path]:
    """Return what makes a project with claims to review; the army holds all of it."""

    def make(*claims: Claim) -> Path:
        path = tmp_path / "testland.gpkg"
        with make_project(path) as project:
            said = (Attribution("gazette"),)
            add_drafts(project, [Draft("army", "2024-11-20", "confirmed", said, area="theatre")])
            save(project, *claims)
        return path

    return make


def opened(screen: Terminal) -> str:
    """Wait for the first claim and its change."""
    screen.until("Accepting records")
    screen.until("1 of ")
    return screen.until("Quit")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_quote_place_and_change_are_on_the_screen_before_accepting(
    filed: Callable[..., Path], size: tuple[int, int]
) -> None:
    path = filed(CAPTURED, UNCLEAR, NEAR, HYPOTHETICAL)
    with terminal("review", "-p", path, size=size) as screen:
        shown = " ".join(opened(screen).split())
        assert "1 of 3 · Report 1: The Wire, Front moves, 3 December 2024" in shown
        assert "»Rebels captured Carden on Monday" in shown
        assert "1 ● Carden (West, XX; 34.800 N 36.200 E; test:carden)" in shown
        assert "Rebels, reported, from 2 December 2024 (cell, 2,5" in shown
        assert "→ 2,5" in shown and "km² pass from Army to Rebels: Carden" in shown
        assert "a Accept r Reject e Edit s Skip 1-9 Place" in shown
        screen.press("q")
        code, last = screen.ended()
    assert code == 0
    assert "0 accepted, 0 rejected, 3 left to review" in last
    with Project.open(path) as project:
        assert len(project.changes()) == 1


def test_a_sitting_from_the_first_claim_to_the_last(filed: Callable[..., Path]) -> None:
    path = filed(CAPTURED, UNCLEAR, NEAR, HYPOTHETICAL)
    with terminal("review", "-p", path, "--editor", "me") as screen:
        opened(screen)
        screen.press("s")
        screen.until("No change yet: which place 'Alton' is")
        screen.press("a")
        screen.until("! claim 2 cannot be accepted")
        screen.press("7")
        screen.until("! there is no place 7 to choose")
        screen.press("2")
        screen.until("claim 2: the place is Alton")
        screen.until("km² become contested")
        screen.press("up")
        screen.until("1 of 3")
        screen.press("a")
        screen.until("claim 1 accepted: change 2")
        screen.until("1 of 2")
        screen.press("down")
        shown = " ".join(screen.until("2 of 2").split())
        assert "! Carden, captured in the same report" not in shown  # the rebels hold more by now
        screen.press("r")
        screen.until("Why does it make no change?")
        screen.press("enter")
        screen.until("! A rejection needs a reason.")
        screen.press("a quarter of an hour, not five kilometres", "enter")
        screen.until("claim 3 rejected: a quarter of an hour")
        screen.press("a")
        screen.until("Nothing is left to review")
        screen.press("a", "r", "e", "s", "1", "q")
        code, last = screen.ended()
    assert (code, "2 accepted, 1 rejected, 0 left to review" in last) == (0, True)
    with Project.open(path) as project:
        assert findings(project) == []
        assert [(claim.review, claim.change, claim.reviewed_by) for claim in project.claims()] == [
            (Review.ACCEPTED, 2, "me"),
            (Review.ACCEPTED, 3, "me"),
            (Review.REJECTED, None, "me"),
            (Review.PENDING, None, ""),
        ]
        assert project.claim(3).reason == "a quarter of an hour, not five kilometres"
        assert [(change.actor, change.place, change.contested_by) for change in project.changes()][
            1:
        ] == [("rebels", "test:carden", None), ("army", "test:alton", "rebels")]
        assert CAPTURED.quote in project.change(2).note
        assert project.claim(2).edits[0].by == "me"


def test_an_edit_says_what_is_wrong_and_keeps_what_is_right(filed: Callable[..., Path]) -> None:
    path = filed(CAPTURED)
    with terminal("review", "-p", path, env={"NO_COLOR": "1"}) as screen:
        opened(screen)
        screen.press("e")
        screen.until("Edit the claim")
        screen.press("clear", "Dunmore", "down", "down", "clear", "5/12/2024", "enter")
        screen.until("write it as YYYY-MM-DD")
        screen.press("clear", "2024-12-01", "tab", "tab", "tab", "likely", "enter")
        screen.until("'likely' is none of claimed, reported, confirmed")
        screen.press("clear", "confirmed", "enter")
        screen.until("claim 1 edited")
        screen.until("edited: place, date, certainty")
        screen.until("Rebels, confirmed, from 1 December 2024")
        screen.press("e")
        screen.until("Edit the claim")
        screen.press("escape")
        screen.until_gone("Edit the claim")
        screen.press("q")
        assert screen.ended()[0] == 0
    with Project.open(path) as project:
        claim = project.claim(1)
        assert claim.claim.place.place and claim.claim.place.place.name == "Dunmore"
        assert (claim.claim.date.last, claim.certainty) == (
            date(2024, 12, 1),
            Certainty.CONFIRMED,
        )
        assert claim.read == CAPTURED


def test_a_long_report_scrolls_round_its_quote(filed: Callable[..., Path], tmp_path: Path) -> None:
    path = filed(CAPTURED)
    long = "Nothing of note happened in the hills on that day. " * 60
    moved = replace(CAPTURED, start=CAPTURED.start + len(long), end=CAPTURED.end + len(long))
    with Project.open(path) as project:
        save(project, moved, text=long + TEXT + long, day=date(2024, 12, 4))
    with terminal("review", "-p", path, size=(60, 16)) as screen:
        screen.until("1 of 2")
        screen.press("down")
        screen.until("2 of 2")
        for _ in range(5):
            screen.press("pagedown")
        screen.until("1 ● Carden")
        screen.press("pageup")
        screen.until_gone("1 ● Carden")
        screen.press("q")
        assert screen.ended()[0] == 0


def test_what_another_decided_meanwhile_is_said(filed: Callable[..., Path]) -> None:
    path = filed(CAPTURED, UNCLEAR)
    with terminal("review", "-p", path) as screen:
        opened(screen)
        with Project.open(path) as project:
            ReviewDesk(project).reject(1, "elsewhere")
        screen.press("a")
        screen.until("! claim 1 was rejected already")
        screen.press("down")
        screen.until("No change yet")
        screen.press("q")
        assert screen.ended()[0] == 0


def test_nothing_to_review_is_said(filed: Callable[..., Path]) -> None:
    with terminal("review", "-p", filed(HYPOTHETICAL)) as screen:
        screen.until("Nothing is left to review")
        screen.press("q")
        assert screen.ended()[0] == 0


def test_without_a_terminal_it_is_refused(filed: Callable[..., Path], run: Run) -> None:
    result = run("review", "-p", filed(CAPTURED), code=1)
    assert "needs a terminal: use frontmap claims" in result.stderr


def test_without_textual_it_is_refused(filed: Callable[..., Path]) -> None:
    code = (
        "import sys\nsys.modules['textual'] = sys.modules['textual.app'] = None\n"
        "sys.stdin.isatty = sys.stdout.isatty = lambda: True\n"
        "from frontmap.cli import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "review", "-p", filed(CAPTURED)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "frontmap: the review needs Textual: pip install 'frontmap[review]', "
        "or use frontmap claims\n"
    )


def test_what_a_text_says_does_not_style_the_screen(filed: Callable[..., Path]) -> None:
    path = filed(CAPTURED)
    marked = TEXT.replace("Monday", "[bold]M[/]")
    start, end = marked.index("Rebels"), marked.index(" They also")
    with Project.open(path) as project:
        save(
            project,
            replace(CAPTURED, quote=marked[start:end], start=start, end=end),
            text=marked,
            day=date(2024, 12, 5),
        )
        page = describe_claim(ReviewDesk(project), 2)
    assert any("[bold]M[/]" in piece for piece, _ in page.report)
    with terminal("review", "-p", path, size=(140, 40)) as screen:
        opened(screen)
        screen.press("down")
        screen.until("[bold]M[/]")
        screen.press("q")
        screen.ended()
