"""The daily brief: what it says, and that every renderer says just that, whatever the names."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from html import unescape
from html.parser import HTMLParser
from importlib import resources
from itertools import cycle
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from browsing import DESKTOP, PHONE, Open
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from imaginary import ACTORS, DAY, SOURCES, ImaginaryProject, changes, veldoria
from markdown_it import MarkdownIt
from PIL import Image
from test_page import HOSTILE, Outline

from frontmap.data.store import Project
from frontmap.geo.errors import InputError
from frontmap.geo.records import Attribution, Certainty, Status
from frontmap.maps.blocks import Bullets, Table, Trend, Trends, legible
from frontmap.maps.report import (
    Brief,
    describe_brief,
    render_docx,
    render_html,
    render_markdown,
    render_pdf,
)
from frontmap.maps.trends import draw, to_png
from frontmap.maps.words import Words, plural

EXPECTED = Path(__file__).parent / "expected"
#: What a stranger may write where Markdown or Word is read.
HOSTILE_TEXT = (
    *HOSTILE[:-1],
    "a\u2028b\u2029c\u202ed",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "[x]: https://evil.example",
    "<https://evil.example>",
    "https://evil.example www.evil.example a@evil.example :smile:",
    "| a | b |",
    "# a",
    "- a",
    "1. a",
    "**a** _b_ `c` ~~d~~ $e$ &lt; \\",
    "a\r\n\r\n# b",
    "a\x00\x07\x1b[31m\ud800\uffff b",
    "\u202egnp.exe",
)


HOSTILE_URL = "javascript:alert('https://evil.example')"


def eventful() -> ImaginaryProject:
    """Return the country on a day on which everything happens that a brief has a word for."""
    rows = changes()
    rows[3] = replace(
        rows[3],
        retracted_at=datetime(2024, 12, 6, 9, tzinfo=UTC),
        retraction_reason="The monitor took it back.",
    )
    rows[4] = replace(rows[4], recorded_at=datetime(2024, 12, 6, 8, tzinfo=UTC))
    rows.append(replace(rows[4], id=10, valid_to=DAY, note="Announced, then denied."))
    rows.append(
        replace(
            rows[6],
            id=11,
            actor="government",
            status=Status.CONTESTED,
            contested_by="eastern",
            certainty=Certainty.REPORTED,
            place="test:velgrad",
            sources=(),
        )
    )
    places = veldoria().places()
    places[3] = replace(places[3], population=None)
    return veldoria(changes=rows, places=places)


def picture(size: tuple[int, int] = (600, 400)) -> bytes:
    """Return a PNG to stand for the map."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "#dbe8f0").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def brief() -> Brief:
    return describe_brief(eventful(), DAY, distance_to=["Mirna", "Velgrad"])


@cache
def hostile_brief(*payloads: str) -> Brief:
    """Describe a brief in which every text that a stranger may write is one of the payloads."""
    texts = cycle(payloads)
    plain = eventful()
    rows = [
        replace(
            row,
            note=next(texts),
            retraction_reason=next(texts),
            sources=(Attribution("wire", next(texts)),),
        )
        for row in plain.changes()
    ]
    project = veldoria(
        theatre_name=next(texts),
        places=[replace(place, name=next(texts)) for place in plain.places()],
        actors=[replace(actor, name=next(texts), short_name=next(texts)) for actor in ACTORS],
        sources=[replace(SOURCES[0], publisher=next(texts), title=next(texts), url=HOSTILE_URL)],
        changes=rows,
    )
    return describe_brief(project, DAY, distance_to=["test:mirna"], title=payloads[0])


def section(brief: Brief, key: str) -> str:
    """Return one section as Markdown, without what is escaped."""
    index = [part.key for part in brief.sections].index(key)
    parts = re.split(r"^## ", render_markdown(brief), flags=re.MULTILINE)
    return parts[index + 1].replace("\\", "")


# --- what it says ---------------------------------------------------------------------------------


