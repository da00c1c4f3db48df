"""A mistake of the playground itself: one quiet dialog, a report that can be given away, and nothing lost."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.core.mishaps import Mishap
from playground.core.units import human_time
from playground.gui import open_window
from playground.gui.care import MOST_KINDS, Care
from playground.gui.guard import Guard
from playground.gui.panels.start_banner import StartNews
from playground.gui.starting import PREVIEW_OFF
from playground.gui.widgets import page_view
from playground.session.diary import Diary
from playground.session.starts import Beginning

SECRET = "the diary of Ada"


@pytest.fixture
def care(window: Driver) -> Iterator[Care]:
    yield Care.of(window.window)  # type: ignore[arg-type]
    if window.has("care"):
        close(window)


def close(window: Driver) -> None:
    window.click("care.close")
    window.window.activateWindow()  # the screen that is none activates whatever is shown
    window.wait(window.window.isActiveWindow, "the window in front again")


def a_mistake(kind: type[Exception] = KeyError) -> object:
    raise kind(SECRET)


def mistake(kind: str) -> Mishap:
    return Mishap(kind, "", f"Traceback:\n{kind}")


def report(window: Driver) -> str:
    return window.text("care.report", visible=False)


def test_mistakes_in_jobs_are_one_dialog_and_a_report_without_anything_private(
    window: Driver, care: Care
) -> None:
    jobs = window.window.workspace.jobs
    for kind in (KeyError, KeyError, KeyError, ValueError):
        jobs.run("project", partial(a_mistake, kind), lambda _: None)
    window.wait(lambda: window.has("care") and "ValueError" in report(window), "the dialog")

    assert sum(one.isVisible() for one in window.window.findChildren(QDialog)) == 1
    assert "not of your project" in window.text("care.words")
    assert window.text("care.count") == "3 more have followed; all are in the report."
    assert "(3 times)" in report(window)

    window.click("care.details.show")
    assert window.child("care.report").isReadOnly()
    window.click("care.copy")
    copied = QGuiApplication.clipboard().text()
    assert copied == report(window)
    assert copied.startswith("Route Playground ") and "Qt " in copied and "Werkzeug" in copied
    assert "playground/gui/jobs.py, line " in copied
    for private in (SECRET, str(window.folder()), str(Path.home()) + "/", "hello"):
        assert private not in copied
    log = care.diary.file.read_text()
    assert "Unexpected KeyError in playground/gui/jobs.py" in log
    assert SECRET not in log and str(window.folder()) not in log


def test_it_takes_nothing_from_who_is_working(
    window: Driver, care: Care, unhurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_from_list("app.py")
    editor = window.child("file.editor")
    window.wait(editor.isEnabled, "the text")
    window.keys(editor, "# kept")
    care.tell(mistake("KeyError"))
    window.wait(lambda: "# kept" in (window.folder() / "app.py").read_text(), "what was typed to be written")
    dialog = window.child("care")
    assert not dialog.isModal() and dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    window.keys(editor, " and more")
    assert editor.text().startswith("# kept and more")
    close(window)

    care.tell(mistake("KeyError"))
    assert not window.has("care"), "it was told, and closed"
    with monkeypatch.context() as broken:
        broken.setattr(window.window.workbench.pages, "flush", partial(a_mistake, LookupError))
        care.tell(mistake("IndexError"))
    window.wait(lambda: window.has("care"), "the dialog again")
    assert "KeyError in no place of ours (2 times)" in report(window)
    assert "LookupError" in report(window), "what is done about the first may be what is broken"

    for number in range(MOST_KINDS + 500):
        care.tell(mistake(f"Many{number}"))
    assert report(window).count("in no place of ours") <= MOST_KINDS
    assert window.text("care.count") == "523 more have followed; all are in the report."


def test_the_log_is_shown_by_what_shows_text(
    window: Driver, care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: not opened.append(url.toLocalFile()))
    show = window.window.commands.table.qaction("help.log")
    show.trigger()
    assert "no log" in window.text("banner.text") and not opened
    care.diary.note("something")
    show.trigger()
    assert opened == [str(care.diary.file)]
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    show.trigger()
    assert str(care.diary.file) in window.text("banner.text")


# The hooks of the process.


@pytest.fixture
def project_said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reached the hook that was there before ours."""
    said: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: said.append(args.exc_type.__name__))
    return said


