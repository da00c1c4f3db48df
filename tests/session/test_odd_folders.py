"""Folders as nobody makes them on purpose: each one opens and can be edited, or a sentence says why not.

Nothing is ever half written, no file that is not a file is opened, and what is refused leaves all as it was.
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import shutil
import signal
import socket
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from disks import fill, small_disk
from project_folders import APP
from without_rights import without_rights

from playground.core.answers import Answer, AnswerKind
from playground.core.changes import ProjectState
from playground.core.problems import Problem, ProblemError
from playground.core.routes import RouteDraft
from playground.session.session import Session

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, modes and pipes as POSIX has them")


def state(session: Session) -> ProjectState:
    assert session.snapshot.project is not None
    return session.snapshot.project


def rules(session: Session) -> list[str]:
    return [route.rule for route in state(session).routes]


def refused(work: Callable[[], object]) -> Problem:
    with pytest.raises(ProblemError) as caught:
        work()
    return caught.value.problem


def said(work: Callable[[], object]) -> str:
    """What a refusal says; empty where there is none."""
    try:
        work()
    except ProblemError as error:
        return f"{error.problem.sentence} {error.problem.hint}"
    return ""


def holds(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# Names ----------------------------------------------------------------------------------------

NAMES = {
    "spaces": "my flask app ",
    "quotes": 'it\'s "mine"',
    "emoji": "🍕 café 日本",
    "dash": "-x",
    "braces": "{{ name }} %s {0} $HOME *",
    "long": "n" * 255,
    "dots": "...",
    "backslash": "a\\b",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_folder_of_any_name_opens_runs_and_is_edited(folder: Path, session: Session, name: str) -> None:
    odd = folder.rename(folder.with_name(name))
    (odd / "templates").mkdir()
    (odd / "templates" / "page.html").write_text("page")
    session.open(odd)
    assert state(session).name == name

    session.add_route(RouteDraft("/page", answer=Answer(AnswerKind.TEMPLATE, "page.html")))

    assert rules(session) == ["/", "/page"]
    assert session.go_live().loaded
    found = session.match("GET", "/page")
    assert found is not None and found.rule == "/page"


@POSIX
@pytest.mark.parametrize("name", [b"new\nline", b"tab\t", b"\xff\xfe", "\u202eright to left".encode()])
def test_a_folder_whose_name_is_hardly_text(folder: Path, session: Session, name: bytes) -> None:
    odd = Path(os.fsdecode(name))
    odd = folder.rename(folder.parent / odd)
    session.open(odd)
    session.add_route(RouteDraft("/more"))
    assert rules(session) == ["/", "/more"]
    assert session.go_live().loaded
    state(session).name.encode()  # it is shown
    assert [Path(path) for _, path, _ in session.recent_projects()] == [odd]


def test_names_as_long_as_names_may_be(folder: Path, session: Session) -> None:
    long = "n" * 250 + ".txt"
    (folder / long).write_text("old")
    deep = folder.joinpath(*(f"level{number}" for number in range(100)))
    deep.mkdir(parents=True)
    (deep / "last.txt").write_text("old")
    session.open(folder)
    for file in (long, deep.relative_to(folder).as_posix() + "/last.txt"):
        assert file in state(session).files
        session.write_text(file, "new", session.read_text(file).token)
        assert (folder / file).read_text() == "new"


def test_names_that_differ_in_normalisation_or_case_alone(folder: Path, session: Session) -> None:
    pairs = [unicodedata.normalize(form, "café.txt") for form in ("NFC", "NFD")] + ["Read.txt", "read.txt"]
    for name in pairs:
        (folder / name).write_text(name)
    there = sorted(path.name for path in folder.iterdir())  # fewer where the system takes two for one
    session.open(folder)
    assert sorted(state(session).files) == there
    for file in there:
        read = session.read_text(file)
        session.write_text(file, read.text + "!", read.token)
        assert (folder / file).read_text() == read.text + "!"


@POSIX
def test_files_whose_names_are_no_text_are_named_as_far_as_can_be(folder: Path, session: Session) -> None:
    (folder / "new\nline.py").write_text("x = 1\n")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.html")).write_text("x = 1\n")
    session.open(folder)
    sentences = [problem.sentence for problem in state(session).problems]
    assert len(sentences) == 1
    assert r"'new\nline.py'" in sentences[0]
    sentences[0].encode()
    assert state(session).files == ("app.py",)


# What lies in it ------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize(
    "name", ["app.py", "helper.py", "templates/page.html", ".env", ".flaskenv", "data.txt"]
)
@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "folder", "loop"])
def test_what_is_no_file_is_never_opened(
    folder: Path, session: Session, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    with contextlib.ExitStack() as stack:
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "socket":
            monkeypatch.chdir(path.parent)  # the name of a socket may not be long
            stack.enter_context(socket.socket(socket.AF_UNIX)).bind(path.name)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        elif kind == "folder":
            path.mkdir()
        else:
            path.symlink_to(path.name)
        session.open(folder)
        assert name not in state(session).files
        assert rules(session) == ([] if name == "app.py" else ["/"])
        assert refused(lambda: session.read_text(name)).sentence
        session.go_live()
        session.rescan()
        refused(lambda: session.write_text(name, "x", None))
        assert not path.is_file()


def test_a_file_that_becomes_a_folder_and_comes_back(folder: Path, session: Session) -> None:
    session.open(folder)
    read = session.read_text("app.py")
    (folder / "app.py").unlink()
    (folder / "app.py").mkdir()
    session.rescan(frozenset({"app.py"}))
    assert rules(session) == []
    assert "folder" in said(lambda: session.write_text("app.py", "x", read.token))
    (folder / "app.py").rmdir()
    (folder / "app.py").write_text(APP)
    session.rescan(frozenset({"app.py"}))
    assert rules(session) == ["/"]


@POSIX
def test_a_log_of_a_hundred_megabytes_is_not_read(folder: Path, session: Session) -> None:
    for name in ("app.log", "log.txt", "templates/big.html", "big.py"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as stream:
            stream.truncate(100_000_000)  # a file with a hole
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    session.open(folder)
    assert rules(session) == ["/"]
    for name in ("log.txt", "templates/big.html", "big.py"):
        assert "large" in said(lambda name=name: session.read_text(name))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_a_file_that_changes_while_it_is_read_is_read_again(
    folder: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from playground.project import index

    real = index.read_bytes
    changed: list[str] = []

    def read(of: Path, file: str) -> bytes | None:
        data = real(of, file)
        if not changed:
            changed.append(file)
            (of / file).write_text(APP + '\n\n@app.get("/new")\ndef new():\n    return "new"\n')
        return data

    monkeypatch.setattr(index, "read_bytes", read)
    session.open(folder)
    session.rescan()
    assert rules(session) == ["/", "/new"]


@POSIX
def test_links_to_files_elsewhere_stay_links(folder: Path, session: Session, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "app.py").rename(elsewhere / "real.py")
    (folder / "app.py").symlink_to(elsewhere / "real.py")
    (folder / "again.py").symlink_to(folder / "app.py")
    session.open(folder)
    session.add_route(RouteDraft("/more"))
    assert (folder / "app.py").is_symlink()
    assert "/more" in (elsewhere / "real.py").read_text()
    assert [path.name for path in elsewhere.iterdir()] == ["real.py"]


@POSIX
def test_a_name_that_several_share_is_kept_by_all(folder: Path, session: Session, tmp_path: Path) -> None:
    (tmp_path / "twin.py").hardlink_to(folder / "app.py")
    session.open(folder)
    session.add_route(RouteDraft("/more"))
    assert "/more" in (folder / "app.py").read_text()
    assert (tmp_path / "twin.py").read_text() in {APP, (folder / "app.py").read_text()}


# Text in other encodings ----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso-8859-15", "koi8-r", "utf-8-sig", "shift_jis"])
def test_python_in_another_encoding_is_edited_in_it(folder: Path, session: Session, encoding: str) -> None:
    word = {"koi8-r": "привет", "shift_jis": "こんにちは"}.get(encoding, "café")
    name = encoding.removesuffix("-sig")
    text = f"# -*- coding: {name} -*-\n# {word}\n{APP}"
    (folder / "app.py").write_bytes(text.encode(encoding))
    session.open(folder)

    session.add_route(RouteDraft("/more", answer=Answer(AnswerKind.TEXT, word)))

    data = (folder / "app.py").read_bytes()
    assert data.startswith(text.encode(encoding)[:60])
    assert data.decode(encoding).count(word) == 2
    assert session.go_live().loaded
    session.undo()
    assert (folder / "app.py").read_bytes() == text.encode(encoding)


@pytest.mark.parametrize("data", ["<p>é</p>".encode("utf-16"), b"<p>\xe9</p>", b"\xff\x00"])
def test_a_template_that_is_not_utf_8_is_a_problem_and_is_left_alone(
    folder: Path, session: Session, data: bytes
) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "page.html").write_bytes(data)
    session.open(folder)
    assert ["UTF-8" in str(problem) for problem in state(session).problems] == [True]
    assert "UTF-8" in said(lambda: session.read_text("templates/page.html"))
    session.add_route(RouteDraft("/more"))
    assert (folder / "templates" / "page.html").read_bytes() == data


# Whole folders --------------------------------------------------------------------------------


def test_a_root_that_is_itself_a_package(tmp_path: Path, session: Session) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n"
        "    from . import views\n    app.register_blueprint(views.bp)\n    return app\n"
    )
    (folder / "views.py").write_text(
        'from flask import Blueprint\n\nbp = Blueprint("views", __name__)\n\n\n'
        '@bp.get("/")\ndef home():\n    return "home"\n'
    )
    session.open(folder)
    assert rules(session) == ["/"]
    session.add_route(RouteDraft("/more", owner="views"))
    assert session.go_live().loaded
    found = session.match("GET", "/more")
    assert found is not None and found.endpoint == "views.more"


def test_three_apps_in_one_folder(tmp_path: Path, session: Session) -> None:
    folder = tmp_path / "three"
    for name in ("one", "two", "three"):
        (folder / name).mkdir(parents=True)
        (folder / name / "app.py").write_text(APP.replace('"/"', f'"/{name}"'))
    session.open(folder)
    assert sorted(rules(session)) == ["/one", "/three", "/two"]
    assert len(state(session).app_candidates) == 3


def test_a_folder_that_goes_away_and_comes_back(folder: Path, session: Session, tmp_path: Path) -> None:
    session.open(folder)
    read = session.read_text("app.py")
    for gone in (lambda: shutil.move(folder, tmp_path / "moved"), lambda: shutil.rmtree(folder)):
        shutil.copytree(folder, tmp_path / "kept", dirs_exist_ok=True)
        gone()
        for work in (
            lambda: session.add_route(RouteDraft("/x")),
            lambda: session.write_text("app.py", "x = 1\n", read.token),
            lambda: session.new_file("static/x.css"),
            session.rescan,
        ):
            assert str(folder) in said(work) or "app.py" in said(work)
        assert not folder.exists()
        shutil.copytree(tmp_path / "kept", folder)
        session.rescan()
        assert rules(session) == ["/"]


# Rights ---------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize(
    ("closed", "mode"),
    [
        ("", 0o555),
        ("app.py", 0o444),
        ("app.py", 0o000),
        ("secret", 0o000),
        ("secret/x.py", 0o000),
        ("templates", 0o300),
    ],
    ids=[
        "folder read only",
        "file read only",
        "file closed",
        "folder inside closed",
        "file inside closed",
        "list",
    ],
)
def test_what_may_not_be_read_or_written(folder: Path, home: Path, closed: str, mode: int) -> None:
    for name in ("secret", "templates"):
        (folder / name).mkdir()
    (folder / "secret" / "x.py").write_text("x = 1\n")
    (folder / "templates" / "page.html").write_text("page")
    before = holds(folder)

    def use() -> tuple[list[str], list[str], str]:
        (folder / closed).chmod(mode)
        session = Session()
        try:
            session.open(folder)
            problems = [str(problem) for problem in state(session).problems]
            outcome = said(lambda: session.add_route(RouteDraft("/more")))
            listed = rules(session)
            session.go_live()
            return listed, problems, outcome
        finally:
            session.close()

    listed, problems, outcome = without_rights(use)
    (folder / closed).chmod(0o755)

    if closed in {"", "app.py"}:
        assert outcome
        assert holds(folder) == before
        assert "app.py" in outcome
        assert listed == ([] if mode == 0 else ["/"])
        assert bool(problems) == (mode == 0)
    else:
        assert outcome == ""
        assert listed == ["/", "/more"]
        assert [closed in problem for problem in problems] == [True]
    assert not list(folder.rglob(".playground*"))


@POSIX
def test_a_file_keeps_its_mode_and_its_owner(folder: Path, session: Session) -> None:
    (folder / "app.py").chmod(0o640)
    if os.geteuid() == 0:
        os.chown(folder / "app.py", 65534, 65534)
    before = (folder / "app.py").stat()
    session.open(folder)
    session.add_route(RouteDraft("/more"))
    after = (folder / "app.py").stat()
    assert (before.st_mode, before.st_uid, before.st_gid) == (after.st_mode, after.st_uid, after.st_gid)


# A full disk ----------------------------------------------------------------------------------


@POSIX
def test_a_file_that_may_not_grow_stays_whole(folder: Path, home: Path) -> None:
    """The limit of a file's size stands for a disk that fills up in the middle of a write."""
    (folder / "templates").mkdir()
    (folder / "templates" / "page.html").write_text("page")
    (folder / "app.py").write_text(APP.replace('return "home"', 'return render_template("page.html")'))
    before = holds(folder)

    def write() -> list[str]:
        session = Session()
        session.open(folder)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        read = session.read_text("app.py")
        token = session.read_text("templates/page.html").token
        return [
            said(lambda: session.write_text("app.py", read.text + "# more\n" * 2000, read.token)),
            said(lambda: session.write_text("templates/page.html", "x" * 5000, token)),
            said(lambda: session.add_route(RouteDraft("/x", answer=Answer(AnswerKind.TEXT, "x" * 5000)))),
        ]

    outcomes = without_rights(write)

    assert holds(folder) == before
    assert ["can't be written" in outcome for outcome in outcomes] == [True] * 3


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@POSIX
def test_a_disk_that_is_full_is_named_and_the_old_file_stays(disk: Path, session: Session) -> None:
    folder = disk / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "app.py").write_text(APP)
    for name in ("a", "b", "c"):
        (folder / "templates" / f"{name}.html").write_text('{% extends "base.html" %}' + name * 5000)
    (folder / "templates" / "base.html").write_text("base")
    session.open(folder)
    read = session.read_text("app.py")
    filler = fill(disk)
    before = holds(folder)

    for work in (
        lambda: session.write_text("app.py", read.text + "# more\n" * 1000, read.token),
        lambda: session.add_route(RouteDraft("/more")),
        lambda: session.rename_template("base.html", "layout.html"),
        lambda: session.new_template("new.html"),
    ):
        problem = refused(work)
        assert "disk is full" in problem.sentence
        assert str(disk) in problem.sentence
        assert holds(folder) == before

    filler.unlink()
    session.rename_template("base.html", "layout.html")
    session.add_route(RouteDraft("/more"))
    assert rules(session) == ["/", "/more"]


def test_the_sentence_of_a_full_disk_when_it_is_full_at_last(
    folder: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some disks take what is written and refuse it when it is flushed."""
    session.open(folder)
    before = holds(folder)

    def flush(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", flush)
    assert "disk is full" in said(lambda: session.add_route(RouteDraft("/more")))
    monkeypatch.undo()
    assert holds(folder) == before


@pytest.mark.parametrize("name", ["a" * 300 + ".txt", "é" * 200 + ".txt", "a" * 300 + "/b.txt"])
def test_a_new_file_needs_a_name_that_a_file_can_have(session: Session, folder: Path, name: str) -> None:
    session.open(folder)
    with pytest.raises(ProblemError, match="too long") as refusal:
        session.new_file(name)
    assert refusal.value.problem.field == "file"
