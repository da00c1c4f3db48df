"""What goes into the bundle and what stays out: decisions alone, nothing is read or written here.

The bundle keeps the shape of an ordinary Python: `python/` is the standard library as source with its
bytecode, `site-packages/` is what pip would have installed. So tracebacks show their lines, versions are
known, and every module that an app may import is there, whether or not ours imports it. PyInstaller brings
what starts it, the libraries in C, and Qt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from playground.core.bundle import LEFT_OUT

NAME = "route-playground"
"""Of files, folders and packages; the command is `playground`."""
PROGRAM = "playground"
STDLIB, PACKAGES = "python", "site-packages"

_TESTS_IN_C = frozenset(
    {"_testbuffer", "_testcapi", "_testclinic", "_testimportmultiple", "_testinternalcapi", "_testmultiphase"}
)
_ELSEWHERE = frozenset(
    {"site-packages", "lib-dynload", "__pycache__", "_tkinter", "_xxtestfuzz", "_ctypes_test"}
)
STDLIB_LEFT_OUT = LEFT_OUT | _ELSEWHERE | _TESTS_IN_C
"""What the program says that it has not, what has a place of its own here, and what only tests Python."""

QT_MODULES = (
    *("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtNetwork", "QtTest", "QtDBus", "QtPrintSupport"),
    *("QtWebEngineCore", "QtWebEngineWidgets", "QtWebChannel"),
)
_PYTHON_OF_QT = frozenset(QT_MODULES)
NOT_ANALYSED = ("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtQuickWidgets", "PySide6.QtOpenGL")
"""Chromium stands on their libraries, which come along by themselves; of their Python, nothing is used."""
"""What the window imports, and what those import in turn."""

_QT_LIBRARIES = frozenset(
    {"Core", "DBus", "Gui", "Network", "OpenGL", "Positioning", "PrintSupport", "Qml", "QmlMeta", "QmlModels"}
    | {
        "QmlWorkerScript",
        "Quick",
        "QuickWidgets",
        "Svg",
        "Test",
        "WaylandClient",
        "WaylandEglClientHwIntegration",
    }
    | {"WebChannel", "WebEngineCore", "WebEngineWidgets", "Widgets", "WlShellIntegration", "XcbQpa"}
)
"""Chromium stands on Quick and Qml, which stand on the others: without one of them it does not start."""

_PLUGINS = {
    "platforms": {
        "xcb",
        "wayland",
        "wayland-egl",
        "wayland-generic",
        "offscreen",
        "minimal",
        "windows",
        "cocoa",
    },
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platformthemes": {"gtk3", "xdgdesktopportal"},
    "imageformats": {"gif", "ico", "jpeg", "svg", "webp"},
    "iconengines": {"svgicon"},
    "styles": {"modernwindowsstyle", "macstyle"},
    "tls": {"opensslbackend", "certonlybackend", "schannelbackend", "securetransportbackend"},
    "networkinformation": None,
    "xcbglintegrations": None,
    "wayland-decoration-client": None,
    "wayland-graphics-integration-client": {"qt-plugin-wayland-egl"},
    "wayland-shell-integration": {"xdg-shell", "qt-shell"},
}
"""Of each kind of plugin, those that are kept; None keeps all."""

LOCALES = frozenset({"en-US", "en-GB"})
"""The languages in which Chromium speaks of a form that is not filled in; the playground speaks English."""

_RESOURCES_LEFT_OUT = ("qtwebengine_devtools_resources", ".debug.", "v8_context_snapshot.debug")

_CARRIED = re.compile(
    r"lib(python|ssl|crypto|sqlite3|ffi|bz2|lzma|readline|ncurses|tinfo|panel|crypt|uuid|gdbm|db-|nsl|tirpc|mpdec"
    r"|xcb-(cursor|icccm|image|keysyms|render-util|util|xkb)\b|xkbcommon|xkbfile)"
)
"""Of the system's libraries, what is carried along: what Python stands on, and the small ones of X11 that a
desktop may lack. All else has to be the system's own: drivers for the screen are loaded into the same process
and need the newest C++ library, sound and fonts need the settings that belong to theirs."""

_OF_QT = re.compile(r"lib(xcb-|xkb)")


def is_stdlib_kept(path: PurePosixPath) -> bool:
    """Whether a file of the standard library, by its path within it, goes along."""
    top = path.parts[0].partition(".")[0]
    if top in STDLIB_LEFT_OUT or path.parts[0].startswith("config-") or "__pycache__" in path.parts:
        return False
    if {"tests", "test", "idle_test"} & set(path.parts[:-1]):
        return False
    return path.suffix == ".py" or (top == "ensurepip" and path.suffix == ".whl")


def is_package_file_kept(path: PurePosixPath) -> bool:
    """Whether a file of an installed distribution, by its path in site-packages, goes along."""
    if ".." in path.parts or path.is_absolute() or "__pycache__" in path.parts:
        return False  # scripts, which start a Python that is not there
    if path.parts[0] in {"PySide6", "shiboken6"} or path.suffix in {".pyi", ".c", ".h", ".pxd", ".pyx"}:
        return False  # Qt is PyInstaller's part
    if "tests" in path.parts[1:-1]:
        return False
    return path.name not in {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "py.typed"}


def is_kept(name: str, *, linux: bool) -> bool:
    """Whether something that PyInstaller found goes along; `name` is where it would stand in the bundle."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.parts[0] in (STDLIB, PACKAGES):
        return True  # decided above, file by file
    if path.parts[0] == "PySide6":
        return _is_qt_kept(path)
    if linux and path.name.startswith("lib") and ".so" in path.name and len(path.parts) == 1:
        return _CARRIED.match(path.name) is not None
    if path.parts[0] == "setuptools" or path.suffix == ".chk":
        return False
    return path.name.partition(".")[0] not in STDLIB_LEFT_OUT


