"""Rule 9: the names that a rule gives, against those that its view function takes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.pieces import FAILURES, parse_quietly
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, listed, mend, rewrite, shown, told, ways
from playground.core.plain_words.source import Function, View
from playground.core.problems import Place, Problem
from playground.core.routes import Route
from playground.core.rules import Rule, RuleError
from playground.core.trips import Raised


def problems(facts: Facts) -> Iterator[Problem]:
    """By which names the view was called."""
    error = facts.error
    found = _arguments(facts, error) if error is not None and error.type == "TypeError" else None
    if found is not None:
        yield found


def _arguments(facts: Facts, error: Raised) -> Problem | None:
    """The rule's names against those of the function."""
    view, route = facts.view, facts.route
    unexpected = re.search(r"(\w+)\(\) got an unexpected keyword argument '(\w+)'", error.message)
    missing = re.search(r"(\w+)\(\) missing \d+ required positional arguments?: '(\w+)'", error.message)
    found = unexpected or missing
    if found is None or route is None:
        return None
    if found[1] != route.function:
        return _of_class(facts, error, route)
    given = _rule_names(route.full_rule)
    taken = route.parameters
    if set(given) == set(taken):
        return None
    extra = [name for name in given if name not in taken]
    wanted = [name for name in taken if name not in given]
    return Problem(
        _names_differ(shown(view, 30), extra, wanted),
        place=Place(route.file, route.line),
        original=f"{error.type}: {error.message}",
        rule_id="argument-names",
        why=f"The rule {route.full_rule} gives {listed(given) or 'nothing'}; the function {route.function} "
        f"takes {listed(taken) or 'nothing'}. The names have to be the same.",
        fixes=_names_fixes(View(route), extra, wanted),
    )


def _of_class(facts: Facts, error: Raised, route: Route) -> Problem | None:
    """The same for a method of a class-based view: ``Items.get() got an unexpected ... 'item_id'``."""
    found = re.match(r"(\w+)\.(get|post|put|patch|delete)\(\) ", error.message)
    if found is None:
        return None
    place, taken = _method_of(facts.text(route.file), route.file, found[1], found[2])
    given = _rule_names(route.full_rule)
    extra = [name for name in given if name not in taken]
    wanted = [name for name in taken if name not in given]
    if place is None or not (extra or wanted):
        return None
    name = f"{found[1]}.{found[2]}"
    fix = None
    if len(extra) == 1 and not taken:
        fix = rewrite(label(f"Let {found[2]} take {extra[0]}"), place, "(self", f"(self, {extra[0]}")
    return Problem(
        _names_differ(shown(name, 30), extra, wanted),
        place=place,
        original=f"{error.type}: {error.message}",
        rule_id="argument-names",
        why=f"The rule {route.full_rule} gives {listed(given) or 'nothing'}; {name} takes "
        f"{listed(taken) or 'nothing'}. The names have to be the same.",
        fixes=ways(fix) or (told("Use the same names"),),
    )


def _method_of(text: str, file: str, owner: str, method: str) -> tuple[Place | None, tuple[str, ...]]:
    """Where a class of the file has a method, and what that takes besides ``self``."""
    try:
        tree = parse_quietly(text)
    except FAILURES:
        return None, ()
    bodies = (one.body for one in ast.walk(tree) if isinstance(one, ast.ClassDef) and one.name == owner)
    functions = (one for body in bodies for one in body if isinstance(one, Function))
    found = next((one for one in functions if one.name == method), None)
    if found is None:
        return None, ()
    every = (*found.args.posonlyargs, *found.args.args, *found.args.kwonlyargs)
    return Place(file, found.lineno), tuple(one.arg for one in every)[1:]


def _rule_names(rule: str) -> tuple[str, ...]:
    try:
        return tuple(param.name for param in Rule.parse(rule).params)
    except RuleError:
        return tuple(re.findall(r"<(?:[^:<>]*:)?(\w+)>", rule))


def _names_differ(view: str, extra: list[str], wanted: list[str]) -> str:
    if extra and wanted:
        return f"The rule gives {extra[0]}; the function {view} asks for {wanted[0]}."
    if extra:
        return f"The rule gives {extra[0]}, which the function {view} does not take."
    return f"The function {view} asks for {wanted[0]}, which the rule does not give."


def _names_fixes(view: View, extra: list[str], wanted: list[str]) -> tuple[Fix, ...]:
    route, function = view.route, view.function
    if route is None or function is None:
        return (told("Use the same names"),)
    names = {"endpoint": route.endpoint, "rule": route.full_rule}
    fixes: list[Fix | None] = []
    if extra and wanted:
        fixes.append(
            mend(
                label(f"Rename {wanted[0]} to {extra[0]}"),
                "rename_parameter",
                route.file,
                route.line,
                old=wanted[0],
                new=extra[0],
                **names,
            )
        )
        fixes.append(_in_rule(view, wanted[0], extra[0]))
    elif extra:
        fixes.append(_take_also(view, function, extra[0]))
    else:
        new = f"{route.rule.rstrip('/')}/<{wanted[0]}>"
        fixes.append(
            mend(
                label(f"Add <{wanted[0]}> to the rule"),
                "change_rule",
                route.file,
                route.line,
                new=new,
                **names,
            )
        )
    return ways(*fixes) or (told("Use the same names"),)


def _in_rule(view: View, wanted: str, extra: str) -> Fix | None:
    route = view.route
    if route is None or not re.search(rf"[<:]{extra}>", route.rule):
        return None
    new = re.sub(rf"([<:]){extra}>", rf"\g<1>{wanted}>", route.rule)
    return mend(
        label(f"Write {wanted} in the rule"),
        "change_rule",
        route.file,
        route.line,
        new=new,
        endpoint=route.endpoint,
        rule=route.full_rule,
    )


def _take_also(view: View, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Fix | None:
    route = view.route
    every = (*function.args.posonlyargs, *function.args.args)
    plain = f"def {function.name}("
    line = next((number for number, text in enumerate(view.lines) if plain in text), None)
    if route is None or line is None:
        return None
    new = (
        f"{plain}{name}, " if every or function.args.kwonlyargs or function.args.vararg else f"{plain}{name}"
    )
    return rewrite(
        label(f"Let {function.name} take {name}"), Place(route.file, route.line + line), plain, new
    )
