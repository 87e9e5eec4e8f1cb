"""Dumps of GeoNames: what they add to a project, what they don't, and what is refused."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from samples import Run

from frontmap.data.checking import findings
from frontmap.data.geonames import MOST_PROBLEMS, Imported, import_places
from frontmap.data.store import Project
from frontmap.geo.errors import InputError
from frontmap.geo.records import Place, PlaceName


def line(
    number: int,
    name: str,
    lon: float,
    lat: float,
    *,
    names: Sequence[str] = (),
    code: str = "PPL",
    country: str = "SY",
    population: int = 0,
    feature: str = "P",
) -> str:
    """Write a place as GeoNames does."""
    cells = [
        *(number, name, name.encode("ascii", "ignore").decode(), ",".join(names)),
        *(f"{lat:.5f}", f"{lon:.5f}", feature, code, country, ""),
        *("11", "", "", "", population, "", 500, "Asia/Damascus", "2012-01-18"),
    ]
    return "\t".join(map(str, cells)) + "\n"


def write(path: Path, *lines: str) -> Path:
    """Write a file, or, by its suffix, the .zip that GeoNames ships."""
    content = "".join(lines)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("readme.txt", "This is the readme.\n")
            archive.writestr(f"{path.stem}.txt", content)
    else:
        path.write_text(content, encoding="utf-8")
    return path


HOMS = line(
    *(169577, "Homs", 36.72559, 34.72405),
    names=["Hims", "QHS", "hms", "Emisa", "حمص", "Ḩimş"],
    code="PPLA",
    population=775404,
)
JUBURIN = line(170001, "Jubūrīn", 36.70, 34.87, names=["Jaburin", "jbwryn", "جبورين"])
TASNIN = line(170002, "Tasnīn", 36.64, 34.89, population=7154)
RUIN = line(170003, "Khirbat", 36.8, 34.8, code="PPLQ")
QUARTER = line(170004, "Inshā’āt", 36.70, 34.72, code="PPLX")
TRIPOLI = line(170005, "Tripoli", 35.85, 34.43, country="LB", population=229398)
RIVER = line(170006, "Orontes", 36.7, 34.7, feature="H", code="STM")
DUMP = (HOMS, JUBURIN, TASNIN, RUIN, QUARTER, TRIPOLI, RIVER)


def imported(path: Path, dump: Path, **options: object) -> Imported:
    with Project.open(path) as project:
        return import_places(project, dump, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["SY.txt", "SY.zip"])
def test_a_dump_deepens_the_project(syria: Path, run: Run, tmp_path: Path, name: str) -> None:
    with Project.open(syria) as project:
        before = len(project.places())
    result = run("import", "--profile", "geonames", write(tmp_path / name, *DUMP), "-p", syria)
    assert "2 places added; 1 known ones gained names" in result.stderr
    assert "1 lie outside the theatre" in result.stderr
    assert "2 abandoned places and town sections left out" in result.stderr
    assert f"{syria}: {before + 2} places" in result.stderr
    with Project.open(syria) as project:
        assert len(project.places()) == before + 2
        assert project.resolve("جبورين") == Place(
            *("geonames:170001", "Jubūrīn", 36.7, 34.87, "SY", "Homs", None),
            (PlaceName("Jubūrīn"), PlaceName("Jaburin"), PlaceName("جبورين", "ar")),
        )
        assert project.resolve("Tasnin").population == 7154
        # Known ones keep their name, place and people, and gain what doesn't fold alike.
        homs = project.place("geonames:169577")
        assert (homs.name, homs.population) == ("Homs", 775404)
        assert [name.name for name in homs.names].count("Hims") == 1
        assert homs.names[-1] == PlaceName("Emisa")
        assert findings(project) == []


def test_a_second_import_adds_nothing(syria: Path, run: Run, tmp_path: Path) -> None:
    dump = write(tmp_path / "SY.txt", *DUMP)
    run("import", "--profile", "geonames", dump, "-p", syria)
    before = syria.read_bytes()
    result = run("import", "--profile", "geonames", dump, "-p", syria)
    assert "0 places added; 0 known ones gained names" in result.stderr
    assert syria.read_bytes() == before


def test_all_adds_abandoned_places_and_town_sections(syria: Path, tmp_path: Path) -> None:
    made = imported(syria, write(tmp_path / "SY.txt", *DUMP), everything=True)
    assert (made.added, made.left_out) == (4, 0)


def test_a_place_added_by_hand_is_known_by_name_and_position(syria: Path, tmp_path: Path) -> None:
    with Project.open(syria) as project:
        qamhana = project.resolve("Qamhana")
    assert qamhana.id == "frontmap:sy-qamhana"
    near = line(170100, "Qumḩānah", qamhana.lon + 0.01, qamhana.lat, names=["Qamhanah", "Gemhane"])
    far = line(170101, "Qamhānah", qamhana.lon + 0.1, qamhana.lat)
    dump = write(tmp_path / "SY.txt", near, far)
    made = imported(syria, dump)
    assert (made.added, made.gained) == (1, 1)
    with Project.open(syria) as project:
        names = [name.name for name in project.place(qamhana.id).names]
        assert {"Qumḩānah", "Gemhane"} <= set(names)
    made = imported(syria, dump)
    assert (made.added, made.gained) == (0, 0)


def test_a_stored_cell_stays_and_a_new_one_is_smaller(
    syria: Path, run: Run, tmp_path: Path
) -> None:
    draw = ("change", "add", "--actor", "none", "--on", "2024-12-07", "--place", "Talbisseh")
    cited = ("--certainty", "reported", "--source", "https://example.org/a", "-p", syria)
    run(*draw, *cited)
    run("import", "--profile", "geonames", write(tmp_path / "SY.txt", *DUMP), "-p", syria)
    run(*draw, *cited)
    with Project.open(syria) as project:
        before, after = project.changes()[-2:]
        assert after.parameters["places"] == before.parameters["places"] + 2
        assert after.polygon.area < before.polygon.area
        assert before.polygon.covers(after.polygon.buffer(-1e-6))


def alternate(number: int, place: int, lang: str, name: str, columns: int = 10) -> str:
    return "\t".join([str(number), str(place), lang, name, "", "", "", "", "", ""][:columns]) + "\n"


@pytest.mark.parametrize("columns", [8, 10])
@pytest.mark.parametrize("suffix", [".txt", ".zip"])
def test_alternate_names_tell_languages(
    syria: Path, run: Run, tmp_path: Path, columns: int, suffix: str
) -> None:
    dump = write(tmp_path / "SY.txt", *DUMP)
    rows = [
        (1, 170001, "en", "Jubūrīn"),
        (2, 170001, "tr", "Cubburin"),
        (3, 170001, "link", "https://example.org/Juburin"),
        (4, 170001, "post", "12345"),
        (5, 170001, "", "جبّورين الحمصية"),
        (6, 169577, "fro", "Homes"),
        (7, 99, "en", "Nowhere"),
        (8, 170005, "en", "Tripoli of the East"),
    ]
    names = write(tmp_path / f"names{suffix}", *(alternate(*row, columns) for row in rows))
    result = run("import", "--profile", "geonames", dump, names, "-p", syria)
    assert "2 places added; 1 known ones gained names" in result.stderr
    with Project.open(syria) as project:
        assert [(name.name, name.lang) for name in project.place("geonames:170001").names] == [
            ("Jubūrīn", ""),
            ("Jubūrīn", "en"),
            ("Cubburin", "tr"),
            ("جبّورين الحمصية", "ar"),
            ("Jaburin", ""),
            ("جبورين", "ar"),
        ]
        assert PlaceName("Homes", "fro") in project.place("geonames:169577").names


def test_marks_that_do_not_print_are_left_out_of_names(syria: Path, tmp_path: Path) -> None:
    odd = line(170200, "\u200fKafr\u202e Nan\u00a0", 36.75, 34.85, names=["a\u0000b|c", "Kafr Nān"])
    imported(syria, write(tmp_path / "SY.txt", odd))
    with Project.open(syria) as project:
        assert project.place("geonames:170200").names == (PlaceName("Kafr Nan"),)


# What is refused


BAD = [
    (HOMS.replace("\t", ",", 1), "18 columns between tabs, not 19"),
    (HOMS.replace("169577", "Q123"), "'Q123' is no GeoNames id"),
    (HOMS.replace("Homs", ""), "it has no name"),
    (HOMS.replace("34.72405", "134.7"), "latitude '134.7' is not within -90 and 90 degrees"),
    (HOMS.replace("36.72559", "nan"), "longitude 'nan' is not within"),
    (HOMS.replace("36.72559", "east"), "longitude 'east' is not within"),
    (HOMS.replace("\tP\t", "\tQ\t"), "'Q' is no feature class"),
    (HOMS.replace("\tSY\t", "\tSyria\t"), "'Syria' is no country's code"),
    (HOMS.replace("775404", "many"), "population 'many' is no whole number"),
]


def test_every_bad_line_is_named_and_nothing_is_written(
    syria: Path, run: Run, tmp_path: Path
) -> None:
    before = syria.read_bytes()
    dump = write(tmp_path / "SY.txt", JUBURIN, *(bad for bad, _ in BAD), JUBURIN)
    names = write(
        tmp_path / "names.txt", "1\t2\ten\n", alternate(1, 2, "en", "x").replace("2", "b")
    )
    result = run("import", "--profile", "geonames", dump, names, "-p", syria, code=1)
    said = result.stderr.splitlines()
    assert said[0] == f"frontmap: {len(BAD) + 3} problems; nothing was written"
    for number, (text, (_, problem)) in enumerate(zip(said[1:], BAD, strict=False), start=2):
        assert text.startswith(f"frontmap: SY.txt, line {number}: ")
        assert problem in text
    assert said[-3] == "frontmap: SY.txt, line 11: 170001 is in SY.txt, line 1 already"
    assert said[-2] == "frontmap: names.txt, line 1: 3 columns between tabs, not 8 or 10"
    assert said[-1].startswith("frontmap: names.txt, line 2: '1' and 'b' are no ids")
    assert syria.read_bytes() == before


def test_another_file_is_refused_after_its_first_lines(project: Project, tmp_path: Path) -> None:
    other = write(tmp_path / "SY.txt", *("name,lon,lat\n" for _ in range(10_000)))
    with pytest.raises(InputError) as refused:
        import_places(project, other)
    assert len(refused.value.problems) == MOST_PROBLEMS + 1
    assert "the rest was not read" in refused.value.problems[-1]


def corrupted(path: Path) -> bytes:
    data = bytearray(write(path, *DUMP * 50).read_bytes())
    middle = data.index(b"SY.txt") + 40
    data[middle : middle + 8] = b"\xff" * 8
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("SY.txt", b"", "SY.txt: the file is empty"),
        ("SY.txt", HOMS.encode("utf-16"), "SY.txt, line 1: not in UTF-8 at byte 1"),
        ("SY.txt", HOMS.encode("cp1256", "replace"), "SY.txt, line 1: not in UTF-8"),
        ("SY.txt", b"x" * 1_000_000, "SY.txt, line 1: longer than 200000 bytes"),
        ("SY.zip", b"no archive", "a damaged archive"),
    ],
)
def test_a_bad_file_is_one_line(
    project: Project, tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        import_places(project, path)
    assert problem in refused.value.problems[0]


def test_bad_archives_are_one_line(project: Project, tmp_path: Path) -> None:
    two, bomb, damaged = (tmp_path / name for name in ("two.zip", "bomb.zip", "SY.zip"))
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a.txt", HOMS)
        archive.writestr("../b.txt", HOMS)
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"\0" * 50_000_000)
    damaged.write_bytes(corrupted(damaged))
    for path, problem in [
        (two, "one .txt file is looked for in it; found a.txt, ../b.txt"),
        (bomb, "longer than 200000 bytes"),
        (damaged, "a damaged archive"),
        (tmp_path / "missing.txt", "cannot be read"),
        (tmp_path, "cannot be read"),
    ]:
        with pytest.raises(InputError) as refused:
            import_places(project, path)
        assert problem in str(refused.value)


def test_only_what_the_theatre_holds_is_kept_of_a_big_file(
    project: Project, tmp_path: Path
) -> None:
    dice, heard = random.Random(1), list[tuple[int, int]]()
    dump = write(
        tmp_path / "allCountries.zip",
        *(
            line(n, f"Place {n}", dice.uniform(-180, 180), dice.uniform(-60, 70), country="XX")
            for n in range(1, 100_001)
        ),
    )
    made = import_places(project, dump, told=lambda done, of: heard.append((done, of)))
    assert made.added + made.outside == 100_000
    assert 0 < made.added < 20  # one square degree
    assert made.total == 4 + made.added
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert heard[-1][0] == heard[-1][1]


# Listing


def test_places_are_listed_by_population(project: Project, run: Run) -> None:
    result = run("places", "list", "--limit", "2", "-p", project.path)
    assert [row.split()[1] for row in result.stdout.splitlines()] == ["name", "Alton", "Belford"]
