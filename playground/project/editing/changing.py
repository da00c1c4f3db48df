"""Changing a route: the small edits that together turn it into what a draft says.

Each step reads the file as the step before left it and returns the pieces to replace for one part of
the route: rule and parameters, methods, owner, function name, docstring, answer. A part that does not
differ is not touched.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from playground.core.problems import refuse
from playground.core.routes import Owner, Route, RouteDraft
from playground.project.editing import parameters as renaming
from playground.project.editing.adding import docstring_text, indent_unit, margin_of
from playground.project.editing.answer_changing import answer_replaced
from playground.project.editing.answer_task import guard_comments
from playground.project.editing.answers import same_answer
from playground.project.editing.brackets import end_in
from playground.project.editing.drafts import (
    check_free_name,
    check_methods,
    names_in,
    read_rule,
    refuse_clash,
    routes_of_same_owner,
)
from playground.project.editing.results import read_result
from playground.project.python.literals import quote
from playground.project.python.source import Replacement, Source
from playground.project.python.syntax import View, keywords, literal, rule_of, sort_methods
from playground.project.reading.answer_reading import body_of, docstring, header_end
from playground.project.reading.module_reading import SHORTCUTS
from playground.project.reading.modules import LocalRoute, ModuleReading

_SIMPLE = re.compile(r"([uUrR]?)([\"'])((?:(?!\2)[^\\\n])*)\2")


@dataclass(frozen=True)
class Site:
    """A route in a file as it stands: the ``at``-th of its reading."""

    reading: ModuleReading
    at: int

    @property
    def source(self) -> Source:
        return self.reading.source

    @property
    def route(self) -> LocalRoute:
        return self.reading.routes[self.at]

    @property
    def view(self) -> View:
        view = self.reading.view(self.route)
        assert view is not None
        return view

    @property
    def call(self) -> ast.Call:
        call = self.reading.call(self.route)
        assert call is not None
        return call

    def with_(self, replacements: Sequence[Replacement]) -> Site:
        """The same route after some replacements."""
        if not replacements:
            return self
        return Site(read_result(self.reading, self.source.replaced(replacements)), self.at)


@dataclass(frozen=True)
class Wish:
    """What is to become of a route: ``old`` as it was read, ``draft``, and who could own it."""

    old: Route
    draft: RouteDraft
    owners: Sequence[Owner]
    endpoints: Collection[str]


def route_changed(site: Site, wish: Wish) -> Site:
    """The file with the route changed. Raises ProblemError by field."""
    _check(site, wish)
    steps: list[Callable[[Site, Wish], Site]] = [
        _change_rule,
        _change_methods,
        _change_owner,
        _change_function,
        _change_doc,
        _change_answer,
        _drop_parameters,
    ]
    for step in steps:
        site = step(site, wish)
    return site


def _check(site: Site, wish: Wish) -> None:
    """Refuse what can't be, before any step is made."""
    draft, route, reading = wish.draft, site.route, site.reading
    if not route.editable:
        raise refuse("The form can't change this route.", route.why_not)
    if draft.rule != route.rule:
        read_rule(draft.rule, reading, wish.old.prefix)
    methods = sort_methods(draft.methods)
    check_methods(methods)
    variable = owner_variable(site, wish) or route.owner
    if (draft.rule, methods, variable) != (route.rule, route.methods, route.owner):
        mates = routes_of_same_owner(reading, variable, route.scope)
        refuse_clash(draft.rule, methods, [one for one in mates if one is not route])


# Rule and parameters


def _change_rule(site: Site, wish: Wish) -> Site:
    old, new = site.route.rule, wish.draft.rule
    if old == new:
        return site
    renames, fresh, _ = compare_names(names_in(old), names_in(new))
    siblings = [set(names_in(rule)) for rule in site.route.sibling_rules]
    for name in renames:
        if any(name in names for names in siblings):
            raise refuse(
                f"{name} is also in another rule of {site.route.function}.",
                "Rename it in the code below, in every rule at once.",
                field="rule",
            )
    node = rule_of(site.call)
    assert node is not None
    start, end = site.source.span(node)
    site = site.with_([Replacement(start, end, literal_like(site.source.text[start:end], new))])
    for before, after in renames.items():
        if before in site.route.parameters:
            site = site.with_(renaming.renamed(site.source, site.view, before, after))
        else:
            fresh = (*fresh, after)
    for name in fresh:
        if name not in site.route.parameters and site.view.args.kwarg is None:
            optional = bool(siblings)
            site = site.with_(renaming.added(site.source, site.view, name, optional=optional))
    return site


