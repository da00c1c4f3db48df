"""What a failing view shows: the page for this machine, what is in it, and that nobody else gets it."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from plain_flask import Asked, PlainFlask
from plain_flask import ask as ask_plainly

from playground.core.problems import Problem
from playground.core.secrets import HIDDEN, looks_secret, masked, without_secrets
from playground.core.trips import Raised, Value
from playground.server import frames
from playground.server.debugging import is_local, runs_with_debug
from playground.server.tracing_values import Writer

if TYPE_CHECKING:
    from conftest import Folder, Served

APP = """\
from flask import Flask, abort, render_template, render_template_string, request

app = Flask(__name__)
app.config["SECRET_KEY"] = "open-sesame-7"
users = {1: "Lin"}


class Endless:
    def __repr__(self):
        while True:
            pass


class Raising:
    def __repr__(self):
        raise KeyboardInterrupt


class Named(type):
    @property
    def __name__(cls):
        raise ValueError("no name")


class Odd(metaclass=Named):
    pass


@app.before_request
def guard():
    if request.path == "/before":
        raise PermissionError("no entry")


@app.get("/div/<int:number>")
def div(number):
    total = 10
    return str(total + total / number + 1)


@app.get("/odd")
def odd():
    endless, raising, nameless = Endless(), Raising(), Odd()
    evil = "<script>alert('x')</script>"
    raise ValueError(f"{evil} & \\ud800")


@app.get("/secrets")
def secrets():
    password, api_key, key, token = "hunter2", "k-99", "colour", None
    form = {"name": "Ada", "password": "swordfish"}
    config = f"uses {app.secret_key} and postgresql://ann:sesamstr@db/shop"
    secret_key = app.secret_key
    raise LookupError("look")


@app.get("/huge")
def huge():
    numbers, text = list(range(10**6)), "x" * 10**7
    locals_of = {f"v{n}": "y" * 2000 for n in range(500)}
    exec("\\n".join(f"a{n} = {'z' * 900!r}" for n in range(300)))
    raise OverflowError("much")


@app.get("/page")
def page():
    return render_template("page.html", user={"name": "Ada"}, colour="red")


@app.get("/broken-page")
def broken_page():
    return render_template("broken.html")


@app.get("/string")
def string():
    return render_template_string("<p>\\n{{ user.name.first }}\\n</p>", user={})


@app.get("/deep")
def deep(level=0):
    return deep(level + 1)


@app.get("/chain")
def chain():
    try:
        int("seven")
    except ValueError as error:
        raise RuntimeError("could not count") from error


@app.get("/while")
def handling():
    try:
        users[5]
    except KeyError:
        return str(None + 1)


@app.get("/group")
def group():
    raise ExceptionGroup("two went wrong", [ValueError("one"), TypeError("other")])


@app.get("/imports")
def imports():
    import unready
    return unready.name


@app.get("/form")
def form():
    return request.args["name"]


@app.get("/spread")
def spread():
    return "ä" + max(
        users,
        key=lambda user: user.size,
    )


@app.get("/aborts")
def aborts():
    abort(403)


@app.get("/fine")
def fine():
    return "fine"
