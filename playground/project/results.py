"""The result of an edit, read again; and the refusals where it is not what was meant."""

from __future__ import annotations

import warnings

from playground.core.problems import ProblemError, refuse
from playground.project.module_reading import read_module
from playground.project.modules import ModuleReading
from playground.project.source import Source


def read_result(file: str, data: bytes) -> ModuleReading:
    """The file that an edit would leave. Raises ProblemError where it does not parse."""
    try:
        return read_module(Source(file, data))
    except ProblemError as error:
        raise not_lossless(file, str(error)) from error


def refuse_uncompilable(before: bytes, after: bytes) -> None:
    """Raises ProblemError (``answer``) where code parses and yet is none: ``break`` outside a loop.

    A file that had such a fault before is let be.
    """
    fault = _fault(after)
    if fault is not None and _fault(before) is None:
        raise refuse(
            f"Python does not take this code: {fault.msg}.",
            "Mend that; nothing was written.",
            field="answer",
            original=f"{type(fault).__name__}: {fault.msg}",
        )


def _fault(data: bytes) -> SyntaxError | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "the code", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error
    return None


def not_lossless(file: str, original: str = "") -> ProblemError:
    """The refusal of an edit that would change more, or less, than it means."""
    return refuse(
        f"This can't be changed by the form without touching something else in {file}.",
        "Make the change in the code below; nothing was written.",
        original=original,
    )


def changed_since(file: str) -> ProblemError:
    """The refusal of an edit of something that is not in the file as it was read."""
    return refuse(
        f"{file} has changed since it was shown.",
        "Look at it again and repeat the change; nothing was written.",
    )
