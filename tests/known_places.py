"""A stand-in for the recogniser of toponyms: a list of names, found wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from frontmap.geo.claims import read_report
from frontmap.geo.language import Language
from frontmap.geo.reading import Claim, Kind, Toponym, ToponymMatch
from frontmap.geo.records import Actor, Place

#: A Friday.
PUBLISHED = date(2024, 12, 6)
STATES = ("Israel", "Russia", "Sudan", "Ukraine")
TOWNS = ("Hama", "Rastan", "Talbisseh", "Homs", "Idlib", "Damascus", "Moscow", "Kyiv")


class KnownPlaces:
    """Finds names, those of states as countries, others as settlements."""

    def __init__(self, *names: str) -> None:
        """Find these names, or else all those above."""
        listed = sorted(names or (*TOWNS, *STATES), key=len, reverse=True)
        self._names = re.compile(rf"\b(?:{'|'.join(map(re.escape, listed))})\b")

    def find(self, text: str) -> list[Toponym]:
        """Return the toponyms in order."""
        return [self._toponym(found) for found in self._names.finditer(text)]

    def _toponym(self, found: re.Match[str]) -> Toponym:
        kind = Kind.COUNTRY if found[0] in STATES else Kind.SETTLEMENT
        place = Place(f"known:{found[0]}", found[0], 0.0, 0.0, "")
        return Toponym(found[0], *found.span(), kind, ToponymMatch.EXACT, place, (place,))


def claims_in(
    text: str,
    *,
    published: date = PUBLISHED,
    actors: Sequence[Actor] = (),
    language: Language | None = None,
) -> list[Claim]:
    """Return the claims of a text, read with the known places."""
    reading = read_report(text, published, KnownPlaces(), actors=actors, language=language)
    return list(reading.claims)
