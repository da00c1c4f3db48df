"""Reading and writing files so that nothing is lost: all of a change reaches the disk, or none of it.

Every write goes to a temporary file beside its target first; only when all of them are there
and no target has changed since it was read are they put in place.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PureWindowsPath

from playground.core.problems import Place, ProblemError, refuse

MAX_BYTES = 2_000_000
TEMP_MARK = ".playground-"

Contents = Mapping[str, bytes | None]
"""What files hold, by their path relative to the folder; None for a file that is not there."""


def digest(data: bytes) -> str:
    """A short name for exactly these bytes."""
    return hashlib.sha256(data).hexdigest()


def inside(folder: Path, file: str) -> Path:
    """The path of a file of the folder; refuses what would lead out of it."""
    parts = file.split("/")
    foreign = os.name == "nt" and ("\\" in file or PureWindowsPath(file).drive)
    if foreign or any(part in {"", ".", ".."} for part in parts):
        raise refuse(f"“{file}” is not the name of a file in this folder.", field="file")
    return folder.joinpath(*parts)


def read_bytes(folder: Path, file: str) -> bytes | None:
    """What a file holds now, or None if it is not there."""
    path = inside(folder, file)
    try:
        if path.exists() and not path.is_file() and not path.is_dir():  # reading a pipe waits for ever
            raise refuse(f"{file} is not an ordinary file.", "It can't be read here.", place=Place(file))
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: str, error: OSError) -> ProblemError:
    if isinstance(error, IsADirectoryError):
        return refuse(f"{file} is a folder, not a file.", field="file", original=str(error))
    return refuse(
        f"{file} can't be read.",
        "Check that it is still there and that you may read it.",
        place=Place(file),
        original=str(error),
    )


def write_problem(what: str, error: OSError) -> ProblemError:
    """Why nothing could be written to ``what``, in plain words."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return refuse(
            "The disk is full, so nothing was written.",
            "Free some space, then try again.",
            original=str(error),
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return refuse(
            f"{what} can't be written: you are not allowed to change it.",
            "Choose a folder of your own, or make this one writable.",
            original=str(error),
        )
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.EEXIST}:
        return refuse(
            f"{what} can't be written: its folder is not there, or a file stands in its place.",
            "Check that the project folder has not been moved.",
            original=str(error),
        )
    return refuse(f"{what} can't be written: {error.strerror or error}.", original=str(error))


def write_file(path: Path, data: bytes) -> None:
    """Replace one file as a whole; raises ``OSError`` and leaves the old one when that fails."""
    target = path.resolve()
    temp = _write_temp(target, data)
    try:
        os.replace(temp, target)  # noqa: PTH105  (tests let os.replace fail)
    except OSError:
        temp.unlink(missing_ok=True)
        raise


def _write_temp(target: Path, data: bytes) -> Path:
    temp = target.with_name(f".{target.name}{TEMP_MARK}{secrets.token_hex(4)}.tmp")
    try:
        with temp.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, temp)
    except OSError:
        with suppress(OSError):  # the failure that counts is the one on its way up
            temp.unlink(missing_ok=True)
        raise
    return temp


def replace_all(folder: Path, before: Contents, after: Contents) -> tuple[str, ...]:
    """Take all files from ``before`` to ``after``, or none; give back the folders that were made.

    Refuses when a file no longer holds what ``before`` says, so that the work of another program
    is never overwritten. Folders are relative to ``folder``, the outermost first.
    """
    if not folder.is_dir():
        raise refuse(
            f"The folder {folder} is no longer there, so nothing was written.",
            "Put it back where it was, or open it where it is now.",
        )
    transaction = _Transaction(folder, before, after)
    try:
        transaction.run()
    except BaseException as error:
        transaction.roll_back()
        if isinstance(error, OSError):
            raise write_problem(transaction.current, error) from error
        raise
    return tuple(_from_folder(folder, made) for made in transaction.made)


def _from_folder(folder: Path, made: Path) -> str:
    """``made`` seen from ``folder``, which may be relative, or hold a link that leads elsewhere."""
    return Path(os.path.relpath(made, folder.resolve())).as_posix()


class _Transaction:
    """One change of several files on its way to the disk."""

    def __init__(self, folder: Path, before: Contents, after: Contents) -> None:
        self._folder, self._before, self._after = folder, before, after
        self._temps: dict[str, Path] = {}
        self._done: list[str] = []
        self.made: list[Path] = []
        self.current = str(folder)

    def run(self) -> None:
        for file, data in self._after.items():
            self.current = file
            if data is not None:
                target = inside(self._folder, file).resolve()
                self._make_folders(target.parent)
                self._temps[file] = _write_temp(target, data)
        for file, data in self._before.items():
            if read_bytes(self._folder, file) != data:
                raise changed_outside(file)
        for file in self._after:
            self.current = file
            self._put(file)

    def _make_folders(self, folder: Path) -> None:
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir()
            self.made.append(path)

    def _put(self, file: str) -> None:
        target = inside(self._folder, file).resolve()
        temp = self._temps.get(file)
        if temp is None:
            target.unlink(missing_ok=True)
        else:
            os.replace(temp, target)  # noqa: PTH105  (tests let os.replace fail)
            del self._temps[file]
        self._done.append(file)

    def roll_back(self) -> None:
        for file in reversed(self._done):
            target, data = inside(self._folder, file).resolve(), self._before.get(file)
            if data is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(data)  # in place: a full disk has room for what was there before
        for temp in self._temps.values():
            temp.unlink(missing_ok=True)
        remove_empty(reversed_folders(self.made))


def changed_outside(file: str) -> ProblemError:
    """The refusal to write over what another program wrote."""
    return refuse(
        f"{file} was changed by another program, so nothing was written.",
        "Look at what it holds now, then make your change again.",
        place=Place(file),
    )


def reversed_folders(made: list[Path]) -> list[Path]:
    """Innermost first, as they have to be removed."""
    return sorted(made, key=lambda path: len(path.parts), reverse=True)


def remove_empty(folders: list[Path]) -> None:
    """Remove those of the folders that hold nothing; innermost first."""
    for folder in folders:
        with suppress(OSError):  # someone put something in it: it stays
            folder.rmdir()
