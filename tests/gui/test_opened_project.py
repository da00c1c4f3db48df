"""What is seen first of a project that was opened: its first page, or why it does not run and what helps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from shapes import BY_NAME, write
from window_driver import Driver

from playground.core.changes import ProjectState
from playground.gui import open_window
from playground.gui.panels.workbench import Workbench

ADMIN = """\
from flask import Blueprint

admin = Blueprint("admin", __name__)


@admin.get("/")
def panel():
    return "panel"
"""
APP = """\
from flask import Flask

from admin import admin

app = Flask(__name__)
app.register_blueprint(admin, url_prefix="/admin")


@app.get("/first")
def first():
    return "first"
"""


def test_the_first_route_of_the_app_is_open_and_not_one_of_the_first_file(
    qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "admin.py").write_text(ADMIN)
    (tmp_path / "app.py").write_text(APP)
    driver = Driver(qtbot, open_window(tmp_path))
    driver.live()
    assert driver.text("route.rule") == "/first"
    driver.close()


def test_of_several_apps_a_route_of_the_one_that_runs_is_open(qtbot: QtBot, tmp_path: Path) -> None:
    driver = Driver(qtbot, open_window(write(BY_NAME["several_apps"], tmp_path / "apps")))
    driver.live()
    assert driver.text("route.rule") == "/posts"
    driver.close()


def test_the_command_that_installs_what_is_missing_can_be_copied(qtbot: QtBot, tmp_path: Path) -> None:
    driver = Driver(qtbot, open_window(write(BY_NAME["missing_package"], tmp_path / "missing")))
    driver.wait(lambda: driver.has("banner.text"), "the reason")
    assert driver.text("banner.action") == "Copy the command"
    driver.click("banner.action")
    copied = QGuiApplication.clipboard().text()
    assert copied.endswith("-m pip install playground-tests-have-no-such-package")
    assert copied in driver.text("banner.text")
    driver.settled()
    driver.close()


def test_the_way_of_a_request_goes_out_with_its_project(qtbot: QtBot, tmp_path: Path) -> None:
    driver = Driver(qtbot, open_window(write(BY_NAME["unguarded_run"], tmp_path / "one")))
    driver.live()
    route_map = driver.window.workbench.map
    driver.type("request.url", "/nowhere")
    driver.click("request.send")
    driver.wait(lambda: bool(route_map.words), "the way to be told")
    driver.window.workspace.open(write(BY_NAME["several_apps"], tmp_path / "two"))
    driver.wait(lambda: driver.has("apps.choose") or driver.has("apps.banner"), "the other project")
    driver.live()
    assert route_map.words == ""
    assert route_map.lit_path == ()
    driver.close()


HOMEWORK = """\
from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "hello"


@app.get("/broken")
def broken():
    return str(1
"""


def test_a_view_that_is_whole_is_edited_by_form_beside_one_that_is_not(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HOMEWORK)
    driver = Driver(qtbot, open_window(tmp_path))
    driver.wait(lambda: driver.has("banner.text"), "the reason why it does not run")
    driver.settled()
    driver.type("route.answer.value", "hello again")
    driver.wait(lambda: 'return "hello again"' in (tmp_path / "app.py").read_text(), "the edit")
    driver.settled()
    assert driver.child("route.answer.value").isEnabled()
    assert "still served" not in driver.text("route.code.note")
    driver.close()


def test_a_folder_that_vanishes_is_told_until_it_is_back(qtbot: QtBot, tmp_path: Path) -> None:
    folder = write(BY_NAME["unguarded_run"], tmp_path / "here")
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    folder.rename(tmp_path / "there")
    words = "can't be read any more"
    driver.wait(lambda: driver.has("banner.text") and words in driver.text("banner.text"), "the news")
    (tmp_path / "there").rename(folder)
    driver.wait(lambda: not driver.has("banner.text"), "the news to be over")
    driver.live()
    driver.close()


def test_what_is_typed_while_the_project_is_still_being_shown_stays(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "admin.py").write_text(ADMIN)
    (tmp_path / "app.py").write_text(APP)
    typed: list[bool] = []
    shown = Workbench._show_in_steps

    def slowly(bench: Workbench, project: ProjectState) -> Iterator[None]:
        yield from shown(bench, project)
        while not typed:
            yield

    monkeypatch.setattr(Workbench, "_show_in_steps", slowly)
    driver = Driver(qtbot, open_window(tmp_path))
    driver.type("request.url", "/admin/?page=2")
    typed.append(True)
    driver.live()
    assert driver.text("request.url") == "/admin/?page=2"
    assert driver.child("request.url").hasFocus()
    driver.window.workspace.open(write(BY_NAME["several_apps"], tmp_path / "apps"))
    driver.live()
    assert driver.text("request.url") == "/posts"
    driver.close()
