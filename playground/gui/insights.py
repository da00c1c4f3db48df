"""The joining of all that shows what Flask did: the X-ray page, the steps beside it, and what fixes do.

It asks the workspace for what is known of a request, gives it to who shows it, and carries out a fix: an edit
goes to its proposal, a request is put into the request panel and sent, a command is copied.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from playground.core.changes import Change
from playground.core.exchanges import RequestSpec
from playground.core.explanations import Explanation
from playground.core.fixes import Fix
from playground.core.stepping import Stepping
from playground.core.trips import Trip
from playground.gui.looking import Look, Looking
from playground.gui.panels.pages import Pages
from playground.gui.panels.problem_marks import between, offer_fixes
from playground.gui.panels.request_panel import RequestPanel
from playground.gui.panels.response_panel import ResponsePanel
from playground.gui.panels.route_page import RoutePage
from playground.gui.panels.text_page import TextPage
from playground.gui.panels.why_view import WhyView
from playground.gui.panels.xray_page import XrayPage
from playground.gui.workspace import Outcome, Workspace

if TYPE_CHECKING:
    from playground.gui.panels.stepper import Stepper


class Insights(QObject):
    """``mend_wanted`` carries a ``Mend`` to propose, ``copied`` a text for the clipboard; ``xray_turned``
    whether lines are recorded from now on; ``problem_wanted`` a ``Problem`` to tell more of; ``trip_wanted``
    what is to be done with a trip, and its number.
    """

    mend_wanted = Signal(object)
    trip_wanted = Signal(str, int)
    copied = Signal(str)
    xray_turned = Signal(bool)
    problem_wanted = Signal(object)

    def __init__(
        self,
        workspace: Workspace,
        pages: Pages,
        request: RequestPanel,
        response: ResponsePanel,
        right: QStackedWidget,
    ) -> None:
        super().__init__(pages)
        self._work, self._pages = workspace, pages
        self._request, self._response, self._right = request, response, right
        self._look = Looking(workspace.session, workspace.jobs, workspace.failed)
        self._stepper: Stepper | None = None  # made when a request is first looked through
        self._asked: WhyView | None = None  # whose fix is being written
        response.xray_wanted.connect(self.open_answered)
        response.place_opened.connect(pages.open_place)
        response.why.made.connect(lambda view: self._join(view, self._again))
        response.why.copied.connect(self.copied)
        workspace.changed.connect(self._follow)

    # What a person opens ----------------------------------------------------------------------

    def open_trip(self, number: int) -> None:
        """The X-ray of a request that was answered, by its number."""
        self._look.into(number, self._show_trip)

    def open_explanation(self, method: str, path: str) -> None:
        """What the router would make of a method and a path; nothing is sent."""

        def explained(explanation: Explanation | None) -> None:
            page = self._the_page()
            page.begin(method, path)
            if explanation is not None:
                page.show_explanation(explanation)
            self._turn_beside(page)

        self._look.explain(method, path, explained)

    def open_answered(self) -> bool:
        """The X-ray of the answer that is shown; whether there is one."""
        insight = self._response.insight
        if insight is not None:
            self.open_trip(insight.trip.number)
        return insight is not None

    def _show_trip(self, look: Look | None) -> None:
        page = self._the_page()
        if look is None:
            page.begin(page.method, page.path)
            page.why.show_nothing()
        else:
            page.show_insight(look.insight, look.messages)
            trip = look.insight.trip
            self.stepper.show_trip(trip, look.stepping or _no_lines(trip))
        self._turn_beside(page)

    def answered(self, outcome: Outcome) -> None:
        """A request came back: while the X-ray is in front, it shows the newest one."""
        if outcome.insight is not None and isinstance(self._pages.current_page(), XrayPage):
            self.open_trip(outcome.insight.trip.number)

    # The page and the steps beside it ---------------------------------------------------------

    def _the_page(self) -> XrayPage:
        """The page, in front; joined when it is new."""
        page = self._pages.open_xray()
        if not page.joined:
            page.joined = True
            self._join(page.why, self._again_on_page)
            page.wanted.connect(self.trip_wanted)
            page.copied.connect(self.copied)
        return page

    def _join(self, view: WhyView, again: Callable[[], None]) -> None:
        view.fix_chosen.connect(lambda fix: self.carry_out(fix, view))
        view.place_opened.connect(self._pages.open_place)
        view.rule_opened.connect(self._open_rule)
        view.again.connect(again)

    @property
    def stepper(self) -> Stepper:
        """The steps of a request, at the right of the X-ray."""
        if self._stepper is None:
            from playground.gui.panels.stepper import Stepper

            self._stepper = Stepper()
            self._stepper.place_opened.connect(self._pages.open_place)
            self._stepper.record_wanted.connect(self._record)
            self._right.addWidget(self._stepper)
        return self._stepper

    def show_beside(self, page: object) -> bool:
        """Have the steps at the right where the X-ray of a request is in front; whether it is."""
        is_request = isinstance(page, XrayPage) and page.number > 0
        if is_request:
            self._right.setCurrentWidget(self.stepper)
        return is_request

    def _turn_beside(self, page: XrayPage) -> None:
        """The page that is in front shows another request, or one that was not sent."""
        if not self.show_beside(page):
            self._right.setCurrentIndex(0)  # where one asks

    def _open_rule(self, endpoint: str, rule: str) -> None:
        project = self._work.snapshot.project
        routes = project.routes if project is not None else ()
        found = [route for route in routes if route.endpoint == endpoint]
        route = next((one for one in found if one.full_rule == rule), next(iter(found), None))
        if route is not None:
            self._pages.open_route(route)

    # Fixes ------------------------------------------------------------------------------------

    def carry_out(self, fix: Fix, view: WhyView | None = None) -> None:
        """Do what a fix says; an edit is shown first."""
        self._asked = view
        if fix.mend is not None:
            self.mend_wanted.emit(fix.mend)
        elif fix.request is not None:
            self.send(fix.request)
        elif fix.command:
            self.copied.emit(fix.command)

    def mend_here(self) -> bool:
        """A menu of the fixes of what is marked in the line of the page in front; whether anything is.

        In a route's form, of what is marked in its code.
        """
        page = self._pages.current_page()
        if isinstance(page, RoutePage) and page.route is not None:
            editor, file = page.code, page.route.file
            first, last = page.route.line, page.route.end_line
        elif isinstance(page, TextPage):
            editor, file = page.editor, page.file
        else:
            return False
        if editor.hasFocus() or isinstance(page, TextPage):
            first = last = editor.cursor_place()[0]
        here = between(self._work.snapshot.problems, file, first, last)
        if here:
            offer_fixes(editor, here, self.carry_out, self.problem_wanted.emit)
        return bool(here)

    def mended(self, change: Change) -> None:
        """A mend was written: who asked for it offers to send the request again."""
        view, self._asked = self._asked, None
        if view is not None:
            view.show_mended(change.label)

    def send(self, spec: RequestSpec) -> None:
        """Put a request into the request panel and send it."""
        self._request.show_spec(spec)
        self._request.submit()

    def send_again(self, number: int) -> None:
        """Send the request of a trip once more: the last one as it was written, and not as it came."""
        last = self._response.insight
        if last is not None and last.trip.number == number:
            self._again()
        else:
            self._look.spec_of(number, self.send)

    def _again(self) -> None:
        if self._response.exchange is not None:
            self.send(self._response.exchange.spec)

    def _again_on_page(self) -> None:
        page = self._pages.open_xray()
        if page.insight is not None:
            self.send_again(page.number)
        else:
            self.send(RequestSpec(page.method, page.path))

    def _record(self) -> None:
        """Record the next request line by line, and send this one again."""
        self.set_xray(True, lambda _: self._again_on_page())

    def set_xray(self, on: bool, done: Callable[[bool], None] | None = None) -> None:
        """Record the requests that come line by line, or no more."""

        def turned(is_on: bool) -> None:
            self.xray_turned.emit(is_on)
            if done is not None:
                done(is_on)

        self._look.set_xray(on, turned)

    def _follow(self, change: Change) -> None:
        """What nobody sent is explained anew by what is live now."""
        page = self._pages.current_page()
        if change.origin == "live" and isinstance(page, XrayPage) and not page.number:
            self._look.explain(page.method, page.path, page.show_live)


def _no_lines(trip: Trip) -> Stepping | None:
    """Nothing to step through where none of the project's own code ran; None where it was not recorded."""
    return None if any(step.place for step in trip.steps) else Stepping(trip.number)
