"""A project, a GeoPackage or a schema in PostGIS: theatre, places, actors, sources and changes.

Every write goes through `Project._writing`: one `BEGIN IMMEDIATE` transaction, in which the
derived `control` table and GeoPackage's own bookkeeping are brought up to date too, so that a file
is at any moment the state before a command or after it. Within `Project.recording` changes are
written one by one and `control` is derived once, at the end; until then the file says that it is
stale. Control changes are append-only: a row is never altered but for being retracted, and never
deleted.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from functools import cached_property, partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from frontmap.data import filing, geopackage, schema
from frontmap.data.database import (
    Address,
    Database,
    GeoPackage,
    Location,
    is_url,
    naming,
    on_server,
)
from frontmap.geo.dates import as_date, format_instant, now, parse_instant
from frontmap.geo.errors import InputError, StoreError, UnknownNameError
from frontmap.geo.records import (
    HATCHES,
    Actor,
    Attribution,
    Certainty,
    Change,
    Event,
    Match,
    Method,
    Place,
    PlaceName,
    Source,
    Status,
    Theatre,
    Zone,
)
from frontmap.geo.review import FiledClaim, Report, Review
from frontmap.geo.toponyms import Index, key

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from frontmap.data.basemap import Surroundings
    from frontmap.data.frames import Frames
    from frontmap.data.journal import Adoption
    from frontmap.geo.control import Arrangement, ControlMap, Interval
    from frontmap.geo.reading import Reading
    from frontmap.geo.recognition import Recogniser
    from frontmap.maps.notebook import MapDisplay

#: Rows of `control` that are in memory at a time: of long histories, all would fill it.
_INTERVALS_TOGETHER = 5_000
#: Edited rows that a message names.
_ROWS_NAMED = 8


class Project:
    """An open project file; use it as a context manager, or call `close`."""

    def __init__(self, location: Location, database: Database, note: str | None = None) -> None:
        """Made by `Project.open` and `Project.create`.

        `note` says what opening the file has changed in it, if anything.
        """
        self.location, self.note = location, note
        self.database = database
        self._derived: tuple[tuple[int, int, int], Arrangement] | None = None
        self._recording = False

    @property
    def path(self) -> Path:
        """The project's file; StoreError where it is on a server."""
        if isinstance(self.location, Address):
            raise StoreError(
                f"{self.location} is no file, which this needs: copy it to one with frontmap pull"
            )
        return self.location

    # Opening and closing

    @classmethod
    def open(cls, path: str | Location) -> Project:
        """Open a project file, or the project at a URL, `postgresql://HOST/DATABASE?schema=NAME`.

        A file of an older version is brought up to this one first, after a copy of it was laid
        beside it; `note` says so. Raises StoreError where it is missing, no GeoPackage, no
        project, or of a newer version.
        """
        if isinstance(path, str) and is_url(path):
            path = Address.parse(path)
        if isinstance(path, Address):
            postgis = on_server("postgis")
            return cls(path, *postgis.open_project(path, written_by()))
        path = Path(path)
        if not path.is_file():
            raise StoreError(f"{path}: no such project (make one with: frontmap init {path})")
        with naming(path):
            database = GeoPackage.open(path)
            try:
                note = _check_version(path, database.connection)
            except BaseException:
                database.connection.close()
                raise
        project = cls(path, database, note)
        if note:  # of a version are also its styles and forms
            project.restyle()
        return project

    @classmethod
    def of_copy(cls, path: Path, data: bytes) -> Project:
        """Open what `copied` returned, in memory; `path` is that of the file, for messages."""
        return cls(path, GeoPackage(path, geopackage.connect_copy(data)))

    @classmethod
    def create(
        cls,
        path: str | Path,
        theatre: Theatre,
        zones: Iterable[Zone] = (),
        places: Iterable[Place] = (),
        *,
        fill: Callable[[Project], None] = lambda project: None,
    ) -> Project:
        """Make a project file of a theatre with its zones and places, and open it.

        `fill` may write into it before it appears under its name: the file appears whole or not
        at all. Raises StoreError where the file exists already; a project is never overwritten.
        """
        path = Path(path)
        if path.exists():
            raise StoreError(f"{path} exists already; nothing was written (choose another name)")
        with naming(path), _new_file_beside(path) as draft:
            connection = geopackage.connect(draft)
            try:
                # Nobody sees the draft, and it goes to the disk as a whole at the end.
                connection.execute("PRAGMA synchronous = OFF")
                geopackage.create(connection)
                connection.execute("BEGIN")
                schema.create_all(connection, written_by())
                schema.describe(connection, _description(theatre))
                connection.execute("COMMIT")
                project = cls(draft, GeoPackage(draft, connection))
                with project._writing(schema.THEATRE, schema.ZONES, *_PLACES):
                    project._insert_theatre(theatre, zones)
                    project._insert_places(places)
                    project._style(project.database)
                fill(project)
            finally:
                connection.close()
        return cls.open(path)

    @classmethod
    def init(
        cls,
        path: str | Path,
        countries: Sequence[str],
        *,
        extent: MultiPolygon | None = None,
        name: str | None = None,
        reach_km: float | None = None,
        time_zone: str | None = None,
        fill: Callable[[Project], None] = lambda project: None,
    ) -> Project:
        """Make a project of whole countries, or of an `extent` of them, from the shipped data."""
        from frontmap.data import basemap
        from frontmap.data.gazetteer import Gazetteer

        theatre = basemap.theatre(
            countries, extent=extent, name=name, reach_km=reach_km, time_zone=time_zone
        )
        zones = [zone for code in theatre.countries for zone in basemap.zones(code)]
        gazetteer = Gazetteer.open()
        places = [place for code in theatre.countries for place in gazetteer.places(code)]
        return cls.create(path, theatre, zones, places, fill=fill)

    def close(self) -> None:
        """Close the file; GDAL may open it from then on."""
        self.database.close()

    def __enter__(self) -> Project:
        """Return the project itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    # Reading

    @cached_property
    def theatre(self) -> Theatre:
        """The area that the project covers."""
        from frontmap.data import basemap

        row = self._one("SELECT * FROM theatre")
        codes = tuple(row["countries"].split(","))
        known = basemap.countries().get(codes[0])
        is_country = known is not None and len(codes) == 1 and known.name == row["name"]
        return Theatre(
            row["name"],
            codes,
            _multipolygon(row["geom"]),
            row["reach_km"],
            row["time_zone"],
            known.names if known is not None and is_country else (),
        )

    def zones(self, level: int | None = 1) -> list[Zone]:
        """Return the administrative areas of a level, those of the first if not told; None: all."""
        return [
            Zone(
                row["code"],
                row["name"],
                row["country"],
                _multipolygon(row["geom"]),
                tuple(PlaceName(name, lang) for name, lang in json.loads(row["names"])),
                row["level"],
            )
            for row in self._all(
                "SELECT * FROM zones WHERE coalesce(?, level) = level ORDER BY level, code", level
            )
        ]

    def places(self) -> list[Place]:
        """Return every known place, the most populous first."""
        names: dict[str, list[PlaceName]] = {}
        for row in self._all("SELECT place, name, lang FROM place_names ORDER BY id"):
            names.setdefault(row["place"], []).append(PlaceName(row["name"], row["lang"]))
        rows = self._all("SELECT * FROM places ORDER BY coalesce(population, 0) DESC, fid")
        return [_place(row, tuple(names.get(row["place"], ()))) for row in rows]

    def place_names(self) -> dict[str, str]:
        """Return the display name of every place by its id."""
        return {row["place"]: row["name"] for row in self._all("SELECT place, name FROM places")}

    def place(self, place_id: str) -> Place:
        """Return the place of a gazetteer id; UnknownNameError where there is none."""
        rows = self._all("SELECT * FROM places WHERE place = ?", place_id)
        if not rows:
            raise UnknownNameError("place", place_id)
        names = self._all(
            "SELECT name, lang FROM place_names WHERE place = ? ORDER BY id", place_id
        )
        return _place(rows[0], tuple(PlaceName(row["name"], row["lang"]) for row in names))

    def footprints(self) -> dict[str, MultiPolygon]:
        """Return the built-up area of each place that has one, by the place's id."""
        rows = self._all("SELECT place, geom FROM footprints ORDER BY fid")
        return {row["place"]: _multipolygon(row["geom"]) for row in rows}

    def footprint_sources(self) -> dict[str, str]:
        """Return the file that each footprint was imported from, by the place's id."""
        rows = self._all("SELECT place, source FROM footprints ORDER BY fid")
        return {row["place"]: row["source"] for row in rows}

    def events(self) -> list[Event]:
        """Return the events that were imported as context, by date."""
        return [_event(row) for row in self._all("SELECT * FROM events ORDER BY date, fid")]

    def import_profiles(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Return the saved import profiles by name: what for, and their settings."""
        rows = self._all("SELECT * FROM import_profiles ORDER BY name")
        return {row["name"]: (row["target"], json.loads(row["settings"])) for row in rows}

    def actors(self) -> dict[str, Actor]:
        """Return the actors by slug."""
        return {
            row["slug"]: Actor(
                row["slug"],
                row["name"],
                row["short_name"],
                row["side"],
                row["colour"],
                row["hatch"],
                tuple(json.loads(row["aliases"])),
            )
            for row in self._all("SELECT * FROM actors ORDER BY id")
        }

    def sources(self) -> dict[str, Source]:
        """Return the sources by slug."""
        return {
            row["slug"]: Source(
                row["slug"],
                row["publisher"],
                row["title"],
                row["url"],
                _day(row["published"]),
                _day(row["accessed"]),
            )
            for row in self._all("SELECT * FROM sources ORDER BY id")
        }

    def changes(self) -> list[Change]:
        """Return every control change, retracted ones too, in the order of their ids."""
        return self._changes()

    def change(self, change_id: int) -> Change:
        """Return one control change; UnknownNameError where there is none of that id."""
        for change in self._changes(change_id):
            return change
        raise UnknownNameError("change", str(change_id), (), "see: frontmap change list")

    def dates(self) -> list[date]:
        """Return every date on which some map differs from that of the day before."""
        rows = self._all(
            f"SELECT valid_from AS day FROM {self._recorded_changes} UNION "
            f"SELECT valid_to FROM {self._recorded_changes} WHERE valid_to IS NOT NULL ORDER BY 1"
        )
        return [date.fromisoformat(row["day"]) for row in rows]

    def change_count(self) -> int:
        """Return the number of control changes, retracted ones too."""
        return int(self._one(f"SELECT count(*) FROM {self._recorded_changes}")[0])

    @property
    def _recorded_changes(self) -> str:
        return self.database.recorded(schema.CONTROL_CHANGES)

    def _changes(self, change_id: int | None = None) -> list[Change]:
        said_by = self.database.recorded(schema.CHANGE_SOURCES)
        one, values = ("", ()) if change_id is None else ("WHERE {} = ?", (change_id,))
        sources: dict[int, list[Attribution]] = {}
        for row in self._all(
            f"SELECT base_id, slug, said_by FROM {said_by} AS said JOIN sources "
            f"ON sources.id = related_id {one.format('base_id')} ORDER BY said.id",
            *values,
        ):
            said = Attribution(row["slug"], row["said_by"])
            sources.setdefault(row["base_id"], []).append(said)
        rows = self._all(
            f"SELECT * FROM {self._recorded_changes} {one.format('fid')} ORDER BY fid", *values
        )
        return [_change(row, tuple(sources.get(row["fid"], ()))) for row in rows]

    def reports(self) -> list[Report]:
        """Return every report, in the order in which they were saved."""
        return [filing.report(row) for row in self._all("SELECT * FROM reports ORDER BY id")]

    def report(self, report_id: int) -> Report:
        """Return one report; UnknownNameError where there is none of that number."""
        rows = self._all("SELECT * FROM reports WHERE id = ?", report_id)
        if not rows:
            raise UnknownNameError("report", str(report_id), (), "see: frontmap claims list")
        return filing.report(rows[0])

    def claims(
        self, *, report: int | None = None, review: Review | None = None
    ) -> list[FiledClaim]:
        """Return the claims of all reports, or of one, in the order of their texts."""
        rows = self._all(
            "SELECT * FROM claims WHERE coalesce(?, report) = report "
            "AND coalesce(?, review) = review ORDER BY report, id",
            report,
            review,
        )
        return [filing.filed_claim(row) for row in rows]

    def claim(self, claim_id: int) -> FiledClaim:
        """Return one claim; UnknownNameError where there is none of that number."""
        rows = self._all("SELECT * FROM claims WHERE id = ?", claim_id)
        if not rows:
            raise UnknownNameError("claim", str(claim_id), (), "see: frontmap claims list")
        return filing.filed_claim(rows[0])

    def recorded_until(self, known_at: datetime | None = None) -> datetime | None:
        """Return when the newest row known at a time was recorded or retracted."""
        rows = self._all(
            f"SELECT recorded_at AS at FROM {self._recorded_changes} UNION ALL "
            f"SELECT retracted_at FROM {self._recorded_changes} WHERE retracted_at IS NOT NULL"
        )
        instants = [parse_instant(row["at"]) for row in rows]
        known = [at for at in instants if known_at is None or at <= known_at]
        return max(known, default=None)

    # Deriving

    def geocode(
        self, name: str, *, near: tuple[float, float] | None = None, limit: int = 5
    ) -> list[Match]:
        """Return the project's places that answer to a name, the likeliest first."""
        return self._index.search(name, near=near, limit=limit)

    def match(self, name: str, *, near: tuple[float, float] | None = None) -> Match:
        """Return the one place that a name, or a gazetteer id, means, and how it was found.

        Raises AmbiguousToponymError or UnknownNameError; it never picks silently.
        """
        if ":" in name:
            return Match(self.place(name), name, "exact", 100.0, 0.0)
        return self._index.resolve(name, near=near)

    def resolve(self, name: str, *, near: tuple[float, float] | None = None) -> Place:
        """Return the one place that a name, or a gazetteer id, means; raises as `match` does."""
        return self.match(name, near=near).place

    def recogniser(self) -> Recogniser:
        """Return what finds toponyms in running text: the project's places and its zones.

        The world's other countries, capitals and large cities are known, too. Among namesakes
        those of the first of several countries come first.
        """
        from frontmap.data.areas import areas
        from frontmap.geo.reading import Kind
        from frontmap.geo.recognition import Recogniser
        from frontmap.geo.senses import Area, Known

        codes = tuple(self._one("SELECT countries FROM theatre")["countries"].split(","))
        zones = {
            f"area:{row['code']}": Area(
                Kind.ADMIN1,
                [row["name"], *(name for _, name in json.loads(row["names"]))],
                partial(self._middle_of_zone, row["code"]),
            )
            for row in self._all("SELECT code, name, names FROM zones WHERE level = 1")
        }
        return Recogniser(
            Known(self._index),
            areas(codes, zones),
            theatre=codes,
            prefer=codes[:1] if len(codes) > 1 else (),
        )

    def _middle_of_zone(self, code: str) -> Place:
        (zone,) = (zone for zone in self.zones() if zone.code == code)
        point = zone.polygon.representative_point()
        return Place(
            f"area:{code}", zone.name, point.x, point.y, zone.country, zone.name, None, zone.names
        )

    @cached_property
    def _index(self) -> Index:
        return Index(self.places())

    def arrangement(self) -> Arrangement:
        """Return all changes noded with the theatre; made again only after a write."""
        from frontmap.geo.control import Arrangement

        row = self._one(
            "SELECT count(*), coalesce(max(fid), 0), count(retracted_at) "
            f"FROM {self._recorded_changes}"
        )
        revision = (int(row[0]), int(row[1]), int(row[2]))
        if self._derived is None or self._derived[0] != revision:
            sides = {actor.slug: actor.side for actor in self.actors().values()}
            made = Arrangement(self.changes(), self.theatre.polygon, sides)
            self._derived = (revision, made)
        return self._derived[1]

    def control_map(
        self,
        as_of: date | str,
        known_at: datetime | None = None,
        min_certainty: Certainty = Certainty.CLAIMED,
    ) -> ControlMap:
        """Return who holds what on a date, from the rows known at a time (None: now)."""
        return self.arrangement().at(as_date(as_of), known_at, min_certainty)

    def map(self, as_of: date | str, **options: Any) -> MapDisplay:
        """Return the map of a date, which displays itself in a notebook.

        `options` are those of `frontmap.maps.spec.describe_map`.
        """
        from frontmap.maps.notebook import MapDisplay
        from frontmap.maps.spec import describe_map

        return MapDisplay(describe_map(self, as_date(as_of), **options))

    @property
    def frames(self) -> Frames:
        """The project as GeoDataFrames: `project.frames.control("2024-12-06")`."""
        from frontmap.data.frames import Frames

        project: Any = self  # mypy knows this module by two names, and so two of this class
        return Frames(project)

    def previous_date(self, as_of: date) -> date | None:
        """Return the day before the latest change on or before a date, None where none is."""
        from datetime import timedelta

        days = [day for day in self.arrangement().dates() if day <= as_of]
        return days[-1] - timedelta(days=1) if days else None

    def surroundings(self, *, padding: float = 0.25, tolerance_deg: float = 0.0) -> Surroundings:
        """Return neighbours, rivers and lakes to draw around the theatre's bounds.

        The bounds are grown on each side by `padding`, a share of their width and height.
        """
        from frontmap.data import basemap

        return basemap.surroundings(
            self.theatre.polygon, padding=padding, tolerance_deg=tolerance_deg
        )

    def copied(self) -> bytes:
        """Return the project as a file's bytes, as it stands between two commands."""
        if isinstance(self.database, GeoPackage):
            return self.database.connection.serialize()
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "project.gpkg")
            on_server("desk").pull(self.location, copy)
            return copy.read_bytes()

    # Writing

    def add_actor(self, actor: Actor) -> None:
        """Add an actor; InputError where its slug is taken, or a value is not allowed."""
        with self._writing(schema.ACTORS) as database:
            known = self.actors()
            _check_actor(actor, {other.side for other in known.values()})
            _check_aliases(actor, known.values())
            self._refuse_taken("actors", "actor", actor.slug)
            values = {field.name: getattr(actor, field.name) for field in fields(Actor)}
            values["aliases"] = json.dumps(actor.aliases, ensure_ascii=False)
            _insert(database, "actors", **values)
            self._style(database)

    def add_aliases(self, slug: str, aliases: Iterable[str]) -> Actor:
        """Give an actor more names that reports call it, and return it.

        UnknownNameError where there is no such actor, InputError where a name is another's.
        """
        with self._writing(schema.ACTORS) as database:
            known = self.actors()
            if slug not in known:
                raise UnknownNameError("actor", slug, list(known), "see: frontmap actor list")
            actor = replace(known[slug], aliases=(*known[slug].aliases, *aliases))
            actor = replace(actor, aliases=tuple(dict.fromkeys(actor.aliases)))
            _check_aliases(actor, known.values())
            database.execute(
                "UPDATE actors SET aliases = ? WHERE slug = ?",
                (json.dumps(actor.aliases, ensure_ascii=False), slug),
            )
        return actor

    def add_source(self, source: Source) -> None:
        """Add a source; InputError where its slug is taken."""
        self.add_sources([source])

    def add_sources(self, sources: Iterable[Source]) -> None:
        """Add sources, all or none; InputError where a slug is taken."""
        with self._writing(schema.SOURCES) as database:
            for source in sources:
                self._insert_source(database, source)

    def add_zones(self, zones: Iterable[Zone]) -> None:
        """Add administrative areas, all or none; InputError where a code is taken."""
        with self._writing(schema.ZONES) as database:
            for zone in zones:
                if self._all("SELECT 1 FROM zones WHERE code = ?", zone.code):
                    raise InputError(f"zone {zone.code!r} exists already; nothing was written")
                _insert_zones(database, [zone])

    def add_footprints(self, footprints: Mapping[str, MultiPolygon], source: str = "") -> None:
        """Give places, by their ids, a built-up area; one that a place had is replaced."""
        with self._writing(schema.FOOTPRINTS) as database:
            for place in footprints:
                database.execute("DELETE FROM footprints WHERE place = ?", (place,))
            rows = [(place, source) for place in footprints]
            polygons = list(footprints.values())
            database.insert("footprints", ("place", "source"), rows, polygons)

    def add_events(self, events: Iterable[Event]) -> None:
        """Add events as context, all or none."""
        from shapely import points

        events = list(events)
        with self._writing(schema.EVENTS) as database:
            database.insert(
                "events",
                ("event", "date", "kind", "place", "note", "source"),
                [(e.id, _iso(e.on), e.kind, e.place, e.note, e.source) for e in events],
                points([event.lon for event in events], [event.lat for event in events]),
            )

    def save_import_profile(self, name: str, target: str, settings: Mapping[str, Any]) -> None:
        """Keep how files of a kind are read, under a name; one of that name is replaced."""
        with self._writing(schema.IMPORT_PROFILES) as database:
            database.execute("DELETE FROM import_profiles WHERE name = ?", (name,))
            text = json.dumps(settings, ensure_ascii=False, sort_keys=True)
            _insert(database, "import_profiles", name=name, target=target, settings=text)

    def add_places(
        self, places: Iterable[Place], *, names: Mapping[str, Iterable[PlaceName]] | None = None
    ) -> list[Place]:
        """Add the places that the project does not know yet, and return those added.

        `names` are further names of known places, by the place's id.
        """
        known = {row["place"] for row in self._all("SELECT place FROM places")}
        new = [place for place in places if place.id not in known]
        with self._writing(*_PLACES):
            self._insert_places(new)
            self._insert_names((names or {}).items())
        self.__dict__.pop("_index", None)
        return new

    def restyle(self) -> None:
        """Make the styles for QGIS anew."""
        with self._writing() as database:
            self._style(database)

    @contextlib.contextmanager
    def recording(self) -> Iterator[None]:
        """Write what the block adds one by one, each for good, and derive `control` at its end.

        For a feed of changes: each `add_changes` or `retract` costs the same however many changes
        there are, and is on the disk when it returns. `control` is brought up to date when the
        block ends, by an error too. A process that is killed before leaves it stale, and the file
        says so: the next write mends it, or `mend`. Maps of frontmap's own do not depend on it.

        Until the block ends the newest changes may be in a log beside the file (`-wal`).
        """
        if self._recording:  # within another, which ends it
            yield
            return
        self._recording = True
        self.database.begin_recording()
        try:
            yield
        finally:
            self._recording = False
            try:
                self.mend()
            finally:
                self.database.end_recording()

    def is_stale(self) -> bool:
        """Say whether `control` is older than the changes: a recording goes on or was cut off."""
        return bool(self._one("SELECT control_is_stale FROM frontmap_state")[0])

    def mend(self) -> bool:
        """Derive `control` anew if it is stale; return whether it was."""
        if not self.is_stale():
            return False
        with self._writing():
            return True

    def add_changes(
        self,
        changes: Iterable[Change],
        *,
        sources: Iterable[Source] = (),
        retracting: Mapping[int, str] | None = None,
    ) -> list[int]:
        """Append control changes, all or none, and return their ids; the given ids do not count.

        `sources` are added first, in the same transaction, and others retracted: those in
        `retracting`, each for a reason. Thousands of changes are best given to one call; those
        that come one by one, within `recording`.

        The values are those of `frontmap.data.drafting`, which validates. Raises InputError with
        every actor, place and source that the project does not know.
        """
        changes = list(changes)
        tables = (schema.SOURCES, schema.CONTROL_CHANGES, schema.CHANGE_SOURCES)
        with self._writing(*tables) as database:
            for source in sources:
                self._insert_source(database, source)
            for change_id, reason in (retracting or {}).items():
                self._mark_retracted(database, change_id, reason, now())
            return list(self._insert_changes(database, changes))

    def edited(self) -> list[int]:
        """Return the rows of `control_changes` that other programs edited, and nobody adopted.

        What they did is on no map; see `frontmap.data.adopting`.
        """
        return self.database.edited()

    def edits_pending(self) -> str | None:
        """Say which rows were edited and what to do about it, None where none were."""
        rows = self.edited()
        if not rows:
            return None
        listed = ", ".join(map(str, rows[:_ROWS_NAMED])) + ", …" * (len(rows) > _ROWS_NAMED)
        what = f"row {listed} was" if len(rows) == 1 else f"{len(rows)} rows ({listed}) were"
        return (
            f"{what} edited by another program, and no map shows that until it is checked: "
            "frontmap adopt"
        )

    def adopt(self, plan: Callable[[], Adoption]) -> tuple[Adoption, list[int]]:
        """Put edited rows back as they were recorded, and record what they are planned to become.

        All is one transaction, `plan` too, so that nobody edits meanwhile. Return the plan and the
        ids of its changes.
        """
        tables = (schema.SOURCES, *schema.KEPT)
        with self._writing(*tables) as database:
            planned = plan()
            database.put_back(planned.rows)
            for source in planned.new_sources.values():
                self._insert_source(database, source)
            ids = list(self._insert_changes(database, planned.changes))
            for row, reason in planned.retracted.items():
                if row in planned.replaced:
                    reason = f"{reason}; replaced by change {ids[planned.replaced[row]]}"
                self._mark_retracted(database, row, reason, now())
        return planned, ids

    def retract(self, change_id: int, reason: str, *, at: datetime | None = None) -> None:
        """Mark a change as retracted from an instant on (default: now); the row stays."""
        change = self.change(change_id)
        if change.retracted_at is not None:
            raise InputError(
                f"change {change_id} was retracted on {format_instant(change.retracted_at)} already"
            )
        if not reason.strip():
            raise InputError(f"change {change_id} needs a reason to be retracted (--reason)")
        with self._writing(schema.CONTROL_CHANGES) as database:
            self._mark_retracted(database, change_id, reason, at or now())

    def _mark_retracted(
        self, database: Database, change_id: int, reason: str, at: datetime
    ) -> None:
        if change_id in database.edited():
            raise InputError(
                f"change {change_id} was edited by another program; nothing was written: see "
                "frontmap adopt"
            )
        database.execute(
            "UPDATE control_changes SET retracted_at = ?, retraction_reason = ? WHERE fid = ?",
            (format_instant(at), reason, change_id),
        )

    def add_report(
        self, text: str, published: date, language: str, source: Source, reading: Reading
    ) -> int:
        """Store a report and the claims that were read out of it; return the report's number.

        `source` is added where it is new. Raises InputError where the text is stored already.
        """
        tables = (schema.SOURCES, schema.REPORTS, schema.CLAIMS)
        with self._writing(*tables) as database:
            for (stored,) in self._all("SELECT id FROM reports WHERE text = ?", text):
                raise InputError(
                    f"this text is report {stored} already; nothing was written "
                    f"(see: frontmap claims list --report {stored})"
                )
            if source.slug not in self.sources():
                self._insert_source(database, source)
            report_id = _insert(
                database,
                "reports",
                source=source.slug,
                published=_iso(published),
                language=language,
                text=text,
                recorded_at=format_instant(now()),
            )
            places = set(self.place_names())
            for claim in reading.claims:
                filed = FiledClaim(0, report_id, claim, claim)
                _insert(database, "claims", **filing.claim_values(filed, places))
        return report_id

    def accept_claim(self, claim_id: int, change: Change, *, by: str = "") -> int:
        """Record the change that a pending claim makes, and tie both together; return its id.

        `frontmap.data.reviewing` makes the change. Raises InputError where the claim has been
        decided on meanwhile.
        """
        tables = (schema.CLAIMS, schema.CONTROL_CHANGES, schema.CHANGE_SOURCES)
        with self._writing(*tables) as database:
            (change_id,) = self._insert_changes(database, [change])
            self._decide(database, claim_id, Review.ACCEPTED, by, change=change_id)
        return change_id

    def reject_claim(self, claim_id: int, reason: str, *, by: str = "") -> None:
        """Decide that a pending claim makes no change; InputError without a reason."""
        if not reason.strip():
            raise InputError(f"claim {claim_id} needs a reason to be rejected (--reason)")
        with self._writing(schema.CLAIMS) as database:
            self._decide(database, claim_id, Review.REJECTED, by, reason=reason.strip())

    def edit_claim(self, filed: FiledClaim) -> None:
        """Store a pending claim as an analyst has changed it; what was read stays beside it."""
        with self._writing(schema.CLAIMS) as database:
            self._refuse_decided(filed.id)
            values = filing.claim_values(filed, set(self.place_names()))
            settings = ", ".join(f'"{column}" = ?' for column in values)
            database.execute(
                f"UPDATE claims SET {settings} WHERE id = ?", (*values.values(), filed.id)
            )

    def _decide(
        self,
        database: Database,
        claim_id: int,
        review: Review,
        by: str,
        *,
        change: int | None = None,
        reason: str = "",
    ) -> None:
        self._refuse_decided(claim_id)
        database.execute(
            "UPDATE claims SET review = ?, change = ?, reason = ?, reviewed_at = ?, "
            "reviewed_by = ? WHERE id = ?",
            (review, change, reason, format_instant(now()), by, claim_id),
        )

    def _refuse_decided(self, claim_id: int) -> None:
        filed = self.claim(claim_id)
        if filed.is_open:
            return
        became = f" (change {filed.change})" if filed.change else ""
        raise InputError(
            f"claim {claim_id} was {filed.review}{became} already; nothing was written"
        )

    @contextlib.contextmanager
    def _writing(self, *tables: schema.Table) -> Iterator[Database]:
        """Run the block as one transaction that also keeps `control` and GeoPackage's books.

        `tables` are those that the block writes to.
        """
        try:
            with self.database.writing():
                yield self.database
                touched = {table.name for table in tables}
                if schema.CONTROL_CHANGES in tables or self.is_stale():
                    touched |= self._follow(self.database)
                self.database.touch(touched, format_instant(now()))
        except BaseException:
            self._derived = None  # it may be of rows that are no more
            raise

    def _follow(self, database: Database) -> set[str]:
        """Let `control` follow the changes, or note that it does not yet; return what is written.

        The note is written with the first change of a recording, and again if another program has
        derived `control` meanwhile.
        """
        if not self._recording:
            self._materialise(database)
        database.execute(
            "UPDATE frontmap_state SET control_is_stale = ? WHERE control_is_stale != ?",
            (int(self._recording), int(self._recording)),
        )
        return set() if self._recording else {"control"}

    def _insert_theatre(self, theatre: Theatre, zones: Iterable[Zone]) -> None:
        self.database.insert(
            "theatre",
            ("name", "countries", "reach_km", "time_zone"),
            [(theatre.name, ",".join(theatre.countries), theatre.reach_km, theatre.time_zone)],
            [theatre.polygon],
        )
        _insert_zones(self.database, list(zones))

    def _insert_places(self, places: Iterable[Place]) -> None:
        from shapely import points

        places = list(places)
        self.database.insert(
            "places",
            ("place", "name", "country", "admin1", "population"),
            [(p.id, p.name, p.country, p.admin1, p.population) for p in places],
            points([place.lon for place in places], [place.lat for place in places]),
        )
        self._insert_names(
            (place.id, dict.fromkeys([PlaceName(place.name), *place.names])) for place in places
        )

    def _insert_names(self, names: Iterable[tuple[str, Iterable[PlaceName]]]) -> None:
        self.database.insert(
            "place_names",
            ("place", "name", "lang", "key"),
            [
                (place_id, name.name, name.lang, key(name.name))
                for place_id, given in names
                for name in given
            ],
        )

    def _insert_source(self, database: Database, source: Source) -> None:
        self._refuse_taken("sources", "source", source.slug)
        values = {f.name: _iso(getattr(source, f.name)) for f in fields(Source)}
        _insert(database, "sources", **values)

    def _insert_changes(self, database: Database, changes: Sequence[Change]) -> Sequence[int]:
        self._refuse_strangers(changes)
        ids = database.insert(
            "control_changes",
            _CHANGE_COLUMNS,
            map(_change_values, changes),
            [change.polygon for change in changes],
        )
        slugs = {said.source for change in changes for said in change.sources}
        numbers = {
            slug: row["id"]
            for slug in slugs
            for row in self._all("SELECT id FROM sources WHERE slug = ?", slug)
        }
        database.insert(
            "change_sources",
            ("base_id", "related_id", "said_by"),
            [
                (change_id, numbers[said.source], said.said_by)
                for change_id, change in zip(ids, changes, strict=True)
                for said in change.sources
            ],
        )
        return ids

    def _refuse_strangers(self, changes: Sequence[Change]) -> None:
        """Raise InputError with every actor, place and source of changes that is not known."""
        actors = {actor for change in changes for actor in (change.actor, change.contested_by)}
        said = {said.source for change in changes for said in change.sources}
        problems = [
            f"no {what} {name!r} in this project; nothing was written"
            for what, names, table, column in (
                ("actor", actors, "actors", "slug"),
                ("place", {change.place for change in changes}, "places", "place"),
                ("source", said, "sources", "slug"),
            )
            for name in sorted(name for name in names if name is not None)
            if not self._all(f"SELECT 1 FROM {table} WHERE {column} = ?", name)
        ]
        if problems:
            raise InputError(problems)

    def _materialise(self, database: Database) -> None:
        """Derive `control` anew, for QGIS' Temporal Controller."""
        intervals = self.arrangement().intervals()
        database.clear("control")
        while some := list(islice(intervals, _INTERVALS_TOGETHER)):
            database.insert(
                "control",
                _CONTROL_COLUMNS,
                map(_control_values, some),
                [interval.area.polygon for interval in some],
            )

    def _style(self, database: Database) -> None:
        from frontmap.data import qgis

        database.restyle(qgis.styles(list(self.actors().values())))

    def _refuse_taken(self, table: str, what: str, slug: str) -> None:
        if self._all(f"SELECT 1 FROM {table} WHERE slug = ?", slug):
            raise InputError(f"{what} {slug!r} exists already; nothing was written")

    def _all(self, query: str, *values: object) -> list[Any]:
        return self.database.all(query, values)

    def _one(self, query: str) -> Any:
        return self._all(query)[0]


