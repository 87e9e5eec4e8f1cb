"""Claims: what a report says of who took, entered, left, fought over or holds which place.

`read_report` goes from text to claims in steps, each of which can be followed by hand:

1. toponyms, dates and distances are found (`recognition`, `timex`), and each sentence becomes words
   and clauses in which they are one word each (`clauses`);
2. the language's triggers, one table, are looked for: a verb or noun with its places, and the actor
   who is its subject;
3. what governs the clause gives the claim its status ("denied that", "vowed to", "if") and says
   who it is attributed to;
4. the dates beside the verb, else beside the verb of saying, give the days;
5. denials are laid beside the claims they dispute, and repetitions merged.

Nothing is guessed: an actor that isn't named stays None, a place that isn't known is unresolved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Protocol

from frontmap.geo.actors import match_actor
from frontmap.geo.clauses import Clause, Noun, Sentence, sentence_spans
from frontmap.geo.english import ENGLISH
from frontmap.geo.language import Form, Governance, Language, Trigger
from frontmap.geo.languages import UNDETERMINED, detect
from frontmap.geo.reading import (
    LIVE,
    Basis,
    Claim,
    ClaimDate,
    ClaimStatus,
    Extent,
    Kind,
    Reading,
    Relation,
    Toponym,
)
from frontmap.geo.records import Actor
from frontmap.geo.timex import DateMention, find_dates

__all__ = ["Finds", "read_report"]

#: The languages that claims are read in; a text too short to tell is read as English.
LANGUAGES = {language.code: language for language in (ENGLISH,)}
#: Relations by which ground changes hands, or begins to; a denial disputes these.
CHANGING = (Relation.CAPTURED, Relation.ENTERED, Relation.WITHDREW)


class Finds(Protocol):
    """What finds toponyms: a `frontmap.geo.recognition.Recogniser`, or another behind its face."""

    def find(self, text: str) -> list[Toponym]:
        """Return the toponyms of a text in order, without overlap."""
        ...


def read_report(
    text: str,
    published: date,
    recogniser: Finds,
    *,
    actors: Sequence[Actor] = (),
) -> Reading:
    """Read the toponyms and claims out of a report that was published on a day.

    `actors` are those of the project, to which a claim's actor is matched by name and alias. Of a
    text in a language that has no rules the toponyms alone are read, and a note says so.
    """
    toponyms = recogniser.find(text)
    code = detect(text)
    language = LANGUAGES.get(ENGLISH.code if code == UNDETERMINED else code)
    if language is None:
        note = f"the text seems to be in {code!r}, for which there are no rules: toponyms only"
        return Reading(toponyms, (), (note,))
    dates = find_dates(text, published, language.dates)
    reader = _Reader(text, published, language, actors)
    for span in sentence_spans(text):
        reader.read(
            span,
            [t for t in toponyms if span[0] <= t.start < span[1]],
            [d for d in dates if span[0] <= d.start < span[1]],
        )
    return Reading(toponyms, reader.finish())


@dataclass(frozen=True, slots=True)
class _Named:
    """An actor or a speaker as written, and whether the words make it an armed one."""

    text: str
    armed: bool
    party: bool = False
    means: str = ""  # whom a pronoun, "the group" or "its fighters" stands for


@dataclass(slots=True)
class _Spot:
    """A place in its slot: the mention, how much of it, and where the words after it begin."""

    toponym: Toponym
    extent: Extent | None
    at: int
    end: int


@dataclass(slots=True)
class _Found:
    """What a frame found around its trigger."""

    spots: list[_Spot]
    first: int
    last: int
    actor: Noun | None = None
    actor_text: tuple[int, int] | None = None
    km: float | None = None
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class _Element:
    kind: str  # A, B, P, Q, V or "word"
    words: frozenset[str]
    optional: bool


@lru_cache
def _elements(frame: str) -> tuple[tuple[_Element, ...], tuple[_Element, ...]]:
    """Return what stands before and after the trigger's word in a frame."""
    before, _, after = frame.partition("_")
    return tuple(map(_element, before.split())), tuple(map(_element, after.split()))


def _element(text: str) -> _Element:
    bare = text.rstrip("?")
    kind = bare if bare in ("A", "B", "P", "Q", "V") else "word"
    words = frozenset() if kind != "word" else frozenset(w.rstrip("?") for w in text.split("|"))
    return _Element(kind, words, text.endswith("?"))


class _Reader:
    """Reads one report, sentence by sentence, and remembers what pronouns may mean."""

    def __init__(
        self, text: str, published: date, language: Language, known: Sequence[Actor] = ()
    ) -> None:
        self.text, self.published, self.language = text, published, language
        self.known = known
        self.claims: list[Claim] = []
        self.places: list[Toponym] = []  # settlements and areas mentioned so far
        self.listed: list[Toponym] = []  # the places of the last claim
        self.actors: list[_Named] = []  # armed ones, in the order of mention
        self.persons: list[_Named] = []  # those who said something, or are named with a title
        self.partisans: set[str] = set()  # names of those who speak for a party
        self.since: date | None = None  # when the events told of began

    def read(
        self, span: tuple[int, int], toponyms: Sequence[Toponym], dates: Sequence[DateMention]
    ) -> None:
        sentence = Sentence(self.text, span, toponyms, dates, self.language)
        _SentenceReader(self, sentence).read()

    def finish(self) -> list[Claim]:
        """Return the claims in order, repetitions merged and denials laid beside."""
        merged: dict[tuple[object, ...], Claim] = {}
        for claim in sorted(self.claims, key=lambda c: (c.start, c.place.start)):
            same = (claim.place.start, claim.relation, claim.status, claim.actor)
            merged.setdefault(same, claim)
        return _disputed(list(merged.values()))


def _disputed(claims: list[Claim]) -> list[Claim]:
    """Lay each denial beside the live claims that it disputes."""
    denials = [c for c in claims if c.status is ClaimStatus.DENIED and c.disputed_by]
    for number, claim in enumerate(claims):
        if not claim.is_live or claim.relation not in CHANGING:
            continue
        for denial in denials:
            if (
                denial.relation in CHANGING
                and _same_place(denial, claim)
                and claim.start < denial.start
            ):
                if claim.attribution == denial.disputed_by:
                    continue
                claims[number] = replace(claim, disputed_by=denial.disputed_by)
    return claims


