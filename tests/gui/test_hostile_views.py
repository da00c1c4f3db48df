"""Whatever a view does, the window answers, the other routes are served and no edit is lost.

Views are let loose in a window of their own, in a process of its own (tests/support/hostile_window.py), by
the window's own request panel. After them another route is asked, and two edits are typed, one in the form
and one in the code, which must be on the disk and live; then the window is closed, which must end the
process. Views come one after the other in one window, which has to bear all of them; with --long each has a
window to itself as well, and what is too much for company has one only there.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from playground.session.diary import LOG
from playground.session.home import Home

HELPER = Path(__file__).parents[1] / "support" / "hostile_window.py"
PATIENCE = 60
"""Seconds after which a window that hangs is given up; with one view it takes two to three."""
NOTICED = 5.0
"""Seconds without a turn of the window's thread that nobody would call "the window answers", on a machine
that is busy with other tests too; most views hold it up for some hundredths."""
NO_MATTER = re.compile(
    r"QRhi|RHI|This plugin does not support|Vulkan|GBM|GPU|Sandboxing|^\[\d+:\d+:.*chromium"
)
"""What Qt and Chromium say where there is no graphics card, and no desktop."""

APP = """\
import sys
from flask import Flask

{top}
app = Flask(__name__)


@app.get("/calm")
def calm():
    return "calm"


@app.get("/hostile")
def hostile():
{body}
"""

TOGETHER = """\
from flask import Flask

{imports}

app = Flask(__name__)
{registered}


@app.get("/calm")
def calm():
    return "calm"
"""

PART = """\
import sys
from flask import Blueprint

{top}
part = Blueprint(__name__, __name__)


@part.get("/{name}")
def hostile():
{body}
"""


@dataclass(frozen=True)
class View:
    """What a view does, and what becomes of its request: a pattern of ``STATUS body-or-error``."""

    body: str
    answer: str
    top: str = ""
    """What stands at the top of its module."""
    limit: float | None = 20
    """Far off, but for one that is to run into it: what ends by itself may take its time."""
    printed: str | None = None
    """A pattern of what is shown as printed by it."""
    runs: bool = False
    """It runs until it is stopped, so the window's turns are counted meanwhile."""
    cancel: bool = False
    """The person has to cancel the request."""
    restore: bool = False
    """Its source is gone afterwards; another program writes it again."""
    restart: bool = False
    """The person has to start the server again."""


# It comes too late, or never ------------------------------------------------------------------------

STOPPED = r"^504 .*line \d+"
TOO_LATE = r"^504 "

CATCHES_ALL = """\
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""

ENDLESS = {
    "loop": View("while True:\n    pass", STOPPED, runs=True),
    "loop in a helper": View(
        "return spin()", STOPPED, top="def spin():\n    n = 0\n    while True:\n        n += 1", runs=True
    ),
    "loop that catches Exception": View(
        "while True:\n    try:\n        1 / 0\n    except Exception:\n        pass", STOPPED, runs=True
    ),
    "loop that lets no other thread on": View(
        "sys.setswitchinterval(1000)\nwhile True:\n    pass", STOPPED, runs=True
    ),
    "loop in a finally": View("try:\n    1 / 0\nfinally:\n    while True:\n        pass", STOPPED, runs=True),
    "sleep": View("import time\ntime.sleep(3600)", TOO_LATE, runs=True),
    "deadlock": View(
        "lock.acquire()", TOO_LATE, top="import threading\nlock = threading.Lock()\nlock.acquire()"
    ),
    "join of a thread that never ends": View(
        "import threading, time\n"
        "thread = threading.Thread(target=time.sleep, args=(3600,))\nthread.start()\nthread.join()",
        TOO_LATE,
    ),
    "wait for another program": View(
        "import subprocess\nsubprocess.run([sys.executable, '-c', 'import time; time.sleep(20)'])", TOO_LATE
    ),
    "endless list": View("return str(sum(1 for _ in iter(int, 1)))", STOPPED, runs=True),
    "request to itself": View(
        "import urllib.request\nfrom flask import request\n"
        "return urllib.request.urlopen(request.base_url).read()",
        r"^50\d ",
    ),
    "endless stream": View(
        "def lines():\n    while True:\n        yield 'line\\n' * 1000\nreturn lines()", "^200 "
    ),
    "endless slow stream": View(
        "import time\ndef lines():\n    while True:\n        yield 'line\\n'\n        time.sleep(0.02)\n"
        "return lines()",
        "Cancelled",
        cancel=True,
    ),
    "stream that gets stuck": View(
        "def lines():\n    yield 'line\\n'\n    while True:\n        pass\nreturn lines()",
        "^(504|0) ",
        runs=True,
    ),
    "loop that catches BaseException": View(
        CATCHES_ALL,
        TOO_LATE,
        runs=True,
    ),
}
"""The last one can't be stopped: it computes on to the end of the process."""
ENDLESS = {name: replace(view, limit=0.5) for name, view in ENDLESS.items()}

