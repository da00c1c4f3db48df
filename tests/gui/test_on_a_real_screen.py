"""The main job once more on a real X server, where focus, keys and painting are the system's."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from window_driver import Driver

from playground.gui import open_window


@pytest.mark.x11
def test_the_main_job(qtbot: QtBot) -> None:
    driver = Driver(qtbot, open_window(None))
    driver.click("welcome.starter.pages")
    driver.live()
    driver.add_route("/users/<int:user_id>", "json", '{"id": user_id}')
    assert driver.send("/users/42")[0] == "200 OK"
    driver.open_from_list("hello.html")
    editor = driver.child("template.editor")
    driver.wait(lambda: editor.isEnabled() and bool(editor.text()), "the template")
    cursor = editor.textCursor()
    cursor.setPosition(editor.text().rindex("{% endblock %}"))
    editor.setTextCursor(cursor)
    driver.keys(editor, "<b>on a real screen</b>")

    def page() -> str:
        seen: list[str] = []
        driver.child("template.preview").plain_text(seen.append)
        driver.wait(lambda: bool(seen), "the page's text")
        return seen[0]

    driver.wait(lambda: "on a real screen" in page(), "the page to follow the typing")
    driver.window.close()  # not driver.close(): without a window manager nobody gives the focus back
    driver.window.deleteLater()
