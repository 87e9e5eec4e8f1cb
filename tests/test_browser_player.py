"""The player in a real browser, with no network: it plays, steps, explains itself, and is safe."""

from __future__ import annotations

import io
import math
import os
import re
from collections.abc import Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, Open, Visit
from imaginary import ACTORS, DAY, veldoria
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from shapely import Point
from test_page import HOSTILE, hostile_project

from frontmap.data.store import Project
from frontmap.maps.embed import embed_snippet
from frontmap.maps.player import render_player
from frontmap.maps.series import describe_series

pytestmark = pytest.mark.browser

FIRST = date(2024, 11, 27)


def player(**options: Any) -> str:
    asked: dict[str, Any] = {"distance_to": ["Mirna", "Velgrad"]} | options
    return render_player(describe_series(veldoria(), FIRST, DAY, **asked))


@pytest.fixture(scope="module")
def text() -> str:
    return player()


@pytest.fixture
def visit(visit: Open) -> Open:
    """Return what opens a player and waits until it is decoded: before that it heeds no key."""

    def opened(text: str, *args: Any, **options: Any) -> Visit:
        found = visit(text, *args, **options)
        if found.page.locator("#frontmap-data").count():
            found.page.locator("html[data-ready], .failure").first.wait_for(state="attached")
        return found

    return opened


def day_shown(page: Page) -> str:
    return page.locator(".date").inner_text()


def hash_comes(page: Page, day: str) -> None:
    expect(page).to_have_url(re.compile(f"#{day}$"))


def colours(page: Page, points: Sequence[tuple[float, float]], sheet: int = 0) -> list[list[int]]:
    """Return red, green, blue and alpha of a canvas at points of the screen."""
    found: list[list[int]] = page.evaluate(
        """([points, sheet]) => {
            const canvas = document.querySelectorAll(".sheet canvas")[sheet];
            const { left, top, width } = canvas.getBoundingClientRect();
            const ratio = canvas.width / width;
            const copy = Object.assign(document.createElement("canvas"), {
                width: canvas.width, height: canvas.height });
            const context = copy.getContext("2d", { willReadFrequently: true });
            context.drawImage(canvas, 0, 0);
            return points.map(([x, y]) => [...context.getImageData(
                Math.round((x - left) * ratio), Math.round((y - top) * ratio), 1, 1).data]);
        }""",
        [points, sheet],
    )
    return found


def picture(page: Page, sheet: int = 0) -> str:
    """Return all that is on a canvas."""
    drawn: str = page.locator(".sheet canvas").nth(sheet).evaluate("node => node.toDataURL()")
    return drawn


def test_it_opens_on_the_last_day_and_stands_still(visit: Open, text: str) -> None:
    page = visit(text).page
    assert page.locator("h1").inner_text() == "Veldoria: control of territory"
    assert page.locator(".as-of").inner_text() == "6 December 2024, end of day, Asia/Damascus"
    page.wait_for_timeout(300)
    assert day_shown(page) == "6 December 2024"
    assert page.get_by_role("slider", name="Day").get_attribute("aria-valuetext") == (
        "6 December 2024"
    )
    assert page.locator(".names .pill").all_text_contents() == ["5.2 km", "80 km"]
    assert page.locator(".legend li.actor").count() == 3
    assert page.locator(".chart").count() == 2
    assert page.locator(".scale").get_attribute("aria-label") == "100 km"
    assert "GeoNames, CC BY 4.0" in page.locator(".credits").inner_text()


def test_the_address_names_the_day(visit: Open, text: str) -> None:
    page = visit(text, fragment="#2024-12-02").page
    assert day_shown(page) == "2 December 2024"
    page.evaluate("location.hash = '#2024-11-30'")
    expect(page.locator(".date")).to_have_text("30 November 2024")
    page.get_by_role("button", name="Next day").click()
    hash_comes(page, "2024-12-01")
    page.reload()
    assert day_shown(page) == "1 December 2024"


@pytest.mark.parametrize("fragment", ["#2031-01-01", "#2024-11-26", "#2024-13-45", "#x"])
def test_an_address_of_no_day_here_shows_the_last(visit: Open, text: str, fragment: str) -> None:
    assert day_shown(visit(text, fragment=fragment).page) == "6 December 2024"


