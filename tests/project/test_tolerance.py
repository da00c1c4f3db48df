"""A file that does not parse is read around its faults; what can be read of it can be edited."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from playground.core.answers import Answer, AnswerKind
from playground.core.newer_syntax import newer
from playground.core.problems import ProblemError
from playground.core.routes import Route, RouteDraft
from playground.project.folder import Project
from playground.project.python.tolerance import covered, faults_of
from tests.support.shapes import BY_NAME, write

APP = '''\
"""An app."""
from flask import Flask

app = Flask(__name__)


@app.get("/one")
def one():
    return "one"


@app.route("/two/<name>", methods=["POST"], endpoint="second")
def two(name):
    return "two"


@app.get("/three")
def three():
    return "three"
'''


def project_of(folder: Path, text: str) -> Project:
    (folder / "app.py").write_bytes(dedent(text).encode())
    return Project(folder)


def listed(project: Project) -> dict[str, Route]:
    return {route.full_rule: route for route in project.scan().routes}


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('    return "two"', '    return "two'),
        ('    return "two"', "    return ("),
        ('    return "two"', "    for x in\n        pass\n    return 'x'"),
        ("def two(name):", "def two(name:"),
        ("def two(name):", "def two"),
        ('"/two/<name>", methods=["POST"], endpoint="second")\n', '"/two/<name>", methods=["POST"], endp(\n'),
    ],
)
@pytest.mark.parametrize("was_read_before", [False, True])
def test_the_others_are_listed_and_the_broken_one_says_why(
    was: str, now: str, was_read_before: bool, tmp_path: Path
) -> None:
    project = project_of(tmp_path, APP)
    if was_read_before:
        project.scan()
    (tmp_path / "app.py").write_text(APP.replace(was, now))
    project = project if was_read_before else Project(tmp_path)

    routes = listed(project)

    assert list(routes) == ["/one", "/two/<name>", "/three"]
    assert [route.editable for route in routes.values()] == [True, False, True]
    broken = routes["/two/<name>"]
    assert "does not understand" in broken.why_not
    assert (broken.function, broken.owner) == ("two", "app")
    assert broken.region is not None
    assert "two" in broken.region.text
    state = project.scan()
    assert state.broken == ("app.py",)
    assert [one.place.file for one in state.problems if one.place] == ["app.py"]


@pytest.mark.parametrize("fault", ['    return "two', "    return ((", "    match name:\n    x ="])
def test_healthy_routes_are_edited_and_every_other_byte_stays(fault: str, tmp_path: Path) -> None:
    text = APP.replace('    return "two"', fault).replace("\n", "\r\n")
    (tmp_path / "app.py").write_bytes(text.encode())
    project = Project(tmp_path)
    route = listed(project)["/three"]
    answer = Answer(AnswerKind.TEXT, "drei")

    project.change_route(route, RouteDraft("/drei", ("GET",), "three", answer=answer))

    data = (tmp_path / "app.py").read_bytes().decode()
    assert data == text.replace('"/three"', '"/drei"').replace('"three"', '"drei"')
    project.remove_route(listed(project)["/one"])
    assert fault.replace("\n", "\r\n") in (tmp_path / "app.py").read_bytes().decode()
    assert list(listed(project)) == ["/two/<name>", "/drei"]
    project.undo()
    project.undo()
    assert (tmp_path / "app.py").read_bytes() == text.encode()


def test_the_broken_route_itself_is_refused(tmp_path: Path) -> None:
    project = project_of(tmp_path, APP.replace('    return "two"', "    return ("))
    route = listed(project)["/two/<name>"]
    with pytest.raises(ProblemError, match="does not understand"):
        project.change_route(route, RouteDraft("/zwei/<name>", ("POST",), "two"))


def test_only_the_broken_route_of_a_factory_is_lost_to_the_form(tmp_path: Path) -> None:
    text = """
        from flask import Flask

        def create_app():
            app = Flask(__name__)

            @app.get("/a")
            def a():
                return "a"

            @app.get("/b"
            def b():
                return "b"

            @app.get("/c")
            def c():
                x = (
                return "c"

            return app
    """
    routes = listed(project_of(tmp_path, text))
    assert {rule: route.editable for rule, route in routes.items()} == {"/a": True, "/b": False, "/c": False}


def test_an_import_at_fault_does_not_take_all_routes_along(tmp_path: Path) -> None:
    project = project_of(tmp_path, APP)
    project.scan()
    (tmp_path / "app.py").write_text(APP.replace("import Flask", "import Flask,"))
    assert list(listed(project)) == ["/one", "/two/<name>", "/three"]
    (tmp_path / "app.py").write_text(APP.replace("Flask(__name__)", "Flask(__name__"))
    assert list(listed(project)) == ["/one", "/two/<name>", "/three"]


@pytest.mark.parametrize("name", ["newer_syntax", "future_syntax"])
def test_shapes_of_other_pythons(name: str, tmp_path: Path) -> None:
    rules = {
        "newer_syntax": {"/names/<name>", "/first"},
        "future_syntax": {"/", "/orders/", "/orders/<int:order_id>"},
    }
    routes = listed(Project(write(BY_NAME[name], tmp_path)))
    assert set(routes) == rules[name]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python has type parameters")
def test_the_python_that_it_needs_is_named(tmp_path: Path) -> None:
    state = Project(write(BY_NAME["newer_syntax"], tmp_path)).scan()
    assert "3.12" in state.problems[0].sentence
    assert "3.12" in state.problems[0].hint


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("type Names = list[str]", "3.12"),
        ("type Names[T] = list[T]", "3.12"),
        ("def first[T](values): pass", "3.12"),
        ("class Box[T]: pass", "3.12"),
        ("""    return f"Hello {known["a"]}\"""", "3.12"),
        ("except* ValueError:", "3.11"),
        ("except ValueError, TypeError:", "3.14"),
        ("page = t'<p>{name}</p>'", "3.14"),
        ("type = 3", ""),
        ("def first(values:", ""),
        ("x = 'not t'", ""),
    ],
)
def test_newer_syntax_is_told_by_its_look(line: str, version: str) -> None:
    assert newer(line, (3, 10))[1] == version
    assert newer(line, (3, 99)) == ("", "")


def test_what_is_covered_keeps_its_lines_and_length() -> None:
    text = "x = (\ndef f():\n    y = 'ä\n    return 1\n\nz = '''\ndef g(): pass\n'''\n"
    faults = faults_of(text)
    assert faults is not None
    program = covered(text, faults)
    compile(program, "app.py", "exec")
    assert len(program) == len(text)
    assert [at for at, char in enumerate(program) if char == "\n"] == [
        at for at, char in enumerate(text) if char == "\n"
    ]
    assert "'''\ndef g(): pass\n'''" in program


def test_letters_of_many_bytes_in_what_is_at_fault_do_not_shift_what_is_not(tmp_path: Path) -> None:
    """The fault is covered with a ``0`` that takes one byte, where ``é`` took two."""
    begun, broken = "from flask import Flask\n\napp = Flask(__name__)\n", "é) = 1\n"
    (tmp_path / "app.py").write_text(begun + broken, encoding="utf-8")
    project = Project(tmp_path)
    project.scan()
    project.add_route(RouteDraft("/four", answer=Answer(AnswerKind.TEXT, "vier")))
    text = (tmp_path / "app.py").read_text(encoding="utf-8")
    assert text.startswith(begun) and broken in text and '@app.get("/four")' in text
