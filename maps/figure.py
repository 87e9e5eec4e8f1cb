"""Print-grade figures of a `MapSpec` without a browser: PNG, SVG and PDF, drawn by matplotlib.

Everything is laid out in CSS pixels (1/96 inch), as on the page. Colours are laid over each other
beforehand and hatches are areas of their own, so that a file holds no transparency, looks the same
at any resolution and can be edited: in SVG each element has an id that says what it is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from frontmap.geo import geodesy
from frontmap.geo.errors import InputError
from frontmap.maps import style
from frontmap.maps.elements import MISSING_PUBLISH, CallOut, Label, MapSpec
from frontmap.maps.labelling import Box, Lettering, PlacedName, PlacedPill, Sign
from frontmap.maps.style import Look, Stroke, Theme
from frontmap.maps.view import View, Zoom
from frontmap.maps.words import Words

try:
    from frontmap.maps.layout import SWATCH, Layout, PlacedBlock, Swatch, arrange
    from frontmap.maps.sheet import Halo, Said, Sheet, rendered, settings
    from frontmap.maps.typesetting import clean, width
except ImportError as missing:
    if (missing.name or "").partition(".")[0] != "matplotlib":
        raise
    raise InputError(MISSING_PUBLISH) from missing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FORMATS", "Zoom", "draw_figure", "render_figure"]

FORMATS = (".png", ".svg", ".pdf")

_LEAST_PX, _MOST_PX = 300, 20_000
#: The size at which a CSS pixel is one of the file, and the least that it may be of one.
_PLAIN_PX, _LEAST_SCALE = 1200 * 800, 0.75
#: Less than this share of a part of the map, and nobody sees it.
_VISIBLE_SHARE = 3e-4
#: No farther from a place than this, and it gives the part its name.
_NEAR_M = 3000


def draw_figure(
    spec: MapSpec,
    *,
    size_px: tuple[int, int | None] = (1200, 800),
    scale: float | None = None,
    dark: bool = False,
    zoom: Zoom | None = None,
) -> Figure:
    """Draw a map as a matplotlib figure of exactly that many pixels.

    A height of None takes what the content needs. `scale` is how many of these pixels make a CSS
    pixel (None: such that text has its share, but can be read on small figures). `zoom` is (lon,
    lat, radius_km) of a part to show alone. Raises InputError for a size that is too small or too
    large, or too small for the legend, and for a part outside the theatre.
    """
    wide, high = size_px
    scale = scale or _fitting_scale(wide, high)
    _check_size(wide, high, scale)
    _check_zoom(spec, zoom)
    with settings():
        wide_css, high_css = wide / scale, high / scale if high else None
        shown, layout = _arranged(spec, wide_css, high_css, zoom)
        exactly_px = (wide, high or math.ceil(layout.height * scale))
        theme = style.DARK if dark else style.LIGHT
        sheet = Sheet(exactly_px, scale, theme.paper, rtl=layout.rtl)
        _Drawing(sheet, theme, shown, layout, zoom).draw()
        return sheet.figure


def render_figure(
    spec: MapSpec,
    suffix: str,
    *,
    size_px: tuple[int, int | None] = (1200, 800),
    scale: float | None = None,
    dark: bool = False,
    zoom: Zoom | None = None,
) -> bytes:
    """Return the file of a figure, ".png", ".svg" or ".pdf"; equal input gives equal bytes.

    Options and errors are those of `draw_figure`; another suffix raises InputError, too.
    """
    if suffix not in FORMATS:
        raise InputError(f"no figure as {suffix!r}: choose one of {', '.join(FORMATS)}")
    figure = draw_figure(spec, size_px=size_px, scale=scale, dark=dark, zoom=zoom)
    detail = _detail(spec, zoom)
    said = Said(
        clean(spec.title),
        clean(f"{detail}. {spec.alt}" if detail else spec.alt),
        clean(", ".join((spec.as_of.isoformat(), *(holder.name for holder in spec.holders)))),
        spec.lang,
    )
    with settings():
        return rendered(figure, suffix, said)


def _fitting_scale(wide: int, high: int | None) -> float:
    return max(_LEAST_SCALE, math.sqrt(wide * high / _PLAIN_PX)) if high else 1.0


def _check_size(wide: int, high: int | None, scale: float) -> None:
    least = math.ceil(_LEAST_PX * scale)
    for name, px in (("width", wide), ("height", least if high is None else high)):
        if not least <= px <= _MOST_PX:
            raise InputError(f"a {name} of {px} px: choose one of {least} to {_MOST_PX}")


def _check_zoom(spec: MapSpec, zoom: Zoom | None) -> None:
    if zoom is None:
        return
    lon, lat, radius_km = zoom
    if not 0 < radius_km < 5000:
        raise InputError(f"a radius of {radius_km:g} km: choose one above 0 and below 5000")
    if not geodesy.circle(lon, lat, radius_km * 1e3, tolerance_m=1e3).intersects(spec.theatre):
        around = f"{radius_km:g} km round {lon:.3f} {lat:.3f}"
        raise InputError(f"nothing to show {around}: choose a place in the theatre")


# --- what is shown -------------------------------------------------------------------------------


def _arranged(
    spec: MapSpec, wide: float, high: float | None, zoom: Zoom | None
) -> tuple[MapSpec, Layout]:
    """Return what the figure shows of a map, and how it is laid out."""
    if zoom is None:
        return spec, arrange(spec, "", wide, high, _aspect(spec))
    lon, lat, radius_km = zoom
    detail, shown, layout = _detail(spec, zoom), spec, None
    window: BaseGeometry = geodesy.circle(lon, lat, radius_km * 1e3, tolerance_m=radius_km)
    # The legend decides how much the frame shows, and that what the legend explains.
    for _ in range(2):
        shown = _cropped(spec, window)
        layout = arrange(shown, detail, wide, high, 1.25)
        window = View.of(spec, layout.frame, zoom).window
    assert layout is not None
    return shown, layout


def _aspect(spec: MapSpec) -> float:
    """Return the theatre's width by its height."""
    west, south, east, north = geodesy.theatre_projection(spec.theatre).forward(spec.theatre).bounds
    return (east - west) / (north - south)


