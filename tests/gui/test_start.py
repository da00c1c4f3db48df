"""What the window needs to be there, and what it leaves for later."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from project_folders import one_file
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.gui.panels.route_form import RouteForm
from playground.gui.widgets.code_editor import CodeEditor
from playground.gui.window import Window
from playground.session.session import Session

SHOW_A_WINDOW = """
import json, sys
from PySide6.QtCore import QCoreApplication
from playground.gui.application import make_application
from playground.gui.window import Window
from playground.session.session import Session
app = make_application()
window = Window(Session())
window.show()
QCoreApplication.processEvents()
print(json.dumps(sorted(sys.modules)))
window.close()
"""
PANELS = ("side_bar", "pages", "route_map", "route_page", "request_panel", "response_panel", "preview")


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """All modules that are imported when the window is seen first."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW_A_WINDOW], stdout=subprocess.PIPE, text=True, timeout=60, check=True
    )
    return set(json.loads(done.stdout))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    made = Window(Session())
    yield made
    made.close()


def test_the_window_is_there_before_the_libraries_of_the_lanes(imported: set[str]) -> None:
    late = {"flask", "werkzeug", "jinja2", "waitress", "requests", "libcst", "watchfiles", "pygments"}
    assert not late & imported


def test_the_window_is_there_before_the_panels_of_a_project(imported: set[str]) -> None:
    late = {f"playground.gui.panels.{name}" for name in (*PANELS, "workbench")}
    assert not late & imported
    assert not {"playground.gui.widgets.code_editor", "playground.gui.shortcuts", "email"} & imported


def test_no_browser_engine_is_imported_before_a_preview(imported: set[str]) -> None:
    assert not [name for name in imported if name.startswith(("PySide6.QtWebEngine", "PySide6.QtNetwork"))]


def test_the_panels_are_built_after_the_window_without_being_asked_for(qtbot: QtBot, window: Window) -> None:
    window.show()
    assert window.findChild(QWidget, "bottom") is None
    with qtbot.waitSignal(window.prepared):
        window.prepare()
    assert window.findChild(QWidget, "bottom") is not None


def test_the_panels_are_built_in_many_steps(qtbot: QtBot, window: Window) -> None:
    turns: list[int] = []
    with qtbot.waitSignal(window.prepared):
        window.prepare()
        turn = QTimer(window, interval=0)
        turn.timeout.connect(lambda: turns.append(1))
        turn.start()
    assert len(turns) >= len(PANELS), "a key pressed meanwhile would wait for all of them"


def test_panels_that_are_asked_for_early_are_there_at_once(window: Window) -> None:
    bench = window.workbench
    assert all(panel.window() is window for panel in (bench.side, bench.pages, bench.response, bench.preview))
    assert window.workbench is bench


def test_a_window_that_is_closed_at_once_builds_no_panels(window: Window) -> None:
    window.prepare()
    window.close()
    assert window.findChild(QWidget, "bottom") is None


def test_an_opened_project_is_shown_in_steps(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    bench = window.workbench
    shown: list[int] = []
    window.workspace.changed.connect(lambda _: shown.append(bench.pages.count()))
    window.workspace.open(one_file(tmp_path / "project", 3))
    qtbot.waitUntil(lambda: bench.pages.count() == 1, timeout=20_000)
    assert shown[0] == 0, "the page of the first route came with the announcement, in the same turn"


def test_an_editor_has_no_search_bar_before_one_searches(qtbot: QtBot) -> None:
    editor = CodeEditor()
    qtbot.addWidget(editor)
    assert editor.findChild(QWidget, "search.input") is None
    editor.find_text("x")
    assert editor.findChild(QWidget, "search.input") is not None


def test_a_route_is_styled_about_once_when_its_page_is_made(qtbot: QtBot) -> None:
    """Each part that is made outside and put in later is styled once more, with all that is in it."""
    counted = _StyleChanges()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(counted)
    place = QWidget()
    qtbot.addWidget(place)
    form = RouteForm(place)
    app.removeEventFilter(counted)
    assert counted.count <= 2 * len(form.findChildren(QWidget))


class _StyleChanges(QObject):
    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.StyleChange
        return False
