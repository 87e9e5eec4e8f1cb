"""What benchmarks have in common: runs in turn, medians, goals, one table, JSON with versions."""

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

__all__ = ["Result", "beside", "progress", "report", "seconds_in_turn", "table", "versions"]

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Result:
    """One way to do `what`, and what it took: a median of seconds, or another `value` in `unit`.

    `ratio` is that to the first way of its group, which is the one that the others are measured
    against; `at_least` is the goal for it. `at_most` is a goal for the value itself. `error` is the
    greatest against a reference, in `error_unit`. `note` says what the figures do not. `points` are
    pairs of a size and seconds where `value` is the power by which the latter grow.
    """

    what: str
    way: str
    value: float
    unit: str = "s"
    ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    error: float | None = None
    error_unit: str = "m"
    note: str = ""
    points: tuple[tuple[int, float], ...] = ()

    @property
    def missed_by(self) -> float | None:
        """How many times off its goal it is, 1 or less if that is met; None without a goal."""
        if self.at_least is not None and self.ratio is not None:
            return self.at_least / self.ratio
        if self.at_most is None:
            return None
        if self.value <= self.at_most:
            return 1.0
        return self.value / self.at_most if self.at_most else float("inf")


def beside(
    what: str,
    values: Mapping[str, float],
    *,
    unit: str = "s",
    at_least: Mapping[str, float] = _NOTHING,
    errors: Mapping[str, float] = _NOTHING,
    error_unit: str = "m",
    notes: Mapping[str, str] = _NOTHING,
) -> list[Result]:
    """Put ways beside the first; `at_least` is how many times its value each should have."""
    first = next(iter(values.values()))
    return [
        Result(
            what,
            way,
            value,
            unit,
            value / first,
            at_least.get(way),
            error=errors.get(way),
            error_unit=error_unit,
            note=notes.get(way, ""),
        )
        for way, value in values.items()
    ]


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
    """Return the results as a table in Markdown, a line each, and how many goals are met."""
    lines = [
        "| what | way | took | relative | goal | met | max error | |",
        "|---|---|---:|---:|---:|---|---:|---|",
        *map(_line, results),
    ]
    goals = [row.missed_by for row in results if row.missed_by is not None]
    met = sum(missed <= 1 for missed in goals)
    return "\n".join([*lines, "", f"{met} of {len(goals)} goals met."])


def _line(row: Result) -> str:
    goal = met = ""
    if row.at_least is not None:
        goal = f"≥ {_figure(row.at_least)}"
    elif row.at_most is not None:
        goal = f"≤ {_figure(row.at_most)} {row.unit}"
    if row.missed_by is not None:
        met = "yes" if row.missed_by <= 1 else f"missed {_figure(row.missed_by)}×"
    took = f"{_figure(row.value)} {row.unit}"
    ratio = "" if row.ratio is None else _figure(row.ratio)
    error = "" if row.error is None else f"{_figure(row.error)} {row.error_unit}"
    cells = (row.what, row.way, took, ratio, goal, met, error, row.note)
    return f"| {' | '.join(cells)} |"


def _figure(value: float) -> str:
    """Write a number with about two digits that count, and none lost before the point."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.2g}"


def report(results: Sequence[Result], about: Mapping[str, Any], output: Path | None) -> None:
    """Print the table, and write all there is to know as JSON where an `output` is given."""
    print(table(results))
    whole = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        **about,
    }
    print(json.dumps(whole))
    if output:
        rows = [{**asdict(row), "missed_by": row.missed_by} for row in results]
        output.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**whole, "results": rows}, indent=1)
        output.write_text(text + "\n", encoding="utf-8")
