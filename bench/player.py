"""How small and fast the player of many days is, beside folium's ways to show them, in Chromium.

All pages show the same: on each day the area of one side, and the rest of Ukraine. Ours is made
from a project of dated changes, with all that belongs to it: neighbours, rivers, names, the list of
changes, Leaflet. folium's have the two areas alone, without tiles; what they load from elsewhere
comes from npm, out of memory, and does not count as theirs.
"""

from __future__ import annotations

import base64
import gzip
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import folium
import numpy as np
import shapely
from folium.plugins import TimeSliderChoropleth, TimestampedGeoJson
from fronts import Scene
from reporting import Result, beside, progress
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from frontmap.data.store import Project
from frontmap.geo.geodesy import distance_m
from frontmap.geo.records import Actor, Attribution, Certainty, Change, Source, Status
from frontmap.geo.snapshots import difference
from frontmap.maps.player import render_player
from frontmap.maps.series import SeriesSpec, describe_series

__all__ = ["measure"]

_OURS, _STAMPED = "frontmap", "folium TimestampedGeoJson"
_CHOROPLETH, _GROUPS = "folium TimeSliderChoropleth", "folium FeatureGroup a day"
_ROUNDED = ", 5 decimals"
_CLOSED = "gaps narrower than rounding close"
_FIRST = date(2024, 7, 8)
_SIDES = {"holder": "#e42536", "rest": "#5790fc"}
_SAMPLED_DAYS = 6
_STEPS = 40
_FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
#: Where folium's files are on npm, by the end of their address.
_FILES = {
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "jquery.min.js": "jquery/dist/jquery.min.js",
    "jquery-ui.min.js": "jquery-ui/dist/jquery-ui.min.js",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "leaflet.awesome-markers.js": "leaflet.awesome-markers/dist/leaflet.awesome-markers.min.js",
    "leaflet.awesome-markers.css": "leaflet.awesome-markers/dist/leaflet.awesome-markers.css",
    "moment.min.js": "moment/min/moment.min.js",
    "iso8601.min.js": "iso8601-js-period/iso8601.js",
    "leaflet.timedimension.min.js": "leaflet-timedimension/dist/leaflet.timedimension.min.js",
    "leaflet.timedimension.control.css": (
        "leaflet-timedimension/dist/leaflet.timedimension.control.css"
    ),
    "d3.v4.min.js": "d3/build/d3.min.js",
}
_PACKAGES = (
    *("leaflet@1.9.3", "jquery@3.7.1", "jquery-ui@1", "bootstrap@5.2.2", "moment@2", "d3@4"),
    *("leaflet.awesome-markers@2", "iso8601-js-period@0.2.1", "leaflet-timedimension@1.1.1"),
)
#: Notes when a map is there: the page's own sign, or outlines; then what the next frame shows.
_WATCH = """
window.drawn = new Promise((resolve) => {
  const look = () => {
    const there = document.getElementById("frontmap-data")
      ? "ready" in document.documentElement.dataset
      : document.readyState === "complete" && document.querySelector("path[d*=L]");
    requestAnimationFrame(there ? () => resolve(performance.now()) : look);
  };
  look();
});"""
#: Steps through days, spread evenly, and returns the milliseconds of each step.
_TIME = """async (count) => {
  const taken = [];
  for (let i = 0; i < count; i++) {
    await new Promise(requestAnimationFrame);
    const begun = performance.now();
    window.stepTo(i / Math.max(1, count - 1));
    taken.push(performance.now() - begun);
  }
  return taken;
}"""
#: Stands in scripts for what has a page painted, or for nothing.
_FLUSH = "/* FLUSH */"
_SLIDE = f"""
  const slider = document.querySelector("input[type=range]");
  window.stepTo = (share) => {{
    slider.value = Number(slider.min) + Math.round(share * (slider.max - slider.min));
    slider.dispatchEvent(new Event("input"));
    {_FLUSH}
  }};"""
