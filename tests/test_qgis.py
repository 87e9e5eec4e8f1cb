"""QGIS opens a project with its styles, times and form; what is edited there can be adopted."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from samples import Run, made_up, make_project
from shapely import MultiPolygon, box

from frontmap.data import schema
from frontmap.data.checking import findings
from frontmap.data.store import Project
from frontmap.geo.records import Certainty, Method, Status

pytestmark = pytest.mark.qgis

#: The Python that Debian's python3-qgis is for; another may be named.
PYTHON = os.environ.get("FRONTMAP_QGIS_PYTHON", "/usr/bin/python3")
WEST = MultiPolygon([box(36.1, 34.1, 36.4, 34.4)])
NULL = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"


@dataclass
class Qgis:
    """A QGIS in a process of its own; see qgis_session.py for what it can be asked."""

    process: subprocess.Popen[str]

    def __call__(self, do: str, layer: str = "control_changes", **arguments: Any) -> Any:
        """Ask it to do something, and return its answer."""
        named = arguments if do == "open" else {"layer": layer, **arguments}
        assert self.process.stdin and self.process.stdout
        print(json.dumps({"do": do, **named}), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, "QGIS ended without an answer"
        return json.loads(answer)


@pytest.fixture
def qgis(tmp_path: Path) -> Iterator[Qgis]:
    """Start QGIS; without it skip, but fail where it was promised."""
    found = subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True, check=False)
    if found.returncode:
        if os.environ.get("FRONTMAP_REQUIRE_QGIS") == "1":
            pytest.fail(f"FRONTMAP_REQUIRE_QGIS=1, but {PYTHON} has no qgis")
        pytest.skip("no QGIS: install Debian's package python3-qgis")
    plain = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    with (
        (tmp_path / "qgis.log").open("w") as log,
        subprocess.Popen(
            [PYTHON, str(Path(__file__).with_name("qgis_session.py"))],
            env={**plain, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        yield Qgis(process)
        assert process.stdin
        process.stdin.close()
        process.wait(timeout=60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a project of five changes, numbers 1 to 5."""
    with make_project(tmp_path / "testland.gpkg") as project:
        project.add_changes(made_up(5))
    return tmp_path / "testland.gpkg"


def test_layers_open_with_their_styles(qgis: Qgis, syria: Path) -> None:
    assert qgis("open", path=str(syria))
    with Project.open(syria) as project:
        actors = project.actors().values()
        rows = {
            table.name: project.database.all(f"SELECT count(*) FROM {table.name}")[0][0]
            for table in schema.TABLES
        }
    for table in schema.TABLES:
        if table.geometry:
            layer = qgis("describe", table.name)
            assert layer["is_valid"] and layer["crs"] == "EPSG:4326"
            assert layer["rows"] == rows[table.name]
            # Only what frontmap adopt takes over can be edited.
            assert layer["is_read_only"] == (table.name != "control_changes")
    for name in ("control", "control_changes"):
        assert qgis("describe", name)["categories"] == [
            *([actor.slug, actor.name, actor.colour] for actor in actors),
            ["", "no data", "#d9d9d9"],
        ]


def test_the_temporal_controller_shows_a_day(qgis: Qgis, syria: Path) -> None:
    assert qgis("open", path=str(syria))
    layer = qgis("describe", "control")
    assert layer["is_temporal"] and layer["fields"] == ["begins", "ends"]
    with Project.open(syria) as project:
        days = project.dates()
        assert layer["span"][0] == days[0].isoformat()
        for day in (days[len(days) // 2], days[-1]):
            areas = project.control_map(day).areas
            assert qgis("shown", "control", when=day.isoformat()) == sorted(
                [area.actor, area.status] for area in areas
            )


def test_the_form_offers_what_may_be_said(qgis: Qgis, path: Path) -> None:
    assert qgis("open", path=str(path))
    form = qgis("form")
    actors = [{"The Army": "army"}, {"The Rebels": "rebels"}]
    for name, offered in {
        "actor": [*actors, {"nobody knows (no data)": NULL}],
        "contested_by": [{"nobody": NULL}, *actors],
        "status": [{status: status} for status in Status],
        "certainty": [{certainty: certainty} for certainty in Certainty],
    }.items():
        assert (form[name]["widget"], form[name]["config"]["map"]) == ("ValueMap", offered)
    for name in ("valid_from", "valid_to"):
        assert (form[name]["widget"], form[name]["config"]["calendar_popup"]) == ("DateTime", True)
    assert {form[name]["widget"] for name in ("begins", "ends")} == {"Hidden"}
    assert form["status"]["default"] == "'controlled'"
    assert {name for name, field in form.items() if not field["is_editable"]} >= {
        *("recorded_at", "method", "parameters", "retracted_at", "retraction_reason")
    }


def test_what_is_drawn_there_is_adopted(qgis: Qgis, path: Path, run: Run) -> None:
    entered = {"actor": "rebels", "certainty": "reported", "valid_from": "2024-12-04"}
    assert qgis("open", path=str(path))
    assert qgis("add", wkt=WEST.wkt, values={**entered, "place": "Belford", "note": "drawn"})
    assert qgis("alter", row=3, values={"certainty": "confirmed"})
    assert qgis("redraw", row=4, wkt=WEST.wkt)
    assert qgis("delete", row=5)
    assert qgis("commit") == []
    with Project.open(path) as project:
        before = project.changes()
        assert project.edited() == [3, 4, 5, 6]
        assert [change.id for change in before] == [1, 2, 3, 4, 5]
    run("adopt", "-p", path, "--source", "gazette", "--reason", "a video")
    with Project.open(path) as project:
        adopted = {change.note: change for change in project.changes()[5:]}
        confirmed, redrawn, drawn = (adopted[note] for note in ("number 2", "number 3", "drawn"))
        assert (drawn.actor, drawn.status, drawn.place) == ("rebels", "controlled", "test:belford")
        assert (drawn.method, drawn.valid_from) == (Method.DRAWN, date(2024, 12, 4))
        assert drawn.polygon.equals(WEST) and redrawn.polygon.equals(WEST)
        assert confirmed.certainty == Certainty.CONFIRMED
        assert all(project.change(row).retracted_at for row in (3, 4, 5))
        assert findings(project) == []
    # QGIS sees the map that follows from it.
    assert qgis("open", path=str(path))
    assert ["rebels", "controlled"] in qgis("shown", "control", when="2024-12-04")


def test_both_write_by_turns(qgis: Qgis, path: Path) -> None:
    assert qgis("open", path=str(path))
    for number in range(8):
        assert qgis(
            "add",
            wkt=WEST.wkt,
            values={"actor": "army", "certainty": "claimed", "valid_from": "2024-12-04"},
        )
        with Project.open(path) as project:
            project.add_changes(made_up(3, seed=number + 2))
        assert qgis("commit") == []
    with Project.open(path) as project:
        assert project.change_count() == 5 + 8 * 3
        assert len(project.edited()) == 8
        assert [fault for fault in findings(project) if "edited by another" not in fault] == []
