"""The door for reports: what is let in comes through whole, what is not is refused in one line."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontmap.data.reports import ReportText, load_report
from frontmap.geo.errors import InputError

ENGLISH = (
    "The rebels captured Hama on Thursday, a monitor said.\n\nThe army said it had “redeployed” "
    "– outside the city. A café in the old town was hit, and the bridge to Rastan with it; people "
    "who had stayed in their homes said that they had seen no soldiers since the morning."
)
ARABIC = (
    "قال المرصد إن الفصائل سيطرت على المدينة بعد انسحاب الجيش من محيطها خلال الليل\n"
    "وقالت الوزارة إن القوات أعادت الانتشار خارج المدينة بعد المعارك التي دارت في الأحياء الشمالية"
)
RUSSIAN = (
    "По словам наблюдателей, повстанцы заняли город в пятницу после того, как ушла армия. " * 3
)
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="{charset}"><title>Front</title></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav>
<div class="cookies">We use cookies. <button>Accept</button></div>
<article><h1>Rebels take Hama</h1>
<p>The rebels captured Hama on Thursday, said the Observatory &ndash; a monitor of the war.</p>
<p>The army said that it had redeployed its <a href="/x">troops</a> outside the city after days of
fighting in the caf\u00e9s of the old town.</p></article>
<aside><h2>Most read</h2><a href="/y">Ten recipes for lentils</a></aside>
<footer>Copyright. All rights reserved.</footer><script>var rebels = "captured Homs";</script>
</body></html>"""


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_english_comes_through_in_every_clear_encoding(encoding: str) -> None:
    report = load_report(ENGLISH.encode(encoding))
    assert (report.text, report.language) == (ENGLISH, "en")
    assert bool(report.notes) == (encoding in ("utf-16-le", "utf-16-be", "cp1252"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1256"])
def test_arabic_comes_through_in_every_clear_encoding(encoding: str) -> None:
    report = load_report(ARABIC.encode(encoding))
    assert (report.text, report.language) == (ARABIC, "ar")


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-5", "cp866"])
def test_an_encoding_that_is_not_clear_is_refused(encoding: str) -> None:
    with pytest.raises(InputError, match=r"encoding cannot be told.*save it as UTF-8"):
        load_report(RUSSIAN.encode(encoding))


def test_a_page_is_read_in_the_encoding_that_it_declares() -> None:
    page = PAGE.format(charset="windows-1251").replace("caf\u00e9s", "кафе").encode("cp1251")
    assert "кафе" in load_report(page).text


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_of_a_page_the_article_alone_is_read(charset: str) -> None:
    report = load_report(PAGE.format(charset=charset).encode(charset))
    assert report.text.split("\n\n") == [
        "Rebels take Hama",
        "The rebels captured Hama on Thursday, said the Observatory – a monitor of the war.",
        "The army said that it had redeployed its troops outside the city after days of fighting "
        "in the caf\u00e9s of the old town.",
    ]
    assert any("HTML" in note for note in report.notes)


@pytest.mark.parametrize(
    "page",
    [
        "<p>{}</p>",
        "<div><p>{}</p></div>",
        "<html><p>{}</p>",
        "<!-- saved -->\n<html><body><p>{}",
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        "<body><p>{}</p></body></html>",
        "<html><body><p>{}&#x1b;&#27;&#0;</p></body></html>",
    ],
)
def test_pages_of_every_sort_are_read(page: str) -> None:
    sentence = "The rebels took the town and the army said that it was there."
    assert load_report(page.format(sentence).encode()).text.strip() == sentence


def test_a_page_without_an_article_is_refused() -> None:
    with pytest.raises(InputError, match="no article was found"):
        load_report(b"<html><body><script>1</script></body></html>")


def test_what_a_page_needs_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(InputError, match=r"pip install 'frontmap\[reports\]'"):
        load_report(PAGE.encode())
    assert load_report(ENGLISH.encode()).text == ENGLISH


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\ufeff \n".encode("utf-16")])
def test_an_empty_report_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="there is no text in it"):
        load_report(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04 word/document.xml", "Word"),
        (b"\x89PNG\r\n", "picture"),
        (bytes(range(256)) * 20, "binary data"),
        (b"text \x00\x01\x02 and more", "binary data"),
        (b"\xff\xfeA", "begins as UTF-16"),
        (b"\xef\xbb\xbfcaf\xe9", "begins as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        load_report(data)
    assert len(caught.value.problems) == 1


def test_fifty_megabytes_of_one_line_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match="more than 5 MB"):
        load_report(path)
    with path.open("rb") as stream, pytest.raises(InputError, match="standard input: more than 5"):
        load_report(stream)
        assert stream.tell() < 6_000_000


def test_four_megabytes_of_one_line_are_read() -> None:
    line = "The rebels took the town. " * 150_000
    assert load_report(line.encode()).text == line.rstrip()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt: cannot be read"):
        load_report(tmp_path / "none.txt")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        load_report(tmp_path)


def test_lines_and_characters_are_normalised() -> None:
    report = load_report(io.BytesIO("A cafe\u0301 \r\nin Hama.\u2028Yes.\r\n\r\n".encode()))
    assert report.text == "A caf\u00e9\nin Hama.\nYes."


def test_what_would_steer_a_terminal_is_left_out() -> None:
    long = "The rebels took the town, " * 40
    assert load_report(f"{long}\x1b[2J\x9b31m".encode()).text == f"{long}[2J31m"


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused_in_one_line(data: bytes) -> None:
    try:
        report = load_report(data)
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(report, ReportText) and report.text
