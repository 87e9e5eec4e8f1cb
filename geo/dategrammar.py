"""The words and phrases of `DateWords` as regular expressions, built once a language.

A text is scanned word by word for those that a phrase may begin with; the expressions of these
phrases then take apart what follows. Every repetition in them is bounded, so that the time for a
text is linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from frontmap.geo.datewords import DateWords, Link, Part, Rule, Unit

__all__ = ["Grammar", "Names", "Phrase", "grammar_of", "plain"]

#: The space between two words, of which one may end a line, but not a paragraph.
_GAP = r"(?:[^\S\n]{1,3}|[^\S\n]{0,3}\n[^\S\n]{0,8})"
#: A word that is not part of an address or a handle, as in "x.org/2024/12/06".
_WORD = re.compile(r"(?<![\w/@#])\w+")
#: Stands for any number among the words that a phrase may begin with.
_NUMBER = "0"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Where a phrase stands in a text, the rule that reads it, and its words by kind."""

    rule: Rule
    start: int
    end: int
    words: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the words of a language are looked up as, all in lower case."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    units: Mapping[str, Unit]
    parts: Mapping[str, Part]
    links: Mapping[str, Link]
    plurals: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """The expressions of a language, and its words by what they are looked up as.

    `phrases` are listed by the words that they may begin with. `before` matches a preposition and
    what else belongs to a date, at the end of what precedes it; `joiner`, `listed`, `apposition`
    and `adjacent` match the whole text between two dates; `will` and `would` all that precedes
    one; the others match beside it.
    """

    words: DateWords
    names: Names
    phrases: Mapping[str, Sequence[tuple[Rule, re.Pattern[str]]]]
    before: re.Pattern[str]
    onwards: re.Pattern[str]
    joiner: re.Pattern[str]
    listed: re.Pattern[str]
    apposition: re.Pattern[str]
    adjacent: re.Pattern[str]
    will: re.Pattern[str]
    would: re.Pattern[str]
    clauses: re.Pattern[str]
    complete: re.Pattern[str]
    manpower: re.Pattern[str]
    that: re.Pattern[str]
    of: re.Pattern[str]
    named_before: re.Pattern[str]
    named_after: re.Pattern[str]
    number: re.Pattern[str]

    def find(self, text: str) -> Iterator[Phrase]:
        """Yield the phrases of a text, from its start; none overlaps another."""
        end, phrases, numbers = 0, self.phrases, self.phrases.get(_NUMBER, ())
        for word in _WORD.finditer(text):
            first = word[0]
            listed = phrases.get(first.lower()) or (numbers if "0" <= first[0] <= "9" else ())
            if not listed or word.start() < end:
                continue
            for rule, pattern in listed:
                if found := pattern.match(text, word.start()):
                    groups = found.groupdict().items()
                    words = {kind: plain(part) for kind, part in groups if part}
                    end = found.end()
                    yield Phrase(rule, found.start(), end, words, plain(found[0]))
                    break


def plain(words: str) -> str:
    """Return words in lower case with single spaces between them, for looking them up."""
    return " ".join(words.lower().split())