def test_keys_step_and_jump(visit: Open, text: str) -> None:
    page = visit(text).page
    shown = []
    for key in ("Home", "ArrowLeft", "ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight"):
        page.keyboard.press(key)
        shown.append(day_shown(page).split()[0])
    assert shown == ["27", "27", "28", "29", "28", "6", "6"]
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    assert day_shown(page) == "5 December 2024"
    page.locator(".map").focus()
    page.keyboard.press("ArrowLeft")
    assert day_shown(page) == "5 December 2024"


def test_it_plays_to_the_end_and_stops(visit: Open, text: str) -> None:
    page = visit(text).page
    page.get_by_label("Days a second").select_option("8")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    page.get_by_role("button", name="Play").wait_for()
    assert day_shown(page) == "6 December 2024"
    hash_comes(page, "2024-12-06")


def test_it_pauses_where_it_is(visit: Open, text: str) -> None:
    page = visit(text, fragment="#2024-11-27").page
    page.get_by_label("Days a second").select_option("4")
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".date")).not_to_have_text("27 November 2024")
    page.keyboard.press("Space")
    there = day_shown(page)
    page.wait_for_timeout(600)
    assert day_shown(page) == there
    page.get_by_role("button", name="Play").click()
    page.keyboard.press("Home")
    page.wait_for_timeout(600)
    assert day_shown(page) == "27 November 2024"


def test_the_slider_drags(visit: Open, text: str) -> None:
    page = visit(text).page
    box = page.get_by_role("slider").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 9, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    assert day_shown(page) == "30 November 2024"
    page.locator(".plot").first.click(position={"x": 1, "y": 5})
    assert day_shown(page) == "27 November 2024"


def test_captions_tell_what_changed_and_who_says_so(visit: Open, text: str) -> None:
    page = visit(text, fragment="#2024-12-02").page
    caption = page.locator(".caption")
    assert caption.locator("h2").inner_text() == "What changed on 2 December 2024"
    told = caption.inner_text()
    assert "Hvar Gate controlled by Northern" in told
    assert "The Wire, quoting the monitors, Front moves south" in told
    link = caption.locator("a").first
    assert link.get_attribute("href") == "https://example.org/a"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert page.locator(".names .news").all_text_contents() == ["Hvar Gate"]
    page.keyboard.press("ArrowLeft")
    assert "No change is recorded." in caption.inner_text()
    assert page.locator(".names .news").count() == 0
    page.keyboard.press("End")
    assert caption.locator("> ul > li").count() == 4


def test_steps_are_announced(visit: Open, text: str) -> None:
    page = visit(text, fragment="#2024-12-01").page
    page.get_by_role("button", name="Next day").click()
    said = page.locator("[aria-live]")
    expect(said).to_have_text("2 December 2024. Hvar Gate: controlled by Northern")


def test_legend_tells_areas_and_what_came_and_went(visit: Open, text: str) -> None:
    page = visit(text).page
    government = page.locator(".legend li.actor", has_text="Government").locator("small")
    on_last = government.inner_text()
    assert "km²" in on_last
    assert "\u2212" in on_last
    gained = page.locator(".legend .gain b")
    assert gained.inner_text() == "Gained since 5 December 2024"
    page.get_by_label("Gains since").select_option("26 November 2024")
    assert gained.inner_text() == "Gained since 26 November 2024"
    page.keyboard.press("Home")
    page.get_by_label("Gains since").select_option("a week before")
    assert gained.inner_text() == "Gained since 26 November 2024"
    assert government.locator(".turn").count() == 0


def test_gains_are_measured_from_the_day_that_was_asked_for(visit: Open) -> None:
    page = visit(player(since=date(2024, 12, 1))).page
    gained = page.locator(".legend li.gain")
    assert gained.locator("b").inner_text() == "Gained since 1 December 2024"
    page.keyboard.press("Home")
    assert gained.is_hidden()


def test_canvas_shows_who_holds_what_on_each_day(visit: Open, text: str) -> None:
    """At points all over the country: the colour of whoever holds it by that day's map."""
    project, opened = veldoria(), visit(text, still=True)
    hue = {actor.slug: actor.colour for actor in ACTORS}
    for day in (FIRST, date(2024, 12, 2), date(2024, 12, 3), DAY):
        opened.page.evaluate("day => (location.hash = `#${day}`)", day.isoformat())
        expect(opened.page.locator(".date")).to_have_text(re.compile(f"^{day.day} "))
        seen = places_seen(opened)
        areas = [
            area
            for area in project.control_map(day).areas
            if area.actor and not area.contested_by and area.certainty != "claimed"
        ]
        found = [
            (area.actor, xy)
            for lon, lat, xy in seen
            for area in areas
            if area.polygon.buffer(-0.04).contains(Point(lon, lat))
        ]
        assert len(found) > 60
        assert {actor for actor, _ in found} == {"government", "northern", "eastern"}
        for (actor, _), colour in zip(
            found, colours(opened.page, [xy for _, xy in found]), strict=True
        ):
            assert actor is not None
            expected = [int(hue[actor][i : i + 2], 16) for i in (1, 3, 5)]
            assert math.dist(colour[:3], expected) < 6, (actor, colour)
            assert 0.5 < colour[3] / 255 < 0.95


