"""Bodies of any size: shown at once, selected, copied and searched like any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from playground.gui.theme import theme
from playground.gui.widgets.big_text import MAX_ROW, BigText, break_rows

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot: QtBot) -> BigText:
    made = BigText()
    made.resize(500, 300)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def test_what_goes_in_comes_out(view: BigText) -> None:
    for text in ("", "one", "a\n\nb\n", "\tx\r\ny", "long " * 9000 + "\nend"):
        view.set_text(text)
        assert view.text() == view.toPlainText() == text
        assert not view.grab().isNull()


def test_long_lines_are_shown_in_several_rows() -> None:
    rows, numbers = break_rows("a\n" + "x" * (2 * MAX_ROW + 5) + "\nb")
    assert [len(row) for row in rows] == [1, MAX_ROW, MAX_ROW, 5, 1]
    assert list(numbers) == [1, 2, 0, 0, 3]


@given(
    lines=st.lists(st.tuples(st.text("ab😀", max_size=3), st.sampled_from([1, 4000])), max_size=6),
    data=st.data(),
)
@settings(max_examples=40, deadline=None)
def test_any_part_can_be_selected(
    qapp: QApplication, lines: list[tuple[str, int]], data: st.DataObject
) -> None:
    text = "\n".join(part * times for part, times in lines)
    view = BigText()
    view.set_text(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    view._anchor, view._cursor = view._place_of(start), view._place_of(end)
    assert view.selected_text() == text[start:end]
    view.deleteLater()


def test_all_is_copied_with_the_keys_that_everyone_knows(view: BigText, qtbot: QtBot) -> None:
    view.set_text("one\ntwo\n")
    qtbot.keyClick(view, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(view, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "one\ntwo\n"


def test_arrows_select(view: BigText, qtbot: QtBot) -> None:
    view.set_text("one\ntwo\nthree")
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert view.selected_text() == "ne\nt"
    qtbot.keyClick(view, Qt.Key.Key_End, SHIFT | CONTROL)
    assert view.selected_text() == "ne\ntwo\nthree"
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Home, SHIFT)
    assert view.selected_text() == "thre"
    qtbot.keyClick(view, Qt.Key.Key_Home, CONTROL)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.selected_text() == ""


def test_right_at_the_end_of_a_line_goes_on_in_the_next(view: BigText, qtbot: QtBot) -> None:
    view.set_text("a\nb")
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert view.selected_text().startswith("a\n")
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view._cursor == (0, 1)


def test_the_mouse_selects(view: BigText, qtbot: QtBot) -> None:
    view.set_text("hello world\nsecond")

    def at(row: int, column: int) -> QPoint:
        return QPoint(round(view._left() + view._x_of(row, column)), round((row + 0.7) * view._row_height))

    port = view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at(0, 6))
    qtbot.mouseMove(port, at(1, 3))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at(1, 3))
    view._cursor = view._place_at(at(1, 3))  # offscreen, a moved mouse has no button down
    assert view.selected_text() == "world\nsec"
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=at(0, 2))
    assert view.selected_text() == "hello"


def test_search_finds_counts_and_goes_round(view: BigText, qtbot: QtBot) -> None:
    view.set_text("\n".join(f"row {number} Ada" for number in range(500)))
    qtbot.keyClick(view, Qt.Key.Key_F, CONTROL)
    field = view.findChild(QLineEdit, "search.input")
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "49 ada")
    assert view.selected_text() == "49 Ada"
    rows = [view._cursor[0]]
    for _ in range(5):
        qtbot.keyClick(field, Qt.Key.Key_Return)
        rows.append(view._cursor[0])
    assert rows == [49, 149, 249, 349, 449, 49]
    qtbot.keyClick(field, Qt.Key.Key_Return, SHIFT)
    assert view._cursor[0] == 449
    first = view.verticalScrollBar().value()
    assert first <= 449 < first + view._rows_in_view()
    assert not view.grab().isNull()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert view.hasFocus()


def test_a_match_over_the_break_of_a_row_is_found(view: BigText, qtbot: QtBot) -> None:
    view.set_text("x" * (MAX_ROW - 2) + "needle")
    view.find_text("needle")
    assert view.selected_text() == "needle"
    assert not view.grab().isNull()


def test_a_new_text_begins_at_its_beginning(view: BigText, qtbot: QtBot) -> None:
    view.set_text("x\n" * 1000)
    qtbot.keyClick(view, Qt.Key.Key_End, CONTROL)
    assert view.verticalScrollBar().value() > 900
    view.set_text("y\n" * 1000)
    assert view.verticalScrollBar().value() == 0
    assert view.accessibleDescription().startswith("y")


def test_a_text_of_five_megabytes_is_painted_only_where_it_shows(view: BigText) -> None:
    view.set_text("\n".join(f'{{"id": {number}}}' for number in range(400_000)), "json")
    assert view.verticalScrollBar().maximum() > 399_000
    view.verticalScrollBar().setValue(200_000)
    assert not view.grab().isNull()
    assert len(view._cut) < 200


def painted(view: BigText, token: str) -> bool:
    image = view.viewport().grab().toImage()
    wanted = theme().colour(token).rgb()
    return any(
        image.pixel(x, y) == wanted for x in range(image.width()) for y in range(min(60, image.height()))
    )


def test_json_is_coloured_and_plain_text_is_not(view: BigText) -> None:
    view.set_text('{"mmmmmmmm": "HHHHHHHHHHHHH"}', "json")
    assert painted(view, "string")
    view.set_text('{"mmmmmmmm": "HHHHHHHHHHHHH"}')
    assert not painted(view, "string")


def test_zoom_scales_the_rows(view: BigText) -> None:
    view.set_text("x\n" * 100)
    before = view._row_height
    theme().set_zoom(2)
    try:
        assert view._row_height == pytest.approx(2 * before, rel=0.1)
    finally:
        theme().set_zoom(1)
