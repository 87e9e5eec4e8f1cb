"""What an exported file says of itself: a STAC Collection, the same record in every format.

STAC is the SpatioTemporal Asset Catalog specification, https://github.com/radiantearth/stac-spec;
`table:columns` is its table extension. What has no name there begins with `frontmap:`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from frontmap.data.extracts import Column, Extract, Query
from frontmap.geo.dates import format_instant
from frontmap.geo.errors import InputError

if TYPE_CHECKING:
    from frontmap.data.store import Project

__all__ = ["METHOD", "as_json", "describe"]

METHOD = (
    "Dated control changes, each with its sources, painted one over another in the order of their "
    "dates; different sides that claim the same ground from the same date contest it. Edges are "
    "straight in longitude and latitude (WGS84); areas and lengths are geodesic."
)
#: What the data that projects are built on asks for, by the prefix of the ids of its places.
_CREDITS = {
    "geonames": {
        "name": "GeoNames",
        "description": "Place names © GeoNames, CC BY 4.0",
        "roles": ["licensor"],
        "url": "https://www.geonames.org/",
    },
    "osm": {
        "name": "OpenStreetMap",
        "description": "Some places © OpenStreetMap contributors, ODbL 1.0",
        "roles": ["licensor"],
        "url": "https://www.openstreetmap.org/copyright",
    },
    "": {
        "name": "Natural Earth",
        "description": "Made with Natural Earth (public domain)",
        "roles": ["licensor"],
        "url": "https://www.naturalearthdata.com/",
    },
}
_TABLE_EXTENSION = "https://stac-extensions.github.io/table/v1.2.0/schema.json"


def describe(
    project: Project,
    query: Query,
    extracts: Sequence[Extract],
    *,
    title: str | None = None,
    licence: str | None = None,
) -> dict[str, Any]:
    """Return the record of what was taken out of a project.

    `licence` is an SPDX identifier as in "CC-BY-4.0"; without one the record says "other", STAC's
    word for a licence that has to be asked for. Equal input gives an equal record: known-at is
    when the newest row known was recorded, not when the file was made. Raises InputError where the
    licence is no identifier.
    """
    if licence is not None and not re.fullmatch(r"[\w.+-]+", licence):
        raise InputError(f"{licence!r} is no SPDX identifier: write it as CC-BY-4.0")
    first, last = _period(project, query)
    known_at = project.recorded_until(query.known_at)
    names = [extract.layer.name for extract in extracts]
    return {
        "type": "Collection",
        "stac_version": "1.1.0",
        "stac_extensions": [_TABLE_EXTENSION],
        "id": "-".join(["frontmap", *names]),
        "title": title or f"{project.theatre.name}: control of territory",
        "description": " ".join(f"{e.layer.meaning} ({e.layer.name})." for e in extracts),
        "license": licence or "other",
        "providers": _credits(project),
        "extent": {
            "spatial": {"bbox": [list(project.theatre.polygon.bounds)]},
            "temporal": {"interval": [[_instant(first), _instant(last, ends=True)]]},
        },
        "links": [],
        "table:columns": [
            _column(column) for column in {c.name: c for e in extracts for c in e.columns}.values()
        ],
        "frontmap:version": version("frontmap"),
        "frontmap:method": METHOD,
        "frontmap:as_of": [day and day.isoformat() for day in (first, last)],
        "frontmap:known_at": known_at and format_instant(known_at),
        "frontmap:min_certainty": str(query.min_certainty),
        "frontmap:time_zone": project.theatre.time_zone,
        "frontmap:actors": [
            {name: value for name, value in asdict(actor).items() if name != "aliases"}
            for actor in project.actors().values()
        ],
        "frontmap:sources": _sources(project, extracts),
    }


def _credits(project: Project) -> list[dict[str, Any]]:
    gazetteers = {place.partition(":")[0] for place in project.place_names()} | {""}
    return [credit for prefix, credit in _CREDITS.items() if prefix in gazetteers]


def as_json(record: dict[str, Any], *, indent: int | None = None) -> str:
    """Return a record as JSON text."""
    separators = None if indent else (",", ":")
    return json.dumps(record, ensure_ascii=False, indent=indent, separators=separators)


def _period(project: Project, query: Query) -> tuple[date | None, date | None]:
    dates = project.arrangement().dates()
    first = query.on or query.since or (dates[0] if dates else None)
    return first, query.on or query.until or max(filter(None, [first, *dates[-1:]]), default=None)


def _instant(day: date | None, *, ends: bool = False) -> str | None:
    """Return the first instant of a day, or of the day after it, as STAC writes time."""
    return None if day is None else f"{day + timedelta(days=ends)}T00:00:00Z"


def _column(column: Column) -> dict[str, str]:
    unit = f" ({column.unit})" if column.unit else ""
    return {
        "name": column.name,
        "type": str(column.type),
        "description": f"{column.meaning}{unit}",
    }


def _sources(project: Project, extracts: Sequence[Extract]) -> list[dict[str, Any]]:
    """Return the sources behind the exported rows."""
    ids = {change_id for e in extracts for row in e.rows for change_id in row.change_ids}
    cited = {said.source for c in project.changes() if c.id in ids for said in c.sources}
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(source).items()
            if value not in ("", None)
        }
        for source in project.sources().values()
        if source.slug in cited
    ]
