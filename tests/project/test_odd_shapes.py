"""Small programs, each with one way of making routes: what is read is what Flask's own map has."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from flask import Flask

from playground.core.problems import ProblemError
from playground.core.routes import Route, RouteDraft
from playground.project.folder import Project
from playground.project.index import Index

HEAD = "from flask import Flask, Blueprint\nfrom flask.views import View, MethodView\n"

PROGRAMS: dict[str, str | dict[str, str]] = {
    "walrus": "(app := Flask(__name__))\n@app.get('/')\ndef a(): return 'x'\n",
    "walrus in a condition": "if (app := Flask(__name__)):\n    @app.get('/')\n    def a(): return 'x'\n",
    "tuple targets": "app, other = Flask(__name__), 1\n@app.get('/')\ndef a(): return 'x'\n",
    "two targets": "app = application = Flask(__name__)\n@application.get('/')\ndef a(): return 'x'\n",
    "another name": "app = Flask(__name__)\napplication = app\n@application.get('/')\ndef a(): return 'x'\n",
    "annotated": "app: Flask = Flask(__name__)\n@app.put('/')\ndef a(): return 'x'\n",
    "class attribute": "class Site:\n    app = Flask(__name__)\n@Site.app.get('/')\n"
    "def a(): return 'x'\napp = Site.app\n",
    "attribute of self": """
        class Site:
            def __init__(self):
                self.app = Flask(__name__)
                self.app.add_url_rule("/", "home", self.home)
                self.more()
            def more(self):
                @self.app.get("/more")
                def more(): return "x"
            def home(self): return "x"
        app = Site().app
    """,
    "route under another name": "app = Flask(__name__)\nroute = app.route\n@route('/')\n"
    "def a(): return 'x'\n",
    "called decorator": "app = Flask(__name__)\ndef a(): return 'x'\n"
    "app.route('/a', methods=['POST'])(a)\napp.delete('/b')(a)\n",
    "endpoint decorator": "app = Flask(__name__)\n@app.endpoint('e')\ndef a(): return 'x'\n"
    "app.add_url_rule('/a', endpoint='e')\n",
    "url_map.add": "from werkzeug.routing import Rule\napp = Flask(__name__)\n"
    "app.url_map.add(Rule('/a', endpoint='e', methods=['GET']))\n",
    "rule by keyword": "app = Flask(__name__)\n@app.route(rule='/a', methods=('GET', 'POST'))\n"
    "def a(): return 'x'\n",
    "constants": """
        API = "/api"
        VERSION = 2
        BOTH = ["GET", "POST"]
        class Config:
            PREFIX = API + "/shop"
        app = Flask(__name__)
        app.config["PREFIX"] = "/configured"
        @app.route(f"{API}/v{VERSION}/x", methods=BOTH)
        def a(): return "x"
        @app.route(Config.PREFIX + "/y", methods=BOTH + ["PUT"], endpoint="the" + "_y")
        def b(): return "x"
        bp = Blueprint("bp", __name__, url_prefix=Config.PREFIX)
        @bp.get("/z")
        def c(): return "x"
        app.register_blueprint(bp)
        app.register_blueprint(bp, name="again", url_prefix=app.config["PREFIX"])
    """,
    "constants of another file": {
        "app.py": "from settings import API, Config\nimport settings\napp = Flask(__name__)\n"
        "@app.get(API + '/a')\ndef a(): return 'x'\n"
        "@app.route(settings.API + '/b', methods=Config.METHODS)\ndef b(): return 'x'\n",
        "settings.py": "API = '/api'\nclass Config:\n    METHODS = ('PUT',)\n",
    },
    "subclasses of other files": {
        "app.py": "from base import Mine, Prints\napp = Mine(__name__)\n"
        "bp = Prints('p', __name__, url_prefix='/p')\n"
        "@app.get('/a')\ndef a(): return 'x'\n@bp.get('/b')\ndef b(): return 'x'\n"
        "app.register_blueprint(bp)\n",
        "base.py": "import flask\nclass Mine(flask.Flask): pass\nclass First(flask.Blueprint): pass\n"
        "class Prints(First): pass\n",
    },
    "init_app and register functions": {
        "app.py": "import pages\nfrom pages import register as more\nfrom ext import Ext\next = Ext()\n"
        "def create_app():\n    app = Flask(__name__)\n    other = Flask('other')\n"
        "    pages.attach(app)\n    more(web=app)\n    ext.init_app(app)\n    return app\n"
        "app = create_app()\n",
        "pages.py": "def attach(app):\n    @app.get('/a')\n    def a(): return 'x'\n"
        "def register(web):\n    web.add_url_rule('/b', 'b', lambda: 'x')\n    from inner import bp\n"
        "    web.register_blueprint(bp, url_prefix='/in')\n",
        "inner.py": "bp = Blueprint('inner', __name__)\n@bp.get('/c')\ndef c(): return 'x'\n",
        "ext.py": "class Ext:\n    def __init__(self, app=None):\n        if app is not None:\n"
        "            self.init_app(app)\n    def init_app(self, app):\n"
        "        app.add_url_rule('/ext', 'ext', self.view)\n    def view(self): return 'x'\n",
    },
    "functions that take a blueprint": """
        def crud(bp, path):
            @bp.get(path)
            def read(): return "x"
            @bp.post(path)
            def write(): return "x"
        one = Blueprint("one", __name__, url_prefix="/1")
        crud(one, "/things")
        app = Flask(__name__)
        app.register_blueprint(one)
    """,
    "a factory that returns another's": """
        def make():
            app = Flask(__name__)
            return app, 1
        def create_app():
            app, x = make()
            @app.get("/a")
            def a(): return "x"
            return app
        app = create_app()
        @app.get("/b")
        def b(): return "x"
    """,
    "class views": """
        def login(view): return view
        class Base(MethodView):
            decorators = [login]
            def get(self): return "x"
        class Mixin:
            def put(self): return "x"
        class Child(Mixin, Base):
            def post(self): return "x"
        class Fixed(MethodView):
            methods = ["GET"]
            def get(self): return "x"
            def post(self): return "x"
        class Page(View):
            methods = {"GET", "POST"}
            def dispatch_request(self): return "x"
        class Sub(Page): pass
        app = Flask(__name__)
        child = Child.as_view("child")
        wrapped = login(Sub.as_view(name="wrapped"))
        app.add_url_rule("/child", view_func=child)
        app.add_url_rule("/child/<int:i>", view_func=child, methods=["GET"])
        app.add_url_rule("/fixed", view_func=Fixed.as_view("fixed"))
        app.add_url_rule("/page", endpoint=None, view_func=login(Page.as_view("page")))
        app.add_url_rule("/sub", view_func=wrapped)
        app.add_url_rule("/named", "named", Page.as_view("x"))
    """,
    "class views of another file": {
        "app.py": "import views\nfrom views import ready, Thing as T\napp = Flask(__name__)\n"
        "class Own(views.Thing):\n    def patch(self): return 'x'\n"
        "app.add_url_rule('/a', view_func=ready)\napp.add_url_rule('/b', view_func=T.as_view('b'))\n"
        "app.add_url_rule('/c', view_func=views.Thing.as_view('c'))\n"
        "app.add_url_rule('/d', view_func=Own.as_view('d'))\n"
        "from views import plain as p\napp.add_url_rule('/e', view_func=p)\n",
        "views.py": "class Thing(MethodView):\n    def get(self): return 'x'\n"
        "    def delete(self): return 'x'\n"
        "ready = Thing.as_view('ready')\ndef plain(): return 'x'\n",
    },
    "loops": """
        app = Flask(__name__)
        def a(): return "a"
        def b(): return "b"
        ROUTES = {"/a": a, "/b": b}
        for rule, view in ROUTES.items():
            app.add_url_rule(rule, view_func=view)
        class Page(MethodView):
            def post(self): return "x"
        for cls, name in [(Page, "page")]:
            app.add_url_rule(f"/{name}", view_func=cls.as_view(name))
        for path, name in [("/c", "c"), ("/d", "d")]:
            @app.route(path, endpoint=name)
            def same(): return "x"
        parts = [Blueprint("p", __name__), Blueprint("q", __name__)]
        one, two = Blueprint("one", __name__), Blueprint("two", __name__)
        @one.get("/x")
        def x(): return "x"
        @two.get("/x")
        def y(): return "x"
        for bp, prefix in ((one, "/1"), (two, "/2")):
            app.register_blueprint(bp, url_prefix=prefix)
    """,
    "a comprehension": "app = Flask(__name__)\nbp = Blueprint('b', __name__)\n@bp.get('/')\n"
    "def a(): return 'x'\n"
    "[app.register_blueprint(one) for one in (bp,)]\n",
    "nested and twice": """
        app = Flask(__name__)
        inner = Blueprint("inner", __name__, url_prefix="/inner")
        outer = Blueprint("outer", __name__)
        @inner.get("/x")
        def x(): return "x"
        outer.register_blueprint(inner)
        outer.register_blueprint(inner, url_prefix="/second", name="second")
        app.register_blueprint(outer, url_prefix="/o")
        app.register_blueprint(outer, url_prefix="/p", name="p")
    """,
    "flask-restful": """
        from flask_restful import Api, Resource
        class Thing(Resource):
            def get(self): return {}
            def put(self): return {}
        class Things(Resource):
            def get(self): return {}
        class Late(Thing):
            def delete(self): return {}
        app = Flask(__name__)
        bp = Blueprint("v1", __name__, url_prefix="/v1")
        api, late = Api(bp, prefix="/api"), Api()
        api.add_resource(Thing, "/thing", "/thing/<int:i>")
        api.add_resource(Things, "/things", endpoint="all_of_them")
        @late.resource("/late")
        class Other(Late): pass
        app.register_blueprint(bp)
        late.init_app(app)
    """,
    "no routes at all": """
        app = Flask(__name__)
        getattr(app, "route")
        @app.before_request
        def a(): pass
        @app.context_processor
        def b(): return {}
        class Thing:
            @property
            def get(self): return 1
        @app.cli.command("x")
        def c(): pass
    """,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable folder whose modules are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = dict(sys.modules)
    ours = {"app", "pages", "inner", "ext", "views", "base", "settings"}
    for name in ours:
        sys.modules.pop(name, None)
    yield tmp_path
    for name in ours:
        sys.modules.pop(name, None)
        if name in before:
            sys.modules[name] = before[name]


def read(folder: Path) -> tuple[Route, ...]:
    index = Index(folder)
    index.refresh()
    return index.picture().routes


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_read_is_what_flask_makes(name: str, folder: Path) -> None:
    program = PROGRAMS[name]
    files = {"app.py": program} if isinstance(program, str) else program
    for file, text in files.items():
        (folder / file).write_text(HEAD + dedent(text).lstrip("\n"))
    app = importlib.import_module("app").app
    assert isinstance(app, Flask)
    made = {
        (rule.rule, rule.endpoint, tuple(sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    }
    routes = read(folder)
    mine = [
        (route.full_rule, route.endpoint, tuple(sorted(set(route.methods) - {"HEAD", "OPTIONS"})))
        for route in routes
    ]
    assert sorted(mine) == sorted(made)
    for route in routes:
        assert route.region is not None
        assert route.region.text in (folder / route.file).read_text()
        assert route.editable == (not route.why_not)


@pytest.mark.parametrize(
    ("first", "second", "made"),
    [
        ('subdomain="a"', 'subdomain="b"', '@app.get("/new", subdomain="b")'),
        ('host="a", defaults={"n": 1}', 'host="b"', '@app.get("/new", host="b")'),
        ('defaults={"n": 1}', 'defaults={"n": 2}', None),
    ],
)
def test_decorators_of_one_path_are_told_apart_by_what_the_form_shows(
    tmp_path: Path, first: str, second: str, made: str | None
) -> None:
    view = f'@app.get("/", {first})\n@app.get("/", {second})\ndef home(n=1):\n    return "x"\n'
    (tmp_path / "app.py").write_text(f"from flask import Flask\n\napp = Flask(__name__)\n\n\n{view}")
    project = Project(tmp_path)
    route = project.scan().routes[1]
    draft = RouteDraft("/new", route.methods, route.function, answer=route.answer)

    if made is None:
        with pytest.raises(ProblemError, match="can't tell them apart"):
            project.change_route(route, draft)
    else:
        project.change_route(route, draft)
        assert made in (tmp_path / "app.py").read_text()
    assert f'@app.get("/", {first})' in (tmp_path / "app.py").read_text()
