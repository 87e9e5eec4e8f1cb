"""Toponyms: keys, fuzzy likeness, ranking and resolving, on a handful of places."""

from __future__ import annotations

import random
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from frontmap.geo.errors import AmbiguousToponymError, UnknownNameError
from frontmap.geo.records import Place, PlaceName
from frontmap.geo.toponyms import (
    CLEAR_MARGIN,
    FOUND_SCORE,
    SURE_SCORE,
    Index,
    fold,
    key,
    keys,
    rank,
    resolve,
    similar_keys,
)

SPELLINGS = [
    ["Qusayr", "Al-Quṣayr", "al Qusayr", "AL-QUSAYR", "Al Qusair", "القصير", "قصير"],
    ["Suwayda", "As Suwaydā'", "as-Suwayda", "al-Suwayda", "As-Suwaydah", "Suweyda"],
    ["Salamiyah", "As Salamīyah", "Salamiya", "Salamiyeh", "Salamiyyah", "السلمية", "سلميه"],
    ["Maarat al-Numan", "Ma`arrat an Nu`man", "Marat al Numan", "Maʿarrat an-Nuʿmān"],
    ["Qalaat al-Madiq", "Qal‘at al Maḑīq", "Qalat al-Madiq", "Qala al Madiq"],
    ["Tayyibat al-Imam", "Taybat al Imam", "Tayyibah al-Imam", "Ṭayyibat al-Imām"],
    ["Talbisseh", "Tallbīsah", "Talbisa", "Talbiseh"],
    ["Rastan", "Ar Rastan", "ar-Rastan", "Al-Rastan", "Rastann", "الرستن", "رَسْتَن"],
    ["Deir ez-Zor", "Deir ez Zor", "Deir al-Zor", "Deir el-Zor", "DEIR EZ ZOR"],
    ["Daraa", "Dar‘ā", "Dar'a", "Dar`a", "Dara"],
    ["Tel Rifaat", "Tell Rifʿat", "Telrifaat", "Tel-Rifaat"],
    ["Douma", "Dūmā", "Duma", "Doumah"],
    ["El Fasher", "Al-Fasher", "Fasher"],
    ["Hama", "Hamah", "Ḩamāh", "Hameh"],
    ["حماة", "حماه", "حَمَاة", "حـمـاة"],
    ["إدلب", "ادلب", "أدلب"],
    ["دير الزور", "دير زور", "دير الزّور"],
    ["كوباني", "کوبانی"],
    ["Kupiansk", "Kup'yans'k", "Kupyansk", "Kup’iansk"],
    ["Avdiivka", "Avdiyivka", "Avdivka", "Avdiïvka"],
    ["Куп'янськ", "КУПʼЯНСЬК", "Купянськ"],
    ["Артёмовск", "Артемовск"],
    ["Łódź", "Lodz"],
    ["Straße", "STRASSE"],
]


def spellings_of_one_name() -> list[tuple[str, str]]:
    latin_and_other = [
        [[name for name in group if name.isascii() or _latin(name)], group] for group in SPELLINGS
    ]
    pairs = []
    for latin, group in latin_and_other:
        other = [name for name in group if name not in latin]
        for same in (latin, other):
            pairs += [(same[0], name) for name in same[1:]]
    return pairs


def _latin(name: str) -> bool:
    return "LATIN" in unicodedata.name(next(letter for letter in name if letter.isalpha()))


def place(
    id_: str,
    *names: str,
    lon: float = 36.7,
    lat: float = 34.7,
    country: str = "SY",
    population: int | None = None,
) -> Place:
    known = tuple(PlaceName(name) for name in names)
    return Place(id_, names[0], lon, lat, country, "", population, known)


HOMS = place("geonames:1", "Homs", "Ḩimş", "حمص", population=775404)
TALBISSEH = place("geonames:2", "Talbisseh", "Tallbīsah", lon=36.73, lat=34.84, population=38491)
SURAN = place("geonames:3", "Suran", "Şūrān", lon=36.74, lat=35.29, population=30716)
SAWRAN = place("geonames:4", "Sawran", "Şūrān", lon=37.22, lat=36.58)
TYRE = place("geonames:5", "Tyre", "Sur", lon=35.2, lat=33.3, country="LB", population=135204)
TRIPOLIS = [
    place("geonames:6", "Tripoli", lon=13.2, lat=32.9, country="LY", population=1_302_947),
    place("geonames:7", "Tripoli", lon=35.8, lat=34.4, country="LB", population=229_398),
]
HAMRA = place("geonames:8", "Kafr Hamra", "Kfar Hamra", population=20000)
KM_5 = place("geonames:9", "Kilometre 5")
PLACES = [HOMS, TALBISSEH, SURAN, SAWRAN, TYRE, *TRIPOLIS, HAMRA, KM_5]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(PLACES)


