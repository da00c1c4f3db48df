"""A window that is told by lines of JSON what to do, and answers each with one.

``window_process.py playground [FOLDER]`` starts just as ``playground FOLDER`` does; ``bare FOLDER`` is the
peer: an empty main window, and bare waitress serving the same app in a thread of the same process.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget

TICK_MS = 16
QUIET_MS = 120
"""What a step leaves to be painted is part of it."""
SETTLED_MS = 1000
"""What a window does by itself after it came up is over."""
LETTERS = "thing1"
OUT = os.fdopen(os.dup(1), "w", encoding="utf-8")
IN = os.fdopen(os.dup(0), encoding="utf-8")


def answer(**values: Any) -> None:
    OUT.write(json.dumps(values) + "\n")
    OUT.flush()


def wait(done: Callable[[], bool], seconds: float = 170.0) -> None:
    """Let the window live until something holds, be it for a moment."""
    loop, watch = QEventLoop(), QTimer(interval=2, timerType=Qt.TimerType.PreciseTimer)
    deadline = time.monotonic() + seconds

    def look() -> None:
        if done():
            loop.exit(1)
        elif time.monotonic() > deadline:
            loop.exit(0)

    watch.timeout.connect(look)
    watch.start()
    held = loop.exec()
    watch.stop()
    if not held:
        raise TimeoutError("waited in vain")


def rest(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Heart(QObject):
    """A timer of 16 ms, and how late each of its ticks was.

    ``busy`` is the longest that the thread itself worked between two ticks, by its own clock: what a block
    has more than that is the work of other threads, and of other programs.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.late: list[float] = []
        self.busy = 0.0
        self._last = self._worked = 0.0
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        self.late, self._last = [], time.perf_counter()
        self.busy, self._worked = 0.0, time.thread_time()
        self._timer.start()

    def end(self) -> list[float]:
        """Milliseconds, the least late first."""
        self._timer.stop()
        self._tick()  # what held the thread up until now
        return sorted(self.late)

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        worked = time.thread_time()
        self.busy = max(self.busy, (worked - self._worked) * 1000)
        self._last, self._worked = now, worked


