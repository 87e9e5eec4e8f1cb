"""From strangers' files to a project's records: `frontmap import`.

Files come in through `frontmap.data.door`; columns become fields as the user, a profile or their
names say; a target's rules (`frontmap.data.targets`) turn rows into records. All is planned before
anything is written, and then written at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from frontmap.data.door import AS_IT_IS, Asked, in_degrees, not_too_deep, only_layer, read_layers
from frontmap.data.profiles import BUILT_IN, Profile, Row, Settings
from frontmap.data.store import Project
from frontmap.data.tables import locate
from frontmap.data.targets import TARGETS, Field, Outcome, Target
from frontmap.geo.dates import parse_date
from frontmap.geo.errors import InputError

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from frontmap.data.layers import Layer
    from frontmap.geo.shapes import Checked

__all__ = ["Mapped", "Plan", "find_profile", "plan_import", "read_aside", "save_profile"]

#: How many characters a shapefile keeps of a column's name.
_SHORTENED = 10
#: A field whose values mean what another's do.
_CALLED_AS = {"contested_by": "actor"}


@dataclass(frozen=True, slots=True)
class Mapped:
    """How a layer was understood: which column each field is, and the columns that nothing is."""

    source: str
    rows: int
    columns: Mapping[str, str]
    constants: Mapping[str, str]
    unused: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in a line."""
        pairs = [f"{column} → {name}" for name, column in self.columns.items()]
        pairs += [f"{name} = {value}" for name, value in self.constants.items()]
        unused = f"; not used: {', '.join(self.unused)}" if self.unused else ""
        return f"{self.source} ({self.rows}): {', '.join(pairs) or 'nothing mapped'}{unused}"


