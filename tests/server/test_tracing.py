"""X-ray: what is recorded of a request is what ``sys.settrace`` alone reports, and the app goes on."""

from __future__ import annotations

import gc
import io
import re
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

import pytest
from yardstick import yard

from playground.core.stepping import Moment, Stepping
from playground.server import freshness, loaded, tracing
from playground.server.tracing_values import LONGEST

if TYPE_CHECKING:
    from conftest import Served

pytestmark = pytest.mark.skipif(
    threading.gettrace() is not None, reason="a tool that traces all threads is left alone"
)

APP = """
from functools import wraps
from flask import Flask, abort, jsonify, request
from flask.views import MethodView

import helpers

app = Flask(__name__)
users = {1: {"name": "Ada"}, 2: {"name": "Bob"}}
LIMIT = 10


def numbers(n):
    for i in range(n):
        half = i / 2
        yield half


def factorial(n):
    if n <= 1:
        return 1
    return n * factorial(n - 1)


def loud(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        answer = function(*args, **kwargs)
        return answer.upper()
    return wrapper


@app.get("/loop")
def loop():
    total = 0
    for i in range(4):
        if i == 2:
            continue
        total += i
    else:
        total *= 10
    while total > 0:
        total -= 20
    return str(total)


@app.get("/comprehension")
def comprehension():
    words = ["a", "bb", "ccc"]
    sizes = {word: len(word) for word in words}
    odd = [n for n in sizes.values() if n % 2]
    return jsonify(odd, sorted(sizes, key=lambda word: -sizes[word]))


@app.get("/try")
def trying():
    found = []
    try:
        found.append(1)
        found.append(1 / 0)
    except ZeroDivisionError as error:
        found.append(str(error))
    else:
        found.append("else")
    finally:
        found.append("finally")
    try:
        {}["missing"]
    except KeyError:
        pass
    return str(found)


@app.get("/nested/<int:n>")
def nested(n):
    def inner(x):
        y = x + n
        return y
    return str(helpers.twice(inner(n)))


@app.get("/generator")
def generator():
    halves = numbers(3)
    total = sum(halves)
    first, *rest = numbers(2)
    return f"{total} {first} {rest}"


@app.get("/recursion")
def recursion():
    return str(factorial(4))


@app.get("/decorated")
@loud
def decorated():
    text = "hello"
    return text


@app.get("/with")
def managed():
    with helpers.Manager("m") as manager:
        name = manager.name
    match name:
        case "x":
            kind = 1
        case str() as text:
            kind = 2
    return f"{kind}"


@app.get("/error")
def error():
    number = 1
    helpers.fail(number)
    return "never"


class Hello(MethodView):
    greeting = "hi"

    def get(self, name):
        words = [self.greeting, name]
        return " ".join(words)


app.add_url_rule("/class/<name>", view_func=Hello.as_view("hello"))


@app.post("/users")
def create_user():
    data = request.json
    user_id = len(users) + 1
    users[user_id] = data
    return jsonify(data), 201


@app.get("/gone")
def gone():
    abort(410)
"""

HELPERS = """
    def twice(n):
        return n * 2

    def fail(n):
        raise ValueError(f"no {n}")

    class Manager:
        def __init__(self, name):
            self.name = name

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return False
"""

PATHS = [
    "/loop",
    "/comprehension",
    "/try",
    "/nested/3",
    "/generator",
    "/recursion",
    "/decorated",
    "/with",
    "/error",
    "/class/Lin",
    "/gone",
]


@pytest.fixture
def xray(served: Served) -> Iterator[Served]:
    """The app, with X-ray on."""
    served.folder.write("helpers.py", HELPERS)
    served.edit("app.py", APP)
    assert served.app.state.problem is None
    served.app.set_xray(True)
    yield served
    assert threading.gettrace() is None


def recorded(served: Served) -> Stepping:
    """What was recorded last."""
    every = [served.app.tracing.stepping(number) for number in range(1, 500)]
    return [each for each in every if each is not None][-1]


def stepped(served: Served, path: str, **more: Any) -> Stepping:
    served.get(path, **more)
    return recorded(served)


def local(moment: Moment) -> dict[str, str]:
    return {value.name: value.text for value in moment.values}


# The same as sys.settrace alone.

