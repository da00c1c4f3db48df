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


def test_restricted_says_so_and_what_cannot_be_done_yet(window: Driver, bird: Canary) -> None:
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


def test_a_request_may_be_written_and_ctrl_enter_says_why_it_is_not_sent(window: Driver) -> None:
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


def test_trust_keeps_pages_and_all_that_is_typed(window: Driver) -> None:
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


def test_start_asks_for_trust_and_the_keyboard_gives_it(window: Driver, bird: Canary) -> None:
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


def test_the_banner_is_reached_by_tab(window: Driver) -> None:
    window.child("toolbar.new_route").setFocus()
    way = []
    while "trust.accept" not in way and len(way) < 30:
        window.qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        way.append(QApplication.focusWidget().objectName())

    assert way[-1] == "trust.accept"


def test_the_status_line_brings_the_question_back(window: Driver) -> None:
    window.click("trust.close")

    window.click("status.restricted")

    window.wait(lambda: window.child("trust.accept").hasFocus(), "the question of trust")


def test_more_says_what_trust_means_and_offers_the_folder_around(window: Driver, bird: Canary) -> None:
    assert not window.has("trust.meaning")
    window.click("trust.more")
    assert "all that you can do" in window.text("trust.meaning")
    assert window.text("trust.around") == "Trust also the folder around it, class"

    window.click("trust.around")
    window.live()

    assert Home().trusts(bird.folder.with_name("neighbour"))


def test_the_folder_around_is_not_offered_where_it_is_the_persons_home(
    qtbot: QtBot, bird: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(bird.folder.parent))
    monkeypatch.setenv("USERPROFILE", str(bird.folder.parent))
    window = Driver(qtbot, open_window(bird.folder))
    window.click("trust.more")
    window.settled()

    assert window.has("trust.meaning")
    assert not window.has("trust.around")
    window.close()


def test_trust_taken_back_stops_and_unloads(window: Driver, bird: Canary) -> None:
    do(window, "project.trust")
    window.live()
    window.send("/users/1")
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
    window.click("trust.accept")
    window.live()
    assert "app.py" in bird.sung


def test_a_trusted_folder_opens_as_usual_and_what_is_made_here_too(
    window: Driver, bird: Canary, qtbot: QtBot
) -> None:
    window.click("trust.accept")
    window.live()
    work = window.window.workspace
    work.close()
    window.click("welcome.starter.hello")
    window.live()
    assert not window.has("trust.banner")

    work.open(bird.folder)
    window.wait(lambda: work.snapshot.project is not None and window.folder() == bird.folder, "the folder")
    window.live()

    assert not window.has("trust.banner")


def test_another_restricted_folder_is_asked_about_anew(window: Driver, tmp_path: Path) -> None:
    second = canary(tmp_path / "other")
    window.click("trust.close")
    work = window.window.workspace

    work.open(second.folder)

    window.wait(lambda: window.has("trust.banner"), "the banner")
    window.settled()
    assert second.sung == set()


def test_an_answer_meant_for_another_folder_is_not_taken(
    window: Driver, bird: Canary, tmp_path: Path
) -> None:
    second = canary(tmp_path / "other")
    work = window.window.workspace
    work.open(second.folder)

    window.window.trust.accepted.emit(str(bird.folder), False)

    window.wait(lambda: work.snapshot.project is not None and window.folder() == second.folder, "the folder")
    window.settled()
    work.trust(str(bird.folder))
    window.settled()
    assert work.snapshot.restricted
    assert not Home().trusts(second.folder)
    assert second.sung == set()


def test_trust_that_cannot_be_kept_says_so_and_runs_all_the_same(
    window: Driver, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "trusted.json").mkdir()
    (home / "trusted.json.broken").touch()  # where a folder can't be put aside

    window.click("trust.accept")

    window.live()
    window.wait(lambda: "can't be written" in window.text("banner.text"), "the reason")
    assert not window.has("trust.banner")


def test_an_empty_folder_is_restricted_too_and_can_be_begun_in(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    window = Driver(qtbot, open_window(folder))
    window.click("trust.accept")
    window.click("banner.action")

    window.live()

    assert (folder / "app.py").exists()
    window.close()
