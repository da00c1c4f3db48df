"""What Flask itself says of a project's routes, and how many bytes an edit may touch: judges for edits.

Neither looks at the reading of the program that they judge.
"""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from flask import Flask

Row = tuple[str, tuple[str, ...], str]
"""Rule, methods and endpoint."""

_SILENT = {"HEAD", "OPTIONS"}


def wipe(folder: Path) -> None:
    """An empty folder where there may be files."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The files, and nothing else, in a folder."""
    wipe(folder)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    names = {path.stem for path in folder.glob("*.py")} | {
        path.name for path in folder.iterdir() if path.is_dir()
    }
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.path.remove(str(folder))
        sys.path_importer_cache.pop(str(folder), None)
        sys.dont_write_bytecode = written
        for name in [one for one in sys.modules if one.partition(".")[0] in names]:
            del sys.modules[name]


def rows(folder: Path) -> Counter[Row]:
    """The ``url_map`` of the project's app, imported afresh into this process; without ``/static``."""
    with _importable(folder):
        app = _app(importlib.import_module("app"))
        return Counter(
            (rule.rule, tuple(sorted(set(rule.methods or ()) - _SILENT)), rule.endpoint)
            for rule in app.url_map.iter_rules()
            if rule.endpoint != "static"
        )


def _app(module: ModuleType) -> Flask:
    named = [getattr(module, name, None) for name in ("app", "application")]
    found = [one for one in named if isinstance(one, Flask)]  # "from flask import *" has an "app" of its own
    made = found[0] if found else module.create_app()
    assert isinstance(made, Flask)
    return made


def flask_routes(folder: Path) -> Counter[Row]:
    """The same from ``flask routes`` in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "flask", "routes"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "500", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    table = [re.split(r"  +", line.strip()) for line in run.stdout.splitlines()]
    found = [line for line in table if len(line) == 3 and not set(line[0]) <= {"-"} and line[0] != "Endpoint"]
    return Counter(
        (rule, tuple(sorted(set(methods.split(", ")) - _SILENT)), endpoint)
        for endpoint, methods, rule in found
        if endpoint != "static"
    )
