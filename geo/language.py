"""What a language is to the reader of claims: its words by class, and a table of triggers.

A language is data, an instance of `Language` such as `frontmap.geo.english.ENGLISH`; nothing here
or in `clauses` and `claims` names a word of it. Classes are those of traditional grammar, for
languages that put the subject before the verb and the object after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from frontmap.geo.datewords import DateWords
from frontmap.geo.reading import Extent, Relation

__all__ = ["Form", "Governance", "Language", "Trigger", "inflect", "words"]


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

    `frame` shows what stands around the word `_`: `A` who does it, `B` whom or what it is done to,
    `P` the place, `Q` a distance, and literal words ("a|b" alternatives, "a?" optional).
    Determiners, adverbs and dates may stand between them. `words` are verbs ("take/took/taken"
    where irregular), or nouns after "=". With `armed` the actor has to be armed by the words for
    it, since people who leave a town or reach it change nothing.
    """

    relation: Relation
    frame: str
    words: str
    examples: tuple[str, ...]
    armed: bool = False
    extent: Extent | None = None

    @property
    def rule(self) -> str:
        """Name the trigger."""
        return f"{self.relation}: {self.frame}"


@dataclass(frozen=True)
class Language:
    """The words of a language; see the module of one for what each class holds."""

    code: str  # BCP 47
    dates: DateWords
    triggers: tuple[Trigger, ...]
    governors: Mapping[Governance, str]  # verbs
    governing_nouns: Mapping[Governance, str]
    verbs: str  # others that a clause may have, so that its subject is found
    classes: Mapping[str, str]  # tag of `clauses.Tag` -> its words
    armed: frozenset[str]  # nouns of armed actors
    unarmed: frozenset[str]  # nouns of those who do the same things and hold no ground
    parties: frozenset[str]  # nouns of speakers for a party to the conflict
    outsiders: frozenset[str]  # nouns of speakers for none
    persons: frozenset[str]  # pronouns of one person
    articles: frozenset[str]
    possessives: frozenset[str]  # "its", "their"
    attached: frozenset[str]  # adjectives after a noun: forces "loyal" to
    not_yet: frozenset[str]  # "have yet to"
    arising: frozenset[str]  # verbs of fighting that comes to be
    particles: frozenset[str]  # between a verb and its object: cut "off"
    whose: frozenset[str]  # relative pronouns of persons
    copulas: frozenset[str]  # verbs that are as "to be" is before a participle
    preventing: frozenset[str]  # verbs: "stop" from
    falsehoods: frozenset[str]  # what reports are said to be
    ranks: frozenset[str]  # "the latest" to
    phrasal: Mapping[str, Governance]  # verbs with a particle
    to_speakers: frozenset[str]  # "according" to
    ending: frozenset[str]  # verbs that end a siege
    such_as: frozenset[str]  # between "cities" and their names
    long_ago: frozenset[str]  # units of time so long that what lies beyond is history
    civil: frozenset[str]  # words that make an armed noun a civil one: an "aid" convoy
    partisan: frozenset[str]  # words that make an outsider a party: "state" television
    capitals: frozenset[str]  # seats of government that stand for their state
    extents: Mapping[Extent, str]  # nouns and quantifiers of how much of a place
    places: frozenset[str]  # nouns that a place's name may follow: "the town of"
    several: frozenset[str]  # the same in the plural, of which "in" and "near" name others
    inside: frozenset[str]  # prepositions that lead to a place, not away from it
    anaphors: frozenset[str]  # nouns that, after an article, stand for the last place
    last_actor: frozenset[str]  # nouns that, after an article, stand for the last armed actor
    numbers: Mapping[str, float]
    kilometres: Mapping[str, float]  # unit -> kilometres
    directions: Mapping[str, str]  # word -> wind
    starts: frozenset[str]  # nouns of what began on a day: "the offensive, which began on"
    doubtful: frozenset[str]  # adjectives that say that what their noun names may be
    planned: frozenset[str]  # adjectives that say that it is planned
    gerunds: frozenset[str]  # gerunds that are nouns: "fighting"
    plurals: frozenset[str]  # nouns that are plural without an s
    pronominal: frozenset[str]  # determiners that stand alone: "both captured"
    object_controls: frozenset[str]  # verbs of which the object does what the infinitive says
    joining: frozenset[str]  # prepositions within a noun phrase
    negating: frozenset[str]  # words before a verb that negate it
    negating_prepositions: frozenset[str]  # "without taking"
    conditional: frozenset[str]  # "if"
    whether: frozenset[str]
    beside: frozenset[str]  # conjunctions of clauses that stand for themselves: "after"

    @cached_property
    def verb_forms(self) -> dict[str, list[tuple[str, Form]]]:
        """Map each form of each verb to the lemmas and forms that it may be."""
        forms: dict[str, dict[tuple[str, Form], None]] = {}
        listed = [self.verbs, *self.governors.values()]
        listed += [t.words for t in self.triggers if not t.words.startswith("=")]
        for words in listed:
            for verb in words.replace("*", "").split():
                for word, form in inflect(verb):
                    forms.setdefault(word, {})[verb.partition("/")[0], form] = None
        return {word: list(found) for word, found in forms.items()}

    @cached_property
    def lexicon(self) -> dict[str, str]:
        """Map each word of a class to its tag; the first class that has it counts."""
        known: dict[str, str] = {}
        for tag, words in [*self.classes.items(), ("A", self.armed), ("U", self.unarmed)]:
            for word in words.split() if isinstance(words, str) else words:
                known.setdefault(word.lower(), tag)
        return known

    @cached_property
    def prepositions(self) -> frozenset[str]:
        """Return the prepositions, "to" among them."""
        return frozenset(w for w, tag in self.lexicon.items() if tag in "pt")

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
        return next((self.governance[lemma] for lemma in lemmas if lemma in self.governance), None)

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
                if word.startswith("=") is nouns:
                    found.setdefault(word.lstrip("=").partition("/")[0], []).append(trigger)
        return found

    @cached_property
    def extents_by_word(self) -> dict[str, Extent]:
        """Map each word of how much to the extent."""
        return {w: kind for kind, words in self.extents.items() for w in words.split()}

    def extent_of(self, word: str) -> Extent | None:
        """Return how much of a place a word says, None where it says nothing of it."""
        return self.extents_by_word.get(word)

    @cached_property
    def distance(self) -> re.Pattern[str]:
        """Match a distance: a number, in digits or words, and its unit."""
        numbers = "|".join(sorted(self.numbers, key=len, reverse=True))
        units = "|".join(sorted(self.kilometres, key=len, reverse=True))
        number = rf"\d+(?:[.,]\d+)?|(?:{numbers})(?:[- ](?:{numbers}))?"
        return re.compile(rf"\b({number})[- ]?({units})\b", re.IGNORECASE)

    def measure(self, number: str, unit: str) -> float | None:
        """Return a distance in kilometres."""
        if number[0].isdigit():
            amount = float(number.replace(",", "."))
        else:
            parts = [self.numbers[part] for part in re.split(r"[- ]", number.lower())]
            amount = parts[0] * parts[1] if len(parts) == 2 and parts[1] >= 100 else sum(parts)
        return amount * self.kilometres[unit.lower()]


