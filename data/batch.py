"""Archives of reports read into one Parquet of claims: in bounded memory, resumable, in parallel.

The documents of an archive are cut into batches, each of a second's work or more. What a batch
comes to is a part, a file in a folder beside the output, named by a hash of the batch and of the
reader's version: a run that was interrupted goes on where it stopped, and what has changed is read
again. In the end the parts are joined in the archive's order, so that the output is the same, byte
for byte, however many read it.

This process reads the archive and writes the parts; workers (`frontmap.data.cluster`) see nothing
but batches.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontmap.data.archive import Archive, Document, Unreadable, open_archive
from frontmap.data.cluster import GOES_ON, Workers, require, spread
from frontmap.data.writers import write_bytes, write_whole
from frontmap.geo.errors import FrontmapError, InputError, StoreError
from frontmap.geo.reading import Reading

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Archived", "Reader", "errors_path", "read_archive"]

#: A batch ends at so many characters, a second's work or two, or at so many documents.
BATCH_CHARACTERS = 500_000
BATCH_DOCUMENTS = 5_000
#: What a reader reads in a second, for guessing how long an archive takes.
CHARACTERS_A_SECOND = 300_000
#: Rows of the output that are compressed together.
ROWS_A_GROUP = 50_000
#: Changes with the columns, so that older parts are not used.
FORMAT = 1

#: Told of how much of the archive has been read, and of how much it is, in any unit.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads documents.

    `version` names all that a reading depends on: rules, gazetteer, countries or project. `open`
    is called once in each process and returns what reads a document, and raises FrontmapError for
    one that it cannot; it must pickle, as a function of a module does or a `functools.partial` of
    one, and what it returns may be called by several threads.
    """

    version: str
    open: Callable[[], Callable[[Document], Reading]] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Archived:
    """What an archive came to; `kept` of its `batches` were read by an interrupted run."""

    documents: int
    claims: int
    unreadable: int
    batches: int
    kept: int


def read_archive(
    source: Path,
    output: Path,
    reader: Reader,
    *,
    published: date | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    told: Progress = lambda done, of: None,
) -> Archived:
    """Read every document of an archive, and write their claims to a Parquet file.

    `source` and `published` are those of `open_archive`. Documents that cannot be read are listed
    in `errors_path(output)` and stop nothing. With several `workers` dask starts so many processes,
    unless the archive is small; `scheduler` is the address of a cluster to use instead.

    Raises InputError where the archive, or a package of the extra "scale", is missing, and
    StoreError where workers or their scheduler are lost for good; what was read until then is kept
    for the next run.
    """
    require("pyarrow", "reading archives")
    shared = Workers(workers, scheduler)
    if output.suffix != ".parquet":
        raise InputError(f"{output}: write it as .parquet")
    if output.resolve() == source.resolve():
        raise InputError(f"{output} is the archive itself; choose another name")
    archive = open_archive(source, published)
    folder = output.with_name(f"{output.name}.parts")
    job = _Job(archive, folder, reader, told)
    spread(
        partial(_read_batch, reader),
        ([batch] for batch in job.missing()),
        job.take,
        workers=shared,
        seconds=archive.size_bytes / CHARACTERS_A_SECOND,
        named=_named,
        remedy=GOES_ON,
    )
    archived = job.join(output)
    shutil.rmtree(folder, ignore_errors=True)
    return archived


def errors_path(output: Path) -> Path:
    """Return the file of JSON lines, {"id", "problem"}, in which unreadable documents are listed.

    It is beside the output, and there only where there are some.
    """
    return output.with_suffix(".errors.jsonl")


# Batches and their parts


@dataclass(frozen=True, slots=True)
class _Batch:
    """Documents that are read together; `part` is the name of the file that has their claims.

    `extent` is their share of the archive's size. Batches travel compressed.
    """

    entries: tuple[Document | Unreadable, ...]
    part: str
    extent: int

    def __reduce__(self) -> tuple[Any, ...]:
        packed = zlib.compress(pickle.dumps((self.entries, self.part, self.extent)), 1)
        return _unpacked, (packed,)


