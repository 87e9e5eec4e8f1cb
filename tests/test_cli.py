"""The commands, as a user types them: what they print, where, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import geopandas
import pytest
from samples import Run, make_project, polygon_file

from frontmap.data.store import Project
from frontmap.maps.spec import describe_map

DAY = "2024-12-03"
REPORTED = ["--certainty", "reported", "--source", "gazette", "--said-by", "SOHR"]


@pytest.fixture
def testland(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the small project the only one in the current folder."""
    make_project(tmp_path / "testland.gpkg").close()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "testland.gpkg"


@pytest.fixture
def contested_land(testland: Path, run: Run) -> Path:
    """Give the army all of it, and the rebels Carden and, from the next day, Alton."""
    run("change", "add", "--actor", "army", "--on", "2024-12-01", "--area", "theatre", *REPORTED)
    for place, day in (("Carden", "2024-12-02"), ("Alton", "2024-12-03")):
        run("change", "add", "--actor", "rebels", "--on", day, "--place", place, *REPORTED)
    return testland


def test_geocode_finds_and_prints_formats(run: Run) -> None:
    names = ["Rastan", "الرستن", "Kobani"]
    rows = json.loads(run("geocode", *names, "--country", "SY", "--json").stdout)
    assert [(row["query"], row["name"], row["match"]) for row in rows] == [
        ("Rastan", "Rastan", "exact"),
        ("الرستن", "Rastan", "exact"),
        ("Kobani", "Kobani", "exact"),
    ]
    assert set(rows[0]) == {
        *("query", "name", "lon", "lat", "country", "admin1", "population", "id"),
        *("match", "score"),
    }
    collection = json.loads(run("geocode", "Homs", "--country", "SY", "--geojson").stdout)
    assert collection["features"][0]["geometry"]["coordinates"] == pytest.approx(
        [36.72, 34.72], abs=0.02
    )


def test_geocode_reads_names_from_stdin(run: Run) -> None:
    result = run("geocode", "-", "--country", "SY", stdin="Homs\n\nHama\n")
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["query", "Homs", "Hama"]


def test_geocode_never_picks_an_ambiguous_name_silently(run: Run) -> None:
    result = run("geocode", "Springfield", "--country", "US", code=1)
    assert result.stdout == ""
    assert "'Springfield' is ambiguous: Springfield (" in result.stderr
    listed = run("geocode", "Springfield", "--country", "US", "--limit", "3")
    assert len(listed.stdout.splitlines()) == 4


def test_geocode_suggests_for_an_unknown_name(run: Run) -> None:
    result = run("geocode", "Homs", "Xqzwv", "--country", "SY", code=1)
    assert "Homs" in result.stdout
    assert "no place 'Xqzwv'" in result.stderr


def test_geocode_saves_what_it_found(run: Run, testland: Path) -> None:
    run("geocode", "Beirut", "--country", "LB", "--save")
    with Project.open(testland) as project:
        assert project.resolve("Beirut").country == "LB"


