"""What is read of a project without running it is what ``flask routes`` says of the running app.

``flask`` runs in a process of its own. What only Python can know is named here, shape by shape.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from playground.core.routes import Route
from playground.project.index import Index
from tests.support.shapes import SHAPES, Shape, write

Row = tuple[str, str, str]
"""Rule, endpoint and methods, as ``flask routes`` prints them."""

ONLY_PYTHON = {
    "factory_arguments": {"hello"},  # its rule begins with what the command line gives the factory
    "flaskenv": {"state"},  # its rule begins with an environment variable
    "loops_and_conditions": {"colours", "count"},  # their rules begin with what a function returns
    "noisy": {"one", "two"},  # words.txt holds the rules
}
"""Endpoints of the running app of which the source does not tell all, by shape."""

NOT_RUNNING = {
    "factory_arguments": {"hello"},
    "flaskenv": {"state"},
    "loops_and_conditions": {"colours", "count", "debug", "full"},  # the last two under conditions
    "main_guard": {"hidden", "hidden_too"},
    "noisy": {"<lambda>"},
    "registered_twice": {"lost.found"},  # a blueprint that nobody registers
    "several_apps": {"others", "posts", "rooms"},
    "src_layout": {"of_a_test"},
}
"""Endpoints that the source has and the running app has not, or under another rule."""

_COLUMNS = re.compile(r"\s{2,}")


def rows_of_flask(folder: Path, target: str) -> set[Row]:
    """What ``flask routes`` prints, without the routes for static files."""
    command = [sys.executable, "-m", "flask", *(["--app", target] if target else []), "routes"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return set(filter(None, map(_row, ran.stdout.splitlines())))


def _row(line: str) -> Row | None:
    found = _COLUMNS.split(line.strip())
    rule = found[-1] if found[-1].startswith(("/", "<")) else ""
    if not rule or found[0] in ("static",) or found[0].endswith(".static"):
        return None
    methods = found[1] if len(found) > 2 and found[1].isupper() else ""
    return (rule, found[0], methods)


def routes_of(folder: Path) -> tuple[Route, ...]:
    index = Index(folder)
    index.refresh()
    return index.picture().routes


def row(route: Route) -> Row:
    return (route.full_rule, route.endpoint, ", ".join(sorted(set(route.methods) - {"HEAD", "OPTIONS"})))


@pytest.mark.parametrize("shape", [one for one in SHAPES if one.imports], ids=str)
def test_what_is_read_is_what_flask_lists(shape: Shape, tmp_path: Path) -> None:
    folder = write(shape, tmp_path)
    listed = rows_of_flask(folder, shape.target)
    read = {row(route): route for route in routes_of(folder)}
    missing = {one[1] for one in listed - read.keys()}
    assert missing == ONLY_PYTHON.get(shape.name, set()), (listed - read.keys(), set(read) - listed)
    assert {one[1] for one in read.keys() - listed} == NOT_RUNNING.get(shape.name, set())
