"""Films: a frame a day, still where nothing moves, and a plain word where ffmpeg is missing."""

from __future__ import annotations

import io
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from imaginary import DAY, veldoria
from PIL import Image, ImageChops

from frontmap.geo.errors import InputError
from frontmap.maps.film import render_film

FIRST = date(2024, 12, 4)
SIZE = (600, 401)


@pytest.fixture(scope="module")
def film() -> bytes:
    return render_film(veldoria(), FIRST, DAY, ".gif", fps=4, size_px=SIZE)


def frames_of(film: bytes) -> list[tuple[Image.Image, int]]:
    """Return each frame of a GIF, and for how many milliseconds it stays."""
    picture = Image.open(io.BytesIO(film))
    found = []
    for number in range(getattr(picture, "n_frames", 1)):
        picture.seek(number)
        found.append((picture.convert("RGB"), picture.info["duration"]))
    return found


def test_a_frame_a_day_and_the_last_one_stays(film: bytes) -> None:
    frames = frames_of(film)
    assert [stays_ms for _, stays_ms in frames] == [250, 250, 3000]
    assert {frame.size for frame, _ in frames} == {SIZE}


def test_only_what_changes_moves(film: bytes) -> None:
    """From 4 to 5 December nothing does but the date; on the 6th much does."""
    (one, _), (other, _), (last, _) = frames_of(film)
    left, top, right, bottom = ImageChops.difference(one, other).getbbox() or (0, 0, 0, 0)
    assert 0 < right - left < 200
    assert 0 < bottom - top < 200
    assert right < SIZE[0] / 3
    box = ImageChops.difference(other, last).getbbox()
    assert box is not None
    assert box[2] > SIZE[0] / 2


def test_same_input_same_bytes(film: bytes) -> None:
    assert render_film(veldoria(), FIRST, DAY, ".gif", fps=4, size_px=SIZE) == film


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    render_film(
        veldoria(), FIRST, DAY, ".gif", size_px=SIZE, progress=lambda *done: told.append(done)
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_gains_run_from_the_day_that_is_asked_for() -> None:
    plain, since = (
        render_film(veldoria(), FIRST, FIRST, ".gif", size_px=SIZE, since=day)
        for day in (None, date(2024, 11, 28))
    )
    assert plain != since


@pytest.mark.parametrize(
    ("suffix", "fps", "problem"),
    [(".avi", 2, "one of .gif, .mp4"), (".gif", 0, "0.1 to 50"), (".gif", 1000, "0.1 to 50")],
)
def test_what_no_film_has_is_refused(suffix: str, fps: float, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        render_film(veldoria(), FIRST, DAY, suffix, fps=fps)


def test_without_ffmpeg_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"install it, or write a \.gif"):
        render_film(veldoria(), FIRST, DAY, ".mp4")


def test_ffmpegs_own_reason_is_passed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\ncat > /dev/null\necho 'Unknown encoder libx264' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(InputError, match="could not write the film: Unknown encoder libx264"):
        render_film(veldoria(), DAY, DAY, ".mp4", size_px=SIZE)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg: install it to test MP4")
def test_mp4_is_written_where_there_is_ffmpeg() -> None:
    film = render_film(veldoria(), FIRST, DAY, ".mp4", size_px=SIZE)
    assert film[4:8] == b"ftyp"
    assert b"moov" in film[:4096]
