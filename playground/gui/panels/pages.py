"""The tabs in the middle: routes, templates, files and the X-ray, each opened once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from playground.core.changes import TemplateInfo
from playground.core.problems import Place
from playground.core.routes import Route
from playground.gui.icons import icon
from playground.gui.panels.route_page import RoutePage
from playground.gui.panels.template_page import TemplatePage
from playground.gui.panels.text_page import TextPage
from playground.gui.panels.xray_page import XrayPage
from playground.gui.slices import Slices
from playground.gui.theme import theme
from playground.gui.widgets.badge import badge_icon
from playground.gui.widgets.tabs import PageTabs, in_tab_order, tab_stops
from playground.gui.workspace import Workspace

Page = RoutePage | TextPage | XrayPage
BEHIND = "behind."
QUIET_MS = 300
"""After a page was opened, so much later the next one is built."""
NAMED = ("route.", "template.", "file.", "conflict.", "xray.")
P = TypeVar("P", RoutePage, TextPage, TemplatePage, XrayPage)


class Pages(QTabWidget):
    """What is open. ``turned`` when another page is in front, or the one in front shows something else;
    ``written`` when ``pending`` may have changed; ``tried`` with a path to try.
    """

    turned = Signal()
    written = Signal()
    tried = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._reserve: RoutePage | None = None
        self._building = Slices(iter(()), self)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._prepare)
        self._quiet.start()
        self.untouched = True  # nothing was opened yet of the project that is open
        self._forms = True
        self._leaving: list[Page] = []  # closed, and still writing what was typed in them
        self.setObjectName("pages")
        self.setAccessibleName("Open routes, templates, files and requests")
        self._tabs = PageTabs()
        self.setTabBar(self._tabs)
        self.setDocumentMode(True)
        self.setMovable(True)
        self.setUsesScrollButtons(True)
        self.tabBar().setObjectName("pages.tabs")
        self.tabBar().setAccessibleName("Open pages")
        self.tabBar().tabCloseRequested.connect(self.close_page)
        self.currentChanged.connect(self._turn)
        theme().changed.connect(self._retitle)

    # Opening ----------------------------------------------------------------------------------

    def open_route(self, route: Route) -> RoutePage:
        """The page of a route, opened where it is not yet."""
        return self._bring(
            RoutePage,
            lambda page: (
                page.route is not None and page.route.key == route.key and page.route.file == route.file
            ),
            lambda: self._fresh(route),
        )

    def open_new(self) -> RoutePage:
        """The page of a route that is to be added."""
        return self._bring(
            RoutePage,
            lambda page: page.route is None,
            lambda: self._fresh(None),
        )

    def open_template(self, info: TemplateInfo) -> TemplatePage:
        """The page of a template."""
        return self._bring(
            TemplatePage,
            lambda page: page.name == info.name,
            lambda: TemplatePage(self._workspace, info, self._inside()),
        )

    def open_file(self, file: str) -> TextPage:
        """The page of any text file of the project."""
        return self._bring(
            TextPage,
            lambda page: page.file == file,
            lambda: TextPage(self._workspace, file, "file.editor", self._inside()),
        )

    def open_xray(self) -> XrayPage:
        """The page that shows one request through and through."""
        return self._bring(XrayPage, lambda page: True, lambda: XrayPage(self._inside()))

    def open_place(self, place: Place) -> None:
        """The file of a place, at its line."""
        project = self._workspace.snapshot.project
        templates = project.templates if project else ()
        info = next((template for template in templates if template.file == place.file), None)
        page = self.open_template(info) if info is not None else self.open_file(place.file)
        if place.line is not None:
            page.go_to(place.line, place.column or 0)

    def _fresh(self, route: Route | None) -> RoutePage:
        """A route's page; the one in reserve where there is one."""
        page, self._reserve = self._reserve or RoutePage(self._workspace, self._inside()), None
        page.begin(route)
        page.show_form(self._forms)
        self._quiet.start()
        return page

    def show_forms(self, wanted: bool) -> None:
        """Whether routes show their form above their code."""
        self._forms = wanted
        for page in self._all():
            if isinstance(page, RoutePage):
                page.show_form(wanted)

    def _prepare(self) -> None:
        """Have a page in reserve: to build one takes longer than to show another route in it."""
        if self._reserve is None:
            self._building.begin(self._build_reserve())

    def _build_reserve(self) -> Iterator[None]:
        page = RoutePage(self._workspace, self._inside())
        page.hide()  # or it would be seen in a corner as soon as what holds it is shown again
        self._reserve = page
        _name_controls_of(page, front=False)
        yield
        page.ensurePolished()

    def _inside(self) -> QWidget | None:
        """Where pages lie: one that is made there is not styled all anew when it becomes a page."""
        return self.findChild(QStackedWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def _bring(self, kind: type[P], same: Callable[[P], bool], make: Callable[[], P]) -> P:
        for index in range(self.count()):
            page = self.widget(index)
            if type(page) is kind and same(page):
                self.setCurrentIndex(index)
                return page
        made = make()
        self.untouched = False
        made.titled.connect(self._retitle)
        made.closing.connect(self._close_sender)
        made.typed.connect(self.written)
        if isinstance(made, RoutePage):
            made.shown.connect(self.turned)
            made.tried.connect(self.tried)
            made.opened.connect(self.open_place)
        self._put_in_front(made)
        return made

    def _put_in_front(self, page: Page) -> None:
        self.addTab(page, "")
        self.setCurrentWidget(page)
        self._retitle()
        page.setFocus()

    def tabInserted(self, index: int) -> None:
        """From its tab the keyboard goes into a page, and only then to what is below and beside it."""
        super().tabInserted(index)
        page = self.widget(index)
        if page is not None:
            in_tab_order((self.tabBar(), page, *tab_stops(page)))

    # Closing ----------------------------------------------------------------------------------

    def close_page(self, index: int) -> None:
        """Close a page; what is typed in it is written first, and the page lives on until it is.

        One that asks which text stays comes to the front instead, and waits for the answer.
        """
        page = self.widget(index)
        if isinstance(page, Page):
            if page.asking or page.stuck:
                self.setCurrentIndex(index)
                return
            page.flush()
            self.removeTab(index)
            self._leaving.append(page)
            page.typed.connect(self._let_go)
            self._let_go()

    def _let_go(self) -> None:
        """Delete the closed pages that have nothing more to write; one that can't be written comes back."""
        for page in [page for page in self._leaving if page.unwritten or not page.pending]:
            self._leaving.remove(page)
            page.typed.disconnect(self._let_go)
            if page.unwritten:
                self._put_in_front(page)
            else:
                page.deleteLater()

    def close_current(self) -> None:
        """Close the page in front."""
        if self.count():
            self.close_page(self.currentIndex())

    def close_all(self) -> None:
        """Close every page; another project is to come."""
        self.untouched = True
        while self.count():
            page = self.widget(0)
            self.removeTab(0)
            if page is not None:
                page.deleteLater()

    def wait_for_answer(self) -> bool:
        """Whether a page asks which text stays; it comes to the front."""
        asking = next((page for page in self._all() if page.asking), None)
        if asking is not None:
            self.setCurrentWidget(asking)
        return asking is not None

    @property
    def stuck(self) -> str:
        """That something typed can't be written, because of the disk, and where; empty where all can be."""
        titles = [page.title.rstrip(" ●") for page in self._all() if page.stuck]
        return f"What you typed in {' and '.join(titles)} can't be written." if titles else ""

    @property
    def asked(self) -> str:
        """That a page asks which text stays; empty where none does."""
        titles = [page.title.rstrip(" ●") for page in self._all() if page.asking]
        return f"Say which text of {' and '.join(titles)} stays." if titles else ""

    def flush(self) -> None:
        """Write what is typed anywhere, now."""
        for page in self._all():
            page.flush()

    def _close_sender(self) -> None:
        page = self.sender()
        index = self.indexOf(page) if isinstance(page, QWidget) else -1
        if index >= 0:
            self.close_page(index)

    @property
    def pending(self) -> bool:
        """Whether something typed anywhere is still to be written."""
        return any(page.pending for page in self._all())

    def _all(self) -> list[Page]:
        """The open pages, and the closed ones that still write."""
        pages = [self.widget(index) for index in range(self.count())]
        return [*(page for page in pages if isinstance(page, Page)), *self._leaving]

    # Titles -----------------------------------------------------------------------------------

    def current_page(self) -> Page | None:
        """The page in front."""
        page = self.currentWidget()
        return page if isinstance(page, Page) else None

    def _turn(self) -> None:
        self._name_controls()
        self.turned.emit()

    def _name_controls(self) -> None:
        """Only the page in front has the controls' names, so that each name is there once."""
        for index in range(self.count()):
            page = self.widget(index)
            if page is not None:
                _name_controls_of(page, front=index == self.currentIndex())

    def _retitle(self) -> None:
        self.tabBar().setIconSize(QSize(theme().px(44), theme().px(18)))
        self._name_controls()
        for index in range(self.count()):
            page = self.widget(index)
            if not isinstance(page, Page):
                continue
            self.setTabText(index, self._tabs.shortened(page.title).replace("&", "&&"))
            if isinstance(page, RoutePage):
                self.setTabIcon(index, badge_icon(page.route.title_method) if page.route else QIcon())
                self.setTabToolTip(index, page.title)
            elif isinstance(page, XrayPage):
                self.setTabIcon(index, icon("xray", "accent"))
                self.setTabToolTip(index, page.title)
            else:
                self.setTabToolTip(index, page.file)


def _name_controls_of(page: QWidget, *, front: bool) -> None:
    for control in page.findChildren(QWidget):
        name = control.objectName()
        if front and name.startswith(BEHIND):
            control.setObjectName(name.removeprefix(BEHIND))
        elif not front and name.startswith(NAMED):
            control.setObjectName(BEHIND + name)
