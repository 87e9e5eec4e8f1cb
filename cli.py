"""The `frontmap` command: parse, call, print.

Data goes to stdout, messages to stderr. Exit codes: 0 done, 1 error, 2 usage, 3 findings.
"""

from __future__ import annotations

import io
import json
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from frontmap.data.extracts import LAYERS, Query
from frontmap.geo.dates import format_day, now, parse_date, parse_instant
from frontmap.geo.errors import FrontmapError, InputError
from frontmap.geo.reading import Relation
from frontmap.geo.records import (
    CERTAINTY_MEANING,
    HATCHES,
    Actor,
    Attribution,
    Certainty,
    Change,
    Match,
    Place,
    Source,
    Status,
)
from frontmap.geo.review import Edit, FiledClaim, Review
from frontmap.maps.embed import KINDS
from frontmap.maps.style import PRESETS

if TYPE_CHECKING:
    from frontmap.data.database import Address, Location
    from frontmap.data.importing import Mapped, Plan
    from frontmap.data.profiles import Settings
    from frontmap.data.reports import ReportText
    from frontmap.data.store import Project
    from frontmap.geo.comparison import Comparison
    from frontmap.geo.reading import Claim, Reading, Toponym
    from frontmap.geo.recognition import Recogniser
    from frontmap.maps.elements import MapSpec

    _ParamType = click.ParamType[Any]
else:
    _ParamType = click.ParamType  # not generic before click 8.4

EXIT_FINDINGS = 3
MAP_FORMATS = (".html", ".png", ".svg", ".pdf")
PLAYER_FORMATS = (".html", ".gif", ".mp4")
COMPARISON_FORMATS = (*MAP_FORMATS, ".geojson", ".gpkg", ".csv")
#: A table names so many places in a cell; JSON and CSV have all.
MOST_NAMES = 6


class FrontmapGroup(click.Group):
    """A group whose commands turn our errors into one line each and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; nothing that went wrong on purpose shows a traceback."""
        if isinstance(sys.stdout, io.TextIOWrapper):  # what a terminal cannot show, it spells out
            sys.stdout.reconfigure(errors="backslashreplace")
        with _interruptible() as interrupts:
            try:
                return super().invoke(ctx)
            except (Exception, KeyboardInterrupt) as error:
                if interrupts or isinstance(error, KeyboardInterrupt):
                    click.echo("frontmap: interrupted; nothing more was written", err=True)
                    sys.exit(130)
                if isinstance(error, UnicodeEncodeError):  # of what Python could not read as text
                    _fail(["an argument is no text in this locale: set PYTHONUTF8=1"])
                if isinstance(error, InputError):
                    _fail(error.problems)
                if isinstance(error, FrontmapError):
                    _fail([str(error)])
                raise


@contextmanager
def _interruptible() -> Iterator[list[int]]:
    """Have Ctrl-C raise KeyboardInterrupt, where __main__.py lets it end the process at once.

    Each is noted in what is yielded: C code, as of numpy's import or of SQLite that calls back,
    makes another error of it.
    """
    noted = list[int]()
    if signal.getsignal(signal.SIGINT) is not signal.SIG_DFL:
        yield noted
        return

    def note(number: int, frame: FrameType | None) -> NoReturn:
        noted.append(number)
        raise KeyboardInterrupt

    show = sys.excepthook
    signal.signal(signal.SIGINT, note)
    sys.excepthook = lambda *error: None if noted else show(*error)  # an import shows it by itself
    try:
        yield noted
    finally:
        sys.excepthook = show
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _fail(problems: Sequence[str]) -> NoReturn:
    if len(problems) > 1:
        click.echo(f"frontmap: {len(problems)} problems; nothing was written", err=True)
    for problem in problems:
        click.echo(f"frontmap: {problem}", err=True)
    sys.exit(1)


class _Parsed(_ParamType):
    """A parameter type made of a function that raises InputError."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name, self._parse = name, parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except InputError as error:
            self.fail(str(error), param, ctx)


def _kilometres(text: str) -> float:
    from frontmap.geo.geodesy import parse_distance_km

    return parse_distance_km(text)


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,5})\s*[x×]\s*(\d{2,5})", text)
    if not found:
        raise InputError(f"{text!r} is no size: write it as 1200x800")
    return int(found[1]), int(found[2])


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        raise InputError(f"{text!r} is no pair of names: write it as theirs=ours")
    return name, value


def _address(text: str) -> Address:
    from frontmap.data.database import Address

    return Address.parse(text)


def _project(text: str) -> Location:
    if re.match(r"[a-z+]+://", text):
        return _address(text)
    return Path(FILE.convert(text, None, None))


DATE = _Parsed("date", parse_date)
INSTANT = _Parsed("time", parse_instant)
DISTANCE = _Parsed("distance", _kilometres)
CERTAINTY = _Parsed("certainty", lambda text: Certainty(text))
SIZE = _Parsed("size", _size)
PAIR = _Parsed("pair", _pair)
FILE = click.Path(path_type=Path, dir_okay=False)
ADDRESS = _Parsed("url", _address)
PROJECT = _Parsed("project", _project)

# Options that several commands share


def _together(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Make one decorator of several, in the order in which help lists them."""

    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


project_option = click.option(
    "-p",
    "--project",
    "project_path",
    type=PROJECT,
    envvar="FRONTMAP_PROJECT",
    help="Project file or URL; else $FRONTMAP_PROJECT, else the only project in this folder.",
)
#: As `project_option`, for commands that compare several.
projects_option = click.option(
    "-p",
    "--project",
    "project_paths",
    type=PROJECT,
    multiple=True,
    envvar="FRONTMAP_PROJECT",
    help="Project file or URL, repeat for several; else $FRONTMAP_PROJECT, else the only project "
    "in this folder.",
)
country_option = click.option(
    "--country", "countries", multiple=True, metavar="CC", help="ISO 3166 code, as in SY; repeat."
)
known_at_option = click.option(
    "--known-at",
    type=INSTANT,
    metavar="TIME",
    help="Only what was recorded by then: a date, or YYYY-MM-DDTHH:MM:SSZ.  [default: now]",
)
certainty_option = click.option(
    "--min-certainty",
    type=click.Choice([str(level) for level in Certainty]),
    default=str(Certainty.CLAIMED),
    show_default=True,
    help="Leave out what is less certain.",
)
asked_options = _together(
    click.option("--layer", metavar="NAME", help="The layer of the file, where it has several."),
    click.option("--crs", metavar="CRS", help="Its coordinate system, where the file says none."),
    click.option("--encoding", metavar="NAME", help="That of its text, as cp1256, if not UTF-8."),
    click.option("--swap-xy", is_flag=True, help="Exchange longitude and latitude."),
    click.option("--fix", is_flag=True, help="Repair polygons that cross themselves, and say so."),
    click.option("--allow-network", is_flag=True, help="Fetch a file that is an https:// address."),
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
csv_option = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
geojson_option = click.option("--geojson", "as_geojson", is_flag=True, help="Print GeoJSON.")


def output_option(formats: str, *, required: bool = False) -> Callable[[Any], Any]:
    """Declare -o/--output for the named formats."""
    return click.option(
        "-o",
        "--output",
        type=FILE,
        required=required,
        metavar="FILE",
        help=f"Write to this file: {formats}.",
    )


def shared_work(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options by which workers share large jobs."""
    count = click.option(
        "--workers",
        type=click.IntRange(1, 256),
        default=1,
        show_default=True,
        help="Processes that share a large job.",
    )
    cluster = click.option(
        "--scheduler",
        metavar="tcp://…",
        help="A dask cluster that does it instead; trusted, as it runs code.",
    )
    return count(cluster(command))


@click.group(cls=FrontmapGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="frontmap")
def main() -> None:
    """Turn sourced reports of who took which place, and when, into dated control maps."""


# Places


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@country_option
@click.option("--near", metavar="PLACE", help="Prefer places near this one, or near LON,LAT.")
@click.option("--limit", type=click.IntRange(1, 100), help="List up to N candidates a name.")
@json_option
@geojson_option
@click.option("--save", is_flag=True, help="Add the places found to the project.")
@click.option("--online", is_flag=True, help="Ask OpenStreetMap's Nominatim instead (network).")
@project_option
def geocode(
    names: tuple[str, ...],
    countries: tuple[str, ...],
    near: str | None,
    limit: int | None,
    as_json: bool,
    as_geojson: bool,
    save: bool,
    online: bool,
    project_path: Location | None,
) -> None:
    """Find places by name.

    In the shipped gazetteer; "-" reads names from stdin, one a line. An ambiguous name is never
    picked silently: the candidates are listed, and the exit code is 1.
    """
    from frontmap.data.gazetteer import Finder

    wanted = [name for given in names for name in (_stdin_lines() if given == "-" else [given])]
    finder = Finder(countries=countries, near=near, online=online, progress=_progress)
    found: list[tuple[str, Match]] = []
    refused: list[FrontmapError] = []
    for name in wanted:
        try:
            matches = finder.search(name, limit) if limit else [finder.resolve(name)]
            found += [(name, match) for match in matches]
        except FrontmapError as refusal:
            refused.append(refusal)
    if found or not refused:
        _print_matches(found, as_json=as_json, as_geojson=as_geojson)
    for error in refused:
        click.echo(f"frontmap: {error}", err=True)
    if save and not refused:
        with _open(project_path) as project:
            new = project.add_places(match.place for _, match in found)
            click.echo(f"{len(new)} places added to {project.location}", err=True)
    if refused:
        sys.exit(1)


@main.command()
@click.argument("report", metavar="FILE|-")
@click.option(
    "--jsonl",
    "as_lines",
    is_flag=True,
    help="Read JSON lines of {id, text}; print {id, toponyms}, a line each.",
)
@country_option
@json_option
@project_option
def geoparse(
    report: str,
    as_lines: bool,
    countries: tuple[str, ...],
    as_json: bool,
    project_path: Location | None,
) -> None:
    """Find the places that a text names.

    Those of the countries, or of the project (-p), and with neither those of the whole world. In
    a theatre, names that no gazetteer has are found as well where the words around them are a
    place's; they stay unresolved.
    """
    recogniser = _recogniser(countries, project_path)
    if as_lines:
        _geoparse_lines(report, recogniser)
        return
    loaded = _load_report(report)
    for note in loaded.notes:
        click.echo(f"note: {note}", err=True)
    toponyms = recogniser.find(loaded.text)
    if as_json:
        _print_json({"toponyms": [toponym.to_json() for toponym in toponyms]})
    else:
        _print_table([{**_toponym_row(t), "kind": str(t.kind)} for t in toponyms])


def _recogniser(countries: tuple[str, ...], path: Location | None) -> Recogniser:
    """Return what finds the places of countries, else of a project that is named, else all."""
    if path is not None and not countries:
        with _open(path) as project:
            return project.recogniser()
    from frontmap.data.gazetteer import Gazetteer

    return Gazetteer.open(progress=_progress).recogniser(countries)


def _geoparse_lines(given: str, recogniser: Recogniser) -> None:
    """Print the toponyms of each line's text as it is read; refuse the wrong lines one by one."""
    from frontmap.data.texts import read_texts

    refused = False
    try:
        with click.open_file(given, "rb") as lines:
            for text in read_texts(lines):
                if isinstance(text, InputError):
                    refused = True
                    click.echo(f"frontmap: {text}", err=True)
                    continue
                toponyms = [toponym.to_json() for toponym in recogniser.find(text.text)]
                row = {"id": text.id, "toponyms": toponyms}
                click.echo(json.dumps(row, ensure_ascii=False))
    except OSError as error:
        raise InputError(f"{given} can't be read: {error.strerror}") from error
    if refused:
        sys.exit(1)


def _print_matches(found: Sequence[tuple[str, Match]], *, as_json: bool, as_geojson: bool) -> None:
    rows = [match.to_dict(query) for query, match in found]
    if as_json:
        _print_json(rows)
    elif as_geojson:
        _print_json(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": row,
                        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
                    }
                    for row in rows
                ],
            }
        )
    else:
        _print_table(rows)


