"""What goes into the bundle, and what it says of itself to the systems: decided without building anything."""

from __future__ import annotations

import struct
import sys
from pathlib import Path, PurePosixPath

import pytest
from bundle import assemble, contents, icons, stage, texts
from PySide6.QtGui import QImage

from playground.core.bundle import LEFT_OUT

ROOT = Path(__file__).resolve().parents[2]
DRAWING = ROOT / "assets" / "app-icon.svg"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("json/__init__.py", True),
        ("sqlite3/dbapi2.py", True),
        ("unittest/mock.py", True),
        ("ensurepip/_bundled/pip-23.2.1-py3-none-any.whl", True),
        ("test/test_json.py", False),
        ("tkinter/__init__.py", False),
        ("unittest/test/__main__.py", False),
        ("turtle.py", False),
        ("config-3.11-x86_64-linux-gnu/Makefile", False),
        ("site-packages/flask/app.py", False),
    ],
)
def test_all_of_python_goes_along_but_its_tests_and_windows(path: str, kept: bool) -> None:
    assert contents.is_stdlib_kept(PurePosixPath(path)) is kept


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("flask/testing.py", True),
        ("werkzeug/test.py", True),
        ("flask-3.1.3.dist-info/METADATA", True),
        ("flask-3.1.3.dist-info/entry_points.txt", True),
        ("pyside6-6.11.3.dist-info/METADATA", True),
        ("PySide6/QtCore.abi3.so", False),
        ("libcst/tests/test_e2e.py", False),
        ("flask-3.1.3.dist-info/RECORD", False),
        ("../../../bin/flask", False),
    ],
)
def test_packages_go_along_with_what_is_known_of_them(path: str, kept: bool) -> None:
    assert contents.is_package_file_kept(PurePosixPath(path)) is kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PySide6/QtWidgets.abi3.so", True),
        ("PySide6/QtQuick3D.abi3.so", False),
        ("PySide6/Qt/lib/libQt6WebEngineCore.so.6", True),
        ("PySide6/Qt/lib/libQt6Charts.so.6", False),
        ("PySide6/Qt/lib/libQt6Multimedia.so.6", False),
        ("PySide6/Qt/lib/libQt6Pdf.so.6", False),
        ("PySide6/Qt/lib/libicudata.so.73", True),
        ("PySide6/Qt6Widgets.dll", True),
        ("PySide6/Qt6Charts.dll", False),
        ("PySide6\\QtWidgets.pyd", True),
        ("PySide6\\QtCharts.pyd", False),
        ("PySide6/Qt/lib/QtWidgets.framework/Versions/A/QtWidgets", True),
        ("PySide6/Qt/lib/QtCharts.framework/Versions/A/QtCharts", False),
        ("PySide6/Qt/lib/QtWebEngineCore.framework/Versions/A/Resources/qtwebengine_resources.pak", True),
        ("PySide6/Qt/qml/QtQuick/qmldir", False),
        ("PySide6/Qt/resources/qtwebengine_resources.pak", True),
        ("PySide6/Qt/resources/qtwebengine_devtools_resources.pak", False),
        ("PySide6/Qt/translations/qtwebengine_locales/en-US.pak", True),
        ("PySide6/Qt/translations/qtwebengine_locales/de.pak", False),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6/Qt/plugins/imageformats/libqpdf.so", False),
        ("libpython3.11.so.1.0", True),
        ("libssl.so.3", True),
        ("libxcb-cursor.so.0", True),
        ("libxcb.so.1", False),
        ("libstdc++.so.6", False),
        ("libfontconfig.so.1", False),
        ("libnss3.so", False),
        ("python/test.py", True),
        ("site-packages/werkzeug/test.py", True),
        ("python3.11/lib-dynload/_sqlite3.cpython-311-x86_64-linux-gnu.so", True),
        ("python3.11/lib-dynload/_testcapi.cpython-311-x86_64-linux-gnu.so", False),
    ],
)
def test_of_qt_and_the_system_goes_along_what_is_used(name: str, kept: bool) -> None:
    assert contents.is_kept(name, linux=True) is kept


def test_what_the_program_says_that_it_has_not_is_what_stays_out() -> None:
    assert LEFT_OUT <= contents.STDLIB_LEFT_OUT
    for name in LEFT_OUT:
        assert not contents.is_stdlib_kept(PurePosixPath(f"{name}.py"))


