"""Does the main job in the window in a process of its own, and says every address that was connected to.

``python quiet_start.py FOLDER`` opens the folder, sends a request, shows the page it answers, and prints as
JSON what Python was asked to connect to or look up. ``--stray`` connects to an address elsewhere in between,
so that whoever watches can see that they would see it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

asked: list[str] = []


def heard(event: str, arguments: tuple[Any, ...]) -> None:
    """Python's own audit of what it does."""
    if event == "socket.connect":
        asked.append(f"connect {arguments[1][0] if isinstance(arguments[1], tuple) else arguments[1]}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        asked.append(f"look up {arguments[0]}")
    elif event == "socket.sendto":
        asked.append(f"send to {arguments[1]}")


def stray() -> None:
    import socket

    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as one:
            one.settimeout(0.1)
            one.connect_ex(("192.0.2.1", 9))


def watch(window: Any) -> None:
    """One thing after the other, then the end."""
    from PySide6.QtCore import QTimer

    work = window.workspace
    page = window.workbench.response.page

    def answered(_: object) -> None:
        if not page.isVisible():
            sys.exit("the page is not shown")

    def loaded(ok: bool) -> None:
        if "--stray" in sys.argv:
            stray()
            end()
        else:
            QTimer.singleShot(1500, window, end)  # what a browser engine does by itself, it does soon

    def end() -> None:
        sys.stdout.write(json.dumps({"asked": asked, "real": page.is_real}) + "\n")
        sys.stdout.flush()
        window.close()

    def live(_: object) -> None:
        if work.snapshot.live.loaded and work.snapshot.server.running:
            work.changed.disconnect(live)
            window.workbench.request.submit()

    work.exchanged.connect(answered)
    page.loaded.connect(loaded)
    work.changed.connect(live)


if __name__ == "__main__":
    sys.addaudithook(heard)
    from playground.gui import starting
    from playground.gui.application import run_window

    follow = starting.Start.follow

    def and_watch(start: Any, window: Any) -> None:
        follow(start, window)
        window.prepared.connect(lambda: watch(window))

    starting.Start.follow = and_watch  # type: ignore[method-assign]
    sys.exit(run_window(Path(sys.argv[1])))
