"""The moments of a request as a person steps through them: stops, and what each line came to.

A moment is recorded *before* a line runs; who steps wants to see a line together with what it did. So a stop
is a line, shown with the values of the moment that follows it in the same call. Where the line called another
function of the project, that comes first, and the values are still those from before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from playground.core.stepping import Moment, Stepping
from playground.core.trips import Stage, Step, Trip, Value

_ENDS = ("StopIteration", "StopAsyncIteration", "GeneratorExit")
"""How a loop learns that there is nothing more: no news to a person."""
_STAGES = (Stage.PREPROCESSOR, Stage.BEFORE, Stage.VIEW, Stage.ERROR, Stage.AFTER, Stage.TEARDOWN)
"""The stages that are a function of the project's."""
_DEFINED = re.compile(r"\s*(async\s+)?(def|class)\s|.*\blambda\b")
_LONGEST_NOTE = 80


@dataclass(frozen=True, slots=True)
class Stop:
    """One place to stop at: the moment ``at``, shown with the values of the moment ``shown``.

    ``call`` numbers the call of a function that it belongs to.
    """

    at: int
    shown: int
    call: int


@dataclass(frozen=True, slots=True)
class Region:
    """The lines of a file that are shown around a stop; ``first`` counts from 1."""

    file: str
    first: int
    lines: tuple[str, ...]


def is_python(file: str) -> bool:
    """Whether a recorded file is Python; any other is a template."""
    return file.endswith(".py")


