"""`frontmap read`: from a report to reviewed control changes, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from samples import Run

from frontmap.data import seeding
from frontmap.data.readers import open_reader
from frontmap.geo.dates import parse_date

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "seeds" / "syria-2024" / "reports" / "2024-12-06.txt"
ON = ("--published", "2024-12-06")


@pytest.fixture(scope="module")
def before_offensive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the project of Syria with the lines of 26 November."""
    path = tmp_path_factory.mktemp("before") / "syria.gpkg"
    seed = seeding.read_seed(seeding.shipped("syria-2024"))
    seeding.build(seed, path, until=parse_date("2024-11-26"))[0].close()
    return path


def claims_of(run: Run, *args: str | Path, stdin: str | None = None) -> list[dict[str, Any]]:
    printed = json.loads(run("read", *args, "--json", stdin=stdin).stdout)
    return list(printed["claims"])


def test_the_report_says_what_it_says(run: Run, before_offensive: Path) -> None:
    claims = claims_of(run, REPORT, *ON, "-p", before_offensive)
    told = {
        (c["relation"], c["place"]["name"], c["status"], c["actor_id"], c["attribution"])
        for c in claims
    }
    observatory = "The Syrian Observatory for Human Rights"
    assert {
        ("captured", "Aleppo", "asserted", None, None),
        ("captured", "Hama", "asserted", None, None),
        ("captured", "Rastan", "asserted", "hts", observatory),
        ("captured", "Talbisseh", "asserted", "hts", observatory),
        ("entered", "Homs", "asserted", "hts", observatory),
        ("near", "Homs", "asserted", "hts", None),
        ("withdrew", "Hama", "claimed", "government", "the army command"),
        ("withdrew", "Homs", "denied", "government", None),
        ("captured", "Homs", "hypothetical", "hts", None),
        ("captured", "Homs", "hypothetical", None, None),
    } <= told
    near = next(c for c in claims if c["relation"] == "near" and c["distance_km"])
    assert near["distance_km"] == 5
    assert {c["place"]["kind"] for c in claims if c["relation"] == "entered"} == {"admin1"}
    began = "2024-11-27"
    assert {c["date"]["from"] for c in claims if c["date"]["basis"] == "none"} == {began}
    assert all(c["reason"] for c in claims if c["status"] not in ("asserted", "claimed"))


