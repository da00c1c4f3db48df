"""Flask projects in the shapes that people write them in, as data, for every test that opens "any project".

All of it is made up for these tests. ``write(shape, folder)`` puts one on the disk.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shape:
    """One project; ``special`` says what is special about it.

    ``target`` is what ``flask --app`` is given, empty where ``flask`` finds the app by itself; ``imports``
    whether this Python can import it; ``wrong`` is a word that the reason says where it can't.
    """

    name: str
    special: str
    files: Mapping[str, str]
    target: str = ""
    imports: bool = True
    wrong: str = ""

    def __str__(self) -> str:
        return self.name


def write(shape: Shape, folder: Path) -> Path:
    """Write a shape's files into a new or empty folder, which is returned."""
    for name, text in shape.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder


SINGLE_FILE = Shape(
    "single_file",
    "all in app.py, with a template",
    {
        "app.py": '''\
from flask import Flask, jsonify, render_template, request

app = Flask(__name__)
books = [{"id": 1, "title": "Emil"}]


@app.route("/")
def index():
    """The start page."""
    return render_template("index.html", books=books)


@app.get("/books/<int:book_id>")
def book(book_id):
    return jsonify(books[book_id - 1])


@app.route("/books", methods=["GET", "POST"])
def all_books():
    if request.method == "POST":
        books.append(request.get_json())
    return jsonify(books)


# @app.route("/old")
# def old():
#     return "gone"


if __name__ == "__main__":
    app.run(debug=True)
''',
        "templates/index.html": "<ul>{% for book in books %}<li>{{ book.title }}</li>{% endfor %}</ul>\n",
        "static/style.css": "ul { margin: 0 }\n",
    },
)

WSGI_FILE = Shape(
    "wsgi_file",
    "wsgi.py with the name application",
    {
        "wsgi.py": """\
import flask

application = flask.Flask(__name__, static_url_path="/files")


@application.route("/health")
def health():
    return {"ok": True}
""",
        "static/a.txt": "a\n",
    },
)

