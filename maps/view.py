"""What a figure's map shows: the part of the earth in its frame, projected to pixels and back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from frontmap.geo import geodesy
from frontmap.maps.elements import MapSpec
from frontmap.maps.labelling import Box

__all__ = ["View", "Zoom"]

#: A part of the map: lon, lat and radius_km.
Zoom = tuple[float, float, float]

#: Pixels drawn beyond the frame, kept free within it, and kept free for the scale bar.
_BEYOND, _AROUND, _SCALE_ROOM = 24.0, 14.0, 14.0


@dataclass(frozen=True)
class View:
    """The map's frame on the figure, and the way from (lon, lat) to pixels on it and back.

    The projection is oblique stereographic, centred on what is shown: conformal, and within 1 % of
    true scale over a thousand kilometres. `enlarged` says how many times larger the scale is than
    one that shows the whole theatre.
    """

    frame: Box
    projection: geodesy.Projection
    centre_m: tuple[float, float]
    px_per_m: float
    enlarged: float

    @classmethod
    def of(cls, spec: MapSpec, frame: Box, zoom: Zoom | None) -> View:
        """Fit the theatre, or a part, into the frame; the scale bar has room below it."""
        projection = geodesy.theatre_projection(spec.theatre)
        whole = projection.forward(_dense(spec.theatre))
        scale = _fit(whole, frame)
        shown: BaseGeometry = whole
        if zoom:
            lon, lat, radius_km = zoom
            shown = geodesy.circle(lon, lat, radius_km * 1e3, tolerance_m=radius_km)
            projection = geodesy.theatre_projection(shown)
            shown = projection.forward(shown)
        west, south, east, north = shown.bounds
        px_per_m = _fit(shown, frame)
        middle = (west + east) / 2, (south + north) / 2 - _SCALE_ROOM / 2 / px_per_m
        return cls(frame, projection, middle, px_per_m, px_per_m / scale)

    def px(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return what is in view of a geometry, and a little beyond, in pixels."""
        near = [shapely.clip_by_rect(geometry, *window) for window in self._windows]
        parts = [_dense(part, self._step_deg) for part in near if not part.is_empty]
        moved = [shapely.transform(part, self._to_px) for part in parts]
        x, y, w, h = self.frame.padded(_BEYOND)
        cut = [shapely.clip_by_rect(part, x, y, x + w, y + h) for part in moved]
        sound = [part if part.is_valid else shapely.make_valid(part) for part in cut]
        return sound[0] if len(sound) == 1 else shapely.union_all(sound)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the pixel of a place."""
        x, y = self._to_px(np.array([[lon, lat]]))[0].tolist()
        return x, y

    def lonlat(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Bring (n, 2) pixels back to degrees."""
        offset = (xy - self.frame.middle) * (1, -1) / self.px_per_m
        return self.projection.inverse_xy(offset + self.centre_m)

    @property
    def metres_per_px(self) -> float:
        """Return the geodesic length of a pixel along the parallel at the middle of the frame."""
        x, y = self.frame.middle
        (lon1, lat1), (lon2, lat2) = self.lonlat(np.array([[x - 50, y], [x + 50, y]])).tolist()
        return float(geodesy.distance_m(lon1, lat1, lon2, lat2)) / 100

    @cached_property
    def window(self) -> BaseGeometry:
        """Return what the frame shows, as a polygon in degrees."""
        edge = shapely.segmentize(self.frame.polygon, 20)
        return shapely.transform(edge, self.lonlat)

    @cached_property
    def _windows(self) -> list[tuple[float, float, float, float]]:
        """Return bounds in degrees around all in view, two where the antimeridian runs through."""
        box = self.frame.padded(2 * _BEYOND)
        across, down = np.meshgrid(np.linspace(0, 1, 21), np.linspace(0, 1, 21))
        grid = np.column_stack([box.x + box.w * across.ravel(), box.y + box.h * down.ravel()])
        (west, south), (east, north) = (f(self.lonlat(grid), axis=0) for f in (np.min, np.max))
        turns = range(math.floor((west + 180) / 360), math.floor((east + 180) / 360) + 1)
        return [
            (max(west - 360 * turn, -180), south, min(east - 360 * turn, 180), north)
            for turn in turns
        ]

    @cached_property
    def _step_deg(self) -> float:
        west, south, east, north = self._windows[0]
        return max(east - west, north - south) / 60

    def _to_px(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        metres = self.projection.forward_xy(lonlat) - self.centre_m
        return np.asarray(metres * (self.px_per_m, -self.px_per_m) + self.frame.middle)


def _fit(shown: BaseGeometry, frame: Box) -> float:
    """Return the pixels per metre at which something fills the frame."""
    west, south, east, north = shown.bounds
    room_x, room_y = frame.w - 2 * _AROUND, frame.h - 2 * _AROUND - _SCALE_ROOM
    return min(room_x / (east - west), room_y / (north - south))


def _dense(geometry: BaseGeometry, step_deg: float = 0.5) -> BaseGeometry:
    """Add vertices to edges that are straight in degrees, but not in projection."""
    return shapely.segmentize(geometry, step_deg)
