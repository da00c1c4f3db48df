"""What is completed in the Shell: looked up in live objects, without running code of the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from shell_user import ShellUser

APP = """\
from flask import Flask

app = Flask(__name__)
app.secret_key = "a secret"
asked = []


class Thing:
    __slots__ = ("slot",)

    def __init__(self):
        self.slot = {"in the slot": 1}

    @property
    def costly(self):
        asked.append("costly")
        return {}

    def method(self):
        asked.append("method")


class Odd:
    def __init__(self):
        self.own = {"key": {"inner": "text"}}

    def __getattribute__(self, name):
        asked.append(name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        asked.append(name)
        raise AttributeError(name)

    def __dir__(self):
        asked.append("dir")
        return []


@app.shell_context_processor
def names():
    return {"thing": Thing(), "odd": Odd(), "things": [Thing()], "d": {"alpha": {"beta": 1}, "it's": 2, 3: 4}}


@app.get("/hello/<name>")
def hello(name):
    return ""


@app.get("/about")
def about():
    return ""
"""


@pytest.fixture(scope="module")
def at_shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShellUser]:
    from playground.server.live_app import LiveApp

    folder = tmp_path_factory.mktemp("completing")
    (folder / "app.py").write_text(APP)
    app = LiveApp(folder)
    assert app.go_live(None).problem is None
    user = ShellUser(app)
    user.shell.prepare()
    user.types("alphabet = 1\nasked = __import__('app').asked\nasked.clear()\ng.remembered = 1")
    yield user
    app.close()


def found(user: ShellUser, text: str, *, asked: bool = False) -> list[str]:
    completion = user.shell.complete(text, len(text), asked=asked)
    return [one.text for one in completion.candidates] if completion is not None else []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("alph", "alphabet"),
        ("x = alph", "alphabet"),
        ("print(alph", "alphabet"),
        ("impor", "import"),
        ("isinst", "isinstance"),
        ("thin", "thing"),
        ("app.test_cl", "test_cli_runner"),
        ("app.secret", "secret_key"),
        ("thing.", "costly"),
        ("thing.cos", "costly"),
        ("thing.slot['in", "in the slot"),
        ("things[0].slo", "slot"),
        ("odd.ow", "own"),
        ("odd.own['key']['inn", "inner"),
        ('odd.own["key"]["inner"].spl', "split"),
        ('d["', "alpha"),
        ("d['alpha']['b", "beta"),
        ("d[3].bit_l", "bit_length"),
        ("g.rem", "remembered"),
        ("request.met", "method"),
        ("request.args.getl", "getlist"),
        ("request.headers['Ho", "Host"),
        ("client.ge", "get"),
        ('app.config["SECRET_K', "SECRET_KEY"),
        ('url_for("ab', "about"),
        ('client.get("/ab', "/about"),
        ("import js", "json"),
        ("import os, js", "json"),
        ("import os.pa", "path"),
        ("from flas", "flask"),
        ("from flask import url_f", "url_for"),
        ("from flask import g, url_f", "url_for"),
        ("for thing in thin", "thing"),
        ("f = 'a'; alph", "alphabet"),
    ],
)
def test_what_comes_first(at_shell: ShellUser, text: str, first: str) -> None:
    assert found(at_shell, text)[:1] == [first]
    assert at_shell.shows("asked") == "[]"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = ",
        "12",
        "1.5",
        "# alph",
        "'alph",
        '"""al\nalph',
        "nothing.",
        "thing.costly.",
        "thing.costly['",
        "thing.method().",
        "odd.unknown.",
        "alphabet.real.real.nothing.",
        "d['unknown'].",
        "d[99].",
        "things[7].",
        "f(x).app.",
        "from unknown import ",
    ],
)
def test_where_nothing_is_offered(at_shell: ShellUser, text: str) -> None:
    assert found(at_shell, text) == []
    assert at_shell.shows("asked") == "[]"


def test_who_asks_gets_all_names(at_shell: ShellUser) -> None:
    names = found(at_shell, "", asked=True)
    assert {"app", "g", "request", "client", "url_for", "alphabet"} <= set(names)
    assert "__builtins__" not in names and "__show__" not in names


def test_names_that_begin_with_an_underscore_are_there_for_who_wants_them(at_shell: ShellUser) -> None:
    assert "__init__" in found(at_shell, "thing.__")
    assert not [name for name in found(at_shell, "thing.") if name.startswith("_")]


def test_a_key_with_the_string_s_own_quote_is_left_out(at_shell: ShellUser) -> None:
    assert "it's" in found(at_shell, 'd["') and "it's" not in found(at_shell, "d['")


def test_it_answers_while_a_statement_changes_what_is_looked_at(served: Any) -> None:
    served.edit("app.py", APP)
    user = ShellUser(served.app)
    user.types("many = {}")
    user.begin("n = 0\nwhile True:\n    n += 1\n    many[str(n % 500)] = many.pop(str(n % 7), n)\n")
    for _ in range(200):
        user.shell.complete('many["', 6, asked=True)
    user.shell.stop()
    user.ends()
