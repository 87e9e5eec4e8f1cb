"""Layers of other people's files (GeoJSON, GeoPackage, shapefile …), read without trust.

Each reader parses one format with the narrowest thing that can: GeoJSON and GeoPackage are read
here, GeoParquet by pyarrow, and GDAL sees only shapefiles and FlatGeobuf, whose first bytes were
looked at, through links in a private folder, and without its drivers that follow references.
`frontmap.data.door` is the way in, and decides what gets here.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from frontmap.data.guards import MOST_BYTES, read_bytes
from frontmap.geo.errors import InputError, StoreError

__all__ = ["Layer", "from_features", "read_geojson", "read_geojson_lines"]

Shapes = npt.NDArray[np.object_]

WGS84 = "OGC:CRS84"
#: GDAL drivers that open other files, databases or addresses than the one they are given, or that
#: read what is read here.
_DRIVERS_LEFT_OUT = (
    *("OGR_VRT", "GDALG", "HTTP", "WFS", "OAPIF", "CSW", "OGCAPI", "NGW", "Carto", "EEDA"),
    *("Elasticsearch", "PLSCENES", "AmigoCloud", "ADBC", "GPSBabel", "GTFS", "MapML", "GeoRSS"),
    *("PGDUMP", "AIVector", "LVBAG", "VDV", "OSM", "PDS4", "PCIDSK", "GML", "SXF"),
)
_SQLITE_READS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_TRANSACTION,
}
#: What GEOS says of a geometry that it cannot make, and what mends it.
_NO_GEOMETRY = (
    ("Nonlinear", "has curves; turn them into straight lines (QGIS: Segmentize)"),
    ("closed linestring", "has a ring that is not closed; repeat its first position at the end"),
    ("umber of points", "has a ring of fewer than 4 positions; draw at least a triangle"),
)


@dataclass(slots=True)
class Layer:
    """One layer, or table, of a file.

    `source` names it in messages ("zones.zip/syr_adm1.shp"). `columns` are as long as `numbers`,
    which count features, lines or rows (`unit`) as the file does, from 1. `geometries` has a
    geometry or None for each, in the axis order (x, y) of `crs`; it is None for a table, whose
    columns may say where its rows are. What no geometry could be made of is in `broken`, by
    index: GeoJSON, or words for what is wrong. `crs` is None where the file does not say.
    """

    source: str
    name: str
    columns: dict[str, list[Any]]
    numbers: list[int]
    unit: str = "feature"
    geometries: Shapes | None = None
    crs: str | None = WGS84
    broken: dict[int, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """Return the number of features or rows."""
        return len(self.numbers)

    def where(self, index: int) -> str:
        """Say where a feature stands, as in "line.geojson, feature 3"."""
        return f"{self.source}, {self.unit} {self.numbers[index]}"

    def row(self, index: int) -> dict[str, Any]:
        """Return the attributes of one feature."""
        return {name: values[index] for name, values in self.columns.items()}


# GeoJSON


def read_geojson(path: Path, name: str) -> list[Layer]:
    """Read a GeoJSON file: a collection, a feature, or a bare geometry."""
    data = _parse_json(read_bytes(path, name), name)
    if isinstance(data, Mapping) and data.get("type") == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list):
            raise InputError(f"{name}: its FeatureCollection has no list of features")
    elif isinstance(data, Mapping) and data.get("type") == "Feature":
        features = [data]
    elif isinstance(data, Mapping) and "type" in data:
        features = [{"type": "Feature", "properties": {}, "geometry": data}]
    else:
        raise InputError(f"{name}: is JSON, but no GeoJSON: it has no type")
    layer = from_features(features, name, Path(name).stem)
    layer.crs = _crs_member(data) or WGS84
    return [layer]


def read_geojson_lines(path: Path, name: str) -> list[Layer]:
    """Read a text sequence of features, one a line; RFC 8142's separators are allowed."""
    features: list[Any] = []
    lines = read_bytes(path, name).decode("utf-8-sig", "surrogateescape").splitlines()
    for number, line in enumerate(lines, 1):
        if text := line.strip("\x1e \t\r\n"):
            features.append(_parse_json(text, f"{name}, line {number}"))
    return [from_features(features, name, Path(name).stem)]