#: Reading a pixel makes a canvas paint, asking for a box lays out an SVG, which is then painted.
_PAINT = """for (const canvas of document.querySelectorAll(".sheet canvas"))
      canvas.getContext("2d").getImageData(0, 0, 1, 1);"""
_LAY_OUT = """document.querySelector(".leaflet-overlay-pane").getBoundingClientRect();"""
#: Outlines that our page decodes: for each state asked for, the rings of a ground in quanta.
_DECODE = """async ([states, label]) => {
  const spec = JSON.parse(document.getElementById("frontmap-data").textContent);
  const net = frontmapArcs(await frontmapInflate(spec.arcs), (x, y) => [x, y]);
  const ring = (pieces) => pieces.flatMap(([arc, backwards], i) => {
    const { points } = arc;
    const pairs = Array.from({ length: points.length / 2 }, (_, k) =>
      [points[2 * k], points[2 * k + 1]]);
    return (backwards ? pairs.reverse() : pairs).slice(i ? 1 : 0);
  });
  return states.map((state) => {
    const sets = net.at(state);
    const chosen = net.arcs.flatMap((_, arc) => (net.sets[sets[arc]].includes(label) ? arc : []));
    return net.rings(chosen).map(ring);
  });
}"""

Areas = Sequence[tuple[BaseGeometry, BaseGeometry]]


@dataclass(frozen=True, slots=True)
class _Page:
    """A document, the script that gives it a `stepTo(share)`, and one that has it painted."""

    text: str
    steps: str
    flush: str


@dataclass(frozen=True, slots=True)
class _Visit:
    """What a page takes: seconds until it is drawn, JS heap in MB, ms a step, and painted too."""

    load_s: float
    heap_mb: float
    step_ms: float
    painted_ms: float


# --- pages ----------------------------------------------------------------------------------------


def by_project(areas: Areas, theatre: MultiPolygon, folder: Path) -> SeriesSpec:
    """Describe the days from a project that has what changed hands on each."""

    def change(actor: str, number: int, ground: BaseGeometry) -> Change:
        return Change(
            id=0,
            actor=actor,
            status=Status.CONTROLLED,
            certainty=Certainty.REPORTED,
            valid_from=_FIRST + timedelta(days=number),
            valid_to=None,
            recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
            polygon=_areal(ground),
            sources=(Attribution("maps"),),
        )

    held = [area for area, _ in areas]
    # What two claim on one day would be contested.
    changes = [change("rest", 0, theatre.difference(held[0])), change("holder", 0, held[0])]
    for number, (before, after) in enumerate(pairwise(held), 1):
        gained, lost = difference(_areal(before), _areal(after))
        changes += [change("holder", number, gained), change("rest", number, lost)]

    def fill(project: Project) -> None:
        for slug, colour in _SIDES.items():
            project.add_actor(Actor(slug, slug.title(), slug.title(), slug, colour))
        project.add_source(Source("maps", "Daily maps", "Daily maps"))
        project.add_changes(row for row in changes if not row.polygon.is_empty)

    with Project.init(folder / "ukraine.gpkg", ["UA"], fill=fill) as project:
        return describe_series(project, _FIRST, _FIRST + timedelta(days=len(areas) - 1))


