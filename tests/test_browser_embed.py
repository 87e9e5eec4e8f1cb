"""The page's address, its menu, and two pages on one: in a real browser, without a network."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from browsing import DESKTOP, PHONE, Open, Visit
from imaginary import ACTORS, DAY, veldoria
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Resampling
from playwright.sync_api import Browser, ElementHandle, Frame, Locator, Page, expect
from test_page import HOSTILE, hostile_spec

from frontmap.geo.geodesy import area_km2
from frontmap.maps.embed import embed_snippet
from frontmap.maps.page import render_page
from frontmap.maps.spec import MapSpec, describe_map

pytestmark = pytest.mark.browser

LINK, EMBED, PNG, GEOJSON, CSV = range(5)


@pytest.fixture(scope="module")
def spec() -> MapSpec:
    return describe_map(veldoria(), DAY, distance_to=["Mirna", "Velgrad"])


@pytest.fixture(scope="module")
def text(spec: MapSpec) -> str:
    return render_page(spec)


def choose(page: Page | Frame, item: int) -> None:
    """Open the page's menu, unless it is open, and click one of its items."""
    if page.locator(".choices").is_hidden():
        page.locator(".share summary").click()
    page.locator(".choices li button").nth(item).click()


def status(page: Page | Frame) -> Locator:
    return page.locator(".choices [role=status]")


def wait_until(page: Page | Frame, code: str) -> None:
    """Wait until JavaScript finds something true; the policy forbids Playwright's own way."""
    for _ in range(200):
        if page.evaluate(code):
            return
        page.wait_for_timeout(50)
    raise AssertionError(code)


def download(page: Page, item: int, folder: Path) -> Path:
    """Choose a download, wait for it, and return the file."""
    with page.expect_download() as waiting:
        choose(page, item)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    expect(status(page)).to_contain_text(path.name)
    return path


def view_of(page: Page | Frame) -> list[float]:
    """Return zoom, latitude and longitude."""
    code = "(({lat, lng}) => [map_frontmap.getZoom(), lat, lng])(map_frontmap.getCenter())"
    return [float(value) for value in page.evaluate(code)]


def hash_of(page: Page | Frame) -> str:
    return str(page.evaluate("location.hash"))


# --- the address ----------------------------------------------------------------------------------


def test_fragment_sets_view_and_layers(visit: Open, text: str) -> None:
    page = visit(text, fragment="#map=8.5/35.2/38.3&hide=gains,names&show=both,records").page
    assert view_of(page) == pytest.approx([8.5, 35.2, 38.3], abs=0.002)
    boxes = page.locator(".toggles input")
    assert [box.is_checked() for box in boxes.all()] == [False, False, True, True, True]
    assert page.locator("path.gain").count() == 0
    assert page.locator("path.record").count() > 0
    assert page.locator(".notice").is_hidden()


def test_address_follows_what_is_shown(visit: Open, text: str) -> None:
    opened = visit(text, still=True)
    page = opened.page
    assert hash_of(page) == ""
    page.get_by_label("Recent gains").uncheck()
    assert hash_of(page) == "#2024-12-06&hide=gains"
    page.get_by_label("Local script").check()
    page.get_by_role("button", name="Zoom in").click()
    assert re.fullmatch(r"#2024-12-06&map=[\d.]+/[\d.]+/[\d.]+&hide=gains&show=both", hash_of(page))
    before = view_of(page)
    page.reload()
    assert view_of(page) == pytest.approx(before, abs=0.051)
    assert not page.get_by_label("Recent gains").is_checked()
    page.get_by_label("Recent gains").check()
    page.get_by_label("Local script").uncheck()
    page.get_by_role("button", name="Show the whole map").click()
    assert hash_of(page) == "#2024-12-06"


def test_a_new_fragment_is_followed_without_loading(visit: Open, text: str) -> None:
    page = visit(text, fragment="#hide=gains").page
    page.evaluate("location.hash = '#map=9/34.5/38&hide=rivers'")
    wait_until(page, "map_frontmap.getZoom() === 9")
    assert page.get_by_label("Recent gains").is_checked()
    assert not page.get_by_label("Rivers and lakes").is_checked()


