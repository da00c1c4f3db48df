"""Endpoints, blueprints, methods and the order in which routes are made."""

from __future__ import annotations

from problem_cases import HEAD, Ask, Case, Way, app

LOGGED = """\
from flask import Flask

app = Flask(__name__)


def logged(view):
    def inner(*args, **kwargs):
        app.logger.debug("asked")
        return view(*args, **kwargs)

    return inner


"""
ROLES = """\
from flask import Flask

app = Flask(__name__)


def needs(role):
    def decorate(view):
        def checked(*args, **kwargs):
            return view(*args, **kwargs)

        return checked

    return decorate


"""

DUPLICATE_ENDPOINT = (
    Case(
        "duplicate-endpoint",
        "functions",
        app(
            '@app.route("/")\ndef home():\n    return "Start"\n\n\n'
            '@app.route("/about")\ndef home():\n    return "About us"\n'
        ),
        "Two view functions are called home.",
        (Way("Call the second one about", (Ask(says="Start"), Ask("/about", says="About us"))),),
        place="app.py:11",
    ),
    Case(
        "duplicate-endpoint",
        "endpoint",
        app(
            '@app.route("/")\ndef home():\n    return "Start"\n\n\n'
            '@app.route("/about", endpoint="home")\ndef about():\n    return "About us"\n'
        ),
        "Two view functions have the endpoint home.",
        (Way("Give the second one the endpoint about", (Ask(), Ask("/about", says="About us"))),),
    ),
    Case(
        "duplicate-endpoint",
        "wrapper",
        app(
            '@app.route("/")\n@logged\ndef home():\n    return "Start"\n\n\n'
            '@app.route("/about")\n@logged\ndef about():\n    return "About us"\n',
            LOGGED,
        ),
        "@logged gives all its views one name.",
        (Way("Keep the names with functools.wraps", (Ask(says="Start"), Ask("/about", says="About us"))),),
    ),
    Case(
        "duplicate-endpoint",
        "wrapper_with_words",
        app(
            '@app.route("/")\n@needs("guest")\ndef home():\n    return "Start"\n\n\n'
            '@app.route("/about")\n@needs("admin")\ndef about():\n    return "About us"\n',
            ROLES,
        ),
        "@needs gives all its views one name.",
        (Way("Keep the names with functools.wraps", (Ask(says="Start"), Ask("/about", says="About us"))),),
    ),
)

BLOG = """\
from flask import Blueprint

bp = Blueprint("blog", __name__, url_prefix="/blog")


@bp.route("/")
def posts():
    return "No posts yet"
"""

BLUEPRINTS = (
    Case(
        "blueprint-not-registered",
        "never",
        {**app('@app.route("/")\ndef home():\n    return "Start"\n'), "blog.py": BLOG},
        "The blueprint blog is written, but no app registers it.",
        (Way("Register it in app.py", (Ask("/blog/", says="No posts yet"), Ask(says="Start"))),),
        (Ask("/blog/", 404),),
        place="blog.py:3",
    ),
    Case(
        "blueprint-not-registered",
        "in_the_same_file",
        app(
            'bp = Blueprint("shop", __name__)\n\n\n@bp.route("/shop")\ndef shop():\n    return "Open"\n\n\n'
            'if __name__ == "__main__":\n    app.run()\n',
            HEAD.replace("Flask\n", "Blueprint, Flask\n", 1),
        ),
        "The blueprint shop is written, but no app registers it.",
        (Way("Register it in app.py", (Ask("/shop", says="Open"),)),),
        (Ask("/shop", 404),),
    ),
    Case(
        "blueprint-not-registered",
        "in_a_factory",
        {
            "app.py": "from flask import Flask\n\n\ndef create_app():\n    bp = None\n"
            "    app = Flask(__name__)\n    return app\n",
            "blog.py": BLOG,
        },
        "The blueprint blog is written, but no app registers it.",
        (Way("Register it in app.py", (Ask("/blog/", says="No posts yet"),)),),
        (Ask("/blog/", 404),),
    ),
    Case(
        "blueprint-not-registered",
        "guarded",
        {
            "app.py": "from flask import Flask\n\nfrom blog import bp\n\napp = Flask(__name__)\n\n"
            'if __name__ == "__main__":\n    # all pages\n    app.register_blueprint(bp)\n    app.run()\n',
            "blog.py": BLOG,
        },
        "bp is registered only when app.py itself is run.",
        (Way("Move it above the if", (Ask("/blog/", says="No posts yet"),)),),
        (Ask("/blog/", 404),),
    ),
    Case(
        "blueprint-not-registered",
        "prefix",
        {
            "app.py": "from flask import Flask\n\nfrom blog import bp\n\napp = Flask(__name__)\n"
            "app.register_blueprint(bp)\n",
            "blog.py": BLOG.replace('"/blog"', "'blog'"),
        },
        "The prefix blog has to start with a slash.",
        (Way("Write /blog", (Ask("/blog/", says="No posts yet"),)),),
        place="blog.py:3",
    ),
)

