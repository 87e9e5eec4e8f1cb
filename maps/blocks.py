"""The blocks that a written document is made of, for renderers to lay out.

Every text in them is final: on one line, and free of characters that are invisible or that reorder
what follows them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Column",
    "Line",
    "Page",
    "Paragraph",
    "Picture",
    "Role",
    "Section",
    "Table",
    "Text",
    "Trend",
    "Trends",
    "cell",
    "legible",
    "paragraph",
    "run",
]

#: Bidirectional embeddings and overrides, which would turn the text after them round as well.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")


class Role(StrEnum):
    """What a run of text is, for renderers that can show it."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    CLAIMED = "claimed"
    REPORTED = "reported"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text; `url` is "" unless it leads to the web."""

    text: str
    role: Role = Role.PLAIN
    url: str = ""


Line = tuple[Text, ...]
Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; numbered from 1 where `numbered`."""

    items: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand to the right, `share` is its part of the width in %."""

    title: str
    numeric: bool
    share: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of each row names it, as its header."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The distance to a place day by day, in km; None on a day without one.

    `first` and `last` are the labels at both ends, `start` and `end` their dates in words.
    """

    title: str
    alt: str
    days: tuple[date, ...]
    km: tuple[float | None, ...]
    first: str
    last: str
    start: str
    end: str
    unit: str


@dataclass(frozen=True, slots=True)
class Trends:
    """Small charts, side by side where there is room."""

    trends: tuple[Trend, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The map itself; a renderer that is given none prints `alt` instead."""

    alt: str
    caption: str


Block = Paragraph | Bullets | Table | Trends | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of the brief; `key` is an identifier fit for a URL fragment."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


class Page(Protocol):
    """What is laid out as one document; `summary` tells of it in a paragraph."""

    @property
    def lang(self) -> str:
        """Return its language, as BCP 47 has it."""

    @property
    def direction(self) -> str:
        """Return "ltr" or "rtl"."""

    @property
    def title(self) -> str:
        """Return its title."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines below the title."""

    @property
    def summary(self) -> str:
        """Return what it says, in a paragraph."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """Return its parts."""


def legible(text: str) -> str:
    """Return text on one line without characters that are invisible or reorder what follows."""
    spaced = (" " if character in _BREAKS else character for character in text)
    return "".join(character for character in spaced if _is_legible(character))


def _is_legible(character: str) -> bool:
    """Tell controls, surrogates, overrides, and the noncharacters that XML forbids from text."""
    return (
        unicodedata.category(character) not in ("Cc", "Cs")
        and character not in _OVERRIDES
        and ord(character) & 0xFFFE != 0xFFFE
    )


def run(text: str, role: Role = Role.PLAIN, url: str = "") -> Text:
    """Make a run of legible text."""
    return Text(legible(text), role, url)


def cell(*texts: str | Text) -> Cell:
    """Make a cell of one line, or of none where there is nothing to say."""
    runs = tuple(run(text) if isinstance(text, str) else text for text in texts if text)
    return (runs,) if runs else ()


def paragraph(*texts: str) -> Paragraph:
    """Make running text."""
    return Paragraph(tuple(run(text) for text in texts))
