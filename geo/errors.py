"""The errors that frontmap raises, each one line that a user can act on.

::

    FrontmapError
    ├── InputError (ValueError)              what was given is wrong; lists every problem
    ├── UnknownNameError (LookupError)       no actor, source, place or zone of that name
    ├── AmbiguousToponymError (LookupError)  several places answer to the name
    ├── NoFrontError (LookupError)           nothing to measure a distance to
    └── StoreError                           the project file cannot be used as it is
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frontmap.geo.records import Match


class FrontmapError(Exception):
    """Root of every error that frontmap raises on purpose; all travel between processes."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what there is: Exception would call `__init__` with the message alone."""
        return _as_it_was, (type(self), self.args, self.__dict__)


def _as_it_was(kind: type[FrontmapError], args: tuple[Any, ...], values: Any) -> FrontmapError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(values)
    return error


class InputError(FrontmapError, ValueError):
    """What was given is wrong; every problem found is listed, and nothing was written."""

    def __init__(self, problems: str | Iterable[str]) -> None:
        """Keep the problems, one sentence each, in the order in which they were found."""
        self.problems: tuple[str, ...] = (
            (problems,) if isinstance(problems, str) else tuple(problems)
        )
        super().__init__("\n".join(self.problems))


class UnknownNameError(FrontmapError, LookupError):
    """Nothing is known by that name; the nearest known names are suggested."""

    def __init__(self, what: str, name: str, suggestions: Sequence[str] = (), remedy: str = ""):
        """Say which kind of thing (`what`) was asked for by which `name`."""
        self.what, self.name, self.suggestions = what, name, tuple(suggestions)
        meant = f"; did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        super().__init__(f"no {what} {name!r}{meant}" + (f" ({remedy})" if remedy else ""))


class AmbiguousToponymError(FrontmapError, LookupError):
    """Several places answer to a name by no clear margin; `candidates` has them, best first."""

    def __init__(self, name: str, candidates: Sequence[Match]) -> None:
        """Name the candidates, so that the caller can choose one."""
        self.name, self.candidates = name, tuple(candidates)
        options = "; ".join(match.place.describe() for match in self.candidates)
        super().__init__(
            f"{name!r} is ambiguous: {options} (say which with a country, --near, or its id)"
        )


class NoFrontError(FrontmapError, LookupError):
    """No front, or no ground of the asked actor, exists on the date."""


class StoreError(FrontmapError):
    """The project file cannot be used as it is: missing, locked, damaged, or of another version."""
