"""What happens when a person's app is imported: found as Flask finds it, fresh, and refused plainly."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playground.core.problems import Problem, ProblemError
from playground.server.imports import FreshLoader, ProjectImports
from playground.server.loader import load, unload

if TYPE_CHECKING:
    from conftest import Folder

HELLO = "from flask import Flask\napp = Flask(__name__)\n"


@pytest.fixture(autouse=True)
def nothing_stays(folder: Folder) -> Iterator[None]:
    """A closed project leaves nothing in the process."""
    modules, path, where = set(sys.modules), list(sys.path), Path.cwd()
    yield
    unload(folder.path)
    left = [name for name in set(sys.modules) - modules if str(folder.path) in str(sys.modules[name])]
    assert left == []
    assert sys.path == path
    assert Path.cwd() == where
    assert not list(folder.path.rglob("__pycache__"))


def refused(folder: Folder, target: str | None = None, **more: float) -> Problem:
    with pytest.raises(ProblemError) as caught:
        load(folder.path, target, **more)
    return caught.value.problem


# -- finding the app ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app.py", HELLO),
        ("wsgi.py", HELLO),
        ("app.py", "from flask import Flask\napplication = Flask(__name__)\n"),
        ("app.py", "from flask import Flask\nshop = Flask(__name__)\n"),
        ("app.py", "from flask import Flask\ndef create_app():\n    return Flask('x')\n"),
        ("app.py", "from flask import Flask\ndef make_app(name='x'):\n    return Flask(name)\n"),
        ("app/__init__.py", HELLO),
    ],
)
def test_the_app_is_found_where_flask_finds_it(folder: Folder, name: str, text: str) -> None:
    folder.write(name, text)
    assert load(folder.path).app.import_name in ("app", "wsgi", "x")


def test_a_target_names_the_file_and_what_to_take_from_it(folder: Folder) -> None:
    folder.write("shop/__init__.py", "")
    folder.write("shop/main.py", "from flask import Flask\ndef build(n): return Flask(n)\nb = Flask('b')\n")
    assert load(folder.path, "shop/main.py:b").app.import_name == "b"
    assert load(folder.path, "shop/main.py:build('made')").app.import_name == "made"
    assert "shop.main" in load(folder.path, "shop/main.py:b").modules


def test_a_django_project_is_called_by_its_name(folder: Folder) -> None:
    folder.write("manage.py", "import os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'\n")
    assert "is a Django project" in refused(folder).sentence


def test_wsgi_comes_before_app_as_in_flask_run(folder: Folder) -> None:
    folder.write("app.py", HELLO)
    folder.write("wsgi.py", HELLO)
    assert load(folder.path).app.import_name == "wsgi"


def test_imports_work_between_files_packages_and_plain_folders(folder: Folder) -> None:
    folder.write("app.py", HELLO + "import models\nfrom shop import cart\nfrom parts.deep import x\n")
    folder.write("models.py", "from shop.cart import SIZE\n")
    folder.write("shop/__init__.py", "")
    folder.write("shop/cart.py", "from . import prices\nSIZE = prices.ONE\n")
    folder.write("shop/prices.py", "ONE = 1\n")
    folder.write("parts/deep/x.py", "")  # no __init__.py anywhere
    assert {"app", "models", "shop.prices", "parts.deep.x"} <= set(load(folder.path).modules)


def test_a_config_named_by_a_string_is_the_projects(folder: Folder) -> None:
    folder.write("app.py", HELLO + "app.config.from_object('settings.School')\n")
    folder.write("settings.py", "class School:\n    COLOUR = 'green'\n")
    assert load(folder.path).app.config["COLOUR"] == "green"


def test_app_run_in_the_middle_returns_at_once(folder: Folder) -> None:
    folder.write("app.py", HELLO + "app.run(port=5000)\nAFTER = 1\n")
    before = os.environ.get("FLASK_RUN_FROM_CLI")
    assert load(folder.path).app
    assert os.environ.get("FLASK_RUN_FROM_CLI") == before


def test_files_are_opened_where_flask_run_would_open_them(folder: Folder) -> None:
    folder.write("names.txt", "Ada")
    folder.write(
        "app.py", HELLO + "with open('names.txt') as names:\n    app.config['NAME'] = names.read()\n"
    )
    assert load(folder.path).app.config["NAME"] == "Ada"


def test_debug_is_off_as_in_flask_run(folder: Folder) -> None:
    folder.write("app.py", HELLO + "app.debug = True\n")
    assert load(folder.path).app.debug is False


# -- fresh each time ------------------------------------------------------------------------------------


def test_a_rewrite_of_the_same_size_within_a_second_is_seen(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder.write("helper.py", "def late(): return 0\n")
    for number in range(20):
        folder.write("app.py", HELLO + f"import helper\napp.config['N'] = {number % 10}, helper.N\n")
        folder.write("helper.py", f"N = {number % 10}\n")
        assert load(folder.path).app.config["N"] == (number % 10, number % 10)


def test_what_was_imported_before_is_imported_anew(folder: Folder) -> None:
    folder.write("app.py", HELLO + "import store\napp.config['STORE'] = store.items\n")
    folder.write("store.py", "items = []\n")
    first = load(folder.path).app
    first.config["STORE"].append(1)
    second = load(folder.path).app
    assert second is not first
    assert second.config["STORE"] == []


def test_the_modules_of_the_last_good_load_come_back_after_a_bad_one(folder: Folder) -> None:
    folder.write("app.py", HELLO + "import store\n")
    folder.write("store.py", "WHICH = 'good'\n")
    load(folder.path)
    good = sys.modules["store"]
    folder.write("store.py", "WHICH = 'bad'\n1 / 0\n")
    refused(folder)
    assert sys.modules["store"] is good
    assert sys.modules["app"].store is good


def test_a_path_that_the_app_adds_does_not_pile_up(folder: Folder) -> None:
    folder.write(
        "app.py",
        HELLO
        + "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))\nimport tool\n",
    )
    folder.write("lib/tool.py", "")
    load(folder.path)
    load(folder.path)
    assert sys.path.count(str(folder.path / "lib")) == 1


# -- in nobody's way ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["json", "flask", "random", "playground", "jinja2"])
def test_a_file_named_like_a_module_in_use_breaks_nothing(folder: Folder, name: str) -> None:
    __import__(name)
    before = dict(sys.modules)
    folder.write(f"{name}.py", "raise RuntimeError('the playground must not import this')\n")
    folder.write("app.py", HELLO + f"import {name}\n")
    load(folder.path)
    assert {key: sys.modules.get(key) for key in before} == before
    unload(folder.path)
    assert {key: sys.modules.get(key) for key in before} == before


def test_a_name_that_is_missing_because_of_such_a_file_is_explained(folder: Folder) -> None:
    folder.write("random.py", "def pick(): ...\n")
    folder.write("app.py", HELLO + "from random import pick\n")
    assert refused(folder).hint == "Rename random.py."


def test_a_file_named_like_a_module_not_in_use_is_the_projects_alone(folder: Folder) -> None:
    folder.write("turtledemo.py", "MINE = True\n")
    folder.write("app.py", HELLO + "import turtledemo\napp.config['MINE'] = turtledemo.MINE\n")
    assert load(folder.path).app.config["MINE"] is True
    unload(folder.path)
    assert "turtledemo" not in sys.modules


def test_other_threads_may_import_while_a_project_comes_and_goes(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if one did whenever a path is looked at: what Python keeps of all imports grows meanwhile."""
    holds, known = ProjectImports.holds, dict(sys.path_importer_cache)

    def another_imports(self: ProjectImports, path: str | None) -> bool:
        place = str(tmp_path / f"{len(sys.path_importer_cache)}.py")
        sys.path_importer_cache[place] = None
        FreshLoader.files[place] = file
        return holds(self, path)

    folder.write("app.py", HELLO)
    load(folder.path)
    files, file = dict(FreshLoader.files), FreshLoader.files[str(folder.path / "app.py")]
    try:
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(ProjectImports, "holds", another_imports)
            ProjectImports(folder.path).clear()
    finally:
        for place in sys.path_importer_cache.keys() - known:
            del sys.path_importer_cache[place]
        for place in FreshLoader.files.keys() - files:
            del FreshLoader.files[place]


