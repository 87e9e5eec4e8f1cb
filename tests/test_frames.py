"""Tables of a project are what the commands write: equal values, types, a CRS, no column lost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pytest
import shapely
from samples import Run

from frontmap.data import Project
from frontmap.data.frames import Frames
from frontmap.geo.errors import AmbiguousToponymError, InputError, NoFrontError, UnknownNameError
from frontmap.geo.records import Place

DAY = "2024-12-06"
STATES = ("control", "front", "places")
#: Of each table: what makes it, and what makes one without rows where there can be one.
TABLES: dict[str, tuple[Callable[[Frames], Any], Callable[[Frames], Any] | None]] = {
    "geocode": (lambda f: f.geocode("Homs"), lambda f: f.geocode("Xyzzyqwv", limit=3)),
    "changes": (lambda f: f.changes(), lambda f: f.changes("2010-01-01")),
    "control": (lambda f: f.control(DAY), lambda f: f.control(until="2010-01-01")),
    "front": (lambda f: f.front(DAY), lambda f: f.front("2010-01-01")),
    "places": (lambda f: f.places(DAY), lambda f: f.places(until="2010-01-01")),
    "distance": (
        lambda f: f.distance("Homs", as_of=DAY),
        lambda f: f.distance("Homs", until="2010-01-01"),
    ),
    "diff": (lambda f: f.diff("2024-12-01", DAY), lambda f: f.diff("2010-01-01", "2010-01-02")),
}


@pytest.fixture(scope="module")
def opened(syria_built: Path) -> Iterator[Project]:
    with Project.open(syria_built) as project:
        yield project


@pytest.fixture
def frames(opened: Project) -> Frames:
    return opened.frames


def _values(frame: geopandas.GeoDataFrame) -> list[dict[str, Any]]:
    """Return the rows as JSON values, as files have them."""

    def value(cell: Any) -> Any:
        if cell is None or pandas.isna(cell):
            return None
        if isinstance(cell, pandas.Timestamp):
            instant = cell.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            return instant if cell.tz else cell.date().isoformat()
        return cell

    rows = frame.drop(columns="geometry").to_dict("records")
    return [{name: value(cell) for name, cell in row.items()} for row in rows]


def _exported(run: Run, project: Path, folder: Path, name: str, *asked: str) -> list[Any]:
    path = folder / f"{name}.geojson"
    run("export", "-p", project, "--what", name, *asked, "-o", path)
    features: list[Any] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features


def _same_rows(frame: geopandas.GeoDataFrame, features: list[Any]) -> None:
    assert len(frame) == len(features)
    assert _values(frame) == [feature["properties"] for feature in features]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    # Text has eight decimals, which is the grid of the map.
    assert all(shapely.equals_exact(frame.geometry.to_numpy(), shapes, 1e-8))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"as_of": DAY}, ["--on", DAY]),
        (
            {"as_of": date(2024, 12, 6), "known_at": datetime(2024, 12, 6, tzinfo=UTC)},
            ["--on", DAY, "--known-at", "2024-12-06T00:00Z"],
        ),
        (
            {"since": "2024-12-04", "until": pandas.Timestamp(DAY), "min_certainty": "confirmed"},
            ["--since", "2024-12-04", "--until", DAY, "--min-certainty", "confirmed"],
        ),
        (
            {"since": "2024-12-05", "until": DAY, "daily": True},
            ["--since", "2024-12-05", "--until", DAY, "--daily"],
        ),
    ],
    ids=["a day", "known then", "intervals", "daily"],
)
@pytest.mark.parametrize("name", [*STATES, "changes"])
def test_layers_are_those_exported(
    run: Run,
    frames: Frames,
    syria_built: Path,
    tmp_path: Path,
    name: str,
    asked: dict[str, Any],
    told: list[str],
) -> None:
    frame = getattr(frames, name)(**asked)
    _same_rows(frame, _exported(run, syria_built, tmp_path, name, *told))
    assert len(frame) or (name in ("front", "changes") and "known_at" in asked)


def test_found_places_are_those_of_the_command(run: Run, frames: Frames) -> None:
    told = run("geocode", "Homs", "Saraqib", "--country", "SY", "--geojson")
    _same_rows(frames.geocode("Homs", "Saraqib"), json.loads(told.stdout)["features"])
    candidates = frames.geocode("Saraqeb", limit=3, near=(36.8, 35.9))
    assert candidates["name"].iloc[0] == "Saraqib"
    assert set(candidates["query"]) == {"Saraqeb"} and len(candidates) <= 3


def test_an_ambiguous_name_is_refused(project: Project) -> None:
    project.add_places(Place(f"test:{n}", "Newton", 36.1 + n / 9, 34.4, "XX") for n in range(2))
    with pytest.raises(AmbiguousToponymError):
        project.frames.geocode("Newton")
    assert sorted(project.frames.geocode("Newton", limit=5)["id"]) == ["test:0", "test:1"]


@pytest.mark.parametrize(
    "days", [["--on", DAY], ["--since", "2024-12-04", "--until", "2024-12-09"]]
)
@pytest.mark.parametrize("from_", [None, "opposition"])
def test_distances_are_those_of_the_command(
    run: Run, frames: Frames, syria_built: Path, days: list[str], from_: str | None
) -> None:
    told = run(
        *("distance", "-p", syria_built, "Homs", "Damascus", *days, "--json"),
        *(["--from", from_] if from_ else []),
    )
    names = {"--on": "as_of", "--since": "since", "--until": "until"}
    asked: Any = {names[days[n]]: days[n + 1] for n in range(0, len(days), 2)}
    frame = frames.distance("Homs", "Damascus", from_=from_, **asked)
    rows = json.loads(told.stdout)
    flat = []
    for row in rows:
        point = row.pop("nearest")
        flat.append(row | {f"nearest_{name}": value for name, value in point.items()})
    assert _values(frame) == flat
    assert list(frame.geometry.x) == [row["nearest_lon"] for row in flat]
    assert list(frame.geometry.y) == [row["nearest_lat"] for row in flat]


def test_a_day_without_a_front_has_no_nearest_point(project: Project) -> None:
    frame = project.frames.distance("Alton", since=DAY, until="2024-12-07")
    assert len(frame) == 0  # nothing has ever changed, so there are no days
    with pytest.raises(NoFrontError):
        project.frames.distance("Alton", as_of=DAY)


def test_series_keep_days_without_a_front(frames: Frames) -> None:
    frame = frames.distance("Homs", since="2019-01-01", until="2019-01-03")
    assert list(frame["on"].dt.day) == [1, 2, 3]
    assert frame["distance_km"].isna().all() and frame.geometry.isna().all()
    assert not frame["inside"].any()


def test_what_changed_hands_is_that_of_the_command(
    run: Run, frames: Frames, opened: Project, syria_built: Path
) -> None:
    told = json.loads(run("diff", "-p", syria_built, "2024-12-01", DAY, "--json").stdout)
    frame = frames.diff("2024-12-01", DAY)
    assert [
        {
            "actor": row["actor"],
            "from_actor": row["from_actor"],
            "km2": round(row["area_km2"], 1),
            "places": row["places"].split(", ") if row["places"] else [],
        }
        for row in _values(frame)
    ] == told
    gained = frame[frame["actor"] == "hts"].geometry.union_all()
    held = [opened.control_map(day).ground_of("hts") for day in ("2024-12-01", DAY)]
    assert gained.symmetric_difference(held[1] - held[0]).area < 1e-9
    assert _values(frames.diff("2024-12-01", DAY, "2019-01-01")) == []


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_crs_and_keeps_its_columns_and_types(frames: Frames, name: str) -> None:
    make, make_empty = TABLES[name]
    frame = make(frames)
    assert isinstance(frame, geopandas.GeoDataFrame) and len(frame)
    assert frame.crs == "EPSG:4326"
    assert make_empty is not None
    empty = make_empty(frames)
    assert len(empty) == 0 and empty.crs == "EPSG:4326"
    differing = {"on", "valid_from", "valid_to"} if name in STATES else set()
    for column in [column for column in frame if column not in differing]:
        assert empty[column].dtype == frame[column].dtype, column
    for column in empty:
        if column in ("on", "valid_from", "valid_to"):
            assert empty[column].dtype == "datetime64[ms]"
        elif column in ("area_km2", "length_km", "distance_km", "lon", "lat"):
            assert empty[column].dtype == "float64"


def test_a_table_is_kept_by_a_file(frames: Frames, tmp_path: Path) -> None:
    frame = frames.changes()
    frame.to_file(tmp_path / "changes.gpkg")
    read = geopandas.read_file(tmp_path / "changes.gpkg")
    assert list(read["valid_to"].isna()) == list(frame["valid_to"].isna())
    assert list(read["valid_from"].dt.date) == list(frame["valid_from"].dt.date)
    assert list(read["change"]) == list(frame["change"])


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda f: f.control("6.12.2024"), InputError),
        (lambda f: f.control(DAY, datetime(2024, 12, 6)), InputError),
        (lambda f: f.control(DAY, since=DAY), InputError),
        (lambda f: f.front(DAY, min_certainty="sure"), InputError),
        (lambda f: f.diff(DAY, "2024-12-07", min_certainty="sure"), InputError),
        (lambda f: f.distance(as_of=DAY), InputError),
        (lambda f: f.distance("Nowhere at all", as_of=DAY), UnknownNameError),
        (lambda f: f.distance("Homs", from_="nobody", as_of=DAY), UnknownNameError),
        (lambda f: f.geocode("Xyzzyqwv"), UnknownNameError),
    ],
)
def test_what_cannot_be_is_refused(
    frames: Frames, wrong: Callable[[Frames], Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        wrong(frames)


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, frontmap.data; print([m for m in ('numpy', 'geopandas', 'shapely', 'sqlite3',"
        " 'frontmap.data.store') if m in sys.modules]);"
        "from frontmap.data import Project; print(Project.__module__);"
        "import frontmap.data.gazetteer;"
        "print('geopandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["[]", "frontmap.data.store", "False"]
    with pytest.raises(ImportError):
        from frontmap.data import nothing_of_the_kind  # noqa: F401
