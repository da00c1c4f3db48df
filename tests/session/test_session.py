"""The whole product without a window: what a person does, as one session does it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from playground.core.answers import Answer, AnswerKind
from playground.core.changes import Area
from playground.core.exchanges import RequestSpec
from playground.core.problems import ProblemError
from playground.core.routes import NewBlueprint, Route, RouteDraft
from playground.session.session import Session


@pytest.fixture
def serving(session: Session, tmp_path: Path) -> Session:
    """A session that serves the pages starter."""
    session.open(session.create("pages", tmp_path / "pages"))
    assert session.go_live().problem is None
    session.start_server(0)
    return session


def folder(session: Session) -> Path:
    assert session.snapshot.project is not None
    return Path(session.snapshot.project.folder)


def route(session: Session, endpoint: str) -> Route:
    assert session.snapshot.project is not None
    return next(one for one in session.snapshot.project.routes if one.endpoint == endpoint)


def get(session: Session, path: str) -> tuple[int, str]:
    response = session.send(RequestSpec(url=path)).response
    assert response is not None
    return response.status, response.body.decode()


def text(value: str) -> Answer:
    return Answer(AnswerKind.TEXT, value)


def test_the_whole_main_job(serving: Session) -> None:
    users = Answer(AnswerKind.JSON, '{"id": user_id}')
    change = serving.add_route(RouteDraft("/users/<int:user_id>", ("GET", "POST"), answer=users))
    assert change.label == "add /users/<int:user_id>"
    assert change.key == ("get_user", "/users/<int:user_id>")
    assert Area.ROUTES in change.areas
    assert serving.go_live().problem is None
    exchange = serving.send(RequestSpec(method="POST", url="/users/42"))
    assert exchange.response is not None
    assert json.loads(serving.pretty(exchange)[0]) == {"id": 42}
    match = serving.match("POST", "/users/42")
    assert match is not None
    assert (match.rule, match.values) == ("/users/<int:user_id>", (("user_id", "42"),))

    page = serving.read_text("templates/hello.html")
    serving.write_text(
        page.file, page.text.replace("{% block content %}", "{% block content %}new "), page.token
    )
    assert serving.go_live().how == "template"
    assert "new" in get(serving, "/hello/Ada")[1]
    assert serving.template_request("hello.html") == "/hello/Ada"


def test_what_was_written_in_between_goes_live_together(serving: Session) -> None:
    serving.add_route(RouteDraft("/a", answer=text("a")))
    page = serving.read_text("templates/index.html")
    serving.write_text(
        page.file, page.text.replace("{% endblock %}", "<i>more</i>{% endblock %}"), page.token
    )
    serving.add_route(RouteDraft("/b", answer=text("b")))
    assert get(serving, "/a")[0] == 404
    state = serving.go_live()
    assert (state.how, state.problem) == ("structure", None)
    assert [get(serving, path)[1] for path in ("/a", "/b")] == ["a", "b"]
    assert "<i>more</i>" in get(serving, "/")[1]
    revision = serving.snapshot.live
    assert serving.go_live() == revision  # nothing was written: nothing is loaded again


def test_undo_and_redo_cover_routes_and_templates(serving: Session) -> None:
    before = {path: path.read_bytes() for path in folder(serving).rglob("*") if path.is_file()}
    serving.add_route(
        RouteDraft("/shop", new_blueprint=NewBlueprint("shop", "/s", "shop.py"), answer=text("s"))
    )
    serving.rename_template("hello.html", "greeting.html")
    serving.change_route(
        route(serving, "hello"), replace(RouteDraft.of(route(serving, "hello")), rule="/hi/<name>")
    )
    serving.go_live()
    after = {path: path.read_bytes() for path in folder(serving).rglob("*") if path.is_file()}
    assert get(serving, "/s/shop") == (200, "s")
    assert "Ada" in get(serving, "/hi/Ada")[1]

    for _ in range(3):
        assert serving.undo().origin == "undo"
    assert {path: path.read_bytes() for path in folder(serving).rglob("*") if path.is_file()} == before
    assert serving.go_live().problem is None
    assert get(serving, "/s/shop")[0] == 404
    with pytest.raises(ProblemError):
        serving.undo()

    for _ in range(3):
        serving.redo()
    assert {path: path.read_bytes() for path in folder(serving).rglob("*") if path.is_file()} == after
    serving.go_live()
    assert get(serving, "/s/shop") == (200, "s")


def test_an_edit_of_another_program_is_found_and_goes_live(serving: Session) -> None:
    found = threading.Event()
    reported: set[str] = set()

    def note(files: frozenset[str]) -> None:
        reported.update(files)
        if "app.py" in files:
            found.set()

    serving.watch(note)
    app = folder(serving) / "app.py"
    app.write_text(app.read_text().replace('"/hello/<name>"', '"/elsewhere/<name>"'))
    assert found.wait(10)
    change = serving.rescan(frozenset(reported))
    assert change is not None
    assert (change.origin, change.files) == ("outside", ("app.py",))
    assert route(serving, "hello").rule == "/elsewhere/<name>"
    serving.go_live()
    assert "Ada" in get(serving, "/elsewhere/Ada")[1]
    assert serving.rescan(frozenset(reported)) is None


def test_own_writes_are_no_edits_from_outside(serving: Session) -> None:
    change = serving.add_route(RouteDraft("/a", answer=text("a")))
    assert serving.rescan(frozenset(change.files)) is None
    assert serving.rescan() is None


def test_a_change_never_overwrites_what_another_program_wrote(serving: Session) -> None:
    app = folder(serving) / "app.py"
    stale = route(serving, "hello")
    app.write_text("# typed elsewhere\n" + app.read_text().replace("/hello/<name>", "/other/<name>"))
    theirs = app.read_bytes()
    with pytest.raises(ProblemError):
        serving.change_route(stale, replace(RouteDraft.of(stale), rule="/mine/<name>"))
    page = serving.read_text("app.py")
    app.write_bytes(theirs + b"# and more\n")
    with pytest.raises(ProblemError, match="another program"):
        serving.write_text("app.py", page.text + "x", page.token)
    assert app.read_bytes() == theirs + b"# and more\n"


def test_what_does_not_load_keeps_the_last_good_app(serving: Session) -> None:
    app = serving.read_text("app.py")
    broken = app.text.replace("def hello(name):", "def hello(name:")
    _, saved = serving.write_text("app.py", broken, app.token)
    state = serving.go_live()
    assert state.loaded
    assert state.problem is not None
    assert state.problem.place is not None
    assert state.problem.place.file == "app.py"
    assert [str(problem.place) for problem in serving.snapshot.problems] == [str(state.problem.place)]
    assert "Ada" in get(serving, "/hello/Ada")[1]
    assert (folder(serving) / "app.py").read_text() == broken
    serving.write_text("app.py", app.text, saved.token)
    assert serving.go_live().problem is None
    assert serving.snapshot.problems == ()


def test_the_revision_grows_with_each_step(session: Session, tmp_path: Path) -> None:
    seen = [session.snapshot.revision]
    session.open(session.create("hello", tmp_path / "hello"))
    seen.append(session.snapshot.revision)
    session.add_route(RouteDraft("/a", answer=text("a")))
    seen.append(session.snapshot.revision)
    session.go_live()
    seen.append(session.snapshot.revision)
    assert seen == sorted(set(seen))


def test_new_projects_get_free_names(session: Session, home: Path) -> None:
    made = [session.create("hello") for _ in range(3)]
    assert [path.name for path in made] == ["hello", "hello-2", "hello-3"]
    assert all(path.is_relative_to(home) for path in made)
    session.open(made[1])
    name, where, words = session.recent_projects()[0]
    assert (name, where) == ("hello-2", str(made[1].resolve()))
    assert "1 route" in words


def test_without_a_project_everything_is_refused_in_words(session: Session) -> None:
    with pytest.raises(ProblemError, match="No project is open"):
        session.add_route(RouteDraft("/"))
    with pytest.raises(ProblemError, match="No project is open"):
        session.start_server(0)
    assert not session.go_live().loaded
    assert session.match("GET", "/") is None


def test_a_port_in_use_is_refused_and_the_next_one_named(serving: Session) -> None:
    serving.stop_server()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(ProblemError, match="is taken"):
            serving.start_server(taken.getsockname()[1])
        assert not serving.snapshot.server.running
    assert serving.start_server(0).running


def test_stop_and_start_keep_the_data_of_the_app(session: Session, tmp_path: Path) -> None:
    session.open(session.create("json", tmp_path / "json"))
    session.go_live()
    session.start_server(0)
    session.send(RequestSpec(method="POST", url="/users", body='{"name": "Zoe"}', body_kind="json"))
    session.stop_server()
    assert session.send(RequestSpec(url="/users/3")).response is None
    session.start_server(0)
    assert json.loads(get(session, "/users/3")[1])["name"] == "Zoe"


def test_a_reset_is_told_from_an_import_that_keeps_the_data(serving: Session) -> None:
    assert serving.reset_data().how == "reset"
    serving.touch(frozenset({"app.py"}))  # noticed late, and known already
    assert serving.go_live().how == serving.snapshot.live.how == "reset"


def test_one_project_after_another_and_closing_twice(session: Session, tmp_path: Path) -> None:
    modules, hooks, path = set(sys.modules), list(sys.meta_path), list(sys.path)
    for name in ("hello", "blueprints", "hello"):
        target = tmp_path / f"{name}-{len(list(tmp_path.iterdir()))}"
        session.open(session.create(name, target))
        session.go_live()
        port = session.start_server(0).port
        session.watch(lambda _files: None)
        assert get(session, "/")[0] == 200
        session.close()
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
        assert session.snapshot.project is None
        assert not session.snapshot.server.running
    session.close()
    left = {name for name in set(sys.modules) - modules if name in ("app", "users")}
    assert (left, list(sys.meta_path), list(sys.path)) == (set(), hooks, path)


def test_the_session_needs_no_qt() -> None:
    check = (
        "import sys; sys.modules['PySide6'] = None; from playground.session.session import Session; "
        "import playground.cli; Session().close(); print('PySide6.QtCore' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
