"""What files can be imported as: each target with its fields, declared once, and its rules.

A target's rules turn rows into records, tell what the project has already and what lies outside its
theatre, and keep the bad rows apart; nothing here writes before all of that is known. Control
changes go through `frontmap.data.drafting`, as those of `frontmap change add` do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from frontmap.data.citing import publication
from frontmap.data.drafting import NO_ACTOR, WHOLE_THEATRE, Draft, Drawn, resolve_each
from frontmap.data.placing import SAME_PLACE_M, Ground, Namesakes
from frontmap.data.profiles import Row
from frontmap.data.store import Project
from frontmap.geo.dates import now
from frontmap.geo.errors import FrontmapError, InputError
from frontmap.geo.geodesy import area_km2, distance_m, format_km
from frontmap.geo.naming import distinct, is_name, language
from frontmap.geo.records import (
    Attribution,
    Certainty,
    Change,
    Event,
    Method,
    Place,
    PlaceName,
    Source,
    Status,
    Zone,
)
from frontmap.geo.toponyms import fold

if TYPE_CHECKING:
    from shapely import MultiPolygon

__all__ = ["TARGETS", "Field", "Outcome", "Target"]

#: A named place may lie so far from the point that a file gives it.
_FARTHEST_M = 10_000.0
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Field:
    """A field: what it means, names that columns have for it, and what is taken without it.

    `kind` is "text", "date", "number" (whole), or "position" for what makes geometries of tables.
    """

    name: str
    meaning: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    default: str = ""
    kind: str = "text"


@dataclass(slots=True)
class Outcome:
    """What rows come to: a line of a table for each record, and what writes them, if anything."""

    write: Callable[[], object] | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    already: int = 0
    outside: int = 0
    rejected: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Target:
    """What files are imported as.

    `shape` is the geometry that each row needs: "area", "point", "either" or "none". Rows outside
    the theatre are counted and left out where `clips`, else refused.
    """

    name: str
    meaning: str
    shape: str
    fields: tuple[Field, ...]
    plan: Callable[[Project, list[Row], Mapping[str, Any]], Outcome]
    clips: bool = True

    def field(self, name: str) -> Field:
        """Return a field; InputError where there is none of that name."""
        for known in self.fields:
            if known.name == name:
                return known
        names = ", ".join(known.name for known in self.fields)
        raise InputError(f"{self.name} have no field {name!r}; they have {names}")


# Control changes


def _plan_changes(project: Project, rows: list[Row], options: Mapping[str, Any]) -> Outcome:
    """Draft each row as `frontmap change add` would."""
    outcome = Outcome()
    finder = _Finder(project)
    # A draft's origin tells its row, and comes back with its problems.
    good, bad = list[Draft](), list[Draft]()
    for number, row in enumerate(rows):
        place = finder.place(row, outcome.notes) if row.values.get("place") else ""
        draft = _draft(row, place, str(number), options)
        (bad if row.problems else good).append(_whole_draft(draft) if row.problems else draft)
    allow_future = options.get("allow_future", False)
    resolved = resolve_each(project, good, allow_future=allow_future)
    further = resolve_each(project, bad, allow_future=allow_future).rejected
    for draft, problems in (*resolved.rejected, *further):
        for problem in problems:
            rows[int(draft.origin)].problem(problem.removeprefix(f"{draft.origin}: "))
    outcome.rejected = [row for row in rows if row.problems]
    known = {_same(change) for change in project.changes()}
    new: list[Change] = []
    for change in resolved.changes:
        if _same(change) not in known:
            known.add(_same(change))
            new.append(change)
    outcome.already = len(resolved.changes) - len(new)
    outcome.notes += [re.sub(r"^\d+: ", "", note) for note in resolved.notes]
    outcome.notes += _rivals(project, new)
    outcome.lines = [_change_line(change, project.place_names()) for change in new]
    cited = {said.source for change in new for said in change.sources}
    sources = [source for source in resolved.new_sources if source.slug in cited]
    if new:
        outcome.write = lambda: project.add_changes(new, sources=sources)
    return outcome


def _draft(row: Row, place: str, origin: str, options: Mapping[str, Any]) -> Draft:
    values = row.values
    sources = [text.strip() for text in values.get("source", "").split("|") if text.strip()]
    said_by = [text.strip() for text in values.get("said_by", "").split("|")]
    quoted = [*said_by, *[""] * len(sources)]
    is_area = row.shape is not None and row.shape.geom_type == "MultiPolygon"
    return Draft(
        actor=values["actor"],
        on=values["on"],
        until=values.get("until", ""),
        status=values["status"],
        contested_by=values.get("contested_by", ""),
        certainty=values["certainty"],
        sources=tuple(map(Attribution, sources, quoted)),
        place=place,
        area=values.get("area", ""),
        polygon=Drawn(row.shape, {"file": row.file}) if is_area else None,  # type: ignore[arg-type]
        note=values.get("note", ""),
        editor=options.get("editor", ""),
        origin=origin,
    )


def _whole_draft(draft: Draft) -> Draft:
    """Fill what a row is known to lack, so that what else is wrong with it is found, too."""
    somewhere = draft.place or draft.area or draft.polygon
    return replace(
        draft,
        actor=draft.actor or NO_ACTOR,
        on=draft.on or "1900-01-01",
        certainty=draft.certainty or str(Certainty.CLAIMED),
        sources=draft.sources or (Attribution("https://example.invalid"),),
        area=draft.area if somewhere else WHOLE_THEATRE,
    )


class _Finder:
    """The places of a project, asked for names that may come with a point."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._places = {place.id: place for place in project.places()}
        self._namesakes = Namesakes(self._places.values())

    def place(self, row: Row, notes: list[str]) -> str:
        """Return the id of a row's place, "" after saying why there is none."""
        name, point = row.values["place"], _point(row)
        if point and ":" not in name:
            near = self._namesakes.near(*point, [name])
            if near is not None:
                return near.id
        try:
            match = self._project.match(name, near=point)
        except FrontmapError as error:
            row.problem(str(error))
            return ""
        found = match.place
        if point and (away := distance_m(*point, found.lon, found.lat)) > _FARTHEST_M:
            row.problem(
                f"no place {name!r} near its position: {found.describe()} is "
                f"{format_km(away / 1000)} away; import the file's places first (--as places)"
            )
            return ""
        if note := match.taken_for(name):
            notes.append(f"{row.where}: {note}")
        return found.id


