"""KML and KMZ: placemarks with their folders, times and data. Nothing that they link to is read.

Parsed here, from XML that may not declare entities, and not by GDAL.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from frontmap.data.guards import parse_xml, read_bytes
from frontmap.data.layers import Layer, from_features
from frontmap.geo.errors import InputError

__all__ = ["read_kml"]

_SIMPLE = {"Point": "Point", "LineString": "LineString"}
_PLAIN = ("name", "description", "styleUrl", "address")
_MANY = 3


def read_kml(path: Path, name: str) -> list[Layer]:
    """Read the placemarks of a KML file as one layer, with the column `folder`."""
    root = parse_xml(read_bytes(path, name), name)
    if _tag(root) not in ("kml", "Document", "Folder", "Placemark"):
        raise InputError(f"{name}: is no KML: its root is <{_tag(root)}>; it was not read")
    features = [_feature(mark, folder) for mark, folder in _placemarks(root)]
    layer = from_features(features, name, Path(name).stem, "placemark")
    layer.notes += [f"{name}: {note}" for note in _left_aside(root)]
    return [layer]


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _placemarks(root: Element) -> Iterator[tuple[Element, str]]:
    """Go through the placemarks in the order of the file, each with its folders' names."""
    waiting = [(root, "")]
    while waiting:
        element, folder = waiting.pop()
        if _tag(element) == "Placemark":
            yield element, folder
            continue
        name = _text(element, "name") if _tag(element) == "Folder" else ""
        folder = "/".join(part for part in (folder, name) if part)
        waiting += [(child, folder) for child in reversed(element)]


def _text(element: Element, tag: str) -> str:
    found = next((child for child in element if _tag(child) == tag), None)
    return (found.text or "").strip() if found is not None else ""


def _feature(mark: Element, folder: str) -> dict[str, Any]:
    properties: dict[str, Any] = {"folder": folder}
    properties |= {tag: text for tag in _PLAIN if (text := _text(mark, tag))}
    for child in mark.iter():
        tag = _tag(child)
        if tag in ("when", "begin", "end"):
            properties[tag] = (child.text or "").strip()
        elif tag == "Data":
            properties[child.get("name", "")] = _text(child, "value")
        elif tag == "SimpleData":
            properties[child.get("name", "")] = (child.text or "").strip()
    return {"type": "Feature", "properties": properties, "geometry": _geometry(mark)}


def _geometry(mark: Element) -> dict[str, Any] | None:
    """Return the geometry as GeoJSON: the only one of a placemark, else all of one kind."""
    parts = [part for child in mark.iter() if (part := _part(child)) is not None]
    if len(parts) < 2:
        return parts[0] if parts else None
    kinds = {part["type"] for part in parts}
    if len(kinds) > 1:
        return {"type": "GeometryCollection", "geometries": parts}
    return {"type": f"Multi{kinds.pop()}", "coordinates": [part["coordinates"] for part in parts]}


def _part(element: Element) -> dict[str, Any] | None:
    tag = _tag(element)
    if tag == "Polygon":
        rings = [
            ring
            for boundary in ("outerBoundaryIs", "innerBoundaryIs")
            for child in element
            if _tag(child) == boundary
            for ring in map(_positions, child)
        ]
        return {"type": "Polygon", "coordinates": rings}
    if tag in _SIMPLE:
        positions = _positions(element)
        coordinates: Any = positions if tag != "Point" else positions[0] if positions else []
        return {"type": tag, "coordinates": coordinates}
    return None


def _positions(element: Element) -> list[list[float | str]]:
    """Return positions, heights left out; what is no number stays as it is, and is found out."""
    return [
        [_number(text) for text in position.split(",")[:2]]
        for position in _text(element, "coordinates").split()
    ]


def _number(text: str) -> float | str:
    with contextlib.suppress(ValueError):
        return float(text)
    return text


def _left_aside(root: Element) -> Iterator[str]:
    """Say what of the file is not read."""
    links = [_link(element) for element in root.iter() if _tag(element) == "NetworkLink"]
    for link in links[:_MANY]:
        yield f"links to {link}, which is not fetched; save that file and import it"
    if len(links) > _MANY:
        yield f"and to {len(links) - _MANY} more"
    for tag, what in (("GroundOverlay", "pictures laid on the ground"), ("Track", "tracks")):
        if any(_tag(element) == tag for element in root.iter()):
            yield f"has {what}, which are left out"


def _link(network_link: Element) -> str:
    found = next((child for child in network_link.iter() if _tag(child) == "href"), None)
    return repr((found.text or "").strip()) if found is not None else "something"
