"""The ``playground`` command: the window, and everything that it does without one.

Each subcommand calls the session as the window does. Exit status 0, or 1 with one clear line
on standard error; Qt is imported only by the two commands that need a window.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

from playground import __version__
from playground.core.answers import Answer, AnswerKind
from playground.core.names import check_status
from playground.core.problems import ProblemError, refuse
from playground.core.routes import METHODS, Route, RouteDraft
from playground.project.starters import STARTERS
from playground.session.session import Session


class _Parser(argparse.ArgumentParser):
    """A parser whose refusals are one line and exit status 1."""

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"{self.prog}: {message}. Try {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = _parser().parse_args(_window_shorthand(words))
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except ProblemError as error:
        print(" ".join(str(error.problem).split()), file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output went away: nothing left to say
        sys.stderr.close()
        return 1


def _window_shorthand(words: list[str]) -> list[str]:
    """``playground`` and ``playground FOLDER`` mean ``playground open``."""
    if not words:
        return ["open"]
    if words[0] not in _COMMANDS and not words[0].startswith("-") and Path(words[0]).exists():
        return ["open", *words]
    return words


# The window -------------------------------------------------------------------------------------


def _open(arguments: argparse.Namespace) -> int:
    from playground.gui.application import run_window

    folder: Path | None = arguments.folder
    if folder is not None and folder.is_file():  # app.py of a project, by double click
        folder = folder.parent
    return run_window(folder)


def _tour(arguments: argparse.Namespace) -> int:
    from playground.gui.tour import run_tour

    return run_tour(arguments.out)


# Without a window -------------------------------------------------------------------------------


def _new(arguments: argparse.Namespace) -> int:
    session = Session()
    session.create(arguments.starter, arguments.folder)
    session.close()
    print(f"Made {arguments.folder} from the starter {arguments.starter}.")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    session = Session()
    work, stopped = threading.Event(), threading.Event()
    changed: set[str] = set()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()
        work.set()

    def on_change(files: frozenset[str]) -> None:
        changed.update(files)
        work.set()

    previous = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        session.open(arguments.folder)
        _say_live(session)
        state = session.start_server(arguments.port, arguments.host)
        if state.note:
            print(state.note, file=sys.stderr)
        print(f"Serving {state.url}", flush=True)
        session.watch(on_change)
        while not stopped.is_set():
            work.wait()
            work.clear()
            files = frozenset(changed)
            changed.difference_update(files)
            if not stopped.is_set() and session.rescan(files) is not None:
                _say_live(session)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        session.close()
    return 0


def _say_live(session: Session) -> None:
    """Take the newest source live; what does not load is said while the last good app serves on."""
    state = session.go_live()
    if state.problem is not None:
        print(" ".join(str(state.problem).split()), file=sys.stderr, flush=True)


def _routes(arguments: argparse.Namespace) -> int:
    with _opened(arguments.folder) as session:
        routes = _state_routes(session)
    if arguments.json:
        print(json.dumps([_row(route) for route in routes], indent=2))
        return 0
    for route in routes:
        print(
            f"{','.join(route.methods):<16} {route.full_rule:<32} {route.endpoint:<24} "
            f"{route.file}:{route.line}"
        )
    return 0


def _row(route: Route) -> dict[str, object]:
    return {
        "rule": route.full_rule,
        "methods": list(route.methods),
        "endpoint": route.endpoint,
        "function": route.function,
        "owner": route.owner,
        "file": route.file,
        "line": route.line,
        "answer": str(route.answer.kind),
        "editable": route.editable,
    }


def _add(arguments: argparse.Namespace) -> int:
    with _opened(arguments.folder) as session:
        answer = _answer(arguments, _state_routes(session))
        draft = RouteDraft(
            arguments.rule,
            methods=_methods(arguments.methods) or ("GET",),
            function=arguments.function or "",
            owner=arguments.owner or _first_owner(session),
            answer=answer or Answer(AnswerKind.TEXT, "Hello"),
        )
        print(session.add_route(draft).label)
    return 0


def _change(arguments: argparse.Namespace) -> int:
    with _opened(arguments.folder) as session:
        routes = _state_routes(session)
        route = _find(routes, arguments.endpoint)
        draft = RouteDraft.of(route)
        answer = _answer(arguments, routes)
        if answer is None and arguments.status is not None:
            answer = replace(draft.answer, status=check_status(arguments.status))
        draft = replace(
            draft,
            rule=arguments.rule if arguments.rule is not None else draft.rule,
            methods=_methods(arguments.methods) or draft.methods,
            function=arguments.function or draft.function,
            owner=arguments.owner or draft.owner,
            answer=answer or draft.answer,
        )
        print(session.change_route(route, draft).label)
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    with _opened(arguments.folder) as session:
        print(session.remove_route(_find(_state_routes(session), arguments.endpoint)).label)
    return 0


class _opened:  # noqa: N801  # used as a function: ``with _opened(folder) as session``
    """A session with a folder open for one command; nothing of the folder is run."""

    def __init__(self, folder: Path) -> None:
        self._session = Session()
        self._folder = folder

    def __enter__(self) -> Session:
        self._session.open(self._folder)
        return self._session

    def __exit__(self, *error: object) -> None:
        self._session.close()


def _state_routes(session: Session) -> tuple[Route, ...]:
    project = session.snapshot.project
    return project.routes if project else ()


def _first_owner(session: Session) -> str:
    project = session.snapshot.project
    owners = project.owners if project else ()
    apps = [owner.name for owner in owners if owner.kind == "app"]
    return apps[0] if apps else "app"


def _find(routes: tuple[Route, ...], endpoint: str) -> Route:
    found = [route for route in routes if route.endpoint == endpoint]
    if not found:
        known = ", ".join(sorted({route.endpoint for route in routes})) or "none yet"
        raise refuse(f"There is no endpoint {endpoint!r} here.", f"The endpoints are: {known}.")
    return found[0]


def _methods(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    named = [word.strip().upper() for word in text.split(",") if word.strip()]
    for word in named:
        if word not in METHODS:
            raise refuse(f"{word} is not a method.", f"Use some of {', '.join(METHODS)}.", field="methods")
    if not named:
        raise refuse("No method is named.", "Write for example --methods GET,POST.", field="methods")
    return tuple(method for method in METHODS if method in named)


def _answer(arguments: argparse.Namespace, routes: tuple[Route, ...]) -> Answer | None:
    """The answer that the flags describe, or None where no flag names one."""
    status = check_status(arguments.status) if arguments.status is not None else None
    if arguments.error is not None:
        return Answer(AnswerKind.ERROR, status=check_status(arguments.error))
    if arguments.redirect is not None:
        by_endpoint = any(route.endpoint == arguments.redirect for route in routes)
        return Answer(AnswerKind.REDIRECT, arguments.redirect, status, by_endpoint=by_endpoint)
    for kind in (AnswerKind.TEXT, AnswerKind.JSON, AnswerKind.TEMPLATE, AnswerKind.FILE, AnswerKind.PYTHON):
        value = getattr(arguments, str(kind))
        if value is not None:
            return Answer(kind, value, status, variables=_variables(arguments.var))
    return None


def _variables(pairs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    split = [pair.partition("=") for pair in pairs]
    for (name, equals, expression), pair in zip(split, pairs, strict=True):
        if not (name.strip() and equals and expression.strip()):
            raise refuse(f"--var {pair} is not NAME=EXPRESSION.", "Write for example --var name=name.")
    return tuple((name.strip(), expression.strip()) for name, _, expression in split)


# The words of the command line ------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="playground", description="Teach, learn and prototype with Flask.")
    parser.add_argument("--version", action="version", version=f"Route Playground {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (run, words, describe) in _COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(run=run)
        describe(command)
    return parser


def _describe_open(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", nargs="?", type=Path, help="a Flask project")


def _describe_tour(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=Path("tour"), help="where the pictures go")


def _describe_new(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("--starter", required=True, choices=[starter.name for starter in STARTERS])


def _describe_serve(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("--port", type=int, help="0: any free one; not given: 5000 or the next free one")
    command.add_argument("--host", default="127.0.0.1")


def _describe_routes(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("--json", action="store_true")


def _describe_add(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("rule", help="for example '/users/<int:user_id>'")
    _describe_draft(command)


def _describe_change(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("endpoint")
    command.add_argument("--rule")
    _describe_draft(command)


def _describe_remove(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("endpoint")


def _describe_draft(command: argparse.ArgumentParser) -> None:
    command.add_argument("--methods", metavar="GET,POST")
    command.add_argument("--function", metavar="NAME")
    command.add_argument("--owner", metavar="NAME", help="app, or the name of a blueprint")
    answers = command.add_mutually_exclusive_group()
    answers.add_argument("--text", metavar="T")
    answers.add_argument("--json", metavar="J")
    answers.add_argument("--template", metavar="T")
    answers.add_argument("--redirect", metavar="U", help="an endpoint, or an address")
    answers.add_argument("--file", metavar="F")
    answers.add_argument("--error", metavar="N", help="a status code such as 404")
    answers.add_argument("--python", metavar="CODE", help="the body of the function")
    command.add_argument("--var", metavar="NAME=EXPR", action="append", default=[])
    command.add_argument("--status", metavar="N")


_COMMANDS: dict[
    str, tuple[Callable[[argparse.Namespace], int], str, Callable[[argparse.ArgumentParser], None]]
] = {
    "open": (_open, "open the window (also: playground FOLDER)", _describe_open),
    "tour": (
        _tour,
        "do the main job in the window, step by step, and keep a picture of each",
        _describe_tour,
    ),
    "new": (_new, "make a project from a starter", _describe_new),
    "serve": (_serve, "serve a project and follow its edits", _describe_serve),
    "routes": (_routes, "list the routes that the source says", _describe_routes),
    "add": (_add, "add a route", _describe_add),
    "change": (_change, "change a route", _describe_change),
    "remove": (_remove, "remove a route", _describe_remove),
}
