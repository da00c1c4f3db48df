"""Why an app did not start, in plain words, with the line of the project where it happened.

What Python and Flask say stays whole in ``Problem.original``; what is shown first is a sentence for
somebody who has never seen a traceback.
"""

from __future__ import annotations

import difflib
import inspect
import re
import traceback
from types import ModuleType

from flask import Flask

from playground.core.problems import Place, Problem
from playground.server.imports import ProjectImports
from playground.server.stopping import TookTooLongError

DISTRIBUTIONS = {
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jwt": "pyjwt",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""What to install where the package has another name than the module."""

KNOWN_MESSAGES: tuple[tuple[str, str, str], ...] = (
    (
        r"View function mapping is overwriting an existing endpoint function: (\S+)",
        "Two view functions have the name {0}, and each needs a name of its own.",
        "Rename one of the two functions.",
    ),
    (
        r"The name '([^']+)' is already registered for",
        "A blueprint named {0} is registered twice.",
        "Give one of the two another name, or register it once.",
    ),
    (
        r"the converter '([^']+)' does not exist",
        "There is no converter named {0} for a URL rule.",
        "Use string, int, float, path, uuid or any: <int:number>.",
    ),
    (
        r"must start with a (leading )?slash",
        "A URL rule has to start with a slash.",
        "Write a / in front of it.",
    ),
    (
        r"[Mm]alformed url rule: (.+)",
        "The URL rule {0} is not complete.",
        "Look for a < without its >, or a character too many between them.",
    ),
    (
        r"duplicate argument '([^']+)' in function definition",
        "The URL rule uses the parameter {0} twice.",
        "Give one of the two another name.",
    ),
)
"""Messages of Flask and Werkzeug that beginners meet, with what they mean and what to do."""


def explain(error: BaseException, imports: ProjectImports, file: str, limit: float) -> Problem:
    """The problem behind an exception that ended the import of ``file``."""
    place = _place(error, imports) or Place(file)
    sentence, hint = _in_words(error, imports, place, limit)
    return Problem(sentence, hint, place=place, original=last_line(error))


def last_line(error: BaseException) -> str:
    """The last line of the traceback: ``NameError: name 'x' is not defined. Did you mean: 'y'?``"""
    lines = list(traceback.TracebackException.from_exception(error).format_exception_only())
    return lines[-1].strip() if lines else type(error).__name__


def _place(error: BaseException, imports: ProjectImports) -> Place | None:
    """The innermost line of the project that was running, or the one that could not be read."""
    if isinstance(error, SyntaxError) and imports.holds(error.filename):
        column = max(error.offset - 1, 0) if error.offset else None
        return Place(imports.relative(str(error.filename)), error.lineno, column)
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        if imports.holds(frame.f_code.co_filename):
            return Place(imports.relative(frame.f_code.co_filename), line)
    return None


def _where(place: Place) -> str:
    return f"{place.file} stopped" if place.line is None else f"{place.file} stopped at line {place.line}"


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _in_words(error: BaseException, imports: ProjectImports, place: Place, limit: float) -> tuple[str, str]:
    if isinstance(error, SyntaxError) and imports.holds(error.filename):
        if "null bytes" in error.msg:
            return (
                f"{place.file} is not Python text: it has null bytes in it.",
                "Save it as UTF-8 text, or move it out of the project if it is not a program.",
            )
        return (
            f"Python cannot read {place.file}: {error.msg} (line {place.line}).",
            "Look at that line, and at the end of the line above it.",
        )
    if isinstance(error, ImportError):
        return _import_in_words(error, imports, place)
    if isinstance(error, TookTooLongError):
        return (
            f"{place.file} was still not done after {limit:g} seconds, at line {place.line}.",
            "Look for a loop that never ends, and move slow work out of the top of the file.",
        )
    if isinstance(error, SystemExit):
        return (
            f"{_where(place)} while starting: it asked Python to exit.",
            'Take exit() away, or put it below if __name__ == "__main__":.',
        )
    if isinstance(error, RecursionError):
        return (
            f"{_where(place)} while starting: a function calls itself without end.",
            "Give it a case in which it returns without calling itself.",
        )
    if isinstance(error, MemoryError) and place.line is None:  # the parser's way to say "nested too deeply"
        return f"{place.file} is nested too deeply for Python.", "Split the long expression into several."
    if isinstance(error, EOFError):
        return (
            f"{_where(place)} while starting: it waits for input, and nobody can type there.",
            "Take input() away; a web app gets what people type by requests.",
        )
    return _known(error) or (
        f"{_where(place)} while starting: {_ended(last_line(error))}",
        "Mend that line and save; the app starts again by itself.",
    )


def _known(error: BaseException) -> tuple[str, str] | None:
    for pattern, sentence, hint in KNOWN_MESSAGES:
        found = re.search(pattern, str(error))
        if found:
            return sentence.format(*found.groups()), hint
    return None


def _import_in_words(error: ImportError, imports: ProjectImports, place: Place) -> tuple[str, str]:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_module(error.name, imports, place)
    if "circular import" in str(error):
        return (
            f"{_where(place)} while starting: two files import each other in a circle.",
            "Put what both need into a third file, or import it inside the function that uses it.",
        )
    if error.name and error.name in imports.names() and error.path and not imports.holds(error.path):
        return (
            f"{error.name}.py has the same name as an installed module, which was imported instead.",
            f"Rename {error.name}.py.",
        )
    return (
        f"{_where(place)} while starting: {error}.",
        "Look at the spelling, and whether that name is defined in the file it is imported from.",
    )


def _missing_module(name: str, imports: ProjectImports, place: Place) -> tuple[str, str]:
    offered = list(imports.names())
    top, _, rest = name.partition(".")
    if rest and top in offered:
        return (
            f"{place.file} imports {name}, but there is no {rest.replace('.', '/')}.py in {top}.",
            "Look at the spelling, or make that file.",
        )
    close = difflib.get_close_matches(top, offered, 1, 0.7)
    if close:
        return f"{place.file} imports {name}, but there is no {name}.py.", f"Did you mean {close[0]}?"
    package = DISTRIBUTIONS.get(top, top.replace("_", "-"))
    return (
        f"{place.file} imports {name}, which is not installed.",
        f"Install it: pip install {package}. If it is a file of your own, look at the spelling.",
    )


def explain_no_app(error: Exception, module: ModuleType, name: str | None, file: str) -> Problem:
    """Why no app was found in a module that was imported without an error."""
    sentence, hint = _no_app_in_words(module, name, file)
    factory = getattr(module, "create_app", None) or getattr(module, "make_app", None)
    line = factory.__code__.co_firstlineno if not name and inspect.isfunction(factory) else None
    return Problem(sentence, hint, place=Place(file, line), original=str(error))


def _no_app_in_words(module: ModuleType, name: str | None, file: str) -> tuple[str, str]:
    if name:
        return f"There is no Flask app in {file} under {name}.", "Look at the spelling of that name."
    apps = [key for key, value in vars(module).items() if isinstance(value, Flask)]
    if len(apps) > 1:
        return (
            f"{file} makes {len(apps)} Flask apps ({', '.join(apps)}); it is not clear which to serve.",
            "Call the one to serve app.",
        )
    for factory in ("create_app", "make_app"):
        if inspect.isfunction(getattr(module, factory, None)):
            return (
                f"{factory} in {file} did not give an app when called without arguments.",
                f"Give the arguments of {factory} default values, and end it with return app.",
            )
    return (
        f"There is no Flask app in {file}.",
        "Add the lines: from flask import Flask, and app = Flask(__name__).",
    )
