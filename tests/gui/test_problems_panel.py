"""The list of problems: what it says of each, and what can be done about it there and at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QMenu
from window_driver import Driver

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/hello/<name>")
def hello(nam):
    return f"Hello {nam}"


@app.get("/")
def index():
    return "Hello"
"""
NAMES = "argument-names"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "hello"
    project.mkdir()
    (project / "app.py").write_text(APP)
    return project


def found(driver: Driver) -> None:
    """Wait until the source was looked through."""
    work = driver.window.workspace
    driver.wait(lambda: any(one.rule_id == NAMES for one in work.snapshot.findings), "the finding")
    driver.settled()


def listed(driver: Driver) -> QListWidget:
    bench = driver.window.workbench
    bench.bottom.setCurrentWidget(bench.problems)
    listed: QListWidget = driver.child("problems.list")
    return listed


def in_front(driver: Driver) -> None:
    """A menu is gone: the window is in front again, which a window manager does by itself."""
    driver.window.activateWindow()
    driver.wait(driver.window.isActiveWindow, "the window in front again")


def source(driver: Driver) -> str:
    return (driver.folder() / "app.py").read_text()


def test_a_finding_is_listed_mended_at_its_line_or_in_the_list_and_gone(driver: Driver) -> None:
    found(driver)
    problems = listed(driver)
    problems.setFocus()
    problems.setCurrentRow(0)
    driver.qtbot.keyClick(problems, Qt.Key.Key_Return)
    editor = driver.child("file.editor")
    driver.wait(editor.isEnabled, "the file")
    line = driver.window.workspace.snapshot.findings[0].place.line
    driver.wait(lambda: editor.cursor_place()[0] == line, "the line")

    # At the line, the keyboard gets its fixes.
    place = driver.window.workspace.snapshot.findings[0].place
    driver.qtbot.keyClick(editor, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert editor.cursor_place()[0] != place.line
    driver.window.workbench.pages.open_place(place)
    driver.wait(lambda: editor.isEnabled() and editor.cursor_place()[0] == place.line, "the line")
    driver.qtbot.keyClick(editor, Qt.Key.Key_Period, Qt.KeyboardModifier.ControlModifier)
    menu = driver.child("problems.menu")
    assert isinstance(menu, QMenu)
    assert menu.activeAction() is menu.actions()[0]
    driver.qtbot.keyClick(menu, Qt.Key.Key_Return)
    in_front(driver)
    driver.child("proposal.view")
    driver.click("proposal.cancel")
    driver.settled()

    # The list explains and mends it.
    problems = listed(driver)
    assert problems.count() == 1
    item = problems.item(0)
    assert item is not None
    assert item.text().startswith("app.py:")
    assert item.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Warning: app.py:")
    problems.setCurrentRow(0)
    assert driver.text("problems.sentence")
    assert driver.text("problems.reason")
    driver.click("problems.fix.0")
    driver.child("proposal.view")
    driver.click("proposal.apply")
    driver.wait(lambda: source(driver) != APP, "the edit to be written")
    driver.wait(lambda: problems.count() == 0, "the problem to be gone")
    driver.live()
    assert driver.send("/hello/Ada")[0].startswith("200")


def test_in_the_form_of_the_route_as_well_but_not_where_nothing_is_marked(driver: Driver) -> None:
    found(driver)
    driver.open_from_list("/")
    driver.window.commands.table.qaction("edit.mend").trigger()
    assert not driver.has("problems.menu")
    driver.settled()

    driver.open_from_list("/hello/<name>")
    driver.window.commands.table.qaction("edit.mend").trigger()
    menu = driver.child("problems.menu")
    why = menu.actions()[-1]
    assert why.text().startswith("Why? ")
    why.trigger()
    menu.close()
    in_front(driver)
    driver.wait(lambda: driver.has("problems.fix.0"), "the problem in the list")
    assert driver.text("problems.sentence")


def test_what_keeps_the_app_from_loading_is_an_error_and_the_banner_leads_to_what_mends_it(
    driver: Driver,
) -> None:
    app = driver.folder() / "app.py"
    app.write_text(APP + "\nif (\n")
    driver.wait(lambda: any(not one.rule_id for one in driver.window.workspace.snapshot.problems), "it")
    driver.settled()
    problems = listed(driver)
    spoken = [problems.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(problems.count())]
    assert any(one.startswith("Error: ") for one in spoken)

    app.write_text(APP.replace("from flask import", "from flask import Markup,"))
    driver.wait(
        lambda: driver.has("lastgood.text") and "Markup" in driver.text("lastgood.text"),
        "what is wrong",
    )
    driver.click("lastgood.show")
    driver.wait(lambda: driver.has("problems.fix.0"), "the ways out")
    assert "Markup" in driver.text("problems.sentence")
    driver.click("problems.fix.0")
    driver.wait(lambda: driver.has("proposal.apply"), "the diff")
    driver.click("proposal.apply")
    driver.wait(lambda: not driver.has("lastgood.banner"), "the app to load")
