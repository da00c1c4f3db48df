"""The window's inside while a project is open: lists, pages, map, and request or preview at the right.

It joins the panels to the workspace: what one asks for is done there, what came of it is shown by the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from playground.core.changes import Change, ProjectState, TemplateInfo
from playground.core.exchanges import RequestSpec
from playground.core.problems import Problem
from playground.core.routes import Route
from playground.gui.git_marks import GitMarks
from playground.gui.insights import Insights
from playground.gui.panels.pages import Pages
from playground.gui.panels.preview import Preview
from playground.gui.panels.preview_paths import preview_paths
from playground.gui.panels.problems_panel import ProblemsPanel
from playground.gui.panels.request_panel import RequestPanel
from playground.gui.panels.response_panel import ResponsePanel
from playground.gui.panels.route_map import RouteMap
from playground.gui.panels.route_page import RoutePage
from playground.gui.panels.side_bar import SideBar
from playground.gui.panels.stage import ANSWER, MAP, Stage, in_listed_order
from playground.gui.panels.template_page import TemplatePage
from playground.gui.panels.text_page import TextPage
from playground.gui.panels.traffic_panel import TrafficPanel
from playground.gui.slices import Slices
from playground.gui.theme import mark, theme
from playground.gui.traffic import Traffic, allowed_methods
from playground.gui.widgets.counted_tabs import CountedTabs
from playground.gui.widgets.fresh_sizes import FreshSizes
from playground.gui.widgets.tabs import in_tab_order, tab_stops
from playground.gui.workspace import Outcome, Workspace

NOTHING_OPEN = (
    "Nothing is open.\n\n"
    "Ctrl+N makes a route, Ctrl+K finds anything, and the list at the left opens what is there."
)
W = TypeVar("W", bound=QWidget)
NARROW = 1000
"""Below this width (pixels of the design) request and answer move under the page."""


class Workbench(QWidget):
    """All panels of an open project. ``browse`` carries an address, ``copied`` a text for the clipboard;
    ``turned`` follows the page in front.
    """

    browse = Signal(str)
    copied = Signal(str)
    turned = Signal()
    side: SideBar
    pages: Pages
    map: RouteMap
    traffic: TrafficPanel
    problems: ProblemsPanel
    request: RequestPanel
    response: ResponsePanel
    preview: Preview

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        """The frame; ``build`` fills it."""
        super().__init__(parent)
        self._workspace = workspace
        self._routes: tuple[Route, ...] = ()  # as they were shown last
        self._is_joining = False  # what is being shown is the same project with what runs now
        self._narrow: bool | None = None
        self._built = False
        self._restyle_soon = QTimer(self, singleShot=True, interval=0)  # not while Qt is styling
        self._restyle_soon.timeout.connect(theme().changed)
        self._showing = Slices(iter(()), self)
        self._showing.done.connect(workspace.load)
        self._lay_out()
        self.stage = Stage(self)
        FreshSizes(self)

    # Building ---------------------------------------------------------------------------------

    def build(self) -> Iterator[None]:
        """Make one panel after the other, each where it stays: its style is worked out but once."""
        self.request = self._put(self.asking, RequestPanel())
        yield
        self._polish(self.request)
        yield
        self.response = self._put(self.asking, ResponsePanel())
        self.asking.setStretchFactor(1, 1)
        yield
        self._polish(self.response)
        yield
        self.side = SideBar()
        self.columns.insertWidget(0, self.side)
        self.columns.setStretchFactor(1, 1)
        yield
        self.pages = Pages(self._workspace)
        self.page_stack.insertWidget(0, self.pages)
        self.map, self.problems = RouteMap(), ProblemsPanel()
        self.map.view.setMinimumSize(60, 40)  # at every zoom: it scrolls
        self.bottom.addTab(self.map, "Route map")
        yield
        self.traffic = TrafficPanel(partial(allowed_methods, self._workspace.session))
        self.bottom.addTab(self.traffic, "Traffic")
        self.bottom.addTab(self.problems, "Problems")
        for panel in (self.traffic, self.problems):
            self.bottom.set_number(panel, 0)
        yield
        self.preview = self._put(self.right, Preview())
        self._polish(self)
        yield
        self._connect()
        self._built = True
        around = self.parentWidget()
        if around is not None:  # it has no size of its own before it is shown: all would move twice
            self.resize(around.size())
        self.arrange()

    @staticmethod
    def _put(place: QSplitter | QStackedWidget, panel: W) -> W:
        place.addWidget(panel)
        return panel

    @staticmethod
    def _polish(panel: QWidget) -> None:
        """What Qt would do when it is shown first, all at once."""
        for widget in panel.findChildren(QWidget):
            widget.ensurePolished()

    def _lay_out(self) -> None:
        self.asking = QSplitter(Qt.Orientation.Vertical)
        self.right = QStackedWidget()
        self.right.addWidget(self.asking)
        self.bottom = CountedTabs()
        self.bottom.setObjectName("bottom")
        self.bottom.setAccessibleName("Map and problems")
        self.bottom.setDocumentMode(True)
        self.bottom.tabBar().setObjectName("bottom.tabs")
        self.bottom.tabBar().setAccessibleName("Map and problems")
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.addWidget(self._page_area())
        self.middle.addWidget(self.bottom)
        self.middle.setStretchFactor(0, 1)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.columns.addWidget(self.middle)
        self.columns.addWidget(self.right)
        for splitter in (self.asking, self.middle, self.columns):
            splitter.splitterMoved.connect(self._keep_shares)
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.columns)

    def _page_area(self) -> QWidget:
        """The pages, or a word on what to press while none is open."""
        self._nothing_open = QLabel(NOTHING_OPEN)
        self._nothing_open.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing_open.setWordWrap(True)
        self._nothing_open.setMargin(24)
        mark(self._nothing_open, role="muted")
        self.page_stack = QStackedWidget()
        self.page_stack.addWidget(self._nothing_open)
        self.page_stack.setCurrentWidget(self._nothing_open)
        return self.page_stack

    def _connect(self) -> None:
        workspace, session = self._workspace, self._workspace.session
        workspace.changed.connect(self._follow)
        workspace.checked.connect(self._show_problems)
        self.insights = Insights(workspace, self.pages, self.request, self.response, self.right)
        self._connect_traffic()
        self.git = GitMarks(workspace, self)
        self.git.told.connect(self.side.show_versions)
        workspace.leaving.connect(self.pages.flush)
        workspace.exchanged.connect(self._exchanged)
        workspace.sending.connect(self.request.set_busy)
        self.request.send.connect(self._send)
        self.request.cancel.connect(workspace.cancel)
        self.request.copy_curl.connect(lambda spec: workspace.as_curl(spec, self.copied.emit))
        self.response.open_in_browser.connect(self.browse)
        self.preview.browse.connect(self.browse)
        self.side.route_opened.connect(self.open_route)
        self.side.template_opened.connect(self.open_template)
        self.side.file_opened.connect(self.pages.open_file)
        self.side.new_route.connect(self.new_route)
        self.side.duplicate_route.connect(
            lambda route: self._after_typing(lambda: session.duplicate_route(route))
        )
        self.side.delete_route.connect(lambda route: self._after_typing(lambda: session.remove_route(route)))
        self.side.delete_template.connect(
            lambda name: self._after_typing(lambda: session.delete_template(name))
        )
        self.map.route_opened.connect(self.open_route)
        self.problems.opened.connect(self.open_problem)
        self.problems.fix_chosen.connect(self.insights.carry_out)
        self.insights.copied.connect(self.copied)
        self.insights.problem_wanted.connect(self._tell_problem)
        self.pages.turned.connect(self._turned)
        self.pages.tried.connect(self.request.set_url)

    def _connect_traffic(self) -> None:
        following = Traffic(self._workspace, self.traffic, self.map, self.insights)
        following.copied.connect(self.copied)
        following.route_wanted.connect(self.open_route)
        following.map_wanted.connect(self.show_map)
        following.counted.connect(self._count_traffic)
        for page in (self.preview.page, self.response.page):
            page.asked.connect(self._workspace.session.preview_asks)
        panels = (self.map, self.traffic, self.problems)  # in the order of their tabs
        in_tab_order([self.bottom.tabBar(), *(stop for panel in panels for stop in tab_stops(panel))])

    def _count_traffic(self, total: int) -> None:
        self.bottom.set_number(self.traffic, total)

    @property
    def project(self) -> ProjectState | None:
        """The project as it is read now."""
        return self._workspace.snapshot.project

    def bring(self, panel: QWidget) -> None:
        """Bring one of the panels under the page to the front."""
        self.bottom.setCurrentWidget(panel)
        self.stage.show_part(MAP)

    def show_map(self) -> None:
        """The map comes to the front."""
        self.bring(self.map)

    def ask_map(self) -> None:
        """Go to the box in which one asks the map for the way of a path."""
        self.show_map()
        self.map.ask.path.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.map.ask.path.selectAll()

    def show_traffic(self) -> None:
        """Go to the list of requests."""
        self.bring(self.traffic)
        self.traffic.enter()

    def _after_typing(self, work: Callable[[], Change]) -> None:
        """Do something to the folder, after what is typed is in it."""
        self.pages.flush()
        self._workspace.project(work)

    # What a person opens ----------------------------------------------------------------------

    def new_route(self) -> None:
        """A page for a route that is to be added."""
        self.pages.open_new()

    def open_route(self, route: Route) -> None:
        """A route's page, with the request panel made ready for it."""
        self.pages.open_route(route)

    def open_template(self, name: str) -> None:
        """A template's page, with its live preview."""
        project = self._workspace.snapshot.project
        info = next((t for t in (project.templates if project else ()) if t.name == name), None)
        if info is not None:
            self.pages.open_template(info)

    def open_problem(self, problem: Problem) -> None:
        """The file of a problem, at its line."""
        if problem.place is not None:
            self.pages.open_place(problem.place)

    def show_problem(self, problem: Problem) -> None:
        """Its place, and in the list of problems why it is one and what can be done."""
        self.bring(self.problems)
        self.problems.select(problem)
        self.open_problem(problem)

    def _tell_problem(self, problem: Problem) -> None:
        self.bring(self.problems)
        self.problems.choose(problem)

    def _turned(self) -> None:
        """Another page is in front: the lists, the map and the right side follow it."""
        page = self.pages.current_page()
        self.page_stack.setCurrentIndex(1 if page is None else 0)
        if isinstance(page, TemplatePage):
            self.right.setCurrentWidget(self.preview)
            self.side.select_template(page.name)
            self._offer_paths()
        elif not self.insights.show_beside(page):
            self.right.setCurrentWidget(self.asking)
        if isinstance(page, RoutePage) and page.route is not None:
            self.request.show_route(page.route)
            self.side.select_route(page.route.key)
            self.map.select(page.route.key)
        elif isinstance(page, TextPage) and not isinstance(page, TemplatePage):
            self.side.select_file(page.file)
        self._name_right_tab()
        self.turned.emit()

    # What changed -----------------------------------------------------------------------------

    def _follow(self, change: Change) -> None:
        snapshot = self._workspace.snapshot
        project = snapshot.project
        if change.origin == "open":
            self._showing.begin(iter(()))  # nothing more of the project before
            self.pages.close_all()
            self.response.show_empty()
            self.request.show_opened()
        self.request.show_server(snapshot.server)
        self.response.show_server(snapshot.server)
        self.request.show_restricted(snapshot.restricted)
        self.preview.show_restricted(snapshot.restricted)
        self.preview.show_server(snapshot.server)
        self._show_problems()
        if project is None:
            return
        if change.origin in ("live", "server", "trust"):
            self.preview.show_live(snapshot.live)
            self._show_joined(project)
            return
        if change.origin == "open":
            self.map.light(None)  # the way was one of another project
        if change.origin == "open" or self._showing.under_way:
            self._showing.begin(self._show_opened(project))
        else:
            self._show(project)

    def _show_problems(self) -> None:
        found = self._workspace.snapshot.problems
        self.problems.show_problems(found)
        self.bottom.set_number(self.problems, len(found))

    @property
    def composed(self) -> bool:
        """Whether all of a project that was opened is shown."""
        return not self._showing.under_way

    def _show_joined(self, project: ProjectState) -> None:
        """What runs now is told with the routes: in steps, for nobody waits for it."""
        if project.routes is self._routes:
            return
        if self._showing.under_way and not self._is_joining:
            self._showing.begin(self._show_opened(project))
        else:
            self._is_joining = True
            self._showing.begin(self._show_in_steps(project))

    def _show_in_steps(self, project: ProjectState) -> Iterator[None]:
        self._routes = project.routes
        self.side.show_project(project)
        yield
        self.request.show_routes(project.routes)
        yield
        yield from self.map.showing(project.routes)

    def _show(self, project: ProjectState) -> None:
        self._routes = project.routes
        self.side.show_project(project)
        self.request.show_routes(project.routes)
        self.map.show_routes(project.routes)

    def _show_opened(self, project: ProjectState) -> Iterator[None]:
        """All of it takes too long for a person who is typing somewhere already."""
        self._is_joining = False
        yield from self._show_in_steps(project)
        yield
        if project.routes and self.pages.untouched and not self.request.in_hand:
            self.open_route(_first_listed(project))

    def _offer_paths(self) -> None:
        page = self.pages.current_page()
        project = self._workspace.snapshot.project
        info: TemplateInfo | None = page.info if isinstance(page, TemplatePage) else None
        if info is None or project is None:
            return
        last = self._workspace.session.template_request(info.name)
        self.preview.offer(preview_paths(info, project, last))

    # Requests ---------------------------------------------------------------------------------

    def _send(self, spec: RequestSpec) -> None:
        self.pages.flush()
        self.response.show_pending()
        self._workspace.send(spec)

    def _exchanged(self, outcome: Outcome) -> None:
        self.response.show_exchange(
            outcome.exchange, outcome.pretty, outcome.language, outcome.insight, outcome.tip
        )
        self.insights.answered(outcome)
        self.stage.show_part(ANSWER)
        match = outcome.match
        project = self._workspace.snapshot.project
        key = None
        if match is not None and project is not None:
            found = (r for r in project.routes if r.endpoint == match.endpoint and r.full_rule == match.rule)
            key = next((route.key for route in found), None)
        insight = outcome.insight
        self.map.light(match, key, insight.explanation if insight is not None else None)
        if isinstance(self.pages.current_page(), TemplatePage):
            self._offer_paths()

    # Room -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Three columns where there is room; else request and answer lie under the page, side by side.

        While the project is presented, the stage says what stands where.
        """
        if not self._built:
            return
        if self.stage.on:
            self.stage.arrange()
            return
        width = self.width() / theme().zoom
        self.side.setVisible(self.side_wanted and width >= 640)
        self.stand(narrow=width < NARROW)
        if not self.shared:
            self._share_room()
        self.stage.settle()

    def stand(self, *, narrow: bool) -> None:
        """Have request and answer under the page, or beside it."""
        if narrow != self._narrow:
            moved, self._narrow = self._narrow is not None, narrow
            self._move_right(narrow)
            if moved:  # Qt takes a font of its own away from what gets another parent
                self._restyle_soon.start()

    def _move_right(self, narrow: bool) -> None:
        """Request and answer go under the page, or back beside it."""
        if narrow:
            self.asking.setOrientation(Qt.Orientation.Horizontal)
            self.bottom.insertTab(0, self.right, "Request")
            self.bottom.setCurrentIndex(0)
        else:
            if self.bottom.indexOf(self.right) >= 0:
                self.bottom.removeTab(self.bottom.indexOf(self.right))
            self.asking.setOrientation(Qt.Orientation.Vertical)
            if self.columns.indexOf(self.right) < 0:
                self.columns.addWidget(self.right)
        self.right.show()
        self.shared = False
        self._name_right_tab()

    side_wanted = True
    shared = False  # by the person, who drew a line between panes

    def toggle_side(self) -> None:
        """Show or hide the side bar."""
        self.side_wanted = not self.side_wanted
        self.side.setVisible(self.side_wanted)

    def _keep_shares(self) -> None:
        """The person drew a line between panes: from now on they keep it."""
        self.shared = True

    def _share_room(self) -> None:
        width, height = self.width(), self.height()
        side = min(max(theme().px(180), int(width * 0.19)), theme().px(250))
        if self._narrow:
            self.columns.setSizes([side, width - side])
            below = int(height * (0.7 if height < theme().px(300) else 0.5))  # a request has less to give
            self.middle.setSizes([height - below, below])
            self.asking.setSizes([width // 3, width // 3])
        else:
            right = max(theme().px(350), int(width * 0.327))
            self.columns.setSizes([side, width - side - right, right])
            bottom = min(theme().px(255), int(height * 0.36))
            self.middle.setSizes([height - bottom, bottom])
            asking = max(int(height * 0.28), theme().px(215))  # a row of parameters with its reason
            self.asking.setSizes([asking, height - asking])

    def _name_right_tab(self) -> None:
        index = self.bottom.indexOf(self.right)
        if index >= 0:
            shown = self.right.currentWidget()
            name = "Preview" if shown is self.preview else "Request" if shown is self.asking else "Steps"
            self.bottom.setTabText(index, name)


def _first_listed(project: ProjectState) -> Route:
    """The first route that the side bar shows."""
    return in_listed_order(project)[0]
