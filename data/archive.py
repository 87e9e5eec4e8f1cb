"""Archives of reports: a folder of texts, a file of JSON lines, or a Parquet file.

Documents are read one after the other, and never all at once. One that cannot be read stands in
its place as what is wrong with it, so that a bad line stops nothing.
"""

from __future__ import annotations

import json
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontmap.geo.dates import parse_date
from frontmap.geo.errors import InputError

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Archive", "Document", "Unreadable", "open_archive"]

#: A longer document is no report; it is recorded as unreadable.
MOST_CHARACTERS = 2_000_000
LONGEST_ID = 500
#: Room for a text of that length of which JSON escapes every character.
LONGEST_LINE_BYTES = 12 * MOST_CHARACTERS + 100_000
_ROWS_AT_ONCE = 256

_PAGES = (".html", ".htm")
_TEXTS = (".txt", *_PAGES)
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Document:
    """One report of an archive; the text of a page is HTML as it came (`is_html`)."""

    id: str
    text: str
    published: date
    url: str = ""
    publisher: str = ""
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that cannot be read, and why."""

    id: str
    problem: str


class Archive(ABC):
    """The documents of an archive, in its order.

    `size` is how much it is in the unit of the positions that iterating yields; `size_bytes` how
    many bytes, about, which tells how long reading it takes.
    """

    size: int
    size_bytes: int

    def __init__(self, path: Path, published: date | None) -> None:
        """Open the archive at `path`; `published` is the day of documents that have none."""
        self._path, self._published = path, published

    @abstractmethod
    def __iter__(self) -> Iterator[tuple[int, Document | Unreadable]]:
        """Yield each document with the position at which it ends."""

    def _document(self, values: dict[str, Any], otherwise: str) -> Document | Unreadable:
        """Return the document of some values; `otherwise` is its id where it has none."""
        given = values.get("id")
        document_id = str(given) if isinstance(given, str | int) and given != "" else otherwise
        try:
            if len(document_id) > LONGEST_ID:
                raise InputError(f"its id has {len(document_id):,} characters")
            return Document(
                _encodable(document_id),
                _text(values.get("text")),
                self._day(values.get("published")),
                _short(values, "url"),
                _short(values, "publisher"),
            )
        except UnicodeEncodeError:
            return Unreadable(otherwise, "it is no Unicode: half of a surrogate pair")
        except InputError as error:
            short = document_id if len(document_id) <= LONGEST_ID else otherwise
            return Unreadable(short, str(error))

    def _day(self, value: Any) -> date:
        """Return the day of a date, or of a time, as such or in ISO 8601."""
        text = value.isoformat() if isinstance(value, date) else value
        if text is None or text == "":
            if self._published is None:
                raise InputError("it has no day of publication (--published gives one to all)")
            return self._published
        if not isinstance(text, str) or len(text) > 40:
            raise InputError("published is no date: write it as YYYY-MM-DD")
        return parse_date(text[:10] if text[10:11] in ("T", " ") else text)


def _encodable(text: str) -> str:
    text.encode()
    return text


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError("it has no text")
    if len(value) > MOST_CHARACTERS:
        raise InputError(f"its text has {len(value):,} characters, more than {MOST_CHARACTERS:,}")
    return _encodable(value)


def _short(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if value is not None and not (isinstance(value, str) and len(value) <= 10 * LONGEST_ID):
        raise InputError(f"{name} is no text, or a very long one")
    return _encodable(value or "")


class _Folder(Archive):
    """Files named after their day of publication; their ids are their paths in the folder."""

    def __init__(self, path: Path, published: date | None) -> None:
        super().__init__(path, published)
        self.size = self.size_bytes = 0
        for file in self._files():
            self.size += 1
            self.size_bytes += file.stat().st_size
        if not self.size:
            raise InputError(f"{path} has no files {', '.join(_TEXTS)}")

    def _files(self) -> Iterator[Path]:
        """Yield the files in an order that is the same everywhere, without listing them all."""
        for folder, inner, files in os.walk(self._path, onerror=_refuse):
            inner.sort()
            found = (Path(folder, name) for name in sorted(files))
            yield from (file for file in found if file.suffix.lower() in _TEXTS and file.is_file())

    def __iter__(self) -> Iterator[tuple[int, Document | Unreadable]]:
        for number, file in enumerate(self._files(), start=1):
            yield number, self._read(file)

    def _read(self, file: Path) -> Document | Unreadable:
        name = file.relative_to(self._path).as_posix().encode(errors="replace").decode()
        try:
            with file.open("rb") as opened:
                text = opened.read(4 * MOST_CHARACTERS + 4).decode("utf-8-sig")
        except OSError as error:
            return Unreadable(name, f"cannot be read: {error.strerror or error}")
        except UnicodeDecodeError as error:
            return Unreadable(name, f"not in UTF-8 at byte {error.start + 1}")
        dated = _DATED.match(file.name)
        values = {"id": name, "text": text, "published": dated[0] if dated else None}
        made = self._document(values, name)
        is_page = file.suffix.lower() in _PAGES
        return replace(made, is_html=is_page) if isinstance(made, Document) else made


class _JsonLines(Archive):
    """A JSON object a line; one without an id is called by its line."""

    def __init__(self, path: Path, published: date | None) -> None:
        super().__init__(path, published)
        self.size = self.size_bytes = path.stat().st_size

    def __iter__(self) -> Iterator[tuple[int, Document | Unreadable]]:
        with self._path.open("rb") as file:
            at, number = 0, 0
            while raw := file.readline(LONGEST_LINE_BYTES):
                number, at = number + 1, at + len(raw)
                if len(raw) == LONGEST_LINE_BYTES and not raw.endswith(b"\n"):
                    while (rest := file.readline(LONGEST_LINE_BYTES)) and not rest.endswith(b"\n"):
                        at += len(rest)
                    yield at + len(rest), Unreadable(f"line {number}", "the line is too long")
                    at += len(rest)
                elif raw.strip():
                    yield at, self._line(raw, f"line {number}")

    def _line(self, raw: bytes, where: str) -> Document | Unreadable:
        try:
            values = json.loads(raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            return Unreadable(where, f"not in UTF-8 at byte {error.start + 1}")
        except (ValueError, RecursionError) as error:
            return Unreadable(where, f"not JSON: {error}")
        if not isinstance(values, dict):
            return Unreadable(where, "not a JSON object")
        return self._document(values, where)


class _Parquet(Archive):
    """A row a document; one without an id is called by its row."""

    def __init__(self, path: Path, published: date | None) -> None:
        super().__init__(path, published)
        import pyarrow
        from pyarrow import parquet

        try:
            with parquet.ParquetFile(path) as file:
                about, columns = file.metadata, set(file.schema_arrow.names)
        except (OSError, pyarrow.ArrowException) as error:
            raise InputError(f"{path}: no Parquet file ({error})") from None
        wanted = {"id", "text"} | ({"published"} if published is None else set())
        if missing := sorted(wanted - columns):
            raise InputError(f"{path}: it has no column {' and no column '.join(missing)}")
        self._columns = sorted(columns & {"id", "text", "published", "url", "publisher"})
        self.size = about.num_rows
        groups = (about.row_group(number) for number in range(about.num_row_groups))
        self.size_bytes = sum(group.total_byte_size for group in groups)

    def __iter__(self) -> Iterator[tuple[int, Document | Unreadable]]:
        import pyarrow
        from pyarrow import parquet

        number = 0
        try:
            with parquet.ParquetFile(self._path) as file:
                for rows in file.iter_batches(_ROWS_AT_ONCE, columns=self._columns):
                    for at in range(rows.num_rows):
                        number += 1
                        yield number, self._row(rows, at, f"row {number}")
        except (OSError, pyarrow.ArrowException) as error:
            raise InputError(f"{self._path}: damaged after row {number} ({error})") from None

    def _row(self, rows: pyarrow.RecordBatch, at: int, where: str) -> Document | Unreadable:
        try:
            values = {name: rows.column(name)[at].as_py() for name in self._columns}
        except UnicodeDecodeError as error:
            return Unreadable(where, f"not in UTF-8 at byte {error.start + 1}")
        return self._document(values, where)


_FILES: dict[str, type[_JsonLines | _Parquet]] = {
    ".jsonl": _JsonLines,
    ".ndjson": _JsonLines,
    ".parquet": _Parquet,
}


def open_archive(source: Path, published: date | None = None) -> Archive:
    """Open an archive; InputError where there is none.

    `source` is a folder of .txt and .html files, whose names begin with the day of publication, a
    file of JSON lines, or a Parquet file; the latter have `id`, `text` and `published`, and may
    have `url` and `publisher`. `published` is the day of documents that have none.
    """
    if source.is_dir():
        return _Folder(source, published)
    if source.suffix not in _FILES:
        raise InputError(f"{source}: name a folder, or a file {', '.join(_FILES)}")
    if not source.is_file():
        raise InputError(f"{source}: no such file")
    return _FILES[source.suffix](source, published)


def _refuse(error: OSError) -> None:
    raise InputError(f"{error.filename}: cannot be read: {error.strerror}") from error
