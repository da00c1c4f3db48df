"""A route that goes to an owner made further down in its file goes there with its text, or is refused."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from playground.core.problems import ProblemError
from playground.core.proposals import Move
from playground.project.folder import Project

FILE = '''\
from flask import Blueprint, Flask, url_for

app = Flask(__name__)


@app.get("/")
def first():
    return "first"


# What it is for.
@app.get("/moved/<int:n>")  # why
@app.post("/also/<int:n>")
async def moved(n: int = 1) -> str:
    """Says so."""
    return url_for("moved", n=n)  # itself


part = Blueprint("part", __name__, url_prefix="/part")
part.strict = True

app.register_blueprint(part)
'''
GONE = '''\
# What it is for.
@app.get("/moved/<int:n>")  # why
@app.post("/also/<int:n>")
async def moved(n: int = 1) -> str:
    """Says so."""
    return url_for("moved", n=n)  # itself


'''


def move(folder: Path, text: str, owner: str = "part", file: str = "") -> str:
    """What ``app.py`` says after the view called moved has gone to another owner."""
    (folder / "app.py").write_text(text)
    project = Project(folder)
    route = next(one for one in project.state.routes if one.function == "moved")
    project.apply_proposal(project.propose(Move(route, owner, file)))
    after = (folder / "app.py").read_text()
    project.undo()
    assert (folder / "app.py").read_text() == text
    return after


def test_it_goes_below_its_new_owner_as_it_stands(tmp_path: Path) -> None:
    before = FILE
    here = GONE.replace("@app", "@part").replace('"moved", n', '"part.moved", n')
    settings = "part.strict = True\n"
    expected = before.replace(GONE, "").replace(settings, f"{settings}\n\n{here.rstrip()}\n", 1)
    assert move(tmp_path, before) == expected


def test_in_a_factory_it_stays_in_the_factory(tmp_path: Path) -> None:
    text = dedent('''\
        from flask import Blueprint, Flask


        def create_app():
            app = Flask(__name__)

            @app.get("/moved")
            def moved():
                """Two

                lines."""
                return "moved"

            part = Blueprint("part", __name__)
            app.register_blueprint(part)
            return app
        ''')
    after = move(tmp_path, text)
    assert after.index("part = Blueprint") < after.index("    @part.get") < after.index("app.register")
    assert '    @part.get("/moved")\n    def moved():\n        """Two\n\n        lines."""\n' in after


@pytest.mark.parametrize(
    ("between", "said"),
    [
        ("TABLE = [moved]\n\n", "moved is used in line 19"),
        ("int = str\n\n", "int means something else"),
    ],
)
def test_it_stays_where_what_is_between_would_mean_something_else(
    tmp_path: Path, between: str, said: str
) -> None:
    with pytest.raises(ProblemError) as error:
        move(tmp_path, FILE.replace("part = Blueprint", f"{between}part = Blueprint"))
    assert said in str(error.value)


def test_a_view_in_a_block_or_a_factory_is_told_what_to_do_first(tmp_path: Path) -> None:
    block = """\
        from flask import Flask

        app = Flask(__name__)
        if app.debug:
            @app.get("/")
            def moved():
                return ""
        """
    (tmp_path / "other.py").write_text("from app import app\n")
    with pytest.raises(ProblemError) as error:
        move(tmp_path, dedent(block), "app", "other.py")
    assert "inside another statement" in str(error.value) and "Take it out" in str(error.value)
    factory = """\
        from flask import Flask


        def create_app():
            app = Flask(__name__)

            @app.get("/")
            def moved():
                return ""

            return app
        """
    with pytest.raises(ProblemError) as error:
        move(tmp_path, dedent(factory), "app", "other.py")
    assert "create_app" in str(error.value) and "blueprint" in str(error.value)
