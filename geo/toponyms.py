"""Toponyms: normalised keys of place names, and which place a name means.

A name is compared in three steps, each looser than the one before:

- folded: letter case, diacritics, vowel signs, apostrophes, ayn and hamza, hyphens and variants
  of one Arabic or Cyrillic letter don't count;
- key: nor do the Arabic article (al-Qusayr, As Suwayda, الرستن), the spelling of ta marbuta
  (Salamiyah, Salamiyeh, Salamiya; Qalaat, Qalaa), doubled letters, spaces, and the commonest
  variants of transliteration (y and i, ou or oo and u, ee and i). Equal keys are an exact match;
- fuzzy: the edits between two keys, by the optimal string alignment distance (Damerau 1964: one
  letter put in, left out, replaced, or swapped with its neighbour).

Another script reaches a place through the gazetteer's alternate names: nothing is transliterated.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import asin, ceil, cos, log2, log10, radians, sin, sqrt

from frontmap.geo.errors import AmbiguousToponymError, UnknownNameError
from frontmap.geo.records import Match, Place

__all__ = [
    "CLEAR_MARGIN",
    "FOUND_SCORE",
    "SURE_SCORE",
    "Index",
    "Lookup",
    "distance_points",
    "fold",
    "key",
    "keys",
    "rank",
    "resolve",
    "rough_distance_km",
    "similar_keys",
]

#: Fuzzy matches below this score (0 to 100) are not listed: three edits in eight letters.
FOUND_SCORE = 60.0
#: Fuzzy matches below this score are suggested but never picked: two edits in eight letters.
SURE_SCORE = 75.0
#: Weights are points: this many for each power of ten of population.
POINTS_A_DECADE = 5.0
#: A match is picked when it outweighs the next by this: ten times the population.
CLEAR_MARGIN = POINTS_A_DECADE

# What else counts, in points. An exact match outweighs every fuzzy one whatever else holds.
_EXACT_POINTS = 200.0
_FOLDED_POINTS = 10.0
_DISPLAY_NAME_POINTS = 7.5
_PREFERRED_COUNTRY_POINTS = 15.0
_POINTS_A_DOUBLED_DISTANCE = 10.0
_NEAR_KM = 10.0
#: Stands in where the population is unknown: mostly villages.
_UNKNOWN_POPULATION = 300
#: With fewer letters than this, one edit makes another common name: Homs, Hums, Roms.
_FEWEST_FUZZY_LETTERS = 5

# Folding

_SILENT = frozenset("'`´’‘ʼʻ‛′ʹ\"“”„\u0621")
_SAME_LETTER = str.maketrans(
    {
        "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
        "ə": "a", "ħ": "h", "ŋ": "n", "ŧ": "t",
        "ґ": "г",
        "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ە": "ه", "ھ": "ه",
    }
)  # fmt: skip


class _Folding(dict[int, str]):
    """A translation table that works out the folded form of each character once."""

    def __missing__(self, codepoint: int) -> str:
        self[codepoint] = folded = _fold_character(chr(codepoint))
        return folded


def _fold_character(character: str) -> str:
    if character == "\n":
        return character  # keeps names apart where many are folded at once
    if character in _SILENT:
        return ""
    letters = unicodedata.normalize("NFKD", character.casefold()).translate(_SAME_LETTER)
    return "".join(_fold_plain(letter) for letter in letters if not unicodedata.combining(letter))


def _fold_plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter in _SILENT or category in ("Lm", "Cf"):
        return ""
    return letter if category[0] in "LMN" else " "


_FOLDING = _Folding()


def fold(name: str) -> str:
    """Return a name without case, diacritics, apostrophes, ayn, hamza and hyphens."""
    return " ".join(name.translate(_FOLDING).split())


# Keys

# The article before its noun, also where it takes the sound of a sun letter: ar-Rastan.
_ARTICLE = re.compile(r"\b[aeiu](?:l +(?=\w)|(sh|th|dh|ch|[rstdnz]) +(?=\1))")
_ARABIC_ARTICLE = re.compile(r"\bال(?=\w{2})")
_TA_MARBUTA = re.compile(r"(?:[ae]h(?<=\w{4})|at(?<=\w{5}))\b")
_DOUBLED = re.compile(r"([^\W\d_])\1+")


def _loosen(folded: str) -> str:
    """Take from folded text, one name a line, whatever but spaces and doubled letters a key drops.

    The whole of a gazetteer goes through at once, which is several times faster than name by name.
    """
    text = _ARTICLE.sub("", folded)
    if "ال" in text:
        text = _ARABIC_ARTICLE.sub("", text)
    text = _TA_MARBUTA.sub("a", text)
    return text.replace("ou", "u").replace("oo", "u").replace("ee", "i").replace("y", "i")


def keys(names: Sequence[str]) -> list[str]:
    """Return the normalised key of each name, as `key` does, quickly for many."""
    text = "\n".join(name.replace("\n", " ") for name in names).translate(_FOLDING)
    joined = _DOUBLED.sub(r"\1", _loosen(text).replace(" ", ""))
    return (
        [made or name.casefold() for made, name in zip(joined.split("\n"), names, strict=True)]
        if names
        else []
    )


@lru_cache(maxsize=65536)
def key(name: str) -> str:
    """Return the normalised key of a name: names with equal keys are spellings of one name.

    >>> key("Al-Quṣayr") == key("al Qusair") == key("Qusayr")
    True
    >>> key("Sur") == key("Suran")
    False
    """
    return keys([name])[0]


def _words(name: str) -> list[str]:
    return _DOUBLED.sub(r"\1", _loosen(fold(name))).split()


# Comparing


@dataclass(frozen=True, slots=True)
class _Query:
    """A name that was asked for, in each of its forms."""

    name: str
    folded: str
    key: str
    words: tuple[str, ...]
    digits: tuple[str, ...]

    @classmethod
    def of(cls, name: str) -> _Query:
        return cls(name, fold(name), key(name), tuple(_words(name)), _digits(name))

    def score(self, surface: str) -> float:
        """Return how alike the names are, 0 to 100; 100 for equal keys alone.

        It is the mean of the likeness of the whole and of what is left without the words that
        both begin or end with, so that Kafr Hamad isn't taken for Kafr Hamra because of "Kafr".
        Different numbers are different names: Kilometre 5, Kilometre 6.
        """
        other = key(surface)
        if self.key == other:
            return 100.0
        if self.digits != _digits(surface):
            return 0.0
        from rapidfuzz.distance import OSA  # here, since names that are exact can do without

        whole = OSA.normalized_similarity(self.key, other)
        rest = OSA.normalized_similarity(*_distinctive(self.words, _words(surface)))
        return min(50.0 * (whole + rest), 99.0)


def _digits(name: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", name))


def _distinctive(ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, str]:
    """Join two lists of words without those that both begin, and those that both end with."""
    start = _shared(ours, theirs)
    ours, theirs = ours[start:], theirs[start:]
    end = _shared(ours[::-1], theirs[::-1])
    return "".join(ours[: len(ours) - end]), "".join(theirs[: len(theirs) - end])


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Count the words with which both begin."""
    pairs = enumerate(zip(ours, theirs, strict=False))
    return next((n for n, (our, their) in pairs if our != their), min(len(ours), len(theirs)))


