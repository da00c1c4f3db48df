"""While the newest source does not load: the window says so, and that the last good version serves on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.gui.panels import last_good
from playground.gui.panels.last_good import SERVING_ON

APP = """from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "one"
"""


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Driver]:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    (folder / "other.py").write_text("x = 1\n")
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    yield driver
    driver.close()


def write(window: Driver, text: str) -> None:
    """An edit in another editor."""
    (window.folder() / "app.py").write_text(text)


def test_a_failure_that_stands_is_said_with_its_place_and_goes_with_it(
    window: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    class Told(last_good.QAccessibleAnnouncementEvent):
        def __init__(self, source: object, words: str) -> None:
            super().__init__(source, words)  # type: ignore[call-overload]
            told.append(words)

    monkeypatch.setattr(last_good, "QAccessibleAnnouncementEvent", Told)
    assert not window.has("lastgood.banner")
    write(window, APP + "\n1 / 0\n")
    window.wait(lambda: window.has("lastgood.banner"), "the banner")
    words = window.text("lastgood.text")
    assert told == [words]
    assert words.startswith("⚠ app.py stopped at line 10 while starting: ZeroDivisionError")
    assert words.endswith(SERVING_ON)
    assert window.send("/") == ("200 OK", "one")
    write(window, APP + "\nnothing_of_that_name\n")
    window.wait(
        lambda: "nothing_of_that_name" in window.text("lastgood.text"),
        f"the newer problem, not {window.text('lastgood.text')}",
    )
    write(window, APP.replace("one", "two"))
    window.wait(lambda: not window.has("lastgood.banner"), "the banner to go")
    assert window.send("/") == ("200 OK", "two")

    # Closed, it stays closed until there is another problem.
    write(window, APP + "\n1 / 0\n")
    window.click("lastgood.close")
    (window.folder() / "other.py").write_text("x = 2\n")
    window.settled()
    assert not window.has("lastgood.banner")
    write(window, APP + "\nnothing_of_that_name\n")
    window.wait(lambda: window.has("lastgood.banner"), "the banner")

    # A stopped server answers nothing.
    window.click("server.toggle")
    window.wait(lambda: not window.has("lastgood.banner"), "the banner to go")


def test_nothing_moves_when_it_comes_and_it_stays_at_the_edge_and_shows_the_place(window: Driver) -> None:
    parts = [window.child(name) for name in ("routes.tree", "bottom", "request.tabs", "status.saved")]
    before = [part.geometry() for part in parts]
    write(window, "import sys\n\n1 / 0\n" + APP)
    banner = window.child("lastgood.banner")
    assert [part.geometry() for part in parts] == before
    for size in ((1440, 900), (1024, 700), (700, 500)):
        window.window.resize(*size)
        ground = banner.parentWidget()
        window.wait(
            lambda ground=ground: (
                (banner.width(), banner.geometry().bottom()) == (ground.width(), ground.height() - 1)
            ),  # type: ignore[misc]
            "the banner to lie at the lower edge",
        )
    window.click("lastgood.show")
    window.wait(
        lambda: window.has("status.cursor") and window.text("status.cursor") == "Ln 3, Col 1", "the place"
    )


def test_what_never_loaded_has_its_own_banner(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "app.py").write_text("1 / 0\n")
    driver = Driver(qtbot, open_window(folder))
    driver.wait(lambda: driver.has("banner.text"), "the banner across the window")
    driver.settled()
    assert not driver.has("lastgood.banner")
    assert not driver.window.last_good._wait.isActive()
    driver.close()


def test_what_is_said_of_the_last_edit_and_of_a_line_that_is_not_finished(window: Driver) -> None:
    assert window.text("server.live").startswith("loaded in ")
    app = window.folder() / "app.py"
    app.write_text(APP.replace("one", "two"))
    window.wait(lambda: "function changed" in window.child("server.live").toolTip(), "a body edit")
    assert window.text("server.live").startswith("last edit live in ")
    window.window.workspace.reset_data()
    window.wait(lambda: window.text("server.live").startswith("data reset in "), "the reset")
    assert "began with the data that its source says" in window.child("server.live").toolTip()
    app.write_text(APP.replace("one", "three") + "\nx = 1\n")
    window.wait(
        lambda: "imported afresh; the plain data" in window.child("server.live").toolTip(), "an import"
    )

    # What stands for a moment only is not worth a banner.
    window.live()
    strip = window.window.last_good
    strip._wait.setInterval(60_000)
    write(window, APP + "\n1 / 0\n")
    window.wait(lambda: "Last good version" in window.text("server.status"), "the failure")
    assert strip._wait.isActive() and not window.has("lastgood.banner")
    write(window, APP)
    window.live()
    assert not strip._wait.isActive()
