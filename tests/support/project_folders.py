"""Makes project folders of any size to measure with: all routes in one file, or spread over blueprints."""

from __future__ import annotations

from pathlib import Path

PER_FILE = 50

APP = 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef home():\n    return "home"\n'
"""A project of one route."""


def one_file(folder: Path, routes: int) -> Path:
    """``app.py`` with that many routes: a third renders a template, a third is JSON, a third text."""
    head = ["from flask import Flask, render_template", "", "app = Flask(__name__)", ""]
    return _write(folder, {"app.py": "\n".join(head + [_view("app", number) for number in range(routes)])})


def many_files(folder: Path, routes: int) -> Path:
    """As ``one_file``, 50 routes in each of as many blueprints as it takes."""
    files, imports, registrations = {}, [], []
    for first in range(0, routes, PER_FILE):
        name = f"part{first // PER_FILE}"
        head = ["from flask import Blueprint, render_template", "", f'bp = Blueprint("{name}", __name__)', ""]
        numbers = range(first, min(first + PER_FILE, routes))
        files[f"{name}.py"] = "\n".join(head + [_view("bp", number) for number in numbers])
        imports.append(f"from {name} import bp as {name}")
        registrations.append(f'app.register_blueprint({name}, url_prefix="/{name}")')
    app = ["from flask import Flask", *imports, "", "app = Flask(__name__)", "", *registrations, ""]
    return _write(folder, {"app.py": "\n".join(app), **files})


def _view(owner: str, number: int) -> str:
    area = f"/area{number // PER_FILE}"
    if number % 3 == 0:
        rule, parameter = f"{area}/page{number}/<name>", "name"
        answer = 'render_template("hello.html", name=name)'
    else:
        rule, parameter = f"{area}/thing{number}/<int:thing_id>", "thing_id"
        answer = (
            f'{{"id": thing_id, "n": {number}}}' if number % 3 == 1 else f'f"<p>{number}: {{thing_id}}</p>"'
        )
    return f'\n@{owner}.route("{rule}")\ndef view_{number}({parameter}):\n    return {answer}\n'


def _write(folder: Path, files: dict[str, str]) -> Path:
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "templates" / "hello.html").write_text("<h1>Hello {{ name }}</h1>\n", encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
