"""The side bar as a person uses it: read, filter, click, and all of it from the keyboard."""

from __future__ import annotations

from dataclasses import replace
from time import thread_time

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton, QTreeView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from yardstick import yard

from playground.core.changes import ProjectState, TemplateInfo
from playground.core.problems import Problem
from playground.core.routes import Owner, Route
from playground.gui.panels.side_bar import SideBar
from playground.gui.theme import theme


def route(rule: str, methods: str, function: str, owner: str = "app", **more: object) -> Route:
    endpoint = function if owner == "app" else f"{owner}.{function}"
    prefix = "" if owner == "app" else f"/{owner}"
    return Route(rule, tuple(methods.split()), endpoint, function, owner, prefix, "app.py", **more)  # type: ignore[arg-type]


INDEX = route("/", "GET", "index")
USER = route("/users/<int:user_id>", "GET", "get_user")
LOGIN = route("/login", "GET POST", "login", editable=False, why_not="Its rule is made from a variable.")
BOOKS = route("/books", "GET", "books", "api")
STATE = ProjectState(
    "bookshop",
    "/bookshop",
    (INDEX, USER, LOGIN, BOOKS),
    (
        Owner("app", "app", file="app.py"),
        Owner("api", "api", "blueprint", "/api", "books.py"),
        Owner("admin", "admin", "blueprint", "/admin", "admin.py", registered=False),
    ),
    (
        TemplateInfo("base.html", "templates/base.html"),
        TemplateInfo("hello.html", "templates/hello.html", problem=Problem("A block is not closed.")),
    ),
    ("app.py", "books.py", "templates/base.html"),
)


@pytest.fixture
def bar(qtbot: QtBot) -> SideBar:
    bar = SideBar()
    qtbot.addWidget(bar)
    bar.resize(250, 640)
    bar.show()
    bar.show_project(STATE)
    return bar


def tree(bar: SideBar) -> QTreeView:
    found = bar.findChild(QTreeView, "routes.tree")
    assert isinstance(found, QTreeView)
    return found


def box(bar: SideBar) -> QLineEdit:
    found = bar.findChild(QLineEdit, "routes.filter")
    assert isinstance(found, QLineEdit)
    return found


def indexes(model: QAbstractItemModel, parent: QModelIndex | None = None) -> list[QModelIndex]:
    parent = parent or QModelIndex()
    found = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        found += [index, *indexes(model, index)]
    return found


def texts(bar: SideBar) -> list[str]:
    return [index.data() for index in indexes(tree(bar).model())]


def row(bar: SideBar, text: str) -> QModelIndex:
    return next(index for index in indexes(tree(bar).model()) if index.data() == text)


