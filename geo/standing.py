"""How a clause or a noun is put, and who says so: the status and the attribution of what it tells.

A clause is as the one that governs it makes it ("denied that", "vowed to", "began to"), then as its
own words do ("not", "will", "if"). Attribution is to the nearest speaker above it, else to whoever
says the whole sentence ("…, the army said", "according to residents").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from frontmap.geo.discourse import Named, Names
from frontmap.geo.language import Form, Governance, Tag
from frontmap.geo.reading import ClaimStatus
from frontmap.geo.sentences import Clause, Link, Noun, Sentence

__all__ = ["Standing", "Standings"]

_STATUS_OF = {
    Governance.DENIES: ClaimStatus.DENIED,
    Governance.PLANS: ClaimStatus.PLANNED,
    Governance.FAILS: ClaimStatus.NEGATED,
    Governance.DOUBTS: ClaimStatus.HYPOTHETICAL,
}
#: Reasons that no single word of the text gives.
_IF, _NOT, _WILL, _MODAL, _QUESTION = "if", "not", "will", "modal", "question"
#: What may follow the mark of a question at the end of a sentence.
_CLOSING = "\"'”’ "

#: How clauses hang that tell of something else than the one they hang on, and those that tell
#: what the verb of saying above them says.
_APART = frozenset((Link.RELATIVE, Link.OBJECT_RELATIVE, Link.BESIDE))
_SAID = frozenset((Link.COMPLEMENT, Link.INFINITIVE, Link.GERUND))
#: Tags before a noun of its own phrase, and those between a verb and its object.
_QUALIFIERS = frozenset("njdAsNrP")
_OBJECT_OF = frozenset("rTdnjAsN")


@dataclass(frozen=True, slots=True)
class Standing:
    """How something is put.

    `reason` is the word that makes it no plain statement. `announcer` is the subject of the verb
    of saying that a noun is the object of: who announces a capture claims it.
    """

    status: ClaimStatus = ClaimStatus.ASSERTED
    speaker: Named | None = None
    reason: str | None = None
    announcer: Noun | None = None


class Standings:
    """Says how the clauses and nouns of one sentence are put.

    `outer` is who says the whole of it, and the number of the clause that tells so, if one does.
    """

    def __init__(self, sentence: Sentence, names: Names) -> None:
        """Find who says the whole sentence, in the light of what was said before it."""
        self.s, self.language, self.names = sentence, sentence.language, names
        text = sentence.text[sentence.start : sentence.end]
        self._is_question = text.rstrip(_CLOSING).endswith("?")
        self.outer = self._by_source() or self._by_aside()
        self._supposed = frozenset(self._suppositions())

    def _suppositions(self) -> Iterator[int]:
        """Yield the clauses that hang on an "if": those after one that opens, the present before.

        "If Homs falls, the capital is cut off"; "the capital is cut off if Homs falls".
        """
        s = self.s
        for number, clause in enumerate(s.clauses):
            if not clause.conditional:
                continue
            start = s.tags.rfind(Tag.STOP, 0, clause.first) + 1
            stop = s.tags.find(Tag.STOP, clause.last)
            for other, beside in enumerate(s.clauses):
                if not start <= beside.first < (stop if stop >= 0 else len(s.tags)):
                    continue
                if other > number or s.is_present(beside):
                    yield other

    # Who says the whole sentence

    def _by_source(self) -> tuple[Named, int | None] | None:
        """Return whom the sentence names as its source: "according to X"."""
        for i, word in enumerate(self.s.words):
            if word.low in self.language.to_speakers:
                leads = self.s.low(i + 1) in self.language.speakers_to
                noun = self.s.noun_after(i + 2) if leads else None
                if noun is not None and self.s.low(noun.last) in self.language.agent:
                    noun = self.s.noun_after(noun.last + 1) or noun  # "to a tally by X"
                if noun is not None:
                    return self.names.speaker(noun), None
        return None

    def _by_aside(self) -> tuple[Named, int | None] | None:
        """Return who says so in a clause apart: "…, X said", "…, said X"."""
        s = self.s
        for number, clause in enumerate(s.clauses):
            if not self._is_aside(number):
                continue
            subject = clause.subject
            if subject is not None and subject.first > 0 and subject.last <= clause.first:
                if s.tag(s.back(subject.first - 1)) == Tag.COMMA:
                    return self.names.speaker(subject), number
            elif s.tag(s.back(clause.first - 1)) == Tag.COMMA:
                noun = s.noun_after(clause.last)
                if noun is not None:
                    return self.names.speaker(noun), number
        return None

    def _is_aside(self, number: int) -> bool:
        """Say whether a clause is one of saying that nothing of the sentence depends on."""
        s, clause = self.s, self.s.clauses[number]
        if self.language.speaks(clause.lemmas) is not Governance.SAYS or clause.passive:
            return False
        if clause.infinitive or clause.form is Form.GERUND or clause.negated:
            return False
        return not any(
            other.parent == number
            and other.link in _SAID
            and Tag.COMMA not in s.tags[clause.last : other.first]
            for other in s.clauses
        )

    # Clauses

    def of_clause(self, number: int, *, own: bool = True) -> Standing:
        """Return how a clause is put; without `own`, as far as what governs it goes."""
        clause = self.s.clauses[number]
        if clause.parent is not None:
            standing = self._by_parent(clause, self.of_clause(clause.parent))
        elif clause.governor in _STATUS_OF:
            at = clause.first if clause.noun_governor is None else clause.noun_governor
            standing = Standing(_STATUS_OF[clause.governor], reason=self.s.low(at))
        else:
            standing = Standing()
        if own and standing.status is ClaimStatus.ASSERTED and number in self._supposed:
            return replace(standing, status=ClaimStatus.HYPOTHETICAL, reason=_IF)
        return self._by_itself(clause, standing) if own else standing

    def _by_parent(self, clause: Clause, above: Standing) -> Standing:
        """Return how a clause is put by its parent, which is put as `above` says."""
        assert clause.parent is not None, "the caller asked"
        parent = self.s.clauses[clause.parent]
        by_noun = clause.noun_governor is not None
        reason = self.s.low(parent.main if clause.noun_governor is None else clause.noun_governor)
        governor = clause.governor or Governance.PASSES
        if governor is Governance.DENIES:
            speaker = self._subject_of(parent)
            if parent.negated:
                return Standing(ClaimStatus.ASSERTED, speaker)  # "did not deny that"
            return Standing(ClaimStatus.DENIED, speaker, reason)
        if governor is Governance.SAYS and not by_noun and not parent.passive:
            return self._said(parent, above)
        if governor in _STATUS_OF:
            undone = governor is Governance.FAILS and parent.negated  # "did not fail to"
            status = ClaimStatus.ASSERTED if undone else _STATUS_OF[governor]
            return replace(above, status=status, reason=reason)
        return self._passed(clause, parent, above)

    def _said(self, parent: Clause, above: Standing) -> Standing:
        """Return how a clause is put that a verb of saying governs.

        What may be said, or is not said, may be so; what is denied to be said is denied.
        """
        status = above.status
        if status not in (ClaimStatus.ASSERTED, ClaimStatus.DENIED):
            status = ClaimStatus.HYPOTHETICAL
        speaker = above.speaker if parent.subject is None else self._subject_of(parent)
        return Standing(status, speaker, above.reason)

    def _passed(self, clause: Clause, parent: Clause, above: Standing) -> Standing:
        """Return how a clause is put that is as the one above it, or stands for itself."""
        status, speaker = above.status, above.speaker
        if clause.link in _APART or clause.conjunction in self.language.beside:
            happened = clause.form is Form.PAST and not clause.modal
            if status in (ClaimStatus.NEGATED, ClaimStatus.PLANNED) or (
                status is ClaimStatus.HYPOTHETICAL and happened
            ):
                status = ClaimStatus.ASSERTED  # "will retake Hama, which they lost"
        if clause.link is Link.GERUND:
            if status is ClaimStatus.NEGATED:
                status = ClaimStatus.ASSERTED
            if speaker is None and self.s.governs(parent) is Governance.SAYS:
                speaker = self._subject_of(parent)
        return replace(above, status=status, speaker=speaker)

    def _by_itself(self, clause: Clause, standing: Standing) -> Standing:
        """Return how a clause is put by its own words, if nothing above it tells already."""
        if standing.status is not ClaimStatus.ASSERTED:
            return standing
        awaited = clause.conjunction in self.language.awaiting and self.s.is_present(clause)
        if clause.conditional or awaited:  # "if Homs falls", "until Homs falls"
            reason = clause.conjunction or str(clause.link)
            return replace(standing, status=ClaimStatus.HYPOTHETICAL, reason=reason)
        if clause.negated:
            return replace(standing, status=ClaimStatus.NEGATED, reason=_NOT)
        if clause.will:
            return replace(standing, status=ClaimStatus.PLANNED, reason=_WILL)
        if clause.modal:
            modal = self.s.low(clause.first)
            return replace(standing, status=ClaimStatus.HYPOTHETICAL, reason=modal)
        if self._is_question:
            return replace(standing, status=ClaimStatus.HYPOTHETICAL, reason=_QUESTION)
        return standing

    def _subject_of(self, clause: Clause) -> Named | None:
        return self.names.of(clause.subject) if clause.subject else None

    # Nouns

    def of_noun(self, i: int, number: int | None, *, in_subject: bool) -> Standing:
        """Return how the noun at a position is put, which is in a clause or its subject."""
        s = self.s
        if (standing := self._by_qualifier(i)) is not None:
            return standing
        before = s.back(i - 1, _QUALIFIERS)
        if (standing := self._by_preposition(before, number)) is not None:
            return standing
        if number is None:
            return Standing()
        standing = self.of_clause(number, own=not in_subject)
        if in_subject:
            return self._by_predicate(number, standing)
        direct = self._is_object(i, before, s.clauses[number])
        if direct and standing.status is ClaimStatus.ASSERTED and not s.clauses[number].passive:
            return self._by_verb(s.clauses[number], standing)
        return standing

    def _by_qualifier(self, i: int) -> Standing | None:
        """Return how a noun is put by the words before it: "no attack", "the planned attack"."""
        language, j = self.language, i - 1
        while j >= 0 and self.s.tags[j] in _QUALIFIERS:
            low = self.s.low(j)
            if low in language.none:
                return Standing(ClaimStatus.NEGATED, reason=low)
            if low in language.unsure or low in language.doubtful:
                return Standing(ClaimStatus.HYPOTHETICAL, reason=low)
            if low in language.planned:
                return Standing(ClaimStatus.PLANNED, reason=low)
            j -= 1
        return None

    def _by_preposition(self, j: int, number: int | None) -> Standing | None:
        """Return how a noun is put by what the preposition before its phrase belongs to.

        "Warned against an attack", "prepared for an attack", "plans for an attack".
        """
        s, language = self.s, self.language
        if number is not None:
            clause = s.clauses[number]
            warned = s.low(j) in language.against and language.speaks(clause.lemmas) is not None
            prepared = s.low(j) in language.purpose and s.governs(clause) is Governance.PLANS
            if warned or prepared:
                return Standing(ClaimStatus.PLANNED, reason=s.low(clause.main))
        if s.tag(j) not in (Tag.PREPOSITION, Tag.TO):
            return None
        noun = s.low(s.back(j - 1))
        governor = language.noun_governance.get(noun)
        if noun in language.hearsay and not s.vouches(number):
            governor = Governance.DOUBTS  # "scorned reports of a retreat"
        status = _STATUS_OF.get(governor) if governor else None
        return Standing(status, reason=noun) if status else None

    def _by_predicate(self, number: int, standing: Standing) -> Standing:
        """Return how a subject is put by its verb: "an attack was planned", "may begin"."""
        clause = self.s.clauses[number]
        if clause.modal or clause.conditional or number in self._supposed:
            return replace(standing, status=ClaimStatus.HYPOTHETICAL, reason=_MODAL)
        if clause.negated and not self.language.arising.isdisjoint(clause.lemmas):
            return replace(standing, status=ClaimStatus.NEGATED, reason=_NOT)
        governs = self.s.governs(clause)
        if clause.passive and governs in _STATUS_OF:
            reason = self.s.low(clause.main)
            return replace(standing, status=_STATUS_OF[governs], reason=reason)
        return standing

    def _is_object(self, i: int, before: int, clause: Clause) -> bool:
        """Say whether a noun is what a verb is about: "denied an attack", "warned of an attack"."""
        s = self.s
        last = clause.last + 1 if s.is_phrasal(clause) else clause.last
        if s.onward(last, _OBJECT_OF) >= i:
            return True
        about = s.tag(before) == Tag.PREPOSITION and s.low(before) in self.language.topic
        return about and s.onward(clause.last) == before

    def _by_verb(self, clause: Clause, standing: Standing) -> Standing:
        """Return how an object is put by its verb: "announced the capture", "denied the loss"."""
        governs = self.s.governs(clause)
        if governs is Governance.SAYS and clause.subject is not None:
            speaker = standing.speaker or self.names.of(clause.subject)
            return replace(standing, speaker=speaker, announcer=clause.subject)
        if governs in _STATUS_OF and governs is not Governance.FAILS:
            return Standing(_STATUS_OF[governs], self._subject_of(clause), clause.lemmas[0])
        return standing
