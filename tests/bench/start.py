"""Measures starting: from the start of the process to a window that takes a key press, beside the floor.

The floor is a process that imports PySide6.QtWidgets, flask and waitress and shows an empty main window. Runs
are interleaved, so that a busy moment of the machine meets all of them alike; medians are printed.

    python tests/bench/start.py [RUNS]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from project_folders import one_file  # noqa: E402

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


def start(code: str, *arguments: str) -> float:
    """Seconds from the start of a process to its first key press."""
    command = [sys.executable, "-c", PROBE + code, *arguments]
    began = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    return float(done.stdout.split()[0]) - began


def main() -> None:
    """Print the medians of all kinds of start."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as place:
        os.environ.update(
            PYTHONPATH=str(ROOT),
            PLAYGROUND_HOME=str(Path(place) / "home"),
            PYTHONPYCACHEPREFIX=str(Path(place) / "bytecode"),
        )
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # measured as on any machine: compiled once, before
        empty, large = one_file(Path(place) / "empty", 0), one_file(Path(place) / "large", 1000)
        kinds = {
            "the floor": (FLOOR,),
            "no project": (WINDOW,),
            "an empty project": (WINDOW, str(empty)),
            "1,000 routes": (WINDOW, str(large)),
        }
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        for run in range(runs + 1):
            for kind, (code, *arguments) in kinds.items():
                seconds = start(code, *arguments)
                if run:  # the first one of each compiles
                    times[kind].append(seconds)
    floor = statistics.median(times["the floor"])
    for kind, found in times.items():
        middle = statistics.median(found)
        spread = f"{min(found):.3f} to {max(found):.3f}"
        print(f"{kind:18} {middle:.3f} s  ({spread})  {middle / floor:.2f} of the floor")


if __name__ == "__main__":
    main()
