"""The table of docs/reliability.md names tests that there are, and every fault has its row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "reliability.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| fault")
]


def assigned(tree: ast.Module) -> list[ast.Name]:
    """Return the names that a module gives to what it makes: the test of a state machine is one."""
    targets = [one for node in tree.body if isinstance(node, ast.Assign) for one in node.targets]
    return [target for target in targets if isinstance(target, ast.Name)]


def test_every_named_test_exists() -> None:
    named = [name for row in ROWS for name in re.findall(r"`(\w+\.py)::(\w+)`", row[2])]
    assert named
    for file, name in named:
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        assert name in {getattr(node, "name", None) for node in tree.body} or (
            name in {target.id for target in assigned(tree)}
        ), f"{file}::{name}"


def test_a_row_without_a_test_says_so() -> None:
    for _, answer, test in ROWS:
        assert (answer == "none yet") == (test == "")


def test_every_fault_has_a_row() -> None:
    seen: set[int] = set()
    for fault, _, _ in ROWS:
        if number := re.match(r"(\d+)–(\d+)\.", fault):
            seen |= set(range(int(number[1]), int(number[2]) + 1))
        elif numbers := re.match(r"(\d+(?:, \d+)*)\.", fault):
            seen |= {int(each) for each in numbers[1].split(", ")}
    assert seen == set(range(1, 31))
