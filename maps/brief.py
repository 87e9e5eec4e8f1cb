"""What a daily brief says, decided once for every renderer.

`describe_brief` turns a project and a date into a `Brief`: sections of paragraphs, lists, tables
and trends, whose every word is set. `frontmap.maps.report` only lays it out. A sentence says what
the records say, and by how sure ones: numbers are ranges, and who says so stands beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from frontmap.geo import brief as review
from frontmap.geo.control import ControlMap
from frontmap.geo.distance import Distance
from frontmap.geo.errors import InputError, NoFrontError
from frontmap.geo.geodesy import area_km2, format_km
from frontmap.geo.records import Actor, Certainty, Change, Place, Source, Status
from frontmap.geo.summary import distance, locate, series, under
from frontmap.maps.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Line,
    Paragraph,
    Picture,
    Role,
    Section,
    Table,
    Text,
    Trend,
    Trends,
    cell,
    legible,
    paragraph,
    run,
)
from frontmap.maps.elements import ChangeEntry, MapSpec, SourceEntry
from frontmap.maps.spec import Project, describe_map, describe_records
from frontmap.maps.words import Words

__all__ = ["Brief", "describe_brief"]

#: Less than this cannot be seen on a map of a country, and has no row of its own.
_VISIBLE_KM2 = 0.5
_NAMED = 3
#: The columns that hold numbers, by the keys of their titles.
_NUMERIC = frozenset(
    {
        *("area_held", "share_heading", "gain_heading", "loss_heading", "gained_places"),
        *("lost_places", "difference", "by_reported", "by_confirmed", "people_places"),
        *("people_no_figure", "people_figure", "area_heading", "quiet_days", "quiet_extent"),
    }
)


@dataclass(frozen=True, slots=True)
class Brief:
    """A whole brief; `map` is what its figure draws, `known_at` the latest of the records."""

    lang: str
    direction: str
    title: str
    as_of: date
    known_at: datetime | None
    lines: tuple[str, ...]
    map: MapSpec
    sections: tuple[Section, ...]

    @property
    def summary(self) -> str:
        """Return the first section in one paragraph, for a feed or a message."""
        (bullets,) = (block for block in self.sections[0].blocks if isinstance(block, Bullets))
        return " ".join("".join(run.text for run in item) for item in bullets.items)


def describe_brief(
    project: Project,
    as_of: date,
    *,
    since: date | None = None,
    known_at: datetime | None = None,
    since_known_at: datetime | None = None,
    min_certainty: Certainty = Certainty.CLAIMED,
    distance_to: Sequence[str] = (),
    from_: str | None = None,
    within_km: float = 10,
    trend_days: int = 14,
    quiet_days: int = 7,
    title: str | None = None,
    lang: str = "en",
    borders: str | None = None,
) -> Brief:
    """Describe the brief of `as_of`, compared with `since` (the day before the latest change).

    Corrections are those made after `since_known_at`, when the last brief was written: the end of
    `since` unless given. `within_km` says how near the front people are counted, `trend_days` how
    far back distances go, `quiet_days` after how many days without a report ground is stale. The
    other arguments are those of `describe_map`. Raises InputError for a language without a brief
    or a number that is not positive, and what `describe_map` raises.
    """
    words = Words.of_brief(lang)
    _check(within_km=within_km, trend_days=trend_days, quiet_days=quiet_days)
    drawn = describe_map(
        project,
        as_of,
        known_at=known_at,
        min_certainty=min_certainty,
        since=since,
        distance_to=distance_to,
        from_=from_,
        title=title,
        lang=lang,
        borders=borders,
    )
    desk = _Desk.of(project, words, drawn, known_at, min_certainty, since_known_at)
    measures = [_measure(desk, project.resolve(name), from_, trend_days) for name in distance_to]
    near = review.near_front(desk.shown, desk.places, within_km) if desk.shown.front else []
    day = words.day(as_of)
    heading = title or words.say("brief_title", theatre=project.theatre.name, day=day)
    sections = (
        _glance(desk, measures, near, within_km),
        Section("map", words.say("map"), (Picture(legible(drawn.alt), legible(drawn.as_of_line)),)),
        _changes(desk),
        _ground(desk),
        *([_distances(desk, from_, measures)] if distance_to else []),
        _people(desk, near, within_km),
        _claims(desk),
        _quiet(desk, quiet_days),
        _corrections(desk),
        _sources(desk),
        _method(desk),
        _credits(desk),
    )
    return Brief(
        lang,
        words.direction,
        legible(heading),
        as_of,
        known_at or project.recorded_until(),
        _lines(desk),
        drawn,
        sections,
    )


def _check(**numbers: float) -> None:
    problems = [
        f"--{name.replace('_', '-')} {number:g}: give a number above 0"
        for name, number in numbers.items()
        if number <= 0
    ]
    if problems:
        raise InputError(problems)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the sections are written from."""

    words: Words
    map: MapSpec
    project: Project
    shown: ControlMap
    before: ControlMap | None
    since_known_at: datetime | None
    actors: Mapping[str, Actor]
    places: Sequence[Place]
    changes: Mapping[int, Change]
    published: Mapping[str, Source]
    new: Sequence[Change]
    ended: Sequence[Change]
    corrections: review.Corrections
    turnovers: Sequence[review.Turnover]
    entries: Mapping[int, ChangeEntry]
    sources: Sequence[SourceEntry]

    @classmethod
    def of(
        cls,
        project: Project,
        words: Words,
        drawn: MapSpec,
        known_at: datetime | None,
        min_certainty: Certainty,
        since_known_at: datetime | None,
    ) -> _Desk:
        as_of, since, places = drawn.as_of, drawn.since, project.places()
        changes = {change.id: change for change in project.changes()}
        shown = project.control_map(as_of, known_at, min_certainty)
        before: ControlMap | None = None
        ended: list[Change] = []
        corrections = review.Corrections((), ())
        if since:
            before = project.control_map(since, known_at, min_certainty)
            since_known_at = since_known_at or _end_of(since, project.theatre.time_zone)
            ended = review.ended(
                changes.values(),
                since=since,
                as_of=as_of,
                known_at=known_at,
                min_certainty=min_certainty,
            )
            corrections = review.corrections(
                changes.values(),
                since=since,
                as_of=as_of,
                known_at=known_at,
                since_known_at=since_known_at,
            )
        new = [changes[entry.id] for entry in drawn.changes if entry.is_new]
        told = {row.id for row in (*new, *ended, *corrections.retracted, *corrections.late)}
        told.update(*(piece.change_ids for piece in review.unsettled(shown)))
        entries, sources = describe_records(project, told, as_of, lang=words.lang)
        return cls(
            words,
            drawn,
            project,
            shown,
            before,
            since_known_at,
            project.actors(),
            places,
            changes,
            project.sources(),
            new,
            ended,
            corrections,
            review.turnovers(before, shown, places) if before else (),
            {entry.id: entry for entry in entries},
            sources,
        )

    def name(self, slug: str | None) -> str:
        return self.actors[slug].short_name if slug else self.words.say("no_data")

    def since_day(self) -> str:
        return self.words.day(self.map.since) if self.map.since else ""

    def all_records(self) -> str:
        least = self.shown.min_certainty
        if least is Certainty.CLAIMED:
            return self.words.say("all_records")
        return self.words.say("all_records_least", least=self.words.say(least).lower())

    def area(self, km2: float) -> str:
        return self.words.say("area", area=self.words.area(km2))

    def area_range(self, km2: Iterable[float]) -> str:
        figures = sorted(km2)
        low, high = self.words.area(figures[0]), self.words.area(figures[-1])
        if low == high:
            return self.words.say("area", area=high)
        return self.words.say("area_range", low=low, high=high)


