"""The failures that people who are new to Flask meet, each with the identifier of the rule that explains it.

A ``Problem`` whose ``rule_id`` is one of these is explained in plain words: a sentence of at most 15 words,
the reason with its place, and one to three fixes. The order is that of how often they are asked about.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HelpRule:
    """One kind of failure. ``early`` where it can be found in the source, before any request."""

    number: int
    rule_id: str
    title: str
    early: bool = False


HELP_RULES = tuple(
    HelpRule(number, rule_id, title, early)
    for number, (rule_id, title, early) in enumerate(
        (
            ("no-such-path", "No rule has this path", False),
            ("converter-refused", "A converter refused the value", False),
            ("extra-slash", "One slash too many", False),
            ("slash-redirect", "Sent on to the address with a slash", False),
            ("method-not-allowed", "The rule does not take this method", True),
            ("blueprint-not-registered", "A blueprint that no app registers", True),
            ("duplicate-endpoint", "Two view functions of one name", True),
            ("missing-return", "A view that returns nothing that can be sent", True),
            ("argument-names", "Names in the rule and in the function differ", True),
            ("template-not-found", "A template that is not there", True),
            ("undefined-variable", "A variable that the template was not given", True),
            ("template-syntax", "A template that Jinja can't read", True),
            ("dead-endpoint", "url_for of an endpoint that is not there", True),
            ("missing-form-key", "A field that the request did not bring", True),
            ("not-json", "JSON that is not labelled, or not JSON", False),
            ("wrong-drawer", "Data looked for in the wrong place", True),
            ("secret-key", "A session without a lasting secret key", True),
            ("static-file", "A style or picture that is not found", True),
            ("stale-code", "The running version is older than the file", False),
            ("port-taken", "The port is taken", False),
            ("app-not-found", "No app, or more than one", True),
            ("circular-import", "Files that import each other", True),
            ("outside-context", "Used while no request is there", True),
            ("decorator-order", "Decorators in the wrong order", True),
            ("late-setup", "Routes that are added too late", True),
            ("old-tutorial", "Code of an older Flask", True),
            ("in-a-thread", "What only the main thread can do", True),
            ("plain-500", "An exception in the app", False),
            ("not-serializable", "A value that JSON can't hold", True),
            ("escaping", "HTML that shows as text, or text that acts as HTML", True),
            ("relative-redirect", "A redirect to a relative address", True),
        ),
        start=1,
    )
)
BY_ID = {rule.rule_id: rule for rule in HELP_RULES}