def _point(row: Row) -> tuple[float, float] | None:
    if row.shape is None or row.shape.geom_type != "Point":
        return None
    return float(row.shape.x), float(row.shape.y)  # type: ignore[attr-defined]


def _same(change: Change) -> tuple[Any, ...]:
    """Return what two rows share that say the same, whenever and from whichever file they came."""
    how: Any = change.polygon.wkb
    if change.method is not Method.DRAWN:
        # A cell is drawn among the places of its day.
        how = sorted((k, str(v)) for k, v in change.parameters.items() if k != "places")
    return (
        *(change.actor, change.status, change.contested_by, change.certainty),
        *(change.valid_from, change.valid_to, change.place, change.method, str(how)),
        *(change.sources, change.note),
    )


def _rivals(project: Project, new: Sequence[Change]) -> list[str]:
    """Say where changes of one day give one ground to several sides."""
    sides = {actor.slug: actor.side for actor in project.actors().values()}
    names = project.place_names()
    grounds: dict[Any, list[Change]] = defaultdict(list)
    for change in (*project.changes(), *new):
        if change.retracted_at is None and change.actor:
            ground = change.place or change.parameters.get("area") or change.polygon.wkb
            grounds[change.valid_from, ground].append(change)
    notes = []
    for (day, ground), changes in grounds.items():
        rival = sorted({change.actor for change in changes if change.actor})
        if len({sides[actor] for actor in rival}) > 1 and any(change.id == 0 for change in changes):
            where = names.get(ground, "the same ground" if isinstance(ground, bytes) else ground)
            notes.append(
                f"rival claims on {where} from {day}: {' and '.join(rival)}; it is contested "
                "between them until a later change"
            )
    return notes


