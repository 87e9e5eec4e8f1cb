"""Runs commands of frontmap in forks of a process that has imported all of it, one at a time.

A line of JSON, [arguments, folder], is answered by the number of the process and, when that has
ended, by its exit code and what it wrote to stderr. So a signal after a random time meets the work
of the command, and not the start of Python.
"""

from __future__ import annotations

import json
import os
import pkgutil
import signal
import sys
import tempfile
import traceback
from importlib import import_module

import frontmap.cli
import frontmap.data
import frontmap.geo
import frontmap.maps
from frontmap.__main__ import main


def import_all() -> None:
    """Import whatever commands import when they need it."""
    for package in (frontmap.geo, frontmap.data, frontmap.maps):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    for name in ("geopandas", "pyogrio", "shapely"):
        import_module(name)


def run(arguments: list[str], folder: str, stderr: int) -> None:
    """Run a command in a fork, and end it."""
    code = 1
    try:
        os.chdir(folder)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        os.dup2(stderr, 2)
        sys.argv = ["frontmap", *arguments]
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    """Answer lines until there are no more."""
    import_all()
    # What interrupts the tests is not meant for what they test.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        arguments, folder = json.loads(line)
        with tempfile.TemporaryFile() as stderr:
            number = os.fork()
            if not number:
                run(arguments, folder, stderr.fileno())
            print(number, flush=True)
            code = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
            stderr.seek(0)
            print(json.dumps([code, stderr.read().decode()]), flush=True)


if __name__ == "__main__":
    serve()
