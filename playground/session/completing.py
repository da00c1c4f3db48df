"""What is known of a template that is being edited: what it was last given, and all that it may name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from playground.core.changes import ProjectState, TemplateInfo
from playground.core.completing import Endpoint, Given, Member, TemplateFacts, Word
from playground.core.problems import ProblemError
from playground.session.shared import Shared

if TYPE_CHECKING:
    from playground.server.template_values import LastGiven

MOST_STATIC = 500
"""Static files that are offered."""
_PARAMETER = re.compile(r"<(?:[^<>]*:)?(\w+)>")
_FLASKS = (
    Given("request", "Request", ""),
    Given("session", "Session", ""),
    Given("g", "_AppCtxGlobals", ""),
    Given("config", "Config", ""),
)


class Completing(Shared):
    """Facts for the editor of a template."""

    @property
    def templates_rendered(self) -> int:
        """A number that grows with every rendering of a template; from any thread."""
        live = self._live
        return live.recorder.values.number if live is not None else 0

    def template_facts(self, name: str) -> TemplateFacts:
        """All that is known of a template; reads those that it builds on. On the project lane."""
        project = self._snapshot.project
        if project is None:
            return TemplateFacts(name)
        info = next((one for one in project.templates if one.name == name), None)
        facts = self._of_the_app(TemplateFacts(name, flasks=_FLASKS))
        return replace(
            self.template_given(facts),
            blocks=tuple(self._blocks(project, info)),
            templates=tuple(one.name for one in project.templates),
            endpoints=tuple(self._endpoints(project)),
            static_files=tuple(self._static_files(project)),
            macros=dict(self._macros(project, info)),
        )

    # What it was given ------------------------------------------------------------------------

    def template_given(self, facts: TemplateFacts) -> TemplateFacts:
        """The same facts with what the template is given now. On the project lane.

        That is said by the latest request that rendered it, or another one that it is a part of.
        """
        live, project = self._live, self._snapshot.project
        if live is None or project is None:
            return facts
        found: dict[str, LastGiven] = {}
        for name in self._rendered_with(project, facts.template):
            last = live.recorder.values.last(name)
            if last is not None:
                found[name] = last
        if not found:
            return facts
        name = max(found, key=lambda one: found[one].number)
        last = found[name]
        part_of = name if name != facts.template else ""
        request = f"{last.method} {last.path}"
        seen = {one.name: one for one in last.flasks}
        flasks = tuple(seen.get(one.name, one) for one in facts.flasks)
        return replace(facts, request=request, part_of=part_of, given=last.given, flasks=flasks)

    def _rendered_with(self, project: ProjectState, name: str) -> tuple[str, ...]:
        """The template itself, its children, and those that include one of these."""
        found = {name: None}
        waiting = [name]
        while waiting:
            part = waiting.pop()
            for info in project.templates:
                if info.name not in found and self._holds(info, part):
                    found[info.name] = None
                    waiting.append(info.name)
        return tuple(found)

    def _holds(self, info: TemplateInfo, part: str) -> bool:
        """Whether a template gives its variables to another one."""
        from playground.project.templates import references

        if info.extends == part:
            return True
        return part in info.includes and part not in references(self._read(info)).imports

    # What the app knows -----------------------------------------------------------------------

    def _of_the_app(self, facts: TemplateFacts) -> TemplateFacts:
        """Filters, tests and globals of the app that runs; of Jinja where none does."""
        from playground.project.templates import known_to_jinja

        app = self._live.slot.app if self._live is not None else None
        if app is None:
            filters, tests, names = (tuple(map(Word, table)) for table in known_to_jinja())
            return replace(facts, filters=filters, tests=tests, globals=names)
        from playground.server.template_values import words

        known = app.jinja_env
        keys = tuple(Member(name, kind="key") for name in tuple(app.config) if name.isidentifier())
        flasks = tuple(replace(one, members=keys) if one.name == "config" else one for one in facts.flasks)
        return replace(
            facts,
            flasks=flasks,
            filters=words(known.filters),
            tests=words(known.tests),
            globals=words(known.globals),
        )

    def _endpoints(self, project: ProjectState) -> Iterator[Endpoint]:
        """Those of the map that is live, else of the source; one with several rules takes any argument."""
        live = self._snapshot.live
        rules = [(one.endpoint, one.rule) for one in live.map]
        rules += [(one.endpoint, one.full_rule) for one in project.routes if not live.loaded]
        found: dict[str, tuple[dict[str, None], str]] = {}
        for endpoint, rule in rules:
            arguments, _ = found.setdefault(endpoint, ({}, rule))
            arguments.update(dict.fromkeys(_arguments(rule)))
        for endpoint in sorted(found, key=lambda one: (one == "static" or one.endswith(".static"), one)):
            yield Endpoint(endpoint, tuple(found[endpoint][0]), found[endpoint][1])

    def _static_files(self, project: ProjectState) -> Iterator[str]:
        """The files that the app's static folder holds, as ``filename`` is to name them."""
        app = self._live.slot.app if self._live is not None else None
        root = Path(app.static_folder or "") if app is not None else Path(project.folder, "static")
        if not root.is_absolute():
            return
        count = 0
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            for file in sorted(files):
                if not file.startswith(".") and count < MOST_STATIC:
                    count += 1
                    yield Path(folder, file).relative_to(root).as_posix()
            if count >= MOST_STATIC:
                return

    # What other templates say -----------------------------------------------------------------

    def _blocks(self, project: ProjectState, info: TemplateInfo | None) -> Iterator[Word]:
        """The blocks of all parents, the nearest first."""
        from playground.project.templates import block_names

        by_name = {one.name: one for one in project.templates}
        seen: set[str] = set()
        while info is not None and info.extends in by_name and info.extends not in seen:
            seen.add(info.extends)
            info = by_name[info.extends]
            yield from (Word(name, f"in {info.name}") for name in block_names(self._read(info)))

    def _macros(
        self, project: ProjectState, info: TemplateInfo | None
    ) -> Iterable[tuple[str, tuple[Word, ...]]]:
        from playground.project.templates import macros

        for one in project.templates:
            if info is not None and one.name in info.includes:
                yield one.name, tuple(Word(*macro) for macro in macros(self._read(one)))

    def _read(self, info: TemplateInfo) -> str:
        try:
            return self._text(info.file)
        except ProblemError:  # the side bar says what is wrong with it
            return ""


def _arguments(rule: str) -> list[str]:
    """The names of a rule's parameters, whatever converters the app has for them."""
    return _PARAMETER.findall(rule)
