"""Importing the person's app, as ``flask run`` would find it, and saying plainly why that failed.

The rules of the search (which file, which name, which factory) are Flask's own, called rather than copied,
so that what the playground serves is what ``flask run`` serves.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from flask import Flask
from flask.cli import NoAppException, find_app_by_string, find_best_app
from flask.helpers import get_debug_flag

from playground.core.heap import heap
from playground.core.problems import Place, Problem, ProblemError, refuse
from playground.server import apart, builders, fences, loggers, patching
from playground.server.carrying import Definitions, carry
from playground.server.debugging import runs_with_debug
from playground.server.environment import Variables, nothing
from playground.server.failures import explain
from playground.server.imports import FreshLoader, ProjectImports
from playground.server.loaded import LoadedFile, NotInPlaceError, stamp_of
from playground.server.no_app import explain_no_app, no_file
from playground.server.packages import Packages, misfit
from playground.server.stopping import TimeLimit

LIMIT = 30.0
"""Seconds after which an import that has not ended is stopped."""

GRACE = 2.0
"""Seconds that an import gets from its start although newer source waits: most end by themselves."""

CANDIDATES = ("wsgi", "app")
"""Where ``flask run`` looks when it is not told, in its order."""

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_open: dict[Path, ProjectImports] = {}
_around: dict[Path, _Surroundings] = {}
_running: dict[str, tuple[TimeLimit | apart.Apart[Flask], float]] = {}
"""By folder: the import under way, and when it began."""
_folder_before: list[str] = []


@dataclass(frozen=True, slots=True)
class Loaded:
    """An app that was imported: with the names of the project's modules and the seconds it took.

    ``debug`` says whether its source or its variables ask for debug mode.
    """

    app: Flask
    modules: tuple[str, ...]
    seconds: float
    debug: bool = False


class Target(NamedTuple):
    """A file of the folder, what to take from it, and the name to import it by where that is not plain."""

    file: str
    name: str | None = None
    module: str = ""


class _Surroundings:
    """What the process has for an open project beside its modules."""

    def __init__(self, folder: Path) -> None:
        self.variables = Variables()
        self.packages = Packages(folder)

    def close(self) -> None:
        self.packages.remove()
        self.variables.take_back()


def load(
    folder: Path,
    target: str | None = None,
    *,
    limit: float = LIMIT,
    keep_data: bool = True,
    variables: Callable[[], Mapping[str, str]] = nothing,
) -> Loaded:
    """Import the project's app afresh.

    ``target`` is a file of the folder (``app.py``, ``shop/__init__.py``) or a dotted name (``pkg.web``), with
    ``:name`` or ``:factory()`` after it where needed; None leaves the choice to Flask's rules. The project
    stays open to imports (its views may import later) until ``unload``. With ``keep_data`` the plain data of
    the version before is carried over; ``variables`` are set in the process. Raises ``ProblemError``, and
    then the modules of the load before are back in place.
    """
    started = time.perf_counter()
    folder = _resolved(folder)
    if not _lock.acquire(timeout=limit + 1):
        raise refuse(
            "The app is still starting from before.",
            "Something in it waits without end: look for input(), sleep() or a loop at the top of a file.",
        )
    try:
        imports, around = _opened(folder)
        around.variables.wanted = variables
        found = _find_target(folder, target)
        try:
            app = _import_afresh(imports, around, found, limit, keep_data)
        finally:
            if _open.get(folder) is not imports:  # closed while it was starting
                imports.close()
                around.close()
        says = app.debug or any(runs_with_debug(file.data) for file in imports.files().values())
        app.debug = get_debug_flag()  # as ``flask run`` leaves it, whatever the source says
        return Loaded(app, tuple(sorted(imports.modules())), time.perf_counter() - started, says)
    finally:
        _lock.release()


def patch(folder: Path, names: Iterable[str], views: patching.Views) -> bool:
    """Make edits of function bodies in these files live in place, all of them or none; False for none.

    ``views`` are those of the live app. A file that the app never imported changes nothing.
    """
    root = os.path.realpath(folder)
    known = (FreshLoader.files.get(str(Path(root, name))) for name in sorted(names))
    try:
        plans = [_planned(file, views) for file in known if file is not None]
    except (NotInPlaceError, OSError, SyntaxError) as error:
        _log.debug("not in place: %s", error)
        return False
    for one in plans:
        one.apply()
    return True


def _planned(file: LoadedFile, views: patching.Views) -> patching.Patch:
    stamp = stamp_of(file.path)
    return patching.plan(file, Path(file.path).read_bytes(), views, stamp)


def loaded_files(folder: Path) -> tuple[LoadedFile, ...]:
    """What the running app of a folder was compiled of."""
    imports = _open.get(Path(os.path.realpath(folder)))
    return tuple(imports.files().values()) if imports is not None else ()


def supersede(folder: Path, grace: float = GRACE) -> bool:
    """Stop the import that is under way, once it has had ``grace`` seconds; False where none is.

    Its outcome is not wanted any more: newer source waits, or the project closes. Code inside one long call
    into C ends when that call returns. From any thread.
    """
    running = _running.get(os.path.realpath(folder))
    if running is None:
        return False
    limit, began = running
    limit.end_within(max(0.0, grace - (time.perf_counter() - began)))
    return True


def unload(folder: Path) -> None:
    """Close the project: its modules and path entries leave the process."""
    imports = _open.pop(Path(os.path.realpath(folder)), None)
    if imports is not None:
        imports.close()
        _around.pop(Path(imports.folder)).close()
        fences.leave(Path(imports.folder))
    if not _open and _folder_before:
        before = _folder_before.pop()
        with suppress(OSError):  # that folder may be gone by now
            os.chdir(before)


def _resolved(folder: Path) -> Path:
    resolved = Path(os.path.realpath(folder))
    if not resolved.is_dir():
        raise refuse(
            f"The folder {folder.name} is not there any more.",
            "Put it back where it was, or open another one.",
        )
    return resolved


def notes(folder: Path) -> tuple[Problem, ...]:
    """What should be known of how a folder's app was loaded, although it may run well."""
    around = _around.get(Path(os.path.realpath(folder)))
    note = misfit(around.packages.environment) if around is not None else None
    return (note,) if note is not None else ()