def _end_of(day: date, time_zone: str) -> datetime:
    """Return the last instant of a day where the theatre is."""
    following = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone))
    return following - timedelta(milliseconds=1)


# --- text -----------------------------------------------------------------------------------------


def _columns(words: Words, **shares: int) -> tuple[Column, ...]:
    """Return columns by the keys of their titles, and their shares of the width in %."""
    return tuple(Column(words.say(key), key in _NUMERIC, share) for key, share in shares.items())


def _certainty(desk: _Desk, certainty: Certainty) -> Text:
    return run(desk.words.say(certainty), Role(certainty))


def _lines(desk: _Desk) -> tuple[str, ...]:
    say, since = desk.words.say, desk.since_day()
    compared = say("compared", day=since) if since else say("compared_none")
    lines = (desk.map.as_of_line, compared, desk.map.known_line)
    return tuple(legible(line) for line in lines if line)


# --- at a glance ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Measure:
    """The distance to one place: now, now by surer records alone, then, and in between."""

    place: Place
    sentence: str
    now: Distance | None
    surer: Mapping[Certainty, Distance | None]
    then: Distance | None
    trend: Trend | None


def _glance(
    desk: _Desk, measures: Sequence[_Measure], near: Sequence[Place], within_km: float
) -> Section:
    items = [
        _counted(desk),
        *_turned_over(desk),
        *(_distance_line(desk, measure) for measure in measures),
        *_people_line(desk, near, within_km),
        *_unsettled_lines(desk),
    ]
    retracted = len(desk.corrections.retracted)
    if retracted and desk.since_known_at:
        instant = desk.words.instant(desk.since_known_at)
        items.append((run(desk.words.count("corrections_some", retracted, instant=instant)),))
    return Section("glance", desk.words.say("heading_glance"), (Bullets(tuple(items)),))


