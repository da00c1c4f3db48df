"""What a view answers with, as a form: the kind, its value, variables, status code and headers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.answers import Answer, AnswerKind
from playground.core.names import check_status, parse_headers
from playground.core.problems import refuse
from playground.gui.theme import mark
from playground.gui.widgets.code_editor import CodeEditor
from playground.gui.widgets.flow import FlowLayout
from playground.gui.widgets.kept_size import keep_size
from playground.gui.widgets.steady_button import SteadyButton

TITLES = {
    AnswerKind.TEXT: "Text",
    AnswerKind.JSON: "JSON",
    AnswerKind.TEMPLATE: "Template",
    AnswerKind.REDIRECT: "Redirect",
    AnswerKind.FILE: "File",
    AnswerKind.ERROR: "Error",
    AnswerKind.PYTHON: "Python",
}
HINTS = {
    AnswerKind.TEXT: "Text or HTML. {name} puts a parameter's value in.",
    AnswerKind.JSON: 'For example {"id": user_id, "name": "Ada"}. Bare names are parameters.',
    AnswerKind.TEMPLATE: "A template of this project, and the variables that it is given: name = expression.",
    AnswerKind.REDIRECT: "A route of this project (by its endpoint), or an address such as /login.",
    AnswerKind.FILE: "A path from the folder of the app, such as static/report.pdf.",
    AnswerKind.ERROR: "The status code says what went wrong; the description may stay empty.",
    AnswerKind.PYTHON: "The body of the view function. It must return something.",
}
LANGUAGES = {AnswerKind.TEXT: "html", AnswerKind.JSON: "json", AnswerKind.PYTHON: "python"}
STARTS = {AnswerKind.JSON: "{}", AnswerKind.PYTHON: 'return ""'}


class AnswerForm(QWidget):
    """The answer of one route. ``edited`` when the person changed anything."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = AnswerKind.TEXT
        self.body = ""  # of the view as it is written: what Python begins with
        self._buttons: dict[AnswerKind, QPushButton] = {}
        self._values: dict[AnswerKind, QWidget] = {}
        self._endpoints: tuple[str, ...] = ()
        self._offered: dict[AnswerKind, tuple[str, ...]] = {}  # the names to choose from
        self._filled: dict[AnswerKind, tuple[str, ...]] = {}  # and those that are in the lists by now
        self._hint = QLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self.status = self._line("route.status", "Status code", "")
        keep_size(self.status, width=52)
        self._more = QPushButton("+ headers")
        self._more.setCheckable(True)
        self._more.setProperty("flat", True)
        self._more.setObjectName("route.headers.show")
        self._more.setAccessibleName("Show the headers of the answer")
        self._more.toggled.connect(self._arrange)
        self._lay_out()
        for kind in AnswerKind:
            self._column.addWidget(self._add_value(kind))
        self.variables = self._pairs("route.variables", "Variables, one name = expression on each line")
        self.headers = self._pairs("route.headers", "Headers, one Name: value on each line")
        self._column.addWidget(self.variables)
        self._column.addWidget(self.headers)
        self._choose(AnswerKind.TEXT)

    # Building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QWidget(self)
        kinds = QWidget(head)
        row = QHBoxLayout(kinds)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        group = QButtonGroup(self)
        for kind in AnswerKind:
            button = SteadyButton(TITLES[kind])
            button.setProperty("segmented", True)
            button.setProperty("segment", _segment(kind))
            button.setObjectName(f"route.answer.{kind}")
            button.setAccessibleName(f"Answer with {TITLES[kind]}")
            button.clicked.connect(lambda _=False, kind=kind: self._chosen(kind))
            group.addButton(button)
            row.addWidget(button)
            self._buttons[kind] = button
        flow = FlowLayout(head, 8)
        flow.addWidget(kinds)
        self._status_part = self._status_box()
        flow.addWidget(self._status_part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        hint = QHBoxLayout()
        hint.addWidget(self._hint, 1)
        hint.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(head)
        column.addLayout(hint)
        self._column = column

    def _status_box(self) -> QWidget:
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        label = QLabel("status")
        label.setProperty("role", "muted")
        row.addWidget(label)
        row.addWidget(self.status)
        return box

    def _line(self, name: str, words: str, placeholder: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setAccessibleName(words)
        line.setPlaceholderText(placeholder)
        line.setProperty("mono", True)
        line.textEdited.connect(self._changed)
        return line

    def _pairs(self, name: str, words: str) -> QPlainTextEdit:
        box = QPlainTextEdit(self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        box.setPlaceholderText(words)
        box.setProperty("mono", True)
        box.setProperty("field", True)
        box.setTabChangesFocus(True)
        keep_size(box, height=58)
        box.textChanged.connect(self._changed)
        return box

    def _add_value(self, kind: AnswerKind) -> QWidget:
        widget: QWidget
        if kind in LANGUAGES:
            editor = CodeEditor(self, grow=True, max_lines=8, numbers=False)
            editor.set_language(LANGUAGES[kind])
            mark(editor, flat=False, field=True)
            editor.edited.connect(self._changed)
            widget = editor
        elif kind in (AnswerKind.TEMPLATE, AnswerKind.REDIRECT):
            combo = QComboBox()  # styled when it is put in its place: it keeps its first height
            combo.setEditable(True)
            combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            # Measuring each of ten thousand names anew on every change of style would hold up the window.
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setProperty("mono", True)
            combo.editTextChanged.connect(self._changed)
            widget = combo
        else:
            widget = self._line(
                "", "", "report.pdf" if kind is AnswerKind.FILE else "description (may be empty)"
            )
        widget.setAccessibleName(f"{TITLES[kind]} of the answer")
        self._values[kind] = widget
        return widget

    # Values in and out ------------------------------------------------------------------------

    def offer(self, templates: Sequence[str], endpoints: Sequence[str]) -> None:
        """The names to choose from: templates and endpoints of the project."""
        self._endpoints = tuple(endpoints)
        self._offered = {AnswerKind.TEMPLATE: tuple(templates), AnswerKind.REDIRECT: self._endpoints}
        self._fill(self._kind)

    def _fill(self, kind: AnswerKind) -> None:
        """Put the names into the list of a kind that is shown: Qt takes a while for ten thousand of them."""
        combo, names = self._values[kind], self._offered.get(kind, ())
        if not isinstance(combo, QComboBox) or self._filled.get(kind, ()) == names:
            return
        self._filled[kind] = names
        with QSignalBlocker(combo):
            text = combo.currentText()
            combo.clear()
            combo.addItems(list(names))
            combo.setEditText(text)

    def show_answer(self, answer: Answer) -> None:
        """Show an answer; fields that already say it are left alone, so that typing goes on."""
        if self._kind is not answer.kind or not self._buttons[answer.kind].isChecked():
            self._choose(answer.kind)
        self._set_value(answer.kind, answer.value)
        self._set_line(self.status, str(answer.effective_status))
        self._set_pairs(self.variables, [f"{name} = {value}" for name, value in answer.variables])
        self._set_pairs(self.headers, [f"{name}: {value}" for name, value in answer.headers])
        if answer.headers and not self._more.isChecked():
            self._more.setChecked(True)
        self._arrange()

    def answer(self) -> Answer:
        """What the fields say. Raises ProblemError for a status, header or variable that is not one."""
        kind = self._kind
        takes_headers = kind not in (AnswerKind.PYTHON, AnswerKind.ERROR)
        status = None
        if kind is not AnswerKind.PYTHON and self.status.text().strip():
            status = check_status(self.status.text())
        value = self.value_text()
        plain = Answer(kind, value)
        if status == plain.effective_status:
            status = None
        takes_variables = kind in (AnswerKind.TEMPLATE, AnswerKind.REDIRECT)
        return Answer(
            kind,
            value,
            status,
            headers=parse_headers(self.headers.toPlainText()) if takes_headers else (),
            variables=_variables(self.variables.toPlainText()) if takes_variables else (),
            by_endpoint=kind is AnswerKind.REDIRECT and value in self._endpoints,
        )

    def value_text(self) -> str:
        """The text of the value field of the kind that is chosen."""
        widget = self._values[self._kind]
        if isinstance(widget, CodeEditor):
            return widget.text()
        return widget.currentText() if isinstance(widget, QComboBox) else _text(widget)

    # ------------------------------------------------------------------------------------------

    def _set_value(self, kind: AnswerKind, text: str) -> None:
        widget = self._values[kind]
        if isinstance(widget, CodeEditor):
            if widget.text() != text:
                widget.set_text(text)
        elif isinstance(widget, QComboBox):
            if widget.currentText() != text:
                with QSignalBlocker(widget):
                    widget.setEditText(text)
        elif isinstance(widget, QLineEdit):
            self._set_line(widget, text)

    @staticmethod
    def _set_line(line: QLineEdit, text: str) -> None:
        if line.text() != text:
            line.setText(text)

    @staticmethod
    def _set_pairs(box: QPlainTextEdit, lines: list[str]) -> None:
        now = [line.strip() for line in box.toPlainText().splitlines() if line.strip()]
        if now != lines:
            with QSignalBlocker(box):
                box.setPlainText("\n".join(lines))

    def _chosen(self, kind: AnswerKind) -> None:
        before = Answer(self._kind).effective_status
        if kind is self._kind:
            return
        self._choose(kind)
        if self.status.text().strip() in ("", str(before)):
            self.status.setText(str(Answer(kind).effective_status))
        if kind is AnswerKind.PYTHON and self.body:
            self._set_value(kind, self.body)
        elif not self.value_text() and kind in STARTS:
            self._set_value(kind, STARTS[kind])
        self._changed()

    def _choose(self, kind: AnswerKind) -> None:
        self._kind = kind
        self._fill(kind)
        self._buttons[kind].setChecked(True)
        for other, widget in self._values.items():
            widget.setObjectName("route.answer.value" if other is kind else f"route.answer.value.{other}")
        self._hint.setText(HINTS[kind])
        self._arrange()

    def _arrange(self) -> None:
        """Show only the fields that the kind has, and give the value no more height than it needs."""
        self.variables.setVisible(self._kind in (AnswerKind.TEMPLATE, AnswerKind.REDIRECT))
        fixed = self._kind is AnswerKind.PYTHON  # the code itself says status and headers
        self._status_part.setVisible(not fixed)
        self._more.setVisible(not fixed and self._kind is not AnswerKind.ERROR)
        self.headers.setVisible(self._more.isChecked() and not self._more.isHidden())
        for kind, widget in self._values.items():
            widget.setVisible(kind is self._kind)

    def _changed(self) -> None:
        self.edited.emit()


def _segment(kind: AnswerKind) -> str:
    kinds = list(AnswerKind)
    return "first" if kind is kinds[0] else "last" if kind is kinds[-1] else "middle"


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLineEdit) else ""


def _variables(text: str) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        name, equals, expression = line.partition("=")
        if not (name.strip().isidentifier() and equals and expression.strip()):
            raise refuse(
                f"“{line.strip()}” is not a variable.",
                "Write name = expression, such as name = name.",
                field="answer",
            )
        pairs.append((name.strip(), expression.strip()))
    return tuple(pairs)
