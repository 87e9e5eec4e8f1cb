"""What frontmap gives to other programs: each layer declared once, with its columns.

The commands, the files, their metadata and the documentation all follow `LAYERS`. A layer of
*state* says what stands on a day: it is had for one day, for each of several days, or as intervals,
a row as long as nothing in it changes. The others have their dates in themselves, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from frontmap.geo.errors import InputError
from frontmap.geo.records import Certainty

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame
    from shapely.geometry.base import BaseGeometry

    from frontmap.data.store import Project
    from frontmap.geo.comparison import Comparison
    from frontmap.geo.control import ControlMap
    from frontmap.geo.records import Place

__all__ = ["LAYERS", "Column", "Extract", "Layer", "Query", "Row", "Type", "extract", "finished"]


class Type(StrEnum):
    """What a column holds: a `time` is an instant in UTC, a `date` a day of the theatre."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"


#: What each is in a table of pandas.
_DTYPES = {
    Type.TEXT: "object",
    Type.INTEGER: "Int64",
    Type.NUMBER: "float64",
    Type.BOOLEAN: "boolean",
    Type.DATE: "datetime64[ms]",
    Type.TIME: "datetime64[ms, UTC]",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `measure` has its value from the row's geometry."""

    name: str
    type: Type
    meaning: str
    unit: str = ""
    measure: Callable[[Any], float] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Values by column, a WGS84 lon/lat geometry if any, and the changes that say so."""

    values: Mapping[str, Any]
    geometry: BaseGeometry | None = None
    change_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer; either `on_day` says what stands on a day, or `over_days` has rows of several.

    `geometry` is the type of every row's geometry, None for a plain table.
    """

    name: str
    meaning: str
    geometry: str | None
    columns: tuple[Column, ...]
    on_day: Callable[[_Reading, date], list[Row]] | None = None
    over_days: Callable[[_Reading, Sequence[date]], Iterator[Row]] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What of a project is asked for.

    One day (`on`), or the days from `since` to `until`, both included; None for the project's first
    and last. States come as intervals, or with `daily` as a row for each day. `distance_to` are
    names or ids of places, `from_` an actor or a side, None for the front.
    """

    on: date | None = None
    since: date | None = None
    until: date | None = None
    daily: bool = False
    known_at: datetime | None = None
    min_certainty: Certainty = Certainty.CLAIMED
    distance_to: tuple[str, ...] = ()
    from_: str | None = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if self.on and (self.since or self.until or self.daily):
            raise InputError("one day (on) or several (since, until, daily), not both")
        if self.since and self.until and self.since > self.until:
            raise InputError(f"since {self.since} is after until {self.until}")


@dataclass(frozen=True, slots=True)
class Extract:
    """The rows of a layer that were asked for; every row has every column, in their order."""

    layer: Layer
    columns: tuple[Column, ...]
    rows: list[Row] = field(repr=False)

    def frame(self) -> GeoDataFrame | DataFrame:
        """Return the rows as a GeoDataFrame in EPSG:4326, or a DataFrame of a plain table.

        Every column has its type, in an empty one too: dates are `datetime64` at midnight, instants
        `datetime64` in UTC, whole numbers `Int64`; None is where text is missing.
        """
        from geopandas import GeoDataFrame, GeoSeries
        from pandas import DataFrame, Series

        table = {
            column.name: Series(
                [row.values[column.name] for row in self.rows], dtype=_DTYPES[column.type]
            )
            for column in self.columns
        }
        if self.layer.geometry is None:
            return DataFrame(table)
        geometries = GeoSeries([row.geometry for row in self.rows], crs="EPSG:4326")
        return GeoDataFrame(table, geometry=geometries)


def extract(project: Project, name: str, query: Query) -> Extract:
    """Return the rows of a layer of a project.

    Raises UnknownNameError where a place or an actor of the query is not known, and InputError
    where distances are asked for to no place.
    """
    layer, reading = LAYERS[name], _Reading(project, query)
    if layer.over_days is not None:
        return finished(layer, layer.columns, layer.over_days(reading, reading.days))
    if query.on or query.daily:
        return finished(layer, (_ON, *layer.columns), _each_day(layer, reading))
    columns = (_VALID_FROM, _VALID_TO, *layer.columns)
    return finished(layer, columns, _intervals(layer, reading))


def on_map(project: Project, name: str, control_map: ControlMap) -> Extract:
    """Return the rows of a layer of state on one map, without columns of dates."""
    layer = LAYERS[name]
    query = Query(
        on=control_map.as_of,
        known_at=control_map.known_at,
        min_certainty=control_map.min_certainty,
    )
    assert layer.on_day is not None
    rows = layer.on_day(_Reading(project, query), control_map.as_of)
    return finished(layer, layer.columns, rows)


class _Reading:
    """A project as a query sees it; what every layer needs is read once."""

    def __init__(self, project: Project, query: Query) -> None:
        self.project, self.query = project, query

    @cached_property
    def dates(self) -> list[date]:
        """Every day on which a map may differ from that of the day before."""
        return self.project.arrangement().dates()

    @cached_property
    def days(self) -> list[date]:
        """The days that are asked for."""
        if self.query.on:
            return [self.query.on]
        if not self.dates:
            return []
        first = self.query.since or self.dates[0]
        last = self.query.until or max(first, self.dates[-1])
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    @cached_property
    def places(self) -> list[Place]:
        return self.project.places()

    @cached_property
    def cited(self) -> dict[int, set[str]]:
        """The sources of each change."""
        return {c.id: {said.source for said in c.sources} for c in self.project.changes()}

    def control_map(self, day: date) -> ControlMap:
        return self.project.control_map(day, self.query.known_at, self.query.min_certainty)

    def behind(self, change_ids: Iterable[int]) -> dict[str, str | None]:
        """Return the columns that say which changes, and which sources of theirs, say so."""
        ids = list(change_ids)
        sources = set().union(*(self.cited[change_id] for change_id in ids))
        return {
            "changes": ",".join(map(str, ids)) or None,
            "sources": ",".join(sorted(sources)) or None,
        }


# From days to rows


def finished(layer: Layer, columns: Sequence[Column], rows: Iterable[Row]) -> Extract:
    """Return rows with what is measured, and with their values in the order of the columns."""

    def value(row: Row, column: Column) -> Any:
        if column.measure is not None:
            return round(column.measure(row.geometry), 3)
        return row.values[column.name]

    done = [
        Row({column.name: value(row, column) for column in columns}, row.geometry, row.change_ids)
        for row in rows
    ]
    return Extract(layer, tuple(columns), done)


def _dated(row: Row, **dates: date | None) -> Row:
    return Row({**dates, **row.values}, row.geometry, row.change_ids)


def _each_day(layer: Layer, reading: _Reading) -> Iterator[Row]:
    changed, rows = set(reading.dates), None
    for day in reading.days:
        if rows is None or day in changed:
            rows = _states(layer, reading, day)
        yield from (_dated(row, on=day) for row in rows)


def _states(layer: Layer, reading: _Reading, day: date) -> list[Row]:
    assert layer.on_day is not None
    return layer.on_day(reading, day)


def _intervals(layer: Layer, reading: _Reading) -> list[Row]:
    """Return the rows that stand on any of the days asked for, with all the days they stand.

    A row ends where a value of it, its geometry or the changes behind it are others.
    """
    done: list[tuple[date, int, date | None, Row]] = []
    standing: dict[tuple[Any, ...], tuple[date, int, Row]] = {}
    for day in reading.dates:
        now = {_identity(row): row for row in _states(layer, reading, day)}
        for key in [key for key in standing if key not in now]:
            since, order, row = standing.pop(key)
            done.append((since, order, day, row))
        for order, (key, row) in enumerate(now.items()):
            standing.setdefault(key, (day, order, row))
    done += [(since, order, None, row) for since, order, row in standing.values()]
    if not reading.days:
        return []
    first, last = reading.days[0], reading.days[-1]
    return [
        _dated(row, valid_from=since, valid_to=until)
        for since, _, until, row in sorted(done, key=lambda item: item[:2])
        if since <= last and (until is None or until > first)
    ]


def _identity(row: Row) -> tuple[Any, ...]:
    import shapely

    shape = None if row.geometry is None else shapely.to_wkb(shapely.normalize(row.geometry))
    return (*row.values.values(), shape)


# The layers


def _control(reading: _Reading, day: date) -> list[Row]:
    return [
        Row(
            {
                "actor": area.actor,
                "side": area.side,
                "status": area.status and str(area.status),
                "contested_by": ",".join(area.contested_by) or None,
                "certainty": area.certainty and str(area.certainty),
                **reading.behind(area.change_ids),
            },
            area.polygon,
            area.change_ids,
        )
        for area in reading.control_map(day).areas
    ]


def _front(reading: _Reading, day: date) -> list[Row]:
    return [
        Row(
            {
                "side_1": stretch.sides[0],
                "side_2": stretch.sides[1],
                "actor_1": stretch.actors[0],
                "actor_2": stretch.actors[1],
                **reading.behind(stretch.change_ids),
            },
            stretch.line,
            stretch.change_ids,
        )
        for stretch in reading.control_map(day).front
    ]


def _places(reading: _Reading, day: date) -> list[Row]:
    from shapely import Point

    from frontmap.geo.summary import locate

    pieces = locate(reading.control_map(day), reading.places)
    return [
        Row(
            {
                "place": place.id,
                "name": place.name,
                "country": place.country,
                "admin1": place.admin1,
                "lon": place.lon,
                "lat": place.lat,
                "population": place.population,
                "actor": piece.actor if piece else None,
                "side": piece.side if piece else None,
                "status": piece.status and str(piece.status) if piece else None,
                "contested_by": ",".join(piece.contested_by) or None if piece else None,
                "certainty": piece.certainty and str(piece.certainty) if piece else None,
                **reading.behind(piece.change_ids if piece else ()),
            },
            Point(place.lon, place.lat),
            piece.change_ids if piece else (),
        )
        for place, piece in zip(reading.places, pieces, strict=True)
    ]


def _gains(reading: _Reading, days: Sequence[date]) -> Iterator[Row]:
    """Yield what changed hands on each day against the day before."""
    from frontmap.geo.control import gains

    changed = set(reading.dates)
    for day in days:
        if day not in changed:
            continue
        before, after = (reading.control_map(at) for at in (day - timedelta(days=1), day))
        ids = {change.id for change in reading.project.changes() if change.valid_from == day}
        for gain in gains(before, after):
            rows = tuple(sorted(ids.intersection(after.change_ids)))
            yield Row(
                {
                    "on": day,
                    "actor": gain.actor,
                    "side": gain.side,
                    "from_actor": gain.from_actor,
                    "from_side": gain.from_side,
                },
                gain.polygon,
                rows,
            )


def _changes(reading: _Reading, days: Sequence[date]) -> Iterator[Row]:
    from frontmap.geo.control import is_known

    names, query = reading.project.place_names(), reading.query
    every = reading.project.changes() if days else []
    for change in sorted(every, key=lambda c: (c.valid_from, c.id)):
        stands = change.valid_from <= days[-1] and (
            change.valid_to is None or change.valid_to > days[0]
        )
        certain = change.certainty.rank >= query.min_certainty.rank
        if not (stands and certain and is_known(change, query.known_at)):
            continue
        yield Row(
            {
                "change": change.id,
                "valid_from": change.valid_from,
                "valid_to": change.valid_to,
                "actor": change.actor,
                "status": str(change.status),
                "contested_by": change.contested_by,
                "certainty": str(change.certainty),
                "place": change.place,
                "place_name": names[change.place] if change.place else None,
                "method": str(change.method),
                "note": change.note or None,
                "sources": ",".join(said.source for said in change.sources) or None,
                "said_by": "; ".join(said.said_by for said in change.sources if said.said_by)
                or None,
                "recorded_at": change.recorded_at,
            },
            change.polygon,
            (change.id,),
        )


def _areas(reading: _Reading, days: Sequence[date]) -> Iterator[Row]:
    from frontmap.geo.summary import holdings

    changed = set(reading.dates)
    rows: list[dict[str, Any]] = []
    ids: tuple[int, ...] = ()
    for number, day in enumerate(days):
        if number == 0 or day in changed:
            control_map = reading.control_map(day)
            rows = [row.to_dict() for row in holdings(control_map, reading.places)]
            ids = control_map.change_ids
        yield from (Row({"on": day, **row}, change_ids=ids) for row in rows)


def _distances(reading: _Reading, days: Sequence[date]) -> Iterator[Row]:
    from frontmap.geo.distance import columns
    from frontmap.geo.summary import series

    if not reading.query.distance_to:
        raise InputError("distances to where? name at least one place (--distance-to)")
    targets = [reading.project.resolve(name) for name in reading.query.distance_to]
    behind: set[int] = set()

    def map_of(day: date) -> ControlMap:
        control_map = reading.control_map(day)
        behind.update(control_map.change_ids)
        return control_map

    rows = series(map_of, days, targets, reading.query.from_, reading.places) if days else []
    ids = tuple(sorted(behind))
    yield from (Row({**columns(row), "on": row.on}, change_ids=ids) for row in rows)


def _events(reading: _Reading, days: Sequence[date]) -> Iterator[Row]:
    """Yield the events of the days asked for; without any, also those on which nothing changed."""
    from shapely import Point

    query = reading.query
    first, last = query.on or query.since or date.min, query.on or query.until or date.max
    yield from (
        Row(
            {
                "event": event.id,
                "on": event.on,
                "kind": event.kind,
                "place": event.place or None,
                "lon": event.lon,
                "lat": event.lat,
                "note": event.note or None,
                "source": event.source or None,
            },
            Point(event.lon, event.lat),
        )
        for event in reading.project.events()
        if first <= event.on <= last
    )


def _footprints(reading: _Reading, days: Sequence[date]) -> Iterator[Row]:
    names, files = reading.project.place_names(), reading.project.footprint_sources()
    for place, polygon in reading.project.footprints().items():
        yield Row({"place": place, "name": names[place], "source": files[place] or None}, polygon)


def _area_km2(polygon: Any) -> float:
    from frontmap.geo.geodesy import area_km2

    return float(area_km2(polygon))


def _length_km(line: Any) -> float:
    from frontmap.geo.geodesy import length_km

    return float(length_km(line))


def _text(name: str, meaning: str) -> Column:
    return Column(name, Type.TEXT, meaning)


def _number(name: str, meaning: str, unit: str = "") -> Column:
    return Column(name, Type.NUMBER, meaning, unit)


_ON = Column("on", Type.DATE, "The day")
_VALID_FROM = Column("valid_from", Type.DATE, "First day on which it is so")
_VALID_TO = Column("valid_to", Type.DATE, "First day on which it is no longer so, null for open")
_ACTOR = _text("actor", "Who holds it, null for no data")
_SIDE = _text("side", "The actor's side")
_STATUS = _text("status", "How the actor stands there: controlled, contested or besieged")
_CONTESTED_BY = _text("contested_by", "Who contests it, separated by commas")
_CERTAINTY = _text("certainty", "How well it is established: claimed, reported or confirmed")
_AREA_KM2 = Column("area_km2", Type.NUMBER, "Geodesic area", "km²", _area_km2)
_LON_LAT = (
    _number("lon", "Longitude, WGS84", "degrees"),
    _number("lat", "Latitude, WGS84", "degrees"),
)
_BEHIND = (
    _text("changes", "Ids of the control changes that say so, separated by commas"),
    _text("sources", "Their sources, separated by commas"),
)

LAYERS = {
    layer.name: layer
    for layer in (
        Layer(
            "control",
            "Who holds what: areas that leave no gap and do not overlap",
            "MultiPolygon",
            (_ACTOR, _SIDE, _STATUS, _CONTESTED_BY, _CERTAINTY, _AREA_KM2, *_BEHIND),
            on_day=_control,
        ),
        Layer(
            "front",
            "The front line, a stretch a row",
            "LineString",
            (
                _text("side_1", "Side on one hand"),
                _text("side_2", "Side on the other"),
                _text("actor_1", "Actor of side_1"),
                _text("actor_2", "Actor of side_2"),
                Column("length_km", Type.NUMBER, "Geodesic length", "km", _length_km),
                *_BEHIND,
            ),
            on_day=_front,
        ),
        Layer(
            "places",
            "Known places, and who holds each",
            "Point",
            (
                _text("place", "Gazetteer and id"),
                _text("name", "Display name"),
                _text("country", "ISO 3166-1 code"),
                _text("admin1", "First-level division"),
                *_LON_LAT,
                Column("population", Type.INTEGER, "Inhabitants, null where unknown", "people"),
                _ACTOR,
                _SIDE,
                _STATUS,
                _CONTESTED_BY,
                _CERTAINTY,
                *_BEHIND,
            ),
            on_day=_places,
        ),
        Layer(
            "gains",
            "Ground that changed hands on a day, against the day before",
            "MultiPolygon",
            (
                _ON,
                _text("actor", "Who gained it, null for no data"),
                _SIDE,
                _text("from_actor", "Who lost it, null for no data"),
                _text("from_side", "That actor's side"),
                _AREA_KM2,
            ),
            over_days=_gains,
        ),
        Layer(
            "changes",
            "The records that the maps are made of, but for who wrote them down",
            "MultiPolygon",
            (
                Column("change", Type.INTEGER, "Id of the control change"),
                _VALID_FROM,
                _VALID_TO,
                _text("actor", "Who, null where nobody knows"),
                _STATUS,
                _text("contested_by", "Who contests it"),
                _CERTAINTY,
                _text("place", "Gazetteer and id of the place that it is about"),
                _text("place_name", "Its display name"),
                _text("method", "How it got its polygon: drawn, cell, area or standoff"),
                _text("note", "Note"),
                _text("sources", "Its sources, separated by commas"),
                _text("said_by", "Who is quoted there, separated by semicolons"),
                Column("recorded_at", Type.TIME, "When it was written down, UTC"),
                _AREA_KM2,
            ),
            over_days=_changes,
        ),
        Layer(
            "events",
            "Events that were imported as context; they never say who controls",
            "Point",
            (
                _text("event", "Provider and id"),
                _ON,
                _text("kind", "Kind, as the provider calls it"),
                _text("place", "Place, as the provider names it"),
                *_LON_LAT,
                _text("note", "What happened"),
                _text("source", "Source, as the provider names it"),
            ),
            over_days=_events,
        ),
        Layer(
            "footprints",
            "Built-up areas of places",
            "MultiPolygon",
            (
                _text("place", "Gazetteer and id of the place"),
                _text("name", "Its display name"),
                _text("source", "File that it was imported from"),
                _AREA_KM2,
            ),
            over_days=_footprints,
        ),
        Layer(
            "areas",
            "How much each actor holds on each day",
            None,
            (
                _ON,
                _ACTOR,
                _SIDE,
                _number("km2", "Geodesic area, at the certainty asked for", "km²"),
                _number("contested_km2", "Of it contested", "km²"),
                _number("km2_confirmed", "Area on confirmed changes alone", "km²"),
                _number("km2_reported", "With reported ones", "km²"),
                _number("km2_claimed", "With claimed ones", "km²"),
                _number("share", "Share of the theatre, 0 to 1"),
                Column("places", Type.INTEGER, "Places there"),
                Column(
                    "places_of_unknown_population",
                    Type.INTEGER,
                    "Of them without a known population",
                ),
                Column("population", Type.INTEGER, "Inhabitants of the others", "people"),
            ),
            over_days=_areas,
        ),
        Layer(
            "distances",
            "How far places are from the front, or from an actor's area, on each day",
            None,
            (
                _text("place", "To the centre of this place"),
                _text("from", "From the front, or the area of this actor or side"),
                _ON,
                _number("distance_km", "Geodesic distance, null where there is no front", "km"),
                Column("inside", Type.BOOLEAN, "The place lies in the area"),
                _number("azimuth_deg", "Direction from the place, clockwise from north", "degrees"),
                _text("bearing", "The same as one of 16 winds"),
                _text("reference_from", "What was measured from"),
                _text("reference_to", "What was measured to"),
                _text("label", "The distance in words"),
                _number("nearest_lon", "Longitude of the nearest point, WGS84", "degrees"),
                _number("nearest_lat", "Its latitude", "degrees"),
                _text("nearest_place", "The place nearest to that point"),
            ),
            over_days=_distances,
        ),
    )
}

#: The ground of two accounts, which is no layer of one project.
COMPARISON = Layer(
    "comparison",
    "Ground on which two accounts agree or differ",
    "MultiPolygon",
    (
        _text("about", "agreed, front, baseline, or either where there is one date alone"),
        _text("ours", "Who holds it by the first account, null for no data"),
        _text("theirs", "Who holds it by the other, null for no data"),
        _number("km2", "Geodesic area", "km²"),
        _number("share", "Share of all ground that was compared"),
        _text("places", "Places on it on which the accounts differ"),
    ),
)


def compared(comparison: Comparison) -> Extract:
    """Return the ground of a comparison, a row a verdict."""
    rows = [
        Row({**values, "places": ", ".join(values["places"])}, verdict.polygon)
        for values, verdict in zip(comparison.to_dicts(), comparison.verdicts, strict=True)
    ]
    return Extract(COMPARISON, COMPARISON.columns, rows)
