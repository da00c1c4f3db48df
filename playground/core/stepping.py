"""A request line by line: what was recorded of the project's own code and templates while it ran."""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.trips import Value


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment before a line is run, or that a function is left.

    ``event`` is ``line``, ``call``, ``return`` or ``exception`` as ``sys.settrace`` has it; ``line`` counts
    from 1 in ``file`` (relative to the project), for a template in the template's own lines. ``depth`` is 0
    for what Flask called, 1 for what that called. ``values`` are the locals by then (a template's variables),
    ``module_values`` the module's plain data that the function names; ``changed`` the names of those
    that differ from the moment before in this function. ``result`` is what is returned or raised, as a short
    ``repr``. ``block`` is that of a template in which the line stands. ``call`` numbers the calls from 0; a
    generator that goes on is the same call.
    """

    event: str
    file: str
    line: int
    function: str
    depth: int = 0
    values: tuple[Value, ...] = ()
    module_values: tuple[Value, ...] = ()
    changed: tuple[str, ...] = ()
    result: str = ""
    block: str = ""
    call: int = 0


@dataclass(frozen=True, slots=True)
class Stepping:
    """All moments of one request in their order; ``left_out`` counts those past the bound, up to a bound.

    ``sources`` are the files' texts as they were when they ran, so that an edit since does not shift them.
    ``note`` is a sentence that says why there are no moments, or why they end early.
    """

    number: int
    moments: tuple[Moment, ...] = ()
    left_out: int = 0
    sources: tuple[tuple[str, str], ...] = ()
    note: str = ""

    def source(self, file: str) -> str:
        """The text of one file; empty where it is not known."""
        return next((text for name, text in self.sources if name == file), "")
