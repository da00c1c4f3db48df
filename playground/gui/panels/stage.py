"""How the panels of a project stand while it is presented: few of them, large, whatever the room is.

None of them is built anew or changes its place: panes are only shown and hidden, so what is typed, undone and
scrolled in them stays. Where there is room, the page is at the left, request and answer at the right. Where
it is low, the right shows one of these two; where it is narrow, one part is shown at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from playground.core.changes import ProjectState
from playground.core.routes import Route
from playground.gui.panels.route_page import RoutePage
from playground.gui.panels.template_page import TemplatePage
from playground.gui.panels.xray_page import XrayPage
from playground.gui.theme import theme
from playground.gui.widgets.tabs import tab_stops

if TYPE_CHECKING:
    from playground.gui.panels.pages import Page
    from playground.gui.panels.workbench import Workbench

PAGE, REQUEST, ANSWER, BESIDE, MAP = "page", "request", "answer", "beside", "map"
WIDE, HIGH = 660, 430
"""From this width on (pixels of the design) there are two columns, from this height on an answer under the
request."""
BACK_MS, BACK_TIMES = 50, 100
"""So often it is looked whether the panes stand as before, until that is forgotten: the window gets its old
size back when its manager gives it, and panes give way when their contents are laid out anew."""


@dataclass(frozen=True)
class _Before:
    """How the panes stood."""

    size: QSize
    zoom: float
    shares: tuple[list[int], ...]
    shared: bool
    below: QWidget | None
    page: Page | None


class Stage(QObject):
    """``changed`` when there are other parts, or another one is shown."""

    changed = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.on = False
        self._wish = PAGE
        self._before: _Before | None = None
        self._front: Page | None = None
        self._opened: list[QWidget] = []  # pages that were only opened by going through the routes
        self._laid_out: tuple[object, ...] = ()
        self._empty = ""  # the part that was gone to last, where nothing in it takes the keyboard
        self._tries = 0
        self._back = QTimer(self, interval=BACK_MS)
        self._back.timeout.connect(self._go_back)
        for splitter in self._splitters():
            splitter.splitterMoved.connect(self._drawn)

    # Entering and leaving ---------------------------------------------------------------------

    def enter(self) -> None:
        """Show what is in front, large."""
        bench = self._bench
        self._forget()
        self._before = _Before(
            bench.size(),
            theme().zoom,
            self._shares(),
            bench.shared,
            bench.bottom.currentWidget(),
            bench.pages.current_page(),
        )
        bench.side.hide()
        bench.pages.tabBar().hide()
        bench.stand(narrow=False)
        bench.shared = False
        self.on, self._wish, self._laid_out = True, PAGE, ()
        self._front = self._before.page
        bench.turned.connect(self._turned)
        bench.right.currentChanged.connect(self.arrange)
        self.arrange()

    def leave(self) -> None:
        """Have everything as it was, in the page that was in front."""
        bench = self._bench
        self.on = False
        bench.turned.disconnect(self._turned)
        bench.right.currentChanged.disconnect(self.arrange)
        self._close_opened()
        for pane in (*self._panes(), bench.middle, bench.right, bench.pages.tabBar()):
            pane.show()
        bench.shared = False
        self._tries = BACK_TIMES
        self._back.start()
        bench.arrange()

    def settle(self) -> None:
        """The panes were shared out anew: where the window has its old size again, as they were."""
        before, bench = self._before, self._bench
        if before is None:
            return
        if before.below is not None and bench.bottom.indexOf(before.below) >= 0:
            bench.bottom.setCurrentWidget(before.below)
        if self._is_back(before):
            for splitter, sizes in zip(self._splitters(), before.shares, strict=True):
                _share_out(splitter, sizes)
            bench.shared = before.shared

    def _is_back(self, before: _Before) -> bool:
        return (self._bench.size(), theme().zoom) == (before.size, before.zoom)

    def _go_back(self) -> None:
        before = self._before
        self._tries -= 1
        if before is None or self._tries < 0:
            self._forget()
        elif self._shares() != before.shares or not self._is_back(before):
            self.settle()

    def _splitters(self) -> tuple[QSplitter, QSplitter, QSplitter]:
        bench = self._bench
        return bench.columns, bench.middle, bench.asking

    def _shares(self) -> tuple[list[int], ...]:
        return tuple(splitter.sizes() for splitter in self._splitters())

    def _drawn(self) -> None:
        """The person drew a line between panes: that holds from now on."""
        if not self.on:
            self._forget()

    def _forget(self) -> None:
        self._back.stop()
        self._before = None

    def _close_opened(self) -> None:
        """Pages that nobody asked for are closed, and the one that was in front is again."""
        pages = self._bench.pages
        kept = self._before.page if self._before is not None else None
        for page in self._opened:
            if page is not kept and pages.indexOf(page) >= 0:
                pages.close_page(pages.indexOf(page))
        self._opened.clear()
        if kept is not None and pages.indexOf(kept) >= 0:
            pages.setCurrentWidget(kept)

    # Going through the routes -----------------------------------------------------------------

    def turn(self, by: int) -> None:
        """Open the route so many places after the one in front, in the order of the side bar."""
        bench = self._bench
        page, project = bench.pages.current_page(), bench.project
        routes = [one for one in in_listed_order(project) if one.in_source] if project is not None else []
        if not routes:
            return
        at = next((n for n, one in enumerate(routes) if _shows(page, one)), -1 if by > 0 else len(routes))
        count = bench.pages.count()
        bench.open_route(routes[max(0, min(len(routes) - 1, at + by))])
        opened = bench.pages.current_page()
        if bench.pages.count() > count and opened is not None:
            self._opened.append(opened)

    def _turned(self) -> None:
        """Another page is in front, or the one that is has something else to show."""
        page = self._bench.pages.current_page()
        if page is not self._front:
            self._front, self._wish = page, PAGE
        self.arrange()

    # Parts ------------------------------------------------------------------------------------

    @property
    def is_wide(self) -> bool:
        """Whether there is room for something beside the page."""
        return self._bench.width() >= WIDE * theme().zoom

    @property
    def is_whole(self) -> bool:
        """Whether there is room for the page, the request and the answer at once."""
        return self.is_wide and self._bench.height() >= HIGH * theme().zoom

    @property
    def parts(self) -> dict[str, str]:
        """What can be shown in turns: names of parts and their words."""
        page = {PAGE: _kind(self._bench.pages.current_page())}
        right = {BESIDE: self._beside} if self._beside else {REQUEST: "Request", ANSWER: "Answer"}
        if self.is_whole or (self.is_wide and self._beside):
            return page | {MAP: "Map"}
        return (right if self.is_wide else page | right) | {MAP: "Map"}

    @property
    def _beside(self) -> str:
        """What stands at the right in place of request and answer; empty where nothing does."""
        shown = self._bench.right.currentWidget()
        return "" if shown is self._bench.asking else "Preview" if shown is self._bench.preview else "Steps"

    @property
    def part(self) -> str:
        """The one of them that is shown: what was wished for last, where it is a part of its own now."""
        parts = self.parts
        return self._wish if self._wish in parts else next(iter(parts))

    def show_part(self, part: str) -> None:
        """Bring a part into view; nothing to do where it is in view already, or nobody presents."""
        if self.on and part in self.parts:
            self._wish = part
            self.arrange()

    def step_part(self, by: int) -> None:
        """Go to the next part with the keyboard, whether it is in view or not."""
        every = [PAGE, *([BESIDE] if self._beside else [REQUEST, ANSWER]), MAP]
        around = [part for part in every if part in self.parts or self._pane(part).isVisible()]
        now = next((part for part in around if _has_focus(self._pane(part))), self._empty)
        part = around[(around.index(now) + by) % len(around)] if now in around else around[0]
        self.show_part(part)
        tabs = self._bench.response.tabs  # the answer itself before what can be done with it
        self._empty = "" if _enter(tabs if part == ANSWER else self._pane(part)) else part

    def _pane(self, part: str) -> QWidget:
        bench = self._bench
        beside = bench.right.currentWidget() or bench.right
        return {
            PAGE: bench.page_stack,
            REQUEST: bench.request,
            ANSWER: bench.response,
            BESIDE: beside,
            MAP: bench.bottom,
        }[part]

    def _panes(self) -> tuple[QWidget, ...]:
        bench = self._bench
        return bench.page_stack, bench.bottom, bench.request, bench.response

    # Room -------------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Show the parts that there is room for."""
        if not self.on:
            return
        bench, part, wide, whole = self._bench, self.part, self.is_wide, self.is_whole or bool(self._beside)
        for pane, shown in (
            (bench.page_stack, part != MAP if wide else part == PAGE),
            (bench.bottom, part == MAP),
            (bench.middle, wide or part in (PAGE, MAP)),
            (bench.right, wide or part in (REQUEST, ANSWER, BESIDE)),
            (bench.request, whole or part == REQUEST),
            (bench.response, whole or part != REQUEST),
        ):
            pane.setVisible(shown)
        bench.side.hide()
        self._share()
        self.changed.emit()

    def _share(self) -> None:
        """Give each its share, until the person draws a line between two."""
        bench = self._bench
        now = (bench.size(), theme().zoom, self._beside)
        if not self.is_wide or now == self._laid_out:
            return
        self._laid_out = now
        if bench.shared:
            return
        width, height = bench.width(), bench.height()
        right = max(theme().px(335), int(width * (0.5 if self._beside else 0.44)))
        bench.columns.setSizes([0, width - right, right])
        asking = min(max(int(height * 0.3), theme().px(200)), theme().px(280))
        bench.asking.setSizes([asking, height - asking])


