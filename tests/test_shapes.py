"""Each shape of project lists the routes that ``flask routes`` lists, which a process of its own tells.

With --long each shape has processes of its own; else one process of ``flask`` tells of all shapes, and one of
``playground routes`` lists all, where nothing of one app is left when the next is imported.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from shapes import BY_NAME, SHAPES, Shape, write

from playground.cli.entry import main

Row = tuple[str, tuple[str, ...], str]
HIDDEN = {"HEAD", "OPTIONS"}

ONE_BY_ONE = """
questions, answer = json.loads(sys.argv[1]), sys.argv[2]
variables, path, around = dict(os.environ), list(sys.path), os.getcwd()
told = []
for target, folder in questions:
    for name, module in list(sys.modules.items()):
        if around in repr([module, *getattr(module, "__path__", ())]):
            del sys.modules[name]
    os.environ.clear()
    os.environ.update(variables)
    sys.path[:] = path
    os.chdir(folder)
    told.append(tell(target, folder))
with open(answer, "w", encoding="utf-8") as file:
    json.dump(told, file)
"""
ASK_FLASK = (
    """
import contextlib, json, os, sys
from flask.cli import ScriptInfo, load_dotenv

def tell(target, folder):
    os.environ["FLASK_RUN_FROM_CLI"] = "true"
    load_dotenv()
    sys.path.insert(0, os.getcwd())
    with contextlib.redirect_stdout(sys.stderr):
        app = ScriptInfo(app_import_path=target or os.environ.get("FLASK_APP")).load_app()
    return [(rule.rule, sorted(rule.methods or ()), rule.endpoint) for rule in app.url_map.iter_rules()]
"""
    + ONE_BY_ONE
)
ASK_US = (
    """
import contextlib, io, json, os, sys
from playground.cli.entry import main

def tell(target, folder):
    os.chdir("..")
    words = ["--app", target] if target else []
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        status = main(["routes", folder, "--json", *words])
    return status, out.getvalue(), err.getvalue()
"""
    + ONE_BY_ONE
)
IMPORTED = [shape for shape in SHAPES if shape.imports]
NOT_IMPORTED = [shape for shape in SHAPES if not shape.imports]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "SERVICE_"))}


def run(command: list[str], folder: Path, patience: int = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=patience, check=False
    )


def multiset(rows: Iterable[tuple[str, Iterable[str], str]]) -> Counter[Row]:
    return Counter((rule, tuple(sorted(set(methods) - HIDDEN)), endpoint) for rule, methods, endpoint in rows)


def told_one_by_one(script: str, shapes: Sequence[Shape], folder: Path) -> list[Any]:
    """What a process says of each of the shapes, which lie in this folder."""
    questions = json.dumps([(shape.target, str(folder / shape.name)) for shape in shapes])
    answer = folder / "answer.json"
    done = run([sys.executable, "-c", script, questions, str(answer)], folder, patience=240)
    assert done.returncode == 0, done.stderr
    told: list[Any] = json.loads(answer.read_text(encoding="utf-8"))
    return told


def flask_rows(shapes: Sequence[Shape], folder: Path) -> list[Counter[Row]]:
    """What the map of each app has that ``flask`` finds."""
    return [multiset(rows) for rows in told_one_by_one(ASK_FLASK, shapes, folder)]


def our_rows(shape: Shape, folder: Path) -> tuple[list[dict[str, object]], str]:
    """What ``playground routes --json`` lists, and what it says besides."""
    words = ["--app", shape.target] if shape.target else []
    done = run([sys.executable, "-m", "playground", "routes", str(folder), "--json", *words], folder.parent)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows, done.stderr


def as_multiset(rows: list[dict[str, object]]) -> Counter[Row]:
    return multiset((str(row["rule"]), list(row["methods"]), str(row["endpoint"])) for row in rows)  # type: ignore[call-overload]  # JSON says no types


def test_the_routes_are_those_of_flask_routes(tmp_path: Path) -> None:
    for shape in IMPORTED:
        write(shape, tmp_path / shape.name)
    theirs = flask_rows(IMPORTED, tmp_path)
    ours = told_one_by_one(ASK_US, IMPORTED, tmp_path)
    wrong = {}
    for shape, expected, (status, out, said) in zip(IMPORTED, theirs, ours, strict=True):
        rows = json.loads(out) if status == 0 else []
        if as_multiset(rows) != expected or not all(row["live"] for row in rows):
            wrong[shape.name] = (status, out, said)
    assert wrong == {}


@pytest.mark.long
@pytest.mark.parametrize("shape", IMPORTED, ids=str)
def test_the_routes_are_those_of_flask_routes_in_a_process_of_each(shape: Shape, tmp_path: Path) -> None:
    folder = write(shape, tmp_path / shape.name)
    [theirs] = flask_rows([shape], tmp_path)
    rows, _ = our_rows(shape, folder)
    assert as_multiset(rows) == theirs
    assert all(row["live"] for row in rows)


def says_why(shape: Shape, rows: list[dict[str, object]], said: str) -> bool:
    """Whether the source is listed, and one line says why it is not the app that is."""
    from_the_source = bool(rows) and all(row["live"] is None for row in rows)
    return from_the_source and shape.wrong in said and len(said.splitlines()) == 1


def test_what_does_not_import_lists_its_source_and_says_why(tmp_path: Path) -> None:
    for shape in NOT_IMPORTED:
        write(shape, tmp_path / shape.name)
    wrong = {}
    told = told_one_by_one(ASK_US, NOT_IMPORTED, tmp_path)
    for shape, (status, out, said) in zip(NOT_IMPORTED, told, strict=True):
        if status or not says_why(shape, json.loads(out), said):
            wrong[shape.name] = (status, out, said)
    assert wrong == {}


@pytest.mark.long
@pytest.mark.parametrize("shape", NOT_IMPORTED, ids=str)
def test_what_does_not_import_says_why_in_a_process_of_its_own(shape: Shape, tmp_path: Path) -> None:
    rows, said = our_rows(shape, write(shape, tmp_path / shape.name))
    assert says_why(shape, rows, said), (rows, said)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_static_only_reads(shape: Shape, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(shape, tmp_path / shape.name)
    before, imported = set(folder.rglob("*")), set(sys.modules)
    assert main(["routes", str(folder), "--json", "--static"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(row["live"] is None and row["in_source"] for row in rows)
    assert set(folder.rglob("*")) == before
    assert not [name for name in set(sys.modules) - imported if _lies_in(folder, name)]


def _lies_in(folder: Path, module: str) -> bool:
    return (getattr(sys.modules[module], "__file__", None) or "").startswith(str(folder))


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
