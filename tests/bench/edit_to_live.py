"""How long an edit takes to be answered: from the write of the file to the first new answer over the socket.

``playground serve`` and the window, each beside ``flask run --debug`` on a copy of the same folder, with the
same edits. They take turns; each edit is one of its own. The wait before an edit of the peer grows from turn
to turn, so that its reloader, which looks once a second, is met at all points of that second.
"""

from __future__ import annotations

import itertools
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from asking import Asker
from options import Options, alone, say
from processes import Window, flask_run, playground_serve, window
from projects import RULE, make, middle
from report import Row, Target

KINDS = ("body", "template", "structure")
PEER = "flask run --debug"
NOT_RELOADED = (
    "flask run --debug reads a template anew without a restart: both sides are the time of one request, so "
    "no factor is to be had."
)
REQUESTS = 20
_numbers = itertools.count(1000)  # all of one length: the size of a file never tells that it changed


class Edit(NamedTuple):
    """What is replaced in a file, and how its new answer is known."""

    file: str
    old: str
    new: str
    path: str
    done: Callable[[int, str], bool]
    function: str = ""


def plan(kind: str, layout: str, routes: int) -> Edit:
    """Another edit of a kind, never one that was before."""
    number = next(_numbers)
    if kind == "template":
        _, _, path = middle(layout, routes, 0)
        return Edit("templates/hello.html", r"Hello\S*", f"Hello-{number}", path, _holds(f"Hello-{number} "))
    if kind == "structure":
        path = f"/bench/rule{number}"
        return Edit(
            "app.py", r"/bench/rule\d*", path, path, lambda status, text: (status, text) == (200, "here")
        )
    file, function, path = middle(layout, routes, 2)
    view = function.removeprefix("view_")
    return Edit(
        file, rf"<p>(\S+ )?{view}:", f"<p>v{number} {view}:", path, _holds(f"<p>v{number} "), function
    )


def _holds(words: str) -> Callable[[int, str], bool]:
    return lambda status, text: status == 200 and words in text


def write(folder: Path, edit: Edit, way: str) -> float:
    """Write a file as another program does; the moment before."""
    path = folder / edit.file
    text = path.read_bytes().decode()
    data = re.sub(edit.old, edit.new, text).encode()
    assert data.decode() != text
    began = time.perf_counter()
    if way == "replaced":
        beside = path.with_name(path.name + ".tmp")
        beside.write_bytes(data)
        os.replace(beside, path)  # noqa: PTH105  (as others do it)
    else:
        path.write_bytes(data)
    return began


class Contender:
    """A server on a folder of its own, and whether its module kept what it had counted."""

    def __init__(self, folder: Path, port: int, shown: Window | None = None) -> None:
        self.folder, self.shown = folder, shown
        self.asker = Asker(port)
        self.kept: list[bool] = []

    def edit(self, edit: Edit, way: str) -> float:
        """Milliseconds from the write to the new answer."""
        if way == "in the window" and self.shown is not None:
            self.shown.ask("caught_up", function=edit.function)
        before = self.asker.number("/bench/count")
        if way == "in the window":
            assert self.shown is not None
            began = time.perf_counter()
            self.shown.tell("edit", function=edit.function, old=edit.old, new=edit.new)
        else:
            began = write(self.folder, edit, way)
        ended = self.asker.until(edit.path, edit.done)
        if way == "in the window" and self.shown is not None:
            self.shown.hear()
        self.kept.append(self.asker.number("/bench/count") == before + 1)
        return (ended - began) * 1000

    def request(self) -> float:
        """Milliseconds of one request with nothing to reload."""
        took = []
        for _ in range(REQUESTS):
            began = time.perf_counter()
            self.asker.get("/bench/rule")
            took.append((time.perf_counter() - began) * 1000)
        return statistics.median(took)