def click(qtbot: QtBot, bar: SideBar, text: str) -> None:
    where = tree(bar).visualRect(row(bar, text)).center()
    qtbot.mouseClick(tree(bar).viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_everything_in_the_project_is_listed_by_owner(bar: SideBar) -> None:
    assert texts(bar) == [
        "Routes", "app", "/", "/users/<int:user_id>", "/login", "api", "/api/books", "admin",
        "Templates", "base.html", "hello.html",
        "Files", "app.py", "books.py",
    ]  # fmt: skip


def test_rows_say_all_to_assistive_tools(bar: SideBar) -> None:
    def spoken(text: str) -> str:
        return str(row(bar, text).data(Qt.ItemDataRole.AccessibleTextRole))

    assert spoken("/users/<int:user_id>") == "GET /users/<int:user_id>, get_user"
    assert "GET POST /login" in spoken("/login") and "made from a variable" in spoken("/login")
    assert "not registered" in spoken("admin") and "prefix /api" in spoken("api")
    assert "not closed" in spoken("hello.html")
    assert "made from a variable" in row(bar, "/login").data(Qt.ItemDataRole.ToolTipRole)


def test_a_click_opens(qtbot: QtBot, bar: SideBar) -> None:
    with qtbot.waitSignal(bar.route_opened) as opened:
        click(qtbot, bar, "/users/<int:user_id>")
    assert opened.args == [USER]
    with qtbot.waitSignal(bar.template_opened) as template:
        click(qtbot, bar, "base.html")
    assert template.args == ["base.html"]
    with qtbot.waitSignal(bar.file_opened) as file:
        click(qtbot, bar, "books.py")
    assert file.args == ["books.py"]


@pytest.mark.parametrize("name", ["routes", "templates", "files"])
def test_each_section_has_a_plus(qtbot: QtBot, bar: SideBar, name: str) -> None:
    signal = {"routes": bar.new_route, "templates": bar.new_template, "files": bar.new_file}[name]
    button = bar.findChild(QToolButton, f"{name}.new")
    assert isinstance(button, QToolButton) and button.isVisible() and button.accessibleName()
    with qtbot.waitSignal(signal):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_typing_filters_at_once(qtbot: QtBot, bar: SideBar) -> None:
    qtbot.keyClicks(box(bar), "USER get")
    assert texts(bar) == ["Routes", "app", "/users/<int:user_id>", "Templates", "Files"]
    with qtbot.waitSignal(bar.route_opened) as opened:
        qtbot.keyClick(box(bar), Qt.Key.Key_Return)
    assert opened.args == [USER]
    qtbot.keyClick(box(bar), Qt.Key.Key_Escape)
    assert "base.html" in texts(bar)


def test_a_word_that_fits_nothing_is_answered(qtbot: QtBot, bar: SideBar) -> None:
    qtbot.keyClicks(box(bar), "zebra")
    assert bar._nothing.isVisible() and "zebra" in bar._nothing.text()
    box(bar).clear()
    assert not bar._nothing.isVisible()


def test_down_goes_from_the_box_into_the_tree(qtbot: QtBot, bar: SideBar) -> None:
    box(bar).setFocus()
    qtbot.keyClick(box(bar), Qt.Key.Key_Down)
    qtbot.waitUntil(tree(bar).hasFocus)
    assert tree(bar).currentIndex().data() == "/"


def test_ctrl_k_asks_for_the_big_search(qtbot: QtBot, bar: SideBar) -> None:
    with qtbot.waitSignal(bar.find_requested):
        qtbot.keyClick(box(bar), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)


def test_arrows_and_enter_open(qtbot: QtBot, bar: SideBar) -> None:
    bar.select_route(INDEX.key)
    qtbot.keyClick(tree(bar), Qt.Key.Key_Down)
    assert tree(bar).currentIndex().data() == "/users/<int:user_id>"
    with qtbot.waitSignal(bar.route_opened) as opened:
        qtbot.keyClick(tree(bar), Qt.Key.Key_Return)
    assert opened.args == [USER]


def test_down_passes_over_the_titles_of_sections(qtbot: QtBot, bar: SideBar) -> None:
    tree(bar).setCurrentIndex(row(bar, "admin"))
    qtbot.keyClick(tree(bar), Qt.Key.Key_Down)
    assert tree(bar).currentIndex().data() == "base.html"


def test_left_and_right_fold_an_owner(qtbot: QtBot, bar: SideBar) -> None:
    bar.select_route(USER.key)
    qtbot.keyClick(tree(bar), Qt.Key.Key_Left)
    assert tree(bar).currentIndex().data() == "app"
    qtbot.keyClick(tree(bar), Qt.Key.Key_Left)
    assert not tree(bar).isExpanded(row(bar, "app"))
    bar.show_project(ProjectState("bookshop", "/bookshop", STATE.routes, STATE.owners))
    assert not tree(bar).isExpanded(row(bar, "app"))  # folds outlive a change of the project
    click(qtbot, bar, "app")
    assert tree(bar).isExpanded(row(bar, "app"))


def test_keys_act_on_the_row(qtbot: QtBot, bar: SideBar) -> None:
    bar.select_route(USER.key)
    with qtbot.waitSignal(bar.delete_route) as deleted:
        qtbot.keyClick(tree(bar), Qt.Key.Key_Delete)
    with qtbot.waitSignal(bar.duplicate_route) as duplicated:
        qtbot.keyClick(tree(bar), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert deleted.args == duplicated.args == [USER]
    bar.select_template("hello.html")
    with qtbot.waitSignal(bar.rename_template) as renamed:
        qtbot.keyClick(tree(bar), Qt.Key.Key_F2)
    with qtbot.waitSignal(bar.delete_template) as gone:
        qtbot.keyClick(tree(bar), Qt.Key.Key_Delete)
    assert renamed.args == gone.args == ["hello.html"]


def open_menu(bar: SideBar, text: str) -> QMenu:
    where = tree(bar).visualRect(row(bar, text)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, tree(bar).mapToGlobal(where))
    QApplication.sendEvent(tree(bar).viewport(), event)
    menu = bar.findChild(QMenu, "sidebar.menu")
    assert isinstance(menu, QMenu)
    return menu


def test_the_context_menu_offers_the_same(qtbot: QtBot, bar: SideBar) -> None:
    menu = open_menu(bar, "/users/<int:user_id>")
    actions = {action.text(): action for action in menu.actions()}
    assert {"Open", "Duplicate", "Delete", "New route"} <= set(actions)
    with qtbot.waitSignal(bar.duplicate_route) as duplicated:
        actions["Duplicate"].trigger()
    assert duplicated.args == [USER]
    menu.close()


def test_selecting_from_outside_opens_nothing(qtbot: QtBot, bar: SideBar) -> None:
    opened: list[object] = []
    bar.route_opened.connect(opened.append)
    bar.select_route(BOOKS.key)
    assert tree(bar).currentIndex().data() == "/api/books"
    bar.select_file("app.py")
    assert tree(bar).currentIndex().data() == "app.py"
    bar.select_route(None)
    assert not tree(bar).currentIndex().isValid()
    assert opened == []


def test_the_selection_outlives_filter_and_change(qtbot: QtBot, bar: SideBar) -> None:
    bar.select_route(USER.key)
    qtbot.keyClicks(box(bar), "login")
    box(bar).clear()
    assert tree(bar).currentIndex().data() == "/users/<int:user_id>"
    more = (route("/new", "POST", "new"), *STATE.routes)
    bar.show_project(ProjectState("bookshop", "/bookshop", more, STATE.owners))
    assert tree(bar).currentIndex().data() == "/users/<int:user_id>"


def test_an_empty_project_teaches(bar: SideBar) -> None:
    bar.show_project(ProjectState("new", "/new"))
    assert any("Ctrl+N" in text for text in texts(bar))
    bar.show_project(None)
    assert texts(bar) == []


def test_ten_thousand_routes_follow_the_typing(qtbot: QtBot, bar: SideBar) -> None:
    routes = tuple(route(f"/users/{n}/<int:x>", "GET", f"view{n}", f"part{n % 20}") for n in range(10_000))
    owners = tuple(Owner(f"part{n}", "part", "blueprint", f"/part{n}") for n in range(20))
    bar.show_project(ProjectState("large", "/large", routes, owners))

    def seconds(text: str) -> float:
        started = thread_time()
        box(bar).setText(text)
        return thread_time() - started

    # The thread's own time, the best of a few: the machine may be busy with something else.
    assert min(seconds(text) for text in ("users/77", "users/78", "users/79")) < 6 * yard()
    all_stay = ("u", "us", "use", "user", "users")
    assert min(seconds(text) for text in all_stay) < 12 * yard()


def test_the_model_keeps_qts_rules(qtbot: QtBot, bar: SideBar, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(tree(bar).model())
    box(bar).setText("user")
    qtmodeltester.check(tree(bar).model())


def test_it_paints_in_both_themes_and_large(qtbot: QtBot, bar: SideBar) -> None:
    before = theme().mode
    try:
        theme().set_mode("light")
        light = bar.grab().toImage()
        theme().set_mode("dark")
        assert bar.grab().toImage() != light
        theme().set_zoom(3.0)
        qtbot.waitUntil(lambda: tree(bar).visualRect(row(bar, "/")).height() >= 70)
        bar.resize(700, 900)
        bar.grab()
        button = bar.findChild(QToolButton, "routes.new")
        assert isinstance(button, QToolButton)
        assert tree(bar).viewport().rect().contains(button.geometry().topRight() - QPoint(1, -1))
    finally:
        theme().set_zoom(1.0)
        theme().set_mode(before)


def test_routes_that_only_moved_in_their_file_are_not_laid_out_again(qtbot: QtBot, bar: SideBar) -> None:
    moved = replace(STATE, routes=tuple(replace(one, line=one.line + 7) for one in STATE.routes))
    with qtbot.assertNotEmitted(tree(bar).model().modelReset):
        bar.show_project(moved)
    with qtbot.waitSignal(bar.route_opened) as opened:
        click(qtbot, bar, "/users/<int:user_id>")
    assert opened.args == [moved.routes[1]], "the route as it was last read"
    tooltip = str(row(bar, "/login").data(Qt.ItemDataRole.ToolTipRole))
    assert f"app.py:{LOGIN.line + 7}" in tooltip
    with qtbot.waitSignal(tree(bar).model().modelReset):
        bar.show_project(replace(moved, routes=moved.routes[:2]))
