"""What is measured: servers and windows, each in a process group of its own that is gone afterwards.

Each gets a clean environment: a home of its own, bytecode cached as for any user, nothing of who started us.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from asking import Asker

from playground.session.home import Home

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DROPPED = ("FLASK_", "PLAYGROUND_", "PYTHON", "WERKZEUG_", "QT_", "DISPLAY", "WAYLAND_")
DEADLINE = 90.0
THREADS = 8
"""Workers of bare waitress: as many as the playground's own server has."""


class Served(NamedTuple):
    """A server that answers."""

    port: int
    pid: int


def environment(place: Path) -> dict[str, str]:
    """The surroundings of a process that is measured; ``place`` holds its home, its bytecode and projects."""
    Home(place / "home").trust(place)
    env = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
    env["PLAYGROUND_HOME"] = str(place / "home")
    env["PYTHONPYCACHEPREFIX"] = str(place / "bytecode")
    env["QT_QPA_PLATFORM"] = "offscreen"
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # Chromium refuses its sandbox to root
        env["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    return env


def python(*words: object) -> list[str]:
    """The command of a Python that takes no modules from the working folder."""
    return [sys.executable, "-P", *map(str, words)]


def script(name: str, *words: object) -> list[str]:
    """The command of one of the scripts beside this file."""
    return [sys.executable, str(HERE / name), *map(str, words)]


@contextmanager
def running(
    command: Sequence[str], place: Path, folder: Path, **pipes: Any
) -> Iterator[subprocess.Popen[str]]:
    """A process with all its descendants; none of them outlives the block."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(place),
        start_new_session=os.name != "nt",
        text=True,
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | pipes,
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """No farewell: what is measured has nothing to lose."""
    if os.name == "nt":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait(30)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                pass


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def _serving(command: list[str], place: Path, folder: Path, port: int) -> Iterator[Served]:
    with running(command, place, folder) as process:
        with Asker(port) as asker:
            deadline = time.monotonic() + DEADLINE
            while asker.get("/bench/count") is None:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{' '.join(command)} does not answer")
                time.sleep(0.02)
        yield Served(port, process.pid)


def playground_serve(folder: Path, place: Path) -> Any:
    """``playground serve``."""
    port = free_port()
    command = python("-m", "playground", "serve", folder, "--port", port)
    return _serving(command, place, folder, port)


def flask_run(folder: Path, place: Path, *options: str) -> Any:
    """``flask run``, with ``--debug`` among the options where wanted."""
    port = free_port()
    command = script("flask_alone.py", "--app", "app", "run", *options, "--port", port)
    return _serving(command, place, folder, port)


def bare_waitress(folder: Path, place: Path) -> Any:
    """The app in waitress with nothing around it."""
    port = free_port()
    return _serving(script("bare_waitress.py", folder, port, THREADS), place, folder, port)


class Window:
    """A window in a process of its own, told by a line of JSON what to do, and answering with one."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.pid = process.pid
        self.port = 0

    def tell(self, command: str, **values: object) -> None:
        """Say what to do and wait for nothing."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"command": command, **values}) + "\n")
        self._process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """The next answer."""
        assert self._process.stdout is not None
        watch = threading.Timer(DEADLINE, self._process.kill)  # a window that hangs ends the wait for it
        watch.start()
        try:
            for line in self._process.stdout:
                if line.startswith("{"):
                    answer: dict[str, Any] = json.loads(line)
                    if "error" in answer:
                        raise RuntimeError(answer["error"])
                    return answer
        finally:
            watch.cancel()
        raise RuntimeError("the window ended, or did not answer in time")

    def ask(self, command: str, **values: object) -> dict[str, Any]:
        self.tell(command, **values)
        return self.hear()


@contextmanager
def window(kind: str, place: Path, folder: Path | None = None) -> Iterator[Window]:
    """A window: ``playground``, or ``bare`` for an empty one with waitress in a thread."""
    command = script("window_process.py", kind, *([folder] if folder else []))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    place.mkdir(parents=True, exist_ok=True)
    with running(command, place, place, **pipes) as process:
        shown = Window(process)
        shown.port = int(shown.hear()["port"])
        yield shown


def memory(pid: int) -> float | None:
    """Megabytes of a process that are in memory now."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024
    except OSError:
        pass
    try:
        done = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return int(done.stdout) / 1024
