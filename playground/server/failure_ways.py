"""The failures of a load that beginners meet: which one it is, why, and the edits that mend it.

``failures`` has said what is wrong by then; here the rule of ``core.help_rules`` is named, the reason is
given with its facts, and the ways out are made. What is none of them stays as it was said.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from playground.core import outdated
from playground.core.fixes import Fix
from playground.core.plain_words.exception_words import FROM_FLASK
from playground.core.plain_words.saying import label, mend, nearest, rewrite, told, ways
from playground.core.problems import Place, Problem
from playground.server.imports import ProjectImports


@dataclass(frozen=True, slots=True)
class Load:
    """What ended an import: the exception, what was said of it, and the files that it was in.

    ``hides`` is the file of the project that stands where Python's own or an installed module is meant.
    """

    error: BaseException
    problem: Problem
    imports: ProjectImports
    hides: str = ""

    @property
    def place(self) -> Place:
        """Where it ended."""
        return self.problem.place or Place("app.py")

    @property
    def line(self) -> str:
        """The text of that line."""
        return self.line_at(self.place)

    def line_at(self, place: Place) -> str:
        """The text of a line of the project; empty where there is none."""
        lines = self.text(place.file).splitlines()
        return lines[place.line - 1] if place.line and place.line <= len(lines) else ""

    def text(self, file: str) -> str:
        """The text of a file of the project."""
        try:
            return Path(self.imports.folder, file).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def files(self) -> list[str]:
        """The Python files at the top of the folder, and one level below."""
        folder = Path(self.imports.folder)
        found = [*sorted(folder.glob("*.py")), *sorted(folder.glob("*/*.py"))]
        return [path.relative_to(folder).as_posix() for path in found]

    def frames(self) -> list[tuple[Place, str]]:
        """The project's own frames, outermost first, each with the name of its function."""
        walked = traceback.walk_tb(self.error.__traceback__)
        return [
            (Place(self.imports.relative(frame.f_code.co_filename), line), frame.f_code.co_name)
            for frame, line in walked
            if self.imports.holds(frame.f_code.co_filename)
        ]

    def said(self, rule_id: str, why: str, *fixes: Fix | None, sentence: str = "") -> Problem:
        """The problem with its rule, its reason and its ways out."""
        known = self.problem
        found = ways(*fixes) or (told(label(known.hint or "Mend that line")),)
        return replace(known, sentence=sentence or known.sentence, rule_id=rule_id, why=why, fixes=found)


def with_ways(error: BaseException, problem: Problem, imports: ProjectImports, hides: str) -> Problem:
    """The problem as its rule of the plain-words help has it; itself where none knows it."""
    load = Load(error, problem, imports, hides)
    return next((found for rule in _RULES if (found := rule(load)) is not None), problem)


# -- code of an older Flask --------------------------------------------------------------------------


def _gone_name(load: Load) -> Problem | None:
    error = load.error
    wanted = outdated.imported_name(error) if isinstance(error, ImportError) else None
    hint = outdated.MOVED.get(wanted) if wanted is not None else None
    if wanted is None or hint is None:
        return None
    _, name = wanted
    now = re.match(r"Write from ([\w.]+) import (\w+|\{0\})", hint)
    fix = None
    if now is not None:
        called = name if now[2] == "{0}" else now[2]
        words = {"name": name, "module": now[1], "called": called}
        fix = mend(label(f"Import it from {now[1]}"), "import_from_elsewhere", *_at(load.place), **words)
    why = f"{_where(load)}: {load.line.strip()}. {hint.format(name)}"
    return load.said("old-tutorial", why, fix, told(label(hint.format(name))))


def _gone_module(load: Load) -> Problem | None:
    error = load.error
    name = error.name or "" if isinstance(error, ModuleNotFoundError) else ""
    said = outdated.module(name) if name else None
    if said is None:
        return None
    found = re.search(r"flask\.ext\.(\w+)", load.line)
    fix = None
    if found is not None:
        fix = rewrite(label(f"Write flask_{found[1]}"), load.place, found[0], f"flask_{found[1]}")
    return load.said("old-tutorial", f"{_where(load)}: {load.line.strip()}. {said[1]}", fix)