_PLACES = (schema.PLACES, schema.PLACE_NAMES)


def is_project(path: Path) -> bool:
    """Say whether a file is a frontmap project, of whatever version."""
    if not path.is_file():
        return False
    with contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as file:
        try:
            query = "SELECT 1 FROM sqlite_master WHERE name = 'frontmap_schema'"
            return file.execute(query).fetchone() is not None
        except (sqlite3.DatabaseError, UnicodeDecodeError):  # the latter of damage in a message
            return False


def _check_actor(actor: Actor, sides: set[str]) -> None:
    problems = [
        f"{what} {value!r} is not lower-case letters, digits and hyphens, as in 'al-tanf'"
        for what, value in (("actor", actor.slug), ("side", actor.side))
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", value)
    ]
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", actor.colour):
        problems.append(f"colour {actor.colour!r} is not #rrggbb, as in #5790fc")
    if actor.hatch not in HATCHES:
        problems.append(f"hatch {actor.hatch!r} is none of {' '.join(HATCHES[1:])}")
    if actor.slug == "none" or (actor.slug in sides and actor.slug != actor.side):
        problems.append(f"actor {actor.slug!r} would be mistaken for a side: choose another name")
    if problems:
        raise InputError(problems)


def _check_aliases(actor: Actor, others: Iterable[Actor]) -> None:
    strangers = [other for other in others if other.slug != actor.slug]
    aliases = {alias.casefold(): other.slug for other in strangers for alias in other.aliases}
    names = {name.casefold(): other.slug for other in strangers for name in _names(other)}
    problems = [
        f"{name!r} is what {taken[name.casefold()]} is called: an alias means one actor"
        for given, taken in ((actor.aliases, aliases | names), (_names(actor), aliases))
        for name in given
        if name.casefold() in taken
    ]
    if not all(alias.strip() for alias in actor.aliases):
        problems.append(f"an alias of {actor.slug} is empty")
    if problems:
        raise InputError(problems)


