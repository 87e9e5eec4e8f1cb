"""Where a point lies in a project: inside its theatre, in which zone, at which known place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from frontmap.geo.records import Place, Zone
from frontmap.geo.toponyms import key

if TYPE_CHECKING:
    from shapely import MultiPolygon

__all__ = ["SAME_PLACE_M", "Ground", "Namesakes"]

#: Two places of different gazetteers are one if they share a name and are no farther apart:
#: positions found by hand are approximate.
SAME_PLACE_M = 3000.0


class Ground:
    """A theatre and its zones, asked for points."""

    def __init__(self, theatre: MultiPolygon, zones: Sequence[Zone]) -> None:
        """Prepare both for many questions."""
        import shapely

        self._intersects = shapely.intersects_xy
        self._theatre, self._zones = theatre, zones
        shapely.prepare([theatre, *(zone.polygon for zone in zones)])
        self._bounds = theatre.bounds
        self._last = zones[0] if zones else None

    def holds(self, lon: float, lat: float) -> bool:
        """Say whether a point lies in the theatre."""
        west, south, east, north = self._bounds
        inside = west <= lon <= east and south <= lat <= north
        return inside and bool(self._intersects(self._theatre, lon, lat))

    def zone(self, lon: float, lat: float) -> Zone | None:
        """Return the zone of a point; dumps go by neighbourhoods, so the last one comes first."""
        for zone in ([self._last] if self._last else []) + list(self._zones):
            if self._intersects(zone.polygon, lon, lat):
                self._last = zone
                return zone
        return None


class Namesakes:
    """Places by their names, asked for the one that a named point is."""

    def __init__(self, places: Iterable[Place]) -> None:
        """Take the places as they are; their names are sorted when first asked."""
        self._places = list(places)

    def near(self, lon: float, lat: float, names: Iterable[str]) -> Place | None:
        """Return the nearest place of one of these names within SAME_PLACE_M, None for none."""
        from frontmap.geo.geodesy import distance_m

        alike = {p.id: p for name in names for p in self._by_key.get(key(name), ())}
        away = {place.id: distance_m(lon, lat, place.lon, place.lat) for place in alike.values()}
        nearest = min(away, key=lambda place_id: away[place_id], default=None)
        if nearest is None or away[nearest] > SAME_PLACE_M:
            return None
        return alike[nearest]

    @cached_property
    def _by_key(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = defaultdict(list)
        for place in self._places:
            for made in {key(name.name) for name in place.names} | {key(place.name)}:
                found[made].append(place)
        return found
