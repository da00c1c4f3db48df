"""Mends that move statements within their file, with the comments right above them."""

from __future__ import annotations

import ast
import textwrap

from playground.core.fixes import Mend
from playground.core.proposals import Proposal
from playground.project.mending.python_mends import functions, node_at, stale
from playground.project.mending.workshop import Workshop
from playground.project.python.source import Replacement, Source
from playground.project.python.syntax import first_line


def lines_of(source: Source, node: ast.stmt) -> tuple[int, int]:
    """From where to where the lines of a statement go, its decorators and the comments above it included."""
    first = first_line(node)
    margin = source.text[source.line_starts[first - 1] :][: node.col_offset]
    while first > 1 and _line(source, first - 1).startswith(f"{margin}#"):
        first -= 1
    end = source.line_end(source.span(node)[1])
    return source.line_starts[first - 1], min(end + 1, len(source.text))


def _line(source: Source, number: int) -> str:
    start = source.line_starts[number - 1]
    return source.text[start : source.line_end(start)]


def taken_out(source: Source, node: ast.stmt) -> tuple[Replacement, str]:
    """What takes a statement out of the file, with blank lines below it, and its text without a newline."""
    start, end = lines_of(source, node)
    text = source.text[start:end].rstrip("\n")
    below = source.text[end:]
    end += len(below) - len(below.lstrip("\n"))
    if end == len(source.text):  # what is above becomes the end of the file
        start = len(source.text[:start].rstrip("\n")) + 1
    return Replacement(start, end, ""), text


def end_of_routes(source: Source, besides: ast.stmt | None = None) -> int:
    """Where the last statement ends that is not the one under ``if __name__ == "__main__"``."""
    body = [node for node in source.tree.body if node is not besides]
    while body and isinstance(body[-1], ast.If) and "__name__" in source.segment(body[-1].test):
        body.pop()
    return source.line_end(source.span(body[-1])[1]) if body else 0


def put_at_end(source: Source, at: int, text: str) -> Replacement:
    """A statement put where another one ends, with a blank line above, or two if it ends a function."""
    return Replacement(at, at, f"\n\n\n{text}")


def move_to_end(workshop: Workshop, mend: Mend) -> Proposal:
    """The statement at the place goes to the end of its file, but not below the one that runs the app."""
    source = workshop.source(mend.file)
    node = node_at(source, mend, ast.stmt)
    if node not in source.tree.body or node is source.tree.body[-1]:
        raise stale(mend)
    out, text = taken_out(source, node)
    runs = ".run(" in text
    at = source.line_end(source.span(source.tree.body[-1])[1]) if runs else end_of_routes(source, node)
    if at <= out.start:
        raise stale(mend)
    return workshop.edited(source, [out, put_at_end(source, at, text)], mend.word("label"))


def above_guard(workshop: Workshop, mend: Mend) -> Proposal:
    """The statement at the place goes above the ``if`` that it stands in."""
    source = workshop.source(mend.file)
    node = node_at(source, mend, ast.stmt)
    around = next((one for one in source.tree.body if isinstance(one, ast.If) and node in one.body), None)
    if around is None:
        raise stale(mend)
    start, end = lines_of(source, node)
    text = textwrap.dedent(source.text[start:end]).rstrip("\n")
    rest = "" if len(around.body) > 1 else source.text[start:end].replace(source.segment(node), "pass")
    at = lines_of(source, around)[0]
    pieces = [Replacement(at, at, f"{text}\n\n"), Replacement(start, end, rest)]
    return workshop.edited(source, pieces, mend.word("label"))


def move_out(workshop: Workshop, mend: Mend) -> Proposal:
    """A function that is defined inside another one goes below that one."""
    source = workshop.source(mend.file)
    for outer in functions(source):
        for inner in outer.body:
            if first_line(inner) == mend.line and getattr(inner, "name", "") == mend.word("function"):
                return _below(workshop, source, outer, inner, mend)
    raise stale(mend)


def _below(workshop: Workshop, source: Source, outer: ast.stmt, inner: ast.stmt, mend: Mend) -> Proposal:
    start, end = lines_of(source, inner)
    at = source.line_end(source.span(outer)[1])
    margin = " " * outer.col_offset
    text = textwrap.indent(textwrap.dedent(source.text[start:end]).rstrip("\n"), margin)
    blank = "\n" if outer.col_offset else "\n\n"
    rest = source.text[end:]
    end += len(rest) - len(rest.lstrip("\n"))
    if at < end:  # the outer one would be left without an end
        raise stale(mend)
    return workshop.edited(
        source, [Replacement(start, end, ""), Replacement(at, at, f"\n{blank}{text}")], mend.word("label")
    )


MENDS = {"move_to_end": move_to_end, "above_guard": above_guard, "move_out": move_out}
