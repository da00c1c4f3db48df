#!/usr/bin/env python3
"""Set the project up and run it, or its tests, on a machine that has nothing but Python.

    python3 packaging/dev.py run      open the window; without a display, run the tour instead
    python3 packaging/dev.py test     every check and every test (more arguments go to pytest, alone)
    python3 packaging/dev.py tour     the main job, step by step, with a picture of each
    python3 packaging/dev.py pictures the tour, and the README's pictures from it
    python3 packaging/dev.py bench    measure, each figure beside its peer (--help: groups and options)
    python3 packaging/dev.py bundle   what is started by double click, for this system, into build
    python3 packaging/dev.py setup    the set-up alone
    python3 packaging/dev.py lock     write requirements.lock anew (--upgrade: with the newest versions)

The standard library only, because nothing is installed when this starts. A stamp in ``.venv`` says what it
was made from; while that holds, a call does nothing but look at a few files, so imports that cost time stay
inside functions.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "packaging"
LOCK = HERE / "requirements.lock"
LIBRARIES = ROOT / "assets" / "system-libraries.txt"
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "made-from"
PICTURES = ROOT / "build" / "tour"
BENCH = ROOT / "tests" / "bench" / "run.py"
README_PICTURES = ROOT / "assets" / "pictures"
FROM_TOUR = {
    "window-light": "route-light",
    "window-dark": "route-dark",
    "template-light": "template-light",
    "xray-light": "xray-not-found-light",
    "steps-dark": "xray-1440x900-dark",
    "share-light": "share-light",
    "present-light": "present-200-light-1440x900",
    "restricted-light": "restricted-light",
    "proposal-light": "proposal-light",
}
OLDEST = (3, 11)


class SetupError(Exception):
    """The end of the road, with the sentence that tells the person what to do."""


def say(text: str) -> None:
    """Print a line at once, so that it stands before what a child process prints."""
    print(text, flush=True)


def call(
    command: list[str], *, env: dict[str, str] | None = None, quiet: bool = False, folder: Path | None = ROOT
) -> int:
    """Run a command in a folder and give its exit status; 127 where there is no such program."""
    import subprocess

    output = subprocess.DEVNULL if quiet else None
    try:
        done = subprocess.run(command, check=False, cwd=folder, env=env, stdout=output, stderr=output)
    except FileNotFoundError:
        return 127
    return done.returncode


def become(arguments: list[str]) -> int:
    """Go on as the environment's Python, in this very process where the system can do that."""
    command = [str(PYTHON), *arguments]
    if os.name == "nt":
        return call(command, folder=None)
    sys.stdout.flush()
    return os.execv(command[0], command)


# The system's libraries: Debian and Ubuntu only, elsewhere Qt's wheels find what they need.


def is_debian(os_release: Path = Path("/etc/os-release")) -> bool:
    """Whether this is Debian, Ubuntu or one of their descendants."""
    try:
        lines = os_release.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    names = [line.partition("=")[2].strip("\"'") for line in lines if line.startswith(("ID=", "ID_LIKE="))]
    return bool({"debian", "ubuntu"} & set(" ".join(names).split()))


def is_there(what: str, top: str = "/") -> bool:
    """Whether one thing of the table is on this system; `top` is where the system begins."""
    kind, _, program = what.partition(":")
    if kind == "bin":
        folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
        return any(Path(folder, program).exists() for folder in folders)
    if "/" in what:
        return any(Path(top, path.lstrip("/")).exists() for path in what.split("|"))
    machine = getattr(sys.implementation, "_multiarch", "") or f"{os.uname().machine}-linux-gnu"
    folders = [f"usr/lib/{machine}", f"lib/{machine}", "usr/lib", "usr/local/lib"]
    return any(Path(top, folder, what).exists() for folder in folders)


def missing_packages(needs: tuple[str, ...], top: str = "/") -> list[str]:
    """The packages that bring what is needed and not there, as the table spells them."""
    rows = [
        line.split() for line in LIBRARIES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"
    ]
    return [package for when, what, package, *_ in rows if when in needs and not is_there(what, top)]


