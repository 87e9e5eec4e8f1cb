"""What is on a published control map, decided once for every renderer.

`describe_map` turns a project and a date into a `MapSpec` of the elements in
`frontmap.maps.elements`. The page and the figures only draw it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from urllib.parse import urlsplit

import shapely
from shapely import LineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from frontmap.geo import geodesy
from frontmap.geo.control import Area, ControlMap, applies, gains
from frontmap.geo.distance import Distance, NoDistance
from frontmap.geo.errors import InputError
from frontmap.geo.records import (
    Actor,
    Certainty,
    Change,
    Method,
    Place,
    PlaceName,
    Source,
    Status,
    Theatre,
    Zone,
    name_in,
)
from frontmap.geo.summary import distances, holdings
from frontmap.maps import style
from frontmap.maps.elements import (
    QUANTUM_PER_DEGREE,
    Attributed,
    CallOut,
    ChangeEntry,
    Country,
    Credit,
    FrontStretch,
    GainedGround,
    Ground,
    Holder,
    Label,
    LegendEntry,
    Locator,
    MapSpec,
    Piece,
    SourceEntry,
)
from frontmap.maps.style import Fill, Look
from frontmap.maps.words import Words

__all__ = [
    "MapSpec",
    "Project",
    "describe_call_outs",
    "describe_map",
    "describe_records",
    "heading_of",
    "is_web_address",
    "local_name",
    "look_of",
]

DATA_CREDITS = (
    Credit("Places: GeoNames, CC BY 4.0", "https://www.geonames.org/"),
    Credit("Made with Natural Earth", "https://www.naturalearthdata.com/"),
)

_QUANTUM_DEG = 1 / QUANTUM_PER_DEGREE
#: Less than this cannot be seen on a map of a country, and stays out of its legend.
_VISIBLE_KM2 = 0.5
_LABELS = 260
_CITY, _TOWN = 200_000, 30_000
_MARGIN = 0.02
_FRAME = 0.5
_LOCATOR_PADDING = 1.2

#: The language whose names a country's own signs carry, where it isn't written in Latin letters.
_LOCAL_LANGUAGES = {
    "ar": "AE BH DZ EG IQ JO KW LB LY MA MR OM PS QA SA SD SY TN YE",
    "fa": "AF IR",
    "ur": "PK",
    "he": "IL",
    "uk": "UA",
    "ru": "RU",
    "be": "BY",
    "bg": "BG",
    "sr": "RS",
    "mk": "MK",
    "kk": "KZ",
    "ky": "KG",
    "el": "GR",
    "hy": "AM",
    "ka": "GE",
    "am": "ET",
    "ti": "ER",
    "my": "MM",
    "si": "LK",
    "th": "TH",
    "ko": "KR",
}
_LOCAL_LANGUAGE = {
    country: lang for lang, countries in _LOCAL_LANGUAGES.items() for country in countries.split()
}
#: The first and last character of a script, for names whose language the gazetteer doesn't tell.
_SCRIPTS = {
    ("\u0600", "\u06ff"): "ar fa ur",
    ("\u0400", "\u04ff"): "uk ru be bg sr mk kk ky",
    ("\u0590", "\u05ff"): "he",
    ("\u0370", "\u03ff"): "el",
    ("\u0530", "\u058f"): "hy",
    ("\u10a0", "\u10ff"): "ka",
    ("\u1200", "\u137f"): "am ti",
    ("\u1000", "\u109f"): "my",
    ("\u0d80", "\u0dff"): "si",
    ("\u0e00", "\u0e7f"): "th",
    ("\uac00", "\ud7af"): "ko",
}
_SCRIPT = {lang: script for script, langs in _SCRIPTS.items() for lang in langs.split()}


class Neighbour(Protocol):
    """A country beside the theatre, as far as it is in view."""

    @property
    def name(self) -> str:
        """Return its English name."""

    @property
    def names(self) -> Sequence[PlaceName]:
        """Return its names in other languages."""

    @property
    def polygon(self) -> MultiPolygon:
        """Return its land."""


class Water(Protocol):
    """A river or a lake."""

    @property
    def rank(self) -> int:
        """Return 0 for the greatest, more for lesser ones."""

    @property
    def geometry(self) -> BaseGeometry:
        """Return its lines or areas."""


class Surroundings(Protocol):
    """What lies around a theatre, for drawing only, clipped to `bounds`."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north."""

    @property
    def neighbours(self) -> Sequence[Neighbour]:
        """Return the countries in view but those of the theatre."""

    @property
    def rivers(self) -> Sequence[Water]:
        """Return the rivers."""

    @property
    def lakes(self) -> Sequence[Water]:
        """Return the lakes."""


