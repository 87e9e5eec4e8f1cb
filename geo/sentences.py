"""A sentence as a row of tagged words and of clauses, and its noun phrases.

Positions count words from 0. `Sentence.tag` and `Sentence.low` are "" outside of the sentence, so
that looking beyond either end finds nothing.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from frontmap.geo.language import Form, Governance, Language, Tag
from frontmap.geo.words import LOOSE, NOUNS, PHRASE, Word

__all__ = ["Clause", "Link", "Noun", "Sentence"]


class Link(StrEnum):
    """How a clause hangs on others."""

    NONE = ""
    INFINITIVE = "infinitive"  # on the verb before: "failed to take"
    NOUN = "noun"  # on a noun: "a plan to take"
    GERUND = "gerund"  # on the clause before: "…, taking the town"
    INITIAL = "initial"  # a gerund with the subject of the next: "Taking the town, rebels …"
    MODIFIER = "modifier"  # a gerund on the noun before: "fighters holding the town"
    RELATIVE = "relative"  # "rebels who took the town"
    OBJECT_RELATIVE = "object relative"  # "the town that rebels took"
    REDUCED = "reduced"  # a participle on the noun before: "the town, taken on Friday, …"
    COORDINATE = "coordinate"  # "… and took the town"
    COMPLEMENT = "complement"  # "said that …"
    CONJUNCTION = "conjunction"  # "if …", "after …"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase: words[first:last]; `head` is its main word, before any preposition."""

    first: int
    last: int
    head: int


@dataclass(slots=True)
class Clause:
    """A verb group with its subject and what governs it.

    words[first:last] is the group, words[main] its main verb, with the `lemmas` that it may be.
    `passive` says that the subject is what is acted on. `link` says how it hangs on `parent`, the
    number of an earlier clause, or by which `conjunction`; `governor` what the parent's verb, or
    the noun at `noun_governor`, does to it. No subject or object of it lies before `bound`.
    """

    first: int
    main: int
    last: int
    lemmas: tuple[str, ...]
    form: Form
    passive: bool = False
    negated: bool = False
    modal: bool = False
    will: bool = False
    infinitive: bool = False
    conditional: bool = False
    subject: Noun | None = None
    parent: int | None = None
    link: Link = Link.NONE
    conjunction: str = ""
    governor: Governance | None = None
    noun_governor: int | None = None
    bound: int = 0

    @property
    def is_bare(self) -> bool:
        """Say whether its verb stands without an auxiliary, a negation or "to"."""
        return self.first == self.main


#: How a clause hangs that has the subject of another.
_SHARING = frozenset((Link.COORDINATE, Link.GERUND, Link.INFINITIVE, Link.NOUN, Link.RELATIVE))
#: Tags that a noun phrase goes on with after its first word; those that don't end it.
_AFTER_NOUN = PHRASE | {Tag.ADVERB, Tag.PRONOUN}
_NOT_LAST = frozenset("rdj")
#: Tags after which a phrase begins, so that "A and B" before it is one subject.
_OPENINGS = frozenset(",;S?cT")
#: Tags between the places of a list: "A and later, on Friday, B".
_IN_LISTS = frozenset("rTc,")


