"""Files that are called like a module that Flask needs: Python takes them in its place."""

from __future__ import annotations

from playground.core.problems import Place, Problem
from playground.project.checks.checked import CheckedProject
from playground.project.checks.saying import fix, found

_FLASK = frozenset({"blinker", "click", "flask", "itsdangerous", "jinja2", "markupsafe", "werkzeug"})
_PYTHON = (
    "ast base64 bisect calendar collections contextlib copy csv dataclasses datetime decimal difflib email "
    "enum functools gettext hashlib heapq hmac html http importlib inspect ipaddress json keyword locale "
    "logging mimetypes numbers operator pathlib pickle pkgutil platform pprint random re secrets selectors "
    "shutil socket socketserver ssl string struct tempfile textwrap threading token tokenize traceback types "
    "typing urllib uuid warnings weakref zipfile"
)
_NEEDED = _FLASK | frozenset(_PYTHON.split())


def hiding_files(project: CheckedProject) -> tuple[Problem, ...]:
    """Files beside the app that hide what Flask imports itself."""
    if "__init__.py" in project.files:  # the folder is a package: its files are called by its name
        return ()
    return tuple(
        _of(file, name, project)
        for file in project.files
        if "/" not in file and (name := file.removesuffix(".py")) in _NEEDED
    )


def _of(file: str, name: str, project: CheckedProject) -> Problem:
    place = Place(file, 1, 0)
    what = "Flask itself" if name == "flask" else f"{name}, which Flask needs"
    sentence = f"{file} hides {what}."
    why = (
        f"import {name} looks in the project's folder first, so it finds {file}, not the module of that name."
    )
    new = f"my_{name}.py" if name != "flask" else "flask_app.py" if "app.py" in project.files else "app.py"
    return found(
        "app-not-found", sentence, why, place, fix(f"Rename it to {new}", "rename_module", place, new=new)
    )


PROJECT_CHECKS = (hiding_files,)
