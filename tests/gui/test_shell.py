"""The Shell in the window: typing into it, what comes out, and stopping what does not end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.gui.panels.shell_output import LINES
from playground.gui.theme import theme
from playground.session.session import Session

APP = """\
from flask import Flask, request

app = Flask(__name__)
things = {"apple": 1}


@app.shell_context_processor
def names():
    return {"things": things}


@app.route("/hello", methods=["GET", "POST"])
def hello():
    return {"hello": request.args.get("name", "world")}


@app.get("/fails")
def fails():
    return str(1 / 0)
"""
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    return folder


class AtShell:
    """A person at the Shell of a window."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.qtbot = driver, driver.qtbot
        self.press(Qt.Key.Key_J, CONTROL, driver.window)
        self.input = driver.child("shell.input")
        driver.wait(self.input.hasFocus, "the line of the Shell to have the keyboard")

    def press(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, on: object = None
    ) -> None:
        self.qtbot.keyClick(on or self.input, key, modifiers)

    @property
    def output(self) -> str:
        return self.driver.text("shell.output")

    @property
    def running(self) -> bool:
        return not self.driver.child("shell.restart").isEnabled()

    def begin(self, code: str) -> None:
        """Put code there, as by pasting, and press Enter."""
        self.input.setFocus()
        self.input.selectAll()
        pasted = QMimeData()
        pasted.setText(code)
        self.input.insertFromMimeData(pasted)
        self.press(Qt.Key.Key_Return)

    def run(self, code: str) -> str:
        """Run code; what came out of it."""
        before = len(self.output)
        self.begin(code)
        self.driver.wait(lambda: not self.running, f"the end of {code}")
        return self.output[before:].strip("\n")

    def said(self, code: str) -> str:
        """The last line that came out."""
        return self.run(code).rpartition("\n")[2]


@pytest.fixture
def shell(driver: Driver) -> Iterator[AtShell]:
    at = AtShell(driver)
    yield at
    driver.wait(lambda: not at.running, "the Shell to be idle")


