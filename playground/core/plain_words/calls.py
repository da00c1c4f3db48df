"""Rule 8: what a view returns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import mend, rewrite, shown, told, ways
from playground.core.plain_words.source import View
from playground.core.problems import Place, Problem
from playground.core.trips import Raised

_RETURNED = re.compile(r"did not return a valid response.*but it was an? (\w+)", re.DOTALL)


def problems(facts: Facts) -> Iterator[Problem]:
    """What the view gave back."""
    error = facts.error
    if error is None or error.type not in ("TypeError", "ValueError"):
        return
    if error.type == "ValueError":
        yield from filter(None, (_headers(facts, error),))
        return
    found = _nothing(facts, error) or _other(facts, error) or _tuple(facts, error)
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
    if outside and wrong is not None:
        return swapped_problem(facts, view, wrong)
    return _headers(facts, error)


def _headers(facts: Facts, error: Raised) -> Problem | None:
    """A third part that is no dict: ``return "made", 201, "text/plain"``."""
    frame = error.frames[-1] if error.frames else None
    message = "not iterable" in error.message or "to unpack" in error.message
    if frame is None or frame.own or not message or "werkzeug" not in error.traceback:
        return None
    view = View.of(facts)
    node = next((one for one in view.returns() if _third(one) is not None), None)
    third = _third(node) if node is not None else None
    if node is None or third is None:
        return None
    written, place = view.segment(third), view.place(node)
    fix = None
    if (
        place is not None
        and isinstance(third, ast.Constant)
        and re.match(r"[a-z]+/[\w.+-]+$", str(third.value))
    ):
        fix = rewrite("Write it as a header", place, written, f'{{"Content-Type": {written}}}')
    return _problem(
        facts,
        f"The third part that {shown(facts.view, 30)} returned has to be a dict of headers.",
        'A tuple is (body, status, headers), with headers as in {"Content-Type": "text/plain"}.',
        ways(fix) or (told('Write headers as {"Name": "value"}'),),
        place,
    )


def _third(node: ast.Return) -> ast.Constant | None:
    """The third part of a returned tuple, where it is a text or a number."""
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else []
    return parts[2] if len(parts) == 3 and isinstance(parts[2], ast.Constant) else None


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