NOTEBOARD = Shape(
    "package_factory_sqlite",
    "a package with a factory, blueprints, log-in, and a database in the instance folder",
    {
        "noteboard/__init__.py": '''\
"""A board of notes that its members pin up."""

import os

from flask import Flask


def create_app(settings=None):
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_mapping(
        SECRET_KEY="for trying out",
        DATABASE=os.path.join(app.instance_path, "board.sqlite"),
    )
    if settings is None:
        app.config.from_pyfile("settings.py", silent=True)
    else:
        app.config.from_mapping(settings)
    os.makedirs(app.instance_path, exist_ok=True)

    @app.route("/alive")
    def alive():
        return "yes"

    from . import store

    store.attach(app)

    from . import members, notes

    app.register_blueprint(members.bp)
    app.register_blueprint(notes.bp)
    app.add_url_rule("/", endpoint="index")
    return app
''',
        "noteboard/store.py": '''\
import sqlite3

import click
from flask import current_app, g


def connection():
    if "connection" not in g:
        g.connection = sqlite3.connect(current_app.config["DATABASE"])
        g.connection.row_factory = sqlite3.Row
    return g.connection


def let_go(error=None):
    held = g.pop("connection", None)
    if held is not None:
        held.close()


def make_tables():
    with current_app.open_resource("tables.sql") as script:
        connection().executescript(script.read().decode("utf-8"))


@click.command("make-tables")
def make_tables_command():
    """Begin with an empty board."""
    make_tables()
    click.echo("The board is empty.")


def attach(app):
    app.teardown_appcontext(let_go)
    app.cli.add_command(make_tables_command)
''',
        "noteboard/tables.sql": """\
CREATE TABLE IF NOT EXISTS member (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, secret TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS note (
    id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES member (id),
    heading TEXT NOT NULL,
    words TEXT NOT NULL
);
""",
        "noteboard/members.py": """\
import functools

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from werkzeug.security import check_password_hash, generate_password_hash

from noteboard.store import connection

bp = Blueprint("members", __name__, url_prefix="/members")


@bp.before_app_request
def who_is_it():
    member_id = session.get("member_id")
    g.member = None
    if member_id is not None:
        found = connection().execute("SELECT * FROM member WHERE id = ?", (member_id,))
        g.member = found.fetchone()


def login_required(view):
    @functools.wraps(view)
    def guarded(**values):
        if g.member is None:
            return redirect(url_for("members.log_in"))
        return view(**values)

    return guarded


@bp.route("/join", methods=("GET", "POST"))
def join():
    if request.method == "POST":
        name, secret = request.form["name"], request.form["secret"]
        held = connection()
        held.execute(
            "INSERT INTO member (name, secret) VALUES (?, ?)", (name, generate_password_hash(secret))
        )
        held.commit()
        return redirect(url_for("members.log_in"))
    return render_template("members/join.html")


@bp.route("/log-in", methods=("GET", "POST"))
def log_in():
    if request.method == "POST":
        found = connection().execute("SELECT * FROM member WHERE name = ?", (request.form["name"],))
        member = found.fetchone()
        if member is not None and check_password_hash(member["secret"], request.form["secret"]):
            session.clear()
            session["member_id"] = member["id"]
            return redirect(url_for("index"))
        flash("That did not fit.")
    return render_template("members/log_in.html")


@bp.route("/log-out")
def log_out():
    session.clear()
    return redirect(url_for("index"))
""",
        "noteboard/notes.py": """\
from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from noteboard.members import login_required
from noteboard.store import connection

bp = Blueprint("notes", __name__)


@bp.route("/")
def index():
    rows = connection().execute("SELECT * FROM note ORDER BY id DESC").fetchall()
    return render_template("notes/index.html", notes=rows)


@bp.route("/pin", methods=("GET", "POST"))
@login_required
def pin():
    if request.method == "POST":
        held = connection()
        held.execute(
            "INSERT INTO note (member_id, heading, words) VALUES (?, ?, ?)",
            (g.member["id"], request.form["heading"], request.form["words"]),
        )
        held.commit()
        return redirect(url_for("notes.index"))
    return render_template("notes/pin.html")


@bp.route("/<int:note_id>/take-down", methods=("POST",))
@login_required
def take_down(note_id):
    held = connection()
    if not held.execute("DELETE FROM note WHERE id = ?", (note_id,)).rowcount:
        abort(404)
    held.commit()
    return redirect(url_for("notes.index"))
""",
        "noteboard/templates/frame.html": """\
<!doctype html>
<title>{% block title %}{% endblock %} - Noteboard</title>
<nav>
  {% if g.member %}<a href="{{ url_for('members.log_out') }}">Log out</a>
  {% else %}<a href="{{ url_for('members.log_in') }}">Log in</a>{% endif %}
</nav>
{% for words in get_flashed_messages() %}<p>{{ words }}</p>{% endfor %}
{% block content %}{% endblock %}
""",
        "noteboard/templates/members/join.html": """\
{% extends "frame.html" %}
{% block title %}Join{% endblock %}
{% block content %}<form method="post"><input name="name"><input name="secret"></form>{% endblock %}
""",
        "noteboard/templates/members/log_in.html": """\
{% extends 'frame.html' %}
{% block title %}Log in{% endblock %}
{% block content %}<form method="post"><input name="name"><input name="secret"></form>{% endblock %}
""",
        "noteboard/templates/notes/index.html": """\
{% extends "frame.html" %}
{% block title %}Notes{% endblock %}
{% block content %}
{% for note in notes %}
  {% include "notes/_note.html" %}
{% endfor %}
<a href="{{ url_for('notes.pin') }}">Pin a note</a>
{% endblock %}
""",
        "noteboard/templates/notes/_note.html": "<article>{{ note['heading'] }}</article>\n",
        "noteboard/templates/notes/pin.html": """\
{% extends "frame.html" %}
{% block content %}
<form method="post"><input name="heading"><textarea name="words"></textarea></form>
{% endblock %}
""",
        "noteboard/static/board.css": "article { border: 1px solid }\n",
    },
    target="noteboard",
)

PACKAGE_APP = Shape(
    "package_app",
    "the app at module level in a package, its views in modules imported at the end",
    {
        "shop/__init__.py": """\
from flask import Flask

app = Flask(__name__)
app.config["SHOP_NAME"] = "Corner"

import shop.views  # noqa: E402,F401
from shop import basket  # noqa: E402,F401
""",
        "shop/views.py": """\
from shop import app


@app.route("/")
def home():
    return app.config["SHOP_NAME"]


@app.route("/about/")
def about():
    return "About us"
""",
        "shop/basket.py": """\
from . import app


@app.post("/basket/<item>")
def put(item):
    return item, 201


@app.delete("/basket/<item>")
def take_out(item):
    return "", 204
""",
    },
    target="shop",
)

