"""What can be done about a request that no rule answered: edits of the source, and other requests.

The best come first, and more of them than are shown: which edits the folder can make is not known here.
A ``Mend`` names rules as the app has them, with their blueprint's prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

from playground.core.arguments import RuleError
from playground.core.converters import CONVERTERS
from playground.core.exchanges import RequestSpec
from playground.core.explanations import Near, Stop
from playground.core.fixes import Fix, Mend
from playground.core.routes import METHODS
from playground.core.rules import Rule
from playground.server.explaining_account import Account
from playground.server.explaining_cases import Case, asked_at, case_of
from playground.server.explaining_rules import Form
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
    yield _request(account, unquote(urlsplit(account.verdict.match.location).path))
    case = account.case_of_chosen
    if case is not None and case.lacks_slash and case.form.text.rstrip("/"):
        yield _change(case.form, case.form.text.rstrip("/"), "Drop the slash")


def _for_method(account: Account) -> Iterator[Fix]:
    method = account.asked.method
    for case in account.counting:
        if case.shape is None and not case.method and method in METHODS:
            if _takes_values(account, case):
                yield _let_take(account, case, f"Let it take {method}")
                yield from _other_methods(account)
            else:
                yield from _for_range(account, case)
            break
    if _is_open(account):
        yield from _adding(account, account.asked.path)


def _other_methods(account: Account) -> Iterator[Fix]:
    for other in told_methods(account.verdict.match.allowed)[:2]:
        yield _request(account, account.asked.path, other)


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
        yield Fix("Write a 404 page", Mend("not_found_page"))
    yield from found[2:]


def _for_case(account: Account, case: Case, near: Near) -> Iterator[Fix]:
    """What would make this rule answer."""
    if case.corrected and _answers(account, case.corrected):
        yield _request(account, case.corrected)
    if near.stop is Stop.SLASH and near.stopped == "/" and case.allowed:
        yield _change(case.form, f"{case.form.text}/", "Take a slash, too")
    elif near.stop is Stop.SLASH and case.lacks_slash and account.asked.method in METHODS:
        yield _let_take(account, case, f"Let it take {account.asked.method}")
    elif near.stop is Stop.SLASH and case.refuses_merging and _answers(account, case.path):
        yield _request(account, case.path)
    elif near.stop is Stop.MORE and case.allowed:
        yield from _for_more(account, case)
    elif near.stop is Stop.CONVERTER:
        yield from _for_converter(account, case, near)
    elif near.stop is Stop.RANGE:
        yield from _for_range(account, case)
    elif near.stop is Stop.END:
        path = _filled(case.form, case.reach.texts)
        if path and _answers(account, path):
            yield _request(account, path)
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
        path = f"{near.matched}{text}.0{case.path[len(near.matched) + len(text) :]}"
        if _answers(account, path):
            yield _request(account, path)
    if re.fullmatch(r"-\d+(\.\d+)?", text) and piece.kind in ("int", "float"):
        signed = _with_arguments(form, piece.name, {"signed": True})
        if case.allowed and signed and _fits(account, form, signed):
            yield _change(form, signed, "Accept a minus, too")
    wanted = f"<{piece.name}>"
    anything = form.text.replace(piece.text, wanted, 1)
    if case.allowed and anything != form.text and _fits(account, form, anything):
        yield _change(form, anything, "Accept any text", wanted)
        name = _free_name(form)
        yield from _new_route(account, form.text.replace(piece.text, f"<string:{name}>", 1))


def _for_more(account: Account, case: Case) -> Iterator[Fix]:
    """A text at the end of the rule may take the slashes that follow, too."""
    last = case.form.params[-1] if case.form.params else None
    if last is None or last.kind not in ("default", "string") or not case.form.text.endswith(last.text):
        return
    wanted = f"<path:{last.name}>"
    longer = case.form.text.removesuffix(last.text) + wanted
    if _fits(account, case.form, longer):
        yield _change(case.form, longer, "Accept slashes, too", wanted)


def _for_range(account: Account, case: Case) -> Iterator[Fix]:
    """A value that is in range, or a wider range."""
    refused = account.refused(case)
    if refused is None:
        return
    piece, text = refused
    texts = list(case.reach.texts)
    index = [param.name for param in case.form.params].index(piece.name)
    allowed = tuple(told_methods(case.form.rule.methods))
    method = account.asked.method if case.method else (allowed or ("GET",))[0]
    path = _filled(case.form, tuple(texts[:index]), texts[index + 1 :])
    if path and _answers(account, path, method):
        yield _request(account, path, method)
    wider = _widened(case.form, piece.name, text)
    if wider and case.method:
        yield _change(case.form, wider[0], f"Accept {text}, too", wider[1])


def _for_host(account: Account, case: Case) -> Iterator[Fix]:
    host = case.form.host
    if host.pattern is not None or not host.text:
        return
    name = host.text if account.router.by_host else f"{host.text}.{account.adapter.server_name}"
    spec = RequestSpec(account.asked.method, _quoted(case.path), headers=(("Host", name),))
    yield Fix(_short(f"Ask the host {name}", "Ask that host"), request=spec)


def _adding(account: Account, path: str) -> Iterator[Fix]:
    """A route for this very path; a number at its end becomes a parameter where no other rule takes it."""
    head, _, last = path.rpartition("/")
    if head and last.isascii() and last.isdigit() and not account.counting:
        yield from _new_route(account, f"{head}/<int:number>")
    else:
        yield from _new_route(account, path)


def _new_route(account: Account, rule: str) -> Iterator[Fix]:
    method = account.asked.method
    if method not in METHODS or not rule.startswith("/") or "//" in rule:
        return
    try:
        Rule.parse(rule, custom=_custom(account))
    except RuleError:
        return
    near = account.cases[0].form.rule.endpoint if account.cases else ""
    given = (("rule", rule), ("method", method), ("beside", str(near)))
    yield Fix(_short(f"Add {method} {rule}", f"Add a route for {method}"), Mend("add_route", given=given))


# -- pieces -----------------------------------------------------------------------------------------------


def _request(account: Account, path: str, method: str = "") -> Fix:
    method = method or account.asked.method
    url = _quoted(path)
    return Fix(_short(f"Send {method} {url}", f"Send {method} there"), request=RequestSpec(method, url))


def _change(form: Form, text: str, label: str, piece: str = "") -> Fix:
    """Have another rule in place of this one; ``piece`` is what is shown of it."""
    given = (*_names(form), ("full", text))
    return Fix(_short(f"{label}: {piece or text}", label), Mend("change_rule", given=given))


def _let_take(account: Account, case: Case, label: str) -> Fix:
    given = (*_names(case.form), ("method", account.asked.method))
    return Fix(label, Mend("add_method", given=given))


def _names(form: Form) -> tuple[tuple[str, str], ...]:
    return (("endpoint", str(form.rule.endpoint)), ("rule", form.text))


def _short(text: str, shorter: str) -> str:
    return text if len(text) <= _LONGEST else shorter


def _quoted(path: str) -> str:
    return quote(path, safe=_SAFE)


def _custom(account: Account) -> list[str]:
    """The converters that only the app has."""
    return [name for name in account.router.app.url_map.converters if name not in (*CONVERTERS, "default")]


def _answers(account: Account, path: str, method: str = "") -> bool:
    """Whether a rule answers another path: as the app says, or by its looks where its own code would run."""
    method = method or account.asked.method
    if account.router.plain:
        return ask(account.adapter, method, path, path).match.outcome == "match"
    other = asked_at(account.asked, path, method)
    return any(case.fits for case in account.router.index.cases(other))


def _fits(account: Account, form: Form, text: str) -> bool:
    """Whether the path that was asked for fits a rule, were it written like this."""
    changed = account.router.changed(form, text)
    return changed is not None and case_of(changed, account.asked).shape is None


def _takes_values(account: Account, case: Case) -> bool:
    return account.refused(case) is None


def _is_open(account: Account) -> bool:
    """Whether a rule of this very path would be asked: no parameter is in its way."""
    return not any(case.form.params for case in account.counting)


def _has_page(account: Account) -> bool:
    """Whether the app has a page of its own for paths that are not there."""
    handlers = account.router.app.error_handler_spec.get(None, {})
    return bool(handlers.get(404) or handlers.get(None))


def _free_name(form: Form) -> str:
    taken = {piece.name for piece in form.params}
    return next(name for name in ("name", "text", "value", "other_text") if name not in taken)


def _filled(form: Form, texts: tuple[str, ...], after: list[str] | None = None) -> str:
    """A path that fits: these texts, then values that convert; ``after`` are the last ones."""
    try:
        params = {param.name: param for param in Rule.parse(form.text).params}
    except RuleError:  # a converter of the app's own: what it takes, only the app knows
        return ""
    rest = list(texts)
    last = after or []
    count = len(form.params) - len(last)
    values = [*rest, *(params[piece.name].sample for piece in form.params[len(rest) : count]), *last]
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
