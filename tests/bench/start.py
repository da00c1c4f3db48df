"""How long starting takes: from the start of the process to a window that takes a key, beside the floor.

The floor is a process that imports PySide6.QtWidgets, flask and waitress and shows an empty main window.
Where a bundle was made (`dev.py bundle`), it starts as well, beside the start from source. Runs are in turns,
so that a busy moment of the machine meets all of them alike.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from options import Options, alone, say
from processes import DEADLINE, HERE, environment, python
from projects import one_file
from report import Row, Target

FLOOR_NAME = "the floor"
SOURCE_NAME = "from source"
BUNDLE = HERE.parents[1] / "build" / "bundle" / "dist" / "route-playground" / "playground-python"
OF_SOURCE = 1.3
"""What the bundle may take of the time that the source takes."""
WINDOW = """
import sys
from playground.cli import main
from playground.gui.window import Window

show = Window.show
Window.show = lambda window: (probe(window), show(window))
main(["open", *sys.argv[1:]])
"""

FLOOR = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
import flask, waitress
app = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
probe(window)
window.show()
app.exec()
"""

PROBE = """
def probe(window):
    import os, time
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
    from PySide6.QtGui import QKeyEvent

    class Probe(QObject):
        pressed = False
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint and not self.pressed:
                self.pressed = True
                key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F24, Qt.KeyboardModifier.NoModifier)
                QCoreApplication.postEvent(window, key)
            elif event.type() == QEvent.Type.KeyPress and watched is window:
                print(time.monotonic(), flush=True)
                os._exit(0)
            return False

    window._probe = Probe()
    QCoreApplication.instance().installEventFilter(window._probe)
"""


def start(place: Path, code: str, *arguments: str, bundle: bool = False) -> float:
    """Seconds from the start of a process to its first key press."""
    words = ["-c", PROBE + code, *arguments]
    command = [str(BUNDLE), "-P", *words] if bundle else python(*words)
    began = time.monotonic()
    done = subprocess.run(
        command, stdout=subprocess.PIPE, env=environment(place), text=True, timeout=DEADLINE, check=True
    )
    return float(done.stdout.split()[0]) - began


def measure(options: Options) -> list[Row]:
    """All kinds of start, in turns."""
    say("start")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        size = 10 if options.quick else 1000
        kinds = {
            FLOOR_NAME: (FLOOR,),
            "no project": (WINDOW,),
            "an empty project": (WINDOW, str(one_file(place / "empty", 0))),
            f"{size:,} routes": (WINDOW, str(one_file(place / "large", size))),
        }
        bundled = [kind for kind in kinds if kind != FLOOR_NAME] if BUNDLE.exists() else []
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        of_bundle: dict[str, list[float]] = {kind: [] for kind in bundled}
        for run in range(options.often + 1):
            for kind, (code, *arguments) in kinds.items():
                seconds = start(place, code, *arguments)
                if run:  # the first one of each compiles
                    times[kind].append(seconds)
                if kind in bundled:
                    seconds = start(place, code, *arguments, bundle=True)
                    if run:
                        of_bundle[kind].append(seconds)
    return rows(times, of_bundle)


def rows(times: dict[str, list[float]], of_bundle: dict[str, list[float]]) -> list[Row]:
    """From source beside the floor, and the bundle beside the source."""
    floor, target = times[FLOOR_NAME], Target("at most of peer", 1.5)
    own = {kind: found for kind, found in times.items() if kind != FLOOR_NAME}
    return [
        *(Row("start", kind, "s", found, FLOOR_NAME, floor, target, "", True) for kind, found in own.items()),
        *(
            Row(
                "start",
                f"the bundle, {kind}",
                "s",
                found,
                SOURCE_NAME,
                times[kind],
                Target("at most of peer", OF_SOURCE),
                "",
                True,
            )
            for kind, found in of_bundle.items()
        ),
    ]


if __name__ == "__main__":
    alone("start")
