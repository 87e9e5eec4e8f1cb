"""Text on figures: which fonts, how wide it is, how it breaks into lines, which way it runs.

Sizes and widths are CSS pixels. matplotlib shapes Arabic by itself since 3.11, so text stays in
logical order here; only its direction is marked, where it would else depend on who draws it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.textpath import text_to_path

__all__ = [
    "POINTS_PER_PX",
    "clean",
    "directed",
    "evenly",
    "font",
    "shortened",
    "undirected",
    "width",
    "wrap",
]

POINTS_PER_PX = 0.75

#: Preferred families, where they are installed; DejaVu Sans comes with matplotlib.
_FAMILIES = ("Noto Sans", "Noto Sans Arabic", "Noto Naskh Arabic", "Noto Sans Hebrew")
_ISOLATES, _POP = "\u2066\u2067\u2068", "\u2069"
_RIGHT_TO_LEFT_ISOLATE, _FIRST_STRONG_ISOLATE = "\u2067", "\u2068"
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")
#: A number and what it counts stay on one line: "5 km", "6 December", "09:00 UTC".
_NUMBERED = re.compile(r"(\d) (?=[^\W\d_]{1,3}\b)|(?<![\d.,:])(\d{1,2}) (?=[^\W\d_])")
_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e" + _ISOLATES + _POP)


@cache
def _families() -> tuple[str, ...]:
    installed = set(fontManager.get_font_names())
    return (*(name for name in _FAMILIES if name in installed), "sans-serif")


@cache
def font(size_px: float, bold: bool = False) -> FontProperties:
    """Return matplotlib's description of a font, with what to fall back on."""
    weight = "bold" if bold else "normal"
    families = list(_families())
    return FontProperties(family=families, size=size_px * POINTS_PER_PX, weight=weight)


def width(text: str, size_px: float, bold: bool = False) -> float:
    """Return how far a line of text advances."""
    return _width_em(text, bold) * size_px


@lru_cache(maxsize=20_000)
def _width_em(text: str, bold: bool) -> float:
    """Return the advance of a text in its own size: without hinting, any size is like another."""
    wide, _, _ = text_to_path.get_text_width_height_descent(text, font(100, bold), ismath=False)
    return float(wide) / POINTS_PER_PX / 100


def clean(text: str) -> str:
    """Return text on one line, without what XML cannot hold."""
    kept = (c for c in _SPACE.sub(" ", text) if unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return _SPACE.sub(" ", "".join(kept)).strip()


def wrap(text: str, within: float, size_px: float, bold: bool = False) -> list[str]:
    """Break text into lines no wider than `within`, at spaces, or inside words that are wider.

    Isolates that a break cuts are closed at the end of the line and opened again on the next.
    """
    words = _NUMBERED.sub("\\1\\2\u00a0", clean(text)).split(" ")
    return _balanced(_broken(words, within, size_px, bold))


def evenly(text: str, within: float, size_px: float, bold: bool = False) -> list[str]:
    """Break text as `wrap` does, into as many lines, but of nearly equal width, for headings."""
    lines = wrap(text, within, size_px, bold)
    low, high = within / 3, within
    while high - low > 2:
        narrower = (low + high) / 2
        tried = wrap(text, narrower, size_px, bold)
        if len(tried) != len(lines):  # fewer, where a word that fits is broken
            low = narrower
        else:
            high, lines = narrower, tried
    return lines


def _broken(words: Sequence[str], within: float, size_px: float, bold: bool) -> list[str]:
    space = width(" ", size_px, bold)
    lines: list[list[str]] = [[]]
    filled = -space
    for word in _short_words(words, within, size_px, bold):
        # Nothing joins across a space, so that words can be measured one by one.
        wide = width(word, size_px, bold)
        if lines[-1] and filled + space + wide > within:
            lines.append([])
            filled = -space
        lines[-1].append(word)
        filled += space + wide
    return [" ".join(line) for line in lines]


def shortened(text: str, within: float, size_px: float, bold: bool = False) -> str:
    """Return text cut to a width, with an ellipsis if anything is missing."""
    text = clean(text)
    if width(text, size_px, bold) <= within:
        return text
    while text and width(text + "…", size_px, bold) > within:
        text = text[:-1].rstrip()
    return _balanced([text + "…"])[0]


def _short_words(words: Sequence[str], within: float, size_px: float, bold: bool) -> Iterator[str]:
    for word in words:
        rest = word
        while width(rest, size_px, bold) > within and len(rest) > 1:
            fits = len(rest) - 1
            while fits > 1 and width(rest[:fits], size_px, bold) > within:
                fits -= 1
            yield rest[:fits]
            rest = rest[fits:]
        yield rest


def _balanced(lines: Sequence[str]) -> list[str]:
    """Close each line's open isolates at its end, and open them again at the next one's start."""
    balanced, still_open = [], ""
    for line in lines:
        opened = still_open + line
        still_open = ""
        for character in opened:
            if character in _ISOLATES:
                still_open += character
            elif character == _POP:
                still_open = still_open[:-1]
        balanced.append(opened + _POP * len(still_open))
    return balanced


def directed(line: str, *, rtl: bool) -> str:
    """Mark a line's direction where it would not be clear from the line itself.

    On a page that runs from right to left every line does; elsewhere its first letter decides.
    """
    kinds = {unicodedata.bidirectional(character) for character in line}
    if rtl and kinds - {"R", "AL", "NSM", "WS"}:
        return f"{_RIGHT_TO_LEFT_ISOLATE}{line}{_POP}"
    if kinds & {"R", "AL"} and kinds & {"L", "EN"}:
        return f"{_FIRST_STRONG_ISOLATE}{line}{_POP}"
    return line


def undirected(line: str) -> str | None:
    """Return a line without marks of direction, or None if they change how it is drawn.

    matplotlib's PDF gives such marks the width of a space. By itself it lets the first letter
    decide the direction.
    """
    inner = line
    if line[:1] in (_RIGHT_TO_LEFT_ISOLATE, _FIRST_STRONG_ISOLATE) and line[-1:] == _POP:
        inner = line[1:-1]
    if _MARKS & set(inner):
        return None
    kinds = [unicodedata.bidirectional(character) for character in inner]
    first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L")
    by_itself = first != "L" or set(kinds) <= {"L", "EN", "WS"}
    return inner if by_itself or line[:1] != _RIGHT_TO_LEFT_ISOLATE else None
