"""The frames of triggers: what stands around a verb or noun that says something of a place.

A frame is written as words with the trigger's own as `_`: "A _ B out of P" of "drive" matches
"Rebels drove the army out of Hama". Each of its elements is one of

    A       who does it; may be missing
    B       whom or what it is done to, any noun phrase
    P       the place, or several
    Q       a distance, with what stands around it: "to within five kilometres north of"
    V       a verb, of which the trigger is the subject: "fighting raged"
    $       nothing more that belongs to it: the clause ends, or something else begins
    word    that word; "a|b" is any of several
    x?      an element that may be missing

Of a verb the first element is the subject: A, B or P, or a noun ("control of P _ to A"). Adverbs,
dates and determiners may stand between elements, and before a word that is no preposition its
phrase ("took FULL control of"), of which an actor is the one who does it ("under THE ARMY'S
control"). A word that leads to A at the end ("P _ to A") may be missing with it.

The frame is that of the active voice. In the passive, B or P is the subject and A follows "by". In
"the town that rebels took" the place is before the subject, and a relative clause, an infinitive or
a gerund has its subject from elsewhere (`frontmap.geo.clauses`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from frontmap.geo.discourse import Names
from frontmap.geo.language import Governance, Language, Tag, Trigger
from frontmap.geo.reading import Relation, Toponym
from frontmap.geo.sentences import Clause, Link, Noun, Sentence
from frontmap.geo.slots import Slots, Spot
from frontmap.geo.words import LOOSE, LOOSE_OR_COMMA

__all__ = ["Found", "Matcher"]


class _Kind(StrEnum):
    """What an element of a frame stands for."""

    AGENT = "A"
    PATIENT = "B"
    PLACE = "P"
    DISTANCE = "Q"
    VERB = "V"
    END = "$"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class _Element:
    """One element of a frame; `leads` says that one of its words is a preposition."""

    kind: _Kind
    words: frozenset[str]
    optional: bool
    leads: bool


_Elements = tuple[_Element, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame, read: the elements before and after the word; what the passive's subject is.

    `subject` is None where the frame has no passive voice; else `rest` stands after the verb.
    """

    before: _Elements
    after: _Elements
    subject: _Element | None
    rest: _Elements

    @property
    def role(self) -> _Kind | None:
        """Say what the subject of the verb is, None in a noun's frame."""
        return self.before[0].kind if self.before else None

    @property
    def ends(self) -> bool:
        """Say whether nothing may follow."""
        return self.after[-1].kind is _Kind.END

    @property
    def is_of_place(self) -> bool:
        """Say whether the place is all that has to follow."""
        return [e.kind for e in self.after if not e.optional] == [_Kind.PLACE]


@cache
def _compile(text: str, language: Language) -> _Frame:
    """Read the notation of a frame."""
    before, after = (
        tuple(_element(each, language) for each in part.split()) for part in text.split("_")
    )
    subject, rest = None, after
    at = next((i for i, e in enumerate(after) if not _may_precede(e, language)), 0)
    active = bool(before) and before[0].kind in (_Kind.AGENT, _Kind.PATIENT)
    ends = after[-1].kind is _Kind.END
    if active and not ends and after[at].kind in (_Kind.PLACE, _Kind.PATIENT):
        subject, rest = after[at], (*after[:at], *after[at + 1 :])
    return _Frame(before, after, subject, rest)


def _element(text: str, language: Language) -> _Element:
    bare = text.rstrip("?")
    if bare in set(_Kind) - {_Kind.WORD}:
        return _Element(_Kind(bare), frozenset(), bare != text, False)
    listed = frozenset(bare.split("|"))
    return _Element(_Kind.WORD, listed, bare != text, not listed.isdisjoint(language.prepositions))


def _may_precede(element: _Element, language: Language) -> bool:
    """Say whether an element stays with the verb when its object becomes the subject."""
    particle = element.optional or element.words <= language.particles
    return element.kind is _Kind.WORD and particle


@dataclass(slots=True)
class Found:
    """What a frame found: its places, words[first:last], and who did it, how far off and where.

    The actor is a noun phrase, or, where it stands in the middle of one, the words of `owner`.
    """

    spots: list[Spot]
    first: int
    last: int
    actor: Noun | None = None
    owner: tuple[int, int] | None = None
    km: float | None = None
    direction: str | None = None


