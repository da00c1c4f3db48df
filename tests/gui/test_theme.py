"""The look: live theme, contrast and zoom, and icons that follow."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QProxyStyle, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from playground.core.assets import asset
from playground.core.routes import METHODS
from playground.gui.icons import app_icon, icon, pixmap, set_icon
from playground.gui.theme import PILLS, ThemeKeeper, _wants_high, mark, method_colours, theme
from playground.gui.tokens import DARK, DARK_CONTRAST, LIGHT, LIGHT_CONTRAST, THEMES, Tokens


@pytest.fixture
def keeper(qtbot: QtBot) -> Iterator[ThemeKeeper]:
    yield theme()
    theme().set_mode("system")
    theme().set_look("system", 1)


@pytest.mark.parametrize("tokens", THEMES, ids=lambda tokens: tokens.name)
def test_the_pictures_of_the_style_sheet_have_the_colours_of_the_tokens(tokens: Tokens) -> None:
    for picture in asset("icons", "controls", tokens.name).iterdir():
        wanted = tokens.on_accent if picture.stem in ("check", "dot") else tokens.muted
        assert set(re.findall("#[0-9a-f]{6}", picture.read_text())) == {wanted}


def test_every_picture_that_the_style_sheet_names_is_there(keeper: ThemeKeeper) -> None:
    for mode, contrast in itertools.product(("light", "dark"), ("normal", "high")):
        keeper.set_mode(mode)
        keeper.set_contrast(contrast)
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


def test_high_contrast_is_a_theme_of_its_own_with_bolder_lines(keeper: ThemeKeeper, qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    for mode, tokens in (("light", LIGHT_CONTRAST), ("dark", DARK_CONTRAST)):
        keeper.set_mode(mode)
        keeper.set_contrast("normal")
        thin = field.sizeHint().height()
        assert "2px solid" in keeper.style_sheet()
        keeper.set_contrast("high")
        assert keeper.tokens is tokens
        assert field.palette().text().color() == QColor(tokens.text)
        assert field.sizeHint().height() == thin + 2
        assert "3px solid" in keeper.style_sheet()
        assert "1px solid" not in keeper.style_sheet()
    keeper.set_contrast("normal")
    assert keeper.tokens is DARK


def test_zoom_and_contrast_change_in_one_go(keeper: ThemeKeeper, qtbot: QtBot) -> None:
    with qtbot.waitSignal(keeper.changed):
        keeper.set_look("high", 2)
    assert (keeper.contrast, keeper.zoom, keeper.stroke()) == ("high", 2, 2)


@pytest.mark.parametrize("wanted", [False, True])
def test_the_contrast_that_the_system_wants_is_followed_unless_one_was_chosen(
    keeper: ThemeKeeper, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    monkeypatch.setattr("playground.gui.theme._wants_high", lambda hints: wanted)
    keeper.set_mode("light")
    keeper.set_contrast("system")
    assert keeper.tokens is (LIGHT_CONTRAST if wanted else LIGHT)
    keeper.set_contrast("normal")
    assert keeper.tokens is LIGHT


class Accessibility:
    def __init__(self, preference: Qt.ContrastPreference) -> None:
        self.preference = preference

    def contrastPreference(self) -> Qt.ContrastPreference:
        return self.preference


class Hints:
    """What Qt's ``QStyleHints`` say since 6.10."""

    def __init__(self, preference: Qt.ContrastPreference) -> None:
        self.preference = preference

    def accessibility(self) -> Accessibility:
        return Accessibility(self.preference)


@pytest.mark.parametrize(
    ("hints", "wants"),
    [
        (Hints(Qt.ContrastPreference.HighContrast), True),
        (Hints(Qt.ContrastPreference.NoPreference), False),
        (object(), False),  # those of an older Qt
    ],
)
def test_whether_the_system_wants_high_contrast(hints: Any, wants: bool) -> None:
    assert _wants_high(hints) is wants


def test_an_unknown_mode_is_refused(keeper: ThemeKeeper) -> None:
    with pytest.raises(ValueError, match="mode"):
        keeper.set_mode("sepia")
    with pytest.raises(ValueError, match="contrast"):
        keeper.set_contrast("low")


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


def test_what_is_marked_already_is_not_styled_again(keeper: ThemeKeeper, qtbot: QtBot) -> None:
    class Counting(QProxyStyle):
        polished = 0

        def polish(self, what: object) -> None:  # type: ignore[override]  # Qt has three of them
            self.polished += isinstance(what, QLabel)

    label, style = QLabel("Routes"), Counting()
    qtbot.addWidget(label)
    label.setStyle(style)
    mark(label, role="muted")
    label.show()
    style.polished = 0

    mark(label, role="muted")
    assert style.polished == 0
    mark(label, role="error")
    assert style.polished == 1


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
