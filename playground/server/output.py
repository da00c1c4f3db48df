"""What the project prints: with the request that printed it, or with the log, and bounded.

While a project is open, ``sys.stdout`` and ``sys.stderr`` are each a ``Router``. What is written on the
thread of a request goes to that request's note; everything else becomes lines of the log. To the real
stream goes everything as well where ``show`` says so (``playground serve``), otherwise only what the main
thread writes, which is the playground itself.
"""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from playground.server.logs import here, keeper

if TYPE_CHECKING:
    from playground.server.note import Note

HEAD = 16 * 1024
TAIL = 48 * 1024
"""Characters that are kept of the beginning and of the end of what a request prints."""


class Printed:
    """What one request printed: all of a little, the beginning and the end of a lot."""

    __slots__ = ("_dropped", "_head", "_room", "_size", "_tail")

    def __init__(self) -> None:
        self._head: list[str] = []
        self._room = HEAD
        self._tail: list[str] = []
        self._size = 0
        self._dropped = 0

    def add(self, text: str) -> None:
        """Keep what was written."""
        if self._room > 0:
            self._head.append(text[: self._room])
            left = len(text) - self._room
            self._room -= len(text)
            if left <= 0:
                return
            text = text[-left:]
        self._tail.append(text)
        self._size += len(text)
        if self._size > 2 * TAIL:
            self._shorten()

    def _shorten(self) -> None:
        whole = "".join(self._tail)
        self._dropped += whole.count("\n", 0, len(whole) - TAIL)
        self._tail = [whole[-TAIL:]]
        self._size = TAIL

    @property
    def size(self) -> int:
        """Characters that are kept."""
        return HEAD - max(0, self._room) + self._size

    def text(self) -> str:
        """What is kept, with a line that says how much is not."""
        tail, dropped = "".join(self._tail), self._dropped
        if len(tail) > TAIL:
            dropped += tail.count("\n", 0, len(tail) - TAIL)
            tail = tail[-TAIL:]
        head = "".join(self._head)
        if not dropped:
            return head + tail
        return f"{head}\n[… {dropped:,} lines are left out here …]\n{tail}"


class Router(io.TextIOBase):
    """A text stream that sends what is written to where it belongs."""

    def __init__(self, real: TextIO | None, name: str) -> None:
        self.real = real
        self._name = name
        self._bytes = _Bytes(self)

    def write(self, text: str, /) -> int:
        """Send a piece of text on."""
        note = here.note
        if note is not None:
            note.prints(text)
            if _shown:
                self._pass_on(text)
            return len(text)
        mine = threading.get_ident() == _MAIN
        if _shown or mine:
            self._pass_on(text)
        if _shown or not mine:
            keeper.keep_printed(text, self._name)
        return len(text)

    def _pass_on(self, text: str) -> None:
        if self.real is not None:
            try:
                self.real.write(text)
            except (OSError, ValueError) as error:  # it was closed: nobody reads it any more
                keeper.keep_printed(f"{self._name}: {error}", self._name)
                self.real = None

    def flush(self) -> None:
        """Have the real stream write what it holds."""
        if self.real is not None:
            try:
                self.real.flush()
            except (OSError, ValueError):
                self.real = None

    def close(self) -> None:
        """Stay open: it is not the project's to close."""

    def writable(self) -> bool:
        """Always."""
        return True

    def isatty(self) -> bool:
        """Nobody looks at colours here, except on the real one."""
        return self.real is not None and _shown and self.real.isatty()

    def fileno(self) -> int:
        """The real stream's."""
        if self.real is None:
            raise io.UnsupportedOperation("fileno")
        return self.real.fileno()

    def reconfigure(self, **_: Any) -> None:
        """Text is kept as text, so there is nothing to set."""

    @property
    def buffer(self) -> _Bytes:
        """The same for bytes."""
        return self._bytes

    @property
    def encoding(self) -> str:  # type: ignore[override]  # an attribute in the base
        """As a program on its own would have it."""
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]  # an attribute in the base
        """Nothing fails."""
        return "backslashreplace"

    @property
    def name(self) -> str:
        """``<stdout>`` or ``<stderr>``."""
        return f"<{self._name}>"

    @property
    def mode(self) -> str:
        """As of any stream that is written."""
        return "w"


class _Bytes(io.BufferedIOBase):
    """``sys.stdout.buffer``."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def write(self, data: Any, /) -> int:
        self._router.write(bytes(data).decode("utf-8", "backslashreplace"))
        return len(data)

    def writelines(self, lines: Iterable[Any], /) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._router.flush()

    def close(self) -> None:
        """Stay open."""

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._router.fileno()

    @property
    def raw(self) -> _Bytes:
        return self


_MAIN = threading.main_thread().ident
_shown = False
_routers: dict[str, Router] = {}


def begin(note: Note) -> None:
    """What this thread prints and logs from now on is of that request."""
    if type(sys.stdout) is not Router or type(sys.stderr) is not Router:
        for name, router in _routers.items():
            if getattr(sys, name) is router.real:  # pytest puts its own back between two phases of a test
                setattr(sys, name, router)
    here.note = note


def end() -> None:
    """The request of this thread is over."""
    here.note = None


def show(everything: bool) -> None:
    """Whether what the project prints goes to the real streams too."""
    global _shown
    _shown = everything


def install() -> None:
    """Put the routers in."""
    for name in ("stdout", "stderr"):
        _routers[name] = Router(getattr(sys, name), name)
        setattr(sys, name, _routers[name])


def stay() -> None:
    """Put them in again where somebody has put the stream that was there before."""
    for name, router in _routers.items():
        if getattr(sys, name) is not router:
            if not _is_theirs(getattr(sys, name)):
                router.real = getattr(sys, name)
            setattr(sys, name, router)


def remove() -> None:
    """Put back what was there, unless somebody else has put in something of theirs meanwhile."""
    for name, router in _routers.items():
        if getattr(sys, name) is router:
            setattr(sys, name, router.real)
    _routers.clear()


def _is_theirs(stream: Any) -> bool:
    """Whether a stream is one that a project made; pytest and we ourselves put in others."""
    return type(stream).__module__ in ("_io", "io") and stream not in (sys.__stdout__, sys.__stderr__)
