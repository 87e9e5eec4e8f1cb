"""What stands around the map on a figure, set in lines that fit, and where the map goes.

A wide figure has the legend beside the map, an upright one below it. Where space is short, the
layout goes without what the reader misses least, and only then makes letters smaller. Positions
are CSS pixels; within a block they count from the side where reading starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from frontmap.geo.errors import InputError
from frontmap.maps.elements import ChangeEntry, LegendEntry, MapSpec, SourceEntry
from frontmap.maps.labelling import Box
from frontmap.maps.typesetting import evenly, shortened, width, wrap
from frontmap.maps.words import Words

__all__ = ["SWATCH", "Block", "Layout", "Line", "PlacedBlock", "Swatch", "arrange"]

#: Width and height of the legend's swatches.
SWATCH = 30.0, 18.0

_MARGIN = 20.0
_BESIDE = 1.1
_PANEL_SHARE, _PANEL_LEAST, _PANEL_MOST = 0.29, 262.0, 360.0
_LEAST_MAP = 0.42
_FOOT_PX = 10.5
#: Lines of sources beside the map, at least and at most below it.
_BRIEF_SOURCES, _FEW_SOURCES, _MANY_SOURCES = 2, 4, 14
_SELF_EXPLAINING = ("gain", "front", "distance")
#: How much is left out (see `_Content`), and the size of letters, tried in this order.
_ECONOMIES = (
    *(
        (0, 1.0),
        (0, 0.94),
        (1, 1.0),
        (1, 0.92),
        (2, 1.0),
        (2, 0.92),
        (3, 1.0),
        (3, 0.92),
        (3, 0.85),
    ),
    *((4, size) for size in (1.0, 0.92, 0.85, 0.78, 0.7, 0.6)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on its baseline; `at_end` puts its end at `x`, not its start."""

    text: str
    x: float
    y: float
    size_px: float
    bold: bool = False
    muted: bool = False
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Swatch:
    """The mark of a legend entry, `size` times as large as usual, with its top start corner."""

    entry: LegendEntry
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stay together, `gap` below what precedes, under a rule if `ruled`."""

    section: str
    height: float
    lines: tuple[Line, ...]
    swatches: tuple[Swatch, ...] = ()
    gap: float = 0.0
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A block, its left and top, and the width it was set for."""

    block: Block
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole figure: its size, the map's frame, and everything around that."""

    width: float
    height: float
    frame: Box
    blocks: tuple[PlacedBlock, ...]
    rtl: bool

    def mirrored(self) -> Layout:
        """Return the layout for languages that run from right to left."""
        frame = self.frame._replace(x=self.width - self.frame.x - self.frame.w)
        blocks = tuple(replace(b, x=self.width - b.x - b.width) for b in self.blocks)
        return replace(self, frame=frame, blocks=blocks, rtl=True)


def arrange(
    spec: MapSpec, detail: str, wide: float, high: float | None, map_aspect: float
) -> Layout:
    """Lay out a figure; a height of None is as high as needed.

    `detail` says which part of the theatre is shown ("" for all of it), `map_aspect` is the width
    of that by its height. Raises InputError where title, legend and sources don't fit.
    """
    beside = high is not None and wide >= _BESIDE * high
    for level, size in _ECONOMIES:
        content = _Content(spec, detail, level, size)
        if high is not None and beside:
            layout = _beside(content, wide, high)
        else:
            layout = _below(content, wide, high, map_aspect)
        if layout:
            return layout.mirrored() if spec.direction == "rtl" else layout
    raise InputError("the title and the legend don't fit on so small a figure: choose a larger one")


