"""What is refused of a stranger's file before anything parses it.

A file is what its suffix and its first bytes both say it is; an archive is unpacked member by
member into a private folder, after its names, number and sizes were looked at; XML may not declare
anything. The limits stand here, and nowhere else.
"""

from __future__ import annotations

import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from frontmap.geo.errors import InputError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["Format", "fetched", "format_of", "is_address", "parse_xml", "read_bytes", "unpacked"]

#: The largest text (GeoJSON, KML, CSV …), which becomes some four times as much in memory.
MOST_TEXT_BYTES = 256_000_000
#: The largest of the other files, and the most that an archive may come to.
MOST_BYTES = 2_000_000_000
MOST_MEMBERS = 1_000
#: An archive that comes to more than a few megabytes may not have shrunk more than this.
MOST_RATIO = 200
_SMALL_BYTES = 10_000_000
#: So much of a file is looked at to tell what it is.
_HEAD_BYTES = 4_096
_DOWNLOAD_TIMEOUT_S = 60
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its suffixes, how it begins, and how large it may be."""

    name: str
    suffixes: tuple[str, ...]
    begins: Callable[[bytes], bool]
    most_bytes: int = MOST_BYTES


def _with(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(starts)


def _as_text(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda head: _narrow(head).lstrip(b" \t\r\n\x1e").startswith(starts)


def _is_table(head: bytes) -> bool:
    text = _narrow(head)
    return b"\0" not in text and not text.lstrip().startswith((b"<", b"{", b"PK\x03\x04"))


def _narrow(head: bytes) -> bytes:
    """Take the mark of UTF-8 or UTF-16 from a head, and of the latter the empty halves."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[2:].replace(b"\0", b"")
    return head.removeprefix(b"\xef\xbb\xbf")


_PACKED = _with(b"PK\x03\x04", b"PK\x05\x06")
FORMATS = (
    Format("GeoJSON", (".geojson", ".json"), _as_text(b"{", b"["), MOST_TEXT_BYTES),
    Format(
        "GeoJSONSeq",
        (".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl"),
        _as_text(b"{"),
        MOST_TEXT_BYTES,
    ),
    Format("KML", (".kml",), _as_text(b"<"), MOST_TEXT_BYTES),
    Format("KMZ", (".kmz",), _PACKED),
    Format("GeoPackage", (".gpkg",), _with(b"SQLite format 3\0")),
    Format("shapefile", (".shp",), _with(b"\x00\x00\x27\x0a")),
    Format("FlatGeobuf", (".fgb",), _with(b"fgb\x03fgb")),
    Format("GeoParquet", (".parquet", ".geoparquet"), _with(b"PAR1")),
    Format("CSV", (".csv", ".tsv", ".tab", ".txt"), _is_table, MOST_TEXT_BYTES),
    Format("XLSX", (".xlsx",), _PACKED),
    Format("Lua table", (".lua",), _is_table, MOST_TEXT_BYTES),
    Format("zip", (".zip",), _PACKED),
)
_BY_SUFFIX = {suffix: form for form in FORMATS for suffix in form.suffixes}

#: What else a file may turn out to be, by what occurs in its head.
_FOUND = (
    (b"<OGRVRTDataSource", "an OGR VRT, which points to other files"),
    (b"<VRTDataset", "a GDAL VRT, which points to other files"),
    (b"<!DOCTYPE html", "a web page"),
    (b"<html", "a web page"),
    (b"<!DOCTYPE", "XML with a document type"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file itself"),
)


def format_of(path: Path, name: str = "") -> Format:
    """Return the format that suffix and content agree on; InputError where they don't.

    `name` stands for the file in messages, where it is another than that of its path.
    """
    name, suffix = name or path.name, path.suffix.lower()
    if suffix not in _BY_SUFFIX:
        known = ", ".join(form.suffixes[0] for form in FORMATS)
        raise InputError(f"{name}: {suffix or 'a file without suffix'} is not read; give {known}")
    form = _BY_SUFFIX[suffix]
    if path.exists() and not path.is_file():  # opening a pipe would wait for ever
        raise InputError(f"{name}: cannot be read: it is no regular file")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from None
    if not size:
        raise InputError(f"{name}: the file is empty")
    if size > form.most_bytes:
        raise InputError(
            f"{name}: {size:,} bytes, and {form.most_bytes:,} are the most that is read of "
            f"{form.name}; split it, or give it as .fgb or .gpkg"
        )
    if not form.begins(head):
        found = _found(head) or _told_by_start(head)
        raise InputError(f"{name}: is no {form.name} but {found}; it was not opened")
    return form


def _found(head: bytes) -> str:
    narrow = _narrow(head).lower()
    return next((what for mark, what in _FOUND if mark.lower() in narrow), "")


def _told_by_start(head: bytes) -> str:
    told = [form.name for form in FORMATS if form.begins(head)]
    return f"what begins as {told[0]} does" if told else "something else by its first bytes"


def read_bytes(path: Path, name: str, most: int = MOST_TEXT_BYTES) -> bytes:
    """Return the bytes of a file; InputError where it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from None
    if len(data) > most:
        raise InputError(f"{name}: more than {most:,} bytes; split it")
    return data


def parse_xml(data: bytes, name: str) -> Element:
    """Return the root of XML that declares no document type and no entities."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise InputError(
            f"{name}: declares a document type or entities, with which a file can read others or "
            "swell; save it without its <!DOCTYPE …>"
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise InputError(f"{name}: no well-formed XML: {error}") from None
    return root


# Archives


@contextmanager
def unpacked(path: Path, name: str, wanted: Callable[[str], bool]) -> Iterator[dict[str, Path]]:
    """Unpack the wanted members of an archive into a private folder, for as long as the block runs.

    Yields where each lies, by its name in the archive. Raises InputError, before anything is
    written, for names that lead out of the folder, links, encrypted members, and archives that are
    too many or too large when unpacked.
    """
    with _naming_damage(name):
        archive = zipfile.ZipFile(path)
    with archive, tempfile.TemporaryDirectory(prefix="frontmap-") as folder:
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]
        if problems := [f"{name}: {problem}" for problem in _archive_problems(members)]:
            raise InputError(problems)
        chosen = [member for member in members if wanted(member.filename)]
        with _naming_damage(name):
            found = {m.filename: _extracted(archive, m, Path(folder), name) for m in chosen}
        yield found