# Too much of it -------------------------------------------------------------------------------------

TOO_MUCH = {
    "endless recursion": View("return hostile()", "^500 "),
    "200 MB": View("return 'x' * 200_000_000", "^200 xxx", limit=20),
    "200,000 printed lines": View(
        "for n in range(200_000):\n    print('line', n)\nreturn 'printed'",
        "^200 printed",
        limit=20,
        printed="line 199999",
    ),
    "20,000 long printed lines": View(
        "for n in range(20_000):\n    print('line', n, 'x' * 100)\nreturn 'printed'",
        "^200 printed",
        limit=20,
        printed="line 19999",
    ),
    "endless printing": View(
        "while True:\n    print('x' * 1000)", STOPPED, limit=0.5, printed="xxx", runs=True
    ),
    "1,000 threads": View(
        "import threading, time\nfor _ in range(1000):\n"
        "    threading.Thread(target=time.sleep, args=(3600,)).start()\nreturn 'started'",
        "^200 started",
        limit=20,
    ),
    "5 threads that compute": View(
        "import threading\ndef spin():\n    while True:\n        pass\nfor _ in range(5):\n"
        "    threading.Thread(target=spin).start()\nreturn 'started'",
        "^(200 started|504 )",
        limit=0.5,
    ),
    "a process that never ends": View(
        "import time\nfrom multiprocessing import get_context\n"
        "get_context('spawn').Process(target=time.sleep, args=(20,)).start()\nreturn 'started'",
        "^200 started",
        limit=20,
    ),
    "threads that are no daemons": View(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(3600,), daemon=False).start()\nreturn 'started'",
        "^200 started",
    ),
    "a pool that never ends": View(
        "import time\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "ThreadPoolExecutor(4).submit(time.sleep, 3600)\nreturn 'started'",
        "^200 started",
    ),
    "deep recursion in the repr of a value": View(
        "from flask import render_template_string\nclass Odd:\n    def __repr__(self):\n"
        "        return repr(self)\nreturn render_template_string('fine', odd=Odd())",
        "^200 fine",
    ),
}

# It asks to end, or for somebody to type -------------------------------------------------------------

ENDING = {
    "sys.exit": View("sys.exit('enough')", "^500 "),
    "exit": View("exit()", "^500 "),
    "raise SystemExit": View("raise SystemExit(3)", "^500 "),
    "raise KeyboardInterrupt": View("raise KeyboardInterrupt", "^500 "),
    "raise GeneratorExit": View("raise GeneratorExit", "^500 "),
    "raise of its own BaseException": View("raise Odd", "^500 ", top="class Odd(BaseException):\n    pass"),
    "raise StopIteration": View("raise StopIteration", "^500 "),
    "an error that cannot be shown": View(
        "raise Odd", "^500 ", top="class Odd(Exception):\n    def __str__(self):\n        raise self"
    ),
    "sys.exit in a stream": View("def lines():\n    yield 'a'\n    sys.exit()\nreturn lines()", "."),
    "GeneratorExit in a stream": View(
        "def lines():\n    yield 'a'\n    raise GeneratorExit\nreturn lines()", "."
    ),
    "an error in the middle of a stream": View(
        "def lines():\n    yield 'a' * 100_000\n    raise ValueError('middle')\nreturn lines()", "."
    ),
    "input": View("return input('name? ')", r"^500 .*input"),
    "sys.stdin": View("return sys.stdin.readline() or 'nothing'", "^(200 nothing|500 )"),
    "breakpoint": View("breakpoint()\nreturn 'on'", r"^500 .*breakpoint"),
    "pdb.set_trace": View("import pdb\npdb.set_trace()\nreturn 'on'", "^500 "),
}

# It changes what belongs to everybody -----------------------------------------------------------------

