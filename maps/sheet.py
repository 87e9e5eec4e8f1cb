"""A sheet to draw on with matplotlib, in CSS pixels from its top left corner, and its files.

Everything drawn stands in a group, and in SVG under the group's id. Nothing is transparent. Equal
drawings give equal bytes.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from frontmap.geo import geodesy
from frontmap.maps import style, typesetting
from frontmap.maps.labelling import Box
from frontmap.maps.typesetting import POINTS_PER_PX, clean, directed

__all__ = ["Halo", "Said", "Sheet", "rendered", "settings"]

_PX_PER_INCH = 96
_POLYGON = 3
_SVG = "http://www.w3.org/2000/svg"
_PREFIXES = {
    "": _SVG,
    "xlink": "http://www.w3.org/1999/xlink",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "cc": "http://creativecommons.org/ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
}
#: The ids that matplotlib gives by itself.
_NUMBERED = re.compile(r"(patch|text)_\d+")
_SETTINGS: dict[Any, Any] = {
    "font.sans-serif": ["DejaVu Sans"],
    "text.hinting": "no_hinting",
    "svg.fonttype": "none",
    "svg.hashsalt": "frontmap",
    "pdf.fonttype": 42,
}

Anchor = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of itself."""

    title: str
    description: str
    keywords: str
    lang: str


@dataclass(frozen=True, slots=True)
class Halo:
    """A line round letters, so that they read on any ground."""

    colour: str
    width_px: float = 3.0


@contextmanager
def settings() -> Iterator[None]:
    """Let matplotlib work apart from the user's own settings."""
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        # A character that no installed font has is drawn as a box, for the reader to see.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


# --- drawing --------------------------------------------------------------------------------------


class Sheet:
    """A sheet of `size_px` pixels, `scale` of them to a CSS pixel; `figure` is matplotlib's.

    On one that runs from right to left (`rtl`) text does, too.
    """

    def __init__(
        self, size_px: tuple[int, int], scale: float, paper: str, *, rtl: bool = False
    ) -> None:
        """Start with blank paper."""
        dots_per_inch = _PX_PER_INCH * scale
        inches = size_px[0] / dots_per_inch, size_px[1] / dots_per_inch
        self.figure = Figure(figsize=inches, dpi=dots_per_inch, facecolor=paper)
        FigureCanvasAgg(self.figure)
        self.figure.set_gid("sheet")
        self.figure.patch.set_gid("paper")
        self.width, self.height = size_px[0] / scale, size_px[1] / scale
        self.rtl = rtl
        in_inches = Affine2D().scale(1 / _PX_PER_INCH, -1 / _PX_PER_INCH).translate(0, inches[1])
        self._transform = in_inches + self.figure.dpi_scale_trans
        self._groups: list[_Group] = []
        self._clip: TransformedBbox | None = None
        self._ids: dict[str, int] = {}

    @contextmanager
    def group(self, name: str) -> Iterator[None]:
        """Put all that is drawn within under an id: `name`, with a number if it is taken."""
        group = _Group(self._own_id(name))
        if self._groups:
            self._add(group)
        else:
            self.figure.add_artist(group)
        self._groups.append(group)
        yield
        self._groups.pop()

    @contextmanager
    def clipped(self, box: Box) -> Iterator[None]:
        """Cut what is drawn within at the edges of a box."""
        edges = Bbox([[box.x, box.y], [box.x + box.w, box.y + box.h]])
        self._clip = TransformedBbox(edges, self._transform)
        yield
        self._clip = None

    def area(
        self, area: BaseGeometry, colour: str | None, *, edge: str | None = None, edge_px: float = 0
    ) -> None:
        """Fill polygons with a colour, outline them, or both."""
        path = _path(area)
        if path is not None:
            width = edge_px * POINTS_PER_PX
            fill, line = colour or "none", edge or "none"
            self._add(PathPatch(path, fc=fill, ec=line, lw=width, joinstyle="round"))

    def fill(self, area: BaseGeometry, fill: style.Fill, beneath: str) -> str:
        """Fill polygons as a fill over a colour looks, and return the colour without its hatch.

        A thin edge closes the seams between neighbours.
        """
        colour = style.mixed(fill.colour, fill.opacity, beneath)
        self.area(area, colour, edge=colour, edge_px=0.6)
        if fill.hatch and not area.is_empty:
            marks = _hatching(fill.hatch, area)
            self.area(marks, style.mixed(fill.hatch.colour, fill.hatch.opacity, colour))
        return colour

    def line(self, lines: BaseGeometry, colour: str, stroke: style.Stroke) -> None:
        """Draw lines."""
        path = _path(lines)
        if path is None:
            return
        width = stroke.width_px * POINTS_PER_PX
        cap: Any = "butt" if stroke.dash_px else "round"
        patch = PathPatch(path, fill=False, ec=colour, lw=width, joinstyle="round", capstyle=cap)
        if stroke.dash_px:
            # matplotlib counts dashes in widths of the line.
            patch.set_linestyle((0, [part / stroke.width_px for part in stroke.dash_px]))
        self._add(patch)

    def dot(self, centre: tuple[float, float], radius_px: float, colour: str, casing: str) -> None:
        """Draw a dot with a thin casing."""
        self._add(Circle(centre, radius_px, fc=colour, ec=casing, lw=1.2 * POINTS_PER_PX))

    def pill(self, box: Box, colour: str, casing: str) -> None:
        """Draw a box with round ends and a thin casing."""
        shape = f"round,pad=0,rounding_size={box.h / 2 - 0.01}"
        look: dict[str, Any] = {"fc": colour, "ec": casing, "lw": 1.5 * POINTS_PER_PX}
        self._add(FancyBboxPatch((box.x, box.y), box.w, box.h, boxstyle=shape, **look))

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size_px: float,
        colour: str,
        *,
        bold: bool = False,
        anchor: Anchor = "left",
        halo: Halo | None = None,
    ) -> None:
        """Write one line whose baseline starts, ends or is centred at a point."""
        x, y = at
        line = directed(clean(text), rtl=self.rtl)
        options: dict[str, Any] = {
            "fontproperties": typesetting.font(size_px, bold),
            "ha": anchor,
            "va": "baseline",
            "parse_math": False,
        }
        if halo:
            beneath = _HaloText(halo, x, y, line, **options)
            beneath.set_gid(self._own_id(f"{self._groups[-1].get_gid()}-halo"))
            self._add(beneath)
        self._add(Text(x, y, line, color=colour, **options))

    def _add(self, artist: Artist) -> None:
        artist.set_figure(self.figure)
        artist.set_transform(self._transform)
        if self._clip is not None:
            artist.set_clip_box(self._clip)
        self._groups[-1].children.append(artist)

    def _own_id(self, name: str) -> str:
        count = self._ids[name] = self._ids.get(name, 0) + 1
        return name if count == 1 else self._own_id(f"{name}-{count}")


