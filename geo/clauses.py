"""Sentences, words and verb groups: as much grammar as reading claims takes.

A sentence becomes a row of words, each with a tag of one character; toponyms, dates and distances
are one word each (they are masked, so that their own words don't matter). Verb groups ("had not
yet been taken") are found in it, each with its subject and with what governs it ("denied that",
"vowed to"). This is no parser: it knows the constructions that reports of war are written in, and
where it finds none it returns None rather than a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from frontmap.geo.language import Form, Governance, Language
from frontmap.geo.reading import Toponym
from frontmap.geo.timex import DateMention

__all__ = ["Clause", "Noun", "Sentence", "Tag", "sentence_spans"]


class Tag(StrEnum):
    """The class of a word in its sentence."""

    PLACE = "P"
    DATE = "T"
    DISTANCE = "Q"
    ARMED = "A"
    UNARMED = "U"
    NAME = "N"  # capitalised, of nothing known
    NOUN = "n"  # or an adjective: any other word
    ADJECTIVE = "j"  # a participle before its noun
    DETERMINER = "d"
    POSSESSIVE = "s"
    PRONOUN = "o"
    MODAL = "m"
    WILL = "l"
    BE = "b"
    HAVE = "h"
    DO = "x"
    NEGATION = "!"
    ADVERB = "r"
    TO = "t"
    VERB = "v"
    PREPOSITION = "p"
    CONJUNCTION = "c"
    SUBORDINATOR = "S"
    THAT = "?"
    RELATIVE = "w"
    COMMA = ","
    STOP = ";"


_TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?\b|\d+|['’]s\b|['’](?=\s)|n['’]t\b"
    r"|[^\W\d_](?:[^\W\d_]|[-.&](?=[^\W_])|['’](?!s\b)(?=[^\W\d_])|\d)*|\S"
)
_COMMAS = frozenset(",()–—-[]")
_STOPS = frozenset(";:.!?…")
_SKIPPED = frozenset("\"“”„«»‘'’`*|")

# A full stop that ends no sentence: after an initial or a title.
_NO_END = re.compile(
    r"(?:\b(?:[A-Z]|Gen|Col|Lt|Maj|Capt|Sgt|Brig|Adm|Mr|Mrs|Ms|Dr|St|Sr|Jr|Prof|No|vs|approx|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|U\.S|U\.N|U\.K|a\.m|p\.m)\.)$"
)
_END = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s+[\"“‘'(\[]*[^\Wa-z_])|\n\s*\n|\n(?=\s*[-•*])")


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence, without the space around it."""
    start = 0
    for found in _END.finditer(text):
        if found[0][0] == "." and _NO_END.search(text, start, found.start() + 1):
            continue
        yield from _trimmed(text, start, found.end())
        start = found.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if stripped := part.strip():
        start += len(part) - len(part.lstrip())
        yield start, start + len(stripped)


@dataclass(slots=True)
class Word:
    """One word of a sentence, at text[start:end]; what it masks, if anything."""

    text: str
    start: int
    end: int
    tag: str
    low: str
    place: Toponym | None = None
    date: DateMention | None = None
    km: float | None = None
    forms: Sequence[tuple[str, Form]] = ()


@dataclass(slots=True)
class Noun:
    """A noun phrase: words[first:last]; `head` is its main word, before any preposition."""

    first: int
    last: int
    head: int


