"""Standoff: "N km from X", an area that reaches from what an actor holds to exactly N km short.

Monitors report how near a force has come more often than the ground between. The area drawn for
such a report is a schematic advance: a band along the way, rounded where it leaves held ground and
tapering to a round tip whose foremost point is at the stated distance. Only that point is a fact.

The area is built in the azimuthal equidistant projection centred on X, where distances from X are
exact. It is swept by a disc that moves along the way and changes its size, never so large as to
come nearer to X than N km.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from frontmap.geo.distance import Boundary, nearest
from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import (
    Floats,
    circle,
    cut_at_antimeridian,
    distance_m,
    equidistant_projection,
    format_km,
)

__all__ = ["DEFAULT_WIDTH_KM", "standoff"]

LonLat = tuple[float, float]

DEFAULT_WIDTH_KM = 6.0

#: Half-width at the tip, and radius of the corners with held ground, by the half-width at the base.
_TIP, _CORNER = 0.45, 1.4
#: A way this many times as long as the straight one, and 20 km, leads through a wrong place.
_LONGEST_DETOUR = 3
_STEPS = 80
_DISC_SIDES = 64
_ROUNDING_M = 0.01
# The discs touch at the tip, nearly: only overlays on a grid are sure to end well.
_GRID_M = 0.001
_OVERLAP_M = 5.0


def standoff(
    held: MultiPolygon,
    toward: LonLat,
    within_km: float,
    via: Sequence[LonLat] = (),
    width_km: float = DEFAULT_WIDTH_KM,
    *,
    outline: MultiPolygon,
    holder: str = "the actor",
    target: str = "the place",
) -> MultiPolygon:
    """Return the area from `held` along `via` to `within_km` short of `toward`, all (lon, lat).

    One connected piece that overlaps `held`, goes through every point of `via`, and whose nearest
    point to `toward` is at `within_km` to within 1 m; clipped to `outline`. It is up to `width_km`
    wide at its base, and tapers. `holder` and `target` are their names, for messages.

    Raises InputError with every problem: nothing is held, it is nearer already, a point of `via`
    is nearer, outside, or far off the way, or the way comes nearer or leaves the theatre.
    """
    _check(within_km, width_km)
    _check_way(held, toward, within_km, via, outline, holder, target)
    plane = equidistant_projection(*toward)
    around, least_m, half_m = plane.forward(held), within_km * 1e3, width_km * 500
    leaving = nearest(*(via[0] if via else toward), held)
    way = plane.forward_xy([(leaving.lon, leaving.lat), *via])
    window = Point(way[0]).buffer((1 + 3 * _CORNER) * half_m)
    near = shapely.intersection(around, window, grid_size=_GRID_M)
    # A pocket smaller than the band does not grow backwards.
    half_m = min(half_m, math.sqrt(near.area / math.pi))
    band = _band(_smooth(_way(way, near, least_m, half_m)), least_m, half_m)
    drawn = _with_corners(band, near, _CORNER * half_m)
    area = cut_at_antimeridian(shapely.make_valid(plane.inverse(drawn)))
    if nearest(*toward, area).distance_m < least_m - _ROUNDING_M:
        area = MultiPolygon(_polygons(area.difference(circle(*toward, least_m))))
    (tip,) = plane.inverse_xy([_at_distance(way[-1], least_m)])
    piece = _piece_at(tip, area, held, outline, f"{format_km(within_km)} short of {target}")
    if via and Boundary(piece).nearest(*zip(*via, strict=True)).distance_m.max() > 1:
        raise InputError(
            f"the way comes nearer to {target} than {within_km:g} km between its via points: "
            "lead it round with another, or leave one out"
        )
    return piece


def _check(within_km: float, width_km: float) -> None:
    sizes = {"distance": within_km, "width": width_km}
    problems = [
        f"a {what} of {size:g} km is not usable: give more than 0"
        for what, size in sizes.items()
        if not 0 < size < math.inf
    ]
    if problems:
        raise InputError(problems)


def _check_way(
    held: MultiPolygon,
    toward: LonLat,
    within_km: float,
    via: Sequence[LonLat],
    outline: MultiPolygon,
    holder: str,
    target: str,
) -> None:
    if held.is_empty:
        raise InputError(
            f"{holder} holds nothing on that date, so there is nowhere to come from toward "
            f"{target}: record first what it holds"
        )
    limit, problems = f"{within_km:g} km", []
    start = nearest(*toward, held)
    if start.inside:
        problems.append(f"{holder} already holds {target}, so it cannot come to {limit} from it")
    elif start.distance_m <= within_km * 1e3 + 1:
        already = f"{start.distance_m / 1e3:.3f} km"
        problems.append(
            f"{holder} already stands {already} from {target}, no farther than {limit}: "
            "there is nothing to add, or give a smaller distance"
        )
    for lon, lat in via:
        name, away_m = f"via point {lon:.3f} {lat:.3f}", distance_m(lon, lat, *toward)
        if not shapely.intersects_xy(outline, lon, lat):
            problems.append(f"{name} lies outside the theatre: leave it out, or check which it is")
        if away_m <= within_km * 1e3:
            problems.append(
                f"{name} is {away_m / 1e3:.3f} km from {target}, no farther than {limit}: "
                "leave it out, or give a smaller distance"
            )
    problems += _detour(held, toward, via, start.distance_m)
    if problems:
        raise InputError(problems)


def _detour(
    held: MultiPolygon, toward: LonLat, via: Sequence[LonLat], straight_m: float
) -> list[str]:
    if not via:
        return []
    stops = np.array([*via, toward])
    way_m = nearest(*via[0], held).distance_m + distance_m(*stops[:-1].T, *stops[1:].T).sum()
    if way_m <= _LONGEST_DETOUR * straight_m + 20_000:
        return []
    return [
        f"the way through the via points is {format_km(way_m / 1e3)} long, and "
        f"{format_km(straight_m / 1e3)} straight: check that they are the places meant"
    ]


# --- in the plane, in metres, X at the origin ----------------------------------------------------


def _way(way: Floats, near: BaseGeometry, least_m: float, half_m: float) -> Floats:
    """Lengthen the way (n, 2): back into held ground, and on to the centre of the tip's disc."""
    start, last = way[0], way[-1]
    onward = (way[1] if len(way) > 1 else np.zeros(2)) - start
    back = onward / max(float(np.hypot(*onward)), 1e-9) * half_m
    within = [start - share * back for share in (1, 0.5, 0.25)]
    inside = [point for point in within if near.covers(Point(point))][:1]
    to_last = float(np.hypot(*last))
    centre = _at_distance(last, min(to_last, least_m + _TIP * half_m))
    points = np.array([*inside, *way, centre])
    moves = np.append(True, np.hypot(*np.diff(points, axis=0).T) > 1)
    return np.asarray(points[moves])


