"""A form is written before what another program wrote was noticed: neither text is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playground.core.answers import Answer, AnswerKind
from playground.core.problems import ProblemError
from playground.core.routes import RouteDraft
from playground.session.session import Session

APP = '''\
from flask import Flask

app = Flask(__name__)


@app.get("/")
def home():
    """Greet."""
    return "Hi"
'''


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "app.py").write_text(APP)
    session = Session()
    session.open(tmp_path)
    yield session
    session.close()


THEIRS = {
    "doc": APP.replace("Greet.", "Theirs."),
    "methods": APP.replace('get("/")', 'route("/", methods=["GET", "PUT"])'),
    "answer": APP.replace('return "Hi"', "# theirs\n    return 'Theirs', 202  # why"),
}
MINE: dict[str, Any] = {
    "doc": "Mine.",
    "methods": ("GET", "POST"),
    "answer": Answer(AnswerKind.JSON, '{"mine": 1}'),
}
PAIRS = [(theirs, mine) for theirs in THEIRS for mine in MINE]


def changed(session: Session, folder: Path, theirs: str, mine: str) -> str:
    """The file after both, the other program first."""
    assert session.snapshot.project is not None
    (route,) = session.snapshot.project.routes
    (folder / "app.py").write_text(THEIRS[theirs])
    session.change_route(route, replace(RouteDraft.of(route), **{mine: MINE[mine]}))
    return (folder / "app.py").read_text()


@pytest.mark.parametrize(("theirs", "mine"), [pair for pair in PAIRS if pair[0] != pair[1]])
def test_another_field_stays_as_they_wrote_it(
    session: Session, tmp_path: Path, theirs: str, mine: str
) -> None:
    text = changed(session, tmp_path, theirs, mine)
    written = {"doc": "Theirs.", "methods": "PUT", "answer": "# theirs\n    return 'Theirs', 202  # why"}
    assert written[theirs] in text
    assert {"doc": "Mine.", "methods": "POST", "answer": '"mine": 1'}[mine] in text


@pytest.mark.parametrize("field", THEIRS)
def test_the_same_field_is_not_written_over(session: Session, tmp_path: Path, field: str) -> None:
    with pytest.raises(ProblemError, match="has changed since it was shown"):
        changed(session, tmp_path, field, field)
    assert (tmp_path / "app.py").read_text() == THEIRS[field]
