"""The shipped gazetteer: the world's places of 500 people and more, found by name.

One country, or a few, is read from its members of the shipped file: a few milliseconds each. The
whole world is searched through an index (SQLite) that the first such search builds in the user's
cache folder. Both rank by `frontmap.geo.toponyms`, so they agree.

The places are GeoNames' (https://www.geonames.org, CC BY 4.0), with those of seeds/gazetteer;
tools/compile_gazetteer.py makes the file.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontmap.geo.errors import InputError, StoreError, UnknownNameError
from frontmap.geo.reading import Kind
from frontmap.geo.records import Match, Place, PlaceName
from frontmap.geo.senses import Known, Sense, Source
from frontmap.geo.toponyms import Index, Lookup, keys, rank, resolve

if TYPE_CHECKING:
    import zipfile

    from frontmap.data.online import OnlineGazetteer
    from frontmap.geo.recognition import Recogniser

__all__ = ["Finder", "Gazetteer", "cache_folders"]

SHIPPED = Path(__file__).parent / "shipped" / "gazetteer.zip"
#: Up to so many countries are read from their members; more are looked up in the world's index.
FEW_COUNTRIES = 6
#: Changes with the layout of the index or what a key is, so that an older index isn't used.
INDEX_VERSION = 1
#: Bytes at the end of the file that hold its directory of members, a country each.
LONGEST_DIRECTORY = 65_536
#: So many values go into one query; any SQLite takes 999.
MOST_PARAMETERS = 500

_ID = re.compile(r"(geonames|frontmap|osm):[\w-]+")


class Gazetteer:
    """The places of the shipped gazetteer."""

    def __init__(
        self, path: Path, cache: Path | None = None, progress: Callable[[str], None] | None = None
    ) -> None:
        """Use the compiled gazetteer at `path`; `open` is the usual way in."""
        self._path, self._cache, self._progress = path, cache, progress
        self._lines_of: dict[str, list[str]] = {}
        self._index_of: dict[tuple[str, ...], Lookup] = {}

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        *,
        cache: Path | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Gazetteer:
        """Open the shipped gazetteer, or the one compiled to `path`.

        The world's index goes to the folder `cache`, or to frontmap's in the user's cache;
        `progress` is told in a sentence when that takes a while.
        """
        return cls(path or SHIPPED, cache, progress)

    @cached_property
    def _archive(self) -> zipfile.ZipFile:
        import zipfile

        try:
            return zipfile.ZipFile(self._path)
        except (OSError, zipfile.BadZipFile) as error:
            raise StoreError(
                f"the gazetteer {self._path} can't be read ({error}); install frontmap again"
            ) from error

    @cached_property
    def _countries(self) -> tuple[str, ...]:
        return tuple(name.removesuffix(".tsv") for name in self._archive.namelist())

    def countries(self) -> tuple[str, ...]:
        """Return the ISO 3166 codes of the countries that have places, in order."""
        return self._countries

    def places(self, country: str) -> list[Place]:
        """Return every place of a country; InputError where the code isn't one."""
        (code,) = self._codes([country])
        return [_place(line, code) for line in self._lines(code)]

    def place(self, place_id: str) -> Place:
        """Return the place of an id such as "geonames:169577"; UnknownNameError without one."""
        number = place_id.removeprefix("geonames:")
        if _ID.fullmatch(place_id):
            for country in self._countries_of(place_id):
                for line in self._lines(country):
                    if line.startswith(f"{number}\t"):
                        return _place(line, country)
        raise UnknownNameError("place", place_id)

    def search(
        self,
        name: str,
        countries: Collection[str] = (),
        near: tuple[float, float] | None = None,
        limit: int = 5,
        *,
        prefer: Collection[str] = (),
    ) -> list[Match]:
        """Return the places that answer to a name, or to a gazetteer's id, the likeliest first.

        Among those of `countries`, or in the world; `near` is (lon, lat). See `toponyms.rank` for
        what counts. Raises InputError for a code that is no country's, and for an empty name.
        """
        if not name.strip():
            raise InputError("the name of a place is empty")
        codes = self._codes(countries)
        if _ID.fullmatch(name):
            place = self.place(name)
            return rank(name, [(place.id, place)])
        return self._lookup(codes).search(
            name, countries=codes, near=near, limit=limit, prefer=prefer
        )

    def resolve(
        self,
        name: str,
        countries: Collection[str] = (),
        near: tuple[float, float] | None = None,
        *,
        prefer: Collection[str] = (),
    ) -> Match:
        """Return the one place that a name means; raises as `toponyms.resolve` does."""
        return resolve(name, self.search(name, countries, near, limit=10, prefer=prefer))

    def recogniser(
        self, countries: Collection[str] = (), prefer: Collection[str] = ()
    ) -> Recogniser:
        """Return what finds toponyms in running text: places of `countries`, or of the world.

        With countries, the world's other countries, capitals and large cities are known, too.
        Among namesakes those of `prefer` come first, or of the first of several `countries`.
        """
        from frontmap.data.areas import areas
        from frontmap.geo.recognition import Recogniser

        codes = self._codes(countries)
        lookup = self._lookup(codes)
        places = lookup if isinstance(lookup, _WorldIndex) and not codes else Known(lookup, codes)
        first = [country.upper() for country in countries][:1] if len(codes) > 1 else ()
        return Recogniser(places, areas(codes), theatre=codes or None, prefer=prefer or first)

    def _codes(self, countries: Iterable[str]) -> tuple[str, ...]:
        codes = tuple(sorted({country.upper() for country in countries}))
        wrong = [code for code in codes if code not in self._countries]
        if wrong:
            raise InputError(
                f"no country has the code {code!r}; use two letters of ISO 3166, as in SY"
                for code in wrong
            )
        return codes

    def _countries_of(self, place_id: str) -> Iterator[str]:
        """Yield the countries that may hold the id, those in memory first."""
        if place_id.startswith("frontmap:"):
            code = place_id.removeprefix("frontmap:")[:2].upper()
            yield from (code,) if code in self._countries else ()
            return
        yield from tuple(self._lines_of)
        wanted = f"\n{place_id.removeprefix('geonames:')}\t".encode()
        for country in self._countries:
            if wanted in b"\n" + self._archive.read(f"{country}.tsv"):
                yield country

    def _lines(self, country: str) -> list[str]:
        if country not in self._lines_of:
            text = self._archive.read(f"{country}.tsv").decode()
            self._lines_of[country] = text.split("\n")[:-1]
        return self._lines_of[country]

    def _lookup(self, codes: tuple[str, ...]) -> Lookup:
        chosen = codes if 0 < len(codes) <= FEW_COUNTRIES else ()
        if chosen not in self._index_of:
            self._index_of[chosen] = self._read(chosen) if chosen else self._world()
        return self._index_of[chosen]

    def _read(self, codes: Iterable[str]) -> Index:
        lines = [(line, code) for code in codes for line in self._lines(code)]
        return Index.deferred(
            (_names(line) for line, _ in lines), lambda number: _place(*lines[number])
        )

    def _world(self) -> Lookup:
        digest = hashlib.sha256(_end_of(self._path)).hexdigest()
        name = f"gazetteer-{INDEX_VERSION}-{digest[:16]}.sqlite"
        for folder in cache_folders(self._cache):
            with suppress(OSError, sqlite3.Error):
                return self._open_or_build(folder / name)
        raise StoreError("no folder to index the world's place names in; name a --country")

    def _open_or_build(self, path: Path) -> Lookup:
        if path.exists():
            with suppress(sqlite3.Error):
                return _WorldIndex(path)
        self._tell("indexing the world's place names, once: some 10 seconds")
        _build(path, self._world_lines())
        return _WorldIndex(path)

    def _world_lines(self) -> Iterator[tuple[str, str]]:
        for country in self._countries:
            for line in self._archive.read(f"{country}.tsv").decode().split("\n")[:-1]:
                yield line, country

    def _tell(self, message: str) -> None:
        if self._progress is not None:
            self._progress(message)


