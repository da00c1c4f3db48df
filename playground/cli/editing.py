"""The commands that write the source; they run nothing of it."""

from __future__ import annotations

import argparse
from dataclasses import replace

from playground.cli.answers import answer_of, methods_of
from playground.cli.opened import find, first_owner, opened, state_of
from playground.cli.output import say, warn
from playground.core.problems import refuse
from playground.core.routes import RouteDraft
from playground.session.session import Session
from playground.session.wanting import unified, wanted_rename


def run_new(arguments: argparse.Namespace) -> int:
    """Make a project from a starter."""
    session = Session()
    session.open(session.create(arguments.starter, arguments.folder))
    session.close()
    say(f"Made {arguments.folder} from the starter {arguments.starter}.")
    return 0


def run_add(arguments: argparse.Namespace) -> int:
    """Add a route."""
    with opened(arguments.folder) as session:
        draft = RouteDraft(
            arguments.rule,
            methods=methods_of(arguments.methods) or ("GET",),
            function=arguments.function or "",
            owner=arguments.owner or first_owner(session),
            answer=answer_of(arguments, state_of(session).routes),
        )
        label = session.add_route(draft).label
    say(label)
    return 0


def run_change(arguments: argparse.Namespace) -> int:
    """Change a route in what is named, and in nothing else."""
    if all(value in (None, []) for name, value in vars(arguments).items() if name not in _NO_FLAGS):
        raise refuse("Nothing to change was named.", "Add for example --rule /new or --methods GET,POST.")
    with opened(arguments.folder) as session:
        routes = state_of(session).routes
        route = find(routes, arguments.endpoint)
        before = RouteDraft.of(route)
        draft = replace(
            before,
            rule=arguments.rule if arguments.rule is not None else before.rule,
            methods=methods_of(arguments.methods) or before.methods,
            function=arguments.function or before.function,
            owner=arguments.owner or before.owner,
            answer=answer_of(arguments, routes, before.answer),
        )
        label = session.change_route(route, draft).label
    say(label)
    return 0


_NO_FLAGS = ("command", "folder", "endpoint")


def run_remove(arguments: argparse.Namespace) -> int:
    """Remove a route."""
    with opened(arguments.folder) as session:
        label = session.remove_route(find(state_of(session).routes, arguments.endpoint)).label
    say(label)
    return 0


def run_rename(arguments: argparse.Namespace) -> int:
    """Rename something in all files, or show what that would write."""
    with opened(arguments.folder) as session:
        wanted = wanted_rename(state_of(session), arguments.kind, arguments.old, arguments.new)
        proposal = session.propose(wanted)
        if arguments.dry_run:
            say(unified(proposal).removesuffix("\n"))
        else:
            say(session.apply_proposal(proposal).label)
    for note in proposal.notes:
        warn(note)
    return 0
