"""What can be measured of the look: nothing is cut off at the sizes people use, at 100 % and at 200 %."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QScrollArea,
    QTabBar,
)
from pytestqt.qtbot import QtBot
from room import settled_looks
from window_driver import Driver

from playground.core.answers import AnswerKind
from playground.core.changes import Change
from playground.gui import open_window
from playground.gui.panels.why_view import WhyView
from playground.gui.rule_text import rule_pieces
from playground.gui.theme import theme
from playground.gui.tokens import DARK, LIGHT, Tokens
from playground.gui.widgets.badge import _elided
from playground.gui.widgets.big_text import BigText
from playground.gui.widgets.steady_button import SteadyButton

SMALL, LARGE = (1024, 700), (1440, 900)
VIEWS = [(SMALL, 1.0), (LARGE, 1.0), (LARGE, 2.0), (SMALL, 2.0)]
TIGHT = ((SMALL, 1.0), (LARGE, 2.0))
EACH = [pytest.param(*view, marks=() if view in TIGHT else pytest.mark.long) for view in VIEWS]
"""With the least room that there usually is; the others with --long."""
LONG_WORDS = """\
from flask import Flask

app = Flask(__name__)


@app.get("/<path:anything>")
def fails(anything):
    raise ValueError("a " * 50 + "x" * 500)
