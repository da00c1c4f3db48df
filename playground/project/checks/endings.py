"""How a function ends: what it returns that can't be sent, and whether it surely can end without a return.

Only what is sure is told. A call that may never come back, a loop that may never end, conditions that may
together cover all cases: of such a path nothing is said.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from playground.project.checks.walking import nodes_of, own_nodes
from playground.project.python.syntax import View, dotted

_ENDING = frozenset({"abort", "flask.abort", "sys.exit", "exit", "quit", "os._exit", "_exit"})
_MAKING = frozenset(
    {"render_template", "render_template_string", "jsonify", "redirect", "make_response", "send_file"}
    | {"send_from_directory", "url_for", "Response"}
)
_COMING_BACK = frozenset({"print", "flash", *_MAKING})
_METHODS = (
    "add add_all append clear close commit debug delete discard execute executemany extend flush info insert "
    "insert_one pop remove setdefault sort update warning write"
)
_COMING_BACK_METHODS = frozenset(_METHODS.split())
_ENDING_LOOPS = frozenset({"range", "enumerate", "reversed", "sorted", "zip", "list", "tuple", "set", "dict"})


class Fall(IntEnum):
    """Whether a path goes on behind a statement."""

    NEVER = 0
    MAYBE = 1
    SURE = 2


@dataclass(frozen=True, slots=True)
class Returned:
    """A ``return`` of what Flask can't send, at ``line`` and ``column``; ``text`` is its expression.

    ``kind`` is ``nothing``, ``number``, ``set``, ``order``, or ``sum`` where ``names`` have to be numbers.
    """

    kind: str
    line: int
    column: int
    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a function that a path surely reaches.

    ``kind`` is that of its last statement: ``print``, ``value`` (a value is made and dropped), ``assigned``
    (a text to the name ``text``), ``loop``, ``condition`` or ``other``. ``line`` and ``column`` are the
    statement's. ``methods`` are those for which a condition on ``request.method`` returns, ``partly`` those
    for which it does not do so on each path; ``returns`` says whether any path does. ``is_text`` says that
    what is printed or made is surely a text.
    """

    kind: str
    line: int
    column: int
    text: str = ""
    methods: frozenset[str] = frozenset()
    returns: bool = False
    is_text: bool = False
    partly: frozenset[str] = frozenset()


@dataclass
class _Walk:
    """What is met on the way through a function."""

    methods: set[str] = field(default_factory=set)
    partly: set[str] = field(default_factory=set)
    returns: bool = False

    def block(self, body: Sequence[ast.stmt]) -> Fall:
        state, guards = Fall.SURE, 0
        for node in body:
            now = self.statement(node)
            if isinstance(node, ast.If) and self._may_return(node):
                guards += 1
                if guards > 1 and node is body[-1]:  # the two may cover all cases
                    now = min(now, Fall.MAYBE)
            if now is Fall.NEVER:
                return now
            state = min(state, now)
        return state

    def statement(self, node: ast.stmt) -> Fall:
        if isinstance(node, ast.Return):
            self.returns = True
            return Fall.NEVER
        if isinstance(node, (ast.Raise, ast.Continue, ast.Break)):
            return Fall.NEVER
        if isinstance(node, ast.Expr):
            return _of_expression(node.value)
        if isinstance(node, ast.Assert):
            return Fall.MAYBE
        if isinstance(node, ast.If):
            return self._condition(node)
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return self._for(node)
        if isinstance(node, ast.While):
            return self._while(node)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return self.block(node.body)
        if isinstance(node, (ast.Try, ast.TryStar)):
            return self._try(node)
        return self._match(node) if isinstance(node, ast.Match) else Fall.SURE

    def _condition(self, node: ast.If) -> Fall:
        tests: list[ast.expr] = []
        states: list[Fall] = []
        rest: list[ast.stmt] = [node]
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            one = rest[0]
            tests.append(one.test)
            states.append(self.block(one.body))
            rest = one.orelse
        if rest:
            return _either([*states, self.block(rest)])
        asked = [methods_asked(one) for one in tests]
        for methods, state in zip(asked, states, strict=True):
            if state is Fall.NEVER:
                self.methods |= methods
            else:
                self.partly |= methods
        if any(state is Fall.SURE for state in states):
            return Fall.SURE
        if any(isinstance(one, ast.Constant) for one in tests):
            return Fall.MAYBE
        return Fall.SURE if len(tests) == 1 or all(asked) else Fall.MAYBE

    def _may_return(self, node: ast.stmt) -> bool:
        return any(isinstance(one, ast.Return) for one in nodes_of([node]))

    def _for(self, node: ast.For | ast.AsyncFor) -> Fall:
        self.block(node.body)
        inside = nodes_of(node.body)
        raising = any(isinstance(one, ast.Raise) or _is_ending(one) for one in inside)
        unknown = isinstance(node.iter, ast.Call) and not _ends(node.iter)
        if raising or unknown or isinstance(node, ast.AsyncFor):
            return Fall.MAYBE
        return self.block(node.orelse)

    def _while(self, node: ast.While) -> Fall:
        state = self.block(node.body)
        always = isinstance(node.test, ast.Constant) and bool(node.test.value)
        if always and not any(isinstance(one, ast.Break) for one in nodes_of(node.body)):
            return Fall.NEVER
        return Fall.MAYBE if always or state is not Fall.SURE else self.block(node.orelse)

    def _try(self, node: ast.Try | ast.TryStar) -> Fall:
        body = self.block(node.body)
        main = self.block(node.orelse) if node.orelse and body is not Fall.NEVER else body
        last = (node.orelse or node.body)[-1]
        if main is Fall.SURE and isinstance(last, ast.If) and _asks_a_function(last.test):
            main = Fall.MAYBE
        whole = _either([main, *(self.block(one.body) for one in node.handlers)])
        return min(whole, self.block(node.finalbody)) if node.finalbody else whole

    def _match(self, node: ast.Match) -> Fall:
        states = [self.block(case.body) for case in node.cases]
        if Fall.SURE in states:
            return Fall.SURE
        last = node.cases[-1]
        whole = last.guard is None and isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
        return max(states) if whole else Fall.MAYBE


