"""Why a rule was not the one, and why another was, in plain sentences. Pure words: nothing is asked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from werkzeug.routing import BaseConverter, Map
from werkzeug.routing.converters import NumberConverter

from playground.core.explanations import Stop
from playground.server.explaining_cases import Case, similar
from playground.server.explaining_rules import Form, Part, Piece

_SHOWN = 40
_UNTOLD = ("HEAD", "OPTIONS")
NOT_TRIED = "and Flask did not try the next route"


def quoted(text: str) -> str:
    """A piece of a path, cut where it is long, with signs that can't be seen as escapes."""
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return '"' + "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in cut) + '"'


def listed(words: Iterable[str], last: str = "and") -> str:
    """``a, b and c``."""
    *first, end = list(words) or ["nothing"]
    return f"{', '.join(first)} {last} {end}" if first else end


def told_methods(methods: Collection[str] | None) -> tuple[str, ...]:
    """Those that a person wrote: without what Flask adds, as far as others are left."""
    known = sorted(methods or ())
    return tuple(one for one in known if one not in _UNTOLD) or tuple(known)


_VERBS = ("has ", "is ", "begins ", "goes ", "takes ", "wants ", "fits", "ends ")


def after_name(reason: str) -> str:
    """A reason after the name of its rule: "it" is put before what is no sentence of its own."""
    return f"it {reason}" if reason.startswith(_VERBS) else reason


def counted(number: int, what: str) -> str:
    """``1 digit``, ``4 digits``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


# -- why a rule stopped --------------------------------------------------------------------------------


def of_shape(case: Case) -> str:
    """Why the path does not fit."""
    if case.refuses_merging:
        return "takes no second slash in a row"
    reach, form = case.reach, case.form
    if reach.stop is Stop.SLASH:
        if reach.stopped:
            return "has no slash at its end; the path has one"
        takes = listed(told_methods(form.rule.methods))
        return f"has a slash at its end and takes {takes} only: Flask does not send the browser there"
    if reach.stop is Stop.MORE:
        return f"nothing may follow {form.text}"
    if reach.stop is Stop.END:
        rest = "/".join(part.text for part in form.parts[reach.parts :])
        return f"goes on with {rest}; the path ends before that"
    if reach.stop is Stop.CONVERTER and reach.piece is not None:
        return of_converter(form.parts[reach.parts], reach.piece, reach.stopped)
    return _of_text(form, form.parts[reach.parts], reach.parts, reach.stopped)


def _of_text(form: Form, part: Part, index: int, stopped: str) -> str:
    if part.pattern is not None:
        return f"wants what looks like {part.text} here; {quoted(stopped)} does not"
    if part.text.casefold() == stopped.casefold():
        return f"capital letters count: it has {quoted(part.text)}, not {quoted(stopped)}"
    if index <= 1 and not similar(part.text, stopped):
        return f"begins with {form.text.partition('<')[0]}"
    return f"has {quoted(part.text)} here, not {quoted(stopped)}"


def of_converter(part: Part, piece: Piece, text: str) -> str:
    """Why a converter's expression does not take a text: ``int takes digits only (\\d+); "abc" has none``."""
    converter = piece.converter
    assert converter is not None  # a parameter has one
    kind = "string" if piece.kind == "default" else piece.kind
    takes = _TAKES.get(kind) if _is_known(kind, converter) else None
    if takes is None:
        return f"{kind} takes what looks like {converter.regex}; {quoted(text)} does not"
    words, lacks = takes(converter, text)
    if len(part.pieces) > 1:
        return f"{kind} takes {words} in {part.text}; {quoted(text)} does not look like that"
    return f"{kind} takes {words}; {quoted(text)} {lacks}"


def _is_known(kind: str, converter: BaseConverter) -> bool:
    """Whether it is Flask's own, and no other one of the same name."""
    return Map.default_converters.get(kind) is type(converter)


def _int(converter: BaseConverter, text: str) -> tuple[str, str]:
    words = f"digits only ({converter.regex})"
    if converter.regex.startswith("-"):
        words = f"digits, with a minus before them or without ({converter.regex})"
    elif re.fullmatch(r"-\d+", text):
        return words, "has a minus"
    return words, "has other signs, too" if re.search(r"\d", text) else "has none"


def _float(converter: BaseConverter, text: str) -> tuple[str, str]:
    words = f"digits, a point and digits ({converter.regex})"
    if re.fullmatch(r"-\d+\.\d+", text):
        return words, "has a minus"
    return words, "has no point" if re.fullmatch(r"-?\d+", text) else "is something else"


def _uuid(converter: BaseConverter, text: str) -> tuple[str, str]:
    return "a UUID, 32 hexadecimal digits as 8-4-4-4-12", "is none"


def _any(converter: BaseConverter, text: str) -> tuple[str, str]:
    items = sorted(getattr(converter, "items", ()))
    shown = [*items[:6], f"{len(items) - 6} others"] if len(items) > 7 else items
    return listed(shown, "or"), "is none of them"


