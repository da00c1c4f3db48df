"""What a route's page asks where a route was changed in it and elsewhere at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from playground.core.answers import Answer
from playground.core.problems import ProblemError
from playground.core.routes import Region, RouteDraft
from playground.gui.widgets.conflict_bar import ConflictBar
from playground.session.session import Session

CODE = "Changed elsewhere while you were typing. Which one stays?"
FORM = "{} changed elsewhere while you were typing. Which one stays?"
GONE = "This route was removed elsewhere while you were typing. “Keep mine” writes it at the file's end."
NAMES = {"rule": "path", "doc": "description", "owner": "owner", "new_blueprint": "blueprint"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about: ``code``, ``form``, ``gone``, or nothing.

    ``code`` and ``draft`` are what the file said when it was asked, ``fields`` those of the form that clash.
    """

    about: str = ""
    code: str = ""
    draft: RouteDraft | None = None
    fields: tuple[str, ...] = ()


class RouteQuestion(ConflictBar):
    """The bar of a route's page, and what it asks about; one thing at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked = Question()

    def about(self, what: str) -> bool:
        """Whether just this is asked about now."""
        return self.asking and self.asked.about == what

    def busy(self, what: str) -> bool:
        """Whether something else is asked about now."""
        return self.asking and self.asked.about != what

    def ask_code(self, mine: str, theirs: str) -> None:
        """The view's code was typed in, and changed on the disk."""
        self.asked = Question("code", code=theirs)
        self.ask(CODE, mine, theirs)

    def ask_form(self, mine: RouteDraft, theirs: RouteDraft, fields: tuple[str, ...]) -> None:
        """Fields of the form were typed in, and changed on the disk."""
        self.asked = Question("form", draft=theirs, fields=fields)
        names = " and ".join(dict.fromkeys(map(_name, fields)))
        words = FORM.format(f"The {names} {'was' if len(set(map(_name, fields))) == 1 else 'were'}")
        self.ask(words, _told(mine, fields), _told(theirs, fields), both=False)

    def ask_gone(self, mine: str) -> None:
        """The route is not there any more."""
        self.asked = Question("gone")
        self.ask(GONE, mine, "", both=False)

    def drop(self, *about: str) -> None:
        """What was asked has settled itself."""
        if self.asked.about in about:
            self.hide()


def put_back(session: Session, region: Region, code: str) -> tuple[object, ...]:
    """Write code at the end of its file, which is made where it is not there; for the project lane."""
    try:
        now = session.read_text(region.file)
    except ProblemError:  # removed: the file is made anew; refused once more where it is something else
        return session.write_text(region.file, _below(_head(code), code), None)
    return session.write_text(region.file, _below(now.text, code), now.token)


def _below(text: str, code: str) -> str:
    above = text.rstrip("\n") + "\n\n\n" if text.strip() else ""
    return above + code.rstrip("\n") + "\n"


def _head(code: str) -> str:
    """What a file needs above a view, so that it is a route: the object in its decorator."""
    found = re.search(r"^@(\w+)\.", code, re.MULTILINE)
    variable = found[1] if found else "app"
    if variable in ("app", "application"):
        return f"from flask import Flask\n\n{variable} = Flask(__name__)"
    return f'from flask import Blueprint\n\n{variable} = Blueprint("{variable}", __name__)'


def _name(field: str) -> str:
    return NAMES.get(field, "answer" if field.startswith("answer") else field)


def _told(draft: RouteDraft, fields: tuple[str, ...]) -> str:
    """The fields in words, one or more lines for each."""
    return "".join(f"{_name(field)}: {_value(draft, field)}\n" for field in fields)


def _value(draft: RouteDraft, field: str) -> str:
    part = field.removeprefix("answer ")
    value = getattr(draft if part == field else draft.answer, part)
    if isinstance(value, Answer):
        return f"{value.kind}: {value.value}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
