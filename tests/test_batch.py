"""Archives read into one Parquet: the same however it is read, resumed, and whatever is in them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import distributed
import pyarrow
import pytest
from plain_reader import plain_reader
from pyarrow import parquet

from frontmap.data.archive import LONGEST_LINE_BYTES, MOST_CHARACTERS
from frontmap.data.batch import Archived, Reader, errors_path, read_archive
from frontmap.geo.errors import InputError, StoreError

DAY = "2024-12-06"
FILLER = "Residents waited for bread, and schools in the district stayed closed. " * 28


def report(number: int, text: str = "") -> dict[str, Any]:
    dice = random.Random(number)
    actor, place = dice.choice(["The rebels", "The army"]), dice.choice(["Alton", "Belford", "Ely"])
    verb = dice.choice(["captured", "entered", "withdrew from"])
    told = f"{actor} {verb} {place}. If the rebels capture Carden, trade ends."
    body = f"{told} {FILLER} {text}"
    return {
        "id": f"r{number}",
        "text": body,
        "published": DAY,
        "url": f"https://example.org/{number}",
    }


def json_lines(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of 2.4 MB, which is worth workers: 1,200 reports, five batches."""
    path = tmp_path_factory.mktemp("archive") / "reports.jsonl"
    return json_lines(path, (report(n, "KILL" if n == 700 else "") for n in range(1200)))