@contextmanager
def _naming_damage(name: str) -> Iterator[None]:
    """Turn into one line what zipfile raises: of a damaged archive, nearly anything."""
    try:
        yield
    except InputError:
        raise
    except NotImplementedError as error:  # a method of packing
        raise InputError(f"{name}: {error}; pack it again as an ordinary zip") from None
    except RuntimeError as error:  # zipfile's word for a missing password
        raise InputError(f"{name}: {error}") from None
    except Exception as error:
        raise InputError(f"{name}: a damaged archive ({error}); fetch it again") from None


def _archive_problems(members: list[zipfile.ZipInfo]) -> Iterator[str]:
    if len(members) > MOST_MEMBERS:
        yield f"{len(members):,} members, and {MOST_MEMBERS:,} are the most; unpack it yourself"
        return
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > MOST_BYTES:
        yield f"comes to {total:,} bytes, and {MOST_BYTES:,} are the most; unpack it yourself"
    if total > _SMALL_BYTES and total > MOST_RATIO * packed:
        yield (
            f"grows {total // max(packed, 1):,}-fold to {total:,} bytes (a zip bomb?); "
            "unpack it yourself if you trust it"
        )
    names = [member.filename for member in members]
    for twice in sorted({name for name in names if names.count(name) > 1}):
        yield f"has {twice!r} twice"
    for member in members:
        if not member.filename:
            yield "has a member without a name"
        if _leads_out(member.filename):
            yield f"its member {member.filename!r} leads out of the archive"
        if stat.S_ISLNK(member.external_attr >> 16):
            yield f"its member {member.filename!r} is a link"
        if member.flag_bits & 1:
            yield f"its member {member.filename!r} is encrypted; unpack it first"


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return ".." in parts or name.startswith("/") or "\\" in name or ":" in name or "\0" in name


def _extracted(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, name: str) -> Path:
    """Write a member under its name, and no more of it than it was declared to have."""
    target = folder.joinpath(*PurePosixPath(member.filename).parts)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, target.open("xb") as file:
            left = member.file_size
            while chunk := packed.read(_CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise InputError(f"{name}: {member.filename!r} is larger than it says")
                file.write(chunk)
    except OSError as error:
        raise InputError(f"{name}: {member.filename!r}: {error.strerror or error}") from None
    return target


# The network


def is_address(text: str) -> bool:
    """Say whether a file argument is one that GDAL would look up elsewhere than on the disk."""
    return text.startswith("/vsi") or "://" in text


@contextmanager
def fetched(address: str, *, allowed: bool) -> Iterator[Path]:
    """Fetch a file into a private folder, for as long as the block runs; only if `allowed`."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"{address}: is no file; give a path, or an https:// address")
    if not allowed:
        raise InputError(f"{address}: is on the network; save it first, or add --allow-network")
    with tempfile.TemporaryDirectory(prefix="frontmap-") as folder:
        target = Path(folder) / (PurePosixPath(parts.path).name or "download")
        try:
            with (
                urlopen(address, timeout=_DOWNLOAD_TIMEOUT_S) as answer,
                target.open("xb") as file,
            ):
                done = 0
                while chunk := answer.read(_CHUNK_BYTES):
                    done += len(chunk)
                    if done > MOST_BYTES:
                        raise InputError(f"{address}: more than {MOST_BYTES:,} bytes")
                    file.write(chunk)
        except (URLError, OSError) as error:
            if isinstance(error, HTTPError):
                error.close()
            raise InputError(f"{address}: cannot be fetched: {error}") from None
        yield target
