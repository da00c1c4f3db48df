"""What checks know of each function: its decorators, its parameters, how it ends and what it uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from playground.core.routes import Route
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.endings import Ending, Returned, ending_of, returned_of
from playground.project.checks.walking import all_functions, own_nodes
from playground.project.python.syntax import FUNCTIONS, View, dotted, first_line, keywords

ROUTING = frozenset({"route", "get", "post", "put", "patch", "delete"})


@dataclass(frozen=True, slots=True)
class Decorator:
    """One decorator: its name as written, whether it is called, and where its ``@`` line begins and ends."""

    name: str
    called: bool
    line: int
    end: int
    column: int
    keywords: tuple[str, ...] = ()
    defaults: tuple[str, ...] = ()

    @property
    def routes(self) -> bool:
        """Whether it looks like one that makes a route."""
        return "." in self.name and self.name.rpartition(".")[2] in ROUTING


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, and whether a value must be given for it."""

    name: str
    needed: bool
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Function:
    """A function, wherever it is defined; ``scope`` is the path of the functions and classes around it.

    ``line`` is that of the first decorator. ``inner`` says that it returns a function defined inside of it,
    as decorators do: the name of that one, and whether it has ``wraps`` on it.
    """

    name: str
    scope: str
    line: int
    def_line: int
    column: int
    in_class: bool
    decorators: tuple[Decorator, ...]
    parameters: tuple[Parameter, ...]
    takes_any: bool
    ending: Ending | None
    returned: tuple[Returned, ...]
    reads: frozenset[str]
    inner: str = ""
    inner_line: int = 0
    inner_column: int = 0
    wrapped: bool = False
    passes_on: bool = False

    def decorated_plainly(self) -> bool:
        """Whether nothing but rules stands above it, so that Flask calls the function itself."""
        return all(one.routes for one in self.decorators)


def _functions(body: list[ast.stmt]) -> tuple[Function, ...]:
    return tuple(_function(view, scope, in_class) for view, scope, in_class in all_functions(body))


FUNCTIONS_OF = Extractor("functions", _functions, ("def",))


def _function(view: View, scope: str, in_class: bool) -> Function:
    inner = _inner(view)
    return Function(
        view.name,
        scope,
        first_line(view),
        view.lineno,
        view.col_offset,
        in_class,
        tuple(map(_decorator, view.decorator_list)),
        tuple(_parameters(view)),
        view.args.kwarg is not None,
        ending_of(view) if view.decorator_list else None,  # of no matter where it is no view
        returned_of(view) if view.decorator_list else (),
        frozenset(_read(view)),
        inner.name if inner is not None else "",
        inner.lineno if inner is not None else 0,
        inner.col_offset if inner is not None else 0,
        inner is not None and _is_wrapped(view, inner),
        inner is not None and _passes_on(view, inner),
    )


def _decorator(node: ast.expr) -> Decorator:
    call = node if isinstance(node, ast.Call) else None
    given = keywords(call) if call is not None else {}
    defaults = given.get("defaults")
    keys = defaults.keys if isinstance(defaults, ast.Dict) else []
    return Decorator(
        dotted(call.func if call is not None else node),
        call is not None,
        node.lineno,
        node.end_lineno or node.lineno,
        node.col_offset,
        (*given, *("**" for one in (call.keywords if call is not None else ()) if one.arg is None)),
        tuple(str(one.value) if isinstance(one, ast.Constant) else "*" for one in keys),
    )


def _parameters(view: View) -> Iterator[Parameter]:
    given = view.args
    plain = [*given.posonlyargs, *given.args]
    without = len(plain) - len(given.defaults)
    for at, one in enumerate(plain):
        yield Parameter(one.arg, at < without, one.lineno, one.col_offset)
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield Parameter(one.arg, default is None, one.lineno, one.col_offset)


def _read(view: View) -> Iterator[str]:
    """The dotted names that it reads: ``request.form``, ``session``."""
    for node in own_nodes(view.body):
        if isinstance(node, (ast.Name, ast.Attribute)) and (name := dotted(node)):
            yield name


