"""URL builders made when ``url_for`` first asks for them, not when a rule is added.

For each rule Werkzeug compiles two functions that build its URL, which is three quarters of the time that it
takes to load an app: 0.3 ms for each rule, mostly for rules whose URL nobody builds. While an app is loaded
here, a rule gets builders that compile themselves at their first call; they are then Werkzeug's own. That
method is not part of Werkzeug's public interface: where it is not as it is known here, all is as without it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.routing import Rule

_NAME = "_compile_builder"
_ATTRIBUTES = {False: "_build", True: "_build_unknown"}
Builder = Callable[..., tuple[str, str]]


@contextmanager
def made_when_asked_for() -> Iterator[None]:
    """Rules that are added in the body compile their builders later. One thread at a time."""
    known = vars(Rule).get(_NAME)
    if known is None or list(inspect.signature(known).parameters) != ["self", "append_unknown"]:
        yield
        return

    def later(rule: Rule, append_unknown: bool = True) -> Any:
        return _Later(known, append_unknown) if _is_surely_fine(rule) else known(rule, append_unknown)

    setattr(Rule, _NAME, later)
    try:
        yield
    finally:
        setattr(Rule, _NAME, known)


def _is_surely_fine(rule: Rule) -> bool:
    """Whether compiling can't fail: Werkzeug refuses a rule then, and that has to be when it is added."""
    names = [data for is_dynamic, data in rule._trace if is_dynamic]
    twice_or_constant = len({*names, "None", "True", "False"}) != len(names) + 3
    return not rule.defaults and not twice_or_constant  # defaults are converted right away


class _Later:
    """Stands for a builder until it is called; bound to its rule as a function would be."""

    __slots__ = ("_append_unknown", "_compile")

    def __init__(self, compile_builder: Callable[[Rule, bool], Any], append_unknown: bool) -> None:
        self._compile, self._append_unknown = compile_builder, append_unknown

    def __get__(self, rule: Rule, _: type | None = None) -> Builder:
        def build(**values: Any) -> tuple[str, str]:
            builder: Builder = self._compile(rule, self._append_unknown).__get__(rule, None)
            setattr(rule, _ATTRIBUTES[self._append_unknown], builder)
            return builder(**values)

        return build
