"""Chords through the ellipsoid, and the arcs over it: what fast distances are measured with.

Edges are straight in longitude and latitude (see `frontmap.geo.geodesy`). Cut into pieces of at
most a kilometre, each is within 3 cm of the chord between its ends, in earth-centred, earth-fixed
coordinates (x, y, z) in metres.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from frontmap.geo.geodesy import ECCENTRICITY_SQUARED, SEMI_MAJOR_M, Floats, distance_m

__all__ = [
    "FAR_M",
    "PIECE_M",
    "Indices",
    "Pieces",
    "arc_error_m",
    "chord_slack_m",
    "dot",
    "earth_centred",
    "lonlat",
    "spread",
]

Indices = npt.NDArray[np.intp]

#: No piece is longer.
PIECE_M = 1000.0
#: Beyond this the foot on the chord may lie metres from the foot on the ellipsoid.
FAR_M = 300_000.0
_GOLDEN = (5**0.5 - 1) / 2


class Pieces:
    """Edges cut into pieces, as chords.

    `start` and `end` (n, 2) are in degrees, `origin` (n, 3) and `span` (n, 3) in earth-centred
    metres; `edge` (n) is the edge that each piece is of.
    """

    def __init__(self, start: Floats, end: Floats) -> None:
        """Cut edges that lead from `start` (m, 2) to `end` (m, 2), in degrees."""
        self.start, self.end, self.edge = _cut(start, end)
        self.origin = earth_centred(self.start)
        self.span = earth_centred(self.end) - self.origin

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.edge)

    def spheres(self, first: Indices) -> tuple[Floats, Floats]:
        """Return centres (k, 3) and radii (k) of spheres round the runs that begin at `first`."""
        middle = self.origin + self.span / 2
        size = np.diff(first, append=len(middle))
        centre = np.add.reduceat(middle, first) / size[:, None]
        to_middle = np.linalg.norm(middle - np.repeat(centre, size, axis=0), axis=1)
        reach = to_middle + np.linalg.norm(self.span, axis=1) / 2
        return centre, np.maximum.reduceat(reach, first)

    def chords(self, seen_from: Floats, piece: Indices) -> tuple[Floats, Floats]:
        """Return the chord in metres to each piece, and the share of the piece at its foot."""
        span = self.span[piece]
        offset = seen_from - self.origin[piece]
        length2 = np.maximum(dot(span, span), 1e-12)
        share = np.clip(dot(offset, span) / length2, 0, 1)
        offset -= share[:, None] * span
        return np.sqrt(dot(offset, offset)), share

    def arcs(self, seen_from: Floats, piece: Indices) -> tuple[Floats, Floats]:
        """Return the arc in metres to each piece, and the share of the piece at its foot."""
        chord_m, share = self.chords(seen_from, piece)
        foot = self.origin[piece] + share[:, None] * self.span[piece]
        return _chord_to_arc_m(seen_from, foot, chord_m), share

    def along(self, piece: Indices, share: Floats) -> Floats:
        """Return the points (k, 2) in degrees at a share of pieces."""
        start, end = self.start[piece], self.end[piece]
        points = start + share[:, None] * (end - start)
        points[share == 1] = end[share == 1]
        return points

    def between_m(self, places: Floats, piece: Indices) -> tuple[Floats, Floats]:
        """Bound the geodesic distance from each place (k, 2) to a piece: at least, at most.

        Along a piece of length L the distance falls to (d + e - L) / 2 at least, from d and e.
        """
        at_start, at_end = (
            np.asarray(distance_m(*places.T, *ends[piece].T)) for ends in (self.start, self.end)
        )
        return (at_start + at_end - 1.02 * PIECE_M) / 2, np.minimum(at_start, at_end)

    def refined(self, places: Floats, piece: Indices) -> Floats:
        """Return the share of each piece that is nearest on the ellipsoid to a place (k, 2).

        Golden-section search to 1 m, which far away moves the distance by micrometres; the ends
        are compared too, where the minimum is often and has a slope.
        """

        def metres(share: Floats) -> Floats:
            return np.asarray(distance_m(*places.T, *self.along(piece, share).T))

        low, high = np.zeros(len(piece)), np.ones(len(piece))
        for _ in range(15):
            reach = _GOLDEN * (high - low)
            left = metres(high - reach) < metres(low + reach)
            low, high = np.where(left, low, high - reach), np.where(left, low + reach, high)
        shares = np.stack([(low + high) / 2, np.zeros(len(piece)), np.ones(len(piece))])
        best = np.argmin([metres(share) for share in shares], axis=0)
        return np.asarray(shares[best, np.arange(len(piece))])


def _cut(start: Floats, end: Floats) -> tuple[Floats, Floats, Indices]:
    """Cut edges (n, 2) into even pieces of at most `PIECE_M`, by an upper bound of their length.

    Returns start and end of each piece, and the edge that it is of.
    """
    by_lon, by_lat = np.abs(np.radians(end - start)).T
    nearest_equator = np.minimum(np.abs(start[:, 1]), np.abs(end[:, 1]))
    nearest_equator[start[:, 1] * end[:, 1] < 0] = 0
    length_m = 1.01 * SEMI_MAJOR_M * np.hypot(by_lat, by_lon * np.cos(np.radians(nearest_equator)))
    count = np.maximum(1, np.ceil(length_m / PIECE_M)).astype(np.intp)
    edge, within = spread(count)
    share = (within / count[edge])[:, None]
    begin = start[edge] + share * (end - start)[edge]
    last = within == count[edge] - 1
    following = np.empty_like(begin)
    following[:-1] = begin[1:]
    following[last] = end
    return begin, following, edge


def lonlat(lons: npt.ArrayLike, lats: npt.ArrayLike) -> Floats:
    """Return (n, 2) degrees, the longitudes from -180 to 180."""
    places = np.column_stack([np.asarray(lons, np.float64), np.asarray(lats, np.float64)])
    places[:, 0] = (places[:, 0] + 180) % 360 - 180
    return places


def spread(count: Indices) -> tuple[Indices, Indices]:
    """Repeat each index as often as told; also return the number of each repetition, from 0."""
    index = np.repeat(np.arange(len(count)), count)
    return index, np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)


def earth_centred(degrees: Floats) -> Floats:
    """Turn (n, 2) degrees on the ellipsoid into (n, 3) earth-centred, earth-fixed metres."""
    lon, lat = np.radians(degrees).T
    normal_m = SEMI_MAJOR_M / np.sqrt(1 - ECCENTRICITY_SQUARED * np.sin(lat) ** 2)
    across = normal_m * np.cos(lat)
    along_axis = normal_m * (1 - ECCENTRICITY_SQUARED) * np.sin(lat)
    return np.column_stack([across * np.cos(lon), across * np.sin(lon), along_axis])


def _chord_to_arc_m(a: Floats, b: Floats, chord_m: Floats) -> Floats:
    """Turn chords between earth-centred points into arcs of Euler's radius of curvature.

    With the normal curvature k of the ellipsoid halfway and in the chord's direction, the arc is
    (2/k) asin(k chord / 2). Within 2 mm to 600 km, 3 cm to 1,000 km; see `arc_error_m`.
    """
    to_normal = np.array([1, 1, 1 / (1 - ECCENTRICITY_SQUARED)])
    normal = _unit(_unit(a * to_normal) + _unit(b * to_normal))
    curvature = 1 - ECCENTRICITY_SQUARED * normal[:, 2] ** 2
    meridional = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / curvature**1.5
    transverse = SEMI_MAJOR_M / np.sqrt(curvature)
    eastward = normal[:, 0] * (b - a)[:, 1] - normal[:, 1] * (b - a)[:, 0]
    across = np.maximum((1 - normal[:, 2] ** 2) * chord_m**2, 1e-12)
    east_share = np.clip(eastward**2 / across, 0, 1)
    k = (1 - east_share) / meridional + east_share / transverse
    return np.asarray(2 / k * np.arcsin(np.minimum(chord_m * k / 2, 1)))


def arc_error_m(arc_m: Floats) -> Floats:
    """Bound the difference of two arcs' errors: of straight pieces, and of Euler's radius.

    The latter grows with the fifth power of the range, up to 16,000 km; beyond nothing is sure.
    """
    return np.where(arc_m < 16e6, 0.3 + 0.2 * (arc_m / 1e6) ** 5, np.inf)


def chord_slack_m(chord_m: Floats) -> Floats:
    """Return by how much a chord may exceed another and still span the shorter geodesic.

    The ellipsoid's radii of curvature lie between 6,335 and 6,400 km: bend the one chord most and
    the other least.
    """
    sharpest, flattest = 6.335e6, 6.400e6
    longest = 2 * sharpest * np.arcsin(np.minimum(chord_m / (2 * sharpest), 1))
    allowed = 2 * flattest * np.sin(np.minimum(longest / (2 * flattest), np.pi / 2))
    return np.asarray(allowed - chord_m + 0.3)


def dot(a: Floats, b: Floats) -> Floats:
    """Return the scalar products of vectors (n, 3), pair by pair."""
    return np.asarray(np.einsum("ij,ij->i", a, b))


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
