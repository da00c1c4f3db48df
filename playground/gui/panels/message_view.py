"""A request or an answer to be read: how it begins, its headers and pairs, its body."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QWidget

from playground.core.exchanges import Pairs
from playground.core.messages import Message
from playground.gui.panels.response_views import LONG_LINE, BodyView
from playground.gui.theme import mark, theme
from playground.gui.widgets.fold import Fold
from playground.gui.widgets.pairs_list import PairsList
from playground.gui.widgets.spans import Span

MOST_LINES = 16
"""Lines of a body in sight; the rest is scrolled to."""
WIDE = 60
"""Characters of a line that may be too wide for a narrow window."""
EDITOR_LIMIT = 8_000
"""Characters above which only the lines in sight are coloured: it lies among much else to be shown."""
NO_BODY = "There is no body."


class MessageView(Fold):
    """``name`` is ``xray.request`` or ``xray.answer``; its parts are named after it."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self._pairs = {
            part: PairsList(f"{name}.{part}", f"{title}: {part}") for part in ("headers", "query", "form")
        }
        self._titles: dict[str, QLabel] = {}
        for part, pairs in self._pairs.items():
            self._titles[part] = self._title_of(part.capitalize())
            self.body.addWidget(pairs)
        self._note = self._title_of("")
        self._note.setObjectName(f"{name}.note")
        self._note.setAccessibleName(f"{title}: what the body is")
        self.text = BodyView(f"{name}.body", f"{title}: body", EDITOR_LIMIT)
        self.body.addWidget(self.text)
        theme().changed.connect(self._fit)
        self.hide()

    def _title_of(self, words: str) -> QLabel:
        label = QLabel(words, wordWrap=True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        mark(label, role="small")
        self.body.addWidget(label)
        return label

    def show_message(self, message: Message | None) -> None:
        """Show one side of an exchange; nothing where there is none."""
        self.setVisible(message is not None)
        if message is None:
            return
        self.show_line((Span(message.line, code=True),))
        self._show_pairs("headers", message.headers)
        self._show_pairs("query", message.query)
        self._show_pairs("form", message.form)
        self._titles["form"].setText(f"Form · {message.note}")
        self._note.setText(f"Body · {message.note}" if message.note else NO_BODY)
        self._note.setVisible(not message.form)
        self.text.setVisible(bool(message.text))
        self.text.show_text(message.text.removesuffix("\n"), message.language)
        self._fit()

    def _show_pairs(self, part: str, pairs: Pairs) -> None:
        self._pairs[part].show_pairs(pairs)
        for widget in (self._pairs[part], self._titles[part]):
            widget.setVisible(bool(pairs))

    @Slot()
    def _fit(self) -> None:
        """The body as high as its lines, as far as they are in sight."""
        shown = self.text.text.split("\n", MOST_LINES)[:MOST_LINES]
        bar = max(map(len, shown)) > WIDE  # that moves what is too wide
        least = MOST_LINES // 2 if max(map(len, shown)) > LONG_LINE else 2
        rows = max(len(shown), least) + (1 if bar else 0)
        self.text.setFixedHeight(theme().px(18) * rows + theme().px(16))
