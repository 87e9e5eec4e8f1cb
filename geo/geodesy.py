"""Lengths, areas and bearings on the WGS84 ellipsoid.

Coordinates are (lon, lat) degrees. An edge between two vertices is straight in longitude and
latitude, as RFC 7946 (section 3.1.1) says, not a geodesic: over 10 km at 50 degrees north the two
lie 2 m apart. No edge crosses the antimeridian (section 3.1.9); geometries are cut there.

Distances between two points are geodesic, by Karney's algorithm in PROJ
(https://doi.org/10.1007/s00190-012-0578-z).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from frontmap.geo.errors import InputError

if TYPE_CHECKING:
    from pyproj import Geod

__all__ = [
    "ECCENTRICITY_SQUARED",
    "SEMI_MAJOR_M",
    "Projection",
    "area_km2",
    "azimuth_deg",
    "circle",
    "compass",
    "cut_at_antimeridian",
    "destination",
    "distance_m",
    "edges",
    "equidistant_projection",
    "format_km",
    "geod",
    "geodesic_points",
    "length_km",
    "parse_distance_km",
    "simple_parts",
    "theatre_projection",
    "unwrapped",
]

Floats: TypeAlias = npt.NDArray[np.float64]
G = TypeVar("G", bound=BaseGeometry)

#: WGS84, as NGA.STND.0036 defines it.
SEMI_MAJOR_M = 6378137.0
_FLATTENING = 1 / 298.257223563
ECCENTRICITY_SQUARED = _FLATTENING * (2 - _FLATTENING)
_ECCENTRICITY = math.sqrt(ECCENTRICITY_SQUARED)

# Ten nodes integrate the smooth functions here to rounding error over any edge within a quadrant.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2

# GEOS's numbers of geometry types; those above are collections.
_LINE, _RING, _POLYGON = 1, 2, 3

_WINDS = (
    "north",
    "north-north-east",
    "north-east",
    "east-north-east",
    "east",
    "east-south-east",
    "south-east",
    "south-south-east",
    "south",
    "south-south-west",
    "south-west",
    "west-south-west",
    "west",
    "west-north-west",
    "north-west",
    "north-north-west",
)

_KM_PER_UNIT = {
    "m": 0.001,
    "metre": 0.001,
    "meter": 0.001,
    "km": 1.0,
    "kilometre": 1.0,
    "kilometer": 1.0,
    "mi": 1.609344,
    "mile": 1.609344,
    "nmi": 1.852,
}


@cache
def geod() -> Geod:
    """Return PROJ's geodesic solver for WGS84, loaded on first use."""
    from pyproj import Geod

    return Geod(ellps="WGS84")


# --- area and length -----------------------------------------------------------------------------


@overload
def area_km2(geometry: BaseGeometry) -> float: ...
@overload
def area_km2(geometry: Sequence[BaseGeometry] | npt.NDArray[np.object_]) -> Floats: ...
def area_km2(
    geometry: BaseGeometry | Sequence[BaseGeometry] | npt.NDArray[np.object_],
) -> float | Floats:
    """Return the area in km² on the ellipsoid: a float, or one for each of several geometries.

    Lines and points have none; rings may be oriented either way. Green's theorem: the area is the
    integral of (a²/2) q(φ) dλ around each ring, q the authalic latitude function (Snyder 1987, Map
    Projections: A Working Manual, equation 3-12; Karney 2013 for geodesic edges), by Gauss-Legendre
    quadrature along each edge. A vertex added on an edge changes the result by rounding alone, so
    the areas of a coverage add up to that of the whole.
    """
    single = isinstance(geometry, BaseGeometry)
    geometries = np.atleast_1d(np.asarray(geometry, dtype=object))
    parts, owners = simple_parts(geometries)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    coordinates, of_ring = shapely.get_coordinates(rings, return_index=True)
    same = of_ring[:-1] == of_ring[1:]
    integrals = _edge_integrals_km2(coordinates[:-1][same], coordinates[1:][same])
    areas = np.abs(np.bincount(of_ring[:-1][same], weights=integrals, minlength=len(rings)))
    # The first ring of each polygon is its shell, the others are holes.
    holes = np.append(False, of_part[1:] == of_part[:-1])[: len(rings)]
    signed = np.where(holes, -areas, areas)
    totals = np.bincount(owners[of_part], weights=signed, minlength=len(geometries))
    return float(totals[0]) if single else np.asarray(totals, np.float64)


