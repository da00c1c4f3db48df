"""Parameters of a view: renamed in its signature and wherever it uses them, added, and taken out.

LibCST knows which of a function's names mean the parameter, also inside f-strings, lambdas and inner
functions; what it finds is replaced in place, so nothing else of the function is written again.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from playground.core.problems import ProblemError, refuse
from playground.project.python.source import Replacement, Source
from playground.project.python.syntax import View

if TYPE_CHECKING:
    import libcst as cst


def renamed(source: Source, view: View, old: str, new: str) -> list[Replacement]:
    """What to replace so that a parameter has another name. Raises ProblemError (``rule``) where it can't."""
    for node in ast.walk(view):
        if isinstance(node, (ast.Global, ast.Nonlocal)) and {old, new} & set(node.names):
            raise _refused(f"{view.name} shares {old} with an inner function", old, new)
    if new in _names(view):
        raise _refused(f"{view.name} already uses the name {new} for something else", old, new)
    return [
        Replacement(start, start + len(old), new)
        for start in _places(source, view, old)
        if source.text[start : start + len(old)] == old
    ]


def _refused(why: str, old: str, new: str) -> ProblemError:
    return refuse(
        f"{why}, so {old} can't be renamed to {new} here.",
        "Choose another name, or rename it in the code below.",
        field="rule",
    )


def _names(view: View) -> set[str]:
    named = {node.id for node in ast.walk(view) if isinstance(node, ast.Name)}
    return named | {node.arg for node in ast.walk(view) if isinstance(node, ast.arg)}


def _places(source: Source, view: View, name: str) -> list[int]:
    """Where the text of the function says the parameter."""
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider, ScopeProvider

    first = source.line_starts[view.lineno - 1]
    code = source.text[first : source.line_end(source.span(view)[1])]
    # An indented function stands under an "if", so that it parses where it is.
    nested = code[:1].isspace()
    wrapper = MetadataWrapper(cst.parse_module("if 1:\n" + code if nested else code), unsafe_skip_copy=True)
    spans = wrapper.resolve(PositionProvider)
    scopes = wrapper.resolve(ScopeProvider)
    function = _function(wrapper.module)
    scope = scopes[function.body]
    assert scope is not None
    found: set[cst.CSTNode] = set()
    for assignment in scope[name]:
        if assignment.scope is not scope:
            continue
        target = getattr(assignment, "node", None)
        found.add(target.name if isinstance(target, cst.Param) else target)  # type: ignore[arg-type]  # an assignment in the scope has a node
        found.update(_leftmost(reference.node) for reference in assignment.references)
    starts = [spans[node].start for node in found]
    shift = view.lineno - 1 - nested
    return sorted({source.line_starts[one.line - 1 + shift] + one.column for one in starts})


def _function(module: cst.Module) -> cst.FunctionDef:
    import libcst as cst

    node: cst.CSTNode = module
    while not isinstance(node, cst.FunctionDef):
        node = node.body.body[0] if isinstance(node, cst.If) else module.body[0] if node is module else node
    return node


def _leftmost(node: cst.CSTNode) -> cst.CSTNode:
    import libcst as cst

    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def added(source: Source, view: View, name: str, *, optional: bool) -> list[Replacement]:
    """What to replace so that the function takes one more parameter, behind those it has."""
    given = view.args
    text = f"{name}=None" if optional else name
    ordinary = [*given.posonlyargs, *given.args]
    required = ordinary[: len(ordinary) - len(given.defaults)]
    if required and not optional:
        end = source.span(required[-1])[1]
        return [Replacement(end, end, f", {text}")]
    if ordinary and optional:
        end = max(source.span(one)[1] for one in (ordinary[-1], *given.defaults))
        return [Replacement(end, end, f", {text}")]
    start = _opened(source, view)
    empty = source.text[start : start + 1] == ")" or source.text[start:].lstrip()[:1] == ")"
    return [Replacement(start, start, text if empty else f"{text}, ")]


def _opened(source: Source, view: View) -> int:
    """The offset behind the parenthesis that opens the parameters."""
    start = name_span(source, view)[1]
    return source.text.index("(", start) + 1


def name_span(source: Source, view: View) -> tuple[int, int]:
    """Where the name of a function is written."""
    start = source.offset(view.lineno, view.col_offset)
    found = re.compile(r"(?:async\s+)?def\s+").match(source.text, start)
    assert found is not None
    return found.end(), found.end() + len(view.name)


def removed(source: Source, view: View, name: str) -> list[Replacement]:
    """What to replace so that the function no longer takes a parameter that it does not use."""
    uses = [node for part in view.body for node in ast.walk(part) if isinstance(node, ast.Name)]
    if any(node.id == name for node in uses):
        raise refuse(
            f"{view.name} still uses {name}, which the path would no longer give it.",
            f"Take {name} out of the answer or the code first.",
            field="rule",
        )
    argument = next(one for one in _arguments(view) if one.arg == name)
    start, end = source.span(argument)
    default = _default_of(view, argument)
    end = source.span(default)[1] if default is not None else end
    line, rest = source.line_start(start), source.text[end : source.line_end(end)]
    if rest.strip() == "," and not source.text[line:start].strip():
        return [Replacement(line, end + len(rest) + 1, "")]
    behind = re.compile(r"\s*,[ \t]*").match(source.text, end)
    before = re.compile(r",\s*$").search(source.text[:start])
    last = re.compile(r"\s*,?\s*\)").match(source.text, end)
    if last and before:
        return [Replacement(before.start(), end, "")]
    return [Replacement(start, behind.end() if behind else end, "")]


def has_default(view: View, name: str) -> bool:
    """Whether the function can be called without that parameter, or has none of that name."""
    found = next((one for one in _arguments(view) if one.arg == name), None)
    return found is None or _default_of(view, found) is not None


def _arguments(view: View) -> list[ast.arg]:
    return [*view.args.posonlyargs, *view.args.args, *view.args.kwonlyargs]


def _default_of(view: View, argument: ast.arg) -> ast.expr | None:
    given = view.args
    ordinary = [*given.posonlyargs, *given.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = [
        *zip(ordinary[len(ordinary) - len(given.defaults) :], given.defaults, strict=True),
        *zip(given.kwonlyargs, given.kw_defaults, strict=True),
    ]
    return next((default for one, default in pairs if one is argument), None)
