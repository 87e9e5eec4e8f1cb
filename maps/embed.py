"""Code that shows a published page in someone else's: in an article, a blog, a document.

The page sits in a sandboxed frame that may run its scripts and nothing else. What the code says of
the map, its title and its alt text, is read from the page itself.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

from frontmap.geo.errors import InputError

__all__ = ["FRAME_STYLE", "KINDS", "PageInfo", "embed_snippet", "read_page"]

_ASPECT, _MIN_HEIGHT = "3/2", "min(560px,85vh)"
_WIDTH = re.compile(r"\d+(\.\d+)?(px|%|em|rem|vw|ch)")
_RATIO = re.compile(r"\d+(\.\d+)?/\d+(\.\d+)?")


def _frame_style(width: str, aspect: str) -> str:
    # In a narrow column the ratio alone would leave no room for a map and its legend.
    return f"width:{width};aspect-ratio:{aspect};min-height:{_MIN_HEIGHT};border:0"


#: How a frame is sized unless asked otherwise; the page's own menu hands out the same.
FRAME_STYLE = _frame_style("100%", _ASPECT)


@dataclass(frozen=True, slots=True)
class PageInfo:
    """What a page says of itself: its language, title, and one paragraph on what it shows."""

    lang: str
    title: str
    description: str


class _Head(HTMLParser):
    """Reads a document's language, title and meta elements."""

    def __init__(self, page_html: str) -> None:
        super().__init__()
        self.lang, self.title = "", ""
        self.meta: dict[str, str] = {}
        self._in_title = False
        self.feed(page_html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang", "")
        elif tag == "meta" and "name" in given:
            self.meta.setdefault(given["name"].lower(), given.get("content", ""))
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def read_page(page_html: str) -> PageInfo:
    """Return what a page of frontmap says of itself; InputError if it isn't one."""
    head = _Head(page_html.partition("</head>")[0])
    if head.meta.get("generator", "").split(" ")[0] != "frontmap":
        raise InputError("this is not a page of frontmap: make one with `frontmap map` or `player`")
    return PageInfo(head.lang, head.title.strip(), head.meta.get("description", "").strip())


def embed_snippet(
    page_html: str,
    *,
    src: str = "",
    kind: str = "iframe",
    title: str | None = None,
    alt: str | None = None,
    width: str = "100%",
    aspect: str = _ASPECT,
    fallback_image: str | None = None,
) -> str:
    """Return the code that shows a page of frontmap inside another page, of a kind in `KINDS`.

    `src` is the address at which the page will be found, relative or on the web, with the page's
    own fragment if it is to open on a certain view; "srcdoc" needs none, as it holds the page
    whole. `title` and `alt` are the page's own unless given. `width` is a CSS length or
    percentage, `aspect` width/height; a narrow frame becomes taller than that. `fallback_image` is
    the address of a picture for readers without scripts or frames. Raises InputError, with every
    problem, for a page that isn't frontmap's, and for what the code cannot be made of.
    """
    info = read_page(page_html)
    problems = _problems(src, kind, width, aspect, fallback_image)
    if problems:
        raise InputError(problems)
    frame = _Frame(
        "" if kind == "srcdoc" else _address(src),
        page_html if kind == "srcdoc" else "",
        _one_line(title or info.title),
        _one_line(alt or info.description),
        info.lang,
        _frame_style(width, aspect.replace(" ", "")),
        _address(fallback_image or ""),
    )
    return _WRITERS[kind](frame)


def _problems(src: str, kind: str, width: str, aspect: str, image: str | None) -> list[str]:
    found = []
    if kind not in KINDS:
        found.append(f"no code of the kind {kind!r}: choose one of {', '.join(KINDS)}")
    if not src and kind != "srcdoc":
        found.append("no address of the page: give the one at which readers will find it")
    for what, address in (("page", src), ("picture", image or "")):
        if urlsplit(address).scheme not in ("", "http", "https"):
            found.append(f"the {what}'s address {address!r} is not on the web, nor relative")
    if not _WIDTH.fullmatch(width):
        found.append(f"width {width!r}: give a CSS length, such as 100% or 640px")
    if not _RATIO.fullmatch(aspect.replace(" ", "")):
        found.append(f"aspect {aspect!r}: give width/height, such as 3/2")
    return found


def _address(text: str) -> str:
    """Encode what no address may hold, and leave alone what is encoded already."""
    return quote(text.strip(), safe="%/:?#[]@!$&'()*+,;=~")


def _one_line(text: str) -> str:
    """Join lines, because an empty one ends a block of HTML in Markdown."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Frame:
    src: str
    document: str
    title: str
    alt: str
    lang: str
    style: str
    image: str


def _iframe(frame: _Frame) -> str:
    escape = html.escape
    content = f'src="{escape(frame.src)}"' if frame.src else f"srcdoc='{_srcdoc(frame.document)}'"
    return (
        f'<iframe {content} title="{escape(frame.title)}" aria-description="{escape(frame.alt)}" '
        f'sandbox="allow-scripts" loading="lazy" referrerpolicy="no-referrer" '
        f'style="{escape(frame.style)}"></iframe>'
    )


def _srcdoc(document: str) -> str:
    """Escape a document for an attribute in single quotes.

    Double quotes, of which JSON has many, stay as they are. Line breaks are encoded: in Markdown
    an empty line would end the block. So is all beyond ASCII: were the page around it read in
    another encoding than UTF-8, our scripts would no longer have the hashes that the policy names.
    """
    for character in "&<>'\r\n":
        document = document.replace(character, f"&#{ord(character)};")
    return document.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _noscript(frame: _Frame) -> str:
    """Return what readers without scripts get, and those whose reader drops frames."""
    escape = html.escape
    image = f'<img src="{escape(frame.image)}" alt="{escape(frame.alt)}" style="max-width:100%">'
    inner = image if frame.image else escape(frame.title)
    if frame.src:
        inner = f'<a href="{escape(frame.src)}">{inner}</a>'
    return f"<noscript>{inner}</noscript>"


def _html(frame: _Frame) -> str:
    return f"{_iframe(frame)}\n{_noscript(frame)}\n"


def _markdown(frame: _Frame) -> str:
    """Return HTML, then its fallback in Markdown, which stays where HTML is dropped."""
    inner = _escaped(frame.title)
    if frame.image:
        inner = f"![{_escaped(frame.alt)}]({_target(frame.image)})"
    link = f"[{inner}]({_target(frame.src)})"
    return f"{_iframe(frame)}\n\n<noscript>\n\n{link}\n\n</noscript>\n"


def _escaped(text: str) -> str:
    """Keep Markdown and HTML from reading anything into plain text."""
    return re.sub(r"([\\`*_{}\[\]!|~$@^])", r"\\\1", html.escape(text, quote=False))


def _target(address: str) -> str:
    return address.replace("(", "%28").replace(")", "%29")


def _wordpress(frame: _Frame) -> str:
    return f"<!-- wp:html -->\n{_html(frame)}<!-- /wp:html -->\n"


def _quarto(frame: _Frame) -> str:
    block = _html(frame)
    longest = max((len(run) for run in re.findall("`+", block)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{{=html}}\n{block}{fence}\n"


_WRITERS: dict[str, Callable[[_Frame], str]] = {
    "iframe": _html,
    "srcdoc": _html,
    "markdown": _markdown,
    "wordpress": _wordpress,
    "quarto": _quarto,
}

#: Where the code can go: any page, one that must hold the map whole, Markdown, WordPress, Quarto.
KINDS = tuple(_WRITERS)
