"""Place names that the gazetteer lacks, from OpenStreetMap's Nominatim; never unless asked for.

The usage policy (https://operations.osmfoundation.org/policies/nominatim/) asks for one request a
second at most, a user agent that names the application, and that answers be kept. The places are
© OpenStreetMap contributors (ODbL 1.0): say so where they are published.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, suppress
from importlib import metadata
from pathlib import Path
from typing import Any

from frontmap.data.gazetteer import cache_folders
from frontmap.geo.errors import FrontmapError, InputError
from frontmap.geo.records import Match, Place, PlaceName
from frontmap.geo.toponyms import fold, rank

__all__ = ["OnlineGazetteer"]

PUBLIC_DOMAIN = "nominatim.openstreetmap.org"
TIMEOUT_S = 20
#: Asked for at a time, whatever the limit, so that one kept answer serves any limit.
_ANSWERS = 20
_LONGEST_NAME = 200


class OnlineGazetteer:
    """A Nominatim server, asked at most once a second, and never twice the same."""

    def __init__(
        self,
        domain: str = PUBLIC_DOMAIN,
        scheme: str = "https",
        *,
        cache: Path | None = None,
        seconds_between: float = 1.0,
    ) -> None:
        """Use the server at `domain`; raises InputError where geopy isn't installed.

        Answers are kept in the folder `cache`, or in frontmap's in the user's cache.
        """
        self._domain, self._cache = domain, cache
        self._ask = _geocoder(domain, scheme, seconds_between)

    def search(
        self,
        name: str,
        countries: Collection[str] = (),
        near: tuple[float, float] | None = None,
        limit: int = 5,
    ) -> list[Match]:
        """Return the places that answer to a name, ranked as the gazetteer's are.

        Raises FrontmapError where the server can't be reached or refuses.
        """
        if not name.strip():
            raise InputError("the name of a place is empty")
        codes = sorted(country.lower() for country in countries)
        request = json.dumps([self._domain, name, codes], ensure_ascii=False)
        places = [
            place for answer in self._answers(request, name, codes) for place in _read(answer)
        ]
        candidates = [(known.name, place) for place in places for known in place.names]
        return rank(name, candidates, near=near, limit=limit)

    def _answers(self, request: str, name: str, codes: list[str]) -> list[dict[str, Any]]:
        kept = self._kept(request)
        if kept is None:
            kept = self._ask(name, codes)
            self._keep(request, kept)
        return kept

    def _kept(self, request: str) -> list[dict[str, Any]] | None:
        for folder in cache_folders(self._cache):
            with suppress(OSError, sqlite3.Error, ValueError), _answers_file(folder) as answers:
                found = answers.execute(
                    "SELECT answer FROM answers WHERE request = ?", (request,)
                ).fetchone()
                if found:
                    kept: list[dict[str, Any]] = json.loads(found[0])
                    return kept
        return None

    def _keep(self, request: str, answer: list[dict[str, Any]]) -> None:
        """Keep an answer in the first folder that can be written to, if there is one."""
        for folder in cache_folders(self._cache):
            with suppress(OSError, sqlite3.Error), _answers_file(folder) as answers:
                with answers:
                    answers.execute(
                        "INSERT OR REPLACE INTO answers VALUES (?, ?)",
                        (request, json.dumps(answer, ensure_ascii=False)),
                    )
                return


def _answers_file(folder: Path) -> closing[sqlite3.Connection]:
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(folder / "nominatim.sqlite")
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS answers (request TEXT PRIMARY KEY, answer)")
    except sqlite3.Error:
        connection.close()
        raise
    return closing(connection)


def _geocoder(
    domain: str, scheme: str, seconds_between: float
) -> Callable[[str, list[str]], list[dict[str, Any]]]:
    """Return what asks the server for a name in some countries."""
    try:
        from geopy.exc import GeopyError
        from geopy.extra.rate_limiter import RateLimiter
        from geopy.geocoders import Nominatim
    except ImportError:
        raise InputError("--online needs geopy: pip install 'frontmap[online]'") from None
    server = Nominatim(
        user_agent=f"frontmap/{metadata.version('frontmap')}",
        domain=domain,
        scheme=scheme,
        timeout=TIMEOUT_S,
    )
    limited = RateLimiter(
        server.geocode,
        min_delay_seconds=seconds_between,
        max_retries=0,
        swallow_exceptions=False,
    )

    def ask(name: str, codes: list[str]) -> list[dict[str, Any]]:
        try:
            found = limited(
                name,
                exactly_one=False,
                limit=_ANSWERS,
                country_codes=codes or None,
                addressdetails=True,
                namedetails=True,
                extratags=True,
                featuretype="settlement",
                language="en",
            )
        except (GeopyError, AttributeError, KeyError, TypeError, ValueError) as error:
            # The others are what geopy lets through when an answer isn't what it expects.
            what = " ".join(str(error).split()) or type(error).__name__
            raise FrontmapError(f"{domain} gave no answer for {name!r}: {what}") from error
        return [location.raw for location in found or ()]

    return ask


def _read(answer: Mapping[str, Any]) -> Iterator[Place]:
    """Yield the place that an answer describes; nothing for one that makes no sense."""
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        lon, lat = float(answer["lon"]), float(answer["lat"])
        address = answer.get("address") or {}
        names = tuple(_answer_names(answer))
        if names and abs(lon) <= 180 and abs(lat) <= 90:
            yield Place(
                f"osm:{answer['osm_type']}-{int(answer['osm_id'])}",
                names[0].name,
                lon,
                lat,
                str(address.get("country_code", "")).upper()[:2],
                _clean(str(address.get("state", ""))),
                _population(answer),
                names,
            )


def _answer_names(answer: Mapping[str, Any]) -> Iterator[PlaceName]:
    """Yield the distinct names in an answer, the English one first."""
    details = answer.get("namedetails") or {}
    given = [answer.get("name"), details.get("name:en"), details.get("name")]
    tagged = [(key.partition(":"), name) for key, name in details.items()]
    pairs = [(name, "") for name in given]
    pairs += [(name, lang) for (kind, _, lang), name in tagged if kind.endswith("name")]
    languages = {_clean(str(name)): lang for name, lang in pairs if name and lang.isalpha()}
    seen = set[str]()
    for name, lang in ((_clean(str(name)), lang) for name, lang in pairs if name):
        if fold(name) and fold(name) not in seen:
            seen.add(fold(name))
            yield PlaceName(name, lang if lang.isalpha() else languages.get(name, ""))


def _population(answer: Mapping[str, Any]) -> int | None:
    written = str((answer.get("extratags") or {}).get("population", ""))
    return int(written) if written.isascii() and written.isdigit() and int(written) else None


def _clean(text: str) -> str:
    """Take out what doesn't print, and spaces too many: anybody can write a name there."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:_LONGEST_NAME]
