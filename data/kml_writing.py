"""KML and KMZ: placemarks with time spans, in the colours of the actors.

Google Earth draws a time slider for them. The format: OGC 12-007r2, KML 2.3,
https://docs.ogc.org/is/12-007r2/12-007r2.html; what is written here is KML 2.2 as well.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import shapely
from shapely.geometry.base import BaseGeometry

from frontmap.data.extracts import Extract, Row, Type
from frontmap.data.metadata import as_json

__all__ = ["kml", "kmz"]

_NO_DATA = "#d9d9d9"
_KML_TYPE = {
    Type.TEXT: "string",
    Type.INTEGER: "int",
    Type.NUMBER: "double",
    Type.BOOLEAN: "bool",
    Type.DATE: "string",
    Type.TIME: "string",
}
#: The oldest time that a ZIP archive can hold: an equal KML gives an equal KMZ.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def kml(extracts: Sequence[Extract], record: dict[str, Any], *, decimals: int) -> bytes:
    """Return layers as KML, a document each within one; `record` is the metadata (`describe`).

    A time span ends a second before midnight: a KML span includes its end, ours do not.
    """
    names = {extract.layer.name for extract in extracts}
    root = Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = SubElement(root, "Document")
    _text(document, "name", record["title"])
    _text(document, "description", _description(record))
    document.extend(_styles(record["frontmap:actors"]))
    context = (_point_style("events", "#1a1a1a"), _area_style("footprints", "#4d4d4d", 0x40, 1))
    document.extend(style for style in context if style.get("id") in names)
    about = SubElement(SubElement(document, "ExtendedData"), "Data", name="metadata")
    _text(about, "value", as_json(record))
    for extract in extracts:
        # A document and no folder: only documents have the schema of their columns.
        layer = SubElement(document, "Document")
        _text(layer, "name", extract.layer.name)
        _text(layer, "description", extract.layer.meaning)
        layer.append(_schema(extract))
        layer.extend(_placemark(row, extract, decimals) for row in extract.rows)
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def kmz(document: bytes) -> bytes:
    """Return a KML document as KMZ: alone in a ZIP archive, as doc.kml."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("doc.kml", _ZIP_EPOCH), document, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _placemark(row: Row, extract: Extract, decimals: int) -> Element:
    placemark = Element("Placemark")
    _text(placemark, "name", _name(row))
    _span(placemark, row)
    _text(placemark, "styleUrl", f"#{_style_of(row, extract)}")
    data = SubElement(SubElement(placemark, "ExtendedData"), "SchemaData")
    data.set("schemaUrl", f"#{extract.layer.name}-columns")
    for column in extract.columns:
        if (value := row.values[column.name]) is not None:
            _text(SubElement(data, "SimpleData", name=column.name), None, _plain(value))
    assert row.geometry is not None
    placemark.append(_geometry(row.geometry, decimals))
    return placemark


def _name(row: Row) -> str:
    values = row.values
    if "side_1" in values:
        return f"{values['side_1']} | {values['side_2']}"
    return values.get("name") or values.get("actor") or values.get("kind") or "no data"


def _span(placemark: Element, row: Row) -> None:
    values = row.values
    begin = values.get("on") or values.get("valid_from")
    if begin is None:
        return
    end = values["on"] + timedelta(days=1) if "on" in values else values.get("valid_to")
    span = SubElement(placemark, "TimeSpan")
    _text(span, "begin", f"{begin}T00:00:00Z")
    if end is not None:
        _text(span, "end", f"{end - timedelta(days=1)}T23:59:59Z")


def _style_of(row: Row, extract: Extract) -> str:
    if "actor" not in row.values or extract.layer.geometry != "MultiPolygon":
        return extract.layer.name
    contested = "-contested" if row.values.get("contested_by") else ""
    return f"actor-{row.values['actor']}{contested}" if row.values["actor"] else "no-data"


def _styles(actors: Iterable[dict[str, Any]]) -> list[Element]:
    """Return the styles: contested ground is paler, in a thicker outline of its holder's colour."""
    styles = [
        _area_style("no-data", _NO_DATA, 0x40, 1),
        _line_style("front", "#1a1a1a", 3),
        _point_style("places", "#4d4d4d"),
    ]
    for actor in actors:
        styles.append(_area_style(f"actor-{actor['slug']}", actor["colour"], 0x99, 1))
        styles.append(_area_style(f"actor-{actor['slug']}-contested", actor["colour"], 0x40, 3))
    return styles


def _area_style(name: str, colour: str, opacity: int, width: int) -> Element:
    style = _line_style(name, colour, width)
    _text(SubElement(style, "PolyStyle"), "color", _abgr(colour, opacity))
    return style


def _line_style(name: str, colour: str, width: int) -> Element:
    style = Element("Style", id=name)
    line = SubElement(style, "LineStyle")
    _text(line, "color", _abgr(colour, 0xFF))
    _text(line, "width", str(width))
    return style


def _point_style(name: str, colour: str) -> Element:
    style = Element("Style", id=name)
    icon = SubElement(style, "IconStyle")
    _text(icon, "color", _abgr(colour, 0xFF))
    _text(icon, "scale", "0.5")
    return style


def _abgr(colour: str, opacity: int) -> str:
    """Return "#rrggbb" as KML writes it: opacity, blue, green, red."""
    return f"{opacity:02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()


def _schema(extract: Extract) -> Element:
    """Return the columns of a layer; KML has no type for dates."""
    schema = Element("Schema", name=extract.layer.name, id=f"{extract.layer.name}-columns")
    for column in extract.columns:
        unit = f", {column.unit}" if column.unit else ""
        typed = SubElement(schema, "SimpleField", name=column.name, type=_KML_TYPE[column.type])
        _text(typed, "displayName", f"{column.meaning}{unit}")
    return schema


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _description(record: dict[str, Any]) -> str:
    first, last = record["frontmap:as_of"]
    lines = [
        record["description"],
        f"As of {first}." if first == last else f"From {first} to {last}.",
        f"Known at {record['frontmap:known_at']}.",
        record["frontmap:method"],
        f"Licence: {record['license']}.",
        *(provider["description"] + "." for provider in record["providers"]),
    ]
    return "\n".join(lines)


def _geometry(geometry: BaseGeometry, decimals: int) -> Element:
    kind = geometry.geom_type
    if kind.startswith("Multi"):
        many = Element("MultiGeometry")
        many.extend(_geometry(part, decimals) for part in shapely.get_parts(geometry))
        return many
    element = Element(kind)
    if kind == "Polygon":
        _text(element, "tessellate", "1")
        for number, ring in enumerate(shapely.get_rings(geometry)):
            edge = SubElement(element, "innerBoundaryIs" if number else "outerBoundaryIs")
            _coordinates(SubElement(edge, "LinearRing"), ring, decimals)
        return element
    if kind == "LineString":
        _text(element, "tessellate", "1")
    _coordinates(element, geometry, decimals)
    return element


def _coordinates(parent: Element, geometry: BaseGeometry, decimals: int) -> None:
    points = shapely.get_coordinates(geometry).tolist()
    _text(parent, "coordinates", " ".join(_point(lon, lat, decimals) for lon, lat in points))


def _point(lon: float, lat: float, decimals: int) -> str:
    return ",".join(f"{value:.{decimals}f}".rstrip("0").rstrip(".") for value in (lon, lat))


def _text(parent: Element, tag: str | None, text: str) -> None:
    """Write text into a new child of that tag, or into the element itself."""
    (parent if tag is None else SubElement(parent, tag)).text = _writable(text)


def _writable(text: str) -> str:
    """Drop the characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
