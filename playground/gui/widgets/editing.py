"""What the keys of the code editor do: indent, new lines, comments; and the smallest change of a text."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from playground.core.alike import common_end, common_start
from playground.gui.widgets.highlight import to_utf16, utf16_offsets

_COMMENTS = {
    "python": ("# ", ""),
    "jinja": ("{# ", " #}"),
    "html": ("<!-- ", " -->"),
    "css": ("/* ", " */"),
    "xml": ("<!-- ", " -->"),
    "sql": ("-- ", ""),
    **dict.fromkeys(("javascript", "typescript"), ("// ", "")),
    **dict.fromkeys(("bash", "docker", "ini", "make", "toml", "yaml"), ("# ", "")),
}
_NARROW = ("jinja", "html", "xml", "css", "json", "javascript", "typescript", "yaml")
_OPENS_JINJA = re.compile(r"\{%-?\s*(block|for|if|elif|else|macro|call|filter|with)\b[^%]*%\}\s*$")
_OPENS_TAG = re.compile(r"<(?!area|base|br|col|hr|img|input|link|meta|!)[A-Za-z][^<>]*(?<!/)>\s*$")
_OPENS_BLOCK = re.compile(r"[:(\[{]\s*(#.*)?$")
_LEAVES_BLOCK = re.compile(r"\s*(return|raise|pass|break|continue)\b")


def indent_width(language: str) -> int:
    """Spaces of one level of indentation."""
    return 2 if language in _NARROW else 4


def replace_difference(editor: QPlainTextEdit, old: str, new: str) -> None:
    """Turn an editor that holds ``old`` into ``new`` in one step, touching only what differs.

    The cursor stays before or behind what differs; inside of it, at its line and column.
    """
    start = common_start(old, new)
    tail = common_end(old, new, min(len(old), len(new)) - start)
    wide = utf16_offsets(old)
    first, last = to_utf16(start, wide), to_utf16(len(old) - tail, wide)
    here = editor.textCursor()
    line, column = here.blockNumber(), here.positionInBlock()
    stays_after = here.position() >= last and here.position() > first
    cursor = QTextCursor(editor.document())
    cursor.beginEditBlock()
    cursor.setPosition(first)
    cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(new[start : len(new) - tail])
    cursor.endEditBlock()
    if stays_after:  # Qt has moved it along
        return
    block = editor.document().findBlockByNumber(min(line, editor.blockCount() - 1))
    here.setPosition(block.position() + min(column, block.length() - 1))
    editor.setTextCursor(here)


def is_comment_key(event: QKeyEvent) -> bool:
    """Ctrl+/ on whatever keyboard."""
    return event.key() == Qt.Key.Key_Slash and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def handle_key(editor: QPlainTextEdit, event: QKeyEvent, language: str) -> bool:
    """Do what the key means in code; False where it means what it does in any text."""
    cursor = editor.textCursor()
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    if event.key() == Qt.Key.Key_Tab and plain:
        indent(cursor, indent_width(language))
    elif event.key() == Qt.Key.Key_Backtab:
        dedent(cursor, indent_width(language))
    elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
        new_line(cursor, language)
        editor.setTextCursor(cursor)
        editor.ensureCursorVisible()
    elif event.key() == Qt.Key.Key_Backspace and plain:
        return delete_indent(cursor, indent_width(language))
    elif is_comment_key(event):
        toggle_comment(cursor, language)
    else:
        return False
    return True


def indent(cursor: QTextCursor, width: int) -> None:
    """Spaces up to the next stop, or one more level for all selected lines."""
    if not _several_lines(cursor):
        cursor.insertText(" " * (width - cursor.positionInBlock() % width))
        return
    cursor.beginEditBlock()
    for block in _blocks(cursor):
        if block.text().strip():
            QTextCursor(block).insertText(" " * width)
    cursor.endEditBlock()


def dedent(cursor: QTextCursor, width: int) -> None:
    """One level less for the line or all selected lines."""
    cursor.beginEditBlock()
    for block in _blocks(cursor):
        text = block.text()
        spaces = len(text) - len(text.lstrip(" "))
        _remove(block, 0, min(width, spaces) if spaces else int(text.startswith("\t")))
    cursor.endEditBlock()


def delete_indent(cursor: QTextCursor, width: int) -> bool:
    """Backspace in front of a line's text goes back one level; False anywhere else."""
    before = cursor.block().text()[: cursor.positionInBlock()]
    if cursor.hasSelection() or not before or before.strip(" "):
        return False
    back = (len(before) - 1) % width + 1
    cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, back)
    cursor.removeSelectedText()
    return True


def new_line(cursor: QTextCursor, language: str) -> None:
    """A line break, and the indentation that the next line will most likely have."""
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    before = cursor.block().text()[: cursor.positionInBlock()]
    cursor.insertText("\n" + next_indent(before, language))
    cursor.endEditBlock()


def next_indent(before: str, language: str) -> str:
    """The white space to begin the line after ``before`` with."""
    space = before[: len(before) - len(before.lstrip())]
    level = "\t" if space.startswith("\t") else " " * indent_width(language)
    if language == "python":
        if _OPENS_BLOCK.search(before):
            return space + level
        return space.removesuffix(level) if _LEAVES_BLOCK.match(before) else space
    if language in ("jinja", "html") and (_OPENS_JINJA.search(before) or _OPENS_TAG.search(before)):
        return space + level
    if language in ("css", "json", "javascript") and before.rstrip().endswith(("{", "[", "(")):
        return space + level
    return space


def toggle_comment(cursor: QTextCursor, language: str) -> None:
    """Comment the line or the selected lines out, or in again when all of them are comments."""
    if language not in _COMMENTS:
        return
    opening, closing = _COMMENTS[language]
    blocks = [block for block in _blocks(cursor) if block.text().strip()]
    if not blocks:
        return
    commented = all(block.text().lstrip().startswith(opening.strip()) for block in blocks)
    column = min(len(block.text()) - len(block.text().lstrip()) for block in blocks)
    cursor.beginEditBlock()
    for block in blocks:
        if commented:
            _uncomment(block, opening, closing)
        else:
            _comment(block, column, opening, closing)
    cursor.endEditBlock()


def _comment(block: QTextBlock, column: int, opening: str, closing: str) -> None:
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    cursor.insertText(closing)
    cursor.setPosition(block.position() + column)
    cursor.insertText(opening)


def _uncomment(block: QTextBlock, opening: str, closing: str) -> None:
    text = block.text().rstrip()
    if closing and text.endswith(closing.strip()):
        end = len(text) - len(closing if text.endswith(closing) else closing.strip())
        _remove(block, end, len(block.text()) - end)
    start = text.index(opening.strip())
    _remove(block, start, len(opening if text.startswith(opening, start) else opening.strip()))


def _remove(block: QTextBlock, start: int, count: int) -> None:
    """Delete ``count`` characters from ``start``; only ever in front of characters that Qt counts once."""
    cursor = QTextCursor(block)
    cursor.setPosition(block.position() + start)
    cursor.setPosition(block.position() + start + count, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()


def _several_lines(cursor: QTextCursor) -> bool:
    return len(_blocks(cursor)) > 1


def _blocks(cursor: QTextCursor) -> list[QTextBlock]:
    """The lines of the selection, or the cursor's; without a last one that it ends at the start of."""
    document = cursor.document()
    first = document.findBlock(cursor.selectionStart())
    last = document.findBlock(cursor.selectionEnd())
    if last != first and last.position() == cursor.selectionEnd():
        last = last.previous()
    blocks = [first]
    while blocks[-1] != last:
        blocks.append(blocks[-1].next())
    return blocks
