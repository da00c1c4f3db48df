"""Runs the real window in this process, lets hostile views loose in it, and reports how it fared.

Started by tests/gui/test_hostile_views.py, with the name of a JSON file that says what to do; the report is
written to another one after each step, so that it also tells of a process that did not live to the end.
Everything that it needs after the view has run is bound beforehand: some views replace what is built in.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from json import dumps, loads
from pathlib import Path
from typing import Any, TextIO

import window_driver
from PySide6.QtCore import QObject, Qt, QThread, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from window_driver import Driver

from playground.cli import main as playground
from playground.gui.application import make_application

TICK_MS = 16
window_driver.WAIT_MS = 40_000  # a great many lines take their time on a machine that is busy
write, close, now, clock = os.write, os.close, time.monotonic, time.time


class Hands:
    """What of pytest-qt the driver uses, in a process without pytest."""

    keyClick = staticmethod(QTest.keyClick)  # noqa: N815
    keyClicks = staticmethod(QTest.keyClicks)  # noqa: N815
    mouseClick = staticmethod(QTest.mouseClick)  # noqa: N815
    wait = staticmethod(QTest.qWait)

    @staticmethod
    def waitUntil(until: Callable[[], bool], timeout: int) -> None:
        deadline = now() + timeout / 1000
        while not until():
            if now() > deadline:
                raise TimeoutError
            QTest.qWait(5)


class Heart(QObject):
    """Knows how often the window's thread had a turn, and the longest time in seconds between two."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.begin()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def begin(self) -> None:
        self._last, self.longest, self.beats = now(), 0.0, 0

    def _tick(self) -> None:
        moment = now()
        self.longest = max(self.longest, moment - self._last)
        self._last = moment
        self.beats += 1


def standard_streams() -> list[tuple[int, int]]:
    """Which files the first three descriptors are."""
    return [(status.st_dev, status.st_ino) for status in map(os.fstat, range(3))]