@lru_cache(maxsize=8)
def grammar_of(words: DateWords) -> Grammar:
    """Return the grammar of a language."""
    about, just = _any(words.about), _any(words.just)
    times = _any([*words.times.split(), *words.hours])
    article, of = _any(words.articles.split()), _any(words.of.split())
    links = _any(word for many in words.links.values() for word in many)
    between = _any([*words.of.split(), *words.links[Link.FROM], *words.links[Link.BETWEEN]])
    to, and_, or_ = (_any(some.split()) for some in (words.to, words.and_, words.or_))
    ends = r"(?=\s*(?:[^\w\s]|\Z))"
    return Grammar(
        words=words,
        names=_names_of(words),
        phrases=_phrases(words),
        before=re.compile(
            rf"(?<!\w)(?:(?P<link>{links}){_GAP})?"
            rf"(?:(?:{article}{_GAP})?{times}{_GAP}{between}{_GAP})?"
            rf"(?:(?:(?P<about>{about})|{just}){_GAP})?\Z"
        ),
        onwards=re.compile(_GAP + _any(words.onwards.split()) + ends),
        joiner=re.compile(
            rf",?{_GAP}(?:(?P<to>{to})|(?P<and>{and_})|(?P<or>{or_})){_GAP}|(?P<dash>\s?[-–—]\s?)"
        ),
        listed=re.compile(rf",?(?:{_GAP}(?:{and_}|{or_}))?{_GAP}"),
        apposition=re.compile(rf"\s?[,(–—]{_GAP}?(?:{article}{_GAP})?"),
        adjacent=re.compile(rf"\s?[,(–—-]?{_GAP}?(?:{and_}{_GAP})?(?:{just}{_GAP})?"),
        will=_governing(words.will),
        would=_governing(words.would),
        clauses=re.compile(rf"(?<!\w){_any(words.clauses.split())}(?!\w)"),
        complete=re.compile(rf"\s*(?:\Z|[^\w\s\"“‘'’]|{_any(words.carries_on.split())}(?!\w))"),
        manpower=re.compile(rf"{_GAP}{_any(words.manpower.split())}(?!\w)"),
        that=re.compile(_GAP + _any(words.that.split()) + ends),
        of=re.compile(rf"{_GAP}{of}(?!\w)"),
        named_before=re.compile(rf"(?<!\w){_any(words.never_after.split())}{_GAP}\Z"),
        named_after=re.compile(rf"{_GAP}{_any(words.never_before.split(), cased=True)}(?!\w)"),
        number=re.compile("[0-9]+|" + _any(words.numbers)),
    )


def _governing(words: Iterable[str]) -> re.Pattern[str]:
    """Match the text before a date up to what governs it, and the `rest` between the two."""
    free = [word for word in words if word[0].isalnum()]
    bound = [word for word in words if not word[0].isalnum()]
    some = rf"(?<!\w){_any(free)}" + (f"|{_any(bound)}" if bound else "")
    return re.compile(rf"(?s:.*)(?:{some})(?!\w)(?P<rest>[^.;:,()\n–—]*)\Z")


def _names_of(words: DateWords) -> Names:
    named = (*words.singular.items(), *words.plural.items())
    return Names(
        months=_numbered(words.months),
        weekdays=_numbered(words.weekdays),
        units={word.lower(): unit for unit, many in named for word in many.split()},
        parts={word: part for part, many in words.parts.items() for word in many},
        links={word: link for link, many in words.links.items() for word in many},
        plurals=frozenset(word.lower() for many in words.plural.values() for word in many.split()),
    )


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name.lower(): row for row, many in enumerate(names) for name in many.split()}


# Phrases


class _Kind(NamedTuple):
    """The expression of a kind of word, and the words that it may begin with."""

    pattern: str
    starts: frozenset[str]


def _phrases(words: DateWords) -> dict[str, list[tuple[Rule, re.Pattern[str]]]]:
    """Return the phrases by the words that they may begin with."""
    kinds = {**_word_kinds(words), **_number_kinds(words)}
    phrases: dict[str, list[tuple[Rule, re.Pattern[str]]]] = {}
    for rule, many in words.phrases:
        for phrase in many:
            made = _phrase(phrase, kinds)
            pattern = re.compile(made.pattern + r"(?!\w)")
            for start in made.starts:
                phrases.setdefault(start, []).append((rule, pattern))
    return phrases


def _word_kinds(words: DateWords) -> dict[str, _Kind]:
    """Map the kinds of words that phrases are made of to their expressions."""
    singular = [word for many in words.singular.values() for word in many.split()]
    plural = [word for many in words.plural.values() for word in many.split()]
    long = [words.singular[unit] for unit in (Unit.WEEK, Unit.MONTH, Unit.YEAR)]
    return {
        "month": _names(words.months, short=False),
        "mon": _names(words.months, short=True),
        "weekday": _names(words.weekdays, short=False),
        "wd": _names(words.weekdays, short=True),
        "unit": _kind(singular + plural),
        "units": _kind(plural),
        "period": _kind(word for many in long for word in many.split()),
        "part": _kind(word for many in words.parts.values() for word in many),
        "which": _kind(words.which),
        "neighbour": _kind(words.neighbours),
        "shift": _kind(words.shifts),
        "sign": _kind(words.signs),
        "time": _kind(words.times.split()),
        "named": _kind(words.named),
    }


