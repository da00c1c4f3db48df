"""The data of a module is there after an edit of each kind, shown by a counter over a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Folder, Served

APP = """\
from flask import Flask, render_template

app = Flask(__name__)
visits = []


@app.get("/")
def home():
    visits.append("one more")
    return render_template("home.html", visits=len(visits))
"""
TEMPLATE = "visit {{ visits }}"


def test_a_counter_counts_on_through_template_body_and_structure_edits(
    folder: Folder, served: Served
) -> None:
    folder.write("templates/home.html", TEMPLATE)
    assert served.edit("app.py", APP).problem is None
    assert served.get("/").text == "visit 1"

    state = served.edit("templates/home.html", TEMPLATE + ", by another template")
    assert (state.how, state.problem) == ("template", None)
    assert served.get("/").text == "visit 2, by another template"

    body = APP.replace("visits=len(visits)", 'visits=f"{len(visits)}, by another body"')
    state = served.edit("app.py", body)
    assert (state.how, state.problem) == ("body", None)
    assert served.get("/").text == "visit 3, by another body, by another template"

    structure = body + '\n\n@app.get("/more")\ndef more():\n    return f"{len(visits)} visits"\n'
    state = served.edit("app.py", structure)
    assert (state.how, state.problem) == ("structure", None)
    assert served.get("/").text == "visit 4, by another body, by another template"
    assert served.get("/more").text == "4 visits"