def has_new_packages(folder: Path) -> bool:
    """Whether something was installed since a folder's app was last imported, or tried to be."""
    around = _around.get(Path(os.path.realpath(folder)))
    return around is not None and around.packages.have_changed()


def _opened(folder: Path) -> tuple[ProjectImports, _Surroundings]:
    """The folder's imports, and the process in the folder: ``open("data.json")`` means the same as in
    ``flask run``, which people start there."""
    imports = _open.setdefault(folder, ProjectImports(folder))
    imports.open()
    if not _folder_before:
        _folder_before.append(_working_folder(folder))
    os.chdir(folder)
    fences.enter(folder)
    return imports, _around.setdefault(folder, _Surroundings(folder))


def _working_folder(otherwise: Path) -> str:
    try:
        return str(Path.cwd())
    except OSError:  # it was deleted
        return str(otherwise.parent)


def _find_target(folder: Path, target: str | None) -> Target:
    """The file to import, relative to the folder, and the name or call after the colon."""
    if target:
        file, _, name = target.partition(":")
        dotted = "" if file.endswith(".py") or "/" in file or "." not in file else file
        found = _as_file(folder, dotted.replace(".", "/") or file.removesuffix(".py"))
        if found is None:
            raise refuse(
                f"There is no {file} in this folder.", "Look at the spelling, or make the file.", field="file"
            )
        return Target(found, name or None, dotted)
    for candidate in CANDIDATES:
        found = _as_file(folder, candidate)
        if found is not None:
            return Target(found)
    if _is_django(folder):
        raise refuse(
            "This folder is a Django project, and the playground runs Flask apps.",
            "Open the folder of a Flask app, or make an app.py here to try Flask beside it.",
            original="Could not locate a Flask application.",
        )
    problem = Problem(
        "There is no app.py in this folder, so there is nothing to serve yet.",
        "Make a file app.py with the lines: from flask import Flask, and app = Flask(__name__).",
        original="Could not locate a Flask application.",
    )
    raise ProblemError(no_file(problem))


