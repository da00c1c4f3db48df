"""What Python's exceptions mean: the sentence, the reason, and the name that was meant where one is known."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import ended, label, mend, nearest, rewrite, shown
from playground.core.plain_words.source import line_of
from playground.core.trips import Raised

NO_TYPING = ("NobodyTypesError", "_NobodyTypesInTheDebuggerError")
"""What our server raises where a view waits for somebody to type."""

FROM_FLASK = frozenset((
    *("request", "render_template", "url_for", "redirect", "session", "flash", "jsonify", "abort", "g"),
    *("make_response", "send_file", "current_app", "render_template_string", "get_flashed_messages"),
))  # fmt: skip
"""Names that views use, and that have to be imported from flask."""

_THINGS = {
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "list": "a list",
    "dict": "a dict",
    "tuple": "a tuple",
    "set": "a set",
    "bool": "True or False",
    "NoneType": "None",
    "function": "a function",
}


@dataclass(frozen=True, slots=True)
class Said:
    """An exception in words; ``advice`` is told where there is no fix."""

    sentence: str
    reason: str
    fixes: tuple[Fix | None, ...] = ()
    advice: str = ""


def said(facts: Facts, error: Raised) -> Said:
    """The most telling that is known of an exception."""
    known = _KNOWN.get(error.type)
    words = known(facts, error) if known is not None else None
    return words or _plain(facts, error)


def thing(name: str) -> str:
    """A type in words: ``a text`` for ``str``."""
    return _THINGS.get(name, f"an object of {shown(name, 30)}")


def _python(error: Raised) -> str:
    return f"Python says: {ended(error.message or error.type)}"


def _plain(facts: Facts, error: Raised) -> Said:
    frame = error.own_frame
    where = f"line {frame.line} of {shown(frame.file, 40)}" if frame else shown(facts.view, 30) or "Flask"
    return Said(f"{error.type} ended the request in {where}.", _python(error))


# -- names -------------------------------------------------------------------------------------------


def _meant(error: Raised, wrong: str, known: Iterable[str]) -> str:
    """The name that Python itself suggests; where it does not, the one of these that looks most like it."""
    found = re.search(r"Did you mean: '([^']+)'\?", f"{error.message}\n{error.traceback}")
    return found[1] if found is not None else nearest(wrong, known, 0.75)


def _names_in(facts: Facts) -> set[str]:
    """The names that the failing file gives a value to, and those of Python."""
    text = facts.text(facts.place.file) if facts.place is not None else ""
    patterns = (
        *(r"\b(\w+)\s*=(?!=)", r"\b(?:def|class|for|as|import)\s+(\w+)"),
        r"[(,]\s*(\w+)\s*(?=[,)=:])",
    )
    return {name for pattern in patterns for name in re.findall(pattern, text)} | set(dir(builtins))


def _spelled(facts: Facts, wrong: str, meant: str) -> Fix | None:
    """The name that is meant, written where the wrong one stands."""
    place, line = facts.place, line_of(facts, facts.place)
    if place is None or not meant or len(re.findall(rf"\b{re.escape(wrong)}\b", line)) != 1:
        return None
    return rewrite(label(f"Write {meant}"), place, wrong, meant) if line.count(wrong) == 1 else None


def _there_is(meant: str) -> str:
    return f"; there is {shown(meant, 30)}" if meant else ""


def _name(facts: Facts, error: Raised) -> Said | None:
    unbound = re.search(r"cannot access local variable '(\w+)'", error.message)
    if unbound is not None:
        reason = "A name that a function assigns is its own; write global to use the module's."
        return Said(f"{shown(unbound[1], 30)} is used before it has a value.", reason)
    found = re.search(r"name '(\w+)' is not defined", error.message)
    if found is None:
        return None
    name, place = found[1], facts.place
    if name in FROM_FLASK and place is not None:
        words = {"module": "flask", "name": name}
        fix = mend(label(f"Import {name} from flask"), "import_name", place.file, place.line, **words)
        return Said(f"{name} is used, and not imported.", "It has to be imported from flask first.", (fix,))
    meant = _meant(error, name, _names_in(facts))
    reason = "Nothing of that name was defined or imported where this line ran."
    fixes = (_spelled(facts, name, meant),)
    return Said(f"There is no name {shown(name, 30)} here{_there_is(meant)}.", reason, fixes)


def _attribute(facts: Facts, error: Raised) -> Said | None:
    found = re.search(r"'([\w.]+)' object has no attribute '(\w+)'", error.message)
    if found is None:
        return None
    owner, name = found[1], found[2]
    if owner == "NoneType":
        reason = "None stands for no value: what was looked up was not found, or a function returned nothing."
        return Said(f"Something is None where its {shown(name, 30)} was asked for.", reason)
    meant = _meant(error, name, dir(getattr(builtins, owner, object)))
    if owner == "dict" and not meant:
        return _key_as_attribute(facts, error, name)
    whose = thing(owner)
    sentence = f"{whose[0].upper()}{whose[1:]} has no {shown(name, 30)}{_there_is(meant)}."
    return Said(sentence, _python(error), (_spelled(facts, name, meant),))


def _key_as_attribute(facts: Facts, error: Raised, name: str) -> Said:
    """``user.name`` of a dict, which is right in a template and wrong in Python."""
    place, line = facts.place, line_of(facts, facts.place)
    found = re.findall(rf"\w\.{name}\b(?!\s*\()", line)
    fix = None
    if place is not None and len(found) == 1:
        fix = rewrite(label(f'Write ["{name}"]'), place, f".{name}", f'["{name}"]')
    reason = "In Python a key is asked for with [ ]; only Jinja takes a dot for both."
    return Said(f"A dict has keys, and no attribute {shown(name, 30)}.", reason, (fix,))


def _module(facts: Facts, error: Raised) -> Said | None:
    found = re.search(r"No module named '([\w.]+)'", error.message)
    if found is None:
        return None
    name = found[1]
    command = facts.install(name)
    fix = Fix(label(f"Install {name}"), command=command) if command else None
    return Said(
        f"The module {shown(name, 30)} is not installed.", "The line imports it when it runs.", (fix,)
    )


# -- values ------------------------------------------------------------------------------------------


def _type(facts: Facts, error: Raised) -> Said | None:
    message = error.message
    mixed = re.match(r"unsupported operand type\(s\) for (\S+): '(\w+)' and '(\w+)'", message)
    if mixed is not None:
        one, two = thing(mixed[2]), thing(mixed[3])
        sentence = f"{mixed[1].rstrip(':')} does not work with {one} and {two}."
        return Said(sentence, _python(error))
    joined = re.match(r"can only concatenate str \(not \"(\w+)\"\) to str", message)
    if joined is not None:
        sentence = f"+ joins a text only with a text, not with {thing(joined[1])}."
        return Said(
            sentence,
            "To join, write str(...) around the other or use an f-string. "
            "To count, write int(...) around the text: what a request brings is text.",
            advice="Write str() or int() around one",
        )
    indexed = re.match(r"(\w+) indices must be integers or slices, not (\w+)", message)
    if indexed is not None:
        whose = thing(indexed[1])
        sentence = f"{whose[0].upper()}{whose[1:]} takes a number in [ ], and got {thing(indexed[2])}."
        return Said(sentence, _python(error))
    number = re.match(r"(int|float)\(\) argument must be .+, not '(\w+)'", message)
    if number is not None:
        return _no_number(facts, error, number[1], number[2])
    if "'NoneType' object" in message:
        return Said("Something is None where a value was needed.", _python(error))
    called = re.match(r"'(\w+)' object is not (callable|subscriptable|iterable)", message)
    if called is not None:
        deeds = {"callable": "called", "subscriptable": "asked with [ ]", "iterable": "gone through"}
        whose = thing(called[1])
        return Said(f"{whose[0].upper()}{whose[1:]} can't be {deeds[called[2]]}.", _python(error))
    return None


_GOTTEN = re.compile(r"\brequest\.(?:args|form|values)\.get\(\s*(['\"])([^'\"]+)\1\s*\)")


def _no_number(facts: Facts, error: Raised, function: str, given: str) -> Said:
    """``int(request.args.get("n"))`` where no ``n`` came."""
    if given != "NoneType":
        return Said(f"{function}() can't make a number of {thing(given)}.", _python(error))
    place, found = facts.place, _GOTTEN.findall(line_of(facts, facts.place))
    if place is None or len(found) != 1:
        return Said(f"{function}() got None, where it needs a number.", _python(error))
    quote, key = found[0]
    fix = rewrite(
        "Take 0 where it is missing", place, f"get({quote}{key}{quote})", f"get({quote}{key}{quote}, 0)"
    )
    reason = f"get() gives None for what did not come, and {function}() makes no number of None."
    return Said(f"The request brought no {shown(key, 30)}, and {function}() needs one.", reason, (fix,))


def _key(facts: Facts, error: Raised) -> Said | None:
    key = shown(error.message.strip("'\""), 30)
    reason = "d[key] fails where the dict does not have the key; d.get(key) gives None."
    return Said(f"The key {key} is not there.", reason)


def _index(facts: Facts, error: Raised) -> Said | None:
    reason = "The first one has the number 0, the last len - 1."
    return Said("A list has no element with this number.", reason)


def _zero(facts: Facts, error: Raised) -> Said | None:
    return Said("The line divides by zero.", _python(error))


def _value(facts: Facts, error: Raised) -> Said | None:
    found = re.match(r"invalid literal for int\(\) with base 10: (.*)", error.message)
    if found is None:
        return None
    reason = "What a request brings is text, and may be any."
    return Said(f"int() can't read {shown(found[1], 30)} as a number.", reason)


def _file(facts: Facts, error: Raised) -> Said | None:
    found = re.search(r"No such file or directory: '([^']+)'", error.message)
    if found is None:
        return None
    name = shown(found[1].rpartition("/")[2], 40)
    reason = f"It was looked for as {found[1]}; a path without / in front goes by the project's folder."
    return Said(f"The file {name} is not there.", reason)


def _database(facts: Facts, error: Raised) -> Said | None:
    """What SQLite says, by itself or through SQLAlchemy."""
    message = error.message
    table = re.search(r"no such table: ([\w.]+)", message)
    if table is not None:
        reason = "The tables have to be made once, before they are used."
        return Said(
            f"The database has no table {shown(table[1], 30)}.", reason, advice="Make the tables first"
        )
    column = re.search(r"(?:no such column: |has no column named )([\w.]+)", message)
    if column is not None:
        reason = "It was made before that column was added, or the name is spelled differently."
        return Said(f"The database has no column {shown(column[1], 30)}.", reason)
    near = re.search(r'near "([^"]*)": syntax error', message)
    if near is not None:
        return Said(f"The SQL can't be read at {shown(near[1], 30)}.", _python(error))
    unique = re.search(r"UNIQUE constraint failed: ([\w.]+)", message)
    if unique is not None:
        reason = "That column holds each value once only."
        return Said(f"The value of {shown(unique[1], 30)} is there already.", reason)
    if "database is locked" in message:
        reason = "Another connection is writing, and has not committed or closed yet."
        return Said("The database is locked by another connection.", reason)
    return None


# -- what ends a program -----------------------------------------------------------------------------


def _too_long(facts: Facts, error: Raised) -> Said | None:
    sentence = f"{shown(facts.view, 30) or 'The request'} was stopped: it took longer than the time limit."
    return Said(sentence, "The line is where it was by then.", advice="Look for a loop that never ends")


def _exit(facts: Facts, error: Raised) -> Said | None:
    reason = "exit() ends a whole program; a view ends with return."
    return Said("The view asked Python to exit.", reason, advice="Return an answer instead")


def _recursion(facts: Facts, error: Raised) -> Said | None:
    frame = error.own_frame
    name = shown(frame.function, 30) if frame is not None else "A function"
    advice = "Let it return without calling itself"
    return Said(f"{name} calls itself without end.", _python(error), advice=advice)


def _typing(facts: Facts, error: Raised) -> Said | None:
    reason = "What people type reaches a web app by requests: as a form, or in the address."
    return Said(f"{shown(facts.view, 30)} waits for typed input, and nobody can type there.", reason,
                advice="Take input() away")  # fmt: skip


def _runtime(facts: Facts, error: Raised) -> Said | None:
    if "'async' extra" not in error.message:
        return None
    fix = Fix("Install Flask's async extra", command=facts.install("flask[async]"))
    return Said("An async view needs Flask's async extra.", _python(error), (fix if fix.command else None,))


_KNOWN: dict[str, Callable[[Facts, Raised], Said | None]] = {
    "NameError": _name,
    "UnboundLocalError": _name,
    "AttributeError": _attribute,
    "TypeError": _type,
    "KeyError": _key,
    "IndexError": _index,
    "ZeroDivisionError": _zero,
    "ValueError": _value,
    "ModuleNotFoundError": _module,
    "FileNotFoundError": _file,
    "TookTooLongError": _too_long,
    "SystemExit": _exit,
    "RecursionError": _recursion,
    "RuntimeError": _runtime,
    "OperationalError": _database,
    "IntegrityError": _database,
    **dict.fromkeys(NO_TYPING, _typing),
}
