"""What goes wrong while an app starts, and in what its views hand to Flask."""

from __future__ import annotations

from early_setup import BLOG
from problem_cases import HEAD, Ask, Case, Way, app

SESSION = """\
from flask import Flask, session

app = Flask(__name__)


"""
VISITS = """\
@app.route("/")
def visits():
    session["visits"] = session.get("visits", 0) + 1
    return str(session["visits"])
"""
TWICE = (Ask(says="1"), Ask(says="2"))

SECRET_KEY = (
    Case(
        "secret-key",
        "none",
        app(VISITS, SESSION),
        "session needs a secret key, and the app has none.",
        (Way("Set a key for app in app.py", TWICE),),
        (Ask(status=500),),
        place="app.py:8",
    ),
    Case(
        "secret-key",
        "flash_in_a_factory",
        {
            "app.py": "from flask import Flask\n\nfrom pages import bp\n\n\ndef create_app():\n"
            "    app = Flask(__name__)  # ours\n    app.register_blueprint(bp)\n    return app\n",
            "pages.py": 'from flask import Blueprint, flash\n\nbp = Blueprint("pages", __name__)\n\n\n'
            '@bp.route("/")\ndef start():\n    flash("Welcome")\n    return "Start"\n',
        },
        "flash needs a secret key, and the app has none.",
        (Way("Set a key for app in app.py", (Ask(says="Start"),)),),
        (Ask(status=500),),
    ),
    Case(
        "secret-key",
        "beside_a_decorator",
        app(
            "def counted(view):\n    @wraps(view)\n    def inner(*args, **kwargs):\n"
            "        return view(*args, **kwargs)\n\n    return inner\n\n\n"
            + VISITS.replace("def visits", "@counted\ndef visits"),
            "from functools import wraps\n\n" + SESSION,
        ),
        "session needs a secret key, and the app has none.",
        (Way("Set a key for app in app.py", TWICE),),
    ),
    Case(
        "secret-key",
        "random",
        app(
            "app.secret_key = os.urandom(24)\n\n\n" + VISITS,
            "import os\n\n" + SESSION.replace("\n\n\n\n", "\n"),
        ),
        "The secret key is random at each start, so sessions get lost.",
        (Way("Read it from the environment", TWICE),),
        TWICE,
    ),
    Case(
        "secret-key",
        "random_of_another_module",
        app(
            'app.config["SECRET_KEY"] = uuid4().hex\n\n\n' + VISITS,
            "from uuid import uuid4\n\n" + SESSION.replace("\n\n\n\n", "\n"),
        ),
        "The secret key is random at each start, so sessions get lost.",
        (Way("Read it from the environment", TWICE),),
    ),
)

OLD_TUTORIAL = (
    Case(
        "old-tutorial",
        "moved",
        app(
            '@app.route("/<name>")\ndef hello(name):\n    return "Hello " + escape(name)\n',
            HEAD.replace("Flask\n", "Flask, escape\n", 1),
        ),
        "escape is no longer part of flask.",
        (Way("Import escape from markupsafe", (Ask("/<b>", says="Hello &lt;b&gt;"),)),),
        place="app.py:1",
    ),
    Case(
        "old-tutorial",
        "moved_under_another_name",
        app(
            '@app.route("/<name>")\ndef hello(name):\n    return url_quote(name)\n',
            HEAD.replace("\n\n", "\nfrom werkzeug.urls import url_quote\n\n", 1),
        ),
        "url_quote is no longer part of werkzeug.urls.",
        (Way("Import quote from urllib.parse", (Ask("/a b", says="a%20b"),)),),
    ),
    Case(
        "old-tutorial",
        "first_request",
        app(
            "seen = []\n\n\n@app.before_first_request\ndef prepare():\n"
            "    seen.append(current_app.name)\n\n\n"
            '@app.route("/")\ndef home():\n    return str(len(seen))\n',
            HEAD.replace("Flask\n", "Flask, current_app\n", 1),
        ),
        "Flask no longer has before_first_request.",
        (Way("Call prepare when the app starts", (Ask(says="1"),)),),
    ),
)

OUTSIDE_CONTEXT = (
    Case(
        "outside-context",
        "request",
        app(
            'name = request.args.get("name", "you")\n\n\n@app.route("/")\ndef hello():\n'
            '    """Greet."""\n    return "Hello " + name\n',
            HEAD.replace("Flask\n", "Flask, request\n", 1),
        ),
        "request is used before there is any request.",
        (Way("Move it into hello", (Ask("/?name=Ada", says="Hello Ada"), Ask(says="Hello you"))),),
        place="app.py:6",
    ),
    Case(
        "outside-context",
        "used_twice",
        app(
            'START = url_for("home")\n\n\n@app.route("/")\ndef home():\n    return START\n\n\n'
            '@app.route("/about")\ndef about():\n    return f"Back to {START}"\n',
            HEAD.replace("Flask\n", "Flask, url_for\n", 1),
        ),
        "url_for is used before there is any request.",
        (Way("Move it into the functions that use it", (Ask(says="/"), Ask("/about", says="Back to /"))),),
    ),
    Case(
        "outside-context",
        "for_nothing",
        app(
            'print(current_app.name)\n\n\n@app.route("/")\ndef home():\n    return "Start"\n',
            HEAD.replace("Flask\n", "Flask, current_app\n", 1),
        ),
        "current_app is used before there is any request.",
        (Way("Take the line out", (Ask(says="Start"),)),),
    ),
)

