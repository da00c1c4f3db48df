"""What an answer is looked at with: its body as text, its page or picture, its headers; or nothing yet."""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from playground.core.exchanges import Pairs, Response
from playground.core.units import human_size
from playground.gui.theme import mark, theme
from playground.gui.widgets.code_editor import CodeEditor
from playground.gui.widgets.page_view import PageView

if TYPE_CHECKING:
    from playground.gui.widgets.big_text import BigText

LARGE = 2 * 1024 * 1024
"""Bytes above which a body is pretty-printed only when asked for."""
EDITOR_LIMIT = 100_000
"""Characters above which a view that paints only its visible lines takes over."""
LONG_LINE = 5_000
PAGES = ("html", "html of a failure")
"""The kinds of answer that are a page. That of a failure is to be read: it opens as one of its own accord."""
PRINTED_WORDS = "What the view printed"

SHORTCUTS = (
    ("Send the request", "Ctrl+Return"),
    ("Go to the address", "Ctrl+L"),
    ("New route", "Ctrl+N"),
    ("Find anything", "Ctrl+K"),
)


def decoded(response: Response) -> str:
    """The body as text, by the character set of its header; what does not decode becomes a sign for it."""
    header = Message()
    header["content-type"] = response.header("content-type") or "text/plain"
    charset = header.get_content_charset("utf-8")
    try:
        return response.body.decode(charset, "replace")
    except LookupError:  # a character set that nobody knows
        return response.body.decode("utf-8", "replace")


