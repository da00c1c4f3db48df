"""Files that Pygments colours: what they look like, while typing and when large."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from playground.gui.theme import theme
from playground.gui.widgets import lexing
from playground.gui.widgets.code_editor import CodeEditor
from playground.gui.widgets.lexing import Lexed

LANGUAGES = ("javascript", "xml", "sql", "yaml", "toml", "markdown", "bash", "ini", "docker", "diff")
SCRIPT = "// shelf\nconst name = `a\nb`;\nif (name) { alert(1); }\n"


def coloured(language: str, text: str) -> list[list[tuple[str, str]]]:
    """The coloured pieces of each line."""
    lexed = Lexed(language, text)
    while not lexed.go_on(1.0):
        pass
    rows = text.split("\n")
    return [[(row[a:b], kind) for a, b, kind in lexed.spans(n, row)] for n, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("language", "line", "wanted"),
    [
        ("javascript", "const a = 'x' // y", ["const:keyword", "'x':string", "// y:muted"]),
        ("xml", '<a href="x">b</a>', ["<a:accent", "href=:post", '"x":string', ">:accent"]),
        ("sql", "select a from b -- c", ["select:keyword", "from:keyword", "-- c:muted"]),
        ("yaml", "port: 5000 # c", ["port:accent", "5000:string", "# c:muted"]),
        ("toml", "[tool]\nn = 1", ["[tool]:keyword", "1:parameter"]),
        ("ini", "[flask]\nport = 1", ["[flask]:keyword", "port:post"]),
        ("markdown", "# Shelf", ["# Shelf:keyword"]),
        ("bash", "if x; then # c", ["if:keyword", "then:keyword", "# c:muted"]),
        ("no such language", "if x", []),
    ],
)
def test_a_language_has_its_colours(language: str, line: str, wanted: list[str]) -> None:
    shown = [f"{piece.strip()}:{kind}" for row in coloured(language, line) for piece, kind in row]
    assert [one for one in shown if one in wanted] == wanted
    assert wanted or not shown


@given(
    language=st.sampled_from(LANGUAGES),
    text=st.text("{}%#<>/*'\"`\\-!=ab :@0\t\n$[]()😀é", max_size=80),
    steps=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_any_half_typed_text_can_be_coloured(language: str, text: str, steps: bool) -> None:
    lexed = Lexed(language, text)
    while not lexed.go_on(0.0 if steps else 1.0):
        pass
    rows = text.split("\n")
    for number, row in enumerate(rows):
        spans = lexed.spans(number, row)
        assert all(0 <= start < end <= len(row) for start, end, _ in spans)
        assert spans == sorted(spans)
        assert lexed.is_of(number, row, len(rows))


@given(st.text("const 'x' // ab1", max_size=12), st.integers(0, 17), st.integers(0, 5))
def test_a_changed_line_keeps_colours_inside_of_itself(typed: str, at: int, removed: int) -> None:
    line = "const a = 'x' // y"
    lexed = Lexed("javascript", line)
    while not lexed.go_on(1.0):
        pass
    changed = line[:at] + typed + line[at + removed :]
    assert all(0 <= start < end <= len(changed) for start, end, _ in lexed.spans(0, changed))
    assert not lexed.is_of(0, changed + "!", 1)


def test_a_text_too_long_for_it_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexing, "MAX_LEXED", 20)
    assert coloured("javascript", "const a = 1\n" * 3) == [[], [], [], []]


def test_a_text_that_takes_for_ever_is_left_plain_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexing, "_MOST", 0.0)
    lexed = Lexed("javascript", SCRIPT)
    assert lexed.go_on(0.0)
    assert not lexed.spans(3, SCRIPT.split("\n")[3])


# --- in the editor


@pytest.fixture
def editor(qtbot: QtBot) -> CodeEditor:
    made = CodeEditor(language="javascript")
    made.resize(600, 300)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    made.set_text(SCRIPT)
    settle(made, qtbot)
    return made


def settle(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: editor._highlighter.settled)


def colours_in(editor: CodeEditor, line: int) -> dict[str, str]:
    names = {theme().colour(name).name(): name for name in ("muted", "string", "keyword", "parameter")}
    block = editor.document().findBlockByNumber(line)
    return {
        block.text()[part.start : part.start + part.length]: names[part.format.foreground().color().name()]
        for part in block.layout().formats()
        if part.format.foreground().style() != Qt.BrushStyle.NoBrush
    }


def test_a_string_over_two_lines_has_one_colour(editor: CodeEditor) -> None:
    assert colours_in(editor, 0) == {"// shelf": "muted"}
    assert colours_in(editor, 1) == {"const": "keyword", "`a": "string"}
    assert colours_in(editor, 2) == {"b`": "string"}
    assert colours_in(editor, 3) == {"if": "keyword", "1": "parameter"}


def test_a_line_keeps_its_colours_while_it_is_typed_in(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.go_to(1, 8)
    qtbot.keyClicks(editor, " and")
    assert colours_in(editor, 0) == {"// shelf and": "muted"}  # at once, before it was read again
    settle(editor, qtbot)
    assert colours_in(editor, 0) == {"// shelf and": "muted"}


def test_an_opened_quote_colours_what_follows_and_closing_it_takes_that_back(
    editor: CodeEditor, qtbot: QtBot
) -> None:
    editor.go_to(4)
    qtbot.keyClicks(editor, "`")
    settle(editor, qtbot)
    assert colours_in(editor, 3) == {"`if (name) { alert(1); }": "string"}
    qtbot.keyClicks(editor, "`")
    settle(editor, qtbot)
    assert colours_in(editor, 3) == {"``": "string", "if": "keyword", "1": "parameter"}


def test_lines_taken_out_are_noticed(editor: CodeEditor, qtbot: QtBot) -> None:
    cursor = editor.textCursor()
    cursor.movePosition(cursor.MoveOperation.Start)
    cursor.movePosition(cursor.MoveOperation.NextBlock)
    cursor.movePosition(cursor.MoveOperation.NextBlock, cursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()  # the line that opens the string: now its end opens one
    settle(editor, qtbot)
    assert colours_in(editor, 2) == {"if (name) { alert(1); }": "string"}


def test_another_language_takes_the_colours_over(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_language("python")
    settle(editor, qtbot)
    assert colours_in(editor, 1) == {}
    editor.set_language("text")
    settle(editor, qtbot)
    assert [colours_in(editor, line) for line in range(4)] == [{}] * 4
    editor.set_language("javascript")
    settle(editor, qtbot)
    assert colours_in(editor, 1) == {"const": "keyword", "`a": "string"}