def compare(name: str, text: str) -> None:
    """Compare with the expected file; FRONTMAP_WRITE_EXPECTED=1 writes it anew."""
    path = EXPECTED / name
    if os.environ.get("FRONTMAP_WRITE_EXPECTED") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_the_brief_of_an_imaginary_day(brief: Brief) -> None:
    compare("brief-veldoria-2024-12-06.md", render_markdown(brief, "veldoria.png"))


def test_the_brief_of_syria(syria_built: Path) -> None:
    with Project.open(syria_built) as project:
        brief = describe_brief(
            project, DAY, distance_to=["Homs", "Damascus"], from_="opposition", within_km=5
        )
    compare("brief-syria-2024-12-06.md", render_markdown(brief, "2024-12-06.png"))


def test_a_first_map_has_nothing_to_compare_with() -> None:
    brief = describe_brief(veldoria(changes=[]), date(2024, 11, 25), distance_to=["Mirna"])
    assert "There is no earlier map to compare with." in section(brief, "glance")
    assert "There is no earlier map" in section(brief, "changes")
    assert "There is no front line on this date" in section(brief, "people")
    assert "no distance from it" in section(brief, "distances")
    assert "No ground on this map rests on the claims" in section(brief, "claims")
    assert "There is no earlier map" in section(brief, "corrections")
    assert render_html(brief).count("<table>") == 3


def test_a_quiet_day_says_so() -> None:
    brief = describe_brief(veldoria(), date(2024, 12, 20), since=date(2024, 12, 19))
    assert "No change is recorded since 19 December 2024." in section(brief, "glance")
    assert "14 | 1,760 km²" in section(brief, "quiet")
    lately = describe_brief(veldoria(), date(2024, 12, 20), quiet_days=30)
    assert "was reported on within 30 days." in section(lately, "quiet")


def test_what_is_claimed_is_never_told_as_more(brief: Brief) -> None:
    """No number of an actor's gains stands without its range, no place without its certainty."""
    glance = section(brief, "glance")
    for line in re.findall(r"recorded (?:gains|losses) of ([^;:.]*)", glance):
        assert re.match(r"[\d,.]+–[\d,.]+ km²", line), line
    assert "Belov (claimed)" not in glance
    plain = section(describe_brief(veldoria(), DAY), "glance")
    assert "Belov (claimed)" in plain and "Dolin (reported)" in plain
    assert "By confirmed records alone it is" in glance


def test_stricter_certainty_narrows_ranges_and_says_so() -> None:
    brief = describe_brief(
        veldoria(), DAY, min_certainty=Certainty.CONFIRMED, distance_to=["Mirna"]
    )
    assert "all records that are at least confirmed" in section(brief, "ground")
    assert "–" not in re.sub(r"\| –", "", section(brief, "ground").split("| --- ")[1])
    assert "Without claims" not in section(brief, "distances")


def test_a_standoff_is_told_as_towards_a_place_and_rivals_are_told(brief: Brief) -> None:
    said = section(brief, "changes")
    assert "**Towards Mirna**<br>The villages on the way fell without a fight." in said
    assert said.count("rivals claim it too: contested on the map") == 3
    assert "Contested by Eastern | Eastern (in part) | Reported | no source named" in said
    assert "Records that ended" in said and "Announced, then denied." in said


def test_corrections_tell_what_was_wrong_and_why(brief: Brief) -> None:
    said = section(brief, "corrections")
    assert "**Records retracted since 5 December 2024, 20:59 UTC**" in said
    assert "**Hvar Gate** | controlled by Northern<br>From 2 December 2024 |" in said
    assert "6 December 2024, 09:00 UTC | The monitor took it back. |" in said
    assert "for 5 December 2024 or earlier**" in said
    assert "1 record was retracted since" in section(brief, "glance")
    later = describe_brief(eventful(), DAY, since_known_at=datetime(2024, 12, 7, tzinfo=UTC))
    assert "Since 7 December 2024, 00:00 UTC no record was retracted" in section(
        later, "corrections"
    )


