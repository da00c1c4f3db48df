"""Sharing in a real window: the switch, requests from a second address, who is here, and every way it ends.

127.0.0.2 plays the address that the network knows this machine by, and 127.0.0.31 a phone: nothing but
loopback is ever bound.
"""

from __future__ import annotations

import http.client
import sys
import time
from pathlib import Path

import pytest
import segno
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from window_driver import Driver
from yardstick import yard

from playground.core.network_wish import run_with_host
from playground.core.roster import Guest, Roster
from playground.gui import open_window
from playground.gui.panels.share_code import LEAST, QUIET, ShareCode
from playground.gui.panels.share_page import counts
from playground.gui.panels.share_roster import Column, RosterSide
from playground.gui.sharing import Sharing
from playground.gui.theme import theme
from playground.gui.tokens import LIGHT

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/hello/<name>")
def hello(name):
    return f"Hello {name}"


@app.get("/broken")
def broken():
    raise RuntimeError("no")
"""
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"
URL = "http://192.168.1.20:5000"
NETWORK, OTHER = "127.0.0.2", "127.0.0.3"
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="macOS has one loopback address alone")


@pytest.fixture(autouse=True)
def networks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that this machine has in networks; a test changes the list to move it."""
    found = [NETWORK]
    monkeypatch.setattr("playground.server.addresses.of_the_network", lambda: tuple(found))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bookshop"
    folder.mkdir()
    (folder / "app.py").write_text(APP, encoding="utf-8")
    return folder


def ask(driver: Driver, path: str, to: str = NETWORK, source: str = "127.0.0.31") -> int | None:
    """A request of a phone; its status, or None where nothing listens."""
    port = driver.window.workspace.snapshot.server.port
    connection = http.client.HTTPConnection(to, port, timeout=10, source_address=(source, 0))
    try:
        connection.request("GET", path, headers={"User-Agent": PHONE})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except ConnectionRefusedError:
        return None
    finally:
        connection.close()


def port(driver: Driver) -> int:
    return int(driver.window.workspace.snapshot.server.port)


def press_keys(driver: Driver) -> None:
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_S, CTRL_SHIFT)


def share(driver: Driver) -> None:
    driver.click("toolbar.share")
    driver.click("share.accept")
    driver.wait(lambda: driver.has("share.page"), "the page with the address")
    driver.settled()


def sharing(driver: Driver) -> Sharing:
    return next(one for one in driver.window.features.all if isinstance(one, Sharing))


def rows(driver: Driver) -> list[list[str]]:
    model = sharing(driver).page.list_side.model
    return [[str(model.index(row, column).data()) for column in Column] for row in range(model.rowCount())]


def is_shared(driver: Driver) -> bool:
    return bool(driver.window.workspace.snapshot.server.shared)