def _change_line(change: Change, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "on": change.valid_from.isoformat(),
        "until": change.valid_to and change.valid_to.isoformat(),
        "actor": change.actor,
        "status": str(change.status),
        "contested_by": change.contested_by,
        "certainty": str(change.certainty),
        "method": str(change.method),
        "place": names[change.place] if change.place else None,
        "km2": round(area_km2(change.polygon), 1),
        "sources": ", ".join(said.source for said in change.sources),
    }


# Places


def _plan_places(project: Project, rows: list[Row], options: Mapping[str, Any]) -> Outcome:
    """Add places unknown by id, and by name and position; to known ones their new names."""
    outcome = Outcome()
    ground = Ground(project.theatre.polygon, project.zones())
    known = {place.id: place for place in project.places()}
    namesakes = Namesakes(known.values())
    new: dict[str, Place] = {}
    gains: dict[str, list[PlaceName]] = {}
    for row in rows:
        place = None if row.problems else _place_of(row, project, ground, {*known, *new})
        if place is None:
            outcome.rejected.append(row)
            continue
        names = [name.name for name in place.names]
        twin = known.get(place.id) or namesakes.near(place.lon, place.lat, names)
        if twin is None and (alike := Namesakes(new.values()).near(place.lon, place.lat, names)):
            row.problem(f"is {alike.name} again, within {SAME_PLACE_M / 1000:g} km of the other")
            outcome.rejected.append(row)
        elif twin is None:
            new[place.id] = place
        else:
            had = {fold(name.name) for name in twin.names} | {fold(twin.name)}
            gained = [name for name in place.names if fold(name.name) not in had]
            outcome.already += not gained
            if gained:
                gains.setdefault(twin.id, []).extend(gained)
    outcome.lines = [_place_line(place) for place in new.values()]
    if gains:
        outcome.notes.append(f"{len(gains)} known places gain names")
    if new:
        outcome.notes.append("cells drawn from now on are divided among them; none drawn before")
    if new or gains:
        outcome.write = lambda: project.add_places(new.values(), names=gains)
    return outcome


def _place_of(row: Row, project: Project, ground: Ground, taken: set[str]) -> Place | None:
    point, values = _point(row), row.values
    name = " ".join(values.get("name", "").split())
    if not is_name(name):
        row.problem(f"{name!r} is no name of a place")
    population = _whole(row, "population")
    country = _country(row, project)
    if row.problems or point is None:
        return None
    zone = ground.zone(*point)
    others = [text.strip() for text in values.get("names", "").split("|")]
    pairs = distinct((one, language(one, country, name)) for one in (name, *others) if is_name(one))
    return Place(
        _place_id(row, name, taken),
        name,
        *point,
        country,
        values.get("admin1") or (zone.name if zone else ""),
        population,
        tuple(PlaceName(*pair) for pair in pairs),
    )


def _place_id(row: Row, name: str, taken: set[str]) -> str:
    """Return the id that the file gives, or one of the file's name and the place's."""
    given = row.values.get("id", "").strip()
    stem = _slug(row.file.partition(".")[0])
    if given:
        return given if ":" in given else f"{stem}:{given}"
    wish = f"{stem}:{_slug(name)}"
    number, found = 1, wish
    while found in taken:
        number += 1
        found = f"{wish}-{number}"
    return found


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", fold(text)).strip("-") or "file"


def _whole(row: Row, name: str) -> int | None:
    text = row.values.get(name, "").replace(",", "").strip()
    if not text:
        return None
    if not re.fullmatch(r"\d{1,12}(\.0+)?", text):
        row.problem(f"{name} {text!r} is no whole number")
        return None
    return int(text.partition(".")[0]) or None


