"""Disks that are full or may not be written to: small ones of our own, where we may make them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, size: str = "64k") -> Iterator[Path]:
    """A disk of its own at ``place``; the test is skipped where none may be made."""
    place.mkdir()
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("needs the right to mount a disk")
    if not _done("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place):
        pytest.skip("needs the right to mount a disk")
    try:
        yield place
    finally:
        assert _done("umount", "-l", place)


def may_write(disk: Path, may: bool) -> None:
    """Let the disk be written to, or not, by nobody."""
    assert _done("mount", "-o", f"remount,{'rw' if may else 'ro'}", disk)


def fill(disk: Path) -> Path:
    """Write until there is no room; gives back the file to remove."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"x" * 1024)
    return filler


def _done(*words: object) -> bool:
    return not subprocess.run([*map(str, words)], capture_output=True, check=False).returncode
