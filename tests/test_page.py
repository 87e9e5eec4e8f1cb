"""The page: the same bytes each time, safe whatever the names, and whole without a network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from imaginary import ACTORS, DAY, SOURCES, ImaginaryProject, changes, veldoria

from frontmap.geo.errors import InputError
from frontmap.geo.records import Attribution
from frontmap.maps.page import render_page
from frontmap.maps.spec import MapSpec, describe_map

HOSTILE = (
    "{{7*7}}",
    "{% raw %}",
    "{{ cycler.__init__.__globals__.os.getcwd() }}",
    "{#",
    "</script><script>window.canary=1</script>",
    "<!--<script>",
    "]]>",
    "`${window.canary=1}`",
    '"><img src=x onerror="window.canary=1">',
    "javascript:window.canary=1",
    "</title><svg onload=window.canary=1>",
    "\u2028\u2029\u202e",
)


def hostile_project(*payloads: str) -> ImaginaryProject:
    """Make a project in which every text that a stranger may write is one of the payloads."""
    texts = cycle(payloads)
    plain = veldoria()
    places = [replace(p, name=f"{next(texts)} {p.name}") for p in plain.places()]
    rows = [
        replace(row, note=next(texts), sources=(Attribution("wire", next(texts)),))
        for row in changes()
    ]
    actors = [replace(actor, name=next(texts), short_name=next(texts)) for actor in ACTORS]
    source = replace(SOURCES[0], publisher=next(texts), title=next(texts), url=next(texts))
    return veldoria(
        theatre_name=next(texts), places=places, actors=actors, sources=[source], changes=rows
    )


def hostile_spec(*payloads: str) -> MapSpec:
    """Describe a map of a hostile project."""
    project = hostile_project(*payloads)
    mirna = project.places()[2].name
    return describe_map(project, DAY, distance_to=[mirna], title=payloads[0])


@pytest.fixture(scope="module")
def spec() -> MapSpec:
    return describe_map(veldoria(), DAY, distance_to=["Mirna", "Velgrad"])


@pytest.fixture(scope="module")
def page(spec: MapSpec) -> str:
    return render_page(spec)


def data_of(page: str) -> Any:
    """Return the page's one block of data."""
    block = re.search(r'<script type="application/json" id="frontmap-data">(.*?)</script>', page)
    assert block is not None
    return json.loads(block[1])


class Outline(HTMLParser):
    """Gathers a document's elements, and the text of its scripts and styles."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note the content of a script or style."""
        if self.elements and self.elements[-1][0] in ("script", "style") and data.strip():
            self.blocks.append((self.elements[-1][0], data))

    def only(self, tag: str) -> dict[str, str | None]:
        """Return the attributes of the only element of a kind."""
        (found,) = [attributes for name, attributes in self.elements if name == tag]
        return found


def test_same_input_same_bytes(spec: MapSpec, page: str) -> None:
    assert render_page(spec) == page
    again = describe_map(veldoria(), DAY, distance_to=["Mirna", "Velgrad"])
    assert render_page(again) == page


def test_same_bytes_in_another_process(page: str) -> None:
    code = (
        "import sys, hashlib; from imaginary import veldoria, DAY;"
        "from frontmap.maps.page import render_page; from frontmap.maps.spec import describe_map;"
        "spec = describe_map(veldoria(), DAY, distance_to=['Mirna', 'Velgrad']);"
        "print(hashlib.sha256(render_page(spec).encode()).hexdigest())"
    )
    env = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parent)}
    found = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == hashlib.sha256(page.encode()).hexdigest()


def test_data_arrive_as_they_were(spec: MapSpec, page: str) -> None:
    data = data_of(page)
    for key, value in spec.to_json_dict().items():
        assert data[key] == value


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_names_stay_text(payload: str) -> None:
    spec = hostile_spec(payload)
    page = render_page(spec)
    data = data_of(page)
    assert data["title"] == payload
    assert data["holders"][0]["name"] == payload
    assert data["sources"] == [
        {"publisher": payload, "title": payload, "url": "", "published": "6 December 2024"}
    ]
    assert [tag for tag, _ in Outline(page).elements] == [
        tag for tag, _ in Outline(render_page(hostile_spec("plain"))).elements
    ]


def test_policy_names_every_script_and_style_by_its_hash(page: str) -> None:
    outline = Outline(page)
    first = next(attributes for tag, attributes in outline.elements if tag == "meta")
    assert first["http-equiv"] == "Content-Security-Policy"
    policy = dict(
        rule.strip().split(" ", 1) for rule in (first["content"] or "").split(";") if rule
    )
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["img-src"] == "data:"
    assert "unsafe" not in str(policy)
    for tag in ("script", "style"):
        texts = [text for kind, text in outline.blocks if kind == tag and text[0] != "{"]
        assert policy[f"{tag}-src"].split() == [_hash(text) for text in texts]
    assert sum(kind == "script" for kind, _ in outline.blocks) == 4


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_nothing_is_fetched_and_nothing_is_styled_inline(page: str) -> None:
    for tag, attributes in Outline(page).elements:
        assert tag not in ("link", "img", "iframe", "base", "form", "object")
        assert not {"src", "href", "style", "onload", "onclick"} & attributes.keys(), tag
    assert "sourceMappingURL" not in page
    assert "url(images" not in page


def test_document_says_its_language_title_and_content(spec: MapSpec, page: str) -> None:
    outline = Outline(page)
    assert outline.only("html") == {"lang": "en", "dir": "ltr"}
    assert "<title>Veldoria: control of territory — 2024-12-06</title>" in page
    described = [
        a for tag, a in outline.elements if tag == "meta" and a.get("name") == "description"
    ]
    assert described[0]["content"] == spec.alt
    viewport = [a for tag, a in outline.elements if tag == "meta" and a.get("name") == "viewport"]
    assert viewport == [{"name": "viewport", "content": "width=device-width, initial-scale=1"}]


def test_arabic_page_runs_right_to_left() -> None:
    page = render_page(describe_map(veldoria(), DAY, lang="ar"))
    assert Outline(page).only("html") == {"lang": "ar", "dir": "rtl"}


def test_tiles_open_the_policy_for_their_host_alone(spec: MapSpec) -> None:
    page = render_page(spec, tiles="osm")
    assert "img-src data: https://tile.openstreetmap.org;" in page
    assert data_of(page)["tiles"] is True
    assert data_of(page)["credits"][-1]["text"] == "© OpenStreetMap contributors"
    assert render_page(spec, tiles="osm") == page
    with pytest.raises(InputError, match="choose one of osm"):
        render_page(spec, tiles="https://evil.example")


def test_page_is_small(page: str) -> None:
    assert len(page.encode()) < 300_000
