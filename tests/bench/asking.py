"""Asking a server over one connection that is kept where the server allows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

PAUSE = 0.001
"""Seconds between two questions while the answer is still the old one; the same for every server."""
DEADLINE = 60.0


class Asker:
    """One connection to a port of this machine, opened again when the server closes it."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def get(self, path: str) -> tuple[int, str] | None:
        """Status and text; None where nobody answers, as between two processes of flask run --debug."""
        try:
            self._connection.request("GET", path)
            answer = self._connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException):
            self._connection.close()
            return None

    def until(self, path: str, done: Callable[[int, str], bool]) -> float:
        """Ask until the answer is the one that is waited for; the moment when it was there."""
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            answer = self.get(path)
            if answer is not None and done(*answer):
                return time.perf_counter()
            time.sleep(PAUSE)
        raise TimeoutError(f"{path} never gave the new answer; it says {answer}")

    def number(self, path: str) -> int:
        """What a route that counts says."""
        answer = self.get(path)
        while answer is None:
            time.sleep(PAUSE)
            answer = self.get(path)
        return int(answer[1])
