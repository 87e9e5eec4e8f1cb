"""A plain reader of reports, for what reads many: real readings, of a few patterns."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from frontmap.data.archive import Document
from frontmap.data.batch import Reader
from frontmap.geo.errors import InputError
from frontmap.geo.reading import (
    Basis,
    Claim,
    ClaimDate,
    ClaimStatus,
    Kind,
    Reading,
    Relation,
    Toponym,
    ToponymMatch,
)
from frontmap.geo.records import Place

PLACES = {
    name: Place(f"test:{name.lower()}", name, 36 + n / 10, 34.5, "XX", "West")
    for n, name in enumerate(("Alton", "Belford", "Carden", "Dunmore"))
}
_CLAIM = re.compile(
    r"(?:If )?(?P<actor>[Tt]he (?:rebels|army)) (?P<verb>captured?|entered|withdrew from) "
    r"(?P<place>[A-Z]\w+)"
)
_RELATIONS = {"captured": "captured", "capture": "captured", "entered": "entered"}


def plain_reader(version: str = "plain 1", killed: Path | None = None, slow_s: float = 0) -> Reader:
    """Return a reader; with `killed`, it kills its process once, and leaves that file behind."""
    return Reader(version, partial(_open, killed, slow_s))


def _open(killed: Path | None, slow_s: float) -> Callable[[Document], Reading]:
    return partial(_read, killed, slow_s)


def _read(killed: Path | None, slow_s: float, document: Document) -> Reading:
    time.sleep(slow_s)
    if "KILL" in document.text and killed is not None and not killed.exists():
        killed.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "\0" in document.text:
        raise InputError("it is\nbinary")
    if "FAULT" in document.text:
        raise KeyError("fault")
    claims = [_claim(found, document) for found in _CLAIM.finditer(document.text)]
    return Reading([claim.place for claim in claims], claims)


def _claim(found: re.Match[str], document: Document) -> Claim:
    place = PLACES.get(found["place"])
    match = ToponymMatch.EXACT if place else ToponymMatch.UNRESOLVED
    is_hypothetical = found[0].startswith("If ")
    return Claim(
        Toponym(found["place"], *found.span("place"), Kind.SETTLEMENT, match, place),
        Relation(_RELATIONS.get(found["verb"], "withdrew")),
        ClaimStatus.HYPOTHETICAL if is_hypothetical else ClaimStatus.ASSERTED,
        ClaimDate(None, document.published, Basis.NONE),
        found[0],
        *found.span(),
        rule=found["verb"],
        actor=found["actor"],
        reason="only if" if is_hypothetical else None,
        warnings=() if place else ("no such place",),
    )
