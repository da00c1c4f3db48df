"""Drives the window as a person does: by the names of its controls, with clicks and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from playground.core.routes import Route

WAIT_MS = 15_000


class Driver:
    """One window, driven by object names."""

    def __init__(self, qtbot: QtBot, window: QMainWindow) -> None:
        self.qtbot, self.window = qtbot, window
        qtbot.waitUntil(window.isActiveWindow, timeout=WAIT_MS)  # keys reach only the window in front

    def has(self, name: str) -> bool:
        return any(widget.isVisible() for widget in self.window.findChildren(QWidget, name))

    def child(self, name: str) -> Any:
        """The visible control of that name."""
        self.wait(lambda: self.has(name), f"a visible {name}")
        return next(widget for widget in self.window.findChildren(QWidget, name) if widget.isVisible())

    def text(self, name: str, *, visible: bool = True) -> str:
        widget = self.child(name) if visible else self.window.findChild(QWidget, name)
        if isinstance(widget, QComboBox):
            return widget.currentText()
        read = getattr(widget, "toPlainText", None) or widget.text
        return str(read())

    def click(self, name: str) -> None:
        widget = self.child(name)
        self.wait(widget.isEnabled, f"{name} to be enabled")
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str) -> None:
        """Replace what a control holds by typing, key by key."""
        widget = self.child(name)
        self.wait(widget.isEnabled, f"{name} to be enabled")
        target = widget.lineEdit() if isinstance(widget, QComboBox) else widget
        target.setFocus()
        target.selectAll()
        if not text:
            self.qtbot.keyClick(target, Qt.Key.Key_Delete)
        self.keys(target, text)

    def keys(self, widget: QWidget, text: str) -> None:
        for part in text.splitlines(keepends=True):
            for character in part.rstrip("\n"):
                self.key(widget, character)
            if part.endswith("\n"):
                self.qtbot.keyClick(widget, Qt.Key.Key_Return)

    def key(self, widget: QWidget, character: str) -> None:
        """One character; Qt's test functions know no keys for those that are not in ASCII, and abort."""
        if character.isascii():
            self.qtbot.keyClicks(widget, character)
            return
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character))

    def choose(self, name: str, entry: str) -> None:
        """Choose an entry of a drop-down list by its words, with the keyboard."""
        combo = self.child(name)
        assert isinstance(combo, QComboBox)
        index = combo.findText(entry)
        assert index >= 0, f"{name} has no {entry}"
        combo.setFocus()
        while combo.currentIndex() != index:
            down = combo.currentIndex() < index
            self.qtbot.keyClick(combo, Qt.Key.Key_Down if down else Qt.Key.Key_Up)

    def wait(self, until: Callable[[], bool], what: str) -> None:
        try:
            self.qtbot.waitUntil(until, timeout=WAIT_MS)
        except Exception as error:
            told = f"{error!r}; wrong now: {self.wrong()}; the server: {self.server()}"
            raise AssertionError(f"waited in vain for {what}; {told}") from error

    def server(self) -> str:
        """All that the window says and knows of the server and the live app, to make failures readable."""
        said = [label.text() for label in self.window.findChildren(QLabel, "server.status")]
        workspace = getattr(self.window, "workspace", None)
        if workspace is None:
            return f"{said}"
        snapshot, jobs = workspace.snapshot, workspace.jobs
        live = f"loaded {snapshot.live.loaded}, {snapshot.live.how}, {snapshot.live.problem}"
        known = f"restricted {snapshot.restricted}, idle {jobs.idle}, project {snapshot.project is not None}"
        return f"{said}, {snapshot.server}, {live}, {known}"

    def wrong(self) -> list[str]:
        """Every sentence about something wrong that is shown now, to make failures readable."""
        return [
            widget.text()
            for widget in self.window.findChildren(QWidget)
            if widget.isVisible()
            and ("problem" in widget.objectName() or widget.objectName() in ("banner.text", "conflict.text"))
            and getattr(widget, "text", None)
        ]

    def close(self) -> None:
        """Close the window, as a person does at the end."""
        in_front = self.window.isActiveWindow()
        self.window.close()
        self.window.deleteLater()
        assert in_front, (
            "a control that was shown before it had a parent took the focus as a window of its own"
        )

    def open_from_list(self, words: str) -> None:
        """Click the row of the side bar that says this."""
        tree = self.child("routes.tree")
        model = tree.model()
        start = model.index(0, 0)
        flags = Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly
        found = model.match(start, Qt.ItemDataRole.DisplayRole, words, 1, flags)
        assert found, f"the side bar has no row {words}"
        tree.scrollTo(found[0])
        centre = tree.visualRect(found[0]).center()
        self.qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=centre)

    def route(self, rule: str) -> Route:
        """The route of that rule, as the window has it now."""
        return next(one for one in self.window.workspace.snapshot.project.routes if one.rule == rule)

    def type_before(self, name: str, before: str, words: str) -> None:
        """Type into an editor before a piece of its text."""
        editor = self.child(name)
        self.wait(lambda: before in editor.text(), f"{before} in {name}")
        editor.setFocus()
        cursor = QTextCursor(editor.document())
        cursor.setPosition(editor.text().index(before))
        editor.setTextCursor(cursor)
        self.keys(editor, words)

    # Whole steps ------------------------------------------------------------------------------

    def settled(self) -> None:
        """Wait until nothing is being read, written, imported or sent."""
        window = self.window
        self.wait(lambda: window.workspace.jobs.idle and window.workbench.composed, "all work to be done")

    def live(self) -> None:
        """Wait until the newest source is served, and shown with what runs."""
        self.settled()
        self.wait(lambda: self.text("server.status") == "● Live", "the server to be live")
        self.settled()

    def folder(self) -> Path:
        return Path(self.window.workspace.snapshot.project.folder)

    def add_route(self, rule: str, kind: str, value: str | None = None, **fields: str) -> None:
        """Fill in the form of a new route and press Add; ``fields`` are typed by name (status, function)."""
        self.click("toolbar.new_route")
        self.type("route.rule", rule)
        if kind != "text":
            self.click(f"route.answer.{kind}")
        if value is not None:
            self.type("route.answer.value", value)
        for name, text in fields.items():
            self.type(f"route.{name}", text)
        self.click("route.add")
        self.wait(lambda: not self.has("route.add"), f"{rule} to be added")
        self.live()

    def send(self, url: str | None = None) -> tuple[str, str]:
        """Send a request and return what the status and the body say."""
        if url is not None:
            self.type("request.url", url)
        answers: list[object] = []
        self.window.workspace.exchanged.connect(answers.append)
        self.click("request.send")
        self.wait(lambda: bool(answers), "an answer")
        self.window.workspace.exchanged.disconnect(answers.append)
        return self.text("response.status"), self.text("response.body", visible=False)
