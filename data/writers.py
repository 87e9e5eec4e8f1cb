"""Derived layers as files: the control map and the front as GeoJSON, GeoPackage or CSV.

A file appears whole or not at all, and never over a project file.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontmap.data.store import Project, is_project
from frontmap.geo.errors import InputError
from frontmap.geo.records import Certainty

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from frontmap.geo.comparison import Comparison
    from frontmap.geo.control import ControlMap

#: Decimals of published coordinates: 1e-7 degrees is about a centimetre.
_DECIMALS = 7


def control_frame(project: Project, control_map: ControlMap) -> GeoDataFrame:
    """Return the areas of a control map, one row an area, in EPSG:4326."""
    from frontmap.geo.geodesy import area_km2

    behind = _provenance(project)
    rows = [
        {
            "actor": area.actor,
            "side": area.side,
            "status": area.status and str(area.status),
            "contested_by": ",".join(area.contested_by) or None,
            "certainty": area.certainty and str(area.certainty),
            "area_km2": round(area_km2(area.polygon), 3),
            **behind(area.change_ids),
        }
        for area in control_map.areas
    ]
    return _frame(rows, [area.polygon for area in control_map.areas])


def front_frame(project: Project, control_map: ControlMap) -> GeoDataFrame:
    """Return the front line, one row a stretch, in EPSG:4326."""
    from frontmap.geo.geodesy import length_km

    behind = _provenance(project)
    rows = [
        {
            "side_1": stretch.sides[0],
            "side_2": stretch.sides[1],
            "actor_1": stretch.actors[0],
            "actor_2": stretch.actors[1],
            "length_km": round(length_km(stretch.line), 3),
            **behind(stretch.change_ids),
        }
        for stretch in control_map.front
    ]
    return _frame(rows, [stretch.line for stretch in control_map.front])


def comparison_frame(comparison: Comparison) -> GeoDataFrame:
    """Return the ground of a comparison, one row a verdict, in EPSG:4326."""
    rows = [{**row, "places": ", ".join(row["places"])} for row in comparison.to_dicts()]
    return _frame(rows, [verdict.polygon for verdict in comparison.verdicts])


def to_geojson(frame: GeoDataFrame) -> str:
    """Return a frame as an RFC 7946 FeatureCollection, coordinates to the centimetre."""
    import shapely

    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in row.items() if k != "geometry"},
            "geometry": json.loads(shapely.to_geojson(row["geometry"])),
        }
        for row in frame.to_dict("records")
    ]
    collection = {"type": "FeatureCollection", "features": features}
    rounded = json.loads(json.dumps(collection), parse_float=lambda t: round(float(t), _DECIMALS))
    return json.dumps(rounded, ensure_ascii=False, separators=(",", ":")) + "\n"


def to_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV; text that a spreadsheet would run as a formula is quoted with '."""
    if not rows:
        return ""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return buffer.getvalue()


def day_data(
    project: Project, day: date, known_at: datetime | None, min_certainty: Certainty
) -> dict[str, bytes]:
    """Return a day's downloads by file name: the control map and the front as GeoJSON."""
    control_map = project.control_map(day, known_at, min_certainty)
    return {
        "control.geojson": to_geojson(control_frame(project, control_map)).encode(),
        "front.geojson": to_geojson(front_frame(project, control_map)).encode(),
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
    from frontmap.geo.distance import columns
    from frontmap.geo.summary import holdings, series

    maps = {day: project.control_map(day, known_at, min_certainty) for day in days}
    places = project.places()
    areas = [
        {"on": day.isoformat(), **row.to_dict()}
        for day, control_map in maps.items()
        for row in holdings(control_map, places)
    ]
    targets = [project.resolve(name) for name in distance_to]
    distances = [columns(row) for row in series(maps.__getitem__, days, targets, from_, places)]
    return {
        "areas.csv": to_csv(areas).encode(),
        "distances.csv": to_csv(distances).encode(),
        "project.gpkg": project.copied(),
    }


def write_layer(frame: GeoDataFrame, path: Path, layer: str) -> None:
    """Write a frame by the file's suffix: .geojson, .gpkg or .csv (without geometry)."""
    formats: dict[str, Callable[[Path], Any]] = {
        ".geojson": lambda draft: draft.write_text(to_geojson(frame), encoding="utf-8"),
        ".csv": lambda draft: draft.write_text(
            to_csv(frame.drop(columns="geometry").to_dict("records")), encoding="utf-8"
        ),
        ".gpkg": lambda draft: frame.to_file(
            draft, driver="GPKG", layer=layer, engine="pyogrio", VERSION="1.3"
        ),
    }
    if path.suffix not in formats:
        raise InputError(f"{path}: write it as one of {', '.join(formats)}")
    if path.suffix == ".gpkg" and is_project(path):
        raise InputError(f"{path} is a project; nothing was written (choose another name)")
    write_whole(path, formats[path.suffix])


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
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None


def _provenance(project: Project) -> Callable[[Sequence[int]], dict[str, str | None]]:
    """Return what says which changes, and which sources of theirs, stand behind a feature."""
    cited = {change.id: {said.source for said in change.sources} for change in project.changes()}

    def behind(change_ids: Sequence[int]) -> dict[str, str | None]:
        sources = set().union(*(cited[change_id] for change_id in change_ids))
        return {
            "changes": ",".join(map(str, change_ids)) or None,
            "sources": ",".join(sorted(sources)) or None,
        }

    return behind


def _frame(rows: list[dict[str, Any]], geometries: Sequence[Any]) -> GeoDataFrame:
    from geopandas import GeoDataFrame

    return GeoDataFrame(rows, geometry=list(geometries), crs="EPSG:4326")


def _cell(value: Any) -> Any:
    """Keep numbers as they are, and make text harmless in a spreadsheet."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
