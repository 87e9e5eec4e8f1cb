"""Two accounts of who holds what, put beside each other: where they agree, and where not.

The faces of both arrangements are noded into common ones, once for all dates; on each date every
face then has a holder by either account. Ground on which the accounts differ on every date of a
series is a difference of their *baselines* (a border drawn in two ways, a district that one calls
held and the other does not), whatever the front does; the rest is a difference about the *front*.

Contested ground counts to its holder. Ground outside either theatre is not compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon

from frontmap.geo.control import Arrangement
from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import area_km2
from frontmap.geo.records import Certainty, Place
from frontmap.geo.subdivision import GRID_DEG

__all__ = ["Comparison", "PlaceDifference", "Verdict", "compare"]

Ints = NDArray[np.int64]
Booleans = NDArray[np.bool_]
#: From an actor to what it is called in the comparison.
_Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Ground with one holder by `ours` and one by `theirs`; None stands for "no data".

    `is_baseline` says of ground in dispute that it is so on every date of the series; None where
    the accounts agree, or where there is one date alone.
    """

    ours: str | None
    theirs: str | None
    is_baseline: bool | None
    km2: float
    polygon: MultiPolygon

    @property
    def agrees(self) -> bool:
        """Whether both name the same holder, or neither any."""
        return self.ours == self.theirs

    @property
    def about(self) -> str:
        """What the accounts differ about: "baseline", "front", "either"; or "agreed"."""
        if self.agrees:
            return "agreed"
        return {None: "either", True: "baseline", False: "front"}[self.is_baseline]


@dataclass(frozen=True, slots=True)
class PlaceDifference:
    """A place that has one holder by one account and another by the other."""

    place: Place
    ours: str | None
    theirs: str | None
    is_baseline: bool | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two accounts of one date: the agreed ground first, then that in dispute, largest first.

    `days` is how many dates the baselines were taken from.
    """

    as_of: date
    days: int
    verdicts: tuple[Verdict, ...]
    places: tuple[PlaceDifference, ...]

    @property
    def km2(self) -> float:
        """All ground that was compared."""
        return sum(verdict.km2 for verdict in self.verdicts)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return a row a verdict as JSON values: km² to 0.1, the share of all to 0.0001.

        What rounds to nothing, two drawings of a line, is left out where no place lies on it.
        """
        places = defaultdict[tuple[str | None, str | None, bool | None], list[str]](list)
        for row in self.places:
            places[row.ours, row.theirs, row.is_baseline].append(row.place.name)
        return [
            {
                "about": verdict.about,
                "ours": verdict.ours,
                "theirs": verdict.theirs,
                "km2": round(verdict.km2, 1),
                "share": round(verdict.km2 / self.km2, 4),
                "places": places.get((verdict.ours, verdict.theirs, verdict.is_baseline), []),
            }
            for verdict in self.verdicts
            if round(verdict.km2, 1) > 0
            or (verdict.ours, verdict.theirs, verdict.is_baseline) in places
        ]

    @property
    def agreed_km2(self) -> float:
        """The ground on which both name the same holder, or neither any."""
        return sum(verdict.km2 for verdict in self.verdicts if verdict.agrees)


def compare(
    ours: Arrangement,
    theirs: Arrangement,
    as_of: date,
    *,
    by_side: bool = False,
    matching: Mapping[str, str] | None = None,
    places: Sequence[Place] = (),
    known_at: datetime | None = None,
    min_certainty: Certainty = Certainty.CLAIMED,
) -> Comparison:
    """Compare who holds what by two accounts on a date: which actor, or `by_side` which side.

    `matching` names actors (or sides) of `theirs` as ours do, where they are called otherwise. The
    series that baselines are taken from has every date on which either account changes, from the
    first on which both say anything. Raises InputError where the theatres have no ground in common,
    and for an actor of `theirs` that is none of ours.
    """
    ours, theirs = ours.noded_at_once(), theirs.noded_at_once()
    names = _names(ours, theirs, by_side, matching or {})
    common = _Common((ours, theirs), names, known_at, min_certainty)
    holders = common.holders(as_of)
    days = [day for day in _series(ours, theirs) if day != as_of]
    differing = [common.differs(common.holders(day)) for day in days]
    always = np.logical_and.reduce([common.differs(holders), *differing]) if days else None
    return Comparison(
        as_of,
        len(days) + 1,
        common.verdicts(holders, always),
        common.places(places, holders, always),
    )


