"""What the bundle starts with: the `playground` command, or the Python inside.

`playground-python` is the same program under another name, and does what `python3` would: `-c`, `-m`, a file.
It is what `sys.executable` names, so that what starts another Python (an app that runs `flask` in a process
of its own, a process pool, `-m venv`) gets one.

Paths are joined by `os.path`, which Python has loaded by itself: this runs at each start, before anything of
ours is imported, and in every Python that an app starts; `pathlib` would add its import to all of them.
"""

from __future__ import annotations

import os
import sys

PYTHON = "playground-python"
_WITH_WORD = {"-W", "-X", "--check-hash-based-pycs"}


def main() -> int:
    """Be what the name says that we were called by."""
    words = sys.argv[1:]
    _be_plain()
    if "--multiprocessing-fork" in words:
        _join_pool()
    if _called().startswith((PYTHON, "python")):
        _enter_environment()
        return as_python(words)
    return _playground()


def _called() -> str:
    return os.path.basename(sys.argv[0])


def _be_plain() -> None:
    """From here on modules are found as in any Python: what PyInstaller adds only slows it down."""
    sys.path_hooks[:] = [hook for hook in sys.path_hooks if "pyimod" not in getattr(hook, "__module__", "")]
    sys.path_importer_cache.clear()
    ending = ".exe" if os.name == "nt" else ""
    beside = os.path.join(os.path.dirname(sys.executable), PYTHON + ending)
    if os.path.exists(beside):
        sys.executable = sys._base_executable = beside  # type: ignore[attr-defined]  # unknown to the stubs; what venv links to
    globals().pop("__file__", None)  # a worker of a pool would look for it


def _enter_environment() -> None:
    """Where we are called through the link that `-m venv` made, be the Python of that environment."""
    import shutil

    named = sys.argv[0] if os.sep in sys.argv[0] else shutil.which(sys.argv[0]) or ""
    place = os.path.dirname(os.path.dirname(os.path.abspath(named)))
    if not named or not os.path.isfile(os.path.join(place, "pyvenv.cfg")):
        return
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    sys.executable = os.path.abspath(named)
    sys.prefix = sys.exec_prefix = place
    sys.path.insert(0, os.path.join(place, "lib", version, "site-packages"))


def _join_pool() -> None:
    from multiprocessing.spawn import freeze_support  # the one of the package does nothing but on Windows

    freeze_support()  # does the work and ends the process


def _playground() -> int:
    try:
        from playground.cli import main as command

        return command()
    except ImportError as error:
        library = str(error).partition(":")[0]
        if "cannot open shared object file" not in str(error):
            raise
        _say(
            f"This system lacks {library}, which the window needs. Install the package that brings it; "
            "`playground doctor` in a terminal lists everything that is missing."
        )
        return 1


def _say(sentence: str) -> None:
    """On standard error and, where that is not seen, with whatever can show a sentence without Qt."""
    import shutil
    import subprocess

    print(f"playground: {sentence}", file=sys.stderr)
    if sys.stderr.isatty():
        return
    for program, *how in (["zenity", "--error", "--text"], ["kdialog", "--error"], ["xmessage"]):
        if shutil.which(program):
            subprocess.run([program, *how, sentence], check=False)
            return


def as_python(words: list[str]) -> int:
    """What `python3` does with these words; returns the exit status, unless the code ends us."""
    safe, words = _without_flags(words)
    if not words:
        return _interactive()
    kind, rest = words[0], words[1:]
    if kind in ("-V", "--version"):
        print(f"Python {sys.version.split()[0]}")
    elif kind == "-c":
        _run_code(rest, safe)
    elif kind == "-m":
        _run_module(rest, safe)
    else:
        _run_file(words, safe)
    return 0


def _without_flags(words: list[str]) -> tuple[bool, list[str]]:
    """Whether the current folder is left out of the path, and the words behind Python's own options."""
    safe = False
    while words and words[0].startswith("-") and words[0] not in ("-c", "-m", "-", "-V", "--version"):
        safe = safe or words[0] in ("-P", "-I")
        words = words[2 if words[0] in _WITH_WORD else 1 :]
    return safe, words


def _run_code(rest: list[str], safe: bool) -> None:
    import types

    sys.argv = ["-c", *rest[1:]]
    if not safe:
        sys.path.insert(0, "")
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    exec(compile(rest[0], "<string>", "exec"), vars(module))


def _run_module(rest: list[str], safe: bool) -> None:
    import runpy

    sys.argv = rest
    if not safe:
        sys.path.insert(0, os.getcwd())
    runpy.run_module(rest[0], run_name="__main__", alter_sys=True)


def _run_file(words: list[str], safe: bool) -> None:
    import runpy

    sys.argv = words
    if not safe and os.path.isfile(words[0]):
        sys.path.insert(0, os.path.dirname(os.path.abspath(words[0])))
    runpy.run_path(words[0], run_name="__main__")


def _interactive() -> int:
    import code

    code.interact(local={"__name__": "__main__"}, exitmsg="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
