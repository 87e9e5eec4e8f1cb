"""Write docs/commands.md from the commands' own help, so that the two cannot differ.

python tools/document_commands.py > docs/commands.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from frontmap.cli import main

HEAD = """\
# Commands

Made from the commands' own help (`frontmap COMMAND --help`) by `tools/document_commands.py`.

Data goes to stdout, messages and progress to stderr. Exit codes: 0 done, 1 error, 2 usage,
3 findings. Dates are YYYY-MM-DD; distances are written as `5km`, `500 m` or `3 mi`. What `--json`
prints is described in [json.md](json.md).
"""


def commands(
    group: click.Group = main, prefix: str = "frontmap"
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, as in "frontmap change add"."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *(entry(name, command) for name, command in commands())])


def entry(name: str, command: click.Command) -> str:
    """Return one command's section: usage, help, and a table of its options."""
    arguments = [
        parameter.metavar or (parameter.name or "").upper()
        for parameter in command.params
        if isinstance(parameter, click.Argument)
    ]
    options = [p for p in command.params if isinstance(p, click.Option)]
    usage = " ".join([name, *arguments, *(["[OPTIONS]"] if options else [])])
    text = [f"## {name}", "", f"`{usage}`", "", command.help or "", ""]
    if options:
        text += ["| option | |", "|---|---|", *(row(option) for option in options), ""]
    return "\n".join(text)


def row(option: click.Option) -> str:
    """Return one option's row: its flags with the value, what it does, its default."""
    *short, flag = sorted(option.opts, key=len)
    if not option.is_flag:
        flag += f" {value(option)}"
    text = re.sub(r"\s*\[default: (.*?)\]", r" Default: \1.", option.help or "")
    if option.show_default and option.default:
        text += f" Default: {option.default}."
    cells = [", ".join(f"`{each}`" for each in [*short, flag]), text]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def value(option: click.Option) -> str:
    """Return how an option's value is written in usage."""
    if isinstance(option.type, click.Choice):
        return "|".join(str(choice) for choice in option.type.choices if choice)
    if isinstance(option.type, click.types.IntParamType):
        return "N"
    return option.metavar or {"path": "FOLDER"}.get(option.type.name, option.type.name.upper())


if __name__ == "__main__":
    print(page(), end="")
