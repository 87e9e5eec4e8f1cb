"""The daily brief as a document: HTML, Markdown, Word and PDF.

Every word is decided in `frontmap.maps.brief`; here it is laid out. Whatever a name holds arrives
as text: the HTML comes from an autoescaping template and allows no script at all, and Markdown's
own signs are escaped. Equal briefs give equal bytes.
"""

from __future__ import annotations

import base64
import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontmap.geo.errors import InputError
from frontmap.maps import trends
from frontmap.maps.blocks import (
    Block,
    Bullets,
    Cell,
    Line,
    Page,
    Paragraph,
    Role,
    Table,
    Text,
    Trends,
)
from frontmap.maps.brief import Brief, describe_brief
from frontmap.maps.document import own, policy, themes
from frontmap.maps.elements import MISSING_PUBLISH
from frontmap.maps.style import LIGHT

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as DocxTable
    from docx.table import _Cell as DocxCell
    from docx.text.paragraph import Paragraph as DocxParagraph
    from jinja2 import Template

__all__ = [
    "Brief",
    "describe_brief",
    "render_docx",
    "render_html",
    "render_markdown",
    "render_pdf",
    "render_report",
]

FORMATS = (".html", ".md", ".docx", ".pdf")
#: The map's picture: sharp where the brief is printed 17 cm wide.
_FIGURE_PX = (1800, 1200)
#: A table of no more rows stays on one page.
_SHORT_ROWS = 12
#: What stands in a cell where there is nothing to say.
_NONE = "–"
_WIDTHS = "".join(f".w{share}{{width:{share}%}}" for share in range(5, 61))
_SVG_FONTS = "Noto Sans, Liberation Sans, Arial, sans-serif"


def render_report(brief: Brief, path: Path) -> dict[Path, bytes]:
    """Return the files of a brief by the suffix of `path`: .html, .md, .docx or .pdf.

    Beside Markdown, which cannot hold it, stands the map's picture. Raises InputError for another
    suffix, and where the extra for publishing is not installed.
    """
    from frontmap.maps.figure import render_figure

    if path.suffix not in FORMATS:
        raise InputError(f"{path}: write it as one of {', '.join(FORMATS)}")
    figure = render_figure(brief.map, ".png", size_px=_FIGURE_PX)
    if path.suffix == ".md":
        picture = path.with_suffix(".png")
        return {path: render_markdown(brief, picture.name).encode(), picture: figure}
    if path.suffix == ".html":
        return {path: render_html(brief, figure).encode()}
    return {path: (render_docx if path.suffix == ".docx" else render_pdf)(brief, figure)}


# --- HTML -----------------------------------------------------------------------------------------


def render_html(
    brief: Page,
    figure: bytes | None = None,
    *,
    frame: str = "",
    links: Sequence[Text] = (),
    head: Mapping[str, str] | None = None,
) -> str:
    """Return the brief as one self-contained page with its map, a PNG or SVG picture, in it.

    On a site the map may be another page instead, at the relative address `frame`; `links` lead to
    the site's other pages, and `head` has what social networks read (Open Graph) by property.
    Without `figure` and `frame` the page describes the map in words.
    """
    page = _template().render(
        brief=brief,
        frame=frame,
        links=links,
        head=head or {},
        css=_css(),
        picture=_data_url(figure) if figure else "",
        light=LIGHT,
        fonts=_SVG_FONTS,
        empty=_NONE,
        short=_SHORT_ROWS,
        draw=trends.draw,
        kind=lambda block: type(block).__name__,
        px=lambda value: f"{value:.1f}".removesuffix(".0"),
    )
    return page.replace("<head>", f"<head>\n{policy(page, frames=bool(frame))}", 1)


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(own("report.html.j2"))


@cache
def _css() -> Any:
    from markupsafe import Markup

    return Markup(themes() + _WIDTHS + "\n" + own("report.css"))


def _data_url(figure: bytes) -> str:
    kind = "image/png" if figure.startswith(b"\x89PNG") else "image/svg+xml"
    return f"data:{kind};base64,{base64.b64encode(figure).decode()}"


# --- PDF ------------------------------------------------------------------------------------------


