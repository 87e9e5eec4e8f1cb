"""Which of a project's actors a phrase in a text names, if any."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from frontmap.geo.records import Actor

__all__ = ["match_actor"]

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def match_actor(phrase: str, actors: Sequence[Actor], openers: Collection[str] = ()) -> str | None:
    """Return the slug of the actor that a phrase names, None where none is clear.

    An actor is named by its slug, names and aliases; the longest that stands in the phrase counts.
    What it leaves over may qualify it in small letters ("advancing rebel fighters") and be a proper
    name no more: "the Turkish army" is not "the army". `openers` are words in small letters that
    are no names though they may have a capital at the start of a sentence ("Its fighters").
    """
    words = [word.replace("’", "'") for word in _WORD.findall(phrase)]
    folded = [word.casefold() for word in words]
    best: dict[str, int] = {}
    for actor in actors:
        for name in (actor.slug, actor.name, actor.short_name, *actor.aliases):
            wanted = [word.replace("’", "'").casefold() for word in _WORD.findall(name)]
            at = _position(wanted, folded)
            if at is None:
                continue
            rest = words[:at] + words[at + len(wanted) :]
            if not any(word[0].isupper() and word.lower() not in openers for word in rest):
                best[actor.slug] = max(best.get(actor.slug, 0), len(wanted))
    longest = [slug for slug, length in best.items() if length == max(best.values())]
    return longest[0] if len(longest) == 1 else None


def _position(wanted: Sequence[str], words: Sequence[str]) -> int | None:
    """Return where a row of words stands in another, None where it does not."""
    for at in range(len(words) - len(wanted) + 1):
        if wanted and list(words[at : at + len(wanted)]) == list(wanted):
            return at
    return None
