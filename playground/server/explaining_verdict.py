"""What an app's router says of a method and a path: the one place where the app itself is asked.

Nothing of a view runs. Converters and ``redirect_to`` of the app's own do, as they would for a request, and
may raise anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect, Rule
from werkzeug.test import create_environ

from playground.core.exchanges import Match
from playground.server.recorder import short_repr

HOST = "127.0.0.1:5000"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``rule`` is the one that matched; ``error`` what was raised where the outcome is ``error``.

    ``adapter`` is None where the app did not come so far as to ask its map.
    """

    match: Match
    adapter: MapAdapter | None = None
    rule: Rule | None = None
    error: BaseException | None = None


def verdict_of(app: Flask, method: str, path: str, host: str = HOST) -> Verdict:
    """What the app makes of a request; ``path`` is percent-encoded, a query in it is ignored."""
    try:
        adapter = app.create_url_adapter(app.request_class(_environ(method, path, host)))
    except Exception as error:  # noqa: BLE001  a host that is not trusted, or the app's own way to do it
        return Verdict(Match(method, path, "error"), error=error)
    if adapter is None:
        return Verdict(Match(method, path, "not_found"))
    return asked(adapter, method, path)


def asked(adapter: MapAdapter, method: str, path: str, path_info: str | None = None) -> Verdict:
    """What a bound map says, of ``path_info`` (decoded) where that is given."""
    try:
        rule, values = adapter.match(path_info, method=method or None, return_rule=True)
    except RequestRedirect as redirect:
        return Verdict(Match(method, path, "redirect", location=redirect.new_url), adapter)
    except MethodNotAllowed as error:
        allowed = tuple(sorted(error.valid_methods or ()))
        return Verdict(Match(method, path, "method_not_allowed", allowed=allowed), adapter)
    except NotFound:
        return Verdict(Match(method, path, "not_found"), adapter)
    except Exception as error:  # noqa: BLE001  a converter of the app's own may raise anything; the answer shows it
        return Verdict(Match(method, path, "error"), adapter, error=error)
    pairs = tuple((name, short_repr(value)) for name, value in values.items())
    return Verdict(Match(method, path, "match", rule.rule, str(rule.endpoint), pairs), adapter, rule)


def _environ(method: str, path: str, host: str) -> dict[str, object]:
    bare, _, query = path.partition("?")
    environ = create_environ("/", "http://localhost", query_string=query)
    environ["REQUEST_METHOD"] = method
    environ["HTTP_HOST"] = host
    environ["PATH_INFO"] = unquote_to_bytes(bare.encode("utf-8", "surrogatepass")).decode("latin-1")
    return dict(environ)
