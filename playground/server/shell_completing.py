"""What can be completed in the Shell, looked up in the live objects without running any code of the app.

Attributes are read from the objects' and classes' own dictionaries. A property is worked out only where its
code is Flask's, Werkzeug's or Python's own (``request.args``); what an app's property would be is not known.
"""

from __future__ import annotations

import builtins
import functools
import inspect
import keyword
import os
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodDescriptorType,
    ModuleType,
)
from typing import Any, cast

import flask
import werkzeug
from flask import Flask
from werkzeug.datastructures import EnvironHeaders, Headers

from playground.core.completing import Candidate, Completion
from playground.core.completing_words import narrowed
from playground.core.shell import LONGEST

_WORD = re.compile(r"[^\W\d]\w*\Z|\Z")
_REST = re.compile(r"\w*")
_STEP = r"(?:\.\s*[^\W\d]\w*|\[\s*(?:'[^'\\\n]*'|\"[^\"\\\n]*\"|-?\d+)\s*\])"
_PATH = re.compile(rf"(?<![\w.\])'\"])([^\W\d]\w*)((?:{_STEP})*)\s*\Z")
_STEPS = re.compile(_STEP)
_IMPORT = re.compile(r"(?:^|[\n;])[ \t]*import[ \t]+(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*([\w.]*)\Z")
_FROM = re.compile(r"(?:^|[\n;])[ \t]*from[ \t]+([\w.]*)\Z")
_FROM_IMPORT = re.compile(r"(?:^|[\n;])[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+[(\w ,\t]*?(\w*)\Z")
_CALLED = re.compile(r"([^\W\d]\w*)\(\s*\Z")
_ASKS = frozenset(("get", "post", "put", "patch", "delete", "options", "head", "open"))
_CALLABLE = (FunctionType, BuiltinFunctionType, MethodDescriptorType, classmethod, staticmethod)
_PROXIES = (flask.request, flask.session, flask.g, flask.current_app)
_FLASKS = tuple(f"{Path(str(one.__file__)).parent}{os.sep}" for one in (flask, werkzeug))
_PYTHONS = f"{Path(inspect.__file__).parent}{os.sep}"
_MOST_KEYS = 2000


class UnknownError(LookupError):
    """It can't be told without running code of the app."""


@dataclass(frozen=True)
class Look:
    """Where to look: the namespace, the contexts that statements run in, modules to import, the app."""

    names: Mapping[str, Any]
    context: Context
    modules: tuple[str, ...] = ()
    app: Flask | None = None


def importable() -> tuple[str, ...]:
    """The names of all modules that could be imported; looks at the disk."""
    found = {one.name for one in pkgutil.iter_modules()} | sys.stdlib_module_names | set(sys.modules)
    return tuple(sorted(name for name in found if "." not in name and name.isidentifier()))


def complete(text: str, cursor: int, look: Look, *, asked: bool) -> Completion | None:
    """What can stand at the cursor (in characters of ``text``), the likeliest first.

    None where nothing fits, or all that fits is there. Where nobody ``asked``, also where nothing was begun.
    """
    before = text[:cursor]
    if len(text) > LONGEST:
        return None
    opened = _open_string(before)
    if opened is None:
        return None
    if opened >= 0:
        return _fitting(text, opened + 1, cursor, _in_string(before[:opened], before[opened], look))
    word = _WORD.search(before)
    start = word.start() if word is not None else cursor
    if before[start - 1 : start].isdigit():  # the end of a number
        return None
    found = _words(before, start, look)
    if found is None or (not asked and start == cursor and before[-1:] != "."):
        return None
    return _fitting(text, start, cursor, found)


def _fitting(text: str, start: int, cursor: int, found: Iterable[Candidate]) -> Completion | None:
    typed = text[start:cursor]
    try:
        fitting = narrowed(found, typed)
    except RuntimeError:  # another thread changes a dictionary just now
        return None
    if not fitting or (len(fitting) == 1 and fitting[0].text == typed):
        return None
    rest = _REST.match(text, cursor)
    return Completion(start, rest.end() if rest is not None else cursor, fitting)


def _open_string(before: str) -> int | None:
    """Where the string begins that is open at the end, -1 where none is; None within a comment."""
    at = 0
    while at < len(before):
        character = before[at]
        if character == "#":
            at = before.find("\n", at)
            if at < 0:
                return None
        elif character in "'\"":
            quote = before[at : at + 3] if before[at : at + 3] in ("'''", '"""') else character
            end = _string_end(before, at + len(quote), quote)
            if end is None:
                return at
            at = end
            continue
        at += 1
    return -1


