"""From a control change as somebody asks for it to the record that the store keeps.

A draft is text: names, ISO dates, a way to a polygon. `resolve_drafts` checks every draft against
the project, gathers every problem before it gives up, and derives the polygon by the draft's
method: `drawn`, `cell`, `area` or `standoff`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from frontmap.data.citing import cited
from frontmap.data.door import AS_IT_IS, Asked, read_area
from frontmap.data.store import Project
from frontmap.geo.control import Arrangement
from frontmap.geo.dates import now, parse_date
from frontmap.geo.errors import FrontmapError, InputError, UnknownNameError
from frontmap.geo.records import (
    Actor,
    Attribution,
    Certainty,
    Change,
    Method,
    Place,
    Source,
    Status,
)
from frontmap.geo.toponyms import key

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from frontmap.geo.tessellation import Tessellation

P = ParamSpec("P")
T = TypeVar("T")
E = TypeVar("E", Status, Certainty)

#: Name of an actor, or of an area, that stands for none of them, or for all of the theatre.
NO_ACTOR, WHOLE_THEATRE = "none", "theatre"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A polygon (lon, lat) that was checked when it was read, and what to store of its origin."""

    polygon: MultiPolygon
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A control change as it was asked for; exactly one of `place`, `polygon`, `area`, `toward`.

    `polygon` is a file, read as `asked`, or what was read of one. `toward`, `within_km`, `via` and
    `width_km` make a standoff. `origin` says where the draft stands, for messages ("changes.csv,
    row 12").
    """

    actor: str
    on: str
    certainty: str
    sources: tuple[Attribution, ...]
    until: str = ""
    status: str = Status.CONTROLLED
    contested_by: str = ""
    place: str = ""
    reach_km: float | None = None
    polygon: str | Path | Drawn | None = None
    asked: Asked = AS_IT_IS
    area: str = ""
    toward: str = ""
    within_km: float | None = None
    via: tuple[str, ...] = ()
    width_km: float | None = None
    note: str = ""
    editor: str = ""
    recorded_at: datetime | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What drafts came to: changes to append, sources that they name for the first time, notes.

    `rejected` are the drafts that make no change, each with its problems.
    """

    changes: tuple[Change, ...]
    new_sources: tuple[Source, ...]
    notes: tuple[str, ...]
    rejected: tuple[tuple[Draft, tuple[str, ...]], ...] = ()


def resolve_drafts(
    project: Project, drafts: Iterable[Draft], *, allow_future: bool = False
) -> Resolved:
    """Check drafts and give them polygons; raises InputError with every problem of every draft."""
    resolved = resolve_each(project, drafts, allow_future=allow_future)
    if problems := [problem for _, many in resolved.rejected for problem in many]:
        raise InputError(problems)
    return resolved


def resolve_each(
    project: Project, drafts: Iterable[Draft], *, allow_future: bool = False
) -> Resolved:
    """Check drafts and give them polygons, in the order of their dates; keep the bad ones apart."""
    resolver = _Resolver(project, allow_future)
    changes: list[Change] = []
    for draft in sorted(drafts, key=lambda draft: draft.on):
        change = resolver.resolve(draft, changes)
        if change is not None:
            changes.append(change)
    # A source that only a bad draft names isn't one yet.
    cited = {said.source for change in changes for said in change.sources}
    new = tuple(source for slug, source in resolver.new_sources.items() if slug in cited)
    return Resolved(tuple(changes), new, tuple(resolver.notes), tuple(resolver.rejected))


def add_drafts(
    project: Project, drafts: Iterable[Draft], *, allow_future: bool = False
) -> tuple[list[int], tuple[str, ...]]:
    """Resolve drafts and append them, all or none; return the new ids and what is to be noted."""
    resolved = resolve_drafts(project, drafts, allow_future=allow_future)
    ids = project.add_changes(resolved.changes, sources=resolved.new_sources)
    return ids, resolved.notes


class _Resolver:
    """Resolves drafts one by one, and remembers which it rejected, and why."""

    def __init__(self, project: Project, allow_future: bool) -> None:
        self.project = project
        self.rejected: list[tuple[Draft, tuple[str, ...]]] = []
        self.notes: list[str] = []
        self.new_sources: dict[str, Source] = {}
        self._cells: dict[tuple[str, float], MultiPolygon] = {}
        self._actors = project.actors()
        self._sources = project.sources()
        self._recorded_at = now()
        today = self._recorded_at.astimezone(ZoneInfo(project.theatre.time_zone)).date()
        self._latest = date.max if allow_future else today

    def resolve(self, draft: Draft, before: Sequence[Change]) -> Change | None:
        """Return the change, or None where the draft has problems."""
        faults = _Faults(draft.origin)
        actor = None if draft.actor == NO_ACTOR else faults.of(self._actor, draft.actor)
        rival = faults.of(self._actor, draft.contested_by) if draft.contested_by else None
        status = faults.of(_member, Status, "status", draft.status)
        certainty = faults.of(_member, Certainty, "certainty", draft.certainty)
        valid_from = faults.of(self._day, draft.on)
        valid_to = faults.of(parse_date, draft.until) if draft.until else None
        if valid_from and valid_to and valid_to <= valid_from:
            faults.add(f"it ends ({valid_to}) no later than it begins ({valid_from})")
        _check_contested(faults, status, actor, rival)
        sources = self._attributions(draft.sources, faults)
        shape = faults.of(self._shape, draft, actor, valid_from, before)
        if faults.found:
            self.rejected.append((draft, tuple(faults.found)))
        if faults.found or not (status and certainty and valid_from and shape):
            return None
        self.notes += [faults.prefix + note for note in shape.notes]
        return Change(
            id=0,
            actor=actor.slug if actor else None,
            status=status,
            certainty=certainty,
            valid_from=valid_from,
            valid_to=valid_to,
            recorded_at=draft.recorded_at or self._recorded_at,
            polygon=shape.polygon,
            contested_by=rival.slug if rival else None,
            place=shape.place,
            method=shape.method,
            parameters=shape.parameters,
            note=draft.note,
            editor=draft.editor,
            sources=sources,
        )

    def _day(self, text: str) -> date:
        day = parse_date(text)
        if day > self._latest:
            raise InputError(f"{text} is in the future (--allow-future records it all the same)")
        return day

    def _actor(self, name: str) -> Actor:
        return actor_named(name, self._actors)

    def _attributions(
        self, said: Sequence[Attribution], faults: _Faults
    ) -> tuple[Attribution, ...]:
        if not said:
            faults.add("it has no source: name at least one (--source)")
        found = [faults.of(self._source, attribution.source) for attribution in said]
        return tuple(
            replace(attribution, source=source.slug)
            for attribution, source in zip(said, found, strict=True)
            if source
        )

    def _source(self, name: str) -> Source:
        """Return the source of a slug or URL, and remember it where it is a new one."""
        known = {**self._sources, **self.new_sources}
        source = cited(name, known, accessed=self._recorded_at)
        if source.slug not in known:
            self.new_sources[source.slug] = source
        return source

    # A polygon by each method

    def _shape(
        self, draft: Draft, actor: Actor | None, on: date | None, before: Sequence[Change]
    ) -> _Shape:
        ways = {
            "--place": bool(draft.place),
            "--polygon": bool(draft.polygon),
            "--area": bool(draft.area),
            "--toward": bool(draft.toward),
        }
        given = [way for way, is_given in ways.items() if is_given]
        if len(given) != 1:
            found = " and ".join(given) if given else "none"
            raise InputError(f"give exactly one of {', '.join(ways)} (found {found})")
        if draft.place:
            return self._cell(draft)
        if draft.polygon:
            return self._drawn(draft.polygon, draft.asked)
        if draft.area:
            return self._area(draft.area)
        return self._standoff(draft, actor, on, before)

    @cached_property
    def _tessellation(self) -> tuple[dict[str, int], Tessellation]:
        """The place's number by its id, and the ground divided among all places."""
        from frontmap.geo.tessellation import Tessellation

        places = self.project.places()
        numbers = {place.id: number for number, place in enumerate(places)}
        lons, lats = [place.lon for place in places], [place.lat for place in places]
        return numbers, Tessellation(lons, lats, self.project.theatre.polygon)

    def _cell(self, draft: Draft) -> _Shape:
        place, notes = self._find(draft.place)
        reach_km = self.project.theatre.reach_km if draft.reach_km is None else draft.reach_km
        numbers, tessellation = self._tessellation
        drawn = (place.id, reach_km)
        if drawn not in self._cells:
            self._cells[drawn] = tessellation.cell(numbers[place.id], reach_km)
        parameters = {"reach_km": reach_km, "places": len(numbers)}
        return _Shape(Method.CELL, self._cells[drawn], parameters, place.id, notes)

    def _drawn(self, given: str | Path | Drawn, asked: Asked) -> _Shape:
        if isinstance(given, Drawn):
            return _Shape(Method.DRAWN, given.polygon, given.parameters)
        polygon, notes = read_area(given, asked, theatre=self.project.theatre.polygon)
        return _Shape(Method.DRAWN, polygon, {"file": Path(given).name}, notes=notes)

    def _area(self, name: str) -> _Shape:
        if name == WHOLE_THEATRE:
            return _Shape(Method.AREA, self.project.theatre.polygon, {"area": WHOLE_THEATRE})
        zones = self.project.zones(level=None)
        names = {
            key(known): zone
            for zone in reversed(zones)
            for known in (*(n.name for n in zone.names), zone.code, zone.name)
        }
        zone = names.get(key(name))
        if zone is None:
            near = get_close_matches(key(name), names, n=3, cutoff=0.5)
            meant = dict.fromkeys(names[k].name for k in near) or sorted(z.name for z in zones)
            raise UnknownNameError("area", name, list(meant))
        return _Shape(Method.AREA, zone.polygon, {"area": zone.code})

    def _standoff(
        self, draft: Draft, actor: Actor | None, on: date | None, before: Sequence[Change]
    ) -> _Shape:
        from frontmap.geo.standoff import DEFAULT_WIDTH_KM, standoff

        if draft.within_km is None:
            raise InputError(f"say how near to {draft.toward} it comes (--within 5km)")
        if actor is None or on is None:
            raise InputError("a standoff needs an actor and a date")
        found = [self._find(name) for name in (draft.toward, *draft.via)]
        (target, *via), notes = zip(*found, strict=True)
        held = self._arrangement(before).at(on).ground_of(actor.slug)
        width_km = draft.width_km or DEFAULT_WIDTH_KM
        polygon = standoff(
            held,
            (target.lon, target.lat),
            draft.within_km,
            via=[(place.lon, place.lat) for place in via],
            width_km=width_km,
            outline=self.project.theatre.polygon,
            holder=actor.short_name,
            target=target.name,
        )
        parameters = {
            "toward": target.id,
            "within_km": draft.within_km,
            "via": [place.id for place in via],
            "width_km": width_km,
        }
        return _Shape(Method.STANDOFF, polygon, parameters, target.id, sum(notes, ()))

    def _find(self, name: str) -> tuple[Place, tuple[str, ...]]:
        """Return the place of a name, and a note where only a similar name was found."""
        match = self.project.match(name)
        note = match.taken_for(name)
        return match.place, (note,) if note else ()

    def _arrangement(self, before: Sequence[Change]) -> Arrangement:
        """Return the ground as it will be with the drafts resolved so far."""
        if not before:
            return self.project.arrangement()
        known = self.project.changes()
        highest = max((change.id for change in known), default=0)
        pending = [replace(c, id=highest + n) for n, c in enumerate(before, start=1)]
        sides = {actor.slug: actor.side for actor in self._actors.values()}
        return Arrangement([*known, *pending], self.project.theatre.polygon, sides)


@dataclass(frozen=True, slots=True)
class _Shape:
    method: Method
    polygon: MultiPolygon
    parameters: dict[str, Any]
    place: str | None = None
    notes: tuple[str, ...] = ()


class _Faults:
    """Collects the problems of one draft, each with the draft's origin before it."""

    def __init__(self, origin: str) -> None:
        self.prefix = f"{origin}: " if origin else ""
        self.found: list[str] = []

    def add(self, problem: str) -> None:
        self.found.append(self.prefix + problem)

    def of(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return the step's result, or None after noting what it raised."""
        try:
            return step(*args, **kwargs)
        except InputError as error:
            self.found += [self.prefix + problem for problem in error.problems]
        except FrontmapError as error:
            self.add(str(error))
        return None


def actor_named(name: str, actors: Mapping[str, Actor]) -> Actor:
    """Return the actor of a slug, name or alias; UnknownNameError where there is none."""
    names = {
        known: actor
        for actor in actors.values()
        for known in (*actor.aliases, actor.slug, actor.short_name, actor.name)
    }
    folded = {known.casefold(): actor for known, actor in names.items()}
    if name.casefold() in folded:
        return folded[name.casefold()]
    near = get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)
    meant = dict.fromkeys(folded[known].slug for known in near) or actors
    raise UnknownNameError("actor", name, list(meant), "add one with: frontmap actor add")


def _check_contested(
    faults: _Faults, status: Status | None, actor: Actor | None, rival: Actor | None
) -> None:
    if status is Status.CONTESTED and rival is None:
        faults.add("contested ground needs its contester (--contested-by)")
    if status is Status.CONTROLLED and rival is not None:
        faults.add(f"ground contested by {rival.slug} has the status contested or besieged")
    if actor is not None and rival is not None and actor.side == rival.side:
        faults.add(f"{actor.slug} and {rival.slug} are of one side ({actor.side})")


def _member(kind: type[E], what: str, text: str) -> E:
    try:
        return kind(text.lower())
    except ValueError:
        raise InputError(f"{what} {text!r} is none of {', '.join(kind)}") from None
