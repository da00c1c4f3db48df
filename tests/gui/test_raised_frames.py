"""What a failing view shows in the window: its frames, the lines around each, and the variables in them."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTableWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.core.frame_runs import runs
from playground.core.secrets import HIDDEN
from playground.core.trips import Frame, Raised, Value
from playground.gui.debug_pages import OFF, ON
from playground.gui.panels.frame_code import FrameCode
from playground.gui.panels.frame_values import ROWS, FrameValues
from playground.gui.panels.raised_view import RaisedView
from playground.gui.panels.xray_page import XrayPage

APP = """\
from flask import Flask, render_template

app = Flask(__name__)
names = {42: "Lin"}


@app.get("/names/<int:number>")
def name(number):
    password = "hunter2"
    story = "once upon a time " * 40
    return "Hello " + names[number] + "!"


@app.get("/page")
def page():
    return render_template("page.html", user={"name": "Ada"})


@app.get("/deep")
def deep():
    return deep()


@app.get("/chain")
def chain():
    try:
        return names[7]
    except KeyError as error:
        raise LookupError("nobody has that number") from error
"""
PAGE = "<h1>{{ user.name }}</h1>\n{% for pet in [1, 2] %}\n<p>{{ user.pets[pet] }}</p>\n{% endfor %}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "bookshop"
    (project / "templates").mkdir(parents=True)
    (project / "app.py").write_text(APP)
    (project / "templates/page.html").write_text(PAGE)
    return project


def ask(driver: Driver, path: str) -> str:
    """A request as a browser on this machine makes it; the text of its answer."""
    url = driver.window.workspace.session.snapshot.server.url
    try:
        with urllib.request.urlopen(url + path, timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return str(error.read().decode())


def look_at(driver: Driver, path: str) -> None:
    """Ask for a path, and open its X-ray."""
    ask(driver, path)
    number = driver.window.workspace.session.trips_recorded
    driver.window.workbench.insights.open_trip(number)

    def is_shown() -> bool:
        page = driver.window.workbench.pages.current_page()
        return isinstance(page, XrayPage) and page.number == number and driver.has("raised.frames")

    driver.wait(is_shown, "its page")


def cells(table: QTableWidget, column: int) -> list[str]:
    items = (table.item(row, column) for row in range(table.rowCount()))
    return [item.text() if item else "" for item in items]


def test_a_failing_view_shows_its_frames_with_source_and_variables(driver: Driver) -> None:
    driver.live()
    assert driver.send("/names/7")[0].startswith("500")
    driver.click("response.why")
    driver.wait(lambda: driver.has("raised.frames"), "the frames under the answer")
    assert driver.text("response.raised.line") == "KeyError: 7"
    look_at(driver, "/names/7")
    assert driver.text("xray.raised.line") == "KeyError: 7"

    assert driver.text("raised.run.0.words") == "4 frames in Flask"
    assert not driver.has("raised.frame.0")
    driver.click("raised.run.0.show")
    assert driver.text("raised.frame.0.place").startswith("flask/app.py:")
    assert not driver.has("raised.frame.0.code") and not driver.has("raised.frame.0.open")
    driver.click("raised.frame.0.show")
    assert "self.request_context(environ)" in driver.text("raised.frame.0.code")

    assert driver.text("raised.frame.4.place") == "app.py:11  in name"
    code: FrameCode = driver.child("raised.frame.4.code")
    assert code.marks == {11: "names[number]"}
    assert 'return "Hello " + names[number] + "!"' in code.accessibleDescription()
    assert code.verticalScrollBar().maximum() == 0

    variables: QTableWidget = driver.child("raised.variables")
    assert cells(variables, 0) == ["number", "password", "story"]
    assert cells(variables, 1) == ["int", "str", "str"]
    shown = cells(variables, 2)
    assert shown[0] == "7" and shown[1].startswith(HIDDEN) and shown[2].endswith("… more")
    for row in (1, 2):
        variables.setFocus()
        variables.setCurrentCell(row, 0)
        driver.qtbot.keyClick(variables, Qt.Key.Key_Return)
    opened = cells(variables, 2)
    assert opened[1].startswith("'hunter2'") and len(opened[2]) > len(shown[2]) + 200
    driver.qtbot.keyClick(variables, Qt.Key.Key_Return)
    assert cells(variables, 2)[2] == shown[2]

    QApplication.clipboard().setText("")
    driver.click("xray.raised.copy")
    copied = QApplication.clipboard().text()
    assert copied.startswith("Traceback (most recent call last)") and copied.rstrip().endswith("KeyError: 7")
    assert "playground/server" not in copied.replace("\\", "/")

    driver.click("raised.frame.4.open")
    editor = driver.child("file.editor")
    driver.wait(editor.isEnabled, "the file")
    driver.wait(lambda: editor.cursor_place()[0] == 11, "the line")


def test_templates_causes_and_deep_calls_are_shown_each_in_its_way(driver: Driver) -> None:
    driver.live()
    look_at(driver, "/page")
    place = next(name for name in range(20) if driver.has(f"raised.frame.{name}.place") and name > 4)
    assert driver.text(f"raised.frame.{place}.place") == "templates/page.html:3  in the template"
    assert cells(driver.child("raised.variables"), 0) == ["user", "pet"]

    look_at(driver, "/chain")
    assert driver.text("raised.before.1.message") == "It was raised because of this: KeyError: 7"
    assert driver.text("raised.before.1.frame.0.place") == "app.py:27  in chain"

    look_at(driver, "/deep")
    folded = [name for name in range(80) if driver.has(f"raised.run.{name}")]
    assert "and 9" in driver.text(f"raised.run.{folded[-1]}.words")
    codes = [f"raised.frame.{name}.code" for name in range(80)]
    driver.wait(lambda: sum(map(driver.has, codes)) == 8, "the first and the last ones to be open")


def test_debug_pages_are_switched_for_this_project_and_that_is_remembered(driver: Driver) -> None:
    driver.live()
    action = driver.window.commands.table.qaction("server.debug")
    session = driver.window.workspace.session
    assert not action.isChecked() and "app.py" not in ask(driver, "/names/7")
    action.trigger()
    driver.wait(action.isChecked, "the action to be checked")
    driver.wait(lambda: driver.window.status.currentMessage() == ON, "what was done to be said")
    page = ask(driver, "/names/7")
    assert "<u>names[number]</u>" in page and "hunter2" not in page
    assert "There is no 7 in" in page or "KeyError: 7" in page
    kept = session.home.get("debug_pages")
    assert kept == {str(driver.folder()): True}
    assert not [path for path in driver.folder().rglob("*") if "debug" in path.name]
    action.trigger()
    driver.wait(lambda: driver.window.status.currentMessage() == OFF, "that to be said")
    assert not action.isChecked()
    assert session.home.get("debug_pages") == {}
    assert "names[number]" not in ask(driver, "/names/7")


# -- the parts by themselves ------------------------------------------------------------------------------


def test_many_variables_wait_and_are_counted(qtbot: QtBot) -> None:
    table = FrameValues("v", [Value(f"n{at}", "int", str(at)) for at in range(30)], 5)
    qtbot.addWidget(table)
    assert table.rowCount() == ROWS + 1 and table.cell(ROWS, 2).words == "23 more"
    table.chosen.emit(ROWS)
    assert table.rowCount() == 31 and table.cell(30, 2).words == "5 more were not kept"
    table.chosen.emit(30)
    table.chosen.emit(0)
    assert table.rowCount() == 31


def test_frames_are_grouped_by_whose_they_are() -> None:
    flask = Frame("flask/app.py", 1, "f", library="Flask")
    werkzeug = Frame("werkzeug/x.py", 1, "f", library="Werkzeug")
    own = Frame("app.py", 1, "f", own=True)
    told = runs(Raised("E", "", (flask, werkzeug, own, flask)))
    assert [(run.at, run.words) for run in told] == [
        (0, "2 frames in Flask and Werkzeug"),
        (2, ""),
        (3, "1 frame in Flask"),
    ]
    deep = runs(Raised("E", "", (own,) * 80, gap=900))
    assert [run.words for run in deep if run.words] == [
        "72 frames more of this project, and 900 that were not kept"
    ]
    assert len(deep) == 9


def test_the_same_exception_is_not_built_anew(qtbot: QtBot) -> None:
    view = RaisedView()
    qtbot.addWidget(view)
    told = (Raised("E", "m", (Frame("app.py", 1, "f", "x", own=True, first=1, source=("x",)),), "text"),)
    view.show_raised(told)
    qtbot.waitUntil(lambda: not view.is_opening)
    before = view.findChild(FrameCode)
    view.show_raised(told)
    assert view.findChild(FrameCode) is before is not None
    view.show_raised(())
    assert view.isHidden()
    qtbot.waitUntil(lambda: not view.is_opening)
