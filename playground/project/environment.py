"""The variables that a folder's ``.env`` and ``.flaskenv`` ask for, as ``flask`` would set them.

``.env`` goes before ``.flaskenv``, and what the process has of its own before both. Either may also lie in
a folder above. Nothing is set here: these are the values, and what is wrong with the files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from playground.core.problems import Place, Problem

FILES = (".flaskenv", ".env")
"""In the order in which they are read: the later one wins."""


@dataclass(frozen=True, slots=True)
class Environment:
    """``variables`` to set; ``said`` names the file that said each."""

    variables: dict[str, str] = field(default_factory=dict, repr=False)  # they may be secrets
    said: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read(folder: Path, own: Mapping[str, str]) -> Environment:
    """What the files of a folder say now; ``own`` are the variables of the process without them."""
    if own.get("FLASK_SKIP_DOTENV", "").lower() not in ("", "0", "false", "no"):
        return Environment()
    variables: dict[str, str | None] = {}
    said: dict[str, str] = {}
    problems: list[Problem] = []
    for name in FILES:
        path = _found(folder, name)
        if path is not None:
            values = _values(path, Place(name) if path.parent == folder else None, own, problems)
            variables |= values
            said |= dict.fromkeys(values, os.path.relpath(path, folder).replace(os.sep, "/"))
    new = {key: value for key, value in variables.items() if value is not None and key not in own}
    return Environment(new, {key: said[key] for key in new}, tuple(problems))


def _found(folder: Path, name: str) -> Path | None:
    """The file in the folder, or in the nearest one above that has it."""
    above = (place / name for place in (folder, *folder.parents))
    return next((path for path in above if path.is_file()), None)


def _values(
    path: Path, place: Place | None, own: Mapping[str, str], problems: list[Problem]
) -> dict[str, str | None]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(
            Problem(
                f"{path.name} can't be read, so none of its variables is set.",
                "Save it as text in UTF-8, and check that you are allowed to open it.",
                place=place,
                original=str(error),
            )
        )
        return {}
    from dotenv.variables import parse_variables

    found: dict[str, str | None] = {}
    for key, value in _lines(text, path.name, place, problems):
        # ${NAME} stands for what stands above it in the file, else for a variable of the process.
        known = {**own, **found}
        found[key] = None if value is None else "".join(one.resolve(known) for one in parse_variables(value))
    return found


def _lines(
    text: str, name: str, place: Place | None, problems: list[Problem]
) -> Iterator[tuple[str, str | None]]:
    from dotenv.parser import parse_stream  # when there is something to parse: most folders have no such file

    for binding in parse_stream(StringIO(text)):
        line = binding.original.line
        if binding.error:
            sentence = f"Line {line} of {name} is not NAME=value, so it is left aside."
            hint = "Put a name, = and a value on the line, the value in quotes where it has spaces."
            problems.append(Problem(sentence, hint, place=place and Place(name, line)))
        elif binding.key is not None and "\0" not in f"{binding.key}{binding.value}":
            yield binding.key, binding.value