def test_a_brief_knows_no_more_than_was_known() -> None:
    brief = describe_brief(eventful(), DAY, known_at=datetime(2024, 12, 6, 8, 30, tzinfo=UTC))
    assert "Records retracted" not in section(brief, "corrections")
    assert brief.lines[-1] == "Records known at 6 December 2024, 08:30 UTC"


def test_people_of_unknown_number_are_counted_and_said(brief: Brief) -> None:
    assert "| **Together** | 12 | 1 |" in section(brief, "people")
    far = describe_brief(eventful(), DAY, within_km=300)
    assert "people in 11 places by the gazetteer, and no figure for 1 more place." in section(
        far, "glance"
    )
    near = describe_brief(eventful(), DAY, within_km=0.001)
    assert "No place that the gazetteer knows lies within 0 m" in section(near, "people")


def test_every_cited_number_is_in_the_list_of_sources(brief: Brief) -> None:
    text = render_markdown(brief).replace("\\", "")
    (listed,) = (
        block
        for part in brief.sections
        if part.key == "sources"
        for block in part.blocks
        if isinstance(block, Bullets)
    )
    cited = {int(number) for number in re.findall(r"\[(\d+)\](?!\()", text)}
    assert cited == set(range(1, len(listed.items) + 1))


@pytest.mark.parametrize("lang", ["ar", "uk", "tlh"])
def test_other_languages_are_refused(lang: str) -> None:
    with pytest.raises(InputError, match=r"choose one of (ar, )?en"):
        describe_brief(veldoria(), DAY, lang=lang)


def test_numbers_that_make_no_sense_are_refused_together() -> None:
    with pytest.raises(InputError) as refused:
        describe_brief(veldoria(), DAY, within_km=-1, trend_days=0)
    assert refused.value.problems == (
        "--within-km -1: give a number above 0",
        "--trend-days 0: give a number above 0",
    )


def test_the_summary_is_the_first_section(brief: Brief) -> None:
    assert brief.summary.startswith("5 changes are recorded since 5 December 2024: ")
    assert "\n" not in brief.summary


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "number", "category"),
    [
        *(("en", n, "one" if n == 1 else "other") for n in (0, 1, 2, 11, 21)),
        *(("uk", n, "one") for n in (1, 21, 101)),
        *(("uk", n, "few") for n in (2, 4, 22, 103)),
        *(("uk", n, "many") for n in (0, 5, 11, 12, 14, 20, 111)),
        *(("ar", n, name) for n, name in ((0, "zero"), (1, "one"), (2, "two"))),
        *(("ar", n, "few") for n in (3, 10, 103)),
        *(("ar", n, "many") for n in (11, 99, 111)),
        *(("ar", n, "other") for n in (100, 102, 200)),
    ],
)
def test_plurals_are_those_of_cldr(lang: str, number: int, category: str) -> None:
    assert plural(lang, number) == category


def test_one_is_singular_and_a_range_is_not() -> None:
    words = Words.of_brief("en")
    assert words.count("places", 1) == "1 place"
    assert words.count("places", 1200) == "1,200 places"
    assert words.count_range("places", 0, 1) == "0–1 places"
    assert words.count_range("places", 1, 1) == "1 place"


@given(st.integers(0, 10**9))
def test_people_are_rounded_to_three_figures(count: int) -> None:
    written = int(Words.of_brief("en").people(count).replace(",", ""))
    assert abs(written - count) <= 0.005 * count
    assert len(str(written).rstrip("0")) <= 3


def test_lists_are_joined_as_in_a_sentence() -> None:
    words = Words.of_brief("en")
    assert [words.listed(list("ABC")[:n]) for n in range(4)] == ["", "A", "A and B", "A, B and C"]


def test_every_counting_template_has_every_form_and_no_key_is_used_twice() -> None:
    keys = Words.of_brief("en").brief_catalogue.keys()
    assert not keys & Words.of("en").catalogue.keys()
    for key in keys:
        if key.endswith("_one"):
            assert key.removesuffix("_one") + "_other" in keys


@given(st.text())
def test_legible_text_is_on_one_line_and_can_be_written_as_xml(text: str) -> None:
    written = legible(text)
    assert len(written.splitlines()) <= 1
    assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e]", written)
    assert legible(written) == written


