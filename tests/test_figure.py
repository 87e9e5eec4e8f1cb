"""Figures: files that desks can use, the same each time, legible, and true to the description."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely
from imaginary import DAY, changes, multi, veldoria
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from numpy.typing import NDArray
from PIL import Image
from pypdf import PdfReader
from test_page import HOSTILE, hostile_spec

from frontmap.geo.errors import InputError
from frontmap.geo.geodesy import distance_m
from frontmap.geo.records import Status
from frontmap.maps.figure import FORMATS, draw_figure, render_figure
from frontmap.maps.spec import MapSpec, describe_map
from frontmap.maps.style import DARK, PRESETS, Look
from frontmap.maps.typesetting import font, width
from frontmap.maps.words import Words

EXPECTED = Path(__file__).parent / "expected" / "figures"
SVG = "{http://www.w3.org/2000/svg}"
MIRNA = (38.4, 35.1, 40.0)


@cache
def described(lang: str = "en", **options: Any) -> MapSpec:
    """Describe the invented country once for each language."""
    return describe_map(veldoria(), DAY, distance_to=["Mirna", "Velgrad"], lang=lang, **options)


@cache
def svg_of(lang: str = "en", zoom: tuple[float, float, float] | None = None) -> ET.Element:
    """Return the drawing as a tree."""
    return ET.fromstring(render_figure(described(lang), ".svg", zoom=zoom))


def group(root: ET.Element, name: str) -> ET.Element:
    """Return the group of an id."""
    (found,) = [element for element in root.iter() if element.get("id") == name]
    return found


def texts(root: ET.Element) -> list[str]:
    """Return what is written, halos left out."""
    halos = {id(t) for g in root.iter(f"{SVG}g") if g.get("aria-hidden") for t in g.iter()}
    return [t.text or "" for t in root.iter(f"{SVG}text") if id(t) not in halos]


def pixels(png: bytes) -> NDArray[np.uint8]:
    """Return a picture as (height, width, 3)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_png_has_the_size_of_its_preset(name: str) -> None:
    preset = PRESETS[name]
    png = render_figure(described(), ".png", size_px=preset.size_px, scale=preset.scale)
    image = Image.open(io.BytesIO(png))
    wide, high = preset.size_px
    assert image.format == "PNG"
    assert image.width == wide
    assert image.height == high if high else image.height > wide


@pytest.mark.parametrize("size", [(1200, 800), (777, 501), (333, 1001), (1999, 1333)])
def test_png_has_exactly_the_size_asked_for(size: tuple[int, int]) -> None:
    assert Image.open(io.BytesIO(render_figure(described(), ".png", size_px=size))).size == size


def test_png_says_what_it_shows() -> None:
    image = Image.open(io.BytesIO(render_figure(described("ar"), ".png")))
    image.load()
    assert (
        image.info.items()
        >= {
            "Title": described("ar").title,
            "Description": described("ar").alt,
            "Software": "frontmap",
        }.items()
    )


def test_svg_has_title_description_and_ids_for_a_graphics_desk() -> None:
    root = svg_of()
    spec = described()
    assert root.get("width") == "900pt"
    assert group(root, root.get("aria-labelledby", "")).text == spec.title
    assert group(root, root.get("aria-describedby", "")).text == spec.alt
    assert root.get("lang") == "en"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {
        *("areas", "area-government", "area-northern", "area-eastern", "area-no-data"),
        *("area-northern-claimed", "area-government-contested-northern", "gain-northern"),
        *("front", "front-line", "front-casing", "labels", "label-mirna", "label-velgrad"),
        *("distance-mirna", "distance-line-mirna", "legend", "key-government", "scale", "locator"),
        *("heading", "sources", "credits", "country-northland", "sea", "rivers", "lakes"),
    } <= set(ids)


def test_svg_keeps_text_as_text() -> None:
    written = texts(svg_of())
    assert {"Velgrad", "Northport", "NORTHLAND", "Government", "Claimed only", "5.2 km"} <= set(
        written
    )
    assert "6 December 2024, end of day," in " ".join(written).replace("\u00a0", " ")
    assert not any(element.tag == f"{SVG}use" for element in svg_of().iter())