FACTORY_FILE = Shape(
    "factory_file",
    "create_app in factory.py",
    {
        "factory.py": """\
from flask import Flask

from api import api


def create_app():
    app = Flask("weather")

    @app.route("/")
    def home():
        return "Weather"

    app.register_blueprint(api, url_prefix="/v1")
    return app
""",
        "api.py": """\
from flask import Blueprint

api = Blueprint("api", __name__, url_prefix="/never")


@api.get("/towns/<name>")
def town(name):
    return {"town": name}
""",
    },
    target="factory",
)

FACTORY_ARGUMENTS = Shape(
    "factory_arguments",
    "a factory of another name that is called with arguments",
    {
        "build.py": """\
from flask import Flask


def build(kind, *, prefix="/"):
    app = Flask(__name__, static_folder=None)

    @app.route(prefix + "hello")
    def hello():
        return kind

    if kind == "school":

        @app.route("/classes")
        def classes():
            return []

    return app
""",
    },
    target="build:build('school', prefix='/s/')",
)

STACKED = Shape(
    "stacked_decorators",
    "several rules on one view, other decorators between",
    {
        "app.py": """\
from functools import wraps

from flask import Flask

app = Flask(__name__)


def shout(view):
    @wraps(view)
    def louder(*args, **values):
        return view(*args, **values).upper()

    return louder


def plain(view):
    def wrapper(*args, **values):
        return view(*args, **values)

    wrapper.__name__ = view.__name__
    return wrapper


@app.route("/")
@app.route("/home", endpoint="front")
@app.route("/start/<name>", methods=["GET", "POST"])
@shout
def index(name="you"):
    return f"hello {name}"


@app.get("/twice")
@plain
@shout
def twice():
    return "twice"


@app.get("/one")
@app.post("/one")
def one():
    return "one"
""",
    },
)

ADD_URL_RULE = Shape(
    "add_url_rule",
    "rules added by calls, lambdas and views of other modules",
    {
        "app.py": """\
from functools import partial

from flask import Flask

import views

app = Flask(__name__)


def local():
    return "local"


app.add_url_rule("/local", view_func=local)
app.add_url_rule("/local/<int:n>", "numbered", lambda n: str(n), methods=["POST"])
app.add_url_rule(rule="/there", endpoint="over_there", view_func=views.there)
app.add_url_rule("/part", "part", partial(views.greet, "Ada"))
app.add_url_rule("/nowhere", endpoint="nothing")
""",
        "views.py": """\
def there():
    return "there"


def greet(name):
    return f"Hello {name}"
""",
    },
)

CLASS_VIEWS = Shape(
    "class_views",
    "View and MethodView, on the app and on a blueprint",
    {
        "app.py": """\
from flask import Blueprint, Flask, render_template_string
from flask.views import MethodView, View

app = Flask(__name__)
bp = Blueprint("stock", __name__, url_prefix="/stock")


class Page(View):
    methods = ["GET", "POST"]

    def __init__(self, words):
        self.words = words

    def dispatch_request(self):
        return render_template_string("{{ words }}", words=self.words)


class Things(MethodView):
    init_every_request = False

    def get(self, thing_id=None):
        return {"id": thing_id}

    def post(self):
        return {}, 201


class Thing(Things):
    def delete(self, thing_id):
        return "", 204


app.add_url_rule("/about", view_func=Page.as_view("about", "About"))
app.add_url_rule("/imprint", view_func=Page.as_view("imprint", words="Imprint"))
app.add_url_rule("/things", view_func=Things.as_view("things"))
bp.add_url_rule("/<int:thing_id>", view_func=Thing.as_view("thing"))
as_view = Thing.as_view("again")
bp.add_url_rule("/again/<int:thing_id>", view_func=as_view, methods=["GET"])
app.register_blueprint(bp)
""",
    },
)

NESTED = Shape(
    "nested_blueprints",
    "blueprints in blueprints, each with a prefix",
    {
        "app.py": """\
from flask import Flask

from school import school

app = Flask(__name__)
app.register_blueprint(school)


@app.route("/")
def home():
    return "home"
""",
        "school/__init__.py": """\
from flask import Blueprint

from .classes import classes
from .pupils import pupils

school = Blueprint("school", __name__, url_prefix="/school")
classes.register_blueprint(pupils, url_prefix="/<int:class_id>/pupils/")
school.register_blueprint(classes)
""",
        "school/classes.py": """\
from flask import Blueprint

classes = Blueprint("classes", __name__, url_prefix="/classes")


@classes.get("/")
def every():
    return []


@classes.get("")
def bare():
    return []
""",
        "school/pupils.py": """\
from flask import Blueprint

pupils = Blueprint("pupils", __name__, static_folder="pictures", static_url_path="/pictures")


@pupils.route("/<name>")
def pupil(class_id, name):
    return name
""",
        "school/pictures/a.txt": "a\n",
    },
)

