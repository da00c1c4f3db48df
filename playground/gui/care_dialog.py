"""The one dialog that tells of mistakes of the playground itself, and what of them can be given away."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot, qVersion
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from playground.core.mishaps import Mishap
from playground.gui.theme import mark, theme
from playground.gui.widgets.fold import Fold
from playground.gui.widgets.named import named_button, named_label
from playground.session.parts import versions_in_words

TITLE = "Something went wrong in the playground"
WHAT = "It is a mistake of the playground ({}), not of your project. "
SAFE = (
    "What you typed is in its files, and you can go on. Should something not answer any more, close the "
    "window and open it again."
)
ABOUT = (
    "The report has versions, the system, and where in the playground's code it happened. Not in it: your "
    "files, values, requests and folders. It is sent nowhere: copy it, and give it to whom you like."
)
COPIED = "Copied"


class CareDialog(QDialog):
    """Beside the work, never over it: it takes no focus, and is shown anew only for another mistake."""

    log_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("care")
        self.setWindowTitle(TITLE)
        self.setAccessibleName(TITLE)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._title = named_label("care.title", "What happened", "heading")
        self._title.setText(TITLE)
        self._words = named_label("care.words", "What it means", "")
        self._count = named_label("care.count", "How often", "muted")
        self._about = named_label("care.about", "What the report holds", "muted")
        self._about.setText(ABOUT)
        self._details = Fold("care.details", "The report")
        self._report = QPlainTextEdit()
        self._report.setObjectName("care.report")
        self._report.setAccessibleName("The report")
        self._report.setReadOnly(True)
        self._report.setTabChangesFocus(True)
        self._report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        mark(self._report, mono=True)
        self._details.body.addWidget(self._about)
        self._details.body.addWidget(self._report, 1)
        self._details.set_open(False)
        self._details.head.clicked.connect(self._fit)
        self._compose()
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def _compose(self) -> None:
        self._copy = named_button("care.copy", "Copy the report")
        mark(self._copy, primary=True)
        self._copy.clicked.connect(self._copy_report)
        log = named_button("care.log", "Show the log")
        log.clicked.connect(self.log_wanted)
        close = named_button("care.close", "Close")
        close.clicked.connect(self.hide)
        close.setFocus()
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addWidget(log)
        buttons.addStretch(1)
        buttons.addWidget(close)
        self._column = QVBoxLayout(self)
        for widget in (self._title, self._words, self._count):
            self._column.addWidget(widget)
        self._column.addWidget(self._details, 1)
        self._column.addLayout(buttons)

    def show_mishaps(self, counts: Mapping[Mishap, int], others: int, stuck: str) -> None:
        """Each mistake with how often it happened; ``others`` are too many to tell apart.

        ``stuck`` says what of the person's could not be written, else it is what was said of that before.
        """
        first = next(iter(counts))
        self._words.setText(WHAT.format(first.kind) + (stuck or SAFE))
        self._count.setText(_counted(sum(counts.values()) + others, len(counts)))
        self._count.setVisible(bool(self._count.text()))
        self._report.setPlainText(_report(counts, others))
        self._copy.setText("Copy the report")
        self._fit()

    def show_quietly(self) -> None:
        """Be there without taking the keyboard; assistive tools are told."""
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @Slot()
    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())
        self._copy.setText(COPIED)

    @Slot()
    def _fit(self) -> None:
        """Grow for the report, shrink when it is folded away."""
        self._report.setMinimumHeight(theme().px(120 if theme().zoom > 1.5 else 180))
        width = max(self.minimumWidth(), self.width())
        self._column.activate()
        room = self.screen().availableSize().height() * 9 // 10
        self.resize(width, min(room, self._column.totalHeightForWidth(width)))

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._column.setContentsMargins(px(20), px(18), px(20), px(16))
        self._column.setSpacing(px(10))
        room = self.screen().availableSize()
        self.setMinimumWidth(min(px(560), room.width() * 9 // 10))
        self._fit()


def _counted(times: int, kinds: int) -> str:
    if times == 1:
        return ""
    if kinds == 1:
        return f"It has happened {times:,} times."
    return f"{times - 1:,} more {'has' if times == 2 else 'have'} followed; all are in the report."


def _report(counts: Mapping[Mishap, int], others: int) -> str:
    told = [versions_in_words(f"Qt {qVersion()}")]
    for mishap, times in counts.items():
        often = f" ({times:,} times)" if times > 1 else ""
        told.append(f"{mishap.kind} in {mishap.where or 'no place of ours'}{often}\n{mishap.account}")
    if others:
        told.append(f"and {others:,} more")
    return "\n\n".join(told)
