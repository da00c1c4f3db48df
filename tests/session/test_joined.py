"""What the snapshot shows of the routes: the source joined with what runs, and edits of what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from shapes import BY_NAME, write

from playground.core.changes import Area
from playground.core.problems import ProblemError
from playground.core.proposals import Rename
from playground.core.routes import Route, RouteDraft
from playground.session.session import Session

PREFIXED = """\
from flask import Blueprint, Flask

app = Flask(__name__)
users = Blueprint("us" + "ers", __name__)


@users.route("/list")
def every():
    return "every"


@users.route("/one")
def one():
    return "one"


def views(where, **options):
    where.register_blueprint(users, **options)


views(app, url_prefix="/" + "v2")
"""


@pytest.fixture
def session() -> Iterator[Session]:
    one = Session()
    yield one
    one.close()


def opened(session: Session, folder: Path) -> None:
    session.open(folder)
    assert session.go_live().problem is None


def routes(session: Session) -> tuple[Route, ...]:
    project = session.snapshot.project
    assert project is not None
    return project.routes


def rules(session: Session) -> list[tuple[str, bool | None]]:
    return [(route.full_rule, route.live) for route in routes(session) if route.endpoint != "static"]


def shown(session: Session, function: str) -> Route:
    return next(route for route in routes(session) if route.function == function)


def test_each_route_says_whether_it_runs(session: Session, tmp_path: Path) -> None:
    session.open(write(BY_NAME["main_guard"], tmp_path / "one"))
    assert {live for _, live in rules(session)} == {None}
    session.go_live()
    assert rules(session) == [("/", True), ("/only-as-a-script", False), ("/hidden-too", False)]
    assert "__main__" in shown(session, "hidden").why_not_live
    added = routes(session)[-1]
    assert (added.endpoint, added.in_source, added.region) == ("static", False, None)


def test_what_keeps_a_route_out_is_named(session: Session, tmp_path: Path) -> None:
    opened(session, write(BY_NAME["loops_and_conditions"], tmp_path / "one"))
    assert "condition" in shown(session, "debug").why_not_live
    assert "condition" in shown(session, "full").why_not_live
    session.close()
    opened(session, write(BY_NAME["registered_twice"], tmp_path / "two"))
    assert "not registered" in shown(session, "found").why_not_live


def test_where_only_python_knows_the_prefix_the_form_still_edits(session: Session, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PREFIXED)
    opened(session, tmp_path)
    route = shown(session, "one")
    assert (route.full_rule, route.endpoint, route.live) == ("/v2/one", "users.one", True)
    change = session.change_route(route, replace(RouteDraft.of(route), rule="/first", methods=("POST",)))
    text = PREFIXED.replace('@users.route("/one")', '@users.route("/first", methods=["POST"])')
    assert (tmp_path / "app.py").read_text() in (text, PREFIXED.replace('route("/one")', 'post("/first")'))
    assert any(one.key == change.key for one in routes(session))
    session.go_live()
    assert ("/v2/first", True) in rules(session)
    session.remove_route(shown(session, "every"))
    session.go_live()
    assert rules(session) == [("/v2/first", True)]
    session.undo()
    session.undo()
    assert (tmp_path / "app.py").read_text() == PREFIXED


def test_what_no_line_declares_can_not_be_edited(session: Session, tmp_path: Path) -> None:
    opened(session, write(BY_NAME["single_file"], tmp_path / "one"))
    static = routes(session)[-1]
    for refused in (
        lambda: session.remove_route(static),
        lambda: session.change_route(static, RouteDraft.of(static)),
        lambda: session.duplicate_route(static),
        lambda: session.propose(Rename("function", static.function, "other", static)),
    ):
        with pytest.raises(ProblemError, match="No line of the source declares /static"):
            refused()


def test_a_new_route_waits_for_its_app_and_then_runs(session: Session, tmp_path: Path) -> None:
    opened(session, write(BY_NAME["single_file"], tmp_path / "one"))
    session.add_route(RouteDraft("/new"))
    assert ("/new", None) in rules(session)
    session.go_live()
    assert ("/new", True) in rules(session)
    session.remove_route(next(route for route in routes(session) if route.rule == "/new"))
    assert "/new" not in dict(rules(session))  # though the app that runs still has it
    session.go_live()
    assert "/new" not in dict(rules(session))


def test_behind_a_source_that_does_not_load_the_last_good_map_is_told(
    session: Session, tmp_path: Path
) -> None:
    folder = write(BY_NAME["single_file"], tmp_path / "one")
    opened(session, folder)
    app = folder / "app.py"
    app.write_text(
        "import nowhere_at_all\n" + app.read_text() + '\n\n@app.route("/late")\ndef late():\n    return ""\n'
    )
    session.rescan(frozenset({"app.py"}))
    assert session.go_live().problem is not None
    assert dict(rules(session))["/books"] is True
    assert dict(rules(session))["/late"] is False
    assert "does not load" in shown(session, "late").why_not_live


def test_a_body_edit_keeps_the_rows_and_moves_the_lines(session: Session, tmp_path: Path) -> None:
    folder = write(BY_NAME["own_extension"], tmp_path / "one")
    (folder / "health.py").write_text(
        "def first():\n    return 1\n\n\n"
        + (folder / "health.py").read_text().replace("app.add_url_rule", "add(app)")
        + "\n\ndef add(app):\n    return getattr(app, 'add_' + 'url_rule')\n"
    )
    opened(session, folder)
    state = next(route for route in routes(session) if route.endpoint == "health.state")
    assert (state.file, state.in_source) == ("health.py", False)
    text = (folder / "health.py").read_text()
    assert text.splitlines()[state.line - 1].strip() == "def state(self):"
    (folder / "health.py").write_text(text.replace("    return 1", "    # one\n    # two\n    return 1"))
    session.rescan(frozenset({"health.py"}))
    assert session.go_live().how == "body"
    session.settle()
    moved = next(route for route in routes(session) if route.endpoint == "health.state")
    assert (folder / "health.py").read_text().splitlines()[moved.line - 1].strip() == "def state(self):"


def test_who_looks_from_outside_is_told_when_the_map_caught_up(session: Session, tmp_path: Path) -> None:
    folder = write(BY_NAME["single_file"], tmp_path / "one")
    opened(session, folder)
    names = frozenset({"app.py"})
    (folder / "app.py").write_text((folder / "app.py").read_text().replace("/books", "/tomes"))
    session.touch(names)
    session.go_live()  # the app knows the new rules first
    assert [live for _, live in rules(session)] == [True, None, None]
    change = session.rescan(names)
    assert change is not None
    assert Area.ROUTES in change.areas
    session.go_live()
    assert rules(session) == [("/", True), ("/tomes/<int:book_id>", True), ("/tomes", True)]
