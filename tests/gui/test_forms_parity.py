"""A project made wholly through the forms: the same answers under ``flask run``, and no trace of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from plain_flask import Asked, PlainFlask, ask, assert_no_trace, free_port
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
UUID = "12345678-1234-5678-1234-567812345678"
ODD = 'He said "hi"; it\'s {{here}} \\n <b>{word}</b> — ü'

ASKED = (
    *(Asked(path) for path in ("/text/Ada%20%3Cb%3E", "/text/%C3%BC", "/text/", "/text/a/b")),
    *(Asked("/json/7", method) for method in ("POST", "PUT", "GET", "OPTIONS")),
    *(Asked(path) for path in ("/card/ada", "/here", "/there", "/out", "/source", "/tea", "/sum/2/40")),
    *(Asked(path) for path in ("/string/ab", "/string/abcd", "/int/07", "/int/7", "/int/99", "/signed/-3")),
    *(
        Asked(path)
        for path in ("/float/2.5", "/float/0.5", "/path/a/b.txt", "/path/a//b", "/any/red", "/any/x")
    ),
    *(Asked(path) for path in (f"/uuid/{UUID}", "/uuid/nope", f"/uuid/{UUID.upper()}")),
    *(Asked(path) for path in ("/shop/list", "/shop/item/9", "/shop", "/list", "/nowhere", "/static/a.css")),
    Asked("/shop/list", "HEAD"),
    Asked("/none", "DELETE"),
)


@pytest.fixture
def empty(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot, open_window(None))
    driver.click("welcome.starter.empty")
    driver.live()
    yield driver
    driver.close()


@pytest.fixture
def plain(tmp_path_factory: pytest.TempPathFactory) -> PlainFlask:
    return PlainFlask(tmp_path_factory.mktemp("plain"))


def new_template(driver: Driver, name: str, text: str) -> None:
    driver.qtbot.keyClick(driver.window, Qt.Key.Key_N, CTRL | SHIFT)
    driver.type("ask.input", name)
    driver.click("ask.ok")
    editor = driver.child("template.editor")
    driver.wait(lambda: editor.isEnabled() and bool(editor.text()), "the template")
    driver.type("template.editor", text)
    file = driver.folder() / "templates" / name
    driver.wait(lambda: file.read_text(encoding="utf-8").strip() == text, "the template to be written")
    driver.live()


def choose_methods(driver: Driver, *wanted: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        if driver.child(f"route.method.{method}").isChecked() != (method in wanted):
            driver.click(f"route.method.{method}")


def begin(driver: Driver, rule: str) -> None:
    driver.click("toolbar.new_route")
    driver.type("route.rule", rule)


def add(driver: Driver) -> None:
    driver.click("route.add")
    driver.wait(lambda: not driver.has("route.add"), "the route to be added")
    driver.live()


def answers(driver: Driver) -> None:
    """A route for every kind of answer."""
    begin(driver, "/text/<word>")
    driver.type("route.answer.value", ODD)
    driver.type("route.status", "202")
    driver.click("route.headers.show")
    driver.type("route.headers", "X-Colour: blue\nContent-Type: text/plain; charset=utf-8")
    driver.type("route.doc", 'Says "it" in quotes.')
    add(driver)
    begin(driver, "/json/<int:number>")
    choose_methods(driver, "POST", "PUT")
    driver.click("route.answer.json")
    driver.type("route.answer.value", '{"n": number, "list": [1, 2.5, null, true], "ü": "\\u00e9"}')
    driver.type("route.function", "numbers")
    driver.type("route.status", "201")
    add(driver)
    driver.add_route("/card/<name>", "template", "card.html", variables="who = name.upper()\nn = 3")
    driver.add_route("/there", "text", "arrived")
    driver.add_route("/here", "redirect", "text", variables='word = "from here"')
    driver.add_route("/out", "redirect", "/there?a=1&b=2", status="301")
    driver.add_route("/source", "file", "templates/card.html")
    driver.add_route("/tea", "error", "I'm a <teapot>", status="418")
    driver.add_route("/sum/<int:a>/<int:b>", "python", "total = a + b\nreturn str(total), 200")
    begin(driver, "/none")
    choose_methods(driver, "DELETE")
    driver.type("route.answer.value", "")
    driver.type("route.status", "204")
    add(driver)


def converters(driver: Driver) -> None:
    """A route for every converter, with its arguments."""
    for rule in (
        "/string/<string(minlength=2, maxlength=3):value>",
        "/int/<int(fixed_digits=2, max=50):value>",
        "/signed/<int(signed=True):value>",
        "/float/<float(min=1.5):value>",
        "/path/<path:value>",
        "/uuid/<uuid:value>",
    ):
        driver.add_route(rule, "text", "got {value}", function=rule.split("/")[1] + "_view")
    begin(driver, "/any/<value>")
    driver.choose("route.param.0.type", "any")
    driver.qtbot.keyClick(driver.child("route.param.0.type"), Qt.Key.Key_Return)
    driver.type("route.param.0.arg.items", "red, light green\n")
    driver.type("route.answer.value", "got {value}")
    add(driver)


def blueprint(driver: Driver) -> None:
    """A blueprint with a prefix, and two routes of it."""
    begin(driver, "/list")
    driver.choose("route.owner", "New blueprint…")
    driver.qtbot.keyClick(driver.child("route.owner"), Qt.Key.Key_Return)
    driver.type("route.blueprint.name", "shop")
    driver.type("route.blueprint.prefix", "/shop")
    driver.type("route.answer.value", "all of it")
    add(driver)
    begin(driver, "/item/<int:number>")
    driver.choose("route.owner", "shop")
    driver.click("route.answer.redirect")
    driver.type("route.answer.value", "shop.show_list")
    add(driver)


def change(driver: Driver) -> None:
    """What was made is changed, duplicated and deleted again, and taken back: it must leave no trace."""
    before = (driver.folder() / "app.py").read_bytes()
    driver.add_route("/gone", "text", "gone")
    driver.click("route.delete")
    driver.wait(lambda: (driver.folder() / "app.py").read_bytes() == before, "the route to be gone")
    driver.live()


def test_what_the_forms_make_is_an_ordinary_flask_project(empty: Driver, plain: PlainFlask) -> None:
    new_template(empty, "card.html", "<h1>{{ who }} & {{ n }} ü</h1>")
    answers(empty)
    converters(empty)
    blueprint(empty)
    change(empty)
    folder, ours = empty.folder(), empty.window.workspace.snapshot.server.port
    answered = set()
    with plain.serving(folder) as theirs:
        for asked in ASKED:
            said = ask(ours, asked)
            assert said == ask(theirs, asked), asked
            assert said.status != 500, asked
            answered.add(said.status)
    assert answered == {200, 201, 202, 204, 301, 302, 404, 405, 418}
    listed = plain.run(folder, "-m", "flask", "routes")
    assert all(f" {rule} " in listed or f" {rule}\n" in listed for rule in ("/text/<word>", "/shop/list"))
    check_python_app(folder, plain)
    assert_no_trace(folder, {"app.py", "shop.py", "templates/card.html"})


def check_python_app(folder: Path, plain: PlainFlask) -> None:
    """``python app.py`` serves as well (on port 5000, so only that it would is seen where that is taken)."""
    port = free_port()
    elsewhere = "import runpy, flask; run = flask.Flask.run;"
    elsewhere += f"flask.Flask.run = lambda self, **said: run(self, port={port}, use_reloader=False, **said);"
    elsewhere += "runpy.run_path('app.py', run_name='__main__')"
    with plain.serving(folder, "-c", elsewhere, port=port) as serving:
        assert ask(serving, Asked("/there")).body == b"arrived"