def places_seen(opened: Visit) -> list[tuple[float, float, tuple[float, float]]]:
    """Return a grid of points, each as its lon and lat and where it is on the screen."""
    known = {place.name: place for place in veldoria().places()}
    one, other = known["Velgrad"], known["Northport"]
    (x1, y1), (x2, y2) = opened.at("Velgrad"), opened.at("Northport")
    scale_x = (x2 - x1) / (other.lon - one.lon)
    scale_y = (y2 - y1) / (_mercator(other.lat) - _mercator(one.lat))
    return [
        (
            lon,
            lat,
            (x1 + (lon - one.lon) * scale_x, y1 + (_mercator(lat) - _mercator(one.lat)) * scale_y),
        )
        for lon in [36.1 + n * 0.23 for n in range(22)]
        for lat in [33.2 + n * 0.23 for n in range(17)]
    ]


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def test_front_line_is_drawn_on_its_own(visit: Open, text: str) -> None:
    page = visit(text, fragment="#2024-11-27").page
    before = picture(page, 1)
    page.keyboard.press("ArrowRight")
    assert picture(page, 1) == before
    page.keyboard.press("End")
    assert picture(page, 1) != before


def test_gains_can_be_hidden(visit: Open, text: str) -> None:
    page = visit(text).page
    strong = picture(page)
    page.get_by_label("Recent gains").uncheck()
    assert picture(page) != strong
    page.get_by_label("Recent gains").check()
    assert picture(page) == strong


def test_zooming_and_panning_redraw_the_ground(visit: Open, text: str) -> None:
    opened = visit(text, still=True)
    page = opened.page
    for _ in range(2):
        page.get_by_role("button", name="Zoom in").click()
    page.mouse.move(800, 300)
    page.mouse.down()
    page.mouse.move(760, 330, steps=4)
    page.mouse.up()
    page.wait_for_timeout(400)
    red, green, blue, alpha = colours(page, [opened.at("Karsk")])[0]
    assert (red > 200, blue < 100, alpha > 100) == (True, True, True), (red, green, blue, alpha)
    page.get_by_role("button", name="Show the whole map").click()
    assert page.locator(".names .place", has_text="Velgrad").count() == 1


def test_a_click_tells_who_held_a_point(visit: Open, text: str) -> None:
    opened = visit(text, still=True)
    page = opened.page
    page.mouse.click(*opened.at("Tarn"))
    panel = page.locator(".panel")
    assert panel.locator("h2").inner_text() == "Who held this point"
    assert panel.locator("li").all_inner_texts() == [
        "27 November 2024\nHeld by Government of Veldoria",
        "3 December 2024\nHeld by Northern Front",
    ]
    assert "3 December 2024" in panel.locator("li.now").inner_text()
    panel.locator("button", has_text="27 November 2024").click()
    assert day_shown(page) == "27 November 2024"
    assert "27 November 2024" in panel.locator("li.now").inner_text()
    page.keyboard.press("Escape")
    assert panel.is_hidden()


@pytest.mark.parametrize(
    ("size", "lang"),
    [(DESKTOP, "en"), (DESKTOP, "ar"), (PHONE, "en"), (PHONE, "ar"), ((320, 600), "uk")],
)
def test_nothing_overflows_sideways(visit: Open, size: tuple[int, int], lang: str) -> None:
    page = visit(player(lang=lang), size).page
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for selector in ("#head", "#side", "#stage", "#timeline", ".slider", ".transport", ".chart"):
        box = page.locator(selector).first.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= size[0], selector


def test_on_a_phone_map_and_controls_fit_one_screen(visit: Open, text: str) -> None:
    page = visit(text, PHONE).page
    box = page.locator("#timeline").bounding_box()
    assert box is not None and box["y"] + box["height"] <= PHONE[1]


