"""What can be measured of the look: nothing is cut off at the sizes people use, at 100 % and at 200 %."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QScrollArea, QTabBar
from pytestqt.qtbot import QtBot
from room import starting, stays_cut_off
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
View = tuple[tuple[int, int], float]
TIGHT: tuple[View, ...] = ((SMALL, 1.0), (LARGE, 2.0))
"""With the least room that there usually is; the others with --long."""
VIEWS: tuple[View, ...] = (*TIGHT, (LARGE, 1.0), (SMALL, 2.0))
SMALLEST: View = (SMALL, 2.0)
Look = Callable[[str], None]
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


@pytest.fixture
def views(request: pytest.FixtureRequest) -> tuple[View, ...]:
    return VIEWS if request.config.getoption("--long") else TIGHT


@pytest.fixture
def look(window: Driver) -> Iterator[Look]:
    """Looks at what is shown now, under a name; whatever has too little room fails the test at its end."""
    wrong: dict[str, list[str]] = {}

    def at(what: str) -> None:
        window.wait(lambda: not starting(window), "the browser engine")
        if found := stays_cut_off(window.window):
            size = window.window.size().toTuple()
            wrong[f"{what} {size} {theme().zoom}"] = found

    yield at
    assert wrong == {}


def show(driver: Driver, size: tuple[int, int], zoom: float) -> None:
    driver.window.resize(*size)
    theme().set_zoom(zoom)
    driver.settled()


@pytest.mark.untrusted
def test_the_welcome_page_and_a_restricted_folder(
    window: Driver, look: Look, views: tuple[View, ...], tmp_path: Path
) -> None:
    for view in views:
        show(window, *view)
        look("the welcome page")
    (tmp_path / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    window.window.workspace.open(tmp_path)
    window.wait(lambda: window.has("trust.banner"), "the banner")
    for view in views:
        if view == SMALLEST:
            continue  # the banner takes a third of it
        show(window, *view)
        look("the banner")
        window.click("trust.more")
        window.wait(lambda: window.has("trust.around"), "the folder around it")
        look("the folder around it")
        window.click("trust.more")
        window.wait(lambda: not window.has("trust.around"), "less of it")


def test_the_form_with_each_converter_and_kind_of_answer(
    window: Driver, look: Look, views: tuple[View, ...]
) -> None:
    window.click("welcome.starter.blueprints")
    window.live()
    window.window.commands.new_route()
    window.type("route.rule", RULE)
    scroll = window.window.workbench.pages.current_page().findChild(QScrollArea)
    for view in views:
        show(window, *view)
        for kind in AnswerKind:
            window.child(f"route.answer.{kind}").click()
            look(f"an answer that is {kind}")
        assert scroll.horizontalScrollBar().maximum() == 0

    # No field is hidden behind another after the window grew.
    theme().set_zoom(1)
    for size in (SMALL, LARGE, SMALL):
        window.window.resize(*size)
        look("the form in another size")


def test_answers_and_why_they_failed_and_what_is_wrong_with_a_new_route(
    window: Driver, look: Look, views: tuple[View, ...]
) -> None:
    window.click("welcome.starter.json")
    window.live()
    pages = window.window.workbench.pages
    window.click("toolbar.new_route")
    form = pages.current_page()
    window.type("route.rule", "/x")
    owner = window.child("route.owner")
    owner.setCurrentText("New blueprint…")
    owner.activated.emit(owner.currentIndex())
    window.child("route.add").click()
    for view in views:
        show(window, *view)
        pages.setCurrentWidget(form)
        window.wait(lambda: window.has("route.owner.problem"), "what is wrong")
        look("a new blueprint without its name")
        window.send("/users/1")
        look("an answer")
        window.send("/users/abc")
        look("an answer that failed")
        window.click("response.why")
        look("why it failed")
        window.window.commands.table.qaction("xray.open").trigger()
        window.wait(lambda: window.has("xray.trip"), "the steps")
        look("its X-ray")
        if view == SMALLEST:
            continue  # all of it at once is too much for it
        pages.setCurrentWidget(form)  # an X-ray has no request beside it
        window.child("request.method").setCurrentText("POST")
        assert window.send("/users")[0] == "415 UNSUPPORTED MEDIA TYPE"
        window.window.banner.say("⚠ " + "A message that needs more than one line. " * 6, "Undo", lambda: None)
        window.window.commands.new_template()
        look("a long status, a message and a question")
        window.qtbot.keyClick(window.child("ask.input"), Qt.Key.Key_Escape)
        window.window.banner.hide()
        window.child("request.method").setCurrentText("GET")


def test_the_xray_of_a_request_whose_words_are_long(
    window: Driver, look: Look, views: tuple[View, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(LONG_WORDS)
    window.window.workspace.open(folder)
    window.live()
    address = window.child("request.url")
    address.selectAll()
    address.insert(f"/{'abc/' * 30}{'x' * 200}?q={'w' * 200}")  # as by pasting
    window.send()
    window.window.commands.table.qaction("xray.open").trigger()
    window.wait(lambda: window.has("xray.raised"), "what was raised")
    page = window.window.workbench.pages.current_page()
    for view in views:
        show(window, *view)
        look("the X-ray")
        for part in page.findChildren(WhyView):
            assert part.widget().width() == part.viewport().width()


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has one loopback address alone")
def test_the_page_of_sharing_and_the_bar_over_it(
    window: Driver, look: Look, views: tuple[View, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "a-folder-with-a-name-that-is-far-too-long-for-the-bar"
    folder.mkdir()
    (folder / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    window.window.workspace.open(folder)
    window.live()
    window.window.workspace.session.own_addresses = lambda: ("127.0.0.222", "127.0.0.3")
    window.click("toolbar.share")
    look("the question")
    window.click("share.accept")
    window.wait(lambda: window.has("share.page"), "the page with the address")
    largest = ((SMALL, 3.0), (LARGE, 3.0)) if len(views) > len(TIGHT) else ()
    for view in (*views, *largest):
        show(window, *view)
        look("the page")
        code = window.child("share.code")
        assert code.parentWidget().rect().contains(code.geometry())
        assert code.module_pixels() * code.modules <= code.width()
    window.click("share.turn.list")
    look("the list")
    window.click("share.stop")
    window.settled()


def test_tabs_of_pages(window: Driver) -> None:
    """A short title is shown whole, and a long one in its tool tip."""
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

    # Their close buttons follow the zoom, and close them.
    for zoom in (1.0, 2.0, 3.0, 1.0):
        theme().set_zoom(zoom)
        button = window.child("pages.tabs.close.0")
        assert button.size().toTuple() == (theme().px(18), theme().px(18))
        tab = button.parentWidget().tabRect(0)
        assert tab.contains(button.geometry())
    window.click("pages.tabs.close.2")
    assert bar.count() == 2
    assert window.text("route.rule") == long
    window.click("pages.tabs.close.0")
    assert bar.count() == 1
    assert window.text("route.rule") == long
    window.click("pages.tabs.close.0")
    assert not window.has("route.rule")


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
