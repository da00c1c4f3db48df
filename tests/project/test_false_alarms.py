"""Correct programs of which the checks once said that something is wrong, cut down from larger ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from playground.core.plain_words.saying import nearest_file
from playground.core.problems import Problem
from playground.project.folder import Project

APP = "from flask import Flask, redirect, render_template, request, url_for\n\napp = Flask(__name__)\n\n\n"
POST = """@app.route("/new", methods=["GET", "POST"])
def new():
    if request.method == "POST":
        return request.form["content"]
    return render_template("new.html")
"""
PAGE = '@app.get("/")\ndef home():\n    return render_template("home.html")\n'
MAIN = """from flask import Blueprint, redirect, url_for

main = Blueprint("main", __name__)


@main.get("/{0}")
def {0}():
    return redirect(url_for("main.{0}"))
"""

RIGHT: dict[str, dict[str, str]] = {
    "attributes_without_quotes": {
        "app.py": APP + POST,
        "templates/new.html": "<form action={{ url_for('new') }} method=post><input name=content></form>\n",
    },
    "a_method_without_quotes": {
        "app.py": APP + POST,
        "templates/new.html": "<form action=\"{{ url_for('new') }}\" method=post>\n"
        '<textarea name="content"></textarea></form>\n',
    },
    "a_check_that_raises": {
        "app.py": APP + '@app.get("/health")\n'
        "def health():\n"
        "    try:\n"
        "        if is_well():\n"
        '            return "ok"\n'
        "    except OSError:\n"
        '        return "down"\n\n\n'
        "def is_well():\n"
        '    open("database").close()\n'
        "    return True\n",
    },
    "templates_of_another_program": {
        "shop/start.py": APP.replace("app = Flask(", "class Shop(Flask):\n    pass\n\n\napp = Shop(") + PAGE,
        "shop/templates/home.html": "<h1>Home</h1>\n",
        "chart/templates/deployment.yaml": 'name: {{ template "shop.fullname" . }}\n',
        "chart/templates/_helpers.tpl": '{{- define "shop.fullname" -}}\n',
        "chart/templates/NOTES.txt": "{{ tpl (. | toYaml) $ }}\n",
    },
    "a_text_for_another_engine": {
        "app.py": APP + PAGE,
        "templates/home.html": "<h1>Home</h1>\n",
        "templates/emails/alert.html": '<b class="{{{STATUS}}}">{{STATUS}}</b>\n',
        "templates/emails/list.html": "{{#items}}<b>{{name}}</b>{{/items}}\n",
    },
    "a_circle_that_the_starting_file_opens": {
        "serve.py": "import config\nfrom shop import create_app\n\ncreate_app().run(port=config.PORT)\n",
        "config.py": "from shop.tools import number\n\nPORT = number()\n",
        "shop/__init__.py": "from flask import Flask\n\nfrom shop.models import User\n\n\n"
        "def create_app():\n    return Flask(__name__)\n",
        "shop/models.py": "import config\n\n\nclass User:\n    pass\n",
        "shop/tools.py": "from shop.models import User\n\n\ndef number():\n    return 5000\n",
    },
    "an_import_for_older_versions": {
        "app.py": "import sys\n\nimport flask\nfrom flask import Flask\n\n"
        'if flask.__version__ < "2.3":\n    from flask import Markup\n'
        "else:\n    from markupsafe import Markup\n"
        "if sys.version_info < (3, 10):\n    from collections import Mapping\n\n"
        'app = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return Markup("<b>hello</b>")\n',
    },
    "sessions_that_are_kept_here": {
        "app.py": "import os\n\nfrom flask import Flask, session\nfrom flask_session import Session\n\n"
        'app = Flask(__name__)\napp.secret_key = os.urandom(24)\napp.config["SESSION_TYPE"] = "filesystem"\n'
        'Session(app)\n\n\n@app.get("/")\ndef home():\n    session["seen"] = 1\n    return "hello"\n',
    },
    "a_key_for_lack_of_another": {
        "app.py": "import os\n\nfrom flask import Flask, session\n\napp = Flask(__name__)\n"
        'key = os.environ.get("KEY")\nif key:\n    app.secret_key = key\n'
        "else:\n    app.secret_key = os.urandom(24)\n"
        'try:\n    app.secret_key = open("key").read()\n'
        "except OSError:\n    app.secret_key = os.urandom(24)\n"
        '\n\n@app.get("/")\ndef home():\n    session["seen"] = 1\n    return "hello"\n',
    },
    "a_decorator_that_changes_what_is_given": {
        "app.py": "from functools import wraps\n\nfrom flask import Flask\n\napp = Flask(__name__)\n\n\n"
        "def with_number(view):\n    @wraps(view)\n    def inner(*args, **kwargs):\n"
        '        kwargs["number"] = int(kwargs.pop("name"))\n        return view(*args, **kwargs)\n\n'
        "    return inner\n\n\n"
        '@app.get("/<name>")\n@with_number\ndef show(number):\n    return str(number)\n',
    },
    "two_blueprints_of_one_name": {
        "reader.py": MAIN.format("reader"),
        "writer.py": MAIN.format("writer"),
        "reader_app.py": "from flask import Flask\nfrom reader import main\n\napp = Flask(__name__)\n"
        "app.register_blueprint(main)\n",
        "writer_app.py": "from flask import Flask\nfrom writer import main\n\napp = Flask(__name__)\n"
        "app.register_blueprint(main)\n",
    },
    "another_view_takes_the_method": {
        "app.py": APP + '@app.get("/edit/<int:number>")\ndef edit(number):\n'
        '    data = request.form if request.method == "POST" else None\n    return str(data)\n\n\n'
        '@app.post("/edit/<int:ident>")\ndef save(ident):\n    return redirect("/")\n',
    },
    "a_global_that_is_added": {
        "app.py": "from flask import Blueprint, Flask, render_template\n\n"
        'main = Blueprint("main", __name__, template_folder="templates")\n\n\n'
        "@main.add_app_template_global\ndef today():\n    return 1\n\n\n"
        '@main.get("/")\ndef home():\n    return render_template("home.html")\n\n\n'
        "app = Flask(__name__)\napp.register_blueprint(main)\n",
        "templates/home.html": "{{ today() }}\n",
    },
    "what_stands_under_a_condition_that_never_holds": {
        "app.py": APP + PAGE,
        "templates/home.html": "{% if recipe %}{{ recipes[0] }}{% endif %}{{ title if shown else '' }}\n",
    },
    "templates_of_tornado": {
        "serve.py": "from tornado.web import Application\n\napp = Application()\n",
        "templates/home.html": '{% module Template("bar.html") %}{% if 1 %}x{% end %}\n',
    },
    "an_app_that_is_made_when_the_file_is_run": {
        "app.py": "from flask import Blueprint, Flask\n\n"
        'main = Blueprint("main", __name__)\n\n\n@main.get("/")\ndef home():\n    return "hello"\n\n\n'
        'if __name__ == "__main__":\n    app = Flask(__name__)\n    app.register_blueprint(main)\n'
        "    app.run()\n",
    },
    "an_import_that_may_fail": {
        "app.py": "from contextlib import suppress\n\nfrom flask import Flask\n\n"
        "with suppress(ImportError):\n"
        '    from flask import Markup\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n'
        '    return "hello"\n',
    },
}


def findings(folder: Path, files: Mapping[str, str]) -> tuple[Problem, ...]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    project = Project(folder)
    project.scan()
    found = project.findings()
    assert found is not None
    return found


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_said_of_what_is_right(tmp_path: Path, name: str) -> None:
    assert [one.sentence for one in findings(tmp_path, RIGHT[name])] == []


@pytest.mark.parametrize(
    ("name", "there", "near"),
    [
        ("405.html", ("add.html", "index.html"), ""),
        ("sum.html", ("layout.html", "index.html"), ""),
        ("login.html", ("list.html", "auth/login.html"), "auth/login.html"),
        ("hom.html", ("login.html", "home.html"), "home.html"),
        ("Home.html", ("home.htm", "home.html"), "home.html"),
        ("index.html", ("index.htm", "indexes.html"), "index.htm"),
        ("user/list.html", ("users/list.html", "users/lists.html"), "users/list.html"),
    ],
)
def test_the_ending_makes_no_names_alike(name: str, there: tuple[str, ...], near: str) -> None:
    assert nearest_file(name, there) == near


def test_a_value_under_another_name_is_called_as_the_rule_has_it(tmp_path: Path) -> None:
    app = APP + '@app.get("/user/<int:number>")\ndef user(number):\n    return str(number)\n\n\n'
    app += '@app.get("/")\ndef home():\n    return redirect(url_for("user", ident=1))\n'
    (problem,) = findings(tmp_path, {"app.py": app})
    assert problem.rule_id == "dead-endpoint"
    assert [one.label for one in problem.fixes] == ["Write number= for ident="]
    mend = problem.fixes[0].mend
    assert mend is not None
    written = Project(tmp_path).propose(mend).after["app.py"] or b""
    assert b'url_for("user", number=1)' in written


STARTS = "from flask import Flask\n\n\ndef create_app():\n    app = Flask(__name__)\n\n"
AT_FIRST = (
    "    @app.before_first_request\n    def make_tables():\n        db.create_all()\n\n    db.init_app(app)\n"
)


def test_what_was_done_at_the_first_request_is_done_when_all_is_set_up(tmp_path: Path) -> None:
    (problem,) = findings(tmp_path, {"app.py": f"{STARTS}{AT_FIRST}    return app\n"})
    mend = problem.fixes[0].mend
    assert mend is not None
    written = (Project(tmp_path).propose(mend).after["app.py"] or b"").decode()
    assert written.index("db.init_app") < written.index("with app.app_context") < written.index("return app")


def test_what_was_done_at_the_first_request_is_done_before_the_app_runs(tmp_path: Path) -> None:
    top = "@app.before_first_request\ndef make_tables():\n    db.create_all()\n\n\n"
    text = "from flask import Flask\n\napp = Flask(__name__)\n\n\n" + top + "db.init_app(app)\napp.run()\n"
    (problem,) = findings(tmp_path, {"app.py": text})
    mend = problem.fixes[0].mend
    assert mend is not None
    written = (Project(tmp_path).propose(mend).after["app.py"] or b"").decode()
    assert written.index("db.init_app") < written.index("with app.app_context") < written.index("app.run()")


def test_of_a_method_that_is_answered_in_part_no_more_is_said(tmp_path: Path) -> None:
    view = '@app.route("/", methods=["GET", "POST"])\ndef home():\n    if request.method == "GET":\n'
    view += '        return "hello"\n    elif request.method == "POST":\n'
    view += '        if request.is_json:\n            return "thank you"\n'
    (problem,) = findings(tmp_path, {"app.py": APP + view})
    assert problem.sentence == "home returns nothing on one of its ways."


def test_what_is_true_or_false_is_not_called_a_number(tmp_path: Path) -> None:
    view = '@app.get("/")\ndef home():\n    return False\n'
    (problem,) = findings(tmp_path, {"app.py": APP + view})
    assert problem.sentence == "home returns False, which Flask can't send."


def test_of_a_loop_over_what_is_missing_its_inside_is_not_told_as_well(tmp_path: Path) -> None:
    page = "{% for one in many %}{{ one }} {{ of_them }}{% endfor %}\n"
    (problem,) = findings(tmp_path, {"app.py": APP + PAGE, "templates/home.html": page})
    assert problem.sentence == "many isn't passed to home.html."


def test_no_rule_is_offered_that_is_there_already(tmp_path: Path) -> None:
    app = APP + '@app.get("/page/<name>")\n@app.get("/page/<name>/<number>")\ndef page(name, number):\n'
    app += '    return name + number\n\n\n@app.get("/book/<label>")\ndef book(label):\n    return label\n\n\n'
    app += '@app.get("/book/<other>")\ndef other(label):\n    return label\n'
    found = findings(tmp_path, {"app.py": app})
    assert [[fix.label for fix in one.fixes] for one in found] == [
        ["Give number a value of its own"],
        ["Rename label to other in other"],
    ]
