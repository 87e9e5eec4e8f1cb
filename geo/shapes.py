"""Whole layers of geometries from strangers: what each may be used for, and what is wrong with it.

Most polygons of most files are sound, and are told to be so all at once; each of the others goes to
`frontmap.geo.polygons`, which says what is wrong with it, where, and what mends it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import area_km2
from frontmap.geo.polygons import read_polygon

__all__ = ["Checked", "check_areas", "check_points", "mended_all", "with_option"]

Shapes = npt.NDArray[np.object_]
Where = Callable[[int], str]


@dataclass(slots=True)
class Checked:
    """Geometries of a layer that may be used, None where one may not; problems by index; notes."""

    shapes: Shapes
    problems: dict[int, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def check_areas(
    shapes: Shapes,
    where: Where,
    *,
    broken: Mapping[int, Any] | None = None,
    theatre: MultiPolygon | None = None,
    fix: bool = False,
) -> Checked:
    """Return the areas (MultiPolygon, lon, lat) of a layer, each with its problems.

    `broken` has what no geometry could be made of, by index: GeoJSON, or words. With a `theatre`
    an area wholly outside it is refused. With `fix` a polygon that crosses or touches itself is
    repaired, and the note says by how much its area changed.
    """
    broken = broken or {}
    checked = Checked(np.full(len(shapes), None, dtype=object))
    sound = _sound(shapes)
    if theatre is not None:
        shapely.prepare(theatre)
        sound[sound] &= shapely.covers(theatre, shapes[sound])
    for index in range(len(shapes)):
        if sound[index]:
            area = _multi(shapes[index])
            checked.shapes[index] = shapely.orient_polygons(area)
            continue
        _check_area(checked, index, shapes[index], broken.get(index), where(index), theatre, fix)
    return checked


def _sound(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """Say which are areas beyond doubt: valid, within the degrees, not across the antimeridian."""
    kinds = shapely.get_type_id(shapes)
    sound = np.isin(kinds, (3, 6)) & ~shapely.is_empty(shapes) & shapely.is_valid(shapes)
    sound &= ~shapely.has_z(shapes)
    west, south, east, north = shapely.bounds(shapes).T
    with np.errstate(invalid="ignore"):
        within = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
        return np.asarray(sound & within & (east - west <= 180), dtype=bool)


def _check_area(
    checked: Checked,
    index: int,
    shape: BaseGeometry | None,
    broken: Any,
    where: str,
    theatre: MultiPolygon | None,
    fix: bool,
) -> None:
    if isinstance(broken, str):
        checked.problems[index] = [f"{where} {broken}"]
        return
    data = mapping(shape) if shape is not None else broken
    try:
        checked.shapes[index], notes = read_polygon(data, where=where, theatre=theatre)
        checked.notes += notes
    except InputError as error:
        mended = _mended(shape)
        if not fix or mended is None or shape is None:
            checked.problems[index] = [with_option(text) for text in error.problems]
            return
        _check_area(checked, index, mended, None, where, theatre, False)
        if index not in checked.problems:
            checked.notes.append(_repaired(where, shape, mended))


def mended_all(shapes: Shapes, where: Where) -> list[str]:
    """Repair in place the polygons that can be; return notes of how their areas changed."""
    notes = []
    for index, shape in enumerate(shapes):
        mended = _mended(shape)
        if mended is not None:
            notes.append(_repaired(where(index), shape, mended))
            shapes[index] = mended
    return notes


def _repaired(where: str, shape: BaseGeometry, mended: MultiPolygon) -> str:
    at = str(shapely.is_valid_reason(shape)).rpartition("[")[2].rstrip("]").split()
    where_at = f" (lon {float(at[0]):.6g} lat {float(at[1]):.6g})" if len(at) == 2 else ""
    before, after = abs(area_km2(shape)), area_km2(mended)
    return (
        f"{where} crossed or touched itself{where_at} and was repaired: {before:,.3f} km² before, "
        f"{after:,.3f} km² after"
    )


#: Which option helps with a problem, by what is said of it.
_OPTIONS = (
    (" swapped", "add --swap-xy"),
    ("looks like metres", "say its CRS with --crs"),
    ("crosses itself", "add --fix"),
    ("touches itself", "add --fix"),
)


def with_option(problem: str) -> str:
    """Name the option that helps with a problem of this kind, where there is one."""
    option = next((option for mark, option in _OPTIONS if mark in problem), "")
    return f"{problem}, or {option}" if option else problem


def _mended(shape: BaseGeometry | None) -> MultiPolygon | None:
    """Return a polygon made valid, as its rings enclose it; None where that isn't the trouble."""
    if shape is None or not isinstance(shape, Polygon | MultiPolygon) or shapely.is_valid(shape):
        return None
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return None
    mended = _multi(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    return None if mended.is_empty else mended


def _multi(shape: BaseGeometry) -> MultiPolygon:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return MultiPolygon([part for part in parts if not part.is_empty])


def check_points(
    shapes: Shapes,
    where: Where,
    *,
    broken: Mapping[int, Any] | None = None,
    theatre: MultiPolygon | None = None,
) -> Checked:
    """Return the points (lon, lat) of a layer, each with its problems.

    With a `theatre` one outside of it is refused only where it lies inside with its axes swapped.
    """
    broken = broken or {}
    checked = Checked(np.full(len(shapes), None, dtype=object))
    if theatre is not None:
        shapely.prepare(theatre)
    for index, shape in enumerate(shapes):
        wrong = _why_no_point(shape, broken.get(index), theatre)
        if wrong:
            checked.problems[index] = [f"{where(index)} {wrong}"]
        else:
            checked.shapes[index] = shapely.force_2d(_point(shape))
    return checked


def _point(shape: BaseGeometry) -> BaseGeometry:
    one = cast(BaseGeometry, shapely.get_geometry(shape, 0))
    return one if shape.geom_type == "MultiPoint" else shape


def _why_no_point(shape: BaseGeometry | None, broken: Any, theatre: MultiPolygon | None) -> str:
    if broken is not None:
        return (
            broken if isinstance(broken, str) else "has a geometry that cannot be used; redraw it"
        )
    if shape is None:
        return "has no geometry; draw it, or remove the feature"
    if shape.is_empty:
        return "is empty; draw it, or remove it"
    is_one = shape.geom_type == "MultiPoint" and shapely.get_num_geometries(shape) == 1
    if shape.geom_type != "Point" and not is_one:
        return f"is a {shape.geom_type}, not a point"
    lon, lat = map(float, shapely.get_coordinates(shape)[0])
    at = f"lon {lon:.6g} lat {lat:.6g}"
    if not np.isfinite([lon, lat]).all():
        return f"is at {at}; give finite degrees"
    if max(abs(lon), abs(lat)) > 360:
        return f"is at {at}, which looks like metres in a projected CRS; say which with --crs"
    if abs(lon) <= 90 < abs(lat) <= 180:
        return f"is at {at}: latitudes end at 90 degrees; add --swap-xy if the two are swapped"
    if abs(lon) > 180 or abs(lat) > 90:
        return f"is at {at}: longitudes end at 180 degrees, latitudes at 90"
    if theatre is None or shapely.intersects_xy(theatre, lon, lat):
        return ""
    swapped = f"is at {at}: outside the theatre, and inside it with lon and lat swapped"
    return f"{swapped}; add --swap-xy" if shapely.intersects_xy(theatre, lat, lon) else ""
