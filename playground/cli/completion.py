"""``playground completion SHELL``: a script that lets a shell complete our commands, options and values.

It is made from the table of commands itself, so it says what is so. Endpoints and paths of a folder it asks
of ``playground routes --static``, which reads the source and runs nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playground.cli.output import say
from playground.cli.words import parser

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

KINDS = {
    "folder": "folder",
    "out": "folder",
    "app": "file",
    "file": "file",
    "template": "file",
    "endpoint": "endpoint",
    "path": "path",
    "rule": "path",
    "old": "endpoint",
}
"""What can be said of a value, by its name in the table: ``folder``, ``file``, ``endpoint`` and ``path`` of
the folder that was given, ``words`` where there are a few; anything else is the person's own."""


@dataclass(frozen=True, slots=True)
class Value:
    """What an option takes, or a place among the words: its ``kind``, and the ``words`` where it has some."""

    name: str
    kind: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One option with all its names, what is said of it, and its value if it takes one."""

    names: tuple[str, ...]
    said: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """One command as a shell has to know it."""

    name: str
    said: str
    options: tuple[Option, ...]
    places: tuple[Value, ...]


def run_completion(arguments: argparse.Namespace) -> int:
    """Print the script."""
    from playground.cli.completion_scripts import bash, fish, zsh

    writers: dict[str, Callable[[list[Shape]], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
    say(writers[arguments.shell](shapes()).rstrip("\n"))
    return 0


def shapes() -> list[Shape]:
    """Every command, read off the table of the command line."""
    table = next(one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    said = {one.dest: one.help or "" for one in table._choices_actions}
    return [
        Shape(name, said[name], tuple(_options(command)), tuple(_places(command)))
        for name, command in table.choices.items()
    ]


def _options(command: argparse.ArgumentParser) -> Iterator[Option]:
    for action in command._actions:
        if action.option_strings and action.help != argparse.SUPPRESS:
            takes = action.nargs != 0
            yield Option(tuple(action.option_strings), action.help or "", _value(action) if takes else None)


def _places(command: argparse.ArgumentParser) -> Iterator[Value]:
    return (_value(action) for action in command._actions if not action.option_strings)


def _value(action: argparse.Action) -> Value:
    if action.choices:
        return Value(action.dest, "words", tuple(map(str, action.choices)))
    if action.dest in ("method", "methods"):
        return Value(action.dest, "words", METHODS)
    return Value(action.dest, KINDS.get(action.dest, ""))
