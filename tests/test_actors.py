"""Which of a project's actors a phrase names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontmap.geo.actors import match_actor
from frontmap.geo.english import ENGLISH
from frontmap.geo.records import Actor


def actor(slug: str, name: str, short_name: str, *aliases: str) -> Actor:
    return Actor(slug, name, short_name, slug, "#333333", aliases=aliases)


ACTORS = (
    actor("government", "Syrian Arab Republic", "Government", "the army", "regime forces"),
    actor("hts", "Hay'at Tahrir al-Sham", "HTS", "rebels", "rebel fighters"),
    actor("sdf", "Syrian Democratic Forces", "SDF", "Kurdish-led forces"),
    actor("sna", "Syrian National Army", "SNA", "Turkish-backed rebels"),
    actor("isis", "Islamic State", "IS"),
)


@pytest.mark.parametrize(
    ("phrase", "slug"),
    [
        ("HTS", "hts"),
        ("hts", "hts"),
        ("Hay’at Tahrir al-Sham", "hts"),
        ("rebels", "hts"),
        ("The rebels", "hts"),
        ("advancing rebel fighters", "hts"),
        ("Turkish-backed rebels", "sna"),  # the longer name counts
        ("hundreds of fighters of the SDF", "sdf"),
        ("the army", "government"),
        ("Its regime forces", "government"),
        ("militants of the Islamic State", "isis"),
    ],
)
def test_an_actor_answers_to_its_names(phrase: str, slug: str) -> None:
    assert match_actor(phrase, ACTORS, ENGLISH.openers) == slug


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "the group",
        "residents",
        "the Turkish army",  # "the army" doesn't stand in it
        "the army of Turkey",  # a proper name is left over
        "Kachin rebels",
        "HTS and the SDF",
        "rebelss",
        "…",
    ],
)
def test_what_names_nobody_for_sure_is_nobody(phrase: str) -> None:
    assert match_actor(phrase, ACTORS, ENGLISH.openers) is None


def test_a_capital_at_the_start_of_a_sentence_is_no_name() -> None:
    assert match_actor("Their rebels", ACTORS, ENGLISH.openers) == "hts"
    assert match_actor("Their rebels", ACTORS) is None


def test_a_name_that_two_actors_share_is_neither() -> None:
    twins = (actor("north", "Northern Army", "army"), actor("south", "Southern Army", "army"))
    assert match_actor("the army", twins) is None


@given(st.text(max_size=40))
def test_any_phrase_can_be_looked_up(phrase: str) -> None:
    assert match_actor(phrase, ACTORS, ENGLISH.openers) in {None, *(a.slug for a in ACTORS)}
