"""What is measured on: areas that change day by day, real or made up, and places about them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from shapely import Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from frontmap.data.gazetteer import Gazetteer

__all__ = ["Scene", "daily_files", "evolving_front"]

_DAYS = 353
_VERTICES = 2850
_CENTRE = 37.8, 47.9
_RADII_DEG = 4.0, 2.4
_CHANGES_A_DAY = 4
_VERTICES_A_CHANGE = 5


@dataclass(frozen=True, slots=True)
class Scene:
    """The areas of all days, those of one actor, and places (n, 2) in degrees."""

    days: Sequence[BaseGeometry]
    places: npt.NDArray[np.float64]
    is_real: bool

    @classmethod
    def load(cls, folder: Path | None, days: int | None = None, places: int | None = None) -> Self:
        """Take the days of a folder, else as many made-up ones; places of Ukraine, all or some."""
        areas = daily_files(folder)[:days] if folder else evolving_front(days or _DAYS)
        known = list(Gazetteer.open().places("UA"))[:places]
        lonlats = np.array([(place.lon, place.lat) for place in known])
        return cls(areas, lonlats, is_real=folder is not None)


def daily_files(folder: Path) -> list[BaseGeometry]:
    """Return the area of each GeoJSON file of a folder, a day a file in the order of names."""
    files = sorted(folder.glob("*.geojson"))
    loaded = (json.loads(path.read_text(encoding="utf-8")) for path in files)
    return [shape(collection["features"][0]["geometry"]) for collection in loaded]


def evolving_front(days: int) -> list[BaseGeometry]:
    """Make an area of about 2,900 vertices, some twenty of which are new each day.

    The same each time. It is seen whole from its middle, so that no change makes it cross itself.
    """
    return list(_evolving(days))


def _evolving(days: int) -> Iterator[Polygon]:
    rng = np.random.default_rng(20220224)
    angle = np.sort(rng.choice(40_000, _VERTICES, replace=False)) / 40_000 * 2 * np.pi
    reach = 1 + _rough(rng, angle)
    for _ in range(days):
        yield _outline(angle, reach)
        for _ in range(rng.poisson(_CHANGES_A_DAY)):
            first = rng.integers(1, len(angle) - _VERTICES_A_CHANGE - 1)
            gone = slice(first, first + _VERTICES_A_CHANGE)
            begin, end = angle[first - 1], angle[gone.stop]
            share = (np.arange(_VERTICES_A_CHANGE) + rng.uniform(0.2, 0.8, _VERTICES_A_CHANGE)) / (
                _VERTICES_A_CHANGE
            )
            angle[gone] = begin + share * (end - begin)
            reach[gone] += rng.normal(0.002, 0.002) + rng.normal(0, 0.0005, _VERTICES_A_CHANGE)


def _rough(rng: np.random.Generator, angle: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return waves of falling height, as coasts and fronts have."""
    waves = np.arange(2, 400)
    height, phase = 0.15 / waves**1.2, rng.uniform(0, 2 * np.pi, len(waves))
    return np.asarray(np.sin(np.outer(angle, waves) + phase) @ height)


def _outline(angle: npt.NDArray[np.float64], reach: npt.NDArray[np.float64]) -> Polygon:
    around = np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    return Polygon(np.round(np.array(_CENTRE) + around * np.array(_RADII_DEG), 6))
