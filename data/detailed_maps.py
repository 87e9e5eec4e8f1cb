"""Wikipedia's detailed maps of wars: tables of marks in Lua, read as data and never run.

A module such as Module:Syrian Civil War detailed map returns a table with one entry a mark:
`{ lat = 36.2, long = 37.1, mark = "Map-dot-lime.svg", label = "[[Al-Bab]]", … }`. A dot is a place
in the colour of who holds it; an icon in two colours is contested between them; an arc or a circle
round a dot in another colour besieges it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frontmap.data.guards import read_bytes
from frontmap.data.layers import Layer
from frontmap.data.tables import decoded
from frontmap.geo.errors import InputError

__all__ = ["parse_lua_table", "read_detailed_map"]

_TOKEN = re.compile(
    r"""(?P<space>\s+|--\[\[.*?\]\]|--[^\n]*)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\[\[.*?\]\])
    |(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<sign>[{}\[\]=,;])""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": True, "false": False, "nil": None}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\n": "\n"}
_DEEPEST = 50

#: The colours of marks, as their file names have them.
_COLOUR = re.compile(
    r"(?<![a-z])(red|lime|green|blue|yellow|purple|black|grey|gray|white|orange|brown|teal|aqua|"
    r"cyan|pink|magenta|violet|gold|olive|navy|maroon|darkgreen|lightgreen|lightblue|darkblue)"
    r"(?![a-z])",
    re.IGNORECASE,
)
_DOT = re.compile(r"dot|80x80", re.IGNORECASE)
_RING = re.compile(r"arc|circle|siege", re.IGNORECASE)
#: Marks no farther apart, in degrees, are of one place.
_SAME_POSITION = 5e-4
_COLUMNS = ("name", "actor", "status", "contested_by")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A table of the module with named values, and the line on which it begins."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Mark:
    line: int
    name: str
    lon: float
    lat: float
    colours: tuple[str, ...]
    is_ring: bool


def read_detailed_map(path: Path, name: str) -> list[Layer]:
    """Read a module's dots as points: name, colour, status, and the colour that contests it.

    `actor` and `contested_by` are colours: say who they are with --value. Raises InputError with
    every entry that cannot be understood; marks that are neither dots nor rings are counted.
    """
    entries = parse_lua_table(decoded(read_bytes(path, name), name, None), name)
    problems, marks, others = list[str](), list[_Mark](), 0
    for entry in entries:
        if not {"lat", "long"} & set(entry.values):
            continue
        try:
            mark = _mark(entry)
        except InputError as error:
            problems.append(f"{name}, line {entry.line} {error}")
            continue
        others += mark is None
        marks += [mark] if mark else []
    if problems:
        raise InputError(problems)
    layer = _layer(name, marks)
    if others:
        layer.notes.append(f"{name}: {others} marks that are neither dots nor rings are left out")
    return [layer]


def _mark(entry: _Entry) -> _Mark | None:
    """Return the mark of an entry, None where it is of another kind (an airport, a port …)."""
    values = entry.values
    try:
        lon, lat = float(values.get("long", "")), float(values.get("lat", ""))
    except (TypeError, ValueError):
        raise InputError(
            f"has lat {values.get('lat')!r} and long {values.get('long')!r}; give degrees"
        ) from None
    icon = str(values.get("mark", ""))
    colours = tuple(dict.fromkeys(found.lower() for found in _COLOUR.findall(icon)))
    is_ring = bool(_RING.search(icon))
    if not colours or not (is_ring or _DOT.search(icon)):
        return None
    return _Mark(entry.line, _label(values), lon, lat, colours, is_ring)


def _label(values: dict[str, Any]) -> str:
    """Return what a label shows, or its link: "[[Al-Bab|Bab]]" is Bab."""
    text = str(values.get("label") or values.get("link") or "")
    shown = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]", r"\1", text)
    return " ".join(re.sub(r"<[^>]*>|'{2,}", " ", shown).split())