class Project(Protocol):
    """What a map is described from; `frontmap.data.store.Project` is one."""

    @property
    def theatre(self) -> Theatre:
        """Return the area that the project covers."""

    def places(self) -> list[Place]:
        """Return every known place."""

    def actors(self) -> dict[str, Actor]:
        """Return the actors by slug."""

    def sources(self) -> dict[str, Source]:
        """Return the sources by slug."""

    def changes(self) -> list[Change]:
        """Return every control change, retracted ones too."""

    def zones(self, level: int | None = 1) -> list[Zone]:
        """Return the first-level administrative areas."""

    def control_map(
        self,
        as_of: date,
        known_at: datetime | None = None,
        min_certainty: Certainty = Certainty.CLAIMED,
    ) -> ControlMap:
        """Return who holds what on a date."""

    def previous_date(self, as_of: date) -> date | None:
        """Return the day before the latest change on or before a date."""

    def recorded_until(self, known_at: datetime | None = None) -> datetime | None:
        """Return when the newest row known at a time was recorded."""

    def resolve(self, name: str) -> Place:
        """Return the one place that a name means."""

    def surroundings(self, *, padding: float, tolerance_deg: float) -> Surroundings:
        """Return what to draw around the theatre's bounds, grown by that share on each side."""


def describe_map(
    project: Project,
    as_of: date,
    *,
    known_at: datetime | None = None,
    min_certainty: Certainty = Certainty.CLAIMED,
    since: date | None = None,
    distance_to: Sequence[str] = (),
    from_: str | None = None,
    title: str | None = None,
    lang: str = "en",
    borders: str | None = None,
) -> MapSpec:
    """Describe the control map of `as_of`, from the records known at a time (None: now).

    Gains are measured against the map of `since`, the day before the latest change unless given.
    Distances run from `from_`, an actor or a side (None: the front), to each place in
    `distance_to`. `lang` is the language of every sentence, `borders` says whose view of the
    borders the basemap draws (None: the United Nations'). Raises InputError for an unknown
    language or a `since` that is not earlier, UnknownNameError and AmbiguousToponymError for names.
    """
    if since is not None and since >= as_of:
        raise InputError(f"gains since {since} on a map of {as_of}: give an earlier date")
    view = _View.of(project, as_of, known_at, min_certainty, since, Words.of(lang))
    entries, sources = _entries(view)
    holders, grounds, pieces = _holders(view), _grounds(view), _pieces(view)
    gained = _gained(view, grounds)
    targets = [project.resolve(name) for name in distance_to]
    rows = distances([view.shown], targets, from_, list(view.places.values()))
    call_outs, notes = _call_outs(view, targets, [row for (row,) in rows], from_)
    around = project.surroundings(padding=_FRAME, tolerance_deg=_QUANTUM_DEG)
    return MapSpec(
        lang=lang,
        direction=view.words.direction,
        title=title or view.words.say("title", theatre=view.theatre_name),
        as_of=as_of,
        as_of_line=_as_of_line(view),
        known_line=_known_line(view),
        since=view.since,
        since_line=_since_line(view),
        alt=_alt(view, holders, pieces, gained, call_outs, (len(entries), len(sources))),
        bounds=_grown(project.theatre.polygon.bounds, _MARGIN),
        frame=around.bounds,
        theatre=project.theatre.polygon,
        neighbours=_neighbours(view, around),
        lakes=tuple(_areal(lake.geometry) for lake in around.lakes),
        rivers=tuple(river.geometry for river in around.rivers),
        holders=holders,
        grounds=grounds,
        pieces=pieces,
        front=_front(view),
        gains=gained,
        labels=_labels(view, targets),
        call_outs=call_outs,
        distance_notes=notes,
        legend=_legend(view, holders, grounds, gained, call_outs),
        changes=entries,
        sources=sources,
        locator=_locator(project),
        credits=(*DATA_CREDITS, Credit(borders or view.words.say("borders"))),
        words=view.words.catalogue,
    )


