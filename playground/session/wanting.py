"""Renames as a command line says them, and proposals as text: what ``playground rename`` reads and prints."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from playground.core.changes import ProjectState
from playground.core.problems import refuse
from playground.core.proposals import Proposal, Rename, RenameKind
from playground.core.routes import Route


def wanted_rename(state: ProjectState, kind: RenameKind, old: str, new: str) -> Rename:
    """The rename that the words ask for.

    A function is called by its endpoint or its name, a parameter by its name, after ``ENDPOINT:`` where
    several functions have one of that name.

    Raises:
        ProblemError: there is nothing of that name, or more than one.
    """
    if kind in ("blueprint", "template"):
        return Rename(kind, old, new)
    endpoint, _, name = old.rpartition(":")
    found = [route for route in state.routes if route.in_source and _is_meant(route, kind, endpoint, name)]
    if not found:
        known = ", ".join(sorted({route.endpoint for route in state.routes})) or "none yet"
        raise refuse(f"There is no {kind} called {old} here.", f"The endpoints are: {known}.")
    found = [route for route in found if route.endpoint == old] or found
    if len({(route.file, route.line) for route in found}) > 1:
        several = ", ".join(sorted({route.endpoint for route in found}))
        how = f"ENDPOINT:{name}" if kind == "parameter" else "its endpoint"
        raise refuse(f"{old} is a {kind} of {several}.", f"Say which one, by {how}.")
    return Rename(kind, _own_name(found[0], kind, name), new, found[0])


def _is_meant(route: Route, kind: RenameKind, endpoint: str, name: str) -> bool:
    if kind == "parameter":
        return name in route.parameters and endpoint in ("", route.endpoint)
    return route.endpoint == name or (kind == "function" and _own_name(route, kind, name) == name)


def _own_name(route: Route, kind: RenameKind, name: str) -> str:
    return route.function.rpartition(".")[2] if kind == "function" else name


def unified(proposal: Proposal) -> str:
    """The proposal as a unified diff; what is no text is only named."""
    return "".join(piece for file in proposal.before for piece in _unified(proposal, file))


def _unified(proposal: Proposal, file: str) -> Iterator[str]:
    before, after = proposal.before[file], proposal.after[file]
    if before == after:
        return
    old, new = _lines(before), _lines(after)
    names = (
        f"a/{file}" if before is not None else "/dev/null",
        f"b/{file}" if after is not None else "/dev/null",
    )
    for line in unified_diff(old, new, *names):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _lines(data: bytes | None) -> list[str]:
    text = (data or b"").decode("utf-8", "backslashreplace")
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)