class Paints(QObject):
    """Calls back when a widget is to be painted, right after it was."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.last = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._painted)
        return False

    @Slot()
    def _painted(self) -> None:
        self.last = time.perf_counter()


class Commander(QObject):
    """Does what comes in on standard input, on the GUI thread."""

    _heard = Signal(str)
    _ended = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.heart = Heart(self)
        self._heard.connect(self._obey, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(QCoreApplication.quit)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in IN:
            self._heard.emit(line)
        self._ended.emit()

    @Slot(str)
    def _obey(self, line: str) -> None:
        words = json.loads(line)
        try:
            answer(**getattr(self, "do_" + words.pop("command"))(**words))
        except Exception:  # noqa: BLE001  (told to who asked)
            answer(error=traceback.format_exc())

    def do_lateness(self, seconds: float) -> dict[str, Any]:
        """How late the ticks were for a while: the middle, the 99th of 100, the worst."""
        self.heart.begin()
        rest(int(seconds * 1000))
        late = self.heart.end()
        return {
            "p50": late[len(late) // 2],
            "p99": late[min(len(late) - 1, int(len(late) * 0.99))],
            "max": late[-1],
            "ticks": len(late),
            "busy": self.heart.busy,
        }

    def do_rest(self, seconds: float) -> dict[str, Any]:
        """Let the window live for a while."""
        rest(int(seconds * 1000))
        return {}


class Playground(Commander):
    """The commands that only our window knows."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.opened = self.live = 0.0
        self.work: Any = window.workspace  # type: ignore[attr-defined]
        self.work.changed.connect(self._changed)

    @property
    def bench(self) -> Any:
        """The panels of a project; asked for late, because asking builds what is not built yet."""
        return self.window.workbench  # type: ignore[attr-defined]

    @Slot(object)
    def _changed(self, change: Any) -> None:
        if change.origin == "open" and self.work.snapshot.project is not None:
            self.opened = time.perf_counter()
        elif change.origin == "live":
            self.live = time.perf_counter()

    def quiet(self) -> None:
        wait(lambda: self.work.jobs.idle)
        rest(QUIET_MS)

    def greet(self, with_project: bool) -> None:
        """Say where the server is, once the project that was named is live.

        No loop within a loop here: the window is still on its way to opening that project.
        """
        server = self.work.snapshot.server
        if self.work.jobs.idle and (not with_project or (self.live and server.running)):
            answer(port=server.port)
        else:
            QTimer.singleShot(5, lambda: self.greet(with_project))

    def route(self, function: str) -> Any:
        return next(route for route in self.work.snapshot.project.routes if route.function == function)

    def held_up(self) -> dict[str, float]:
        """The longest that the window was held up since the heart began, once all is quiet."""
        self.quiet()
        late = self.heart.end()
        return {"block": late[-1], "busy": self.heart.busy}

    def do_begin(self) -> dict[str, Any]:
        self.quiet()
        self.heart.begin()
        return {}

    def do_end(self) -> dict[str, Any]:
        return self.held_up()

    def do_open(self, folder: str) -> dict[str, Any]:
        """Open a folder: seconds until the list shows it, and until its app is live."""
        self.quiet()
        rest(SETTLED_MS)
        self.opened = self.live = 0.0
        paints = Paints(self.bench.side.tree.viewport())
        self.heart.begin()
        began = time.perf_counter()
        self.work.open(Path(folder))
        wait(lambda: bool(self.opened) and paints.last > self.opened)
        listed = paints.last - began
        wait(lambda: bool(self.live) and self.work.jobs.idle)
        live = self.live - began
        problem = self.work.snapshot.live.problem
        if problem is not None:
            raise RuntimeError(str(problem))
        project, port = self.work.snapshot.project, self.work.snapshot.server.port
        return {
            "listed": listed,
            "live": live,
            **self.held_up(),
            "routes": sum(route.in_source for route in project.routes),
            "port": port,
        }

    def do_record(self, on: bool) -> dict[str, Any]:
        """Whether requests are recorded; without, the server calls the slot, and nothing watches the app."""
        session = self.work.session
        live, server = session._live, session._server._running._server
        recorder, app = live.recorder, live.slot.app
        if on:
            recorder.watch(app)
        else:
            recorder.unwatch(app)
        server.application = recorder if on else live.slot
        return {}

    def do_share(self, addresses: list[str]) -> dict[str, Any]:
        """Share with a network in which the machine has these addresses; the page for a class is in front."""
        from playground.server import addresses as found

        found.of_the_network = lambda: tuple(addresses)
        self._stop_sharing()
        ended: list[str] = []
        self.work.share(lambda: ended.append(""), lambda problem: ended.append(str(problem)))
        wait(lambda: bool(ended))
        if ended[0]:
            raise RuntimeError(ended[0])
        self.window.top.show_page.emit()  # type: ignore[attr-defined]
        return {"shared": self.work.snapshot.server.shared}

    def _stop_sharing(self) -> None:
        self.work.stop_sharing()
        wait(lambda: not self.work.snapshot.server.shared)

    def do_leave(self) -> dict[str, Any]:
        """Leave the page for a class."""
        self.window.top.leave_page.emit()  # type: ignore[attr-defined]
        return {}

    def do_roster(self) -> dict[str, Any]:
        """Who came, and how many requests of each were answered."""
        roster = self.work.session.roster()
        guests = {guest.address: guest.requests for guest in roster.guests}
        sums = {"requests": roster.requests, "failed": roster.failed, "refused": roster.refused}
        return {"guests": guests, **sums}

    def do_filter(self) -> dict[str, Any]:
        """Type into the filter: milliseconds from each key to the list that it leads to."""
        from PySide6.QtTest import QTest

        box = next(box for box in self.window.findChildren(QLineEdit, "routes.filter") if box.isVisible())
        paints, keys = Paints(self.bench.side.tree.viewport()), []
        box.setFocus()
        self.quiet()
        self.heart.begin()
        for letter in LETTERS:
            began = time.perf_counter()
            QTest.keyClick(box, letter)
            wait(lambda began=began: paints.last > began)
            keys.append((paints.last - began) * 1000)
            rest(60)
        left = self._rows()
        QTest.keyClick(box, Qt.Key.Key_Escape)
        return {"keys": keys, **self.held_up(), "left": left, "all": self._rows()}

    def _rows(self) -> int:
        """How many rows without children the list has."""
        model = self.bench.side.tree.model()

        def count(parent: Any) -> int:
            rows = model.rowCount(parent)
            return sum(count(model.index(row, 0, parent)) for row in range(rows)) if rows else 1

        root = self.bench.side.tree.rootIndex()
        return sum(count(model.index(row, 0, root)) for row in range(model.rowCount(root)))

    def do_form(self, function: str, words: str) -> dict[str, Any]:
        """Open a route's page and change it by its form: milliseconds from writing it to being live."""
        from PySide6.QtTest import QTest

        self.quiet()
        self.heart.begin()
        began = time.perf_counter()
        self.bench.open_route(self.route(function))
        opening = (time.perf_counter() - began) * 1000
        self.quiet()
        line = next(found for found in self.window.findChildren(QWidget, "route.doc") if found.isVisible())
        line.setFocus()
        QTest.keyClicks(line, words)
        self.live, began = 0.0, time.perf_counter()
        self.bench.pages.flush()
        wait(lambda: bool(self.live))
        return {"opening": opening, "live": (self.live - began) * 1000, **self.held_up()}

    def do_caught_up(self, function: str) -> dict[str, Any]:
        """Wait until the window has read what other programs wrote: an edit of something older is refused."""
        folder = Path(self.work.snapshot.project.folder)

        def is_newest() -> bool:
            region = self.route(function).region
            return region.text.encode() in (folder / region.file).read_bytes()

        wait(lambda: self.work.jobs.idle and is_newest())
        return {}

    def do_edit(self, function: str, old: str, new: str) -> dict[str, Any]:
        """Write a view's code as the window's editor does, and take it live."""
        import re

        region, session = self.route(function).region, self.work.session
        text = re.sub(old, new, region.text)
        assert text != region.text
        ended: list[str] = []
        self.work.project(
            lambda: session.write_region(region, text),
            lambda _: ended.append(""),
            lambda problem: ended.append(str(problem)),
        )
        wait(lambda: bool(ended))
        if ended[0]:
            raise RuntimeError(ended[0])
        return {}

    def do_map(self) -> dict[str, Any]:
        """Draw the map of all routes: milliseconds until it is painted."""
        from playground.gui.panels.route_map import RouteMap

        drawn = RouteMap()
        drawn.resize(700, 300)
        drawn.show()
        paints = Paints(drawn.view.viewport())
        self.quiet()
        self.heart.begin()
        began = time.perf_counter()
        drawn.show_routes(self.work.snapshot.project.routes)
        shown = time.perf_counter()
        wait(lambda: paints.last > shown)
        took = (paints.last - began) * 1000
        held_up = self.held_up()
        drawn.close()
        drawn.deleteLater()
        return {"drawn": took, **held_up}


def playground(folder: str | None) -> None:
    """Our window, from the same beginning as any."""
    from playground.cli import main
    from playground.gui.window import Window

    show = Window.show

    def shown(window: Any) -> None:
        show(window)
        Playground(window).greet(folder is not None)

    Window.show = shown  # type: ignore[method-assign]
    main(["open", *([folder] if folder else [])])


def bare(folder: str) -> None:
    """An empty window, and waitress in a thread."""
    import logging

    import waitress
    from processes import THREADS

    sys.path.insert(0, folder)
    from app import app  # type: ignore[import-not-found]

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    qt = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    commander = Commander(window)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=THREADS, connection_limit=1000)
    threading.Thread(target=server.run, daemon=True).start()
    QTimer.singleShot(0, commander, lambda: answer(port=int(server.effective_port)))
    qt.exec()
    os._exit(0)  # views that never end would keep it alive


if __name__ == "__main__":
    {"playground": playground, "bare": bare}[sys.argv[1]](*(sys.argv[2:] or [None]))  # type: ignore[arg-type]