def test_from_the_switch_to_the_guest_and_back(driver: Driver) -> None:
    """Nobody gets in before one press and one yes; then a phone comes, is listed, and it ends."""
    assert ask(driver, "/hello/Lin") is None
    press_keys(driver)
    assert "Anyone on this network" in driver.text("share.text")
    driver.click("share.refuse")
    assert not driver.has("share.banner") and not is_shared(driver)
    assert ask(driver, "/hello/Lin") is None
    share(driver)
    address = f"{NETWORK}:{port(driver)}"
    assert driver.text("share.address") == address
    assert driver.text("server.address") == f"http://{address}"
    assert driver.text("server.status") == "● Shared with this network"
    assert driver.has("share.nobody") and driver.text("share.number") == "0"
    driver.wait(lambda: driver.child("share.code").modules > 0, "the QR code")
    assert driver.child("share.code").accessibleName() == f"QR code of http://{address}"

    assert ask(driver, "/hello/Lin") == 200
    assert ask(driver, "/nowhere") == 404
    assert ask(driver, "/broken") == 500
    assert ask(driver, "/hello/Ada", source="127.0.0.44") == 200
    want = [
        ["127.0.0.31 · phone", "3", "GET /broken", "500"],
        ["127.0.0.44 · phone", "1", "GET /hello/Ada", "200"],
    ]
    driver.wait(lambda: rows(driver) == want, "both guests")
    driver.wait(lambda: "2 connected · 4 requests · 1 error" in driver.text("share.counts"), "the sums")
    assert driver.text("share.number") == "2" and not driver.has("share.nobody")

    (driver.folder() / "app.py").write_text(APP.replace("Hello", "Good day"), encoding="utf-8")
    code = driver.window.workbench.pages.current_page().code
    driver.wait(lambda: "Good day" in code.text(), "the edit of another program")
    driver.settled()
    assert driver.has("share.page")
    driver.qtbot.keyClick(driver.child("share.page"), Qt.Key.Key_Escape)
    driver.wait(lambda: driver.has("routes.tree"), "the project")
    assert is_shared(driver) and driver.text("server.status") == "● Shared with this network"
    driver.click("share.show")
    assert driver.has("share.page")
    driver.click("share.close")
    assert driver.has("routes.tree") and driver.has("status.saved")
    driver.click("share.show")
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: driver.has("route.add"), "the new route, for which one leaves the page")

    driver.click("share.stop")
    driver.live()
    assert driver.text("server.address") == f"http://127.0.0.1:{port(driver)}"
    assert ask(driver, "/hello/Lin") is None
    assert driver.send("/hello/Lin")[1] == "Good day Lin"
    assert "No longer shared" in driver.window.status.currentMessage()


def test_it_asks_once_for_a_project_and_ends_with_the_server_and_with_the_project(driver: Driver) -> None:
    share(driver)
    driver.click("share.stop")
    driver.live()
    press_keys(driver)  # the person said yes to this project before
    driver.wait(lambda: driver.has("share.page"), "the page, without a question")
    driver.window.commands.toggle_server()
    driver.wait(lambda: not is_shared(driver), "the end of sharing")
    driver.settled()
    assert not driver.has("share.page") and driver.has("routes.tree")
    assert "the server was stopped" in driver.text("banner.text")
    assert not driver.child("toolbar.share").isChecked()
    driver.click("server.toggle")
    driver.live()
    assert not is_shared(driver) and ask(driver, "/") is None
    driver.click("server.toggle")
    driver.wait(lambda: driver.text("server.status") == "■ Stopped", "the server to stop")

    press_keys(driver)  # who shares a server that is stopped wants it to run
    driver.wait(lambda: driver.has("share.page"), "the page")
    assert ask(driver, "/hello/Lin") == 200
    driver.window.commands.close_project()
    driver.wait(lambda: driver.has("welcome.starter.hello"), "the welcome page")
    assert "the project was closed" in driver.text("banner.text")
    driver.window.workspace.open(Path(driver.window.workspace.session.home.recent()[0].folder))
    driver.live()
    assert not is_shared(driver)


def test_without_a_network_it_is_said_and_another_network_is_followed(
    driver: Driver, networks: list[str]
) -> None:
    networks.clear()
    press_keys(driver)
    driver.qtbot.keyClick(driver.child("share.accept"), Qt.Key.Key_Return)
    driver.wait(lambda: driver.has("share.problem"), "why not")
    assert "in no network" in driver.text("share.problem") and "Wi-Fi" in driver.text("share.problem")
    assert driver.text("share.accept") == "Try again" and not is_shared(driver)

    networks += [NETWORK, OTHER]
    driver.click("share.accept")
    driver.wait(lambda: driver.has("share.page"), "the page")
    assert not driver.has("share.banner")
    wanted = f"{OTHER}:{port(driver)}"
    driver.wait(lambda: driver.child("share.code").modules > 0, "the code")
    before = driver.child("share.code").grab().toImage()
    driver.choose("share.choice", wanted)
    driver.child("share.choice").activated.emit(1)
    assert driver.text("share.address") == wanted and driver.text("server.address") == f"http://{wanted}"
    driver.wait(lambda: driver.child("share.code").modules > 0, "its code")
    assert driver.child("share.code").grab().toImage() != before
    driver.click("share.copy")
    assert QApplication.clipboard().text() == f"http://{wanted}"
    assert "Copied" in driver.text("share.counts")
    assert ask(driver, "/hello/Lin", to=OTHER) == 200

    networks.remove(OTHER)
    driver.window.workspace.look_at_network()  # as it does every few seconds
    driver.wait(lambda: driver.text("share.address") == f"{NETWORK}:{port(driver)}", "the other address")
    driver.wait(lambda: not driver.has("share.choice"), "no choice among one")


