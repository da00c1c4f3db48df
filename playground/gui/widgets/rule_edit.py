"""A line edit that colours the parameters of a URL rule or a path while one types."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QInputMethodEvent, QTextCharFormat
from PySide6.QtWidgets import QLineEdit, QWidget

from playground.gui.theme import theme

Span = tuple[int, int]


class RuleEdit(QLineEdit):
    """A line edit with coloured spans: parameters, and one that is wrong.

    Qt's line edit takes formats only from input methods, so an input method event without
    text brings them; it changes neither text nor cursor.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spans: tuple[Span, ...] = ()
        self._wrong: Span | None = None
        self.setProperty("mono", True)
        theme().changed.connect(self._restyle)

    def mark(self, parameters: Iterable[Span], wrong: Span | None = None) -> None:
        """Colour these spans (characters, end excluded) as parameters and one as wrong."""
        self._spans, self._wrong = tuple(parameters), wrong
        self._restyle()

    def _restyle(self) -> None:
        tokens = theme().tokens
        attributes = [self._attribute(span, tokens.parameter, tokens.parameter_tint) for span in self._spans]
        if self._wrong is not None:
            attributes.append(self._attribute(self._wrong, tokens.error, None))
        QCoreApplication.sendEvent(self, QInputMethodEvent("", attributes))

    def _attribute(self, span: Span, colour: str, background: str | None) -> QInputMethodEvent.Attribute:
        style = QTextCharFormat()
        style.setForeground(QColor(colour))
        if background:
            style.setBackground(QColor(background))
        else:
            style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            style.setUnderlineColor(QColor(colour))
        start, end = span
        kind = QInputMethodEvent.AttributeType.TextFormat
        return QInputMethodEvent.Attribute(kind, start - self.cursorPosition(), end - start, style)