def _areal(ground: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([p for p in shapely.get_parts(ground) if p.geom_type == "Polygon"])


def _map(areas: Areas) -> folium.Map:
    west, south, east, north = shapely.total_bounds([whole for pair in areas for whole in pair])
    shown = folium.Map(tiles=None)
    shown.fit_bounds([[south, west], [north, east]])
    return shown


def _features(areas: Areas, decimals: int | None) -> Iterator[dict[str, Any]]:
    """Return two GeoJSON features a day, with the style that is their side's."""
    for number, pair in enumerate(areas):
        for (slug, colour), area in zip(_SIDES.items(), pair, strict=True):
            rounded = area if decimals is None else shapely.transform(area, _to(decimals))
            yield {
                "type": "Feature",
                "id": f"{slug}-{number}",
                "geometry": shapely.geometry.mapping(rounded),
                "properties": {"style": {"fillColor": colour, "color": colour, "weight": 1}},
            }


def _to(decimals: int) -> Callable[[Any], Any]:
    return lambda degrees: np.round(degrees, decimals)


def _stamps(count: int) -> list[int]:
    start = datetime.combine(_FIRST, datetime.min.time(), UTC)
    return [int((start + timedelta(days=n)).timestamp()) for n in range(count)]


def stamped(areas: Areas, decimals: int | None) -> _Page:
    """Show the days with TimestampedGeoJson, each feature for a day."""
    features = list(_features(areas, decimals))
    for feature, stamp in zip(features, np.repeat(_stamps(len(areas)), 2).tolist(), strict=True):
        feature["properties"]["times"] = [1000 * stamp]
    shown = _map(areas)
    TimestampedGeoJson(  # type: ignore[no-untyped-call]
        {"type": "FeatureCollection", "features": features},
        period="P1D",
        duration="PT1H",
        auto_play=False,
        add_last_point=False,
    ).add_to(shown)
    steps = f"""const time = {shown.get_name()}.timeDimension;
    window.stepTo = (share) => {{
      time.setCurrentTimeIndex(Math.round(share * (time.getAvailableTimes().length - 1)));
      {_FLUSH}
    }};"""
    return _Page(shown.get_root().render(), steps, _LAY_OUT)


def choropleth(areas: Areas, decimals: int | None) -> _Page:
    """Show the days with TimeSliderChoropleth, which needs a style for each area on each day."""
    features, stamps = list(_features(areas, decimals)), _stamps(len(areas))
    off = {"color": "#000000", "opacity": 0}
    styles = dict[str, Any]()
    for number, feature in enumerate(features):
        on = {"color": feature["properties"].pop("style")["color"], "opacity": 0.6}
        # It only heeds what is said of a time: off on the next, and on the last, where jumps end.
        styles[feature["id"]] = {
            str(stamp): on if at == number // 2 else off for at, stamp in enumerate(stamps)
        }
    shown = _map(areas)
    TimeSliderChoropleth({"type": "FeatureCollection", "features": features}, styles).add_to(shown)
    return _Page(shown.get_root().render(), _SLIDE, _LAY_OUT)


def groups(areas: Areas, decimals: int | None) -> _Page:
    """Show the days with a FeatureGroup each, of which one is on the map at a time."""
    shown, names = _map(areas), list[str]()
    features = list(_features(areas, decimals))
    for number in range(len(areas)):
        group = folium.FeatureGroup(f"day {number}", show=number == 0).add_to(shown)
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features[2 * number : 2 * number + 2]},
            style_function=lambda feature: feature["properties"]["style"],
        ).add_to(group)
        names.append(group.get_name())
    steps = f"""const days = [{", ".join(names)}];
    let on = days[0];
    window.stepTo = (share) => {{
      on.remove();
      on = days[Math.round(share * (days.length - 1))].addTo({shown.get_name()});
      {_FLUSH}
    }};"""
    return _Page(shown.get_root().render(), steps, _LAY_OUT)


_PEERS: Mapping[str, Callable[[Areas, int | None], _Page]] = {
    _STAMPED: stamped,
    _CHOROPLETH: choropleth,
    _GROUPS: groups,
}


# --- the browser ----------------------------------------------------------------------------------


def _missing() -> str | None:
    """Say what is missing for a browser, if anything."""
    if find_spec("playwright") is None:
        return "playwright"
    return None if shutil.which("chromium") else "chromium"


def _fetched(folder: Path) -> Path | None:
    """Fetch what folium's pages load into a folder; None without npm or its registry."""
    if shutil.which("npm") is None:
        return None
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    progress("npm, for what folium loads")
    ended = subprocess.run([*command, "--prefix", str(folder), *_PACKAGES], check=False)
    return folder / "node_modules" if ended.returncode == 0 else None


