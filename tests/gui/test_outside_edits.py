"""Edits of other programs, in the ways that editors and git write files, are soon seen everywhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from starts import Start
from window_driver import Driver

from playground.gui import open_window

APP = '''\
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/hello")
def hello():
    """Greet."""
    return "Hello 0"


@app.get("/page")
def page():
    return render_template("page.html")
'''
PAGE = "<p>page 0</p>\n<p>second</p>\n"

HABITS = {
    "truncate and write": "p.write_text(text)",
    "write beside and rename": "t = p.with_name('.' + p.name + '.new'); t.write_text(text); os.replace(t, p)",
    "move away and write": "os.rename(p, b := p.with_name(p.name + '~')); p.write_text(text); b.unlink()",
    "delete and make again": "p.unlink(); time.sleep(0.02); p.write_text(text)",
    "in pieces": (
        "f = p.open('w')\nfor n in range(0, len(text), 40):\n"
        "    f.write(text[n:n + 40]); f.flush(); time.sleep(0.01)\nf.close()"
    ),
    "change the mode too": "p.write_text(text); p.chmod(0o600); p.chmod(0o644)",
    "many times quickly": (
        "for n in range(30, 0, -1):\n    p.write_text(text + '\\n' * n); time.sleep(0.003)\n"
        "p.write_text(text)"
    ),
    "keep size and time": "s = p.stat(); p.write_text(text); os.utime(p, ns=(s.st_atime_ns, s.st_mtime_ns))",
}
USUAL = ("truncate and write", "write beside and rename", "in pieces")
UNUSUAL = tuple(one for one in HABITS if one not in USUAL)
PROGRAM = (
    "import os, sys, time\nfrom pathlib import Path\n"
    "p, text = Path(sys.argv[1]), sys.stdin.buffer.read().decode()\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    (project / "templates").mkdir(parents=True)
    (project / "templates" / "page.html").write_text(PAGE)
    (project / "app.py").write_text(APP)
    return project


def write_as(habit: str, file: Path, text: str) -> None:
    """Let another program write a file."""
    subprocess.run([sys.executable, "-c", PROGRAM + HABITS[habit], file], input=text.encode(), check=True)


def rows(driver: Driver) -> set[str]:
    model = driver.child("routes.tree").model()
    found: set[str] = set()
    above = [model.index(place, 0) for place in range(model.rowCount())]
    while above:
        index = above.pop()
        found.add(str(index.data()))
        above += [model.index(place, 0, index) for place in range(model.rowCount(index))]
    return found


def a_view_changed_elsewhere_is_soon_in_form_code_and_answer(driver: Driver, habit: str) -> None:
    driver.window.workbench.open_route(driver.route("/hello"))
    write_as(habit, driver.folder() / "app.py", APP.replace("Hello 0", "Hello 1"))
    driver.wait(lambda: driver.text("route.answer.value") == "Hello 1", "the form")
    driver.wait(lambda: 'return "Hello 1"' in driver.text("route.code"), "the code")
    driver.settled()
    assert driver.send("/hello")[1] == "Hello 1"


def a_template_changed_elsewhere_is_soon_in_its_editor_and_answer(driver: Driver, habit: str) -> None:
    driver.window.workbench.open_template("page.html")
    driver.wait(lambda: driver.text("template.editor") == PAGE, "the template")
    write_as(habit, driver.folder() / "templates" / "page.html", PAGE.replace("page 0", "page 1"))
    driver.wait(lambda: "page 1" in driver.text("template.editor"), "the editor")
    driver.settled()
    driver.window.workbench.open_route(driver.route("/page"))
    assert "page 1" in driver.send("/page")[1]


def what_is_typed_stays_whatever_another_program_does_beside_it(driver: Driver, habit: str) -> None:
    file = driver.folder() / "templates" / "page.html"
    driver.window.workbench.open_template("page.html")
    driver.type_before("template.editor", "second", "mine ")
    write_as(habit, file, PAGE.replace("page 0", "theirs"))
    driver.wait(lambda: driver.has("conflict.text") or "theirs" in driver.text("template.editor"), "theirs")
    driver.settled()
    if driver.has("conflict.text"):  # it was not there for a moment, or held only a part
        driver.click("conflict.both")
    driver.wait(lambda: not driver.window.workbench.pages.pending, "the typing to be written")
    driver.settled()
    assert "mine second" in driver.text("template.editor")
    assert file.read_text() == driver.text("template.editor")


def a_template_under_another_name_is_listed_under_it(driver: Driver) -> None:
    driver.window.workbench.open_template("page.html")
    driver.wait(lambda: driver.text("template.editor") == PAGE, "the template")
    page = driver.folder() / "templates" / "page.html"
    subprocess.run(["mv", page, page.with_name("other.html")], check=True)
    driver.wait(lambda: "other.html" in rows(driver) and "page.html" not in rows(driver), "it")
    pages = driver.window.workbench.pages
    titles = lambda: [pages.tabToolTip(place) for place in range(pages.count())]  # noqa: E731
    driver.wait(lambda: "templates/page.html" not in titles(), "the page of what is gone to close")
    driver.settled()


def a_file_that_only_gets_another_mode_changes_nothing(driver: Driver) -> None:
    changes: list[object] = []
    driver.window.workspace.changed.connect(changes.append)
    (driver.folder() / "app.py").chmod(0o600)
    (driver.folder() / "later.txt").write_text("a sign that the watcher has come so far")
    driver.wait(lambda: "later.txt" in rows(driver), "what was written after it")
    driver.settled()
    files = [file for change in changes for file in change.files]  # type: ignore[attr-defined]
    assert "app.py" not in files


def routes_that_come_and_go_are_in_list_and_map(driver: Driver) -> None:
    more = APP + '\n\n@app.get("/more")\ndef more():\n    return "more"\n'
    write_as("write beside and rename", driver.folder() / "app.py", more)
    driver.wait(lambda: "/more" in rows(driver), "the route in the list")
    driver.live()
    assert driver.send("/more")[1] == "more"
    write_as("truncate and write", driver.folder() / "app.py", APP)
    driver.wait(lambda: "/more" not in rows(driver), "the route to be gone")
    driver.live()
    assert driver.send("/more")[0].startswith("404")


EACH_HABIT = [pytest.param(USUAL, id="usual"), pytest.param(UNUSUAL, id="unusual", marks=pytest.mark.long)]


@pytest.mark.parametrize("habits", EACH_HABIT)
def test_however_another_program_writes_it_is_soon_seen_and_nothing_typed_is_lost(
    driver: Driver, habits: tuple[str, ...]
) -> None:
    start = Start(driver)
    for habit in habits:
        for claim in (
            a_view_changed_elsewhere_is_soon_in_form_code_and_answer,
            a_template_changed_elsewhere_is_soon_in_its_editor_and_answer,
            what_is_typed_stays_whatever_another_program_does_beside_it,
        ):
            claim(driver, habit)
            start.again()


def test_files_and_routes_that_come_and_go_are_listed(driver: Driver) -> None:
    a_file_that_only_gets_another_mode_changes_nothing(driver)
    routes_that_come_and_go_are_in_list_and_map(driver)
    a_template_under_another_name_is_listed_under_it(driver)


# Another branch -----------------------------------------------------------------------------------


def git(folder: Path, *words: str) -> None:
    names = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


def many(number: int) -> dict[str, str]:
    """Fifty files as they are on a branch."""
    parts = {
        f"part{n}.py": (
            f'from flask import Blueprint\n\nbp = Blueprint("part{n}", __name__)\n\n\n'
            f'@bp.get("/part{n}/branch{number}")\ndef view():\n    return "part {n} of branch {number}"\n'
        )
        for n in range(49)
    }
    names = "".join(f"import part{n}\n" for n in range(49))
    registered = "".join(f"app.register_blueprint(part{n}.bp)\n" for n in range(49))
    hello = f'\n\n@app.get("/hello")\ndef hello():\n    return "Hello {number}"\n'
    return {
        **parts,
        "app.py": f"from flask import Flask\n{names}\napp = Flask(__name__)\n{registered}{hello}",
    }


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_another_branch_is_checked_out_under_the_open_project(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / ".gitignore").write_text("__pycache__/\n")
    for number in (0, 1):
        for name, text in many(number).items():
            (folder / name).write_text(text)
        git(folder, "add", ".")
        git(folder, "commit", "-q", "-m", f"branch {number}")
        git(folder, "branch", f"branch{number}")
    git(folder, "checkout", "-q", "branch0")
    driver = Driver(qtbot, open_window(folder))
    driver.live()
    driver.window.workbench.open_route(driver.route("/hello"))
    git(folder, "checkout", "-q", "branch1")
    driver.wait(lambda: driver.text("route.answer.value") == "Hello 1", "the form")
    wanted = {f"/part{n}/branch1" for n in range(49)}
    driver.wait(lambda: wanted <= rows(driver), "the routes of the other branch")
    driver.live()
    assert driver.send("/part48/branch1")[1] == "part 48 of branch 1"
    driver.wait(lambda: not any("branch0" in row for row in rows(driver)), "those of the first to be gone")
    driver.close()
