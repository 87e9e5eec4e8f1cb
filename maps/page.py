"""The self-contained HTML page that draws a `MapSpec`.

folium builds the map object; everything on it is drawn by our own script from one block of JSON.
No project text passes through a template: folium renders rendered text as Jinja once more, so a
name could run Python there. The page asks the network for nothing, and its content security policy
lets no script run but ours, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from branca.element import Figure
from folium import Map, TileLayer
from folium.template import Template
from xstatic.pkg import leaflet

from frontmap.geo.errors import InputError
from frontmap.maps import style
from frontmap.maps.elements import Credit, MapSpec

__all__ = ["TILES", "ControlMapFigure", "LeafletMap", "Tiles", "render_page"]


@dataclass(frozen=True, slots=True)
class Tiles:
    """An online background; `host` is the only one that a page with it may reach."""

    url: str
    host: str
    credit: Credit
    max_zoom: int


#: Online backgrounds, on request only.
TILES = {
    "osm": Tiles(
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "https://tile.openstreetmap.org",
        Credit("© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright"),
        19,
    )
}

_MAX_ZOOM = 13
_SCRIPTS = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def render_page(spec: MapSpec, *, tiles: str | None = None) -> str:
    """Return the page of a map; equal input gives equal text.

    `tiles` names one of `TILES`, the only thing that makes the page use the network. Raises
    InputError for an unknown name.
    """
    if tiles is not None and tiles not in TILES:
        raise InputError(f"no tiles {tiles!r}: choose one of {', '.join(sorted(TILES))}, or none")
    background = TILES[tiles] if tiles else None
    figure = ControlMapFigure(spec, background)
    figure.add_child(LeafletMap(spec, background), name="map")
    return figure.render()


class LeafletMap(Map):
    """folium's map without the network, without random ids, and with room for zooming readers."""

    # folium's own template forbids pinch zoom and its lists name scripts on ten servers.
    default_js: list[tuple[str, str]] = []  # noqa: RUF012
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="map" id="{{ this.get_name() }}"></div>{% endmacro %}
        {% macro script(this, kwargs) %}
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) L.Map.mergeOptions(
            {zoomAnimation: false, fadeAnimation: false, inertia: false});
        var {{ this.get_name() }} = L.map("{{ this.get_name() }}", {
            center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }} });
        {% endmacro %}
        """
    )

    def __init__(self, spec: MapSpec, tiles: Tiles | None = None) -> None:
        """Centre the map on what `spec` shows."""
        west, south, east, north = spec.bounds
        super().__init__(
            [(south + north) / 2, (west + east) / 2],
            zoom_start=6,
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.1,
            max_zoom=tiles.max_zoom if tiles else _MAX_ZOOM,
            max_bounds=False,
        )
        self._id = "frontmap"
        if tiles:
            layer = TileLayer(tiles.url, attr=tiles.credit.text, max_zoom=tiles.max_zoom)
            layer._id = "frontmap"
            self.add_child(layer, name="tiles")


class ControlMapFigure(Figure):
    """The document around the map: policy, styles, one block of data, and the scripts."""

    def __init__(self, spec: MapSpec, tiles: Tiles | None = None) -> None:
        """Take what the document says of itself from `spec`."""
        super().__init__()
        self._spec, self._tiles = spec, tiles

    def render(self, **kwargs: Any) -> str:
        """Return the document; the project's words join it only after all templates have run."""
        for child in self._children.values():
            child.render(**kwargs)
        document = _assemble(
            self._spec,
            head=self.header.render(**kwargs),
            body=self.html.render(**kwargs),
            script=self.script.render(**kwargs),
            data=_json_block(_page_data(self._spec, self._tiles)),
        )
        policy = _policy(document, self._tiles)
        return document.replace("<head>", f"<head>\n{policy}", 1)


def _assemble(spec: MapSpec, *, head: str, body: str, script: str, data: str) -> str:
    title, alt = html.escape(spec.title), html.escape(spec.alt)
    page_js, page_css = _own("page.js"), _themes() + _own("page.css")
    return f"""<!DOCTYPE html>
<html lang="{spec.lang}" dir="{spec.direction}">
<head>
<meta charset="utf-8">
<title>{title} — {spec.as_of.isoformat()}</title>
<meta name="description" content="{alt}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="frontmap">
<style>{_leaflet_css()}</style>
<style>{page_css}</style>
{_without_default_meta(head)}
</head>
<body>
<header id="head"></header>
<main id="stage">
{body.strip()}
</main>
<aside id="side"></aside>
<noscript><p>{alt}</p></noscript>
<script type="application/json" id="frontmap-data">{data}</script>
<script>{_leaflet_js()}</script>
<script>{script.strip()}</script>
<script>{page_js}</script>
</body>
</html>
"""


def _without_default_meta(head: str) -> str:
    """Drop branca's own charset line, which ours replaces."""
    return re.sub(r'<meta http-equiv="content-type"[^>]*>', "", head).strip()


def _page_data(spec: MapSpec, tiles: Tiles | None) -> dict[str, Any]:
    data = spec.to_json_dict()
    if tiles:
        data["credits"].append(asdict(tiles.credit))
    strokes = {
        name: {"weight": stroke.width_px, "dashArray": " ".join(map(str, stroke.dash_px)) or None}
        for name, stroke in (
            ("front", style.FRONT),
            ("casing", style.FRONT_CASING),
            ("gain", style.GAIN_OUTLINE),
            ("callOut", style.CALL_OUT),
            ("outline", style.OUTLINE),
            ("border", style.BORDER),
            ("river", style.RIVER),
        )
    }
    return data | {"strokes": strokes, "tiles": tiles is not None}


def _json_block(data: Mapping[str, Any]) -> str:
    """Write JSON that can neither end its script element nor start a template."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _policy(document: str, tiles: Tiles | None) -> str:
    """Return the content security policy that fits the document's own scripts and styles."""
    scripts = " ".join(_hash(text) for text in _SCRIPTS.findall(document))
    styles = " ".join(_hash(text) for text in _STYLES.findall(document))
    images = f"data: {tiles.host}" if tiles else "data:"
    rules = (
        "default-src 'none'",
        f"script-src {scripts}",
        f"style-src {styles}",
        f"img-src {images}",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _themes() -> str:
    """Declare both themes' colours as CSS custom properties."""
    light = "".join(f"--{name}:{value};" for name, value in asdict(style.LIGHT).items())
    dark = "".join(f"--{name}:{value};" for name, value in asdict(style.DARK).items())
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


@cache
def _own(name: str) -> str:
    return (resources.files("frontmap.maps") / name).read_text(encoding="utf-8")


@cache
def _leaflet_js() -> str:
    text = _leaflet("leaflet.js")
    return re.sub(r"\n//# sourceMappingURL=.*", "", text).strip()


@cache
def _leaflet_css() -> str:
    """Return Leaflet's style sheet without the pictures of controls that the page doesn't have."""
    return re.sub(r"background-image:\s*url\(images/[^)]*\);?", "", _leaflet("leaflet.css"))


def _leaflet(name: str) -> str:
    return (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")