def similar_keys(wanted: str, keys_of_length: Callable[[int], Sequence[str]]) -> list[str]:
    """Return the keys that are alike enough for a fuzzy match, in no given order.

    `keys_of_length` gives all known keys of a length; only those near to `wanted`'s are asked for.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    # Bounding whole distances, since with a normalised scorer and a cutoff RapidFuzz's `process`
    # (3.9 to 3.14) leaves out some of many choices, equal ones even.
    share, similar = 1 - FOUND_SCORE / 100, list[str]()
    for length in range(ceil(len(wanted) * (1 - share)), int(len(wanted) / (1 - share)) + 1):
        most = int(share * max(length, len(wanted)) + 1e-9)
        choices = keys_of_length(length)
        found = process.extract_iter(wanted, choices, scorer=OSA.distance, score_cutoff=most)
        similar += [choice for choice, _, _ in found]
    return similar


# Ranking


def rank(
    name: str,
    candidates: Iterable[tuple[str, Place]],
    *,
    near: tuple[float, float] | None = None,
    prefer: Collection[str] = (),
    limit: int = 5,
) -> list[Match]:
    """Return the places among the candidates that answer to a name, the likeliest first.

    `candidates` are pairs of a known name and its place; a place counts once, by its best name.
    Exact matches come before fuzzy ones; within each, what counts is the weight, in points:
    5 for each power of ten of population, less 10 for each time that the distance from `near`,
    (lon, lat), doubles beyond 10 km, 15 for a country of `prefer`, 10 for a name that is equal
    when folded, not by key alone, 7.5 for the display name, and a fuzzy match's score.
    """
    query, best = _Query.of(name), dict[str, Match]()
    for surface, place in candidates:
        score = 100.0 if surface == place.id else query.score(surface)
        if score < FOUND_SCORE:
            continue
        kind = "exact" if score == 100.0 else "fuzzy"
        weight = score + _points(query, surface, place, near, prefer)
        if place.id not in best or weight > best[place.id].weight:
            best[place.id] = Match(place, surface, kind, score, weight)
    return sorted(best.values(), key=lambda match: (-match.weight, match.place.id))[:limit]


def _points(
    query: _Query,
    surface: str,
    place: Place,
    near: tuple[float, float] | None,
    prefer: Collection[str],
) -> float:
    points = POINTS_A_DECADE * log10(place.population or _UNKNOWN_POPULATION)
    if query.key == key(surface) or surface == place.id:
        points += _EXACT_POINTS
    if query.folded == fold(surface):
        points += _FOLDED_POINTS
    if surface == place.name:
        points += _DISPLAY_NAME_POINTS
    if place.country in prefer:
        points += _PREFERRED_COUNTRY_POINTS
    if near is not None:
        points -= distance_points(rough_distance_km(near, (place.lon, place.lat)))
    return points


def distance_points(distance_km: float) -> float:
    """Return what a distance costs: 10 points for each time that it doubles beyond 10 km."""
    return _POINTS_A_DOUBLED_DISTANCE * log2(1 + distance_km / _NEAR_KM)


def rough_distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance on a sphere: good enough to rank by, and needs no pyproj."""
    (lon_a, lat_a), (lon_b, lat_b) = map(radians, a), map(radians, b)
    chord = sin((lat_b - lat_a) / 2) ** 2
    chord += cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6371.0088 * asin(min(1.0, sqrt(chord)))