def _gone_attribute(load: Load) -> Problem | None:
    words = str(load.error)
    found = re.search(r"'(?:type object )?([\w.]+)'(?: object)? has no attribute '(\w+)'", words)
    if not isinstance(load.error, AttributeError) or found is None:
        return None
    said = outdated.attribute(found[1], found[2])
    if said is None:
        return None
    hint = said[1]
    now = re.match(r"Write from ([\w.]+) import (\w+)", hint)
    fix = None
    if now is not None and f"{found[1]}.{found[2]}" in load.line:
        fix = rewrite(label(f"Write {now[1]}.{now[2]}"), load.place, f"{found[1]}.{found[2]}", now[2])
        fix = None if f"import {now[2]}" not in load.text(load.place.file) else fix
    return load.said("old-tutorial", f"{_where(load)}: {load.line.strip()}. {hint}", fix, told(label(hint)))


def _old_print(load: Load) -> Problem | None:
    if not isinstance(load.error, SyntaxError) or "Missing parentheses in call to 'print'" not in str(
        load.error
    ):
        return None
    found = re.search(r"\bprint\s+([^#\n]*[^#\n\s])", load.line)
    fix = rewrite("Write print(...)", load.place, found[0], f"print({found[1]})") if found else None
    sentence = f"Line {load.place.line} of {load.place.file} is Python 2: print needs parentheses."
    return load.said(
        "old-tutorial",
        "print was a statement until Python 3, where it is a function.",
        fix,
        sentence=sentence,
    )


# -- files that get in each other's way --------------------------------------------------------------


def _circle(load: Load) -> Problem | None:
    words = str(load.error)
    if "circular import" not in words or not isinstance(load.error, ImportError | AttributeError):
        return None
    wanted = re.search(r"(?:cannot import name|has no attribute) '(\w+)'", words)
    module = re.search(r"partially initialized module '([\w.]+)'", words)
    frames = load.frames()
    name = wanted[1] if wanted else ""
    begun = next(
        (
            place
            for place, function in frames
            if function == "<module>" and _is_module(place.file, module[1] if module else "")
        ),
        None,
    )
    last = frames[-1][0] if frames else load.place
    ring = [str(place) for place, function in frames if function == "<module>"]
    early = f"wants {name or 'a name'} of {begun.file if begun else 'it'} before it is there"
    why = f"{' imports '.join(ring)}, which {early}."
    fix = None
    if (
        begun is not None
        and begun != last
        and re.search(rf"^{name}\s*=", load.text(begun.file), re.MULTILINE)
    ):
        fix = mend(label(f"Import it below {name} = ..."), "move_down", *_at(begun), below=name)
    sentence = f"{begun.file} and {last.file} import each other in a circle." if begun else ""
    return load.said("circular-import", why, fix, told("Import it where it is used"), sentence=sentence)


def _is_module(file: str, module: str) -> bool:
    stem = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return bool(module) and (stem == module or stem.endswith(f".{module}") or module.endswith(f".{stem}"))


def _hidden(load: Load) -> Problem | None:
    file = load.hides
    if not file:
        return None
    fix = mend(label(f"Rename it to my_{file}"), "move_file", file, None, new=f"my_{file}")
    why = (
        f"{_where(load)}: {load.line.strip()}. Python looks in the project's folder first, and finds {file}."
    )
    return load.said("app-not-found", why, fix)


# -- what is there at the wrong time -----------------------------------------------------------------


