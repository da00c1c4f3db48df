"""The Shell without a window: when it can run, its history in the user's folder, and the routes."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from playground.core.problems import ProblemError
from playground.core.shell import Kind
from playground.session.home import Home
from playground.session.session import Session


def run(session: Session, source: str) -> str:
    """The last of what comes out."""
    session.shell_run(source)
    texts: list[str] = []
    pause = threading.Event()
    for _ in range(4000):
        news = session.shell_news()
        texts += [piece.text for piece in news.pieces if piece.kind is not Kind.SOURCE]
        if not news.running and not news.more:
            return texts[-1] if texts else ""
        pause.wait(0.005)
    raise AssertionError("it does not end")


def test_it_runs_in_the_app_that_is_live(session: Session, folder: Path) -> None:
    session.open(folder)
    assert session.shell_place().why_not == "The app is loading."
    with pytest.raises(ProblemError, match="The app is loading"):
        session.shell_run("1")
    session.go_live()
    assert session.shell_place().why_not == ""
    session.shell_prepare()
    assert run(session, "client.get('/').text") == "'home'"
    assert [row.endpoint for row in session.routes_table().rows] == ["static", "home"]
    (completion,) = session.shell_complete("app.import_n", 12).candidates  # type: ignore[union-attr]
    assert completion.text == "import_name"


def test_the_request_is_that_of_the_server(session: Session, folder: Path) -> None:
    session.open(folder)
    session.go_live()
    url = session.start_server(0).url
    assert run(session, "request.url_root") == f"'{url}/'"
    assert session.shell_place().request == ""
    from playground.core.exchanges import RequestSpec

    session.send(RequestSpec(url="/?q=1"), threading.Event())
    place = session.shell_place()
    assert (place.request, place.number) == ("GET /?q=1", 1)
    assert run(session, "request.args['q'], answer.text") == "('1', 'home')"


def test_nothing_runs_where_no_app_is(session: Session, folder: Path) -> None:
    assert session.shell_place().why_not == "No project is open."
    assert session.shell_news().pieces == () and session.shell_complete("app.", 4) is None
    session.shell_stop()
    session.shell_restart()
    (folder / "app.py").write_text("from flask import Flask\napp = Flask(__name__\n")
    session.open(folder)
    session.go_live()
    assert session.shell_place().why_not.startswith("The app does not load: ")
    with pytest.raises(ProblemError, match="does not load"):
        session.shell_run("1")
    assert session.routes_table().rows == ()


@pytest.mark.untrusted
def test_nothing_runs_in_a_restricted_folder(session: Session, folder: Path) -> None:
    session.open(folder)
    session.shell_prepare()
    assert "until you trust it" in session.shell_place().why_not
    with pytest.raises(ProblemError, match="until you trust it"):
        session.shell_run("1")
    session.trust()
    session.go_live()
    assert run(session, "app.name") == "'app'"
    session.distrust()
    with pytest.raises(ProblemError, match="until you trust it"):
        session.shell_run("1")


def test_the_last_good_app_is_there_while_the_newest_source_does_not_load(
    session: Session, folder: Path
) -> None:
    session.open(folder)
    session.go_live()
    assert run(session, "app.name") == "'app'"
    (folder / "app.py").write_text("import nothing_of_that_name\n")
    session.touch(frozenset({"app.py"}))
    assert session.go_live().problem is not None
    assert run(session, "client.get('/').text") == "'home'"


def test_the_history_is_kept_in_the_users_folder(home: Path) -> None:
    first, second = Session(), Session()
    first.keep_in_shell_history("a = 1")
    second.keep_in_shell_history("for x in y:\n    x\n")
    first.keep_in_shell_history("a = 1")
    assert Session().shell_history() == ("for x in y:\n    x", "a = 1")
    kept = json.loads((home / "shell_history.json").read_text())
    assert kept == ["for x in y:\n    x", "a = 1"]


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[[[", "\0"])
def test_a_history_that_can_not_be_read_is_put_aside(home: Path, text: str) -> None:
    (home / "shell_history.json").write_text(text)
    session = Session(Home(home))
    assert session.shell_history() == ()
    assert (home / "shell_history.json.broken").read_text() == text
    session.keep_in_shell_history("x")
    assert session.shell_history() == ("x",)


def test_what_is_no_text_is_left_out_of_the_history(home: Path) -> None:
    (home / "shell_history.json").write_text('["a", 1, null, ["b"], "c"]')
    assert Session().shell_history() == ("a", "c")
