"""Logging after an edit that imports the project anew is what it is in a process that just began."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest

from tests.server.conftest import Folder, Served

CONFIGURES = """
import logging
from logging.config import dictConfig

dictConfig({"version": 1, "root": {"level": "INFO"}})

from flask import Flask

app = Flask(__name__)
own = logging.getLogger(f"{__name__}.own")
heard = []


class Hears(logging.Handler):
    def emit(self, record):
        heard.append(record.getMessage())


app.logger.addHandler(Hears())


@app.get("/")
def index():
    app.logger.warning("of the app")
    own.warning("of the module")
    return heard[-1:] + [str(len(app.logger.handlers))]
"""


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root, other = logging.getLogger(), logging.getLogger("another.library")
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], other.disabled = handlers, False
    root.setLevel(level)


def logged(served: Served, since: float) -> list[str]:
    """What the app and its modules logged; the log of the process keeps the last lines of all."""
    lines = (line for line in served.app.log() if line.when >= since)
    return [line.text for line in lines if line.logger.partition(".")[0] == "app"]


def test_dict_config_does_not_silence_the_project_at_the_next_load(folder: Folder, served: Served) -> None:
    folder.write("app.py", CONFIGURES)
    served.app.go_live(None)
    for count in range(1, 4):
        began = time.time()
        assert served.get("/").body.replace(b"\n", b"") == b'["of the module","1"]'
        assert logged(served, began) == ["of the app", "of the module"]
        state = served.edit("app.py", CONFIGURES.replace("heard = []", f"heard = []\nedit = {count}"))
        assert (state.problem, state.how) == (None, "structure")


def test_a_load_that_fails_leaves_the_loggers_of_what_is_live(folder: Folder, served: Served) -> None:
    folder.write("app.py", CONFIGURES)
    served.app.go_live(None)
    served.get("/")
    assert served.edit(
        "app.py", CONFIGURES + "\nlogging.getLogger('app.own').disabled = True\n1 / 0\n"
    ).problem
    began = time.time()
    served.get("/")
    assert logged(served, began) == ["of the app", "of the module"]
    assert logging.getLogger("app") is served.app.slot.app.logger  # type: ignore[union-attr]


def test_other_loggers_stay_on(folder: Folder, served: Served) -> None:
    other = logging.getLogger("another.library")
    folder.write("app.py", CONFIGURES)
    served.app.go_live(None)
    assert not other.disabled


def test_nothing_is_left_for_the_next_project(folder: Folder, served: Served) -> None:
    folder.write("app.py", CONFIGURES)
    served.app.go_live(None)
    served.get("/")
    old = logging.getLogger("app")
    served.close()
    assert logging.getLogger("app") is not old
