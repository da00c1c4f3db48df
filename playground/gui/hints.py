"""The first minute: three hints, one at a time, for a person who has not made a route here before.

Make a route, send it a request, change it while it runs. Each goes for ever when it was followed or sent
away, by its button or by Escape where nothing else wants that key. A hint takes no focus, follows its
control as the window is resized, zoomed or divided anew, and is away while that can't be seen.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from playground.core.changes import Change
from playground.gui.features import Feature
from playground.gui.theme import theme
from playground.session.first_steps import EDIT, NEW_ROUTE, SEND, STEPS

if TYPE_CHECKING:
    from playground.gui.panels.workbench import Workbench
    from playground.gui.widgets.hint import Hint
    from playground.gui.window import Window

WORDS = {
    NEW_ROUTE: (
        "Make a route of your own",
        "Press New route, type a path such as /\u2060hi, then press Add.",
    ),
    SEND: ("It is live: ask it", "Press Send. The answer comes below, and the map shows the way it took."),
    EDIT: (
        "Change it while it runs",
        "Type in the form or in the code. What you change is live at once: send again, and see.",
    ),
}
CONTROLS = {
    NEW_ROUTE: ("toolbar.new_route",),
    SEND: ("request.send",),
    EDIT: ("route.code", "route.answer.value", "route.rule"),
}
"""What each points at: the first that can be seen."""
LEAST_SEEN = 20
"""So much of a control has to be in sight, in pixels of the design."""
_MOVES = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
    QEvent.Type.LayoutRequest,
}


class Hints(Feature):
    """Which hint is due, and where it stands."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._due: list[str] = []
        self._reached: set[str] = set()  # for which there is an occasion now
        self._hint: Hint | None = None
        self._shown = ""
        self._watched: list[QWidget] = []
        self._focus: QWidget | None = None
        self._typing = False  # since it has the focus
        self._place_soon = QTimer(self, singleShot=True, interval=0)
        self._place_soon.timeout.connect(self._place)

    def begin(self) -> None:
        self.workspace.project(self.workspace.session.hints_due, self._begin_with)

    def _begin_with(self, due: tuple[str, ...]) -> None:
        """Only who has something to be shown is followed at all."""
        if not due:
            return
        self._due = list(due)
        self.workspace.changed.connect(self._follow)
        self.workspace.exchanged.connect(self._answered)
        self.workspace.opened.connect(self._opened)
        theme().changed.connect(self._place_soon.start)
        self.window.installEventFilter(self)
        cast(QApplication, QApplication.instance()).focusChanged.connect(self._focus_moved)
        if self.window._workbench is not None:
            self.meet(self.window._workbench)
        self._opened(self.workspace.snapshot.project is not None)

    def meet(self, bench: Workbench) -> None:
        if self._due:
            bench.turned.connect(self._turned)

    # What the person does ---------------------------------------------------------------------

    @Slot(bool)
    def _opened(self, is_open: bool) -> None:
        self._reached = {NEW_ROUTE} if is_open else set()
        self._choose()

    @Slot()
    def _turned(self) -> None:
        """Another page is in front: it may be the form of a new route."""
        page = self.window.workbench.pages.current_page()
        if page is not None and getattr(page, "route", "") is None:
            self._done(NEW_ROUTE)
        self._place_soon.start()

    @Slot(object)
    def _follow(self, change: Change) -> None:
        if change.origin == "form" and change.label.startswith("add "):
            self._reached.add(SEND)
            self._done(NEW_ROUTE)
        elif change.files and change.origin in ("form", "editor") and EDIT in self._reached:
            self._done(EDIT)
        self._choose()

    @Slot(object)
    def _answered(self, _: object) -> None:
        if SEND in self._reached:  # the route that was there from the start is not one's own
            self._done(SEND)
            self._reached.add(EDIT)
            self._choose()

    @Slot()
    def _dismiss(self) -> None:
        self._done(self._shown)

    def _done(self, *steps: str) -> None:
        """These are seen, for ever."""
        gone = [step for step in steps if step in self._due]
        if not gone:
            return
        self._due = [step for step in self._due if step not in gone]
        self.workspace.project(partial(self.workspace.session.hints_seen, *gone))
        self._choose()
        if not self._due:
            self._leave()

    def _leave(self) -> None:
        """All are seen: nothing of this follows the window any more."""
        self.window.removeEventFilter(self)
        self._watch([])
        self.workspace.changed.disconnect(self._follow)
        self.workspace.exchanged.disconnect(self._answered)
        self.workspace.opened.disconnect(self._opened)
        theme().changed.disconnect(self._place_soon.start)
        cast(QApplication, QApplication.instance()).focusChanged.disconnect(self._focus_moved)
        self._focus_moved(None, None)

    # The hint ---------------------------------------------------------------------------------

    def _choose(self) -> None:
        """The latest for which there is an occasion, one at a time."""
        wanted = [step for step in self._due if step in self._reached and self._is_true(step)]
        step = wanted[-1] if wanted else ""
        if step == self._shown:
            return
        self._shown = step
        if step:
            number = STEPS.index(step) + 1
            self._box().say(*WORDS[step], f"Hint {number} of {len(STEPS)}")
        self._place_soon.start()

    def _is_true(self, step: str) -> bool:
        """A route that was made before the app was first loaded is not live yet."""
        return step != SEND or self.workspace.snapshot.live.loaded

    def _box(self) -> Hint:
        if self._hint is None:
            from playground.gui.widgets.hint import Hint

            self._hint = Hint(self.window)
            self._hint.dismissed.connect(self._dismiss)
        return self._hint

    @Slot()
    def _place(self) -> None:
        """Beside its control; away where that can't be seen."""
        if self._hint is None:
            return
        control = self._control()
        if control is None:
            self._watch([])
            self._hint.hide()
            return
        self._watch(_with_parents(control, self.window))
        visible = control.visibleRegion().boundingRect()
        target = QRect(control.mapTo(self.window, visible.topLeft()), visible.size())
        area = self.window.rect().adjusted(4, 4, -4, -4)
        self._hint.point(target, area, _typed_in(self.window) if self._typing else [])

    def _control(self) -> QWidget | None:
        if not self._shown or self.workspace.snapshot.restricted:
            return None
        for name in CONTROLS[self._shown]:
            for one in self.window.findChildren(QWidget, name):
                if one.visibleRegion().boundingRect().height() >= min(one.height(), theme().px(LEAST_SEEN)):
                    return one
        return None

    def _watch(self, widgets: list[QWidget]) -> None:
        if widgets == self._watched:
            return
        for widget in self._watched:
            if widget not in (self.window, self._focus) and isValid(widget):
                widget.removeEventFilter(self)
        for widget in widgets:
            if widget is not self.window:
                widget.installEventFilter(self)
        self._watched = widgets

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the control or something around it does; and Escape, when nobody had a use for it."""
        if event.type() in _MOVES:
            self._place_soon.start()
        elif event.type() == QEvent.Type.KeyPress:
            return self._pressed(watched, cast(QKeyEvent, event))
        return False

    def _pressed(self, watched: QObject, event: QKeyEvent) -> bool:
        """Whether the key was for the hint."""
        if watched is self.window and event.key() == Qt.Key.Key_Escape and self._shows():
            self._dismiss()
            return True
        if watched is self._focus and event.text().isprintable() and event.text() and not self._typing:
            self._typing = True
            self._place_soon.start()
        return False

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        """Until something is typed there, nothing is in the way of it."""
        before, self._focus, self._typing = self._focus, now, False
        if before is not None and isValid(before) and before not in self._watched:
            before.removeEventFilter(self)
        if now is not None and self._due and now is not self.window:
            now.installEventFilter(self)
        self._place_soon.start()

    def _shows(self) -> bool:
        return self._hint is not None and self._hint.isVisible()


def _with_parents(widget: QWidget, window: QWidget) -> list[QWidget]:
    found = [widget]
    while found[-1] is not window:
        parent = found[-1].parentWidget()
        if parent is None:
            break
        found.append(parent)
    return found


def _typed_in(window: QWidget) -> list[QRect]:
    """Where one types now: a whole field, or of a text the line at the cursor with its neighbours."""
    focus = QApplication.focusWidget()
    if focus is None or not window.isAncestorOf(focus):
        return []
    if isinstance(focus, QLineEdit):
        return [QRect(focus.mapTo(window, focus.rect().topLeft()), focus.size())]
    if not isinstance(focus, QPlainTextEdit | QTextEdit):
        return []
    cursor, view = focus.cursorRect(), cast(QAbstractScrollArea, focus).viewport()
    line = QRect(0, cursor.top() - cursor.height(), view.width(), 3 * cursor.height()) & view.rect()
    return [QRect(view.mapTo(window, line.topLeft()), line.size())]
