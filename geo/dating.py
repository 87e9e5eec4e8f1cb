"""Which dates of a sentence belong to which clause, and the days of what a clause tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from frontmap.geo.language import Governance, Tag
from frontmap.geo.reading import Basis, ClaimDate
from frontmap.geo.sentences import Link, Sentence
from frontmap.geo.slots import Spot
from frontmap.geo.timex import DateMention
from frontmap.geo.words import LOOSE_OR_COMMA

__all__ = ["Dates"]

#: Tags before a date that opens a clause, and those after which the clause's subject may follow.
_OPENINGS = (Tag.SUBORDINATOR, Tag.THAT, Tag.RELATIVE)
_SEPARATORS = (Tag.CONJUNCTION, Tag.COMMA)


class Dates:
    """The dates of one sentence, each with its position, by the clause that they belong to."""

    def __init__(self, sentence: Sentence, published: date) -> None:
        """Give each date of a sentence, of a report published on a day, to its clause."""
        self.s, self.published = sentence, published
        self._owned: dict[int, list[tuple[int, DateMention]]] = {}
        for i, word in enumerate(sentence.words):
            if word.date is not None and sentence.clauses:
                owned = self._owned.setdefault(self._owner(i, word.date), [])
                owned.append((i, word.date))

    def _owner(self, i: int, mention: DateMention) -> int:
        """Return the clause of a date: the one it stands in, or the next, if it opens that."""
        s = self.s
        later = next((n for n, clause in enumerate(s.clauses) if clause.first > i), None)
        if later is None:
            return len(s.clauses) - 1
        if later == 0 or mention.introduces or s.tag(i - 1) in _OPENINGS:
            return later
        subject = s.clauses[later].subject
        opens = (
            s.tag(i - 1) in _SEPARATORS
            and subject is not None
            and i < subject.first <= s.onward(i + 1, LOOSE_OR_COMMA)
        )
        return later if opens else later - 1

    def first_of(self, number: int) -> DateMention | None:
        """Return the first date of a clause, None if it has none."""
        owned = self._owned.get(number)
        return owned[0][1] if owned else None

    def of_claim(
        self,
        number: int | None,
        spot: Spot,
        spots: Sequence[Spot],
        speech: Iterable[int],
    ) -> ClaimDate:
        """Return the days of a claim: those beside its verb, else beside a verb of saying.

        `number` is its clause, `spot` its place, one of `spots`, and `speech` the clauses of saying
        above it, the nearest first. What was said on a day was so by then.
        """
        own = self._of_clause(number, spot, spots) if number is not None else None
        if own is not None:
            return own
        for other in speech:
            for _, mention in self._owned.get(other, ()):
                if not mention.future:
                    return ClaimDate(None, mention.date.last, Basis.RELATIVE)
        return ClaimDate(None, self.published, Basis.NONE)

    def _of_clause(self, number: int, spot: Spot, spots: Sequence[Spot]) -> ClaimDate | None:
        """Return the days of what a clause tells of a place, None where nothing says."""
        found = self._own(number, spot, spots)
        found = found or self._shared(number)
        found = found or self._inherited(number, spot)
        return found or self._of_gerund(number)

    def _own(self, number: int, spot: Spot, spots: Sequence[Spot]) -> ClaimDate | None:
        """Return the date in a clause itself: after the place, before the next of its list."""
        own = [(i, m) for i, m in self._owned.get(number, ()) if not m.future]
        until = min((other.at for other in spots if other.at > spot.at), default=None)
        after = [(i, m) for i, m in own if i > spot.at]
        beside = [(i, m) for i, m in after if until is None or i < until]
        best = beside or after or own
        return best[0][1].date if best else None

    def _shared(self, number: int) -> ClaimDate | None:
        """Return a date before a verb that shares its subject: "On Friday rebels took A and B"."""
        clauses = self.s.clauses
        if clauses[number].link is not Link.COORDINATE:
            return None
        for other in range(number - 1, -1, -1):
            owned = self._owned.get(other)
            if owned and clauses[other].subject is clauses[number].subject:
                i, mention = owned[0]
                if i < clauses[other].first and not mention.future:
                    return mention.date
        return None

    def _inherited(self, number: int, spot: Spot) -> ClaimDate | None:
        """Return the date of the clause above, by which this one had become so."""
        clause = self.s.clauses[number]
        if clause.parent is None or clause.governor is not Governance.PASSES:
            return None
        above = self._of_clause(clause.parent, spot, ())
        if above is None or clause.link is Link.INFINITIVE:
            return above  # "began on Friday to withdraw"
        return ClaimDate(None, above.last, Basis.RELATIVE)

    def _of_gerund(self, number: int) -> ClaimDate | None:
        """Return the date of a gerund below: "took the town, entering it on Friday"."""
        for other, clause in enumerate(self.s.clauses[number + 1 :], number + 1):
            below = clause.parent == number and clause.governor is Governance.PASSES
            if below and clause.link is Link.GERUND and (mention := self.first_of(other)):
                return mention.date
        return None
