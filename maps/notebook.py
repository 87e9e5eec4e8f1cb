"""A control map that displays itself in a notebook."""

from __future__ import annotations

import os
import tempfile
from functools import cached_property
from pathlib import Path

from frontmap.geo.errors import InputError
from frontmap.maps.elements import MapSpec
from frontmap.maps.embed import embed_snippet
from frontmap.maps.page import render_page

__all__ = ["MapDisplay"]


class MapDisplay:
    """The page of a map, in a notebook as a sandboxed frame that holds it whole.

    The notebook keeps the map with it, needs no network to show it, and gives it no access to
    itself. `tiles` is as for `frontmap.maps.page.render_page`.
    """

    def __init__(self, spec: MapSpec, *, tiles: str | None = None) -> None:
        """Take what the map shows; nothing is drawn before it is asked for."""
        self.spec = spec
        self._tiles = tiles

    @cached_property
    def html(self) -> str:
        """The self-contained page."""
        return render_page(self.spec, tiles=self._tiles)

    def save(self, path: str | Path) -> Path:
        """Write the page, whole or not at all, and return where; InputError if that fails."""
        path = Path(path)
        if path.suffix != ".html":
            raise InputError(f"{path}: write it as .html")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, self.html)
        except OSError as error:
            raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
        return path

    def _repr_html_(self) -> str:
        return embed_snippet(self.html, kind="srcdoc")

    def __repr__(self) -> str:
        """Name the map, for a terminal."""
        return f"<MapDisplay {self.spec.title!r}, {self.spec.as_of}>"


def _write_whole(path: Path, text: str) -> None:
    with tempfile.TemporaryDirectory(prefix=".frontmap-", dir=path.parent) as folder:
        draft = Path(folder) / path.name
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