def test_svg_has_no_transparency_and_no_pictures() -> None:
    text = render_figure(described(), ".svg").decode()
    assert "opacity" not in text
    assert "<image" not in text


def test_pdf_embeds_fonts_and_says_what_it_shows() -> None:
    preset = PRESETS["a4"]
    pdf = render_figure(described(), ".pdf", size_px=preset.size_px, scale=preset.scale)
    reader = PdfReader(io.BytesIO(pdf))
    (page,) = reader.pages
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    text = page.extract_text()
    assert "Veldoria: control of territory" in text
    assert "Velgrad" in text
    resources: Any = page["/Resources"]
    assert resources["/Font"]
    for used in resources["/Font"].values():
        (descendant,) = used.get_object()["/DescendantFonts"]
        assert "/FontFile2" in descendant.get_object()["/FontDescriptor"].get_object()
    about: Any = reader.metadata
    assert (about.title, about.subject) == (described().title, described().alt)
    assert "2024-12-06" in about["/Keywords"]
    assert "/CreationDate" not in about


def test_same_input_same_bytes_in_any_process() -> None:
    code = (
        "import hashlib; from imaginary import veldoria, DAY;"
        "from frontmap.maps.figure import FORMATS, render_figure;"
        "from frontmap.maps.spec import describe_map;"
        "spec = describe_map(veldoria(), DAY, distance_to=['Mirna', 'Velgrad']);"
        "print(*(hashlib.sha256(render_figure(spec, suffix)).hexdigest() for suffix in FORMATS))"
    )
    env = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parent)}
    found = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    for _ in range(2):
        made = [render_figure(described(), suffix) for suffix in FORMATS]
        assert found.stdout.split() == [hashlib.sha256(file).hexdigest() for file in made]


def test_users_own_settings_change_nothing() -> None:
    import matplotlib as mpl

    plain = render_figure(described(), ".svg")
    with mpl.rc_context({"font.size": 30, "savefig.bbox": "tight", "svg.fonttype": "path"}):
        assert render_figure(described(), ".svg") == plain
        assert mpl.rcParams["font.size"] == 30


def test_refuses_what_it_cannot_draw() -> None:
    spec = described()
    with pytest.raises(InputError, match=r"choose one of \.png, \.svg, \.pdf"):
        render_figure(spec, ".bmp")
    with pytest.raises(InputError, match="a width of 100 px: choose one of 225"):
        draw_figure(spec, size_px=(100, 800))
    with pytest.raises(InputError, match="a height of 99999 px"):
        draw_figure(spec, size_px=(1200, 99_999), scale=1)
    with pytest.raises(InputError, match="nothing to show 40 km round 10"):
        draw_figure(spec, zoom=(10.0, 50.0, 40.0))
    crowded = replace(spec, legend=spec.legend * 9)
    with pytest.raises(InputError, match="don't fit on so small a figure"):
        draw_figure(crowded, size_px=(400, 300))
    with pytest.raises(InputError, match="a radius of 0 km"):
        draw_figure(spec, zoom=(38.4, 35.1, 0))


def test_without_matplotlib_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from frontmap.geo.errors import InputError\n"
        "try:\n    import frontmap.maps.figure\nexcept InputError as error:\n    print(error)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "pip install 'frontmap[publish]'" in found.stdout


# --- hostile names --------------------------------------------------------------------------------


@cache
def plain_svg() -> bytes:
    """Return the drawing of the hostile project without hostile names."""
    return render_figure(hostile_spec("plain"), ".svg")


@pytest.mark.parametrize(
    "payload", [*HOSTILE, "$x^2$", r"$\frac{1}{2}", "a\x00b\x0bc\ufffe", "--><"]
)
def test_hostile_names_stay_text(payload: str) -> None:
    root = ET.fromstring(render_figure(hostile_spec(payload), ".svg"))
    tags = {element.tag for element in root.iter() if element.tag.startswith(SVG)}
    assert tags == {
        element.tag for element in ET.fromstring(plain_svg()).iter() if SVG in element.tag
    }
    printable = (
        "".join(payload.split()).replace("\x00", "").replace("\x0b", "").replace("\ufffe", "")
    )
    written = re.sub(r"[\s\u2066-\u2069]", "", "".join(texts(root)))
    assert re.sub(r"[\u2066-\u2069]", "", printable) in written


