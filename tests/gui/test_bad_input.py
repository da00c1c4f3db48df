"""What a hostile newcomer types and opens: each gets a sentence where it belongs, and nothing is written."""

from __future__ import annotations

import io
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.core.exchanges import RequestSpec
from playground.core.problems import ProblemError
from playground.gui import open_window
from playground.project.starters import create
from playground.session.session import Session

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "good"
"""
FREEZE = 1.5
"""Seconds without a turn of the event loop that a person calls a freeze, on a slow and busy machine."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create(tmp_path / "shop", "pages")
    return tmp_path / "shop"


@pytest.fixture
def driver(qtbot: QtBot, folder: Path) -> Iterator[Driver]:
    driver, bugs = opened(qtbot, folder)
    driver.live()
    yield driver
    driver.close()
    assert bugs == []


def opened(qtbot: QtBot, folder: Path) -> tuple[Driver, list[object]]:
    driver = Driver(qtbot, open_window(folder))
    bugs: list[object] = []
    driver.window.workspace.jobs.unexpected.connect(bugs.append)
    driver.wait(lambda: driver.has("toolbar.new_route") or driver.has("banner.text"), "the folder or why not")
    return driver, bugs


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def put(driver: Driver, name: str, text: str) -> None:
    """Replace what a control holds by any text, as an input method or a paste does."""
    widget = driver.child(name)
    target = widget.lineEdit() if isinstance(widget, QComboBox) else widget
    target.setFocus()
    target.selectAll()
    driver.qtbot.keyClick(target, Qt.Key.Key_Delete)
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(target, event)


def new_route(driver: Driver) -> None:
    if driver.has("route.cancel"):
        driver.click("route.cancel")
    driver.click("toolbar.new_route")


def check_refused(driver: Driver, field: str, words: str, case: object) -> None:
    """Press Add: a sentence stands at the field, and the folder is as it was."""
    before = contents(driver.folder())
    driver.click("route.add")
    driver.wait(
        lambda: not driver.has("route.add") or driver.has(f"route.{field}.problem"),
        f"a sentence at {field} about {case!r}",
    )
    assert driver.has("route.add"), f"{case!r} was taken"
    assert words in driver.text(f"route.{field}.problem"), (case, driver.text(f"route.{field}.problem"))
    driver.settled()
    assert contents(driver.folder()) == before, case
    assert not driver.has("banner.text") or "went wrong" not in driver.text("banner.text")


# Fields of the form -------------------------------------------------------------------------------

RULES = [
    ("users", "slash"),
    ("", "empty"),
    ("   ", "empty"),
    ("/a/<int:id", "never closed"),
    ("/a/id>", "no"),
    ("/a/<whole:id>", "whole"),
    ("/a/<x>/<x>", "already"),
    ("/a/<class>", "word of Python"),
    ("/a/<a-b>", "Write a_b"),
    ("/a/<1a>", "name"),
    ("/a/<>", "no name"),
    ("/a/<int:>", "name is missing"),
    ("/a/<int(min=a):x>", "whole number"),
    ("/a/<int(min=9,max=1):x>", "larger"),
    ("/a/<any():x>", "item"),
    ("/a/{x}", "<x>"),
    ("/a/:x", "<x>"),
    ("/a b", "spaces"),
    ("/a\tb", "spaces"),
    ("/a?x=1", "query"),
    ("/a#b", "#"),
    ("/a//b", "slash"),
    ("/%20", "decodes"),
    ("http://localhost/a", "path"),
    ("/", "index answers GET"),
    ("/hello/<other>", "hello answers GET"),
]


def test_rules(driver: Driver) -> None:
    for rule, words in RULES:
        new_route(driver)
        put(driver, "route.rule", rule)
        check_refused(driver, "rule", words, rule)


FUNCTIONS = [
    ("class", "word of Python"),
    ("1a", "can't be a function's name"),
    ("a-b", "Write a_b"),
    ("a b", "can't be a function's name"),
    ("index", "already"),
    ("app", "hide"),
    ("request", "hide"),
    ("static", "static"),
]


def test_function_names(driver: Driver) -> None:
    new_route(driver)
    driver.type("route.rule", "/new")
    for name, words in FUNCTIONS:
        put(driver, "route.function", name)
        check_refused(driver, "function", words, name)


