"""The trip of a request: every step of it, in order, with what each was given and what came of it."""

from __future__ import annotations

import http.client
import select
import socket
import time
from typing import TYPE_CHECKING

import pytest

from playground.core.problems import Place
from playground.core.trips import Raised, Stage, Step, Trip, Value
from playground.server.note import KEPT

if TYPE_CHECKING:
    from conftest import Folder, Served

NOTES = """
import functools, sqlite3
from flask import Flask, g, redirect, render_template, session, url_for
import members

app = Flask(__name__)
app.secret_key = "for tests"
app.register_blueprint(members.bp)
people = {1: {"name": "Ada"}}

@app.teardown_appcontext
def let_go(error):
    g.pop("connection", None)

@app.before_request
def load_user():
    user_id = session.get("user_id")
    g.user = people.get(user_id)

@app.after_request
def add_header(response):
    response.headers["X-Seen"] = "yes"
    return response

@app.get("/notes/<int:note_id>")
@members.login_required
def show(note_id):
    print("showing", note_id)
    app.logger.warning("note %s", note_id)
    return render_template("notes/show.html", note={"id": note_id}, tags=["a", "b"])
"""
MEMBERS = """
import functools
from flask import Blueprint, g, redirect, session, url_for
bp = Blueprint("members", __name__, url_prefix="/members")

@bp.before_request
def only_here():
    pass

@bp.after_request
def not_kept(response):
    return response

@bp.teardown_request
def after_all(error):
    pass

def login_required(view):
    @functools.wraps(view)
    def guarded(**values):
        if g.user is None:
            return redirect(url_for("members.log_in"))
        return view(**values)
    return guarded

@bp.get("/log-in")
def log_in():
    session["user_id"] = 1
    return "in"
"""


def trip(served: Served, path: str, method: str = "GET", **more: object) -> Trip:
    """Ask for a path, and the trip that it became."""
    name = f"test {path}"
    headers = {"X-Playground-Request": name, **more.pop("headers", {})}  # type: ignore[dict-item]
    served.get(path, method=method, headers=headers, **more)
    found = served.app.recorder.find(name)
    assert found is not None
    return found


def stages(of: Trip) -> list[tuple[str, str]]:
    return [(str(step.stage), step.name) for step in of.steps]


def step(of: Trip, stage: Stage) -> Step:
    return next(each for each in of.steps if each.stage is stage)


def only_raised(of: Trip) -> Raised:
    (found,) = of.raised
    return found


@pytest.fixture
def notes(served: Served) -> Served:
    served.folder.write("templates/base.html", "<title>{% block title %}{% endblock %}</title>")
    served.folder.write("templates/frame.html", "{% extends 'base.html' %}")
    served.folder.write(
        "templates/notes/show.html", '{% extends "frame.html" %}{% block title %}{{ note.id }}{% endblock %}'
    )
    served.folder.write("members.py", MEMBERS)
    served.edit("app.py", NOTES)
    assert served.app.state.problem is None
    return served


