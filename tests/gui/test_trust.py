"""A folder that was not made here: shown and edited in the window, and nothing runs before it is trusted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from canary import Canary, canary
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QTextCursor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.gui.panels import preview, request_panel
from playground.session.home import Home

pytestmark = pytest.mark.untrusted
Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def bird(tmp_path: Path) -> Canary:
    return canary(tmp_path / "class")


@pytest.fixture
def window(qtbot: QtBot, bird: Canary) -> Iterator[Driver]:
    driver = Driver(qtbot, open_window(bird.folder))
    bugs: list[object] = []
    driver.window.workspace.jobs.unexpected.connect(bugs.append)
    driver.wait(lambda: driver.has("trust.banner"), "the banner")
    driver.settled()
    yield driver
    driver.close()
    assert bugs == []


def files(bird: Canary) -> set[str]:
    """All that lies in the project's folder, but for what git keeps."""
    names = (path.relative_to(bird.folder).as_posix() for path in bird.folder.rglob("*"))
    return {name for name in names if not name.startswith(".git/")}


def written(driver: Driver) -> None:
    driver.wait(lambda: not driver.window.workbench.pages.pending, "the typing to be written")
    driver.settled()


def type_at_end(driver: Driver, name: str, text: str) -> None:
    editor = driver.child(name)
    driver.wait(lambda: bool(editor.text()), f"the text of {name}")
    editor.setFocus()
    editor.moveCursor(QTextCursor.MoveOperation.End)
    driver.keys(editor, text)


def do(driver: Driver, action: str) -> None:
    """An action of the menu."""
    found = driver.window.findChild(QAction, action)
    driver.window.commands.table.refresh()
    assert found.isEnabled(), f"{action} is not possible now"
    found.trigger()


def said_for_page(driver: Driver) -> str:
    """The sentence that stands where the page would be."""
    return "".join(
        label.text() for label in driver.child("template.preview").findChildren(QLabel) if label.isVisible()
    )


def add(driver: Driver, rule: str) -> None:
    driver.click("toolbar.new_route")
    driver.type("route.rule", rule)
    driver.click("route.add")
    driver.wait(lambda: not driver.has("route.add"), f"{rule} to be added")
    driver.settled()


