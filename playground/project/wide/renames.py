"""Functions, parameters, endpoints, blueprints and templates under other names, in all that say them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from playground.core.names import check_function_name
from playground.core.problems import Place, ProblemError, refuse
from playground.core.proposals import Proposal, Rename
from playground.core.routes import Route
from playground.project import templates
from playground.project.editing import parameters as renaming
from playground.project.editing.drafts import names_in, read_rule
from playground.project.editing.edits import find
from playground.project.editing.parameters import name_span
from playground.project.python.scopes import uses_of
from playground.project.python.syntax import FUNCTIONS, View, dotted, keywords, literal, rule_of
from playground.project.reading.module_files import ModuleFiles
from playground.project.reading.modules import LocalRoute, ModuleReading
from playground.project.wide import python_uses, template_uses
from playground.project.wide.endpoint_changes import EndpointChange, EndpointFollower
from playground.project.wide.mentions import tell_faults, tell_mentions
from playground.project.wide.name_changes import Binding, NameChange
from playground.project.wide.wide_edits import WideEdit

_MADE_UP_TEMPLATE = re.compile(rb"(?:_template|template_attribute)\(\s*(?![\s'\"\[(])")


class Renamer:
    """Carries out one rename on a ``WideEdit``."""

    def __init__(self, wide: WideEdit) -> None:
        self._wide, self._picture = wide, wide.picture

    def propose(self, wanted: Rename) -> Proposal:
        """Raises ProblemError where it can't be done, or where nothing has the old name."""
        self.rename(wanted)
        if self._wide.empty:
            raise refuse(f"Nothing is called {wanted.old} here.", "Look at its name again.")
        tell_mentions(self._wide, wanted.old)
        return self._wide.proposal(f"rename {wanted.kind} {wanted.old} to {wanted.new}")

    def rename(self, wanted: Rename) -> None:
        """Note all that the rename replaces."""
        kinds: Mapping[str, Callable[[Rename], None]] = {
            "function": self._function,
            "parameter": self._parameter,
            "endpoint": self._endpoint,
            "blueprint": self._blueprint,
            "template": self._template,
        }
        if wanted.old == wanted.new:
            raise refuse(f"It is called {wanted.old} already.", "Give it another name.")
        kinds[wanted.kind](wanted)
        tell_faults(self._wide, wanted.old)

    # Functions --------------------------------------------------------------------------------

    def _function(self, wanted: Rename) -> None:
        check_function_name(wanted.new)
        binding = self._binding(self._routed(wanted))
        if binding.name != wanted.old:
            raise refuse(
                f"The function is called {binding.name}, not {wanted.old}.",
                "Look at it again.",
                field="function",
            )
        twins = self._definitions(binding)
        if not twins:
            why = _why_not(wanted) or "Rename it in its code."
            raise refuse(f"Where {wanted.old} is defined can't be told.", why, field="function")
        changes = NameChange(self._wide, wanted.old, wanted.new)
        if len(twins) > 1 and self._is_routed_apart(binding):
            self._one_of_twins(wanted, binding, changes)
            return
        changes.follow(binding)
        routes = list(self._named_after(changes.done))
        self._follow_endpoints({one.endpoint: _named_like(one.endpoint, wanted) for one in routes}, routes)

    def _binding(self, found: tuple[ModuleReading, LocalRoute]) -> Binding:
        """Where the function of a route is bound: here, or in the file that it is imported from."""
        reading, local = found
        if local.decorator >= 0:
            return Binding(reading.file, local.scope, local.function)
        full = reading.imported(local.function, local.scope)
        modules = ModuleFiles(self._wide.index.all_python_files)
        target = modules.find(full) if full else None
        if target is not None and target[1].isidentifier():
            return self._followed(Binding(target[0], "", target[1]), modules)
        if not local.function.isidentifier() or full:
            raise refuse("The function of this route isn't in this project's files.", local.why_not)
        scope = next(
            (one for one in _outwards(local.scope) if local.function in reading.bound.get(one, ())), ""
        )
        return Binding(reading.file, scope, local.function)

    def _followed(self, binding: Binding, modules: ModuleFiles) -> Binding:
        """Where a name is defined that a module only passes on."""
        for _ in range(8):
            full = self._wide.reading(binding.file).imports.get(("", binding.name))
            target = modules.find(full) if full else None
            if target is None or not target[1].isidentifier() or target[1] != binding.name:
                return binding
            binding = Binding(target[0], "", target[1])
        return binding

    def _definitions(self, binding: Binding) -> list[ast.AST]:
        reading = self._wide.reading(binding.file)
        found = uses_of(binding.name, list(reading.saying(binding.name)))
        return [
            use.node
            for use in found
            if use.scope == binding.scope and isinstance(use.node, (*FUNCTIONS, ast.ClassDef))
        ]

    def _is_routed_apart(self, binding: Binding) -> bool:
        """Whether several functions of one name answer routes: Flask refuses that, a rename mends it."""
        reading = self._wide.reading(binding.file)
        mine = [one for one in reading.routes if (one.scope, one.function) == (binding.scope, binding.name)]
        return len({one.line for one in mine if one.decorator >= 0}) > 1

    def _one_of_twins(self, wanted: Rename, binding: Binding, changes: NameChange) -> None:
        reading, local = self._routed(wanted)
        view = reading.view(local)
        assert view is not None
        changes.refuse_taken(binding)
        self._wide.replace(reading.source, name_span(reading.source, view)[0], wanted.new, wanted.old)
        self._wide.note(
            f"there is another function called {wanted.old}; what uses that name was left as it is",
            reading.file,
            next(one.line for one in reading.routes if one.function == wanted.old and one.line != local.line),
        )

    def _named_after(self, bindings: set[Binding]) -> Iterator[Route]:
        """The routes whose endpoint is the name of the function, for want of another one."""
        for file in {binding.file for binding in bindings}:
            reading = self._wide.reading(file)
            names = {binding.name for binding in bindings if binding.file == file}
            for local in reading.routes:
                scopes = list(_outwards(local.scope)) if local.decorator < 0 else [local.scope]
                name = local.function.rpartition(".")[2]
                bound = "." in local.function or any(Binding(file, one, name) in bindings for one in scopes)
                if name in names and bound and not self._says_endpoint(reading, local):
                    yield from self._made_of(reading, local)

    def _made_of(self, reading: ModuleReading, local: LocalRoute) -> Iterator[Route]:
        """The routes of the app that one of a file makes: several where its blueprint is registered twice."""
        for route in self._picture.routes:
            here = (route.file, route.line, route.rule, route.function)
            if here == (reading.file, local.line, local.rule, local.function):
                yield route

    def _says_endpoint(self, reading: ModuleReading, local: LocalRoute) -> bool:
        try:
            call = _call_of(reading, local)
        except ProblemError:
            self._wide.note("how this route gets its endpoint can't be told", reading.file, local.line)
            return True
        return _endpoint_node(call) is not None or _as_view_name(call) is not None

    # Endpoints --------------------------------------------------------------------------------

    def _follow_endpoints(self, named: Mapping[str, str], routes: Sequence[Route]) -> None:
        """Make all uses say the new endpoints; where another route keeps one, those that surely mean it."""
        others = [route for route in self._picture.routes if route not in routes]
        for new in named.values():
            if any(route.endpoint == new for route in others):
                raise refuse(
                    f"There is a route called {new} already.",
                    "Choose another name: Flask needs them all to differ.",
                    field="function",
                )
        mine, stays = {one.file for one in routes}, {one.file for one in others if one.endpoint in named}
        only = None if not stays else mine - stays
        EndpointFollower(self._wide, EndpointChange(named, only=only)).follow()

    def _endpoint(self, wanted: Rename) -> None:
        owner, _, last = wanted.old.rpartition(".")
        new = wanted.new.removeprefix(owner + ".") if owner else wanted.new
        if not new or "." in new:
            raise refuse(
                f"{wanted.new or 'An empty name'} can't be an endpoint's name.",
                "A dot divides a blueprint from its route; use letters, digits and _.",
                field="function",
            )
        routes = [route for route in self._picture.routes if route.endpoint == wanted.old and route.in_source]
        if wanted.route is not None:
            routes = [route for route in routes if route.file == wanted.route.file]
        if not routes:
            raise refuse(f"There is no endpoint {wanted.old}.", "Look at its name again.")
        renamed: list[Route] = []
        for route in routes:
            reading, local = self._routed(replace(wanted, route=route))
            self._say_endpoint(reading, local, last, new)
            renamed += self._made_of(reading, local)
        self._follow_endpoints({one.endpoint: _last_changed(one.endpoint, new) for one in renamed}, renamed)

    def _say_endpoint(self, reading: ModuleReading, local: LocalRoute, old: str, new: str) -> None:
        call = _call_of(reading, local)
        node = _endpoint_node(call)
        as_view = _as_view_name(call)
        if node is None and as_view is not None:
            node = as_view
        if node is None:
            end = max(reading.source.span(one)[1] for one in (*call.args, *call.keywords))
            mark = (
                "'"
                if reading.source.segment(call.args[0] if call.args else call.keywords[0].value)[-1] == "'"
                else '"'
            )
            text = f", endpoint={mark}{new}{mark}"
            self._wide.replace(reading.source, end, text, "", ((None, f"endpoint={new!r}"),))
        elif literal(node) == old and isinstance(node, ast.Constant):
            self._wide.rename_literal(reading.source, node, new)
        else:
            raise refuse(
                f"The endpoint {old} is worked out by Python when the app starts.",
                "Rename it in its code.",
                place=Place(reading.file, node.lineno),
            )

    # Parameters -------------------------------------------------------------------------------

    def _parameter(self, wanted: Rename) -> None:
        reading, local = self._routed(wanted)
        old, new = wanted.old, wanted.new
        check_function_name(new)
        view = reading.view(local)
        if view is None:
            raise refuse(
                f"The parameters of {local.function} can't be renamed here.", local.why_not, field="rule"
            )
        assert wanted.route is not None
        if old in names_in(wanted.route.prefix):
            raise refuse(
                f"{old} comes from the prefix of {wanted.route.owner}, which all its routes share.",
                "Rename it in the code.",
                field="rule",
            )
        if old not in names_in(local.rule) and old not in local.parameters:
            raise refuse(
                f"{local.function} has no parameter called {old}.", "Look at its name again.", field="rule"
            )
        if new in _OF_URL_FOR:
            raise refuse(f"url_for keeps the name {new} for itself.", "Choose another name.", field="rule")
        mates = [one for one in reading.routes if (one.line, one.function) == (local.line, local.function)]
        for mate in mates:
            read_rule(_with_parameter(mate.rule, old, new), reading, wanted.route.prefix)
            self._rename_in_rule(reading, mate, old, new)
        for piece in renaming.renamed(reading.source, view, old, new) if old in local.parameters else ():
            self._wide.replace(reading.source, piece.start, piece.text, old)
        self._view_arguments(reading, view, old, new)
        binding = Binding(reading.file, local.scope, local.function)
        calls = NameChange(self._wide, local.function, local.function)
        calls.find(binding)
        for other, call in calls.calls:
            for keyword in call.keywords:
                if keyword.arg == old:
                    self._wide.replace(other.source, other.source.span(keyword)[0], new, old)
        lines = {one.line for one in mates if old in names_in(one.rule)}
        endpoints = {
            route.endpoint
            for route in self._picture.routes
            if route.file == reading.file and route.line in lines
        }
        EndpointFollower(
            self._wide, EndpointChange(arguments={one: {old: new} for one in endpoints})
        ).follow()

    def _rename_in_rule(self, reading: ModuleReading, local: LocalRoute, old: str, new: str) -> None:
        call = _call_of(reading, local)
        node = rule_of(call)
        names = names_in(local.rule)
        if new in names and old in names:
            raise refuse(
                f"{local.rule} has a parameter called {new} already.", "Choose another name.", field="rule"
            )
        if node is not None and old in names:
            self._in_rule_literal(reading, node, old, new)
        defaults = keywords(call).get("defaults")
        for key in defaults.keys if isinstance(defaults, ast.Dict) else ():
            if isinstance(key, ast.Constant) and key.value == old:
                self._wide.rename_literal(reading.source, key, new)

    def _in_rule_literal(self, reading: ModuleReading, node: ast.expr, old: str, new: str) -> None:
        start, end = reading.source.span(node)
        found = re.search(rf"<(?:[^<>]*:)?\s*({re.escape(old)})\s*>", reading.source.text[start:end])
        rule = literal(node)
        if found is None or rule is None:
            raise refuse(
                "The rule is worked out by Python when the app starts.",
                "Rename the parameter in its code.",
                field="rule",
            )
        means = ((rule, _with_parameter(rule, old, new)),)
        self._wide.replace(reading.source, start + found.start(1), new, old, means)

    def _view_arguments(self, reading: ModuleReading, view: View, old: str, new: str) -> None:
        """``request.view_args["old"]`` in the view itself."""
        for node in chain.from_iterable(map(ast.walk, view.body)):
            value = node.value if isinstance(node, ast.Subscript) else None
            key = node.slice if isinstance(node, ast.Subscript) else None
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"get", "pop"}
            ):
                value, key = node.func.value, node.args[0] if node.args else None
            named = isinstance(value, ast.Attribute) and value.attr == "view_args"
            if named and isinstance(key, ast.Constant) and key.value == old:
                self._wide.rename_literal(reading.source, key, new)

    # Blueprints -------------------------------------------------------------------------------

    def _blueprint(self, wanted: Rename) -> None:
        owner = next(
            (one for one in self._picture.owners if one.name == wanted.old and one.kind == "blueprint"), None
        )
        if owner is None:
            raise refuse(
                f"There is no blueprint called {wanted.old}.", "Look at its name again.", field="owner"
            )
        above, _, old = wanted.old.rpartition(".")
        new = wanted.new.removeprefix(above + ".") if above else wanted.new
        if not new.isidentifier():
            raise refuse(
                f"{wanted.new or 'An empty name'} can't be a blueprint's name.",
                "Use letters, digits and _, such as users.",
                field="owner",
            )
        full = f"{above}.{new}" if above else new
        if any(one.name == full for one in self._picture.owners):
            raise refuse(
                f"There is already a blueprint called {full}.", "Choose another name.", field="owner"
            )
        reading = self._wide.reading(owner.file)
        made = next(
            one for one in reading.blueprints if (one.variable, one.line) == (owner.variable, owner.line)
        )
        if made.name == old:
            node = _made_with(reading, made.line, made.variable)
            shared = [
                one.name for one in self._picture.owners if (one.file, one.line) == (owner.file, owner.line)
            ]
            blueprints = {one: _last_changed(one, new) for one in shared if one.rpartition(".")[2] == old}
        else:  # the registration gives it another name than it was made with
            reading, node = self._registered_as(old)
            blueprints = {wanted.old: full}
        if not isinstance(node, ast.Constant) or node.value != old:
            raise refuse(
                f"The name {old} is worked out by Python when the app starts.",
                "Rename it in its code.",
                field="owner",
            )
        self._wide.rename_literal(reading.source, node, new)
        EndpointFollower(self._wide, EndpointChange(blueprints=blueprints)).follow()

    def _registered_as(self, name: str) -> tuple[ModuleReading, ast.expr | None]:
        for reading in self._wide.python("register_blueprint"):
            for registration in reading.registrations:
                if registration.name == name:
                    for node in chain.from_iterable(map(ast.walk, reading.statements_at(registration.line))):
                        if isinstance(node, ast.Call) and literal(keywords(node).get("name")) == name:
                            return reading, keywords(node)["name"]
        raise refuse(f"Where {name} gets its name can't be told.", "Rename it in its code.", field="owner")

    # Templates --------------------------------------------------------------------------------

    def _template(self, wanted: Rename) -> None:
        old, new = wanted.old, wanted.new
        files = self._wide.index.template_files()
        file = files.get(old)
        if file is None:
            raise refuse(f"There is no template called {old}.", field="template")
        templates.check_template_name(new, files)
        new_file = file[: len(file) - len(old)] + new
        if self._wide.data(new_file) is not None:
            raise refuse(
                f"There is already something at {new_file}.", "Choose another name.", field="template"
            )
        self._wide.move(file, new_file)
        hidden = [
            one for one, name in self._wide.index.all_template_files().items() if name == old and one != file
        ]
        for other in hidden:
            self._wide.note(f"there is another template called {old}, which keeps its name", other)
        for reading in self._wide.python(old, _MADE_UP_TEMPLATE):
            for use in python_uses.names_said(reading, self._wide.statements(reading, old, _MADE_UP_TEXT)):
                if use.about != "template":
                    continue
                if isinstance(use, python_uses.Unsure):
                    self._wide.note(_UNSURE_TEMPLATE, reading.file, use.call.lineno)
                elif use.name == old:
                    self._wide.rename_literal(reading.source, use.node, new)
        for _, source in self._wide.templates(old, _TEMPLATE_TAGS):
            said, unsure = template_uses.names_said(source.text)
            for one in unsure:
                if one.about == "template":
                    self._wide.note(_UNSURE_TEMPLATE, source.file, source.line_of(one.start))
            for named in said:
                if (named.about, named.name) == ("template", old):
                    self._wide.replace(source, named.start, new, old)

    # ------------------------------------------------------------------------------------------

    def _routed(self, wanted: Rename) -> tuple[ModuleReading, LocalRoute]:
        route = wanted.route
        if route is None or not route.in_source:
            why = route.why_not if route is not None else ""
            raise refuse(f"Which {wanted.old} is meant can't be told from the source.", why, field="function")
        reading = self._wide.reading(route.file)
        try:
            return reading, reading.routes[find(reading, route)]
        except ProblemError as error:
            if route.editable:
                raise
            why = route.why_not or "Rename it in its code."
            raise refuse(f"{wanted.old} can't be renamed here.", why, field="function") from error


