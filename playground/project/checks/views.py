"""Views that answer nothing that can be sent, or can't be called with what their address gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from playground.core.fixes import Fix
from playground.core.problems import Problem
from playground.core.routes import Route
from playground.core.rules import Param, Rule, RuleError
from playground.project.checks.checked import CheckedFile, CheckedProject
from playground.project.checks.endings import Ending, Returned
from playground.project.checks.functions import Decorator, Parameter, SeenView, views_of, wrapper_of
from playground.project.checks.saying import fix, found, shortened

_PASSING_ON = frozenset(
    {"flask_login.login_required", "flask_login.fresh_login_required", "flask_cors.cross_origin"}
)
_NUMBERS = ("int", "float")
_FOREIGN = re.compile(r"(?<=/)(?:\{([A-Za-z_]\w*)\}|:([A-Za-z_]\w*))(?=/|$)")
_PARAMETER = re.compile(r"<[^<>]*>")
_WORKED_OUT = re.compile(r"url_prefix\s*=\s*[^\"'\s]")


_missing = partial(found, "missing-return")
_differ = partial(found, "argument-names")


def missing_returns(project: CheckedProject) -> tuple[Problem, ...]:
    """Views that return nothing, or what Flask can't send."""
    if _makes_answers(project):
        return ()
    return tuple(
        problem
        for file in project.files.values()
        for view in file.kept(_suspects)
        if _called_itself(project, view)
        for problem in _of_view(view)
    )


def _suspects(file: CheckedFile) -> tuple[SeenView, ...]:
    return tuple(one for one in views_of(file) if one.function.ending or one.function.returned)


def _makes_answers(project: CheckedProject) -> bool:
    """Whether the app is of a class of the project that makes its answers in its own way."""
    return any(
        set(facts.functions) & {"make_response", "dispatch_request", "finalize_request"}
        and any(base.endswith("Flask") for base in facts.bases)
        for file in project.files.values()
        for facts in file.reading.classes.values()
    )


def _called_itself(project: CheckedProject, view: SeenView) -> bool:
    """Whether Flask gets what the function returns, and gives it what the address says."""
    return all(_passes_on(project, view, one) for one in view.function.decorators)


def _passes_on(project: CheckedProject, view: SeenView, one: Decorator) -> bool:
    if one.routes or view.file.imported(one.name, view.function.scope) in _PASSING_ON:
        return True
    known = wrapper_of(project, view.file, one)
    return known is not None and known.function.passes_on


def _of_view(view: SeenView) -> Iterator[Problem]:
    for returned in view.function.returned:
        if returned.kind != "sum" or _are_numbers(view, returned.names):
            yield _of_return(view, returned)
    ending = view.function.ending
    if ending is not None and not _is_covered(view, ending):
        yield _of_ending(view, ending)


def _are_numbers(view: SeenView, names: tuple[str, ...]) -> bool:
    return all(
        {param.name: param.converter for param in _params(route)}.get(name) in _NUMBERS
        for route in view.routes
        for name in names
    )


def _is_covered(view: SeenView, ending: Ending) -> bool:
    """Whether its conditions name all methods, or all values, that can come."""
    choosing = any(param.converter == "any" for route in view.routes for param in _params(route))
    if choosing and ending.kind in ("loop", "condition"):
        return True
    methods = {method for route in view.routes for method in route.methods}
    return bool(ending.methods) and methods <= ending.methods | {"HEAD", "OPTIONS"}


def _of_ending(view: SeenView, ending: Ending) -> Problem:
    name, place = view.function.name, view.file.place(view.above + ending.line, ending.column)
    at_end = {"function": name, "def": str(view.line)}
    say_done = fix("Return a text at the end", "return_at_end", place, text='return "Done"', **at_end)
    why = f"Flask sends what a view returns. {name} can come to its end without a return, so it returns None."
    if ending.kind == "print":
        why = (
            f"print shows {shortened(ending.text)} to you, not to the browser. Flask sends what is returned."
        )
        form = "{}" if ending.is_text else "str({})"
        instead = fix("Return it instead of printing it", "return_it", place, form=form)
        return _missing(f"{name} prints its text but returns nothing.", why, place, instead)
    if ending.kind == "value":
        why = f"{shortened(ending.text)} is made and dropped again. Flask sends what is returned."
        return_it = fix("Return it", "return_it", place, form="{}")
        return _missing(f"{name} makes an answer but does not return it.", why, place, return_it)
    if ending.kind == "assigned":
        text = fix(f"Return {ending.text}", "return_at_end", place, text=f"return {ending.text}", **at_end)
        return _missing(f"{name} ends without a return.", why, place, text)
    if ending.kind == "loop" and ending.returns:
        lost = fix("Answer 404 at the end", "return_at_end", place, text='return "Not found", 404', **at_end)
        return found(
            "missing-return",
            f"{name} returns nothing when its loop finds nothing.",
            why,
            place,
            lost,
            say_done,
        )
    sentence = f"{name} ends without a return."
    if ending.returns:
        left = sorted({one for route in view.routes for one in route.methods} - ending.methods)
        sentence = f"{name} returns nothing on one of its ways."
        if ending.methods and left and left[0] not in ending.partly:
            sentence = f"{name} returns nothing when the method is {left[0]}."
    return _missing(sentence, why, place, say_done)