def test_the_libraries_of_x11_stand_beside_qts() -> None:
    assert contents.place_in_bundle("libxcb-cursor.so.0") == "PySide6/Qt/lib/libxcb-cursor.so.0"
    assert contents.place_in_bundle("libssl.so.3") == "libssl.so.3"


def test_what_is_needed_is_found_through_what_needs_it() -> None:
    needs = {"own": ["flask", "qt"], "flask": ["click", "jinja2"], "jinja2": ["markupsafe"], "other": ["x"]}
    assert contents.distributions_below("own", needs) == [
        "click",
        "flask",
        "jinja2",
        "markupsafe",
        "own",
        "qt",
    ]


def test_the_runtime_has_flask_and_qt_and_nothing_of_the_workshop() -> None:
    found = set(stage.runtime_distributions())
    assert {"flask", "werkzeug", "jinja2", "pyside6", "requests", "libcst", "python-dotenv"} <= found
    assert not {"pytest", "mypy", "ruff", "pyinstaller", "hypothesis"} & found


def test_each_byte_counts_for_one_part() -> None:
    found = contents.weights(
        [
            ("_internal/PySide6/Qt/lib/libQt6WebEngineCore.so.6", 500),
            ("_internal/PySide6/Qt/lib/libQt6Widgets.so.6", 40),
            ("_internal/PySide6/Qt/lib/libQt6Quick.so.6", 30),
            ("_internal/site-packages/playground/cli/entry.py", 7),
            ("_internal/site-packages/flask/app.py", 6),
            ("_internal/python/json/__init__.py", 5),
            ("_internal/libpython3.11.so.1.0", 4),
            ("playground", 1),
        ]
    )
    assert found["Chromium, for the preview"] == 500
    assert found["Qt: the window"] == 40
    assert found["The playground itself"] == 7
    assert found["Packages: Flask and what else is used"] == 6
    assert found["Python: the standard library"] == 5
    assert sum(found.values()) == 593
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert "Together" in assemble.table(found, {"it.tar.gz": 2_000_000})
    assert assemble.table(found, {"it.tar.gz": 2_000_000}).endswith("2.0 MB")


# What it says of itself


def test_the_entry_of_the_menu_names_program_icon_and_what_it_opens() -> None:
    lines = texts.desktop_entry("playground").splitlines()
    fields = dict(line.split("=", 1) for line in lines[1:])
    assert lines[0] == "[Desktop Entry]"
    assert fields["Exec"] == "playground open %f"
    assert fields["Terminal"] == "false"
    assert fields["Icon"] == "route-playground"
    assert fields["StartupWMClass"] == "Route Playground"
    assert fields["MimeType"].split(";") == ["inode/directory", "text/x-python", ""]


def test_a_package_depends_on_what_is_not_inside() -> None:
    table = """# a comment
run      libEGL.so.1             libegl1              libglvnd-egl        libglvnd
run      libasound.so.2          libasound2[t64]      alsa-lib            alsa-lib
run      libxcb-cursor.so.0      libxcb-cursor0       xcb-util-cursor     xcb-util-cursor

run      /usr/share/fonts/a.ttf|/usr/share/fonts/b  fonts-dejavu-core  x  y
wayland  libwayland-egl.so.1     libwayland-egl1      libwayland-egl      wayland
test     bin:Xvfb                xvfb                 x                   y
"""
    depends, recommends = texts.dependencies(table, {"libxcb-cursor.so.0"}, "2.35")
    assert depends == ["libc6 (>= 2.35)", "libgcc-s1", "libstdc++6", "libegl1", "libasound2t64 | libasound2"]
    assert recommends == ["fonts-dejavu-core", "libwayland-egl1"]


def test_the_real_table_becomes_a_control_file() -> None:
    table = (ROOT / "assets" / "system-libraries.txt").read_text()
    depends, recommends = texts.dependencies(table, set(), "2.36")
    text = texts.control("1.2.3", "amd64", 400_000, depends, recommends)
    fields = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(" "))
    assert fields["Package"] == "route-playground"
    assert fields["Version"] == "1.2.3"
    assert {"libnss3", "libxkbcommon0"} <= set(fields["Depends"].split(", "))
    assert "fonts-dejavu-core" in fields["Recommends"]
    assert not any("/" in name or "[" in name for name in fields["Depends"].split(", "))


def test_the_same_python_is_named_to_read_first() -> None:
    assert "glibc 2.35" in texts.read_me("1.0", "linux", "2.35")
    for system in ("linux", "darwin", "win32"):
        assert "portable" in texts.read_me("1.0", system)
    assert stage.version(ROOT) in texts.metainfo(stage.version(ROOT), "2026-11-30")