def _parse_json(data: bytes | str, name: str) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig") if isinstance(data, bytes) else data)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: not in UTF-8 at byte {error.start + 1}; save it as UTF-8"
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: no JSON: {error}") from None


def _crs_member(data: Mapping[str, Any]) -> str | None:
    """Return the name of a CRS as writers before RFC 7946 put it."""
    crs = data.get("crs")
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    return name if isinstance(name, str) else None


def from_features(features: Sequence[Any], source: str, name: str, unit: str = "feature") -> Layer:
    """Make a layer of GeoJSON features, parsed; what is no feature is a problem."""
    import shapely

    numbers = list(range(1, len(features) + 1))
    layer = Layer(source, name, {}, numbers, unit)
    rows, texts = list[Mapping[str, Any]](), list[str | None]()
    for index, one in enumerate(features):
        is_feature = isinstance(one, Mapping) and one.get("type") == "Feature"
        if not is_feature:
            layer.problems.append(f"{layer.where(index)} is no GeoJSON feature")
        geometry = one.get("geometry") if is_feature else None
        properties = one.get("properties") if is_feature else None
        rows.append(properties if isinstance(properties, Mapping) else {})
        texts.append(None if geometry is None else json.dumps(geometry))
    names = dict.fromkeys(str(key) for row in rows for key in row)
    layer.columns = {key: [row.get(key) for row in rows] for key in names}
    found = shapely.from_geojson(np.array(texts, dtype=object), on_invalid="ignore")
    layer.geometries = np.asarray(found, dtype=object)
    for index, text in enumerate(texts):
        if text is not None and layer.geometries[index] is None:
            layer.broken[index] = features[index]["geometry"]
    return layer


# GeoPackage


