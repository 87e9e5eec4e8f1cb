"""The one door through which strangers' files come in.

What is read, and how it is named: `frontmap.data.guards.FORMATS`. Whatever the format, it comes
out as layers of columns and geometries in WGS84 longitude and latitude, or not at all: every fault
is one line that says in which file, at which feature, what was found, and what mends it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from frontmap.data import guards, layers, tables
from frontmap.data.layers import WGS84, Layer
from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import Floats

if TYPE_CHECKING:
    from shapely import MultiPolygon

__all__ = [
    "AS_IT_IS",
    "Asked",
    "Layer",
    "in_degrees",
    "not_too_deep",
    "only_layer",
    "read_area",
    "read_layers",
]

#: Names of CRSs that are WGS84 longitude and latitude already.
_DEGREES = ("CRS84", "EPSG:4326", "EPSG::4326")
#: How a file may name its CRS: a code, WKT or PROJJSON; PROJ's own language can open files.
_CRS_NAME = re.compile(r"(urn:ogc:def:crs:)?(EPSG|OGC|ESRI|CRS)\b|[A-Z_]+\[|\{", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of files that they do not say themselves, or that they say wrongly.

    `crs` is any name that PROJ knows, for files that have none; `encoding` that of text;
    `layer` the only layer to take; `swap_xy` exchanges the axes, `fix` repairs polygons that cross
    themselves, `allow_network` fetches addresses.
    """

    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    swap_xy: bool = False
    fix: bool = False
    allow_network: bool = False


#: Nothing but what the file says.
AS_IT_IS = Asked()


def read_layers(given: str | Path, asked: Asked = AS_IT_IS) -> list[Layer]:
    """Return the layers of a file, in degrees; tables come without geometries.

    Raises InputError with every problem that has nothing to do with what the file is read for.
    """
    with not_too_deep(str(given)), _opened(given, asked) as files:
        found = [layer for name, path in files for layer in _read(path, name, asked)]
    found = [layer for layer in found if asked.layer in (None, layer.name, layer.source)]
    if not found:
        sought = f"has no layer {asked.layer!r}" if asked.layer else "has no layer that can be read"
        raise InputError(f"{given}: {sought}")
    for layer in found:
        if layer.geometries is not None:
            in_degrees(layer, asked)
    if problems := [problem for layer in found for problem in layer.problems]:
        raise InputError(problems)
    return found


def read_area(
    given: str | Path, asked: Asked = AS_IT_IS, *, theatre: MultiPolygon | None = None
) -> tuple[MultiPolygon, tuple[str, ...]]:
    """Return all polygons of a file as one area, and notes; see `polygons.read_polygon`.

    Raises InputError with every problem, also where the file has several layers and none is asked
    for.
    """
    from frontmap.geo.polygons import read_polygon
    from frontmap.geo.shapes import mended_all, with_option

    layer = only_layer(read_layers(given, asked), str(given))
    if layer.geometries is None:
        raise InputError(f"{layer.source}: is a table, and no area; give polygons")
    if told := [f"{layer.where(at)} {why}" for at, why in layer.broken.items() if _is_words(why)]:
        raise InputError(told)
    repairs = mended_all(layer.geometries, layer.where) if asked.fix else ()
    try:
        with not_too_deep(str(given)):
            area, notes = read_polygon(_as_geojson(layer), where=layer.source, theatre=theatre)
    except InputError as error:
        raise InputError(map(with_option, error.problems)) from None
    return area, (*layer.notes, *repairs, *notes)


def _is_words(broken: object) -> bool:
    return isinstance(broken, str)


def _as_geojson(layer: Layer) -> Any:
    """Return the geometries as GeoJSON: the only one as it is, else features with their numbers."""
    from shapely.geometry import mapping

    shapes: Iterable[Any] = () if layer.geometries is None else layer.geometries
    found = [
        layer.broken.get(index) if shape is None else mapping(shape)
        for index, shape in enumerate(shapes)
    ]
    if len(found) == 1:
        return found[0]
    features = [{"type": "Feature", "geometry": geometry} for geometry in found]
    return {"type": "FeatureCollection", "features": features}


def only_layer(found: Sequence[Layer], path: str) -> Layer:
    """Return the only layer that has anything; InputError where there are several."""
    filled = [layer for layer in found if len(layer)] or list(found)
    if len(filled) > 1:
        names = ", ".join(f"{layer.name} ({len(layer)})" for layer in filled)
        raise InputError(f"{path}: has {len(filled)} layers: {names}; say which with --layer")
    return filled[0]


@contextmanager
def not_too_deep(given: str) -> Iterator[None]:
    """Refuse what is nested so deep that it could not be gone through."""
    try:
        yield
    except RecursionError:
        raise InputError(f"{given}: is nested too deep; flatten it") from None


# Files, and files in archives


