"""The frames of an exception, outermost first: the project's own open, those of libraries folded together.

What is folded is made when it is opened: an exception may have eighty frames, and most are never looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from playground.core.frame_runs import Run, runs, where
from playground.core.problems import Place
from playground.core.trips import Frame, Raised
from playground.gui.icons import set_icon
from playground.gui.panels.frame_code import FrameCode
from playground.gui.panels.frame_values import FrameValues
from playground.gui.theme import mark, theme
from playground.gui.widgets.span_label import SpanLabel
from playground.gui.widgets.spans import Span

NO_SOURCE = "The source that was loaded is not there any more."


class _Folding(QWidget):
    """A heading with a button that shows what is below it; that is made when it is first shown."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self._words = words
        self._inner: QWidget | None = None
        self.head = QToolButton()
        self.head.setObjectName(f"{name}.show")
        self.head.setCheckable(True)
        mark(self.head, section=True)
        self.head.clicked.connect(self._arrange)
        self.row = QHBoxLayout()
        self.row.addWidget(self.head, 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self.row)
        self._arrange()
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def set_open(self) -> None:
        """Show what is below."""
        self.head.setChecked(True)
        self._arrange()

    def _make(self, column: QVBoxLayout) -> None:
        """Put there what is to be below."""

    @Slot()
    def _arrange(self) -> None:
        is_open = self.head.isChecked()
        self.head.setAccessibleName(f"{'Hide' if is_open else 'Show'}: {self._words}")
        self.head.setToolTip("Fold it away" if is_open else "Show it")
        set_icon(self.head, "chevron-down" if is_open else "chevron-right", "muted")
        if is_open and self._inner is None:
            self._inner = QWidget(self)
            column = QVBoxLayout(self._inner)
            column.setContentsMargins(0, 0, 0, 0)
            self._make(column)
            self._column.addWidget(self._inner)
        if self._inner is not None:
            self._inner.setVisible(is_open)

    @Slot()
    def _follow_theme(self) -> None:
        self._column.setSpacing(theme().px(4))
        self.row.setSpacing(theme().px(6))
        layout = self._inner.layout() if self._inner is not None else None
        if layout is not None:
            layout.setSpacing(theme().px(4))


class FrameView(_Folding):
    """One frame: its place, its lines, its variables. ``place_opened`` carries its ``Place``."""

    place_opened = Signal(object)

    def __init__(self, name: str, frame: Frame, values: str, parent: QWidget | None = None) -> None:
        self.frame, self._values = frame, values
        said = where(frame)
        super().__init__(name, f"{frame.file}:{frame.line} {said}".strip(), parent)
        token = "muted" if frame.library else "text"
        place = Span(f"{frame.file}:{frame.line}", token, code=True, bold=not frame.library)
        words = SpanLabel(f"{name}.place", "Where it was")
        words.show_spans((place, Span(f"  {said}", "muted")))
        self.row.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        if frame.own:
            self.row.addWidget(self._open_button(name))

    def _open_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"{name}.open")
        button.setText("Open")
        button.setAccessibleName(f"Open {self.frame.file} at line {self.frame.line}")
        button.setToolTip("Open the place in the editor")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        set_icon(button, "code", "muted")
        mark(button, flat=True)
        button.clicked.connect(self._open)
        return button

    @Slot()
    def _open(self) -> None:
        self._open_line(self.frame.line)

    @Slot(int)
    def _open_line(self, line: int) -> None:
        if self.frame.own:
            self.place_opened.emit(Place(self.frame.file, line))

    def _make(self, column: QVBoxLayout) -> None:
        frame, name = self.frame, self.objectName()
        if frame.source:
            code = FrameCode(f"{name}.code", frame)
            code.line_opened.connect(self._open_line)
            column.addWidget(code)
        else:
            missing = SpanLabel(f"{name}.missing", "Why there is no code")
            missing.show_spans((Span(NO_SOURCE, "muted"),))
            column.addWidget(missing)
        if frame.variables:
            column.addWidget(FrameValues(self._values, frame.variables, frame.more))


class _RunView(_Folding):
    """Frames that are folded together."""

    place_opened = Signal(object)

    def __init__(self, name: str, run: Run, prefix: str) -> None:
        super().__init__(name, run.words)
        self._run, self._prefix = run, prefix
        words = SpanLabel(f"{name}.words", "What is folded away")
        words.show_spans((Span(run.words, "muted"),))
        self.row.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)

    def _make(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(theme().px(18), 0, 0, 0)
        for at, frame in enumerate(self._run.frames, self._run.at):
            name = f"{self._prefix}.frame.{at}"
            view = FrameView(name, frame, f"{name}.variables")
            view.place_opened.connect(self.place_opened)
            column.addWidget(view)


class FramesView(QWidget):
    """Those of one exception. ``prefix`` begins the names of all that is in it."""

    place_opened = Signal(object)

    def __init__(self, prefix: str, raised: Raised, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}.frames")
        self.setAccessibleName("Where it was raised, the outermost call first")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._open: list[FrameView] = []
        for run in runs(raised):
            self._add_run(prefix, run, _innermost(raised.frames))
        if raised.syntax is not None:
            self._add_frame(f"{prefix}.syntax", raised.syntax, f"{prefix}.syntax.variables")
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def _add_run(self, prefix: str, run: Run, innermost: int) -> None:
        if not run.words:
            name = f"{prefix}.frame.{run.at}"
            values = f"{prefix}.variables" if run.at == innermost else f"{name}.variables"
            self._add_frame(name, run.frames[0], values)
            return
        view = _RunView(f"{prefix}.run.{run.at}", run, prefix)
        view.place_opened.connect(self.place_opened)
        self._column.addWidget(view)

    def _add_frame(self, name: str, frame: Frame, values: str) -> None:
        view = FrameView(name, frame, values)
        view.place_opened.connect(self.place_opened)
        self._open.append(view)
        self._column.addWidget(view)

    def opening(self) -> Iterator[None]:
        """Open the project's frames one by one, the innermost first: all at once would hold up the window."""
        for view in reversed(self._open):
            view.set_open()
            yield

    @Slot()
    def _follow_theme(self) -> None:
        self._column.setSpacing(theme().px(6))


def _innermost(frames: Sequence[Frame]) -> int:
    """The number of the project's frame in which it went wrong; -1 for none."""
    return max((at for at, frame in enumerate(frames) if not frame.library), default=-1)
