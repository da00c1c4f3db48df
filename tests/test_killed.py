"""A process that edits is killed at any moment: what it acknowledged is there, and no file is half written.

What is promised. An edit that returned is on the disk as far as the system is concerned: the death of our
process takes nothing of it away. An edit that was under way has happened as a whole or not at all, once the
folder is opened again, also where it is one of several files: what a killed process had begun is noted in the
user's data folder and finished then, as long as nobody else has written to these files since. Temporary files
of a dead process are removed at the same time.

What is not promised: the last moments before a power cut. The bytes of each file are flushed to the disk
before they take its place (``fsync``), so that every file is whole even then; but not the entries of its
folder, nor the note on an edit of several files, which would make every edit wait twice.

A process of its own edits without a pause and tells of each edit when it is done. Its edits follow from a
seed, so here they are made once more in a copy of the folder, without killing anyone: the two folders have
to be the same byte for byte, after the edits that were acknowledged or after one more.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from endless_editor import Editor, make, written

from playground.project.files import TEMP_MARK
from playground.session.session import Session

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork as POSIX has them")
ORDINARY, LONG = 15, 250
A_STEP = 0.02
"""Seconds that an edit takes, more or less: the moment of death lies within it."""


class Forge:
    """Makes processes that edit."""

    def __init__(self) -> None:
        program = Path(__file__).parent / "support" / "endless_editor.py"
        self._process = subprocess.Popen(
            [sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._asks, self._says = self._process.stdin, self._process.stdout

    def close(self) -> None:
        self._asks.close()
        self._process.wait(20)
        self._says.close()

    def begin(self, *words: object) -> int:
        """Start a process; returns its number."""
        print(*words, sep="\t", file=self._asks, flush=True)
        return int(self.hear())

    def hear(self) -> str:
        """The next line that the process says."""
        line = self._says.readline()
        assert line, "the process that makes processes has ended"
        return line.rstrip("\n")

    def hear_out(self) -> list[str]:
        """All that it still says until it has ended."""
        return list(iter(self.hear, "gone"))

    def kill_within(self, folder: Path, seed: int, chance: random.Random) -> int:
        """Let a process edit, kill it at a random moment, and give back how many edits it acknowledged."""
        process = self.begin(folder, seed)
        before = [self.hear() for _ in range(1 + chance.randrange(8))]
        time.sleep(chance.random() * A_STEP)
        os.kill(process, signal.SIGKILL)
        return len([*before, *self.hear_out()]) - 1  # the first word is that it is ready


@pytest.fixture
def forge(home: Path) -> Iterator[Forge]:
    assert os.environ["PLAYGROUND_HOME"] == str(home)  # theirs and ours are the same person's
    forge = Forge()
    yield forge
    forge.close()


def opened(folder: Path) -> dict[str, bytes]:
    """What the folder holds after someone has opened it."""
    Session().open(folder)
    return written(folder)


def killed_again_and_again(forge: Forge, tmp_path: Path, times: int) -> None:
    folder, copy = make(tmp_path / "killed"), make(tmp_path / "copy")
    chance = random.Random()
    acknowledged = 0
    for _ in range(times):
        seed = chance.randrange(10**9)
        count = forge.kill_within(folder, seed, chance)
        acknowledged += count
        there = opened(folder)
        assert not [file for file in there if TEMP_MARK in file]
        again = Editor(copy, seed)
        for _ in range(count):
            again.step()
        if there != written(copy):  # the one that was under way has happened, as a whole
            again.step()
        assert there == written(copy), f"seed {seed}, {count} edits were acknowledged"
        if sum(map(len, there.values())) > 1_000_000 or chance.random() < 0.1:  # begin anew, with other names
            shutil.rmtree(folder)
            shutil.rmtree(copy)
            make(folder), make(copy)
    assert acknowledged >= times


def test_what_was_acknowledged_survives_and_nothing_is_half_written(forge: Forge, tmp_path: Path) -> None:
    killed_again_and_again(forge, tmp_path, ORDINARY)


@pytest.mark.long
def test_the_same_many_times(forge: Forge, tmp_path: Path) -> None:
    killed_again_and_again(forge, tmp_path, LONG)


@pytest.mark.parametrize("step", ["_rename", "_text", "_template"])
def test_killed_at_every_point_of_one_edit(forge: Forge, tmp_path: Path, step: str) -> None:
    """Before each thing that it asks of the file system; the rename is one of six files."""
    before = make(tmp_path / "before")
    (before / "templates" / "spare.html").write_text('{% extends "page.html" %}', encoding="utf-8")
    shutil.copytree(before, tmp_path / "after")
    getattr(Editor(tmp_path / "after", 1), step)()
    possible = [written(before), written(tmp_path / "after")]
    assert possible[0] != possible[1]
    outcomes = set()
    for point in range(200):
        folder = tmp_path / f"killed{point}"
        shutil.copytree(before, folder)
        forge.begin(folder, 1, step, point)
        ended = forge.hear_out()[-1] == "done"
        outcomes.add(possible.index(opened(folder)))
        if ended:
            break
    assert ended
    assert outcomes == {0, 1}


def test_a_change_that_was_cut_short_does_not_overwrite_what_is_newer(forge: Forge, tmp_path: Path) -> None:
    folder = make(tmp_path / "killed")
    before = written(folder)
    forge.begin(folder, 1, "_rename", half_way(forge, tmp_path))
    assert forge.hear_out()[-1] == "ready"
    changed = [file for file, data in written(folder).items() if before.get(file) != data]
    newer = next(file for file in before if file.startswith("part") and file not in changed)
    (folder / newer).write_text("# written meanwhile\n", encoding="utf-8")
    there = {file: data for file, data in written(folder).items() if TEMP_MARK not in file}

    session = Session()
    session.open(folder)

    assert written(folder) == there
    assert session.snapshot.project is not None
    sentences = [problem.sentence for problem in session.snapshot.project.problems]
    assert [newer in sentence and "cut short" in sentence for sentence in sentences].count(True) == 1


def half_way(forge: Forge, tmp_path: Path) -> int:
    """The point at which some files of the rename are new and some are not."""
    for point in range(200):
        folder = make(tmp_path / f"half{point}")
        before = written(folder)
        forge.begin(folder, 1, "_rename", point)
        forge.hear_out()
        now = written(folder)
        changed = [file for file in before if now.get(file) != before[file]]
        if 2 <= len(changed) <= 3:
            return point
    pytest.fail("the rename is never half done")
