"""Failures that the Python source shows before any request: a small project for each, and what mends it."""

from __future__ import annotations

from problem_cases import Ask, Case, Way

HEAD = """\
from flask import Flask

app = Flask(__name__)


"""


def app(body: str, head: str = HEAD) -> dict[str, str]:
    """A project of one file."""
    return {"app.py": head + body}


MISSING_RETURN = (
    Case(
        "missing-return",
        "print",
        app('@app.route("/")\ndef index():\n    print("Hello")\n'),
        "index prints its text but returns nothing.",
        (Way("Return it instead of printing it", (Ask(says="Hello"),)),),
        (Ask(status=500),),
        place="app.py:8",
    ),
    Case(
        "missing-return",
        "print_of_a_number",
        app('@app.route("/<int:number>")\ndef twice(number):\n    print(2 * number)\n'),
        "twice prints its text but returns nothing.",
        (Way("Return it instead of printing it", (Ask("/4", says="8"),)),),
        (Ask("/4", 500),),
    ),
    Case(
        "missing-return",
        "template",
        {
            "app.py": HEAD.replace("Flask\n", "Flask, render_template\n", 1)
            + '@app.route("/")\ndef page():\n    render_template("page.html")  # the start\n',
            "templates/page.html": "<h1>Welcome</h1>\n",
        },
        "page makes an answer but does not return it.",
        (Way("Return it", (Ask(says="Welcome"),)),),
        (Ask(status=500),),
    ),
    Case(
        "missing-return",
        "assigned",
        app('@app.route("/<name>")\ndef greet(name):\n    text = f"Hello {name}"\n'),
        "greet ends without a return.",
        (Way("Return text", (Ask("/Ada", says="Hello Ada"),)),),
        (Ask("/Ada", 500),),
    ),
    Case(
        "missing-return",
        "loop",
        app(
            'books = ["Emil", "Momo"]\n\n\n@app.route("/books/<title>")\ndef book(title):\n'
            "    for one in books:\n        if one == title:\n            return one\n"
        ),
        "book returns nothing when its loop finds nothing.",
        (
            Way(
                "Answer 404 at the end", (Ask("/books/Momo", says="Momo"), Ask("/books/x", 404, "Not found"))
            ),
            Way("Return a text at the end", (Ask("/books/Momo", says="Momo"), Ask("/books/x", says="Done"))),
        ),
        (Ask("/books/Momo", says="Momo"), Ask("/books/x", 500)),
    ),
    Case(
        "missing-return",
        "method",
        app(
            '@app.route("/send", methods=["GET", "POST"])\ndef send():\n'
            '    if request.method == "POST":\n        return "Sent"\n',
            HEAD.replace("Flask\n", "Flask, request\n", 1),
        ),
        "send returns nothing when the method is GET.",
        (Way("Return a text at the end", (Ask("/send", says="Done"), Ask("/send", 200, "Sent", "POST"))),),
        (Ask("/send", 500), Ask("/send", 200, "Sent", "POST")),
    ),
    Case(
        "missing-return",
        "condition",
        app(
            '@app.route("/<int:age>")\ndef entry(age):\n    if age > 17:\n        return "Come in"\n'
            "    print(age)\n\n\n# the end\n"
        ),
        "entry prints its text but returns nothing.",
        (Way("Return it instead of printing it", (Ask("/18", says="Come in"), Ask("/9", says="9"))),),
        (Ask("/9", 500),),
    ),
    Case(
        "missing-return",
        "one_line",
        app('items = []\n\n\n@app.route("/add")\ndef add(): items.append(1)\n'),
        "add ends without a return.",
        (Way("Return a text at the end", (Ask("/add", says="Done"),)),),
        (Ask("/add", 500),),
    ),
    Case(
        "missing-return",
        "none",
        app('@app.route("/")\ndef index():\n    return None\n'),
        "index returns None, which is no answer.",
        (
            Way("Answer with no content (204)", (Ask(status=204),)),
            Way("Return a text", (Ask(says="Done"),)),
        ),
        (Ask(status=500),),
    ),
    Case(
        "missing-return",
        "number",
        app('@app.route("/")\ndef count():\n    return 42\n'),
        "count returns a number, which Flask can't send.",
        (Way("Return it as text", (Ask(says="42"),)), Way("Return it as JSON", (Ask(says="42"),))),
        (Ask(status=500),),
    ),
    Case(
        "missing-return",
        "sum",
        app('@app.route("/<int:a>/<int:b>")\ndef add(a, b):\n    return a + b\n'),
        "add returns a number, which Flask can't send.",
        (
            Way("Return it as text", (Ask("/3/4", says="7"),)),
            Way("Return it as JSON", (Ask("/3/4", says="7"),)),
        ),
        (Ask("/3/4", 500),),
    ),
    Case(
        "missing-return",
        "set",
        app('@app.route("/")\ndef names():\n    return {"Ada"}\n'),
        "names returns a set, which Flask can't send.",
        (Way("Return it as a list", (Ask(says='["Ada"]'),)),),
        (Ask(status=500),),
    ),
    Case(
        "missing-return",
        "order",
        app('@app.route("/")\ndef lost():\n    return 404, "Not here"\n'),
        "lost returns the status before the text.",
        (Way("Put the text first", (Ask("/", 404, "Not here"),)),),
        (Ask(status=500),),
    ),
)

