"""How well reports are read: figures for each annotated corpus.

    python bench/read.py [--corpus DIR] [--gold] [--verbose]

Prints a table: claims proposed and found, attributes right of those found, toponyms. Places are
recognised with the gazetteer of the countries that a report is of; with `--gold` toponyms are taken
from the annotation, so that what remains is the reader's own.
"""

from __future__ import annotations

import argparse
import sys
from functools import cache
from pathlib import Path

from scoring import GoldToponyms, Report, Score, read_corpus, score

from frontmap.data.gazetteer import Gazetteer
from frontmap.geo.claims import Finds, read_report
from frontmap.geo.reading import Reading

CORPUS = Path(__file__).parents[1] / "tests" / "reports"
COLUMNS = (
    ("corpus", 14),
    ("reports", 8),
    ("precision", 10),
    ("recall", 7),
    ("false", 6),
    ("changes", 8),
    ("blocked", 9),
    ("actor", 6),
    ("date", 6),
    ("attr.", 6),
    ("status", 7),
    ("km", 6),
    ("place", 6),
    ("toponyms", 9),
    ("located", 8),
)


@cache
def _recogniser(countries: tuple[str, ...]) -> Finds:
    found: Finds = Gazetteer.open().recogniser(countries)
    return found


def _read(report: Report, *, gold: bool) -> Reading:
    recogniser = GoldToponyms(report) if gold else _recogniser(report.countries)
    return read_report(report.text, report.published, recogniser)


def _row(name: str, made: Score) -> str:
    attributes = ("actor", "date", "attribution", "status", "distance", "place")
    cells = (
        name,
        str(made.reports),
        f"{made.precision:.3f}",
        f"{made.recall:.3f}",
        str(len(made.false)),
        str(made.false_changes),
        f"{made.blocked}/{made.others}",
        *(f"{made.rate(attribute):.3f}" for attribute in attributes),
        f"{made.toponyms_f1:.3f}",
        f"{made.end_to_end_f1:.3f}",
    )
    return _line(cells)


def _line(cells: tuple[str, ...]) -> str:
    first, *rest = zip(cells, (width for _, width in COLUMNS), strict=True)
    return first[0].ljust(first[1]) + "".join(cell.rjust(width) for cell, width in rest)


def _print_details(made: Score) -> None:
    for title, lines in (("false", made.false), ("missed", made.missed), ("wrong", made.wrong)):
        for line in lines:
            print(f"{title}  {line}")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of JSON lines")
    parser.add_argument("--gold", action="store_true", help="toponyms as annotated")
    parser.add_argument("--verbose", action="store_true", help="list what is false or missed")
    options = parser.parse_args()
    print(_line(tuple(name for name, _ in COLUMNS)))
    total = Score()
    for path in sorted(options.corpus.glob("*.jsonl")):
        made = score(read_corpus(path), lambda report: _read(report, gold=options.gold))
        print(_row(path.stem, made))
        total += made
    print(_row("all", total))
    if options.verbose:
        _print_details(total)
    return 0


if __name__ == "__main__":
    sys.exit(main())
