"""No telemetry, no account, no network but the person's own requests, which here go to this machine alone.

Twice: by what Python itself was asked to connect to or look up, anywhere; and on Linux in a network that has
no way out, where the system counts every packet that had nowhere to go, Chromium's with the rest. Where there
can be such a network, one start tells both.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from project_folders import one_file

from playground.session.home import Home

START = Path(__file__).resolve().parents[1] / "support" / "quiet_start.py"
LOOPBACK = re.compile(r"(connect|look up|send to) (127\.\d+\.\d+\.\d+|localhost|::1)$")
ADDRESS = re.compile(r"look up [0-9a-f.:]+$")
"""What is an address already is looked up nowhere."""
ALONE = """
import fcntl, pathlib, socket, struct, subprocess, sys
with socket.socket() as one:  # bring up the loopback of this network, which has nothing else
    fcntl.ioctl(one, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))
done = subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.PIPE, text=True)
def lost(file, line, name):
    rows = [row.split() for row in pathlib.Path(file).read_text().splitlines() if row.startswith(line)]
    return int(dict(zip(rows[0], rows[1]))[name]) if len(rows) == 2 else int(rows[0][1])
print(lost("/proc/net/snmp", "Ip:", "OutNoRoutes"), lost("/proc/net/snmp6", "Ip6OutNoRoutes", ""))
print(done.stdout.splitlines()[-1])
sys.exit(done.returncode)
"""


@dataclass
class Told:
    """What a start told: what Python was asked, whether the page was a real one, and what went astray."""

    asked: list[str]
    real: bool
    lost: str | None = None
    """The packets that had nowhere to go, where there is a network of its own to count them."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose first route is a page, so that answering it starts the browser engine."""
    folder = one_file(tmp_path_factory.mktemp("page") / "page", 1)
    app = folder / "app.py"
    app.write_text(
        'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef index():\n'
        '    return "<h1>Here</h1><input type=password><a href=/far>far</a>"\n'
    )
    return folder


@pytest.fixture(scope="module")
def start(page: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Told]:
    """Starts once with the same words, in a network of its own where there is the right to make one."""
    home = tmp_path_factory.mktemp("home")
    Home(home).trust(page)
    env = {**os.environ, "PLAYGROUND_HOME": str(home)}

    @cache
    def start(*words: str) -> Told:
        program = [sys.executable, "-P"]
        if has_own_network():
            program = ["unshare", "--net", *program, "-c", ALONE, "-P"]
        done = subprocess.run(
            [*program, START, page, *words], env=env, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        *before, told = done.stdout.splitlines()
        return Told(**json.loads(told), lost=before[-1] if has_own_network() else None)

    return start


@cache
def has_own_network() -> bool:
    """Whether there is the right to make one."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0


def strangers(asked: list[str]) -> list[str]:
    return [one for one in asked if not LOOPBACK.match(one) and not ADDRESS.match(one)]


def test_python_is_asked_to_connect_to_this_machine_alone(start: Callable[..., Told]) -> None:
    assert start().asked, "its own request, at least"
    assert strangers(start().asked) == []
    assert strangers(start("--stray").asked) == ["connect 192.0.2.1"] * 2


def test_not_a_packet_goes_out_the_engines_own_included(start: Callable[..., Told]) -> None:
    if not has_own_network():
        pytest.skip("needs the right to make a network of its own")
    assert (start().lost, start().real) == ("0 0", True)
    assert start("--stray").lost != "0 0", "nothing would have been seen"
