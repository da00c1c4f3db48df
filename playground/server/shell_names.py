"""The names that a person finds in the Shell: Flask's, the app's and their own.

What the app gives follows the app; a name that the person has set is theirs and stays.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

SHOW = "__show__"
"""By this name a statement calls what shows the value of an expression."""
LEAVING = (
    "There is nothing to leave: the Shell belongs to the window and never holds up the app. "
    "To begin again without your variables, press Begin anew."
)
_gone = object()


class Leave:
    """What ``exit`` and ``quit`` are here."""

    def __repr__(self) -> str:
        return LEAVING

    def __call__(self, code: object = None) -> None:
        """Say what to do instead."""
        print(LEAVING)  # noqa: T201  (the statement's own output)


def refuse_typing(prompt: object = "", /) -> NoReturn:
    """Stands in for ``input``."""
    asked = f" ({prompt!r})" if prompt else ""
    raise EOFError(
        f"input(){asked} waits for typing, and nobody can type into a statement that runs. "
        'Give the value in the code instead: name = "Ada"'
    )


def refuse_breakpoint(*_: object, **__: object) -> NoReturn:
    """Stands in for ``breakpoint``."""
    raise EOFError(
        "breakpoint() would wait for typing, and nobody can type into a statement that runs. "
        "Evaluate its parts one by one, or look at the steps of a request with X-ray."
    )


class Names:
    """The namespace of one Shell. Used by the thread that runs statements; others may look."""

    def __init__(self, show: Callable[[object], None]) -> None:
        self.all: dict[str, Any] = {}
        self._given: dict[str, object] = {}
        self._last: object = _gone
        self._evaluated = False
        self._own = {
            SHOW: show,
            "input": refuse_typing,
            "breakpoint": refuse_breakpoint,
            "exit": Leave(),
            "quit": Leave(),
        }
        self._builtins: dict[str, Any] = {}
        self.all.update({"__name__": "__console__", "__doc__": None, "__builtins__": self._builtins})

    def renew_builtins(self) -> None:
        """Python's names as they are now, an app may have added some, and ours in front of them."""
        self._builtins.update(vars(builtins) | self._own)

    def give(self, given: Mapping[str, object]) -> None:
        """Have these names; those given before that are not among them go, unless the person set them."""
        for name in self._given.keys() - given.keys():
            if self.all.get(name, _gone) is self._given[name]:
                del self.all[name]
        ours = {name: value for name, value in given.items() if self._is_ours(name)}
        self.all.update(ours)
        self._given = ours

    def _is_ours(self, name: str) -> bool:
        return name not in self.all or self.all[name] is self._given.get(name, _gone)

    def answered(self, answer: object) -> None:
        """The last answer, which is ``_`` until something was evaluated."""
        if not self._evaluated:
            self._keep(answer)

    def evaluated(self, value: object) -> None:
        """The value of the last expression, which is ``_`` from now on."""
        self._evaluated = True
        self._keep(value)

    def _keep(self, value: object) -> None:
        if self.all.get("_", _gone) is self._last or "_" not in self.all:
            self.all["_"] = self._last = value
