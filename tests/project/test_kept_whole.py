"""What a person wrote in a view stays where it is and as it is, whatever the form changes around it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from playground.core.problems import ProblemError
from playground.core.routes import NewBlueprint, RouteDraft
from playground.project.folder import Project

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/a/<int:x>")
async def a(x: int = 3) -> str:
    # why
    return "a"  # so
"""
USERS = NewBlueprint("users", "/users", "users.py")


def _opened(folder: Path, **files: str) -> Project:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    project = Project(folder)
    project.scan()
    return project


def test_a_view_whose_app_is_made_in_another_file_is_changed_where_it_is(tmp_path: Path) -> None:
    view = APP.partition("\n\n\n")[2]
    main = "from flask import Flask\n\napp = Flask(__name__)\n\nimport views\n"
    project = _opened(tmp_path, app=main, views="from app import app\n\n\n" + view)
    route = project.state.routes[0]
    change = project.change_route(route, replace(RouteDraft.of(route), rule="/b/<int:x>"))
    assert (change.files, change.key) == (("views.py",), ("a", "/b/<int:x>"))
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == main
    assert view.replace("/a/", "/b/") in (tmp_path / "views.py").read_text(encoding="utf-8")


def test_a_view_goes_to_a_new_blueprint_as_it_stands(tmp_path: Path) -> None:
    project = _opened(tmp_path, app=APP)
    route = project.state.routes[0]
    project.change_route(route, replace(RouteDraft.of(route), new_blueprint=USERS))
    code = APP.partition("async ")[2]
    assert '@bp.get("/a/<int:x>")\nasync ' + code in (tmp_path / "users.py").read_text(encoding="utf-8")
    assert [one.full_rule for one in project.state.routes] == ["/users/a/<int:x>"]
    project.undo()
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == APP
    assert not (tmp_path / "users.py").exists()


def test_a_view_that_needs_the_app_s_own_file_does_not_go_where_that_would_end_in_a_ring(
    tmp_path: Path,
) -> None:
    project = _opened(tmp_path, app=APP.replace('"a"  # so', "WORD").replace("\n\n\n", '\nWORD = "a"\n\n\n'))
    route = project.state.routes[0]
    with pytest.raises(ProblemError, match="each would wait for the other"):
        project.change_route(route, replace(RouteDraft.of(route), new_blueprint=USERS))
    assert [path.name for path in tmp_path.glob("*.py")] == ["app.py"]
