"""While many requests arrive, the map takes little of the window's time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.exchanges import Match
from playground.core.routes import Route
from playground.core.trips import Line
from playground.gui.panels import map_pulses
from playground.gui.panels.map_counts import Tally
from playground.gui.panels.map_items import Node
from playground.gui.panels.map_pulses import FRAME_MS, RARELY_MS, Pulses
from playground.gui.panels.route_map import RouteMap
from playground.gui.theme import theme


def test_pulses_have_fewer_frames_while_the_window_has_much_to_do(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    pulses, now, worked = Pulses(owner), 1000.0, [0.0]
    monkeypatch.setattr(map_pulses, "thread_time", lambda: worked[0])
    pulses._pace(now)

    def frames(share: float) -> int:
        nonlocal now
        for _ in range(10):
            now += 1
            worked[0] += share
            pulses._pace(now)
        return pulses._frames.interval()

    assert frames(0.02) == FRAME_MS
    assert frames(0.3) == RARELY_MS
    assert frames(0.02) == FRAME_MS


ROUTES = tuple(
    Route(f"/area{at % 12}/thing{at}", ("GET",), f"view{at}", f"view{at}", "app", file="app.py", line=at + 1)
    for at in range(120)
)


def asked(at: int, status: int = 200) -> Line:
    route = ROUTES[at]
    return Line(1, "GET", route.rule, "127.0.0.1", False, status, route.rule, route.endpoint, 0.0, 0.001)


@pytest.fixture
def shown(qtbot: QtBot) -> RouteMap:
    route_map = RouteMap()
    qtbot.addWidget(route_map)
    route_map.resize(700, 400)
    route_map.show_routes(ROUTES)
    with qtbot.waitExposed(route_map):
        route_map.show()
    route_map.grab()
    return route_map


def afresh(route_map: RouteMap) -> QImage:
    """The picture, with nothing of what was kept of it."""
    route_map.view.repaint_ground()
    return route_map.view.grab().toImage()


def difference(one: QImage, other: QImage) -> int:
    """By how much the colour of a pixel differs at most, 0 to 255; curves in parts are rounded a little."""
    assert one.size() == other.size()
    both = QImage(one)
    painter = QPainter(both)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, other)
    painter.end()
    plain = both.convertToFormat(QImage.Format.Format_RGB888)  # held while its bytes are looked at
    return max(bytes(plain.constBits()))


def test_what_does_not_change_is_not_painted_again_while_requests_arrive(
    shown: RouteMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[int] = []
    at_rest = Node.paint_at_rest

    def counting(node: Node, painter: QPainter, *, readable: bool) -> None:
        painted.append(node.index)
        at_rest(node, painter, readable=readable)

    monkeypatch.setattr(Node, "paint_at_rest", counting)
    before = shown.view.grab().toImage()
    for at in range(60):
        shown.take([asked(at), asked(at, 500)], shine=False)
        shown.view.viewport().repaint()
    assert painted == []
    counted = shown.view.grab().toImage()
    assert counted != before and painted == []
    assert difference(afresh(shown), counted) == 0
    assert painted != []


def test_what_is_gathered_is_counted_once_whatever_comes_between(shown: RouteMap) -> None:
    key = (ROUTES[2].endpoint, ROUTES[2].rule)
    shown.gather([asked(2), asked(2, 500)])
    assert shown.has_gathered and shown.tally(key) == Tally()
    shown.take([asked(2)])
    assert not shown.has_gathered and shown.tally(key) == Tally(3, 1)
    shown.gather([asked(2)])
    shown.show_routes(ROUTES[:60])  # drawn anew, with all that is counted
    assert shown.tally(key) == Tally(4, 1)
    shown.take()
    assert shown.tally(key) == Tally(4, 1)
    shown.gather([asked(2)])
    shown.clear_counts()
    shown.take()
    assert shown.tally(key) == Tally()


def test_the_picture_is_the_same_as_one_that_is_painted_anew(shown: RouteMap) -> None:
    view = shown.view
    shown.take([asked(at, 404 if at % 3 else 200) for at in range(40)], shine=False)
    steps: dict[str, Callable[[], object]] = {
        "scrolled": lambda: view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 37),
        "scrolled back": lambda: view.verticalScrollBar().setValue(0),
        "closer": shown.zoom_in,
        "further": shown.zoom_out,
        "whole": shown.fit,
        "chosen": lambda: shown.select((ROUTES[3].endpoint, ROUTES[3].rule)),
        "not chosen": lambda: shown.select(None),
        "lit": lambda: shown.light(
            Match("GET", "/area1/thing1", "match", ROUTES[1].endpoint, ROUTES[1].rule)
        ),
        "put out": lambda: shown.light(None),
        "larger": lambda: shown.resize(900, 500),
        "dark": lambda: theme().set_mode("dark"),
        "other routes": lambda: shown.show_routes(ROUTES[:50]),
    }
    for name, step in steps.items():
        step()
        QApplication.processEvents()
        seen = view.grab().toImage()
        assert difference(seen, afresh(shown)) <= 2, name