def words(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.lower().split())


def inflect(verb: str) -> Iterator[tuple[str, Form]]:
    """Yield the forms of an English verb, given as its base or as `base/past/participle`."""
    base, *irregular = verb.split("/")
    yield base, Form.BASE
    if base == "be":
        return
    sibilant = base.endswith(("s", "sh", "ch", "x", "z", "o"))
    hard_y = base.endswith("y") and base[-2] not in "aeiou"
    yield (base[:-1] + "ies" if hard_y else base + ("es" if sibilant else "s")), Form.THIRD
    doubled = base + base[-1] if _doubles(base) else base
    stem = base[:-1] if base.endswith("e") and not base.endswith(("ee", "ye")) else doubled
    regular = (base[:-1] + "ied") if hard_y else (stem if stem != base else base) + "ed"
    if base.endswith(("ee", "ye")):
        regular = base + "d"
    past, participle = irregular if irregular else (regular, regular)
    yield past, Form.PAST
    yield participle, Form.PARTICIPLE
    yield (base[:-2] + "ying" if base in ("lie", "die") else stem + "ing"), Form.GERUND


def _doubles(base: str) -> bool:
    """Say whether the last consonant is doubled: grab, grabbed; quit, quitting."""
    if len(base) < 3 or base[-1] in "aeiouwxy" or base[-2] not in "aeiou":
        return False
    if base[-3] in "aeiou":
        return base.endswith(("quit", "quip"))
    vowels = sum(letter in "aeiou" for letter in base)
    return vowels == 1 or base in _STRESSED_LAST


#: Verbs of several syllables that double their last consonant.
_STRESSED_LAST = frozenset(
    [
        "admit",
        "begin",
        "commit",
        "compel",
        "control",
        "expel",
        "infer",
        "overrun",
        "patrol",
        "permit",
        "propel",
        "refer",
        "regret",
        "repel",
        "rebel",
        "unplug",
    ]
)
