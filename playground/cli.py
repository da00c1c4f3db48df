"""The ``playground`` command: the window, and everything that it does without one.

Each subcommand calls the session as the window does. Exit status 0, or 1 with one clear line
on standard error; Qt is imported only by the two commands that need a window.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, get_args

from playground import __version__
from playground.core.answers import Answer, AnswerKind
from playground.core.changes import ProjectState
from playground.core.names import check_status
from playground.core.problems import Problem, ProblemError, refuse
from playground.core.proposals import RenameKind
from playground.core.routes import METHODS, Route, RouteDraft
from playground.core.starters import STARTERS
from playground.session.limits import read_limit
from playground.session.serving import Serving
from playground.session.session import Session
from playground.session.wanting import unified, wanted_rename

ENDING = 2.0
"""Seconds that Python has to end once the window is closed."""


class _Parser(argparse.ArgumentParser):
    """A parser whose refusals are one line and exit status 1."""

    _given: Sequence[str] = ()

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]
        """Remember what was given, for ``error``."""
        self._given = args or ()
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        folder = next((word for word in self._given if word.startswith("-") and Path(word).is_dir()), "")
        hint = f"Write ./{folder} for the folder {folder}" if folder else f"Try {self.prog} --help"
        self.exit(1, f"{self.prog}: {message}. {hint}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = _parser().parse_args(_window_shorthand(words))
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except ProblemError as error:
        _warn(error.problem)
    except BrokenPipeError:  # the reader of our output went away: nothing left to say
        _drop_output()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


def _warn(what: object) -> None:
    """One line on standard error."""
    print(" ".join(str(what).split()), file=sys.stderr, flush=True)


def _say(text: str) -> None:
    """Write to standard output; signs that it can't show are written as escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        _drop_output()
        raise refuse(f"The output can't be written: {error.strerror}.") from error


def _drop_output() -> None:
    """What is left in the buffer would fail once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _window_shorthand(words: list[str]) -> list[str]:
    """``playground`` and ``playground FOLDER`` mean ``playground open``."""
    if not words:
        return ["open"]
    if words[0] not in _COMMANDS and not words[0].startswith("-") and Path(words[0]).exists():
        return ["open", *words]
    return words


# The window -------------------------------------------------------------------------------------


def _open(arguments: argparse.Namespace) -> int:
    if not _has_display():
        raise refuse(
            "There is no display to open the window on.",
            "Use serve, add and the other commands; playground --help lists them.",
        )
    from playground.gui.application import run_window

    folder: Path | None = arguments.folder
    if folder is not None and folder.is_file():  # app.py of a project, by double click
        folder = folder.parent
    status = run_window(folder)
    _leave_behind_threads_of_the_app(status)
    _end_surely(status)
    return status


def _end_surely(status: int) -> None:
    """Python waits at its end for thread pools and processes, which an app may have left at endless work."""
    timer = threading.Timer(ENDING, os._exit, (status,))
    timer.daemon = True
    timer.start()


def _has_display() -> bool:
    """Whether Qt has something to draw on; without, it would end the process with a page of its own words."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in named)


def _tour(arguments: argparse.Namespace) -> int:
    from playground.gui.tour import run_tour

    return run_tour(arguments.out)


# Without a window -------------------------------------------------------------------------------


def _new(arguments: argparse.Namespace) -> int:
    session = Session()
    session.open(session.create(arguments.starter, arguments.folder))
    session.close()
    _say(f"Made {arguments.folder} from the starter {arguments.starter}.")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    serving, out = Serving(_warn), sys.stdout
    if arguments.limit is not None:
        serving.limit_views(read_limit(arguments.limit))
    try:
        with redirect_stdout(sys.stderr):  # what the app prints; standard output has our one line
            url = serving.begin(arguments.folder, arguments.port, arguments.host, arguments.app)
            if url:
                print(f"Serving {url}", file=out, flush=True)
                serving.follow()
    except KeyboardInterrupt:
        pass  # the signal came at the very end of a load: it is what we were told to do
    finally:
        serving.close()
    _leave_behind_threads_of_the_app()
    return 0


