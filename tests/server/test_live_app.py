"""From a changed file to the new answer, with the server running all the while."""

from __future__ import annotations

import builtins
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from playground.core.exchanges import Match

if TYPE_CHECKING:
    from conftest import Served

COUNTER = """
from flask import Flask, render_template, request
app = Flask(__name__)
seen = []

@app.route("/count")
def count():
    seen.append(1)
    return render_template("count.html", n=len(seen))

@app.route("/users/<int:user_id>/", methods=["GET", "PUT"])
def user(user_id):
    return f"user {user_id}"
"""

RAISING = """
from flask import Flask
from werkzeug.routing import BaseConverter

class Raising(BaseConverter):
    def to_python(self, value):
        return {"1": 1}[value]

app = Flask(__name__)
app.url_map.converters["raising"] = Raising

@app.get("/<raising:x>")
def show(x):
    return "x"
"""


@pytest.fixture
def counter(served: Served) -> Served:
    served.folder.write("templates/count.html", "seen {{ n }}")
    served.folder.write("app.py", COUNTER)
    served.app.go_live(None)
    return served


def test_an_app_goes_live_and_says_how(counter: Served) -> None:
    state = counter.app.state
    assert (state.loaded, state.how, state.rules, state.problem) == (True, "load", 3, None)
    assert state.seconds > 0
    assert counter.get("/count").text == "seen 1"


def test_before_anything_has_loaded_the_page_says_why(served: Served) -> None:
    assert served.get("/").status == 503
    state = served.edit("app.py", "import flask\n1 <\n")
    assert not state.loaded
    answer = served.get("/any/path")
    assert (answer.status, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "Python cannot read app.py: invalid syntax (line 2)." in answer.text
    assert served.edit("app.py", COUNTER).loaded
    assert served.get("/users/3/").text == "user 3"


def test_a_changed_function_is_served(counter: Served) -> None:
    state = counter.edit("app.py", COUNTER.replace("user {user_id}", "person {user_id}"))
    assert state.how == "body"
    assert counter.get("/users/3/").text == "person 3"


def test_a_changed_template_is_served_and_the_apps_data_stays(counter: Served) -> None:
    assert counter.get("/count").text == "seen 1"
    assert counter.edit("templates/count.html", "counted {{ n }}").how == "template"
    assert counter.get("/count").text == "counted 2"


@pytest.mark.parametrize("name", ["static/site.css", "templates/new.html", "school.db", "requests.http"])
def test_what_is_not_python_never_restarts_a_good_app(counter: Served, name: str) -> None:
    counter.get("/count")
    assert counter.edit(name, "x").how == "template"
    assert counter.get("/count").text == "seen 2"


def test_a_static_file_is_served_as_it_is_now(counter: Served) -> None:
    for colour in ("green", "black"):
        counter.edit("static/site.css", f"body {{ color: {colour} }}")
        assert colour in counter.get("/static/site.css").text


@pytest.mark.parametrize("bad", ["def broken(:\n", "import flask\n1 / 0\n", "", "raise SystemExit\n"])
def test_the_last_good_app_keeps_serving(counter: Served, bad: str) -> None:
    counter.get("/count")
    state = counter.edit("app.py", bad)
    assert state.problem is not None
    assert (state.loaded, state.rules) == (True, 3)
    assert counter.get("/count").text == "seen 2"
    assert counter.edit("templates/count.html", "still {{ n }}").problem == state.problem
    assert counter.get("/count").text == "still 3"
    assert counter.edit("app.py", COUNTER).problem is None


def test_a_file_that_was_missing_at_the_start_brings_the_app_to_life(served: Served) -> None:
    served.edit("app.py", "with open('colour.txt') as file:\n    colour = file.read()\n" + COUNTER)
    assert not served.app.state.loaded
    assert served.edit("colour.txt", "green").loaded


def test_a_view_may_import_late(served: Served) -> None:
    served.folder.write("late.py", "WORD = 'one'\n")
    served.edit(
        "app.py", COUNTER + "\n@app.get('/late')\ndef late():\n    import late\n    return late.WORD\n"
    )
    assert served.get("/late").text == "one"
    served.edit("late.py", "WORD = 'two'\n")
    assert served.get("/late").text == "two"


# -- templates that do not parse ------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["{% if %}", "{{ n", "{% block a %}", "{{ n|no_such_filter }}"])
def test_a_broken_template_is_served_as_it_last_was(counter: Served, broken: str) -> None:
    assert counter.get("/count").text == "seen 1"
    counter.edit("templates/count.html", broken)
    assert counter.get("/count").text == "seen 2"
    counter.edit("templates/count.html", "mended {{ n }}")
    assert counter.get("/count").text == "mended 3"


def test_a_template_that_breaks_before_its_first_use_has_a_last_version_too(counter: Served) -> None:
    counter.edit("templates/count.html", "{% if")
    assert counter.get("/count").text == "seen 1"


def test_the_last_good_version_survives_a_new_app(counter: Served) -> None:
    counter.get("/count")
    counter.edit("templates/count.html", "good {{ n }}")
    counter.get("/count")
    counter.edit("templates/count.html", "{% if")
    assert counter.edit("app.py", COUNTER + "\nmore = 1\n").how == "structure"
    assert counter.get("/count").text == "good 3"


def test_a_template_that_was_never_good_is_an_error_as_in_flask_run(served: Served) -> None:
    served.folder.write("templates/count.html", "{% if")
    served.edit("app.py", COUNTER)
    assert served.get("/count").status == 500
    assert any("TemplateSyntaxError" in line.text for line in served.app.log())


def test_a_base_template_and_a_blueprints_template_are_live(served: Served) -> None:
    served.folder.write("templates/base.html", "<{% block b %}{% endblock %}>")
    served.folder.write("shop/__init__.py", "")
    served.folder.write("shop/templates/cart.html", "{% extends 'base.html' %}{% block b %}1{% endblock %}")
    served.folder.write(
        "shop/views.py",
        """
        from flask import Blueprint, render_template
        shop = Blueprint("shop", __name__, template_folder="templates", url_prefix="/shop")
        @shop.get("/")
        def cart():
            return render_template("cart.html")
        """,
    )
    served.edit("app.py", COUNTER + "from shop.views import shop\napp.register_blueprint(shop)\n")
    assert served.get("/shop/").text == "<1>"
    assert served.edit("templates/base.html", "[{% block b %}{% endblock %}]").how == "template"
    assert served.get("/shop/").text == "[1]"
    cart = "{% extends 'base.html' %}{% block b %}2{% endblock %}"
    assert served.edit("shop/templates/cart.html", cart).how == "template"
    assert served.get("/shop/").text == "[2]"


def test_a_template_written_behind_our_back_is_seen(counter: Served) -> None:
    for word in ("one", "two", "six"):
        counter.folder.write("templates/count.html", word)
        (counter.folder.path / "templates/count.html").touch()
        assert counter.get("/count").text == word


def test_a_deleted_template_is_gone(counter: Served) -> None:
    counter.get("/count")
    (counter.folder.path / "templates/count.html").unlink()
    counter.app.go_live(frozenset({"templates/count.html"}))
    assert counter.get("/count").status == 500


# -- requests in flight ------------------------------------------------------------------------------


def test_a_request_ends_on_the_app_that_it_began_on(served: Served) -> None:
    slow = """
        import threading
        from flask import Flask
        app = Flask(__name__)
        began, go_on = threading.Event(), threading.Event()
        word = "{word}"
        @app.get("/slow")
        def slow():
            began.set()
            go_on.wait(5)
            return word
        """
    served.edit("app.py", slow.replace("{word}", "old"))
    old = served.app.slot.app
    assert old is not None
    namespace = old.view_functions["slow"].__globals__
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(served.get("/slow").text))
    asking.start()
    assert namespace["began"].wait(5)
    served.edit("app.py", COUNTER)
    assert served.get("/users/1/").text == "user 1"
    namespace["go_on"].set()
    asking.join(5)
    assert answers == ["old"]


