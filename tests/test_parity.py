"""Each starter answers the same from the playground and from plain ``flask run`` in a process of its own.

What the projects that are made through the forms answer is compared in ``tests/gui``.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from plain_flask import Asked, PlainFlask, ask, assert_no_trace, contents

from playground.core.assets import asset
from playground.core.rules import Rule
from playground.core.starters import STARTERS
from playground.session.session import Session

NEW_USER = Asked("/users?role=admin", "POST", '{"name": "Zoë"}')

MORE: dict[str, tuple[Asked, ...]] = {
    "empty": (Asked("/"), Asked("/static/none.css")),
    "hello": (Asked("/", "HEAD"), Asked("/", "OPTIONS"), Asked("/", "POST"), Asked("/nowhere")),
    "pages": (Asked("/hello/Ada%20%3Cb%3E"), Asked("/static/style.css"), Asked("/hello/")),
    "json": (
        Asked("/users/7"),
        Asked("/users/abc"),
        NEW_USER,
        Asked("/users/3"),
        Asked("/users", "POST", "{}"),
        Asked("/users", "POST", "{broken"),
        Asked("/users", "POST", "name=Ada", "application/x-www-form-urlencoded"),
        Asked("/users", "DELETE"),
        Asked("/files/a/b%20c.txt"),
        Asked("/users"),
    ),
    "blueprints": (Asked("/api/users/7"), Asked("/users"), Asked("/api/users/")),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> PlainFlask:
    return PlainFlask(tmp_path_factory.mktemp("plain"))


def every_route(session: Session) -> list[Asked]:
    """A request to each route, with values that fit its parameters."""
    project = session.snapshot.project
    assert project is not None
    found = []
    for route in project.routes:
        rule = Rule.parse(route.full_rule)
        path = rule.build({param.name: param.sample for param in rule.params})
        found += [Asked(path, method) for method in route.methods]
    return found


def test_each_starter_answers_as_under_flask_run(tmp_path: Path, plain: PlainFlask) -> None:
    session = Session()
    with ExitStack() as stack:
        ports = {}
        for name in MORE:
            session.create(name, tmp_path / name)
            ports[name] = stack.enter_context(plain.serving(tmp_path / name))
        for name, more in MORE.items():
            session.open(tmp_path / name)
            assert session.go_live().problem is None
            ours = session.start_server(0).port
            for asked in (*every_route(session), *more):
                assert ask(ours, asked) == ask(ports[name], asked), (name, asked)
            session.close()
            assert_no_trace(tmp_path / name, set(contents(asset("starters", name))))


def test_every_starter_is_compared() -> None:
    assert set(MORE) == {starter.name for starter in STARTERS}
