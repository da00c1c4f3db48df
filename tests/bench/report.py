"""Rows of figures: a table to read, JSON to keep, and the table of the README."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("flask", "werkzeug", "waitress", "pyside6", "watchfiles", "libcst")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
README = Path(__file__).resolve().parents[2] / "README.md"


@dataclass(frozen=True)
class Target:
    """What a row is to reach.

    ``kind``: ``faster`` (peer / ours at least), ``of peer`` (ours / peer at least), ``at most of peer``
    (ours / peer at most), ``at most`` and ``at least`` (ours alone).
    """

    kind: str
    bound: float

    def held(self, ours: float, peer: float | None) -> bool:
        if self.kind == "at most":
            return ours <= self.bound
        if self.kind == "at least":
            return ours >= self.bound
        if not peer or not ours:
            return False
        if self.kind == "faster":
            return peer / ours >= self.bound
        return ours / peer >= self.bound if self.kind == "of peer" else ours / peer <= self.bound

    def words(self, unit: str) -> str:
        if self.kind == "faster":
            return f"{self.bound:g} times as fast"
        if self.kind in ("at most", "at least"):
            return f"{self.kind} {self.bound:g} {unit}"
        return f"{'at most' if 'most' in self.kind else 'at least'} {self.bound:g} of it"


@dataclass
class Row:
    """One figure beside its peer. ``shown`` puts it into the README."""

    group: str
    what: str
    unit: str
    ours: Sequence[float]
    peer: str = ""
    theirs: Sequence[float] = ()
    target: Target | None = None
    note: str = ""
    shown: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        ours = summary(self.ours)
        peer = {"name": self.peer, **summary(self.theirs)} if self.theirs else None
        aim = None
        if self.target is not None:
            held = self.target.held(ours["median"], peer["median"] if peer else None)
            aim = {"kind": self.target.kind, "bound": self.target.bound, "held": held}
            aim["words"] = self.target.words(self.unit)
        return {
            "group": self.group,
            "what": self.what,
            "unit": self.unit,
            "ours": ours,
            "peer": peer,
            "ratio": ours["median"] / peer["median"] if peer and peer["median"] else None,
            "target": aim,
            "note": self.note,
            "shown": self.shown,
            "more": self.more,
        }


def summary(figures: Sequence[float]) -> dict[str, Any]:
    """The middle, the spread, and every single one."""
    return {
        "median": statistics.median(figures),
        "least": min(figures),
        "most": max(figures),
        "runs": [round(figure, 4) for figure in figures],
    }


def machine() -> dict[str, Any]:
    """What was measured on, without its name."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": _memory(),
        "system": _system(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _cpu() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return " ".join(found.group(1).split()) if found else platform.machine()


def _memory() -> int | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (AttributeError, ValueError, OSError):
        return None


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError, AttributeError):
        return f"{platform.system()} {platform.release()}"


# To read ----------------------------------------------------------------------------------------


def number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _figure(found: dict[str, Any] | None, unit: str) -> str:
    return f"{number(found['median'])} {unit}" if found else "–"


def _spread(found: dict[str, Any] | None) -> str:
    return f"({number(found['least'])} to {number(found['most'])})" if found else ""


def _ratio(row: dict[str, Any]) -> str:
    """How ours compares: as many times faster where less is better and it is less."""
    if not row["ratio"]:
        return "–"
    faster = row["target"] is not None and row["target"]["kind"] == "faster"
    if faster or (row["unit"] in ("ms", "s") and row["ratio"] < 0.5):
        return f"{number(1 / row['ratio'])} times as fast"
    return f"{row['ratio']:.2f} of it"


def _verdict(row: dict[str, Any]) -> str:
    if row["target"] is None:
        return ""
    return "held" if row["target"]["held"] else "missed"


def _aim(row: dict[str, Any]) -> str:
    return str(row["target"]["words"]) if row["target"] else ""


def machine_line(found: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    memory = f", {found['memory_gb']} GB" if found["memory_gb"] else ""
    system = f"{found['system']}, Python {found['python']}"
    return f"{found['cpu']}, {found['cores']} cores{memory}, {system}; {packages}"


def table(report: dict[str, Any]) -> str:
    """All rows, for a terminal."""
    lines = [machine_line(report["machine"]), ""]
    heads = ("", "ours", "", "peer", "", "ratio", "target", "")
    cells = [
        (
            row["what"],
            _figure(row["ours"], row["unit"]),
            _spread(row["ours"]),
            f"{row['peer']['name']} {_figure(row['peer'], row['unit'])}" if row["peer"] else "",
            _spread(row["peer"]),
            _ratio(row),
            _aim(row),
            _verdict(row),
        )
        for row in report["rows"]
    ]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    group = ""
    for row, cell in zip(report["rows"], cells, strict=True):
        if row["group"] != group:
            group = row["group"]
            lines += ["", f"== {group}", _line(heads, widths)]
        lines.append(_line(cell, widths))
        if row["note"]:
            lines.append(f"    {row['note']}")
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


# To keep ----------------------------------------------------------------------------------------


def write_json(report: dict[str, Any], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def merged(reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Several runs on one machine as one; each row keeps the peer that it was measured beside."""
    rows = [row for report in reports for row in report["rows"]]
    seconds = {name: took for report in reports for name, took in report.get("seconds", {}).items()}
    runs = min(report["options"]["runs"] for report in reports)
    options = {**reports[0]["options"], "runs": runs}
    return {**reports[0], "options": options, "seconds": seconds, "rows": rows}


def write_readme(report: dict[str, Any], file: Path = README) -> None:
    """Put the rows that are shown between the two marks of the README."""
    text = file.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    file.write_text(f"{before}{BEGIN}\n{markdown(report)}\n{END}{after}", encoding="utf-8")


def markdown(report: dict[str, Any]) -> str:
    """The rows that are shown, as the README has them."""
    runs = report["options"]["runs"]
    told = f"medians of {runs} runs or more" if runs > 2 else "a first look, too few runs to rely on"
    lines = [f"Measured on {machine_line(report['machine'])}; {told}.", ""]
    lines += ["| what | ours | peer | ratio | target | |", "|---|---|---|---|---|---|"]
    notes: list[str] = []
    for row in report["rows"]:
        if row["shown"]:
            lines.append("| " + " | ".join(_cells(row, notes)) + " |")
    lines += [""] * bool(notes) + [f"{index}. {note}" for index, note in enumerate(notes, 1)]
    return "\n".join(lines)


def _cells(row: dict[str, Any], notes: list[str]) -> tuple[str, ...]:
    if row["note"] and row["note"] not in notes:
        notes.append(row["note"])
    mark = f" ({notes.index(row['note']) + 1})" if row["note"] else ""
    peer = row["peer"]
    return (
        f"{row['group']}: {row['what']}{mark}",
        _figure(row["ours"], row["unit"]),
        f"{peer['name']}: {_figure(peer, row['unit'])}" if peer else "–",
        _ratio(row),
        _aim(row) or "–",
        _verdict(row) or "–",
    )
