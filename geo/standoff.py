"""Standoff: "N km from X", an area that reaches from what an actor holds to exactly N km short.

Monitors report how near a force has come more often than the ground between. The area drawn for
such a report is a schematic advance: a band along the road, wide where it leaves held ground and
tapering to a round tip whose foremost point is at the stated distance. Only that point is a fact.

The area is built in the azimuthal equidistant projection centred on X, where distances from X are
exact. It is the hull of a disc that moves along the path and changes its size: never so large as
to come nearer to X than N km.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from frontmap.geo.distance import Nearest, nearest
from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import (
    Floats,
    Projection,
    circle,
    distance_m,
    equidistant_projection,
    format_km,
)

__all__ = ["DEFAULT_WIDTH_KM", "standoff"]

DEFAULT_WIDTH_KM = 6.0

# The band's half-width as a share of its half-width at the base: at the tip, and at the base
# itself, where it flares as a breach in a line does.
_TIP_SHARE = 0.45
_FLARE_SHARE = 0.6
_STEPS = 160
_DISC_SIDES = 96
_ROUNDING_M = 0.01