# Keys


@pytest.mark.parametrize(("name", "other"), spellings_of_one_name())
def test_spellings_of_one_name_have_one_key(name: str, other: str) -> None:
    if name == "Suwayda" and other == "Suweyda":
        assert OSA.distance(key(name), key(other)) == 1  # vowels are left to fuzzy matching
    else:
        assert key(name) == key(other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Sur", "Suran"),
        ("Homs", "Hims"),
        ("Aleppo", "Al-Eppo"),
        ("Kilometre 55", "Kilometre 5"),
        ("Urum al-Kubra", "Urum al-Sughra"),
        ("Nubl", "Nabl"),
        ("Essen", "Sen"),
        ("حمص", "حماة"),
        ("राजकोट", "रजकट"),
    ],
)
def test_other_names_have_other_keys(name: str, other: str) -> None:
    assert key(name) != key(other)


def test_fold_keeps_article_and_spelling() -> None:
    assert fold("  Al-Quṣayr ") == "al qusayr"
    assert fold("Ma`arrat an Nu`mān") == "maarrat an numan"
    assert fold("إِدْلِب") == "ادلب"


@given(st.lists(st.text(max_size=30)))
def test_many_keys_at_once_are_the_keys_one_by_one(names: list[str]) -> None:
    assert keys(names) == [key(name) for name in names]


@given(st.text(min_size=1, max_size=40))
def test_a_key_is_never_empty_and_forgets_case_and_form(name: str) -> None:
    assert key(name)
    assert fold(fold(name)) == fold(name)
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name))


# Likeness


@given(
    st.text("abcdeh", max_size=12),
    st.lists(st.text("abcdeh", min_size=1, max_size=14), max_size=60),
)
def test_similar_keys_are_those_that_a_plain_loop_finds(wanted: str, known: list[str]) -> None:
    def keys_of_length(length: int) -> list[str]:
        return [one for one in known if len(one) == length]

    plain = [
        one
        for one in known
        if wanted
        and OSA.distance(wanted, one) * 100 <= (100 - FOUND_SCORE) * max(len(wanted), len(one))
    ]
    assert sorted(similar_keys(wanted, keys_of_length)) == sorted(plain)


def test_similar_keys_lose_nothing_among_many() -> None:
    rng = random.Random(5)
    known = sorted({"".join(rng.choices("aeiklmnorst", k=rng.randint(3, 12))) for _ in range(9000)})
    by_length: dict[int, list[str]] = {}
    for one in known:
        by_length.setdefault(len(one), []).append(one)
    for wanted in rng.sample(known, 20):
        found = set(similar_keys(wanted, lambda length: by_length.get(length, [])))
        plain = {one for one in known if OSA.normalized_similarity(wanted, one) >= 0.6 - 1e-9}
        assert found == plain


def test_words_in_common_do_not_make_names_alike() -> None:
    (match,) = rank("Kafr Hamad", [("Kafr Hamra", HAMRA)])
    assert match.kind == "fuzzy"
    assert match.score < SURE_SCORE
    (sure,) = rank("Kafr Hamrah", [("Kafr Hamra", HAMRA)])
    assert sure.kind == "exact"


def test_other_numbers_are_other_places() -> None:
    assert rank("Kilometre 6", [("Kilometre 5", KM_5)]) == []
    assert rank("Kilometer 5", [("Kilometre 5", KM_5)])[0].score > SURE_SCORE


# Ranking


def test_an_exact_match_has_score_100_and_names_what_matched(index: Index) -> None:
    (match,) = index.search("himş")
    assert (match.place, match.surface, match.kind, match.score) == (HOMS, "Ḩimş", "exact", 100)


