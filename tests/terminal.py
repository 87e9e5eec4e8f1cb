"""A terminal of a given size in which a test runs the real program, presses keys, and reads."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte

#: A slow machine draws a screen within this many seconds.
PATIENCE_S = 30

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "end": "\x1b[F",
    "tab": "\t",
    "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
    "clear": "\x15",
}


class Terminal:
    """The program's screen and keyboard."""

    def __init__(self, child: pexpect.spawn, columns: int, rows: int) -> None:
        """Take the program's end of a pseudo-terminal."""
        self.child = child
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)

    @property
    def text(self) -> str:
        """What is on the screen, lines stripped."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, *keys: str) -> None:
        """Press keys: names of `KEYS`, else text to type."""
        for key in keys:
            self.child.send(KEYS.get(key, key))

    def until(self, wanted: str) -> str:
        """Read until the screen shows `wanted`, and return what is on it then."""
        self._read_while(lambda: wanted not in self.text, f"no {wanted!r}")
        return self.text

    def until_gone(self, unwanted: str) -> str:
        """Read until the screen no longer shows `unwanted`, and return what is on it then."""
        self._read_while(lambda: unwanted in self.text, f"still {unwanted!r}")
        return self.text

    def _read_while(self, waiting: Callable[[], bool], problem: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while waiting():
            assert time.monotonic() < deadline, f"{problem} on the screen:\n{self.text}"
            try:
                self._stream.feed(self.child.read_nonblocking(65536, timeout=0.2))
            except pexpect.TIMEOUT:
                continue

    def ended(self) -> tuple[int | None, str]:
        """Wait for the program to end; return its exit code and what it printed last."""
        rest = self.child.read()
        self.child.close()
        return self.child.exitstatus, rest.decode(errors="replace")


@contextmanager
def terminal(
    *args: str | Path, size: tuple[int, int] = (80, 24), env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Run `frontmap` with arguments in a terminal of (columns, rows)."""
    columns, rows = size
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "frontmap.cli", *map(str, args)],
        env={**plain, "TERM": "xterm-256color", **(env or {})},
        dimensions=(rows, columns),
        timeout=PATIENCE_S,
    )
    try:
        yield Terminal(child, columns, rows)
    finally:
        child.close(force=True)
