"""Why an app did not start, in plain words, with the line of the project where it happened.

What Python and Flask say stays whole in ``Problem.original``; what is shown first is a sentence for
somebody who has never seen a traceback.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
import traceback
from pathlib import Path

from werkzeug.utils import ImportStringError

from playground.core import outdated
from playground.core.bundle import LEFT_OUT, is_bundle
from playground.core.newer_syntax import newer
from playground.core.problems import Place, Problem
from playground.server.distributions import distribution
from playground.server.failure_ways import with_ways
from playground.server.imports import ProjectImports
from playground.server.packages import Environment, Packages, install, misfit
from playground.server.stopping import TookTooLongError

KNOWN_MESSAGES: tuple[tuple[str, str, str], ...] = (
    (
        r"View function mapping is overwriting an existing endpoint function: (\S+)",
        "Two view functions have the name {0}, and each needs a name of its own.",
        "Rename one of the two functions.",
    ),
    (
        r"The environment variable '([^']+)' is not set",
        "The environment variable {0} is not set, and the app's configuration comes from it.",
        "Write {0}=... on a line of a file .env in this folder.",
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


def explain(
    error: BaseException, imports: ProjectImports, file: str, limit: float, packages: Packages
) -> Problem:
    """The problem behind an exception that ended the import of ``file``."""
    place = _place(error, imports) or Place(file)
    words = _Words(error, imports, place, limit, packages.environment)
    sentence, hint = words.said()
    problem = Problem(
        sentence, hint, place=place, original=last_line(error), command=words.command, stops=True
    )
    return with_ways(error, problem, imports, words.hides)


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


_Said = tuple[str, str]
"""What is wrong, and what to do."""


class _Words:
    """One error in plain words: of all that can be said of it the most telling."""

    def __init__(
        self,
        error: BaseException,
        imports: ProjectImports,
        place: Place,
        limit: float,
        environment: Environment | None,
    ) -> None:
        self._error, self._imports, self._place, self._limit = error, imports, place, limit
        self._environment = environment
        self._names = list(imports.names())
        self.command = ""  # that the hint has one type in a terminal
        self.hides = ""  # the file of the project that stands in the way of another module

    def said(self) -> _Said:
        """The sentence and the hint."""
        error = self._error
        if isinstance(error, SyntaxError) and self._imports.holds(error.filename):
            return self._unreadable(error)
        if isinstance(error, ImportStringError):  # a configuration or a view that is named by a string
            return self._by_string(error)
        if isinstance(error, ImportError):
            return self._import(error)
        telling = (
            self._program_ended(error)
            or self._outside(error)
            or self._attribute(error)
            or self._outdated_package(error)
            or _known(error)
        )
        return telling or (
            f"{_where(self._place)} while starting: {_ended(last_line(error))}",
            "Mend that line and save; the app starts again by itself.",
        )

    def _unreadable(self, error: SyntaxError) -> _Said:
        place = self._place
        if "null bytes" in error.msg:
            return (
                f"{place.file} is not Python text: it has null bytes in it.",
                "Save it as UTF-8 text, or move it out of the project if it is not a program.",
            )
        what, version = newer(error.text or "")
        if version:
            here = ".".join(map(str, sys.version_info[:2]))
            return (
                f"Python {here} does not understand line {place.line} of {place.file}: "
                f"{what} is syntax of {version}.",
                f"Use Python {version} or newer for this project, or write that line in the older way.",
            )
        return (
            f"Python cannot read {place.file}: {error.msg} (line {place.line}).",
            "Look at that line, and at the end of the line above it.",
        )

    def _program_ended(self, error: BaseException) -> _Said | None:
        """What ends a program as a whole."""
        place = self._place
        if isinstance(error, TookTooLongError):
            return (
                f"{place.file} was still not done after {self._limit:g} seconds, at line {place.line}.",
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
        if isinstance(error, MemoryError) and place.line is None:  # the parser's: "nested too deeply"
            return f"{place.file} is nested too deeply for Python.", "Split the long expression into several."
        return None

    def _outside(self, error: BaseException) -> _Said | None:
        """What the app expects of the world around it, and that is not there."""
        if isinstance(error, EOFError):
            return (
                f"{_where(self._place)} while starting: it waits for input, and nobody can type there.",
                "Take input() away; a web app gets what people type by requests.",
            )
        variable = _missing_variable(error)
        if variable:
            return (
                f"{_where(self._place)} while starting: the environment variable {variable} is not set.",
                f"Write {variable}=... on a line of a file .env in this folder; the app starts again then.",
            )
        if isinstance(error, FileNotFoundError) and isinstance(error.filename, (str, bytes)):
            file = self._named(os.fsdecode(error.filename))
            return (
                f"{_where(self._place)} while starting: it needs the file {file}, which is not there.",
                f"Make {file}. Files with secrets are often left out when a project is shared.",
            )
        return None

    def _named(self, path: str) -> str:
        """A path as the project would write it."""
        inside = os.path.join(self._imports.folder, path).startswith(self._imports.folder + os.sep)  # noqa: PTH118
        return os.path.relpath(path, self._imports.folder) if inside and Path(path).is_absolute() else path

    # Names that are not there

    def _attribute(self, error: BaseException) -> _Said | None:
        if not isinstance(error, AttributeError):
            return None
        words = str(error)
        found = re.search(
            r"(?:module )?'(?:type object )?([\w.]+)'(?: object)? has no attribute '(\w+)'", words
        )
        if found is None:
            return outdated.moved("flask", words) if _is_in(error, "flask") else None
        owner, name = found[1], found[2]
        said = outdated.attribute(owner, name)
        if said is not None and self._culprit(error) is None:
            return self._at(said)
        return self._hidden(owner) if "module '" in words else None

    def _at(self, said: _Said) -> _Said:
        place = self._place
        where = place.file if place.line is None else f"{place.file}, line {place.line}"
        return f"{where}: {said[0]}", said[1]

    def _hidden(self, module: str) -> _Said | None:
        """A file of the project stands where Python's own or an installed module is meant."""
        top = module.partition(".")[0]
        if top not in self._names:
            return None
        loaded = sys.modules.get(top)
        ours = loaded is None or self._imports.holds(str(vars(loaded).get("__file__")))
        if not ours or not (top in sys.stdlib_module_names or self._imports.is_elsewhere(top)):
            return None
        file = f"{top}.py" if Path(self._imports.folder, f"{top}.py").is_file() else f"the folder {top}"
        self.hides = file if file.endswith(".py") else ""
        whose = "a module of Python" if top in sys.stdlib_module_names else "an installed package"
        return (
            f"{self._place.file} imports {top}, and gets {file} of this project instead of {whose}.",
            f"Rename {file}.",
        )

    def _culprit(self, error: BaseException) -> str | None:
        """The installed package in whose code it ended; None where that was the project's, or Flask's."""
        for frame, _ in reversed(list(traceback.walk_tb(error.__traceback__))):
            path = frame.f_code.co_filename
            if self._imports.holds(path):
                return None
            name = str(frame.f_globals.get("__name__", "")).partition(".")[0]
            if "site-packages" in path and name not in _RELATIVES:
                return name
        return None

    def _outdated_package(self, error: BaseException) -> _Said | None:
        """An installed package that was written for another Flask, or another Python."""
        culprit = self._culprit(error) if isinstance(error, (AttributeError, ImportError)) else None
        if culprit is None or isinstance(error, ModuleNotFoundError):
            return None
        return (
            f"{_where(self._place)} while starting: the package {culprit} does not fit what it runs with: "
            f"{_ended(str(error))}",
            f"Bring it up to date: {install(self._environment, f'--upgrade {distribution(culprit)}')}.",
        )

    # Imports

    def _by_string(self, error: ImportStringError) -> _Said:
        inner = error.exception
        if isinstance(inner, ModuleNotFoundError) and inner.name and error.import_name.startswith(inner.name):
            return self._missing_module(inner.name)
        module, _, name = error.import_name.rpartition(".")
        return (
            f"{_where(self._place)} while starting: there is no {name} in {module or 'this folder'}.",
            f"Look at the spelling of {error.import_name}.",
        )

    def _import(self, error: ImportError) -> _Said:
        place = self._place
        if isinstance(error, ModuleNotFoundError) and error.name:
            return self._missing_module(error.name)
        wanted = outdated.imported_name(error)
        moved = outdated.moved(*wanted) if wanted and self._culprit(error) is None else None
        if moved is not None:
            return self._at(moved)
        hidden = self._hidden(error.name) if error.name and self._imports.holds(error.path) else None
        if hidden is not None:
            return hidden
        if "circular import" in str(error):
            return (
                f"{_where(place)} while starting: two files import each other in a circle.",
                "Put what both need into a third file, or import it inside the function that uses it.",
            )
        if error.name and error.name in self._names and error.path and not self._imports.holds(error.path):
            self.hides = f"{error.name}.py"
            return (
                f"{error.name}.py has the same name as an installed module, which was imported instead.",
                f"Rename {error.name}.py.",
            )
        return self._outdated_package(error) or (
            f"{_where(place)} while starting: {error}.",
            "Look at the spelling, and whether that name is defined in the file it is imported from.",
        )

    def _missing_module(self, name: str) -> _Said:
        file = self._place.file
        gone = outdated.module(name)
        if gone is not None:
            return self._at(gone)
        top, _, rest = name.partition(".")
        if rest and top in self._names:
            return (
                f"{file} imports {name}, but there is no {rest.replace('.', '/')}.py in {top}.",
                "Look at the spelling, or make that file.",
            )
        close = difflib.get_close_matches(top, self._names, 1, 0.7)
        if close:
            return f"{file} imports {name}, but there is no {name}.py.", f"Did you mean {close[0]}?"
        if f"{top}.py" in _left_out(self._imports.folder):
            return (
                f"{file} imports {name}, and {top}.py is not in this folder: .gitignore leaves it out.",
                f"Make {top}.py with what the app takes from it.",
            )
        if is_bundle() and top in LEFT_OUT:
            return (
                f"{file} imports {name}, a module of Python that this program's own Python does not have.",
                "Flask needs none of it. To use it all the same, run the playground with a Python of yours.",
            )
        note = misfit(self._environment)
        self.command = install(self._environment, distribution(name))
        hint = f"Install it: {self.command}. If it is a file of your own, look at the spelling."
        return (
            f"{file} imports {name}, which is not installed.",
            f"{note.sentence} {hint}" if note is not None else hint,
        )


_RELATIVES = frozenset({"flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "blinker"})


def _known(error: BaseException) -> _Said | None:
    for pattern, sentence, hint in KNOWN_MESSAGES:
        found = re.search(pattern, str(error))
        if found:
            return sentence.format(*found.groups()), hint.format(*found.groups())
    return None


def _is_in(error: BaseException, module: str) -> bool:
    """Whether an error was raised in the code of a module."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and frames[-1].f_globals.get("__name__") == module


def _missing_variable(error: BaseException) -> str:
    """The name that ``os.environ`` was asked for in vain, or nothing."""
    if not isinstance(error, KeyError) or not error.args:
        return ""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    asked = bool(frames) and frames[-1].f_locals.get("self") is os.environ
    return str(error.args[0]) if asked else ""


def _left_out(folder: str) -> set[str]:
    """The names of the files that .gitignore leaves out."""
    try:
        text = Path(folder, ".gitignore").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    return {line.strip().rpartition("/")[2] for line in text.splitlines()}
