"""No telemetry, no account, no network but the person's own requests, which here go to this machine alone.

Twice: by what Python itself was asked to connect to or look up, anywhere; and on Linux in a network that has
no way out, where the system counts every packet that had nowhere to go, Chromium's with the rest.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from project_folders import one_file

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


@pytest.fixture
def page(tmp_path: Path, home: Path) -> Path:
    """A project whose first route is a page, so that answering it starts the browser engine."""
    folder = one_file(tmp_path / "page", 1)
    app = folder / "app.py"
    app.write_text(
        'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef index():\n'
        '    return "<h1>Here</h1><input type=password><a href=/far>far</a>"\n'
    )
    return folder


def run(*command: str | Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-P", *command], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def strangers(asked: list[str]) -> list[str]:
    return [one for one in asked if not LOOPBACK.match(one) and not ADDRESS.match(one)]


def test_python_is_asked_to_connect_to_this_machine_alone(page: Path) -> None:
    found = json.loads(run(START, page)[-1])
    assert found["asked"], "its own request, at least"
    assert strangers(found["asked"]) == []
    assert strangers(json.loads(run(START, page, "--stray")[-1])["asked"]) == ["connect 192.0.2.1"] * 2


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="needs the right to make a network of its own",
)
def test_not_a_packet_goes_out_the_engines_own_included(page: Path) -> None:
    def lost(*more: str) -> tuple[str, bool]:
        done = subprocess.run(
            ["unshare", "--net", sys.executable, "-P", "-c", ALONE, "-P", START, page, *more],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if "unshare failed" in done.stderr:
            pytest.skip("needs the right to make a network of its own")
        assert done.returncode == 0, done.stderr
        counted, told = done.stdout.splitlines()
        return counted, json.loads(told)["real"]

    assert lost() == ("0 0", True)
    assert lost("--stray")[0] != "0 0", "nothing would have been seen"
