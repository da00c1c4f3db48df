"""Failures that a load shows: a small project for each that does not start, what is said, what mends it."""

from __future__ import annotations

from dataclasses import dataclass, field

from problem_cases import Case
from request_cases import HEAD, Out, app, get

from playground.core.exchanges import RequestSpec


@dataclass(frozen=True)
class LoadCase(Case):
    """A case that shows when the project is loaded; ``sent`` is asked once it is mended."""

    sent: RequestSpec = field(default_factory=RequestSpec)
    outs: tuple[Out, ...] = ()
    original: str = ""


INDEX = '@app.get("/")\ndef index():\n    return "Hello"\n'
BLUEPRINT = 'from flask import Blueprint\n\nblog = Blueprint("blog", __name__, url_prefix="{0}")\n\n\n'
POSTS = '@blog.get("/posts")\ndef posts():\n    return "All posts"\n'

NAMES = (
    LoadCase(
        "duplicate-endpoint",
        "same_name",
        app(INDEX + '\n\n@app.get("/two")\ndef index():\n    return "Two"\n'),
        "Two view functions have the name index, and each needs its own.",
        sent=get("/two"),
        place="app.py:11",
        why="lines 7 and 12",
        original="overwriting an existing endpoint function: index",
        outs=(Out("Call the second one index_2", says="Two"),),
    ),
    LoadCase(
        "duplicate-endpoint",
        "decorator",
        app(
            "def loud(view):\n    def wrapper(**given):\n        return view(**given).upper()\n\n"
            "    return wrapper\n\n\n"
            '@app.get("/a")\n@loud\ndef a():\n    return "a"\n\n\n'
            '@app.get("/b")\n@loud\ndef b():\n    return "b"\n'
        ),
        "Your decorator gives all its views one name.",
        sent=get("/b"),
        why="The decorator in line 7 of app.py returns wrapper",
        outs=(Out("Keep the names with functools.wraps", says="B"),),
    ),
    LoadCase(
        "blueprint-not-registered",
        "prefix",
        {
            "app.py": HEAD.format("") + "from blog import blog\n\napp.register_blueprint(blog)\n",
            "blog.py": BLUEPRINT.format("blog") + POSTS,
        },
        "The prefix blog has to start with a slash.",
        sent=get("/blog/posts"),
        why="blog.py, line 3",
        outs=(Out("Write /blog", says="All posts"),),
    ),
    LoadCase(
        "old-tutorial",
        "moved",
        app(INDEX.replace('"Hello"', 'escape("<b>")'), "escape"),
        "app.py, line 1: escape is no longer part of flask.",
        why="from flask import Flask, escape",
        outs=(Out("Import it from markupsafe", says="&lt;b&gt;"),),
    ),
    LoadCase(
        "old-tutorial",
        "renamed",
        {
            "app.py": "from werkzeug.security import safe_str_cmp\n"
            + HEAD.format("")
            + '@app.get("/")\ndef index():\n    return str(safe_str_cmp("a", "a"))\n'
        },
        "app.py, line 1: safe_str_cmp is no longer part of werkzeug.security.",
        outs=(Out("Import it from hmac", says="True"),),
    ),
    LoadCase(
        "old-tutorial",
        "print",
        app('print "starting"\n\n\n' + INDEX),
        "Line 6 of app.py is Python 2: print needs parentheses.",
        place="app.py:6",
        outs=(Out("Write print(...)", says="Hello"),),
    ),
    LoadCase(
        "circular-import",
        "app_and_views",
        {
            "app.py": HEAD.format("").replace("\n\napp", "\nimport views\n\napp") + INDEX,
            "views.py": 'from app import app\n\n\n@app.get("/more")\ndef more():\n    return "More"\n',
        },
        "app.py and views.py import each other in a circle.",
        sent=get("/more"),
        place="views.py:1",
        why="app.py:2 imports views.py:1, which wants app of app.py before it is there.",
        original="most likely due to a circular import",
        outs=(
            Out("Import it below app = ...", says="More"),
            Out("Import it where it is used", told=True),
        ),
    ),
    LoadCase(
        "app-not-found",
        "hidden_module",
        {
            "app.py": "import wave\n" + HEAD.format("") + "wave.open\n\n\n" + INDEX,
            "wave.py": "HEIGHT = 3\n",
        },
        "app.py imports wave, and gets wave.py of this project instead of a module of Python.",
        outs=(Out("Rename it to my_wave.py", says="Hello"),),
    ),
)
TIMES = (
    LoadCase(
        "outside-context",
        "current_app",
        app("print(current_app.name)\n\n\n" + INDEX, "current_app"),
        "current_app is used while no request is there.",
        place="app.py:6",
        why="print(current_app.name)",
        original="Working outside of application context.",
        outs=(
            Out("Put it under app.app_context()", says="Hello"),
            Out("Move that line into a view", told=True),
        ),
    ),
    LoadCase(
        "outside-context",
        "url_for",
        app(INDEX + '\n\nHOME = url_for("index")\n', "url_for"),
        "url_for is used while no request is there.",
        outs=(
            Out("Put it under app.test_request_context()", says="Hello"),
            Out("Move that line into a view", told=True),
        ),
    ),
    LoadCase(
        "outside-context",
        "request",
        app('NAME = request.args.get("name")\n\n\n' + INDEX, "request"),
        "request is used while no request is there.",
        outs=(Out("Move that line into a view", told=True),),
    ),
    LoadCase(
        "late-setup",
        "blueprint",
        {
            "app.py": "from flask import Blueprint, Flask\n\napp = Flask(__name__)\n"
            'blog = Blueprint("blog", __name__)\napp.register_blueprint(blog)\n\n\n' + POSTS
        },
        "The blueprint blog gets a route after it was registered.",
        sent=get("/posts"),
        place="app.py:8",
        why="it was registered at app.py:5",
        outs=(Out("Register it below its routes", says="All posts"),),
    ),
    LoadCase(
        "in-a-thread",
        "signal",
        {
            "app.py": "import signal\n\n"
            + HEAD.format("")
            + "signal.signal(signal.SIGTERM, signal.SIG_DFL)\n\n\n"
            + INDEX
        },
        "signal works only in the main thread, and apps are loaded in another.",
        place="app.py:8",
        outs=(Out('Put it under if __name__ == "__main__"', says="Hello"),),
    ),
)
APPS = (
    LoadCase(
        "app-not-found",
        "none",
        {"app.py": '"""My shop."""\n\nimport os\n'},
        "There is no Flask app in app.py.",
        outs=(Out("Make an app in it", 404, "Not Found"),),
    ),
    LoadCase(
        "app-not-found",
        "empty_file",
        {"app.py": ""},
        "There is no Flask app in app.py.",
        outs=(Out("Make an app in it", 404, "Not Found"),),
    ),
    LoadCase(
        "app-not-found",
        "no_file",
        {"README.md": "My shop\n"},
        "There is no app.py in this folder, so there is nothing to serve yet.",
        outs=(Out("Make app.py", says="Hello"),),
    ),
    LoadCase(
        "app-not-found",
        "no_return",
        {
            "app.py": "from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n\n"
            '    @app.get("/")\n    def index():\n        return str(1 + 1)\n'
        },
        "create_app in app.py did not give an app when called without arguments.",
        place="app.py:4",
        outs=(Out("Add return app", says="2"),),
    ),
    LoadCase(
        "app-not-found",
        "factory_without_return",
        {
            "app.py": "from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n"
            '    app.add_url_rule("/", view_func=lambda: "Hello")\n'
        },
        "create_app in app.py did not give an app when called without arguments.",
        outs=(Out("Add return app", says="Hello"),),
    ),
    LoadCase(
        "app-not-found",
        "factory_with_argument",
        {
            "app.py": "from flask import Flask\n\n\ndef create_app(config):\n    app = Flask(__name__)\n"
            '    app.add_url_rule("/", view_func=lambda: "Hello")\n    return app\n'
        },
        "create_app in app.py has to be called with config.",
        outs=(Out("Let config be None", says="Hello"),),
    ),
)
RULES = (
    LoadCase(
        "",
        "slash",
        app(INDEX.replace('"/"', '"shop"')),
        "A URL rule has to start with a slash.",
        sent=get("/shop"),
        outs=(Out("Write /shop", says="Hello"),),
    ),
    LoadCase(
        "",
        "converter",
        app('@app.get("/<str:name>")\ndef hello(name):\n    return f"Hello {name}"\n'),
        "There is no converter named str for a URL rule.",
        sent=get("/Ada"),
        outs=(Out("Write string", says="Hello Ada"),),
    ),
    LoadCase(
        "",
        "name",
        app('titel = "Shop"\nprint(title)\n\n\n' + INDEX),
        "app.py stopped at line 7 while starting: NameError: name 'title' is not defined.",
    ),
    LoadCase(
        "",
        "not_imported",
        app(INDEX + "\n\nprint(jsonify)\n"),
        "jsonify is used, and not imported.",
        outs=(Out("Import jsonify from flask", says="Hello"),),
    ),
)
LOADS: tuple[LoadCase, ...] = (*NAMES, *TIMES, *APPS, *RULES)
