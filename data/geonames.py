"""Dumps of GeoNames: a country's file, or that of all, into a project's places.

https://download.geonames.org/export/dump/ has them, and describes their columns in readme.txt:
`SY.txt` or `allCountries.txt` with the places, and `alternateNamesV2.txt`, or a country's file of
the folder `alternatenames`, with names and their languages. They are read plain, or out of the
.zip that they come in, a line at a time: what is kept in memory is what the theatre holds.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from frontmap.data.placing import Ground, Namesakes
from frontmap.data.store import Project
from frontmap.geo.errors import InputError
from frontmap.geo.naming import distinct, is_name, language
from frontmap.geo.records import Place, PlaceName
from frontmap.geo.toponyms import fold

if TYPE_CHECKING:
    pass

__all__ = ["Imported", "import_places"]

#: Told of the bytes read, and of all there are; twice, where there is a file of names.
Progress = Callable[[int, int], None]

#: Of the class P, what is no settlement now: historical, abandoned and destroyed ones; and
#: sections of towns, whose cells would be cut out of the town's.
LEFT_OUT_CODES = frozenset({"PPLCH", "PPLH", "PPLQ", "PPLW", "PPLX"})
#: The largest file read; allCountries.txt has some 1.6 GB.
MOST_BYTES = 8_000_000_000
#: GeoNames gives all alternate names of a place up to 10,000 characters.
LONGEST_LINE_BYTES = 200_000
#: Reading stops at so many bad lines: then the file is another one, or damaged.
MOST_PROBLEMS = 100

_PLACE_COLUMNS = 19
#: Of alternateNames.txt, which GeoNames still writes, and of alternateNamesV2.txt.
_NAME_COLUMNS = (8, 10)
_CLASSES = frozenset("AHLPRSTUV") | {""}
#: A BCP 47 language; not "link", "post", "wkdt", "fr_1793" and the like, which are none.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SIGNS = frozenset("\u200c\u200d")  # joiners, which spell Persian and Indian names
_TELL_EVERY_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What a dump came to.

    `added` places are new; `gained` known ones have more names than before. Of the populated
    places in the dump, `outside` lie outside the theatre, and `left_out` inside are of
    LEFT_OUT_CODES. `total` is the number of places that the project now has.
    """

    added: int
    gained: int
    outside: int
    left_out: int
    total: int


def import_places(
    project: Project,
    path: Path,
    *,
    names: Path | None = None,
    everything: bool = False,
    told: Progress = lambda done, of: None,
) -> Imported:
    """Add the populated places of a dump that lie in the theatre, and names of known ones.

    `names` is a file of alternate names; `everything` adds those of LEFT_OUT_CODES, too. A place
    that the project knows, by its GeoNames id or, where it is of another gazetteer, by a name and
    its position, is not added again. Raises InputError with every bad line (of the first
    MOST_PROBLEMS); then nothing is written.
    """
    problems = _Problems()
    dump = _Dump(project, everything)
    for where, cells in _rows(path, (_PLACE_COLUMNS,), told, problems):
        dump.read(where, cells, problems)
    if names is not None:
        for where, cells in _rows(names, _NAME_COLUMNS, told, problems):
            dump.read_name(where, cells, problems)
    problems.refuse()
    new, gains = dump.new_places(), dump.gains()
    if new or gains:
        project.add_places(new, names=gains)
    total = len(project.place_names())
    return Imported(len(new), len(gains), dump.outside, dump.left_out, total)