def _string_end(text: str, at: int, quote: str) -> int | None:
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(quote, at):
            return at + len(quote)
        elif text[at] == "\n" and len(quote) == 1:
            return at
        else:
            at += 1
    return None


# Names and attributes -------------------------------------------------------------------------------


def _words(before: str, start: int, look: Look) -> Iterator[Candidate] | None:
    """What the word that begins there could be; None where that is not known."""
    if (found := _IMPORT.search(before)) or (found := _FROM.search(before)):
        package, dot, _ = found[1].rpartition(".")
        return _submodules(package) if dot else (Candidate(name, "module") for name in look.modules)
    if found := _FROM_IMPORT.search(before):
        return _from_module(found[1])
    if before[:start].rstrip().endswith("."):
        path = before[:start].rstrip()[:-1]
        try:
            return members(_value_of(path, look), private=before[start : start + 1] == "_")
        except UnknownError:
            return None
    return _names(look)


def _names(look: Look) -> Iterator[Candidate]:
    hidden = ("__builtins__", "__name__", "__doc__")
    for name, value in tuple(look.names.items()):
        if name not in hidden:
            yield Candidate(name, _kind(value), "" if _is(value, ModuleType) else _type_name(value))
    for name in keyword.kwlist:
        yield Candidate(name, "keyword")
    for name, value in tuple(vars(builtins).items()):
        if not name.startswith("_"):
            yield Candidate(name, "builtin", _type_name(value) if _is(value, type) else "")


def _submodules(package: str) -> Iterator[Candidate]:
    known = (name for name in tuple(sys.modules) if name.startswith(f"{package}."))
    tails = dict.fromkeys(name[len(package) + 1 :].partition(".")[0] for name in known)
    return (Candidate(tail, "module") for tail in tails)


def _from_module(name: str) -> Iterator[Candidate] | None:
    module = sys.modules.get(name)
    if not _is(module, ModuleType):
        return None
    return (one for group in (members(module, private=False), _submodules(name)) for one in group)


def members(value: object, *, private: bool) -> Iterator[Candidate]:
    """What can be written behind a value's dot, by the alphabet; ``private``: also what begins with _."""
    found: dict[str, object] = {}
    for names in (_own(value), *map(_of, _classes(value))):
        for name, said in tuple(names.items()):
            if type(name) is str and name.isidentifier() and (private or not name.startswith("_")):
                found.setdefault(name, said)
    return (Candidate(name, _kind(said), _detail(said)) for name, said in sorted(found.items(), key=_first))


def _first(pair: tuple[str, object]) -> str:
    return pair[0]


def _own(value: object) -> Mapping[str, object]:
    """What an object holds in its own dictionary; nothing where its class makes one up."""
    for kind in _mro(type(value)):
        said = _of(kind).get("__dict__")
        if said is not None:
            told = type(said) in (GetSetDescriptorType, MemberDescriptorType)
            held = said.__get__(value) if told else None
            return cast(Mapping[str, object], held) if type(held) in (dict, MappingProxyType) else {}
    return {}


def _classes(value: object) -> Iterator[type]:
    if _is(value, type):
        yield from _mro(value)  # type: ignore[arg-type]  # it is a class
    yield from _mro(type(value))


def _is(value: object, kind: type) -> bool:
    """Whether a value is one of a kind, going by its class alone: ``isinstance`` would ask the value."""
    return kind in _mro(type(value))


def _mro(kind: type) -> tuple[type, ...]:
    """The classes of a class, without asking its metaclass."""
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return found


def _of(kind: type) -> Mapping[str, Any]:
    held: Mapping[str, Any] = type.__dict__["__dict__"].__get__(kind)
    return held


def _kind(value: object) -> str:
    if type(value) in _CALLABLE:
        return "function"
    if _is(value, ModuleType):
        return "module"
    return "class" if _is(value, type) else "attribute"


def _detail(value: object) -> str:
    if type(value) in _CALLABLE or _is(value, ModuleType):
        return _kind(value)
    return "property" if _is(value, property) else _type_name(value)


def _type_name(value: object) -> str:
    if type(value) in _CALLABLE:
        return "function"
    return str(type.__dict__["__name__"].__get__(type(value)))