ANSWERS = [
    ("json", "{'a': }", "not JSON"),
    ("json", "", "empty"),
    ("json", "{", "not JSON"),
    ("json", "nope", "no value called nope"),
    ("template", "", "no template"),
    ("template", "nope.html", "no template called nope.html"),
    ("template", "../app.py", "no template called"),
    ("redirect", "", "no place"),
    ("redirect", "helo", "Did you mean hello?"),
    ("file", "", "no file"),
    ("python", "", "no code"),
    ("python", "# only a comment", "only comments"),
    ("python", "return (", "line 1"),
    ("python", "break", "outside loop"),
    ("python", "await nothing", "outside async function"),
    ("python", "return 1\n  return 2", "line 2"),
]


def test_answers(driver: Driver) -> None:
    for kind, value, words in ANSWERS:
        new_route(driver)
        driver.type("route.rule", "/new")
        driver.click(f"route.answer.{kind}")
        put(driver, "route.answer.value", value)
        check_refused(driver, "answer", words, (kind, value))


def test_status_codes(driver: Driver) -> None:
    new_route(driver)
    driver.type("route.rule", "/new")
    for status in ("999", "abc", "99", "600", "-1", "200.0", "2 0 0", "0200", "१००"):
        put(driver, "route.status", status)
        check_refused(driver, "answer", "status code", status)
    driver.type("route.status", "")
    driver.click("route.add")
    driver.wait(lambda: not driver.has("route.add"), "an empty status to mean the ordinary one")


def test_headers_and_variables(driver: Driver) -> None:
    new_route(driver)
    driver.type("route.rule", "/new/<x>")
    driver.click("route.headers.show")
    for headers in ("nocolon", ": x", "A B: c", "X-A: 中"):
        put(driver, "route.headers", headers)
        check_refused(driver, "answer", "header" if "中" not in headers else "X-A", headers)
    driver.type("route.headers", "")
    driver.click("route.answer.template")
    driver.type("route.answer.value", "hello.html")
    for variables, words in (
        ("name", "not a variable"),
        ("=x", "not a variable"),
        ("name = ", "not a variable"),
        ("name = (", "does not understand"),
        ("class = 1", "can't be the name"),
        ("name = nope", "no value called nope"),
        ("name = 1; import os", "does not understand"),
        ("name = x\nname = x", "twice"),
    ):
        put(driver, "route.variables", variables)
        check_refused(driver, "answer", words, variables)


BLUEPRINTS = [
    ("", "", "", "needs a name"),
    ("class", "", "", "can't be a blueprint's name"),
    ("a b", "", "", "needs a name"),
    ("users", "users", "", "slash"),
    ("users", "/<int:id", "", "never closed"),
    ("users", "", "app.py", "already a file"),
    ("users", "", "users", "can't be imported"),
    ("users", "", "class.py", "can't be imported"),
    ("users", "", "../u.py", "not the name of a file"),
    ("flask", "", "", "hide flask"),
    ("json", "", "", "hide json"),
    ("users", "/u", "templates/hello.html", "already a file"),
]


def test_new_blueprints(driver: Driver) -> None:
    new_route(driver)
    driver.type("route.rule", "/new")
    driver.choose("route.owner", "New blueprint…")
    driver.qtbot.keyClick(driver.child("route.owner"), Qt.Key.Key_Return)
    for name, prefix, file, words in BLUEPRINTS:
        for field, text in (("name", name), ("prefix", prefix), ("file", file)):
            put(driver, f"route.blueprint.{field}", text)
        check_refused(driver, "owner", words, (name, prefix, file))


def test_names_of_templates_and_files(driver: Driver) -> None:
    before = contents(driver.folder())
    asked = {
        driver.window.commands.new_template: [
            "",
            " ",
            "../x.html",
            "/x.html",
            "hello.html",
            "noending",
            "a\\b",
        ],
        driver.window.commands.new_file: ["", "../x.py", "app.py", "picture.png", "flask.py", "random.py"],
        lambda: driver.window.commands.wide.rename_template("hello.html"): ["", "../y.html", "base.html"],
    }
    for ask, names in asked.items():
        ask()
        for name in names:
            put(driver, "ask.input", name)
            driver.click("ask.ok")
            driver.wait(lambda: driver.has("ask.problem"), f"a sentence about {name!r}")
            driver.settled()
            assert driver.has("ask.input"), name
            assert len(driver.text("ask.problem")) > 15
        driver.click("ask.cancel")
    assert contents(driver.folder()) == before


