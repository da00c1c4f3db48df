"""The form of one route: path, methods, owner, parameters, answer, function and description.

It knows the values and checks them with the core's functions while one types; reading and writing
the source is the page's work.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from playground.core.changes import ProjectState
from playground.core.names import check_function_name, suggest_function_name
from playground.core.problems import Problem, ProblemError, refuse
from playground.core.routes import METHODS, NewBlueprint, Owner, RouteDraft
from playground.core.rules import Rule, RuleError
from playground.gui.panels.answer_form import AnswerForm
from playground.gui.panels.param_table import ParamTable
from playground.gui.theme import theme
from playground.gui.widgets.flow import FlowLayout
from playground.gui.widgets.keep_height import keep_height
from playground.gui.widgets.rule_edit import RuleEdit
from playground.gui.widgets.steady_button import SteadyButton

NEW_BLUEPRINT = "New blueprint…"
NARROW = 560


class RouteForm(QWidget):
    """The fields of one route.

    ``edited`` when the person changed a field; ``rule_changed`` with a rule that parses; ``tried`` with name
    and value of a parameter to try; ``told`` with the line that says what is wrong.
    """

    edited = Signal()
    rule_changed = Signal(object)
    tried = Signal(str, str)
    told = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: ProjectState | None = None
        self._owners: tuple[Owner, ...] = ()
        self._taken: frozenset[str] = frozenset()
        self._problems: dict[str, QLabel] = {}
        self.rule = RuleEdit()
        self._name(self.rule, "route.rule", "Path")
        self.rule.setPlaceholderText("/users/<int:user_id>")
        self.owner = QComboBox()
        self._name(self.owner, "route.owner", "Owner: the app or a blueprint")
        self.owner.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.owner.setMinimumContentsLength(6)
        self.methods = {method: self._method(method) for method in METHODS}
        self.function = self._line("route.function", "Function name")
        self.function.setProperty("mono", True)
        self.doc = self._line("route.doc", "Description")
        self.doc.setPlaceholderText("What this route is for (becomes the docstring)")
        self._blueprint = self._blueprint_fields()
        self._lay_out()
        self._connect()

    # Building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(16, 14, 16, 12)
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(9)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        pills = QWidget()
        flow = FlowLayout(pills, 6)
        for button in self.methods.values():
            flow.addWidget(button)
        owner = QHBoxLayout()
        into = QLabel("in")
        into.setProperty("role", "muted")
        owner.addWidget(into)
        owner.addWidget(self.owner)
        flow.addWidget(_boxed(owner))
        names = QHBoxLayout()
        names.addWidget(self.function, 2)
        names.addWidget(self.doc, 3)
        self._row("Path", self.rule, "rule")
        self._row("Methods", pills, "methods")
        self._form.addRow("", self._blueprint)
        self._problem("owner")
        self.params = ParamTable(self)  # made inside: Qt styles all of it anew when it gets another parent
        self._row("Parameters", self.params, "params")
        self.answer = AnswerForm(self)
        self._row("Answers with", self.answer, "answer")
        self._row("Function", _boxed(names), "function")
        self._problem("")

    def _row(self, title: str, widget: QWidget, field: str) -> None:
        label = QLabel(title)
        label.setProperty("role", "muted")
        label.setBuddy(widget)
        self._form.addRow(label, widget)
        keep_height(widget)
        self._problem(field)

    def _problem(self, field: str) -> None:
        label = QLabel()
        label.setObjectName(f"route.{field}.problem" if field else "route.problem")
        label.setAccessibleName(f"What is wrong with {field or 'the route'}")
        label.setProperty("role", "error")
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        label.hide()
        keep_height(label)
        self._form.addRow("", label)
        self._problems[field] = label

    def _method(self, method: str) -> QPushButton:
        button = SteadyButton(method)
        button.setProperty("pill", method)
        self._name(button, f"route.method.{method}", f"Method {method}")
        return button

    def _line(self, name: str, words: str) -> QLineEdit:
        line = QLineEdit()
        self._name(line, name, words)
        return line

    def _blueprint_fields(self) -> QWidget:
        self.blueprint_name = self._line("route.blueprint.name", "Name of the new blueprint")
        self.blueprint_prefix = self._line("route.blueprint.prefix", "Prefix of the new blueprint")
        self.blueprint_file = self._line("route.blueprint.file", "File of the new blueprint")
        hints = ("users", "/users", "users.py")
        row = QHBoxLayout()
        fields = (self.blueprint_name, self.blueprint_prefix, self.blueprint_file)
        for title, line, hint in zip(("name", "prefix", "file"), fields, hints, strict=True):
            label = QLabel(title)
            label.setProperty("role", "muted")
            line.setPlaceholderText(hint)
            row.addWidget(label)
            row.addWidget(line)
        box = _boxed(row)
        box.hide()
        return box

    @staticmethod
    def _name(widget: QWidget, name: str, words: str) -> None:
        widget.setObjectName(name)
        widget.setAccessibleName(words)

    def _connect(self) -> None:
        self.rule.textEdited.connect(self._rule_typed)
        self.owner.activated.connect(self._owner_chosen)
        self.owner.currentTextChanged.connect(self._fit_owner)
        for button in self.methods.values():
            button.clicked.connect(self._changed)
        self.params.edited.connect(self._rule_from_table)
        self.params.added.connect(self._add_param)
        self.params.tried.connect(self.tried)
        self.answer.edited.connect(self._changed)
        for line in (
            self.function,
            self.doc,
            self.blueprint_name,
            self.blueprint_prefix,
            self.blueprint_file,
        ):
            line.textEdited.connect(self._changed)
        self.blueprint_name.textEdited.connect(self._follow_name)

    # Values in --------------------------------------------------------------------------------

    def show_project(self, state: ProjectState) -> None:
        """The owners, templates and endpoints to choose from."""
        if state is self._state:
            return
        self._state = state
        self._taken = frozenset(route.function for route in state.routes)
        endpoints = sorted({route.endpoint for route in state.routes})
        self.answer.offer([template.name for template in state.templates], endpoints)
        names = [owner.name for owner in state.owners]
        self.owner.view().setMinimumWidth(theme().px(170))
        self._owners = state.owners
        shown = [self.owner.itemText(index) for index in range(self.owner.count())]
        offered = [*names, NEW_BLUEPRINT] if names else []  # a blueprint needs an app to be registered on
        if shown != offered:
            chosen = self.owner.currentText()
            self.owner.clear()
            self.owner.addItems(offered)
            self.owner.setCurrentIndex(max(0, self.owner.findText(chosen)))

    def show_draft(self, draft: RouteDraft) -> None:
        """Show a route's fields; those that say it already are left alone."""
        self.clear_problems()
        if self.rule.text() != draft.rule:
            self.rule.setText(draft.rule)
        self._read_rule(quiet=True)
        for method, button in self.methods.items():
            button.setChecked(method in draft.methods)
        if self.owner.findText(draft.owner) >= 0:
            self.owner.setCurrentText(draft.owner)
        self._blueprint.setVisible(self.owner.currentText() == NEW_BLUEPRINT)
        for line, text in ((self.function, draft.function), (self.doc, draft.doc)):
            if line.text() != text:
                line.setText(text)
        self.answer.show_answer(draft.answer)
        self._suggest()

    def set_editable(self, editable: bool) -> None:
        """Whether the fields may be changed; a view that the form can't own is only shown."""
        for widget in (self.rule, self.owner, self.params, self.answer, self.function, self.doc):
            widget.setEnabled(editable)
        for button in self.methods.values():
            button.setEnabled(editable)

    # Values out -------------------------------------------------------------------------------

    def draft(self, *, named: bool = False) -> RouteDraft:
        """What the fields say. Raises ProblemError at the first field that can't be right.

        ``named`` asks for a function name; without, an empty one means "make one up".
        """
        blueprint = self._new_blueprint()
        try:
            Rule.parse(self.rule.text().strip(), blueprint_prefix=self._prefix())
        except RuleError as error:
            raise ProblemError(error.problem) from None
        methods = tuple(method for method, button in self.methods.items() if button.isChecked())
        if not methods:
            raise refuse("No method is chosen.", "Choose at least one; a page is GET.", field="methods")
        function = self.function.text().strip()
        if function or named:
            check_function_name(function)
        return RouteDraft(
            self.rule.text().strip(),
            methods,
            function,
            self.doc.text().strip(),
            self.owner.currentText(),
            self.answer.answer(),
            blueprint,
        )

    def _new_blueprint(self) -> NewBlueprint | None:
        if self.owner.currentText() != NEW_BLUEPRINT:
            return None
        name = self.blueprint_name.text().strip()
        if not name.isidentifier():
            raise refuse("The new blueprint needs a name.", "Use a plain word, such as users.", field="owner")
        file = self.blueprint_file.text().strip() or f"{name}.py"
        return NewBlueprint(name, self.blueprint_prefix.text().strip(), file)

    def _prefix(self) -> str:
        if self.owner.currentText() == NEW_BLUEPRINT:
            return self.blueprint_prefix.text().strip()
        return next((owner.prefix for owner in self._owners if owner.name == self.owner.currentText()), "")

    # What is wrong ----------------------------------------------------------------------------

    def clear_problems(self) -> None:
        """Nothing is wrong, as far as is known."""
        for label in self._problems.values():
            label.hide()

    def show_problem(self, problem: Problem) -> None:
        """Say at its field what is wrong and what to do."""
        self.clear_problems()
        fields = {
            "status": "answer",
            "headers": "answer",
            "prefix": "owner",
            "file": "owner",
            "template": "answer",
        }
        field = fields.get(problem.field, problem.field)
        if field == "disk":  # no field's fault: it is said where the person is
            field = self._in_use()
        label = self._problems.get(field, self._problems[""])
        label.setText(f"⚠ {problem.sentence} {problem.hint}".strip())
        label.show()
        self.told.emit(label)

    def _in_use(self) -> str:
        """The field that was typed in last; the first one where that has no line for what is wrong."""
        last = self.focusWidget()
        places = {"function": self.function, "answer": self.answer, "owner": self.owner}
        used = [name for name, field in places.items() if last is field or field.isAncestorOf(last or self)]
        return used[0] if used else "rule"

    def problem_text(self) -> str:
        """The sentence that is shown now, if any."""
        return next((label.text() for label in self._problems.values() if not label.isHidden()), "")

    # Keeping in step --------------------------------------------------------------------------

    def _changed(self) -> None:
        self._suggest()
        self.edited.emit()

    def _rule_typed(self) -> None:
        self._read_rule()
        self._changed()

    def _read_rule(self, *, quiet: bool = False) -> None:
        """Parse the rule as typed: table and colours follow it, or its error is shown."""
        label = self._problems["rule"]
        try:
            rule = Rule.parse(self.rule.text().strip(), blueprint_prefix=self._prefix())
        except RuleError as error:
            self.rule.mark((), (error.start, max(error.end, error.start + 1)))
            if self.rule.text().strip() and not quiet:
                self.show_problem(error.problem)
            return
        label.hide()
        self.rule.mark((param.start, param.end) for param in rule.params)
        self.params.show_rule(rule)
        self.rule_changed.emit(rule)

    def _rule_from_table(self, rule: Rule) -> None:
        self.rule.setText(rule.text)
        self._read_rule()
        self._changed()

    def _add_param(self) -> None:
        names = ("name", "value", *(f"value{n}" for n in range(2, 99)))
        used = set(self.params.values())
        free = next(name for name in names if name not in used)
        self.rule.setText(f"{self.rule.text().strip().rstrip('/')}/<{free}>")
        self._rule_typed()

    def _owner_chosen(self) -> None:
        making = self.owner.currentText() == NEW_BLUEPRINT
        self._blueprint.setVisible(making)
        if making:
            self.blueprint_name.setFocus()
        self._changed()

    def _fit_owner(self, text: str) -> None:
        """The list is as wide as what is chosen, not as its longest entry."""
        self.owner.setMinimumContentsLength(max(6, len(text)))

    def _follow_name(self, name: str) -> None:
        """A new blueprint's prefix and file follow its name until they are typed."""
        self.blueprint_prefix.setPlaceholderText(f"/{name}")
        self.blueprint_file.setPlaceholderText(f"{name}.py")

    def _suggest(self) -> None:
        """Show, as placeholder, the function name that would be made up."""
        try:
            rule = Rule.parse(self.rule.text().strip(), blueprint_prefix=self._prefix())
        except RuleError:
            return
        methods = tuple(method for method, button in self.methods.items() if button.isChecked())
        self.function.setPlaceholderText(suggest_function_name(rule, methods, self._taken))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stack_when_narrow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._stack_when_narrow()

    def _stack_when_narrow(self) -> None:
        policy = QFormLayout.RowWrapPolicy
        wanted = policy.WrapAllRows if self.width() < theme().px(NARROW) else policy.DontWrapRows
        if self._form.rowWrapPolicy() != wanted:
            self._form.setRowWrapPolicy(wanted)


def _boxed(layout: QHBoxLayout) -> QWidget:
    """A widget around a row of controls, as form layouts and buddies want it."""
    box = QWidget()
    layout.setContentsMargins(0, 0, 0, 0)
    box.setLayout(layout)
    return box
