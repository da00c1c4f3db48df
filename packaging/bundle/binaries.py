"""Libraries in C of a bundle on Linux: taking out what serves debuggers alone, and what system they need."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

_SIGN = b"\x7fELF"


def elf_files(folder: Path) -> Iterator[Path]:
    """Every program and library in a folder, links left out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == _SIGN:
                    yield path


def strip(folder: Path) -> None:
    """Take debugging symbols out of Python's own libraries and of packages; Qt's have none."""
    for path in elf_files(folder):
        if (
            "PySide6" not in path.parts and path.parent != folder
        ):  # a program has its archive behind the symbols
            subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)


def needed_by(path: Path) -> set[str]:
    """The libraries that one asks for."""
    said = subprocess.run(["readelf", "-d", str(path)], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+?)\]", said))


def oldest_system(folder: Path) -> str:
    """The version of the C library that has all that a folder uses: 2.34."""
    newest = (2, 0)
    for path in elf_files(folder):
        said = subprocess.run(["readelf", "-V", str(path)], check=True, capture_output=True, text=True).stdout
        found = [tuple(map(int, version.split("."))) for version in re.findall(r"GLIBC_(\d+\.\d+)\b", said)]
        newest = max([newest, *((major, minor) for major, minor in found)])
    return f"{newest[0]}.{newest[1]}"


def carried(folder: Path) -> set[str]:
    """The names of the libraries in a folder."""
    return {path.name for path in elf_files(folder)}