def _country(row: Row, project: Project) -> str:
    """Return the ISO code of a row, or that of the theatre where it is one country's."""
    text = row.values.get("country", "").strip().upper()
    if _COUNTRY.fullmatch(text):
        return text
    countries = project.theatre.countries
    if len(countries) == 1:
        return countries[0]
    row.problem(
        f"country {text!r} is no ISO code of two letters, and the theatre has several: "
        "say which with --set country=CC"
    )
    return ""


def _place_line(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "lon": round(place.lon, 5),
        "lat": round(place.lat, 5),
        "country": place.country,
        "admin1": place.admin1,
        "population": place.population,
        "names": len(place.names),
    }


# Zones and footprints


def _plan_zones(project: Project, rows: list[Row], options: Mapping[str, Any]) -> Outcome:
    """Add areas of new codes; one that is there already must be the same."""
    outcome = Outcome()
    known = {zone.code: zone for zone in project.zones(level=None)}
    new: dict[str, Zone] = {}
    for row in rows:
        zone = _zone_of(row, project)
        if zone is not None and (other := known.get(zone.code)) is not None:
            if (other.name, other.polygon.wkb) == (zone.name, zone.polygon.wkb):
                outcome.already += 1
                continue
            row.problem(f"zone {zone.code} is there already ({other.name}); zones are not replaced")
        if zone is None or row.problems:
            outcome.rejected.append(row)
        else:
            known[zone.code] = new[zone.code] = zone
    outcome.lines = [
        {
            "code": zone.code,
            "name": zone.name,
            "country": zone.country,
            "level": zone.level,
            "km2": round(area_km2(zone.polygon), 1),
        }
        for zone in new.values()
    ]
    if new:
        outcome.write = lambda: project.add_zones(new.values())
    return outcome


def _zone_of(row: Row, project: Project) -> Zone | None:
    values = row.values
    country, level = _country(row, project), _whole(row, "level") or 1
    if row.problems:
        return None
    others = [text.strip() for text in values.get("names", "").split("|")]
    named = [(one, language(one, country, values["name"])) for one in others if is_name(one)]
    names = tuple(PlaceName(*pair) for pair in distinct(named))
    return Zone(values["code"], values["name"], country, _area(row), names, level)


def _area(row: Row) -> MultiPolygon:
    assert row.shape is not None  # the door refuses what has no area
    return row.shape  # type: ignore[return-value]


def _plan_footprints(project: Project, rows: list[Row], options: Mapping[str, Any]) -> Outcome:
    """Give each named place, or the only one that lies within, its footprint."""
    import shapely

    outcome = Outcome()
    finder, known = _Finder(project), project.footprints()
    places = project.places()
    tree = shapely.STRtree(shapely.points([(place.lon, place.lat) for place in places]))
    new: dict[str, MultiPolygon] = {}
    for row in rows:
        place = ""
        if not row.problems and row.values.get("place"):
            place = finder.place(row, outcome.notes)
        elif not row.problems:
            inside = [places[at] for at in tree.query(_area(row), predicate="contains")]
            place = inside[0].id if len(inside) == 1 else ""
            if not place:
                row.problem(f"{len(inside)} places lie in it: name its place (--map place=COLUMN)")
        if place in new:
            row.problem(f"{place} has a footprint in this file already")
        if row.problems:
            outcome.rejected.append(row)
        elif place in known and known[place].wkb == _area(row).wkb:
            outcome.already += 1
        else:
            new[place] = _area(row)
    names = project.place_names()
    outcome.lines = [
        {"place": names[place], "id": place, "km2": round(area_km2(polygon), 3)}
        for place, polygon in new.items()
    ]
    files = ", ".join(dict.fromkeys(row.file for row in rows))
    if new:
        outcome.write = lambda: project.add_footprints(new, source=files)
    return outcome