def _names(
    ours: Arrangement, theirs: Arrangement, by_side: bool, matching: Mapping[str, str]
) -> tuple[_Names, _Names]:
    """Map the actors of both to common names; raises InputError with all that cannot be."""
    own, other = (
        {actor: side if by_side else actor for actor, side in account.sides.items()}
        for account in (ours, theirs)
    )
    matched = {actor: matching.get(name, name) for actor, name in other.items()}
    what = "side" if by_side else "actor"
    used = {change.actor for change in theirs.changes} - {None}
    strangers = {other[actor] for actor in used if actor and matched[actor] not in own.values()}
    problems = [
        f"{what} {name!r} of the other map is none of {_listed(own)}; say which it is (--match)"
        for name in sorted(strangers)
    ]
    problems += [
        f"{what} {name!r} is none of the other map's, which are {_listed(other)} (--match)"
        for name in sorted(matching.keys() - other.values())
    ]
    if problems:
        raise InputError(problems)
    return own, matched


def _listed(names: _Names) -> str:
    return ", ".join(sorted(set(names.values())))


def _series(ours: Arrangement, theirs: Arrangement) -> list[date]:
    dates = [account.dates() for account in (ours, theirs)]
    if not all(dates):
        return []
    begin = max(days[0] for days in dates)
    return sorted({begin, *(day for days in dates for day in days if day > begin)})


class _Common:
    """The faces common to two arrangements, and who holds each."""

    def __init__(
        self,
        accounts: tuple[Arrangement, Arrangement],
        names: tuple[_Names, _Names],
        known_at: datetime | None,
        min_certainty: Certainty,
    ) -> None:
        self._accounts, self._names = accounts, names
        self._options = (known_at, min_certainty)
        self._known = [None, *sorted({name for each in names for name in each.values()})]
        self.faces, self._of = _common_faces(*accounts)
        if not len(self.faces):
            raise InputError("the two maps have no ground in common; nothing to compare")

    def holders(self, day: date) -> Ints:
        """Return who holds each face on a day, by either account: (2, faces), as codes."""
        found = []
        for account, names, of in zip(self._accounts, self._names, self._of, strict=True):
            code = {actor: self._known.index(name) for actor, name in names.items()}
            held_by = account.at(day, *self._options).holders()
            found.append(np.array([code[actor] if actor else 0 for actor in held_by])[of])
        return np.array(found)

    def differs(self, holders: Ints) -> Booleans:
        return np.asarray(holders[0] != holders[1])

    def verdicts(self, holders: Ints, always: Booleans | None) -> tuple[Verdict, ...]:
        """Join the faces that have the same holders, and are alike in being baseline or not."""
        constant = np.zeros(len(self.faces), bool) if always is None else always
        kinds, which = np.unique(np.vstack([holders, constant]), axis=1, return_inverse=True)
        found = []
        for number, (one, other, is_constant) in enumerate(kinds.T.tolist()):
            joined = shapely.coverage_union_all(self.faces[which.ravel() == number])
            polygon = MultiPolygon(list(shapely.get_parts(joined)))
            baseline = None if one == other or always is None else bool(is_constant)
            km2 = area_km2(polygon)
            found.append(Verdict(self._known[one], self._known[other], baseline, km2, polygon))
        return tuple(sorted(found, key=lambda verdict: (not verdict.agrees, -verdict.km2)))

    def places(
        self, places: Sequence[Place], holders: Ints, always: Booleans | None
    ) -> tuple[PlaceDifference, ...]:
        """Return the places on which the accounts differ, in the order given."""
        if not places:
            return ()
        points = shapely.points([(place.lon, place.lat) for place in places])
        index, face = shapely.STRtree(self.faces).query(points, predicate="intersects")
        # A place on an edge lies in several faces; the first counts.
        index, first = np.unique(index, return_index=True)
        face = face[first]
        chosen = self.differs(holders)[face]
        return tuple(
            PlaceDifference(
                places[number],
                self._known[holders[0, where]],
                self._known[holders[1, where]],
                None if always is None else bool(always[where]),
            )
            for number, where in zip(index[chosen].tolist(), face[chosen].tolist(), strict=True)
        )


def _common_faces(ours: Arrangement, theirs: Arrangement) -> tuple[NDArray[Any], tuple[Ints, Ints]]:
    """Node the edges of both; return the faces in both theatres, and of which of each they are."""
    segments = np.concatenate([account.edges()[0] for account in (ours, theirs)])
    different = np.unique(segments, axis=0).reshape(-1, 2, 2)
    noded = shapely.union_all(shapely.linestrings(different), grid_size=GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    inner = shapely.point_on_surface(faces)
    of = [np.full(len(faces), -1) for _ in range(2)]
    for account, found in zip((ours, theirs), of, strict=True):
        point, face = shapely.STRtree(account.faces).query(inner, predicate="intersects")
        found[point] = face
    within = (of[0] >= 0) & (of[1] >= 0)
    return faces[within], (of[0][within], of[1][within])
