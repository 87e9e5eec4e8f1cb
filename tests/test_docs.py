"""Documentation cannot drift: its commands run, their output is as shown, no command lacks one."""

from __future__ import annotations

import re
from pathlib import Path

import click
import document_commands
import document_formats
import document_notebook
import document_sessions
import pytest

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md"))]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_the_page_shows(
    page: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if page == "docs/postgis.md":
        monkeypatch.setenv("DESK", str(request.getfixturevalue("address")))
    for command, shown in document_sessions.session((ROOT / page).read_text(encoding="utf-8")):
        printed = document_sessions.run(command, tmp_path)
        assert document_sessions.matches(shown, printed), f"$ {command}\n{printed}"


@pytest.mark.parametrize(("name", "command"), list(document_commands.commands()))
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    assert command.help, name
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[-1]}"


def test_every_command_has_its_entry() -> None:
    shown = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert shown == document_commands.page(), "run: python tools/document_commands.py"


def test_tables_of_layers_and_formats_are_what_is_declared() -> None:
    shown = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert "| `control` |" in shown and "| `.pmtiles` |" in shown
    told = "run: python tools/document_formats.py docs/formats.md"
    assert shown == document_formats.rewritten(shown), told


@pytest.mark.slow
def test_the_notebook_prints_what_it_shows(tmp_path: Path) -> None:
    shown = document_notebook.read(ROOT / "docs" / "notebook.ipynb")
    ran = document_notebook.executed(shown, tmp_path)
    told = "run: python tools/document_notebook.py docs/notebook.ipynb"
    assert document_notebook.printed(ran) == document_notebook.printed(shown), told
    outputs = [output for _, outputs in document_notebook.printed(ran) for output in outputs]
    assert len(outputs) >= 8 and not any(text.startswith("stderr: ") for text in outputs)


def test_the_notebook_is_of_no_machine() -> None:
    text = (ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8")
    for told in (str(ROOT), "/home/", "/tmp/", "/root/", "Users", "execution_time", "iopub"):
        assert told not in text


def test_python_shown_runs(syria: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(syria.parent)
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)
    assert len(blocks) >= 2


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("seeds/*/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
