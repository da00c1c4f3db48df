"""The screen to draw on: whether there is one, and whether it answers. Without, Qt ends the process."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from playground.cli.health.findings import Finding, bad, good, note
from playground.core.bundle import is_bundle

INSTEAD = "Use serve, add and the other commands; playground --help lists them."
NO_SCREEN = "There is no display to open the window on."
SECONDS = 1.0
CURSORS = "libxcb-cursor.so.0"
_HERE = getattr(sys.implementation, "_multiarch", "")
FOLDERS = (f"/usr/lib/{_HERE}", "/usr/lib64", "/usr/lib")
"""Where libraries are, in Debian, Fedora and Arch."""


def trouble(environment: Mapping[str, str] | None = None) -> str:
    """Why no window can be shown here, as a sentence; empty where one can, as far as is seen without Qt."""
    said = os.environ if environment is None else environment
    if sys.platform in ("win32", "darwin") or said.get("QT_QPA_PLATFORM"):
        return ""
    wayland, x11 = said.get("WAYLAND_DISPLAY", ""), said.get("DISPLAY", "")
    if not wayland and not x11:
        return NO_SCREEN
    if (wayland and _wayland_answers(wayland, said)) or (x11 and _x11_answers(x11)):
        return ""
    named = f"WAYLAND_DISPLAY={wayland}" if wayland else f"DISPLAY={x11}"
    return f"The display that {named} names does not answer."


def lacking(environment: Mapping[str, str] | None = None, folders: Sequence[str] = FOLDERS) -> str:
    """The library that Qt needs on X11 and most often misses; empty where it is there, or not needed."""
    said = os.environ if environment is None else environment
    on_x11 = bool(said.get("DISPLAY")) and not said.get("WAYLAND_DISPLAY") and not said.get("QT_QPA_PLATFORM")
    if sys.platform != "linux" or is_bundle() or not on_x11:
        return ""
    if any(Path(folder, CURSORS).exists() for folder in folders):
        return ""
    import ctypes  # only where it is not in its usual place: a window does not wait for this

    try:
        ctypes.CDLL(CURSORS)
    except OSError:
        return CURSORS
    return ""


def screen(environment: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """What the window would be drawn on."""
    said = os.environ if environment is None else environment
    if sys.platform in ("win32", "darwin"):
        yield good("display", "the system's own")
        return
    wrong = trouble(said)
    if wrong:
        yield bad(
            "display",
            wrong,
            "Log in to a desktop; serve, routes and the other commands need none (playground --help).",
        )
    elif said.get("QT_QPA_PLATFORM"):
        yield note("display", f"QT_QPA_PLATFORM={said['QT_QPA_PLATFORM']} says what to draw on.")
    else:
        kind = "Wayland" if said.get("WAYLAND_DISPLAY") else "X11"
        yield good("display", f"{kind}, {said.get('WAYLAND_DISPLAY') or said.get('DISPLAY')}")


def _wayland_answers(name: str, said: Mapping[str, str]) -> bool:
    path = Path(said.get("XDG_RUNTIME_DIR", ""), name)
    return _answers(str(path))


def _x11_answers(name: str) -> bool:
    """Displays of this machine are asked; one of another machine is taken at its word."""
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", name)
    if local is None:
        return True
    path = f"/tmp/.X11-unix/X{local[1]}"
    return _answers(path) or _answers(f"\0{path}")


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(SECONDS)
        try:
            probe.connect(address)
        except (OSError, ValueError):
            return False
        return True
