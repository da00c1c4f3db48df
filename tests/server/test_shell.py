"""The Shell: its names against those of ``flask shell``, what runs in it, and how that is stopped."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shell_user import ShellUser, until

from playground.core.heap import heap
from playground.core.problems import ProblemError
from playground.core.shell import Kind
from playground.server import shell_news, shell_running

APP = """\
from flask import Flask, g, jsonify, request, session

app = Flask(__name__)
app.secret_key = "a secret"
visits = []
torn_down = []


class Item:
    def __repr__(self):
        return "an item"


@app.shell_context_processor
def names():
    return {"Item": Item, "visits": visits}


@app.teardown_appcontext
def tear_down(error):
    torn_down.append(error)


@app.get("/hello")
def hello():
    return {"hello": "world"}


@app.post("/visits")
def visit():
    session["name"] = request.json["name"]
    visits.append(request.json)
    return jsonify(visits), 201


@app.get("/fails")
def fails():
    return str(1 / 0)
"""


@pytest.fixture
def user(served: Any) -> Iterator[ShellUser]:
    assert served.edit("app.py", APP).problem is None
    yield ShellUser(served.app)


# -- as flask shell ------------------------------------------------------------------------------------

ASKED = (
    "app",
    "app.name",
    "g",
    "sorted(app.view_functions)",
    "Item",
    "Item()",
    "visits",
    "visits.append(1)",
    "visits",
    "app.config['SECRET_KEY']",
    "app.test_client().get('/hello').json",
    "[app.test_client().get(path).status_code for path in ('/hello', '/nowhere')]",
    "app.url_map.bind('localhost').build('hello')",
    "[name for name in ('app', 'g', 'Item', 'visits', 'session_of_mine') if name in globals()]",
    "{'a': 1, 'b': (1, 2), 'c': {3}}",
    "'ä\\n'",
    "...",
)


def flask_shell(folder: Path, lines: tuple[str, ...]) -> list[str]:
    """What ``flask shell`` shows for each of some expressions, in a process of its own."""
    typed = "".join(f"print('@@' + __import__('json').dumps(repr({line})))\n" for line in lines)
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "shell"],
        cwd=folder,
        input=typed.encode(),
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()
    parts = done.stdout.decode().split("@@")[1:]
    return [json.loads(part.splitlines()[0]) for part in parts]


def test_it_answers_as_flask_shell_does(user: ShellUser) -> None:
    theirs = flask_shell(user.app.folder, ASKED)
    assert len(theirs) == len(ASKED)
    assert [user.shows(line) or "None" for line in ASKED] == theirs


def test_the_snippets_of_flasks_documentation_work(user: ShellUser) -> None:
    assert user.shows('url_for("hello")') == "'/hello'"
    assert user.shows('client.get("/hello").json') == "{'hello': 'world'}"
    assert user.shows('with app.test_request_context("/?name=Ada"):\n    request.args["name"]\n') == "'Ada'"
    user.types("from flask import current_app")
    assert user.shows("current_app.name") == "'app'"
    # "Working with the Shell": a context is pushed by one line and popped by another
    user.types("ctx = app.test_request_context('/hello?a=1')\nctx.push()")
    assert user.shows("request.path, request.args['a']") == "('/hello', '1')"
    user.types("app.preprocess_request()\nctx.pop()")
    assert user.shows("request.path") == "'/'"


def test_values_are_shown_as_by_pythons_own_prompt(user: ShellUser) -> None:
    assert user.shows("for i in range(3): i\n") == "0\n1\n2"
    assert user.shows("def f():\n    1\n    return 2\n\nf()") == "2"
    assert user.shows("class A:\n    1\n\nA.__module__") == "'__console__'"
    assert user.shows("x = 1\nx + 1\nNone\nx + 2") == "2\n3"
    assert user.shows("_ + 1") == "4"
    assert user.shows("'a' 'b'; 'c'") == "'ab'\n'c'"
    user.types("from __future__ import annotations")
    assert user.shows("def g(a: nothing): ...\n\ng.__annotations__") == "{'a': 'nothing'}"


def test_what_is_put_into_g_and_the_session_stays(user: ShellUser) -> None:
    user.types("g.name = 'Ada'\nsession['count'] = 3")
    assert user.shows("g.name, session['count']") == "('Ada', 3)"


def test_statements_share_a_thread(user: ShellUser) -> None:
    user.types("import sqlite3\ndb = sqlite3.connect(':memory:')")
    assert user.shows("db.execute('select 7').fetchone()") == "(7,)"
    user.types("db.close()")


# -- the last request and its answer ---------------------------------------------------------------------


def test_nothing_was_recorded_yet(user: ShellUser) -> None:
    assert user.shows("answer, _") == "(None, None)"
    assert user.shows("request.method, request.path, request.args.get('a')") == "('GET', '/', None)"


def test_the_last_request_is_there_with_all_that_it_sent(served: Any, user: ShellUser) -> None:
    cookie = served.get(
        "/visits", method="POST", body=b'{"name": "Ada"}', headers={"Content-Type": "application/json"}
    ).headers["set-cookie"]
    body = '{"name": "Grüße"}'.encode()
    headers = {"Content-Type": "application/json", "X-Own": "7", "Cookie": cookie.split(";")[0]}
    served.get("/visits?a=1&b=%2F", method="POST", body=body, headers=headers)
    served.get("/favicon.ico")  # a browser asks for it by itself
    assert user.shows("request.method, request.path, request.args.to_dict()") == (
        "('POST', '/visits', {'a': '1', 'b': '/'})"
    )
    assert user.shows("request.json, request.headers['X-Own'], request.endpoint") == (
        "({'name': 'Grüße'}, '7', 'visit')"
    )
    assert user.shows("session['name']") == "'Ada'"
    assert user.shows("url_for('hello', _external=True)") == f"'http://127.0.0.1:{served.port}/hello'"
    assert user.shows("answer.status, answer.json == visits") == "('201 CREATED', True)"


def test_the_last_value_is_the_last_answer_until_something_is_evaluated(served: Any, user: ShellUser) -> None:
    served.get("/hello")
    assert user.prints("print(_.json)") == "{'hello': 'world'}\n"
    served.get("/nowhere")
    assert user.prints("print(_.status_code)") == "404\n"
    assert user.shows("request.path") == "'/nowhere'"
    served.get("/hello")
    assert user.shows("_") == "'/nowhere'"
    assert user.shows("answer.status_code") == "200"


# -- edits --------------------------------------------------------------------------------------------


def test_after_an_edit_the_app_is_the_new_one_and_own_variables_stay(served: Any, user: ShellUser) -> None:
    user.types(
        "mine = [1]\nbefore = app\nvisits = 'my own'\ng.name = 'Ada'\ntorn = __import__('app').torn_down"
    )
    user.types("torn.clear()")
    text = APP.replace('{"Item": Item, "visits": visits}', '{"other": 5, "visits": visits}')
    assert served.edit("app.py", f"{text}\n\n@app.get('/new')\ndef new(): return 'new'\n").how == "structure"
    said = user.types("client.get('/new').text")
    assert [piece.kind for piece in said] == [Kind.NOTE, Kind.VALUE] and said[1].text == "'new'"
    assert user.shows("app is before, mine, visits, other") == "(False, [1], 'my own', 5)"
    assert user.shows("hasattr(g, 'name'), torn") == "(False, [None])"
    assert "NameError" in user.fails("Item")


def test_a_shell_context_processor_that_fails_is_told(served: Any, user: ShellUser) -> None:
    served.edit("app.py", APP.replace('return {"Item"', 'return {missing: 1, "Item"'))
    pieces = user.types("app.name")
    assert "NameError: name 'missing'" in pieces[0].text and "shell_context_processor" in pieces[1].text
    assert pieces[-1].text == "'app'"


# -- what goes wrong ----------------------------------------------------------------------------------


def test_an_error_is_told_as_python_does_without_frames_of_ours(user: ShellUser) -> None:
    told = user.fails("def half(n):\n    return n / 0\n\nhalf(3)")
    assert told.startswith('Traceback (most recent call last):\n  File "<shell ')
    assert "    half(3)\n" in told and "    return n / 0\n" in told
    assert told.endswith("ZeroDivisionError: division by zero")
    user.types("app.testing = True")  # then errors of views come out of the client
    told = user.fails("client.get('/fails')")
    assert "app.py" in told and f"playground{os.sep}" not in told
    told = user.fails("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e\n")
    assert "direct cause" in told and f"playground{os.sep}" not in told


def test_what_is_no_python_is_told_before_any_of_it_runs(user: ShellUser) -> None:
    told = user.fails("x = 1\ny = = 2")
    assert told.splitlines()[0].strip() == 'File "<shell 1>", line 2' and "SyntaxError" in told
    assert "Traceback" not in told
    assert "NameError" in user.fails("x")
    assert "'return' outside function" in user.fails("x = 1\nreturn x")
    assert "NameError" in user.fails("x")


@pytest.mark.parametrize("source", ["input('Name? ')", "__import__('builtins').input()", "breakpoint()"])
def test_nobody_can_type_into_a_statement(user: ShellUser, source: str) -> None:
    assert "nobody can type into a statement that runs" in user.fails(source)


@pytest.mark.parametrize("source", ["exit()", "quit", "import sys; sys.exit(1)", "raise SystemExit"])
def test_leaving_says_what_to_do_instead(user: ShellUser, source: str) -> None:
    (piece,) = user.types(source)
    assert "press Begin anew" in piece.text
    assert user.shows("1") == "1"


def test_without_an_app_it_refuses(served: Any) -> None:
    with pytest.raises(ProblemError, match="no app"):
        served.app.shell().run("1")


def test_a_shell_context_processor_that_never_ends_can_be_stopped(
    served: Any, user: ShellUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.server.shell.PATIENCE", 0.1)
    served.edit("app.py", APP.replace('return {"Item"', 'while True: pass\n    return {"Item"'))
    user.shell.prepare()
    user.begin("app.name")
    user.shell.stop()
    assert user.ends()[-1].text.startswith("Stopped")
    served.edit("app.py", APP)
    assert user.types("app.name")[-1].text == "'app'"


def test_beginning_anew_forgets_the_variables(user: ShellUser) -> None:
    user.types("x = 1")
    user.shell.restart()
    assert "NameError" in user.fails("x")
    assert user.shows("app.name") == "'app'"


# -- what comes out -----------------------------------------------------------------------------------


def test_what_is_printed_and_logged_comes_out_while_it_runs(user: ShellUser) -> None:
    user.types("import threading\ngate = app.extensions['gate'] = threading.Event()")
    user.begin("print('first')\napp.logger.warning('careful')\ngate.wait(20)\nprint('second', end='')")
    seen: list[str] = []

    def has_come() -> bool:
        news = user.shell.news(1000)
        seen.extend(piece.text for piece in news.pieces if piece.kind is Kind.PRINTED)
        return "careful" in "".join(seen)

    until(has_come, "the first lines")
    assert user.shell.running and "second" not in "".join(seen)
    app = user.app.slot.app
    assert app is not None
    app.extensions["gate"].set()
    assert "".join(piece.text for piece in user.ends()) == "Truesecond"


def test_endless_output_is_bounded(user: ShellUser) -> None:
    user.begin("while True:\n    print('x' * 100)\n")
    news = user.shell._news
    until(lambda: news._lost_lines > 50_000, "much output that nobody takes")
    assert news._put - news._got - news._lost <= shell_news.MOST + 200
    assert len(news._pieces) <= shell_news.MOST_PIECES + 2
    user.shell.stop()
    pieces = user.ends()
    assert "lines are left out here" in pieces[0].text
    assert pieces[-1].text.startswith("Stopped: it was at line 2")


def test_what_was_printed_is_taken_in_parts_and_whole(user: ShellUser) -> None:
    user.begin("print('\\n'.join(str(n) for n in range(5000)), end='')\nprint('!' * 50_000)")
    taken: list[str] = []

    def is_over() -> bool:
        news = user.shell.news(1000)
        printed = "".join(piece.text for piece in news.pieces if piece.kind is Kind.PRINTED)
        assert len(printed) <= 1000 and printed.count("\n") <= shell_news.LINES
        taken.append(printed)
        return not news.running and not news.more

    until(is_over, "all of it")
    assert "".join(taken) == "\n".join(str(n) for n in range(5000)) + "!" * 50_000 + "\n"


def test_a_large_value_is_shown_in_part(user: ShellUser) -> None:
    shown = user.shows("list(range(1_000_000))")
    assert shown.startswith("[0, 1, 2") and shown.endswith("# 1,000,000 in all") and len(shown) < 20_000
    shown = user.shows("{n: [n] * 10 for n in range(50_000)}")
    assert shown.startswith("{0: [0, 0") and shown.endswith("# 50,000 in all") and len(shown) < 100_000
    assert len(user.shows("'x' * 10_000_000")) < 100_000
    assert user.shows("list(range(2000))") == repr(list(range(2000)))


# -- stopping -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "while True: pass\n",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n",
        "sum(1 for _ in iter(int, 1))",
        "client.get('/endless')",
    ],
)
def test_what_runs_too_long_is_stopped(served: Any, user: ShellUser, source: str) -> None:
    served.edit("app.py", f"{APP}\n\n@app.get('/endless')\ndef endless():\n    while True: pass\n")
    user.types("x = 1")
    user.begin(source)
    until(lambda: user.shell.running, "the statement")
    assert served.get("/hello").status == 200  # the server does not wait for it
    with pytest.raises(ProblemError, match="runs here already"):
        user.shell.run("1")
    user.shell.stop()
    assert user.ends()[-1].text.startswith("Stopped")
    assert user.shows("x, request.path") == "(1, '/hello')"


def test_what_sits_in_one_long_call_is_left_behind(user: ShellUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell_running, "GRACE", 0.1)
    monkeypatch.setattr("playground.server.shell.GRACE", 0.1)
    user.types("import threading\ngate = threading.Event()\ng.name = 'Ada'\nended = threading.Event()")
    thread = user.shows("threading.get_ident()")
    user.begin("try:\n    gate.wait()\n    print('not to be seen')\nfinally:\n    ended.set()\n")
    until(lambda: bool(user.shell._lane and user.shell._lane._watch and user.shell._lane._watch.inside), "it")
    user.shell.stop()
    assert "was left behind" in user.ends()[-1].text
    assert user.shows("threading.get_ident()") != thread
    user.types("gate.set()")
    assert user.shows("ended.wait(20)") == "True"  # the call came back, and ended there
    assert user.shows("request.path") == "'/'"


def test_closing_the_project_ends_what_runs(served: Any, user: ShellUser) -> None:
    user.types("ends = __import__('app').torn_down\nends.clear()")
    ends = user.shell._statements.names.all["ends"]
    user.begin("while True: pass\n")
    served.server.stop()
    served.app.close()  # that no thread is left is checked for every test
    assert ends == [None]


def test_an_app_that_was_replaced_is_let_go_of(served: Any, user: ShellUser) -> None:
    user.shell.prepare()
    user.types("client.get('/hello')\n_ = g.nothing = 1")
    before = weakref.ref(user.app.slot.app)
    served.edit("app.py", f"{APP}\n\n@app.get('/new')\ndef new(): return 'new'\n")
    served.app.settle()

    def is_gone() -> bool:
        heap.release()
        gc.collect()  # among many objects, as in a long run of tests, nobody else looks for a while
        return before() is None

    until(is_gone, "the app before to be freed")
    assert user.shell._statements.names.all["app"] is user.app.slot.app
