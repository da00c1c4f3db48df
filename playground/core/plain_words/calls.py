"""Rules 8 and 9: what a view returns, and the names by which it is called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, listed, mend, rewrite, shown, told, ways
from playground.core.plain_words.source import View
from playground.core.problems import Place, Problem
from playground.core.rules import Rule, RuleError
from playground.core.trips import Raised

_RETURNED = re.compile(r"did not return a valid response.*but it was an? (\w+)", re.DOTALL)


def problems(facts: Facts) -> Iterator[Problem]:
    """What the view was called with, and what it gave back."""
    error = facts.error
    if error is None or error.type != "TypeError":
        return
    found = _arguments(facts, error) or _nothing(facts, error) or _other(facts, error) or _tuple(facts, error)
    if found is not None:
        yield found


def _problem(facts: Facts, sentence: str, why: str, fixes: tuple[Fix, ...], place: Place | None) -> Problem:
    error = facts.error
    original = f"{error.type}: {error.message}" if error is not None else ""
    return Problem(
        sentence,
        place=place or facts.place,
        original=original,
        rule_id="missing-return",
        why=why,
        fixes=fixes,
    )


# -- names ---------------------------------------------------------------------------------------------


def _arguments(facts: Facts, error: Raised) -> Problem | None:
    """The rule's names against those of the function."""
    view, route = facts.view, facts.route
    unexpected = re.search(r"(\w+)\(\) got an unexpected keyword argument '(\w+)'", error.message)
    missing = re.search(r"(\w+)\(\) missing \d+ required positional arguments?: '(\w+)'", error.message)
    found = unexpected or missing
    if found is None or route is None or found[1] != route.function:
        return None
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


# -- what is returned ----------------------------------------------------------------------------------


def _nothing(facts: Facts, error: Raised) -> Problem | None:
    if "returned None or ended without a return statement" not in error.message:
        return None
    view, name = View.of(facts), shown(facts.view, 30)
    if view.function is None:
        return _problem(
            facts,
            f"{name} returned nothing.",
            "A view has to return its answer.",
            (told("Return a text"),),
            None,
        )
    empty = next((node for node in view.returns() if node.value is None or _is_none(node.value)), None)
    printed = [node for node in view.nodes() if _is_print(node)]
    if printed and not view.returns():
        return _problem(
            facts,
            f"{name} printed its text, and returned nothing.",
            "print() writes to the server's output. Only what a view returns is sent to the browser.",
            ways(_return_printed(view, printed[-1]), _return_last(view)),
            view.place(printed[-1]),
        )
    last = view.function.body[-1]
    if empty is not None:
        return _problem(
            facts,
            f"{name} returned None, which can't be sent.",
            "return without a value gives None. A view has to return its answer.",
            ways(_fill(view, empty), _return_last(view)),
            view.place(empty),
        )
    return _problem(
        facts,
        f"{name} ended without return.",
        _without(view),
        ways(_return_value(view, last), _return_last(view)),
        view.place(last),
    )


def _without(view: View) -> str:
    if view.returns():
        return "It has a return for some cases, and this request came to its end by another way."
    return "A function without return gives None. A view has to return its answer."


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_print(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "print"
        and len(node.value.args) == 1
        and not node.value.keywords
    )


def _return_printed(view: View, node: ast.AST) -> Fix | None:
    written, place = view.segment(node), view.place(node)
    call = node.value if isinstance(node, ast.Expr) else None
    inner = view.segment(call.args[0]) if isinstance(call, ast.Call) else ""
    if not written or not inner or place is None:
        return None
    value = inner if isinstance(call, ast.Call) and _is_text(call.args[0]) else f"str({inner})"
    return rewrite("Return what it printed", place, written, f"return {value}")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _return_value(view: View, last: ast.stmt) -> Fix | None:
    """The last statement is an expression that is as good as an answer: a text, a template."""
    if not isinstance(last, ast.Expr):
        return None
    value, place, written = last.value, view.place(last), view.segment(last)
    called = value.func if isinstance(value, ast.Call) else None
    name = getattr(called, "id", getattr(called, "attr", ""))
    answers = (
        "render_template",
        "render_template_string",
        "jsonify",
        "redirect",
        "make_response",
        "send_file",
    )
    if not (_is_text(value) or name in answers) or place is None or not written:
        return None
    return rewrite("Return it", place, written, f"return {written}")


def _fill(view: View, node: ast.Return) -> Fix | None:
    place, written = view.place(node), view.segment(node)
    return rewrite('Return "OK" there', place, written, 'return "OK"') if place and written else None


def _return_last(view: View) -> Fix | None:
    """A return below the last line of the function."""
    route, function = view.route, view.function
    if route is None or function is None:
        return None
    last = function.body[-1]
    words = {
        "label": f"return a text from {function.name}",
        "column": str(last.col_offset + view.indent),
        "def": str(route.line + function.lineno - 1),
        "function": function.name,
        "text": 'return "OK"',
    }
    line = route.line + last.lineno - 1
    return mend('Add return "OK" at the end', "return_at_end", route.file, line, **words)


