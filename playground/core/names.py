"""Names, status codes and headers that people type: checked, and suggested where a good one is known."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

from playground.core.exchanges import Pairs
from playground.core.problems import Problem, ProblemError, refuse
from playground.core.rules import Param, Rule

_TAKEN_BY_FLASK = frozenset({
    "Blueprint", "Flask", "Response", "abort", "app", "application", "current_app", "create_app", "escape",
    "flash", "flask", "g", "jsonify", "make_app", "make_response", "redirect", "render_template",
    "render_template_string", "request", "send_file", "send_from_directory", "session",
    "stream_with_context", "url_for",
})  # fmt: skip
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def check_function_name(name: str) -> None:
    """Refuse a name that a view function can't or should not have.

    Raises:
        ProblemError: of the field ``function``, with a name to use instead.
    """
    better = f"Write {_usable(name)}, for example."
    if not name.strip():
        raise refuse("The function needs a name.", "Write one, like show_user.", field="function")
    if not name.isidentifier():
        sentence = f"\"{name}\" can't be a function's name: letters, digits and _ only, and no digit first."
        raise refuse(sentence, better, field="function")
    if keyword.iskeyword(name) or name == "__debug__":
        raise refuse(f'"{name}" is a word of Python itself.', better, field="function")
    if name in _TAKEN_BY_FLASK:
        sentence = f'"{name}" is what Flask code calls something else, and this function would hide it.'
        raise refuse(sentence, better, field="function")
    if name == "static":
        raise refuse('Flask has a route named "static" already.', better, field="function")


def _usable(name: str) -> str:
    """The nearest name that passes the check."""
    # asked of Python: \w has signs of old scripts as well, which no name can have
    kept = (sign if f"_{sign}".isidentifier() else " " for sign in unicodedata.normalize("NFKC", name))
    words = "_".join("".join(kept).split()).strip("_")
    if not words:
        return "show_page"
    plain = words.isidentifier() and not keyword.iskeyword(words) and words != "__debug__"
    # A view called list would be found by every list(...) of its file.
    taken = words in _TAKEN_BY_FLASK or words == "static" or hasattr(builtins, words)
    return words if plain and not taken else f"show_{words}"


def suggest_function_name(rule: Rule, methods: Iterable[str], taken: Collection[str]) -> str:
    """A name for the view of a new route: ``get_user`` for GET ``/users/<int:user_id>``.

    A name in ``taken`` is passed over: first for a longer one, then for one with a number.
    """
    words = [word for piece in rule.pieces if isinstance(piece, str) for word in _words(piece)]
    last = rule.segments[-1] if rule.segments else ()
    one = any(isinstance(piece, Param) for piece in last)
    method = next(iter(methods), "GET").upper()
    names = [_usable(_verbal(words[-count:], rule, one, method)) for count in (1, 2) if len(words) >= count]
    names = names or [_usable(_verbal([], rule, one, method))]
    free = [name for name in names if name not in taken]
    return free[0] if free else _numbered(names[0], taken)


def _words(piece: str) -> list[str]:
    found = [re.sub(r"\W+", "_", part).strip("_") for part in piece.split("/")]
    return [word for word in found if word]


def _verbal(words: list[str], rule: Rule, one: bool, method: str) -> str:
    """Verb and noun of what such a route does."""
    verbs = {"GET": "get", "POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
    verb = verbs.get(method, method.lower())
    if not words:
        thing = "_".join(param.name for param in rule.params)
        reading = "show" if method == "GET" else verb
        return f"{reading}_{thing}" if thing else ("index" if method == "GET" else f"{verb}_index")
    several, thing = _is_plural(words[-1]), "_".join(words)
    single = "_".join([*words[:-1], _singular(words[-1])])
    if method == "GET":
        return (f"get_{single}" if one else f"list_{thing}") if several else thing
    if method == "POST":
        if one and several:
            return f"update_{single}"
        return f"create_{single}" if several else thing
    return f"{verb}_{single if one else thing}"


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "news"))


def _singular(word: str) -> str:
    if not _is_plural(word):
        return word
    if word.endswith("ies") and len(word) > 4 and word not in {"movies", "cookies"}:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


def _numbered(name: str, taken: Collection[str]) -> str:
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def check_status(text: str) -> int:
    """The status code in ``text``.

    Raises:
        ProblemError: of the field ``status``: not a whole number from 100 to 599.
    """
    word = text.strip()
    hint = "Write 200 for fine, 201 for made, 404 for not found, for example."
    if not (word.isascii() and word.isdigit()):
        said = f'"{word}" is not a status code' if word else "The status code is empty"
        raise refuse(f"{said}: it is a number of three digits.", hint, field="status")
    if len(word) != 3 or not 100 <= int(word) <= 599:
        raise refuse(f"There is no status code {word}: they go from 100 to 599.", hint, field="status")
    return int(word)


def check_header(name: str, value: str) -> None:
    """Refuse what HTTP can't carry as a header.

    Raises:
        ProblemError: of the field ``headers``.
    """
    problem = _header_problem(name, value)
    if problem:
        raise ProblemError(problem)


def _header_problem(name: str, value: str) -> Problem | None:
    if not _TOKEN.fullmatch(name):
        sentence = f"\"{name}\" can't be a header's name." if name else "A header has no name."
        return Problem(sentence, "Use letters, digits and -, like X-Colour.", "headers")
    if any(character in value for character in "\r\n\0"):
        return Problem(f"The value of {name} has a line break in it.", "Keep it on one line.", "headers")
    odd = next((character for character in value if ord(character) > 255), "")
    if odd:
        hint = "Leave it out, or write it percent-encoded."
        return Problem(
            f'The value of {name} has the sign "{odd}", which headers can\'t carry.', hint, "headers"
        )
    return None


def parse_headers(text: str) -> Pairs:
    """The headers in ``text``, one ``Name: value`` on each line; empty lines are passed over.

    Raises:
        ProblemError: of the field ``headers``, naming the line.
    """
    found: list[tuple[str, str]] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not line.strip():
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon:
            sentence = f'Line {number} of the headers, "{name}", has no colon.'
            raise refuse(sentence, "Write it like X-Colour: blue.", field="headers")
        check_header(name, value)
        found.append((name, value))
    return tuple(found)