def _counted(desk: _Desk) -> Line:
    words, since = desk.words, desk.since_day()
    if not since:
        return (run(words.say("compared_none")),)
    said = [_counted_changes(desk) if desk.new else words.say("changes_none_since", day=since)]
    if desk.ended:
        said.append(words.count("ended_count", len(desk.ended)))
    return (run(" ".join(said)),)


def _counted_changes(desk: _Desk) -> str:
    words = desk.words
    counts = {level: 0 for level in reversed(Certainty)}
    for row in desk.new:
        counts[row.certainty] += 1
    levels = [
        words.say(f"count_{level}", count=words.number(count))
        for level, count in counts.items()
        if count
    ]
    changes = words.count("changes", len(desk.new), day=desk.since_day())
    return words.say("counted", changes=changes, levels=words.listed(levels))


def _turned_over(desk: _Desk) -> list[Line]:
    """Say in a line an actor what it gained and lost."""
    lines: list[Line] = []
    for row in desk.turnovers:
        clauses = []
        if _visible(row.gained_km2, row.gained_places):
            clauses.append(_gains_clause(desk, row))
        if _visible(row.lost_km2, row.lost_places):
            what = _what_moved(desk, row.lost_km2, row.lost_places)
            clauses.append(desk.words.say("losses", what=what))
        if clauses:
            actor = run(f"{desk.name(row.actor)}: ", Role.STRONG)
            lines.append((actor, run("; ".join(clauses) + ".")))
    return lines


def _visible(km2: Mapping[Certainty, float], places: Mapping[Certainty, tuple[Place, ...]]) -> bool:
    return max(km2.values()) >= _VISIBLE_KM2 or any(places.values())


def _gains_clause(desk: _Desk, row: review.Turnover) -> str:
    say, asked = desk.words.say, desk.shown.min_certainty
    clause = say("gains", what=_what_moved(desk, row.gained_km2, row.gained_places))
    holders = [desk.name(actor) for actor in row.from_actors]
    clause = say("gains_from", gains=clause, holders=desk.words.listed(holders))
    if not row.gained_places[asked]:
        return clause
    ranked = sorted(row.gained_places[asked], key=lambda place: -(place.population or 0))
    pieces = locate(desk.shown, ranked[:_NAMED])
    named = [
        say("named", place=place.name, certainty=say(piece.certainty).lower())
        for place, piece in zip(ranked, pieces, strict=False)
        if piece and piece.certainty
    ]
    key = "among_them" if len(ranked) > _NAMED else "namely"
    return say(key, gains=clause, named=desk.words.listed(named))


def _what_moved(
    desk: _Desk, km2: Mapping[Certainty, float], places: Mapping[Certainty, tuple[Place, ...]]
) -> str:
    area, counts = desk.area_range(km2.values()), [len(found) for found in places.values()]
    if not any(counts):
        return area
    return desk.words.listed([area, desk.words.count_range("places", min(counts), max(counts))])


def _unsettled_lines(desk: _Desk) -> list[Line]:
    """Say how much ground rests on claims alone, and how much is contested."""
    words, whole = desk.words, area_km2(desk.map.theatre)
    lines: list[Line] = []
    for key, km2 in zip(("claims_claimed", "claims_contested"), _unsettled_km2(desk), strict=True):
        if km2 >= _VISIBLE_KM2:
            share = words.share(km2 / whole)
            said = words.say("claims_share", area=desk.area(km2), share=share)
            lines.append((run(f"{words.say(key)}: ", Role.STRONG), run(said)))
    return lines or [(run(words.say("claims_none")),)]


