"""Generated apps before and after a rename or a move: the map changes by just that, the pages not at all."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.core.problems import ProblemError
from playground.core.proposals import Move, Proposal, Rename
from playground.core.routes import Route
from playground.project.folder import Project

NAMES = ["index", "item", "go", "shop_page"]
FRESH = ["fresh", "index", "url_for", "number", "one", "shop", "é_page"]
MODULES = ("app", "shop", "blog", "helpers")

Page = tuple[int, str]


@contextmanager
def loaded(folder: Path) -> Iterator[Any]:
    """The app of a folder, imported in this process and forgotten again."""
    sys.path.insert(0, str(folder))
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    importlib.invalidate_caches()
    try:
        yield importlib.import_module("app").app
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = written
        for name in MODULES:
            sys.modules.pop(name, None)


def running(folder: Path) -> tuple[dict[tuple[str, str], str], dict[str, Page]]:
    """What the app says of itself: the endpoint of each rule and method, and each page."""
    with loaded(folder) as app:
        rules = {
            (str(rule.rule), method): str(rule.endpoint)
            for rule in app.url_map.iter_rules()
            for method in rule.methods
        }
        client = app.test_client()
        pages = {}
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and rule.endpoint != "static" and not rule.endpoint.endswith(".static"):
                with app.test_request_context():
                    path = app.url_map.bind("x").build(rule.endpoint, dict.fromkeys(rule.arguments, 7))
                answer = client.get(path)
                pages[path] = (answer.status_code, answer.text)
        return rules, pages


@dataclass(frozen=True)
class View:
    function: str
    parameter: str
    endpoint: str
    explicit: bool


def endpoint_of(blueprint: str, view: View) -> str:
    return f"{blueprint}.{view.endpoint}" if blueprint else view.endpoint


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    """An app and two blueprints whose views and templates link to each other in every way."""
    owners = ["", "shop", "blog"]
    views: dict[str, list[View]] = {}
    for owner in owners:
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
        views[owner] = [
            View(name, draw(st.sampled_from(["", "item_id", "n"])), name + "_x" * explicit, explicit)
            for name in names
            for explicit in [draw(st.booleans())]
        ]
    everything = [(owner, view) for owner in owners for view in views[owner]]

    def link(here: str, quote: str) -> str:
        owner, view = draw(st.sampled_from(everything))
        name = endpoint_of(owner, view)
        if owner == here and draw(st.booleans()):
            name = "." + view.endpoint
        value = f", {view.parameter}=3" if view.parameter else ""
        return f"url_for({quote}{name}{quote}{value})"

    call = link("?", "'").replace("url_for(", "where(")
    files = {"helpers.py": f"from flask import url_for as where\n\n\ndef link():\n    return {call}\n"}
    for owner in owners:
        variable, prefix = ("bp", owner) if owner else ("app", "app")
        made = (
            f'bp = Blueprint("{owner}", __name__, url_prefix="/{owner}")'
            if owner
            else "app = Flask(__name__)"
        )
        lines = [
            "from flask import Blueprint, Flask, redirect, render_template, url_for",
            "import helpers",
            "",
            made,
        ]
        for number, view in enumerate(views[owner]):
            rule = f"/{view.function}" + (f"/<int:{view.parameter}>" if view.parameter else "")
            explicit = f", endpoint='{view.endpoint}'" if view.explicit else ""
            lines += ["", "", f"# {view.function}", f'@{variable}.get("{rule}"{explicit})']
            if draw(st.booleans()):
                lines.append(f'@{variable}.route("{rule}/again"{explicit}, methods=["GET", "POST"])')
            body = [f"    {draw(st.sampled_from(NAMES))}_local = {view.parameter or 1}  # local"]
            kind = draw(st.sampled_from(["text", "template", "redirect", "f-string"]))
            if kind == "text":
                body.append(f"    return {link(owner, chr(34))} + helpers.link()")
            elif kind == "redirect":
                body.append(f"    return redirect({link(owner, chr(39))})")
            elif kind == "f-string":
                body.append(f'    return f"<{{{link(owner, chr(39))}}}> {{{view.parameter or 2}}}"')
            else:
                name = f"{prefix}_{number}.html"
                files[f"templates/{name}"] = (
                    "{% extends 'base.html' %}{% block a %}{#- url_for('index') -#} {{ "
                    + link(owner, '"')
                    + " }}{% set u = "
                    + link(owner, "'")
                    + " -%} {{ u }}{% if request.endpoint == '"
                    + endpoint_of(owner, view)
                    + "' %}!{% endif %}{% endblock %}\n"
                )
                body.append(f'    return render_template("{name}", value={view.parameter or 3})')
            lines += [f"def {view.function}({view.parameter}):", *body]
        files[f"{owner or 'app'}.py"] = "\n".join(lines) + "\n"
    files["app.py"] += (
        "\n\nfrom shop import bp as shop_bp  # noqa: E402\nimport blog  # noqa: E402\n\n"
        "app.register_blueprint(shop_bp)\napp.register_blueprint(blog.bp)\n"
    )
    files["templates/base.html"] = "<nav>{{ " + link("?", "'") + " }}</nav>{% block a %}{% endblock %}\n"
    if draw(st.booleans()):
        files = {file: text.replace("\n", "\r\n") for file, text in files.items()}
    return files


def wishes(project: Project, draw: st.DrawFn) -> Rename | Move:
    routes = project.state.routes
    route: Route = draw(st.sampled_from(routes))
    new = draw(st.sampled_from(FRESH))
    kinds = ["function", "endpoint", "blueprint", "template", "move", *["parameter"] * bool(route.parameters)]
    kind = draw(st.sampled_from(kinds))
    if kind == "move":
        return Move(route, draw(st.sampled_from(["app", "shop", "blog"])))
    if kind == "blueprint":
        return Rename("blueprint", draw(st.sampled_from(["shop", "blog"])), new)
    if kind == "template":
        return Rename(
            "template", draw(st.sampled_from([one.name for one in project.state.templates])), f"{new}/p.html"
        )
    old = {"function": route.function, "endpoint": route.endpoint}.get(kind) or route.parameters[0]
    return Rename(kind, old, new, route)  # type: ignore[arg-type]


def check(files: dict[str, str], draw: st.DrawFn, folder: Path) -> bool:
    """Whether a change that was drawn could be made; what it left is as it should be."""
    for file, text in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(text.encode())
    before = running(folder)
    project = Project(folder)
    wish = wishes(project, draw)
    try:
        proposal: Proposal = project.propose(wish)
    except ProblemError as error:
        assert error.problem.sentence
        assert {file: (folder / file).read_bytes().decode() for file in files} == files
        return False
    project.apply_proposal(proposal)
    rules, pages = running(folder)
    if isinstance(wish, Rename):
        assert pages == before[1], "a page is another one"
        renamed = {
            endpoint: known for key, endpoint in before[0].items() if (known := rules.get(key)) != endpoint
        }
        if wish.kind in ("template",):
            assert rules == before[0]
        elif wish.kind == "parameter":
            assert sorted(rules.values()) == sorted(before[0].values())
        else:
            assert rules.keys() == before[0].keys()
            assert all(wish.new in str(new) for new in renamed.values())
    else:
        assert [page[0] for page in pages.values()].count(500) == 0, "a link leads nowhere"
        assert len(rules) == len(before[0])
    project.undo()
    assert {file: (folder / file).read_bytes().decode() for file in files} == files
    return True


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(projects(), st.data())
def test_a_rename_changes_the_map_by_just_that_and_no_page(
    files: dict[str, str], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        check(files, data.draw, Path(folder).resolve())  # type: ignore[arg-type]


@pytest.mark.long
@settings(
    max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(projects(), st.data())
def test_two_thousand_renames(files: dict[str, str], data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        check(files, data.draw, Path(folder).resolve())  # type: ignore[arg-type]
