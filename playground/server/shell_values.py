"""How the Shell shows a value and an error: as Python does, within bounds, without our own frames."""

from __future__ import annotations

import reprlib
import traceback
from itertools import islice
from pathlib import Path
from types import TracebackType

from playground.server.imports import ProjectImports

OURS = str(Path(__file__).parents[1])
"""Where the playground's own code lies; its frames are not the person's business."""
MANY = 100_000
"""Items and characters up to which a value is shown whole."""
_FIRST = 1000
"""Items that are shown of a larger one."""
_CONTAINERS = (list, tuple, set, frozenset)
_DEEPEST = 50


class _Bounded(reprlib.Repr):
    """A ``repr`` that keeps the order of things and says much before it cuts."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxset = self.maxfrozenset = self.maxdict = _FIRST
        self.maxstring = self.maxother = self.maxlong = MANY // 2
        self.maxlevel = 10

    def repr_dict(self, x: dict[object, object], level: int) -> str:
        if level <= 0:
            return "{…}"
        shown = [
            f"{self.repr1(k, level - 1)}: {self.repr1(v, level - 1)}" for k, v in islice(x.items(), _FIRST)
        ]
        return "{" + ", ".join([*shown, *(["..."] if len(x) > _FIRST else [])]) + "}"


_bounded = _Bounded()


def shown(value: object) -> str:
    """The ``repr`` of a value; of a very large one its first part, and how large it is.

    To make the text of ten million items is one call into C that would hold up every thread.
    """
    if _is_moderate(value):
        return repr(value)
    size = f"  # {len(value):,} in all" if isinstance(value, (*_CONTAINERS, dict, str, bytes)) else ""
    return _bounded.repr(value) + size


def _is_moderate(value: object) -> bool:
    """Whether all that Python's own containers hold here is little enough to be written out."""
    left, waiting = MANY, [(value, 0)]
    while waiting and left > 0:
        one, depth = waiting.pop()
        kind = type(one)
        if kind in (str, bytes, bytearray):
            left -= len(one)  # type: ignore[arg-type]  # each of these has a length
        elif kind in _CONTAINERS or kind is dict:
            left -= len(one)  # type: ignore[arg-type]  # as above
            if left > 0 and depth < _DEEPEST:
                inside = (*one.items(),) if kind is dict else one  # type: ignore[attr-defined]
                waiting.extend((each, depth + 1) for each in inside)  # type: ignore[attr-defined]
        else:
            left -= 1
    return left > 0


def told(error: BaseException) -> str:
    """What Python says of an exception that a statement raised, from the statement on."""
    trace = _from_statement(error.__traceback__)
    if isinstance(error, SyntaxError) and trace is None:
        return "".join(traceback.format_exception_only(error))
    said = traceback.TracebackException(type(error), error, trace, compact=True)
    _without_ours(said)
    return "".join(said.format())


def _from_statement(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace


def _is_ours(file: str) -> bool:
    return file.startswith(OURS)


def _without_ours(said: traceback.TracebackException) -> None:
    """Take our frames out of it and of all that it came of."""
    waiting: list[traceback.TracebackException | None] = [said]
    while waiting:
        one = waiting.pop()
        if one is None:
            continue
        kept = [frame for frame in one.stack if not _is_ours(frame.filename)]
        one.stack[:] = kept
        waiting += [one.__cause__, one.__context__, *(getattr(one, "exceptions", None) or ())]


def where(trace: TracebackType | None, project: ProjectImports) -> str:
    """The innermost line of the person's own: of the statement, or of a file of the project."""
    found = ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith("<shell "):
            found = f"line {trace.tb_lineno} of what was typed"
        elif project.holds(file):
            found = f"{project.relative(file)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return found