def simple_parts(
    geometries: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.intp]]:
    """Take collections apart to polygons, lines and points; also return whose part each is."""
    parts, owners = shapely.get_parts(geometries, return_index=True)
    while shapely.get_type_id(parts).max(initial=-1) > _POLYGON:
        parts, inner = shapely.get_parts(parts, return_index=True)
        owners = owners[inner]
    return parts, owners


def _edge_integrals_km2(start: Floats, end: Floats) -> Floats:
    """Integrate (a²/2) q(φ) dλ along each edge."""
    lat = np.radians(start[:, 1:] + _NODES * (end[:, 1:] - start[:, 1:]))
    mean_q = _authalic(np.sin(lat)) @ _WEIGHTS
    return np.asarray(SEMI_MAJOR_M**2 / 2e6 * mean_q * np.radians(end[:, 0] - start[:, 0]))


def _authalic(sine: Floats) -> Floats:
    """Return q(φ) of the sine of a latitude (Snyder 1987, equation 3-12)."""
    logarithm = np.arctanh(_ECCENTRICITY * sine) / _ECCENTRICITY
    q = (1 - ECCENTRICITY_SQUARED) * (sine / (1 - ECCENTRICITY_SQUARED * sine**2) + logarithm)
    return np.asarray(q)


@overload
def length_km(geometry: BaseGeometry) -> float: ...
@overload
def length_km(geometry: Sequence[BaseGeometry] | npt.NDArray[np.object_]) -> Floats: ...
def length_km(
    geometry: BaseGeometry | Sequence[BaseGeometry] | npt.NDArray[np.object_],
) -> float | Floats:
    """Return the length in km on the ellipsoid: a float, or one for each of several geometries.

    Of lines their length, of polygons that of all their rings, of points 0. The metric is
    integrated along each lon/lat-straight edge, so a vertex added on an edge changes nothing.
    """
    single = isinstance(geometry, BaseGeometry)
    geometries = np.atleast_1d(np.asarray(geometry, dtype=object))
    start, end, owners = edges(geometries)
    totals = np.bincount(owners, weights=_edge_lengths_m(start, end), minlength=len(geometries))
    return float(totals[0]) / 1e3 if single else totals / 1e3


def edges(
    geometries: npt.NDArray[np.object_],
) -> tuple[Floats, Floats, npt.NDArray[np.intp]]:
    """Return start (n, 2) and end (n, 2) of every edge of lines and rings, and whose it is (n)."""
    points, begin, owners = chains(geometries)
    return points[begin], points[begin + 1], owners


