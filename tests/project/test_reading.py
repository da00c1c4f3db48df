"""Routes read from source are those that Flask itself makes of it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent

import pytest
from flask import Flask

from playground.core.routes import Owner, Route
from playground.project.python.source import Source
from playground.project.reading.whole import join, read_module

SINGLE = {
    "app.py": """
        import flask as f
        from flask.views import MethodView
        from flask import Flask
        application = Flask(__name__)

        @application.route("/")
        @application.route("/index", endpoint="home")
        def index(): return "x"

        def login_required(view): return view

        @application.post('/users/<int:user_id>')
        @login_required
        @application.route("/u/<int:user_id>", methods=["PUT", "delete"], strict_slashes=False)
        def user(user_id): return f.jsonify(user_id)

        class Shop(MethodView):
            def get(self): return "x"
            def post(self): return "x"

        application.add_url_rule("/shop", view_func=Shop.as_view("shop"))
        application.add_url_rule("/old", "old_index", index)
        PREFIX = "/made"

        @application.get(PREFIX + "/up")
        def made(): return "x"
    """
}
FACTORY = {
    "shop/__init__.py": """
        from flask import Flask

        API = "/api"

        def create_app():
            app = Flask(__name__)

            @app.get("/")
            def index(): return "x"

            from . import users
            from .books import books, reviews as r
            app.register_blueprint(users.bp, url_prefix=API)
            app.register_blueprint(users.bp, url_prefix="/v2", name="users2")
            for one in (books, r):
                app.register_blueprint(one)
            routes(app)
            return app

        def routes(app):
            @app.delete("/all")
            def delete_all(): return "x"

        app = create_app()

        @app.get("/late")
        def late(): return "x"
    """,
    "shop/users.py": """
        from flask import Blueprint
        from shop.books import inner
        bp = Blueprint("users", __name__, url_prefix="/users")
        bp.register_blueprint(inner, url_prefix="/deep/")

        @bp.get("")
        def all_of_them(): return "x"

        @bp.get("/<name>")
        def one(name): return name
    """,
    "shop/books.py": """
        import flask
        books = flask.Blueprint("books", __name__, url_prefix="/books/")
        reviews = flask.Blueprint(name="reviews", import_name=__name__)
        inner = flask.Blueprint("inner", __name__, url_prefix="/inner")

        @books.route("/<isbn>", methods=("GET", "HEAD"))
        @reviews.route("/reviews/<isbn>")
        def book(isbn): return isbn

        @inner.post("/x/")
        def x(): return "x"
    """,
}
CIRCULAR = {
    "site/__init__.py": "",
    "main.py": """
        from flask import Flask
        app = Flask(__name__)
        import views
    """,
    "views.py": """
        from main import app as the_app
        import main

        @the_app.get("/a")
        def a(): return "x"

        @main.app.get("/b")
        def b(): return "x"
    """,
}
CUSTOM = {
    "app.py": """
        from flask import *

        class Mine(Flask): pass

        app: Flask = Mine(__name__)
        if True:
            try:
                @app.route("/tried")
                def tried(): return "x"
            finally:
                pass

        def other():
            app = Flask("other")

        @app.get("/x")
        async def x(): return "x"

        if __name__ == "__main__":
            app.run()
    """
}


def read(files: Mapping[str, str]) -> tuple[tuple[Owner, ...], tuple[Route, ...]]:
    owners, routes, _ = join(
        {file: read_module(Source(file, dedent(text).encode())) for file, text in files.items()}
    )
    return owners, routes


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable folder whose modules are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        module = sys.modules[name]
        if str(tmp_path) in str(getattr(module, "__file__", "")):
            del sys.modules[name]


def _rules_of(app: Flask) -> set[tuple[str, str, tuple[str, ...]]]:
    return {
        (rule.rule, rule.endpoint, tuple(sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    }


@pytest.mark.parametrize(
    ("files", "module"),
    [(SINGLE, "app"), (FACTORY, "shop"), (CIRCULAR, "main"), (CUSTOM, "app")],
    ids=["single", "factory", "circular", "custom"],
)
def test_what_is_read_is_what_flask_makes(files: dict[str, str], module: str, folder: Path) -> None:
    for file, text in files.items():
        path = folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text))
    loaded = importlib.import_module(module)
    app = next(value for value in vars(loaded).values() if isinstance(value, Flask))
    _, routes = read(files)
    mine = {
        (route.full_rule, route.endpoint, tuple(sorted(set(route.methods) - {"HEAD", "OPTIONS"})))
        for route in routes
        if not route.why_not.startswith("Its rule")
    }
    made = {one for one in _rules_of(app) if not one[0].startswith("/made")}
    assert mine == made


def test_what_the_form_can_not_own_says_why() -> None:
    _, routes = read(SINGLE)
    fixed = {route.function: route.why_not for route in routes if not route.editable}
    assert set(fixed) == {"Shop", "index", "made"}
    assert "add_url_rule" in fixed["Shop"]
    assert "worked out by Python" in fixed["made"]
    assert next(route for route in routes if route.function == "made").rule == "/made/up"


def test_a_route_knows_its_place() -> None:
    text = dedent(SINGLE["app.py"]).replace("\n", "\r\n")
    _, routes, _ = join({"app.py": read_module(Source("app.py", text.encode()))})
    route = next(one for one in routes if one.function == "user")
    assert route.region is not None
    assert route.region.text.startswith("@application.post('/users/<int:user_id>')\n@login_required\n")
    assert (
        text.encode()[route.region.start : route.region.end]
        == route.region.text.replace("\n", "\r\n").encode()
    )
    assert text.split("\r\n")[route.line - 1].startswith("@application.post")
    assert text.split("\r\n")[route.end_line - 1].startswith("def user")
    assert route.parameters == ("user_id",)
    assert route.sibling_rules == ("/u/<int:user_id>",)


def test_owners_have_names_that_tell_them_apart() -> None:
    owners, routes = read(
        {
            "app.py": "from flask import Flask\nfrom a import bp\nfrom b import bp as b\n"
            "app = Flask(__name__)\nadmin = Flask('admin')\n"
            "app.register_blueprint(bp)\napp.register_blueprint(b)\n",
            "a.py": "from flask import Blueprint\nbp = Blueprint('x', __name__)\n",
            "b.py": "from flask import Blueprint\nbp = Blueprint('x', __name__)\n"
            "@bp.get('/')\ndef f(): ...\n",
        }
    )
    assert [owner.name for owner in owners] == ["app", "admin", "x", "x (b.py)"]
    assert routes[0].owner == "x (b.py)"


def test_a_blueprint_that_nobody_registers_is_a_problem_but_has_routes() -> None:
    source = Source(
        "users.py",
        b"from flask import Blueprint\nbp = Blueprint('u', __name__)\n@bp.get('/')\ndef f(): ...\n",
    )
    owners, routes, problems = join({"users.py": read_module(source)})
    assert [(owner.name, owner.registered) for owner in owners] == [("u", False)]
    assert [route.endpoint for route in routes] == ["u.f"]
    assert "not registered" in problems[0].sentence
    assert str(problems[0].place) == "users.py:2"


def test_other_decorators_are_no_routes() -> None:
    _, routes = read(
        {
            "app.py": """
                from unittest import mock
                from flask import Flask
                app = Flask(__name__)

                @mock.patch("os.getcwd")
                def f(): ...

                @app.before_request
                def g(): ...

                @app.errorhandler(404)
                def h(error): ...
            """
        }
    )
    assert routes == ()
