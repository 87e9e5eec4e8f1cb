"""The project file, the shipped gazetteer and basemap, and other people's formats.

`from frontmap.data import Project` is the way in from Python: see `frontmap.data.store`, and
`frontmap.data.frames` for tables of GeoPandas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from frontmap.data.store import Project

__all__ = ["Project"]


def __getattr__(name: str) -> Any:
    """Import `Project` when it is asked for: commands that open no project start without it."""
    if name != "Project":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from frontmap.data.store import Project

    return Project