@pytest.mark.parametrize("fragment", ["#2024-12-07", "#date=2024-12-07&map=8/35/38"])
def test_another_date_is_said(visit: Open, text: str, fragment: str) -> None:
    page = visit(text, fragment=fragment).page
    said = page.get_by_role("status").first.inner_text().replace("\u2011", "-")
    assert said == "The link asks for 2024-12-07, but this map shows 2024-12-06."


def test_the_same_date_needs_no_word(visit: Open, text: str) -> None:
    assert visit(text, fragment="#2024-12-06").page.locator(".notice").is_hidden()


SPOILT = (
    *("#", "#map=", "#map=NaN/1/2", "#map=8/999/0", "#map=1e999/0/0", "#hide=%00,__proto__"),
    *("#%E0%A4", "#<script>window.canary=1</script>", "#date=<img src=x onerror=window.canary=1>"),
)


def test_a_spoilt_fragment_does_no_harm(visit: Open, text: str) -> None:
    page = visit(text, still=True).page
    before, gains = view_of(page), page.locator("path.gain").count()
    for fragment in SPOILT:
        page.goto(page.url.split("#")[0] + fragment)
        assert view_of(page) == pytest.approx(before, abs=0.05)
        assert page.locator("path.gain").count() == gains
    page.reload()
    assert view_of(page) == pytest.approx(before, abs=0.05)
    assert page.evaluate("window.canary") is None


# --- downloads ------------------------------------------------------------------------------------


def areas_in(collection: Any) -> list[tuple[dict[str, Any], Any]]:
    """Return the properties and the ground of each area in a FeatureCollection."""
    return [
        (feature["properties"], shapely.from_geojson(json.dumps(feature["geometry"])))
        for feature in collection["features"]
        if feature["properties"]["kind"] == "area"
    ]


def test_geojson_is_valid_and_its_areas_match(
    visit: Open, spec: MapSpec, text: str, tmp_path: Path
) -> None:
    path = download(visit(text).page, GEOJSON, tmp_path)
    assert path.name == "veldoria-control-of-territory-2024-12-06.geojson"
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert collection["as_of"] == "2024-12-06"
    assert collection["credits"][0]["text"] == "Places: GeoNames, CC BY 4.0"
    areas = areas_in(collection)
    assert len(areas) == len(spec.pieces)
    for (properties, ground), piece in zip(areas, spec.pieces, strict=True):
        assert ground.is_valid
        assert area_km2(ground) == pytest.approx(piece.area_km2, rel=0.01, abs=1)
        assert properties["area_km2"] == pytest.approx(piece.area_km2, abs=1e-3)
        assert properties["actor"] == piece.actor
        assert properties["changes"] == ",".join(map(str, piece.changes))
        assert all(polygon.exterior.is_ccw for polygon in ground.geoms)
        assert not any(hole.is_ccw for polygon in ground.geoms for hole in polygon.interiors)
    front = [f for f in collection["features"] if f["properties"]["kind"] == "front"]
    assert len(front) == len(spec.front)
    assert "The Wire, Front moves south, https://example.org/a" in areas[1][0]["sources"]


def test_geojson_of_syria_is_a_coverage(visit: Open, syria: Path, tmp_path: Path) -> None:
    from frontmap.data.store import Project

    with Project.open(syria) as project:
        spec = describe_map(project, DAY)
    page = visit(render_page(spec)).page
    areas = areas_in(json.loads(download(page, GEOJSON, tmp_path).read_text(encoding="utf-8")))
    grounds = [ground for _, ground in areas]
    assert all(ground.is_valid for ground in grounds)
    total = sum(area_km2(ground) for ground in grounds)
    assert total == pytest.approx(area_km2(spec.theatre), rel=1e-4)
    assert area_km2(shapely.union_all(grounds)) == pytest.approx(total, rel=1e-4)