def _cropped(spec: MapSpec, window: BaseGeometry) -> MapSpec:
    """Keep of a map what is seen in a window, so that its legend explains that alone."""
    least = window.area * _VISIBLE_SHARE
    grounds = tuple(g for g in spec.grounds if g.polygon.intersection(window).area > least)
    gains = tuple(g for g in spec.gains if g.polygon.intersection(window).area > least)
    front = tuple(f for f in spec.front if f.line.intersects(window))
    call_outs = tuple(c for c in spec.call_outs if c.line.intersects(window))
    seen = {ground.actor for ground in grounds} | {ground.look for ground in grounds}
    present = {"gain": gains, "front": front, "distance": call_outs}
    legend = []
    for entry in spec.legend:
        if entry.mark == "area" and entry.of in seen:
            fills = [ground.fill for ground in grounds if ground.look == entry.of]
            legend.append(replace(entry, fills=tuple(fills[:3])))
        elif entry.mark == "actor" and entry.of in seen:
            # What the actor holds in all would be taken for what it holds here.
            legend.append(replace(entry, detail=""))
        elif present.get(entry.mark):
            marked = [gain for gain in gains if gain.look is not Look.CLAIMED] or gains
            fills = list({gain.actor: gain.fill for gain in marked}.values())
            legend.append(replace(entry, fills=tuple(fills[:3]) if entry.fills else ()))
    return replace(
        spec, grounds=grounds, gains=gains, front=front, call_outs=call_outs, legend=tuple(legend)
    )


def _detail(spec: MapSpec, zoom: Zoom | None) -> str:
    """Say which part of the theatre is shown."""
    if zoom is None:
        return ""
    lon, lat, radius_km = zoom
    words = Words.of(spec.lang)
    far = {label: geodesy.distance_m(lon, lat, label.lon, label.lat) for label in spec.labels}
    named = min(far, key=lambda label: far[label], default=None)
    if named is None or far[named] > _NEAR_M:
        return words.say("detail_unnamed")
    distance = words.distance(geodesy.format_km(radius_km))
    return words.say("detail", distance=distance, place=named.name)


# --- drawing --------------------------------------------------------------------------------------

