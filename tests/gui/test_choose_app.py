"""A folder with several apps: the window says which one is shown, and remembers what is chosen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.session.home import Home

APP = 'from flask import Flask\n\n{0} = Flask(__name__)\n\n\n@{0}.get("/")\ndef index():\n    return "{0}"\n'
FACTORY = (
    'from flask import Flask\n\n\ndef create_app(name):\n    app = Flask(__name__)\n\n    @app.get("/")\n'
    "    def index():\n        return name\n\n    return app\n"
)


def several(folder: Path) -> Path:
    (folder / "admin").mkdir(parents=True)
    (folder / "app.py").write_text(APP.format("app"))
    (folder / "blog.py").write_text(APP.format("blog"))
    (folder / "admin/panel.py").write_text(APP.format("admin"))
    (folder / "made.py").write_text(FACTORY)
    return folder


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Driver]:
    driver = Driver(qtbot, open_window(several(tmp_path / "several")))
    driver.live()
    yield driver
    driver.close()


def found(window: Driver) -> list[str]:
    return [entry.title for entry in window.window.find_box.found()]


def test_the_list_is_offered_and_the_choice_is_remembered(window: Driver, qtbot: QtBot) -> None:
    assert window.text("apps.text") == "This folder has 4 apps; app.py is shown."
    window.click("apps.choose")
    field = window.child("find.input")
    assert field.accessibleName() == "Choose the app"
    assert found(window) == ["app.py", "blog.py", "made.py", "admin/panel.py", "Another one…"]
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    window.wait(lambda: not window.has("apps.banner"), "the banner to go")
    window.live()
    assert window.send("/") == ("200 OK", "blog")
    assert Home().get("apps") == {str(window.folder()): "blog.py"}

    window.window.workspace.open(window.folder())
    window.wait(lambda: window.window.workspace.snapshot.live.loaded, "the project to be opened again")
    window.live()
    assert not window.has("apps.banner")
    assert window.send("/") == ("200 OK", "blog")


@pytest.mark.untrusted
def test_trust_is_asked_for_first_and_the_message_can_be_closed(qtbot: QtBot, tmp_path: Path) -> None:
    driver = Driver(qtbot, open_window(several(tmp_path / "strange")))
    driver.wait(lambda: driver.has("trust.banner"), "the question of trust")
    driver.settled()
    assert not driver.has("apps.banner")
    driver.click("trust.accept")
    driver.wait(lambda: driver.has("apps.banner"), "the question which app it is")
    assert not driver.has("trust.banner")
    driver.live()

    # Closing the message keeps the app, and the menu has the list.
    driver.click("apps.close")
    assert not driver.has("apps.banner")
    driver.click("toolbar.new_route")
    driver.settled()
    assert not driver.has("apps.banner")
    driver.window.commands.table.qaction("app.choose").trigger()
    assert driver.has("find.input")
    driver.close()


def test_an_app_that_is_not_in_the_list_and_the_one_that_is_shown(window: Driver, qtbot: QtBot) -> None:
    window.window.commands.table.qaction("app.choose").trigger()
    field = window.child("find.input")
    window.keys(field, "another")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    window.type("ask.input", "nowhere:app")
    window.click("ask.ok")
    window.wait(lambda: window.has("ask.problem"), "the refusal")
    assert "There is no nowhere in this folder." in window.text("ask.problem")
    window.type("ask.input", "made:create_app('my own')")
    window.click("ask.ok")
    window.wait(lambda: not window.has("ask.input"), "the question to go")
    window.live()
    assert window.send("/") == ("200 OK", "my own")

    window.window.commands.table.qaction("app.choose").trigger()
    assert found(window)[0] == "made.py:create_app('my own')"
    window.keys(window.child("find.input"), "flask would find")
    qtbot.keyClick(window.child("find.input"), Qt.Key.Key_Return)
    window.wait(lambda: window.has("apps.banner"), "the banner to be back")
    window.live()
    assert window.send("/") == ("200 OK", "app")
    assert Home().get("apps") == {}

    # The banner is back: the one that is shown can be chosen too.
    window.click("apps.choose")
    qtbot.keyClick(window.child("find.input"), Qt.Key.Key_Return)
    window.wait(lambda: not window.has("apps.banner"), "the banner to go")
    window.live()
    assert window.send("/") == ("200 OK", "app")


def test_who_says_the_app_is_not_asked_but_for_two_in_one_file(qtbot: QtBot, tmp_path: Path) -> None:
    folder = several(tmp_path / "said")
    (folder / ".flaskenv").write_text("FLASK_APP=blog\n")
    window = Driver(qtbot, open_window(folder))
    window.live()
    assert not window.has("apps.banner")
    assert window.send("/") == ("200 OK", "blog")
    (folder / ".flaskenv").write_text("FLASK_APP=admin/panel.py\n")
    window.wait(
        lambda: window.window.workspace.snapshot.project.app_target == "admin/panel.py", "the other app"
    )
    window.live()
    window.wait(lambda: window.send("/") == ("200 OK", "admin"), "the other app to answer")

    # Which of two apps in one file it is, the folder does not say.
    folder = tmp_path / "two"
    folder.mkdir()
    (folder / "main.py").write_text(APP.format("one") + "two = Flask('two')\n")
    (folder / ".flaskenv").write_text("FLASK_APP=main\n")
    window.window.workspace.open(folder)
    said = "main.py makes 2 Flask apps (one, two)"
    window.wait(lambda: window.has("banner.text") and said in window.text("banner.text"), "what is wrong")
    window.click("apps.choose")
    assert found(window)[:3] == ["main.py", "main.py:one", "main.py:two"]
    window.keys(window.child("find.input"), "main.py:one")
    qtbot.keyClick(window.child("find.input"), Qt.Key.Key_Return)
    window.live()
    assert window.send("/") == ("200 OK", "one")
    assert not window.has("apps.banner")
    window.close()


def test_who_comes_back_from_installing_a_package_finds_the_app_live(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "needs"
    site = folder / f".venv/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    (site / "pip").mkdir(parents=True)
    (folder / ".venv/pyvenv.cfg").write_text("version = {}.{}.0\n".format(*sys.version_info))
    (folder / "app.py").write_text("import flask_of_mine\n" + APP.format("app"))
    window = Driver(qtbot, open_window(folder))
    window.wait(lambda: "not installed" in window.text("banner.text"), "the missing package")
    assert ".venv/bin/python -m pip install Flask-Of-Mine" in window.text("banner.text")
    (site / "flask_of_mine.py").write_text("")
    QGuiApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    window.live()
    assert window.send("/") == ("200 OK", "app")
    assert not window.has("banner.text")
    window.close()