Row = tuple[str, int, dict[str, str]]
ADDRESS = re.compile(r"0x[0-9a-f]+")


def plain(text: str) -> str:
    return ADDRESS.sub("0x", text)


def traced_alone(served: Served, path: str) -> list[Row]:
    """What a trace function of a dozen lines reports of the same view in the project's files."""
    rows: list[Row] = []
    folder = str(served.folder.path.resolve())

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(folder):
            return None
        names = {name: value for name, value in frame.f_locals.items() if name.isidentifier()}
        rows.append((event, frame.f_lineno, {name: plain(repr(value)) for name, value in names.items()}))
        return trace

    app = served.app.slot.app
    assert app is not None
    app.testing = False
    client = app.test_client()
    sys.settrace(trace)
    try:
        client.get(path)
    finally:
        sys.settrace(None)
    return rows


@pytest.mark.parametrize("path", PATHS)
def test_lines_and_values_are_those_of_settrace_alone(xray: Served, path: str) -> None:
    served = xray
    stepping = stepped(served, path)
    got = [
        (moment.event, moment.line, {name: plain(text) for name, text in local(moment).items()})
        for moment in stepping.moments
    ]
    assert len(got) > 3
    assert (stepping.left_out, stepping.note) == (0, "")
    assert got == traced_alone(served, path)


# What a moment says.


def test_the_picture_of_the_design(xray: Served) -> None:
    headers = {"Content-Type": "application/json"}
    stepping = stepped(xray, "/users", method="POST", body=b'{"name": "Lin"}', headers=headers)
    lines = [moment for moment in stepping.moments if moment.event == "line"]
    first = lines[0].line
    assert [moment.line - first for moment in lines] == [0, 1, 2, 3]
    assert {moment.function for moment in lines} == {"create_user"}
    assert [moment.changed for moment in stepping.moments] == [
        (),
        (),
        ("data",),
        ("user_id",),
        ("users",),
        (),
    ]
    before, after = lines[2].module_values[0], lines[3].module_values[0]
    assert (before.name, before.type, before.size) == ("users", "dict", 2)
    assert (after.text, after.size) == ("{1: {'name': 'Ada'}, 2: {'name': 'Bob'}, 3: {'name': 'Lin'}}", 3)
    assert "201" in stepping.moments[-1].result
    assert "users[user_id] = data" in stepping.source("app.py").splitlines()[lines[2].line - 1]


def test_depth_and_calls(xray: Served) -> None:
    stepping = stepped(xray, "/recursion")
    calls = [moment for moment in stepping.moments if moment.event == "call"]
    assert [moment.depth for moment in calls] == [0, 1, 2, 3, 4]
    assert [moment.call for moment in calls] == [0, 1, 2, 3, 4]
    results = [moment.result for moment in stepping.moments if moment.event == "return"]
    assert results == ["1", "2", "6", "24", "'24'"]


def test_a_generator_that_goes_on_is_one_call(xray: Served) -> None:
    stepping = stepped(xray, "/generator")
    own = [moment for moment in stepping.moments if moment.function == "numbers"]
    assert len({moment.call for moment in own}) == 2  # numbers(3), numbers(2)
    changed = [moment.changed for moment in own if moment.call == own[0].call and moment.event == "line"]
    assert changed[:4] == [(), ("i",), ("half",), ()]


def test_an_exception_is_told_where_it_passes(xray: Served) -> None:
    stepping = stepped(xray, "/error")
    raised = [(moment.function, moment.event) for moment in stepping.moments if moment.result]
    assert raised == [(name, event) for name in ("fail", "error") for event in ("exception", "return")]
    assert {moment.result for moment in stepping.moments if moment.result} == {"ValueError: no 1"}


def test_files_of_the_project_alone_are_recorded(xray: Served) -> None:
    stepping = stepped(xray, "/nested/1")
    assert {moment.file for moment in stepping.moments} == {"app.py", "helpers.py"}
    assert [name for name, _ in stepping.sources] == ["app.py", "helpers.py"]


def test_a_source_is_the_one_that_ran(xray: Served) -> None:
    stepping = stepped(xray, "/recursion")
    xray.edit("app.py", "\n\n\n" + APP)
    assert stepping == recorded(xray)
    again = stepped(xray, "/recursion")
    assert again.moments[0].line == stepping.moments[0].line + 3
    assert again.source("app.py").splitlines()[again.moments[1].line - 1] == "    return str(factorial(4))"


