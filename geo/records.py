"""The nouns of the field: places, actors, sources and control changes.

Plain values without behaviour to speak of, shared by all other modules. Coordinates are WGS84
degrees, always in the order (lon, lat).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely import MultiPolygon


class Status(StrEnum):
    """How an actor stands in an area."""

    CONTROLLED = "controlled"
    CONTESTED = "contested"
    BESIEGED = "besieged"


class Certainty(StrEnum):
    """How well a change is established, from weakest to strongest."""

    CLAIMED = "claimed"
    REPORTED = "reported"
    CONFIRMED = "confirmed"

    @property
    def rank(self) -> int:
        """Position in the order claimed (0) < reported (1) < confirmed (2)."""
        return _RANKS[self]


_RANKS = {certainty: rank for rank, certainty in enumerate(Certainty)}

#: What each certainty means, in the words that legends and help texts print.
CERTAINTY_MEANING = {
    Certainty.CLAIMED: "a party to the conflict says so",
    Certainty.REPORTED: "third parties say so",
    Certainty.CONFIRMED: "there is evidence, or both parties agree",
}


class Method(StrEnum):
    """How a change got its polygon."""

    DRAWN = "drawn"
    CELL = "cell"
    AREA = "area"
    STANDOFF = "standoff"


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One name of a place; `lang` is a BCP 47 language, or "" where the gazetteer has none."""

    name: str
    lang: str = ""


def name_in(lang: str, names: Iterable[PlaceName], otherwise: str) -> str:
    """Return the first of `names` that is of a language, else `otherwise`."""
    return next((known.name for known in names if known.lang == lang), otherwise)


@dataclass(frozen=True, slots=True)
class Place:
    """A known place: one entry of a gazetteer.

    `id` is its gazetteer's own, as in "geonames:169577"; `admin1` the English name of the
    first-level division, or ""; `population` None where unknown. `names` holds every name, the
    display name first.
    """

    id: str
    name: str
    lon: float
    lat: float
    country: str
    admin1: str = ""
    population: int | None = None
    names: tuple[PlaceName, ...] = ()

    def describe(self) -> str:
        """Tell this place from its namesakes in one phrase."""
        where = ", ".join(part for part in (self.admin1, self.country) if part)
        return f"{self.name} ({where}; {self.lat:.3f} N {self.lon:.3f} E; {self.id})"


@dataclass(frozen=True, slots=True)
class Match:
    """A place that answers to a name.

    `surface` is the gazetteer's name that matched, `kind` "exact" (equal normalised keys) or
    "fuzzy", `score` 0 to 100 (100 for exact), `weight` the ranking value: higher is likelier.
    """

    place: Place
    surface: str
    kind: str
    score: float
    weight: float

    def to_dict(self, query: str) -> dict[str, Any]:
        """Return the row of what was asked and what was found, as JSON values."""
        return {
            "query": query,
            "name": self.place.name,
            "lon": self.place.lon,
            "lat": self.place.lat,
            "country": self.place.country,
            "admin1": self.place.admin1,
            "population": self.place.population,
            "id": self.place.id,
            "match": self.kind,
            "score": round(self.score, 1),
        }

    def taken_for(self, name: str) -> str | None:
        """Say that the place was found by a similar name only, None where it was by its own."""
        if self.kind == "exact":
            return None
        return f"took {self.place.describe()} for {name!r} (similarity {self.score:.0f} of 100)"


@dataclass(frozen=True, slots=True)
class Zone:
    """A named administrative area, for example a governorate; `code` as in ISO 3166-2.

    `level` is 1 for first-level divisions, 2 for their districts, and so on.
    """

    code: str
    name: str
    country: str
    polygon: MultiPolygon
    names: tuple[PlaceName, ...] = ()
    level: int = 1


@dataclass(frozen=True, slots=True)
class Theatre:
    """The area a project covers, `reach_km` the farthest that a place's cell extends from it.

    `names` has its name in other languages, where it is a country's.
    """

    name: str
    countries: tuple[str, ...]
    polygon: MultiPolygon
    reach_km: float
    time_zone: str
    names: tuple[PlaceName, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a point on a day, as context: it never says who controls.

    `id` is its provider's own, with the provider before it; `kind` as the provider calls it;
    `source` as the provider names it.
    """

    id: str
    on: date
    kind: str
    lon: float
    lat: float
    place: str = ""
    note: str = ""
    source: str = ""


#: Patterns that tell actors apart without colour; "" is plain.
HATCHES = ("", "/", "\\", "x", ".")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who controls ground; actors of one `side` are allied and have no front between them.

    `colour` is "#rrggbb"; `hatch` a pattern in addition to it: one of HATCHES. `aliases` are what
    reports call it ("the rebels" but for the article); no two actors share one.
    """

    slug: str
    name: str
    short_name: str
    side: str
    colour: str
    hatch: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that says so; `url` is "" where it is not known for sure."""

    slug: str
    publisher: str
    title: str = ""
    url: str = ""
    published: date | None = None
    accessed: date | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """One source of a change, and who is quoted there ("" where the publisher itself says so)."""

    source: str
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One immutable record: from `valid_from`, `actor` has `status` in `polygon`.

    It holds in the half-open interval [`valid_from`, `valid_to`), `valid_to` None for open.
    `actor` None says that nobody knows ("no data"). `recorded_at` and `retracted_at` are aware
    datetimes in UTC. `place` is the id of the place it is about, if any. `parameters` are those
    of `method`, as JSON values.
    """

    id: int
    actor: str | None
    status: Status
    certainty: Certainty
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    polygon: MultiPolygon
    contested_by: str | None = None
    place: str | None = None
    method: Method = Method.DRAWN
    parameters: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    editor: str = ""
    sources: tuple[Attribution, ...] = ()
    retracted_at: datetime | None = None
    retraction_reason: str = ""