def render_pdf(brief: Brief, figure: bytes | None = None) -> bytes:
    """Return the brief as a tagged PDF on A4, with its fonts, language, title and bookmarks.

    `figure` is a PNG or SVG picture. Raises InputError where WeasyPrint, or the Pango library that
    it needs, is not installed.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise InputError(MISSING_PUBLISH) from error
    # The page itself asks for nothing else; this makes sure of it.
    fetcher = URLFetcher(allowed_protocols=["data"])
    page = HTML(string=render_html(brief, figure), url_fetcher=fetcher)
    pdf: bytes = page.write_pdf(pdf_tags=True)
    return pdf


# --- Markdown -------------------------------------------------------------------------------------

#: The signs that mean something inside a line of Markdown, CommonMark's or GitHub's, and to the
#: templates of site generators; a colon in ":name:" or "://", a dot in "www.".
_SIGNS = re.compile(r"[\\`*_{}\[\]<>|~$&@#]|:(?=//|[\w+-]+:)|(?<=www)\.", re.IGNORECASE)
#: What makes a list or a rule of a line that begins so.
_AT_START = re.compile(r"^(?:[-+=]|\d+[.)](?=\s|$))")


def render_markdown(brief: Brief, image: str | None = None) -> str:
    """Return the brief as GitHub-flavoured Markdown.

    `image` is where its map's picture is, a path or URL relative to the text; without it the map is
    described in words.
    """
    parts = [f"# {_escaped(brief.title)}", "\\\n".join(map(_escaped, brief.lines))]
    for section in brief.sections:
        parts.append(f"## {_escaped(section.heading)}")
        parts += [_block_markdown(block, image) for block in section.blocks]
    return "\n\n".join(parts) + "\n"


def _block_markdown(block: Block, image: str | None) -> str:
    if isinstance(block, Paragraph):
        return _line_markdown(block.line)
    if isinstance(block, Bullets):
        signs = (f"{i}." if block.numbered else "-" for i in range(1, len(block.items) + 1))
        items = zip(signs, map(_line_markdown, block.items), strict=True)
        return "\n".join(f"{sign} {item}" for sign, item in items)
    if isinstance(block, Trends):
        return "\n".join(f"- {_line_markdown((Text(trend.alt),))}" for trend in block.trends)
    if isinstance(block, Table):
        return _table_markdown(block)
    if image is None:
        return _escaped(block.alt)
    return f"![{_escaped(block.alt)}]({_target(image)})\n\n{_escaped(block.caption)}"


def _table_markdown(table: Table) -> str:
    rows = [[_escaped(column.title) for column in table.columns]]
    rows.append(["--:" if column.numeric else "---" for column in table.columns])
    rows += [[_cell_markdown(cell) for cell in row] for row in table.rows]
    lines = [f"**{_escaped(table.caption)}**", ""]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def _cell_markdown(cell: Cell) -> str:
    return "<br>".join(map(_line_markdown, cell)) if cell else _NONE


def _line_markdown(line: Line) -> str:
    written = "".join(map(_run_markdown, line)).strip()
    return _AT_START.sub(lambda start: f"{start[0][:-1]}\\{start[0][-1]}", written)


def _run_markdown(run: Text) -> str:
    if run.url:
        return f"[{_escaped(run.text)}]({_target(run.url)})"
    if run.role is Role.STRONG and (word := run.text.strip()):
        return run.text.replace(word, f"**{_escaped(word)}**", 1)
    return _escaped(run.text)


def _escaped(text: str) -> str:
    return _SIGNS.sub(lambda sign: "\\" + sign[0], text)


def _target(url: str) -> str:
    """Write the target of a link so that nothing in it can end it."""
    plain = re.sub(r"[\x00-\x20\x7f\\<>]", lambda sign: f"%{ord(sign[0]):02X}", url)
    return f"<{plain}>".replace("|", "%7C")


# --- Word -----------------------------------------------------------------------------------------

_PAGE_CM, _CHART_CM, _MAP_HIGH_CM = 17.0, 8.0, 10.6
#: The first instant that a ZIP file can tell; whenever it is written, it is the same file.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def render_docx(brief: Brief, figure: bytes | None = None) -> bytes:
    """Return the brief as a Word document, its map a PNG picture with alternative text.

    Raises InputError where python-docx, or for the charts matplotlib, is not installed.
    """
    try:
        import docx
        from docx.shared import Pt
    except ImportError as error:
        raise InputError(MISSING_PUBLISH) from error
    document = docx.Document()
    _set_up(document, brief)
    document.add_heading(brief.title, 0)
    for line in brief.lines:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        _write(paragraph, (Text(line, Role.MUTED),))
    for section in brief.sections:
        document.add_heading(section.heading, 1)
        for block in section.blocks:
            _add_block(document, block, figure)
    buffer = io.BytesIO()
    document.save(buffer)
    return _timeless(buffer.getvalue())


def _set_up(document: Document, brief: Brief) -> None:
    """Set the page, the type, and what the file says of itself."""
    from docx.shared import Cm, Pt, RGBColor

    properties = document.core_properties
    properties.title, properties.subject = brief.title, brief.lines[0]
    properties.language, properties.author, properties.comments = brief.lang, "frontmap", ""
    written = brief.known_at or datetime.combine(brief.as_of, time(), UTC)
    properties.created = properties.modified = written.astimezone(UTC).replace(tzinfo=None)
    properties.revision, properties.last_modified_by = 1, "frontmap"
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm((21 - _PAGE_CM) / 2)
    page.top_margin = page.bottom_margin = Cm(2)
    for name, size in {"Normal": 10, "Title": 22, "Heading 1": 14, "Caption": 9}.items():
        font = document.styles[name].font
        font.name, font.size = "Arial", Pt(size)
        font.color.rgb = RGBColor.from_string(LIGHT.ink[1:].upper())
    _plain_styles(document, brief.lang)
    _number_pages(document)


def _plain_styles(document: Document, lang: str) -> None:
    """Set the language, and let no style take its typeface from the theme instead."""
    from docx.oxml.ns import qn

    styles = document.styles.element
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), lang)
    for fonts in styles.iter(qn("w:rFonts")):
        for name in [name for name in fonts.attrib if name.endswith("Theme")]:
            del fonts.attrib[name]


def _number_pages(document: Document) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    footer = document.sections[0].footer.paragraphs[0]
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer._p.append(field)


def _add_block(document: Document, block: Block, figure: bytes | None) -> None:
    if isinstance(block, Paragraph):
        _write(document.add_paragraph(), block.line)
    elif isinstance(block, Bullets):
        for item in block.items:
            style = "List Number" if block.numbered else "List Bullet"
            _write(document.add_paragraph(style=style), item)
    elif isinstance(block, Table):
        _add_table(document, block)
    elif isinstance(block, Trends):
        _add_trends(document, block)
    elif figure is None:
        document.add_paragraph(block.alt)
    else:
        _add_picture(document.add_paragraph(), figure, _PAGE_CM, block.alt, _MAP_HIGH_CM)
        document.add_paragraph(block.caption, style="Caption")


def _add_trends(document: Document, block: Trends) -> None:
    for trend in block.trends:
        caption = document.add_paragraph(trend.title, style="Caption")
        caption.paragraph_format.keep_with_next = True
        chart = trends.to_png(trends.draw(trend))
        _add_picture(document.add_paragraph(), chart, _CHART_CM, trend.alt)


def _add_picture(
    paragraph: DocxParagraph,
    picture: bytes,
    width_cm: float,
    alt: str,
    most_high_cm: float = math.inf,
) -> None:
    from docx.shared import Cm

    shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=Cm(width_cm))
    too_high = min(1, most_high_cm / shape.height.cm)
    shape.width, shape.height = (Cm(side.cm * too_high) for side in (shape.width, shape.height))
    shape._inline.docPr.set("descr", alt)


def _add_table(document: Document, block: Table) -> None:
    from docx.shared import Cm, Pt

    caption = document.add_paragraph(block.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(block.columns))
    table.autofit = False
    _rule(table)
    for column, grid in zip(block.columns, table.columns, strict=True):
        grid.width = Cm(_PAGE_CM * column.share / sum(each.share for each in block.columns))
    for column, cell in zip(block.columns, table.rows[0].cells, strict=True):
        _fill(cell, ((Text(column.title, Role.STRONG),),), numeric=column.numeric)
    _mark_row(table.rows[0], "w:tblHeader")
    for row in block.rows:
        cells = table.add_row().cells
        for column, cell, lines in zip(block.columns, cells, row, strict=True):
            _fill(cell, lines or ((Text(_NONE),),), numeric=column.numeric)
        _mark_row(table.rows[-1], "w:cantSplit")
    if len(table.rows) <= _SHORT_ROWS:
        _keep_together(table)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _keep_together(table: DocxTable) -> None:
    """Keep a table on one page."""
    for row in table.rows[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _rule(table: DocxTable) -> None:
    """Draw a thin line beneath each row, and none beside."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side in ("w:top", "w:bottom", "w:insideH"):
        line = OxmlElement(side)
        for name, value in (("val", "single"), ("sz", "4"), ("color", LIGHT.rule[1:])):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _mark_row(row: Any, mark: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _fill(cell: DocxCell, lines: Cell, *, numeric: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for i, line in enumerate(lines):
        paragraph = cell.add_paragraph() if i else cell.paragraphs[0]
        spacing = paragraph.paragraph_format
        spacing.space_before, spacing.space_after = Pt(1), Pt(1)
        if numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _write(paragraph, line, size_pt=8.5)


def _write(paragraph: DocxParagraph, line: Line, size_pt: float | None = None) -> None:
    from docx.shared import Pt, RGBColor

    for run in line:
        written = paragraph.add_run(run.text)
        written.bold = run.role is Role.STRONG
        if size_pt:
            written.font.size = Pt(size_pt)
        if run.role is Role.MUTED:
            written.font.color.rgb = RGBColor.from_string(LIGHT.muted[1:].upper())
        if run.url:
            _link(paragraph, written, run.url)


def _link(paragraph: DocxParagraph, written: Any, url: str) -> None:
    """Turn a run into a link; python-docx reads these but has no way to write them."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    link = OxmlElement("w:hyperlink")
    target = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), target)
    written.font.color.rgb = RGBColor.from_string(LIGHT.accent[1:].upper())
    written.underline = True
    paragraph._p.replace(written._r, link)
    link.append(written._r)


def _timeless(package: bytes) -> bytes:
    """Write a ZIP file again without the time at which it was written."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as before,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            after.writestr(
                zipfile.ZipInfo(name, _ZIP_EPOCH), before.read(name), zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()
