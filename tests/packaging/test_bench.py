"""``dev.py bench``: each group works and says what it measured in the shape that is promised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from playground.server.live import WORKERS

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "tests" / "bench" / "run.py"
GROUPS = ("edit_to_live", "throughput", "under_load", "sharing", "start", "scale", "reading")
FIGURES = {"median", "least", "most", "runs"}
posix = pytest.mark.skipif(os.name == "nt", reason="process groups, and signals that end them")


def bench(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(RUN), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


def row(what: str, **more: Any) -> dict[str, Any]:
    figures = {"median": 2.0, "least": 1.0, "most": 3.0, "runs": [1.0, 2.0, 3.0]}
    rest = {"peer": None, "ratio": None, "target": None, "note": "", "shown": True, "more": {}}
    return {"group": "a group", "what": what, "unit": "ms", "ours": figures, **rest, **more}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Figures as an earlier run kept them."""
    peer = {"name": "a peer", "median": 300.0, "least": 300.0, "most": 300.0, "runs": [300.0]}
    aim = {"kind": "faster", "bound": 100, "held": True, "words": "100 times as fast"}
    rows = [
        row("one thing", peer=peer, ratio=2 / 300, target=aim, note="Said once."),
        row("another", target=aim | {"held": False}, note="Said once."),
        row("not shown", shown=False),
    ]
    machine = {"cpu": "A CPU", "cores": 2, "memory_gb": 8, "system": "A system", "python": "3.11"}
    report = {"machine": machine | {"packages": {"flask": "3.1"}}, "date": "2026-01-01", "rows": rows}
    report["options"] = {"runs": 5, "quick": False}
    file = tmp_path / "kept.json"
    file.write_text(json.dumps(report), encoding="utf-8")
    return file


@posix
@pytest.mark.parametrize(
    "group", ["start", *(pytest.param(name, marks=pytest.mark.long) for name in GROUPS if name != "start")]
)
def test_a_group_measures_once_and_keeps_every_figure(group: str, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    done = bench(group, "--quick", "--json", file)
    assert done.returncode == 0, done.stderr
    report = json.loads(file.read_text(encoding="utf-8"))
    assert {"machine", "date", "options", "seconds", "rows"} <= set(report)
    assert report["options"] == {"runs": 1, "quick": True}
    assert set(report["seconds"]) == {group}
    assert report["rows"]
    for found in report["rows"]:
        assert set(found) == set(row(""))
        assert set(found["ours"]) == FIGURES
        assert found["peer"] is None or set(found["peer"]) == {"name", *FIGURES}
        assert found["target"] is None or set(found["target"]) == {"kind", "bound", "held", "words"}
        assert found["what"] in done.stdout
    assert any(found["peer"] for found in report["rows"])


def test_the_flask_beside_us_is_that_of_an_environment_without_us(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n", encoding="utf-8")
    flask = [sys.executable, str(RUN.with_name("flask_alone.py")), "--app", "app"]
    listed = subprocess.run([*flask, "routes"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "/static/<path:filename>" in listed.stdout
    offered = subprocess.run([*flask, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "playground" not in offered.stdout and "routes" in offered.stdout


def test_what_was_kept_is_shown_again_with_its_verdicts(kept: Path) -> None:
    done = bench("--from", kept)
    assert done.returncode == 0, done.stderr
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines[0] == "A CPU, 2 cores, 8 GB, A system, Python 3.11; flask 3.1"
    told = "one thing 2.00 ms (1.00 to 3.00) a peer 300 ms (300 to 300) 150 times as fast"
    assert f"{told} 100 times as fast held" in lines
    assert "another 2.00 ms (1.00 to 3.00) – 100 times as fast missed" in lines


def test_the_table_of_the_readme_is_written_between_its_marks(kept: Path, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(
        "before\n<!-- figures: begin -->\nold\n<!-- figures: end -->\nafter\n", encoding="utf-8"
    )
    write = (
        f"import sys; sys.path.insert(0, {str(RUN.parent)!r})\n"
        "import json, report\nfrom pathlib import Path\n"
        f"report.write_readme(json.loads(Path({str(kept)!r}).read_text()), Path({str(readme)!r}))"
    )
    subprocess.run([sys.executable, "-c", write], check=True, timeout=60)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- figures: begin -->\nMeasured on A CPU, ")
    assert "Python 3.11; flask 3.1; medians of 5 runs or more.\n" in text
    assert text.endswith("\n<!-- figures: end -->\nafter\n")
    assert "| a group: one thing (1) | 2.00 ms | a peer: 300 ms | 150 times as fast |" in text
    assert "| a group: another (1) | 2.00 ms | – | – | 100 times as fast | missed |" in text
    assert "not shown" not in text
    assert text.count("Said once.") == 1


def test_bare_waitress_has_as_many_workers_as_the_playground() -> None:
    source = (RUN.parent / "processes.py").read_text(encoding="utf-8")
    assert f"\nTHREADS = {WORKERS}\n" in source


def test_a_group_that_is_not_there_is_named() -> None:
    done = bench("everything")
    assert done.returncode == 1
    assert done.stderr.strip() == f"There is no group everything: they are {', '.join(GROUPS)}."
