"""Mends of what happens while the app starts: its secret key, its first steps, values taken too early."""

from __future__ import annotations

import ast

from playground.core.fixes import Mend
from playground.core.proposals import Proposal
from playground.project.editing.adding import margin_of, scope_body
from playground.project.mending.moving_mends import lines_of, taken_out
from playground.project.mending.python_mends import functions, imported, node_at, stale
from playground.project.mending.workshop import Workshop
from playground.project.python.source import Replacement, Source
from playground.project.python.syntax import View, dotted
from playground.project.reading.module_reading import read_module
from playground.project.reading.modules import module_name


def add_secret_key(workshop: Workshop, mend: Mend) -> Proposal:
    """Below the line that makes ``app`` in the file ``to`` its key is read from the environment."""
    source = workshop.source(mend.word("to"))
    needing = workshop.source(mend.file).text
    if "session" not in needing and "flash" not in needing:
        raise stale(mend)
    reading = read_module(source)
    made = next((one for one in reading.apps if one.variable == mend.word("app")), None)
    body = scope_body(reading, made.scope, made.line) if made is not None else []
    making = [one for one in body if made and one.lineno <= made.line <= (one.end_lineno or 0)]
    if not making:
        raise stale(mend)
    source = reading.source
    end = source.line_end(source.span(making[0])[1])
    key = f'{mend.word("app")}.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "dev")'
    line = Replacement(end, end, f"\n{margin_of(source, making[0])}{key}")
    return workshop.edited(source, [*imported(source, "os"), line], mend.word("label"))


def run_at_start(workshop: Workshop, mend: Mend) -> Proposal:
    """``function`` loses the decorator at the place, and is called in a context of ``app``.

    That is done at the end of where it is defined: the first request came when all had been set up.
    """
    source = workshop.source(mend.file)
    for view in functions(source):
        for one in view.decorator_list:
            if (one.lineno, one.col_offset) == (mend.line, int(mend.word("column") or 0)):
                return workshop.edited(source, _called(source, view, one, mend), mend.word("label"))
    raise stale(mend)


def _called(source: Source, view: View, one: ast.expr, mend: Mend) -> list[Replacement]:
    if view.name != mend.word("function") or not dotted(one).endswith("_request"):
        raise stale(mend)
    start = source.line_start(source.span(one)[0])
    end = source.line_end(source.span(one)[1]) + 1
    margin, after = " " * view.col_offset, _end_of_block(source, view)
    blank = "\n\n" if view.col_offset else "\n\n\n"
    call = f"{blank}{margin}with {mend.word('app')}.app_context():\n{margin}    {view.name}()"
    return [Replacement(start, end, ""), Replacement(after, after, call)]


def _end_of_block(source: Source, view: View) -> int:
    """Where the last statement beside a function ends, before one that returns or runs the app."""
    bodies = (source.tree.body, *(one.body for one in functions(source)))
    body = list(next((one for one in bodies if view in one), [view]))
    while body[-1] is not view and _leaves(source, body[-1]):
        body.pop()
    return source.line_end(source.span(body[-1])[1])


def _leaves(source: Source, node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return "__name__" in source.segment(node.test)
    return isinstance(node, ast.Return) or (isinstance(node, ast.Expr) and ".run(" in source.segment(node))


def into_functions(workshop: Workshop, mend: Mend) -> Proposal:
    """The statement at the place becomes the first one of each function that reads ``name``."""
    source = workshop.source(mend.file)
    node = node_at(source, mend, ast.Assign)
    out, _ = taken_out(source, node)
    users = [view for view in functions(source) if _reads(view, mend.word("name"))]
    if not users or node not in source.tree.body:
        raise stale(mend)
    pieces = [_first_in(source, view, source.segment(node), mend) for view in users]
    return workshop.edited(source, [out, *pieces], mend.word("label"))


def _reads(view: View, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(view))


def _first_in(source: Source, view: View, text: str, mend: Mend) -> Replacement:
    first = view.body[0]
    if first.lineno == view.lineno:
        raise stale(mend)
    margin = " " * first.col_offset
    if ast.get_docstring(view) is not None:
        end = source.line_end(source.span(first)[1])
        return Replacement(end, end, f"\n{margin}{text}")
    start = lines_of(source, first)[0]
    return Replacement(start, start, f"{margin}{text}\n")


def rename_module(workshop: Workshop, mend: Mend) -> Proposal:
    """The file gets the name ``new``; imports of what it makes itself follow, others mean another module."""
    source, new = workshop.source(mend.file), mend.word("new")
    reading = workshop.index.reading(mend.file)
    if reading is None or workshop.index.reading(new) is not None or not reading.module_names:
        raise stale(mend)
    before: dict[str, bytes | None] = {mend.file: source.data, new: None}
    after: dict[str, bytes | None] = {mend.file: None, new: source.data}
    old = module_name(mend.file)
    for file in workshop.index.all_python_files:
        other = workshop.index.reading(file)
        if file == mend.file or other is None or old not in other.source.text:
            continue
        used = workshop.source(file)
        pieces = list(_following(used, old, module_name(new), reading.module_names))
        if pieces:
            before[file], after[file] = used.data, used.replaced(pieces)
    return Proposal(mend.word("label"), before, after)


def _following(source: Source, old: str, new: str, names: frozenset[str]) -> list[Replacement]:
    pieces = []
    for node in ast.walk(source.tree):
        named = isinstance(node, ast.ImportFrom) and (node.module, node.level) == (old, 0)
        if named and isinstance(node, ast.ImportFrom) and any(one.name in names for one in node.names):
            start = source.text.index(old, source.span(node)[0] + len("from"))
            pieces.append(Replacement(start, start + len(old), new))
    return pieces


MENDS = {
    "add_secret_key": add_secret_key,
    "run_at_start": run_at_start,
    "into_functions": into_functions,
    "rename_module": rename_module,
}