def test_an_import_of_the_playgrounds_own_never_finds_the_projects_file(folder: Folder) -> None:
    folder.write("this_is_mine.py", "")
    folder.write("app.py", HELLO)
    load(folder.path)
    with pytest.raises(ModuleNotFoundError):
        __import__("this_is_mine")


def test_a_library_that_is_imported_first_by_the_app_gets_its_own_parts(folder: Folder) -> None:
    sys.modules.pop("colorsys", None)
    folder.write("colorsys.py", "raise RuntimeError('not for others')\n")
    outside = folder.path.parent / "site-packages"
    outside.mkdir()
    (outside / "painter.py").write_text("import colorsys\nRED = colorsys.rgb_to_hsv(1, 0, 0)\n")
    folder.write("app.py", HELLO + "import painter\n")
    sys.path.append(str(outside))
    try:
        load(folder.path)
        assert sys.modules["painter"].RED == (0.0, 1.0, 1)
    finally:
        sys.path.remove(str(outside))
        sys.modules.pop("painter", None)


def test_two_projects_with_the_same_names_do_not_mix(folder: Folder, tmp_path: Path) -> None:
    other = type(folder)(tmp_path / "other")
    for each, colour in ((folder, "green"), (other, "blue")):
        each.write("app.py", HELLO + "import settings\napp.config['C'] = settings.COLOUR\n")
        each.write("settings.py", f"COLOUR = {colour!r}\n")
    try:
        assert load(folder.path).app.config["C"] == "green"
        assert load(other.path).app.config["C"] == "blue"
        assert load(folder.path).app.config["C"] == "green"
    finally:
        unload(other.path)


