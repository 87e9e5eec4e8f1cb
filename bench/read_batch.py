"""How fast archives are read: made-up reports, with one worker and with two.

    python bench/read_batch.py [--documents 100000] [--workers 1 2]

Prints a table, and the same as JSON. Each run is a process of its own, so that its peak memory is
its own; `workers_mb` is that of the largest worker. Outputs must be equal byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from articles import write_articles

from frontmap.data.batch import read_archive
from frontmap.data.readers import archive_reader


def run(source: Path, workers: int) -> dict[str, Any]:
    """Read the archive; return seconds, peaks of memory, and what it came to."""
    output = source.with_name(f"claims-{workers}.parquet")
    begun = time.perf_counter()
    read = read_archive(source, output, archive_reader(["SY"]), workers=workers)
    seconds = time.perf_counter() - begun
    return {
        "workers": workers,
        "seconds": round(seconds, 1),
        "documents": read.documents,
        "claims": read.claims,
        "peak_mb": _peak_mb(resource.RUSAGE_SELF),
        "workers_mb": _peak_mb(resource.RUSAGE_CHILDREN) if workers > 1 else 0,
        "sha256": hashlib.sha256(output.read_bytes()).hexdigest(),
    }


def _peak_mb(who: int) -> int:
    kilobytes = resource.getrusage(who).ru_maxrss
    return round(kilobytes / (1e6 if sys.platform == "darwin" else 1e3))


def measure(documents: int, counts: list[int]) -> list[dict[str, Any]]:
    """Return a row for each number of workers."""
    rows = list[dict[str, Any]]()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "articles.jsonl"
        characters = write_articles(source, documents)
        for workers in counts:
            command = [sys.executable, __file__, "--run", str(source), "--workers", str(workers)]
            made = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
            row = json.loads(made.stdout)
            row["documents_a_second"] = round(row["documents"] / row["seconds"])
            row["characters_a_second"] = round(characters / row["seconds"])
            row["ratio"] = round((rows or [row])[0]["seconds"] / row["seconds"], 2)
            rows.append(row)
    if len({row["sha256"] for row in rows}) > 1:
        sys.exit("the outputs differ")
    return rows


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Measure the reading of archives.")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        print(json.dumps(run(arguments.run, *arguments.workers)))
        return
    rows = measure(arguments.documents, arguments.workers)
    columns = [name for name in rows[0] if name != "sha256"]
    for cells in [columns, *([f"{row[name]:,}" for name in columns] for row in rows)]:
        print("  ".join(f"{cell:>{len(name)}}" for cell, name in zip(cells, columns, strict=True)))
    print(json.dumps({"cores": os.cpu_count(), "runs": rows}))


if __name__ == "__main__":
    main()
