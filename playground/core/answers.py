"""What a view returns, as the form shows it.

Seven kinds cover what beginners write; ``PYTHON`` is everything else and is never rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AnswerKind(StrEnum):
    """The kinds of answer that the form offers, in its order."""

    TEXT = "text"
    JSON = "json"
    TEMPLATE = "template"
    REDIRECT = "redirect"
    FILE = "file"
    ERROR = "error"
    PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; equal by content.

    ``value`` depends on the kind:

    * TEXT: the text or HTML itself; ``{name}`` of a parameter of the rule stands for its value
      (written as an f-string, text parameters through ``markupsafe.escape``);
    * JSON: a JSON document in which bare names of parameters or of module-level variables may
      stand for values (``{"id": user_id, "name": "Ada"}``); also ``true``/``false``/``null``;
    * TEMPLATE: the template's name, as ``render_template`` takes it;
    * REDIRECT: an endpoint when ``by_endpoint`` is true, otherwise an address;
    * FILE: a path relative to the folder of the app's module, as ``send_file`` takes it;
    * ERROR: the description given to ``abort`` (may be empty); the code is ``status``;
    * PYTHON: the body of the function without docstring, dedented, ``\\n`` between lines.

    ``status`` is None for the kind's own default (200; 302 for REDIRECT; 404 for ERROR).
    ``variables`` are pairs of a name and a Python expression: the template's variables, or the
    values of ``url_for`` in a redirect by endpoint.
    """

    kind: AnswerKind
    value: str = ""
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    by_endpoint: bool = False

    @property
    def effective_status(self) -> int:
        """The status code that goes out when the view runs through."""
        defaults = {AnswerKind.REDIRECT: 302, AnswerKind.ERROR: 404}
        return self.status if self.status is not None else defaults.get(self.kind, 200)
