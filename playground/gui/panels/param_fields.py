"""The fields for a rule's parameters: a spin box, a drop-down or a line each, with why it would be a 404.

What a field holds is text, as it will stand in the address. A text that a field cannot show (letters
typed into the address where the rule wants a number) is kept, and said in words under the field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from playground.core.rules import CONVERTERS, Param
from playground.gui.theme import mark, theme

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
DETACHED = "The address above no longer fits this route. Change a value here to go back to it."


def spin_range(param: Param) -> tuple[int, int] | None:
    """The numbers that a spin box can offer for an ``int``; None where 32 bits are too few."""
    args = dict(param.args)
    low, high = args.get("min"), args.get("max")
    lowest = INT_MIN if args.get("signed") else 0
    first = max(low, lowest) if isinstance(low, int) else lowest
    last = high if isinstance(high, int) else INT_MAX
    digits = args.get("fixed_digits")
    if isinstance(digits, int) and 0 < digits < 10:
        last = min(last, 10**digits - 1)
    return (first, last) if INT_MIN <= first <= last <= INT_MAX else None


class IntBox(QSpinBox):
    """A spin box that keeps leading zeros and leaves the wheel to the page unless it has the focus."""

    def __init__(self, param: Param, limits: tuple[int, int]) -> None:
        super().__init__()
        digits = dict(param.args).get("fixed_digits")
        self._digits = digits if isinstance(digits, int) else 0
        self.setRange(*limits)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(theme().px(6), 0, 0, 0)

    def textFromValue(self, value: int) -> str:
        return f"{value:0{self._digits}d}"

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ParamField(QWidget):
    """One parameter's value. ``edited`` comes for what a person does, ``submitted`` for Enter."""

    edited = Signal()
    submitted = Signal()

    def __init__(self, param: Param, text: str) -> None:
        super().__init__()
        self.param = param
        self._text = text
        self._showing = False
        self._reason = QLabel()
        self._reason.setWordWrap(True)
        self._reason.setObjectName(f"request.param.{param.name}.reason")
        mark(self._reason, role="error")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._input = self._make_input(text)
        self._layout.addWidget(self._input)
        self._layout.addWidget(self._reason)
        self.show_text(text)

    @property
    def text(self) -> str:
        """The value as text; what stands in the address, also where the field can't show it."""
        return self._text

    @property
    def reason(self) -> str:
        """Why Flask would answer 404; empty where the value is good."""
        try:
            self.param.convert(self._text)
        except ValueError as error:
            return str(error)
        return ""

    def show_text(self, text: str) -> None:
        """Show a value that came from the address; emits nothing."""
        self._text = text
        if isinstance(self._input, QSpinBox) and not self.reason and not self._in_range(text):
            self._swap_input(text)
        self._showing = True
        if isinstance(self._input, QSpinBox):
            if self._in_range(text):
                self._input.setValue(int(text))
        elif isinstance(self._input, QComboBox):
            self._input.setCurrentIndex(self._input.findText(text))
        elif self._input.text() != text:
            self._input.setText(text)
            self._input.setCursorPosition(0)  # a long value is read from its start
        self._showing = False
        self._show_reason()

    def set_detached(self, on: bool) -> None:
        """Grey the field, which stays usable: a change in it brings the address back to the route."""
        mark(self._input, detached=on)
        self.restyle()

    def restyle(self) -> None:
        """Take the colour of the theme as it is now."""
        sheet = f"color: {theme().tokens.muted};" if self._input.property("detached") else ""
        if self._input.styleSheet() != sheet:  # Qt would do it all again
            self._input.setStyleSheet(sheet)

    def _in_range(self, text: str) -> bool:
        box = self._input
        digits = text.removeprefix("-")
        return (
            isinstance(box, QSpinBox)
            and digits.isascii()
            and digits.isdigit()
            and box.minimum() <= int(text) <= box.maximum()
        )

    def _make_input(self, text: str) -> QSpinBox | QComboBox | QLineEdit:
        limits = spin_range(self.param) if self.param.converter == "int" else None
        made: QSpinBox | QComboBox | QLineEdit
        if limits is not None and (len(text) < 10 or not text.isdigit() or int(text) <= limits[1]):
            made = IntBox(self.param, limits)
            made.valueChanged.connect(self._input_changed)
            made.lineEdit().returnPressed.connect(self.submitted)
        elif self.param.converter == "any":
            made = QComboBox()
            items = dict(self.param.args).get("items", ())
            made.addItems([str(item) for item in items] if isinstance(items, tuple) else [])
            made.currentIndexChanged.connect(self._input_changed)
        else:
            made = QLineEdit()
            made.setPlaceholderText(self.param.sample)
            made.textChanged.connect(self._input_changed)
            made.returnPressed.connect(self.submitted)
        made.setObjectName(f"request.param.{self.param.name}")
        made.setAccessibleName(f"Value of {self.param.name}")
        made.setMinimumWidth(theme().px(60))  # a spin box asks for the room of its largest number
        mark(made, mono=True)
        return made

    def _swap_input(self, text: str) -> None:
        """A number that no spin box holds gets a line of its own."""
        old, self._input = self._input, self._make_input(text)
        self._layout.replaceWidget(old, self._input)
        old.setObjectName("")
        old.hide()
        old.deleteLater()

    def _input_changed(self) -> None:
        if self._showing:
            return
        box = self._input
        self._text = box.currentText() if isinstance(box, QComboBox) else box.text()
        self._show_reason()
        self.edited.emit()

    def _show_reason(self) -> None:
        reason = self.reason
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        mark(self._input, invalid=bool(reason))
        self._input.setToolTip(reason)


