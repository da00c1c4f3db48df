"""Renames, moves and clean-ups in the window: asked for, shown as a whole, applied or not, undone at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from starts import Start
from window_driver import Driver
from yardstick import yard

from playground.core.diffs import file_diffs
from playground.core.proposals import Proposal
from playground.gui.panels.proposal import ProposalView

FILES = {
    "app.py": """\
from flask import Flask, redirect, render_template, url_for

from users import bp

app = Flask(__name__)
app.register_blueprint(bp, url_prefix="/users")


@app.get("/")
def home():
    return render_template("home.html")


@app.get("/old")
def old():
    return redirect(url_for("home"))
""",
    "users.py": """\
from flask import Blueprint, redirect, url_for

bp = Blueprint("users", __name__)


@bp.get("/<int:user_id>")
def show(user_id):
    return redirect(url_for("home"))
""",
    "templates/home.html": """\
<a href="{{ url_for('home') }}">home</a>
<a href="{{ url_for('old') }}">old</a>
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "shop"
    (project / "templates").mkdir(parents=True)
    for name, text in FILES.items():
        (project / name).write_text(text)
    return project


def texts(driver: Driver) -> dict[str, str]:
    files = (path for path in driver.folder().rglob("*") if path.is_file() and "__pycache__" not in str(path))
    return {path.relative_to(driver.folder()).as_posix(): path.read_text() for path in files}


def ask(driver: Driver, name: str) -> None:
    """Answer the question with a name, and wait for what would change."""
    driver.type("ask.input", name)
    driver.click("ask.ok")
    driver.child("proposal.view")


def press(driver: Driver, key: Qt.Key) -> None:
    driver.qtbot.keyClick(QApplication.focusWidget(), key)


def rename_home(driver: Driver) -> None:
    driver.window.workbench.open_route(driver.route("/"))
    press(driver, Qt.Key.Key_F2)
    assert driver.text("ask.choice") == "function home"
    ask(driver, "start")


def a_function_is_renamed_in_all_files_after_a_look_at_them(driver: Driver) -> None:
    rename_home(driver)
    assert texts(driver) == FILES
    shown = driver.text("proposal.diff")
    for file in FILES:
        assert file in shown
    assert "- def home():" in shown
    assert "+ def start():" in shown
    assert driver.child("proposal.files").count() == len(FILES)
    assert QApplication.focusWidget() is driver.child("proposal.apply")
    press(driver, Qt.Key.Key_Return)
    driver.wait(lambda: "def start():" in texts(driver)["app.py"], "the rename to be written")
    driver.live()
    now = texts(driver)
    assert not any("'home'" in text or '"home"' in text for text in now.values())
    assert driver.text("banner.text").startswith("Done: rename function home to start")
    page = driver.window.workbench.pages.current_page()
    driver.wait(lambda: page.route == driver.route("/"), "the page to follow")
    assert driver.window.workbench.pages.count() == 1
    assert driver.send("/old")[0].startswith("200")
    driver.click("banner.action")
    driver.wait(lambda: texts(driver) == FILES, "one undo to bring all of it back")
    driver.live()


def escape_writes_nothing_and_the_page_is_there_again(driver: Driver) -> None:
    rename_home(driver)
    press(driver, Qt.Key.Key_Escape)
    assert not driver.has("proposal.view")
    assert driver.has("route.rule")
    assert texts(driver) == FILES
    driver.settled()


def enter_on_cancel_cancels(driver: Driver) -> None:
    rename_home(driver)
    driver.child("proposal.cancel").setFocus()
    press(driver, Qt.Key.Key_Return)
    driver.wait(lambda: not driver.has("proposal.view"), "the pages to be back")
    driver.settled()
    assert texts(driver) == FILES


def enter_applies_from_where_one_reads(driver: Driver, name: str) -> None:
    rename_home(driver)
    driver.child(name).setFocus()
    press(driver, Qt.Key.Key_Return)
    driver.wait(lambda: "def start():" in texts(driver)["app.py"], "the rename to be written")
    driver.live()


def a_parameter_is_renamed(driver: Driver) -> None:
    driver.window.workbench.open_route(driver.route("/<int:user_id>"))
    press(driver, Qt.Key.Key_F2)
    driver.choose("ask.choice", "parameter user_id")
    assert driver.text("ask.input") == "user_id"
    ask(driver, "number")
    driver.click("proposal.apply")
    driver.wait(lambda: "def show(number):" in texts(driver)["users.py"], "the parameter")
    driver.live()
    assert "/<int:number>" in texts(driver)["users.py"]


