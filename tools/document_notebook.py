"""Run a documentation's notebook, and write what its cells print into it.

    python tools/document_notebook.py docs/notebook.ipynb

It runs in an empty folder with a kernel of its own. What is kept of it is what can be read without
running it and is the same on every machine: text and tables, but no pages of maps, times or paths.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

#: Longer HTML is a page, not a table.
_LONGEST_TABLE = 20_000
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def read(path: Path) -> Any:
    """Return a notebook in version 4 of the format."""
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def executed(notebook: Any, folder: Path) -> Any:
    """Run every cell in order in a folder, and return the notebook with its outputs, tidied.

    Raises CellExecutionError where a cell fails.
    """
    ran = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        ran,
        kernel_name=_KERNEL["name"],
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        timeout=300,
    )
    client.execute()
    ran["metadata"] = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    for number, cell in enumerate(ran["cells"], 1):
        cell["id"] = f"cell-{number}"
        cell["metadata"] = {}
        for output in cell.get("outputs", ()):
            _tidy(output)
    return ran


def _tidy(output: Any) -> None:
    data = output.get("data", {})
    for kind in set(data) - {"text/plain", "text/html"}:
        del data[kind]
    if len(data.get("text/html", "")) > _LONGEST_TABLE:
        del data["text/html"]


def printed(notebook: Any) -> list[tuple[str, list[str]]]:
    """Return the source of each code cell, and what it prints, as text of single spaces."""
    return [
        (cell["source"], [" ".join(_text(output).split()) for output in cell["outputs"]])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]


def _text(output: Any) -> str:
    if output["output_type"] == "stream":
        return f"{output['name']}: {output['text']}"
    return str(output["data"]["text/plain"])


if __name__ == "__main__":
    for page in map(Path, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as empty:
            nbformat.write(executed(read(page), Path(empty)), page)  # type: ignore[no-untyped-call]
