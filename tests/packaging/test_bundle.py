"""What is started by double click, as somebody has it who has no Python: the archive and the Debian package.

Each is unpacked elsewhere, started by the command of its desktop entry on a real X server, as a person
without rights, and driven from outside through the main job. Building takes minutes, so all of this is marked
long; PLAYGROUND_BUNDLE names a folder with packages that were just made, as the workflow does.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bundles
import pytest
from bundle import binaries, contents

ROOT = bundles.ROOT
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="the packages that were tried are those of Linux"),
]
MARK = """

@app.get("/mark")
def mark():
    import sqlite3, sys
    from flask import request
    with open("mark.txt", "w") as file:
        file.write(f"{request.headers['User-Agent']}, {sqlite3.sqlite_version}, {sys.frozen}")
    return "marked"
"""


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder with the archive, the package and the weights of this source."""
    named = os.environ.get("PLAYGROUND_BUNDLE")
    if named:
        return ROOT / named
    subprocess.run([sys.executable, "-P", str(ROOT / "packaging" / "make_bundle.py")], cwd=ROOT, check=True)
    return ROOT / "build"


@dataclass
class Installed:
    """One of the two, as it lies on a disk: its program and its desktop entry."""

    user: bundles.User
    program: Path
    entry: Path
    path: Path

    @property
    def python(self) -> Path:
        return self.program.resolve().with_name("playground-python")


@pytest.fixture(scope="session")
def from_archive(built: Path) -> Iterator[Installed]:
    """Unpacked, and put into the menu by its script."""
    with bundles.public_folder() as folder:
        user = bundles.User(folder)
        (archive,) = built.glob("route-playground-*.tar.gz")
        with tarfile.open(archive) as file:
            file.extractall(folder, filter="tar")
        user.give(folder)
        user.run("/bin/sh", folder / "route-playground" / "install.sh", PATH="/usr/bin:/bin")
        shutil.rmtree(folder / "route-playground")
        share = user.home / ".local" / "share"
        entry = share / "applications" / "route-playground.desktop"
        program = user.home / ".local" / "opt" / "route-playground" / "playground"
        yield Installed(user, program, entry, user.path)


@pytest.fixture(scope="session")
def from_deb(built: Path) -> Iterator[Installed]:
    """As dpkg lays the files out, below a folder that plays the root of the disk."""
    if shutil.which("dpkg-deb") is None:
        pytest.skip("there is no dpkg-deb here")
    with bundles.public_folder() as folder:
        user = bundles.User(folder)
        (package,) = built.glob("route-playground_*.deb")
        root = folder / "root"
        subprocess.run(["dpkg-deb", "-x", str(package), str(root)], check=True)
        entry = root / "usr" / "share" / "applications" / "route-playground.desktop"
        yield Installed(user, root / "usr" / "bin" / "playground", entry, root / "usr" / "bin")


@pytest.fixture(params=["from_archive", "from_deb"])
def installed(request: pytest.FixtureRequest) -> Installed:
    found: Installed = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def screen() -> Iterator[bundles.Screen]:
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program} here")
    with bundles.screen() as made:
        yield made


def test_the_window_does_the_main_job_where_there_is_no_python(
    installed: Installed, screen: bundles.Screen, tmp_path: Path
) -> None:
    user, shop = installed.user, installed.user.home / "shop"
    shutil.rmtree(shop, ignore_errors=True)
    user.run(installed.program, "new", shop, "--starter", "hello")
    app = shop / "app.py"
    command = bundles.exec_of(installed.entry, app)
    command[0] = shutil.which(command[0], path=str(installed.path)) or command[0]
    assert not any(shutil.which(python, path=str(installed.path)) for python in ("python", "python3"))
    with user.started(command, DISPLAY=screen.display, PATH=str(installed.path)) as process:
        screen.window("shop · Route Playground")
        (port,) = bundles.waited(lambda: bundles.ports(process.pid), "a socket")  # type: ignore[misc]
        address = f"http://127.0.0.1:{port}"
        bundles.waited(lambda: "Hello, World!" in bundles.asked(address)[1], "the app to answer")

        add_a_route(screen, "/users/<int:user_id>", tmp_path)
        bundles.waited(
            lambda: '@app.get("/users/<int:user_id>")' in app.read_text(), "the route in the source"
        )
        bundles.waited(lambda: bundles.asked(f"{address}/users/7") == (200, "Hello"), "the route to answer")
        assert bundles.asked(f"{address}/users/abc")[0] == 404

        app.write_text(app.read_text() + MARK)  # as another editor does
        bundles.waited(lambda: send(screen, "/mark", shop / "mark.txt"), "the request that the window sends")
        assert (shop / "mark.txt").read_text().startswith("RoutePlayground, ")
        status, errors = bundles.closed(process)
        assert (status, "Traceback" in errors) == (0, False), errors
    assert (user.home / ".local" / "share" / "route-playground" / "recent.json").is_file()