@dataclass(slots=True)
class Clause:
    """A verb group with its subject and what governs it.

    words[first:last] is the group, words[main] its main verb, with the `lemmas` that it may be.
    `passive` says that the subject is what is acted on. `link` says how it hangs on `parent`, and
    `bound` where its ground begins: no subject or object of it lies before.
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
    subject: Noun | None = None
    parent: int | None = None
    link: str = ""
    governor: Governance | None = None
    bound: int = 0
    conditional: bool = False
    noun_governor: int | None = None
    children: list[int] = field(default_factory=list)

    @property
    def finite(self) -> bool:
        """Say whether it is neither infinitive, gerund nor bare participle."""
        return not self.infinitive and self.form in (Form.PAST, Form.THIRD, Form.BASE)


_NOUNS = frozenset("nNAUP")
_PHRASE = frozenset("nNAUPdjs")
_LOOSE = frozenset("rT")


class Sentence:
    """One sentence of a text, as words, tags and clauses."""

    def __init__(
        self,
        text: str,
        span: tuple[int, int],
        toponyms: Sequence[Toponym],
        dates: Sequence[DateMention],
        language: Language,
    ) -> None:
        """Tag the words of text[start:end] and find its verb groups."""
        self.text, self.start, self.end = text, *span
        self.language = language
        self.words = list(_words(text, span, _masks(text, span, toponyms, dates, language)))
        for word in self.words:
            if not word.tag:
                word.tag = _plain_tag(word, language)
        for word, after in zip(self.words, self.words[1:], strict=False):
            if word.low == "there" and after.tag in "bm":
                word.tag = Tag.PRONOUN
            if word.low == "no" and after.low == "longer":
                word.tag, after.tag = Tag.NEGATION, Tag.ADVERB
        for word, after in zip(self.words[-2::-1], self.words[:0:-1], strict=True):
            if word.tag == Tag.PREPOSITION and after.tag == Tag.DATE:
                word.tag = Tag.DATE
        first = self.words[0] if self.words else None
        if first is not None and first.tag == Tag.THAT:
            first.tag = Tag.DETERMINER
        if first is not None and first.tag == Tag.NAME and first.low.endswith("s"):
            if not first.text.isupper():
                first.tag = Tag.NOUN  # capitalised by its place alone: "Survivors"
        self._settle_verbs()
        self.clauses = list(self._groups())
        self.tags = "".join(word.tag for word in self.words)
        for number in range(len(self.clauses)):
            self._attach(number)

    def said(self, first: int, last: int) -> str:
        """Return the text of words[first:last]."""
        return self.text[self.words[first].start : self.words[last - 1].end]

    def back(self, i: int, over: Iterable[str] = _LOOSE) -> int:
        """Return the position at or before `i` whose word is not of the tags `over`; -1 if none."""
        while i >= 0 and self.tags[i] in over:
            i -= 1
        return i

    def onward(self, i: int, over: Iterable[str] = _LOOSE) -> int:
        """Return the position at or after `i` whose word is not of the tags `over`."""
        while i < len(self.tags) and self.tags[i] in over:
            i += 1
        return i

    def tag(self, i: int) -> str:
        """Return the tag at a position, "" outside of the sentence."""
        return self.tags[i] if 0 <= i < len(self.tags) else ""

    def low(self, i: int) -> str:
        """Return the word at a position in small letters, "" outside of the sentence."""
        return self.words[i].low if 0 <= i < len(self.words) else ""

    # Verbs, or nouns that look like them

    def _settle_verbs(self) -> None:
        words = self.words
        for i, word in enumerate(words):
            if word.tag == Tag.VERB:
                word.tag = self._verb_tag(i)
            elif word.tag == Tag.TO and i and words[i - 1].low in self.language.to_speakers:
                word.tag = Tag.PREPOSITION
            elif word.tag == Tag.TO:
                following = next((w for w in words[i + 1 :] if w.tag != Tag.ADVERB), None)
                is_verb = following is not None and (
                    any(form is Form.BASE for _, form in following.forms)
                    or following.tag in (Tag.BE, Tag.HAVE)
                )
                if not is_verb and self._is_unknown_infinitive(i + 1):
                    words[i + 1].tag, is_verb = Tag.VERB, True
                    words[i + 1].forms = ((words[i + 1].low, Form.BASE),)
                word.tag = Tag.TO if is_verb else Tag.PREPOSITION

        for word, after in zip(words, words[1:], strict=False):
            copular = any(lemma in self.language.copulas for lemma, _ in word.forms)
            if word.tag == after.tag == Tag.VERB and copular:
                if any(form is Form.PARTICIPLE for _, form in after.forms):
                    word.tag = Tag.BE  # "remains besieged"

    def _is_unknown_infinitive(self, i: int) -> bool:
        """Say whether a word after "to" is a verb that isn't listed: "to relieve the garrison"."""
        words = self.words
        return (
            i + 1 < len(words)
            and words[i].tag == Tag.NOUN
            and words[i + 1].tag in ("d", "P", "o", "A")
        )

    def _verb_tag(self, i: int) -> str:
        words, word = self.words, self.words[i]
        before = next((w for w in words[i - 1 :: -1] if w.tag not in _LOOSE), None) if i else None
        after = words[i + 1] if i + 1 < len(words) else None
        prior, later = before.tag if before else "", after.tag if after else ""
        forms = {form for _, form in word.forms}
        if word.low in self.language.attached and after is not None and after.low in ("to", "with"):
            return Tag.NOUN
        if forms == {Form.GERUND}:
            if prior in ("d", "s") and later in ("n", "P"):
                return Tag.ADJECTIVE
            named = after is not None and after.low == "of" and prior in ("d", "s", "p", "")
            return (
                Tag.NOUN
                if named or (word.low in self.language.gerunds and prior != "b")
                else Tag.VERB
            )
        if forms & {Form.PAST, Form.PARTICIPLE}:
            loose = before is not None and before.low in self.language.pronominal
            if prior in ("d", "s", "p", "j") and later in _NOUNS | {"j"}:
                return Tag.VERB if loose and later == Tag.PLACE else Tag.ADJECTIVE
            return Tag.NOUN if prior in ("d", "s") and not loose and later != "p" else Tag.VERB
        return Tag.VERB if self._is_present(i, before, after) else Tag.NOUN

    def _is_present(self, i: int, before: Word | None, after: Word | None) -> bool:
        """Say whether a word such as "control" or "attacks" is a verb, not a noun, where it stands."""
        if before is None:
            return False
        prior, word = before.tag, self.words[i]
        if prior == "w" and before.low in ("where", "when", "whose"):
            return False
        if prior in ("t", "m", "l", "x", "!", "w", "o"):
            return True
        if prior == "c" and after is not None and after.tag == "Q":
            return True
        if prior in ("c", ","):
            return self._follows_its_like(i)
        if prior not in ("A", "U", "n", "N", "P", "?"):
            return False
        following = after.low if after else ""
        opening = self._before_phrase(i)
        if opening in ("p", "v") or (after is not None and self._is_sure_verb(after)):
            return False
        if following in ("of", "against", "between", "by"):
            return False
        if any(form is Form.THIRD for _, form in word.forms):
            return word.low not in self.language.noun_triggers or following not in (
                "on",
                "in",
                "around",
                "near",
            )
        plural = self._has_plural(i)
        if (
            plural
            and self.language.governance_of(lemma for lemma, _ in word.forms) is Governance.SAYS
        ):
            return True
        return plural and after is not None and (after.tag not in (";", ",", "") or opening != "")

    def _is_sure_verb(self, word: Word) -> bool:
        """Say whether a word can be nothing but a verb, so that the one before it is its subject."""
        forms = {form for _, form in word.forms}
        return word.tag in "bhml" or (
            word.tag == Tag.VERB and forms <= {Form.PAST, Form.PARTICIPLE}
        )

    def _has_plural(self, i: int) -> bool:
        """Say whether a plural noun stands in the phrases before a word: "rebels of the front"."""
        for word in self.words[max(i - 9, 0) : i][::-1]:
            if word.tag in "v,;cS?w":
                return False
            if word.tag in "AUnN" and (
                word.low.endswith(("s", "men")) or word.low in self.language.plurals
            ):
                return True
        return False

    def _before_phrase(self, i: int) -> str:
        """Return the tag before the noun phrase that ends before a word, "" at the start.

        "v" stands for verbs that take an object, not those that a clause may follow at once.
        """
        j = i - 1
        while j >= 0 and (
            self.words[j].tag in "nNAUPdjsrT"
            or (self.words[j].tag == "p" and j and self.words[j - 1].tag in _NOUNS)
        ):
            j -= 1
        if j < 0:
            return ""
        word = self.words[j]
        if word.tag == Tag.VERB and self.language.speaks(lemma for lemma, _ in word.forms):
            return "?"
        return word.tag

    def _follows_its_like(self, i: int) -> bool:
        """Say whether a verb of the same form stands shortly before: "to attack and hold"."""
        forms = {form for _, form in self.words[i].forms}
        return any(
            word.tag == Tag.VERB and forms & {form for _, form in word.forms}
            for word in self.words[:i]
        )

    # Verb groups

    def _groups(self) -> Iterator[Clause]:
        i = 0
        while i < len(self.words):
            group = self._group(i) if self.words[i].tag in "mlbhxtv!" else None
            if group is None:
                i += 1
                continue
            yield group
            i = group.last

    def _group(self, first: int) -> Clause | None:
        """Return the verb group that begins at a word, None where none does."""
        j, aux = first, ""
        while j < len(self.words):
            tag = self.words[j].tag
            if tag == Tag.VERB:
                break
            if tag == Tag.TO and aux:
                break
            if tag in "mlbhx!t" or (tag in _LOOSE and aux):
                aux += tag
            else:
                break
            j += 1
        if j < len(self.words) and self.words[j].tag == Tag.VERB:
            return self._of_verb(first, j, aux)
        while j > first and self.words[j - 1].tag not in "bhx":
            j -= 1
        if j == first or not set(aux) & set("bh"):
            return None
        lemma = "be" if self.words[j - 1].tag == Tag.BE else "have"
        return self._clause(first, j - 1, aux[: j - first], (lemma,), Form.PAST)

    def _of_verb(self, first: int, main: int, aux: str) -> Clause | None:
        forms = self.words[main].forms
        last_aux = next((tag for tag in reversed(aux) if tag in "mlbhxt"), "")
        fitting = {
            "b": (Form.PARTICIPLE, Form.GERUND),
            "h": (Form.PARTICIPLE,),
            "": tuple(Form),
        }.get(last_aux, (Form.BASE,))
        fit = [(lemma, form) for lemma, form in forms if form in fitting] or list(forms)
        found = {form for _, form in fit}
        lemmas = tuple(dict.fromkeys(lemma for lemma, _ in fit))
        if last_aux == "b":
            form = Form.PARTICIPLE if Form.PARTICIPLE in found else Form.GERUND
        elif last_aux == "":
            order = (Form.PAST, Form.THIRD, Form.BASE, Form.GERUND, Form.PARTICIPLE)
            form = next(form for form in order if form in found)
        else:
            form = Form.BASE if last_aux in "mlxt" else Form.PARTICIPLE
        clause = self._clause(first, main, aux, lemmas, form)
        clause.passive = (last_aux == "b" and form is Form.PARTICIPLE) or (
            last_aux == "" and form is Form.PARTICIPLE
        )
        if form is Form.PARTICIPLE and last_aux in ("b", "h"):
            clause.form = Form.PAST
        if last_aux == "b" and form is Form.GERUND:
            clause.form = Form.THIRD
        if aux and self.words[first].low in ("having", "being"):
            clause.form = Form.GERUND
        return clause

    def _clause(
        self, first: int, main: int, aux: str, lemmas: tuple[str, ...], form: Form
    ) -> Clause:
        return Clause(
            first,
            main,
            main + 1,
            lemmas,
            form,
            negated="!" in aux,
            modal="m" in aux,
            will="l" in aux,
            infinitive="t" in aux[:2]
            and not aux.lstrip("!r").startswith(("m", "l", "b", "h", "x")),
        )

    def low_raw(self, i: int) -> str:
        """Return the word at a position, while tags are still being made."""
        return self.words[i].low if 0 <= i < len(self.words) else ""

    # Subjects, and what governs

    def _attach(self, number: int) -> None:
        clause = self.clauses[number]
        previous = self.clauses[number - 1] if number else None
        clause.bound = previous.last if previous else 0
        if clause.infinitive:
            self._attach_infinitive(number)
        elif clause.form is Form.GERUND:
            self._attach_gerund(number)
        else:
            self._attach_finite(number)
        if self._reduced(clause):
            clause.passive = True
        if (
            clause.subject is not None
            and {
                self.low(clause.subject.first),
                self.low(clause.subject.first - 1),
            }
            & self.language.negating
        ):
            clause.negated = True

    def _reduced(self, clause: Clause) -> bool:
        """Say whether a bare past form is passive: "Hama, seized by rebels on Friday, …"."""
        if clause.passive or clause.first != clause.main or clause.form is not Form.PAST:
            return False
        if self.language.speaks(clause.lemmas) is Governance.SAYS:
            return False
        before, after = self.back(clause.first - 1), self.onward(clause.last)
        if (
            self.tag(before) == ","
            and self.tag(self.back(before - 1)) == "P"
            and (self.tag(after) not in _PHRASE | {"o", "p", "c"} or self.low(after) == "by")
        ):
            clause.subject = self.noun_before(self.back(before - 1) + 1, 0)
            clause.link = "reduced"
            return True
        return self.low(
            self.onward(clause.last, "rTp" if self.low(clause.last) != "by" else "")
        ) == "by" or (self.low(self.onward(clause.last)) == "by")

    def _attach_infinitive(self, number: int) -> None:
        clause = self.clauses[number]
        q = self.back(clause.first - 1, "r!")
        word = self.low(q)
        if number and self.low(clause.first - 1) in self.language.not_yet:
            clause.governor = Governance.FAILS
            self._adopt(number, number - 1, subject=None)
            return
        if self.tag(q) == "n" and word in self.language.noun_governance:
            clause.governor = self.language.noun_governance[word]
            clause.noun_governor, clause.link = q, "noun"
            self._adopt(number, number - 1, subject=self._possessor(q))
            return
        if number == 0:
            clause.governor = Governance.PLANS
            return
        parent = self.clauses[number - 1]
        if parent.lemmas == ("be",) and self._is_ranked(parent.last, q + 1):
            clause.governor, clause.link = Governance.PASSES, "infinitive"
            self._adopt(number, number - 1, subject=None)
            return
        clause.link = "infinitive"
        adjacent = self.onward(parent.last, "rT") >= clause.first - 1
        governs = self.language.governance_of(parent.lemmas)
        between = self.noun_before(q + 1, parent.last)
        if governs is None and adjacent and parent.lemmas == ("be",):
            governs = Governance.PLANS
        if governs is Governance.SAYS and not parent.passive and between is not None:
            governs = Governance.PLANS  # told them to leave
        clause.governor = governs or Governance.PLANS
        takes_object = self.language.object_controls & set(parent.lemmas)
        subject = between if between is not None and takes_object and not parent.passive else None
        self._adopt(number, number - 1, subject=subject)

    def _is_ranked(self, first: int, last: int) -> bool:
        """Say whether a phrase ranks a thing: "the latest city" to fall."""
        return any(self.low(i) in self.language.ranks for i in range(first, last))

    def governs(self, clause: Clause) -> Governance | None:
        """Return what a clause's verb does to what it governs, its particle considered."""
        for lemma in clause.lemmas:
            phrasal = self.language.phrasal.get(f"{lemma} {self.low(clause.last)}")
            if phrasal is not None:
                return phrasal
        return self.language.governance_of(clause.lemmas)

    def _attach_gerund(self, number: int) -> None:
        clause = self.clauses[number]
        q = self.back(clause.first - 1)
        above = number - 1
        while above > 0 and self.tag(q) in ",S" and self._is_aside(above):
            above -= 1
        word, parent = self.low(q), self.clauses[above] if number else None
        clause.link = "gerund"
        clause.governor = Governance.PASSES
        if self.tag(q) == "p" or self.tag(q) == "S":
            if word in self.language.negating_prepositions or (
                word == "from" and parent and set(parent.lemmas) & self.language.preventing
            ):
                clause.governor = Governance.FAILS
            if word in ("on", "for", "of", "from", "to") and parent is not None:
                clause.subject = self.noun_before(q, parent.last)
                if self.low(q - 1) in self.language.noun_governance:
                    clause.governor = self.language.noun_governance[self.low(q - 1)]
                    clause.subject = None
        elif parent is not None and q == parent.last - 1:
            clause.governor = self.language.governance_of(parent.lemmas) or Governance.PASSES
        if parent is None:
            if q >= 0 and self.tag(q) in _NOUNS:
                clause.subject, clause.link = self.noun_before(q + 1, 0), "modifier"
                return
            clause.link = "initial"  # its subject is the next clause's
            return
        if q >= parent.last and self.tag(q) in _NOUNS:
            clause.subject = self.noun_before(q + 1, parent.last)
        self._adopt(number, above, subject=clause.subject)

    def _is_aside(self, number: int) -> bool:
        """Say whether a clause is an aside of who says so: ", a monitor said,"."""
        clause = self.clauses[number]
        subject = clause.subject
        return (
            self.language.speaks(clause.lemmas) is not None
            and subject is not None
            and self.tag(self.back(subject.first - 1)) == ","
        )

    def _adopt(self, number: int, parent: int, subject: Noun | None) -> None:
        clause = self.clauses[number]
        if parent < 0:
            clause.subject = subject
            return
        clause.parent = parent
        self.clauses[parent].children.append(number)
        clause.subject = subject or self.clauses[parent].subject
        if self.clauses[parent].link == "initial" and clause.subject is None:
            clause.subject = subject

    def _attach_finite(self, number: int) -> None:
        clause = self.clauses[number]
        floor = self.clauses[number - 1].last if number else 0
        i = self.back(clause.first - 1)
        tag = self.tag(i)
        if tag == "w" and self.low(i - 1) == "of" and self.tag(i - 2) == "d":
            i -= 2  # "both of which"
        if tag in ("w", "?") and i >= 0 and self.tag(self.back(i - 1, ",r")) in _NOUNS:
            end = self.back(i - 1, ",r") + 1
            person = self.low(i) in self.language.whose and self.tags[end - 1] in "AUN"
            clause.subject = self.noun_before(end, self._phrase_start(end - 1, 0) if person else 0)
            clause.link = "relative"
            self._inherit(number, self._clause_at(i))
            return
        subject = self._subject(i, floor, number)
        if subject is None or subject.first < floor:
            if subject is not None:
                clause.subject = subject
                self._govern(number, self.back(subject.first - 1))
            else:
                self._share(number)
            return
        if number and (self.tag(subject.first - 1) == "p" or self._is_modifier(number - 1)):
            bare = self.clauses[number - 1]
            if (
                bare.first == bare.main
                and bare.subject is not None
                and bare.subject.last <= bare.first
                and not set(self.tags[bare.last : clause.first]) & set(",;cS?w")
            ):
                clause.subject = bare.subject
                bare.passive = bare.form is Form.PAST
                clause.link = ""
                self._govern(number, bare.subject.first - 1)
                return
        described = self._described(number)
        if described is not None:
            clause.subject = described
            self._govern(number, described.first - 1)
            return
        if self._is_bare_relative(clause, subject):
            clause.subject, clause.passive, clause.link = subject, True, "reduced"
            return
        clause.subject = subject
        relative = self.back(subject.first - 1)
        if self.tag(relative) == "w" or (
            self.tag(relative) == "?" and self.tag(self.back(relative - 1, ",")) == "P"
        ):
            clause.link = "object relative"
            clause.bound = relative
            self._inherit(number, self._clause_at(relative))
            return
        self._govern(number, subject.first - 1)

    def _is_bare_relative(self, clause: Clause, subject: Noun) -> bool:
        """Say whether a bare participle describes a noun within a phrase: "in a video released"."""
        return (
            clause.first == clause.main
            and clause.form is Form.PAST
            and self.tag(subject.first - 1) not in ("", ",", "c", "S", "?", "w", ";")
            and self.tag(clause.main - 1) not in "A"
            and self.tag(self.onward(clause.last, "r")) not in _PHRASE | {"o"}
            and any(form is Form.PARTICIPLE for _, form in self.words[clause.main].forms)
            and any(self.tags[i] == "p" for i in range(max(clause.bound, 0), clause.main))
            and subject.head == subject.first + (self.tags[subject.first] == "d")
        ) or False

    def _described(self, number: int) -> Noun | None:
        """Return the noun that the clause before describes: "fighters who took the town said"."""
        before = number - 1
        while before >= 0 and self.clauses[before].link in ("infinitive", "noun"):
            before -= 1
        if before < 0 or self.clauses[before].link != "relative":
            return None
        between = self.tags[self.clauses[before].last : self.clauses[number].first]
        return None if set(between) & set(",;cS?w") else self.clauses[before].subject

    def _is_modifier(self, number: int) -> bool:
        """Say whether a clause is a bare gerund after its noun: "fighters holding the town said"."""
        if number < 0:
            return False
        clause = self.clauses[number]
        return clause.form is Form.GERUND and clause.link == "modifier"

    def _subject(self, i: int, floor: int, number: int) -> Noun | None:
        """Return the noun phrase that ends at a position, beyond an apposition if need be."""
        if i < 0:
            return None
        if self.tags[i] in _NOUNS or self.tags[i] in "od":
            return self.noun_before(i + 1, floor)
        if self.tags[i] == ",":
            opening = self.tags.rfind(",", 0, i)
            if opening > 0 and self.tags[opening + 1 : i].strip("PdrcT"):
                q = self.back(opening - 1)
                if q >= 0 and self.tags[q] in _NOUNS | {"o"}:
                    return self.noun_before(q + 1, 0)
        return None

    def noun_before(self, end: int, floor: int) -> Noun | None:
        """Return the noun phrase of which words[end - 1] is the last, its prepositions included."""
        e = self.back(end - 1)
        if e < floor:
            return None
        if self.tags[e] in "o":
            s = e
            if not (e - 2 >= floor and self.low(e - 1) == "of" and self.tags[e - 2] in "nAUd"):
                return Noun(e, e + 1, e)
        elif self.tags[e] not in _PHRASE:
            return None
        else:
            s = self._phrase_start(e, floor)
        head = e
        while (
            s - 2 >= floor and self.tags[s - 1] == "p" and self.low(s - 1) in self.language.joining
        ):
            q = s - 2
            if self.tags[q] not in _NOUNS and not (self.tags[q] == "d" and self.low(s - 1) == "of"):
                break
            head, s = q, self._phrase_start(q, floor)
        if (
            s - 2 >= floor
            and self.tags[s - 1] == "c"
            and self.tags[s - 2] in "AN"
            and self.tags[head] in "ANn"
        ):
            t = self._phrase_start(s - 2, floor)
            if t == 0 or t == floor or self.tags[t - 1] in ",;S?cT":
                s = t
        s = self._list_start(s, floor)
        return Noun(s, e + 1, head)

    def _list_start(self, s: int, floor: int) -> int:
        """Return where a list of places begins of which the last one begins at a position."""
        first = s
        while self.tags[first] in "Pn" and first - 2 >= floor and self.tags[first - 1] in ",c":
            q = self.back(first - 2, "rTc,") if self.tags[first - 1] == "c" else first - 2
            if q < floor or self.tags[q] != "P":
                break
            first = self._phrase_start(q, floor)
        return first if self.tag(first - 1) not in ("v", "p") else s

    def _phrase_start(self, e: int, floor: int) -> int:
        s = e
        while s > floor and self.tags[s - 1] in _PHRASE:
            if self.tags[s] == "d" and self.tags[s - 1] != "d":
                break
            if self.tags[s] == "N" and self.tags[s - 1] == "n" and self.low(s - 1).endswith("s"):
                break
            if self.tags[s - 1] == "P" and self.tags[s] != "s":
                if self.tags[s] == "A" and s - 2 >= floor and self.tags[s - 2] == "p":
                    break
            s -= 1
        return s

    def _possessor(self, i: int) -> Noun | None:
        """Return the owner of the noun at a position: "the army's plan"."""
        s = i
        while s > 0 and self.tags[s - 1] in "njN":
            s -= 1
        if self.tag(s - 1) == "s":
            return self.noun_before(s - 1, 0)
        return None

    def _clause_at(self, i: int) -> int | None:
        """Return the number of the last clause whose verb stands before a position."""
        found = None
        for number, clause in enumerate(self.clauses):
            if clause.main < i:
                found = number
        return found

    def _inherit(self, number: int, other: int | None) -> None:
        """Let a clause be governed as another one is."""
        if other is None or other == number:
            return
        clause = self.clauses[number]
        clause.parent, clause.governor = other, Governance.PASSES
        clause.link = clause.link or "beside"

    def _share(self, number: int) -> None:
        """Let a clause without a subject of its own share that of one before it."""
        clause = self.clauses[number]
        speech = self.language.speaks(clause.lemmas)
        for other in range(number - 1, -1, -1):
            earlier = self.clauses[other]
            bare = clause.form is Form.BASE and clause.first == clause.main
            if bare != (
                earlier.infinitive or earlier.modal or earlier.will or earlier.form is Form.BASE
            ):
                continue
            if earlier.form is Form.GERUND and clause.form is not Form.GERUND:
                continue
            if (
                speech
                and not self.language.speaks(earlier.lemmas)
                and any(self.language.speaks(c.lemmas) for c in self.clauses[:other])
            ):
                continue
            clause.link = "coordinate"
            clause.subject = earlier.subject
            clause.parent, clause.governor = earlier.parent, earlier.governor
            clause.noun_governor = earlier.noun_governor
            clause.infinitive = clause.infinitive or (bare and earlier.infinitive)
            clause.modal = clause.modal or (bare and earlier.modal)
            clause.will = clause.will or (bare and earlier.will)
            clause.negated = clause.negated or (
                bare and earlier.negated and self.low(clause.first - 1) in ("or", "nor")
            )
            clause.conditional = earlier.conditional
            if earlier.passive and clause.first == clause.main and clause.form is Form.PAST:
                clause.passive = (
                    any(f is Form.PARTICIPLE for _, f in self.words[clause.main].forms)
                    and self.tag(self.onward(clause.last)) not in _PHRASE
                )
            return

    def _govern(self, number: int, i: int) -> None:
        """Find what the clause that begins after a position depends on."""
        clause = self.clauses[number]
        comma = False
        q = i
        while q >= 0:
            tag = self.tags[q]
            if tag == ";":
                break
            if tag == "S" and self.onward(q + 1) > i:
                clause.link = self.low(q)
                if clause.link in self.language.conditional:
                    clause.conditional = True
                if clause.link in self.language.whether:
                    clause.governor = Governance.DOUBTS
                above = self._clause_at(q)
                if above is not None and not self._closed(above, q):
                    self._inherit_from_beside(number, above)
                return
            if tag == "?":
                self._complement(number, q)
                return
            if tag == "c" and q == self.back(i, "rT,"):
                self._coordinate(number, comma)
                return
            if tag == ",":
                comma = True
            above = next(
                (
                    n
                    for n in range(number - 1, -1, -1)
                    if self.clauses[n].first <= q < self.clauses[n].last
                ),
                None,
            )
            if above is not None:
                if not comma and self.language.speaks(self.clauses[above].lemmas):
                    self._complement(number, q + 1)
                elif comma and self.clauses[above].link == "initial":
                    self.clauses[above].subject = clause.subject
                return
            q -= 1

    def _inherit_from_beside(self, number: int, above: int) -> None:
        clause, other = self.clauses[number], self.clauses[above]
        if clause.governor is None and self.language.speaks(other.lemmas) is None:
            self._inherit(number, above)
            clause.link = clause.link or "beside"
        elif clause.governor is Governance.DOUBTS:
            clause.parent = above

    def _closed(self, above: int, q: int) -> bool:
        return ";" in self.tags[self.clauses[above].last : q]

    def _coordinate(self, number: int, comma: bool) -> None:
        """Attach a clause that "and" or "but" joins to those before it."""
        clause = self.clauses[number]
        if (
            number == 0
            or self.low(
                self.back(self.clauses[number].subject.first - 1, "rT,") if clause.subject else -1
            )
            == "but"
        ):
            return
        earlier = self.clauses[number - 1]
        clause.link = "coordinate"
        if not comma:
            clause.parent, clause.governor = earlier.parent, earlier.governor
            clause.conditional = earlier.conditional
            if earlier.link in ("infinitive", "gerund", "noun", "relative", "object relative"):
                top = earlier
                while top.parent is not None and top.link in (
                    "infinitive",
                    "gerund",
                    "noun",
                    "relative",
                    "object relative",
                ):
                    top = self.clauses[top.parent]
                clause.parent, clause.governor = top.parent, top.governor

    def _complement(self, number: int, that: int) -> None:
        """Attach a clause to the verb or noun before "that", or before the place of it."""
        clause = self.clauses[number]
        above = self._clause_at(that)
        noun = self.low(self.back(that - 1))
        clause.link = "complement"
        if noun in self.language.noun_governance and self.tag(self.back(that - 1)) == "n":
            clause.governor = self.language.noun_governance[noun]
            words = {word.low for word in self.words}
            if self.low(self.back(that - 1) - 1) in self.language.doubtful:
                clause.governor = Governance.DOUBTS
            elif clause.governor is Governance.SAYS and words & self.language.falsehoods:
                clause.governor = Governance.DENIES
            clause.noun_governor = self.back(that - 1)
            clause.parent = above
            if (
                above is not None
                and self.language.governance_of(self.clauses[above].lemmas) is Governance.DENIES
            ):
                clause.governor = Governance.DENIES
            return
        if above is None:
            return
        if self.tag(self.back(that - 1, "rT,")) == "c" and self.clauses[above].link == "complement":
            above = self.clauses[above].parent or 0  # "said that … and that …"
            clause.parent = above
            clause.governor = self.language.governance_of(self.clauses[above].lemmas)
            return
        clause.parent = above
        governs = self.language.governance_of(self.clauses[above].lemmas)
        if governs is None and self.tag(that) == "?" and self.clauses[above].last == that:
            governs = Governance.SAYS  # "countered that": a verb unknown, but one of saying
        clause.governor = governs or Governance.PASSES


