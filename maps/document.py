"""A self-contained HTML document that is safe to publish, whatever words go into it.

Its project data travel as one block of JSON, from which its own scripts build the rest. It asks
the network for nothing, and its content security policy lets no script or style in but its own,
by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from frontmap.maps import style

__all__ = ["assemble", "leaflet_css", "leaflet_js", "own", "policy", "strokes", "themes"]

_SCRIPTS = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def assemble(
    *,
    lang: str,
    direction: str,
    title: str,
    description: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    data: Mapping[str, Any],
    body: str,
    head: str = "",
    image_hosts: Sequence[str] = (),
) -> str:
    """Return the document; equal input gives equal text.

    `title`, `description` and `data` may hold anything: they are escaped. `styles`, `scripts`,
    `body` and `head` are markup of our own and must hold no word of a project. The scripts find
    `data` as JSON in the element "frontmap-data", and run in their order after the body.
    `image_hosts` are the only servers that the document may reach.
    """
    sheets = "".join(f"<style>{text}</style>\n" for text in styles)
    code = "".join(f"<script>{text}</script>\n" for text in scripts)
    said = html.escape(description)
    document = f"""<!DOCTYPE html>
<html lang="{lang}" dir="{direction}">
<head>
<meta charset="utf-8">
<title>{html.escape(title)}</title>
<meta name="description" content="{said}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="frontmap">
{sheets}{head}
</head>
<body>
{body}
<noscript><p>{said}</p></noscript>
<script type="application/json" id="frontmap-data">{_json_block(data)}</script>
{code}</body>
</html>
"""
    return document.replace("<head>", f"<head>\n{policy(document, image_hosts)}", 1)


def _json_block(data: Mapping[str, Any]) -> str:
    """Write JSON that can neither end its script element nor start a template."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def policy(document: str, image_hosts: Sequence[str] = (), *, frames: bool = False) -> str:
    """Return the content security policy that fits the document's own scripts and styles.

    With `frames` it may show other pages of its own site.
    """
    scripts = " ".join(_hash(text) for text in _SCRIPTS.findall(document)) or "'none'"
    styles = " ".join(_hash(text) for text in _STYLES.findall(document))
    rules = (
        "default-src 'none'",
        f"script-src {scripts}",
        f"style-src {styles}",
        f"img-src {' '.join(['data:', *image_hosts])}",
        "base-uri 'none'",
        "form-action 'none'",
        *(["frame-src 'self'"] if frames else []),
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def themes() -> str:
    """Declare both themes' colours as CSS custom properties."""
    light = "".join(f"--{name}:{value};" for name, value in asdict(style.LIGHT).items())
    dark = "".join(f"--{name}:{value};" for name, value in asdict(style.DARK).items())
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def strokes() -> dict[str, dict[str, Any]]:
    """Return the strokes of lines as Leaflet's options, by what they are for."""
    named = {
        "front": style.FRONT,
        "casing": style.FRONT_CASING,
        "gain": style.GAIN_OUTLINE,
        "callOut": style.CALL_OUT,
        "outline": style.OUTLINE,
        "border": style.BORDER,
        "river": style.RIVER,
    }
    return {
        name: {"weight": stroke.width_px, "dashArray": " ".join(map(str, stroke.dash_px)) or None}
        for name, stroke in named.items()
    }


@cache
def own(name: str) -> str:
    """Return the text of a script or style sheet of ours."""
    return (resources.files("frontmap.maps") / name).read_text(encoding="utf-8")


@cache
def leaflet_js() -> str:
    """Return Leaflet's script."""
    text = _leaflet("leaflet.js")
    return re.sub(r"\n//# sourceMappingURL=.*", "", text).strip()


@cache
def leaflet_css() -> str:
    """Return Leaflet's style sheet without the pictures of controls that our pages don't have."""
    return re.sub(r"background-image:\s*url\(images/[^)]*\);?", "", _leaflet("leaflet.css"))


def _leaflet(name: str) -> str:
    from xstatic.pkg import leaflet

    return (Path(leaflet.BASE_DIR) / name).read_text(encoding="utf-8")
