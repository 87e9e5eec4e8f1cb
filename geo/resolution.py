"""What the toponyms of a text mean, decided together: a text has one sense for a name.

In a theatre a name means a place of the theatre unless it is a country or a foreign capital;
between namesakes the gazetteer's own ranking decides (`toponyms.rank`), near to where the text's
other places are, and what isn't clear stays unresolved. Without a theatre each sense is scored:
population, the country or division that is named with it or in the text, and nearness.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from frontmap.geo.errors import AmbiguousToponymError, UnknownNameError
from frontmap.geo.reading import Kind, Toponym, ToponymMatch
from frontmap.geo.records import Match, Place
from frontmap.geo.senses import Sense, Source
from frontmap.geo.toponyms import rank, resolve

__all__ = ["Mentioned", "Resolver"]

#: A settlement of so many people comes before an area or a foreign capital of the same name.
LARGE_PLACE = 10_000
MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A name in a text that is a place's: what it may mean, and the class word after it."""

    surface: str
    start: int
    end: int
    name: str
    senses: Sequence[Sense]
    class_word: str = ""

    def toponym(
        self, kind: Kind, match: ToponymMatch, candidates: Sequence[Place], *, placed: bool = True
    ) -> Toponym:
        """Return the toponym, its place the first candidate where it is `placed`."""
        place = candidates[0] if placed and candidates else None
        return Toponym(
            self.surface, self.start, self.end, kind, match, place,
            tuple(candidates[:MOST_CANDIDATES]),
        )  # fmt: skip


class Resolver:
    """Gives the mentions of a text their places."""

    def __init__(self, places: Source, theatre: Collection[str] | None) -> None:
        """Resolve among `places`, and by the rules of a theatre where there is one."""
        self._places, self._theatre = places, theatre

    def resolve(self, text: str, mentions: Sequence[Mentioned]) -> list[Toponym]:
        """Return the toponyms of the mentions, in order."""
        near = self._centre(mentions)
        known: dict[tuple[str, str], Toponym] = {}
        for mention in mentions:
            if (mention.name, mention.class_word) not in known:
                known[mention.name, mention.class_word] = self._in_theatre(mention, near)
        return [
            mention.toponym(found.kind, found.match, found.candidates, placed=bool(found.place))
            for mention in mentions
            for found in [known[mention.name, mention.class_word]]
        ]

    def _centre(self, mentions: Iterable[Mentioned]) -> tuple[float, float] | None:
        """Return the middle of the settlements that a name alone tells."""
        alone = [m.senses[0] for m in mentions if len({sense.id for sense in m.senses}) == 1]
        alone = [sense for sense in alone if self._theatre and sense.country in self._theatre]
        if not alone:
            return None
        return median(sense.lon for sense in alone), median(sense.lat for sense in alone)

    def _in_theatre(self, mention: Mentioned, near: tuple[float, float] | None) -> Toponym:
        settlements = [s for s in mention.senses if s.kind is Kind.SETTLEMENT]
        areas = [s for s in mention.senses if s.kind is not Kind.SETTLEMENT]
        if mention.class_word:
            divisions = [s for s in areas if s.kind in (Kind.ADMIN1, Kind.REGION)]
            if divisions:
                return _placed(mention, divisions)
            return self._settled(mention, settlements, near, Kind.ADMIN1)
        if areas and not self._outweighs(settlements, areas[0]):
            return _placed(mention, areas)
        return self._settled(mention, settlements, near, Kind.SETTLEMENT)

    def _outweighs(self, settlements: Sequence[Sense], area: Sense) -> bool:
        """Say whether a name means a settlement of the theatre sooner than an area."""
        home = [s for s in settlements if self._theatre and s.country in self._theatre]
        if not home or area.kind is Kind.COUNTRY:
            return False
        seat = area.kind is Kind.ADMIN1 and any(s.admin1 == area.admin1 for s in home)
        return seat or any((s.population or 0) >= LARGE_PLACE for s in home)

    def _settled(
        self,
        mention: Mentioned,
        settlements: Sequence[Sense],
        near: tuple[float, float] | None,
        kind: Kind,
    ) -> Toponym:
        if settlements:
            pairs = [(sense.name, sense.make()) for sense in settlements]
            matches = rank(mention.name, pairs, near=near, limit=10)
        else:
            matches = self._places.similar(mention.name, near)
        candidates = [match.place for match in matches]
        try:
            found = resolve(mention.name, matches)
        except (AmbiguousToponymError, UnknownNameError):
            return mention.toponym(kind, ToponymMatch.UNRESOLVED, candidates, placed=False)
        return mention.toponym(kind, ToponymMatch(found.kind), candidates)


def _placed(mention: Mentioned, senses: Sequence[Sense]) -> Toponym:
    places = [sense.make() for sense in senses]
    return mention.toponym(senses[0].kind, ToponymMatch.EXACT, places)
