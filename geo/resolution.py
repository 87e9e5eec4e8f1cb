"""What the toponyms of a text mean, decided together: a text has one sense for a name.

In a theatre a name means a place of the theatre unless it is a country or a foreign capital;
between namesakes the gazetteer's own ranking decides (`toponyms.rank`), near to where the text's
other places are, and what isn't clear stays unresolved. Without a theatre each sense is scored:
population, the country or division that is named with it or in the text, and nearness.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, inf, log10, radians, sqrt

from frontmap.geo.errors import AmbiguousToponymError, UnknownNameError
from frontmap.geo.reading import Kind, Toponym, ToponymMatch
from frontmap.geo.records import Match, Place
from frontmap.geo.senses import Sense, Source
from frontmap.geo.toponyms import distance_points, rank, resolve, rough_distance_km

__all__ = ["Mentioned", "Resolver"]

#: A settlement of so many people comes before an area or a foreign capital of the same name.
LARGE_PLACE = 10_000
MOST_CANDIDATES = 5
#: Small places so far from a text's others are doubtful, and such that a similar name has.
FAR_KM = 400.0
FUZZY_FAR_KM = 100.0
#: So many places of a name help to find where a text plays.
MOST_ANCHORS = 8

# Points, as in `toponyms.rank`.
_DIVISION_POINTS = 10.0


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A name in a text that is a place's: what it may mean, and the class word after it."""

    surface: str
    start: int
    end: int
    name: str
    senses: Sequence[Sense]
    class_word: str = ""
    container: Sequence[Sense] = ()
    contents: Sequence[Sense] = ()

    @property
    def key(self) -> str:
        """What tells one sense in a text from another: the name, and what it stands with."""
        beside = (self.container or self.contents)[:1]
        return "\n".join([self.surface, *(sense.name for sense in beside)])

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

    def __init__(
        self, places: Source, theatre: Collection[str] | None, prefer: Collection[str]
    ) -> None:
        """Resolve among `places`, by the rules of a theatre where there is one.

        Among namesakes those of the countries `prefer` come first, as `toponyms.rank` says.
        """
        self._places, self._theatre, self._prefer = places, theatre, prefer

    def resolve(self, mentions: Sequence[Mentioned]) -> list[Toponym]:
        """Return the toponyms of the mentions, in order."""
        if self._theatre is None:
            return World(mentions).toponyms()
        distinct = list({(m.name, m.class_word): m for m in mentions}.values())
        setting = self._setting(distinct)
        known = {(m.name, m.class_word): self._in_theatre(m, setting) for m in distinct}
        if any(len(m.senses) > 1 for m in distinct):  # what they mean says more of where it plays
            setting = self._setting_of(known.values(), setting)
            known = {(m.name, m.class_word): self._in_theatre(m, setting) for m in distinct}
        return [
            mention.toponym(found.kind, found.match, found.candidates, placed=bool(found.place))
            for mention in mentions
            for found in [known[mention.name, mention.class_word]]
        ]

    def _setting(self, mentions: Sequence[Mentioned]) -> _Setting:
        """Return where the text plays, by the names that are clear without it.

        Where there are none, by every sense of its names: of a group of namesakes those that lie
        together are meant.
        """
        divisions = frozenset(
            sense.admin1 for m in mentions for sense in m.senses
            if sense.kind is Kind.ADMIN1 and m.class_word
        )  # fmt: skip
        homes = [(m.name, [s for s in m.senses if self._is_home(s)]) for m in mentions]
        clear = [(name, [sense]) for name, senses in homes for sense in _clear(senses)]
        points = [
            (name, sense.lon, sense.lat)
            for name, senses in clear or homes
            for sense in senses[:MOST_ANCHORS]
        ]
        return _Setting(points, divisions, sure=bool(clear))

    def _setting_of(self, toponyms: Iterable[Toponym], before: _Setting) -> _Setting:
        """Return where a text plays whose names have been given their places."""
        points = [
            (toponym.surface, toponym.place.lon, toponym.place.lat)
            for toponym in toponyms
            if toponym.place is not None
            and toponym.kind is Kind.SETTLEMENT
            and toponym.place.country in (self._theatre or ())
        ]
        return _Setting(points, before.divisions, sure=True) if points else before

    def _is_home(self, sense: Sense) -> bool:
        return (
            sense.kind is Kind.SETTLEMENT
            and self._theatre is not None
            and sense.country in self._theatre
        )

    def _in_theatre(self, mention: Mentioned, setting: _Setting) -> Toponym:
        settlements = [s for s in mention.senses if s.kind is Kind.SETTLEMENT]
        areas = [s for s in mention.senses if s.kind is not Kind.SETTLEMENT]
        if mention.class_word:
            divisions = [s for s in areas if s.kind is Kind.ADMIN1] or [
                s for s in areas if s.kind is Kind.REGION
            ]
            if divisions:
                divisions.sort(key=lambda sense: sense.country not in (self._theatre or ()))
                return _placed(mention, divisions)
            return self._settled(mention, settlements, setting, Kind.ADMIN1)
        if areas and not self._outweighs(settlements, areas[0]):
            return _placed(mention, areas)
        return self._settled(mention, settlements, setting, Kind.SETTLEMENT)

    def _outweighs(self, settlements: Sequence[Sense], area: Sense) -> bool:
        """Say whether a name means a settlement of the theatre sooner than an area."""
        home = [sense for sense in settlements if self._is_home(sense)]
        if area.kind is Kind.COUNTRY:
            return False
        if home and area.country not in (self._theatre or ()) and not area.is_capital:
            return area.country != ""
        seat = area.kind is Kind.ADMIN1 and any(s.admin1 == area.admin1 for s in home)
        return seat or any((s.population or 0) >= LARGE_PLACE for s in home or settlements)

    def _settled(
        self,
        mention: Mentioned,
        settlements: Sequence[Sense],
        setting: _Setting,
        kind: Kind,
    ) -> Toponym:
        if settlements:
            pairs = [(sense.name, sense.make()) for sense in settlements]
            matches = setting.rank(
                mention.name, rank(mention.name, pairs, prefer=self._prefer, limit=20)
            )
        else:
            matches = setting.rank(mention.name, self._places.similar(mention.name, self._prefer))
        candidates = [match.place for match in matches]
        try:
            found = resolve(mention.name, matches)
        except (AmbiguousToponymError, UnknownNameError):
            return mention.toponym(kind, ToponymMatch.UNRESOLVED, candidates, placed=False)
        if setting.is_far(mention.name, found):
            return mention.toponym(kind, ToponymMatch.UNRESOLVED, candidates, placed=False)
        return mention.toponym(kind, ToponymMatch(found.kind), candidates)