def describe_records(
    project: Project, ids: Iterable[int], as_of: date, *, lang: str = "en"
) -> tuple[tuple[ChangeEntry, ...], tuple[SourceEntry, ...]]:
    """Describe records as a map of `as_of` does, and the sources that they cite.

    Any will do, whether that map rests on them or not. Raises InputError for an unknown language.
    """
    view = _View.of(project, as_of, None, Certainty.CLAIMED, None, Words.of(lang))
    return _in_words(view, set(ids))


def describe_call_outs(
    project: Project,
    maps: Sequence[ControlMap],
    distance_to: Sequence[str],
    *,
    from_: str | None = None,
    lang: str = "en",
) -> list[tuple[tuple[CallOut, ...], tuple[str, ...]]]:
    """Describe the distances on each of several maps: the call-outs, and why some cannot be.

    The options, and what they raise, are those of `describe_map`.
    """
    if not maps:
        return []
    words = Words.of(lang)
    view = _View.of(project, maps[0].as_of, None, Certainty.CLAIMED, None, words)
    targets = [project.resolve(name) for name in distance_to]
    measured = distances(maps, targets, from_, list(view.places.values()))
    return [
        _call_outs(
            replace(view, as_of=shown.as_of, shown=shown),
            targets,
            [rows[number] for rows in measured],
            from_,
        )
        for number, shown in enumerate(maps)
    ]


@dataclass(frozen=True, slots=True)
class _View:
    """A project as it is looked at: the map, the one before it, the rows behind them."""

    project: Project
    words: Words
    as_of: date
    known_at: datetime | None
    since: date | None
    shown: ControlMap
    before: ControlMap | None
    actors: Mapping[str, Actor]
    colours: Mapping[str, str]
    places: Mapping[str, Place]
    points: shapely.STRtree
    changes: Mapping[int, Change]
    new: frozenset[int]

    @classmethod
    def of(
        cls,
        project: Project,
        as_of: date,
        known_at: datetime | None,
        min_certainty: Certainty,
        since: date | None,
        words: Words,
    ) -> _View:
        since = since or project.previous_date(as_of)
        changes = {change.id: change for change in project.changes()}
        actors = project.actors()
        places = {place.id: place for place in project.places()}
        points = [Point(place.lon, place.lat) for place in places.values()]
        return cls(
            project,
            words,
            as_of,
            known_at,
            since,
            project.control_map(as_of, known_at, min_certainty),
            project.control_map(since, known_at, min_certainty) if since else None,
            actors,
            style.colours(list(actors.values())),
            places,
            shapely.STRtree(points),
            changes,
            frozenset(
                change.id
                for change in changes.values()
                if since is not None
                and change.valid_from > since
                and applies(change, as_of, known_at, min_certainty)
            ),
        )

    @property
    def theatre_name(self) -> str:
        theatre = self.project.theatre
        return name_in(self.words.lang, theatre.names, theatre.name)

    def actor_name(self, slug: str | None) -> str:
        return self.actors[slug].name if slug else self.words.say("no_data")

    def short_name(self, slug: str | None) -> str:
        return self.actors[slug].short_name if slug else self.words.say("no_data")

    def place_name(self, place: Place) -> str:
        """Name a place in the reader's language, if that is also the place's own."""
        at_home = _LOCAL_LANGUAGE.get(place.country) == self.words.lang
        return (at_home and local_name(place)) or place.name

    def other_name(self, place: Place) -> str:
        """Name a place in the script in which `place_name` does not."""
        local = local_name(place)
        return place.name if local and local == self.place_name(place) else local

    def fill(self, actor: str | None, look: Look, rivals: Sequence[str]) -> Fill:
        if actor is None:
            return style.fill(look)
        rival_colours = [self.colours[rival] for rival in rivals]
        return style.fill(look, self.colours[actor], rival_colours, self.actors[actor].hatch)


