"""Running what is typed into the Shell: on its thread, within the app's contexts, with its names.

Statements run as Python's own prompt runs them: the value of an expression is shown, also of one within a
loop or a ``with``, and each piece of a text runs by itself, up to the first that fails.
"""

from __future__ import annotations
import __future__

import ast
import itertools
import linecache
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

import flask
from flask import Flask
from werkzeug.datastructures import Headers

from playground.core.shell import Kind
from playground.core.trips import Trip
from playground.server.imports import ProjectImports
from playground.server.logs import here
from playground.server.shell_context import Contexts, environ_of
from playground.server.shell_names import LEAVING, SHOW, Names
from playground.server.shell_news import Voice
from playground.server.shell_values import shown, told, where
from playground.server.stopping import TookTooLongError

KEPT_SOURCES = 200
"""Texts whose lines a traceback can show."""
NOT_SHOWN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
"""Where the value of an expression is not shown."""
_FUTURES = 0
for _name in __future__.all_feature_names:
    _FUTURES |= getattr(__future__, _name).compiler_flag

ANEW = "The app was loaded anew: app, g and what it gives are the new one's. Your own variables stay."


class Statements:
    """What is known from statement to statement. ``last`` gives the trip of the last request."""

    def __init__(self, last: Callable[[], Trip | None], project: ProjectImports) -> None:
        self._last, self._project = last, project
        self.names = Names(self._show)
        self.contexts = Contexts(self.report)
        self._app: Flask | None = None  # whose names are there
        self._moved = False
        self._client: Any = None
        self._from_app: dict[str, Any] = {}
        self._answered = -1
        self._answer: object = None
        self._flags = 0
        self._numbers = itertools.count(1)
        self._sources: list[str] = []

    # Arriving in an app -----------------------------------------------------------------------

    def arrive(self, contexts: Contexts, app: Flask, base: str) -> None:
        """Be in the app that is live and in its last request, with their names."""
        trip = self._last()
        contexts.follow(app, trip, base)
        contexts.run(self._give, app, trip, base)

    def _give(self, app: Flask, trip: Trip | None, base: str) -> None:
        if app is not self._app:
            self._client = app.test_client()
            self._from_app = self._shell_context(app)
            # Last: where that was interrupted, the next statement does it again.
            self._moved, self._app, self._answered = self._app is not None, app, -1
        number = trip.number if trip is not None else 0
        if number != self._answered:
            self._answer = self._answer_of(trip, base) if trip is not None and trip.status else None
            self._answered = number
        given = {
            "request": flask.request,
            "session": flask.session,
            "url_for": flask.url_for,
            "client": self._client,
            "answer": self._answer,
        }
        self.names.renew_builtins()
        self.names.give(given | self._from_app)
        self.names.answered(self._answer)

    def _shell_context(self, app: Flask) -> dict[str, Any]:
        try:
            return dict(app.make_shell_context())
        except Exception as error:  # noqa: BLE001  a shell_context_processor of the app; it is told
            self.report(error)
            _say(Kind.NOTE, "That was a shell_context_processor, so its names are missing here.")
            return {"app": app, "g": flask.g}

    def _answer_of(self, trip: Trip, base: str) -> object:
        """An answer as the test client would give it."""
        return self._client.response_wrapper(
            [trip.response_body.data],
            f"{trip.status} {trip.reason}".strip(),
            Headers(list(trip.response_headers)),
            request=flask.Request(environ_of(trip, base)),
        )

    def forget(self) -> None:
        """Begin again without variables."""
        self.names = Names(self._show)
        self._flags, self._app, self._moved = 0, None, False

    def close(self) -> None:
        """Leave nothing behind in the process."""
        for name in self._sources:
            linecache.cache.pop(name, None)

    # Running ----------------------------------------------------------------------------------

    def perform(self, contexts: Contexts, source: str, app: Flask, base: str) -> None:
        """Run a text; whatever it raises is told, but for an interruption."""
        try:
            self.arrive(contexts, app, base)
            if self._moved:
                self._moved = False
                _say(Kind.NOTE, ANEW)
            contexts.run(self._run, self._compiled(source))
        except TookTooLongError:
            raise
        except SystemExit:
            _say(Kind.NOTE, LEAVING)
        except BaseException as error:  # noqa: BLE001  the person's
            self.report(error)

    def _run(self, codes: Iterator[CodeType]) -> None:
        for code in codes:
            exec(code, self.names.all)

    def _compiled(self, source: str) -> Iterator[CodeType]:
        """Each statement of a text; raises SyntaxError before the first of them runs."""
        name = self._kept(source)
        flags = self._flags
        body = compile(source, name, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True).body
        codes = []
        for statement in body:
            module = ast.Module([_showing(statement)], [])
            codes.append(compile(module, name, "exec", flags, dont_inherit=True))
            flags |= codes[-1].co_flags & _FUTURES
        self._flags = flags
        return iter(codes)

    def _kept(self, source: str) -> str:
        """The name of a text, under which a traceback finds its lines."""
        name = f"<shell {next(self._numbers)}>"
        lines = [f"{line}\n" for line in source.split("\n")]
        linecache.cache[name] = (len(source), None, lines, name)
        self._sources.append(name)
        if len(self._sources) > KEPT_SOURCES:
            linecache.cache.pop(self._sources.pop(0), None)
        return name

    # Telling ----------------------------------------------------------------------------------

    def _show(self, value: object) -> None:
        """The value of an expression."""
        if value is not None:
            _say(Kind.VALUE, shown(value))
            self.names.evaluated(value)

    def report(self, error: BaseException) -> None:
        """What went wrong, without our own frames."""
        _say(Kind.ERROR, told(error).rstrip("\n"))

    def stopped(self, error: BaseException) -> None:
        """It was interrupted, and there."""
        place = where(error.__traceback__, self._project)
        _say(Kind.ERROR, f"Stopped{': it was at ' + place if place else ''}.")


def _say(kind: Kind, text: str) -> None:
    """Have it shown, unless the statement that this thread is in was left behind."""
    if isinstance(here.note, Voice):
        here.note.says(kind, text)


def _showing(statement: ast.stmt) -> ast.stmt:
    """The statement with each expression of its own, but for those in functions and classes, shown."""
    made: ast.stmt = _Showing().visit(statement)
    return ast.fix_missing_locations(made)


class _Showing(ast.NodeTransformer):
    """Replaces the statement ``x`` by a call that shows x."""

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, ast.Expr):
            call = ast.Call(ast.copy_location(ast.Name(SHOW, ast.Load()), node), [node.value], [])
            return ast.copy_location(ast.Expr(ast.copy_location(call, node)), node)
        if isinstance(node, (*NOT_SHOWN, ast.expr)):
            return node
        return self.generic_visit(node)
