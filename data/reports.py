"""The door for reports: from a file or standard input to plain text, or one line that says why not.

Encodings are told by what the bytes allow, never by the locale. HTML is reduced to the article in
it by trafilatura (the extra `reports`).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from frontmap.geo.errors import InputError
from frontmap.geo.languages import UNDETERMINED, detect

__all__ = ["LARGEST_MB", "ReportText", "load_report"]

#: A longer report is an archive, or no report.
LARGEST_MB = 5
_LARGEST_BYTES = LARGEST_MB * 1_000_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What common files that are no text begin with, and what they are.
_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word, OpenDocument or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"{\\rtf", "a rich text file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_CONTROL_REFERENCE = re.compile(r"&#(?:x0*[01]?[0-9a-f]|0*[12]?[0-9]|0*3[01]);", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|main|article|section|div|h1|p)\b",
    re.DOTALL,
)
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I)
#: What Western text in cp1252 has beyond ASCII: letters of words, quotes, dashes, the like.
_WESTERN = re.compile(r"[À-ÖØ-öø-ÿŠšŽžŒœŸ‘’“”„‚«»–—…€£°·•\xa0\xad§©®´ºª¿¡½¼]")
#: At most this share of Western text, and at least this share of Arabic text, is not ASCII.
_WESTERN_SHARE, _ARABIC_SHARE = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class ReportText:
    """A report as plain text: lines end in a newline alone, characters are composed (NFC).

    `language` is a BCP 47 code, "und" where it is not clear; `notes` say what was made of the
    file, a sentence each.
    """

    text: str
    language: str = UNDETERMINED
    notes: tuple[str, ...] = ()


def load_report(given: Path | bytes | BinaryIO) -> ReportText:
    """Read a report from a file, from bytes, or from an open stream such as standard input.

    Raises InputError where it is missing, empty, larger than 5 MB, no text, or in an encoding
    that cannot be told, or where it is HTML and no article is found in it.
    """
    name = str(given) if isinstance(given, Path) else "standard input"
    data = given if isinstance(given, bytes) else _read(given)
    if len(data) > _LARGEST_BYTES:
        raise InputError(
            f"{name}: more than {LARGEST_MB} MB are too much for one report: "
            "give one article at a time"
        )
    text, notes = _decoded(data, name)
    if _HTML.match(text[:4000].lower()):
        text = _article(text, name)
        notes.append("HTML: read the article in it, without menus and the like")
    text = _tidied(text)
    if not text:
        raise InputError(f"{name}: there is no text in it")
    return ReportText(text, detect(text), tuple(notes))


def _read(given: Path | BinaryIO) -> bytes:
    """Read no more than shows that it is too much."""
    if not isinstance(given, Path):
        return given.read(_LARGEST_BYTES + 1)
    try:
        with given.open("rb") as file:
            return file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{given}: cannot be read: {error.strerror}") from None


def _decoded(data: bytes, name: str) -> tuple[str, list[str]]:
    """Return the text of the bytes, and a note where its encoding is a conclusion."""
    for mark, kind in _KINDS:
        if data.startswith(mark):
            raise InputError(f"{name}: {kind}, not text: save it as plain text or HTML first")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_decode(data, encoding, name).lstrip("\ufeff"), name), []
    if utf16 := _utf16(data):
        return _checked(_decode(data, utf16, name), name), [f"read as {utf16.upper()}"]
    try:
        return _checked(data.decode("utf-8"), name), []
    except UnicodeDecodeError as error:
        _refuse_binary(data.decode("latin-1"), name)
        return _legacy(data, name, error.start)


def _decode(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: begins as {encoding.upper()}, but byte {error.start} is not: save it as UTF-8"
        ) from None


def _utf16(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by the zero in every other byte of its spaces and signs."""
    sample = data[:4000]
    low, high = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) % 2 or max(low, high) < len(sample) / 20 or min(low, high):
        return None
    return "utf-16-le" if high else "utf-16-be"


def _legacy(data: bytes, name: str, at: int) -> tuple[str, list[str]]:
    """Decode bytes that are no UTF-8 by the page's own word, or where one reading is clear."""
    declared = _DECLARED.search(data[:4000])
    if declared:
        encoding = declared[1].decode("ascii").lower()
        try:
            return data.decode(encoding), [f"read as {encoding}, which the page declares"]
        except (UnicodeDecodeError, LookupError):
            pass
    for encoding, is_clear in (("cp1256", _is_arabic), ("cp1252", _is_western)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_clear(text):
            return text, [f"not UTF-8: read as {encoding}"]
    raise InputError(
        f"{name}: its encoding cannot be told (byte {at} is not UTF-8): save it as UTF-8"
    )


def _is_arabic(text: str) -> bool:
    beyond = [character for character in text if character > "\x7f"]
    arabic = sum("\u0621" <= character <= "\u0652" for character in beyond)
    # The article begins about every fifth word.
    articles = text.count(" ال")
    return (
        len(beyond) > _ARABIC_SHARE * len(text)
        and arabic > 0.95 * len(beyond)
        and articles > len(text) / 100
    )


def _is_western(text: str) -> bool:
    beyond = [character for character in text if character > "\x7f"]
    return len(beyond) < _WESTERN_SHARE * len(text) and all(map(_WESTERN.match, beyond))


def _checked(text: str, name: str) -> str:
    _refuse_binary(text, name)
    return text


def _refuse_binary(text: str, name: str) -> None:
    sample = text[:100_000]
    if len(_BINARY.findall(sample)) > len(sample) / 500 or "\x00" in sample:
        raise InputError(f"{name}: binary data, not text: save it as plain text or HTML first")


def _article(html: str, name: str) -> str:
    """Return the article of a page, paragraphs with an empty line between."""
    try:
        from trafilatura import extract
    except ImportError:
        raise InputError(
            f"{name}: to read HTML, install trafilatura: pip install 'frontmap[reports]'"
        ) from None
    # lxml gives up on a reference to a control character, trafilatura on a mere fragment.
    html = _CONTROL_REFERENCE.sub(" ", html)
    whole = html if "<body" in html.lower() else f"<html><body>{html}</body></html>"
    text = extract(whole, include_comments=False, include_tables=False)
    if not text:
        raise InputError(
            f"{name}: no article was found in the page: save its text in a plain text file"
        )
    return str(text).replace("\n", "\n\n")


def _tidied(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\ufeff", "").splitlines()
    # What is printed later must not steer the terminal.
    return "\n".join(_CONTROL.sub("", line).rstrip() for line in lines).strip("\n")
