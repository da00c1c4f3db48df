"""Starts the window by its command, looks at it once it stands, says what there is to see, and closes it.

``python odd_start.py WHAT WORDS…`` runs ``playground WORDS…``. WHAT is ``look``; ``die`` for one that is
killed as soon as the window is there, ``fatal`` for one that Qt ends; ``mistake`` to look after a slot
of ours raised; ``no-engine`` to look where QtWebEngine can't be imported, ``no-home`` where the system knows
nothing of who it is.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any


class NoEngine:
    """Finds QtWebEngine nowhere, as on a system that lacks one of its libraries."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.startswith("PySide6.QtWebEngine"):
            raise ImportError(f"{name}: libnss3.so: cannot open shared object file", name=name)


def nobody(_: object) -> Any:
    """What the system says of a user that it does not know."""
    raise KeyError("uid not found")


def seen(window: Any) -> dict[str, object]:
    """Every sentence that can be read, and how the window looks."""
    from PySide6.QtWidgets import QLabel, QPushButton

    from playground.gui.theme import theme

    labels = [one for kind in (QLabel, QPushButton) for one in window.findChildren(kind) if one.isVisible()]
    project = window.workspace.snapshot.project
    return {
        "words": {one.objectName() or f"unnamed.{number}": one.text() for number, one in enumerate(labels)},
        "project": project.folder if project is not None else "",
        "status": window.top.findChild(QLabel, "server.status").text(),
        "zoom": theme().zoom,
        "mode": theme().mode,
        "size": [window.width(), window.height()],
    }


def watch(what: str) -> None:
    """Have the window looked at once it is prepared and nothing is under way."""
    from PySide6.QtCore import QTimer, qFatal

    from playground.gui import starting

    follow, begin = starting.Start.follow, starting.Start.begin
    opens: list[object] = []

    def and_remember(start: Any, folder: Any, *, safe: bool) -> Any:
        opens.append(begin(start, folder, safe=safe))
        return opens[-1]

    def and_look(start: Any, window: Any) -> None:
        follow(start, window)
        if what == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        timer = QTimer(window, interval=20)
        timer.timeout.connect(lambda: look(window, timer))
        window.prepared.connect(timer.start)

    def look(window: Any, timer: QTimer) -> None:
        work = window.workspace
        project = work.snapshot.project
        # Live is not yet shown: its first route, whose address is asked for, is opened after the others.
        shown = work.snapshot.live.loaded and work.jobs.idle and window.workbench.composed
        if not (opens == [None] or shown):
            return
        timer.stop()
        if what == "no-engine" and project is not None:
            show_a_page(window)
        elif what == "mistake":
            make_a_mistake(window)
        elif what == "fatal":
            qFatal("Nothing can be drawn any more")
        else:  # after what the welcome page asked for
            window.workspace.project(lambda: None, lambda _: tell(window))

    def show_a_page(window: Any) -> None:
        window.workbench.response.page.loaded.connect(lambda _: tell(window))
        window.workbench.request.submit()

    def make_a_mistake(window: Any) -> None:
        from playground.gui.care import Care

        QTimer.singleShot(0, window, lambda: window.commands.copy(None))
        seen = QTimer(window, interval=20)
        seen.timeout.connect(
            lambda: Care.of(window)._dialog and Care.of(window)._dialog.isVisible() and tell(window)
        )
        seen.start()

    def tell(window: Any) -> None:
        sys.stdout.write(json.dumps(seen(window)) + "\n")
        sys.stdout.flush()
        window.close()

    starting.Start.follow = and_look  # type: ignore[method-assign]
    starting.Start.begin = and_remember  # type: ignore[method-assign]


if __name__ == "__main__":
    if sys.argv[1] == "no-engine":
        sys.meta_path.insert(0, NoEngine())  # type: ignore[arg-type]  # it finds nothing
    if sys.argv[1] == "no-home":
        import pwd

        pwd.getpwuid = nobody
    from playground.cli import main

    watch(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
