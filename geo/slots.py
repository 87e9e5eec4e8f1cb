"""The places in a slot of a sentence: listed, described, in part, or by a word for them.

"Most of Hama", "the towns of Hama and Rastan", "Hama's airport", "Hama, a city in the centre, and
Rastan", "the city", "both of them".
"""

from __future__ import annotations

from dataclasses import dataclass

from frontmap.geo.discourse import Discourse, Names
from frontmap.geo.language import Tag
from frontmap.geo.reading import Extent, Kind, Toponym
from frontmap.geo.sentences import Clause, Link, Sentence
from frontmap.geo.words import LOOSE_OR_COMMA

__all__ = ["Slots", "Spot"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in its slot: the mention, how much of it, where it stands, and where it ends.

    `at` is the position of the word that names it or stands for it; `end` that after the words
    that go with it ("Hama airport").
    """

    toponym: Toponym
    extent: Extent | None
    at: int
    end: int


#: How many words a noun phrase may have before its place, and an apposition in a list of places.
_PHRASE_WITHIN = 14
_APPOSITION_WITHIN = 16
#: How many words after a place may say how much of it: "Hama military airport".
_EXTENT_WITHIN = 5
#: Tags of words before a place that may say how much of it, and of all that may stand there.
_HOW_MUCH = frozenset("ndjrNA")
_BEFORE_PLACE = frozenset("djnrNTsA")
#: Tags that an apposition begins with, those that it can't have, and those of a pointing phrase.
_APPOSITION = frozenset("dnpwQ")
_NO_APPOSITION = frozenset(";S")
_POINTING = frozenset("dnjAr")
#: Tags between a place and the noun that it owns: "Hama's last big town".
_OWNED = frozenset("dnj")
#: Tags between a relative pronoun's clause and its antecedent, and before "of which".
_BEFORE_RELATIVE = frozenset("rTw?,")
_BEFORE_OF_WHICH = frozenset("rTd,")


class Slots:
    """Finds the places in the slots of one sentence."""

    def __init__(self, sentence: Sentence, names: Names, discourse: Discourse) -> None:
        """Read the slots of a sentence; what was said before may change while it is read."""
        self.s, self.language = sentence, sentence.language
        self.names, self.discourse = names, discourse

    # Lists

    def places(self, i: int, end: int) -> list[Spot]:
        """Return the places listed from a position on: "A, a town in the south, and nearby B"."""
        spots: list[Spot] = []
        following: int | None = self.s.onward(i)
        while following is not None:
            found = self._place(following, end)
            spots += found
            following = self._next(found[0].end, end) if len(found) == 1 else None
        return spots

    def _next(self, i: int, end: int) -> int | None:
        """Return where the next place of a list begins, after one that ends at a position."""
        s = self.s
        i = self._beyond_apposition(s.onward(i), end)
        if s.tag(i) == Tag.COMMA and s.tag(s.onward(i + 1)) == Tag.CONJUNCTION:
            i = s.onward(i + 1)
        if s.tag(i) == Tag.COMMA and s.tag(s.onward(i + 1)) != Tag.PLACE:
            return None
        if s.tag(i) in (Tag.COMMA, Tag.CONJUNCTION) and s.low(i) not in self.language.contrasting:
            comma, i = s.tag(i) == Tag.COMMA, s.onward(i + 1)
            if comma and any(c.subject and c.subject.first == i < c.first for c in s.clauses):
                return None  # "took Hama, Moscow said"
        elif added := self._added(i):
            i += added
        else:
            return None
        again = s.tag(i) == Tag.PREPOSITION and s.low(i) in self.language.repeated
        return i + 1 if again else i

    def _added(self, i: int) -> int:
        """Return how many words of "as well as" begin at a position, 0 if none."""
        for phrase in self.language.adding:
            if all(self.s.low(i + k) == word for k, word in enumerate(phrase)):
                return len(phrase)
        return 0

    def _beyond_apposition(self, i: int, end: int) -> int:
        """Return the position after ", a town near C" if there is such a thing, else the same."""
        s = self.s
        if s.tag(i) != Tag.COMMA or s.tag(i + 1) not in _APPOSITION:
            return i
        if s.tag(i + 1) == Tag.DETERMINER and s.tag(i + 2) == Tag.PLACE:
            return i  # the next of the list: "the Golan"
        closing = s.tags.find(Tag.COMMA, i + 1)
        if closing < 0 or closing > i + _APPOSITION_WITHIN or closing >= end:
            return i
        return closing if _NO_APPOSITION.isdisjoint(s.tags[i + 1 : closing]) else i

    # One place

    def _place(self, i: int, end: int) -> list[Spot]:
        """Return the place whose noun phrase begins at a position, or those that it stands for."""
        s, language = self.s, self.language
        extent, several = None, False
        j, limit = i, min(end, i + _PHRASE_WITHIN)
        while j < limit:
            word = s.words[j]
            if word.place is not None:
                return [self.spot(j, extent)]
            if word.tag in _HOW_MUCH:
                extent = _narrower(extent, language.extent_of.get(word.low))
            if word.low in language.several:
                several = True
            elif word.tag == Tag.PRONOUN:
                return self._pronoun(i, j, extent)
            elif several and self._is_such_as(j):
                pass  # "key cities such as"
            elif word.tag == Tag.PREPOSITION:
                if not self._leads_inside(i, j, several=several):
                    return []
            elif self._is_anaphor(j):
                return self._anaphor(i, j, extent)
            elif word.tag not in _BEFORE_PLACE and not (word.tag == Tag.CONJUNCTION and extent):
                break  # unless it is "the airport and the bridge at"
            j += 1
        return self._implied(i, j, extent, several=several)

    def _is_such_as(self, j: int) -> bool:
        """Say whether "like" or "such as" ends at a position."""
        low = self.s.low(j)
        return low in self.language.such_as or (self.s.low(j - 1), low) == self.language.naming

    def _leads_inside(self, i: int, j: int, *, several: bool) -> bool:
        """Say whether the preposition at j leads from a phrase to its place: "the districts of".

        It leads away in "villages near Hama" and "north of Hama"; and the "towns of Homs province"
        are others than Homs.
        """
        s, language = self.s, self.language
        if s.low(j) not in language.inside or j == i:
            return False
        if several:
            if s.low(j) not in language.genitive:
                return False
            following = s.words[j + 1].place if j + 1 < len(s.words) else None
            if following is not None and following.kind is not Kind.SETTLEMENT:
                return False
        away = s.low(j - 1) in language.directions and s.low(j - 2) not in language.articles
        return not away and any(self._is_ground(s.low(k)) for k in range(i, j))

    def _is_ground(self, low: str) -> bool:
        """Say whether a noun is one of ground: "districts", "town"."""
        language = self.language
        return low in language.extent_of or low in language.places or low in language.several

    def _is_anaphor(self, j: int) -> bool:
        """Say whether "town" stands for a place, rather than before its name or another noun."""
        if self.s.low(j) not in self.language.anaphors:
            return False
        if self.s.tag(j + 1) in (Tag.PLACE, Tag.NAME, Tag.NOUN):
            return False
        return self.s.low(j + 1) not in self.language.genitive

    def spot(self, j: int, extent: Extent | None = None) -> Spot:
        """Return the place at a position, with what follows: "Hama's suburbs", "Hama airport"."""
        s, end = self.s, j + 1
        k = end
        if s.tag(end) == Tag.POSSESSIVE:
            k = end + 1
            noun = next((n for n in range(k, k + 4) if s.tag(n) not in _OWNED), k) - 1
            if s.low(noun) in self.language.anaphors:  # "Syria's second city"
                return self.last_place(j, extent) or self._bare(j, extent)
        while k < j + _EXTENT_WITHIN and s.tag(k) in (Tag.NOUN, Tag.ADJECTIVE):
            part = self.language.extent_of.get(s.low(k))
            if part is not None:
                extent, end = _narrower(extent, part), k + 1
            k += 1
        return Spot(self._toponym(j), extent, j, end)

    def _bare(self, j: int, extent: Extent | None = None) -> Spot:
        return Spot(self._toponym(j), extent, j, j + 1)

    def _toponym(self, j: int) -> Toponym:
        toponym = self.s.words[j].place
        assert toponym is not None, "a word with the tag of a place has one"
        return toponym

    # Words that stand for places

    def last_place(self, j: int, extent: Extent | None) -> Spot | None:
        """Return the last settlement named before a position, for the word there."""
        for k in range(j - 1, -1, -1):
            if self.names.is_settlement(k):
                return Spot(self._toponym(k), extent, j, j + 1)
        place = self.discourse.place
        return Spot(place, extent, j, j + 1) if place else None

    def _last_places(self, j: int, extent: Extent | None) -> list[Spot]:
        spot = self.last_place(j, extent)
        return [spot] if spot else []

    def _listed(self, j: int, extent: Extent | None) -> list[Spot]:
        """Return the places of the claim before, if several, for the word at a position."""
        listed = self.discourse.listed
        return [Spot(t, extent, j, j + 1) for t in listed] if len(listed) > 1 else []

    def _pronoun(self, i: int, j: int, extent: Extent | None) -> list[Spot]:
        """Return the places that "it" or "them" stands for, alone or after "most of"."""
        if j > i and self.s.low(j - 1) not in self.language.genitive:
            return []
        if self.s.low(j) in self.language.them:
            return self._listed(j, extent)
        return self._last_places(j, extent) if self.s.low(j) in self.language.it else []

    def _anaphor(self, i: int, j: int, extent: Extent | None) -> list[Spot]:
        """Return the place that "the town" stands for."""
        if self.s.tag(i) not in _POINTING:
            return []
        pointed = any(self.s.low(k) in self.language.pointing for k in range(i, j))
        return self._last_places(j, extent) if pointed else []

    def _implied(self, i: int, j: int, extent: Extent | None, *, several: bool) -> list[Spot]:
        """Return the places of a phrase that ends without a name: "its airport", "both towns"."""
        low, language = self.s.low, self.language
        owned = low(i) in language.possessives and extent is not None and i < j <= i + 3
        if owned and low(j - 1) in language.extent_of:
            return self._last_places(j - 1, Extent.PART)
        if several and j > i and low(i) in language.all_of:
            return self._listed(j - 1, extent)
        return []

    # Places as subjects

    def of_subject(self, clause: Clause) -> list[Spot]:
        """Return the places that the subject of a clause lists."""
        s, subject = self.s, clause.subject
        if subject is None or clause.link is Link.OBJECT_RELATIVE:
            return []
        if clause.link is Link.RELATIVE:
            return self._of_relative(clause)
        if spots := self.places(subject.first, subject.last):
            return spots
        last = subject.last - 1
        if s.tags[last] == Tag.PLACE and s.tag(last - 1) not in (Tag.PREPOSITION, Tag.POSSESSIVE):
            return [self._bare(last)]
        if s.tag(subject.last) == Tag.COMMA and s.tag(subject.last + 1) == Tag.PLACE:
            return [self.spot(subject.last + 1)]  # "its capital, Idlib,"
        return []

    def _of_relative(self, clause: Clause) -> list[Spot]:
        """Return the places that "which" stands for: "Hama and Rastan, both of which …"."""
        s = self.s
        place = s.back(clause.first - 1, _BEFORE_RELATIVE)
        if s.low(place) in self.language.genitive:
            place = s.back(place - 1, _BEFORE_OF_WHICH)
        if s.tag(place) != Tag.PLACE:
            return []
        noun = s.noun_before(place + 1) if s.tag(clause.first - 1) == Tag.RELATIVE else None
        listed = self.places(noun.first, noun.last) if noun else []
        return listed or [self.spot(place)]

    def of_antecedent(self, clause: Clause) -> list[Spot]:
        """Return the place that a clause describes: "the town that rebels took"."""
        noun = self.s.noun_before(self.s.back(clause.bound - 1, LOOSE_OR_COMMA) + 1)
        spots = self._place(noun.first, noun.last) if noun else []
        return spots if len(spots) == 1 else []


def _narrower(extent: Extent | None, other: Extent | None) -> Extent | None:
    """Return the narrower of two extents: "most of the suburbs" are a part."""
    return other if extent is None or other is Extent.PART else extent