class Stops:
    """All stops of one request, and what there is to say at each."""

    def __init__(self, stepping: Stepping) -> None:
        self.stepping = stepping
        self.moments = stepping.moments
        self._calls = [moment.call for moment in self.moments]
        self._next = _next_in_call(self._calls)
        self._begins = {call: at for at, call in reversed(list(enumerate(self._calls)))}
        self._lines = {name: text.splitlines() for name, text in stepping.sources}
        self.all = self._find()
        self._effects: dict[int, str] = {}
        self._regions: dict[int, Region] = {}
        self._of_call: dict[int, list[int]] = {}
        for number, stop in enumerate(self.all):
            self._of_call.setdefault(stop.call, []).append(number)

    def __len__(self) -> int:
        return len(self.all)

    def _find(self) -> tuple[Stop, ...]:
        found: list[Stop] = []
        for at, moment in enumerate(self.moments):
            follows = at > 0 and self._calls[at - 1] == self._calls[at]
            if moment.event in ("return", "exception"):
                if follows and found:
                    found[-1] = replace(found[-1], shown=at)
                elif self._is_told(at):
                    found.append(Stop(at, at, self._calls[at]))
            elif self._is_stop(at):
                shown = at + 1 if self._next[at] == at + 1 else at
                found.append(Stop(at, shown, self._calls[at]))
        return tuple(found)

    def _is_stop(self, at: int) -> bool:
        """Not where a generator goes on, nor where a template begins with the very line that comes next."""
        moment, after = self.moments[at], self._next[at]
        if moment.event == "line":
            return True
        if self._begins[moment.call] != at:
            return False
        return is_python(moment.file) or after != at + 1 or self.moments[after].line != moment.line

    def _is_told(self, at: int) -> bool:
        moment = self.moments[at]
        if moment.event == "exception":
            return not moment.result.startswith(_ENDS)
        return is_python(moment.file) and bool(moment.result)

    # -- at a stop -------------------------------------------------------------------------------------

    def line_of(self, stop: Stop) -> int:
        """The line to point at: of a function with decorators, the one with its name."""
        moment = self.moments[stop.at]
        return self._defined(moment) if moment.event == "call" else moment.line

    def _defined(self, moment: Moment) -> int:
        lines = self._lines.get(moment.file, [])
        if not is_python(moment.file):
            return moment.line
        for line in range(moment.line, min(moment.line + 30, len(lines) + 1)):
            if _DEFINED.match(lines[line - 1]):
                return line
        return moment.line

    def values(self, stop: Stop) -> tuple[tuple[Value, bool, bool], ...]:
        """Each value, whether it is the module's, and whether this line changed it."""
        moment = self.moments[stop.shown]
        changed = moment.changed if self.moments[stop.at].event != "call" else ()
        if stop.shown == stop.at and moment.event == "line":
            changed = ()  # the line has not run yet
        own = tuple((value, False, value.name in changed) for value in moment.values)
        return own + tuple((value, True, value.name in changed) for value in moment.module_values)

    def notes(self, number: int) -> dict[int, str]:
        """What each line of the call came to that this stop is in, by line; the latest where it ran again."""
        stop = self.all[number]
        found: dict[int, str] = {}
        numbers = self._of_call[stop.call]
        for each in map(self.all.__getitem__, reversed(numbers[: bisect_right(numbers, number)])):
            line = self.moments[each.at].line
            if line not in found and self._known_at(each) <= stop.shown and (words := self.effect(each)):
                found[line] = words
        return found

    def _known_at(self, stop: Stop) -> int:
        """The moment from which on it is known what a line came to."""
        after = self._next[stop.at]
        return (
            stop.shown if after is None or self.moments[stop.at].event in ("return", "exception") else after
        )

    def effect(self, stop: Stop) -> str:
        """What the line of a stop came to: ``3``, ``users: 2 → 3 items``, ``returns 'ok'``, or nothing."""
        if stop.at not in self._effects:
            self._effects[stop.at] = self._effect(stop)
        return self._effects[stop.at]

    def _effect(self, stop: Stop) -> str:
        moment = self.moments[stop.at]
        if moment.event == "call":
            return ""
        after = self._known_at(stop)
        words = list(self._changes(moment, self.moments[after])) if after != stop.at else []
        words += self._ending(stop, after)
        text = ", ".join(words)
        return text if len(text) <= _LONGEST_NOTE else text[: _LONGEST_NOTE - 1] + "…"

    def _changes(self, before: Moment, after: Moment) -> Iterator[str]:
        known = {value.name: value for value in (*before.module_values, *before.values)}
        changed = [value for value in (*after.values, *after.module_values) if value.name in after.changed]
        source = self._source_line(before)
        for value in changed:
            was = known.get(value.name)
            if was is not None and was.size >= 0 and value.size >= 0 and was.size != value.size:
                yield f"{value.name}: {was.size:,} → {value.size:,} {'item' if value.size == 1 else 'items'}"
            elif len(changed) == 1 and re.match(rf"\s*{re.escape(value.name)}\s*(:[^=]*)?=[^=]", source):
                yield value.text
            else:
                yield f"{value.name} = {value.text}"

    def _ending(self, stop: Stop, after: int) -> list[str]:
        """What was raised or returned."""
        words: list[str] = []
        for at in range(min(stop.at, after), max(stop.shown, after) + 1):
            moment = self.moments[at]
            if self._calls[at] != stop.call or moment.result.startswith(_ENDS):
                continue
            if moment.event == "exception" and not words:
                words.append(f"raises {moment.result}")
            elif moment.event == "return" and not words and self._is_told(at):
                words.append(f"{'yields' if self._next[at] is not None else 'returns'} {moment.result}")
        return words

    def _source_line(self, moment: Moment) -> str:
        lines = self._lines.get(moment.file, [])
        return lines[moment.line - 1] if 0 < moment.line <= len(lines) else ""

    # -- the code around it ----------------------------------------------------------------------------

    def region(self, stop: Stop) -> Region:
        """The function that a stop is in; a template as a whole."""
        if stop.call not in self._regions:
            self._regions[stop.call] = self._region(stop)
        return self._regions[stop.call]

    def _region(self, stop: Stop) -> Region:
        moment = self.moments[stop.at]
        lines = self._lines.get(moment.file, [])
        if not is_python(moment.file) or moment.function == "<module>":
            return Region(moment.file, 1, tuple(lines))
        called = [each for each in self.moments if each.call == stop.call]
        first = self._defined(called[0])
        last = max(_end_of_block(lines, first), *(each.line for each in called))
        return Region(moment.file, first, tuple(lines[first - 1 : last]))

    def lines_of(self, step: int, starts: dict[int, int]) -> int:
        """How many different lines ran of a step: of its function, or of a template with its parts."""
        if step not in starts:
            return 0
        start = starts[step]
        if self._is_python(start):
            numbers = self._of_call[self.all[start].call]
        else:
            numbers = [
                number
                for number in range(start, len(self.all))
                if not self._is_python(number) and self.step_at(number, starts) == step
            ]
        stops = (self.all[number] for number in numbers)
        return len({(self.moments[stop.at].file, self.line_of(stop)) for stop in stops})

    # -- the trip --------------------------------------------------------------------------------------

    def starts(self, trip: Trip) -> dict[int, int]:
        """The first stop of each of the trip's steps that has one, both by number."""
        firsts = self._firsts()
        found: dict[int, int] = {}
        at = {True: 0, False: 0}  # of Python and of templates: where the next step can begin
        for number, step in enumerate(trip.steps):
            if step.stage is not Stage.TEMPLATE and step.stage not in _STAGES:
                continue
            python = step.stage is not Stage.TEMPLATE
            left = [each for each in firsts if each >= at[python] and self._is_python(each) == python]
            named = [each for each in left if self._is_of(each, step)]
            if step.stage is Stage.VIEW and not named:  # a method of a class, or behind a decorator
                named = [each for each in left if self.moments[self.all[each].at].depth == 0]
            if named:
                found[number] = named[0]
                at[python] = named[0] + 1
        return found

    def _firsts(self) -> list[int]:
        """The stops with which a call begins."""
        return sorted(numbers[0] for numbers in self._of_call.values())

    def _is_python(self, number: int) -> bool:
        return is_python(self.moments[self.all[number].at].file)

    def _is_of(self, number: int, step: Step) -> bool:
        moment = self.moments[self.all[number].at]
        if step.place is not None and moment.file != step.place.file:
            return False
        if step.stage is Stage.TEMPLATE:
            return moment.file.endswith(step.name)
        return moment.function.rpartition(".")[2] == step.name.rpartition(".")[2]

    def step_at(self, number: int, starts: dict[int, int]) -> int | None:
        """The step of the trip that a stop belongs to."""
        python = self._is_python(number)
        begun = [
            (start, step)
            for step, start in starts.items()
            if start <= number and self._is_python(start) == python
        ]
        return max(begun)[1] if begun else None


def _next_in_call(calls: list[int]) -> list[int | None]:
    """For each moment the next one of the same call."""
    after: dict[int, int] = {}
    found: list[int | None] = [None] * len(calls)
    for at in range(len(calls) - 1, -1, -1):
        found[at] = after.get(calls[at])
        after[calls[at]] = at
    return found


def _end_of_block(lines: list[str], first: int) -> int:
    """The last line of the function that is defined at a line: as far as what follows is further in."""
    if not 0 < first <= len(lines):
        return first
    around = _indent(lines[first - 1])
    last = first
    signature = True
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        if not line.strip():
            continue
        if _indent(line) <= around and not (signature and line.lstrip().startswith(")")):
            break
        signature = signature and not lines[last - 1].rstrip().endswith(":")
        last = number
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
