"""A hundred thousand requests pass by: the window goes on answering while they are listed and counted.

How long the window's thread was busy at a stretch is told by its own clock: any other says more about who
else uses the machine.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.core.routes import Route
from playground.core.trips import Line
from playground.gui import open_window
from playground.gui.panels.route_map import RouteMap
from playground.gui.panels.traffic_model import KEPT
from playground.gui.panels.traffic_panel import TrafficPanel

ALL = 100_000
AT_ONCE = 500
"""Lines that come together; a server that answers 5,000 a second gives as many within 100 ms."""
LONGEST = 0.05
TICK_MS = 5
ROUTES = tuple(Route(f"/things{n}/<int:id>", ("GET",), f"view_{n}", f"view_{n}", "app") for n in range(100))
FILTERS = ("things1", "", "things7 9", "nothing like it", "")


class Heart(QObject):
    """Knows the longest time in seconds that the window's thread worked between two ticks."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.longest = 0.0
        self._last = time.thread_time()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def begin(self) -> None:
        self._last, self.longest = time.thread_time(), 0.0

    def _tick(self) -> None:
        now = time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self._last = now


class Person(QObject):
    """Scrolls, chooses rows and filters, all the time."""

    def __init__(self, panel: TrafficPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._turns = itertools.count()
        self.deeds = 0
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(self._act)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _act(self) -> None:
        turn, panel = next(self._turns), self._panel
        bar = panel.table.verticalScrollBar()
        if turn % 10 == 0:
            panel.filters.words.setText(FILTERS[turn // 10 % len(FILTERS)])
        elif turn % 10 == 5:
            panel.filters.status.choose(("", "2xx", "failed")[turn // 10 % 3])
        elif turn % 3 == 0:
            bar.setValue(bar.maximum() * (turn % 7) // 7)
        elif panel.model.rowCount():
            panel.table.choose(turn % panel.model.rowCount())
        self.deeds += 1


def lines(first: int) -> list[Line]:
    made = Line(0, "GET", "", "127.0.0.1", False, 200, "", "", 1_700_000_000.0, 0.001)
    found = []
    for number in range(first, first + AT_ONCE):
        route = ROUTES[number % len(ROUTES)]
        status = 500 if number % 9 == 0 else 200
        path = f"/things{number % len(ROUTES)}/{number}"
        line = replace(
            made, number=number, path=path, status=status, rule=route.rule, endpoint=route.endpoint
        )
        found.append(replace(line, rule="", endpoint="", status=404) if number % 50 == 0 else line)
    return found


@pytest.fixture
def both(qtbot: QtBot) -> Iterator[tuple[TrafficPanel, RouteMap]]:
    splitter = QSplitter(Qt.Orientation.Vertical)
    panel, drawn = TrafficPanel(), RouteMap()
    splitter.addWidget(panel)
    splitter.addWidget(drawn)
    qtbot.addWidget(splitter)
    splitter.resize(720, 600)
    with qtbot.waitExposed(splitter):
        splitter.show()
    drawn.show_routes(ROUTES)
    yield panel, drawn


def test_lines_that_pass_by_do_not_hold_up_the_window(
    qtbot: QtBot, both: tuple[TrafficPanel, RouteMap]
) -> None:
    panel, drawn = both
    batches = [lines(first) for first in range(1, ALL + 1, AT_ONCE)]
    qtbot.wait(50)
    heart, person = Heart(panel), Person(panel)
    heart.begin()
    for batch in batches:
        panel.take(batch)
        drawn.take(batch)
        qtbot.wait(TICK_MS + 1)
    person.stop()
    longest = heart.longest
    assert person.deeds > 50
    assert panel.model.total == ALL and panel.model.kept == KEPT
    assert sum(drawn.tally((one.endpoint, one.rule)).requests for one in ROUTES) == ALL * 49 // 50
    assert longest < LONGEST, f"{longest * 1000:.0f} ms"


APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/things/<int:number>")
def thing(number):
    return {"number": number}
"""
CLIENTS = Path(__file__).resolve().parents[1] / "bench" / "load.py"


@contextmanager
def clients(url: str) -> Iterator[None]:
    """Sixteen clients in a process of their own that ask all the time."""
    command = [sys.executable, str(CLIENTS), url, "900"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.long
def test_requests_that_pass_by_do_not_hold_up_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    driver = Driver(qtbot, open_window(tmp_path))
    try:
        driver.live()
        session, bench = driver.window.workspace.session, driver.window.workbench
        bench.show_traffic()
        driver.settled()
        qtbot.wait(300)  # what comes after starting is over
        heart, person = Heart(bench), Person(bench.traffic)
        heart.begin()
        with clients(f"{driver.window.workspace.snapshot.server.url}/things/7"):
            qtbot.waitUntil(lambda: session.trips_recorded >= ALL, timeout=900_000)
        person.stop()
        longest = heart.longest
        bench.traffic.filters.reset()
        driver.wait(lambda: bench.traffic.model.total == session.trips_recorded, "all to be counted")
        driver.wait(lambda: bench.traffic.model.rowCount() == KEPT, "what is kept to be listed")
        assert person.deeds > 1000
        assert longest < LONGEST, f"{longest * 1000:.0f} ms"
    finally:
        driver.close()
