"""Undo and redo: across files, after typing, and beside what other programs write."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.answers import Answer, AnswerKind
from playground.core.merging import merge_text
from playground.core.problems import ProblemError
from playground.core.routes import NewBlueprint, RouteDraft
from playground.project.folder import Project
from playground.project.starters import create


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create(tmp_path / "shop", "pages")
    return tmp_path / "shop"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def project(folder: Path, clock: Clock) -> Project:
    found = Project(folder, clock)
    found.scan()
    return found


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _draft(rule: str, **more: object) -> RouteDraft:
    return RouteDraft(rule, answer=Answer(AnswerKind.TEXT, "Hi"), **more)  # type: ignore[arg-type]


def test_every_kind_of_change_can_be_undone_and_redone(project: Project, folder: Path) -> None:
    pictures = [_contents(folder)]

    def done() -> None:
        pictures.append(_contents(folder))
        assert pictures[-1] != pictures[-2]

    project.add_route(_draft("/about"))
    done()
    project.add_route(_draft("/list", new_blueprint=NewBlueprint("users", "/users", "users.py")))
    done()
    route = next(one for one in project.state.routes if one.rule == "/about")
    project.change_route(route, _draft("/about-us", function="about"))
    done()
    route = next(one for one in project.state.routes if one.rule == "/about-us")
    project.change_route(route, _draft("/about-us", function="about", owner="users"))
    done()
    project.duplicate_route(next(one for one in project.state.routes if one.rule == "/list"))
    done()
    project.remove_route(next(one for one in project.state.routes if one.rule == "/list"))
    done()
    project.new_template("mail/welcome.txt", "Hello {{ name }}")
    done()
    project.rename_template("base.html", "layout.html")
    done()
    project.delete_template("hello.html")
    done()
    project.new_file("static/js/app.js")
    done()
    project.write_text("static/js/app.js", "let x;\n", None)
    done()

    for expected in reversed(pictures[:-1]):
        assert project.undo().origin == "undo"
        assert _contents(folder) == expected
    assert project.state.undo_label == ""
    assert not (folder / "templates" / "mail").exists()
    assert not (folder / "static" / "js").exists()
    for expected in pictures[1:]:
        project.redo()
        assert _contents(folder) == expected
    assert project.state.redo_label == ""
    assert project.scan() == project.state


def test_the_labels_say_what_will_be_undone(project: Project) -> None:
    change = project.add_route(_draft("/about"))

    assert change.label == project.state.undo_label == "add /about"
    assert project.undo().label == "undo add /about"
    assert (project.state.undo_label, project.state.redo_label) == ("", "add /about")


def test_a_new_change_ends_what_could_be_redone(project: Project) -> None:
    project.add_route(_draft("/one"))
    project.undo()
    project.add_route(_draft("/two"))

    assert project.state.redo_label == ""
    with pytest.raises(ProblemError, match="nothing to redo"):
        project.redo()


def test_nothing_to_undo_is_said(project: Project) -> None:
    with pytest.raises(ProblemError, match="nothing to undo"):
        project.undo()


def _type(project: Project, file: str, *texts: str) -> None:
    token = project.read_text(file).token
    for text in texts:
        token = project.write_text(file, text, token)[1].token


def test_typing_in_one_go_is_one_step(project: Project, folder: Path, clock: Clock) -> None:
    before = _contents(folder)
    _type(project, "templates/hello.html", "a", "ab", "abc")
    clock.now += 5
    _type(project, "templates/hello.html", "abcd")

    project.undo()
    assert (folder / "templates/hello.html").read_text() == "abc"
    project.undo()
    assert _contents(folder) == before


def test_typing_in_two_editors_is_two_steps(project: Project, folder: Path) -> None:
    _type(project, "templates/hello.html", "a")
    _type(project, "static/style.css", "b")
    _type(project, "templates/hello.html", "ac")

    project.undo()
    assert (folder / "templates/hello.html").read_text() == "a"


def test_typing_in_the_code_of_one_view_is_one_step(project: Project, folder: Path) -> None:
    before = _contents(folder)
    region = project.state.routes[0].region
    assert region is not None
    for text in ("x = (", "x = (1", "x = (1)"):
        _, region = project.write_region(region, text)

    project.undo()

    assert _contents(folder) == before


def test_typing_a_rule_in_the_form_is_one_step(project: Project, folder: Path, clock: Clock) -> None:
    project.add_route(_draft("/n"))
    before = _contents(folder)
    for rule in ("/ne", "/new", "/news"):
        route = next(one for one in project.state.routes if one.function == "n")
        project.change_route(route, RouteDraft(rule, function="n", answer=route.answer))
    route = next(one for one in project.state.routes if one.rule == "/news")
    project.change_route(route, RouteDraft("/news", ("POST",), "n", answer=route.answer))

    project.undo()
    assert "/news" in (folder / "app.py").read_text()
    project.undo()
    assert _contents(folder) == before


def test_what_was_typed_and_deleted_again_leaves_no_step(project: Project) -> None:
    text = project.read_text("static/style.css").text
    _type(project, "static/style.css", text + "x", text)

    assert project.state.undo_label == ""


def test_an_edit_from_outside_stays_when_ours_is_undone(project: Project, folder: Path) -> None:
    app = folder / "app.py"
    original = app.read_bytes()
    project.add_route(_draft("/about"))
    app.write_bytes(app.read_bytes().replace(b"from flask", b"# theirs\nfrom flask", 1))
    project.scan()

    project.undo()
    assert app.read_bytes() == b"# theirs\n" + original

    project.redo()
    assert b"# theirs\n" in app.read_bytes()
    assert "/about" in {route.rule for route in project.state.routes}


def test_an_edit_from_outside_to_the_same_lines_is_never_undone_away(project: Project, folder: Path) -> None:
    page = folder / "templates" / "hello.html"
    _type(project, "templates/hello.html", "ours")
    page.write_text("theirs")

    with pytest.raises(ProblemError, match="by another program") as refused:
        project.undo()

    assert page.read_text() == "theirs"
    assert refused.value.problem.place is not None
    assert project.state.undo_label == "edit templates/hello.html"


def test_what_another_program_took_back_already_is_undone_quietly(project: Project, folder: Path) -> None:
    before = _contents(folder)
    project.add_route(_draft("/about"))
    (folder / "app.py").write_bytes(before["app.py"])

    project.undo()

    assert _contents(folder) == before
    assert project.state.undo_label == ""


def test_an_undo_that_needs_a_removed_file_is_refused_as_a_whole(project: Project, folder: Path) -> None:
    project.rename_template("base.html", "layout.html")
    (folder / "templates" / "index.html").unlink()
    before = _contents(folder)

    with pytest.raises(ProblemError, match=r"index\.html was removed"):
        project.undo()

    assert _contents(folder) == before


LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\r\n", b"\n", b"d"]), max_size=8).map(b"".join)


@settings(max_examples=150, deadline=None)
@given(have=LINES, want=LINES, now=LINES)
def test_carrying_over_keeps_both_changes_or_says_no(have: bytes, want: bytes, now: bytes) -> None:
    assert merge_text(have, want, have) == want
    assert merge_text(have, have, now) == now
    merged = merge_text(have, want, now)
    if merged is not None and want != now:
        assert merged == merge_text(have, now, want)
        assert len(merged) - len(have) == (len(want) - len(have)) + (len(now) - len(have))