def chains(
    geometries: npt.NDArray[np.object_],
) -> tuple[Floats, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the vertices (m, 2) of lines and rings, in which each edge leads to the next vertex.

    With them the index of the vertex that each edge begins at (n), and whose the edge is (n).
    """
    parts, owners = simple_parts(geometries)
    kind = shapely.get_type_id(parts)
    areal, linear = kind == _POLYGON, (kind == _LINE) | (kind == _RING)
    rings, of_polygon = shapely.get_rings(parts[areal], return_index=True)
    lines = np.concatenate([rings, parts[linear]])
    line_owners = np.concatenate([owners[areal][of_polygon], owners[linear]])
    points, line_of = shapely.get_coordinates(lines, return_index=True)
    begin = np.flatnonzero(line_of[:-1] == line_of[1:])
    return points, begin, line_owners[line_of[begin]]


def _edge_lengths_m(start: Floats, end: Floats) -> Floats:
    lat = np.radians(start[:, 1:] + _NODES * (end[:, 1:] - start[:, 1:]))
    by_lon, by_lat = np.radians(end - start).T[..., None]
    curvature = 1 - ECCENTRICITY_SQUARED * np.sin(lat) ** 2
    meridional = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / curvature**1.5
    transverse = SEMI_MAJOR_M / np.sqrt(curvature) * np.cos(lat)
    return np.asarray(np.hypot(meridional * by_lat, transverse * by_lon) @ _WEIGHTS)


# --- points --------------------------------------------------------------------------------------


def distance_m(lon1: Any, lat1: Any, lon2: Any, lat2: Any) -> Any:
    """Return the geodesic distance in metres between two points, or of arrays of them."""
    return geod().inv(*_broadcast(lon1, lat1, lon2, lat2))[2]


def azimuth_deg(lon1: Any, lat1: Any, lon2: Any, lat2: Any) -> Any:
    """Return the azimuth at the first point towards the second: 0 to 360, clockwise from north."""
    return geod().inv(*_broadcast(lon1, lat1, lon2, lat2))[0] % 360


def destination(lon: Any, lat: Any, azimuth_deg: Any, distance_m: Any) -> tuple[Any, Any]:
    """Return (lon, lat) of the point at an azimuth and geodesic distance, or of arrays of them."""
    return geod().fwd(*_broadcast(lon, lat, azimuth_deg, distance_m))[:2]


def _broadcast(*values: Any) -> Sequence[Any]:
    """Bring arrays to one shape, which PROJ wants; leave plain numbers alone, which is faster."""
    if all(np.ndim(value) == 0 for value in values):
        return [float(value) for value in values]
    return [np.array(value, np.float64) for value in np.broadcast_arrays(*values)]


def geodesic_points(lon1: float, lat1: float, lon2: float, lat2: float, n: int) -> Floats:
    """Return `n` >= 2 points (n, 2), evenly spaced on the geodesic, both ends exactly included."""
    between = geod().npts(lon1, lat1, lon2, lat2, n - 2) if n > 2 else []
    return np.array([(lon1, lat1), *between, (lon2, lat2)])


def circle(
    lon: float, lat: float, radius_m: float, *, axis_deg: float = 0.0, tolerance_m: float = 0.1
) -> MultiPolygon:
    """Return the geodesic disc round a point, circumscribed: no edge is nearer than `radius_m`.

    The nearest edge is at `radius_m` within 1 cm and the farthest vertex about `tolerance_m`
    beyond it. One edge's middle lies at the azimuth `axis_deg`. Cut at the antimeridian.
    Raises InputError for a disc over a pole.
    """
    sides = math.ceil(math.pi / math.sqrt(2 * tolerance_m / radius_m))
    sides = min(max(sides, 32), 4096)
    half = 180 / sides
    # Falling azimuths make the ring counter-clockwise.
    azimuths = (axis_deg + half - 2 * half * np.arange(sides)).astype(np.float64)
    reach_m = radius_m / math.cos(math.radians(half))
    for _ in range(3):
        ring = _ring_around(lon, lat, azimuths, reach_m)
        reach_m += radius_m - _nearest_edge_m(lon, lat, ring)
    return cut_at_antimeridian(Polygon(_ring_around(lon, lat, azimuths, reach_m + 0.001)))


def _ring_around(lon: float, lat: float, azimuths: Floats, reach_m: float) -> Floats:
    lons, lats = destination(lon, lat, azimuths, reach_m)
    lons = lon + (lons - lon + 180) % 360 - 180
    steps = np.abs(np.diff(lons, append=lons[:1]))
    if steps.max() > 180:
        raise InputError(
            f"a circle of {format_km(reach_m / 1e3)} round {lon:.3f} {lat:.3f} holds a pole; "
            "choose a smaller radius"
        )
    return np.column_stack([lons, lats])


def _nearest_edge_m(lon: float, lat: float, ring: Floats) -> float:
    """Return the distance to the nearest edge; the foot of each is near its middle."""
    following = np.roll(ring, -1, axis=0)
    share = np.linspace(0.25, 0.75, 51)[:, None, None]
    points = ring + share * (following - ring)
    return float(distance_m(lon, lat, points[..., 0], points[..., 1]).min())


def cut_at_antimeridian(geometry: BaseGeometry) -> MultiPolygon:
    """Cut areas whose longitudes run past 180 or -180 there, and bring all within that range."""
    west, _, east, _ = geometry.bounds
    parts = []
    for turn in range(math.floor((west + 180) / 360), math.floor((east + 180) / 360) + 1):
        strip = shapely.box(360 * turn - 180, -91, 360 * turn + 180, 91)
        part = geometry if strip.contains(geometry) else geometry.intersection(strip)
        parts.append(_moved(part, -360 * turn))
    simple, _ = simple_parts(np.array(parts, dtype=object))
    return MultiPolygon([part for part in simple if part.area > 0])


def _moved(geometry: G, degrees: float) -> G:
    return shapely.transform(geometry, lambda lonlat: np.add(lonlat, (degrees, 0.0)))


# --- projections ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Projection:
    """A map projection of WGS84 in metres, given as a PROJ string, with both directions.

    `lon_0` is the central meridian. `inverse` gives longitudes within 180 degrees of it, so that
    geometries beyond the antimeridian stay in one piece (`cut_at_antimeridian` mends them).
    """

    definition: str
    lon_0: float

    def forward(self, geometry: G) -> G:
        """Project a geometry to metres, vertex by vertex."""
        return shapely.transform(geometry, self.forward_xy)

    def inverse(self, geometry: G) -> G:
        """Bring a geometry in metres back to (lon, lat), vertex by vertex."""
        return shapely.transform(geometry, self.inverse_xy)

    def forward_xy(self, lonlat: npt.ArrayLike) -> Floats:
        """Project (n, 2) degrees to (n, 2) metres."""
        return self._transform(lonlat, inverse=False)

    def inverse_xy(self, xy: npt.ArrayLike) -> Floats:
        """Bring (n, 2) metres back to (n, 2) degrees."""
        lonlat = self._transform(xy, inverse=True)
        turns = np.round((lonlat[:, 0] - self.lon_0) / 360)
        # Only where needed: adding 0 would be exact, but the subtraction of a turn is not.
        lonlat[:, 0] -= 360 * turns
        return lonlat

    def _transform(self, xy: npt.ArrayLike, *, inverse: bool) -> Floats:
        points = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        x, y = _proj(self.definition)(points[:, 0], points[:, 1], inverse=inverse)
        return np.column_stack([x, y])


@cache
def _proj(definition: str) -> Any:
    from pyproj import Proj

    return Proj(definition)


def equidistant_projection(lon: float, lat: float) -> Projection:
    """Return the azimuthal equidistant projection: distances and azimuths from the point exact."""
    return Projection(f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +ellps=WGS84", lon)


def theatre_projection(geometry: BaseGeometry) -> Projection:
    """Return the oblique stereographic projection centred on a theatre's bounds.

    Which of two places is nearer is a local comparison between neighbours, so it wants the same
    scale in every direction more than a true one: against an equidistant conic, this conformal
    projection assigns a tenth as many points to the wrong place. `inverse` gives longitudes of
    the theatre as `unwrapped` has them.
    """
    west, south, east, north = unwrapped(geometry).bounds
    lon, lat = round((west + east) / 2, 2), round((south + north) / 2, 2)
    return Projection(f"+proj=stere +lat_0={lat!r} +lon_0={lon!r} +ellps=WGS84", lon)


def unwrapped(geometry: G) -> G:
    """Add 360 to western longitudes where that makes a geometry cut at the antimeridian narrower.

    The two halves of Fiji or Chukotka then lie side by side, from 177 to 182 say.
    """
    west, _, east, _ = geometry.bounds
    shifted = shapely.transform(geometry, lambda xy: np.column_stack([xy[:, 0] % 360, xy[:, 1]]))
    width = shifted.bounds[2] - shifted.bounds[0]
    return shifted if width < east - west else geometry


# --- words ---------------------------------------------------------------------------------------


def compass(azimuth_deg: float, *, abbreviated: bool = False) -> str:
    """Name the nearest of the 16 winds: "north-north-east", or "NNE" if `abbreviated`."""
    wind = _WINDS[round(azimuth_deg / 22.5) % 16]
    return "".join(part[0].upper() for part in wind.split("-")) if abbreviated else wind


def parse_distance_km(text: str) -> float:
    """Read a distance with its unit (km, m, mi or nmi): "5km", "2.5 km", "3 mi", "500 m".

    Raises InputError for anything else, a bare number among it, and for what is not above 0.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-z]+)\s*", text.lower())
    unit = _unit_km(match[2]) if match else None
    if match is None or unit is None:
        raise InputError(
            f"{text!r} is no distance: write a number and a unit (km, m, mi or nmi), "
            "as in 5km or 2.5km"
        )
    kilometres = float(match[1]) * unit
    if not 0 < kilometres < math.inf:
        raise InputError(f"{text!r} is no usable distance: it must be more than 0")
    return kilometres


def _unit_km(unit: str) -> float | None:
    return _KM_PER_UNIT.get(unit) or _KM_PER_UNIT.get(unit.removesuffix("s"))


def format_km(kilometres: float, *, table: bool = False) -> str:
    """Write a distance as a newspaper prints it.

    Labels: "350 m" below 1 km (to 10 m), "2.4 km" and "5 km" below 10 km, "23 km" and "1,204 km"
    above. Tables (`table`): always one decimal, "0.4 km", "5.0 km", "1,204.0 km", so that columns
    align.
    """
    if table:
        return f"{kilometres:,.1f} km"
    if round(kilometres, 2) < 1:
        return f"{round(kilometres * 100) * 10} m"
    if round(kilometres, 1) < 10:
        return f"{kilometres:.1f}".removesuffix(".0") + " km"
    return f"{math.floor(kilometres + 0.5):,} km"
