"""The look: contrast of every pair of colours in use, live theme and zoom, icons that follow."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from playground.core.assets import asset
from playground.core.routes import METHODS
from playground.gui.icons import app_icon, icon, pixmap, set_icon
from playground.gui.theme import DARK, LIGHT, PILLS, ThemeKeeper, Tokens, mark, method_colours, theme

GROUNDS = ("background", "panel", "sunken", "accent_tint")
TEXTS = ("text", "muted", "accent", "parameter", "string", "keyword", "post", "delete")
PAIRS = [
    *[(text, ground) for text in TEXTS for ground in GROUNDS],
    *[(method, f"{method}_tint") for method in ("get", "post", "put", "patch", "delete", "other")],
    *[(method, ground) for method in ("get", "put", "patch") for ground in GROUNDS[:3]],
    ("parameter", "parameter_tint"),
    ("text", "parameter_tint"),
    ("text", "get_tint"),
    ("text", "delete_tint"),
    ("on_accent", "accent"),
]


@pytest.fixture
def keeper(qtbot: QtBot) -> Iterator[ThemeKeeper]:
    yield theme()
    theme().set_mode("system")
    theme().set_zoom(1)


def luminance(colour: str) -> float:
    parts = [channel / 255 for channel in QColor(colour).toTuple()[:3]]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_on_its_ground_meets_wcag_aa(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_the_focus_ring_stands_out(tokens: Tokens) -> None:
    for ground in ("background", "panel", "sunken"):
        assert contrast(tokens.accent, getattr(tokens, ground)) >= 3


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_the_pictures_of_the_style_sheet_have_the_colours_of_the_tokens(tokens: Tokens) -> None:
    for picture in asset("icons", "controls", tokens.name).iterdir():
        wanted = tokens.on_accent if picture.stem in ("check", "dot") else tokens.muted
        assert set(re.findall("#[0-9a-f]{6}", picture.read_text())) == {wanted}


def test_every_picture_that_the_style_sheet_names_is_there(keeper: ThemeKeeper) -> None:
    for mode in ("light", "dark"):
        keeper.set_mode(mode)
        named = re.findall(r'url\("([^"]+)"\)', keeper.style_sheet())
        assert named
        for path in named:
            assert not QImage(path).isNull()


def test_the_theme_switches_live(keeper: ThemeKeeper, qtbot: QtBot) -> None:
    label = QLabel("x")
    qtbot.addWidget(label)
    label.show()
    keeper.set_mode("light")
    assert not keeper.is_dark
    assert label.palette().windowText().color() == QColor(LIGHT.text)
    with qtbot.waitSignal(keeper.changed):
        keeper.set_mode("dark")
    assert keeper.is_dark
    assert keeper.tokens is DARK
    assert label.palette().windowText().color() == QColor(DARK.text)
    with qtbot.assertNotEmitted(keeper.changed):
        keeper.set_mode("dark")


def test_an_unknown_mode_is_refused(keeper: ThemeKeeper) -> None:
    with pytest.raises(ValueError, match="mode"):
        keeper.set_mode("sepia")


def test_zoom_scales_type_and_room(keeper: ThemeKeeper, qtbot: QtBot) -> None:
    keeper.set_zoom(1)
    button, field = QPushButton("Send"), QLineEdit()
    for widget in (button, field):
        qtbot.addWidget(widget)
        widget.show()
    before = button.sizeHint(), field.sizeHint()
    keeper.set_zoom(3)
    assert keeper.px(13) == 39
    assert keeper.ui().pixelSize() == 39
    assert keeper.mono().pixelSize() == 36
    assert button.font().pixelSize() == 39
    for old, new in zip(before, (button.sizeHint(), field.sizeHint()), strict=True):
        assert 2.7 < new.height() / old.height() < 3.3


@pytest.mark.parametrize(("asked", "got"), [(0.1, 0.8), (9, 3.0), (1.25, 1.25)])
def test_zoom_stays_between_its_ends(keeper: ThemeKeeper, asked: float, got: float) -> None:
    keeper.set_zoom(asked)
    assert keeper.zoom == got


def test_there_is_one_keeper(keeper: ThemeKeeper) -> None:
    assert theme() is keeper
    assert keeper.parent() is QApplication.instance()


def test_the_style_sheet_leaves_nothing_open(keeper: ThemeKeeper) -> None:
    sheet = keeper.style_sheet()
    assert "$" not in sheet
    assert sheet.count("{") == sheet.count("}")
    assert set(re.findall("#[0-9a-f]{6}", sheet)) <= set(dataclasses.asdict(keeper.tokens).values())


def test_roles_give_words_their_look(keeper: ThemeKeeper, qtbot: QtBot) -> None:
    keeper.set_mode("light")
    label = QLabel("Routes")
    qtbot.addWidget(label)
    mark(label, role="section")
    label.show()
    assert label.font().bold()
    assert label.palette().windowText().color() == QColor(LIGHT.muted)
    mark(label, role="error")
    assert label.palette().windowText().color() == QColor(LIGHT.delete)


def test_marking_a_shown_widget_keeps_the_font_that_it_was_given(keeper: ThemeKeeper, qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.setFont(keeper.mono())
    field.show()
    mark(field, invalid=True)
    assert field.font().family() == keeper.mono().family()


def test_methods_have_their_colours(keeper: ThemeKeeper) -> None:
    keeper.set_mode("light")
    assert method_colours("get") == (QColor(LIGHT.get), QColor(LIGHT.get_tint))
    assert (
        method_colours("PROPFIND")
        == method_colours("HEAD")
        == (QColor(LIGHT.other), QColor(LIGHT.other_tint))
    )
    assert set(PILLS) == set(METHODS)


def colours_of(image: QImage) -> set[str]:
    seen = set()
    for x in range(image.width()):
        for y in range(image.height()):
            colour = image.pixelColor(x, y)
            if colour.alpha() == 255:
                seen.add(colour.name())
    return seen


@pytest.mark.parametrize("name", sorted(path.stem for path in asset("icons").glob("*.svg")))
def test_every_icon_draws_itself_in_the_tint(keeper: ThemeKeeper, name: str) -> None:
    drawn = colours_of(pixmap(name, "accent", 64).toImage())
    assert keeper.tokens.accent in drawn
    assert "currentColor" in asset("icons", f"{name}.svg").read_text()


def test_a_kept_icon_follows_the_theme(keeper: ThemeKeeper, qtbot: QtBot) -> None:
    keeper.set_mode("light")
    button = QToolButton()
    qtbot.addWidget(button)
    set_icon(button, "stop")
    assert LIGHT.text in colours_of(button.icon().pixmap(32, 32).toImage())
    keeper.set_mode("dark")
    assert DARK.text in colours_of(button.icon().pixmap(32, 32).toImage())
    set_icon(button, "stop", "delete")
    assert DARK.delete in colours_of(button.icon().pixmap(32, 32).toImage())
    keeper.set_zoom(2)
    assert button.iconSize().width() == 32


def test_the_logo_has_all_sizes(keeper: ThemeKeeper) -> None:
    assert {16, 32, 256} <= {size.width() for size in app_icon().availableSizes()}
    assert not icon("plus").isNull()
