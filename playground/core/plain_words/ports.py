"""Rule 20: a port that another program has, and which program that may be."""

from __future__ import annotations

from playground.core.fixes import Fix
from playground.core.plain_words.saying import told
from playground.core.problems import Problem

AIRPLAY = (5000, 7000)
"""Ports that macOS keeps for its AirPlay receiver."""


def port_taken(port: int, platform: str, *, instead: int = 0, original: str = "") -> Problem:
    """The problem of a port that is taken; ``instead`` is the one that was taken in its place.

    ``platform`` is what ``sys.platform`` says. The sentence is the note of a server that runs elsewhere.
    """
    airplay = platform == "darwin" and port in AIRPLAY
    who = "macOS, for AirPlay" if airplay else "another program"
    sentence = f"Port {port} is taken by {who}" + (f", so this is {instead}." if instead else ".")
    why = "One port belongs to one program at a time."
    if airplay:
        why += " macOS listens there as the AirPlay Receiver, and answers 403 itself."
    return Problem(
        sentence,
        "Stop that program, or choose another port.",
        field="port",
        original=original,
        rule_id="port-taken",
        why=why,
        fixes=(
            Fix("See which program has it", command=_who_command(port, platform)),
            told("Switch the AirPlay Receiver off" if airplay else "Choose another port"),
        ),
    )


def _who_command(port: int, platform: str) -> str:
    """What to type to see the program."""
    if platform == "win32":
        return f"netstat -ano | findstr :{port}"
    return f"lsof -i :{port}" if platform == "darwin" else f"ss -ltnp 'sport = :{port}'"