SEVERAL_APPS = Shape(
    "several_apps",
    "three apps in one folder, one of them meant",
    {
        "blog.py": """\
from flask import Flask

app = Flask(__name__)


@app.route("/posts")
def posts():
    return "posts"
""",
        "wiki.py": """\
from flask import Flask

wiki = Flask(__name__)
other = Flask("other")


@wiki.route("/pages")
def pages():
    return "pages"


@other.route("/others")
def others():
    return "others"
""",
        "chat/main.py": """\
from flask import Flask


def make_app():
    app = Flask(__name__)

    @app.route("/rooms")
    def rooms():
        return "rooms"

    return app
""",
    },
    target="wiki:wiki",
)

MAIN_GUARD = Shape(
    "main_guard",
    "routes that only running the file as a script adds",
    {
        "app.py": """\
from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "always"


if __name__ == "__main__":

    @app.route("/only-as-a-script")
    def hidden():
        return "hidden"

    app.add_url_rule("/hidden-too", view_func=hidden, endpoint="hidden_too")
    app.run(port=5055)
""",
    },
)

UNGUARDED_RUN = Shape(
    "unguarded_run",
    "app.run() in the middle of the module",
    {
        "app.py": """\
from flask import Flask

app = Flask(__name__)


@app.route("/before")
def before():
    return "before"


app.run(host="127.0.0.1", port=5056, debug=True)


@app.route("/after")
def after():
    return "after"
""",
    },
)

MISSING_SECRETS = Shape(
    "missing_secrets",
    "a file that is not in the repository is read at import",
    {
        "app.py": """\
from pathlib import Path

from flask import Flask

app = Flask(__name__)
app.secret_key = Path(__file__).with_name("secrets.txt").read_text(encoding="utf-8")


@app.route("/")
def index():
    return "secret"


@app.post("/keys/<name>")
def keep(name):
    return name
""",
        ".gitignore": "secrets.txt\n",
    },
    imports=False,
    wrong="secrets.txt",
)

MISSING_PACKAGE = Shape(
    "missing_package",
    "a package that is not installed is imported",
    {
        "app.py": """\
from flask import Flask
from playground_tests_have_no_such_package import Helper

app = Flask(__name__)
helper = Helper(app)


@app.route("/")
def index():
    return helper.words()
""",
        "requirements.txt": "flask\nplayground-tests-have-no-such-package\n",
    },
    imports=False,
    wrong="playground_tests_have_no_such_package",
)

OLD_API = Shape(
    "old_api",
    "names that Flask took away",
    {
        "app.py": """\
from flask import Flask, escape
from flask.ext.nothing import Nothing

app = Flask(__name__)


@app.before_first_request
def prepare():
    pass


@app.route("/<name>")
def hello(name):
    return "Hello " + escape(name)
""",
    },
    imports=False,
    wrong="escape",
)

NEWER_SYNTAX = Shape(
    "newer_syntax",
    "what Python 3.12 brought: type aliases, type parameters, quotes inside f-strings",
    {
        "app.py": """\
from flask import Flask

app = Flask(__name__)
type Names = list[str]


def first[T](values: list[T]) -> T:
    return values[0]


@app.route("/names/<name>")
def names(name):
    known = {"a": name}
    return f"Hello {known["a"]}"


@app.route("/first")
def the_first():
    return first(["one"])
""",
    },
    imports=sys.version_info >= (3, 12),
    wrong="" if sys.version_info >= (3, 12) else "syntax",
)

FUTURE_SYNTAX = Shape(
    "future_syntax",
    "what no Python understands, in one of two modules",
    {
        "app.py": """\
from flask import Flask

from orders import orders

app = Flask(__name__)
app.register_blueprint(orders)


@app.route("/")
def index():
    return "index"
""",
        "orders.py": """\
from flask import Blueprint

orders = Blueprint("orders", __name__, url_prefix="/orders")


@orders.route("/")
def every():
    return "every order"


def cheap(order) given order.price < 10:
    return order ?? "none"


@orders.post("/<int:order_id>")
def change(order_id):
    return str(order_id)
""",
    },
    imports=False,
    wrong="orders.py",
)