def test_it_prints_the_day_shown(visit: Open, text: str) -> None:
    page = visit(text, fragment="#2024-12-03").page
    page.emulate_media(media="print")
    assert page.locator(".transport").is_hidden()
    assert page.locator(".slider").is_hidden()
    assert page.locator(".date").is_visible()
    # Chromium prints a canvas that was drawn on directly in opaque white.
    paper = PdfReader(io.BytesIO(page.pdf())).pages[0]
    assert max(image.image.width for image in paper.images if image.image) > 1000


def test_darkness_changes_the_front_line(visit: Open, text: str) -> None:
    light, dark = (visit(text, dark=dark).page for dark in (False, True))
    assert picture(light, 1) != picture(dark, 1)
    page = dark
    page.emulate_media(color_scheme="light")
    page.wait_for_timeout(100)
    assert picture(page, 1) == picture(light, 1)


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, True), (PHONE, False)])
def test_axe_finds_nothing_serious_with_the_history_open(
    visit: Open, text: str, size: tuple[int, int], dark: bool
) -> None:
    opened = visit(text, size, still=True, dark=dark)
    opened.page.mouse.click(*opened.at("Tarn"))
    opened.page.evaluate(
        (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    )
    found: list[dict[str, Any]] = opened.page.evaluate(
        "axe.run().then(({violations}) => violations)"
    )
    serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in serious] == []


@pytest.mark.parametrize("turn", range(0, len(HOSTILE), 4))
def test_hostile_names_never_run(visit: Open, turn: int) -> None:
    payloads = (*HOSTILE[turn:], *HOSTILE[:turn])
    project = hostile_project(*payloads)
    series = describe_series(project, FIRST, DAY, title=payloads[0])
    page = visit(render_player(series)).page
    assert page.locator("h1").text_content() == payloads[0]
    for key in ("Home", *["ArrowRight"] * 9):
        page.keyboard.press(key)
    page.mouse.click(700, 300)
    assert page.locator(".caption .said").first.is_visible()
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.canary") is None


def test_it_plays_within_another_page(visit: Open, text: str) -> None:
    """Sandboxed, with no address of its own, and beside another player."""
    frames = embed_snippet(text, kind="srcdoc") * 2
    page = visit(f"<!DOCTYPE html><html lang=en><title>x</title>{frames}").page
    one, other = (page.frame_locator("iframe").nth(i) for i in range(2))
    one.get_by_role("button", name="Previous day").click()
    expect(one.locator(".date")).to_have_text("5 December 2024")
    expect(other.locator(".date")).to_have_text("6 December 2024")
    other.get_by_label("Days a second").select_option("8")
    other.get_by_role("slider").press("Home")
    expect(other.locator(".date")).not_to_have_text("6 December 2024")
    other.get_by_role("button", name="Play").click()
    # That it says Pause meanwhile may be over before a busy machine looks.
    expect(other.locator(".date")).to_have_text("6 December 2024", timeout=60_000)
    expect(other.get_by_role("button", name="Play")).to_be_visible()


def test_an_old_browser_is_told(visit: Open, text: str) -> None:
    """Without DecompressionStream, and with the policy that the changed script needs."""
    old = text.replace('"use strict";', '"use strict"; delete window.DecompressionStream;', 1)
    policy, rest = old.split("\n<meta charset", 1)
    page = visit(policy.split("<meta http-equiv")[0] + "\n<meta charset" + rest).page
    assert "browser made in 2023 or later" in page.get_by_role("alert").inner_text()


def test_syria_is_played_whole(visit: Open, syria: Path) -> None:
    with Project.open(syria) as project:
        first, last = date(2024, 11, 26), date(2024, 12, 9)
        series = describe_series(project, first, last, distance_to=["Homs", "Damascus"])
    text = render_player(series)
    assert len(text.encode()) < 500_000
    for size in (DESKTOP, PHONE):
        page = visit(text, size, fragment="#2024-12-06").page
        labels = page.locator(".names .place").all_text_contents()
        assert {"Homs", "Damascus", "Aleppo", "Deir ez-Zor"} <= set(labels)
        assert page.locator(".names .pill").first.text_content() == "5 km"
        seen = {picture(page)}
        for _ in range((last - first).days):
            page.keyboard.press("ArrowLeft")
            seen.add(picture(page))
        assert len(seen) >= 10
        if "FRONTMAP_SCREENSHOTS" in os.environ:
            folder = Path(os.environ["FRONTMAP_SCREENSHOTS"])
            page.keyboard.press("End")
            page.screenshot(path=folder / f"player-{size[0]}x{size[1]}.png")
