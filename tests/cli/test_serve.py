"""``playground serve`` as a process: its one line, the edits it follows, and what it leaves behind."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends its process by signals")

APP = """from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "{word}"
"""
DEADLINE = 20.0


class Served:
    """One ``playground serve`` and the lines that it writes."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "playground", "serve", str(folder), *(words or ("--port", "0"))]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdout=pipe, stderr=pipe, start_new_session=True)
        self.said = b""
        self.url = ""

    def ready(self) -> Served:
        """Wait for the line that says where it serves."""
        assert self.process.stdout
        readable, _, _ = select.select([self.process.stdout], [], [], DEADLINE)
        line = self.process.stdout.readline().decode() if readable else ""
        assert line.startswith("Serving http://127.0.0.1:"), (line, self.heard())
        self.url = line.split()[1]
        return self

    def get(self, path: str = "/") -> str:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return f"{error.code} {error.read().decode()}"

    def until(self, answers: str, path: str = "/") -> None:
        wait(lambda: answers in self.get(path), f"{path} to answer {answers}")

    def heard(self) -> str:
        """What stands on its standard error up to now."""
        assert self.process.stderr
        while select.select([self.process.stderr], [], [], 0)[0]:
            piece = os.read(self.process.stderr.fileno(), 65536)
            if not piece:
                break
            self.said += piece
        return self.said.decode()

    def hears(self, words: str) -> None:
        wait(lambda: words in self.heard(), f"{words!r} on standard error, not {self.said.decode()!r}")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal; its exit status, the rest of its output, and all of its errors."""
        self.heard()
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=10)
        return self.process.returncode, out.decode(), (self.said + err).decode()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def wait(until: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not until():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        threading.Event().wait(0.02)


Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    started: list[Served] = []

    def start(files: dict[str, str], *words: str) -> Served:
        folder = tmp_path / "project"
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        started.append(Served(folder, *words))
        return started[-1]

    yield start
    for one in started:
        one.close()


def is_free(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


def test_it_follows_every_edit_and_keeps_the_last_good_app(serve: Serve) -> None:
    """One process for the whole story, as starting one takes most of a second."""
    files = {"app.py": APP.format(word="one"), "templates/page.html": "<p>first</p>"}
    files["app.py"] += '\n\nfrom flask import render_template\n\n\n@app.get("/page")\ndef page():\n'
    files["app.py"] += '    return render_template("page.html")\n'
    served = serve(files).ready()
    app = served.folder / "app.py"
    assert served.get() == "one"
    assert served.heard() == ""

    app.write_text(files["app.py"].replace("one", "two"))
    served.until("two")
    (served.folder / "templates" / "page.html").write_text("<p>second</p>")
    served.until("second", "/page")

    app.write_text(files["app.py"].replace("one", "three").replace("def index()", "def index("))
    served.hears("app.py:")
    assert served.get() == "two"
    app.write_text(files["app.py"].replace("one", "three"))
    served.until("three")
    served.hears("Mended")

    app.rename(served.folder / "elsewhere.txt")
    served.hears("no app.py")
    assert served.get() == "three"
    (served.folder / "elsewhere.txt").rename(app)
    served.until("three")

    served.folder.rename(served.folder.with_name("moved"))
    served.hears("can't be read any more")
    assert served.get() == "three"
    served.folder.mkdir()
    app.write_text(files["app.py"].replace("one", "four"))
    served.until("four")
    app.write_text(files["app.py"].replace("one", "five"))
    served.until("five")

    status, out, errors = served.end()
    assert (status, out) == (0, "")
    assert "Traceback" not in errors
    assert is_free(served.url)
    left = {path.name for path in served.folder.rglob("*")}
    assert left == {"app.py"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "SIGTERM"])
def test_a_signal_ends_it_and_leaves_nothing(serve: Serve, number: int) -> None:
    """Not even where the app has a thread of its own that never ends and prints what it likes."""
    noise = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    noise += "import threading, time\nprint('printed by the app')\napp.run('0.0.0.0', 1)\n"
    noise += "threading.Thread(target=lambda: time.sleep(3600)).start()\n"
    served = serve({"app.py": APP.format(word="one") + "\n" + noise}).ready()
    assert served.get() == "one"
    status, out, errors = served.end(number)
    assert (status, out) == (0, "")
    assert "printed by the app" in errors
    assert 'asks for the network (app.run(host="0.0.0.0") in app.py), but only this computer' in errors
    assert "Traceback" not in errors
    assert is_free(served.url)
    with pytest.raises(ProcessLookupError):
        os.killpg(served.process.pid, 0)


def test_a_project_that_does_not_load_is_waited_for(serve: Serve) -> None:
    served = serve({"app.py": "from flask import Flask\napp = Flask(__name__)\n1 / 0\n"}).ready()
    served.hears("app.py:3")
    assert served.get().startswith("503")
    assert "ZeroDivisionError" in served.get()
    (served.folder / "app.py").write_text(APP.format(word="mended"))
    served.until("mended")
    assert served.end()[0] == 0


def test_an_import_that_never_ends_is_ended_by_a_signal(serve: Serve) -> None:
    served = serve({"app.py": "import sys, time\nprint('asleep', flush=True)\ntime.sleep(3600)\n"})
    served.hears("asleep\n")  # whole: the line and its end are two writes
    status, out, errors = served.end(signal.SIGINT)
    assert (status, out, errors) == (0, "", "asleep\n")


def take_port_5000() -> socket.socket:
    """Take it from here on; where another program never lets go of it, that is as good."""
    deadline = time.monotonic() + 30  # the window of a test beside this one may have it for a while
    while time.monotonic() < deadline:
        try:
            return socket.create_server(("127.0.0.1", 5000))
        except OSError:
            threading.Event().wait(0.02)
    return socket.socket()


def test_a_port_that_is_taken_is_said_and_the_next_one_served(serve: Serve) -> None:
    with take_port_5000():
        served = serve({"app.py": APP.format(word="one")}, "--host", "127.0.0.1").ready()
        assert not served.url.endswith(":5000")
        assert served.get() == "one"
        served.hears("Port 5000 is taken by another program")
        assert served.end()[0] == 0


LOOP = """from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "one"


