"""What can end the process that tries it, tried in one of its own: packages, libraries, Qt.

The child says one thing a line, at once, so that what it said before it fell is known. It is this very
program with ``doctor --look``, as a bundle may have no Python to give code to.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playground.cli.health.findings import Finding, bad, good, note
from playground.cli.health.requirements import IMPORTED, how_to_get

SECONDS = 60.0
"""The child may take that long: the first import of Qt after a start of the machine reads 300 MB."""
LOOKS = ("libraries", "imports", "fonts", "window", "preview")
AS_ROOT = "QTWEBENGINE_DISABLE_SANDBOX"


@dataclass
class Seen:
    """What the children said: libraries that load, an error or nothing for each package, and words on Qt."""

    libraries: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    fell: dict[str, str] = field(default_factory=dict)


def look(child: Callable[[str], tuple[str, str]] | None = None) -> Seen:
    """Let a child look at each part; ``child`` gives what one said, and how it fell if it did."""
    seen = Seen()
    for part in LOOKS:
        said, fell = (child or _child)(part)
        if fell:
            seen.fell[part] = fell
        for line in said.splitlines():
            kind, _, rest = line.partition("\t")
            name, _, words = rest.partition("\t")
            if kind == "library":
                seen.libraries.add(name)
            elif kind == "import":
                seen.imports[name] = words
            elif kind == "word":
                seen.words[name] = words
    return seen


def _child(part: str) -> tuple[str, str]:
    is_python = "python" in Path(sys.executable).name  # in a bundle it may be the program itself
    start = [sys.executable, *(("-P", "-m", "playground") if is_python else ())]
    environment = dict(os.environ)
    if part == "fonts" or (part == "preview" and not _has_screen()):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    try:
        done = subprocess.run(
            [*start, "doctor", "--look", part],
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return "", f"did not answer within {SECONDS:.0f} seconds"
    except OSError as error:
        return "", f"could not be started: {error}"
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode == 0:
        return said, ""
    last = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return said, last[-1].strip() if last else f"ended with {done.returncode}"


def _has_screen() -> bool:
    from playground.cli.health.screen import trouble

    return not trouble()


# In the child --------------------------------------------------------------------------------------


def look_at(part: str) -> int:
    """Be the child: say what there is to be said of one part; returns the exit status."""
    for words in {
        "libraries": _libraries,
        "imports": _imports,
        "fonts": _fonts,
        "window": _window,
        "preview": _preview,
    }[part]():
        print("\t".join(" ".join(word.split()) for word in words), flush=True)
    return 0


def _libraries() -> Iterator[tuple[str, ...]]:
    from playground.cli.health.libraries import needed

    for one in needed() if sys.platform == "linux" else ():
        try:
            ctypes.CDLL(one.what)
        except OSError:
            continue
        yield "library", one.what


def _imports() -> Iterator[tuple[str, ...]]:
    for name, module in IMPORTED.items():
        try:
            importlib.import_module(module)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is what is to be said)
            yield "import", name, f"{type(error).__name__}: {error}"
        else:
            yield "import", name, ""


def _fonts() -> Iterator[tuple[str, ...]]:
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    application = QGuiApplication(sys.argv[:1])
    families = [name for name in QFontDatabase.families() if not QFontDatabase.isPrivateFamily(name)]
    yield "word", "fonts", str(len(families))
    yield "word", "monospace", str(any(map(QFontDatabase.isFixedPitch, families)))
    application.quit()


def _window() -> Iterator[tuple[str, ...]]:
    from PySide6.QtCore import qVersion
    from PySide6.QtWidgets import QApplication

    yield "word", "qt", qVersion()
    if _has_screen():
        application = QApplication(sys.argv[:1])
        yield "word", "platform", application.platformName()
        screen = application.primaryScreen()
        if screen is not None:
            size = screen.geometry()
            yield "word", "screen", f"{size.width()} x {size.height()}"


def _preview() -> Iterator[tuple[str, ...]]:
    from PySide6 import QtWebEngineWidgets

    yield "word", "preview", QtWebEngineWidgets.__name__


# What it means -------------------------------------------------------------------------------------


def qt(seen: Seen, has_screen: bool) -> Iterator[Finding]:
    """What was seen of Qt: whether it loads, draws, has fonts and a browser engine."""
    version = seen.words.get("qt", "")
    if not version:
        why = seen.fell.get("window") or seen.imports.get("pyside6") or "it said nothing"
        yield bad("Qt", f"can't be loaded: {why}.", _of_libraries(why))
        return
    yield good("Qt", version)
    if has_screen and "platform" not in seen.words:
        why = seen.fell.get("window", "it said nothing")
        yield bad("window", f"Qt can't open one here: {why}.", _of_libraries(why))
    elif has_screen:
        shown = f", {seen.words['screen']}" if "screen" in seen.words else ""
        yield good("window", f"Qt can open one ({seen.words['platform']}{shown})")
    yield from _font_findings(seen)
    if "preview" not in seen.words:
        why = seen.fell.get("preview", "it said nothing")
        yield note("page preview", f"its browser engine can't be loaded: {why}.", _of_libraries(why))


def _font_findings(seen: Seen) -> Iterator[Finding]:
    count = seen.words.get("fonts", "")
    install = (
        "Install fonts: in Debian fonts-noto-core fonts-dejavu-core, elsewhere Noto Sans and DejaVu Mono."
    )
    if not count:
        yield note("fonts", f"Qt could not be asked: {seen.fell.get('fonts', 'it said nothing')}.")
    elif count == "0":
        yield bad("fonts", "there are none, so nothing could be read.", install)
    elif seen.words.get("monospace") != "True":
        yield note("fonts", f"{count}, but none in which all letters are as wide, as code wants.", install)
    else:
        yield good("fonts", f"{count} families")


def _of_libraries(why: str) -> str:
    if ".so" in why or "platform plugin" in why or "xcb" in why:
        return "See the line on system libraries: what it lists has to be installed."
    if "No module named" in why:
        return "See the lines on packages: what is missing there has to be installed."
    return how_to_get("pyside6", again=True)