def _unpacked(packed: bytes) -> _Batch:
    return _Batch(*pickle.loads(zlib.decompress(packed)))


def _batches(archive: Archive, reader: Reader) -> Iterator[_Batch]:
    entries, characters, begun, at = list[Document | Unreadable](), 0, 0, 0
    for at, entry in archive:
        entries.append(entry)
        characters += len(entry.text) if isinstance(entry, Document) else 0
        if characters >= BATCH_CHARACTERS or len(entries) >= BATCH_DOCUMENTS:
            yield _Batch(tuple(entries), _part_name(reader, entries), at - begun)
            entries, characters, begun = [], 0, at
    if entries:
        yield _Batch(tuple(entries), _part_name(reader, entries), at - begun)


def _part_name(reader: Reader, entries: Iterable[Document | Unreadable]) -> str:
    """Return a name that changes with whatever the part depends on."""
    digest = hashlib.sha256()
    for entry in entries:
        for value in (type(entry).__name__, *astuple(entry)):
            data = str(value).encode()
            digest.update(b"%d\n" % len(data) + data)
    digest.update(f"{FORMAT}\n{reader.version}".encode())
    return f"{digest.hexdigest()}.arrow"


class _Job:
    """An archive, the parts that are there, and those that are not yet."""

    def __init__(self, archive: Archive, folder: Path, reader: Reader, told: Progress) -> None:
        self._archive, self._folder, self._reader, self._told = archive, folder, reader, told
        self._parts: list[str] = []
        self._kept = self._done = 0
        self._documents = self._claims = self._unreadable = 0

    def take(self, batch: _Batch, part: bytes) -> None:
        """Write the part of a batch."""
        write_bytes(self._folder / batch.part, part)
        self._tell(batch)

    def missing(self) -> Iterator[_Batch]:
        """Yield the batches whose parts are not there yet."""
        for batch in _batches(self._archive, self._reader):
            self._parts.append(batch.part)
            if (self._folder / batch.part).exists():
                self._kept += 1
                self._tell(batch)
            else:
                yield batch

    def _tell(self, batch: _Batch) -> None:
        self._done += batch.extent
        self._told(self._done, self._archive.size)

    def join(self, output: Path) -> Archived:
        """Write the output and the list of what is unreadable, in the archive's order."""
        write_whole(output, self._write_claims)
        if self._unreadable:
            write_whole(errors_path(output), self._write_errors)
        else:
            errors_path(output).unlink(missing_ok=True)
        return Archived(
            self._documents, self._claims, self._unreadable, len(self._parts), self._kept
        )

    def _write_claims(self, draft: Path) -> None:
        from pyarrow import parquet

        self._documents = self._claims = self._unreadable = 0
        with parquet.ParquetWriter(draft, _schema(), compression="zstd") as writer:
            waiting, rows = list[Any](), 0
            for table, about in map(self._part, self._parts):
                self._documents += about["documents"]
                self._unreadable += len(about["errors"])
                self._claims += table.num_rows
                waiting.append(table)
                rows += table.num_rows
                if rows >= ROWS_A_GROUP:
                    _write_group(writer, waiting)
                    waiting, rows = [], 0
            if rows:
                _write_group(writer, waiting)

    def _write_errors(self, draft: Path) -> None:
        with draft.open("w", encoding="utf-8", newline="\n") as file:
            for _, about in map(self._part, self._parts):
                for error in about["errors"]:
                    file.write(json.dumps(error, ensure_ascii=False) + "\n")

    def _part(self, name: str) -> tuple[pyarrow.Table, dict[str, Any]]:
        import pyarrow

        path = self._folder / name
        try:
            with pyarrow.ipc.open_stream(path.read_bytes()) as stream:
                table = stream.read_all()
        except (OSError, pyarrow.ArrowException) as error:
            raise StoreError(f"{path} is damaged ({error}); delete it and run again") from None
        return table.replace_schema_metadata(None), json.loads(table.schema.metadata[b"about"])


