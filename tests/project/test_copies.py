"""A copy of a route is its view's own text with another rule and another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.project.folder import Project

HEAD = "from flask import Flask, url_for\n\napp = Flask(__name__)\n\n\ndef tool(view):\n    return view\n\n\n"
VIEWS = {
    "everything": (
        '@app.route(\n    "/a/<int:n>",  # the path\n    methods=["GET", "POST"],\n'
        '    defaults={"m": 1},\n)\n'
        "@tool  # why\n"
        "async def view(n: int, m: str = 'x') -> str:  # here\n"
        '    """Says."""\n\n    # inside\n    text = """\nnot\n  indented\n"""\n'
        '    return text + url_for("view", n=n)\n',
        [("/a/<int:n>", "/a/<int:n>-copy"), ("def view(", "def view_copy(")],
    ),
    "one of two rules": (
        '@app.get("/b")\n@tool\n@app.get(\'/a/\')  # that\ndef view():\n    return ""\n',
        [('@app.get("/b")\n', ""), ("'/a/'", "'/a-copy/'"), ("def view(", "def view_copy(")],
    ),
    "an endpoint of its own": (
        '@app.get("/a", endpoint="e")\ndef view(): return ""\n',
        [('"/a"', '"/a-copy"'), ('"e"', '"view_copy"'), ("def view(", "def view_copy(")],
    ),
    "in a block": (
        'if app.debug:\n\n    @app.get("/a")\n    def view():\n        return ""\n        # below\n',
        [("if app.debug:\n\n", ""), ('"/a"', '"/a-copy"'), ("def view(", "def view_copy(")],
    ),
}


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_copy_is_the_text_itself(tmp_path: Path, name: str, newline: str) -> None:
    view, changes = VIEWS[name]
    before = f"{HEAD}{view}\n\nrest = 1\n".replace("\n", newline).encode()
    (tmp_path / "app.py").write_bytes(before)
    project = Project(tmp_path)
    route = next(one for one in project.state.routes if one.rule.startswith("/a"))
    project.duplicate_route(route)
    after = (tmp_path / "app.py").read_bytes().decode().replace(newline, "\n")
    copy = view
    for old, new in changes:
        copy = copy.replace(old, new, 1)
    copy = copy.removesuffix("        # below\n").strip("\n")
    assert after.removeprefix(f"{HEAD}{view}").strip("\n").removesuffix("\n\n\nrest = 1") == copy
    project.undo()
    assert (tmp_path / "app.py").read_bytes() == before


def test_a_copy_gets_a_name_that_is_free_and_needs_nothing_else_to_be_right(tmp_path: Path) -> None:
    view = '@app.get("/a")\ndef view():\n    return render_template("gone.html")\n\n\nview_copy = 1\n'
    (tmp_path / "app.py").write_text(HEAD.replace("url_for", "render_template") + view)
    project = Project(tmp_path)
    change = project.duplicate_route(project.state.routes[0])
    assert change.label == "duplicate /a"
    assert [one.function for one in project.state.routes] == ["view", "view_copy_2"]


def test_a_view_of_a_blueprint_of_another_file_is_copied_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HEAD + "import more\n")
    more = '"""More."""\nfrom app import app\n\n\n@app.get("/a")\ndef view():\n    return ""\n'
    (tmp_path / "more.py").write_text(more)
    project = Project(tmp_path)
    project.duplicate_route(next(one for one in project.state.routes if one.rule == "/a"))
    assert (tmp_path / "more.py").read_text() == more + (
        '\n\n@app.get("/a-copy")\ndef view_copy():\n    return ""\n'
    )