class ParamFields(QScrollArea):
    """A row per parameter: name, type, value. ``edited`` and ``submitted`` come from any of the fields."""

    edited = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._zoom = theme().zoom
        self._fields: dict[str, ParamField] = {}
        self._names: list[QLabel] = []
        self._note = QLabel(wordWrap=True)
        mark(self._note, role="muted")
        self.show_params((), {}, "")
        theme().changed.connect(self._follow_theme)

    def sizeHint(self) -> QSize:
        rows = max(1, min(4, len(self._fields)))
        return QSize(320, theme().px(36) * (rows + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, theme().px(60))

    @property
    def texts(self) -> dict[str, str]:
        """The values by name, as text."""
        return {name: field.text for name, field in self._fields.items()}

    def show_params(self, params: Sequence[Param], texts: Mapping[str, str], empty: str) -> None:
        """Build the rows anew; where there are none, say ``empty``."""
        self._fields = {param.name: ParamField(param, texts[param.name]) for param in params}
        self._names = []
        self._note = QLabel(empty, wordWrap=True)
        mark(self._note, role="muted")
        inside = QWidget()
        outer = QVBoxLayout(inside)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        if self._fields:
            outer.addLayout(self._grid())
        self._note.setMargin(theme().px(8))
        outer.addWidget(self._note)  # first: shown without a parent it would flash up as a window of its own
        self._note.setVisible(not self._fields)
        outer.addStretch(1)
        self.setWidget(inside)
        self._colour_names()

    def show_texts(self, texts: Mapping[str, str]) -> None:
        """Show the values that the address gives."""
        for name, field in self._fields.items():
            field.show_text(texts[name])

    def set_detached(self, on: bool) -> None:
        """Grey the fields and say why, while the address is that of something else."""
        for field in self._fields.values():
            field.set_detached(on)
        if self._fields:
            self._note.setText(DETACHED)
            self._note.setVisible(on)

    def _grid(self) -> QGridLayout:
        px = theme().px
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(0)
        for column, stretch in enumerate((4, 2, 5)):
            grid.setColumnStretch(column, stretch)
            title = QLabel(("Name", "Type", "Value")[column])
            title.setContentsMargins(px(8), px(5), px(8), px(5))
            mark(title, role="small")
            grid.addWidget(title, 0, column)
        grid.addWidget(_line(), 1, 0, 1, 3)
        for number, field in enumerate(self._fields.values()):
            self._add_row(grid, 2 + 2 * number, field)
        return grid

    def _add_row(self, grid: QGridLayout, row: int, field: ParamField) -> None:
        px = theme().px
        param = field.param
        name, kind = QLabel(param.name), QLabel(param.converter)
        mark(name, role="code")
        mark(kind, role="muted")
        known = CONVERTERS.get(param.converter)
        kind.setToolTip(known.summary if known else "A converter of this app's own.")
        for column, label in enumerate((name, kind)):
            label.setContentsMargins(px(8), 0, px(8), 0)
            label.setMinimumHeight(px(36))
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        self._names.append(name)
        field.setContentsMargins(px(4), px(4), px(8), px(4))
        field.edited.connect(self.edited)
        field.submitted.connect(self.submitted)
        grid.addWidget(field, row, 2)
        grid.addWidget(_line(), row + 1, 0, 1, 3)

    def _follow_theme(self) -> None:
        if theme().zoom != self._zoom and self._fields:
            self._zoom = theme().zoom
            self.show_params([field.param for field in self._fields.values()], self.texts, "")
        for field in self._fields.values():
            field.restyle()
        self._colour_names()

    def _colour_names(self) -> None:
        for label in self._names:
            label.setStyleSheet(f"color: {theme().tokens.parameter};")


def _line() -> QFrame:
    line = QFrame()
    line.setFixedHeight(1)
    mark(line, edge="bottom")
    return line
