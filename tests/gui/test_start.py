"""What the window needs to be there, and what it leaves for later."""

from __future__ import annotations

import json
import subprocess
import sys

SHOW_A_WINDOW = """
import json, sys
from PySide6.QtCore import QCoreApplication
from playground.gui.application import make_application
from playground.gui.window import Window
from playground.session.session import Session
app = make_application()
window = Window(Session())
window.show()
QCoreApplication.processEvents()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
window.close()
"""


def test_the_window_is_there_before_the_libraries_of_the_lanes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOW_A_WINDOW], stdout=subprocess.PIPE, text=True, timeout=60, check=True
    )
    late = {"flask", "werkzeug", "jinja2", "waitress", "requests", "libcst", "watchfiles", "pygments"}
    assert not late & set(json.loads(done.stdout))
