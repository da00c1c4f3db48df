"""Whatever lies in the folder: it opens, edits are offered, nothing crashes, nothing is written unasked.

Junk and mutated sources, templates, settings and requests. Each example is opened and read, then edits of
every kind are tried: refused with a sentence and nothing has changed, or made and undone to the byte.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import oracle
import pytest
from generated import projects
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from junk import COOKIES, DOTENV, HTTP, MONSTERS, PYTHON, TEMPLATE, TEMPLATE_MONSTERS, mutated

from playground.core.answers import Answer, AnswerKind
from playground.core.changes import Change
from playground.core.problems import ProblemError
from playground.core.routes import NewBlueprint, Route, RouteDraft
from playground.project.folder import Project

T = TypeVar("T")
QUICK, LONG = 25, 10_000
SLOW = ("elifs", "sum", "attributes", "nested ifs")
"""Monsters that take seconds; the same in smaller is among the others."""
EVERY = 5
MOST_CPU = 20.0
"""Seconds of processor time for opening one folder of junk and trying every edit: far above what it takes,
far below what anything that grows faster than its input would take."""

BASE = {
    "app.py": PYTHON,
    "templates/page.html": TEMPLATE,
    "templates/base.html": b"{% block body %}{% endblock %}\n",
    ".env": DOTENV,
    "requests.http": HTTP,
}


@st.composite
def folders(draw: st.DrawFn) -> tuple[dict[str, bytes], int]:
    """A project of which one or two files are spoilt, and which of each few edits to try."""
    made: dict[str, bytes] = dict(BASE)
    if draw(st.booleans()):
        made |= draw(projects()).files
    names = draw(st.lists(st.sampled_from(sorted(made)), min_size=1, max_size=2, unique=True))
    for name in ["app.py", *names] if draw(st.booleans()) else names:
        made[name] = draw(mutated(made[name]) if draw(st.integers(0, 7)) else st.binary(max_size=200))
    return made, draw(st.integers(0, EVERY - 1))


def opened(folder: Path) -> Project:
    """The folder read through and through: nothing is written by that."""
    before = oracle.contents(folder)
    project = Project(folder)
    state = project.scan()
    for file in before:
        with refusals():
            project.read_text(file)
    for route in state.routes:
        assert route.editable or route.why_not
        assert repr(route) and route.full_rule is not None
    for problem in state.problems:
        assert problem.sentence
    assert oracle.contents(folder) == before
    return project


@contextmanager
def refusals() -> Iterator[None]:
    """A refusal is an answer, if it says something."""
    try:
        yield
    except ProblemError as error:
        assert error.problem.sentence


def edits(project: Project) -> Iterator[Callable[[], object]]:
    """Every kind of edit, of the first and the last of what there is."""
    state = project.state
    answers = [
        Answer(AnswerKind.TEXT, "Hi"),
        Answer(AnswerKind.JSON, '{"a": [1]}'),
        Answer(AnswerKind.PYTHON, "return x"),
    ]
    for answer in answers:
        yield lambda answer=answer: project.add_route(RouteDraft("/added", answer=answer))
    for owner in state.owners[-2:]:
        yield lambda owner=owner: project.add_route(RouteDraft("/added2", ("GET", "POST"), owner=owner.name))
    blueprint = NewBlueprint("fresh", "/fresh", "fresh.py")
    yield lambda: project.add_route(RouteDraft("/x", new_blueprint=blueprint))
    for route in _ends(state.routes):
        draft = RouteDraft.of(route)
        yield lambda route=route: project.remove_route(route)
        yield lambda route=route: project.duplicate_route(route)
        for wish in _wishes(route):
            yield lambda route=route, draft=draft, wish=wish: project.change_route(
                route, replace(draft, **wish)
            )
        for owner in state.owners:
            if owner.name != route.owner:
                yield lambda route=route, draft=draft, owner=owner: project.change_route(
                    route, replace(draft, owner=owner.name)
                )
        if route.region is not None:
            yield lambda route=route: project.write_region(route.region, route.region.text + " #")
    yield lambda: project.new_template("fresh.html")
    for info in _ends(state.templates):
        yield lambda info=info: project.rename_template(info.name, "other.html")
        yield lambda info=info: project.delete_template(info.name)
    yield lambda: project.new_file("fresh.py", b"")


def _wishes(route: Route) -> list[dict[str, object]]:
    return [
        {"rule": route.rule + "/<more>"},
        {"rule": "/plain"},
        {"methods": ("PUT", "GET")},
        {"function": "another"},
        {"doc": "Something."},
        {"answer": Answer(AnswerKind.TEXT, "other")},
        {"answer": Answer(AnswerKind.PYTHON, route.answer.value + "\n# more")},
    ]


def _ends(items: tuple[T, ...]) -> list[T]:
    return list(dict.fromkeys([*items[:1], *items[-1:]]))


def tried(folder: Path, files: dict[str, bytes], which: slice = slice(None)) -> None:
    """Open a folder and try edits in it; each leaves the folder as it was, or is undone."""
    oracle.write(folder, files)
    begun = time.process_time()
    project = opened(folder)
    for edit in list(edits(project))[which]:
        try:
            change = edit()
        except ProblemError as error:
            assert error.problem.sentence
            assert oracle.contents(folder) == files
            continue
        change = change[0] if isinstance(change, tuple) else change
        assert isinstance(change, Change)
        now = oracle.contents(folder)
        touched = {name for name in {*now, *files} if now.get(name) != files.get(name)}
        assert touched == set(change.files)
        if touched:
            project.undo()
        assert oracle.contents(folder) == files
    assert time.process_time() - begun < MOST_CPU


def _examine(folder: Path, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(folders())
    def examine(drawn: tuple[dict[str, bytes], int]) -> None:
        files, first = drawn
        tried(folder, files, slice(first, None, EVERY))

    examine()


def test_spoilt_files_crash_nothing_and_nothing_is_written_unasked(tmp_path: Path) -> None:
    _examine(tmp_path, QUICK)


@pytest.mark.long
def test_ten_thousand_spoilt_folders(tmp_path: Path) -> None:
    _examine(tmp_path, LONG)


@pytest.fixture
def share(request: pytest.FixtureRequest) -> slice:
    """Which edits to try: every fifth, and of each case others; with --long all of them."""
    if request.config.getoption("--long"):
        return slice(None)
    return slice(zlib.crc32(request.node.name.encode()) % EVERY, None, EVERY)


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.long if one in SLOW else ()) for one in MONSTERS]
)
def test_a_monster_of_a_module_crashes_nothing(name: str, tmp_path: Path, share: slice) -> None:
    tried(tmp_path, {"app.py": MONSTERS[name], "templates/page.html": b"x"}, share)


@pytest.mark.parametrize("name", TEMPLATE_MONSTERS)
def test_a_monster_of_a_template_crashes_nothing(name: str, tmp_path: Path, share: slice) -> None:
    tried(tmp_path, {"app.py": PYTHON, "templates/page.html": TEMPLATE_MONSTERS[name]}, share)


@pytest.mark.parametrize("cookie", COOKIES)
def test_a_strange_encoding_crashes_nothing(cookie: str, tmp_path: Path, share: slice) -> None:
    tried(tmp_path, {"app.py": f"# coding: {cookie}\n".encode() + PYTHON + "# é\n".encode()}, share)


def test_the_command_line_lists_a_folder_full_of_junk_without_a_traceback(tmp_path: Path) -> None:
    files = {f"part{number}.py": data for number, data in enumerate(MONSTERS.values())}
    files |= {f"templates/part{number}.html": data for number, data in enumerate(TEMPLATE_MONSTERS.values())}
    files |= {"app.py": PYTHON, ".env": b"\0\xff=\n'", "requests.http": b"\xff\0"}
    oracle.write(tmp_path, files)
    run = subprocess.run(
        [sys.executable, "-m", "playground", "routes", str(tmp_path), "--static", "--json"],
        capture_output=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert b"Traceback" not in run.stderr
    assert any(row["rule"] == "/users/<int:user_id>" for row in json.loads(run.stdout))
    assert oracle.contents(tmp_path) == files
