"""A project of which every part leaves a file behind when it is run, to show that nothing was."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_APP = """{write}
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def home():
    {write_inside}
    return render_template("page.html")


@app.get("/users/<int:user_id>")
def user(user_id):
    return {{"id": user_id}}
"""
_TEMPLATE = "<h1>Hello</h1>\n{{{{ cycler.__init__.__globals__.os.system({command!r}) }}}}\n"
_SHADOWS = ("conftest", "sitecustomize", "usercustomize", "flask", "jinja2", "libcst", "setup", "wsgi")
"""Modules of the project's folder that something on the way might take for its own."""


@dataclass(frozen=True, slots=True)
class Canary:
    """The project, and the folder beside it where each part that ran leaves a file of its name."""

    folder: Path
    nest: Path

    @property
    def sung(self) -> set[str]:
        """What has run so far."""
        return {path.name for path in self.nest.iterdir()}

    def write(self, name: str) -> str:
        """One line of Python that leaves a file."""
        return f"open({str(self.nest / name)!r}, 'w').close()"

    def command(self, name: str) -> str:
        """The same for a shell."""
        return f'"{sys.executable}" -I -S -c "{self.write(name)}"'


def canary(place: Path) -> Canary:
    """Make one: an app, a template, a .env, a virtual environment and a git repository that all write."""
    bird = Canary(place / "stranger", place / "nest")
    bird.nest.mkdir(parents=True)
    for folder in ("templates", "pkg"):
        (bird.folder / folder).mkdir(parents=True)
    app = _APP.format(write=bird.write("app.py"), write_inside=bird.write("view"))
    files = {
        "app.py": app,
        "templates/page.html": _TEMPLATE.format(command=bird.command("template")),
        "pkg/__init__.py": bird.write("pkg") + "\n",
        ".env": "FLASK_APP=evil:create()\nPYTHONSTARTUP=evil.py\n",
        ".flaskenv": "FLASK_APP=evil:create()\n",
        "evil.py": f"{bird.write('evil.py')}\n\n\ndef create():\n    from app import app\n\n    return app\n",
        **{f"{name}.py": bird.write(f"{name}.py") + "\n" for name in _SHADOWS},
    }
    for name, text in files.items():
        (bird.folder / name).write_text(text, encoding="utf-8")
    _environment(bird, ".venv")
    _environment(bird, "venv")
    _repository(bird)
    return bird


def _environment(bird: Canary, name: str) -> None:
    """A virtual environment for this very Python, as far as one can tell without running it."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for packages in (f"lib/{version}/site-packages", "Lib/site-packages"):
        folder = bird.folder / name / packages
        folder.mkdir(parents=True)
        (folder / "canary.pth").write_text(f"import sys; {bird.write(name + '.pth')}\n", encoding="utf-8")
        (folder / "sitecustomize.py").write_text(bird.write(name + ".site") + "\n", encoding="utf-8")
    home = Path(sys.base_prefix) / "bin"
    (bird.folder / name / "pyvenv.cfg").write_text(
        f"home = {home}\nversion = {'.'.join(map(str, sys.version_info[:3]))}\n", encoding="utf-8"
    )
    for script in ("bin/python", "bin/flask", "bin/git"):
        _script(bird.folder / name / script, bird.command(f"{name}.{Path(script).name}"))


def _repository(bird: Canary) -> None:
    """A repository whose configuration and hooks name programs to run."""
    git = ("git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "core.hooksPath=/dev/null")
    for words in (("init", "-q"), ("add", "app.py", "templates"), ("commit", "-q", "-m", "first")):
        subprocess.run([*git, *words], cwd=bird.folder, check=True, capture_output=True)
    for hook in ("post-index-change", "pre-commit", "post-checkout", "fsmonitor-watchman"):
        _script(bird.folder / ".git" / "hooks" / hook, bird.command(f"git.{hook}"))
    monitor = bird.folder / ".git" / "monitor"
    _script(monitor, bird.command("git.fsmonitor"))
    (bird.folder / ".gitattributes").write_text("* filter=canary diff=canary\n", encoding="utf-8")
    settings = {
        "core.fsmonitor": str(monitor),
        "core.pager": bird.command("git.pager"),
        "filter.canary.clean": f"{bird.command('git.filter')}; cat",
        "diff.canary.textconv": bird.command("git.textconv"),
    }
    for name, value in settings.items():
        subprocess.run(["git", "config", name, value], cwd=bird.folder, check=True)


def _script(path: Path, command: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
    path.chmod(0o755)