def compare_names(
    old: Sequence[str], new: Sequence[str]
) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Which parameters of a rule got another name, which came, and which went."""
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    if len(gone) == len(come):
        return dict(zip(gone, come, strict=True)), (), ()
    if len(old) == len(new):
        pairs = zip(old, new, strict=True)
        return {one: other for one, other in pairs if one in gone and other in come}, (), ()
    return {}, tuple(come), tuple(gone)


def literal_like(written: str, text: str) -> str:
    """Text as a literal in the same quotes as one that is there."""
    found = _SIMPLE.fullmatch(written)
    mark = found[2] if found else written.lstrip("urfbURFB(")[:1] or '"'
    if found and mark not in text and "\\" not in text and text.isprintable():
        return f"{found[1]}{mark}{text}{mark}"
    return quote(text, mark if mark in "\"'" else '"')


def _drop_parameters(site: Site, wish: Wish) -> Site:
    """Take parameters out of the signature that the rule no longer gives."""
    _, _, gone = compare_names(names_in(wish.old.rule), names_in(wish.draft.rule))
    kept = {name for rule in site.route.sibling_rules for name in names_in(rule)}
    kept |= {name for name in gone if name in _given_elsewhere(site)}
    for name in gone:
        if name in site.route.parameters and name not in kept:
            site = site.with_(renaming.removed(site.source, site.view, name))
        elif name in kept and not renaming.has_default(site.view, name):
            raise refuse(
                f"Another rule of {site.route.function} still gives it {name}.",
                f"Give {name} a value for when it is missing, in the code below: {name}=None.",
                field="rule",
            )
    return site


def _given_elsewhere(site: Site) -> set[str]:
    """Parameters that the decorator gives by ``defaults={...}``."""
    node = keywords(site.call).get("defaults")
    keys = node.keys if isinstance(node, ast.Dict) else []
    return {key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


# Methods and owner


def _change_methods(site: Site, wish: Wish) -> Site:
    methods = sort_methods(wish.draft.methods)
    if methods == site.route.methods:
        return site
    source, call = site.source, site.call
    assert isinstance(call.func, ast.Attribute)
    end = source.span(call.func)[1]
    attribute = (end - len(call.func.attr), end)
    node = keywords(call).get("methods")
    if node is not None:
        return site.with_([_method_list_changed(source, node, methods)])
    if call.func.attr != "route" and len(methods) == 1 and methods[0] in SHORTCUTS:
        return site.with_([Replacement(*attribute, methods[0].lower())])
    last = max(end_in(source, call, one) for one in (*call.args, *call.keywords))
    listed = ", ".join(quote(method, _mark(source, call)) for method in methods)
    replacements = [Replacement(last, last, f", methods=[{listed}]")]
    if call.func.attr != "route":
        replacements.append(Replacement(*attribute, "route"))
    return site.with_(replacements)


def _mark(source: Source, call: ast.Call) -> str:
    """The quotes that the decorator uses for its rule."""
    node = rule_of(call)
    written = source.segment(node) if node is not None else ""
    return "'" if written.endswith("'") else '"'


def _method_list_changed(source: Source, node: ast.expr, methods: Sequence[str]) -> Replacement:
    """The list with the methods that stay as and where they were, and the new ones behind them."""
    assert isinstance(node, (ast.List, ast.Tuple, ast.Set))
    written = {(literal(one) or "").upper(): source.segment(one) for one in node.elts}
    parts = [text for method, text in written.items() if method in methods]
    mark = next(iter(parts or written.values()), '"')[-1]
    parts += [quote(method, mark) for method in methods if method not in written]
    if isinstance(node, ast.Tuple) and len(parts) == 1:
        start, end = source.span(node)
        return Replacement(start, end, f"({parts[0]},)")
    start, end = source.span(node.elts[0])[0], source.span(node.elts[-1])[1]
    guard_comments(source, start, end)
    return Replacement(start, end, ", ".join(parts))


def owner_variable(site: Site, wish: Wish) -> str | None:
    """The variable of the draft's owner where that is another than the route has; it must be in this file."""
    draft, old = wish.draft, wish.old
    if draft.new_blueprint is None and draft.owner == old.owner:
        return None
    named = next((one for one in wish.owners if one.name == draft.owner), None)
    if named is not None and named.file == site.source.file:
        return named.variable
    here = next((one for one in site.reading.blueprints if one.name == draft.owner), None)
    if here is None and draft.owner == "app" and site.reading.apps:
        here = site.reading.apps[0]
    if here is None or draft.new_blueprint is not None or named is not None:
        raise refuse(
            f"{draft.owner} is made in another file, and moving a route between files comes later.",
            "Add the route there and delete it here.",
            field="owner",
        )
    return here.variable