def _unsettled_km2(desk: _Desk) -> tuple[float, float]:
    """Return how much ground rests on claims alone, and how much is contested."""
    km2 = {True: 0.0, False: 0.0}
    for piece in review.unsettled(desk.shown):
        km2[bool(piece.contested_by)] += area_km2(piece.polygon)
    return km2[False], km2[True]


# --- changes --------------------------------------------------------------------------------------


def _changes(desk: _Desk) -> Section:
    since = desk.since_day()
    if not since:
        none = paragraph(desk.words.say("compared_none"))
        return Section("changes", desk.words.say("heading_changes"), (none,))
    blocks: list[Block] = [
        _change_table(desk, actor, rows) for actor, rows in _by_actor(desk).items()
    ]
    if not blocks:
        blocks.append(paragraph(desk.words.say("changes_none_since", day=since)))
    if desk.ended:
        blocks.append(_ended_table(desk))
    return Section("changes", desk.words.say("changes_since", day=since), tuple(blocks))


def _by_actor(desk: _Desk) -> dict[str | None, list[Change]]:
    """Return the day's changes by actor, as the project lists them; the surest first."""
    population = {place.id: place.population or 0 for place in desk.places}
    rows = sorted(
        desk.new,
        key=lambda row: (
            -row.certainty.rank,
            -population.get(row.place or "", 0),
            -area_km2(row.polygon),
            row.id,
        ),
    )
    found = {actor: [row for row in rows if row.actor == actor] for actor in (*desk.actors, None)}
    return {actor: own for actor, own in found.items() if own}


def _change_table(desk: _Desk, actor: str | None, rows: Sequence[Change]) -> Table:
    caption = desk.words.count("actor_changes", len(rows), actor=desk.name(actor))
    return Table(
        legible(caption),
        _columns(
            desk.words,
            change_where=29,
            change_status=14,
            held_before=14,
            certainty=13,
            change_who=30,
        ),
        tuple(
            (
                _where(desk, row),
                _status(desk, row),
                cell(_held_before(desk, row)),
                cell(_certainty(desk, row.certainty)),
                _said_by(desk, [row.id]),
            )
            for row in rows
        ),
    )


def _where(desk: _Desk, row: Change) -> Cell:
    """Name the place, and what the editor noted."""
    name = (run(desk.entries[row.id].where, Role.STRONG),)
    return (name, (run(row.note, Role.MUTED),)) if row.note else (name,)


def _status(desk: _Desk, row: Change) -> Cell:
    """Say how the actor stands there, and where the map shows otherwise."""
    say = desk.words.say
    pieces = [piece for piece in desk.map.pieces if row.id in piece.changes]
    lines = cell(_recorded_as(desk, row))
    if not pieces:
        return (*lines, *cell(run(say("status_covered"), Role.MUTED)))
    if row.status is not Status.CONTESTED and any(piece.contested_by for piece in pieces):
        return (*lines, *cell(run(say("status_rival"), Role.MUTED)))
    return lines


def _recorded_as(desk: _Desk, row: Change) -> str:
    say = desk.words.say
    if row.actor is None:
        return say("status_no_data")
    if row.status is Status.CONTESTED and row.contested_by:
        return say("status_contested", rival=desk.name(row.contested_by))
    return say(
        "status_contested_alone" if row.status is Status.CONTESTED else f"status_{row.status}"
    )


def _held_before(desk: _Desk, row: Change) -> str:
    if desk.before is None:
        return ""
    holders = review.previous_holders(desk.before, row.polygon)
    others = desk.words.listed([desk.name(actor) for actor in holders if actor != row.actor])
    if row.actor not in holders:
        return others
    key = "held_before_part" if others else "held_before_too"
    return desk.words.say(key, holders=others, actor=desk.name(row.actor))


def _said_by(desk: _Desk, numbers: Sequence[int]) -> Cell:
    """Cite who says what some records say, a line each, with the number in the list of sources."""
    cited = dict.fromkeys(said for number in numbers for said in desk.entries[number].sources)
    if not cited:
        return cell(run(desk.words.say("no_source"), Role.MUTED))
    lines = []
    for said in cited:
        source = desk.sources[said.source]
        number = desk.words.say("reference_number", number=desk.words.number(said.source + 1))
        quoted = f", {desk.words.say('said_by', who=said.said_by)}" if said.said_by else ""
        publisher = run(source.publisher, Role.PLAIN, source.url)
        lines.append((publisher, run(quoted + " "), run(number, Role.MUTED)))
    return tuple(lines)


