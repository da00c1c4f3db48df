"""Mends of what functions, endpoints, blueprints and texts are called, and of where they are registered."""

from __future__ import annotations

import ast

from playground.core.fixes import Mend
from playground.core.proposals import Proposal
from playground.project.editing.blueprints import registered
from playground.project.mending.moving_mends import end_of_routes, put_at_end
from playground.project.mending.python_mends import function_at, imported, node_at, stale
from playground.project.mending.workshop import Workshop
from playground.project.python.literals import quote
from playground.project.python.source import Replacement
from playground.project.python.syntax import keywords


def name_function(workshop: Workshop, mend: Mend) -> Proposal:
    """The function that begins at line ``def`` is called ``new``; its old name means another one."""
    source = workshop.source(mend.file)
    view = function_at(source, mend, int(mend.word("def")))
    start = source.text.index(view.name, source.text.index("def", source.span(view)[0]) + 3)
    new = Replacement(start, start + len(view.name), mend.word("new"))
    return workshop.edited(source, [new], mend.word("label"))


def keep_name(workshop: Workshop, mend: Mend) -> Proposal:
    """The function inside a decorator gets ``@wraps(wrapped)``, so that it keeps that name."""
    source = workshop.source(mend.file)
    view = function_at(source, mend, mend.line or 1)
    start = source.offset(view.lineno, view.col_offset)
    margin = source.text[source.line_start(start) : start]
    above = Replacement(start, start, f"@wraps({mend.word('wrapped')})\n{margin}")
    return workshop.edited(source, [*imported(source, "functools.wraps"), above], mend.word("label"))


def endpoint_as(workshop: Workshop, mend: Mend) -> Proposal:
    """The decorator at the place gives its route the endpoint ``new``."""
    source = workshop.source(mend.file)
    call = node_at(source, mend, ast.Call)
    given, new = keywords(call).get("endpoint"), quote(mend.word("new"))
    if given is not None:
        return workshop.edited(source, [Replacement(*source.span(given), new)], mend.word("label"))
    if not call.args:
        raise stale(mend)
    end = source.span(call.args[-1])[1]
    return workshop.edited(source, [Replacement(end, end, f", endpoint={new}")], mend.word("label"))


def literal(workshop: Workshop, mend: Mend) -> Proposal:
    """``old`` becomes ``new`` in the text that stands at the place."""
    source = workshop.source(mend.file)
    start, end = source.span(node_at(source, mend, ast.Constant))
    written = source.text[start:end]
    if mend.word("old") not in written:
        raise stale(mend)
    new = written.replace(mend.word("old"), mend.word("new"), 1)
    return workshop.edited(source, [Replacement(start, end, new)], mend.word("label"))


def register_blueprint(workshop: Workshop, mend: Mend) -> Proposal:
    """The blueprint that ``file`` holds as ``variable`` is imported and registered in the file of the app."""
    variable, label = mend.word("variable"), mend.word("label")
    owners = [one for one in workshop.picture.owners if one.kind == "blueprint"]
    if not any((one.file, one.variable) == (mend.file, variable) for one in owners):
        raise stale(mend)
    apps = [one for one in workshop.picture.owners if one.kind == "app"]
    app = next((one for one in apps if (one.file, one.variable) == (mend.word("to"), mend.word("app"))), None)
    if app is None:
        raise stale(mend)
    source = workshop.source(app.file)
    if app.file == mend.file:
        end = end_of_routes(source)
        text = f"{app.variable}.register_blueprint({variable})"
        return workshop.edited(source, [put_at_end(source, end, text)], label)
    reading = workshop.index.reading(app.file)
    scopes = [made.scope for made in reading.apps if made.variable == app.variable] if reading else []
    taken = reading.names(scopes[0]) if reading and scopes else frozenset()
    stem = mend.file.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
    local = variable if variable not in taken else f"{stem}_{variable}"
    after = registered(source, app, mend.file, variable, local)
    return Proposal(label, {app.file: source.data}, {app.file: after})


MENDS = {
    "name_function": name_function,
    "keep_name": keep_name,
    "endpoint_as": endpoint_as,
    "literal": literal,
    "register_blueprint": register_blueprint,
}
