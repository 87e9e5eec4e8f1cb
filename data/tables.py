"""Tables of other people: CSV in whatever encoding, XLSX; and where their rows lie."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from frontmap.data.guards import read_bytes, unpacked
from frontmap.data.layers import Layer, parsed
from frontmap.geo.errors import InputError

__all__ = ["decoded", "locate", "read_table", "read_workbook"]

_DELIMITERS = ",;\t|"
#: A cell may hold a polygon of a million positions as WKT.
_LONGEST_CELL = 64_000_000
#: Encodings that files without a mark of their own come in, as hints.
_HINTS = ("cp1256", "cp1251", "cp1252")


def decoded(data: bytes, name: str, encoding: str | None) -> str:
    """Return text that marks its encoding, is UTF-8, or is in the encoding asked for."""
    if encoding is None:
        is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        encoding = "utf-16" if is_wide else "utf-8-sig"
    try:
        return data.decode(encoding)
    except LookupError:
        raise InputError(f"--encoding {encoding}: no such encoding; try cp1256 or utf-16") from None
    except UnicodeDecodeError as error:
        sample = data[error.start : error.start + 12]
        shown = ", ".join(f"{code} {sample.decode(code, 'replace')!r}" for code in _HINTS)
        raise InputError(
            f"{name}: is not in {encoding.removesuffix('-sig').upper()} at byte "
            f"{error.start + 1} ({shown} …); say what it is with --encoding"
        ) from None


def read_table(path: Path, name: str, encoding: str | None) -> list[Layer]:
    """Read a table of text: commas, semicolons, tabs or bars, its first line the names."""
    text = decoded(read_bytes(path, name), name, encoding)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: {error}") from None
    if not lines:
        raise InputError(f"{name}: has no lines")
    return [_table(name, Path(name).stem, "line", lines)]


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _table(source: str, name: str, unit: str, lines: Sequence[tuple[int, Sequence[Any]]]) -> Layer:
    """Make a layer of numbered rows, the first of which names the columns."""
    (_, header), *rows = lines
    names = [str("" if cell is None else cell).strip() for cell in header]
    layer = Layer(source, name, {}, [number for number, _ in rows], unit)
    for twice in sorted({name for name in names if name and names.count(name) > 1}):
        layer.problems.append(f"{source}: has two columns {twice!r}; rename one")
    for index, (_, cells) in enumerate(rows):
        if any(cell not in (None, "") for cell in cells[len(names) :]):
            found = f"has {len(cells)} cells, and there are {len(names)} columns"
            layer.problems.append(f"{layer.where(index)} {found}; quote cells with commas in them")
    for at, name in enumerate(names):
        if name:
            layer.columns[name] = [cells[at] if at < len(cells) else "" for _, cells in rows]
    return layer


def read_workbook(path: Path, name: str) -> list[Layer]:
    """Read the sheets of an XLSX workbook: the values of cells, never their formulas."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise InputError(f"{name}: needs openpyxl: pip install 'frontmap[interchange]'") from None
    with unpacked(path, name, lambda member: False):
        pass  # it is a zip, and as suspicious as any
    try:
        _refuse_entities(path, name)
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheets = [(sheet.title, list(_cells(sheet))) for sheet in book.worksheets]
        book.close()
    except InputError:
        raise
    except Exception as error:  # of a damaged file openpyxl lets out whatever befalls it
        raise InputError(f"{name}: cannot be read as a workbook: {error}") from None
    return [_table(f"{name}/{title}", title, "row", lines) for title, lines in sheets if lines]


def _refuse_entities(path: Path, name: str) -> None:
    """Refuse a workbook whose XML declares a document type, whatever parses it afterwards."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            with archive.open(member) as part:
                # UTF-16 would hide it behind zeros.
                if b"<!DOCTYPE" in part.read(4096).replace(b"\0", b""):
                    raise InputError(f"{name}: its {member} declares a document type; refused")


def _cells(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        values = tuple(map(_value, cells))
        if any(value not in (None, "") for value in values):
            yield number, values


def _value(cell: Any) -> Any:
    """Write a day as ISO has it, and whole numbers without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell


# Where the rows of a table lie


def locate(
    layer: Layer, *, lon: str | None = None, lat: str | None = None, wkt: str | None = None
) -> None:
    """Give a table geometries, of two columns of numbers or of one of WKT.

    What is no number or no WKT is broken; empty cells have no geometry.
    """
    if wkt is not None:
        _locate_by_wkt(layer, layer.columns[wkt])
    elif lon is not None and lat is not None:
        _locate_by_numbers(layer, layer.columns[lon], layer.columns[lat])


def _locate_by_wkt(layer: Layer, cells: Sequence[Any]) -> None:
    import shapely

    texts = [str(cell).strip() or None if cell is not None else None for cell in cells]
    plain = [text and text.rpartition(";")[2] for text in texts]
    layer.geometries = parsed(shapely.from_wkt, np.array(plain, dtype=object))
    for index, text in enumerate(texts):
        if text and layer.geometries[index] is None:
            layer.broken[index] = f"is no WKT geometry ({text[:40]!r}), or has a ring not closed"
    srids = {text.partition(";")[0].upper() for text in texts if text and ";" in text}
    if len(srids) == 1:
        layer.crs = srids.pop().replace("SRID=", "EPSG:")
    elif srids:
        layer.problems.append(f"{layer.source}: has geometries of {len(srids)} CRSs; split it")


def _locate_by_numbers(layer: Layer, lons: Sequence[Any], lats: Sequence[Any]) -> None:
    import shapely

    pairs = np.full((len(layer), 2), np.nan)
    empty = np.zeros(len(layer), dtype=bool)
    for index, pair in enumerate(zip_longest(lons, lats)):
        texts = ["" if cell is None else str(cell).strip() for cell in pair]
        empty[index] = not any(texts)
        try:
            pairs[index] = [float(text) for text in texts]
        except ValueError:
            if not empty[index]:
                layer.broken[index] = (
                    f"has no position: {texts[0]!r} and {texts[1]!r} are no degrees"
                )
    layer.geometries = np.asarray(shapely.points(pairs), dtype=object)
    layer.geometries[empty | np.isin(np.arange(len(layer)), list(layer.broken))] = None
