"""``packaging/dev.py bench``: runs the groups, prints their table, keeps it as JSON and for the README.

Each figure stands beside its peer, measured in turns in the same run; medians, with their spread. That a
target is missed is a figure like any other: the exit status is 0 all the same.
"""

from __future__ import annotations

import argparse
import importlib
import json
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from options import Options
from report import machine, merged, table, write_json, write_readme

GROUPS = ("edit_to_live", "throughput", "under_load", "sharing", "start", "scale", "reading")


def main(words: Sequence[str]) -> int:
    """Measure, or show what was measured before."""
    asked = _parser().parse_args(words)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: sys.exit(1))  # what was started ends with us
    report = _kept(asked.from_file) if asked.from_file else _measure(asked)
    if asked.json is not None:
        write_json(report, asked.json)
    print(table(report), flush=True)
    if asked.readme:
        write_readme(report)
    return 1 if report.get("failed") else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py bench", description="Measure, each figure beside its peer.")
    parser.add_argument(
        "groups", nargs="*", metavar="GROUP", help=f"some of {', '.join(GROUPS)}; all where none"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep every figure in a file")
    parser.add_argument("--runs", type=int, metavar="N", help="of each figure; 5, with --quick 1")
    parser.add_argument("--quick", action="store_true", help="the smallest sizes once, to see that it works")
    parser.add_argument("--readme", action="store_true", help="write the README's table")
    parser.add_argument(
        "--from",
        dest="from_file",
        type=Path,
        action="append",
        metavar="FILE",
        help="measure nothing: take the figures that --json kept (several times: all of them)",
    )
    return parser


def _measure(asked: argparse.Namespace) -> dict[str, Any]:
    unknown = [name for name in asked.groups if name not in GROUPS]
    if unknown:
        sys.exit(f"There is no group {unknown[0]}: they are {', '.join(GROUPS)}.")
    options = Options(asked.runs or (1 if asked.quick else 5), asked.quick)
    began, seconds = time.time(), {}
    rows: list[dict[str, Any]] = []
    failed: list[str] = []
    for name in [name for name in GROUPS if name in asked.groups or not asked.groups]:
        start = time.monotonic()
        try:
            rows += [row.as_json() for row in importlib.import_module(name).measure(options)]
        except Exception:  # noqa: BLE001  (told; what the other groups measure is not lost with it)
            traceback.print_exc()
            failed.append(name)
        seconds[name] = round(time.monotonic() - start, 1)
    return {
        "machine": machine(),
        "date": time.strftime("%Y-%m-%d", time.gmtime(began)),
        "options": {"runs": options.runs, "quick": options.quick},
        "seconds": seconds,
        "failed": failed,
        "rows": rows,
    }


def _kept(files: Sequence[Path]) -> dict[str, Any]:
    return merged([json.loads(file.read_text(encoding="utf-8")) for file in files])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
