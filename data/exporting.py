"""Layers as files in the formats that other programs read; `FORMATS` declares each once.

A file appears whole or not at all, and never over a project. Equal input gives equal bytes (but for
the versions of GDAL, SQLite and pyarrow, which are written into some formats).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontmap.data import geopackage, qgis
from frontmap.data.extracts import LAYERS, Column, Extract, Query, Type, extract
from frontmap.data.kml_writing import kml, kmz
from frontmap.data.metadata import as_json, describe
from frontmap.data.store import is_project
from frontmap.data.tiles import write_pmtiles
from frontmap.data.topojson import topology
from frontmap.data.writers import (
    feature,
    json_values,
    to_csv,
    to_geojson,
    write_bytes,
    write_whole,
    write_with_gdal,
)
from frontmap.geo.errors import InputError

if TYPE_CHECKING:
    from frontmap.data.store import Project

__all__ = ["FORMATS", "Format", "export", "format_of", "write_layer"]

Record = dict[str, Any]

#: Decimals of degrees: 1e-8 is the grid of the control map itself, so nothing of it is lost.
_DECIMALS = 8
#: A GeoPackage without records says this of when it was last changed.
_EPOCH = "1970-01-01T00:00:00.000Z"
_SQL = {
    Type.TEXT: "TEXT",
    Type.INTEGER: "INTEGER",
    Type.NUMBER: "REAL",
    Type.BOOLEAN: "BOOLEAN",
    Type.DATE: "DATE",
    Type.TIME: "DATETIME",
}


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `metadata` says where a file carries the record; beside it where `sidecar`."""

    suffix: str
    name: str
    write: Callable[[Path, Sequence[Extract], Record], object]
    metadata: str
    several: bool = False
    tables: bool = False
    sidecar: bool = False


def export(
    project: Project,
    names: Sequence[str],
    query: Query,
    path: Path,
    *,
    title: str | None = None,
    licence: str | None = None,
) -> list[Extract]:
    """Write layers of a project to a file by its suffix, and return what was written.

    The record of `frontmap.data.metadata` goes into the file, or beside it as FILE.json. Raises
    InputError where the format cannot hold the layers, and as `extract` does.
    """
    written_as = format_of(path, names)
    extracts = [extract(project, name, query) for name in dict.fromkeys(names)]
    record = describe(project, query, extracts, title=title, licence=licence)
    write_whole(path, lambda draft: written_as.write(draft, extracts, record))
    if written_as.sidecar:
        beside = path.with_name(f"{path.name}.json")
        write_bytes(beside, f"{as_json(record, indent=2)}\n".encode())
    return extracts


def write_layer(found: Extract, path: Path) -> None:
    """Write one layer alone, without a record, as .geojson (to the centimetre), .gpkg or .csv."""
    plain: dict[str, Callable[[Path], object]] = {
        ".geojson": lambda draft: draft.write_text(to_geojson(found), encoding="utf-8"),
        ".csv": lambda draft: _write_csv(draft, [found], {}),
        ".gpkg": lambda draft: _write_geopackage(draft, [found], {}),
    }
    if path.suffix not in plain:
        raise InputError(f"{path}: write it as one of {', '.join(plain)}")
    _refuse_project(path)
    write_whole(path, plain[path.suffix])


def format_of(path: Path, names: Sequence[str]) -> Format:
    """Return the format of a path; InputError where there is none, or it cannot hold the layers."""
    found = FORMATS.get(path.suffix)
    if found is None:
        raise InputError(f"{path}: write it as one of {', '.join(FORMATS)}")
    _refuse_project(path)
    several = ", ".join(each.suffix for each in FORMATS.values() if each.several)
    if len(set(names)) > 1 and not found.several:
        raise InputError(f"{path}: {found.name} holds one layer; several go into {several}")
    tables = [name for name in names if LAYERS[name].geometry is None]
    if tables and not found.tables:
        for_tables = ", ".join(each.suffix for each in FORMATS.values() if each.tables)
        raise InputError(f"{path}: {tables[0]} has no geometry; it goes into {for_tables}")
    return found


def _refuse_project(path: Path) -> None:
    if path.suffix == ".gpkg" and is_project(path):
        raise InputError(f"{path} is a project; nothing was written (choose another name)")


# Text


