"""Draw how costs grow, from the JSON that `bench/run.py growth --json` writes.

    python tools/plot_growth.py results.json docs/images/growth.svg

A panel for each thing that grows (changes, places, days), a line for each cost, with the power of
its growth: sizes and milliseconds on logarithmic axes, where what is linear runs along the dotted
lines.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter

from frontmap.maps.style import PALETTE

_GROWTH = "Growth of "
_MARKS = "os^DvP"
_KINDS = ("changes", "places", "days")


def main() -> None:
    """Run the command line."""
    if len(sys.argv) != 3:
        sys.exit("usage: plot_growth.py results.json growth.svg")
    results = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["results"]
    rows = [row for row in results if row["points"]]
    if not rows:
        sys.exit(f"{sys.argv[1]}: no growth in it; write it with bench/run.py growth --json")
    draw(rows, Path(sys.argv[2]))


def draw(rows: list[dict[str, Any]], output: Path) -> None:
    """Draw rows of results that have points."""
    by_kind = defaultdict[str, list[dict[str, Any]]](list)
    for row in rows:
        by_kind[row["way"].split()[-1]].append(row)
    whats = list(dict.fromkeys(row["what"] for row in rows))
    styles = {what: (PALETTE[n % 6], _MARKS[n % 6]) for n, what in enumerate(whats)}
    plt.rcParams.update({"font.family": "DejaVu Sans", "mathtext.fontset": "dejavusans"})
    plt.rcParams.update({"font.size": 10, "svg.hashsalt": "growth", "svg.fonttype": "path"})
    figure, panels = plt.subplots(1, 3, figsize=(10, 4.8), sharey=True, layout="constrained")
    for panel, kind in zip(panels, _KINDS, strict=True):
        _panel(panel, kind, by_kind[kind], styles)
    panels[0].set_ylabel("milliseconds")
    handles = {
        what.removeprefix(_GROWTH): Line2D([], [], color=colour, marker=mark)
        for what, (colour, mark) in styles.items()
    }
    handles["linear"] = Line2D([], [], color="0.6", linestyle=":")
    figure.legend(handles.values(), handles, loc="outside lower center", ncols=3, frameon=False)
    figure.savefig(output, metadata={"Date": None} if output.suffix == ".svg" else None)


def _panel(
    panel: Axes, kind: str, rows: list[dict[str, Any]], styles: dict[str, tuple[str, str]]
) -> None:
    panel.set(xscale="log", yscale="log", title=f"more {kind}", xlabel=kind)
    panel.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
    panel.xaxis.set_minor_formatter(NullFormatter())
    panel.yaxis.set_minor_formatter(NullFormatter())
    panel.xaxis.set_major_formatter("{x:,.0f}")
    panel.yaxis.set_major_formatter("{x:,.0f}")
    panel.grid(color="0.92", which="both")
    panel.spines[["top", "right"]].set_visible(False)
    for row in rows:
        sizes, seconds = zip(*row["points"], strict=True)
        colour, mark = styles[row["what"]]
        panel.plot(sizes, [1000 * each for each in seconds], color=colour, marker=mark)
        linear = [1000 * seconds[0] * size / sizes[0] for size in sizes]
        panel.plot(sizes, linear, color="0.6", linestyle=":", linewidth=1, zorder=1)
        panel.annotate(
            f"{row['value']:.2f}",
            (sizes[-1], 1000 * seconds[-1]),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    panel.margins(x=0.18)


if __name__ == "__main__":
    main()
