"""Trips and lines, made of what was taken down while a request ran; when somebody asks, on their thread."""

from __future__ import annotations

import linecache
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

from playground.core.exchanges import Pairs
from playground.core.problems import Place
from playground.core.trips import CORRELATION, PREVIEW, Body, Line, Stage, Step, Trip
from playground.core.units import human_size
from playground.server.imports import ProjectImports
from playground.server.note import ROUTER, Event, Note, Snapshot
from playground.server.short_repr import values_of

FROM_STRING = "render_template_string"
_DEF = ("def ", "async def ", "class ")
_EXTENDS = re.compile(r"""\{%[-+]?\s*extends\s+["']([^"']+)["']""")
_DEEPEST = 10
"""Templates above one that are named."""
_DECORATORS = 50
"""Lines from the first decorator of a function within which its ``def`` is looked for."""


def line_of(note: Note) -> Line:
    """The trip as one line; kept with the note once nothing of it changes any more."""
    if note.line is None or note.line.stepped != note.stepped:
        line = Line(
            note.number,
            note.method,
            note.path,
            note.client,
            note.window,
            note.status,
            note.rule,
            note.endpoint,
            note.started,
            note.seconds,
            note.stepped,
            note.window and note.request_id.startswith(PREVIEW),
        )
        if not note.ended:
            return line
        note.line = line
    return note.line


def trip_of(note: Note, project: ProjectImports) -> Trip:
    """All that is known of it by now."""
    printed, events = note.printed, note.events.copy()
    return Trip(
        number=note.number,
        request_id=note.request_id,
        method=note.method,
        path=note.path,
        client=note.client,
        window=note.window,
        status=note.status,
        reason=note.status_line[4:],
        rule=note.rule,
        endpoint=note.endpoint,
        values=values_of(note.values),
        steps=tuple(draft.step() for draft in _Course(note, events, project).drafts()),
        request_headers=_request_headers(note),
        request_body=Body(note.request_data, note.request_size),
        response_headers=tuple((str(name), str(value)) for name, value in note.response_headers),
        response_body=Body(bytes(note.body), _size(note)),
        printed=printed.text() if printed is not None else "",
        logged=note.logged,
        raised=note.raised,
        started=note.started,
        seconds=note.seconds,
        stepped=note.stepped,
        refused=note.refused,
    )


def _request_headers(note: Note) -> Pairs:
    named = ((name.replace("_", "-").title(), value) for name, value in note.headers.items())
    return tuple((name, value) for name, value in named if name != CORRELATION)


def _size(note: Note) -> int:
    """The size of the answer's body: what was sent of it, or what is announced while it is on its way."""
    if note.ended:
        return note.body_size
    if note.method == "HEAD":
        return 0
    for name, value in note.response_headers:
        if name.lower() == "content-length" and value.isdigit():
            return int(value)
    return -1


class _Draft:
    """A step whose end is not known yet."""

    def __init__(self, stage: Stage, name: str, at: float) -> None:
        self.stage = stage
        self.name = name
        self.at = at
        self.end: float | None = None
        self.place: Place | None = None
        self.values: Snapshot = ()
        self.depth = 0
        self.note = ""
        self.began = 0.0

    def finish(self, at: float) -> None:
        if self.end is None:
            self.end = at

    def remark(self, words: str) -> None:
        self.note = f"{self.note} · {words}" if self.note else words

    def step(self) -> Step:
        seconds = max(0.0, (self.end if self.end is not None else self.at) - self.at)
        values, at = values_of(self.values), max(0.0, self.at - self.began)
        return Step(self.stage, self.name, self.place, values, at, seconds, self.depth, self.note)


