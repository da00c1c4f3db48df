"""What comes out of the Shell until somebody takes it: bounded, and without a lock.

A statement may be interrupted at any step of ``add``, and prints as fast as it can. Each counter has one
writer: the statement's thread adds, who shows it takes.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from itertools import islice

from playground.core.shell import Kind, Piece
from playground.server.note import Note

MOST = 256 * 1024
MOST_PIECES = 20_000
"""Characters and pieces that wait at most; the oldest make room."""
LINES = 300
"""Lines that are taken at once: a window that shows them has some milliseconds for that."""
LONGEST = 64 * 1024
"""Characters of one piece, of which the beginning and the end are kept."""
_LINE_END = re.compile("\n")


class News:
    """A queue of pieces that forgets the oldest where nobody is quick enough."""

    def __init__(self) -> None:
        self._pieces: deque[Piece] = deque()
        self._put = self._got = self._lost = 0
        self._lost_lines = self._said_lines = 0
        self._rest: Piece | None = None  # of one that was taken in part

    @property
    def waits(self) -> bool:
        """Whether there is something to take."""
        return bool(self._pieces) or self._rest is not None

    def add(self, kind: Kind, text: str) -> None:
        """Have it wait; from the thread that runs the statement."""
        if not text:
            return
        piece = Piece(kind, shortened(text))
        self._pieces.append(piece)
        self._put += len(piece.text)
        while self._put - self._got - self._lost > MOST or len(self._pieces) > MOST_PIECES:
            self._lose()

    def _lose(self) -> None:
        try:
            lost = self._pieces.popleft()
        except IndexError:  # taken just now
            return
        self._lost += len(lost.text)
        self._lost_lines += lost.text.count("\n") + (lost.kind is not Kind.PRINTED)

    def take(self, most: int) -> tuple[Piece, ...]:
        """The oldest ones, of about so many characters and at most ``LINES`` lines of what was printed."""
        taken: list[Piece] = []
        lost = self._lost_lines - self._said_lines
        if lost:
            self._said_lines += lost
            taken.append(Piece(Kind.NOTE, f"[… {lost:,} lines are left out here …]"))
        size = lines = 0
        while size < most and lines < LINES and (piece := self._next()) is not None:
            if piece.kind is Kind.PRINTED:
                piece, self._rest = _split(piece, most - size, LINES - lines)
            size += len(piece.text)
            lines += piece.text.count("\n")
            taken.append(piece)
        return tuple(_joined(taken))

    def _next(self) -> Piece | None:
        """The oldest, or what is left of it."""
        piece, self._rest = self._rest, None
        if piece is None:
            try:
                piece = self._pieces.popleft()
            except IndexError:  # there is none, or it was lost just now
                return None
            self._got += len(piece.text)
        return piece


def _split(piece: Piece, most: int, lines: int) -> tuple[Piece, Piece | None]:
    """As much of it as is wanted, and what is left."""
    end = most
    for found in islice(_LINE_END.finditer(piece.text, 0, most), lines - 1, lines):
        end = found.end()
    if end >= len(piece.text):
        return piece, None
    return Piece(piece.kind, piece.text[:end]), Piece(piece.kind, piece.text[end:])


def _joined(pieces: list[Piece]) -> list[Piece]:
    """The same with what was printed piece by piece in one."""
    joined: list[list[Piece]] = []
    for piece in pieces:
        if joined and piece.kind is Kind.PRINTED is joined[-1][0].kind:
            joined[-1].append(piece)
        else:
            joined.append([piece])
    return [Piece(one[0].kind, "".join(piece.text for piece in one)) for one in joined]


def shortened(text: str) -> str:
    """A text that is not too long to be shown: its beginning and its end."""
    if len(text) <= LONGEST:
        return text
    left_out = len(text) - LONGEST
    return f"{text[: LONGEST // 2]}\n[… {left_out:,} characters are left out here …]\n{text[-LONGEST // 2 :]}"


class Voice(Note):
    """Stands where a request's note does (see ``output`` and ``logs``): what is printed goes to the Shell.

    ``over`` is set once its statement is over.
    """

    nobody_types = (
        "This waits for typing, and nobody can type into a statement that runs. "
        "Give the value in the code instead."
    )

    def __init__(self, news: News) -> None:
        super().__init__("the", "Shell", "")  # as one reads of a template: given by the Shell
        self.request_id = "shell"
        self.over = threading.Event()
        self.news: News | None = news

    def says(self, kind: Kind, text: str) -> None:
        """Have it shown, unless nobody listens any more."""
        if self.news is not None:
            self.news.add(kind, text)

    def prints(self, text: str) -> None:
        self.says(Kind.PRINTED, text)

    def logs(self, text: str) -> None:
        self.prints(text.rstrip("\n") + "\n")

    def mute(self) -> None:
        """Nobody listens any more: its statement was left behind."""
        self.news = None