# --- HTML -----------------------------------------------------------------------------------------


def test_same_input_same_bytes(brief: Brief) -> None:
    again = describe_brief(eventful(), DAY, distance_to=["Mirna", "Velgrad"])
    assert render_html(again, picture()) == render_html(brief, picture())
    assert render_markdown(again) == render_markdown(brief)
    assert render_docx(again, picture()) == render_docx(brief, picture())
    assert render_pdf(again, picture()) == render_pdf(brief, picture())


def test_same_bytes_in_another_process(brief: Brief) -> None:
    code = (
        "import hashlib; from test_report import *;"
        "brief = describe_brief(eventful(), DAY, distance_to=['Mirna', 'Velgrad']);"
        "print(hashlib.sha256(render_html(brief).encode()).hexdigest())"
    )
    env = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parent)}
    found = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == hashlib.sha256(render_html(brief).encode()).hexdigest()


def test_the_page_has_no_script_and_a_policy_that_allows_none(brief: Brief) -> None:
    page = render_html(brief, picture())
    outline = Outline(page)
    policy = next(a for tag, a in outline.elements if tag == "meta")["content"] or ""
    assert "script-src 'none'" in policy and "unsafe" not in policy
    assert re.fullmatch(
        r"default-src 'none'; script-src 'none'; style-src 'sha256-[^ ]+'; img-src data:; "
        r"base-uri 'none'; form-action 'none'",
        policy,
    )
    for tag, attributes in outline.elements:
        assert tag not in ("script", "link", "iframe", "base", "form", "object"), tag
        assert not {"style", "onload", "onclick"} & attributes.keys(), tag
        if tag == "a":
            assert (attributes["href"] or "").startswith(("https://", "http://"))
    (image,) = [a for tag, a in outline.elements if tag == "img"]
    assert (image["src"] or "").startswith("data:image/png;base64,")
    assert image["alt"] == brief.map.alt


