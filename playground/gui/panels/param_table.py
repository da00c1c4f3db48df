"""The parameters of a rule as a table in step with it: name, type, the converter's arguments, a value to try.

The table shows a ``Rule`` and says, by ``edited``, which rule a change in a cell makes of it. The value
to try is converted as one types, by the same code that says why Werkzeug would refuse it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.arguments import Args, Argument
from playground.core.converters import CONVERTERS
from playground.core.rules import Param, Rule, RuleError
from playground.gui.theme import mark
from playground.gui.widgets.flow import FlowLayout
from playground.gui.widgets.kept_size import keep_size
from playground.gui.widgets.tabs import in_tab_order

HEADINGS = ("Name", "Type", "Try a value")


class ParamTable(QWidget):
    """One row for each parameter. ``edited`` carries the new rule; ``tried`` name and value."""

    edited = Signal(object)
    tried = Signal(str, str)
    added = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("route.params")
        self.setAccessibleName("Parameters")
        self._rule: Rule | None = None
        self._rows: list[_Row] = []
        self._values: dict[str, str] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(5)
        for index, stretch in enumerate((3, 0, 3, 4, 0)):
            self._grid.setColumnStretch(index, stretch)
        self._headings = [self._heading(column, text) for column, text in enumerate(HEADINGS)]
        self._add = QPushButton("+ parameter")
        self._add.setObjectName("route.params.add")
        self._add.setAccessibleName("Add a parameter to the path")
        self._add.setProperty("flat", True)
        self._add.clicked.connect(self.added)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._grid.addWidget(self._add, 0, 3, 1, 2, Qt.AlignmentFlag.AlignRight)
        column.addLayout(self._grid)

    def show_rule(self, rule: Rule) -> None:
        """Show a rule's parameters; rows that stay keep their focus and their value to try."""
        self._rule = rule
        for _ in range(len(self._rows), len(rule.params)):
            self._rows.append(_Row(self, self._grid, len(self._rows)))
        for index, row in enumerate(self._rows):
            row.show_param(rule.params[index] if index < len(rule.params) else None)
        in_tab_order([self._add, *(stop for row in self._rows for stop in row.stops())])
        for heading in self._headings:
            heading.setText(str(heading.property("words")) if rule.params else "")

    def values(self) -> dict[str, str]:
        """The values to try, by parameter name."""
        params = self._rule.params if self._rule else ()
        return {param.name: self._values.get(param.name, param.sample) for param in params}

    def value_of(self, param: Param) -> str:
        """The value to try for a parameter: what was typed, or one that converts."""
        return self._values.get(param.name, param.sample)

    def set_value(self, name: str, text: str) -> None:
        """Remember a value to try, and say so."""
        self._values[name] = text
        self.tried.emit(name, text)

    def replace_param(self, old: Param, new: Param) -> None:
        """A cell changed: announce the rule that results."""
        if self._rule is None or new == old:
            return
        if old.name in self._values and old.name != new.name:
            self._values[new.name] = self._values.pop(old.name)
        self.edited.emit(self._rule.replace(old.name, new))

    def remove_param(self, param: Param) -> None:
        """A row was removed: announce the rule without it."""
        if self._rule is not None:
            self.edited.emit(self._rule.without(param.name))

    def taken(self, name: str) -> bool:
        """Whether another parameter of the rule has this name."""
        return self._rule is not None and any(param.name == name for param in self._rule.params)

    def _heading(self, column: int, text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("role", "small")
        label.setProperty("words", text)
        self._grid.addWidget(label, 0, column)
        return label


@dataclass
class _ArgumentField:
    """The control of one converter argument and how to read it."""

    argument: Argument
    widget: QWidget
    read: Callable[[], object]
    box: QWidget = field(default_factory=QWidget)


class _Row:
    """The controls of one parameter."""

    def __init__(self, table: ParamTable, grid: QGridLayout, index: int) -> None:
        self._table, self._index = table, index
        self._param: Param | None = None
        self._arguments: list[_ArgumentField] = []
        self.name = self._line("name", f"Name of parameter {index + 1}")
        self.type = QComboBox()
        self.type.addItems(list(CONVERTERS))
        self._name(self.type, "type", f"Type of parameter {index + 1}")
        self.rules = QWidget()
        self._flow = FlowLayout(self.rules, 8)
        self.tried = self._line("try", f"Value to try for parameter {index + 1}")
        self.remove = QToolButton()
        self.remove.setText("✕")
        self._name(self.remove, "remove", f"Remove parameter {index + 1}")
        self.result = QLabel()
        self.result.setWordWrap(True)
        self._name(self.result, "result", f"What Flask makes of value {index + 1}")
        self.widgets = (self.name, self.type, self.tried, self.result, self.remove)
        for column, widget in enumerate(self.widgets):
            grid.addWidget(widget, 2 * index + 1, column)
        grid.addWidget(self.rules, 2 * index + 2, 0, 1, 5)
        self.name.editingFinished.connect(self._rename)
        self.type.activated.connect(self._retype)
        self.tried.textEdited.connect(self._try)
        self.remove.clicked.connect(self._remove)

    def _line(self, part: str, words: str) -> QLineEdit:
        line = QLineEdit()
        line.setProperty("mono", True)
        line.setMinimumWidth(48)
        self._name(line, part, words)
        return line

    def _name(self, widget: QWidget, part: str, words: str) -> None:
        widget.setObjectName(f"route.param.{self._index}.{part}")
        widget.setAccessibleName(words)

    def show_param(self, param: Param | None) -> None:
        """Show a parameter, or hide the row."""
        for widget in self.widgets:
            widget.setVisible(param is not None)
        self.rules.setVisible(param is not None and bool(self._arguments_of(param)))
        before, self._param = self._param, param
        if param is None:
            return
        if not self.name.hasFocus() or self.name.text() != param.name:
            self.name.setText(param.name)
        known = param.converter in CONVERTERS
        self.type.setEnabled(known)
        self.type.setCurrentText(param.converter)
        if before is None or before.converter != param.converter:
            self._build_arguments(param)
        self._show_arguments(param)
        value = self._table.value_of(param)
        if self.tried.text() != value and not (self.tried.hasFocus() and self.tried.isModified()):
            self.tried.setText(value)
            self.tried.setCursorPosition(0)  # a long value is read from its start
        self._judge()

    def stops(self) -> list[QWidget]:
        """The controls in the order in which one goes through them."""
        arguments = [made.widget for made in self._arguments]
        return [self.name, self.type, self.tried, self.remove, *arguments]

    # The converter's arguments ----------------------------------------------------------------

    def _build_arguments(self, param: Param) -> None:
        for old in self._arguments:
            self._flow.removeWidget(old.box)
            old.box.hide()  # a show that is still queued would make it a window of its own
            old.box.setParent(None)  # at once, for whoever looks for a control of that name
            old.box.deleteLater()
        self._arguments = [self._argument(argument) for argument in self._arguments_of(param)]
        for made in self._arguments:
            self._flow.addWidget(made.box)
            made.box.show()

    @staticmethod
    def _arguments_of(param: Param) -> tuple[Argument, ...]:
        """The arguments that the parameter's converter has, those that are used most first."""
        converter = CONVERTERS.get(param.converter)
        arguments = converter.arguments if converter else ()
        return tuple(sorted(arguments, key=lambda argument: argument.name in ("fixed_digits", "signed")))

    def _argument(self, argument: Argument) -> _ArgumentField:
        if argument.kind == "bool":
            box = QCheckBox(argument.name)
            self._name(box, f"arg.{argument.name}", argument.name)
            box.clicked.connect(self._rearrange)
            return _ArgumentField(argument, box, box.isChecked, box)
        line = self._line(f"arg.{argument.name}", argument.name)
        wide = argument.kind == "items"
        line.setPlaceholderText("a, b, c" if wide else "–")
        keep_size(line, width=150 if wide else 46)
        line.editingFinished.connect(self._rearrange)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        label = QLabel(argument.name)
        label.setProperty("role", "muted")
        row.addWidget(label)
        row.addWidget(line)
        return _ArgumentField(argument, line, lambda: _read(argument, line.text()), holder)

    def _show_arguments(self, param: Param) -> None:
        values = dict(param.args)
        for made in self._arguments:
            value = values.get(made.argument.name, made.argument.default)
            if isinstance(made.widget, QCheckBox):
                made.widget.setChecked(bool(value))
            elif isinstance(made.widget, QLineEdit) and not made.widget.isModified():
                made.widget.setText(_write(value))

    def _rearrange(self) -> None:
        """An argument was typed: put them all in the rule, or say what is wrong with one."""
        if self._param is None:
            return
        args: list[tuple[str, object]] = []
        for made in self._arguments:
            try:
                value = made.read()
            except ValueError as error:
                self._say_wrong(str(error))
                return
            if isinstance(made.widget, QLineEdit):
                made.widget.setModified(False)
            if value is not None and value != made.argument.default:
                args.append((made.argument.name, value))
        if tuple(args) != self._param.args:
            self._become(args=tuple(args))

    # The other cells --------------------------------------------------------------------------

    def _rename(self) -> None:
        if self._param is None or self.name.text() == self._param.name:
            return
        name = self.name.text().strip()
        if self._table.taken(name):
            self._say_wrong(f"Another parameter is called {name}. Choose another name.")
        else:
            self._become(name=name)

    def _retype(self) -> None:
        if self._param is not None and self.type.currentText() != self._param.converter:
            self._become(converter=self.type.currentText())

    def _become(
        self, *, name: str | None = None, converter: str | None = None, args: Args | None = None
    ) -> None:
        """Change the parameter in the rule, or say why Flask would not take it like this."""
        if self._param is None:
            return
        try:
            changed = self._param.with_(name=name, converter=converter, args=args)
        except RuleError as error:
            self._say_wrong(f"{error.sentence} {error.hint}")
            return
        self._table.replace_param(self._param, changed)

    def _remove(self) -> None:
        if self._param is not None:
            self._table.remove_param(self._param)

    def _try(self, text: str) -> None:
        if self._param is not None:
            self._table.set_value(self._param.name, text)
            self._judge()

    def _judge(self) -> None:
        """Convert the value to try, and show what comes out or why nothing does."""
        if self._param is None:
            return
        try:
            value = self._param.convert(self.tried.text())
        except ValueError as error:
            self._say_wrong(f"404: {error}")
            return
        self._say(f"✓ {value!r}  {type(value).__name__}", "good")

    def _say_wrong(self, words: str) -> None:
        self._say(f"✗ {words}", "error")

    def _say(self, words: str, role: str) -> None:
        self.result.setText(words)
        mark(self.result, role=role)


def _read(argument: Argument, text: str) -> object:
    """An argument's value from what was typed; None for nothing. Raises ValueError with a sentence."""
    text = text.strip()
    if argument.kind == "items":
        items = tuple(item.strip() for item in text.split(",") if item.strip())
        if not items:
            raise ValueError("any needs at least one word to choose from: a, b, c.")
        return items
    if not text:
        return None
    try:
        return float(text) if argument.kind == "float" else int(text)
    except ValueError:
        wanted = "a number" if argument.kind == "float" else "a whole number"
        raise ValueError(f"{argument.name} takes {wanted}, not {text!r}.") from None


def _write(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