@dataclass(frozen=True, slots=True)
class _Setting:
    """Where a text plays: the points of its names, and the divisions that it names as such."""

    points: Sequence[tuple[str, float, float]]
    divisions: Collection[str]
    sure: bool

    def rank(self, name: str, matches: Sequence[Match]) -> list[Match]:
        """Return matches by their weights and how near they are to other names' places."""
        moved = [
            replace(match, weight=match.weight + self._points(name, match)) for match in matches
        ]
        return sorted(moved, key=lambda match: (-match.weight, match.place.id))

    def _points(self, name: str, match: Match) -> float:
        points = _DIVISION_POINTS if match.place.admin1 in self.divisions else 0.0
        distance_km = self._distance_km(name, match)
        if distance_km is None:
            return points
        return points - distance_points(distance_km)

    def _distance_km(self, name: str, match: Match) -> float | None:
        """Return how far a place is from the nearest one of another name."""
        at = (match.place.lon, match.place.lat)
        others = (rough_distance_km(at, (lon, lat)) for own, lon, lat in self.points if own != name)
        return min(others, default=None)

    def is_far(self, name: str, match: Match) -> bool:
        """Say whether a small place is too far from the others for its name to mean it.

        It is likelier then that the one meant is missing from the gazetteer.
        """
        distance_km = self._distance_km(name, match)
        if not self.sure or distance_km is None or (match.place.population or 0) >= LARGE_PLACE:
            return False
        return distance_km > (FAR_KM if match.kind == "exact" else FUZZY_FAR_KM)