@dataclass(frozen=True)
class _Content:
    """The blocks of a figure, at a level of economy.

    At 1 the legend doesn't explain what explains itself; at 2 it has no areas; at 3 distances
    stand on the map alone; at 4 the legend is names alone.
    """

    spec: MapSpec
    detail: str
    level: int
    size: float

    @cached_property
    def words(self) -> Words:
        return Words.of(self.spec.lang)

    def heading(self, wide: float, title_px: float) -> list[Block]:
        spec = self.spec
        rows = [
            _text("heading", spec.title, wide, title_px * self.size, 1.16, bold=True, even=True),
            _text("heading", spec.as_of_line, wide, 14.5 * self.size, 1.25, bold=True, gap=6),
        ]
        if self.detail:
            rows.append(_text("heading", self.detail, wide, 13.5 * self.size, 1.3))
        if spec.known_line:
            known_px = 12 * self.size
            rows.append(_text("heading", spec.known_line, wide, known_px, 1.35, muted=True, gap=1))
        return rows

    def legend(self, wide: float) -> list[Block]:
        rows: list[Block] = []
        before = ""
        for entry in self.spec.legend:
            if entry.mark == "note":
                note_px = 12 * self.size
                note = _text("legend", entry.detail, wide, note_px, 1.3, muted=True, gap=2)
                rows += [note] if self.level < 2 else []
                continue
            block = self._entry(entry, wide)
            if before == "actor" and entry.mark != "actor":
                block = replace(block, ruled=True, gap=10 * self.size)
            rows.append(block)
            before = entry.mark
        return rows

    def _entry(self, entry: LegendEntry, wide: float) -> Block:
        size = self.size
        indent, label_px, detail_px = (SWATCH[0] + 10) * size, 13.5 * size, 12 * size
        detail = entry.detail if self._explains(entry) else ""
        labels = wrap(entry.label, wide - indent, label_px, True)
        lines = [
            Line(text, indent, (14 + 17 * i) * size, label_px, bold=True)
            for i, text in enumerate(labels)
        ]
        high = 17 * size * len(labels) + 2 * size
        room = wide - indent - width(labels[-1], label_px, True) - 8
        if entry.mark == "actor" and detail and width(detail, detail_px) <= room:
            lines.append(Line(detail, wide, lines[-1].y, detail_px, muted=True, at_end=True))
        elif detail:
            rest = _text("legend", detail, wide - indent, detail_px, 1.3, muted=True)
            lines += [replace(line, x=indent, y=line.y + high) for line in rest.lines]
            high += rest.height
        high = max(high, (SWATCH[1] + 2) * size)
        return Block("legend", high, tuple(lines), (Swatch(entry, 0, size, size),), gap=4 * size)

    def _explains(self, entry: LegendEntry) -> bool:
        if entry.mark == "actor":
            return self.level < 2
        return self.level < (1 if entry.mark in _SELF_EXPLAINING else 4)

    def distances(self, wide: float) -> list[Block]:
        size, spec = self.size, self.spec
        notes = [(c.place, c.label, c.sentence) for c in spec.call_outs]
        if self.level >= 3 or not (notes or spec.distance_notes):
            return []
        heading = self.words.say("distances")
        rows = [_text("distances", heading, wide, 13 * size, 1.3, bold=True, gap=12 * size)]
        for place, label, sentence in notes:
            first = Line(place, 0, 13 * size, 13 * size, bold=True)
            after = width(place, 13 * size, True) + 6 * size
            second = Line(label, after, 13 * size, 13 * size)
            told = _text("distances", sentence, wide, 12 * size, 1.3, muted=True)
            lines = (first, second, *(replace(t, y=t.y + 17 * size) for t in told.lines))
            rows.append(Block("distances", 17 * size + told.height, lines, gap=4 * size))
        rows += [
            _text("distances", t, wide, 12 * size, 1.3, muted=True) for t in spec.distance_notes
        ]
        return rows

    def foot(self, wide: float, most: int) -> list[Block]:
        """Return sources, each with its date, in at most so many lines, and credits."""
        credit = " · ".join(self.words.isolate(credit.text) for credit in self.spec.credits)
        rows = [_text("credits", credit, wide, _FOOT_PX, 1.35, muted=True, gap=2)]
        if self.spec.sources:
            rows.insert(0, self._sources(wide, most))
        return [replace(rows[0], ruled=True, gap=8), *rows[1:]]

    def _sources(self, wide: float, most: int) -> Block:
        """Name as many sources as fit, those of the latest changes first."""
        cited = [self._citation(source) for source in _by_news(self.spec)]
        block = None
        low, high = 1, len(cited)
        while low <= high:
            middle = (low + high) // 2
            text = self._listed(cited[:middle], len(cited) - middle)
            tried = _text("sources", text, wide, _FOOT_PX, 1.35, muted=True)
            if len(tried.lines) <= most:
                block, low = tried, middle + 1
            else:
                high = middle - 1
        if block is None:
            text = shortened(self._listed(cited[:1], len(cited) - 1), wide * most, _FOOT_PX)
            block = _text("sources", text, wide, _FOOT_PX, 1.35, muted=True)
        return block

    def _listed(self, cited: Sequence[str], others: int) -> str:
        more = [self.words.say("and_more", count=str(others))] if others else []
        return self.words.say(
            "sources_line", sources=self.words.say("semicolon").join([*cited, *more])
        )

    def _citation(self, source: SourceEntry) -> str:
        """Name a source and its own date."""
        publisher = self.words.isolate(source.publisher)
        return self.words.say("comma").join(filter(None, (publisher, source.published)))


def _text(
    section: str,
    text: str,
    wide: float,
    size_px: float,
    leading: float,
    *,
    bold: bool = False,
    muted: bool = False,
    even: bool = False,
    gap: float = 0.0,
) -> Block:
    """Set a paragraph; `even` makes its lines about equally wide."""
    broken = (evenly if even else wrap)(text, wide, size_px, bold)
    lines = tuple(
        Line(line, 0, size_px * (leading * i + (leading + 0.72) / 2), size_px, bold, muted)
        for i, line in enumerate(broken)
    )
    return Block(section, size_px * leading * len(lines), lines, gap=gap)


