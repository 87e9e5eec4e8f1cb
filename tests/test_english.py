"""English as data: every example of a trigger is read, and its lists of words hold together."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from itertools import chain, combinations
from typing import Any

import pytest
from known_places import STATES, TOWNS, claims_in

from frontmap.geo.english import ENGLISH
from frontmap.geo.language import Form, Language, Tag, Trigger

EXAMPLES = [(trigger, text) for trigger in ENGLISH.triggers for text in trigger.examples]
#: Fields that aren't lists of words in small letters.
NOT_WORDS = ("abbreviations", "capitals", "code", "dates", "endings", "triggers")


@pytest.mark.parametrize(("trigger", "text"), EXAMPLES, ids=[text for _, text in EXAMPLES])
def test_an_example_yields_a_claim_by_its_trigger(trigger: Trigger, text: str) -> None:
    found = [claim for claim in claims_in(text) if claim.rule == trigger.rule]
    assert any(claim.is_live and claim.relation is trigger.relation for claim in found)


def test_every_trigger_has_an_example() -> None:
    assert [trigger.rule for trigger in ENGLISH.triggers if not trigger.examples] == []


def listed(value: Any) -> Iterator[str]:
    """Yield the words of a field of a language."""
    if isinstance(value, str):
        yield from value.split()
    elif isinstance(value, Mapping):
        # Numbers, units and winds are keys; a class of words is what a key stands for.
        keys = any(not isinstance(each, str) for each in value.values())
        yield from chain.from_iterable(map(listed, value if keys else value.values()))
    else:
        yield from chain.from_iterable(map(listed, value))


def test_words_are_in_small_letters() -> None:
    for field in fields(Language):
        if field.name not in NOT_WORDS:
            found = list(listed(getattr(ENGLISH, field.name)))
            assert found, field.name
            assert [word for word in found if word != word.lower()] == [], field.name
    for trigger in ENGLISH.triggers:
        assert trigger.words == trigger.words.lower()


def test_no_list_has_a_word_twice() -> None:
    lists = [ENGLISH.verbs, *(trigger.words for trigger in ENGLISH.triggers)]
    for group in (ENGLISH.governors, ENGLISH.governing_nouns, ENGLISH.classes, ENGLISH.extents):
        lists += group.values()
    twice = [word for words in lists for word, n in Counter(words.split()).items() if n > 1]
    assert twice == []


def exclusive() -> dict[str, list[frozenset[str]]]:
    """Return groups of lists of which a word can be in one only."""
    tags = [*ENGLISH.classes.values()]
    return {
        "tags": [frozenset(words.split()) for words in tags] + [ENGLISH.armed, ENGLISH.unarmed],
        "governors": [
            frozenset(verb.partition("/")[0] for verb in verbs.split())
            for verbs in ENGLISH.governors.values()
        ],
        "governing nouns": [frozenset(n.split()) for n in ENGLISH.governing_nouns.values()],
        "extents": [frozenset(words.split()) for words in ENGLISH.extents.values()],
        "adjectives": [ENGLISH.doubtful, ENGLISH.planned],
        "determiners": [ENGLISH.none, ENGLISH.unsure],
        "conjunctions": [ENGLISH.conditional, ENGLISH.whether, ENGLISH.beside],
        "qualities": [ENGLISH.partisan, ENGLISH.civil],
        "pronouns": [ENGLISH.it, ENGLISH.them, ENGLISH.persons],
    }


@pytest.mark.parametrize("group", exclusive())
def test_no_word_is_in_two_classes_that_exclude_each_other(group: str) -> None:
    assert [a & b for a, b in combinations(exclusive()[group], 2) if a & b] == []


def test_a_verb_has_the_same_forms_in_every_list() -> None:
    listed = [ENGLISH.verbs, *ENGLISH.governors.values()]
    listed += [trigger.words for trigger in ENGLISH.triggers if not trigger.of_nouns]
    forms: dict[str, set[str]] = {}
    for verb in " ".join(listed).split():
        forms.setdefault(verb.partition("/")[0], set()).add(verb)
    assert [same for same in forms.values() if len(same) > 1] == []


@pytest.mark.parametrize(
    "name",
    ("arising", "beginning", "copulas", "ending", "object_controls", "preventing"),
)
def test_classes_of_verbs_have_verbs_that_are_known(name: str) -> None:
    lemmas = {lemma for forms in ENGLISH.verb_forms.values() for lemma, _ in forms}
    assert getattr(ENGLISH, name) - lemmas == set()


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("agent", Tag.PREPOSITION),
        ("conditional", Tag.SUBORDINATOR),
        ("contrasting", Tag.CONJUNCTION),
        ("crowds", Tag.DETERMINER),
        ("genitive", Tag.PREPOSITION),
        ("joining", Tag.PREPOSITION + Tag.TO),
        ("pronominal", Tag.DETERMINER),
        ("whether", Tag.SUBORDINATOR),
        ("whose", Tag.RELATIVE),
    ],
)
def test_classes_have_words_with_the_tag_they_are_looked_for_by(name: str, tags: str) -> None:
    found = {word: ENGLISH.lexicon.get(word, "none") for word in getattr(ENGLISH, name)}
    special = set(ENGLISH.in_case)  # made a conjunction where it stands
    assert {word for word, tag in found.items() if tag not in tags} <= special


def test_frames_are_written_in_their_notation() -> None:
    element = re.compile(r"[ABPQV$]|(?:[a-z-]+\|)*[a-z-]+")
    for trigger in ENGLISH.triggers:
        before, after = trigger.frame.split("_")
        assert all(element.fullmatch(e.rstrip("?")) for e in (*before.split(), *after.split()))
        assert bool(before.strip()) is not trigger.of_nouns


@pytest.mark.parametrize(
    ("verb", "third", "past", "participle", "gerund"),
    [
        ("capture", "captures", "captured", "captured", "capturing"),
        ("seize", "seizes", "seized", "seized", "seizing"),
        ("push", "pushes", "pushed", "pushed", "pushing"),
        ("carry", "carries", "carried", "carried", "carrying"),
        ("destroy", "destroys", "destroyed", "destroyed", "destroying"),
        ("free", "frees", "freed", "freed", "freeing"),
        ("grab", "grabs", "grabbed", "grabbed", "grabbing"),
        ("stop", "stops", "stopped", "stopped", "stopping"),
        ("enter", "enters", "entered", "entered", "entering"),
        ("repel", "repels", "repelled", "repelled", "repelling"),
        ("control", "controls", "controlled", "controlled", "controlling"),
        ("retreat", "retreats", "retreated", "retreated", "retreating"),
        ("regain", "regains", "regained", "regained", "regaining"),
        ("attack", "attacks", "attacked", "attacked", "attacking"),
        ("die", "dies", "died", "died", "dying"),
        ("quit/quit/quit", "quits", "quit", "quit", "quitting"),
        ("take/took/taken", "takes", "took", "taken", "taking"),
        ("go/went/gone", "goes", "went", "gone", "going"),
        ("overrun/overran/overrun", "overruns", "overran", "overrun", "overrunning"),
    ],
)
def test_verbs_are_inflected(
    verb: str, third: str, past: str, participle: str, gerund: str
) -> None:
    assert dict((form, word) for word, form in ENGLISH.inflected(verb)) == {
        Form.BASE: verb.partition("/")[0],
        Form.THIRD: third,
        Form.PAST: past,
        Form.PARTICIPLE: participle,
        Form.GERUND: gerund,
    }


# Another language: English in a cipher that keeps the length of words. If the reader knew a word of
# English by itself, it could not read this.


def cipher(text: str) -> str:
    """Exchange each letter for another."""
    return codecs.encode(text, "rot13")


def cipher_small(text: str) -> str:
    """Exchange small letters: the capitals of a frame are its notation."""
    return re.sub(r"[a-z]+", lambda found: cipher(found[0]), text)


def ciphered(value: Any) -> Any:
    """Return a field of a language in cipher; what isn't words stays."""
    if isinstance(value, str):
        return cipher_small(value)
    if isinstance(value, Trigger):
        return replace(value, frame=cipher_small(value.frame), words=cipher_small(value.words))
    if isinstance(value, (frozenset, tuple)):
        return type(value)(map(ciphered, value))
    if isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values()):
        return {key: ciphered(each) for key, each in value.items()}
    return {ciphered(key): each for key, each in value.items()}


