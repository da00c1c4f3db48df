"""What can be done about a request that no rule answered: edits of the source, and other requests.

The best come first, and more of them than are shown: which edits the folder can make is not known here.
A ``Mend`` names rules as the app has them, with their blueprint's prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote, unquote, urlsplit

from playground.core.arguments import RuleError
from playground.core.converters import CONVERTERS
from playground.core.exchanges import RequestSpec
from playground.core.explanations import Near, Stop
from playground.core.fixes import Fix, Mend
from playground.core.routes import METHODS
from playground.core.rules import Rule
from playground.server.explaining_account import Account
from playground.server.explaining_cases import Case, asked_at
from playground.server.explaining_rules import Form
from playground.server.explaining_trials import Trial
from playground.server.explaining_verdict import asked as ask
from playground.server.explaining_words import told_methods

_LONGEST = 40
_SAFE = "!$&'()*+,/:;=@"


def fixes(account: Account) -> tuple[Fix, ...]:
    """All ways out, the best first, none twice."""
    make = {
        "redirect": _for_redirect,
        "method_not_allowed": _for_method,
        "not_found": _for_nothing,
    }.get(account.outcome)
    found: dict[str, Fix] = {}
    for fix in make(account) if make is not None else ():
        found.setdefault(fix.label, fix)
    return tuple(found.values())


# -- by outcome -------------------------------------------------------------------------------------------


def _for_redirect(account: Account) -> Iterator[Fix]:
    yield from _request(account, unquote(urlsplit(account.verdict.match.location).path))
    case = account.case_of_chosen
    if case is not None and case.lacks_slash and case.form.text.rstrip("/"):
        yield from _change(account, case.form, case.form.text.rstrip("/"), "Drop the slash")


def _for_method(account: Account) -> Iterator[Fix]:
    method = account.asked.method
    for case in account.counting:
        if case.shape is None and not case.method and case.socket:
            yield from _let_take(account, case)
            for other in told_methods(account.verdict.match.allowed)[:2]:
                yield from _request(account, account.asked.path, other)
            yield from _for_range(account, case)
            break
    if method in METHODS and not any(case.form.params for case in account.counting):
        yield from _adding(account, account.asked.path)


def _for_nothing(account: Account) -> Iterator[Fix]:
    """The nearest rule's own ways out first, then a route for this very path, then a page of one's own."""
    found: list[Fix] = []
    for case in account.cases[:3]:
        found = list(_for_case(account, case, account.told(case)))
        if found:
            break
    yield from found[:2]
    if not any(fix.mend is not None and fix.mend.name == "add_route" for fix in found[:2]):
        yield from _adding(account, account.asked.merged)
    if not _has_page(account):
        yield Fix("Write a 404 page", Mend("not_found_page", given=(("beside", _beside(account)),)))
    yield from found[2:]


def _for_case(account: Account, case: Case, near: Near) -> Iterator[Fix]:
    """What would make this rule answer."""
    if case.corrected:
        yield from _request(account, case.corrected)
    if near.stop is Stop.SLASH and near.stopped == "/":
        yield from _change(account, case.form, f"{case.form.text}/", "Take a slash, too")
    elif near.stop is Stop.SLASH and case.refuses_merging:
        yield from _request(account, case.path)
    elif near.stop is Stop.SLASH:
        yield from _let_take(account, case)
    elif near.stop is Stop.MORE:
        yield from _for_more(account, case)
    elif near.stop is Stop.CONVERTER:
        yield from _for_converter(account, case, near)
    elif near.stop is Stop.RANGE:
        yield from _for_range(account, case)
    elif near.stop is Stop.END and near.matched.strip("/"):  # the first page is none of the others
        yield from _request(account, _filled(case.form, case.reach.texts))
    elif near.stop is Stop.HOST:
        yield from _for_host(account, case)


# -- by what stopped a rule -------------------------------------------------------------------------------


def _for_converter(account: Account, case: Case, near: Near) -> Iterator[Fix]:
    """Another converter, or another route beside it that takes the text."""
    piece = case.reach.piece
    if piece is None or not piece.name:
        return
    form, text = case.form, near.stopped
    if re.fullmatch(r"\d+", text) and piece.kind == "float":
        after = case.path[len(near.matched) + len(text) :]
        yield from _request(account, f"{near.matched}{text}.0{after}")
    if re.fullmatch(r"-\d+(\.\d+)?", text) and piece.kind in ("int", "float"):
        signed = _with_arguments(form, piece.name, {"signed": True})
        yield from _change(account, form, signed, "Accept a minus, too")
    wanted = f"<{piece.name}>"
    anything = form.text.replace(piece.text, wanted, 1)
    if anything != form.text:
        yield from _change(account, form, anything, "Accept any text", wanted)
        beside = form.text.replace(piece.text, f"<string:{_free_name(form)}>", 1)
        yield from _new_route(account, beside)


def _for_more(account: Account, case: Case) -> Iterator[Fix]:
    """A text at the end of the rule may take the slashes that follow, too."""
    last = case.form.params[-1] if case.form.params else None
    if last is None or last.kind not in ("default", "string") or not case.form.text.endswith(last.text):
        return
    wanted = f"<path:{last.name}>"
    longer = case.form.text.removesuffix(last.text) + wanted
    yield from _change(account, case.form, longer, "Accept slashes, too", wanted)


def _for_range(account: Account, case: Case) -> Iterator[Fix]:
    """A value that is in range, or a wider range."""
    refused = account.refused(case)
    if refused is None:
        return
    piece, text = refused
    texts = case.reach.texts
    index = [param.name for param in case.form.params].index(piece.name)
    allowed = told_methods(case.form.rule.methods) or ("GET",)
    path = _filled(case.form, texts[:index], texts[index + 1 :])
    yield from _request(account, path, account.asked.method if case.method else allowed[0])
    wider = _widened(case.form, piece.name, text)
    if wider:
        yield from _change(account, case.form, wider[0], f"Accept {text}, too", wider[1])


def _for_host(account: Account, case: Case) -> Iterator[Fix]:
    """The same request to the host that the rule is for."""
    host, adapter = case.form.host, account.adapter
    if host.pattern is not None or not host.text:
        return
    if account.router.by_host:
        name, there = host.text, adapter.map.bind(host.text)
    else:
        name = f"{host.text}.{adapter.server_name}"
        there = adapter.map.bind(adapter.server_name, subdomain=host.text)
    there.websocket = adapter.websocket
    asked = replace(asked_at(account.asked, case.path, account.asked.method), domain=host.text)
    if Trial(account.router, there, asked).answers():
        spec = RequestSpec(asked.method, _quoted(case.path), headers=(("Host", name),))
        yield Fix(_short(f"Ask the host {name}", "Ask that host"), request=spec)


def _adding(account: Account, path: str) -> Iterator[Fix]:
    """A route for this very path; a number at its end becomes a parameter where no other rule takes it."""
    head, _, last = path.rpartition("/")
    if head and last.isascii() and last.isdigit() and not account.counting:
        yield from _new_route(account, f"{head}/<int:number>")
    else:
        yield from _new_route(account, path)


# -- a way out of each kind, where it leads to an answer ------------------------------------------------


def _request(account: Account, path: str, method: str = "") -> Iterator[Fix]:
    """Ask another path, or with another method."""
    method = method or account.asked.method
    url = _quoted(path)
    if path and _answers(account, path, method):
        yield Fix(_short(f"Send {method} {url}", f"Send {method} there"), request=RequestSpec(method, url))


def _change(account: Account, form: Form, text: str, label: str, piece: str = "") -> Iterator[Fix]:
    """Have another rule in place of this one; ``piece`` is what is shown of it."""
    if text and _would(account, account.router.changed(form, text)):
        given = (*_names(form), ("full", text))
        yield Fix(_short(f"{label}: {piece or text}", label), Mend("change_rule", given=given))


def _let_take(account: Account, case: Case) -> Iterator[Fix]:
    """Have a rule take the method, too."""
    method = account.asked.method
    if method in METHODS and _would(account, account.router.changed(case.form, method=method)):
        given = (*_names(case.form), ("method", method))
        yield Fix(f"Let it take {method}", Mend("add_method", given=given))


def _new_route(account: Account, rule: str) -> Iterator[Fix]:
    """Add a route beside the nearest one."""
    method = account.asked.method
    if method not in METHODS or not rule.startswith("/") or "//" in rule:
        return
    try:
        Rule.parse(rule, custom=_custom(account))
    except RuleError:
        return
    if _would(account, account.router.added(rule, method)):
        given = (("rule", rule), ("method", method), ("beside", _beside(account)))
        yield Fix(_short(f"Add {method} {rule}", f"Add a route for {method}"), Mend("add_route", given=given))


def _answers(account: Account, path: str, method: str) -> bool:
    """Whether a rule answers another path: as the app says, or by its looks where its own code would run."""
    if account.router.plain:
        return ask(account.adapter, method, path, path).match.outcome == "match"
    return Trial(account.router, account.adapter, asked_at(account.asked, path, method)).answers()


def _would(account: Account, changed: Form | None) -> bool:
    """Whether the request would be answered, were a rule changed or added like this."""
    trial = Trial(account.router, account.adapter, account.asked)
    return changed is not None and trial.answers(changed)


# -- pieces -----------------------------------------------------------------------------------------------


def _names(form: Form) -> tuple[tuple[str, str], ...]:
    return (("endpoint", str(form.rule.endpoint)), ("rule", form.text))


def _short(text: str, shorter: str) -> str:
    return text if len(text) <= _LONGEST else shorter


def _quoted(path: str) -> str:
    return quote(path, safe=_SAFE)


def _custom(account: Account) -> list[str]:
    """The converters that only the app has."""
    return [name for name in account.router.app.url_map.converters if name not in (*CONVERTERS, "default")]


def _beside(account: Account) -> str:
    """An endpoint of the app that its own source has: of the nearest rule, if it may be."""
    forms = (*(case.form for case in account.cases), *account.router.forms)
    endpoints = (str(form.rule.endpoint) for form in forms)
    return next((one for one in endpoints if one.rpartition(".")[2] != "static"), "")


def _has_page(account: Account) -> bool:
    """Whether the app has a page of its own for paths that are not there."""
    handlers = account.router.app.error_handler_spec.get(None, {})
    return bool(handlers.get(404) or handlers.get(None))


def _free_name(form: Form) -> str:
    taken = {piece.name for piece in form.params}
    return next(name for name in ("name", "text", "value", "other_text") if name not in taken)


def _filled(form: Form, texts: tuple[str, ...], after: tuple[str, ...] = ()) -> str:
    """A path that fits: these texts, then values that convert; ``after`` are the last ones."""
    try:
        params = {param.name: param for param in Rule.parse(form.text).params}
    except RuleError:  # a converter of the app's own: what it takes, only the app knows
        return ""
    count = len(form.params) - len(after)
    values = [*texts, *(params[piece.name].sample for piece in form.params[len(texts) : count]), *after]
    filled = iter(values)
    parts = (
        "".join(next(filled) if piece.name else piece.text for piece in part.pieces) for part in form.parts
    )
    return "/".join(parts)


def _with_arguments(form: Form, name: str, more: dict[str, object]) -> str:
    """The rule with further arguments for one parameter; empty where that can't be written."""
    try:
        rule = Rule.parse(form.text)
        param = next(param for param in rule.params if param.name == name)
        kept = {key: value for key, value in param.args if key not in more}
        return rule.replace(name, param.with_(args=tuple({**kept, **more}.items()))).text
    except (RuleError, StopIteration):
        return ""


def _widened(form: Form, name: str, text: str) -> tuple[str, str] | None:
    """The rule that takes this value, too, and how its parameter is written then."""
    try:
        rule = Rule.parse(form.text)
        param = next(param for param in rule.params if param.name == name)
        kept = dict(param.args)
        digits = kept.get("fixed_digits")
        value: int | float = int(text) if param.converter == "int" else float(text)
        if digits and len(text) != digits:
            kept.pop("fixed_digits")
        for bound, pick in (("min", min), ("max", max)):
            if isinstance(known := kept.get(bound), int | float):
                kept[bound] = pick(known, value)
        wider = param.with_(args=tuple(kept.items()))
        return rule.replace(name, wider).text, wider.text
    except (RuleError, StopIteration, ValueError):
        return None
