"""Code that does not end is stopped on the main thread too, where ``serve`` and ``routes`` import the app."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from playground.server.stopping import TimeLimit, TookTooLongError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
LONG = 600.0


def sleep() -> None:
    time.sleep(LONG)


def receive() -> None:
    one, other = socket.socketpair()
    with one, other:
        one.recv(1)


def wait_for_a_lock() -> None:
    threading.Event().wait(LONG)


def loop() -> None:
    while True:
        pass


@pytest.mark.parametrize("work", [sleep, receive, wait_for_a_lock, loop])
def test_what_waits_is_stopped(work: Callable[[], None]) -> None:
    before = signal.getsignal(signal.SIGURG)
    started = time.monotonic()
    with pytest.raises(TookTooLongError), TimeLimit(0.1):
        work()
    assert time.monotonic() - started < LONG / 10
    assert signal.getsignal(signal.SIGURG) == before


def test_what_ends_in_time_is_left_alone_and_a_signal_that_it_took_is_its_own() -> None:
    before = signal.getsignal(signal.SIGURG)
    seen: list[int] = []
    try:
        with TimeLimit(LONG):
            signal.signal(signal.SIGURG, lambda number, frame: seen.append(number))
        os.kill(os.getpid(), signal.SIGURG)
        assert seen == [signal.SIGURG]
    finally:
        signal.signal(signal.SIGURG, before)


TRACED = """
import ctypes, sys, threading, time
from playground.server.stopping import TookTooLongError, interrupt, uninterrupt

def sleep():
    try:
        time.sleep(1)
    except TookTooLongError:
        print("arrived")
    else:
        print("lost")

def followed():
    return 1

sleeper = threading.Thread(target=sleep)
sleeper.start()
if sys.argv[1] == "waits":
    interrupt(sleeper.ident, TookTooLongError)
uninterrupt(threading.get_ident())
sys.settrace(lambda *_: None)
followed()
sys.settrace(None)
print("alive" if sleeper.is_alive() else "late")
sleeper.join()
"""


@pytest.mark.parametrize(("what", "end"), [("waits", "arrived"), ("none", "lost")])
def test_a_traced_thread_goes_on_while_another_is_being_interrupted(what: str, end: str) -> None:
    """Python 3.11 would stand still at the beginning of the next function that is traced."""
    command = [sys.executable, "-c", TRACED, what]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == ["alive", end]
