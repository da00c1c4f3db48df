"""What the side bar lists of a project: sections, owners with their routes, templates, files.

Members of a group are kept as they are in the project; what the row of one says is made when it is asked for,
since of 10,000 routes only a few dozen are ever in sight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

from playground.core.changes import ProjectState, TemplateInfo
from playground.core.routes import Owner, Route
from playground.gui.panels.route_note import reasons


class RowKind(StrEnum):
    """The kinds of row."""

    SECTION = "section"
    OWNER = "owner"
    ROUTE = "route"
    TEMPLATE = "template"
    FILE = "file"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``key`` finds it again after a change.

    ``value`` is the Route, Owner or TemplateInfo shown, the file's name, or None.
    """

    kind: RowKind
    text: str
    key: tuple[str, ...]
    value: Any = None
    spoken: str = ""
    tooltip: str = ""


@dataclass(slots=True, eq=False)
class Group:
    """A section or an owner; its members are groups, notes (``Row``), routes, templates, or names of files.

    ``shown`` is what the filter leaves of them. ``looks`` is, for each, all that it is listed and found by.
    ``words`` is what the filter looks at, one text for each; it is made when it is needed.
    """

    row: Row
    members: list[Any] = field(default_factory=list)
    looks: list[object] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)


SECTIONS = (("routes", "Routes"), ("templates", "Templates"), ("files", "Files"))
TEACHING = {
    "routes": ("No routes yet.", "Press + or Ctrl+N."),
    "templates": ("None yet. Press +.",),
    "files": ("None yet. Press +.",),
}


def outline(sections: list[Group]) -> list[object]:
    """All that decides which rows there are."""
    return [(section.row.key, section.looks, _outline_of_members(section)) for section in sections]


def _outline_of_members(section: Group) -> list[object]:
    return [(m.row.key, m.looks) if isinstance(m, Group) else key_of(m) for m in section.members]


def sections_of(state: ProjectState | None) -> list[Group]:
    """All that is listed of a state of the project; nothing while none is open."""
    if state is None:
        return []
    shown = {template.file for template in state.templates}
    contents: dict[str, list[Any]] = {
        "routes": _owners(state),
        "templates": list(state.templates),
        "files": [file for file in state.files if file not in shown],
    }
    return [_section(name, title, contents[name]) for name, title in SECTIONS]


def _section(name: str, title: str, members: list[Any]) -> Group:
    notes = [] if members else [_note(name, line) for line in TEACHING[name]]
    group = Group(Row(RowKind.SECTION, title, ("section", name), name), members or notes)
    if members and name != "routes":
        group.looks = [key_of(member) for member in members]
    return group


def _note(section: str, line: str) -> Row:
    return Row(RowKind.NOTE, line, ("note", section, line), tooltip=" ".join(TEACHING[section]))


_ADDED = Row(
    RowKind.OWNER,
    "added by Flask and extensions",
    ("owner", ""),
    Owner("added by Flask and extensions", "", "added"),
    tooltip="Routes that no line of the source declares; they are there once the app runs.",
)
_LOOKS = attrgetter("prefix", "rule", "methods", "function", "endpoint", "owner")


def _owners(state: ProjectState) -> list[Group]:
    """One group for each owner; the app's own is left out while it is empty."""
    groups: dict[str, Group] = {}
    for owner in state.owners:
        groups[owner.name] = Group(_owner_row(owner))
    added = Group(_ADDED)
    for route in state.routes:
        if not route.in_source:
            added.members.append(route)
            continue
        if route.owner not in groups:
            groups[route.owner] = Group(_owner_row(Owner(route.owner, route.owner, prefix=route.prefix)))
        groups[route.owner].members.append(route)
    if added.members:
        groups[""] = added
    for group in groups.values():
        group.looks = list(map(_LOOKS, group.members))
    return [group for group in groups.values() if group.members or group.row.value.kind == "blueprint"]


def row_of(member: Any) -> Row:
    """What a member of a group says."""
    if isinstance(member, Row):
        return member
    if isinstance(member, Group):
        return member.row
    if isinstance(member, Route):
        return _route_row(member)
    return _template_row(member) if isinstance(member, TemplateInfo) else _file_row(member)


def key_of(member: Any) -> tuple[str, ...]:
    """What finds a note, a template or a file again."""
    if isinstance(member, Row):
        return member.key
    return ("template", member.name) if isinstance(member, TemplateInfo) else ("file", member)


def words_of(member: Any) -> str:
    """What the filter looks at."""
    if isinstance(member, Route):
        methods = " ".join(member.methods) or "GET"
        words = f"{methods} {member.full_rule} {member.function} {member.endpoint} {member.owner}"
    else:
        words = f"{member.name} template" if isinstance(member, TemplateInfo) else member
    return words.lower()


def _owner_row(owner: Owner) -> Row:
    detail = "" if owner.kind == "app" else f", blueprint in {owner.file}"
    prefix = f", prefix {owner.prefix}" if owner.prefix else ""
    unregistered = "" if owner.registered else ", not registered"
    tooltip = f"{owner.name}: {owner.file}" if owner.file else owner.name
    if not owner.registered:
        tooltip = f"No line registers the blueprint {owner.name} on an app, so its routes do not answer yet."
    spoken = f"{owner.name}{prefix}{detail}{unregistered}"
    return Row(RowKind.OWNER, owner.name, ("owner", owner.name), owner, spoken, tooltip)


def _route_row(route: Route) -> Row:
    methods = " ".join(route.methods) or "GET"
    spoken = f"{methods} {route.full_rule}, {route.function or route.endpoint}"
    where = f"\n{route.function} · {route.file}:{route.line}" if route.file else ""
    tooltip = f"{methods} {route.full_rule}{where}"
    if not route.in_source:
        spoken += ", not written as a route"
    elif not route.editable:
        spoken += ", code only"
    why = reasons(route)
    if why:
        spoken += f": {why}"
        tooltip += f"\n{why}"
    return Row(RowKind.ROUTE, route.full_rule, ("route", *route.key), route, spoken, tooltip)


def _template_row(template: TemplateInfo) -> Row:
    tooltip = template.file
    spoken = f"Template {template.name}"
    if template.problem is not None:
        tooltip += f"\n{template.problem.sentence}"
        spoken += f", has an error: {template.problem.sentence}"
    return Row(RowKind.TEMPLATE, template.name, ("template", template.name), template, spoken, tooltip)


def file_of(row: Row) -> str:
    """The file that a row stands for; none for a route, which may be as it was though its file changed."""
    value = row.value
    if isinstance(value, TemplateInfo):
        return value.file
    return value if row.kind is RowKind.FILE else ""


def _file_row(file: str) -> Row:
    return Row(RowKind.FILE, file, ("file", file), file, f"File {file}", file)
