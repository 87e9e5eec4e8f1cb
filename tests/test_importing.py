"""Other people's files become records: mapped, checked, all or none, and only once."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
from foreign import SUFFIXES, write_layer, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import PLACES, Run, stored
from shapely import MultiPolygon, Point, box

from frontmap.data.checking import findings
from frontmap.data.guards import FORMATS
from frontmap.data.importing import plan_import
from frontmap.data.profiles import BUILT_IN, Settings
from frontmap.data.store import Project
from frontmap.data.targets import TARGETS
from frontmap.geo.errors import InputError
from frontmap.geo.records import Actor, Certainty, Event, Method, Place, Source, Status

WEST, EAST = box(36, 34, 36.4, 34.9), box(36.6, 34.1, 37, 35)
LINES = (
    {"Side": "Army", "DATE": "2024-12-01", "Confidence": "confirmed", "remarks": "a river"},
    {"Side": "rebels", "DATE": "2024-12-02", "Confidence": "claimed", "remarks": ""},
)
SAID = ("--set", "source=gazette")


def table(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def ask(project: Project, *files: Path, target: str = "changes", **settings: Any) -> Any:
    return plan_import(project, files, target, settings=Settings(**settings))


def problems(project: Project, *files: Path, target: str = "changes", **settings: Any) -> str:
    """Return what is wrong with files, in the order of rows."""
    try:
        plan = ask(project, *files, target=target, **settings)
    except InputError as error:
        return "\n".join(error.problems)
    return "\n".join(plan.problems)


# Changes


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_polygons_of_any_format_become_changes(
    project: Project, run: Run, tmp_path: Path, suffix: str
) -> None:
    path = write_layer(tmp_path / f"lines{suffix}", LINES, [WEST, EAST])
    project.close()
    result = run("import", path, "--as", "changes", *SAID, "-p", project.location)
    assert "Side → actor, DATE → on, Confidence → certainty, remarks → note" in result.stderr
    assert "source = gazette" in result.stderr
    assert "2 changes added" in result.stderr
    with Project.open(project.location) as after:
        first, second = after.changes()
        assert findings(after) == []
    assert (first.actor, first.status, first.certainty) == (
        *("army", Status.CONTROLLED, Certainty.CONFIRMED),
    )
    assert (first.valid_from, first.method) == (date(2024, 12, 1), Method.DRAWN)
    assert first.polygon.equals(WEST) and second.polygon.equals(EAST)
    assert (first.note, first.sources[0].source) == ("a river", "gazette")
    assert first.parameters["file"] == path.name


def test_it_is_as_if_each_had_been_added_by_hand(
    project: Project, run: Run, tmp_path: Path
) -> None:
    path = table(
        tmp_path / "towns.csv",
        [
            ["town", "when", "side", "status", "contested_by"],
            ["Alton", "2024-12-01", "army", "", ""],
            ["Belford", "2024-12-03", "rebels", "contested", "army"],
        ],
    )
    project.close()
    shared = ("--certainty", "reported", "--source", "gazette", "-p", project.location)
    run(*("change", "add", "--actor", "army", "--on", "2024-12-01", "--place", "Alton"), *shared)
    run(
        *("change", "add", "--actor", "rebels", "--on", "2024-12-03", "--place", "Belford"),
        *("--status", "contested", "--contested-by", "army", *shared),
    )
    result = run(
        *("import", path, "--as", "changes", "--set", "certainty=reported", *SAID),
        *("-p", project.location),
    )
    assert "0 changes added\n2 are there already" in result.stderr


def test_a_second_import_and_repeated_rows_add_nothing(
    project: Project, run: Run, tmp_path: Path
) -> None:
    path = write_layer(tmp_path / "lines.geojson", [*LINES, LINES[0]], [WEST, EAST, WEST])
    project.close()
    command = ("import", path, "--as", "changes", *SAID, "-p", project.location)
    assert "2 changes added\n1 are there already" in run(*command).stderr
    before = stored(project)
    copy = path.rename(tmp_path / "renamed.geojson")
    again = run("import", copy, "--as", "changes", *SAID, "-p", project.location)
    assert "0 changes added\n3 are there already" in again.stderr
    assert stored(project) == before
    run("change", "retract", "1", "--reason", "wrong", "-p", project.location)
    # What was retracted isn't said anew by the file that said it before.
    assert "3 are there already" in run("import", copy, *command[2:]).stderr


def test_every_problem_is_reported_and_nothing_is_written(
    project: Project, run: Run, tmp_path: Path
) -> None:
    rows = [
        ["name", "date", "actor", "certainty", "source", "said_by"],
        ["Alton", "2024-12-01", "army", "claimed", "gazette", "both"],
        ["Alton", "01/12/2024", "amry", "sure", "gazette", ""],
        ["Nowhere", "2024-12-01", "army", "claimed", "gazette", ""],
        ["Alton", "2999-12-01", "army", "claimed", "gazette", ""],
        ["Alton", "2024-12-01", "", "claimed", "nobody", ""],
        ["", "2024-12-01", "army", "claimed", "gazette", ""],
    ]
    path = table(tmp_path / "towns.csv", rows)
    project.close()
    before = stored(project)
    command = ("import", path, "--as", "changes", "-p", project.location)
    said = run(*command, code=1).stderr
    assert "problems; nothing was written" in said
    for line, problem in [
        (3, "no actor 'amry'; did you mean army?"),
        (3, "certainty 'sure' is none of"),
        (3, "on '01/12/2024' could be read in two ways"),
        (4, "no place 'Nowhere'"),
        (5, "2999-12-01 is in the future"),
        (6, "says nothing of actor (who)"),
        (7, "give exactly one of --place, --polygon, --area, --toward (found none)"),
    ]:
        told = [text for text in said.splitlines() if f"towns.csv, line {line}: " in text]
        assert any(problem in text for text in told), (line, problem, told)
    assert stored(project) == before
    result = run(*command, "--skip-invalid", "--rejects", tmp_path / "r.csv")
    assert "1 changes added" in result.stderr
    assert "5 rows were left out" in result.stderr
    with (tmp_path / "r.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [row["line"] for row in rejects] == ["3", "4", "5", "6", "7"]
    assert all(row["file"] == "towns.csv" and row["problem"] for row in rejects)
    with Project.open(project.location) as after:
        (change,) = after.changes()
        assert change.sources[0].said_by == "both"


def test_a_dry_run_prints_and_does_not_write(project: Project, run: Run, tmp_path: Path) -> None:
    path = write_layer(tmp_path / "lines.geojson", LINES, [WEST, EAST])
    project.close()
    before = stored(project)
    result = run("import", path, "--as", "changes", *SAID, "--dry-run", "-p", project.location)
    assert result.stdout.splitlines()[1].split()[:2] == ["2024-12-01", "army"]
    assert "2 changes would be added" in result.stderr
    assert stored(project) == before


def test_columns_constants_and_values_are_said(project: Project, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [["a", "b", "who"], ["Alton", "3.12.2024", "GOV"]])
    plan = ask(
        project,
        path,
        columns={"place": ("a",), "on": ("B",)},
        constants={"certainty": "claimed", "source": "https://example.org/x", "note": "n"},
        values={"actor": {"gov": "army"}},
        date_format="%d.%m.%Y",
    )
    assert plan.problems == []
    assert plan.outcome.lines[0]["on"] == "2024-12-03"
    plan.write()
    assert project.changes()[0].actor == "army"
    assert "example.org" in project.changes()[0].sources[0].source


def test_unknown_columns_and_fields_are_refused(project: Project, tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [["a", "b"], ["Alton", "2024-12-03"]])
    said = problems(project, path, columns={"place": ("town",), "on": ("b",)})
    assert "t.csv: has no column 'town' for place; it has a, b" in said
    assert "nothing says actor (who): add --map actor=COLUMN (it has a, b)" in said
    assert "nothing says certainty" in said and "nothing says source" in said
    assert "changes have no field 'wo'" in problems(project, path, columns={"wo": ("a",)})


def test_days_are_those_of_the_theatre(project: Project, tmp_path: Path) -> None:
    rows = [["place", "on"]]
    rows += [["Alton", text] for text in ("2024-12-01T22:30:00Z", "2024-12-01 10:00:00+03:00")]
    rows += [["Alton", text] for text in ("2024-12-01T00:00:00", "2024-12-01T10:00:00")]
    given = {"actor": "army", "certainty": "claimed", "source": "gazette"}
    plan = ask(project, table(tmp_path / "t.csv", rows), constants=given)
    assert [line["on"] for line in plan.outcome.lines] == ["2024-12-01", "2024-12-02"]
    assert plan.outcome.already == 1  # 00:00 without a zone is that day
    assert "line 5: on '2024-12-01 10:00:00' has no time zone" in plan.problems[0]


def test_points_tell_namesakes_apart(project: Project, tmp_path: Path) -> None:
    project.add_places([Place("test:alton-2", "Alton", 36.9, 34.9, "XX")])
    rows: list[list[Any]] = [
        ["name", "lat", "lon", "date"],
        ["Alton", 34.9, 36.9, "2024-12-01"],
        ["Alton", 34.2, 36.2, "2024-12-02"],
        ["Alton", 34.5, 36.5, "2024-12-03"],
    ]
    given = {"actor": "army", "certainty": "claimed", "source": "gazette"}
    plan = ask(project, table(tmp_path / "t.csv", rows), constants=given)
    plan.write(skip_invalid=True)
    assert [change.place for change in project.changes()] == ["test:alton-2", "test:alton"]
    assert "line 4: no place 'Alton' near its position" in plan.problems[0]


def test_rival_claims_are_flagged(project: Project, tmp_path: Path) -> None:
    rows = [["place", "on", "actor"], ["Alton", "2024-12-01", "army"]]
    given = {"certainty": "claimed", "source": "gazette"}
    ask(project, table(tmp_path / "a.csv", rows), constants=given).write()
    rows[1][2] = "rebels"
    plan = ask(project, table(tmp_path / "b.csv", rows), constants=given)
    flagged = "rival claims on Alton from 2024-12-01: army and rebels"
    assert any(flagged in note for note in plan.outcome.notes)


@pytest.mark.parametrize("kind", ["feature", "line"])
def test_faults_of_geometry_name_file_and_feature(
    project: Project, tmp_path: Path, kind: str
) -> None:
    bow = "POLYGON ((36 34, 37 35, 37 34, 36 35, 36 34))"
    if kind == "line":
        rows = [["who", "date", "wkt"], ["army", "2024-12-01", bow], ["army", "2024-12-01", ""]]
        path = table(tmp_path / "a.csv", rows)
    else:
        import shapely

        rows_ = [{"who": "army", "date": "2024-12-01"}] * 2
        path = write_layer(tmp_path / "a.geojson", rows_, [shapely.from_wkt(bow), None])
    given = {"certainty": "claimed", "source": "gazette"}
    said = problems(project, path, constants=given).splitlines()
    first = 2 if kind == "line" else 1
    assert f"{path.name}, {kind} {first}" in said[0] and "add --fix" in said[0]
    assert f"{path.name}, {kind} {first + 1} has no geometry" in said[1]


# Profiles of a project


def test_a_mapping_is_kept_and_used_again(project: Project, run: Run, tmp_path: Path) -> None:
    rows = [["ort", "tag", "wer"], ["Alton", "01.12.2024", "A"]]
    path = table(tmp_path / "a.csv", rows)
    project.close()
    mapped = ("--map", "place=ort", "--map", "on=tag", "--map", "actor=wer", "--value")
    run(
        *("import", path, "--as", "changes", *mapped, "actor:A=army", "--date-format", "%d.%m.%Y"),
        *("--set", "certainty=claimed", *SAID, "--save-profile", "desk", "-p", project.location),
    )
    rows.append(["Belford", "02.12.2024", "A"])
    again = run("import", table(path, rows), "--profile", "desk", "-p", project.location)
    assert "1 changes added\n1 are there already" in again.stderr
    with Project.open(project.location) as after:
        assert list(after.import_profiles()) == ["desk"]
        assert findings(after) == []
    refused = run("import", path, "--profile", "dusk", "-p", project.location, code=1).stderr
    assert "no profile 'dusk'; there are geonames" in refused and "desk" in refused
    taken = run(
        *("import", path, "--profile", "desk", "--save-profile", "viina", "-p", project.location),
        code=1,
    )
    assert "ships with frontmap" in taken.stderr


# Places, zones, footprints, sources, events


def test_places_come_in_once_under_any_id(project: Project, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["NAME", "Longitude", "Latitude", "pop", "names"],
        ["Edgeton", 36.5, 34.5, "1,200", "إدجتون|Edgetown"],
        ["Alton", 36.201, 34.201, "", "Old Alton"],  # known, and gains a name
        ["Belford", 36.8, 34.2, "", ""],  # known
        ["Faraway", 10, 10, "", ""],
    ]
    path = table(tmp_path / "Field list.csv", rows)
    plan = ask(project, path, target="places")
    assert (plan.outcome.already, plan.outcome.outside, plan.problems) == (1, 1, [])
    plan.write()
    added = project.place("field-list:edgeton")
    assert (added.country, added.admin1, added.population) == ("XX", "East", 1200)
    assert [(name.name, name.lang) for name in added.names][1] == ("إدجتون", "")
    assert "Old Alton" in [name.name for name in project.place("test:alton").names]
    again = ask(project, path, target="places")
    assert (again.outcome.lines, again.outcome.already) == ([], 3)
    assert findings(project) == []


def test_places_with_swapped_axes_are_found_out(project: Project, tmp_path: Path) -> None:
    path = table(tmp_path / "p.csv", [["name", "x", "y"], ["Edgeton", 34.5, 36.5]])
    assert "with lon and lat swapped; add --swap-xy" in problems(project, path, target="places")


def test_zones_of_lower_levels_stay_out_of_the_first(
    project: Project, run: Run, tmp_path: Path
) -> None:
    rows = [
        {
            "ADM2_EN": "Alton District",
            "ADM2_PCODE": "XX0101",
            "ADM1_EN": "West",
            "ADM1_PCODE": "XX01",
        },
        {"ADM2_EN": "Elsewhere", "ADM2_PCODE": "XX0102", "ADM1_EN": "West", "ADM1_PCODE": "XX01"},
    ]
    path = write_layer(tmp_path / "xx_adm2.shp", rows, [box(36, 34, 36.4, 34.4), box(1, 1, 2, 2)])
    project.close()
    command = ("import", path, "--profile", "cod-ab", "-p", project.location)
    result = run(*command)
    assert "1 zones added\n1 lie outside the theatre" in result.stderr
    assert "0 zones added\n1 are there already" in run(*command).stderr
    run(
        *("change", "add", "--actor", "army", "--on", "2024-12-01", "--area", "Alton District"),
        *("--certainty", "claimed", "--source", "gazette", "-p", project.location),
    )
    with Project.open(project.location) as after:
        assert [zone.code for zone in after.zones()] == ["XX-E", "XX-W"]
        assert [zone.code for zone in after.zones(level=2)] == ["XX0101"]
        assert after.changes()[0].polygon.equals(box(36, 34, 36.4, 34.4))
        assert findings(after) == []


def test_footprints_find_their_places(project: Project, tmp_path: Path) -> None:
    around = [
        MultiPolygon([box(p.lon - 0.01, p.lat - 0.01, p.lon + 0.01, p.lat + 0.01)]) for p in PLACES
    ]
    path = write_layer(
        tmp_path / "f.gpkg", [{"n": n} for n in range(5)], [*around, box(36.5, 34.5, 36.51, 34.51)]
    )
    plan = ask(project, path, target="footprints")
    assert [row.number for row in plan.outcome.rejected] == [5]
    assert "0 places lie in it" in plan.problems[0]
    plan.write(skip_invalid=True)
    assert {
        k: v.equals(a) for (k, v), a in zip(project.footprints().items(), around, strict=True)
    } == {place.id: True for place in PLACES}
    assert ask(project, path, target="footprints").outcome.already == 4
    assert findings(project) == []


def test_sources_are_told_by_slug_or_publication(project: Project, tmp_path: Path) -> None:
    rows = [
        ["slug", "publisher", "title", "url", "published"],
        ["wire-1", "The Wire", "A", "https://example.org/a", "2024-12-01"],
        ["", "The Wire", "B", "https://example.org/b", "2024-12-02"],
        ["", "The Wire", "C", "", ""],
        ["gazette", "Other", "", "", ""],
    ]
    path = table(tmp_path / "s.csv", rows)
    plan = ask(project, path, target="sources")
    plan.write(skip_invalid=True)
    assert list(project.sources()) == ["gazette", "wire-1", "the-wire-2024-12-02"]
    assert project.sources()["wire-1"] == Source(
        "wire-1", "The Wire", "A", "https://example.org/a", date(2024, 12, 1)
    )
    assert "line 4: has neither a slug nor a date" in plan.problems[0]
    assert "line 5: source gazette is there already, and another" in plan.problems[1]
    assert ask(project, path, target="sources").outcome.already == 2


ACLED = [
    [
        *("event_id_cnty", "event_date", "event_type", "sub_event_type", "location"),
        *("latitude", "longitude", "source", "notes"),
    ],
    ["XXX1", "2024-12-01", "Battles", "Armed clash", "Alton", "34.2", "36.2", "Wire", "A clash."],
    ["XXX2", "02 December 2024", "Battles", "", "Belford", "34.2", "36.8", "Wire", "Another."],
    ["XXX3", "2024-12-03", "Battles", "", "Faraway", "1", "1", "Wire", "Elsewhere."],
]


def test_events_are_context_and_never_control(project: Project, run: Run, tmp_path: Path) -> None:
    path = table(tmp_path / "acled.csv", ACLED)
    project.close()
    result = run("import", path, "--profile", "acled", "-p", project.location)
    assert "2 events added\n1 lie outside the theatre" in result.stderr
    again = run("import", path, "--profile", "acled", "-p", project.location)
    assert "0 events added\n2 are there already" in again.stderr
    with Project.open(project.location) as after:
        assert after.events() == [
            Event(
                *("acled:XXX1", date(2024, 12, 1), "Armed clash", 36.2, 34.2),
                *("Alton", "A clash.", "Wire"),
            ),
            Event(
                *("acled:XXX2", date(2024, 12, 2), "Battles", 36.8, 34.2),
                *("Belford", "Another.", "Wire"),
            ),
        ]
        assert after.changes() == []
        assert findings(after) == []


# Profiles that ship


def test_viina_becomes_changes_where_status_turns(
    project: Project, run: Run, tmp_path: Path
) -> None:
    project.add_places([Place("geonames:7", "Seven", 36.5, 34.5, "XX")])
    rows = [["geonameid", "date", "status_wiki", "status"]]
    days = ("UA", "UA", "CONTESTED", "CONTESTED", "RU", "RU", "CONTESTED", "UA")
    rows += [["7", f"202203{day:02}", "", status] for day, status in enumerate(days, 1)]
    path = table(tmp_path / "control.csv", rows)
    project.close()
    run(
        *("import", path, "--profile", "viina", "--set", "certainty=reported", *SAID),
        *("--value", "actor:UA=army", "--value", "actor:RU=rebels", "-p", project.location),
    )
    with Project.open(project.location) as after:
        assert [
            (c.valid_from.day, c.actor, str(c.status), c.contested_by) for c in after.changes()
        ] == [
            (1, "army", "controlled", None),
            (3, "army", "contested", "rebels"),
            (5, "rebels", "controlled", None),
            (7, "rebels", "contested", "army"),
            (8, "army", "controlled", None),
        ]
        assert {c.place for c in after.changes()} == {"geonames:7"}
        assert {c.method for c in after.changes()} == {Method.CELL}


def test_viina_does_not_guess_who_held_contested_ground(project: Project, tmp_path: Path) -> None:
    project.add_places([Place("geonames:7", "Seven", 36.5, 34.5, "XX")])
    rows = [
        ["geonameid", "date", "status"],
        ["7", "20220301", "CONTESTED"],
        ["7", "20220302", "army"],
    ]
    plan = plan_import(
        project,
        [table(tmp_path / "c.csv", rows)],
        "changes",
        profile=BUILT_IN["viina"],
        settings=Settings(constants={"certainty": "reported", "source": "gazette"}),
    )
    assert "line 2: is contested, and no earlier day says who held it" in plan.problems[0]
    assert len(plan.outcome.lines) == 1


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        ("AssessedRussianControlInTestland", ("rebels", "controlled", None, "reported")),
        ("Assessed_Russian_Advance", ("army", "contested", "rebels", "reported")),
        ("ClaimedRussianTerritory", ("rebels", "controlled", None, "claimed")),
        ("Claimed Ukrainian Counteroffensives", ("army", "controlled", None, "claimed")),
    ],
)
def test_isw_layers_are_told_by_their_names(
    project: Project, run: Run, tmp_path: Path, layer: str, expected: tuple[str | None, ...]
) -> None:
    path = write_layer(tmp_path / f"{layer}.shp", [{"OBJECTID": 1}], [EAST])
    project.close()
    run(
        *("import", path, "--profile", "isw", "--set", "on=2024-12-01", *SAID),
        *("--value", "actor:Russian=rebels", "--value", "actor:Ukrainian=army"),
        *("-p", project.location),
    )
    with Project.open(project.location) as after:
        (change,) = after.changes()
    found = (change.actor, str(change.status), change.contested_by, str(change.certainty))
    assert found == expected


MODULE = """-- the module's own comment
return {
    containerArgs = { "Testland", 36, 34.5, [1] = 'x' },
    marks = {
        { lat = "34.2", long = "36.2", mark = "Map-dot-red.svg", label = "[[Alton]]" },
        { lat = 34.2, long = 36.8, mark = "Map-dot-lime.svg",
          label = "[[Belford, Testland|Belford]]" },
        { lat = 34.2, long = 36.8, mark = "Map-arcNN-red.svg", marksize = 20 },
        { lat = 34.8, long = 36.2, mark = "80x80-red-lime-anim.gif", label = [[Carden]] },
        { lat = 34.5, long = 36.5, mark = "Map-dot-lime.svg", label = "'''[[New Town]]'''" },
        { lat = 34.5, long = 36.6, mark = "Airport icon.svg", label = "Base" };
    },
}
"""


def test_a_detailed_map_becomes_places_and_changes(
    project: Project, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "map.lua"
    path.write_text(MODULE, encoding="utf-8")
    project.close()
    shared = ("import", path, "--profile", "detailed-map", "-p", project.location, "--as")
    assert "1 marks that are neither dots nor rings" in run(*shared, "places").stderr
    run(
        *(*shared, "changes", "--set", "on=2024-12-01", "--set", "certainty=claimed", *SAID),
        *("--value", "actor:red=army", "--value", "actor:lime=rebels"),
    )
    with Project.open(project.location) as after:
        assert [
            (change.place, change.actor, str(change.status), change.contested_by)
            for change in after.changes()
        ] == [
            ("test:alton", "army", "controlled", None),
            ("test:belford", "rebels", "besieged", "army"),
            ("test:carden", "army", "contested", "rebels"),
            ("map:new-town", "rebels", "controlled", None),
        ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('return os.execute("touch /tmp/owned")', "line 1: 'os' is no part of a literal table"),
        ("local a = 1\nreturn { a }", "line 1: 'local'"),
        ('return { lat = "a" .. "b" }', "line 1: '.. "),
        ("return { function() end }", "'() end }'"),
        ("return { (1) }", "'(1) }' is no part"),
        ("return { lat = 1, long = 2", "the end"),
        ("return {} print(1)", "'print'"),
        ("return " + "{" * 100 + "}" * 100, "'{'"),
        ("return {\n{ lat = 1, long = 'x' } }", "line 2 has lat 1.0 and long 'x'"),
        ('return { "unclosed }', "is no part"),
    ],
)
def test_lua_is_never_run(project: Project, tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "m.lua"
    path.write_text(text, encoding="utf-8")
    assert problem in problems(project, path, target="places")


def test_geoboundaries_and_natural_earth_are_zones(project: Project, tmp_path: Path) -> None:
    shapes = [box(36, 34, 36.5, 34.5), box(36.5, 34, 37, 34.5)]
    rows = [
        {"shapeName": "North", "shapeISO": "XX-N", "shapeID": "1B", "shapeGroup": "XXX"},
        {"shapeName": "South", "shapeISO": "", "shapeID": "2B", "shapeGroup": "XXX"},
    ]
    geo = write_layer(tmp_path / "geoBoundaries-XXX-ADM1.geojson", rows, shapes)
    plan_import(project, [geo], "zones", profile=BUILT_IN["geoboundaries"]).write()
    assert {
        zone.code: zone.name for zone in project.zones() if zone.name in ("North", "South")
    } == {
        "XX-N": "North",
        "2B": "South",
    }
    rows = [{"iso_3166_2": "XX-Q", "name": "Quarter", "name_local": "ربع", "iso_a2": "XX"}]
    zipped = write_layer(tmp_path / "ne_10m_admin_1.zip", rows, shapes[:1])
    plan_import(project, [zipped], "zones", profile=BUILT_IN["natural-earth"]).write()
    (zone,) = (zone for zone in project.zones() if zone.code == "XX-Q")
    assert [(name.name, name.lang) for name in zone.names] == [("ربع", "")]


# The tables themselves


def test_profiles_speak_of_fields_that_there_are() -> None:
    for profile in BUILT_IN.values():
        assert profile.targets and set(profile.targets) <= set(TARGETS)
        named = {*profile.settings.columns, *profile.settings.constants, *profile.settings.formats}
        for name in named:
            assert any(name in {f.name for f in TARGETS[t].fields} for t in profile.targets), name


def test_help_lists_every_target(run: Run) -> None:
    shown = " ".join(run("import", "--help").stdout.split())
    for target in TARGETS:
        assert target in shown


def test_aliases_mean_one_field() -> None:
    for target in TARGETS.values():
        names = [alias for field in target.fields for alias in (field.name, *field.aliases)]
        assert len(names) == len(set(names)), target.name


# Properties


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "actor": st.sampled_from(["army", "Rebels", "nobody", "", "none"]),
                "on": st.sampled_from(["2024-12-01", "2024-12-02T22:30:00Z", "soon", ""]),
                "place": st.sampled_from(["Alton", "test:carden", "Nowhere", ""]),
                "certainty": st.sampled_from(["claimed", "Reported", "sure"]),
                "source": st.sampled_from(["gazette", "https://example.org/1", "?", ""]),
                "note": st.text(max_size=10),
            }
        ),
        min_size=1,
        max_size=6,
    )
)
def test_each_row_is_written_known_or_refused(
    project: Project, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    path = tmp_path / "t.geojsonl"
    lines = [json.dumps({"type": "Feature", "properties": row, "geometry": None}) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    before = len(project.changes())
    plan = ask(project, path)
    rejected = {row.number for row in plan.outcome.rejected}
    assert len(plan.outcome.lines) + plan.outcome.already + len(rejected) == len(rows)
    plan.write(skip_invalid=True)
    assert len(project.changes()) == before + len(plan.outcome.lines)
    again = ask(project, path)
    assert again.outcome.lines == []
    assert {row.number for row in again.outcome.rejected} == rejected


def test_points_without_names_make_no_change(project: Project, tmp_path: Path) -> None:
    path = write_layer(
        tmp_path / "a.geojson", [{"who": "army", "date": "2024-12-01"}], [Point(36.5, 34.5)]
    )
    given = {"certainty": "claimed", "source": "gazette"}
    assert "found none" in problems(project, path, constants=given)


# The documentation


FORMATS_PAGE = Path(__file__).parent.parent / "docs" / "formats.md"
COMMANDS = re.findall(r"\| `(frontmap import [^`]+)` \|", FORMATS_PAGE.read_text(encoding="utf-8"))


def example(folder: Path, name: str) -> None:
    """Make the file of a command that the documentation shows."""
    change = {"actor": "army", "on": "2024-12-01", "certainty": "claimed", "source": "gazette"}
    zone = {"code": "XX01", "name": "North", "country": "XX"}
    ocha = {"ADM2_PCODE": "XX0101", "ADM2_EN": "North", "ADM0_PCODE": "XX"}
    square = box(36.1, 34.1, 36.3, 34.3)
    layers: dict[str, tuple[dict[str, Any], Any]] = {
        "lines.geojson": (change, square),
        "lines.geojsonl": (change, square),
        "map.kml": ({name: change[name] for name in ("on", "certainty", "source")}, square),
        "map.kmz": ({name: change[name] for name in ("on", "certainty", "source")}, square),
        "syr_adm2.shp": (ocha, square),
        "syr_adm2.zip": (ocha, square),
        "towns.fgb": ({"note": ""}, square),
        "places.parquet": ({"name": "Edgeton"}, Point(36.5, 34.5)),
    }
    path = folder / name
    if name in layers:
        row, shape = layers[name]
        write_layer(path, [row], [shape])
    elif name == "zones.gpkg":
        frame = geopandas.GeoDataFrame([zone], geometry=[square], crs=4326)
        for layer in ("adm1", "adm2"):
            frame.to_file(path, layer=layer)
    elif name == "towns.csv":
        table(path, [[*change, "name"], [*change.values(), "Alton"]])
    elif name == "desk.xlsx":
        book = openpyxl.Workbook()
        book.create_sheet("Notes").append(["nothing"])
        book.create_sheet("Sheet1")
        for cells in (["publisher", "published"], ["The Wire", "2024-12-01"]):
            book["Sheet1"].append(cells)
        book.save(path)
    elif name == "map.lua":
        path.write_text(MODULE, encoding="utf-8")
    else:
        line = ["7", "Seven", "Seven", "", "34.5", "36.5", "P", "PPL", "XX", "", "", "", "", ""]
        text = "\t".join([*line, "0", "", "500", "Asia/Damascus", "2012-01-18"]) + "\n"
        zipped(path, {f"{path.stem}.txt": text.encode()})


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_of_each_format_runs(
    project: Project, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    project.add_actor(Actor("lines", "Lines", "Lines", "lines", "#123456"))
    project.close()
    words = command.split()[1:]
    example(tmp_path, words[1])
    monkeypatch.chdir(tmp_path)
    said = run(*words, "-p", project.location).stderr
    assert re.search(r"^1 \w+ added|^1 places added|^\d+ places added", said, re.MULTILINE), said


def test_every_format_has_its_command() -> None:
    suffixes = {Path(command.split()[2]).suffix for command in COMMANDS}
    for form in FORMATS:
        assert suffixes.intersection(form.suffixes), form.name
