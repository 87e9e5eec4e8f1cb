"""Veldoria, an imaginary country at war, small and all made in code, for the tests of maps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from frontmap.geo.control import Arrangement, ControlMap
from frontmap.geo.errors import UnknownNameError
from frontmap.geo.records import (
    Actor,
    Attribution,
    Certainty,
    Change,
    Method,
    Place,
    PlaceName,
    Source,
    Status,
    Theatre,
    Zone,
)

DAY = date(2024, 12, 6)


@dataclass
class Neighbour:
    """A neighbouring country."""

    name: str
    polygon: MultiPolygon
    names: tuple[PlaceName, ...] = ()


@dataclass
class Water:
    """A river or a lake."""

    rank: int
    geometry: BaseGeometry


@dataclass
class Around:
    """Neighbours, rivers and lakes, as a basemap gives them."""

    bounds: tuple[float, float, float, float]
    neighbours: list[Neighbour]
    rivers: list[Water]
    lakes: list[Water]


@dataclass
class ImaginaryProject:
    """A project in memory, with the readings of `frontmap.data.store.Project`."""

    theatre: Theatre
    around: Around
    place_list: list[Place]
    actor_list: list[Actor]
    source_list: list[Source]
    change_list: list[Change]
    _made: list[Arrangement] = field(default_factory=list)

    def places(self) -> list[Place]:
        """Return every known place."""
        return self.place_list

    def actors(self) -> dict[str, Actor]:
        """Return the actors by slug."""
        return {actor.slug: actor for actor in self.actor_list}

    def sources(self) -> dict[str, Source]:
        """Return the sources by slug."""
        return {source.slug: source for source in self.source_list}

    def changes(self) -> list[Change]:
        """Return every change."""
        return self.change_list

    def zones(self, level: int | None = 1) -> list[Zone]:
        """Return one zone, the whole country."""
        return [Zone("XV-1", "Whole", "XV", self.theatre.polygon)]

    def arrangement(self) -> Arrangement:
        """Return the changes noded, made once."""
        if not self._made:
            sides = {actor.slug: actor.side for actor in self.actor_list}
            self._made.append(Arrangement(self.change_list, self.theatre.polygon, sides))
        return self._made[0]

    def control_map(
        self,
        as_of: date,
        known_at: datetime | None = None,
        min_certainty: Certainty = Certainty.CLAIMED,
    ) -> ControlMap:
        """Return who holds what on a date."""
        return self.arrangement().at(as_of, known_at, min_certainty)

    def previous_date(self, as_of: date) -> date | None:
        """Return the day before the latest change."""
        days = [day for day in self.arrangement().dates() if day <= as_of]
        return days[-1] - timedelta(days=1) if days else None

    def recorded_until(self, known_at: datetime | None = None) -> datetime | None:
        """Return when the newest row was recorded."""
        instants = [change.recorded_at for change in self.change_list]
        return max((at for at in instants if known_at is None or at <= known_at), default=None)

    def resolve(self, name: str) -> Place:
        """Return the place of exactly that name."""
        for place in self.place_list:
            if name in (place.name, place.id):
                return place
        raise UnknownNameError("place", name)

    def surroundings(self, *, padding: float, tolerance_deg: float) -> Around:
        """Return the two neighbours, a river and a lake."""
        return self.around


def blob(lon: float, lat: float, reach: float, wobble: float = 0.12) -> Polygon:
    """Make a country-like outline round a point, about `reach` degrees to each side."""
    turns = [2 * math.pi * step / 240 for step in range(240)]
    radii = [
        reach * (1 + wobble * math.sin(3 * t + 1) + wobble / 2 * math.sin(7 * t)) for t in turns
    ]
    points = zip(turns, radii, strict=True)
    return Polygon([(lon + 1.25 * r * math.cos(t), lat + r * math.sin(t)) for t, r in points])


def multi(geometry: BaseGeometry) -> MultiPolygon:
    """Make a MultiPolygon of the polygons in a geometry."""
    return MultiPolygon([p for p in shapely.get_parts(geometry) if isinstance(p, Polygon)])


COUNTRY = blob(38.5, 35.0, 2.0)

#: name, Arabic name, lon, lat, population
_PLACES: Sequence[tuple[str, str, float, float, int]] = (
    ("Velgrad", "فلغراد", 38.3, 34.1, 2_100_000),
    ("Northport", "ميناء الشمال", 37.2, 36.2, 1_300_000),
    ("Mirna", "ميرنا", 38.4, 35.1, 640_000),
    ("Karsk", "كرسك", 39.9, 35.6, 310_000),
    ("Dolin", "دولين", 38.3, 35.5, 92_000),
    ("Ostra", "أوسترا", 38.9, 36.3, 61_000),
    ("Tarn", "تارن", 37.3, 34.8, 48_000),
    ("Belov", "بيلوف", 39.2, 34.4, 35_000),
    ("Low Mirna", "ميرنا السفلى", 38.45, 35.3, 9_000),
    ("Sava Bridge", "جسر سافا", 38.2, 35.33, 4_000),
    ("Zelen", "زيلين", 40.3, 34.7, 22_000),
    ("Hvar Gate", "باب هفار", 37.7, 35.7, 17_000),
)

ACTORS = (
    Actor("government", "Government of Veldoria", "Government", "government", "#e42536"),
    Actor("northern", "Northern Front", "Northern", "opposition", "#5790fc"),
    Actor("eastern", "Eastern Council", "Eastern", "eastern", "#f89c20"),
)
SOURCES = (
    Source("wire", "The Wire", "Front moves south", "https://example.org/a", date(2024, 12, 6)),
    Source("monitor", "Veldoria Monitor", "Daily note", "", date(2024, 12, 5)),
)


def _place(name: str, local: str, lon: float, lat: float, population: int) -> Place:
    slug = name.lower().replace(" ", "-")
    # The code is that of a country whose signs are in Arabic.
    names = (PlaceName(name), PlaceName(local, "ar"))
    return Place(f"test:{slug}", name, lon, lat, "TN", "", population, names)


def _change(
    number: int, actor: str | None, day: date, ground: BaseGeometry, certainty: Certainty
) -> Change:
    return Change(
        id=number,
        actor=actor,
        status=Status.CONTROLLED,
        certainty=certainty,
        valid_from=day,
        valid_to=None,
        recorded_at=datetime(day.year, day.month, day.day, 20, number, tzinfo=UTC),
        polygon=multi(ground.intersection(COUNTRY)),
        sources=(Attribution("wire", "the monitors"), Attribution("monitor")),
    )


def changes() -> list[Change]:
    """Return the war: lines of 26 November, then advances; on `DAY` one stops short of Mirna."""
    start = date(2024, 11, 26)
    confirmed, reported, claimed = Certainty.CONFIRMED, Certainty.REPORTED, Certainty.CLAIMED
    north = Polygon([(35, 35.75), (37.6, 35.6), (38.4, 35.7), (42, 36.1), (42, 38), (35, 38)])
    wedge = Polygon([(38, 35.8), (38.7, 35.8), (38.41, 35.146)])
    disputed = shapely.box(39.0, 35.4, 39.5, 35.75)
    return [
        _change(1, "government", start, shapely.box(35, 32, 39.6, 38) - north, confirmed),
        replace(
            _change(2, "eastern", start, shapely.box(39.6, 34.2, 42, 36.5) - north, reported),
            method=Method.AREA,
            parameters={"area": "XV-1"},
        ),
        _change(3, "northern", start, north, confirmed),
        replace(
            _change(4, "northern", date(2024, 12, 2), blob(37.9, 35.6, 0.25), reported),
            method=Method.CELL,
            place="test:hvar-gate",
        ),
        _change(5, "northern", date(2024, 12, 3), blob(37.4, 34.9, 0.18), claimed),
        replace(
            _change(6, "northern", DAY, wedge, reported),
            method=Method.STANDOFF,
            place="test:mirna",
            note="The villages on the way fell without a fight.",
        ),
        _change(7, "eastern", DAY, blob(39.4, 34.6, 0.3), claimed),
        _change(8, "government", DAY, disputed, claimed),
        _change(9, "northern", DAY, disputed, claimed),
    ]


def _around() -> Around:
    land = shapely.box(36.1, 31.0, 43.0, 39.0) - COUNTRY
    south = land & shapely.box(30, 30, 44, 34.3)
    river = LineString([(38.9, 37.2), (38.6, 36.0), (38.2, 35.3), (37.4, 34.4), (36.0, 34.2)])
    return Around(
        (35.5, 31.0, 43.0, 39.0),
        [Neighbour("Northland", multi(land - south)), Neighbour("Southmark", multi(south))],
        [Water(1, river)],
        [Water(1, multi(blob(39.2, 33.8, 0.1)))],
    )


def veldoria(
    *,
    theatre_name: str = "Veldoria",
    actors: Sequence[Actor] = ACTORS,
    sources: Sequence[Source] = SOURCES,
    places: Sequence[Place] | None = None,
    changes: Sequence[Change] = tuple(changes()),
) -> ImaginaryProject:
    """Make the project; what is given replaces its own."""
    return ImaginaryProject(
        Theatre(theatre_name, ("TN",), multi(COUNTRY), 25, "Asia/Damascus"),
        _around(),
        [_place(*row) for row in _PLACES] if places is None else list(places),
        list(actors),
        list(sources),
        list(changes),
    )