def _names(actor: Actor) -> tuple[str, ...]:
    return (actor.slug, actor.short_name, actor.name)


def _check_version(path: Path, connection: sqlite3.Connection) -> str | None:
    """Refuse what is no project or of a newer version; bring up an older one, and say so."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if "frontmap_schema" not in tables:
        raise StoreError(f"{path} is no frontmap project (make one with: frontmap init)")
    if schema_version(path, connection) == schema.VERSION:
        return None
    from frontmap.data.migration import migrate

    return migrate(path, connection, written_by())


def schema_version(path: Path, connection: sqlite3.Connection) -> int:
    """Return the version of a project file's layout; StoreError where it is newer than this."""
    found, writer = connection.execute("SELECT * FROM frontmap_schema").fetchone()
    if found > schema.VERSION:
        raise StoreError(
            f"{path} was written by {writer} (schema {found}); this frontmap reads up to "
            f"schema {schema.VERSION}: install that version or a newer one"
        )
    return int(found)


def written_by() -> str:
    """Return what a project notes as the program that made its tables."""
    return f"frontmap {version('frontmap')}"


@contextlib.contextmanager
def _new_file_beside(path: Path) -> Iterator[Path]:
    """Yield an empty file in the same folder that becomes `path` if the block succeeds."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".draft", dir=path.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot write here: {error.strerror}") from None
    draft = Path(name)
    try:
        os.fchmod(handle, 0o666 & ~_umask())
        yield draft
        os.fsync(handle)
        _publish(draft, path)
    finally:
        os.close(handle)
        for leftover in (draft, Path(f"{name}-journal")):
            leftover.unlink(missing_ok=True)


def _publish(draft: Path, path: Path) -> None:
    """Give the finished file its name, but never over another file."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise StoreError(f"{path} appeared meanwhile; nothing was written") from None
    except OSError:  # a file system without hard links
        draft.rename(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _insert(database: Database, table: str, **values: Any) -> int:
    return database.insert(table, tuple(values), [tuple(values.values())])[0]


def _insert_zones(database: Database, zones: Sequence[Zone]) -> None:
    names = [[[name.name, name.lang] for name in zone.names] for zone in zones]
    database.insert(
        "zones",
        ("code", "name", "country", "names", "level"),
        [
            (zone.code, zone.name, zone.country, json.dumps(listed, ensure_ascii=False), zone.level)
            for zone, listed in zip(zones, names, strict=True)
        ],
        [zone.polygon for zone in zones],
    )


def _description(theatre: Theatre) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{theatre.name}: control of territory",
        "spatialCoverage": ", ".join(theatre.countries),
        "creditText": "Places: GeoNames, CC BY 4.0. Boundaries: made with Natural Earth.",
    }