@pytest.mark.untrusted
def test_trust_comes_first_and_a_project_that_asks_for_the_network_is_told_of_sharing(
    qtbot: QtBot, folder: Path
) -> None:
    text = APP + '\n\nif __name__ == "__main__":\n    app.run(debug=True, host="0.0.0.0")\n'
    (folder / "app.py").write_text(text, encoding="utf-8")
    driver = Driver(qtbot, open_window(folder))
    driver.wait(lambda: driver.has("trust.banner"), "the banner")
    press_keys(driver)
    assert not driver.has("share.banner") and driver.has("trust.banner")
    assert QApplication.focusWidget().objectName() == "trust.accept"

    driver.click("trust.accept")
    driver.wait(lambda: driver.has("share.offer"), "the hint")
    assert 'app.run(host="0.0.0.0") in app.py' in driver.text("share.text")
    driver.live()
    assert not is_shared(driver) and ask(driver, "/") is None
    driver.click("share.offer")
    assert "Anyone on this network" in driver.text("share.text")
    driver.qtbot.keyClick(driver.child("share.accept"), Qt.Key.Key_Escape)
    assert not driver.has("share.banner") and not is_shared(driver)
    driver.close()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('app.run(host="0.0.0.0")', 'app.run(host="0.0.0.0")'),
        ('app.run("0.0.0.0", 80)', 'app.run(host="0.0.0.0")'),
        ('shop.run(debug=True, host="::")', 'shop.run(host="::")'),
        ("app.run()", ""),
        ('app.run(host="127.0.0.1")', ""),
        ('app.run(host="localhost")', ""),
        ("app.run(host=HOST)", ""),
        ('subprocess.run("ls")', ""),
        ('# app.run(host="0.0.0.0")', ""),
        ('app.run(host="0.0.0.0"', ""),
    ],
)
def test_what_counts_as_asking_for_the_network(source: str, said: str) -> None:
    assert run_with_host(source) == said


def test_the_bar_says_it_at_every_size_and_while_one_presents(driver: Driver) -> None:
    share(driver)
    driver.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    try:
        for zoom in (1.0, 2.0, 3.0):
            driver.window.resize(1024, 700)
            theme().set_zoom(zoom)
            driver.wait(lambda: _is_whole(driver, "server.address"), f"the address at {zoom}")
            assert f"{NETWORK}:{port(driver)}" in driver.text("server.address")
            assert _is_whole(driver, "share.stop")
    finally:
        theme().set_zoom(1.0)
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_F11)
    driver.wait(lambda: driver.has("share.strip"), "the strip of the window that presents")
    assert f"{NETWORK}:{port(driver)}" in driver.text("server.address")
    driver.click("share.show")
    assert driver.has("share.page") and driver.has("share.strip")
    driver.qtbot.keyClick(driver.child("share.page"), Qt.Key.Key_Escape)
    assert driver.has("share.strip") and not driver.has("share.page")
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_Escape)
    driver.wait(lambda: driver.has("toolbar.project"), "the end of presenting")
    assert not driver.has("share.strip")
    driver.click("share.stop")
    driver.live()


def _is_whole(driver: Driver, name: str) -> bool:
    """Whether a control of the top bar has the room that its words need, within the window."""
    widget = driver.child(name)
    right = widget.mapTo(driver.window, widget.rect().topRight()).x()
    return bool(widget.width() >= widget.minimumSizeHint().width() and right < driver.window.width())


# The parts of the page.


