"""The tour as a command: what a newcomer sees where there is no display, and the README's pictures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

QUIET = ("QT_LOGGING_RULES", "QTWEBENGINE_CHROMIUM_FLAGS", "QTWEBENGINE_DISABLE_SANDBOX", "PLAYGROUND_HOME")


def check_words(said: str, out: Path) -> None:
    steps = [line for line in said.splitlines() if line[:1].isdigit()]
    assert [line.split(".")[0] for line in steps] == [str(number) for number in range(1, len(steps) + 1)]
    for came_back in ("200 OK", "404 NOT FOUND", "/users/<int(min=1):user_id>", "Written on the tour."):
        assert came_back in said
    assert said.splitlines()[-1] == f"Done. {len(list(out.iterdir()))} pictures are in {out}."


def lightness(out: Path, name: str) -> int:
    """How light the one picture of that name is, from 0 to 255."""
    (file,) = out.glob(f"[0-9][0-9]-{name}.png")
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == (1440, 900)
    point = picture.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation)
    return point.pixelColor(0, 0).lightness()


def test_the_tour_says_each_step_and_what_came_back_and_leaves_pictures(tmp_path: Path) -> None:
    """In a process of its own that has no display; one test, because a tour takes its time."""
    out = tmp_path / "tour"
    env = {name: value for name, value in os.environ.items() if name not in (*QUIET, "DISPLAY")}
    command = [sys.executable, "-P", "-m", "playground", "tour", "--out", str(out)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    check_words(done.stdout, out)
    for name in ("welcome", "route", "template", "restricted", "proposal"):
        assert lightness(out, f"{name}-light") > 128 > lightness(out, f"{name}-dark")
