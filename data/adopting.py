"""Adopts what other programs, QGIS above all, did to the control changes of a project file.

What was recorded is never altered, so no edit is taken as it stands. A row that was added is
checked as `frontmap change add` would check it, and recorded; one that was altered is put back and
retracted, with a new change in its place; one that was deleted is put back and retracted. Until
then the edits are in the file and on no map: `frontmap.data.journal` keeps them apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from frontmap.data import geopackage
from frontmap.data.drafting import NO_ACTOR, Draft, Drawn, resolve_each
from frontmap.data.journal import Adoption, Line
from frontmap.geo.errors import FrontmapError, InputError, StoreError, UnknownNameError
from frontmap.geo.records import Attribution, Change

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from frontmap.data.store import Project

__all__ = ["Terms", "adopt", "discard", "plan"]

#: What an editor may mean to say by altering a row; all else in it is frontmap's own.
_TOLD = (
    *("actor", "status", "contested_by", "certainty", "valid_from", "valid_to"),
    *("place", "note", "editor"),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is said of all edits together.

    `sources` are those of added rows that name none in `change_sources`; `reason` is why rows were
    altered or deleted; `fix` repairs polygons that cross or touch themselves.
    """

    sources: tuple[Attribution, ...] = ()
    editor: str = ""
    reason: str = ""
    fix: bool = False
    allow_future: bool = False


@dataclass(frozen=True, slots=True)
class _Edit:
    """A row as it was recorded, None where it was added, and as it stands, None where it's gone."""

    row: int
    before: Change | None
    after: Any
    shape: BaseGeometry | None
    sources: tuple[Attribution, ...]
    problems: tuple[str, ...]

    @property
    def keeps_shape(self) -> bool:
        """Say whether the geometry is as it was recorded."""
        import shapely

        return self.before is not None and bool(
            shapely.equals_identical(self.shape, self.before.polygon)
        )


def plan(project: Project, rows: Collection[int] = (), terms: Terms = Terms()) -> Adoption:
    """Return what the edits of some rows, or of all, come to.

    Raises InputError with every problem of every row; each can be put right in the other program,
    or undone with `discard`.
    """
    edits = [_edit(project, row) for row in _chosen(project, rows)]
    adoption = Adoption(rows=[edit.row for edit in edits])
    shapes, problems = _checked_shapes(project, edits, terms, adoption)
    for edit, shape in zip(edits, shapes, strict=True):
        problems += [f"{_where(project, edit.row)}: {problem}" for problem in edit.problems]
        problems += _Planner(project, terms, adoption).plan(edit, shape)
    if problems:
        raise InputError(problems)
    return adoption


def adopt(
    project: Project, rows: Collection[int] = (), terms: Terms = Terms()
) -> tuple[Adoption, list[int]]:
    """Record the edits of some rows, or of all, all or none; return what they came to, and ids.

    Other programs cannot edit meanwhile. Raises InputError as `plan` does, with nothing written.
    """
    return project.adopt(lambda: plan(project, rows, terms))


def discard(project: Project, rows: Collection[int] = ()) -> list[int]:
    """Undo the edits of some rows, or of all, and return those rows."""
    adoption, _ = project.adopt(lambda: Adoption(rows=_chosen(project, rows)))
    return adoption.rows


def _chosen(project: Project, rows: Collection[int]) -> list[int]:
    edited = project.edited()
    if strangers := sorted(set(rows) - set(edited)):
        known = ", ".join(map(str, edited)) or "none"
        raise InputError(
            f"row {row} of control_changes was not edited by another program (edited: {known})"
            for row in strangers
        )
    return [row for row in edited if not rows or row in rows]


def _where(project: Project, row: int) -> str:
    return f"{project.path.name}, row {row} of control_changes"


def _edit(project: Project, row: int) -> _Edit:
    database, problems = project.database, list[str]()
    try:
        before = project.change(row)
    except UnknownNameError:
        before = None
    after = next(iter(database.all("SELECT * FROM control_changes WHERE fid = ?", [row])), None)
    said = database.all(
        "SELECT related_id, slug, said_by FROM change_sources LEFT JOIN sources "
        "ON sources.id = related_id WHERE base_id = ? ORDER BY change_sources.id",
        [row],
    )
    problems += [
        f"its source {one['related_id']} is not in the table of sources"
        for one in said
        if one["slug"] is None
    ]
    shape = None
    try:
        shape = geopackage.decode_geometry(after["geom"]) if after and after["geom"] else None
    except StoreError:
        problems.append("its geometry cannot be read: draw it again")
    sources = tuple(Attribution(one["slug"], one["said_by"]) for one in said if one["slug"])
    return _Edit(row, before, after, shape, sources, tuple(problems))


def _checked_shapes(
    project: Project, edits: Sequence[_Edit], terms: Terms, adoption: Adoption
) -> tuple[Sequence[Any], list[str]]:
    """Return the polygon of each edit that has one to be checked, and what is wrong with any."""
    import numpy as np

    from frontmap.geo.shapes import check_areas

    needed = [bool(edit.after) and not edit.keeps_shape for edit in edits]
    shapes: NDArray[np.object_] = np.full(len(edits), None, dtype=object)
    shapes[:] = [edit.shape for edit in edits]
    checked = check_areas(
        shapes,
        lambda index: _where(project, edits[index].row),
        theatre=project.theatre.polygon,
        fix=terms.fix,
    )
    adoption.notes += checked.notes
    problems = [
        problem
        for index, found in checked.problems.items()
        if needed[index] and not edits[index].problems
        for problem in found
    ]
    return checked.shapes.tolist(), problems