class Report:
    """What is known so far, on the disk."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.facts: dict[str, Any] = {}

    def say(self, **facts: Any) -> None:
        self.facts.update(facts)
        beside = self._path + ".new"
        target = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        write(target, dumps(self.facts, indent=1).encode())
        close(target)
        Path(beside).replace(self._path)  # in one step: a view may end the process at any moment


class Ordeal:
    """One project whose view misbehaves, in a window that is to go on as if nothing were."""

    def __init__(self, window: QWidget, task: dict[str, Any], report: Report) -> None:
        self.task, self.report, self.window = task, report, window
        self.driver = Driver(Hands(), window)  # type: ignore[arg-type]
        self.heart = Heart(window)
        self.source = Path(task["folder"], "app.py")
        self.sources = {file.name: file.read_bytes() for file in self.source.parent.glob("*.py")}
        self.begun = Path(task["folder"], "begun")
        self.answers: list[Any] = []
        self.bugs: list[str] = report.facts.setdefault("bugs", [])
        self.streams = standard_streams()
        window.workspace.exchanged.connect(self.answers.append)
        window.workspace.jobs.unexpected.connect(lambda error: self.bugs.append(repr(error)))

    def run(self) -> None:
        self.driver.live()
        self.limit(self.task["limit"])
        self.report.say(calm_before=self.ask("/calm"))
        for top in self.task["at_import"]:
            self.at_import(top)
        self.at_request()
        self.report.say(calm_after=self.ask("/calm"))
        self.edit_in_the_form()
        self.edit_in_the_code()
        streams = [after == before for after, before in zip(standard_streams(), self.streams, strict=True)]
        self.report.say(wrong=self.driver.wrong(), streams=streams)

    # A view that misbehaves -------------------------------------------------------------------

    def limit(self, seconds: float | None) -> None:
        self.window.workspace.session.set_request_limit(seconds, keep=False)

    def at_request(self) -> None:
        if self.task["edit_first"]:
            self.edit_in_the_form()
        told = []
        for view in self.task["views"]:
            self.limit(view["limit"])
            told.append(self.suffer(view["path"], view["cancel"]))
            self.report.say(hostile=told)
            if view["restore"]:
                self.restore(self.source.with_name(view["restore"]))
            if view["restart"]:
                self.restart()
        self.limit(self.task["limit"])

    def suffer(self, path: str, cancel: bool) -> dict[str, Any]:
        """Ask for a hostile view and use the window meanwhile; what came of it."""
        self.answers.clear()
        self.driver.type("request.url", path)
        with self.watched():
            self.driver.click("request.send")
            self.use_the_window()
            if cancel:
                self.driver.click("request.send")
            self.driver.wait(lambda: bool(self.answers), f"an answer of {path}")
        return {**self.told(self.answers.pop()), "path": path, "beats": self.heart.beats}

    def restore(self, file: Path) -> None:
        """Write a source again that is gone, as another program does that has a copy of it."""
        file.write_bytes(self.sources[file.name])
        self.driver.wait(self.is_read, "the routes to be back")
        self.driver.live()

    def restart(self) -> None:
        """Stop the server and start it again, as a person does when it does not answer any more."""
        self.driver.click("server.toggle")
        self.driver.wait(lambda: "Live" not in self.driver.text("server.status"), "the server to stop")
        self.driver.click("server.toggle")
        self.driver.live()

    def use_the_window(self) -> None:
        """A key in a control has its effect, while the view is at it."""
        began = now()
        self.driver.type("routes.filter", "calm")
        longest = max(now() - began, self.report.facts.get("key_seconds", 0.0))
        self.report.say(key=self.driver.text("routes.filter"), key_seconds=longest)
        self.driver.type("routes.filter", "")

    @contextmanager
    def watched(self) -> Iterator[None]:
        self.heart.begin()
        try:
            yield
        finally:
            self.report.say(longest=max(self.heart.longest, self.report.facts.get("longest", 0.0)))

    # A source that misbehaves -----------------------------------------------------------------

    def at_import(self, top: str) -> None:
        good = self.source.read_text()
        self.begun.unlink(missing_ok=True)
        with self.watched():
            self.write(top + good.replace('"calm"', '"never"'))
            self.use_the_window()
            self.driver.wait(self.begun.exists, f"the import of {top!r} to begin")
            during = self.ask("/calm")["body"]
        began = now()
        self.write(good.replace('return "calm"', 'return "mended"'))
        self.driver.wait(lambda: self.ask("/calm")["body"] == "mended", f"what mends {top!r} to be live")
        told = {"during": during, "mended_seconds": now() - began, "top": top}
        self.report.say(imports=[*self.report.facts.get("imports", ()), told])
        self.write(good)
        self.driver.wait(lambda: self.ask("/calm")["body"] == "calm", "the first source to be live again")
        self.driver.live()

    def write(self, text: str) -> None:
        """Write the source as another editor does."""
        beside = self.source.with_suffix(".new")
        beside.write_text(text)
        beside.replace(self.source)

    # What must still work ---------------------------------------------------------------------

    def edit_in_the_form(self) -> None:
        self.open_calm()
        began = now()
        self.driver.type("route.answer.value", "calmer")
        self.driver.wait(lambda: 'return "calmer"' in self.source.read_text(), "the edit to be on the disk")
        self.driver.wait(lambda: self.ask("/calm")["body"] == "calmer", "the edit to be live")
        self.report.say(form_seconds=now() - began, form=self.ask("/calm"))

    def edit_in_the_code(self) -> None:
        editor = self.driver.child("route.code")
        text = editor.text()
        self.driver.wait(lambda: '"calmer"' in editor.text(), "the code to follow the form")
        cursor = editor.textCursor()
        cursor.setPosition(editor.text().index('"calmer"') + 1)
        editor.setTextCursor(cursor)
        editor.setFocus()
        began = now()
        self.driver.keys(editor, "much ")
        self.driver.wait(lambda: '"much calmer"' in self.source.read_text(), f"an edit of {text} on the disk")
        self.driver.wait(lambda: self.ask("/calm")["body"] == "much calmer", "the edit to be live")
        self.report.say(code_seconds=now() - began, code=self.ask("/calm"))

    def open_calm(self) -> None:
        self.driver.wait(self.is_read, "the source as it is now to be read")
        self.window.workbench.open_route(next(one for one in self.routes() if one.rule == "/calm"))

    def is_read(self) -> bool:
        """A request may be answered by what was written last before the window shows it."""
        text = self.source.read_text()
        here = [route for route in self.routes() if route.file == "app.py"]
        parts = {route.file for route in self.routes()} - {"app.py"}
        return (
            len(here) == self.task["routes"]
            and all(route.region.text in text for route in here)
            and parts == self.sources.keys() - {"app.py"}
        )

    def routes(self) -> tuple[Any, ...]:
        """Those of the source; the running app has one more, of its static files."""
        project = self.window.workspace.snapshot.project
        return tuple(route for route in project.routes if route.in_source) if project is not None else ()

    def ask(self, path: str) -> dict[str, Any]:
        """Send one request through the window's own panel, and tell what came back."""
        self.answers.clear()
        self.driver.type("request.url", path)
        self.driver.click("request.send")
        self.driver.wait(lambda: bool(self.answers), f"an answer of {path}")
        return self.told(self.answers.pop())

    def told(self, outcome: Any) -> dict[str, Any]:
        exchange = outcome.exchange
        response = exchange.response
        return {
            "status": response.status if response is not None else 0,
            "body": response.body[:2000].decode(errors="replace") if response is not None else "",
            "size": len(response.body) if response is not None else 0,
            "error": exchange.error,
            "printed": exchange.printed[-2000:],
            "printed_size": len(exchange.printed),
            "seconds": exchange.elapsed,
        }


def undergo(task: dict[str, Any], report: Report, trace: TextIO) -> None:
    window = next(w for w in make_application().topLevelWidgets() if w.objectName() == "window")
    failed = True
    try:
        Ordeal(window, task, report).run()
        failed = False
    except BaseException:  # noqa: BLE001  it is told to the test
        report.say(failed=traceback.format_exc())
    if failed:
        faulthandler.dump_traceback(trace)
        os._exit(3)
    report.say(closed=clock())
    window.close()


def main() -> int:
    task = loads(Path(sys.argv[1]).read_text())
    trace = Path(task["report"]).with_suffix(".trace").open("w")
    faulthandler.dump_traceback_later(task["patience"], file=trace)
    report = Report(task["report"])
    make_application()
    starter = QTimer(interval=20)

    def begin() -> None:
        if QThread.currentThread().loopLevel() > 0:  # the window's own loop, not the one of its first paint
            starter.stop()
            undergo(task, report, trace)

    starter.timeout.connect(begin)
    starter.start()
    return playground(["open", task["folder"]])


if __name__ == "__main__":
    sys.exit(main())
