"""A class of 200 while the app is shared: how late a 16 ms timer of the window is, and that all are answered.

Beside an empty window with bare waitress in a thread of its process. Each client has an address of its own,
so the roster is compared with what each of them counted: to the request.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from options import Options, alone, say
from processes import Window, script, window
from projects import make, middle
from report import Row, Target

CLIENTS = 200
SECONDS = 60.0
QUICK_SECONDS = 4.0
ROUTES = 100
LIMIT_MS = 16.0
NETWORK = "127.0.0.2"
"""Plays the address of this machine in the network: nothing but loopback is ever opened here."""
PEER = "an empty window and bare waitress"
PAUSES = {"asking once a second": 1.0, "asking all the time": 0.0}


def _ask(shown: Window, host: str, seconds: float, pause: float) -> tuple[dict[str, float], dict[str, Any]]:
    """The lateness while they ask, and what they counted when all of them had their answers."""
    path = middle("one file", ROUTES, 0)[2]
    words = script("guests.py", host, shown.port, path, CLIENTS, seconds + 4, pause)
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as clients:
        try:
            shown.ask("rest", seconds=3.0)  # all have come
            late = shown.ask("lateness", seconds=seconds)
            out, _ = clients.communicate(timeout=120)
        finally:
            clients.kill()
    return late, json.loads(out)


def _check(counted: dict[str, Any], roster: dict[str, Any] | None) -> None:
    """Every client had all of its answers; ours knows each of them to the request."""
    assert not counted["errors"] and not counted["wrong"], counted
    assert len(counted["answered"]) == CLIENTS, len(counted["answered"])
    if roster is not None:
        assert roster["guests"] == counted["answered"], "the roster is not right"
        assert roster["requests"] == sum(counted["answered"].values())
        assert (roster["failed"], roster["refused"]) == (0, 0), roster


def _round(
    place: Path, folder: Path, options: Options, turn: int
) -> Iterator[tuple[str, str, dict[str, float]]]:
    seconds = QUICK_SECONDS if options.quick else SECONDS
    for kind in ("playground", "bare") if turn % 2 == 0 else ("bare", "playground"):
        with ExitStack() as stack:
            shown = stack.enter_context(window(kind, place, folder))
            shown.ask("rest", seconds=1.5)  # what comes after starting is over
            for state, pause in PAUSES.items():
                host = "127.0.0.1"
                if kind == "playground":
                    host = NETWORK
                    shown.ask("share", addresses=[NETWORK])
                late, counted = _ask(shown, host, seconds, pause)
                _check(counted, shown.ask("roster") if kind == "playground" else None)
                answered = sum(counted["answered"].values()) / (seconds + 4)
                more = {"answered": answered, "answer p50": counted["p50"], "answer p99": counted["p99"]}
                yield kind, state, {**late, **more}


def measure(options: Options) -> list[Row]:
    """Both ways of asking, round by round."""
    found: dict[tuple[str, str], list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = make("one file", place / "project", ROUTES)
        for turn in range(options.runs):
            say(f"sharing: round {turn + 1} of {options.runs}")
            for kind, state, late in _round(place, folder, options, turn):
                found.setdefault((kind, state), []).append(late)
    return [row for state in PAUSES for row in _rows(state, found["playground", state], found["bare", state])]


def _rows(state: str, ours: list[dict[str, float]], theirs: list[dict[str, float]]) -> Iterator[Row]:
    figures = {
        "p99": f"{CLIENTS} clients {state}: lateness of a 16 ms timer, p99",
        "max": f"{CLIENTS} clients {state}: lateness of a 16 ms timer, max",
        "answer p50": f"{CLIENTS} clients {state}: time to the answer, p50",
        "answer p99": f"{CLIENTS} clients {state}: time to the answer, p99",
    }
    for figure, what in figures.items():
        mine, plain = ([found[figure] for found in each] for each in (ours, theirs))
        target = Target("at most", LIMIT_MS) if figure == "p99" else None
        more = {"answered a second": [round(found["answered"]) for found in ours]}
        yield Row("sharing", what, "ms", mine, PEER, plain, target, "", figure == "p99", more)
    mine, plain = ([found["answered"] for found in each] for each in (ours, theirs))
    yield Row("sharing", f"{CLIENTS} clients {state}: answers", "requests/s", mine, PEER, plain)


if __name__ == "__main__":
    alone("sharing")
