"""SQLite's R*Tree, written whole: for many rows at once, some ten times as fast as row by row.

An R*Tree keeps its nodes as rows of three tables of its own, `…_node`, `…_rowid` and `…_parent`
(https://www.sqlite.org/rtree.html, section 6, and the comments of its `rtree.c`). Boxes are sorted
into tiles of neighbours, a node each, and so again level by level up to one root: Leutenegger,
Lopez and Edgington, "STR: a simple and efficient algorithm for R-tree packing", ICDE 1997.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["add"]

#: Writing the whole index anew is the faster way up to so many rows there for each new one.
_KEPT_FOR_EACH_NEW = 8

#: Room is left in each node, else the next rows would split nearly every node that they come to.
_FILLED = 0.75

#: A cell of a node: what it holds (a row, or a node below) and its box, as SQLite orders bounds.
_CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])
_HEADER_SIZE = 4
_ROOT = 1

Boxes = NDArray[np.float64]
Ids = NDArray[np.int64]


def add(connection: sqlite3.Connection, index: str, ids: Sequence[int], boxes: Boxes) -> None:
    """Add rows with boxes, shape (n, 4) of min x, max x, min y, max y, to an index of that name.

    Rows whose box is NaN have no geometry and are left out. Call it within a transaction.
    """
    has_box = ~np.isnan(boxes).any(axis=1)
    new_ids, new_boxes = np.asarray(ids, dtype=np.int64)[has_box], boxes[has_box]
    (kept,) = connection.execute(f'SELECT count(*) FROM "{index}_rowid"').fetchone()
    if kept > _KEPT_FOR_EACH_NEW * len(new_ids):
        rows = np.column_stack([new_ids.astype(np.float64), new_boxes]).tolist()
        connection.executemany(f'INSERT INTO "{index}" VALUES (?, ?, ?, ?, ?)', rows)
        return
    present = np.array(connection.execute(f'SELECT * FROM "{index}"').fetchall()).reshape(-1, 5)
    _write(
        connection,
        index,
        np.concatenate([present[:, 0].astype(np.int64), new_ids]),
        np.concatenate([present[:, 1:].astype(np.float64), new_boxes]),
    )


def _write(connection: sqlite3.Connection, index: str, ids: Ids, boxes: Boxes) -> None:
    """Write an index anew, leaves first; the root is node 1 and tells the depth."""
    (size,) = connection.execute(
        f'SELECT length(data) FROM "{index}_node" WHERE nodeno = {_ROOT}'
    ).fetchone()
    capacity = int((size - _HEADER_SIZE) // _CELL.itemsize * _FILLED)
    for table in ("node", "rowid", "parent"):
        connection.execute(f'DELETE FROM "{index}_{table}"')
    depth, next_node = 0, _ROOT + 1
    while True:
        order, starts = _tiles(boxes, capacity)
        ids, boxes = ids[order], boxes[order]
        is_root = len(starts) == 1
        nodes = np.arange(len(starts)) + (_ROOT if is_root else next_node)
        cells = np.empty(len(ids), dtype=_CELL)
        cells["id"], cells["box"] = ids, _outwards(boxes)
        blobs = _blobs(cells, starts, depth if is_root else 0, size)
        connection.executemany(
            f'INSERT INTO "{index}_node" VALUES (?, ?)', zip(nodes.tolist(), blobs, strict=True)
        )
        owner = np.repeat(nodes, np.diff([*starts, len(ids)]))
        connection.executemany(
            f'INSERT INTO "{index}_{"parent" if depth else "rowid"}" VALUES (?, ?)',
            np.column_stack([ids, owner]).tolist(),
        )
        if is_root:
            return
        low, high = (np.minimum.reduceat, np.maximum.reduceat)
        boxes = np.column_stack(
            [(high if bound % 2 else low)(boxes[:, bound], starts) for bound in range(4)]
        )
        ids, next_node, depth = nodes, next_node + len(nodes), depth + 1


def _tiles(boxes: Boxes, capacity: int) -> tuple[Ids, Ids]:
    """Return the order of boxes in which neighbours follow each other, and where nodes begin."""
    count = len(boxes)
    nodes = max(1, -(-count // capacity))
    starts = np.arange(nodes, dtype=np.int64) * count // nodes
    x, y = boxes[:, 0] + boxes[:, 1], boxes[:, 2] + boxes[:, 3]
    # Vertical slices of whole nodes, as many as each has nodes; then by height within a slice.
    slices = int(np.ceil(np.sqrt(nodes)))
    by_x = np.argsort(x, kind="stable")
    node = np.searchsorted(starts, np.arange(count), side="right") - 1
    slice_of = np.empty(count, dtype=np.int64)
    slice_of[by_x] = node * slices // nodes
    return np.lexsort((y, slice_of)), starts


def _outwards(boxes: Boxes) -> NDArray[np.float32]:
    """Round to the index's 32-bit floats so that the box still encloses what it did."""
    rounded = boxes.astype(np.float32)
    least, most = rounded[:, ::2], rounded[:, 1::2]
    least[least > boxes[:, ::2]] = np.nextafter(least, np.float32(-np.inf))[least > boxes[:, ::2]]
    most[most < boxes[:, 1::2]] = np.nextafter(most, np.float32(np.inf))[most < boxes[:, 1::2]]
    return rounded


def _blobs(cells: NDArray[Any], starts: Ids, depth: int, size: int) -> Iterator[bytes]:
    """Yield each node as it is stored: depth, number of cells, cells, zeros up to its size."""
    ends = [*starts[1:].tolist(), len(cells)]
    for start, end in zip(starts.tolist(), ends, strict=True):
        head = depth.to_bytes(2, "big") + (end - start).to_bytes(2, "big")
        yield (head + cells[start:end].tobytes()).ljust(size, b"\0")