def _number_kinds(words: DateWords) -> dict[str, _Kind]:
    """Map the kinds of words that may be numbers to their expressions."""
    counted = rf"{_GAP}{_any(words.counted.split())}(?!\w)"
    to = _any(f"{words.to} {words.and_} {words.or_}".split())
    joined = rf"(?:{_GAP}{to}{_GAP}|\s?[-–—/]\s?)"
    suffix, of = _any(words.ordinal_suffixes.split()), _any(words.of.split())
    day = (
        rf"(?<![0-9][.,:])[0-3]?[0-9]{suffix}?"
        rf"(?!\w|[.:][0-9]|,[0-9]{{3}}(?![0-9])|%|-[^\W\d]|{counted})"
    )
    year = rf"(?:1[89]|20)[0-9]{{2}}(?!\w|[-–/][0-9]{{1,2}}(?![0-9])|[.,:][0-9]|%|{counted})"
    number = rf"(?:(?<![0-9][.,])[0-9]{{1,3}}|{_any(words.numbers)})"
    iso = r"[12][0-9]{3}(?:-[01][0-9]-[0-3][0-9]|/[01][0-9]/[0-3][0-9])"
    digits = frozenset([_NUMBER])
    return {
        "iso": _Kind(rf"(?<![.-]){iso}(?![-/0-9])", digits),
        "days": _Kind(rf"{day}(?:(?:,{_GAP}{day}){{0,4}},?{joined}{day})?", digits),
        "year": _Kind(rf",?{_GAP}(?:{of}{_GAP})?(?:{year}|{_any(words.years)})", digits),
        "yyyy": _Kind(year, digits),
        "nth": _Kind(
            rf"(?:[0-9]{{1,2}}{suffix}|{_any(words.ordinals)})",
            digits | _kind(words.ordinals).starts,
        ),
        "n": _Kind(
            rf"{number}(?:(?:{_GAP}{to}{_GAP}|-){number})?", digits | _kind(words.numbers).starts
        ),
    }


_ABSORBS_GAP = ("<year>",)
_HYPHENATED = ("<part>",)


def _phrase(phrase: str, kinds: Mapping[str, _Kind]) -> _Kind:
    """Return the expression of a phrase, in which each kind of word is a group of its name."""
    made, gap, starts = "", "", set[str]()
    leads = True
    for token in phrase.split():
        bare = token.removesuffix("?")
        if bare == ",":
            made += ",?" if bare != token else ","
            continue
        pattern, first = _token(bare, kinds)
        starts |= first if leads else set()
        if bare != token and leads:  # with nothing before it, it takes the gap behind it
            made += f"(?:{pattern}{_GAP})?"
            continue
        before = "" if bare in _ABSORBS_GAP else gap
        made += before + pattern if bare == token else f"(?:{before}{pattern})?"
        leads = False
        gap = rf"(?:{_GAP}|-)" if bare in _HYPHENATED else _GAP
    return _Kind(made, frozenset(starts))


def _token(token: str, kinds: Mapping[str, _Kind]) -> _Kind:
    if not token.startswith("<"):
        return _kind(token.split("|"))
    kind = kinds[token[1:-1]]
    return _Kind(f"(?P<{token[1:-1]}>{kind.pattern})", kind.starts)


def _kind(words: Iterable[str]) -> _Kind:
    words = [*words]
    return _Kind(_any(words), _starts(words))


def _starts(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[0].lower() for word in map(_WORD.match, words) if word)


def _any(words: Iterable[str], *, cased: bool = False) -> str:
    """Return the expression of any of some words or phrases, the longest first."""
    alternatives = sorted({*words}, key=lambda word: (-len(word), word))
    joined = "|".join(_GAP.join(map(re.escape, word.split())) for word in alternatives)
    return f"(?:{joined})" if cased else f"(?i:{joined})"


def _names(names: Iterable[str], *, short: bool) -> _Kind:
    """Return the expression of months or weekdays as written, or all in capitals."""
    full = [name.split()[0] for name in names]
    alternatives = [*full, *map(str.upper, full)]
    if short:
        brief = [name for many in names for name in many.split()[1:]]
        alternatives += [rf"{name}\.?" for name in [*brief, *map(str.upper, brief)]]
    alternatives.sort(key=lambda name: (-len(name), name))
    return _Kind(f"(?:{'|'.join(alternatives)})", _starts(alternatives))
