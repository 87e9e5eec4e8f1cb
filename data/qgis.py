"""Styles and forms that QGIS applies when it opens a project file (its `layer_styles` table).

QML is QGIS' own format; only what differs from its defaults is written here. `control_changes` has
a form, and what is entered there is recorded by `frontmap adopt`; all other layers are read-only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from frontmap.data import schema
from frontmap.geo.records import Actor, Status

_LAND, _OUTLINE, _NO_DATA = "#f4f1ea", "#4d4d4d", "#d9d9d9"
#: QGIS' fill patterns for our hatches.
_PATTERN = {"": "solid", "/": "b_diagonal", "\\": "f_diagonal", "x": "diagonal_x", ".": "dense6"}


def styles(actors: Sequence[Actor]) -> dict[str, str]:
    """Return the QML style of each layer by table name."""
    by_actor = [(a.slug, a.name, a.colour, _PATTERN[a.hatch]) for a in actors]
    read_only = {
        "theatre": _single(_fill(_LAND, "no")),
        "zones": _single(_fill(_LAND, "no", outline="#b3b3b3")),
        "places": _single(_marker()),
        "footprints": _single(_fill("#d9d2c5", "no", outline="#b3a98f")),
        "events": _single(_marker()),
        "control": _categorised(by_actor, alpha=0.65, temporal=True),
    }
    for root in read_only.values():
        _make_read_only(root)
    edited = _categorised(by_actor, alpha=0.25, temporal=True)
    _add_form(edited, actors)
    return {table: _qml(root) for table, root in {**read_only, "control_changes": edited}.items()}


def by_actor(actors: Sequence[tuple[str, str, str, str]], *, temporal: bool) -> str:
    """Return the QML style of areas by their column `actor`.

    `actors` are (slug, name, colour, hatch); `temporal` where there are valid_from and valid_to.
    """
    patterns = [(slug, name, colour, _PATTERN[hatch]) for slug, name, colour, hatch in actors]
    return _qml(_categorised(patterns, alpha=0.65, temporal=temporal))


# Symbols


def _single(symbol: Element) -> Element:
    root = _root()
    renderer = SubElement(root, "renderer-v2", type="singleSymbol")
    symbol.set("name", "0")
    SubElement(renderer, "symbols").append(symbol)
    return root


def _categorised(
    actors: Sequence[tuple[str, str, str, str]], *, alpha: float, temporal: bool
) -> Element:
    root = _root()
    if temporal:
        _temporal(root)
    renderer = SubElement(root, "renderer-v2", type="categorizedSymbol", attr="actor")
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for index, (slug, name, colour, pattern) in enumerate(
        [*actors, ("", "no data", _NO_DATA, "b_diagonal")]
    ):
        SubElement(categories, "category", value=slug, label=name, symbol=str(index), render="true")
        symbol = _fill(colour, pattern, alpha=alpha)
        symbol.set("name", str(index))
        symbols.append(symbol)
    return root


def _root() -> Element:
    return Element("qgis", version="3.22.0", styleCategories="Symbology|Temporal")


#: Virtual columns for the Temporal Controller, and what each is of. It compares times with columns
#: of dates as texts, and would show the day after, too: '2024-12-07' < '2024-12-07T00:00:00'.
_TIMES = {"begins": "valid_from", "ends": "valid_to"}
_QT_DATETIME = "16"


def _temporal(root: Element) -> None:
    """Hand valid_from and valid_to to the Temporal Controller; mode 2 is a pair of fields."""
    root.set("styleCategories", root.get("styleCategories", "") + "|Fields")
    fields = SubElement(root, "expressionfields")
    for name, column in _TIMES.items():
        expression = f'to_datetime("{column}")'
        SubElement(fields, "field", name=name, type=_QT_DATETIME, expression=expression)
    begins, ends = _TIMES
    temporal = SubElement(
        root,
        "temporal",
        enabled="1",
        mode="2",
        startField=begins,
        endField=ends,
        limitMode="0",
        fixedDuration="0",
        accumulate="0",
    )
    fixed = SubElement(temporal, "fixedRange")
    SubElement(fixed, "start")
    SubElement(fixed, "end")


def _fill(colour: str, pattern: str, *, outline: str = _OUTLINE, alpha: float = 1.0) -> Element:
    """Return a fill, with the pattern drawn over it in the colour of outlines."""
    symbol = Element("symbol", type="fill", alpha=str(alpha))
    plain = "no" if pattern == "no" else "solid"
    _fill_layer(symbol, colour, plain, outline)
    if pattern not in ("no", "solid"):
        _fill_layer(symbol, _OUTLINE, pattern, outline)
    return symbol


def _fill_layer(symbol: Element, colour: str, style: str, outline: str) -> None:
    layer = SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1"})
    _properties(
        layer, color=_rgba(colour), style=style, outline_color=_rgba(outline), outline_width="0.2"
    )


def _marker() -> Element:
    symbol = Element("symbol", type="marker", alpha="1")
    layer = SubElement(symbol, "layer", {"class": "SimpleMarker", "enabled": "1"})
    _properties(layer, name="circle", size="1.4", color=_rgba(_OUTLINE), outline_style="no")
    return symbol


def _properties(layer: Element, **values: str) -> None:
    """Write properties both as QGIS before and after 3.26 reads them."""
    _option(layer, values)
    for name, value in values.items():
        SubElement(layer, "prop", k=name, v=value)


# Forms

#: What QGIS' value maps have for NULL.
_NULL = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"
_DATE = {
    "display_format": "yyyy-MM-dd",
    "field_format": "yyyy-MM-dd",
    "field_iso_format": False,
    "calendar_popup": True,
}
#: Columns that frontmap fills.
_FRONTMAPS = ("recorded_at", "method", "parameters", "retracted_at", "retraction_reason")


def _make_read_only(root: Element) -> None:
    root.set("readOnly", "1")
    root.set("styleCategories", root.get("styleCategories", "") + "|LayerConfiguration")


def _add_form(root: Element, actors: Sequence[Actor]) -> None:
    """Add the form of a control change: lists of actors and of allowed values, and calendars."""
    root.set("styleCategories", root.get("styleCategories", "") + "|Forms")
    configuration, defaults = SubElement(root, "fieldConfiguration"), SubElement(root, "defaults")
    editable = SubElement(root, "editable")
    for column in schema.CONTROL_CHANGES.columns:
        kind, options = _widget(column, actors)
        one = SubElement(configuration, "field", name=column.name, configurationFlags="None")
        _option(SubElement(SubElement(one, "editWidget", type=kind), "config"), options)
        is_frontmaps = column.name in _FRONTMAPS
        SubElement(editable, "field", name=column.name, editable=str(int(not is_frontmaps)))
    for name in _TIMES:
        hidden = SubElement(configuration, "field", name=name, configurationFlags="None")
        _option(SubElement(SubElement(hidden, "editWidget", type="Hidden"), "config"), {})
    status = f"'{Status.CONTROLLED}'"
    SubElement(defaults, "default", field="status", expression=status, applyOnUpdate="0")


def _widget(column: schema.Column, actors: Sequence[Actor]) -> tuple[str, Mapping[str, Any]]:
    """Return the kind of a column's widget, as QGIS calls it, and its settings."""
    named = [{actor.name: actor.slug} for actor in actors]
    if column.name in _FRONTMAPS:
        return "TextEdit", {}
    if column.name == "actor":
        return "ValueMap", {"map": [*named, {"nobody knows (no data)": _NULL}]}
    if column.name == "contested_by":
        return "ValueMap", {"map": [{"nobody": _NULL}, *named]}
    if column.values:
        return "ValueMap", {"map": [{value: value} for value in column.values]}
    if column.sql.startswith("DATE"):
        return "DateTime", {**_DATE, "allow_null": "NOT NULL" not in column.sql}
    return "TextEdit", {"IsMultiline": column.name == "note"}


def _option(parent: Element, value: Any, name: str | None = None) -> None:
    """Write a value as QGIS writes those of Qt."""
    option = SubElement(parent, "Option")
    if name is not None:
        option.set("name", name)
    if isinstance(value, Mapping):
        option.set("type", "Map")
        for key, inner in value.items():
            _option(option, inner, key)
    elif isinstance(value, list):
        option.set("type", "List")
        for inner in value:
            _option(option, inner)
    else:
        is_flag = isinstance(value, bool)
        option.set("type", "bool" if is_flag else "QString")
        option.set("value", str(value).lower() if is_flag else value)


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _qml(root: Element) -> str:
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return doctype + tostring(root, encoding="unicode")