def _other(facts: Facts, error: Raised) -> Problem | None:
    found = _RETURNED.search(error.message)
    if found is None:
        return None
    kind, view, name = found[1], View.of(facts), shown(facts.view, 30)
    swapped = _swapped(view)
    if swapped is not None:
        return swapped_problem(facts, view, swapped)
    return _problem(
        facts,
        f"{name} returned {_article(kind)}, which Flask can't send.",
        "Flask sends text, bytes, dicts, lists, tuples with a status, and responses.",
        ways(*_wrapped(view, kind)) or (told("Return a text"),),
        view.place(view.returns()[-1]) if view.returns() else None,
    )


def _article(kind: str) -> str:
    words = {"int": "a number", "float": "a number", "bool": "True or False", "set": "a set"}
    return words.get(kind, f"a {shown(kind, 30)}")


def _wrapped(view: View, kind: str) -> Iterator[Fix]:
    returns = [node for node in view.returns() if node.value is not None]
    if len(returns) != 1:
        return
    node = returns[0].value
    place, written = view.place(returns[0]), view.segment(returns[0])
    inner = view.segment(node) if node is not None else ""
    if place is None or not written or not inner:
        return
    if kind in ("set", "frozenset", "range", "map", "filter", "zip", "dict_keys", "dict_values"):
        yield rewrite("Return a list", place, written, f"return list({inner})")
    if kind not in ("NoneType", "function", "builtin_function_or_method", "method"):
        yield rewrite("Return it as text", place, written, f"return str({inner})")


def _swapped(view: View) -> ast.Return | None:
    """A return whose status comes before its body: ``return 404, "not found"``."""
    for node in view.returns():
        if (
            isinstance(node.value, ast.Tuple)
            and len(node.value.elts) in (2, 3)
            and _is_status(node.value.elts[0])
        ):
            return node
    return None


def _is_status(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and 100 <= node.value <= 599


def swapped_problem(facts: Facts, view: View, node: ast.Return) -> Problem:
    """The parts of a returned tuple are in the wrong order."""
    return _problem(
        facts,
        f"{shown(facts.view, 30)} returned the parts of its answer in the wrong order.",
        "A tuple is (body, status), (body, headers) or (body, status, headers).",
        ways(_ordered(view, node)) or (told("Write body, status, headers"),),
        view.place(node),
    )


def _ordered(view: View, node: ast.Return) -> Fix | None:
    """The parts as Flask wants them: what is no number and no dict first, then the status, then headers."""
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else []
    status = [one for one in parts if _is_status(one)]
    headers: list[ast.expr] = [one for one in parts if isinstance(one, ast.Dict)]
    bodies = [one for one in parts if one not in status and one not in headers]
    if not bodies and headers:
        bodies, headers = headers[:1], headers[1:]
    place, written = view.place(node), view.segment(node)
    texts = [view.segment(one) for one in (*bodies, *status, *headers)]
    if len(bodies) != 1 or len(status) > 1 or len(headers) > 1 or place is None or not all((written, *texts)):
        return None
    return rewrite("Put them in order", place, written, f"return {', '.join(texts)}")


def _tuple(facts: Facts, error: Raised) -> Problem | None:
    """A tuple of the wrong length, or one whose last part is no headers."""
    view = View.of(facts)
    tuples = [node for node in view.returns() if isinstance(node.value, ast.Tuple)]
    if "did not return a valid response tuple" in error.message:
        count = len(tuples[-1].value.elts) if tuples and isinstance(tuples[-1].value, ast.Tuple) else 0
        name = shown(facts.view, 30)
        sentence = (
            f"{name} returned {count} parts; an answer has at most three."
            if count
            else (f"{name} returned a tuple that is no answer.")
        )
        return _problem(
            facts,
            sentence,
            "A tuple is (body, status), (body, headers) or (body, status, headers).",
            ways(_as_json(view, tuples[-1]) if tuples else None) or (told("Return body, status, headers"),),
            view.place(tuples[-1]) if tuples else None,
        )
    frame = error.frames[-1] if error.frames else None
    outside = frame is not None and not frame.own and "not iterable" in error.message
    wrong = next((node for node in tuples if _headers_before_status(node)), None)
    return swapped_problem(facts, view, wrong) if outside and wrong is not None else None


def _headers_before_status(node: ast.Return) -> bool:
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else []
    return len(parts) == 3 and isinstance(parts[1], ast.Dict) and _is_status(parts[2])


def _as_json(view: View, node: ast.Return) -> Fix | None:
    place, written = view.place(node), view.segment(node)
    inner = view.segment(node.value) if node.value is not None else ""
    if place is None or not written or not inner:
        return None
    bare = inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
    return rewrite("Return it as a list", place, written, f"return [{bare}]")
