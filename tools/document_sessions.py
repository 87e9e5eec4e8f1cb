"""Run the console sessions of documentation pages, and write what they print into them.

    python tools/document_sessions.py README.md docs/tutorial.md

A session is all ```console blocks of a page, run in order in one empty folder. A line "..." below a
command stands for any lines, and a command without output below it may print what it likes; both
are left as they are.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

_BLOCK = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL)
ANY_LINES = "..."


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block, as written, with the output shown below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        length = next(n for n, line in enumerate(lines, 1) if not line.endswith("\\\n"))
        yield "".join(lines[:length]).rstrip("\n"), "".join(lines[length:])


def session(text: str) -> list[tuple[str, str]]:
    """Return every command of a page with its output, in order."""
    return [pair for block in _BLOCK.findall(text) for pair in commands(block)]


def run(command: str, folder: Path) -> str:
    """Run one command as a shell would, and return what it prints to either stream."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONWARNINGS": "error"}
    environment.pop("FRONTMAP_PROJECT", None)
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n" * bool(done.stdout)


def matches(shown: str, printed: str) -> bool:
    """Say whether what a page shows stands for what a command printed."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == ANY_LINES else re.escape(line) + r"\n"
        for line in shown.splitlines()
    )
    return not shown or re.fullmatch(pattern, printed) is not None


def rewritten(text: str, folder: Path) -> str:
    """Return a page with the output of its commands brought up to date."""

    def rerun(block: re.Match[str]) -> str:
        parts = []
        for command, shown in commands(block[1]):
            printed = run(command, folder)
            keep = not shown or ANY_LINES in shown.splitlines()
            parts.append(f"$ {command}\n{shown if keep else printed}")
        return "".join(parts)

    return _BLOCK.sub(rerun, text)


if __name__ == "__main__":
    for page in map(Path, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(
                rewritten(page.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8"
            )
