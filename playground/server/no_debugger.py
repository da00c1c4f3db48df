"""Keeps Werkzeug's debugger from the network.

A project may put ``DebuggedApplication`` around itself. It shows the frames and variables of a failing view
to whoever asks, and with ``evalex`` runs what they type. For a request of the network it is passed by,
wherever in the project's middleware it stands: the exception then goes on, and is answered as any other.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from playground.server.note import NOTE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_MARK = "playground_passes_by"


def pass_by() -> None:
    """Before the project answers a request of the network: see to it that the debugger is passed by."""
    module = sys.modules.get("werkzeug.debug")
    debugger = getattr(module, "DebuggedApplication", None)  # None where no project has imported it
    if debugger is None or hasattr(debugger.__call__, _MARK):
        return
    call = debugger.__call__

    @functools.wraps(call)
    def guarded(self: Any, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        note = environ.get(NOTE)
        inner = self.app if note is not None and note.shared else functools.partial(call, self)
        answer: Iterable[bytes] = inner(environ, start_response)
        return answer

    setattr(guarded, _MARK, True)
    debugger.__call__ = guarded