# --- ground ---------------------------------------------------------------------------------------


def look_of(area: Area) -> Look:
    """Return how an area is shown: contested before claimed, claimed before besieged."""
    if area.actor is None:
        return Look.NO_DATA
    if area.status is Status.CONTESTED:
        return Look.CONTESTED
    if area.certainty is Certainty.CLAIMED:
        return Look.CLAIMED
    return Look.BESIEGED if area.status is Status.BESIEGED else Look.ASSESSED


def _grounds(view: _View) -> tuple[Ground, ...]:
    """Join the areas that look alike, so that no seam shows between them."""
    alike = defaultdict(list)
    for area in view.shown.areas:
        alike[area.actor, look_of(area), area.contested_by].append(area.polygon)
    return tuple(
        Ground(
            actor,
            look,
            rivals,
            view.fill(actor, look, rivals),
            geodesy.area_km2(polygon := _joined(polygons)),
            polygon,
        )
        for (actor, look, rivals), polygons in alike.items()
    )


def _pieces(view: _View) -> tuple[Piece, ...]:
    return tuple(
        Piece(
            heading_of(piece, view.actors, view.words),
            piece.actor,
            look_of(piece),
            piece.certainty,
            piece.contested_by,
            piece.change_ids,
            geodesy.area_km2(piece.polygon),
            piece.polygon,
        )
        for piece in view.shown.pieces
    )


def heading_of(area: Area, actors: Mapping[str, Actor], words: Words) -> str:
    """Say who holds an area, and against whom."""
    if area.actor is None:
        return words.say("no_data")
    actor = actors[area.actor].name
    if area.contested_by:
        rivals = ", ".join(actors[rival].name for rival in area.contested_by)
        return words.say("heading_contested", actor=actor, rivals=rivals)
    key = "heading_besieged" if area.status is Status.BESIEGED else "heading_held"
    return words.say(key, actor=actor)


def _front(view: _View) -> tuple[FrontStretch, ...]:
    return tuple(
        FrontStretch(
            view.words.say(
                "between",
                one=view.short_name(stretch.actors[0]),
                other=view.short_name(stretch.actors[1]),
            ),
            stretch.actors,
            stretch.change_ids,
            geodesy.length_km(stretch.line),
            stretch.line,
        )
        for stretch in view.shown.front
    )


def _gained(view: _View, grounds: Sequence[Ground]) -> tuple[GainedGround, ...]:
    """Return what each actor gained, cut by how well it is known to hold it now."""
    if view.before is None:
        return ()
    taken, losers = defaultdict(list), defaultdict(set)
    for gain in gains(view.before, view.shown):
        if gain.actor is not None:
            taken[gain.actor].append(gain.polygon)
            losers[gain.actor].add(gain.from_actor)
    found = []
    for ground in grounds:
        if ground.actor and ground.actor in taken:
            polygon = _areal(_joined(taken[ground.actor]).intersection(ground.polygon))
            if not polygon.is_empty:
                found.append(_gain(ground, polygon, losers[ground.actor]))
    return tuple(found)