class _Group(Artist):
    """Artists that stand together under an id."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.set_gid(name)
        self.children: list[Artist] = []

    def get_children(self) -> list[Artist]:
        return self.children

    def draw(self, renderer: RendererBase) -> None:
        renderer.open_group("group", self.get_gid())
        for child in self.children:
            child.draw(renderer)
        renderer.close_group("group")


class _HaloText(Text):
    """The halo of a text: its outlines drawn with a broad pen, beneath it."""

    def __init__(self, halo: Halo, *args: Any, **options: Any) -> None:
        super().__init__(*args, color=halo.colour, **options)
        self.halo = halo
        points = halo.width_px * POINTS_PER_PX
        self.set_path_effects([Stroke(linewidth=points, foreground=halo.colour)])


def _path(geometry: BaseGeometry) -> Path | None:
    """Return polygons or lines as one path, in which holes run against their shells."""
    parts, _ = geodesy.simple_parts(np.array([geometry], dtype=object))
    kinds = shapely.get_type_id(parts)
    rings = shapely.get_rings(shapely.orient_polygons(parts[kinds == _POLYGON]))
    lines = [line for line in (*rings, *parts[(kinds == 1) | (kinds == 2)]) if line.length > 0]
    codes: list[Any] = []
    for line in lines:
        closed = line.geom_type == "LinearRing"
        between = shapely.get_num_coordinates(line) - 2
        codes += [Path.MOVETO, *[Path.LINETO] * between, Path.CLOSEPOLY if closed else Path.LINETO]
    return Path(shapely.get_coordinates(lines), codes) if lines else None


# --- hatches --------------------------------------------------------------------------------------


def _hatching(hatch: style.Hatch, area: BaseGeometry) -> BaseGeometry:
    """Return the marks of a hatch that fall on an area, as areas; neighbours' marks line up."""
    if hatch.mark == ".":
        marks = _dots(hatch, area.bounds)
    else:
        turns = {"/": (1,), "\\": (-1,), "x": (1, -1)}[hatch.mark]
        marks = shapely.union_all([_stripes(hatch, area.bounds, turn) for turn in turns])
    return area.intersection(marks)