ROOT_PACKAGE = Shape(
    "root_package",
    "the opened folder is itself a package",
    {
        "__init__.py": '"""A package."""\n',
        "app.py": """\
from flask import Flask

from .pages import pages

app = Flask(__name__)
app.register_blueprint(pages, url_prefix="/pages")


@app.route("/")
def index():
    return "index"
""",
        "pages.py": """\
from flask import Blueprint

from . import words

pages = Blueprint("pages", __name__)


@pages.route("/<name>")
def page(name):
    return words.ABOUT + name
""",
        "words.py": 'ABOUT = "About "\n',
    },
)

ROOT_PACKAGE_FACTORY = Shape(
    "root_package_factory",
    "the opened folder is itself a package, with the factory in its __init__.py",
    {
        "__init__.py": """\
from flask import Flask


def create_app():
    app = Flask(__name__)
    from . import pages

    app.register_blueprint(pages.bp)
    return app
""",
        "pages.py": """\
from flask import Blueprint

bp = Blueprint("pages", __name__)


@bp.route("/page")
def page():
    return "page"
""",
    },
    target="__init__.py",
)

SRC_LAYOUT = Shape(
    "src_layout",
    "the package below src",
    {
        "pyproject.toml": '[project]\nname = "library"\nversion = "1"\n',
        "src/library/__init__.py": """\
from flask import Flask


def create_app():
    app = Flask(__name__)
    from library.loans import loans

    app.register_blueprint(loans)
    return app
""",
        "src/library/loans.py": """\
from flask import Blueprint, render_template

loans = Blueprint("loans", __name__, url_prefix="/loans")


@loans.route("/")
def every():
    return render_template("loans.html")


@loans.route("/<uuid:loan_id>", methods=["PATCH"])
def change(loan_id):
    return str(loan_id)
""",
        "src/library/templates/loans.html": "<h1>Loans</h1>\n",
        "tests/test_loans.py": """\
from flask import Flask

app = Flask(__name__)


@app.route("/of-a-test")
def of_a_test():
    return ""
""",
    },
    target="src/library",
)

RESTFUL = Shape(
    "flask_restful",
    "an extension adds the routes",
    {
        "app.py": """\
from flask import Flask
from flask_restful import Api

from resources import Todo, TodoList

app = Flask(__name__)
api = Api(app, prefix="/api")
api.add_resource(TodoList, "/todos", "/all-todos")
api.add_resource(Todo, "/todos/<int:todo_id>", endpoint="todo_ep")


@app.route("/")
def index():
    return "index"
""",
        "resources.py": """\
from flask_restful import Resource

todos = {1: "read"}


class TodoList(Resource):
    def get(self):
        return todos

    def post(self):
        return {}, 201


class Todo(Resource):
    def get(self, todo_id):
        return todos[todo_id]

    def delete(self, todo_id):
        return "", 204
""",
    },
)

OWN_EXTENSION = Shape(
    "own_extension",
    "a class of the project registers routes of its own",
    {
        "app.py": """\
from flask import Flask

from health import Health

app = Flask(__name__)
Health(app, "/-/")
""",
        "health.py": """\
class Health:
    def __init__(self, app, prefix):
        app.add_url_rule(prefix + "health", "health.state", self.state)
        app.add_url_rule(prefix + "version", "health.version", self._version_of(app))

    def state(self):
        return "well"

    def _version_of(self, app):
        def version():
            return app.name

        return version
""",
    },
)

LOOPS = Shape(
    "loops_and_conditions",
    "routes made in loops, under conditions, with rules that only Python knows",
    {
        "app.py": """\
import os

from flask import Flask

app = Flask(__name__)
PREFIX = "/v" + str(len("ab"))
NAMES = ("red", "green", "blue")


@app.route(f"{PREFIX}/colours")
def colours():
    return list(NAMES)


@app.route(PREFIX + "/count")
def count():
    return str(len(NAMES))


for name in NAMES:

    @app.route(f"/colour/{name}", endpoint=f"colour_{name}")
    def colour(name=name):
        return name


def page(words):
    def show():
        return words

    return show


for name in NAMES:
    app.add_url_rule(f"/page/{name}", f"page_{name}", page(name))

if os.environ.get("PLAYGROUND_TESTS_NEVER_SET_THIS"):

    @app.route("/debug")
    def debug():
        return "debug"
else:

    @app.route("/not-debug")
    def not_debug():
        return "not debug"

try:
    import playground_tests_have_no_such_package
except ImportError:

    @app.route("/fallback")
    def fallback():
        return "fallback"
else:

    @app.route("/full")
    def full():
        return playground_tests_have_no_such_package.words()
""",
    },
)