def _outside(load: Load) -> Problem | None:
    words = str(load.error)
    found = re.search(r"outside of (application|request) context", words)
    if not isinstance(load.error, RuntimeError) or not (found or "outside an active request" in words):
        return None
    frames = load.frames()
    at_top = bool(frames) and frames[-1][1] == "<module>"
    app = re.search(r"^(\w+)\s*=\s*(?:flask\.)?Flask\(", load.text(load.place.file), re.MULTILINE)
    used = re.search(r"\b(request|session|g|current_app|url_for|flash|db)\b", load.line)
    fix = None
    if at_top and app is not None and (found is None or found[1] == "application"):
        context = "test_request_context" if used is not None and used[1] == "url_for" else "app_context"
        fix = mend(
            label(f"Put it under {app[1]}.{context}()"),
            "put_under",
            *_at(load.place),
            head=f"with {app[1]}.{context}():",
        )
    what = used[1] if used is not None else "Flask's context"
    return load.said(
        "outside-context",
        f"{_where(load)}: {load.line.strip()}. This line runs when the file is imported, before any request.",
        fix,
        told("Move that line into a view"),
        sentence=f"{what} is used while no request is there.",
    )


def _late(load: Load) -> Problem | None:
    words = str(load.error)
    found = re.search(r"setup method '(\w+)' can no longer be called on the blueprint '([^']+)'", words)
    if not isinstance(load.error, AssertionError) or found is None:
        return None
    variable = re.search(rf"(\w+)\.{found[1]}\b", load.line)
    place = _registered_at(load, variable[1] if variable else "")
    fix = None
    if place is not None and place.file == load.place.file:
        fix = mend("Register it below its routes", "move_down", *_at(place))
    return load.said(
        "late-setup",
        f"{_where(load)} adds to it; it was registered {f'at {place}' if place else 'before'}. What is "
        "added after that is never seen.",
        fix or told("Register it below its routes"),
        sentence=f"The blueprint {found[2]} gets a route after it was registered.",
    )


def _registered_at(load: Load, variable: str) -> Place | None:
    for number, line in enumerate(load.text(load.place.file).splitlines(), start=1):
        if variable and re.search(rf"\.register_blueprint\(\s*{variable}\b", line):
            return Place(load.place.file, number)
    return None


def _in_a_thread(load: Load) -> Problem | None:
    if not isinstance(load.error, ValueError) or "only works in main thread" not in str(load.error):
        return None
    frames = load.frames()
    fix = None
    if frames and frames[-1][1] == "<module>":
        head = 'if __name__ == "__main__":'
        fix = mend(label('Put it under if __name__ == "__main__"'), "put_under", *_at(load.place), head=head)
    return load.said(
        "in-a-thread",
        f"{_where(load)}: {load.line.strip()}. A server that answers while you edit loads the "
        "app beside itself, as most servers do.",
        fix,
        sentence="signal works only in the main thread, and apps are loaded in another.",
    )


# -- what Flask refuses -------------------------------------------------------------------------------


def _twice(load: Load) -> Problem | None:
    found = re.search(r"overwriting an existing endpoint function: (\S+)", str(load.error))
    if found is None:
        return None
    name = found[1].rpartition(".")[2]
    text = load.text(load.place.file)
    lines = [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if re.match(rf"\s*(?:async\s+)?def\s+{re.escape(name)}\s*\(", line)
    ]
    after = [number for number in lines if number >= (load.place.line or 1)]
    if len(lines) < 2 or not after:
        return _wrapped(load, name, text)
    new = _free(name, text)
    fix = rewrite(
        label(f"Call the second one {new}"), Place(load.place.file, after[0]), f"def {name}(", f"def {new}("
    )
    numbers = " and ".join(map(str, lines[:2]))
    return load.said(
        "duplicate-endpoint",
        f"{load.place.file} has def {name} in lines {numbers}. An endpoint is "
        "called like its function, so each name can be there once.",
        fix,
        sentence=f"Two view functions have the name {name}, and each needs its own.",
    )


def _free(name: str, text: str) -> str:
    number = 2
    while re.search(rf"\b{name}_{number}\b", text):
        number += 1
    return f"{name}_{number}"


