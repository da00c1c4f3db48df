"""The code editor as a person uses it, and the tokenizers that colour it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFont, QGuiApplication, QHelpEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.gui.theme import mark, theme
from playground.gui.widgets.code_editor import CodeEditor, Mark
from playground.gui.widgets.editing import next_indent
from playground.gui.widgets.lexing import language_of
from playground.gui.widgets.tokenizers import tokenize

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LANGUAGES = ("python", "jinja", "html", "css", "json", "text")
VIEW = '@app.get("/users/<int:user_id>")\ndef get_user(user_id):\n    return {"id": user_id}\n'


@pytest.fixture
def editor(qtbot: QtBot) -> CodeEditor:
    made = CodeEditor(language="python")
    made.resize(600, 300)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def select_lines(editor: CodeEditor, first: int, last: int) -> None:
    editor.go_to(first)
    cursor = editor.textCursor()
    for _ in range(last - first):
        cursor.movePosition(QTextCursor.MoveOperation.Down, QTextCursor.MoveMode.KeepAnchor)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


# --- text in and out


def test_showing_a_text_is_not_an_edit_and_typing_is(editor: CodeEditor, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(editor.edited):
        editor.set_text(VIEW)
        editor.set_text(VIEW + "# more\n")
    assert editor.text() == VIEW + "# more\n"
    with qtbot.waitSignal(editor.edited):
        qtbot.keyClicks(editor, "x")
    assert editor.text().startswith("x@app.get")


def test_colouring_is_not_an_edit(editor: CodeEditor, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(editor.edited, wait=30):
        editor.set_text(VIEW * 50)
        editor.set_language("jinja")
        theme().changed.emit()


@given(old=st.text(max_size=60), new=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_comes_back_as_it_was(qapp: QApplication, old: str, new: str) -> None:
    # Qt has other line breaks than "\n"; files with them are told apart before they get here
    breaks = dict.fromkeys(map(ord, "\r\u2029\ufdd0\ufdd1\x00"))
    old, new = old.translate(breaks), new.translate(breaks)
    editor = CodeEditor()
    editor.set_text(old)
    assert editor.text() == old
    editor.set_text(new)
    assert editor.text() == new
    editor.deleteLater()


def test_the_cursor_stays_where_it_was_when_other_lines_change(editor: CodeEditor) -> None:
    editor.set_text(VIEW)
    editor.go_to(3, 8)
    editor.set_text("import flask\n\n" + VIEW)
    assert editor.cursor_place() == (5, 8)


def test_the_scroll_stays_too(editor: CodeEditor) -> None:
    text = "\n".join(f"line_{number}" for number in range(400))
    editor.set_text(text)
    editor.verticalScrollBar().setValue(200)
    editor.set_text(text + "\nlast")
    assert editor.verticalScrollBar().value() == 200


def test_undo_takes_typing_back_and_never_another_text(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("first\n")
    editor.set_text("second\n")
    qtbot.keyClicks(editor, "abc")
    qtbot.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.text() == "second\n"
    qtbot.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.text() == "second\n"


def test_a_change_from_elsewhere_can_be_a_step_of_the_history(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("a = 1\n")
    qtbot.keyClicks(editor, "b")
    editor.set_text("ba = 2\n", keep_undo=True)
    qtbot.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.text() == "ba = 1\n"
    qtbot.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.text() == "a = 1\n"


def test_what_was_typed_and_comes_back_saved_leaves_cursor_and_history_alone(
    editor: CodeEditor, qtbot: QtBot
) -> None:
    editor.set_text(VIEW)
    editor.go_to(2, 3)
    qtbot.keyClicks(editor, "x")
    editor.set_text(editor.text())
    assert editor.cursor_place() == (2, 4)
    qtbot.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.text() == VIEW


# --- keys


def type_lines(editor: CodeEditor, qtbot: QtBot, *lines: str) -> str:
    for number, line in enumerate(lines):
        if number:
            qtbot.keyClick(editor, Qt.Key.Key_Return)
        qtbot.keyClicks(editor, line)
    return editor.text()


def test_python_indents_itself(editor: CodeEditor, qtbot: QtBot) -> None:
    typed = type_lines(editor, qtbot, "def f(x):", "if x:  # why", "return 1", "return 2", "g()")
    assert typed == "def f(x):\n    if x:  # why\n        return 1\n    return 2\ng()"


def test_templates_indent_by_two(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_language("jinja")
    typed = type_lines(
        editor, qtbot, '<ul class="books">', "{% for book in books %}", "<li>{{ book }}</li>", "<br>", "x"
    )
    assert typed == '<ul class="books">\n  {% for book in books %}\n    <li>{{ book }}</li>\n    <br>\n    x'


@pytest.mark.parametrize(
    ("before", "language", "space"),
    [
        ("\tif x:", "python", "\t\t"),
        ("x = [", "python", "    "),
        ("    pass", "python", ""),
        ("  a {", "css", "    "),
        ('{"a": {', "json", "  "),
        ("  {% endif %}", "jinja", "  "),
        ("<p>one</p>", "html", ""),
        ("  words:", "text", "  "),
    ],
)
def test_the_next_line_begins_below(before: str, language: str, space: str) -> None:
    assert next_indent(before, language) == space


def test_tab_goes_to_the_next_stop_and_backspace_back(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "  ")
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text() == "    "
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert editor.text() == "    "
    qtbot.keyClicks(editor, "x")
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert editor.text() == "    "


def test_tab_moves_all_selected_lines(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("a\n\nb\nc\n")
    select_lines(editor, 1, 3)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text() == "    a\n\n    b\nc\n"
    qtbot.keyClick(editor, Qt.Key.Key_Backtab, SHIFT)
    assert editor.text() == "a\n\nb\nc\n"
    qtbot.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.text() == "    a\n\n    b\nc\n"


@pytest.mark.parametrize(
    ("language", "plain", "commented"),
    [
        ("python", "if x:\n    y\n\n    z", "# if x:\n#     y\n\n#     z"),
        ("jinja", "  {{ a }}", "  {# {{ a }} #}"),
        ("html", "<p>", "<!-- <p> -->"),
        ("css", "a { b: c }", "/* a { b: c } */"),
        ("json", "{}", "{}"),
    ],
)
def test_lines_are_commented_out_and_in(
    editor: CodeEditor, qtbot: QtBot, language: str, plain: str, commented: str
) -> None:
    editor.set_language(language)
    editor.set_text(plain)
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Slash, CONTROL)
    assert editor.text() == commented
    editor.selectAll()
    qtbot.keyClick(editor, Qt.Key.Key_Slash, CONTROL)
    assert editor.text() == plain


def test_escape_and_tab_leave_the_editor(qtbot: QtBot) -> None:
    page = QWidget()
    editor, field = CodeEditor(), QLineEdit()
    box = QVBoxLayout(page)
    box.addWidget(editor)
    box.addWidget(field)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    editor.setFocus()
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text() == ""
    assert field.hasFocus()


def test_the_keys_of_the_window_are_left_to_the_window(editor: CodeEditor) -> None:
    def taken(key: Qt.Key) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, CONTROL)
        event.ignore()
        QApplication.sendEvent(editor, event)
        return event.isAccepted()

    assert not taken(Qt.Key.Key_K)
    assert not taken(Qt.Key.Key_Return)
    assert taken(Qt.Key.Key_F)
    assert taken(Qt.Key.Key_Z)


def test_a_read_only_text_can_be_copied_but_not_changed(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text(VIEW)
    editor.set_read_only(True)
    qtbot.keyClicks(editor, "x")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClick(editor, Qt.Key.Key_Slash, CONTROL)
    assert editor.text() == VIEW
    qtbot.keyClick(editor, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(editor, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == VIEW


# --- search


def test_search_finds_counts_and_steps(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("😀 User\nuser\nx user_id\n")
    qtbot.keyClick(editor, Qt.Key.Key_F, CONTROL)
    field = editor.findChild(QLineEdit, "search.input")
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "user")
    places = []
    for _ in range(4):
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert editor.textCursor().selectedText().lower() == "user"
        places.append(editor.textCursor().blockNumber())
    qtbot.keyClick(field, Qt.Key.Key_Return, SHIFT)
    assert [*places, editor.textCursor().blockNumber()] == [0, 1, 2, 0, 2]
    assert len(editor.extraSelections()) == 3
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert editor.hasFocus()
    assert editor.extraSelections() == []


# --- marks and margin


def test_marks_underline_and_tell(editor: CodeEditor) -> None:
    editor.set_first_line(10)
    editor.set_text("good\n  bad thing\n")
    editor.set_marks((Mark(11, 2, "There is no such thing."), Mark(99, None, "Beyond the end.")))
    waved = editor.extraSelections()
    assert waved[0].cursor.selectedText() == "bad"
    assert waved[0].format.underlineColor() == theme().colour("error")
    point = editor.viewport().mapTo(editor, editor.cursorRect(waved[0].cursor).center())
    QApplication.sendEvent(editor, QHelpEvent(QEvent.Type.ToolTip, point, editor.mapToGlobal(point)))
    assert QToolTip.text() == "There is no such thing."
    QApplication.sendEvent(
        editor, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), editor.mapToGlobal(QPoint(5, 5)))
    )
    QToolTip.hideText()
    editor.set_marks(())
    assert editor.extraSelections() == []


def test_go_to_counts_as_the_margin_does(editor: CodeEditor) -> None:
    editor.set_first_line(100)
    editor.set_text("a\n😀bc\nd")
    editor.go_to(101, 2)
    assert editor.textCursor().block().text()[:2] == "😀b"
    assert editor.textCursor().positionInBlock() == 3  # Qt counts the face twice
    editor.go_to(500, 9)
    assert editor.cursor_place() == (102, 1)
    editor.go_to(1)
    assert editor.cursor_place() == (100, 0)


def test_the_margin_grows_with_the_numbers(editor: CodeEditor) -> None:
    before = editor.gutter_width()
    editor.set_first_line(12_345)
    assert editor.gutter_width() > before
    assert not editor.grab().isNull()


def test_a_field_for_code_can_do_without_the_margin(qtbot: QtBot) -> None:
    editor = CodeEditor(numbers=False)
    qtbot.addWidget(editor)
    editor.show()
    assert editor.gutter_width() == theme().px(4)


def test_a_growing_editor_follows_its_text(qtbot: QtBot) -> None:
    editor = CodeEditor(grow=True, max_lines=10)
    qtbot.addWidget(editor)
    editor.show()
    heights = []
    for lines in (1, 2, 10, 50):
        editor.set_text("\n".join("x" * lines))
        heights.append(editor.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]
    assert heights[1] - heights[0] == pytest.approx(editor.line_height(), abs=1.5)
    editor.set_text("\n".join("x" * 10))
    assert editor.verticalScrollBar().maximum() == 0


def test_zoom_scales_the_code(editor: CodeEditor) -> None:
    before = editor.line_height()
    theme().set_zoom(2)
    try:
        assert editor.font().pixelSize() == 24
        assert editor.line_height() == pytest.approx(2 * before, rel=0.1)
    finally:
        theme().set_zoom(1)


# --- colours


def colours_in(editor: CodeEditor, line: int) -> dict[str, str]:
    """Each coloured piece of a line and the name of its colour."""
    block = editor.document().findBlockByNumber(line)
    names = {
        theme().colour(name).name(): name
        for name in ("keyword", "string", "parameter", "muted", "post", "accent")
    }
    raw = block.text().encode("utf-16-le")
    return {
        raw[2 * part.start : 2 * (part.start + part.length)].decode("utf-16-le"): names[
            part.format.foreground().color().name()
        ]
        for part in block.layout().formats()
        if part.format.foreground().style() != Qt.BrushStyle.NoBrush
    }


def settle(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: editor._highlighter.settled)


def test_python_has_the_colours_of_the_design(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("@app.get('/😀')\ndef f(x):  # 😀 note\n    return 'é'\n")
    settle(editor, qtbot)
    assert colours_in(editor, 0) == {"@app.get": "post", "'/😀'": "string"}
    assert colours_in(editor, 1) == {"def": "keyword", "f": "post", "# 😀 note": "muted"}
    assert colours_in(editor, 2) == {"return": "keyword", "'é'": "string"}


def test_an_opened_quote_colours_what_follows_and_closing_it_takes_that_back(
    editor: CodeEditor, qtbot: QtBot
) -> None:
    editor.set_text("x = 1\n" * 3000)
    settle(editor, qtbot)
    assert colours_in(editor, 2999) == {"1": "parameter"}
    editor.go_to(1)
    qtbot.keyClicks(editor, '"""')
    settle(editor, qtbot)
    assert colours_in(editor, 2999) == {"x = 1": "string"}
    qtbot.keyClicks(editor, '"""')
    settle(editor, qtbot)
    assert colours_in(editor, 2999) == {"1": "parameter"}


