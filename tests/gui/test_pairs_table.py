"""The table of names and values, used as a person uses it: by typing, ticking and removing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from playground.gui.widgets.pairs_table import NAME, REMOVE, VALUE, PairRow, PairsTable


@pytest.fixture
def table(qtbot: QtBot) -> PairsTable:
    made = PairsTable(suggestions=("Accept", "Content-Type"))
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    return made


def editor_of(table: PairsTable) -> QLineEdit:
    editor = table.indexWidget(table.currentIndex())
    assert isinstance(editor, QLineEdit)
    return editor


def type_cell(
    qtbot: QtBot, table: PairsTable, row: int, column: int, text: str, *, leave: bool = True
) -> None:
    table.setFocus()
    table.setCurrentCell(row, column)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    editor = editor_of(table)
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    if leave:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: table.indexWidget(table.currentIndex()) is None)


def test_typing_into_the_empty_row_makes_the_next(qtbot: QtBot, table: PairsTable) -> None:
    with qtbot.waitSignal(table.changed):
        type_cell(qtbot, table, 0, NAME, "page")
    type_cell(qtbot, table, 0, VALUE, "2")
    assert table.pairs() == (("page", "2"),)
    assert table.rowCount() == 2


def test_what_is_still_being_typed_counts(qtbot: QtBot, table: PairsTable) -> None:
    table.set_pairs((("page", "1"),))
    type_cell(qtbot, table, 0, VALUE, "27", leave=False)
    assert table.pairs() == (("page", "27"),)


def test_unticked_rows_stay_and_are_not_sent(qtbot: QtBot, table: PairsTable) -> None:
    table.set_pairs((("a", "1"), ("b", "2"), ("c", "3")))
    with qtbot.waitSignal(table.changed):
        table.item(1, NAME).setCheckState(Qt.CheckState.Unchecked)
    assert table.pairs() == (("a", "1"), ("c", "3"))
    table.set_pairs((("a", "1"), ("c", "4"), ("d", "5")))
    assert table.rows() == (
        PairRow(True, "a", "1"),
        PairRow(False, "b", "2"),
        PairRow(True, "c", "4"),
        PairRow(True, "d", "5"),
    )


def test_rows_go_by_delete_key_and_by_click(qtbot: QtBot, table: PairsTable) -> None:
    table.set_pairs((("a", "1"), ("b", "2"), ("c", "3")))
    table.setCurrentCell(0, NAME)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert table.pairs() == (("b", "2"), ("c", "3"))
    where = table.visualItemRect(table.item(1, REMOVE)).center()
    with qtbot.waitSignal(table.changed):
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert table.pairs() == (("b", "2"),)


def test_the_empty_last_row_cannot_be_removed(qtbot: QtBot, table: PairsTable) -> None:
    table.setCurrentCell(0, NAME)
    with qtbot.assertNotEmitted(table.changed):
        qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert table.rowCount() == 1


def test_showing_pairs_emits_nothing(qtbot: QtBot, table: PairsTable) -> None:
    with qtbot.assertNotEmitted(table.changed):
        table.set_pairs((("a", "1"),))
        table.set_pairs(())
    assert table.pairs() == ()


def test_names_are_suggested(qtbot: QtBot, table: PairsTable) -> None:
    type_cell(qtbot, table, 0, NAME, "acc", leave=False)
    editor = editor_of(table)
    assert editor.completer().currentCompletion() == "Accept"