def resolve(name: str, matches: Sequence[Match]) -> Match:
    """Return the one match that a name means; never picks where that isn't clear.

    `matches` is ranked, as `rank` returns it, two or more where there are so many.
    Raises UnknownNameError, with suggestions, where there is no match, or none but fuzzy ones
    below SURE_SCORE or for a name of fewer than five letters; AmbiguousToponymError where others
    come within CLEAR_MARGIN points of the best.
    """
    if not matches:
        raise UnknownNameError("place", name)
    best = matches[0]
    unsure = best.score < SURE_SCORE or len(key(name)) < _FEWEST_FUZZY_LETTERS
    if best.kind == "fuzzy" and unsure:
        suggestions = dict.fromkeys(match.place.name for match in matches[:3])
        raise UnknownNameError("place", name, tuple(suggestions))
    rivals = [match for match in matches if best.weight - match.weight < CLEAR_MARGIN]
    if len(rivals) > 1:
        raise AmbiguousToponymError(name, rivals)
    return best


# Looking up


class Lookup(ABC):
    """Names of places that can be searched; where they are kept is a subclass's matter."""

    @abstractmethod
    def named(
        self, wanted: Iterable[str], countries: Collection[str] = ()
    ) -> list[tuple[str, Place]]:
        """Return each name whose key is among the wanted, with its place."""

    @abstractmethod
    def keys_of_length(self, length: int) -> Sequence[str]:
        """Return the distinct keys of so many characters."""

    def search(
        self,
        name: str,
        *,
        countries: Collection[str] = (),
        near: tuple[float, float] | None = None,
        prefer: Collection[str] = (),
        limit: int = 5,
    ) -> list[Match]:
        """Return the places that answer to a name, the likeliest first, as `rank` says.

        Of `countries` alone, where given. Fuzzy matches are looked for only where none is exact.
        """
        wanted = key(name)
        found = self.named([wanted], countries)
        if not found:
            found = self.named(similar_keys(wanted, self.keys_of_length), countries)
        return rank(name, found, near=near, prefer=prefer, limit=limit)

    def resolve(
        self,
        name: str,
        *,
        countries: Collection[str] = (),
        near: tuple[float, float] | None = None,
        prefer: Collection[str] = (),
    ) -> Match:
        """Return the one place that a name means; raises as `resolve` does."""
        matches = self.search(name, countries=countries, near=near, prefer=prefer, limit=10)
        return resolve(name, matches)


class Index(Lookup):
    """The names of some places, in memory."""

    def __init__(self, places: Sequence[Place]) -> None:
        """Index every name of the places."""
        names = [[place.name, *(other.name for other in place.names)] for place in places]
        self._fill(names, places.__getitem__)

    @classmethod
    def deferred(cls, names: Iterable[Sequence[str]], place_at: Callable[[int], Place]) -> Index:
        """Index the names of places that are made only when they are found.

        `names` holds the names of one place after the other; `place_at` makes a place from its
        position there.
        """
        index = cls.__new__(cls)
        index._fill(names, place_at)
        return index

    def _fill(self, names: Iterable[Sequence[str]], place_at: Callable[[int], Place]) -> None:
        self._place_at = place_at
        self._surfaces: list[str] = []
        self._owners: list[int] = []
        for owner, surfaces in enumerate(names):
            self._surfaces += surfaces
            self._owners += [owner] * len(surfaces)
        self._by_key: dict[str, list[int]] = {}
        for number, made in enumerate(keys(self._surfaces)):
            self._by_key.setdefault(made, []).append(number)

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        by_length: dict[int, list[str]] = {}
        for known in self._by_key:
            by_length.setdefault(len(known), []).append(known)
        return by_length

    def keys_of_length(self, length: int) -> Sequence[str]:
        """Return the distinct keys of so many characters."""
        return self._by_length.get(length, ())

    def named(
        self, wanted: Iterable[str], countries: Collection[str] = ()
    ) -> list[tuple[str, Place]]:
        """Return each name whose key is among the wanted, with its place."""
        numbers = (number for made in wanted for number in self._by_key.get(made, ()))
        found = ((self._surfaces[n], self._place_at(self._owners[n])) for n in numbers)
        return [pair for pair in found if not countries or pair[1].country in countries]
