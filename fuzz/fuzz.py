"""Coverage-guided fuzzing of what reads strangers' bytes.

    python fuzz/fuzz.py door --seconds 60        # or: toponyms, claims, geometries, all

A target may end in an error of frontmap's own, which is a line that a user can act on; anything
else ends the run with the input that did it, as build/fuzz/TARGET/crash-…. Inputs are mutated from
those in fuzz/corpus/TARGET, where one that found a fault goes with its mending, and from those that
earlier runs kept in build/fuzz. Needs `pip install 'frontmap[fuzz]'`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["frontmap"]):
    from frontmap.data import geopackage
    from frontmap.data.areas import areas
    from frontmap.data.door import read_layers
    from frontmap.data.guards import FORMATS
    from frontmap.geo.claims import read_report
    from frontmap.geo.errors import FrontmapError
    from frontmap.geo.recognition import Recogniser
    from frontmap.geo.records import Actor, Place, PlaceName
    from frontmap.geo.senses import Known
    from frontmap.geo.shapes import check_areas, check_points
    from frontmap.geo.toponyms import Index

HERE = Path(__file__).parent
#: An input is small, and so are its time and the memory that reading it takes.
LIMITS = ("-timeout=30", "-rss_limit_mb=2048", "-max_len=20000", "-print_final_stats=1")
SUFFIXES = tuple(suffix for form in FORMATS for suffix in form.suffixes)


def door(data: bytes) -> None:
    """Read a file of any suffix, which the first byte chooses, and check its geometries."""
    if not data:
        return
    suffix = SUFFIXES[data[0] % len(SUFFIXES)]
    with tempfile.TemporaryDirectory() as folder, suppress(FrontmapError):
        path = Path(folder, f"given{suffix}")
        path.write_bytes(data[1:])
        for layer in read_layers(path):
            for check in (check_areas, check_points):
                if layer.geometries is not None:
                    check(layer.geometries, layer.where, broken=layer.broken)


def toponyms(data: bytes) -> None:
    """Look any name up, exactly and by likeness."""
    name = data.decode("utf-8", "replace")
    with suppress(FrontmapError):
        index().resolve(name)
    for match in index().search(name, limit=5):
        if not 0 <= match.score <= 100:
            raise AssertionError(f"{name!r}: {match}")


def claims(data: bytes) -> None:
    """Read any text; what is quoted must stand there."""
    text = data.decode("utf-8", "replace")
    reading = read_report(text, date(2024, 12, 6), recogniser(), actors=ACTORS)
    for claim in reading.claims:
        if text[claim.start : claim.end] != claim.quote:
            raise AssertionError(f"{text!r}: {claim}")


def geometries(data: bytes) -> None:
    """Decode any blob; what is decoded is encoded again as what it was, in a box that fits."""
    with suppress(FrontmapError):
        geopackage.bounds_of(data)
        geometry = geopackage.decode_geometry(data)
        again = geopackage.decode_geometry(geopackage.encode_geometry(geometry))
        if again.is_valid and not again.equals(geometry):
            raise AssertionError(f"{data.hex()}: {geometry} became {again}")


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (door, toponyms, claims, geometries)
}

ACTORS = [
    Actor("army", "The Army", "Army", "government", "#e42536", aliases=("government forces",)),
    Actor("rebels", "The Rebels", "Rebels", "opposition", "#5790fc", "/"),
]
PLACES = [
    Place("geonames:1", "Homs", 36.7, 34.7, "SY", "Homs", 775_404, (PlaceName("حمص", "ar"),)),
    Place("geonames:2", "Tell Bisse", 36.7, 34.8, "SY", "Homs", 30_000, (PlaceName("Talbisseh"),)),
    Place("geonames:3", "Al Qusayr", 36.6, 34.5, "SY", "Homs", 29_818),
    Place("geonames:4", "Kharkiv", 36.3, 50.0, "UA", "", 1_430_885, (PlaceName("Харків", "uk"),)),
]


@cache
def index() -> Index:
    """Return the names of some places."""
    return Index(PLACES)


@cache
def recogniser() -> Recogniser:
    """Return what finds those places in a text."""
    return Recogniser(Known(index()), areas(("SY", "UA"), {}), theatre=("SY", "UA"))


def run_all(seconds: int, seed: int) -> None:
    """Run each target in a process of its own for its share of the time; end at a fault."""
    for target in TARGETS:
        share = str(max(1, seconds // len(TARGETS)))
        line = [sys.executable, __file__, target, "--seconds", share, "--seed", str(seed)]
        subprocess.run(line, check=True)


def main() -> None:
    """Run a target, or all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0, help="0 is another one each time")
    asked = parser.parse_args()
    if asked.target == "all":
        run_all(asked.seconds, asked.seed)
        return
    found = Path("build/fuzz", asked.target)
    found.mkdir(parents=True, exist_ok=True)
    seeds = HERE / "corpus" / asked.target
    folders = [str(found), str(seeds)]
    options = [f"-max_total_time={asked.seconds}", f"-artifact_prefix={found}/"]
    options.append(f"-seed={asked.seed}")
    print(f"fuzzing {asked.target} for {asked.seconds} s", flush=True)
    atheris.Setup([sys.argv[0], *folders, *options, *LIMITS], TARGETS[asked.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