@main.group()
def places() -> None:
    """Known places: list them."""


@places.command("list")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the N most populous.")
@json_option
@project_option
def places_list(limit: int | None, as_json: bool, project_path: Location | None) -> None:
    """List the places, the most populous first."""
    with _open(project_path) as project:
        rows = [
            {
                "id": place.id,
                "name": place.name,
                "lon": place.lon,
                "lat": place.lat,
                "country": place.country,
                "admin1": place.admin1,
                "population": place.population,
                "names": len(place.names),
            }
            for place in project.places()[:limit]
        ]
    _print_rows(rows, as_json=as_json)


# Projects


@main.command()
@click.argument("path", type=FILE, metavar="PROJECT.gpkg")
@click.option(
    "--country", "countries", multiple=True, required=True, metavar="CC", help="ISO 3166 code."
)
@click.option("--extent", metavar="FILE", help="Polygons of a file that narrow the theatre.")
@click.option("--name", help="Name of the theatre.  [default: its countries]")
@click.option("--reach", "reach_km", type=DISTANCE, help="How far a place's cell reaches.")
@click.option("--time-zone", help="IANA time zone.  [default: the first country's]")
@asked_options
def init(
    path: Path,
    countries: tuple[str, ...],
    extent: str | None,
    name: str | None,
    reach_km: float | None,
    time_zone: str | None,
    **asked: Any,
) -> None:
    """Make a project of one or more countries.

    With their outline, first-level areas and places.
    """
    from frontmap.data.door import Asked, read_area
    from frontmap.data.store import Project

    ground, notes = read_area(extent, Asked(**asked)) if extent else (None, ())
    for note in notes:
        click.echo(f"note: {note}", err=True)
    with Project.init(
        path,
        countries,
        extent=ground,
        name=name,
        reach_km=reach_km,
        time_zone=time_zone,
    ) as project:
        click.echo(
            f"{path}: {project.theatre.name}, {len(project.zones())} zones, "
            f"{len(project.places())} places",
            err=True,
        )


@main.command()
@click.argument("seed", metavar="SEED")
@output_option(".gpkg", required=True)
@click.option("--until", type=DATE, help="Only changes of this date and before.")
@click.option("--quiet", is_flag=True, help="Leave out notes, such as on polygons over the border.")
def build(seed: str, output: Path, until: date | None, quiet: bool) -> None:
    """Build a project from seeds.

    SEED is a folder of human-edited rows, or the name of one that ships.
    """
    from frontmap.data import seeding

    folder = Path(seed) if Path(seed).is_dir() else seeding.shipped(seed)
    project, notes = seeding.build(seeding.read_seed(folder), output, until=until)
    with project:
        for note in () if quiet else notes:
            click.echo(f"note: {note}", err=True)
        click.echo(
            f"{output}: {len(project.changes())} changes, {len(project.sources())} sources, "
            f"{len(project.actors())} actors",
            err=True,
        )


@main.command()
@click.option(
    "--mend", is_flag=True, help="First bring up to date what a recording that was cut off left."
)
@project_option
def check(mend: bool, project_path: Location | None) -> None:
    """Validate a project; exit 3 on findings.

    Its schema, geometries, coverage, references, and counts against the spatial index.
    """
    from frontmap.data.checking import findings

    with _open(project_path, told_of_edits=False) as project:
        if mend and project.mend():
            click.echo("control was older than control_changes and was derived anew", err=True)
        found = findings(project)
    for finding in found:
        click.echo(finding)
    if any(finding.startswith("damaged file") for finding in found):
        saved = f"frontmap recover OUT.gpkg -p {project.location}"
        click.echo(f"what can be read is saved by: {saved}", err=True)
    if found:
        sys.exit(EXIT_FINDINGS)
    click.echo(f"{project.location}: sound", err=True)


@main.command()
@click.argument("output", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    *("-p", "--project", "damaged"),
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The damaged project; it is only read.",
)
def recover(output: Path, damaged: Path) -> None:
    """Save what can be read of a damaged project into OUT; exit 3 where something is lost.

    What cannot be read, or breaks a rule of projects, is listed. The derived tables are made anew.
    """
    from frontmap.data.recovery import recover as save

    lost = save(damaged, output)
    for line in lost:
        click.echo(line)
    click.echo(f"{output}: {'what could be read' if lost else 'all of it'}", err=True)
    if lost:
        sys.exit(EXIT_FINDINGS)


@main.group()
def actor() -> None:
    """Who controls: add and list actors."""


@actor.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="Full name.")
@click.option("--short-name", help="Name in legends and tables.  [default: the name]")
@click.option("--side", help="Side; allied actors share one.  [default: the slug]")
@click.option("--colour", help="#rrggbb.  [default: the next of a colour-blind-safe set]")
@click.option("--hatch", default="", type=click.Choice(HATCHES), help="Pattern on the colour.")
@click.option(
    "--alias", "aliases", multiple=True, metavar="NAME", help="What reports call it; repeat."
)
@project_option
def actor_add(
    slug: str,
    name: str,
    short_name: str | None,
    side: str | None,
    colour: str | None,
    hatch: str,
    aliases: tuple[str, ...],
    project_path: Location | None,
) -> None:
    """Add an actor."""
    from frontmap.maps.style import next_colour

    with _open(project_path) as project:
        colour = colour or next_colour(list(project.actors().values()))
        project.add_actor(
            Actor(slug, name, short_name or name, side or slug, colour, hatch, aliases)
        )


@actor.command("alias")
@click.argument("slug")
@click.argument("aliases", nargs=-1, required=True, metavar="NAME...")
@project_option
def actor_alias(slug: str, aliases: tuple[str, ...], project_path: Location | None) -> None:
    """Add names that reports call an actor."""
    with _open(project_path) as project:
        found = project.add_aliases(slug, aliases)
    click.echo(f"{slug}: {', '.join(found.aliases)}", err=True)


@actor.command("list")
@json_option
@project_option
def actor_list(as_json: bool, project_path: Location | None) -> None:
    """List the actors."""
    with _open(project_path) as project:
        _print_rows([_fields(actor) for actor in project.actors().values()], as_json=as_json)


@main.group()
def source() -> None:
    """Who says so: add and list sources."""


@source.command("add")
@click.argument("slug")
@click.option("--publisher", required=True, help="Publisher.")
@click.option("--title", default="", help="Title.")
@click.option("--url", default="", help="URL.")
@click.option("--published", type=DATE, help="Date of publication.")
@click.option("--accessed", type=DATE, help="Date on which it was read.")
@project_option
def source_add(slug: str, project_path: Location | None, **values: Any) -> None:
    """Add a source."""
    with _open(project_path) as project:
        project.add_source(Source(slug, **values))


