"""Styles that QGIS applies when it opens a project file (its `layer_styles` table).

QML is QGIS' own format; only what differs from its defaults is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from frontmap.geo.records import Actor

_LAND, _OUTLINE, _NO_DATA = "#f4f1ea", "#4d4d4d", "#d9d9d9"
#: QGIS' fill patterns for our hatches.
_PATTERN = {"": "solid", "/": "b_diagonal", "\\": "f_diagonal", "x": "diagonal_x", ".": "dense6"}


def styles(actors: Sequence[Actor]) -> dict[str, str]:
    """Return the QML style of each layer by table name."""
    by_actor = [(a.slug, a.name, a.colour, _PATTERN[a.hatch]) for a in actors]
    return {
        "theatre": _single(_fill(_LAND, "no")),
        "zones": _single(_fill(_LAND, "no", outline="#b3b3b3")),
        "places": _single(_marker()),
        "footprints": _single(_fill("#d9d2c5", "no", outline="#b3a98f")),
        "events": _single(_marker()),
        "control": _categorised(by_actor, alpha=0.65, temporal=True),
        "control_changes": _categorised(by_actor, alpha=0.25, temporal=True),
    }


def by_actor(actors: Sequence[tuple[str, str, str, str]], *, temporal: bool) -> str:
    """Return the QML style of areas by their column `actor`.

    `actors` are (slug, name, colour, hatch); `temporal` where there are valid_from and valid_to.
    """
    patterns = [(slug, name, colour, _PATTERN[hatch]) for slug, name, colour, hatch in actors]
    return _categorised(patterns, alpha=0.65, temporal=temporal)


def _single(symbol: Element) -> str:
    root = _root()
    renderer = SubElement(root, "renderer-v2", type="singleSymbol")
    symbol.set("name", "0")
    SubElement(renderer, "symbols").append(symbol)
    return _qml(root)


def _categorised(
    actors: Sequence[tuple[str, str, str, str]], *, alpha: float, temporal: bool
) -> str:
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
    return _qml(root)


def _root() -> Element:
    return Element("qgis", version="3.22.0", styleCategories="Symbology|Temporal")


def _temporal(root: Element) -> None:
    """Hand valid_from and valid_to to the Temporal Controller; mode 2 is a pair of fields."""
    temporal = SubElement(
        root,
        "temporal",
        enabled="1",
        mode="2",
        startField="valid_from",
        endField="valid_to",
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
    options = SubElement(layer, "Option", type="Map")
    for name, value in values.items():
        SubElement(options, "Option", name=name, type="QString", value=value)
        SubElement(layer, "prop", k=name, v=value)


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _qml(root: Element) -> str:
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return doctype + tostring(root, encoding="unicode")
