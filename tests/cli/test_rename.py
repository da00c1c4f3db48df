"""``playground rename``: the diff first, then the same in the files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

APP = """from flask import Flask, render_template, url_for

app = Flask(__name__)


@app.get("/users/<int:user_id>")
def user(user_id):
    return render_template("user.html", user_id=user_id)


@app.get("/go")
def go():
    return url_for("user", user_id=1)
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "app.py").write_text(APP)
    (folder / "templates" / "user.html").write_text("{{ url_for('user', user_id=user_id) }}")
    return folder


@pytest.mark.parametrize(
    ("words", "in_app", "in_template"),
    [
        (("function", "user", "person"), "def person(user_id)", "url_for('person', user_id"),
        (("endpoint", "user", "person"), 'user_id>", endpoint="person")', "url_for('person', user_id"),
        (("parameter", "user_id", "number"), "def user(number)", "url_for('user', number=user_id)"),
        (("parameter", "user:user_id", "number"), 'url_for("user", number=1)', "number=user_id"),
    ],
)
def test_a_rename_is_shown_and_done(
    words: tuple[str, ...], in_app: str, in_template: str, run: Run, shop: Path
) -> None:
    shown = run("rename", shop, *words, "--dry-run")
    assert (shop / "app.py").read_text() == APP
    assert "+++ b/templates/user.html" in shown.out and in_app in shown.out

    done = run("rename", shop, *words)

    assert done.status == 0 and done.out.startswith(f"rename {words[0]}")
    assert in_app in (shop / "app.py").read_text()
    assert in_template in (shop / "templates" / "user.html").read_text()


def test_a_template_is_moved(run: Run, shop: Path) -> None:
    shown = run("rename", shop, "template", "user.html", "users/one.html", "--dry-run")
    assert "--- a/templates/user.html" in shown.out and "+++ b/templates/users/one.html" in shown.out
    assert run("rename", shop, "template", "user.html", "users/one.html").status == 0
    assert 'render_template("users/one.html"' in (shop / "app.py").read_text()
    assert not (shop / "templates" / "user.html").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("function", "nobody", "x"), "no function called nobody"),
        (("function", "user", "go"), "already means something else"),
        (("function", "user", "class"), "class"),
        (("function", "user", "user"), "called user already"),
        (("endpoint", "user", "a.b"), "dot"),
        (("endpoint", "user", "go"), "route called go already"),
        (("parameter", "user_id", "endpoint"), "url_for keeps the name endpoint"),
        (("parameter", "user_id", "é"), "é"),
        (("blueprint", "shop", "x"), "no blueprint called shop"),
        (("template", "none.html", "x.html"), "no template called none.html"),
    ],
)
def test_what_can_not_be_done_is_refused(words: tuple[str, ...], said: str, run: Run, shop: Path) -> None:
    assert said in run("rename", shop, *words).refusal
    assert (shop / "app.py").read_text() == APP
