"""Views that answer nothing, can't be called, or are decorated in the wrong order."""

from __future__ import annotations

from problem_cases import HEAD, Ask, Case, Way, app

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

FOREIGN = (
    Case(
        "argument-names",
        "braces",
        app('@app.route("/users/{user_id}")\ndef user(user_id):\n    return "Hello " + user_id\n'),
        "{user_id} is plain text for Flask: a parameter is written <user_id>.",
        (Way("Write <user_id>", (Ask("/users/3", says="Hello 3"),)),),
        (Ask("/users/3", 404),),
        place="app.py:6",
    ),
    Case(
        "argument-names",
        "colon",
        app('@app.get("/users/:id/posts")\ndef posts(page=1):\n    return f"Page {page}"\n'),
        ":id is plain text for Flask: a parameter is written <id>.",
        (Way("Write <id>", (Ask("/users/3/posts", says="Page 1"),)),),
        (Ask("/users/3/posts", 404),),
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

VIEWS = (*MISSING_RETURN, *ARGUMENT_NAMES, *FOREIGN, *DECORATOR_ORDER)