VANDALS = {
    "chdir": "import os\nos.chdir('/')",
    "chdir into a folder that is deleted": (
        "import os, tempfile\nfolder = tempfile.mkdtemp()\nos.chdir(folder)\nos.rmdir(folder)"
    ),
    "setrecursionlimit": "sys.setrecursionlimit(10**9)",
    "warnings as errors": "import warnings\nwarnings.simplefilter('error')",
    "logging.basicConfig": "import logging\nlogging.basicConfig(level=1)\nlogging.error('logged')",
    "logging.basicConfig by force": (
        "import logging\nlogging.basicConfig(level=1, force=True)\nlogging.info('logged')"
    ),
    "another json.dumps": "import json\njson.dumps = json.loads = json.dump = None",
    "another print and open": "import builtins\nbuiltins.print = builtins.open = None",
    "no stdout": "sys.stdout = sys.stderr = None",
    "file descriptor 2 closed": "import os\nos.close(2)",
    "file descriptors 0, 1 and 2 closed": "import os\nos.close(0)\nos.close(1)\nos.close(2)",
    "an alarm": "import signal\nsignal.alarm(1)",
    "alarms up to the end": "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)",
    "socket.setdefaulttimeout": "import socket\nsocket.setdefaulttimeout(0.001)",
    "other hooks": (
        "import threading\n"
        "sys.excepthook = threading.excepthook = sys.unraisablehook = lambda *_: 1 / 0\n"
        "sys.displayhook = None"
    ),
    "sys.path cleared": "sys.path.clear()",
    "sys.modules without Flask": (
        "for name in [n for n in sys.modules if n.startswith(('flask', 'werkzeug', 'jinja2', 'json'))]:\n"
        "    del sys.modules[name]"
    ),
    "os.environ cleared": "import os\nos.environ.clear()",
    "a trace function": "sys.settrace(lambda *_: 1 / 0)",
    "time.sleep replaced": "import time\ntime.sleep = time.monotonic = time.time = lambda *_: 0",
}

MORE_VANDALS = {
    "setrecursionlimit to a little": "sys.setrecursionlimit(150)",
    "logging.shutdown": "import logging\nlogging.shutdown()",
    "logging.disable": "import logging\nlogging.disable()",
    "a closed stdout": "sys.stdout.close()\nsys.stderr.close()",
    "sys.modules without the playground": (
        "for name in [n for n in sys.modules if n.startswith('playground')]:\n    del sys.modules[name]"
    ),
    "sys.meta_path cleared": "sys.meta_path.clear()",
    "gc.disable": "import gc\ngc.disable()",
    "gc.set_threshold": "import gc\ngc.set_threshold(1, 1, 1)",
    "another locale": "import locale\nlocale.setlocale(locale.LC_ALL, 'C')",
    "another time zone": (
        "import os, time\nos.environ['TZ'] = 'Pacific/Apia'\nhasattr(time, 'tzset') and time.tzset()"
    ),
    "umask": "import os\nos.umask(0o777)",
    "a profile of all threads": "import threading\nthreading.setprofile(lambda *_: None)",
    "random.seed": "import random\nrandom.seed(1)",
    "a stack overflow on a small stack": "import threading\nthreading.stack_size(32768)",
}
"""These one by one with --long, otherwise in one view, one after the other."""

GONE = "import os\nos.remove(__file__)\nreturn 'done'"
DEAF = """\
import os, socket
for number in range(3, 200):
    try:
        copy = socket.socket(fileno=os.dup(number))
    except OSError:
        continue
    with copy:
        if copy.family == socket.AF_INET and copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            os.close(number)
return 'done'
"""

ALONE = frozenset(
    (
        "200 MB",
        "200,000 printed lines",
        "endless printing",
        "1,000 threads",
        "5 threads that compute",
        "a process that never ends",
        "loop in a helper",
        "join of a thread that never ends",
        "endless list",
    )
)
"""What always has a window to itself, with --long: too much for company, or much like another."""

AT_IMPORT = {
    "loop": "while True:\n    pass",
    "input": "input('name? ')",
    "sys.exit": "import sys\nsys.exit()",
    "loop that catches BaseException": CATCHES_ALL,
}
AT_IMPORT_TOO = {
    "sleep": "import time\ntime.sleep(3600)",
    "breakpoint": "breakpoint()",
    "raise KeyboardInterrupt": "raise KeyboardInterrupt",
}
"""These with --long."""


@dataclass
class Outcome:
    """What became of the process and what it told."""

    facts: dict[str, Any]
    status: int
    stdout: str
    stderr: str
    ended: float
    trace: str

    def survived(self) -> None:
        """What holds after every view: the window, the other route, both edits, and the end."""
        facts = self.facts
        assert "failed" not in facts, facts["failed"] + self.stderr + self.trace
        assert "closed" in facts, (facts, self.status, self.stderr, self.trace)
        assert self.status == 0, (self.status, self.stderr)
        assert facts["bugs"] == []
        assert facts["streams"] == [True, True, True], "other files are standard input, output and error now"
        assert facts["key"] == "calm"
        assert facts["key_seconds"] < NOTICED
        assert facts["longest"] < NOTICED
        said = [facts[when]["body"] for when in ("calm_before", "calm_after", "form", "code")]
        assert said == ["calm", "calm", "calmer", "much calmer"]
        assert self.ended - facts["closed"] < 10, "the process went on after its window was closed"
        noise = [line for line in self.stderr.splitlines() if not NO_MATTER.search(line)]
        assert noise == []
        assert self.stdout == ""


