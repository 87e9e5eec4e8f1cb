"""The player: the control maps of many days in one self-contained HTML document, or as a film."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from frontmap.maps.arcs import QUANTUM_PER_DEGREE
from frontmap.maps.document import assemble, leaflet_css, leaflet_js, own, strokes, themes
from frontmap.maps.elements import plain
from frontmap.maps.series import SeriesSpec
from frontmap.maps.words import Words

__all__ = ["render_player"]

_MAX_ZOOM = 13
_BODY = """<header id="head"></header>
<main id="stage">
<div class="map" id="map"></div>
</main>
<section id="timeline" dir="ltr"></section>
<aside id="side"></aside>"""


def render_player(series: SeriesSpec) -> str:
    """Return the document of a player; equal input gives equal text.

    It shows the last day, or the one that the fragment of its address names (#2024-12-06). It needs
    a browser with DecompressionStream (2023), and never the network.
    """
    base = series.base
    first, last = series.days[series.lead_in], series.days[-1]
    return assemble(
        lang=base.lang,
        direction=base.direction,
        title=f"{base.title} — {first.isoformat()} – {last.isoformat()}",
        description=base.alt,
        styles=[leaflet_css(), themes() + own("page.css") + own("player.css")],
        scripts=[leaflet_js(), "\n".join(map(own, ("base.js", "arcs.js", "player.js")))],
        data=_data(series),
        body=_BODY,
    )


def _data(series: SeriesSpec) -> dict[str, Any]:
    """Return the JSON of the document: what is always there in the clear, the days packed."""
    base, days = series.base, series.days
    still = base.to_json_dict() | {
        "call_outs": [{"place_id": place} for place, _ in series.targets]
    }
    told = json.dumps({"frames": plain(series.frames), "changes": plain(series.changes)})
    return still | {
        "days": {
            "lead": [day.isoformat() for day in days[: series.lead_in]],
            "first": days[series.lead_in].isoformat(),
            "count": len(days) - series.lead_in,
        },
        "since": series.since.isoformat() if series.since else None,
        "months": Words.of(base.lang).months,
        "time_zone": series.time_zone,
        "quanta": QUANTUM_PER_DEGREE,
        "max_zoom": _MAX_ZOOM,
        "strokes": strokes(),
        "grounds": plain(series.grounds),
        "holders": plain(series.holders),
        "targets": series.targets,
        "arcs": _base64(series.arcs),
        "told": _base64(zlib.compress(told.encode(), 9)),
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
