"""What Jinja made of a template, told in the template's own terms: its lines, its blocks, its variables.

Jinja compiles a template to a module of generator functions: ``root`` for the template itself, ``block_NAME``
for each block, ``macro`` for each macro. Variables are its locals ``l_0_NAME``, ``l_1_NAME``, where the inner
level is the higher one, and what the view gave is in the ``context``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from jinja2 import Environment, Template, Undefined
from jinja2.runtime import Context, Macro
from jinja2.utils import missing

from playground.server.last_good import LastGoodLoader

_LOCAL = re.compile(r"l_(\d+)_(.+)")
_MACRO = re.compile(r"{%[-+]?\s*macro\s+(\w+)")
_FLASKS_OWN = frozenset(("request", "session", "g", "config"))


class TemplateLines:
    """Where the lines of one compiled template come from."""

    def __init__(self, template: Template) -> None:
        pairs = template.debug_info
        self._theirs = [line for line, _ in pairs]
        self._made = [made for _, made in pairs]

    def at(self, line: int) -> int | None:
        """The template's line whose code begins at a line that Jinja made; None where none does."""
        at = bisect_left(self._made, line)
        return self._theirs[at] if at < len(self._made) and self._made[at] == line else None

    def around(self, code: CodeType, line: int) -> int | None:
        """The template's line that a line of that function is of; None before its first one."""
        at = bisect_right(self._made, line)
        return self._theirs[at - 1] if at and self._made[at - 1] > code.co_firstlineno else None

    def first(self, code: CodeType) -> int:
        """The line of the tag that a function of it is made of; 0 where Jinja does not say."""
        if code.co_name == "root":
            return 1
        at = bisect_right(self._made, code.co_firstlineno)
        return self._theirs[at - 1] if at and self._made[at - 1] == code.co_firstlineno else 0


def template_of(frame: FrameType) -> Template | None:
    """The template whose code the frame runs."""
    found = frame.f_globals.get("__jinja_template__")
    return found if isinstance(found, Template) else None


def is_jinjas_own(frame: FrameType) -> bool:
    """Whether Jinja runs code for itself: for its functions, or to name a line in an error."""
    given = frame.f_globals
    if "__jinja_exception__" in given:
        return True
    return "__name__" not in given and isinstance(given.get("environment"), Environment)


def source_of(template: Template, path: str) -> str:
    """The text that was compiled, as far as that is known."""
    loader = template.environment.loader
    name = template.name or ""
    if isinstance(loader, LastGoodLoader) and name in loader.good:
        return loader.good[name][0]
    return Path(path).read_text(encoding="utf-8", errors="replace")


def function_of(code: CodeType, source: str, line: int) -> tuple[str, str, int]:
    """What a function of a template is called, the block that it is of, and the line of its tag."""
    if code.co_name.startswith("block_"):
        name = code.co_name.removeprefix("block_")
        tag = re.search(rf"{{%[-+]?\s*block\s+{re.escape(name)}\b", source)
        return f"block {name}", name, source.count("\n", 0, tag.start()) + 1 if tag else line or 1
    if code.co_name == "macro":
        found = _MACRO.search(source.split("\n")[line - 1]) if line else None
        return f"macro {found[1]}" if found else "macro", "", line or 1
    return ("" if code.co_name == "root" else code.co_name), "", line or 1


def variables(local: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """The variables of a template by the names that it has for them: the given ones first, then its own."""
    own: dict[str, tuple[int, object]] = {}
    for name, value in local.items():
        found = _LOCAL.fullmatch(name)
        if found and _is_shown(value) and (found[2] not in own or int(found[1]) > own[found[2]][0]):
            own[found[2]] = int(found[1]), value
    shown = {name: value for name, (_, value) in own.items()}
    context = local.get("context")
    if isinstance(context, Context):
        given = {**context.parent, **context.vars}
        shown = {name: value for name, value in given.items() if _is_given(context, name, value)} | shown
    yield from shown.items()


def _is_shown(value: object) -> bool:
    """Jinja keeps a sign of its own where a variable has no value."""
    return value is not missing and not issubclass(type(value), Undefined | Macro)


def _is_given(context: Context, name: str, value: object) -> bool:
    """Whether a variable is the project's, and not what every template of Flask has."""
    if name in _FLASKS_OWN or name.startswith("_") or not _is_shown(value):
        return False
    return context.environment.globals.get(name, missing) is not value