# The icon


@pytest.mark.parametrize("size", [16, 22, 24, 32, 48, 64, 96, 128, 256, 512])
def test_the_icon_is_there_in_every_size_and_is_seen(size: int, tmp_path: Path) -> None:
    icons.write_hicolor(DRAWING, tmp_path, "it")
    picture = QImage(str(tmp_path / "icons" / "hicolor" / f"{size}x{size}" / "apps" / "it.png"))
    assert (picture.width(), picture.height()) == (size, size)
    assert picture.pixelColor(0, 0).alpha() == 0
    top = picture.pixelColor(size // 2, max(2, size // 8))
    assert top.alpha() > 200
    assert top.red() < 60 < top.blue()
    dot = picture.pixelColor(round(size * 0.707), round(size * 0.332))
    assert dot.lightness() > 200, "the route that is taken is white, also at 16 pixels"


def test_windows_and_macos_have_theirs_in_one_file(tmp_path: Path) -> None:
    icons.write_containers(DRAWING, tmp_path, "it")
    ico, icns = (tmp_path / "it.ico").read_bytes(), (tmp_path / "it.icns").read_bytes()
    reserved, kind, count = struct.unpack("<HHH", ico[:6])
    assert (reserved, kind, count) == (0, 1, len(icons.ICO_SIZES))
    for number, size in enumerate(icons.ICO_SIZES):
        side, _, _, _, _, depth, length, offset = struct.unpack("<BBBBHHII", ico[6 + 16 * number :][:16])
        picture = QImage.fromData(ico[offset : offset + length])
        assert (side or 256, depth, picture.width()) == (size, 32, size)
    assert icns[:4] == b"icns"
    assert struct.unpack(">I", icns[4:8])[0] == len(icns)
    sizes, place = {}, 8
    while place < len(icns):
        name, length = icns[place : place + 4].decode(), struct.unpack(">I", icns[place + 4 : place + 8])[0]
        sizes[name] = QImage.fromData(icns[place + 8 : place + length]).width()
        place += length
    assert sizes["ic07"] == 128
    assert sizes["ic10"] == 1024
    assert sizes["ic11"] == 32


# What starts it


@pytest.fixture
def launcher(monkeypatch: pytest.MonkeyPatch) -> object:
    """The launcher as a module; what it changes in this Python is put back."""
    from bundle import launcher

    monkeypatch.setattr(sys, "argv", ["playground-python"])
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "executable", sys.executable)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    return launcher


def test_its_python_takes_options_as_python_does(
    launcher: object, capsys: pytest.CaptureFixture[str]
) -> None:
    as_python = launcher.as_python  # type: ignore[attr-defined]
    as_python(["-W", "ignore", "-u", "-c", "import sys; print(sys.argv, sys.path[0] == '')", "-m", "x"])
    as_python(["-P", "-c", "import sys; print(sys.path[0] == '')"])
    as_python(["-V"])
    assert capsys.readouterr().out.splitlines() == [
        "['-c', '-m', 'x'] True",
        "True",  # what stood there before stays: here, the first call's
        f"Python {sys.version.split()[0]}",
    ]


def test_its_python_runs_files_and_modules(
    launcher: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "beside_it.py").write_text("WORD = 'beside'\n")
    (tmp_path / "main.py").write_text(
        "import sys, beside_it\nprint(__name__, beside_it.WORD, sys.argv[1:])\n"
    )
    try:
        launcher.as_python([str(tmp_path / "main.py"), "--flag"])  # type: ignore[attr-defined]
    finally:
        sys.modules.pop("beside_it", None)
    with pytest.raises(SystemExit):  # by which that module ends
        launcher.as_python(["-m", "platform"])  # type: ignore[attr-defined]
    first, second = capsys.readouterr().out.splitlines()
    assert first == "__main__ beside ['--flag']"
    assert second.count("-") >= 2


def test_the_library_goes_along_with_what_makes_environments(tmp_path: Path) -> None:
    source, target = tmp_path / "python", tmp_path / "bundle"
    for name in (
        "json/__init__.py",
        "ensurepip/_bundled/pip-1-py3-none-any.whl",
        "test/test_it.py",
        "LICENSE.txt",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).touch()
    stage.copy_stdlib(source, target)
    found = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    assert found == ["ensurepip/_bundled/pip-1-py3-none-any.whl", "json/__init__.py"]
