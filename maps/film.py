"""The control maps of many days as a film, GIF or MP4, each frame a figure of `maps.figure`."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypedDict, Unpack

from frontmap.geo.errors import InputError
from frontmap.geo.records import Certainty
from frontmap.maps.elements import MISSING_PUBLISH, LegendEntry, MapSpec
from frontmap.maps.figure import render_figure
from frontmap.maps.series import SeriesSpec, describe_series
from frontmap.maps.spec import Project, describe_map
from frontmap.maps.words import Words

try:
    from PIL import Image
except ImportError:
    raise InputError(MISSING_PUBLISH) from None

__all__ = ["FORMATS", "SeriesOptions", "render_film"]

FORMATS = (".gif", ".mp4")

_LAST_FRAME_S = 3.0
_PALETTE_FRAMES = 24
_NO_FFMPEG = "MP4 needs ffmpeg, which was not found: install it, or write a .gif instead"


class SeriesOptions(TypedDict, total=False):
    """The options of `describe_series`, by name."""

    known_at: datetime | None
    min_certainty: Certainty
    distance_to: Sequence[str]
    from_: str | None
    since: date | None
    title: str | None
    lang: str
    borders: str | None


def render_film(
    project: Project,
    first: date,
    last: date,
    suffix: str,
    *,
    fps: float = 2.0,
    size_px: tuple[int, int] = (1200, 800),
    dark: bool = False,
    progress: Callable[[int, int], None] | None = None,
    **options: Unpack[SeriesOptions],
) -> bytes:
    """Return a film, ".gif" or ".mp4", of the control maps of every day from `first` to `last`.

    `fps` is days a second; the last day stays for three seconds. `progress` is called with the
    number of frames that are done, and of all. MP4 needs the program ffmpeg. The other options are
    those of `describe_series`. Raises InputError for another suffix, a speed that no film has, and
    where ffmpeg is missing or fails.
    """
    if suffix not in FORMATS:
        raise InputError(f"no film as {suffix!r}: choose one of {', '.join(FORMATS)}")
    if not 0.1 <= fps <= 50:
        raise InputError(f"{fps:g} days a second: choose from 0.1 to 50")
    ffmpeg = shutil.which("ffmpeg")
    if suffix == ".mp4" and ffmpeg is None:
        raise InputError(_NO_FFMPEG)
    series = describe_series(project, first, last, **options)
    frames = (
        render_figure(spec, ".png", size_px=size_px, dark=dark)
        for spec in _specs(project, series, options)
    )
    told = _told(frames, len(series.days) - series.lead_in, progress)
    return _mp4(told, fps, ffmpeg) if suffix == ".mp4" and ffmpeg else _gif(told, fps)


def _told(
    frames: Iterable[bytes], count: int, progress: Callable[[int, int], None] | None
) -> Iterator[bytes]:
    for done, frame in enumerate(frames, start=1):
        if progress is not None:
            progress(done, count)
        yield frame


def _specs(project: Project, series: SeriesSpec, options: SeriesOptions) -> Iterator[MapSpec]:
    """Return the map of each day, with what would jump from frame to frame held still."""
    words, since = Words.of(series.base.lang), options.get("since")
    for state, day in list(enumerate(series.days))[series.lead_in :]:
        before = since if since is not None and since < day else day - timedelta(days=1)
        asked: SeriesOptions = {**options, "since": before}
        spec = describe_map(project, day, **asked)
        news = {label.id for label in spec.labels if label.in_the_news}
        yield replace(
            spec,
            labels=tuple(replace(la, in_the_news=la.id in news) for la in series.base.labels),
            legend=(
                *_actors(series, state, words),
                *(entry for entry in spec.legend if entry.mark != "actor"),
            ),
            sources=series.base.sources,
        )


def _actors(series: SeriesSpec, state: int, words: Words) -> Iterator[LegendEntry]:
    """Return a line of the legend for every actor, always in the same order."""
    frame = max((f for f in series.frames if f.state <= state), key=lambda f: f.state)
    for holder, (_, lowest, highest) in zip(series.holders, frame.km2, strict=True):
        low, high = words.area(lowest), words.area(highest)
        same = words.say("area", area=high)
        area = same if low == high else words.say("area_range", low=low, high=high)
        yield LegendEntry("actor", holder.short_name, area, (holder.fill,), holder.slug)


def _gif(frames: Iterable[bytes], fps: float) -> bytes:
    """Write frames with one palette for all, so that still ground doesn't flicker."""
    pictures = [Image.open(io.BytesIO(frame)).convert("RGB") for frame in frames]
    some = pictures[:: max(1, len(pictures) // _PALETTE_FRAMES)]
    palette = _side_by_side([picture.reduce(2) for picture in some]).quantize(256)
    flat = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    still_ms = [round(1000 / fps)] * (len(flat) - 1) + [round(1000 * _LAST_FRAME_S)]
    out = io.BytesIO()
    flat[0].save(out, "GIF", save_all=True, append_images=flat[1:], duration=still_ms, loop=0)
    return out.getvalue()


def _side_by_side(pictures: Sequence[Image.Image]) -> Image.Image:
    wide, high = pictures[0].size
    sheet = Image.new("RGB", (wide * len(pictures), high))
    for i, picture in enumerate(pictures):
        sheet.paste(picture, (i * wide, 0))
    return sheet


def _mp4(frames: Iterable[bytes], fps: float, ffmpeg: str) -> bytes:
    """Write H.264 that any browser and slide program plays: 4:2:0, so of even width and height."""
    filters = f"tpad=stop_mode=clone:stop_duration={_LAST_FRAME_S},pad=ceil(iw/2)*2:ceil(ih/2)*2"
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder, "film.mp4")
        reading = ["-f", "image2pipe", "-c:v", "png", "-framerate", f"{fps:g}", "-i", "-"]
        writing = ["-vf", filters, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags"]
        command = [ffmpeg, "-loglevel", "error", *reading, *writing, "+faststart", str(film)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            _, said = process.communicate(b"".join(frames))
        if process.returncode:
            lines = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise InputError(f"ffmpeg could not write the film: {lines[-1]}")
        return film.read_bytes()