def test_csv_says_who_holds_how_much(visit: Open, spec: MapSpec, text: str, tmp_path: Path) -> None:
    page = visit(text).page
    path = download(page, CSV, tmp_path)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert [row["actor"] for row in rows] == [*(holder.slug for holder in spec.holders), ""]
    assert {row["as_of"] for row in rows} == {"2024-12-06"}
    held: dict[str, float] = defaultdict(float)
    for properties, _ in areas_in(json.loads(download(page, GEOJSON, tmp_path).read_text())):
        held[properties["actor"]] += properties["area_km2"]
    for row, holder in zip(rows[:-1], spec.holders, strict=True):
        assert float(row["area_km2"]) == pytest.approx(held[holder.slug], abs=0.01)
        assert float(row["lowest_km2"]) <= float(row["area_km2"]) <= float(row["highest_km2"])
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize(
    "names", [("=HYPERLINK(0)", "+1", "@SUM(A1)"), ("-1", "\t=1", 'plain, "quoted"\nand broken')]
)
def test_csv_runs_no_formula(visit: Open, tmp_path: Path, names: tuple[str, ...]) -> None:
    actors = [
        replace(actor, name=name, side=f"{name} {actor.side}")
        for actor, name in zip(ACTORS, names, strict=True)
    ]
    page = visit(render_page(describe_map(veldoria(actors=actors), DAY))).page
    path = download(page, CSV, tmp_path)
    table = io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")
    rows = [row for row in csv.DictReader(table) if row["actor"]]
    assert sorted(row["name"].removeprefix("'") for row in rows) == sorted(names)
    for row in rows:
        assert row["name"][0] not in "=+-@\t" and row["side"][0] not in "=+-@\t"
        assert float(row["area_km2"]) > 0


