"""Ten thousand routes: what the window does grows with what can be seen, not with what there is.

What is counted here can't be late on a busy machine: rows asked for, nodes painted, pages built. Where a
time is asserted it is that of the thread alone, the best of a few, with room to spare.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from project_folders import one_file
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.core.answers import AnswerKind
from playground.core.changes import ProjectState
from playground.core.routes import Owner, Route
from playground.core.trips import Line
from playground.gui import open_window
from playground.gui.panels.answer_form import AnswerForm
from playground.gui.panels.map_items import Node
from playground.gui.panels.map_layout import MapLayout
from playground.gui.panels.route_map import RouteMap
from playground.gui.panels.side_bar import SideBar
from playground.gui.panels.side_bar_model import SideBarModel

MANY = 10_000
KEYSTROKE = 0.05


def routes(count: int = MANY) -> tuple[Route, ...]:
    return tuple(
        Route(f"/area{n // 50}/thing{n}/<int:id>", ("GET",), f"view_{n}", f"view_{n}", "app", file="app.py")
        for n in range(count)
    )


def project(listed: tuple[Route, ...]) -> ProjectState:
    return ProjectState("large", "/large", listed, (Owner("app", "app", file="app.py"),), (), ("app.py",))


def counted(monkeypatch: pytest.MonkeyPatch, kind: type, name: str) -> list[object]:
    """The calls of a method from now on."""
    calls: list[object] = []
    real = getattr(kind, name)

    def count(self: Any, *args: Any, **more: Any) -> Any:
        calls.append(self)
        return real(self, *args, **more)

    monkeypatch.setattr(kind, name, count)
    return calls


@pytest.fixture
def bar(qtbot: QtBot) -> SideBar:
    bar = SideBar()
    qtbot.addWidget(bar)
    bar.resize(250, 640)
    bar.show()
    bar.show_project(project(routes()))
    QApplication.processEvents()
    return bar


def test_only_rows_in_sight_are_looked_up_at_a_key(bar: SideBar, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = counted(monkeypatch, SideBarModel, "row_at")
    bar.filter.setText("view_")
    QApplication.processEvents()
    assert 0 < len(looked_up) < 500
    assert bar.tree.model().rowCount(bar.tree.model().index(0, 0, bar.tree.model().index(0, 0))) == MANY


def test_a_key_in_the_filter_is_answered_at_once(bar: SideBar) -> None:
    def seconds(text: str) -> float:
        started = thread_time()
        bar.filter.setText(text)
        QApplication.processEvents()
        return thread_time() - started

    assert min(seconds(text) for text in ("v", "vi", "vie", "view")) < KEYSTROKE  # all of them stay
    assert min(seconds(text) for text in ("view_9", "view_99", "view_999")) < KEYSTROKE


def test_a_route_that_moved_is_taken_over_without_a_reset(qtbot: QtBot, bar: SideBar) -> None:
    bar.filter.setText("view_77")
    moved = tuple(replace(one, line=one.line + 1) for one in routes())
    with qtbot.assertNotEmitted(bar.tree.model().modelReset):
        bar.show_project(project(moved))
    with qtbot.waitSignal(bar.route_opened) as opened:
        bar._open_first()
    assert opened.args[0] is moved[77]


@pytest.fixture
def large_map(qtbot: QtBot) -> RouteMap:
    widget = RouteMap()
    qtbot.addWidget(widget)
    widget.resize(720, 320)
    widget.show()
    widget.show_routes(routes())
    QApplication.processEvents()
    return widget


def test_only_nodes_in_sight_are_painted(large_map: RouteMap, monkeypatch: pytest.MonkeyPatch) -> None:
    painted = counted(monkeypatch, Node, "paint")
    large_map.view.repaint_ground()  # the map at rest is kept once it is painted
    large_map.grab()
    assert 0 < len(painted) < 150
    painted.clear()
    large_map.fit()
    large_map.grab()
    assert 0 < len(painted) < 10, "from far away all of one colour are painted at once"


def test_the_map_of_routes_that_moved_stays(large_map: RouteMap) -> None:
    picture = large_map.view.picture
    large_map.show_routes(tuple(replace(one, line=one.line + 1) for one in routes()))
    assert large_map.view.picture is picture


def arrived(wanted: Route) -> list[Line]:
    line = Line(1, "GET", "/x", "", False, 200, wanted.full_rule, wanted.endpoint, 0.0, 0.001)
    return [replace(line, number=number) for number in range(1, 200)]


def in_and_out_of_sight(large_map: RouteMap) -> tuple[Node, Node]:
    """The pill in the middle of the map, and the one at its upper end, of which nothing is seen."""
    pills = [one for one in large_map.view.items_shown if one.node.kind == "pill"]
    top, bottom = large_map.view.sight
    seen = min(pills, key=lambda one: abs(one.node.y - (top + bottom) / 2))
    unseen = min(pills, key=lambda one: one.node.y)
    assert unseen.area.bottom() < top < seen.node.y < bottom
    return seen, unseen


def test_a_request_that_arrives_is_counted_without_a_look_at_all_routes(
    large_map: RouteMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_anew = counted(monkeypatch, Node, "update")
    looked_up = counted(monkeypatch, MapLayout, "pill_of")
    seen, unseen = in_and_out_of_sight(large_map)
    for pill, drawn in ((seen, [seen]), (unseen, [])):
        drawn_anew.clear()
        looked_up.clear()
        wanted = pill.node.route
        assert wanted is not None
        large_map.take(arrived(wanted))
        assert (drawn_anew, len(looked_up)) == (drawn, 1)
        assert large_map.tally((wanted.endpoint, wanted.rule)).requests == 199


def test_what_was_counted_out_of_sight_is_there_when_it_comes_into_sight(
    large_map: RouteMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, unseen = in_and_out_of_sight(large_map)
    assert unseen.node.route is not None
    large_map.take(arrived(unseen.node.route), shine=False)
    QApplication.processEvents()
    shown = counted(monkeypatch, Node, "paint_tally")
    large_map.view.ensureVisible(unseen.area)
    QApplication.processEvents()
    assert shown == [unseen]


def test_a_list_of_ten_thousand_names_waits_until_it_is_shown(qtbot: QtBot) -> None:
    form = AnswerForm()
    qtbot.addWidget(form)
    form.offer((), [one.endpoint for one in routes()])
    combo = form._values[AnswerKind.REDIRECT]
    assert isinstance(combo, QComboBox) and combo.count() == 0
    form._chosen(AnswerKind.REDIRECT)
    assert combo.count() == MANY


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> Iterator[Driver]:
    driver = Driver(qtbot, open_window(one_file(tmp_path / "large", 20)))
    driver.live()
    yield driver
    driver.close()


def test_a_route_opens_in_the_page_that_was_built_in_reserve(driver: Driver) -> None:
    bench = driver.window.workbench
    driver.wait(lambda: bench.pages._reserve is not None, "a page in reserve")
    reserve, listed = bench.pages._reserve, driver.window.workspace.snapshot.project.routes
    bench.open_route(listed[7])
    assert bench.pages.current_page() is reserve
    assert driver.text("route.rule") == listed[7].rule
    assert driver.text("route.code") == listed[7].region.text
    driver.wait(lambda: bench.pages._reserve not in (None, reserve), "the next page in reserve")
    bench.pages.open_new()
    assert driver.has("route.add") and not driver.has("route.code")
