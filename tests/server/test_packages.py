"""The packages of the project's own environment, and what is said where one is missing or outdated."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from playground.core.problems import Problem, ProblemError
from playground.server.distributions import distribution
from playground.server.live_app import LiveApp
from playground.server.loader import load, notes, unload

if TYPE_CHECKING:
    from conftest import Folder

HELLO = "from flask import Flask\napp = Flask(__name__)\n"
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(autouse=True)
def nothing_stays(folder: Folder) -> Iterator[None]:
    modules, path, variables = set(sys.modules), list(sys.path), own_variables()
    yield
    unload(folder.path)
    left = [name for name in set(sys.modules) - modules if str(folder.path) in str(sys.modules[name])]
    assert (left, sys.path, own_variables()) == ([], path, variables)


def own_variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


def refused(folder: Folder, target: str | None = None) -> Problem:
    with pytest.raises(ProblemError) as caught:
        load(folder.path, target)
    return caught.value.problem


def environment(folder: Folder, name: str = ".venv", version: str = HERE, *, windows: bool = False) -> str:
    """Write the bare bones of a virtual environment; returns its folder of packages."""
    folder.write(f"{name}/pyvenv.cfg", f"home = /usr/bin\nversion = {version}.1\n")
    site = f"{name}/Lib/site-packages" if windows else f"{name}/lib/python{version}/site-packages"
    folder.write(f"{site}/pip/__init__.py", "")
    if windows:
        folder.write(f"{name}/Scripts/python.exe", "")
    return site


@pytest.mark.parametrize("name", [".venv", "venv"])
@pytest.mark.parametrize("windows", [False, True])
def test_its_packages_are_found(folder: Folder, name: str, windows: bool) -> None:
    site = environment(folder, name, windows=windows)
    folder.write(f"{site}/only_there.py", "COLOUR = 'red'\n")
    folder.write("app.py", HELLO + "import only_there\napp.config['COLOUR'] = only_there.COLOUR\n")
    assert load(folder.path).app.config["COLOUR"] == "red"
    assert "only_there" in sys.modules
    unload(folder.path)
    assert "only_there" not in sys.modules


def test_ours_come_before_those_of_the_environment(folder: Folder) -> None:
    folder.write(environment(folder) + "/flask/__init__.py", "raise RuntimeError\n")
    folder.write("app.py", HELLO)
    assert load(folder.path).app.import_name == "app"


def test_an_editable_install_is_found_and_what_its_pth_would_run_is_not_run(folder: Folder) -> None:
    site = environment(folder)
    beside = folder.path.parent / "beside"
    (beside / "library").mkdir(parents=True)
    (beside / "library" / "__init__.py").write_text("NAME = 'edited'\n")
    folder.write("src/inside.py", "NAME = 'inside'\n")
    folder.write(
        f"{site}/x.pth",
        f"# a comment\nimport os; os.environ['RAN'] = '1'\n{beside}\n{folder.path / 'src'}\n\nnowhere\n",
    )
    folder.write("app.py", HELLO + "import inside, library\napp.config['N'] = inside.NAME + library.NAME\n")
    for _ in range(2):  # also when it is loaded again
        assert load(folder.path).app.config["N"] == "insideedited"
    assert "RAN" not in os.environ
    unload(folder.path)
    assert not {"inside", "library"} & set(sys.modules)


def test_packages_for_another_python_are_left_aside_and_it_is_said(folder: Folder) -> None:
    folder.write(environment(folder, version="3.7") + "/only_there.py", "")
    folder.write("app.py", HELLO)
    state = LiveApp(folder.path)
    try:
        (note,) = state.go_live(None).notes
        assert note.sentence == (
            f"The packages in .venv are for Python 3.7, and this is Python {HERE}: they are not used."
        )
        assert f"Make .venv anew with Python {HERE}" in note.hint
    finally:
        state.close()
    folder.write("app.py", "import only_there\n" + HELLO)
    assert "for Python 3.7" in refused(folder).hint


def test_the_environment_that_fits_is_the_one_that_is_used(folder: Folder) -> None:
    environment(folder, version="3.7")
    folder.write(environment(folder, "venv") + "/only_there.py", "")
    folder.write("app.py", HELLO + "import only_there\n")
    assert load(folder.path).app
    assert notes(folder.path) == ()


def test_a_package_is_installed_where_the_project_finds_it(folder: Folder) -> None:
    folder.write("app.py", HELLO + "\nimport flask_sqlalchemy_is_not_here\n")
    problem = refused(folder)
    assert str(problem.place) == "app.py:4"
    assert f"{sys.executable} -m pip install Flask-Sqlalchemy-Is-Not-Here" in problem.hint
    environment(folder)
    assert ".venv/bin/python -m pip install Flask-Sqlalchemy-Is-Not-Here" in refused(folder).hint


def test_of_windows_the_command_is_that_of_windows(folder: Folder) -> None:
    environment(folder, "venv", windows=True)
    folder.write("app.py", HELLO + "import yaml_is_not_here\n")
    assert "venv\\Scripts\\python -m pip install yaml-is-not-here" in refused(folder).hint


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("yaml", "PyYAML"),
        ("flask_sqlalchemy", "Flask-SQLAlchemy"),
        ("flask_wtf.csrf", "Flask-WTF"),
        ("flask_made_up", "Flask-Made-Up"),
        ("PIL.Image", "Pillow"),
        ("dotenv", "python-dotenv"),
        ("bs4", "beautifulsoup4"),
        ("sklearn", "scikit-learn"),
        ("cv2", "opencv-python"),
        ("jwt", "PyJWT"),
        ("some_thing", "some-thing"),
    ],
)
def test_what_to_install_for_a_module(module: str, package: str) -> None:
    assert distribution(module) == package


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("from flask import escape\n", "escape is no longer part of flask", "from markupsafe import escape"),
        (
            "import flask\nx = flask.Markup('')\n",
            "Markup is no longer part of flask",
            "from markupsafe import",
        ),
        ("from flask.ext.sqlalchemy import X\n", "no longer has flask.ext", "Write flask_login"),
        (
            "from werkzeug import secure_filename\n",
            "no longer part of werkzeug",
            "from werkzeug.utils import",
        ),
        (
            HELLO + "@app.before_first_request\ndef f(): ...\n",
            "no longer has before_first_request",
            "app_context",
        ),
        (
            "from flask import Blueprint\nb = Blueprint('b', 'b')\nb.before_app_first_request(1)\n",
            "no longer has before_app_first_request",
            "where the app is made",
        ),
        ("from collections import Mapping\n", "no longer part of collections", "from collections.abc import"),
        ("from flask.json import JSONEncoder\n", "no longer part of flask.json", "DefaultJSONProvider"),
        ("import werkzeug.contrib.cache\n", "werkzeug.contrib was removed", "cachelib"),
    ],
)
def test_an_api_that_is_gone_says_what_to_write_instead(
    folder: Folder, text: str, sentence: str, hint: str
) -> None:
    folder.write("app.py", text)
    problem = refused(folder)
    assert sentence in problem.sentence
    assert hint in problem.hint
    assert problem.place is not None
    assert problem.place.line == text.rstrip().count("\n") + 1 - text.count("\ndef f")


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("import os\nos.environ['SHOP_KEY']\n", "the environment variable SHOP_KEY is not set", ".env"),
        ("open('instance/keys.json')\n", "it needs the file instance/keys.json", "Make instance/keys.json"),
        (
            HELLO + "app.config.from_pyfile('secret.cfg')\n",
            "it needs the file secret.cfg, which is not there",
            "Make secret.cfg",
        ),
        (
            HELLO + "app.config.from_envvar('SHOP_SETTINGS')\n",
            "variable SHOP_SETTINGS is not set",
            "SHOP_SETTINGS=",
        ),
        (HELLO + "app.config.from_object('settings.Prod')\n", "there is no Prod in settings", "spelling"),
        (HELLO + "app.config.from_object('nowhere_at_all.Prod')\n", "imports nowhere_at_all", "Install it"),
        (
            "import my_secrets\n",
            "my_secrets.py is not in this folder: .gitignore leaves it out",
            "Make my_secrets",
        ),
        ("import mailbox\nmailbox.Mailbox\n", "gets mailbox.py of this project instead", "Rename mailbox.py"),
        ("from mailbox import Mailbox\n", "gets mailbox.py of this project instead", "Rename mailbox.py"),
        ("{}['x']\n", "KeyError: 'x'", "Mend that line"),
    ],
)
def test_what_the_app_does_not_find_is_named(folder: Folder, text: str, sentence: str, hint: str) -> None:
    folder.write("settings.py", "class Dev: ...\n")
    folder.write("mailbox.py", "")
    folder.write(".gitignore", "*.pyc\n/my_secrets.py\n")
    folder.write("app.py", text)
    problem = refused(folder)
    assert sentence in problem.sentence
    assert hint in problem.hint


def test_an_installed_package_for_an_older_flask_is_named(folder: Folder) -> None:
    folder.write(environment(folder) + "/flask_old.py", "from flask import _request_ctx_stack\n")
    folder.write("app.py", HELLO + "import flask_old\n")
    problem = refused(folder)
    assert "the package flask_old does not fit" in problem.sentence
    assert "pip install --upgrade Flask-Old" in problem.hint
    assert str(problem.place) == "app.py:3"


def test_several_apps_and_none_called_app(folder: Folder) -> None:
    folder.write("app.py", "from flask import Flask\none = Flask('a')\ntwo = Flask('b')\n")
    problem = refused(folder, "app.py")
    assert "Detected multiple Flask applications" in problem.original
    assert problem.rule_id == "app-not-found"
    assert [fix.label for fix in problem.fixes] == ["Choose the app in the menu"]
    assert "makes 2 Flask apps (one, two)" in problem.sentence
    assert "app.py:one, app.py:two" in problem.hint


def test_a_factory_that_wants_arguments(folder: Folder) -> None:
    folder.write("app.py", "def create_app(config, *, debug): ...\n")
    problem = refused(folder)
    assert "has to be called with config, debug" in problem.sentence
    assert "app.py:create_app(...)" in problem.hint
    assert str(problem.place) == "app.py:1"
    assert "did not give an app" in refused(folder, "app.py:create_app('x')").sentence


def test_code_in_c_is_loaded_but_once_in_a_process(folder: Folder) -> None:
    """Many such modules refuse to be loaded again, so they rest while the project is closed."""
    found = importlib.util.find_spec("markupsafe._speedups")
    if found is None or found.origin is None:
        pytest.skip("this Python has no module in C to try it with")
    site = environment(folder)
    folder.write(f"{site}/quick/__init__.py", "from . import _speedups\n")
    folder.write(f"{site}/slow.py", "")
    shutil.copy(found.origin, folder.path / site / "quick")
    folder.write("app.py", HELLO + "import quick, slow\n")
    load(folder.path)
    quick, slow = sys.modules["quick._speedups"], sys.modules["slow"]
    unload(folder.path)
    assert not {"quick", "quick._speedups", "slow"} & set(sys.modules)
    load(folder.path)
    assert sys.modules["quick._speedups"] is quick
    assert sys.modules["slow"] is not slow


def test_what_was_installed_meanwhile_is_worth_another_try(folder: Folder) -> None:
    site = environment(folder)
    folder.write("app.py", HELLO + "import only_there\n")
    app = LiveApp(folder.path)
    try:
        assert app.go_live(None).problem is not None
        assert not app.is_worth_another_try()
        folder.write(f"{site}/only_there.py", "")
        assert app.is_worth_another_try()
        assert app.go_live(None).problem is None
        folder.write(f"{site}/another.py", "")
        assert not app.is_worth_another_try()  # it runs
    finally:
        app.close()


# -- variables -------------------------------------------------------------------------------------------


def test_variables_are_those_of_the_last_import_that_went_well(folder: Folder) -> None:
    wanted = {"SHOP_A": "1"}
    text = HELLO + "import os\nos.environ['SHOP_OWN'] = os.environ['SHOP_A']\n"
    folder.write("app.py", text)
    app = LiveApp(folder.path, lambda: wanted)
    try:
        assert app.go_live(None).problem is None
        assert (os.environ["SHOP_A"], os.environ["SHOP_OWN"]) == ("1", "1")
        wanted = {"SHOP_A": "2", "SHOP_B": "3"}
        folder.write("app.py", text + "1 / 0\n")
        assert app.go_live(None).problem is not None
        assert (os.environ["SHOP_A"], os.environ["SHOP_OWN"]) == ("1", "1")
        assert "SHOP_B" not in os.environ
        wanted = {"SHOP_B": "3"}
        folder.write("app.py", HELLO + "import os\napp.config['SEEN'] = 'SHOP_OWN' in os.environ\n")
        assert app.go_live(None).problem is None
        assert app.slot.app is not None
        assert app.slot.app.config["SEEN"] is False
        assert "SHOP_A" not in os.environ
    finally:
        app.close()
    assert not [name for name in os.environ if name.startswith("SHOP_")]


def test_an_edit_of_env_is_live(folder: Folder) -> None:
    wanted = {"SHOP_A": "1"}
    folder.write("app.py", HELLO + "import os\napp.config['A'] = os.environ['SHOP_A']\n")
    app = LiveApp(folder.path, lambda: wanted)
    try:
        app.go_live(None)
        wanted = {"SHOP_A": "2"}
        state = app.go_live(frozenset({folder.write(".env", "SHOP_A=2\n")}))
        assert state.how == "structure"
        assert app.slot.app is not None
        assert app.slot.app.config["A"] == "2"
    finally:
        app.close()


@pytest.fixture
def in_a_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the program that carries its own Python."""
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", "/opt/play ground/playground-python")


@pytest.mark.skipif(os.name == "nt", reason="an environment of Windows needs a Python that was installed")
def test_the_python_of_a_bundle_makes_an_environment_to_install_into(
    folder: Folder, in_a_bundle: None
) -> None:
    folder.write("app.py", "import flask_fictional\n")
    python = "'/opt/play ground/playground-python'"
    install = "&& .venv/bin/python -m pip install Flask-Fictional"
    assert f"Install it: {python} -m venv .venv {install}." in refused(folder).hint

    environment(folder, version="2.7")
    assert f"Install it: {python} -m venv --clear .venv {install}." in refused(folder).hint


def test_what_the_python_of_a_bundle_leaves_out_is_said_plainly(folder: Folder, in_a_bundle: None) -> None:
    folder.write("app.py", "import sys\nsys.modules['tkinter'] = None\nimport tkinter\n")
    try:
        problem = refused(folder)
    finally:
        sys.modules.pop("tkinter", None)
    assert (
        "imports tkinter, a module of Python that this program's own Python does not have" in problem.sentence
    )
    assert "pip" not in problem.hint
