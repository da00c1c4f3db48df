"""The highlighter of the code editor: a document is coloured in slices, whatever its size and language.

Languages with a tokenizer of our own are coloured line by line as the text changes. The others are read by
Pygments after a short pause in typing; till then a changed line keeps the colours that it had.
"""

from __future__ import annotations

import time
from bisect import bisect_right

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from playground.gui.theme import theme
from playground.gui.widgets.lexing import Lexed, is_lexed
from playground.gui.widgets.tokenizers import Span, tokenize

MAX_HIGHLIGHTED = 1_000_000
"""Texts of more characters than this stay plain."""

_SLICE = 0.012  # seconds of highlighting in one go; a frame is 16 ms
_LEXING = 0.004  # seconds of Pygments' work in one go
_PAUSE_MS = 150  # without typing, before a text is lexed again


def utf16_offsets(text: str) -> list[int] | None:
    """The places of characters that Qt counts twice, or None where there is none."""
    if text.isascii() or max(text) <= "\uffff":
        return None
    return [at for at, char in enumerate(text) if char > "\uffff"]


def to_utf16(index: int, wide: list[int] | None) -> int:
    """A Python index as Qt counts it; ``wide`` is from ``utf16_offsets``."""
    return index if wide is None else index + bisect_right(wide, index - 1)


class Highlighter(QSyntaxHighlighter):
    """Colours a document in slices, so that neither a long file nor an opened quote stops the typing.

    All blocks before ``_frontier`` are coloured; the rest follows from a timer. ``_lexed`` is what the
    colours of Pygments come from, ``_coming`` the newer one that is being worked out.
    """

    def __init__(self, document: QTextDocument, language: str = "text") -> None:
        super().__init__(document)
        self._language = language
        self._formats: dict[str, QTextCharFormat] = {}
        self._deadline = 0.0
        self._frontier: int | None = None
        self._lexed: Lexed | None = None
        self._coming: Lexed | None = None
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._go_on)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._start_over)
        theme().changed.connect(self.recolour)

    @property
    def language(self) -> str:
        """The language that is coloured now."""
        return self._language

    @property
    def settled(self) -> bool:
        """Whether all of the document is coloured."""
        return self._frontier is None and not self._pause.isActive()

    def set_language(self, language: str) -> None:
        """Colour another language from now on."""
        if language != self._language:
            self._language = language
            self._lexed = None
            self._start_over()

    def attach(self, document: QTextDocument) -> None:
        """Colour that document, beginning with the next turn of the event loop."""
        self._frontier = 0
        self._lexed = None
        self.setDocument(document)
        self._start_over()

    @Slot()
    def recolour(self) -> None:
        """Take the colours of the theme again."""
        self._formats.clear()
        self._start_over()

    def highlightBlock(self, text: str) -> None:
        """Colour one line (Qt calls this)."""
        number = self.currentBlock().blockNumber()
        if is_lexed(self._language):
            self._colour_lexed(number, text)
            return
        if self._frontier is not None and number > self._frontier:
            return
        now = time.monotonic()
        if not self._timer.isActive() and self._frontier is None:
            self._deadline = now + _SLICE
            self._timer.start()
        if now > self._deadline:
            self._frontier = number
            return
        if self._frontier == number:
            self._frontier = number + 1
        self._colour(text)

    def _colour(self, text: str) -> None:
        spans, state = tokenize(self._language, text, self.previousBlockState())
        self._paint(text, spans)
        self.setCurrentBlockState(state)

    def _colour_lexed(self, number: int, text: str) -> None:
        """Colour a line as far as it is known; one that is not as it was lexed asks for a new reading."""
        if self._lexed is not None:
            self._paint(text, self._lexed.spans(number, text))
            if not self._lexed.is_of(number, text, self.document().blockCount()):
                self._pause.start()
        if self._frontier == number:
            self._frontier = number + 1

    def _paint(self, text: str, spans: list[Span]) -> None:
        wide = utf16_offsets(text)
        for start, end, kind in spans:
            first = to_utf16(start, wide)
            self.setFormat(first, to_utf16(end, wide) - first, self._format(kind))

    def _format(self, kind: str) -> QTextCharFormat:
        if kind not in self._formats:
            made = QTextCharFormat()
            made.setForeground(QColor(theme().colour(kind)))
            self._formats[kind] = made
        return self._formats[kind]

    @Slot()
    def _start_over(self) -> None:
        self._frontier = 0
        self._coming = None
        if is_lexed(self._language) and self.document() is not None:
            text = self.document().toRawText().replace("\u2029", "\n")
            self._coming = Lexed(self._language, text)
        self._timer.start()

    @Slot()
    def _go_on(self) -> None:
        """Colour the next slice, if any is left."""
        document = self.document()
        if document is None or self._frontier is None:
            return
        if self._coming is not None:
            if self._coming.go_on(_LEXING):
                self._lexed, self._coming, self._frontier = self._coming, None, 0
            self._timer.start()
            return
        self._deadline = time.monotonic() + _SLICE
        while self._frontier is not None and time.monotonic() < self._deadline:
            block = document.findBlockByNumber(self._frontier)
            if not block.isValid():
                self._frontier = None
                return
            self.rehighlightBlock(block)
        self._timer.start()