def test_dollars_are_no_formula_in_pdf() -> None:
    reader = PdfReader(io.BytesIO(render_figure(hostile_spec("$x^2$"), ".pdf")))
    assert "$x^2$ Velgrad" in reader.pages[0].extract_text()


# --- layout ---------------------------------------------------------------------------------------


def named(figure: Figure, prefix: str) -> Iterator[Artist]:
    """Return the artists whose ids start so, without halos."""
    for artist in figure.findobj(lambda artist: (artist.get_gid() or "").startswith(prefix)):
        if not (artist.get_gid() or "").endswith("-halo"):
            yield artist


def boxes(artists: Iterator[Artist]) -> list[tuple[str, shapely.Polygon]]:
    """Return the texts of artists and where they stand, in pixels."""
    found = []
    for artist in artists:
        for text in artist.findobj(Text):
            assert isinstance(text, Text)
            if not (text.get_gid() or "").endswith("-halo"):
                box = text.get_window_extent()
                found.append((text.get_text(), shapely.box(box.x0, box.y0, box.x1, box.y1)))
    return found


LAYOUTS = [
    pytest.param(lang, preset, zoom, id=f"{lang}-{preset}{'-zoom' if zoom else ''}")
    for lang, preset in (*product(("en", "ar"), PRESETS), ("uk", "social"))
    for zoom in ((None, MIRNA) if preset == "social" else (None,))
]


@pytest.mark.parametrize(("lang", "preset", "zoom"), LAYOUTS)
def test_no_two_texts_overlap_and_none_is_cut(
    lang: str, preset: str, zoom: tuple[float, float, float] | None
) -> None:
    chosen = PRESETS[preset]
    figure = draw_figure(described(lang), size_px=chosen.size_px, scale=chosen.scale, zoom=zoom)
    figure.canvas.draw()
    # The line boxes of fonts are higher than their letters.
    slack = 2.5 * figure.dpi / 96
    prefixes = (
        "call-outs",
        "label-",
        "country-",
        "scale",
        "heading",
        "legend",
        "distances",
        "sources",
        "credits",
    )
    placed = {
        (text, box.wkt): box.buffer(-slack, join_style="mitre")
        for prefix in prefixes
        for text, box in boxes(named(figure, prefix))
    }
    sheet = shapely.box(0, 0, *figure.canvas.get_width_height())
    assert len(placed) > 20
    for (text, _), box in placed.items():
        assert sheet.contains(box), text
    for ((one, _), a), ((other, _), b) in combinations(placed.items(), 2):
        assert not a.intersects(b), (one, other)


def test_important_names_and_the_measured_are_there() -> None:
    written = texts(group(svg_of(), "labels"))
    assert written[:2] == ["Velgrad", "Mirna"] or written[:2] == ["Mirna", "Velgrad"]
    assert {"Northport", "Karsk"} <= set(written)


def test_legend_explains_what_is_there_and_nothing_else() -> None:
    keys = {
        element.get("id")
        for element in group(svg_of(), "legend").iter()
        if (element.get("id") or "").startswith("key-")
    }
    assert keys == {
        *("key-government", "key-northern", "key-eastern", "key-assessed", "key-claimed"),
        *("key-contested", "key-no-data", "key-gain", "key-front", "key-distance"),
    }
    assert "a party to the conflict says so, no one else yet" in texts(group(svg_of(), "legend"))


def test_besieged_and_hatched_actors_are_drawn() -> None:
    rows = changes()
    rows[5] = replace(rows[5], status=Status.BESIEGED)
    project = veldoria(changes=rows, actors=[replace(a, hatch="x") for a in veldoria().actor_list])
    root = ET.fromstring(render_figure(describe_map(project, DAY), ".svg"))
    for name in ("area-northern-besieged", "area-northern"):
        assert len(list(group(root, name).iter(f"{SVG}path"))) == 2


