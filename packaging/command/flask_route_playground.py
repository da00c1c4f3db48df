"""``flask playground``: a command of Flask's own command line that opens the window on the app at hand.

``flask`` imports this whenever it runs, whatever the command, in every project of the environment. So it
needs nothing but click, which ``flask`` has already, and stands beside the package ``playground``, not in
it: that name stays free for a ``playground.py`` of somebody's own. The window is a process of its own, the
``playground`` command: neither the app nor Qt is imported here.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

HELP = """Open this app in the Route Playground: a window with its routes, its code, and what Flask does.

\b
    flask --app shop playground
    flask --app shop:create_app('test') --debug playground

The app is the one that the other commands of flask would take: --app, FLASK_APP, or wsgi.py or app.py in
this folder. Nothing of it runs before you trust its folder. Edits are edits of your files; there is nothing
to export.
"""


@click.command("playground", short_help="Open the app in the Route Playground.", help=HELP)
@click.pass_context
def command(context: click.Context) -> None:
    """Become the window; the exit status is that of the window."""
    said = str(getattr(context.obj, "app_import_path", None) or "")
    words = [sys.executable, "-P", "-m", "playground", "open", f"--from-flask={said}"]
    if said and _typed(context):
        words.append(f"--app={said}")
    os.environ.pop("FLASK_RUN_FROM_CLI", None)  # flask set it for itself; the window sets it where it has to
    _become(words)


def _typed(context: click.Context) -> bool:
    """Whether the app was named in the command; what FLASK_APP says, the window reads by itself."""
    parent = context.parent
    source = parent.get_parameter_source("app") if parent is not None else None
    return source is click.core.ParameterSource.COMMANDLINE


def _become(words: list[str]) -> NoReturn:
    """Go on as another program, in this very process where the system can do that."""
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "nt":
        import subprocess

        sys.exit(subprocess.run(words, check=False).returncode)
    os.execv(words[0], words)
