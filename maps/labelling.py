"""Where names go on a map: greedily by importance, each where it covers nothing placed before.

Positions are CSS pixels from the top left corner of the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from frontmap.maps.elements import CallOut, Label

__all__ = ["LINE_HEIGHT", "Box", "Lettering", "PlacedName", "PlacedPill", "Sign"]

LINE_HEIGHT = 1.15
_GAP, _AIR, _DOT = 6.0, 2.0, 3.0
#: What it costs to put a name across a line, in places down the list of preferred positions.
_ACROSS = 6
#: One name for so many square pixels, and more at larger scales; a town far from any other is
#: named in any case.
_ROOM, _FEWEST = 28_000, 7
_LONELY = 75.0, 45.0

Measure = Callable[[str, float, bool], float]


class Box(NamedTuple):
    """A rectangle: its left and top, width and height."""

    x: float
    y: float
    w: float
    h: float

    def overlaps(self, other: Box) -> bool:
        """Say whether two boxes have ground in common; touching is not enough."""
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )

    def padded(self, by: float) -> Box:
        """Return a box larger by so much on each side, smaller if that is negative."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def holds(self, other: Box) -> bool:
        """Say whether the other box is all inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.x + other.w <= self.x + self.w
            and other.y + other.h <= self.y + self.h
        )

    @property
    def polygon(self) -> Polygon:
        """Return it as a polygon."""
        return shapely.box(self.x, self.y, self.x + self.w, self.y + self.h)

    @property
    def middle(self) -> tuple[float, float]:
        """Return its centre."""
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True, slots=True)
class Sign:
    """How a name is lettered."""

    size_px: float
    bold: bool


@dataclass(frozen=True, slots=True)
class PlacedName:
    """A name with its dot and the box that it fills."""

    label: Label
    sign: Sign
    dot: tuple[float, float]
    box: Box


@dataclass(frozen=True, slots=True)
class PlacedPill:
    """A distance with the box of its pill."""

    call_out: CallOut
    box: Box


@dataclass(slots=True)
class Lettering:
    """The names on a map within `frame`, as they are placed one after the other.

    `taken` holds the boxes that no name may touch, at first those of the map's furniture; `lines`
    are crossed only where there is no other way. On pages that run from right to left (`rtl`)
    names go to the left of their places first.
    """

    frame: Box
    measure: Measure
    lines: Sequence[BaseGeometry]
    taken: list[Box] = field(default_factory=list)
    rtl: bool = False

    def names(
        self, labels: Iterable[tuple[Label, Sign, tuple[float, float]]], enlarged: float = 1.0
    ) -> list[PlacedName]:
        """Place as many names as there is room for, the important first.

        Each comes with its lettering and the pixel of its place. `enlarged` says how many times
        larger the scale is than one that shows the whole theatre.
        """
        room = max(_FEWEST, self.frame.w * self.frame.h / _ROOM) * max(1.0, enlarged) ** 0.7
        placed: list[PlacedName] = []
        for label, sign, dot in labels:
            if len(placed) < room or (label.size > 1 and self._is_lonely(dot)):
                name = self.name(label, sign, dot)
                placed.extend([name] if name else [])
        return placed

    def name(self, label: Label, sign: Sign, dot: tuple[float, float]) -> PlacedName | None:
        """Place one name beside its place, or None if there is no room."""
        spot = Box(dot[0] - _DOT, dot[1] - _DOT, 2 * _DOT, 2 * _DOT)
        if not self.frame.holds(spot) or self._hits(spot):
            return None
        wide = self.measure(label.name, sign.size_px, sign.bold)
        around = self._around(dot, wide, sign.size_px * LINE_HEIGHT, _GAP)
        free = [box for box in around if self._is_free(box.padded(_AIR))]
        if not free:
            return None
        box = min(free, key=lambda box: self._crossings(box) * _ACROSS + around.index(box))
        self.taken += [box.padded(_AIR), spot.padded(1)]
        return PlacedName(label, sign, dot, box)

    def pill(
        self, call_out: CallOut, line: LineString, size: tuple[float, float], name: Box | None
    ) -> PlacedPill:
        """Place a distance on its line, else beside the name of its place, else near by."""
        wide, high = size
        start = line.coords[0]
        on_line = [
            Box(point.x - wide / 2, point.y - high / 2, wide, high)
            for point in (
                line.interpolate(share, normalized=True) for share in (0.5, 0.4, 0.6, 0.3, 0.7)
            )
        ]
        candidates = on_line if line.length > 2 * wide else []
        if name:
            top = name.middle[1] - high / 2
            beside = [
                Box(name.x + name.w + 5, top, wide, high),
                Box(name.x - wide - 5, top, wide, high),
            ]
            candidates = candidates + beside
        candidates = candidates + self._around((start[0], start[1]), wide, high, 14.0)
        free = [box for box in candidates if self._is_free(box)] or candidates[:1]
        box = min(free, key=lambda box: self._crossings(box) * _ACROSS + candidates.index(box))
        self.taken += [box.padded(_AIR), *_along(line)]
        return PlacedPill(call_out, box)

    def inside(self, area: BaseGeometry, size: tuple[float, float]) -> Box | None:
        """Place a box of that size where an area has most room, or None where it has too little."""
        wide, high = size
        if area.is_empty or area.area < wide * high:
            return None
        blocked = shapely.union_all([box.polygon for box in self.taken])
        # Squeezed so that a circle with room for the box's height has room for its width, too.
        free = shapely.transform(area.difference(blocked), lambda xy: xy / (wide, high))
        squeezed = MultiPolygon([p for p in shapely.get_parts(free) if isinstance(p, Polygon)])
        if squeezed.is_empty:
            return None
        circle = shapely.maximum_inscribed_circle(squeezed, tolerance=0.05)
        if circle.length < 0.62:
            return None
        x, y = circle.coords[0]
        box = Box(x * wide - wide / 2, y * high - high / 2, wide, high)
        if not self._is_free(box):
            return None
        self.taken.append(box)
        return box

    def _is_free(self, box: Box) -> bool:
        return self.frame.holds(box) and not self._hits(box)

    def _hits(self, box: Box) -> bool:
        return any(box.overlaps(other) for other in self.taken)

    def _crossings(self, box: Box) -> int:
        polygon = box.polygon
        return sum(line.intersects(polygon) for line in self.lines)

    def _is_lonely(self, dot: tuple[float, float]) -> bool:
        wide, high = _LONELY
        return not self._hits(Box(dot[0] - wide, dot[1] - high, 2 * wide, 2 * high))

    def _around(self, dot: tuple[float, float], w: float, h: float, gap: float) -> list[Box]:
        """Return the positions of a box around a point, the preferred first."""
        x, y = dot
        right, left, above, below = x + gap, x - gap - w, y - gap - h, y + gap
        near, far = (left, right) if self.rtl else (right, left)
        corners = [
            *((near, y - h / 2), (far, y - h / 2), (x - w / 2, above), (x - w / 2, below)),
            *((near, above + h / 2), (near, below - h / 2)),
            *((far, above + h / 2), (far, below - h / 2)),
        ]
        return [Box(left, top, w, h) for left, top in corners]


def _along(line: LineString) -> list[Box]:
    """Return small boxes along a line, so that no name is put on it."""
    count = int(line.length / 6) + 1
    shares = [i / count for i in range(count + 1)]
    points = shapely.line_interpolate_point(line, shares, normalized=True)
    return [Box(x - 3, y - 3, 6, 6) for x, y in shapely.get_coordinates(points).tolist()]
