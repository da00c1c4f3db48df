"""What tests of the session begin with: one that is closed at their end, and a folder with a small app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from project_folders import APP

from playground.session.session import Session


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session()
    yield session
    session.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of one route."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "app.py").write_text(APP)
    return folder