def a_blueprint_is_renamed_from_its_row(driver: Driver) -> None:
    side = driver.window.workbench.side
    owner = next(one for one in driver.window.workspace.snapshot.project.owners if one.kind == "blueprint")
    side.select_route(driver.route("/<int:user_id>").key)
    tree = driver.child("routes.tree")
    tree.setCurrentIndex(tree.currentIndex().parent())
    tree.setFocus()
    press(driver, Qt.Key.Key_F2)
    assert owner.name in driver.text("ask.input")
    ask(driver, "people")
    driver.click("proposal.apply")
    driver.wait(lambda: 'Blueprint("people"' in texts(driver)["users.py"], "the blueprint's name")
    driver.live()


def a_route_is_renamed_from_its_row(driver: Driver) -> None:
    driver.window.workbench.side.select_route(driver.route("/old").key)
    driver.child("routes.tree").setFocus()
    press(driver, Qt.Key.Key_F2)
    assert driver.text("ask.choice") == "function old"
    press(driver, Qt.Key.Key_Escape)


def what_can_not_be_done_is_said_at_the_question(driver: Driver) -> None:
    driver.window.workbench.open_route(driver.route("/"))
    press(driver, Qt.Key.Key_F2)
    for name in ("class", "home", ""):
        driver.type("ask.input", name)
        driver.click("ask.ok")
        driver.wait(lambda: driver.has("ask.problem"), "why not")
        driver.settled()
    driver.click("ask.cancel")
    assert texts(driver) == FILES


def a_file_that_changes_meanwhile_is_shown_as_it_is_now(driver: Driver) -> None:
    rename_home(driver)
    users = driver.folder() / "users.py"
    users.write_text(FILES["users.py"] + "\n# theirs\n")
    page = driver.folder() / "templates" / "home.html"
    page.write_text(FILES["templates/home.html"] + "{{ url_for('home') }} theirs\n")
    driver.wait(lambda: "theirs" in driver.text("proposal.diff"), "their line in the diff")
    driver.settled()
    driver.click("proposal.apply")
    driver.wait(lambda: "def start():" in texts(driver)["app.py"], "the rename to be written")
    driver.live()
    assert "# theirs" in users.read_text()
    assert "{{ url_for('start') }} theirs" in page.read_text()


def what_is_typed_is_in_the_files_before_anything_is_proposed(driver: Driver) -> None:
    driver.window.workbench.open_route(driver.route("/"))
    driver.type("route.doc", "Typed just now")
    driver.window.commands.wide.rename()
    ask(driver, "start")
    driver.click("proposal.apply")
    driver.wait(lambda: "def start():" in texts(driver)["app.py"], "the rename to be written")
    driver.live()
    assert "Typed just now" in texts(driver)["app.py"]


def a_route_is_moved_to_a_blueprint(driver: Driver) -> None:
    driver.window.workbench.open_route(driver.route("/old"))
    driver.window.commands.table["route.move"].callback()
    driver.choose("ask.choice", "users, in the file")
    assert driver.text("ask.input") == "users.py"
    driver.click("ask.ok")
    driver.child("proposal.view")
    driver.click("proposal.apply")
    driver.wait(lambda: "def old():" in texts(driver)["users.py"], "the route in its new file")
    driver.live()
    assert "def old():" not in texts(driver)["app.py"]
    assert driver.window.workbench.pages.current_page().route == driver.route("/old")
    assert driver.send("/users/old")[0].startswith("200")


def imports_that_nothing_uses_are_taken_out_when_asked(driver: Driver) -> None:
    app = driver.folder() / "app.py"
    app.write_text(f"import json\n{FILES['app.py']}")
    driver.wait(lambda: "app.py" in driver.window.workspace.snapshot.project.files, "the file")
    driver.settled()
    driver.window.commands.table["project.clean"].callback()
    driver.wait(lambda: "- import json" in driver.text("proposal.diff"), "what would go")
    driver.click("proposal.apply")
    driver.wait(lambda: app.read_text() == FILES["app.py"], "it to be gone")
    driver.live()


def test_a_rename_is_shown_and_applied_or_not(driver: Driver) -> None:
    start = Start(driver)
    for claim in (
        a_function_is_renamed_in_all_files_after_a_look_at_them,
        escape_writes_nothing_and_the_page_is_there_again,
        enter_on_cancel_cancels,
        a_file_that_changes_meanwhile_is_shown_as_it_is_now,
        what_is_typed_is_in_the_files_before_anything_is_proposed,
    ):
        claim(driver)
        start.again()
    for name in ("proposal.diff", "proposal.files"):
        enter_applies_from_where_one_reads(driver, name)
        start.again()


def test_whatever_has_a_name_is_renamed_moved_or_cleaned(driver: Driver) -> None:
    start = Start(driver)
    for claim in (
        a_route_is_renamed_from_its_row,
        what_can_not_be_done_is_said_at_the_question,
        a_parameter_is_renamed,
        a_blueprint_is_renamed_from_its_row,
        a_route_is_moved_to_a_blueprint,
        imports_that_nothing_uses_are_taken_out_when_asked,
    ):
        claim(driver)
        start.again()


