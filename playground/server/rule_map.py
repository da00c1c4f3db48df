"""The map of an app as values: each rule with the function that answers it, and where that is written.

Decorators, partials, methods and view classes are looked through; nothing of the app is called.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, MethodType

from flask import Flask

from playground.core.live_rules import LiveRule

_DEEPEST = 40
"""Wrappers around one view that are looked through."""
_PACKAGES = "site-packages"


class RuleMap:
    """The rules of one app, made once: Flask takes no others when it has begun to serve.

    ``rules`` name the lines that the functions had then; ``lines`` says where they are now.
    """

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self._folder = folder
        self._files: dict[str, tuple[str, str]] = {}
        self._views: dict[str, tuple[str, FunctionType | None, str]] = {
            endpoint: self._view(view) for endpoint, view in app.view_functions.items()
        }
        self.rules = tuple(
            self._rule(rule.rule, tuple(sorted(rule.methods or ())), rule.endpoint)
            for rule in app.url_map.iter_rules()
        )

    def lines(self, endpoints: Iterable[str]) -> dict[str, int]:
        """The lines of views that may have moved within their files since."""
        views = ((endpoint, self._views.get(endpoint, _NO_VIEW)[1]) for endpoint in endpoints)
        return {endpoint: view.__code__.co_firstlineno for endpoint, view in views if view is not None}

    def _rule(self, rule: str, methods: tuple[str, ...], endpoint: str) -> LiveRule:
        name, function, package = self._views.get(endpoint, _NO_VIEW)
        if function is None:
            return LiveRule(rule, methods, endpoint, name, package=package)
        file, _ = self._file(function.__code__)
        line = function.__code__.co_firstlineno if file else 0
        return LiveRule(rule, methods, endpoint, name, file, line, package)

    def _view(self, view: object) -> tuple[str, FunctionType | None, str]:
        """Its name, the function to find it by, and the package outside of the project that it comes from."""
        layers = list(_layers(view))
        functions = [(name, one) for name, one in layers if one is not None]
        packages = (self._file(one.__code__)[1] for _, one in functions)
        package = next((one for one in packages if one and one != "flask"), "")
        for name, one in reversed(functions):
            if self._file(one.__code__)[0]:
                return name, one, package
        name, function = layers[-1] if layers else ("", None)
        return name, function, package

    def _file(self, code: CodeType) -> tuple[str, str]:
        """The file within the project, or the package outside of it, that some code is from."""
        name = code.co_filename
        if name not in self._files:
            self._files[name] = self._located(Path(name))
        return self._files[name]

    def _located(self, path: Path) -> tuple[str, str]:
        if _PACKAGES in path.parts:
            inside = path.parts[path.parts.index(_PACKAGES) + 1 :]
            return "", inside[0].removesuffix(".py") if inside else ""
        if path.is_relative_to(self._folder):
            return path.relative_to(self._folder).as_posix(), ""
        return "", ""


_NO_VIEW: tuple[str, FunctionType | None, str] = ("", None, "")


def _layers(view: object) -> Iterator[tuple[str, FunctionType | None]]:
    """The view and what it wraps, from the outside in: names, and functions that tell where they are."""
    for _ in range(_DEEPEST):
        made_of = _own(view, "view_class")
        if isinstance(view, FunctionType):
            yield view.__name__, view
        if isinstance(made_of, type):
            yield made_of.__name__, _first_method(made_of)
            return
        inner = _inner(view)
        if inner is None:
            if not isinstance(view, FunctionType):
                yield type(view).__name__, _first_method(type(view))
            return
        view = inner


def _inner(view: object) -> object | None:
    """What a wrapper calls: as ``functools.wraps`` says, or what a closure keeps under the same name."""
    if isinstance(view, functools.partial):
        found: object = view.func
        return found
    if isinstance(view, MethodType):
        return view.__func__
    wrapped = _own(view, "__wrapped__")
    if wrapped is not None:
        return wrapped if callable(wrapped) else None
    if isinstance(view, FunctionType):
        kept = (cell.cell_contents for cell in view.__closure__ or () if _is_bound(cell))
        same = (one for one in kept if isinstance(one, FunctionType) and one.__name__ == view.__name__)
        return next((one for one in same if one is not view), None)
    return None


def _own(view: object, name: str) -> object | None:
    """What a view itself holds under a name, without running any code of its class."""
    try:
        held = object.__getattribute__(view, "__dict__")
    except AttributeError:
        return None
    return held.get(name) if isinstance(held, dict) else None


def _is_bound(cell: object) -> bool:
    try:
        return hasattr(cell, "cell_contents")
    except ValueError:
        return False


def _first_method(made_of: type) -> FunctionType | None:
    """The topmost function of a class: where it is, as near as Python tells."""
    functions = [one for one in vars(made_of).values() if isinstance(one, FunctionType)]
    own = [one for one in functions if one.__module__ == made_of.__module__]
    return min(own, key=lambda one: one.__code__.co_firstlineno, default=None)
