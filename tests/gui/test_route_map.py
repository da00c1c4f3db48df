"""The route map as a person uses it: look, click, walk with the arrows, follow the lit way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from playground.core.exchanges import Match
from playground.core.explanations import Explanation, Near, Stop
from playground.core.routes import Route
from playground.core.trips import Line
from playground.gui.panels import map_pulses
from playground.gui.panels.map_counts import Tally
from playground.gui.panels.map_pulses import MOST
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


# How much is asked for.


def line(number: int, wanted: Route | None = None, status: int = 200, method: str = "") -> Line:
    method = method or (wanted.methods[0] if wanted is not None else "GET")
    rule, endpoint = (wanted.full_rule, wanted.endpoint) if wanted is not None else ("", "")
    return Line(number, method, "/any", "127.0.0.1", False, status, rule, endpoint, 0.0, 0.001)


def tally(route_map: RouteMap, wanted: Route) -> str:
    return route_map.tally((wanted.endpoint, wanted.rule)).spoken


def test_each_route_counts_its_requests_and_failures(route_map: RouteMap) -> None:
    get_user, put_book = ROUTES[2], ROUTES[3]
    route_map.take([line(1, get_user), line(2, get_user, 500), line(3, put_book)])
    route_map.take([line(4, get_user)])
    assert tally(route_map, get_user) == "3 requests, 1 failed (33 %)"
    assert tally(route_map, put_book) == "1 request"
    assert tally(route_map, ROUTES[0]) == "0 requests"
    assert route_map.tally(GET_USER).short == "3 · 1 failed"
    route_map.clear_counts()
    assert tally(route_map, get_user) == "0 requests"


@pytest.mark.parametrize(
    ("counted", "short", "spoken"),
    [
        (Tally(1), "1", "1 request"),
        (Tally(12, 2), "12 · 2 failed", "12 requests, 2 failed (17 %)"),
        (Tally(9_999), "9,999", "9,999 requests"),
        (Tally(100_000, 1), "100k · 1 failed", "100,000 requests, 1 failed (<1 %)"),
    ],
)
def test_how_counts_are_said(counted: Tally, short: str, spoken: str) -> None:
    assert (counted.short, counted.spoken) == (short, spoken)


def test_counts_are_kept_when_the_map_is_drawn_anew(route_map: RouteMap) -> None:
    route_map.take([line(1, ROUTES[2]), line(2, ROUTES[2], 404)])
    route_map.show_routes((*ROUTES, route("/about", "GET", "about")))
    assert tally(route_map, ROUTES[2]) == "2 requests, 1 failed (50 %)"


def test_counts_are_read_aloud_and_shown_beside_the_mouse(qtbot: QtBot, route_map: RouteMap) -> None:
    route_map.take([line(1, ROUTES[0]), line(2, ROUTES[0], 500), line(3, None, 404)])
    picture = view(route_map)
    picture.setFocus()
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    for _ in range(3):
        qtbot.keyClick(picture, Qt.Key.Key_Up)
    assert picture.accessibleDescription() == "GET /, index, 2 requests, 1 failed (50 %)"
    qtbot.mouseMove(picture.viewport(), point_of(route_map, ("index", "/")))
    item = route_map.view.picture
    assert item is not None
    qtbot.waitUntil(lambda: "2 requests, 1 failed (50 %)" in item.toolTip())
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert picture.accessibleDescription() == "Root /, No route: 1 request, 1 failed (100 %)"


def test_a_route_that_arrives_shines_and_fades_and_then_no_timer_runs(
    qtbot: QtBot, route_map: RouteMap
) -> None:
    before = route_map.grab().toImage()
    route_map.take([line(number, ROUTES[2]) for number in range(1, 200)])
    assert route_map.shining == ("GET get_user",)
    route_map.clear_counts()
    assert route_map.grab().toImage() != before
    assert running(route_map) == 1
    qtbot.waitUntil(lambda: route_map.shining == ())
    assert running(route_map) == 0
    assert route_map.grab().toImage() == before


def running(route_map: RouteMap) -> int:
    return sum(timer.isActive() for timer in route_map.findChildren(QTimer))


def test_of_many_routes_only_some_shine_together(route_map: RouteMap) -> None:
    routes = tuple(route(f"/thing{number}", "GET", f"view_{number}") for number in range(100))
    route_map.show_routes(routes)
    route_map.take([line(number, wanted) for number, wanted in enumerate(routes, 1)])
    assert len(route_map.shining) == MOST


def test_a_map_that_is_not_seen_counts_and_does_not_shine(qtbot: QtBot, route_map: RouteMap) -> None:
    route_map.hide()
    route_map.take([line(1, ROUTES[2])])
    assert route_map.shining == () and running(route_map) == 0
    assert tally(route_map, ROUTES[2]) == "1 request"


def test_where_less_motion_is_wanted_nothing_moves(
    route_map: RouteMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Still:
        def styleHint(self, hint: QStyle.StyleHint) -> int:
            return 0

    monkeypatch.setattr(route_map, "style", Still)
    route_map.take([line(1, ROUTES[2])])
    assert route_map.shining == ()
    assert tally(route_map, ROUTES[2]) == "1 request"


def test_a_way_shines_on_when_the_map_gets_more_routes(
    qtbot: QtBot, route_map: RouteMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_pulses, "LASTS", 1000.0)  # not over while this looks, on a busy machine either
    route_map.take([line(1, ROUTES[2]), line(2, None, 404)])
    assert route_map.shining == ("/", "GET get_user")
    route_map.show_routes((route("/first", "GET", "first"), *ROUTES))
    assert route_map.shining == ("/", "GET get_user") and running(route_map) == 1
    shining = route_map.grab().toImage()
    monkeypatch.setattr(map_pulses, "LASTS", 0.001)
    qtbot.waitUntil(lambda: route_map.shining == ())
    assert running(route_map) == 0 and route_map.grab().toImage() != shining


def test_a_shining_map_can_be_drawn_anew(route_map: RouteMap) -> None:
    route_map.take([line(1, ROUTES[2])])
    route_map.show_routes(ROUTES[:2])
    assert route_map.shining == () and running(route_map) == 0
    QApplication.processEvents()


# A path that is typed over the map.

NO_ABC = Explanation(
    Match("GET", "/users/abc", "not_found"),
    ("No rule matches: int takes digits only, and abc has none.",),
    (Near(*reversed(GET_USER), ("GET",), "/users/", "abc", Stop.CONVERTER, "int takes digits only"),),
)


NEAREST = "The nearest is /users/<int:user_id>: int takes digits only."


def path_box(route_map: RouteMap) -> QLineEdit:
    found = route_map.findChild(QLineEdit, "map.path")
    assert isinstance(found, QLineEdit)
    return found


def why_label(route_map: RouteMap) -> QLabel:
    found = route_map.findChild(QLabel, "map.why")
    assert isinstance(found, QLabel)
    return found


def test_each_key_asks_for_the_way_of_what_is_typed(qtbot: QtBot, route_map: RouteMap) -> None:
    asked: list[tuple[str, str]] = []
    route_map.asked.connect(lambda method, path: asked.append((method, path)))
    qtbot.keyClicks(path_box(route_map), "us")
    combo = route_map.findChild(QComboBox, "map.method")
    assert isinstance(combo, QComboBox)
    combo.setCurrentText("POST")
    assert asked == [("GET", "/u"), ("GET", "/us"), ("POST", "/us")]


def test_what_is_typed_lights_its_way_and_says_why_it_stops(qtbot: QtBot, route_map: RouteMap) -> None:
    route_map.light(MATCHED)
    qtbot.keyClicks(path_box(route_map), "/users/abc")
    route_map.answer("GET", "/users/ab", NO_ABC)
    assert route_map.lit_path[-1] == "GET get_user", "typed over since"
    route_map.answer("GET", "/users/abc", NO_ABC)
    assert route_map.lit_path == ("/", "users")
    assert why_label(route_map).isVisible() and why_label(route_map).text() == NEAREST
    note = route_map.findChild(QLabel, "map.note")
    assert isinstance(note, QLabel) and not note.isVisible()
    qtbot.keyClick(path_box(route_map), Qt.Key.Key_Escape)
    assert path_box(route_map).text() == "" and not why_label(route_map).isVisible()
    assert route_map.lit_path[-1] == "GET get_user", "the last request's way again"


def test_the_cross_in_the_box_empties_it(qtbot: QtBot, route_map: RouteMap) -> None:
    cross = route_map.findChild(QToolButton, "map.path.clear")
    assert isinstance(cross, QToolButton) and not cross.isVisible()
    qtbot.keyClicks(path_box(route_map), "/users")
    qtbot.waitUntil(cross.isVisible)
    assert cross.accessibleName() == "Clear: Path to try"
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert path_box(route_map).text() == ""


def test_what_matches_says_why_it_wins(qtbot: QtBot, route_map: RouteMap) -> None:
    qtbot.keyClicks(path_box(route_map), "users/42")
    route_map.answer("GET", "/users/42", Explanation(MATCHED, ("Only this rule fits.",)))
    assert route_map.lit_path[-1] == "GET get_user" and route_map.words == "✓ user_id = 42"
    assert why_label(route_map).text() == "Only this rule fits."


def test_the_way_goes_along_the_nearest_rule(route_map: RouteMap) -> None:
    near = Near("/api/books/<isbn>", "put_book", ("PUT",), "/api/books/1", "/2", Stop.MORE, "too long")
    found = Explanation(Match("PUT", "/api/books/1/2", "not_found"), ("No rule fits.",), (near,))
    route_map.light(found.match, None, found)
    assert route_map.lit_path == ("/", "api", "books", "<isbn>")
    note = route_map.findChild(QLabel, "map.note")
    assert isinstance(note, QLabel)
    assert note.text() == "The nearest is /api/books/<isbn>: too long."


def test_a_rule_that_has_nothing_in_common_is_not_called_the_nearest(route_map: RouteMap) -> None:
    near = Near("/users", "create_user", ("POST",), "/", "nothing", Stop.SEGMENT, "is /users")
    found = Explanation(Match("GET", "/nothing", "not_found"), ("No rule fits.",), (near,))
    route_map.light(found.match, None, found)
    assert route_map.lit_path == ("/",)
    note = route_map.findChild(QLabel, "map.note")
    assert isinstance(note, QLabel) and note.text() == "No rule fits."


def test_without_an_app_the_box_says_so(qtbot: QtBot, route_map: RouteMap) -> None:
    qtbot.keyClicks(path_box(route_map), "/x")
    route_map.answer("GET", "/x", None)
    assert "not running" in why_label(route_map).text()
    assert route_map.lit_path == ()


def test_enter_and_its_button_explain_and_ctrl_enter_sends(qtbot: QtBot, route_map: RouteMap) -> None:
    box = path_box(route_map)
    button = route_map.findChild(QPushButton, "map.explain")
    assert isinstance(button, QPushButton) and not button.isEnabled()
    qtbot.keyClicks(box, "/users/abc")
    wanted: list[tuple[str, ...]] = []
    route_map.explain.connect(lambda *asked: wanted.append(("explain", *asked)))
    route_map.send.connect(lambda *asked: wanted.append(("send", *asked)))
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert wanted == [
        ("explain", "GET", "/users/abc"),
        ("explain", "GET", "/users/abc"),
        ("send", "GET", "/users/abc"),
    ]