def _wrapped(load: Load, name: str, text: str) -> Problem | None:
    """All views of one decorator are called like its inner function."""
    inner = re.search(rf"^([ \t]+)def {re.escape(name)}\(", text, re.MULTILINE)
    if inner is None:
        return load.said(
            "duplicate-endpoint",
            "An endpoint is called like its function, so each name can be there once.",
            None,
        )
    line = text.count("\n", 0, inner.start()) + 1
    outer = re.findall(r"^def \w+\((\w+)", text[: inner.start()], re.MULTILINE)
    fix = (
        mend(
            "Keep the names with functools.wraps",
            "keep_name",
            load.place.file,
            line,
            function=name,
            wrapped=outer[-1],
            label="keep the names with functools.wraps",
        )
        if outer
        else None
    )
    return load.said(
        "duplicate-endpoint",
        f"The decorator in line {line} of {load.place.file} returns {name}, so every "
        f"view that it decorates is called {name}.",
        fix,
        sentence="Your decorator gives all its views one name.",
    )


def _slash(load: Load) -> Problem | None:
    found = re.search(r"URL rule '([^']*)' must start with a slash", str(load.error))
    if found is None:
        return None
    rule = found[1]
    for quote in ("'", '"'):
        if f"{quote}{rule}{quote}" in load.line:
            fix = rewrite(
                label(f"Write /{rule}"), load.place, f"{quote}{rule}{quote}", f"{quote}/{rule}{quote}"
            )
            return replace(load.problem, fixes=(fix,), why=f"{_where(load)}: {load.line.strip()}.")
    return _prefix(load, rule)


def _prefix(load: Load, rule: str) -> Problem | None:
    """The prefix of a blueprint lacks its slash."""
    for file in dict.fromkeys((load.place.file, *(place.file for place, _ in load.frames()), *load.files())):
        for number, line in enumerate(load.text(file).splitlines(), start=1):
            found = re.search(r"url_prefix\s*=\s*(['\"])([^'\"/][^'\"]*)\1", line)
            if found is not None and rule.startswith(found[2].rstrip("/")):
                new = found[0].replace(f"{found[1]}{found[2]}", f"{found[1]}/{found[2]}")
                fix = rewrite(label(f"Write /{found[2]}"), Place(file, number), found[0], new)
                return load.said(
                    "blueprint-not-registered",
                    f"{file}, line {number}: {line.strip()}. A prefix is the beginning of a path.",
                    fix,
                    sentence=f"The prefix {found[2]} has to start with a slash.",
                )
    return None


def _converter(load: Load) -> Problem | None:
    found = re.search(r"the converter '([^']+)' does not exist", str(load.error))
    if found is None:
        return None
    names = ("string", "int", "float", "path", "uuid", "any")
    meant = {"str": "string", "text": "string", "integer": "int", "number": "int"}.get(found[1]) or nearest(
        found[1], names
    )
    if not meant or f"<{found[1]}:" not in load.line:
        return None
    fix = rewrite(label(f"Write {meant}"), load.place, f"<{found[1]}:", f"<{meant}:")
    return replace(load.problem, fixes=(fix,), why=f"{_where(load)}: {load.line.strip()}.")


# -- names -------------------------------------------------------------------------------------------


def _name(load: Load) -> Problem | None:
    """A name that is not there when the line runs; Python suggests another, or it is one of Flask's."""
    error = load.error
    if not isinstance(error, NameError) or not error.name:
        return None
    meant = re.search(r"Did you mean: '([^']+)'", load.problem.original)
    name = error.name
    fix = None
    if name in FROM_FLASK:
        fix = mend(
            label(f"Import {name} from flask"), "import_name", *_at(load.place), module="flask", name=name
        )
    elif meant is not None and load.line.count(name) == 1:
        fix = rewrite(label(f"Write {meant[1]}"), load.place, name, meant[1])
    return replace(load.problem, fixes=ways(fix), why=f"{_where(load)}: {load.line.strip()}.")


def _at(place: Place) -> tuple[str, int | None]:
    return place.file, place.line


def _where(load: Load) -> str:
    place = load.place
    return f"{place.file}, line {place.line}" if place.line else place.file


_RULES: tuple[Callable[[Load], Problem | None], ...] = (
    *(_gone_name, _gone_module, _gone_attribute, _old_print, _circle, _hidden, _outside, _late, _in_a_thread),
    *(_twice, _slash, _converter, _name),
)
