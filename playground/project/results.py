"""The result of an edit, read again; and the refusals where it is not what was meant."""

from __future__ import annotations

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