def _ended_table(desk: _Desk) -> Table:
    return Table(
        desk.words.say("ended"),
        _columns(
            desk.words,
            change_where=25,
            retracted_said=20,
            certainty=13,
            ended_when=15,
            change_who=27,
        ),
        tuple(
            (
                _where(desk, row),
                cell(desk.entries[row.id].what),
                cell(_certainty(desk, row.certainty)),
                cell(desk.words.day(row.valid_to) if row.valid_to else ""),
                _said_by(desk, [row.id]),
            )
            for row in desk.ended
        ),
    )


# --- ground ---------------------------------------------------------------------------------------


def _ground(desk: _Desk) -> Section:
    words, since = desk.words, desk.since_day()
    shares = {"actor": 20, "area_held": 20, "share_heading": 10}
    if since:
        shares |= {"gain_heading": 15, "loss_heading": 15, "gained_places": 10, "lost_places": 10}
    held = {holder.slug: holder for holder in desk.map.holders}
    moved = {row.actor: row for row in desk.turnovers if _moved(row)}
    rows = []
    for slug in (*held, *(actor for actor in moved if actor not in held)):
        holder = held.get(slug)
        row = [
            cell(run(desk.name(slug), Role.STRONG)),
            cell(desk.area_range([holder.low_km2, holder.high_km2]) if holder else desk.area(0)),
            cell(words.share(holder.share if holder else 0)),
        ]
        rows.append((*row, *(_moved_cells(desk, moved.get(slug)) if since else ())))
    notes = [words.say("area_note", records=desk.all_records())]
    if since:
        notes.append(words.say("area_note_moved", day=since))
    table = Table(words.say("area_caption"), _columns(words, **shares), tuple(rows))
    return Section(
        "ground",
        words.say("heading_ground"),
        (table, paragraph(" ".join(notes))),
    )


def _moved(row: review.Turnover) -> bool:
    gained = _visible(row.gained_km2, row.gained_places)
    return gained or _visible(row.lost_km2, row.lost_places)


def _moved_cells(desk: _Desk, row: review.Turnover | None) -> tuple[Cell, ...]:
    if row is None:
        return ((), (), (), ())
    areas = (row.gained_km2.values(), row.lost_km2.values())
    counts = (
        [len(places) for places in found.values()] for found in (row.gained_places, row.lost_places)
    )
    return (
        *(cell(desk.area_range(km2) if any(km2) else "") for km2 in areas),
        *(cell(desk.words.range(min(n), max(n)) if any(n) else "") for n in counts),
    )


# --- distances ------------------------------------------------------------------------------------


def _measure(desk: _Desk, place: Place, from_: str | None, trend_days: int) -> _Measure:
    def at(control_map: ControlMap | None) -> Distance | None:
        try:
            return distance(control_map, place, from_) if control_map else None
        except NoFrontError:
            return None

    sentences = [call.sentence for call in desk.map.call_outs if call.place_id == place.id]
    shown = desk.shown
    levels = [level for level in Certainty if level.rank > shown.min_certainty.rank]
    return _Measure(
        place,
        sentences[0] if sentences else desk.map.distance_notes[0],
        at(shown),
        {level: at(under(shown, level)) for level in levels},
        at(desk.before),
        _trend(desk, place, from_, trend_days),
    )


def _trend(desk: _Desk, place: Place, from_: str | None, trend_days: int) -> Trend | None:
    words, shown = desk.words, desk.shown
    days = [shown.as_of - timedelta(days=n) for n in range(trend_days, -1, -1)]

    def map_of(day: date) -> ControlMap:
        return desk.project.control_map(day, shown.known_at, shown.min_certainty)

    rows = series(map_of, days, [place], from_)
    km = tuple(row.distance_km if isinstance(row, Distance) else None for row in rows)
    known = [(day, value) for day, value in zip(days, km, strict=True) if value is not None]
    if len(known) < 2:
        return None
    (start, first), (end, last) = known[0], known[-1]
    least_day, least = min(known, key=lambda pair: pair[1])
    labels = [words.distance(format_km(value)) for value in (first, last, least)]
    alt = words.say(
        "distance_trend",
        place=place.name,
        first=labels[0],
        start=words.day(start),
        last=labels[1],
        end=words.day(end),
    )
    if least < min(first, last):
        alt = words.say(
            "distance_trend_least", trend=alt, least=labels[2], day=words.day(least_day)
        )
    return Trend(
        legible(words.say("trend_of", place=place.name)),
        legible(alt),
        tuple(days),
        km,
        labels[0],
        labels[1],
        words.day(start),
        words.day(end),
        words.say("km"),
    )


