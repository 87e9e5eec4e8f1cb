"""Write the tables of docs/formats.md from the declarations of layers and formats.

    python tools/document_formats.py docs/formats.md

A table stands between `<!-- layers: from data/extracts.py -->`, or one like it, and `<!-- end -->`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from frontmap.data.exporting import FORMATS, Format
from frontmap.data.extracts import LAYERS, Layer

_TABLE = re.compile(r"(<!-- (\w+): from [\w/.]+ -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def layers() -> Iterator[str]:
    """Yield the table of layers."""
    yield "| `--what` | what | rows | geometry |\n|---|---|---|---|\n"
    for layer in LAYERS.values():
        shape = layer.geometry or "none"
        yield f"| `{layer.name}` | {layer.meaning} | {_rows(layer)} | {shape} |\n"


def _rows(layer: Layer) -> str:
    names = {column.name for column in layer.columns}
    if layer.on_day is not None:
        return "intervals, or days"
    if "valid_from" in names:
        return "records, with their own dates"
    return "days (`on`)" if "on" in names else "no dates"


def columns() -> Iterator[str]:
    """Yield a table of columns for each layer."""
    for layer in LAYERS.values():
        yield f"\n`{layer.name}`\n\n| column | type | meaning |\n|---|---|---|\n"
        for column in layer.columns:
            unit = f", {column.unit}" if column.unit else ""
            yield f"| `{column.name}` | {column.type}{unit} | {column.meaning} |\n"
    yield "\n"


def formats() -> Iterator[str]:
    """Yield the table of formats."""
    yield "| file | format | layers | says of itself | command |\n|---|---|---|---|---|\n"
    for each in FORMATS.values():
        count = "several" if each.several else "one"
        where = f"`FILE{each.suffix}.json` beside it" if each.sidecar else each.metadata
        tables = ", also without geometry" if each.tables else ""
        command = f"frontmap export -p syria.gpkg {_example(each)}"
        yield f"| `{each.suffix}` | {each.name} | {count}{tables} | {where} | `{command}` |\n"


def _example(each: Format) -> str:
    """Return what of a command asks for a file of the format."""
    if each.several:
        return f"--what control --what front -o war{each.suffix}"
    return f"--what control -o control{each.suffix}"


def rewritten(text: str) -> str:
    """Return a page with its tables brought up to date."""
    tables = {"layers": layers, "columns": columns, "formats": formats}
    return _TABLE.sub(lambda found: found[1] + "".join(tables[found[2]]()) + found[4], text)


if __name__ == "__main__":
    for page in map(Path, sys.argv[1:]):
        page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
