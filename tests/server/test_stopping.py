"""Code that does not end is stopped on the main thread too, where ``serve`` and ``routes`` import the app."""

from __future__ import annotations

import os
import signal
import socket
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