class _Planner:
    """Decides what becomes of each edit."""

    def __init__(self, project: Project, terms: Terms, adoption: Adoption) -> None:
        self.project, self.terms, self.adoption = project, terms, adoption

    def plan(self, edit: _Edit, shape: Any) -> Iterable[str]:
        """Take down what an edit comes to; return its problems."""
        if edit.after is None:
            self._gone(edit)
            return ()
        if edit.before is None:
            return self._record(edit, shape, ())
        differences = _differences(edit.before, edit)
        if edit.before.retracted_at is not None:
            return self._closed(edit, differences)
        if edit.after["retracted_at"] is not None:
            return self._retracted(edit, differences)
        if not differences:
            self._line(edit, "altered in nothing that an editor decides", "put back")
            return ()
        return self._record(edit, shape, differences)

    def _gone(self, edit: _Edit) -> None:
        if edit.before is None:
            self._line(edit, "added and deleted again", "nothing")
        elif edit.before.retracted_at is not None:
            self._line(edit, "deleted", "put back: it was retracted before")
        else:
            self.adoption.retracted[edit.row] = self.terms.reason or "deleted by an editor"
            self._line(edit, "deleted", "retracted")

    def _closed(self, edit: _Edit, differences: Sequence[str]) -> Iterable[str]:
        if not differences:
            self._line(edit, "altered in nothing that an editor decides", "put back")
            return ()
        return [
            f"{_where(self.project, edit.row)}: it was retracted before and is closed: add a new "
            f"row, and undo this with: frontmap adopt --discard {edit.row}"
        ]

    def _retracted(self, edit: _Edit, differences: Sequence[str]) -> Iterable[str]:
        if differences:
            return [
                f"{_where(self.project, edit.row)}: it is both retracted and altered "
                f"({'; '.join(differences)}): undo one of them"
            ]
        reason = self.terms.reason or edit.after["retraction_reason"] or "retracted by an editor"
        self.adoption.retracted[edit.row] = reason
        self._line(edit, "retracted", "retracted")
        return ()

    def _record(self, edit: _Edit, shape: Any, differences: Sequence[str]) -> Iterable[str]:
        try:
            place = self._place(edit.after["place"])
        except FrontmapError as error:
            return [f"{_where(self.project, edit.row)}: {error}"]
        if shape is None:
            return ()  # told with the shapes
        draft = _draft(edit, shape, self.terms, _where(self.project, edit.row))
        resolved = resolve_each(self.project, [draft], allow_future=self.terms.allow_future)
        if not resolved.changes:
            return [problem for _, problems in resolved.rejected for problem in problems]
        (change,) = resolved.changes
        change = replace(change, place=place)
        if edit.before is not None and edit.keeps_shape:
            change = replace(change, method=edit.before.method, parameters=edit.before.parameters)
        number = len(self.adoption.changes)
        self.adoption.changes.append(change)
        self.adoption.new_sources |= {source.slug: source for source in resolved.new_sources}
        if edit.before is None:
            self._line(edit, f"added: {_told(change)}", "", number)
        else:
            self.adoption.retracted[edit.row] = self.terms.reason or "altered by an editor"
            self.adoption.replaced[edit.row] = number
            self._line(edit, f"altered: {'; '.join(differences)}", "retracted", number)
        return ()

    def _place(self, text: str | None) -> str | None:
        return self.project.resolve(text).id if text else None

    def _line(self, edit: _Edit, what: str, becomes: str, number: int | None = None) -> None:
        self.adoption.lines.append(Line(edit.row, what, becomes, number))


def _draft(edit: _Edit, shape: Any, terms: Terms, origin: str) -> Draft:
    row = edit.after
    return Draft(
        actor=row["actor"] or NO_ACTOR,
        on=str(row["valid_from"]),
        until=row["valid_to"] or "",
        status=str(row["status"]),
        contested_by=row["contested_by"] or "",
        certainty=str(row["certainty"]),
        sources=edit.sources or terms.sources,
        polygon=Drawn(shape, {}),
        note=row["note"] or "",
        editor=terms.editor or row["editor"] or "",
        origin=origin,
    )


def _differences(before: Change, edit: _Edit) -> list[str]:
    """Say in what a row differs from what was recorded, as far as an editor decides on it."""
    from frontmap.geo.geodesy import area_km2

    recorded: Mapping[str, Any] = {name: getattr(before, name) for name in _TOLD}
    found = []
    for name in _TOLD:
        was, stands = str(recorded[name] or ""), str(edit.after[name] or "")
        if was != stands:
            found.append(f"{name} {was or 'none'} → {stands or 'none'}")
    if not edit.keeps_shape:
        was_km2 = area_km2(before.polygon)
        stands_km2 = area_km2(edit.shape) if edit.shape is not None else 0.0
        found.append(f"polygon {was_km2:,.1f} → {stands_km2:,.1f} km²")
    if edit.sources != before.sources:
        found.append(f"sources {_listed(before.sources)} → {_listed(edit.sources)}")
    return found


def _listed(said: Iterable[Attribution]) -> str:
    named = (f"{one.source} ({one.said_by})" if one.said_by else one.source for one in said)
    return ", ".join(named) or "none"


def _told(change: Change) -> str:
    from frontmap.geo.geodesy import area_km2

    who = change.actor or "nobody knows who"
    rival = f" by {change.contested_by}" if change.contested_by else ""
    return (
        f"{who}, {change.status}{rival}, {change.certainty}, from {change.valid_from}, "
        f"{area_km2(change.polygon):,.1f} km²"
    )