@pytest.fixture
def guard(window: Driver, care: Care, project_said: list[str]) -> Iterator[Guard]:
    """As the command sets them up; pytest-qt has its own in their place between tests."""
    made = Guard(care.diary)
    made.stand()
    made.folder = lambda: str(window.folder())
    made.tell(care.post)
    yield made
    made.leave()


THREAD = """
import threading
from flask import Flask

app = Flask(__name__)


@app.get("/begin")
def begin():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    return "begun"
"""


def test_mistakes_in_slots_and_threads_are_told_and_those_of_the_project_are_its_own(
    window: Driver, care: Care, guard: Guard, project_said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = window.folder() / "app.py"
    app.write_text(THREAD)
    rules = lambda: [one.rule for one in window.window.workspace.snapshot.project.routes]  # noqa: E731
    window.wait(lambda: "/begin" in rules(), "the new route")
    window.live()
    assert window.send("/begin")[1] == "begun"
    assert project_said == ["ZeroDivisionError"]

    names: dict[str, Callable[[], object]] = {}
    exec(compile("def fail():\n    return 1 / 0\n", str(app), "exec"), names)
    window.window.workspace.jobs.run("project", names["fail"], lambda _: None)  # its own __eq__, say
    window.wait(lambda: "ZeroDivisionError" in window.text("banner.text"), "the message")
    assert not window.has("care")

    with monkeypatch.context() as broken:
        broken.setattr(window.window.workbench.pages, "flush", partial(a_mistake, LookupError))
        window.qtbot.keyClick(window.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        window.wait(lambda: window.has("care"), "the dialog")
    assert "playground/gui/commands.py" in report(window) and "LookupError" in report(window)

    app_has: list[str] = []
    before = threading.excepthook

    def of_the_app(args: threading.ExceptHookArgs) -> None:
        app_has.append(args.exc_type.__name__)
        before(args)  # as those do that only look

    sys.excepthook, threading.excepthook = None, of_the_app  # type: ignore[assignment]  # an app may do anything
    guard.hold()
    window.send("/begin")
    assert app_has == ["ZeroDivisionError"]
    assert project_said == ["ZeroDivisionError"] * 2
    thread = threading.Thread(target=human_time, args=(None,))
    thread.start()
    thread.join()
    window.wait(lambda: "playground/core/units.py" in report(window), "the other")
    assert len(project_said) == 2


# How the start went.


def test_a_safe_start_shows_pages_without_the_browser_engine(qtbot: QtBot) -> None:
    page_view.do_without_engine(PREVIEW_OFF)
    try:
        page = page_view.PageView()
        qtbot.addWidget(page)
        page.show()
        with qtbot.waitSignal(page.loaded):
            page.show_html("<h1>Here</h1>")
        assert not page.is_real
        assert PREVIEW_OFF in [label.text() for label in page.findChildren(QLabel)]
    finally:
        page_view.do_without_engine("")
    assert page_view.why_plain() != PREVIEW_OFF


NEWS = [
    (
        StartNews(Beginning(True, 2, "/home/ada/shop")),
        "last two starts failed",
        "start.project start.normal start.log",
    ),
    (StartNews(Beginning(True, 0, "/home/ada/shop"), asked=True), "as you asked for", "start.project"),
    (StartNews(crash="Segmentation fault"), "(Segmentation fault)", "start.log"),
]


@pytest.mark.parametrize(("news", "words", "buttons"), NEWS)
def test_what_is_told_of_a_start(qtbot: QtBot, news: StartNews, words: str, buttons: str) -> None:
    from playground.gui.panels.start_banner import StartBanner

    banner = StartBanner()
    qtbot.addWidget(banner)
    banner.show_news(news)
    assert words in news.words
    names = ("start.project", "start.normal", "start.log")
    shown = [name for name in names if not banner.findChild(object, name).isHidden()]  # type: ignore[union-attr]
    assert shown == buttons.split()
    banner.show_news(StartNews())
    assert banner.isHidden()


def test_from_a_safe_start_back_to_usual(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    driver = Driver(qtbot, open_window(None))
    normal: list[bool] = []
    care = Care.of(driver.window)  # type: ignore[arg-type]
    beginning = Beginning(True, 2, str(tmp_path / "shop"))
    care.begin_with(StartNews(beginning), Diary(tmp_path), lambda: normal.append(True))
    driver.click("start.normal")
    driver.wait(lambda: bool(normal) and not driver.has("start.normal"), "it to be said")
    driver.click("start.project")
    driver.live()
    assert driver.folder() == tmp_path / "shop"
    driver.click("start.close")
    assert not driver.has("start.banner")
    driver.close()
