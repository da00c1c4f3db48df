"""What Flask refuses while an app is set up: names that are taken, rules and methods that it can't read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from playground.core.plain_words.saying import label, mend, nearest, rewrite, ways
from playground.core.problems import Place, Problem
from playground.core.rules import Rule, RuleError
from playground.server.failed_load import Load, where


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
            return replace(load.problem, fixes=(fix,), why=f"{where(load)}: {load.line.strip()}.")
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


def _malformed(load: Load) -> Problem | None:
    """A rule that Werkzeug can't read; the parser of rules knows what is wrong with it."""
    found = re.search(r"[Mm]alformed url rule: '([^']+)'", str(load.error))
    if found is None:
        return None
    try:
        Rule.parse(found[1])
    except RuleError as error:
        wrong, better = found[1][error.start : error.end], ""
        name = re.search(r"([\w-]+)>$", wrong)
        fix = None
        if name is not None and "-" in name[1]:
            better = name[1].replace("-", "_")
            fix = rewrite(label(f"Write {better}"), load.place, f"{name[1]}>", f"{better}>")
            sentence = f"{name[1]} is no name for a parameter: it has a hyphen."
        else:
            sentence = error.sentence
        why = f"{where(load)}: {load.line.strip()}. A name has letters, digits and _, and no digit first."
        why = why if better else f"{where(load)}: {load.line.strip()}."
        return replace(load.problem, sentence=sentence, hint=error.hint, fixes=ways(fix), why=why)
    return None


def _methods(load: Load) -> Problem | None:
    """``methods="POST"``, which is a text and no list."""
    if "Allowed methods must be a list of strings" not in str(load.error):
        return None
    found = re.search(r"methods\s*=\s*((['\"])(\w+)\2)(?!\s*,?\s*\w*\])", load.line)
    fix = None
    if found is not None:
        new = found[0].replace(found[1], f"[{found[1]}]")
        fix = rewrite(label(f"Write [{found[1]}]"), load.place, found[0], new)
    return replace(
        load.problem,
        sentence="methods takes a list of texts, and got one text.",
        hint='Write it in brackets: methods=["POST"].',
        fixes=ways(fix),
        why=f"{where(load)}: {load.line.strip()}.",
    )


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
    return replace(load.problem, fixes=(fix,), why=f"{where(load)}: {load.line.strip()}.")


RULES: tuple[Callable[[Load], Problem | None], ...] = (_twice, _slash, _malformed, _methods, _converter)
