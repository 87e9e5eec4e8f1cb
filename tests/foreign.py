"""Files as other people's programs write them, made up, for the tests of what comes in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
from shapely import to_geojson
from shapely.geometry.base import BaseGeometry

#: Formats that hold attributes and geometries of one layer, by suffix.
SUFFIXES = (".geojson", ".geojsonl", ".gpkg", ".shp", ".zip", ".fgb", ".parquet", ".kml", ".kmz")


def features(rows: Sequence[Mapping[str, Any]], shapes: Sequence[BaseGeometry | None]) -> list[Any]:
    """Return GeoJSON features, parsed."""
    return [
        {
            "type": "Feature",
            "properties": dict(row),
            "geometry": None if shape is None else json.loads(to_geojson(shape)),
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]


def write_layer(
    path: Path,
    rows: Sequence[Mapping[str, Any]],
    shapes: Sequence[BaseGeometry | None],
    crs: str = "EPSG:4326",
) -> Path:
    """Write a layer in the format of the suffix: GeoJSON and KML by hand, the rest by GDAL."""
    suffix = path.suffix
    if suffix == ".geojson":
        collection = {"type": "FeatureCollection", "features": features(rows, shapes)}
        path.write_text(json.dumps(collection), encoding="utf-8")
    elif suffix == ".geojsonl":
        lines = [json.dumps(one) for one in features(rows, shapes)]
        path.write_text("\n".join(lines), encoding="utf-8")
    elif suffix == ".kml":
        path.write_text(kml(rows, shapes), encoding="utf-8")
    elif suffix == ".kmz":
        zipped(path, {"doc.kml": kml(rows, shapes).encode(), "images/a.png": b"no picture"})
    elif suffix == ".zip":
        inner = path.with_suffix(".shp")
        write_layer(inner, rows, shapes, crs)
        parts = {part.name: part.read_bytes() for part in path.parent.glob(f"{path.stem}.*")}
        zipped(path, {f"data/{name}": data for name, data in parts.items()})
    else:
        frame = geopandas.GeoDataFrame(list(rows), geometry=list(shapes), crs=crs)
        frame.to_parquet(path) if suffix == ".parquet" else frame.to_file(path, engine="pyogrio")
    return path


def zipped(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write a zip of members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def kml(rows: Sequence[Mapping[str, Any]], shapes: Sequence[BaseGeometry | None]) -> str:
    """Write placemarks with extended data, as Google My Maps does."""
    marks = "".join(
        f"<Placemark>{_data(row)}{_kml_geometry(shape)}</Placemark>"
        for row, shape in zip(rows, shapes, strict=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>Lines</name>{marks}'
        "</Folder></Document></kml>"
    )


def _data(row: Mapping[str, Any]) -> str:
    cells = "".join(
        f'<Data name="{name}"><value>{value}</value></Data>' for name, value in row.items()
    )
    return f"<ExtendedData>{cells}</ExtendedData>"


def _kml_geometry(shape: BaseGeometry | None) -> str:
    if shape is None:
        return ""
    parts = getattr(shape, "geoms", [shape])
    written = "".join(map(_kml_part, parts))
    return f"<MultiGeometry>{written}</MultiGeometry>" if len(parts) > 1 else written


def _kml_part(shape: Any) -> str:
    if shape.geom_type == "Polygon":
        ring = "<LinearRing>{}</LinearRing>"
        outer = ring.format(_positions(shape.exterior.coords))
        inner = "".join(
            f"<innerBoundaryIs>{ring.format(_positions(hole.coords))}</innerBoundaryIs>"
            for hole in shape.interiors
        )
        return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{inner}</Polygon>"
    return f"<{shape.geom_type}>{_positions(shape.coords)}</{shape.geom_type}>"


def _positions(positions: Any) -> str:
    written = " ".join(f"{x!r},{y!r},0" for x, y in ((float(p[0]), float(p[1])) for p in positions))
    return f"<coordinates>{written}</coordinates>"