@source.command("list")
@json_option
@project_option
def source_list(as_json: bool, project_path: Location | None) -> None:
    """List the sources."""
    with _open(project_path) as project:
        _print_rows([_fields(source) for source in project.sources().values()], as_json=as_json)


# Control changes


said_options = _together(
    click.option("--source", "sources", multiple=True, metavar="URL|ID", help="Where it is said."),
    click.option("--said-by", multiple=True, metavar="NAME", help="Who is quoted there."),
)


def _attributions(sources: Sequence[str], said_by: Sequence[str]) -> tuple[Attribution, ...]:
    if len(said_by) > len(sources):
        raise click.UsageError("each --said-by belongs to a --source before it")
    quoted = [*said_by, *[""] * (len(sources) - len(said_by))]
    return tuple(map(Attribution, sources, quoted))


@main.group()
def change() -> None:
    """Dated control changes: add, list, show, retract."""


@change.command("add")
@click.option("--actor", required=True, help="Who: slug or name; none says that nobody knows.")
@click.option("--on", required=True, metavar="DATE", help="First day on which it is so.")
@click.option("--until", default="", metavar="DATE", help="First day on which it is no longer so.")
@click.option("--place", default="", metavar="NAME", help="The cell of this place.")
@click.option("--reach", "reach_km", type=DISTANCE, help="How far the cell reaches.")
@click.option("--polygon", metavar="FILE", help="The polygons of a file: GeoJSON, KML, .gpkg …")
@click.option("--area", default="", metavar="NAME", help="An admin-1 area, or theatre for all.")
@click.option("--toward", default="", metavar="NAME", help="A standoff: toward this place …")
@click.option("--within", "within_km", type=DISTANCE, help="… to exactly this far from it …")
@click.option("--via", multiple=True, metavar="NAME", help="… by way of these places …")
@click.option("--width", "width_km", type=DISTANCE, help="… in a corridor this wide.")
@click.option(
    "--status",
    default=str(Status.CONTROLLED),
    show_default=True,
    metavar="STATUS",
    help=f"One of {', '.join(Status)}.",
)
@click.option("--contested-by", default="", metavar="ACTOR", help="Who contests it.")
@click.option(
    "--certainty",
    required=True,
    metavar="LEVEL",
    help="; ".join(f"{level}: {meaning}" for level, meaning in CERTAINTY_MEANING.items()) + ".",
)
@said_options
@click.option("--note", default="", help="Note.")
@click.option("--editor", default="", envvar="FRONTMAP_EDITOR", help="Who writes this down.")
@click.option("--allow-future", is_flag=True, help="Accept a date after today.")
@asked_options
@project_option
def change_add(
    project_path: Location | None,
    sources: tuple[str, ...],
    said_by: tuple[str, ...],
    allow_future: bool,
    **values: Any,
) -> None:
    """Record a control change.

    What is wrong is listed whole, and then nothing is written.
    """
    from frontmap.data.door import Asked
    from frontmap.data.drafting import Draft, add_drafts

    asked = Asked(**{name: values.pop(name) for name in Asked.__dataclass_fields__})
    said = _attributions(sources, said_by)
    with _open(project_path) as project:
        ids, notes = add_drafts(
            project, [Draft(sources=said, asked=asked, **values)], allow_future=allow_future
        )
        for note in notes:
            click.echo(f"note: {note}", err=True)
        places = project.place_names()
        _print_rows([_change_row(project.change(change_id), places) for change_id in ids])


@change.command("list")
@click.option("--on", type=DATE, help="Only what has a part in the map of this date.")
@click.option("--actor", "actor_slug", metavar="SLUG", help="Only this actor's.")
@json_option
@csv_option
@project_option
def change_list(
    on: date | None,
    actor_slug: str | None,
    as_json: bool,
    as_csv: bool,
    project_path: Location | None,
) -> None:
    """List the control changes, by date."""
    from frontmap.geo.control import applies

    with _open(project_path) as project:
        changes = [
            change
            for change in sorted(project.changes(), key=lambda c: (c.valid_from, c.id))
            if (on is None or applies(change, on, None, Certainty.CLAIMED))
            and (actor_slug is None or change.actor == actor_slug)
        ]
        rows = [_change_row(change, project.place_names()) for change in changes]
    _print_rows(rows, as_json=as_json, as_csv=as_csv)


@change.command("show")
@click.argument("change_id", type=int, metavar="ID")
@json_option
@geojson_option
@project_option
def change_show(
    change_id: int, as_json: bool, as_geojson: bool, project_path: Location | None
) -> None:
    """Show one control change with its sources."""
    import shapely

    with _open(project_path) as project:
        found = project.change(change_id)
        row = _change_row(found, project.place_names(), project.sources())
    if as_json:
        _print_json(row)
    elif as_geojson:
        geometry = json.loads(shapely.to_geojson(found.polygon))
        _print_json({"type": "Feature", "properties": row, "geometry": geometry})
    else:
        _print_facts(row)


@change.command("retract")
@click.argument("change_id", type=int, metavar="ID")
@click.option("--reason", required=True, help="Why; it is published with the corrections.")
@project_option
def change_retract(change_id: int, reason: str, project_path: Location | None) -> None:
    """Retract a control change.

    The row stays, and maps known earlier still show it.
    """
    with _open(project_path) as project:
        project.retract(change_id, reason)
    click.echo(f"change {change_id} retracted", err=True)


@main.command()
@click.argument("rows", nargs=-1, type=int, metavar="[ROW]...")
@said_options
@click.option("--reason", default="", help="Why rows were altered or deleted; it is published.")
@click.option("--editor", default="", envvar="FRONTMAP_EDITOR", help="Who made the edits.")
@click.option("--fix", is_flag=True, help="Repair polygons that cross themselves, and say so.")
@click.option("--allow-future", is_flag=True, help="Accept dates after today.")
@click.option("--discard", is_flag=True, help="Undo the edits instead.")
@click.option("--dry-run", is_flag=True, help="Only print what would be recorded.")
@project_option
def adopt(
    rows: tuple[int, ...],
    sources: tuple[str, ...],
    said_by: tuple[str, ...],
    discard: bool,
    dry_run: bool,
    project_path: Location | None,
    **told: Any,
) -> None:
    """Record what was edited in QGIS, or another program.

    It is about control_changes: all rows edited there, or those named. A row that was added is
    checked and recorded, with --source unless it has one; an altered one is retracted, with a new
    change in its place; a deleted one is retracted. What is wrong is listed whole, and then nothing
    is written.
    """
    from frontmap.data import adopting

    terms = adopting.Terms(sources=_attributions(sources, said_by), **told)
    with _open(project_path, told_of_edits=False) as project:
        if not project.edited():
            click.echo("no row was edited by another program", err=True)
            return
        if discard:
            undone = adopting.discard(project, rows)
            click.echo(f"rows {', '.join(map(str, undone))}: as they were recorded", err=True)
            return
        adoption, ids = (
            (adopting.plan(project, rows, terms), [])
            if dry_run
            else adopting.adopt(project, rows, terms)
        )
    for note in adoption.notes:
        click.echo(f"note: {note}", err=True)
    _print_rows(adoption.table(ids))
    if dry_run:
        click.echo("nothing was written (--dry-run)", err=True)


# Other people's files


def _pairs(name: str, sign: str = "=") -> _Parsed:
    """Return a type for NAME=VALUE."""

    def parse(text: str) -> tuple[str, str]:
        left, found, right = text.partition(sign)
        if not (left and found and right):
            raise InputError(f"{text!r}: write it as {name}")
        return left, right

    return _Parsed(name, parse)


#: How columns of strangers' files become fields; `_settings` takes them.
mapping_options = _together(
    click.option(
        "--actor", metavar="SLUG", help="As --set actor=SLUG; of a snapshot, whose it is."
    ),
    click.option("--against", metavar="SLUG", help="Who has what the actor of snapshots loses."),
    click.option("--date", "day", metavar="DATE", help="As --set on=DATE."),
    click.option(
        "--date-from-name",
        default="",
        metavar="FORMAT",
        help="How names of files tell the day, without suffix, as front_%Y%m%d.",
    ),
    click.option("--profile", "profile_name", metavar="NAME", help="One that ships, or was saved."),
    click.option(
        "--map",
        "columns",
        multiple=True,
        type=_pairs("FIELD=COLUMN"),
        metavar="FIELD=COLUMN",
        help="The column that a field is in; repeat. Others are guessed by name, and said.",
    ),
    click.option(
        "--set",
        "constants",
        multiple=True,
        type=_pairs("FIELD=VALUE"),
        metavar="FIELD=VALUE",
        help="A field that is the same for all rows; repeat.",
    ),
    click.option(
        "--value",
        "values",
        multiple=True,
        type=_pairs("FIELD:FOUND=MEANT"),
        metavar="FIELD:FOUND=MEANT",
        help="What a value in the file stands for, as actor:UA=ukraine; repeat.",
    ),
    click.option("--date-format", default="", metavar="FORMAT", help="As %d/%m/%Y, if not ISO."),
)


