"""Measures how long an edit takes to be answered, beside ``flask run --debug`` on a copy of the same folder.

From writing the file, as any editor does, to the first new answer over the socket; template and Python file,
10 and 100 routes. The two servers take turns; medians are printed.

    python tests/bench/edit_to_live.py [RUNS]
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from project_folders import one_file  # noqa: E402

EDITS = {
    "template": ("templates/hello.html", "Hello", "/area0/page0/Ada"),
    "structure": ("app.py", "<p>2:", "/area0/thing2/1"),
}
"""Each kind of edit: the file, the words in it that are replaced, and the path that shows them."""
PLAYGROUND = ["-m", "playground", "serve", ".", "--port"]
FLASK = ["-m", "flask", "--app", "app", "run", "--debug", "--port"]


@contextmanager
def served(command: list[str], folder: Path) -> Iterator[int]:
    """A server on the folder in a process of its own; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, *command, str(port)], cwd=folder, **quiet)  # type: ignore[call-overload]
    try:
        wait_for(port, "/area0/thing2/1", "2:")
        time.sleep(1.5)  # both look at the files now
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, path: str, words: str) -> None:
    """Ask until the answer holds the words."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            if words in connection.getresponse().read().decode():
                return
        except (OSError, HTTPException):
            pass  # between two processes of flask run nobody listens
        finally:
            connection.close()
        time.sleep(0.002)
    raise TimeoutError(f"{path} never said {words}")


def edit(folder: Path, kind: str, number: int) -> str:
    """Write another version of a file; the words that only its answer has."""
    file, words, _ = EDITS[kind]
    original = (folder / file).with_suffix(".original")
    if not original.exists():
        original.write_bytes((folder / file).read_bytes())
    new = f"{words}-{number}"
    (folder / file).write_bytes(original.read_bytes().replace(words.encode(), new.encode()))
    return new


def main() -> None:
    """Print the medians."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    os.environ["PYTHONPATH"] = str(ROOT)
    for routes in (10, 100):
        with tempfile.TemporaryDirectory() as place:
            os.environ["PLAYGROUND_HOME"] = str(Path(place) / "home")
            ours, theirs = one_file(Path(place) / "ours", routes), one_file(Path(place) / "theirs", routes)
            with served(PLAYGROUND, ours) as our_port, served(FLASK, theirs) as their_port:
                for kind in EDITS:
                    times: dict[int, list[float]] = {our_port: [], their_port: []}
                    for number in range(runs):
                        for folder, port in ((ours, our_port), (theirs, their_port)):
                            began = time.perf_counter()
                            words = edit(folder, kind, number)
                            wait_for(port, EDITS[kind][2], words)
                            times[port].append(time.perf_counter() - began)
                            time.sleep(1.2)  # the next edit is one of its own
                    mine, plain = (statistics.median(found) for found in times.values())
                    shown = f"{mine * 1000:5.0f} ms, flask run --debug {plain * 1000:5.0f} ms"
                    print(f"{routes:4} routes, {kind:9}: {shown}, {plain / mine:.1f} times as long")


if __name__ == "__main__":
    main()
