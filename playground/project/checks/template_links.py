"""``url_for`` of endpoints that are not there, or without the values that their rules want."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from playground.core.fixes import Fix
from playground.core.plain_words.saying import label, listed, nearest, shown, there_are, told
from playground.core.problems import Place, Problem
from playground.core.routes import Route
from playground.core.rules import Rule, RuleError
from playground.project.checks.checked import CheckedProject, Extractor
from playground.project.checks.functions import FUNCTIONS_OF
from playground.project.checks.saying import fix, found
from playground.project.checks.template_calls import Templates
from playground.project.checks.walking import all_functions, every_node, own_nodes
from playground.project.python.syntax import dotted, keywords, literal

_dead = partial(found, "dead-endpoint")
_OTHER_ROUTES = ("add_url_rule", "add_resource", "add_namespace", "add_view", "url_build_error_handlers")
_FILLED_IN = ("url_defaults", "app_url_defaults", "subdomain", "host_matching")
_FILE_OF_TWINS = re.compile(r" \([^()]*\)'*(?=\.|$)")
"""What the name of a blueprint is followed by in a picture where another one is called the same."""
_PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")


@dataclass(frozen=True)
class Asked:
    """One ``url_for`` in Python; ``known`` are the names that its function has."""

    callee: str
    endpoint: str
    line: int
    column: int
    given: tuple[str, ...]
    unpacks: bool
    known: frozenset[str]


def _asked(body: list[ast.stmt]) -> tuple[Asked, ...]:
    inside: dict[int, frozenset[str]] = {}
    for view, *_ in all_functions(body):
        parameters = frozenset(one.arg for one in (*view.args.args, *view.args.kwonlyargs))
        inside.update({id(node): parameters for node in own_nodes(view.body)})
    found_ones = []
    for statement in body:
        for node in every_node(statement):
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "url_for":
                found_ones.append(_of_call(node, inside.get(id(node), frozenset())))
    return tuple(found_ones)


def _of_call(call: ast.Call, known: frozenset[str]) -> Asked:
    given = keywords(call)
    first = call.args[0] if call.args else given.get("endpoint")
    name = literal(first) if first is not None else None
    place = first if first is not None else call
    unpacks = any(one.arg is None for one in call.keywords)
    endpoint = name if isinstance(name, str) else ""
    callee = dotted(call.func)
    values = tuple(one for one in given if one != "endpoint")
    return Asked(callee, endpoint, place.lineno, place.col_offset, values, unpacks, known)


ASKED = Extractor("addresses of endpoints", _asked, ("url_for",))


@dataclass(frozen=True)
class _Link:
    """One ``url_for``, in Python or in a template; ``known`` are the variables that it can name."""

    endpoint: str
    place: Place
    given: tuple[str, ...]
    unpacks: bool
    known: frozenset[str]


class _Endpoints:
    """What can be asked for."""

    def __init__(self, project: CheckedProject, templates: Templates) -> None:
        self.project = project
        self.routes: dict[str, list[Route]] = {}
        for route in project.picture.routes:
            self.routes.setdefault(_FILE_OF_TWINS.sub("", route.endpoint), []).append(route)
        self.blueprints = {
            _FILE_OF_TWINS.sub("", one.name) for one in project.picture.owners if one.kind == "blueprint"
        }
        self._extensions = templates.has_extensions
        self._functions = {one.name for _, _, one in project.all_facts(FUNCTIONS_OF) if one.decorators}
        self._views = {route.function for route in project.picture.routes}

    def is_dead(self, endpoint: str) -> bool:
        """Whether it is sure that nothing has this endpoint."""
        prefix, _, last = endpoint.rpartition(".")
        if endpoint in self.routes or endpoint.startswith(".") or last == "static":
            return False
        if self._extensions and prefix and prefix not in self.blueprints:
            return False
        return last not in self._functions - self._views  # a decorator of its own may route that one

    def lacking(self, link: _Link) -> tuple[str, ...]:
        """The values that are missing for each of its rules: of the one that lacks the fewest."""
        routes = self.routes.get(link.endpoint, [])
        if link.unpacks or not routes or any(not one.in_source or one.why_not for one in routes):
            return ()
        missing = [tuple(one for one in _PARAMETER.findall(route.full_rule)) for route in routes]
        lacks = [tuple(name for name in names if name not in link.given) for names in missing]
        return min(lacks, key=len)


def dead_links(templates: Templates) -> tuple[Problem, ...]:
    """In Python and in templates."""
    project = templates.project
    if not project.whole or project.says(*_OTHER_ROUTES) or not project.picture.routes:
        return ()
    endpoints = _Endpoints(project, templates)
    may_lack = not project.says(*_FILLED_IN)
    problems = []
    for link in _links(templates):
        if endpoints.is_dead(link.endpoint):
            problems.append(_of_endpoint(endpoints, link, _line(templates, link)))
        elif may_lack and (lacking := endpoints.lacking(link)):
            problems.append(_of_values(endpoints, link, lacking, _line(templates, link)))
    return tuple(problems)


def _links(templates: Templates) -> Iterator[_Link]:
    for file, above, one in templates.project.all_facts(ASKED):
        if one.endpoint and file.imported(one.callee) == "flask.url_for":
            place = file.place(above + one.line, one.column)
            yield _Link(one.endpoint, place, one.given, one.unpacks, one.known)
    for name, template in templates.files.items():
        for link in templates.says(name).links:
            calls = templates.calls_of(frozenset((name,)))
            known = frozenset(one.name for each in calls for one in each.call.given)
            place = Place(template, link.line, link.column)
            yield _Link(link.endpoint, place, link.given, link.unpacks, known)


def _line(templates: Templates, link: _Link) -> str:
    file, number = link.place.file, link.place.line or 1
    if file in templates.project.files:
        return templates.project.files[file].line(number)
    return templates.line(file, number)


def _of_endpoint(endpoints: _Endpoints, link: _Link, line: str) -> Problem:
    known = [one for one in endpoints.routes if one.rpartition(".")[2] != "static"]
    last = link.endpoint.rpartition(".")[2]
    same = [one for one in known if one.rpartition(".")[2] == last]
    files = {one: {route.file for route in endpoints.routes[one]} for one in same}
    same.sort(key=lambda one: link.place.file not in files[one])
    by_path = [
        one
        for one in known
        if any(route.full_rule.strip("/") == link.endpoint.strip("/") for route in endpoints.routes[one])
    ]
    near = next(iter((*same, *by_path)), "") or nearest(link.endpoint, known, 0.5)
    said = shown(link.endpoint, 30)
    if link.endpoint.startswith("/"):
        sentence = f"url_for wants the name of a view, not the path {said}."
    elif near:
        sentence = f"No endpoint is called {said}; there is {shown(near, 30)}."
    else:
        sentence = f"No endpoint is called {said}."
    why = (
        "url_for wants an endpoint: the name of the view function, with its blueprint's name and a dot "
        f"before it.{there_are(known) or ' There is none yet.'}"
    )
    ways = [one for one in map(partial(_write, link, line), dict.fromkeys((near, *same[:2]))) if one]
    return _dead(sentence, why, link.place, *(ways or [told("Write the name of a view function")]))


def _write(link: _Link, line: str, near: str) -> Fix | None:
    written = _written(link.endpoint, line)
    if not near or not written:
        return None
    return fix(
        label(f"Write {near}"), "replace", link.place, old=written, new=f"{written[0]}{near}{written[0]}"
    )


def _written(endpoint: str, line: str) -> str:
    return next((said for quote in "'\"" if (said := f"{quote}{endpoint}{quote}") in line), "")


def _of_values(endpoints: _Endpoints, link: _Link, lacking: tuple[str, ...], line: str) -> Problem:
    sentence = f"The address of {shown(link.endpoint, 30)} needs {listed(lacking, 3)}."
    rules = listed((route.full_rule for route in endpoints.routes[link.endpoint]), 3)
    why = f"Its rule is {rules}: url_for has to be given a value for each parameter."
    written = _written(link.endpoint, line)
    other = _under_another_name(endpoints, link)
    if written and other and f"{written}, {other}=" in line:
        words = {"old": f"{written}, {other}=", "new": f"{written}, {lacking[0]}="}
        call = fix(label(f"Write {lacking[0]}= for {other}="), "replace", link.place, **words)
        return _dead(sentence, why, link.place, call)
    values = ", ".join(f"{name}={_value(endpoints, link, name)}" for name in lacking)
    give = fix(label(f"Give it {values}"), "replace", link.place, old=written, new=f"{written}, {values}")
    return _dead(
        sentence, why, link.place, give if written else told(label(f"Give url_for {listed(lacking, 2)}"))
    )


def _under_another_name(endpoints: _Endpoints, link: _Link) -> str:
    """The one value that is given under a name which no parameter has; empty where there is none, or more."""
    rules = (route.full_rule for route in endpoints.routes[link.endpoint])
    taken = {name for rule in rules for name in _PARAMETER.findall(rule)}
    others = [name for name in link.given if name not in taken and not name.startswith("_")]
    return others[0] if len(others) == 1 and len(link.given) == 1 else ""


def _value(endpoints: _Endpoints, link: _Link, name: str) -> str:
    """The variable of that name where there is one, else a value that the rule takes."""
    if name in link.known:
        return name
    for route in endpoints.routes[link.endpoint]:
        try:
            param = next((one for one in Rule.parse(route.full_rule).params if one.name == name), None)
        except RuleError:
            continue
        if param is not None:
            return param.sample if param.converter in ("int", "float") else repr(param.sample)
    return "''"