def test_geocode_is_light() -> None:
    code = (
        "import sys\nfrom frontmap.cli import main\n"
        "main(['geocode', 'Homs', '--country', 'SY'], standalone_mode=False)\n"
        "heavy = {'numpy', 'shapely', 'geopandas', 'pyproj', 'folium'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_init_makes_a_project_of_a_country(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lb.gpkg"
    result = run("init", path, "--country", "lb")
    assert "Lebanon" in result.stderr
    with Project.open(path) as project:
        assert project.theatre.countries == ("LB",)
        assert project.theatre.time_zone == "Asia/Beirut"
        assert len(project.zones()) == 6
        assert project.resolve("Tripoli").country == "LB"
    assert run("check", "-p", path).stderr.endswith("sound\n")
    assert "exists already" in run("init", path, "--country", "LB", code=1).stderr


def test_init_narrows_a_country_to_an_extent(run: Run, tmp_path: Path) -> None:
    extent = polygon_file(
        tmp_path / "north.geojson", [(35, 34.2), (37, 34.2), (37, 35), (35, 35), (35, 34.2)]
    )
    run("init", tmp_path / "a.gpkg", "--country", "LB", "--extent", extent, "--name", "North")
    with Project.open(tmp_path / "a.gpkg") as project:
        assert project.theatre.name == "North"
        assert project.theatre.polygon.bounds[1] == pytest.approx(34.2)


def test_init_refuses_what_is_no_country(run: Run, tmp_path: Path) -> None:
    result = run("init", tmp_path / "a.gpkg", "--country", "XQ", code=1)
    assert "XQ" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_project_is_named_found_or_asked_for(
    run: Run, testland: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "army" in run("actor", "list").stdout
    assert "army" in run("actor", "list", "-p", testland).stdout
    make_project(testland.with_name("other.gpkg")).close()
    assert "which project? 2 are" in run("actor", "list", code=1).stderr
    monkeypatch.setenv("FRONTMAP_PROJECT", str(testland))
    assert "army" in run("actor", "list").stdout


def test_actors_and_sources_are_added_and_listed(run: Run, testland: Path) -> None:
    run("actor", "add", "third", "--name", "A Third Force", "--alias", "thirders", "--alias", "TF")
    assert "thirders, TF, third men" in run("actor", "alias", "third", "third men").stderr
    assert "thirders, TF, third men" in run("actor", "list").stdout
    actors = json.loads(run("actor", "list", "--json").stdout)
    assert [actor["slug"] for actor in actors] == ["army", "rebels", "third"]
    assert actors[2]["side"] == "third"
    assert actors[2]["aliases"] == ["thirders", "TF", "third men"]
    assert len({actor["colour"] for actor in actors}) == 3
    run("source", "add", "wire-1", "--publisher", "Wire", "--published", "2024-12-06")
    (row,) = [
        s for s in json.loads(run("source", "list", "--json").stdout) if s["slug"] == "wire-1"
    ]
    assert (row["publisher"], row["published"], row["url"]) == ("Wire", "2024-12-06", "")


def test_a_change_is_added_listed_shown_and_retracted(run: Run, contested_land: Path) -> None:
    rows = json.loads(run("change", "list", "--json").stdout)
    assert [(row["id"], row["actor"], row["method"]) for row in rows] == [
        (1, "army", "area"),
        (2, "rebels", "cell"),
        (3, "rebels", "cell"),
    ]
    assert len(json.loads(run("change", "list", "--on", "2024-12-02", "--json").stdout)) == 2
    assert len(run("change", "list", "--actor", "army").stdout.splitlines()) == 2
    table = list(csv.DictReader(io.StringIO(run("change", "list", "--csv").stdout)))
    assert [row["place"] for row in table] == ["", "Carden", "Alton"]
    shown = json.loads(run("change", "show", "2", "--json").stdout)
    assert shown["sources"][0]["said_by"] == "SOHR"
    assert shown["parameters"] == {"places": 4, "reach_km": 60.0}
    assert json.loads(run("change", "show", "2", "--geojson").stdout)["type"] == "Feature"
    assert "certainty          reported" in run("change", "show", "2").stdout
    run("change", "retract", "2", "--reason", "misread")
    assert json.loads(run("change", "show", "2", "--json").stdout)["retraction_reason"] == "misread"
    assert len(json.loads(run("change", "list", "--on", "2024-12-02", "--json").stdout)) == 1


def test_every_problem_of_a_change_is_told(run: Run, testland: Path) -> None:
    before = testland.read_bytes()
    wrong = ["--actor", "amry", "--on", "06/12/2024", "--place", "Nowhere", "--certainty", "sure"]
    result = run("change", "add", *wrong, code=1)
    assert result.stderr.startswith("frontmap: 5 problems; nothing was written\n")
    assert result.stdout == ""
    assert testland.read_bytes() == before


def test_usage_errors_exit_2(run: Run, contested_land: Path) -> None:
    assert "YYYY-MM-DD" in run("control", "06.12.2024", code=2).stderr
    assert "'5 leagues'" in run("change", "add", "--within", "5 leagues", code=2).stderr
    run("distance", "Alton", "--on", "2024-12-02", "--since", "2024-12-01", code=2)
    run("distance", code=2)


def test_control_adds_up_to_the_theatre(run: Run, contested_land: Path) -> None:
    rows = json.loads(run("control", "2024-12-03", "--json").stdout)
    assert [row["actor"] for row in rows] == ["army", "rebels", None]
    assert rows[2]["km2"] == 0 and rows[2]["km2_confirmed"] > 10_000  # nothing is confirmed
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    assert [row["places"] for row in rows] == [2, 2, 0]
    assert [row["population"] for row in rows] == [25_000, 50_000, 0]
    assert rows[1]["places_of_unknown_population"] == 1
    assert rows[0]["km2_confirmed"] == 0
    table = run("control", "2024-12-03")
    assert table.stdout.splitlines()[0].split()[:2] == ["actor", "km²"]
    nothing = json.loads(
        run("control", "2024-12-03", "--min-certainty", "confirmed", "--json").stdout
    )
    assert [row["actor"] for row in nothing if row["km2"]] == [None]


def test_control_asks_what_was_known(run: Run, contested_land: Path) -> None:
    rows = json.loads(run("control", "2024-12-03", "--known-at", "2024-12-31", "--json").stdout)
    assert [row["actor"] for row in rows if row["km2"]] == [None]  # recorded only now


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg"])
def test_control_and_front_are_written_as_layers(
    run: Run, contested_land: Path, tmp_path: Path, suffix: str
) -> None:
    run("control", "2024-12-03", "-o", tmp_path / f"control{suffix}")
    control = geopandas.read_file(tmp_path / f"control{suffix}")
    assert control.crs == "EPSG:4326"
    assert list(control.actor) == ["army", "rebels"]
    assert {"side", "status", "certainty", "area_km2", "changes", "sources"} <= set(control)
    assert control.changes[1] == "2,3"
    run("front", "2024-12-03", "-o", tmp_path / f"front{suffix}")
    front = geopandas.read_file(tmp_path / f"front{suffix}")
    assert set(front.side_1) == {"government"} and set(front.side_2) == {"opposition"}
    assert front.length_km.sum() == pytest.approx(111, rel=0.01)


def test_control_as_csv_has_no_geometry(run: Run, contested_land: Path, tmp_path: Path) -> None:
    run("control", "2024-12-03", "-o", tmp_path / "control.csv")
    with (tmp_path / "control.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["actor"] for row in rows] == ["army", "rebels"]
    assert "geometry" not in rows[0]


def test_a_layer_is_never_written_over_a_project(run: Run, contested_land: Path) -> None:
    before = contested_land.read_bytes()
    assert "is a project" in run("control", "2024-12-03", "-o", contested_land, code=1).stderr
    assert "write it as one of" in run("front", "2024-12-03", "-o", "x.shp", code=1).stderr
    assert contested_land.read_bytes() == before


def test_front_names_what_stands_beside_it(run: Run, contested_land: Path) -> None:
    features = json.loads(run("front", "2024-12-03", "--geojson").stdout)["features"]
    assert {feature["properties"]["changes"] for feature in features} == {"1,2", "1,3"}
    assert {feature["geometry"]["type"] for feature in features} == {"LineString"}
    assert "government" in run("front", "2024-12-03").stdout


def test_diff_tells_who_gained_what(run: Run, contested_land: Path) -> None:
    (row,) = json.loads(run("diff", "2024-12-02", "2024-12-03", "--json").stdout)
    assert (row["actor"], row["from_actor"], row["places"]) == ("rebels", "army", ["Alton"])
    assert row["km2"] == pytest.approx(2550, rel=0.02)
    assert "Alton" in run("diff", "2024-12-02", "2024-12-03").stdout
    assert run("diff", "2024-12-02", "2024-12-02").stdout == ""
    assert run("diff", "2024-12-02", "2024-12-03", "--csv").stdout.startswith("actor,from_actor")


def test_distance_states_both_references(run: Run, contested_land: Path) -> None:
    (row,) = json.loads(run("distance", "Belford", "--on", "2024-12-03", "--json").stdout)
    assert set(row) == {
        *("place", "from", "on", "distance_km", "inside", "azimuth_deg", "bearing", "nearest"),
        *("reference_from", "reference_to", "label"),
    }
    assert row["distance_km"] == pytest.approx(27.7, abs=0.1)
    assert row["label"] == "28 km west of Belford"
    assert row["reference_from"] == "front line between government and opposition"
    assert row["reference_to"].startswith("centre of Belford")
    (held,) = json.loads(run("distance", "Alton", "--from", "rebels", "--json").stdout)
    assert (held["distance_km"], held["inside"]) == (0, True)


def test_a_series_has_a_row_a_day(run: Run, contested_land: Path) -> None:
    days = ["--since", "2024-11-30", "--until", "2024-12-05"]
    rows = json.loads(run("distance", "Alton", *days, "--json").stdout)
    assert [row["on"] for row in rows] == [
        f"2024-{day}" for day in ("11-30", "12-01", "12-02", "12-03", "12-04", "12-05")
    ]
    assert [row["distance_km"] is None for row in rows] == [True, True, *[False] * 4]
    assert rows[0]["label"] == "no front"
    assert rows[3]["distance_km"] == rows[5]["distance_km"]
    table = list(csv.DictReader(io.StringIO(run("distance", "Alton", *days, "--csv").stdout)))
    assert "nearest_lon" in table[0]


def test_no_front_is_said_plainly(run: Run, contested_land: Path) -> None:
    assert "no front on 2024-12-01" in run("distance", "Alton", "--on", "2024-12-01", code=1).stderr
    assert (
        "rebels holds no ground"
        in run("distance", "Alton", "--from", "rebels", "--on", "2024-12-01", code=1).stderr
    )
    assert "no actor or side 'navy'" in run("distance", "Alton", "--from", "navy", code=1).stderr


def test_check_exits_3_with_findings(run: Run, contested_land: Path) -> None:
    from contextlib import closing

    from frontmap.data import geopackage

    run("check")
    with closing(geopackage.connect(contested_land)) as connection:
        connection.execute("DELETE FROM control")
    assert "control: 0 rows" in run("check", code=3).stdout


def test_map_writes_a_page_twice_the_same(run: Run, contested_land: Path, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        run("map", "2024-12-03", "-o", tmp_path / name, "--distance-to", "Belford")
    page = (tmp_path / "a.html").read_bytes()
    assert page == (tmp_path / "b.html").read_bytes()
    assert b"Belford" in page


@pytest.mark.parametrize("command", [["map", "2024-12-03"], ["player", "2024-12-01", "2024-12-03"]])
def test_an_unknown_suffix_is_refused(run: Run, contested_land: Path, command: list[str]) -> None:
    assert "a.txt: write it as one of .html" in run(*command, "-o", "a.txt", code=1).stderr
    assert "b.rtf: write it as one of" in run("report", DAY, "-o", "b.rtf", code=1).stderr
    assert not Path("a.txt").exists()


def test_map_draws_figures(run: Run, contested_land: Path, tmp_path: Path) -> None:
    for name in ("a.png", "a.svg", "a.pdf"):
        run("map", DAY, "-o", tmp_path / name, "--preset", "column", "--distance-to", "Belford")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert "</title>" in (tmp_path / "a.svg").read_text()
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    run("map", DAY, "-o", tmp_path / "z.png", "--zoom-to", "Alton", "--size", "600x400", "--dark")
    assert "Alton" in run("map", DAY, "--alt", "--distance-to", "Alton", "--from", "army").stdout
    run("map", DAY, code=2)
    run("map", DAY, "-o", "a.png", "--size", "600x400", "--preset", "slide", code=2)
    assert "write it as 1200x800" in run("map", DAY, "-o", "a.png", "--size", "big", code=2).stderr


def test_player_writes_a_page_or_a_film(run: Run, contested_land: Path, tmp_path: Path) -> None:
    days = ["2024-12-01", "2024-12-03", "--distance-to", "Belford"]
    run("player", *days, "-o", tmp_path / "p.html")
    assert "Carden" in (tmp_path / "p.html").read_text()
    run("player", *days, "-o", tmp_path / "p.gif", "--size", "600x400")
    assert (tmp_path / "p.gif").read_bytes().startswith(b"GIF89a")


@pytest.mark.parametrize("suffix", [".html", ".md", ".docx", ".pdf"])
def test_report_writes_a_brief(run: Run, contested_land: Path, tmp_path: Path, suffix: str) -> None:
    result = run("report", DAY, "-o", tmp_path / f"b{suffix}", "--distance-to", "Belford")
    assert (tmp_path / f"b{suffix}").stat().st_size > 1000
    assert (tmp_path / "b.png").exists() == (suffix == ".md")
    assert "kB" in result.stderr


def test_embed_prints_code_for_a_page(run: Run, contested_land: Path, tmp_path: Path) -> None:
    run("map", DAY, "-o", tmp_path / "m.html")
    snippet = run("embed", tmp_path / "m.html", "--src", "https://example.org/m.html").stdout
    assert 'src="https://example.org/m.html"' in snippet
    assert 'sandbox="allow-scripts"' in snippet
    (tmp_path / "x.html").write_text("<p>something else</p>")
    assert "frontmap" in run("embed", tmp_path / "x.html", code=1).stderr
    assert "cannot be read" in run("embed", tmp_path / "none.html", code=1).stderr


def test_errors_are_one_line_even_without_a_project(run: Run, tmp_path: Path) -> None:
    result = run("control", "2024-12-03", "-p", tmp_path / "none.gpkg", code=1)
    assert result.stderr.count("\n") == 1
    assert "no such project" in result.stderr


@pytest.mark.slow
def test_demo_makes_the_map_of_6_december_2024(run: Run, tmp_path: Path) -> None:
    result = run("demo", "-o", tmp_path / "demo")
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == [
        "2024-12-06.html",
        "syria.gpkg",
    ]
    assert "5.0  5 km north of Homs" in result.stdout
    project = tmp_path / "demo" / "syria.gpkg"
    (row,) = json.loads(
        run("distance", "Homs", "--on", "2024-12-06", "--json", "-p", project).stdout
    )
    assert row["distance_km"] == pytest.approx(5.0, abs=0.001)
    first = (tmp_path / "demo" / "2024-12-06.html").read_bytes()
    again = run("demo", "-o", tmp_path / "demo")
    assert "is there already" in again.stderr
    assert (tmp_path / "demo" / "2024-12-06.html").read_bytes() == first
    assert len(first) <= 1_000_000
    assert "sound" in run("check", "-p", project).stderr


@pytest.mark.slow
def test_two_builds_of_a_seed_give_one_page(run: Run, tmp_path: Path) -> None:
    pages = []
    for name in ("a", "b"):
        run("build", "syria-2024", "-o", tmp_path / f"{name}.gpkg")
        page = tmp_path / f"{name}.html"
        run("map", "2024-12-06", "-o", page, "-p", tmp_path / f"{name}.gpkg")
        pages.append(page.read_bytes())
    assert pages[0] == pages[1]


def test_a_c_locale_is_no_obstacle(testland: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "frontmap.cli", "control", "2024-12-03"],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0"},
        capture_output=True,
        cwd=testland.parent,
    )
    assert result.returncode == 0, result.stderr
    assert b"no data" in result.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1256", "koi8-r"])
def test_what_a_terminal_cannot_show_is_spelt_out(testland: Path, encoding: str) -> None:
    def printed(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "frontmap", *arguments],
            env={"PATH": os.environ["PATH"], "PYTHONUTF8": "0", "PYTHONIOENCODING": encoding},
            capture_output=True,
            cwd=testland.parent,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode("utf-8" if encoding == "ascii" else encoding)

    assert "km" in printed("control", "2024-12-03")
    (found,) = json.loads(printed("geocode", "حمص", "--country", "SY", "--json"))
    assert found["query"] == "حمص"


def test_an_argument_that_is_no_text_is_said(testland: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "frontmap", "geocode", "حمص"],
        cwd=testland.parent,
        env={
            **{"PATH": os.environ["PATH"], "LC_ALL": "C"},
            **{"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        },
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "frontmap: an argument is no text in this locale: set PYTHONUTF8=1\n"


def test_a_map_names_countries_in_its_language(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "lb.gpkg", "--country", "LB")
    with Project.open(tmp_path / "lb.gpkg") as project:
        spec = describe_map(project, date(2024, 12, 1), lang="ar")
    assert "لبنان" in spec.title
    assert "سوريا" in {country.name for country in spec.neighbours}


def test_build_until_a_date_leaves_out_what_came_later(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "before.gpkg"
    run("build", "syria-2024", "-o", path, "--until", "2024-11-26", "--quiet")
    with Project.open(path) as project:
        assert max(change.valid_from for change in project.changes()) <= date(2024, 11, 26)
        assert "rebels" in project.actors()["hts"].aliases
        assert len(project.sources()) > 20
