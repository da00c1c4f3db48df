"""The main job without a mouse: every step is a key, sent to whatever has the focus."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window
from playground.gui.widgets.code_editor import CodeEditor

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key
MANY = 120  # more Tab stops than the window has


class Keyboard(Driver):
    """A driver that knows nothing but keys; names are only read, to know where the focus is."""

    @property
    def focus(self) -> str:
        widget = QApplication.focusWidget()
        while widget is not None and not widget.objectName():
            widget = widget.parentWidget()
        return widget.objectName() if widget is not None else ""

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.focused(), key, modifiers)

    def write(self, text: str) -> None:
        """Type in place of what the focused control holds."""
        self.press(Key.Key_A, CTRL)
        self.press(Key.Key_Delete)
        self.keys(self.focused(), text)

    @staticmethod
    def focused() -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the focus"
        return widget

    def tab(self, back: bool = False) -> None:
        """To the next control; out of an editor, where Tab indents, by Esc first."""
        if isinstance(self.focused(), CodeEditor):
            self.press(Key.Key_Escape)
        if back:
            self.press(Key.Key_Backtab, SHIFT)
        else:
            self.press(Key.Key_Tab)

    def tab_to(self, name: str, back: bool = False) -> list[str]:
        """Press Tab until that control has the focus; returns what was on the way."""
        way = [self.focus]
        for _ in range(MANY):
            if self.focus == name:
                return way
            self.tab(back)
            if self.focus != way[-1]:
                way.append(self.focus)
        raise AssertionError(f"Tab never comes to {name}, only through {way}")


@pytest.fixture
def welcome(qtbot: QtBot) -> Iterator[Keyboard]:
    keyboard = Keyboard(qtbot, open_window(None))
    yield keyboard
    keyboard.close()


@pytest.fixture
def pages(welcome: Keyboard) -> Keyboard:
    welcome.tab_to("welcome.starter.pages")
    welcome.press(Key.Key_Return)
    welcome.live()
    return welcome


def add(keys: Keyboard, rule: str) -> None:
    keys.press(Key.Key_N, CTRL)
    assert keys.focus == "route.rule"
    keys.write(rule)
    keys.tab_to("route.add")
    keys.press(Key.Key_Space)
    keys.wait(lambda: not keys.has("route.add"), f"{rule} to be added")
    keys.live()


def ask(keys: Keyboard, url: str) -> tuple[str, str]:
    keys.press(Key.Key_L, CTRL)
    assert keys.focus == "request.url"
    keys.write(url)
    answers: list[object] = []
    keys.window.workspace.exchanged.connect(answers.append)
    keys.press(Key.Key_Return, CTRL)
    keys.wait(lambda: bool(answers), "an answer")
    return keys.text("response.status"), keys.text("response.body", visible=False)


def test_the_whole_main_job(pages: Keyboard) -> None:
    pages.press(Key.Key_N, CTRL)
    assert pages.focus == "route.rule"
    pages.write("/users/<int:user_id>")
    pages.tab_to("route.param.0.arg.min")
    pages.write("1")
    pages.tab_to("route.answer.text")
    pages.press(Key.Key_Right)
    assert pages.focus == "route.answer.json"
    pages.tab_to("route.answer.value")
    pages.write('{"id": user_id, "name": "Ada"}')
    pages.tab_to("route.add")
    pages.press(Key.Key_Space)
    pages.wait(lambda: not pages.has("route.add"), "the route to be added")
    pages.live()
    assert '@app.get("/users/<int(min=1):user_id>")' in pages.text("route.code")

    status, body = ask(pages, "/users/42")
    assert status == "200 OK"
    assert json.loads(body) == {"id": 42, "name": "Ada"}
    assert pages.window.workbench.map.lit_path[-1] == "GET get_user"

    pages.press(Key.Key_K, CTRL)
    pages.keys(pages.focused(), "hello.html")
    pages.press(Key.Key_Return)
    pages.wait(lambda: pages.focus == "template.editor", "the template's editor")
    pages.wait(lambda: bool(pages.child("template.editor").text()), "the template")
    pages.press(Key.Key_End, CTRL)
    pages.keys(pages.focused(), "<b>typed by keys</b>")
    file = pages.folder() / "templates" / "hello.html"
    pages.wait(lambda: "typed by keys" in file.read_text(), "the file to follow")


def test_the_form_of_a_new_route(pages: Keyboard) -> None:
    """Tab goes through it in the order in which it is read."""
    pages.press(Key.Key_N, CTRL)
    pages.write("/a/<one>/<int:two>")
    way = pages.tab_to("route.add")
    wanted = [
        "route.rule",
        "route.method.GET",
        "route.method.POST",
        "route.owner",
        "route.params.add",
        "route.param.0.name",
        "route.param.0.type",
        "route.param.0.try",
        "route.param.0.arg.minlength",
        "route.param.1.name",
        "route.param.1.arg.signed",
        "route.answer.text",
        "route.status",
        "route.answer.value",
        "route.function",
        "route.doc",
        "route.add",
    ]
    assert [name for name in way if name in wanted] == wanted
    assert [name for name in way if not name.startswith("route.")] == []

    # A parameter whose type changes keeps its place in the order.
    pages.tab_to("route.rule", back=True)
    pages.write("/a/<one>/<two>")
    pages.tab_to("route.param.0.type")
    pages.press(Key.Key_Down)
    pages.press(Key.Key_Return)
    pages.wait(lambda: pages.has("route.param.0.arg.signed"), "the arguments of int")
    way = pages.tab_to("route.answer.text")
    rows = [name.split(".")[2] for name in way if name.startswith("route.param.")]
    assert rows == sorted(rows)
    assert "route.param.0.arg.signed" in way

    # Escape takes back a question, and the focus goes back to the page.
    pages.tab_to("route.rule", back=True)
    pages.write("/half/typed")
    pages.press(Key.Key_N, CTRL | SHIFT)
    pages.press(Key.Key_Escape)
    assert not pages.has("ask.input")
    assert pages.focus == "route.rule"
    assert pages.text("route.rule") == "/half/typed"


def test_every_part_of_the_window(pages: Keyboard) -> None:
    """Tab comes to every part, and back."""
    ask(pages, "/")
    pages.tab_to("response.tabs.bar")
    way = pages.tab_to("request.url")
    for name in ("toolbar.project", "server.toggle", "toolbar.theme", "routes.tree", "routes.new"):
        assert name in way
    for name in ("pages.tabs", "route.rule", "route.code", "bottom.tabs", "map.view", "request.method"):
        assert name in way
    back = pages.tab_to("response.tabs.bar", back=True)
    assert set(back) >= set(way) - {"response.body", "response.raw"}

    # The query table lets the keyboard in and out.
    pages.press(Key.Key_L, CTRL)
    pages.tab_to("request.query")
    pages.keys(pages.focused(), "q")
    pages.press(Key.Key_Return)
    pages.wait(lambda: pages.text("request.url").endswith("?q="), "the name in the address")
    pages.tab_to("toolbar.project")

    # A route is opened from the list.
    pages.tab_to("routes.tree", back=True)
    pages.press(Key.Key_Home)
    for _ in range(MANY):
        if pages.focused().currentIndex().data() == "/hello/<name>":  # type: ignore[attr-defined]
            break
        pages.press(Key.Key_Down)
    pages.press(Key.Key_Return)
    pages.wait(lambda: pages.text("route.rule") == "/hello/<name>", "the route's page")

    # Through the panels below Tab goes in the order in which they are read.
    pages.tab_to("bottom.tabs")
    way = pages.tab_to("map.view")
    assert way[:3] == ["bottom.tabs", "map.method", "map.path"]
    ask(pages, "/")
    pages.press(Key.Key_T, CTRL)
    assert pages.focus in ("traffic.table", "traffic.filter.text")
    pages.tab_to("bottom.tabs", back=True)
    pages.wait(lambda: pages.has("traffic.table"), "the request in the list")
    way = pages.tab_to("traffic.table")
    filters = ["text", "method", "status", "client", "route"]
    assert way[:6] == ["bottom.tabs", *(f"traffic.filter.{name}" for name in filters)]
    pages.tab()
    assert pages.child("traffic.open").isEnabled()
    pages.tab_to("traffic.open", back=True)
    pages.press(Key.Key_Space)
    pages.wait(lambda: pages.has("xray.trip"), "the X-ray page")


def test_routes_templates_and_problems(pages: Keyboard) -> None:
    app, folder = pages.folder() / "app.py", pages.folder() / "templates"

    # Pages turn and close.
    add(pages, "/second")
    assert pages.text("route.rule") == "/second"
    pages.tab_to("route.function")
    pages.press(Key.Key_Tab, CTRL)
    assert pages.text("route.rule") == "/"
    pages.press(Key.Key_W, CTRL)
    pages.wait(lambda: pages.text("route.rule") == "/second", "the other page")

    # A route is changed, deleted and brought back.
    add(pages, "/thing")
    with_thing = app.read_bytes()
    pages.press(Key.Key_F2)
    assert pages.focus == "ask.input"
    pages.press(Key.Key_Escape)
    pages.tab_to("route.method.POST", back=True)
    pages.press(Key.Key_Space)
    pages.wait(lambda: 'methods=["GET", "POST"]' in app.read_text(), "the method in the source")
    pages.live()
    pages.tab_to("route.delete")
    pages.press(Key.Key_Space)
    pages.wait(lambda: "/thing" not in app.read_text(), "the route to be gone")
    pages.live()
    for _ in range(2):
        pages.press(Key.Key_Z, CTRL)
        pages.live()
    pages.wait(lambda: app.read_bytes() == with_thing, "the route as it was")

    # A template is made and renamed.
    pages.press(Key.Key_N, CTRL | SHIFT)
    assert pages.focus == "ask.input"
    pages.write("card.html")
    pages.press(Key.Key_Return)
    pages.wait((folder / "card.html").is_file, "the template")
    pages.wait(lambda: pages.focus == "template.editor", "its editor")
    pages.press(Key.Key_F2)
    pages.wait(lambda: pages.focus == "ask.input", "the question")
    pages.write("note.html")
    pages.press(Key.Key_Return)
    pages.wait(lambda: pages.focus == "proposal.apply", "what would change")
    pages.press(Key.Key_Return)
    pages.wait((folder / "note.html").is_file, "the new name")

    # A problem is found and opened.
    app.write_text(app.read_text() + "\nif (\n")
    pages.wait(lambda: bool(pages.window.workspace.snapshot.problems), "the problem")
    pages.settled()
    pages.tab_to("bottom.tabs")
    pages.press(Key.Key_Right)
    pages.press(Key.Key_Right)
    pages.tab_to("problems.list")
    pages.press(Key.Key_Home)
    pages.press(Key.Key_Return)
    pages.wait(lambda: pages.focus == "file.editor", "the file at its line")
