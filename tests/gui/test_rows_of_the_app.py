"""Routes that the form can't own, that do not run, or that only the running app has: listed, told, opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot
from shapes import BY_NAME, write
from window_driver import Driver

from playground.core.routes import Route
from playground.gui import open_window

MORE = """

class Health:
    def __init__(self, where):
        getattr(where, "add_" + "url_rule")("/health", "health", self.state)

    def state(self):
        return "well"


Health(app)
"""


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> Iterator[Driver]:
    folder = write(BY_NAME["loops_and_conditions"], tmp_path / "loops")
    app = folder / "app.py"
    app.write_text(app.read_text(encoding="utf-8") + MORE, encoding="utf-8")
    driver = Driver(qtbot, open_window(folder))
    bugs: list[object] = []
    driver.window.workspace.jobs.unexpected.connect(bugs.append)
    driver.live()
    driver.wait(lambda: "/health" in rows(driver), "the rows of the running app")
    yield driver
    driver.close()
    assert bugs == []


def rows(driver: Driver) -> dict[str, QModelIndex]:
    """Each row of a route by its text."""
    model = driver.child("routes.tree").model()
    found: dict[str, QModelIndex] = {}
    for group in model.groups():
        for place in range(model.rowCount(group)):
            index = model.index(place, 0, group)
            if model.rowCount(index) == 0:
                found[str(index.data())] = index
    return found


def spoken(driver: Driver, rule: str) -> str:
    return str(rows(driver)[rule].data(Qt.ItemDataRole.AccessibleTextRole))


def route(driver: Driver, rule: str) -> Route:
    routes = driver.window.workspace.snapshot.project.routes
    return next(one for one in routes if one.full_rule == rule)


def edit(driver: Driver, old: str, new: str) -> None:
    """An edit in another editor."""
    app = driver.folder() / "app.py"
    text = app.read_text(encoding="utf-8")
    assert old in text
    app.write_text(text.replace(old, new), encoding="utf-8")


def show(driver: Driver, rule: str) -> None:
    driver.window.workbench.open_route(route(driver, rule))
    driver.wait(lambda: driver.window.workbench.pages.current_page().title == rule, f"the page of {rule}")


def test_each_row_and_its_page_say_what_is_special_about_it(driver: Driver) -> None:
    assert "Not in the running app" in spoken(driver, "/debug")
    assert "condition" in spoken(driver, "/debug")
    assert "code only" in spoken(driver, "/colour/red")
    assert "Flask adds this one for static files." in spoken(driver, "/static/<path:filename>")
    assert ":" not in spoken(driver, "/not-debug")
    tip = str(rows(driver)["/static/<path:filename>"].data(Qt.ItemDataRole.ToolTipRole))
    assert "Flask adds this one" in tip

    show(driver, "/debug")
    assert driver.text("route.note").startswith("Not in the running app:")
    assert driver.child("route.rule").isEnabled()
    show(driver, "/not-debug")
    assert not driver.has("route.note")

    # The status line counts what is written.
    project = driver.window.workspace.snapshot.project
    written = [one for one in project.routes if one.in_source]
    assert 0 < len(written) < len(project.routes)
    assert driver.text("status.counts").startswith(f"{len(written)} routes · ")
    tip = driver.child("status.counts").toolTip()
    assert "source declares" in tip
    assert "/static/<path:filename>" in tip
    app = driver.folder() / "app.py"
    more = '\n\n@app.get("/more")\ndef more():\n    return "more"\n'
    app.write_text(app.read_text(encoding="utf-8") + more, encoding="utf-8")
    driver.wait(
        lambda: driver.text("status.counts").startswith(f"{len(written) + 1} routes · "), "the new route"
    )
    driver.settled()


def test_what_is_made_in_a_loop_or_by_the_app_alone_says_whence(driver: Driver) -> None:
    show(driver, "/colour/red")
    assert "loop" in driver.text("route.note")
    assert not driver.has("route.rule")
    assert "@app.route(f" in driver.text("route.code")
    driver.click("route.note.open")
    driver.wait(lambda: driver.has("file.editor"), "the file")
    editor = driver.child("file.editor")
    driver.wait(lambda: 'f"/colour/{name}"' in editor.textCursor().block().text(), "the line")

    show(driver, "/static/<path:filename>")
    assert driver.text("route.note") == "Flask adds this one for static files."
    assert not driver.has("route.code")
    assert not driver.has("route.note.open")
    show(driver, "/health")
    assert "app.py" in driver.text("route.note")
    driver.send()
    assert driver.text("response.status").startswith("200")
    driver.click("route.note.open")
    driver.wait(lambda: driver.has("file.editor"), "the file")


CONDITION = 'os.environ.get("PLAYGROUND_TESTS_NEVER_SET_THIS")'


def test_rows_and_notes_follow_the_source(driver: Driver) -> None:
    show(driver, "/debug")
    edit(driver, CONDITION, "True")
    driver.wait(lambda: driver.text("route.note") == "Only if True.", "the note to say but the condition")
    driver.wait(lambda: "Not in the running app" not in spoken(driver, "/debug"), "its row to say so")
    driver.wait(lambda: "Not in the running app" in spoken(driver, "/not-debug"), "the other branch to stop")

    # The condition of a route that runs is said calmly.
    edit(driver, "if True", "if len(NAMES) == 3")
    driver.wait(lambda: spoken(driver, "/debug").endswith(": Only if len(NAMES) == 3."), "the row to say it")
    show(driver, "/debug")
    assert driver.text("route.note") == "Only if len(NAMES) == 3."
    assert driver.child("route.rule").isEnabled()
    assert not driver.has("route.note.open")
    tip = str(rows(driver)["/debug"].data(Qt.ItemDataRole.ToolTipRole))
    assert tip.endswith("\nOnly if len(NAMES) == 3.")

    # The subdomain of a route is said and goes with it.
    edit(driver, '"/debug"', '"/debug", subdomain="api"')
    driver.wait(lambda: "subdomain api" in spoken(driver, "/debug"), "the row to say so")
    driver.settled()
