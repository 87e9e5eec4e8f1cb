"""The words of a text, sentence by sentence, each with a tag of what it is there.

Toponyms, dates and distances are one word each: they are masked, so that their own words don't
matter. Any other word is tagged by the language's classes, else by its spelling; then it is settled
by its neighbours whether what looks like a verb is one ("the rebels control", "the control of").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from frontmap.geo.language import Form, Governance, Language, Tag
from frontmap.geo.reading import Toponym
from frontmap.geo.timex import DateMention

__all__ = [
    "LOOSE",
    "LOOSE_OR_COMMA",
    "NOUNS",
    "PHRASE",
    "Word",
    "find_masks",
    "sentence_spans",
    "tag_words",
]

#: Tags of words that may be the main word of a noun phrase, and that may stand in one.
NOUNS = frozenset("nNAUP")
PHRASE = NOUNS | frozenset("djs")
#: Tags of words that may stand anywhere: adverbs and dates.
LOOSE = frozenset("rT")
LOOSE_OR_COMMA = LOOSE | {Tag.COMMA}

_APOSTROPHES = "'’"
_PUNCTUATION = {
    **dict.fromkeys(",()–—-[]", Tag.COMMA),
    **dict.fromkeys(";:.!?…", Tag.STOP),
}
_SKIPPED = frozenset("\"“”„«»‘'’`*|")

# The end of a sentence: a mark before a capital or a digit, an empty line, a bullet. Marks in a row
# are taken together, hence the look behind, which spares trying each of them.
_END = re.compile(
    r"(?<![.!?…])[.!?…]+[\"”’')\]]*(?=\s+[\"“‘'(\[]*[^\Wa-z_])|\n\s*\n|\n(?=\s*[-•*])"
)
#: What is longer is a table, or a page without full stops, and read in pieces no longer than this.
_LONGEST_SENTENCE = 2_000

#: The forms of verbs that tell of what has been.
_PAST = (Form.PAST, Form.PARTICIPLE)

Forms = tuple[tuple[str, Form], ...]


@dataclass(slots=True)
class Word:
    """One word of a sentence, at text[start:end]; what it masks, if anything.

    `low` is the word in small letters, "" of a date or distance; `forms` are the (lemma, form)
    pairs that it may be of, whether or not it is a verb where it stands.
    """

    text: str
    start: int
    end: int
    tag: str
    low: str
    place: Toponym | None = None
    date: DateMention | None = None
    km: float | None = None
    forms: Forms = ()

    @property
    def lemmas(self) -> Iterator[str]:
        """Yield the verbs that it may be a form of."""
        return (lemma for lemma, _ in self.forms)

    def may_be(self, *wanted: Form) -> bool:
        """Say whether it may be one of some forms of a verb."""
        return any(form in wanted for _, form in self.forms)

    def must_be(self, *wanted: Form) -> bool:
        """Say whether it can be no other form of a verb than some."""
        return all(form in wanted for _, form in self.forms)


# Sentences


def sentence_spans(text: str, language: Language) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence, without the space around it."""
    no_end, width = _no_end(language)
    start = 0
    for found in _END.finditer(text):
        stop = found.start() + 1
        if found[0][0] == "." and no_end.search(text, max(start, stop - width), stop):
            continue
        yield from _pieces(text, start, found.end())
        start = found.end()
    yield from _pieces(text, start, len(text))


