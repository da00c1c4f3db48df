"""The words of the command line: each command with its options, and refusals of one line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, get_args

from playground import __version__
from playground.core.proposals import RenameKind
from playground.core.starters import STARTERS

STATUS = "Exit status: 0, or 1 with one line on standard error that says what is wrong."
ROUTES_STATUS = (
    f"{STATUS} Where the app does not load, the routes that its source says are listed, one line on standard "
    "error says why it does not load, and the status is 0. What the app prints goes to standard error."
)


def holds(question: Callable[[], bool]) -> bool:
    """Whether it is so of a path; nothing is of a name that the system does not take."""
    try:
        return question()
    except (OSError, ValueError):
        return False


class _Parser(argparse.ArgumentParser):
    """A parser whose refusals are one line and exit status 1."""

    _given: Sequence[str] = ()

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]  # argparse's overloads
        """Remember what was given, for ``error``."""
        self._given = args or ()
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        given = (word for word in self._given if word.startswith("-"))
        folder = next((word for word in given if holds(Path(word).is_dir)), "")
        hint = f"Write ./{folder} for the folder {folder}" if folder else f"Try {self.prog} --help"
        self.exit(1, f"{self.prog}: {message}. {hint}\n")


class _Help(argparse.HelpFormatter):
    """Help in whose list each command has its words beside it; argparse forgets that the list is indented."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = max(map(len, COMMANDS)) + 2 * self._indent_increment


def parser() -> argparse.ArgumentParser:
    """What reads the words; ``command`` is among what it returns."""
    whole = _Parser(
        prog="playground",
        description="Teach, learn and prototype with Flask.",
        epilog=STATUS,
        formatter_class=_Help,
    )
    whole.add_argument("--version", action="version", version=f"Route Playground {__version__}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, command in COMMANDS.items():
        told = commands.add_parser(
            name, help=command.words, description=command.words, epilog=command.more or STATUS
        )
        command.describe(told)
    return whole


def _describe_open(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--safe", action="store_true", help="start without a project and without the page preview"
    )
    command.add_argument("folder", nargs="?", type=Path, help="a Flask project, or a file of one")
    _describe_app(command)
    command.add_argument("--from-flask", metavar="APP", help=argparse.SUPPRESS)  # what flask was told


def _describe_tour(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, default=Path("tour"), help="where the pictures go")
    command.add_argument(
        "--brief", action="store_true", help="all steps, but no pictures of other sizes and of high contrast"
    )


def _describe_doctor(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true")
    command.add_argument("--look", default="", help=argparse.SUPPRESS)  # at one part, in a process apart


def _describe_completion(command: argparse.ArgumentParser) -> None:
    command.add_argument("shell", choices=("bash", "zsh", "fish"))


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
    command.add_argument(
        "--host",
        default="127.0.0.1",
        help="0.0.0.0 lets others in, by the addresses and names of this computer; not given: 127.0.0.1",
    )
    command.add_argument(
        "--name",
        metavar="NAME",
        action="append",
        default=[],
        help="a further host name to answer to, behind a proxy for example; .shop.test is all below it",
    )
    command.add_argument(
        "--debug",
        action=argparse.BooleanOptionalAction,
        help="a view that fails shows this computer, and nobody else, what happened; "
        "not given: as it was set in the window, or as the project says",
    )
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


def _describe_explain(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path)
    command.add_argument("method", help="GET, POST, ...")
    command.add_argument("path", help="for example /users/42")
    command.add_argument("--json", action="store_true")
    _describe_app(command)


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


@dataclass(frozen=True, slots=True)
class Command:
    """One command: the module here that has its ``run_…`` function, and what is said of it."""

    module: str
    words: str
    describe: Callable[[argparse.ArgumentParser], None]
    more: str = ""


COMMANDS = {
    "open": Command("window", "open the window (also: playground FOLDER)", _describe_open),
    "new": Command("editing", "make a project from a starter", _describe_new),
    "serve": Command("running", "serve a project and follow its edits", _describe_serve),
    "routes": Command(
        "running", "list the routes of the app and where they are written", _describe_routes, ROUTES_STATUS
    ),
    "explain": Command(
        "explaining", "say which route a method and a path get, and why, or why none", _describe_explain
    ),
    "add": Command("editing", "add a route", _describe_add),
    "change": Command("editing", "change a route", _describe_change),
    "remove": Command("editing", "remove a route", _describe_remove),
    "rename": Command("editing", "rename something wherever the project says it", _describe_rename),
    "doctor": Command(
        "doctor",
        "say what is missing on this machine, and how to get it",
        _describe_doctor,
        "Exit status: 0, or 1 where something is in the way.",
    ),
    "completion": Command(
        "completion",
        "print the script that lets a shell complete our commands",
        _describe_completion,
        'To have it: eval "$(playground completion bash)" in ~/.bashrc, the same with zsh in ~/.zshrc after '
        "compinit, or playground completion fish > ~/.config/fish/completions/playground.fish",
    ),
    "tour": Command(
        "window", "do the main job in the window, step by step, and keep a picture of each", _describe_tour
    ),
}