# -- refused plainly ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("def broken(:\n    pass\n", 3, "Python cannot read app.py"),
        ("if True:\nx = 1\n", 4, "expected an indented block"),
        ("lazy import json\n", 3, "a lazy import is syntax of 3.15"),
        ("x = 1\x00\n", None, "not Python text"),
        ("print(nme)\n", 3, "app.py stopped at line 3 while starting: NameError: name 'nme' is not defined"),
        ("import flask_sqlalchemi\n", 3, "which is not installed"),
        ("import setings\n", 3, "there is no setings.py"),
        ("from settings import COLUR\n", 3, "settings has no COLUR; there is COLOUR"),
        ("import shop.missing\n", 3, "there is no missing.py in shop"),
        ("import sys\nsys.exit(3)\n", 4, "asked Python to exit"),
        ("raise KeyboardInterrupt\n", 3, "KeyboardInterrupt"),
        ("def f(): f()\nf()\n", 3, "calls itself without end"),
        (
            "@app.get('/a')\ndef a(): ...\n@app.get('/b')\ndef a(): ...\n",
            5,
            "Two view functions have the name a",
        ),
        ("@app.get('a')\ndef a(): ...\n", 3, "has to start with a slash"),
        ("@app.get('/<a')\ndef a(): ...\n", 3, "is never closed"),
        ("@app.get('/<integer:a>')\ndef a(): ...\n", 3, "no converter named integer"),
        ("@app.get('/<a>/<a>')\ndef a(): ...\n", 3, "uses the parameter a twice"),
    ],
)
def test_an_app_that_does_not_start_says_where_and_why(
    folder: Folder, text: str, line: int | None, words: str
) -> None:
    folder.write("settings.py", "COLOUR = 1\n")
    folder.write("shop/__init__.py", "")
    folder.write("app.py", HELLO + text)
    problem = refused(folder)
    assert words in problem.sentence
    assert problem.hint
    assert problem.original
    assert problem.place is not None
    assert problem.place.file == "app.py"
    assert line is None or problem.place.line == line


def test_the_place_is_in_the_file_that_failed(folder: Folder) -> None:
    folder.write("app.py", HELLO + "from shop import views\n")
    folder.write("shop/__init__.py", "")
    folder.write("shop/views.py", "\n\nint('x')\n")
    problem = refused(folder)
    assert str(problem.place) == "shop/views.py:3"
    assert problem.original == "ValueError: invalid literal for int() with base 10: 'x'"


@pytest.mark.parametrize(
    ("module", "command"), [("yaml_is_not_here", "yaml-is-not-here"), ("sklearn", "scikit-learn")]
)
def test_a_missing_package_is_named_as_pip_calls_it(folder: Folder, module: str, command: str) -> None:
    folder.write("app.py", f"import {module}\n")
    problem = refused(folder)
    assert f"imports {module}" in problem.sentence
    assert f"pip install {command}" in problem.hint


def test_files_that_import_each_other_in_a_circle(folder: Folder) -> None:
    folder.write("app.py", "from models import user\n" + HELLO)
    folder.write("models.py", "from app import app\nuser = 1\n")
    assert "in a circle" in refused(folder).sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no Flask app in app.py."),
        ("from flask import Flask\none = Flask('a')\ntwo = Flask('b')\n", "makes 2 Flask apps (one, two)"),
        ("def create_app(config): ...\n", "create_app in app.py has to be called with config"),
        ("def create_app(): return None\n", "create_app in app.py did not give an app"),
    ],
)
def test_a_file_without_a_clear_app(folder: Folder, text: str, words: str) -> None:
    folder.write("app.py", text)
    assert words in refused(folder).sentence


def test_a_folder_without_an_app(folder: Folder) -> None:
    assert "no app.py" in refused(folder).sentence
    assert "no shop.py" in refused(folder, "shop.py").sentence


def test_a_target_that_is_not_in_its_file(folder: Folder) -> None:
    folder.write("app.py", HELLO)
    assert "under shop" in refused(folder, "app.py:shop").sentence


def test_a_target_with_the_name_of_a_module_of_python(folder: Folder) -> None:
    folder.write("json.py", HELLO)
    assert "Rename the file" in refused(folder, "json.py").hint


def test_a_folder_that_is_gone(folder: Folder) -> None:
    folder.path.rmdir()
    assert "not there any more" in refused(folder).sentence
    folder.path.mkdir()


def test_junk_in_place_of_a_file(folder: Folder) -> None:
    (folder.path / "app.py").write_bytes(bytes(range(256)) * 40)
    problem = refused(folder)
    assert "not Python text" in problem.sentence


def test_a_start_that_never_ends_is_stopped(folder: Folder) -> None:
    folder.write("app.py", HELLO + "while True:\n    pass\n")
    problem = refused(folder, limit=0.2)
    assert "still not done after 0.2 seconds" in problem.sentence
    assert problem.place is not None
    assert problem.place.line in (3, 4)
    folder.write("app.py", HELLO)
    assert load(folder.path).app  # and nothing is in the way of the next


def test_a_start_on_another_thread(folder: Folder) -> None:
    """The app lane is not the main thread."""
    folder.write("app.py", HELLO)
    found: list[str] = []
    lane = threading.Thread(target=lambda: found.append(load(folder.path).app.import_name))
    lane.start()
    lane.join(5)
    assert found == ["app"]
