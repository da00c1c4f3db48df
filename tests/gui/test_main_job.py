"""The main job as a person does it: from the welcome page, by clicks and keys on named controls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window


@pytest.fixture
def welcome(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot, open_window(None))
    yield driver
    driver.close()


@pytest.fixture
def empty(welcome: Driver) -> Driver:
    welcome.click("welcome.starter.empty")
    welcome.live()
    return welcome


def test_the_whole_main_job(welcome: Driver) -> None:
    welcome.click("welcome.starter.pages")
    welcome.live()
    welcome.add_route("/users/<int:user_id>", "json", '{"id": user_id, "name": "Ada"}')
    assert "def get_user(user_id):" in welcome.text("route.code")

    status, body = welcome.send("/users/42")
    assert "200" in status
    assert json.loads(body) == {"id": 42, "name": "Ada"}
    assert welcome.window.workbench.map.lit_path == ("/", "users", "<int:user_id>", "GET get_user")

    status, _ = welcome.send("/users/abc")
    assert "404" in status

    welcome.open_from_list("hello.html")
    editor = welcome.child("template.editor")
    welcome.wait(lambda: editor.isEnabled() and bool(editor.text()), "the template")
    cursor = editor.textCursor()
    cursor.setPosition(editor.text().rindex("{% endblock %}"))
    editor.setTextCursor(cursor)
    welcome.keys(editor, "<b>typed just now</b>")

    def page() -> str:
        seen: list[str] = []
        welcome.child("template.preview").plain_text(seen.append)
        welcome.wait(lambda: bool(seen), "the page's text")
        return seen[0]

    welcome.wait(lambda: "typed just now" in page(), "the page to follow the typing")
    assert "typed just now" in (welcome.folder() / "templates" / "hello.html").read_text()


ANSWERS = {
    "/hi/<name>": ("text", "<p>Hi {name}!</p>", {}, "/hi/Ada%20%3Cb%3E", "<p>Hi Ada &lt;b&gt;!</p>"),
    "/card/<name>": (
        "template",
        "card.html",
        {"variables": "who = name.upper()"},
        "/card/ada",
        "<h1>ADA</h1>",
    ),
    "/note": ("file", "note.txt", {}, "/note", "from a file"),
    "/sum/<int:a>/<int:b>": ("python", "total = a + b\nreturn str(total)", {}, "/sum/2/40", "42"),
    "/here": ("redirect", "note", {}, "/here", "from a file"),
    "/out": ("redirect", "/note", {"status": "301"}, "/out", "from a file"),
}


def test_each_kind_of_answer_and_no_rule_or_name_twice(empty: Driver) -> None:
    (empty.folder() / "note.txt").write_text("from a file")
    folder = empty.folder() / "templates"
    folder.mkdir(exist_ok=True)
    (folder / "card.html").write_text("<h1>{{ who }}</h1>\n")
    state = empty.window.workspace.session
    empty.wait(lambda: bool(state.snapshot.project.templates), "the template to be seen")
    wrong: dict[str, object] = {}
    for rule, (kind, value, fields, url, body) in ANSWERS.items():
        empty.add_route(rule, kind, value, **fields)
        status, said = empty.send(url)
        if (status, said) != ("200 OK", body):
            wrong[rule] = (status, said)
        if rule == "/here":
            assert 'url_for("note")' in empty.text("route.code")
    assert wrong == {}

    empty.add_route("/made", "json", '{"ok": true}', status="201")
    status, body = empty.send("/made")
    assert status == "201 CREATED"
    assert json.loads(body) == {"ok": True}

    empty.add_route("/tea", "error", "I am a teapot", status="418")
    status, body = empty.send("/tea")
    assert "418" in status
    assert "I am a teapot" in body

    # What is there already is refused.
    empty.click("toolbar.new_route")
    empty.type("route.rule", "/here")
    empty.click("route.add")
    empty.wait(lambda: empty.has("route.rule.problem"), "the sentence about the rule")
    empty.type("route.rule", "/twice")
    empty.type("route.function", "here")
    empty.click("route.add")
    empty.wait(lambda: empty.has("route.function.problem"), "the sentence about the name")


def test_choosing_python_keeps_what_the_view_does(empty: Driver) -> None:
    empty.add_route("/greet/<int:n>", "text", "Good day")
    before = (empty.folder() / "app.py").read_bytes()
    empty.click("route.answer.python")
    assert empty.text("route.answer.value") == 'return "Good day"'
    empty.settled()
    assert (empty.folder() / "app.py").read_bytes() == before
    empty.type("route.answer.value", 'words = "Good day"\nreturn words.upper() * n')
    empty.wait(lambda: "words.upper() * n" in empty.text("route.code"), "the body in the code")
    empty.live()
    assert empty.send("/greet/1")[1] == "GOOD DAY"

    # A value to try is what the request panel sends.
    empty.type("route.param.0.try", "2")
    assert empty.text("request.url") == "/greet/2"
    assert empty.send()[1] == "GOOD DAYGOOD DAY"


CONVERTERS = {
    "string": ({"minlength": "2", "maxlength": "3"}, "abc", "abcd"),
    "int": ({"min": "2", "max": "9"}, "7", "12"),
    "float": ({"min": "1.5"}, "2.5", "1.0"),
    "uuid": ({}, "12345678-1234-5678-1234-567812345678", "nope"),
    "any": ({"items": "red, green"}, "green", "blue"),
    "path": ({}, "a/b.txt", ""),
}


def paste(driver: Driver, url: str) -> None:
    field = driver.child("request.url")
    field.selectAll()
    QApplication.clipboard().setText(url)
    driver.qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == url


def test_each_converter_through_the_parameter_table(empty: Driver) -> None:
    empty.click("toolbar.new_route")
    empty.type("route.rule", "/v/<s>/<i>/<f>/<u>/<a>/<p>")
    wrong: dict[str, object] = {}
    for place, (converter, (arguments, good, bad)) in enumerate(CONVERTERS.items()):
        row = f"route.param.{place}"
        empty.choose(f"{row}.type", converter)
        empty.qtbot.keyClick(empty.child(f"{row}.type"), Qt.Key.Key_Return)
        for name, text in arguments.items():
            empty.type(f"{row}.arg.{name}", text + "\n")
        results = []
        for value in (good, bad):
            empty.type(f"{row}.try", value)
            results.append(empty.text(f"{row}.result")[:1])
        if results != ["✓", "✗"]:
            wrong[converter] = results
    empty.type("route.answer.value", "got {s} {i} {f} {u} {a} {p}")
    empty.click("route.add")
    empty.wait(lambda: not empty.has("route.add"), "the route to be added")
    empty.live()
    values = {converter: good for converter, (_, good, _) in CONVERTERS.items()}
    paste(empty, "/v/" + "/".join(values.values()))
    assert empty.send() == ("200 OK", "got " + " ".join(values.values()))
    for converter, (_, _, bad) in CONVERTERS.items():
        if bad:
            paste(empty, "/v/" + "/".join((values | {converter: bad}).values()))
            status, _ = empty.send()
            if "404" not in status:
                wrong[converter] = status
    assert wrong == {}


def test_form_and_code_stay_in_step_and_half_a_function_leaves_the_last_good_app(
    empty: Driver,
) -> None:
    app = empty.folder() / "app.py"
    before = app.read_bytes()
    empty.add_route("/a", "text", "a")
    added = app.read_bytes()
    empty.click("route.delete")
    empty.wait(lambda: app.read_bytes() != added, "the route to be gone")
    empty.live()
    empty.qtbot.keyClick(empty.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    empty.wait(lambda: app.read_bytes() == added, "the route to be back")
    empty.settled()
    empty.qtbot.keyClick(empty.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    empty.wait(lambda: app.read_bytes() == before, "the file as it was")
    empty.live()

    empty.add_route("/hello/<name>", "text", "Hello {name}")
    empty.click("route.method.POST")
    empty.wait(lambda: 'methods=["GET", "POST"]' in empty.text("route.code"), "the methods in the code")
    code = empty.child("route.code")
    text = code.text()
    cursor = code.textCursor()
    cursor.setPosition(text.index("Hello"))
    code.setTextCursor(cursor)
    empty.keys(code, "Oh, ")
    empty.wait(lambda: empty.text("route.answer.value") == "Oh, Hello {name}", "the answer in the form")
    empty.live()
    assert empty.send("/hello/Ada")[1] == "Oh, Hello Ada"

    cursor = code.textCursor()
    cursor.setPosition(code.text().index("return"))
    code.setTextCursor(cursor)
    empty.keys(code, "if (")
    empty.wait(lambda: empty.text("server.status") == "⚠ Last good version", "the status to say so")
    assert "if (" in (empty.folder() / "app.py").read_text()
    assert empty.send("/hello/Ada") == ("200 OK", "Oh, Hello Ada")
    for _ in "if (":
        empty.qtbot.keyClick(code, Qt.Key.Key_Backspace)
    empty.live()
    assert empty.send("/hello/Ada") == ("200 OK", "Oh, Hello Ada")


def test_the_window_follows_another_editor_and_keeps_the_apps_data_until_it_is_reset(empty: Driver) -> None:
    app = empty.folder() / "app.py"
    text = app.read_text().replace("app = Flask(__name__)\n", "app = Flask(__name__)\nseen = []\n")
    extra = '@app.get("/outside")\ndef outside():\n    return "typed elsewhere"\n\n\n'
    app.write_text(text.replace("if __name__", extra + "if __name__"))

    def listed() -> bool:
        return any(route.rule == "/outside" for route in empty.window.workspace.snapshot.project.routes)

    empty.wait(listed, "the route of the other editor")
    empty.live()
    assert empty.send("/outside") == ("200 OK", "typed elsewhere")

    empty.add_route("/see", "python", "seen.append(1)\nreturn str(len(seen))")
    assert empty.send("/see")[1] == "1"
    empty.type("route.answer.value", "seen.append(1)\nreturn f'{len(seen)} seen'")
    empty.wait(lambda: "seen'" in empty.text("route.code"), "the edit in the code")
    empty.live()
    assert empty.window.workspace.snapshot.live.how == "body"
    assert empty.send()[1] == "2 seen"
    empty.click("route.method.POST")
    empty.wait(lambda: "POST" in empty.text("route.code"), "the method in the code")
    empty.live()
    assert empty.window.workspace.snapshot.live.how == "structure"
    assert empty.send()[1] == "3 seen"
    empty.window.commands.table.qaction("data.reset").trigger()
    empty.live()
    assert empty.send()[1] == "1 seen"

    empty.click("server.toggle")
    empty.wait(lambda: "Stopped" in empty.text("server.status"), "the server to stop")
    empty.click("server.toggle")
    empty.live()
    assert empty.text("server.address").startswith("http://127.0.0.1:")


def test_what_is_refused_is_mended_and_begins_a_blueprint(empty: Driver) -> None:
    """All that is refused, and its sentence, is in test_bad_input."""
    before = {path: path.read_bytes() for path in empty.folder().rglob("*") if path.is_file()}
    empty.click("toolbar.new_route")
    empty.type("route.rule", "/users/<whole:id>")
    empty.click("route.add")
    assert "whole" in empty.text("route.rule.problem")
    empty.type("route.rule", "/list")
    empty.click("route.answer.json")
    empty.type("route.answer.value", "{'a': }")
    empty.click("route.add")
    empty.wait(lambda: empty.has("route.answer.problem"), "the sentence about the answer")
    empty.settled()
    assert {path: path.read_bytes() for path in empty.folder().rglob("*") if path.is_file()} == before

    empty.click("route.answer.text")
    empty.type("route.answer.value", "all users")
    empty.choose("route.owner", "New blueprint…")
    empty.qtbot.keyClick(empty.child("route.owner"), Qt.Key.Key_Return)
    empty.type("route.blueprint.name", "users")
    empty.type("route.blueprint.prefix", "/users")
    empty.click("route.add")
    empty.wait(lambda: not empty.has("route.add"), "the route to be added")
    empty.live()
    assert (empty.folder() / "users.py").is_file()
    assert empty.send("/users/list") == ("200 OK", "all users")


def test_folders_that_can_not_be_shown(welcome: Driver, tmp_path: Path) -> None:
    """One that vanished gets a sentence, one without an app an app by one click; what is open stays open."""
    work = welcome.window.workspace
    work.open(tmp_path / "gone")
    welcome.wait(lambda: welcome.has("banner.text"), "a sentence about the folder")
    assert "gone" in welcome.text("banner.text")
    assert welcome.has("welcome.starter.hello")

    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine\n")
    work.open(mine)
    welcome.wait(lambda: welcome.has("banner.action"), "the offer to make app.py")
    welcome.click("banner.action")
    welcome.live()
    assert not welcome.has("banner.text")
    welcome.add_route("/", "text", "first")
    assert welcome.send("/") == ("200 OK", "first")
    assert (mine / "notes.txt").read_text() == "mine\n"

    work.open(tmp_path / "gone")
    welcome.wait(lambda: welcome.has("banner.text"), "a sentence about the folder")
    assert welcome.send("/") == ("200 OK", "first")