@app.get("/loop")
def loop():
    while True:
        pass
"""


def test_a_view_that_passes_the_limit_is_stopped(serve: Serve) -> None:
    served = serve({"app.py": LOOP}, "--port", "0", "--limit", "0.5").ready()
    answer = served.get("/loop")
    assert answer.startswith("504")
    assert "app.py" in answer
    assert served.get() == "one"
    assert served.end()[0] == 0


def test_a_failing_view_shows_this_computer_what_happened_where_debug_is_asked_for(serve: Serve) -> None:
    fails = "\n\n@app.get('/fails/<int:number>')\ndef fails(number):\n    return 1 / number\n"
    files = {"app.py": APP.format(word="one") + fails}
    page = serve(files, "--port", "0", "--debug").ready().get("/fails/0")
    assert page.startswith("500") and "<u>1 / number</u>" in page and "The line divides by zero." in page
    assert "number" not in serve(files, "--port", "0", "--no-debug").ready().get("/fails/0")


def status_for(url: str, host: str) -> int:
    request = urllib.request.Request(url, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_it_answers_to_this_machine_and_to_names_that_are_given(serve: Serve) -> None:
    names = ("--name", "Shop.example", "--name", ".shop.test")
    served = serve({"app.py": APP.format(word="one")}, "--port", "0", *names).ready()
    hosts = ("localhost:80", "shop.example", "www.shop.test", "www.shop.example", "evil.example")
    assert [status_for(served.url, host) for host in hosts] == [200, 200, 200, 400, 400]
    assert served.end()[0] == 0
