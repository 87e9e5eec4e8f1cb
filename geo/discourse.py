"""What a report has said so far, and whom a noun phrase names in the light of it.

Pronouns, "the town" and "the group" stand for what was named last; a name that speaks for a party
once does so ever after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from frontmap.geo.language import Tag
from frontmap.geo.reading import Kind, Toponym
from frontmap.geo.sentences import Noun, Sentence
from frontmap.geo.words import LOOSE, Word

__all__ = ["Discourse", "Named", "Names"]


@dataclass(frozen=True, slots=True)
class Named:
    """An actor or a speaker as written, and what the words make of it.

    `means` is whom "the group" or "its fighters" stands for, as written before.
    """

    text: str
    armed: bool
    party: bool = False
    means: str = ""


@dataclass(slots=True)
class Discourse:
    """What later sentences of a report may refer to."""

    place: Toponym | None = None  # the last settlement
    listed: Sequence[Toponym] = ()  # the places of the last claim
    actor: Named | None = None  # the last armed one
    person: Named | None = None  # the last who said something and isn't armed
    partisans: set[str] = field(default_factory=set)  # names of those who speak for a party
    since: date | None = None  # when the events told of began


#: Tags that make what follows a comma no apposition but a clause, or a list of places.
_NO_APPOSITION = frozenset("vbh;SwP")


class Names:
    """The actors and speakers that the nouns of one sentence name."""

    def __init__(self, sentence: Sentence, discourse: Discourse) -> None:
        """Read the nouns of a sentence; what was said before may change while it is read."""
        self.s, self.language, self.discourse = sentence, sentence.language, discourse

    def of(self, noun: Noun) -> Named | None:
        """Return whom a noun phrase names: for a pronoun the last actor, None if there is none."""
        s, last = self.s, self._main(noun)
        if (inner := self._whole(noun, last)) is not None:
            return inner
        if s.low(last) in self.language.persons:
            return self.discourse.person
        if s.tags[last] == Tag.PRONOUN:
            return self.discourse.actor
        described = {s.low(i) for i in self._with_apposition(noun)}
        text, party = s.said(noun.first, noun.last), self._is_party(noun, last, described)
        if s.tags[last] == Tag.UNARMED or s.low(last) in self.language.crowds:
            return Named(text, False, party)
        if s.tags[last] == Tag.PLACE:
            return Named(text, self.is_state(last), party)
        return Named(text, self._is_armed(noun, last, described), party, self._means(noun))

    def speaker(self, noun: Noun) -> Named:
        """Return who a noun phrase says speaks: as written where nobody is known by it."""
        return self.of(noun) or Named(self.s.said(noun.first, noun.last), False)

    def _main(self, noun: Noun) -> int:
        """Return the position of the word that says who: "forces" of "forces loyal to"."""
        i = self.s.head_end(noun) - 1
        while i > noun.first and (
            self.s.tags[i] in LOOSE or self.s.low(i) in self.language.attached
        ):
            i -= 1
        return i

    def _whole(self, noun: Noun, last: int) -> Named | None:
        """Return the armed actor of whom a noun phrase names a part: "most of his troops"."""
        s, low = self.s, self.s.low(last)
        if (
            s.tags[last] not in (Tag.DETERMINER, Tag.NOUN)
            or low in self.language.outsiders
            or low in self.language.parties
            or s.low(last + 1) not in self.language.genitive
            or last + 2 >= noun.last
        ):
            return None
        inner = self.of(Noun(last + 2, noun.last, last + 2))
        if inner is None or not inner.armed:
            return None
        return replace(inner, text=s.said(noun.first, noun.last))

    def _is_party(self, noun: Noun, last: int, described: set[str]) -> bool:
        """Say whether a noun phrase speaks for a party to the conflict, and remember its names."""
        language, word = self.language, self.s.words[last]
        partisan = not language.partisan.isdisjoint(described)
        if not partisan and not (
            language.outsiders.isdisjoint(described) and language.civil.isdisjoint(described)
        ):
            return False
        names = {word.low for word in self._head_words(noun) if word.tag == Tag.NAME}
        party = (
            partisan
            or not language.parties.isdisjoint(described)
            or self.is_state(last)
            or word.tag == Tag.ARMED
            or (bool(names) and names <= self.discourse.partisans)
            or (word.tag == Tag.NAME and word.text.isupper() and len(word.low) > 1)
        )
        if party:
            self.discourse.partisans |= names
        return party

    def _is_armed(self, noun: Noun, last: int, described: set[str]) -> bool:
        """Say whether a noun phrase names an armed actor, as an unknown name may."""
        tag = self.s.tags[last]
        if tag not in (Tag.ARMED, Tag.NAME) or not self.language.civil.isdisjoint(described):
            return False
        titled = any(word.tag == Tag.UNARMED for word in self._head_words(noun))
        return tag == Tag.ARMED or not titled  # "Minister Ali" is a person

    def _means(self, noun: Noun) -> str:
        """Return whom "the group" or "its fighters" stands for, "" for other nouns."""
        actor = self.discourse.actor
        owned = self.s.low(noun.first) in self.language.possessives
        if actor is None or not (owned or self.is_generic(noun)):
            return ""
        return actor.means or actor.text

    def _head_words(self, noun: Noun) -> Sequence[Word]:
        return self.s.words[noun.first : self.s.head_end(noun)]

    def _with_apposition(self, noun: Noun) -> range:
        """Return the words of a noun phrase with those of an apposition: "X, its leader,"."""
        tags, last = self.s.tags, noun.last
        closing = tags.find(Tag.COMMA, last + 1) if self.s.tag(last) == Tag.COMMA else -1
        if closing > last + 1 and _NO_APPOSITION.isdisjoint(tags[last + 1 : closing]):
            return range(noun.first, closing)
        return range(noun.first, last)

    def is_generic(self, noun: Noun) -> bool:
        """Say whether a noun phrase is "the group", which names nobody."""
        two = noun.last - noun.first == 2
        return two and self.s.low(noun.last - 1) in self.language.last_actor

    def is_unarmed(self, noun: Noun) -> bool:
        """Say whether a noun phrase names those who hold no ground: "residents"."""
        return self.s.tags[self.s.head_end(noun) - 1] == Tag.UNARMED

    def is_state(self, i: int) -> bool:
        """Say whether the place at a position stands for a state: a country, or its capital."""
        toponym = self.s.words[i].place
        if toponym is None:
            return False
        return toponym.kind is Kind.COUNTRY or toponym.surface in self.language.capitals

    def is_settlement(self, i: int) -> bool:
        """Say whether the word at a position is a settlement that stands for itself."""
        toponym = self.s.words[i].place
        return toponym is not None and toponym.kind is Kind.SETTLEMENT and not self.is_state(i)
