"""What the source shows follows as one types: in the list of problems, and at its line in the editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.gui.theme import theme

APP = """\
from flask import Flask

app = Flask(__name__)


@app.route("/")
def home():
    return "Start"


@app.route("/users/<name>")
def user(name):
    return "Hello " + name
"""


def opened(qtbot: QtBot, folder: Path) -> Driver:
    (folder / "app.py").write_text(APP)
    driver = Driver(qtbot, open_window(folder))
    workspace = driver.window.workspace
    driver.wait(lambda: workspace.snapshot.project is not None, "the project")
    driver.settled()
    driver.window.workbench.pages.open_file("app.py")
    editor = driver.child("file.editor")
    driver.wait(lambda: editor.text() == APP, "the file")
    return driver


def said(driver: Driver) -> list[str]:
    """The rows of the list, which is hidden while it has none."""
    rows = driver.window.findChild(QListWidget, "problems.list")
    return [rows.item(at).text() for at in range(rows.count())]


def marked(driver: Driver) -> list[str]:
    """The lines of the editor that have a wave under them."""
    selections = driver.child("file.editor").extraSelections()
    waves = [
        one for one in selections if one.format.underlineStyle() != QTextCharFormat.UnderlineStyle.NoUnderline
    ]
    return [one.cursor.block().text() for one in waves]


def test_what_is_typed_is_checked_and_what_is_mended_is_forgotten(qtbot: QtBot, tmp_path: Path) -> None:
    driver = opened(qtbot, tmp_path)
    assert said(driver) == []
    editor = driver.child("file.editor")
    driver.type_before("file.editor", "name):", "user_")
    driver.wait(
        lambda: any("user asks for user_name" in one for one in said(driver)), "the problem in the list"
    )
    assert marked(driver) == ["def user(user_name):"]
    for _ in "user_":
        qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    driver.wait(lambda: said(driver) == [] and marked(driver) == [], "nothing to be wrong any more")
    driver.close()


@pytest.mark.untrusted
def test_a_folder_that_is_not_trusted_is_checked_too(qtbot: QtBot, tmp_path: Path) -> None:
    driver = opened(qtbot, tmp_path)
    assert driver.window.workspace.snapshot.restricted
    driver.type_before("file.editor", 'return "Start"', "# ")
    driver.wait(
        lambda: driver.window.workspace.snapshot.project.broken == ("app.py",), "the file to be broken"
    )
    driver.type_before("file.editor", '# return "Start"', "pass  ")
    driver.wait(lambda: any("home ends without a return" in one for one in said(driver)), "the problem")
    driver.close()


def test_it_warns_where_the_app_runs_and_is_an_error_where_it_does_not(qtbot: QtBot, tmp_path: Path) -> None:
    driver = opened(qtbot, tmp_path)
    driver.type_before("file.editor", 'return "Start"', "print(1)  # ")
    driver.wait(lambda: driver.has("file.problem"), "the words under the file")
    assert driver.text("file.problem").startswith("Line 8: ")
    assert colours(driver) == [theme().colour("put")]
    driver.type_before("file.editor", "print(1)", "if ")
    driver.wait(lambda: driver.text("file.problem").startswith("⚠ Line 8: "), "the line that can't be read")
    assert colours(driver) == [theme().colour("error")]
    driver.close()


def colours(driver: Driver) -> list[QColor]:
    """Those of the waves under what is wrong."""
    selections = driver.child("file.editor").extraSelections()
    none = QTextCharFormat.UnderlineStyle.NoUnderline
    return [one.format.underlineColor() for one in selections if one.format.underlineStyle() != none]