def test_the_json_keeps_to_its_schema(run: Run, before_offensive: Path) -> None:
    schema = json.loads((ROOT / "docs" / "reading.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    printed = json.loads(run("read", REPORT, *ON, "-p", before_offensive, "--json").stdout)
    Draft202012Validator(schema).validate(printed)
    text = REPORT.read_text(encoding="utf-8")
    for claim in printed["claims"]:
        assert text[claim["start"] : claim["end"]] == claim["quote"]
    for found in [*printed["toponyms"], *(claim["place"] for claim in printed["claims"])]:
        assert text[found["start"] : found["end"]] == found["surface"]


def test_accepting_its_claims_puts_the_front_five_kilometres_from_homs(
    run: Run, before_offensive: Path, tmp_path: Path
) -> None:
    project = tmp_path / "syria.gpkg"
    project.write_bytes(before_offensive.read_bytes())
    run("read", REPORT, *ON, "-p", project, "--save", "--publisher", "frontmap")
    rows = json.loads(run("claims", "list", "-p", project, "--json").stdout)
    wanted = [
        row
        for row in rows
        if row["status"] == "asserted"
        and (row["relation"] == "captured" or (row["relation"] == "near" and row["distance_km"]))
    ]
    assert {row["place"]["name"] for row in wanted} == {
        "Aleppo",
        "Hama",
        "Rastan",
        "Talbisseh",
        "Homs",
    }
    for row in sorted(wanted, key=lambda row: row["relation"] == "near"):
        if row["actor_id"] is None:  # "the fall of Aleppo" does not say to whom
            run("claims", "edit", row["id"], "--actor", "hts", "-p", project)
        run("claims", "accept", row["id"], "-p", project)
    printed = run("distance", "Homs", "--on", "2024-12-06", "-p", project, "--json").stdout
    assert json.loads(printed)[0]["distance_km"] == pytest.approx(5.0, abs=0.001)
    run("check", "-p", project)


def test_nothing_reaches_the_map_unreviewed(
    run: Run, before_offensive: Path, tmp_path: Path
) -> None:
    project = tmp_path / "syria.gpkg"
    project.write_bytes(before_offensive.read_bytes())
    before = run("control", "2024-12-06", "-p", project).stdout
    saved = run("read", REPORT, *ON, "-p", project, "--save", "--url", "https://example.org/a")
    assert "stored as report 1" in saved.stderr
    assert run("control", "2024-12-06", "-p", project).stdout == before
    again = run("read", REPORT, *ON, "-p", project, "--save", "--publisher", "X", code=1)
    assert "report 1" in again.stderr
    assert "--accept-all" not in run("claims", "accept", "--help").stdout


def test_what_is_printed_for_readers(run: Run, before_offensive: Path) -> None:
    printed = run("read", REPORT, *ON, "-p", before_offensive).stdout
    live, rest = printed.split("\nNot said to be so\n")
    assert "rebel fighters" in live and "near 5 km" in live
    assert "denied (denied)" in rest and "hypothetical (if)" in rest
    assert rest.index("Toponyms") < rest.index("geonames:169577")


def test_a_report_is_read_with_the_places_of_countries(run: Run) -> None:
    text = "The RSF captured Wad Madani on Monday, the army's spokesman admitted."
    (claim,) = claims_of(run, "-", "--published", "2023-12-20", "--country", "SD", stdin=text)
    assert (claim["place"]["name"], claim["date"]["to"]) == ("Wad Madani", "2023-12-18")
    assert claim["status"] == "claimed" and claim["attribution_is_party"]


def test_bad_input_is_refused_in_a_line(run: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("Rebels captured Hama.")
    here = ("--country", "SY")
    assert "--published" in run("read", report, *here, code=2).stderr
    assert "name one report" in run("read", code=2).stderr
    empty = tmp_path / "empty.txt"
    empty.write_text(" \n")
    assert "no text" in run("read", empty, *ON, *here, code=1).stderr
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(2000))
    assert "picture" in run("read", tmp_path / "photo.jpg", *ON, *here, code=1).stderr
    large = tmp_path / "large.txt"
    large.write_bytes(b"a " * 25_000_000)
    assert "MB are too much" in run("read", large, *ON, *here, code=1).stderr
    assert "XX" in run("read", report, *ON, "--country", "XX", code=1).stderr
    unsourced = run("read", report, *ON, "--save", "-p", _project(run, tmp_path), code=1)
    assert "--publisher" in unsourced.stderr


def _project(run: Run, folder: Path) -> Path:
    run("init", folder / "lb.gpkg", "--country", "LB")
    return folder / "lb.gpkg"


def test_a_language_without_rules_gives_toponyms_only(run: Run) -> None:
    text = "Les rebelles ont pris Hama dans la nuit de jeudi à vendredi, selon l'armée syrienne."
    result = run("read", "-", *ON, "--country", "SY", "--json", stdin=text)
    printed = json.loads(result.stdout)
    assert printed["claims"] == [] and printed["toponyms"][0]["name"] == "Hama"
    assert "toponyms only" in result.stderr


def test_a_page_is_read_for_its_article(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    body = "".join(f"<p>{p}</p>" for p in REPORT.read_text(encoding="utf-8").split("\n\n"))
    page.write_text(
        f"<html><head><title>x</title></head><body><nav>Rebels took Idlib</nav>"
        f"<article>{body}</article></body></html>",
        encoding="utf-8",
    )
    claims = claims_of(run, page, *ON, "--country", "SY")
    places = {claim["place"]["name"] for claim in claims}
    assert {"Rastan", "Talbisseh"} <= places and "Idlib" not in places


def test_archives_are_read_into_one_table(run: Run, tmp_path: Path) -> None:
    import pyarrow.parquet as parquet

    lines = [
        {"id": "a", "published": "2024-12-06", "text": REPORT.read_text(encoding="utf-8")},
        {"id": "b", "published": "2024-12-06", "text": "Nothing happened on Friday."},
        {"id": "c", "text": "No date."},
    ]
    archive, output = tmp_path / "archive.jsonl", tmp_path / "claims.parquet"
    archive.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    told = run("read", "--batch", archive, "-o", output, "--country", "SY")
    assert "of 2 documents" in told.stderr and "1 documents could not be read" in told.stderr
    reader = open_reader(["SY"])
    expected = reader.read(lines[0]["text"], parse_date("2024-12-06")).claims
    table = parquet.read_table(output)
    assert table.num_rows == len(expected)
    assert table.column("relation").to_pylist() == [str(c.relation) for c in expected]
