"""``--app`` of ``routes`` and ``serve``: where the app is, as for ``flask``, this time only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playground.session.home import Home
from playground.session.serving import Serving

if TYPE_CHECKING:
    from conftest import Run

APP = 'from flask import Flask\n{0} = Flask("{0}")\n\n@{0}.get("/{0}")\ndef index(): return "{0}"\n'
FACTORY = "from flask import Flask\ndef build(*names):\n    app = Flask('b')\n    for name in names:\n"
FACTORY += "        app.add_url_rule('/' + name, name, lambda: '')\n    return app\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "several"
    folder.mkdir()
    for name in ("app", "blog"):
        (folder / f"{name}.py").write_text(APP.format(name))
    (folder / "made.py").write_text(FACTORY)
    return folder


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        ((), {"/app"}),
        (("--app", "blog"), {"/blog"}),
        (("-A", "blog.py:blog"), {"/blog"}),
        (("--app", "made:build('x', 'y')"), {"/x", "/y"}),
    ],
)
def test_routes_of_that_app(folder: Path, run: Run, words: tuple[str, ...], rules: set[str]) -> None:
    done = run("routes", folder, "--json", *words)
    assert done.status == 0, done
    listed = {row["rule"] for row in json.loads(done.out)}
    assert listed - {"/static/<path:filename>"} == rules
    assert Home().get("apps", {}) == {}


@pytest.mark.parametrize("command", ["routes", "serve"])
def test_an_app_that_is_not_there(folder: Path, run: Run, command: str) -> None:
    assert "There is no nowhere in this folder." in run(command, folder, "--app", "nowhere:app").refusal


def test_serve_that_app(folder: Path) -> None:
    said: list[str] = []
    serving = Serving(said.append)
    try:
        assert serving.begin(folder, 0, "127.0.0.1", "blog").startswith("http://127.0.0.1:")
        assert {rule.rule for rule in serving._session.snapshot.live.map} >= {"/blog"}
    finally:
        serving.close()
    assert said == []
    assert Home().get("apps", {}) == {}