# Sources and events


def _plan_sources(project: Project, rows: list[Row], options: Mapping[str, Any]) -> Outcome:
    """Add publications; one without a slug gets that of its publisher and date."""
    outcome = Outcome()
    known, new = project.sources(), dict[str, Source]()
    for row in rows:
        source = None if row.problems else _source_of(row, {**known, **new})
        if source is None:
            outcome.rejected.append(row)
        elif (other := known.get(source.slug) or new.get(source.slug)) is None:
            new[source.slug] = source
        elif other == source or not row.values.get("slug"):
            outcome.already += 1
        else:
            row.problem(f"source {source.slug} is there already, and another ({other.title!r})")
            outcome.rejected.append(row)
    outcome.lines = [_plain(source) for source in new.values()]
    if new:
        outcome.write = lambda: project.add_sources(new.values())
    return outcome


def _source_of(row: Row, known: Mapping[str, Source]) -> Source | None:
    values = row.values
    published, accessed = (
        date.fromisoformat(values[name]) if values.get(name) else None
        for name in ("published", "accessed")
    )
    publisher, title, url = (values.get(name, "").strip() for name in ("publisher", "title", "url"))
    if slug := values.get("slug", "").strip():
        if not publisher:
            row.problem("has no publisher")
            return None
        return Source(slug, publisher, title, url, published, accessed)
    if published is None:
        row.problem("has neither a slug nor a date of publication, of which one could be made")
        return None
    about = {"url": url, "publisher": publisher, "title": title, "published": published}
    try:
        return publication(known, accessed=now(), **about)  # type: ignore[arg-type]
    except InputError as error:
        row.problems += [f"{row.where}: {problem}" for problem in error.problems]
        return None


def _plain(record: Source | Event) -> dict[str, Any]:
    values = ((each.name, getattr(record, each.name)) for each in fields(record))
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in values}


def _plan_events(project: Project, rows: list[Row], options: Mapping[str, Any]) -> Outcome:
    """Add events; one is known by its id, or by all that is said of it."""
    outcome = Outcome()
    known = {event.id: event for event in project.events()}
    new: dict[str, Event] = {}
    for row in rows:
        point = _point(row)
        if row.problems or point is None:
            outcome.rejected.append(row)
            continue
        event = _event_of(row, point)
        other = known.get(event.id) or new.get(event.id)
        if other is None:
            new[event.id] = event
        elif other == event:
            outcome.already += 1
        else:
            row.problem(f"event {event.id} is there already, and says something else")
            outcome.rejected.append(row)
    outcome.lines = [_plain(event) for event in new.values()]
    if new:
        outcome.write = lambda: project.add_events(new.values())
    return outcome


def _event_of(row: Row, point: tuple[float, float]) -> Event:
    import hashlib

    values = row.values
    texts = [values.get(name, "").strip() for name in ("kind", "place", "note", "source")]
    stem = _slug(row.file.partition(".")[0])
    said = "\n".join([values["on"], *map(repr, point), *texts]).encode()
    given = values.get("id", "").strip() or hashlib.sha256(said).hexdigest()[:16]
    event_id = given if ":" in given else f"{stem}:{given}"
    kind, place, note, source = texts
    return Event(event_id, date.fromisoformat(values["on"]), kind, *point, place, note, source)


# The table


_POSITION = (
    Field("lon", "Longitude", ("longitude", "long", "lng", "x", "pointx"), kind="position"),
    Field("lat", "Latitude", ("latitude", "y", "pointy"), kind="position"),
    Field("wkt", "Geometry as WKT", ("geometry", "geom", "thegeom", "shape"), kind="position"),
)
_NOTE = Field("note", "Note", ("notes", "description", "comment", "comments", "remarks"))
_NAMES = Field("names", "Other names, separated by |", ("alternatenames", "altnames", "namear"))
_COUNTRY_FIELD = Field("country", "ISO 3166 code", ("countrycode", "iso2", "isoa2", "cc"))