# Ports --------------------------------------------------------------------------------------------


def test_ports(folder: Path) -> None:
    session = Session()
    session.open(folder)
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        for port in (taken, -1, 70_000):
            with pytest.raises(ProblemError) as caught:
                session.start_server(port)
            assert caught.value.problem.field == "port"
            assert str(port) in caught.value.problem.sentence
        assert session.start_server(0).running
    session.close()


# Folders that are hard to open or to keep ---------------------------------------------------------


def test_a_folder_that_vanishes_while_it_is_open(driver: Driver) -> None:
    folder = driver.folder()
    code = driver.child("route.code")
    code.setFocus()
    folder.rename(folder.with_name("moved"))
    driver.keys(code, "# typed\n")
    driver.wait(lambda: "⚠" in driver.text("route.code.note") or driver.has("banner.text"), "why not")
    driver.settled()
    assert not folder.exists()
    assert "# typed" in driver.text("route.code")
    new_route(driver)
    driver.type("route.rule", "/new")
    driver.click("route.add")
    driver.wait(lambda: any("new" in words or "⚠" in words for words in driver.wrong()), "why not")
    folder.with_name("moved").rename(folder)


def test_a_folder_that_can_not_be_written(driver: Driver) -> None:
    """A file stands where a folder has to go: even root, who may write anywhere, is refused that."""
    (driver.folder() / "pages").write_text("in the way")
    driver.window.commands.new_file()
    driver.type("ask.input", "pages/new.py")
    driver.click("ask.ok")
    driver.wait(lambda: driver.has("ask.problem"), "why it can't be written")
    assert "can't be written" in driver.text("ask.problem")


HOSTILE = {
    "empty": b"",
    "junk": bytes(range(256)) * 40,
    "null byte": APP.encode() + b"\0",
    "latin-1": APP.encode() + b"# caf\xe9\n",
    "utf-16": APP.encode("utf-16"),
    "5 MB": APP.encode() + b"# x\n" * 1_300_000,
}
BROKEN = {
    "deep": APP.encode() + b"x = " + b"-" * 50_000 + b"1\n",
    "half": APP.encode() + b"def half(",
}
"""Python does not understand all of these, but what it takes to add a route."""


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_file_that_is_no_program_leaves_the_window_usable(
    qtbot: QtBot, tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "app.py").write_bytes(data)
    driver, bugs = opened(qtbot, tmp_path)
    driver.settled()
    new_route(driver)
    driver.type("route.rule", "/new")
    driver.click("route.add")
    driver.wait(
        lambda: driver.window.workbench.pages.current_page().form.problem_text() != "",
        "why it can't be added",
    )
    sentence = driver.window.workbench.pages.current_page().form.problem_text()
    assert "app.py" in sentence
    assert "blueprint needs" not in sentence
    assert (tmp_path / "app.py").read_bytes() == data
    driver.close()
    assert bugs == []


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_broken_elsewhere_takes_a_route(driver: Driver, folder: Path, data: bytes) -> None:
    file = folder / "app.py"
    file.write_bytes(data)
    driver.wait(lambda: bool(driver.window.workspace.snapshot.problems), "what is wrong with the file")
    driver.settled()
    new_route(driver)
    driver.type("route.rule", "/new")
    driver.click("route.add")
    driver.wait(lambda: b'"/new"' in file.read_bytes(), "the route to be written")
    before, _, after = file.read_bytes().partition(
        b'\n\n@app.get("/new")\ndef new():\n    return "Hello"\n\n\n'
    )
    assert before + after == data
    driver.settled()


def test_a_folder_without_an_app_says_so_when_a_route_is_added(qtbot: QtBot, tmp_path: Path) -> None:
    driver, _ = opened(qtbot, tmp_path)
    driver.settled()
    driver.window.workbench.new_route()
    driver.type("route.rule", "/new")
    driver.click("route.add")
    page = driver.window.workbench.pages.current_page()
    driver.wait(lambda: page.form.problem_text() != "", "a sentence")
    assert "no Flask app" in page.form.problem_text()
    assert list(tmp_path.iterdir()) == []
    driver.close()