def command(*words: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "playground", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def test_a_project_is_edited_in_every_way_and_leaves_no_file_until_it_is_trusted(
    window: Driver, bird: Canary
) -> None:
    before = files(bird)

    add(window, "/by/form")
    window.open_from_list("/users/<int:user_id>")
    window.type("route.rule", "/people/<int:user_id>")
    written(window)
    type_at_end(window, "route.code", "  # by code")
    written(window)
    window.open_from_list("page.html")
    type_at_end(window, "template.editor", "<p>{{ 7 * 6 }}</p>")
    written(window)
    (bird.folder / "pkg" / "__init__.py").write_text(bird.write("pkg again") + "\n")
    window.open_from_list("pkg/__init__.py")
    window.wait(lambda: "pkg again" in window.text("file.editor"), "the edit from outside")
    do(window, "edit.undo")
    window.settled()
    window.qtbot.keyClick(window.window, Key.Key_Return, CTRL)
    window.click("server.toggle")
    window.settled()
    listed = command("routes", bird.folder, "--static")

    assert bird.sung == set()
    assert files(bird) == before
    assert "/people/<int:user_id>" in listed
    assert "/by/form" in listed
    assert "# by code" in (bird.folder / "app.py").read_text()
    window.click("trust.accept")
    window.live()
    assert "app.py" in bird.sung
    assert window.send("/people/7")[0] == "200 OK"


def test_trust_that_cannot_be_kept_says_so_and_runs_all_the_same(
    window: Driver, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "trusted.json").mkdir()
    (home / "trusted.json.broken").touch()  # where a folder can't be put aside

    window.click("trust.accept")

    window.live()
    window.wait(lambda: "can't be written" in window.text("banner.text"), "the reason")
    assert not window.has("trust.banner")


def test_what_a_restricted_folder_says_and_the_ways_to_its_question(window: Driver, bird: Canary) -> None:
    assert "not made here" in window.text("trust.text")
    assert window.text("status.restricted") == "Restricted"
    assert window.text("server.status") == "■ Stopped"
    assert not window.has("server.address")
    assert not window.child("request.send").isEnabled()
    assert window.text("request.note") == request_panel.RESTRICTED
    assert {"GET home", "GET user"} <= {
        item.node.label for item in window.window.workbench.map.view.items_shown
    }
    assert "/users/<int:user_id>" in {route.rule for route in window.window.workspace.snapshot.project.routes}

    window.open_from_list("page.html")

    assert said_for_page(window) == preview.RESTRICTED
    assert window.text("template.uses") == "used by /"
    assert bird.sung == set()

    # A request may be written, and Ctrl+Enter says why it is not sent.
    window.open_from_list("/users/<int:user_id>")
    window.click("trust.close")
    window.type("request.url", "/users/1?a=b")
    url = window.child("request.url")
    asked: list[bool] = []
    window.window.workspace.sending.connect(asked.append)

    window.qtbot.keyClick(url, Key.Key_Return, CTRL)
    window.wait(lambda: window.has("trust.banner"), "the banner again")
    window.click("trust.close")
    window.qtbot.keyClick(url, Key.Key_Return)
    window.wait(lambda: window.has("trust.banner"), "the banner again")

    assert asked == []
    assert url.hasFocus()
    assert window.text("request.note") == request_panel.RESTRICTED

    # The banner is reached by Tab.
    window.child("toolbar.new_route").setFocus()
    way = []
    while "trust.accept" not in way and len(way) < 30:
        window.qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        way.append(QApplication.focusWidget().objectName())

    assert way[-1] == "trust.accept"

    # The status line brings the question back.
    window.click("trust.close")

    window.click("status.restricted")

    window.wait(lambda: window.child("trust.accept").hasFocus(), "the question of trust")

    # Start asks for trust, and the keyboard gives it.
    window.click("trust.close")
    assert not window.has("trust.banner")
    window.child("route.rule").setFocus()

    window.window.commands.toggle_server()  # from the palette: it leaves the focus where one types

    window.wait(lambda: window.child("trust.accept").hasFocus(), "the question of trust")
    assert bird.sung == set()
    window.qtbot.keyClick(window.child("trust.accept"), Key.Key_Space)
    window.live()
    assert Home().trusts(bird.folder)
    assert window.child("route.rule").hasFocus()


def test_trust_is_given_taken_back_and_given_again(window: Driver, bird: Canary) -> None:
    """Pages and all that is typed stay; what is taken back stops and unloads."""
    window.open_from_list("/users/<int:user_id>")
    window.click("toolbar.new_route")
    window.type("route.rule", "/half/done")
    window.type("request.url", "/users/12")
    pages = window.window.workbench.pages
    shown = [pages.widget(index) for index in range(pages.count())]

    window.click("trust.accept")
    window.live()

    assert not window.has("trust.banner")
    assert not window.has("status.restricted")
    assert not window.has("request.note")
    assert [pages.widget(index) for index in range(pages.count())] == shown
    assert window.text("route.rule") == "/half/done"
    assert window.text("request.url") == "/users/12"
    assert window.child("request.url").hasFocus()
    assert window.send() == ("200 OK", '{\n  "id": 12\n}')

    # Taken back, it stops and unloads.
    window.open_from_list("page.html")

    do(window, "project.distrust")
    window.wait(lambda: window.has("trust.banner"), "the banner")
    window.settled()
    for sung in bird.nest.iterdir():
        sung.unlink()
    (bird.folder / "app.py").write_text((bird.folder / "app.py").read_text() + "\n# again\n")
    window.open_from_list("app.py")
    window.wait(lambda: "# again" in window.text("file.editor"), "the edit from outside")
    window.settled()

    assert window.text("server.status") == "■ Stopped"
    assert not window.child("request.send").isEnabled()
    assert not window.window.workspace.snapshot.live.loaded
    assert not Home().trusts(bird.folder)
    assert bird.sung == set()
    window.open_from_list("page.html")
    assert said_for_page(window) == preview.RESTRICTED
    do(window, "project.trust")
    window.live()
    assert "app.py" in bird.sung

    # What is trusted opens as usual, and what is made here, too.
    work = window.window.workspace
    work.close()
    window.click("welcome.starter.hello")
    window.live()
    assert not window.has("trust.banner")

    work.open(bird.folder)
    window.wait(lambda: work.snapshot.project is not None and window.folder() == bird.folder, "the folder")
    window.live()

    assert not window.has("trust.banner")


def test_each_folder_is_asked_about_anew(window: Driver, bird: Canary, tmp_path: Path) -> None:
    second = canary(tmp_path / "other")
    window.click("trust.close")
    work = window.window.workspace

    work.open(second.folder)

    window.wait(lambda: window.has("trust.banner"), "the banner")
    window.settled()
    assert second.sung == set()

    # An answer meant for another folder is not taken.
    work.open(bird.folder)

    window.window.trust.accepted.emit(str(second.folder), False)

    window.wait(lambda: work.snapshot.project is not None and window.folder() == bird.folder, "the folder")
    window.settled()
    work.trust(str(second.folder))
    window.settled()
    assert work.snapshot.restricted
    assert not Home().trusts(bird.folder)
    assert bird.sung == set()

    # More says what trust means, and offers the folder around.
    assert not window.has("trust.meaning")
    window.click("trust.more")
    assert "all that you can do" in window.text("trust.meaning")
    assert window.text("trust.around") == "Trust also the folder around it, class"

    window.click("trust.around")
    window.live()

    assert Home().trusts(bird.folder.with_name("neighbour"))


def test_folders_with_less_to_ask_about(
    qtbot: QtBot, bird: Canary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder around is not offered where it is the person's home; an empty one can be begun in."""
    monkeypatch.setenv("HOME", str(bird.folder.parent))
    monkeypatch.setenv("USERPROFILE", str(bird.folder.parent))
    window = Driver(qtbot, open_window(bird.folder))
    window.click("trust.more")
    window.settled()

    assert window.has("trust.meaning")
    assert not window.has("trust.around")

    folder = tmp_path / "new"
    folder.mkdir()
    window.window.workspace.open(folder)
    window.wait(
        lambda: window.window.workspace.snapshot.restricted and window.folder() == folder, "the folder"
    )
    window.settled()
    window.click("trust.accept")
    window.click("banner.action")

    window.live()

    assert (folder / "app.py").exists()
    window.close()
