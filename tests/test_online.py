"""Nominatim: asked over real HTTP on the loopback, seldom, once for each question."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from frontmap.data.online import OnlineGazetteer
from frontmap.geo.errors import FrontmapError, InputError

HOMS = {
    "osm_type": "node",
    "osm_id": 27565124,
    "lat": "34.7333",
    "lon": "36.7167",
    "name": "Homs",
    "display_name": "Homs, Homs Governorate, Syria",
    "address": {"state": "Homs Governorate", "country_code": "sy"},
    "namedetails": {"name": "حمص", "name:en": "Homs", "name:ar": "حمص", "old_name": "Emesa"},
    "extratags": {"population": "775404"},
}
STRANGE: list[dict[str, object]] = [
    {"name": "Homs"},
    {"osm_type": "node", "osm_id": 3},
    {"osm_type": "node", "osm_id": 4, "name": "Homs", "address": "x"},
    {"osm_type": "node", "osm_id": "four", "name": "Homs"},
    {"osm_type": "way", "osm_id": 5, "name": "Ho\u202ems\n\x1b[31m"},
]


@dataclass
class Server:
    """A stand-in for Nominatim, which remembers what it was asked."""

    domain: str = ""
    status: int = 200
    answer: Any = None
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    state = Server(answer=[HOMS])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(parse_qs(urlsplit(self.path).query))
            state.agents.append(self.headers["User-Agent"])
            state.times.append(time.monotonic())
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(state.answer).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        state.domain = f"127.0.0.1:{http.server_address[1]}"
        yield state
        http.shutdown()


def opened(server: Server, cache: Path, seconds_between: float = 0.0) -> OnlineGazetteer:
    return OnlineGazetteer(server.domain, "http", cache=cache, seconds_between=seconds_between)


def test_an_answer_becomes_a_ranked_match(server: Server, tmp_path: Path) -> None:
    (match,) = opened(server, tmp_path).search("حمص", ["SY"])
    place = match.place
    assert (place.id, place.name, place.country) == ("osm:node-27565124", "Homs", "SY")
    assert (place.lon, place.lat, place.population) == (36.7167, 34.7333, 775404)
    assert (place.admin1, match.kind) == ("Homs Governorate", "exact")
    assert [(name.name, name.lang) for name in place.names] == [
        ("Homs", "en"),
        ("حمص", "ar"),
        ("Emesa", ""),
    ]
    assert server.asked[0]["q"] == ["حمص"]
    assert server.asked[0]["countrycodes"] == ["sy"]
    assert server.agents[0].startswith("frontmap/")


def test_the_same_question_is_asked_once_ever(server: Server, tmp_path: Path) -> None:
    first = opened(server, tmp_path).search("Homs", ["SY"], limit=1)
    assert opened(server, tmp_path).search("Homs", ["SY"], limit=3) == first
    assert len(server.asked) == 1
    opened(server, tmp_path).search("Homs")
    assert len(server.asked) == 2


def test_requests_keep_their_distance(server: Server, tmp_path: Path) -> None:
    online = opened(server, tmp_path, seconds_between=0.3)
    for name in ("Homs", "Hims", "Emesa"):
        online.search(name)
    gaps = [later - sooner for sooner, later in zip(server.times, server.times[1:], strict=False)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.15  # less by what the network and a busy machine add to the first


def test_answers_that_make_no_sense_are_left_out(server: Server, tmp_path: Path) -> None:
    where: dict[str, object] = {"lat": "34", "lon": "36", "display_name": "Homs"}
    server.answer = [*(where | answer for answer in STRANGE), HOMS]
    matches = opened(server, tmp_path).search("Homs")
    assert matches[0].place.id == "osm:node-27565124"
    assert all(match.place.name.isprintable() for match in matches)
    assert {match.place.id for match in matches} <= {"osm:node-27565124", "osm:way-5"}


def test_nothing_found_is_no_error(server: Server, tmp_path: Path) -> None:
    server.answer = []
    assert opened(server, tmp_path).search("Xyzzyx") == []


@pytest.mark.parametrize("answer", [[{"lat": "?"}], {"error": "busy"}, ["Homs"], "Homs"])
def test_an_answer_that_cannot_be_read_is_one_line(
    server: Server, tmp_path: Path, answer: object
) -> None:
    server.answer = answer
    with pytest.raises(FrontmapError, match="gave no answer for 'Homs'"):
        opened(server, tmp_path).search("Homs")


@pytest.mark.parametrize("status", [403, 429, 500])
def test_a_refusal_is_one_line(server: Server, tmp_path: Path, status: int) -> None:
    server.status = status
    with pytest.raises(FrontmapError, match="gave no answer for 'Homs'") as raised:
        opened(server, tmp_path).search("Homs")
    assert "\n" not in str(raised.value)


def test_no_network_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    online = OnlineGazetteer("127.0.0.1:1", "http", cache=tmp_path)
    with pytest.raises(FrontmapError, match="gave no answer"):
        online.search("Homs")


def test_a_cache_that_cannot_be_written_is_done_without(server: Server, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert opened(server, blocked / "cache").search("Homs")


def test_an_empty_name_is_refused(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        opened(server, tmp_path).search("  ")
    assert server.asked == []


def test_without_geopy_the_remedy_is_told(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['geopy'] = None\n"  # what an import finds when it isn't there
        "from frontmap.data.gazetteer import Finder\n"
        "from frontmap.geo.errors import InputError\n"
        "try: Finder(['SY'], online=True)\n"
        "except InputError as error: print(error)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert run.stdout == "--online needs geopy: pip install 'frontmap[online]'\n"