def test_the_trip_of_a_tutorial_is_complete_and_in_order(notes: Served) -> None:
    cookie = notes.get("/members/log-in").headers["set-cookie"].split(";")[0]
    found = trip(notes, "/notes/7?page=2", headers={"Cookie": cookie, "X-Odd": "1"})
    assert stages(found) == [
        ("request", "GET /notes/7?page=2"),
        ("route", "/notes/<int:note_id>"),
        ("before_request", "load_user"),
        ("view", "show"),
        ("template", "notes/show.html"),
        ("after_request", "add_header"),
        ("response", ""),
        ("teardown_request", "let_go"),
    ]
    assert [each.depth for each in found.steps] == [0, 0, 0, 0, 1, 0, 0, 0]
    assert [each.at for each in found.steps] == sorted(each.at for each in found.steps)
    begins = [each.at for each in found.steps if not each.depth]
    ends = [each.at + each.seconds for each in found.steps if not each.depth]
    assert ends[:-1] == pytest.approx(begins[1:])
    assert ends[-1] <= found.seconds
    line = NOTES.strip().split("\n").index("def show(note_id):") + 2
    assert step(found, Stage.VIEW).place == Place("app.py", line)
    assert step(found, Stage.VIEW).values == found.values == (Value("note_id", "int", "7"),)
    shown = step(found, Stage.TEMPLATE)
    assert shown.place == Place("templates/notes/show.html")
    assert shown.note == "extends frame.html, base.html"
    assert shown.values == (Value("note", "dict", "{'id': 7}", 1), Value("tags", "list", "['a', 'b']", 2))
    view = step(found, Stage.VIEW)
    assert view.at <= shown.at and shown.at + shown.seconds <= view.at + view.seconds
    assert step(found, Stage.RESPONSE).note == "200 OK · text/html · 16 B"
    assert step(found, Stage.TEARDOWN).note == "teardown_appcontext"
    assert (found.method, found.path, found.status, found.reason) == ("GET", "/notes/7?page=2", 200, "OK")
    assert (found.client, found.window, found.failed) == ("127.0.0.1", True, False)
    assert found.printed == "showing 7\n"
    assert found.logged == ("WARNING: note 7",)
    assert ("X-Odd", "1") in found.request_headers
    assert "X-Playground-Request" not in dict(found.request_headers)
    assert ("X-Seen", "yes") in found.response_headers
    assert found.response_body.data == b"<title>7</title>"
    assert found.raised == ()


def test_a_blueprints_hooks_are_steps_too(notes: Served) -> None:
    found = trip(notes, "/members/log-in")
    assert stages(found)[2:] == [
        ("before_request", "load_user"),
        ("before_request", "only_here"),
        ("view", "log_in"),
        ("after_request", "not_kept"),
        ("after_request", "add_header"),
        ("response", ""),
        ("teardown_request", "after_all"),
        ("teardown_request", "let_go"),
    ]


def test_a_view_behind_a_decorator_that_answers_is_the_view(notes: Served) -> None:
    found = trip(notes, "/notes/7")
    assert (found.status, step(found, Stage.VIEW).name) == (302, "show")
    assert ("template", "notes/show.html") not in stages(found)


def test_what_others_sent_is_not_this_windows(notes: Served) -> None:
    notes.get("/members/log-in")
    (line,) = notes.app.recorder.lines()
    found = notes.app.recorder.trip(line.number)
    assert found is not None
    assert (line.number, line.window, found.request_id) == (1, False, found.request_id)
    assert found.request_id.startswith("#")
    assert notes.app.recorder.trip(2) is None


HOOKS = """
import functools
from flask import Flask, abort, after_this_request, current_app, render_template_string, request
from flask.views import MethodView
app = Flask(__name__)

@app.url_value_preprocessor
def take_language(endpoint, values):
    if values:
        app.language = values.pop("language", "en")

@app.before_request
def closed():
    if request.args.get("closed"):
        return "closed", 503

@app.teardown_request
def teardown(error):
    with app.app_context():
        pass

@app.teardown_appcontext
def let_go(error):
    pass

def helper():
    return "helped"

@app.get("/<language>/page/<int:number>")
def page(number):
    @after_this_request
    def late(response):
        return response
    current_app.ensure_sync(helper)()
    inner = app.test_client().get("/en/inner").text
    return render_template_string("{{ number }} {{ inner }}", number=number, inner=inner)

@app.get("/<language>/inner")
def inner():
    return render_template_string("inside")

class Things(MethodView):
    def get(self):
        return "things"

app.add_url_rule("/things", view_func=Things.as_view("things"))
app.add_url_rule("/partial", endpoint="partial", view_func=functools.partial(helper))

@app.get("/two")
def two():
    one = render_template_string("a")
    return one + render_template_string("{{ outer }}", outer=one)

app.jinja_env.globals["again"] = lambda: render_template_string("inner")

@app.get("/nested")
def nested():
    return render_template_string("{{ again() }}")
"""


@pytest.fixture
def hooks(served: Served) -> Served:
    served.edit("app.py", HOOKS)
    assert served.app.state.problem is None
    return served


