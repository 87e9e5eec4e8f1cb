"""`frontmap`, and `python -m frontmap`."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command. Before and after its work Ctrl-C ends the process at once, and silently."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from frontmap.cli import main as command

    command()


if __name__ == "__main__":
    main()
