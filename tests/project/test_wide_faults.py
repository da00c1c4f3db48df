"""Renames, moves and clean-ups in projects of which some text does not parse: they work around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from playground.core.problems import ProblemError
from playground.core.proposals import CleanUp, Move, Proposal, Rename
from playground.core.routes import RouteDraft
from playground.project.folder import Project

APP = """\
from flask import Flask, url_for

app = Flask(__name__)


@app.get("/")
def index():
    return url_for("other", n=1)


@app.get("/other/<n>")
def other(n):
    return "x"
"""
MORE = """\
from flask import render_template, url_for
import json
from app import app, other


@app.get("/more")
def more():
    return url_for("other", n=1) + render_template("page.html")


def broken(:
    return url_for("other", n=1) + other(n=1) + render_template("page.html")


def last():
    value = (other(n=1)
    return other(n=2)
"""
FAULTS = (
    'def broken(:\n    return url_for("other", n=1) + other(n=1) + render_template("page.html")\n',
    "    value = (other(n=1)\n",
)


def project(folder: Path, more: str = MORE) -> Project:
    (folder / "app.py").write_text(APP)
    (folder / "more.py").write_text(more)
    (folder / "templates").mkdir()
    (folder / "templates/page.html").write_text("<p>page</p>\n")
    return Project(folder)


def after(proposal: Proposal, file: str) -> str:
    data = proposal.after[file]
    assert data is not None
    return data.decode()


def rename(kind: str, old: str, new: str) -> Callable[[Project], Rename]:
    def wanted(project: Project) -> Rename:
        route = next(one for one in project.state.routes if one.function == "other")
        return Rename(kind, old, new, route if kind != "template" else None)  # type: ignore[arg-type]

    return wanted


@pytest.mark.parametrize(
    ("wanted", "healthy", "noted"),
    [
        (rename("function", "other", "thing"), "return thing(n=2)", "more.py:12, more.py:16: "),
        (rename("endpoint", "other", "thing"), 'url_for("thing", n=1) + render', "more.py:12, more.py:16: "),
        (rename("parameter", "n", "m"), "return other(m=2)", "more.py:12, more.py:16: "),
        (rename("template", "page.html", "leaf.html"), 'render_template("leaf.html")\n\n', "more.py:12: "),
    ],
)
def test_a_rename_changes_the_healthy_parts_and_tells_of_the_faults(
    tmp_path: Path, wanted: Callable[[Project], Rename], healthy: str, noted: str
) -> None:
    opened = project(tmp_path)
    proposal = opened.propose(wanted(opened))
    text = after(proposal, "more.py")
    assert healthy in text
    assert all(fault in text for fault in FAULTS)
    (note,) = [one for one in proposal.notes if "Python does not understand" in one]
    assert note.startswith(noted)
    opened.apply_proposal(proposal)
    opened.undo()
    assert (tmp_path / "more.py").read_text() == MORE


def test_the_form_renames_around_faults_of_its_own_and_other_files(tmp_path: Path) -> None:
    opened = project(tmp_path)
    route = next(one for one in opened.state.routes if one.function == "more")
    opened.change_route(route, replace(RouteDraft.of(route), function="moar", rule="/moar"))
    text = (tmp_path / "more.py").read_text()
    assert text == MORE.replace("def more", "def moar").replace('"/more"', '"/moar"')
    other = next(one for one in opened.state.routes if one.function == "other")
    draft = replace(RouteDraft.of(other), function="thing", rule="/thing/<number>")
    opened.change_route(other, draft)
    text = (tmp_path / "more.py").read_text()
    assert "return thing(number=2)" in text and all(fault in text for fault in FAULTS)
    assert 'url_for("thing", number=1)' in text


def test_a_view_moves_out_of_and_into_a_file_with_faults(tmp_path: Path) -> None:
    opened = project(tmp_path)
    more = next(one for one in opened.state.routes if one.function == "more")
    proposal = opened.propose(Move(more, "app", "app.py"))
    assert "def more" in after(proposal, "app.py")
    assert all(fault in after(proposal, "more.py") for fault in FAULTS)
    index = next(one for one in opened.state.routes if one.function == "index")
    proposal = opened.propose(Move(index, "app", "more.py"))
    text = after(proposal, "more.py")
    assert "def index" in text and all(fault in text for fault in FAULTS)


def test_a_clean_up_takes_imports_out_of_a_file_with_faults(tmp_path: Path) -> None:
    opened = project(tmp_path)
    proposal = opened.propose(CleanUp(("more.py",)))
    assert after(proposal, "more.py") == MORE.replace("import json\n", "")


def test_a_function_that_does_not_parse_itself_is_refused_with_its_reason(tmp_path: Path) -> None:
    opened = project(tmp_path, MORE.replace("def broken(:", '@app.get("/broken")\ndef broken(:'))
    route = next(one for one in opened.state.routes if one.function == "broken")
    with pytest.raises(ProblemError) as error:
        opened.propose(Rename("function", "broken", "mended", route))
    assert "Python does not understand its code (line" in str(error.value)


def test_a_file_of_which_nothing_can_be_read_is_told(tmp_path: Path) -> None:
    opened = project(tmp_path)
    (tmp_path / "odd.py").write_bytes(b"# coding: utf-8\nother = '\xff'\n")
    opened.scan()
    route = next(one for one in opened.state.routes if one.function == "other")
    proposal = opened.propose(Rename("function", "other", "thing", route))
    assert any(note.startswith("odd.py: can't be read now") for note in proposal.notes)