class EmptyView(QWidget):
    """Before the first answer: the four keys worth knowing."""

    def __init__(self) -> None:
        super().__init__()
        self._title = QLabel("The answer appears here.")
        mark(self._title, role="muted")
        self._keys = QWidget()
        grid = QGridLayout(self._keys)
        grid.setContentsMargins(0, 14, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(10)
        for row, (words, keys) in enumerate(SHORTCUTS):
            what, key = QLabel(words), QLabel(native_keys(keys))
            mark(what, role="muted")
            mark(key, role="code")
            grid.addWidget(what, row, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(key, row, 1, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._keys, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(60), self._title.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low pane the keys are left out: F1 lists them all."""
        super().resizeEvent(event)
        needed = self._title.sizeHint().height() + self._keys.sizeHint().height() + theme().px(30)
        self._keys.setVisible(event.size().height() >= needed)


def native_keys(keys: str) -> str:
    """A shortcut as this system writes it, with Enter for what Qt calls Return."""
    text = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return text.replace("Return", "Enter")


class ErrorView(QWidget):
    """No answer: one sentence why, and what was printed until then."""

    def __init__(self) -> None:
        super().__init__()
        self._printed: BodyView | None = None  # rarely needed
        self.sentence = QLabel(wordWrap=True)
        self.sentence.setObjectName("response.error")
        self.sentence.setAccessibleName("Why there is no answer")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 16, 0, 0)
        layout.addStretch(2)
        layout.addWidget(self.sentence)
        layout.addStretch(3)
        self._follow_theme()
        theme().changed.connect(self._follow_theme)

    def _follow_theme(self) -> None:
        self.sentence.setContentsMargins(theme().px(32), 0, theme().px(32), 0)

    def show_printed(self, text: str) -> None:
        """Show what the view wrote before there was no answer; nothing where it wrote nothing."""
        if self._printed is None:
            if not text:
                return
            self._printed = BodyView("response.printed", PRINTED_WORDS)
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.addWidget(self._printed, 6)
        self._printed.show_text(text.removesuffix("\n"), "text")
        self._printed.setVisible(bool(text))


class BodyView(QStackedWidget):
    """A body as text: highlighted where it is small, painted line by line where it is large.

    ``name`` is the object name, which whichever view shows the text carries; up to ``limit`` characters
    it is small.
    """

    def __init__(self, name: str, words: str, limit: int = EDITOR_LIMIT) -> None:
        super().__init__()
        self._name, self._words, self._limit = name, words, limit
        self.text = ""  # the whole body, whether it is shown or held back
        self._language = "text"
        self._due = False
        self.editor = CodeEditor()
        self.editor.set_read_only(True)
        self.editor.setAccessibleName(words)
        self._big: BigText | None = None  # most answers never need it
        self._note = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        mark(self._note, role="muted")
        self._gate = _Gate(name)
        self._gate.reveal.clicked.connect(self._reveal)
        self._gate.copy.clicked.connect(self._copy)
        for widget in (self.editor, self._note, self._gate):
            self.addWidget(widget)
        self._show(self.editor)

    def show_text(self, text: str, language: str) -> None:
        """Show a body at once; a large one only when a person looks this way."""
        self.text, self._language = text, language
        self._due = len(text) > self._limit and not self.isVisible()
        if not self._due:
            self._fill()

    def hold(self, text: str, language: str, size: int) -> None:
        """Say that the body of ``size`` bytes is large, and show it when asked."""
        self.text, self._language = text, language
        self._due = False
        self._gate.say(size)
        self.setCurrentWidget(self._gate)

    def find_text(self) -> None:
        """Open the search of the view that is shown."""
        view = self.currentWidget()
        if view is self.editor:
            self.editor.find_text()
        elif self._big is not None and view is self._big:
            self._big.find_text()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._due:
            self._due = False
            self._fill()

    def _fill(self) -> None:
        text = self.text
        if not text:
            self._note.setText("This answer has no body.")
            self.editor.set_text("")
            self.setCurrentWidget(self._note)
        elif len(text) > self._limit or _longest_line(text) > LONG_LINE:
            self.editor.set_text("")
            big = self._big_view()
            big.set_text(text, self._language)
            self._show(big)
        else:
            self.editor.set_language(self._language)
            self.editor.set_text(text)
            self._show(self.editor)

    def _big_view(self) -> BigText:
        from playground.gui.widgets.big_text import BigText

        if self._big is None:
            self._big = BigText()
            self._big.setAccessibleName(self._words)
            self.addWidget(self._big)
        return self._big

    def _show(self, view: CodeEditor | BigText) -> None:
        for other in (self.editor, self._big):
            if other is not None:
                other.setObjectName(self._name if other is view else f"{self._name}.unused")
        self.setCurrentWidget(view)

    def _reveal(self) -> None:
        self._fill()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)


class _Gate(QWidget):
    """A quiet word before a large body."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        mark(self._words, role="muted")
        self.reveal, self.copy = QPushButton("Show it"), QPushButton("Copy")
        self.reveal.setObjectName(f"{name}.reveal")
        self.copy.setObjectName(f"{name}.copy")
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.reveal)
        buttons.addWidget(self.copy)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(self._words)
        layout.addSpacing(10)
        layout.addLayout(buttons)
        layout.addStretch(3)

    def say(self, size: int) -> None:
        self._words.setText(f"This body is large: {human_size(size)}.")


class PreviewView(QStackedWidget):
    """The answer as a browser would show it: a page, a picture, or a word why there is neither."""

    def __init__(self) -> None:
        super().__init__()
        self.page = PageView()
        self.page.setObjectName("response.preview")
        self.page.setAccessibleName("Preview of the answer")
        self.picture = PictureView()
        self._note = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        mark(self._note, role="muted")
        for widget in (self.page, self.picture, self._note):
            self.addWidget(widget)

    def show_response(self, response: Response, kind: str) -> None:
        """Show a response of that kind (one of ``PAGES``, ``image`` or another)."""
        if kind in PAGES:
            self.page.show_html(decoded(response), response.url)
            self.setCurrentWidget(self.page)
        elif kind == "image" and self.picture.show_bytes(response.body):
            self.setCurrentWidget(self.picture)
        else:
            self._note.setText(f"There is nothing to preview in {response.content_type or 'this answer'}.")
            self.setCurrentWidget(self._note)


class PictureView(QLabel):
    """A picture, made smaller where it does not fit, never larger."""

    def __init__(self) -> None:
        super().__init__(alignment=Qt.AlignmentFlag.AlignCenter)
        self.setObjectName("response.picture")
        self.setAccessibleName("The picture that was sent")
        self._whole = QPixmap()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 60)

    def show_bytes(self, data: bytes) -> bool:
        """Show an encoded picture; False where it is none."""
        whole = QPixmap()
        if not whole.loadFromData(data):
            return False
        self._whole = whole
        self.setToolTip(f"{whole.width()} × {whole.height()} pixels")
        self._fit()
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._whole.isNull():
            return
        room = self.size() - QSize(16, 16)
        size = self._whole.size()
        if size.width() > room.width() or size.height() > room.height():
            size.scale(room.expandedTo(QSize(1, 1)), Qt.AspectRatioMode.KeepAspectRatio)
        smooth = Qt.TransformationMode.SmoothTransformation
        self.setPixmap(self._whole.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth))


class HeadersTable(QTableWidget):
    """The headers of an answer, as they came."""

    def __init__(self) -> None:
        super().__init__(0, 2)
        self.setObjectName("response.headers")
        self.setAccessibleName("Headers of the answer")
        self.setHorizontalHeaderLabels(["Name", "Value"])
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        theme().changed.connect(self._follow_theme)
        self._pairs: Pairs = ()
        self._follow_theme()

    def show_pairs(self, pairs: Pairs) -> None:
        """Show these headers."""
        self._pairs = pairs
        self.setRowCount(len(pairs))
        for row, pair in enumerate(pairs):
            for column, text in enumerate(pair):
                item = QTableWidgetItem(text)
                item.setFont(theme().mono())
                item.setToolTip(text if column else "")
                self.setItem(row, column, item)

    def _follow_theme(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme().px(27))
        self.setColumnWidth(0, theme().px(150))
        self.show_pairs(self._pairs)


def _longest_line(text: str) -> int:
    return max(map(len, text.split("\n")))
