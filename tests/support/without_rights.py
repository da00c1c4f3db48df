"""Does something as a user whom the modes of files bind: to root, a file is never closed."""

from __future__ import annotations

import ctypes
import os
import pickle
import struct
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import TypeVar

import pytest

T = TypeVar("T")
_CAPABILITIES = 0x20080522  # the version of the system call that everyone has


def without_rights(work: Callable[[], T]) -> T:
    """What ``work`` returns in a process of its own, which has no more rights than the owner of its files."""
    if sys.platform == "win32" or (os.geteuid() == 0 and sys.platform != "linux"):
        pytest.skip("rights as Linux has them")
    reads, writes = os.pipe()
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # of threads
        process = os.fork()
    if not process:
        os.close(reads)
        _answer(work, writes)
    os.close(writes)
    with os.fdopen(reads, "rb") as stream:
        answer = stream.read()
    os.waitpid(process, 0)
    result, failure = pickle.loads(answer)
    assert not failure, failure
    return result  # type: ignore[no-any-return]


def _answer(work: Callable[[], object], pipe: int) -> None:
    """In the process of its own, which never returns from here."""
    try:
        if os.geteuid() == 0:
            _drop_capabilities()
        answer = (work(), "")
    except BaseException:  # noqa: BLE001  (whatever it is, the test tells of it)
        answer = (None, traceback.format_exc())
    with os.fdopen(pipe, "wb") as stream:
        stream.write(pickle.dumps(answer))
    os._exit(0)


def _drop_capabilities() -> None:
    """Root without them owns its files, and is bound by their modes as anyone is."""
    header, none = struct.pack("Ii", _CAPABILITIES, 0), struct.pack("6I", *[0] * 6)
    if ctypes.CDLL(None, use_errno=True).capset(header, none):
        raise OSError(ctypes.get_errno(), "capabilities can't be dropped")
