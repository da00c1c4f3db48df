"""Why it came to what it came to with a request: sentences, the most telling first."""

from __future__ import annotations

from collections.abc import Iterator

from playground.core.explanations import Stop
from playground.server import explaining_words as words
from playground.server.explaining_account import FAR, Account

_FEW = 3


def why(account: Account) -> tuple[str, ...]:
    """Why the rule that answers comes before the others, or why none does."""
    tell = {
        "match": _why_match,
        "redirect": _why_redirect,
        "method_not_allowed": _why_method,
        "error": _why_error,
    }
    return tuple(tell.get(account.outcome, _why_nothing)(account))


def _why_match(account: Account) -> Iterator[str]:
    chosen = account.chosen
    if chosen is None:
        return
    others = [one for one in account.near if one.stop in (Stop.SHADOWED, Stop.RANGE)]
    beaten = [case for case in account.cases if case.fits and case.form is not chosen]
    for case in beaten[:_FEW]:
        yield f"{chosen.text} comes before {case.form.text}: {words.beats(chosen, case.form)}."
    if not others:
        yield f"{chosen.text} is the only rule that fits."
    for one in account.near:
        if one.stop is Stop.METHOD:
            yield f"{one.rule} fits the path, too, but {words.after_name(one.reason)}."
    yield from words.of_method_answered(chosen, account.asked.method)


def _why_redirect(account: Account) -> Iterator[str]:
    chosen, location = account.chosen, account.verdict.match.location
    case = account.case_of_chosen
    if chosen is None or case is None:
        yield f"Flask sends the browser on to {location}."
        return
    yield f"{chosen.text} {words.sending(case)}, so Flask sends the browser on to {location}."
    for hidden in account.cases:
        if hidden.fits and hidden.form is not chosen:
            yield f"It does so although {hidden.form.text} fits this path as it is."
    if account.asked.method not in ("GET", "HEAD"):
        yield f"The browser sends its {account.asked.method} there once more, with what it brings."


def _why_method(account: Account) -> Iterator[str]:
    takes = words.listed(words.told_methods(account.verdict.match.allowed))
    yield f"The path is right, the method is not: {account.asked.method} is not taken here, only {takes}."
    yield from _vetoed(account)


def _why_error(account: Account) -> Iterator[str]:
    error = account.verdict.error
    if account.is_for_sockets:
        yield "A rule of this path is for WebSocket connections, and no other one answers: 400."
        yield from _vetoed(account)
    elif account.chosen is not None:
        yield f"{account.chosen.text} was chosen, and {words.of_error(account.chosen, error)}."
    else:
        yield f"The app raised {words.said(error)} while it looked for the route."


def _why_nothing(account: Account) -> Iterator[str]:
    vetoed = list(_vetoed(account))
    yield from vetoed
    if not vetoed:
        yield f"No rule of this app fits {words.quoted(account.asked.path)}."
        if account.near and account.cases[0].distance < FAR:
            one = account.near[0]
            yield f"The nearest is {one.rule}: {words.after_name(one.reason)}."


def _vetoed(account: Account) -> Iterator[str]:
    """Where a converter had the last word."""
    chosen, case = account.chosen, account.case_of_chosen
    if chosen is None or case is None:
        return
    if case.refuses_merging:
        yield f"{chosen.text} comes first for {words.quoted(case.path)}, and takes no doubled slash."
        yield "After that Flask tries no other rule."
    if not case.fits:
        return
    refused = account.refused(case)
    reason = words.of_range(*refused) if refused else "its converter refused the value"
    yield f"Flask chose {chosen.text} by its looks; then {reason}."
    others = [one.form.text for one in account.cases if one.fits and one.form is not chosen]
    if others:
        yield f"After that it tries no other rule, though {words.listed(others[:3])} would fit."
