"""What else the playground stands on: a port, the folder for settings, room on the disk."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playground.cli.health.findings import Finding, bad, good, note
from playground.core.bundle import portable_home

PORT = 5000
LITTLE, TOO_LITTLE = 200, 20
"""Megabytes of room on the disk."""
KEPT = {"settings.json": dict, "recent.json": list, "trusted.json": dict}


def ports(port: int = PORT) -> Iterator[Finding]:
    """Whether a server can listen on this machine, and whether the usual port is free."""
    wrong = _binding(0)
    if wrong:
        yield bad("server", f"no port of 127.0.0.1 can be had: {wrong}.", "Look at your firewall or sandbox.")
    elif wrong := _binding(port):
        said = f"port {port} can't be had ({wrong}), so the next free one will be taken."
        yield note("server", said, "Set FLASK_RUN_PORT, or use --port, for one of your own.")
    else:
        yield good("server", f"port {port} is free")


def _binding(port: int) -> str:
    """Why a port can't be had, or nothing."""
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError as error:
            return error.strerror or str(error)
        return ""


def home(folder: Path) -> Iterator[Finding]:
    """Whether the folder for settings can be written, and what is in it can be read."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    todo = f"Give yourself the right to write in {there}, or set PLAYGROUND_HOME to a folder of yours."
    if not there.is_dir():
        yield bad("settings", f"{there} is a file, and should be the folder for settings.", "Move it away.")
    elif not _is_writable(there):
        yield bad("settings", f"{folder} can't be written, so nothing is remembered.", todo)
    else:
        portable = " (beside the program, as it is portable)" if folder == portable_home() else ""
        yield good("settings", f"{folder}{portable}")
    for name, kind in KEPT.items():
        yield from _kept(folder / name, kind)


def _kept(file: Path, kind: type) -> Iterator[Finding]:
    try:
        if not isinstance(json.loads(file.read_bytes()), kind):
            raise ValueError(f"it holds no {kind.__name__}")
    except FileNotFoundError:
        return
    except (ValueError, RecursionError, IsADirectoryError) as error:
        said = f"{file.name} is damaged ({error}); it is put aside at the next start."
        yield note("settings", said, f"Look into {file}, or delete it.")
    except OSError as error:
        yield bad(
            "settings", f"{file} can't be read: {error.strerror}.", f"Give yourself the right to read {file}."
        )


def _is_writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError:
        return False
    return True


def room(folder: Path) -> Iterator[Finding]:
    """How much room there is on the disks of the settings and of temporary files."""
    places = {"settings": folder, "temporary files": Path(tempfile.gettempdir())}
    for name, place in places.items():
        there = next((path for path in (place, *place.parents) if path.exists()), place)
        free = shutil.disk_usage(there).free // 10**6
        said = f"{free:,} MB are free for {name}"
        if free < TOO_LITTLE:
            yield bad("disk", f"{said}.", f"Make room on the disk of {there}.")
        elif free < LITTLE:
            yield note("disk", f"{said}.", f"Make room on the disk of {there}.")
        else:
            yield good("disk", said)
