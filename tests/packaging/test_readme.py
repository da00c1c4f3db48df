"""The README says what is so: its commands, options, rooms, dependencies and pictures are those there are."""

from __future__ import annotations

import re
import runpy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from introductions import SNIPPETS

from playground.cli import main
from playground.core.starters import STARTERS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEV: dict[str, Any] = runpy.run_path(str(ROOT / "packaging" / "dev.py"))
SNIPPET_NAMES = [one.name for one in SNIPPETS]
PROMPTS = re.findall(r"^\$ (.+)$", README, re.MULTILINE)
CODE = re.findall(r"`([^`\n]+)`", README)
WORKS = README.split("## What works\n")[1].split("\n## ")[0]
ROW = re.compile(r"^\| `playground ([a-z]+)[^|]*\|[^|]*\|([^\n]*)\|$", re.MULTILINE)
COMMANDS = dict(ROW.findall(README))  # what each says of its options


def shown_help(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def options(text: str) -> set[str]:
    return set(re.findall(r"--[a-z]+", text)) - {"--help"}


def test_the_two_commands_come_first() -> None:
    assert PROMPTS[:2] == ["python3 packaging/dev.py run", "python3 packaging/dev.py test"]


def test_every_verb_of_dev_py_that_is_shown_exists() -> None:
    shown = [verb for line in (*PROMPTS, *CODE) for verb in re.findall(r"dev\.py (\w+)", line)]
    assert {"run", "test", "pictures", "bench", "lock"} <= set(shown) <= set(DEV["VERBS"])


def test_the_table_of_commands_is_the_whole_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    there = set(re.findall(r"^    ([a-z]+) ", shown_help(capsys), re.MULTILINE))
    assert set(COMMANDS) == there - {"open"}  # which `playground FOLDER` stands for


def test_the_table_of_commands_has_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    told = {verb: options(text) for verb, text in COMMANDS.items()}
    told["change"] |= told["add"]  # as its row says
    assert told == {verb: options(shown_help(capsys, verb)) for verb in told}


def test_the_starters_are_those_there_are() -> None:
    (line,) = re.findall(r"The starters are (.+?)\.", README, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", line)) == {starter.name for starter in STARTERS}


def test_the_rooms_of_the_house_are_those_there_are() -> None:
    shown = set(re.findall(r"^\| `playground/(\w+)/` ", README, re.MULTILINE))
    assert shown == {path.parent.name for path in (ROOT / "playground").glob("*/__init__.py")}


def test_every_dependency_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    names = {re.split(r"[^A-Za-z0-9-]", requirement)[0].lower() for requirement in wanted}
    first = re.findall(r"^\| ([^|]+) \|", README, re.MULTILINE)
    told = {name.strip().lower() for cell in first for name in cell.split(",")}
    assert names <= told


def test_the_table_of_figures_is_as_bench_writes_it() -> None:
    report = runpy.run_path(str(ROOT / "tests" / "bench" / "report.py"), run_name="report")
    before, rest = README.split(report["BEGIN"])
    inside, _ = rest.split(report["END"])
    assert before.rstrip().splitlines()[-1]
    assert all(row.count("|") == 7 for row in inside.splitlines() if row.startswith("|"))


def test_what_works_names_a_test_for_each_line() -> None:
    rows = [row for row in WORKS.splitlines() if row.startswith("| ") and "in the introductions" not in row]
    assert len(rows) >= 17
    for row in rows:
        named = re.findall(r"\[`?([^]`]+)`?\]\((tests/[^)]+)\)", row)
        assert named, row
        for name, file in named:
            text = (ROOT / file).read_text(encoding="utf-8")
            in_file = f"def {name}(" in text
            assert in_file or (file == "tests/gui/test_introductions.py" and name in SNIPPET_NAMES), row


def test_what_works_has_every_snippet() -> None:
    assert {name for name in SNIPPET_NAMES if re.search(rf"\[`?{re.escape(name)}`?\]\(", WORKS)} == set(
        SNIPPET_NAMES
    )


def test_every_picture_is_one_that_the_tour_makes_and_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    shown = [link for link in links if link.endswith(".png")]
    assert shown == [f"assets/pictures/{name}.png" for name in DEV["FROM_TOUR"]]
    for link in links:
        if "://" not in link and link not in shown:
            assert (ROOT / link).is_file()
