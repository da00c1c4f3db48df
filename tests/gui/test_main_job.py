"""The main job as a person does it: from the welcome page, by clicks and keys on named controls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
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


def test_text(empty: Driver) -> None:
    empty.add_route("/hi/<name>", "text", "<p>Hi {name}!</p>")
    assert empty.send("/hi/Ada%20%3Cb%3E") == ("200 OK", "<p>Hi Ada &lt;b&gt;!</p>")


def test_json_with_status(empty: Driver) -> None:
    empty.add_route("/made", "json", '{"ok": true}', status="201")
    status, body = empty.send("/made")
    assert status == "201 CREATED"
    assert json.loads(body) == {"ok": True}


def test_template_with_variables(empty: Driver) -> None:
    folder = empty.folder() / "templates"
    folder.mkdir(exist_ok=True)
    (folder / "card.html").write_text("<h1>{{ who }}</h1>\n")
    state = empty.window.workspace.session
    empty.wait(lambda: bool(state.snapshot.project.templates), "the template to be seen")
    empty.add_route("/card/<name>", "template", "card.html", variables="who = name.upper()")
    assert empty.send("/card/ada")[1].strip() == "<h1>ADA</h1>"


def test_redirect_to_a_route_and_to_an_address(empty: Driver) -> None:
    empty.add_route("/there", "text", "arrived")
    empty.add_route("/here", "redirect", "there")
    assert empty.send("/here") == ("200 OK", "arrived")
    assert 'url_for("there")' in empty.text("route.code")
    empty.add_route("/out", "redirect", "/there", status="301")
    assert empty.send("/out") == ("200 OK", "arrived")


def test_file(empty: Driver) -> None:
    (empty.folder() / "note.txt").write_text("from a file\n")
    empty.add_route("/note", "file", "note.txt")
    status, body = empty.send("/note")
    assert (status, body.strip()) == ("200 OK", "from a file")


def test_error(empty: Driver) -> None:
    empty.add_route("/tea", "error", "I am a teapot", status="418")
    status, body = empty.send("/tea")
    assert "418" in status
    assert "I am a teapot" in body


def test_python(empty: Driver) -> None:
    empty.add_route("/sum/<int:a>/<int:b>", "python", "total = a + b\nreturn str(total)")
    assert empty.send("/sum/2/40")[1] == "42"


CONVERTERS = [
    ("string", {"minlength": "2", "maxlength": "3"}, "abc", "abcd"),
    ("int", {"min": "2", "max": "9"}, "7", "12"),
    ("float", {"min": "1.5"}, "2.5", "1.0"),
    ("path", {}, "a/b.txt", ""),
    ("uuid", {}, "12345678-1234-5678-1234-567812345678", "nope"),
    ("any", {"items": "red, green"}, "green", "blue"),
]


@pytest.mark.parametrize(
    ("converter", "arguments", "good", "bad"), CONVERTERS, ids=[c[0] for c in CONVERTERS]
)
def test_each_converter_through_the_parameter_table(
    empty: Driver, converter: str, arguments: dict[str, str], good: str, bad: str
) -> None:
    empty.click("toolbar.new_route")
    empty.type("route.rule", "/v/<value>")
    empty.choose("route.param.0.type", converter)
    empty.qtbot.keyClick(empty.child("route.param.0.type"), Qt.Key.Key_Return)
    for name, text in arguments.items():
        empty.type(f"route.param.0.arg.{name}", text + "\n")
    empty.type("route.param.0.try", good)
    assert empty.text("route.param.0.result").startswith("✓")
    empty.type("route.param.0.try", bad)
    assert empty.text("route.param.0.result").startswith("✗")
    empty.type("route.answer.value", "got {value}")
    empty.click("route.add")
    empty.wait(lambda: not empty.has("route.add"), "the route to be added")
    empty.live()
    assert empty.send(f"/v/{good}") == ("200 OK", f"got {good}")
    if bad:
        assert "404" in empty.send(f"/v/{bad}")[0]


def test_form_and_code_stay_in_step(empty: Driver) -> None:
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


def test_a_half_typed_function_keeps_the_last_good_app_serving(empty: Driver) -> None:
    empty.add_route("/still", "text", "still here")
    code = empty.child("route.code")
    cursor = code.textCursor()
    cursor.setPosition(code.text().index("return"))
    code.setTextCursor(cursor)
    empty.keys(code, "if (")
    empty.wait(lambda: empty.text("server.status") == "⚠ Last good version", "the status to say so")
    assert "if (" in (empty.folder() / "app.py").read_text()
    assert empty.send("/still") == ("200 OK", "still here")
    for _ in "if (":
        empty.qtbot.keyClick(code, Qt.Key.Key_Backspace)
    empty.live()
    assert empty.send("/still") == ("200 OK", "still here")


def test_the_apps_data_stays_through_edits_until_it_is_reset(empty: Driver) -> None:
    app = empty.folder() / "app.py"
    app.write_text(app.read_text().replace("app = Flask(__name__)\n", "app = Flask(__name__)\nseen = []\n"))
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


def test_delete_and_undo(empty: Driver) -> None:
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


def test_a_new_blueprint_with_its_first_route(empty: Driver) -> None:
    empty.click("toolbar.new_route")
    empty.type("route.rule", "/list")
    empty.choose("route.owner", "New blueprint…")
    empty.qtbot.keyClick(empty.child("route.owner"), Qt.Key.Key_Return)
    empty.type("route.blueprint.name", "users")
    empty.type("route.blueprint.prefix", "/users")
    empty.type("route.answer.value", "all users")
    empty.click("route.add")
    empty.wait(lambda: not empty.has("route.add"), "the route to be added")
    empty.live()
    assert (empty.folder() / "users.py").is_file()
    assert empty.send("/users/list") == ("200 OK", "all users")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("users", "slash"),
        ("/users/<int:id", "<"),
        ("/users/<whole:id>", "whole"),
        ("/a/<x>/<x>", "x"),
        ("/a/<class>", "class"),
        ("/a/{x}", "<x>"),
    ],
)
def test_bad_rules_get_a_sentence_and_nothing_is_written(empty: Driver, rule: str, words: str) -> None:
    before = {path: path.read_bytes() for path in empty.folder().rglob("*") if path.is_file()}
    empty.click("toolbar.new_route")
    empty.type("route.rule", rule)
    empty.click("route.add")
    assert words in empty.text("route.rule.problem")
    empty.settled()
    assert {path: path.read_bytes() for path in empty.folder().rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("kind", "value", "fields", "label"),
    [
        ("text", "x", {"status": "999"}, "route.answer.problem"),
        ("json", "{'a': }", {}, "route.answer.problem"),
        ("json", "{hello}", {}, "route.answer.problem"),
        ("template", "nope.html", {}, "route.answer.problem"),
        ("text", "x", {"function": "class"}, "route.function.problem"),
        ("python", "return (", {}, "route.answer.problem"),
    ],
)
def test_bad_answers_get_a_sentence_at_their_field(
    empty: Driver, kind: str, value: str, fields: dict[str, str], label: str
) -> None:
    before = (empty.folder() / "app.py").read_bytes()
    empty.click("toolbar.new_route")
    empty.type("route.rule", "/x")
    if kind != "text":
        empty.click(f"route.answer.{kind}")
    empty.type("route.answer.value", value)
    for name, text in fields.items():
        empty.type(f"route.{name}", text)
    empty.click("route.add")
    empty.wait(lambda: empty.has(label), f"a sentence at {label}")
    empty.settled()
    assert (empty.folder() / "app.py").read_bytes() == before


def test_duplicate_rules_and_names_are_refused(empty: Driver) -> None:
    empty.add_route("/once", "text", "1")
    empty.click("toolbar.new_route")
    empty.type("route.rule", "/once")
    empty.click("route.add")
    empty.wait(lambda: empty.has("route.rule.problem"), "the sentence about the rule")
    empty.type("route.rule", "/twice")
    empty.type("route.function", "once")
    empty.click("route.add")
    empty.wait(lambda: empty.has("route.function.problem"), "the sentence about the name")


def test_the_window_follows_another_editor(empty: Driver) -> None:
    app = empty.folder() / "app.py"
    text = app.read_text()
    extra = '@app.get("/outside")\ndef outside():\n    return "typed elsewhere"\n\n\n'
    app.write_text(text.replace("if __name__", extra + "if __name__"))

    def listed() -> bool:
        return any(route.rule == "/outside" for route in empty.window.workspace.snapshot.project.routes)

    empty.wait(listed, "the route of the other editor")
    empty.live()
    assert empty.send("/outside") == ("200 OK", "typed elsewhere")


def test_stop_and_start(empty: Driver) -> None:
    empty.click("server.toggle")
    empty.wait(lambda: "Stopped" in empty.text("server.status"), "the server to stop")
    empty.click("server.toggle")
    empty.live()
    assert empty.text("server.address").startswith("http://127.0.0.1:")


def test_a_folder_that_vanished(welcome: Driver, tmp_path: Path) -> None:
    welcome.window.workspace.open(tmp_path / "gone")
    welcome.wait(lambda: welcome.has("banner.text"), "a sentence about the folder")
    assert "gone" in welcome.text("banner.text")
    assert welcome.has("welcome.starter.hello")


def test_a_value_to_try_is_what_the_request_panel_sends(empty: Driver) -> None:
    empty.add_route("/square/<int:n>", "python", "return str(n * n)")
    empty.type("route.param.0.try", "12")
    assert empty.text("request.url") == "/square/12"
    assert empty.send()[1] == "144"


def test_choosing_python_keeps_what_the_view_does(empty: Driver) -> None:
    empty.add_route("/greet", "text", "Good day")
    before = (empty.folder() / "app.py").read_bytes()
    empty.click("route.answer.python")
    assert empty.text("route.answer.value") == 'return "Good day"'
    empty.settled()
    assert (empty.folder() / "app.py").read_bytes() == before
    empty.type("route.answer.value", 'words = "Good day"\nreturn words.upper()')
    empty.wait(lambda: "words.upper()" in empty.text("route.code"), "the body in the code")
    empty.live()
    assert empty.send("/greet")[1] == "GOOD DAY"


def test_a_folder_without_an_app_gets_one_by_one_click(welcome: Driver, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine\n")
    welcome.window.workspace.open(tmp_path)
    welcome.wait(lambda: welcome.has("banner.action"), "the offer to make app.py")
    welcome.click("banner.action")
    welcome.live()
    assert not welcome.has("banner.text")
    welcome.add_route("/", "text", "first")
    assert welcome.send("/") == ("200 OK", "first")
    assert (tmp_path / "notes.txt").read_text() == "mine\n"


def test_what_is_open_stays_open_when_another_folder_can_not_be_opened(empty: Driver, tmp_path: Path) -> None:
    empty.add_route("/here", "text", "still open")
    empty.window.workspace.open(tmp_path / "gone")
    empty.wait(lambda: empty.has("banner.text"), "a sentence about the folder")
    assert empty.send("/here") == ("200 OK", "still open")