@main.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--as",
    "target",
    metavar="TARGET",
    help="changes, snapshot, places, zones, footprints, sources or events.  [default: the "
    "profile's]",
)
@mapping_options
@click.option(
    "--replace",
    "replacing",
    is_flag=True,
    help="Snapshots: retract what another outline of the day recorded.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be written as a table.")
@click.option("--skip-invalid", is_flag=True, help="Write the good rows, and list the others.")
@click.option(
    "--rejects",
    type=FILE,
    metavar="FILE",
    help="Where --skip-invalid lists them.  [default: FILE.rejects.csv]",
)
@click.option("--save-profile", metavar="NAME", help="Keep this mapping in the project.")
@click.option("--all", "everything", is_flag=True, help="geonames: abandoned places, too.")
@click.option("--editor", default="", envvar="FRONTMAP_EDITOR", help="Who writes this down.")
@click.option("--allow-future", is_flag=True, help="Accept dates after today.")
@asked_options
@project_option
def import_(
    files: tuple[str, ...],
    target: str | None,
    profile_name: str | None,
    replacing: bool,
    dry_run: bool,
    skip_invalid: bool,
    rejects: Path | None,
    save_profile: str | None,
    everything: bool,
    editor: str,
    allow_future: bool,
    project_path: Location | None,
    **asked: Any,
) -> None:
    """Read other people's files into the project.

    As changes, snapshots, places, zones, footprints, sources or events: all rows or none, and what
    the project has already is left as it is. docs/formats.md has the formats, fields and profiles.
    """
    from frontmap.data import importing
    from frontmap.data.door import Asked
    from frontmap.data.profiles import GEONAMES

    if profile_name == GEONAMES:
        _import_geonames(files, everything, project_path)
        return
    settings = _settings(asked)
    with _open(project_path) as project:
        profile = importing.find_profile(project, profile_name) if profile_name else None
        if target is None and (profile is None or len(profile.targets) != 1):
            raise click.UsageError("say what to read the files as, for example --as changes")
        target = target or (profile.targets[0] if profile else "")
        with _progress_bar("reading", hidden=len(files) < 2) as told:
            plan = importing.plan_import(
                project,
                _told_of(files, told),
                target,
                profile=profile,
                settings=settings,
                asked=Asked(**asked),
                editor=editor,
                allow_future=allow_future,
                replacing=replacing,
            )
        for note in (*_briefly(plan.mapped), *plan.notes, *plan.outcome.notes):
            click.echo(f"note: {note}", err=True)
        if dry_run:
            _print_table(plan.outcome.lines)
            _say_planned(plan, "would be added")
            if plan.problems:
                _fail(plan.problems)
            return
        plan.write(skip_invalid=skip_invalid)
        if save_profile:
            importing.save_profile(project, save_profile, target, settings, profile)
    _say_planned(plan, "added")
    if plan.problems:
        from frontmap.data.writers import to_csv, write_bytes

        listed = rejects or Path(f"{Path(files[0]).name}.rejects.csv")
        write_bytes(listed, to_csv(plan.rejects()).encode())
        click.echo(f"{len(plan.rejects())} rows were left out; see {listed}", err=True)


def _settings(told: dict[str, Any]) -> Settings:
    """Take what `mapping_options` say out of a command's options."""
    from frontmap.data.profiles import Settings

    meant: dict[str, dict[str, str]] = {}
    for found, value in told.pop("values"):
        name, _, cell = found.partition(":")
        meant.setdefault(name, {})[cell] = value
    same = {"actor": told.pop("actor"), "against": told.pop("against"), "on": told.pop("day")}
    return Settings(
        {name: (column,) for name, column in told.pop("columns")},
        {**{name: value for name, value in same.items() if value}, **dict(told.pop("constants"))},
        meant,
        {},
        told.pop("date_format"),
        told.pop("date_from_name"),
    )


def _told_of(files: Sequence[str], told: Callable[[int, int], None]) -> Iterator[str]:
    """Yield files, and tell how many are done."""
    for done, file in enumerate(files):
        told(done, len(files))
        yield file


def _briefly(mapped: Sequence[Mapped]) -> list[str]:
    """Say how each layer was understood; of many the first and the last."""
    if len(mapped) <= 6:
        return [str(each) for each in mapped]
    return [str(mapped[0]), f"likewise {len(mapped) - 2} more", str(mapped[-1])]


def _say_planned(plan: Plan, what: str) -> None:
    outcome = plan.outcome
    click.echo(f"{len(outcome.lines)} {plan.target.records or plan.target.name} {what}", err=True)
    if outcome.already:
        days = "days " if plan.target.name == "snapshot" else ""
        click.echo(f"{outcome.already} {days}are there already", err=True)
    if outcome.outside:
        click.echo(f"{outcome.outside} lie outside the theatre", err=True)


def _import_geonames(files: Sequence[str], everything: bool, project_path: Location | None) -> None:
    """Add the places of a GeoNames dump, and of a file of alternate names after it."""
    from frontmap.data.geonames import import_places

    if len(files) > 2:
        raise click.UsageError("give a dump of places, and one of alternate names after it")
    dump, names = Path(files[0]), Path(files[1]) if files[1:] else None
    with _open(project_path) as project, _progress_bar(dump) as told:
        made = import_places(project, dump, names=names, everything=everything, told=told)
    click.echo(f"{made.added} places added; {made.gained} known ones gained names", err=True)
    if made.outside:
        click.echo(f"{made.outside} lie outside the theatre", err=True)
    if made.left_out:
        click.echo(
            f"{made.left_out} abandoned places and town sections left out (--all adds them)",
            err=True,
        )
    click.echo(f"{project.location}: {made.total} places", err=True)
    if made.added:
        click.echo("cells drawn from now on are divided among them; none drawn before", err=True)


# Reports


@main.command("read")
@click.argument("report", metavar="FILE|-", required=False)
@click.option("--published", type=DATE, metavar="DATE", help="Day of its publication.")
@country_option
@click.option("--url", default="", help="Where it was published.")
@click.option("--publisher", default="", help="Who published it.")
@click.option("--title", default="", help="Its title.")
@click.option("--save", is_flag=True, help="Store the report and its claims in the project.")
@json_option
@click.option(
    "--batch",
    "archive",
    type=click.Path(path_type=Path),
    metavar="DIR|FILE.jsonl|FILE.parquet",
    help="Read an archive of reports into one Parquet of claims (-o).",
)
@shared_work
@output_option(".parquet, with --batch")
@project_option
def read(
    report: str | None,
    published: date | None,
    countries: tuple[str, ...],
    url: str,
    publisher: str,
    title: str,
    save: bool,
    as_json: bool,
    archive: Path | None,
    workers: int,
    scheduler: str | None,
    output: Path | None,
    project_path: Location | None,
) -> None:
    """Read claims out of a report.

    Who took, entered, left, fights over or holds which place, when, and who says so; in the
    theatre of the project, or of the countries named. Nothing reaches the map by it: what is
    stored with --save waits for a review (frontmap claims, frontmap review).
    """
    if (report is None) == (archive is None):
        raise click.UsageError("name one report, - for standard input, or an archive with --batch")
    if archive is not None:
        if output is None:
            raise click.UsageError("--batch writes to a file: name it with -o")
        where = None if countries else project_path
        _read_archive(
            archive, output, countries, where, published, workers=workers, scheduler=scheduler
        )
        return
    if published is None:
        raise click.UsageError("say when it was published (--published): its dates hang on it")
    loaded = _load_report(report or "-")
    if countries and not save:
        from frontmap.data.readers import open_reader

        reading = open_reader(countries).read(loaded.text, published)
        notes: list[str] = []
    else:
        reading, notes = _read_in_project(
            loaded, published, project_path, save, url=url, publisher=publisher, title=title
        )
    for note in (*loaded.notes, *reading.notes, *notes):
        click.echo(f"note: {note}", err=True)
    if as_json:
        _print_json(reading.to_json())
    else:
        _print_reading(reading)


def _load_report(given: str) -> ReportText:
    from frontmap.data.reports import load_report

    return load_report(sys.stdin.buffer if given == "-" else Path(given))


def _read_in_project(
    loaded: ReportText, published: date, path: Location | None, save: bool, **cited: str
) -> tuple[Reading, list[str]]:
    """Read a report in the project that is meant, and store it there if asked to."""
    from frontmap.data.citing import publication
    from frontmap.data.readers import ReportReader, in_project

    with _open(path) as project:
        source = (
            publication(project.sources(), published=published, accessed=now(), **cited)
            if save
            else None
        )
        reader = ReportReader(project.recogniser(), list(project.actors().values()))
        found = reader.read(loaded.text, published)
        reading = in_project(project, found)
        if source is None:
            return reading, []
        # Without the doubts of today: each review has its own.
        number = project.add_report(loaded.text, published, loaded.language, source, found)
        return reading, [f"stored as report {number}; review its claims with: frontmap review"]


def _read_archive(
    archive: Path,
    output: Path,
    countries: tuple[str, ...],
    project: Location | None,
    published: date | None,
    *,
    workers: int,
    scheduler: str | None,
) -> None:
    from frontmap.data.batch import errors_path, read_archive
    from frontmap.data.readers import archive_reader

    with _progress_bar(archive) as told:
        done = read_archive(
            archive,
            output,
            archive_reader(countries, project),
            published=published,
            workers=workers,
            scheduler=scheduler,
            told=told,
        )
    click.echo(f"{output}: {done.claims} claims of {done.documents} documents", err=True)
    if done.unreadable:
        listed = errors_path(output)
        click.echo(f"{done.unreadable} documents could not be read; see {listed}", err=True)


