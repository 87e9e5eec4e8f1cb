"""Lines of text: no wider than asked, nothing lost, and running the right way."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from frontmap.maps.typesetting import clean, directed, evenly, shortened, undirected, width, wrap

ARABIC = "السيطرة على الأرض"
WORDS = st.text(alphabet="abcdefghijklmnop ABCабвг سوريا", max_size=120)


@settings(deadline=None, max_examples=60)
@given(WORDS, st.floats(20, 400), st.floats(8, 30), st.booleans())
def test_lines_fit_and_lose_nothing(text: str, within: float, size: float, bold: bool) -> None:
    for lines in (wrap(text, within, size, bold), evenly(text, within, size, bold)):
        assert "".join("".join(lines).split()) == "".join(text.split())
        # Words are measured one by one, and kerning across a space is left out.
        assert all(
            width(line, size, bold) <= within + 0.1 * size or len(line) == 1 for line in lines
        )


@settings(deadline=None, max_examples=60)
@given(WORDS, st.floats(40, 400))
@example("i AAA Ai", 40.0)
def test_even_lines_are_as_many(text: str, within: float) -> None:
    assert len(evenly(text, within, 20)) == len(wrap(text, within, 20))


def test_even_lines_leave_no_word_alone() -> None:
    assert evenly("Syria: opposition forces near Homs", 310, 23, True) == [
        "Syria: opposition",
        "forces near Homs",
    ]


def test_width_grows_with_size_and_weight() -> None:
    assert width("Homs", 20) == pytest.approx(2 * width("Homs", 10))
    assert width("Homs", 20, True) > width("Homs", 20)


def test_number_stays_with_what_it_counts() -> None:
    for text, within in (("forces 5 km from Homs", 75.0), ("Запис 5 км від", 60.0)):
        (with_number,) = [line for line in wrap(text, within, 14) if "5" in line]
        assert with_number.split("\u00a0")[1][:1] in "kк"
    assert wrap("on 6 December 2024", 100, 14) == ["on", "6\u00a0December", "2024"]


def test_broken_isolates_are_closed_and_opened_again() -> None:
    lines = wrap("\u2067تم في \u2068a long Latin name of a source\u2069 من قبل\u2069", 90, 14)
    assert len(lines) > 3
    for line in lines:
        depth = 0
        for character in line:
            depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
            assert depth >= 0
        assert depth == 0


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40))
def test_clean_text_is_fit_for_xml(text: str) -> None:
    cleaned = clean(text)
    assert not {unicodedata.category(c) for c in cleaned} & {"Cc", "Cs", "Cn"}
    assert "\u2028" not in cleaned
    assert clean(cleaned) == cleaned


def test_clean_keeps_spaces_that_do_not_break() -> None:
    assert clean(" 95\u00a0600\tкм\n") == "95\u00a0600 км"


def test_shortened_says_that_something_is_missing() -> None:
    assert shortened("Homs", 100, 12) == "Homs"
    cut = shortened("A very long list of sources", 80, 12)
    assert cut.endswith("…")
    assert width(cut, 12) <= 80


def test_direction_is_marked_only_where_it_would_be_unclear() -> None:
    assert directed("Homs", rtl=False) == "Homs"
    assert directed(ARABIC, rtl=True) == ARABIC
    assert directed("5 كم", rtl=True) == "\u20675 كم\u2069"
    assert directed(f"Homs {ARABIC}", rtl=False) == f"\u2068Homs {ARABIC}\u2069"


def test_marks_go_where_they_change_nothing() -> None:
    assert undirected("Homs") == "Homs"
    assert undirected(directed("5 كم", rtl=True)) == "5 كم"
    assert undirected(directed("Homs 5", rtl=True)) == "Homs 5"
    assert undirected(directed(f"Homs: {ARABIC}", rtl=True)) is None
    assert undirected("\u2067تم في \u20682016-02-01\u2069\u2069") is None
