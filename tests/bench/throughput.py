"""How many answers a second: the playground with all that it records, ``flask run``, and bare waitress.

All servers stand at the same time and are asked one after the other, round by round, so that a busy moment of
the machine meets all alike. The window is also asked while nothing of it records: what the recorder costs.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from load import per_second, tool
from options import Options, alone, say
from processes import Window, bare_waitress, flask_run, playground_serve, window
from projects import SERVED, make
from report import Row, Target

OURS = ("window", "playground serve")
UNRECORDED = "window that records nothing"
SECONDS = 1.0


def _start(name: str, folder: Path, place: Path) -> Any:
    if name == "window":
        return window("playground", place, folder)
    begin = {"playground serve": playground_serve, "flask run": flask_run, "bare waitress": bare_waitress}
    return begin[name](folder, place)


def _measure(kind: str, sizes: tuple[int, int], options: Options) -> dict[tuple[str, int], list[float]]:
    """Answers a second of each server with each number of routes."""
    path, source = SERVED[kind]
    found: dict[tuple[str, int], list[float]] = {}
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports: dict[tuple[str, int], int] = {}
        windows: dict[int, Window] = {}
        for size in sizes:
            for name in (*OURS, "flask run", "bare waitress"):
                # The counter is a route, too: with "1" there is the one that is asked for, and it.
                folder = make("one file", place / f"{name} {size}", size - 1, "\n\n" + source)
                server = stack.enter_context(_start(name, folder, place))
                ports[name, size] = server.port
                if isinstance(server, Window):
                    windows[size] = server
        for port in ports.values():
            per_second(port, path, options.seconds(1.0))  # what is made at the first request
        for _ in range(options.runs):
            for key, port in ports.items():
                found.setdefault(key, []).append(per_second(port, path, options.seconds(SECONDS)))
            for size, server in windows.items():
                server.ask("record", on=False)
                figure = per_second(server.port, path, options.seconds(SECONDS))
                found.setdefault((UNRECORDED, size), []).append(figure)
                server.ask("record", on=True)
    return found


def _rows(kind: str, sizes: tuple[int, int], found: dict[tuple[str, int], list[float]]) -> Iterator[Row]:
    for name in OURS:
        for size in sizes:
            what = f"{kind}, {size:,} route{'s' * (size > 1)}, {name}"
            ours = found[name, size]
            for peer, bound in (("flask run", 1.5), ("bare waitress", 0.85)):
                theirs, target = found[peer, size], Target("of peer", bound)
                shown = name == "window" and size == sizes[1]
                yield Row("throughput", what, "requests/s", ours, peer, theirs, target, "", shown)
        if name == "window":
            yield _recorded(f"{kind}, {sizes[1]:,} routes", found, sizes[1])
        few, many = (found[name, size] for size in sizes)
        plain = statistics.median(found["bare waitress", sizes[1]]) / statistics.median(
            found["bare waitress", sizes[0]]
        )
        what, peer = f"{kind}, {sizes[1]:,} routes, {name}", f"the same with {sizes[0]}"
        more = {"bare waitress": plain}
        target = Target("of peer", 0.95)
        yield Row("throughput", what, "requests/s", many, peer, few, target, "", name == "window", more)


def _recorded(what: str, found: dict[tuple[str, int], list[float]], size: int) -> Row:
    """The same window with the recorder and without."""
    ours, theirs = found["window", size], found[UNRECORDED, size]
    target = Target("of peer", 0.85)
    return Row("throughput", f"{what}, window", "requests/s", ours, UNRECORDED, theirs, target, "", True)


def measure(options: Options) -> list[Row]:
    """Each kind of answer."""
    sizes, kinds = ((1, 10), list(SERVED)[:1]) if options.quick else ((1, 500), list(SERVED))
    rows: list[Row] = []
    for kind in kinds:
        say(f"throughput: {kind}, asked by {tool()}")
        rows += _rows(kind, sizes, _measure(kind, sizes, options))
    return rows


if __name__ == "__main__":
    alone("throughput")