def _gain(ground: Ground, polygon: MultiPolygon, losers: Iterable[str | None]) -> GainedGround:
    assert ground.actor is not None
    return GainedGround(
        ground.actor,
        tuple(sorted(losers, key=lambda slug: slug or "")),
        ground.look,
        style.gain_fill(ground.fill),
        style.darker(ground.fill.colour),
        geodesy.area_km2(polygon),
        polygon,
    )


def _holders(view: _View) -> tuple[Holder, ...]:
    found = []
    for row in holdings(view.shown, ()):
        if row.actor is None or row.km2 < _VISIBLE_KM2:
            continue
        actor, levels = view.actors[row.actor], row.km2_by_certainty
        asked = [levels[c] for c in Certainty if c.rank >= view.shown.min_certainty.rank]
        found.append(
            Holder(
                row.actor,
                actor.name,
                actor.short_name,
                actor.side,
                view.colours[row.actor],
                row.km2,
                min(asked),
                max(asked),
                row.share,
            )
        )
    return tuple(found)


def _joined(polygons: Sequence[MultiPolygon]) -> MultiPolygon:
    """Join parts of one coverage, whose edges match exactly."""
    return _areal(shapely.coverage_union_all(polygons))


def _areal(geometry: BaseGeometry) -> MultiPolygon:
    """Keep the polygons of a geometry."""
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    return MultiPolygon([part for part in parts if shapely.get_type_id(part) == 3])


# --- distances ------------------------------------------------------------------------------------


def _call_outs(
    view: _View,
    targets: Sequence[Place],
    rows: Sequence[Distance | NoDistance],
    from_: str | None,
) -> tuple[tuple[CallOut, ...], tuple[str, ...]]:
    """Return the call-outs, and a sentence each for those that cannot be."""
    found, notes = [], []
    for place, row in zip(targets, rows, strict=True):
        if isinstance(row, NoDistance):
            notes.append(_without_distance(view, from_))
        else:
            found.append(_call_out(view, place, row, from_))
    return tuple(found), tuple(dict.fromkeys(notes))


def _call_out(view: _View, place: Place, measured: Distance, from_: str | None) -> CallOut:
    to = (measured.nearest_lon, measured.nearest_lat)
    count = min(65, max(9, math.ceil(measured.distance_km / 10)))
    label = view.words.distance(geodesy.format_km(measured.distance_km))
    return CallOut(
        place.id,
        view.place_name(place),
        view.words.say("held") if measured.inside else label,
        _sentence(view, place, measured, label, from_),
        measured.distance_km,
        measured.inside,
        LineString(geodesy.geodesic_points(place.lon, place.lat, *to, count)),
    )


def _sentence(view: _View, place: Place, measured: Distance, label: str, from_: str | None) -> str:
    say, name = view.words.say, view.place_name(place)
    if measured.inside:
        return say("held_by", place=name, holder=_holder_name(view, from_))
    origin = _origin(view, measured, from_)
    sentence = say("reference", distance=label, origin=origin, place=name)
    near = next((p for p in view.places.values() if p.name == measured.nearest_place), place)
    if near is place or measured.bearing is None:
        return sentence
    by = view.place_name(near)
    return say("reference_near", reference=sentence, bearing=measured.bearing, near=by)


def _origin(view: _View, measured: Distance, from_: str | None) -> str:
    """Say between whom the front runs there, or whose ground it is measured from."""
    if from_ is not None:
        return view.words.say("from_ground", holder=_holder_name(view, from_))
    point = Point(measured.nearest_lon, measured.nearest_lat)
    nearest = min(view.shown.front, key=lambda stretch: stretch.line.distance(point))
    one, other = map(view.short_name, nearest.actors)
    return view.words.say("from_front", one=one, other=other)