def _clear(senses: Sequence[Sense]) -> Sequence[Sense]:
    """Return the one place that a name means without a context, if any: the only or by far largest.

    A name of a few hundred people's place may mean one that the gazetteer lacks.
    """
    sizes = {sense.id: sense.population or 0 for sense in senses}
    ordered = sorted(senses, key=lambda sense: -(sense.population or 0))
    rivals = sorted(sizes.values(), reverse=True)[1:2]
    if len(sizes) == 1 or (rivals and sizes[ordered[0].id] >= 10 * max(rivals[0], 1000)):
        return ordered[:1]
    return ()


def _placed(mention: Mentioned, senses: Sequence[Sense]) -> Toponym:
    places = [sense.make() for sense in senses]
    return mention.toponym(senses[0].kind, ToponymMatch.EXACT, places)


# Without a theatre

#: What a kind of place weighs as much as, in people: a bare "Georgia", "Washington", "Lebanon".
_PEOPLE = {Kind.COUNTRY: 3e8, Kind.ADMIN1: 3e6, Kind.REGION: 5e6, Kind.SETTLEMENT: 300.0}
#: Points of a sense, beside 1 for each power of ten of people.
_BESIDE = 8.0  # what it lies in, or what lies in it, is named beside it
_CLASS_WORD = 5.0  # a division or region, by the word after it
_IN_DIVISION = 4.0
_IN_COUNTRY = 2.0
_NEAR_ANOTHER = 2.0
_OWN_NAME = 0.7
_CLOSE_KM = 150.0
_KM_A_DEGREE = 111.2
_ROUNDS = 2
MOST_SENSES = 40
#: Of so many people a city comes before the division of its name.
CITY = 100_000


