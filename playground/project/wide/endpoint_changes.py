"""Endpoints under other names: every ``url_for`` and the like in Python and templates follows."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from playground.core.changes import TemplateInfo
from playground.project.python.source import Source
from playground.project.reading.modules import ModuleReading
from playground.project.wide import python_uses, template_uses
from playground.project.wide.wide_edits import WideEdit

_MADE_UP = re.compile(rb"url_for\(\s*(?![\s'\"])")
_MADE_UP_TEXT = re.compile(r"url_for\(\s*(?![\s'\"])")
_UNSURE = "the name of the endpoint is made while the program runs; look whether it is one of these"
_TWO_APPS = "an endpoint of the same name stays, and this may mean that one; it was left as it is"
_UNCLEAR = "which blueprint answers when this is asked for can't be told, so it was left as it is"


@dataclass(frozen=True)
class EndpointChange:
    """What endpoints are called from now on: one by one, and all below a blueprint.

    ``arguments`` are the names of a route's parameters that change, for each endpoint by its old name.
    ``moved`` says which blueprint ("" is the app) the view of a file and function belongs to from now on.
    ``only`` are the files in which uses are looked for, where the same name means another app elsewhere.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    blueprints: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    only: Collection[str] | None = None
    moved: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """What the text of a file holds that says one of them."""
        last = (name.rpartition(".")[2] for name in (*self.names, *self.blueprints, *self.arguments))
        return tuple(dict.fromkeys(last))

    def of(self, endpoint: str) -> str:
        """A full endpoint's new name."""
        if endpoint in self.names:
            return self.names[endpoint]
        for old, new in self.blueprints.items():
            if endpoint.startswith(old + "."):
                return new + endpoint[len(old) :]
        return endpoint

    def concerns(self, endpoint: str) -> bool:
        """Whether anything about a full endpoint changes."""
        return self.of(endpoint) != endpoint or endpoint in self.arguments


