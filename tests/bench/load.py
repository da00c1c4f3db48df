"""Clients that ask as fast as they are answered: wrk where it is installed, else one of our own."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

CONNECTIONS = 16
WRK = shutil.which("wrk")


def command(url: str, seconds: float) -> list[str]:
    if WRK:
        return [WRK, "-t2", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", url]
    return [sys.executable, str(Path(__file__).resolve()), url, str(seconds)]


def per_second(port: int, path: str, seconds: float) -> float:
    """Right answers in a second."""
    url = f"http://127.0.0.1:{port}{path}"
    done = subprocess.run(
        command(url, seconds), capture_output=True, text=True, check=True, timeout=seconds + 60
    )
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise RuntimeError(f"{url}: {done.stdout}")
    return float(found.group(1))


def tool() -> str:
    return "wrk" if WRK else "a client of our own"


# Where there is no wrk ---------------------------------------------------------------------------


async def _client(host: str, port: int, path: str, end: float, answers: list[int]) -> None:
    """One connection, opened anew whenever the server closes it."""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    while time.monotonic() < end:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            while time.monotonic() < end:
                writer.write(request)
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = re.search(rb"content-length: (\d+)", head)
                await (reader.readexactly(int(length.group(1))) if length else reader.read())
                answers.append(int(head.split(None, 2)[1]))
                if b"connection: close" in head or head.startswith(b"http/1.0"):
                    break
        finally:
            writer.close()


async def _clients(url: str, seconds: float) -> None:
    host, _, rest = url.removeprefix("http://").partition(":")
    port, _, path = rest.partition("/")
    answers: list[int] = []
    began = time.monotonic()
    end = began + seconds
    await asyncio.gather(*(_client(host, int(port), "/" + path, end, answers) for _ in range(CONNECTIONS)))
    wrong = sum(status != 200 for status in answers)
    print(f"Requests/sec: {len(answers) / (time.monotonic() - began):.2f}")
    if wrong:
        print(f"Non-2xx: {wrong}")


if __name__ == "__main__":
    asyncio.run(_clients(sys.argv[1], float(sys.argv[2])))
