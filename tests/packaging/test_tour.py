"""The tour as a command of the wheel: what a newcomer sees without a display, and the README's pictures."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from conftest import Tour

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEV: dict[str, Any] = runpy.run_path(str(ROOT / "packaging" / "dev.py"))
SMALL = (96, 60)
"""So small are pictures compared: letters that another system draws by half a dot otherwise are the same."""
MOST_APART, SOME_APART = 40, 0.01
"""By so much may a dot of them differ, of 255, and so many of them may differ by more."""


def lightness(file: Path) -> int:
    """How light a picture is, from 0 to 255."""
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == (1440, 900)
    point = picture.scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation)
    return point.pixelColor(0, 0).lightness()


LIGHT_AND_DARK = ("welcome", "route", "template", "share", "restricted", "proposal")


def test_the_tour_says_each_step_and_what_came_back_and_leaves_pictures(tour: Tour) -> None:
    """One test, because a tour takes its time."""
    told_and_pictured(tour, LIGHT_AND_DARK)


@pytest.mark.long
def test_the_whole_tour_has_every_size_and_theme(whole_tour: Tour) -> None:
    sizes = ("1440x900", "1024x700")
    of_sizes = [f"{step}-{size}" for step in ("xray", "template", "route") for size in sizes]
    told_and_pictured(whole_tour, (*LIGHT_AND_DARK, "not-found", "xray-not-found"))
    for step in of_sizes:
        light, dark = (whole_tour.picture(f"{step}-{mode}").read_bytes() for mode in ("light", "dark"))
        assert light != dark
    for zoom in (100, 200, 300):
        for mode in ("light", "light-contrast", "dark", "dark-contrast"):
            assert [whole_tour.picture(f"present-{zoom}-{mode}-{size}") for size in sizes]


def told_and_pictured(tour: Tour, light_and_dark: tuple[str, ...]) -> None:
    steps = [line for line in tour.said.splitlines() if line[:1].isdigit()]
    assert [line.split(".")[0] for line in steps] == [str(number) for number in range(1, len(steps) + 1)]
    for came_back in (
        "200 OK",
        "404 NOT FOUND",
        "/users/<int(min=1):user_id>",
        "Written on the tour.",
        "5 connected",
        "Make a route of your own",
        "to the answer of an own route",
    ):
        assert came_back in tour.said
    count = len(list(tour.out.iterdir()))
    assert tour.said.splitlines()[-1] == f"Done. {count} pictures are in {tour.out}."
    assert re.search(
        r"^\| `playground tour` \|[^|]*\| `--out DIR`, `--brief` [^|]*\|$", README, re.MULTILINE
    ), "which it was"
    for name in light_and_dark:
        assert lightness(tour.picture(f"{name}-light")) > 128 > lightness(tour.picture(f"{name}-dark"))
    for step in DEV["FROM_TOUR"].values():
        assert tour.picture(step).stat().st_size > 10_000


@pytest.mark.long
def test_the_pictures_of_the_readme_show_what_the_tour_of_this_version_draws(whole_tour: Tour) -> None:
    pictures = ROOT / "assets" / "pictures"
    apart = {
        name: differing(pictures / f"{name}.png", whole_tour.picture(step))
        for name, step in DEV["FROM_TOUR"].items()
    }
    stale = {name: f"{part:.1%}" for name, part in apart.items() if part > SOME_APART}
    assert stale == {}, "they look otherwise now: python3 packaging/dev.py pictures"


def differing(one: Path, other: Path) -> float:
    """The part of two pictures, made small, that differs by more than a little: 0 to 1."""
    first, second = (_small(QImage(str(file))) for file in (one, other))
    width, height = SMALL
    dots = [(x, y) for x in range(width) for y in range(height)]
    apart = [
        max(
            abs(a - b)
            for a, b in zip(first.pixelColor(*dot).getRgb(), second.pixelColor(*dot).getRgb(), strict=True)
        )
        for dot in dots
    ]
    return sum(distance > MOST_APART for distance in apart) / len(dots)


def _small(picture: QImage) -> QImage:
    assert not picture.isNull()
    ignore = Qt.AspectRatioMode.IgnoreAspectRatio
    return picture.scaled(*SMALL, ignore, Qt.TransformationMode.SmoothTransformation)


def test_what_differs_is_seen(tmp_path: Path) -> None:
    grey, other = QImage(1440, 900, QImage.Format.Format_RGB32), tmp_path / "other.png"
    grey.fill(Qt.GlobalColor.gray)
    grey.save(str(tmp_path / "grey.png"))
    assert differing(tmp_path / "grey.png", tmp_path / "grey.png") == 0
    for x in range(720):
        for y in range(90):
            grey.setPixelColor(x, y, Qt.GlobalColor.white)
    grey.save(str(other))
    assert differing(tmp_path / "grey.png", other) == pytest.approx(0.05, abs=0.005)
