"""The tour: the main job, done in the real window by clicks and keys, with a picture of each step.

It shows a newcomer what the playground does where there is no screen, makes the pictures of the README, and
fails like a test when a step does not come to what it should.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from playground.core.changes import ProjectState
from playground.core.routes import Route

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

W = TypeVar("W")

STEP_SECONDS = 20.0
SIZES = {"1440x900": (1440, 900), "1024x700": (1024, 700)}
ZOOMS = (1.0, 2.0, 3.0)


def run_tour(out: Path, *, brief: bool = False) -> int:
    """Do the tour offscreen and leave its pictures in ``out``; returns 0 when every step came out right.

    A ``brief`` one does the same, and leaves out the pictures of other sizes and of high contrast.
    """
    _choose_surroundings()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="playground-tour-") as home:
        os.environ["PLAYGROUND_HOME"] = home
        tour = _Tour(out, Path(home), brief=brief)
        try:
            tour.take()
        except TourError as error:
            print(f"The tour stopped: {error}", file=sys.stderr)  # noqa: T201  # a command's output
            return 1
        finally:
            tour.window.close()
            tour.settle()
    tour.say(f"Done. {tour.pictures} pictures are in {out}.")
    return 0


def _choose_surroundings() -> None:
    """No screen, and quiet: Qt and Chromium would list at length what a machine without a screen lacks."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("QT_LOGGING_RULES", "default.info=false;default.warning=false")
    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--log-level=3")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # the tour shows pages of its own making only
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")


class TourError(Exception):
    """A step did not come to what it should."""