def _of_return(view: SeenView, returned: Returned) -> Problem:
    name, place = view.function.name, view.file.place(view.above + returned.line, returned.column)
    said = shortened(f"return {returned.text}".rstrip())
    why = f"Line {place.line} says {said}. Flask sends texts, dictionaries, lists and responses."

    if returned.kind == "nothing":
        empty = fix("Answer with no content (204)", "return_as", place, form='"", 204')
        done = fix("Return a text", "return_as", place, form='"Done"')
        return _missing(f"{name} returns None, which is no answer.", why, place, empty, done)
    if returned.kind == "set":
        as_list = fix("Return it as a list", "return_as", place, form="list({})")
        return _missing(f"{name} returns a set, which Flask can't send.", why, place, as_list)
    if returned.kind == "order":
        why = f"Line {place.line} says {said}. The text comes first, then the status, then the headers."
        swap = fix("Put the text first", "return_swapped", place)
        return _missing(f"{name} returns the status before the text.", why, place, swap)
    text = fix("Return it as text", "return_as", place, form="str({})")
    as_json = fix("Return it as JSON", "return_as", place, form="jsonify({})", needs="flask.jsonify")
    what = returned.text if returned.text in ("True", "False") else "a number"
    return _missing(f"{name} returns {what}, which Flask can't send.", why, place, text, as_json)


# Names


def argument_names(project: CheckedProject) -> tuple[Problem, ...]:
    """Views whose parameters are not those of their rules."""
    if project.says("url_value_preprocessor", "url_defaults", "subdomain", "host_matching"):
        return ()
    prefixes = not any(file.kept(_works_out_prefixes) for file in project.files.values())
    return tuple(
        _of_names(view, route, given, asked)
        for file in project.files.values()
        for view, route, given, asked in file.kept(_differing)
        if (prefixes or not asked or (not route.prefix and route.owner == "app"))
        and _called_itself(project, view)
    )


def _works_out_prefixes(file: CheckedFile) -> bool:
    """Whether a blueprint's prefix is no text that stands there: it may hold parameters."""
    return _WORKED_OUT.search(file.reading.source.text) is not None


_Differing = tuple[SeenView, Route, tuple[str, ...], tuple[Parameter, ...]]


def _differing(file: CheckedFile) -> tuple[_Differing, ...]:
    return tuple(
        (view, route, given, asked)
        for view in views_of(file)
        if not view.function.in_class
        for route in view.routes
        if not _FOREIGN.search(route.rule)
        if (pair := _difference(view, route)) != ((), ())
        for given, asked in (pair,)
    )


def _difference(view: SeenView, route: Route) -> tuple[tuple[str, ...], tuple[Parameter, ...]]:
    """What the address gives and the function does not take; what it needs and is not given."""
    if route.rule and not route.rule.startswith("/"):  # worked out when the app starts
        return (), ()
    params = _params_in(route.full_rule)
    if params is None:
        return (), ()
    given = [param.name for param in params]
    function = view.function
    if any({"**", "*"} & {*one.keywords, *one.defaults} for one in function.decorators):
        return (), ()
    if any("defaults" in one.keywords and not one.defaults for one in function.decorators):
        return (), ()
    also = {name for one in function.decorators for name in one.defaults}
    taken = {one.name for one in function.parameters}
    extra = () if function.takes_any else tuple(name for name in given if name not in taken)
    needed = tuple(one for one in function.parameters if one.needed and one.name not in {*given, *also})
    return extra, needed