def _kind(page: Page | None) -> str:
    if isinstance(page, RoutePage):
        return "Route"
    return "X-ray" if isinstance(page, XrayPage) else "Template" if isinstance(page, TemplatePage) else "File"


def _shows(page: Page | None, route: Route) -> bool:
    shown = page.route if isinstance(page, RoutePage) else None
    return shown is not None and shown.key == route.key and shown.file == route.file


def _has_focus(pane: QWidget) -> bool:
    focused = pane.window().focusWidget()
    return focused is not None and pane.isAncestorOf(focused)


def _enter(pane: QWidget) -> bool:
    """Give the keyboard to the first control of a part that takes it; whether there is one."""
    first = next(
        (control for control in tab_stops(pane) if control.isVisible() and control.isEnabled()), None
    )
    if first is not None:
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)
    return first is not None


def _share_out(splitter: QSplitter, sizes: list[int]) -> None:
    """Those sizes to the pixel; Qt shares out a rounding of its own among panes of which one is hidden."""
    splitter.setSizes(sizes)
    splitter.blockSignals(True)
    edge, panes = 0, [splitter.widget(place) for place in range(splitter.count())]
    shown = [pane is not None and pane.isVisible() for pane in panes]
    for place in range(1, len(panes)):
        if shown[place - 1]:
            edge += sizes[place - 1]
            if shown[place]:
                splitter.moveSplitter(edge, place)
                edge += splitter.handleWidth()
    splitter.blockSignals(False)


def in_listed_order(project: ProjectState) -> list[Route]:
    """The routes as the side bar shows them; where there are several apps, those of the open one first."""
    places = {owner.name: place for place, owner in enumerate(project.owners)}
    file = (project.app_target or "").partition(":")[0]

    def listed(route: Route) -> tuple[bool, bool, int]:
        return not route.in_source, route.file != file, places.get(route.owner, len(places))

    return sorted(project.routes, key=listed)
