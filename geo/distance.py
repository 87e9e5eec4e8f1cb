"""Geodesic distance from places to the nearest point of a front line or of an actor's area.

Edges are straight in longitude and latitude (see `frontmap.geo.geodesy`), and the nearest point may
lie anywhere on one. Distances are within 0.1 m of the exact minimum, near and far.

Method: edges are cut into pieces of at most a kilometre, as chords in earth-centred coordinates.
Bounding spheres of runs of pieces leave few candidates for each place; the chord to each candidate
becomes an arc by Euler's radius of curvature in its direction, which is right to 2 mm at 600 km.
PROJ's geodesic solver then measures the few that could be nearest, along the edge where far away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from frontmap.geo.chords import (
    FAR_M,
    Indices,
    Pieces,
    arc_error_m,
    chord_slack_m,
    earth_centred,
    lonlat,
    spread,
)
from frontmap.geo.errors import NoFrontError
from frontmap.geo.geodesy import (
    Floats,
    azimuth_deg,
    compass,
    distance_m,
    edges,
    format_km,
    simple_parts,
)
from frontmap.geo.records import Place

__all__ = [
    "Boundary",
    "Distance",
    "Nearest",
    "NearestPoints",
    "NoDistance",
    "columns",
    "described",
    "label",
    "measure",
    "nearest",
]

_PIECES_A_BLOCK = 32
_PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest point to a place, and how far it is.

    `azimuth_deg` is that at the place towards the point, None when both coincide. `inside` says
    that the place lies in the area (on its edge included), its own nearest point at distance 0.
    """

    distance_m: float
    lon: float
    lat: float
    azimuth_deg: float | None
    inside: bool


@dataclass(frozen=True, slots=True)
class NearestPoints:
    """The nearest points to n places: arrays (n,), `azimuth_deg` NaN where both coincide."""

    distance_m: Floats
    lon: Floats
    lat: Floats
    azimuth_deg: Floats
    inside: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.distance_m)

    def __getitem__(self, index: int) -> Nearest:
        """Return the nearest point to one of the places."""
        azimuth = float(self.azimuth_deg[index])
        return Nearest(
            float(self.distance_m[index]),
            float(self.lon[index]),
            float(self.lat[index]),
            None if np.isnan(azimuth) else azimuth,
            bool(self.inside[index]),
        )

    def __iter__(self) -> Iterator[Nearest]:
        """Go through the places in their order."""
        return (self[index] for index in range(len(self)))


def nearest(lon: float, lat: float, geometry: BaseGeometry) -> Nearest:
    """Return the point of a front (lines) or an area (polygons) nearest to one place.

    Raises NoFrontError for an empty geometry. For many places prepare a `Boundary` once.
    """
    return Boundary(geometry).nearest([lon], [lat])[0]


