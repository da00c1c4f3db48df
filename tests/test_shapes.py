"""Each shape of project lists the routes that ``flask routes`` lists, which a process of its own tells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from shapes import BY_NAME, SHAPES, Shape, write

Row = tuple[str, tuple[str, ...], str]
HIDDEN = {"HEAD", "OPTIONS"}

ASK_FLASK = """
import json, os, sys
from flask.cli import ScriptInfo, load_dotenv

os.environ["FLASK_RUN_FROM_CLI"] = "true"
load_dotenv()
sys.path.insert(0, os.getcwd())
out, sys.stdout = sys.stdout, sys.stderr
app = ScriptInfo(app_import_path=sys.argv[1] or os.environ.get("FLASK_APP")).load_app()
rows = [(rule.rule, sorted(rule.methods or ()), rule.endpoint) for rule in app.url_map.iter_rules()]
with open(sys.argv[2], "w", encoding="utf-8") as answer:
    json.dump(rows, answer)
"""


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "SERVICE_"))}


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False
    )


def multiset(rows: Iterable[tuple[str, Iterable[str], str]]) -> Counter[Row]:
    return Counter((rule, tuple(sorted(set(methods) - HIDDEN)), endpoint) for rule, methods, endpoint in rows)


def flask_rows(shape: Shape, folder: Path, answer: Path) -> Counter[Row]:
    """What the map of the app has that ``flask`` finds."""
    done = run([sys.executable, "-c", ASK_FLASK, shape.target, str(answer)], folder)
    assert done.returncode == 0, done.stderr
    return multiset(json.loads(answer.read_text(encoding="utf-8")))


def our_rows(shape: Shape, folder: Path, *more: str) -> tuple[list[dict[str, object]], str]:
    """What ``playground routes --json`` lists, and what it says besides."""
    words = ["--app", shape.target] if shape.target and "--static" not in more else []
    command = [sys.executable, "-m", "playground", "routes", str(folder), "--json", *words, *more]
    done = run(command, folder.parent)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows, done.stderr


def as_multiset(rows: list[dict[str, object]]) -> Counter[Row]:
    return multiset((str(row["rule"]), list(row["methods"]), str(row["endpoint"])) for row in rows)  # type: ignore[call-overload]  # JSON says no types


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape.imports], ids=str)
def test_the_routes_are_those_of_flask_routes(shape: Shape, tmp_path: Path) -> None:
    folder = write(shape, tmp_path / shape.name)
    theirs = flask_rows(shape, folder, tmp_path / "answer.json")
    rows, _ = our_rows(shape, folder)
    assert as_multiset(rows) == theirs
    assert all(row["live"] for row in rows)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if not shape.imports], ids=str)
def test_what_does_not_import_lists_its_source_and_says_why(shape: Shape, tmp_path: Path) -> None:
    rows, said = our_rows(shape, write(shape, tmp_path / shape.name))
    assert rows
    assert shape.wrong in said
    assert len(said.splitlines()) == 1
    assert all(row["live"] is None for row in rows)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_static_only_reads(shape: Shape, tmp_path: Path) -> None:
    folder = write(shape, tmp_path / shape.name)
    before = set(folder.rglob("*"))
    rows, _ = our_rows(shape, folder, "--static")
    assert all(row["live"] is None and row["in_source"] for row in rows)
    assert set(folder.rglob("*")) == before


def test_the_table_of_flask_routes_says_the_same(tmp_path: Path) -> None:
    """Once with the command itself, to know that the map we ask for is what it prints."""
    shape = BY_NAME["nested_blueprints"]
    folder = write(shape, tmp_path / shape.name)
    done = run([sys.executable, "-m", "flask", "routes"], folder)
    lines = done.stdout.splitlines()[2:]
    printed = Counter(tuple(line.replace(", ", ",").split()) for line in lines)
    rows, _ = our_rows(shape, folder)
    ours = Counter(
        (str(row["endpoint"]), ",".join(sorted(row["methods"])), str(row["rule"]))  # type: ignore[call-overload]  # JSON
        for row in rows
    )
    assert printed == ours