def test_sources_have_their_dates_and_the_rest_a_number() -> None:
    many = [
        replace(veldoria().source_list[0], slug=f"s{i}", publisher=f"Paper {i}") for i in range(60)
    ]
    rows = [
        replace(r, sources=tuple(replace(r.sources[0], source=s.slug) for s in many))
        for r in changes()
    ]
    root = ET.fromstring(
        render_figure(describe_map(veldoria(sources=many, changes=rows), DAY), ".svg")
    )
    line = " ".join(texts(group(root, "sources"))).replace("\u00a0", " ")
    shown = line.count("Paper")
    assert line.startswith("Sources: Paper 0, 6 December 2024; Paper 1, 6 December 2024")
    assert line.endswith(f"; and {60 - shown} more")
    assert shown > 5


def _dot(root: ET.Element, name: str) -> tuple[float, float]:
    """Return the middle of a label's dot."""
    path = next(group(root, name).iter(f"{SVG}path")).get("d") or ""
    numbers = np.array(re.findall(r"-?\d+\.?\d*", path), dtype=float).reshape(-1, 2)
    x, y = (numbers.max(axis=0) + numbers.min(axis=0)) / 2
    return float(x), float(y)


def test_scale_bar_is_true() -> None:
    root = svg_of()
    places = {place.name: place for place in veldoria().places()}
    one, other = places["Velgrad"], places["Northport"]
    apart_px = np.hypot(*np.subtract(_dot(root, "label-velgrad"), _dot(root, "label-northport")))
    apart_km = distance_m(one.lon, one.lat, other.lon, other.lat) / 1000
    (label,) = texts(group(root, "scale"))
    bar = next(group(root, "scale").iter(f"{SVG}path")).get("d") or ""
    xs = [float(x) for x in re.findall(r"[ML] (-?[\d.]+)", bar)]
    assert (max(xs) - min(xs)) / float(label.split()[0]) == pytest.approx(
        apart_px / apart_km, rel=0.01
    )


# --- a part, at night, in other languages ---------------------------------------------------------


def test_zoom_shows_a_part_and_says_so() -> None:
    root = svg_of(zoom=MIRNA)
    assert "Detail: 40 km around Mirna" in " ".join(texts(root)).replace("\u00a0", " ")
    assert (group(root, "sheet-description").text or "").startswith(
        "Detail: 40 km around Mirna. Map"
    )
    names = texts(group(root, "labels"))
    assert "Mirna" in names
    assert "Northport" not in names
    assert "Eastern" not in texts(group(root, "legend"))
    assert "10 km" in texts(group(root, "scale"))


def test_dark_has_the_dark_theme() -> None:
    corner = pixels(render_figure(described(), ".png", dark=True))[-3, 3]
    assert "#" + bytes(corner.tolist()).hex() == DARK.paper


def test_arabic_runs_from_right_to_left() -> None:
    root = svg_of("ar")
    heading = next(group(root, "heading").iter(f"{SVG}text"))
    assert float(heading.get("x", "0")) > 850
    assert "text-anchor: end" in (heading.get("style") or "")
    assert _dot(root, "label-velgrad")[0] < 500
    assert "فلغراد" in texts(group(root, "labels"))
    assert root.get("lang") == "ar"


def test_letters_of_every_language_have_glyphs() -> None:
    for lang in ("en", "ar", "uk"):
        spec = described(lang)
        said = "".join(
            [spec.title, spec.as_of_line, spec.known_line, *(label.name for label in spec.labels)]
            + [entry.label + entry.detail for entry in spec.legend]
            + list(Words.of(lang).catalogue.values())
        )
        paths = fontManager._find_fonts_by_props(font(12.0))
        known = set().union(*(FT2Font(path).get_charmap() for path in paths))
        marks = {"\u2066", "\u2067", "\u2068", "\u2069", "\n"}
        assert {c for c in said if ord(c) not in known} - marks == set(), lang


