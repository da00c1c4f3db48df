"""Send is always free again, whatever becomes of a request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window

APP = """from flask import Flask
from werkzeug.routing import BaseConverter

app = Flask(__name__)


class Colour(BaseConverter):
    def to_python(self, value):
        return {"red": 1}[value]


app.url_map.converters["colour"] = Colour


@app.get("/colours/<colour:number>")
def show_colour(number):
    return f"colour {number}"
"""


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Driver]:
    folder = tmp_path / "colours"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    yield driver
    driver.close()


def test_a_converter_that_raises_and_a_mistake_of_ours_do_not_keep_send_busy(
    window: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.send("/colours/red") == ("200 OK", "colour 1")
    assert window.send("/colours/blue")[0].startswith("500")
    assert window.text("request.send") == "Send"

    def broken(_exchange: object) -> tuple[str, str]:
        raise RuntimeError("a bug")

    monkeypatch.setattr(window.window.workspace.session, "pretty", broken)
    window.click("request.send")
    window.wait(lambda: window.has("care"), "the dialog")
    assert "RuntimeError" in window.text("care.report", visible=False)
    assert window.text("request.send") == "Send"
    monkeypatch.undo()
    window.click("care.close")
    window.window.activateWindow()
    window.wait(window.window.isActiveWindow, "the window in front again")
    assert window.send("/colours/red") == ("200 OK", "colour 1")