def _print_reading(reading: Reading) -> None:
    """Print what may become changes, what may not and why, and the places named."""
    for heading, claims_ in (
        ("Said to be so", [claim for claim in reading.claims if claim.is_live]),
        ("Not said to be so", [claim for claim in reading.claims if not claim.is_live]),
    ):
        if claims_:
            click.echo(heading)
            _print_table([_read_row(claim) for claim in claims_])
            click.echo()
    click.echo("Toponyms")
    _print_table([_toponym_row(toponym) for toponym in reading.toponyms])
    for claim in reading.claims:
        for warning in claim.warnings:
            click.echo(f"beware: {claim.relation} {claim.place.surface}: {warning}", err=True)


def _read_row(claim: Claim) -> dict[str, Any]:
    first, last = claim.date.first, claim.date.last
    days = str(last) if first == last else f"{first} … {last}" if first else f"by {last}"
    how = str(claim.status) if claim.is_live else f"{claim.status} ({claim.reason})"
    near = f" {claim.distance_km:g} km" if claim.distance_km else ""
    return {
        "relation": f"{claim.relation}{near}",
        "place": claim.place.surface,
        "who": claim.actor,
        "on": days,
        "status": how,
        "said by": claim.attribution,
        "quote": _shortened(claim.quote),
    }


def _toponym_row(toponym: Toponym) -> dict[str, Any]:
    place = toponym.place
    return {
        "name": toponym.surface,
        "kind": str(toponym.kind),
        "match": str(toponym.match),
        "place": place.name if place else None,
        "lon": place.lon if place else None,
        "lat": place.lat if place else None,
        "id": place.id if place else None,
        "or": len(toponym.candidates) - 1 if len(toponym.candidates) > 1 else None,
    }


# Claims of reports

claim_argument = click.argument("claim_id", type=int, metavar="CLAIM")
editor_option = click.option(
    "--editor", default="", envvar="FRONTMAP_EDITOR", help="Who decides; else $FRONTMAP_EDITOR."
)


@main.group()
def claims() -> None:
    """Claims of reports: list, show, edit, accept, reject."""


@claims.command("list")
@click.option("--report", "report_id", type=int, metavar="N", help="Only those of this report.")
@click.option(
    "--review", type=click.Choice([str(state) for state in Review]), help="Only those decided so."
)
@click.option("--changes", is_flag=True, help="Only those that can become control changes.")
@json_option
@project_option
def claims_list(
    report_id: int | None,
    review: str | None,
    changes: bool,
    as_json: bool,
    project_path: Location | None,
) -> None:
    """List the claims of all reports, or of one."""
    from frontmap.geo.proposals import may_change

    with _open(project_path) as project:
        if report_id is not None:
            project.report(report_id)
        state = Review(review) if review else None
        found = [
            filed
            for filed in project.claims(report=report_id, review=state)
            if not changes or may_change(filed.claim) is None
        ]
    _print_rows([_claim_row(filed, whole=as_json) for filed in found], as_json=as_json)


@claims.command("show")
@claim_argument
@json_option
@project_option
def claims_show(claim_id: int, as_json: bool, project_path: Location | None) -> None:
    """Show one claim.

    Its quote in the report, what its place may be, what accepting it would do to the map, and
    what speaks against it.
    """
    from frontmap.data.reviewing import ReviewDesk
    from frontmap.geo.review import in_context

    with _open(project_path) as project:
        desk = ReviewDesk(project)
        assessed = desk.assess(claim_id)
        report, actors = desk.report(assessed.filed.report), desk.actors()
        credit = desk.credit(report)
    row = _claim_row(assessed.filed, whole=True)
    if as_json:
        _print_json({**row, **assessed.to_json(actors)})
        return
    before, quote, after = in_context(report.text, assessed.filed.claim)
    _print_facts(
        {
            **_claim_row(assessed.filed),
            "quote": "",
            "said by": assessed.filed.claim.attribution,
            "disputed by": assessed.filed.claim.disputed_by,
            "report": f"{report.id}: {credit}, {format_day(report.published)}",
            "text": " ".join(f"{before}»{quote}«{after}".split()),
            "edited": [_edit_text(edit) for edit in assessed.filed.edits],
            "note": assessed.filed.note,
            "rejected because": assessed.filed.reason,
            "place may be": [place.describe() for place in assessed.candidates],
            "proposes": assessed.proposes(actors),
            "effect": assessed.effect.sentences(actors) if assessed.effect else [],
            "no change": assessed.refusal.describe(claim_id) if assessed.refusal else "",
            "beware": list(assessed.warnings),
        }
    )


@claims.command("accept")
@claim_argument
@editor_option
@project_option
def claims_accept(claim_id: int, editor: str, project_path: Location | None) -> None:
    """Record the control change that one claim makes.

    With the report as its source, who says so, the certainty, and the quote. There is no way to
    accept several at once.
    """
    from frontmap.data.reviewing import ReviewDesk

    with _open(project_path) as project:
        desk = ReviewDesk(project, editor)
        warnings = desk.assess(claim_id).warnings
        change_id = desk.accept(claim_id)
        for warning in warnings:
            click.echo(f"note: {warning}", err=True)
        _print_rows([_change_row(project.change(change_id), project.place_names())])


@claims.command("reject")
@claim_argument
@click.option("--reason", required=True, help="Why it makes no change.")
@editor_option
@project_option
def claims_reject(claim_id: int, reason: str, editor: str, project_path: Location | None) -> None:
    """Decide that a claim makes no control change."""
    from frontmap.data.reviewing import ReviewDesk

    with _open(project_path) as project:
        ReviewDesk(project, editor).reject(claim_id, reason)
    click.echo(f"claim {claim_id} rejected", err=True)


@claims.command("edit")
@claim_argument
@click.option("--place", metavar="NAME|ID", help="The place, or an area by its code, as SY-HI.")
@click.option("--actor", metavar="SLUG", help="The actor: slug, name or alias.")
@click.option("--on", type=DATE, help="The day on which it became so.")
@click.option("--within", "within_km", type=DISTANCE, help="How near to the place.")
@click.option(
    "--relation",
    type=click.Choice([str(relation) for relation in Relation]),
    help="What it says of actor and place.",
)
@click.option(
    "--certainty",
    type=click.Choice([str(level) for level in Certainty]),
    help="That of the change; else it follows from who says so.",
)
@click.option("--note", help="Note of the change, before the quote.")
@editor_option
@project_option
def claims_edit(
    claim_id: int,
    relation: str | None,
    certainty: str | None,
    editor: str,
    project_path: Location | None,
    **values: Any,
) -> None:
    """Change what is to be read in a pending claim.

    What was read first stays beside it, with who changed what.
    """
    from frontmap.data.reviewing import ReviewDesk
    from frontmap.geo.review import Correction

    correction = Correction(
        relation=Relation(relation) if relation else None,
        certainty=Certainty(certainty) if certainty else None,
        **values,
    )
    with _open(project_path) as project:
        filed = ReviewDesk(project, editor).edit(claim_id, correction)
    click.echo(f"claim {claim_id}: {_edit_text(filed.edits[-1])}", err=True)


@main.command()
@editor_option
@project_option
def review(editor: str, project_path: Location | None) -> None:
    """Review pending claims in the terminal.

    One by one: the quote in its report, what its place may be, and what accepting it would do to
    the map. Keys do everything, and are listed on the screen.
    """
    from frontmap.data.reviewing import ReviewDesk
    from frontmap.maps.review import run_review

    with _open(project_path) as project:
        done = run_review(ReviewDesk(project, editor))
    click.echo(done, err=True)


def _claim_row(filed: FiledClaim, *, whole: bool = False) -> dict[str, Any]:
    """Describe a claim in one row; `whole` is the JSON contract's, and its review."""
    claim = filed.claim
    if not whole:
        return {
            "claim": filed.id,
            "report": filed.report,
            "review": str(filed.review),
            "says": f"{claim.actor_id or claim.actor or '?'} {claim.relation} "
            f"{claim.place.place.name if claim.place.place else claim.place.surface + '?'}",
            "km": claim.distance_km,
            "on": claim.date.last.isoformat(),
            "status": str(claim.status),
            "change": filed.change,
            "quote": _shortened(claim.quote),
        }
    return {
        "id": filed.id,
        "report": filed.report,
        "review": str(filed.review),
        "change": filed.change,
        "reviewed_at": filed.reviewed_at and filed.reviewed_at.isoformat(),
        "reviewed_by": filed.reviewed_by,
        "review_reason": filed.reason,
        "certainty": filed.certainty and str(filed.certainty),
        "note": filed.note,
        "edits": [
            {"at": edit.at.isoformat(), "by": edit.by, "changed": edit.changed}
            for edit in filed.edits
        ],
        **claim.to_json(),
    }


def _edit_text(edit: Edit) -> str:
    by = f" by {edit.by}" if edit.by else ""
    changed = ", ".join(
        f"{field} {_edited(was)} → {_edited(now)}" for field, (was, now) in edit.changed.items()
    )
    return f"{changed}{by}"


