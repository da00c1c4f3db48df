"""A form is written before what another program wrote was noticed: neither text is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

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


def test_another_field_stays_as_they_wrote_it(session: Session, tmp_path: Path) -> None:
    assert session.snapshot.project is not None
    (route,) = session.snapshot.project.routes
    (tmp_path / "app.py").write_text(APP.replace("Greet.", "Theirs."))
    session.change_route(route, replace(RouteDraft.of(route), methods=("GET", "POST")))
    text = (tmp_path / "app.py").read_text()
    assert '"""Theirs."""' in text and "POST" in text


def test_the_same_field_is_not_written_over(session: Session, tmp_path: Path) -> None:
    assert session.snapshot.project is not None
    (route,) = session.snapshot.project.routes
    (tmp_path / "app.py").write_text(APP.replace("Greet.", "Theirs."))
    with pytest.raises(ProblemError, match="has changed since it was shown"):
        session.change_route(route, replace(RouteDraft.of(route), doc="Mine."))
    assert '"""Theirs."""' in (tmp_path / "app.py").read_text()
