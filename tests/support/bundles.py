"""A bundle as its user has it: unpacked where no Python is to be found, on a screen of its own.

Nothing of the program is imported here. It is started as a desktop starts it, and driven by keys and the
mouse of an X server (`xdotool`); what it did is read from the disk, from its socket, and from the screen.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
LONG = 600.0
"""Seconds: of anything that is waited for in the window, and of a whole command."""
NOBODY = 65534
NO_RIGHTS = ("--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups")
ACCENT = (11, 114, 133)
"""The colour of a button that acts, in the light theme."""
LOOK = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
picture = app.primaryScreen().grabWindow(0).toImage()
picture.save(sys.argv[1])
wanted = tuple(map(int, sys.argv[2].split(",")))
rows = {}
for y in range(picture.height()):
    run = 0
    for x in range(picture.width() + 1):
        same = x < picture.width() and picture.pixelColor(x, y).getRgb()[:3] == wanted
        if same:
            run += 1
        elif run:
            if run >= 24:
                rows.setdefault((x - run, x), []).append(y)
            run = 0
for (left, right), found in rows.items():
    print(left, found[0], right, found[-1])
"""


def waited(question: Callable[[], object], what: str, seconds: float = SECONDS) -> object:
    """What the question answers once that is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := question():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")


@contextmanager
def public_folder() -> Iterator[Path]:
    """A folder of a person without rights; ours where we are such a person."""
    folder = Path(tempfile.mkdtemp(prefix="bundle-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class User:
    """Somebody with a home, without administrator rights and without Python."""

    def __init__(self, folder: Path) -> None:
        self.home, self.path = folder / "home", folder / "no-python"
        for made in (self.home, self.path):
            made.mkdir()
        self.give(folder)

    def give(self, folder: Path) -> None:
        """Make a folder this person's own."""
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def environment(self, **more: str) -> dict[str, str]:
        """All variables there are, of somebody who does not speak English; on the PATH is nothing."""
        return {"HOME": str(self.home), "PATH": str(self.path), "LANG": "de_DE.UTF-8", **more}

    @contextmanager
    def started(
        self, command: list[str], folder: Path | None = None, **more: str
    ) -> Iterator[subprocess.Popen[str]]:
        """A process of this person; it does not outlive the block."""
        rights = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        env = self.environment(**more)
        process = subprocess.Popen(command, env=env, cwd=folder or self.home, **pipes, **rights)  # type: ignore[call-overload]
        with process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *command: str | Path, folder: Path | None = None, **more: str) -> str:
        """A process that has to end well; gives what it printed."""
        with self.started([*map(str, command)], folder, **more) as process:
            out, errors = process.communicate(timeout=LONG)
        assert process.returncode == 0, out + errors
        return out


def exec_of(entry: Path, file: Path | None = None) -> list[str]:
    """The command of a desktop entry, as a desktop makes it of the line: the file goes in for %f."""
    (line,) = [line for line in entry.read_text().splitlines() if line.startswith("Exec=")]
    words = shlex.split(line.removeprefix("Exec=").replace("\\\\", "\\"))
    plain = [word.replace("\\$", "$").replace("\\`", "`").replace("%%", "%") for word in words]
    return [str(file) if word == "%f" else word for word in plain if word != "%f" or file is not None]


class Screen:
    """An X server, and a person's hands at it."""

    def __init__(self, number: str) -> None:
        self.display = f":{number}"

    def do(self, *words: str) -> str:
        """One thing of the hands."""
        env = {**os.environ, "DISPLAY": self.display}
        done = subprocess.run(["xdotool", *words], env=env, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def window(self, title: str) -> str:
        """The number of the window with that in its title, once it is there; keys go to it from now on."""
        found = str(waited(lambda: self.do("search", "--onlyvisible", "--name", title), f"a window {title}"))
        number = found.split(maxsplit=1)[0]
        self.do("windowfocus", "--sync", number)
        return number

    def keys(self, *keys: str) -> None:
        self.do("key", "--delay", "30", *keys)

    def type(self, text: str) -> None:
        """Over what is there."""
        self.keys("ctrl+a")
        self.do("type", "--delay", "15", text)

    def buttons(self, picture: Path) -> list[tuple[int, int]]:
        """The middles of all buttons that act, by their colour; keeps what the screen shows as a picture."""
        env = {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        command = [sys.executable, "-c", LOOK, str(picture), ",".join(map(str, ACCENT))]
        said = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
        boxes = [tuple(map(int, line.split())) for line in said.splitlines()]
        tall = [box for box in boxes if box[3] - box[1] >= 14]
        return [((left + right) // 2, (top + bottom) // 2) for left, top, right, bottom in tall]

    def click(self, place: tuple[int, int]) -> None:
        self.do("mousemove", str(place[0]), str(place[1]), "click", "1")


@contextmanager
def screen() -> Iterator[Screen]:
    """A screen of its own, on a number that is free."""
    read, write = os.pipe()
    server = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(server, pass_fds=(write,), stderr=subprocess.DEVNULL) as process:
        try:
            os.close(write)
            with os.fdopen(read) as answer:
                yield Screen(answer.readline().strip())
        finally:
            process.terminate()


def ports(process: int) -> set[int]:
    """Where a process listens."""
    links = []
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            links.append(str(link.readlink()))
        except OSError:  # closed while we looked
            continue
    own = {link[8:-1] for link in links if link.startswith("socket:[")}
    rows = [line.split() for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].partition(":")[2], 16) for row in rows if row[3] == "0A" and row[9] in own}


def asked(address: str) -> tuple[int, str]:
    """The status and the body of an answer; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def closed(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Close the window as Ctrl+C in a terminal does; the status, and all that was said on standard error."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=SECONDS)
    return process.returncode, errors
