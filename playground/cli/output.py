"""What goes to the person: one line of refusal on standard error, results on standard output."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable

from playground.core.problems import refuse
from playground.core.routes import Route

OUTPUT, ERRORS = 1, 2
"""The descriptors of the two streams."""


def warn(what: object) -> None:
    """One line on standard error."""
    print(" ".join(str(what).split()), file=sys.stderr, flush=True)


def say(text: str) -> None:
    """Write to standard output; signs that it can't show are written as escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_output()
        raise refuse(f"The output can't be written: {error.strerror}.") from error


def drop_output() -> None:
    """What is left in the buffer would fail once more when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def open_streams() -> None:
    """Where a stream was closed before we began, what is written there goes nowhere."""
    for name, number in (("stdout", OUTPUT), ("stderr", ERRORS)):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115  (it stays open, as the stream)


def list_routes(routes: Iterable[Route], as_json: bool) -> None:
    """Write routes as lines, or as JSON."""
    if as_json:
        say(json.dumps([_row(route) for route in routes], indent=2))
    else:
        for route in routes:
            say(_line(route))


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
