"""The house itself: who may import whom, what stands where, and facts of its ground that must stay true."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "playground").rglob("*.py"))
SOME_OF_THE_CORE = ("core/test_address.py", "core/test_bodies.py", "core/test_names.py")
ROOMS_WITHOUT_QT = ["core", "project", "server", "client", "lessons", "session"]
ASIDE = (tokenize.ENCODING, tokenize.COMMENT, tokenize.NL)
NO_QT = """
import sys
class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ModuleNotFoundError(f"{name} is not there", name=name)
sys.meta_path.insert(0, NoQt())
"""


def python(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run this Python in a process of its own."""
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240, check=False)


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_bytes())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def begins_with_words(path: Path) -> bool:
    """Whether the first thing in a file is its docstring, without reading on after that."""
    with path.open("rb") as file:
        tokens = tokenize.tokenize(file.readline)
        first = next(one for one in tokens if one.type not in ASIDE)
        alone = next(tokens, first).type == tokenize.NEWLINE
    return first.type == tokenize.STRING and alone and bool(str(ast.literal_eval(first.string)).strip())


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


# Who imports whom.


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command as lint; lint(['--no-logo', '--no-cache'])"
    return python("-c", code, cwd=folder)


def test_imports_keep_to_the_contracts() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


MISTAKES = {
    ("core/problems.py", "import PySide6.QtCore"): "playground.core.problems -> PySide6",
    ("core/problems.py", "import flask"): "playground.core.problems -> flask",
    ("core/problems.py", "import playground.session"): "playground.core.problems -> playground.session",
    ("client/__init__.py", "import playground.server"): "playground.client -> playground.server",
    ("session/__init__.py", "import requests"): "playground.session -> requests",
}
STRAY = ("stray.py", '"""A module that has no place in the house."""')


def lint_mistakes(folder: Path, *mistakes: tuple[str, str]) -> subprocess.CompletedProcess[str]:
    """Look at a copy of the house, with more lines in some of its modules."""
    shutil.copytree(ROOT / "playground", folder / "playground", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for module, line in mistakes:
        with (folder / "playground" / module).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    done = lint_imports(folder)
    assert done.returncode != 0
    return done


def test_imports_against_the_contracts_are_caught(tmp_path: Path) -> None:
    done = lint_mistakes(tmp_path, *MISTAKES)
    assert "BROKEN" in done.stdout
    assert [way for way in MISTAKES.values() if f"{way} (l." not in done.stdout] == []


def test_a_module_that_has_no_place_is_caught(tmp_path: Path) -> None:
    assert "stray" in lint_mistakes(tmp_path, STRAY).stdout


@pytest.mark.long
@pytest.mark.parametrize("mistake", MISTAKES, ids=": ".join)
def test_an_import_against_the_contracts_is_caught_by_itself(
    tmp_path: Path, mistake: tuple[str, str]
) -> None:
    assert "BROKEN" in lint_mistakes(tmp_path, mistake).stdout


def test_everything_but_the_window_can_be_imported_without_qt() -> None:
    names = ["playground.cli", "playground.__main__"]
    for room in ROOMS_WITHOUT_QT:
        for path in sorted((ROOT / "playground" / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    done = python("-c", f"{NO_QT}\nimport importlib\nfor name in {names!r}: importlib.import_module(name)")
    assert done.returncode == 0, done.stderr


def run_suites_without_qt(folder: Path, *suites: str) -> None:
    """Run suites where PySide6 can't be imported; configured apart, as pytest-qt is not there either."""
    settings = folder / "pytest.ini"
    lines = ["[pytest]", "filterwarnings = error", f"pythonpath = {ROOT / 'tests' / 'support'}"]
    lines += ["markers =", "  long", "  x11", ""]
    settings.write_text("\n".join(lines), encoding="utf-8")
    options = ["-q", "-x", "-p", "no:pytest-qt", "-p", "no:cacheprovider", "--import-mode=importlib"]
    options += ["-c", str(settings), "--rootdir", str(ROOT), *(f"tests/{suite}" for suite in suites)]
    # -P, as the working folder becomes a project's and must not be looked in for modules
    done = python("-P", "-c", f"{NO_QT}\nimport pytest\nsys.exit(pytest.main({options!r}))")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_suites_of_the_core_run_without_qt(tmp_path: Path) -> None:
    """Some of them; all of all rooms with --long."""
    run_suites_without_qt(tmp_path, *SOME_OF_THE_CORE)


@pytest.mark.long
def test_the_suites_of_all_rooms_but_the_window_run_without_qt(tmp_path: Path) -> None:
    run_suites_without_qt(tmp_path, "core", "project", "server", "client", "session")


def test_starting_costs_only_what_the_start_needs() -> None:
    done = python("-c", "import sys, playground.cli; print(*sys.modules)")
    assert done.returncode == 0, done.stderr
    assert not {"PySide6", "libcst", "pytest"} & set(done.stdout.split())


# What stands where.


def test_every_module_says_what_it_is() -> None:
    tests = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path.name != "__init__.py"]
    silent = [path for path in MODULES + tests if not begins_with_words(path)]
    assert [path.relative_to(ROOT).as_posix() for path in silent] == []


def test_the_window_composes_and_nothing_else() -> None:
    path = ROOT / "playground" / "gui" / "window.py"
    assert len(path.read_text(encoding="utf-8").splitlines()) < 300
    assert [function.name for function in functions(path) if length(function) > 40] == []


def test_functions_are_short() -> None:
    lengths = sorted(length(function) for path in MODULES for function in functions(path))
    assert lengths[len(lengths) // 2] <= 13
    assert lengths[len(lengths) * 9 // 10] < 40


def test_the_top_of_the_checkout_is_tidy() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, or no git to ask")
    done = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    top = {line.split("/")[0] for line in done.stdout.splitlines()}
    rooms = {"pyproject.toml", "README.md", "LICENSE", "playground", "tests", "assets", "packaging"}
    assert {name for name in top if not name.startswith(".")} <= rooms


# The ground it stands on.


def test_void_calls_into_qt_leave_the_count_of_none_alone(qtbot: QtBot) -> None:
    """PySide6 6.12.0 drops a reference to None with every call that returns nothing, until Python aborts."""
    line, widget = QLineEdit(), QWidget()
    qtbot.addWidget(line)
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(1000):
        line.setReadOnly(True)
        widget.setEnabled(True)
    assert abs(sys.getrefcount(None) - before) < 100
