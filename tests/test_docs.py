"""Documentation cannot drift: its commands run, their output is as shown, no command lacks one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import document_commands
import pytest

ROOT = Path(__file__).parent.parent
#: Pages whose ```console blocks are sessions: run in order, each page in a folder of its own.
SESSIONS = ["README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md"))]


def session(page: str) -> Iterator[tuple[str, str]]:
    """Yield each `$ command` of a page's console blocks with the output shown below it."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.replace("\\\n", "").partition("\n")
            yield command, output


@pytest.mark.slow
@pytest.mark.parametrize("page", SESSIONS)
def test_commands_print_what_the_page_shows(page: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
    }
    environment.pop("FRONTMAP_PROJECT", None)
    for command, shown in session(page):
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert matches(shown, done.stdout), f"$ {command}\n{done.stdout}"


def matches(shown: str, printed: str) -> bool:
    """Compare output line by line; a line "..." in the docs stands for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"[ ]*\n"
        for line in shown.rstrip("\n").splitlines()
    )
    return re.fullmatch(pattern, printed) is not None


@pytest.mark.parametrize(("name", "command"), list(document_commands.commands()))
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    assert command.help, name
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[-1]}"


def test_every_command_has_its_entry() -> None:
    shown = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert shown == document_commands.page(), "run: python tools/document_commands.py"


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("seeds/*/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_console_commands_are_quoted_right() -> None:
    for page in SESSIONS:
        for command, _ in session(page):
            assert shlex.split(command)
