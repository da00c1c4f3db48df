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
from playground.server import loader
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


def open_another(driver: Driver, folder: Path) -> None:
    """Open another folder; whether its app starts is not waited for."""
    shown: list[bool] = []
    driver.window.workspace.opened.connect(shown.append)
    driver.window.workspace.open(folder)
    driver.wait(lambda: bool(shown) and driver.window.workbench.composed, f"{folder.name} to be shown")
    driver.window.workspace.opened.disconnect(shown.append)
    assert driver.folder() == folder


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


def check_refused(driver: Driver, wrong: dict[object, str], field: str, words: str, case: object) -> None:
    """Press Add: a sentence stands at the field, and the folder is as it was."""
    before = contents(driver.folder())
    driver.click("route.add")
    driver.wait(
        lambda: not driver.has("route.add") or driver.has(f"route.{field}.problem"),
        f"a sentence at {field} about {case!r}",
    )
    assert driver.has("route.add"), f"{case!r} was taken"
    said = driver.text(f"route.{field}.problem")
    driver.settled()
    if words not in said:
        wrong[case] = said
    elif contents(driver.folder()) != before:
        wrong[case] = "something was written"
    elif driver.has("banner.text") and "went wrong" in driver.text("banner.text"):
        wrong[case] = driver.text("banner.text")


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


def rules(driver: Driver, wrong: dict[object, str]) -> None:
    new_route(driver)
    for rule, words in RULES:
        put(driver, "route.rule", "/good")
        assert not driver.has("route.rule.problem"), "what was wrong with the last one still stands"
        put(driver, "route.rule", rule)
        check_refused(driver, wrong, "rule", words, rule)


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


def function_names(driver: Driver, wrong: dict[object, str]) -> None:
    new_route(driver)
    driver.type("route.rule", "/new")
    for name, words in FUNCTIONS:
        put(driver, "route.function", name)
        check_refused(driver, wrong, "function", words, name)


ANSWERS = [
    ("json", "{'a': }", "not JSON"),
    ("json", "", "empty"),
    ("json", "{", "not JSON"),
    ("json", "nope", "no value called nope"),
    ("json", "{hello}", "not plain data"),
    ("template", "", "no template"),
    ("template", "nope.html", "no template called nope.html"),
    ("template", "../app.py", "no template called ../app.py"),
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


def answers(driver: Driver, wrong: dict[object, str]) -> None:
    shown = ""
    for kind, value, words in ANSWERS:
        if kind != shown:
            new_route(driver)
            driver.type("route.rule", "/new")
            driver.click(f"route.answer.{kind}")
            shown = kind
        put(driver, "route.answer.value", value)
        check_refused(driver, wrong, "answer", words, (kind, value))


def headers_and_variables(driver: Driver, wrong: dict[object, str]) -> None:
    new_route(driver)
    driver.type("route.rule", "/new/<x>")
    driver.click("route.headers.show")
    for headers in ("nocolon", ": x", "A B: c", "X-A: 中"):
        put(driver, "route.headers", headers)
        check_refused(driver, wrong, "answer", "header" if "中" not in headers else "X-A", headers)
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
        check_refused(driver, wrong, "answer", words, variables)


def status_codes(driver: Driver, wrong: dict[object, str]) -> None:
    new_route(driver)
    driver.type("route.rule", "/new")
    for status in ("999", "abc", "99", "600", "-1", "200.0", "2 0 0", "0200", "१००"):
        put(driver, "route.status", status)
        check_refused(driver, wrong, "answer", "status code", status)
    driver.type("route.status", "")
    driver.click("route.add")
    driver.wait(lambda: not driver.has("route.add"), "an empty status to mean the ordinary one")


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


def new_blueprints(driver: Driver, wrong: dict[object, str]) -> None:
    new_route(driver)
    driver.type("route.rule", "/new")
    driver.choose("route.owner", "New blueprint…")
    driver.qtbot.keyClick(driver.child("route.owner"), Qt.Key.Key_Return)
    for name, prefix, file, words in BLUEPRINTS:
        for field, text in (("name", name), ("prefix", prefix), ("file", file)):
            put(driver, f"route.blueprint.{field}", text)
        check_refused(driver, wrong, "owner", words, (name, prefix, file))


def test_what_a_new_route_is_called(driver: Driver) -> None:
    wrong: dict[object, str] = {}
    rules(driver, wrong)
    function_names(driver, wrong)
    new_blueprints(driver, wrong)
    assert wrong == {}


def test_what_a_new_route_answers(driver: Driver) -> None:
    wrong: dict[object, str] = {}
    answers(driver, wrong)
    headers_and_variables(driver, wrong)
    status_codes(driver, wrong)
    assert wrong == {}


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

    # A file stands where a folder has to go: even root, who may write anywhere, is refused that.
    (driver.folder() / "pages").write_text("in the way")
    driver.window.commands.new_file()
    driver.type("ask.input", "pages/new.py")
    driver.click("ask.ok")
    driver.wait(lambda: driver.has("ask.problem"), "why it can't be written")
    assert "can't be written" in driver.text("ask.problem")


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


def tried_as_programs(qtbot: QtBot, tmp_path: Path, files: dict[str, bytes]) -> None:
    """Open a file that is no folder, folders whose app.py is no program, and one that is empty."""
    (tmp_path / "app.py").write_text(APP)
    driver, bugs = opened(qtbot, tmp_path / "app.py")
    driver.wait(lambda: driver.has("banner.text"), "a sentence")
    assert "is a file, not a folder" in driver.text("banner.text")

    def refused() -> str:
        driver.settled()
        driver.window.workbench.new_route()
        driver.type("route.rule", "/new")
        driver.click("route.add")
        form = driver.window.workbench.pages.current_page().form
        driver.wait(lambda: form.problem_text() != "", f"why {case} takes no route")
        sentence = form.problem_text()
        driver.click("route.cancel")
        return str(sentence)

    for case, data in files.items():
        folder = tmp_path / case
        folder.mkdir()
        (folder / "app.py").write_bytes(data)
        open_another(driver, folder)
        sentence = refused()
        assert "app.py" in sentence, case
        assert "blueprint needs" not in sentence, case
        assert (folder / "app.py").read_bytes() == data, case
    case, bare = "a folder without an app", tmp_path / "bare"
    bare.mkdir()
    open_another(driver, bare)
    assert "no Flask app" in refused()
    assert list(bare.iterdir()) == []
    driver.close()
    assert bugs == []


def test_what_is_no_folder_or_no_program_leaves_the_window_usable(qtbot: QtBot, tmp_path: Path) -> None:
    tried_as_programs(qtbot, tmp_path, {case: HOSTILE[case] for case in ("empty", "junk", "latin-1")})


@pytest.mark.long
def test_more_that_is_no_program_leaves_the_window_usable(qtbot: QtBot, tmp_path: Path) -> None:
    tried_as_programs(qtbot, tmp_path, HOSTILE)


def test_a_broken_file_takes_a_route_a_folder_that_vanished_none(driver: Driver, folder: Path) -> None:
    file = folder / "app.py"
    whole = file.read_bytes()
    for case, data in BROKEN.items():
        file.write_bytes(data)
        driver.wait(lambda: bool(driver.window.workspace.snapshot.problems), f"what is wrong with it: {case}")
        driver.settled()
        new_route(driver)
        driver.type("route.rule", "/new")
        driver.click("route.add")
        driver.wait(lambda: b'"/new"' in file.read_bytes(), f"the route to be written: {case}")
        before, _, after = file.read_bytes().partition(
            b'\n\n@app.get("/new")\ndef new():\n    return "Hello"\n\n\n'
        )
        assert before + after == data, case
        driver.settled()
        file.write_bytes(whole)
        driver.live()

    # One that vanishes while it is open takes none.
    driver.open_from_list("/")
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


IMPORTS = {
    "fails": ("raise RuntimeError('boom')\n", "line 10"),
    "exits": ("raise SystemExit(3)\n", "exit"),
    "asks": ("input()\n", "waits for input"),
    "misses": ("import nothing_of_the_kind\n", "not installed"),
    "recurses": ("def f():\n    f()\n\n\nf()\n", "without end"),
}


def mend(driver: Driver) -> None:
    """Type an app that starts."""
    driver.window.workbench.pages.open_file("app.py")
    driver.wait(lambda: driver.child("file.editor").isEnabled(), "the file")
    put(driver, "file.editor", APP)
    driver.live()
    assert driver.send("/")[1] == "good"


@pytest.fixture
def no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())  # as the window has it