def packages_for_venv() -> list[str]:
    """The package that Debian splits off Python and a new environment needs, when it is not there."""
    if PYTHON.exists():
        return []
    import importlib.util

    missing = importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None
    return [f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"] if missing else []


def this_release(package: str) -> str:
    """The package's name on this release: libasound2[t64] is libasound2t64 where apt knows that name."""
    plain, bracket, _ = package.partition("[")
    if not bracket:
        return package
    return f"{plain}t64" if call(["apt-cache", "show", f"{plain}t64"], quiet=True) == 0 else plain


def install_system_packages(packages: list[str], *, root: bool) -> None:
    """Install with apt where nobody has to be asked; otherwise stop with the one command to type."""
    if not root and call(["sudo", "-n", "true"], quiet=True) != 0:
        names = " ".join(this_release(package) for package in packages)
        install = f"sudo apt-get update; sudo apt-get install -y --no-install-recommends {names}"
        raise SetupError(
            f"This system lacks packages that the window needs. Type this, then try again:\n\n  {install}\n"
        )
    prefix = [] if root else ["sudo", "-n"]
    say("Installing system packages that the window needs ...")
    call([*prefix, "apt-get", "update", "-qq"])
    names = " ".join(this_release(package) for package in packages)
    quietly = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq"]
    if call([*quietly, "--no-install-recommends", *names.split()]) != 0:
        raise SetupError(f"apt-get could not install {names}: see above. Install them, then try again.")


def prepare_system(*needs: str) -> None:
    """See to it that the system has what Qt loads; without apt, trust that it does."""
    if sys.platform != "linux" or not is_debian():
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        needs = (*needs, "wayland")
    missing = packages_for_venv() + missing_packages(needs)
    if missing:
        install_system_packages(missing, root=os.geteuid() == 0)


# The environment.


def stamp() -> str:
    """What an environment is made from: where it stands, the Python, and a digest of what it holds."""
    from hashlib import sha256

    holds = sha256(LOCK.read_bytes() + b"\0" + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{ROOT}\n{sys.version_info[0]}.{sys.version_info[1]}\n{holds}\n"


def is_ready() -> bool:
    """Whether the environment is there and made from exactly this."""
    return STAMP.exists() and PYTHON.exists() and STAMP.read_text(encoding="utf-8") == stamp()


def venv_trouble() -> str:
    """Why the environment that is there can't be used at all; empty when it can."""
    if not PYTHON.exists() or call([str(PYTHON), "-m", "pip", "--version"], quiet=True) != 0:
        return "is broken"
    if STAMP.exists() and STAMP.read_text(encoding="utf-8").partition("\n")[0] != str(ROOT):
        return "was made in another folder, which its programs still look for"
    check = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])!r})"
    if call([str(PYTHON), "-c", check]) != 0:
        return f"belongs to another Python than this {sys.version_info[0]}.{sys.version_info[1]}"
    return ""


def make_venv() -> None:
    """Make the environment, or say what is the matter with the one that is there and mend it."""
    there = os.path.lexists(VENV)
    trouble = venv_trouble() if there else ""
    if there and not trouble:
        if not STAMP.exists():
            say(".venv was not made by this script, or not to its end: installing what is missing into it.")
        return
    say(f".venv {trouble}: making it anew." if trouble else "Making .venv ...")
    if VENV.is_symlink():
        VENV.unlink()  # what it points to, if anything, is not ours to empty
    if call([sys.executable, "-m", "venv", *(["--clear"] if there else []), str(VENV)]) != 0:
        raise SetupError(
            "Python could not make .venv: see above. Delete .venv if it is in the way, then try again."
        )


def pip(*arguments: str) -> None:
    """Run pip in the environment, deaf to settings that make no sense in one."""
    env = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    if call([str(PYTHON), "-m", "pip", "install", "--quiet", *arguments], env=env) != 0:
        raise SetupError(
            "Installing did not work: see above. Is this machine online? Trying again does no harm."
        )


