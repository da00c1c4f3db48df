"""From words to an exit status: 0, or 1 with one clear line on standard error.

Each command calls the session as the window does. What it needs is imported when it is the one.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from playground.cli.fencing import end_surely
from playground.cli.output import drop_output, open_streams, warn
from playground.cli.words import COMMANDS, holds, parser
from playground.core.problems import ProblemError

if TYPE_CHECKING:
    import argparse


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status.

    Without ``argv`` it is the whole process, which ends soon after.
    """
    open_streams()
    if argv is not None:
        return _run(list(argv))
    status = _run(sys.argv[1:])
    end_surely(status)
    return status


def _run(words: list[str]) -> int:
    arguments = parser().parse_args(_window_shorthand(words))
    try:
        return _command(arguments.command)(arguments)
    except ProblemError as error:
        warn(error.problem)
    except BrokenPipeError:  # the reader of our output went away: nothing left to say
        drop_output()
    except KeyboardInterrupt:
        warn("Stopped.")
    return 1


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    module = importlib.import_module(f"playground.cli.{COMMANDS[name].module}")
    run: Callable[[argparse.Namespace], int] = getattr(module, f"run_{name}")
    return run


def _window_shorthand(words: list[str]) -> list[str]:
    """``playground``, ``playground FOLDER`` and ``playground --safe`` mean ``playground open``."""
    if not words or words[0] == "--safe":
        return ["open", *words]
    if words[0] not in COMMANDS and not words[0].startswith("-") and holds(Path(words[0]).exists):
        return ["open", *words]
    return words
