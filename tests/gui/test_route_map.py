"""The route map as a person uses it: look, click, walk with the arrows, follow the lit way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from playground.core.exchanges import Match
from playground.core.routes import Route
from playground.gui.panels.route_map import RouteMap
from playground.gui.theme import theme


def route(rule: str, methods: str, function: str, prefix: str = "") -> Route:
    return Route(rule, tuple(methods.split()), function, function, "app", prefix)


ROUTES = (
    route("/", "GET", "index"),
    route("/users", "POST", "create_user"),
    route("/users/<int:user_id>", "GET", "get_user"),
    route("/books/<isbn>", "PUT", "put_book", "/api"),
    route("/books/<isbn>", "DELETE", "drop_book", "/api"),
)
GET_USER = ("get_user", "/users/<int:user_id>")
MATCHED = Match("GET", "/users/42", "match", "/users/<int:user_id>", "get_user", (("user_id", "42"),))


@pytest.fixture
def route_map(qtbot: QtBot) -> RouteMap:
    widget = RouteMap()
    qtbot.addWidget(widget)
    widget.resize(720, 320)
    widget.show()
    widget.show_routes(ROUTES)
    QApplication.processEvents()
    return widget


def view(route_map: RouteMap) -> QGraphicsView:
    found = route_map.findChild(QGraphicsView, "map.view")
    assert isinstance(found, QGraphicsView)
    return found


def scale(route_map: RouteMap) -> float:
    return view(route_map).transform().m11()


def point_of(route_map: RouteMap, key: tuple[str, str]) -> QPoint:
    point = route_map.point_of(key)
    assert point is not None
    return point


def press(qtbot: QtBot, route_map: RouteMap, name: str) -> None:
    button = route_map.findChild(QToolButton, name)
    assert isinstance(button, QToolButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_click_on_a_pill_opens_its_route(qtbot: QtBot, route_map: RouteMap) -> None:
    for wanted in ROUTES:
        with qtbot.waitSignal(route_map.route_opened) as opened:
            where = point_of(route_map, (wanted.endpoint, wanted.rule))
            qtbot.mouseClick(view(route_map).viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert opened.args == [wanted]


def test_every_route_is_in_view_at_first(route_map: RouteMap) -> None:
    visible = view(route_map).viewport().rect()
    assert all(visible.contains(point_of(route_map, (r.endpoint, r.rule))) for r in ROUTES)


def test_the_way_of_a_request_lights_up_with_its_values(route_map: RouteMap) -> None:
    route_map.light(MATCHED)
    assert route_map.lit_path == ("/", "users", "<int:user_id>", "GET get_user")
    assert route_map.words == "✓ user_id = 42"
    route_map.light(None)
    assert route_map.lit_path == () and route_map.words == ""


def test_the_key_decides_where_the_match_alone_is_not_known(route_map: RouteMap) -> None:
    route_map.light(Match("DELETE", "/api/books/1", "match", "?", "?"), ("drop_book", "/books/<isbn>"))
    assert route_map.lit_path[-1] == "DELETE drop_book"


def test_a_404_lights_the_way_as_far_as_it_goes(route_map: RouteMap) -> None:
    route_map.light(Match("GET", "/users/abc", "not_found"))
    assert route_map.lit_path == ("/", "users")
    assert "no route" in route_map.words
    note = route_map.findChild(QLabel, "map.note")
    assert isinstance(note, QLabel) and note.isVisible()
    assert "/users/abc" in note.text() and "404" in note.text()
    route_map.light(MATCHED)
    assert not note.isVisible()


def test_a_405_says_which_methods_there_are(route_map: RouteMap) -> None:
    route_map.light(Match("POST", "/api/books/1", "method_not_allowed", allowed=("PUT", "DELETE")))
    assert route_map.lit_path == ("/", "api", "books", "<isbn>")
    note = route_map.findChild(QLabel, "map.note")
    assert isinstance(note, QLabel)
    assert "no POST" in route_map.words and "PUT, DELETE" in note.text()


def test_the_light_stays_when_routes_are_added(route_map: RouteMap) -> None:
    route_map.light(MATCHED)
    route_map.show_routes((*ROUTES, route("/about", "GET", "about")))
    assert route_map.lit_path[-1] == "GET get_user"


def test_arrows_walk_and_enter_opens(qtbot: QtBot, route_map: RouteMap) -> None:
    picture = view(route_map)
    picture.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(picture, key)
    assert picture.accessibleDescription() == "GET /, index"
    with qtbot.waitSignal(route_map.route_opened) as opened:
        qtbot.keyClick(picture, Qt.Key.Key_Return)
    assert opened.args == [ROUTES[0]]


def test_zoom_is_kept_until_the_tree_has_another_shape(qtbot: QtBot, route_map: RouteMap) -> None:
    fitted = scale(route_map)
    press(qtbot, route_map, "map.zoom_in")
    zoomed = scale(route_map)
    assert zoomed > fitted
    route_map.show_routes((route("/", "POST", "index"), *ROUTES[1:]))  # the same tree, another method
    route_map.light(MATCHED)
    assert scale(route_map) == pytest.approx(zoomed)
    route_map.show_routes(ROUTES[:3])
    assert scale(route_map) != pytest.approx(zoomed)


def test_fit_shows_all_of_a_large_map(qtbot: QtBot, route_map: RouteMap) -> None:
    many = tuple(route(f"/part{n % 9}/page{n}/<int:id>", "GET", f"page{n}") for n in range(300))
    route_map.show_routes(many)
    assert scale(route_map) > 0.6  # legible at first, a part of it
    press(qtbot, route_map, "map.fit")
    visible = view(route_map).viewport().rect()
    assert all(visible.contains(point_of(route_map, (r.endpoint, r.rule))) for r in many)


def test_the_wheel_zooms_within_bounds(route_map: RouteMap) -> None:
    def turn(delta: int) -> None:
        centre = QPointF(view(route_map).viewport().rect().center())
        event = QWheelEvent(
            centre,
            QPointF(view(route_map).mapToGlobal(centre.toPoint())),
            QPoint(),
            QPoint(0, delta),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view(route_map).viewport(), event)

    before = scale(route_map)
    turn(120)
    assert scale(route_map) > before
    for _ in range(80):
        turn(-240)
    assert scale(route_map) == pytest.approx(0.005)


def test_a_drag_pans_and_opens_nothing(qtbot: QtBot, route_map: RouteMap) -> None:
    opened: list[object] = []
    route_map.route_opened.connect(opened.append)
    viewport, start = view(route_map).viewport(), point_of(route_map, GET_USER)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, start + QPoint(60, 40))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 40))
    assert opened == []


def test_an_empty_map_says_how_to_begin(route_map: RouteMap) -> None:
    route_map.show_routes(())
    texts = [label.text() for label in route_map.findChildren(QLabel) if label.isVisible()]
    assert any("Ctrl+N" in text for text in texts)
    route_map.light(Match("GET", "/", "not_found"))  # nothing to light, no error
    assert route_map.words == ""


def test_another_theme_repaints(qtbot: QtBot, route_map: RouteMap) -> None:
    before = theme().mode
    try:
        theme().set_mode("light")
        light = route_map.grab().toImage()
        theme().set_mode("dark")
        assert route_map.grab().toImage() != light
    finally:
        theme().set_mode(before)


def test_routes_that_only_moved_are_not_drawn_again(qtbot: QtBot, route_map: RouteMap) -> None:
    drawn = list(route_map.view.items_shown)
    moved = tuple(replace(one, line=one.line + 3, doc="Written since.") for one in ROUTES)
    route_map.show_routes(moved)
    assert route_map.view.items_shown == drawn
    with qtbot.waitSignal(route_map.route_opened) as opened:
        qtbot.mouseClick(
            view(route_map).viewport(), Qt.MouseButton.LeftButton, pos=point_of(route_map, GET_USER)
        )
    assert opened.args == [moved[2]], "the route as it was last read"


def test_of_very_many_routes_a_part_is_drawn_and_the_map_says_so(route_map: RouteMap) -> None:
    route_map.show_routes(tuple(route(f"/thing{number}", "GET", f"view_{number}") for number in range(1200)))
    line = route_map.findChild(QLabel, "map.more")
    assert line is not None
    assert line.isVisibleTo(route_map)
    assert line.text() == "These are the first 1,000 of 1,200 routes."
    assert len(route_map.view.items_shown) == 2001
    route_map.light(Match("GET", "/thing1100", "match", "/thing1100", "view_1100"))
    assert route_map.words == "✓ matched"
    route_map.show_routes(ROUTES)
    assert not line.isVisibleTo(route_map)
