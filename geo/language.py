"""What a language is to the reader of claims: its words by class, and a table of triggers.

A language is data, an instance of `Language` such as `frontmap.geo.english.ENGLISH`; the modules
that read by it, from `words` to `claims`, name no word of it. Classes are those of traditional
grammar, for languages that put the subject before the verb and the object after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from frontmap.geo.datewords import DateWords
from frontmap.geo.reading import Extent, Relation

__all__ = ["Form", "Governance", "Language", "Tag", "Trigger", "words"]


class Tag:
    """The class of a word in its sentence: one character, so that a row of tags is a string."""

    PLACE: Final = "P"
    DATE: Final = "T"
    DISTANCE: Final = "Q"
    ARMED: Final = "A"
    UNARMED: Final = "U"
    NAME: Final = "N"  # capitalised, of nothing known
    NOUN: Final = "n"  # or an adjective: any other word
    ADJECTIVE: Final = "j"  # a participle before its noun
    DETERMINER: Final = "d"
    POSSESSIVE: Final = "s"
    PRONOUN: Final = "o"
    MODAL: Final = "m"
    WILL: Final = "l"
    BE: Final = "b"
    HAVE: Final = "h"
    DO: Final = "x"
    NEGATION: Final = "!"
    ADVERB: Final = "r"
    TO: Final = "t"  # before an infinitive
    VERB: Final = "v"
    PREPOSITION: Final = "p"
    CONJUNCTION: Final = "c"
    SUBORDINATOR: Final = "S"
    THAT: Final = "?"
    RELATIVE: Final = "w"
    COMMA: Final = ","
    STOP: Final = ";"


class Form(StrEnum):
    """A form of a verb."""

    BASE = "base"
    THIRD = "third"  # captures
    PAST = "past"
    PARTICIPLE = "participle"  # captured, taken
    GERUND = "gerund"


class Governance(StrEnum):
    """What a verb, or a noun, does to the clause that it governs ("denied that …")."""

    SAYS = "says"  # attributes it
    DENIES = "denies"
    PLANS = "plans"
    FAILS = "fails"  # it did not come about
    DOUBTS = "doubts"  # it may be, or may come about
    PASSES = "passes"  # it is as the governing verb is: began to, managed to, are reported to


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words that say something of an actor and a place, and examples that run as tests.

    `words` are verbs ("take/took/taken" where irregular, "*" for every verb), or nouns after "=".
    `frame` shows what stands around the word, in the notation that `frontmap.geo.frames` documents.
    With `armed` the actor has to be armed by the words for it, since people who leave a town or
    reach it change nothing. `handover` says that the trigger tells half of what its verb does, and
    that another tells the rest: what one loses to another, that one captures. `extent` is how much
    of the place it is about, where its words alone say so.
    """

    relation: Relation
    frame: str
    words: str
    examples: tuple[str, ...]
    armed: bool = False
    handover: bool = False
    extent: Extent | None = None

    @property
    def rule(self) -> str:
        """Name the trigger."""
        return f"{self.relation}: {self.frame}"

    @property
    def of_nouns(self) -> bool:
        """Say whether its words are nouns."""
        return self.words.startswith("=")