@pytest.mark.parametrize(
    ("size", "lang", "dark"), [(DESKTOP, "en", False), (PHONE, "ar", True)], ids=["en", "ar"]
)
def test_picture_shows_the_map(
    visit: Open, tmp_path: Path, size: tuple[int, int], lang: str, dark: bool
) -> None:
    spec = describe_map(veldoria(), DAY, distance_to=["Mirna"], lang=lang)
    page = visit(render_page(spec), size, dark=dark).page
    with Image.open(download(page, PNG, tmp_path)) as picture:
        size_px = picture.size
        drawn = pixels(picture.resize((picture.width // 2, picture.height // 2), Resampling.BOX))
    page.keyboard.press("Escape")
    with Image.open(io.BytesIO(page.locator(".map").screenshot())) as screen:
        shown = pixels(screen)
    height, width = shown.shape[:2]
    assert size_px[0] == 2 * width
    assert size_px[1] > 2 * height + 300
    # Where in the picture the map is: where its middle column fits best.
    fits = [
        np.abs(drawn[top : top + height, width // 2] - shown[:, width // 2]).mean()
        for top in range(40, len(drawn) - height)
    ]
    top = 40 + int(np.argmin(fits))
    inner = slice(height // 5, -height // 5), slice(width // 5, -width // 5)
    gaps = np.abs(drawn[top : top + height][inner] - shown[inner]).max(axis=2)
    assert (gaps < 40).mean() > 0.97
    for beyond in (drawn[:top], drawn[top + height :]):
        has_writing = np.ptp(beyond.reshape(len(beyond), -1), axis=1) > 100
        assert has_writing.mean() > 0.3


def pixels(picture: Image.Image) -> NDArray[np.int16]:
    return np.asarray(picture.convert("RGB")).astype(np.int16)


def test_hostile_names_are_downloaded_as_text(visit: Open, tmp_path: Path) -> None:
    page = visit(render_page(hostile_spec(*HOSTILE, "\x01\x0b\ufffe"))).page
    for item in (PNG, GEOJSON, CSV):
        assert download(page, item, tmp_path).stat().st_size > 100
    for item in (LINK, EMBED):
        choose(page, item)
    assert page.evaluate("window.canary") is None


# --- links and embed code -------------------------------------------------------------------------


def copied(page: Page) -> str:
    """Return what is on the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_link_leads_to_the_same_view(visit: Open, text: str) -> None:
    page = visit(text, still=True, fragment="#map=8/35/38&hide=gains").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, LINK)
    expect(status(page)).to_have_text("Copied.")
    address = copied(page)
    assert address.endswith(".html#2024-12-06&map=8/35/38&hide=gains")


def test_embed_code_of_a_file_holds_the_map_as_it_is_shown(visit: Open, text: str) -> None:
    page = visit(text, still=True, fragment="#map=8/35/38&hide=gains").page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, EMBED)
    expect(status(page)).to_contain_text("the code holds the whole map")
    code = copied(page)
    assert ' sandbox="allow-scripts" ' in code
    frame = open_frames(visit(host(code), still=True))[0]
    assert view_of(frame) == pytest.approx([8, 35, 38], abs=0.002)
    assert frame.locator("path.gain").count() == 0
    assert frame.locator("h1").inner_text() == page.locator("h1").inner_text()


def test_published_page_is_embedded_by_its_address(browser: Browser, text: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body=text, content_type="text/html"))
    page.goto("https://maps.example/a.html?x=1&y=2#hide=rivers")
    choose(page, EMBED)
    expect(status(page)).to_have_text("Copied.")
    address = 'src="https://maps.example/a.html?x=1&#38;y=2#2024-12-06&#38;hide=rivers"'
    code = copied(page)
    assert address in code
    plain = embed_snippet(text, src="https://maps.example/").split("style=")[1].split(">")[0]
    assert f"style={plain}" in code
    context.close()


# --- in other pages -------------------------------------------------------------------------------


def host(*frames: str) -> str:
    """Return an article with maps in it, and a box to paste into."""
    return (
        '<!DOCTYPE html><html lang="en"><title>Article</title><meta charset="utf-8">'
        f"<body><textarea></textarea>{'<p>Words.</p>'.join(frames)}<p>More words.</p></body></html>"
    )


def open_frames(opened: Visit) -> list[Frame]:
    """Return the maps on a page, once they are drawn; lazy frames load when scrolled to."""
    found = []
    for element in opened.page.locator("iframe").all():
        element.scroll_into_view_if_needed()
        element.content_frame.locator("path.front-line").wait_for(state="attached")
        handle = element.element_handle()
        assert isinstance(handle, ElementHandle)
        frame = handle.content_frame()
        assert isinstance(frame, Frame)
        found.append(frame)
    return found


@pytest.fixture
def two(visit: Open, text: str, tmp_path: Path) -> tuple[Visit, Frame, Frame]:
    """Return an article, and the two maps on it: one by its address, one held whole."""
    (tmp_path / "map.html").write_text(text, encoding="utf-8")
    one = embed_snippet(text, src="map.html#map=8/35/38&hide=gains")
    other = embed_snippet(text, kind="srcdoc")
    opened = visit(host(one, other), still=True)
    first, second = open_frames(opened)
    return opened, first, second


def test_two_maps_on_a_page_do_not_clash(two: tuple[Visit, Frame, Frame]) -> None:
    opened, first, second = two
    assert view_of(first) == pytest.approx([8, 35, 38], abs=0.002)
    assert first.locator("path.gain").count() == 0
    assert second.locator("path.gain").count() > 0
    before = view_of(second)
    first.locator(".changes button").first.click()
    first.locator(".share summary").click()
    assert first.locator(".panel").is_visible()
    assert second.locator(".panel").is_hidden()
    assert second.locator(".choices").is_hidden()
    second.get_by_label("Local script").check()
    assert not first.get_by_label("Local script").is_checked()
    assert view_of(second) == before
    assert first.evaluate("window.origin") == second.evaluate("window.origin") == "null"
    assert opened.page.evaluate("Object.keys(window).includes('map_frontmap')") is False


def test_scrolling_passes_over_a_map_until_it_is_clicked(two: tuple[Visit, Frame, Frame]) -> None:
    opened, _, second = two
    page = opened.page
    page.evaluate("scrollTo(0, 0)")
    page.locator("iframe").nth(1).scroll_into_view_if_needed()
    box = second.locator(".map").bounding_box()
    assert box is not None
    at = box["x"] + box["width"] - 90, box["y"] + 40
    before = view_of(second)
    page.mouse.move(*at)
    page.mouse.wheel(0, -60)
    page.wait_for_timeout(300)
    assert view_of(second) == before
    for _ in range(10):  # a busy machine may still be scrolling the page when it is clicked
        box = second.locator(".map").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] - 90, box["y"] + 40)
        page.mouse.wheel(0, -60)
        page.wait_for_timeout(500)
        if view_of(second)[0] > before[0]:
            return
    raise AssertionError("the wheel does not zoom a map that was clicked")


def test_a_sandbox_gets_text_and_picture_instead_of_downloads(
    two: tuple[Visit, Frame, Frame], spec: MapSpec
) -> None:
    for frame in two[1:]:
        box = frame.locator(".by-hand textarea")
        choose(frame, GEOJSON)
        assert len(areas_in(json.loads(box.input_value()))) == len(spec.pieces)
        expect(status(frame)).to_contain_text("veldoria-control-of-territory-2024-12-06.geojson")
        assert box.evaluate("node => node.selectionEnd - node.selectionStart === node.textLength")
        choose(frame, CSV)
        assert box.input_value().startswith("as_of,actor,")
        choose(frame, PNG)
        wait_until(frame, "document.querySelector('.by-hand img').naturalWidth > 0")
        picture = frame.locator(".by-hand img")
        width = picture.evaluate("node => node.naturalWidth")
        assert width == 2 * frame.evaluate("map_frontmap.getSize().x")
        assert picture.is_visible() and box.is_hidden()
        expect(status(frame)).to_contain_text("may not download")
        frame.page.keyboard.press("Escape")
        assert frame.locator(".choices").is_hidden()


def test_a_sandbox_can_copy_all_the_same(two: tuple[Visit, Frame, Frame]) -> None:
    opened, *frames = two
    target = opened.page.locator("textarea").first
    expected = ("map.html#2024-12-06&map=8/35/38&hide=gains", "0.html")
    for frame, end in zip(frames, expected, strict=True):
        choose(frame, LINK)
        expect(status(frame)).to_have_text("Copied.")
        target.fill("")
        target.press("Control+V")
        assert target.input_value().endswith(end)


def test_a_source_in_a_sandbox_is_offered_for_copying(
    browser: Browser, text: str, tmp_path: Path
) -> None:
    path = tmp_path / "host.html"
    path.write_text(host(embed_snippet(text, kind="srcdoc")), encoding="utf-8")
    page = browser.new_page()  # on its own: Chromium notes a link that it blocks on the console
    page.goto(path.as_uri())
    frame = open_frames(Visit(page))[0]
    frame.locator(".sources a").first.click()
    expect(status(frame)).to_have_text("This frame may not open links: copy the address.")
    assert frame.locator(".by-hand textarea").input_value() == "https://example.org/a"
    page.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_frame_is_as_wide_as_its_column_and_high_enough(
    visit: Open, text: str, size: tuple[int, int]
) -> None:
    viewport = '<meta name="viewport" content="width=device-width">'
    opened = visit(viewport + host(embed_snippet(text, kind="srcdoc")), size)
    frame = open_frames(opened)[0]
    box = opened.page.locator("iframe").bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(size[0] - 16, abs=1)
    assert box["height"] == pytest.approx(max(box["width"] / 1.5, 560), abs=1)
    stage = frame.locator("#stage").bounding_box()
    assert stage is not None
    assert stage["height"] >= 340
    assert frame.evaluate("document.documentElement.scrollWidth") <= box["width"]


def test_a_map_that_is_hidden_at_first_is_drawn_when_it_is_shown(visit: Open, text: str) -> None:
    hidden = f"<div hidden>{embed_snippet(text, kind='srcdoc')}</div>"
    opened = visit(host(hidden.replace('loading="lazy" referrerpolicy', "referrerpolicy")))
    opened.page.wait_for_timeout(500)
    opened.page.locator("div").evaluate("node => { node.hidden = false; }")
    frame = open_frames(opened)[0]
    assert frame.locator(".names .place").count() > 3
    assert 5 < view_of(frame)[0] < 9
