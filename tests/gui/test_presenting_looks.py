"""Present mode on a projector of either size, at 100, 200 and 300 %, in every theme: nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from room import starting, stays_cut_off
from window_driver import Driver

from playground.gui import open_window
from playground.gui.theme import theme

SIZES = ((1440, 900), (1024, 700))
ZOOMS = (1.0, 2.0, 3.0)
LONG = """

@app.get("/shops/<int:shop_id>/shelves/<int:shelf_id>/books/<path:title_of_the_book>")
def book_on_shelf(shop_id, shelf_id, title_of_the_book):
    raise ValueError("a " * 50 + "x" * 100)
"""


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    theme().set_mode("light")
    driver = Driver(qtbot, open_window(None))
    yield driver
    driver.close()
    theme().set_look("system", 1)
    theme().set_mode("system")


def begin(driver: Driver) -> None:
    window = driver.window
    driver.qtbot.keyClick(window, Qt.Key.Key_F11)
    driver.wait(lambda: window.size() == window.screen().size(), "the whole screen")


def show(driver: Driver, size: tuple[int, int], zoom: float, contrast: str) -> None:
    driver.window.resize(*size)
    theme().set_look(contrast, zoom)
    driver.wait(lambda: driver.window.size().toTuple() == size, "the size of the projector")


def faults(
    driver: Driver,
    sizes: tuple[tuple[int, int], ...] = SIZES,
    zooms: tuple[float, ...] = ZOOMS,
) -> Iterator[str]:
    """What is cut off in any part, at each size and zoom; all of it is given the time to settle."""
    stage = driver.window.workbench.stage
    for size in sizes:
        for zoom in zooms:
            for contrast in ("normal", "high") if zoom == 3 else ("normal",):
                show(driver, size, zoom, contrast)
                for part in list(stage.parts):
                    stage.show_part(part)
                    driver.wait(lambda: not starting(driver), "the browser engine")
                    for one in stays_cut_off(driver.window):
                        yield f"{size} {zoom} {contrast} {part}: {one}"


def test_a_route_with_its_request_and_its_answer(window: Driver) -> None:
    window.click("welcome.starter.json")
    window.live()
    app = window.folder() / "app.py"
    app.write_text(app.read_text() + LONG)
    window.live()
    window.open_from_list("/users/<int:user_id>")
    window.send("/users/1")
    port = "Port 5000 is taken by another program, so this is 5001."
    window.window.banner.say(port)
    begin(window)
    assert not window.has("banner.text")
    assert "\n".join(faults(window)) == ""
    show(window, SIZES[0], 1.0, "normal")
    window.window.workbench.stage.turn(9)
    window.click("present.form")
    window.send("/shops/1/shelves/2/books/x")
    assert window.text("response.status").startswith("500")
    assert "\n".join(faults(window, SIZES[1:])) == ""
    window.window.commands.table.qaction("xray.open").trigger()
    window.wait(lambda: window.has("xray.trip") or window.has("xray.why"), "the X-ray")
    assert "\n".join(faults(window, SIZES[1:], (2.0, 3.0))) == ""
    window.qtbot.keyClick(window.window, Qt.Key.Key_Escape)
    window.settled()
    assert window.text("banner.text") == port


def test_a_template_and_its_page(window: Driver) -> None:
    window.click("welcome.starter.pages")
    window.live()
    window.open_from_list("hello.html")
    begin(window)
    assert "\n".join(faults(window)) == ""
    window.qtbot.keyClick(window.window, Qt.Key.Key_Escape)
    window.settled()