class Boundary:
    """A front or the edge of an area, prepared for the distances from many places.

    Takes lines, polygons, or collections of them. Raises NoFrontError when there is neither.
    """

    def __init__(self, geometry: BaseGeometry) -> None:
        """Cut the edges into pieces and group them into blocks."""
        start, end, _ = edges(np.array([geometry], dtype=object))
        if not len(start):
            raise NoFrontError("there is no front or area to measure a distance to")
        parts, _ = simple_parts(np.array([geometry], dtype=object))
        self._area = MultiPolygon([part for part in parts if isinstance(part, Polygon)])
        shapely.prepare(self._area)
        self._pieces = Pieces(start, end)
        self._first = np.arange(0, len(self._pieces), _PIECES_A_BLOCK)
        self._centre, self._radius = self._pieces.spheres(self._first)

    def nearest(self, lons: npt.ArrayLike, lats: npt.ArrayLike) -> NearestPoints:
        """Return the nearest point to each of n places given by their degrees."""
        places = lonlat(lons, lats)
        inside = np.asarray(shapely.intersects_xy(self._area, places[:, 0], places[:, 1]))
        points, metres = places.copy(), np.zeros(len(places))
        outside = np.flatnonzero(~inside)
        step = max(1, min(512, _PAIRS_AT_ONCE // len(self._pieces)))
        for chunk in np.split(outside, range(step, len(outside), step)):
            points[chunk], metres[chunk] = self._nearest_on_edges(places[chunk])
        azimuths = np.full(len(places), np.nan)
        apart = metres > 0
        azimuths[apart] = azimuth_deg(*places[apart].T, *points[apart].T)
        return NearestPoints(metres, points[:, 0], points[:, 1], azimuths, inside)

    def _nearest_on_edges(self, places: Floats) -> tuple[Floats, Floats]:
        """Return the nearest point (n, 2) on the edges to each of n places, and metres (n)."""
        seen_from = earth_centred(places)
        place, piece = self._candidates(seen_from)
        arc_m, share = self._pieces.arcs(seen_from[place], piece)
        kept = arc_m <= _least(arc_m, place, len(places), arc_error_m)[place]
        place, piece, share, arc_m = place[kept], piece[kept], share[kept], arc_m[kept]
        far = np.flatnonzero(arc_m > FAR_M)
        at_least, at_most = self._pieces.between_m(places[place[far]], piece[far])
        far = far[at_least <= _least(at_most, place[far], len(places), np.zeros_like)[place[far]]]
        share[far] = self._pieces.refined(places[place[far]], piece[far])
        points = self._pieces.along(piece, share)
        metres = np.asarray(distance_m(*places[place].T, *points.T))
        # The last of equal keys wins, so sort the best of each place to the end.
        order = np.lexsort((-metres, place))
        winner = np.empty(len(places), dtype=np.intp)
        winner[place[order]] = order
        return points[winner], metres[winner]

    def _candidates(self, seen_from: Floats) -> tuple[Indices, Indices]:
        """Return the pairs (place, piece) among which the nearest piece of each place is."""
        to_centre = np.linalg.norm(seen_from[:, None] - self._centre, axis=2)
        closest = np.argmin(to_centre - self._radius, axis=1)
        place, piece = self._pairs(np.arange(len(seen_from)), closest)
        chord_m, _ = self._pieces.chords(seen_from[place], piece)
        bound = _least(chord_m, place, len(seen_from), chord_slack_m)
        place, piece = self._pairs(*np.nonzero(to_centre - self._radius <= bound[:, None]))
        chord_m, _ = self._pieces.chords(seen_from[place], piece)
        kept = chord_m <= _least(chord_m, place, len(seen_from), chord_slack_m)[place]
        return place[kept], piece[kept]

    def _pairs(self, place: Indices, block: Indices) -> tuple[Indices, Indices]:
        """Spread pairs (place, block) to pairs (place, piece)."""
        size = np.diff(self._first, append=len(self._pieces))[block]
        pair, within = spread(size)
        return place[pair], self._first[block][pair] + within


def _least(
    values: Floats, place: Indices, places: int, slack: Callable[[Floats], Floats]
) -> Floats:
    """Return the least value of each place, and on top of it what `slack` allows."""
    least = np.full(places, np.inf)
    np.minimum.at(least, place, values)
    return least + slack(least)


# --- what is published ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Distance:
    """One published distance with both of its references: from `from_` to the place's centre.

    `azimuth_deg` and `bearing` (one of 16 winds) lead from the place to the nearest point, and are
    None where both coincide. `nearest_place` is the named place nearest to that point.
    """

    place: str
    from_: str
    on: date
    distance_km: float
    inside: bool
    azimuth_deg: float | None
    bearing: str | None
    nearest_lon: float
    nearest_lat: float
    nearest_place: str | None
    reference_from: str
    reference_to: str
    label: str

    def to_dict(self) -> dict[str, Any]:
        """Return the row as JSON values: kilometres to the metre, degrees to 0.1 m."""
        return {
            "place": self.place,
            "from": self.from_,
            "on": self.on.isoformat(),
            "distance_km": round(self.distance_km, 3),
            "inside": self.inside,
            "azimuth_deg": None if self.azimuth_deg is None else round(self.azimuth_deg, 1),
            "bearing": self.bearing,
            "nearest": {
                "lon": round(self.nearest_lon, 6),
                "lat": round(self.nearest_lat, 6),
                "place": self.nearest_place,
            },
            "reference_from": self.reference_from,
            "reference_to": self.reference_to,
            "label": self.label,
        }


@dataclass(frozen=True, slots=True)
class NoDistance:
    """The row of a series for a day on which there is nothing to measure from, and why."""

    place: Place
    from_: str
    on: date
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Return the row with the columns of `Distance`, null where there is no value."""
        return {
            "place": self.place.name,
            "from": self.from_,
            "on": self.on.isoformat(),
            "distance_km": None,
            "inside": False,
            "azimuth_deg": None,
            "bearing": None,
            "nearest": {"lon": None, "lat": None, "place": None},
            "reference_from": self.why,
            "reference_to": _centre(self.place),
            "label": "no front",
        }


def measure(
    place: Place,
    geometry: BaseGeometry | Boundary,
    *,
    from_label: str,
    on: date,
    reference_from: str,
    places: Sequence[Place] = (),
) -> Distance:
    """Measure from a front or an area to the centre of a place, and say what was measured.

    `from_label` names in a word what it is from ("front", an actor), `reference_from` in a phrase
    ("front line between opposition and government"). `places` are those that may name the nearest
    point. Raises NoFrontError for an empty geometry.
    """
    boundary = geometry if isinstance(geometry, Boundary) else Boundary(geometry)
    found = boundary.nearest([place.lon], [place.lat])[0]
    return described(
        place, found, from_label=from_label, on=on, reference_from=reference_from, places=places
    )


def described(
    place: Place,
    found: Nearest,
    *,
    from_label: str,
    on: date,
    reference_from: str,
    places: Sequence[Place] = (),
) -> Distance:
    """Say of the point found nearest to a place what was measured; the rest as for `measure`."""
    azimuth = found.azimuth_deg
    return Distance(
        place=place.name,
        from_=from_label,
        on=on,
        distance_km=found.distance_m / 1e3,
        inside=found.inside,
        azimuth_deg=azimuth,
        bearing=None if azimuth is None else compass(azimuth),
        nearest_lon=found.lon,
        nearest_lat=found.lat,
        nearest_place=_nearest_name(found.lon, found.lat, places),
        reference_from=reference_from,
        reference_to=_centre(place),
        label=label(found.distance_m / 1e3, place.name, azimuth, inside=found.inside),
    )


def columns(row: Distance | NoDistance) -> dict[str, Any]:
    """Return a row with its nearest point spread over columns, as in nearest_lon."""
    flat = row.to_dict()
    nearest_point = flat.pop("nearest")
    return flat | {f"nearest_{name}": value for name, value in nearest_point.items()}


def label(
    distance_km: float, place_name: str, azimuth_deg: float | None, *, inside: bool = False
) -> str:
    """Write the label: "5 km north of Homs", the wind leading from the place to the point.

    "in Homs" where the place is inside the area, "at Homs" where the line runs through it.
    """
    if inside:
        return f"in {place_name}"
    if azimuth_deg is None:
        return f"at {place_name}"
    return f"{format_km(distance_km)} {compass(azimuth_deg)} of {place_name}"


def _centre(place: Place) -> str:
    return f"centre of {place.name} ({_gazetteer(place)} point)"


def _nearest_name(lon: float, lat: float, places: Sequence[Place]) -> str | None:
    if not places:
        return None
    metres = distance_m(lon, lat, [place.lon for place in places], [place.lat for place in places])
    return places[int(np.argmin(metres))].name


def _gazetteer(place: Place) -> str:
    """Name the gazetteer of a place by the prefix of its id."""
    prefix = place.id.partition(":")[0]
    return {"geonames": "GeoNames"}.get(prefix, prefix)
