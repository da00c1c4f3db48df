"""The window on folders that can't be written to just now: what is typed stays, and is written later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from disks import fill, may_write, small_disk
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import late_writer, open_window

APP = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return "home"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project on a small disk of its own."""
    monkeypatch.setattr(late_writer, "AGAIN_MS", 100)
    with small_disk(tmp_path / "disk") as disk:
        folder = disk / "shop"
        (folder / "templates").mkdir(parents=True)
        (folder / "app.py").write_text(APP)
        (folder / "templates" / "page.html").write_text("old")
        yield folder


@pytest.fixture
def driver(qtbot: QtBot, folder: Path) -> Iterator[Driver]:
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    yield driver
    driver.close()


def test_a_template_typed_into_a_folder_that_may_not_be_written_to(driver: Driver, folder: Path) -> None:
    driver.open_from_list("page.html")
    driver.wait(lambda: driver.text("template.editor") == "old", "the template to be read")
    may_write(folder.parent, False)
    driver.type("template.editor", "new")
    driver.wait(lambda: driver.has("template.problem"), "the reason")
    assert "page.html can't be written" in driver.text("template.problem")
    assert (folder / "templates" / "page.html").read_text() == "old"
    assert driver.text("template.editor") == "new"
    assert "not saved" in driver.text("status.saved")

    may_write(folder.parent, True)
    driver.wait(
        lambda: (folder / "templates" / "page.html").read_text() == "new", "what was typed to be written"
    )
    driver.settled()
    driver.wait(lambda: not driver.has("template.problem"), "the reason to go")
    driver.wait(lambda: driver.text("status.saved").endswith(" saved"), "the status to say so")


def test_the_code_and_the_form_of_a_route_on_a_full_disk(driver: Driver, folder: Path) -> None:
    driver.open_from_list("/")
    filler = fill(folder.parent)
    driver.type("route.function", "house")
    driver.wait(lambda: any("disk is full" in words for words in driver.wrong()), "the reason")
    assert str(folder.parent) in " ".join(driver.wrong())
    assert (folder / "app.py").read_text() == APP

    filler.unlink()
    driver.wait(lambda: "def house" in (folder / "app.py").read_text(), "what was typed to be written")
    driver.settled()
    assert not [words for words in driver.wrong() if "disk" in words]


def test_a_new_route_that_can_not_be_written_stays_in_its_form(driver: Driver, folder: Path) -> None:
    may_write(folder.parent, False)
    driver.click("toolbar.new_route")
    driver.type("route.rule", "/more")
    driver.click("route.add")
    driver.wait(lambda: any("app.py can't be written" in words for words in driver.wrong()), "the reason")
    assert driver.text("route.rule") == "/more"

    may_write(folder.parent, True)
    driver.click("route.add")
    driver.wait(lambda: '"/more"' in (folder / "app.py").read_text(), "the route to be written")
    driver.settled()


def test_the_window_does_not_close_over_what_can_not_be_written(driver: Driver, folder: Path) -> None:
    driver.open_from_list("page.html")
    driver.wait(lambda: driver.text("template.editor") == "old", "the template to be read")
    may_write(folder.parent, False)
    driver.type("template.editor", "new")
    driver.wait(lambda: driver.has("template.problem"), "the reason")

    driver.window.close()
    assert driver.window.isVisible()
    assert "page.html can't be written" in driver.text("banner.text")
    driver.window.workbench.pages.close_current()
    assert driver.text("template.editor") == "new"
    may_write(folder.parent, True)
    driver.wait(
        lambda: (folder / "templates" / "page.html").read_text() == "new", "what was typed to be written"
    )
    driver.settled()


class Chosen:
    """Stands in for the system's dialog."""

    def __init__(self, folder: Path) -> None:
        self.answer, self.asked = folder, 0

    def folder(self, parent: QWidget, title: str, start: Path) -> Path:
        self.asked += 1
        return self.answer


@pytest.mark.parametrize("way", ["close", "open"])
def test_a_project_is_not_left_over_what_can_not_be_written(
    driver: Driver, folder: Path, tmp_path: Path, way: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "app.py").write_text(APP)
    commands = driver.window.commands
    commands.questions = Chosen(other)
    driver.open_from_list("page.html")
    driver.wait(lambda: driver.text("template.editor") == "old", "the template to be read")
    may_write(folder.parent, False)
    driver.type("template.editor", "new")  # and within its pause:

    leave = commands.close_project if way == "close" else commands.open_folder
    leave()
    driver.settled()
    assert driver.text("template.editor") == "new"
    assert "page.html can't be written" in driver.text("banner.text")
    assert commands.questions.asked == 0

    leave()
    driver.wait(lambda: not driver.has("template.editor"), "the project to be left, as was asked for twice")
    driver.settled()
    assert commands.questions.asked == (way == "open")


def test_what_can_not_be_written_is_told_anew_after_all_was_written(driver: Driver, folder: Path) -> None:
    driver.open_from_list("page.html")
    driver.wait(lambda: driver.text("template.editor") == "old", "the template to be read")
    for text in ("first", "second"):
        may_write(folder.parent, False)
        driver.type("template.editor", text)
        driver.window.commands.close_project()
        assert driver.text("template.editor") == text
        driver.click("banner.close")
        may_write(folder.parent, True)
        driver.wait(lambda: (folder / "templates" / "page.html").read_text() == text, "it to be written")  # noqa: B023
        driver.settled()


def test_a_page_closed_over_what_can_not_be_written_comes_back(driver: Driver, folder: Path) -> None:
    driver.open_from_list("page.html")
    driver.wait(lambda: driver.text("template.editor") == "old", "the template to be read")
    may_write(folder.parent, False)
    driver.type("template.editor", "new")  # and within its pause:
    driver.window.workbench.pages.close_current()
    driver.wait(lambda: driver.has("template.problem"), "the page with the reason")
    assert driver.text("template.editor") == "new"
    may_write(folder.parent, True)
    driver.wait(lambda: (folder / "templates" / "page.html").read_text() == "new", "it to be written")
    driver.settled()