@contextmanager
def _opened(given: str | Path, asked: Asked) -> Iterator[list[tuple[str, Path]]]:
    """Yield the files that an argument stands for, each with its name in messages."""
    with ExitStack() as stack:
        if guards.is_address(str(given)):
            path = stack.enter_context(guards.fetched(str(given), allowed=asked.allow_network))
        else:
            path = Path(given)
        if guards.format_of(path).name not in ("zip", "KMZ"):
            yield [(path.name, path)]
            return
        members = stack.enter_context(guards.unpacked(path, path.name, _is_unpacked))
        chosen = {name: file for name, file in members.items() if _is_read(name)}
        if path.suffix.lower() == ".kmz":
            first = next((name for name in ("doc.kml", *chosen) if name in chosen), None)
            chosen = {first: chosen[first]} if first else {}
        if not chosen:
            raise InputError(f"{path.name}: has no file in it that is read")
        yield [(f"{path.name}/{name}", file) for name, file in chosen.items()]


def _is_unpacked(member: str) -> bool:
    suffix = PurePosixPath(member).suffix.lower()
    return _is_read(member) or suffix in (".shx", ".dbf", ".prj", ".cpg")


def _is_read(member: str) -> bool:
    path = PurePosixPath(member)
    hidden = member.startswith("__MACOSX/") or path.name.startswith(".")
    return not hidden and path.suffix.lower() in _READERS


def _read(path: Path, name: str, asked: Asked) -> list[Layer]:
    form = guards.format_of(path, name)
    return _READERS[form.suffixes[0]](path, name, asked)


def _kml(path: Path, name: str, asked: Asked) -> list[Layer]:
    from frontmap.data.kml import read_kml

    return read_kml(path, name)


def _detailed_map(path: Path, name: str, asked: Asked) -> list[Layer]:
    from frontmap.data.detailed_maps import read_detailed_map

    return read_detailed_map(path, name)


#: What reads each format, by its suffixes; archives are opened before.
_BY_FORMAT: dict[str, Callable[[Path, str, Asked], list[Layer]]] = {
    "GeoJSON": lambda path, name, asked: layers.read_geojson(path, name),
    "GeoJSONSeq": lambda path, name, asked: layers.read_geojson_lines(path, name),
    "GeoPackage": lambda path, name, asked: layers.read_geopackage(path, name),
    "shapefile": lambda path, name, asked: layers.read_shapefile(path, name, asked.encoding),
    "FlatGeobuf": lambda path, name, asked: layers.read_flatgeobuf(path, name),
    "GeoParquet": lambda path, name, asked: layers.read_geoparquet(path, name),
    "KML": _kml,
    "CSV": lambda path, name, asked: tables.read_table(path, name, asked.encoding),
    "XLSX": lambda path, name, asked: tables.read_workbook(path, name),
    "Lua table": _detailed_map,
}
_READERS = {
    suffix: _BY_FORMAT[form.name]
    for form in guards.FORMATS
    if form.name in _BY_FORMAT
    for suffix in form.suffixes
}


# Coordinates


def in_degrees(layer: Layer, asked: Asked = AS_IT_IS) -> None:
    """Bring a layer's geometries to WGS84 longitude and latitude; what hinders it is a problem."""
    import shapely

    if layer.geometries is None:
        return
    crs = _agreed_crs(layer, asked.crs)
    if asked.swap_xy:
        layer.geometries = shapely.transform(layer.geometries, np.fliplr)
    if crs is None or crs.endswith(_DEGREES):
        return
    transform = _to_degrees(layer, crs)
    if transform is not None:
        layer.geometries = shapely.transform(layer.geometries, transform)
        layer.notes.append(f"{layer.source}: reprojected from {_shown(crs)}")
        layer.crs = WGS84


def _agreed_crs(layer: Layer, asked: str | None) -> str | None:
    """Return the CRS that file and user agree on; a problem where they don't, or say nothing."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if layer.crs is not None and not _CRS_NAME.match(layer.crs):
        layer.problems.append(f"{layer.source}: PROJ does not know its CRS {layer.crs[:60]!r}")
        return None
    if asked is None:
        if layer.crs is None:
            layer.problems.append(
                f"{layer.source}: does not say its coordinate reference system (no .prj?); say it "
                "with --crs, as in --crs EPSG:4326 for degrees"
            )
        return layer.crs
    try:
        wanted = CRS.from_user_input(asked)
        same = layer.crs in (None, WGS84) or wanted.equals(
            CRS.from_user_input(layer.crs), ignore_axis_order=True
        )
    except CRSError as error:
        layer.problems.append(f"{layer.source}: --crs {asked}: {str(error).splitlines()[0]}")
        return None
    if not same:
        layer.problems.append(
            f"{layer.source}: says that it is in {_shown(layer.crs or '')}, and --crs {asked}: "
            "leave --crs out, or mend the file"
        )
    return asked


def _to_degrees(layer: Layer, crs: str) -> Callable[[Floats], Floats] | None:
    """Return what reprojects positions (n, 2); None where nothing has to be, or nothing can."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import CRSError, ProjError

    try:
        known = CRS.from_user_input(crs)
        transformer = Transformer.from_crs(known, WGS84, always_xy=True)
    except (CRSError, ProjError):
        layer.problems.append(f"{layer.source}: PROJ does not know its CRS {_shown(crs)}")
        return None
    if any(known.equals(CRS(degrees), ignore_axis_order=True) for degrees in (WGS84, "EPSG:4326")):
        return None

    def transform(positions: Floats) -> Floats:
        return np.column_stack(transformer.transform(positions[:, 0], positions[:, 1]))

    return transform


def _shown(crs: str) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return str(CRS.from_user_input(crs).name)
    except CRSError:
        return repr(crs[:60])
