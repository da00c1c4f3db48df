"""The address of a request taken apart and put together: its query, and the values of a rule's parameters.

The text of the address is the truth; fields and tables are views of it. So whatever a person types
can be read here without an error, also what Flask would answer with 404.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote

from playground.core.converters import CONVERTERS, custom_converters
from playground.core.exchanges import Pairs
from playground.core.rules import Param, Rule, RuleError

_LITERAL_SAFE = "/!$&'()*+,:;=@~"
_QUERY_SAFE = "/!$'()*,:;@~"
_HOST = re.compile(r"^(localhost|[\w-]+(\.[\w-]+)+)(:\d+)?(/|\?|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fit:
    """What an address gives to a rule: the decoded text of each parameter, and where it stands."""

    texts: Mapping[str, str]
    spans: tuple[tuple[int, int], ...]


def read_rule(text: str) -> Rule | None:
    """The rule, with converters of the app's own taken as they are; None where it is not one."""
    try:
        return Rule.parse(text, custom=custom_converters(text))
    except RuleError:
        return None


def split(url: str) -> tuple[str, str]:
    """The address without its query, and the query; what follows a ``#`` is never sent."""
    path, _, query = url.partition("#")[0].partition("?")
    return path, query


def pairs_of(url: str) -> Pairs:
    """The pairs in the query of an address, decoded."""
    return tuple(parse_qsl(split(url)[1], keep_blank_values=True))


def with_pairs(url: str, pairs: Pairs) -> str:
    """The address with exactly these pairs as its query."""
    return add_pairs(split(url)[0], pairs)


def add_pairs(url: str, pairs: Pairs) -> str:
    """The address with these pairs after those that its query has already; a fragment stays at the end."""
    if not pairs:
        return url
    before, hash_sign, fragment = url.partition("#")
    _, has_query, query_before = before.partition("?")
    joint = "?" if not has_query else "" if not query_before or query_before.endswith("&") else "&"
    query = "&".join(f"{_query_quote(name)}={_query_quote(value)}" for name, value in pairs)
    return f"{before}{joint}{query}{hash_sign}{fragment}"


def complete(url: str) -> str:
    """The address to send: ``users/1`` gets its slash, ``localhost:5000`` its scheme."""
    url = url.strip()
    if url.startswith("/") or "://" in url:
        return url
    return f"http://{url}" if _HOST.match(url) else f"/{url}"


def fit(rule: Rule, url: str, base: str = "") -> Fit | None:
    """Read the parameters out of an address; None where its shape is not that of the rule.

    ``base`` is the server's own address, which may stand in front. Values are not checked here:
    ``/users/abc`` fits ``/users/<int:user_id>``, and it is for the field to say that abc won't do.
    """
    path = split(url)[0]
    start = len(base.rstrip("/")) if base and path.startswith(base.rstrip("/") + "/") else 0
    found = _pattern(rule).fullmatch(path, start)
    if found is None:
        return None
    numbers = range(1, len(rule.params) + 1)
    texts = {param.name: unquote(found[number]) for param, number in zip(rule.params, numbers, strict=True)}
    return Fit(texts, tuple(found.span(number) for number in numbers))


def fill(rule: Rule, texts: Mapping[str, str]) -> str:
    """The path with these values in it, also with those that the rule will refuse."""
    pieces = (
        quote(piece, safe=_LITERAL_SAFE) if isinstance(piece, str) else _value(piece, texts[piece.name])
        for piece in rule.pieces
    )
    return "".join(pieces)


def _value(param: Param, text: str) -> str:
    try:
        return param.to_url(text)
    except ValueError:
        return quote(text, safe="/" if param.converter == "path" else "")


def _query_quote(text: str) -> str:
    return quote(text, safe=_QUERY_SAFE, errors="replace").replace("%20", "+")


@lru_cache(maxsize=64)
def _pattern(rule: Rule) -> re.Pattern[str]:
    pattern = "".join(
        _literal_pattern(piece) if isinstance(piece, str) else _param_pattern(piece) for piece in rule.pieces
    )
    # Without its last slash a path still reaches the rule: Flask redirects it there.
    return re.compile(pattern.removesuffix("/") + "/?" if pattern.endswith("/") else pattern, re.DOTALL)


def _literal_pattern(piece: str) -> str:
    """The piece as written or percent-encoded; its last slash apart, so that it can be left out."""
    body = piece.removesuffix("/")
    spellings = dict.fromkeys((body, quote(body, safe=_LITERAL_SAFE)))
    return f"(?:{'|'.join(map(re.escape, spellings))})" + "/" * (len(piece) - len(body))


def _param_pattern(param: Param) -> str:
    if param.converter == "path" or param.converter not in {*CONVERTERS, "default"}:
        return "(.*?)"
    items = dict(param.args).get("items", ())
    words = [re.escape(str(item)) for item in items] if isinstance(items, tuple) else []
    return f"({'|'.join([*words, '[^/]*'])})"