@pytest.fixture(scope="module")
def expected(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return what reading the archive in this process comes to."""
    output = tmp_path_factory.mktemp("expected") / "claims.parquet"
    read_archive(archive, output, plain_reader())
    return output.read_bytes()


@pytest.fixture(scope="module")
def cluster() -> Iterator[distributed.LocalCluster]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster


def rows(output: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = parquet.read_table(output).to_pylist()
    return read


def errors(output: Path) -> dict[str, str]:
    lines = errors_path(output).read_text(encoding="utf-8").splitlines()
    return {error["id"]: error["problem"] for error in map(json.loads, lines)}


# One result


def test_a_row_is_a_claim(tmp_path: Path) -> None:
    output = tmp_path / "claims.parquet"
    text = "The rebels captured Alton. If the rebels capture Ely, trade ends."
    source = json_lines(tmp_path / "a.jsonl", [{"id": 7, "text": text, "published": DAY}])
    assert read_archive(source, output, plain_reader()) == Archived(1, 2, 0, 1, 0)
    first, second = rows(output)
    assert first == {
        "document": "7",
        "published": date(2024, 12, 6),
        "url": None,
        "publisher": None,
        "place_surface": "Alton",
        "place_start": 20,
        "place_end": 25,
        "place_name": "Alton",
        "place_lon": 36.0,
        "place_lat": 34.5,
        "place_match": "exact",
        "place_kind": "settlement",
        "place_id": "test:alton",
        "relation": "captured",
        "actor": "The rebels",
        "actor_id": None,
        "status": "asserted",
        "date_from": None,
        "date_to": date(2024, 12, 6),
        "date_basis": "none",
        "distance_km": None,
        "direction": None,
        "extent": None,
        "attribution": None,
        "attribution_is_party": False,
        "disputed_by": None,
        "quote": "The rebels captured Alton",
        "start": 0,
        "end": 25,
        "rule": "captured",
        "reason": None,
        "warnings": [],
        "toponyms": 2,
    }
    assert text[second["start"] : second["end"]] == second["quote"]
    assert (second["status"], second["reason"]) == ("hypothetical", "only if")
    assert (second["place_lon"], second["warnings"]) == (None, ["no such place"])
    assert not errors_path(output).exists()
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl", "claims.parquet"]


def test_claims_come_in_the_order_of_the_archive(archive: Path, tmp_path: Path) -> None:
    output, heard = tmp_path / "claims.parquet", list[tuple[int, int]]()
    read = read_archive(archive, output, plain_reader(), told=lambda *at: heard.append(at))
    assert read == Archived(1200, 2400, 0, 5, 0)
    assert [row["document"] for row in rows(output)[::2]] == [f"r{n}" for n in range(1200)]
    assert heard == sorted(heard)
    assert heard[-1] == (archive.stat().st_size,) * 2


def test_workers_make_the_same_file(archive: Path, expected: bytes, tmp_path: Path) -> None:
    output = tmp_path / "claims.parquet"
    assert read_archive(archive, output, plain_reader(), workers=2).claims == 2400
    assert output.read_bytes() == expected


def test_a_worker_that_is_killed_loses_nothing(
    archive: Path, expected: bytes, cluster: distributed.LocalCluster, tmp_path: Path
) -> None:
    output, killed = tmp_path / "claims.parquet", tmp_path / "killed"
    address = cluster.scheduler_address
    reader = plain_reader("deadly", killed)
    assert read_archive(archive, output, reader, scheduler=address).documents == 1200
    assert killed.exists()
    assert output.read_bytes() == expected


def test_an_interrupted_run_is_resumed(archive: Path, expected: bytes, tmp_path: Path) -> None:
    output = tmp_path / "claims.parquet"
    done = 0

    def interrupt(_done: int, _of: int) -> None:
        nonlocal done
        done += 1
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_archive(archive, output, plain_reader(), told=interrupt)
    assert not output.exists()
    assert len(list((tmp_path / "claims.parquet.parts").iterdir())) == 2
    assert read_archive(archive, output, plain_reader(), workers=2).kept == 2
    assert output.read_bytes() == expected


INTERRUPTED = """
import sys
from pathlib import Path
from frontmap.data.batch import read_archive
sys.path.insert(0, sys.argv[1])
from plain_reader import plain_reader
try:
    told = lambda *at: print(*at, flush=True)
    read_archive(*map(Path, sys.argv[2:]), plain_reader(slow_s=0.01), workers=2, told=told)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.slow
def test_an_interrupt_ends_workers_without_a_word(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "claims.parquet"
    command = [
        sys.executable,
        "-c",
        INTERRUPTED,
        *map(str, (Path(__file__).parent, archive, output)),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()  # a batch is done
        os.killpg(running.pid, signal.SIGINT)
        printed, said = running.communicate()
    assert printed.endswith("interrupted\n")
    assert said == ""
    assert read_archive(archive, output, plain_reader()).kept > 0


def interrupted(source: Path, output: Path, reader: Reader) -> None:
    """Read all of an archive, but for joining the parts."""
    output.mkdir()  # in the place of the file
    with pytest.raises(InputError):
        read_archive(source, output, reader)
    output.rmdir()


def test_only_what_has_changed_is_read_again(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "claims.parquet"
    interrupted(archive, output, plain_reader())
    changed = archive.read_text(encoding="utf-8").replace("The army entered Alton", "X", 1)
    source = tmp_path / "changed.jsonl"
    source.write_text(changed, encoding="utf-8")
    read = read_archive(source, output, plain_reader())
    assert (read.batches, read.kept, read.claims) == (5, 4, 2399)


def test_another_reader_reads_all_of_it_again(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "claims.parquet"
    interrupted(archive, output, plain_reader())
    assert read_archive(archive, output, plain_reader("plain 2")).kept == 0


def test_a_damaged_part_is_named(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "claims.parquet"
    interrupted(archive, output, plain_reader())
    part = min((tmp_path / "claims.parquet.parts").iterdir())
    part.write_bytes(part.read_bytes()[:1000])
    with pytest.raises(StoreError, match=r"is damaged .*; delete it and run again"):
        read_archive(archive, output, plain_reader())
    part.unlink()
    assert read_archive(archive, output, plain_reader()).kept == 4


# Archives


def test_a_parquet_file_reads_like_json_lines(
    archive: Path, expected: bytes, tmp_path: Path
) -> None:
    source, output = tmp_path / "reports.parquet", tmp_path / "claims.parquet"
    table = pyarrow.Table.from_pylist(
        [json.loads(line) for line in archive.read_text(encoding="utf-8").splitlines()]
    )
    parquet.write_table(table, source, row_group_size=500)
    read_archive(source, output, plain_reader())
    assert output.read_bytes() == expected


@pytest.mark.parametrize(
    "published", [date(2024, 12, 6), datetime(2024, 12, 6, 23, 59), "2024-12-06T23:59:00Z"]
)
def test_published_may_be_a_date_a_time_or_text(tmp_path: Path, published: object) -> None:
    source, output = tmp_path / "a.parquet", tmp_path / "claims.parquet"
    row = {"id": 1, "text": "The rebels entered Alton.", "published": published}
    parquet.write_table(pyarrow.Table.from_pylist([row]), source)
    read_archive(source, output, plain_reader())
    assert rows(output)[0]["published"] == date(2024, 12, 6)


def test_a_folder_has_its_days_in_its_names(tmp_path: Path) -> None:
    folder, output = tmp_path / "reports", tmp_path / "claims.parquet"
    (folder / "2023").mkdir(parents=True)
    text = "The rebels entered Alton."
    (folder / "2024-12-06-alton.txt").write_text(text, encoding="utf-8-sig")
    (folder / "2023" / "2023-01-31.html").write_text(f"<p>{text}", encoding="utf-8")
    (folder / "undated.TXT").write_text(text, encoding="utf-8")
    (folder / "2024-12-06.pdf").write_bytes(b"\x89")
    read_archive(folder, output, plain_reader())
    assert [(row["document"], row["published"]) for row in rows(output)] == [
        ("2024-12-06-alton.txt", date(2024, 12, 6)),
        ("2023/2023-01-31.html", date(2023, 1, 31)),
    ]
    assert "no day of publication" in errors(output)["undated.TXT"]
    read_archive(folder, output, plain_reader(), published=date(2020, 2, 2))
    assert [row["published"].year for row in rows(output)] == [2024, 2020, 2023]
    assert not errors_path(output).exists()


GOOD = json.dumps({"id": "good", "text": "The army entered Alton.", "published": DAY}).encode()
BAD: list[tuple[bytes, str, str]] = [
    (b"{", "line 2", "not JSON: "),
    (b"[" * 100_000, "line 3", "not JSON: "),
    (b"[1]", "line 4", "not a JSON object"),
    (b'{"text": "x"}', "line 5", "no day of publication"),
    (b'{"id": 6, "published": "2024-12-06"}', "6", "it has no text"),
    (b'{"id": "7", "text": " ", "published": "2024-12-06"}', "7", "it has no text"),
    (b'{"id": "8", "text": "x", "published": "06/12/2024"}', "8", "could be read in two ways"),
    (b'{"id": "9", "text": "x", "published": 20241206}', "9", "is no date"),
    (b'{"id": "a", "text": "\\ud800", "published": "2024-12-06"}', "line 10", "surrogate"),
    (b'{"id": "b", "text": "\xff", "published": "2024-12-06"}', "line 11", "not in UTF-8"),
    (b'{"id": "c", "text": "x", "url": 1, "published": "2024-12-06"}', "c", "url is no text"),
    (b'{"id": "d", "text": "\\u0000", "published": "2024-12-06"}', "d", "it is binary"),
    (
        b'{"id": "e", "text": "FAULT", "published": "2024-12-06"}',
        "e",
        "not read: KeyError: 'fault'",
    ),
    (
        b'{"id": "f", "published": "2024-12-06", "text": "' + b"x" * (MOST_CHARACTERS + 1) + b'"}',
        *("f", "its text has 2,000,001 characters, more than 2,000,000"),
    ),
    (b"x" * (LONGEST_LINE_BYTES * 2 + 5), "line 16", "the line is too long"),
    (b'{"id": "' + b"x" * 501 + b'", "text": "x"}', "line 17", "its id has 501 characters"),
]


def test_bad_documents_are_listed_and_stop_nothing(tmp_path: Path) -> None:
    source, output = tmp_path / "a.jsonl", tmp_path / "claims.parquet"
    source.write_bytes(b"\n".join([b"\xef\xbb\xbf" + GOOD, *(bad for bad, _, _ in BAD), b"", GOOD]))
    assert read_archive(source, output, plain_reader()) == Archived(2, 2, len(BAD), 1, 0)
    found = errors(output)
    assert list(found) == [name for _, name, _ in BAD]
    for _, name, problem in BAD:
        assert problem in found[name]
    assert [row["document"] for row in rows(output)] == ["good", "good"]


def test_an_archive_without_claims_has_the_columns_all_the_same(tmp_path: Path) -> None:
    output = tmp_path / "claims.parquet"
    source = json_lines(tmp_path / "a.jsonl", [])
    assert read_archive(source, output, plain_reader()) == Archived(0, 0, 0, 0, 0)
    assert "relation" in parquet.read_table(output).column_names


# What is refused


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.parquet").write_bytes(b"PAR1")
    parquet.write_table(pyarrow.table({"id": [1]}), tmp_path / "columns.parquet")
    (tmp_path / "a.csv").touch()
    for name, problem in [
        ("empty", "has no files .txt"),
        ("missing.jsonl", "no such file"),
        ("a.csv", "name a folder, or a file .jsonl"),
        ("bad.parquet", "no Parquet file"),
        ("columns.parquet", "it has no column published and no column text"),
    ]:
        with pytest.raises(InputError, match=problem):
            read_archive(tmp_path / name, tmp_path / "claims.parquet", plain_reader())
    assert not list(tmp_path.glob("claims*"))


def test_the_output_is_checked_before_anything_is_read(archive: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.parquet"
    parquet.write_table(pyarrow.table({"id": [1], "text": ["x"], "published": [DAY]}), same)
    with pytest.raises(InputError, match="is the archive itself"):
        read_archive(same, same, plain_reader())
    with pytest.raises(InputError, match=r"write it as \.parquet"):
        read_archive(archive, tmp_path / "claims.csv", plain_reader())


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_a_scheduler_that_is_not_there_is_one_line(
    archive: Path, tmp_path: Path, address: str
) -> None:
    with pytest.raises(InputError, match="no dask scheduler answers at"):
        read_archive(archive, tmp_path / "claims.parquet", plain_reader(), scheduler=address)


def test_a_cluster_without_workers_is_one_line(archive: Path, tmp_path: Path) -> None:
    with (
        distributed.LocalCluster(
            n_workers=0, dashboard_address="127.0.0.1:0", processes=True
        ) as empty,
        pytest.raises(InputError, match="has no workers"),
    ):
        address = empty.scheduler_address
        read_archive(archive, tmp_path / "claims.parquet", plain_reader(), scheduler=address)


@pytest.mark.slow
def test_the_benchmark_runs() -> None:
    bench = Path(__file__).parents[1] / "bench" / "read_batch.py"
    command = [sys.executable, str(bench), "--documents", "60"]
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    *_, last = printed.splitlines()
    one, two = json.loads(last)["runs"]
    assert one["documents"] == two["documents"] == 60
    assert one["sha256"] == two["sha256"]
