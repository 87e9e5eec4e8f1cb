"""Which language a text is in, roughly: by its script, then by letters and by the commonest words.

It need only tell a report that can be read from one that cannot. A text too short, or in a
language that is not listed, is "und" (undetermined), never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

__all__ = ["UNDETERMINED", "detect"]

UNDETERMINED = "und"

#: So much of a text tells its language.
_SAMPLE_CHARACTERS = 20_000
#: Fewer letters of a script than this share do not make it the text's.
_SCRIPT_SHARE = 0.5
#: A text must have so many words, and this share of them must be a language's commonest …
_LEAST_WORDS, _LEAST_SHARE = 4, 0.12
#: … and so many times as many as of the next language.
_CLEAR_LEAD = 1.3

#: Scripts that are of one language, by the word that begins their letters' Unicode names.
_BY_SCRIPT = {
    "HEBREW": "he",
    "GREEK": "el",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am",
    "MYANMAR": "my",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "THAI": "th",
}

#: The commonest short words of each language, by script; telling ones, not all of them.
_WORDS = {
    "LATIN": {
        "en": "the of and to in that is was for on with as by at from were has have said which "
        "they it an be this had after who their been not are will its",
        "fr": "le la les des et en du une dans que qui pour sur par est au plus avec sont été ont "
        "aux ce cette selon mais leur ses ne pas un",
        "es": "el la los las de del y en que un una por con para se su al es fue lo como más según "
        "sus ha han entre sobre pero no",
        "de": "der die das und in den von zu mit dem des im auf für ist nicht ein eine sich als "
        "auch nach wurde wurden hat haben bei am sie aus an",
        "it": "il di che la e del della in un una per con sono è nel dei le gli alla da si al "
        "dalla ha hanno anche dopo più non",
        "pt": "o de que e do da em um uma para com não os as no na por mais dos se foi ao das à "
        "são como sua também pela pelo",
        "nl": "de het een van en in is dat op te zijn met voor niet aan er door ook bij naar maar "
        "werd heeft hebben om uit",
        "pl": "w i na z się że do nie jest po przez za od dla są jak przed został oraz ich tym "
        "przy był była",
        "tr": "ve bir bu için ile da de olarak daha sonra olan kadar gibi göre ise çok tarafından "
        "olduğu etti en ancak üzerinde karşı ettiğini",
    },
    "CYRILLIC": {
        "ru": "и в не на что с по как из за от к для это был было были его их о у после также "
        "при но что-то только уже она они",
        "uk": "і в не на що з та по як із за від до для це був було були його їх про у після також "
        "під але й є вже вона вони",
    },
    "ARABIC": {
        "ar": "في من على إلى أن التي عن مع الذي هذا هذه ما كان قد بعد بين كما حيث ذلك قال وقال لم "
        "خلال أو عند تم قبل",
        "fa": "در به از که این را با است و آن برای بر خود تا یک شد کرد شده است، می های",
        "ur": "کے میں کی ہے اور سے کا کو پر نے کہ ہیں یہ بھی تھا گیا",
    },
}
_COMMON = {
    script: {language: frozenset(words.split()) for language, words in languages.items()}
    for script, languages in _WORDS.items()
}
#: Letters that the language does not have, whatever its words seem to be.
_FOREIGN_LETTERS = {"ru": "іїєґ", "uk": "ыэъё", "ar": "پچگژےںٹڈ", "fa": "ےںٹڈ"}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def detect(text: str) -> str:
    """Return the BCP 47 code of a text's language, or "und" where it is not clear.

    It tells English, Arabic, Russian, Ukrainian, French, Spanish, German, Italian, Portuguese,
    Dutch, Polish, Turkish, Persian and Urdu apart, and languages with a script of their own.
    """
    sample = unicodedata.normalize("NFC", text[:_SAMPLE_CHARACTERS]).casefold()
    script = _script(sample)
    if script in _BY_SCRIPT:
        return _BY_SCRIPT[script]
    return _by_words(sample, script) if script in _COMMON else UNDETERMINED


def _script(sample: str) -> str:
    letters = Counter(filter(str.isalpha, sample))
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]] += count
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > scripts["CJK"] / 4:
        return "HIRAGANA"  # Japanese mixes its syllables with Chinese signs
    script, count = max(scripts.items(), key=lambda item: item[1], default=("", 0))
    return script if count > _SCRIPT_SHARE * scripts.total() else ""


def _by_words(sample: str, script: str) -> str:
    words = Counter(_WORD.findall(sample))
    found: dict[str, int] = {}
    for language, common in _COMMON[script].items():
        foreign = sum(sample.count(letter) for letter in _FOREIGN_LETTERS.get(language, ""))
        found[language] = (
            sum(map(words.__getitem__, common)) if foreign <= words.total() / 50 else 0
        )
    (best, count), (_, following) = Counter(found).most_common(2)
    clear = count > 0 and count >= max(_LEAST_SHARE * words.total(), _CLEAR_LEAD * following)
    return best if clear and words.total() >= _LEAST_WORDS else UNDETERMINED
