"""The code that shows a page in another one: whole, escaped, sandboxed, and described."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imaginary import DAY, veldoria
from test_page import HOSTILE, hostile_spec

from frontmap.geo.errors import InputError
from frontmap.maps.embed import FRAME_STYLE, KINDS, embed_snippet, read_page
from frontmap.maps.notebook import MapDisplay
from frontmap.maps.page import render_page
from frontmap.maps.spec import MapSpec, describe_map

SRC = "https://example.org/maps/2024-12-06.html#map=8/35/38&hide=gains,names"


class Code(HTMLParser):
    """Gathers the elements of a snippet."""

    def __init__(self, snippet: str) -> None:
        """Read a snippet."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(snippet)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))

    def only(self, tag: str) -> dict[str, str | None]:
        """Return the attributes of the only element of a kind."""
        (found,) = [attributes for name, attributes in self.elements if name == tag]
        return found


@pytest.fixture(scope="module")
def spec() -> MapSpec:
    return describe_map(veldoria(), DAY, distance_to=["Mirna"])


@pytest.fixture(scope="module")
def page(spec: MapSpec) -> str:
    return render_page(spec)


def small_page(title: str, description: str) -> str:
    """Return the head of a page that says this of itself, and nothing else."""
    from html import escape

    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><title>{escape(title)}</title>'
        f'<meta name="description" content="{escape(description)}">'
        '<meta name="generator" content="frontmap"></head><body></body></html>'
    )


@pytest.mark.parametrize("kind", KINDS)
def test_frame_is_sandboxed_lazy_titled_and_described(spec: MapSpec, page: str, kind: str) -> None:
    frame = Code(embed_snippet(page, src=SRC, kind=kind)).only("iframe")
    assert frame["sandbox"] == "allow-scripts"
    assert frame["loading"] == "lazy"
    assert frame["referrerpolicy"] == "no-referrer"
    assert frame["title"] == f"{spec.title} — 2024-12-06"
    assert frame["aria-description"] == spec.alt
    assert frame["style"] == FRAME_STYLE
    assert (frame.get("src"), "srcdoc" in frame) == (
        (None, True) if kind == "srcdoc" else (SRC, False)
    )


def test_srcdoc_holds_the_page_to_the_letter(page: str) -> None:
    snippet = embed_snippet(page, kind="srcdoc")
    assert Code(snippet).only("iframe")["srcdoc"] == page
    assert "\n\n" not in snippet
    assert len(snippet) < 1.1 * len(page)


@pytest.mark.parametrize("payload", [*HOSTILE, "```\n", "-->", "a\n\nb", "](x)", "' onload='x"])
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_titles_stay_text(kind: str, payload: str) -> None:
    snippet = embed_snippet(
        small_page(payload, payload), src=SRC, kind=kind, fallback_image="a.png"
    )
    plain = embed_snippet(small_page("plain", "plain"), src=SRC, kind=kind, fallback_image="a.png")
    found, expected = Code(snippet), Code(plain)
    assert [tag for tag, _ in found.elements] == [tag for tag, _ in expected.elements]
    assert [a.keys() for _, a in found.elements] == [a.keys() for _, a in expected.elements]
    assert found.only("iframe")["title"] == " ".join(payload.split())


def test_hostile_page_survives_in_a_srcdoc() -> None:
    page = render_page(hostile_spec(*HOSTILE))
    code = Code(embed_snippet(page, kind="srcdoc"))
    assert code.only("iframe")["srcdoc"] == page
    assert [tag for tag, _ in code.elements] == ["iframe", "noscript"]


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\r")).filter(
        lambda text: bool(text.strip())
    )
)
def test_any_title_and_alt_text_arrive(text: str) -> None:
    read = read_page(small_page(text, text))
    assert (read.title, read.description) == (text.strip(), text.strip())
    frame = Code(embed_snippet(small_page("a", "b"), src=SRC, title=text, alt=text)).only("iframe")
    assert frame["title"] == frame["aria-description"] == " ".join(text.split())


def test_readers_without_scripts_get_a_linked_picture(spec: MapSpec, page: str) -> None:
    code = Code(embed_snippet(page, src=SRC, fallback_image="maps/2024 12 06.png"))
    assert code.only("a")["href"] == SRC
    assert code.only("img")["src"] == "maps/2024%2012%2006.png"
    assert code.only("img")["alt"] == spec.alt
    assert Code(embed_snippet(page, src=SRC)).elements[-1] == ("a", {"href": SRC})


def test_wordpress_block_is_closed(page: str) -> None:
    lines = embed_snippet(page, src=SRC, kind="wordpress").splitlines()
    assert lines[0] == "<!-- wp:html -->"
    assert lines[-1] == "<!-- /wp:html -->"


def test_quarto_fence_is_longer_than_any_in_it() -> None:
    lines = embed_snippet(small_page("a ```` b", ""), src=SRC, kind="quarto").splitlines()
    assert lines[0] == "`````{=html}"
    assert lines[-1] == "`````"


def test_markdown_falls_back_to_a_picture_where_html_is_dropped(page: str) -> None:
    snippet = embed_snippet(
        page, src=SRC, kind="markdown", alt="[a](b) <c> *d* `e` \\", fallback_image="m (1).png"
    )
    html, *fallback = snippet.split("\n\n")
    assert html.startswith("<iframe ") and "\n" not in html
    assert fallback == [
        "<noscript>",
        rf"[![\[a\](b) &lt;c&gt; \*d\* \`e\` \\](m%20%281%29.png)]({SRC})",
        "</noscript>\n",
    ]


def test_size_can_be_chosen(page: str) -> None:
    code = embed_snippet(page, src=SRC, width="640px", aspect="16 / 9")
    assert (Code(code).only("iframe")["style"] or "").startswith("width:640px;aspect-ratio:16/9;")


@pytest.mark.parametrize(
    "given_page", ["", "<title>x</title>", "not html", '<meta name="generator" content="Hugo">']
)
def test_other_pages_are_refused(given_page: str) -> None:
    with pytest.raises(InputError, match="not a page of frontmap"):
        embed_snippet(given_page, src=SRC)


def test_every_problem_is_told_at_once(page: str) -> None:
    with pytest.raises(InputError) as raised:
        embed_snippet(
            page,
            kind="pdf",
            src="javascript:alert(1)",
            width="100%;background:url(//evil.example)",
            aspect="wide",
            fallback_image="data:text/html,x",
        )
    assert [problem.split(" ")[0] for problem in raised.value.problems] == [
        "no",
        "the",
        "the",
        "width",
        "aspect",
    ]
    with pytest.raises(InputError, match="no address of the page"):
        embed_snippet(page)


def test_notebook_shows_the_page_in_a_sandbox(spec: MapSpec, page: str, tmp_path: Path) -> None:
    display = MapDisplay(spec)
    frame = Code(display._repr_html_()).only("iframe")
    assert frame["srcdoc"] == page == display.html
    assert frame["sandbox"] == "allow-scripts"
    assert repr(display) == "<MapDisplay 'Veldoria: control of territory', 2024-12-06>"
    path = display.save(tmp_path / "maps" / "a.html")
    assert path.read_text(encoding="utf-8") == page
    assert [file.name for file in path.parent.iterdir()] == ["a.html"]
    with pytest.raises(InputError, match=re.escape("write it as .html")):
        display.save(tmp_path / "a.png")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        display.save(tmp_path / "file" / "a.html")
