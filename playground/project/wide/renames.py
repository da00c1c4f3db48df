"""Functions, parameters, endpoints, blueprints and templates under other names, in all that say them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from playground.core.names import check_function_name
from playground.core.problems import Place, ProblemError, refuse
from playground.core.proposals import Proposal, Rename
from playground.core.routes import Route
from playground.project.editing.brackets import end_in
from playground.project.editing.parameters import name_span
from playground.project.python.scopes import uses_of
from playground.project.python.syntax import FUNCTIONS, literal
from playground.project.reading.module_files import ModuleFiles
from playground.project.reading.modules import LocalRoute, ModuleReading
from playground.project.wide.blueprint_renames import BlueprintRenamer
from playground.project.wide.endpoint_changes import EndpointChange, EndpointFollower
from playground.project.wide.mentions import tell_faults, tell_mentions
from playground.project.wide.name_changes import Binding, NameChange
from playground.project.wide.parameter_renames import ParameterRenamer
from playground.project.wide.renamed_routes import as_view_name, call_of, endpoint_node, last_changed, routed
from playground.project.wide.template_renames import TemplateRenamer
from playground.project.wide.wide_edits import WideEdit


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
            "parameter": ParameterRenamer(self._wide).rename,
            "endpoint": self._endpoint,
            "blueprint": BlueprintRenamer(self._wide).rename,
            "template": TemplateRenamer(self._wide).rename,
        }
        if wanted.old == wanted.new:
            raise refuse(f"It is called {wanted.old} already.", "Give it another name.")
        kinds[wanted.kind](wanted)
        tell_faults(self._wide, wanted.old)

    # Functions --------------------------------------------------------------------------------

    def _function(self, wanted: Rename) -> None:
        check_function_name(wanted.new)
        binding = self._binding(routed(self._wide, wanted))
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
        reading, local = routed(self._wide, wanted)
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
            call = call_of(reading, local)
        except ProblemError:
            self._wide.note("how this route gets its endpoint can't be told", reading.file, local.line)
            return True
        return endpoint_node(call) is not None or as_view_name(call) is not None

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
            reading, local = routed(self._wide, replace(wanted, route=route))
            self._say_endpoint(reading, local, last, new)
            renamed += self._made_of(reading, local)
        self._follow_endpoints({one.endpoint: last_changed(one.endpoint, new) for one in renamed}, renamed)

    def _say_endpoint(self, reading: ModuleReading, local: LocalRoute, old: str, new: str) -> None:
        call = call_of(reading, local)
        node = endpoint_node(call)
        as_view = as_view_name(call)
        if node is None and as_view is not None:
            node = as_view
        if node is None:
            end = max(end_in(reading.source, call, one) for one in (*call.args, *call.keywords))
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
    return last_changed(endpoint, wanted.new.lower() if small else wanted.new)
