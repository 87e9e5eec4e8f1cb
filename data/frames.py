"""A project as tables of GeoPandas: the layers of `frontmap export`, without a file between.

Every table is a GeoDataFrame in EPSG:4326 with the columns that docs/formats.md lists, in their
types (see `frontmap.data.extracts.Extract.frame`), and has them all where it has no rows. Units
are in the names: `area_km2`, `distance_km`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from frontmap.data.extracts import LAYERS, Column, Layer, Query, Row, Type, extract, finished
from frontmap.geo.dates import as_date, as_instant
from frontmap.geo.errors import InputError, UnknownNameError
from frontmap.geo.records import Certainty

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

    from frontmap.data.store import Project

__all__ = ["Frames"]

_Day = date | str
_Instant = datetime | str


class _Days(TypedDict, total=False):
    """Which days, where no single one is asked for, and how certain rows have to be."""

    since: _Day | None
    until: _Day | None
    daily: bool
    min_certainty: Certainty | str


class Frames:
    """Tables of a project; `project.frames` is one.

    Days are dates or "YYYY-MM-DD". `as_of` asks for one day, whose rows have it as `on`. Without it
    come all days from `since` to `until`, both included, else from the project's first to its last:
    as intervals with `valid_from` and `valid_to`, or with `daily` a row a day. `known_at` is an
    aware datetime, or its ISO text: what was on record by then. `min_certainty` is "claimed",
    "reported" or "confirmed". All raise InputError where a day or an instant is none.
    """

    def __init__(self, project: Project) -> None:
        """Take an open project; each table is made when it is asked for."""
        self._project = project

    def geocode(
        self, *names: str, near: tuple[float, float] | None = None, limit: int | None = None
    ) -> GeoDataFrame:
        """Return the places that names mean, as points: a row a name, or up to `limit` candidates.

        `near` is (lon, lat). Without a limit raises AmbiguousToponymError or UnknownNameError.
        """
        found = (
            (name, match)
            for name in names
            for match in (
                self._project.geocode(name, near=near, limit=limit)
                if limit
                else [self._project.match(name, near=near)]
            )
        )
        rows = (_at(match.to_dict(name), match.place.lon, match.place.lat) for name, match in found)
        return _frame(_MATCHES, rows)

    def layer(
        self,
        name: str,
        as_of: _Day | None = None,
        known_at: _Instant | None = None,
        **days: Unpack[_Days],
    ) -> GeoDataFrame | DataFrame:
        """Return a layer of `frontmap.data.extracts.LAYERS` by its name, as in "gains".

        It is a plain DataFrame where its rows have no geometry.
        """
        if name not in LAYERS:
            raise UnknownNameError("layer", name, list(LAYERS))
        return extract(self._project, name, _query(as_of, known_at, days)).frame()

    def changes(
        self, as_of: _Day | None = None, known_at: _Instant | None = None, **days: Unpack[_Days]
    ) -> GeoDataFrame:
        """Return the records that stand on any of the days, but for those that were retracted."""
        return self.layer("changes", as_of, known_at, **days)

    def control(
        self, as_of: _Day | None = None, known_at: _Instant | None = None, **days: Unpack[_Days]
    ) -> GeoDataFrame:
        """Return who holds what: areas that leave no gap and do not overlap."""
        return self.layer("control", as_of, known_at, **days)

    def front(
        self, as_of: _Day | None = None, known_at: _Instant | None = None, **days: Unpack[_Days]
    ) -> GeoDataFrame:
        """Return the front line, a stretch a row."""
        return self.layer("front", as_of, known_at, **days)

    def places(
        self, as_of: _Day | None = None, known_at: _Instant | None = None, **days: Unpack[_Days]
    ) -> GeoDataFrame:
        """Return the known places as points, and who holds each."""
        return self.layer("places", as_of, known_at, **days)

    def distance(
        self,
        *places: str,
        from_: str | None = None,
        as_of: _Day | None = None,
        known_at: _Instant | None = None,
        **days: Unpack[_Days],
    ) -> GeoDataFrame:
        """Return how far places are from the front, or `from_` an actor or a side, a row a day.

        The geometry is the nearest point, none on days without a front. On one day alone there must
        be one: raises NoFrontError, and UnknownNameError for a place or an actor that is not known.
        """
        query = replace(_query(as_of, known_at, days), distance_to=places, from_=from_)
        found = extract(self._project, "distances", query)
        nearest = (
            _at(row.values, row.values["nearest_lon"], row.values["nearest_lat"])
            for row in found.rows
        )
        return _frame(replace(found.layer, geometry="Point"), nearest)

    def diff(
        self,
        before: _Day,
        after: _Day,
        known_at: _Instant | None = None,
        min_certainty: Certainty | str = Certainty.CLAIMED,
    ) -> GeoDataFrame:
        """Return the ground that changed hands between two days, the largest first."""
        from frontmap.geo.summary import transfers

        project = self._project
        known, least = _instant(known_at), _certainty(min_certainty)
        maps = [project.control_map(day, known, least) for day in (before, after)]
        sides = {actor.slug: actor.side for actor in project.actors().values()}
        rows = (
            Row(
                {
                    "actor": each.actor,
                    "side": sides[each.actor] if each.actor else None,
                    "from_actor": each.from_actor,
                    "from_side": sides[each.from_actor] if each.from_actor else None,
                    "places": ", ".join(each.places) or None,
                },
                each.polygon,
            )
            for each in transfers(maps[0], maps[1], project.places())
        )
        return _frame(_TRANSFERS, rows)


def _query(as_of: _Day | None, known_at: _Instant | None, days: _Days) -> Query:
    return Query(
        on=_day(as_of),
        since=_day(days.get("since")),
        until=_day(days.get("until")),
        daily=days.get("daily", False),
        known_at=_instant(known_at),
        min_certainty=_certainty(days.get("min_certainty", Certainty.CLAIMED)),
    )


def _day(day: _Day | None) -> date | None:
    return None if day is None else as_date(day)


def _instant(instant: _Instant | None) -> datetime | None:
    return None if instant is None else as_instant(instant)


def _certainty(text: Certainty | str) -> Certainty:
    if text not in list(Certainty):
        raise InputError(f"{text!r} is none of {', '.join(Certainty)}")
    return Certainty(text)


def _at(values: Mapping[str, Any], lon: float | None, lat: float | None) -> Row:
    from shapely import Point

    return Row(values, None if lon is None or lat is None else Point(lon, lat))


def _frame(layer: Layer, rows: Iterable[Row]) -> GeoDataFrame:
    return finished(layer, layer.columns, rows).frame()


_TRANSFERS = Layer(
    "diff",
    "Ground that changed hands between two days",
    "MultiPolygon",
    (
        *(column for column in LAYERS["gains"].columns if column.name != "on"),
        Column("places", Type.TEXT, "Places that passed with it, separated by commas"),
    ),
)
_MATCHES = Layer(
    "geocode",
    "Places that answer to names",
    "Point",
    (
        Column("query", Type.TEXT, "What was asked for"),
        *LAYERS["places"].columns[1:7],
        Column("id", Type.TEXT, "Gazetteer and id"),
        Column("match", Type.TEXT, "exact, or fuzzy by a similar name"),
        Column("score", Type.NUMBER, "Similarity, 0 to 100"),
    ),
)
