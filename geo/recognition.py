"""Toponyms in running text: which words name places, and which places they name.

Names are looked up in a gazetteer, and each that could be one is weighed: what speaks for a place
(a preposition before it, a class word, a list with other places) and against it (a person's given
name or title, a brigade, a word that is one in small letters, too) counts in points, by the table
WEIGHTS, and a mention is a toponym from ACCEPTED points on. The words are data: see
`frontmap.geo.place_words`. What the accepted mentions mean is decided together, by
`frontmap.geo.resolution`.

With a theatre its places alone are looked up, and the world's countries and capitals; a name
that stands in a place's slot ("the village of X", "captured X and Y") counts though no gazetteer
has it. Without one, the whole world is, and unknown names are left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log10
from types import MappingProxyType

from frontmap.geo.mentions import MOST_WORDS, Run, Words, is_adjectival
from frontmap.geo.place_words import ENGLISH, PlaceWords
from frontmap.geo.reading import Kind, Toponym
from frontmap.geo.resolution import Mentioned, Resolver
from frontmap.geo.senses import Areas, Sense, Source
from frontmap.geo.toponyms import fold, keys

__all__ = ["ACCEPTED", "WEIGHTS", "Mention", "Recogniser"]

#: A mention with so many points is a toponym.
ACCEPTED = 1.0
#: Evidence that counts so much against a mention isn't made up for by other mentions.
REFUTED = -4.0

#: What each piece of evidence counts, in points. Of those "in a theatre" and "in the world" the
#: one or the other holds: a theatre's few names are seldom anything else.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        # what is known of the name
        "area": 4.0,  # a country, division, region or capital
        "elsewhere": 0.5,  # a city or division outside the theatre
        "theatre": 2.5,  # a settlement of the theatre
        "world": 0.0,  # a settlement somewhere, to which its population adds
        "unknown": -0.5,  # in no gazetteer
        "several words": 1.0,
        "begins as places do": 1.5,
        "ends as places do": 2.0,
        "loose": -0.5,  # the names agree by their keys only
        "namesake of a word": -3.5,
        "abbreviation": -8.0,  # of a division, where it contains nothing
        "abbreviation with its full stop": -5.0,
        "in small letters in the text": -2.0,
        "given name": -1.5,
        "surname": -1.5,
        "acronym": -4.0,
        "no capitals": -2.0,  # in Arabic any word could be a village's name
        "sentence start": -0.3,
        # what stands before it
        "place word before": 2.0,
        "weak word before": 0.7,
        "noun of ground before": 2.0,
        "class before": 3.0,
        "verb of ground before": 2.0,
        "title before": -6.0,
        "name goes back": -3.5,
        # what stands after it
        "division after": 2.0,
        "settlement class after": 1.0,
        "container after": 3.0,
        "loses after": 2.5,
        "says after": -0.5,
        "distance after": 2.0,
        "ground taken after": 2.0,
        "people after": -4.0,
        "seat after": 0.0,
        "name goes on": -2.0,
        "facility after": -6.0,
        "unit after": -6.0,
        "organisation": -6.0,
        "adjective": -6.0,  # X-based
        # what stands elsewhere
        "contains": 6.0,
        "listed with a place": 2.0,
        "found elsewhere in the text": 2.0,
        "person of the text": -4.0,
        "second name elsewhere": -2.0,  # it follows an unknown capitalised word
        "in a person's name": -8.0,
        "actor": -10.0,
    }
)
#: In the world, where theatre and world differ.
WORLD_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "place word before": 3.0,
        "name goes back": -2.5,
        "name goes on": -3.0,
        "adjective": 0.0,
        "facility after": 0.0,
        "seat after": 1.0,
        "organisation": -1.0,
        "unit after": -2.0,
        "loose": -2.5,
        "says after": -1.5,
        "namesake of a word": -5.0,
        "given name": -2.5,
        "abbreviation with its full stop": -2.0,
        "found elsewhere in the text": 3.0,
    }
)

#: What a place in a division makes up for, when its abbreviation comes after.
_WITHOUT_CONTAINER = ("abbreviation", "abbreviation with its full stop")
_POINTS_A_DECADE = 0.8
_LEAST_POPULATION = 500


@dataclass(slots=True)
class Mention:
    """A name in a text, and what speaks for and against its being a place's.

    `first` and `last` are its words, those of a class ("Homs province") not counted; a
    `shared_class` comes after a list ("Homs and Hama provinces"). `senses` is what
    it may mean, `container` that of a country or division named right after it ("Paris, Texas"),
    which has its `contents` in turn, and `evidence` names from WEIGHTS with what each counted.
    """

    first: int
    last: int
    start: int
    end: int
    senses: Sequence[Sense]
    class_word: str = ""
    shared_class: str = ""
    container: Sequence[Sense] = ()
    contents: Sequence[Sense] = ()
    evidence: dict[str, float] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """The points of all the evidence."""
        return sum(self.evidence.values())

    @property
    def is_accepted(self) -> bool:
        """Whether it is a toponym."""
        return self.score >= ACCEPTED

    @property
    def is_refuted(self) -> bool:
        """Whether something speaks so much against it that other mentions don't help."""
        against = (w for name, w in self.evidence.items() if name not in _WITHOUT_CONTAINER)
        return min(against, default=0.0) <= REFUTED


