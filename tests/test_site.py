"""The site: a page a day, made again only where something changed, and whole at any moment."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser
from samples import Run, make_project

from frontmap.data import writers
from frontmap.data.cluster import spread
from frontmap.data.drafting import Draft, add_drafts
from frontmap.data.store import Project
from frontmap.geo.errors import InputError
from frontmap.geo.records import Attribution
from frontmap.maps.site import Built, Outside, Site, build

HOSTILE = "<script>alert(1)</script> {{7*7}} & ]]>"
SITE = Site(date(2024, 12, 1), date(2024, 12, 3), distance_to=("Belford",))
DAYS = ["2024-12-01", "2024-12-02", "2024-12-03"]
SOURCE = (Attribution("gazette", "SOHR"),)


@pytest.fixture
def contested(tmp_path: Path) -> Path:
    """Make a project in which two towns change hands on the second and third day."""
    with make_project(tmp_path / "testland.gpkg") as project:
        at = datetime(2024, 12, 4, tzinfo=UTC)
        whole = Draft("army", DAYS[0], "reported", SOURCE, area="theatre", recorded_at=at)
        rebels = replace(whole, actor="rebels", area="", note=HOSTILE)
        add_drafts(
            project,
            [
                whole,
                replace(rebels, on=DAYS[1], place="Carden"),
                replace(rebels, on=DAYS[2], place="Alton"),
            ],
        )
        return project.path


def built(project: Path, folder: Path, site: Site = SITE) -> Built:
    return build(site, folder, outside(project), spread)


def outside(project: Path, write: Callable[[Path, bytes], None] = writers.write_bytes) -> Outside:
    opened = partial(Project.open, project)
    return Outside(opened, writers.day_data, writers.series_data, write)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_site_has_its_pages(contested: Path, tmp_path: Path) -> None:
    built(contested, tmp_path / "site")
    found = files(tmp_path / "site")
    day = ["control.geojson", "front.geojson", "index.html", "map.html", "map.png"]
    assert sorted(found) == sorted(
        [
            *(f"{day_}/{name}" for day_ in DAYS for name in day),
            *("areas.csv", "corrections.html", "distances.csv", "feed.xml", "index.html"),
            *("manifest.json", "player.html", "project.gpkg"),
        ]
    )
    assert found["2024-12-02/map.png"].startswith(b"\x89PNG")
    assert b"../2024-12-03/index.html" in found["2024-12-02/index.html"]
    assert b"Nothing has been retracted." in found["corrections.html"]
    areas = list(csv.DictReader(io.StringIO(found["areas.csv"].decode())))
    assert {row["on"] for row in areas} == set(DAYS)
    distances = list(csv.DictReader(io.StringIO(found["distances.csv"].decode())))
    assert [row["on"] for row in distances] == DAYS
    (tmp_path / "copy.gpkg").write_bytes(found["project.gpkg"])
    with Project.open(tmp_path / "copy.gpkg") as copy:
        assert len(copy.changes()) == 3


def test_the_feed_has_an_entry_a_day_and_holds_any_name(contested: Path, tmp_path: Path) -> None:
    built(contested, tmp_path / "site", replace(SITE, title=HOSTILE))
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring((tmp_path / "site" / "feed.xml").read_bytes())
    assert feed.findtext(f"{atom}title") == HOSTILE
    entries = feed.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}title") for entry in entries] == [
        f"{HOSTILE}, {day} December 2024" for day in (3, 2, 1)
    ]
    assert "1 change. Alton" in (entries[0].findtext(f"{atom}summary") or "")
    assert b"<script>alert" not in (tmp_path / "site" / "index.html").read_bytes()


def test_absolute_links_need_an_address(contested: Path, tmp_path: Path) -> None:
    built(contested, tmp_path / "a", replace(SITE, base_url="https://example.org/maps"))
    sitemap = ET.fromstring((tmp_path / "a" / "sitemap.xml").read_bytes())
    addresses = [element.text for element in sitemap.iter() if element.tag.endswith("loc")]
    assert "https://example.org/maps/2024-12-02/" in addresses
    page = (tmp_path / "a" / "2024-12-02" / "index.html").read_text()
    assert 'content="https://example.org/maps/2024-12-02/map.png"' in page


def test_a_second_build_writes_nothing(contested: Path, tmp_path: Path) -> None:
    built(contested, tmp_path / "site")
    before = files(tmp_path / "site")
    again = built(contested, tmp_path / "site")
    assert (again.written, again.kept) == ([], 3)
    assert files(tmp_path / "site") == before


def test_only_days_that_changed_are_made_again(contested: Path, tmp_path: Path) -> None:
    built(contested, tmp_path / "site")
    before = files(tmp_path / "site")
    with Project.open(contested) as project:
        project.retract(3, HOSTILE)
    again = built(contested, tmp_path / "site")
    assert again.kept == 2
    after = files(tmp_path / "site")
    changed = {name for name in after if after[name] != before.get(name)}
    assert {name.split("/")[0] for name in changed if "/" in name} == {"2024-12-03"}
    assert b"&lt;script&gt;alert" in after["corrections.html"]
    assert b"1 record has been retracted" in after["corrections.html"]


def test_an_incremental_site_is_the_one_built_at_once(contested: Path, tmp_path: Path) -> None:
    built(contested, tmp_path / "grown", replace(SITE, last=date(2024, 12, 2)))
    again = built(contested, tmp_path / "grown")
    assert again.kept == 1  # the second day now leads to the third
    built(contested, tmp_path / "fresh")
    assert files(tmp_path / "grown") == files(tmp_path / "fresh")


def test_days_that_left_are_removed_and_lost_files_made_again(
    contested: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    built(contested, folder)
    (folder / "2024-12-01" / "map.png").unlink()
    built(contested, folder, replace(SITE, last=date(2024, 12, 2)))
    assert not (folder / "2024-12-03").exists()
    assert (folder / "2024-12-01" / "map.png").exists()


def test_an_interrupted_build_goes_on(contested: Path, tmp_path: Path) -> None:
    def interrupted(path: Path, data: bytes) -> None:
        if "2024-12-03" in str(path):
            raise KeyboardInterrupt
        writers.write_bytes(path, data)

    with pytest.raises(KeyboardInterrupt):
        build(SITE, tmp_path / "site", outside(contested, interrupted), spread)
    assert built(contested, tmp_path / "site").kept == 2


def test_a_folder_of_other_things_is_left_alone(contested: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "diary.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files, and no site"):
        built(contested, tmp_path / "home")
    with pytest.raises(InputError, match="before it begins"):
        built(contested, tmp_path / "site", replace(SITE, last=date(2024, 11, 1)))


def test_the_command_builds_a_site(run: Run, contested: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    result = run("site", *DAYS[:2], "-o", folder, "-p", contested, "--distance-to", "Belford")
    assert "files written, 0 days kept" in result.stderr
    assert json.loads((folder / "manifest.json").read_bytes())["generator"] == "frontmap"


@pytest.fixture
def served(contested: Path, tmp_path: Path) -> Iterator[str]:
    """Serve a site on loopback, as a static host would."""
    built(contested, tmp_path / "site")
    handler = partial(_Quiet, directory=str(tmp_path / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.browser
def test_a_day_in_a_browser_shows_its_map_and_leads_on(served: str, browser: Browser) -> None:
    problems: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{served}/2024-12-02/index.html")
    frame = page.frame_locator("iframe")
    assert frame.get_by_text("Carden").first.is_visible()
    page.get_by_role("link", name="3 December 2024 →").click()
    assert page.title().endswith("3 December 2024")
    page.get_by_role("link", name="All days").click()
    page.get_by_role("link", name="Corrections").click()
    assert page.get_by_role("heading", level=1).inner_text().endswith("corrections")
    page.close()
    assert problems == []
