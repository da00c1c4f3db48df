"""``playground completion``: a shell that has the script completes what there is, and runs nothing of it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playground.cli.completion import shapes
from playground.cli.words import COMMANDS

if TYPE_CHECKING:
    from conftest import Run

APP = """\
from flask import Flask

open("ran.txt", "w").close()
app = Flask(__name__)


@app.get("/users/<int:user_id>")
def get_user(user_id):
    return ""


@app.get("/about")
def about():
    return ""
"""
needs = {
    name: pytest.mark.skipif(shutil.which(name) is None, reason=f"there is no {name} here")
    for name in ("bash", "zsh", "fish")
}

CASES = [
    (("rou",), {"routes"}),
    (("sho",), {"shop"}),
    (("routes", "sh"), {"shop"}),
    (("new", "x", "--starter", "blue"), {"blueprints"}),
    (("rename", "shop", "para"), {"parameter"}),
    (("serve", "--lim"), {"--limit"}),
    (("rename", "--dr"), {"--dry-run"}),
    (("remove", "shop", "get_"), {"get_user"}),
    (("change", "--status", "201", "shop", "ab"), {"about"}),
    (("explain", "shop", "PAT"), {"PATCH"}),
    (("explain", "shop", "GET", "/use"), {"/users"}),
    (("completion", "zs"), {"zsh"}),
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a project in it, and ``playground`` on the path."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "app.py").write_text(APP)
    programs = tmp_path / ".bin"
    programs.mkdir()
    program = programs / "playground"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m playground "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def script(run: Run, shell: str, place: Path) -> Path:
    done = run("completion", shell)
    assert (done.status, done.err) == (0, "")
    file = place / f"{shell}.script"
    file.write_text(done.out)
    return file


def shell(*words: str, **environment: str) -> str:
    done = subprocess.run(
        words, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def in_bash(file: Path, *cases: tuple[str, ...]) -> list[set[str]]:
    """All cases in one bash, as it calls the function when Tab is pressed."""
    lines = [f"source {file}"]
    for words in cases:
        quoted = " ".join(f"'{word}'" for word in ("playground", *words))
        lines += [f"COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; COMPREPLY=()"]
        lines += ["_playground 2>&1; printf '%s|' \"${COMPREPLY[@]}\"; echo"]
    said = shell("bash", "--norc", "-c", "\n".join(lines))
    return [{word.rstrip("/") for word in line.split("|") if word} for line in said.splitlines()]


def in_fish(file: Path, *cases: tuple[str, ...]) -> list[set[str]]:
    lines = [f"source {file}"]
    for words in cases:
        lines += [f"complete -C '{' '.join(('playground', *words))}'", "echo ---"]
    said = shell("fish", "--no-config", "-c", "\n".join(lines), HOME=str(file.parent))
    parts = said.split("---\n")[:-1]
    return [{line.split("\t")[0].rstrip("/") for line in part.splitlines()} for part in parts]


ZSH = """\
zmodload zsh/zpty
zpty shell zsh -f -i
begin="PS1=; autoload -U compinit; compinit -D -u; source @FILE@; setopt no_beep no_list_beep;"
begin+=' show() { print -r -- "<<$BUFFER>>"; zle kill-buffer }; zle -N show; bindkey "^X" show; print RE""ADY'
zpty -w shell $begin
while zpty -r shell line; do [[ $line == *READY* ]] && break; done
press() {
    zpty -w -n shell "$1"$'\\t\\x18'
    while zpty -r shell line; do print -r -- "$line"; [[ $line == *'>>'* ]] && break; done
}
"""


def in_zsh(file: Path, *cases: tuple[str, ...]) -> list[set[str]]:
    """Typed at a terminal, with Tab; what then stands on the line is what was completed."""
    lines = [ZSH.replace("@FILE@", str(file))]
    lines += [f"press '{' '.join(('playground', *words))}'" for words in cases]
    said = shell("zsh", "-f", "-c", "\n".join([*lines, "zpty -d shell"]))
    return [{line.split()[-1].rstrip("/")} for line in re.findall("<<(.*)>>", said)]


def test_every_command_of_the_table_is_known() -> None:
    known = {shape.name: shape for shape in shapes()}
    assert list(known) == list(COMMANDS)
    assert all(shape.said for shape in known.values())
    options = {name for option in known["routes"].options for name in option.names}
    assert options == {"-h", "--help", "--json", "-A", "--app", "--static"}
    hidden = {name for shape in known.values() for option in shape.options for name in option.names}
    assert not {"--from-flask", "--look"} & hidden


@needs["bash"]
def test_bash(place: Path, run: Run) -> None:
    check(in_bash(script(run, "bash", place), *(words for words, _ in CASES)), place)


@needs["fish"]
def test_fish(place: Path, run: Run) -> None:
    check(in_fish(script(run, "fish", place), *(words for words, _ in CASES)), place)


@needs["zsh"]
def test_zsh(place: Path, run: Run) -> None:
    check(in_zsh(script(run, "zsh", place), *(words for words, _ in CASES)), place)


def check(found: list[set[str]], place: Path) -> None:
    asked = [(" ".join(words), wanted) for words, wanted in CASES]
    assert list(zip((words for words, _ in asked), found, strict=True)) == asked
    assert not (place / "shop" / "ran.txt").exists(), "the app was run"
    assert not (place / "ran.txt").exists(), "the app was run"


@needs["bash"]
def test_bash_offers_everything_where_nothing_is_typed(place: Path, run: Run) -> None:
    file = script(run, "bash", place)
    commands, options, own = in_bash(file, ("",), ("routes", "-"), ("serve", "shop", "--port", ""))
    assert commands == {*COMMANDS, "shop"} | {".bin"} & commands
    assert options == {"-h", "--help", "--json", "-A", "--app", "--static"}
    assert own == set()