def _string(converter: BaseConverter, text: str) -> tuple[str, str]:
    found = re.search(r"\{(\d+)(,?)(\d*)\}", converter.regex)
    least, comma, most = found.groups() if found else ("1", ",", "")
    if not comma:
        words = f"exactly {counted(int(least), 'character')}"
    elif most:
        words = f"{least} to {most} characters"
    else:
        words = f"{counted(int(least), 'character')} or more"
    return words, f"has {len(text)}"


def _path(converter: BaseConverter, text: str) -> tuple[str, str]:
    words = "any text that does not begin with a slash"
    return words, "does" if text.startswith("/") else "has a line break"


_TAKES: Mapping[str, Callable[[BaseConverter, str], tuple[str, str]]] = {
    "string": _string,
    "int": _int,
    "float": _float,
    "uuid": _uuid,
    "any": _any,
    "path": _path,
}


def of_range(piece: Piece, text: str) -> str:
    """Why a converter refused a text that looks right."""
    converter = piece.converter
    kind = "string" if piece.kind == "default" else piece.kind
    if not isinstance(converter, NumberConverter) or not _is_known(kind, converter):
        return f"{kind} looked at {quoted(text)} and refused it"
    digits = converter.fixed_digits
    if digits and len(text) != digits:
        return f"{kind} takes exactly {counted(digits, 'digit')}; {quoted(text)} has {len(text)}"
    try:
        value = converter.num_convert(text)
    except ValueError:
        return f"{kind} reads no number as long as that"
    if converter.min is not None and value < converter.min:
        return f"{kind} takes {converter.min} at least; {text} is less"
    return f"{kind} takes {converter.max} at most; {text} is more"


def of_method(case: Case, method: str) -> str:
    """The path fits, and the method or the kind of connection does not."""
    if case.method:
        return "is for WebSocket connections only"
    takes = told_methods(case.form.rule.methods)
    return f"takes {listed(takes)} only, not {method}"


def of_host(case: Case, domain: str, *, by_host: bool) -> str:
    """The path fits, and the host does not."""
    wanted = case.form.host.text
    here = quoted(domain) if domain else "none"
    if by_host:
        if not wanted:
            return "has no host, and this app tells its routes apart by host"
        return f"is for the host {wanted}; this is {here}"
    if not wanted:
        return f"is for no subdomain; this is {here}"
    return f"is for the subdomain {wanted}; this is {here}"


def sending(case: Case) -> str:
    """What a rule sends the browser on for."""
    rule = case.form.rule
    if case.lacks_slash:
        return "ends with a slash and the path does not"
    if case.merged:
        return "fits with one slash for several"
    if rule.redirect_to is not None:
        return "is there to send on"
    if rule.alias:
        return "is a second address of the same endpoint"
    return "has a shorter address for these values"


def of_error(form: Form, error: BaseException | None) -> str:
    """What of a rule raised an exception."""
    what = "its converter" if form.rule.redirect_to is None else "its converter or redirect_to"
    return f"{what} raised {said(error)}"


def said(error: BaseException | None) -> str:
    """An exception in a few words."""
    if error is None:
        return "something"
    try:
        text = " ".join(str(error).split())
    except Exception:  # noqa: BLE001  any class of the project may be asked here
        text = ""
    text = text if len(text) <= 120 else f"{text[:120]}…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def of_method_answered(form: Form, method: str) -> Iterator[str]:
    """What is special about how Flask answers a method by itself."""
    if method == "OPTIONS" and getattr(form.rule, "provide_automatic_options", False):
        yield "Flask answers OPTIONS by itself: the function does not run."
    if method == "HEAD":
        yield "HEAD runs the function as GET does; the body is left out of the answer."


# -- why one comes before another -------------------------------------------------------------------------


def beats(first: Form, second: Form) -> str:
    """Why Werkzeug tries the first rule before the second one, where a path fits both."""
    ours, others = (first.host, *first.parts), (second.host, *second.parts)
    for one, other in zip(ours, others, strict=False):
        if one.key == other.key:
            continue
        if (one.pattern is None) != (other.pattern is None):
            return "text that is written out is tried before a parameter"
        return _outweighs(one, other)
    if len(ours) != len(others):
        return "a slash at the end makes the difference"
    return "both look alike to Flask, and it was added first"


def _outweighs(one: Part, other: Part) -> str:
    if one.weight[0] != other.weight[0]:
        return "more fixed text beside a parameter is tried first"
    if one.weight[1] != other.weight[1]:
        return "the longer fixed text beside a parameter is tried first"
    if one.weight[2] != other.weight[2]:
        return "more parameters in one part are tried first"
    for mine, theirs in zip(one.params, other.params, strict=False):
        if _weight(mine) != _weight(theirs):
            return f"{_kind(mine)} is tried before {_kind(theirs)}"
    return f"{_kind(one.params[0])} and {_kind(other.params[0])} count the same, and it was added first"


def _weight(piece: Piece) -> int:
    return piece.converter.weight if piece.converter is not None else 0


def _kind(piece: Piece) -> str:
    return "string" if piece.kind == "default" else piece.kind