def let_loose(folder: Path, source: str, limit: float | None, **more: Any) -> Outcome:
    """Open a window on a project with this source and go through the ordeal."""
    project = folder / "project"
    project.mkdir(exist_ok=True)
    (project / "app.py").write_text(source)
    report = folder / "report.json"
    task = {"folder": str(project), "report": str(report), "limit": limit, "patience": PATIENCE - 10}
    task |= {"at_import": [], "edit_first": False, "routes": 2, "views": [asked("/hostile", limit)], **more}
    (folder / "task.json").write_text(json.dumps(task))
    paths = [str(HELPER.parent), os.environ.get("PYTHONPATH", "")]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    env.pop("QTWEBENGINE_DISABLE_SANDBOX", None)  # root is shown pages as text, which saves a second
    command = [sys.executable, str(HELPER), str(folder / "task.json")]
    with (folder / "out").open("w+") as out, (folder / "err").open("w+") as err:
        # Files, not pipes: a program that the view started may keep them open.
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        try:
            status = process.wait(task["patience"] + 10)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        ended = time.time()
    facts = json.loads(report.read_text()) if report.exists() else {}
    texts = [(folder / name).read_text(errors="replace") for name in ("out", "err", "report.trace")]
    if "failed" in facts:  # what went wrong may be told by the window alone
        texts[2] += (Home().folder / "logs" / LOG).read_text(errors="replace")
    return Outcome(facts, status, texts[0], texts[1], ended, texts[2])


def asked(path: str, limit: float | None, view: View | None = None, file: str = "app.py") -> dict[str, Any]:
    """One entry of the task: what to ask for, and what the person has to do about it."""
    entry = {"path": path, "limit": limit, "cancel": False, "restore": "", "restart": False}
    if view is not None:
        entry |= {"cancel": view.cancel, "restore": file if view.restore else "", "restart": view.restart}
    return entry


def check(view: View, told: dict[str, Any], outcome: Outcome) -> None:
    """Whether its request became what it is to become."""
    what = f"{told.get('status')} {told.get('body')}{told.get('error')}"
    assert re.search(view.answer, what, re.DOTALL | re.IGNORECASE), (
        what[:2000],
        outcome.facts,
        outcome.stderr,
    )
    if view.printed is not None:
        assert re.search(view.printed, told["printed"])
        assert told["printed_size"] < 1_000_000
    if view.runs:
        assert told["beats"] >= 2, "the window's thread had no turns"


def endure(folder: Path, view: View) -> Outcome:
    """Let a view loose and check all that must hold."""
    source = APP.format(top=view.top, body=indent(view.body, "    "))
    outcome = let_loose(folder, source, view.limit, views=[asked("/hostile", view.limit, view)])
    check(view, outcome.facts.get("hostile", [{}])[0], outcome)
    outcome.survived()
    return outcome


def endure_all(folder: Path, views: dict[str, View]) -> None:
    """Let views loose one after the other in one window, and check all that must hold."""
    together = {
        f"part{number}": name for number, name in enumerate(name for name in views if name not in ALONE)
    }
    project = folder / "project"
    project.mkdir()
    for part, name in together.items():
        view = views[name]
        (project / f"{part}.py").write_text(
            PART.format(top=view.top, name=part, body=indent(view.body, "    "))
        )
    source = TOGETHER.format(
        imports="\n".join(f"import {part}" for part in together),
        registered="\n".join(f"app.register_blueprint({part}.part)" for part in together),
    )
    entries = [
        asked(f"/{part}", views[name].limit, views[name], f"{part}.py") for part, name in together.items()
    ]
    outcome = let_loose(folder, source, 5, routes=1, views=entries, patience=4 * PATIENCE)
    assert "failed" not in outcome.facts, outcome.facts["failed"] + outcome.stderr + outcome.trace
    told = {one["path"]: one for one in outcome.facts.get("hostile", [])}
    wrong = {}
    for part, name in together.items():
        try:
            check(views[name], told.get(f"/{part}", {}), outcome)
        except AssertionError as error:
            wrong[name] = str(error)
    assert wrong == {}, wrong
    outcome.survived()


def each(views: dict[str, Any]) -> list[Any]:
    """All of them one by one, with --long."""
    return [pytest.param(name, marks=pytest.mark.long) for name in views]