def _stripes(hatch: style.Hatch, bounds: tuple[float, ...], turn: int) -> BaseGeometry:
    """Return diagonal stripes across bounds; `turn` is 1 for those that rise to the right."""
    left, top, right, bottom = bounds
    step, half = hatch.spacing_px * math.sqrt(2), hatch.width_px / math.sqrt(2)
    ends = [x + turn * y for x in (left, right) for y in (top, bottom)]
    count = np.arange(math.floor(min(ends) / step), math.ceil(max(ends) / step) + 1)
    middles = step * count[:, None]
    # On each stripe x + turn * y is within `half` of its middle.
    offsets = np.array([-half, half, half, -half])
    xs = np.array([left - 1, left - 1, right + 1, right + 1])
    ys = turn * (middles + offsets - xs)
    corners = np.stack([np.broadcast_to(xs, ys.shape), ys], axis=-1)
    return MultiPolygon(np.asarray(shapely.polygons(corners)).tolist())


def _dots(hatch: style.Hatch, bounds: tuple[float, ...]) -> BaseGeometry:
    left, top, right, bottom = (value / hatch.spacing_px for value in bounds)
    columns = np.arange(math.floor(left), math.ceil(right) + 1)
    rows = np.arange(math.floor(top), math.ceil(bottom) + 1)
    xy = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2) * hatch.spacing_px
    dots = shapely.buffer(shapely.points(xy), hatch.width_px / 2, quad_segs=3)
    return MultiPolygon(np.asarray(dots).tolist())


# --- files ----------------------------------------------------------------------------------------


def rendered(figure: Figure, suffix: str, said: Said) -> bytes:
    """Return the file of a sheet's figure: ".png", ".svg" or ".pdf"."""
    return {".png": _png, ".svg": _svg, ".pdf": _pdf}[suffix](figure, said)


def _saved(figure: Figure, kind: str, metadata: dict[str, str | None]) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format=kind, metadata=metadata)
    return file.getvalue()


def _png(figure: Figure, said: Said) -> bytes:
    texts = {"Title": said.title, "Description": said.description, "Software": "frontmap"}
    return _saved(figure, "png", {**texts})


def _pdf(figure: Figure, said: Said) -> bytes:
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        plain = typesetting.undirected(text.get_text())
        if plain is not None:
            text.set_text(plain)
        elif not isinstance(text, _HaloText):
            # matplotlib's PDF would misplace the letters; as outlines they are right.
            text.set_path_effects([Normal()])
    about = {"Title": said.title, "Subject": said.description, "Keywords": said.keywords}
    return _saved(figure, "pdf", {**about, "Creator": "frontmap", "CreationDate": None})


def _svg(figure: Figure, said: Said) -> bytes:
    halos: dict[str, Halo] = {}
    for text in figure.findobj(_HaloText):
        assert isinstance(text, _HaloText)
        text.set_path_effects([])
        halos[str(text.get_gid())] = text.halo
    metadata = {"Title": said.title, "Creator": "frontmap", "Date": None}
    root = ET.fromstring(_saved(figure, "svg", metadata))
    _describe(root, said)
    for group in root.iter(f"{{{_SVG}}}g"):
        if halo := halos.get(group.get("id", "")):
            _stroke(group, halo)
    for element in root.iter():
        if _NUMBERED.fullmatch(element.get("id", "")):
            del element.attrib["id"]
    for letters in root.iter(f"{{{_SVG}}}text"):
        del letters.attrib["transform"]
    for prefix, uri in _PREFIXES.items():
        ET.register_namespace(prefix, uri)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _describe(root: ET.Element, said: Said) -> None:
    """Tell screen readers what the picture shows."""
    described = ET.Element(f"{{{_SVG}}}desc", {"id": "sheet-description"})
    described.text = said.description
    described.tail = "\n "
    title = root.find(f"{{{_SVG}}}title")
    assert title is not None
    title.set("id", "sheet-title")
    root.insert(1, described)
    root.attrib |= {
        "role": "img",
        "lang": said.lang,
        "aria-labelledby": "sheet-title",
        "aria-describedby": "sheet-description",
    }


def _stroke(group: ET.Element, halo: Halo) -> None:
    """Turn the text of a halo into its outline, and hide it from screen readers."""
    group.set("aria-hidden", "true")
    for text in group.iter(f"{{{_SVG}}}text"):
        pen = f"stroke: {halo.colour}; stroke-width: {halo.width_px * POINTS_PER_PX}"
        text.set("style", f"{text.get('style')}; {pen}; stroke-linejoin: round")