class _Problems:
    """What is wrong with lines; raises once there is too much of it."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def add(self, where: str, problem: str) -> None:
        self._found.append(f"{where}: {problem}")
        if len(self._found) == MOST_PROBLEMS:
            self._found.append(f"{where}: the rest was not read after {MOST_PROBLEMS} problems")
            self.refuse()

    def refuse(self) -> None:
        """Raise InputError with all problems, if there are any."""
        if self._found:
            raise InputError(self._found)


@dataclass
class _Found:
    """A place of the dump that the project does not know."""

    place: Place
    names: list[str] = field(default_factory=list)


class _Dump:
    """What of a dump concerns a project."""

    def __init__(self, project: Project, everything: bool) -> None:
        self.outside = self.left_out = 0
        self._theatre = Ground(project.theatre.polygon, project.zones())
        self._left_out = frozenset[str]() if everything else LEFT_OUT_CODES
        self._known = {place.id: place for place in project.places()}
        others = (p for p in self._known.values() if not p.id.startswith("geonames:"))
        self._others = Namesakes(others)
        self._new: dict[str, _Found] = {}
        # By the id of the known place, which is not always GeoNames'.
        self._known_names: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._alternates: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._same_as: dict[str, str] = {}
        self._lines: dict[str, str] = {}

    def read(self, where: str, cells: Sequence[str], problems: _Problems) -> None:
        """Take in a line of places."""
        wrong = list(_place_problems(cells))
        for problem in wrong:
            problems.add(where, problem)
        if wrong or cells[6] != "P":
            return
        place_id, lon, lat = f"geonames:{int(cells[0])}", float(cells[5]), float(cells[4])
        known = self._known.get(place_id)
        if known is None and not self._theatre.holds(lon, lat):
            self.outside += 1
            return
        if place_id in self._lines:
            problems.add(where, f"{cells[0]} is in {self._lines[place_id]} already")
            return
        self._lines[place_id] = where
        written = [cells[1], *cells[3].split(",")]
        names = [name for name in map(_clean, written) if is_name(name)]
        known = known or self._others.near(lon, lat, names)
        if known is not None:
            self._same_as[place_id] = known.id
            official, country = cells[1], cells[8]
            self._known_names[known.id] += [(n, language(n, country, official)) for n in names]
        elif cells[7] in self._left_out:
            self.left_out += 1
        else:
            self._new[place_id] = _Found(self._place(place_id, lon, lat, cells), names)

    def read_name(self, where: str, cells: Sequence[str], problems: _Problems) -> None:
        """Take in a line of alternate names."""
        if not (_is_number(cells[0]) and _is_number(cells[1])):
            problems.add(where, f"{cells[0]!r} and {cells[1]!r} are no ids of a name and a place")
            return
        place_id = f"geonames:{int(cells[1])}"
        place_id = self._same_as.get(place_id, place_id)
        lang, name = cells[2], _clean(cells[3])
        is_wanted = place_id in self._known or place_id in self._new
        if is_wanted and is_name(name) and (not lang or _LANGUAGE.fullmatch(lang)):
            self._alternates[place_id].append((name, lang))

    def new_places(self) -> list[Place]:
        """Return the places to add, each with its names."""
        return [self._named(found) for found in self._new.values()]

    def _named(self, found: _Found) -> Place:
        place = found.place
        spoken = self._with_languages(place)
        lang = next((lang for name, lang in spoken if name == place.name), "")
        unspoken = ((name, language(name, place.country, place.name)) for name in found.names)
        names = distinct([(place.name, lang), *spoken, *unspoken])
        return replace(place, names=tuple(PlaceName(*pair) for pair in names))

    def gains(self) -> dict[str, list[PlaceName]]:
        """Return the names that known places don't have yet, by the place's id."""
        gains = dict[str, list[PlaceName]]()
        for place_id in dict.fromkeys([*self._known_names, *self._alternates]):
            if place_id not in self._known:
                continue
            place = self._known[place_id]
            had = {fold(name.name) for name in place.names} | {fold(place.name)}
            given = distinct([*self._with_languages(place), *self._known_names[place_id]])
            if new := [PlaceName(*pair) for pair in given if fold(pair[0]) not in had]:
                gains[place_id] = new
        return gains

    def _with_languages(self, place: Place) -> list[tuple[str, str]]:
        """Return the alternate names of a place; where the file tells no language, as guessed."""
        return [
            (name, lang or language(name, place.country, place.name))
            for name, lang in self._alternates.get(place.id, ())
        ]

    def _place(self, place_id: str, lon: float, lat: float, cells: Sequence[str]) -> Place:
        zone = self._theatre.zone(lon, lat)
        country = cells[8] or (zone.country if zone else "")
        population = int(cells[14] or 0) or None
        name = _clean(cells[1])
        return Place(place_id, name, lon, lat, country, zone.name if zone else "", population)


# Lines


def _place_problems(cells: Sequence[str]) -> Iterator[str]:
    if not _is_number(cells[0]) or not int(cells[0]):
        yield f"{cells[0]!r} is no GeoNames id"
    if not _clean(cells[1]):
        yield "it has no name"
    for cell, what, most in ((cells[4], "latitude", 90), (cells[5], "longitude", 180)):
        try:
            fits = abs(float(cell)) <= most
        except ValueError:
            fits = False
        if not fits:
            yield f"{what} {cell!r} is not within -{most} and {most} degrees"
    if cells[6] not in _CLASSES:
        yield f"{cells[6]!r} is no feature class of GeoNames"
    if cells[8] and not (len(cells[8]) == 2 and cells[8].isascii() and cells[8].isupper()):
        yield f"{cells[8]!r} is no country's code"
    if cells[14] and not _is_number(cells[14]):
        yield f"population {cells[14]!r} is no whole number"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _clean(text: str) -> str:
    """Take out what doesn't print, like marks of direction, and spaces too many."""
    if not text.isprintable():
        text = "".join(
            letter for letter in text if letter in _SIGNS or unicodedata.category(letter)[0] != "C"
        )
    return " ".join(text.split())