def _edited(value: Any) -> str:
    if isinstance(value, list):
        return " … ".join(dict.fromkeys(day or "?" for day in value))
    return "none" if value in (None, "") else str(value)


def _shortened(text: str, most: int = 60) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


# Maps and measures


@main.command()
@click.argument("day", type=DATE, metavar="DATE")
@output_option(".geojson, .gpkg or .csv")
@known_at_option
@certainty_option
@json_option
@project_option
def control(
    day: date,
    output: Path | None,
    known_at: datetime | None,
    min_certainty: str,
    as_json: bool,
    project_path: Location | None,
) -> None:
    """Print who holds how much on a date.

    km² as a range, share of the theatre, places, population.
    """
    from frontmap.data.exporting import write_layer
    from frontmap.data.extracts import on_map
    from frontmap.geo.summary import holdings

    with _open(project_path) as project:
        control_map = project.control_map(day, known_at, Certainty(min_certainty))
        if output:
            write_layer(on_map(project, "control", control_map), output)
            click.echo(f"{output}: {len(control_map.areas)} areas", err=True)
            return
        rows = [holding.to_dict() for holding in holdings(control_map, project.places())]
    if as_json:
        _print_json(rows)
        return
    click.echo(f"Control on {format_day(day)}", err=True)
    _print_table(
        [
            {
                "actor": row["actor"] or "no data",
                "km²": f"{row['km2']:,.0f}",
                "confirmed … claimed": f"{row['km2_confirmed']:,.0f} … {row['km2_claimed']:,.0f}",
                "share": f"{row['share']:.1%}",
                "places": f"{row['places']:,}",
                "population": f"{row['population']:,}",
            }
            for row in rows
        ]
    )


@main.command()
@click.argument("before", type=DATE, metavar="DATE")
@click.argument("after", type=DATE, metavar="DATE")
@known_at_option
@certainty_option
@json_option
@csv_option
@project_option
def diff(
    before: date,
    after: date,
    known_at: datetime | None,
    min_certainty: str,
    as_json: bool,
    as_csv: bool,
    project_path: Location | None,
) -> None:
    """Print what changed hands between dates.

    km² and places, actor by actor.
    """
    from frontmap.geo.summary import transfers

    with _open(project_path) as project:
        level = Certainty(min_certainty)
        maps = [project.control_map(day, known_at, level) for day in (before, after)]
        rows = [row.to_dict() for row in transfers(maps[0], maps[1], project.places())]
    if as_json:
        _print_json(rows)
        return
    table = [
        {
            "gained by": row["actor"] or "no data",
            "from": row["from_actor"] or "no data",
            "km²": f"{row['km2']:,.0f}",
            "places": _listed(row["places"]),
        }
        for row in rows
    ]
    _print_rows(
        [{**row, "places": ", ".join(row["places"])} for row in rows] if as_csv else table,
        as_csv=as_csv,
    )


@main.command()
@click.argument("theirs", type=PROJECT, metavar="OTHER")
@click.option("--on", type=DATE, help="On this date.  [default: the latest in the project]")
@click.option(
    "--by",
    type=click.Choice(["actor", "side"]),
    default="actor",
    show_default=True,
    help="Whether actors of one side agree.",
)
@click.option(
    "--match",
    "matches",
    type=PAIR,
    multiple=True,
    metavar="THEIRS=OURS",
    help="An actor, or a side, that the other project calls otherwise; repeat.",
)
@click.option(
    "--as",
    "target",
    type=click.Choice(["changes", "snapshot"]),
    help="OTHER is no project but a file, read as import does.",
)
@mapping_options
@output_option(", ".join(COMPARISON_FORMATS))
@known_at_option
@certainty_option
@json_option
@csv_option
@asked_options
@project_option
def compare(
    theirs: Location,
    on: date | None,
    by: str,
    matches: tuple[tuple[str, str], ...],
    target: str | None,
    profile_name: str | None,
    output: Path | None,
    known_at: datetime | None,
    min_certainty: str,
    as_json: bool,
    as_csv: bool,
    project_path: Location | None,
    **asked: Any,
) -> None:
    """Compare the project with OTHER, another project of the same ground, or a file.

    km² and places on which both agree, and on which they differ: about the front, or on every
    date, and so in their baselines. A file is read as import would, with --as or --profile.
    """
    from frontmap.data import importing
    from frontmap.data.door import Asked
    from frontmap.geo.comparison import compare as compare_accounts

    settings = _settings(asked)
    with _open(project_path) as project, ExitStack() as opened:
        if target or profile_name:
            read = importing.read_aside(
                project,
                [str(theirs)],
                target,
                profile=importing.find_profile(project, profile_name) if profile_name else None,
                settings=settings,
                asked=Asked(**asked),
            )
            other, plan = opened.enter_context(read)
            for note in (*_briefly(plan.mapped), *plan.notes, *plan.outcome.notes):
                click.echo(f"note: {note}", err=True)
        else:
            other = opened.enter_context(_open(theirs))
        dates = project.arrangement().dates()
        found = compare_accounts(
            project.arrangement(),
            other.arrangement(),
            on or (dates[-1] if dates else date.today()),
            by_side=by == "side",
            matching=dict(matches),
            places=project.places(),
            known_at=known_at,
            min_certainty=Certainty(min_certainty),
        )
        if output:
            _write_comparison(project, found, (project.location.stem, theirs.stem), output)
            return
    rows = found.to_dicts()
    if as_json:
        _print_json(rows)
        return
    if as_csv:
        _print_rows([{**row, "places": ", ".join(row["places"])} for row in rows], as_csv=True)
        return
    agreed = found.agreed_km2 / found.km2
    click.echo(
        f"{format_day(found.as_of)}: agreed on {agreed:.1%} of {found.km2:,.0f} km²", err=True
    )
    _print_table(
        [
            {
                "about": row["about"],
                project.location.stem: row["ours"] or "no data",
                theirs.stem: row["theirs"] or "no data",
                "km²": f"{row['km2']:,.1f}",
                "share": f"{row['share']:.1%}",
                "places": _listed(row["places"]),
            }
            for row in rows
        ]
    )


@main.command()
@click.argument("day", type=DATE, metavar="DATE")
@output_option(".geojson, .gpkg or .csv")
@known_at_option
@certainty_option
@geojson_option
@project_option
def front(
    day: date,
    output: Path | None,
    known_at: datetime | None,
    min_certainty: str,
    as_geojson: bool,
    project_path: Location | None,
) -> None:
    """Print the front line of a date.

    Each stretch with the sides that it divides and the changes beside it.
    """
    from frontmap.data.exporting import write_layer
    from frontmap.data.extracts import on_map
    from frontmap.data.writers import to_geojson

    with _open(project_path) as project:
        control_map = project.control_map(day, known_at, Certainty(min_certainty))
        stretches = on_map(project, "front", control_map)
    if output:
        write_layer(stretches, output)
        click.echo(f"{output}: {len(stretches.rows)} stretches", err=True)
    elif as_geojson:
        click.echo(to_geojson(stretches), nl=False)
    else:
        shown = [{**row.values} for row in stretches.rows]
        _print_table([{k: v for k, v in row.items() if k != "sources"} for row in shown])


@main.command()
@click.argument("places", nargs=-1, required=True, metavar="PLACE...")
@click.option("--from", "from_", metavar="ACTOR|SIDE", help="From its area.  [default: the front]")
@click.option("--on", type=DATE, help="On this date.  [default: the latest in the project]")
@click.option("--since", type=DATE, help="A series from this date …")
@click.option("--until", type=DATE, help="… to this one.  [default: the latest in the project]")
@known_at_option
@certainty_option
@json_option
@csv_option
@shared_work
@projects_option
def distance(
    places: tuple[str, ...],
    from_: str | None,
    on: date | None,
    since: date | None,
    until: date | None,
    known_at: datetime | None,
    min_certainty: str,
    as_json: bool,
    as_csv: bool,
    workers: int,
    scheduler: str | None,
    project_paths: tuple[Location, ...],
) -> None:
    """Print how far the front is from places.

    Or an actor's area, with --from; both references are always stated. Workers share a series by
    projects and years. Of several projects each measures to those of the places that it knows.
    """
    from frontmap.data.cluster import Workers
    from frontmap.data.distances import Asked, measure_days
    from frontmap.geo.distance import columns

    if on and (since or until):
        raise click.UsageError("--on is one date; --since and --until make a series")
    shared = Workers(workers, scheduler)
    paths = project_paths or (None,)
    with ExitStack() as opened:
        projects = [opened.enter_context(_open(path)) for path in paths]
        dates = [day for project in projects for day in project.dates()]
        latest = until or on or max(dates, default=date.today())
        asked = Asked(since or latest, latest, from_, known_at, Certainty(min_certainty))
        targets = zip(projects, _resolve_in(projects, places), strict=True)
        with _progress_bar("distances", hidden=since is None) as told:
            found = measure_days(list(targets), asked, workers=shared, told=told)
    # Which project is of no interest where there is one.
    rows = [
        ({"project": str(path)} if len(paths) > 1 else {}, row)
        for path, measured in zip(paths, found, strict=True)
        for row in measured
    ]
    if as_json:
        _print_json([{**which, **row.to_dict()} for which, row in rows])
        return
    flat = [{**which, **columns(row)} for which, row in rows]
    if as_csv:
        _print_rows(flat, as_csv=True)
        return
    _print_table(
        [
            {
                **which,
                "place": row["place"],
                "on": row["on"],
                "km": "" if row["distance_km"] is None else f"{row['distance_km']:,.1f}",
                "": row["label"],
                "nearest": row["nearest_place"] or "",
                "from": row["reference_from"],
                "to": row["reference_to"],
            }
            for (which, _), row in zip(rows, flat, strict=True)
        ]
    )