def _distance_line(desk: _Desk, measure: _Measure) -> Line:
    words = desk.words
    clauses = [measure.sentence.removesuffix(".") + "."]
    if measure.now and measure.then and desk.map.since:
        was = words.say("distance_was", distance=_label(desk, measure.then), day=desk.since_day())
        clauses = [words.say("distance_line", measured=clauses[0].removesuffix("."), was=was)]
    said = _label(desk, measure.now)
    for level, found in measure.surer.items():
        label = _label(desk, found)
        if found and label != said:
            clauses.append(words.say(f"distance_{level}", distance=label))
            said = label
    return (run(f"{measure.place.name}: ", Role.STRONG), run(" ".join(clauses)))


def _label(desk: _Desk, found: Distance | None) -> str:
    if found is None:
        return desk.words.say("distance_none")
    if found.inside:
        return desk.words.say("held")
    return desk.words.distance(format_km(found.distance_km))


def _distances(desk: _Desk, from_: str | None, measures: Sequence[_Measure]) -> Section:
    words, since = desk.words, desk.since_day()
    columns = [Column(words.say("place"), False, 30), Column(words.day(desk.map.as_of), True, 15)]
    if since:
        columns += [Column(since, True, 15), *_columns(words, difference=10)]
    levels = [level for level in Certainty if level.rank > desk.shown.min_certainty.rank]
    columns += _columns(words, **{f"by_{level}": 15 for level in levels})
    rows = tuple(_distance_row(desk, measure) for measure in measures)
    caption = words.say("shortest_from_front")
    if from_:
        holder = desk.actors[from_].name if from_ in desk.actors else from_
        caption = words.say("shortest_from_ground", holder=holder)
    blocks: list[Block] = [Table(legible(caption), tuple(columns), rows)]
    trends = tuple(measure.trend for measure in measures if measure.trend)
    if trends:
        blocks.append(Trends(trends))
    return Section("distances", words.say("distances"), tuple(blocks))


def _distance_row(desk: _Desk, measure: _Measure) -> tuple[Cell, ...]:
    place = (run(measure.place.name, Role.STRONG),)
    row: list[Cell] = [
        (place, (run(measure.sentence, Role.MUTED),)),
        cell(run(_label(desk, measure.now), Role.STRONG)),
    ]
    if desk.before:
        row += [cell(_label(desk, measure.then)), cell(_difference(desk, measure))]
    return (*row, *(cell(_label(desk, found)) for found in measure.surer.values()))


def _difference(desk: _Desk, measure: _Measure) -> str:
    if measure.now is None or measure.then is None:
        return ""
    if _label(desk, measure.now) == _label(desk, measure.then):
        return desk.words.say("distance_same")
    by_km = measure.now.distance_km - measure.then.distance_km
    key = "distance_nearer" if by_km < 0 else "distance_farther"
    return desk.words.say(key, distance=desk.words.distance(format_km(abs(by_km))))


# --- people ---------------------------------------------------------------------------------------


def _people(desk: _Desk, near: Sequence[Place], within_km: float) -> Section:
    words, reach = desk.words, desk.words.distance(format_km(within_km))
    held = review.inhabitants(desk.shown, desk.places)
    blocks: list[Block] = [_people_table(desk, words.say("people_held"), held)]
    if near:
        caption = words.say("people_near", distance=reach)
        blocks.append(_people_table(desk, caption, review.inhabitants(desk.shown, near)))
    else:
        key = "people_near_nobody" if desk.shown.front else "people_near_none"
        blocks.append(paragraph(words.say(key, distance=reach)))
    blocks.append(paragraph(words.say("people_note", records=desk.all_records())))
    return Section("people", words.say("heading_people"), tuple(blocks))