def _inner(view: View) -> View | None:
    """The function inside that is returned, as a decorator does."""
    inside = {one.name: one for one in view.body if isinstance(one, FUNCTIONS)}
    last = view.body[-1]
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Name):
        return inside.get(last.value.id)
    return None


def _is_wrapped(view: View, inner: View) -> bool:
    """Whether it keeps the name of what it wraps, or may do so: by a decorator, or by what is done to it."""
    others = [one for one in view.body[:-1] if one is not inner]
    used = any(isinstance(one, ast.Name) and one.id == inner.name for one in own_nodes(others))
    return bool(inner.decorator_list) or used


def _passes_on(view: View, inner: View) -> bool:
    """Whether the wrapper calls what is wrapped with all that it is given, and returns what comes of it."""
    wrapped = view.args.args[0].arg if view.args.args else ""
    if inner.args.vararg is None or inner.args.kwarg is None or inner.args.args:
        return False
    nodes = own_nodes(inner.body)
    calls = [one for one in nodes if isinstance(one, ast.Call) and dotted(one.func) == wrapped]
    returned = [one.value for one in nodes if isinstance(one, ast.Return)]
    given = [one for one in nodes if isinstance(one, ast.Name) and one.id == inner.args.kwarg.arg]
    untouched = len(given) == len(calls)  # else others may be passed on
    return bool(calls) and untouched and all(call in returned and _as_given(call, inner) for call in calls)


def _as_given(call: ast.Call, inner: View) -> bool:
    """``f(*args, **kwargs)``."""
    stars = [one.value for one in call.args if isinstance(one, ast.Starred)]
    doubles = [one.value for one in call.keywords if one.arg is None]
    alone = len(call.args) == 1 and len(call.keywords) == 1
    return alone and len(stars) == len(doubles) == 1


# Views


@dataclass(frozen=True)
class SeenView:
    """A function that answers rules, with all of them; ``above`` lines stand above its statement."""

    file: CheckedFile
    function: Function
    above: int
    routes: tuple[Route, ...]

    @property
    def line(self) -> int:
        """The line of its ``def``."""
        return self.above + self.function.def_line


def views_of(file: CheckedFile) -> tuple[SeenView, ...]:
    """The functions of a file that decorators make views of."""
    return file.kept(_views)


def _views(file: CheckedFile) -> tuple[SeenView, ...]:
    by_line: dict[tuple[int, str], list[Route]] = {}
    for route in file.routes:
        by_line.setdefault((route.line, route.function), []).append(route)
    return tuple(
        SeenView(file, one, above, tuple(routes))
        for above, one in file.facts(FUNCTIONS_OF)
        if (routes := by_line.get((above + one.line, one.name), []))
        and any(decorator.routes for decorator in one.decorators)
    )


@dataclass(frozen=True)
class Known:
    """A function of the project and where it is: ``above`` lines stand above its statement."""

    file: CheckedFile
    above: int
    function: Function


def function_named(project: CheckedProject, file: CheckedFile, name: str) -> Known | None:
    """The function at the top of a file that a name in another one, or the same, stands for."""
    full = file.imported(name)
    if not full:
        return _top(file, name)
    found = project.names.module(full)
    other = project.files.get(found[0].file) if found and found[1] else None
    return _top(other, found[1]) if other is not None and found is not None else None


def wrapper_of(project: CheckedProject, file: CheckedFile, one: Decorator) -> Known | None:
    """The function of the project whose ``inner`` a decorator puts in the place of what it decorates.

    Where the decorator is called, that is the one which the function of its name returns.
    """
    known = function_named(project, file, one.name)
    if known is None or not known.function.inner:
        return None
    if not one.called:
        return known
    scope, name = known.function.name, known.function.inner
    for above, other in known.file.facts(FUNCTIONS_OF):
        if (other.scope, other.name) == (scope, name):
            return Known(known.file, above, other) if other.inner else None
    return None


def _tops(file: CheckedFile) -> dict[str, Known]:
    return {one.name: Known(file, above, one) for above, one in file.facts(FUNCTIONS_OF) if not one.scope}


def _top(file: CheckedFile, name: str) -> Known | None:
    return file.kept(_tops).get(name)