def prepare(*needs: str) -> None:
    """Bring the system and the environment to where the project runs; nothing to do costs nothing."""
    prepare_system(*needs)
    if is_ready():
        return
    make_venv()
    STAMP.unlink(missing_ok=True)
    say("Installing the locked packages into .venv; the first time, this is a large download (Qt) ...")
    pip("--require-hashes", "-r", str(LOCK))
    pip("--no-deps", "--no-index", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(stamp(), encoding="utf-8")


# The verbs.


def setup(extra: list[str]) -> int:
    """Set up and do nothing else."""
    if extra:
        raise SetupError("setup takes no arguments.")
    prepare("run")
    say("Ready: python3 packaging/dev.py run")
    return 0


def run(extra: list[str]) -> int:
    """Open the window, or show what it does where no window can be opened."""
    if sys.platform in ("win32", "darwin") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        prepare("run")
        return become(["-P", "-m", "playground", *extra])
    say(
        f"There is no display here, so this is the tour instead of the window; its pictures go to {PICTURES}."
    )
    return tour([])


def tour(extra: list[str]) -> int:
    """Do the main job in the real window, offscreen."""
    return become(tour_command(extra))


def tour_command(extra: list[str]) -> list[str]:
    """What the environment's Python has to do for a tour; sees to its surroundings."""
    prepare("run")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if (
        hasattr(os, "geteuid") and os.geteuid() == 0
    ):  # Chromium refuses its sandbox to root; the tour loads no foreign page
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    where = [] if any(word.startswith("--out") for word in extra) else ["--out", str(PICTURES)]
    return ["-P", "-m", "playground", "tour", *where, *extra]


def pictures(extra: list[str]) -> int:
    """Do the tour and keep the pictures that the README shows."""
    if extra:
        raise SetupError("pictures takes no arguments.")
    import shutil

    shutil.rmtree(PICTURES, ignore_errors=True)  # pictures of an earlier tour may have other numbers
    status = call([str(PYTHON), *tour_command([])])
    if status:
        return status
    README_PICTURES.mkdir(parents=True, exist_ok=True)
    for name, step in FROM_TOUR.items():
        (made,) = PICTURES.glob(f"[0-9][0-9]-{step}.png")
        shutil.copy(made, README_PICTURES / f"{name}.png")
    say(f"The README's pictures are in {README_PICTURES}.")
    return 0


def tests_environment(**more: str) -> dict[str, str]:
    """The environment of a test run: bytecode is cached as it is for users, whatever the caller set."""
    env = {**os.environ, **more}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def bench(extra: list[str]) -> int:
    """Measure; what is measured and how is said in tests/bench."""
    prepare("run")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return become([str(BENCH), *extra])


def bundle(extra: list[str]) -> int:
    """Make the folder that runs without Python, and its packages; packaging/bundle says how."""
    prepare("run")
    return become(["-P", str(HERE / "make_bundle.py"), *extra])


def test(extra: list[str]) -> int:
    """All checks, the cheap ones first, up to the first that fails; with arguments, pytest alone."""
    import time

    prepare("run", "test")
    offscreen = tests_environment(QT_QPA_PLATFORM="offscreen")
    pytest = [str(PYTHON), "-m", "pytest"]
    if any(word != "--long" for word in extra):
        return call([*pytest, *extra], env=offscreen)
    ruff, mypy = [str(PYTHON), "-m", "ruff"], [str(PYTHON), "-m", "mypy"]
    steps = [
        ("ruff check", [*ruff, "check", "."]),
        ("ruff format", [*ruff, "format", "--check", "."]),
        ("lint-imports", [str(BIN / "lint-imports"), "--no-logo"]),
        ("mypy", mypy),
        ("pytest", [*pytest, "-n", "2", "--dist", "worksteal", "-m", "not x11", *extra]),
    ]
    begun = time.monotonic()
    for name, command in steps:
        say(f"\n== {name}")
        status = call(command, env=offscreen)
        if status:
            say(f"\n{name} failed.")
            return status
    say("\n== pytest on a real X server")
    status = test_under_x([*pytest, "-m", "x11", *extra])
    say(
        f"\nAll checks passed in {time.monotonic() - begun:.0f} s."
        if status == 0
        else "\npytest under X failed."
    )
    return status


def test_under_x(command: list[str]) -> int:
    """Run a command with a screen of its own, on a display number that is free."""
    import shutil
    import subprocess

    server = shutil.which("Xvfb")
    if server is None:
        say("Left out: there is no Xvfb here.")
        return 0
    read, write = os.pipe()
    screen = [server, "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(screen, pass_fds=(write,), stderr=subprocess.DEVNULL) as process:
        try:
            os.close(write)
            with os.fdopen(read) as answer:
                number = answer.readline().strip()
            if not number:
                raise SetupError("Xvfb did not start.")
            env = tests_environment(DISPLAY=f":{number}", QT_QPA_PLATFORM="xcb")
            env.pop("WAYLAND_DISPLAY", None)
            return call(command, env=env)
        finally:
            process.terminate()


def lock(extra: list[str]) -> int:
    """Write the lock anew: the versions in it stay where they still fit, unless told to upgrade."""
    if venv_trouble():
        make_venv()
    pip("uv")
    options = ["--universal", "--python-version", ".".join(map(str, OLDEST)), "--extra", "dev", "--quiet"]
    options += ["--generate-hashes", "--no-emit-index-url", "--no-header"]
    command = [str(PYTHON), "-m", "uv", "pip", "compile", *options, *extra, "pyproject.toml", "-o", str(LOCK)]
    if call(command) != 0:
        raise SetupError("uv could not find versions that fit together: see above. The lock is as it was.")
    head = "# Written by `python3 packaging/dev.py lock`, for Linux, macOS and Windows; not by hand.\n"
    LOCK.write_text(head + LOCK.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    say(f"Wrote {LOCK}.")
    return 0


VERBS = {
    "run": run,
    "test": test,
    "tour": tour,
    "pictures": pictures,
    "bench": bench,
    "bundle": bundle,
    "setup": setup,
    "lock": lock,
}


def main(arguments: list[str]) -> int:
    """Do what the first argument says; 0 when all went well."""
    usage = "\n".join((__doc__ or "").splitlines()[2:10])
    if not arguments or arguments[0] not in VERBS:
        wants_help = arguments[:1] in (["-h"], ["--help"], ["help"])
        print(usage, file=sys.stdout if wants_help else sys.stderr)
        return 0 if wants_help else 2
    try:
        return VERBS[arguments[0]](arguments[1:])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def version_trouble(version: tuple[int, ...]) -> str:
    """One line for a Python that is too old; empty for one that will do."""
    if version >= OLDEST:
        return ""
    needed, found = ".".join(map(str, OLDEST)), ".".join(map(str, version))
    return f"This needs Python {needed} or later, and this is {found}: try python3.12 or python3.11."


if __name__ == "__main__":
    if version_trouble(sys.version_info[:2]):
        sys.exit(version_trouble(sys.version_info[:2]))
    sys.exit(main(sys.argv[1:]))
