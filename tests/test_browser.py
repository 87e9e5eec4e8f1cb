"""The page in a real browser, with no network to reach: drawn, clickable, keyed, and safe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from browsing import DESKTOP, PHONE, Open
from imaginary import DAY, veldoria
from playwright.sync_api import Browser
from test_page import HOSTILE, hostile_spec

from frontmap.data.store import Project
from frontmap.maps.page import render_page
from frontmap.maps.spec import describe_map

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def text() -> str:
    return render_page(describe_map(veldoria(), DAY, distance_to=["Mirna", "Velgrad"]))


def test_map_is_drawn_with_names_and_distances(visit: Open, text: str) -> None:
    page = visit(text).page
    assert page.locator("h1").inner_text() == "Veldoria: control of territory"
    assert page.locator(".names .pill").all_text_contents() == ["5.2 km", "80 km"]
    labels = page.locator(".names .place").all_text_contents()
    assert {"Velgrad", "Mirna", "Northport"} <= set(labels)
    assert page.locator("path.front-line").count() == 1
    assert page.locator("path.ground").count() >= 5
    assert page.locator(".legend li").count() == 11
    assert page.locator(".scale").get_attribute("aria-label") == "50 km"
    assert page.locator(".locator .theatre").is_visible()
    assert "GeoNames, CC BY 4.0" in page.locator(".credits").inner_text()


def test_names_do_not_cover_each_other(visit: Open, text: str) -> None:
    page = visit(text).page
    boxes = [box for node in page.locator(".names text").all() if (box := node.bounding_box())]
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = (
                one["x"] + one["width"] <= other["x"] + 2
                or other["x"] + other["width"] <= one["x"] + 2
                or one["y"] + one["height"] <= other["y"] + 4
                or other["y"] + other["height"] <= one["y"] + 4
            )
            assert apart, (one, other)


def test_a_click_on_ground_shows_who_says_so(visit: Open, text: str) -> None:
    opened = visit(text)
    opened.page.mouse.click(*opened.at("Dolin"))
    panel = opened.page.locator(".panel")
    assert panel.locator("h2").inner_text() == "Held by Northern Front"
    said = panel.inner_text()
    assert "Towards Mirna: controlled by Northern" in said
    assert "The Wire, quoting the monitors, Front moves south" in said
    assert "The villages on the way fell without a fight." in said
    link = panel.locator("a").first
    assert link.get_attribute("href") == "https://example.org/a"
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert opened.page.locator("path.selected").count() == 1


def test_a_click_on_the_front_shows_the_records_beside_it(visit: Open, text: str) -> None:
    page = visit(text).page
    page.locator("path.front-hit").first.dispatch_event("click")
    assert page.locator(".panel h2").inner_text().startswith("Front line: ")
    assert page.locator(".panel > ul > li").count() >= 1


def test_a_click_beyond_the_theatre_closes_the_panel(visit: Open, text: str) -> None:
    opened = visit(text)
    opened.page.mouse.click(*opened.at("Dolin"))
    opened.page.mouse.click(1000, 700)
    assert opened.page.locator(".panel").is_hidden()


def test_everything_is_reached_by_keyboard(visit: Open, text: str) -> None:
    page = visit(text).page
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 24)"))
        if "Sources" in reached[-1]:
            break
    assert any(name.startswith("Mirna") for name in reached)
    assert any("The map as a table" in name for name in reached)
    page.locator("summary", has_text="as a table").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    panel = page.locator(".panel")
    assert panel.locator("h2").evaluate("node => node === document.activeElement")
    assert "Selected" in page.locator("[aria-live]").inner_text()
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert page.evaluate("document.activeElement.closest('table') !== null")


def test_a_change_in_the_list_leads_to_its_ground(visit: Open, text: str) -> None:
    page = visit(text, still=True).page
    page.locator(".changes button", has_text="Mirna").click()
    assert page.locator(".panel h2").inner_text().startswith("Towards Mirna: ")
    assert page.locator("path.selected").count() == 1


def test_layers_and_local_names_can_be_chosen(visit: Open, text: str) -> None:
    page = visit(text).page
    assert page.locator("path.gain").count() > 0
    page.get_by_label("Recent gains").uncheck()
    assert page.locator("path.gain").count() == 0
    page.get_by_label("Local script").check()
    assert "ميرنا" in "".join(page.locator(".names .place").all_text_contents())
    page.get_by_label("Place names").uncheck()
    assert page.locator(".names .place").count() == 2


def test_zooming_in_names_more_places(visit: Open, text: str) -> None:
    page = visit(text, still=True).page
    before = page.locator(".names .place").count()
    page.locator(".distances button", has_text="Mirna").click()
    assert page.locator(".names .place").count() >= before
    assert page.locator(".locator .view.zoomed").count() == 1
    assert page.locator(".names .place", has_text="Low Mirna").count() == 1


@pytest.mark.parametrize(
    ("size", "lang"),
    [(DESKTOP, "en"), (DESKTOP, "ar"), (PHONE, "en"), (PHONE, "ar"), ((320, 600), "en")],
)
def test_nothing_overflows_sideways(visit: Open, size: tuple[int, int], lang: str) -> None:
    spec = describe_map(veldoria(), DAY, distance_to=["Mirna", "Velgrad"], lang=lang)
    page = visit(render_page(spec), size).page
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for selector in ("#head", "#side", "#stage", ".scale", ".credits", ".buttons"):
        box = page.locator(selector).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= size[0], selector


def test_arabic_page_is_right_to_left_with_arabic_names(visit: Open) -> None:
    spec = describe_map(veldoria(), DAY, distance_to=["Mirna"], lang="ar")
    page = visit(render_page(spec)).page
    side, stage = (page.locator(name).bounding_box() for name in ("#side", "#stage"))
    assert side and stage and side["x"] > stage["x"]
    assert "ميرنا" in page.locator(".names .place").all_text_contents()


@pytest.mark.parametrize("turn", range(0, len(HOSTILE), 4))
def test_hostile_names_never_run(visit: Open, turn: int) -> None:
    page = visit(render_page(hostile_spec(*HOSTILE[turn:], *HOSTILE[:turn]))).page
    assert page.locator("h1").text_content() == HOSTILE[turn]
    for button in page.locator(".changes button").all():
        button.click()
    assert page.locator(".panel .said").first.is_visible()
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.canary") is None


def test_syria_is_drawn_whole(visit: Open, syria: Path) -> None:
    with Project.open(syria) as project:
        text = render_page(describe_map(project, DAY, distance_to=["Homs", "Damascus"]))
    assert len(text.encode()) < 1_000_000
    for size in (DESKTOP, PHONE):
        page = visit(text, size).page
        labels = page.locator(".names .place").all_text_contents()
        assert {"Homs", "Damascus", "Aleppo", "Hama", "Deir ez-Zor"} <= set(labels)
        assert page.locator(".names .pill").first.text_content() == "5 km"
        if "FRONTMAP_SCREENSHOTS" in os.environ:
            folder = Path(os.environ["FRONTMAP_SCREENSHOTS"])
            page.screenshot(path=folder / f"syria-{size[0]}x{size[1]}.png")


def test_policy_stops_a_script_planted_afterwards(browser: Browser, tmp_path: Path) -> None:
    planted = render_page(describe_map(veldoria(), DAY)).replace(
        "</body>",
        "<script>window.canary=1</script><img src=x onerror='window.canary=1'>"
        "<a id=bait href='javascript:window.canary=1'>x</a></body>",
    )
    path = tmp_path / "planted.html"
    path.write_text(planted, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.locator("#bait").evaluate("node => node.click()")
    assert page.locator("path.front-line").count() == 1
    assert page.evaluate("window.canary") is None
    page.close()
