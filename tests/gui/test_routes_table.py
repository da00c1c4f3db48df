"""The routes as a table: sorted, filtered, copied as flask routes prints them, and opened."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui.panels.routes_table import ENDPOINT, NUMBER, RULE, WHERE

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/<name>")
def any_name(name):
    return name


@app.post("/items/<int:number>")
def item(number):
    return str(number)


@app.route("/about", methods=["GET", "PUT"])
def about():
    return ""
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    return folder


def column(driver: Driver, number: int) -> list[str]:
    model = driver.child("routes_table.table").model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def test_the_table(qtbot: QtBot, driver: Driver, folder: Path) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(driver.window, Qt.Key.Key_R, both)
    driver.wait(driver.child("routes_table.filter").hasFocus, "the filter to have the keyboard")
    driver.wait(lambda: driver.has("routes_table.table"), "the table")
    assert column(driver, ENDPOINT) == ["about", "any_name", "item", "static"]
    assert column(driver, WHERE)[:3] == ["app.py:16", "app.py:6", "app.py:11"]

    # Copied, it is what flask routes prints in a process of its own.
    for entry, sort in (("By endpoint", "endpoint"), ("By rule", "rule"), ("As in the map", "match")):
        driver.choose("routes_table.sort", entry)
        driver.click("routes_table.copy")
        command = [sys.executable, "-m", "flask", "--app", "app", "routes", "--sort", sort]
        printed = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=True).stdout
        assert QGuiApplication.clipboard().text() == printed.decode().replace("\r\n", "\n")

    # A title sorts as well; in match order, fixed text comes before a parameter.
    table = driver.child("routes_table.table")
    header = table.horizontalHeader()
    place = header.sectionViewportPosition(NUMBER) + 5
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, 8))
    assert driver.text("routes_table.sort") == "In match order"
    assert column(driver, RULE).index("/about") < column(driver, RULE).index("/<name>")
    assert column(driver, NUMBER) == ["1", "2", "3", "4"]

    # Some of them, and one of those opened from the keyboard.
    driver.type("routes_table.filter", "items post")
    assert column(driver, ENDPOINT) == ["item"]
    assert driver.text("routes_table.count") == "1 of 4"
    table.setFocus()
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    driver.wait(lambda: driver.text("route.function") == "item", "the page of the route")
    driver.type("routes_table.filter", "nowhere")
    driver.wait(lambda: driver.has("routes_table.empty"), "why nothing is listed")
    driver.type("routes_table.filter", "static")
    place = table.visualRect(table.model().index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "static is added by" in driver.window.status.currentMessage()

    # A route that is written now is listed as soon as it is live.
    driver.type("routes_table.filter", "")
    (folder / "app.py").write_text(APP + '\n\n@app.get("/new")\ndef new():\n    return "new"\n')
    driver.wait(lambda: "new" in column(driver, ENDPOINT), "the new route")
