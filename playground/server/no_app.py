"""Why no app was found in a module that was imported without an error, and what would make one of it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FunctionType, ModuleType

from flask import Flask

from playground.core.fixes import Fix
from playground.core.pieces import FAILURES, parse_quietly
from playground.core.plain_words.saying import label, mend, nearest, rewrite, told, ways
from playground.core.problems import Place, Problem

_Said = tuple[str, str, tuple[Fix | None, ...]]
"""What is wrong, what to do, and the edits that do it."""


def explain_no_app(error: Exception, module: ModuleType, name: str | None, file: str) -> Problem:
    """The problem of the rule app-not-found, with what the module has instead."""
    sentence, hint, fixes = _in_words(module, name, file)
    factory = getattr(module, "create_app", None) or getattr(module, "make_app", None)
    line = factory.__code__.co_firstlineno if not name and inspect.isfunction(factory) else None
    problem = Problem(sentence, hint, field="app", place=Place(file, line), original=str(error))
    return app_not_found(problem, *fixes)


def app_not_found(problem: Problem, *fixes: Fix | None) -> Problem:
    """A problem of the rule app-not-found; told only, where there is no edit for it."""
    why = "Flask looks in wsgi.py or app.py for an object made by Flask(...), or for create_app()."
    found = ways(*fixes) or (told(label(problem.hint)),)
    return replace(problem, rule_id="app-not-found", why=f"{why} {problem.hint}", fixes=found, stops=True)


def no_file(problem: Problem) -> Problem:
    """The folder has no app.py: a small one can be made."""
    return app_not_found(problem, mend("Make app.py", "make_app_file", "app.py"))


def _in_words(module: ModuleType, name: str | None, file: str) -> _Said:
    if name:
        return _not_under(module, name, file)
    apps = [key for key, value in vars(module).copy().items() if isinstance(value, Flask)]
    if len(apps) > 1:
        return (
            f"{file} makes {len(apps)} Flask apps ({', '.join(apps)}).",
            f"Call the one to serve app, or choose one: {', '.join(f'{file}:{app}' for app in apps)}.",
            (told("Choose the app in the menu"),),
        )
    for known in ("create_app", "make_app"):
        factory = getattr(module, known, None)
        if inspect.isfunction(factory):
            return _factory_in_words(factory, known, file)
    return (
        f"There is no Flask app in {file}.",
        "Add the lines: from flask import Flask, and app = Flask(__name__).",
        (mend("Make an app in it", "make_app", file),),
    )


def _not_under(module: ModuleType, name: str, file: str) -> _Said:
    factory = getattr(module, name.partition("(")[0].strip(), None)
    if inspect.isfunction(factory):
        return _factory_in_words(factory, name, file)
    apps = [key for key, value in vars(module).copy().items() if isinstance(value, Flask)]
    near = nearest(name, apps) or next(iter(apps), "")
    hint = f"Look at the spelling of that name{f': there is {near}' if near else ''}."
    return f"There is no Flask app in {file} under {name}.", hint, ()


def _factory_in_words(factory: FunctionType, called: str, file: str) -> _Said:
    """A factory was called, and no app came of it: it wants arguments, or it does not return one."""
    name = factory.__name__
    needed = [
        one.name
        for one in inspect.signature(factory).parameters.values()
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    if needed and "(" not in called:
        return (
            f"{name} in {file} has to be called with {', '.join(needed)}.",
            f"Give that a default value, or choose the app as {file}:{name}(...) with what it needs.",
            (_default(factory, needed, file),),
        )
    if "(" in called:
        return (
            f"{called} in {file} did not give an app.",
            f"Look at the arguments of {name}, and end it with return app.",
            (_return_app(factory, file),),
        )
    return (
        f"{name} in {file} did not give an app when called without arguments.",
        f"End {name} with return app.",
        (_return_app(factory, file),),
    )


def _default(factory: FunctionType, needed: list[str], file: str) -> Fix | None:
    """The one argument that it wants gets None for a default."""
    if len(needed) != 1 or factory.__code__.co_argcount != 1:
        return None
    place, old = Place(file, factory.__code__.co_firstlineno), f"({needed[0]})"
    return rewrite(label(f"Let {needed[0]} be None"), place, old, f"({needed[0]}=None)")


def _return_app(factory: FunctionType, file: str) -> Fix | None:
    """``return app`` at its end, where it makes an app and has no return."""
    node = _node(factory)
    if node is None or _returns(node.body):
        return None
    made = next((one for one in node.body if isinstance(one, ast.Assign) and _is_app(one.value)), None)
    target = made.targets[0] if made is not None else None
    if not isinstance(target, ast.Name):
        return None
    last = node.body[-1]
    words = {"label": f"return {target.id}", "column": str(last.col_offset), "def": str(node.lineno)}
    words |= {"function": node.name, "text": f"return {target.id}"}
    return mend(label(f"Add return {target.id}"), "return_at_end", file, last.lineno, **words)


def _node(factory: FunctionType) -> ast.FunctionDef | None:
    """The factory as it is written."""
    path, line = Path(factory.__code__.co_filename), factory.__code__.co_firstlineno
    try:
        tree = parse_quietly(path.read_bytes())
    except (OSError, *FAILURES):
        return None
    found = (one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == factory.__name__)
    return next((one for one in found if one.lineno >= line), None)


def _returns(body: Sequence[ast.AST]) -> bool:
    """Whether a function returns anything itself; what functions inside of it return is theirs."""
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    nodes = [node for node in body if not isinstance(node, inner)]
    return any(isinstance(one, ast.Return) or _returns(list(ast.iter_child_nodes(one))) for one in nodes)


def _is_app(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    return getattr(called, "id", getattr(called, "attr", "")) == "Flask"
