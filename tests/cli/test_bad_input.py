"""Bad input gets exit status 1 and one line that says what is wrong; nothing is written or lost."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from playground.server.switching import switching

if TYPE_CHECKING:
    from conftest import Run


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


ADD = [
    (["users", "--text", "x"], "slash"),
    (["", "--text", "x"], "empty"),
    (["/<int:a", "--text", "x"], "never closed"),
    (["/a>", "--text", "x"], ">"),
    (["/<wat:a>", "--text", "x"], "wat"),
    (["/<a>/<a>", "--text", "x"], "already"),
    (["/<class>", "--text", "x"], "word of Python"),
    (["/a b", "--text", "x"], "space"),
    (["/", "--text", "x"], "index answers GET / already"),
    (["/x", "--text", "x", "--function", "index"], "index"),
    (["/x", "--text", "x", "--function", "class"], "word of Python"),
    (["/x", "--text", "x", "--function", "a-b"], "letters"),
    (["/x", "--json", "{a"], "JSON"),
    (["/x", "--json", ""], "JSON"),
    (["/x", "--json", "[" * 100_000], "nested too deeply"),
    (["/x", "--template", "nope.html"], "nope.html"),
    (["/x", "--text", "x", "--status", "999"], "999"),
    (["/x", "--text", "x", "--status", "two"], "two"),
    (["/x", "--error", "999"], "999"),
    (["/x", "--error", "200"], "200"),
    (["/x", "--error", "404", "--status", "500"], "--status"),
    (["/x", "--text", "x", "--var", "a=1"], "--var"),
    (["/x", "--template", "x.html", "--var", "a"], "NAME=EXPRESSION"),
    (["/x", "--redirect", "user"], "needs a value for number"),
    (["/x", "--python", "return ("], "line 1"),
    (["/x", "--python", "return " + "-" * 60_000 + "1"], "line 1"),
    (["/x", "--text", "x", "--methods", "FETCH"], "FETCH"),
    (["/x", "--text", "x", "--methods", ","], "No method"),
    (["/x", "--text", "x", "--owner", "nah"], "nah"),
    (["/x"], "--text"),
    (["/x", "--text", "x", "--json", "1"], "--json"),
    ([], "rule"),
]


@pytest.mark.parametrize(("words", "said"), ADD, ids=[" ".join(words)[:60] for words, _ in ADD])
def test_add(words: list[str], said: str, run: Run, project: Path) -> None:
    assert run("add", project, "/user/<int:number>", "--text", "u", "--function", "user").status == 0
    before = everything(project)
    assert said in run("add", project, *words).refusal
    assert everything(project) == before


CHANGE = [
    (["change", "nope", "--text", "x"], "nope"),
    (["change", "index", "--rule", "x"], "slash"),
    (["change", "index", "--rule", "/other"], "other answers"),
    (["change", "index", "--function", "other"], "other"),
    (["change", "index", "--status", "999"], "999"),
    (["change", "index", "--var", "a=1"], "--var"),
    (["change", "index", "--owner", "nah"], "nah"),
    (["change", "index"], "Nothing to change"),
    (["change"], "endpoint"),
    (["remove", "nope"], "index, other"),
    (["remove"], "endpoint"),
]


@pytest.mark.parametrize(("words", "said"), CHANGE, ids=[" ".join(words) for words, _ in CHANGE])
def test_change_and_remove(words: list[str], said: str, run: Run, project: Path) -> None:
    assert run("add", project, "/other", "--text", "o").status == 0
    before = everything(project)
    assert said in run(words[0], project, *words[1:]).refusal
    assert everything(project) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nosuch"], "nosuch"),
        (["--nosuch"], ""),
        (["routes"], "folder"),
        (["routes", ".", "--nosuch"], "--nosuch"),
        (["new", "x"], "--starter"),
        (["new", "x", "--starter", "nah"], "nah"),
        (["serve", ".", "--port", "abc"], "abc"),
    ],
)
def test_words_that_are_no_command(words: list[str], said: str, run: Run) -> None:
    assert said in run(*words).refusal


@pytest.mark.parametrize(("port", "said"), [("99999", "no port 99999"), ("-1", "no port -1")])
def test_ports_that_are_none(port: str, said: str, run: Run, project: Path) -> None:
    assert said in run("serve", project, "--port", port).refusal


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("soon", '"soon" is not a number of seconds'),
        ("", "no number"),
        ("-3", "-3 can't be a time limit"),
        ("0.001", "0 for no limit"),
        ("nan", "nan can't be"),
        ("1e99", "can't be a time limit"),
    ],
)
def test_time_limits_that_are_none(limit: str, said: str, run: Run, project: Path) -> None:
    assert said in run("serve", project, "--port", "0", "--limit", limit).refusal
    assert switching.wanted, "what was not begun has ended all the same"


@pytest.mark.parametrize("name", ["a b", "http://shop.example", "", "shop..example", "me@shop.example"])
def test_names_that_no_host_can_have(name: str, run: Run, project: Path) -> None:
    assert "is not the name of a host" in run("serve", project, "--port", "0", "--name", name).refusal


@pytest.mark.parametrize("host", ["nowhere.invalid", "..", "a" * 70])
def test_hosts_that_are_none(host: str, run: Run, project: Path) -> None:
    assert "cannot listen" in run("serve", project, "--port", "0", "--host", host).refusal


def test_a_port_in_use(run: Run, project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in run("serve", project, "--port", port).refusal


def binary(folder: Path) -> None:
    (folder / "app.py").write_bytes(bytes(range(256)) * 12)


def five_megabytes(folder: Path) -> None:
    text = "from flask import Flask\napp = Flask(__name__)\n" + "# a line that says nothing\n" * 200_000
    (folder / "app.py").write_text(text)


def half_typed(folder: Path) -> None:
    text = 'from flask import Flask\napp = Flask(__name__)\n\n@app.get("/")\ndef index(:\n    return ""\n'
    (folder / "app.py").write_text(text)


def deep(folder: Path) -> None:
    (folder / "app.py").write_text(
        "from flask import Flask\napp = Flask(__name__)\nx = " + "-" * 60_000 + "1"
    )


def nothing(folder: Path) -> None:
    pass


def a_folder_named_app(folder: Path) -> None:
    (folder / "app.py").mkdir()


FOREIGN: list[tuple[Callable[[Path], None], str]] = [
    (binary, "app.py"),
    (five_megabytes, "too large"),
    (deep, "nested too deeply"),
    (nothing, "no Flask app"),
    (a_folder_named_app, "no Flask app"),
]


@pytest.mark.parametrize(("make", "said"), FOREIGN, ids=[make.__name__ for make, _ in FOREIGN])
def test_folders_that_hold_no_readable_app(
    make: Callable[[Path], None], said: str, run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "foreign"
    folder.mkdir()
    make(folder)
    before = everything(folder)
    for more in ("--static", "--json"):
        found = run("routes", folder, more)  # some routes may be read all the same, or Flask knows them
        assert said in found.err
        assert found.err.count("\n") == 1
    assert said in run("add", folder, "/x", "--text", "x").refusal
    run("change", folder, "index", "--text", "x").refusal  # noqa: B018  one line, whatever it says
    assert everything(folder) == before


def test_what_is_half_typed_is_read_around_and_told(run: Run, tmp_path: Path) -> None:
    half_typed(tmp_path)
    for more in ("--static", "--json"):
        found = run("routes", tmp_path, more)
        assert found.status == 0
        assert "app.py:5" in found.err
        assert found.err.count("\n") == 1


@pytest.mark.parametrize("command", ["routes", "serve", "add", "change", "remove"])
def test_folders_that_are_none(command: str, run: Run, tmp_path: Path) -> None:
    more = {"add": ["/x", "--text", "x"], "change": ["x", "--text", "x"], "remove": ["x"]}.get(command, [])
    assert "no folder" in run(command, tmp_path / "gone", *more).refusal
    (tmp_path / "file").write_text("")
    assert "is a file" in run(command, tmp_path / "file", *more).refusal


def test_new_where_nothing_can_be_made(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "file" in run("new", tmp_path / "file" / "inner", "--starter", "hello").refusal
    assert "is a file" in run("new", tmp_path / "file", "--starter", "hello").refusal
    assert everything(tmp_path) == {str(tmp_path / "file"): b"mine"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(run: Run, project: Path) -> None:
    before = everything(project)
    project.chmod(0o555)
    try:
        assert "not allowed" in run("add", project, "/x", "--text", "x").refusal
    finally:
        project.chmod(0o755)
    assert everything(project) == before


def test_no_display_is_said_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert "no display" in run("open").refusal
