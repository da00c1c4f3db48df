"""The change of one view's answer: what there is, what is wanted, and what must not be lost."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass

from playground.core.answers import Answer
from playground.core.problems import refuse
from playground.project.editing.adding import indent_unit
from playground.project.editing.answer_writing import (
    Names,
    Shape,
)
from playground.project.python.source import Source
from playground.project.python.syntax import View
from playground.project.reading.answer_reading import (
    Written,
)
from playground.project.reading.modules import ModuleReading, surroundings


@dataclass(frozen=True)
class AnswerTask:
    """One view, the answer it has and the one it is to have."""

    reading: ModuleReading
    view: View
    scope: str
    converters: dict[str, str]
    written: Written
    new: Answer

    @property
    def source(self) -> Source:
        return self.reading.source

    @property
    def old(self) -> Answer:
        return self.written.answer

    @property
    def parameters(self) -> tuple[str, ...]:
        return surroundings(self.reading, self.view, self.scope).parameters

    @property
    def known(self) -> set[str]:
        return {*self.parameters, *self.reading.names(self.scope)}

    def names(self) -> Names:
        return Names(self.reading, self.scope, self.parameters)

    def shape(self) -> Shape:
        value = self.written.value
        mark = '"'
        if self.old.kind is self.new.kind and isinstance(value, (ast.Constant, ast.JoinedStr)):
            mark = "'" if self.source.segment(value).endswith("'") else '"'
        unit = indent_unit(self.reading)
        return Shape(self.converters, self.parameters, unit, mark, _raw_names(value))


def _raw_names(value: ast.expr | None) -> frozenset[str]:
    """The parameters that stand in an f-string without ``escape``."""
    parts = value.values if isinstance(value, ast.JoinedStr) else []
    slots = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
    return frozenset(slot.id for slot in slots if isinstance(slot, ast.Name))


def guard_comments(source: Source, start: int, end: int) -> None:
    """Raises ProblemError if a comment is in what would be replaced."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(f"({source.text[start:end]}\n)").readline))
        lost = next((one.string for one in tokens if one.type == tokenize.COMMENT), None)
    except (tokenize.TokenError, IndentationError):
        lost = "#" if "#" in source.text[start:end] else None
    if lost:
        raise refuse(
            f"There is a comment in what this would replace: {lost}",
            "Change it in the code below, so that the comment is not lost.",
            field="answer",
        )