#: How many words further a preposition, another word, the end of an object, the verb of a noun, a
#: distance and an agent may be.
_PREPOSITION_WITHIN, _WORD_WITHIN = 14, 6
_PATIENT_WITHIN, _VERB_WITHIN, _DISTANCE_WITHIN, _AGENT_WITHIN = 12, 3, 7, 8
#: How many words after a verb "there" may be.
_THERE_WITHIN = 4
#: Tags of words before one of the frame that is no preposition, and of those that own it.
_BEFORE_WORD = frozenset("rTdjsnANPhb")
_OWNERS = frozenset("ANP")
#: Tags within a prepositional phrase that is passed over, "from Hama" too; those that follow it.
_PASSED = frozenset("djnr")
_PASSED_FROM = _PASSED | {Tag.PLACE}
_AFTER_PASSED = frozenset("pTr")
#: Tags within an object, and those that don't begin one.
_PATIENT = frozenset("nNAUPdjsrcTpo")
_NO_PATIENT = ("", Tag.PREPOSITION, Tag.COMMA)
#: Tags between a noun and its verb: "fighting, on Friday, which raged".
_BEFORE_VERB = "rT,w?"
#: Tags around a distance: "to a point, now, just five kilometres to the north of".
_BEFORE_DISTANCE = frozenset("rTptdjnbUA")
_AFTER_DISTANCE = frozenset("rpdnjtT")
#: Tags of what ends a clause, or begins something else.
_ENDS = frozenset(",;pTSc?wrt") | {""}
#: Tags that part two clauses.
_PARTING = frozenset(",cS?w")
#: Tags between a passive verb and "by".
_BEFORE_BY = frozenset("rTpPdnjN")
#: Tags of a noun trigger's own phrase, and those between it and its owner, its verb, or "where".
_OWN_PHRASE = frozenset("njAdNs")
_OWNED = frozenset("njr")
_OBJECT_OF = frozenset("rTdnjAsN")
_AFTER_WHERE = frozenset("rdnjNA")


