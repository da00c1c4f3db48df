"""Choosing the app through the session: what is served follows, and it is remembered outside the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.core.changes import ProjectState
from playground.core.exchanges import RequestSpec
from playground.core.problems import ProblemError
from playground.session.choosing import APPS_KEY, wanted_port
from playground.session.session import Session

APP = 'from flask import Flask\n{0} = Flask("{0}")\n\n@{0}.get("/{0}")\ndef index(): return "{0}"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "several"
    folder.mkdir()
    for name in ("app", "blog"):
        (folder / f"{name}.py").write_text(APP.format(name))
    return folder


@pytest.fixture
def session(folder: Path) -> Iterator[Session]:
    session = Session()
    session.open(folder, trusted=True)
    yield session
    session.close()


def project(session: Session) -> ProjectState:
    state = session.snapshot.project
    assert state is not None
    return state


def rules(session: Session) -> set[str]:
    return {rule.rule for rule in session.go_live().map if rule.endpoint != "static"}


def test_the_choice_is_served_and_remembered(session: Session, folder: Path) -> None:
    assert rules(session) == {"/app"}
    change = session.choose_app("blog")
    assert change is not None
    assert (change.label, change.origin, change.files) == ("choose blog.py", "choose", ())
    assert rules(session) == {"/blog"}
    session.close()
    assert [path.name for path in sorted(folder.iterdir())] == ["app.py", "blog.py"]
    session.open(folder, trusted=True)
    assert (project(session).app_target, project(session).app_said) == ("blog.py", True)
    assert session.choose_app("blog") is None
    session.choose_app("")
    assert rules(session) == {"/app"}
    assert session.home.get(APPS_KEY) == {}


def test_what_is_not_kept_holds_for_now(session: Session, folder: Path) -> None:
    session.choose_app("blog.py", keep=False)
    assert project(session).app_target == "blog.py"
    session.close()
    session.open(folder)
    assert project(session).app_target == "app.py"


def test_a_choice_that_is_gone_is_left_aside(session: Session, folder: Path) -> None:
    session.choose_app("blog")
    session.close()
    (folder / "blog.py").unlink()
    session.open(folder, trusted=True)
    assert project(session).app_target == "app.py"
    assert rules(session) == {"/app"}


@pytest.mark.parametrize("kept", ["junk", {"x": 1}, [], None])
def test_junk_in_the_settings_is_left_aside(folder: Path, kept: object) -> None:
    session = Session()
    session.home.set(APPS_KEY, kept)
    session.open(folder)
    session.choose_app("blog")
    assert session.home.get(APPS_KEY) == {str(folder): "blog"}
    session.close()


def test_what_the_folder_does_not_have_is_refused(session: Session) -> None:
    with pytest.raises(ProblemError, match="There is no shop in this folder"):
        session.choose_app("shop:app")
    assert project(session).app_target == "app.py"
    assert session.home.get(APPS_KEY, {}) == {}


def test_a_restricted_folder_can_be_chosen_in_and_nothing_runs(folder: Path) -> None:
    (folder / "blog.py").write_text("raise SystemExit\n")
    session = Session()
    session.home.distrust(folder.parent)
    session.home.distrust(folder)
    session.open(folder)
    session.choose_app("blog")
    assert session.snapshot.restricted
    assert not session.go_live().loaded
    session.close()


def test_an_edit_of_env_reaches_the_app_and_nothing_stays(session: Session, folder: Path) -> None:
    before = dict(os.environ)
    text = APP.format("app").replace('return "app"', 'return os.environ["SHOP_NAME"]')
    (folder / "app.py").write_text("import os\nos.environ['SHOP_NAME']\n" + text)
    session.rescan()
    problem = session.go_live().problem
    assert problem is not None
    assert "variable SHOP_NAME is not set" in problem.sentence
    for name in ("first", "second"):
        (folder / ".env").write_text(f"SHOP_NAME={name}\n")
        session.touch(frozenset({".env"}))
        session.rescan(frozenset({".env"}))
        assert session.go_live().problem is None
        session.start_server(0)
        response = session.send(RequestSpec("GET", "/app")).response
        assert response is not None
        assert response.body == name.encode()
    session.close()
    assert dict(os.environ) == before


def test_the_port_that_the_folder_asks_for_is_tried_first(session: Session, folder: Path) -> None:
    (folder / ".flaskenv").write_text("FLASK_RUN_PORT=5043\nFLASK_RUN_HOST=0.0.0.0\n")
    state = session.start_server()
    assert state.host == "127.0.0.1"
    assert state.port >= 5043
    assert session.asks_for_network() == "FLASK_RUN_HOST=0.0.0.0"


@pytest.mark.parametrize(
    ("variables", "port", "words"),
    [
        ({}, 5000, ""),
        ({"FLASK_RUN_PORT": "8080"}, 8080, ""),
        ({"FLASK_RUN_PORT": "abc"}, 5000, "is no port"),
        ({"FLASK_RUN_PORT": "99999"}, 5000, "is no port"),
    ],
)
def test_the_port_of_the_folder(
    variables: dict[str, str], port: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("FLASK_")]:
        monkeypatch.delenv(name)
    found, note = wanted_port(variables)
    assert found == port
    assert words in note
    assert bool(note) is bool(words)