def _leave_behind_threads_of_the_app(status: int = 0) -> None:
    """A thread that the app started and never ends would keep the process alive for ever."""
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _routes(arguments: argparse.Namespace) -> int:
    with _opened(arguments.folder, trusted=not arguments.static) as session:
        if arguments.app:
            session.choose_app(arguments.app, keep=False)
        state, wrong = _state(session), ""
        if not arguments.static:
            with _output_kept_clean():
                live = session.go_live()
            state, wrong = _state(session), "" if live.loaded else str(live.problem)
        if not state.routes and (state.broken or not state.owners):
            raise _nothing_to_list(state)
        unread = [] if wrong else [str(problem) for problem in state.problems if _is_unread(problem, state)]
        _list([route for route in state.routes if route.live is not False], arguments.json)
        for said in (f"This is what the source says; the app does not load. {wrong}",) if wrong else unread:
            _warn(said)
    _leave_behind_threads_of_the_app()
    return 0


def _nothing_to_list(state: ProjectState) -> ProblemError:
    unread = [problem for problem in state.problems if _is_unread(problem, state)]
    if unread:
        return ProblemError(unread[0])
    return refuse("This folder has no Flask app.", "Begin with a starter: playground new --help.")


def _is_unread(problem: Problem, state: ProjectState) -> bool:
    return problem.place is not None and problem.place.file in state.broken


@contextmanager
def _output_kept_clean() -> Iterator[None]:
    """What the app writes while it is imported goes to standard error, also past Python."""
    sys.stdout.flush()
    kept = os.dup(_OUTPUT)
    os.dup2(_ERRORS, _OUTPUT)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, _OUTPUT)
        os.close(kept)


_OUTPUT, _ERRORS = 1, 2


def _list(routes: Iterable[Route], as_json: bool) -> None:
    if as_json:
        _say(json.dumps([_row(route) for route in routes], indent=2))
    else:
        for route in routes:
            _say(_line(route))


def _line(route: Route) -> str:
    methods, where = ",".join(route.methods), f"{route.file}:{route.line}" if route.file else "-"
    return f"{methods:<16} {route.full_rule:<32} {route.endpoint:<24} {where}"


def _row(route: Route) -> dict[str, object]:
    return {
        "rule": route.full_rule,
        "methods": list(route.methods),
        "endpoint": route.endpoint,
        "function": route.function,
        "owner": route.owner,
        "file": route.file,
        "line": route.line if route.file else None,
        "answer": str(route.answer.kind),
        "editable": route.editable,
        "live": route.live,
        "in_source": route.in_source,
    }


def _add(arguments: argparse.Namespace) -> int:
    with _opened(arguments.folder) as session:
        draft = RouteDraft(
            arguments.rule,
            methods=_methods(arguments.methods) or ("GET",),
            function=arguments.function or "",
            owner=arguments.owner or _first_owner(session),
            answer=_answer(arguments, _state(session).routes),
        )
        label = session.add_route(draft).label
    _say(label)
    return 0


def _change(arguments: argparse.Namespace) -> int:
    if all(value in (None, []) for name, value in vars(arguments).items() if name not in _NO_FLAGS):
        raise refuse("Nothing to change was named.", "Add for example --rule /new or --methods GET,POST.")
    with _opened(arguments.folder) as session:
        routes = _state(session).routes
        route = _find(routes, arguments.endpoint)
        before = RouteDraft.of(route)
        draft = replace(
            before,
            rule=arguments.rule if arguments.rule is not None else before.rule,
            methods=_methods(arguments.methods) or before.methods,
            function=arguments.function or before.function,
            owner=arguments.owner or before.owner,
            answer=_answer(arguments, routes, before.answer),
        )
        label = session.change_route(route, draft).label
    _say(label)
    return 0


_NO_FLAGS = ("run", "folder", "endpoint")


def _remove(arguments: argparse.Namespace) -> int:
    with _opened(arguments.folder) as session:
        label = session.remove_route(_find(_state(session).routes, arguments.endpoint)).label
    _say(label)
    return 0


def _rename(arguments: argparse.Namespace) -> int:
    with _opened(arguments.folder) as session:
        wanted = wanted_rename(_state(session), arguments.kind, arguments.old, arguments.new)
        proposal = session.propose(wanted)
        if arguments.dry_run:
            _say(unified(proposal).removesuffix("\n"))
        else:
            _say(session.apply_proposal(proposal).label)
    for note in proposal.notes:
        _warn(note)
    return 0