def test_without_a_picture_the_map_is_described(brief: Brief) -> None:
    assert "<img" not in render_html(brief)
    assert f"<p>{brief.map.alt}</p>" in unescape(render_html(brief))
    svg = render_html(brief, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert 'src="data:image/svg+xml;base64,' in svg


class Written(HTMLParser):
    """Gathers the text of a document."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.text = ""
        self.feed(page)

    def handle_data(self, data: str) -> None:
        """Add to the text."""
        self.text += data


@pytest.mark.parametrize("payload", HOSTILE_TEXT)
def test_hostile_names_stay_text_in_html(payload: str) -> None:
    page = render_html(hostile_brief(payload))
    plain = Outline(render_html(hostile_brief("plain")))
    assert [tag for tag, _ in Outline(page).elements] == [tag for tag, _ in plain.elements]
    assert legible(payload).strip() in Written(page).text
    assert not [a for tag, a in Outline(page).elements if tag == "a" and "evil" in str(a)]


# --- Markdown -------------------------------------------------------------------------------------


def tokens(text: str) -> list[Any]:
    """Parse Markdown as GitHub does, and return its block and inline tokens in a row."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [inner for token in parser.parse(text) for inner in (token, *(token.children or ()))]


def shape(text: str) -> list[str]:
    return [t.type for t in tokens(text) if t.type not in ("text", "text_special")]


@pytest.mark.parametrize("payload", HOSTILE_TEXT)
def test_hostile_names_stay_text_in_markdown(payload: str) -> None:
    text = render_markdown(hostile_brief(payload), "map.png")
    assert shape(text) == shape(render_markdown(hostile_brief("plain"), "map.png"))
    found = tokens(text)
    links = [t.attrs["href"] for t in found if t.type == "link_open"]
    assert all(str(link).startswith("https://www.") for link in links), links
    assert [t.attrs["src"] for t in found if t.type == "image"] == ["map.png"]
    heading = next(t for t in found if t.type == "inline")
    said = "".join(child.content for child in heading.children or ())
    assert said == legible(payload).strip()
    # What GitHub would turn into links or signs of its own, and site generators into code.
    bare = re.sub(r"\]\(<[^>]*>\)", "", text)
    assert not re.search(r"(?<!\\)(://|www\.|@|\{\{|\{%|:smile:)", bare.replace("\\{\\", "")), bare


def test_an_address_with_signs_of_markdown_stays_one_link() -> None:
    url = "https://example.org/a_(b)?c=[d]|e<f>g h\\i"
    source = replace(SOURCES[0], url=url)
    text = render_markdown(describe_brief(veldoria(sources=[source, SOURCES[1]]), DAY))
    links = {t.attrs["href"] for t in tokens(text) if t.type == "link_open"}
    assert "https://example.org/a_(b)?c=%5Bd%5D%7Ce%3Cf%3Eg%20h%5Ci" in links


# --- Word -----------------------------------------------------------------------------------------


def test_the_word_document_has_a_structure(brief: Brief) -> None:
    document = docx.Document(io.BytesIO(render_docx(brief, picture())))
    headings = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == [part.heading for part in brief.sections]
    assert document.paragraphs[0].style and document.paragraphs[0].style.name == "Title"
    tables = [b for part in brief.sections for b in part.blocks if isinstance(b, Table)]
    assert len(document.tables) == len(tables)
    for written, table in zip(document.tables, tables, strict=True):
        first = written.rows[0]
        assert first._tr.trPr is not None
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert [cell.text for cell in first.cells] == [column.title for column in table.columns]
        assert len(written.rows) == len(table.rows) + 1
    properties = document.core_properties
    assert (properties.title, properties.language) == (brief.title, "en")
    assert properties.created == datetime(2024, 12, 6, 20, 9, tzinfo=UTC)


def test_pictures_in_word_are_described_and_fit(brief: Brief) -> None:
    document = docx.Document(io.BytesIO(render_docx(brief, picture((600, 900)))))
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    trends = [
        t for p in brief.sections for b in p.blocks if isinstance(b, Trends) for t in b.trends
    ]
    assert described == [brief.map.alt, *(trend.alt for trend in trends)]
    tall = document.inline_shapes[0]
    assert tall.height.cm == pytest.approx(10.6, abs=0.01)
    assert tall.width / tall.height == pytest.approx(600 / 900, rel=0.01)


def test_links_in_word_lead_to_the_web(brief: Brief) -> None:
    document = docx.Document(io.BytesIO(render_docx(brief)))
    links = [r.target_ref for r in document.part.rels.values() if r.reltype.endswith("/hyperlink")]
    assert "https://example.org/a" in links
    assert all(link.startswith("https://") for link in links)


def test_a_word_file_tells_no_time_of_writing(brief: Brief) -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(brief))) as package:
        assert {item.date_time for item in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_hostile_names_stay_text_in_word() -> None:
    text = ""
    for turn in (0, 8, 16):
        payloads = HOSTILE_TEXT[turn:] + HOSTILE_TEXT[:turn]
        document = docx.Document(io.BytesIO(render_docx(hostile_brief(*payloads))))
        assert document.paragraphs[0].text == legible(payloads[0])
        text += " ".join(cell.text for table in document.tables for cell in table._cells)
        text += " ".join(paragraph.text for paragraph in document.paragraphs)
    assert [payload for payload in HOSTILE_TEXT if legible(payload).strip() not in text] == []


# --- PDF ------------------------------------------------------------------------------------------


def test_the_pdf_is_tagged_named_and_carries_its_fonts(brief: Brief) -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(brief, picture())))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en" and root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata and reader.metadata.title == brief.title
    fonts: list[Any] = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        for page in reader.pages
        for font in resources_of(page)["/Font"].values()
    ]
    assert fonts and all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    assert [round(side) for side in reader.pages[0].mediabox[2:]] == [595, 842]


def resources_of(page: Any) -> Any:
    return page["/Resources"]


