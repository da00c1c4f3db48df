"""The list of traffic, fed with lines made by hand: what it shows, filters, keeps and lets go of."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu, QToolButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from playground.core.changes import ServerState
from playground.core.trips import Line
from playground.gui.panels.traffic_model import KEPT, LINE, Column, TrafficModel
from playground.gui.panels.traffic_panel import TrafficPanel
from playground.gui.panels.traffic_rows import Sieve, route_words, sender, status_meaning
from playground.gui.theme import theme
from playground.gui.widgets.status_badge import status_token

FIRST = Line(1, "GET", "/", "127.0.0.1", True, 200, "/", "index", 1_700_000_000.25, 0.0031)
POSTED = replace(
    FIRST, number=2, method="POST", path="/users", rule="/users", endpoint="create_user", status=201
)
NO_ROUTE = replace(FIRST, number=3, path="/users/abc", rule="", endpoint="", status=404, window=False)
NOT_PUT = replace(NO_ROUTE, number=4, method="PUT", path="/users", status=405, client="192.168.1.31")
BROKEN = replace(
    FIRST, number=5, path="/broken?why=not", rule="/broken", endpoint="broken", status=500, window=False
)
LINES = (FIRST, POSTED, NO_ROUTE, NOT_PUT, BROKEN)


def many(count: int, first: int = 1) -> list[Line]:
    return [
        replace(FIRST, number=number, path=f"/things/{number}", status=404 if number % 10 == 0 else 200)
        for number in range(first, first + count)
    ]


@pytest.fixture
def model() -> TrafficModel:
    made = TrafficModel(lambda number: "OPTIONS, POST" if number == 4 else "")
    made.take(LINES)
    return made


@pytest.fixture
def panel(qtbot: QtBot) -> TrafficPanel:
    made = TrafficPanel()
    qtbot.addWidget(made)
    made.resize(720, 240)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def row(model: TrafficModel, number: int) -> list[str]:
    return [str(model.index(number, column).data()) for column in Column]


def shown(model: TrafficModel) -> list[int]:
    lines = (model.line(number) for number in range(model.rowCount()))
    return [line.number for line in lines if line is not None]


def sift(qtbot: QtBot, model: TrafficModel, sieve: Sieve) -> list[int]:
    model.sift(sieve)
    qtbot.waitUntil(lambda: model.settled)
    return shown(model)


# What is said of a request.


def test_the_newest_is_on_top_and_says_all_there_is_to_say(model: TrafficModel) -> None:
    assert shown(model) == [5, 4, 3, 2, 1]
    clock = time.strftime("%H:%M:%S", time.localtime(FIRST.started))
    assert row(model, 4) == [clock, "this window", "GET /", "index", "200", "3.1 ms", ""]
    assert row(model, 2)[1:5] == ["this machine", "GET /users/abc", "no match", "404"]
    assert row(model, 1)[1:5] == ["192.168.1.31", "PUT /users", "POST only", "405"]
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in Column]
    assert titles == ["Time", "From", "Request", "Route", "Status", "Took", ""]


def test_what_is_read_aloud_says_what_a_number_means(model: TrafficModel) -> None:
    def spoken(column: Column) -> str:
        return str(model.index(2, column).data(Qt.ItemDataRole.AccessibleTextRole))

    assert spoken(Column.STATUS) == "404 Not Found"
    assert spoken(Column.FROM) == "from this machine"
    assert model.index(2, Column.FROM).data(Qt.ItemDataRole.ToolTipRole) == "this machine (127.0.0.1)"
    assert model.index(1, Column.FROM).data(Qt.ItemDataRole.ToolTipRole) == "192.168.1.31"
    assert spoken(Column.TOOK) == "took 3.1 ms"
    assert spoken(Column.OPEN) == "Open"
    assert model.index(2, Column.REQUEST).data(LINE) is NO_ROUTE


@pytest.mark.parametrize(
    ("line", "allowed", "words"),
    [
        (FIRST, "", ("index", True)),
        (NO_ROUTE, "", ("no match", False)),
        (NOT_PUT, "GET, HEAD, OPTIONS", ("GET only", False)),
        (NOT_PUT, "GET, HEAD, OPTIONS, POST", ("GET, POST only", False)),
        (NOT_PUT, "", ("another method", False)),
        (replace(NO_ROUTE, status=308), "", ("redirect", False)),
        (replace(NOT_PUT, endpoint="own_405", rule="/x"), "", ("own_405", True)),
    ],
)
def test_the_route_or_why_there_is_none(line: Line, allowed: str, words: tuple[str, bool]) -> None:
    assert route_words(line, allowed) == words


def test_who_asked() -> None:
    assert sender(FIRST) == "this window"
    assert sender(NOT_PUT) == "192.168.1.31"
    assert sender(NO_ROUTE) == sender(replace(NO_ROUTE, client="::1")) == "this machine"
    assert sender(replace(NOT_PUT, client="")) == "unknown"
    assert sender(replace(FIRST, preview=True)) == "the preview"


def test_a_status_has_a_meaning_and_a_colour() -> None:
    assert status_meaning(418) == "418 I'm a Teapot"
    assert status_meaning(299) == "299"
    assert status_meaning(0) == "No answer"
    tokens = [status_token(status) for status in (200, 308, 404, 405, 500, 0, 101)]
    assert tokens == ["get", "post", "delete", "put", "delete", "delete", "other"]


def test_allowed_methods_are_asked_for_rows_in_sight_only_and_once() -> None:
    asked: list[int] = []
    model = TrafficModel(lambda number: str(asked.append(number) or "GET"))
    model.take([replace(NOT_PUT, number=number) for number in range(1, 100)])
    assert asked == []
    for _ in range(3):
        assert model.index(0, Column.ROUTE).data() == "GET only"
    assert asked == [99]


# What is filtered.


@pytest.mark.parametrize(
    ("sieve", "numbers"),
    [
        (Sieve.of("users"), [4, 3, 2]),
        (Sieve.of("ABC user"), [3]),
        (Sieve.of("why="), [5]),
        (Sieve.of("nothing"), []),
        (Sieve.of("", "GET"), [5, 3, 1]),
        (Sieve.of("", "", "2xx"), [2, 1]),
        (Sieve.of("", "", "4xx"), [4, 3]),
        (Sieve.of("", "", "failed"), [5, 4, 3]),
        (Sieve.of("", "", "", "this window"), [2, 1]),
        (Sieve.of("", "", "", "this machine"), [5, 3]),
        (Sieve.of("", "", "", "192.168.1.31"), [4]),
        (Sieve.of("", "", "", "the network"), [4]),
        (Sieve.of("", "", "", "", "no match"), [4, 3]),
        (Sieve.of("", "", "", "", "create_user"), [2]),
        (Sieve.of("users", "GET", "failed", "this machine", "no match"), [3]),
        (Sieve(), [5, 4, 3, 2, 1]),
    ],
)
def test_a_filter_shows_what_fits_all_of_it(
    qtbot: QtBot, model: TrafficModel, sieve: Sieve, numbers: list[int]
) -> None:
    assert sift(qtbot, model, sieve) == numbers


def test_what_arrives_passes_the_filter_too(qtbot: QtBot, model: TrafficModel) -> None:
    assert sift(qtbot, model, Sieve.of("", "", "failed")) == [5, 4, 3]
    model.take([replace(FIRST, number=6), replace(BROKEN, number=7)])
    assert shown(model) == [7, 5, 4, 3]
    assert sift(qtbot, model, Sieve()) == [7, 6, 5, 4, 3, 2, 1]


def test_what_arrives_while_a_filter_is_at_work_is_not_lost(qtbot: QtBot) -> None:
    model = TrafficModel()
    model.take(many(2000))
    model.sift(Sieve.of("", "", "4xx"))
    assert not model.settled
    model.take(many(10, 2001))
    assert model.settled
    assert shown(model)[:3] == [2010, 2000, 1990]
    assert model.rowCount() == 201


def test_what_was_gathered_is_shown_in_one_go_or_with_the_next_filter(qtbot: QtBot) -> None:
    model, inserted = TrafficModel(), list[tuple[int, int]]()
    model.rowsInserted.connect(lambda _, first, last: inserted.append((first, last)))
    for start in (1, 11, 21):
        model.gather(many(10, start))
    assert (model.rowCount(), inserted) == (0, [])
    model.take(many(10, 31))
    assert (model.rowCount(), inserted) == (40, [(0, 39)])

    model.gather(many(10, 41))
    assert sift(qtbot, model, Sieve.of("", "", "4xx")) == [50, 40, 30, 20, 10]
    counted: list[int] = []
    model.counted.connect(lambda: counted.append(model.total))
    model.gather(many(5, 51))
    model.take()
    assert (shown(model)[0], counted) == (50, [55])  # none of them passes, and all are counted


# What is kept.


def test_only_so_many_lines_are_kept(qtbot: QtBot) -> None:
    model = TrafficModel()
    for start in range(1, 12_001, 400):
        model.take(many(400, start))
    assert (model.rowCount(), model.kept, model.total) == (KEPT, KEPT, 12_000)
    assert (shown(model)[0], shown(model)[-1]) == (12_000, 7_001)
    assert model.row_of(12_000) == 0
    assert model.row_of(7_001) == KEPT - 1
    assert model.row_of(7_000) == -1
    model.take(many(KEPT + 500, 12_001))
    assert (shown(model)[0], model.rowCount()) == (12_000 + KEPT + 500, KEPT)
    model.clear()
    assert (model.rowCount(), model.kept, model.total) == (0, 0, 0)


def test_qt_finds_nothing_wrong_with_the_model(
    qtbot: QtBot, qtmodeltester: ModelTester, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = 200  # of 5,000 Qt looks at each row again at each change
    monkeypatch.setattr("playground.gui.panels.traffic_model.KEPT", kept)
    model = TrafficModel()
    qtmodeltester.check(model)
    for start in range(1, kept + 81, 40):
        model.take(many(40, start))
    sift(qtbot, model, Sieve.of("", "", "failed"))
    model.take(many(30, kept + 81))
    model.clear()


# The panel.


def top(panel: TrafficPanel) -> int:
    line = panel.model.line(panel.table.rowAt(0))
    assert line is not None
    return line.number


def test_at_the_top_it_follows_what_arrives(panel: TrafficPanel) -> None:
    panel.take(many(100))
    assert top(panel) == 100
    panel.take(many(20, 101))
    assert top(panel) == 120


def test_further_down_the_place_and_the_selection_stay(panel: TrafficPanel) -> None:
    panel.take(many(300))
    panel.table.choose(40)
    panel.table.scrollTo(panel.model.index(45, 0))
    place = top(panel)
    assert place < 300
    for start in range(301, 601, 50):
        panel.take(many(50, start))
        assert top(panel) == place
    chosen = panel.table.line
    assert chosen is not None and chosen.number == 260


def test_a_chosen_line_that_is_not_kept_any_more_is_not_replaced_by_another(panel: TrafficPanel) -> None:
    panel.take(many(100))
    panel.table.choose(99)
    panel.take(many(KEPT, 101))
    assert panel.table.line is None
    assert not panel.table.currentIndex().isValid()
    assert not button(panel, "open").isEnabled()


def test_a_filter_keeps_what_is_chosen_where_it_passes(qtbot: QtBot, panel: TrafficPanel) -> None:
    panel.take(LINES)
    panel.table.choose(2)
    panel.filters.status.choose("failed")
    qtbot.waitUntil(lambda: panel.model.settled)
    assert panel.table.line is NO_ROUTE
    panel.filters.status.choose("2xx")
    qtbot.waitUntil(lambda: panel.model.settled)
    assert panel.table.line is None
    panel.filters.reset()
    qtbot.waitUntil(lambda: panel.model.settled)
    assert shown(panel.model) == [5, 4, 3, 2, 1]


def button(panel: TrafficPanel, name: str) -> QToolButton:
    found = panel.findChild(QToolButton, f"traffic.{name}")
    assert isinstance(found, QToolButton)
    return found


def words(panel: TrafficPanel, name: str) -> str:
    label = panel.findChild(QLabel, f"traffic.{name}")
    assert isinstance(label, QLabel)
    return label.text()


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("open", "opened"),
        ("resend", "resend"),
        ("curl", "curl"),
        ("show_route", "show_route"),
        ("show_on_map", "show_on_map"),
    ],
)
def test_a_button_asks_for_the_chosen_request(
    qtbot: QtBot, panel: TrafficPanel, name: str, signal: str
) -> None:
    panel.take(LINES)
    assert not button(panel, name).isEnabled()
    panel.table.choose(3)
    with qtbot.waitSignal(getattr(panel, signal)) as asked:
        qtbot.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)
    assert asked.args == [2]


def test_where_no_route_matched_none_can_be_shown(panel: TrafficPanel) -> None:
    panel.take(LINES)
    panel.table.choose(panel.model.row_of(NO_ROUTE.number))
    assert not button(panel, "show_route").isEnabled()
    assert button(panel, "show_on_map").isEnabled()


def test_enter_double_click_and_the_arrow_at_the_end_of_a_row_open(qtbot: QtBot, panel: TrafficPanel) -> None:
    panel.take(LINES)
    opened: list[int] = []
    panel.opened.connect(opened.append)
    panel.table.setFocus()
    panel.table.choose(0)
    qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    place = panel.table.visualRect(panel.model.index(2, Column.REQUEST)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    arrow = panel.table.visualRect(panel.model.index(3, Column.OPEN)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=arrow)
    assert opened == [4, 3, 2]


def test_the_menu_has_the_same_deeds(qtbot: QtBot, panel: TrafficPanel) -> None:
    panel.take(LINES)
    panel.table.choose(0)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(panel.table, event)
    menu = panel.findChild(QMenu, "traffic.menu")
    assert isinstance(menu, QMenu)
    titles = [action.text().partition("\t")[0] for action in menu.actions()]
    assert titles == [
        "Show what Flask did",
        "Send it again",
        "Copy as curl",
        "Show the route",
        "Show its way on the map",
    ]
    with qtbot.waitSignal(panel.curl) as asked:
        menu.actions()[2].trigger()
    assert asked.args == [5]
    menu.close()


def test_words_are_typed_and_taken_away_by_keys(qtbot: QtBot, panel: TrafficPanel) -> None:
    panel.take(LINES)
    box = panel.filters.words
    box.setFocus()
    qtbot.keyClicks(box, "users")
    qtbot.waitUntil(lambda: shown(panel.model) == [4, 3, 2])
    assert words(panel, "count") == "3 of 5"
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert panel.table.hasFocus() and panel.table.line is NOT_PUT
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: shown(panel.model) == [5, 4, 3, 2, 1])
    assert words(panel, "count") == "5"


def test_the_choices_are_what_has_been_seen(panel: TrafficPanel) -> None:
    panel.take([*LINES, replace(FIRST, number=6, method="PROPFIND")])

    def offered(name: str) -> list[str]:
        combo = panel.findChild(QComboBox, f"traffic.filter.{name}")
        assert isinstance(combo, QComboBox)
        return [combo.itemText(number) for number in range(combo.count())]

    assert offered("method")[-1] == "PROPFIND"
    assert offered("status") == ["Every status", "2xx", "3xx", "4xx", "5xx", "failed"]
    who = ["From anywhere", "this window", "this machine", "the network", "192.168.1.31"]
    assert offered("client") == who
    assert offered("route") == ["All routes", "no match", "index", "create_user", "broken"]


def test_an_empty_list_says_what_comes_here_and_how(panel: TrafficPanel) -> None:
    panel.show_server(ServerState(True, "127.0.0.1", 5000, "http://127.0.0.1:5000"), False)
    assert "Ctrl+Enter" in words(panel, "empty") and "http://127.0.0.1:5000/" in words(panel, "empty")
    assert "Ctrl+Shift+S" in words(panel, "empty")
    shared = ("http://192.168.1.20:5000", "http://10.0.0.7:5000")
    panel.show_server(ServerState(True, "127.0.0.1", 5000, "http://127.0.0.1:5000", "", shared), False)
    assert "open http://192.168.1.20:5000/" in words(panel, "empty")
    panel.show_server(ServerState(), False)
    assert "stopped" in words(panel, "empty")
    panel.show_server(ServerState(), True)
    assert "trust" in words(panel, "empty")
    panel.take(LINES)
    assert not panel.findChild(QLabel, "traffic.empty").isVisible()  # type: ignore[union-attr]


def test_a_filter_that_nothing_passes_says_so(qtbot: QtBot, panel: TrafficPanel) -> None:
    panel.take(LINES)
    panel.filters.words.setText("nowhere")
    qtbot.waitUntil(lambda: panel.model.settled)
    assert "filter" in words(panel, "empty")


@pytest.mark.parametrize(
    ("zoom", "width", "missing"),
    [(1.0, 720, []), (2.0, 1000, ["FROM"]), (3.0, 700, ["FROM", "TIME", "TOOK", "ROUTE"])],
)
def test_the_most_telling_columns_stay_where_there_is_little_room(
    panel: TrafficPanel, zoom: float, width: int, missing: list[str]
) -> None:
    before = theme().zoom
    try:
        theme().set_zoom(zoom)
        panel.resize(width, 500)
        panel.take(LINES)
        QApplication.processEvents()
        hidden = {column.name for column in Column if panel.table.isColumnHidden(column)}
        assert hidden - {"OPEN"} == set(missing)
        assert panel.table.columnWidth(Column.REQUEST) >= theme().px(150)
    finally:
        theme().set_zoom(before)


def test_only_rows_in_sight_are_made_into_words(panel: TrafficPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Line] = []
    real = TrafficModel.words

    def words(self: TrafficModel, line: Line, column: Column) -> str:
        asked.append(line)
        return real(self, line, column)

    monkeypatch.setattr(TrafficModel, "words", words)
    for start in range(1, 20_001, 500):
        panel.take(many(500, start))
    panel.grab()
    assert {line.number for line in asked} <= set(range(19_980, 20_001))
    assert 0 < len(asked) < 100


def test_the_model_leaves_its_place_to_the_keys(qtbot: QtBot, panel: TrafficPanel) -> None:
    """Home goes to the newest, from where the list follows again."""
    panel.take(many(300))
    panel.table.setFocus()
    panel.table.choose(200)
    assert not panel.table.at_top
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QApplication.sendEvent(panel.table, event)
    assert panel.table.at_top
    panel.take(many(10, 301))
    assert top(panel) == 310