class _AnyName(frozenset[str]):
    """All converters are taken as known: which ones the app adds is no matter here."""

    def __contains__(self, name: object) -> bool:
        return True


def _params(route: Route) -> tuple[Param, ...]:
    return _params_in(route.full_rule) or ()


@lru_cache(maxsize=20_000)
def _params_in(rule: str) -> tuple[Param, ...] | None:
    """The parameters of a rule; None where it is none. Asked of every rule of a file that changes."""
    try:
        return Rule.parse(rule, custom=_AnyName()).params
    except RuleError:
        return None


def _of_names(view: SeenView, route: Route, given: tuple[str, ...], asked: tuple[Parameter, ...]) -> Problem:
    function = view.function
    where = asked[0] if asked else None
    line, column = (where.line, where.column) if where else (function.def_line, function.column)
    place = view.file.place(view.above + line, column)
    name, words = function.name, {"endpoint": route.endpoint, "rule": route.full_rule}
    why = f"The rule {route.full_rule} gives {_list(given, route)}. {name} takes {_taken(view)}."
    if given and asked:
        new, old = given[0], asked[0].name
        sentence = f"The address gives {new}, but {name} asks for {old}."
        fixes = [
            fix(f"Rename {old} to {new} in {name}", "rename_parameter", place, old=old, new=new, **words)
        ]
        if f"<{new}>" in route.rule or f":{new}>" in route.rule:
            changed = route.rule.replace(f"<{new}>", f"<{old}>").replace(f":{new}>", f":{old}>")
            if not _is_taken(view, route, changed):
                fixes.append(fix(f"Write <{old}> in the rule", "change_rule", place, new=changed, **words))
        return _differ(sentence, why, place, *fixes)
    if given:
        sentence = f"The address gives {given[0]}, which {name} does not take."
        add = fix(f"Let {name} take {given[0]}", "add_parameter", place, new=given[0], function=name)
        return _differ(sentence, why, place, add)
    sentence = f"{name} asks for {asked[0].name}, which its address does not give."
    longer = f"{route.rule.rstrip('/')}/<{asked[0].name}>"
    into = fix(f"Add <{asked[0].name}> to the rule", "change_rule", place, new=longer, **words)
    if _is_taken(view, route, longer):
        into = Fix(f"Give {asked[0].name} a value of its own")
    return _differ(sentence, why, place, into)


def _is_taken(view: SeenView, route: Route, rule: str) -> bool:
    """Whether another rule of the same app or blueprint is this one, whatever its parameters are called."""
    others = (one for one in view.file.routes if one.owner == route.owner and one.rule != route.rule)
    return _PARAMETER.sub("<>", rule) in {_PARAMETER.sub("<>", one.rule) for one in others}


def _list(given: tuple[str, ...], route: Route) -> str:
    names = [param.name for param in _params(route)]
    return ", ".join(names or given) or "nothing"


def _taken(view: SeenView) -> str:
    return ", ".join(one.name for one in view.function.parameters) or "nothing"


# Parameters as other frameworks write them


def foreign_parameters(project: CheckedProject) -> tuple[Problem, ...]:
    """``/users/{id}`` and ``/users/:id``: plain text for Flask, which takes them without a word."""
    return tuple(problem for file in project.files.values() for problem in file.kept(_foreign))


def _foreign(file: CheckedFile) -> tuple[Problem, ...]:
    return tuple(
        _of_foreign(view, route, match[0], match[1] or match[2])
        for view in views_of(file)
        for route in view.routes
        if route.editable and (match := _FOREIGN.search(route.rule))
    )


def _of_foreign(view: SeenView, route: Route, written: str, name: str) -> Problem:
    decorator = next(one for one in view.function.decorators if one.routes)
    place = view.file.place(view.above + decorator.line, decorator.column)
    sentence = f"{written} is plain text for Flask: a parameter is written <{name}>."
    address = route.full_rule
    why = f"To Flask {address} is one address, to the letter, and it gives {view.function.name} no {name}."
    new = _FOREIGN.sub(lambda one: f"<{one[1] or one[2]}>", route.rule)
    words = {"endpoint": route.endpoint, "rule": route.full_rule}
    return _differ(sentence, why, place, fix(f"Write <{name}>", "change_rule", place, new=new, **words))


PROJECT_CHECKS = (missing_returns, argument_names, foreign_parameters)
