"""A heading that folds away what is below it; a person's choice stays."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme
from playground.gui.widgets.span_label import SpanLabel
from playground.gui.widgets.spans import Spans


class Fold(QWidget):
    """``title`` with a line beside it that stays when the rest is folded away; ``body`` is for that."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._title = title
        self.head = QToolButton()
        self.head.setObjectName(f"{name}.show")
        self.head.setCheckable(True)
        self.head.setText(title.upper())
        mark(self.head, section=True)
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.clicked.connect(self._arrange)
        self.line = SpanLabel(f"{name}.line", f"{title}: how it begins")
        self._row = QHBoxLayout()
        self._row.addWidget(self.head, 0, Qt.AlignmentFlag.AlignTop)
        self._beside = QVBoxLayout()  # keeps the line on the heading's, however many lines it takes
        self._beside.addWidget(self.line)
        self._beside.addStretch(1)
        self._row.addLayout(self._beside, 1)
        self._inner = QWidget()
        self.body = QVBoxLayout(self._inner)
        self.body.setContentsMargins(0, 0, 0, 0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._row)
        self._column.addWidget(self._inner)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.set_open(True)

    def show_line(self, spans: Spans) -> None:
        """What stands beside the heading."""
        self.line.show_spans(spans)

    def set_open(self, on: bool) -> None:
        """Fold it away, or not."""
        self.head.setChecked(on)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        is_open = self.head.isChecked()
        words = f"{'Hide' if is_open else 'Show'}: {self._title.lower()}"
        self.head.setAccessibleName(words)
        self.head.setToolTip("Fold it away" if is_open else "Show it")
        set_icon(self.head, "chevron-down" if is_open else "chevron-right", "muted")
        self._inner.setVisible(is_open)

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._row.setSpacing(px(8))
        self._beside.setContentsMargins(0, px(5), 0, 0)
        self._column.setSpacing(px(6))
        self.body.setSpacing(px(6))
