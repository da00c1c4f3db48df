"""Does something as a user who may not read everything: to root, a file is never closed."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")
NOBODY = 65534


def as_another(work: Callable[[], T], *folders: Path) -> T:
    """What ``work`` returns in a process of its own, as a user without rights when we are root.

    The folders become theirs, and what is in them; what is above may be looked through.
    """
    if sys.platform == "win32":
        pytest.skip("rights as POSIX has them")
    if os.geteuid() == 0:
        for folder in folders:
            _hand_over(folder)
    reads, writes = os.pipe()
    with warnings.catch_warnings(
        action="ignore", category=DeprecationWarning
    ):  # none of Qt's threads is used
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


def _hand_over(folder: Path) -> None:
    for above in folder.parents:
        if above.stat().st_mode & 0o005 != 0o005:
            above.chmod(above.stat().st_mode | 0o005)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def _answer(work: Callable[[], object], pipe: int) -> None:
    """In the process of its own, which never returns from here."""
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        answer = (work(), "")
    except BaseException:  # noqa: BLE001  (whatever it is, the test tells of it)
        answer = (None, traceback.format_exc())
    with os.fdopen(pipe, "wb") as stream:
        stream.write(pickle.dumps(answer))
    os._exit(0)
