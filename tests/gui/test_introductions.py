"""Every snippet of Flask's introductions in the window: pasted, run, requested, edited by form and by code.

What is edited is that and no byte more, and a plain ``flask run`` of the folder answers as the window does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from introductions import SNIPPETS, Snippet
from plain_flask import Asked, PlainFlask, ask, assert_no_trace
from pytestqt.qtbot import QtBot
from window_driver import WAIT_MS, Driver

from playground.gui import open_window

BODIES = {"application/json": "JSON", "application/x-www-form-urlencoded": "Form"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> PlainFlask:
    return PlainFlask(tmp_path_factory.mktemp("plain"))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot, open_window(None))
    bugs: list[object] = []
    driver.window.workspace.jobs.unexpected.connect(bugs.append)
    yield driver
    driver.close()
    assert bugs == []


def paste(driver: Driver, snippet: Snippet, folder: Path) -> None:
    """Open the files of a snippet, as they were pasted, in the window that has another project."""
    for name, text in snippet.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    driver.window.workspace.open(folder)
    driver.wait(lambda: has_open(driver, folder), f"{snippet.name} to be open")
    driver.live()


def has_open(driver: Driver, folder: Path) -> bool:
    project = driver.window.workspace.snapshot.project
    return project is not None and Path(project.folder) == folder


def send(driver: Driver, asked: Asked) -> tuple[int, str]:
    """Fill in the request panel, send, and give the status and the body that are shown."""
    if asked.body:
        bar = driver.child("request.tabs.bar")
        bar.setCurrentIndex(next(index for index in range(bar.count()) if "Body" in bar.tabText(index)))
        driver.choose("request.body.kind", BODIES[asked.kind])
        if asked.kind == "application/json":
            driver.child("request.body").set_text("")
            driver.type("request.body", asked.body)
        else:
            name, _, value = asked.body.partition("=")
            driver.child("request.form").set_pairs(((name, value),))
    driver.choose("request.method", asked.method)
    status, body = driver.send(asked.path)
    return int(status.split()[0]), body


def wait_for_file(driver: Driver, file: Path, wanted: str) -> None:
    """Until a file holds exactly this, and that is served."""
    try:
        driver.qtbot.waitUntil(lambda: file.read_bytes() == wanted.encode(), timeout=WAIT_MS)
    except Exception as error:
        raise AssertionError(f"{file.read_bytes()!r} is not {wanted.encode()!r}; {driver.wrong()}") from error
    driver.live()


def edited(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, (text, old)
    return text.replace(old, new)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda one: one.name)
def test_pasted_run_requested_and_edited(
    window: Driver, plain: PlainFlask, tmp_path: Path, snippet: Snippet
) -> None:
    paste(window, snippet, tmp_path / "pasted")
    is_as_it_should_be(window, plain, snippet)


def is_as_it_should_be(window: Driver, plain: PlainFlask, snippet: Snippet) -> None:
    folder = window.folder()
    file = folder / snippet.file
    assert {name: (folder / name).read_bytes().decode() for name in snippet.files} == snippet.files
    window.window.workbench.open_route(window.route(snippet.rule))

    status, body = send(window, snippet.asked)
    assert status == snippet.answer[0]
    assert snippet.answer[1] in body

    control, value = snippet.form
    if value:
        window.type(control, value + "\n" * (control == "route.function"))
    else:
        window.click(control)
    text = edited(snippet.files[snippet.file], *snippet.formed)
    wait_for_file(window, file, text)

    before, words = snippet.typed
    window.type_before("route.code", before, words)
    wait_for_file(window, file, edited(text, before, words + before))

    others = {name: data for name, data in snippet.files.items() if name != snippet.file}
    if snippet.template[0]:
        name, before, words = snippet.template
        window.open_from_list(name)
        window.type_before("template.editor", before, words)
        others[f"templates/{name}"] = edited(others[f"templates/{name}"], before, words + before)
        wait_for_file(window, folder / "templates" / name, others[f"templates/{name}"])
    assert {name: (folder / name).read_bytes().decode() for name in others} == others
    answer_as_flask_run_does(window, snippet, plain)


def answer_as_flask_run_does(window: Driver, snippet: Snippet, plain: PlainFlask) -> None:
    """Both say what is expected, and the same of everything else that is asked."""
    folder, ours = window.folder(), window.window.workspace.snapshot.server.port
    with plain.serving(folder) as theirs:
        for asked, status, words in snippet.after:
            said = ask(ours, asked)
            assert said == ask(theirs, asked), asked
            assert said.status == status, (asked, said)
            assert words in said.body.decode(), (asked, said)
        for asked in snippet.also:
            assert ask(ours, asked) == ask(theirs, asked), asked
    assert_no_trace(folder, set(snippet.files))