def add_a_route(screen: bundles.Screen, rule: str, tmp_path: Path) -> None:
    """By the form, and the button Add: the one that acts and is not Send, which stands at the right."""
    screen.keys("ctrl+n")
    screen.type(rule)

    def add() -> tuple[int, int] | None:
        found = [place for place in screen.buttons(tmp_path / "screen.png") if 300 < place[0] < 1000]
        return found[-1] if found else None

    screen.click(bundles.waited(add, "the button Add"))  # type: ignore[arg-type]


def send(screen: bundles.Screen, path: str, made: Path) -> bool:
    """From the request panel; whether what the view makes is there soon."""
    screen.keys("ctrl+l")
    screen.type(path)
    screen.keys("ctrl+Return")
    try:
        bundles.waited(lambda: made.exists() and made.read_text(), "the file", 3)
    except AssertionError:
        return False
    return True


def test_the_tour_ends_well_where_every_python_is_gone(from_archive: Installed) -> None:
    """Not only off the PATH: where we may, interpreters, libraries and this checkout are hidden from it."""
    with bundles.public_folder() as out:
        from_archive.user.give(out)
        tour = [str(from_archive.program), "tour", "--out", str(out)]
        if os.geteuid() == 0:
            tour = ["/bin/sh", "-c", hidden_from(["/usr/bin/setpriv", *bundles.NO_RIGHTS, *tour])]
            done = subprocess.run(
                ["/usr/bin/unshare", "--mount", *tour],
                env=from_archive.user.environment(),
                capture_output=True,
                text=True,
                timeout=bundles.LONG,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            said = done.stdout
        else:
            said = from_archive.user.run(*tour)
        assert "get_user  GET" in said  # `flask routes`, in a process of its own
        assert len(list(out.glob("*.png"))) >= 25


def hidden_from(command: list[str]) -> str:
    """What a shell with mounts of its own has to do so that a command finds no Python and nothing of ours."""
    libraries = [*Path("/usr/lib").glob("python3*"), *Path("/usr/local/lib").glob("python3*")]
    places = [
        path for path in (ROOT, Path(sys.base_prefix), *libraries) if path not in (Path("/usr"), Path("/"))
    ]
    programs = [path for path in Path("/usr/bin").glob("python3*") if not path.is_symlink()]
    hide = [f"/bin/mount -t tmpfs none {path}" for path in places if path.is_dir()]
    hide += [f"/bin/mount --bind /dev/null {path}" for path in programs]
    return "; ".join(["set -e", *hide, f"exec {shlex.join(command)}"])


def test_an_app_may_import_all_of_python_and_of_what_flask_brings(installed: Installed) -> None:
    names = sorted(
        name
        for name in sys.stdlib_module_names - contents.STDLIB_LEFT_OUT
        if name not in ("this", "antigravity")
    )
    here = [name for name in names if can_import(name)]
    names = [*here, "xml.etree.ElementTree", "http.server", "concurrent.futures", "importlib.metadata"]
    names += [
        "email.mime.text",
        "unittest.mock",
        "asyncio.subprocess",
        "wsgiref.simple_server",
        "encodings.idna",
    ]
    names += [
        "flask.testing",
        "flask.json.tag",
        "flask.cli",
        "flask.views",
        "flask.sansio.app",
        "werkzeug.test",
    ]
    names += [
        "jinja2.ext",
        "jinja2.sandbox",
        "itsdangerous",
        "click.testing",
        "dotenv",
        "requests",
        "markupsafe",
    ]
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\nprint('all')"
    assert installed.user.run(installed.python, "-W", "ignore", "-c", code, *names).endswith("all\n")
    assert len(here) > 250


def can_import(name: str) -> bool:
    """Whether this Python has it: some modules are another system's."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"import {name}"], capture_output=True, check=False
    )
    return done.returncode == 0


def test_versions_and_sources_are_known(installed: Installed) -> None:
    from importlib.metadata import version

    code = """
import importlib.metadata, inspect, json, sys, flask, threading
names = ["flask", "werkzeug", "PySide6", "requests", "flask-route-playground"]
(command,) = [one.value for one in importlib.metadata.entry_points(group="flask.commands")]
print(json.dumps({name: importlib.metadata.version(name) for name in names}))
print(command, "def run" in inspect.getsource(flask.Flask), threading.__file__.endswith(".py"))
"""
    versions, rest = installed.user.run(installed.python, "-c", code).splitlines()
    assert json.loads(versions)["flask"] == version("flask")
    assert json.loads(versions)["PySide6"] == version("PySide6")
    assert rest.startswith("flask_route_playground:command ")
    assert rest.endswith(" True True")


def test_what_starts_another_python_gets_one(installed: Installed) -> None:
    user, work = installed.user, installed.user.home / "work"
    work.mkdir(exist_ok=True)
    user.give(work)
    (work / "squares.py").write_text(
        "import multiprocessing, subprocess, sys\n"
        "def square(number):\n    return number * number\n"
        "if __name__ == '__main__':\n"
        "    for how in ('spawn', 'forkserver'):\n"
        "        with multiprocessing.get_context(how).Pool(2) as pool:\n"
        "            print(pool.map(square, [1, 2, 3]))\n"
        "    print(subprocess.check_output([sys.executable, '-c', 'print(6 * 7)'], text=True))\n"
    )
    said = user.run(installed.python, work / "squares.py", folder=work)
    assert said.split("\n")[:3] == ["[1, 4, 9]", "[1, 4, 9]", "42"]
    (work / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    assert "/static/<path:filename>" in user.run(installed.python, "-m", "flask", "routes", folder=work)


def test_its_python_makes_an_environment_whose_packages_an_app_has(installed: Installed) -> None:
    user, project = installed.user, installed.user.home / "with-packages"
    shutil.rmtree(project, ignore_errors=True)
    user.run(installed.program, "new", project, "--starter", "hello")
    user.run(installed.python, "-m", "venv", ".venv", folder=project)
    python = project / ".venv" / "bin" / "python"
    assert f"from {project}/.venv" in user.run(python, "-m", "pip", "--version", folder=project)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(user.run(python, "-c", where, folder=project).strip())
    assert site.is_relative_to(project / ".venv")
    (site / "only_there.py").write_text("RULE = '/from-the-package'\n")
    app = project / "app.py"
    app.write_text(
        app.read_text().replace('@app.get("/")', "import only_there\n\n\n@app.get(only_there.RULE)")
    )
    assert "/from-the-package" in user.run(installed.program, "routes", project)


def test_a_portable_one_keeps_all_beside_itself(from_archive: Installed) -> None:
    user, folder = from_archive.user, from_archive.program.parent
    (folder / "portable").touch()
    try:
        user.run(from_archive.program, "new", user.home / "portable-shop", "--starter", "hello")
        assert str(user.home / "portable-shop") in (folder / "data" / "trusted.json").read_text()
    finally:
        (folder / "portable").unlink()
        shutil.rmtree(folder / "data", ignore_errors=True)


def test_taking_it_out_leaves_settings_and_projects(built: Path) -> None:
    with bundles.public_folder() as folder:
        user = bundles.User(folder)
        small = folder / "small" / "with $igns & 100%"
        made = built / "bundle" / "dist" / "route-playground"
        shutil.copytree(made / "share", small / "share")
        for name in ("install.sh", "uninstall.sh"):
            shutil.copy(made / name, small)
        (small / "playground").write_text('#!/bin/sh\necho started "$@"\n')
        (small / "playground").chmod(0o755)
        settings = user.home / ".local" / "share" / "route-playground" / "settings.json"
        settings.parent.mkdir(parents=True)
        settings.write_text("{}")
        user.give(folder)
        user.run("/bin/sh", small / "install.sh", "--here", PATH="/usr/bin:/bin")
        share = user.home / ".local" / "share"
        entry = share / "applications" / "route-playground.desktop"
        command = bundles.exec_of(entry, Path("/some/app.py"))
        assert user.run(*command) == "started open /some/app.py\n"
        assert (share / "icons" / "hicolor" / "16x16" / "apps" / "route-playground.png").is_file()
        user.run("/bin/sh", small / "uninstall.sh", PATH="/usr/bin:/bin")
        left = [path.relative_to(user.home).as_posix() for path in user.home.rglob("*") if path.is_file()]
        assert [name for name in left if not name.endswith(".cache")] == [
            ".local/share/route-playground/settings.json"
        ]
        assert (small / "playground").exists()


def test_what_it_says_of_itself_holds_what_the_systems_ask(from_archive: Installed, built: Path) -> None:
    share = from_archive.program.parent / "share"
    checks = {
        "desktop-file-validate": [str(from_archive.entry)],
        "appstreamcli": ["validate", "--no-net", *map(str, (share / "metainfo").iterdir())],
    }
    for program, words in checks.items():
        if shutil.which(program):
            done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
    weights = json.loads((built / "bundle-weights.json").read_text())
    assert weights["unpacked"] == sum(weights["parts"].values())
    assert weights["unpacked"] < 450_000_000
    licences = {path.name for path in (from_archive.program.parent / "licences").iterdir()}
    assert {"LGPL-3.0.txt", "GPL-3.0.txt", "Python.txt", "flask LICENSE.txt", "READ ME.txt"} <= licences


def test_every_library_that_is_asked_for_is_inside_or_in_the_table(from_archive: Installed) -> None:
    folder = from_archive.program.parent
    table = (ROOT / "assets" / "system-libraries.txt").read_text().splitlines()
    listed = {line.split()[1] for line in table if line.strip() and not line.startswith("#")}
    always = {"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2"}
    always |= {"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libgcc_s.so.1", "libstdc++.so.6"}
    beside = {"libgthread-2.0.so.0", "libgobject-2.0.so.0", "libgio-2.0.so.0"}  # with GLib
    beside |= {"libbrotlicommon.so.1", "libnssutil3.so", "libsmime3.so"}  # with brotli, with NSS
    asked: set[str] = set()
    for path in binaries.elf_files(folder):
        if path.name not in (
            "libqgtk3.so",
            "_crypt.cpython-311-x86_64-linux-gnu.so",
        ):  # each works or is not there
            asked |= binaries.needed_by(path)
    assert asked - binaries.carried(folder) - listed - always - beside == set()