@dataclass(slots=True)
class Plan:
    """What an import would do.

    `mapped` says how each layer was understood; `outcome` has a line for each record to be written,
    what is there already, what lies outside, and the rows that are refused.
    """

    target: Target
    outcome: Outcome
    mapped: list[Mapped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Every problem of every row, one line each."""
        return [problem for row in self.outcome.rejected for problem in row.problems]

    def rejects(self) -> list[dict[str, Any]]:
        """Return the rows that are refused: file, number of line or feature, and problems."""
        return [
            {"file": row.file, "line": row.number, "problem": "; ".join(_alone(row))}
            for row in sorted(self.outcome.rejected, key=lambda row: (row.file, row.number))
        ]

    def write(self, *, skip_invalid: bool = False) -> None:
        """Write all records in one transaction; InputError with every problem, unless skipped."""
        if self.problems and not skip_invalid:
            raise InputError(self.problems)
        if self.outcome.write is not None:
            self.outcome.write()


def plan_import(
    project: Project,
    files: Iterable[str | Path],
    target: str,
    *,
    profile: Profile | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    asked: Asked = AS_IT_IS,
    **options: Any,
) -> Plan:
    """Read files as one of TARGETS, and return what importing them would do.

    `settings` are laid over those of the `profile`; fields that neither names are guessed from the
    names of columns. `options` are the target's. Raises InputError with every problem that concerns
    whole files: their reading, unknown columns, fields that nothing gives.
    """
    if target not in TARGETS:
        raise InputError(f"--as {target!r} is none of {', '.join(TARGETS)}")
    goal = TARGETS[target]
    profile = profile or Profile("", "", (target,))
    if target not in profile.targets:
        raise InputError(f"profile {profile.name} is for {', '.join(profile.targets)}: say --as")
    settled = _settled(goal, profile, settings)
    importing = _Import(project, goal, profile, settled, asked, frozenset(settings.columns))
    for given in files:
        importing.take(given)
    if importing.problems:
        raise InputError(importing.problems)
    rows = profile.arrange(importing.rows)
    outcome = goal.plan(project, rows, options)
    outcome.outside += importing.outside
    return Plan(goal, outcome, importing.mapped, list(dict.fromkeys(importing.notes)))


@contextmanager
def read_aside(
    project: Project,
    files: Sequence[str | Path],
    target: str | None,
    *,
    profile: Profile | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    asked: Asked = AS_IT_IS,
) -> Iterator[tuple[Project, Plan]]:
    """Read files into a project of their own that knows what another does, and yield it.

    It has the theatre, places, actors and sources of `project`, and goes in the end. Raises
    InputError as `plan_import` does, and for rows that are refused.
    """
    if target is None:
        target = profile.targets[0] if profile else "changes"

    def fill(made: Project) -> None:
        for actor in project.actors().values():
            made.add_actor(actor)
        made.add_sources(project.sources().values())

    with TemporaryDirectory() as folder:
        aside = Path(folder, "aside.gpkg")
        zones, places = project.zones(None), project.places()
        with Project.create(aside, project.theatre, zones, places, fill=fill) as other:
            plan = plan_import(
                other, files, target, profile=profile, settings=settings, asked=asked
            )
            plan.write()
            yield other, plan


def _settled(target: Target, profile: Profile, settings: Settings) -> Settings:
    """Return the settings to use; those given must be of the target, a profile's may be of others.

    Raises InputError for fields that the target does not have.
    """
    named = {*settings.columns, *settings.constants, *settings.values, *settings.formats}
    problems = list[str]()
    for name in sorted(named):
        try:
            target.field(name)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    known = {known.name for known in target.fields}
    base = profile.settings
    columns = {name: columns for name, columns in base.columns.items() if name in known}
    constants = {name: value for name, value in base.constants.items() if name in known}
    return settings.over(replace(base, columns=columns, constants=constants))


# Profiles of a project


def find_profile(project: Project, name: str) -> Profile:
    """Return a profile that ships, or one that the project keeps; InputError where neither is."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    saved = project.import_profiles()
    if name not in saved:
        known = ", ".join([*BUILT_IN, *saved])
        raise InputError(f"no profile {name!r}; there are {known}")
    target, kept = saved[name]
    based_on = BUILT_IN.get(kept.pop("based_on", ""), Profile("", "", ()))
    return replace(based_on, name=name, targets=(target,), settings=Settings(**kept))


def save_profile(
    project: Project, name: str, target: str, settings: Settings, profile: Profile | None
) -> None:
    """Keep settings, laid over those of a profile, under a name in the project.

    InputError where the name is that of a profile that ships.
    """
    if name in BUILT_IN:
        raise InputError(f"profile {name!r} ships with frontmap: save yours under another name")
    if not re.fullmatch(r"[\w.-]{1,60}", name):
        raise InputError(f"{name!r} is no name for a profile: letters, digits, - and . only")
    kept = settings.over(profile.settings) if profile else settings
    based_on = {"based_on": profile.name} if profile and profile.name in BUILT_IN else {}
    project.save_import_profile(name, target, {**kept.to_json(), **based_on})


# Rows


class _Import:
    """Reads files one after the other into rows."""

    def __init__(
        self,
        project: Project,
        target: Target,
        profile: Profile,
        settings: Settings,
        asked: Asked,
        named: frozenset[str],
    ) -> None:
        self._named = named
        self._target, self._profile = target, profile
        self._settings, self._asked = settings, asked
        self._theatre = project.theatre.polygon
        self._zone = ZoneInfo(project.theatre.time_zone)
        self.rows: list[Row] = []
        self.mapped: list[Mapped] = []
        self.notes: list[str] = []
        self.problems: list[str] = []
        self.outside = 0

    def take(self, given: str | Path) -> None:
        """Add the rows of a file."""
        try:
            with not_too_deep(str(given)):
                for layer, constants in self._layers(given):
                    self._take_layer(layer, constants)
        except InputError as error:
            self.problems += error.problems

    def _layers(self, given: str | Path) -> list[tuple[Layer, Mapping[str, str]]]:
        found = read_layers(given, self._asked)
        if self._profile.of_layer is None:
            return [(only_layer(found, str(given)), {})]
        told = [(layer, self._profile.of_layer(layer)) for layer in found]
        kept = [(layer, constants) for layer, constants in told if constants is not None]
        if not kept:
            names = ", ".join(layer.name for layer in found)
            raise InputError(
                f"{given}: the profile {self._profile.name} knows none of its layers ({names})"
            )
        return kept

    def _take_layer(self, layer: Layer, of_layer: Mapping[str, str]) -> None:
        told = {**of_layer, **_told_by_name(layer, self._settings.date_from_name)}
        settings = replace(self._settings, constants={**told, **self._settings.constants})
        columns = self._columns(layer, settings)
        self._locate(layer, columns)
        self._check_required(layer, columns, settings.constants)
        self.mapped.append(_mapped(layer, columns, settings.constants))
        self.notes += layer.notes
        if layer.problems:
            raise InputError(layer.problems)
        shapes = self._shapes(layer)
        kept = self._within(layer, shapes) if shapes and self._target.clips else [True] * len(layer)
        self.outside += kept.count(False)
        for index in range(len(layer)):
            if kept[index]:
                self.rows.append(self._row(layer, index, columns, settings, shapes))

    # Columns

    def _columns(self, layer: Layer, settings: Settings) -> dict[str, list[str]]:
        """Return the columns of each field: those named, else the one that is called like it."""
        known = {column.casefold(): column for column in layer.columns}
        columns: dict[str, list[str]] = {}
        for name, wanted in settings.columns.items():
            found = [known[column.casefold()] for column in wanted if column.casefold() in known]
            if found:
                columns[name] = found
            elif name in self._named:
                layer.problems.append(
                    f"{layer.source}: has no column {wanted[0]!r} for {name}; it has "
                    f"{', '.join(layer.columns) or 'none'}"
                )
        taken = {column for several in columns.values() for column in several}
        for each in self._target.fields:
            if each.name not in columns and each.name not in settings.constants:
                guess = _guessed(each, layer, taken, columns)
                if guess is not None:
                    columns[each.name] = [guess]
                    taken.add(guess)
        return columns

    def _locate(self, layer: Layer, columns: Mapping[str, Sequence[str]]) -> None:
        """Give a table its geometries, from the columns that say where its rows lie."""
        if layer.geometries is None and self._target.shape != "none":
            position = {name: columns[name][0] for name in ("lon", "lat", "wkt") if name in columns}
            locate(layer, **position)
            in_degrees(layer, self._asked)

    def _check_required(
        self, layer: Layer, columns: Mapping[str, Sequence[str]], constants: Mapping[str, str]
    ) -> None:
        given = {*columns, *constants}
        for each in self._target.fields:
            if each.required and each.name not in given:
                layer.problems.append(
                    f"{layer.source}: nothing says {each.name} ({each.meaning.lower()}): add "
                    f"--map {each.name}=COLUMN (it has {', '.join(layer.columns) or 'none'}) "
                    f"or --set {each.name}=VALUE"
                )
        shape = self._target.shape
        if shape in ("area", "point") and layer.geometries is None:
            layer.problems.append(
                f"{layer.source}: is a table that does not say where its rows lie: add --map "
                f"{'lon=COLUMN --map lat=COLUMN' if shape == 'point' else 'wkt=COLUMN'}"
            )

    # Geometries

    def _shapes(self, layer: Layer) -> Checked | None:
        """Check a layer's geometries for what the target needs of them."""
        from frontmap.geo.shapes import check_areas, check_points

        if layer.geometries is None or self._target.shape == "none":
            return None
        as_points = self._target.shape == "point" or (
            self._target.shape == "either" and _are_points(layer)
        )
        theatre: MultiPolygon | None = None if self._target.clips else self._theatre
        if as_points:
            checked = check_points(
                layer.geometries, layer.where, broken=layer.broken, theatre=theatre
            )
        else:
            checked = check_areas(
                layer.geometries,
                layer.where,
                broken=layer.broken,
                theatre=theatre,
                fix=self._asked.fix,
            )
        self.notes += checked.notes
        return checked

    def _within(self, layer: Layer, checked: Checked) -> list[bool]:
        """Say of each row whether it concerns the theatre; bad ones do.

        Raises InputError where none does, and some would with their axes exchanged.
        """
        import shapely

        shapely.prepare(self._theatre)
        shapes = checked.shapes
        known = np.array([shape is not None for shape in shapes], dtype=bool)
        inside = shapely.intersects(self._theatre, shapes)
        if known.any() and not inside.any():
            turned = shapely.transform(shapes[known], np.fliplr)
            if shapely.intersects(self._theatre, turned).any():
                raise InputError(
                    f"{layer.source}: lies outside the theatre, and inside it with lon and lat "
                    "swapped; add --swap-xy"
                )
        return [bool(each) for each in inside | ~known]

    # Values

    def _row(
        self,
        layer: Layer,
        index: int,
        columns: Mapping[str, Sequence[str]],
        settings: Settings,
        checked: Checked | None,
    ) -> Row:
        file = layer.source.partition("/")[0]
        row = Row(layer.where(index), file, layer.numbers[index], {})
        if checked is not None:
            row.shape = checked.shapes[index]
            row.problems += self._faults(checked, index, columns)
        cells = layer.row(index)
        for each in self._target.fields:
            if each.kind != "position":
                found = [cells[column] for column in columns.get(each.name, ())]
                row.values[each.name] = self._value(row, each, found, settings)
        return row

    def _faults(
        self, checked: Checked, index: int, columns: Mapping[str, Sequence[str]]
    ) -> list[str]:
        """Return what is wrong with a geometry; a change by its place's name needs none."""
        named = self._target.shape == "either" and ("place" in columns or "area" in columns)
        faults = checked.problems.get(index, [])
        return [fault for fault in faults if not (named and "has no geometry" in fault)]

    def _value(self, row: Row, each: Field, found: Sequence[Any], settings: Settings) -> str:
        """Return the text of a field: of the first cell that has one, as the settings read it."""
        cell = next((cell for cell in found if cell is not None and str(cell).strip()), None)
        if cell is None:
            text = _meant(settings.constants.get(each.name, each.default), each.name, settings)
            if each.required and not text:
                row.problem(f"says nothing of {each.name} ({each.meaning.lower()})")
                return ""
        else:
            text = self._cell_text(cell) if not isinstance(cell, str) else cell.strip()
            text = _meant(text, each.name, settings)
            text = settings.formats.get(each.name, "{}").replace("{}", text)
        if each.kind == "date" and text:
            return self._day(row, each, cell if cell is not None else text, text, settings)
        return text

    @staticmethod
    def _cell_text(cell: Any) -> str:
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        if isinstance(cell, list | tuple):
            return "|".join(map(str, cell))
        return str(cell)

    def _day(self, row: Row, each: Field, cell: Any, text: str, settings: Settings) -> str:
        """Return a day as ISO has it; an instant is of the day that it is in the theatre."""
        try:
            if isinstance(cell, datetime):
                return self._local_day(cell).isoformat()
            if isinstance(cell, date):
                return cell.isoformat()
            return self._parsed_day(text, settings.date_format).isoformat()
        except InputError as error:
            row.problems += [f"{row.where}: {each.name} {problem}" for problem in error.problems]
            return ""

    def _parsed_day(self, text: str, date_format: str) -> date:
        try:
            return parse_date(text)
        except InputError as error:
            if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", text):
                return self._local_day(_instant(text))
            try:
                return datetime.strptime(text, date_format).date() if date_format else _raise(error)
            except ValueError:
                hint = f", nor as {date_format}" if date_format else ", or say --date-format"
                raise InputError(f"{error}{hint}") from None

    def _local_day(self, instant: datetime) -> date:
        if instant.tzinfo is not None:
            return instant.astimezone(self._zone).date()
        if instant.time() == time():
            return instant.date()
        raise InputError(f"{str(instant)!r} has no time zone: end it with Z for UTC, or +03:00")


def _told_by_name(layer: Layer, pattern: str) -> dict[str, str]:
    """Return the day that a file's name tells, as it is written in names like `pattern`."""
    if not pattern:
        return {}
    name = Path(layer.source.partition("/")[0]).name
    try:
        return {"on": datetime.strptime(name.split(".")[0], pattern).date().isoformat()}
    except ValueError:
        raise InputError(
            f"{name}: the name does not tell the day as {pattern} would; rename it, or say "
            "--date-from-name"
        ) from None


def _meant(text: str, name: str, settings: Settings) -> str:
    """Return what a cell stands for; a contester is called as an actor is."""
    values = settings.values.get(name) or settings.values.get(_CALLED_AS.get(name, ""), {})
    meant = {found.casefold(): value for found, value in values.items()}
    return meant.get(text.casefold(), text)


def _raise(error: InputError) -> date:
    raise ValueError(str(error))


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no time") from None
    return found.astimezone(UTC) if found.tzinfo else found


def _alone(row: Row) -> list[str]:
    """Return the problems of a row without where it stands."""
    return [problem.removeprefix(row.where).lstrip(":, ") for problem in row.problems]


def _mapped(
    layer: Layer, columns: Mapping[str, Sequence[str]], constants: Mapping[str, str]
) -> Mapped:
    used = {column for several in columns.values() for column in several}
    return Mapped(
        layer.source,
        len(layer),
        {name: " or ".join(several) for name, several in columns.items()},
        constants,
        tuple(column for column in layer.columns if column not in used),
    )


def _guessed(
    each: Field, layer: Layer, taken: Iterable[str], columns: Mapping[str, Sequence[str]]
) -> str | None:
    """Return the free column that is called as a field, or as one of its aliases."""
    if each.name in ("place", "area") and ("place" in columns or _has_areas(layer)):
        return None
    if each.kind == "position" and layer.geometries is not None:
        return None
    free = {
        _plain(column): column for column in reversed(list(layer.columns)) if column not in taken
    }
    for alias in (each.name, *each.aliases):
        name = _plain(alias)
        if name in free:
            return free[name]
        if len(name) > _SHORTENED and name[:_SHORTENED] in free:
            return free[name[:_SHORTENED]]
    return None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _has_areas(layer: Layer) -> bool:
    return layer.geometries is not None and not _are_points(layer)


def _are_points(layer: Layer) -> bool:
    import shapely

    kinds = shapely.get_type_id(layer.geometries)
    return bool(np.isin(kinds, (-1, 0, 4)).all() and (kinds != -1).any())