# Words and masks


def _masks(
    text: str,
    span: tuple[int, int],
    toponyms: Sequence[Toponym],
    dates: Sequence[DateMention],
    language: Language,
) -> list[Word]:
    """Return the words that stand for more than one, in order, without overlap."""
    start, end = span
    masks = [
        Word(t.surface, t.start, t.end, Tag.PLACE, t.surface.lower(), place=t) for t in toponyms
    ]
    masks += [Word(text[d.start : d.end], d.start, d.end, Tag.DATE, "", date=d) for d in dates]
    for found in language.distance.finditer(text, start, end):
        km = language.measure(found[1], found[2])
        if km is not None:
            masks.append(Word(found[0], found.start(), found.end(), Tag.DISTANCE, "", km=km))
    masks.sort(key=lambda word: (word.start, -word.end))
    kept: list[Word] = []
    for word in masks:
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return kept


def _words(text: str, span: tuple[int, int], masks: Sequence[Word]) -> Iterator[Word]:
    start, end = span
    for mask in masks:
        yield from _tokens(text, start, mask.start)
        yield mask
        start = mask.end
    yield from _tokens(text, start, end)


def _tokens(text: str, start: int, end: int) -> Iterator[Word]:
    for found in _TOKEN.finditer(text, start, end):
        word = found[0]
        if word in _COMMAS:
            tag: str = Tag.COMMA
        elif word in _STOPS:
            tag = Tag.STOP
        elif word[0] in "'’" and word[1:] in ("", "s"):
            if word[1:] == "" and text[found.start() - 1 : found.start()] != "s":
                continue
            tag = Tag.POSSESSIVE
        elif word in _SKIPPED:
            continue
        else:
            tag = ""
        yield Word(word, found.start(), found.end(), tag, word.lower().replace("’", "'"))


def _plain_tag(word: Word, language: Language) -> str:
    """Return the tag of a word by itself, and note which verbs it may be."""
    low = word.low
    forms = language.verb_forms.get(low)
    if forms:
        word.forms = forms
    if tag := language.lexicon.get(low):
        return tag
    if forms:
        return Tag.VERB
    if word.text[0].isupper():
        return Tag.NAME
    if low[0].isdigit():
        return Tag.DETERMINER
    if low.endswith("n't"):
        return Tag.NEGATION
    if low.endswith("ly"):
        return Tag.ADVERB
    if low.endswith("ed") and len(low) > 4 and "-" not in low:
        word.forms = ((low, Form.PAST), (low, Form.PARTICIPLE))
        return Tag.VERB
    return Tag.NOUN