class _Course:
    """Goes through the events of one request and makes its steps."""

    def __init__(self, note: Note, events: list[Event], project: ProjectImports) -> None:
        self._note = note
        self._events = events
        self._project = project
        self._drafts: list[_Draft] = []
        self._open: list[_Draft] = []  # templates within the step at hand
        self._at_hand: _Draft | None = None
        self._has_answered = False

    def drafts(self) -> list[_Draft]:
        """The steps in their order."""
        note = self._note
        self._begin(Stage.REQUEST, f"{note.method} {note.path}", note.began).note = self._sent()
        if note.called:
            route = self._begin(Stage.ROUTE, note.rule, note.called)
            route.values = note.values
        for event in self._events:
            if note.answered and event.at >= note.answered:
                self._answer()
            self._take(event)
        if note.answered:
            self._answer()
        self._close()
        for draft in self._drafts:
            draft.began = note.began
        return self._drafts

    def _close(self) -> None:
        note, last = self._note, self._at_hand
        end = note.began + note.seconds
        if last is not None:
            within = note.returned if note.returned >= last.at else end
            last.finish(end if last.stage is Stage.RESPONSE else within)
        for draft in self._drafts:
            draft.finish(end)
        self._say_who_answered()

    def _say_who_answered(self) -> None:
        """A hook that answers by itself keeps the view from being called."""
        note = self._note
        hooks = [draft for draft in self._drafts if draft.stage is Stage.BEFORE]
        has_view = any(draft.stage is Stage.VIEW for draft in self._drafts)
        if note.automatic:
            self._drafts[1].remark("Flask answers OPTIONS itself")
        elif hooks and not has_view and not note.raised and note.answered:
            hooks[-1].remark("answered itself, so the view was not called")

    def _sent(self) -> str:
        if not self._note.request_size:
            return ""
        kind = self._note.headers.get("CONTENT_TYPE", "").split(";")[0]
        return " · ".join(filter(None, (human_size(self._note.request_size), kind)))

    def _begin(self, stage: Stage, name: str, at: float) -> _Draft:
        if self._at_hand is not None:
            self._at_hand.finish(at)
        self._at_hand = draft = _Draft(stage, name, at)
        self._drafts.append(draft)
        return draft

    def _answer(self) -> None:
        if self._has_answered:
            return
        self._has_answered = True
        note = self._note
        kind = next((value for name, value in note.response_headers if name.lower() == "content-type"), "")
        size = _size(note)
        said = (note.status_line, kind.split(";")[0], human_size(size) if size >= 0 else "", note.refused)
        self._begin(Stage.RESPONSE, "", note.answered).note = " · ".join(filter(None, said))

    def _take(self, event: Event) -> None:
        if isinstance(event.what, int):
            self._raise(event)
        elif event.stage is None:
            self._end_template(event)
        elif event.stage is Stage.TEMPLATE:
            draft = self._inside(Stage.TEMPLATE, str(event.what) or FROM_STRING, event)
            draft.values = event.values
            if self._own(event.file):
                draft.place = Place(self._project.relative(event.file))
                above = ", ".join(_parents(event.file, draft.name))
                draft.note = f"extends {above}" if above else ""
            self._open.append(draft)
        else:
            self._call(event.stage, event)

    def _inside(self, stage: Stage, name: str, event: Event) -> _Draft:
        draft = _Draft(stage, name, event.at)
        draft.depth = 1 + len(self._open)
        self._drafts.append(draft)
        return draft

    def _end_template(self, event: Event) -> None:
        name = event.what or FROM_STRING
        while any(draft.name == name for draft in self._open):
            draft = self._open.pop()
            draft.finish(event.at)
            if draft.name == name:
                return

    def _raise(self, event: Event) -> None:
        told = self._note.raised[int(event.what)]  # type: ignore[arg-type]  # asked just before
        ended = [*self._open, *([self._at_hand] if self._at_hand is not None else [])]
        for draft in ended:
            draft.finish(event.at)
        if event.note == ROUTER:
            self._drafts[1].note = "no rule matched" if told.type == "NotFound" else f"raised {told.type}"
        elif ended:
            ended[-1].remark(f"raised {told.type}")
        self._open.clear()

    def _call(self, stage: Stage, event: Event) -> None:
        name, place = self._described(event.what)
        if stage is Stage.VIEW and (place is None or name == "<lambda>") and self._note.endpoint:
            name = self._note.endpoint
        draft = self._inside(stage, name, event) if event.inside else self._begin(stage, name, event.at)
        draft.place, draft.note = place, event.note
        if stage is Stage.VIEW:
            draft.values = event.values or self._note.values

    def _described(self, what: CodeType | str | int) -> tuple[str, Place | None]:
        if not isinstance(what, CodeType):
            return str(what), None
        name = what.co_qualname.rpartition("<locals>.")[2]
        if not self._own(what.co_filename):
            return name, None
        return name, Place(self._project.relative(what.co_filename), _def_line(what))

    def _own(self, file: str) -> bool:
        return self._project.holds(file)


def _parents(file: str, name: str) -> Iterator[str]:
    """The templates that one extends, as far as its source names them."""
    folder = file.removesuffix(name.replace("/", os.sep))
    for _ in range(_DEEPEST):
        linecache.checkcache(file)
        found = _EXTENDS.search("".join(linecache.getlines(file)))
        if found is None:
            return
        yield found[1]
        file = str(Path(folder, found[1]))


def _def_line(code: CodeType) -> int:
    """The line of a function's ``def``: Python itself only tells that of its first decorator."""
    for line in _lines_from(code):
        if linecache.getline(code.co_filename, line).lstrip().startswith(_DEF):
            return line
    return code.co_firstlineno


def _lines_from(code: CodeType) -> Iterator[int]:
    linecache.checkcache(code.co_filename)
    return iter(range(code.co_firstlineno, code.co_firstlineno + _DECORATORS))
