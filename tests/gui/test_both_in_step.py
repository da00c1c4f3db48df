"""Form, code, other pages and other programs write the same file at once: nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from starts import Start
from window_driver import Driver

from playground.core.routes import RouteDraft
from playground.gui import open_window

APP = '''\
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/hello/<name>")
def hello(name):
    """Greet."""
    # a greeting
    return "Hello"


@app.get("/page")
def page():
    return render_template("page.html")


@app.get("/one")
@app.get("/two")
def both():
    return "both"


def plain():
    return "plain"


app.add_url_rule("/plain", view_func=plain)
'''
HELLO, ONE, TWO, PAGE = "/hello/<name>", "/one", "/two", "/page"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    (project / "templates").mkdir(parents=True)
    (project / "templates" / "page.html").write_text("<p>first</p>\n<p>second</p>\n<p>third</p>\n")
    (project / "app.py").write_text(APP)
    return project


def app(driver: Driver) -> str:
    return (driver.folder() / "app.py").read_text()


def show(driver: Driver, rule: str) -> None:
    driver.window.workbench.open_route(driver.route(rule))


def put_cursor(driver: Driver, name: str, before: str) -> None:
    """Click into an editor before a piece of its text."""
    editor = driver.child(name)
    editor.setFocus()
    cursor = QTextCursor(editor.document())
    cursor.setPosition(editor.text().index(before))
    editor.setTextCursor(cursor)


def written(driver: Driver) -> None:
    """Wait until all that was typed is on the disk and read back."""
    driver.wait(lambda: not driver.window.workbench.pages.pending, "the typing to be written")
    driver.settled()


def apart(driver: Driver, rule: str) -> list[str]:
    """Where form, code editor, what is known and the disk do not say the same."""
    page = driver.window.workbench.pages.current_page()
    now = next((one for one in driver.window.workspace.snapshot.project.routes if one.rule == rule), None)
    if now is None or now.region is None:
        return ["no such route"]
    agreed = {
        "the page's route": page.route == now,
        "the form": page.form.problem_text() == "" and page.form.draft() == RouteDraft.of(now),
        "the editor and the view": now.region.text in page.code.text(),
        "the editor and the disk": page.code.text() in app(driver),
    }
    return [what for what, agrees in agreed.items() if not agrees]


def in_step(driver: Driver, rule: str) -> None:
    """Wait until all is written, and form, code and disk say the same."""
    written(driver)
    try:
        driver.qtbot.waitUntil(lambda: apart(driver, rule) == [], timeout=5000)
    except Exception as error:
        raise AssertionError(f"not in step: {apart(driver, rule)}; {driver.wrong()}") from error


# Typing in one place ------------------------------------------------------------------------------


def a_new_line_stays_while_one_thinks_about_what_to_write_in_it(driver: Driver) -> None:
    show(driver, HELLO)
    code = driver.child("route.code")
    code.setFocus()
    code.moveCursor(QTextCursor.MoveOperation.End)
    driver.keys(code, "\n")
    written(driver)
    assert code.text().endswith('return "Hello"\n')
    driver.keys(code, "# thought of it")
    written(driver)
    assert code.text().endswith('return "Hello"\n# thought of it')
    assert 'return "Hello"\n# thought of it\n' in app(driver)
    in_step(driver, HELLO)


def a_space_stays_while_one_thinks_about_the_next_word(driver: Driver) -> None:
    show(driver, HELLO)
    driver.type("route.doc", "Greet the ")
    written(driver)
    driver.keys(driver.child("route.doc"), "guest")
    written(driver)
    assert '"""Greet the guest"""' in app(driver)


def a_decorator_that_is_taken_away_and_typed_again_keeps_its_page(driver: Driver) -> None:
    show(driver, PAGE)
    put_cursor(driver, "route.code", "app.get")
    code = driver.child("route.code")
    for _ in "@":
        driver.qtbot.keyClick(code, Qt.Key.Key_Backspace)
    driver.keys(code, "# @")
    written(driver)
    assert '# @app.get("/page")' in app(driver)
    assert not any(one.rule == PAGE for one in driver.window.workspace.snapshot.project.routes)
    assert "no route now" in driver.text("route.code.note")
    assert not driver.child("route.rule").isEnabled()
    for _ in "# @":
        driver.qtbot.keyClick(code, Qt.Key.Key_Backspace)
    driver.keys(code, "@")
    driver.wait(lambda: driver.child("route.rule").isEnabled(), "the route to be back")
    in_step(driver, PAGE)
    assert app(driver) == APP


def a_parameter_renamed_in_the_rule_is_renamed_in_the_function(driver: Driver) -> None:
    show(driver, HELLO)
    driver.type("route.rule", "/hello/<who>")
    driver.wait(lambda: "def hello(who)" in driver.text("route.code"), "the function to follow")
    in_step(driver, "/hello/<who>")


# Form and code at once ----------------------------------------------------------------------------


def code_typed_right_after_the_form(driver: Driver) -> None:
    show(driver, HELLO)
    driver.click("route.method.POST")
    put_cursor(driver, "route.code", 'Hello"')
    driver.keys(driver.child("route.code"), "Oh, ")
    driver.type("route.doc", "Say it")
    driver.keys(driver.child("route.code"), "dear ")
    written(driver)
    assert 'return "Oh, dear Hello"' in app(driver)
    assert 'methods=["GET", "POST"]' in app(driver)
    assert '"""Say it"""' in app(driver)
    in_step(driver, HELLO)


def methods_clicked_quickly_and_back(driver: Driver) -> None:
    show(driver, HELLO)
    for method in ("POST", "PUT", "PATCH", "POST", "PUT", "PATCH"):
        driver.click(f"route.method.{method}")
    written(driver)
    assert app(driver) == APP
    in_step(driver, HELLO)


def answer_kinds_back_and_forth_and_undone(driver: Driver) -> None:
    show(driver, HELLO)
    for kind in ("json", "error", "text", "python", "json", "text"):
        driver.click(f"route.answer.{kind}")
        written(driver)
    driver.type("route.answer.value", "Bye")
    in_step(driver, HELLO)
    assert 'return "Bye"' in app(driver)
    while driver.window.workspace.snapshot.project.undo_label:
        driver.window.commands._undo()
        written(driver)
    assert app(driver) == APP
    in_step(driver, HELLO)


def a_form_that_is_wrong_does_not_hold_up_the_code(driver: Driver) -> None:
    show(driver, HELLO)
    driver.type("route.function", "class")
    put_cursor(driver, "route.code", "# a greeting")
    driver.keys(driver.child("route.code"), "# typed\n")
    written(driver)
    assert "    # typed\n" in app(driver)
    driver.type("route.function", "greet")
    written(driver)
    assert "def greet(name):" in app(driver)
    assert "    # typed\n" in app(driver)
    in_step(driver, HELLO)


def moving_to_a_blueprint_and_undoing_it_follows_the_route(driver: Driver) -> None:
    show(driver, HELLO)
    driver.choose("route.owner", "New blueprint…")
    driver.qtbot.keyClick(driver.child("route.owner"), Qt.Key.Key_Return)
    driver.type("route.blueprint.name", "greetings")
    driver.type("route.blueprint.prefix", "/g")
    written(driver)
    assert driver.route(HELLO).full_rule == "/g" + HELLO
    in_step_elsewhere = driver.window.workbench.pages.current_page()
    assert in_step_elsewhere.route == driver.route(HELLO)
    while driver.window.workspace.snapshot.project.undo_label:
        driver.window.commands._undo()
        written(driver)
    assert app(driver) == APP
    assert not (driver.folder() / "greetings.py").exists()
    in_step(driver, HELLO)


def test_what_is_typed_in_form_and_code_of_one_route_is_in_step(driver: Driver) -> None:
    start = Start(driver)
    for claim in (
        answer_kinds_back_and_forth_and_undone,  # these two first: they undo all that was done
        moving_to_a_blueprint_and_undoing_it_follows_the_route,
        a_new_line_stays_while_one_thinks_about_what_to_write_in_it,
        a_space_stays_while_one_thinks_about_the_next_word,
        a_decorator_that_is_taken_away_and_typed_again_keeps_its_page,
        a_parameter_renamed_in_the_rule_is_renamed_in_the_function,
        code_typed_right_after_the_form,
        methods_clicked_quickly_and_back,
        a_form_that_is_wrong_does_not_hold_up_the_code,
    ):
        claim(driver)
        start.again()


# Another program at once --------------------------------------------------------------------------


def code_typed_while_another_program_changes_other_lines(driver: Driver) -> None:
    show(driver, HELLO)
    put_cursor(driver, "route.code", 'Hello"')
    driver.keys(driver.child("route.code"), "Oh, ")
    text = APP.replace('"""Greet."""', '"""Greet them."""').replace("app = ", "# theirs\napp = ")
    (driver.folder() / "app.py").write_text(text)
    driver.wait(lambda: "Greet them." in driver.text("route.code"), "their words in the code")
    in_step(driver, HELLO)
    assert app(driver) == text.replace("Hello", "Oh, Hello")


def a_form_field_typed_while_another_program_changes_another(driver: Driver) -> None:
    show(driver, HELLO)
    driver.click("route.method.POST")
    (driver.folder() / "app.py").write_text(APP.replace("Greet.", "Greet them."))
    driver.wait(lambda: "POST" in app(driver), "the method")
    driver.wait(lambda: driver.text("route.doc") == "Greet them.", "their words in the form")
    in_step(driver, HELLO)


def the_same_line_changed_by_another_program_is_asked_about(driver: Driver, answer: str, stays: str) -> None:
    show(driver, HELLO)
    put_cursor(driver, "route.code", 'Hello"')
    driver.keys(driver.child("route.code"), "Mine")
    (driver.folder() / "app.py").write_text(APP.replace("Hello", "Theirs"))
    driver.wait(lambda: driver.has("conflict.text"), "the question which stays")
    driver.window.close()  # would lose one of the two
    assert driver.window.isVisible()
    driver.window.workbench.pages.close_current()
    assert driver.has("conflict.text")
    assert "MineHello" in driver.text("route.code")
    assert "Theirs" in app(driver)
    driver.click(f"conflict.{answer}")
    in_step(driver, HELLO)
    assert not driver.has("conflict.text")
    assert f'return "{stays}' in app(driver)


def a_route_removed_by_another_program_closes_its_page_but_not_what_is_typed(driver: Driver) -> None:
    show(driver, PAGE)
    show(driver, HELLO)
    put_cursor(driver, "route.code", 'Hello"')
    driver.keys(driver.child("route.code"), "Mine")
    start, end = APP.index('@app.get("/hello'), APP.index('@app.get("/one')
    (driver.folder() / "app.py").write_text(APP[:start] + APP[end:])
    pages = driver.window.workbench.pages
    driver.wait(lambda: pages.count() == 1 and pages.current_page().title == HELLO, "the other page to close")
    driver.settled()
    assert "MineHello" in driver.text("route.code")
    (driver.folder() / "app.py").write_text(APP)
    driver.wait(lambda: "MineHello" in app(driver), "what was typed to be written")
    in_step(driver, HELLO)


# Several pages of one file ------------------------------------------------------------------------


def two_rules_of_one_function_have_a_page_each(driver: Driver) -> None:
    show(driver, ONE)
    show(driver, TWO)
    put_cursor(driver, "route.code", '/two"')
    driver.keys(driver.child("route.code"), "/all")
    written(driver)
    in_step(driver, "/all/two")
    put_cursor(driver, "route.code", '/one"')
    driver.keys(driver.child("route.code"), "/all")
    written(driver)
    in_step(driver, "/all/two")
    show(driver, "/all/one")
    assert driver.window.workbench.pages.count() == 3  # with the route that is shown at the start
    in_step(driver, "/all/one")
    assert 'def both():\n    return "both"' in driver.text("route.code")


def a_file_page_and_a_route_page_of_the_same_file(driver: Driver) -> None:
    show(driver, HELLO)
    driver.window.workbench.pages.open_file("app.py")
    editor = driver.child("file.editor")
    driver.wait(lambda: editor.text() == APP, "the file")
    show(driver, HELLO)
    driver.click("route.method.POST")
    written(driver)
    driver.window.workbench.pages.open_file("app.py")
    driver.wait(lambda: editor.text() == app(driver), "the file's page to follow")
    put_cursor(driver, "file.editor", "app = Flask")
    driver.keys(editor, "# typed in the file\n")
    show(driver, HELLO)
    driver.type("route.doc", "Typed in the form")
    written(driver)
    assert "# typed in the file\napp = " in app(driver)
    assert '"""Typed in the form"""' in app(driver)
    assert editor.text() == app(driver)
    in_step(driver, HELLO)


def both_pages_typed_on_the_same_line_ask(driver: Driver) -> None:
    pages = driver.window.workbench.pages
    pages.open_file("app.py")
    editor = driver.child("file.editor")
    driver.wait(lambda: editor.text() == APP, "the file")
    put_cursor(driver, "file.editor", 'Hello"')
    driver.keys(editor, "File")
    show(driver, HELLO)
    page = pages.current_page()
    put_cursor(driver, "route.code", 'Hello"')
    driver.keys(driver.child("route.code"), "Route")
    written(driver)
    assert ("FileHello" in app(driver)) != ("RouteHello" in app(driver))
    if "FileHello" in app(driver):
        assert "RouteHello" in page.code.text()
    else:
        assert "RouteHello" in page.code.text()
        assert "FileHello" in editor.text()
    assert pages.wait_for_answer()
    driver.click("conflict.mine")
    written(driver)
    assert not pages.wait_for_answer()


# Pages and windows that close ---------------------------------------------------------------------


def a_page_closed_right_after_typing_is_written(driver: Driver) -> None:
    show(driver, HELLO)
    put_cursor(driver, "route.code", 'Hello"')
    driver.keys(driver.child("route.code"), "Oh, ")
    driver.window.workbench.pages.close_current()
    written(driver)
    assert "Oh, Hello" in app(driver)


def a_page_closed_while_it_writes_writes_the_rest_too(driver: Driver) -> None:
    show(driver, HELLO)
    put_cursor(driver, "route.code", 'Hello"')
    driver.keys(driver.child("route.code"), "Oh, ")
    page = driver.window.workbench.pages.current_page()
    page.flush()
    driver.keys(driver.child("route.code"), "dear ")
    driver.window.workbench.pages.close_current()
    written(driver)
    assert "Oh, dear Hello" in app(driver)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize(
    "places",
    [
        "form, code and template",
        *(pytest.param(one, marks=pytest.mark.long) for one in ("form", "code", "template")),
    ],
)
def test_a_window_closed_within_the_pause_has_written(qtbot: QtBot, folder: Path, places: str) -> None:
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    if "template" in places:
        driver.window.workbench.open_template("page.html")
        driver.wait(lambda: driver.child("template.editor").text() != "", "the template")
        driver.keys(driver.child("template.editor"), "template")
    if "form" in places:
        show(driver, HELLO)
        driver.type("route.doc", "form")
    if "code" in places:
        show(driver, ONE)
        put_cursor(driver, "route.code", 'both"')
        driver.keys(driver.child("route.code"), "code")
    driver.close()
    text = (folder / "app.py").read_text()
    assert ('"""form"""' in text) == ("form" in places)
    assert ('"codeboth"' in text) == ("code" in places)
    page = (folder / "templates" / "page.html").read_text()
    assert page.startswith("template") == ("template" in places)


# Templates ----------------------------------------------------------------------------------------


def open_template(driver: Driver) -> Callable[[], str]:
    driver.window.workbench.open_template("page.html")
    editor = driver.child("template.editor")
    driver.wait(lambda: "third" in editor.text(), "the template")
    return editor.text


def a_template_typed_in_while_another_program_changes_it(driver: Driver) -> None:
    text = open_template(driver)
    put_cursor(driver, "template.editor", "<p>first")
    driver.keys(driver.child("template.editor"), "mine ")
    file = driver.folder() / "templates" / "page.html"
    file.write_text(file.read_text().replace("third", "theirs"))
    driver.wait(lambda: "mine" in file.read_text() and "theirs" in file.read_text(), "both to be written")
    written(driver)
    assert text() == file.read_text()
    assert not driver.has("conflict.text")


def a_template_renamed_right_after_typing_keeps_it(driver: Driver) -> None:
    open_template(driver)
    driver.keys(driver.child("template.editor"), "typed")
    driver.window.commands.wide.rename_template("page.html")
    driver.type("ask.input", "new.html")
    driver.click("ask.ok")
    driver.click("proposal.apply")
    pages = driver.window.workbench.pages
    driver.wait(lambda: pages.current_page().title == "new.html", "the page of the new name")
    written(driver)
    titles = [pages.widget(index).title for index in range(pages.count())]
    assert "page.html" not in titles
    driver.wait(lambda: driver.child("template.editor").text().startswith("typed"), "the text")
    assert not (driver.folder() / "templates" / "page.html").exists()


def a_template_deleted_right_after_typing_comes_back_whole(driver: Driver) -> None:
    others = driver.window.workbench.pages.count()
    open_template(driver)
    driver.keys(driver.child("template.editor"), "typed")
    driver.window.workbench.side.delete_template.emit("page.html")
    file = driver.folder() / "templates" / "page.html"
    driver.wait(lambda: not file.exists(), "the file to be gone")
    driver.wait(lambda: driver.window.workbench.pages.count() == others, "its page to close")
    written(driver)
    driver.window.workspace.undo()
    written(driver)
    assert file.read_text().startswith("typed")


def a_template_removed_by_another_program_while_one_types_can_be_kept(driver: Driver) -> None:
    text = open_template(driver)
    driver.keys(driver.child("template.editor"), "typed")
    file = driver.folder() / "templates" / "page.html"
    file.unlink()
    driver.wait(lambda: driver.has("conflict.text"), "the question")
    assert text().startswith("typed")
    driver.click("conflict.mine")
    driver.wait(file.exists, "the file to be back")
    written(driver)
    assert file.read_text() == text()


@pytest.mark.usefixtures("unhurried")
def test_what_is_typed_while_another_program_writes_is_not_lost(driver: Driver) -> None:
    start = Start(driver)
    for claim in (
        code_typed_while_another_program_changes_other_lines,
        a_form_field_typed_while_another_program_changes_another,
        a_route_removed_by_another_program_closes_its_page_but_not_what_is_typed,
        a_template_typed_in_while_another_program_changes_it,
        a_template_removed_by_another_program_while_one_types_can_be_kept,
    ):
        claim(driver)
        start.again()
    for answer, stays in (("mine", "Mine"), ("theirs", "Theirs")):
        the_same_line_changed_by_another_program_is_asked_about(driver, answer, stays)
        start.again()


# What the form has no words for -------------------------------------------------------------------


def routes_that_the_form_can_not_own_are_shown_and_stay_as_they_are(driver: Driver) -> None:
    show(driver, "/plain")
    assert "add_url_rule" in driver.text("route.note")
    assert not driver.has("route.rule")
    assert "add_url_rule" in driver.text("route.code")
    written(driver)
    assert app(driver) == APP


def a_long_description_is_not_flattened_by_another_change(driver: Driver) -> None:
    text = APP.replace('"""Greet."""', '"""Greet.\n\n    With a second paragraph.\n    """')
    (driver.folder() / "app.py").write_text(text)
    driver.wait(lambda: "second paragraph" in str(driver.route(HELLO).doc), "the longer description")
    show(driver, HELLO)
    driver.click("route.method.POST")
    written(driver)
    assert app(driver) == text.replace(
        '@app.get("/hello/<name>")', '@app.route("/hello/<name>", methods=["GET", "POST"])'
    )


def test_pages_of_one_file_and_pages_that_close_keep_what_is_typed(driver: Driver) -> None:
    start = Start(driver)
    for claim in (
        two_rules_of_one_function_have_a_page_each,  # first: it counts the pages
        a_file_page_and_a_route_page_of_the_same_file,
        both_pages_typed_on_the_same_line_ask,
        a_page_closed_right_after_typing_is_written,
        a_page_closed_while_it_writes_writes_the_rest_too,
        a_template_renamed_right_after_typing_keeps_it,
        a_template_deleted_right_after_typing_comes_back_whole,
        routes_that_the_form_can_not_own_are_shown_and_stay_as_they_are,
        a_long_description_is_not_flattened_by_another_change,
    ):
        claim(driver)
        start.again()


# Anything in any order ----------------------------------------------------------------------------

STEPS = st.lists(
    st.sampled_from(["code", "doc", "method", "answer", "outside", "outside view", "turn"]), max_size=7
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_typed_is_lost_whatever_the_order(driver: Driver, steps: list[str]) -> None:
    go_through(driver, steps)


@pytest.mark.long
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_typed_is_lost_in_many_more_orders(driver: Driver, steps: list[str]) -> None:
    go_through(driver, steps)


def go_through(driver: Driver, steps: list[str]) -> None:
    file = driver.folder() / "app.py"
    file.write_text(APP)
    driver.wait(lambda: driver.route(HELLO).region.text in APP, "the file as it was")
    show(driver, HELLO)
    in_step(driver, HELLO)
    kept: set[str] = set()
    doc, answer, posted = "Greet.", "Hello", False
    for number, step in enumerate(steps):
        if step.startswith("outside"):
            driver.settled()  # else it may read, we write, and it writes over us: its own fault
        if step == "code":
            put_cursor(driver, "route.code", "# a greeting")
            driver.keys(driver.child("route.code"), f"# code{number}\n")
            kept.add(f"# code{number}\n")
        elif step == "doc":
            doc = f"Greet {number}"
            driver.type("route.doc", doc)
        elif step == "answer":
            answer = f"Hello {number}"
            driver.type("route.answer.value", answer)
        elif step == "method":
            posted = not posted
            driver.click("route.method.POST")
        elif step == "outside":
            file.write_text(f"# outside{number}\n" + file.read_text())
            kept.add(f"# outside{number}\n")
        elif step == "outside view":
            before = file.read_text()
            file.write_text(before.replace("def hello(name):", f"def hello(name):  # view{number}"))
            kept.add(f"# view{number}")
        else:
            QApplication.processEvents()
    written(driver)
    in_step(driver, HELLO)
    text = app(driver)
    assert {words for words in kept if words not in text} == set()
    now = driver.route(HELLO)
    assert (now.doc, now.answer.value, "POST" in now.methods) == (doc, answer, posted)
