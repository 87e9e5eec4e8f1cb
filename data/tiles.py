"""PMTiles: layers as vector tiles in one file that a web map reads over plain HTTP.

GDAL cuts a layer into Mapbox Vector Tiles, without simplifying, and snaps it to each tile's grid
of 4096 steps: areas that match vertex by vertex still do in the tiles. A tile of several layers is
the tiles of each one after another, as Protocol Buffers add up. `pmtiles`, the format's own
package, puts them into the archive.

The formats: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md, with the metadata of
TileJSON 3.0, https://github.com/mapbox/tilejson-spec.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from frontmap.data.extracts import Column, Extract, Type
from frontmap.data.writers import write_with_gdal
from frontmap.geo.errors import InputError

__all__ = ["MAX_ZOOM", "write_pmtiles"]

#: At 10 a step of a tile's grid is 10 m on the equator; browsers draw closer views from these.
MAX_ZOOM = 10
_UNLIMITED = 1_000_000_000


def write_pmtiles(
    path: Path, layers: Sequence[tuple[Extract, Mapping[str, Any]]], record: dict[str, Any]
) -> None:
    """Write layers, each with its arguments for GDAL (`pyogrio.raw.write`), as PMTiles.

    Raises InputError where the package is not installed, GDAL lacks the driver, or there is
    nothing to draw.
    """
    try:
        from pmtiles.tile import Compression, TileType
        from pmtiles.writer import Writer
    except ImportError:
        raise InputError(
            f"{path}: to write PMTiles, install pmtiles: pip install 'frontmap[interchange]'"
        ) from None
    drawn = [(extract, arguments) for extract, arguments in layers if extract.rows]
    if not drawn:
        raise InputError(f"{path}: nothing to draw on these days; nothing was written")
    tiles: dict[int, bytes] = {}
    for _, arguments in drawn:
        for number, tile in _cut(path, arguments).items():
            tiles[number] = tiles.get(number, b"") + tile
    west, south, east, north = record["extent"]["spatial"]["bbox"][0]
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": round(west * 1e7),
        "min_lat_e7": round(south * 1e7),
        "max_lon_e7": round(east * 1e7),
        "max_lat_e7": round(north * 1e7),
        "center_zoom": 5,
        "center_lon_e7": round((west + east) / 2 * 1e7),
        "center_lat_e7": round((south + north) / 2 * 1e7),
    }
    with path.open("wb") as file:
        archive = Writer(file)
        for number in sorted(tiles):
            archive.write_tile(number, gzip.compress(tiles[number], mtime=0))
        archive.finalize(header, _metadata([extract for extract, _ in drawn], record))


def _cut(path: Path, arguments: Mapping[str, Any]) -> dict[int, bytes]:
    """Return the tiles of one layer by their number in the archive."""
    import pyogrio
    from pmtiles.reader import MemorySource, all_tiles
    from pmtiles.tile import zxy_to_tileid

    if "w" not in pyogrio.list_drivers().get("PMTiles", ""):
        raise InputError(f"{path}: this GDAL cannot write PMTiles; pyogrio's own wheels can")
    limits = {"MAX_SIZE": _UNLIMITED, "MAX_FEATURES": _UNLIMITED}
    with TemporaryDirectory(prefix=".frontmap-", dir=path.parent) as folder:
        cut = Path(folder) / "layer.pmtiles"
        zooms = {"MINZOOM": 0, "MAXZOOM": MAX_ZOOM}
        write_with_gdal(cut, "PMTiles", {**arguments, **zooms, **limits})
        source = MemorySource(cut.read_bytes())
    return {zxy_to_tileid(*zxy): gzip.decompress(tile) for zxy, tile in all_tiles(source)}


def _metadata(extracts: Sequence[Extract], record: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": record["title"],
        "description": record["description"],
        "attribution": "; ".join(provider["description"] for provider in record["providers"]),
        "type": "overlay",
        "vector_layers": [
            {
                "id": extract.layer.name,
                "description": extract.layer.meaning,
                "minzoom": 0,
                "maxzoom": MAX_ZOOM,
                "fields": {column.name: _field(column) for column in extract.columns},
            }
            for extract in extracts
        ],
        "metadata": record,
    }


def _field(column: Column) -> str:
    kind = {Type.INTEGER: "Number", Type.NUMBER: "Number", Type.BOOLEAN: "Boolean"}
    unit = f", {column.unit}" if column.unit else ""
    return f"{kind.get(column.type, 'String')}: {column.meaning}{unit}"
