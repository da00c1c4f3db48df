"""Whether a project asks to be reached from the network, by what its source or its variables say.

The introductions write ``app.run(host="0.0.0.0")`` or set ``FLASK_RUN_HOST``. It is only ever told: a server
that others reach has to be asked for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

_HERE = ("", "127.0.0.1", "localhost", "::1")
_ADDRESS = re.compile(r"[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*")


def wished_host(variables: Mapping[str, str]) -> str:
    """The host that ``FLASK_RUN_HOST`` names, where that is more than this machine; else nothing."""
    host = variables.get("FLASK_RUN_HOST", "").strip()
    return "" if host in _HERE else host


def run_with_host(source: str) -> str:
    """The call of ``run`` that names a host which others reach, as it would be written; else nothing.

    Source that does not parse says nothing.
    """
    if "run" not in source:
        return ""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return next(filter(None, map(_said, calls)), "")


def _said(call: ast.Call) -> str:
    """``app.run(host="0.0.0.0")``, for a call that says so in whatever way."""
    run = call.func
    if not (isinstance(run, ast.Attribute) and run.attr == "run" and isinstance(run.value, ast.Name)):
        return ""
    named = [word.value for word in call.keywords if word.arg == "host"]
    for node in (*named, *call.args[:1]):
        host = node.value if isinstance(node, ast.Constant) else None
        if isinstance(host, str) and host not in _HERE and _ADDRESS.fullmatch(host):
            return f'{run.value.id}.run(host="{host}")'
    return ""