def test_a_file_in_place_of_a_folder(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    driver, _ = opened(qtbot, tmp_path / "app.py")
    driver.wait(lambda: driver.has("banner.text"), "a sentence")
    assert "is a file, not a folder" in driver.text("banner.text")
    driver.close()


IMPORTS = {
    "fails": ("raise RuntimeError('boom')\n", "line 10"),
    "exits": ("raise SystemExit(3)\n", "exit"),
    "asks": ("input()\n", "waits for input"),
    "misses": ("import nothing_of_the_kind\n", "not installed"),
    "recurses": ("def f():\n    f()\n\n\nf()\n", "without end"),
}


@pytest.mark.parametrize(("more", "words"), IMPORTS.values(), ids=IMPORTS)
def test_an_app_that_does_not_start_is_explained_and_can_be_mended(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, words: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())  # as the window has it
    (tmp_path / "app.py").write_text(f"{APP}\n{more}")
    driver, bugs = opened(qtbot, tmp_path)
    driver.wait(lambda: any(words in said for said in driver.wrong()), "why it does not start")
    driver.window.workbench.pages.open_file("app.py")
    driver.wait(lambda: driver.child("file.editor").isEnabled(), "the file")
    put(driver, "file.editor", APP)
    driver.live()
    assert driver.send("/")[1] == "good"
    driver.close()
    assert bugs == []


def test_an_app_that_runs_itself_does_not_block(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f"{APP}\napp.run()\n")
    driver, _ = opened(qtbot, tmp_path)
    driver.live()
    assert driver.send("/")[1] == "good"
    driver.close()


def test_an_import_that_never_ends_is_mended_while_it_runs(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f"{APP}\nwhile True:\n    pass\n")
    began = time.monotonic()
    driver, _ = opened(qtbot, tmp_path)
    driver.window.workbench.pages.open_file("app.py")
    driver.wait(lambda: driver.child("file.editor").isEnabled(), "the file")
    put(driver, "file.editor", APP)
    driver.live()
    assert driver.send("/")[1] == "good"
    assert time.monotonic() - began < 12  # not the 30 s that an import may take
    driver.close()


def test_an_import_that_never_ends_does_not_hold_up_closing_or_opening(
    qtbot: QtBot, tmp_path: Path, folder: Path
) -> None:
    (tmp_path / "app.py").write_text(f"{APP}\nwhile True:\n    pass\n")
    driver, _ = opened(qtbot, tmp_path)
    driver.wait(lambda: any("jobs.app" in one.name for one in threading.enumerate()), "the import")
    driver.window.workspace.open(folder)
    driver.live()
    assert driver.folder() == folder
    driver.window.workspace.open(tmp_path)
    work = driver.window.workspace
    driver.wait(lambda: (now := work.snapshot.project) is not None and now.name == tmp_path.name, "the other")
    driver.close()  # a thread that is left behind fails the test


# Views --------------------------------------------------------------------------------------------

VIEWS = """\
import time

from flask import Flask

app = Flask(__name__)


@app.get("/fails")
def fails():
    return 1 / 0


@app.get("/nothing")
def nothing():
    pass


@app.get("/prints")
def prints():
    print("printed", "x" * 10_000)
    return "done"


@app.get("/slow")
def slow():
    time.sleep(1)
    return "slow"


@app.get("/exits")
def exits():
    raise SystemExit


@app.get("/busy")
def busy():
    end = time.time() + 1
    while time.time() < end:
        pass
    return "busy"
"""


def test_views_that_fail_print_exit_or_take_long(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(VIEWS)
    driver, bugs = opened(qtbot, tmp_path)
    driver.live()
    assert "500" in driver.send("/fails")[0]
    assert "500" in driver.send("/nothing")[0]
    assert driver.send("/prints") == ("200 OK", "done")
    session = driver.window.workspace.session
    others: list[str] = []

    def ask(url: str) -> None:
        response = session.send(RequestSpec("GET", url)).response
        others.append(response.body.decode() if response else "none")

    threads = [threading.Thread(target=ask, args=(url,)) for url in ("/slow", "/busy", "/busy")]
    for thread in threads:
        thread.start()
    last, gaps = time.perf_counter(), []

    def turn() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer(driver.window, interval=10)
    timer.timeout.connect(turn)
    timer.start()
    assert driver.send("/prints") == ("200 OK", "done")
    driver.wait(lambda: len(others) == len(threads), "the slow ones")
    timer.stop()
    for thread in threads:
        thread.join()
    assert sorted(others) == ["busy", "busy", "slow"]
    assert max(gaps) < FREEZE
    driver.send("/exits")
    assert driver.send("/prints") == ("200 OK", "done")
    driver.close()
    assert bugs == []
