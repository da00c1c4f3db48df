"""Where the views of an app's rules are written, through whatever is wrapped around them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from playground.core.live_rules import LiveRule
from playground.server.rule_map import RuleMap

APP = """\
import functools

from flask import Flask
from flask.views import MethodView

app = Flask(__name__)


def kept(view):
    @functools.wraps(view)
    def around(*args, **values):
        return view(*args, **values)

    return around


def renamed(view):
    def around(*args, **values):
        return view(*args, **values)

    around.__name__ = view.__name__
    return around


@app.get("/plain")
def plain():
    return ""


@app.get("/wrapped")
@kept
@renamed
@kept
def wrapped():
    return ""


class Things(MethodView):
    def get(self):
        return ""


class Callable:
    def __call__(self):
        return ""

    def __getattr__(self, name):
        if name in ("view_class", "__wrapped__"):
            raise RuntimeError(name)
        raise AttributeError(name)


app.add_url_rule("/things", view_func=kept(Things.as_view("things")))
app.add_url_rule("/method", "method", Things().get)
app.add_url_rule("/part", "part", functools.partial(plain))
app.add_url_rule("/callable", "callable", Callable())
app.add_url_rule("/length", "length", len)
app.add_url_rule("/nothing", "nothing")
"""


def line_of(text: str) -> int:
    return APP.splitlines().index(text) + 1


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    path = tmp_path / "things.py"
    path.write_text(APP, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("things_of_a_rule_map", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def by_endpoint(rules: tuple[LiveRule, ...]) -> dict[str, LiveRule]:
    return {rule.endpoint: rule for rule in rules}


def test_each_view_is_found_where_it_is_written(module: ModuleType, tmp_path: Path) -> None:
    found = by_endpoint(RuleMap(module.app, tmp_path).rules)
    where = {endpoint: (rule.function, rule.file, rule.line) for endpoint, rule in found.items()}
    assert where["plain"] == ("plain", "things.py", line_of('@app.get("/plain")'))
    assert where["wrapped"] == ("wrapped", "things.py", line_of('@app.get("/wrapped")'))
    get = line_of("    def get(self):")
    assert where["things"] == ("Things", "things.py", get)
    assert where["method"] == ("get", "things.py", get)
    assert where["part"] == ("plain", "things.py", line_of('@app.get("/plain")'))
    assert where["callable"] == ("Callable", "things.py", line_of("    def __call__(self):"))
    assert where["length"][1:] == ("", 0)
    assert where["nothing"] == ("", "", 0)
    assert where["static"][1:] == ("", 0)
    assert found["plain"].methods == ("GET", "HEAD", "OPTIONS")


def test_files_outside_of_the_folder_are_not_named(module: ModuleType, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    assert {(rule.file, rule.line) for rule in RuleMap(module.app, inner).rules} == {("", 0)}


def test_the_package_that_wraps_a_view_is_named(tmp_path: Path) -> None:
    restful = pytest.importorskip("flask_restful")
    from flask import Flask

    app = Flask(__name__)
    api = restful.Api(app)
    api.add_resource(type("Todo", (restful.Resource,), {"get": lambda self: {}}), "/todo")
    assert by_endpoint(RuleMap(app, tmp_path).rules)["todo"].package == "flask_restful"


def test_lines_are_followed_where_functions_moved(module: ModuleType, tmp_path: Path) -> None:
    made = RuleMap(module.app, tmp_path)
    before = made.lines(["plain", "wrapped", "length", "nothing"])
    assert before == {"plain": line_of('@app.get("/plain")'), "wrapped": line_of('@app.get("/wrapped")')}
    code = module.plain.__code__
    module.plain.__code__ = code.replace(co_firstlineno=code.co_firstlineno + 7)
    assert made.lines(before) == before | {"plain": before["plain"] + 7}
