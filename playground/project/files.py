"""Reading and writing files so that nothing is lost: all of a change reaches the disk, or none of it.

Every write goes to a temporary file beside its target first; only when all of them are there
and no target has changed since it was read are they put in place. Between two of them a process can be
killed, so a change of several files is noted elsewhere before (see ``unfinished``).

What is promised: a process that dies leaves each file whole, as it was or as it was to become. The bytes of
a file reach the disk (``fsync``) before they take its place, so that a power cut leaves no empty file either;
that the last change has survived the power cut is not promised, which would cost every edit a second wait.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path, PureWindowsPath
from stat import S_ISDIR, S_ISREG

from playground.core.problems import Place, ProblemError, refuse

MAX_BYTES = 2_000_000
_MOST_BYTES = 10 * MAX_BYTES  # what is typed here may grow beyond what is opened here
TEMP_MARK = ".playground-"
_TEMP = re.compile(r"\.playground-([0-9a-f]+)-[0-9a-f]{8}\.tmp")
_MOMENT = 60.0
"""Seconds after which what is there for milliseconds is nobody's, whoever has its process number now."""

Contents = Mapping[str, bytes | None]
"""What files hold, by their path relative to the folder; None for a file that is not there."""

Noting = Callable[[Contents, Contents], AbstractContextManager[None]]
"""Given what files hold before and after: keeps that in mind until the change is done."""


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
        status = path.stat()
        if not S_ISREG(status.st_mode) and not S_ISDIR(status.st_mode):  # reading a pipe waits for ever
            raise refuse(f"{file} is not an ordinary file.", "It can't be read here.", place=Place(file))
        if status.st_size > _MOST_BYTES:
            raise refuse(f"{file} is too large ({status.st_size / 1e6:.0f} MB).", place=Place(file))
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


def write_problem(what: str, error: OSError, where: Path | None = None) -> ProblemError:
    """Why nothing could be written to ``what``, which lies in ``where``, in plain words."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return refuse(
            f"The disk is full, so nothing was written: no space is left on {_disk(where or Path(what))}.",
            "Free some space there, then try again.",
            field="disk",
            original=str(error),
        )
    if error.errno == errno.EFBIG:
        return refuse(
            f"{what} can't be written: it would be larger than files may be here.",
            "Move what is large into a file of its own.",
            field="disk",
            original=str(error),
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return refuse(
            f"{what} can't be written: you are not allowed to change it.",
            "Choose a folder of your own, or make this one writable.",
            field="disk",
            original=str(error),
        )
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.EEXIST}:
        return refuse(
            f"{what} can't be written: its folder is not there, or a file stands in its place.",
            "Check that the project folder has not been moved.",
            field="disk",
            original=str(error),
        )
    return refuse(f"{what} can't be written: {error.strerror or error}.", field="disk", original=str(error))


def _disk(path: Path) -> str:
    """Where the disk begins that holds a path, as its owner knows it."""
    places = [path.absolute(), *path.absolute().parents]
    return str(next((place for place in places if place.is_mount()), places[-1]))


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
    # Of a length of its own, so that it can be made beside a file whose name is as long as names may be.
    temp = target.with_name(f"{TEMP_MARK}{os.getpid():x}-{secrets.token_hex(4)}.tmp")
    try:
        if target.exists() and not os.access(target, os.W_OK):  # a folder lets its files be replaced
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        with temp.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            _like(target, temp)
    except OSError:
        with suppress(OSError):  # the failure that counts is the one on its way up
            temp.unlink(missing_ok=True)
        raise
    return temp


def _like(target: Path, temp: Path) -> None:
    """Give a file the mode of another, and its owner where we may."""
    shutil.copymode(target, temp)
    if sys.platform != "win32":
        theirs, ours = target.stat(), temp.stat()
        if (theirs.st_uid, theirs.st_gid) != (ours.st_uid, ours.st_gid):
            with suppress(PermissionError):
                os.chown(temp, theirs.st_uid, theirs.st_gid)
                shutil.copymode(target, temp)  # giving a file away takes some of its mode


def is_left_behind(path: Path) -> bool:
    """Whether a file is a temporary one of ours whose process was killed before it could be put in place."""
    found = _TEMP.fullmatch(path.name)
    return found is not None and is_abandoned(path, int(found[1], 16))


def is_abandoned(path: Path, process: int) -> bool:
    """Whether what a process keeps for a moment can't be its own any more: it is gone, or much time is."""
    try:
        age = time.time() - path.stat().st_mtime
    except OSError:
        return False
    return age > _MOMENT or not is_running(process)


def is_running(process: int) -> bool:
    """Whether there is a process of this number; where the system can't be asked, there may be one."""
    if sys.platform == "win32":  # asking is ending there
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _unnoted(_before: Contents, _after: Contents) -> AbstractContextManager[None]:
    return nullcontext()


def replace_all(
    folder: Path, before: Contents, after: Contents, noting: Noting = _unnoted
) -> tuple[str, ...]:
    """Take all files from ``before`` to ``after``, or none; give back the folders that were made.

    Refuses when a file no longer holds what ``before`` says, so that the work of another program
    is never overwritten. Folders are relative to ``folder``, the outermost first. ``noting`` is told
    of a change of more than one file, just before the first is put in place.
    """
    if not folder.is_dir():
        raise refuse(
            f"The folder {folder} is no longer there, so nothing was written.",
            "Put it back where it was, or open it where it is now.",
            field="disk",
        )
    transaction = _Transaction(folder, before, after, noting if len(after) > 1 else _unnoted)
    try:
        transaction.run()
    except BaseException as error:
        transaction.roll_back()
        if isinstance(error, OSError):
            raise write_problem(transaction.current, error, folder) from error
        raise
    return tuple(_from_folder(folder, made) for made in transaction.made)


def _from_folder(folder: Path, made: Path) -> str:
    """``made`` seen from ``folder``, which may be relative, or hold a link that leads elsewhere."""
    return Path(os.path.relpath(made, folder.resolve())).as_posix()


class _Transaction:
    """One change of several files on its way to the disk."""

    def __init__(self, folder: Path, before: Contents, after: Contents, noting: Noting) -> None:
        self._folder, self._before, self._after, self._noting = folder, before, after, noting
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
        with self._noting(self._before, self._after):
            failure = self._put_all()
        if failure is not None:
            raise failure

    def _put_all(self) -> BaseException | None:
        """Put all in place; what went wrong once all is back where it was, or an exception if it is not."""
        try:
            for file in self._after:
                self.current = file
                self._put(file)
        except BaseException as error:  # noqa: BLE001  (it goes on its way a little later)
            self._put_back()
            return error
        return None

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

    def _put_back(self) -> None:
        while self._done:
            target, data = inside(self._folder, self._done[-1]).resolve(), self._before.get(self._done[-1])
            if data is None:
                target.unlink(missing_ok=True)
            else:
                _write_back(target, data)
            del self._done[-1]

    def roll_back(self) -> None:
        """Leave nothing behind of what did not come to be."""
        for temp in self._temps.values():
            temp.unlink(missing_ok=True)
        remove_empty(reversed_folders(self.made))


def _write_back(target: Path, data: bytes) -> None:
    try:
        write_file(target, data)
    except OSError:
        target.write_bytes(data)  # in place: a full disk has room for what was there before


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
