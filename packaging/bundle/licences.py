"""The licences of all that is carried: a folder of texts, and a list that says which is whose."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

_WORDS = ("licen", "copying", "notice", "authors")
_OTHERS = """The libraries beside these (OpenSSL, SQLite, libffi, bzip2, xz, readline, ncurses, XCB and
xkbcommon) come from the system that the bundle was made on and are under their own free licences; Debian
keeps the texts in /usr/share/doc. Chromium's own list is shown by the page chrome://credits of any Chromium.
"""
_QT = """Qt and Qt for Python (PySide6, shiboken6) are used under the GNU Lesser General Public License,
version 3, whose text is in LGPL-3.0.txt; it builds on GPL-3.0.txt. They are separate libraries in the folder
_internal/PySide6, and you may replace them by your own builds of the same version. Their source is at
https://download.qt.io and https://code.qt.io. The preview is Qt WebEngine, which contains Chromium, by the
Chromium authors, under the licences of its parts.
"""


def collect(folder: Path, names: list[str], root: Path) -> None:
    """Write the licences of these distributions, of Python, Qt and ourselves into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "LICENSE", folder / "Route Playground.txt")
    for text in sorted((root / "packaging" / "licences").glob("*.txt")):
        shutil.copy(text, folder)
    python = next(Path(sysconfig.get_path("stdlib")).glob("LICENSE*"), Path(sys.base_prefix) / "LICENSE.txt")
    if python.is_file():
        shutil.copy(python, folder / "Python.txt")
    rows = [_row(name, folder) for name in [*names, "pyinstaller"]]
    head = f"Python {sys.version.split()[0]}: PSF-2.0 (Python.txt)\n"
    whole = f"{head}{''.join(rows)}\nQt\n\n{_QT}\nOthers\n\n{_OTHERS}"
    (folder / "READ ME.txt").write_text(whole, encoding="utf-8")


def _row(name: str, folder: Path) -> str:
    found = metadata.distribution(name)
    made = []
    for file in found.files or []:
        path = Path(str(file.locate()))
        if ".dist-info" in str(file) and any(word in path.name.lower() for word in _WORDS) and path.is_file():
            target = folder / f"{name} {path.name}{'' if path.suffix else '.txt'}"
            shutil.copy(path, target)
            made.append(target.name)
    of_qt = name.startswith(("pyside6", "shiboken6"))
    where = ", ".join(made) or (
        "LGPL-3.0.txt" if of_qt else "as said on its page in the Python Package Index"
    )
    return f"{found.metadata['Name']} {found.version}: {_said(found)} ({where})\n"


def name_of(found: metadata.Distribution) -> str:
    """The distribution's name as it is compared."""
    return str(found.metadata["Name"]).lower()


def _said(found: metadata.Distribution) -> str:
    """The licence in a few words, wherever the distribution says it."""
    given = (found.metadata.get_all(field, []) for field in ("License-Expression", "License"))
    plain = next((words[0] for words in given if words), "")
    if plain and "\n" not in plain and len(plain) < 80:
        return plain
    if name_of(found) == "pyinstaller":
        return "GPL-2.0 with an exception for what it makes; of it, this program holds what starts it"
    kinds = [row for row in found.metadata.get_all("Classifier", []) if row.startswith("License ::")]
    return kinds[0].rpartition(":: ")[2] if kinds else "see its text"
