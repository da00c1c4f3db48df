"""What is said while the newest source does not load and the last version that worked serves on.

The strip lies over the lower edge of the window, so that nothing moves while somebody types a line that is
not finished yet; and it waits a moment, since most such lines are finished soon.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from playground.core.changes import Snapshot
from playground.core.problems import Problem
from playground.gui.icons import set_icon
from playground.gui.theme import mark, theme

STANDS_MS = 1000
SERVING_ON = "The last version that worked keeps answering."


class LastGoodBanner(QFrame):
    """Lies over the lower edge of ``ground``; ``show_problem`` carries the problem that is to be opened."""

    show_problem = Signal(object)

    def __init__(self, ground: QWidget) -> None:
        super().__init__(ground)
        self.setObjectName("lastgood.banner")
        self.setAccessibleName("The newest version does not load")
        mark(self, surface="tint", edge="top")
        self._ground = ground
        self._problem: Problem | None = None
        self._closed: Problem | None = None  # a person has read this one
        self._row = QHBoxLayout(self)
        self._fill()
        self._wait = QTimer(self, singleShot=True, interval=STANDS_MS)
        self._wait.timeout.connect(self._appear)
        ground.installEventFilter(self)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()
        self.hide()

    def _fill(self) -> None:
        self._words = QLabel(wordWrap=True)
        self._words.setObjectName("lastgood.text")
        self._words.setAccessibleName("What is wrong")
        self._show = QPushButton("Show")
        self._show.setObjectName("lastgood.show")
        self._show.setAccessibleName("Show the place of the problem")
        self._show.clicked.connect(self._show_clicked)
        close = QToolButton()
        close.setObjectName("lastgood.close")
        close.setAccessibleName("Close the message")
        close.setToolTip("Close the message; the server's line at the top goes on saying it")
        set_icon(close, "close")
        close.clicked.connect(self._close_clicked)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self._show)
        self._row.addWidget(close)

    # What is shown ----------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow what is live: a failure that stands is said, one that is mended is not."""
        serves = snapshot.project is not None and snapshot.server.running and snapshot.live.loaded
        problem = snapshot.live.problem if serves else None
        if problem is None:
            self._closed = None
        if problem is None or problem == self._closed:
            self._wait.stop()
            self.hide()
            return
        changed, self._problem = problem != self._problem, problem
        if self.isHidden():
            if not self._wait.isActive():
                self._wait.start()
        elif changed:
            self._say(problem)

    @Slot()
    def _appear(self) -> None:
        if self._problem is not None:
            self._say(self._problem)
            self.show()
            self.raise_()

    def _say(self, problem: Problem) -> None:
        words = f"⚠ {_where(problem)}{problem.sentence} {SERVING_ON}"
        self._words.setText(words)
        self._words.setToolTip(problem.hint)
        self._show.setVisible(problem.place is not None)
        self._lie_down()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _show_clicked(self) -> None:
        if self._problem is not None:
            self.show_problem.emit(self._problem)

    def _close_clicked(self) -> None:
        self._closed = self._problem
        self.hide()

    # Where it lies ----------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._lie_down()
        return False

    def _lie_down(self) -> None:
        """As wide as the window, as high as the words need, at the lower edge."""
        width = self._ground.width()
        height = max(self._row.heightForWidth(width), self._row.minimumSize().height())
        self.setGeometry(0, self._ground.height() - height, width, height)

    @Slot()
    def _follow_theme(self) -> None:
        px = theme().px
        self._row.setContentsMargins(px(14), px(5), px(8), px(5))
        self._lie_down()


def _where(problem: Problem) -> str:
    """The place, where the sentence does not begin with it anyway."""
    place = problem.place
    if place is None or problem.sentence.startswith(place.file):
        return ""
    return f"{place.file}: " if place.line is None else f"{place.file}, line {place.line}: "