def test_swaps_under_load_lose_no_request(counter: Served) -> None:
    stop = threading.Event()
    statuses: set[int] = set()

    def keep_asking() -> None:
        while not stop.is_set():
            statuses.add(counter.get("/users/1/").status)

    asking = [threading.Thread(target=keep_asking) for _ in range(4)]
    for thread in asking:
        thread.start()
    for number in range(20):
        assert counter.edit("app.py", COUNTER + f"# {number}\n").problem is None
    stop.set()
    for thread in asking:
        thread.join(5)
    assert statuses == {200}


# -- the map ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/users/42/?x=1", ("match", "/users/<int:user_id>/", "user", (("user_id", "42"),), (), "")),
        ("PUT", "/users/%34/", ("match", "/users/<int:user_id>/", "user", (("user_id", "4"),), (), "")),
        ("POST", "/users/4/", ("method_not_allowed", "", "", (), ("GET", "HEAD", "OPTIONS", "PUT"), "")),
        ("GET", "/users/x/", ("not_found", "", "", (), (), "")),
        ("GET", "/users/4", ("redirect", "", "", (), (), "http://127.0.0.1:5000/users/4/")),
        (
            "GET",
            "/static/a%20b.css",
            ("match", "/static/<path:filename>", "static", (("filename", "'a b.css'"),), (), ""),
        ),
    ],
)
def test_what_the_router_makes_of_a_path(
    counter: Served, method: str, path: str, expected: tuple[object, ...]
) -> None:
    assert counter.app.match(method, path) == Match(method, path, *expected)  # type: ignore[arg-type]


def test_a_converter_that_raises_is_no_mistake_of_ours(served: Served) -> None:
    served.folder.write("app.py", RAISING)
    assert served.app.go_live(None).problem is None
    assert served.app.match("GET", "/1").outcome == "match"
    assert served.app.match("GET", "/x").outcome == "error"
    assert served.get("/x").status == 500


def test_the_rules_that_are_live(counter: Served) -> None:
    found = {(rule.rule, rule.methods, rule.endpoint) for rule in counter.app.rules()}
    assert ("/users/<int:user_id>/", ("GET", "HEAD", "OPTIONS", "PUT"), "user") in found


def test_without_an_app_nothing_matches(served: Served) -> None:
    assert served.app.match("GET", "/").outcome == "not_found"
    assert served.app.rules() == ()


def test_closing_does_not_wait_for_an_app_that_is_still_starting(served: Served) -> None:
    served.folder.write(
        "app.py",
        """
        import threading, builtins
        from flask import Flask
        began, go_on = builtins.playground_test_events
        began.set()
        go_on.wait(5)
        app = Flask(__name__)
        """,
    )
    events = threading.Event(), threading.Event()
    builtins.playground_test_events = events  # type: ignore[attr-defined]
    try:
        starting = threading.Thread(target=served.app.go_live, args=(None,))
        starting.start()
        assert events[0].wait(5)
        served.app.close()
        events[1].set()
        starting.join(5)
    finally:
        del builtins.playground_test_events  # type: ignore[attr-defined]
    assert served.app.slot.app is None
    assert "app" not in sys.modules