def _people_line(desk: _Desk, near: Sequence[Place], within_km: float) -> list[Line]:
    """Say how many people there are near the front, and of how many places nobody knows."""
    words = desk.words
    known = [place.population for place in near if place.population is not None]
    if not near:
        return []
    people = words.people(sum(known))
    clauses = [words.count("people_known", len(known), people=people)]
    if len(known) < len(near):
        clauses.append(words.count("people_unknown", len(near) - len(known)))
    where = words.say("people_near", distance=words.distance(format_km(within_km)))
    return [(run(f"{where}: ", Role.STRONG), run(", ".join(clauses) + "."))]


def _people_table(desk: _Desk, caption: str, rows: Sequence[review.Inhabitants]) -> Table:
    together = review.Inhabitants(
        None,
        sum(row.places for row in rows),
        sum(row.places_unknown for row in rows),
        sum(row.population for row in rows),
    )
    named = [(desk.name(row.actor), row) for row in rows]
    if len(rows) > 1:
        named.append((desk.words.say("people_total"), together))
    return Table(
        caption,
        _columns(desk.words, actor=30, people_places=15, people_no_figure=25, people_figure=30),
        tuple(
            (
                cell(run(name, Role.STRONG)),
                cell(desk.words.number(row.places)),
                cell(desk.words.number(row.places_unknown)),
                cell("" if row.places == row.places_unknown else desk.words.people(row.population)),
            )
            for name, row in named
        ),
    )


# --- where the records stop short -----------------------------------------------------------------


def _claims(desk: _Desk) -> Section:
    words, pieces = desk.words, review.unsettled(desk.shown)
    blocks: list[Block] = [Paragraph(line) for line in _unsettled_lines(desk)]
    seen = [piece for piece in pieces if area_km2(piece.polygon) >= _VISIBLE_KM2]
    if seen:
        rows = tuple(
            (
                cell(run(desk.entries[piece.change_ids[-1]].where, Role.STRONG)),
                cell(_heading(desk, piece.change_ids)),
                cell(words.day(desk.changes[piece.change_ids[-1]].valid_from)),
                cell(desk.area(area_km2(piece.polygon))),
                _said_by(desk, piece.change_ids),
            )
            for piece in seen
        )
        columns = _columns(
            words, change_where=20, change_status=25, since_day=15, area_heading=10, change_who=30
        )
        blocks.append(Table(words.say("claims_caption"), columns, rows))
    if len(pieces) > len(seen):
        blocks.append(paragraph(words.count("claims_small", len(pieces) - len(seen))))
    return Section("claims", words.say("heading_claims"), tuple(blocks))


def _heading(desk: _Desk, change_ids: Sequence[int]) -> str:
    """Say who holds a piece, as the map does."""
    return next(p.heading for p in desk.map.pieces if p.changes == tuple(change_ids))


def _quiet(desk: _Desk, quiet_days: int) -> Section:
    words = desk.words
    rows = _quiet_fronts(desk, quiet_days) + _quiet_ground(desk, quiet_days)
    if not rows:
        blocks: tuple[Block, ...] = (paragraph(words.count("quiet_none", quiet_days)),)
    else:
        caption = words.count("quiet_some", quiet_days, day=words.day(desk.map.as_of))
        columns = _columns(words, quiet_where=40, quiet_last=25, quiet_days=15, quiet_extent=20)
        blocks = (Table(caption, columns, tuple(rows)),)
    return Section("quiet", words.say("heading_quiet"), blocks)


def _quiet_fronts(desk: _Desk, quiet_days: int) -> list[tuple[Cell, ...]]:
    words = desk.words
    found = review.quiet_fronts(desk.shown, desk.changes, desk.published, quiet_days)
    rows: list[tuple[Cell, ...]] = []
    for front in found:
        one, other = map(desk.name, front.actors)
        between = words.say("between", one=one, other=other)
        days = [(desk.shown.as_of - day).days for day in (front.newest, front.oldest)]
        part, whole = (
            words.distance(format_km(kilometres))
            for kilometres in (front.quiet_km, front.length_km)
        )
        extent = "quiet_whole" if part == whole else "quiet_part"
        rows.append(
            (
                cell(run(words.say("quiet_front", between=between), Role.STRONG)),
                cell(_day_range(desk, front.oldest, front.newest)),
                cell(words.range(*days)),
                cell(words.say(extent, part=part, whole=whole)),
            )
        )
    return rows