def test_the_code_is_painted_module_by_module_dark_on_white_in_both_themes(qtbot: QtBot) -> None:
    matrix = tuple(tuple(bool(module) for module in row) for row in segno.make(URL, micro=False).matrix)
    code = ShareCode()
    qtbot.addWidget(code)
    code.show_code(URL, matrix)
    for mode, side in (("light", 397), ("dark", 397), ("light", LEAST)):
        theme().set_mode(mode)
        code.setFixedSize(side, side)
        picture = code.grab().toImage()
        size = code.module_pixels()
        assert size == side // (len(matrix) + 2 * QUIET) >= 2
        first = (side - len(matrix) * size) // 2
        assert first >= QUIET * size  # the quiet zone that readers look for
        for y, row in enumerate(matrix):
            for x, dark in enumerate(row):
                corners = [(x * size, y * size), ((x + 1) * size - 1, (y + 1) * size - 1)]
                seen = {picture.pixelColor(first + at, first + down).name() for at, down in corners}
                assert seen == {LIGHT.text if dark else "#ffffff"}
    theme().set_mode("system")


def guests(count: int, turn: int = 0) -> Roster:
    """So many, of whom every third asks in each turn, so that they change their places."""

    def asked(n: int) -> int:
        return n + (turn * 7 if n % 3 == turn % 3 else 0)

    made = (
        Guest(f"192.168.1.{n}", "phone", asked(n), n % 2, "GET", f"/users/{asked(n)}", 200, 1000.0)
        for n in range(count)
    )
    ordered = tuple(sorted(made, key=lambda guest: -guest.requests))
    return Roster(ordered, sum(one.requests for one in ordered), count // 2, 0)


@pytest.fixture
def side(qtbot: QtBot) -> RosterSide:
    side = RosterSide()
    qtbot.addWidget(side)
    side.resize(520, 800)
    with qtbot.waitExposed(side):
        side.show()
    return side


def test_two_hundred_guests_who_ask_all_the_time_do_not_hold_up_the_window(
    qtbot: QtBot, side: RosterSide
) -> None:
    longest = 0.0
    for turn in range(20):
        roster = guests(200, turn)
        began = time.thread_time()
        side.show_roster(roster, 1000.0)
        side.table.viewport().repaint()
        longest = max(longest, time.thread_time() - began) if turn else 0.0  # at first, letters are looked up
        qtbot.wait(1)
    assert side.model.rowCount() == 200
    assert longest < 2 * yard(), f"{longest * 1000:.1f} ms"


def test_the_list_follows_who_comes_and_goes_and_the_keyboard_stays_with_its_guest(
    qtbot: QtBot, side: RosterSide, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(side.model)
    side.show_roster(guests(5), 1000.0)
    side.table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(side.table, Qt.Key.Key_Down)
    row = side.table.currentIndex().row()
    on = side.model.guest(row)
    assert on is not None
    side.show_roster(guests(30, turn=4), 1000.0)
    again = side.model.guest(side.table.currentIndex().row())
    assert again is not None and again.address == on.address
    assert side.table.currentIndex().row() != row
    side.show_roster(Roster(), 1000.0)
    assert side.model.rowCount() == 0 and not side.table.isVisible()


def test_a_cell_says_in_full_what_it_means(side: RosterSide) -> None:
    side.show_roster(guests(2, turn=1), 1000.0)
    said = [str(side.model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole)) for column in Column]
    assert said[0] == "192.168.1.1 · phone"
    assert said[1] == "8 requests, at 1 of them the app failed"
    assert said[2].startswith("GET /users/8, at ") and said[3] == "200 OK"
    side.show_roster(guests(2, turn=1), 2000.0)
    gone = side.model.index(0, Column.WHO).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "nothing asked for five minutes" in gone


def test_the_sums_say_one_and_many_and_what_was_refused() -> None:
    one = Guest("192.168.1.31", "", 1, 0, "GET", "/", 200, 1000.0)
    assert counts(Roster((one,), 1, 0, 0), 1000.0) == "1 connected · 1 request · 0 errors"
    assert counts(Roster((one,), 1, 1, 3), 2000.0).endswith("1 error · 3 refused for another host name")
