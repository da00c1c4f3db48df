"""``playground doctor``: what is missing on this machine, and how to get it.

It runs where nothing else does: without Qt, without a screen, without packages, with a home that nobody can
read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from playground.cli.health import libraries, machine, requirements, screen
from playground.cli.health.findings import Finding, Mark, good, surely
from playground.cli.health.looking import LOOKS, Seen, look, look_at, qt
from playground.cli.output import say

SIGNS_IN_ASCII = {"✓": "ok", "!": "!", "✗": "x"}


def run_doctor(arguments: argparse.Namespace) -> int:
    """Say how each thing is; 1 where something is in the way."""
    if arguments.look:
        return look_at(arguments.look)
    findings = examine()
    broken = [finding for finding in findings if finding.mark is Mark.BAD]
    if arguments.json:
        say(json.dumps({"ok": not broken, "checks": [_row(finding) for finding in findings]}, indent=2))
    else:
        for finding in findings:
            say(_line(finding))
        say(_verdict(findings))
    return 1 if broken else 0


def examine() -> list[Finding]:
    """All findings, from the ground up."""
    seen = _seen()
    folder = _home()
    return [
        *surely("Python", requirements.python),
        *surely("Route Playground", requirements.playground),
        *surely("packages", requirements.packages),
        *surely("packages", lambda: requirements.imports(seen.imports)),
        *surely("your apps run on", requirements.flask),
        *surely("system libraries", lambda: _libraries(seen)),
        *surely("display", screen.screen),
        *surely("Qt", lambda: qt(seen, not screen.trouble())),
        *surely("page preview", libraries.sandbox),
        *surely("server", machine.ports),
        *surely("settings", lambda: machine.home(folder)),
        *surely("disk", lambda: machine.room(folder)),
    ]


def _seen() -> Seen:
    try:
        return look()
    except Exception as error:  # noqa: BLE001  (no process can be started, say: each line tells)
        return Seen(fell=dict.fromkeys(LOOKS, f"{type(error).__name__}: {error}"))


def _libraries(seen: Seen) -> list[Finding]:
    if sys.platform != "linux":
        return [good("system libraries", "Qt brings its own on this system")]
    if "libraries" in seen.fell and not seen.libraries:
        raise OSError(seen.fell["libraries"])
    return list(libraries.missing(seen.libraries))


def _home() -> Path:
    """Where settings are kept, also where what we would ask for that is missing."""
    try:
        from playground.session.home import Home

        return Home().folder
    except (ImportError, RuntimeError, OSError):
        named = os.environ.get("PLAYGROUND_HOME") or "~/.local/share/route-playground"
        return Path(os.path.expanduser(named))  # noqa: PTH111  (pathlib's raises where nobody has a home)


def _row(finding: Finding) -> dict[str, str]:
    return {"what": finding.what, "mark": finding.mark, "said": finding.said, "todo": finding.todo}


def _line(finding: Finding) -> str:
    sign = finding.mark.sign
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        sign = SIGNS_IN_ASCII[sign]
    first = f"{sign} {finding.what}: {finding.said}"
    return f"{first}\n    {finding.todo}" if finding.todo else first


def _verdict(findings: list[Finding]) -> str:
    broken = sum(finding.mark is Mark.BAD for finding in findings)
    noted = sum(finding.mark is Mark.NOTE for finding in findings)
    if broken:
        count = "1 of these is" if broken == 1 else f"{broken} of these are"
        return f"\n{count} in the way; the line below says what to do."
    if noted:
        return "\nThe playground runs here; what has a ! is worth knowing."
    return "\nAll is well: the playground runs here."
