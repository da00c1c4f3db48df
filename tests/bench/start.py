"""How long starting takes: from the start of the process to a window that takes a key, beside the floor.

The floor is a process that imports PySide6.QtWidgets, flask and waitress and shows an empty main window. Runs
are interleaved, so that a busy moment of the machine meets all of them alike.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path

from options import Options, alone, say
from processes import DEADLINE, environment, python
from projects import one_file
from report import Row, Target

FLOOR_NAME = "the floor"
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


def start(place: Path, code: str, *arguments: str) -> float:
    """Seconds from the start of a process to its first key press."""
    command = python("-c", PROBE + code, *arguments)
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
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        for run in range(options.often + 1):
            for kind, (code, *arguments) in kinds.items():
                seconds = start(place, code, *arguments)
                if run:  # the first one of each compiles
                    times[kind].append(seconds)
    floor, target = times.pop(FLOOR_NAME), Target("at most of peer", 1.5)
    return [
        Row("start", kind, "s", found, FLOOR_NAME, floor, target, "", True) for kind, found in times.items()
    ]


if __name__ == "__main__":
    alone("start")
