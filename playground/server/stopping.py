"""Stopping Python code that does not stop by itself.

An exception can be raised in another thread from outside. It arrives between two steps of Python
code; inside one long call into C it has to wait until that call returns.
"""

from __future__ import annotations

import ctypes
import threading
from types import TracebackType


class TookTooLongError(BaseException):
    """Raised in code that passed its time limit; not an ``Exception``, so that ``except`` lets it by."""


def interrupt(thread: int, error: type[BaseException]) -> None:
    """Raise ``error`` in the thread of that identifier as soon as it runs Python code."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))


def uninterrupt(thread: int) -> None:
    """Take back an ``interrupt`` that has not arrived yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), None)


class TimeLimit:
    """Raises ``TookTooLongError`` in the body of the ``with`` once ``seconds`` have passed."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._over = False
        self._thread = threading.get_ident()

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

    def __enter__(self) -> TimeLimit:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._over = True
        self._timer.cancel()
        self._timer.join()
