"""Mends of what a request or a load showed, as pairs of before and after; all else stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from playground.core.fixes import Mend
from playground.core.problems import ProblemError
from playground.project.folder import Project

APP = "from flask import Flask\n\napp = Flask(__name__)\n"


@dataclass(frozen=True)
class Pair:
    """A mend, the files before it, and those that it changes after it; None is no file."""

    name: str
    mend: Mend
    before: Mapping[str, str]
    after: Mapping[str, str | None] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.mend.name}-{self.name}"


def mend(name: str, file: str = "app.py", line: int | None = 1, /, **given: str) -> Mend:
    return Mend(name, file, line, tuple(given.items()))


PAIRS = (
    Pair(
        "plain",
        mend("import_from_elsewhere", name="escape", module="markupsafe", called="escape"),
        {"app.py": "from flask import Flask, escape, g  # the usual\n\napp = 1\n"},
        {"app.py": "from flask import Flask, g\nfrom markupsafe import escape  # the usual\n\napp = 1\n"},
    ),
    Pair(
        "alone_and_renamed",
        mend("import_from_elsewhere", name="safe_str_cmp", module="hmac", called="compare_digest"),
        {"app.py": "from werkzeug.security import safe_str_cmp\n"},
        {"app.py": "from hmac import compare_digest as safe_str_cmp\n"},
    ),
    Pair(
        "as_another_name",
        mend("import_from_elsewhere", "app.py", 3, name="Markup", module="markupsafe", called="Markup"),
        {"app.py": "def f():\n    # here\n    from flask import Markup as M\n    return M\n"},
        {"app.py": "def f():\n    # here\n    from markupsafe import Markup as M\n    return M\n"},
    ),
    Pair(
        "windows_lines",
        mend("import_name", module="flask", name="url_for"),
        {"app.py": "\ufefffrom flask import Flask\r\n\r\napp = Flask(__name__)\r\n"},
        {"app.py": "\ufefffrom flask import Flask, url_for\r\n\r\napp = Flask(__name__)\r\n"},
    ),
    Pair(
        "below_a_name",
        mend("move_down", "app.py", 2, below="app"),
        {"app.py": "from flask import Flask\nimport views\n\napp = Flask(__name__)\n\n\nprint(app)\n"},
        {"app.py": "from flask import Flask\n\napp = Flask(__name__)\n\nimport views\n\n\nprint(app)\n"},
    ),
    Pair(
        "below_all",
        mend("move_down", "app.py", 2),
        {"app.py": "a = 1\nb(a)\n\n\ndef c(): ...\n\n\nif __name__ == '__main__':\n    c()\n"},
        {"app.py": "a = 1\n\n\ndef c(): ...\n\nb(a)\n\n\nif __name__ == '__main__':\n    c()\n"},
    ),
    Pair(
        "several_lines",
        mend("put_under", "app.py", 4, head="with app.app_context():"),
        {"app.py": "app = 1\n\n# all of it\nprint(\n    app,\n)  # done\nx = 1\n"},
        {
            "app.py": "app = 1\n\n# all of it\nwith app.app_context():\n"
            "    print(\n        app,\n    )  # done\nx = 1\n"
        },
    ),
    Pair(
        "inside_a_function",
        mend("put_under", "app.py", 2, head="with app.app_context():"),
        {"app.py": "def f(app):\n\tprint(app)\n\treturn 1\n"},
        {"app.py": "def f(app):\n\twith app.app_context():\n\t\tprint(app)\n\treturn 1\n"},
    ),
    Pair(
        "long_text",
        mend("put_under", "app.py", 1, head="with app.app_context():"),
        {"app.py": 'print("""a\nb""")\n'},
    ),
    Pair(
        "decorator",
        mend("keep_name", "app.py", 2, function="inner", wrapped="view", label="keep the names"),
        {"app.py": "def twice(view):\n    def inner():\n        return view() * 2\n\n    return inner\n"},
        {
            "app.py": "from functools import wraps\n\n\ndef twice(view):\n    @wraps(view)\n"
            "    def inner():\n        return view() * 2\n\n    return inner\n"
        },
    ),
    Pair(
        "f_string",
        mend("escape_name", name="name", end="2"),
        {"app.py": 'def hi(name):\n    return f"<p>{name} {{name}} {name!s:>9} {names}</p>"\n'},
        {
            "app.py": "from markupsafe import escape\n\n\ndef hi(name):\n"
            '    return f"<p>{escape(name)} {{name}} {escape(name)!s:>9} {names}</p>"\n'
        },
    ),
    Pair(
        "empty_file",
        mend("make_app"),
        {"app.py": ""},
        {"app.py": APP},
    ),
    Pair(
        "behind_the_imports",
        mend("make_app"),
        {"app.py": '"""My shop."""\n\nimport os\n'},
        {"app.py": f'"""My shop."""\n\nimport os\n{APP}\n'},
    ),
    Pair(
        "folder",
        mend("move_folder", "template", None, new="templates"),
        {"app.py": APP, "template/a.html": "a\r\n", "template/b/c.html": "c"},
        {
            "template/a.html": None,
            "template/b/c.html": None,
            "templates/a.html": "a\r\n",
            "templates/b/c.html": "c",
        },
    ),
    Pair(
        "file",
        mend("move_file", "json.py", None, new="my_json.py"),
        {"app.py": APP, "json.py": "x = 1\n"},
        {"json.py": None, "my_json.py": "x = 1\n"},
    ),
    Pair(
        "template",
        mend("close_block", "templates/a.html", 1, tag="endfor"),
        {"app.py": APP, "templates/a.html": "{% for a in b %}\r\n{{ a }}\r\n"},
        {"templates/a.html": "{% for a in b %}\r\n{{ a }}\r\n{% endfor %}\r\n"},
    ),
)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def opened(folder: Path, before: Mapping[str, str]) -> Project:
    for name, text in before.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    project = Project(folder)
    project.scan()
    return project


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.after], ids=str)
def test_a_mend_writes_this_and_nothing_else(tmp_path: Path, pair: Pair) -> None:
    project = opened(tmp_path, pair.before)
    before = files(tmp_path)
    project.apply_proposal(project.propose(pair.mend))
    wanted = {**before, **{name: text.encode() for name, text in pair.after.items() if text is not None}}
    assert files(tmp_path) == {
        name: data for name, data in wanted.items() if pair.after.get(name, "") is not None
    }
    project.undo()
    assert files(tmp_path) == before


ANYWHERE = ("import_name", "make_app", "close_block")
"""Mends that may stand beside anything."""


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.mend.name not in ANYWHERE], ids=str)
def test_a_mend_is_refused_where_something_else_stands_now(tmp_path: Path, pair: Pair) -> None:
    project = opened(tmp_path, {**dict.fromkeys(pair.before, ""), "other.txt": "x"})
    for name in ("template", "json.py"):
        path = tmp_path / name
        if path.is_file():
            path.unlink()
    if pair.mend.name == "move_folder":
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates" / "a.html").write_text("mine")
    with pytest.raises(ProblemError):
        project.propose(pair.mend)


def test_a_text_of_several_lines_is_not_indented(tmp_path: Path) -> None:
    long_text = next(pair for pair in PAIRS if pair.name == "long_text")
    with pytest.raises(ProblemError, match="by hand"):
        opened(tmp_path, long_text.before).propose(long_text.mend)


def test_a_secret_key_is_random_and_stands_below_the_app(tmp_path: Path) -> None:
    factory = "from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n    return app\n"
    project = opened(tmp_path, {"app.py": factory})
    key = mend("give_secret_key", "app.py", 5, app="app")
    project.apply_proposal(project.propose(key))
    text = (tmp_path / "app.py").read_text()
    found = re.search(
        r'\n    app = Flask\(__name__\)\n    app\.secret_key = "([0-9a-f]{32})"\n    return app\n', text
    )
    assert found is not None
    project.undo()
    project.apply_proposal(project.propose(key))
    assert found[1] not in (tmp_path / "app.py").read_text()


def test_a_new_app_and_a_new_template(tmp_path: Path) -> None:
    project = opened(tmp_path, {"README.md": "My shop\n"})
    project.apply_proposal(project.propose(mend("make_app_file")))
    assert (tmp_path / "app.py").read_text().startswith(APP)
    project.apply_proposal(project.propose(mend("make_template", "", None, name="shop/list.html")))
    assert "<h1>List</h1>" in (tmp_path / "templates" / "shop" / "list.html").read_text()
    for again in (mend("make_app_file"), mend("make_template", "", None, name="shop/list.html")):
        with pytest.raises(ProblemError):
            project.propose(again)
