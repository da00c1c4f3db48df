"""A process that edits a project through the session without a pause, until somebody kills it.

Which edits it makes follows from its seed alone, so that who killed it can make the same ones again and know
what the folder has to hold. It says ``ready`` when it begins, and ``done`` after each edit, in lines.

``python endless_editor.py`` waits for lines ``folder<TAB>seed`` or ``folder<TAB>seed<TAB>step<TAB>fatal`` and
makes a process for each, which costs less than starting Python again. It tells the number of that process,
and ``gone`` once it has ended. With ``fatal`` it makes that one step, and kills itself before it asks the
file system for one thing more than that many.
"""

from __future__ import annotations

import os
import random
import signal
import sys
from contextlib import suppress
from pathlib import Path

from playground.core.answers import Answer, AnswerKind
from playground.core.problems import ProblemError
from playground.core.routes import Route, RouteDraft
from playground.session.session import Session

_ASKED = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.chown"})
BLUEPRINTS = 3
FILES = {
    "app.py": "from flask import Flask, render_template\n"
    + "".join(f"from part{n} import bp as part{n}\n" for n in range(BLUEPRINTS))
    + "\napp = Flask(__name__)\n"
    + "".join(f'app.register_blueprint(part{n}, url_prefix="/part{n}")\n' for n in range(BLUEPRINTS))
    + '\n\n@app.get("/")\ndef index():\n    return render_template("page.html")\n',
    "notes.txt": "nothing yet\n",
    "templates/base.html": "<main>{% block content %}{% endblock %}</main>\n",
    "templates/page.html": '{% extends "base.html" %}{% block content %}page{% endblock %}\n',
} | {
    f"part{n}.py": "from flask import Blueprint, render_template\n\n"
    f'bp = Blueprint("part{n}", __name__)\n\n\n'
    f'@bp.get("/")\ndef index():\n    return render_template("page.html", part={n})\n'
    for n in range(BLUEPRINTS)
}


class Editor:
    """Makes one edit after the other; the same ones for the same seed and the same folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.session = Session()
        self.session.open(folder)
        assert self.session._project is not None
        self.session._project._clock = lambda: 0.0  # what was typed in one go does not hang on the machine
        self._random = random.Random(seed)
        self._name = f"{seed}_{{}}"
        self._steps = 0

    def step(self) -> None:
        """One more edit; one that is refused is an edit of nothing."""
        self._steps += 1
        kinds = (self._form, self._form, self._add, self._region, self._text, self._rename, self._rename)
        kinds += (self._template, self._delete, self._undo, self._undo, self._redo, self._remove)
        with suppress(ProblemError):
            self._random.choice(kinds)()

    @property
    def _here(self) -> str:
        return self._name.format(self._steps)

    def _route(self) -> Route:
        assert self.session.snapshot.project is not None
        return self._random.choice(self.session.snapshot.project.routes)

    def _form(self) -> None:
        route = self._route()
        answer = Answer(AnswerKind.TEXT, f"answer {self._here} " * 20)
        self.session.change_route(
            route, RouteDraft(f"/form{self._here}", function=route.function, answer=answer)
        )

    def _add(self) -> None:
        self.session.add_route(RouteDraft(f"/added{self._here}"))

    def _remove(self) -> None:
        assert self.session.snapshot.project is not None
        if len(self.session.snapshot.project.routes) > BLUEPRINTS:
            self.session.remove_route(self._route())

    def _region(self) -> None:
        region = self._route().region
        assert region is not None
        self.session.write_region(region, f"{region.text}\n    # typed {self._here}")

    def _text(self) -> None:
        file = self._random.choice(("notes.txt", "templates/base.html"))
        read = self.session.read_text(file)
        block = "{% block content %}{% endblock %}"
        self.session.write_text(file, f"{block} {self._here}\n" * self._random.randrange(1, 3000), read.token)

    def _template_name(self) -> str:
        assert self.session.snapshot.project is not None
        names = [info.name for info in self.session.snapshot.project.templates if info.name != "base.html"]
        return self._random.choice(names)

    def _rename(self) -> None:
        self.session.rename_template(self._template_name(), f"deep{self._here}/page{self._here}.html")

    def _template(self) -> None:
        self.session.new_template(f"new{self._here}.html")

    def _delete(self) -> None:
        assert self.session.snapshot.project is not None
        if len(self.session.snapshot.project.templates) > 4:
            self.session.delete_template(self._template_name())

    def _undo(self) -> None:
        self.session.undo()

    def _redo(self) -> None:
        self.session.redo()


def written(folder: Path) -> dict[str, bytes]:
    """What a folder holds: all of its files."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def make(folder: Path) -> Path:
    """The project that is edited."""
    for file, text in FILES.items():
        path = folder.joinpath(*file.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _say(words: object) -> None:
    os.write(1, f"{words}\n".encode())


def _edit(folder: str, seed: str, step: str = "", fatal: str = "") -> None:
    editor = Editor(Path(folder), int(seed))
    _say("ready")
    if step:
        _die_after(int(fatal))
        getattr(editor, step)()
        _say("done")
        return
    while True:
        editor.step()
        _say("done")


def _die_after(count: int) -> None:
    left = iter(range(count))

    def look(event: str, _: object) -> None:
        if event in _ASKED and next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)


def _main() -> None:
    Session().prepare("project")
    for line in sys.stdin:
        process = os.fork()
        if not process:
            _edit(*line.rstrip("\n").split("\t"))
            os._exit(0)
        _say(process)
        os.waitpid(process, 0)  # until then it would still have its number
        _say("gone")


if __name__ == "__main__":
    _main()
