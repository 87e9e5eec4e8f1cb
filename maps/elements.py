"""The elements of a published control map, as plain values that any renderer draws.

Geometries are WGS84 (lon, lat), fills come from `frontmap.maps.style`, and every sentence is
already in words. `MapSpec` holds one map; `MapSpec.to_json_dict` is the same as JSON values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import numpy as np
import shapely
from shapely import LineString, MultiPolygon
from shapely.geometry.base import BaseGeometry

from frontmap.geo.records import Certainty
from frontmap.maps.style import Fill, Look

__all__ = [
    "MISSING_PUBLISH",
    "QUANTUM_PER_DEGREE",
    "Attributed",
    "CallOut",
    "ChangeEntry",
    "Country",
    "Credit",
    "FrontStretch",
    "GainedGround",
    "Ground",
    "Holder",
    "Label",
    "LegendEntry",
    "Locator",
    "MapSpec",
    "Piece",
    "SourceEntry",
    "plain",
]

#: Units of the integer coordinates in JSON, per degree: 1e-4 degrees, at most 11 m, half a pixel
#: at the largest scale at which the page draws.
QUANTUM_PER_DEGREE = 10_000

#: What to tell a user who asks for an output whose libraries are not installed.
MISSING_PUBLISH = (
    "figures and reports need libraries that are not installed: pip install 'frontmap[publish]'"
)


@dataclass(frozen=True, slots=True)
class Ground:
    """Ground that is drawn alike, and its geodesic area."""

    actor: str | None
    look: Look
    contested_by: tuple[str, ...]
    fill: Fill
    area_km2: float
    polygon: MultiPolygon


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground that one set of records decides; never drawn, but found under the pointer."""

    heading: str
    actor: str | None
    look: Look
    certainty: Certainty | None
    contested_by: tuple[str, ...]
    changes: tuple[int, ...]
    area_km2: float
    polygon: MultiPolygon


@dataclass(frozen=True, slots=True)
class FrontStretch:
    """One stretch of the front line, the actors that it divides and the records beside it."""

    heading: str
    actors: tuple[str, str]
    changes: tuple[int, ...]
    length_km: float
    line: LineString


@dataclass(frozen=True, slots=True)
class GainedGround:
    """Ground that an actor gained since `MapSpec.since`, and from whom (None: unknown)."""

    actor: str
    from_actors: tuple[str | None, ...]
    look: Look
    fill: Fill
    outline: str
    area_km2: float
    polygon: MultiPolygon


@dataclass(frozen=True, slots=True)
class Holder:
    """An actor on the map, the lowest and highest km² it holds by what certainty one asks for."""

    slug: str
    name: str
    short_name: str
    side: str
    colour: str
    area_km2: float
    low_km2: float
    high_km2: float
    share: float


@dataclass(frozen=True, slots=True)
class Label:
    """A place's name, in order of importance; `size` is 3 for a city, 2 a town, 1 smaller.

    `name` is the one to print, `other_name` that in the other script, local or Latin, or "".
    """

    id: str
    name: str
    other_name: str
    lon: float
    lat: float
    size: int
    in_the_news: bool


@dataclass(frozen=True, slots=True)
class CallOut:
    """A distance drawn on the map: `line` runs along the geodesic from the place."""

    place_id: str
    place: str
    label: str
    sentence: str
    distance_km: float
    inside: bool
    line: LineString


@dataclass(frozen=True, slots=True)
class Country:
    """A neighbour: its land, and where its name goes (None: too little of it is in view)."""

    name: str
    label_at: tuple[float, float] | None
    land: MultiPolygon