ARGUMENT_NAMES = (
    Case(
        "argument-names",
        "two_names",
        app('@app.route("/users/<name>")\ndef user(username):\n    return "Hello " + username\n'),
        "The address gives name, but user asks for username.",
        (
            Way("Rename username to name in user", (Ask("/users/Ada", says="Hello Ada"),)),
            Way("Write <username> in the rule", (Ask("/users/Ada", says="Hello Ada"),)),
        ),
        (Ask("/users/Ada", 500),),
        place="app.py:7",
    ),
    Case(
        "argument-names",
        "with_a_type",
        app(
            '@app.route("/users/<int:id>")\ndef user(user_id, greeting="Hi"):\n'
            '    return f"{greeting} {user_id}"\n'
        ),
        "The address gives id, but user asks for user_id.",
        (
            Way("Rename user_id to id in user", (Ask("/users/3", says="Hi 3"),)),
            Way("Write <user_id> in the rule", (Ask("/users/3", says="Hi 3"),)),
        ),
        (Ask("/users/3", 500),),
    ),
    Case(
        "argument-names",
        "not_taken",
        app('@app.route("/users/<name>")\ndef user():\n    return "Hello"\n'),
        "The address gives name, which user does not take.",
        (Way("Let user take name", (Ask("/users/Ada", says="Hello"),)),),
        (Ask("/users/Ada", 500),),
    ),
    Case(
        "argument-names",
        "not_given",
        app('@app.route("/delete")\ndef delete(note_id):\n    return "Deleted " + note_id\n'),
        "delete asks for note_id, which its address does not give.",
        (Way("Add <note_id> to the rule", (Ask("/delete/3", says="Deleted 3"),)),),
        (Ask("/delete", 500),),
    ),
    Case(
        "argument-names",
        "in_a_blueprint",
        {
            "app.py": "from flask import Flask\n\nfrom users import bp\n\napp = Flask(__name__)\n"
            'app.register_blueprint(bp, url_prefix="/users/<int:user_id>")\n',
            "users.py": 'from flask import Blueprint\n\nbp = Blueprint("users", __name__)\n\n\n'
            '@bp.get("/posts/<int:post_id>")\ndef post(post_id, id):\n    return f"{id} {post_id}"\n',
        },
        "The address gives user_id, but post asks for id.",
        (Way("Rename id to user_id in post", (Ask("/users/1/posts/2", says="1 2"),)),),
        (Ask("/users/1/posts/2", 500),),
    ),
)

GUARD = """\
from functools import wraps

from flask import Flask

app = Flask(__name__)


def members_only(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        return "Members only", 403

    return guarded


"""

DECORATOR_ORDER = (
    Case(
        "decorator-order",
        "guard_above",
        app(
            '# the secret\n@members_only\n@app.route("/secret")\ndef secret():\n    return "SECRET"\n', GUARD
        ),
        "@members_only stands above @app.route, so it does nothing.",
        (Way("Move it below @app.route", (Ask("/secret", 403, "Members only"),)),),
        (Ask("/secret", says="SECRET"),),
        place="app.py:17",
    ),
    Case(
        "decorator-order",
        "guard_above_two_rules",
        app(
            '@members_only\n@app.route("/secret")\n@app.get(\n    "/hidden"\n)\n'
            'def secret():\n    return "SECRET"\n',
            GUARD,
        ),
        "@members_only stands above @app.route, so it does nothing.",
        (Way("Move it below @app.route", (Ask("/secret", 403), Ask("/hidden", 403))),),
        (Ask("/secret", says="SECRET"),),
    ),
    Case(
        "decorator-order",
        "not_called",
        app('@app.route\ndef hello():\n    return "Hello"\n'),
        "@app.route without parentheses makes no route.",
        (Way('Write @app.route("/hello")', (Ask("/hello", says="Hello"),)),),
        (Ask("/hello", 404),),
    ),
    Case(
        "decorator-order",
        "not_called_start",
        app('@app.get\ndef index():\n    return "Hello"\n'),
        "@app.get without parentheses makes no route.",
        (Way('Write @app.get("/")', (Ask(says="Hello"),)),),
        (Ask(status=404),),
    ),
)

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

EARLY = (
    *MISSING_RETURN,
    *ARGUMENT_NAMES,
    *DECORATOR_ORDER,
    *DUPLICATE_ENDPOINT,
    *BLUEPRINTS,
    *METHODS,
    *LATE_SETUP,
)
