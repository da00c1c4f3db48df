"""The Shell under the page: what came out, the line to type into, and beside it the table of routes.

A pure view: it emits what is wanted and shows what it is given.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from playground.core.shell import Kind, Piece, ShellNews, ShellPlace
from playground.gui.icons import set_icon
from playground.gui.panels.routes_table import RoutesPanel
from playground.gui.panels.shell_input import Find, ShellInput
from playground.gui.panels.shell_output import ShellOutput
from playground.gui.theme import mark, theme

GREETING = (
    "Python inside your app, as flask shell gives it: app, g, and what a shell_context_processor adds.\n"
    "Here too: url_for, request and session of the last recorded request, answer that it got, client to ask "
    "the app, and _ for the last value.\n"
    "Enter runs, Shift+Enter makes a new line, Tab completes, Up brings back."
)
BUSY = "Something runs here already. Wait for its end, or press Stop (Ctrl+C)."


class ShellPanel(QWidget):
    """``entered`` carries what is to be run, ``place_wanted`` a file and a line of a traceback;
    ``stop_wanted``, ``restart_wanted`` and ``help_wanted`` (why nothing can run) when these are pressed;
    ``said`` carries a sentence for the status bar.
    """

    entered = Signal(str)
    stop_wanted = Signal()
    restart_wanted = Signal()
    help_wanted = Signal()
    place_wanted = Signal(str, int)
    said = Signal(str)

    def __init__(self, find: Find, over: QWidget, parent: QWidget | None = None) -> None:
        """``over`` is what the list of completions lies on."""
        super().__init__(parent)
        mark(self, surface="panel")
        self.output = ShellOutput()
        self.input = ShellInput(find, over)
        self.routes = RoutesPanel()
        self.tabs, self._pages = QTabBar(), QStackedWidget()
        self._running = False
        self._place = ShellPlace("The app is loading.")
        self._build()
        self._connect()
        self._restyle()
        self._greet()
        self.show_place(self._place)

    # Building ---------------------------------------------------------------------------------

    def _build(self) -> None:
        self.tabs.setObjectName("shell.tabs")
        self.tabs.setAccessibleName("Shell and routes")
        self.tabs.setExpanding(False)
        mark(self.tabs, tight=True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty_state())
        self._stack.addWidget(self._session())
        for title, page in (("Python", self._stack), ("Routes", self.routes)):
            self.tabs.addTab(title)
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self._pages, 1)

    def _session(self) -> QWidget:
        session = QWidget()
        self._prompt = QLabel(">>>")
        mark(self._prompt, role="code")
        self._line = QWidget()
        mark(self._line, surface="panel", edge="top")
        row = QHBoxLayout(self._line)
        row.addWidget(self._prompt, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.input, 1)
        self._row = row
        column = QVBoxLayout(session)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.output, 1)
        column.addWidget(self._line)
        return session

    def _empty_state(self) -> QWidget:
        self._why = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._why.setObjectName("shell.empty")
        self._why.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._why, role="muted")
        self._help = QPushButton()
        self._help.setObjectName("shell.help")
        self._help.clicked.connect(self.help_wanted)
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.addStretch()
        column.addWidget(self._why)
        column.addWidget(self._help, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        return empty

    def _head(self) -> QWidget:
        head = QWidget()
        mark(head, surface="sunken", edge="bottom")
        self._request = QLabel()
        self._request.setObjectName("shell.request")
        self._request.setAccessibleName("What request is in the Shell")
        self._request.setTextFormat(Qt.TextFormat.PlainText)
        mark(self._request, role="small")
        self._stop = _button("stop", "Stop what runs (Ctrl+C)", "stop")
        self._restart = _button("restart", "Begin anew: forget all variables", "refresh")
        self._clear = _button("clear", "Clear what came out", "trash")
        row = self._head_row = QHBoxLayout(head)
        row.addWidget(self.tabs)
        row.addStretch()
        for control in (self._request, self._stop, self._restart, self._clear):
            row.addWidget(control)
        return head

    def _connect(self) -> None:
        self.input.entered.connect(self._enter)
        self.input.stop_wanted.connect(self._wish_stop)
        self.output.stop_wanted.connect(self._wish_stop)
        self.output.place_wanted.connect(self.place_wanted)
        self._stop.clicked.connect(self.stop_wanted)
        self._restart.clicked.connect(self.restart_wanted)
        self._clear.clicked.connect(self.clear)
        self.tabs.currentChanged.connect(self._follow_tab)
        theme().changed.connect(self._restyle)

    # What a person does -----------------------------------------------------------------------

    def enter(self) -> None:
        """Go to where one types, or to what can be done where nothing runs."""
        self.tabs.setCurrentIndex(0)
        place = self.input if self._stack.currentIndex() else self._help
        place.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def enter_routes(self) -> None:
        """Go to the table of routes."""
        self.tabs.setCurrentIndex(1)
        self.routes.enter()

    @Slot(str)
    def _enter(self, source: str) -> None:
        if self._running:
            self.said.emit(BUSY)
            return
        self.input.history.add(source)
        self.input.show_text("")
        self.output.to_end()
        self.show_running(running=True, stopping=False)
        self.entered.emit(source)

    @Slot()
    def _wish_stop(self) -> None:
        if self._running:
            self.stop_wanted.emit()

    @Slot()
    def clear(self) -> None:
        """Forget what came out."""
        self.output.clear()
        self._greet()

    def _greet(self) -> None:
        self.output.add([Piece(Kind.NOTE, GREETING)])

    # What is shown ----------------------------------------------------------------------------

    def show_place(self, place: ShellPlace, help_words: str = "") -> None:
        """Whether anything can run here; ``help_words`` are on the button that helps where it can't."""
        self._stack.setCurrentIndex(0 if place.why_not else 1)
        self._why.setText(f"Here Python runs inside your app.\n{place.why_not}")
        self._help.setVisible(bool(help_words))
        self._help.setText(help_words)
        self._help.setAccessibleName(help_words or "Help")
        self.routes.show_why_not(place.why_not)
        self._place = place
        self._show_request()

    def show_news(self, news: ShellNews) -> None:
        """Add what came out."""
        self.output.add(news.pieces)
        self.show_running(running=news.running or news.more, stopping=news.stopping)

    def show_running(self, *, running: bool, stopping: bool) -> None:
        """Whether a statement runs."""
        self._running = running
        self._stop.setEnabled(running and not stopping)
        self._restart.setEnabled(not running)
        self._prompt.setText("···" if running else ">>>")
        self._prompt.setAccessibleName("Something runs" if running else "Ready")

    @property
    def running(self) -> bool:
        """Whether a statement runs, as far as is shown."""
        return self._running

    @Slot(int)
    def _follow_tab(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        for control in (self._request, self._stop, self._restart, self._clear):
            control.setVisible(index == 0)

    def _show_request(self) -> None:
        if self._place.why_not:
            words = tip = ""
        elif self._place.request:
            words = f"request: {self._place.request}"
            tip = f"{words}, the last one that was recorded, with its headers and body"
        else:
            words = "request: none yet"
            tip = "No request was recorded yet, so request is a made-up GET of /"
        wide = self._request.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, theme().px(300))
        self._request.setText(wide)
        self._request.setToolTip(tip)

    @Slot()
    def _restyle(self) -> None:
        px = theme().px
        self._row.setContentsMargins(px(8), px(2), px(8), px(2))
        self._row.setSpacing(px(2))
        self._prompt.setContentsMargins(0, px(8), 0, 0)
        self._head_row.setContentsMargins(0, 0, px(8), 0)
        self._head_row.setSpacing(px(4))
        self.output.document().setDocumentMargin(px(6))
        self._show_request()


def _button(name: str, words: str, picture: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"shell.{name}")
    button.setAccessibleName(words)
    button.setToolTip(words)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    set_icon(button, picture, "muted")
    return button