def _day_range(desk: _Desk, low: date, high: date) -> str:
    days = [desk.words.day(day) for day in (low, high)]
    return days[0] if low == high else desk.words.say("range", low=days[0], high=days[1])


def _quiet_ground(desk: _Desk, quiet_days: int) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for piece in review.unsettled(desk.shown):
        told = review.last_report(
            (desk.changes[number] for number in piece.change_ids),
            desk.published,
            desk.shown.as_of,
        )
        km2, days = area_km2(piece.polygon), (desk.shown.as_of - told).days
        if days > quiet_days and km2 >= _VISIBLE_KM2:
            where = desk.entries[piece.change_ids[-1]].where
            rows.append(
                (
                    cell(run(where, Role.STRONG), ", " + _heading(desk, piece.change_ids)),
                    cell(desk.words.day(told)),
                    cell(desk.words.number(days)),
                    cell(desk.area(km2)),
                )
            )
    return rows


def _corrections(desk: _Desk) -> Section:
    words, found = desk.words, desk.corrections
    blocks: list[Block] = []
    instant = words.instant(desk.since_known_at) if desk.since_known_at else ""
    if found.retracted:
        blocks.append(_retracted_table(desk, instant))
    if found.late:
        blocks.append(_late_table(desk, instant))
    if not blocks:
        key = "corrections_none" if instant else "compared_none"
        blocks.append(paragraph(words.say(key, instant=instant)))
    return Section("corrections", words.say("heading_corrections"), tuple(blocks))


def _retracted_table(desk: _Desk, instant: str) -> Table:
    return Table(
        desk.words.say("retracted", instant=instant),
        _columns(
            desk.words,
            change_where=20,
            retracted_said=20,
            retracted_who=25,
            retracted_when=15,
            retracted_why=20,
        ),
        tuple(
            (
                _where(desk, row),
                (*cell(desk.entries[row.id].what), *cell(desk.entries[row.id].when)),
                _said_by(desk, [row.id]),
                cell(desk.words.instant(row.retracted_at) if row.retracted_at else ""),
                cell(row.retraction_reason),
            )
            for row in desk.corrections.retracted
        ),
    )


def _late_table(desk: _Desk, instant: str) -> Table:
    return Table(
        desk.words.say("late", instant=instant, day=desk.since_day()),
        _columns(
            desk.words,
            change_where=25,
            retracted_said=20,
            certainty=13,
            late_when=15,
            change_who=27,
        ),
        tuple(
            (
                _where(desk, row),
                (*cell(desk.entries[row.id].what), *cell(desk.entries[row.id].when)),
                cell(_certainty(desk, row.certainty)),
                cell(desk.words.instant(row.recorded_at)),
                _said_by(desk, [row.id]),
            )
            for row in desk.corrections.late
        ),
    )


# --- at the foot ----------------------------------------------------------------------------------


def _sources(desk: _Desk) -> Section:
    say = desk.words.say
    known = desk.shown.known_at or desk.project.recorded_until()
    note = say(
        "sources_note",
        records=desk.words.count("records", len(desk.map.changes)),
        sources=desk.words.count("sources", len(desk.map.sources)),
        instant=desk.words.instant(known) if known else "",
    )
    items = tuple(_source_line(desk, source) for source in desk.sources)
    return Section("sources", say("sources"), (paragraph(note), Bullets(items, numbered=True)))


def _source_line(desk: _Desk, source: SourceEntry) -> Line:
    say, title = desk.words.say, source.title or source.url
    day = say("published", day=source.published) if source.published else say("undated")
    named = (run(", "), run(title, url=source.url)) if title else ()
    return (run(source.publisher, Role.STRONG), *named, run(f", {day}."))


def _method(desk: _Desk) -> Section:
    say = desk.words.say
    levels = tuple(
        (
            run(say(level), Role.STRONG),
            run(f": {say(f'{level}_meaning')}."),
        )
        for level in reversed(Certainty)
    )
    keys = ["method_range", "method_distance", "method_quiet", "method_lines"]
    if desk.before:
        keys[1:1] = ["method_before", "method_gains"]
    return Section(
        "method",
        say("heading_method"),
        (Bullets(levels), *(paragraph(say(key, day=desk.since_day())) for key in keys)),
    )


def _credits(desk: _Desk) -> Section:
    items = tuple((run(credit.text, url=credit.url),) for credit in desk.map.credits)
    return Section("credits", desk.words.say("credits"), (Bullets(items),))
