"""What the benchmark of archives reads with: each name looked up, each verb of capture found.

It stands in for the reading of reports, with about its work: the keys of every run of capitalised
words are looked up among the names of Syria's places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from frontmap.data.archive import Document
from frontmap.data.batch import Reader
from frontmap.data.gazetteer import Gazetteer
from frontmap.geo.reading import (
    Basis,
    Claim,
    ClaimDate,
    ClaimStatus,
    Kind,
    Reading,
    Relation,
    Toponym,
    ToponymMatch,
)
from frontmap.geo.toponyms import Index, keys

_NAME = re.compile(r"[A-Z][\w'’-]+(?: (?:al-|ez-|ar-|[A-Z])[\w'’-]*)*")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_TAKEN = re.compile(r"\b(?:captured|seized|took|retook|overran|recaptured|fell to)\b")


def reader() -> Reader:
    """Return the reader."""
    return Reader("stand-in 1", _open)


def _open() -> Callable[[Document], Reading]:
    return partial(_read, Index(Gazetteer.open().places("SY")))


def _read(index: Index, document: Document) -> Reading:
    toponyms, claims = list[Toponym](), list[Claim]()
    for sentence in _SENTENCE.finditer(document.text):
        found = list(_toponyms(index, document.text, sentence))
        toponyms += found
        taken = _TAKEN.search(sentence[0])
        if taken and found:
            claims.append(_claim(document, sentence, taken[0], found[0]))
    return Reading(toponyms, claims)


def _toponyms(index: Index, text: str, sentence: re.Match[str]) -> Iterator[Toponym]:
    for name in _NAME.finditer(text, *sentence.span()):
        words = name[0].split()
        for first in range(len(words)):
            made = keys([" ".join(words[first:last]) for last in range(len(words), first, -1)])
            if found := index.named(made):
                places = tuple(dict.fromkeys(place for _, place in found))
                span = name[0], *name.span()
                yield Toponym(*span, Kind.SETTLEMENT, ToponymMatch.EXACT, places[0], places)
                break


def _claim(document: Document, sentence: re.Match[str], rule: str, place: Toponym) -> Claim:
    day = ClaimDate(None, document.published, Basis.NONE)
    text, span = sentence[0], sentence.span()
    return Claim(place, Relation.CAPTURED, ClaimStatus.ASSERTED, day, text, *span, rule=rule)
