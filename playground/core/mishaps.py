"""A mistake of the playground itself, told so that it can be given away: where it was, and nothing private.

What an exception says may hold what a person typed (``KeyError: 'their text'``), and its frames name folders
of theirs. So an account has the kind, the message only of kinds that speak of code alone, our own lines with
their source, and of all other files no more than what they are called among Python's own.
"""

from __future__ import annotations

import linecache
import os
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import TracebackType

_OURS = "playground"
_PACKAGE = Path(__file__).resolve().parents[1]
_LIBRARIES = ("site-packages", "dist-packages", "lib", "Lib")
_SPEAK_OF_CODE = (NameError, AttributeError, ImportError, TypeError, RuntimeError)
_LEFT_OUT = "(its message is left out: it may hold what you typed)"
_MOST_FRAMES = 40
_MOST_CAUSES = 4
_LONGEST = 300
"""Characters of a message that are kept."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """One mistake of ours: the kind of exception, where in our code, and the account of it."""

    kind: str
    where: str
    account: str


def mishap_of(error: BaseException) -> Mishap:
    """The account of an exception; it holds on to neither the exception nor its frames."""
    lines = [line for one in reversed(_chain(error)) for line in _told(one)]
    return Mishap(type(error).__name__, _where(error), "\n".join(lines))


def is_of_project(error: BaseException, folder: str) -> bool:
    """Whether an exception came out of a project's code: the nearest frame that is its or ours decides.

    What runs between (Flask, the standard library) is nobody's. ``folder`` is that of the open project; empty
    while there is none.
    """
    if not folder:
        return False
    root = os.path.realpath(folder)
    for frame, _ in reversed(list(traceback.walk_tb(error.__traceback__))):
        if _is_ours(frame.f_code.co_filename, str(frame.f_globals.get("__name__", ""))):
            return False
        if _lies_in(frame.f_code.co_filename, root):
            return True
    return False


def is_ours(trace: TracebackType | None) -> bool:
    """Whether any code of the playground took part."""
    return any(
        _is_ours(frame.f_code.co_filename, str(frame.f_globals.get("__name__", "")))
        for frame, _ in traceback.walk_tb(trace)
    )


def _chain(error: BaseException) -> list[BaseException]:
    """The exception, and what it came from."""
    chain = [error]
    while len(chain) < _MOST_CAUSES:
        last = chain[-1]
        before = last.__cause__ or (None if last.__suppress_context__ else last.__context__)
        if before is None or before in chain:
            break
        chain.append(before)
    return chain


def _told(error: BaseException) -> Iterator[str]:
    frames = traceback.extract_tb(error.__traceback__)
    yield "Traceback:"
    left_out = len(frames) - _MOST_FRAMES
    for number, frame in enumerate(frames):
        if left_out > 0 and number == _MOST_FRAMES // 2:
            yield f"  … {left_out} more …"
        if left_out <= 0 or not _MOST_FRAMES // 2 <= number < _MOST_FRAMES // 2 + left_out:
            yield from _frame(frame)
    yield f"{type(error).__name__}: {_message(error)}".rstrip(": ")


def _frame(frame: traceback.FrameSummary) -> Iterator[str]:
    yield f"  {_shown(frame.filename)}, line {frame.lineno}, in {frame.name}"
    if _is_ours(frame.filename, ""):
        line = linecache.getline(frame.filename, frame.lineno or 0).strip()
        if line:
            yield f"    {line}"


def _message(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or ""
    if not str(error):
        return ""
    if isinstance(error, _SPEAK_OF_CODE):
        return _without_home(str(error))[:_LONGEST]
    return _LEFT_OUT


def _without_home(words: str) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111  (pathlib's fails where there is none)
    return words.replace(home, "~") if len(home) > 1 else words


def _where(error: BaseException) -> str:
    """The last place in our code, as ``gui/jobs.py, line 20``."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if _is_ours(frame.filename, ""):
            return f"{_shown(frame.filename)}, line {frame.lineno}"
    return ""


def _shown(file: str) -> str:
    """A file by its place in the playground or among Python's libraries; of others, that there is one."""
    parts = PurePath(file).parts
    if _is_ours(file, ""):
        return "/".join(parts[len(parts) - parts[::-1].index(_OURS) - 1 :])
    for folder in _LIBRARIES:
        if folder in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(folder) :])
    if file.startswith("<") or len(parts) == 1:  # a bundle knows Python's own files by their name alone
        return file
    return "a file of the project"


def _is_ours(file: str, module: str) -> bool:
    """In a bundle the code is not where it says, so that its module's name has to do."""
    if _lies_in(file, str(_PACKAGE)):
        return True
    is_relative = not PurePath(file).is_absolute() and PurePath(file).parts[:1] == (_OURS,)
    return is_relative and (not module or module.partition(".")[0] == _OURS)


def _lies_in(file: str, root: str) -> bool:
    try:
        return os.path.commonpath([Path(file).absolute(), root]) == root
    except ValueError:  # another drive
        return False