def _multipolygon(blob: bytes) -> MultiPolygon:
    return cast("MultiPolygon", geopackage.decode_geometry(blob))


def _place(row: Any, names: tuple[PlaceName, ...]) -> Place:
    box = geopackage.envelope(row["geom"])
    if box is None:
        raise StoreError(f"place {row['place']} has no location")
    return Place(
        row["place"],
        row["name"],
        box[0],
        box[2],
        row["country"],
        row["admin1"],
        row["population"],
        names,
    )


def _event(row: Any) -> Event:
    box = geopackage.envelope(row["geom"])
    if box is None:
        raise StoreError(f"event {row['event']} has no location")
    return Event(
        row["event"],
        date.fromisoformat(row["date"]),
        row["kind"],
        box[0],
        box[2],
        row["place"],
        row["note"],
        row["source"],
    )


def _change(row: Any, sources: tuple[Attribution, ...]) -> Change:
    return Change(
        id=row["fid"],
        actor=row["actor"],
        status=Status(row["status"]),
        certainty=Certainty(row["certainty"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        recorded_at=parse_instant(row["recorded_at"]),
        polygon=_multipolygon(row["geom"]),
        contested_by=row["contested_by"],
        place=row["place"],
        method=Method(row["method"]),
        parameters=json.loads(row["parameters"]),
        note=row["note"],
        editor=row["editor"],
        sources=sources,
        retracted_at=parse_instant(row["retracted_at"]) if row["retracted_at"] else None,
        retraction_reason=row["retraction_reason"],
    )


_CHANGE_COLUMNS = (
    *("actor", "status", "contested_by", "certainty", "valid_from", "valid_to", "recorded_at"),
    *("place", "method", "parameters", "note", "editor"),
)
_encode_parameters = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _change_values(change: Change) -> tuple[Any, ...]:
    return (
        change.actor,
        change.status.value,
        change.contested_by,
        change.certainty.value,
        change.valid_from.isoformat(),
        change.valid_to and change.valid_to.isoformat(),
        format_instant(change.recorded_at),
        change.place,
        change.method.value,
        _encode_parameters(change.parameters) if change.parameters else "{}",
        change.note,
        change.editor,
    )


_CONTROL_COLUMNS = (
    *("actor", "side", "status", "contested_by", "certainty", "valid_from", "valid_to"),
    "area_km2",
)


def _control_values(interval: Interval) -> tuple[Any, ...]:
    from frontmap.geo.geodesy import area_km2

    area = interval.area
    return (
        area.actor,
        area.side,
        area.status,
        ",".join(area.contested_by),
        area.certainty,
        _iso(interval.valid_from),
        _iso(interval.valid_to),
        round(area_km2(area.polygon), 3),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