def explained_and_mended(qtbot: QtBot, tmp_path: Path, imports: tuple[str, ...]) -> None:
    itself = tmp_path / "runs itself"
    itself.mkdir()
    (itself / "app.py").write_text(f"{APP}\napp.run()\n")
    driver, bugs = opened(qtbot, itself)
    driver.live()
    assert driver.send("/")[1] == "good"
    for case in imports:
        more, words = IMPORTS[case]
        folder = tmp_path / case
        folder.mkdir()
        (folder / "app.py").write_text(f"{APP}\n{more}")
        open_another(driver, folder)
        driver.wait(lambda words=words: any(words in said for said in driver.wrong()), f"why not: {case}")  # type: ignore[misc]
        mend(driver)
    driver.close()
    assert bugs == []


@pytest.mark.usefixtures("no_input")
def test_an_app_that_does_not_start_is_explained_and_can_be_mended(qtbot: QtBot, tmp_path: Path) -> None:
    explained_and_mended(qtbot, tmp_path, ("fails", "asks", "misses"))


@pytest.mark.long
@pytest.mark.usefixtures("no_input")
def test_more_that_does_not_start_is_explained_and_can_be_mended(qtbot: QtBot, tmp_path: Path) -> None:
    explained_and_mended(qtbot, tmp_path, ("exits", "recurses"))


def test_an_import_that_never_ends_is_mended_while_it_runs_and_holds_up_nothing(
    qtbot: QtBot, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(loader.load.__kwdefaults__, "limit", 3600.0)  # it is not given up meanwhile
    endless = []
    for name in ("one", "two"):
        endless.append(tmp_path / name)
        endless[-1].mkdir()
        (endless[-1] / "app.py").write_text(f"{APP}\nwhile True:\n    pass\n")
    driver, _ = opened(qtbot, endless[0])
    driver.wait(lambda: any("jobs.app" in one.name for one in threading.enumerate()), "the import")
    driver.window.workspace.open(folder)
    driver.live()
    assert driver.folder() == folder
    open_another(driver, endless[0])
    mend(driver)
    open_another(driver, endless[1])
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
