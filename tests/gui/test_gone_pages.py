"""A page or a window that was closed while something was on its way for it: that reaches nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.session.session import Session

APP = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return "home"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    (project / "templates").mkdir(parents=True)
    (project / "app.py").write_text(APP)
    (project / "templates" / "page.html").write_text("old")
    return project


@pytest.mark.parametrize("there", [True, False])
def test_a_text_that_was_being_read(driver: Driver, folder: Path, there: bool) -> None:
    work, go = driver.window.workspace, threading.Event()
    work.project(lambda: go.wait(30))
    driver.window.workbench.open_template("page.html")
    if not there:
        (folder / "templates" / "page.html").unlink()
    driver.window.workbench.pages.close_current()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    go.set()
    driver.settled()


def test_what_was_written_for_it_is_announced_all_the_same(driver: Driver) -> None:
    work, go = driver.window.workspace, threading.Event()
    changes: list[object] = []
    driver.window.workbench.open_template("page.html")
    driver.wait(lambda: driver.text("template.editor") == "old", "the template")
    page = driver.window.workbench.pages.current_page()
    work.project(lambda: go.wait(30))
    driver.type("template.editor", "new")
    page.flush()
    driver.window.workbench.pages.close_all()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    work.changed.connect(changes.append)
    go.set()
    driver.settled()
    assert any("templates/page.html" in change.files for change in changes)  # type: ignore[attr-defined]


def test_a_file_that_changed_when_the_window_was_gone(
    qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell: list[Callable[[frozenset[str]], None]] = []
    monkeypatch.setattr(Session, "watch", lambda _, told: tell.append(told))
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    driver.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    tell[0](frozenset({"app.py"}))