def test_what_a_preprocessor_takes_away_shows_in_what_the_view_is_given(hooks: Served) -> None:
    found = trip(hooks, "/de/page/3")
    assert stages(found)[2:4] == [("url_value_preprocessor", "take_language"), ("before_request", "closed")]
    assert [value.name for value in found.values] == ["language", "number"]
    assert [value.name for value in step(found, Stage.VIEW).values] == ["number"]


def test_only_what_flask_called_for_this_request_is_a_step(hooks: Served) -> None:
    names = stages(trip(hooks, "/de/page/3"))
    assert [name for stage, name in names if stage == "view"] == ["page"]
    assert [name for stage, name in names if stage == "template"] == ["render_template_string"]
    assert [name for stage, name in names if stage == "after_request"] == ["late"]
    assert "helper" not in dict(names).values()
    assert len(hooks.app.recorder.lines()) == 1


def test_an_app_context_within_a_step_is_within_it(hooks: Served) -> None:
    found = trip(hooks, "/de/page/3")
    ends = [(each.name, each.depth) for each in found.steps if each.stage is Stage.TEARDOWN]
    assert ends == [("teardown", 0), ("let_go", 1), ("let_go", 0)]


def test_a_hook_that_answers_itself_says_so(hooks: Served) -> None:
    found = trip(hooks, "/things?closed=1")
    assert found.status == 503
    assert step(found, Stage.BEFORE).note == "answered itself, so the view was not called"
    assert not [each for each in found.steps if each.stage is Stage.VIEW]


def test_flask_itself_answers_options(hooks: Served) -> None:
    found = trip(hooks, "/things", method="OPTIONS")
    assert step(found, Stage.ROUTE).note == "Flask answers OPTIONS itself"
    assert step(found, Stage.BEFORE).note == ""


def test_views_of_other_kinds_have_a_name_and_a_place(hooks: Served) -> None:
    view = step(trip(hooks, "/things"), Stage.VIEW)
    lines = HOOKS.strip().split("\n")
    assert (view.name, view.place) == ("Things.get", Place("app.py", lines.index("    def get(self):") + 2))
    assert step(trip(hooks, "/partial"), Stage.VIEW).name == "helper"
    served = step(trip(hooks, "/static/missing.css"), Stage.VIEW)
    assert (served.name, served.place) == ("static", None)


def test_templates_beside_and_within_each_other(hooks: Served) -> None:
    depths = [each.depth for each in trip(hooks, "/two").steps if each.stage is Stage.TEMPLATE]
    assert depths == [1, 1]
    depths = [each.depth for each in trip(hooks, "/nested").steps if each.stage is Stage.TEMPLATE]
    assert depths == [1, 2]


FAILING = """
from flask import Flask, abort, jsonify, render_template, request, url_for
app = Flask(__name__)

class Odd(Exception):
    def __str__(self):
        raise ValueError("no words")

@app.errorhandler(LookupError)
def not_there(error):
    return "not there", 404

@app.errorhandler(500)
def broken(error):
    return "broken", 500

@app.get("/lookup")
def lookup():
    return {}["missing"]

@app.get("/zero")
def zero():
    return str(1 / 0)

@app.get("/abort")
def stop():
    abort(403)

@app.post("/form")
def form():
    return request.form["name"]

@app.get("/build")
def build():
    return url_for("zeros", number=1)

@app.get("/template/<name>")
def template(name):
    return render_template(name)

@app.get("/odd")
def odd():
    raise Odd

@app.get("/deep")
def deep():
    return deep()

@app.get("/files/")
def files():
    return "files"

@app.get("/chained")
def chained():
    try:
        zero()
    except ZeroDivisionError as error:
        raise RuntimeError("both") from error

@app.get("/hidden")
def hidden():
    try:
        return render_template("undefined.html")
    except Exception:
        return render_template("plain.html")

@app.get("/breaks-off")
def breaks_off():
    def parts():
        yield "a"
        raise KeyError("part")
    return parts()

@app.teardown_request
def teardown(error):
    if request.path == "/teardown":
        raise OSError("late")

@app.get("/teardown")
def late():
    return "fine"
"""