def _asks_a_function(test: ast.expr) -> bool:
    """``check()``, which in a ``try`` may raise where the answer is no."""
    return isinstance(test, ast.Call) and isinstance(test.func, ast.Name)


def _either(states: Sequence[Fall]) -> Fall:
    """Of ways that are taken one or the other: sure where one of them surely goes on."""
    return max(states)


def _of_expression(node: ast.expr) -> Fall:
    if _is_ending(node):
        return Fall.NEVER
    if isinstance(node, ast.Call):
        name = dotted(node.func)
        if name in _COMING_BACK or name.removeprefix("flask.") in _COMING_BACK:
            return Fall.SURE
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return Fall.SURE if method in _COMING_BACK_METHODS else Fall.MAYBE
    return Fall.SURE if isinstance(node, (ast.Constant, ast.JoinedStr, ast.Name, ast.Dict)) else Fall.MAYBE


def _is_ending(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) in _ENDING


def _ends(node: ast.Call) -> bool:
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    return dotted(node.func) in _ENDING_LOOPS or method in {
        "items",
        "values",
        "keys",
        "all",
        "fetchall",
        "split",
    }


def methods_asked(test: ast.expr) -> set[str]:
    """The methods for which ``request.method == "POST"`` or ``in ("PUT", "PATCH")`` holds."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return set()
    left, op, right = test.left, test.ops[0], test.comparators[0]
    if isinstance(op, ast.Eq) and not dotted(left).endswith("request.method"):
        left, right = right, left
    if not dotted(left).endswith("request.method") or not isinstance(op, (ast.Eq, ast.In)):
        return set()
    items = right.elts if isinstance(right, (ast.List, ast.Tuple, ast.Set)) else [right]
    texts = [one.value for one in items if isinstance(one, ast.Constant)]
    return {one.upper() for one in texts if isinstance(one, str)}


def ending_of(view: View) -> Ending | None:
    """How a function ends where a path surely comes to its end without a return; else None."""
    if any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in own_nodes(view.body)):
        return None
    walk = _Walk()
    if walk.block(view.body) is not Fall.SURE:
        return None
    last = view.body[-1]
    kind, text, is_text = _last(last)
    methods = frozenset(walk.methods)
    partly = frozenset(walk.partly)
    return Ending(kind, last.lineno, last.col_offset, text, methods, walk.returns, is_text, partly)


def _last(node: ast.stmt) -> tuple[str, str, bool]:
    if isinstance(node, ast.Expr):
        call = node.value
        if isinstance(call, ast.Call) and dotted(call.func) == "print":
            plain = len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred)
            return ("print", ast.unparse(call.args[0]), _is_text(call.args[0])) if plain else OTHER
        if _is_answer(call):
            return "value", ast.unparse(call), True
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and len(node.targets) == 1:
        return ("assigned", node.targets[0].id, True) if _is_answer(node.value) else OTHER
    kinds = {ast.For: "loop", ast.While: "loop", ast.If: "condition"}
    return kinds.get(type(node), "other"), "", False


OTHER = "other", "", False


def _is_answer(node: ast.expr) -> bool:
    made = isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in _MAKING
    return made or isinstance(node, ast.Dict) or _is_text(node)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


# What is returned


def returned_of(view: View) -> tuple[Returned, ...]:
    """The returns of a function whose value surely can't be sent, or not if its names are numbers."""
    nodes = own_nodes(view.body)
    if any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in nodes):
        return ()
    stored = {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    found = []
    for node in nodes:
        kind, names = _unsendable(node.value, stored) if isinstance(node, ast.Return) else ("", ())
        if kind and isinstance(node, ast.Return):
            text = ast.unparse(node.value) if node.value is not None else ""
            found.append(Returned(kind, node.lineno, node.col_offset, text, names))
    return tuple(found)


def _unsendable(value: ast.expr | None, stored: set[str]) -> tuple[str, tuple[str, ...]]:
    if value is None:
        return "nothing", ()
    if isinstance(value, ast.Constant):
        return _of_constant(value.value), ()
    if isinstance(value, (ast.Set, ast.SetComp)):
        return "set", ()
    if isinstance(value, ast.Tuple) and len(value.elts) == 2 and _is_status(value.elts[0]):
        return ("order", ()) if not _is_number(value.elts[1]) else ("", ())
    if isinstance(value, ast.Call):
        made = {"len": "number", "set": "set"}.get(dotted(value.func), "")
        return (made if dotted(value.func) not in stored else ""), ()
    names = _summed(value)
    return ("sum", tuple(sorted(names))) if names and not names & stored else ("", ())


def _of_constant(value: object) -> str:
    if value is None:
        return "nothing"
    return "number" if isinstance(value, (int, float)) else ""


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float))


def _is_status(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and 100 <= node.value < 600


def _summed(node: ast.expr) -> set[str] | None:
    """The names in a sum of names and numbers; None for anything else."""
    if isinstance(node, ast.Name):
        return {node.id}
    if _is_number(node):
        return set()
    if isinstance(node, ast.BinOp):
        left, right = _summed(node.left), _summed(node.right)
        return None if left is None or right is None else left | right
    return None
