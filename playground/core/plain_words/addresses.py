"""Rules 1 to 6: the router found no rule for the request, or sent it on.

What is true is said by the router's own account of the path, an ``Explanation``; here it is put in a
sentence. Its fixes are taken over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from playground.core.exchanges import RequestSpec
from playground.core.explanations import Explanation, Near, Stop
from playground.core.fixes import Fix
from playground.core.plain_words.facts import Facts
from playground.core.plain_words.saying import label, listed, mend, nearest, shown, told, ways
from playground.core.problems import Place, Problem
from playground.core.routes import Owner, Route
from playground.core.rules import Rule, RuleError
from playground.core.trips import Trip

_NO_RULE = "404 Not Found: The requested URL was not found on the server. " + (
    "If you entered the URL manually please check your spelling and try again."
)
_OF_BROWSERS = ("/favicon.ico", "/.well-known/", "/apple-touch-icon", "/robots.txt")
_NO_METHOD = "405 Method Not Allowed: The method is not allowed for the requested URL."


def problems(facts: Facts) -> Iterator[Problem]:
    """Why no view was reached."""
    told_by = facts.explanation
    if told_by is None or facts.trip.rule or _answered_before(facts) or is_of_browsers(facts.trip):
        return
    outcome = told_by.match.outcome
    if outcome == "redirect" and facts.trip.status in (301, 302, 303, 307, 308):
        yield _sent_on(facts, told_by)
    elif outcome == "method_not_allowed" and facts.trip.status == 405:
        yield _method(facts, told_by)
    elif outcome == "not_found" and facts.trip.status == 404:
        yield (
            _unregistered(facts)
            or _found(facts)
            or _refused(facts, told_by)
            or _slash(facts, told_by)
            or _none(facts, told_by)
        )


def is_of_browsers(trip: Trip) -> bool:
    """Whether it is one of those that browsers ask for by themselves."""
    return urlsplit(trip.path).path.startswith(_OF_BROWSERS)


def _answered_before(facts: Facts) -> bool:
    """Whether a hook answered, or the app raised: what the router found was never heard then."""
    return facts.error is None or facts.error.own_frame is not None


def _path(facts: Facts) -> str:
    return unquote(urlsplit(facts.trip.path).path) or "/"


def _original(facts: Facts, otherwise: str) -> str:
    error = facts.error
    return f"{error.type}: {error.message}" if error is not None else otherwise


def _why(told_by: Explanation, *more: str) -> str:
    near = [f"{one.rule}: {one.reason}" for one in told_by.near[:1] if one.reason]
    return " ".join(dict.fromkeys(one for one in (*(told_by.why or near), *more) if one))


def place_of(facts: Facts, rule: str, endpoint: str) -> Place | None:
    """Where the source declares a rule."""
    for route in facts.routes:
        if route.in_source and route.full_rule == rule and route.endpoint == endpoint:
            return Place(route.file, route.line)
    return None


# -- a redirect to the address with a slash ----------------------------------------------------------


def _sent_on(facts: Facts, told_by: Explanation) -> Problem:
    path, goal = _path(facts), unquote(urlsplit(told_by.match.location).path)
    near = next((one for one in told_by.near if one.stop in (Stop.REDIRECT, Stop.SLASH)), None)
    if "//" in path:
        sentence = f"Flask takes several slashes for one, and sends on to {shown(goal)}."
    elif goal == f"{path}/":
        sentence = f"The rule ends with a slash, so Flask sends {shown(path)} on to {shown(goal)}."
    else:
        sentence = f"Flask sends {shown(path)} on to {shown(goal)}."
    kept = f"Method and body are kept ({facts.trip.status})." if facts.trip.status in (307, 308) else ""
    is_slash = "//" in path or goal == f"{path}/"
    hidden = next((one for one in told_by.near if one.stop is Stop.SHADOWED), None)
    more = f"This hides {hidden.rule}, which has exactly this path." if hidden is not None else ""
    return Problem(
        sentence,
        place=place_of(facts, near.rule, near.endpoint) if near is not None else None,
        original=_original(facts, f"{facts.trip.status} {facts.trip.reason}".strip()),
        rule_id="slash-redirect" if is_slash else "",  # a rule of the app may send on by itself
        why=_why(told_by, more, kept),
        fixes=(ways(*told_by.fixes) or (told(f"Use {shown(goal, 30)}"),)) if is_slash else (),
    )


# -- the method --------------------------------------------------------------------------------------


def _method(facts: Facts, told_by: Explanation) -> Problem:
    allowed = [name for name in told_by.match.allowed if name not in ("HEAD", "OPTIONS")]
    near = next((one for one in told_by.near if one.stop is Stop.METHOD), None)
    path, method = shown(_path(facts)), facts.trip.method
    sentence = f"{path} takes {listed(allowed or told_by.match.allowed)}; you sent {method}."
    return Problem(
        sentence,
        place=place_of(facts, near.rule, near.endpoint) if near is not None else None,
        original=_original(facts, _NO_METHOD),
        rule_id="method-not-allowed",
        why=_why(told_by),
        fixes=ways(*told_by.fixes) or (told(f"Send {listed(allowed)} instead"),),
    )


# -- no rule -----------------------------------------------------------------------------------------


def _unregistered(facts: Facts) -> Problem | None:
    """The path is that of a blueprint which no app has."""
    missing = {one.name: one for one in facts.owners if one.kind == "blueprint" and not one.registered}
    for route in facts.routes:
        owner = missing.get(route.owner)
        if owner is not None and _fits(route, _path(facts)):
            return Problem(
                f"The blueprint {shown(owner.name)} has this path, and no app registers it.",
                place=Place(owner.file, owner.line),
                original=_original(facts, _NO_RULE),
                rule_id="blueprint-not-registered",
                why=f"{route.full_rule} is written in {route.file}, line {route.line}. Routes of a blueprint "
                "are there once app.register_blueprint() was called with it.",
                fixes=(register(facts, owner),),
            )
    return None


def _found(facts: Facts) -> Problem | None:
    """What the source shows of a route that is not there, or not as it was meant: it knows why."""
    said = [one for one in facts.findings if one.rule_id in ("decorator-order", "argument-names")]
    for one in said:
        new = [fix.mend.word("new") for fix in one.fixes if fix.mend is not None]
        rules = (rule for text in new for rule in re.findall(r"/[^\s\"']*", text))
        if any(_takes(rule, _path(facts)) for rule in rules):
            return replace(one, original=_original(facts, _NO_RULE))
    return None


def register(facts: Facts, owner: Owner) -> Fix:
    """The blueprint is registered with the app."""
    app = next((one for one in facts.owners if one.kind == "app"), None)
    if app is None:
        return told(f"Write app.register_blueprint({shown(owner.variable, 12)})")
    words = {"to": app.file, "app": app.variable, "label": f"register {owner.name}"}
    text = label(f"Register it in {app.file}")
    return mend(text, "register_blueprint", owner.file, owner.line, variable=owner.variable, **words)


def _fits(route: Route, path: str) -> bool:
    return _takes(route.full_rule, path)


def _takes(rule: str, path: str) -> bool:
    try:
        return Rule.parse(rule).read(path) is not None
    except RuleError:
        return False


def _refused(facts: Facts, told_by: Explanation) -> Problem | None:
    near = told_by.near[0] if told_by.near else None
    if near is None or near.stop not in (Stop.CONVERTER, Stop.RANGE):
        return None
    value = shown(unquote(near.stopped), 30)
    wanted = shown(near.parameter, 30) or "its parameter"
    return Problem(
        f"{shown(near.rule)} does not take {value or 'an empty text'} for {wanted}.",
        place=place_of(facts, near.rule, near.endpoint),
        original=_original(facts, _NO_RULE),
        rule_id="converter-refused",
        why=_why(told_by),
        fixes=ways(*told_by.fixes) or (told(f"Send what {shown(near.rule, 30)} takes"),),
    )


def _slash(facts: Facts, told_by: Explanation) -> Problem | None:
    near = told_by.near[0] if told_by.near else None
    path = _path(facts)
    if near is None or near.stop is not Stop.SLASH or not path.endswith("/"):
        return None
    return Problem(
        f"{shown(path)} has one slash too many: the rule is {shown(near.rule)}.",
        place=place_of(facts, near.rule, near.endpoint),
        original=_original(facts, _NO_RULE),
        rule_id="extra-slash",
        why=_why(told_by),
        fixes=ways(*told_by.fixes) or (told("Take the last slash away"),),
    )


def _none(facts: Facts, told_by: Explanation) -> Problem:
    near = told_by.near[0] if told_by.near else None
    sentence, rule = _no_such_path(_path(facts), near, [one.rule for one in facts.live.map])
    endpoint = next((one.endpoint for one in facts.live.map if one.rule == rule), "")
    return Problem(
        sentence,
        place=place_of(facts, rule, endpoint),
        original=_original(facts, _NO_RULE),
        rule_id="no-such-path",
        why=_why(told_by),
        fixes=ways(_send(facts, rule), *_best_first(facts, told_by.fixes))
        or (told(f"Make a route for {shown(_path(facts), 20)}"),),
    )


def _send(facts: Facts, rule: str) -> Fix | None:
    """The same request to the rule that was meant, where that is a path as it stands."""
    methods = next((one.methods for one in facts.live.map if one.rule == rule), ())
    method = facts.trip.method
    if not rule or "<" in rule or method not in methods:
        return None
    path = quote(rule, safe="/:@!$&'()*+,;=~")
    return Fix(label(f"Send {method} {path}"), request=RequestSpec(method, path))


def _best_first(facts: Facts, fixes: tuple[Fix, ...]) -> list[Fix]:
    """An app without a first page needs one; which static files there are, the rule of them can't tell."""
    static = next((one.rule.partition("<")[0] for one in facts.live.map if one.endpoint == "static"), None)
    found = [fix for fix in fixes if not (static and fix.request and fix.request.url.startswith(static))]
    if _path(facts) != "/":
        return found
    edits = [fix for fix in found if fix.mend is not None]
    return sorted(edits, key=lambda fix: fix.mend is None or fix.mend.name != "add_route")


def _no_such_path(path: str, near: Near | None, rules: list[str]) -> tuple[str, str]:
    """The sentence, and the rule that it names: what is told of is how the path differs from that."""
    plain = [rule for rule in rules if "<" not in rule]
    asked = shown(path)
    if near is not None and near.stop is Stop.HOST:
        return f"The rule {shown(near.rule)} is for another host.", near.rule
    same = next((rule for rule in plain if rule.lower() == path.lower() and rule != path), "")
    if same:
        return f"Paths are case-sensitive: the rule is {shown(same)}, not {asked}.", same
    bare = path.rpartition(".")[0] if path.endswith((".html", ".htm", ".py")) else ""
    if bare and bare in plain:
        return f"{asked} is the name of a file; the rule is {shown(bare)}.", bare
    longer = next((rule for rule in plain if path != "/" and rule.endswith(path)), "")
    if longer:
        return f"The path lacks its beginning: the rule is {shown(longer)}.", longer
    if path == "/":
        return "The app has no rule for its first page, /.", ""
    shares = near.rule if near is not None and near.matched.strip("/") else ""
    close = nearest(path, plain, 0.7) or shares
    closest = f"; the nearest is {shown(close)}" if close else ""
    return f"No rule has the path {asked}{closest}.", close