# Values -----------------------------------------------------------------------------------------------


def _value_of(path: str, look: Look) -> object:
    """What ``a.b["c"][0]`` is now.

    Raises:
        UnknownError: it is something else, or code of the app would have to be run.
    """
    found = _PATH.search(path)
    if found is None:
        raise UnknownError(path)
    name = found[1]
    if name in look.names:
        value = look.names[name]
    elif name in vars(builtins):
        value = vars(builtins)[name]
    else:
        raise UnknownError(name)
    value = _behind(value, look)
    for step in _STEPS.findall(found[2]):
        part = step.strip("[]. \t")
        value = _behind(_attribute(value, part) if step[0] == "." else _item(value, part), look)
    return value


def _behind(value: object, look: Look) -> object:
    """What one of Flask's four stands for where statements run."""
    if not any(value is proxy for proxy in _PROXIES):
        return value
    try:
        return look.context.run(value._get_current_object)  # type: ignore[attr-defined]  # a LocalProxy
    except RuntimeError as error:  # there is no app yet
        raise UnknownError(str(error)) from error


def _attribute(value: object, name: str) -> object:
    try:
        said = inspect.getattr_static(value, name)
    except AttributeError as error:
        raise UnknownError(name) from error
    if not any("__get__" in _of(kind) for kind in _mro(type(said))) or type(said) in _CALLABLE[:3]:
        return said
    if not _is_harmless(said):
        raise UnknownError(name)
    try:
        return said.__get__(value, type(value))
    except Exception as error:
        raise UnknownError(name) from error


def _is_harmless(said: object) -> bool:
    """Whether a descriptor is worked out by code of Flask, Werkzeug or Python alone."""
    if type(said) in (MemberDescriptorType, GetSetDescriptorType):
        return True
    getter: object = None
    if _is(said, property):
        getter = property.__dict__["fget"].__get__(said)
    elif type(said) is functools.cached_property:
        getter = said.func
    if type(getter) is FunctionType:
        return _is_trusted(getter.__code__.co_filename)
    return str(type(said).__module__).partition(".")[0] == "werkzeug"


def _is_trusted(file: str) -> bool:
    if file.startswith(_FLASKS):
        return True
    return file.startswith(_PYTHONS) and "-packages" not in file.removeprefix(_PYTHONS)


def _item(value: object, part: str) -> object:
    try:
        if part[:1] in "'\"" and _is(value, dict):
            return dict.__getitem__(cast(dict[object, object], value), part[1:-1])
        if part[:1] not in "'\"":
            return _by_number(value, int(part))
    except (LookupError, TypeError, ValueError) as error:
        raise UnknownError(part) from error
    raise UnknownError(part)


def _by_number(value: object, number: int) -> object:
    kinds: tuple[Any, ...] = (list, tuple, dict)
    for kind in kinds:
        if _is(value, kind):
            return kind.__getitem__(value, number)
    raise UnknownError(str(number))


# Strings ----------------------------------------------------------------------------------------------


def _in_string(before: str, quote: str, look: Look) -> Iterator[Candidate]:
    """The keys of what stands before the bracket; endpoints and paths where a call asks for them."""
    stripped = before.rstrip()
    if stripped.endswith("["):
        try:
            value = _value_of(stripped[:-1], look)
        except UnknownError:
            return iter(())
        return (Candidate(key, "key", insert=key) for key in _keys(value) if quote not in key)
    called = _CALLED.search(before)
    if called is None or look.app is None:
        return iter(())
    if called[1] == "url_for":
        return (Candidate(endpoint, "endpoint") for endpoint in tuple(look.app.view_functions))
    return _paths(look.app) if called[1] in _ASKS else iter(())


def _paths(app: Flask) -> Iterator[Candidate]:
    for rule in tuple(app.url_map.iter_rules())[:_MOST_KEYS]:
        yield Candidate(rule.rule, "path", rule.endpoint)


def _keys(value: object) -> Iterator[str]:
    keys: Iterable[object] = ()
    if _is(value, dict):
        keys = dict.keys(value)  # type: ignore[arg-type]  # it is one
    elif type(value) in (Headers, EnvironHeaders):
        keys = (name for name, _ in value)  # type: ignore[attr-defined]  # it is one of these
    return (key for key in tuple(keys)[:_MOST_KEYS] if type(key) is str and "\n" not in key)
