"""Sessions and flashed messages without a secret key, or with one that is another at each start."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from playground.core.problems import Problem
from playground.project.checks.blueprints import is_main_guard
from playground.project.checks.checked import CheckedFile, CheckedProject, Extractor
from playground.project.checks.saying import fix, found, shortened
from playground.project.checks.walking import all_functions, own_nodes
from playground.project.python.syntax import dotted

_secret = partial(found, "secret-key")
_ELSEWHERE = (
    *("secret_key", "SECRET_KEY", "session_interface", "flask_session", "config.from_", "config.update("),
    *("from_mapping(**", "config |=", "config.setdefault(", ".config = "),
)
_CHANGING = frozenset({"pop", "clear", "update", "setdefault", "popitem"})
_RANDOM = frozenset(
    {
        *("os.urandom", "secrets.token_hex", "secrets.token_bytes", "secrets.token_urlsafe", "uuid.uuid4"),
        *("random.randbytes", "random.random", "random.randint", "random.getrandbits"),
    }
)


@dataclass(frozen=True)
class SessionUse:
    """A function that needs the key: ``name`` is ``session`` or ``flash`` as written."""

    name: str
    scope: str
    line: int
    column: int


def _uses(body: list[ast.stmt]) -> tuple[SessionUse, ...]:
    return tuple(
        SessionUse(name, f"{scope}.{view.name}".lstrip("."), node.lineno, node.col_offset)
        for view, scope, _ in all_functions(body)
        for node in own_nodes(view.body)
        if isinstance(node, ast.expr) and (name := _needing(node))
    )


def _needing(node: ast.expr) -> str:
    """The name of what is used so that it needs the key: the session is changed, a message is flashed."""
    if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return dotted(node.value)
    if isinstance(node, ast.Call):
        name = dotted(node.func)
        head, _, method = name.rpartition(".")
        return head if method in _CHANGING and head else name
    return ""


SESSION_USES = Extractor("session uses", _uses, ("session", "flash"))


def sessions_without_key(project: CheckedProject) -> tuple[Problem, ...]:
    """Views that need a secret key, in a project that says none anywhere."""
    used = [pair for file in project.files.values() for pair in file.kept(_needs_key)]
    apps = [one for one in project.picture.owners if one.kind == "app" and one.file in project.files]
    if (
        not used
        or len(apps) != 1
        or not project.whole
        or project.says(*_ELSEWHERE)
        or _in_environment(project)
    ):
        return ()
    file, line, column, name = used[0]
    place, app = file.place(line, column), apps[0]
    sentence = f"{name} needs a secret key, and the app has none."
    why = (
        f"Line {line} of {file.file} uses {name}. Flask signs the session's cookie with the key: "
        "without one it answers with an error."
    )
    key = fix(
        f"Set a key for {app.variable} in {app.file}", "add_secret_key", place, app=app.variable, to=app.file
    )
    return (_secret(sentence, why, place, key),)


def _in_environment(project: CheckedProject) -> bool:
    variables = project.index.environment().variables
    return any("SECRET_KEY" in name for name in variables)


def _needs_key(file: CheckedFile) -> tuple[tuple[CheckedFile, int, int, str], ...]:
    return tuple(
        (file, above + one.line, one.column, one.name.rpartition(".")[2])
        for above, one in file.facts(SESSION_USES)
        if file.imported(one.name, one.scope) in ("flask.session", "flask.flash")
    )


# A key that is made when the app starts


@dataclass(frozen=True)
class RandomKey:
    """A key that is made anew: ``name`` is what is called, ``text`` the call."""

    name: str
    text: str
    line: int
    column: int


def _random_keys(body: list[ast.stmt]) -> tuple[RandomKey, ...]:
    return tuple(_made(body))


def _made(body: Sequence[ast.stmt]) -> Iterator[RandomKey]:
    """Where it is surely done: one under a condition may be only for lack of a better one."""
    for node in body:
        if isinstance(node, ast.Assign) and any(map(_is_key, node.targets)):
            value, called = node.value, _innermost_call(node.value)
            if called:
                yield RandomKey(called, ast.unparse(value), value.lineno, value.col_offset)
        elif not isinstance(node, ast.If) or is_main_guard(node.test):
            yield from _made([] if isinstance(node, (ast.Try, ast.TryStar)) else getattr(node, "body", []))


def _innermost_call(node: ast.expr) -> str:
    """``uuid4`` of ``uuid4().hex``; empty where nothing is called."""
    name = ""
    while isinstance(node, (ast.Call, ast.Attribute)):
        name = dotted(node.func) if isinstance(node, ast.Call) else name
        node = node.func if isinstance(node, ast.Call) else node.value
    return name


def _is_key(target: ast.expr) -> bool:
    if isinstance(target, ast.Subscript):
        key = target.slice
        return isinstance(key, ast.Constant) and key.value == "SECRET_KEY"
    return dotted(target).rpartition(".")[2] in ("secret_key", "SECRET_KEY")


RANDOM_KEYS = Extractor("random keys", _random_keys, ("secret_key", "SECRET_KEY"))


def keys_made_at_start(project: CheckedProject) -> tuple[Problem, ...]:
    """A key that is random at each start: all cookies from before stop working."""
    return tuple(
        _random(file, above, one)
        for file in project.files.values()
        for above, one in file.kept(_keys)
        if project.says("session", "flash", "flask_login", "flask_wtf")
        and not project.says("flask_session", "session_interface")  # which need no key
    )


def _keys(file: CheckedFile) -> tuple[tuple[int, RandomKey], ...]:
    return tuple((above, one) for above, one in file.facts(RANDOM_KEYS) if file.imported(one.name) in _RANDOM)


def _random(file: CheckedFile, above: int, one: RandomKey) -> Problem:
    place = file.place(above + one.line, one.column)
    why = f"Line {place.line} calls {shortened(one.text)} at each start. Cookies signed before are lost."
    read = fix("Read it from the environment", "expression", place, new=_FROM_ENVIRONMENT, needs="os")
    return _secret("The secret key is random at each start, so sessions get lost.", why, place, read)


_FROM_ENVIRONMENT = 'os.environ.get("SECRET_KEY", "dev")'

PROJECT_CHECKS = (sessions_without_key, keys_made_at_start)
