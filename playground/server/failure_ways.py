"""The failures of a load that beginners meet: which one it is, why, and the edits that mend it.

``failures`` has said what is wrong by then; here the rule of ``core.help_rules`` is named, the reason is
given with its facts, and the ways out are made. What is none of them stays as it was said.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace

from playground.core import outdated
from playground.core.plain_words.exception_words import FROM_FLASK
from playground.core.plain_words.saying import label, mend, nearest, rewrite, told, ways
from playground.core.problems import Place, Problem
from playground.server.failed_load import Load, at, where
from playground.server.failed_setup import RULES
from playground.server.imports import ProjectImports


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
        fix = mend(label(f"Import it from {now[1]}"), "import_from_elsewhere", *at(load.place), **words)
    why = f"{where(load)}: {load.line.strip()}. {hint.format(name)}"
    return load.said("old-tutorial", why, fix or told(label(hint.format(name))))


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
    return load.said("old-tutorial", f"{where(load)}: {load.line.strip()}. {said[1]}", fix)


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
    return load.said("old-tutorial", f"{where(load)}: {load.line.strip()}. {hint}", fix, told(label(hint)))


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
        fix = mend(label(f"Import it below {name} = ..."), "move_down", *at(begun), below=name)
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
    why = f"{where(load)}: {load.line.strip()}. Python looks in the project's folder first, and finds {file}."
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
            *at(load.place),
            head=f"with {app[1]}.{context}():",
        )
    what = used[1] if used is not None else "Flask's context"
    return load.said(
        "outside-context",
        f"{where(load)}: {load.line.strip()}. This line runs when the file is imported, before any request.",
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
        fix = mend("Register it below its routes", "move_down", *at(place))
    return load.said(
        "late-setup",
        f"{where(load)} adds to it; it was registered {f'at {place}' if place else 'before'}. What is "
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
        fix = mend(label('Put it under if __name__ == "__main__"'), "put_under", *at(load.place), head=head)
    return load.said(
        "in-a-thread",
        f"{where(load)}: {load.line.strip()}. A server that answers while you edit loads the "
        "app beside itself, as most servers do.",
        fix,
        sentence="signal works only in the main thread, and apps are loaded in another.",
    )


# -- names -------------------------------------------------------------------------------------------


def _name(load: Load) -> Problem | None:
    """A name that is not there when the line runs; Python suggests another, or it is one of Flask's."""
    error = load.error
    if not isinstance(error, NameError) or not error.name:
        return None
    meant = re.search(r"Did you mean: '([^']+)'", load.problem.original)
    name = error.name
    fix = None
    sentence = load.problem.sentence
    if name in FROM_FLASK or name in ("Flask", "Blueprint"):
        sentence = f"{name} is used, and not imported."
        fix = mend(
            label(f"Import {name} from flask"), "import_name", *at(load.place), module="flask", name=name
        )
    elif meant is not None and load.line.count(name) == 1:
        fix = rewrite(label(f"Write {meant[1]}"), load.place, name, meant[1])
    return replace(
        load.problem, sentence=sentence, fixes=ways(fix), why=f"{where(load)}: {load.line.strip()}."
    )


def _names_of(load: Load, module: str) -> list[str]:
    """What a module defines: as it is loaded, or as a file of the project says it."""
    if module in sys.modules:
        return [one for one in dir(sys.modules[module]) if not one.startswith("_")]
    text = load.text(f"{module.replace('.', '/')}.py")
    return re.findall(r"^(?:(?:async )?def |class )?(\w+)\s*(?:=(?!=)|[(:])", text, re.MULTILINE)


def _no_such_name(load: Load) -> Problem | None:
    """``from flask import Flsk``: the module has no such name, perhaps one that looks like it."""
    error = load.error
    found = re.match(r"cannot import name '(\w+)' from '([\w.]+)' \(", str(error))
    if not isinstance(error, ImportError) or found is None or load.problem.command:
        return None
    name, module = found[1], found[2]
    near = nearest(name, _names_of(load, module), 0.6)
    there = f"; there is {near}" if near else ""
    fix = None
    if near and len(re.findall(rf"\b{name}\b", load.line)) == 1 == load.line.count(name):
        fix = rewrite(label(f"Write {near}"), load.place, name, near)
    return replace(
        load.problem,
        sentence=f"{module} has no {name}{there}.",
        fixes=ways(fix),
        why=f"{where(load)}: {load.line.strip()}.",
    )


_RULES: tuple[Callable[[Load], Problem | None], ...] = (
    *(_gone_name, _gone_module, _gone_attribute, _old_print, _circle, _hidden, _outside, _late, _in_a_thread),
    *RULES,
    *(_name, _no_such_name),
)
