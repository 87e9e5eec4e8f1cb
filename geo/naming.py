"""GeoNames' alternate names: which of them are names, in which language, and which are one.

The gazetteer that ships is compiled by these rules, and dumps that users import are read by them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from frontmap.geo.toponyms import fold, key

__all__ = ["distinct", "is_name", "language"]

ARABIC_SPEAKING = frozenset(
    {"AE", "BH", "DZ", "EG", "EH", "IQ", "JO", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA"}
    | {"SA", "SD", "SY", "TN", "YE"}
)
#: Letters that Arabic doesn't have, though other languages in its script do.
NOT_ARABIC = frozenset("پچژگکیہڕۆەێڵڤٹڈڑےںھڭڤ")
#: Not "і", which Belarusian, Kazakh and Russian before 1918 have too.
ONLY_UKRAINIAN = frozenset("їєґЇЄҐ")
#: What Ukrainian spells otherwise: Донецьк, Луганський, Мар'їнка.
RUSSIAN_SPELLING = re.compile("[сц]к(ий|ая|ое|ие)?$|ь[яюиеэ]")
NOT_UKRAINIAN = frozenset("ыэёъўЫЭЁЪЎӏҚқҒғҺһӘәӨөҮүҰұ")
#: Scripts that one country writes one language in.
NATIONAL_SCRIPTS = {
    ("HEBREW", "IL"): "he",
    ("GREEK", "GR"): "el",
    ("GREEK", "CY"): "el",
    ("GEORGIAN", "GE"): "ka",
    ("ARMENIAN", "AM"): "hy",
    ("HANGUL", "KR"): "ko",
    ("HANGUL", "KP"): "ko",
    ("HIRAGANA", "JP"): "ja",
    ("KATAKANA", "JP"): "ja",
    ("THAI", "TH"): "th",
    ("KHMER", "KH"): "km",
    ("LAO", "LA"): "lo",
    ("BENGALI", "BD"): "bn",
    ("SINHALA", "LK"): "si",
}  # fmt: skip
#: The Ukrainian national system of romanisation (resolution 55 of 27 January 2010), by letters.
ROMANISED = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
    "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia",
}  # fmt: skip


def script(name: str) -> str:
    """Return the script of a name's first letter as Unicode calls it, "" without letters."""
    letter = next((letter for letter in name if letter.isalpha()), "")
    return unicodedata.name(letter, "").split(" ")[0] if letter else ""


def language(name: str, country: str, official: str) -> str:
    """Tell a name's language where that can be told, else "".

    `official` is GeoNames' main name; in Ukraine it is the Ukrainian name, romanised, which tells
    Ukrainian names without a letter of their own from Russian ones.
    """
    written = script(name)
    if written == "ARABIC":
        return _arabic_script_language(name, country)
    if written == "CYRILLIC" and country == "UA":
        return "uk" if _is_ukrainian(name, official) else ""
    return NATIONAL_SCRIPTS.get((written, country), "")


def _is_ukrainian(name: str, official: str) -> bool:
    if NOT_UKRAINIAN & set(name) or RUSSIAN_SPELLING.search(name):
        return False
    romanised = "".join(ROMANISED.get(letter, letter) for letter in name.casefold())
    return bool(ONLY_UKRAINIAN & set(name)) or key(romanised) == key(official)


def _arabic_script_language(name: str, country: str) -> str:
    if country in ARABIC_SPEAKING:
        return "" if NOT_ARABIC & set(name) else "ar"
    if country == "IR" and set("پچژگکی") & set(name) and not set("كيىةۆەێڵڕ") & set(name):
        return "fa"
    return ""


def is_name(text: str) -> bool:
    """Tell a name from a transcription in small Latin letters, a code, and what can't be stored."""
    if script(text) == "LATIN" and (text == text.lower() or re.fullmatch("[A-Z]{3,4}", text)):
        return False
    return bool(fold(text)) and not re.search(r"[\t\n\r|@]|https?:", text)


def distinct(names: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Keep the first of the names that fold alike, in their order."""
    first: dict[str, tuple[str, str]] = {}
    for name, lang in names:
        first.setdefault(fold(name), (name, lang))
    return tuple(first.values())