@pytest.fixture
def failing(served: Served) -> Served:
    served.folder.write("templates/syntax.html", "one\n{% foreach x %}")
    served.folder.write("templates/undefined.html", "one\n{{ nobody.name }}")
    served.folder.write("templates/parent.html", "{% extends 'gone.html' %}")
    served.folder.write("templates/plain.html", "plain")
    served.edit("app.py", FAILING)
    assert served.app.state.problem is None
    return served


def test_an_exception_that_a_handler_answered_is_told(failing: Served) -> None:
    found = trip(failing, "/lookup")
    assert found.status == 404
    told = only_raised(found)
    assert (told.type, told.message, told.fact("key")) == ("KeyError", "'missing'", "'missing'")
    assert told.own_frame is not None
    assert (told.own_frame.file, told.own_frame.function) == ("app.py", "lookup")
    assert told.own_frame.code == 'return {}["missing"]'
    assert ("errorhandler", "not_there") in stages(found)
    assert step(found, Stage.VIEW).note == "raised KeyError"


def test_an_exception_that_nobody_expected_is_told_once_and_has_none_of_our_frames(failing: Served) -> None:
    found = trip(failing, "/zero")
    told = only_raised(found)
    assert (found.status, told.type) == (500, "ZeroDivisionError")
    assert ("errorhandler", "broken") in stages(found)
    (logged,) = found.logged
    assert logged.startswith("ERROR: Exception on /zero [GET]\nTraceback")
    assert told.traceback.rstrip() in logged
    assert "recorder" not in logged and "hooks" not in logged
    assert [frame.file for frame in told.frames if frame.own] == ["app.py"]
    assert {frame.file for frame in told.frames if not frame.own} == {"flask/app.py"}


def test_an_exception_that_stands_for_an_answer_is_told(failing: Served) -> None:
    found = trip(failing, "/abort")
    told = only_raised(found)
    assert (told.type, told.fact("code"), found.status) == ("Forbidden", "403", 403)
    assert told.own_frame is not None and told.own_frame.function == "stop"


def test_what_the_router_raises_belongs_to_the_route(failing: Served) -> None:
    found = trip(failing, "/nothing/here")
    assert (only_raised(found).type, only_raised(found).frames) == ("NotFound", ())
    assert step(found, Stage.ROUTE).note == "no rule matched"
    found = trip(failing, "/zero", method="DELETE")
    assert (found.status, only_raised(found).fact("allowed")) == (405, "GET, HEAD, OPTIONS")
    found = trip(failing, "/files")
    told = only_raised(found)
    assert (found.status, told.type) == (308, "RequestRedirect")
    assert told.fact("location").endswith("/files/")


def test_the_facts_of_exceptions(failing: Served) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    told = only_raised(trip(failing, "/form", "POST", body=b"user=x", headers=headers))
    assert (told.type, told.fact("key"), told.fact("code")) == ("BadRequestKeyError", "name", "400")
    told = only_raised(trip(failing, "/build"))
    assert (told.type, told.fact("endpoint"), told.fact("values")) == ("BuildError", "zeros", "number=1")
    assert told.fact("suggested") == "zero"
    told = only_raised(trip(failing, "/template/syntax.html"))
    assert (told.type, told.fact("template"), told.fact("line")) == (
        "TemplateSyntaxError",
        "syntax.html",
        "2",
    )
    told = only_raised(trip(failing, "/template/undefined.html"))
    assert (told.type, told.fact("template"), told.fact("line")) == ("UndefinedError", "undefined.html", "2")
    assert told.own_frame is not None and told.own_frame.code == "{{ nobody.name }}"
    assert only_raised(trip(failing, "/template/missing.html")).fact("template") == "missing.html"
    assert only_raised(trip(failing, "/template/parent.html")).fact("template") == "gone.html"