# Off it costs nothing, and what is recorded is bounded.


def test_off_nothing_is_asked(served: Served) -> None:
    served.edit("app.py", APP)
    assert served.app.recorder.tracing is None
    seen: list[object] = []
    served.app.tracing.around = seen.append  # type: ignore[method-assign, assignment]
    served.get("/loop")
    assert seen == []
    served.app.set_xray(True)
    served.app.set_xray(False)
    assert served.app.recorder.tracing is None


def test_off_the_very_same_functions_run(xray: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """All functions that a request calls, with X-ray off, before it was ever on and after."""
    environ: dict[str, Any] = dict(REQUEST_METHOD="GET", PATH_INFO="/recursion", SERVER_NAME="x")  # noqa: C408
    environ |= {"SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO()}
    environ |= {"HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
    monkeypatch.setattr(freshness, "_CROWD", 0.0)  # every request looks at the files, however soon it comes
    monkeypatch.setattr(loaded, "_COARSE_NS", 0)  # and none of them is read once more for being new

    def called() -> list[tuple[str, str]]:
        calls: list[tuple[str, str]] = []

        def note(frame: FrameType, event: str, argument: object) -> None:
            if event == "call":
                calls.append((frame.f_code.co_filename, frame.f_code.co_qualname))

        gc.disable()  # what is freed, and who is told of that, is of no interest
        sys.setprofile(note)
        try:
            body = list(xray.app.wsgi(dict(environ), lambda *_: lambda data: None))
        finally:
            sys.setprofile(None)
            gc.enable()
        assert body == [b"24"]
        return calls

    xray.app.set_xray(False)
    called()  # what is cached is made
    before = called()
    xray.app.set_xray(True)
    during = called()
    xray.app.set_xray(False)
    after = called()
    assert before == after
    assert not any("server/tracing" in file.replace("\\", "/") for file, _ in before)
    assert any("server/tracing" in file.replace("\\", "/") for file, _ in during)


def test_switching_off_holds_for_the_next_request(xray: Served) -> None:
    first = stepped(xray, "/loop")
    xray.app.set_xray(False)
    xray.get("/loop")
    assert recorded(xray).number == first.number


BOUNDS = """
    from flask import Flask
    app = Flask(__name__)

    @app.get("/many/<int:n>")
    def many(n):
        total = 0
        for i in range(n):
            total += i
        return str(total)

    @app.get("/wide")
    def wide():
        for number in range(300):
            exec(f"name_{number} = {number}")
        here = locals()
        return str(len(here))

    @app.get("/big")
    def big():
        text = "x" * 5_000_000
        numbers = list(range(1_000_000))
        table = {n: "y" * 1000 for n in range(1000)}
        huge = 1 << 4_000_000
        deep = []
        for _ in range(500):
            deep = [deep]
        round_ = [1]
        round_.append(round_)
        return "ok"

    class Broken:
        def __repr__(self):
            raise ValueError("no")

    class Endless:
        def __repr__(self):
            while True:
                pass

    class Rude:
        def __repr__(self):
            raise SystemExit

    class Deep:
        def __repr__(self):
            return repr(self)

    class Long:
        def __repr__(self):
            return "z" * 100_000

    class NoText:
        def __repr__(self):
            return 7

    @app.get("/reprs")
    def reprs():
        a, b, c, d, e, f = Broken(), Endless(), Rude(), Deep(), Long(), NoText()
        inside = [a, {"b": b}, (c,)]
        return "ok"

    class Odd(Exception):
        def __str__(self):
            raise KeyError

    @app.get("/odd")
    def odd():
        try:
            raise Odd
        except Odd:
            return "ok"
"""


@pytest.fixture
def bounds(served: Served) -> Served:
    served.edit("app.py", BOUNDS)
    assert served.app.state.problem is None
    served.app.set_xray(True)
    return served


def test_moments_are_bounded_and_the_rest_is_counted(bounds: Served) -> None:
    assert bounds.get("/many/4000").text == str(sum(range(4000)))
    stepping = recorded(bounds)
    assert len(stepping.moments) == tracing.MOST
    assert len(stepping.moments) + stepping.left_out == 2 * 4000 + 5


def test_counting_ends_and_the_request_runs_on_at_full_speed(
    bounds: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "MOST", 20)
    monkeypatch.setattr(tracing, "COUNTED", 50)
    assert bounds.get("/many/100000").text == str(sum(range(100000)))
    stepping = recorded(bounds)
    assert (len(stepping.moments), stepping.left_out, stepping.note) == (20, 50, "")


def test_values_are_bounded(bounds: Served) -> None:
    began = time.process_time()
    stepping = stepped(bounds, "/big")
    assert time.process_time() - began < 200 * yard()
    last = stepping.moments[-1]
    assert max(len(value.text) for moment in stepping.moments for value in moment.values) <= LONGEST
    values = local(last)
    assert values["numbers"].startswith("[0, 1, 2, ")
    assert values["numbers"].endswith("…]")
    assert values["huge"] == "<int of 4,000,001 bits>"
    assert values["round_"] == "[1, [...]]"
    sizes = {value.name: value.size for value in last.values}
    assert (sizes["numbers"], sizes["table"], sizes["text"]) == (1_000_000, 1000, -1)


def test_a_repr_that_fails_or_never_ends_is_survived(bounds: Served) -> None:
    answer = bounds.get("/reprs")
    assert (answer.status, answer.text) == (200, "ok")
    values = local(recorded(bounds).moments[-1])
    assert values["a"] == "<Broken: ValueError in its repr>"
    assert values["b"] == "<Endless: its repr takes too long>"
    assert values["c"] == "<Rude: SystemExit in its repr>"
    assert values["d"] == "<Deep: RecursionError in its repr>" or "too long" in values["d"]
    assert values["e"] == "z" * (LONGEST - 1) + "…"
    assert values["f"] == "<NoText: TypeError in its repr>"
    assert recorded(bounds).note == ""


def test_a_message_that_fails_is_survived(bounds: Served) -> None:
    stepping = stepped(bounds, "/odd")
    assert "Odd: (KeyError in its message)" in {moment.result for moment in stepping.moments}


def test_only_the_latest_are_kept(bounds: Served) -> None:
    for _ in range(tracing.KEPT + 5):
        bounds.get("/many/2")
    kept = [number for number in range(1, 100) if bounds.app.tracing.stepping(number) is not None]
    assert len(kept) == tracing.KEPT


def test_bytes_are_bounded(bounds: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "MOST_BYTES", 300_000)
    for _ in range(6):
        bounds.get("/many/100")
    kept = bounds.app.tracing._kept
    assert 1 < len(kept) < 6
    assert sum(each.bytes for each in kept) <= 300_000


def test_what_ran_no_code_of_the_project_is_not_kept(bounds: Served) -> None:
    bounds.get("/many/2")
    bounds.get("/nothing")
    assert len(bounds.app.tracing._kept) == 1


# The guard, and what others set.

HOSTILE = """
    import sys, threading, time
    from flask import Flask
    app = Flask(__name__)

    @app.get("/endless")
    def endless():
        n = 0
        while True:
            n += 1

    @app.get("/stubborn")
    def stubborn():
        n = 0
        while n < 20:
            try:
                while True:
                    pass
            except BaseException:
                n += 1
        return "at last"

    @app.get("/sleep")
    def sleep():
        before = 1
        time.sleep(2)
        return "slept"

    @app.get("/own")
    def own():
        seen = []
        mine = sys.gettrace()
        sys.settrace(None)
        middle = sys.gettrace()
        sys.settrace(mine)
        return str([mine is not None, middle])

    @app.get("/set")
    def set_one():
        sys.settrace(lambda *_: None)
        return "set"

    @app.get("/is_set")
    def is_set():
        return str(sys.gettrace())

    @app.get("/unset")
    def unset():
        sys.settrace(None)
        return "unset"

    @app.get("/deep")
    def deep():
        return str(again(0))

    def again(n):
        return again(n + 1)

    @app.get("/depth/<int:n>")
    def depth(n):
        return str(down(n))

    def down(n):
        return n and down(n - 1)

    @app.get("/thread")
    def thread():
        found = []
        one = threading.Thread(target=lambda: found.append(sys.gettrace()))
        one.start()
        one.join()
        return str(found)

    @app.get("/limit")
    def limit():
        return str(sys.getrecursionlimit())

    @app.get("/stream")
    def stream():
        def parts():
            for n in range(3):
                yield str(n)
        return parts()
"""


@pytest.fixture
def hostile(served: Served) -> Served:
    served.edit("app.py", HOSTILE)
    assert served.app.state.problem is None
    served.app.set_xray(True)
    return served


@pytest.mark.parametrize("path", ["/endless", "/stubborn", "/sleep"])
def test_a_view_that_goes_on_is_stopped_at_its_limit(hostile: Served, path: str) -> None:
    hostile.app.guard.limit = 0.5
    answer = hostile.get(path)
    assert answer.status == 504 or answer.text == "at last"
    stepping = recorded(hostile)
    assert stepping.moments[0].event == "call"
    hostile.app.guard.limit = 30
    for _ in range(12):  # whichever worker it is, it is free of the trace
        assert hostile.get("/own").text == "[True, None]"


def test_the_workers_are_not_traced_afterwards(hostile: Served) -> None:
    hostile.get("/own")
    hostile.app.set_xray(False)
    for _ in range(12):
        assert hostile.get("/is_set").text == "None"


def test_a_trace_function_of_the_app_is_left_alone(hostile: Served) -> None:
    assert hostile.get("/set").text == "set"
    assert recorded(hostile).note == tracing.REPLACED
    hostile.app.set_xray(False)
    seen = {hostile.get("/is_set").text for _ in range(20)}
    assert any("lambda" in each for each in seen)  # on the worker where it was set
    hostile.app.set_xray(True)
    for _ in range(20):
        hostile.get("/is_set")
        if recorded(hostile).note:
            break
    stepping = recorded(hostile)
    assert (stepping.note, stepping.moments) == (tracing.ELSEWHERE, ())
    hostile.app.set_xray(False)
    for _ in range(20):
        hostile.get("/unset")


def test_an_app_that_takes_the_trace_off_ends_the_recording(hostile: Served) -> None:
    stepping = stepped(hostile, "/unset")
    assert stepping.note == tracing.ENDED
    assert stepping.moments[-1].event == "line"


def test_endless_recursion_is_the_apps_own_error(hostile: Served) -> None:
    hostile.app.set_xray(False)
    without = hostile.get("/deep")
    hostile.app.set_xray(True)
    answer = hostile.get("/deep")
    assert (answer.status, answer.body) == (without.status, without.body)
    stepping = recorded(hostile)
    assert stepping.note in (tracing.DEEP, tracing.ENDED, "")
    assert len(stepping.moments) > 500
    assert hostile.get("/limit").text == str(sys.getrecursionlimit())
    assert hostile.get("/depth/800").text == "0"


def test_other_threads_are_not_traced(hostile: Served) -> None:
    assert hostile.get("/thread").text == "[None]"


def test_parts_of_a_streamed_answer_are_sent_untraced(hostile: Served) -> None:
    assert hostile.get("/stream").text == "012"
    assert {moment.function for moment in recorded(hostile).moments} == {"stream"}


def test_a_mistake_of_ours_does_not_reach_the_app(xray: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise LookupError("a mistake")

    monkeypatch.setattr(tracing.Follower, "_result", broken)
    assert xray.get("/loop").status == 200
    stepping = xray.app.tracing._kept[-1]
    assert stepping.note == tracing.BROKEN
    assert any("could not be recorded" in line.text for line in xray.app.log())


def test_another_thread_that_is_just_given_its_trace_function_is_waited_for(
    xray: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals, settrace = [1, 2, 3], sys.settrace

    def busy(function: Any) -> None:
        if refusals:
            refusals.pop()
            raise RuntimeError("Cannot install a trace function while another is being installed")
        settrace(function)

    monkeypatch.setattr(sys, "settrace", busy)
    assert xray.get("/recursion").text == "24"
    assert not refusals


def test_many_at_once_are_each_recorded(xray: Served) -> None:
    answers: list[str] = []

    def ask() -> None:
        answers.extend(xray.get("/recursion").text for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["24"] * 30
    for recording in list(xray.app.tracing._kept):
        if not recording.note:
            results = [moment.result for moment in recording.moments if moment.event == "return"]
            assert results == ["1", "2", "6", "24", "'24'"]