class _Chromium:
    """Opens pages in a browser that has no network but the files of npm packages."""

    def __init__(self, browser: Any, folder: Path, modules: Path | None) -> None:
        """Keep pages in a folder, files from `modules`."""
        self._browser, self._folder, self._modules = browser, folder, modules

    @contextmanager
    def opened(self, page: _Page) -> Iterator[Any]:
        """Open a page until it is drawn, and close it in the end."""
        path = self._folder / "page.html"
        path.write_text(page.text, encoding="utf-8")
        context = self._browser.new_context(viewport={"width": 1200, "height": 800})
        context.set_default_timeout(600_000)
        context.route(re.compile(r"^https?://"), self._serve)
        context.add_init_script(_WATCH)
        try:
            tab = context.new_page()
            tab.goto(path.as_uri(), wait_until="commit", timeout=600_000)
            yield tab
        finally:
            context.close()

    def _serve(self, route: Any) -> None:
        name = route.request.url.split("?")[0].rsplit("/", 1)[-1]
        if self._modules and name in _FILES:
            route.fulfill(path=self._modules / _FILES[name])
        else:
            # Fonts of icons, which no map here has.
            route.fulfill(body="", content_type="text/css")

    def visit(self, page: _Page) -> _Visit:
        """Measure a page."""
        with self.opened(page) as tab:
            load_ms = tab.evaluate("window.drawn")
            tools = tab.context.new_cdp_session(tab)
            tools.send("HeapProfiler.collectGarbage")
            tools.send("Performance.enable")
            metrics = tools.send("Performance.getMetrics")["metrics"]
            heap = next(m["value"] for m in metrics if m["name"] == "JSHeapUsedSize")
            steps = list[float]()
            for flushed in (page.steps, page.steps.replace(_FLUSH, page.flush)):
                tab.evaluate(f"() => {{ {flushed} }}")
                steps.append(median(tab.evaluate(_TIME, _STEPS)))
        return _Visit(load_ms / 1000, heap / 1e6, *steps)


def errors_m(
    chromium: _Chromium, page: _Page, series: SeriesSpec, areas: Areas
) -> tuple[float, float]:
    """Return how far outlines lie from those given, as the page decodes them; and the reverse."""
    numbers = np.unique(np.linspace(0, len(areas) - 1, _SAMPLED_DAYS).round().astype(int)).tolist()
    label = [ground.actor for ground in series.grounds].index("holder")
    with chromium.opened(page) as tab:
        tab.evaluate("window.drawn")
        found = tab.evaluate(_DECODE, [[series.lead_in + number for number in numbers], label])
    drawn, missing = 0.0, 0.0
    for number, rings in zip(numbers, found, strict=True):
        lines = [shapely.LineString(ring) for ring in rings]
        decoded = shapely.transform(shapely.MultiLineString(lines), lambda quanta: quanta / 1e5)
        given = areas[number][0].boundary
        drawn = max(drawn, _farthest_m(decoded, given))
        missing = max(missing, _farthest_m(given, decoded))
    return drawn, missing


def _farthest_m(lines: BaseGeometry, there: BaseGeometry) -> float:
    """Return the distance of the farthest vertex of lines from others."""
    points = shapely.points(shapely.get_coordinates(lines))
    shapely.prepare(there)
    ends = shapely.get_coordinates(shapely.shortest_line(points, there)).reshape(-1, 2, 2)
    return float(np.max(distance_m(*ends[:, 0].T, *ends[:, 1].T)))


