"""Types into a Shell as a person does, and reads what comes out; without a window."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from playground.core.shell import Kind, Piece
from playground.server.live_app import LiveApp
from playground.server.shell import Shell

DEADLINE = 20.0


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + DEADLINE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        pause.wait(0.005)


class ShellUser:
    """One person at the Shell of a live app."""

    def __init__(self, app: LiveApp) -> None:
        self.app = app

    @property
    def shell(self) -> Shell:
        return self.app.shell()

    def begin(self, source: str) -> None:
        self.shell.run(source)

    def ends(self) -> list[Piece]:
        """All that came out, once nothing runs any more; without what was typed."""
        pieces: list[Piece] = []

        def is_over() -> bool:
            news = self.shell.news(1_000_000)
            pieces.extend(news.pieces)
            return not news.running and not news.more

        until(is_over, "the end of the statement")
        return [piece for piece in pieces if piece.kind is not Kind.SOURCE]

    def types(self, source: str) -> list[Piece]:
        """Run it to its end."""
        self.begin(source)
        return self.ends()

    def shows(self, source: str) -> str:
        """The values that it shows, one a line; anything else that comes out is a failure."""
        pieces = self.types(source)
        assert all(piece.kind is Kind.VALUE for piece in pieces), pieces
        return "\n".join(piece.text for piece in pieces)

    def prints(self, source: str) -> str:
        """What it prints."""
        return "".join(piece.text for piece in self.types(source) if piece.kind is Kind.PRINTED)

    def fails(self, source: str) -> str:
        """The error that it ends with."""
        return next(piece.text for piece in self.types(source) if piece.kind is Kind.ERROR)