def _holder_name(view: _View, name: str | None) -> str:
    """Name an actor, or a side by its own word."""
    return view.actors[name].name if name and name in view.actors else name or ""


def _without_distance(view: _View, from_: str | None) -> str:
    if from_ is None:
        return view.words.say("no_front")
    return view.words.say("no_ground", holder=_holder_name(view, from_))


# --- names ----------------------------------------------------------------------------------------


def _labels(view: _View, measured: Sequence[Place]) -> tuple[Label, ...]:
    """Return the places worth naming: those measured, then the large, the seats, the day's own."""
    news = {view.changes[number].place for number in view.new}
    first = {place.id for place in measured}
    seats = {zone.name for zone in view.project.zones()}

    def weight(place: Place) -> tuple[bool, float, str]:
        boost = (2.5 if place.id in news else 1) * (4 if place.name in seats else 1)
        return place.id not in first, -(place.population or 500) * boost, place.id

    inside = [place for place in view.places.values() if place.population or place.id in news]
    chosen = sorted({p.id: p for p in (*measured, *inside)}.values(), key=weight)[:_LABELS]
    return tuple(
        Label(
            place.id,
            view.place_name(place),
            view.other_name(place),
            place.lon,
            place.lat,
            _size(place),
            place.id in news or place.id in first,
        )
        for place in chosen
    )


def _size(place: Place) -> int:
    population = place.population or 0
    return 3 if population >= _CITY else 2 if population >= _TOWN else 1


def local_name(place: Place) -> str:
    """Return a place's name in its own country's language and script, "" where none is known."""
    lang = _LOCAL_LANGUAGE.get(place.country, "")
    for known in place.names:
        if lang and known.lang == lang and known.name != place.name:
            return known.name
    low, high = _SCRIPT.get(lang, ("", ""))
    written = (n.name for n in place.names if not n.lang and low and low <= n.name[:1] <= high)
    return next(written, "")


def _neighbours(view: _View, around: Surroundings) -> tuple[Country, ...]:
    window = shapely.box(*_grown(view.project.theatre.polygon.bounds, _MARGIN))
    return tuple(
        Country(
            name_in(view.words.lang, neighbour.names, neighbour.name),
            _label_point(_areal(neighbour.polygon.intersection(window))),
            neighbour.polygon,
        )
        for neighbour in around.neighbours
    )


def _label_point(visible: MultiPolygon) -> tuple[float, float] | None:
    """Return the middle of the roomiest part of a country in view."""
    if visible.is_empty:
        return None
    centre = shapely.maximum_inscribed_circle(visible, tolerance=0.05).coords[0]
    return float(centre[0]), float(centre[1])


def _locator(project: Project) -> Locator:
    west, south, east, north = project.theatre.polygon.bounds
    tolerance_deg = max(east - west, north - south) * _LOCATOR_PADDING / 100
    around = project.surroundings(padding=_LOCATOR_PADDING, tolerance_deg=tolerance_deg)
    theatre = _areal(project.theatre.polygon.simplify(tolerance_deg))
    return Locator(around.bounds, theatre, tuple(near.polygon for near in around.neighbours))


def _grown(bounds: Sequence[float], share: float) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    by_lon, by_lat = (east - west) * share, (north - south) * share
    return west - by_lon, south - by_lat, east + by_lon, north + by_lat


# --- words ----------------------------------------------------------------------------------------


def _as_of_line(view: _View) -> str:
    day, zone = view.words.day(view.as_of), view.project.theatre.time_zone
    return view.words.say("as_of", day=day, zone=zone)


def _known_line(view: _View) -> str:
    known = view.known_at or view.project.recorded_until()
    lines = [view.words.say("known_at", instant=view.words.instant(known))] if known else []
    least = view.shown.min_certainty
    if least is not Certainty.CLAIMED:
        lines.append(view.words.say("at_least", certainty=view.words.say(least).lower()))
    return ". ".join(lines)