def test_a_name_equal_when_folded_comes_before_one_equal_by_key() -> None:
    village = place("geonames:20", "Dara")
    town = place("geonames:21", "Al-Darah", population=20_000)
    assert [m.place for m in Index([village, town]).search("Dara")] == [village, town]


def test_population_ranks_namesakes(index: Index) -> None:
    assert [match.place for match in index.search("Suran")] == [SURAN, SAWRAN]


def test_nearness_outweighs_population(index: Index) -> None:
    assert index.search("Tripoli", near=(35.9, 34.3))[0].place.country == "LB"
    assert index.search("Suran", near=(37.2, 36.5))[0].place is SAWRAN


def test_preferred_countries_outweigh_population(index: Index) -> None:
    assert index.search("Tripoli", prefer=["LB"])[0].place.country == "LB"


def test_other_countries_are_left_out(index: Index) -> None:
    assert [match.place.country for match in index.search("Tripoli", countries=["LB"])] == ["LB"]
    assert index.search("Homs", countries=["LB"]) == []


def test_an_id_is_an_exact_match() -> None:
    (match,) = rank("geonames:1", [("geonames:1", HOMS)])
    assert (match.kind, match.score) == ("exact", 100)


@given(st.permutations(PLACES))
def test_the_order_of_places_does_not_matter(places: list[Place]) -> None:
    reference = Index(PLACES)
    for name in ("Suran", "Tripoli", "Telbisseh", "Tripolis"):
        assert Index(places).search(name) == reference.search(name)


@given(st.text(max_size=15), st.sampled_from([None, (36.7, 34.7), (-180.0, 90.0)]))
def test_any_text_can_be_searched(name: str, near: tuple[float, float] | None) -> None:
    matches = Index(PLACES).search(name, near=near)
    assert all(FOUND_SCORE <= match.score <= 100 for match in matches)
    assert [match.weight for match in matches] == sorted(
        (match.weight for match in matches), reverse=True
    )
    assert len({match.place.id for match in matches}) == len(matches)


# Resolving


def test_a_clear_margin_is_picked(index: Index) -> None:
    assert index.resolve("Suran").place is SURAN
    assert index.resolve("Telbisseh").place is TALBISSEH


def test_namesakes_of_like_size_are_refused_with_both(index: Index) -> None:
    with pytest.raises(AmbiguousToponymError, match=r"Tripoli.*LY.*Tripoli.*LB") as raised:
        index.resolve("Tripoli")
    assert [match.place for match in raised.value.candidates] == TRIPOLIS


def test_equal_namesakes_are_refused() -> None:
    twins = [place(f"geonames:{n}", "Andriivka", country="UA") for n in (30, 31)]
    with pytest.raises(AmbiguousToponymError):
        Index(twins).resolve("Andriivka")


def test_ten_times_the_population_is_a_clear_margin() -> None:
    big = place("geonames:40", "Twin", population=10_000)
    for population, clear in ((1_000, True), (1_100, False)):
        small = place("geonames:41", "Twin", population=population)
        matches = Index([big, small]).search("Twin")
        assert (matches[0].weight - matches[1].weight >= CLEAR_MARGIN) is clear
        if clear:
            assert resolve("Twin", matches).place is big
        else:
            with pytest.raises(AmbiguousToponymError):
                resolve("Twin", matches)


@pytest.mark.parametrize("name", ["Hons", "Homt", "Talbxxxeh", "Kafr Hamad"])
def test_weak_and_short_likeness_is_suggested_not_picked(index: Index, name: str) -> None:
    with pytest.raises(UnknownNameError) as raised:
        index.resolve(name)
    assert raised.value.suggestions
    assert "did you mean" in str(raised.value)


def test_an_unknown_name_is_refused(index: Index) -> None:
    with pytest.raises(UnknownNameError, match="no place 'Xyzzyx'"):
        index.resolve("Xyzzyx")


@given(st.sampled_from(["Talbisseh", "Kafr Hamra", "Tripoli"]), st.data())
def test_one_letter_wrong_still_finds_the_place(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1).filter(lambda n: name[n] != " "))
    letter = data.draw(st.sampled_from(["", *string.ascii_lowercase]))
    misspelt = name[:at] + letter + name[at + 1 :]
    assert Index(PLACES).search(misspelt)[0].place.name == name
