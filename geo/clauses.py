"""The clauses of a sentence: verb groups, each with its subject and with what governs it.

A verb group is "had not yet been taken"; what governs it may be "denied that", "vowed to" or "if".
This is no parser: it knows the constructions that reports of war are written in, and where it finds
none it gives a clause no subject rather than a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from frontmap.geo.language import Form, Governance, Language, Tag
from frontmap.geo.sentences import Clause, Link, Noun, Sentence
from frontmap.geo.words import LOOSE, LOOSE_OR_COMMA, NOUNS, PHRASE, Word, tag_words

__all__ = ["parse"]


def parse(text: str, span: tuple[int, int], masks: Sequence[Word], language: Language) -> Sentence:
    """Return the sentence at text[start:end] with its words and clauses.

    `masks` are the words in it that stand for several (`frontmap.geo.words.find_masks`).
    """
    words = tag_words(text, span, masks, language)
    sentence = Sentence(text, *span, language, words, list(_groups(words, language)))
    _Attacher(sentence).attach()
    return sentence


# Verb groups


#: Tags that may stand before a verb in its group; those that a group may begin with; and those
#: that say in what form the verb has to be.
_AUXILIARIES = frozenset("mlbhx!t")
_OPENING = _AUXILIARIES | {Tag.VERB}
_SHAPING = frozenset("mlbhxt")
#: The forms that a verb may have after "to be", after "to have", after nothing, and after others,
#: of which the first counts.
_AFTER_BE = (Form.PARTICIPLE, Form.GERUND)
_AFTER_HAVE = (Form.PARTICIPLE,)
_ALONE = (Form.PAST, Form.THIRD, Form.BASE, Form.GERUND, Form.PARTICIPLE)
_AFTER_OTHERS = (Form.BASE,)


def _groups(words: Sequence[Word], language: Language) -> Iterator[Clause]:
    """Yield the verb groups of a sentence, in order."""
    i = 0
    while i < len(words):
        group = _group(words, i, language) if words[i].tag in _OPENING else None
        if group is not None:
            yield group
        i = group.last if group is not None else i + 1


def _group(words: Sequence[Word], first: int, language: Language) -> Clause | None:
    """Return the verb group that begins at a word, None where none does."""
    i, auxiliaries = first, ""
    while i < len(words):
        tag = words[i].tag
        if auxiliaries and tag == Tag.TO:
            break  # "has to": the infinitive is a group of its own
        if tag not in _AUXILIARIES and not (auxiliaries and tag in LOOSE):
            break
        auxiliaries += tag
        i += 1
    if i < len(words) and words[i].tag == Tag.VERB:
        return _of_verb(words, first, i, auxiliaries, language)
    while i > first and words[i - 1].tag not in (Tag.BE, Tag.HAVE, Tag.DO):
        i -= 1
    if i == first or not (Tag.BE in auxiliaries or Tag.HAVE in auxiliaries):
        return None
    lemma = language.to_be if words[i - 1].tag == Tag.BE else language.to_have
    return _clause(first, i - 1, auxiliaries[: i - first], (lemma,), Form.PAST)


def _of_verb(
    words: Sequence[Word], first: int, main: int, auxiliaries: str, language: Language
) -> Clause:
    """Return the group of a verb and the auxiliaries before it, which tell its form."""
    shaping = next((tag for tag in reversed(auxiliaries) if tag in _SHAPING), "")
    fitting = {Tag.BE: _AFTER_BE, Tag.HAVE: _AFTER_HAVE, "": _ALONE}.get(shaping, _AFTER_OTHERS)
    forms = words[main].forms
    fit = [pair for pair in forms if pair[1] in fitting] or forms
    lemmas = tuple(dict.fromkeys(lemma for lemma, _ in fit))
    found = [form for _, form in fit]
    form = next((form for form in fitting if form in found), fitting[-1])
    clause = _clause(first, main, auxiliaries, lemmas, form)
    clause.passive = form is Form.PARTICIPLE and shaping in (Tag.BE, "")
    if form is Form.PARTICIPLE and shaping:
        clause.form = Form.PAST  # "was taken", "has taken"
    elif form is Form.GERUND and shaping:
        clause.form = Form.THIRD  # "is taking"
    if auxiliaries and words[first].low in language.participials:
        clause.form = Form.GERUND  # "having taken"
    return clause


def _clause(first: int, main: int, auxiliaries: str, lemmas: tuple[str, ...], form: Form) -> Clause:
    return Clause(
        first,
        main,
        main + 1,
        lemmas,
        form,
        negated=Tag.NEGATION in auxiliaries,
        modal=Tag.MODAL in auxiliaries,
        will=Tag.WILL in auxiliaries,
        infinitive=auxiliaries.startswith(Tag.TO),
    )


# Subjects, and what governs


#: Tags that part two clauses.
_PARTING = frozenset(",;cS?w")
#: Tags that a verb's object, or what stands for it, begins with.
_OBJECT = PHRASE | {Tag.PRONOUN}
#: Tags beyond which the noun before lies: "the town, now", "…, on Friday, and".
_COMMA_ADVERB = frozenset(",r")
_NEGATED_ADVERB = frozenset("r!")
#: Tags of those whom "who" may be said of.
_PERSONS = frozenset("AUN")
#: Tags of a list of places, which is no apposition.
_LIST = "PdrcT"
#: How a clause hangs that is part of the one above, so that "and" joins to that.
_HANGING = frozenset((Link.INFINITIVE, Link.GERUND, Link.NOUN, Link.RELATIVE, Link.OBJECT_RELATIVE))


class _Attacher:
    """Gives each clause of a sentence its subject, its parent and its governor, in order.

    A parent is always an earlier clause, so that going from parent to parent ends.
    """

    def __init__(self, sentence: Sentence) -> None:
        self.s, self.language, self.clauses = sentence, sentence.language, sentence.clauses
        self.tags, self.tag, self.low = sentence.tags, sentence.tag, sentence.low
        self.back, self.onward = sentence.back, sentence.onward
        self.noun_before = sentence.noun_before
        self.number_at = [-1] * len(sentence.words)  # of the clause whose group a word is in
        for number, clause in enumerate(self.clauses):
            for i in range(clause.first, clause.last):
                self.number_at[i] = number

    def attach(self) -> None:
        for number, clause in enumerate(self.clauses):
            clause.bound = self.clauses[number - 1].last if number else 0
            if clause.infinitive:
                self._attach_infinitive(number)
            elif clause.form is Form.GERUND:
                self._attach_gerund(number)
            else:
                self._attach_finite(number)
            if self._is_reduced(clause):
                self._reduce(clause)
            if clause.subject is not None and self._is_negating(clause.subject):
                clause.negated = True
            if clause.subject is not None:
                indefinite = self.low(clause.subject.first) in self.language.indefinite
                clause.conditional = clause.conditional or indefinite  # "whoever rules it"
            if number == 0 and clause.first and self.low(0) in self.language.inverted:
                clause.conditional = True  # "should Homs fall"

    def _is_negating(self, noun: Noun) -> bool:
        """Say whether a subject negates its verb: "no soldier entered", "neither army"."""
        negating = self.language.negating
        return self.low(noun.first) in negating or self.low(noun.first - 1) in negating

    def _adopt(self, number: int, parent: int, subject: Noun | None) -> None:
        """Hang a clause on another, of which it has the subject if it has none of its own."""
        clause = self.clauses[number]
        clause.subject = subject
        if parent >= 0:
            clause.parent = parent
            clause.subject = subject or self.clauses[parent].subject

    def _inherit(self, number: int, other: int | None) -> None:
        """Let a clause be governed as another one is."""
        if other is None:
            return
        clause = self.clauses[number]
        clause.parent, clause.governor = other, Governance.PASSES
        clause.link = clause.link or Link.BESIDE

    # Participles alone

    def _is_reduced(self, clause: Clause) -> bool:
        """Say whether a bare past form is passive: "Hama, seized by rebels on Friday, …"."""
        if clause.passive or not clause.is_bare or clause.form is not Form.PAST:
            return False
        if self.language.speaks(clause.lemmas) is Governance.SAYS:
            return False
        agent = self.language.agent
        return (
            self._reduced_place(clause) >= 0
            or self.low(clause.last) in agent
            or self.low(self.onward(clause.last)) in agent
        )

    def _reduced_place(self, clause: Clause) -> int:
        """Return the position of the place that a bare past form after a comma tells of, or -1."""
        comma, after = self.back(clause.first - 1), self.onward(clause.last)
        place = self.back(comma - 1)
        has_object = self.tag(after) in _OBJECT or self.tag(after) in (
            Tag.PREPOSITION,
            Tag.CONJUNCTION,
        )
        if self.tag(comma) != Tag.COMMA or self.tag(place) != Tag.PLACE:
            return -1
        return place if not has_object or self.low(after) in self.language.agent else -1

    def _reduce(self, clause: Clause) -> None:
        """Make a bare past form passive, of the place before it if there is one."""
        clause.passive = True
        place = self._reduced_place(clause)
        if place >= 0:
            clause.subject = self.noun_before(place + 1)
            clause.link, clause.conjunction = Link.REDUCED, ""

    # Infinitives

    def _attach_infinitive(self, number: int) -> None:
        """Hang "to take" on the verb or noun before it."""
        clause, language = self.clauses[number], self.language
        q = self.back(clause.first - 1, _NEGATED_ADVERB)
        if number and self.low(clause.first - 1) in language.not_yet:
            clause.governor = Governance.FAILS  # "have yet to take"
            self._adopt(number, number - 1, None)
        elif self.tag(q) == Tag.NOUN and self.low(q) in language.noun_governance:
            clause.governor = language.noun_governance[self.low(q)]
            clause.noun_governor, clause.link = q, Link.NOUN
            self._adopt(number, number - 1, self._possessor(q))
        elif number == 0:
            clause.governor = Governance.PLANS
        else:
            self._hang_on_verb(number, q)

    def _hang_on_verb(self, number: int, q: int) -> None:
        """Hang an infinitive on the clause before; q is the position before it."""
        clause, parent = self.clauses[number], self.clauses[number - 1]
        clause.link = Link.INFINITIVE
        if parent.lemmas == (self.language.to_be,) and self._is_ranked(parent.last, q + 1):
            clause.governor = Governance.PASSES  # "is the latest city to fall"
            self._adopt(number, number - 1, None)
            return
        governs = self.language.governance_of(parent.lemmas)
        between = None if parent.passive else self.noun_before(q + 1, parent.last)
        if governs is Governance.SAYS and between is not None:
            governs = Governance.PLANS  # "told them to leave"
        clause.governor = governs or Governance.PLANS
        controls = not self.language.object_controls.isdisjoint(parent.lemmas)
        self._adopt(number, number - 1, between if controls else None)

    def _is_ranked(self, first: int, last: int) -> bool:
        """Say whether a phrase ranks a thing: "the latest city" to fall."""
        return any(self.low(i) in self.language.ranks for i in range(first, last))

    def _possessor(self, i: int) -> Noun | None:
        """Return the owner of the noun at a position: "the army's plan"."""
        owner = self.back(i - 1, (Tag.NOUN, Tag.ADJECTIVE, Tag.NAME))
        return self.noun_before(owner) if self.tag(owner) == Tag.POSSESSIVE else None

    # Gerunds

    def _attach_gerund(self, number: int) -> None:
        """Hang "taking" on the clause that it belongs to, or on the noun before it."""
        clause = self.clauses[number]
        q = self.back(clause.first - 1)
        if number == 0:
            clause.governor = Governance.PASSES
            if self._is_negated_gerund(q, None):
                clause.governor = Governance.FAILS
            if self._follows_noun(q) and self.low(q - 1) in self.language.noun_governance:
                clause.governor = self.language.noun_governance[self.low(q - 1)]
            if self.tag(q) in NOUNS:
                clause.subject, clause.link = self.noun_before(q + 1), Link.MODIFIER
            else:
                clause.link = Link.INITIAL
            return
        above = self._above_gerund(number, q)
        parent = self.clauses[above]
        clause.link = Link.GERUND
        clause.governor = self._governor_of_gerund(q, parent)
        subject = None
        if q >= parent.last and self.tag(q) in NOUNS:
            subject = self.noun_before(q + 1, parent.last)
        elif self._follows_noun(q) and self.low(q - 1) not in self.language.noun_governance:
            subject = self.noun_before(q, parent.last)
        self._adopt(number, above, subject)

    def _above_gerund(self, number: int, q: int) -> int:
        """Return the clause that a gerund hangs on, beyond asides of who says so."""
        above = number - 1
        while above > 0 and self.tag(q) in (Tag.COMMA, Tag.SUBORDINATOR) and self._is_aside(above):
            above -= 1
        return above

    def _is_aside(self, number: int) -> bool:
        """Say whether a clause is an aside of who says so: ", a monitor said,"."""
        clause = self.clauses[number]
        return (
            self.language.speaks(clause.lemmas) is not None
            and clause.subject is not None
            and self.tag(self.back(clause.subject.first - 1)) == Tag.COMMA
        )

    def _governor_of_gerund(self, q: int, parent: Clause) -> Governance:
        """Return what the word before a gerund, at q, or else its parent does to it."""
        if self._follows_noun(q) and self.low(q - 1) in self.language.noun_governance:
            return self.language.noun_governance[self.low(q - 1)]  # "the risk of losing"
        if self._is_negated_gerund(q, parent):
            return Governance.FAILS
        governs = self.language.governance_of(parent.lemmas)
        if governs is Governance.DOUBTS and self.low(q) in self.language.genitive:
            return governs  # "accused them of sending"
        if q == parent.last - 1 and self.tag(q) not in (Tag.PREPOSITION, Tag.SUBORDINATOR):
            return self.language.governance_of(parent.lemmas) or Governance.PASSES
        return Governance.PASSES

    def _is_negated_gerund(self, q: int, parent: Clause | None) -> bool:
        """Say whether a gerund did not come about: "without taking", "stopped them from taking"."""
        if self.tag(q) not in (Tag.PREPOSITION, Tag.SUBORDINATOR):
            return False
        if self.low(q) in self.language.negating_prepositions:
            return True
        return (
            self.low(q) in self.language.source
            and parent is not None
            and not self.language.preventing.isdisjoint(parent.lemmas)
        )

    def _follows_noun(self, q: int) -> bool:
        """Say whether the preposition at q leads from a noun to its gerund: "accused of taking"."""
        leads = self.tag(q) in (Tag.PREPOSITION, Tag.SUBORDINATOR)
        return leads and self.low(q) in self.language.gerund_nouns

    # Finite verbs

    def _attach_finite(self, number: int) -> None:
        """Find the subject of a verb, by the nearest construction that there is."""
        clause = self.clauses[number]
        floor = clause.bound
        if self._attach_relative(number):
            return
        subject = self._subject(self.back(clause.first - 1), floor)
        if subject is None:
            self._share(number)
            return
        if subject.first < floor:
            clause.subject = subject
            self._govern(number, self.back(subject.first - 1))
            return
        described = self._modified(number, subject) or self._described(number)
        if described is not None:
            clause.subject = described
            self._govern(number, described.first - 1)
            return
        clause.subject = subject
        if self._is_bare_relative(clause, subject):
            clause.passive, clause.link = True, Link.REDUCED
        elif not self._attach_object_relative(number, subject):
            self._govern(number, subject.first - 1)

    def _attach_relative(self, number: int) -> bool:
        """Attach a clause whose subject is before "who", "which" or "that"; say whether it is."""
        clause = self.clauses[number]
        i = self.back(clause.first - 1)
        which = self.tag(i) == Tag.RELATIVE and self.low(i - 1) in self.language.genitive
        if which and self.tag(i - 2) == Tag.DETERMINER:
            i -= 2  # "both of which"
        elif self.tag(i) not in (Tag.RELATIVE, Tag.THAT):
            return False
        noun = self.back(i - 1, _COMMA_ADVERB)
        if self.tag(noun) not in NOUNS:
            return False
        person = self.low(i) in self.language.whose and self.tags[noun] in _PERSONS
        floor = self.s.phrase_start(noun, 0) if person else 0
        clause.subject = self.noun_before(noun + 1, floor)
        clause.link = Link.RELATIVE
        self._inherit(number, self.s.clause_at(i))
        return True

    def _attach_object_relative(self, number: int, subject: Noun) -> bool:
        """Attach "the town that rebels took" to what is around it; say whether it is one."""
        relative = self.back(subject.first - 1)
        place_that = self.tag(relative) == Tag.THAT and (
            self.tag(self.back(relative - 1, (Tag.COMMA,))) == Tag.PLACE
        )
        if self.tag(relative) != Tag.RELATIVE and not place_that:
            return False
        clause = self.clauses[number]
        clause.link, clause.bound = Link.OBJECT_RELATIVE, relative
        self._inherit(number, self.s.clause_at(relative))
        return True

    def _subject(self, i: int, floor: int) -> Noun | None:
        """Return the noun phrase that ends at a position, beyond an apposition if need be."""
        tag = self.tag(i)
        if tag in _OBJECT and tag not in (Tag.POSSESSIVE, Tag.ADJECTIVE):
            return self.noun_before(i + 1, floor)
        if tag == Tag.COMMA:
            opening = self.tags.rfind(Tag.COMMA, 0, i)
            if opening > 0 and self.tags[opening + 1 : i].strip(_LIST):
                q = self.back(opening - 1)
                if self.tag(q) in NOUNS or self.tag(q) == Tag.PRONOUN:
                    return self.noun_before(q + 1)
        return None

    def _modified(self, number: int, subject: Noun) -> Noun | None:
        """Return the subject that a bare verb modifies: "fighters holding the town said".

        Where that verb is in the past it is a participle, and passive: "men trapped in Hama fled".
        """
        if number == 0:
            return None
        bare = self.clauses[number - 1]
        modifies = bare.form is Form.GERUND and bare.link is Link.MODIFIER
        if self.tag(subject.first - 1) != Tag.PREPOSITION and not modifies:
            return None
        if not bare.is_bare or bare.subject is None or bare.subject.last > bare.first:
            return None
        if self._parted(bare, self.clauses[number]):
            return None
        bare.passive = bare.form is Form.PAST
        return bare.subject

    def _described(self, number: int) -> Noun | None:
        """Return the noun that the clause before describes: "fighters who took the town said"."""
        before = number - 1
        while before >= 0 and self.clauses[before].link in (Link.INFINITIVE, Link.NOUN):
            before -= 1
        if before < 0 or self.clauses[before].link is not Link.RELATIVE:
            return None
        parted = self._parted(self.clauses[before], self.clauses[number])
        return None if parted else self.clauses[before].subject

    def _parted(self, clause: Clause, later: Clause) -> bool:
        """Say whether a comma, a stop or a conjunction stands between two clauses."""
        return not _PARTING.isdisjoint(self.tags[clause.last : later.first])

    def _is_bare_relative(self, clause: Clause, subject: Noun) -> bool:
        """Say whether a bare participle describes a noun within a phrase: "in a video released"."""
        opening = self.tag(subject.first - 1)
        return (
            clause.is_bare
            and clause.form is Form.PAST
            and opening != ""
            and opening not in _PARTING
            and self.tag(clause.main - 1) != Tag.ARMED
            and self.tag(self.onward(clause.last, (Tag.ADVERB,))) not in _OBJECT
            and self.s.words[clause.main].may_be(Form.PARTICIPLE)
            and Tag.PREPOSITION in self.tags[clause.bound : clause.main]
            and subject.head == subject.first + (self.tags[subject.first] == Tag.DETERMINER)
        )

    # Verbs without a subject of their own

    def _share(self, number: int) -> None:
        """Let a clause share the subject, and more, of the nearest one before that it goes with.

        "Soldiers entered Hama and took the bridge", "they will not enter Hama or take it".
        """
        clause = self.clauses[number]
        for other in range(number - 1, -1, -1):
            earlier = self.clauses[other]
            if self._goes_with(number, other):
                break
        else:
            return
        clause.link = Link.COORDINATE
        clause.subject = earlier.subject
        clause.parent, clause.governor = earlier.parent, earlier.governor
        clause.noun_governor = earlier.noun_governor
        clause.conditional = earlier.conditional
        if _is_base(clause):
            keeps = self.low(clause.first - 1) in self.language.alternative
            clause.infinitive = clause.infinitive or earlier.infinitive
            clause.modal = clause.modal or earlier.modal
            clause.will = clause.will or earlier.will
            clause.negated = clause.negated or (earlier.negated and keeps)
        if earlier.passive and clause.is_bare and clause.form is Form.PAST:
            clause.passive = (
                self.s.words[clause.main].may_be(Form.PARTICIPLE)
                and self.tag(self.onward(clause.last)) not in PHRASE
            )

    def _goes_with(self, number: int, other: int) -> bool:
        """Say whether a clause may share the subject of an earlier one.

        A bare verb goes with an infinitive or an auxiliary ("to enter and take"), and a verb of
        saying rather with another one ("… said …, and added").
        """
        clause, earlier = self.clauses[number], self.clauses[other]
        leads = earlier.infinitive or earlier.modal or earlier.will or earlier.form is Form.BASE
        if _is_base(clause) is not leads or earlier.form is Form.GERUND:
            return False
        speaks = self.language.speaks
        if speaks(clause.lemmas) is None or speaks(earlier.lemmas) is not None:
            return True
        return all(speaks(before.lemmas) is None for before in self.clauses[:other])

    # What governs a clause with a subject

    def _govern(self, number: int, i: int) -> None:
        """Find what the clause that begins after a position depends on."""
        comma = False
        for q in range(i, -1, -1):
            tag = self.tags[q]
            if tag == Tag.STOP:
                return
            if tag == Tag.SUBORDINATOR and self.onward(q + 1) > i:
                self._subordinate(number, q)
                return
            if tag == Tag.THAT:
                self._complement(number, q)
                return
            if tag == Tag.CONJUNCTION and q == self.back(i, LOOSE_OR_COMMA):
                if number and self.low(q) not in self.language.contrasting:
                    self._coordinate(number, apart=comma)
                return
            comma = comma or tag == Tag.COMMA
            if self.number_at[q] >= 0:
                self._follow_clause(number, self.number_at[q], apart=comma)
                return

    def _follow_clause(self, number: int, above: int, *, apart: bool) -> None:
        """Attach a clause that follows another at once, or `apart`, after a comma."""
        clause, earlier = self.clauses[number], self.clauses[above]
        if earlier.link is Link.INITIAL and not apart:
            earlier.governor = Governance.DOUBTS  # "retaking the town is not on the agenda"
        elif not apart and self.language.speaks(earlier.lemmas):
            self._complement(number, earlier.last)
        elif apart and earlier.link is Link.INITIAL:
            earlier.subject = clause.subject

    def _subordinate(self, number: int, q: int) -> None:
        """Attach a clause that the conjunction at a position opens: "if …", "after …"."""
        clause, language = self.clauses[number], self.language
        clause.link, clause.conjunction = Link.CONJUNCTION, self.low(q)
        if clause.conjunction in language.conditional:
            clause.conditional = True
        if clause.conjunction in language.whether:
            clause.governor = Governance.DOUBTS
        above = self.s.clause_at(q)
        if above is None or Tag.STOP in self.tags[self.clauses[above].last : q]:
            return
        if clause.governor is Governance.DOUBTS:
            clause.parent = above
        elif language.speaks(self.clauses[above].lemmas) is None:
            self._inherit(number, above)

    def _coordinate(self, number: int, *, apart: bool) -> None:
        """Attach a clause that "and" joins to those before it, unless a comma sets it apart."""
        clause, earlier = self.clauses[number], self.clauses[number - 1]
        clause.link = Link.COORDINATE
        if apart:
            return
        clause.conditional = earlier.conditional
        top = earlier
        while top.parent is not None and top.link in _HANGING:
            top = self.clauses[top.parent]
        clause.parent, clause.governor = top.parent, top.governor

    def _complement(self, number: int, that: int) -> None:
        """Attach a clause to the verb or noun before "that", or before the place of it."""
        clause = self.clauses[number]
        above, q = self.s.clause_at(that), self.back(that - 1)
        clause.link = Link.COMPLEMENT
        clause.negated = clause.negated or self.tag(q) == Tag.NEGATION  # "but not that it fell"
        noun = self.tag(q) in (Tag.NOUN, Tag.UNARMED)
        if noun and self.low(q) in self.language.noun_governance:
            clause.parent, clause.noun_governor = above, q
            clause.governor = self._governor_by_noun(q, above)
            return
        if above is None:
            return
        earlier = self.clauses[above]
        joined = self.tag(self.back(that - 1, LOOSE_OR_COMMA)) == Tag.CONJUNCTION
        if joined and earlier.link is Link.COMPLEMENT:  # "said that … and that …"
            clause.parent = earlier.parent or 0
            lemmas = self.clauses[clause.parent].lemmas
            clause.governor = self.language.governance_of(lemmas)
            return
        clause.parent = above
        governs = self.language.governance_of(earlier.lemmas)
        if governs is None and self.tag(that) == Tag.THAT and earlier.last == that:
            governs = Governance.SAYS  # "countered that": a verb unknown, but one of saying
        clause.governor = governs or Governance.PASSES

    def _governor_by_noun(self, q: int, above: int | None) -> Governance:
        """Return what the noun at a position does to its clause: "reports that …".

        What is said is doubted in "unconfirmed reports that", and denied in "reports that … are
        false" and "denied reports that".
        """
        language = self.language
        if above is not None:
            lemmas = self.clauses[above].lemmas
            if language.governance_of(lemmas) is Governance.DENIES:
                return Governance.DENIES
        governor = language.noun_governance[self.low(q)]
        if self.low(q - 1) in language.doubtful:
            return Governance.DOUBTS
        if self.low(q) in language.hearsay and not self.s.vouches(above):
            return Governance.DOUBTS  # "played down reports that"
        false = any(word.low in language.falsehoods for word in self.s.words)
        return Governance.DENIES if governor is Governance.SAYS and false else governor


def _is_base(clause: Clause) -> bool:
    """Say whether a verb stands alone in its base form, as after a shared auxiliary."""
    return clause.is_bare and clause.form is Form.BASE
