"""The result of an edit, read again; and the refusals where it is not what was meant."""

from __future__ import annotations
import __future__

import ast
from functools import reduce
from itertools import chain
from operator import or_

from playground.core.pieces import without_warnings
from playground.core.problems import ProblemError, refuse
from playground.project.python.source import Source
from playground.project.reading.module_reading import read_module, read_tolerantly
from playground.project.reading.modules import ModuleReading

_APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom)


def read_result(before: ModuleReading, data: bytes) -> ModuleReading:
    """The file that an edit would leave. Raises ProblemError where it parses less than before."""
    source = Source(before.file, data)
    try:
        after = read_tolerantly(source) if before.source.faults else read_module(source)
    except ProblemError as error:
        raise not_lossless(before.file, str(error)) from error
    if _at_fault(after) != _at_fault(before):
        raise not_lossless(before.file)
    return after


def _at_fault(reading: ModuleReading) -> list[str]:
    """The statements that do not parse."""
    return [reading.source.text[start:end] for start, end in reading.source.faults]


def refuse_uncompilable(before: ModuleReading, after: ModuleReading) -> None:
    """Raises ProblemError (``answer``) where code parses and yet is none: ``break`` outside a loop.

    A file that had such a fault before is let be.
    """
    if _new_ones_compile(before, after):
        return
    fault = _fault(after.source.data)
    if fault is not None and _fault(before.source.data) is None:
        raise refuse(
            f"Python does not take this code: {fault.msg}.",
            "Mend that; nothing was written.",
            field="answer",
            original=f"{type(fault).__name__}: {fault.msg}",
        )


def _new_ones_compile(before: ModuleReading, after: ModuleReading) -> bool:
    """Whether only functions and imports are new, which can't be wrong because of what is around them."""
    old = set(before.texts())
    new = [at for at, text in enumerate(after.texts()) if text not in old]
    nodes = list(chain.from_iterable(map(after.statements_of, new)))
    if any(not isinstance(one, _APART) or getattr(one, "module", "") == "__future__" for one in nodes):
        return False
    return _fault(ast.Module(nodes, []), _futures(after)) is None


def _futures(reading: ModuleReading) -> int:
    """The flags of what the file imports from ``__future__``."""
    names = [
        full.removeprefix("__future__.")
        for (scope, _), full in reading.imports.items()
        if not scope and full.startswith("__future__.")
    ]
    features = [getattr(__future__, name) for name in names if name in __future__.all_feature_names]
    return reduce(or_, (one.compiler_flag for one in features), 0)


def _fault(program: bytes | ast.Module, flags: int = 0) -> SyntaxError | None:
    try:
        with without_warnings():
            compile(program, "the code", "exec", flags=flags, dont_inherit=True)
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
