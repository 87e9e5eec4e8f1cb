"""The small chart of a distance from day to day: laid out once, drawn as SVG or as PNG."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from frontmap.geo.errors import InputError
from frontmap.maps.blocks import Trend
from frontmap.maps.elements import MISSING_PUBLISH
from frontmap.maps.style import LIGHT

__all__ = ["Drawing", "Mark", "draw", "to_png"]

WIDTH, HEIGHT = 320.0, 132.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 262.0, 20.0, 108.0
_TEXT_PX = 11.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word on the chart at its baseline; `anchor` is "start", "middle" or "end"."""

    x: float
    y: float
    text: str
    anchor: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart in pixels, y downwards: rules across it, paths of days, dots at the ends, words."""

    width: float
    height: float
    rules: tuple[tuple[Point, Point], ...]
    paths: tuple[tuple[Point, ...], ...]
    dots: tuple[Point, ...]
    marks: tuple[Mark, ...]


def draw(trend: Trend) -> Drawing:
    """Lay out a trend; a day without a distance breaks the line."""
    known = [value for value in trend.km if value is not None]
    step, top = _scale(max(known))
    across = (_RIGHT - _LEFT) / max(1, len(trend.km) - 1)

    def at(index: int, km: float) -> Point:
        return _LEFT + index * across, _BOTTOM - km / top * (_BOTTOM - _TOP)

    points = [None if km is None else at(i, km) for i, km in enumerate(trend.km)]
    found = [point for point in points if point is not None]
    ticks = [step * n for n in range(round(top / step) + 1)]
    rules = tuple((at(0, tick), (_RIGHT, at(0, tick)[1])) for tick in ticks)
    labels = [
        Mark(_LEFT - 6, at(0, tick)[1] + 4, _tick(tick, top, trend.unit), "end") for tick in ticks
    ]
    return Drawing(
        WIDTH,
        HEIGHT,
        rules,
        _paths(points),
        (found[0], found[-1]),
        (*labels, *_ends(trend, found[0], found[-1])),
    )


def _scale(most: float) -> tuple[float, float]:
    """Return a round step between rules, at most four of them, and the value at the top."""
    rough = max(most, 0.001) / 3
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    return step, step * math.ceil(max(most, 0.001) / step)


def _tick(tick: float, top: float, unit: str) -> str:
    number = f"{tick:,.2f}".rstrip("0").rstrip(".")
    return f"{number} {unit}" if tick == top else number


def _paths(points: Sequence[Point | None]) -> tuple[tuple[Point, ...], ...]:
    runs = groupby(points, key=lambda point: point is None)
    return tuple(tuple(p for p in run if p is not None) for missing, run in runs if not missing)


def _ends(trend: Trend, first: Point, last: Point) -> list[Mark]:
    """Label both ends with their value, clear of the line, and their date below the chart."""
    return [
        Mark(first[0], first[1] - 8, trend.first, "start"),
        Mark(last[0] + 8, last[1] + 4, trend.last, "start", strong=True),
        Mark(first[0], HEIGHT - 6, trend.start, "start"),
        Mark(WIDTH - 2, HEIGHT - 6, trend.end, "end"),
    ]


def to_png(drawing: Drawing, *, scale: float = 3) -> bytes:
    """Draw a chart as PNG, `scale` pixels a CSS pixel, on white.

    Raises InputError where matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(MISSING_PUBLISH) from None
    # In CSS pixels an inch is 96, so a point is 4/3 of them.
    figure = Figure((drawing.width / 96, drawing.height / 96), dpi=96 * scale)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, drawing.width), ylim=(drawing.height, 0))
    axes.axis("off")
    for rule in drawing.rules:
        axes.plot(*zip(*rule, strict=True), color=LIGHT.rule, linewidth=0.75)
    for path in drawing.paths:
        axes.plot(*zip(*path, strict=True), color=LIGHT.front, linewidth=1.5)
    axes.plot(*zip(*drawing.dots, strict=True), "o", color=LIGHT.front, markersize=4.5)
    sides = {"start": "left", "middle": "center", "end": "right"}
    for mark in drawing.marks:
        axes.text(
            mark.x,
            mark.y,
            mark.text,
            ha=sides[mark.anchor],
            va="baseline",
            fontsize=_TEXT_PX * 0.75,
            fontweight="bold" if mark.strong else "normal",
            color=LIGHT.ink if mark.strong else LIGHT.muted,
            parse_math=False,
        )
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