def test_exceptions_of_all_kinds_can_be_told(failing: Served) -> None:
    assert only_raised(trip(failing, "/odd")).message == "<ValueError in its __str__>"
    deep = only_raised(trip(failing, "/deep"))
    assert deep.type == "RecursionError" and 10 < len(deep.frames) <= 80
    assert "ZeroDivisionError" in only_raised(trip(failing, "/chained")).traceback
    assert trip(failing, "/hidden").raised == ()
    assert only_raised(trip(failing, "/teardown")).type == "OSError"
    with pytest.raises(http.client.IncompleteRead):
        failing.get("/breaks-off")
    last = failing.app.recorder.trip(failing.app.recorder.recorded)
    assert last is not None
    assert only_raised(last).type == "KeyError"


BODIES = """
import time
from flask import Flask, Response, request, send_file, stream_template, stream_with_context
app = Flask(__name__)

@app.post("/size")
def size():
    return str(len(request.get_data()))

@app.get("/big/<int:size>")
def big(size):
    return b"x" * size

@app.get("/parts")
def parts():
    def made():
        for _ in range(3):
            print("part")
            yield "y" * 40_000
    return Response(stream_with_context(made()))

@app.get("/file")
def file():
    return send_file("page.txt")

@app.get("/streamed")
def streamed():
    return stream_template("streamed.html", who="Ada")
"""


@pytest.fixture
def bodies(served: Served) -> Served:
    served.folder.write("page.txt", "z" * 100_000)
    served.folder.write("templates/streamed.html", "Hello {{ who }}")
    served.edit("app.py", BODIES)
    assert served.app.state.problem is None
    return served


def settled(served: Served, found: Trip) -> Trip:
    """The trip once all of its answer is out: the last byte may reach a client a moment before that."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        again = served.app.recorder.trip(found.number)
        if again is not None and again == served.app.recorder.trip(found.number):
            return again
    raise AssertionError("it never ended")


@pytest.mark.parametrize("size", [0, 10, KEPT, KEPT + 1, 700_000])
def test_the_beginning_of_what_was_sent_is_kept_and_the_app_reads_all_of_it(
    bodies: Served, size: int
) -> None:
    found = trip(bodies, "/size", "POST", body=b"q" * size)
    assert found.request_body.size == size
    assert found.request_body.data == b"q" * min(size, KEPT)
    assert found.request_body.truncated == (size > KEPT)
    assert found.response_body.data == str(size).encode()


@pytest.mark.parametrize("size", [0, 10, KEPT, KEPT + 1, 3_000_000])
def test_the_beginning_of_an_answer_is_kept(bodies: Served, size: int) -> None:
    found = settled(bodies, trip(bodies, f"/big/{size}"))
    assert found.response_body.size == size
    assert found.response_body.data == b"x" * min(size, KEPT)


def test_an_answer_in_parts_is_kept_and_what_it_prints(bodies: Served) -> None:
    found = settled(bodies, trip(bodies, "/parts"))
    assert found.response_body.size == 120_000
    assert found.response_body.data == b"y" * KEPT
    assert found.printed == "part\n" * 3


def test_of_a_file_the_beginning_is_kept_and_the_server_sends_it_whole(bodies: Served) -> None:
    answer = bodies.get("/file")
    assert len(answer.body) == 100_000
    found = trip(bodies, "/file")
    assert found.response_body.size == 100_000
    assert found.response_body.data == b"z" * KEPT
    part = bodies.get("/file", headers={"Range": "bytes=5-9"})
    assert (part.status, part.body) == (206, b"zzzzz")


def test_an_answer_to_head_has_no_body(bodies: Served) -> None:
    found = settled(bodies, trip(bodies, "/big/10", method="HEAD"))
    assert (found.status, found.response_body.size, found.response_body.data) == (200, 0, b"")


def test_a_streamed_template_is_a_step(bodies: Served) -> None:
    found = settled(bodies, trip(bodies, "/streamed"))
    assert step(found, Stage.TEMPLATE).values == (Value("who", "str", "'Ada'"),)
    assert found.response_body.data == b"Hello Ada"


def test_before_an_app_is_there_requests_are_trips_too(served: Served, folder: Folder) -> None:
    found = trip(served, "/early")
    assert (found.status, found.reason, found.rule) == (503, "Service Unavailable", "")
    assert stages(found) == [("request", "GET /early"), ("response", "")]
    assert b"not running yet" in found.response_body.data


LATE = """
import threading
from flask import Flask
app = Flask(__name__)
held = threading.Event()