class Finder:
    """Finds the places that a user's words mean, in the gazetteer or online."""

    def __init__(
        self,
        countries: Collection[str] = (),
        near: str | None = None,
        *,
        online: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        """Look in `countries`, or the world, and prefer what is `near` a place or a "LON,LAT"."""
        self._gazetteer = Gazetteer.open(progress=progress)
        self._countries = countries
        self._near = self._position(near) if near is not None else None
        self._online = _online() if online else None

    def search(self, name: str, limit: int = 5) -> list[Match]:
        """Return the places that answer to a name, the likeliest first."""
        source = self._online or self._gazetteer
        return source.search(name, self._countries, self._near, limit)

    def resolve(self, name: str) -> Match:
        """Return the one place that a name means; raises as `toponyms.resolve` does."""
        return resolve(name, self.search(name, limit=10))

    def _position(self, near: str) -> tuple[float, float]:
        numbers = re.fullmatch(r"\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*", near)
        if not numbers:
            place = self._gazetteer.resolve(near, self._countries).place
            return place.lon, place.lat
        try:
            lon, lat = float(numbers[1]), float(numbers[2])
        except ValueError:
            raise InputError(f"{near!r} is no place and no LON,LAT in degrees") from None
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise InputError(f"{near!r} is out of range: give LON,LAT in degrees, as in 36.7,34.7")
        return lon, lat


def _online() -> OnlineGazetteer:
    from frontmap.data.online import OnlineGazetteer

    return OnlineGazetteer()


# The lines of a member


def _names(line: str) -> list[str]:
    """Return the names in a line without their languages, the display name first."""
    return [name.partition("@")[0] for name in line.rpartition("\t")[2].split("|")]


def _place(line: str, country: str) -> Place:
    number, lon, lat, admin1, population, written = line.split("\t")
    names = tuple(
        PlaceName(name, lang) for name, _, lang in (n.partition("@") for n in written.split("|"))
    )
    return Place(
        f"geonames:{number}" if number.isdigit() else number,
        names[0].name,
        float(lon),
        float(lat),
        country,
        admin1,
        int(population) if population else None,
        names,
    )


def _sense(line: str, country: str, nth: int) -> Sense:
    """Return what a line's nth name means, the place itself left for later."""
    number, lon, lat, admin1, population, written = line.split("\t")
    return Sense(
        Kind.SETTLEMENT,
        written.split("|", nth + 1)[nth].partition("@")[0],
        float(lon),
        float(lat),
        country,
        admin1,
        int(population) if population else None,
        f"geonames:{number}" if number.isdigit() else number,
        partial(_place, line, country),
    )


# The world's index

_SCHEMA = """
    CREATE TABLE place (number INTEGER PRIMARY KEY, country TEXT NOT NULL, line TEXT NOT NULL);
    CREATE TABLE name (
        key TEXT NOT NULL, place INTEGER NOT NULL, nth INTEGER NOT NULL,
        PRIMARY KEY (key, place, nth)
    ) WITHOUT ROWID;
    CREATE TABLE keys_of_length (length INTEGER PRIMARY KEY, keys TEXT NOT NULL);
"""


def cache_folders(given: Path | None) -> Iterator[Path]:
    """Yield the folders that what is made once may be kept in, best first.

    The `given` one alone, or the user's cache; where there is no home, or a read-only one, a
    folder among the temporary files, unless that is somebody else's.
    """
    if given is not None:
        yield given
        return
    import platformdirs

    home = Path(platformdirs.user_cache_dir("frontmap"))
    if home.is_absolute():  # without a home "~" stays as it is
        yield home
    user = os.getuid() if hasattr(os, "getuid") else 0
    import tempfile

    temporary = Path(tempfile.gettempdir()) / f"frontmap-{user}"
    with suppress(OSError):
        temporary.mkdir(mode=0o700, exist_ok=True)
        if not hasattr(os, "getuid") or temporary.lstat().st_uid == user:
            yield temporary


def _end_of(archive: Path) -> bytes:
    """Return the end of a zip file, where its directory has the checksum of every member."""
    with open(archive, "rb") as file:
        file.seek(max(os.fstat(file.fileno()).st_size - LONGEST_DIRECTORY, 0))
        return file.read()


def _build(path: Path, lines: Iterable[tuple[str, str]]) -> None:
    """Build the index beside its place and move it there whole."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    os.close(handle)
    try:
        with closing(sqlite3.connect(temporary)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            with connection:
                _fill(connection, list(lines))
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
        for outdated in set(path.parent.glob("gazetteer-*.sqlite")) - {path}:
            with suppress(OSError):
                outdated.unlink()
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _fill(connection: sqlite3.Connection, lines: Sequence[tuple[str, str]]) -> None:
    connection.executescript(_SCHEMA)
    connection.executemany(
        "INSERT INTO place VALUES (?, ?, ?)",
        ((number, country, line) for number, (line, country) in enumerate(lines)),
    )
    names = [_names(line) for line, _ in lines]
    owners = ((number, nth) for number, known in enumerate(names) for nth in range(len(known)))
    made = keys([name for known in names for name in known])
    rows = sorted((key, number, nth) for key, (number, nth) in zip(made, owners, strict=True))
    connection.executemany("INSERT INTO name VALUES (?, ?, ?)", rows)
    by_length: dict[int, list[str]] = {}
    for key in dict.fromkeys(key for key, _, _ in rows):
        by_length.setdefault(len(key), []).append(key)
    connection.executemany(
        "INSERT INTO keys_of_length VALUES (?, ?)",
        ((length, "\n".join(known)) for length, known in by_length.items()),
    )


class _WorldIndex(Lookup, Source):
    """The names of the world's places, in SQLite."""

    def __init__(self, path: Path) -> None:
        self._path = path
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True)
        self._connection.execute("SELECT 1 FROM keys_of_length JOIN name JOIN place LIMIT 1")

    def keys_of_length(self, length: int) -> Sequence[str]:
        found = self._rows("SELECT keys FROM keys_of_length WHERE length = ?", length)
        return str(found[0][0]).split("\n") if found else ()

    def named(
        self, wanted: Iterable[str], countries: Collection[str] = ()
    ) -> list[tuple[str, Place]]:
        query = "SELECT nth, line, country FROM name JOIN place ON number = place WHERE key = ?"
        return [
            (_names(line)[nth], _place(line, country))
            for key in wanted
            for nth, line, country in self._rows(query, key)
            if not countries or country in countries
        ]

    def senses(self, wanted: Collection[str]) -> Mapping[str, Sequence[Sense]]:
        """Return the senses of each key that has any, asking for many keys at once."""
        found: dict[str, list[Sense]] = {}
        keys = sorted(wanted)
        for begin in range(0, len(keys), MOST_PARAMETERS):
            some = keys[begin : begin + MOST_PARAMETERS]
            query = (
                "SELECT key, nth, line, country FROM name JOIN place ON number = place "
                f"WHERE key IN ({','.join('?' * len(some))})"
            )
            for key, nth, line, country in self._rows(query, *some):
                found.setdefault(key, []).append(_sense(line, country, nth))
        return found

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(
                f"the index {self._path} is damaged ({error}); delete it, and it is made again"
            ) from error