def _since_line(view: _View) -> str:
    return view.words.say("changes_since", day=view.words.day(view.since)) if view.since else ""


def _entries(view: _View) -> tuple[tuple[ChangeEntry, ...], tuple[SourceEntry, ...]]:
    """Return every record that the map rests on, and the sources that these cite."""
    ids = set(view.new)
    ids.update(*(piece.change_ids for piece in view.shown.pieces))
    ids.update(*(stretch.change_ids for stretch in view.shown.front))
    return _in_words(view, ids)


def _in_words(
    view: _View, ids: Iterable[int]
) -> tuple[tuple[ChangeEntry, ...], tuple[SourceEntry, ...]]:
    rows = [view.changes[number] for number in sorted(ids)]
    cited = {said.source for row in rows for said in row.sources}
    slugs = [slug for slug in view.project.sources() if slug in cited]
    entries = tuple(_entry(view, row, slugs) for row in rows)
    sources = view.project.sources()
    return entries, tuple(_source(view, sources[slug]) for slug in slugs)


def _entry(view: _View, change: Change, slugs: Sequence[str]) -> ChangeEntry:
    return ChangeEntry(
        change.id,
        _where(view, change),
        _what(view, change),
        _when(view, change),
        change.certainty,
        view.words.say(f"method_{change.method}"),
        change.note,
        tuple(Attributed(slugs.index(s.source), s.said_by) for s in change.sources),
        change.id in view.new,
    )


def _where(view: _View, change: Change) -> str:
    """Name the place or zone of a change; drawn ground by its most populous place, or nearest.

    A standoff is named by the place that it stops short of, so it says no more than "towards".
    """
    if change.place and change.place in view.places:
        name = view.place_name(view.places[change.place])
        return view.words.say("towards", place=name) if change.method is Method.STANDOFF else name
    if change.method is Method.AREA:
        zones = {zone.code: zone.name for zone in view.project.zones(level=None)}
        return zones.get(change.parameters.get("area", ""), view.theatre_name)
    places = list(view.places.values())
    if not places:
        return view.theatre_name
    inside = sorted(view.points.query(change.polygon, predicate="contains").tolist())
    chosen = max(inside, key=lambda i: places[i].population or 0, default=None)
    if chosen is None:
        chosen = int(view.points.query_nearest(change.polygon).min())
    return view.words.say("around", place=view.place_name(places[chosen]))


def _what(view: _View, change: Change) -> str:
    say, actor = view.words.say, view.short_name(change.actor)
    if change.actor is None:
        return say("what_no_data")
    if change.status is not Status.CONTESTED:
        return say(f"what_{change.status}", actor=actor)
    if change.contested_by is None:
        return say("what_contested_alone", actor=actor)
    return say("what_contested", actor=actor, rival=view.short_name(change.contested_by))


def _when(view: _View, change: Change) -> str:
    start = view.words.say("from_day", day=view.words.day(change.valid_from))
    if change.valid_to is None:
        return start
    return f"{start} {view.words.say('until', day=view.words.day(change.valid_to))}"


def _source(view: _View, source: Source) -> SourceEntry:
    published = view.words.day(source.published) if source.published else ""
    url = source.url if is_web_address(source.url) else ""
    return SourceEntry(source.publisher, source.title, url, published)


