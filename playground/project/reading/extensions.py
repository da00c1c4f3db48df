"""Extensions that add routes of their own, as far as the source tells: Flask-RESTful and Flask-RESTX.

Their objects are told by the names that they are imported under; the packages need not be installed.
"""

from __future__ import annotations

import ast
import re
from itertools import takewhile

from playground.project.python.syntax import dotted, keywords

FLASK = {
    "flask.Flask": "app",
    "flask.app.Flask": "app",
    "flask.Blueprint": "blueprint",
    "flask.blueprints.Blueprint": "blueprint",
    "flask_restful.Api": "restful",
    "flask_restx.Api": "restx",
    "flask_restx.Namespace": "namespace",
    "flask_restplus.Api": "restx",
    "flask_restplus.Namespace": "namespace",
}
"""What kind of object which class makes."""

EXTENSIONS = ("restful", "restx", "namespace")
TITLES = {"restful": "Flask-RESTful", "restx": "Flask-RESTX", "namespace": "Flask-RESTX"}

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z0-9])(?=[A-Z][a-z])")


def made_on(call: ast.Call, kind: str) -> str:
    """The app or blueprint that ``Api(app)`` is made on, as written; "" where it is told later."""
    if kind not in ("restful", "restx"):
        return ""
    return dotted(call.args[0] if call.args else keywords(call).get("app", ast.Constant(None)))


def prefix_of(call: ast.Call, kind: str) -> ast.expr | None:
    """The argument that goes in front of all rules."""
    name = {"app": "", "blueprint": "url_prefix", "namespace": "path"}.get(kind, "prefix")
    return keywords(call).get(name)


def urls_of(call: ast.Call, skipped: int) -> list[ast.expr]:
    """The rules of ``add_resource(Class, rule, ...)`` and ``@api.resource(rule, ...)``."""
    return list(takewhile(lambda one: not isinstance(one, ast.Starred), call.args[skipped:]))


def default_endpoint(kind: str, class_name: str) -> str:
    """What an extension calls a resource that is given no name."""
    if kind == "restful":
        return class_name.lower()
    return _HUMP.sub("_", class_name).lower()


def why_resource(kind: str) -> str:
    """Why the form can't own such a route."""
    title = TITLES.get(kind, "An extension")
    return f"{title} adds this route for a class, so it can be changed in its code only."