CONVERTERS = Shape(
    "converters_and_subdomains",
    "a converter of its own, subdomains, defaults, strict_slashes, redirects",
    {
        "app.py": """\
from flask import Blueprint, Flask
from werkzeug.routing import BaseConverter


class ListConverter(BaseConverter):
    regex = "[a-z]+(?:,[a-z]+)*"

    def to_python(self, value):
        return value.split(",")

    def to_url(self, value):
        return ",".join(value)


app = Flask(__name__, subdomain_matching=True)
app.config["SERVER_NAME"] = "example.test:5000"
app.url_map.converters["list"] = ListConverter
admin = Blueprint("admin", __name__, subdomain="admin")


@app.route("/tags/<list:tags>")
def tags(tags):
    return tags


@app.route("/pages/", defaults={"page": 1}, strict_slashes=False)
@app.route("/pages/<int:page>")
def pages(page):
    return str(page)


@app.route("/", subdomain="<user>")
def of_user(user):
    return user


@app.route("/old", redirect_to="/pages/")
def old():
    return ""


@app.route('/name/<regex>/<any("a", b):kind>/<float(min=1, signed=True):x>')
def odd(regex, kind, x):
    return kind


@admin.route("/")
def panel():
    return "panel"


app.register_blueprint(admin)
""",
    },
)

HOSTS = Shape(
    "host_matching",
    "routes that differ by their host alone",
    {
        "app.py": """\
from flask import Flask

app = Flask(__name__, host_matching=True, static_host="static.example.test")


@app.route("/", host="one.example.test")
def one():
    return "one"


@app.route("/", host="two.example.test")
def two():
    return "two"
""",
    },
)

TWICE = Shape(
    "registered_twice",
    "one blueprint registered under two names, another one never",
    {
        "app.py": """\
from flask import Blueprint, Flask

greet = Blueprint("greet", __name__)
lost = Blueprint("lost", __name__, url_prefix="/lost")


@greet.route("/hello/<name>")
def hello(name):
    return f"Hello {name}"


@lost.route("/found")
def found():
    return "never"


app = Flask(__name__)
app.register_blueprint(greet, url_prefix="/en")
app.register_blueprint(greet, url_prefix="/de", name="gruss")
""",
    },
)

FLASKENV = Shape(
    "flaskenv",
    "FLASK_APP and a setting that the app asks for come from .flaskenv and .env",
    {
        ".flaskenv": "FLASK_APP=service.main:web\n",
        ".env": "SERVICE_PREFIX=/from-dotenv\n",
        "service/__init__.py": "",
        "service/main.py": """\
import os

from flask import Flask

web = Flask(__name__)
spare = Flask("spare")


@web.route(os.environ["SERVICE_PREFIX"] + "/state")
def state():
    return "well"
""",
    },
)

NOISY = Shape(
    "noisy",
    "prints and logs while it is imported, and changes the folder it works in",
    {
        "app.py": """\
import logging
import os
import sys

from flask import Flask

print("Welcome to the app!")
print("to stderr", file=sys.stderr)
os.write(1, b"straight to the terminal\\n")
logging.basicConfig(level=logging.DEBUG)
logging.info("logged")
app = Flask(__name__)
with open("words.txt", encoding="utf-8") as words:
    RULES = words.read().split()
for rule in RULES:
    app.add_url_rule("/" + rule, rule, lambda: "ok")
""",
        "words.txt": "one two\n",
    },
)

SHAPES = (
    SINGLE_FILE,
    WSGI_FILE,
    NOTEBOARD,
    PACKAGE_APP,
    FACTORY_FILE,
    FACTORY_ARGUMENTS,
    STACKED,
    ADD_URL_RULE,
    CLASS_VIEWS,
    NESTED,
    SEVERAL_APPS,
    MAIN_GUARD,
    UNGUARDED_RUN,
    MISSING_SECRETS,
    MISSING_PACKAGE,
    OLD_API,
    NEWER_SYNTAX,
    FUTURE_SYNTAX,
    ROOT_PACKAGE,
    ROOT_PACKAGE_FACTORY,
    SRC_LAYOUT,
    RESTFUL,
    OWN_EXTENSION,
    LOOPS,
    CONVERTERS,
    HOSTS,
    TWICE,
    FLASKENV,
    NOISY,
)
BY_NAME = {shape.name: shape for shape in SHAPES}
