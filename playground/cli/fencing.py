"""What keeps an app that is imported here from taking the command with it: output, sudden ends, threads."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from types import FrameType
from typing import NoReturn

from playground.cli.output import ERRORS, OUTPUT

ENDING = 2.0
"""Seconds that Python has to end once the command is done."""


@contextmanager
def fenced() -> Iterator[None]:
    """Around an import of the app."""
    with _ended_by_ctrl_c(), _without_sudden_end(), _output_kept_clean():
        yield


@contextmanager
def _output_kept_clean() -> Iterator[None]:
    """What the app writes while it is imported goes to standard error, also past Python."""
    sys.stdout.flush()
    kept = os.dup(OUTPUT)
    os.dup2(ERRORS, OUTPUT)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, OUTPUT)
        os.close(kept)


@contextmanager
def _without_sudden_end() -> Iterator[None]:
    """``os._exit`` at the top of a file is an ``exit``: it ends the import, and the command says so."""
    end, ours = os._exit, os.getpid()

    def leave(status: int) -> NoReturn:
        if os.getpid() != ours:  # a child that was forked: nothing else ends it
            end(status)
        raise SystemExit(status)

    os._exit = leave
    try:
        yield
    finally:
        os._exit = end


@contextmanager
def _ended_by_ctrl_c() -> Iterator[None]:
    """Ctrl+C is for the command, though it looks to the import like a failure of the app."""
    pressed: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def leave_behind_threads_of_the_app(status: int = 0) -> None:
    """A thread that the app started and never ends would keep the process alive for ever."""
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def end_surely(status: int) -> None:
    """Python waits at its end for processes, and for what an app wants done then: it may be endless work."""
    timer = threading.Timer(ENDING, os._exit, (status,))
    timer.daemon = True
    timer.start()
