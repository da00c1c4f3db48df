"""The template's page: the variables it was last given, and what comes up while one types."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from window_driver import Driver

APP = """
from dataclasses import dataclass
from flask import Flask, render_template, request
app = Flask(__name__)

@dataclass
class Book:
    title: str
    year: int

BOOKS = [Book("Emma", 1815), Book("Dune", 1965)]

@app.get("/")
def index():
    return render_template("index.html")

@app.get("/hello/<name>")
def hello(name):
    return render_template("hello.html", name=name, books=BOOKS)

@app.post("/note")
def note():
    return render_template("note.html", words=request.get_data(as_text=True))
"""
HELLO = """{% extends "base.html" %}
{% block content %}
<h1>Hello, {{ name|title }}!</h1>
<ul>
{% for book in books %}
  <li>{{ book.title }}</li>
{% endfor %}
</ul>
{% endblock %}
"""
BASE = "<title>{% block title %}{% endblock %}</title>\n{% block content %}{% endblock %}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "books"
    (folder / "templates").mkdir(parents=True)
    (folder / "app.py").write_text(APP)
    (folder / "templates" / "hello.html").write_text(HELLO)
    (folder / "templates" / "base.html").write_text(BASE)
    (folder / "templates" / "index.html").write_text("Nothing here\n")
    (folder / "templates" / "note.html").write_text("{{ words }}")
    return folder


def in_front(driver: Driver) -> Driver:
    """The window with hello.html in front, rendered once."""
    driver.send("/hello/Ada")
    driver.open_from_list("hello.html")
    driver.wait(lambda: "books" in driver.text("template.variables"), "the variables")
    driver.wait(lambda: driver.text("template.editor") == HELLO, "the text")
    return driver


def put(driver: Driver, before: str) -> Any:
    """Put the cursor into the editor before a piece of its text."""
    editor = driver.child("template.editor")
    editor.setFocus()
    cursor = QTextCursor(editor.document())
    cursor.setPosition(editor.text().index(before))
    editor.setTextCursor(cursor)
    return editor


def offered(driver: Driver) -> list[str]:
    found = driver.child("template.completion")
    return [found.item(row).text().split("  ")[0] for row in range(found.count())]


# The variables.


def the_variables_of_the_last_request_are_shown(page: Driver) -> None:
    lines = page.text("template.variables").splitlines()
    assert lines[0] == "name str 'Ada'"
    assert lines[1].startswith("books list · 2 [Book(title='Emma', year=1815)")
    assert page.text("template.variables.from") == "from GET /hello/Ada"


def they_follow_each_request_wherever_it_comes_from(driver: Driver) -> None:
    driver.open_from_list("note.html")  # the preview does not ask for it, as it answers a POST
    url = driver.window.workspace.snapshot.server.url
    for words in ("Milk", "Bread"):
        with urllib.request.urlopen(f"{url}/note", words.encode(), timeout=10) as answer:
            assert words.encode() in answer.read()
        driver.wait(
            lambda w=words: w in driver.text("template.variables", visible=False), f"{words} in the list"
        )
    assert driver.text("template.variables.from") == "from POST /note"


def a_parent_is_given_the_same(page: Driver) -> None:
    page.open_from_list("base.html")
    page.wait(lambda: "'Ada'" in page.text("template.variables"), "the variables")
    assert page.text("template.variables.from") == "from GET /hello/Ada with hello.html"


def before_a_request_it_says_how_to_see_them(driver: Driver) -> None:
    driver.open_from_list("base.html")
    assert driver.text("template.variables.from").startswith("No request has rendered it yet")
    assert not driver.has("template.variables")


def they_fold_away(page: Driver) -> None:
    fold = page.child("template.variables.fold")
    fold.setFocus()
    page.qtbot.keyClick(fold, Qt.Key.Key_Space)
    assert not page.has("template.variables")
    page.qtbot.keyClick(fold, Qt.Key.Key_Space)
    assert page.has("template.variables")


def test_the_variables_that_a_template_was_last_given_are_shown(driver: Driver) -> None:
    before_a_request_it_says_how_to_see_them(driver)
    driver.window.workbench.open_route(driver.route("/hello/<name>"))
    page = in_front(driver)
    the_variables_of_the_last_request_are_shown(page)
    they_fold_away(page)
    a_parent_is_given_the_same(page)
    they_follow_each_request_wherever_it_comes_from(driver)


# Completion.


def members_of_a_loop_variable_come_up_and_enter_takes_one(page: Driver) -> None:
    editor = put(page, "</li>")
    page.keys(editor, "{{ book.")
    assert offered(page) == ["title", "year"]
    assert "str · 'Emma'" in page.child("template.completion").item(0).text()
    page.qtbot.keyClick(editor, Qt.Key.Key_Down)
    page.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert not page.has("template.completion")
    assert "{{ book.year</li>" in editor.text()


def it_stays_when_the_line_of_what_is_wrong_comes_up(page: Driver) -> None:
    editor = put(page, "</li>")
    page.keys(editor, "{{ book.")
    page.wait(lambda: page.has("template.problem"), "the line that says what is wrong")
    page.settled()
    assert offered(page) == ["title", "year"]


def typing_on_narrows_and_tab_takes(page: Driver) -> None:
    editor = put(page, "</ul>")
    page.keys(editor, "{{ b")
    assert "books" in offered(page)
    page.keys(editor, "oo")
    assert offered(page) == ["books"]
    page.qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert "{{ books</ul>" in editor.text()
    assert editor.hasFocus()


def a_completion_is_one_step_to_undo(page: Driver) -> None:
    editor = put(page, "</ul>")
    page.keys(editor, "{{ boo")
    typed = editor.text()
    page.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "{{ books" in editor.text()
    editor.undo()
    assert editor.text() == typed
    editor.redo()
    assert "{{ books</ul>" in editor.text()


def escape_closes_and_the_next_letter_asks_again(page: Driver) -> None:
    editor = put(page, "</ul>")
    page.keys(editor, "{{ bo")
    page.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not page.has("template.completion")
    page.keys(editor, "o")
    assert offered(page) == ["books"]


def control_space_asks_where_nothing_is_typed(page: Driver) -> None:
    editor = put(page, "</ul>")
    page.keys(editor, "{{ ")
    assert not page.has("template.completion")
    page.qtbot.keyClick(editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert offered(page)[:2] == ["name", "books"]


def names_in_quotes_come_up(page: Driver) -> None:
    editor = put(page, "</ul>")
    page.keys(editor, "{{ url_for('")
    assert offered(page) == ["hello", "index", "note", "static"]
    page.qtbot.keyClick(editor, Qt.Key.Key_Return)
    page.keys(editor, "', na")
    assert offered(page) == ["name"]
    page.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "{{ url_for('hello', name=</ul>" in editor.text()


def keys_are_the_editors_while_nothing_is_offered(page: Driver) -> None:
    editor = put(page, "</ul>")
    page.keys(editor, "book")
    assert not page.has("template.completion")
    before = editor.text().count("\n")
    page.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.text().count("\n") == before + 1
    page.qtbot.keyClick(editor, Qt.Key.Key_Up)
    assert editor.cursor_place()[0] == 8


def a_word_that_is_whole_leaves_enter_to_the_editor(page: Driver) -> None:
    editor = put(page, "</ul>")
    page.keys(editor, "{{ name")
    if page.has("template.completion"):
        before = editor.text().count("\n")
        page.qtbot.keyClick(editor, Qt.Key.Key_Return)
        assert editor.text().count("\n") == before + 1
    assert "{{ name" in editor.text()


def it_goes_when_the_cursor_or_the_keyboard_does(page: Driver) -> None:
    editor = put(page, "</ul>")
    page.keys(editor, "{{ bo")
    page.qtbot.keyClick(editor, Qt.Key.Key_Left)
    assert not page.has("template.completion")
    page.qtbot.keyClick(editor, Qt.Key.Key_Right)
    page.keys(editor, "o")
    assert page.has("template.completion")
    page.child("request.url" if page.has("request.url") else "template.path").setFocus()
    assert not page.has("template.completion")


def a_click_takes_what_it_hits(page: Driver) -> None:
    editor = put(page, "</li>")
    page.keys(editor, "{{ book.")
    found = page.child("template.completion")
    where = found.visualItemRect(found.item(1)).center()
    page.qtbot.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert "{{ book.year</li>" in editor.text()


def characters_that_qt_counts_twice_do_not_shift_it(page: Driver) -> None:
    editor = put(page, "</ul>")
    page.keys(editor, "😀{{ boo")
    page.qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert "😀{{ books</ul>" in editor.text()


def test_what_is_typed_is_completed(driver: Driver) -> None:
    page = in_front(driver)
    for claim in (
        members_of_a_loop_variable_come_up_and_enter_takes_one,
        it_stays_when_the_line_of_what_is_wrong_comes_up,
        typing_on_narrows_and_tab_takes,
        a_completion_is_one_step_to_undo,
        escape_closes_and_the_next_letter_asks_again,
        control_space_asks_where_nothing_is_typed,
        names_in_quotes_come_up,
        keys_are_the_editors_while_nothing_is_offered,
        a_word_that_is_whole_leaves_enter_to_the_editor,
        it_goes_when_the_cursor_or_the_keyboard_does,
        a_click_takes_what_it_hits,
        characters_that_qt_counts_twice_do_not_shift_it,
    ):
        claim(page)
        as_it_was(page)


def as_it_was(page: Driver) -> None:
    """Undo all that was typed, and wait until that is written."""
    editor = page.child("template.editor")
    while editor.text() != HELLO:
        assert editor.document().isUndoAvailable()
        editor.undo()
    editor.setFocus()
    page.qtbot.keyClick(editor, Qt.Key.Key_Escape)
    page.wait(lambda: not page.window.workbench.pages.pending, "the text to be written")
    page.wait(lambda: not page.has("template.problem"), "nothing to be wrong any more")
    page.settled()
