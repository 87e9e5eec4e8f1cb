"""A real browser without a network, for the tests of what readers open in one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
DESKTOP, PHONE = (1200, 800), (390, 844)


class Visit:
    """A page opened in the browser, and all that went wrong on it."""

    def __init__(self, page: Page) -> None:
        """Watch a page."""
        self.page = page
        self.problems: list[str] = []
        page.on("request", self._requested)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", lambda message: self.problems.append(f"console: {message.text}"))

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.problems.append(f"request: {request.url}")

    def at(self, name: str) -> tuple[float, float]:
        """Return where on the screen a place's dot is."""
        box = (
            self.page.locator(".names .place", has_text=name).first.locator("circle").bounding_box()
        )
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium; without it skip, but fail where it was promised."""
    if CHROMIUM is None:
        if os.environ.get("FRONTMAP_REQUIRE_BROWSER") == "1":
            pytest.fail("FRONTMAP_REQUIRE_BROWSER=1, but there is no chromium")
        pytest.skip("no chromium: install Debian's package of that name")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Return what opens a page's text offline, and check at the end that nothing went wrong."""
    visits: list[Visit] = []

    def open_page(
        text: str,
        size: tuple[int, int] = DESKTOP,
        still: bool = False,
        fragment: str = "",
        dark: bool = False,
    ) -> Visit:
        path = tmp_path / f"{len(visits)}.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            offline=True,
            reduced_motion="reduce" if still else "no-preference",
            color_scheme="dark" if dark else "light",
        )
        opened = Visit(context.new_page())
        opened.page.goto(path.as_uri() + fragment)
        visits.append(opened)
        return opened

    yield open_page
    problems = [problem for opened in visits for problem in opened.problems]
    for opened in visits:
        opened.page.context.close()
    assert problems == []