def _layer(name: str, marks: list[_Mark]) -> Layer:
    import shapely

    dots = [mark for mark in marks if not mark.is_ring]
    rings = [mark for mark in marks if mark.is_ring]
    near = shapely.STRtree(_points(rings))
    points = _points(dots)
    rows = []
    for dot, point in zip(dots, points, strict=True):
        around = near.query(point, predicate="dwithin", distance=_SAME_POSITION)
        besiegers = [c for at in sorted(around) for c in rings[at].colours if c not in dot.colours]
        rows.append(_row(dot, besiegers))
    columns = {
        key: [row[key] for row in rows] for key in _row(_Mark(0, "", 0, 0, ("",), False), [])
    }
    layer = Layer(name, Path(name).stem, columns, [dot.line for dot in dots], "line")
    layer.geometries = points
    return layer


def _points(marks: list[_Mark]) -> NDArray[np.object_]:
    import shapely

    lonlat = np.array([(mark.lon, mark.lat) for mark in marks], dtype=np.float64).reshape(-1, 2)
    return np.asarray(shapely.points(lonlat), dtype=object)


def _row(dot: _Mark, besiegers: list[str]) -> dict[str, str]:
    holder, *rivals = dot.colours
    status = "contested" if rivals else "besieged" if besiegers else "controlled"
    rival = (rivals or besiegers or [""])[0]
    return dict(zip(_COLUMNS, (dot.name, holder, status, rival), strict=True))


# The literal form of Lua tables


def parse_lua_table(text: str, name: str) -> list[_Entry]:
    """Return the innermost tables with named values of a module that only returns a literal.

    Raises InputError at the first thing that is no literal: nothing of a module is ever run.
    """
    parser = _Parser(text, name)
    parser.expect("return")
    parser.value(0)
    parser.expect("")
    return sorted(parser.entries, key=lambda entry: entry.line)


class _Parser:
    def __init__(self, text: str, name: str) -> None:
        self._text, self._name = text, name
        self._tokens = self._scan()
        self._line, self._next = 1, ("", "")
        self.entries: list[_Entry] = []
        self._advance()

    def _scan(self) -> Iterator[tuple[int, str, str]]:
        at, line = 0, 1
        while at < len(self._text):
            found = _TOKEN.match(self._text, at)
            if found is None:
                raise self._refusal(line, self._text[at : at + 20].split("\n")[0])
            if found.lastgroup != "space":
                yield line, str(found.lastgroup), found[0]
            line += found[0].count("\n")
            at = found.end()
        yield line, "end", ""

    def _refusal(self, line: int, found: str) -> InputError:
        return InputError(
            f"{self._name}, line {line}: {found!r} is no part of a literal table; only modules of "
            "the form return { … } are read, and nothing is run"
        )

    def _advance(self) -> str:
        """Return the token at hand, and go on to the next."""
        token = self._next[1]
        self._line, *following = next(self._tokens, (self._line, "end", ""))
        self._next = (following[0], following[1])
        return token

    def expect(self, token: str) -> None:
        if self._next[1] != token or (self._next[0] == "text"):
            raise self._refusal(self._line, self._next[1] or "the end")
        self._advance()

    def value(self, depth: int) -> Any:
        kind, token = self._next
        if depth > _DEEPEST:
            raise self._refusal(self._line, token)
        if kind == "sign" and token == "{":
            return self._table(depth)
        if kind == "text":
            return _unquoted(self._advance())
        if kind == "number":
            return float(self._advance())
        if kind == "word" and token in _WORDS:
            return _WORDS[self._advance()]
        raise self._refusal(self._line, token or "the end")

    def _table(self, depth: int) -> None:
        line, values = self._line, dict[str, Any]()
        self.expect("{")
        while self._next != ("sign", "}"):
            key = self._key()
            found = self.value(depth + 1)
            if key and found is not None:
                values[key] = found
            if self._next[1] in (",", ";") and self._next[0] == "sign":
                self._advance()
            elif self._next != ("sign", "}"):
                raise self._refusal(self._line, self._next[1] or "the end")
        self._advance()
        if values:
            self.entries.append(_Entry(line, values))

    def _key(self) -> str:
        """Return the name of the value that follows: `name =` or `["name"] =`; "" for none."""
        if self._next == ("sign", "["):
            self._advance()
            key = str(self.value(_DEEPEST))
            self.expect("]")
        elif self._next[0] == "word" and self._next[1] not in _WORDS:
            key = self._advance()
        else:
            return ""
        self.expect("=")
        return key


def _unquoted(token: str) -> str:
    if token.startswith("[["):
        return token[2:-2].removeprefix("\n")
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), token[1:-1], flags=re.DOTALL)