@dataclass
class Sentence:
    """One sentence of a text: its words, their tags as one string, and its clauses in order."""

    text: str
    start: int
    end: int
    language: Language
    words: Sequence[Word]
    clauses: list[Clause] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set what is looked up most."""
        self.tags = "".join([word.tag for word in self.words])
        self._lows = [word.low for word in self.words]

    def is_present(self, clause: Clause) -> bool:
        """Say whether a verb is in the present tense: "falls", "is cut off"."""
        if clause.form in (Form.THIRD, Form.BASE):
            return not (clause.infinitive or clause.modal or clause.will)
        return self.low(clause.first) in self.language.present

    def vouches(self, number: int | None) -> bool:
        """Say whether a clause takes hearsay as it is: "cited reports that", "there are reports"."""
        if number is None:
            return False
        clause = self.clauses[number]
        return clause.lemmas == ("be",) or self.language.speaks(clause.lemmas) is Governance.SAYS

    def said(self, first: int, last: int) -> str:
        """Return the text of words[first:last]."""
        return self.text[self.words[first].start : self.words[last - 1].end]

    def tag(self, i: int) -> str:
        """Return the tag at a position, "" outside of the sentence."""
        return self.tags[i] if 0 <= i < len(self.tags) else ""

    def low(self, i: int) -> str:
        """Return the word at a position in small letters, "" outside of the sentence."""
        return self._lows[i] if 0 <= i < len(self._lows) else ""

    def back(self, i: int, over: Container[str] = LOOSE) -> int:
        """Return the position at or before `i` whose word is not of the tags `over`; -1 if none."""
        while i >= 0 and self.tags[i] in over:
            i -= 1
        return i

    def onward(self, i: int, over: Container[str] = LOOSE) -> int:
        """Return the position at or after `i` whose word is not of the tags `over`."""
        while i < len(self.tags) and self.tags[i] in over:
            i += 1
        return i

    # Clauses

    def clause_at(self, i: int) -> int | None:
        """Return the number of the last clause whose verb stands before a position."""
        found = None
        for number, clause in enumerate(self.clauses):
            if clause.main >= i:
                break
            found = number
        return found

    def around(self, i: int) -> tuple[int | None, bool]:
        """Return the number of the clause that a noun is in, and whether it is in its subject."""
        for number, clause in enumerate(self.clauses):
            if clause.subject is not None and clause.subject.first <= i < clause.subject.last:
                return number, True
        for number, clause in enumerate(self.clauses):
            if self._opens(clause, i):
                return number, True
        number_before = self.clause_at(i)
        if number_before is None and self.clauses:
            return 0, True
        return number_before, False

    def _opens(self, clause: Clause, i: int) -> bool:
        """Say whether a noun lies between a clause's subject and its verb."""
        subject = clause.subject
        return (
            subject is not None
            and subject.first <= i < clause.first
            and clause.link not in _SHARING
            and not any(subject.first <= other.main < i for other in self.clauses)
        )

    def governs(self, clause: Clause) -> Governance | None:
        """Return what a clause's verb does to what it governs, its particle considered."""
        if self.is_phrasal(clause):
            return next(
                self.language.phrasal[lemma, self.low(clause.last)]
                for lemma in clause.lemmas
                if (lemma, self.low(clause.last)) in self.language.phrasal
            )
        return self.language.governance_of(clause.lemmas)

    def is_phrasal(self, clause: Clause) -> bool:
        """Say whether a clause's verb governs by its particle: "ruled out"."""
        particle = self.low(clause.last)
        return any((lemma, particle) in self.language.phrasal for lemma in clause.lemmas)

    # Noun phrases

    def noun_before(self, end: int, floor: int = 0) -> Noun | None:
        """Return the noun phrase that ends before a position, its prepositions included.

        It begins no earlier than `floor`. "Soldiers of the army" is one, "A and B" too where they
        are actors, and "A, B and C" where they are places.
        """
        last = self.back(end - 1)
        if last < floor:
            return None
        first = last
        if self.tags[last] == Tag.PRONOUN:
            if not self._is_partitive(last, floor):
                return Noun(last, last + 1, last)
        elif self.tags[last] in PHRASE:
            first = self.phrase_start(last, floor)
        else:
            return None
        first, head = self._joined_start(first, last, floor)
        first = self._pair_start(first, head, floor)
        return Noun(self._list_start(first, floor), last + 1, head)

    def _is_partitive(self, i: int, floor: int) -> bool:
        """Say whether a pronoun is the whole of which a noun is part: "most of them"."""
        return (
            i - 2 >= floor
            and self.low(i - 1) in self.language.genitive
            and self.tags[i - 2] in (Tag.NOUN, Tag.ARMED, Tag.UNARMED, Tag.DETERMINER)
        )

    def _joined_start(self, first: int, head: int, floor: int) -> tuple[int, int]:
        """Return the start and the head of a phrase with those that prepositions join to it."""
        while (
            first - 2 >= floor
            and self.tags[first - 1] == Tag.PREPOSITION
            and self.low(first - 1) in self.language.joining
        ):
            q = first - 2
            some_of = self.tags[q] == Tag.DETERMINER and self.low(q + 1) in self.language.genitive
            if self.tags[q] not in NOUNS and not some_of:
                break
            head, first = q, self.phrase_start(q, floor)
        return first, head

    def _pair_start(self, first: int, head: int, floor: int) -> int:
        """Return where "the army and" begins before a phrase at a position, else the position."""
        if (
            first - 2 >= floor
            and self.tags[first - 1] == Tag.CONJUNCTION
            and self.tags[first - 2] in (Tag.ARMED, Tag.NAME)
            and self.tags[head] in (Tag.ARMED, Tag.NAME, Tag.NOUN)
        ):
            start = self.phrase_start(first - 2, floor)
            if start in (0, floor) or self.tags[start - 1] in _OPENINGS:
                return start
        return first

    def _list_start(self, start: int, floor: int) -> int:
        """Return where a list of places begins of which the last one begins at a position."""
        first = start
        while (
            self.tags[first] in (Tag.PLACE, Tag.NOUN)
            and first - 2 >= floor
            and self.tags[first - 1] in (Tag.COMMA, Tag.CONJUNCTION)
        ):
            is_and = self.tags[first - 1] == Tag.CONJUNCTION
            q = self.back(first - 2, _IN_LISTS) if is_and else first - 2
            if q < floor or self.tags[q] != Tag.PLACE:
                break
            first = self.phrase_start(q, floor)
        return start if self.tag(first - 1) in (Tag.VERB, Tag.PREPOSITION) else first

    def phrase_start(self, end: int, floor: int) -> int:
        """Return where the phrase without prepositions begins of which a word is the last."""
        first = end
        while first > floor and self.tags[first - 1] in PHRASE:
            if self._parts(first, floor):
                break
            first -= 1
        return first

    def _parts(self, i: int, floor: int) -> bool:
        """Say whether a new phrase begins at a word, though it could go on with the one before.

        So it does at a determiner ("on Friday the army"), at a name after a plural ("soldiers
        Wagner"), and at an actor after a place that a preposition leads to ("in Hama rebels").
        """
        tag, before = self.tags[i], self.tags[i - 1]
        if tag == Tag.DETERMINER:
            return before != Tag.DETERMINER
        if tag == Tag.NAME:
            return before == Tag.NOUN and self.low(i - 1).endswith(self.language.plural)
        return (
            tag == Tag.ARMED
            and before == Tag.PLACE
            and i - 2 >= floor
            and self.tags[i - 2] == Tag.PREPOSITION
        )

    def noun_after(self, i: int) -> Noun | None:
        """Return the noun phrase, without prepositions, that begins at a position."""
        end = self.onward(i, _AFTER_NOUN)
        while end > i and self.tags[end - 1] in _NOT_LAST:
            end -= 1
        return Noun(i, end, end - 1) if end > i else None

    def head_end(self, noun: Noun) -> int:
        """Return where the head of a noun phrase ends, before its first preposition."""
        preposition = self.tags.find(Tag.PREPOSITION, noun.head, noun.last)
        return preposition if preposition >= 0 else noun.last