def test_the_pdf_says_what_the_page_says(brief: Brief) -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(brief, picture())))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for part in brief.sections:
        assert part.heading in text
    assert "The villages on the way fell without a fight." in text
    root: Any = reader.trailer["/Root"]
    kinds = tagged(root["/StructTreeRoot"])
    assert [kind for kind, _ in kinds].count("/H2") == len(brief.sections)
    assert {alt for kind, alt in kinds if kind == "/Figure"} >= {brief.map.alt}
    assert all(alt for kind, alt in kinds if kind == "/Figure")


def tagged(node: Any) -> list[tuple[str, str]]:
    """Return the tags of a PDF in reading order, with their alternative texts."""
    node = node.get_object()
    if not isinstance(node, dict):
        return []
    own = [(str(node["/S"]), str(node.get("/Alt", "")))] if "/S" in node else []
    inner = node.get("/K", [])
    children = inner if isinstance(inner, list) else [inner]
    return own + [found for child in children for found in tagged(child)]


def test_hostile_names_stay_text_in_pdf() -> None:
    payload = "</script><img src=file:///etc/passwd> {{7*7}}"
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(hostile_brief(payload))))
    assert reader.metadata and reader.metadata.title == payload
    assert not list(reader.pages[0].images)


# --- charts ---------------------------------------------------------------------------------------


def trend(*km: float | None) -> Trend:
    days = tuple(date(2024, 12, 1 + i) for i in range(len(km)))
    return Trend("To Mirna", "alt", days, km, "1 km", "2 km", "1 December", "2 December", "km")


@given(st.lists(st.none() | st.floats(0, 9000), min_size=2, max_size=30).filter(any))
def test_a_chart_shows_every_day_within_its_rules(km: list[float | None]) -> None:
    drawing = draw(trend(*km))
    points = [point for path in drawing.paths for point in path]
    assert len(points) == sum(value is not None for value in km)
    heights = [start[1] for start, _ in drawing.rules]
    assert 2 <= len(heights) <= 5
    assert all(min(heights) - 0.01 <= y <= max(heights) + 0.01 for _, y in points)
    assert all(0 <= x <= drawing.width for x, _ in points)
    assert (drawing.dots[0], drawing.dots[-1]) == (points[0], points[-1])


def test_days_without_a_distance_break_the_line() -> None:
    assert [len(path) for path in draw(trend(3, 2, None, None, 5)).paths] == [2, 1]


def test_a_chart_is_drawn_the_same_each_time() -> None:
    drawing = draw(trend(66, 66, 46, None, 5.2))
    png = to_png(drawing)
    assert png == to_png(drawing)
    image = Image.open(io.BytesIO(png))
    assert image.size == (round(drawing.width * 3), round(drawing.height * 3))
    assert len(image.convert("L").getcolors() or []) > 10


# --- in a browser ---------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(("size", "dark"), [(DESKTOP, False), (DESKTOP, True), (PHONE, False)])
def test_the_page_reads_well_in_a_browser(
    visit: Open, brief: Brief, size: tuple[int, int], dark: bool
) -> None:
    page = visit(render_html(brief, picture()), size, dark=dark).page
    assert page.locator("h1").inner_text() == brief.title
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.locator(".map img").evaluate("image => image.naturalWidth") == 600
    assert page.locator("svg polyline").count() == 2
    assert page.get_by_role("img", name="Mirna: 66 km on 26 November 2024").is_visible()
    page.evaluate(
        (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    )
    found: list[Any] = page.evaluate("axe.run().then(({violations}) => violations)")
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.browser
def test_hostile_names_never_run(visit: Open) -> None:
    page = visit(render_html(hostile_brief(*HOSTILE_TEXT))).page
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.canary") is None


@pytest.mark.browser
def test_policy_stops_a_script_planted_afterwards(
    browser: Any, brief: Brief, tmp_path: Path
) -> None:
    planted = render_html(brief).replace(
        "</body>", "<script>window.canary=1</script><img src=x onerror='window.canary=1'></body>"
    )
    path = tmp_path / "planted.html"
    path.write_text(planted, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.evaluate("window.canary") is None
    page.close()
