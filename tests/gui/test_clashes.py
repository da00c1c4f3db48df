"""The same thing changed here and by another program: both texts are shown, and the person chooses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea
from starts import Start
from window_driver import Driver

from playground.gui.theme import theme

pytestmark = pytest.mark.usefixtures("unhurried")

APP = '''\
from flask import Flask

app = Flask(__name__)


@app.get("/hello/<name>")
def hello(name):
    """Greet."""
    return "Hello"


@app.get("/other")
def other():
    return "other"
'''
PAGE = "<p>first</p>\n<p>second</p>\n<p>third</p>\n"
HELLO = "/hello/<name>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    (project / "templates").mkdir(parents=True)
    (project / "templates" / "page.html").write_text(PAGE)
    (project / "notes.txt").write_text("one\ntwo\nthree\n")
    (project / "app.py").write_text(APP)
    return project


def app(driver: Driver) -> str:
    file = driver.folder() / "app.py"
    return file.read_text() if file.exists() else ""


def asked(driver: Driver) -> str:
    """Wait for the question; what it shows of both texts."""
    driver.wait(lambda: driver.has("conflict.text"), "the question which stays")
    return str(driver.child("conflict.diff").text())


def written(driver: Driver) -> None:
    driver.wait(lambda: not driver.window.workbench.pages.pending, "the typing to be written")
    driver.settled()


def clash_in(driver: Driver, where: str) -> Path:
    """Type something and let another program change the same line; the file that both changed."""
    if where == "code":
        file = driver.folder() / "app.py"
        driver.window.workbench.open_route(driver.route(HELLO))
        driver.type_before("route.code", 'Hello"', "Mine")
        file.write_text(APP.replace("Hello", "Theirs"))
    elif where == "template":
        file = driver.folder() / "templates" / "page.html"
        driver.window.workbench.open_template("page.html")
        driver.type_before("template.editor", "second", "Mine")
        file.write_text(PAGE.replace("second", "Theirs"))
    else:
        file = driver.folder() / "notes.txt"
        driver.window.workbench.pages.open_file("notes.txt")
        driver.type_before("file.editor", "two", "Mine")
        file.write_text("one\nTheirs\nthree\n")
    return file


EDITORS = {"code": "route.code", "template": "template.editor", "file": "file.editor"}


def both_texts_are_shown_with_signs(driver: Driver, where: str) -> None:
    clash_in(driver, where)
    shown = asked(driver).splitlines()
    assert any(line.startswith("- ") and "Theirs" in line for line in shown)
    assert any(line.startswith("+ ") and "Mine" in line for line in shown)
    assert "−" in driver.text("conflict.legend")
    assert "+" in driver.text("conflict.legend")
    driver.wait(lambda: "not saved" in driver.text("status.saved"), "the status to tell")
    driver.click("conflict.mine")
    written(driver)
    driver.wait(lambda: driver.text("status.saved").endswith(" saved"), "the status to tell that, too")


def mine_is_kept(driver: Driver, where: str) -> None:
    file = clash_in(driver, where)
    asked(driver)
    driver.click("conflict.mine")
    driver.wait(lambda: "Mine" in file.read_text(), "what was typed to be written")
    written(driver)
    assert "Theirs" not in file.read_text()
    assert not driver.has("conflict.text")


def theirs_is_taken_and_what_was_typed_is_one_step_back(driver: Driver, where: str) -> None:
    file = clash_in(driver, where)
    asked(driver)
    driver.click("conflict.theirs")
    editor = driver.child(EDITORS[where])
    driver.wait(lambda: "Theirs" in editor.text() and "Mine" not in editor.text(), "their text")
    written(driver)
    assert "Theirs" in file.read_text()
    assert not driver.has("conflict.text")
    editor.undo()
    assert "Mine" in editor.text()
    driver.window.workbench.pages.flush()
    written(driver)


def both_are_kept_one_below_the_other(driver: Driver, where: str) -> None:
    file = clash_in(driver, where)
    asked(driver)
    driver.click("conflict.both")
    driver.wait(lambda: "Mine" in file.read_text() and "Theirs" in file.read_text(), "both on the disk")
    written(driver)
    text = driver.child(EDITORS[where]).text()
    assert text.index("Theirs") < text.index("Mine")
    assert text in file.read_text()
    assert not driver.has("conflict.text")


def what_is_changed_once_more_before_the_answer_is_not_written_over(driver: Driver, where: str) -> None:
    file = clash_in(driver, where)
    asked(driver)
    file.write_text(file.read_text().replace("Theirs", "Newest"))
    driver.click("conflict.mine")  # an answer to what was shown, not to what nobody has seen
    driver.wait(lambda: driver.has("conflict.text") and "Newest" in asked(driver), "the new question")
    assert "Newest" in file.read_text()
    driver.click("conflict.theirs")
    written(driver)
    assert "Newest" in file.read_text()


def a_clash_that_settles_itself_is_asked_about_no_longer(driver: Driver, where: str) -> None:
    file = clash_in(driver, where)
    asked(driver)
    file.write_text(
        file.read_text().replace("Theirs", {"code": "Hello", "template": "second"}.get(where, "two"))
    )
    driver.wait(lambda: "Mine" in file.read_text(), "what was typed to be written")
    written(driver)
    assert not driver.has("conflict.text")


def the_answers_are_found_by_keyboard(driver: Driver, where: str) -> None:
    clash_in(driver, where)
    asked(driver)
    for name in ("conflict.mine", "conflict.theirs", "conflict.both"):
        button = driver.child(name)
        assert isinstance(button, QAbstractButton)
        assert button.accessibleName()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    driver.child("conflict.mine").setFocus()
    driver.qtbot.keyClick(driver.child("conflict.mine"), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is driver.child("conflict.theirs")
    driver.qtbot.keyClick(driver.child("conflict.theirs"), Qt.Key.Key_Space)
    driver.wait(lambda: not driver.has("conflict.text"), "the answer to be taken")
    written(driver)


def a_page_closed_over_a_clash_comes_back_with_the_question(driver: Driver, where: str) -> None:
    file = clash_in(driver, where)
    driver.window.workbench.pages.close_current()  # within the pause: nothing is asked yet
    asked(driver)
    assert "Mine" in driver.child(EDITORS[where]).text()
    driver.click("conflict.mine")
    written(driver)
    assert "Mine" in file.read_text()


WITH_AN_ANSWER = (
    both_texts_are_shown_with_signs,
    mine_is_kept,
    theirs_is_taken_and_what_was_typed_is_one_step_back,
    both_are_kept_one_below_the_other,
)
WITHOUT_ONE = (
    what_is_changed_once_more_before_the_answer_is_not_written_over,
    a_clash_that_settles_itself_is_asked_about_no_longer,
    a_page_closed_over_a_clash_comes_back_with_the_question,
)
CASES = [
    pytest.param("code", (*WITH_AN_ANSWER, *WITHOUT_ONE), id="code"),
    pytest.param("file", (*WITH_AN_ANSWER, *WITHOUT_ONE, the_answers_are_found_by_keyboard), id="file"),
    pytest.param("template", WITHOUT_ONE, id="template"),
    pytest.param("template", WITH_AN_ANSWER, id="template-answers", marks=pytest.mark.long),
]
"""A template's editor is that of a file; all of its answers are tried with --long."""