def _write_group(writer: Any, tables: Sequence[pyarrow.Table]) -> None:
    import pyarrow

    table = pyarrow.concat_tables(tables)
    writer.write_table(table, row_group_size=table.num_rows)


# Reading a batch


def _named(group: Sequence[_Batch]) -> str:
    return f"documents {group[0].entries[0].id} to {group[-1].entries[-1].id}"


def _read_batch(reader: Reader, batch: _Batch) -> bytes:
    """Return the part of a batch."""
    read = _opened(reader)
    rows, errors, documents = list[dict[str, Any]](), list[dict[str, str]](), 0
    for entry in batch.entries:
        if isinstance(entry, Document):
            try:
                rows += list(_rows(entry, read(entry)))  # all or none
                documents += 1
                continue
            except FrontmapError as error:
                entry = Unreadable(entry.id, " ".join(str(error).split()))
            except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
                # A fault of the reader, not of the document; a day's work must not be lost by it.
                entry = Unreadable(entry.id, f"not read: {type(error).__name__}: {error}")
        errors.append({"id": entry.id, "problem": entry.problem})
    return _packed(rows, {"documents": documents, "errors": errors})


@lru_cache(maxsize=1)
def _opened(reader: Reader) -> Callable[[Document], Reading]:
    """Open a reader, once in a process: readers of one version are equal."""
    return reader.open()


def _rows(document: Document, reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield a row a claim: its JSON object, the objects in it spread over columns."""
    for claim in reading.claims:
        row = claim.to_json()
        place, day = row.pop("place"), row.pop("date")
        yield {
            "document": document.id,
            "published": document.published,
            "url": document.url or None,
            "publisher": document.publisher or None,
            **{f"place_{name}": value for name, value in place.items()},
            **{f"date_{name}": value for name, value in day.items()},
            "date_from": claim.date.first,
            "date_to": claim.date.last,
            **row,
            "toponyms": len(reading.toponyms),
        }


def _packed(rows: Sequence[dict[str, Any]], about: dict[str, Any]) -> bytes:
    import pyarrow

    schema = _schema().with_metadata({"about": json.dumps(about)})
    table = pyarrow.Table.from_pylist(rows, schema)
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


@lru_cache
def _schema() -> pyarrow.Schema:
    """Return the columns of the output; docs/json.md describes them."""
    import pyarrow

    text, whole, real, day = pyarrow.string(), pyarrow.int32(), pyarrow.float64(), pyarrow.date32()
    return pyarrow.schema(
        [
            pyarrow.field("document", text, nullable=False),
            pyarrow.field("published", day, nullable=False),
            *(pyarrow.field(name, text) for name in ("url", "publisher")),
            pyarrow.field("place_surface", text, nullable=False),
            *(pyarrow.field(name, whole, nullable=False) for name in ("place_start", "place_end")),
            pyarrow.field("place_name", text),
            *(pyarrow.field(name, real) for name in ("place_lon", "place_lat")),
            *(pyarrow.field(name, text, nullable=False) for name in ("place_match", "place_kind")),
            pyarrow.field("place_id", text),
            pyarrow.field("relation", text, nullable=False),
            *(pyarrow.field(name, text) for name in ("actor", "actor_id")),
            pyarrow.field("status", text, nullable=False),
            pyarrow.field("date_from", day),
            pyarrow.field("date_to", day, nullable=False),
            pyarrow.field("date_basis", text, nullable=False),
            pyarrow.field("distance_km", real),
            *(pyarrow.field(name, text) for name in ("direction", "extent", "attribution")),
            pyarrow.field("attribution_is_party", pyarrow.bool_(), nullable=False),
            pyarrow.field("disputed_by", text),
            pyarrow.field("quote", text, nullable=False),
            *(pyarrow.field(name, whole, nullable=False) for name in ("start", "end")),
            pyarrow.field("rule", text, nullable=False),
            pyarrow.field("reason", text),
            pyarrow.field("warnings", pyarrow.list_(text), nullable=False),
            pyarrow.field("toponyms", whole, nullable=False),
        ]
    )
