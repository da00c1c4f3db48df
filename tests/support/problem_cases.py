"""Projects with one of the failures that beginners meet, as data: what is found, and what mends it.

``Case`` is what every table of them is made of. All of it is made up for these tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HEAD = """\
from flask import Flask

app = Flask(__name__)


"""


def app(body: str, head: str = HEAD) -> dict[str, str]:
    """A project of one file."""
    return {"app.py": head + body}


@dataclass(frozen=True)
class Ask:
    """A request, and what is answered: ``status``, and a text that the body holds."""

    path: str = "/"
    status: int = 200
    says: str = ""
    method: str = "GET"
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """One fix that is offered: its label, and what the app answers after it was applied.

    ``asks`` are put in their order, with the cookies of those before. ``leaves`` are the ``rule_id`` of
    findings that stay, where one way out leads to the next.
    """

    label: str
    asks: tuple[Ask, ...] = ()
    leaves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A project that shows one failure.

    ``files`` are the project's. ``sentence`` is what is said of it, ``place`` where as ``app.py:7``.
    ``before`` is what happens as long as nothing is mended; ``ways`` are all fixes that are offered, in
    their order. ``name`` tells cases of one rule apart.
    """

    rule_id: str
    name: str
    files: Mapping[str, str]
    sentence: str
    ways: tuple[Way, ...] = ()
    before: tuple[Ask, ...] = ()
    place: str = ""
    why: str = ""

    def __str__(self) -> str:
        return f"{self.rule_id}-{self.name}"


def write(case: Case, folder: Path) -> Path:
    """Write a case's files into a new folder, which is returned."""
    for name, text in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return folder
