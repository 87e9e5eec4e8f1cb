"""The page for those who read it with a screen reader, by keyboard, or with little contrast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from browsing import DESKTOP, PHONE, Open
from imaginary import DAY, veldoria
from playwright.sync_api import Page

from frontmap.maps import style
from frontmap.maps.blocks import Text
from frontmap.maps.brief import describe_brief
from frontmap.maps.page import render_page
from frontmap.maps.player import render_player
from frontmap.maps.report import render_html
from frontmap.maps.series import describe_series
from frontmap.maps.spec import describe_map
from frontmap.maps.style import DARK, LIGHT, Theme

pytestmark = pytest.mark.browser

START = DAY - timedelta(days=5)

#: WCAG 2.2, success criterion 1.4.3, for text of any size.
LEAST_CONTRAST = 4.5
#: 1.4.11, for what is drawn.
LEAST_CONTRAST_OF_LINES = 3
#: 2.5.8, CSS pixels.
LEAST_TARGET_PX = 24

#: Every text beside the map: what it is, its colour, and that of the nearest opaque ground.
_TEXTS = """() => {
    const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const ground = (node) => {
        const colour = getComputedStyle(node).backgroundColor;
        const isOpaque = (channels(colour)[3] ?? 1) === 1;
        return isOpaque || node === document.body ? colour : ground(node.parentElement);
    };
    const hasText = (node) => [...node.childNodes].some(
        (child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
    const beside = "#head *, #side *, .panel *, .share *, .buttons *";
    return [...document.querySelectorAll(beside)]
        .filter((node) => hasText(node) && node.checkVisibility())
        .map((node) => [node.textContent, getComputedStyle(node).color, ground(node)]
            .map((part, i) => (i ? channels(part).slice(0, 3) : part)));
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    """Return the script of axe-core."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def page_in(lang: str) -> str:
    return render_page(describe_map(veldoria(), DAY, distance_to=["Mirna"], lang=lang))


def open_everything(page: Page) -> None:
    """Open what is closed at first: the panel, the menu and every table."""
    page.locator(".changes button").first.click()
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_axe_finds_nothing_serious(
    visit: Open, axe: str, lang: str, dark: bool, size: tuple[int, int]
) -> None:
    page = visit(page_in(lang), size, still=True, dark=dark).page
    open_everything(page)
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(({violations}) => violations)")
    serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in serious] == []


def documents(lang: str) -> dict[str, str]:
    """Return the other documents that readers open, by what they are."""
    project = veldoria()
    links = [Text("All days", url="index.html")]
    made = {
        "player": render_player(describe_series(project, START, DAY, lang=lang)),
        "player of distances": render_player(
            describe_series(project, START, DAY, distance_to=["Mirna"], lang=lang)
        ),
    }
    if lang == "en":
        brief = describe_brief(project, DAY, distance_to=["Mirna"])
        made["brief"] = render_html(brief)
        made["day of a site"] = render_html(brief, frame="map.html", links=links)
    return made


@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (PHONE, True)])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_axe_finds_nothing_serious_elsewhere(
    visit: Open, axe: str, tmp_path: Path, lang: str, dark: bool, size: tuple[int, int]
) -> None:
    (tmp_path / "map.html").write_text(page_in(lang), encoding="utf-8")
    for kind, text in documents(lang).items():
        page = visit(text, size, still=True, dark=dark).page
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        page.evaluate(axe)
        found: list[dict[str, Any]] = page.evaluate(
            "axe.run({iframes: false}).then(({violations}) => violations)"
        )
        serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
        assert [(kind, r["id"], [node["html"] for node in r["nodes"]]) for r in serious] == []


@pytest.mark.parametrize("dark", [False, True])
def test_all_text_stands_out_from_its_ground(visit: Open, dark: bool) -> None:
    page = visit(page_in("en"), still=True, dark=dark).page
    open_everything(page)
    texts = [(text, hexed(ink), hexed(ground)) for text, ink, ground in page.evaluate(_TEXTS)]
    assert len(texts) > 60
    assert [row for row in texts if contrast(*row[1:]) < LEAST_CONTRAST] == []


def hexed(channels: Sequence[float]) -> str:
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_agrees_with_its_definition() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_writing_on_the_map_stands_out(theme: Theme) -> None:
    for ground in (theme.sea, theme.neighbour, theme.land, theme.casing):
        assert contrast(theme.ink, ground) >= LEAST_CONTRAST
        assert contrast(theme.muted, ground) >= LEAST_CONTRAST
    # Names and the front keep their halo wherever they run.
    assert contrast(theme.front, theme.casing) >= 7
    assert contrast(theme.accent, theme.paper) >= LEAST_CONTRAST


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_front_stands_out_from_the_ground_of_every_actor(theme: Theme) -> None:
    for colour in style.PALETTE:
        ground = blended(colour, theme.land, style.fill(style.Look.ASSESSED, colour).opacity)
        assert (
            max(contrast(theme.front, ground), contrast(theme.casing, ground))
            >= LEAST_CONTRAST_OF_LINES
        )


def blended(colour: str, ground: str, opacity: float) -> str:
    """Return what a translucent colour looks like on a ground."""
    pairs = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return hexed([opacity * over + (1 - opacity) * under for over, under in pairs])


def tabbed(page: Page, most: int = 80) -> list[dict[str, Any]]:
    """Press Tab until the focus leaves the page, and return where it has been."""
    reached = []
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const node = document.activeElement;
                if (node === document.body) return null;
                const part = node.closest("#side, .share, .buttons, .credits, .map");
                const name = node.ariaLabel ?? node.labels?.[0]?.textContent ?? node.textContent;
                const { outlineStyle, outlineWidth } = getComputedStyle(node);
                return { part: part?.id === "side" ? "side" : part?.className.split(" ")[0],
                    name: name.trim(),
                    ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
            }"""
        )
        if found is None:
            break
        reached.append(found)
    return reached


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(visit: Open) -> None:
    page = visit(page_in("en"), still=True).page
    reached = tabbed(page)
    parts = list(dict.fromkeys(stop["part"] for stop in reached))
    assert parts == ["map", "buttons", "share", "credits", "side"]
    names = [stop["name"] for stop in reached]
    in_order = [
        "Map",
        "Zoom in",
        "Zoom out",
        "Show the whole map",
        "Share & download",
        "Recent gains",
        "Place names",
        "The map as a table",
    ]
    assert [name for name in names if name in in_order] == in_order
    assert [stop["name"] for stop in reached if not stop["ring"]] == []


def test_the_menu_works_by_keyboard(visit: Open) -> None:
    page = visit(page_in("en"), still=True).page
    summary = page.locator(".share summary")
    summary.focus()
    page.keyboard.press("Enter")
    items = page.locator(".choices li button")
    assert items.count() == 5
    for i in range(5):
        page.keyboard.press("Tab")
        assert items.nth(i).evaluate("node => node === document.activeElement")
    page.keyboard.press("Escape")
    assert items.first.is_hidden()
    assert summary.evaluate("node => node === document.activeElement")


def test_escape_closes_the_menu_before_the_panel(visit: Open) -> None:
    page = visit(page_in("en"), still=True).page
    page.locator(".changes button").first.click()
    page.locator(".share summary").press("Enter")
    page.keyboard.press("Escape")
    assert page.locator(".choices").is_hidden()
    assert page.locator(".panel").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".panel").is_hidden()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_buttons_are_large_enough_to_hit(visit: Open, size: tuple[int, int]) -> None:
    page = visit(page_in("en"), size, still=True).page
    page.locator(".share summary").click()
    for button in page.locator(".buttons button, .share summary, .choices button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= LEAST_TARGET_PX, button.inner_text()


@pytest.mark.parametrize(("lang", "direction"), [("en", "ltr"), ("ar", "rtl"), ("uk", "ltr")])
def test_language_and_direction_are_said(visit: Open, lang: str, direction: str) -> None:
    page = visit(page_in(lang)).page
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == (lang, direction)
    share, buttons = (page.locator(name).bounding_box() for name in (".share", ".buttons"))
    assert share and buttons
    assert (share["x"] < buttons["x"]) == (direction == "ltr")


def test_the_map_is_described_and_decoration_is_not(visit: Open) -> None:
    page = visit(page_in("en")).page
    region = page.get_by_role("region", name="Map")
    described_by = region.get_attribute("aria-describedby")
    alt = page.locator(f"#{described_by}").text_content() or ""
    assert alt.startswith("Map of control of territory in Veldoria")
    assert page.locator(".names").get_attribute("aria-hidden") == "true"
    page.locator(".changes button").first.click()
    assert page.locator("[aria-live]").inner_text().startswith("Selected: ")