class Recogniser:
    """Finds the toponyms of texts."""

    def __init__(
        self,
        places: Source,
        areas: Areas,
        *,
        theatre: Iterable[str] | None = None,
        prefer: Collection[str] = (),
        language: PlaceWords = ENGLISH,
    ) -> None:
        """Look settlements up in `places`, everything else in `areas`.

        `theatre` has the codes of the countries that the places are of, None for the world's;
        places of the countries `prefer` come first among namesakes.
        """
        self.places, self.areas, self.language = places, areas, language
        self.theatre = None if theatre is None else frozenset(theatre)
        self.weights = {**WEIGHTS, **({} if theatre is not None else WORLD_WEIGHTS)}
        self._resolver = Resolver(places, self.theatre, prefer)
        #: Words that no unknown place is called by.
        self.strange = (
            language.common | language.organisations | language.actor_words | language.titles
            | language.demonyms | language.units
        )  # fmt: skip
        #: Words that say what something is, and alone never which.
        self.nouns = (
            language.classes_before | language.classes_after | language.settlement_classes
            | language.facilities | language.organisations | language.seats | language.titles
        )  # fmt: skip
        self._senses: dict[str, tuple[Sense, ...]] = {}

    def find(self, text: str) -> list[Toponym]:
        """Return the toponyms of a text in order, without overlap."""
        mentions = [mention for mention in self.weigh(text) if mention.is_accepted]
        return self._resolver.resolve([self._mentioned(text, mention) for mention in mentions])

    def weigh(self, text: str) -> list[Mention]:
        """Return every name that could be a place's in order, with the evidence of each."""
        return _Reader(self, Words(text, self.language)).mentions()

    @staticmethod
    def _mentioned(text: str, mention: Mention) -> Mentioned:
        surface = text[mention.start : mention.end]
        name = surface[: len(surface) - len(mention.class_word)].rstrip()
        return Mentioned(
            surface, mention.start, mention.end, name, mention.senses,
            mention.class_word or mention.shared_class, mention.container, mention.contents,
        )  # fmt: skip

    def look_up(self, surfaces: Iterable[str]) -> Mapping[str, tuple[Sense, ...]]:
        """Return the senses of names, in one query for those that are new."""
        new = [surface for surface in dict.fromkeys(surfaces) if surface not in self._senses]
        if new:
            if len(self._senses) > 300_000:
                self._senses.clear()
                return self.look_up(surfaces)
            made = keys(new)
            distinct = set(made)
            areas, places = self.areas.senses(distinct), self.places.senses(distinct)
            for surface, its in zip(new, made, strict=True):
                if its in areas or its in places:
                    both = (*areas.get(its, ()), *places.get(its, ()))
                    self._senses[surface] = self._answering(surface, its, both)
                else:
                    self._senses[surface] = ()
        return self._senses

    def is_elsewhere(self, sense: Sense) -> bool:
        """Say whether a sense is a city or division outside the theatre, no capital or country."""
        return (
            self.theatre is not None
            and bool(sense.country)
            and sense.country not in self.theatre
            and (sense.kind is Kind.ADMIN1 or not sense.is_capital)
            and sense.kind in (Kind.ADMIN1, Kind.SETTLEMENT)
        )

    def is_area(self, sense: Sense) -> bool:
        """Say whether a sense is a country, capital, or division or region of the theatre."""
        return (sense.kind is not Kind.SETTLEMENT or sense.is_capital) and (
            not self.is_elsewhere(sense)
        )

    def _answering(self, surface: str, made: str, senses: Sequence[Sense]) -> tuple[Sense, ...]:
        """Return the senses that a surface may have: short names must agree letter by letter."""
        folded = fold(surface)
        equal = tuple(sense for sense in senses if fold(sense.name) == folded)
        if self.theatre is None:
            return equal or (tuple(senses) if len(made) >= 5 else ())
        return tuple(senses) if min(len(made), len(surface) - 1) >= 3 else equal


