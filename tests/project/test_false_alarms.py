"""Correct programs of which the checks once said that something is wrong, cut down from larger ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

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
