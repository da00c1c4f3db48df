"""How long listing the routes of a package takes, beside ``flask routes``: whole processes, in turns."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from pathlib import Path

from options import Options, alone, say
from processes import DEADLINE, environment, python
from report import Row, Target

PEER = "flask routes"
AT_MOST = 1.5
FILES, PER_FILE = 100, 10
FLASK_ALONE = str(Path(__file__).with_name("flask_alone.py"))
HEAD = '''\
"""Area {number} of the portal."""

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for

bp = Blueprint("area{number}", __name__, url_prefix="/area{number}")
things = {{1: "one", 2: "two"}}
'''
VIEWS = (
    '''
@bp.get("/pages/{n}/<name>")
def page_{n}(name):
    """A page for a name."""
    return render_template("hello.html", name=name)
''',
    """
@bp.route("/things/{n}/<int:thing_id>", methods=["GET", "POST"])
def thing_{n}(thing_id):
    if thing_id not in things:
        abort(404)
    if request.method == "POST":
        things[thing_id] = request.get_json()["name"]
        return redirect(url_for(".thing_{n}", thing_id=thing_id))
    return jsonify({{"id": thing_id, "name": things[thing_id]}})
""",
    """
@bp.route("/texts/{n}")
def text_{n}():
    words = ", ".join(sorted(things.values()))
    return f"<p>{n}: {{words}}</p>"
""",
)
PACKAGE = """\
from importlib import import_module

from flask import Flask


def create_app():
    app = Flask(__name__)
{registrations}    return app
"""


def package(folder: Path, files: int = FILES, per_file: int = PER_FILE) -> Path:
    """A package ``portal`` with a factory, and a blueprint of some routes in each of its other files."""
    inside = folder / "portal"
    (inside / "templates").mkdir(parents=True)
    (inside / "templates" / "hello.html").write_text("<h1>Hello {{ name }}</h1>\n", encoding="utf-8")
    registrations = ""
    for number in range(1, files):
        views = "".join("\n" + VIEWS[n % 3].format(n=n) for n in range(per_file))
        (inside / f"area{number}.py").write_text(HEAD.format(number=number) + views, encoding="utf-8")
        registrations += f"    from portal.area{number} import bp as area{number}\n\n"
        registrations += f"    app.register_blueprint(area{number})\n"
    own = "".join(
        f'\n    @app.get("/own/{n}")\n    def own_{n}():\n        return "{n}"\n\n' for n in range(per_file)
    )
    text = PACKAGE.format(registrations=registrations + own)
    (inside / "__init__.py").write_text(text, encoding="utf-8")
    return folder


def took(place: Path, folder: Path, *command: str) -> tuple[float, str]:
    """Seconds that a whole process takes, and what it prints."""
    began = time.monotonic()
    done = subprocess.run(
        list(command),
        stdout=subprocess.PIPE,
        cwd=folder,
        env=environment(place),
        text=True,
        timeout=DEADLINE,
        check=True,
    )
    return time.monotonic() - began, done.stdout


def measure(options: Options) -> list[Row]:
    """``playground routes --json``, with and without running the app, and ``flask routes``, in turns."""
    say("reading")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = package(place / "project", *((4, 3) if options.quick else ()))
        ours = python("-m", "playground", "routes", str(folder), "--json")
        kinds = {
            "routes --json": ours,
            "routes --json --static": [*ours, "--static"],
            PEER: python(FLASK_ALONE, "--app", "portal", "routes"),
        }
        times: dict[str, list[float]] = {kind: [] for kind in kinds}
        listed: dict[str, int] = {}
        for run in range(options.often + 1):
            for kind, command in kinds.items():
                seconds, printed = took(place, folder, *command)
                listed[kind] = len(json.loads(printed)) if kind != PEER else printed.count("\n") - 2
                if run:  # the first one of each compiles
                    times[kind].append(seconds)
    assert listed["routes --json"] == listed[PEER] == listed["routes --json --static"] + 1  # /static
    theirs, what = times.pop(PEER), f"{listed[PEER]:,} routes in {4 if options.quick else FILES} files"
    target = Target("at most of peer", AT_MOST)
    return [
        Row("reading", f"{kind}: {what}", "s", found, PEER, theirs, target, "", True)
        for kind, found in times.items()
    ]


if __name__ == "__main__":
    alone("reading")
