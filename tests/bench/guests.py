"""A class of clients, each from an address of its own: asks, and counts what it was answered.

``guests.py HOST PORT PATH CLIENTS SECONDS PAUSE`` prints one line of JSON: how many requests of each address
were answered, how many with another status than 200, what went wrong otherwise, and milliseconds from asking
to having the answer. Between two requests a client waits for around PAUSE seconds, as people do; with 0
it asks as fast as it is answered.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections import Counter

PATIENCE = 20.0
"""Seconds until an answer that does not come is an error."""
COMING = 2.0
"""Seconds in which all of them come."""
AGENT = "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
_LENGTH = re.compile(rb"content-length: (\d+)")


class Count:
    """What all clients together were answered."""

    def __init__(self) -> None:
        self.answered: Counter[str] = Counter()
        self.wrong: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()
        self.took: list[float] = []

    def as_json(self) -> str:
        took = sorted(self.took) or [0.0]
        return json.dumps(
            {
                "answered": self.answered,
                "wrong": self.wrong.total(),
                "errors": self.errors,
                "p50": took[len(took) // 2],
                "p99": took[int(len(took) * 0.99)],
                "max": took[-1],
            }
        )


def own_address(number: int) -> str:
    """Each client's own: all of 127/8 is this machine's on Linux, and only 127.0.0.1 elsewhere."""
    return f"127.0.{1 + number // 200}.{1 + number % 200}" if sys.platform == "linux" else "127.0.0.1"


async def _client(
    number: int, host: str, port: int, path: str, end: float, pause: float, count: Count
) -> None:
    own = own_address(number)
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: {AGENT}\r\n\r\n".encode()
    await asyncio.sleep(random.uniform(0, COMING))
    while time.monotonic() < end:
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await asyncio.open_connection(host, port, local_addr=(own, 0))
            try:
                await _ask(reader, writer, own, request, end, pause, count)
            finally:
                writer.close()
        except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError) as error:
            count.errors[f"{type(error).__name__}: {error}"] += 1
            await asyncio.sleep(0.1)


async def _ask(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    own: str,
    request: bytes,
    end: float,
    pause: float,
    count: Count,
) -> None:
    """Requests on one connection, until the server closes it or the time is over."""
    while time.monotonic() < end:
        began = time.perf_counter()
        writer.write(request)
        async with asyncio.timeout(PATIENCE):
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = _LENGTH.search(head)
            await (reader.readexactly(int(length[1])) if length else reader.read())
        count.took.append((time.perf_counter() - began) * 1000)
        count.answered[own] += 1
        if not head.startswith(b"http/1.1 200"):
            count.wrong[int(head.split(None, 2)[1])] += 1
        if b"connection: close" in head:
            return
        if pause:
            await asyncio.sleep(random.uniform(0.5, 1.5) * pause)


async def _all(host: str, port: int, path: str, clients: int, seconds: float, pause: float) -> Count:
    count, end = Count(), time.monotonic() + seconds
    await asyncio.gather(*(_client(each, host, port, path, end, pause, count) for each in range(clients)))
    return count


if __name__ == "__main__":
    host, port, path, clients, seconds, pause = sys.argv[1:]
    print(asyncio.run(_all(host, int(port), path, int(clients), float(seconds), float(pause))).as_json())