"""
RULE = "/a/<s>/<int:i>/<float:f>/<uuid:u>/<any(red,green):c>/<path:p>"


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    theme().set_mode("light")
    driver = Driver(qtbot, open_window(None))
    yield driver
    driver.close()
    theme().set_zoom(1)
    theme().set_mode("system")


def show(driver: Driver, size: tuple[int, int], zoom: float) -> None:
    driver.window.resize(*size)
    theme().set_zoom(zoom)
    driver.settled()


@pytest.mark.parametrize(("size", "zoom"), EACH)
def test_the_welcome_page(window: Driver, size: tuple[int, int], zoom: float) -> None:
    show(window, size, zoom)
    settled_looks(window)


@pytest.mark.untrusted
@pytest.mark.parametrize(("size", "zoom"), EACH[:3])  # the banner takes a third of the smallest
def test_a_restricted_folder(window: Driver, size: tuple[int, int], zoom: float, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    show(window, size, zoom)
    window.window.workspace.open(tmp_path)
    window.wait(lambda: window.has("trust.banner"), "the banner")
    settled_looks(window)
    window.click("trust.more")
    window.wait(lambda: window.has("trust.around"), "the folder around it")
    settled_looks(window)


@pytest.mark.parametrize(("size", "zoom"), EACH)
def test_the_form_with_each_converter_and_kind_of_answer(
    window: Driver, size: tuple[int, int], zoom: float
) -> None:
    window.click("welcome.starter.blueprints")
    window.live()
    show(window, size, zoom)
    window.window.commands.new_route()  # its button gives way in the narrowest bar
    window.type("route.rule", RULE)
    for kind in AnswerKind:
        window.child(f"route.answer.{kind}").click()
        settled_looks(window)
    scroll = window.window.workbench.pages.current_page().findChild(QScrollArea)
    assert scroll.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize(("size", "zoom"), EACH)
def test_why_an_answer_failed_and_its_xray(window: Driver, size: tuple[int, int], zoom: float) -> None:
    window.click("welcome.starter.json")
    window.live()
    show(window, size, zoom)
    window.send("/users/1")
    settled_looks(window)
    window.send("/users/abc")
    settled_looks(window)
    window.click("response.why")
    settled_looks(window)
    window.window.commands.table.qaction("xray.open").trigger()
    window.wait(lambda: window.has("xray.trip"), "the steps")
    settled_looks(window)


@pytest.mark.parametrize(("size", "zoom"), EACH)
def test_the_xray_of_a_request_whose_words_are_long(
    window: Driver, size: tuple[int, int], zoom: float, tmp_path: Path
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(LONG_WORDS)
    window.window.workspace.open(folder)
    window.live()
    show(window, size, zoom)
    window.send(f"/{'abc/' * 30}{'x' * 200}?q={'w' * 200}")
    window.window.commands.table.qaction("xray.open").trigger()
    window.wait(lambda: window.has("xray.raised"), "what was raised")
    settled_looks(window)
    page = window.window.workbench.pages.current_page()
    for view in page.findChildren(WhyView):
        assert view.widget().width() == view.viewport().width()


@pytest.mark.parametrize(("size", "zoom"), EACH)
def test_a_new_blueprint_and_what_is_wrong_with_it(
    window: Driver, size: tuple[int, int], zoom: float
) -> None:
    window.click("welcome.starter.json")
    window.live()
    show(window, size, zoom)
    window.click("toolbar.new_route")
    window.type("route.rule", "/x")
    owner = window.child("route.owner")
    owner.setCurrentText("New blueprint…")
    owner.activated.emit(owner.currentIndex())
    window.child("route.add").click()
    window.wait(lambda: window.has("route.owner.problem"), "what is wrong")
    settled_looks(window)


@pytest.mark.parametrize(("size", "zoom"), EACH[:3])  # all of it at once is too much for the smallest
def test_a_long_status_and_a_message(window: Driver, size: tuple[int, int], zoom: float) -> None:
    window.click("welcome.starter.json")
    window.live()
    show(window, size, zoom)
    window.child("request.method").setCurrentText("POST")
    assert window.send("/users")[0] == "415 UNSUPPORTED MEDIA TYPE"
    window.window.banner.say("⚠ " + "A message that needs more than one line. " * 6, "Undo", lambda: None)
    window.window.commands.new_template()
    settled_looks(window)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has one loopback address alone")
def test_the_page_of_sharing_and_the_bar_over_it(
    window: Driver, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "a-folder-with-a-name-that-is-far-too-long-for-the-bar"
    folder.mkdir()
    (folder / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    window.window.workspace.open(folder)
    window.live()
    window.window.workspace.session.own_addresses = lambda: ("127.0.0.222", "127.0.0.3")
    window.click("toolbar.share")
    settled_looks(window)
    window.click("share.accept")
    window.wait(lambda: window.has("share.page"), "the page with the address")
    largest = ((SMALL, 3.0), (LARGE, 3.0)) if request.config.getoption("--long") else ()
    for size, zoom in (*VIEWS, *largest):
        show(window, size, zoom)
        settled_looks(window)
        code = window.child("share.code")
        assert code.parentWidget().rect().contains(code.geometry())
        assert code.module_pixels() * code.modules <= code.width()
    window.click("share.turn.list")
    settled_looks(window)
    window.click("share.stop")
    window.settled()


def test_no_field_is_hidden_behind_another_after_the_window_grew(window: Driver) -> None:
    window.click("welcome.starter.blueprints")
    window.live()
    window.click("toolbar.new_route")
    window.type("route.rule", RULE)
    for size in (SMALL, LARGE, SMALL):
        window.window.resize(*size)
        settled_looks(window)


def test_close_buttons_of_tabs_follow_the_zoom(window: Driver) -> None:
    window.click("welcome.starter.json")
    window.live()
    for zoom in (1.0, 2.0, 3.0, 1.0):
        theme().set_zoom(zoom)
        button = window.child("pages.tabs.close.0")
        assert button.size().toTuple() == (theme().px(18), theme().px(18))
        tab = button.parentWidget().tabRect(0)
        assert tab.contains(button.geometry())


def test_a_tab_is_closed_by_its_button(window: Driver) -> None:
    window.click("welcome.starter.json")
    window.live()
    window.open_from_list("/users/<int:user_id>")
    window.click("pages.tabs.close.0")
    assert window.child("pages.tabs").count() == 1
    assert window.text("route.rule") == "/users/<int:user_id>"
    window.click("pages.tabs.close.0")
    assert not window.has("route.rule")


def test_a_short_title_is_shown_whole_and_a_long_one_in_its_tool_tip(window: Driver) -> None:
    window.click("welcome.starter.pages")
    window.live()
    long = "/a" * 60
    window.add_route(long, "text", "x")
    window.open_from_list("hello.html")
    bar: QTabBar = window.child("pages.tabs")
    titles = [bar.tabText(index) for index in range(bar.count())]
    assert titles[0] == "/"
    assert titles[2] == "hello.html"
    assert "…" in titles[1]
    assert bar.tabToolTip(1) == long
    assert bar.tabRect(1).width() < theme().px(320)


def test_a_button_that_is_pressed_keeps_its_width(qtbot: QtBot) -> None:
    bold = theme().ui(bold=True)  # also puts the style sheet on
    button = SteadyButton("Template")
    button.setProperty("segmented", True)
    qtbot.addWidget(button)
    button.show()
    before = button.sizeHint().width()
    button.click()
    assert button.isChecked()
    assert button.sizeHint().width() == before
    assert before >= QFontMetrics(bold).horizontalAdvance("Template") + theme().px(18)


@pytest.mark.parametrize("room", [20, 60, 85, 90, 100, 150])
def test_a_rule_that_is_too_long_says_so(qtbot: QtBot, room: int) -> None:
    metrics = QFontMetrics(theme().mono())
    rule = "/api/users/<int:user_id>"
    pieces = list(_elided(rule_pieces(rule), metrics, room))
    shown = "".join(piece for piece, _ in pieces)
    assert shown == rule or shown.endswith("…")
    assert metrics.horizontalAdvance(shown) <= room
    assert rule.startswith(shown.removesuffix("…"))


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_what_is_selected_in_an_answer_can_be_read(qtbot: QtBot, tokens: Tokens) -> None:
    theme().set_mode(tokens.name)
    view = BigText()
    qtbot.addWidget(view)
    view.resize(300, 100)
    view.set_text('{"key": 12}', "json")
    view.show()
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    picture = view.viewport().grab().toImage()
    theme().set_mode("system")
    seen = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert {tokens.accent, tokens.on_accent} <= seen
    assert not {tokens.post, tokens.string} & seen


def test_who_opens_a_route_at_once_is_not_shown_the_first_one_instead(window: Driver) -> None:
    bench, work = window.window.workbench, window.window.workspace

    def open_the_last(change: Change) -> None:
        if change.origin == "open" and work.snapshot.project is not None:
            bench.open_route(work.snapshot.project.routes[-1])
            bench.pages.close_page(0)

    work.changed.connect(open_the_last)
    window.click("welcome.starter.json")
    window.live()
    assert bench.pages.count() == 0
