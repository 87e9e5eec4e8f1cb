"""Toponyms in running text: what is one, what isn't, and which place it means."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from frontmap.cli import main
from frontmap.data.gazetteer import Gazetteer
from frontmap.data.store import Project
from frontmap.geo.reading import Kind, Toponym, ToponymMatch
from frontmap.geo.recognition import ACCEPTED, WEIGHTS, Recogniser

GAZETTEER = Gazetteer.open()


@cache
def recogniser(*countries: str) -> Recogniser:
    return GAZETTEER.recogniser(countries)


def surfaces(text: str, *countries: str) -> list[str]:
    return [toponym.surface for toponym in recogniser(*countries).find(text)]


def only(text: str, *countries: str) -> Toponym:
    (toponym,) = recogniser(*countries).find(text)
    return toponym


# In brackets what has to be found, with nothing else.
SENTENCES = [
    ("SY", "Rebels seized [Maarat al-Numan], [Deir ez-Zor] and [Tell Abyad] within days."),
    ("SY", "A convoy left [al-Bab] for [Jisr al-Shughur] on Monday."),
    ("SY", "Fighting spread through [Homs province] and the northern [Hama countryside]."),
    ("SY", "Abu Mohammad al-Jolani met General Hama and Omar al-Homsi at dawn."),
    ("SY", "The Homs Brigade and the Aleppo Lions battalion fought each other."),
    ("SY", "Hayat Tahrir al-Sham and the Free Syrian Army denied it."),
    ("SY", "[Moscow] and [Ankara] agreed, while [Israel] kept silent."),
    ("SY", "[Syria]'s army lost the Tishrin dam and the Aleppo airport."),
    ("SY", "Damascus-based diplomats and Turkish-backed groups disagreed."),
    ("SY", "Gunmen entered the village of [Qarfatiyeh] overnight."),
    ("SY", "Rebels took [Bab al-Hawa] and left [al-Bab]; Lyman Pershyi is elsewhere."),
    ("SY", "A tanker of the US Navy left for [Jordan], said the [US]."),
    ("SY", "In May and March, on Fridays, nothing happened."),
    ("SY", "[Damascus] denied that [Hama] had fallen."),
    ("UA", "Troops from [Chasiv Yar] reached [Velyka Novosilka] and [Robotyne]."),
    ("UA", "The enemy took [Ohirtseve], [Pletenivka] and [Strilecha] on Friday."),
    ("UA", "General Syrskyi said that Syrskyi would not comment on [Kharkiv region]."),
    ("UA", "[Kyiv]'s General Staff spoke of the [Donbas] and of [Crimea]."),
    ("UA", "The Kyiv Independent and the Kharkiv Brigade were quoted in mid-November."),
    ("UA", "The enemy took [Lyman Pershyi]; [Belgorod] and [Kursk regions] were hit."),
    ("SD", "The RSF held [Wad Madani] and the airport at [Merowe]; [Chad] closed its border."),
    ("SD", "[Gedaref]'s governor fled to [Jebel Moya], 40 km away."),
    ("SD", "Darfuri fighters of the Sudan Shield left [El Fasher], capital of [North Darfur]."),
    ("SD", "[Red Sea State] lies on the [Red Sea]."),
    ("MM", "The Arakan Army took [Mrauk-U]; [Kachin State] was calm."),
    ("MM", "Kachin fighters and Chin rebels met in [Mandalay], not far from [China]."),
    ("CD", "M23 captured [Goma] and pushed into [South Kivu], which [Kigali] denies."),
    ("ET", "The Tigray People's Liberation Front left [Mekelle]."),
    ("YE", "The Houthis, said a Saudi officer, shelled [Taiz] and [Marib]."),
]


@pytest.mark.parametrize(("country", "marked"), SENTENCES)
def test_toponyms_of_a_theatre(country: str, marked: str) -> None:
    wanted = [part.partition("]")[0] for part in marked.split("[")[1:]]
    text = marked.replace("[", "").replace("]", "")
    assert surfaces(text, country) == wanted


def test_scripts_without_capitals() -> None:
    assert surfaces("سيطرت الفصائل على حمص ثم دير الزور", "SY") == ["حمص", "دير الزور"]
    assert surfaces("Россия заявила: Харьков", "UA") == ["Россия", "Харьков"]


def test_a_name_alone_is_the_city_and_with_a_class_word_the_division() -> None:
    assert only("Rebels took Homs.", "SY").kind is Kind.SETTLEMENT
    province = only("Rebels entered Homs province.", "SY")
    assert (province.kind, province.surface) == (Kind.ADMIN1, "Homs province")
    assert province.place is not None
    assert province.place.id == "area:SY-HI"


def test_a_class_word_after_a_list_is_for_all_of_it() -> None:
    kinds = [t.kind for t in recogniser("UA", "RU").find("In Belgorod and Kursk regions.")]
    assert kinds == [Kind.ADMIN1, Kind.ADMIN1]


def test_part_of_a_longer_name_is_never_placed() -> None:
    found = only("The army took Bab al-Hawa.", "SY")
    assert (found.surface, found.place) == ("Bab al-Hawa", None)


def test_abbreviations_of_states_need_their_full_stop_or_their_town() -> None:
    assert surfaces("He left Lawrence, Kan., for the US.") == ["Lawrence", "Kan", "US"]
    assert surfaces("Mass was held. Wash the cars, Miss Ore, he said.") == []


def test_governments_are_where_their_capitals_and_countries_are() -> None:
    toponyms = recogniser("SY").find("Ankara protested, Russia did not.")
    assert [(t.place.country, t.kind) for t in toponyms if t.place] == [
        ("TR", Kind.SETTLEMENT),
        ("RU", Kind.COUNTRY),
    ]


def test_an_unknown_place_is_never_placed() -> None:
    found = only("They reached the village of Qarfatiyeh.", "SY")
    assert (found.match, found.place) == (ToponymMatch.UNRESOLVED, None)


def test_a_near_spelling_is_fuzzy() -> None:
    found = only("The army entered Omdurnan on Friday.", "SD")
    assert found.match is ToponymMatch.FUZZY
    assert found.place is not None
    assert found.place.name == "Omdurman"


def test_namesakes_are_told_apart_by_the_rest_of_the_text() -> None:
    alone = only("Soldiers entered Yampil.", "UA")
    assert alone.match is ToponymMatch.UNRESOLVED
    assert len(alone.candidates) > 1
    text = "Soldiers entered Yampil after Kreminna and Sloviansk."
    told, *_ = recogniser("UA").find(text)
    assert told.place is not None
    assert told.place.admin1 == "Donetsk"


def test_the_first_of_several_countries_comes_first() -> None:
    assert [t.place and t.place.country for t in recogniser("UA", "RU").find("In Donetsk.")] == [
        "UA"
    ]


def test_every_mention_of_a_name_means_the_same() -> None:
    found = recogniser("UA").find("Lyman fell. In Lyman and Kreminna nobody is left in Lyman.")
    assert len({t.place and t.place.id for t in found if t.surface == "Lyman"}) == 1


def test_a_project_has_its_own_places(syria_built: Path) -> None:
    with Project.open(syria_built) as project:
        found = project.recogniser().find("Rebels took Homs in Homs province; Turkey said so.")
    assert [(t.surface, t.kind) for t in found] == [
        ("Homs", Kind.SETTLEMENT),
        ("Homs province", Kind.ADMIN1),
        ("Turkey", Kind.COUNTRY),
    ]


def test_evidence_is_of_the_table() -> None:
    mentions = recogniser("SY").weigh("General Hama left Homs for the village of Qarfatiyeh.")
    assert {name for m in mentions for name in m.evidence} <= {*WEIGHTS, "population"}
    assert [m.is_accepted for m in mentions] == [m.score >= ACCEPTED for m in mentions]


@given(st.text(max_size=200))
@example("St. A's al-X’s\u200f \n\n O'B-C Abu")
def test_any_text_is_read(text: str) -> None:
    check_spans(text, recogniser("SY").find(text))


PIECES = """
Homs al-Bab of the in Abu Mr St. Brigade province County, . Idlib's Turkey-backed said and Deir
ez-Zor Ohirtseve U.S. حمص Харків 5
"""
WORDS = st.sampled_from([*PIECES.split(), "km\n\n"])


@given(st.lists(WORDS, max_size=40))
@example(["حمص", "County,"])
@example(["Qarfatiyeh", "Governorate", "County"])
def test_any_row_of_words_is_read(words: list[str]) -> None:
    text = " ".join(words)
    check_spans(text, recogniser("SY").find(text))


def check_spans(text: str, toponyms: list[Toponym]) -> None:
    """Toponyms are what they say, in order and apart; only resolved ones have a place."""
    end = 0
    for toponym in toponyms:
        assert end <= toponym.start < toponym.end <= len(text)
        assert text[toponym.start : toponym.end] == toponym.surface
        assert (toponym.place is None) == (toponym.match is ToponymMatch.UNRESOLVED)
        assert toponym.place is None or toponym.place == toponym.candidates[0]
        end = toponym.end


WORLD = [
    ("He flew from Paris, Texas, to Paris, France.", [("Paris", "US"), ("Paris", "FR")]),
    ("Police in Birmingham, Alabama, called.", [("Birmingham", "US")]),
    ("Police in Birmingham, England, called.", [("Birmingham", "GB")]),
    ("From Tbilisi, Georgia, she wrote.", [("Tbilisi", "GE"), ("Georgia", "GE")]),
    ("Cox's Bazar is in Bangladesh.", [("Cox's Bazar", "BD")]),
    ("Officials of Lagos State met in Abuja.", [("Lagos State", "NG"), ("Abuja", "NG")]),
    ("Santa Cruz County, Calif., was flooded.", [("Santa Cruz County", "US")]),
    ("The Middle East and the Red Sea were calm.", [("Middle East", ""), ("Red Sea", "")]),
    ("Mr. Lincoln said that Jackson Smith was reading in March.", []),
]


@pytest.mark.parametrize(("text", "wanted"), WORLD)
def test_toponyms_of_the_world(text: str, wanted: list[tuple[str, str]]) -> None:
    found = [(t.surface, t.place.country) for t in recogniser().find(text) if t.place]
    assert [pair for pair in wanted if pair not in found] == []
    assert wanted or not found


def test_kinds_of_the_world() -> None:
    text = "From Kyiv in Ukraine to Ohio and the Alps."
    kinds = [(t.surface, str(t.kind)) for t in recogniser().find(text)]
    assert kinds == [
        ("Kyiv", "settlement"),
        ("Ukraine", "country"),
        ("Ohio", "admin1"),
        ("Alps", "region"),
    ]


# The command


def geoparse(text: str, *options: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["geoparse", "-", *options], input=text)
    return result.exit_code, result.stdout, result.stderr


def test_geoparse_prints_json() -> None:
    code, out, _ = geoparse("Rebels took Homs.", "--json", "--country", "SY")
    assert code == 0
    (toponym,) = json.loads(out)["toponyms"]
    assert (toponym["surface"], toponym["start"], toponym["id"]) == ("Homs", 12, "geonames:169577")
    assert {"kind", "lon", "lat", "match", "name", "candidates"} <= set(toponym)


def test_geoparse_prints_a_table() -> None:
    code, out, _ = geoparse("Rebels took Homs.", "--country", "SY")
    assert code == 0
    assert "Homs" in out


def test_geoparse_reads_lines_and_refuses_the_wrong_ones() -> None:
    lines = ['{"id": 1, "text": "In Homs."}', "", "{", "[]", '{"id": 2}', '{"id": 3, "text": 4}']
    lines.append('{"id": "ü", "text": ""}')
    code, out, err = geoparse("\n".join(lines), "--jsonl", "--country", "SY")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [(row["id"], len(row["toponyms"])) for row in rows] == [(1, 1), ("ü", 0)]
    assert [line.split(" ")[2].rstrip(":") for line in err.splitlines()] == ["3", "4", "5", "6"]


def test_geoparse_says_what_it_cannot_read(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["geoparse", str(tmp_path / "none.jsonl"), "--jsonl"])
    assert result.exit_code == 1
    assert "can't be read" in result.stderr
    result = CliRunner().invoke(main, ["geoparse", "-", "--country", "XX"], input="x")
    assert result.exit_code == 1
    assert "no country has the code" in result.stderr
