"""What the window takes with 10 to 10,000 routes, how long it is held up meanwhile, and its memory.

Each run has a window of its own: opening until the list is painted, a key in the filter, one route changed by
its form, one body edited by another program, the map drawn.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from asking import Asker
from edit_to_live import plan, write
from options import Options, alone, say
from processes import Window, environment, memory, script, window
from projects import make, middle
from report import Row, Target, summary

SIZES = (10, 100, 1000, 10_000)
STEPS = ("opening", "filter", "form", "body edit", "map")
PEER = "flask routes"
WITH_START = "flask routes is a process of its own, its start is part of its time."
NO_PAUSE = "From what was typed being written, without the form's pause of 250 ms, to being live."
SHOWN = ("listed", "filter", "body edit", "block", "memory")
Figures = dict[str, list[float]]


def _flask_routes(folder: Path, place: Path) -> float:
    """Seconds that ``flask routes`` takes."""
    began = time.perf_counter()
    command = script("flask_alone.py", "--app", "app", "routes")
    subprocess.run(
        command, cwd=folder, env=environment(place), stdout=subprocess.DEVNULL, check=True, timeout=180
    )
    return time.perf_counter() - began


def _one(layout: str, routes: int, place: Path, folder: Path, turn: int) -> Iterator[tuple[str, float]]:
    """Every figure once, in a fresh window."""
    yield "flask routes", _flask_routes(folder, place)
    with window("playground", place) as shown:
        time.sleep(1.0)  # what it does by itself after it came up is over
        empty = memory(shown.pid)
        opened = shown.ask("open", folder=str(folder))
        assert opened["routes"] == routes + 1, opened
        full = memory(shown.pid)
        yield from (("listed", opened["listed"]), ("live", opened["live"]), *_held_up("opening", opened))
        if empty is not None and full is not None:
            yield from (("memory", full), ("empty memory", empty))
        typed = shown.ask("filter")
        assert typed["left"] < typed["all"], typed
        yield from (("filter", max(typed["keys"])), *_held_up("filter", typed))
        changed = shown.ask("form", function=middle(layout, routes, 1)[1], words=f"Turn {turn}.")
        yield from (("page", changed["opening"]), ("form", changed["live"]), *_held_up("form", changed))
        yield "body edit", _body_edit(layout, routes, folder, opened["port"], shown)
        yield from _held_up("body edit", shown.ask("end"))
        drawn = shown.ask("map")
        yield from (("map", drawn["drawn"]), *_held_up("map", drawn))


def _body_edit(layout: str, routes: int, folder: Path, port: int, shown: Window) -> float:
    """Milliseconds from the write of a file by another program, us, to the first new answer."""
    shown.ask("begin")
    edit = plan("body", layout, routes)
    with Asker(port) as asker:
        began = write(folder, edit, "written")
        return (asker.until(edit.path, edit.done) - began) * 1000


def _held_up(step: str, said: dict[str, float]) -> Iterator[tuple[str, float]]:
    """The longest block of a step, and how much of it the window's thread itself worked."""
    yield f"{step} block", said["block"]
    yield f"{step} busy", said["busy"]


def _rows(layout: str, routes: int, found: Figures) -> Iterator[Row]:
    where, most = f"{routes:,} routes, {layout}", routes == SIZES[-1]

    def row(what: str, unit: str, key: str, bound: float | None = None, note: str = "") -> Row:
        target = Target("at most", bound) if bound is not None and most else None
        shown = most and key in SHOWN
        return Row("scale", f"{where}: {what}", unit, found[key], target=target, note=note, shown=shown)

    listed = row("opening until listed", "s", "listed", note=WITH_START)
    listed.peer, listed.theirs = PEER, found["flask routes"]
    yield listed
    yield row("opening until live", "s", "live")
    yield row("the slowest key in the filter", "ms", "filter", 50)
    yield row("a route's page opened", "ms", "page")
    yield row("one route changed by its form until live", "ms", "form", None, NO_PAUSE)
    yield row("one body edit until live", "ms", "body edit", 100)
    yield row("the map drawn", "ms", "map")
    found["block"] = [max(blocks) for blocks in zip(*(found[f"{step} block"] for step in STEPS), strict=True)]
    yield row("longest block of the window, of all steps", "ms", "block", 100)
    for step in STEPS:
        block = row(f"longest block of the window, {step}", "ms", f"{step} block", 100)
        block.more["busy"] = summary(found[f"{step} busy"])
        yield block
    if "memory" in found:
        used = row("memory", "MB", "memory")
        used.peer, used.theirs = "the window without a project", found["empty memory"]
        yield used


def measure(options: Options) -> list[Row]:
    """Each size, in one file and in many."""
    rows: list[Row] = []
    for routes in SIZES[:1] if options.quick else SIZES:
        found: dict[str, Figures] = {"one file": {}, "many files": {}}
        with ExitStack() as stack:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            folders = {layout: make(layout, place / layout, routes) for layout in found}
            for turn in range(options.runs):
                say(f"scale: {routes:,} routes, round {turn + 1} of {options.runs}")
                for layout, figures in found.items():
                    for key, figure in _one(layout, routes, place, folders[layout], turn):
                        figures.setdefault(key, []).append(figure)
        for layout, figures in found.items():
            rows += _rows(layout, routes, figures)
    return rows


if __name__ == "__main__":
    alone("scale")
