"""Claims: what a report says of who took, entered, left, fought over or holds which place.

`read_report` goes from text to claims in steps, each of which can be followed by hand:

1. toponyms, dates and distances are found (`recognition`, `timex`), and each sentence becomes words
   and clauses in which they are one word each (`words`, `clauses`);
2. the language's triggers, one table, are looked for: a verb or noun with its places, and the actor
   who is its subject (`frames`, `slots`, `discourse`);
3. what governs the clause gives the claim its status ("denied that", "vowed to", "if") and says
   who it is attributed to (`standing`);
4. the dates beside the verb, else beside the verb of saying, give the days (`dating`);
5. denials are laid beside the claims they dispute, and repetitions merged.

Nothing is guessed: an actor that isn't named stays None, a place that isn't known is unresolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from frontmap.geo.actors import match_actor
from frontmap.geo.clauses import parse
from frontmap.geo.dating import Dates
from frontmap.geo.discourse import Discourse, Named, Names
from frontmap.geo.english import ENGLISH
from frontmap.geo.frames import Found, Matcher
from frontmap.geo.language import Governance, Language, Tag, Trigger
from frontmap.geo.languages import UNDETERMINED, detect
from frontmap.geo.reading import LIVE, Claim, ClaimStatus, Reading, Relation, Toponym
from frontmap.geo.records import Actor
from frontmap.geo.sentences import Clause, Link, Sentence
from frontmap.geo.slots import Slots
from frontmap.geo.standing import Standing, Standings
from frontmap.geo.timex import find_dates
from frontmap.geo.words import Word, find_masks, sentence_spans

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
    masks = find_masks(text, toponyms, find_dates(text, published, language.dates), language)
    discourse, claims = Discourse(), list[Claim]()
    for span, inside in _by_sentence(text, masks, language):
        sentence = parse(text, span, inside, language)
        claims += _SentenceReader(sentence, discourse, published, actors).read()
    claims = [_bounded(claim, discourse.since) for claim in _merged(claims)]
    return Reading(toponyms, _disputed(claims))


def _by_sentence(
    text: str, masks: Sequence[Word], language: Language
) -> Iterator[tuple[tuple[int, int], Sequence[Word]]]:
    """Yield the span of each sentence, and the masks that begin in it."""
    first = 0
    for start, end in sentence_spans(text, language):
        while first < len(masks) and masks[first].start < start:
            first += 1
        last = first
        while last < len(masks) and masks[last].start < end:
            last += 1
        yield (start, end), masks[first:last]
        first = last


def _merged(claims: Sequence[Claim]) -> list[Claim]:
    """Return claims in the order of the text, of those that say the same the first."""
    merged: dict[tuple[object, ...], Claim] = {}
    for claim in sorted(claims, key=lambda c: (c.start, c.place.start)):
        same = (claim.place.start, claim.relation, claim.status, claim.actor)
        merged.setdefault(same, claim)
    return list(merged.values())


def _bounded(claim: Claim, since: date | None) -> Claim:
    """Return a claim without a first day of its own as no older than the events told of."""
    when = claim.date
    if since is None or when.first is not None or when.last < since:
        return claim
    return replace(claim, date=replace(when, first=since))


def _disputed(claims: Sequence[Claim]) -> list[Claim]:
    """Lay each denial beside the live claims before it that it disputes."""
    denials = [c for c in claims if c.status is ClaimStatus.DENIED and c.disputed_by]
    return [_with_denials(claim, denials) for claim in claims]


def _with_denials(claim: Claim, denials: Sequence[Claim]) -> Claim:
    """Return a claim with the last who denies it; nobody disputes what they say themselves."""
    if not claim.is_live or claim.relation not in CHANGING:
        return claim
    disputed_by = [
        denial.disputed_by
        for denial in denials
        if denial.relation in CHANGING
        and claim.start < denial.start
        and claim.attribution != denial.disputed_by
        and _is_same_place(denial.place, claim.place)
    ]
    return replace(claim, disputed_by=disputed_by[-1]) if disputed_by else claim


def _is_same_place(one: Toponym, other: Toponym) -> bool:
    if one.place and other.place:
        return one.place.id == other.place.id
    return one.surface == other.surface


class _SentenceReader:
    """Reads the claims of one sentence, and adds to the discourse what it refers to."""

    def __init__(
        self,
        sentence: Sentence,
        discourse: Discourse,
        published: date,
        known: Sequence[Actor],
    ) -> None:
        self.s, self.language, self.discourse = sentence, sentence.language, discourse
        self.known = known
        self.names = Names(sentence, discourse)
        self.slots = Slots(sentence, self.names, discourse)
        self.matcher = Matcher(sentence, self.names, self.slots)
        self.dates = Dates(sentence, published)
        self.standings = Standings(sentence, self.names)
        self.claims: list[Claim] = []

    def read(self) -> list[Claim]:
        """Return the claims of the sentence, as its triggers are found."""
        for number, clause in enumerate(self.s.clauses):
            self._note_actor(clause)
            if not self._read_verb(number, clause):
                self._read_fight(number, clause)
        for i, word in enumerate(self.s.words):
            if word.tag in _OF_TRIGGERS and word.low in self.language.noun_triggers:
                self._read_noun(i)
        self._note_place()
        self._note_start()
        return self.claims

    # What later sentences refer to

    def _note_actor(self, clause: Clause) -> None:
        """Remember the subject of a clause: the actor, or the person who says something."""
        subject = clause.subject
        if subject is None or (named := self.names.of(subject)) is None:
            return
        if self.s.tags[subject.head] == Tag.PRONOUN or self.names.is_generic(subject):
            return
        if named.armed and not clause.infinitive:
            self.discourse.actor = named
        elif self.language.speaks(clause.lemmas):
            self.discourse.person = named

    def _note_place(self) -> None:
        """Remember the last settlement of the sentence."""
        last = self.slots.last_place(len(self.s.words), None)
        self.discourse.place = last.toponym if last else None

    def _note_start(self) -> None:
        """Remember when "the offensive, which began on …", began."""
        for number, clause in enumerate(self.s.clauses):
            mention = self.dates.first_of(number)
            if mention is None or clause.subject is None or mention.date.first is None:
                continue
            begins = not self.language.beginning.isdisjoint(clause.lemmas)
            before = (word.low for word in self.s.words[: clause.first])
            if begins and not self.language.starts.isdisjoint(before):
                self.discourse.since = mention.date.first

    # Triggers

    def _read_verb(self, number: int, clause: Clause) -> bool:
        """Add the claims of a verb: of one trigger, and of its other half; say whether any is."""
        for lemma in (*clause.lemmas, "*"):
            handed = False
            for trigger in self.language.verb_triggers.get(lemma, ()):
                found = self.matcher.of_verb(trigger, number)
                if found is None or not self._add_verb(trigger, found, number):
                    continue
                if not trigger.handover:
                    return True
                handed = True
            if handed:
                return True
        return False

    def _read_fight(self, number: int, clause: Clause) -> None:
        """Add the claim of "In Hama, rebels have been fighting"."""
        of_verb = self.language.verb_triggers
        triggers = (trigger for lemma in clause.lemmas for trigger in of_verb.get(lemma, ()))
        fight = next((t for t in triggers if t.relation is Relation.CONTESTED and t.armed), None)
        found = self.matcher.fronted(clause) if fight else None
        if fight and found:
            self._add_verb(fight, found, number)

    def _add_verb(self, trigger: Trigger, found: Found, number: int) -> bool:
        standing, clause = self.standings.of_clause(number), self.s.clauses[number]
        says = self.s.governs(clause) is Governance.SAYS and not clause.passive
        if says and standing.speaker is None and clause.subject and trigger.relation in CHANGING:
            speaker = self.names.of(clause.subject)  # "claimed control of"
            standing = replace(standing, speaker=speaker)
        return self._add(trigger, found, number, standing)

    def _read_noun(self, i: int) -> None:
        """Add the claims of the noun at a position, of the first trigger that fits."""
        for trigger in self.language.noun_triggers[self.s.low(i)]:
            found = self.matcher.of_noun(trigger, i)
            if found is not None and self._add_noun(trigger, found, i):
                return

    def _add_noun(self, trigger: Trigger, found: Found, i: int) -> bool:
        number, in_subject = self.s.around(i)
        standing = self.standings.of_noun(i, number, in_subject=in_subject)
        if trigger.relation is Relation.BESIEGED and number is not None:
            clause = self.s.clauses[number]
            if not self.language.ending.isdisjoint(clause.lemmas):
                reason = self.s.low(clause.main)  # "lifted the siege"
                standing = replace(standing, status=ClaimStatus.NEGATED, reason=reason)
        announcer = standing.announcer
        if found.actor is None and announcer is not None and trigger.relation in CHANGING:
            named = self.names.of(announcer)  # "the army announced the capture"
            found.actor = announcer if named is not None and named.armed else None
        return self._add(trigger, found, number, standing)

    # Claims

    def _add(self, trigger: Trigger, found: Found, number: int | None, standing: Standing) -> bool:
        """Add a claim for each place that was found, unless it is none after all."""
        actor = self._actor(found)
        if number is not None and self._is_history(self.s.clauses[number]):
            return False
        if not self._can_act(trigger, found, actor, number):
            return False
        standing, disputed_by, outer = self._attributed(standing, number)
        first = min(found.first, *(spot.at for spot in found.spots))
        last = max(found.last, *(spot.at + 1 for spot in found.spots))
        speaker, speech = standing.speaker, self._speech(number, outer)
        live = standing.status in LIVE
        for spot in found.spots:
            self.claims.append(
                Claim(
                    place=spot.toponym,
                    relation=trigger.relation,
                    status=standing.status,
                    date=self.dates.of_claim(number, spot, found.spots, speech),
                    quote=self.s.said(first, last),
                    start=self.s.words[first].start,
                    end=self.s.words[last - 1].end,
                    rule=trigger.rule,
                    actor=actor.text if actor else None,
                    actor_id=self._actor_id(actor),
                    distance_km=found.km,
                    direction=found.direction,
                    extent=spot.extent or trigger.extent,
                    attribution=speaker.text if speaker else None,
                    attribution_is_party=bool(speaker and speaker.party),
                    disputed_by=disputed_by,
                    reason=None if live else standing.reason,
                )
            )
        self.discourse.listed = [spot.toponym for spot in found.spots]
        if trigger.relation in CHANGING:
            self.matcher.changed = found.spots[-1].toponym
        return True

    def _actor(self, found: Found) -> Named | None:
        """Return the actor that a frame found, as a noun phrase or as the owner of one."""
        if found.actor is not None:
            return self.names.of(found.actor)
        return Named(self.s.said(*found.owner), True) if found.owner else None

    def _can_act(
        self, trigger: Trigger, found: Found, actor: Named | None, number: int | None
    ) -> bool:
        """Say whether an actor does what the trigger tells; whoever isn't named may have."""
        if found.actor is None:
            return True
        if trigger.armed and (actor is None or not actor.armed):
            return False
        if actor is not None and self.names.is_unarmed(found.actor):
            return False
        if trigger.relation is not Relation.NEAR or not found.km or number is None:
            return True
        is_place = self.s.tags[self.s.head_end(found.actor) - 1] == Tag.PLACE
        lies = self.s.low(self.s.clauses[number].main) in self.language.being
        return not (is_place and lies)  # a place that lies so far from another

    def _attributed(
        self, standing: Standing, number: int | None
    ) -> tuple[Standing, str | None, int | None]:
        """Return how a claim stands, who disputes it, and the clause of who says all of it."""
        outer = None
        if standing.status is ClaimStatus.DENIED:
            disputed_by = standing.speaker.text if standing.speaker else None
            return replace(standing, speaker=None), disputed_by, outer
        if standing.speaker is None and self.standings.outer is not None:
            speaker, aside = self.standings.outer
            if aside is None or aside != number:
                standing, outer = replace(standing, speaker=speaker), aside
        party = standing.speaker is not None and standing.speaker.party
        if party and standing.status is ClaimStatus.ASSERTED:
            standing = replace(standing, status=ClaimStatus.CLAIMED)
        return standing, None, outer

    def _actor_id(self, actor: Named | None) -> str | None:
        """Return the project's actor that an actor as written is."""
        if actor is None or not self.known:
            return None
        openers = self.language.openers
        named = match_actor(actor.text, self.known, openers)
        return named or match_actor(actor.means, self.known, openers)

    def _is_history(self, clause: Clause) -> bool:
        """Say whether a clause tells of long ago: "retook it five months after losing it"."""
        before = clause.first
        if clause.subject is not None and clause.link is not Link.GERUND:
            before = clause.subject.first
        q = self.s.back(before - 1)
        if self.s.low(q) not in self.language.beside:
            return False
        units, span = self.language.long_ago, self.s.words[q - 1].text
        return self.s.low(q - 1) in units or any(unit in span for unit in units)

    def _speech(self, number: int | None, outer: int | None) -> list[int]:
        """Return the clauses of saying above a clause, the nearest first."""
        found: list[int] = []
        while number is not None:
            clause = self.s.clauses[number]
            if clause.parent is not None and clause.governor is Governance.SAYS:
                found.append(clause.parent)
            number = clause.parent
        return found if outer is None else [*found, outer]


#: Tags of nouns that may be triggers.
_OF_TRIGGERS = frozenset("nAN")
