"""How much sooner two workers do a large job than one process, and that it comes to the same.

Each job is a command in a new process, first alone, then with `--workers 2`; starting the workers
counts. What both write must be equal byte for byte.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from articles import write_articles
from control import differences
from fronts import Scene
from projects import make_project, many_places
from reporting import Result, beside, progress, seconds_in_turn

__all__ = ["measure"]

_ALONE, _SHARED = "alone", "two workers"
_GOAL = 1.6
_THEATRES = 6
_TARGETS = 40
_SITE_DAYS = 24
_ARTICLES = 4_000

#: Given the number of workers and where to write: the arguments of a command.
Job = Callable[[int, Path], Sequence[str]]


def jobs(scene: Scene, folder: Path) -> dict[str, Job]:
    """Prepare what is shared: distances in several theatres, a site, an archive of reports."""
    progress("projects and articles")
    workload = differences(scene.days)
    places = many_places(580)
    first = make_project(folder / "theatre-0.gpkg", workload, places)
    theatres = [folder / f"theatre-{number}.gpkg" for number in range(_THEATRES)]
    for copy in theatres[1:]:
        shutil.copy(first, copy)
    names = [place.id for place in places[:_TARGETS]]
    dates = workload.dates
    span = ["--since", dates[0].isoformat(), "--until", dates[-1].isoformat()]
    in_projects = [word for path in theatres for word in ("-p", str(path))]
    articles = folder / "articles.jsonl"
    write_articles(articles, _ARTICLES)

    def distances(workers: int, output: Path) -> Sequence[str]:
        return ["distance", *names, *span, *in_projects, "--csv", "--workers", str(workers)]

    def site(workers: int, output: Path) -> Sequence[str]:
        days = [dates[-_SITE_DAYS].isoformat(), dates[-1].isoformat()]
        return ["site", *days, "-o", str(output), "-p", str(first), "--workers", str(workers)]

    def archive(workers: int, output: Path) -> Sequence[str]:
        batch = ["read", "--batch", str(articles), "-o", str(output.with_suffix(".parquet"))]
        return [*batch, "-p", str(first), "--workers", str(workers)]

    return {
        f"Distances of {_TARGETS} places in {_THEATRES} theatres, {len(dates)} dates": distances,
        f"A site of {_SITE_DAYS} days": site,
        f"{_ARTICLES:,} articles read": archive,
    }


def run(job: Job, workers: int, folder: Path, written: dict[int, str]) -> None:
    """Do a job, and note what it wrote."""
    output = folder / f"written-{workers}"
    line = [sys.executable, "-c", "from frontmap.cli import main; main()", *job(workers, output)]
    done = subprocess.run(line, check=True, capture_output=True)
    digest = hashlib.sha256(done.stdout)
    for path in sorted(folder.rglob(f"{output.name}*")):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and not file.name.endswith(".errors.csv"):
                digest.update(str(file.relative_to(folder)).replace(output.name, "").encode())
                digest.update(file.read_bytes())
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    written[workers] = digest.hexdigest()


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Compare each job alone and with two workers."""
    if find_spec("distributed") is None:
        return [Result("Work shared", _SHARED, float("nan"), note="no dask: frontmap[scale]")]
    results = list[Result]()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for what, job in jobs(scene, folder).items():
            written = dict[int, str]()
            ways = {
                _SHARED: partial(run, job, 2, folder, written),
                _ALONE: partial(run, job, 1, folder, written),
            }
            seconds: Mapping[str, float] = seconds_in_turn(ways, rounds)
            same = "the same, byte for byte" if len(set(written.values())) == 1 else "not the same"
            notes = {_SHARED: same, _ALONE: f"{os.cpu_count()} cores"}
            results += beside(what, seconds, at_least={_ALONE: _GOAL}, notes=notes)
    return results