class Place:
    """One folder, three times: two of ours and the peer."""

    def __init__(self, layout: str, routes: int, options: Options) -> None:
        self.layout, self.routes, self.options = layout, routes, options
        self.found: dict[tuple[str, str, str], list[float]] = {}
        self.ready_at = 0.0

    def measure(self) -> list[Row]:
        with ExitStack() as stack:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            folders = [
                make(self.layout, place / name, self.routes, RULE) for name in ("serve", "window", "flask")
            ]
            serve = stack.enter_context(playground_serve(folders[0], place))
            shown = stack.enter_context(window("playground", place, folders[1]))
            flask = stack.enter_context(flask_run(folders[2], place, "--debug"))
            self.ours = {
                "playground serve": Contender(folders[0], serve.port),
                "window": Contender(folders[1], shown.port, shown),
            }
            self.peer = Contender(folders[2], flask.port)
            self.ready_at = time.monotonic() + 1.1
            for kind, way in self._steps():
                for turn in range(self.options.runs):
                    self._turn(kind, way, turn)
            return list(self._rows())

    @staticmethod
    def _steps() -> list[tuple[str, str]]:
        return [*((kind, "written") for kind in KINDS), ("body", "replaced")]

    def _turn(self, kind: str, way: str, turn: int) -> None:
        """One edit of each, one after the other."""
        time.sleep(0.3)
        for name, ours in self.ours.items():
            self._note(kind, way, name, ours.edit(self._plan(kind), way))
            self._note("request", "", name, ours.request())
        if (kind, way) == ("body", "written"):
            shown = self.ours["window"]
            self._note(kind, "in the window", "window", shown.edit(self._plan(kind), "in the window"))
        time.sleep(max(0.0, self.ready_at + (turn + 0.5) / self.options.runs - time.monotonic()))
        self._note(kind, way, PEER, self.peer.edit(self._plan(kind), way))
        self.ready_at = time.monotonic() + 1.1
        self._note("request", "", PEER, self.peer.request())

    def _plan(self, kind: str) -> Edit:
        return plan(kind, self.layout, self.routes)

    def _note(self, kind: str, way: str, name: str, took: float) -> None:
        self.found.setdefault((kind, way, name), []).append(took)

    def _rows(self) -> Iterator[Row]:
        where = f"{self.routes:,} routes, {self.layout}"
        for kind, way in self._steps():
            theirs = self.found[kind, way, PEER]
            for name in self.ours:
                what = f"{where}: {kind} {way}, {name}"
                shown = name == "window" and way == "written" and self.layout == "one file"
                note = NOT_RELOADED if kind == "template" else ""
                target = self._target(kind)
                yield self._row(what, self.found[kind, way, name], theirs, target, note, shown=shown)
            if (kind, way) == ("body", "written"):
                inside = self.found[kind, "in the window", "window"]
                what = f"{where}: body typed in the window's editor"
                note = "Begins before the write: with the check of what was typed, without the 250 ms pause."
                yield self._row(what, inside, theirs, None, note)
        for name in self.ours:
            took, theirs = self.found["request", "", name], self.found["request", "", PEER]
            yield self._row(f"{where}: a request without an edit, {name}", took, theirs)
        yield self._kept(where)

    def _target(self, kind: str) -> Target | None:
        if kind == "structure":
            return Target("faster", 10) if self.routes < 1000 else None
        return Target("faster", 100)

    @staticmethod
    def _row(
        what: str,
        ours: list[float],
        theirs: list[float],
        target: Target | None = None,
        note: str = "",
        *,
        shown: bool = False,
    ) -> Row:
        return Row("edit to live", what, "ms", ours, PEER, theirs, target, note, shown)

    def _kept(self, where: str) -> Row:
        ours = [float(kept) for one in self.ours.values() for kept in one.kept]
        theirs = [float(kept) for kept in self.peer.kept]
        note = f"The counter outlived {sum(ours):.0f} of {len(ours)} edits; with {PEER} "
        note += f"{sum(theirs):.0f} of {len(theirs)} (those of templates)."
        share = [100 * sum(ours) / len(ours)]
        other = [100 * sum(theirs) / len(theirs)]
        what = f"{where}: data of the module kept"
        shown = self.layout == "one file" and self.routes == 1000
        return Row("edit to live", what, "%", share, PEER, other, Target("at least", 100), note, shown)


def measure(options: Options) -> list[Row]:
    """Folders of all sizes."""
    places = [("one file", 10)] if options.quick else [("one file", size) for size in (10, 100, 1000)]
    if not options.quick:
        places.append(("many files", 1000))
    rows = []
    for layout, routes in places:
        say(f"edit to live: {routes:,} routes, {layout}")
        rows += Place(layout, routes, options).measure()
    return rows


if __name__ == "__main__":
    alone("edit_to_live")