def is_web_address(url: str) -> bool:
    """Say whether a URL is one that a reader may safely follow: http or https, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _legend(
    view: _View,
    holders: Sequence[Holder],
    grounds: Sequence[Ground],
    gained: Sequence[GainedGround],
    call_outs: Sequence[CallOut],
) -> tuple[LegendEntry, ...]:
    """Explain what is on the map, and nothing else."""
    say, present = view.words.say, {ground.look: ground.fill for ground in grounds}
    seen = [holder for holder in holders if holder.area_km2 >= _VISIBLE_KM2]
    entries = [_holder_entry(view, holder) for holder in seen]
    if any(holder.low_km2 < holder.high_km2 for holder in seen):
        entries.append(LegendEntry("note", "", say("legend_note")))
    for look in (Look.ASSESSED, Look.CLAIMED, Look.CONTESTED, Look.BESIEGED, Look.NO_DATA):
        if look in present:
            key = f"legend_{look.replace('-', '_')}"
            fills = tuple(g.fill for g in grounds if g.look is look)[:3]
            entries.append(LegendEntry("area", say(key), say(f"{key}_meaning"), fills, look))
    if gained and view.since:
        fills = tuple({g.actor: g.fill for g in gained if g.look is not Look.CLAIMED}.values())
        fills = fills or (gained[0].fill,)
        since = say("legend_gains", day=view.words.day(view.since))
        entries.append(LegendEntry("gain", since, say("legend_gains_meaning"), fills[:3]))
    if view.shown.front:
        entries.append(LegendEntry("front", say("legend_front"), say("legend_front_meaning")))
    if any(not call_out.inside for call_out in call_outs):
        meaning = say("legend_distance_meaning")
        entries.append(LegendEntry("distance", say("legend_distance"), meaning))
    return tuple(entries)


def _holder_entry(view: _View, holder: Holder) -> LegendEntry:
    low, high = view.words.area(holder.low_km2), view.words.area(holder.high_km2)
    if low == high:
        area = view.words.say("area", area=high)
    else:
        area = view.words.say("area_range", low=low, high=high)
    fill = style.fill(Look.ASSESSED, holder.colour, (), view.actors[holder.slug].hatch)
    return LegendEntry("actor", holder.short_name, area, (fill,), holder.slug)


def _alt(
    view: _View,
    holders: Sequence[Holder],
    pieces: Sequence[Piece],
    gained: Sequence[GainedGround],
    call_outs: Sequence[CallOut],
    counts: tuple[int, int],
) -> str:
    """Say in one paragraph what the map shows, and what it rests on."""
    say, day = view.words.say, view.words.day
    theatre = view.project.theatre
    sentences = [
        say("alt_opening", theatre=view.theatre_name, day=day(view.as_of), zone=theatre.time_zone),
        _alt_holdings(view, holders),
        *_alt_gains(view, gained),
        *(call_out.sentence + "." for call_out in call_outs),
    ]
    claimed = sum(piece.area_km2 for piece in pieces if piece.look is Look.CLAIMED)
    if claimed:
        whole = geodesy.area_km2(theatre.polygon)
        sentences.append(say("alt_claims", share=view.words.share(claimed / whole)))
    known = view.known_at or view.project.recorded_until()
    if known:
        changes, sources = map(str, counts)
        instant = view.words.instant(known)
        sentences.append(say("alt_records", count=changes, sources=sources, instant=instant))
    return " ".join([*sentences, say("alt_method")])


def _alt_holdings(view: _View, holders: Sequence[Holder]) -> str:
    words = view.words
    clauses = [
        words.say(
            "alt_holding",
            actor=holder.name,
            area=words.area(holder.area_km2),
            share=words.share(holder.share),
        )
        for holder in holders
    ]
    unknown = 1 - sum(holder.share for holder in holders)
    if unknown > 0.0005:
        clauses.append(words.say("alt_unknown", share=words.share(unknown)))
    return words.say("alt_holdings", holdings="; ".join(clauses))


def _alt_gains(view: _View, gained: Sequence[GainedGround]) -> list[str]:
    words, total = view.words, defaultdict[str, float](float)
    for gain in gained:
        total[gain.actor] += gain.area_km2
    clauses = [
        words.say("alt_gain", actor=view.actor_name(actor), area=words.area(km2))
        for actor, km2 in sorted(total.items(), key=lambda item: -item[1])
    ]
    if not clauses or view.since is None:
        return []
    return [words.say("alt_gains", day=words.day(view.since), gains="; ".join(clauses))]