@pytest.mark.parametrize(("where", "claims"), CASES)
def test_a_clash_is_asked_about(
    driver: Driver, where: str, claims: tuple[Callable[[Driver, str], None], ...]
) -> None:
    start = Start(driver)
    for claim in claims:
        claim(driver, where)
        start.again()


# The form -----------------------------------------------------------------------------------------


def clash_in_form(driver: Driver) -> None:
    driver.window.workbench.open_route(driver.route(HELLO))
    driver.type("route.doc", "Mine")
    driver.click("route.method.POST")
    (driver.folder() / "app.py").write_text(APP.replace("Greet.", "Theirs"))


def a_field_changed_here_and_elsewhere_is_asked_about(driver: Driver) -> None:
    clash_in_form(driver)
    shown = asked(driver).splitlines()
    assert "- description: Theirs" in shown
    assert "+ description: Mine" in shown
    assert not driver.has("conflict.both")
    assert '"""Theirs"""' in app(driver)
    driver.click("conflict.mine")
    driver.wait(lambda: '"""Mine"""' in app(driver), "mine to be written")
    written(driver)
    assert 'methods=["GET", "POST"]' in app(driver)


def their_field_is_taken_and_the_others_stay_typed(driver: Driver) -> None:
    clash_in_form(driver)
    asked(driver)
    driver.click("conflict.theirs")
    driver.wait(lambda: 'methods=["GET", "POST"]' in app(driver), "the method to be written")
    written(driver)
    assert '"""Theirs"""' in app(driver)
    assert driver.text("route.doc") == "Theirs"
    assert not driver.has("conflict.text")


