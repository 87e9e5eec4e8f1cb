"""Profiles: how files of a kind are read, as data. Those that ship are here, in one table.

A profile says which columns hold which fields, what is the same for all rows, and what values mean.
`frontmap.data.targets` declares the fields; a project keeps profiles of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from frontmap.data.layers import Layer

__all__ = ["BUILT_IN", "GEONAMES", "Profile", "Row", "Settings"]


@dataclass(slots=True)
class Row:
    """A feature or line on its way in: the text of its fields, its geometry, what is wrong."""

    where: str
    file: str
    number: int
    values: dict[str, str]
    shape: BaseGeometry | None = None
    problems: list[str] = field(default_factory=list)

    def problem(self, what: str) -> None:
        """Note what is wrong with the row."""
        self.problems.append(f"{self.where}: {what}")


@dataclass(frozen=True, slots=True)
class Settings:
    """How columns become fields.

    `columns` names, for each field, those that may hold it: an empty cell, or a column that is not
    there, leaves it to the next. `constants` are values for all rows, `values` what a cell stands
    for by field, and `formats` what to make of a cell ("geonames:{}"). `date_format` is tried where
    a date is not ISO.
    """

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    date_format: str = ""

    def over(self, base: Settings) -> Settings:
        """Return these settings laid over those of a profile."""
        values = {
            name: {**base.values.get(name, {}), **self.values.get(name, {})}
            for name in {**base.values, **self.values}
        }
        columns = {k: v for k, v in base.columns.items() if k not in self.constants}
        constants = {k: v for k, v in base.constants.items() if k not in self.columns}
        return Settings(
            {**columns, **self.columns},
            {**constants, **self.constants},
            values,
            {**base.formats, **self.formats},
            self.date_format or base.date_format,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the settings as a project keeps them."""
        return {
            "columns": {name: list(columns) for name, columns in self.columns.items()},
            "constants": dict(self.constants),
            "values": {name: dict(meant) for name, meant in self.values.items()},
            "formats": dict(self.formats),
            "date_format": self.date_format,
        }


@dataclass(frozen=True, slots=True)
class Profile:
    """A way to read files of a kind, for `targets`.

    `of_layer` gives values for all rows of a layer, by its name and columns, or None to leave the
    layer out; where there is such a function all layers of a file are read, else there may be but
    one. `arrange` works on the rows of all files, their dates ISO by then.
    """

    name: str
    meaning: str
    targets: tuple[str, ...]
    settings: Settings = Settings()
    of_layer: Callable[[Layer], Mapping[str, str] | None] | None = None
    arrange: Callable[[list[Row]], list[Row]] = lambda rows: rows


# VIINA: who controls a place, a row a place and day


_CONTESTED = "CONTESTED"


def _turns(rows: list[Row]) -> list[Row]:
    """Keep of each place's days those on which its status changes.

    Contested ground stays with who held it the day before, and the other party contests it.
    """
    parties = sorted({row.values["actor"] for row in rows} - {_CONTESTED, ""})
    kept: list[Row] = []
    rows = sorted(rows, key=lambda row: (row.values["place"], row.values["on"]))
    for _, days in groupby(rows, key=lambda row: row.values["place"]):
        holder, before = "", ""
        for row in days:
            now = row.values["actor"]
            if now == before and not row.problems:
                continue
            before = now
            if now == _CONTESTED:
                _contest(row, holder, parties)
            else:
                holder = now
            kept.append(row)
    return kept


def _contest(row: Row, holder: str, parties: Sequence[str]) -> None:
    others = [party for party in parties if party != holder]
    if not holder or len(others) != 1:
        row.problem("is contested, and no earlier day says who held it: add such a day")
        return
    row.values |= {"actor": holder, "status": "contested", "contested_by": others[0]}


# ISW and CTP: layers whose names say what they are


_OPPOSITE = {"Russian": "Ukrainian", "Ukrainian": "Russian"}


