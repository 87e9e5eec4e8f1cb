"""The self-contained HTML page that draws a `MapSpec`.

folium builds the map object; everything on it is drawn by our own script from one block of JSON.
No project text passes through a template: folium renders rendered text as Jinja once more, so a
name could run Python there. `frontmap.maps.document` writes the document around the map.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from branca.element import Figure
from folium import Map, TileLayer
from folium.template import Template

from frontmap.geo.errors import InputError
from frontmap.maps.document import assemble, leaflet_css, leaflet_js, own, strokes, themes
from frontmap.maps.elements import Credit, MapSpec
from frontmap.maps.embed import FRAME_STYLE

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
_SCRIPTS = ("base.js", "picture.js", "share.js", "page.js")
_BODY = """<header id="head"></header>
<main id="stage">
{map}
</main>
<aside id="side"></aside>"""


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
        spec = self._spec
        return assemble(
            lang=spec.lang,
            direction=spec.direction,
            title=f"{spec.title} — {spec.as_of.isoformat()}",
            description=spec.alt,
            styles=[leaflet_css(), themes() + own("page.css")],
            scripts=[leaflet_js(), self.script.render(**kwargs).strip(), _own_scripts()],
            data=_page_data(spec, self._tiles),
            body=_BODY.format(map=self.html.render(**kwargs).strip()),
            head=_without_default_meta(self.header.render(**kwargs)),
            image_hosts=[self._tiles.host] if self._tiles else (),
        )


def _without_default_meta(head: str) -> str:
    """Drop branca's own charset line, which ours replaces."""
    return re.sub(r'<meta http-equiv="content-type"[^>]*>', "", head).strip()


def _own_scripts() -> str:
    return "\n".join(own(name) for name in _SCRIPTS)


def _page_data(spec: MapSpec, tiles: Tiles | None) -> dict[str, Any]:
    data = spec.to_json_dict()
    if tiles:
        data["credits"].append(asdict(tiles.credit))
    return data | {"strokes": strokes(), "tiles": tiles is not None, "frame_style": FRAME_STYLE}
