"""The player: every day as its own map has it, safe, small, and the same bytes each time."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import zlib
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely
from imaginary import ACTORS, DAY, veldoria
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry
from test_arcs import apart_m, outlines_in, outlines_of
from test_page import HOSTILE, Outline, data_of, hostile_project

from frontmap.geo.errors import InputError, UnknownNameError
from frontmap.geo.records import Certainty
from frontmap.geo.summary import distance, holdings
from frontmap.maps.arcs import MAX_ERROR_M
from frontmap.maps.player import render_player
from frontmap.maps.series import Frame, SeriesSpec, describe_partitions, describe_series
from frontmap.maps.spec import describe_map

FIRST = date(2024, 11, 27)
SPREAD = [FIRST + timedelta(days=n) for n in range(10)]


def described(**options: Any) -> SeriesSpec:
    return describe_series(veldoria(), FIRST, DAY, distance_to=["Mirna", "Velgrad"], **options)


@pytest.fixture(scope="module")
def series() -> SeriesSpec:
    return described()


@pytest.fixture(scope="module")
def page(series: SeriesSpec) -> str:
    return render_player(series)


def frame_of(series: SeriesSpec, day: date) -> Frame:
    """Return the frame that stands on a day."""
    state = series.days.index(day)
    return [frame for frame in series.frames if frame.state <= state][-1]


def unpacked(page: str) -> Any:
    """Return the frames and changes that a player's page carries."""
    return json.loads(zlib.decompress(base64.b64decode(data_of(page)["told"])))


# --- what is in it --------------------------------------------------------------------------------


def test_every_day_is_there_after_one_to_compare_with(series: SeriesSpec) -> None:
    assert series.days == (FIRST - timedelta(days=1), *SPREAD)
    assert series.lead_in == 1
    new = {date(2024, 12, 2), date(2024, 12, 3), DAY}
    assert {series.days[frame.state] for frame in series.frames} == {*series.days[:2], *new}


def test_outlines_are_those_of_each_days_map(series: SeriesSpec) -> None:
    """The slow way: the grounds of a map described for each day alone."""
    keys = [(ground.actor, ground.look, ground.fill) for ground in series.grounds]
    states: list[dict[int, BaseGeometry]] = []
    for day in series.days:
        alike = defaultdict(list)
        for ground in describe_map(veldoria(), day).grounds:
            alike[keys.index((ground.actor, ground.look, ground.fill))].append(ground.polygon)
        states.append({label: shapely.union_all(parts) for label, parts in alike.items()})
    assert apart_m(outlines_in(series.arcs, len(states)), states) < MAX_ERROR_M


def test_areas_are_those_of_each_days_holdings(series: SeriesSpec) -> None:
    for day in SPREAD:
        rows = {row.actor: row for row in holdings(veldoria().control_map(day), ())}
        for holder, (drawn, low, high) in zip(
            series.holders, frame_of(series, day).km2, strict=True
        ):
            levels = rows[holder.slug].km2_by_certainty.values()
            assert drawn == pytest.approx(rows[holder.slug].km2, abs=0.06)
            assert (low, high) == pytest.approx((min(levels), max(levels)), abs=0.06)


def test_distances_are_those_of_each_days_map(series: SeriesSpec) -> None:
    mirna = veldoria().resolve("Mirna")
    assert series.targets == (("test:mirna", "Mirna"), ("test:velgrad", "Velgrad"))
    for day in SPREAD:
        found = frame_of(series, day).call_outs[0].distance_km
        assert found == distance(veldoria().control_map(day), mirna, None).distance_km


