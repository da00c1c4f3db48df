"""The libraries of the system that Qt loads, on Linux: which are missing, and the packages that bring them.

The table is ``assets/system-libraries.txt``, by which the set-up of a checkout goes as well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from playground.cli.health.findings import Finding, bad, good, note

TABLE = "system-libraries.txt"


@dataclass(frozen=True, slots=True)
class Library:
    """One line of the table; ``packages`` by the name of the tool that installs them."""

    when: str
    what: str
    packages: dict[str, str]

    @property
    def is_library(self) -> bool:
        """Whether it is a shared library: it may also be a program, or paths."""
        return ".so" in self.what and "/" not in self.what


def table(text: str) -> list[Library]:
    """What the table says."""
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    tools = ("apt", "dnf", "pacman")
    return [Library(when, what, dict(zip(tools, names, strict=True))) for when, what, *names in rows]


def needed(environment: dict[str, str] | None = None) -> list[Library]:
    """The libraries that have to be there on this machine."""
    from playground.core.assets import asset

    said = os.environ if environment is None else environment
    when = {"run", "wayland"} if said.get("WAYLAND_DISPLAY") else {"run"}
    every = table(asset(TABLE).read_text(encoding="utf-8"))
    return [one for one in every if one.when in when and one.is_library]


def missing(there: Collection[str], tool: str = "") -> Iterator[Finding]:
    """What is not ``there``, and the one command that brings all of it."""
    lacking = [one for one in needed() if one.what not in there]
    if not lacking:
        yield good("system libraries", f"all {len(needed())} that Qt needs are there")
        return
    names = ", ".join(one.what for one in lacking)
    count = "1 is" if len(lacking) == 1 else f"{len(lacking)} are"
    yield bad("system libraries", f"{count} missing: {names}.", install(lacking, tool or package_tool()))


def install(lacking: list[Library], tool: str) -> str:
    """What to type to get libraries, in the words of the system's own package tool."""
    if not tool:
        debian = " ".join(dict.fromkeys(one.packages["apt"].partition("[")[0] for one in lacking))
        return f"Install them with your system's package tool; in Debian they are called {debian}."
    names = dict.fromkeys(one.packages[tool] for one in lacking)
    shown = " ".join(_of_this_release(name) if tool == "apt" else name for name in names)
    begin = {
        "apt": "apt-get install --no-install-recommends",
        "dnf": "dnf install",
        "pacman": "pacman -S --needed",
    }
    return f"{'' if is_root() else 'sudo '}{begin[tool]} {shown}"


def package_tool() -> str:
    """apt, dnf or pacman, whichever this system has; empty for another one."""
    programs = {"apt": "apt-get", "dnf": "dnf", "pacman": "pacman"}
    return next((tool for tool, program in programs.items() if shutil.which(program)), "")


def is_root() -> bool:
    """Whether this is the administrator, where there is one."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _of_this_release(name: str) -> str:
    """libasound2[t64] is libasound2t64 where apt knows that name."""
    plain, bracket, _ = name.partition("[")
    if not bracket or not shutil.which("apt-cache"):
        return plain
    asked = ["apt-cache", "show", f"{plain}t64"]
    done = subprocess.run(asked, capture_output=True, timeout=20, check=False)
    return f"{plain}t64" if done.returncode == 0 else plain


def sandbox(proc: Path = Path("/proc/sys")) -> Iterator[Finding]:
    """Whether the preview, which is Chromium, gets the sandbox that it insists on, on Linux."""
    if sys.platform != "linux":
        return
    off = "the preview shows the text of a page, without styles"
    if is_root() and not os.environ.get("QTWEBENGINE_DISABLE_SANDBOX"):
        yield note(
            "page preview", f"Chromium does not run for root, so {off}.", "Start the playground as yourself."
        )
    elif _is(proc / "kernel/unprivileged_userns_clone", "0") or _is(proc / "user/max_user_namespaces", "0"):
        yield note(
            "page preview",
            f"this system gives no user namespaces, which Chromium's sandbox needs; {off}.",
            "sudo sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000",
        )
    elif _is(proc / "kernel/apparmor_restrict_unprivileged_userns", "1"):
        yield note(
            "page preview",
            "AppArmor may keep Chromium from its sandbox here, and then the preview stays empty.",
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
        )


def _is(file: Path, value: str) -> bool:
    try:
        return file.read_text().strip() == value
    except OSError:
        return False
