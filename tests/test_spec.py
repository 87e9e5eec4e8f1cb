"""The description of a map: what is on it, in what words, and its JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from imaginary import ACTORS, DAY, SOURCES, changes, veldoria
from shapely import MultiPolygon, Point, Polygon

from frontmap.geo.errors import InputError, UnknownNameError
from frontmap.geo.geodesy import area_km2
from frontmap.geo.records import Certainty, Place, PlaceName, Status
from frontmap.geo.summary import distance
from frontmap.maps.elements import QUANTUM_PER_DEGREE, MapSpec
from frontmap.maps.spec import describe_map, is_web_address, local_name
from frontmap.maps.style import PALETTE, Look, colours, next_colour
from frontmap.maps.words import Words


@pytest.fixture(scope="module")
def spec() -> MapSpec:
    return describe_map(veldoria(), DAY, distance_to=["Mirna", "Velgrad"])


def test_says_what_day_and_knowledge_it_shows(spec: MapSpec) -> None:
    assert spec.title == "Veldoria: control of territory"
    assert spec.as_of_line == "6 December 2024, end of day, Asia/Damascus"
    assert spec.known_line == "Records known at 6 December 2024, 20:09 UTC"
    assert spec.since == date(2024, 12, 5)


def test_grounds_and_pieces_each_cover_the_theatre_once(spec: MapSpec) -> None:
    whole = area_km2(spec.theatre)
    assert sum(ground.area_km2 for ground in spec.grounds) == pytest.approx(whole, rel=1e-9)
    assert sum(piece.area_km2 for piece in spec.pieces) == pytest.approx(whole, rel=1e-9)
    looks = [(ground.actor, ground.look, ground.contested_by) for ground in spec.grounds]
    assert len(looks) == len(set(looks))


def test_every_look_is_there_with_its_own_pattern(spec: MapSpec) -> None:
    hatch = {ground.look: ground.fill.hatch and ground.fill.hatch.mark for ground in spec.grounds}
    assert hatch == {
        Look.ASSESSED: None,
        Look.CLAIMED: "/",
        Look.CONTESTED: "\\",
        Look.NO_DATA: "/",
    }


def test_besieged_ground_has_its_own_look() -> None:
    rows = changes()
    rows[5] = replace(rows[5], status=Status.BESIEGED)
    spec = describe_map(veldoria(changes=rows), DAY)
    assert Look.BESIEGED in {ground.look for ground in spec.grounds}
    assert "Besieged" in {entry.label for entry in spec.legend}


def test_legend_explains_only_what_is_present(spec: MapSpec) -> None:
    assert [entry.label for entry in spec.legend] == [
        "Government",
        "Northern",
        "Eastern",
        "",
        "Assessed",
        "Claimed only",
        "Contested",
        "No data",
        "Gained since 5 December 2024",
        "Front line",
        "Distance",
    ]
    early = describe_map(
        veldoria(changes=changes()[:1]), date(2024, 11, 25), since=date(2024, 11, 24)
    )
    assert [entry.label for entry in early.legend] == ["No data"]
    baseline = describe_map(veldoria(changes=changes()[:1]), date(2024, 11, 30))
    assert [entry.label for entry in baseline.legend] == [
        "Government",
        "Assessed",
        "No data",
        "Gained since 25 November 2024",
    ]


def test_areas_are_ranges_by_certainty(spec: MapSpec) -> None:
    northern = next(holder for holder in spec.holders if holder.slug == "northern")
    assert northern.low_km2 < northern.area_km2 == northern.high_km2
    confirmed = describe_map(veldoria(), DAY, min_certainty=Certainty.CONFIRMED)
    northern = next(holder for holder in confirmed.holders if holder.slug == "northern")
    assert northern.low_km2 == northern.area_km2 == northern.high_km2
    assert confirmed.known_line.endswith(". Only what is at least confirmed")


def test_gains_lie_on_ground_that_the_gainer_holds(spec: MapSpec) -> None:
    assert {(gain.actor, gain.look) for gain in spec.gains} == {
        ("northern", Look.ASSESSED),
        ("eastern", Look.CLAIMED),
    }
    for gain in spec.gains:
        held = shapely.union_all([g.polygon for g in spec.grounds if g.actor == gain.actor])
        assert gain.polygon.difference(held).area < 1e-9
        assert gain.from_actors == ("government",)


def test_gains_are_measured_against_any_asked_day() -> None:
    since = describe_map(veldoria(), DAY, since=date(2024, 12, 1))
    assert since.since_line == "What changed since 1 December 2024"
    assert {change.id for change in since.changes if change.is_new} == {4, 5, 6, 7, 8, 9}


def test_call_outs_say_what_the_distance_command_says(spec: MapSpec) -> None:
    project = veldoria()
    for call_out in spec.call_outs:
        place = project.resolve(call_out.place)
        measured = distance(project.control_map(DAY), place, None)
        assert call_out.distance_km == measured.distance_km
        assert call_out.line.coords[0] == (place.lon, place.lat)
        front = shapely.union_all([stretch.line for stretch in spec.front])
        assert Point(call_out.line.coords[-1]).distance(front) < 1e-6
    assert spec.call_outs[0].label == "5.2 km"
    assert (
        spec.call_outs[0].sentence
        == "5.2 km from the front line between Government and Northern to the centre of Mirna"
    )


def test_a_place_within_the_ground_is_said_to_be_inside() -> None:
    spec = describe_map(veldoria(), DAY, distance_to=["Northport"], from_="opposition")
    assert spec.call_outs[0].inside
    assert spec.call_outs[0].sentence == "Northport is inside ground held by opposition"


def test_without_a_front_there_is_no_distance_but_a_note() -> None:
    project = veldoria(changes=changes()[:1])
    spec = describe_map(project, DAY, distance_to=["Mirna"])
    assert (spec.call_outs, spec.front) == ((), ())
    assert spec.distance_notes == ("There is no front line on this date, so no distance from it.",)
    spec = describe_map(project, DAY, distance_to=["Mirna"], from_="eastern")
    assert spec.distance_notes[0].startswith("Eastern Council holds no ground")


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownNameError):
        describe_map(veldoria(), DAY, distance_to=["Atlantis"])
    with pytest.raises(InputError, match="give an earlier date"):
        describe_map(veldoria(), DAY, since=DAY)
    with pytest.raises(InputError, match="choose one of ar, en, uk"):
        describe_map(veldoria(), DAY, lang="tlh")


def test_labels_come_by_importance(spec: MapSpec) -> None:
    assert [label.name for label in spec.labels[:4]] == ["Velgrad", "Mirna", "Northport", "Karsk"]
    assert len({label.name for label in spec.labels}) == len(spec.labels)
    assert {label.name for label in spec.labels if label.in_the_news} == {"Velgrad", "Mirna"}
    assert (spec.labels[0].name, spec.labels[0].other_name) == ("Velgrad", "فلغراد")
    arabic = describe_map(veldoria(), DAY, distance_to=["Mirna"], lang="ar")
    assert (arabic.labels[0].name, arabic.labels[0].other_name) == ("ميرنا", "Mirna")
    assert arabic.call_outs[0].place == "ميرنا"


@pytest.mark.parametrize(
    ("country", "names", "expected"),
    [
        ("SY", [PlaceName("Homs", "en"), PlaceName("Хомс", "ru"), PlaceName("حمص", "ar")], "حمص"),
        ("SY", [PlaceName("Homs"), PlaceName("Хомс"), PlaceName("حمص")], "حمص"),
        ("UA", [PlaceName("Bakhmut"), PlaceName("Бахмут", "uk"), PlaceName("X", "ru")], "Бахмут"),
        ("FR", [PlaceName("Paris"), PlaceName("باريس", "ar")], ""),
        ("SY", [PlaceName("Homs")], ""),
    ],
)
def test_local_name_is_in_the_country_s_own_script(
    country: str, names: list[PlaceName], expected: str
) -> None:
    place = Place("x:1", names[0].name, 0, 0, country, names=tuple(names))
    assert local_name(place) == expected


def test_changes_name_their_sources(spec: MapSpec) -> None:
    by_id = {change.id: change for change in spec.changes}
    assert by_id[6].where == "Towards Mirna"
    assert by_id[6].what == "controlled by Northern"
    assert by_id[2].where == "Whole"
    cited = by_id[6].sources[0]
    assert (spec.sources[cited.source].publisher, cited.said_by) == ("The Wire", "the monitors")
    assert {number for piece in spec.pieces for number in piece.changes} <= by_id.keys()
    assert {number for stretch in spec.front for number in stretch.changes} <= by_id.keys()


def test_a_change_says_how_long_it_held() -> None:
    rows = changes()
    rows[4] = replace(rows[4], valid_to=date(2024, 12, 9))
    spec = describe_map(veldoria(changes=rows), DAY)
    when = {change.id: change.when for change in spec.changes}
    assert when[5] == "From 3 December 2024 until 9 December 2024"
    assert when[6] == "From 6 December 2024"


def test_drawn_ground_is_named_by_its_chief_place(spec: MapSpec) -> None:
    where = {change.id: change.where for change in spec.changes}
    assert where[1] == "Area around Velgrad"
    assert where[8] == "Area around Karsk"


def test_only_cited_sources_are_listed_and_only_web_links_kept() -> None:
    hostile = replace(SOURCES[0], url="javascript:alert(1)")
    unused = replace(SOURCES[0], slug="unused")
    spec = describe_map(veldoria(sources=[hostile, SOURCES[1], unused]), DAY)
    assert [source.url for source in spec.sources] == ["", ""]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:///path", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_web_addresses(url: str, safe: bool) -> None:
    assert is_web_address(url) is safe


def test_a_map_can_be_made_as_it_was_known() -> None:
    known = datetime(2024, 12, 4, tzinfo=UTC)
    spec = describe_map(veldoria(), DAY, known_at=known)
    assert spec.known_line == "Records known at 4 December 2024, 00:00 UTC"
    assert {change.id for change in spec.changes} == {1, 2, 3, 4, 5}


def test_alternative_text_is_complete_and_honest(spec: MapSpec) -> None:
    for part in (
        "Veldoria at the end of 6 December 2024 (Asia/Damascus)",
        "Areas held: Government of Veldoria about",
        "Gained since 5 December 2024: Eastern Council about",
        "no record for",
        "5.2 km from the front line between Government and Northern to the centre of Mirna.",
        "rests on the claims of a party alone",
        "9 records of 2 sources",
        "approximate",
    ):
        assert part in spec.alt


def test_arabic_isolates_what_runs_the_other_way() -> None:
    spec = describe_map(veldoria(), DAY, lang="ar", distance_to=["Mirna"])
    assert spec.direction == "rtl"
    assert "\u2068Asia/Damascus\u2069" in spec.as_of_line
    assert "\u20686 كانون الأول/ديسمبر 2024\u2069" in spec.as_of_line
    assert spec.call_outs[0].label == "5.2 كم"


@pytest.mark.parametrize("lang", ["ar", "uk"])
def test_every_language_says_the_same_things(lang: str) -> None:
    english, other = Words.of("en").catalogue, Words.of(lang).catalogue
    assert english.keys() == other.keys()
    for key, template in other.items():
        assert set(_fields(template)) <= set(_fields(english[key])), key


def test_every_month_has_a_name_in_every_language() -> None:
    for lang in ("ar", "en", "uk"):
        written = {Words.of(lang).day(date(2024, month, 1)) for month in range(1, 13)}
        assert len(written) == 12


def _fields(template: str) -> list[str]:
    return [part.partition("}")[0] for part in template.split("{")[1:]]


@pytest.mark.parametrize(
    ("km2", "written"),
    [(0, "0"), (0.42, "0.4"), (7, "7"), (14.26, "14.3"), (14249, "14,200"), (185180, "185,000")],
)
def test_areas_are_written_to_three_figures(km2: float, written: str) -> None:
    assert Words.of("en").area(km2) == written


def test_numbers_follow_the_language() -> None:
    assert Words.of("uk").area(14249) == "14\u00a0200"
    assert Words.of("uk").distance("5.2 km") == "5,2 км"
    assert Words.of("ar").distance("350 m") == "350 م"


def test_actors_without_a_valid_colour_get_one_of_their_own() -> None:
    odd = replace(ACTORS[1], colour="url(x)")
    given_colours = colours([ACTORS[0], odd, ACTORS[2]])
    assert given_colours["government"] == ACTORS[0].colour
    assert len(set(given_colours.values())) == 3


def test_a_new_actor_gets_a_colour_that_is_free() -> None:
    assert next_colour([]) == PALETTE[0]
    assert next_colour([replace(ACTORS[0], colour=PALETTE[0].upper())]) == PALETTE[1]


def test_json_is_plain_and_complete(spec: MapSpec) -> None:
    plain = spec.to_json_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["as_of"] == "2024-12-06"
    assert len(plain["front"]) == len(spec.front)


@given(
    st.lists(
        st.tuples(st.floats(-179, 179), st.floats(-89, 89)), min_size=3, max_size=12, unique=True
    )
)
def test_json_coordinates_are_within_half_a_quantum(points: list[tuple[float, float]]) -> None:
    ring = Polygon(points)
    spec = replace(_BARE, theatre=MultiPolygon([ring]))
    rings = spec.to_json_dict()["theatre"]
    original = np.array(points) * QUANTUM_PER_DEGREE
    for flat in rings:
        decoded = np.cumsum(np.array(flat).reshape(-1, 2), axis=0)
        gaps = np.abs(decoded[:, None] - original[None]).max(axis=2).min(axis=1)
        assert gaps.max() <= 0.5 + 1e-6


_BARE = describe_map(veldoria(changes=changes()[:1]), DAY)