def _by_news(spec: MapSpec) -> list[SourceEntry]:
    """Return the sources, those of the latest changes first, then those cited most."""

    def citations(position: int, changes: Sequence[ChangeEntry]) -> int:
        return sum(said.source == position for change in changes for said in change.sources)

    new = [change for change in spec.changes if change.is_new]
    counts = [(citations(i, new), citations(i, spec.changes)) for i in range(len(spec.sources))]
    order = sorted(range(len(counts)), key=lambda i: counts[i], reverse=True)
    return [spec.sources[i] for i in order]


def _stacked(blocks: Sequence[Block], x: float, y: float, wide: float) -> list[PlacedBlock]:
    """Place blocks below each other."""
    placed = []
    for block in blocks:
        y += block.gap
        placed.append(PlacedBlock(block, x, y, wide))
        y += block.height
    return placed


def _height(blocks: Sequence[Block]) -> float:
    return sum(block.gap + block.height for block in blocks)


def _beside(content: _Content, wide: float, high: float) -> Layout | None:
    """Put heading and legend beside the map, sources below both; None if they don't fit."""
    panel = min(max(_PANEL_LEAST, _PANEL_SHARE * wide), _PANEL_MOST)
    margin = min(_MARGIN, 0.02 * wide)
    inner = panel - 2 * margin
    foot = content.foot(wide - 2 * margin, _BRIEF_SOURCES)
    foot_top = high - _height(foot) - 0.5 * margin
    heading = content.heading(inner, 23)
    legend = content.legend(inner)
    legend[:1] = [replace(block, gap=12 * content.size, ruled=True) for block in legend[:1]]
    column = [*heading, *legend, *content.distances(inner)]
    if margin + _height(column) > foot_top:
        return None
    blocks = (
        *_stacked(column, margin, margin - 3, inner),
        *_stacked(foot, margin, foot_top, wide - 2 * margin),
    )
    return Layout(wide, high, Box(panel, 0, wide - panel, foot_top), blocks, False)


def _below(content: _Content, wide: float, high: float | None, map_aspect: float) -> Layout | None:
    """Put the heading above the map, all else below it; None if the map gets too small."""
    margin = _MARGIN if wide >= 500 else 14.0
    inner = wide - 2 * margin
    heading = content.heading(inner, 28 if wide >= 700 else 23)
    count = 1 if inner < 460 else 2 if inner < 900 else 3
    gutter = 28.0
    column = (inner - (count - 1) * gutter) / count
    columns = _columns([*content.legend(column), *content.distances(column)], count)
    top, bottom = margin + _height(heading) + 10, max(map(_height, columns), default=0.0)
    best = wide / min(max(map_aspect, 0.8), 1.9) + 14
    foot = content.foot(inner, _FEW_SOURCES)
    if high is None:
        map_high = best
    else:
        map_high, foot = _shares(content, high - top - bottom - 14 - margin, inner, best)
        if map_high < _LEAST_MAP * min(high, best):
            return None
    below = top + map_high + 12
    blocks = _stacked(heading, margin, margin - 4, inner)
    for i, column_blocks in enumerate(columns):
        blocks += _stacked(column_blocks, margin + i * (column + gutter), below, column)
    foot_top = below + bottom + 2
    blocks += _stacked(foot, margin, foot_top, inner)
    height = high or foot_top + _height(foot) + margin
    return Layout(wide, height, Box(0, top, wide, map_high), tuple(blocks), False)


def _shares(content: _Content, room: float, inner: float, best: float) -> tuple[float, list[Block]]:
    """Share a height between the map and as many sources as it leaves room for."""
    for most in range(_MANY_SOURCES, _FEW_SOURCES, -1):
        foot = content.foot(inner, most)
        if room - _height(foot) >= best:
            return room - _height(foot), foot
    foot = content.foot(inner, _FEW_SOURCES)
    return room - _height(foot), foot


def _columns(blocks: Sequence[Block], count: int) -> list[list[Block]]:
    """Flow blocks into columns of nearly equal height."""
    limit = _height(blocks) / count
    while True:
        columns = list(_filled(blocks, limit))
        if len(columns) <= count:
            return columns
        limit *= 1.04


def _filled(blocks: Sequence[Block], limit: float) -> Iterator[list[Block]]:
    column: list[Block] = []
    for block in blocks:
        if column and _height([*column, block]) > limit:
            yield column
            column = []
        column.append(replace(block, gap=0.0, ruled=False) if not column else block)
    if column:
        yield column
