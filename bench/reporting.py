"""What benchmarks have in common: runs in turn, medians, one table, JSON with versions."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["Result", "progress", "report", "seconds_in_turn", "table", "versions"]


@dataclass(frozen=True, slots=True)
class Result:
    """One way to do `what`: the median of its runs, as a ratio to the first way of its group.

    `max_error` is None where there is none to tell, else against a reference, in `unit`. `note`
    says what the figures do not.
    """

    what: str
    way: str
    seconds: float
    ratio: float
    max_error: float | None
    unit: str
    note: str = ""


def seconds_in_turn(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Run each of several ways in turn, `rounds` times; return the median seconds of each.

    In turn, because a machine that is busy for a while then slows down all alike.
    """
    taken = {name: list[float]() for name in ways}
    for number in range(rounds):
        for name, run in ways.items():
            progress(f"{name}, run {number + 1} of {rounds}")
            begun = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - begun)
    return {name: median(seconds) for name, seconds in taken.items()}


def progress(doing: str) -> None:
    """Say on stderr what is being done."""
    print(f"  {doing} …", file=sys.stderr, flush=True)


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of packages that are installed, and of Python."""
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def table(results: Sequence[Result]) -> str:
    """Return the results as a table in Markdown."""
    lines = ["| what | way | relative time | max error | |", "|---|---|---:|---:|---|"]
    for row in results:
        error = "-" if row.max_error is None else f"{row.max_error:,.2g} {row.unit}"
        if row.max_error is not None and row.max_error >= 100:
            error = f"{row.max_error:,.0f} {row.unit}"
        ratio = f"{row.ratio:,.0f}" if row.ratio >= 10 else f"{row.ratio:.2g}"
        lines.append(f"| {row.what} | {row.way} | {ratio} | {error} | {row.note} |")
    return "\n".join(lines)


def report(results: Sequence[Result], about: Mapping[str, Any], output: Path | None) -> None:
    """Print the table, and write all there is to know as JSON where an `output` is given."""
    print(table(results))
    whole = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        **about,
        "results": [asdict(row) for row in results],
    }
    print(json.dumps({name: value for name, value in whole.items() if name != "results"}))
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