"""
TEMPLATES = {
    "templates/page.html": "<h1>{{ user }}</h1>\n{% for pet in [1] %}\n  {{ user.pets[0] }}\n{% endfor %}",
    "templates/broken.html": "<p>\n{% if %}\n",
    "unready.py": "name = 'x'\ndef f(:\n    pass\n",
}
FAILING = ("/div/0", "/odd", "/page", "/string", "/deep", "/chain", "/group", "/imports", "/before", "/form")
PLAIN = b"<title>500 Internal Server Error</title>"


@pytest.fixture
def running(folder: Folder, served: Served) -> Served:
    for name, text in TEMPLATES.items():
        folder.write(name, text)
    assert served.edit("app.py", APP).problem is None
    served.app.debugging.chosen = True
    return served


def told(served: Served, path: str) -> Raised:
    """The exception of a request, as the window gets it."""
    served.get(path)
    trip = served.app.recorder.trip(served.app.recorder.recorded)
    assert trip is not None
    return trip.raised[-1]


def values(raised: Raised, at: int = -1) -> dict[str, Value]:
    own = [frame for frame in raised.frames if not frame.library]
    return {value.name: value for value in own[at].variables}


def shown(served: Served, path: str, **headers: str) -> str:
    """The page, without its marks."""
    answer = served.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status == 500
    return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", answer.body.decode(), flags=re.DOTALL))


# -- what is recorded ------------------------------------------------------------------------------------


def test_a_frame_has_its_source_what_failed_and_its_variables(running: Served) -> None:
    raised = told(running, "/div/0")
    frame = raised.own_frame
    assert frame is not None and frame.is_template is False
    lines = dict(enumerate(frame.source, frame.first))
    assert lines[frame.line] == "    return str(total + total / number + 1)"
    assert lines[frame.line][frame.column : frame.end_column] == "total / number"
    assert (frame.first, len(lines)) == (frame.line - 5, 11)
    assert [(one.name, one.type, one.text) for one in frame.variables] == [
        ("number", "int", "0"),
        ("total", "int", "10"),
    ]
    assert {one.library for one in raised.frames} == {"", "Flask"}
    flasks = next(one for one in raised.frames if one.library == "Flask")
    assert flasks.source and "self" in {value.name for value in flasks.variables}


def test_an_expression_over_several_lines_is_marked_to_its_end(running: Served) -> None:
    frame = next(one for one in told(running, "/spread").frames if one.function == "spread")
    lines = dict(enumerate(frame.source, frame.first))
    assert lines[frame.line][frame.column :] == "max("
    assert lines[frame.end_line][: frame.end_column] == "    )"


def test_the_lines_are_those_that_were_loaded_and_not_those_of_the_file_now(running: Served) -> None:
    running.folder.write("app.py", "this does not load (\n" * 80)
    running.app.go_live(frozenset({"app.py"}))
    frame = told(running, "/div/0").own_frame
    assert frame is not None
    assert frame.source[frame.line - frame.first] == "    return str(total + total / number + 1)"
    assert frame.code == "return str(total + total / number + 1)"


def test_after_an_edit_above_the_lines_are_right_before_line_numbers_are_put_in_order(
    running: Served,
) -> None:
    state = running.edit("app.py", APP.replace('PermissionError("no entry")', 'PermissionError(\n  "no")'))
    assert state.how == "body"
    frame = told(running, "/div/0").own_frame
    assert frame is not None
    assert frame.source[frame.line - frame.first] == "    return str(total + total / number + 1)"


def test_hostile_values_are_told_in_time(running: Served) -> None:
    found = values(told(running, "/odd"))
    assert found["endless"].text == "<Endless: its repr takes too long>"
    assert found["raising"].text == "<Raising: KeyboardInterrupt in its repr>"
    assert found["nameless"].type == "Odd"
    assert found["evil"].text == "\"<script>alert('x')</script>\""


def test_many_and_huge_variables_are_bounded(running: Served) -> None:
    raised = told(running, "/huge")
    frame = raised.own_frame
    assert frame is not None
    assert all(len(one.text) <= frames.ROOM for each in raised.frames for one in each.variables)
    assert len(frame.variables) <= frames.MOST
    found = values(raised)
    assert found["numbers"].size == 10**6 and found["numbers"].text.endswith("…]")
    assert found["text"].text.endswith("…")


def test_very_many_frames_are_bounded_and_the_rest_is_counted(running: Served) -> None:
    raised = told(running, "/deep")
    assert len(raised.frames) == frames.FIRST + frames.LAST
    assert raised.gap > 800
    assert sum(len(one.text) for each in raised.frames for one in each.variables) < 2 * frames.ALL


def test_a_template_is_told_by_its_own_lines_and_variables(running: Served) -> None:
    raised = told(running, "/page")
    frame = next(one for one in raised.frames if one.is_template)
    assert (frame.file, frame.line, frame.own) == ("templates/page.html", 3, True)
    assert frame.source[2] == "  {{ user.pets[0] }}"
    assert {one.name: one.text for one in frame.variables} == {
        "user": "{'name': 'Ada'}",
        "colour": "'red'",
        "pet": "1",
    }
    given = next(one for one in told(running, "/string").frames if one.file == "<template>")
    assert (given.line, given.source[1], given.library) == (2, "{{ user.name.first }}", "")
    broken = told(running, "/broken-page")
    assert broken.type == "TemplateSyntaxError"
    assert next(one for one in broken.frames if one.is_template).source[1] == "{% if %}"


def test_what_it_came_of_and_what_is_in_a_group_have_their_frames(running: Served) -> None:
    chain = told(running, "/chain")
    assert [(one.type, one.how) for one in chain.before] == [("ValueError", "cause")]
    assert chain.before[0].own_frame is not None
    assert chain.before[0].own_frame.code == 'int("seven")'
    context = told(running, "/while")
    assert [(one.type, one.how) for one in context.before] == [("KeyError", "context")]
    group = told(running, "/group")
    assert [one.message for one in group.inner] == ["one", "other"]


def test_a_line_that_does_not_parse_is_shown_where_it_stops(running: Served) -> None:
    raised = told(running, "/imports")
    assert raised.type == "SyntaxError" and raised.syntax is not None
    assert (raised.syntax.file, raised.syntax.line) == ("unready.py", 2)
    assert raised.syntax.source[1][raised.syntax.column] == ":"


def test_secrets_are_marked_as_such_and_stay_with_the_window(running: Served) -> None:
    found = values(told(running, "/secrets"))
    assert found["password"].masked == found["api_key"].masked == found["secret_key"].masked == HIDDEN
    assert found["password"].text == "'hunter2'"
    assert found["key"].masked == found["token"].masked == ""
    assert found["form"].masked == "{'name': 'Ada', 'password': ‹hidden›}"
    assert found["config"].masked == "'uses ‹hidden› and postgresql://ann:‹hidden›@db/shop'"


def test_a_request_that_does_not_fail_is_not_looked_at(
    running: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    things = ((frames.FrameTeller, "__init__"), (Writer, "text"), (frames.Sources, "lines"))
    for thing, name in things:
        before = getattr(thing, name)

        def counting(
            *given: object, before: Callable[..., object] = before, name: str = name, **named: object
        ) -> object:
            counted.append(name)
            return before(*given, **named)

        monkeypatch.setattr(thing, name, counting)
    for path in ("/fine", "/nowhere", "/fine"):
        running.get(path)
    assert counted == []
    running.get("/aborts")
    assert "lines" in counted


# -- the page --------------------------------------------------------------------------------------------


def test_the_page_tells_the_exception_its_frames_source_and_variables(running: Served) -> None:
    words = shown(running, "/div/0")
    assert "GET /div/0" in words and "ZeroDivisionError: division by zero" in words
    assert re.search(r"app\.py:\d+ in div", words)
    assert re.search(r"▸ \d+    return str\(total \+ total / number \+ 1\)", words)
    assert "numberint0" in words and re.search(r"\d frames in Flask", words)
    assert "Traceback (most recent call last)" in words
    page = running.get("/div/0").body.decode()
    assert "<u>total / number</u>" in page


@pytest.mark.parametrize("path", FAILING)
def test_every_kind_of_failure_has_a_page_that_stands_by_itself(running: Served, path: str) -> None:
    answer = running.get(path)
    page = answer.body.decode()
    assert (answer.status, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "<script" not in page.lower() and "http" not in re.sub(r"HTTP", "", page.split("<main>")[0])
    assert not re.search(
        r"<(img|link|iframe|form|a)\b|\bon\w+=|\b(src|href)=", re.sub(r"<pre.*?</pre>", "", page)
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert running.app.recorder.trip(running.app.recorder.recorded).status == 500  # type: ignore[union-attr]


def test_all_that_comes_from_the_app_is_escaped(running: Served) -> None:
    page = running.get("/odd?<b>=<i>").body.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert "<b>" not in page and "<i>" not in page.replace("<i>▸", "").split("</style>")[0]
    folder_word = "\\ud800"
    assert folder_word in page


def test_no_secret_is_in_the_page(running: Served) -> None:
    page = running.get("/secrets").body.decode()
    for secret in ("hunter2", "k-99", "swordfish", "open-sesame-7", "sesamstr"):
        assert secret not in page
    assert HIDDEN in page and "colour" in page


def test_plain_words_are_said_where_there_are_some(running: Served) -> None:
    running.app.debugging.explain = lambda trip: (
        Problem(f"`{trip.path}` divides by zero.", why="The number is <0>.", rule_id="x"),
    )
    words = shown(running, "/div/0")
    assert "/div/0 divides by zero." in words and "The number is <0>." in words
    running.app.debugging.explain = lambda trip: 1 / 0  # type: ignore[assignment,return-value]
    assert PLAIN in running.get("/div/0").body


def test_who_asks_for_no_html_gets_the_traceback_as_text(running: Served) -> None:
    answer = running.get("/div/0", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("Traceback (most recent call last)")
    assert answer.text.rstrip().endswith("ZeroDivisionError: division by zero")
    head = running.get("/div/0", method="HEAD")
    assert (head.status, head.body) == (500, b"") and int(head.headers["content-length"]) > 1000


def test_a_missing_field_is_a_failure_as_in_flasks_debug_mode(running: Served) -> None:
    assert "BadRequestKeyError" in shown(running, "/form")
    running.app.debugging.chosen = False
    assert running.get("/form").status == 400


def test_an_answer_that_was_meant_stays_what_it_is(running: Served) -> None:
    assert [running.get(path).status for path in ("/aborts", "/nowhere", "/fine")] == [403, 404, 200]


# -- when ------------------------------------------------------------------------------------------------

HANDLED = """
@app.errorhandler(500)
def sorry(error):
    return "sorry", 500