def test_captions_tell_the_changes_of_the_day_and_who_says_so(series: SeriesSpec) -> None:
    told = {
        series.days[frame.state]: [series.changes[i] for i in frame.changes]
        for frame in series.frames
    }
    assert {day: [change.entry.id for change in found] for day, found in told.items() if found} == {
        date(2024, 12, 2): [4],
        date(2024, 12, 3): [5],
        DAY: [6, 7, 8, 9],
    }
    gate = told[date(2024, 12, 2)][0]
    assert (gate.entry.where, gate.entry.what) == ("Hvar Gate", "controlled by Northern")
    assert gate.place == "test:hvar-gate"
    assert gate.bounds == pytest.approx((37.6, 35.3, 38.2, 35.9), abs=0.1)
    said = [(series.base.sources[s.source].publisher, s.said_by) for s in gate.entry.sources]
    assert said == [("The Wire", "the monitors"), ("Veldoria Monitor", "")]


def test_claims_can_be_left_out() -> None:
    series = described(min_certainty=Certainty.REPORTED)
    assert {change.entry.id for change in series.changes} == {4, 6}
    assert {ground.look.value for ground in series.grounds} == {"assessed", "no-data"}
    assert all(low <= drawn <= high for frame in series.frames for drawn, low, high in frame.km2)


def test_records_not_yet_known_are_left_out() -> None:
    known_at = veldoria().changes()[4].recorded_at
    series = described(known_at=known_at)
    assert {change.entry.id for change in series.changes} == {4, 5}


def test_gains_may_be_measured_from_a_day_before_the_first() -> None:
    since = FIRST - timedelta(days=30)
    series = described(since=since)
    assert (series.days[:3], series.lead_in) == ((since, SPREAD[0] - timedelta(days=1), FIRST), 2)
    assert series.frames[0].km2 == ((0, 0, 0),) * 3
    assert described(since=FIRST).lead_in == 1


def test_one_day_is_a_series_too() -> None:
    series = describe_series(veldoria(), DAY, DAY)
    assert [frame.state for frame in series.frames] == [0, 1]
    assert len(render_player(series)) > 0


@pytest.mark.parametrize(
    ("first", "last", "since"), [(DAY, FIRST, None), (FIRST, DAY, DAY), (FIRST, DAY, date.max)]
)
def test_days_in_the_wrong_order_are_refused(first: date, last: date, since: date | None) -> None:
    with pytest.raises(InputError, match=r"swap them|earlier date"):
        describe_series(veldoria(), first, last, since=since)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownNameError):
        describe_series(veldoria(), FIRST, DAY, distance_to=["Atlantis"])
    with pytest.raises(InputError, match="language"):
        describe_series(veldoria(), FIRST, DAY, lang="tlh")


def test_alternative_text_tells_both_ends(series: SeriesSpec) -> None:
    alt = series.base.alt
    assert "from 27 November 2024 to 6 December 2024 (Asia/Damascus)" in alt
    assert "27 November 2024: Government of Veldoria about " in alt
    assert "Lines between places are approximate." in alt


def test_legend_explains_what_is_on_any_of_the_days(series: SeriesSpec) -> None:
    marks = [(entry.mark, entry.of) for entry in series.base.legend]
    assert [of for mark, of in marks if mark == "actor"] == ["government", "northern", "eastern"]
    assert [of for mark, of in marks if mark == "area"] == [
        "assessed",
        "claimed",
        "contested",
        "no-data",
    ]
    assert [mark for mark, _ in marks][-3:] == ["gain", "front", "distance"]


# --- partitions that no project holds -------------------------------------------------------------


def drifting(days: int) -> dict[date, dict[str, BaseGeometry]]:
    """Return days of a line of 400 vertices of which two move each day."""
    line = [(x / 40, 35 + (x * 7919 % 13) / 100) for x in range(401)]
    found: dict[date, dict[str, BaseGeometry]] = {}
    for n in range(days):
        for x in (n * 37 % 401, n * 91 % 401):
            line[x] = line[x][0], line[x][1] - 0.01
        north = shapely.Polygon([*line, (10, 37), (0, 37)])
        found[FIRST + timedelta(days=n)] = {"northern": north}
    return found