# --- results --------------------------------------------------------------------------------------


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Compare pages of all the scene's days; folium's are opened once, ours `rounds` times."""
    from frontmap.data import basemap

    theatre = basemap.theatre(["UA"]).polygon
    progress("both sides of each day")
    shapely.prepare(theatre)
    held = [_areal(shapely.make_valid(day).intersection(theatre)) for day in scene.days]
    areas = [(area, _areal(theatre.difference(area))) for area in held]
    with TemporaryDirectory() as name:
        folder = Path(name)
        progress("a project, and its player")
        series = by_project(areas, theatre, folder)
        ours = _Page(render_player(series), _SLIDE, _PAINT)
        makers: dict[str, Callable[[], _Page]] = {_OURS: lambda: ours}
        for peer, make in _PEERS.items():
            makers[peer] = lambda make=make: make(areas, None)  # type: ignore[misc]
        for peer, make in _PEERS.items():
            makers[peer + _ROUNDED] = lambda make=make: make(areas, 5)  # type: ignore[misc]
        sizes, visits, errors, note = _all(makers, ours, series, areas, folder, rounds)
    return [*_sizes(sizes, series, len(areas)), *_speeds(visits, errors, note)]


def _all(
    makers: Mapping[str, Callable[[], _Page]],
    ours: _Page,
    series: SeriesSpec,
    areas: Areas,
    folder: Path,
    rounds: int,
) -> tuple[dict[str, tuple[int, int]], dict[str, _Visit], tuple[float, float] | None, str]:
    """Make each page in turn, and open it: its bytes, raw and gzip, and what it takes."""
    sizes, visits = dict[str, tuple[int, int]](), dict[str, _Visit]()
    if lacking := _missing():
        for way, make in makers.items():
            sizes[way] = _bytes(make().text)
        return sizes, visits, None, f"no {lacking}"
    from playwright.sync_api import sync_playwright

    modules = _fetched(folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(_FLAGS)
        )
        chromium = _Chromium(browser, folder, modules)
        for way, make in makers.items():
            progress(way)
            page = make()
            sizes[way] = _bytes(page.text)
            if way == _OURS or modules:
                runs = [chromium.visit(page) for _ in range(rounds if way == _OURS else 1)]
                visits[way] = _Visit(
                    median(run.load_s for run in runs),
                    median(run.heap_mb for run in runs),
                    median(run.step_ms for run in runs),
                    median(run.painted_ms for run in runs),
                )
        errors = errors_m(chromium, ours, series, areas)
        browser.close()
    return sizes, visits, errors, "" if modules else "without folium's files from npm"


def _bytes(text: str) -> tuple[int, int]:
    data = text.encode()
    return len(data), len(gzip.compress(data, 9))


def _sizes(sizes: Mapping[str, tuple[int, int]], series: SeriesSpec, days: int) -> list[Result]:
    results = list[Result]()
    for index, kind in enumerate(("as it is", "gzip")):
        kilobytes = {way: both[index] / 1000 for way, both in sizes.items()}
        goals = {} if index else {_STAMPED: 150.0}
        results += beside(f"Page of {days} days, {kind}", kilobytes, unit="kB", at_least=goals)
    a_day = len(gzip.compress(base64.b64encode(series.arcs), 9)) / days
    what = "Ground of both sides and the border, gzip, a day"
    return [*results, Result(what, _OURS, a_day, "B", at_most=135)]


def _speeds(
    visits: Mapping[str, _Visit], errors: tuple[float, float] | None, note: str
) -> list[Result]:
    if not visits:
        return [Result("In Chromium", _OURS, float("nan"), note=note)]
    load = {way: visit.load_s for way, visit in visits.items()}
    heap = {way: visit.heap_mb for way, visit in visits.items()}
    step = {way: visit.step_ms for way, visit in visits.items()}
    painted = {way: visit.painted_ms for way, visit in visits.items()}
    results = [
        *beside("Opened until drawn", load, at_least={_STAMPED: 5}, notes={_OURS: note}),
        *beside("JS heap once drawn", heap, unit="MB", at_least={_STAMPED: 30}),
        *beside("A step to another day", step, unit="ms"),
        *beside("A step to another day, painted or laid out", painted, unit="ms"),
        Result("A step to another day: goal", _OURS, step[_OURS], "ms", at_most=5),
    ]
    if errors is not None:
        drawn, missing = errors
        results += [
            Result("Outlines drawn off those given", _OURS, drawn, "m", at_most=0.7),
            Result("Outlines given off those drawn", _OURS, missing, "m", note=_CLOSED),
        ]
    return results
