"""How fast the cells of all places of a country are had, and whose ground they give wrongly.

The others' cells are cut from a Voronoi diagram in a projection: UTM, as one would choose it.
A random point is misplaced where the cell in which it lies is not that of the geodesically
nearest place; those are found with Geod among the places that are nearest as the crow flies.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from fronts import Scene
from reporting import Result, beside, progress, seconds_in_turn
from shapely import MultiPolygon

from frontmap.data import basemap
from frontmap.geo.geodesy import distance_m
from frontmap.geo.tessellation import Tessellation

_OURS, _OURS_REACH = "frontmap", "frontmap, within 15 km"
_GEOPANDAS, _GEOPANDAS_DEGREES = "geopandas in UTM", "geopandas in degrees"
_DIAGRAM = "GEOS' diagram alone, not cut"
#: A reach beyond which nothing of the country lies, as the others know none; and a usual one.
_EVERYWHERE_KM, _REACH_KM = 3_000.0, 15.0
_UTM = 32636
_VERTICES = 3_000
_RANDOM_POINTS = 200_000
_NEIGHBOURS = 12
#: Rounding, and the farthest that a point beside an edge may be from it: metres.
_INDIFFERENT_M = 0.01
_MISPLACED = 0.02

Geometries = npt.NDArray[np.object_]


def outline() -> MultiPolygon:
    """Return the outline of Ukraine with about as many vertices as a front has."""
    polygon = basemap.theatre(["UA"]).polygon
    length = polygon.length / (_VERTICES - shapely.get_num_coordinates(polygon))
    while shapely.get_num_coordinates(finer := shapely.segmentize(polygon, length)) < _VERTICES:
        length *= 0.95
    return MultiPolygon(finer)


def by_frontmap(places: npt.NDArray[np.float64], ground: MultiPolygon, reach_km: float) -> Any:
    """Make the cells of places."""
    return np.array(Tessellation(places[:, 0], places[:, 1], ground).cells(reach_km), dtype=object)


def by_geopandas(places: npt.NDArray[np.float64], ground: MultiPolygon, crs: int) -> Any:
    """Make the Voronoi cells of places in a coordinate system, clip them, and put them in order."""
    import geopandas

    points = geopandas.GeoSeries(shapely.points(places), crs=4326).to_crs(crs)
    area = geopandas.GeoSeries([ground], crs=4326).to_crs(crs)
    whole = points.voronoi_polygons(extend_to=area.iloc[0])
    clipped = geopandas.clip(whole, area)
    return clipped.to_crs(4326).to_numpy()


def misplaced(cells: Geometries, places: npt.NDArray[np.float64], points: Geometries) -> float:
    """Return the per cent of points that lie in the cell of one place and are nearer to another."""
    inside, of = shapely.STRtree(cells).query(points, predicate="within")
    own_place = _place_in(cells, places)
    known = own_place[of] >= 0
    lonlat = shapely.get_coordinates(points[inside[known]])
    own = places[own_place[of[known]]]
    nearest = np.full(len(lonlat), np.inf)
    for each in _nearest_few(places, lonlat).T:
        nearest = np.minimum(nearest, distance_m(*lonlat.T, *places[each].T))
    return float(100 * np.mean(distance_m(*lonlat.T, *own.T) > nearest + _INDIFFERENT_M))


def _place_in(cells: Geometries, places: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Return the place in each cell, -1 where there is none."""
    found = np.full(len(cells), -1)
    points: Any = shapely.points(places)
    cell, place = shapely.STRtree(points).query(cells, predicate="contains")
    found[cell] = place
    return found


def _nearest_few(
    places: npt.NDArray[np.float64], lonlat: npt.NDArray[np.float64]
) -> npt.NDArray[np.intp]:
    """Return the places whose chords through the earth to each point are the shortest."""
    there = _on_sphere(places)
    found = np.empty((len(lonlat), _NEIGHBOURS), dtype=np.intp)
    for begin in range(0, len(lonlat), 2_000):
        some = slice(begin, begin + 2_000)
        nearness = _on_sphere(lonlat[some]) @ there.T
        found[some] = np.argpartition(-nearness, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
    return found


def _on_sphere(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    lon, lat = np.radians(lonlat).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def measure(scene: Scene, rounds: int) -> list[Result]:
    """Compare ways to the cells of the scene's places, and check each way's."""
    ground, places = outline(), np.unique(scene.places, axis=0)
    voronoi = shapely.multipoints(places)
    ways: dict[str, Callable[[], Any]] = {
        _OURS: lambda: by_frontmap(places, ground, _EVERYWHERE_KM),
        _OURS_REACH: lambda: by_frontmap(places, ground, _REACH_KM),
        _GEOPANDAS: lambda: by_geopandas(places, ground, _UTM),
        _GEOPANDAS_DEGREES: lambda: by_geopandas(places, ground, 4326),
        _DIAGRAM: lambda: shapely.voronoi_polygons(voronoi, extend_to=ground, ordered=True),
    }
    found = dict[str, Geometries]()

    def keep(name: str) -> None:
        found[name] = ways[name]()

    seconds = seconds_in_turn({name: partial(keep, name) for name in ways}, rounds)
    rng = np.random.default_rng(20241206)
    west, south, east, north = ground.bounds
    points: Any = shapely.points(rng.uniform((west, south), (east, north), (_RANDOM_POINTS, 2)))
    shapely.prepare(ground)
    points = points[shapely.contains(ground, points)]
    what = f"{len(places):,} places, an outline of {shapely.get_num_coordinates(ground):,} vertices"
    results = beside(what, seconds, at_least={_GEOPANDAS: 10})
    for name in (_OURS, _GEOPANDAS, _GEOPANDAS_DEGREES):
        progress(f"points misplaced by {name}")
        share = misplaced(found[name], places, points)
        goal = _MISPLACED if name == _OURS else None
        misses = f"{len(points):,} random points, misplaced"
        results.append(Result(misses, name, share, "%", at_most=goal))
    return results
