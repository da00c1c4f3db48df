"""The body of a request: none, JSON, a form or text. It says whether JSON is valid and never blocks."""

from __future__ import annotations

import json

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from playground.core.exchanges import BodyKind
from playground.gui.theme import mark, theme
from playground.gui.widgets.code_editor import CodeEditor, Mark
from playground.gui.widgets.pairs_table import PairRow, PairsTable

TITLES = {
    BodyKind.NONE: "No body",
    BodyKind.JSON: "JSON",
    BodyKind.FORM: "Form",
    BodyKind.TEXT: "Text",
}
JSON_WORDS = {
    "Expecting value": "a value is missing here",
    "Expecting property name enclosed in double quotes": "a name in double quotes is missing here",
    "Expecting ':' delimiter": "a colon is missing here",
    "Expecting ',' delimiter": "a comma or the end is missing here",
    "Extra data": "this stands after the end",
    "Unterminated string starting at": "this string has no closing quote",
    "Illegal trailing comma before end of object": "there is a comma too many",
    "Illegal trailing comma before end of array": "there is a comma too many",
}
"""The messages of Python's JSON reader, in plainer words."""
CHECKED_SIZE = 200_000
"""Longer JSON is not checked while typing: it would be felt."""


class BodyForm(QWidget):
    """The kind of body and its contents. ``changed`` comes for any edit, ``kind_chosen`` for another kind."""

    changed = Signal()
    kind_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = {BodyKind.JSON: "", BodyKind.TEXT: ""}
        self._shown = BodyKind.NONE
        self.kind_box = QComboBox()
        self.kind_box.setObjectName("request.body.kind")
        self.kind_box.setAccessibleName("Kind of body")
        for kind, title in TITLES.items():
            self.kind_box.addItem(title, kind)
        self._note = QLabel(wordWrap=True)
        self._note.setObjectName("request.body.note")
        self._prettify = QPushButton("Prettify")
        self._prettify.setObjectName("request.body.prettify")
        self._prettify.setAccessibleName("Prettify the JSON body")
        mark(self._prettify, flat=True)
        self.editor = CodeEditor()
        self.editor.setObjectName("request.body")
        self.editor.setAccessibleName("Request body")
        self.form = PairsTable()
        self.form.setObjectName("request.form")
        self.form.setAccessibleName("Form fields")
        none = QLabel("This request carries no body. Choose JSON, a form or text above to send one.")
        none.setWordWrap(True)
        none.setMargin(8)
        mark(none, role="muted")
        self._stack = QStackedWidget()
        for page in (none, self.editor, self.form):
            self._stack.addWidget(page)
        self._lay_out()
        self.kind_box.currentIndexChanged.connect(self._kind_changed)
        self.editor.edited.connect(self._edited)
        self.form.changed.connect(self.changed)
        self._prettify.clicked.connect(self.prettify)
        self._show_kind()

    def minimumSizeHint(self) -> QSize:
        return QSize(160, theme().px(90))

    @property
    def kind(self) -> BodyKind:
        """The kind that is chosen."""
        return BodyKind(self.kind_box.currentData())

    @property
    def text(self) -> str:
        """The body as text; empty for a form or none."""
        return self.editor.text() if self.kind in self._texts else ""

    def state(self) -> tuple[BodyKind, str, str, tuple[PairRow, ...]]:
        """All that was typed, also for the kinds that are not chosen: to be given back to ``restore``."""
        self._keep()
        return self.kind, self._texts[BodyKind.JSON], self._texts[BodyKind.TEXT], self.form.rows()

    def restore(
        self, kind: BodyKind, json_text: str = "", plain: str = "", rows: tuple[PairRow, ...] = ()
    ) -> None:
        """Show what ``state`` returned; emits nothing."""
        self._texts = {BodyKind.JSON: json_text, BodyKind.TEXT: plain}
        self.form.set_rows(rows)
        self._shown = BodyKind.NONE  # what the editor holds now belongs to another request
        self.kind_box.blockSignals(True)
        self.kind_box.setCurrentIndex(self.kind_box.findData(kind))
        self.kind_box.blockSignals(False)
        self._show_kind()

    def prettify(self) -> None:
        """Lay the JSON out, one value a line; JSON that does not parse stays as it is."""
        text = self.editor.text()
        if self.kind == BodyKind.JSON and _json_error(text) is None and text.strip():
            self.editor.set_text(json.dumps(json.loads(text), indent=2, ensure_ascii=False))
            self._edited()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(10)
        row.addWidget(self.kind_box)
        row.addWidget(self._note, 1)
        row.addWidget(self._prettify)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self._stack, 1)

    def _keep(self) -> None:
        if self._shown in self._texts:
            self._texts[self._shown] = self.editor.text()

    def _kind_changed(self) -> None:
        self._keep()
        self._show_kind()
        self.kind_chosen.emit(self.kind)
        self.changed.emit()

    def _show_kind(self) -> None:
        kind = self._shown = self.kind
        if kind in self._texts:
            self.editor.set_language("json" if kind == BodyKind.JSON else "text")
            self.editor.set_text(self._texts[kind])
        self._stack.setCurrentIndex({BodyKind.NONE: 0, BodyKind.FORM: 2}.get(kind, 1))
        self._prettify.setVisible(kind == BodyKind.JSON)
        self._check()

    def _edited(self) -> None:
        self._check()
        self.changed.emit()

    def _check(self) -> None:
        """Say beside the kind whether the JSON is valid; it can be sent either way."""
        text = self.editor.text()
        error = _json_error(text) if self.kind == BodyKind.JSON and len(text) <= CHECKED_SIZE else None
        self.editor.set_marks(
            (Mark(error.lineno, error.colno - 1, JSON_WORDS.get(error.msg, error.msg)),) if error else ()
        )
        if error is not None:
            words = JSON_WORDS.get(error.msg, error.msg)
            self._note.setText(f"Not valid JSON yet. Line {error.lineno}, column {error.colno}: {words}.")
        else:
            self._note.setText("✓ valid JSON" if self.kind == BodyKind.JSON and text.strip() else "")
        mark(self._note, role="error" if error else "good")


def _json_error(text: str) -> json.JSONDecodeError | None:
    """What is wrong with the text as JSON; an empty one is not wrong yet."""
    try:
        json.loads(text or "null")
    except json.JSONDecodeError as error:
        return error
    except RecursionError:
        return json.JSONDecodeError("It is nested too deeply", text, 0)
    return None