def _change_owner(site: Site, wish: Wish) -> Site:
    variable = owner_variable(site, wish)
    if variable is None:
        return site
    made = site.reading.owner_here(variable, site.route.scope)
    if made is None or made.line > site.route.line:
        raise refuse(
            f"{wish.draft.owner} is not there yet where {site.route.function} is written.",
            "Move the function below the line that makes it, in the code.",
            field="owner",
        )
    for one in site.reading.registrations:
        if site.reading.owner_here(one.child, one.scope) is made and one.line < site.route.line:
            raise refuse(
                f"{wish.draft.owner} is registered above {site.route.function}, so it takes no routes there.",
                "Move the registration below the function, in the code.",
                field="owner",
            )
    assert isinstance(site.call.func, ast.Attribute)
    return site.with_([Replacement(*site.source.span(site.call.func.value), variable)])


# Function and docstring


def _change_function(site: Site, wish: Wish) -> Site:
    new, old = wish.draft.function, site.route.function
    if not new or new == old:
        return site
    mates = routes_of_same_owner(site.reading, site.route.owner, site.route.scope)
    taken = {*wish.endpoints, *(one.endpoint for one in mates)}
    check_free_name(new, site.reading, site.route.scope, taken - {old})
    for node in chain.from_iterable(map(ast.walk, site.reading.saying(old))):
        if isinstance(node, ast.Name) and node.id == old:
            raise refuse(
                f"{old} is also used in line {node.lineno} of {site.source.file}.",
                "Rename it in the code, in both places.",
                field="function",
            )
    return site.with_([Replacement(*renaming.name_span(site.source, site.view), new)])


def _change_doc(site: Site, wish: Wish) -> Site:
    doc = inspect.cleandoc(wish.draft.doc).strip()
    if doc == site.route.doc.strip():
        return site
    node = docstring(site.view)
    if node is None:
        return site.with_(list(_doc_added(site, doc)))
    start, end = site.source.span(node)
    if doc:
        margin = margin_of(site.source, site.view.body[0])
        return site.with_([Replacement(start, end, _doc_like(site.source.text[start:end], doc, margin))])
    if not body_of(site.view):
        return site.with_([Replacement(start, end, "pass")])
    below = site.source.span(site.view.body[1])[0]
    line = site.source.line_start(below)
    if site.source.text[line:below].strip():
        return site.with_([Replacement(start, below, "")])
    return site.with_([Replacement(site.source.line_start(start), site.source.line_end(end) + 1, "")])


def _doc_added(site: Site, doc: str) -> Iterator[Replacement]:
    source, first = site.source, site.view.body[0]
    start = source.span(first)[0]
    line = source.line_start(start)
    if not source.text[line:start].strip():
        margin = source.text[line:start]
        at = source.line_end(header_end(site.view, source)) + 1
        yield Replacement(at, at, f"{margin}{docstring_text(doc, margin)}\n")
        return
    margin = margin_of(source, site.view) + indent_unit(site.reading)
    yield Replacement(
        header_end(site.view, source), start, f"\n{margin}{docstring_text(doc, margin)}\n{margin}"
    )


def _doc_like(written: str, doc: str, margin: str) -> str:
    """A docstring in the quotes of the one that is there."""
    text = docstring_text(doc, margin)
    if written.startswith("'''") and "'''" not in doc and not doc.endswith("'"):
        return "'''" + text[3:-3] + "'''"
    simple = _SIMPLE.fullmatch(written)
    if simple and "\n" not in doc and simple[2] not in doc and "\\" not in doc:
        return f"{simple[1]}{simple[2]}{doc}{simple[2]}"
    return text


def _change_answer(site: Site, wish: Wish) -> Site:
    known = {*site.route.parameters, *site.reading.names(site.route.scope)}
    if wish.draft.answer == wish.old.answer or same_answer(wish.draft.answer, site.route.answer, known):
        return site
    return Site(answer_replaced(site.reading, site.at, wish.draft.answer), site.at)
