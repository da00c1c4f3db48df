"""A request goes to the clipboard as a command, and the command does what Send does."""

from __future__ import annotations

import shlex
import shutil
import subprocess

from PySide6.QtGui import QGuiApplication
from window_driver import Driver


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_the_request_as_it_stands_is_copied(window: Driver) -> None:
    QGuiApplication.clipboard().clear()
    window.type("request.url", "/?name=Ada")
    window.click("request.copy_curl")
    window.wait(lambda: bool(clipboard()), "a command on the clipboard")
    command = shlex.split(clipboard())
    assert command == ["curl", "-L", f"{window.text('server.address')}/?name=Ada"]
    if shutil.which("curl"):
        done = subprocess.run([*command, "-s"], capture_output=True, text=True, timeout=20, check=True)
        assert done.stdout == "<p>Hello, World!</p>"


def test_a_request_that_cannot_be_sent_is_not_copied_and_says_why(window: Driver) -> None:
    QGuiApplication.clipboard().setText("mine")
    window.click("server.toggle")
    window.wait(lambda: not window.window.workspace.snapshot.server.running, "the server to stop")
    window.click("request.copy_curl")
    window.wait(lambda: "The server is stopped." in window.text("banner.text"), "the reason")
    assert clipboard() == "mine"
