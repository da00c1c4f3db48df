"""Who says whether debug pages are on: the project, the person for this project, or one run of serve."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from playground.session.home import Home
from playground.session.session import Session

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
OPENED = Callable[[], Session]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    project.mkdir()
    (project / "app.py").write_text(APP)
    return project.resolve()


@pytest.fixture
def opened(tmp_path: Path, folder: Path) -> Iterator[OPENED]:
    """Opens the project as another start of the program does."""
    home, open_now = Home(tmp_path / "home"), list[Session]()
    home.trust(folder)

    def again() -> Session:
        for session in open_now:
            session.close()
        session = Session(home)
        open_now.append(session)
        session.open(folder)
        session.go_live()
        return session

    yield again
    for session in open_now:
        session.close()


def test_what_the_project_says_holds_until_a_person_says_otherwise(opened: OPENED, folder: Path) -> None:
    assert not opened().debug_pages
    (folder / ".flaskenv").write_text("FLASK_DEBUG=1\n")
    session = opened()
    assert session.debug_pages
    session.set_debug_pages(False)
    assert not session.debug_pages
    session = opened()
    assert not session.debug_pages
    assert session.home.get("debug_pages") == {str(folder): False}
    session.set_debug_pages(True)
    assert session.home.get("debug_pages") == {}  # as the project says: there is nothing to keep
    (folder / ".flaskenv").write_text("FLASK_DEBUG=0\n")
    assert not opened().debug_pages


def test_an_edit_of_the_source_switches_them_and_other_projects_are_left_alone(
    opened: OPENED, folder: Path
) -> None:
    session = opened()
    session.home.set("debug_pages", {"elsewhere": True})
    (folder / "app.py").write_text(APP + "\nif __name__ == '__main__':\n    app.run(debug=True)\n")
    session.touch(frozenset({"app.py"}))
    session.go_live()
    assert session.debug_pages
    session.set_debug_pages(False)
    assert session.home.get("debug_pages") == {"elsewhere": True, str(folder): False}
    assert sorted(path.name for path in folder.iterdir()) == ["app.py"]


def test_what_is_said_for_one_run_is_not_kept(opened: OPENED) -> None:
    session = opened()
    session.set_debug_pages(True, keep=False)
    assert session.debug_pages and session.home.get("debug_pages") is None


@pytest.mark.parametrize("kept", ["text", 1, {"x": "yes"}, None, []])
def test_a_file_that_somebody_changed_to_nonsense_says_nothing(opened: OPENED, kept: object) -> None:
    session = opened()
    (session.home.folder / "settings.json").write_text(json.dumps({"debug_pages": kept}))
    assert not opened().debug_pages
    session.home.set("debug_pages", kept)
    opened().set_debug_pages(True)