_MADE_UP_TEXT = re.compile(_MADE_UP_TEMPLATE.pattern.decode())
_TEMPLATE_TAGS = re.compile(rb"\{%[-+]?\s*(?:extends|include|import|from)\s+(?![\s'\"])")
_UNSURE_TEMPLATE = "the name of the template is made while the program runs; look whether it is this one"


_OF_URL_FOR = frozenset({"endpoint", "_anchor", "_external", "_method", "_scheme"})


def _with_parameter(rule: str, old: str, new: str) -> str:
    """A rule in which a parameter has another name."""
    return re.sub(rf"(<(?:[^<>]*:)?\s*){re.escape(old)}(\s*>)", rf"\g<1>{new}\g<2>", rule)


def _why_not(wanted: Rename) -> str:
    return wanted.route.why_not if wanted.route is not None else ""


def _outwards(scope: str) -> Iterator[str]:
    while scope:
        yield scope
        scope = scope.rpartition(".")[0]
    yield ""


def _named_like(endpoint: str, wanted: Rename) -> str:
    """An endpoint after its function was renamed; extensions may write it in small letters."""
    small = endpoint.rpartition(".")[2] != wanted.old
    return _last_changed(endpoint, wanted.new.lower() if small else wanted.new)


def _last_changed(name: str, new: str) -> str:
    """``shop.index`` with another last part."""
    owner, dot, _ = name.rpartition(".")
    return f"{owner}{dot}{new}"


