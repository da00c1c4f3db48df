"""Where an argument or an entry ends that may stand in parentheses of its own."""

from __future__ import annotations

import ast
import re

from playground.project.python.source import Source

_CLOSING = re.compile(r"(?:\s|\\\n|#[^\n]*\n)*\)")


def end_in(source: Source, around: ast.expr, node: ast.AST) -> int:
    """The end of what stands in a call, a list or a dictionary, with the parentheses around it alone."""
    end, limit = source.span(node)[1], source.span(around)[1] - 1
    while found := _CLOSING.match(source.text, end, limit):
        end = found.end()
    return end