_SIGNS = {3: Sign(14, True), 2: Sign(12.5, False), 1: Sign(11.5, False)}
_PILL, _COUNTRY, _SMALL = Sign(12, True), Sign(11.5, False), Sign(11.5, False)
_PILL_HEIGHT, _PILL_ENDS = 19.0, 14.0
_LOCATOR_PX = 118.0
_MOST_SCALE_PX = 130.0
#: How much thinner and thicker the front gets at small and large scales.
_LEAST_WEIGHT, _MOST_WEIGHT = 0.6, 1.15
_LEAST_FRONT_PX = 1.5
#: Arabic letters are smaller than Latin ones of the same size.
_RTL_GROWTH = 1.1


class _Drawing:
    """One figure being drawn, from the sea up to the names."""

    def __init__(
        self, sheet: Sheet, theme: Theme, spec: MapSpec, layout: Layout, zoom: Zoom | None
    ) -> None:
        self.sheet, self.theme, self.spec, self.layout, self.zoom = sheet, theme, spec, layout, zoom
        self.view = View.of(spec, layout.frame, zoom)
        self.theatre = self.view.px(spec.theatre)
        self.lettering = Lettering(layout.frame.padded(-4), _measure, (), rtl=layout.rtl)
        weight = 0.8 + 0.2 * math.log2(1000 / self.view.metres_per_px)
        self.weight = min(_MOST_WEIGHT, max(_LEAST_WEIGHT, weight))

    def draw(self) -> None:
        sheet = self.sheet
        with sheet.group("map"):
            with sheet.clipped(self.layout.frame):
                self.draw_land()
                self.draw_grounds()
                self.draw_water()
                self.draw_front()
            self.draw_scale()
            self.draw_locator()
            self.draw_names()
        with sheet.group("frame"):
            self.draw_frame()
        self.draw_blocks()

    # land and water

    def draw_land(self) -> None:
        sheet, theme = self.sheet, self.theme
        known = self.view.px(shapely.box(*self.spec.frame))
        with sheet.group("sea"):
            sheet.area(known, theme.sea)
        with sheet.group("neighbours"):
            for country in self.spec.neighbours:
                land = self.view.px(country.land)
                if not land.is_empty:
                    with sheet.group(_id("land", country.name)):
                        edge_px = style.BORDER.width_px
                        sheet.area(land, theme.neighbour, edge=theme.border, edge_px=edge_px)

    def draw_water(self) -> None:
        sheet, theme, spec = self.sheet, self.theme, self.spec
        with sheet.group("rivers"):
            for river in spec.rivers:
                sheet.line(self.view.px(river), theme.river, style.RIVER)
        with sheet.group("lakes"):
            for lake in spec.lakes:
                sheet.area(self.view.px(lake), theme.sea, edge=theme.river, edge_px=0.8)
        with sheet.group("outline"):
            sheet.area(self.theatre, None, edge=theme.outline, edge_px=style.OUTLINE.width_px)

    # ground

    def draw_grounds(self) -> None:
        sheet, theme, spec = self.sheet, self.theme, self.spec
        beneath: dict[tuple[str | None, Look], str] = {}
        with sheet.group("areas"):
            for ground in spec.grounds:
                with sheet.group(
                    _id("area", *_said(ground.actor, ground.look), *ground.contested_by)
                ):
                    colour = sheet.fill(self.view.px(ground.polygon), ground.fill, theme.land)
                    beneath[ground.actor, ground.look] = colour
        with sheet.group("gains"):
            for gain in spec.gains:
                with sheet.group(_id("gain", *_said(gain.actor, gain.look))):
                    area = self.view.px(gain.polygon)
                    sheet.fill(area, gain.fill, beneath.get((gain.actor, gain.look), theme.land))
                    edge_px = style.GAIN_OUTLINE.width_px
                    sheet.area(area, None, edge=gain.outline, edge_px=edge_px)

    # lines

    def draw_front(self) -> None:
        sheet, theme = self.sheet, self.theme
        stretches = [self.view.px(stretch.line) for stretch in self.spec.front]
        merged = shapely.get_parts(shapely.line_merge(shapely.union_all(stretches)))
        # Round ends would blow up a loop of a few metres to a dot.
        front = MultiLineString(list(merged[shapely.length(merged) > _LEAST_FRONT_PX]))
        with sheet.group("front"):
            for name, stroke, colour in (
                ("front-casing", style.FRONT_CASING, theme.casing),
                ("front-line", style.FRONT, theme.front),
            ):
                with sheet.group(name):
                    sheet.line(
                        front, colour, replace(stroke, width_px=stroke.width_px * self.weight)
                    )
        self.lettering.lines = [front, shapely.boundary(self.theatre)]
        for line in self.lettering.lines:
            shapely.prepare(line)
        with sheet.group("distance-lines"):
            for call_out in self.spec.call_outs:
                if not call_out.inside:
                    self.draw_call_out(call_out)

    def draw_call_out(self, call_out: CallOut) -> None:
        line = self.view.px(call_out.line)
        casing = Stroke(style.CALL_OUT.width_px + 2)
        with self.sheet.group(_id("distance-line", call_out.place)):
            self.sheet.line(line, self.theme.casing, casing)
            self.sheet.line(line, self.theme.front, style.CALL_OUT)

    # names

    def draw_names(self) -> None:
        spec, lettering = self.spec, self.lettering
        measured = {call_out.place_id for call_out in spec.call_outs}
        first = [label for label in spec.labels if label.id in measured]
        placed = {label.id: lettering.name(*self.lettered(label)) for label in first}
        pills = [
            lettering.pill(c, self.pixels(c.line), _pill_size(c), name.box if name else None)
            for c in spec.call_outs
            for name in [placed.get(c.place_id)]
        ]
        others = [self.lettered(label) for label in spec.labels if label.id not in measured]
        names = [*filter(None, placed.values()), *lettering.names(others, self.view.enlarged)]
        with self.sheet.group("countries"):
            self.draw_countries()
        with self.sheet.group("labels"):
            for name in names:
                self.draw_name(name)
        with self.sheet.group("call-outs"):
            for pill in pills:
                self.draw_pill(pill)

    def lettered(self, label: Label) -> tuple[Label, Sign, tuple[float, float]]:
        sign = _SIGNS[label.size]
        size_px = sign.size_px * (_RTL_GROWTH if self.layout.rtl else 1)
        sign = Sign(size_px, sign.bold or label.in_the_news)
        return replace(label, name=clean(label.name)), sign, self.view.point(label.lon, label.lat)

    def pixels(self, line: LineString) -> LineString:
        points = [self.view.point(lon, lat) for lon, lat in line.coords]
        return LineString(points)

    def draw_name(self, name: PlacedName) -> None:
        theme, label, box = self.theme, name.label, name.box
        known_as = [label.name, label.other_name, label.id]
        with self.sheet.group(_id("label", next(filter(_slug, known_as), ""))):
            radius = 1.9 if label.size == 1 else 2.6
            self.sheet.dot(name.dot, radius, theme.ink, theme.casing)
            self.write(label.name, box, name.sign, theme.ink)

    def write(self, text: str, box: Box, sign: Sign, colour: str) -> None:
        """Write a name with its halo in the box that was found for it."""
        at = (box.middle[0], box.y + 0.88 * sign.size_px)
        halo = Halo(self.theme.casing)
        self.sheet.text(at, text, sign.size_px, colour, bold=sign.bold, anchor="center", halo=halo)

    def draw_pill(self, pill: PlacedPill) -> None:
        sheet, theme, call_out, box = self.sheet, self.theme, pill.call_out, pill.box
        with sheet.group(_id("distance", call_out.place)):
            if not call_out.inside:
                sheet.dot(
                    self.view.point(*call_out.line.coords[-1]), 2.6, theme.front, theme.casing
                )
            sheet.pill(box, theme.front, theme.casing)
            at = (box.middle[0], box.y + 13.4)
            sheet.text(at, call_out.label, _PILL.size_px, theme.casing, bold=True, anchor="center")

    def draw_countries(self) -> None:
        visible = self.layout.frame.padded(-6).polygon
        for country in self.spec.neighbours:
            name = clean(country.name).upper()
            size = (_measure(name, _COUNTRY.size_px, False) + 8, _COUNTRY.size_px * 1.3)
            land = self.view.px(country.land).intersection(visible)
            box = self.lettering.inside(land, size)
            if box:
                with self.sheet.group(_id("country", country.name)):
                    at = box.middle[0], box.y + 0.95 * _COUNTRY.size_px
                    self.sheet.text(at, name, _COUNTRY.size_px, self.theme.muted, anchor="center")

    # furniture

    def draw_scale(self) -> None:
        """Draw a bar that is true along the parallel at the middle of the map."""
        sheet, theme, frame = self.sheet, self.theme, self.layout.frame
        metres, wide = _scale_bar(self.view.metres_per_px, min(_MOST_SCALE_PX, frame.w / 4))
        label = Words.of(self.spec.lang).distance(_round_distance(metres))
        x = frame.x + frame.w - 12 - wide if sheet.rtl else frame.x + 12
        top = frame.y + frame.h - 18
        with sheet.group("scale"):
            sheet.area(
                shapely.box(x, top, x + wide, top + 5), theme.casing, edge=theme.ink, edge_px=1
            )
            sheet.area(shapely.box(x, top, x + wide / 2, top + 5), theme.ink)
            at = (x + wide, top - 5) if sheet.rtl else (x, top - 5)
            size = _SMALL.size_px
            sheet.text(
                at,
                label,
                size,
                theme.ink,
                anchor="right" if sheet.rtl else "left",
                halo=Halo(theme.casing),
            )
        self.lettering.taken.append(
            Box(x - 4, top - 22, max(wide, _measure(label, size, False)) + 8, 32)
        )

    def draw_locator(self) -> None:
        """Draw where the theatre lies, or, of a part, where that lies in the theatre."""
        bounds = self.spec.bounds if self.zoom else self.spec.locator.bounds
        box = self.emptiest_corner(bounds)
        if box is None:
            return
        self.lettering.taken.append(box.padded(4))
        with self.sheet.group("locator"):
            with self.sheet.clipped(box):
                self.draw_small(_Small(bounds, box))
            self.sheet.area(box.polygon, None, edge=self.theme.border, edge_px=1)

    def draw_small(self, small: _Small) -> None:
        sheet, theme, locator = self.sheet, self.theme, self.spec.locator
        sheet.area(small.box.polygon, theme.sea)
        for country in locator.countries:
            sheet.area(small.px(country), theme.neighbour, edge=theme.border, edge_px=0.6)
        shade = style.mixed(theme.muted, 0.4 if self.zoom else 0.75, theme.land)
        sheet.area(small.px(locator.theatre), shade, edge=shade, edge_px=0.4)
        if self.zoom:
            sheet.area(small.px(self.view.window), None, edge=theme.ink, edge_px=1.4)

    def emptiest_corner(self, bounds: tuple[float, float, float, float]) -> Box | None:
        """Return the corner where the locator hides least, or None on a small map."""
        frame = self.layout.frame
        wide, high = _Small.size(bounds, min(_LOCATOR_PX, frame.w / 5))
        left, right = frame.x + 10, frame.x + frame.w - 10 - wide
        top, bottom = frame.y + 10, frame.y + frame.h - 10 - high
        near, far = (right, left) if self.sheet.rtl else (left, right)
        corners = [Box(x, y, wide, high) for x, y in ((far, bottom), (far, top), (near, top))]
        if frame.w < 240:
            return None
        hidden = self.lettering.lines[0] if self.zoom else self.theatre
        ends = [self.view.point(*c.line.coords[i]) for c in self.spec.call_outs for i in (0, -1)]

        def cost(box: Box) -> float:
            covered = sum(box.padded(20).overlaps(Box(x, y, 0, 0)) for x, y in ends)
            return (
                hidden.intersection(box.polygon).area
                + hidden.intersection(box.polygon).length
                + 1e5 * covered
            )

        return min(corners, key=lambda box: round(cost(box)))

    def draw_frame(self) -> None:
        """Rule off the map, but for where it reaches the edge of the figure."""
        x, y, w, h = self.layout.frame
        for end in (x, x + w):
            if 1 < end < self.sheet.width - 1:
                self.sheet.line(LineString([(end, y), (end, y + h)]), self.theme.rule, Stroke(1))
        if w > self.sheet.width - 1:
            for end in (y, y + h):
                self.sheet.line(LineString([(x, end), (x + w, end)]), self.theme.rule, Stroke(1))

    # text around the map

    def draw_blocks(self) -> None:
        sections = dict.fromkeys(placed.block.section for placed in self.layout.blocks)
        for section in sections:
            with self.sheet.group(section):
                for placed in self.layout.blocks:
                    if placed.block.section == section:
                        self.draw_block(placed)

    def draw_block(self, placed: PlacedBlock) -> None:
        sheet, theme, block = self.sheet, self.theme, placed.block
        rtl = self.layout.rtl
        if block.ruled:
            y = placed.y - block.gap * 0.55
            sheet.line(
                LineString([(placed.x, y), (placed.x + placed.width, y)]), theme.rule, Stroke(1)
            )
        for swatch in block.swatches:
            with sheet.group(_id("key", swatch.entry.of or swatch.entry.mark)):
                wide = SWATCH[0] * swatch.size
                x = placed.x + (placed.width - swatch.x - wide if rtl else swatch.x)
                self.draw_swatch(swatch, Box(x, placed.y + swatch.y, wide, SWATCH[1] * swatch.size))
        for line in block.lines:
            x = placed.x + (placed.width - line.x if rtl else line.x)
            sheet.text(
                (x, placed.y + line.y),
                line.text,
                line.size_px,
                theme.muted if line.muted else theme.ink,
                bold=line.bold,
                anchor="right" if rtl != line.at_end else "left",
            )

    def draw_swatch(self, swatch: Swatch, box: Box) -> None:
        entry, theme, sheet = swatch.entry, self.theme, self.sheet
        y = box.middle[1]
        if entry.mark in ("front", "distance"):
            stroke = style.FRONT if entry.mark == "front" else style.CALL_OUT
            sheet.line(LineString([(box.x + 1, y), (box.x + box.w - 1, y)]), theme.front, stroke)
            return
        share = box.w / max(1, len(entry.fills))
        for i, fill in enumerate(entry.fills):
            part = Box(box.x + i * share, box.y, share, box.h)
            sheet.fill(part.polygon, fill, theme.land)
        edge = theme.ink if entry.mark == "gain" else style.mixed(theme.outline, 0.6, theme.paper)
        sheet.area(box.padded(-0.5).polygon, None, edge=edge, edge_px=1)


