"""Layers as text (GeoJSON, CSV), and files that appear whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontmap.data.extracts import Extract, Query, Row, extract, on_map
from frontmap.geo.dates import format_instant
from frontmap.geo.errors import InputError
from frontmap.geo.records import Certainty

if TYPE_CHECKING:
    from frontmap.data.store import Project

#: Decimals of published coordinates: 1e-7 degrees is about a centimetre.
_DECIMALS = 7


def to_geojson(
    found: Extract, record: dict[str, Any] | None = None, *, decimals: int = _DECIMALS
) -> str:
    """Return a layer as an RFC 7946 FeatureCollection; a record is its member `metadata`."""
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    if record is not None:
        collection["metadata"] = record
    collection["features"] = [feature(row, decimals) for row in found.rows]
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n"


def feature(row: Row, decimals: int) -> dict[str, Any]:
    """Return a row as a GeoJSON feature."""
    import shapely

    text = shapely.to_geojson(row.geometry) or "null"
    geometry = json.loads(text, parse_float=lambda number: round(float(number), decimals))
    return {"type": "Feature", "properties": json_values(row.values), "geometry": geometry}


def json_values(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return values with dates and instants as text."""
    return {
        name: format_instant(value)
        if isinstance(value, datetime)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for name, value in values.items()
    }


def to_csv(rows: Sequence[Mapping[str, Any]], names: Sequence[str] = ()) -> str:
    """Return rows as CSV under `names`, else those of the first row.

    Text that a spreadsheet would run as a formula begins with an apostrophe; numbers stay numbers.
    """
    if not (rows or names):
        return ""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names or list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue()


def day_data(
    project: Project, day: date, known_at: datetime | None, min_certainty: Certainty
) -> dict[str, bytes]:
    """Return a day's downloads by file name: the control map and the front as GeoJSON."""
    control_map = project.control_map(day, known_at, min_certainty)
    return {
        f"{name}.geojson": to_geojson(on_map(project, name, control_map)).encode()
        for name in ("control", "front")
    }


def series_data(
    project: Project,
    days: Sequence[date],
    known_at: datetime | None,
    min_certainty: Certainty,
    distance_to: Sequence[str],
    from_: str | None,
) -> dict[str, bytes]:
    """Return the downloads of a series of days: areas and distances as CSV, and the project."""
    query = Query(
        since=days[0],
        until=days[-1],
        known_at=known_at,
        min_certainty=min_certainty,
        distance_to=tuple(distance_to),
        from_=from_,
    )

    def table(name: str) -> bytes:
        return to_csv(
            [json_values(row.values) for row in extract(project, name, query).rows]
        ).encode()

    return {
        "areas.csv": table("areas"),
        "distances.csv": table("distances") if distance_to else b"",
        "project.gpkg": project.copied(),
    }


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all."""
    write_whole(path, lambda draft: draft.write_bytes(data))


def write_whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Let `write` fill a draft beside `path`, then put it in place in one step."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".frontmap-", dir=path.parent) as folder:
            draft = Path(folder) / path.name
            write(draft)
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
            draft.replace(path)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be written: {why}") from None


def write_with_gdal(path: Path, driver: str, arguments: Mapping[str, Any]) -> None:
    """Write a file by `pyogrio.raw.write`; OSError where GDAL cannot, on a full disk say."""
    from pyogrio import raw

    try:
        raw.write(path, driver=driver, **arguments)
    except RuntimeError as error:  # what all errors of pyogrio are
        raise OSError(f"GDAL says: {error}") from None


#: What begins a formula, also as full-width signs, which some spreadsheets take for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def _cell(value: Any) -> Any:
    """Keep numbers as they are, and make text harmless in a spreadsheet."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