def _write_geojson(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
    draft.write_text(to_geojson(extracts[0], record, decimals=_DECIMALS), encoding="utf-8")


def _write_lines(separator: str) -> Callable[[Path, Sequence[Extract], Record], object]:
    """Return what writes a feature a line, each after a separator (RFC 8142: U+001E)."""

    def write(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
        with draft.open("w", encoding="utf-8") as lines:
            for row in extracts[0].rows:
                one = json.dumps(feature(row, _DECIMALS), ensure_ascii=False, separators=(",", ":"))
                lines.write(f"{separator}{one}\n")

    return write


def _write_csv(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
    names = [column.name for column in extracts[0].columns]
    rows = [json_values(row.values) for row in extracts[0].rows]
    draft.write_text(to_csv(rows, names), encoding="utf-8")


def _write_topojson(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
    layers = {
        each.layer.name: [
            (json_values(row.values), row.geometry) for row in each.rows if row.geometry is not None
        ]
        for each in extracts
    }
    draft.write_text(as_json({**topology(layers), "metadata": record}) + "\n", encoding="utf-8")


def _write_kml(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
    draft.write_bytes(kml(extracts, record, decimals=_DECIMALS))


def _write_kmz(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
    draft.write_bytes(kmz(kml(extracts, record, decimals=_DECIMALS)))


# GeoPackage


def _write_geopackage(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
    """Write tables as the store has them; styles for QGIS where the record has the actors."""
    at = record.get("frontmap:known_at") or _EPOCH
    draft.touch()
    with contextlib.closing(geopackage.connect(draft)) as connection:
        geopackage.create(connection)
        connection.execute("BEGIN")
        for found in extracts:
            _add_layer(connection, found)
        if record:
            geopackage.run_script(connection, geopackage.DESCRIPTION_TABLES)
            geopackage.add_styles_table(connection)
            connection.executemany(
                "INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, ?)",
                geopackage.DESCRIPTION_EXTENSIONS,
            )
            _describe(connection, extracts, record, at)
            _style(connection, extracts, record, at)
        contents = connection.execute("SELECT table_name FROM gpkg_contents").fetchall()
        geopackage.touch(connection, {row["table_name"] for row in contents}, at)
        connection.execute("COMMIT")


def _add_layer(connection: Any, found: Extract) -> None:
    layer, names = found.layer, [column.name for column in found.columns]
    geometry_type = layer.geometry and layer.geometry.upper()
    declared = ", ".join(f'"{column.name}" {_SQL[column.type]}' for column in found.columns)
    geopackage.add_table(
        connection, layer.name, declared, description=layer.meaning, geometry_type=geometry_type
    )
    if geometry_type:
        names.append("geom")
    marks = ", ".join("?" * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    connection.executemany(
        f'INSERT INTO "{layer.name}" ({quoted}) VALUES ({marks})',
        (
            [*json_values(row.values).values()]
            + ([geopackage.encode_geometry(row.geometry)] if row.geometry is not None else [])
            for row in found.rows
        ),
    )


def _describe(connection: Any, extracts: Sequence[Extract], record: Record, at: str) -> None:
    connection.execute(
        "INSERT INTO gpkg_metadata VALUES "
        "(1, 'dataset', 'https://stacspec.org', 'application/json', ?)",
        (as_json(record, indent=1),),
    )
    connection.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, timestamp, md_file_id) "
        "VALUES ('geopackage', ?, 1)",
        (at,),
    )
    connection.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            (e.layer.name, column.name, column.name, column.meaning, column.unit or None)
            for e in extracts
            for column in e.columns
        ],
    )


def _style(connection: Any, extracts: Sequence[Extract], record: Record, at: str) -> None:
    styles = {
        e.layer.name: qgis.by_actor(
            [(a["slug"], a["name"], a["colour"], a["hatch"]) for a in record["frontmap:actors"]],
            temporal={"valid_from", "valid_to"} <= {column.name for column in e.columns},
        )
        for e in extracts
        if e.layer.geometry == "MultiPolygon"
        and "actor" in {column.name for column in e.layer.columns}
    }
    connection.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, useAsDefault, description, owner, update_time) "
        "VALUES ('', '', ?1, 'geom', ?1, ?2, 1, 'frontmap', '', ?3)",
        [(name, qml, at) for name, qml in styles.items()],
    )


# GDAL and Arrow


def _write_flatgeobuf(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
    told = {
        "layer_metadata": {"metadata": as_json(record)},
        "TITLE": record["title"],
        "DESCRIPTION": record["description"],
    }
    write_with_gdal(draft, "FlatGeobuf", {**_for_gdal(extracts[0]), **told})


def _for_gdal(found: Extract, *, dates_as_text: bool = False) -> dict[str, Any]:
    """Return the arguments of `pyogrio.raw.write` but for driver and path."""
    import numpy as np
    import shapely

    arrays, masks = [], []
    for column in found.columns:
        values = [row.values[column.name] for row in found.rows]
        array, mask = _array(column, values, dates_as_text)
        arrays.append(array)
        masks.append(mask)
    times = [column.name for column in found.columns if column.type is Type.TIME]
    return {
        "geometry": shapely.to_wkb(np.array([row.geometry for row in found.rows], dtype=object)),
        "field_data": arrays,
        "fields": [column.name for column in found.columns],
        "field_mask": masks,
        "layer": found.layer.name,
        "geometry_type": found.layer.geometry,
        "crs": "EPSG:4326",
        # GDAL's flag for UTC is 100.
        "gdal_tz_offsets": {} if dates_as_text else {name: _utc(found) for name in times},
    }


def _utc(found: Extract) -> Any:
    import numpy as np

    return np.full(len(found.rows), 100, dtype=np.int8)


def _array(column: Column, values: Sequence[Any], dates_as_text: bool) -> tuple[Any, Any]:
    """Return a column's values as an array, and where they are missing (None: nowhere)."""
    import numpy as np

    missing = np.array([value is None for value in values], dtype=bool)
    mask = missing if missing.any() else None
    if column.type is Type.NUMBER:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64), None
    if column.type is Type.INTEGER:
        return np.array([v or 0 for v in values], dtype=np.int64), mask
    if column.type is Type.BOOLEAN:
        return np.array([bool(v) for v in values], dtype=bool), mask
    if column.type is Type.TEXT or dates_as_text:
        return np.array(list(json_values(dict(enumerate(values))).values()), dtype=object), None
    if column.type is Type.DATE:
        return np.array(values, dtype="datetime64[D]"), None
    utc = [
        None if value is None else value.astimezone(UTC).replace(tzinfo=None) for value in values
    ]
    return np.array(utc, dtype="datetime64[ms]"), None


def _write_pmtiles(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
    # Tiles have no type for dates.
    layers = [(found, _for_gdal(found, dates_as_text=True)) for found in extracts]
    write_pmtiles(draft, layers, record)


def _write_parquet(draft: Path, extracts: Sequence[Extract], record: Record) -> None:
    """Write GeoParquet 1.0, https://geoparquet.org/releases/v1.0.0/; no CRS means OGC:CRS84."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise InputError(
            f"{draft.name}: to write Parquet, install pyarrow: pip install 'frontmap[interchange]'"
        ) from None
    import shapely

    (found,) = extracts
    types = {
        Type.TEXT: pyarrow.string(),
        Type.INTEGER: pyarrow.int64(),
        Type.NUMBER: pyarrow.float64(),
        Type.BOOLEAN: pyarrow.bool_(),
        Type.DATE: pyarrow.date32(),
        Type.TIME: pyarrow.timestamp("ms", tz="UTC"),
    }
    table = {
        column.name: pyarrow.array([r.values[column.name] for r in found.rows], types[column.type])
        for column in found.columns
    }
    described = {"metadata": as_json(record)}
    if found.layer.geometry:
        shapes = [row.geometry for row in found.rows]
        table["geometry"] = pyarrow.array(list(shapely.to_wkb(shapes)), pyarrow.binary())
        kinds = {"encoding": "WKB", "geometry_types": [found.layer.geometry] if shapes else []}
        bounds = {"bbox": shapely.total_bounds(shapes).tolist()} if shapes else {}
        described["geo"] = as_json(
            {
                "version": "1.0.0",
                "primary_column": "geometry",
                "columns": {"geometry": kinds | bounds},
            }
        )
    parquet.write_table(pyarrow.table(table, metadata=described), draft)


FORMATS = {
    each.suffix: each
    for each in (
        Format(".geojson", "GeoJSON", _write_geojson, "member `metadata` of the collection"),
        Format(".geojsonl", "GeoJSONSeq, a feature a line", _write_lines(""), "", sidecar=True),
        Format(".geojsons", "GeoJSONSeq, RFC 8142", _write_lines("\x1e"), "", sidecar=True),
        Format(
            ".gpkg",
            "GeoPackage",
            _write_geopackage,
            "table `gpkg_metadata`; columns in `gpkg_data_columns`",
            several=True,
            tables=True,
        ),
        Format(".fgb", "FlatGeobuf", _write_flatgeobuf, "header: `metadata`, title, description"),
        Format(
            ".parquet",
            "GeoParquet",
            _write_parquet,
            "key `metadata` of the file",
            tables=True,
        ),
        Format(
            ".kml",
            "KML",
            _write_kml,
            "`metadata` in the document's ExtendedData; its description",
            several=True,
        ),
        Format(".kmz", "KMZ", _write_kmz, "as in KML", several=True),
        Format(".csv", "CSV", _write_csv, "", tables=True, sidecar=True),
        Format(
            ".topojson",
            "TopoJSON",
            _write_topojson,
            "member `metadata` of the topology",
            several=True,
        ),
        Format(
            ".pmtiles",
            "PMTiles",
            _write_pmtiles,
            "key `metadata` of its metadata; columns in `vector_layers`",
            several=True,
        ),
    )
}