# Publishing

#: What the maps, pages and reports have in common.
distance_to_option = click.option(
    "--distance-to", multiple=True, metavar="PLACE", help="Call out the distance; repeat."
)
from_option = click.option(
    "--from", "from_", metavar="ACTOR|SIDE", help="From its area.  [default: the front]"
)
since_option = click.option(
    "--since",
    type=DATE,
    help="Compare with this date.  [default: before the latest change; each day in a player]",
)
title_option = click.option("--title", help="Title.")
lang_option = click.option(
    "--lang", default="en", show_default=True, help="Language: en, ar or uk."
)


def published(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that every published product takes."""
    for option in (
        project_option,
        certainty_option,
        known_at_option,
        lang_option,
        title_option,
        since_option,
        from_option,
        distance_to_option,
    ):
        command = option(command)
    return command


@main.command("map")
@click.argument("day", type=DATE, metavar="DATE")
@output_option(", ".join(MAP_FORMATS))
@click.option(
    "--alt", is_flag=True, help="Print the map in a paragraph, for those who cannot see it."
)
@click.option("--tiles", is_flag=True, help="Show online map tiles beneath the page (network).")
@click.option(
    "--size", type=SIZE, metavar="WxH", help="Size of a figure in pixels, as in 1200x800."
)
@click.option("--preset", type=click.Choice(list(PRESETS)), help="Size of a figure by its use.")
@click.option("--dark", is_flag=True, help="Draw a figure for dark backgrounds.")
@click.option(
    "--zoom-to", metavar="PLACE", help="Show only the part of a figure round this place …"
)
@click.option("--radius-km", type=float, default=40, show_default=True, help="… so far.")
@published
def map_(
    day: date,
    output: Path | None,
    alt: bool,
    tiles: bool,
    size: tuple[int, int] | None,
    preset: str | None,
    dark: bool,
    zoom_to: str | None,
    radius_km: float,
    **options: Any,
) -> None:
    """Draw the control map of a date.

    As one self-contained HTML page, or as a figure.
    """
    from frontmap.data.writers import write_bytes

    if output is None and not alt:
        raise click.UsageError("name a file with -o, or ask for --alt")
    if size and preset:
        raise click.UsageError("--size and --preset both set the size")
    if output:
        _check_suffix(output, MAP_FORMATS)
    with _describing(options) as (project, described):
        from frontmap.maps.spec import describe_map

        spec = describe_map(project, day, **described)
        centre = _resolve(project, [zoom_to])[0] if zoom_to else None
    if alt:
        click.echo(spec.alt)
    if output is None:
        return
    zoom = (centre.lon, centre.lat, radius_km) if centre else None
    data = _drawn(
        spec,
        output.suffix,
        tiles="osm" if tiles else None,
        dark=dark,
        zoom=zoom,
        **_figure_size(size, preset),
    )
    write_bytes(output, data)
    _say_written(output)


@main.command()
@click.argument("first", type=DATE, metavar="FROM")
@click.argument("last", type=DATE, metavar="TO")
@output_option(", ".join(PLAYER_FORMATS), required=True)
@click.option("--fps", type=float, default=2, show_default=True, help="Days a second in a film.")
@click.option(
    "--size",
    type=SIZE,
    default="1200x800",
    show_default=True,
    metavar="WxH",
    help="Size of a film in pixels.",
)
@click.option("--dark", is_flag=True, help="Draw a film for dark backgrounds.")
@published
def player(
    first: date,
    last: date,
    output: Path,
    fps: float,
    size: tuple[int, int],
    dark: bool,
    **options: Any,
) -> None:
    """Show the days between two dates.

    As a page that plays them, or as a film.
    """
    from frontmap.data.writers import write_bytes

    _check_suffix(output, PLAYER_FORMATS)
    with _describing(options) as (project, described):
        if output.suffix == ".html":
            from frontmap.maps.player import render_player
            from frontmap.maps.series import describe_series

            data = render_player(describe_series(project, first, last, **described)).encode()
        else:
            from frontmap.maps.film import render_film

            with _progress_bar(output) as told:
                data = render_film(
                    project,
                    first,
                    last,
                    output.suffix,
                    fps=fps,
                    size_px=size,
                    dark=dark,
                    progress=told,
                    **described,
                )
    write_bytes(output, data)
    _say_written(output)


@main.command()
@click.argument("day", type=DATE, metavar="DATE")
@output_option(".html, .docx, .pdf or .md", required=True)
@click.option(
    "--within-km", type=float, default=10, show_default=True, help="Count people so near."
)
@click.option(
    "--trend-days", type=int, default=14, show_default=True, help="Distances so far back."
)
@click.option(
    "--quiet-days", type=int, default=7, show_default=True, help="List what is older as stale."
)
@click.option(
    "--since-known-at",
    type=INSTANT,
    metavar="TIME",
    help="Corrections made after this.  [default: end of --since]",
)
@published
def report(day: date, output: Path, **options: Any) -> None:
    """Write the daily brief of a date.

    What changed and who says so, distances, people, claims, corrections.
    """
    from frontmap.data.writers import write_bytes
    from frontmap.maps.report import describe_brief, render_report

    with _describing(options) as (project, described):
        files = render_report(describe_brief(project, day, **described), output)
    for path, data in files.items():
        write_bytes(path, data)
        _say_written(path)


@main.command("export")
@click.option(
    "--what",
    "names",
    multiple=True,
    required=True,
    type=click.Choice(tuple(LAYERS)),
    help="The layer; repeat where the format holds several.",
)
@click.option("--on", type=DATE, help="What stands on this day.")
@click.option("--since", type=DATE, help="Days from this one …  [default: the project's first]")
@click.option("--until", type=DATE, help="… to this one.  [default: the project's last]")
@click.option("--daily", is_flag=True, help="A row for each day, and not for each interval.")
@output_option(
    ".geojson, .geojsonl, .geojsons, .gpkg, .fgb, .parquet, .kml, .kmz, .csv, .topojson, .pmtiles",
    required=True,
)
@click.option("--licence", metavar="SPDX", help="Licence of your work, as in CC-BY-4.0.")
@title_option
@distance_to_option
@from_option
@known_at_option
@certainty_option
@project_option
def export_(
    names: tuple[str, ...],
    output: Path,
    title: str | None,
    licence: str | None,
    min_certainty: str,
    project_path: Location | None,
    **asked: Any,
) -> None:
    """Write layers for other programs.

    In the format of the file's suffix, with licence, sources, method and dates inside it or beside
    it. See docs/formats.md for what each layer and format holds.
    """
    from frontmap.data.exporting import export

    query = Query(**asked, min_certainty=Certainty(min_certainty))
    with _open(project_path) as project:
        written = export(project, names, query, output, title=title, licence=licence)
    rows = ", ".join(f"{len(each.rows):,} rows of {each.layer.name}" for each in written)
    click.echo(f"{output}: {rows}", err=True)


@main.command()
@click.argument("page", type=FILE, metavar="FILE.html")
@click.option(
    "--as",
    "kind",
    type=click.Choice(KINDS),
    default="iframe",
    show_default=True,
    help="Where the code goes.",
)
@click.option(
    "--src", metavar="URL", help="Where readers will find the page.  [default: FILE.html]"
)
@click.option("--image", metavar="URL", help="A picture for readers without scripts or frames.")
def embed(page: Path, kind: str, src: str | None, image: str | None) -> None:
    """Print the code to embed a page."""
    from frontmap.maps.embed import embed_snippet

    try:
        text = page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{page}: cannot be read: {error}") from None
    snippet = embed_snippet(text, src=src or page.name, kind=kind, fallback_image=image)
    click.echo(snippet, nl=not snippet.endswith("\n"))


@main.command()
@click.argument("first", type=DATE, metavar="FROM")
@click.argument("last", type=DATE, metavar="TO")
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the site: a new one, or that of an earlier build.",
)
@click.option("--base-url", default="", help="Where it will stand; for sitemap and social cards.")
@shared_work
@distance_to_option
@from_option
@title_option
@known_at_option
@certainty_option
@project_option
def site(
    first: date,
    last: date,
    folder: Path,
    base_url: str,
    workers: int,
    scheduler: str | None,
    from_: str | None,
    title: str | None,
    known_at: datetime | None,
    **options: Any,
) -> None:
    """Build a static site of maps.

    A page a day, the player, data and a feed; another build makes only what has changed.
    """
    from functools import partial

    from frontmap.data import cluster, writers
    from frontmap.data.portable import Portable
    from frontmap.maps.site import Outside, Site, build

    shared = cluster.Workers(workers, scheduler)
    with _describing(options) as (project, described), _progress_bar(folder) as told:
        shown = Site(
            first,
            last,
            title=title,
            known_at=known_at,
            min_certainty=described["min_certainty"],
            distance_to=tuple(described["distance_to"]),
            from_=from_,
            base_url=base_url,
        )
        outside = Outside(
            Portable(project).open,
            writers.day_data,
            writers.series_data,
            writers.write_bytes,
        )
        spread = partial(cluster.spread, workers=shared, remedy=cluster.GOES_ON)
        built = build(shown, folder, outside, spread, told=told)
    click.echo(f"{folder}: {len(built.written)} files written, {built.kept} days kept", err=True)


@main.command()
@click.argument("address", metavar="URL", type=ADDRESS)
@click.option(
    "--roles", is_flag=True, help="Also grant frontmap_reader and frontmap_editor their rights."
)
@project_option
def push(address: Address, roles: bool, project_path: Location | None) -> None:
    """Copy the project to PostGIS, for several people to work on at once.

    URL is postgresql://USER@HOST/DATABASE?schema=NAME; the schema must be empty, or not exist yet.
    """
    from frontmap.data.database import on_server

    with _open(project_path) as project:
        on_server("desk").push(project, address, roles=roles)
    click.echo(f"{address}: {project.location} is there", err=True)


@main.command()
@click.argument("address", metavar="URL", type=ADDRESS)
@click.option("-o", "--output", type=FILE, required=True, help="Project file to make.")
def pull(address: Address, output: Path) -> None:
    """Copy a project from PostGIS to a file."""
    from frontmap.data.database import on_server

    on_server("desk").pull(address, output)
    _say_written(output)


@main.command()
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="frontmap-demo",
    show_default=True,
    help="Folder to write to.",
)
@click.pass_context
def demo(ctx: click.Context, folder: Path) -> None:
    """Make the example that ships.

    Syria on 6 December 2024, from its seeds to the page.
    """
    from frontmap.data import seeding

    seed = seeding.read_seed(seeding.shipped("syria-2024"))
    project, page = folder / "syria.gpkg", folder / f"{seed.as_of}.html"
    shared = {"known_at": None, "min_certainty": str(Certainty.CLAIMED)}
    if project.exists():
        click.echo(f"{project} is there already and is used as it is", err=True)
    else:
        ctx.invoke(build, seed="syria-2024", output=project, until=None, quiet=True)
    ctx.invoke(control, day=seed.as_of, project_path=project, **shared)
    click.echo()
    ctx.invoke(
        distance,
        places=seed.distance_to,
        from_=seed.distance_from,
        on=seed.as_of,
        project_paths=(project,),
        **shared,
    )
    ctx.invoke(
        map_,
        day=seed.as_of,
        output=page,
        distance_to=seed.distance_to,
        from_=seed.distance_from,
        title=seed.title,
        project_path=project,
        **shared,
    )


# Helpers


def _write_comparison(
    project: Project, found: Comparison, names: tuple[str, str], output: Path
) -> None:
    """Write a comparison as a map or as a layer, by the file's suffix."""
    from frontmap.data.exporting import write_layer
    from frontmap.data.extracts import compared
    from frontmap.data.writers import write_bytes

    _check_suffix(output, COMPARISON_FORMATS)
    if output.suffix not in MAP_FORMATS:
        write_layer(compared(found), output)
        return
    from frontmap.maps.comparison import describe_comparison

    spec = describe_comparison(project, found, names)
    write_bytes(output, _drawn(spec, output.suffix))
    _say_written(output)


def _drawn(spec: MapSpec, suffix: str, *, tiles: str | None = None, **figure: Any) -> bytes:
    """Return a map as a page, or as a figure with its options."""
    if suffix == ".html":
        from frontmap.maps.page import render_page

        return render_page(spec, tiles=tiles).encode()
    from frontmap.maps.figure import render_figure

    return render_figure(spec, suffix, **figure)


def _open(path: Location | None, *, told_of_edits: bool = True) -> Project:
    """Open the project that is meant: named, or the only one in this folder."""
    from frontmap.data.migration import is_backup
    from frontmap.data.store import Project, is_project

    if path is None:
        found = [file for file in sorted(Path().glob("*.gpkg")) if is_project(file)]
        here = [file for file in found if not is_backup(file)]
        if len(here) != 1:
            raise InputError(f"which project? {len(here)} are in this folder: name one with -p")
        path = here[0]
    project = Project.open(path)
    for note in (project.note, project.edits_pending() if told_of_edits else None):
        if note:
            click.echo(f"note: {note}", err=True)
    return project


def _resolve(project: Project, names: Sequence[str]) -> list[Place]:
    """Find places of a project, and say which were found by a similar name only."""
    return _resolve_in([project], names)[0]


def _resolve_in(projects: Sequence[Project], names: Sequence[str]) -> list[list[Place]]:
    """Find places of several projects, likewise."""
    from frontmap.data.distances import find_places

    found = find_places(projects, names)
    for matches in found:
        for name, match in matches:
            if note := match.taken_for(name):
                click.echo(f"note: {note}", err=True)
    return [[match.place for _, match in matches] for matches in found]


@contextmanager
def _describing(options: dict[str, Any]) -> Iterator[tuple[Project, dict[str, Any]]]:
    """Open the project, and yield it with the options as descriptions of products take them."""
    with _open(options.pop("project_path")) as project:
        targets = _resolve(project, options.pop("distance_to"))
        level = Certainty(options.pop("min_certainty"))
        yield (
            project,
            {
                **options,
                "min_certainty": level,
                "distance_to": [place.id for place in targets],
            },
        )


def _figure_size(size: tuple[int, int] | None, preset: str | None) -> dict[str, Any]:
    if preset:
        return {"size_px": PRESETS[preset].size_px, "scale": PRESETS[preset].scale}
    return {"size_px": size} if size else {}


@contextmanager
def _progress_bar(
    what: Path | str, *, hidden: bool = False
) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr, if that is a terminal; yield what tells it (done, of)."""
    with click.progressbar(
        length=1, label=str(what), file=sys.stderr, hidden=hidden or not sys.stderr.isatty()
    ) as bar:

        def told(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        yield told


def _check_suffix(path: Path, formats: Sequence[str]) -> None:
    if path.suffix not in formats:
        raise InputError(f"{path}: write it as one of {', '.join(formats)}")


def _say_written(path: Path) -> None:
    click.echo(f"{path}: {path.stat().st_size / 1000:,.0f} kB", err=True)


def _stdin_lines() -> list[str]:
    with click.open_file("-", encoding="utf-8") as lines:
        return [line.strip() for line in lines if line.strip()]


def _progress(message: str) -> None:
    click.echo(message, err=True)


def _change_row(
    change: Change, places: Mapping[str, str], sources: Mapping[str, Source] | None = None
) -> dict[str, Any]:
    """Describe a change in one row, its place by name; with `sources`, whole."""
    from frontmap.geo.geodesy import area_km2

    row: dict[str, Any] = {
        "id": change.id,
        "on": change.valid_from.isoformat(),
        "until": change.valid_to and change.valid_to.isoformat(),
        "actor": change.actor,
        "status": str(change.status),
        "contested_by": change.contested_by,
        "certainty": str(change.certainty),
        "method": str(change.method),
        "place": places[change.place] if change.place else None,
        "km2": round(area_km2(change.polygon), 1),
        "sources": ", ".join(map(_cited, change.sources)),
        "retracted": change.retracted_at is not None,
    }
    if sources is None:
        return row
    return {
        **row,
        "sources": [
            {**_fields(sources[said.source]), "said_by": said.said_by} for said in change.sources
        ],
        "place_id": change.place,
        "parameters": change.parameters,
        "note": change.note,
        "editor": change.editor,
        "recorded_at": change.recorded_at.isoformat(),
        "retracted_at": change.retracted_at and change.retracted_at.isoformat(),
        "retraction_reason": change.retraction_reason,
    }


def _fields(record: Actor | Source) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(record).items()
    }


def _print_rows(
    rows: Sequence[Mapping[str, Any]], *, as_json: bool = False, as_csv: bool = False
) -> None:
    if as_json:
        _print_json(rows)
    elif as_csv:
        from frontmap.data.writers import to_csv

        click.echo(to_csv(rows), nl=False)
    else:
        _print_table(rows)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _print_facts(row: Mapping[str, Any]) -> None:
    """Print one thing, a line a value; of a list, a line an item."""
    width = max(map(len, row))
    for name, value in row.items():
        for text in map(_fact, value if isinstance(value, list) else [value]):
            if text:
                click.echo(f"{name:<{width}}  {text}")


def _fact(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_text(item)}" for name, item in value.items() if item)
    return _text(value)


def _cited(said: Attribution) -> str:
    return f"{said.source} ({said.said_by})" if said.said_by else said.source


def _print_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as aligned columns, numbers to the right."""
    if not rows:
        click.echo("nothing found", err=True)
        return
    columns = list(rows[0])
    cells = [[_text(row[column]) for column in columns] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(columns, *cells, strict=True)]
    right = [all(_is_number(text) for text in column) for column in zip(*cells, strict=True)]
    for line in [columns, *cells]:
        padded = [
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())


def _listed(names: Sequence[str]) -> str:
    """Name a few, and count the rest."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _is_number(text: str) -> bool:
    digits = text.replace(",", "").replace("%", "").replace(" … ", "")
    return not text or digits.replace(".", "").replace("-", "").isdigit()


if __name__ == "__main__":
    main()
