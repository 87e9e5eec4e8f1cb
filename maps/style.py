"""How a control map looks: colours, hatches and strokes, declared once for every renderer.

Colours are "#rrggbb", widths and spacings CSS pixels (1/96 inch), opacities 0 to 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from frontmap.geo.records import Actor

#: Six colours that remain distinct to colour-blind readers: Petroff (2021), arXiv:2107.02270.
PALETTE = ("#5790fc", "#f89c20", "#e42536", "#964a8b", "#9c9ca1", "#7a21dd")

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Look(StrEnum):
    """The ways in which ground is shown; each has its own pattern and its own legend entry."""

    ASSESSED = "assessed"
    CLAIMED = "claimed"
    CONTESTED = "contested"
    BESIEGED = "besieged"
    NO_DATA = "no-data"
    #: On maps of two accounts alone: where these differ, and where they do so on every date.
    DISPUTED = "disputed"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Hatch:
    r"""A pattern of `mark` "/", "\", "x" or "." drawn every `spacing_px`, `width_px` wide."""

    mark: str
    colour: str
    opacity: float
    spacing_px: float
    width_px: float


@dataclass(frozen=True, slots=True)
class Fill:
    """How an area is filled: a colour, and a hatch over it or None."""

    colour: str
    opacity: float
    hatch: Hatch | None = None


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn; `dash_px` is on, off, …, and empty for a solid line."""

    width_px: float
    dash_px: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours that a map takes by day or by night, apart from those of its actors."""

    paper: str
    ink: str
    muted: str
    rule: str
    accent: str
    sea: str
    neighbour: str
    land: str
    border: str
    outline: str
    river: str
    front: str
    casing: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A size of figures in pixels (a height of None: as high as needed), and pixels per CSS pixel.

    A scale of None gives text its usual share of the figure.
    """

    size_px: tuple[int, int | None]
    scale: float | None = None


LIGHT = Theme(
    paper="#ffffff",
    ink="#1c1f23",
    muted="#565d66",
    rule="#d9dce0",
    accent="#0b57a4",
    sea="#dbe8f0",
    neighbour="#efeeeb",
    land="#ffffff",
    border="#c4c2bd",
    outline="#6f757c",
    river="#9cc3dc",
    front="#16181b",
    casing="#ffffff",
)

DARK = Theme(
    paper="#16191d",
    ink="#eceef0",
    muted="#a9b0b8",
    rule="#363c44",
    accent="#8ec2ff",
    sea="#1a2733",
    neighbour="#23272c",
    land="#2f343a",
    border="#464c54",
    outline="#8b929a",
    river="#3f637c",
    front="#fafafa",
    casing="#101215",
)

FRONT = Stroke(2.6)
FRONT_CASING = Stroke(5.2)
GAIN_OUTLINE = Stroke(1.3)
CALL_OUT = Stroke(1.6, (4.0, 3.0))
OUTLINE = Stroke(1.4)
BORDER = Stroke(0.9)
RIVER = Stroke(1.1)

#: What figures are made for; A4 is upright, with 300 dots to an inch.
PRESETS = {
    "social": Preset((1200, 675), 1.3),
    "slide": Preset((1920, 1080), 1.5),
    "a4": Preset((2480, 3508), 300 / 96),
    "column": Preset((600, None), 1.0),
}

_ASSESSED_OPACITY = 0.58
_NO_DATA_COLOUR = "#8a8f95"


def colours(actors: Sequence[Actor]) -> dict[str, str]:
    """Map each actor's slug to its colour, or to one of the palette where it has no valid one."""
    valid = {actor.slug: actor.colour for actor in actors if _COLOUR.fullmatch(actor.colour)}
    spare = [colour for colour in PALETTE if colour not in valid.values()] or list(PALETTE)
    wanting = [actor.slug for actor in actors if actor.slug not in valid]
    return valid | {slug: spare[i % len(spare)] for i, slug in enumerate(wanting)}


def next_colour(actors: Sequence[Actor]) -> str:
    """Return the first colour of the palette that no actor has, or the first of all."""
    taken = {actor.colour.lower() for actor in actors}
    return next((colour for colour in PALETTE if colour not in taken), PALETTE[0])


def fill(
    look: Look, colour: str = "", rival_colours: Sequence[str] = (), own_hatch: str = ""
) -> Fill:
    """Return how ground of this look is filled, for an actor's colour, hatch and rivals."""
    if look is Look.NO_DATA:
        return Fill(_NO_DATA_COLOUR, 0.06, Hatch("/", _NO_DATA_COLOUR, 0.45, 9, 0.8))
    if look is Look.CLAIMED:
        return Fill(colour, 0.2, Hatch("/", colour, 0.75, 7, 2.2))
    if look is Look.CONTESTED:
        rival = rival_colours[0] if rival_colours else darker(colour)
        return Fill(colour, _ASSESSED_OPACITY, Hatch("\\", rival, 0.9, 10, 4.2))
    if look is Look.BESIEGED:
        return Fill(colour, _ASSESSED_OPACITY, Hatch(".", darker(colour), 0.9, 7, 2.4))
    return Fill(colour, _ASSESSED_OPACITY, _own_hatch(own_hatch, colour))


def gain_fill(assessed: Fill) -> Fill:
    """Return how ground is filled that its holder has just taken: the same, but stronger."""
    hatch = assessed.hatch and replace(assessed.hatch, opacity=1.0)
    return Fill(assessed.colour, max(0.5, min(0.9, assessed.opacity + 0.3)), hatch)


def _own_hatch(mark: str, colour: str) -> Hatch | None:
    return Hatch(mark, darker(colour), 0.55, 8, 0.9) if mark else None


def darker(colour: str, share: float = 0.45) -> str:
    """Return `colour` with `share` of its light taken away."""
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(channel * (1 - share)):02x}" for channel in channels)


def mixed(colour: str, opacity: float, beneath: str) -> str:
    """Return the opaque colour that a translucent one makes over another."""
    pairs = ((int(c[i : i + 2], 16) for c in (colour, beneath)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * opacity + b * (1 - opacity)):02x}" for a, b in pairs)
