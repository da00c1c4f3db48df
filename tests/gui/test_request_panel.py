"""The request panel as a person uses it: pick a route, fill in values, edit the address, send."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QSpinBox, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from playground.core.changes import ServerState
from playground.core.exchanges import BodyKind, RequestSpec
from playground.core.routes import Route
from playground.gui.panels.request_panel import RequestPanel
from playground.gui.theme import theme
from playground.gui.widgets.code_editor import CodeEditor
from playground.gui.widgets.pairs_table import NAME, VALUE

T = TypeVar("T", bound=QWidget)
BASE = "http://127.0.0.1:5000"


def route(rule: str, *methods: str, function: str = "view") -> Route:
    return Route(rule, methods or ("GET",), function, function, "app", file="app.py")


@pytest.fixture
def panel(qtbot: QtBot) -> RequestPanel:
    made = RequestPanel()
    qtbot.addWidget(made)
    made.resize(460, 300)
    made.show_server(ServerState(running=True, port=5000, url=BASE))
    made.show()
    return made


def control(panel: RequestPanel, kind: type[T], name: str) -> T:
    found = panel.findChild(kind, f"request.{name}")
    assert found is not None, name
    return found


def url(panel: RequestPanel) -> QLineEdit:
    return control(panel, QLineEdit, "url")


def type_over(qtbot: QtBot, line: QWidget, text: str) -> None:
    qtbot.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(line, text)


def reason(panel: RequestPanel, name: str) -> str:
    return control(panel, QLabel, f"param.{name}.reason").text()


def test_a_route_opens_with_values_that_match(panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int(min=43):user_id>", "DELETE"))
    assert panel.spec() == RequestSpec("DELETE", "/users/43")
    assert panel.tabs.tabText(0) == "Path 1"
    assert reason(panel, "user_id") == ""


def test_fields_and_address_stay_in_step(qtbot: QtBot, panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int(max=99):user_id>/<path:name>"))
    box = control(panel, QSpinBox, "param.user_id")
    assert (box.minimum(), box.maximum()) == (0, 99)
    type_over(qtbot, box, "42")
    type_over(qtbot, control(panel, QLineEdit, "param.name"), "a b/c")
    assert url(panel).text() == "/users/42/a%20b/c"
    type_over(qtbot, url(panel), "/users/7/x?page=2")
    assert box.value() == 7
    assert control(panel, QLineEdit, "param.name").text() == "x"


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("/<any(red, blue):v>", QComboBox),
        ("/<int:v>", QSpinBox),
        ("/<int(max=9000000000):v>", QLineEdit),
        ("/<float:v>", QLineEdit),
        ("/<uuid:v>", QLineEdit),
        ("/<v>", QLineEdit),
        ("/<rot13:v>", QLineEdit),
    ],
)
def test_each_converter_has_its_field(panel: RequestPanel, rule: str, kind: type[QWidget]) -> None:
    panel.show_route(route(rule))
    assert type(control(panel, kind, "param.v")).__mro__.count(kind) == 1
    assert reason(panel, "v") == ""


def test_a_drop_down_writes_the_address(panel: RequestPanel) -> None:
    panel.show_route(route("/paint/<any(red, blue):colour>"))
    control(panel, QComboBox, "param.colour").setCurrentText("blue")
    assert panel.spec().url == "/paint/blue"


def test_numbers_keep_their_digits(panel: RequestPanel) -> None:
    panel.show_route(route("/year/<int(fixed_digits=4):year>"))
    control(panel, QSpinBox, "param.year").setValue(87)
    assert panel.spec().url == "/year/0087"


def test_a_number_larger_than_any_spin_box(qtbot: QtBot, panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int:user_id>"))
    url(panel).setText("/users/98765432109876543210")
    assert control(panel, QLineEdit, "param.user_id").text() == "98765432109876543210"
    assert reason(panel, "user_id") == ""


def test_a_404_is_explained_and_can_still_be_sent(qtbot: QtBot, panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int:user_id>"))
    type_over(qtbot, url(panel), "/users/abc")
    assert "abc" in reason(panel, "user_id")
    with qtbot.waitSignal(panel.send) as sent:
        qtbot.keyClick(url(panel), Qt.Key.Key_Return)
    assert sent.args[0].url == "/users/abc"


def test_a_refused_value_goes_into_the_address_all_the_same(qtbot: QtBot, panel: RequestPanel) -> None:
    panel.show_route(route("/price/<float:price>"))
    type_over(qtbot, control(panel, QLineEdit, "param.price"), "dear/1")
    assert url(panel).text() == "/price/dear%2F1"
    assert reason(panel, "price")


def test_another_address_leaves_the_fields_as_they_were(qtbot: QtBot, panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int:user_id>"))
    box = control(panel, QSpinBox, "param.user_id")
    box.setValue(42)
    type_over(qtbot, url(panel), "/elsewhere")
    assert box.value() == 42
    assert box.property("detached")
    box.setValue(43)
    assert url(panel).text() == "/users/43"
    assert not box.property("detached")


def test_fields_that_are_left_alone_are_grey_in_the_theme_of_the_moment(
    qtbot: QtBot, panel: RequestPanel
) -> None:
    panel.show_route(route("/users/<int:user_id>"))
    box = control(panel, QSpinBox, "param.user_id")
    before, mode = box.palette().text().color(), theme().mode
    url(panel).setText("/elsewhere")
    try:
        for one in ("dark", "light"):
            theme().set_mode(one)
            assert box.lineEdit().palette().text().color() == theme().colour("muted") != before
    finally:
        theme().set_mode(mode)


def test_the_servers_own_address_may_stand_in_front(panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int:user_id>"))
    url(panel).setText(f"{BASE}/users/8")
    assert control(panel, QSpinBox, "param.user_id").value() == 8


def test_query_table_and_address_stay_in_step(panel: RequestPanel) -> None:
    url(panel).setText("/search?q=a+b&page=2")
    table = control(panel, QTableWidget, "query")
    cell = table.item(0, VALUE)
    assert cell is not None and cell.text() == "a b"
    assert panel.tabs.tabText(1) == "Query 2"
    cell.setText("c&d")
    assert url(panel).text() == "/search?q=c%26d&page=2"
    name = table.item(0, NAME)
    assert name is not None
    name.setCheckState(Qt.CheckState.Unchecked)
    assert url(panel).text() == "/search?page=2"
    name.setCheckState(Qt.CheckState.Checked)
    assert url(panel).text() == "/search?q=c%26d&page=2"


def test_the_query_stays_when_a_value_changes(panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int:user_id>"))
    url(panel).setText("/users/1?full=1")
    control(panel, QSpinBox, "param.user_id").setValue(2)
    assert url(panel).text() == "/users/2?full=1"


def test_what_was_typed_is_remembered_for_each_route(panel: RequestPanel) -> None:
    users, books = route("/users/<int:n>", function="users"), route("/books", function="books")
    panel.show_routes((users, books))
    panel.show_route(users)
    control(panel, QSpinBox, "param.n").setValue(42)
    control(panel, QTableWidget, "headers").item(0, NAME).setText("X-A")  # type: ignore[union-attr]
    panel.tabs.setCurrentIndex(2)
    panel.show_route(books)
    assert panel.spec() == RequestSpec("GET", "/books")
    panel.show_route(users)
    assert panel.spec() == RequestSpec("GET", "/users/42", headers=(("X-A", ""),))
    assert panel.tabs.currentIndex() == 2


def test_editing_the_rule_keeps_the_values(panel: RequestPanel) -> None:
    before, after = route("/users/<int:n>"), route("/people/<int:n>/<name>", "POST")
    panel.show_routes((before,))
    panel.show_route(before)
    url(panel).setText("/users/42?a=1")
    panel.show_routes((after,))
    panel.show_route(after)
    assert panel.spec().url.startswith("/people/42/")
    assert panel.spec().url.endswith("?a=1")
    assert panel.spec().method == "POST"


def test_the_list_of_routes_alone_tells_of_an_edit(panel: RequestPanel) -> None:
    panel.show_routes((route("/users/<int:n>"),))
    panel.show_route(route("/users/<int:n>"))
    url(panel).setText("/users/7")
    panel.show_routes((route("/user/<int:n>"),))
    assert url(panel).text() == "/user/7"


def test_two_rules_of_one_view_are_two_routes(panel: RequestPanel) -> None:
    one, two = route("/hello"), route("/hello/<name>")
    panel.show_routes((one, two))
    panel.show_route(one)
    url(panel).setText("/hello?x=1")
    panel.show_route(two)
    assert "?" not in url(panel).text()
    panel.show_route(one)
    assert url(panel).text() == "/hello?x=1"


def test_in_a_narrow_window_the_address_has_its_own_line(qtbot: QtBot, panel: RequestPanel) -> None:
    send = control(panel, QPushButton, "send")
    assert url(panel).y() < send.geometry().bottom()
    panel.resize(300, 300)
    qtbot.waitUntil(lambda: url(panel).y() > send.geometry().bottom())
    panel.resize(460, 300)
    qtbot.waitUntil(lambda: url(panel).y() < send.geometry().bottom())


def test_zoom_keeps_what_was_typed(qtbot: QtBot, panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int:n>"))
    control(panel, QSpinBox, "param.n").setValue(7)
    theme().set_zoom(2.0)
    try:
        assert panel.spec().url == "/users/7"
        assert control(panel, QSpinBox, "param.n").value() == 7
    finally:
        theme().set_zoom(1.0)


def test_the_same_route_again_changes_nothing(panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int:n>"))
    url(panel).setText("/nowhere")
    panel.show_route(route("/users/<int:n>"))
    assert url(panel).text() == "/nowhere"


def test_a_body_makes_it_a_post_and_says_so(qtbot: QtBot, panel: RequestPanel) -> None:
    panel.show_route(route("/users"))
    control(panel, QComboBox, "body.kind").setCurrentText("JSON")
    assert panel.spec().method == "POST"
    assert "POST" in control(panel, QLabel, "note").text()


def test_json_is_checked_but_always_sent(qtbot: QtBot, panel: RequestPanel) -> None:
    control(panel, QComboBox, "body.kind").setCurrentText("JSON")
    panel.tabs.setCurrentIndex(3)
    editor = control(panel, CodeEditor, "body")
    note = control(panel, QLabel, "body.note")
    qtbot.keyClicks(editor, '{"a": 1')
    assert note.text().startswith("Not valid JSON yet. Line 1")
    assert panel.spec().body == editor.text()
    editor.set_text("")
    qtbot.keyClicks(editor, "[1,2")
    if not editor.text().endswith("]"):
        qtbot.keyClicks(editor, "]")
    assert "✓" in note.text()
    qtbot.mouseClick(control(panel, QPushButton, "body.prettify"), Qt.MouseButton.LeftButton)
    assert panel.spec().body == "[\n  1,\n  2\n]"
    assert panel.spec().body_kind == BodyKind.JSON


def test_a_form_is_sent_as_pairs(panel: RequestPanel) -> None:
    control(panel, QComboBox, "body.kind").setCurrentText("Form")
    table = control(panel, QTableWidget, "form")
    table.item(0, NAME).setText("name")  # type: ignore[union-attr]
    table.item(0, VALUE).setText("Ada")  # type: ignore[union-attr]
    assert panel.spec().form == (("name", "Ada"),)
    assert panel.spec().body == ""


def test_each_kind_of_body_keeps_its_text(qtbot: QtBot, panel: RequestPanel) -> None:
    kind = control(panel, QComboBox, "body.kind")
    kind.setCurrentText("Text")
    qtbot.keyClicks(control(panel, CodeEditor, "body"), "plain")
    kind.setCurrentText("JSON")
    assert panel.spec().body == ""
    kind.setCurrentText("Text")
    assert panel.spec().body == "plain"


def test_send_turns_into_cancel_and_leaves_the_focus(qtbot: QtBot, panel: RequestPanel) -> None:
    button = control(panel, QPushButton, "send")
    panel.focus_url()
    with qtbot.waitSignal(panel.send):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.focusWidget() is url(panel)
    panel.set_busy(True)
    assert button.text() == "Cancel"
    with qtbot.waitSignal(panel.cancel), qtbot.assertNotEmitted(panel.send):
        qtbot.keyClick(url(panel), Qt.Key.Key_Return)
    watch = control(panel, QLabel, "stopwatch")
    qtbot.waitUntil(watch.isVisible)
    panel.set_busy(False)
    assert button.text() == "Send"
    assert not watch.isVisible()


def test_a_stopped_server_is_said_and_does_not_block(qtbot: QtBot, panel: RequestPanel) -> None:
    panel.show_server(ServerState())
    with qtbot.waitSignal(panel.send):
        panel.submit()
    note = control(panel, QLabel, "note")
    assert "stopped" in note.text()
    panel.show_server(ServerState(running=True, url=BASE))
    assert note.text() == ""


@pytest.mark.parametrize(
    ("typed", "sent"),
    [("users/1", "/users/1"), ("localhost:8000/x", "http://localhost:8000/x"), (" /a ", "/a"), ("", "/")],
)
def test_addresses_are_completed(panel: RequestPanel, typed: str, sent: str) -> None:
    url(panel).setText(typed)
    assert panel.spec().url == sent


def test_a_rule_that_cannot_be_read_does_no_harm(panel: RequestPanel) -> None:
    panel.show_route(route("/users/<int:user_id"))
    assert panel.spec().url == "/users/<int:user_id"
    panel.show_route(None)
    assert panel.tabs.tabText(0) == "Path"
