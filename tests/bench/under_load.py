"""How late a timer of 16 ms is in the window's thread: idle, with 16 clients, with three runaway views.

Beside an empty main window with bare waitress in a thread of its process, at Python's own switch interval.
"""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from load import CONNECTIONS, command
from options import Options, alone, say
from processes import Window, window
from projects import SPIN, make, middle
from report import Row, Target

SECONDS = 5.0
ROUTES = 100
RUNAWAY = 3
LIMIT_MS = 16.0
PEER = "an empty window and bare waitress"
STATES = {
    "idle": "idle",
    "asked": f"{CONNECTIONS} clients asking",
    "runaway": f"{RUNAWAY} views in while True: pass",
}


@contextmanager
def _asked(shown: Window, seconds: float) -> Iterator[None]:
    """Clients that ask all the time."""
    url = f"http://127.0.0.1:{shown.port}{middle('one file', ROUTES, 1)[2]}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command(url, seconds + 3), **quiet)  # type: ignore[call-overload]
    try:
        time.sleep(0.5)  # they ask now
        yield
        assert process.poll() is None, "the clients ended too early"
    finally:
        process.kill()
        process.wait()


@contextmanager
def _runaway(shown: Window) -> Iterator[None]:
    """Views that never end; the process must be ended after them."""
    with ExitStack() as stack:
        for _ in range(RUNAWAY):
            asking = stack.enter_context(socket.create_connection(("127.0.0.1", shown.port)))
            asking.sendall(b"GET /bench/spin HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(0.5)  # they run now
        yield


def _round(
    place: Path, folder: Path, seconds: float, turn: int
) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Both windows in each state, taking turns at being the first."""
    with ExitStack() as stack:
        windows: dict[str, tuple[Window, ExitStack]] = {}
        for kind in ("playground", "bare"):
            own = stack.enter_context(ExitStack())
            windows[kind] = own.enter_context(window(kind, place, folder)), own
        time.sleep(1.5)  # what comes after starting is over
        order = list(windows) if turn % 2 == 0 else list(reversed(windows))
        for kind in order:
            yield kind, "idle", windows[kind][0].ask("lateness", seconds=seconds)
        for kind in order:
            shown = windows[kind][0]
            with _asked(shown, seconds):
                yield kind, "asked", shown.ask("lateness", seconds=seconds)
        for kind in order:
            shown, own = windows[kind]
            with _runaway(shown):
                yield kind, "runaway", shown.ask("lateness", seconds=seconds)
            own.close()  # the other one has the machine for itself


def measure(options: Options) -> list[Row]:
    """All states, round by round."""
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = make("one file", place / "project", ROUTES, SPIN)
        for turn in range(options.runs):
            say(f"under load: round {turn + 1} of {options.runs}")
            for kind, state, late in _round(place, folder, options.seconds(SECONDS), turn):
                found.setdefault((kind, state), []).append(late)
    return [row for state in STATES for row in _rows(state, found["playground", state], found["bare", state])]


def _rows(state: str, ours: list[dict[str, float]], theirs: list[dict[str, float]]) -> Iterator[Row]:
    for figure in ("p99", "p50", "max"):
        mine, plain = ([late[figure] for late in found] for found in (ours, theirs))
        what = f"{STATES[state]}: lateness of a 16 ms timer, {figure}"
        target = Target("at most", LIMIT_MS) if figure == "p99" else None
        more = {"ticks": median(late["ticks"] for late in ours)}
        yield Row("window under load", what, "ms", mine, PEER, plain, target, "", figure == "p99", more)


if __name__ == "__main__":
    alone("under_load")