class _Tour:
    """Drives the window by the names of its controls, as a person would by their look."""

    def __init__(self, out: Path, home: Path, *, brief: bool) -> None:
        from playground.gui import open_window
        from playground.gui.application import make_application
        from playground.gui.theme import theme

        self.out, self.home, self.pictures, self.number = out, home, 0, 0
        self.brief = brief
        self.sizes = {"1440x900": SIZES["1440x900"]} if brief else SIZES
        self.app = make_application()
        theme().set_mode("light")
        self.theme = theme()
        self.window = open_window(None)
        self.window.resize(1440, 900)
        self.began = time.monotonic()

    # The steps --------------------------------------------------------------------------------

    def take(self) -> None:
        """All steps, in order."""
        self.theme.set_mode("light")
        self.welcome()
        self.start()
        self.add_route()
        self.narrow_parameter()
        self.send()
        self.miss()
        self.mend()
        self.step_through()
        self.edit_template()
        self.all_sizes()
        self.present()
        self.share()
        self.plain_flask()
        self.open_strange()
        self.rename()

    def welcome(self) -> None:
        """The first thing that is seen."""
        self.step("The welcome page offers starters.")
        self.wait(lambda: self.child("welcome.starter.pages").isVisible(), "the welcome page")
        self.in_both_themes("welcome")

    def start(self) -> None:
        """A starter becomes a project that is served."""
        self.step("One click on “Pages” makes a plain Flask folder and serves it.")
        self.began = time.monotonic()
        self.click("welcome.starter.pages")
        self.wait(lambda: self.text("server.status") == "● Live", "the server to be live")
        self.say(f"   {self.text('server.address')}")
        self.close_message()
        self.wait(lambda: self.shows("hint"), "the first hint")
        self.say(f"   {self.text('hint.title')}: {self.text('hint.text')}")
        self.picture("project")

    def add_route(self) -> None:
        """A new route through the form."""
        self.step("A new route: its path, what it answers with, and Add.")
        self.click("toolbar.new_route")
        self.type("route.rule", "/users/<int:user_id>")
        self.click("route.answer.json")
        self.type("route.answer.value", '{"id": user_id, "name": "Ada"}')
        self.picture("new-route")
        self.click("route.add")
        self.wait(lambda: "jsonify" in self.text("route.code"), "the code of the new route")
        self.say(_indented(self.text("route.code")))

    def narrow_parameter(self) -> None:
        """A converter's argument, through the parameter table."""
        self.step("The parameter table narrows user_id to 1 and above.")
        self.type("route.param.0.arg.min", "1\n")
        self.wait(lambda: "int(min=1)" in self.text("route.code"), "the rule in the code")
        self.say(f"   {self.text('route.code').splitlines()[0]}")

    def send(self) -> None:
        """A request over a real socket."""
        self.step("Send a request, and see the answer and the way it took on the map.")
        self.type("request.url", "/users/42")
        self.wait_live()
        self.click("request.send")
        self.wait(lambda: "200" in self.text("response.status"), "the answer")
        took = time.monotonic() - self.began
        self.say(f"   {self.text('response.status')}  {' '.join(self.text('response.body').split())}")
        self.say(f"   From the first click to the answer of an own route: {took:.0f} s, typing included.")
        self.wait(lambda: self.shows("hint"), "the last hint")
        self.picture("hint")
        self.click("hint.close")
        self.in_both_themes("route")

    def miss(self) -> None:
        """A request that no rule matches."""
        self.step("A value that the converter refuses is a 404 before the view runs.")
        self.type("request.url", "/users/abc")
        self.click("request.send")
        self.wait(lambda: "404" in self.text("response.status"), "the 404")
        self.say(f"   {self.text('response.status')}: {self.text('response.problem')}")
        self.click("response.why")
        self.in_both_themes("not-found")
        self.click("response.xray")
        self.wait(lambda: self.shows("xray.trip"), "the X-ray")
        self.in_both_themes("xray-not-found")
        self.window.workbench.pages.close_current()
        self.settle()

    def mend(self) -> None:
        """The edit that makes it match: shown, written, tried and taken back."""
        self.step("One of the ways to make it match: the edit is shown before it is written.")
        self.click("xray.fix.0")
        self.wait(lambda: self.shows("proposal.view"), "what would change")
        self.say(f"   {self.text('proposal.title')}: {self.text('proposal.sum')}")
        self.picture("mend")
        self.click("proposal.apply")
        self.wait_live()
        self.click("xray.again")
        self.wait(lambda: "200" in self.text("response.status"), "the answer")
        self.say(f"   Sent again: {self.text('response.status')}. Then one undo takes it back.")
        self.window.workspace.undo()
        self.wait_live()
        self.close_message()

    def step_through(self) -> None:
        """X-ray: the request line by line, with the values beside the code."""
        self.step("X-ray on: the next request can be stepped through, line by line.")
        self.click("toolbar.xray")
        self.wait_live()
        self.type("request.url", "/users/42")
        self.click("request.send")
        self.wait(lambda: "200" in self.text("response.status"), "the answer")
        self.wait_live()
        self.click("response.xray")
        self.wait(lambda: self.shows("xray.trip"), "the steps")
        self.click("xray.forward")
        self.say(f"   {self.text('xray.position')}")
        for name, (width, height) in self.sizes.items():
            self.window.resize(width, height)
            self.settle()
            self.in_both_themes(f"xray-{name}")
        self.window.resize(1440, 900)
        self.click("toolbar.xray")
        self.window.workbench.pages.close_current()
        self.settle()

    def edit_template(self) -> None:
        """A template, and the page that follows it."""
        self.step("Edit a template: the page changes while one types.")
        self.type("request.url", "/hello/Ada")
        self.click("request.send")
        self.wait(lambda: "200" in self.text("response.status"), "the page")
        self.window.workbench.open_template("hello.html")
        editor = self.child("template.editor")
        self.wait(lambda: bool(self.text("template.editor")), "the template")
        self.wait(editor.isEnabled, "the editor")
        text = self.text("template.editor")
        end = text.rindex("{% endblock %}")
        cursor = editor.textCursor()
        cursor.setPosition(end)
        editor.setTextCursor(cursor)
        self.keys(editor, "<p>Written on the tour.</p>\n")
        self.wait(lambda: "Written on the tour." in self.page_text(), "the page to follow")
        self.say(f"   the page says: {' '.join(self.page_text().split())}")
        self.in_both_themes("template")

    def all_sizes(self) -> None:
        """The same window, small and enlarged."""
        self.step("The same in a small window, and at 200 % for the projector.")
        self.theme.set_mode("light")
        for name, (width, height) in SIZES.items():
            self.window.resize(width, height)
            self.settle()
            if self.brief:
                continue
            self.in_both_themes(f"template-{name}")
            self.window.workbench.open_route(self.route("/users/<int(min=1):user_id>"))
            self.settle()
            self.in_both_themes(f"route-{name}")
            self.window.workbench.open_template("hello.html")
        self.window.workbench.open_route(self.route("/users/<int(min=1):user_id>"))
        self.window.resize(1440, 900)
        self.theme.set_zoom(2.0)
        self.settle()
        self.picture("route-200-percent")
        self.theme.set_zoom(1.0)

    def share(self) -> None:
        """The app for the whole room; the tour itself stays on this machine, and plays the others, too."""
        from playground.gui.tour_folder import ROOM, come_in

        if sys.platform == "darwin":  # which has one loopback address alone
            return
        self.step("Share: everybody in the room scans the code or types the address, and is listed.")
        session = self.window.workspace.session
        session.own_addresses = lambda: (ROOM,)  # type: ignore[method-assign]
        self.click("toolbar.share")
        self.click("share.accept")
        self.wait(lambda: self.shows("share.page"), "the page with the address")
        self.wait_live()
        self.say(f"   {self.text('server.address')}")
        come_in(self.window.workspace.snapshot.server.port)
        self.wait(lambda: self.text("share.number") == "5", "the guests")
        self.say(f"   {re.sub('<[^>]*>', '', self.text('share.counts'))}")
        self.in_both_themes("share")
        self.click("share.stop")
        self.wait(lambda: self.text("server.status") == "● Live", "the end of sharing")

    def present(self) -> None:
        """The same for a projector."""
        self.step("F11 presents: route, code, request and answer large, in every theme. Escape returns.")
        self.type("request.url", "/users/42")
        self.click("request.send")
        self.wait(lambda: "200" in self.text("response.status"), "the answer")
        self.window.commands.table.qaction("view.present").trigger()
        self.wait(lambda: self.window.size() == self.window.screen().size(), "the whole screen")
        for name, size in self.sizes.items():
            self.window.resize(*size)
            for zoom in (2.0,) if self.brief else ZOOMS:
                self.theme.set_zoom(zoom)
                self.settle()
                if self.brief:
                    self.picture(f"present-{round(zoom * 100)}-light-{name}")
                else:
                    self.in_all_themes(f"present-{round(zoom * 100)}", name)
        self.theme.set_contrast("normal")
        for part in () if self.brief else ("request", "answer", "map"):  # one at a time, there is no room
            self.window.workbench.stage.show_part(part)
            self.picture(f"present-300-{part}-{name}")
        self.click("present.leave")
        self.wait(lambda: self.window.size().toTuple() == SIZES["1440x900"], "the window as it was")
        self.theme.set_look("normal", 1.0)

    def plain_flask(self) -> None:
        """The folder without the playground."""
        self.step("What came of it is an ordinary folder: this is `flask routes`, in a process of its own.")
        folder = self.project().folder
        done = subprocess.run(
            [sys.executable, "-m", "flask", "routes"], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise TourError(f"flask routes ended with {done.returncode}: {done.stderr}")
        self.say(_indented(done.stdout))

    def open_strange(self) -> None:
        """A project that somebody else made: nothing of it runs before it is trusted."""
        from playground.gui.tour_folder import write_shop

        self.step("A folder that was not made here opens restricted: read and shown, and not run.")
        self.window.workspace.open(write_shop(self.home / "strange" / "last year"))
        self.wait(lambda: self.child("trust.accept").isVisible(), "the question of trust")
        self.wait_live()
        self.wait(lambda: self.window.workbench.composed, "the window to show it")
        self.window.workbench.open_route(self.route("/books/<int:book_id>"))
        self.wait_live()
        self.in_both_themes("restricted")
        self.click("trust.accept")
        self.wait(lambda: self.text("server.status") == "● Live", "the server to be live")
        self.say(f"   Trusted: {self.text('server.address')}")
        self.close_message()

    def rename(self) -> None:
        """One name in four files: all of it is shown first, and is one step to undo."""
        self.step("Rename a function: every use of it is shown before anything is written.")
        self.wait_live()
        self.window.commands.wide.rename()
        self.type("ask.input", "book\n")
        self.wait(lambda: self.shows("proposal.view"), "the proposal")
        self.say(f"   {self.text('proposal.title')}: {self.text('proposal.sum')}")
        self.in_both_themes("proposal")
        self.click("proposal.apply")
        self.wait(lambda: "def book(" in self.text("route.code"), "the new name")
        self.wait_live()

    # Hands and eyes ---------------------------------------------------------------------------

    def step(self, words: str) -> None:
        """Say what comes next."""
        self.number += 1
        self.say(f"{self.number}. {words}")

    def say(self, words: str) -> None:
        """Print, at once."""
        print(words, flush=True)  # noqa: T201  # a command's output

    def child(self, name: str) -> Any:
        """The control of that name, whatever its class; the visible one where there are several."""
        from PySide6.QtWidgets import QWidget

        found = self.window.findChildren(QWidget, name)
        visible = [widget for widget in found if widget.isVisible()]
        if not found:
            raise TourError(f"there is no control named {name}")
        return (visible or found)[0]

    def shows(self, name: str) -> bool:
        """Whether a control of that name is there to be seen; some are made when they are first needed."""
        from PySide6.QtWidgets import QWidget

        return any(widget.isVisible() for widget in self.window.findChildren(QWidget, name))

    def text(self, name: str) -> str:
        """What a control says."""
        widget = self.child(name)
        read = getattr(widget, "toPlainText", None) or widget.text
        return str(read())

    def project(self) -> ProjectState:
        """The project as it is read now."""
        project = self.window.workspace.snapshot.project
        if project is None:
            raise TourError("no project is open")
        return project

    def route(self, rule: str) -> Route:
        """A route of the project by its rule."""
        return next(route for route in self.project().routes if route.rule == rule)

    def shows_page(self) -> bool:
        """Whether there is something to be seen that the browser engine paints."""
        from PySide6.QtWidgets import QWidget

        inside = self.window.findChildren(QWidget)
        return any(one.isVisible() and one.inherits("QWebEngineView") for one in inside)

    def page_text(self) -> str:
        """The text of the page that is rendered now."""
        found: list[str] = []
        self.child("template.preview").plain_text(found.append)
        self.wait(lambda: bool(found), "the text of the page")
        return found[0]

    def close_message(self) -> None:
        """Port 5000 was taken: said once is enough for pictures."""
        if self.child("banner.close").isVisible():
            self.say(f"   {self.text('banner.text')}")
            self.click("banner.close")

    def click(self, name: str) -> None:
        """Press the left button in the middle of a control."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        QTest.mouseClick(self.child(name), Qt.MouseButton.LeftButton)
        self.settle()

    def type(self, name: str, text: str) -> None:
        """Replace what a control holds by typing."""
        widget = self.child(name)
        widget.setFocus()
        widget.selectAll()
        self.keys(widget, text)

    def keys(self, widget: QWidget, text: str) -> None:
        """Press keys, one for each character."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        for part in text.splitlines(keepends=True):
            QTest.keyClicks(widget, part.rstrip("\n"))
            if part.endswith("\n"):
                QTest.keyClick(widget, Qt.Key.Key_Return)
        self.settle()

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Let the window work until something holds."""
        deadline = time.monotonic() + STEP_SECONDS
        while not until():
            if time.monotonic() > deadline:
                self.picture("stopped")
                raise TourError(f"waited {STEP_SECONDS:.0f} s for {what}")
            self.app.processEvents()
            time.sleep(0.005)

    def wait_live(self) -> None:
        """Wait until nothing is being read, written or imported."""
        self.wait(lambda: self.window.workspace.jobs.idle, "all work to be done")

    def settle(self) -> None:
        """Let the window catch up with what was done to it."""
        for _ in range(5):
            self.app.processEvents()

    def in_both_themes(self, name: str) -> None:
        """A picture in the light and one in the dark, that first which is on: a change takes its time."""
        self.rest()
        for mode in ("dark", "light") if self.theme.is_dark else ("light", "dark"):
            self.theme.set_mode(mode)
            self.keep(f"{name}-{mode}")

    def in_all_themes(self, name: str, size: str) -> None:
        """A picture in the light, the dark and the two of high contrast; each follows by one change."""
        self.rest()
        for mode in ("dark", "light") if self.theme.is_dark else ("light", "dark"):
            self.theme.set_mode(mode)
            for contrast in ("high", "normal") if self.theme.is_high else ("normal", "high"):
                self.theme.set_contrast(contrast)
                self.keep(f"{name}-{mode}{'-contrast' if contrast == 'high' else ''}-{size}")

    def picture(self, name: str) -> None:
        """Keep a picture of the window, in the light."""
        self.theme.set_mode("light")
        self.rest()
        self.keep(name)

    def rest(self) -> None:
        """Let all that moves come to rest, and the browser engine paint, which it does on its own time."""
        pause = time.monotonic() + 0.3
        while time.monotonic() < pause:
            self.app.processEvents()
            time.sleep(0.005)

    def keep(self, name: str) -> None:
        """Keep a picture of the window as it is."""
        if self.shows_page():
            self.rest()
        else:
            self.settle()
        file = self.out / f"{self.pictures + 1:02}-{name}.png"
        if not self.window.grab().save(str(file)):
            raise TourError(f"{file} could not be written")
        self.pictures += 1


def _indented(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.rstrip().splitlines())
