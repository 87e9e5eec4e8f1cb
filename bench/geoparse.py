"""Measure toponym recognition with no theatre against a corpus of the LGL format.

usage: python bench/geoparse.py --corpus lgl.xml [--errors]

LGL (Lieberman, Samet and Sankaranarayanan 2010, https://doi.org/10.1109/ICDE.2010.5447903) is
local news of the United States, and no part of this repository. Printed are precision, recall and
F1 of toponyms, where overlapping is enough; the same end to end, where a toponym of known position
has to be found within 161 km (100 miles), too; and the speed after loading, by processor time.
Nothing of frontmap is trained on it.
"""

from __future__ import annotations

import argparse
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from frontmap.data.gazetteer import Gazetteer
from frontmap.geo.reading import Toponym
from frontmap.geo.toponyms import rough_distance_km

NEAR_KM = 161.0


@dataclass(frozen=True, slots=True)
class Gold:
    """A toponym of the corpus; `at` is (lon, lat) where it has a position."""

    start: int
    end: int
    at: tuple[float, float] | None


def read(path: Path) -> list[tuple[str, list[Gold]]]:
    """Return the texts of a corpus with their toponyms."""
    articles = ElementTree.parse(path).getroot().iter("article")
    return [
        (article.findtext("text", ""), [_gold(node) for node in article.iter("toponym")])
        for article in articles
    ]


def _gold(node: ElementTree.Element) -> Gold:
    lat, lon = node.findtext(".//lat"), node.findtext(".//lon")
    at = (float(lon), float(lat)) if lat and lon else None
    return Gold(int(node.findtext("start", "0")), int(node.findtext("end", "0")), at)


def match(found: Sequence[Toponym], gold: Sequence[Gold]) -> list[tuple[Toponym, Gold]]:
    """Return the toponyms that overlap, each taken once, in order."""
    left, pairs = list(found), []
    for wanted in gold:
        hit = next((t for t in left if t.start < wanted.end and wanted.start < t.end), None)
        if hit is not None:
            left.remove(hit)
            pairs.append((hit, wanted))
    return pairs


def is_near(found: Toponym, gold: Gold) -> bool:
    """Say whether a toponym is where the corpus has it, as far as that is known."""
    if gold.at is None:
        return True
    place = found.place
    return place is not None and rough_distance_km((place.lon, place.lat), gold.at) <= NEAR_KM


def f1(right: int, found: int, gold: int) -> str:
    """Return precision, recall and F1 in words."""
    precision, recall = right / max(found, 1), right / max(gold, 1)
    mean = 2 * right / max(found + gold, 1)
    return f"F1 {mean:.3f} (precision {precision:.3f}, recall {recall:.3f})"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Score toponym recognition against LGL.")
    parser.add_argument("--corpus", type=Path, required=True, help="lgl.xml")
    parser.add_argument("--errors", action="store_true", help="list what is missed or wrong")
    options = parser.parse_args()
    if not options.corpus.is_file():
        sys.exit(f"{options.corpus} isn't there; get LGL and give its path with --corpus")
    corpus = read(options.corpus)
    recogniser = Gazetteer.open(progress=lambda line: print(line, file=sys.stderr)).recogniser()
    recogniser.find("Springfield")
    begun = time.process_time()
    found = [recogniser.find(text) for text, _ in corpus]
    seconds = time.process_time() - begun
    overlapping = near = 0
    for (text, gold), toponyms in zip(corpus, found, strict=True):
        pairs = match(toponyms, gold)
        overlapping += len(pairs)
        near += sum(is_near(*pair) for pair in pairs)
        if options.errors:
            print_errors(text, gold, toponyms, pairs)
    count = sum(map(len, found))
    wanted = sum(len(gold) for _, gold in corpus)
    print(f"{len(corpus)} texts, {wanted} toponyms, {count} found")
    print(f"overlap     {f1(overlapping, count, wanted)}")
    print(f"end to end  {f1(near, count, wanted)}")
    print(f"speed       {sum(len(text) for text, _ in corpus) / seconds:,.0f} characters a second")


def print_errors(
    text: str,
    gold: Sequence[Gold],
    found: Sequence[Toponym],
    pairs: Sequence[tuple[Toponym, Gold]],
) -> None:
    """Print each error of a text in its surroundings."""
    hits, reached = {id(t) for t, _ in pairs}, {id(g) for _, g in pairs}
    marked = [("MISSED", g.start, g.end, "") for g in gold if id(g) not in reached]
    marked += [("FALSE", t.start, t.end, str(t.kind)) for t in found if id(t) not in hits]
    marked += [
        ("PLACE", t.start, t.end, f"{t.place and t.place.describe()} not {g.at}")
        for t, g in pairs
        if not is_near(t, g)
    ]
    for what, start, end, note in sorted(marked, key=lambda mark: mark[1]):
        shown = f"{text[max(0, start - 30) : start]}[{text[start:end]}]{text[end : end + 25]}"
        print(what, shown.replace("\n", " "), note)


if __name__ == "__main__":
    main()
