"""Jobs shared among processes: the same results, whoever is lost, and small ones done here."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import distributed
import pytest

from frontmap.data import cluster
from frontmap.data.cluster import HERE, SMALL_JOB_S, Workers, spread
from frontmap.geo.errors import (
    AmbiguousToponymError,
    FrontmapError,
    InputError,
    NoFrontError,
    StoreError,
    UnknownNameError,
)

GROUPS = [[1, 2, 3], [4], [5, 6], [7, 8, 9]]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Start two workers of several threads."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=3, dashboard_address=":0") as own:
        yield own.scheduler_address


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def deadly(marker: Path, number: int) -> tuple[int, int]:
    """End this process by the first 5; in the end no process is left with the first try."""
    if number == 5 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return square(number)


def fatal(number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def unknown(number: int) -> None:
    raise UnknownNameError("place", f"no. {number}", ["Homs"], "see: frontmap places list")


def alone(marker: Path, number: int) -> bool:
    """Say whether no other task of this process is under way."""
    mine = marker / str(os.getpid())
    try:
        mine.mkdir()
    except FileExistsError:
        return False
    time.sleep(0.05)
    mine.rmdir()
    return True


def done(work: object, workers: Workers, seconds: float = 60) -> dict[int, object]:
    """Return what each task of GROUPS comes to."""
    made: dict[int, object] = {}
    spread(
        work,  # type: ignore[arg-type]
        iter(GROUPS),
        made.__setitem__,
        workers=workers,
        seconds=seconds,
        named=lambda group: f"numbers {group[0]} to {group[-1]}",
    )
    return made


def squares(made: dict[int, object]) -> dict[int, int]:
    return {number: result[0] for number, result in made.items()}  # type: ignore[index]


def pids(made: dict[int, object]) -> set[int]:
    return {result[1] for result in made.values()}  # type: ignore[index]


EXPECTED = {number: number * number for number in range(1, 10)}


def test_a_small_job_is_done_here_in_order() -> None:
    for workers, seconds in ((HERE, 1e9), (Workers(2), SMALL_JOB_S)):
        made = done(square, workers, seconds)
        assert list(made) == list(range(1, 10))
        assert (squares(made), pids(made)) == (EXPECTED, {os.getpid()})


def test_workers_do_a_large_job() -> None:
    made = done(square, Workers(2), SMALL_JOB_S + 1)
    assert squares(made) == EXPECTED
    assert os.getpid() not in pids(made)
    for group in GROUPS:
        assert len(pids({number: made[number] for number in group})) == 1


def test_a_running_cluster_takes_any_job(address: str) -> None:
    made = done(square, Workers(scheduler=address), 0)
    assert squares(made) == EXPECTED
    assert os.getpid() not in pids(made)


def test_a_process_does_one_group_at_a_time(address: str, tmp_path: Path) -> None:
    made = done(partial(alone, tmp_path), Workers(scheduler=address))
    assert set(made.values()) == {True}


def test_a_worker_that_is_killed_loses_nothing(address: str, tmp_path: Path) -> None:
    made = done(partial(deadly, tmp_path / "killed"), Workers(scheduler=address))
    assert (tmp_path / "killed").exists()
    assert squares(made) == EXPECTED


def test_what_ends_every_worker_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"numbers \d to \d: every worker that tried was ended"):
        done(fatal, Workers(2))


def test_an_error_of_a_worker_is_that_of_the_task(address: str) -> None:
    with pytest.raises(UnknownNameError, match=r"no place 'no\. \d'; did you mean Homs") as raised:
        done(unknown, Workers(scheduler=address))
    assert raised.value.suggestions == ("Homs",)


@pytest.mark.parametrize(
    "error",
    [
        InputError(["one", "two"]),
        UnknownNameError("place", "Hmos", ["Homs"], "see"),
        AmbiguousToponymError("Homs", []),
        NoFrontError("no front"),
        StoreError("locked"),
    ],
)
def test_errors_travel_as_they_are(error: FrontmapError) -> None:
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is type(error)
    assert (str(arrived), arrived.args, vars(arrived)) == (str(error), error.args, vars(error))


def other_numpy() -> None:
    """Let this worker have another version of numpy, as far as it knows."""
    real = cluster.versions
    cluster.versions = lambda: real() | {"numpy": "1.0"}


def test_a_worker_with_other_versions_is_refused() -> None:
    with distributed.LocalCluster(n_workers=1, dashboard_address=":0") as own:
        with distributed.Client(own.scheduler_address, set_as_default=False) as client:
            client.run(other_numpy)
        with pytest.raises(InputError, match=r"a worker has numpy 1\.0, not \d.*could differ"):
            done(square, Workers(scheduler=own.scheduler_address))


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    for workers in ({"count": 2}, {"scheduler": "tcp://127.0.0.1:9"}):
        with pytest.raises(InputError, match=r"pip install 'frontmap\[scale\]'"):
            Workers(**workers)
    assert squares(done(square, Workers(1))) == EXPECTED


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_a_scheduler_that_is_not_there_is_one_line(address: str) -> None:
    with pytest.raises(InputError, match="no dask scheduler answers at"):
        done(square, Workers(scheduler=address))
