"""The About box: what this is and what it is made of, without asking the network."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPushButton, QTableWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground import __version__
from playground.gui import open_window


def test_the_box_tells_versions_licences_and_places(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: not opened.append(url.toLocalFile()))
    window = Driver(qtbot, open_window(None))
    window.window.commands.table.qaction("help.about").trigger()
    box = window.child("about")
    window.wait(window.child("about.copy").isEnabled, "the parts")
    window.wait(box.isActiveWindow, "the box in front")
    nameless = [
        one for one in box.findChildren(QPushButton) if not one.accessibleName() or not one.objectName()
    ]
    assert nameless == []

    assert __version__ in window.text("about.version")
    done = subprocess.run(
        [sys.executable, "-m", "playground", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == window.text("about.version")
    table: QTableWidget = window.child("about.parts")
    cells = {
        table.item(row, 0).text(): (table.item(row, 1).text(), table.item(row, 2).text())
        for row in range(table.rowCount())
    }
    assert cells["Qt"] == (qVersion(), "LGPL-3.0-only")
    assert {"Python", "Flask", "Werkzeug", "waitress", "PySide6"} <= cells.keys()
    assert [part for part, told in cells.items() if not all(told)] == []
    assert "Lesser General Public License" in window.text("about.qt")

    home = window.window.workspace.session.home.folder
    assert window.text("about.home") == str(home)
    window.click("about.home.open")
    assert opened == [str(home)]
    window.click("about.copy")
    assert QGuiApplication.clipboard().text().startswith(f"Route Playground {__version__}\nPython ")
    window.click("about.close")
    window.window.activateWindow()
    window.wait(window.window.isActiveWindow, "the window in front again")
    window.close()