CIRCULAR = (
    Case(
        "circular-import",
        "two_files",
        {
            "app.py": "from flask import Flask\nfrom pages import greeting\n\napp = Flask(__name__)\n\n\n"
            '@app.route("/hello")\ndef hello():\n    return greeting\n',
            "pages.py": 'from app import app\n\ngreeting = "Hello"\n\n\n@app.route("/")\ndef home():\n'
            '    return "Start"\n',
        },
        "app.py and pages.py import each other in a circle.",
        (Way("Import it below app in app.py", (Ask(says="Start"), Ask("/hello", says="Hello"))),),
        place="pages.py:1",
        why="app.py → pages.py → app.py",
    ),
    Case(
        "circular-import",
        "three_files",
        {
            "app.py": "from flask import Flask\n\nimport pages\n\napp = Flask(__name__)\n",
            "pages.py": "import data\n\n\ndef start():\n    return data.NAME\n",
            "data.py": "from app import app\n\nNAME = app.name\n\n\n"
            '@app.route("/")\ndef home():\n    return NAME\n',
        },
        "app.py and data.py import each other in a circle.",
        (Way("Import it below app in app.py", (Ask(says="app"),)),),
        why="app.py → pages.py → data.py → app.py",
    ),
)

SHOP = """\
@app.route("/")
def home():
    return "Start"


"""

REDIRECTS = (
    Case(
        "relative-redirect",
        "view",
        app(
            SHOP + '@app.route("/login")\ndef login():\n    return redirect("home")\n',
            HEAD.replace("Flask\n", "Flask, redirect\n", 1),
        ),
        "redirect goes to the address home, not to the view home.",
        (Way('Write url_for("home")', (Ask("/login", 302, "/"), Ask(says="Start"))),),
        (Ask("/login", 302, "home"), Ask("/home", 404)),
        place="app.py:13",
    ),
    Case(
        "relative-redirect",
        "blueprint",
        {
            "app.py": "from flask import Flask\n\nfrom blog import bp\n\napp = Flask(__name__)\n"
            "app.register_blueprint(bp)\n",
            "blog.py": BLOG.replace("import Blueprint", "import Blueprint, redirect")
            + '\n\n@bp.route("/new")\ndef new():\n    return redirect("posts", 303)\n',
        },
        "redirect goes to the address posts, not to the view posts.",
        (Way('Write url_for(".posts")', (Ask("/blog/new", 303, "/blog/"),)),),
        (Ask("/blog/new", 303, "posts"), Ask("/blog/posts", 404)),
    ),
)

JSON = HEAD.replace("Flask\n", "Flask, jsonify\n", 1)

SERIALIZING = (
    Case(
        "not-serializable",
        "set",
        app('@app.route("/")\ndef tags():\n    return jsonify(tags={"a"})\n', JSON),
        "JSON has no sets, so this answer fails.",
        (Way("Make it a list", (Ask(says='"tags":["a"]'),)),),
        (Ask(status=500),),
    ),
    Case(
        "not-serializable",
        "returned",
        app('@app.route("/")\ndef tags():\n    return {"all": [range(2)]}\n'),
        "JSON can't hold what range gives.",
        (Way("Make it a list", (Ask(says="[0,1]"),)),),
        (Ask(status=500),),
    ),
    Case(
        "not-serializable",
        "bytes",
        app('@app.route("/")\ndef tags():\n    return {"name": b"Ada"}\n'),
        "JSON has no bytes, so this answer fails.",
        (Way("Make it a text", (Ask(says="Ada"),)),),
        (Ask(status=500),),
    ),
    Case(
        "not-serializable",
        "object",
        app(
            "class User:\n    def __init__(self, name):\n        self.name = name\n\n\n"
            '@app.route("/")\ndef user():\n    return {"user": User("Ada")}\n'
        ),
        "JSON can't hold an object of the class User.",
        (Way("Send its attributes", (Ask(says='"name":"Ada"'),)),),
        (Ask(status=500),),
    ),
)

THREADS = (
    Case(
        "in-a-thread",
        "keywords",
        app(
            SHOP + 'if __name__ == "__main__":\n'
            '    Thread(target=app.run, kwargs={"debug": True, "port": 5001}).start()\n',
            "from threading import Thread\n\n" + HEAD,
        ),
        "debug=True starts a reloader, which works only in the main thread.",
        (Way("Switch debug off in the thread", (Ask(says="Start"),)),),
    ),
    Case(
        "in-a-thread",
        "function",
        app(
            SHOP + 'def serve():\n    app.run(debug=True)\n\n\nif __name__ == "__main__":\n'
            "    threading.Thread(target=serve).start()\n",
            "import threading\n\n" + HEAD,
        ),
        "debug=True starts a reloader, which works only in the main thread.",
        (Way("Switch debug off in the thread", (Ask(says="Start"),)),),
    ),
)

HIDING = (
    Case(
        "app-not-found",
        "random",
        {
            **app(
                SHOP.replace('"Start"', "pick()"), HEAD.replace("\n\n", "\n\nfrom random import pick\n\n", 1)
            ),
            "random.py": 'def pick():\n    return "Start"\n',
        },
        "random.py hides random, which Flask needs.",
        (Way("Rename it to my_random.py", (Ask(says="Start"),)),),
        place="random.py:1",
    ),
)

START = (
    *SECRET_KEY,
    *OLD_TUTORIAL,
    *OUTSIDE_CONTEXT,
    *CIRCULAR,
    *REDIRECTS,
    *SERIALIZING,
    *THREADS,
    *HIDING,
)
