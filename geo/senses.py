"""What a name in a text may mean: the senses that sources of places give for normalised keys."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from frontmap.geo.reading import Kind
from frontmap.geo.records import Match, Place
from frontmap.geo.toponyms import Lookup, key, keys

__all__ = ["Area", "Areas", "Known", "Sense", "Source"]


#: So many unknown names are remembered with what is similar, which takes a while to find.
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Sense:
    """One place that a name may mean, `name` being that of its names which answered.

    What resolution needs is here; the whole place is made only when it is asked for.
    """

    kind: Kind
    name: str
    lon: float
    lat: float
    country: str
    admin1: str
    population: int | None
    id: str
    make: Callable[[], Place]
    is_capital: bool = False

    @classmethod
    def of(cls, kind: Kind, name: str, place: Place, *, is_capital: bool = False) -> Sense:
        """Return a sense of a place that is there."""
        return cls(
            kind, name, place.lon, place.lat, place.country, place.admin1, place.population,
            place.id, lambda: place, is_capital,
        )  # fmt: skip

    def is_in(self, outer: Sense) -> bool:
        """Say whether the place lies in a country or a first-level division.

        A region of the same country (England) is taken to hold it.
        """
        if not self.country or self.country != outer.country or self.id == outer.id:
            return False
        if outer.kind is Kind.ADMIN1:
            return bool(outer.admin1) and self.admin1 == outer.admin1
        return outer.kind in (Kind.COUNTRY, Kind.REGION)


class Source(ABC):
    """Where names are looked up, those of a whole text at once."""

    @abstractmethod
    def senses(self, wanted: Collection[str]) -> Mapping[str, Sequence[Sense]]:
        """Return the senses of each key that has any."""

    def similar(self, name: str, prefer: Collection[str] = ()) -> list[Match]:
        """Return the places that answer to a name by exact or fuzzy match, the likeliest first.

        A source that is for known names alone has none.
        """
        return []


class Known(Source):
    """The settlements of a look-up, those of some countries where given."""

    def __init__(self, lookup: Lookup, countries: Collection[str] = ()) -> None:
        """Look names up in `lookup`."""
        self._lookup, self._countries = lookup, countries
        self._similar: dict[tuple[str, tuple[str, ...]], list[Match]] = {}

    def senses(self, wanted: Collection[str]) -> Mapping[str, Sequence[Sense]]:
        """Return the senses of each key that has any."""
        found: dict[str, list[Sense]] = {}
        for name, place in self._lookup.named(wanted, self._countries):
            found.setdefault(key(name), []).append(Sense.of(Kind.SETTLEMENT, name, place))
        return found

    def similar(self, name: str, prefer: Collection[str] = ()) -> list[Match]:
        """Return the places that answer to a name by exact or fuzzy match, the likeliest first."""
        asked = name, tuple(prefer)
        if asked not in self._similar:
            if len(self._similar) >= MOST_REMEMBERED:
                self._similar.clear()
            self._similar[asked] = self._lookup.search(
                name, countries=self._countries, prefer=prefer, limit=10
            )
        return self._similar[asked]


@dataclass(frozen=True, slots=True)
class Area:
    """One of `Areas`; its place is made when one of its names is found."""

    kind: Kind
    names: Sequence[str]
    make: Callable[[], Place]
    is_capital: bool = False

    def sense(self, name: str) -> Sense:
        """Return the sense of one of its names."""
        return Sense.of(self.kind, name, self.make(), is_capital=self.is_capital)


class Areas(Source):
    """Countries, divisions, regions and capitals, in memory."""

    def __init__(self, rows: Iterable[Area]) -> None:
        """Index areas by all their names."""
        self._rows = list(rows)
        names = [(name, number) for number, row in enumerate(self._rows) for name in row.names]
        self._numbers: dict[str, list[tuple[str, int]]] = {}
        for made, pair in zip(keys([name for name, _ in names]), names, strict=True):
            self._numbers.setdefault(made, []).append(pair)
        self._made: dict[str, list[Sense]] = {}

    def senses(self, wanted: Collection[str]) -> Mapping[str, Sequence[Sense]]:
        """Return the senses of each key that has any."""
        return {made: self._senses(made) for made in wanted if made in self._numbers}

    def _senses(self, made: str) -> list[Sense]:
        if made not in self._made:
            self._made[made] = [
                self._rows[number].sense(name) for name, number in self._numbers[made]
            ]
        return self._made[made]