def in_cipher() -> Language:
    """Return English in cipher."""
    changed = {
        field.name: ciphered(getattr(ENGLISH, field.name))
        for field in fields(Language)
        if field.name not in ("capitals", "code", "dates", "endings", "phrasal", "directions")
    }
    endings = {
        form: tuple((cipher_small(pattern), _replacement(ending)) for pattern, ending in rules)
        for form, rules in ENGLISH.endings.items()
    }
    phrasal = {ciphered(words): kind for words, kind in ENGLISH.phrasal.items()}
    directions = {cipher(word): wind for word, wind in ENGLISH.directions.items()}
    changed |= {"endings": endings, "phrasal": phrasal, "directions": directions}
    return replace(ENGLISH, **changed)


def _replacement(ending: str) -> str:
    return re.sub(r"\\g<0>|[a-z]+", lambda f: f[0] if "<" in f[0] else cipher(f[0]), ending)


def in_cipher_but_names(text: str) -> str:
    """Return a text in cipher, the names of places as they are."""
    names = re.compile(rf"\b(?:{'|'.join((*TOWNS, *STATES))})\b")
    pieces = zip(names.split(text), [*names.findall(text), ""], strict=True)
    return "".join(cipher(piece) + name for piece, name in pieces)


def test_a_language_is_data_alone() -> None:
    language = in_cipher()
    assert language.verb_forms.keys() == {cipher(word) for word in ENGLISH.verb_forms}
    for text in (*(text for _, text in EXAMPLES), *MORE_FOR_CIPHER):
        told = [outline(claim) for claim in claims_in(text, language=ENGLISH)]
        secret = claims_in(in_cipher_but_names(text), language=language)
        assert [outline(claim) for claim in secret] == told, text


def outline(claim: Any) -> tuple[Any, ...]:
    """Return what a claim says that is no word of its language."""
    return (
        *(claim.start, claim.end, claim.relation, claim.status, claim.extent),
        *(claim.distance_km, claim.direction, claim.actor and len(claim.actor)),
        *(claim.attribution and len(claim.attribution), claim.attribution_is_party),
    )


MORE_FOR_CIPHER = (
    "The army denied that it had lost Hama. It may yet leave Rastan, according to residents.",
    "If Hama falls, the rebels will take Homs as well as Rastan, the army's spokesman said.",
    "Rebels, who are ten kilometres north of Homs, have not entered most of its suburbs.",
    "There is fighting in the town of Rastan. Soldiers no longer hold both of the towns.",
    "In Hama, rebels have been fighting. Neither Homs nor Rastan has fallen, Moscow insisted.",
    "Troops were stopped from entering Hama, which they had ruled out leaving.",
    "It is unclear whether the group, the latest to enter Homs, then withdrew from it.",
)
