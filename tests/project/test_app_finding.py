"""Where the app is by the source: as flask finds it, further than flask looks, and all that there is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from playground.core.changes import ProjectState
from playground.core.problems import ProblemError
from playground.project.app_finding import resolve
from playground.project.environment import read
from playground.project.folder import Project

APP = "from flask import Flask\napp = Flask(__name__)\n"
TWO = "from flask import Flask\none = Flask('1')\ntwo = Flask('2')\n"
MAKE = "from flask import Flask\ndef create_app({}):\n    app = Flask(__name__)\n    return app\n"
BUILD = "from flask import Flask\ndef build():\n    web = Flask(__name__)\n    return web\n"
AREA = "from flask import Blueprint\ndef area():\n    part = Blueprint('part', __name__)\n    return part\n"
CALL = "from shop import create_app\napp = create_app('prod')\n"


@pytest.fixture(autouse=True)
def no_variables_of_flask(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("FLASK_")]:
        monkeypatch.delenv(name)


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def found(folder: Path, files: dict[str, str]) -> ProjectState:
    return Project(write(folder, files)).scan()


@pytest.mark.parametrize(
    ("files", "candidates"),
    [
        ({}, ()),
        ({"app.py": "x = 1\n"}, ()),
        ({"app.py": APP}, ("app.py",)),
        ({"app.py": APP, "wsgi.py": APP}, ("wsgi.py", "app.py")),
        # One app under two names is one app.
        ({"app.py": APP, "wsgi.py": "from app import app\n"}, ("wsgi.py",)),
        ({"app.py": APP, "wsgi.py": "from app import app as application\n"}, ("wsgi.py",)),
        ({"shop/__init__.py": MAKE.format(""), "app.py": CALL}, ("app.py",)),
        (
            {"shop/__init__.py": MAKE.format(""), "app.py": "import shop\napp = shop.create_app()\n"},
            ("app.py",),
        ),
        ({"app.py": "from mystery import *\n"}, ("app.py",)),
        ({"wsgi.py": "application = mystery()\n", "app.py": APP}, ("wsgi.py", "app.py")),
        # Where flask would give up.
        ({"main.py": APP}, ("main.py",)),
        ({"factory.py": BUILD}, ("factory.py:build()",)),
        ({"shop/__init__.py": MAKE.format("")}, ("shop/__init__.py",)),
        ({"shop/__init__.py": APP, "shop/views.py": "from shop import app\n"}, ("shop/__init__.py",)),
        ({"shop/__init__.py": "", "shop/factory.py": MAKE.format("x=1")}, ("shop/factory.py",)),
        ({"src/shop/__init__.py": MAKE.format("")}, ("src/shop/__init__.py",)),
        ({"__init__.py": MAKE.format("")}, ("__init__.py",)),
        ({"shop/__init__.py": MAKE.format("x=1"), "run.py": CALL}, ("shop/__init__.py",)),
        # Only who calls it knows what the factory wants.
        ({"shop/__init__.py": MAKE.format("x"), "run.py": CALL, "a_task.py": CALL}, ("run.py",)),
        ({"shop/__init__.py": MAKE.format("x, *, y=2")}, ("shop/__init__.py",)),
        # Several.
        ({"app.py": TWO}, ("app.py:one", "app.py:two")),
        ({"app.py": TWO + "app = Flask('3')\n"}, ("app.py", "app.py:one", "app.py:two")),
        ({"a/app.py": APP, "b/app.py": APP, "c.py": APP}, ("c.py", "a/app.py", "b/app.py")),
        ({"main.py": APP, "tests/test_a.py": APP, "conftest.py": APP}, ("main.py",)),
        ({"tests/test_a.py": APP}, ("tests/test_a.py",)),
        ({"a.py": "def f():\n    from flask import Flask\n    x = Flask('x')\n"}, ()),
        # Functions that return blueprints, and those that pytest calls, make no app.
        ({"app.py": APP, "area.py": AREA}, ("app.py",)),
        ({"area.py": AREA}, ()),
        ({"conftest.py": BUILD, "examples/app.py": APP}, ("examples/app.py",)),
        ({"conftest.py": BUILD}, ()),
        # Tools make apps of their own; so do tests, which are further away than examples.
        ({"bin/echo.py": APP, "house/web/main.py": APP}, ("house/web/main.py", "bin/echo.py")),
        ({"tests/app.py": APP, "examples/one/app.py": APP}, ("examples/one/app.py", "tests/app.py")),
    ],
)
def test_the_app_and_all_that_it_could_be(
    tmp_path: Path, files: dict[str, str], candidates: tuple[str, ...]
) -> None:
    state = found(tmp_path / "house", files)
    assert state.app_candidates == candidates
    assert state.app_target == (candidates[0] if candidates else None)
    assert not state.app_said


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("app.py", "app.py"),
        ("app", "app.py"),
        ("app:app", "app.py:app"),
        ("app.py:create('x:y', z=1)", "app.py:create('x:y', z=1)"),
        ("./app.py", "app.py"),
        ("shop", "shop/__init__.py"),
        ("shop/__init__.py", "shop/__init__.py"),
        ("shop.web:app", "shop/web.py:app"),
        ("shop/web", "shop/web.py"),
        ("plain.web", "plain.web"),
        ("plain/web.py", "plain/web.py"),
        ("both", "both/__init__.py"),
        ("both.py", "both/__init__.py"),
        ("library", "src/library/__init__.py"),
        ("src.library", "src.library"),
        ("house", "__init__.py"),
        ("../house", "__init__.py"),
        ("__init__.py:app", "__init__.py:app"),
        (".", "__init__.py"),
        ("../other.py", None),
        ("nowhere", None),
        ("nowhere.py:app", None),
        ("", None),
        (":app", None),
        ("a\0b", None),
        ("..", None),
    ],
)
def test_what_flask_is_told_as_a_target(tmp_path: Path, said: str, target: str | None) -> None:
    names = ("app.py", "shop/__init__.py", "shop/web.py", "plain/web.py", "both.py", "both/__init__.py")
    folder = write(tmp_path / "house", dict.fromkeys([*names, "src/library/__init__.py", "__init__.py"], ""))
    (tmp_path / "other.py").write_text("")
    assert resolve(folder, said) == target


def test_flask_app_goes_before_the_search_and_a_persons_choice_before_both(tmp_path: Path) -> None:
    folder = write(tmp_path / "house", {"app.py": APP, "blog.py": APP, ".flaskenv": "FLASK_APP=blog\n"})
    project = Project(folder)
    state = project.scan()
    assert (state.app_target, state.app_said) == ("blog.py", True)
    assert state.app_candidates == ("blog.py", "app.py")
    assert project.choose_app("app:app") == "app.py:app"
    assert project.state.app_target == "app.py:app"
    assert project.state.app_candidates == ("app.py:app", "blog.py")
    with pytest.raises(ProblemError, match="There is no nowhere in this folder"):
        project.choose_app("nowhere:app")
    assert project.state.app_target == "app.py:app"
    project.choose_app("")
    assert project.state.app_target == "blog.py"


def test_an_edit_of_flaskenv_changes_where_the_app_is(tmp_path: Path) -> None:
    folder = write(tmp_path / "house", {"app.py": APP, "blog.py": APP})
    project = Project(folder)
    assert project.scan().app_target == "app.py"
    write(folder, {".flaskenv": "FLASK_APP=blog"})
    project.refresh({".flaskenv"})
    assert project.state.app_target == "blog.py"
    (folder / ".flaskenv").unlink()
    project.refresh({".flaskenv"})
    assert project.state.app_target == "app.py"


def test_a_flask_app_that_is_not_there_is_a_problem_and_the_app_is_found_all_the_same(tmp_path: Path) -> None:
    state = found(tmp_path / "house", {"main.py": APP, ".env": "FLASK_APP=shop:app\n"})
    assert (state.app_target, state.app_said) == ("main.py", False)
    (problem,) = state.problems
    assert problem.sentence == "FLASK_APP says shop:app, and there is no such file or module in this folder."
    assert str(problem.place) == ".env"


def test_a_flask_app_that_no_file_can_be_called_is_a_problem_like_any_other(tmp_path: Path) -> None:
    state = found(tmp_path / "house", {"main.py": APP, ".env": f"FLASK_APP={'0' * 5000}app\n"})
    assert state.app_target == "main.py"
    (problem,) = state.problems
    assert problem.sentence.startswith("FLASK_APP says 000") and len(problem.sentence) < 300


# -- .env and .flaskenv ----------------------------------------------------------------------------------


def test_the_values_and_their_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".flaskenv": "A=flaskenv\nB=flaskenv\nOWN=no\n",
            ".env": '# words\nexport B=\'env\'\nC="${B} ${HOME_OF} ${NONE:-d}"\nD=\nE\nF=$B\nG="a\\nb"\n',
        },
    )
    said = read(tmp_path, {"OWN": "own", "HOME_OF": "h"})
    assert said.variables == {
        "A": "flaskenv",
        "B": "env",
        "C": "env h d",
        "D": "",
        "F": "$B",
        "G": "a\nb",
    }
    assert (said.said["A"], said.said["B"]) == (".flaskenv", ".env")
    assert said.problems == ()


def test_a_file_of_a_folder_above_counts(tmp_path: Path) -> None:
    inner = write(tmp_path / "inner", {".flaskenv": "A=inner\n"})
    write(tmp_path, {".env": "B=outer\n", ".flaskenv": "A=outer\nC=outer\n"})
    assert read(inner, {}).variables == {"A": "inner", "B": "outer"}


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=\xff\n")
    write(tmp_path, {".flaskenv": "A=1\n:?* no\nB=2\n"})
    said = read(tmp_path, {})
    assert said.variables == {"A": "1", "B": "2"}
    assert [str(problem.place) for problem in said.problems] == [".flaskenv:2", ".env"]
    assert "not NAME=value" in said.problems[0].sentence


@pytest.mark.parametrize(("skip", "expected"), [("1", {}), ("0", {"A": "1"}), ("", {"A": "1"}), ("yes", {})])
def test_flask_can_be_told_to_skip_them(tmp_path: Path, skip: str, expected: dict[str, str]) -> None:
    write(tmp_path, {".env": "A=1\n"})
    assert read(tmp_path, {"FLASK_SKIP_DOTENV": skip}).variables == expected