def _at_distance(point: Floats, metres: float) -> Floats:
    """Return the point at a distance from the origin in the direction of another."""
    return np.asarray(point * (metres / float(np.hypot(*point))))


def _smooth(way: Floats, steps: int = 24) -> Floats:
    """Return the centripetal Catmull-Rom curve through points (n, 2); it makes no loops or cusps.

    Barry and Goldman's pyramid (1988, https://doi.org/10.1145/54852.378511), the parameter by
    Yuksel et al. (2011, https://doi.org/10.1016/j.cad.2010.08.008).
    """
    if len(way) < 3:
        return way
    around = np.vstack([2 * way[0] - way[1], way, 2 * way[-1] - way[-2]])
    knots = np.append(0, np.cumsum(np.sqrt(np.hypot(*np.diff(around, axis=0).T))))
    curve = [_span(around[i : i + 4], knots[i : i + 4], steps) for i in range(len(way) - 1)]
    return np.vstack([*curve, way[-1:]])


def _span(points: Floats, knots: Floats, steps: int) -> Floats:
    """Return the curve from the second of four points to the third, which is left out."""
    at = np.linspace(knots[1], knots[2], steps, endpoint=False)[:, None]

    def mix(a: Floats, b: Floats, low: int, high: int) -> Floats:
        mixed = (knots[high] - at) * a + (at - knots[low]) * b
        return np.asarray(mixed / (knots[high] - knots[low]))

    first, second, third = (mix(points[i], points[i + 1], i, i + 1) for i in range(3))
    return mix(mix(first, second, 0, 2), mix(second, third, 1, 3), 1, 2)


def _band(way: Floats, least_m: float, half_m: float) -> BaseGeometry:
    """Sweep a disc along the way; it shrinks to the tip, and stays `least_m` from the origin."""
    line = LineString(way if len(way) > 1 else [way[0], way[0]])
    share = np.linspace(0, 1, _STEPS)
    points = shapely.line_interpolate_point(line, share, normalized=True)
    centres = shapely.get_coordinates(points)
    radius_m = half_m * (_TIP + (1 - _TIP) * (1 - share**1.5))
    radius_m = np.clip(radius_m, 0, np.hypot(*centres.T) - least_m)
    # A vertex of each disc faces the origin, so that the distance is exact.
    angles = np.arctan2(-centres[:, 1], -centres[:, 0])[:, None] + np.linspace(
        0, 2 * math.pi, _DISC_SIDES, endpoint=False
    )
    rims = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * radius_m[:, None, None]
    discs = centres[:, None] + rims
    hulls = [MultiPoint(np.vstack(pair)).convex_hull for pair in pairwise(discs)]
    return shapely.union_all(hulls, grid_size=_GRID_M)


def _with_corners(band: BaseGeometry, near: BaseGeometry, radius_m: float) -> BaseGeometry:
    """Round the inner corners, of the band and where it leaves held ground."""
    whole = shapely.union(band, near, grid_size=_GRID_M)
    closed = whole.buffer(radius_m, quad_segs=24).buffer(-radius_m, quad_segs=24)
    # Without the slivers that rounding leaves along held ground, and overlapping it a little.
    added = closed.difference(near, grid_size=_GRID_M).buffer(-_OVERLAP_M).buffer(2 * _OVERLAP_M)
    within = _polygons(shapely.intersection(added, closed, grid_size=_GRID_M))
    corners = [part for part in within if part.intersects(band)]
    return shapely.union_all([band, *corners], grid_size=_GRID_M)


def _piece_at(
    tip: Floats, area: MultiPolygon, held: MultiPolygon, outline: MultiPolygon, where: str
) -> MultiPolygon:
    """Return the piece of an area within the outline that reaches from held ground to the tip."""
    foremost = Point(tip)
    pieces = _polygons(area.intersection(outline))
    piece = min(pieces, key=foremost.distance, default=Polygon())
    if piece.is_empty or nearest(tip[0], tip[1], piece).distance_m > 1:
        raise InputError(
            f"the tip, {where}, lies outside the theatre (at {tip[0]:.3f} {tip[1]:.3f}): "
            "come from another direction with via points"
        )
    if not piece.intersects(held):
        raise InputError(
            f"the way to the tip, {where}, leaves the theatre: lead it inside with via points"
        )
    return shapely.orient_polygons(MultiPolygon([piece]))


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