"""


def test_a_handler_of_the_app_wins_while_they_are_off_and_the_page_says_so(
    folder: Folder, served: Served
) -> None:
    served.edit("app.py", APP + HANDLED)
    assert served.get("/div/0").text == "sorry"
    served.app.debugging.chosen = True
    assert "Your own error handler for 500 is not asked" in shown(served, "/div/0")
    served.edit("app.py", APP + HANDLED + "\napp.config['PROPAGATE_EXCEPTIONS'] = False\n")
    assert served.get("/div/0").text == "sorry"


SAID: dict[str, tuple[str, bool]] = {
    "nothing": ("", False),
    "guarded": (
        '\nif __name__ == "__main__":\n    app.run(host="0.0.0.0", port=int("5000"), debug=True)\n',
        True,
    ),
    "attribute": ("\napp.debug = True\n", True),
    "config": ("\napp.config.update(DEBUG=True)\n", True),
    "off": ("\nif __name__ == '__main__':\n    app.run(debug=False)\n", False),
    "comment": ("\n# app.run(debug=True)\n", False),
}


@pytest.mark.parametrize("said", SAID)
def test_the_source_says_whether_they_are_on(served: Served, said: str) -> None:
    more, on = SAID[said]
    served.edit("app.py", APP + more)
    assert served.app.debugging.on is on
    assert (PLAIN not in served.get("/div/0").body) is on
    served.app.debugging.chosen = not on
    assert (PLAIN not in served.get("/div/0").body) is not on


def test_flask_debug_makes_the_app_what_flask_run_makes_it(served: Served) -> None:
    served.app._variables = lambda: {"FLASK_DEBUG": "1"}
    served.edit("app.py", APP + '\n@app.get("/mode")\ndef mode():\n    return str(app.debug)\n')
    assert served.get("/mode").text == "True"
    assert "ZeroDivisionError" in shown(served, "/div/0")
    served.app.debugging.chosen = False
    assert PLAIN in served.get("/div/0").body


@pytest.mark.parametrize(
    ("line", "on"),
    [
        (b"app.run(debug=True)", True),
        (b"make(1).run(a, (b), debug = True)", True),
        (b"app.run(debug=debugging)", False),
        (b"'''\napp.run(debug=True)\n'''", False),
        (b"app.run(debug=True", False),
        (b"run(debug=True)", False),
        (b"app.run(\n  port=1,\n  debug=True,\n)", True),
    ],
)
def test_what_runs_an_app_with_debug_is_read_from_the_source(line: bytes, on: bool) -> None:
    assert runs_with_debug(line) is on


def test_while_they_are_off_the_answers_are_those_of_flask_run(running: Served, tmp_path: Path) -> None:
    running.app.debugging.chosen = False
    plain = PlainFlask(tmp_path / "plain")
    with plain.serving(running.folder.path) as port:
        for path in FAILING:
            ours, theirs = ask_plainly(running.port, Asked(path)), ask_plainly(port, Asked(path))
            assert ours == theirs, path


# -- for whom --------------------------------------------------------------------------------------------

LOCAL = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:5000"}


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:5000", "[::1]:5000", "shop.localhost:5000", "127.0.0.9"]
)
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_local({**LOCAL, "HTTP_HOST": host})


@pytest.mark.parametrize(
    "more",
    [
        {"REMOTE_ADDR": "192.168.1.7"},
        {"REMOTE_ADDR": "127.example.com.7", "HTTP_HOST": "192.168.1.2"},
        {"REMOTE_ADDR": ""},
        {"HTTP_HOST": "evil.example:5000"},
        {"HTTP_HOST": "localhost.evil.example"},
        {"HTTP_HOST": "192.168.1.2:5000"},
        {"HTTP_HOST": ""},
        {"HTTP_HOST": "127.0.0.1, evil.example"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 tunnel"},
    ],
)
def test_whoever_is_elsewhere_or_comes_through_something_is_not(more: dict[str, str]) -> None:
    assert not is_local({**LOCAL, **more})


FORGED = [
    {"Host": "evil.example"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=localhost"},
    {"X-Real-Ip": "127.0.0.1", "X-Forwarded-Host": "localhost"},
    {"Via": "1.1 tunnel"},
]


@pytest.mark.parametrize("headers", FORGED)
def test_forged_headers_get_no_more_than_a_refusal(running: Served, headers: dict[str, str]) -> None:
    answer = running.get("/div/0", headers=headers)
    assert b"ZeroDivisionError" not in answer.body and b"total" not in answer.body
    assert answer.status in (400, 500)


@pytest.fixture
def shared(running: Served) -> Iterator[Served]:
    running.server.share(("127.0.0.2",))
    yield running
    running.server.unshare()


PROXIED = (
    "\nfrom werkzeug.middleware.proxy_fix import ProxyFix\napp.wsgi_app = ProxyFix(app.wsgi_app, x_host=1)\n"
)


@pytest.mark.parametrize("debug", ["", "\napp.debug = True\n", PROXIED])
def test_over_a_shared_socket_there_is_a_plain_500(shared: Served, debug: str) -> None:
    shared.edit("app.py", APP + debug)
    shared.app.debugging.chosen = True
    for headers in ({}, {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost"}):
        for path in ("/div/0", "/page", "/before", "/form"):
            status, body = _over_the_network(shared.port, path, headers)
            assert (status, PLAIN in body) == ((400, False) if path == "/form" else (500, True)), path
            for told in (b"Traceback", b"BadRequestKeyError", b"app.py", b"number"):
                assert told not in body
    assert "ZeroDivisionError" in shown(shared, "/div/0")


def test_over_a_shared_socket_the_apps_own_handler_answers(shared: Served) -> None:
    shared.edit("app.py", APP + HANDLED)
    shared.app.debugging.chosen = True
    assert _over_the_network(shared.port, "/div/0", {}) == (500, b"sorry")
    assert "ZeroDivisionError" in shown(shared, "/div/0")


def _over_the_network(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Ask as somebody else does: 127.0.0.2 plays the address that the network reaches."""
    connection = http.client.HTTPConnection("127.0.0.2", port, timeout=10, source_address=("127.0.0.3", 0))
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


# -- secrets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["password", "dbPassword", "API_KEY", "csrf-token", "userpassword", "secret_keys"]
)
def test_names_of_secrets(name: str) -> None:
    assert looks_secret(name)
    assert masked(name, "'x'") == HIDDEN
    assert masked(name, "None") == ""


@pytest.mark.parametrize(
    "name", ["key", "keys", "primary_key", "tokenizer", "monkey", "passing", "secretary", "user"]
)
def test_names_of_what_is_no_secret(name: str) -> None:
    assert not looks_secret(name)


def test_secrets_within_a_text() -> None:
    assert without_secrets("[('password', 'a'), ('name', 'b')]") == "[('password', ‹hidden›), ('name', 'b')]"
    assert without_secrets('app.config["SECRET_KEY"] = "dev"') == 'app.config["SECRET_KEY"] = ‹hidden›'
    assert without_secrets("password = 'cut in the mid…") == "password = ‹hidden›"
    assert without_secrets("if password == '':") == "if password == '':"