def _table(targets: Iterable[Target]) -> dict[str, Target]:
    return {target.name: target for target in targets}


TARGETS = _table(
    (
        Target(
            "changes",
            "control changes",
            "either",
            (
                Field(
                    "actor",
                    "Who",
                    ("side", "controlledby", "control", "holder", "controller", "party", "who"),
                    required=True,
                ),
                Field(
                    "on",
                    "First day on which it is so",
                    ("date", "validfrom", "from", "begin", "start", "day", "when", "startdate"),
                    required=True,
                    kind="date",
                ),
                Field(
                    "until",
                    "First day on which it is no longer so",
                    ("validto", "to", "end", "enddate"),
                    kind="date",
                ),
                Field("status", "Status", ("state",), default=str(Status.CONTROLLED)),
                Field("contested_by", "Who contests it", ("contester", "contestedby")),
                Field("certainty", "How well it is established", ("confidence",), required=True),
                Field(
                    "source",
                    "URL or id of a source; several separated by |",
                    ("sources", "url", "sourceurl", "link"),
                    required=True,
                ),
                Field("said_by", "Who is quoted there, a name a source", ("claimedby", "quoted")),
                Field(
                    "place",
                    "The place whose cell it is",
                    ("name", "placename", "location", "town", "settlement", "city", "village"),
                ),
                Field(
                    "area",
                    "The zone that it is",
                    ("adm1", "admin1", "governorate", "province", "oblast", "region"),
                ),
                _NOTE,
                *_POSITION,
            ),
            _plan_changes,
            clips=False,
        ),
        Target(
            "places",
            "known places",
            "point",
            (
                Field("name", "Name", ("placename", "nameen", "asciiname", "town"), required=True),
                Field("id", "Gazetteer's id", ("placeid", "pcode", "geonameid", "osmid", "code")),
                _COUNTRY_FIELD,
                Field("admin1", "First-level division", ("adm1", "adm1en", "governorate")),
                Field("population", "Inhabitants", ("pop", "inhabitants"), kind="number"),
                _NAMES,
                *_POSITION,
            ),
            _plan_places,
        ),
        Target(
            "zones",
            "administrative areas",
            "area",
            (
                Field("code", "Code", ("pcode", "iso31662", "id", "shapeid"), required=True),
                Field("name", "Name", ("nameen", "shapename", "zone"), required=True),
                _COUNTRY_FIELD,
                Field("level", "1 for first-level areas", ("adminlevel",), kind="number"),
                _NAMES,
                *_POSITION,
            ),
            _plan_zones,
        ),
        Target(
            "footprints",
            "built-up areas of places",
            "area",
            (Field("place", "The place", ("name", "placename", "town", "id")), *_POSITION),
            _plan_footprints,
        ),
        Target(
            "sources",
            "publications",
            "none",
            (
                Field("slug", "Short identifier", ("id", "key")),
                Field("publisher", "Publisher", ("source", "outlet", "newspaper")),
                Field("title", "Title", ("headline", "name")),
                Field("url", "URL", ("link", "address")),
                Field("published", "Date of publication", ("date", "publicationdate"), kind="date"),
                Field("accessed", "Date on which it was read", ("accessdate",), kind="date"),
            ),
            _plan_sources,
            clips=False,
        ),
        Target(
            "events",
            "events as context",
            "point",
            (
                Field("on", "Day", ("date", "eventdate", "day"), required=True, kind="date"),
                Field("kind", "Kind", ("eventtype", "type", "subeventtype"), required=True),
                Field("id", "Provider's id", ("eventid", "eventidcnty", "code")),
                Field("place", "Place", ("location", "placename", "name", "town")),
                _NOTE,
                Field("source", "Source", ("sources", "url")),
                *_POSITION,
            ),
            _plan_events,
        ),
    )
)