def _measure(text: str, size_px: float, bold: bool) -> float:
    return width(text, size_px, bold)


def _pill_size(call_out: CallOut) -> tuple[float, float]:
    return _measure(call_out.label, _PILL.size_px, _PILL.bold) + _PILL_ENDS, _PILL_HEIGHT


def _scale_bar(metres_per_px: float, most_px: float) -> tuple[float, float]:
    """Return a round length in metres, and how many pixels it takes."""
    most = metres_per_px * most_px
    power = 10.0 ** math.floor(math.log10(most))
    metres = power * next(step for step in (5, 2, 1) if step * power <= most)
    return metres, metres / metres_per_px


def _round_distance(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:,.0f} km"


@dataclass(frozen=True, slots=True)
class _Small:
    """A small map in a box, in plate carrée that is true at its middle latitude."""

    bounds: tuple[float, float, float, float]
    box: Box

    @staticmethod
    def size(bounds: tuple[float, float, float, float], longest: float) -> tuple[float, float]:
        """Return the width and height of a map whose longer side is given."""
        west, south, east, north = bounds
        wide, high = (east - west) * math.cos(math.radians((south + north) / 2)), north - south
        return longest * wide / max(wide, high), longest * high / max(wide, high)

    def px(self, geometry: BaseGeometry) -> BaseGeometry:
        west, south, east, north = self.bounds
        factor = np.array([self.box.w / (east - west), -self.box.h / (north - south)])
        return shapely.transform(
            geometry, lambda lonlat: (lonlat - (west, north)) * factor + (self.box.x, self.box.y)
        )


# --- ids ------------------------------------------------------------------------------------------


def _said(actor: str | None, look: Look) -> tuple[str, ...]:
    """Return the words for ground in an id: those that say nothing are left out."""
    if actor is None or look is Look.ASSESSED:
        return (actor or str(look),)
    return (actor, str(look))


def _id(*words: str) -> str:
    return "-".join(filter(None, map(_slug, words)))


def _slug(text: str) -> str:
    """Return the Latin letters and digits of a text in a form that any tool takes as an id."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