def test_a_huge_text_stays_plain(editor: CodeEditor, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.gui.widgets.code_editor.MAX_HIGHLIGHTED", 20)
    editor.set_text("x = 1\n" * 10)
    settle(editor, qtbot)
    assert colours_in(editor, 0) == {}
    editor.set_text("x = 1\n")
    settle(editor, qtbot)
    assert colours_in(editor, 0) == {"1": "parameter"}


def pieces(language: str, line: str, state: int = 0) -> list[tuple[str, str]]:
    return [(line[start:end], kind) for start, end, kind in tokenize(language, line, state)[0]]


@pytest.mark.parametrize(
    ("language", "line", "wanted"),
    [
        ("python", "class A(B): pass", "class:keyword A:post pass:keyword"),
        ("python", r"""f'a\'b' + rb"c" # '""", r"""f'a\'b':string rb"c":string #·':muted"""),
        ("python", '"""a""" + """b"""', '"""a""":string """b""":string'),
        ("python", "definitely = default", ""),
        (
            "json",
            '{"a": -1.5, "b": "c", "d": null}',
            '"a":accent -1.5:post "b":accent "c":string "d":accent null:keyword',
        ),
        ("jinja", '{% extends "base.html" %}', '{%:keyword "base.html":string %}:keyword'),
        ("jinja", "{% for book in shelf.books %}", "{%:keyword shelf.books:parameter %}:keyword"),
        ("jinja", "{% if user.ok and not x %}", "{%:keyword user.ok:parameter x:parameter %}:keyword"),
        ("jinja", "<b>{{ a|title }}!</b>", "<b:accent >:accent {{·a|title·}}:parameter </b:accent >:accent"),
        ("jinja", "{# {{ no }} #}{{ a", "{#·{{·no·}}·#}:muted {{·a:parameter"),
        ("html", '<a href="x">{{ b }}', '<a:accent "x":string >:accent'),
        ("css", ".a { color: #fff }", ".a:accent color:post #fff:parameter"),
        ("brainfuck", "+++", ""),
    ],
)
def test_lines_are_cut_into_pieces(language: str, line: str, wanted: str) -> None:
    shown = " ".join(f"{part.replace(' ', '·')}:{kind}" for part, kind in pieces(language, line))
    assert shown == wanted


@pytest.mark.parametrize(
    ("language", "lines", "last"),
    [
        ("python", ["x = '''a", "b''' + y"], [("b'''", "string")]),
        ("jinja", ["<!-- a", "b --> c"], [("b -->", "muted")]),
        ("jinja", ["{# a", "b #} c"], [("b #}", "muted")]),
        ("jinja", ['<p class="a"', ">x"], [(">", "accent")]),
        ("jinja", ["{{ a", "+ b }} c"], [("+ b }}", "parameter")]),
        ("css", ["/* a", "b */ c"], [("b */", "muted"), ("c", "accent")]),
        ("css", ["a {", "color: red }"], [("color", "post")]),
    ],
)
def test_what_is_open_goes_on_in_the_next_line(
    language: str, lines: list[str], last: list[tuple[str, str]]
) -> None:
    state = 0
    for line in lines[:-1]:
        state = tokenize(language, line, state)[1]
    assert pieces(language, lines[-1], state) == last


@given(
    language=st.sampled_from(LANGUAGES),
    lines=st.lists(st.text("{}%#<>/*'\"\\-!=ab :@0\t😀", max_size=30), max_size=6),
)
@settings(max_examples=300, deadline=None)
def test_any_half_typed_line_can_be_coloured(language: str, lines: list[str]) -> None:
    state = 0
    for line in lines:
        spans, state = tokenize(language, line, state)
        assert all(0 <= start <= end <= len(line) for start, end, _ in spans)
        assert 0 <= state < 16


@pytest.mark.parametrize(
    ("file", "language"),
    [
        ("app.py", "python"),
        ("templates/a.html", "jinja"),
        ("static/style.CSS", "css"),
        ("static/app.js", "javascript"),
        ("static/logo.svg", "xml"),
        ("schema.sql", "sql"),
        ("docker-compose.yml", "yaml"),
        ("Dockerfile", "docker"),
        (".flaskenv", "bash"),
        ("README.md", "markdown"),
        ("requirements.txt", "text"),
        ("LICENSE", "text"),
    ],
)
def test_a_file_has_a_language(file: str, language: str) -> None:
    assert language_of(file) == language


def test_the_font_is_monospaced(editor: CodeEditor) -> None:
    assert editor.font().styleHint() == QFont.StyleHint.Monospace


def test_an_editor_that_becomes_a_field_has_the_room_for_its_frame_at_once(qtbot: QtBot) -> None:
    plain, field = (CodeEditor(grow=True, numbers=False) for _ in range(2))
    for editor in (plain, field):
        qtbot.addWidget(editor)
    mark(field, flat=False, field=True)
    assert field.height() == plain.height() + theme().px(8)
