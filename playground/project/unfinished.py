"""Changes of several files that a process did not live to finish.

Each file is replaced as a whole, but between two of them a process can be killed. So what all of them hold
before and after is noted in the user's data folder, never in the project, and the note goes when the change
is done. Who opens the folder next finishes what was begun, as long as every file holds one of the two:
what another program has written since is never overwritten.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playground.core.problems import Problem, ProblemError
from playground.project.files import Contents, is_abandoned, read_bytes, replace_all, write_file

_AS_JSON = dict[str, list[str | None]]


@dataclass(frozen=True, slots=True)
class _Note:
    """One change that was begun: what its files hold before, and after."""

    before: dict[str, bytes | None]
    after: dict[str, bytes | None]


class Unfinished:
    """The notes on one project folder; ``notes`` is the folder that they lie in, made when there is one."""

    def __init__(self, notes: Path, folder: Path) -> None:
        self._notes, self._folder = notes, folder
        self._name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]

    @contextmanager
    def noting(self, before: Contents, after: Contents) -> Iterator[None]:
        """Keep a change in mind while it is made; it is forgotten once it is done, or taken back."""
        path = self._notes / f"{self._name}-{os.getpid():x}-{secrets.token_hex(4)}.json"
        with suppress(OSError):  # what is ours can't be kept: no reason to refuse what is theirs
            self._notes.mkdir(parents=True, exist_ok=True)
            write_file(path, _written(before, after))
        yield  # an exception on its way through means that it could not be taken back: the note stays
        with suppress(OSError):
            path.unlink(missing_ok=True)

    def finish(self) -> tuple[Problem, ...]:
        """Finish what was begun by processes that are gone; tell of what can't be."""
        found = (self._finish(path) for path in sorted(self._notes.glob(f"{self._name}-*.json")))
        return tuple(problem for problem in found if problem is not None)

    def _finish(self, path: Path) -> Problem | None:
        if not is_abandoned(path, int(path.stem.split("-")[1], 16)):
            return None
        note = _read(path)
        try:
            problem = self._completed(note) if note is not None else None
        except ProblemError as error:  # it may work the next time
            return error.problem
        with suppress(OSError):  # it finds nothing left to do the next time
            path.unlink(missing_ok=True)
        return problem

    def _completed(self, note: _Note) -> Problem | None:
        now = {file: read_bytes(self._folder, file) for file in note.after}
        if all(now[file] == note.before.get(file) for file in now):
            return None  # nothing of it had reached the folder, or someone has taken it back
        others = [file for file in now if now[file] not in (note.before.get(file), note.after[file])]
        if others:
            return _half_done(note, others)
        replace_all(
            self._folder, now, {file: note.after[file] for file in now if now[file] != note.after[file]}
        )
        return None


def _half_done(note: _Note, others: list[str]) -> Problem:
    return Problem(
        f"A change of {_several(list(note.after))} was cut short, and {_several(others)} changed since.",
        "Look at these files: some have the change and some do not. Nothing was touched.",
    )


def _several(files: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(files[:-1]), files[-1])))


def _written(before: Contents, after: Contents) -> bytes:
    files: _AS_JSON = {file: [_text(before.get(file)), _text(data)] for file, data in after.items()}
    return json.dumps(files).encode()


def _text(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _read(path: Path) -> _Note | None:
    """A note, or None where it is none: notes are whole or not there at all."""
    try:
        files: _AS_JSON = json.loads(path.read_bytes())
        before = {file: _bytes(was) for file, (was, _) in files.items()}
        return _Note(before, {file: _bytes(now) for file, (_, now) in files.items()})
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)