METHODS = (
    Case(
        "method-not-allowed",
        "form",
        app(
            '@app.route("/login")\ndef login():\n    return "Hello " + request.form["name"]\n',
            HEAD.replace("Flask\n", "Flask, request\n", 1),
        ),
        "login waits for POST, but its rule takes GET only.",
        (Way("Let /login take POST", (Ask("/login", 200, "Hello Ada", "POST", {"name": "Ada"}),)),),
        (Ask("/login", 405, "", "POST", {"name": "Ada"}),),
    ),
    Case(
        "method-not-allowed",
        "method",
        app(
            '@app.get("/login")\ndef login():\n    if request.method == "POST":\n        return "Sent"\n'
            '    return "Form"\n',
            HEAD.replace("Flask\n", "Flask, request\n", 1),
        ),
        "login waits for POST, but its rule takes GET only.",
        (Way("Let /login take POST", (Ask("/login", says="Form"), Ask("/login", 200, "Sent", "POST"))),),
        (Ask("/login", 405, "", "POST"),),
    ),
    Case(
        "method-not-allowed",
        "only_post",
        app(
            '@app.route("/login", methods=["POST"])\ndef login():\n    if request.method == "GET":\n'
            '        return "Form"\n    return "Sent"\n',
            HEAD.replace("Flask\n", "Flask, request\n", 1),
        ),
        "login waits for GET, but its rule takes POST only.",
        (Way("Let /login take GET", (Ask("/login", says="Form"), Ask("/login", 200, "Sent", "POST"))),),
        (Ask("/login", 405),),
    ),
)

PAGES = HEAD.replace("Flask\n", "Flask, render_template\n", 1)
FORM = '<form method="post" action="{}">\n  <button>Send</button>\n</form>\n'
SENDING = '@app.route("/")\ndef home():\n    return render_template("form.html")\n\n\n'

FORMS = (
    Case(
        "method-not-allowed",
        "form_of_a_template",
        {
            **app(SENDING + '@app.route("/thanks")\ndef thanks():\n    return "Thank you"\n', PAGES),
            "templates/form.html": FORM.format("{{ url_for('thanks') }}"),
        },
        "This form sends a POST to /thanks, which takes GET only.",
        (Way("Let /thanks take POST", (Ask("/thanks", 200, "Thank you", "POST"),)),),
        (Ask(says="<form"), Ask("/thanks", 405, "", "POST")),
        place="templates/form.html:1",
    ),
    Case(
        "method-not-allowed",
        "form_to_its_own_page",
        {**app(SENDING.rstrip() + "\n", PAGES), "templates/form.html": FORM.replace(' action="{}"', "")},
        "This form sends a POST to /, which takes GET only.",
        (Way("Let / take POST", (Ask("/", 200, "<form", "POST"),)),),
        (Ask("/", 405, "", "POST"),),
    ),
)

LATE_SETUP = (
    Case(
        "late-setup",
        "run_in_the_middle",
        app(
            'if __name__ == "__main__":\n    app.run()\n\n\n'
            '@app.route("/")\ndef home():\n    return "Start"\n'
        ),
        "Routes stand below app.run(), which ends only with the server.",
        (Way("Move it to the end of the file", (Ask(says="Start"),)),),
        place="app.py:6",
    ),
    Case(
        "late-setup",
        "in_a_view",
        app(
            '@app.route("/")\ndef home():\n    @app.route("/more")\n    def more():\n'
            '        return "More"\n\n    return "Start"\n'
        ),
        "home makes the route of more only while it answers.",
        (Way("Move more out of home", (Ask(says="Start"), Ask("/more", says="More"))),),
        (Ask(status=500),),
    ),
    Case(
        "late-setup",
        "behind_registration",
        app(
            'bp = Blueprint("shop", __name__)\napp.register_blueprint(bp)\n\n\n@bp.route("/shop")\n'
            'def shop():\n    return "Open"\n',
            HEAD.replace("Flask\n", "Blueprint, Flask\n", 1),
        ),
        "shop comes after its blueprint bp is registered.",
        (Way("Register bp at the end", (Ask("/shop", says="Open"),)),),
    ),
)

SETUP = (*DUPLICATE_ENDPOINT, *BLUEPRINTS, *METHODS, *FORMS, *LATE_SETUP)