class Ticks(QObject):
    """Counts how often the window's thread comes round."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.count = 0
        self._timer = QTimer(self, interval=5)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        self.count += 1


def test_a_session(shell: AtShell, driver: Driver) -> None:
    # An expression, typed key by key.
    driver.keys(shell.input, 'url_for("hello")')
    shell.press(Qt.Key.Key_Escape)  # no completion wanted
    shell.press(Qt.Key.Key_Return)
    driver.wait(lambda: "'/hello'" in shell.output, "the value")
    assert ">>> url_for(\"hello\")\n'/hello'" in shell.output
    assert driver.text("shell.request") == "request: none yet"

    # A block goes on until its empty line.
    driver.keys(shell.input, "for name in things:")
    shell.press(Qt.Key.Key_Escape)
    shell.press(Qt.Key.Key_Return)
    driver.keys(shell.input, "print(name, _)")
    shell.press(Qt.Key.Key_Escape)
    shell.press(Qt.Key.Key_Return)
    assert "apple /hello" not in shell.output and shell.input.text().endswith("\n    ")
    shell.press(Qt.Key.Key_Return)
    driver.wait(lambda: "apple /hello" in shell.output, "what the block prints")
    assert "\n...     print(name, _)\napple /hello" in shell.output
    assert shell.input.text() == ""

    # An error has a sign beside its colour.
    said = shell.run("x = 5\nthings['pear']")
    assert "\n⚠ Traceback (most recent call last):\n" in said and said.endswith("KeyError: 'pear'")
    cursor = driver.child("shell.output").document().find("KeyError: 'pear'")
    assert cursor.charFormat().foreground().color() == theme().colour("error")

    # Another theme colours it anew.
    before, mode = shell.output, theme().mode
    try:
        theme().set_mode("light" if theme().is_dark else "dark")
        assert shell.output == before
        cursor = driver.child("shell.output").document().find("KeyError: 'pear'")
        assert cursor.charFormat().foreground().color() == theme().colour("error")
    finally:
        theme().set_mode(mode)

    # What was run before comes back; Shift+Enter makes a line of its own.
    shell.press(Qt.Key.Key_Up)
    assert shell.input.text() == "x = 5\nthings['pear']"
    shell.press(Qt.Key.Key_Up)  # within the text first
    shell.press(Qt.Key.Key_Up)
    assert shell.input.text().startswith("for name in things:")
    shell.input.show_text("x")
    shell.press(Qt.Key.Key_Return, SHIFT)
    assert shell.input.text() == "x\n"
    shell.press(Qt.Key.Key_Return)
    driver.wait(lambda: shell.output.endswith("\n5"), "x")

    # Code from a page of documentation, with its prompts.
    said = shell.run(">>> with app.test_request_context('/?a=7'):\n...     request.args['a']\n...\n'7'\n")
    assert said.endswith("\n'7'") and ">>> >>>" not in shell.output

    # The last request and its answer.
    driver.send("/hello?name=Ada")
    driver.wait(lambda: driver.text("shell.request") == "request: GET /hello?name=Ada", "the request")
    assert shell.said("request.args['name'], answer.json") == "('Ada', {'hello': 'Ada'})"

    # Leaving, and beginning anew.
    assert "press Begin anew" in shell.run("exit()")
    driver.click("shell.clear")
    assert "exit()" not in shell.output
    driver.click("shell.restart")
    driver.settled()
    assert shell.said("x") == "NameError: name 'x' is not defined"


def test_the_history_outlives_the_window(qtbot: QtBot, folder: Path) -> None:
    for expected in ("", "first = 1"):
        driver = Driver(qtbot, open_window(folder))
        driver.live()
        at = AtShell(driver)
        driver.settled()
        at.press(Qt.Key.Key_Up)
        assert at.input.text() == expected
        at.run("first = 1")
        driver.settled()
        driver.close()
    assert Session().shell_history() == ("first = 1",)


def test_completion(shell: AtShell, driver: Driver) -> None:
    session = driver.window.workspace.session
    driver.wait(lambda: session.shell_complete("thi", 3) is not None, "the names to be ready")
    driver.keys(shell.input, "thi")
    driver.wait(lambda: driver.has("shell.completion"), "what can be completed")
    shell.press(Qt.Key.Key_Tab)
    assert shell.input.text() == "things"
    driver.keys(shell.input, '["')
    shell.press(Qt.Key.Key_Return)
    assert shell.input.text() == 'things["apple'
    driver.keys(shell.input, '"]')
    shell.press(Qt.Key.Key_Return)
    driver.wait(lambda: shell.output.endswith("\n1"), "the value")
    driver.keys(shell.input, "app.url_m")
    shell.press(Qt.Key.Key_Escape)
    assert not driver.has("shell.completion")
    shell.press(Qt.Key.Key_Tab)  # who asks for it gets it again
    driver.wait(lambda: driver.has("shell.completion"), "what can be completed")
    shell.press(Qt.Key.Key_Tab)
    assert shell.input.text() == "app.url_map"
    shell.input.show_text("")
    shell.press(Qt.Key.Key_Tab)
    assert not shell.input.hasFocus()  # from an empty line Tab leads on


def test_an_edit_while_it_is_open_and_the_way_to_a_failing_line(
    shell: AtShell, driver: Driver, folder: Path
) -> None:
    shell.run("mine = [1]\nbefore = app\nthings['pear'] = 2")
    (folder / "app.py").write_text(APP + '\n\n@app.get("/new")\ndef new():\n    return "new"\n')
    driver.wait(lambda: len(driver.window.workspace.snapshot.live.map) == 4, "the edit to be live")
    driver.live()
    assert shell.run("client.get('/new').text").splitlines()[1].startswith("The app was loaded anew")
    assert shell.said("app is before, mine, things") == "(False, [1], {'apple': 1, 'pear': 2})"

    # A line of a traceback leads to its place.
    shell.run("app.testing = True")
    assert "ZeroDivisionError" in shell.run("client.get('/fails')")
    output = driver.child("shell.output")
    cursor = output.document().find("shop/app.py")
    output.setTextCursor(cursor)
    output.centerCursor()
    place: QPoint = output.cursorRect(cursor).center()
    driver.qtbot.mouseDClick(output.viewport(), Qt.MouseButton.LeftButton, pos=place)
    pages = driver.window.workbench.pages
    driver.wait(lambda: getattr(pages.current_page(), "file", "") == "app.py", "the file")
    line = APP.split("\n").index("    return str(1 / 0)") + 1
    driver.wait(lambda: pages.current_page().editor.cursor_place()[0] == line, "the line")


def test_the_window_goes_on_while_a_statement_does_not_end(
    shell: AtShell, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = Ticks(driver.window)
    shell.run("y = 1")
    shell.begin("while True: pass\n")
    driver.wait(lambda: shell.running, "the statement")
    count = ticks.count
    driver.wait(lambda: ticks.count > count + 20, "the window's timer")
    assert driver.send("/hello")[0] == "200 OK"  # and so does the server
    shell.begin("typed = 'meanwhile'")  # has to wait, and is not lost
    assert "Something runs here already" in driver.window.status.currentMessage()
    assert shell.input.text() == "typed = 'meanwhile'"
    output = driver.child("shell.output")
    output.setFocus()
    output.setTextCursor(output.document().find("while True"))
    shell.press(Qt.Key.Key_C, CONTROL, output)  # copies, as anywhere
    assert QGuiApplication.clipboard().text() == "while True"
    assert shell.running
    output.moveCursor(QTextCursor.MoveOperation.End)
    shell.press(Qt.Key.Key_C, CONTROL, output)
    driver.wait(lambda: not shell.running, "it to be stopped")
    assert "⚠ Stopped: it was at line 1" in shell.output

    shell.begin("n = 0\nwhile True:\n    n += 1\n    print(n)\n")  # output without an end
    driver.wait(lambda: driver.child("shell.output").blockCount() == LINES, "all the lines that are kept")
    count = ticks.count
    driver.wait(lambda: ticks.count > count + 20, "the window's timer")
    shell.input.show_text("")
    shell.press(Qt.Key.Key_C, CONTROL)
    driver.wait(lambda: not shell.running, "it to be stopped")
    assert driver.child("shell.output").blockCount() <= LINES
    driver.click("shell.clear")
    assert shell.said("y") == "1"

    # What sits in one long call is left behind.
    monkeypatch.setattr("playground.server.shell.GRACE", 0.1)
    shell.run("import threading\ngate = threading.Event()")
    shell.begin("print('wai' + 'ts')\ngate.wait()\n")
    driver.wait(lambda: "waits" in shell.output, "the statement")
    driver.click("shell.stop")
    driver.wait(lambda: not shell.running, "it to be left behind")
    left = "so it was left behind. The Shell goes on in a new thread"
    driver.wait(lambda: left in shell.output, "that to be said")
    assert shell.said("gate.set(), y") == "(None, 1)"


@pytest.mark.untrusted
def test_where_nothing_runs_it_says_why_and_what_to_press(qtbot: QtBot, folder: Path) -> None:
    driver = Driver(qtbot, open_window(folder))
    driver.wait(lambda: driver.has("trust.banner"), "the banner")
    driver.settled()
    driver.click("trust.close")
    qtbot.keyClick(driver.window, Qt.Key.Key_J, CONTROL)
    assert "Nothing in this folder runs until you trust it." in driver.text("shell.empty")
    assert driver.text("shell.help") == "Trust this folder…"
    driver.click("shell.help")
    driver.click("trust.accept")
    driver.live()
    driver.wait(lambda: driver.has("shell.input"), "the line to type into")
    at = AtShell(driver)
    assert at.said("app.name") == "'app'"
    driver.close()


def test_an_app_that_does_not_load(qtbot: QtBot, folder: Path) -> None:
    (folder / "app.py").write_text(f"{APP}\nimport nothing_of_that_name\n")
    driver = Driver(qtbot, open_window(folder))
    driver.wait(lambda: driver.has("banner.text"), "what is wrong")
    qtbot.keyClick(driver.window, Qt.Key.Key_J, CONTROL)
    driver.wait(lambda: "nothing_of_that_name" in driver.text("shell.empty"), "why")
    driver.click("shell.help")
    driver.wait(lambda: driver.has("problems.list"), "the problem")
    (folder / "app.py").write_text(APP)
    driver.live()
    at = AtShell(driver)
    assert at.said("app.name") == "'app'"
    driver.close()