def fields_that_do_not_clash_are_not_asked_about(driver: Driver) -> None:
    driver.window.workbench.open_route(driver.route(HELLO))
    driver.type("route.doc", "Mine")
    (driver.folder() / "app.py").write_text(APP.replace('"Hello"', '"Theirs"'))
    driver.wait(lambda: '"""Mine"""' in app(driver), "mine to be written")
    written(driver)
    assert '"Theirs"' in app(driver)
    assert not driver.has("conflict.text")


def test_a_clash_of_fields_is_asked_about_field_by_field(driver: Driver) -> None:
    start = Start(driver)
    a_field_changed_here_and_elsewhere_is_asked_about(driver)
    start.again()
    their_field_is_taken_and_the_others_stay_typed(driver)
    start.again()
    fields_that_do_not_clash_are_not_asked_about(driver)


# What was typed in is gone ------------------------------------------------------------------------


def a_route_removed_while_one_types_can_be_kept(driver: Driver, removed: str, where: str) -> None:
    driver.window.workbench.open_route(driver.route(HELLO))
    if where == "code":
        driver.type_before("route.code", 'Hello"', "Mine")
    else:
        driver.type("route.doc", "Mine")
    remove_hello(driver, removed)
    driver.wait(lambda: driver.has("conflict.text"), "the question which stays")
    driver.window.close()  # would lose it
    assert driver.window.isVisible()
    driver.click("conflict.mine")
    driver.wait(lambda: "Mine" in app(driver), "what was typed to be written")
    written(driver)
    assert "def hello(name):" in app(driver)
    assert driver.route(HELLO).doc in ("Greet.", "Mine")
    assert ("def other():" in app(driver)) == (removed == "route")
    assert not driver.has("conflict.text")


def a_route_removed_while_one_types_can_be_let_go(driver: Driver, removed: str) -> None:
    driver.window.workbench.open_route(driver.route(HELLO))
    driver.type_before("route.code", 'Hello"', "Mine")
    remove_hello(driver, removed)
    driver.wait(lambda: driver.has("conflict.text"), "the question which stays")
    driver.click("conflict.theirs")
    pages = driver.window.workbench.pages
    driver.wait(lambda: HELLO not in [pages.tabToolTip(n) for n in range(pages.count())], "its page to close")
    written(driver)
    file = driver.folder() / "app.py"
    assert not file.exists() or "hello" not in file.read_text()


def remove_hello(driver: Driver, removed: str) -> None:
    file = driver.folder() / "app.py"
    if removed == "file":
        file.unlink()
    else:
        file.write_text(APP.replace(APP[APP.index("@app.get") : APP.index('@app.get("/other')], ""))


def test_what_was_typed_in_a_route_that_is_removed_meanwhile_is_kept_or_let_go(driver: Driver) -> None:
    start = Start(driver)
    for removed in ("route", "file"):
        for where in ("code", "form"):
            a_route_removed_while_one_types_can_be_kept(driver, removed, where)
            start.again()
        a_route_removed_while_one_types_can_be_let_go(driver, removed)
        start.again()


def test_the_answers_hide_nothing_of_the_texts(driver: Driver) -> None:
    clash_in(driver, "code")
    asked(driver)
    diff, answer = driver.child("conflict.diff"), driver.child("conflict.mine")
    page, bar = driver.window.workbench.pages.current_page(), diff.parentWidget()
    form = page.findChild(QScrollArea, options=Qt.FindChildOption.FindDirectChildrenOnly)
    for size, zoom in (((1024, 700), 1.0), ((1440, 900), 2.0)):
        theme().set_zoom(zoom)
        driver.window.resize(*size)
        driver.wait(
            lambda: bool(diff.height() > 40 and diff.geometry().bottom() < answer.geometry().top()),
            f"their room at {size}",
        )
        driver.window.banner.say("A message that takes room, too.")
        driver.wait(
            lambda: bool(bar.geometry().bottom() < form.geometry().top()),
            f"the form to begin below at {size}",
        )
        driver.click("banner.close")
    driver.click("conflict.mine")
    written(driver)
