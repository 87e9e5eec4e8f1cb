"""JSON lines of texts: {"id": …, "text": …} a line, read one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from frontmap.geo.errors import InputError

__all__ = ["NamedText", "read_texts"]


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text and its id, which is whatever JSON the line has for it."""

    id: Any
    text: str


def read_texts(lines: Iterable[bytes]) -> Iterator[NamedText | InputError]:
    """Yield the text of each line in turn, or what is wrong with the line; skip empty ones."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _read(line, number)
            except InputError as problem:
                yield problem


def _read(line: bytes, number: int) -> NamedText:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"line {number} is not UTF-8 (byte {error.start + 1})") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"line {number} is no JSON: {error}") from error
    if not isinstance(row, dict):
        raise InputError(f'line {number} is no object: write it as {{"id": …, "text": "…"}}')
    missing = [name for name in ("id", "text") if name not in row]
    if missing:
        raise InputError(f"line {number} has no {' and no '.join(map(repr, missing))}")
    if not isinstance(row["text"], str):
        raise InputError(f"line {number}: 'text' is {type(row['text']).__name__}, no string")
    return NamedText(row["id"], row["text"])