@app.get("/loop")
def loop():
    while True:
        pass

@app.get("/stuck")
def stuck():
    held.wait(20)
    return "late"

@app.get("/free")
def free():
    held.set()
    return "free"
"""


def test_a_request_whose_time_was_over_is_a_trip(served: Served) -> None:
    served.app.guard.limit = 0.2
    served.edit("app.py", LATE)
    found = trip(served, "/loop")
    told = only_raised(found)
    assert (found.status, told.type) == (504, "TookTooLongError")
    assert told.own_frame is not None and told.own_frame.function == "loop"
    found = trip(served, "/stuck")
    assert (found.status, found.reason, found.endpoint) == (504, "Gateway Timeout", "stuck")
    assert served.get("/free").status == 200
    numbers = [line.number for line in served.app.recorder.lines()]
    assert numbers == [1, 2, 3]


def test_the_trip_of_what_was_left_behind_is_there_before_its_answer_goes_out(served: Served) -> None:
    served.app.guard.limit = 0.2
    served.edit("app.py", LATE)
    early: list[bool] = []
    with socket.create_connection(("127.0.0.1", served.port)) as client:
        served.app.recorder.on_trips(lambda: early.append(bool(select.select([client], [], [], 0.3)[0])))
        client.sendall(b"GET /stuck HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 504 ")
    served.app.recorder.on_trips(None)
    assert early == [False]
    assert served.get("/free").status == 200


def test_an_app_that_is_watched_twice_is_recorded_once_and_can_be_left_alone(notes: Served) -> None:
    app, recorder = notes.app.slot.app, notes.app.recorder
    assert app is not None
    recorder.watch(app)
    notes.get("/members/log-in")
    found = recorder.trip(1)
    assert found is not None
    assert [name for stage, name in stages(found) if stage == "view"] == ["log_in"]
    recorder.unwatch(app)
    assert not vars(app).keys() & {"ensure_sync", "trap_http_exception", "make_default_options_response"}
    assert notes.get("/members/log-in").status == 200


DEBUGGED = """
from flask import Flask
app = Flask(__name__)
app.config["PROPAGATE_EXCEPTIONS"] = True

@app.get("/zero")
def zero():
    return str(1 / 0)

@app.get("/async")
async def later():
    return "later"
"""


def test_an_exception_that_leaves_the_app_is_told_once(served: Served) -> None:
    served.edit("app.py", DEBUGGED)
    found = trip(served, "/zero")
    assert (found.status, only_raised(found).type) == (500, "ZeroDivisionError")


def test_an_async_view_is_a_step(served: Served) -> None:
    served.edit("app.py", DEBUGGED)
    view = step(trip(served, "/async"), Stage.VIEW)
    assert view.name == "later" and view.place is not None


def test_a_function_of_no_lines_is_told_with_its_first(served: Served) -> None:
    """Some instructions are of no line, and an interruption may come at one."""
    served.edit(
        "app.py",
        """
        from flask import Flask
        app = Flask(__name__)

        @app.get("/fails")
        def fails():
            return str(1 / 0)

        @app.get("/loop")
        def loop():
            while True:
                pass

        for view in (fails, loop):
            code = view.__code__
            no_lines = b"\\xff" * (len(code.co_code) // 16 + 1)  # each: eight instructions of no line
            view.__code__ = code.replace(co_linetable=no_lines)
        """,
    )
    found = trip(served, "/fails")
    assert (
        found.status,
        [(frame.function, frame.line) for frame in only_raised(found).frames if frame.own],
    ) == (
        500,
        [("fails", 5)],
    )
    served.app.guard.limit = 0.2
    found = trip(served, "/loop")
    assert (found.status, only_raised(found).type) == (504, "TookTooLongError")
    assert b"app.py, line 9" in found.response_body.data