def test_partitions_without_a_project() -> None:
    given = drifting(5)
    del given[SPREAD[2]]
    series = describe_partitions(given, ACTORS[:2], title="A front")
    assert series.days == tuple(SPREAD[:5])
    assert [frame.state for frame in series.frames] == [0, 1, 3, 4]
    given[SPREAD[2]] = given[SPREAD[1]]
    states = [{1: given[day]["northern"]} for day in SPREAD[:5]]
    assert outlines_in(series.arcs, 5) == outlines_of(states)
    assert "A front" in render_player(series)


def test_partitions_of_strangers_are_refused() -> None:
    with pytest.raises(InputError, match="cannot show northern"):
        describe_partitions(drifting(1), ACTORS[:1], title="")
    with pytest.raises(InputError, match="no partition at all"):
        describe_partitions({}, ACTORS, title="")


def test_eight_hundred_days_stay_small() -> None:
    some, many = (
        len(render_player(describe_partitions(drifting(days), ACTORS, title="")).encode())
        for days in (10, 800)
    )
    assert some < 270_000
    assert (many - some) / 790 < 60


# --- the document ---------------------------------------------------------------------------------


def test_same_input_same_bytes(page: str) -> None:
    assert render_player(described()) == page


def test_same_bytes_in_another_process(page: str) -> None:
    code = (
        "import hashlib; from test_player import described; "
        "from frontmap.maps.player import render_player; "
        "print(hashlib.sha256(render_player(described()).encode()).hexdigest())"
    )
    env = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parent)}
    found = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == hashlib.sha256(page.encode()).hexdigest()


def test_data_arrive_as_they_were(series: SeriesSpec, page: str) -> None:
    data, told = data_of(page), unpacked(page)
    assert data["days"] == {"lead": ["2024-11-26"], "first": "2024-11-27", "count": 10}
    assert data["months"][11] == "December"
    assert base64.b64decode(data["arcs"]) == series.arcs
    assert [frame["state"] for frame in told["frames"]] == [f.state for f in series.frames]
    assert told["frames"][-1]["call_outs"][0]["label"] == "5.2 km"
    assert [change["entry"]["where"] for change in told["changes"]] == [
        change.entry.where for change in series.changes
    ]


def test_policy_names_every_script_and_style_by_its_hash(page: str) -> None:
    outline = Outline(page)
    policy = outline.elements[2][1]["content"] or ""
    for tag, count in (("script", 2), ("style", 2)):
        texts = [text for kind, text in outline.blocks if kind == tag and text[0] != "{"]
        assert len(texts) == count
        for text in texts:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_nothing_is_fetched_and_nothing_is_styled_inline(page: str) -> None:
    for tag, attributes in Outline(page).elements:
        assert tag not in ("link", "img", "iframe", "base", "form", "object")
        assert not {"src", "href", "style", "onload", "onclick"} & attributes.keys(), tag


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_names_stay_text(payload: str) -> None:
    pages = [
        render_player(describe_series(hostile_project(text), FIRST, DAY, title=text))
        for text in (payload, "plain")
    ]
    assert data_of(pages[0])["title"] == payload
    assert data_of(pages[0])["holders"][0]["name"] == payload
    assert unpacked(pages[0])["changes"][0]["entry"]["note"] == payload
    assert len({str([tag for tag, _ in Outline(page).elements]) for page in pages}) == 1


def test_arabic_player_runs_right_to_left_but_for_time(page: str) -> None:
    outline = Outline(render_player(described(lang="ar")))
    assert outline.only("html") == {"lang": "ar", "dir": "rtl"}
    assert outline.only("section") == {"id": "timeline", "dir": "ltr"}


def test_empty_areas_are_no_trouble() -> None:
    given: dict[date, dict[str, BaseGeometry]] = {
        FIRST: {"northern": MultiPolygon()},
        DAY: {"northern": shapely.box(0, 0, 1, 1)},
    }
    series = describe_partitions(given, ACTORS, title="")
    assert series.frames[0].km2[1] == (0, 0, 0)
    assert series.base.bounds == pytest.approx((-0.05, -0.05, 1.05, 1.05))