def _is_django(folder: Path) -> bool:
    """Whether there is the manage.py that every Django project begins with."""
    try:
        return b"DJANGO_SETTINGS_MODULE" in (folder / "manage.py").read_bytes()
    except OSError:
        return False


def _as_file(folder: Path, stem: str) -> str | None:
    """A package comes before a file of its name, as in every import."""
    for name in (f"{stem}/__init__.py", f"{stem}.py"):
        if (folder / name).is_file():
            return name
    return None


def _module_name(imports: ProjectImports, target: Target) -> str:
    """The dotted name of a file, up to the outermost package; sets where that is looked up."""
    if target.module:
        imports.root = imports.folder
        return target.module
    path = Path(imports.folder, target.file).with_suffix("")
    if path.name == "__init__":
        path = path.parent
    parts = [path.name]
    while (path.parent / "__init__.py").is_file():
        path = path.parent
        parts.append(path.name)
    imports.root = str(path.parent)
    return ".".join(reversed(parts))


def _import_afresh(
    imports: ProjectImports, around: _Surroundings, target: Target, limit: float, keep_data: bool
) -> Flask:
    module_name = _module_name(imports, target)
    before: dict[str, ModuleType] = {}
    files = dict(FreshLoader.files)
    for project in _open.values():  # another open project may use the same names
        before |= project.clear()
    logged_by = loggers.take_out(before)
    around.packages.add()
    try:
        _refuse_taken_name(module_name, target.file)
        with (
            around.variables.during_import(),
            heap.at_rest(),
            builders.made_when_asked_for(),
            loggers.others_stay_on(),
            _app_run_returns_at_once(),
        ):
            app = apart.run(
                lambda: _find_app(imports.bring_in(module_name), target),
                limit,
                lambda under_way: _running.update({imports.folder: (under_way, time.perf_counter())}),
            )
        if keep_data and before:
            carry(
                before,
                imports.modules(),
                _definitions(before, files),
                _definitions(imports.modules(), FreshLoader.files),
            )
        return app
    except BaseException as error:
        failed = imports.clear()
        apart.disown(failed.values())
        loggers.take_out(failed)
        loggers.put_back(logged_by)
        _put_back(before)
        FreshLoader.files.update(files)
        if isinstance(error, ProblemError):
            raise
        raise ProblemError(explain(error, imports, target.file, limit, around.packages)) from error
    finally:
        _running.pop(imports.folder, None)


def _definitions(
    modules: Mapping[str, ModuleType], files: Mapping[str, LoadedFile]
) -> dict[str, Definitions]:
    """What defines the names of each module, for those whose source is known."""
    paths = {name: str(vars(module).get("__file__")) for name, module in modules.items()}
    return {name: Definitions(files[path]) for name, path in paths.items() if path in files}


def _put_back(modules: dict[str, ModuleType]) -> None:
    for name, module in modules.items():
        sys.modules.setdefault(name, module)


def _refuse_taken_name(module_name: str, file: str) -> None:
    top = module_name.partition(".")[0]
    if top in sys.modules:
        raise refuse(
            f"{file} has the name of {top}, a module that Flask or Python uses.",
            "Rename the file, for example to app.py." if file == f"{top}.py" else f"Rename the folder {top}.",
            field="file",
            place=Place(file),
        )


def _find_app(module: ModuleType, target: Target) -> Flask:
    try:
        return find_app_by_string(module, target.name) if target.name else find_best_app(module)
    except NoAppException as error:
        problem: Problem = explain_no_app(error, module, target.name, target.file)
        raise ProblemError(problem) from error


@contextmanager
def _app_run_returns_at_once() -> Iterator[None]:
    """``app.run()`` at the top of a file does nothing, as under ``flask run``, by Flask's own switch."""
    key = "FLASK_RUN_FROM_CLI"
    before = os.environ.get(key)
    os.environ[key] = "true"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(key, None)
        else:
            os.environ[key] = before
