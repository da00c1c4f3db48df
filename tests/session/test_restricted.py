"""A folder that was not made here: read and edited, and nothing of it runs until the person says so."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from canary import Canary, canary

from playground.core.problems import ProblemError
from playground.core.routes import RouteDraft
from playground.session.home import Home
from playground.session.session import Session

pytestmark = pytest.mark.untrusted


@pytest.fixture
def bird(tmp_path: Path) -> Canary:
    return canary(tmp_path)


def _edit_everything(session: Session) -> None:
    project = session.snapshot.project
    assert project is not None
    route = next(route for route in project.routes if route.endpoint == "user")
    session.change_route(route, RouteDraft.of(route))
    session.add_route(RouteDraft("/new"))
    session.undo()
    session.redo()
    text = session.read_text("app.py")
    session.write_text("app.py", text.text + "\n# mine\n", text.token)
    session.new_template("other.html")
    session.rename_template("page.html", "pages.html")
    session.rescan()


def test_the_canary_sings_when_it_is_run(bird: Canary) -> None:
    subprocess.run(["git", "status"], cwd=bird.folder, check=True, capture_output=True)

    assert "git.fsmonitor" in bird.sung


def test_nothing_runs_whatever_is_asked(session: Session, bird: Canary) -> None:
    session.open(bird.folder)
    assert session.snapshot.restricted

    session.watch(lambda files: None)
    _edit_everything(session)
    live = session.go_live()
    session.settle()
    session.reset_data()
    session.supersede()
    with pytest.raises(ProblemError, match="not trusted"):
        session.start_server()
    session.touch(frozenset({"app.py", "templates/page.html"}))
    session.go_live()

    assert (live.loaded, live.problem, live.map) == (False, None, ())
    assert session.match("GET", "/") is None
    assert session.template_request("pages.html") == ""
    assert not session.snapshot.server.running
    assert bird.sung == set()
    assert "# mine" in (bird.folder / "app.py").read_text()
    assert not list(bird.folder.rglob("__pycache__"))


def test_once_trusted_it_loads_all_of_it_and_is_remembered(session: Session, bird: Canary) -> None:
    session.open(bird.folder)
    _edit_everything(session)
    session.go_live()

    session.trust()
    live = session.go_live()

    assert not session.snapshot.restricted
    assert live.loaded, live.problem
    assert live.rules == 4
    assert "app.py" in bird.sung
    session.close()
    session.open(bird.folder)
    assert not session.snapshot.restricted
    assert not (bird.folder / "trusted.json").exists()


def test_the_folder_around_is_trusted_with_its_neighbours(session: Session, bird: Canary) -> None:
    session.open(bird.folder)

    assert session.folder_around() == str(bird.folder.parent)
    session.trust(around=True)

    assert Home().trusts(bird.folder.with_name("neighbour"))


def test_trust_taken_back_stops_the_server_and_unloads(session: Session, bird: Canary) -> None:
    session.open(bird.folder)
    session.trust()
    session.go_live()
    session.start_server()
    for sung in bird.nest.iterdir():
        sung.unlink()

    session.distrust()
    session.go_live()

    snapshot = session.snapshot
    assert (snapshot.restricted, snapshot.server.running, snapshot.live.loaded) == (True, False, False)
    assert snapshot.project is not None
    assert {(route.live, route.in_source) for route in snapshot.project.routes} == {(None, True)}
    assert session.match("GET", "/") is None
    assert not Home().trusts(bird.folder)
    assert bird.sung == set()
    session.trust()
    assert session.go_live().loaded
    assert "app.py" in bird.sung


def test_opened_as_trusted_it_runs_and_is_not_remembered(session: Session, bird: Canary) -> None:
    session.open(bird.folder, trusted=True)

    assert session.go_live().loaded
    assert "app.py" in bird.sung
    assert not Home().trusts(bird.folder)


def test_what_is_made_here_is_trusted(session: Session, tmp_path: Path) -> None:
    for folder in (session.create("hello", tmp_path / "mine"), session.create("hello")):
        session.open(folder)
        assert not session.snapshot.restricted
        assert session.go_live().loaded
        session.close()


def test_the_next_folder_does_not_inherit_trust_nor_restriction(
    session: Session, bird: Canary, tmp_path: Path
) -> None:
    session.open(session.create("hello", tmp_path / "mine"))
    session.go_live()
    session.close()
    session.open(bird.folder)
    session.go_live()
    assert session.snapshot.restricted
    session.close()

    assert not session.snapshot.restricted
    assert bird.sung == set()


def test_where_trust_cannot_be_kept_it_says_so_and_runs_all_the_same(tmp_path: Path, bird: Canary) -> None:
    (tmp_path / "file").write_text("in the way")
    session = Session(Home(tmp_path / "file" / "home"))
    session.open(bird.folder)

    with pytest.raises(ProblemError, match="can't be written"):
        session.trust()

    assert session.go_live().loaded
    session.close()
