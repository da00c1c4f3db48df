"""The folders that are measured: those of the tests, with a few routes that the measuring needs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from project_folders import PER_FILE, many_files, one_file

LAYOUTS: dict[str, Callable[[Path, int], Path]] = {"one file": one_file, "many files": many_files}
COUNTER = """

counted = {"asked": 0}


@app.route("/bench/count")
def bench_count():
    counted["asked"] += 1
    return str(counted["asked"])
"""
RULE = """

@app.route("/bench/rule")
def bench_rule():
    return "here"
"""
SPIN = """

@app.route("/bench/spin")
def bench_spin():
    while True:
        pass
"""
SERVED = {
    "static text": (
        "/bench/text",
        '@app.route("/bench/text")\ndef bench_text():\n    return "Hello, world!"\n',
    ),
    "JSON with an int": (
        "/bench/json/7",
        '@app.route("/bench/json/<int:number>")\ndef bench_json(number):\n'
        '    return {"number": number, "name": "Ada"}\n',
    ),
    "a template": (
        "/bench/page/Ada",
        '@app.route("/bench/page/<name>")\ndef bench_page(name):\n'
        '    return render_template("hello.html", name=name)\n',
    ),
}
"""What is asked for to see how many answers a server gives: a path, and its route."""


def make(layout: str, folder: Path, routes: int, *more: str) -> Path:
    """A project of that many routes, with the counter and whatever else."""
    LAYOUTS[layout](folder, routes)
    app = folder / "app.py"
    app.write_text(app.read_text(encoding="utf-8") + COUNTER + "".join(more), encoding="utf-8")
    return folder


def middle(layout: str, routes: int, remainder: int) -> tuple[str, str, str]:
    """The file, the view's name and the path of a route half-way down: 0 a template, 1 JSON, 2 text."""
    number = max(0, (routes // 2 // 3 - 1) * 3) + remainder
    area, prefix, file = number // PER_FILE, "", "app.py"
    if layout == "many files":
        prefix, file = f"/part{area}", f"part{area}.py"
    kind, value = ("page", "Ada") if remainder == 0 else ("thing", "1")
    return file, f"view_{number}", f"{prefix}/area{area}/{kind}{number}/{value}"
