"""The first minute of a newcomer: from the first start to an answer of an own route, led by three hints."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.gui.theme import theme
from playground.gui.widgets.hint import placed
from playground.session.first_steps import EDIT, NEW_ROUTE, SEND
from playground.session.home import Home

pytestmark = pytest.mark.newcomer
CLICKS, KEYS = 4, 2


class Newcomer(Driver):
    """Counts what is pressed, and follows the hints alone."""

    clicks = keys_pressed = 0

    def click(self, name: str) -> None:
        self.clicks += 1
        super().click(name)

    def write(self, text: str) -> None:
        """Type where the focus is: nothing is clicked for that, and nothing selected."""
        focus = QApplication.focusWidget()
        assert focus is not None
        self.keys_pressed += len(text)
        self.keys(focus, text)

    def hinted(self, title: str) -> None:
        """Wait for a hint, and for it to stand beside what it points at."""
        self.wait(lambda: self.has("hint") and self.text("hint.title") == title, f"the hint “{title}”")

    def box(self, name: str) -> QRect:
        widget: QWidget = self.child(name)
        return QRect(widget.mapTo(self.window, QPoint(0, 0)), widget.size())

    def beside(self, name: str) -> bool:
        """Whether the hint stands beside a control: very near, and not over it."""
        hint, control = self.box("hint"), self.box(name)
        return hint.intersects(control.adjusted(-6, -6, 6, 6)) and not hint.contains(control.center())


@pytest.fixture
def newcomer(qtbot: QtBot) -> Iterator[Newcomer]:
    driver = Newcomer(qtbot, open_window(None))
    driver.window.resize(1440, 900)
    yield driver
    driver.close()


def seen(home: Path) -> list[str]:
    found = Home(home).get("hints_seen")
    assert isinstance(found, list)
    return found


def test_from_the_first_start_to_an_own_answer_in_four_clicks_and_two_keys(
    newcomer: Newcomer, home: Path
) -> None:
    began = time.monotonic()
    newcomer.click("welcome.starter.hello")

    newcomer.hinted("Make a route of your own")
    newcomer.wait(lambda: newcomer.beside("toolbar.new_route"), "it to point at the button")
    newcomer.click("toolbar.new_route")
    newcomer.wait(lambda: not newcomer.has("hint"), "the hint to be gone: it was followed")
    newcomer.write("hi")
    newcomer.click("route.add")

    newcomer.hinted("It is live: ask it")
    newcomer.wait(lambda: newcomer.beside("request.send"), "it to point at the button")
    newcomer.click("request.send")
    newcomer.wait(lambda: "200" in newcomer.text("response.status"), "the answer")
    took = time.monotonic() - began

    assert newcomer.text("response.body", visible=False) == "Hello"
    assert newcomer.text("request.url") == "/hi"
    assert (newcomer.clicks, newcomer.keys_pressed) == (CLICKS, KEYS)
    assert took < 60, "the first minute"

    newcomer.hinted("Change it while it runs")
    newcomer.wait(lambda: newcomer.beside("route.code"), "it to point at the code")
    newcomer.type_before("route.code", "Hello", "Well, ")
    newcomer.wait(lambda: not newcomer.has("hint"), "the last hint to be gone")
    newcomer.live()
    assert newcomer.send()[1] == "Well, Hello"
    newcomer.settled()
    assert seen(home) == [NEW_ROUTE, SEND, EDIT]


def test_nothing_is_said_to_be_live_before_the_app_is_loaded(newcomer: Newcomer, tmp_path: Path) -> None:
    wait = "from pathlib import Path\nwhile not Path(__file__).with_name('go').exists():\n    pass\n"
    (tmp_path / "app.py").write_text(f"{wait}\nfrom flask import Flask\n\napp = Flask(__name__)\n")
    newcomer.window.workspace.open(tmp_path)
    newcomer.hinted("Make a route of your own")
    newcomer.click("toolbar.new_route")
    newcomer.wait(lambda: not newcomer.has("hint"), "the hint to be gone: it was followed")
    newcomer.write("hi")
    newcomer.click("route.add")
    newcomer.wait(lambda: not newcomer.has("route.add"), "the route to be added")
    assert not newcomer.has("hint")
    (tmp_path / "go").touch()
    newcomer.hinted("It is live: ask it")
    newcomer.live()


def test_a_hint_follows_its_control_takes_no_focus_and_goes_by_escape(newcomer: Newcomer, home: Path) -> None:
    newcomer.click("welcome.starter.hello")
    newcomer.live()
    newcomer.hinted("Make a route of your own")
    focus = QApplication.focusWidget()
    assert focus is not None and not newcomer.child("hint").isAncestorOf(focus)
    for control in newcomer.child("hint").findChildren(QWidget):
        assert control.focusPolicy() in (Qt.FocusPolicy.NoFocus, Qt.FocusPolicy.TabFocus)
    assert newcomer.child("hint.close").accessibleName() and newcomer.child("hint").accessibleName()

    try:
        for width, zoom in ((1024, 1.0), (1440, 1.0), (1440, 2.0), (1024, 2.0)):
            newcomer.window.resize(width, 700)
            theme().set_zoom(zoom)
            newcomer.wait(
                lambda: newcomer.has("hint") and newcomer.beside("toolbar.new_route"), "it to follow"
            )
            assert newcomer.window.rect().contains(newcomer.box("hint"))
    finally:
        theme().set_zoom(1.0)

    newcomer.window.resize(1024, 700)
    newcomer.wait(
        lambda: newcomer.has("hint") and newcomer.box("hint").intersects(newcomer.box("route.rule")), "it"
    )
    newcomer.child("route.rule").setFocus()
    newcomer.keys(newcomer.child("route.rule"), "x")
    newcomer.wait(
        lambda: not newcomer.has("hint") or not newcomer.box("hint").intersects(newcomer.box("route.rule")),
        "it to leave where one types",
    )
    newcomer.window.resize(1440, 900)
    newcomer.hinted("Make a route of your own")
    newcomer.child("route.code").setFocus()
    newcomer.qtbot.keyClick(newcomer.child("route.code"), Qt.Key.Key_Escape)
    newcomer.wait(lambda: not newcomer.has("hint"), "it to be gone")
    newcomer.settled()
    assert seen(home) == [NEW_ROUTE]


def test_it_is_away_while_its_control_cannot_be_seen_and_a_click_sends_it_away(newcomer: Newcomer) -> None:
    newcomer.click("welcome.starter.hello")
    newcomer.live()
    newcomer.hinted("Make a route of your own")
    newcomer.window.workspace.close()
    newcomer.wait(lambda: newcomer.has("welcome") and not newcomer.has("hint"), "the welcome page without it")
    newcomer.click("welcome.recent.0")
    newcomer.hinted("Make a route of your own")
    newcomer.click("hint.close")
    newcomer.wait(lambda: not newcomer.has("hint"), "it to be gone")
    newcomer.live()


@pytest.mark.untrusted
def test_nothing_is_hinted_at_in_a_folder_that_may_not_run(newcomer: Newcomer, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    newcomer.window.workspace.open(tmp_path)
    newcomer.wait(lambda: newcomer.has("trust.banner"), "the question of trust")
    newcomer.settled()
    assert not newcomer.has("hint"), newcomer.text("hint.title")


def test_who_was_here_before_is_shown_nothing(qtbot: QtBot, home: Path, tmp_path: Path) -> None:
    Home(home).remember(tmp_path, 1)
    driver = Driver(qtbot, open_window(None))
    driver.click("welcome.starter.hello")
    driver.live()
    assert not driver.has("hint")
    driver.close()


AREA = QRect(0, 0, 1000, 600)
BOX = QSize(300, 100)


@pytest.mark.parametrize(
    ("target", "avoid", "corner"),
    [
        (QRect(100, 10, 80, 30), [], QPoint(100, 43)),  # below
        (QRect(900, 10, 80, 30), [], QPoint(700, 43)),  # below, as far to the right as there is room
        (QRect(400, 10, 80, 30), [QRect(600, 50, 100, 20)], QPoint(180, 43)),  # below, to the left of a field
        (QRect(100, 550, 80, 30), [], QPoint(100, 447)),  # above
        (QRect(0, 200, 80, 30), [QRect(0, 0, 900, 199), QRect(0, 231, 80, 200)], QPoint(83, 200)),  # right
        (QRect(5, 5, 980, 590), [], None),  # nowhere
        (QRect(-200, 10, 80, 30), [], None),  # out of sight
    ],
)
def test_where_a_hint_stands(target: QRect, avoid: list[QRect], corner: QPoint | None) -> None:
    box = placed(target, BOX, AREA, avoid, 3)
    assert (box.topLeft() if box is not None else None) == corner