class Matcher:
    """Matches frames to one sentence.

    `changed` is the place of the last claim in it by which ground changes hands.
    """

    def __init__(self, sentence: Sentence, names: Names, slots: Slots) -> None:
        """Match frames to a sentence, of which the names and places are read as given."""
        self.s, self.language = sentence, sentence.language
        self.names, self.slots = names, slots
        self.changed: Toponym | None = None

    # Verbs

    def of_verb(self, trigger: Trigger, number: int) -> Found | None:
        """Match a trigger's frame to a clause, in the active or the passive voice."""
        clause, frame = self.s.clauses[number], _compile(trigger.frame, self.language)
        if clause.link is Link.REDUCED and trigger.relation is Relation.WITHDREW:
            return None  # "Hama, lost in 2015,": of the past, and no news
        if clause.passive and frame.subject is not None:
            return self._passive(trigger, number, frame)
        if frame.role is _Kind.PLACE:
            return self._of_place(number, frame)
        where = self.s.low(clause.bound) in self.language.where
        if clause.link is Link.OBJECT_RELATIVE and frame.is_of_place and not where:
            return self._of_antecedent(clause)
        if frame.role is _Kind.WORD:
            return self._of_noun_subject(number, frame)
        found = self._follow(clause.last, frame.after, self._end(number))
        if found is not None and not found.spots and frame.ends:
            found.spots = self._spots_before(clause)
        if found is None or not found.spots:
            return None
        if frame.role is _Kind.AGENT:
            found.actor = clause.subject
        return _from_subject(found, clause)

    def _of_place(self, number: int, frame: _Frame) -> Found | None:
        """Match "Hama fell to the rebels"."""
        clause = self.s.clauses[number]
        spots = self.slots.of_subject(clause)
        found = self._follow(clause.last, frame.after, self._end(number)) if spots else None
        if found is None:
            return None
        found.spots, found.first = spots, min(found.first, spots[0].at)
        return found

    def _of_antecedent(self, clause: Clause) -> Found | None:
        """Match "the town that rebels took"."""
        spots = self.slots.of_antecedent(clause)
        return Found(spots, spots[0].at, clause.last, actor=clause.subject) if spots else None

    def _of_noun_subject(self, number: int, frame: _Frame) -> Found | None:
        """Match "their flag flies over Hama" and "control of Hama passed to the rebels"."""
        clause, noun = self.s.clauses[number], frame.before[0]
        subject = clause.subject
        if subject is None or self.s.low(self.s.head_end(subject) - 1) not in noun.words:
            return None
        found = self._follow(clause.last, frame.after, self._end(number))
        if found is not None and len(frame.before) > 1:
            found.spots, found.first = (
                self.slots.places(subject.head + 2, subject.last),
                subject.first,
            )
            return found if found.spots else None
        if found is None or not found.spots:
            return None
        return _from_subject(found, clause)

    def _passive(self, trigger: Trigger, number: int, frame: _Frame) -> Found | None:
        """Match a passive verb, of which the frame's P or B is the subject."""
        clause, end = self.s.clauses[number], self._end(number)
        of_place = frame.subject is not None and frame.subject.kind is _Kind.PLACE
        spots = self.slots.of_subject(clause) if of_place else []
        if of_place and not spots:
            return None
        agent = of_place and frame.role is _Kind.PATIENT
        found = self._follow(clause.last, frame.rest, end, agent=agent)
        if found is None or not (spots or found.spots):
            return None
        found.first = clause.first
        if of_place:
            found.spots, found.first = spots, min(spots[0].at, clause.first)
        elif trigger.relation is Relation.WITHDREW and clause.subject is not None:
            found.actor = clause.subject  # "the army was withdrawn from Hama"
            found.first = min(clause.first, clause.subject.first)
        if found.actor is None and frame.role is _Kind.AGENT:
            found.actor = self._agent(found.last, end)
            if found.actor is not None:
                found.last = max(found.last, found.actor.last)
        return found

    def _agent(self, i: int, end: int) -> Noun | None:
        """Return who is named after "by", if anybody."""
        for j in range(i, min(end, i + _AGENT_WITHIN)):
            if self.s.low(j) in self.language.agent:
                return self.s.noun_after(j + 1)
            if self.s.tags[j] not in _BEFORE_BY:
                return None
        return None

    def _end(self, number: int) -> int:
        """Return where the ground of a clause ends: at the next one, or at its subject."""
        clauses = self.s.clauses
        if number + 1 == len(clauses):
            return len(self.s.words)
        clause, following = clauses[number], clauses[number + 1]
        end, subject = following.first, following.subject
        if following.link in (Link.RELATIVE, Link.OBJECT_RELATIVE, Link.REDUCED):
            return end
        if subject is None or not clause.last <= subject.first < end:
            return end
        if (
            self.s.tags[subject.first] == Tag.PLACE
            and self.s.tag(subject.first - 1) not in _PARTING
        ):
            return end  # the place is this clause's
        return subject.first

    def _spots_before(self, clause: Clause) -> list[Spot]:
        """Return the place of the claim before: "took Hama after the army had withdrawn"."""
        if self.changed is None or clause.conjunction not in self.language.beside:
            return []
        return [Spot(self.changed, None, clause.main, clause.last)]

    def fronted(self, clause: Clause) -> Found | None:
        """Match a fight in the place that opens a sentence: "In Hama, rebels are fighting"."""
        s = self.s
        opens = s.tag(0) == Tag.PREPOSITION and s.low(0) in self.language.fronted
        if clause.subject is None or not opens:
            return None
        if s.tag(1) != Tag.PLACE or s.tag(2) != Tag.COMMA:
            return None
        return Found([self.slots.spot(1)], 0, clause.last, actor=clause.subject)

    # Nouns

    def of_noun(self, trigger: Trigger, i: int) -> Found | None:
        """Match a trigger's frame to the noun at a position."""
        found = self._follow(i + 1, _compile(trigger.frame, self.language).after, len(self.s.words))
        if found is None or not found.spots:
            found = self._where(i) if trigger.relation is Relation.CONTESTED else None
        if found is None:
            return None
        found.first = self.s.back(i - 1, _OWN_PHRASE) + 1
        if found.actor is None:
            found.actor = self._owner(i) or self._doer(i)
        return found

    def _where(self, i: int) -> Found | None:
        """Match "Hama, where fighting rages", and "fighting rages there"."""
        s = self.s
        number, _ = s.around(i)
        if number is not None:
            last = s.clauses[number].last
            for j in range(last, last + _THERE_WITHIN):
                if s.low(j) in self.language.there and (spot := self.slots.last_place(j, None)):
                    return Found([spot], i, j + 1)
        where = s.back(i - 1, _AFTER_WHERE)
        place = s.back(where - 1, LOOSE_OR_COMMA)
        if s.low(where) not in self.language.where or s.tag(place) != Tag.PLACE:
            return None
        return Found([self.slots.spot(place)], i, i + 1)

    def _owner(self, i: int) -> Noun | None:
        """Return who a noun belongs to: "the army's capture of", "the rebel capture of"."""
        s, j = self.s, self.s.back(i - 1, _OWNED)
        if s.tag(j) == Tag.POSSESSIVE:
            return s.noun_before(j)
        if s.tag(j) == Tag.ARMED:
            return s.noun_before(j + 1)
        if s.low(j) in self.language.possessives:
            number = s.clause_at(i)
            return s.clauses[number].subject if number is not None else None
        return None

    def _doer(self, i: int) -> Noun | None:
        """Return the subject of the verb that a noun is the object of: "launched an assault on"."""
        number = self.s.clause_at(i)
        if number is None:
            return None
        clause = self.s.clauses[number]
        does = self.language.speaks(clause.lemmas) in (None, Governance.PLANS)
        if clause.passive or clause.subject is None or not does:
            return None
        if self.s.onward(clause.last, _OBJECT_OF) < i:
            return None
        named = self.names.of(clause.subject)
        return clause.subject if named is not None and named.armed else None

    # The elements after the word

    def _follow(
        self, i: int, elements: _Elements, end: int, *, agent: bool = False
    ) -> Found | None:
        """Match the elements after a trigger's word, one after the other.

        With `agent` the last element, who did it, may not be missing.
        """
        found = Found([], i, i)
        for n, element in enumerate(elements):
            j = self._match(i, elements[n:], end, found)
            if j is not None:
                i = j
            elif element.optional or element.kind is _Kind.AGENT:
                continue
            elif agent or len(elements) != n + 2 or not self._may_lack_agent(elements):
                return None
            else:
                break
        found.last = i
        return found

    def _may_lack_agent(self, elements: _Elements) -> bool:
        """Say whether the words that lead to the agent may be missing: "Hama has fallen"."""
        if elements[-1].kind is not _Kind.AGENT or elements[-2].kind is not _Kind.WORD:
            return False
        if not elements[-2].words <= self.language.to_agent:
            return False
        return (
            len(elements) == 2
            or (elements[0].kind is not _Kind.PATIENT and elements[-3].kind is not _Kind.PLACE)
            or elements[0].words == self.language.genitive
        )

    def _match(self, i: int, elements: _Elements, end: int, found: Found) -> int | None:
        """Return where the first of some elements ends that is looked for from a position on."""
        match elements[0].kind:
            case _Kind.WORD:
                return self._word(i, elements, end, found)
            case _Kind.PLACE:
                return self._places(i, end, found)
            case _Kind.PATIENT:
                return self._patient(i, elements[1:], end)
            case _Kind.DISTANCE:
                return self._distance(i, end, found)
            case _Kind.VERB:
                return self._any_verb(i)
            case _Kind.END:
                ended = self.s.tag(i) in _ENDS
                return i if ended and self.s.low(i) not in self.language.carrying_on else None
            case _Kind.AGENT:
                found.actor = self.s.noun_after(self.s.onward(i))
                return found.actor.last if found.actor else None

    def _places(self, i: int, end: int, found: Found) -> int | None:
        """Match places, of which "from Hama to Rastan" are two."""
        low, language = self.s.low, self.language
        found.spots = self.slots.places(i, end)
        if not found.spots:
            return None
        last = found.spots[-1].end
        if low(i - 1) in language.source and low(last) in language.goal:
            found.spots += self.slots.places(last + 1, end)
        return found.spots[-1].end

    def _word(self, i: int, elements: _Elements, end: int, found: Found) -> int | None:
        """Match a word, and where places follow it in the frame, one that places do follow."""
        element = elements[0]
        j = self._literal(i, element, end, found)
        if len(elements) == 1 or elements[1].kind is not _Kind.PLACE:
            return j
        while j is not None and j < end and not self.slots.places(j, end):
            beyond = self._beyond_phrase(j - 1)
            j = self._literal(beyond, element, end, found) if beyond >= j else None
        return j

    def _literal(self, i: int, element: _Element, end: int, found: Found) -> int | None:
        """Return the position after one of an element's words, and note who owns it."""
        tags, j = self.s.tags, i
        limit = min(end, i + (_PREPOSITION_WITHIN if element.leads else _WORD_WITHIN))
        while j < limit:
            if self.s.low(j) in element.words:
                owners = [k for k in range(i, j) if tags[k] in _OWNERS]
                if owners and found.actor is None and not element.leads:
                    found.owner = (owners[0], owners[-1] + 1)
                return j + 1
            if element.leads:
                beyond = self._beyond_phrase(j)
                if beyond == j:
                    return None
                j = beyond
            elif tags[j] not in _BEFORE_WORD:
                return None
            else:
                j += 1
        return None

    def _beyond_phrase(self, i: int) -> int:
        """Return the position after an adverb, a date or a phrase that a preposition begins.

        The phrase has no place in it, but after "from", and something has to follow: "withdrew
        with heavy losses from Hama", "withdrew from Hama to Rastan".
        """
        if self.s.tags[i] in LOOSE:
            return i + 1
        if self.s.tags[i] != Tag.PREPOSITION:
            return i
        away = self.s.low(i) in self.language.source
        j = self.s.onward(i + 1, _PASSED_FROM if away else _PASSED)
        return j if j > i + 1 and self.s.tag(j) in _AFTER_PASSED else i

    def _patient(self, i: int, rest: Sequence[_Element], end: int) -> int | None:
        """Return where a noun phrase ends that the rest of a frame may follow."""
        if self.s.tag(i) in _NO_PATIENT:
            return None
        for j in range(i, min(end, i + _PATIENT_WITHIN)):
            if self.s.tags[j] not in _PATIENT:
                open_ended = not rest or rest[0].kind is _Kind.VERB
                return j if open_ended and j > i else None
            if j > i and rest and self._begins(j, rest):
                return j
        return None

    def _begins(self, j: int, rest: Sequence[_Element]) -> bool:
        """Say whether the rest of a frame begins at a position; a verb is known by what follows."""
        low, first = self.s.low(j), rest[0]
        match first.kind:
            case _Kind.PLACE:
                return self.s.tags[j] == Tag.PLACE
            case _Kind.VERB:
                return low in rest[1].words
            case _:
                return low in first.words or (
                    first.optional and len(rest) > 1 and low in rest[1].words
                )

    def _any_verb(self, i: int) -> int | None:
        """Return the position after the verb of a noun: "fighting also broke out"."""
        clause = next((clause for clause in self.s.clauses if clause.first >= i), None)
        if clause is None or clause.first - i > _VERB_WITHIN:
            return None
        if self.s.tags[i : clause.first].strip(_BEFORE_VERB):
            return None
        j = self.s.onward(clause.last)
        return j + 1 if self.s.low(j) in self.language.trailing else j

    def _distance(self, i: int, end: int, found: Found) -> int | None:
        """Return the position after a distance and a direction, both of which are noted."""
        s, language, j = self.s, self.language, i
        limit = min(len(s.words), i + _DISTANCE_WITHIN)
        while j < limit and s.tags[j] != Tag.DISTANCE:
            if s.tags[j] not in _BEFORE_DISTANCE and s.low(j) not in language.comparing:
                return None
            j += 1
        if s.tag(j) != Tag.DISTANCE or j > end:
            return None
        found.km = s.words[j].km
        j += 1
        while s.tag(j) in _AFTER_DISTANCE and s.low(j) not in language.anaphors:
            if s.tags[j] == Tag.DETERMINER and s.low(j + 1) not in language.directions:
                break
            found.direction = language.directions.get(s.low(j), found.direction)
            j += 1
        return j


def _from_subject(found: Found, clause: Clause) -> Found:
    """Count the words of what was found from the subject on, if that is before the verb."""
    subject, found.first = clause.subject, clause.first
    if subject is not None and subject.last <= clause.first:
        found.first = min(subject.first, clause.first)
    return found