@lru_cache
def _no_end(language: Language) -> tuple[re.Pattern[str], int]:
    """Match a full stop after an initial or a title; return its greatest width, too."""
    listed = language.abbreviations.split()
    pattern = rf"\b(?:[A-Z]|{'|'.join(map(re.escape, listed))})\.$"
    return re.compile(pattern), max(map(len, listed)) + 1


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence without the space around it, in pieces that end at a space if it is long."""
    while end - start > _LONGEST_SENTENCE:
        cut = text.rfind(" ", start + 1, start + _LONGEST_SENTENCE)
        cut = cut if cut > start else start + _LONGEST_SENTENCE
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if stripped := part.strip():
        start += len(part) - len(part.lstrip())
        yield start, start + len(stripped)


# Words


def find_masks(
    text: str, toponyms: Sequence[Toponym], dates: Sequence[DateMention], language: Language
) -> list[Word]:
    """Return the words of a text that stand for several, in order, without overlap.

    Of those that overlap the first counts; of those that begin together, the longest.
    """
    masks = [
        Word(t.surface, t.start, t.end, Tag.PLACE, t.surface.lower(), place=t) for t in toponyms
    ]
    masks += [Word(text[d.start : d.end], d.start, d.end, Tag.DATE, "", date=d) for d in dates]
    masks += [
        Word(text[start:end], start, end, Tag.DISTANCE, "", km=km)
        for start, end, km in language.distances(text)
    ]
    masks.sort(key=lambda word: (word.start, -word.end))
    kept: list[Word] = []
    for word in masks:
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return kept


def tag_words(
    text: str, span: tuple[int, int], masks: Sequence[Word], language: Language
) -> list[Word]:
    """Return the words of a sentence with their tags, the masks among them in their places."""
    words: list[Word] = []
    start, end = span
    for mask in masks:
        words += _tokens(text, start, mask.start, language)
        words.append(mask)
        start = mask.end
    words += _tokens(text, start, end, language)
    if words:
        _join_pairs(words, language)
        _settle_first(words[0], language)
        _Settler(words, language).settle()
    return words


def _tokens(text: str, start: int, end: int, language: Language) -> Iterator[Word]:
    for found in _token(language).finditer(text, start, end):
        word = found[0]
        tag, low, forms = _alone(word, language)
        if tag == Tag.POSSESSIVE and len(word) == 1:  # "the rebels' town", or a quotation mark
            if text[found.start() - 1 : found.start()] == language.possessive:
                yield Word(word, found.start(), found.end(), tag, low)
        elif tag:
            yield Word(word, found.start(), found.end(), tag, low, forms=forms)


@lru_cache
def _token(language: Language) -> re.Pattern[str]:
    """Match a number, an ending that says whose something is, a word, or any other sign."""
    owner = re.escape(language.possessive)
    return re.compile(
        rf"\d+(?:[.,:]\d+)*(?:{'|'.join(sorted(language.ordinals))})?\b|\d+"
        rf"|['’]{owner}\b|['’](?=\s)"
        rf"|[^\W\d_](?:[^\W\d_]|[-.&](?=[^\W_])|['’](?!{owner}\b)(?=[^\W\d_])|\d)*|\S"
    )


@lru_cache(maxsize=1 << 16)
def _alone(word: str, language: Language) -> tuple[str, str, Forms]:
    """Return the tag of a word by itself, the word in small letters, and its forms as a verb.

    The tag is "" of marks that mean nothing here, and that of a possessive of every apostrophe.
    """
    if tag := _PUNCTUATION.get(word):
        return tag, word, ()
    if word[0] in _APOSTROPHES and word[1:] in ("", language.possessive):
        return Tag.POSSESSIVE, word, ()
    if word in _SKIPPED:
        return "", word, ()
    low = word.lower().replace("’", "'")
    forms = language.verb_forms.get(low, ())
    if tag := language.lexicon.get(low):
        return tag, low, forms
    if forms:
        return Tag.VERB, low, forms
    if word[0].isupper():
        return Tag.NAME, low, ()
    if low[0].isdigit():
        return Tag.DETERMINER, low, ()
    if low.endswith(language.negative):
        return Tag.NEGATION, low, ()
    if low.endswith(language.adverbial):
        return Tag.ADVERB, low, ()
    if low.endswith(language.past) and len(low) > len(language.past) + 2 and "-" not in low:
        return Tag.VERB, low, tuple((low, form) for form in _PAST)
    return Tag.NOUN, low, ()


def _join_pairs(words: Sequence[Word], language: Language) -> None:
    """Tag what words are together: "there is", "no longer", and "on" of "on Friday"."""
    for word, after in pairwise(words):
        if word.low in language.existential and after.tag in (Tag.BE, Tag.MODAL):
            word.tag = Tag.PRONOUN
        if (word.low, after.low) == language.in_case:
            after.tag = Tag.SUBORDINATOR
        if (word.low, after.low) == language.no_longer:
            word.tag, after.tag = Tag.NEGATION, Tag.ADVERB
    for word, after in zip(words[-2::-1], words[:0:-1], strict=True):
        if word.tag == Tag.PREPOSITION and after.tag == Tag.DATE:
            word.tag = Tag.DATE


def _settle_first(first: Word, language: Language) -> None:
    """Tag the first word of a sentence, which may be capitalised by its place alone."""
    if first.tag == Tag.THAT:
        first.tag = Tag.DETERMINER
    elif first.tag == Tag.NAME and first.low.endswith(language.plural) and not first.text.isupper():
        first.tag = Tag.NOUN  # "Survivors"


# Verbs, or nouns that look like them


#: Tags between a word and the beginning of the phrases before it.
_WITHIN_PHRASES = PHRASE | LOOSE
#: Tags of the words between which a noun and its verb stand.
_BREAKS = frozenset("v,;cS?w")
#: Tags of words that a verb in the present follows, and of nouns that may be its subject.
_BEFORE_PRESENT = frozenset("tmlx!wo")
_SUBJECTS = frozenset("AUnNP?")
#: How many words back the subject of a verb is looked for.
_SUBJECT_WITHIN = 9


class _Settler:
    """Settles which words of a sentence are verbs, from the first to the last."""

    def __init__(self, words: list[Word], language: Language) -> None:
        self.words, self.language = words, language

    def settle(self) -> None:
        """Give every word that may be a verb, and every "to", its tag where it stands."""
        for i, word in enumerate(self.words):
            if word.tag == Tag.VERB:
                word.tag = self._tag_of_verb(i)
            elif word.tag == Tag.TO:
                word.tag = self._tag_of_to(i)
        for word, after in pairwise(self.words):
            if (
                word.tag == after.tag == Tag.VERB
                and after.may_be(Form.PARTICIPLE)
                and not self.language.copulas.isdisjoint(word.lemmas)
            ):
                word.tag = Tag.BE  # "remains besieged"

    def _tag_of_to(self, i: int) -> str:
        """Tell "to" before a verb from the preposition: "to leave", "to the town"."""
        words = self.words
        if i and words[i - 1].low in self.language.to_speakers:
            return Tag.PREPOSITION
        following = next((word for word in words[i + 1 :] if word.tag != Tag.ADVERB), None)
        if following is not None and (
            following.may_be(Form.BASE) or following.tag in (Tag.BE, Tag.HAVE)
        ):
            return Tag.TO
        if not self._is_unknown_infinitive(i + 1):
            return Tag.PREPOSITION
        words[i + 1].tag = Tag.VERB
        words[i + 1].forms = ((words[i + 1].low, Form.BASE),)
        return Tag.TO

    def _is_unknown_infinitive(self, i: int) -> bool:
        """Say whether a word after "to" is a verb that isn't listed: "to relieve the garrison"."""
        if i + 1 >= len(self.words) or self.words[i].tag != Tag.NOUN:
            return False
        return self.words[i + 1].tag in (Tag.DETERMINER, Tag.PLACE, Tag.PRONOUN, Tag.ARMED)

    def _tag_of_verb(self, i: int) -> str:
        """Tell a verb from a noun or adjective of its form by what stands around it."""
        word = self.words[i]
        before = self._before(i)
        after = self.words[i + 1] if i + 1 < len(self.words) else None
        if word.low in self.language.attached and after and after.low in self.language.attaching:
            return Tag.NOUN  # "forces loyal to"
        if word.must_be(Form.GERUND):
            return self._tag_of_gerund(word, before, after)
        if word.may_be(*_PAST):
            return self._tag_of_past(before, after)
        return Tag.VERB if self._is_present(i, before, after) else Tag.NOUN

    def _before(self, i: int) -> Word | None:
        """Return the word before, beyond adverbs and dates."""
        for j in range(i - 1, -1, -1):
            if self.words[j].tag not in LOOSE:
                return self.words[j]
        return None

    def _tag_of_gerund(self, word: Word, before: Word | None, after: Word | None) -> str:
        """Tell "holding the town" from "the fighting force" and "the taking of"."""
        prior, later = before.tag if before else "", after.tag if after else ""
        if prior in (Tag.DETERMINER, Tag.POSSESSIVE) and later in (Tag.NOUN, Tag.PLACE, Tag.VERB):
            return Tag.ADJECTIVE
        if word.low in self.language.gerunds and prior != Tag.BE:
            return Tag.NOUN
        if prior in (Tag.DETERMINER, Tag.POSSESSIVE, Tag.PREPOSITION, ""):
            return Tag.NOUN if after and after.low in self.language.genitive else Tag.VERB
        return Tag.VERB

    def _tag_of_past(self, before: Word | None, after: Word | None) -> str:
        """Tell "seized the town" from "the seized town" and "both captured the town"."""
        prior, later = before.tag if before else "", after.tag if after else ""
        pronoun = before is not None and before.low in self.language.pronominal
        possessed = prior in (Tag.DETERMINER, Tag.POSSESSIVE)
        if (possessed or prior in (Tag.PREPOSITION, Tag.ADJECTIVE)) and (
            later in NOUNS or later == Tag.ADJECTIVE
        ):
            return Tag.VERB if pronoun and later == Tag.PLACE else Tag.ADJECTIVE
        return Tag.NOUN if possessed and not pronoun and later != Tag.PREPOSITION else Tag.VERB

    def _is_present(self, i: int, before: Word | None, after: Word | None) -> bool:
        """Say whether a word such as "control" or "attacks" is a verb, not a noun, where it is."""
        if before is None:
            return False
        if before.tag == Tag.RELATIVE and before.low in self.language.relative_determiners:
            return False
        if before.tag in _BEFORE_PRESENT:
            return True
        if before.tag == Tag.CONJUNCTION and after is not None and after.tag == Tag.DISTANCE:
            return True
        if before.tag in (Tag.CONJUNCTION, Tag.COMMA):
            return self._follows_its_like(i)
        return before.tag in _SUBJECTS and self._has_subject(i, after)

    def _has_subject(self, i: int, after: Word | None) -> bool:
        """Say whether the noun before a word in the present is its subject: "rebels control"."""
        word, following = self.words[i], after.low if after else ""
        opening = self._before_phrase(i)
        if opening in (Tag.PREPOSITION, Tag.VERB) or (after is not None and _is_sure(after)):
            return False
        if following in self.language.after_nouns:
            return False
        if word.may_be(Form.THIRD):
            trigger = word.low in self.language.noun_triggers
            return not trigger or following not in self.language.on_ground
        if not self._follows_plural(i):
            return False
        if self.language.governance_of(word.lemmas) is Governance.SAYS:
            return True
        return after is not None and (after.tag not in (Tag.STOP, Tag.COMMA) or opening != "")

    def _follows_plural(self, i: int) -> bool:
        """Say whether a plural noun stands in the phrases before a word: "rebels of the front"."""
        language = self.language
        for word in reversed(self.words[max(i - _SUBJECT_WITHIN, 0) : i]):
            if word.tag in _BREAKS:
                return False
            is_plural = word.low.endswith(language.plurals_end) or word.low in language.plurals
            if is_plural and word.tag in NOUNS and word.tag != Tag.PLACE:
                return True
        return False

    def _before_phrase(self, i: int) -> str:
        """Return the tag before the noun phrase that ends before a word, "" at the start.

        "v" stands for verbs that take an object, not those that a clause may follow at once.
        """
        j = i - 1
        while j >= 0 and (
            self.words[j].tag in _WITHIN_PHRASES
            or (self.words[j].tag == Tag.PREPOSITION and j and self.words[j - 1].tag in NOUNS)
        ):
            j -= 1
        if j < 0:
            return ""
        word = self.words[j]
        speaks = word.tag == Tag.VERB and self.language.speaks(word.lemmas)
        return Tag.THAT if speaks else word.tag

    def _follows_its_like(self, i: int) -> bool:
        """Say whether a verb of the same form stands before: "to attack and hold"."""
        forms = [form for _, form in self.words[i].forms]
        return any(word.tag == Tag.VERB and word.may_be(*forms) for word in self.words[:i])


def _is_sure(word: Word) -> bool:
    """Say whether a word can be nothing but a verb, so that the one before it is its subject."""
    if word.tag == Tag.VERB:
        return word.must_be(*_PAST)
    return word.tag in (Tag.BE, Tag.HAVE, Tag.MODAL, Tag.WILL)
