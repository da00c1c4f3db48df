"""What is said across the window of this start and the one before: a safe one, a crash, a closed home."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme
from playground.gui.widgets.flow import FlowLayout
from playground.session.starts import Beginning

FAILED = "<b>Safe start:</b> the last {} starts failed. "
ASKED = "<b>Safe start</b>, as you asked for. "
OFF = "So no project was opened, and pages are previewed as plain text."
CRASHED = "<b>The playground ended suddenly the last time</b> ({}). What you made is in its files."
NOT_KEPT = (
    "<b>Nothing can be kept:</b> {} Settings, recent projects and trust last until you close the window."
)


@dataclass(frozen=True, slots=True)
class StartNews:
    """What there is to tell of a start: how it is, of what the last died, whether ``asked`` to be safe.

    ``note`` is what could not be read of ours.
    """

    beginning: Beginning = field(default_factory=Beginning)
    crash: str = ""
    asked: bool = False
    note: str = ""

    @property
    def words(self) -> str:
        """The sentences to show, as HTML; empty where all is as usual."""
        beginning, told = self.beginning, []
        if beginning.safe:
            why = ASKED if self.asked else FAILED.format("two" if beginning.failed == 2 else beginning.failed)
            told.append(why + OFF)
        if self.crash:
            told.append(CRASHED.format(_plain(self.crash)))
        if beginning.problem is not None:
            told.append(NOT_KEPT.format(_plain(beginning.problem.shown)))
        if self.note:
            told.append(_plain(self.note))
        return "<br>".join(told)


class StartBanner(QFrame):
    """Hidden unless there is something to tell; each signal is one of its buttons."""

    project_wanted = Signal(str)
    normal_wanted = Signal()
    log_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start.banner")
        self.setAccessibleName("About this start")
        mark(self, surface="tint", edge="bottom")
        self._last = ""
        self._words = QLabel()
        self._words.setObjectName("start.text")
        self._words.setAccessibleName("About this start")
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._project = self._button("start.project", "Open the last project")
        self._project.clicked.connect(lambda: self.project_wanted.emit(self._last))
        self._normal = self._button("start.normal", "Start normally next time")
        self._normal.clicked.connect(self.normal_wanted)
        self._log = self._button("start.log", "Show the log")
        self._log.clicked.connect(self.log_wanted)
        close = QToolButton()
        close.setObjectName("start.close")
        close.setAccessibleName("Close the message about this start")
        set_icon(close, "close")
        close.clicked.connect(self.hide)
        row, self._buttons = QHBoxLayout(), FlowLayout()
        row.addWidget(self._words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        for button in (self._project, self._normal, self._log):
            self._buttons.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.addLayout(row)
        self._column.addLayout(self._buttons)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.hide()

    @staticmethod
    def _button(name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        return button

    def show_news(self, news: StartNews) -> None:
        """Tell of it; nothing where all is as usual."""
        self._last = news.beginning.last
        self._words.setText(news.words)
        self._project.setVisible(news.beginning.safe and bool(self._last))
        self._project.setToolTip(self._last)
        self._normal.setVisible(news.beginning.failed > 0 and news.beginning.safe)
        self._log.setVisible(bool(news.crash) or (news.beginning.safe and not news.asked))
        self.setVisible(bool(news.words))

    def is_normal_again(self) -> None:
        """The next start will be as usual: nothing more to press for that."""
        self._normal.hide()

    def _follow_theme(self) -> None:
        px = theme().px
        self._column.setContentsMargins(px(14), px(6), px(8), px(8))
        self._column.setSpacing(px(4))
        self._buttons.setSpacing(px(8))


def _plain(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")