def _same_place(a: Claim, b: Claim) -> bool:
    if a.place.place and b.place.place:
        return a.place.place.id == b.place.place.id
    return a.place.surface == b.place.surface


class _SentenceReader:
    """Reads one sentence."""

    def __init__(self, reader: _Reader, sentence: Sentence) -> None:
        self.reader, self.s, self.language = reader, sentence, reader.language
        self.question = sentence.text[sentence.start : sentence.end].rstrip("\"'”’ ").endswith("?")
        self.dates = self._owners_of_dates()
        self.outer = self._outer_attribution()
        self.announcer: Noun | None = None

    def read(self) -> None:
        for number, clause in enumerate(self.s.clauses):
            self._note_actor(clause)
            self._verb_triggers(number, clause)
        for i, word in enumerate(self.s.words):
            if word.tag in "nAN" and word.low in self.language.noun_triggers:
                self._noun_triggers(i)
        self._note_places()
        self._note_start()

    # What later sentences refer to

    def _note_actor(self, clause: Clause) -> None:
        if clause.subject is None:
            return
        named = self._named(clause.subject)
        if named is None or self.s.tags[clause.subject.head] == "o":
            return
        if self._is_generic(clause.subject):
            return
        if named.armed and not clause.infinitive:
            self.reader.actors.append(named)
        elif self.language.speaks(clause.lemmas):
            self.reader.persons.append(named)

    def _is_generic(self, noun: Noun) -> bool:
        """Say whether a noun phrase is "the group", which names nobody."""
        return noun.last - noun.first == 2 and self.s.low(noun.last - 1) in self.language.last_actor

    def _note_places(self) -> None:
        for k, word in enumerate(self.s.words):
            if word.place is None or self._is_state(k) or word.place.kind is not Kind.SETTLEMENT:
                continue
            self.reader.places.append(word.place)

    def _note_start(self) -> None:
        """Remember when "the offensive, which began on …", began."""
        for number, clause in enumerate(self.s.clauses):
            own = self.dates.get(number)
            if own and set(clause.lemmas) & {"begin", "start"} and clause.subject is not None:
                noun = self.s.low(self._head_end(clause.subject) - 1)
                if noun in self.language.starts and own[0][1].date.first:
                    self.reader.since = own[0][1].date.first

    # Triggers

    def _verb_triggers(self, number: int, clause: Clause) -> None:
        handed = False
        for lemma in (*clause.lemmas, "*"):
            for trigger in self.language.verb_triggers.get(lemma, ()):
                found = self._frame(trigger, clause)
                if found is None or not self._add(trigger, found, number):
                    continue
                if not trigger.frame.endswith(("P to A", "P to B")):
                    return
                handed = True
            if handed:
                return
        self._fronted_fight(number, clause)

    def _frame(self, trigger: Trigger, clause: Clause) -> _Found | None:
        """Match a trigger's frame to a clause, in the active or the passive voice."""
        before, after = _elements(trigger.frame)
        role = before[0].kind if before else ""
        subject = clause.subject
        found: _Found | None = None
        if clause.link == "reduced" and trigger.relation is Relation.WITHDREW:
            return None  # "Hama, lost in 2015,": of the past, and no news
        if clause.passive and role in ("A", "B") and after[-1].words != {"$"}:
            particles = self.language.particles
            needed = next(
                (
                    n
                    for n, e in enumerate(after)
                    if not (e.kind == "word" and (e.optional or e.words <= particles))
                ),
                0,
            )
            if after[needed].kind in ("P", "B"):
                rest = after[:needed]
                return self._passive(
                    trigger, clause, role, after[needed], (*rest, *after[needed + 1 :])
                )
        if role == "P":
            spots = self._subject_places(clause)
            if not spots:
                return None
            found = self._follow(clause.last, after, self._end(clause))
            if found is None:
                return None
            found.spots = spots
            found.first = min(found.first, spots[0].at)
            return found
        if clause.link == "object relative" and [e.kind for e in after if not e.optional] == ["P"]:
            if self.s.low(clause.bound) == "where":
                return None
            antecedent = self._antecedent(clause)
            if antecedent is None:
                return None
            found = _Found(antecedent, antecedent[0].at, clause.last, actor=subject)
            return found
        if role == "word" and not self._heads(subject, before[0]):
            return None
        if role == "word" and len(before) > 1 and subject is not None:  # "control of P"
            spots = self._places(subject.head + 2, subject.last)
            found = self._follow(clause.last, after, self._end(clause))
            if not spots or found is None:
                return None
            found.spots, found.first = spots, subject.first
            return found
        found = self._follow(clause.last, after, self._end(clause))
        if found is not None and not found.spots and after[-1].words == {"$"}:
            found.spots = self._spots_before(clause)
        if found is None or not found.spots:
            return None
        if role == "A":
            found.actor = subject
        if subject is not None and subject.last <= clause.first:
            found.first = min(subject.first, clause.first)
        else:
            found.first = clause.first
        return found

    def _fronted_fight(self, number: int, clause: Clause) -> None:
        """Add the claim of "In Hama, rebels have been fighting"."""
        for lemma in clause.lemmas:
            for trigger in self.language.verb_triggers.get(lemma, ()):
                found = self._fronted() if trigger.relation is Relation.CONTESTED else None
                if found is not None and trigger.armed and clause.subject is not None:
                    found.actor, found.last = clause.subject, clause.last
                    self._add(trigger, found, number)
                    return

    def _fronted(self) -> _Found | None:
        s = self.s
        if s.tag(0) == "p" and s.low(0) in ("in", "around", "near", "at") and s.tag(1) == "P":
            if s.tag(2) == ",":
                return _Found([self._spot(1, None)], 0, 2)
        return None

    def _spots_before(self, clause: Clause) -> list[_Spot]:
        """Return the places of the claim before, for "after the army had withdrawn"."""
        start = self.s.start
        earlier = [c for c in self.reader.claims if c.start >= start and c.relation in CHANGING]
        if not earlier or clause.link not in self.language.beside:
            return []
        return [_Spot(earlier[-1].place, None, clause.main, clause.last)]

    def _heads(self, noun: Noun | None, element: _Element) -> bool:
        """Say whether a noun phrase is headed by one of an element's words."""
        return noun is not None and self.s.low(self._head_end(noun) - 1) in element.words

    def _passive(
        self,
        trigger: Trigger,
        clause: Clause,
        role: str,
        subject: _Element,
        rest: tuple[_Element, ...],
    ) -> _Found | None:
        """Match what stands after a passive verb, of which the frame's P or B is the subject."""
        places = self._subject_places(clause)
        if subject.kind == "P":
            if not places:
                return None
            found = self._follow(clause.last, rest, self._end(clause), agent=role == "B")
            if found is None:
                return None
            found.spots = places
            found.first = min(places[0].at, clause.first)
        else:
            found = self._follow(clause.last, rest, self._end(clause))
            if found is None or not found.spots:
                return None
            found.first = clause.first
            if trigger.relation is Relation.WITHDREW:
                found.actor = clause.subject
                found.first = (
                    min(clause.first, clause.subject.first) if clause.subject else clause.first
                )
        if found.actor is None and role == "A":
            found.actor = self._agent(found.last, self._end(clause))
            if found.actor is not None:
                found.last = max(found.last, found.actor.last)
        return found

    def _end(self, clause: Clause) -> int:
        """Return where the ground of a clause ends: at the next one, or at a stop."""
        after = [c for c in self.s.clauses if c.first >= clause.last]
        if not after:
            return len(self.s.words)
        end = after[0].first
        if after[0].link in ("relative", "object relative", "reduced"):
            return end
        if after[0].subject is not None and clause.last <= after[0].subject.first < end:
            end = max(after[0].subject.first, clause.last)
            if self.s.tags[after[0].subject.first] == "P" and self.s.tag(end - 1) not in ",cS?w":
                return after[0].first
        return end

    def _agent(self, i: int, end: int) -> Noun | None:
        """Return who is named after "by", if anybody."""
        for j in range(i, min(end, i + 8)):
            if self.s.low(j) == "by":
                return self._noun_after(j + 1)
            if self.s.tags[j] not in "rTpPdnjN":
                return None
        return None

    def _noun_after(self, i: int) -> Noun | None:
        tags, j = self.s.tags, i
        while j < len(tags) and tags[j] in "nNAUPdjsro":
            j += 1
        while j > i and tags[j - 1] in "rdj":
            j -= 1
        return Noun(i, j, j - 1) if j > i else None

    def _follow(
        self, i: int, elements: Sequence[_Element], end: int, *, agent: bool = False
    ) -> _Found | None:
        """Match the elements after a trigger's word, one after the other.

        With `agent` the last element, who did it, may not be missing.
        """
        found = _Found([], i, i)
        for n, element in enumerate(elements):
            following = elements[n + 1].kind if n + 1 < len(elements) else ""
            if element.words == {"$"}:
                free = s_tag = self.s.tag(i)
                loose = self.s.low(i) not in ("as", "from", "into")
                j = i if (not free or s_tag in ",;pTSc?wrt") and loose else None
            elif element.kind == "word":
                j = self._literal(i, element, end, found)
                while j is not None and following == "P" and j < end and not self._places(j, end):
                    j = (
                        self._literal(self._beyond_phrase(j - 1), element, end, found)
                        if (self._beyond_phrase(j - 1) >= j)
                        else None
                    )
            elif element.kind == "B":
                j = self._anyone(i, elements[n + 1 :], end)
            elif element.kind == "V":
                j = self._any_verb(i)
            elif element.kind == "Q":
                j = self._distance(i, end, found)
            elif element.kind == "P":
                found.spots = self._places(i, end)
                if (
                    found.spots
                    and self.s.low(i - 1) == "from"
                    and self.s.low(found.spots[-1].end) == "to"
                ):
                    found.spots += self._places(found.spots[-1].end + 1, end)
                j = found.spots[-1].end if found.spots else None
            else:
                found.actor = self._noun_after(self.s.onward(i, "rT"))
                j = found.actor.last if found.actor else None
            if j is None:
                if element.optional:
                    continue
                if element.kind == "A":
                    continue
                rest = elements[n:]
                if (
                    not agent
                    and len(rest) == 2
                    and rest[1].kind == "A"
                    and rest[0].kind == "word"
                    and self._may_lack_agent(elements)
                ):
                    break
                return None
            i = j
        found.last = i
        return found

    def _may_lack_agent(self, elements: Sequence[_Element]) -> bool:
        """Say whether the words that lead to the agent may be missing: "Hama has fallen"."""
        return elements[-2].words <= {"to", "before", "by", "of"} and (
            len(elements) == 2
            or (elements[0].kind != "B" and elements[-3].kind != "P")
            or elements[0].words == {"of"}
        )

    def _literal(self, i: int, element: _Element, end: int, found: _Found) -> int | None:
        tags, j = self.s.tags, i
        leads = bool(element.words & self.language.prepositions)
        while j < min(end, i + (14 if leads else 6)):
            low = self.s.low(j)
            if low in element.words:
                owner = [k for k in range(i, j) if tags[k] in "ANP"]
                if owner and found.actor is None and not leads:
                    found.actor_text = (owner[0], owner[-1] + 1)
                return j + 1
            if leads:
                k = self._beyond_phrase(j)
                if k == j:
                    return None
                j = k
            elif tags[j] not in "rTdjsnANPhb":
                return None
            else:
                j += 1
        return None

    def _beyond_phrase(self, i: int) -> int:
        """Return the position after an adverb, a date or a prepositional phrase without a place."""
        tags = self.s.tags
        if tags[i] in "rT":
            return i + 1
        if tags[i] != "p":
            return i
        j = i + 1
        while j < len(tags) and tags[j] in ("djnrP" if self.s.low(i) == "from" else "djnr"):
            j += 1
        return j if j > i + 1 and self.s.tag(j) in ("p", "T", "r") else i

    def _anyone(self, i: int, rest: Sequence[_Element], end: int) -> int | None:
        """Return where a noun phrase ends that the next element follows."""
        if self.s.tag(i) in ("p", ",", ""):
            return None
        j = i
        while j < min(end, i + 12):
            if self.s.tags[j] not in "nNAUPdjsrcTpo":
                return j if (not rest or rest[0].kind == "V") and j > i else None
            if j > i and rest and rest[0].kind == "word":
                probe = _Found([], j, j)
                if self.s.low(j) in rest[0].words or (
                    rest[0].optional and len(rest) > 1 and self.s.low(j) in rest[1].words
                ):
                    return j
                del probe
            elif (j > i and rest and rest[0].kind == "P" and self.s.tags[j] == "P") or (
                j > i and rest and rest[0].kind == "V" and self.s.low(j) in rest[1].words
            ):
                return j
            j += 1
        return None

    def _any_verb(self, i: int) -> int | None:
        for clause in self.s.clauses:
            if clause.first >= i:
                if clause.first - i > 3 or self.s.tags[i : clause.first].strip("rT,w?"):
                    return None
                j = self.s.onward(clause.last)
                return j + 1 if self.s.low(j) in ("out", "on", "up") else j
        return None

    def _distance(self, i: int, end: int, found: _Found) -> int | None:
        tags, j = self.s.tags, i
        while j < min(len(tags), i + 7) and tags[j] != "Q":
            if tags[j] not in "rTptdjnbUA" and self.s.low(j) != "as":
                return None
            j += 1
        if j >= len(tags) or tags[j] != "Q" or j > end:
            return None
        found.km = self.s.words[j].km
        j += 1
        while (
            j < len(tags) and tags[j] in "rpdnjtT" and self.s.low(j) not in self.language.anaphors
        ):
            if tags[j] == "d" and self.s.low(j + 1) not in self.language.directions:
                break
            if wind := self.language.directions.get(self.s.low(j)):
                found.direction = wind
            j += 1
        return j

    # Places

    def _places(self, i: int, end: int) -> list[_Spot]:
        """Return the places listed from a position on: "A, a town in the south, and nearby B"."""
        spots: list[_Spot] = []
        tags, s = self.s.tags, self.s
        i = s.onward(i)
        while True:
            spot = self._place(i, end)
            if spot is None:
                return spots
            if isinstance(spot, list):
                return spots + spot
            spots.append(spot)
            i = s.onward(spot.end)
            after = self._beyond_apposition(i, end)
            if s.tag(after) == "," and s.tag(s.onward(after + 1)) == "c":
                after = s.onward(after + 1)
            if s.tag(after) == "," and s.tag(s.onward(after + 1)) != "P":
                return spots
            if s.tag(after) in (",", "c") and s.low(after) != "but":
                after = s.onward(after + 1)
            elif s.low(after) in ("as", "along", "plus", "together") and s.low(after + 1) in (
                "well",
                "with",
            ):
                after = after + (3 if s.low(after + 2) == "as" else 2)
            else:
                return spots
            if tags[after : after + 1] == "p" and s.low(after) in (
                "of",
                "in",
                "from",
                "on",
                "into",
                "at",
            ):
                after += 1
            i = after

    def _beyond_apposition(self, i: int, end: int) -> int:
        """Return the position after ", a town near C," if there is such a thing here."""
        if self.s.tag(i) != "," or self.s.tag(i + 1) not in ("d", "n", "p", "w", "Q"):
            return i
        closing = self.s.tags.find(",", i + 1)
        if closing < 0 or closing > i + 16 or closing >= max(end, i):
            return i
        inside = self.s.tags[i + 1 : closing]
        if self.s.tag(i + 1) == "d" and self.s.tag(i + 2) == "P":
            return i
        return closing if not set(inside) & set(";S") else i

    def _place(self, i: int, end: int) -> _Spot | list[_Spot] | None:
        """Return the place whose noun phrase begins at a position, None where there is none."""
        s, language, extent = self.s, self.language, None
        several = False
        j = i
        while j < min(end, i + 14):
            word = s.words[j]
            if word.place is not None:
                return self._spot(j, extent)
            part = language.extent_of(word.low)
            if part is not None and word.tag in "ndjrNA":
                extent = self._narrower(extent, part)
            if word.low in language.several:
                several = True
            elif word.tag == "o":
                return self._pronoun(j, extent) if j == i or s.low(j - 1) == "of" else None
            elif several and (
                word.low in language.such_as or (word.low, s.low(j - 1)) == ("as", "such")
            ):
                pass  # "key cities like"
            elif word.tag == "p":
                if word.low not in language.inside or (several and word.low != "of") or j == i:
                    return None
                following = s.words[j + 1].place if j + 1 < len(s.words) else None
                if several and following is not None and following.kind is not Kind.SETTLEMENT:
                    return None  # "towns of Homs province"
                if not self._names_ground(i, j):
                    return None
                if s.low(j - 1) in language.directions and s.low(j - 2) not in language.articles:
                    return None  # "villages north of"
            elif (
                word.low in language.anaphors
                and s.tag(j + 1) not in ("P", "N")
                and s.low(j + 1) != "of"
                and s.tag(j + 1) != "n"
            ):
                return self._anaphor(i, j, extent)
            elif word.tag == "c" and extent is not None:
                pass  # "the airport and the bridge at"
            elif word.tag not in "djnrNTsA":
                break
            j += 1
        own = s.low(i) in language.possessives and extent is not None and i < j <= i + 3
        if own and language.extent_of(s.low(j - 1)) is not None:
            return self._last_place(j - 1, Extent.PART)
        if several and j > i and s.low(i) in ("both", "the", "all", "these"):
            return self._several(j, extent)
        return None

    def _names_ground(self, i: int, j: int) -> bool:
        """Say whether the nouns before a preposition are ground: "the northern districts of"."""
        return any(
            self.language.extent_of(self.s.low(k)) is not None
            or self.s.low(k) in self.language.places
            or self.s.low(k) in self.language.several
            for k in range(i, j)
        )

    def _narrower(self, a: Extent | None, b: Extent) -> Extent:
        return b if a is None or b is Extent.PART else a

    def _spot(self, j: int, extent: Extent | None) -> _Spot:
        """Return the place at a position, with what follows: "Hama's suburbs", "Hama airport"."""
        s, end = self.s, j + 1
        toponym = s.words[j].place
        assert toponym is not None
        k = end + 1 if s.tag(end) == "s" else end
        if k > end:
            noun = next((n for n in range(k, k + 4) if s.tag(n) not in ("d", "n", "j")), k) - 1
            if s.low(noun) in self.language.anaphors:
                return self._last_place(j, extent) or _Spot(toponym, extent, j, end)
        while s.tag(k) in ("n", "j") and k < j + 5:
            part = self.language.extent_of(s.low(k))
            if part is not None:
                extent, end = self._narrower(extent, part), k + 1
            k += 1
        return _Spot(toponym, extent, j, end)

    def _pronoun(self, j: int, extent: Extent | None) -> _Spot | list[_Spot] | None:
        if self.s.low(j) == "them" and len(self.reader.listed) > 1:
            return [_Spot(t, extent, j, j + 1) for t in self.reader.listed]
        if self.s.low(j) == "it":
            return self._last_place(j, extent)
        return None

    def _last_place(self, j: int, extent: Extent | None) -> _Spot | None:
        here = [
            word.place
            for k, word in enumerate(self.s.words[:j])
            if word.place is not None
            and not self._is_state(k)
            and word.place.kind is Kind.SETTLEMENT
        ]
        known = here or self.reader.places
        return _Spot(known[-1], extent, j, j + 1) if known else None

    def _anaphor(self, i: int, j: int, extent: Extent | None) -> _Spot | None:
        if self.s.tag(i) not in ("d", "n", "j", "A", "r"):
            return None
        if not any(self.s.low(k) in ("the", "this", "that", "its") for k in range(i, j)):
            return None
        return self._last_place(j, extent)

    def _several(self, j: int, extent: Extent | None) -> list[_Spot] | None:
        if len(self.reader.listed) < 2:
            return None
        return [_Spot(t, extent, j - 1, j) for t in self.reader.listed]

    def _subject_places(self, clause: Clause) -> list[_Spot]:
        """Return the places that the subject of a clause lists."""
        subject = clause.subject
        if subject is None:
            return []
        if clause.link == "object relative":
            return []
        if clause.link == "relative":
            antecedent = self.s.back(clause.first - 1, "rTw?,")
            if self.s.low(antecedent) == "of":  # "both of which"
                antecedent = self.s.back(antecedent - 1, "rTd,")
            if self.s.tag(antecedent) == "P" and self.s.tag(clause.first - 1) == "w":
                noun = self.s.noun_before(antecedent + 1, 0)
                if noun is not None and (listed := self._places(noun.first, noun.last)):
                    return listed
            spot = self._spot(antecedent, None) if self.s.tag(antecedent) == "P" else None
            return [spot] if spot else []
        s = self.s
        spots = self._places(subject.first, subject.last)
        last = subject.last - 1
        if not spots and s.tags[last] == "P" and s.tag(last - 1) not in ("p", "s"):
            return [_Spot(s.words[last].place, None, last, last + 1)]  # type: ignore[arg-type]
        if not spots and s.tag(subject.last) == "," and s.tag(subject.last + 1) == "P":
            return [self._spot(subject.last + 1, None)]  # "its capital, Idlib,"
        return spots

    def _antecedent(self, clause: Clause) -> list[_Spot] | None:
        q = self.s.back(clause.bound - 1, "rT,")
        noun = self.s.noun_before(q + 1, 0)
        if noun is None:
            return None
        spot = self._place(noun.first, noun.last)
        return [spot] if isinstance(spot, _Spot) else None

    # Nouns

    def _noun_triggers(self, i: int) -> None:
        for trigger in self.language.noun_triggers[self.s.low(i)]:
            _, after = _elements(trigger.frame)
            found = self._follow(i + 1, after, len(self.s.words))
            if found is None or not found.spots:
                found = self._where(i) if trigger.relation is Relation.CONTESTED else None
            if found is None:
                continue
            found.first = i
            while found.first > 0 and self.s.tags[found.first - 1] in "njAdNs":
                found.first -= 1
            if found.actor is None:
                found.actor = self._owner(i) or self._doer(i)
            if self._add_noun(trigger, found, i):
                return

    def _where(self, i: int) -> _Found | None:
        """Return the place of "Hama, where fighting rages"."""
        number, _ = self._around(i)
        if number is not None:
            clause = self.s.clauses[number]
            for j in range(clause.last, min(clause.last + 4, len(self.s.words))):
                if self.s.low(j) == "there" and (spot := self._last_place(j, None)):
                    return _Found([spot], i, j + 1)
        q = self.s.back(i - 1, "rdnjNA")
        place = self.s.back(q - 1, ",rT")
        if self.s.low(q) != "where" or self.s.tag(place) != "P":
            return None
        return _Found([self._spot(place, None)], i, i + 1)

    def _owner(self, i: int) -> Noun | None:
        """Return who a noun belongs to: "the army's capture of", "the rebel capture of"."""
        j = i - 1
        while j >= 0 and self.s.tags[j] in "njr":
            j -= 1
        if self.s.tag(j) == "s":
            return self.s.noun_before(j, 0)
        if self.s.tag(j) == "A":
            return self.s.noun_before(j + 1, 0)
        if self.s.tag(j) == "d" and self.s.low(j) in ("its", "their"):
            clause = self.s._clause_at(i)
            return self.s.clauses[clause].subject if clause is not None else None
        return None

    def _doer(self, i: int) -> Noun | None:
        """Return the subject of the verb that a noun is the object of: "launched an assault on"."""
        number = self.s._clause_at(i)
        if number is None:
            return None
        clause = self.s.clauses[number]
        if clause.passive or self.language.speaks(clause.lemmas) not in (None, Governance.PLANS):
            return None
        if self.s.onward(clause.last, "rTdnjAsN") < i or clause.subject is None:
            return None
        named = self._named(clause.subject)
        return clause.subject if named is not None and named.armed else None

    def _add_noun(self, trigger: Trigger, found: _Found, i: int) -> bool:
        clause, own = self._around(i)
        self.announcer = None
        status, speaker, reason = self._noun_status(i, clause, own)
        if trigger.relation is Relation.BESIEGED and clause is not None:
            if set(self.s.clauses[clause].lemmas) & self.language.ending:
                status, reason = ClaimStatus.NEGATED, self.s.low(self.s.clauses[clause].main)
        if found.actor is None and self.announcer is not None and trigger.relation in CHANGING:
            announcer = self._named(self.announcer)
            if announcer is not None and announcer.armed:
                found.actor = self.announcer
        return self._make(trigger, found, clause, status, speaker, reason, own=own)

    def _around(self, i: int) -> tuple[int | None, bool]:
        """Return the clause that a noun is in, and whether it stands in its subject."""
        for number, clause in enumerate(self.s.clauses):
            if clause.subject is not None and clause.subject.first <= i < clause.subject.last:
                return number, True
        for number, clause in enumerate(self.s.clauses):
            subject = clause.subject
            if (
                subject is not None
                and subject.first <= i < clause.first
                and clause.link not in ("coordinate", "gerund", "infinitive", "noun", "relative")
                and not any(subject.first <= c.main < i for c in self.s.clauses)
            ):
                return number, True
        number = self.s._clause_at(i)
        if number is None and self.s.clauses:
            return 0, True
        return number, False

    def _noun_status(
        self, i: int, number: int | None, own: bool
    ) -> tuple[ClaimStatus, _Named | None, str | None]:
        language, s = self.language, self.s
        j = i - 1
        while j >= 0 and s.tags[j] in "njdAsNrP":
            low = s.low(j)
            if low in ("no", "any"):
                status = ClaimStatus.NEGATED if low == "no" else ClaimStatus.HYPOTHETICAL
                return status, None, low
            if low in language.doubtful:
                return ClaimStatus.HYPOTHETICAL, None, low
            if low in language.planned:
                return ClaimStatus.PLANNED, None, low
            j -= 1
        if s.low(j) == "against" and number is not None:
            if language.speaks(s.clauses[number].lemmas):
                return ClaimStatus.PLANNED, None, s.low(s.clauses[number].main)
        if s.low(j) == "for" and number is not None:
            if s.governs(s.clauses[number]) is Governance.PLANS:
                return ClaimStatus.PLANNED, None, s.low(s.clauses[number].main)
        if s.tag(j) in ("p", "t") and s.low(s.back(j - 1)) in language.noun_governance:
            noun = s.low(s.back(j - 1))
            status = _STATUS_OF.get(language.noun_governance[noun])
            if status:
                return status, None, noun
        if number is None:
            return ClaimStatus.ASSERTED, None, None
        clause = s.clauses[number]
        status, speaker, reason = self._status(number, ignore_own=own)
        if own:
            if clause.modal or clause.conditional:
                return ClaimStatus.HYPOTHETICAL, speaker, "modal"
            governs = s.governs(clause)
            if clause.negated and set(clause.lemmas) & language.arising:
                return ClaimStatus.NEGATED, speaker, "not"
            if clause.passive and governs in _STATUS_OF:
                return _STATUS_OF[governs], speaker, s.low(clause.main)
            return status, speaker, reason
        governs = s.governs(clause)
        phrasal = f"{clause.lemmas[0]} {s.low(clause.last)}" in language.phrasal
        direct = s.onward(clause.last + phrasal, "rTdnjAsN") >= i or (
            s.tag(j) == "p"
            and s.onward(clause.last) == j
            and s.low(j) in ("against", "of", "about")
        )
        if status is ClaimStatus.ASSERTED and direct and not clause.passive:
            if governs is Governance.SAYS and clause.subject is not None:
                speaker = speaker or self._named(clause.subject)
                self.announcer = clause.subject
            elif governs in _STATUS_OF and governs is not Governance.FAILS:
                return (
                    _STATUS_OF[governs],
                    self._named(clause.subject) if clause.subject else None,
                    clause.lemmas[0],
                )
        return status, speaker, reason

    # Status and attribution

    def _status(
        self, number: int, *, ignore_own: bool = False
    ) -> tuple[ClaimStatus, _Named | None, str | None]:
        """Return how a clause is put, who says so, and which word makes it no plain statement."""
        s = self.s
        clause = s.clauses[number]
        status, speaker, reason = ClaimStatus.ASSERTED, None, None
        if clause.parent is not None and clause.parent != number:
            parent = s.clauses[clause.parent]
            above, speaker, reason = self._status(clause.parent)
            governor = clause.governor or Governance.PASSES
            parent_word = s.low(
                clause.noun_governor if clause.noun_governor is not None else parent.main
            )
            if governor is Governance.SAYS and clause.noun_governor is None and not parent.passive:
                if above is not ClaimStatus.ASSERTED:
                    status = ClaimStatus.HYPOTHETICAL if above is not ClaimStatus.DENIED else above
                if parent.subject is not None:
                    speaker = self._named(parent.subject)
            elif governor is Governance.DENIES:
                status, reason = ClaimStatus.DENIED, parent_word
                speaker = self._named(parent.subject) if parent.subject else None
                if parent.negated:
                    status, reason = ClaimStatus.ASSERTED, None
            elif governor in _STATUS_OF:
                status, reason = _STATUS_OF[governor], parent_word
                if governor is Governance.FAILS and parent.negated:
                    status = ClaimStatus.ASSERTED
            else:
                status = above
                if (
                    clause.link in ("relative", "object relative", "beside")
                    or clause.link in self.language.beside
                ):
                    if above in (ClaimStatus.NEGATED, ClaimStatus.PLANNED) or (
                        above is ClaimStatus.HYPOTHETICAL
                        and not clause.modal
                        and clause.link != "gerund"
                        and clause.form is Form.PAST
                    ):
                        status = ClaimStatus.ASSERTED
                if clause.link == "gerund" and above is ClaimStatus.NEGATED:
                    status = ClaimStatus.ASSERTED
                says = s.governs(parent) is Governance.SAYS
                if (
                    clause.link == "gerund"
                    and says
                    and speaker is None
                    and parent.subject is not None
                ):
                    speaker = self._named(parent.subject)
        elif clause.governor in _STATUS_OF:
            status = _STATUS_OF[clause.governor]
            reason = (
                s.low(clause.noun_governor)
                if clause.noun_governor is not None
                else s.low(clause.first)
            )
        if ignore_own:
            return status, speaker, reason
        if status is ClaimStatus.ASSERTED:
            if clause.conditional:
                status, reason = ClaimStatus.HYPOTHETICAL, clause.link or "if"
            elif clause.negated:
                status, reason = ClaimStatus.NEGATED, "not"
            elif clause.will:
                status, reason = ClaimStatus.PLANNED, "will"
            elif clause.modal:
                status, reason = ClaimStatus.HYPOTHETICAL, s.low(clause.first)
        if self.question and status is ClaimStatus.ASSERTED:
            status, reason = ClaimStatus.HYPOTHETICAL, "question"
        return status, speaker, reason

    def _outer_attribution(self) -> tuple[_Named, int] | None:
        """Return who says the whole sentence: "…, X said", "according to X", and the clause."""
        s = self.s
        for i, word in enumerate(s.words):
            if word.low in self.language.to_speakers and s.low(i + 1) == "to":
                noun = self._noun_after(i + 2)
                if noun is not None:
                    named = self._speaker(noun)
                    return named, -1
        for number, clause in enumerate(s.clauses):
            if self.language.speaks(clause.lemmas) is not Governance.SAYS or clause.passive:
                continue
            if any(
                c.parent == number
                and c.link in ("complement", "infinitive", "gerund")
                and "," not in s.tags[clause.last : c.first]
                for c in s.clauses
            ):
                continue
            if clause.infinitive or clause.form is Form.GERUND or clause.negated:
                continue
            subject = clause.subject
            if subject is not None and subject.last <= clause.first and subject.first > 0:
                if s.tag(s.back(subject.first - 1)) == ",":
                    return self._speaker(subject), number
            elif s.tag(s.back(clause.first - 1)) == ",":
                noun = self._noun_after(clause.last)
                if noun is not None:
                    return self._speaker(noun), number
        return None

    def _speaker(self, noun: Noun) -> _Named:
        named = self._named(noun)
        return named or _Named(self.s.said(noun.first, noun.last), False)

    # Names of actors and speakers

    def _head_end(self, noun: Noun) -> int:
        """Return where the head of a noun phrase ends, before its first preposition."""
        i = noun.head
        while i < noun.last and self.s.tags[i] != "p":
            i += 1
        return i

    def _named(self, noun: Noun) -> _Named | None:
        """Return a noun phrase as an actor or speaker; a pronoun is the last armed actor."""
        s = self.s
        end = self._head_end(noun)
        last = end - 1
        while last > noun.first and (s.tags[last] in "rT" or s.low(last) in self.language.attached):
            last -= 1
        if (
            s.tags[last] in "dn"
            and s.low(last) not in self.language.outsiders | self.language.parties
            and s.low(last + 1) == "of"
            and last + 2 < noun.last
        ):
            inner = self._named(Noun(last + 2, noun.last, last + 2))  # "most of his troops"
            if inner is not None and inner.armed:
                return replace(inner, text=s.said(noun.first, noun.last))
        tag, low = s.tags[last], s.low(last)
        text = s.said(noun.first, noun.last)
        if low in self.language.persons:
            return self.reader.persons[-1] if self.reader.persons else None
        if tag == "o":
            return self.reader.actors[-1] if self.reader.actors else None
        words = {s.low(i) for i in self._with_apposition(noun)}
        names = {s.low(i) for i in range(noun.first, end) if s.tags[i] == "N"}
        outsider = (
            bool(words & (self.language.outsiders | self.language.civil))
            and not words & self.language.partisan
        )
        party = not outsider and (
            bool(words & (self.language.parties | self.language.partisan))
            or self._is_state(last)
            or tag == "A"
            or (bool(names) and names <= self.reader.partisans)
            or (tag == "N" and s.words[last].text.isupper() and len(low) > 1)
        )
        if party:
            self.reader.partisans |= names
        if tag == "U" or low in self.language.unarmed:
            return _Named(text, False, party)
        if tag == "P":
            return _Named(text, self._is_state(last), party)
        armed = tag in "AN" and not words & self.language.civil
        if tag == "N" and any(s.tags[i] == "U" for i in range(noun.first, end)):
            armed = False  # a person with a title
        means = ""
        if self.reader.actors and (
            self._is_generic(noun) or s.low(noun.first) in self.language.possessives
        ):
            means = self.reader.actors[-1].means or self.reader.actors[-1].text
        return _Named(text, armed, party, means)

    def _with_apposition(self, noun: Noun) -> range:
        """Return the words of a noun phrase with those of an apposition: "X, head of the group,"."""
        closing = self.s.tags.find(",", noun.last + 1) if self.s.tag(noun.last) == "," else -1
        inside = self.s.tags[noun.last + 1 : closing] if closing > 0 else ""
        return range(
            noun.first, closing if inside and not set(inside) & set("vbh;SwP") else noun.last
        )

    def _is_state(self, i: int) -> bool:
        """Say whether the place at a position stands for a state: a country, or its capital."""
        toponym = self.s.words[i].place
        if toponym is None:
            return False
        return toponym.kind is Kind.COUNTRY or toponym.surface in self.language.capitals

    # Dates

    def _owners_of_dates(self) -> dict[int, list[tuple[int, DateMention]]]:
        """Give each date to the clause that it belongs to."""
        s, owned = self.s, dict[int, list[tuple[int, DateMention]]]()
        for i, word in enumerate(s.words):
            if word.date is None or not s.clauses:
                continue
            earlier = [n for n, c in enumerate(s.clauses) if c.first < i]
            later = [n for n, c in enumerate(s.clauses) if c.first > i]
            owner = earlier[-1] if earlier else later[0]
            if earlier and later:
                following = s.clauses[later[0]]
                starts = s.tag(i - 1) in ("S", "?", "w") or (
                    s.tag(i - 1) in ("c", ",")
                    and following.subject is not None
                    and i < following.subject.first <= s.onward(i + 1, "rT,")
                )
                if starts or word.date.introduces:
                    owner = later[0]
            owned.setdefault(owner, []).append((i, word.date))
        return owned

    def _date(
        self, number: int | None, spot: _Spot, spots: Sequence[_Spot], speech: Iterable[int]
    ) -> ClaimDate:
        """Return the days of a claim: those beside its verb, else beside the verb of saying."""
        none = ClaimDate(self.reader.since, self.reader.published, Basis.NONE)
        own = self._event_date(number, spot, spots) if number is not None else None
        if own is not None:
            return own
        for other in speech:
            for _, mention in self.dates.get(other, ()):
                if not mention.future:
                    return ClaimDate(self.reader.since, mention.date.last, Basis.RELATIVE)
        return none

    def _event_date(self, number: int, spot: _Spot, spots: Sequence[_Spot]) -> ClaimDate | None:
        s = self.s
        own = [(i, m) for i, m in self.dates.get(number, ()) if not m.future]
        later = [s2.at for s2 in spots if s2.at > spot.at]
        if own:
            after = [(i, m) for i, m in own if i > spot.at and (not later or i < later[0])]
            rest = [(i, m) for i, m in own if i > spot.at]
            return (after or rest or own)[0][1].date
        clause = s.clauses[number]
        if clause.link == "coordinate":
            for other in range(number - 1, -1, -1):
                c = s.clauses[other]
                if c.subject is clause.subject and self.dates.get(other):
                    i, mention = self.dates[other][0]
                    if i < c.first and not mention.future:
                        return mention.date
        if (
            clause.parent is not None
            and clause.governor is not Governance.SAYS
            and clause.parent != number
        ):
            above = self._event_date(clause.parent, spot, ())
            if above is not None and clause.governor is Governance.PASSES:
                if clause.link in ("infinitive",):
                    return above
                return ClaimDate(None, above.last, Basis.RELATIVE)
        for other, c in enumerate(s.clauses):
            if (
                other > number
                and c.parent == number
                and c.governor is Governance.PASSES
                and c.link == "gerund"
                and self.dates.get(other)
            ):
                return self.dates[other][0][1].date
        return None

    # Claims

    def _add(self, trigger: Trigger, found: _Found, number: int) -> bool:
        status, speaker, reason = self._status(number)
        clause = self.s.clauses[number]
        speaks = self.s.governs(clause) is Governance.SAYS and not clause.passive
        if speaker is None and speaks and clause.subject and trigger.relation in CHANGING:
            speaker = self._named(clause.subject)  # "claimed control of"
        return self._make(trigger, found, number, status, speaker, reason)

    def _make(
        self,
        trigger: Trigger,
        found: _Found,
        number: int | None,
        status: ClaimStatus,
        speaker: _Named | None,
        reason: str | None,
        *,
        own: bool = False,
    ) -> bool:
        s = self.s
        actor = self._named(found.actor) if found.actor is not None else None
        if found.actor is None and found.actor_text is not None:
            first, last = found.actor_text
            actor = _Named(s.said(first, last), True)
        if number is not None and self._is_history(s.clauses[number]):
            return False
        if trigger.armed and found.actor is not None and (actor is None or not actor.armed):
            return False
        if trigger.relation is Relation.NEAR and found.km and found.actor is not None:
            if s.tags[self._head_end(found.actor) - 1] == "P" and s.low(
                s.clauses[number].main if number is not None else -1
            ) in ("is", "are", "was", "were"):
                return False  # a place that lies so far from another
        if actor is not None and found.actor is not None and self._is_unarmed(found.actor):
            return False
        outer = None
        if status is not ClaimStatus.DENIED and speaker is None and self.outer is not None:
            if self.outer[1] != number:
                speaker = self.outer[0]
                outer = self.outer[1]
        disputed_by = None
        if status is ClaimStatus.DENIED:
            disputed_by, speaker = (speaker.text if speaker else None), None
        if status is ClaimStatus.ASSERTED and speaker is not None and speaker.party:
            status = ClaimStatus.CLAIMED
        speech = self._speech(number, outer)
        first = min(found.first, *(sp.at for sp in found.spots))
        last = max(found.last, *(sp.at + 1 for sp in found.spots))
        for spot in found.spots:
            self.reader.claims.append(
                Claim(
                    place=spot.toponym,
                    relation=trigger.relation,
                    status=status,
                    date=self._date(number, spot, found.spots, speech),
                    quote=s.said(first, last),
                    start=s.words[first].start,
                    end=s.words[last - 1].end,
                    rule=trigger.rule,
                    actor=actor.text if actor else None,
                    actor_id=self._actor_id(actor),
                    distance_km=found.km,
                    direction=found.direction,
                    extent=spot.extent or trigger.extent,
                    attribution=speaker.text if speaker else None,
                    attribution_is_party=bool(speaker and speaker.party),
                    disputed_by=disputed_by,
                    reason=reason if status not in LIVE else None,
                )
            )
        self.reader.listed = [spot.toponym for spot in found.spots]
        return True

    def _actor_id(self, actor: _Named | None) -> str | None:
        """Return the project's actor that an actor as written is."""
        if actor is None or not self.reader.known:
            return None
        return match_actor(actor.text, self.reader.known) or match_actor(
            actor.means, self.reader.known
        )

    def _is_history(self, clause: Clause) -> bool:
        """Say whether a clause tells of long ago: "retook it five months after losing it"."""
        q = self.s.back(clause.first - 1)
        if clause.subject is not None and clause.link != "gerund":
            q = self.s.back(clause.subject.first - 1)
        return self.s.low(q) in self.language.beside and (
            self.s.low(q - 1) in self.language.long_ago
            or any(unit in self.s.words[q - 1].text for unit in self.language.long_ago)
        )

    def _is_unarmed(self, noun: Noun) -> bool:
        last = self._head_end(noun) - 1
        return self.s.tags[last] == "U"

    def _speech(self, number: int | None, outer: int | None) -> list[int]:
        """Return the clauses of saying above a clause, the nearest first."""
        found: list[int] = []
        seen: set[int] = set()
        while number is not None and number not in seen:
            seen.add(number)
            clause = self.s.clauses[number]
            if clause.parent is not None and clause.governor is Governance.SAYS:
                found.append(clause.parent)
            number = clause.parent
        if outer is not None and outer >= 0:
            found.append(outer)
        return found


_STATUS_OF = {
    Governance.DENIES: ClaimStatus.DENIED,
    Governance.PLANS: ClaimStatus.PLANNED,
    Governance.FAILS: ClaimStatus.NEGATED,
    Governance.DOUBTS: ClaimStatus.HYPOTHETICAL,
}