def _isw_layer(layer: Layer) -> Mapping[str, str] | None:
    """Read a layer's name: who, whether it is a claim, and whether it is held or advanced into.

    An assessed advance is ground where a side has operated that it does not control: contested,
    and still its adversary's.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\W]+", " ", layer.name).lower()
    who = next((who for who in _OPPOSITE if who.lower() in words), None)
    if who is None:
        return None
    certainty = "claimed" if "claim" in words else "reported"
    if "advance" in words and certainty != "claimed":
        contested = {"status": "contested", "contested_by": who, "actor": _OPPOSITE[who]}
        return {**contested, "certainty": certainty}
    return {"actor": who, "status": "controlled", "certainty": certainty}


# OCHA's common operational datasets: the deepest level that the columns have


_DEEPEST = (4, 3, 2, 1)


def _ocha_level(layer: Layer) -> Mapping[str, str] | None:
    present = {name.lower() for name in layer.columns}
    level = next((n for n in _DEEPEST if f"adm{n}_pcode" in present), None)
    return {"level": str(level)} if level else None


def _deepest(suffixes: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"ADM{level}_{suffix}" for level in _DEEPEST for suffix in suffixes)


GEONAMES = "geonames"
BUILT_IN = {
    profile.name: profile
    for profile in (
        Profile(GEONAMES, "GeoNames' dumps: SY.txt, SY.zip, alternatenames", ("places",)),
        Profile(
            "viina",
            "VIINA's control CSV: geonameid, date, status",
            ("changes",),
            Settings(
                columns={"place": ("geonameid",), "on": ("date",), "actor": ("status",)},
                constants={"status": "controlled"},
                formats={"place": "geonames:{}"},
                date_format="%Y%m%d",
            ),
            arrange=_turns,
        ),
        Profile(
            "isw",
            "ISW's and CTP's layers: assessed control, assessed advance, claimed, by layer name",
            ("changes",),
            of_layer=_isw_layer,
        ),
        Profile(
            "detailed-map",
            "Wikipedia's detailed maps of wars, Lua tables of marks",
            ("places", "changes"),
            Settings(
                columns={
                    "place": ("name",),
                    "name": ("name",),
                    "actor": ("actor",),
                    "status": ("status",),
                    "contested_by": ("contested_by",),
                },
            ),
        ),
        Profile(
            "acled",
            "ACLED-style events as context",
            ("events",),
            Settings(
                columns={
                    "id": ("event_id_cnty", "event_id_no_cnty", "data_id"),
                    "on": ("event_date",),
                    "kind": ("sub_event_type", "event_type"),
                    "place": ("location",),
                    "note": ("notes",),
                    "source": ("source",),
                    "lon": ("longitude",),
                    "lat": ("latitude",),
                },
                formats={"id": "acled:{}"},
                date_format="%d %B %Y",
            ),
        ),
        Profile(
            "cod-ab",
            "OCHA's common operational datasets of administrative boundaries",
            ("zones",),
            Settings(
                columns={
                    "code": _deepest(("PCODE",)),
                    "name": _deepest(("EN", "NAME")),
                    "names": _deepest(("AR", "UK", "UA", "FR", "ES", "PT", "NAME1")),
                    "country": ("ADM0_PCODE",),
                },
            ),
            of_layer=_ocha_level,
        ),
        Profile(
            "geoboundaries",
            "geoBoundaries",
            ("zones",),
            Settings(columns={"code": ("shapeISO", "shapeID"), "name": ("shapeName",)}),
        ),
        Profile(
            "natural-earth",
            "Natural Earth's states and provinces",
            ("zones",),
            Settings(
                columns={
                    "code": ("iso_3166_2", "adm1_code"),
                    "name": ("name_en", "name"),
                    "names": ("name_local", "name_ar", "name_uk"),
                    "country": ("iso_a2",),
                },
            ),
        ),
    )
}