def misbehaving(at_import: dict[str, str]) -> list[str]:
    """What is put at the top of the source; each says by a file that its import has begun."""
    begun = "import pathlib\npathlib.Path(__file__).with_name('begun').touch()\n"
    return [begun + body + "\n" for body in at_import.values()]


def check_imports(outcome: Outcome, tops: list[str]) -> None:
    """While each was at it the other route answered, and the next edit mended it."""
    told = outcome.facts.get("imports", [])
    assert [one["top"] for one in told] == tops
    assert [one for one in told if one["during"] != "calm"] == []
    assert [one for one in told if one["mended_seconds"] >= 2 * NOTICED] == []


def changing(body: str) -> View:
    return View(body + "\nreturn 'done'", "^(200 done|500 )", limit=5)


BOTTOMLESS = View(
    "sys.setrecursionlimit(10**9)\ndef down():\n    return down()\nreturn down()", "^50[04] ", limit=2
)


def test_views_that_ask_to_end_do_too_much_or_do_not_end(tmp_path: Path) -> None:
    endure_all(tmp_path, ENDING | TOO_MUCH | ENDLESS)


def test_views_that_change_what_belongs_to_all(tmp_path: Path) -> None:
    """Those that a person has to help afterwards are the last ones."""
    views = {"recursion without its limit": BOTTOMLESS}
    views |= {name: changing(body) for name, body in VANDALS.items()}
    views["much of what belongs to all"] = changing("\n".join(MORE_VANDALS.values()))
    views["its own source deleted"] = View(GONE, "^200 done", limit=5, restore=True)
    views["the listening socket closed"] = View(DEAF, "^200 done", limit=5, restart=True)
    endure_all(tmp_path, views)


@pytest.mark.parametrize("name", each(ENDLESS))
def test_a_view_that_does_not_end(tmp_path: Path, name: str) -> None:
    endure(tmp_path, ENDLESS[name])


@pytest.mark.parametrize("name", each(TOO_MUCH))
def test_a_view_that_is_too_much(tmp_path: Path, name: str) -> None:
    endure(tmp_path, TOO_MUCH[name])


@pytest.mark.long
def test_a_gigabyte(tmp_path: Path) -> None:
    endure(tmp_path, View("return b'x' * 1_000_000_000", "^200 xxx", limit=30))


@pytest.mark.parametrize("name", each(ENDING))
def test_a_view_that_asks_to_end_or_for_a_person(tmp_path: Path, name: str) -> None:
    endure(tmp_path, ENDING[name])


@pytest.mark.parametrize("name", each(VANDALS))
def test_a_view_that_changes_what_belongs_to_all(tmp_path: Path, name: str) -> None:
    endure(tmp_path, changing(VANDALS[name]))


@pytest.mark.long
@pytest.mark.parametrize("name", MORE_VANDALS)
def test_a_view_that_changes_something_else_that_belongs_to_all(tmp_path: Path, name: str) -> None:
    endure(tmp_path, changing(MORE_VANDALS[name]))


@pytest.mark.long
def test_sources_that_misbehave_at_import(tmp_path: Path) -> None:
    """One after the other in one window; each is mended by the next edit while it is at it."""
    tops = misbehaving(AT_IMPORT_TOO | AT_IMPORT)
    source = APP.format(top="", body="    return 'hostile'")
    outcome = let_loose(tmp_path, source, 0.5, at_import=tops, views=[], patience=2 * PATIENCE)
    outcome.survived()
    check_imports(outcome, tops)


def test_nothing_is_lost_when_a_view_ends_the_process(tmp_path: Path) -> None:
    """No process survives ``os._exit``: what was edited is on the disk, and the next window opens it.

    That one has to bear sources that misbehave at import; each is mended by the next edit while it is at it.
    """
    body = "    import os\n    os._exit(7)"
    ended = let_loose(tmp_path, APP.format(top="", body=body), 5, edit_first=True)
    assert ended.status == 7, (ended.facts.get("failed"), ended.facts, ended.trace)
    assert ended.facts["form"]["body"] == "calmer"
    source = (tmp_path / "project" / "app.py").read_text()
    assert source == APP.format(top="", body=body).replace('"calm"', '"calmer"')
    mended = source.replace("os._exit(7)", "return 'mended'").replace("calmer", "calm")
    tops = misbehaving(AT_IMPORT)
    again = let_loose(tmp_path, mended, 5, at_import=tops, patience=2 * PATIENCE)
    again.survived()
    assert again.facts["hostile"][0]["body"] == "mended"
    check_imports(again, tops)