# The view alone -----------------------------------------------------------------------------------


def test_a_big_proposal_is_shown_and_scrolled_quickly(qtbot: QtBot) -> None:
    before: dict[str, bytes | None] = {
        f"part{number}.py": b"".join(b"value = old(%d)\n" % line for line in range(2_000))
        for number in range(50)
    }
    after = {file: (text or b"").replace(b"old", b"new") for file, text in before.items()}
    proposal = Proposal("rename function old to new", before, after, ("One", "Two"))
    diffs = file_diffs(proposal)
    view = ProposalView()
    qtbot.addWidget(view)
    view.resize(1000, 600)
    began = time.thread_time()
    view.show_proposal(proposal, diffs)
    with qtbot.waitExposed(view):
        view.show()
    diff = view.findChild(type(view._diff), "proposal.diff")
    assert diff is not None
    for _ in range(50):
        qtbot.keyClick(diff, Qt.Key.Key_PageDown)
        diff.viewport().repaint()
    took = time.thread_time() - began
    assert took < 400 * yard(), took  # 200,000 lines; a text widget would take minutes
    view._files.setCurrentRow(30)
    assert "part36.py" in diff.text().split("\n")[diff.verticalScrollBar().value()]


# What the form's renames can't tell -----------------------------------------------------------------

UNSURE = """

@app.get("/any/<page>")
def any_page(page):
    return redirect(url_for(page))
"""


def a_rename_by_the_form_says_what_it_could_not_tell_and_shows_it(driver: Driver) -> None:
    source = driver.folder() / "app.py"
    source.write_text(FILES["app.py"] + UNSURE)
    driver.wait(lambda: len(driver.window.workspace.snapshot.project.routes) == 4, "the edit to be read")
    driver.live()
    driver.window.workbench.open_route(driver.route("/"))
    driver.type("route.function", "start")
    driver.child("route.uses.list")
    driver.settled()
    line = source.read_text().splitlines().index("    return redirect(url_for(page))") + 1
    place = f"app.py:{line}"
    assert f'<a href="{place}">' in driver.text("route.uses.list")
    assert "made while the program runs" in driver.text("route.uses.list")

    label = driver.child("route.uses.list")
    label.setFocus()
    press(driver, Qt.Key.Key_Tab)
    label.linkActivated.emit(place)
    editor = driver.child("file.editor")
    driver.wait(lambda: editor.textCursor().blockNumber() + 1 == line, "the place in its file")


def what_was_seen_is_closed_and_what_is_undone_is_said_no_longer(driver: Driver) -> None:
    (driver.folder() / "app.py").write_text(FILES["app.py"] + UNSURE)
    driver.wait(lambda: len(driver.window.workspace.snapshot.project.routes) == 4, "the edit to be read")
    driver.live()
    driver.window.workbench.open_route(driver.route("/"))
    driver.type("route.function", "start")
    driver.click("route.uses.close")
    assert not driver.has("route.uses.list")
    driver.type("route.function", "begin")
    driver.child("route.uses.list")
    driver.settled()
    driver.window.workspace.undo()
    driver.wait(lambda: not driver.has("route.uses.list"), "what is undone to be said no longer")
    driver.settled()


def a_rename_that_is_sure_of_all_says_nothing(driver: Driver) -> None:
    driver.window.workbench.open_route(driver.route("/"))
    driver.type("route.function", "start")
    driver.wait(lambda: "url_for('start')" in texts(driver)["templates/home.html"], "the rename")
    driver.settled()
    assert not driver.has("route.uses.list")


def what_is_said_of_a_field_comes_into_view(driver: Driver, name: str) -> None:
    (driver.folder() / "app.py").write_text(FILES["app.py"] + UNSURE)
    driver.wait(lambda: len(driver.window.workspace.snapshot.project.routes) == 4, "the edit to be read")
    driver.live()
    driver.window.resize(1024, 700)
    driver.window.workbench.open_route(driver.route("/"))
    driver.type("route.function", name)
    said = driver.child("route.uses.list" if name == "start" else "route.function.problem")
    driver.wait(lambda: bool(said.visibleRegion().boundingRect().height() == said.height()), "it in view")
    assert not driver.child("route.function").visibleRegion().isEmpty()
    driver.settled()


def test_what_the_form_renames_is_told_as_far_as_it_is_sure(driver: Driver) -> None:
    start = Start(driver)
    for claim in (
        a_rename_that_is_sure_of_all_says_nothing,
        a_rename_by_the_form_says_what_it_could_not_tell_and_shows_it,
        what_was_seen_is_closed_and_what_is_undone_is_said_no_longer,
    ):
        claim(driver)
        start.again()
    for name in ("class", "start"):
        what_is_said_of_a_field_comes_into_view(driver, name)
        if name == "class":
            driver.type("route.function", "home")
        start.again()
