"""Jobs spread over processes of this machine, or over a dask cluster of several.

A job is groups of tasks, each group worth seconds of work. What is to be done travels whole, in
one pickle: workers need no file system in common with this process, and one that is lost takes
nothing with it, since dask gives its groups to another. Results are taken in this thread, as they
come.

A task comes to the same wherever it is done. So that it does, a worker must have the versions of
this process, and does one group at a time however many threads it has.
"""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from frontmap.geo.errors import InputError, StoreError

if TYPE_CHECKING:
    import distributed

__all__ = ["GOES_ON", "HERE", "SMALL_JOB_S", "Workers", "require", "spread"]

#: A job that takes no longer is done in this process: workers take two to three seconds to start
#: and to import what they need, and two of them save no more than half of the job.
SMALL_JOB_S = 5.0
#: Groups that are under way for each thread of a worker: one is worked on, one waits.
GROUPS_A_THREAD = 2
#: What to do when a cluster is lost that worked for what keeps the parts which are done.
GOES_ON = "run again to go on from where it stopped"
#: Packages that results depend on, to the last bit or the last pixel.
_DECIDING = ("frontmap", "matplotlib", "numpy", "pyproj", "shapely")

#: Run by each of our own workers: Ctrl-C is for this process, which then ends them.
_UNINTERRUPTED = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"

_one_at_a_time = threading.Lock()

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Workers:
    """Where jobs are done: here, by `count` processes of this machine, or at a `scheduler`'s.

    `scheduler` is the address of a running dask cluster, as in tcp://10.0.0.1:8786. Raises
    InputError where dask is asked for and is not installed.
    """

    count: int = 1
    scheduler: str | None = None

    def __post_init__(self) -> None:
        """Look for dask at once, not only when a job turns out to be large."""
        if self.count > 1 or self.scheduler is not None:
            require("distributed", "sharing work among processes")

    def take(self, seconds: float) -> bool:
        """Say whether a job of so many seconds is for them; a cluster that runs takes any."""
        return self.scheduler is not None or (self.count > 1 and seconds > SMALL_JOB_S)


HERE = Workers()


def require(package: str, purpose: str) -> None:
    """Raise an InputError that names the extra, where a package of it is not installed."""
    if find_spec(package) is None:
        raise InputError(f"{purpose} needs {package}: pip install 'frontmap[scale]'")


def spread(
    work: Callable[[T], R],
    groups: Iterable[Sequence[T]],
    take: Callable[[T, R], None],
    *,
    workers: Workers = HERE,
    seconds: float,
    named: Callable[[Sequence[T]], str],
    remedy: str = "run it again",
) -> None:
    """Do all tasks, and let `take` have each with what `work` makes of it.

    The tasks of a group go to a worker together. `seconds` is what the job would take in one
    process; a small one is done here, task by task in order. `named` says of a group which it is,
    for messages. Groups are asked for as they are needed, a few ahead. `work` must pickle, as a
    function of a module does or a `functools.partial` of one, and so must tasks and results.

    Raises what `work` and `take` raise, InputError where the cluster is not there or is not like
    this process, and StoreError, which ends with `remedy`, where it is lost for good.
    """
    if not workers.take(seconds):
        for group in groups:
            for task in group:
                take(task, work(task))
        return
    with _cluster(workers) as client:
        _there(client, work, iter(groups), take, named=named, remedy=remedy)


def _there(
    client: distributed.Client,
    work: Callable[[T], R],
    groups: Iterator[Sequence[T]],
    take: Callable[[T, R], None],
    *,
    named: Callable[[Sequence[T]], str],
    remedy: str,
) -> None:
    import distributed

    threads = sum(client.nthreads().values())
    if not threads:
        raise InputError("the dask cluster has no workers; start some")
    underway: dict[distributed.Future[list[R]], Sequence[T]] = {}

    def submit(group: Sequence[T]) -> distributed.Future[list[R]]:
        # In one piece, which the scheduler hands on and does not look into.
        packed = pickle.dumps((work, tuple(group)))
        future = client.submit(_worked, versions(), packed, pure=False)
        underway[future] = group
        return future

    first = islice(groups, GROUPS_A_THREAD * threads)
    finished = distributed.as_completed(map(submit, first), loop=client.loop)
    for future in finished:
        group = underway.pop(future)
        made = _result(future, named(group), remedy)
        future.release()  # here and not by its finaliser, in which Python would drop a Ctrl-C
        for task, result in zip(group, made, strict=True):
            take(task, result)
        for another in islice(groups, 1):
            finished.add(submit(another))


def _worked(expected: dict[str, str], packed: bytes) -> list[Any]:
    """Return what a group comes to; runs in a worker, which must be as is `expected`."""
    strange = [
        f"{name} {has}, not {expected[name]}"
        for name, has in versions().items()
        if has != expected[name]
    ]
    if strange:
        raise InputError(f"a worker has {', '.join(strange)}; results could differ")
    with _one_at_a_time:
        work, group = pickle.loads(packed)
        return [work(task) for task in group]


def versions() -> dict[str, str]:
    """Return the versions of the packages that results depend on, or that one is not there."""

    def of(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return "not installed"

    return {name: of(name) for name in _DECIDING}


def _result(future: distributed.Future[list[R]], name: str, remedy: str) -> list[R]:
    """Return what a group came to; StoreError where the cluster cannot do it."""
    from concurrent.futures import CancelledError

    import distributed
    from distributed.comm.core import CommClosedError

    try:
        return future.result()
    except distributed.scheduler.KilledWorker as error:
        raise StoreError(
            f"{name}: every worker that tried was ended (out of memory?); {remedy}"
        ) from error
    except (CancelledError, CommClosedError) as error:
        raise StoreError(f"the dask scheduler was lost; {remedy}") from error
    except ImportError as error:
        raise StoreError(f"a worker lacks a package ({error}); install frontmap there") from error


@contextmanager
def _cluster(workers: Workers) -> Iterator[distributed.Client]:
    """Yield a client of a cluster: of processes of this machine, or of the scheduler's."""
    import dask
    import distributed

    settings = {
        # Else dask keeps the last thousand messages that it sent, with all that was in them.
        "distributed.admin.low-level-log-length": 0,
        # Groups carry what they need, a project file and all.
        "distributed.admin.large-graph-warning-threshold": "1TB",
        # Workers would look at their own stacks a hundred times a second.
        "distributed.worker.profile.enabled": False,
    }
    with ExitStack() as opened:
        opened.enter_context(_unlogged())
        opened.enter_context(dask.config.set(settings))
        address = workers.scheduler
        if address is None:
            cluster = distributed.LocalCluster(
                n_workers=workers.count,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",  # any free port, and there no dashboard
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.CRITICAL,
                preload=_UNINTERRUPTED,
            )
            address = opened.enter_context(cluster).scheduler_address
        try:
            client = distributed.Client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(f"no dask scheduler answers at {address} ({error})") from None
        yield opened.enter_context(client)


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep dask from logging tracebacks: what is lost is replaced, or reported."""
    logger = logging.getLogger("distributed")
    children = [logger, *(logging.getLogger(f"distributed.{n}") for n in ("client", "core"))]
    before = [each.level for each in children]
    for each in children:
        each.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for each, level in zip(children, before, strict=True):
            each.setLevel(level)