class World:
    """Resolves the mentions of one text among the senses of the whole world.

    It chooses by population at first, and by what is named right after ("Paris, Texas"). The
    choices then vote for their countries and divisions, and lie near each other or don't; with
    that each name chooses again.
    """

    def __init__(self, mentions: Sequence[Mentioned]) -> None:
        """Prepare the names of a text."""
        self.mentions = mentions
        self.names: dict[str, list[Mentioned]] = {}
        alike: dict[str, list[Mentioned]] = {}
        for mention in mentions:
            alike.setdefault(mention.surface, []).append(mention)
        for mention in mentions:
            alone = not (mention.container or mention.contents)
            self.names[mention.key] = alike[mention.surface] if alone else [mention]
        self.senses = {name: self._likely(its[0].senses) for name, its in self.names.items()}
        self.base = {
            name: [self._base(sense, name) + self._contained(sense, name) for sense in senses]
            for name, senses in self.senses.items()
        }
        self.chosen = {name: self._best(name, base) for name, base in self.base.items()}

    def toponyms(self) -> list[Toponym]:
        """Return the toponyms of the mentions, in order."""
        for _ in range(_ROUNDS):
            self._choose_again()
        made: dict[str, tuple[Kind, list[Place]]] = {}
        for name, order in self.chosen.items():
            senses = [self.senses[name][number] for number in order[:MOST_CANDIDATES]]
            made[name] = (senses[0].kind, [sense.make() for sense in senses])
        return [
            m.toponym(made[m.key][0], ToponymMatch.EXACT, made[m.key][1]) for m in self.mentions
        ]

    @staticmethod
    def _likely(senses: Sequence[Sense]) -> list[Sense]:
        distinct = {sense.id: sense for sense in reversed(senses)}
        ordered = sorted(distinct.values(), key=lambda s: -_people(s))
        return ordered[:MOST_SENSES]

    def _base(self, sense: Sense, name: str) -> float:
        points = log10(_people(sense))
        if self.names[name][0].class_word and sense.kind in (Kind.ADMIN1, Kind.REGION):
            points += _CLASS_WORD
        if self._gives_its_name(sense, name):
            points = max(points, log10(_PEOPLE[Kind.ADMIN1]) + _OWN_NAME)
        return points + (_OWN_NAME if sense.name == self.names[name][0].name else 0.0)

    def _gives_its_name(self, sense: Sense, name: str) -> bool:
        """Say whether a city shares its name with a division of its country: Paris, Kyiv."""
        is_city = sense.kind is Kind.SETTLEMENT and (sense.population or 0) >= CITY
        return (
            is_city
            and sense.name == sense.make().name
            and any(
                other.kind is Kind.ADMIN1 and other.country == sense.country
                for other in self.senses[name]
            )
        )

    def _contained(self, sense: Sense, name: str) -> float:
        """Return the points of a sense that lies in what is named right after, or holds it."""
        within = (outer for mention in self.names[name] for outer in mention.container)
        around = (inner for mention in self.names[name] for inner in mention.contents)
        beside = any(sense.is_in(outer) for outer in within)
        return _BESIDE if beside or any(inner.is_in(sense) for inner in around) else 0.0

    def _best(self, name: str, points: Sequence[float]) -> list[int]:
        """Return the numbers of a name's senses, the best first."""
        return sorted(range(len(points)), key=lambda number: (-points[number], number))

    def _choose_again(self) -> None:
        picks = {name: self.senses[name][order[0]] for name, order in self.chosen.items()}
        countries, divisions = self._votes(picks)
        total = max(sum(countries.values()), 1.0)
        points_of = [
            (name, sense.lon, sense.lat)
            for name, sense in picks.items()
            if sense.kind is not Kind.COUNTRY
        ]
        for name, senses in self.senses.items():
            if len(senses) == 1:
                continue
            points = []
            for base, sense in zip(self.base[name], senses, strict=True):
                own = picks[name]
                country = countries.get(sense.country, 0.0)
                division = divisions.get((sense.country, sense.admin1), 0.0)
                if own.country == sense.country:
                    country -= 1
                    division -= bool(sense.admin1) and own.admin1 == sense.admin1
                near = self._nearness(name, sense, points_of)
                points.append(
                    base
                    + _IN_COUNTRY * country / total
                    + _IN_DIVISION * division / total
                    + _NEAR_ANOTHER * near
                )
            self.chosen[name] = self._best(name, points)

    @staticmethod
    def _votes(
        picks: Mapping[str, Sense],
    ) -> tuple[dict[str, float], dict[tuple[str, str], float]]:
        countries: dict[str, float] = {}
        divisions: dict[tuple[str, str], float] = {}
        for sense in picks.values():
            countries[sense.country] = countries.get(sense.country, 0.0) + 1.0
            if sense.admin1:
                where = (sense.country, sense.admin1)
                divisions[where] = divisions.get(where, 0.0) + 1.0
        return countries, divisions

    @staticmethod
    def _nearness(name: str, sense: Sense, others: Sequence[tuple[str, float, float]]) -> float:
        """Return how near a sense is to another name's place: from 1 at it to 0 far away."""
        shrink = cos(radians(sense.lat))
        least = min(
            (
                ((lon - sense.lon) * shrink) ** 2 + (lat - sense.lat) ** 2
                for other, lon, lat in others
                if other != name
            ),
            default=inf,
        )
        return 1.0 / (1.0 + sqrt(least) * _KM_A_DEGREE / _CLOSE_KM)


def _people(sense: Sense) -> float:
    return max(sense.population or 0.0, _PEOPLE[sense.kind])
