"""A request or an answer as people read it: its headers and pairs, its body as text."""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.exchanges import Pairs


@dataclass(frozen=True, slots=True)
class Message:
    """One side of an exchange. ``line`` begins it: ``POST /users``, ``201 CREATED``.

    ``query`` and ``form`` are what was read out of the address and of the body; where the body is a form,
    ``text`` is empty. ``text`` is the body to be read, in ``language`` (``hex`` for what is no text).
    ``note`` says how much of what it is: ``the first 64.0 KB of 3.1 MB · application/json``; empty where
    there is no body.
    """

    line: str
    headers: Pairs = ()
    query: Pairs = ()
    form: Pairs = ()
    text: str = ""
    language: str = "text"
    note: str = ""
