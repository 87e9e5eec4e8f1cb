"""Projects that tasks take along to other processes, of other machines too."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from frontmap.data.store import Project

__all__ = ["Opens", "Portable"]

#: Copies that a process keeps open; tasks of one project mostly come to it one after the other.
_COPIES_OPEN = 2


class Opens(Protocol):
    """What opens a project."""

    def open(self) -> Any:
        """Return a context manager that yields the project."""


class Portable:
    """An open project, which arrives in other processes as a copy of how it stood.

    It stood so when it was first pickled: all tasks see one state, whatever is written meanwhile.
    A process opens a copy once, and derives once for all tasks what is derived from it.
    """

    def __init__(self, project: Project) -> None:
        """Take a project, which must stay open as long as this is used."""
        self._project = project
        self._copied: _Copy | None = None

    @contextmanager
    def open(self) -> Iterator[Project]:
        """Yield the project, which stays open."""
        yield self._project

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as a copy."""
        if self._copied is None:
            packed = zlib.compress(self._project.copied(), 1)
            digest = hashlib.sha256(packed).hexdigest()
            where = self._project.location
            # A copy of what is on a server goes by a file's name: it needs no password there.
            path = where if isinstance(where, Path) else Path(f"{where.stem}.gpkg")
            self._copied = _Copy(path, digest, packed)
        return self._copied.__reduce__()


@dataclass(frozen=True)
class _Copy:
    """The compressed bytes of a project file; copies of one state are equal."""

    path: Path
    digest: str
    packed: bytes = field(compare=False, repr=False)

    @contextmanager
    def open(self) -> Iterator[Project]:
        """Yield the project in memory, which stays open."""
        yield _opened(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _Copy, (self.path, self.digest, self.packed)


@lru_cache(_COPIES_OPEN)
def _opened(copy: _Copy) -> Project:
    return Project.of_copy(copy.path, zlib.decompress(copy.packed))