@dataclass(frozen=True, slots=True)
class Locator:
    """A small map of where the theatre lies, within `bounds`; all outlines are coarse."""

    bounds: tuple[float, float, float, float]
    theatre: MultiPolygon
    countries: tuple[MultiPolygon, ...]


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of the legend; `mark` is "actor", "note", "area", "gain", "front" or "distance".

    `of` is the slug of the actor, or the look of the areas, that it explains.
    """

    mark: str
    label: str
    detail: str
    fills: tuple[Fill, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Attributed:
    """A source by its position in `MapSpec.sources`, and in words who is quoted there."""

    source: int
    said_by: str


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """One record in words, for the reader who asks who says so."""

    id: int
    where: str
    what: str
    when: str
    certainty: Certainty
    outline: str
    note: str
    sources: tuple[Attributed, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source that the map rests on; `url` is "" unless it leads to the web."""

    publisher: str
    title: str
    url: str
    published: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom the data come from, and under what terms."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class MapSpec:
    """Everything on one control map; `bounds` and `frame` are (west, south, east, north).

    `bounds` is what to show at first, `frame` the extent for which there is anything to draw.
    """

    lang: str
    direction: str
    title: str
    as_of: date
    as_of_line: str
    known_line: str
    since: date | None
    since_line: str
    alt: str
    bounds: tuple[float, float, float, float]
    frame: tuple[float, float, float, float]
    theatre: MultiPolygon
    neighbours: tuple[Country, ...]
    lakes: tuple[MultiPolygon, ...]
    rivers: tuple[BaseGeometry, ...]
    holders: tuple[Holder, ...]
    grounds: tuple[Ground, ...]
    pieces: tuple[Piece, ...]
    front: tuple[FrontStretch, ...]
    gains: tuple[GainedGround, ...]
    labels: tuple[Label, ...]
    call_outs: tuple[CallOut, ...]
    distance_notes: tuple[str, ...]
    legend: tuple[LegendEntry, ...]
    changes: tuple[ChangeEntry, ...]
    sources: tuple[SourceEntry, ...]
    locator: Locator
    credits: tuple[Credit, ...]
    words: dict[str, str]

    def to_json_dict(self) -> dict[str, Any]:
        """Return plain JSON values.

        A geometry becomes a list of its rings or lines, each a flat list of integers
        [x, y, dx, dy, …]: the first vertex, then steps, in 1/`QUANTUM_PER_DEGREE` degrees; rings
        are left open, holes are found by the even-odd rule.
        """
        values: dict[str, Any] = plain(self)
        return {"quantum_per_degree": QUANTUM_PER_DEGREE} | values


def plain(value: Any) -> Any:
    """Return JSON values; what becomes of geometries is told in `MapSpec.to_json_dict`."""
    if isinstance(value, BaseGeometry):
        return _rings(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value


def _rings(geometry: BaseGeometry) -> list[list[int]]:
    parts = shapely.get_parts(_on_grid(geometry))
    areal = shapely.get_type_id(parts) == 3
    lines = [*shapely.get_rings(parts[areal]), *parts[~areal]]
    steps = [_steps(line, closed=bool(line.is_closed)) for line in lines]
    return [flat for flat in steps if len(flat) >= 4]


def _on_grid(geometry: BaseGeometry) -> BaseGeometry:
    """Round areas to the quantum; those that rounding makes cross themselves are mended."""
    if shapely.get_dimensions(geometry) < 2:
        return geometry
    quantum = 1 / QUANTUM_PER_DEGREE
    rounded = shapely.transform(geometry, lambda xy: np.rint(xy * QUANTUM_PER_DEGREE) * quantum)
    mendable = not rounded.is_valid and geometry.is_valid
    return shapely.set_precision(geometry, quantum) if mendable else rounded


def _steps(line: BaseGeometry, *, closed: bool) -> list[int]:
    xy = np.rint(shapely.get_coordinates(line) * QUANTUM_PER_DEGREE).astype(np.int64)
    xy = xy[np.append(True, (np.diff(xy, axis=0) != 0).any(axis=1))]
    if closed and len(xy) > 1:
        xy = xy[:-1]
    return [int(step) for step in np.diff(xy, axis=0, prepend=0).ravel()]