def _is_qt_kept(path: PurePosixPath) -> bool:
    parts = path.parts
    if "qml" in parts or "metatypes" in parts or any(word in path.name for word in _RESOURCES_LEFT_OUT):
        return False
    if "qtwebengine_locales" in parts:
        return path.stem in LOCALES
    if "translations" in parts:
        return False
    if "plugins" in parts:
        return _is_plugin_kept(parts[parts.index("plugins") + 1 :])
    if path.parent.name == "PySide6" and re.search(r"\.(so|pyd)$", path.name) and path.name.startswith("Qt"):
        return path.name.partition(".")[0] in _PYTHON_OF_QT
    found = re.match(r"(?:lib)?Qt6?(\w+?)(?:\.abi3)?\.(?:so|dll|framework|pyd|dylib)", path.name)
    framework = next((part.removesuffix(".framework") for part in parts if part.endswith(".framework")), "")
    module = framework.removeprefix("Qt") or (found[1] if found else "")
    return not module or module in _QT_LIBRARIES


def _is_plugin_kept(parts: tuple[str, ...]) -> bool:
    if len(parts) < 2 or parts[0] not in _PLUGINS:
        return False
    wanted = _PLUGINS[parts[0]]
    stem = parts[-1].partition(".")[0].removeprefix("lib")
    return wanted is None or stem in wanted or stem.removeprefix("q") in wanted


def place_in_bundle(name: str) -> str:
    """Where a library stands: those of X11 beside Qt's, which alone look for them and do so right there."""
    return f"PySide6/Qt/lib/{name}" if "/" not in name and _OF_QT.match(name) else name


def distributions_below(root: str, needs: dict[str, list[str]]) -> list[str]:
    """A distribution and all that it needs, in alphabetical order; `needs` says what each asks for."""
    found: set[str] = set()
    left = [root]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += needs.get(name, [])
    return sorted(found)


PARTS = (
    ("Chromium, for the preview", re.compile(r"WebEngine|qtwebengine|icudtl|v8_context|libexec/")),
    (
        "Qt Quick and Qml, on which Chromium stands",
        re.compile(r"PySide6/.*(Quick|Qml|WebChannel|Positioning|OpenGL)"),
    ),
    ("Qt: letters of all languages (ICU)", re.compile(r"PySide6/.*libicu")),
    ("Qt: plugins", re.compile(r"PySide6/.*plugins/")),
    ("Qt: the window", re.compile(r"PySide6/|shiboken6/")),
    ("The playground itself", re.compile(rf"{PACKAGES}/(playground|flask_route)")),
    ("Packages: Flask and what else is used", re.compile(rf"{PACKAGES}/")),
    (
        "Python: the standard library",
        re.compile(rf"{STDLIB}/|lib-dynload/|base_library|lib(ssl|crypto|sqlite)"),
    ),
    ("Python itself", re.compile(r"_internal/")),
    ("What starts it, licences, icons", re.compile(r"")),
)
"""Who a file counts for, by the first of these that its path in the bundle holds."""


def weights(files: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Bytes of each part, the heaviest first, from paths with sizes."""
    found = {name: 0 for name, _ in PARTS}
    for path, size in files:
        found[next(name for name, pattern in PARTS if pattern.search(path))] += size
    return dict(sorted(found.items(), key=lambda row: -row[1]))
