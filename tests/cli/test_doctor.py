"""``playground doctor``: says what is missing and how to get it, on machines where much is."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import socket
import sys
from collections import namedtuple
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playground.cli import doctor
from playground.cli.health import libraries, looking, machine, requirements, screen
from playground.cli.health.findings import Finding, Mark, surely
from playground.cli.health.looking import Seen

if TYPE_CHECKING:
    from conftest import Run

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="X11, Wayland and Qt's libraries")


def one(findings: Iterable[Finding], what: str = "") -> Finding:
    """The only finding, or the only one of that name."""
    (found,) = [finding for finding in findings if what in ("", finding.what)]
    return found


@pytest.fixture
def all_seen() -> Seen:
    """What is said of a machine where all is well."""
    there = {lib.what for lib in libraries.needed({"WAYLAND_DISPLAY": "wayland-0"})}
    words = {"qt": "6.11.3", "platform": "xcb", "screen": "1440 x 900", "fonts": "9", "monospace": "True"}
    return Seen(there, dict.fromkeys(requirements.IMPORTED, ""), words | {"preview": "there"})


# As a command ---------------------------------------------------------------------------------------


def test_this_machine_is_examined_in_processes_apart(process: Run) -> None:
    done = process("doctor", "--json", QT_QPA_PLATFORM="offscreen")
    assert done.err == ""
    said = json.loads(done.out)
    assert said["ok"], said
    assert done.status == 0
    named = {check["what"] for check in said["checks"]}
    assert {"Python", "flask", "pyside6", "display", "Qt", "window", "fonts", "settings", "disk"} <= named
    assert all(check["todo"] for check in said["checks"] if check["mark"] == "bad")


@linux
def test_where_qt_can_not_be_imported_it_says_what_to_do(tmp_path: Path, process: Run) -> None:
    broken = tmp_path / "PySide6"
    broken.mkdir()
    error = "libEGL.so.1: cannot open shared object file: No such file or directory"
    (broken / "__init__.py").write_text(f"raise ImportError({error!r})\n")
    about = {"PYTHONPATH": tmp_path, "QT_QPA_PLATFORM": "offscreen"}
    done = process("doctor", **about, PYTHONIOENCODING="ascii")  # a terminal that lacks the signs
    assert done.status == 1
    assert done.err == ""
    assert "ok Python: " in done.out
    assert f"x Qt: can't be loaded: ImportError: {error}." in done.out
    assert "See the line on system libraries" in done.out
    assert "in the way" in done.out.splitlines()[-1]
    opened = process("open", **about)
    assert error in opened.refusal
    assert "playground doctor" in opened.refusal
    assert "playground doctor" in process("tour", **about).refusal


def test_plain_lines_and_an_exit_status(
    run: Run, monkeypatch: pytest.MonkeyPatch, all_seen: Seen, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "look", lambda: all_seen)
    monkeypatch.setattr(screen, "trouble", lambda *_: "")
    done = run("doctor")
    assert done.status == 0, done
    assert "✓ window: Qt can open one (xcb, 1440 x 900)" in done.out
    all_seen.words.pop("platform")
    all_seen.fell["window"] = "could not load the Qt platform plugin xcb"
    done = run("doctor")
    assert done.status == 1
    line, todo = done.out[done.out.index("✗") :].splitlines()[:2]
    assert line == "✗ window: Qt can't open one here: could not load the Qt platform plugin xcb."
    assert todo == "    See the line on system libraries: what it lists has to be installed."
    assert done.out.endswith("1 of these is in the way; the line below says what to do.\n")


def test_where_no_process_can_be_started_the_rest_is_still_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_process() -> Seen:
        raise OSError("no more processes")

    monkeypatch.setattr(doctor, "look", no_process)
    done = run("doctor")
    assert done.status == 1
    assert "✗ Qt: can't be loaded: OSError: no more processes." in done.out
    assert "✓ flask: " in done.out


def test_a_check_that_fails_itself_is_a_finding() -> None:
    def broken() -> list[Finding]:
        raise ValueError("odd")

    assert one(surely("disk", broken)) == Finding(
        "disk", Mark.NOTE, "could not be looked at: ValueError: odd"
    )


# Python and packages --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "bits", "words"),
    [((3, 10, 4), 64, "is too old"), ((3, 12, 0), 32, "32 bits"), ((3, 11, 0), 64, "3.11.0")],
)
def test_python(version: tuple[int, ...], bits: int, words: str) -> None:
    found = one(requirements.python(version, bits))
    assert words in found.said
    assert (found.mark is Mark.GOOD) == (words == "3.11.0")


@pytest.mark.parametrize(
    ("there", "version", "wanted", "said"),
    [
        ("3.1.0", (3, 11), "flask>=3.1", "✓ 3.1.0"),
        ("3.0.9", (3, 11), "flask>=3.1", "✗ 3.0.9 is not at least 3.1."),
        ("", (3, 11), "flask>=3.1", "✗ is not installed."),
        ("6.12.0", (3, 11), "pyside6!=6.12.0,>=6.8", "✗ 6.12.0 crashes on Python 3.11."),
        ("6.12.0", (3, 13), "pyside6>=6.8", "✓ 6.12.0"),
        ("10.0.1", (3, 11), "segno>=9.2", "✓ 10.0.1"),
        ("6.12.0", (3, 13), "pyside6!=6.12.0,>=6.8", "✗ 6.12.0 is not other than 6.12.0 and at least 6.8."),
    ],
)
def test_packages(
    monkeypatch: pytest.MonkeyPatch, there: str, version: tuple[int, ...], wanted: str, said: str
) -> None:
    monkeypatch.setattr(requirements, "_version", lambda _: there)
    found = one(requirements.packages(version, [wanted]))
    assert f"{found.mark.sign} {found.said}" == said
    assert found.todo in ("", f'{sys.executable} -m pip install "{wanted}"')


def test_every_package_that_the_wheel_asks_for_is_looked_at_and_imported() -> None:
    asked = {requirements._parsed(line)[0] for line in requirements._required()}
    assert asked == set(requirements.IMPORTED)


def test_a_package_that_is_there_and_can_not_be_imported() -> None:
    found = one(requirements.imports({"flask": "", "libcst": "ImportError: broken", "nothing-such": "no"}))
    assert (found.what, found.said) == ("libcst", "can't be imported: ImportError: broken")


def test_nothing_is_installed_into_a_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    found = one(requirements.packages((3, 13), ["nothing-such>=1.0"]))
    assert "unpack the playground again" in found.todo
    monkeypatch.setattr(sys, "executable", "/opt/route-playground/playground")
    started: list[list[str]] = []
    monkeypatch.setattr(looking.subprocess, "run", lambda words, **_: started.append(words) or 1 / 0)
    for program in ("playground", "playground-python"):
        monkeypatch.setattr(sys, "executable", f"/opt/{program}")
        with pytest.raises(ZeroDivisionError):
            looking.look()
    look = ["doctor", "--look", "libraries"]
    assert started == [
        ["/opt/playground", *look],
        ["/opt/playground-python", "-P", "-m", "playground", *look],
    ]


# The system -----------------------------------------------------------------------------------------


def test_the_table_is_read_as_the_set_up_reads_it() -> None:
    text = (ROOT / "assets" / "system-libraries.txt").read_text(encoding="utf-8")
    rows = libraries.table(text)
    assert all(set(row.packages) == {"apt", "dnf", "pacman"} for row in rows)
    set_up = runpy.run_path(str(ROOT / "packaging" / "dev.py"))
    nowhere = set_up["missing_packages"](("run", "wayland", "test"), "/nowhere/at/all")
    on_the_path = {"xvfb", "xdotool"}  # which may be there
    assert set(nowhere) | on_the_path == {row.packages["apt"] for row in rows} | on_the_path


@linux
@pytest.mark.parametrize(
    ("tool", "command"),
    [
        ("apt", "apt-get install --no-install-recommends libegl1 libxcb-cursor0"),
        ("dnf", "dnf install libglvnd-egl xcb-util-cursor"),
        ("pacman", "pacman -S --needed libglvnd xcb-util-cursor"),
    ],
)
def test_missing_libraries_by_the_names_of_each_system(
    all_seen: Seen, monkeypatch: pytest.MonkeyPatch, tool: str, command: str
) -> None:
    monkeypatch.setattr(libraries, "is_root", lambda: False)
    there = all_seen.libraries - {"libEGL.so.1", "libxcb-cursor.so.0"}
    found = one(libraries.missing(there, tool))
    assert found.said == "2 are missing: libEGL.so.1, libxcb-cursor.so.0."
    assert found.todo == f"sudo {command}"


def test_a_system_with_another_package_tool_gets_the_names_to_look_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lacking = [row for row in libraries.needed() if row.what in ("libasound.so.2", "libGL.so.1")]
    assert "libgl1 libasound2." in libraries.install(lacking, "")


@pytest.mark.parametrize(
    ("file", "value", "words"),
    [
        ("kernel/unprivileged_userns_clone", "0", "user namespaces"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor"),
        ("kernel/unprivileged_userns_clone", "1", ""),
    ],
)
@linux
def test_the_sandbox_of_the_preview(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, value: str, words: str
) -> None:
    monkeypatch.setattr(libraries, "is_root", lambda: False)
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(f"{value}\n")
    found = list(libraries.sandbox(tmp_path))
    assert len(found) == (1 if words else 0)
    assert not words or (words in found[0].said and found[0].todo.startswith("sudo sysctl "))


@linux
def test_a_screen_that_answers_and_those_that_do_not(tmp_path: Path) -> None:
    assert screen.trouble({}) == screen.NO_SCREEN
    assert screen.trouble({"QT_QPA_PLATFORM": "offscreen"}) == ""
    assert screen.trouble({"DISPLAY": ":4711"}) == "The display that DISPLAY=:4711 names does not answer."
    assert screen.trouble({"DISPLAY": "elsewhere:0"}) == ""
    wayland = {"WAYLAND_DISPLAY": "way", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert screen.trouble(wayland) == "The display that WAYLAND_DISPLAY=way names does not answer."
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "way"))
        server.listen()
        assert screen.trouble(wayland) == ""
        assert one(screen.screen(wayland)).mark is Mark.GOOD
    assert one(screen.screen({})).mark is Mark.BAD


@linux
def test_the_library_that_qt_would_end_the_process_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert screen.lacking({"DISPLAY": ":0"}) == "", "it is here, as these tests have windows"
    monkeypatch.setattr(screen, "CURSORS", "libxcb-nothing-such.so.0")
    assert screen.lacking({"DISPLAY": ":0"}) == "libxcb-nothing-such.so.0"
    assert screen.lacking({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}) == ""
    assert screen.lacking({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}) == ""


@linux
def test_a_window_without_that_library_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.cli.window.lacking", lambda: "libxcb-cursor.so.0")
    refusal = run("open").refusal
    assert "Qt needs libxcb-cursor.so.0" in refusal
    assert "playground doctor" in refusal


@linux
def test_a_window_is_refused_on_a_screen_that_does_not_answer(process: Run) -> None:
    done = process("open", DISPLAY=":4711", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert done.refusal.startswith("The display that DISPLAY=:4711 names does not answer.")


# The rest of the machine ----------------------------------------------------------------------------


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = one(machine.ports(port))
        assert found.mark is Mark.NOTE
        assert f"port {port} can't be had" in found.said
    assert one(machine.ports(port)).mark is Mark.GOOD


def test_a_folder_for_settings_that_is_not_there_yet(tmp_path: Path) -> None:
    assert one(machine.home(tmp_path / "new" / "home")).mark is Mark.GOOD


def test_settings_that_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{broken")
    (tmp_path / "recent.json").write_text("{}")
    (tmp_path / "trusted.json").mkdir()
    found = [finding for finding in machine.home(tmp_path) if finding.mark is Mark.NOTE]
    assert [finding.said.split(" is damaged")[0] for finding in found] == [
        "settings.json",
        "recent.json",
        "trusted.json",
    ]


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    assert next(machine.home(tmp_path / "home")).mark is Mark.BAD


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_can_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    found = one(machine.home(tmp_path))
    tmp_path.chmod(0o700)
    assert found.mark is Mark.BAD
    assert "PLAYGROUND_HOME" in found.todo


@pytest.mark.parametrize(("megabytes", "mark"), [(5, Mark.BAD), (100, Mark.NOTE), (5000, Mark.GOOD)])
def test_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, megabytes: int, mark: Mark
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, megabytes * 10**6))
    assert {finding.mark for finding in machine.room(tmp_path)} == {mark}


# What the processes apart said ----------------------------------------------------------------------


def test_what_a_child_said_before_it_fell_is_known() -> None:
    def child(part: str) -> tuple[str, str]:
        return ("word\tqt\t6.11.3\n", "Aborted") if part == "window" else ("", "")

    seen = looking.look(child)
    assert (seen.words, seen.fell) == ({"qt": "6.11.3"}, {"window": "Aborted"})
    found = one(looking.qt(seen, has_screen=True), "window")
    assert found.said == "Qt can't open one here: Aborted."


def test_no_fonts(all_seen: Seen) -> None:
    all_seen.words["fonts"] = "0"
    found = one(looking.qt(all_seen, has_screen=False), "fonts")
    assert found.mark is Mark.BAD
    assert "fonts-noto-core" in found.todo


def test_no_browser_engine_is_no_reason_not_to_start(all_seen: Seen) -> None:
    del all_seen.words["preview"]
    all_seen.fell["preview"] = "ImportError: libnss3.so: cannot open shared object file"
    found = one(looking.qt(all_seen, has_screen=False), "page preview")
    assert found.mark is Mark.NOTE
    assert "libnss3.so" in found.said
