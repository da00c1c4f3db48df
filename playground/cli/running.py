"""The commands that run the app of a folder."""

from __future__ import annotations

import argparse
import sys
from contextlib import redirect_stdout

from playground.cli.fencing import fenced, leave_behind_threads_of_the_app
from playground.cli.opened import opened, state_of
from playground.cli.output import list_routes, warn
from playground.core.changes import ProjectState
from playground.core.problems import Problem, ProblemError, refuse
from playground.session.limits import read_limit


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve until a signal says stop."""
    from playground.session.serving import Serving

    serving, out = Serving(warn), sys.stdout
    try:
        if arguments.limit is not None:
            serving.limit_views(read_limit(arguments.limit))
        if arguments.debug is not None:
            serving.show_failures(arguments.debug)
        serving.answer_to(arguments.name)
        with redirect_stdout(sys.stderr):  # what the app prints; standard output has our one line
            url = serving.begin(arguments.folder, arguments.port, arguments.host, arguments.app)
            if url:
                print(f"Serving {url}", file=out, flush=True)
                serving.follow()
    except KeyboardInterrupt:
        pass  # the signal came at the very end of a load: it is what we were told to do
    finally:
        serving.close()
    leave_behind_threads_of_the_app()
    return 0


def run_routes(arguments: argparse.Namespace) -> int:
    """List the routes of the running app, joined with its source."""
    with opened(arguments.folder, trusted=not arguments.static) as session:
        if arguments.app:
            session.choose_app(arguments.app, keep=False)
        state, wrong = state_of(session), ""
        if not arguments.static:
            with fenced():
                live = session.go_live()
            if arguments.app and live.problem is not None and live.problem.field == "app":
                raise ProblemError(live.problem)  # it was asked for, and is not there
            state, wrong = state_of(session), "" if live.loaded else str(live.problem)
        if not state.routes and (state.broken or not state.owners):
            raise _nothing_to_list(state)
        unread = [] if wrong else [str(problem) for problem in state.problems if _is_unread(problem, state)]
        list_routes([route for route in state.routes if route.live is not False], arguments.json)
        for said in (f"This is what the source says; the app does not load. {wrong}",) if wrong else unread:
            warn(said)
    leave_behind_threads_of_the_app()
    return 0


def _nothing_to_list(state: ProjectState) -> ProblemError:
    unread = [problem for problem in state.problems if _is_unread(problem, state)]
    if unread:
        return ProblemError(unread[0])
    return refuse("This folder has no Flask app.", "Begin with a starter: playground new --help.")


def _is_unread(problem: Problem, state: ProjectState) -> bool:
    return problem.place is not None and problem.place.file in state.broken
