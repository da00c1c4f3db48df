"""How long a view may take, as a person sees and sets it in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from window_driver import Driver

from playground.client import sender
from playground.session.home import Home
from playground.session.session import Session


def entries(window: Driver) -> dict[str, QAction]:
    """What the menu of the button offers."""
    menu = window.child("server.limit").menu()
    menu.aboutToShow.emit()
    return {action.text(): action for action in menu.actions() if action.text()}


def test_it_is_seen_and_the_hover_says_what_it_does(window: Driver) -> None:
    button = window.child("server.limit")
    assert button.text() == "Limit 30 s"
    assert button.accessibleName() == "Time limit of a view: 30 s"
    assert "504" in button.toolTip() and "stream" in button.toolTip()


def test_an_entry_of_the_menu_sets_it(window: Driver) -> None:
    assert list(entries(window)) == ["5 s", "10 s", "30 s", "1 min", "5 min", "None", "Other…"]
    assert [text for text, action in entries(window).items() if action.isChecked()] == ["30 s"]
    for text, said, limit in (
        ("5 s", "Limit 5 s", 5.0),
        ("None", "No limit", None),
        ("1 min", "Limit 1 min", 60.0),
    ):
        entries(window)[text].trigger()
        window.settled()
        assert window.text("server.limit") == said
        assert window.window.workspace.session.request_limit == limit
        assert Session(Home()).request_limit == limit
        assert [text for text, action in entries(window).items() if action.isChecked()] == [text]


def test_another_one_is_asked_for(window: Driver) -> None:
    entries(window)["Other…"].trigger()
    assert window.text("ask.input") == "30"
    window.type("ask.input", "soon")
    window.click("ask.ok")
    assert '"soon" is not a number of seconds.' in window.text("ask.problem")
    window.type("ask.input", "-3")
    window.click("ask.ok")
    assert "-3 can't be a time limit." in window.text("ask.problem")
    assert window.text("server.limit") == "Limit 30 s"
    window.type("ask.input", "2.5\n")
    window.settled()
    assert window.text("server.limit") == "Limit 2.5 s"
    assert not window.has("ask.input")
    assert list(entries(window))[-3:] == ["2.5 s", "None", "Other…"]


def test_zero_is_for_never(window: Driver) -> None:
    window.window.commands.table["request.limit"].callback()
    window.type("ask.input", "0\n")
    window.settled()
    assert window.text("server.limit") == "No limit"
    assert window.window.workspace.session.request_limit is None


def test_it_is_found_by_its_name(window: Driver) -> None:
    assert window.window.commands.table.find("time limit")[0].id == "request.limit"


def test_the_welcome_page_has_none(window: Driver) -> None:
    window.window.commands.close_project()
    window.wait(lambda: window.has("welcome.starter.hello"), "the welcome page")
    assert not window.has("server.limit")


def test_one_that_can_not_be_kept_holds_and_says_so(window: Driver, home: Path) -> None:
    (home / "settings.json").unlink(missing_ok=True)
    (home / "settings.json").mkdir()
    (home / "settings.json.broken").touch()  # where a folder can't be put aside
    entries(window)["10 s"].trigger()
    window.wait(
        lambda: window.has("banner.text") and "can't be written" in window.text("banner.text"), "the reason"
    )
    assert window.window.workspace.session.request_limit == 10.0


STREAM = """
import time


@app.get("/stream")
def stream():
    def ticks():
        while True:
            yield "tick\\n"
            time.sleep(0.02)
    return ticks(), {"Content-Type": "text/plain"}
"""


def test_a_stream_without_an_end_is_shown_and_can_be_cancelled(
    window: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "STREAM_SECONDS", 0.5)
    app = window.folder() / "app.py"
    app.write_text(app.read_text() + STREAM)
    window.wait(lambda: "/stream" in str(window.window.workspace.snapshot.project.routes), "the route")
    window.live()
    status, body = window.send("/stream")
    assert status == "200 OK" and body.startswith("tick\ntick\n")
    assert window.text("response.hops").startswith("The answer goes on")

    monkeypatch.setattr(sender, "STREAM_SECONDS", 60.0)
    window.click("request.send")
    window.wait(lambda: window.text("request.send") == "Cancel", "the request to be under way")
    window.click("request.send")
    window.wait(lambda: window.text("request.send") == "Send", "the request to be cancelled")
    window.wait(lambda: window.text("response.status") == "Cancelled", "the panel to say so")