@dataclass(frozen=True, eq=False)
class Language:
    """The words of a language, each class of them named by what it does in a sentence.

    Words are in small letters but where capitals tell (`abbreviations`, `capitals`), and a verb in
    a class of lemmas is one of those in `verbs`, `governors` or `triggers`.
    """

    code: str  # BCP 47
    dates: DateWords
    triggers: tuple[Trigger, ...]

    # Spelling
    abbreviations: str  # whose full stop ends no sentence: "Gen."
    ordinals: frozenset[str]  # endings of numbers: "4th"
    possessive: str  # ending of an owner, after an apostrophe: "the army's"; of "rebels'" as well
    plural: str  # ending of nouns, names as well, in the plural
    plurals_end: tuple[str, ...]  # all such endings, of nouns that are no names: "gunmen"
    negative: str  # ending that negates an auxiliary verb: "hasn't"
    adverbial: str  # ending of adverbs that aren't listed: "heavily"
    past: str  # ending of verbs that aren't listed, in the past
    endings: Mapping[Form, tuple[tuple[str, str], ...]]  # of regular verbs; see `inflected`

    # Words by their tag, those of `armed` and `unarmed` besides
    classes: Mapping[str, str]  # character of `Tag` -> its words
    armed: frozenset[str]  # nouns of armed actors
    unarmed: frozenset[str]  # nouns of those who do the same things and hold no ground

    # Verbs and what they govern, by lemma
    governors: Mapping[Governance, str]
    governing_nouns: Mapping[Governance, str]
    phrasal: Mapping[tuple[str, str], Governance]  # verbs that govern with a particle: rule "out"
    verbs: str  # others that a clause may have, so that its subject is found
    to_be: str  # the lemma whose forms are tagged Tag.BE …
    to_have: str  # … and the one of Tag.HAVE
    copulas: frozenset[str]  # verbs that are as "to be" is before a participle
    arising: frozenset[str]  # verbs of fighting that comes to be
    beginning: frozenset[str]  # verbs that say when what is told of began
    ending: frozenset[str]  # verbs that end a siege
    preventing: frozenset[str]  # verbs: "stop" from
    object_controls: frozenset[str]  # verbs of which the object does what the infinitive says

    # Verb groups
    being: frozenset[str]  # forms of "to be" that say where a thing is: "is 12 km from"
    participials: frozenset[str]  # auxiliaries that make a gerund of a group: "having" taken
    gerunds: frozenset[str]  # gerunds that are nouns: "fighting"
    not_yet: frozenset[str]  # "have yet to"
    no_longer: tuple[str, str]  # two words that negate together
    negating: frozenset[str]  # words before a verb that negate it
    negating_prepositions: frozenset[str]  # "without taking"
    ranks: frozenset[str]  # "the latest" to
    to_agent: frozenset[str]  # what leads to who did it in any frame: fell "to"
    agent: frozenset[str]  # what leads to who did it, after a passive: "by"
    particles: frozenset[str]  # between a verb and its object: cut "off"
    trailing: frozenset[str]  # particles after a verb without an object: broke "out"
    carrying_on: frozenset[str]  # words with which a clause goes on that might have ended before
    gerund_nouns: frozenset[str]  # prepositions between a noun and the gerund that it does
    topic: frozenset[str]  # prepositions between a verb of saying and what it is about: warned "of"
    against: frozenset[str]  # to warn "against"
    purpose: frozenset[str]  # to prepare "for"

    # Clauses
    whose: frozenset[str]  # relative pronouns of persons
    where: frozenset[str]  # relative adverbs of place
    relative_determiners: frozenset[str]  # relative words that a noun may follow: "where control"
    conditional: frozenset[str]  # "if"
    whether: frozenset[str]
    beside: frozenset[str]  # conjunctions of clauses that stand for themselves: "after"
    contrasting: frozenset[str]  # conjunctions that begin anew: "but"
    alternative: frozenset[str]  # conjunctions that keep a negation: "not enter or"

    # Noun phrases
    articles: frozenset[str]
    possessives: frozenset[str]  # "its", "their"
    pronominal: frozenset[str]  # determiners that stand alone: "both captured"
    none: frozenset[str]  # determiners that say there is none: "no"
    unsure: frozenset[str]  # determiners that say there may be none: "any"
    genitive: frozenset[str]  # the preposition of belonging: "of"
    joining: frozenset[str]  # prepositions within a noun phrase
    after_nouns: frozenset[str]  # prepositions that a noun has, where a verb of its form has none
    on_ground: frozenset[str]  # the same between a noun of fighting and its place: attacks "on"
    attached: frozenset[str]  # adjectives after a noun: forces "loyal" to …
    attaching: frozenset[str]  # … and the prepositions after them
    plurals: frozenset[str]  # nouns that are plural without an ending
    existential: frozenset[str]  # what stands for the subject: "there" is
    persons: frozenset[str]  # pronouns of one person

    # Actors and speakers
    parties: frozenset[str]  # nouns of speakers for a party to the conflict
    outsiders: frozenset[str]  # nouns of speakers for none
    partisan: frozenset[str]  # words that make an outsider a party: "state" television
    civil: frozenset[str]  # words that make an armed noun a civil one: an "aid" convoy
    capitals: frozenset[str]  # seats of government that stand for their state
    crowds: frozenset[str]  # determiners that stand alone for people: "thousands" fled
    last_actor: frozenset[str]  # nouns that, after an article, stand for the last armed actor
    openers: frozenset[str]  # determiners before an actor's name that are no part of it
    to_speakers: frozenset[str]  # "according" …
    speakers_to: frozenset[str]  # … "to"

    # Places
    extents: Mapping[Extent, str]  # nouns and quantifiers of how much of a place
    places: frozenset[str]  # nouns that a place's name may follow: "the town of"
    several: frozenset[str]  # the same in the plural, of which "in" and "near" name others
    such_as: frozenset[str]  # between "cities" and their names
    naming: tuple[str, str]  # two words that do the same together
    all_of: frozenset[str]  # determiners of several places spoken of before: "both" towns
    inside: frozenset[str]  # prepositions that lead to a place, not away from it
    anaphors: frozenset[str]  # nouns that, after a determiner, stand for the last place …
    pointing: frozenset[str]  # … and the determiners
    it: frozenset[str]  # pronouns of a place
    them: frozenset[str]  # pronouns of several
    there: frozenset[str]  # adverbs that stand for a place
    fronted: frozenset[str]  # prepositions before a place that opens a sentence: "In Hama, …"
    repeated: frozenset[str]  # prepositions that may stand again in a list: in A and "in" B
    adding: tuple[tuple[str, ...], ...]  # phrases within a list, the longer first: A "as well as" B
    source: frozenset[str]  # "from" A …
    goal: frozenset[str]  # … "to" B

    # What qualifies a claim
    starts: frozenset[str]  # nouns of what began on a day: "the offensive, which began on"
    doubtful: frozenset[str]  # adjectives that say that what their noun names may be
    planned: frozenset[str]  # adjectives that say that it is planned
    hearsay: frozenset[str]  # "reports": what is said is so only if the verb takes it so
    inverted: frozenset[str]  # verbs before their subject that mean "if"
    indefinite: frozenset[str]  # "whoever" takes it
    awaiting: frozenset[str]  # conjunctions that, with the present tense, say it is yet to be
    present: frozenset[str]  # present forms of "to be"
    in_case: tuple[str, str]  # two words that make a conjunction of the second
    falsehoods: frozenset[str]  # what reports are said to be
    long_ago: frozenset[str]  # units of time so long that what lies beyond is history

    # Measures
    numbers: Mapping[str, float]
    kilometres: Mapping[str, float]  # unit -> kilometres
    comparing: frozenset[str]  # words around an adverb before a distance: "as" close as
    directions: Mapping[str, str]  # word -> wind

    @cached_property
    def verb_forms(self) -> dict[str, tuple[tuple[str, Form], ...]]:
        """Map each form of each verb to the lemmas and forms that it may be."""
        forms: dict[str, dict[tuple[str, Form], None]] = {}
        listed = [self.verbs, *self.governors.values()]
        listed += [trigger.words for trigger in self.triggers if not trigger.of_nouns]
        for verbs in listed:
            for verb in verbs.replace("*", "").split():
                for word, form in self.inflected(verb):
                    forms.setdefault(word, {})[verb.partition("/")[0], form] = None
        return {word: tuple(found) for word, found in forms.items()}

    def inflected(self, verb: str) -> Iterator[tuple[str, Form]]:
        """Yield the forms of a verb, given as its base or as `base/past/participle`.

        A form that isn't given is made by the first of the form's `endings` of which the pattern
        is found in the base, and is replaced. The forms of `to_be` are words of a class.
        """
        base, *given = verb.split("/")
        irregular = dict(zip((Form.PAST, Form.PARTICIPLE), given, strict=False))
        yield base, Form.BASE
        for form, rules in self.endings.items() if base != self.to_be else ():
            if form in irregular:
                yield irregular[form], form
                continue
            pattern, ending = next(rule for rule in rules if re.search(rule[0], base))
            yield re.sub(pattern, ending, base, count=1), form

    @cached_property
    def lexicon(self) -> dict[str, str]:
        """Map each word of a class to its tag."""
        known = {word: tag for tag, listed in self.classes.items() for word in listed.split()}
        known |= dict.fromkeys(self.armed, Tag.ARMED)
        return known | dict.fromkeys(self.unarmed, Tag.UNARMED)

    @cached_property
    def prepositions(self) -> frozenset[str]:
        """Return the prepositions, that of the infinitive among them."""
        leading = (Tag.PREPOSITION, Tag.TO)
        return frozenset(word for word, tag in self.lexicon.items() if tag in leading)

    @cached_property
    def governance(self) -> dict[str, Governance]:
        """Map the lemma of each governing verb to what it does."""
        return {
            verb.partition("/")[0]: kind
            for kind, verbs in self.governors.items()
            for verb in verbs.split()
        }

    @cached_property
    def noun_governance(self) -> dict[str, Governance]:
        """Map each governing noun to what it does."""
        return {n: kind for kind, nouns in self.governing_nouns.items() for n in nouns.split()}

    def governance_of(self, lemmas: Iterable[str]) -> Governance | None:
        """Return what a verb does to what it governs, None for one that governs nothing."""
        governance = self.governance
        for lemma in lemmas:
            if lemma in governance:
                return governance[lemma]
        return None

    def speaks(self, lemmas: Iterable[str]) -> Governance | None:
        """Return what a verb of saying, denying, planning or fearing does; None for others."""
        found = self.governance_of(lemmas)
        return None if found is Governance.PASSES else found

    @cached_property
    def verb_triggers(self) -> dict[str, list[Trigger]]:
        """Map the lemma of each verb to its triggers, those with more words first."""
        return self._by_word(nouns=False)

    @cached_property
    def noun_triggers(self) -> dict[str, list[Trigger]]:
        """Map each noun to its triggers."""
        return self._by_word(nouns=True)

    def _by_word(self, *, nouns: bool) -> dict[str, list[Trigger]]:
        found: dict[str, list[Trigger]] = {}
        for trigger in sorted(self.triggers, key=lambda t: -len(t.frame.split())):
            for word in trigger.words.split():
                if trigger.of_nouns is nouns:
                    found.setdefault(word.lstrip("=").partition("/")[0], []).append(trigger)
        return found

    @cached_property
    def extent_of(self) -> dict[str, Extent]:
        """Map each word that says how much of a place to the extent."""
        return {word: kind for kind, listed in self.extents.items() for word in listed.split()}

    def distances(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Yield the (start, end) of each distance in a text, and its kilometres.

        A distance is a number, in digits or words, and a unit. Units are the rarer of the two, so
        they are looked for, and then the number before.
        """
        for unit in self._unit.finditer(text):
            start = unit.start()
            number = self._number.search(text, max(start - _NUMBER_WITHIN, 0), start)
            if number is not None:
                km = self._amount(number[1]) * self.kilometres[unit[0].lower()]
                yield number.start(), unit.end(), km

    @cached_property
    def _unit(self) -> re.Pattern[str]:
        units = "|".join(sorted(self.kilometres, key=len, reverse=True))
        return re.compile(rf"(?<![^\W\d_])(?ai:{units})\b")

    @cached_property
    def _number(self) -> re.Pattern[str]:
        """Match a number at the end of what is searched."""
        numbers = "|".join(sorted(self.numbers, key=len, reverse=True))
        in_words = rf"(?ai:(?:{numbers})(?:[- ](?:{numbers}))?)"
        return re.compile(rf"\b({_THOUSANDS.pattern}|\d+(?:[.,]\d+)?|{in_words})[- ]?$")

    def _amount(self, number: str) -> float:
        """Return a number; of two in words, the second may be the hundreds, or half, of the first.

        A comma before three digits parts thousands ("1,200"), else decimals ("1,5").
        """
        if number[0].isdigit():
            thousands = _THOUSANDS.fullmatch(number) is not None
            return float(number.replace(",", "" if thousands else "."))
        parts = [self.numbers[part] for part in re.split(r"[- ]", number.lower())]
        shares = len(parts) == 2 and (parts[1] >= 100 or 0.5 in parts)
        return parts[0] * parts[1] if shares else sum(parts)


_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
#: A number and its space have no more characters.
_NUMBER_WITHIN = 24


def words(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())