def _call_of(reading: ModuleReading, local: LocalRoute) -> ast.Call:
    """The call that makes a route: its decorator, or ``add_url_rule``."""
    call = reading.call(local)
    if call is not None:
        return call
    for node in chain.from_iterable(map(ast.walk, reading.statements_at(local.line))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.lineno == local.line:
            return node
    raise refuse("This route is made in a way that can't be changed here.", local.why_not)


def _endpoint_node(call: ast.Call) -> ast.expr | None:
    """The argument that says the endpoint."""
    adds = isinstance(call.func, ast.Attribute) and call.func.attr == "add_url_rule"
    return keywords(call).get("endpoint", call.args[1] if adds and len(call.args) > 1 else None)


def _as_view_name(call: ast.Call) -> ast.expr | None:
    """The name that ``as_view`` gives a class view."""
    function = keywords(call).get("view_func", call.args[2] if len(call.args) > 2 else None)
    made = isinstance(function, ast.Call) and dotted(function.func).endswith("as_view")
    return function.args[0] if made and isinstance(function, ast.Call) and function.args else None


def _made_with(reading: ModuleReading, line: int, variable: str) -> ast.expr | None:
    """The name that a blueprint is made with."""
    for node in chain.from_iterable(map(ast.walk, reading.statements_at(line))):
        if (
            isinstance(node, (ast.Assign, ast.AnnAssign))
            and isinstance(node.value, ast.Call)
            and node.value.lineno >= line
        ):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if variable in map(dotted, targets):
                return node.value.args[0] if node.value.args else keywords(node.value).get("name")
    return None
