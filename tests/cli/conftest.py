"""The command line as a person uses it: words in; an exit status and two streams out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from playground.cli import main


@dataclass
class Outcome:
    status: int
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one line on standard error of a command that refused."""
        assert self.status == 1, self
        assert self.err.endswith("\n"), self
        assert self.err.count("\n") == 1, self
        assert "Traceback" not in self.err
        return self.err.strip()


Run = Callable[..., Outcome]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Carries out one command in this process."""

    def carry_out(*words: object) -> Outcome:
        capfd.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        out, err = capfd.readouterr()
        return Outcome(status, out, err)

    return carry_out


@pytest.fixture
def process() -> Run:
    """Carries out one command in a process of its own, with the environment of ``more``."""

    def carry_out(*words: object, **more: object) -> Outcome:
        command = [sys.executable, "-m", "playground", *map(str, words)]
        environment = os.environ | {name: str(value) for name, value in more.items()}
        done = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return carry_out


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    """The hello starter, made by its command."""
    folder = tmp_path / "hello"
    assert run("new", folder, "--starter", "hello").status == 0
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of a folder and what it holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