class _opened:  # noqa: N801  # used as a function: ``with _opened(folder) as session``
    """A session with a folder open for one command; nothing of the folder is run unless it is ``trusted``."""

    def __init__(self, folder: Path, *, trusted: bool = False) -> None:
        self._session = Session()
        self._folder, self._trusted = folder, trusted

    def __enter__(self) -> Session:
        self._session.open(self._folder, trusted=self._trusted)
        return self._session

    def __exit__(self, *error: object) -> None:
        self._session.close()


def _state(session: Session) -> ProjectState:
    project = session.snapshot.project
    assert project is not None  # a folder is open
    return project


def _first_owner(session: Session) -> str:
    apps = [owner.name for owner in _state(session).owners if owner.kind == "app"]
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


def _answer(arguments: argparse.Namespace, routes: tuple[Route, ...], before: Answer | None = None) -> Answer:
    """The answer that the flags describe; what they don't name stays as it was ``before``."""
    answer = _named_answer(arguments, routes, before)
    if arguments.var:
        if not (answer.kind is AnswerKind.TEMPLATE or answer.by_endpoint):
            raise refuse("--var goes with --template, or with --redirect to a route.")
        answer = replace(answer, variables=_variables(arguments.var))
    if arguments.status is not None:
        if arguments.error is not None:
            raise refuse("--error says the status code already.", "Leave --status out.", field="status")
        status = check_status(arguments.status)
        plain = Answer(answer.kind).effective_status
        answer = replace(answer, status=None if status == plain else status)
    return answer


def _named_answer(arguments: argparse.Namespace, routes: tuple[Route, ...], before: Answer | None) -> Answer:
    for kind in AnswerKind:
        value = getattr(arguments, str(kind))
        if value is None:
            continue
        base = before if before is not None and before.kind is kind else Answer(kind)
        if kind is AnswerKind.ERROR:
            return replace(base, status=check_status(value))
        if kind is AnswerKind.REDIRECT:
            by_endpoint = any(route.endpoint == value for route in routes)
            return replace(base, value=value, by_endpoint=by_endpoint, variables=())
        return replace(base, value=value)
    return before or Answer(AnswerKind.TEXT)


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


def _describe_app(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-A", "--app", default="", help="where the app is, as for flask: shop.web:create_app()"
    )


def _describe_serve(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    _describe_app(command)
    command.add_argument(
        "--port", type=int, help="0: any free one; not given: FLASK_RUN_PORT, 5000 or the next"
    )
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument(
        "--limit",
        metavar="SECONDS",
        help="a view that takes longer is stopped and answered with 504; 0: never; "
        "not given: as it was set in the window, at first 30",
    )


def _describe_routes(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("--json", action="store_true")
    _describe_app(command)
    command.add_argument("--static", action="store_true", help="only read the source, run nothing of it")


def _describe_add(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("rule", help="for example '/users/<int:user_id>'")
    _describe_draft(command, required=True)


def _describe_change(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("endpoint")
    command.add_argument("--rule")
    _describe_draft(command)


def _describe_remove(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("endpoint")


def _describe_rename(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("kind", choices=get_args(RenameKind))
    command.add_argument("old", help="a function also by its endpoint; a parameter as NAME or ENDPOINT:NAME")
    command.add_argument("new")
    command.add_argument("--dry-run", action="store_true", help="print what it would change, as a diff")


def _describe_draft(command: argparse.ArgumentParser, *, required: bool = False) -> None:
    command.add_argument("--methods", metavar="GET,POST")
    command.add_argument("--function", metavar="NAME")
    command.add_argument("--owner", metavar="NAME", help="app, or the name of a blueprint")
    answers = command.add_mutually_exclusive_group(required=required)
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
    "routes": (_routes, "list the routes of the app and where they are written", _describe_routes),
    "add": (_add, "add a route", _describe_add),
    "change": (_change, "change a route", _describe_change),
    "remove": (_remove, "remove a route", _describe_remove),
    "rename": (_rename, "rename something wherever the project says it", _describe_rename),
}
