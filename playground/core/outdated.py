"""What used to be in Flask, its relatives and Python and is there no more, and what to write instead.

Old projects and old tutorials are full of it, and ``cannot import name 'escape' from 'flask'`` helps nobody
who has not followed the releases.
"""

from __future__ import annotations

import re

_MARKUPSAFE = "Write from markupsafe import {0}."
_SECURITY = "Write from werkzeug.security import {0}."
_UTILS = "Write from werkzeug.utils import {0}."
_CONFIG = "Read it from app.config."

MOVED: dict[tuple[str, str], str] = {
    ("flask", "escape"): _MARKUPSAFE,
    ("flask", "Markup"): _MARKUPSAFE,
    ("flask", "safe_join"): _UTILS,
    ("flask", "_request_ctx_stack"): "Use request, session or g, or flask.globals.request_ctx.",
    ("flask", "_app_ctx_stack"): "Keep what belongs to one request in g.",
    ("flask", "JSONEncoder"): "Derive a class from flask.json.provider.DefaultJSONProvider.",
    ("flask.json", "JSONEncoder"): "Derive a class from flask.json.provider.DefaultJSONProvider.",
    ("flask.json", "JSONDecoder"): "Derive a class from flask.json.provider.DefaultJSONProvider.",
    ("flask.globals", "_app_ctx_stack"): "Keep what belongs to one request in g.",
    ("flask.globals", "_request_ctx_stack"): "Use request, session or g, or flask.globals.request_ctx.",
    ("flask.helpers", "safe_join"): _UTILS,
    ("flask.helpers", "locked_cached_property"): "Write from werkzeug.utils import cached_property.",
    ("werkzeug", "secure_filename"): _UTILS,
    ("werkzeug", "redirect"): "Write from flask import redirect.",
    ("werkzeug", "cached_property"): _UTILS,
    ("werkzeug", "import_string"): _UTILS,
    ("werkzeug", "generate_password_hash"): _SECURITY,
    ("werkzeug", "check_password_hash"): _SECURITY,
    ("werkzeug", "FileStorage"): "Write from werkzeug.datastructures import FileStorage.",
    ("werkzeug", "SharedDataMiddleware"): "Write from werkzeug.middleware.shared_data import {0}.",
    ("werkzeug.security", "safe_str_cmp"): "Write from hmac import compare_digest, and use that.",
    ("werkzeug.security", "safe_join"): _UTILS,
    ("werkzeug.wsgi", "DispatcherMiddleware"): "Write from werkzeug.middleware.dispatcher import {0}.",
    ("werkzeug.urls", "url_quote"): "Write from urllib.parse import quote, and use that.",
    ("werkzeug.urls", "url_quote_plus"): "Write from urllib.parse import quote_plus, and use that.",
    ("werkzeug.urls", "url_unquote"): "Write from urllib.parse import unquote, and use that.",
    ("werkzeug.urls", "url_encode"): "Write from urllib.parse import urlencode, and use that.",
    ("werkzeug.urls", "url_decode"): "Write from urllib.parse import parse_qs, and use that.",
    ("werkzeug.urls", "url_parse"): "Write from urllib.parse import urlsplit, and use that.",
    ("werkzeug.urls", "url_join"): "Write from urllib.parse import urljoin, and use that.",
    ("jinja2", "Markup"): _MARKUPSAFE,
    ("jinja2", "escape"): _MARKUPSAFE,
    ("jinja2", "contextfunction"): "Write from jinja2 import pass_context.",
    ("jinja2", "contextfilter"): "Write from jinja2 import pass_context.",
    ("jinja2", "environmentfilter"): "Write from jinja2 import pass_environment.",
    ("jinja2", "evalcontextfilter"): "Write from jinja2 import pass_eval_context.",
    ("itsdangerous", "TimedJSONWebSignatureSerializer"): "Use URLSafeTimedSerializer.",
    ("itsdangerous", "JSONWebSignatureSerializer"): "Use URLSafeSerializer.",
    ("markupsafe", "soft_unicode"): "Write from markupsafe import soft_str.",
} | {
    ("collections", name): "Write from collections.abc import {0}."
    for name in (
        *("Callable", "Iterable", "Iterator", "Mapping", "MutableMapping", "MutableSequence", "MutableSet"),
        *("OrderedSet", "Sequence", "Set", "Sized"),
    )
}
"""By module and name: what to write instead; ``{0}`` is the name."""

METHODS = {
    "before_first_request": "Do it where the app is made, below with app.app_context(): where it needs that.",
    "before_app_first_request": "Do it where the app is made, below with app.app_context(): if need be.",
    "env": "Use app.debug, or a setting of your own in app.config.",
    "json_encoder": "Set app.json to a provider: flask.json.provider.DefaultJSONProvider.",
    "json_decoder": "Set app.json to a provider: flask.json.provider.DefaultJSONProvider.",
    "session_cookie_name": _CONFIG,
    "send_file_max_age_default": _CONFIG,
    "use_x_sendfile": _CONFIG,
    "propagate_exceptions": _CONFIG,
    "templates_auto_reload": _CONFIG,
    "preserve_context_on_exception": "Leave it out.",
}
"""Attributes that apps and blueprints used to have."""

_SINCE_3_12 = "asynchat asyncore distutils imp smtpd"
_SINCE_3_13 = (
    "aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr "
    "spwd sunau telnetlib uu xdrlib"
)
LEFT_PYTHON = dict.fromkeys(_SINCE_3_12.split(), "3.12") | dict.fromkeys(_SINCE_3_13.split(), "3.13")
"""Modules that Python had until a version, and that version."""


def imported_name(error: ImportError) -> tuple[str, str] | None:
    """The module and the name of ``from module import name``, where it is the name that is not there."""
    found = re.match(
        r"cannot import name '([^']+)' from (?:partially initialized module )?'([^']+)'", str(error)
    )
    return (found[2], found[1]) if found else None


def moved(module: str, name: str) -> tuple[str, str] | None:
    """What is wrong and what to do, for a name that its module used to have."""
    known = MOVED.get((module, name))
    if known is None:
        return None
    return f"{name} is no longer part of {module}.", known.format(name)


def attribute(owner: str, name: str) -> tuple[str, str] | None:
    """The same for an attribute: ``owner`` is the name of a class, or of a module."""
    if owner in ("Flask", "Blueprint") and name in METHODS:
        return f"{owner} no longer has {name}: it was removed from Flask.", METHODS[name]
    return moved(owner, name)


def module(name: str) -> tuple[str, str] | None:
    """The same for a module that is gone."""
    if name.startswith("flask.ext"):
        hint = "Write flask_login where it says flask.ext.login, and so for each extension."
        return "Flask no longer has flask.ext.", hint
    if name.startswith("werkzeug.contrib"):
        hint = "Caching is in the package cachelib, ProxyFix in werkzeug.middleware.proxy_fix."
        return "werkzeug.contrib was removed from Werkzeug.", hint
    version = LEFT_PYTHON.get(name.partition(".")[0])
    if version is not None:
        return (
            f"The module {name} is not in Python since {version}.",
            "Leave it out, or use what took its place.",
        )
    return None