class _Reader:
    """Weighs the names of one text."""

    def __init__(self, recogniser: Recogniser, words: Words) -> None:
        self.recogniser, self.words = recogniser, words
        self.language = recogniser.language
        self.is_theatre = recogniser.theatre is not None
        self.runs = list(words.runs())
        self.senses = self._look_up()
        self.persons: set[str] = set()
        self.in_person: set[int] = set()
        self.in_actor = {number for run in self.runs for number in self._actor_words(run)}
        for run in self.runs:
            self._mark_person(run)

    # Looking up

    def _look_up(self) -> dict[tuple[int, int], Sequence[Sense]]:
        """Return the senses of every sequence of words that has any."""
        spans = [span for run in self.runs for span in self._sequences(run)]
        spans += self._softly_joined()
        surfaces = [self.words.span(*span) for span in spans]
        known = self.recogniser.look_up(surfaces)
        pairs = zip(spans, surfaces, strict=True)
        return {span: known[surface] for span, surface in pairs if known[surface]}

    def _sequences(self, run: Run) -> Iterator[tuple[int, int]]:
        words, language = self.words, self.language
        ends = [number for number in run if words.capitalised[number]]
        for first in ends:
            for last in ends:
                if first <= last < first + MOST_WORDS:
                    if first == last and (
                        words.low[first] in language.function_words
                        and not words.surfaces[first].isupper()
                    ):
                        continue
                    yield first, last

    def _softly_joined(self) -> Iterator[tuple[int, int]]:
        """Yield sequences across a word that joins names but is one by itself: Isle of Wight."""
        words = self.words
        for run in self.runs:
            last = run[-1]
            middle = last + 1
            if words.gap(last) in ("'s ", "’s ") and words.is_name_like(middle):
                yield last, middle  # Cox's Bazar
            if middle + 1 >= len(words) or not words.gap(last).isspace():
                continue
            if words.low[middle] not in self.language.soft_joiners:
                continue
            if last in words.possessive or not words.gap(middle).isspace():
                continue
            following = middle + 1
            if words.low[following] == "the" and words.gap(following).isspace():
                following += 1
            if following < len(words) and words.is_name_like(following):
                for first in run[-2:]:
                    if words.capitalised[first]:
                        yield first, following
                        if following + 1 < len(words) and words.capitalised[following + 1]:
                            yield first, following + 1

    def _actor_words(self, run: Run) -> Iterator[int]:
        """Yield the words of a run that make the name of a known actor."""
        low = [self.words.low[number].replace("-", " ") for number in run]
        for size in (1, 2, 3):
            for begin in range(len(run) - size + 1):
                if " ".join(low[begin : begin + size]) in self.language.actors:
                    yield from run[begin : begin + size]

    # Persons

    def _mark_person(self, run: Run) -> None:
        """Mark the words of a run that make a person's name."""
        begin = self._person_start(run)
        if begin is None:
            return
        marked = []
        for number in run[begin:]:
            low = self.words.low[number]
            if low in self.language.seats or low in self.language.units:
                break
            marked.append(number)
        self.in_person.update(marked)
        if len(marked) == 1 and (marked[0], marked[0]) in self.senses and self.is_theatre:
            return  # General Hama, Governor Idlib: the place's name is still the place's
        self.persons.update(
            self.words.low[n] for n in marked
            if len(self.words.low[n]) > 2 and self.words.capitalised[n]
        )  # fmt: skip

    def _person_start(self, run: Run) -> int | None:
        """Return where in a run a person's name begins, None where none does."""
        words, language = self.words, self.language
        before = words.before(run[0])
        if before in language.titles and before not in language.unassuming_titles:
            return 0
        for position, number in enumerate(run):
            low = words.low[number]
            rest = run[position:]
            if low in language.titles and len(rest) > 1:
                return position + 1
            if len(rest) > 1 and self._begins_person(rest):
                return position
        return None

    def _begins_person(self, rest: Run) -> bool:
        words, language = self.words, self.language
        first, second = rest[0], rest[1]
        low, following = words.low[first], words.low[second]
        if low in language.joiners:
            return False
        if low in language.patronymics:
            if words.before(first) in language.place_before:
                return False
            return not self._is_known_from(first, rest)
        initial = len(low) == 1 and low.isalpha()
        if not (low in language.given_names or initial):
            return False
        others = language.seats | language.organisations | language.units | language.classes_after
        if following in others or following in language.titles:
            return False
        return not self._is_known_from(first, rest)

    def _is_known_from(self, first: int, rest: Run) -> bool:
        """Say whether words from one on are a known name of several words."""
        return any((first, last) in self.senses for last in rest[1:])

    # Mentions

    def mentions(self) -> list[Mention]:
        """Return every candidate with its evidence."""
        found = list(self._segment())
        for mention in found:
            self._weigh(mention)
        self._weigh_second_names(found)
        self._weigh_containers(found)
        self._weigh_lists(found)
        self._weigh_repetition(found)
        return found

    def _segment(self) -> Iterator[Mention]:
        """Cut the runs into the longest known names, and what is left between them."""
        taken = -1
        for run in self.runs:
            unknown: list[int] = []
            for number in run:
                if number <= taken:
                    continue
                last = self._longest(number)
                if last is None:
                    unknown.append(number)
                    continue
                whole = self._goes_on(unknown, number, last, run)
                if whole:
                    yield from whole
                    unknown, taken = [], run[-1]
                    continue
                yield from self._unknown(unknown)
                unknown = []
                mention = self._mention(number, last, self.senses[number, last])
                yield mention
                taken = last + bool(mention.class_word)
            yield from self._unknown(unknown)

    def _goes_on(self, before: Sequence[int], first: int, last: int, run: Run) -> list[Mention]:
        """Return the mention of a longer unknown name that a known one is but a part of, if any.

        In a theatre Bab al-Hawa isn't al-Bab, nor Lyman Pershyi Lyman: neither may be taken for
        the other. A word that begins a sentence may have its capital for that.
        """
        senses, words = self.senses[first, last], self.words
        if not self.is_theatre or first != last or not words.is_cased(first):
            return []
        if any(sense.kind is not Kind.SETTLEMENT for sense in senses):
            return []
        before = [n for n in before if words.capitalised[n] and not self._is_apart(n)]
        if before and words.starts_sentence(before[0]):
            before = before[1:]
        after = [number for number in run if number > last]
        capitals = [number for number in after if words.capitalised[number]]
        if any(self._is_apart(number) for number in capitals):
            after = []
        if not before and not after:
            return []
        return list(self._unknown([*before, first, *after]))

    def _is_apart(self, number: int) -> bool:
        """Say whether a word beside a name is none of it: a class, a title, a demonym."""
        language, low = self.language, self.words.low[number]
        apart = (
            language.directions | language.demonyms | language.titles | language.function_words
            | language.classes_before | language.classes_after | language.settlement_classes
            | language.facilities | language.seats | language.units | language.organisations
            | language.common
        )  # fmt: skip
        return low in apart or number in self.in_person or number in self.in_actor

    def _longest(self, first: int) -> int | None:
        lasts = range(first + MOST_WORDS - 1, first - 1, -1)
        return next((last for last in lasts if (first, last) in self.senses), None)

    def _unknown(self, numbers: Sequence[int]) -> Iterator[Mention]:
        """Yield the mention of a name that no gazetteer has, in a theatre."""
        words, language = self.words, self.language
        numbers = [n for n in numbers if words.capitalised[n]]
        while numbers and words.low[numbers[0]] in language.demonyms:
            numbers = numbers[1:]
        if len(numbers) > 1 and words.low[numbers[-1]] in language.classes_after:
            numbers = numbers[:-1]
        if not (self.is_theatre and numbers) or numbers[-1] - numbers[0] >= MOST_WORDS:
            return
        low = [words.low[n] for n in numbers]
        surface = words.span(numbers[0], numbers[-1])
        if any(word in self.recogniser.strange for word in low) or any(
            c.isdigit() for c in surface
        ):
            return
        if low[-1].endswith(language.adjective_endings):
            return
        if surface[:3].isupper() or is_adjectival(surface) or len(surface) < 3:
            return
        if not (surface.isascii() or any(c.isupper() for c in surface)):
            return
        yield self._mention(numbers[0], numbers[-1], ())

    def _mention(self, first: int, last: int, senses: Sequence[Sense]) -> Mention:
        words = self.words
        start, end, class_word = words.starts[first], words.ends[last], ""
        following = words.after(last)
        if following in self.language.classes_after and last not in words.possessive:
            class_word = words.text[words.starts[last + 1] : words.ends[last + 1]]
            end = words.ends[last + 1]
        return Mention(first, last, start, end, senses, class_word)

    # Evidence

    def _weigh(self, mention: Mention) -> None:
        weights = self.recogniser.weights
        mention.evidence = {name: weights[name] for name in self._evidence(mention)}
        if mention.senses and "area" not in mention.evidence:
            largest = max((sense.population or 0) for sense in mention.senses)
            decades = log10(max(largest, _LEAST_POPULATION) / _LEAST_POPULATION)
            limit = 1.5 if self.is_theatre else 4.0
            mention.evidence["population"] = min(limit, _POINTS_A_DECADE * decades)

    def _evidence(self, mention: Mention) -> Iterator[str]:
        yield from self._of_name(mention)
        yield from self._of_before(mention)
        yield from self._of_after(mention)
        yield from self._of_run(mention)

    def _of_name(self, mention: Mention) -> Iterator[str]:
        words, language = self.words, self.language
        first, last = mention.first, mention.last
        surface, low = words.span(first, last), words.low[first]
        is_area = any(map(self.recogniser.is_area, mention.senses))
        if not mention.senses:
            yield "unknown"
        elif is_area:
            yield "area"
        elif all(map(self.recogniser.is_elsewhere, mention.senses)):
            yield "elsewhere"
        else:
            yield "theatre" if self.is_theatre else "world"
            folded = fold(surface)
            if all(fold(sense.name) != folded for sense in mention.senses):
                yield "loose"
        folded = fold(surface)
        if first in self.in_actor or last in self.in_actor:
            yield "actor"
        if not words.is_cased(first):
            yield "no capitals"
        if first != last:
            if mention.senses:
                yield "several words"
            elif low in language.name_starts or low in language.land_starts:
                yield "begins as places do"
            return
        if low in language.actor_words or low in language.demonyms:
            yield "actor"
        if not mention.senses and low.endswith(language.endings):
            yield "ends as places do"
        if not any(sense.kind is Kind.COUNTRY for sense in mention.senses) and (
            low in language.common or low in language.directions or low in self.recogniser.nouns
        ):
            yield "namesake of a word"
        elif low in words.small and words.surfaces[first] != words.low[first]:
            yield "in small letters in the text"
        if not any(sense.kind is Kind.COUNTRY for sense in mention.senses):
            if low in language.given_names:
                yield "given name"
            if low in language.surnames:
                yield "surname"
        if is_area and all(_is_abbreviation(sense) for sense in mention.senses):
            dotted = "." in words.text[mention.start : mention.end + 1]
            yield "abbreviation with its full stop" if dotted else "abbreviation"
        if surface.isupper() and len(surface) <= 4 and not is_area:
            yield "acronym"
        if words.starts_sentence(first):
            yield "sentence start"

    def _of_before(self, mention: Mention) -> Iterator[str]:
        words, language = self.words, self.language
        before = words.before(mention.first)
        if not before:
            return
        second = words.before(mention.first - 1)
        if before in language.directions and second:
            before, second = second, words.before(mention.first - 2)
        if before in language.place_before:
            yield "place word before"
        elif before in language.verbs_of_ground:
            yield "verb of ground before"
        elif before in language.weak_before:
            if before == language.of and second in language.classes_before:
                yield "class before"
            elif second in language.nouns_of_ground or second in language.verbs_of_ground:
                yield "noun of ground before"
            else:
                yield "weak word before"
        elif before in language.classes_before:
            yield "class before"
        elif before in language.titles and before not in language.unassuming_titles:
            yield "title before"

    def _of_after(self, mention: Mention) -> Iterator[str]:
        words, language = self.words, self.language
        if mention.class_word:
            yield "division after"
            return
        if mention.last in words.based or self._is_initials_of(mention):
            yield "adjective"
        if mention.last in words.possessive:
            return
        after = words.after(mention.last)
        following = words.after(mention.last + 1) if after else ""
        if not after:
            yield from self._of_apposition(mention.last)
            return
        if after in language.settlement_classes and following not in language.facilities:
            yield "settlement class after"
        elif after in language.facilities or (
            following in language.facilities and after in ("international", "military", "air")
        ):
            yield "facility after"
        elif after in language.groups and self._is_people(mention.senses):
            yield "people after"
        elif after in language.units and not words.capitalised[mention.last + 1]:
            yield "unit after"
        elif self._is_lost(mention.last + 1):
            yield "loses after"
        elif after in language.says and not any(map(self.recogniser.is_area, mention.senses)):
            yield "says after"

    def _is_initials_of(self, mention: Mention) -> bool:
        """Say whether initials of a country are an adjective: US officials, the UK government."""
        words, language = self.words, self.language
        after = words.after(mention.last)
        predicates = (
            language.function_words | language.says | language.be | language.have | language.loses
        )
        return (
            words.surfaces[mention.first].isupper()
            and len(words.surfaces[mention.first].replace(".", "")) <= 3
            and mention.last not in words.possessive
            and bool(after)
            and after not in predicates
        )

    def _is_lost(self, number: int) -> bool:
        """Say whether a verb says what befalls places: fell, was captured, has been under."""
        words, language = self.words, self.language
        low, is_passive = words.low[number], False
        while low in language.have or low in language.be:
            is_passive |= low in language.be
            low, number = words.after(number), number + 1
        return low in language.loses or (is_passive and low in language.verbs_of_ground)

    @staticmethod
    def _is_people(senses: Sequence[Sense]) -> bool:
        """Say whether a name before "fighters" is that of a people: a region's, or unknown."""
        kinds = {sense.kind for sense in senses}
        return Kind.REGION in kinds or kinds <= {Kind.ADMIN1}

    def _of_apposition(self, last: int) -> Iterator[str]:
        """Yield what stands after a comma: "X, 30 km to the south", "X, captured on Friday"."""
        words, language = self.words, self.language
        if words.gap(last) != ", ":
            return
        if words.after(last) in language.verbs_of_ground:
            yield "ground taken after"
        following = words.low[last + 1 : last + 6]
        for number, length in pairwise(following):
            if length in language.lengths and number[0].isdigit():
                yield "distance after"
                return

    def _of_run(self, mention: Mention) -> Iterator[str]:
        """Yield what the capitalised words right before and after say."""
        words, language = self.words, self.language
        first, last = mention.first, mention.last
        if any(number in self.in_person for number in range(first, last + 1)):
            yield "in a person's name"
        elif first == last and words.low[first] in self.persons:
            yield "person of the text"
        if self._capital_before(first):
            low = words.low[first - 1]
            if low in language.titles:
                yield "title before"
            elif low in language.organisations or low in language.units:
                yield "organisation"
            elif not (
                low in language.demonyms or low in language.directions
                or low in language.classes_before or low in language.function_words
                or low in language.settlement_classes
            ):  # fmt: skip
                yield "name goes back"
        if mention.class_word or not self._capital_after(last):
            return
        low = words.low[last + 1]
        tail = self._tail(last)
        if not self.is_theatre and low in language.seats:
            yield "seat after"
        elif any(word in language.organisations or word in language.units for word in tail):
            yield "organisation"
        elif low not in language.titles and low not in language.demonyms:
            yield "name goes on"

    def _tail(self, last: int) -> list[str]:
        """Return the capitalised words that go on after a word."""
        tail = []
        while self._capital_after(last):
            last += 1
            tail.append(self.words.low[last])
        return tail

    def _capital_before(self, number: int) -> bool:
        return (
            number > 0
            and number - 1 not in self.words.possessive
            and self.words.is_name_like(number - 1)
            and self.words.is_cased(number - 1)
            and self.words.gap(number - 1).isspace()
            and not is_adjectival(self.words.surfaces[number - 1])
        )

    def _capital_after(self, number: int) -> bool:
        return (
            number + 1 < len(self.words)
            and number not in self.words.possessive
            and self.words.is_name_like(number + 1)
            and self.words.is_cased(number + 1)
            and self.words.gap(number).isspace()
        )

    # What mentions say of each other

    def _weigh_second_names(self, mentions: Sequence[Mention]) -> None:
        weight = self.recogniser.weights["second name elsewhere"]
        seconds = {self.words.low[m.first] for m in mentions if "name goes back" in m.evidence}
        for mention in mentions:
            alone = mention.first == mention.last and "name goes back" not in mention.evidence
            if alone and self.words.low[mention.first] in seconds:
                mention.evidence["second name elsewhere"] = weight

    def _weigh_containers(self, mentions: Sequence[Mention]) -> None:
        """Count a country or division that is named right after a place in it: Paris, Texas."""
        text, weights = self.words.text, self.recogniser.weights
        for inner, outer in pairwise(mentions):
            if text[inner.end : outer.start] != ", " or outer.class_word or outer.is_refuted:
                continue
            holding = [s for s in outer.senses if s.kind is not Kind.SETTLEMENT]
            if any(sense.is_in(holder) for sense in inner.senses for holder in holding):
                inner.container, outer.contents = holding, inner.senses
                inner.evidence["container after"] = weights["container after"]
                outer.evidence["contains"] = weights["contains"]

    def _weigh_lists(self, mentions: Sequence[Mention]) -> None:
        """Count a list with a place for a name, from left to right and back."""
        text, weight = self.words.text, self.recogniser.weights["listed with a place"]
        links = ("", *self.language.conjunctions)
        for ordered in (mentions, mentions[::-1]):
            for one, other in pairwise(ordered):
                left, right = (one, other) if one.start < other.start else (other, one)
                between = text[left.end : right.start]
                listed = not between.isspace() and between.strip(" ,") in links
                if not (listed and one.is_accepted) or "name goes back" in other.evidence:
                    continue
                other.evidence["listed with a place"] = weight
                shared = one.class_word.lower() or one.shared_class
                if one is right and shared in self.language.shared_classes:
                    other.shared_class = other.shared_class or shared

    def _weigh_repetition(self, mentions: Sequence[Mention]) -> None:
        text, weight = self.words.text, self.recogniser.weights["found elsewhere in the text"]
        found = {text[m.start : m.end] for m in mentions if m.is_accepted}
        for mention in mentions:
            if not (mention.is_refuted or mention.is_accepted) and (
                text[mention.start : mention.end] in found
            ):
                mention.evidence["found elsewhere in the text"] = weight


def _is_abbreviation(sense: Sense) -> bool:
    """Say whether a name that answered is one that means a division only after a place in it."""
    return (
        sense.kind is Kind.ADMIN1
        and len(sense.name.rstrip(".")) <= 4
        and (fold(sense.name) != fold(sense.make().name))
    )