class EndpointFollower:
    """Makes the project's files say endpoints as a change has them."""

    def __init__(self, wide: WideEdit, change: EndpointChange) -> None:
        self._wide, self._change = wide, change

    def follow(self) -> None:
        """In all Python files and templates."""
        words, only = self._change.words, self._change.only
        for reading in self._wide.python(*words, _MADE_UP) if words else ():
            if only is None or reading.file in only:
                self._python(reading)
            else:
                self._tell_of_two(reading)
        for name, source in self._wide.templates(*words, _MADE_UP) if words else ():
            self._template(name, source)

    def _template(self, name: str, source: Source) -> None:
        said, unsure = template_uses.names_said(source.text)
        owners = self._renderers(name) or self._around(source.file)
        for one in unsure:
            if one.about == "endpoint":
                self._wide.note(_UNSURE, source.file, source.line_of(one.start))
        for use in said:
            self._wide.understand(source.file, use.start, use.start + len(use.name))
            if use.about == "blueprint" and use.name in self._change.blueprints:
                self._wide.replace(source, use.start, self._change.blueprints[use.name], use.name)
            if use.about != "endpoint":
                continue
            to = "" if name in self._templates_moved else None
            new, line = self._in_view(use.name, owners, to), source.line_of(use.start)
            if self._change.only is not None and (new != use.name):
                self._wide.note(_TWO_APPS, source.file, line)
                continue
            if self._may(new, source.file, line) and new != use.name:
                self._wide.replace(source, use.start, str(new), use.name)
            self._template_arguments(source, use, owners)

    def _tell_of_two(self, reading: ModuleReading) -> None:
        for use in python_uses.names_said(reading, self._wide.statements(reading, *self._change.words)):
            if isinstance(use, python_uses.Said) and use.about == "endpoint":
                self._wide.understand(reading.file, *reading.source.span(use.node))
                owners = self._owners_around(reading.file, use.functions)
                if self._new_name(use.name, owners) != use.name:
                    self._wide.note(_TWO_APPS, reading.file, use.node.lineno)

    # Python -----------------------------------------------------------------------------------

    def _python(self, reading: ModuleReading) -> None:
        for use in python_uses.names_said(
            reading, self._wide.statements(reading, *self._change.words, _MADE_UP_TEXT)
        ):
            line = use.call.lineno if isinstance(use, python_uses.Unsure) else use.node.lineno
            if isinstance(use, python_uses.Said):
                self._wide.understand(reading.file, *reading.source.span(use.node))
            if isinstance(use, python_uses.Unsure):
                if use.about == "endpoint":
                    self._wide.note(_UNSURE, reading.file, line)
            elif use.about == "endpoint":
                owners = self._owners_around(reading.file, use.functions)
                to = [self._change.moved.get((reading.file, one)) for one in use.functions]
                new = self._in_view(use.name, owners, next((one for one in to if one is not None), None))
                if self._may(new, reading.file, line) and new != use.name:
                    self._wide.rename_literal(reading.source, use.node, str(new))
                self._python_arguments(reading, use, owners)
            elif use.about == "blueprint" and use.name in self._change.blueprints:
                self._wide.rename_literal(reading.source, use.node, self._change.blueprints[use.name])

    def _may(self, new: str | None, file: str, line: int) -> bool:
        """Whether a use may be changed; a note says why not."""
        if new is None:
            self._wide.note(_UNCLEAR, file, line)
            return False
        return True

    # What a name means ------------------------------------------------------------------------

    def _in_view(self, written: str, owners: frozenset[str], to: str | None) -> str | None:
        """The same in code that another blueprint answers from now on: relative names are made whole."""
        if to is None or not written.startswith("."):
            return self._new_name(written, owners)
        if len(owners) != 1:
            return None
        owner = next(iter(owners))
        new = self._change.of(f"{owner}{written}" if owner else written[1:])
        return new[len(to) :] if to and new.startswith(to + ".") else new

    def _new_name(self, written: str, owners: frozenset[str]) -> str | None:
        """What is to be written instead; the same where nothing changes, None where that can't be told.

        ``owners`` are the blueprints ("" is the app) that may be answering when it is asked for.
        """
        if not written.startswith("."):
            return self._change.of(written)
        ends = [
            full for full in self._known if ("." + full).endswith(written) and self._change.of(full) != full
        ]
        if not ends:
            return written
        full_names = {f"{owner}{written}" if owner else written[1:] for owner in owners}
        changed = {self._change.of(full) for full in full_names}
        if changed == full_names:
            return written if owners else None
        if len(full_names) > 1:
            lasts = {name.rpartition(".")[2] for name in changed}
            moved = any(
                self._change.of(one).rpartition(".")[0] != one.rpartition(".")[0] for one in full_names
            )
            every = all(self._change.of(full) != full for full in full_names)
            return "." + lasts.pop() if len(lasts) == 1 and every and not moved else None
        full, owner = full_names.pop(), next(iter(owners))
        new = self._change.of(full)
        owner = self._change.blueprints.get(owner, owner)
        if owner and not new.startswith(owner + "."):
            return new
        return new[len(owner) :] if owner else new if "." in new else "." + new

    @cached_property
    def _known(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(route.endpoint for route in self._wide.picture.routes))

    def _owners_around(self, file: str, functions: tuple[str, ...]) -> frozenset[str]:
        """Which blueprints answer where some code runs: those of the view around it, or of its file."""
        here = self._owners_by_file.get(file, {})
        for function in functions:
            if function in here:
                return here[function]
        return frozenset().union(*here.values())

    @cached_property
    def _owners_by_file(self) -> dict[str, dict[str, frozenset[str]]]:
        found: dict[str, dict[str, frozenset[str]]] = {}
        for route in self._wide.picture.routes:
            in_file = found.setdefault(route.file, {})
            owner = route.endpoint.rpartition(".")[0]
            in_file[route.function] = in_file.get(route.function, frozenset()) | {owner}
        return found

    def _renderers(self, template: str) -> frozenset[str]:
        """Which blueprints answer when a template is rendered, by itself or as a part of another one."""
        return self._owners_by_template.get(template, frozenset())

    def _around(self, file: str) -> frozenset[str]:
        """The blueprints whose own folder holds a template that no view is known to render."""
        made = self._wide.index.made_templates_of(file)
        owners = [
            one.name for one in self._wide.picture.owners if one.file in made and one.kind == "blueprint"
        ]
        apps = any(one.file in made and one.kind == "app" for one in self._wide.picture.owners)
        return frozenset() if apps else frozenset(owners)

    @cached_property
    def _owners_by_template(self) -> dict[str, frozenset[str]]:
        owners: dict[str, set[str]] = {}
        for info in self._wide.picture.templates:
            for name in self._reached_from(info.name) if info.used_by else ():
                owners.setdefault(name, set()).update(one.rpartition(".")[0] for one in info.used_by)
        return {name: frozenset(found) for name, found in owners.items()}

    def _reached_from(self, template: str) -> set[str]:
        """A template and those that it is made of."""
        reached: set[str] = set()
        todo = [template]
        while todo:
            info = self._templates.get(todo.pop())
            if info is not None and info.name not in reached:
                reached.add(info.name)
                todo += [*info.includes, *filter(None, [info.extends])]
        return reached

    @cached_property
    def _templates(self) -> dict[str, TemplateInfo]:
        return {info.name: info for info in self._wide.picture.templates}

    @cached_property
    def _templates_moved(self) -> frozenset[str]:
        """The templates that a view renders which another blueprint owns from now on."""
        gone = set(self._change.names) if self._change.moved else set()
        found = (
            self._reached_from(info.name) for info in self._templates.values() if gone & set(info.used_by)
        )
        return frozenset().union(*found)

    # The values that a url_for gives along ----------------------------------------------------

    def _renamed_arguments(self, written: str, owners: frozenset[str]) -> Mapping[str, str]:
        if not written.startswith("."):
            return self._change.arguments.get(written, {})
        full = {f"{owner}{written}" if owner else written[1:] for owner in owners}
        found = [self._change.arguments.get(one, {}) for one in full]
        return found[0] if found and all(one == found[0] for one in found) else {}

    def _python_arguments(
        self, reading: ModuleReading, use: python_uses.Said, owners: frozenset[str]
    ) -> None:
        names = self._renamed_arguments(use.name, owners)
        for keyword in use.call.keywords if use.call is not None and names else ():
            if keyword.arg is None:
                self._wide.note(_unpacked(names), reading.file, keyword.value.lineno)
            elif keyword.arg in names:
                start = reading.source.span(keyword)[0]
                self._wide.replace(reading.source, start, names[keyword.arg], keyword.arg)

    def _template_arguments(self, source: Source, use: template_uses.Said, owners: frozenset[str]) -> None:
        names = self._renamed_arguments(use.name, owners)
        if names and use.unpacks:
            self._wide.note(_unpacked(names), source.file, source.line_of(use.start))
        for name, start in use.keywords if names else ():
            if name in names:
                self._wide.replace(source, start, names[name], name)


def _unpacked(names: Mapping[str, str]) -> str:
    return f"the values come from a dictionary; look whether it holds {' or '.join(names)}"
