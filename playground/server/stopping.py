"""Stopping Python code that does not stop by itself.

An exception can be raised in another thread from outside. It arrives between two steps of Python
code; inside one long call into C it has to wait until that call returns. A call that only waits (a sleep, a
socket) is brought back by a signal, which on POSIX the main thread gets; on others it is not.
"""

from __future__ import annotations

import ctypes
import logging
import signal
import threading
from types import CodeType, FrameType, TracebackType
from typing import Any

_LOCKING = (threading.__file__, logging.__file__)
_LOCKING_NAMES = frozenset(
    (
        "acquire",
        "release",
        "__enter__",
        "__exit__",
        "_acquireLock",
        "_releaseLock",
        "_acquire_restore",
        "notify",
    )
)
_IMPORTING = "<frozen importlib"
"""Code that takes locks of the whole process: interrupted there, it might never give them back."""


class TookTooLongError(BaseException):
    """Raised in code that passed its time limit; not an ``Exception``, so that ``except`` lets it by."""


_set = ctypes.pythonapi.PyThreadState_SetAsyncExc


class _CalmError(BaseException):
    """Raised in this thread by itself, and caught there.

    Python 3.11 remembers for all threads at once that an exception waits for one of them, and forgets that
    only when one arrives. While one waits for a thread that sleeps, or after one was taken back, a thread
    that has a trace function would stand still for ever at the beginning of the next function. With this one
    arriving it is forgotten; the thread that another still waits for finds it when it wakes up.
    """


def line_or_first(line: int | None, frame: FrameType) -> int:
    """The line that Python names; the first of the function where it names none.

    Some instructions are of no line, and an interruption may come at any.
    """
    return line or frame.f_code.co_firstlineno


def holds_locks(code: CodeType) -> bool:
    """Whether it is code that would keep a lock for ever where it is interrupted."""
    if code.co_filename.startswith(_IMPORTING):
        return True
    return code.co_name in _LOCKING_NAMES and code.co_filename in _LOCKING


def interrupt(thread: int, error: type[BaseException]) -> None:
    """Raise ``error`` in the thread of that identifier as soon as it runs Python code."""
    own = threading.get_ident()
    try:
        _set(ctypes.c_ulong(thread), ctypes.py_object(error))
        if thread != own:
            _set(ctypes.c_ulong(own), ctypes.py_object(_CalmError))
            for _ in range(1000):
                pass  # it arrives at the first jump back, if not before
    except _CalmError:
        return


def uninterrupt(thread: int) -> None:
    """Take back an ``interrupt`` of this very thread that has not arrived yet."""
    try:
        _set(ctypes.c_ulong(thread), ctypes.py_object(_CalmError))  # in place of the one that waits
        for _ in range(1000):
            pass  # no function is called here, as that may be where a traced thread stands still
    except _CalmError:
        return


class _Waker:
    """Brings the main thread back from a call that waits, so that what was raised in it arrives.

    The signal is one that no program uses and that does nothing; an app that takes it keeps it.
    """

    def __init__(self) -> None:
        self._works = hasattr(signal, "SIGURG") and threading.current_thread() is threading.main_thread()
        self._before: Any = None

    def begin(self) -> None:
        if self._works:
            self._before = signal.signal(signal.SIGURG, _woken)

    def wake(self, thread: int) -> None:
        if self._works and signal.getsignal(signal.SIGURG) is _woken:
            signal.pthread_kill(thread, signal.SIGURG)

    def end(self) -> None:
        if self._works and signal.getsignal(signal.SIGURG) is _woken:
            signal.signal(signal.SIGURG, self._before or signal.SIG_DFL)


def _woken(number: int, frame: FrameType | None) -> None:
    """Nothing: that Python runs at all is what lets the exception arrive."""


class TimeLimit:
    """Raises ``TookTooLongError`` in the body of the ``with`` once ``seconds`` have passed."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._over = False
        self._thread = threading.get_ident()
        self._waker = _Waker()

    def end_within(self, seconds: float) -> None:
        """Ring after that many seconds from now instead; nothing happens once the body has ended."""
        with self._lock:
            if not self._over:
                self._timer.cancel()
                self._timer = threading.Timer(seconds, self._ring)
                self._timer.daemon = True
                self._timer.start()

    def _ring(self) -> None:
        with self._lock:
            if not self._over:
                interrupt(self._thread, TookTooLongError)
                self._waker.wake(self._thread)

    def __enter__(self) -> TimeLimit:
        self._waker.begin()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._over = True
        self._timer.cancel()
        self._timer.join()
        self._waker.end()