def read_geopackage(path: Path, name: str) -> list[Layer]:
    """Read the feature layers of a GeoPackage with SQLite alone, which may only select."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            _distrust(connection)
            tables = connection.execute(
                "SELECT c.table_name, g.column_name, s.organization, s.organization_coordsys_id, "
                "s.definition FROM gpkg_contents c JOIN gpkg_geometry_columns g USING (table_name) "
                "JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id ORDER BY c.rowid"
            ).fetchall()
            return [_geopackage_layer(connection, name, *table) for table in tables]
    except sqlite3.DatabaseError as error:
        raise InputError(f"{name}: cannot be read as a GeoPackage: {error}") from None


def _distrust(connection: sqlite3.Connection) -> None:
    """Read as SQLite advises for files of strangers (https://sqlite.org/security.html)."""
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES // 2)
    connection.text_factory = lambda text: text.decode("utf-8", "replace")

    def may(action: int, what: str | None, *_: object) -> int:
        return sqlite3.SQLITE_OK if action in _SQLITE_READS else sqlite3.SQLITE_DENY

    connection.set_authorizer(may)


def _geopackage_layer(
    connection: sqlite3.Connection,
    source: str,
    table: str,
    geometry: str,
    organization: str,
    code: int,
    definition: str,
) -> Layer:
    quoted = '"' + table.replace('"', '""') + '"'
    cursor = connection.execute(f"SELECT * FROM {quoted}")
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    blobs = columns.pop(geometry)
    numbers = columns.pop("fid", None) or list(range(1, len(rows) + 1))
    known = organization.upper() in ("EPSG", "OGC", "ESRI")
    crs = None if code in (-1, 0) else f"{organization}:{code}" if known else definition
    layer = Layer(f"{source}/{table}", table, columns, [int(n) for n in numbers], crs=crs)
    _set_geometries(layer, map(_wkb_of, blobs))
    return layer


def _wkb_of(blob: Any) -> bytes | None:
    from frontmap.data.geopackage import geometry_wkb

    try:
        return None if blob is None else geometry_wkb(blob)
    except StoreError:
        return b""  # which is no WKB either, and told as such


def parsed(parse: Callable[..., Any], given: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return what `shapely.from_wkb` or `from_wkt` makes of each, None where it makes nothing."""
    try:
        return np.asarray(parse(given, on_invalid="ignore"), dtype=object)
    except NotImplementedError:  # one of them has curves
        found = np.full(len(given), None, dtype=object)
        for index, one in enumerate(given):
            with suppress(NotImplementedError):
                found[index] = parse(one, on_invalid="ignore")
        return found


def _set_geometries(layer: Layer, wkb: Iterable[bytes | None]) -> None:
    """Make geometries of WKB; what none can be made of is broken, and says why."""
    import shapely

    blobs = np.array(list(wkb), dtype=object)
    layer.geometries = parsed(shapely.from_wkb, blobs)
    for index, blob in enumerate(blobs):
        if blob is not None and layer.geometries[index] is None:
            layer.broken[index] = _why_no_geometry(blob)


def _why_no_geometry(wkb: bytes) -> str:
    import shapely

    try:
        shapely.from_wkb(wkb)
    except Exception as error:  # whatever GEOS has to say of it
        found = str(error)
        return next((said for mark, said in _NO_GEOMETRY if mark in found), f"is damaged ({found})")
    return "is damaged"


# Shapefile and FlatGeobuf


def read_shapefile(path: Path, name: str, encoding: str | None) -> list[Layer]:
    """Read a shapefile with the files beside it; what is missing of them is said."""
    beside = {other.suffix.lower(): other for other in path.parent.glob(f"{_literal(path.stem)}.*")}
    parts: dict[str, Path] = {
        part: beside[part] for part in (".shp", ".shx", ".dbf", ".prj", ".cpg") if part in beside
    }
    parts[".shp"] = path
    notes = []
    if ".shx" not in parts:
        notes.append(f"{name}: has no .shx beside it, which was made again from the .shp")
    if ".dbf" not in parts:
        notes.append(f"{name}: has no .dbf beside it, so its features have no attributes")
    if ".dbf" in parts and encoding is None:
        encoding = _dbf_encoding(parts, name)
    layer = _read_with_gdal(parts, name, encoding)
    layer.notes += notes
    if ".prj" not in parts:
        layer.crs = None
    return [layer]


def _literal(stem: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", stem)


def _dbf_encoding(parts: Mapping[str, Path], name: str) -> str | None:
    """Return the encoding of the attributes where .cpg or the text itself tell, else ask for it."""
    if ".cpg" in parts:
        return None
    text = read_bytes(parts[".dbf"], name, MOST_BYTES)[32:]
    if text.isascii():
        return None
    try:
        text[text.index(b"\r") :].decode("utf-8")
    except UnicodeDecodeError as error:
        sample = text[text.index(b"\r") :][error.start : error.start + 12]
        shown = ", ".join(
            f"{code} {sample.decode(code, 'replace').strip()!r}" for code in ("cp1256", "cp1251")
        )
        raise InputError(
            f"{name}: its text is no UTF-8 and no .cpg tells what it is ({shown} …); "
            "say it with --encoding"
        ) from None
    return "UTF-8"


def read_flatgeobuf(path: Path, name: str) -> list[Layer]:
    """Read a FlatGeobuf file."""
    return [_read_with_gdal({".fgb": path}, name, None)]


def _read_with_gdal(parts: Mapping[str, Path], name: str, encoding: str | None) -> Layer:
    """Let GDAL read files through links under one plain name, beside which nothing else lies."""
    pyogrio = _gdal()
    from pyogrio.errors import DataSourceError, FeatureError, FieldError, GeometryError

    with tempfile.TemporaryDirectory(prefix="frontmap-") as folder:
        for suffix, part in parts.items():
            Path(folder, f"layer{suffix}").symlink_to(part.resolve())
        try:
            with warnings.catch_warnings(record=True) as said_by_gdal:
                warnings.simplefilter("always")
                meta, fids, wkb, values = pyogrio.raw.read(
                    Path(folder, f"layer{next(iter(parts))}"), return_fids=True, encoding=encoding
                )
        except (
            *(DataSourceError, FeatureError, FieldError, GeometryError),
            *(UnicodeError, LookupError, ValueError),
        ) as error:
            said = str(error).replace(folder, "").split(";")[0]
            raise InputError(f"{name}: cannot be read: {said}") from None
    columns = {
        column: [_plain(value) for value in data]
        for column, data in zip(meta["fields"], values, strict=True)
    }
    first = 0 if ".fgb" in parts or not len(fids) else int(fids.min())
    layer = Layer(name, Path(name).stem, columns, [int(fid) - first + 1 for fid in fids])
    layer.crs = meta["crs"]
    doubts = dict.fromkeys(str(doubt.message).splitlines()[0] for doubt in said_by_gdal)
    layer.notes += [f"{name}: {doubt.replace(folder, '')}" for doubt in doubts]
    _set_geometries(layer, wkb if wkb is not None else [None] * len(fids))
    return layer


def _gdal() -> ModuleType:
    """Import pyogrio; GDAL then leaves out drivers, if nothing has brought it up before."""
    if "pyogrio" not in sys.modules:
        before = os.environ.get("GDAL_SKIP")
        os.environ["GDAL_SKIP"] = ",".join((*_DRIVERS_LEFT_OUT, *([before] if before else [])))
        try:
            import pyogrio
        finally:
            if before is None:
                del os.environ["GDAL_SKIP"]
            else:
                os.environ["GDAL_SKIP"] = before
    import pyogrio

    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
    return pyogrio  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """Turn numpy's values into Python's, and its not-a-time and not-a-number into None."""
    if isinstance(value, np.datetime64 | np.generic):
        value = value.item()
    return None if isinstance(value, float) and value != value else value


# GeoParquet


def read_geoparquet(path: Path, name: str) -> list[Layer]:
    """Read GeoParquet with pyarrow; geometries are WKB."""
    try:
        import pyarrow.parquet as parquet
        from pyarrow import ArrowException
    except ImportError:
        raise InputError(f"{name}: needs pyarrow: pip install 'frontmap[interchange]'") from None
    try:
        file = parquet.ParquetFile(path)
        sizes = [file.metadata.row_group(at).total_byte_size for at in range(file.num_row_groups)]
        if sum(sizes) > MOST_BYTES:
            raise InputError(f"{name}: comes to {sum(sizes):,} bytes; {MOST_BYTES:,} are the most")
        about = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"null"))
        columns = file.read().to_pydict()
    except (ArrowException, OSError, ValueError) as error:
        raise InputError(f"{name}: cannot be read as Parquet: {error}") from None
    if not isinstance(about, Mapping):
        raise InputError(f"{name}: is Parquet without geometry; give it as CSV")
    return [_geoparquet_layer(name, about, columns)]


def _geoparquet_layer(name: str, about: Mapping[str, Any], columns: dict[str, list[Any]]) -> Layer:
    primary = about.get("primary_column")
    details = about.get("columns", {}).get(primary, {})
    if primary not in columns or details.get("encoding") != "WKB":
        raise InputError(f"{name}: its geometry is no column of WKB ({details.get('encoding')})")
    blobs = columns.pop(primary)
    numbers = list(range(1, len(blobs) + 1))
    layer = Layer(name, Path(name).stem, columns, numbers, "row")
    # Absent means longitude and latitude; null means that nobody knows.
    crs = details.get("crs", WGS84)
    layer.crs = json.dumps(crs) if isinstance(crs, Mapping) else crs
    _set_geometries(layer, blobs)
    return layer
