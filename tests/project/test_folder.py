"""The project folder: read, written as a whole or not at all, and never over someone else's work."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playground.core.answers import Answer, AnswerKind
from playground.core.changes import Area
from playground.core.problems import Problem, ProblemError
from playground.core.routes import NewBlueprint, Route, RouteDraft
from playground.project.folder import Project
from playground.project.starters import create


def opened(folder: Path, starter: str = "") -> Project:
    """A project that has been read; made from a starter if one is named."""
    if starter:
        create(folder, starter)
    project = Project(folder)
    project.scan()
    return project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "project"


def draft(rule: str, **more: Any) -> RouteDraft:
    return RouteDraft(rule, **{"answer": Answer(AnswerKind.TEXT, "Hi"), **more})


def route_of(project: Project, rule: str) -> Route:
    return next(route for route in project.state.routes if route.full_rule == rule)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def refusal(call: Any, *arguments: Any) -> Problem:
    with pytest.raises(ProblemError) as refused:
        call(*arguments)
    return refused.value.problem


# Reading ------------------------------------------------------------------------------------------


def test_a_project_lists_its_routes_templates_and_files(folder: Path) -> None:
    state = opened(folder, "pages").state

    assert (state.name, state.folder) == ("project", str(folder))
    assert [(route.full_rule, route.function) for route in state.routes] == [
        ("/", "index"),
        ("/hello/<name>", "hello"),
    ]
    assert [info.name for info in state.templates] == ["base.html", "hello.html", "index.html"]
    hello = state.templates[1]
    assert (hello.file, hello.extends, hello.variables) == ("templates/hello.html", "base.html", ("name",))
    assert hello.used_by == ("hello",)
    assert state.files == ("app.py", "static/style.css")
    assert state.problems == ()


def test_what_is_not_the_projects_own_is_skipped(folder: Path) -> None:
    create(folder, "hello")
    for name in (
        ".git/a.py",
        ".venv/a.py",
        "venv/a.py",
        "myenv/lib/a.py",
        "node_modules/a.js",
        "__pycache__/a.py",
    ):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("x = 1")
    (folder / "myenv" / "pyvenv.cfg").write_text("")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "nowhere.py").symlink_to(folder / "missing.py")
    (folder / ".flaskenv").write_text("FLASK_DEBUG=1")
    (folder / "picture.png").write_bytes(b"\x89PNG")

    assert opened(folder).state.files == (".flaskenv", "app.py")


def test_templates_of_packages_and_blueprints_are_found(folder: Path) -> None:
    (folder / "shop/templates").mkdir(parents=True)
    (folder / "shop/admin/pages/users").mkdir(parents=True)
    (folder / "shop/__init__.py").write_text(
        "from flask import Flask\nfrom .admin import bp\n\n\ndef create_app():\n    app = Flask(__name__)\n"
        "    app.register_blueprint(bp)\n    return app\n"
    )
    (folder / "shop/admin/__init__.py").write_text(
        "from flask import Blueprint, render_template\n\n"
        "bp = Blueprint('admin', __name__, template_folder='pages')\n"
        "\n\n@bp.get('/users')\ndef users():\n    x = 1\n    return render_template('users/list.html', x=x)\n"
    )
    (folder / "shop/templates/home.html").write_text("home")
    (folder / "shop/admin/pages/users/list.html").write_text("{{ x }}")
    project = opened(folder)

    assert [(info.name, info.file) for info in project.state.templates] == [
        ("home.html", "shop/templates/home.html"),
        ("users/list.html", "shop/admin/pages/users/list.html"),
    ]
    assert project.state.templates[1].used_by == ("admin.users",)
    project.new_template("new.html")
    assert (folder / "shop/templates/new.html").is_file()
    assert project.state.app_target == "shop/__init__.py"


@pytest.mark.parametrize(
    ("made", "file"),
    [
        ("class Shop(Flask):\n    pass\n\n\napp = Shop(__name__)\n", "shop/look/templates/home.html"),
        ("def make(name):\n    return Flask(name)\n", "shop/web/templates/home.html"),
        ("app = Flask(__name__, template_folder=settings.PAGES)\n", "shop/templates/home.html"),
        (
            "class Shop(Flask):\n    pass\n\n\napp = Shop('shop', template_folder='pages')\n",
            "shop/pages/home.html",
        ),
        ("app = Flask('shop')\n", "shop/templates/home.html"),
        ("app = Flask('other')\n", "shop/web/templates/home.html"),
    ],
)
def test_templates_are_found_where_the_source_is_not_plain_about_them(
    tmp_path: Path, made: str, file: str
) -> None:
    (tmp_path / "p" / file).parent.mkdir(parents=True)
    (tmp_path / "p/shop/web").mkdir(exist_ok=True)
    (tmp_path / "p/shop/web/main.py").write_text(f"from flask import Flask\n\n{made}")
    (tmp_path / "p" / file).write_text("home")
    (tmp_path / "p/shop/tests").mkdir()
    (tmp_path / "p/shop/tests/test_main.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")
    project = opened(tmp_path / "p")

    assert [(info.name, info.file) for info in project.state.templates] == [("home.html", file)]


@pytest.mark.parametrize(
    ("files", "target"),
    [
        ({}, None),
        ({"app.py": "x = 1\n"}, None),
        ({"app.py": "APP", "wsgi.py": "x = 1\n"}, "app.py"),
        ({"app.py": "APP", "wsgi.py": "APP"}, "wsgi.py"),
        ({"main.py": "APP", "tests/test_app.py": "APP"}, "main.py"),
        ({"app.py": "def broken(:\n", "main.py": "APP"}, "app.py"),
    ],
)
def test_the_file_that_flask_would_take_the_app_from(
    folder: Path, files: dict[str, str], target: str | None
) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.replace("APP", "from flask import Flask\napp = Flask(__name__)\n"))
    folder.mkdir(exist_ok=True)

    assert opened(folder).state.app_target == target


def test_junk_is_listed_with_a_problem_and_the_rest_is_read(folder: Path) -> None:
    create(folder, "hello")
    (folder / "big.py").write_bytes(b"x = 1\n" * 900_000)
    (folder / "junk.py").write_bytes(bytes(range(256)) * 10)
    (folder / "nulls.py").write_bytes(b"x = 1\0\n")
    project = opened(folder)

    assert {problem.place.file for problem in project.state.problems if problem.place} == {
        "big.py",
        "junk.py",
        "nulls.py",
    }
    assert all(problem.sentence for problem in project.state.problems)
    assert "big.py" in project.state.files
    assert len(project.state.routes) == 1
    assert "too large" in refusal(project.read_text, "big.py").sentence
    assert refusal(project.read_text, "junk.py").sentence


def test_an_app_of_junk_opens_with_its_problem_and_stays_as_it_was(folder: Path) -> None:
    for junk in (b"x = 1\n" * 900_000, bytes(range(256)) * 10):
        folder.mkdir(exist_ok=True)
        (folder / "app.py").write_bytes(junk)
        project = opened(folder)

        assert len(project.state.problems) == 1
        assert project.state.routes == ()
        assert refusal(project.add_route, draft("/x")).sentence
        assert (folder / "app.py").read_bytes() == junk


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that refuses to be read")
def test_a_file_that_cannot_be_read_is_a_problem_of_its_own(folder: Path) -> None:
    create(folder, "pages")
    for name in ("odd.py", "odd.css", "templates/odd.html"):
        (folder / name).symlink_to("/proc/self/mem")
    project = opened(folder)

    assert len(project.state.routes) == 2
    assert {str(problem.place) for problem in project.state.problems} == {
        "odd.py",
        "odd.css",
        "templates/odd.html",
    }
    assert project.refresh() == frozenset()
    (folder / "odd.css").unlink()
    (folder / "odd.css").write_text("a {}")
    project.scan()
    assert "odd.css" not in {str(problem.place) for problem in project.state.problems}


def test_names_that_are_no_text_are_not_listed(folder: Path) -> None:
    create(folder, "hello")
    (folder / "new\nline.py").write_text("x = 1")

    assert opened(folder).state.files == ("app.py",)


def test_a_file_that_stops_parsing_keeps_its_routes_and_says_where(folder: Path) -> None:
    project = opened(folder, "hello")
    app = folder / "app.py"
    good = app.read_text()
    app.write_text(good.replace("def index():", "def index(:"))

    state = project.scan()

    assert [route.rule for route in state.routes] == ["/"]
    (problem,) = state.problems
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("app.py", 7)
    assert problem.original
    app.write_text(good)
    assert project.scan().problems == ()


def test_a_template_that_does_not_parse_is_a_problem(folder: Path) -> None:
    project = opened(folder, "pages")
    (folder / "templates/hello.html").write_text("<p>\n{% if name %}\n")

    state = project.scan()

    assert state.templates[1].problem in state.problems
    assert state.templates[1].problem is not None


def test_changes_from_outside_are_seen_even_with_the_same_size_and_time(folder: Path) -> None:
    project = opened(folder, "hello")
    app = folder / "app.py"
    before = app.stat()
    app.write_text(app.read_text().replace('"/"', '"/x"').replace("index", "inde"))
    os.utime(app, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert app.stat().st_size == before.st_size

    assert project.refresh() == {"app.py"}
    assert [route.rule for route in project.state.routes] == ["/x"]
    assert project.refresh() == frozenset()


def test_our_own_writes_are_no_news(folder: Path) -> None:
    project = opened(folder, "pages")
    change = project.add_route(draft("/about"))
    project.write_text("static/style.css", "a {}", None)
    project.new_template("new.html")

    assert change.files == ("app.py",)
    assert project.refresh() == frozenset()
    assert project.refresh({"app.py", "static/style.css", "templates/new.html"}) == frozenset()


def test_new_and_removed_files_are_seen(folder: Path) -> None:
    project = opened(folder, "pages")
    (folder / "templates/hello.html").unlink()
    (folder / "notes.md").write_text("notes")

    assert project.refresh({"notes.md", "templates/hello.html"}) == {"notes.md", "templates/hello.html"}
    assert "notes.md" in project.state.files
    assert [info.name for info in project.state.templates] == ["base.html", "index.html"]


@pytest.mark.parametrize("name", ["missing", "file"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")

    problem = refusal(Project, tmp_path / name)

    assert problem.field == "folder"
    assert problem.hint


# Routes -------------------------------------------------------------------------------------------


def test_a_route_is_added_where_a_person_would_put_it(folder: Path) -> None:
    project = opened(folder, "hello")

    change = project.add_route(draft("/about", answer=Answer(AnswerKind.TEXT, "About us")))

    assert (folder / "app.py").read_text() == (
        'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef index():\n'
        '    return "<p>Hello, World!</p>"\n\n\n'
        '@app.get("/about")\ndef about():\n    return "About us"\n\n\n'
        'if __name__ == "__main__":\n    app.run(debug=True)\n'
    )
    assert change.label == "add /about"
    assert change.areas == {Area.ROUTES, Area.FILES}
    assert change.key == ("about", "/about")
    assert route_of(project, "/about").key == change.key


def test_a_route_with_a_new_blueprint_is_one_change_of_two_files(folder: Path) -> None:
    project = opened(folder, "hello")

    change = project.add_route(draft("/list", new_blueprint=NewBlueprint("users", "/users", "users.py")))

    route = route_of(project, "/users/list")
    assert (route.owner, route.file) == ("users", "users.py")
    assert set(change.files) == {"app.py", "users.py"}
    assert change.key == route.key
    project.undo()
    assert not (folder / "users.py").exists()


def test_a_new_blueprint_never_takes_the_place_of_a_file(folder: Path) -> None:
    project = opened(folder, "hello")
    (folder / "users.py").write_text("mine")
    before = contents(folder)

    problem = refusal(
        project.add_route, draft("/a", new_blueprint=NewBlueprint("users", "/users", "users.py"))
    )

    assert problem.field == "file"
    assert contents(folder) == before


def test_a_route_moves_to_another_owner_in_one_step(folder: Path) -> None:
    project = opened(folder, "blueprints")
    before = contents(folder)
    route = route_of(project, "/")

    change = project.change_route(
        route, draft("/start", function="index", owner="users", answer=route.answer)
    )

    moved = route_of(project, "/api/start")
    assert (moved.file, moved.owner, moved.function) == ("users.py", "users", "index")
    assert set(change.files) == {"app.py", "users.py"}
    assert change.key == moved.key
    project.undo()
    assert contents(folder) == before


def test_a_duplicate_gets_a_free_rule_and_name(folder: Path) -> None:
    project = opened(folder, "json")

    for _ in range(2):
        project.duplicate_route(route_of(project, "/users/<int:user_id>"))

    rules = {route.rule: route.function for route in project.state.routes}
    assert rules["/users/<int:user_id>-copy"] == "get_user_copy"
    assert rules["/users/<int:user_id>-copy-2"] == "get_user_copy_2"


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        (draft("about"), "rule", ""),
        (draft("/a/<int:id"), "rule", ""),
        (draft("/a/<integer:id>"), "rule", ""),
        (draft("/a/<id>/<id>"), "rule", ""),
        (draft("/a/<class>"), "rule", ""),
        (draft("/"), "rule", "index answers GET / already"),
        (draft("/hello/<other>"), "rule", "hello answers GET"),
        (draft("/x", function="index"), "function", "index"),
        (draft("/x", function="not a name"), "function", ""),
        (draft("/x", owner="nobody"), "owner", "nobody"),
        (draft("/x", answer=Answer(AnswerKind.JSON, "{oops")), "answer", ""),
        (draft("/x", answer=Answer(AnswerKind.TEMPLATE, "helo.html")), "answer", "no template called"),
        (draft("/x", answer=Answer(AnswerKind.TEXT, "x", status=999)), "status", "999"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_written(
    folder: Path, bad: RouteDraft, field: str, words: str
) -> None:
    project = opened(folder, "pages")
    before, state = contents(folder), project.state

    problem = refusal(project.add_route, bad)

    assert problem.field == field
    assert words in problem.sentence
    assert contents(folder) == before
    assert project.state == state


def test_another_method_of_the_same_rule_is_fine(folder: Path) -> None:
    project = opened(folder, "hello")

    project.add_route(draft("/", methods=("POST",)))

    assert {route.methods for route in project.state.routes} == {("GET",), ("POST",)}


def test_a_folder_without_an_app_says_what_to_do(folder: Path) -> None:
    folder.mkdir()
    problem = refusal(opened(folder).add_route, draft("/x"))

    assert "no Flask app" in problem.sentence
    assert problem.hint


# Text ---------------------------------------------------------------------------------------------


def test_text_is_written_with_the_newlines_and_bom_that_it_had(folder: Path) -> None:
    create(folder, "hello")
    css = folder / "style.css"
    css.write_bytes(b"\xef\xbb\xbfa {}\r\nb {}\r\n")
    project = opened(folder)

    read = project.read_text("style.css")
    assert read.text == "a {}\nb {}\n"
    change, saved = project.write_text("style.css", "a {}\nc {}\n\u00e9\n", read.token)

    assert css.read_bytes() == b"\xef\xbb\xbfa {}\r\nc {}\r\n\xc3\xa9\r\n"
    assert project.read_text("style.css") == saved
    assert (change.origin, change.files, change.areas) == ("editor", ("style.css",), {Area.FILES})


def test_text_that_does_not_parse_is_saved_as_typed(folder: Path) -> None:
    project = opened(folder, "hello")
    read = project.read_text("app.py")

    project.write_text("app.py", read.text + "def half(", read.token)

    assert (folder / "app.py").read_text().endswith("def half(")
    assert [route.rule for route in project.state.routes] == ["/"]
    assert len(project.state.problems) == 1


def test_text_never_goes_over_an_edit_from_outside(folder: Path) -> None:
    project = opened(folder, "pages")
    read = project.read_text("templates/hello.html")
    (folder / "templates/hello.html").write_text("theirs")

    problem = refusal(project.write_text, "templates/hello.html", "ours", read.token)

    assert "another program" in problem.sentence
    assert (folder / "templates/hello.html").read_text() == "theirs"


def test_writing_what_is_there_changes_nothing(folder: Path) -> None:
    project = opened(folder, "hello")
    read = project.read_text("app.py")
    before = (folder / "app.py").stat()

    change, saved = project.write_text("app.py", read.text, read.token)

    assert (change.files, change.areas, saved) == ((), frozenset(), read)
    assert (folder / "app.py").stat() == before
    assert project.state.undo_label == ""


def test_the_code_of_a_view_is_written_around_untouched_bytes(folder: Path) -> None:
    project = opened(folder, "json")
    before = (folder / "app.py").read_bytes()
    region = route_of(project, "/users").region
    assert region is not None

    change, region = project.write_region(region, "@app.get(\n")
    assert "/users" in {route.rule for route in project.state.routes}
    change, region = project.write_region(region, '@app.get("/people")\ndef people():\n    return "é"')

    after = (folder / "app.py").read_bytes()
    assert after[: region.start] == before[: region.start]
    assert after[region.start : region.end].decode() == region.text
    assert change.areas >= {Area.ROUTES}
    assert change.key == route_of(project, "/people").key == ("people", "/people")


def test_a_piece_that_is_no_longer_there_is_not_written(folder: Path) -> None:
    project = opened(folder, "hello")
    region = route_of(project, "/").region
    assert region is not None
    text = (folder / "app.py").read_text()
    (folder / "app.py").write_text(text.replace("Hello", "Theirs"))
    before = contents(folder)

    assert refusal(project.write_region, region, "x").sentence
    assert contents(folder) == before


def test_a_piece_that_moved_is_written_where_it_is_now(folder: Path) -> None:
    project = opened(folder, "hello")
    region = route_of(project, "/").region
    assert region is not None
    (folder / "app.py").write_text("# é theirs\n" + (folder / "app.py").read_text())

    change, moved = project.write_region(region, region.text.replace("Hello", "Moved"))

    text = (folder / "app.py").read_text()
    assert text.startswith("# é theirs\nfrom flask")
    assert "Moved, World" in text
    assert (folder / "app.py").read_bytes()[moved.start : moved.end].decode() == moved.text
    assert change.key == ("index", "/")


def test_text_of_a_file_that_was_removed_can_be_kept(folder: Path) -> None:
    project = opened(folder, "pages")
    read = project.read_text("templates/hello.html")
    (folder / "templates/hello.html").unlink()

    assert "no longer there" in refusal(project.write_text, read.file, "typed", read.token).sentence
    project.write_text(read.file, "typed", None)

    assert (folder / "templates/hello.html").read_text() == "typed"


@pytest.mark.parametrize("file", ["../outside.txt", "/etc/hostname", "a//b", ""])
def test_nothing_outside_the_folder_is_read_or_written(folder: Path, file: str) -> None:
    project = opened(folder, "hello")

    refusal(project.read_text, file)
    refusal(project.write_text, file, "x", None)
    assert not (folder.parent / "outside.txt").exists()


# Templates and files ------------------------------------------------------------------------------


def test_a_new_template_is_a_page_on_the_base_page(folder: Path) -> None:
    project = opened(folder, "pages")

    change = project.new_template("users/list.html")

    assert (folder / "templates/users/list.html").read_text().startswith('{% extends "base.html" %}')
    assert change.areas == {Area.TEMPLATES}
    assert change.label == "new template users/list.html"


def test_a_template_is_renamed_with_every_use_of_its_name(folder: Path) -> None:
    project = opened(folder, "pages")

    project.rename_template("hello.html", "greet/hi.html")
    change = project.rename_template("base.html", "layout.html")

    assert 'render_template("greet/hi.html", name=name)' in (folder / "app.py").read_text()
    assert (folder / "templates/greet/hi.html").read_text().startswith('{% extends "layout.html" %}')
    assert not (folder / "templates/hello.html").exists()
    assert set(change.files) == {
        "templates/base.html",
        "templates/layout.html",
        "templates/index.html",
        "templates/greet/hi.html",
    }
    assert project.state.problems == ()


def test_the_name_of_a_deleted_template_says_who_used_it(folder: Path) -> None:
    project = opened(folder, "pages")

    change = project.delete_template("hello.html")

    assert "still used by hello" in change.label
    assert not (folder / "templates/hello.html").exists()
    project.undo()
    assert (folder / "templates/hello.html").exists()


def test_names_that_are_taken_or_wrong_are_refused(folder: Path) -> None:
    project = opened(folder, "pages")
    before = contents(folder)

    assert refusal(project.new_template, "hello.html").field == "template"
    assert refusal(project.new_template, "../x.html").field == "template"
    assert refusal(project.rename_template, "hello.html", "base.html").field == "template"
    assert refusal(project.rename_template, "nothing.html", "x.html").field == "template"
    assert refusal(project.delete_template, "nothing.html").field == "template"
    assert refusal(project.new_file, "app.py").field == "file"
    assert refusal(project.new_file, "../app.py").field == "file"
    assert refusal(project.new_file, "picture.png").field == "file"
    assert contents(folder) == before


def test_a_new_file_is_empty_and_listed(folder: Path) -> None:
    project = opened(folder, "hello")

    change = project.new_file("static/js/app.js")

    assert (folder / "static/js/app.js").read_bytes() == b""
    assert "static/js/app.js" in project.state.files
    assert change.areas == {Area.FILES}


# The disk -----------------------------------------------------------------------------------------


def test_modes_and_links_stay(folder: Path, tmp_path: Path) -> None:
    create(folder, "hello")
    elsewhere = tmp_path / "real.py"
    (folder / "app.py").rename(elsewhere)
    elsewhere.chmod(0o755)
    (folder / "app.py").symlink_to(elsewhere)
    project = opened(folder)

    project.add_route(draft("/about"))

    assert (folder / "app.py").is_symlink()
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o755
    assert "/about" in elsewhere.read_text()


def test_templates_behind_a_link_get_new_folders_and_undo_takes_them_back(
    folder: Path, tmp_path: Path
) -> None:
    create(folder, "hello")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "templates").symlink_to(elsewhere, target_is_directory=True)
    project = opened(folder)
    project.new_template("shop/card.html")
    assert (elsewhere / "shop" / "card.html").is_file()
    project.undo()
    assert list(elsewhere.iterdir()) == []


def test_a_full_disk_leaves_everything_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = opened(folder, "pages")
    before, state = contents(folder), project.state
    replaced: list[object] = []

    def full(source: Path, target: Path) -> None:
        if replaced:
            raise OSError(errno.ENOSPC, "No space left on device")
        replaced.append(target)
        Path(source).rename(target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        problem = refusal(project.rename_template, "base.html", "deep/layout.html")

    assert replaced
    assert "disk is full" in problem.sentence
    assert contents(folder) == before
    assert not (folder / "templates/deep").exists()
    assert project.state == state
    assert project.scan() == state


def test_a_folder_that_vanishes_is_not_made_again(folder: Path, tmp_path: Path) -> None:
    project = opened(folder, "hello")
    read = project.read_text("app.py")
    folder.rename(tmp_path / "moved")

    for problem in (
        refusal(project.add_route, draft("/x")),
        refusal(project.write_text, "app.py", "x", read.token),
        refusal(project.new_template, "x.html"),
        refusal(project.new_file, "x.py"),
        refusal(project.scan),
    ):
        assert problem.sentence
    assert not folder.exists()
    (tmp_path / "moved").rename(folder)
    assert [route.rule for route in project.scan().routes] == ["/"]


def test_a_file_in_the_way_of_a_folder_is_said(folder: Path) -> None:
    project = opened(folder, "hello")
    (folder / "static").write_text("a file")

    problem = refusal(project.new_file, "static/style.css")

    assert "can't be written" in problem.sentence
    assert (folder / "static").read_text() == "a file"


def test_no_trace_is_left_in_the_folder(folder: Path) -> None:
    project = opened(folder, "pages")
    project.add_route(draft("/about"))
    project.rename_template("hello.html", "hi.html")
    project.undo()

    assert {name.rpartition("/")[2] for name in contents(folder)} == {
        "app.py",
        "style.css",
        "base.html",
        "hello.html",
        "index.html",
    }


def test_a_file_that_stops_parsing_is_named_as_broken_until_it_parses_again(tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    good = (
        'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef index():\n    return {}\n'
    )
    app.write_text(good)
    project = Project(tmp_path)
    assert project.scan().broken == ()
    app.write_text(good.replace("index():", "index(:"))
    state = project.scan()
    assert state.broken == ("app.py",)
    assert [route.function for route in state.routes] == ["index"]
    app.write_text(good)
    assert project.scan().broken == ()


def test_another_app_of_the_folder_may_have_the_same_paths(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / f"{name}.py").write_text(
            f"from flask import Flask\n\n{name} = Flask(__name__)\n\n\n"
            f'@{name}.get("/")\ndef {name}_home():\n    return ""\n'
        )
    project = Project(tmp_path)
    (route, _) = project.scan().routes
    project.change_route(route, replace(RouteDraft.of(route), methods=("GET", "POST")))
    assert sorted(route.methods for route in project.state.routes) == [("GET",), ("GET", "POST")]
    (_, other) = project.state.routes
    with pytest.raises(ProblemError, match="first_home"):
        project.add_route(RouteDraft("/", function="more", owner=route.owner))
    assert other.full_rule == "/"
