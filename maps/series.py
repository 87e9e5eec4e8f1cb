"""What is in a player: one map a day, described once for all days.

What stays the same (land, water, names, words) is the `MapSpec` of the last day. What changes is
told by *states*: the days to show, after those that they are compared with. `arcs` holds the
outline of every ground in every state, `frames` what else is new in a state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from frontmap.geo.control import Area, ControlMap, applies
from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import area_km2
from frontmap.geo.records import Actor, Certainty, Change, Status
from frontmap.maps import style
from frontmap.maps.arcs import encode, partition_arcs, tessellation_arcs
from frontmap.maps.elements import (
    CallOut,
    ChangeEntry,
    Credit,
    LegendEntry,
    Locator,
    MapSpec,
)
from frontmap.maps.spec import (
    Project,
    describe_call_outs,
    describe_map,
    describe_records,
    heading_of,
    look_of,
)
from frontmap.maps.style import Fill, Look
from frontmap.maps.words import Words

__all__ = [
    "Frame",
    "SeriesChange",
    "SeriesGround",
    "SeriesHolder",
    "SeriesSpec",
    "describe_partitions",
    "describe_series",
]

#: An actor that never holds as much cannot be seen on the map, and stays out of the legend.
_VISIBLE_KM2 = 0.5
_NOTHING = MultiPolygon()
_ANY_ZONE = "UTC"

Bounds = tuple[float, float, float, float]
Range = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class SeriesGround:
    """Ground that is drawn alike; its position in `SeriesSpec.grounds` is its label in the arcs.

    `gain_fill` and `outline` are for the part that its actor has just taken.
    """

    heading: str
    actor: str | None
    side: str | None
    look: Look
    fill: Fill
    gain_fill: Fill
    outline: str


@dataclass(frozen=True, slots=True)
class SeriesHolder:
    """An actor that holds ground on some of the days."""

    slug: str
    name: str
    short_name: str
    colour: str
    fill: Fill


@dataclass(frozen=True, slots=True)
class SeriesChange:
    """A record in words, the id of the place that it is about or "", and where its ground lies."""

    entry: ChangeEntry
    place: str
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Frame:
    """What is new in a state, and stands until the next frame.

    `changes` are positions in `SeriesSpec.changes`. `km2` has for each of `SeriesSpec.holders` the
    area as drawn, then the lowest and the highest by what certainty one asks for.
    """

    state: int
    changes: tuple[int, ...]
    km2: tuple[Range, ...]
    call_outs: tuple[CallOut, ...] = ()
    distance_notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesSpec:
    """Everything in a player.

    `days` are the dates of the states; the first `lead_in` of them are only there to compare with.
    Gains are against the day before, or against `since` where it is given. `arcs` is what
    `frontmap.maps.arcs.encode` makes. `targets` are the (id, name) of the places to which distances
    are measured.
    """

    base: MapSpec
    time_zone: str
    days: tuple[date, ...]
    lead_in: int
    since: date | None
    grounds: tuple[SeriesGround, ...]
    arcs: bytes
    holders: tuple[SeriesHolder, ...]
    targets: tuple[tuple[str, str], ...]
    frames: tuple[Frame, ...]
    changes: tuple[SeriesChange, ...]


def describe_series(
    project: Project,
    first: date,
    last: date,
    *,
    known_at: datetime | None = None,
    min_certainty: Certainty = Certainty.CLAIMED,
    distance_to: Sequence[str] = (),
    from_: str | None = None,
    since: date | None = None,
    title: str | None = None,
    lang: str = "en",
    borders: str | None = None,
) -> SeriesSpec:
    """Describe the control maps of every day from `first` to `last`.

    Gains are shown against the day before, or against `since`, a day before `last`. The other
    options, and what they raise, are those of `describe_map`. Raises InputError if the last day
    comes before the first.
    """
    days, lead_in = _states(first, last, since)
    cast = _Cast.of(project.actors(), lang)
    base = describe_map(
        project,
        last,
        known_at=known_at,
        min_certainty=min_certainty,
        since=first - timedelta(days=1),
        distance_to=distance_to,
        from_=from_,
        title=title,
        lang=lang,
        borders=borders,
    )
    maps = _maps(project, days, lead_in, known_at, min_certainty)
    state_of = {day: state for state, day in enumerate(days)}
    starts = [state_of[shown.as_of] for shown in maps]
    rows = _rows(project, first, last, known_at, min_certainty)
    resting = {n for shown in (maps[lead_in], maps[-1]) for p in shown.pieces for n in p.change_ids}
    entries, sources = describe_records(
        project, resting.union(row.id for row in rows), last, lang=lang
    )
    told = {entry.id: entry for entry in entries}
    positions = _positions(rows)
    changes = tuple(SeriesChange(told[r.id], r.place or "", r.polygon.bounds) for r in rows)
    holders, areas = _holders(cast, maps, lead_in)
    measured = describe_call_outs(project, maps, distance_to, from_=from_, lang=lang)
    frames = tuple(
        Frame(start, positions.get(shown.as_of, ()), km2, *call_outs)
        for start, shown, km2, call_outs in zip(starts, maps, areas, measured, strict=True)
    )
    grounds, labels = _grounds(cast, maps)
    zone, ends = project.theatre.time_zone, ((first, frames[lead_in]), (last, frames[-1]))
    still = replace(
        base,
        alt=_alt(cast, project.theatre.name, zone, ends, holders),
        legend=_legend(cast, holders, grounds, frames),
        sources=sources,
    )
    return SeriesSpec(
        base=_without_ground(still),
        time_zone=zone,
        days=tuple(days),
        lead_in=lead_in,
        since=since,
        grounds=grounds,
        arcs=encode(tessellation_arcs(*maps[0].arrangement.edges(), labels, starts)),
        holders=holders,
        targets=_targets(project, distance_to, base),
        frames=frames,
        changes=changes,
    )


def describe_partitions(
    partitions: Mapping[date, Mapping[str, BaseGeometry]],
    actors: Sequence[Actor],
    *,
    title: str,
    lang: str = "en",
    credit: Sequence[Credit] = (),
) -> SeriesSpec:
    """Describe dated partitions that no project holds: on each day, areas by their actor's slug.

    Areas are WGS84 lon/lat; a partition stands until the next one. Raises InputError where there
    is none, or where an actor is not among `actors`.
    """
    known = {actor.slug: actor for actor in actors}
    strangers = {slug for areas in partitions.values() for slug in areas} - known.keys()
    if strangers or not partitions:
        what = ", ".join(sorted(strangers)) or "no partition at all"
        raise InputError(f"cannot show {what}: give dated areas, and describe each actor")
    cast, slugs = _Cast.of(known, lang), list(known)
    days = _every_day(min(partitions), max(partitions))
    standing = [partitions[max(d for d in partitions if d <= day)] for day in days]
    holders = tuple(map(cast.holder, slugs))
    frames = tuple(
        Frame(i, (), tuple(_exact(areas.get(slug)) for slug in slugs))
        for i, (day, areas) in enumerate(zip(days, standing, strict=True))
        if day in partitions
    )
    grounds = tuple(cast.ground(_whole(known[slug])) for slug in slugs)
    base = _empty_map(cast, title, [area for areas in standing for area in areas.values()])
    ends = (days[0], frames[0]), (days[-1], frames[-1])
    still = replace(
        base,
        alt=_alt(cast, title, _ANY_ZONE, ends, holders),
        legend=tuple(e for e in _legend(cast, holders, grounds, frames) if e.mark != "area"),
        credits=tuple(credit),
    )
    states = [{slugs.index(slug): area for slug, area in areas.items()} for areas in standing]
    return SeriesSpec(
        base=still,
        time_zone=_ANY_ZONE,
        days=tuple(days),
        lead_in=0,
        since=None,
        grounds=grounds,
        arcs=encode(partition_arcs(states)),
        holders=holders,
        targets=(),
        frames=frames,
        changes=(),
    )


@dataclass(frozen=True, slots=True)
class _Cast:
    """The actors, with the colours and the words in which to tell of them."""

    actors: Mapping[str, Actor]
    colours: Mapping[str, str]
    words: Words

    @classmethod
    def of(cls, actors: Mapping[str, Actor], lang: str) -> _Cast:
        return cls(actors, style.colours(list(actors.values())), Words.of(lang))

    def ground(self, area: Area) -> SeriesGround:
        heading, look = heading_of(area, self.actors, self.words), look_of(area)
        if area.actor is None:
            fill = style.fill(look)
            return SeriesGround(heading, None, None, look, fill, fill, fill.colour)
        rivals = [self.colours[rival] for rival in area.contested_by]
        colour, hatch = self.colours[area.actor], self.actors[area.actor].hatch
        fill = style.fill(look, colour, rivals, hatch)
        stronger, outline = style.gain_fill(fill), style.darker(colour)
        return SeriesGround(heading, area.actor, area.side, look, fill, stronger, outline)

    def holder(self, slug: str) -> SeriesHolder:
        actor, colour = self.actors[slug], self.colours[slug]
        fill = style.fill(Look.ASSESSED, colour, (), actor.hatch)
        return SeriesHolder(slug, actor.name, actor.short_name, colour, fill)


# --- days -----------------------------------------------------------------------------------------


def _states(first: date, last: date, since: date | None) -> tuple[list[date], int]:
    """Return the days of all states, and how many of them come before the first to show."""
    if last < first:
        raise InputError(f"the last day, {last}, comes before the first, {first}: swap them")
    if since is not None and since >= last:
        raise InputError(f"gains since {since} on maps up to {last}: give an earlier date")
    earlier = {first - timedelta(days=1)}
    if since is not None and since < first:
        earlier.add(since)
    return [*sorted(earlier), *_every_day(first, last)], len(earlier)


def _every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _maps(
    project: Project,
    days: Sequence[date],
    lead_in: int,
    known_at: datetime | None,
    min_certainty: Certainty,
) -> list[ControlMap]:
    """Return the maps of the days to compare with, of the first to show, and of each new one."""
    before = project.control_map(days[0], known_at, min_certainty)
    new = set(before.arrangement.dates())
    return [before] + [
        before.arrangement.at(day, known_at, min_certainty)
        for state, day in enumerate(days)
        if state > 0 and (state <= lead_in or day in new)
    ]


def _rows(
    project: Project, first: date, last: date, known_at: datetime | None, least: Certainty
) -> list[Change]:
    """Return the changes of the days to show, by id."""
    found = [
        change
        for change in project.changes()
        if first <= change.valid_from <= last
        and applies(change, change.valid_from, known_at, least)
    ]
    return sorted(found, key=lambda change: change.id)


def _positions(rows: Sequence[Change]) -> dict[date, tuple[int, ...]]:
    """Return the indices of the rows of each day."""
    found = defaultdict[date, list[int]](list)
    for index, row in enumerate(rows):
        found[row.valid_from].append(index)
    return {day: tuple(indices) for day, indices in found.items()}


# --- ground ---------------------------------------------------------------------------------------


def _grounds(
    cast: _Cast, maps: Sequence[ControlMap]
) -> tuple[tuple[SeriesGround, ...], NDArray[np.int32]]:
    """Return the grounds of all maps, and which of them each face is part of in each map."""
    alike: dict[tuple[str | None, Look, tuple[str, ...]], Area] = {}
    members = []
    for number, shown in enumerate(maps):
        for state, faces in shown.faces_by_state(with_no_data=True).items():
            area = state.area(_NOTHING)
            key = area.actor, look_of(area), area.contested_by
            alike.setdefault(key, area)
            members.append((number, key, faces))
    order = sorted(alike, key=lambda key: (key[0] is None, key[0] or "", *key[1:]))
    labels = np.zeros((len(maps), len(maps[0].arrangement.faces)), np.int32)
    for number, key, faces in members:
        labels[number, faces] = order.index(key)
    return tuple(cast.ground(alike[key]) for key in order), labels


def _holders(
    cast: _Cast, maps: Sequence[ControlMap], lead_in: int
) -> tuple[tuple[SeriesHolder, ...], list[tuple[Range, ...]]]:
    """Return who holds ground on some day to show, the most first, and how much in each map."""
    face_km2 = area_km2(maps[0].arrangement.faces)
    drawn, levels = [], []
    for shown in maps:
        stricter = [level for level in Certainty if level.rank > shown.min_certainty.rank]
        others = (shown.arrangement.at(shown.as_of, shown.known_at, level) for level in stricter)
        by_level = [_held(other, face_km2) for other in (shown, *others)]
        drawn.append(by_level[0])
        levels.append(by_level)
    most = {
        slug: max(held.get(slug, 0.0) for held in drawn[lead_in:])
        for held in drawn[lead_in:]
        for slug in held
    }
    slugs = sorted((s for s in most if most[s] >= _VISIBLE_KM2), key=lambda slug: -most[slug])
    ranges = [
        tuple(_range([held.get(slug, 0.0) for held in by_level]) for slug in slugs)
        for by_level in levels
    ]
    return tuple(map(cast.holder, slugs)), ranges


def _held(shown: ControlMap, face_km2: NDArray[np.float64]) -> dict[str, float]:
    held: dict[str, float] = defaultdict(float)
    for state, faces in shown.faces_by_state().items():
        if state.actor is not None:
            held[state.actor] += float(face_km2[faces].sum())
    return held


def _range(levels: Sequence[float]) -> Range:
    """Return the area as drawn, which is the first, then the lowest and the highest, to 0.1."""
    seen = [round(km2, 1) if km2 >= _VISIBLE_KM2 else 0.0 for km2 in levels]
    return seen[0], min(seen), max(seen)


def _exact(area: BaseGeometry | None) -> Range:
    return _range([0.0 if area is None else area_km2(area)])


def _whole(actor: Actor) -> Area:
    certainty = Certainty.REPORTED
    return Area(actor.slug, actor.side, Status.CONTROLLED, (), certainty, (), _NOTHING)


# --- what stays the same --------------------------------------------------------------------------


def _without_ground(base: MapSpec) -> MapSpec:
    """Leave out what `frames` and `arcs` tell of each day."""
    return replace(
        base,
        holders=(),
        grounds=(),
        pieces=(),
        front=(),
        gains=(),
        call_outs=(),
        distance_notes=(),
        changes=(),
    )


def _empty_map(cast: _Cast, title: str, areas: Sequence[BaseGeometry]) -> MapSpec:
    """Return a map of nothing, around the areas."""
    west, south, east, north = shapely.total_bounds(list(areas)).tolist()
    by_lon, by_lat = (east - west) / 20, (north - south) / 20
    bounds = west - by_lon, south - by_lat, east + by_lon, north + by_lat
    return MapSpec(
        lang=cast.words.lang,
        direction=cast.words.direction,
        title=title,
        as_of=date.min,
        as_of_line="",
        known_line="",
        since=None,
        since_line="",
        alt="",
        bounds=bounds,
        frame=bounds,
        theatre=MultiPolygon([shapely.box(*bounds)]),
        neighbours=(),
        lakes=(),
        rivers=(),
        holders=(),
        grounds=(),
        pieces=(),
        front=(),
        gains=(),
        labels=(),
        call_outs=(),
        distance_notes=(),
        legend=(),
        changes=(),
        sources=(),
        locator=Locator(bounds, _NOTHING, ()),
        credits=(),
        words=cast.words.catalogue,
    )


def _targets(
    project: Project, distance_to: Sequence[str], base: MapSpec
) -> tuple[tuple[str, str], ...]:
    names = {label.id: label.name for label in base.labels}
    ids = [project.resolve(name).id for name in distance_to]
    return tuple((target, names[target]) for target in ids)


def _legend(
    cast: _Cast,
    holders: Sequence[SeriesHolder],
    grounds: Sequence[SeriesGround],
    frames: Sequence[Frame],
) -> tuple[LegendEntry, ...]:
    """Explain what is on any of the maps; areas and dates are filled in by the player."""
    say = cast.words.say
    entries = [LegendEntry("actor", h.short_name, "", (h.fill,), h.slug) for h in holders]
    if any(low < high for frame in frames for _, low, high in frame.km2):
        entries.append(LegendEntry("note", "", say("legend_note")))
    for look in Look:
        if fills := tuple(ground.fill for ground in grounds if ground.look is look)[:3]:
            key = f"legend_{look.replace('-', '_')}"
            entries.append(LegendEntry("area", say(key), say(f"{key}_meaning"), fills, look))
    gains = {g.actor: g.gain_fill for g in grounds if g.actor and g.look is not Look.CLAIMED}
    if gains:
        meaning = say("legend_gains_meaning")
        entries.append(LegendEntry("gain", say("compare"), meaning, tuple(gains.values())[:3]))
    if len({ground.side for ground in grounds if ground.side}) > 1:
        entries.append(LegendEntry("front", say("legend_front"), say("legend_front_meaning")))
    if any(not call_out.inside for frame in frames for call_out in frame.call_outs):
        meaning = say("legend_distance_meaning")
        entries.append(LegendEntry("distance", say("legend_distance"), meaning))
    return tuple(entries)


def _alt(
    cast: _Cast,
    theatre: str,
    zone: str,
    ends: Sequence[tuple[date, Frame]],
    holders: Sequence[SeriesHolder],
) -> str:
    """Say in one paragraph what the player shows, and who holds what at its two ends."""
    say, day = cast.words.say, cast.words.day
    (first, _), (last, _) = ends
    sentences = [
        say("alt_series", theatre=theatre, first=day(first), last=day(last), zone=zone),
        *(_alt_day(cast, on, frame, holders) for on, frame in ends),
        say("alt_method"),
    ]
    return " ".join(sentences)


def _alt_day(cast: _Cast, day: date, frame: Frame, holders: Sequence[SeriesHolder]) -> str:
    words = cast.words
    held = [
        words.say("alt_gain", actor=holder.name, area=words.area(km2))
        for holder, (km2, _, _) in zip(holders, frame.km2, strict=True)
        if km2 >= _VISIBLE_KM2
    ]
    return words.say("alt_series_day", day=words.day(day), holdings="; ".join(held))