def test_arabic_letters_are_joined_not_reversed() -> None:
    assert width("ميرنا", 20.0) < 0.9 * sum(width(letter, 20.0) for letter in "ميرنا")
    reader = PdfReader(io.BytesIO(render_figure(described("ar"), ".pdf")))
    text = reader.pages[0].extract_text()
    assert "فلغراد" in text
    assert not re.search(r"[\u2066-\u2069]", text)


def test_theatre_across_the_antimeridian_is_in_one_piece() -> None:
    halves = multi(
        shapely.MultiPolygon([shapely.box(177, -19, 180, -16), shapely.box(-180, -19, -178, -16)])
    )
    spec = described()
    (ground,) = (g for g in spec.grounds if (g.actor, g.look) == ("government", Look.ASSESSED))
    ground = replace(ground, polygon=halves)
    empty: dict[str, Any] = dict.fromkeys(
        ("gains", "front", "labels", "call_outs", "neighbours", "rivers", "lakes"), ()
    )
    spec = replace(
        spec, theatre=halves, grounds=(ground,), frame=halves.bounds, bounds=halves.bounds, **empty
    )
    picture = pixels(render_figure(spec, ".png"))[20:700, 360:]
    red = (picture[..., 0] > 200) & (picture[..., 1] < 180)
    assert red.mean() > 0.5


def test_empty_map_is_drawn() -> None:
    spec = describe_map(veldoria(changes=[]), DAY)
    assert spec.front == ()
    assert texts(group(ET.fromstring(render_figure(spec, ".svg")), "legend"))[0] == "No data"


# --- pictures -------------------------------------------------------------------------------------

#: The share of a picture that may differ, for other fonts and other versions of matplotlib.
TOLERANCE = 0.006
PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "light": ("en", {}),
    "dark": ("en", {"dark": True}),
    "arabic": ("ar", {}),
    "zoom": ("en", {"zoom": MIRNA}),
    "social": ("en", {"size_px": (600, 338), "scale": 0.65}),
}
#: Where the map is on them: shares of width and height, that of the others first.
FRAMES = {"arabic": (0.0, 0.0, 0.7, 0.92), "social": (0.3, 0.0, 1.0, 0.86)}


def _drawn(name: str, spec: MapSpec | None = None) -> Image.Image:
    """Draw a map without its letters, which other fonts would draw otherwise."""
    lang, options = PICTURES[name]
    settings: dict[str, Any] = {"size_px": (600, 400), "scale": 0.5} | options
    figure = draw_figure(spec or described(lang), **settings)
    for text in figure.findobj(Text):
        text.set_visible(False)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    wide, high = figure.canvas.get_width_height()
    left, top, right, bottom = FRAMES.get(name, (0.3, 0.0, 1.0, 0.92))
    box = (left * wide, top * high, right * wide, bottom * high)
    return Image.open(file).convert("RGB").crop(box)


def _difference(made: Image.Image, expected: Image.Image) -> float:
    """Return the share of spots of 5 by 5 pixels whose colours an eye tells apart."""
    small = (made.width // 5, made.height // 5)
    one, other = (
        np.asarray(image.resize(small, Image.Resampling.BOX), float) for image in (made, expected)
    )
    return float((np.abs(one - other).max(axis=2) > 16).mean())


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_looks_as_it_did(name: str) -> None:
    expected = Image.open(EXPECTED / f"{name}.png").convert("RGB")
    assert _difference(_drawn(name), expected) < TOLERANCE, f"compare with {name}.png"


@pytest.mark.parametrize("part", ["front", "gains", "grounds", "neighbours"])
def test_missing_part_would_be_seen(part: str) -> None:
    nothing: dict[str, Any] = {part: ()}
    without = replace(described(), **nothing)
    assert _difference(_drawn("light", without), _drawn("light")) > TOLERANCE


def write_pictures() -> None:
    """Write what `test_looks_as_it_did` expects; look at the pictures before you commit them."""
    EXPECTED.mkdir(parents=True, exist_ok=True)
    for name in PICTURES:
        _drawn(name).quantize(128).save(EXPECTED / f"{name}.png", optimize=True)


if __name__ == "__main__":
    write_pictures()
