"""Why a request matched the rule it did, or none: the router's account, made of public API alone.

Three questions make it. The app's own map says what happens. Each of the nearest rules is asked alone, in a
map of its own, how it takes the path. And where a converter refuses a value after its rule was chosen, a map
whose converters take every text says which rule that was.

``explaining_rules`` reads a rule and compares it with a path, ``explaining_cases`` finds the nearest rules,
``explaining_probes`` asks Werkzeug, ``explaining_account`` puts it together, ``explaining_why`` and
``explaining_words`` say it, ``explaining_fixes`` what to do about it, and ``explaining_trials`` whether that
would help.
"""

from __future__ import annotations

from flask import Flask

from playground.core.explanations import Explanation
from playground.server.explaining_account import Account
from playground.server.explaining_fixes import fixes
from playground.server.explaining_router import Router
from playground.server.explaining_verdict import HOST, verdict_of
from playground.server.explaining_why import why
from playground.server.explaining_words import said


class Explainer:
    """Explains requests to one app, whose rules it reads once; any thread may ask it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.router = Router(app)

    def explain(self, method: str, path: str, host: str = HOST) -> Explanation:
        """The account of one method and path (percent-encoded; a query is ignored)."""
        verdict = verdict_of(self.app, method, path, host)
        if verdict.adapter is None:
            sentence = f"Flask did not come so far as to look for a route: {said(verdict.error)}."
            return Explanation(verdict.match, (sentence,))
        account = Account(self.router, verdict, verdict.adapter)
        return Explanation(verdict.match, why(account), account.near, fixes(account))
