"""The words of a running text, and the runs of capitalised ones that names are made of.

Scripts without capitals (Arabic, Hebrew, Burmese …) make runs of every word; what of them is a
name is for the gazetteer to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from frontmap.geo.place_words import PlaceWords

__all__ = ["MOST_WORDS", "Run", "Words"]

#: No known name has more words than this, joiners counted.
MOST_WORDS = 6

#: A contracted word (I've, they'd, couldn't) has no more letters than this before the apostrophe.
MOST_CONTRACTED = 7

# Vowel signs and diacritics that Python doesn't count among letters.
_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0591-\u05c7\u0900-\u0903\u093a-\u094f\u102b-\u103e"
_WORD = re.compile(
    rf"(?:[A-Z]\.){{2,}}|[\w{_MARKS}]+(?:['’ʼ‘ʻ`´\-\u2010\u2011](?=\w)[\w{_MARKS}]+)*"
)
#: An article or the like in front of a capital: al-Bab, d'Ivoire.
_SMALL_START = re.compile(r"([a-z]{1,4})['’\-\u2010\u2011](?=[^\W\d_])")
_SENTENCE_END = re.compile(r"[.!?…:;\n\"“”„«»(]")
_PARAGRAPH = re.compile(r"\n\s*\n")

Run = Sequence[int]


class Words:
    """The words of a text by number: their spans, small forms, and which are capitalised.

    `possessive` has those that an ending was taken off ("'s"), `based` those of them that it makes
    an adjective ("-based").
    """

    def __init__(self, text: str, language: PlaceWords) -> None:
        """Find the words."""
        self.text, self.language = text, language
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.surfaces: list[str] = []
        self.low: list[str] = []
        self.possessive: set[int] = set()
        for match in _WORD.finditer(text):
            surface = match[0]
            self.starts.append(match.start())
            self.surfaces.append(surface)
            self.low.append(surface.lower())
            self.ends.append(match.end())
        self.based: set[int] = set()
        for number, low in enumerate(self.low):
            _, hyphen, tail = low.partition("-")
            if hyphen and tail in language.based:
                self.based.add(number)
                self._shorten(number, len(tail) + 1)
            elif low[-2:] in ("'s", "’s") and low not in language.whole_possessives:
                self._shorten(number, 2)

    def _shorten(self, number: int, letters: int) -> None:
        """Take an ending off a word; a name doesn't run on behind it."""
        self.possessive.add(number)
        self.surfaces[number] = self.surfaces[number][:-letters]
        self.low[number] = self.low[number][:-letters]
        self.ends[number] -= letters

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.starts)

    def span(self, first: int, last: int) -> str:
        """Return the text from one word to another, a possessive ending left out."""
        return self.text[self.starts[first] : self.ends[last]]

    def gap(self, number: int) -> str:
        """Return what stands between a word and the next."""
        if number + 1 >= len(self.starts):
            return self.text[self.ends[number] :]
        return self.text[self.ends[number] : self.starts[number + 1]]

    def before(self, number: int) -> str:
        """Return the word before in the same clause, in small letters, or ""."""
        return self.low[number - 1] if number and self.gap(number - 1).isspace() else ""

    def after(self, number: int) -> str:
        """Return the word after in the same clause, in small letters, or ""."""
        follows = number + 1 < len(self.starts) and self.gap(number).isspace()
        return self.low[number + 1] if follows else ""

    def starts_sentence(self, number: int) -> bool:
        """Say whether a word may be capitalised because it begins a sentence or a quotation."""
        if not number:
            return True
        gap = self.gap(number - 1)
        if gap == " ":
            return False
        return bool(_SENTENCE_END.search(gap)) and not self._abbreviated(number - 1, gap)

    def _abbreviated(self, number: int, gap: str) -> bool:
        """Say whether the full stop after a word is that of an abbreviation or an initial."""
        low = self.low[number]
        return gap == ". " and (
            low in self.language.abbreviations or (len(low) == 1 and low.isalpha() and low != "i")
        )

    @cached_property
    def capitalised(self) -> list[bool]:
        """Which words could begin a name by their letters."""
        return [self._is_capitalised(surface) for surface in self.surfaces]

    @cached_property
    def small(self) -> frozenset[str]:
        """The words that the text has in small letters, too."""
        pairs = zip(self.surfaces, self.low, strict=True)
        return frozenset(low for surface, low in pairs if surface == low)

    def _is_capitalised(self, surface: str) -> bool:
        first = surface[0]
        if first.isupper():
            return True
        if first.islower():
            start = _SMALL_START.match(surface) if len(surface) > 3 else None
            return start is not None and (
                (start[1] in self.language.joiners or len(start[1]) == 1)
                and surface[start.end()].isupper()
            )
        return first.isalpha()

    def is_name_like(self, number: int) -> bool:
        """Say whether a word can stand in a name, function words at a start being none."""
        if number >= len(self.capitalised) or not self.capitalised[number]:
            return False
        low, surface = self.low[number], self.surfaces[number]
        if low not in self.language.function_words or (len(surface) > 1 and surface.isupper()):
            head, _, tail = low.replace("’", "'").partition("'")
            return tail not in self.language.contractions or len(head) > MOST_CONTRACTED
        opens = low in self.language.name_starts or low in self.language.directions
        return opens and self._joined(number) and self.capitalised[number + 1]

    def _is_direction(self, number: int) -> bool:
        """Say whether a word could end a name such as Middle East."""
        return self.capitalised[number] and self.low[number] in self.language.directions

    def is_cased(self, number: int) -> bool:
        """Say whether a word is of a script with capitals."""
        return self.surfaces[number][0].isupper() or self.surfaces[number] != self.low[number]

    def _joined(self, number: int) -> bool:
        """Say whether a name may run on from a word to the next."""
        if number + 1 >= len(self.starts) or number in self.possessive:
            return False
        gap = self.gap(number)
        return (
            gap == " "
            or (gap.isspace() and not _PARAGRAPH.search(gap))
            or (self._abbreviated(number, gap))
        )

    def runs(self) -> Iterator[Run]:
        """Yield the runs of capitalised words, joiners in small letters inside them."""
        number, count = 0, len(self.starts)
        while number < count:
            if not self.is_name_like(number):
                number += 1
                continue
            run = [number]
            while (following := self._continuation(run[-1])) is not None:
                run.extend(range(run[-1] + 1, following + 1))
            yield run
            number = run[-1] + 1

    def _continuation(self, number: int) -> int | None:
        """Return the next word of a name that has come as far as a word."""
        if not self._joined(number) or is_adjectival(self.surfaces[number]):
            return None
        following = number + 1
        for _ in range(2):
            if self.is_name_like(following) or self._is_direction(following):
                return following
            if self.low[following] not in self.language.joiners or not self._joined(following):
                return None
            following += 1
        return following if self.is_name_like(following) else None


def is_adjectival(surface: str) -> bool:
    """Say whether a capitalised word goes on in small letters: Turkish-backed.

    >>> is_adjectival("Kurdish-led"), is_adjectival("Mrauk-U"), is_adjectival("al-Bab")
    (True, False, False)
    """
    parts = re.split(r"[-\u2010\u2011]", surface)
    return any(a[:1].isupper() and b[:1].islower() and len(b) > 2 for a, b in pairwise(parts))