def _rows(
    path: Path, columns: tuple[int, ...], told: Progress, problems: _Problems
) -> Iterator[tuple[str, list[str]]]:
    """Yield each sound line's cells, and where it stands; the others are problems."""
    expected = " or ".join(map(str, columns))
    with _opened(path) as (name, file, size):
        done, number = 0, 0
        while raw := file.readline(LONGEST_LINE_BYTES):
            number, done = number + 1, done + len(raw)
            where = f"{name}, line {number}"
            if number % _TELL_EVERY_LINES == 0:
                told(min(done, size), size)
            if done > MOST_BYTES:
                raise InputError(f"{name}: more than {MOST_BYTES // 10**9} GB; nothing was written")
            if len(raw) == LONGEST_LINE_BYTES and not raw.endswith(b"\n"):
                problems.add(where, f"longer than {LONGEST_LINE_BYTES} bytes: no GeoNames dump")
                problems.refuse()
            cells = _cells(where, raw, problems)
            if cells is not None and len(cells) not in columns:
                problems.add(where, f"{len(cells)} columns between tabs, not {expected}")
            elif cells is not None:
                yield where, cells
    if not number:
        problems.add(name, "the file is empty")
    told(size, size)


def _cells(where: str, raw: bytes, problems: _Problems) -> list[str] | None:
    """Split a line; None for one that is blank, or not in UTF-8, which is a problem."""
    try:
        line = raw.decode("utf-8").removeprefix("\ufeff").rstrip("\r\n")
    except UnicodeDecodeError as error:
        problems.add(where, f"not in UTF-8 at byte {error.start + 1}; save it as UTF-8")
        return None
    return line.split("\t") if line.strip() else None


# Files


@contextmanager
def _opened(path: Path) -> Iterator[tuple[str, IO[bytes], int]]:
    """Yield the name of a file, or of the one in a .zip, its bytes, and how many they are."""
    with _naming_faults(path):
        if path.suffix.lower() != ".zip":
            with path.open("rb") as file:
                yield path.name, file, path.stat().st_size
            return
        with zipfile.ZipFile(path) as archive:
            member = _member(path, archive.infolist())
            with archive.open(member) as packed:
                # Its own way to read a line of limited length is slow.
                file = io.BufferedReader(packed, 1 << 20)  # type: ignore[arg-type]
                yield f"{path.name}/{member.filename}", file, member.file_size


@contextmanager
def _naming_faults(path: Path) -> Iterator[None]:
    """Turn what a bad file raises into one line."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(f"{path}: a damaged archive ({error}); fetch it again") from None


def _member(path: Path, members: Sequence[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """Return the file of an archive that its name promises, else its only .txt."""
    texts = [
        member
        for member in members
        if member.filename.endswith(".txt")
        and member.filename not in ("readme.txt", "iso-languagecodes.txt")
    ]
    wanted = [member for member in texts if member.filename == f"{path.stem}.txt"] or texts
    if len(wanted) != 1:
        found = ", ".join(member.filename for member in wanted) or "none"
        raise InputError(f"{path}: one .txt file is looked for in it; found {found}")
    (member,) = wanted
    if member.flag_bits & 1:
        raise InputError(f"{path}: {member.filename} is encrypted; unpack it first")
    if member.file_size > MOST_BYTES:
        raise InputError(f"{path}: {member.filename} has more than {MOST_BYTES // 10**9} GB")
    return member
